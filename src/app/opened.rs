//! Copies of evidence that are opened with the system's programs: readable by their owner alone,
//! and removed when the case is closed or, after a crash, at the next start.

use std::{
    fs::{File, OpenOptions},
    path::{Path, PathBuf},
};

use super::system;
use crate::{
    case::{Case, Error, Result, private_folder},
    model::Id,
};

/// How the folders begin.
const PREFIX: &str = "redthread-opened-";
/// The file in each that its program keeps locked while it runs.
const LOCK: &str = "lock";
/// Documents that show and do not run. The rest may be a program, or a page that calls out.
const SHOWN: [&str; 24] = [
    "pdf", "png", "jpg", "jpeg", "gif", "webp", "bmp", "txt", "md", "csv", "json", "ndjson", "xml",
    "rtf", "doc", "docx", "xls", "xlsx", "odt", "ods", "ppt", "pptx", "eml", "mp4",
];

/// The copies of this run of the program.
#[derive(Debug)]
pub(super) struct Copies {
    /// Where the system keeps temporary files.
    parent: PathBuf,
    /// The folder of this run and its lock, once there is a copy.
    folder: Option<(PathBuf, File)>,
}

impl Default for Copies {
    fn default() -> Self {
        Self { parent: std::env::temp_dir(), folder: None }
    }
}

impl Copies {
    /// Writes a verified copy of a document and hands it to the system's program.
    pub(super) fn open(&mut self, case: &mut Case, id: &Id) -> Result<()> {
        let path = self.copy(case, id)?;
        system::open(&path).map_err(|_| {
            Error::system(format!("This computer has no program to open documents with; until the case is closed, a verified copy is in {}",
                path.display()))
        })
    }

    fn copy(&mut self, case: &mut Case, id: &Id) -> Result<PathBuf> {
        let found = case.evidence()?.into_iter().find(|item| item.id == *id);
        let item = found
            .ok_or_else(|| Error::not_found(format!("There is no evidence with the id {id}")))?;
        let name = safe_name(&item.file_name).ok_or_else(|| {
            Error::invalid(format!("{} may be a program or a page that calls out", item.file_name))
                .hint("export it and open it where that is safe")
        })?;
        let folder = self.folder()?.join(Id::new().as_str());
        private_folder(&folder)?;
        let path = folder.join(name);
        case.open_evidence(id, &path)?;
        Ok(path)
    }

    /// The folder of this run.
    fn folder(&mut self) -> Result<&Path> {
        if self.folder.as_ref().is_none_or(|(folder, _)| !folder.is_dir()) {
            let folder = self.parent.join(format!("{PREFIX}{}", Id::new()));
            private_folder(&folder)?;
            let unwritable = |source| Error::Unwritable { path: folder.clone(), source };
            let lock = File::create_new(folder.join(LOCK)).map_err(unwritable)?;
            // Where locks do not work, the folder may be removed early by another run.
            lock.try_lock().ok();
            self.folder = Some((folder, lock));
        }
        self.folder
            .as_ref()
            .map(|(folder, _)| folder.as_path())
            .ok_or_else(|| Error::system("There is no folder for temporary files"))
    }

    /// Removes the copies.
    pub(super) fn clear(&mut self) {
        if let Some((folder, lock)) = self.folder.take() {
            drop(lock);
            std::fs::remove_dir_all(folder).ok();
        }
    }

    /// Removes what programs left that were killed.
    pub(super) fn clear_stale(&self) {
        for entry in std::fs::read_dir(&self.parent).into_iter().flatten().flatten() {
            let is_ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
            // No link is followed: `file_type` is that of the entry itself.
            if is_ours && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                let lock = OpenOptions::new().write(true).open(entry.path().join(LOCK));
                if lock.is_ok_and(|lock| lock.try_lock().is_ok()) {
                    std::fs::remove_dir_all(entry.path()).ok();
                }
            }
        }
    }
}

impl Drop for Copies {
    fn drop(&mut self) {
        self.clear();
    }
}

/// The name of a copy: the name inside a case that somebody sent is not trusted, so there are no
/// folders in it, no hidden file, and nothing that the system would run.
fn safe_name(file_name: &str) -> Option<String> {
    let safe: String = file_name
        .chars()
        .map(|c| if c.is_alphanumeric() || "._- ".contains(c) { c } else { '_' })
        .collect();
    let safe = safe.trim_matches(['.', ' ']).to_owned();
    let ending = safe.rsplit('.').next().unwrap_or_default().to_lowercase();
    SHOWN.contains(&ending.as_str()).then_some(safe)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Action, EvidenceBytes, NewEvidence, Op};

    fn case() -> (Case, Id) {
        let mut case = Case::in_memory().expect("memory");
        let id = Id::new();
        let attach = Op::Attach(NewEvidence {
            id: id.clone(),
            bytes: EvidenceBytes::Memory(b"secret".to_vec()),
            mime: "text/plain".into(),
            file_name: "../.notes.txt".into(),
            method: "opened".into(),
            values: Vec::new(),
        });
        case.commit(Action::new(vec![attach])).expect("attached");
        (case, id)
    }

    #[test]
    fn a_copy_is_private_and_goes_with_the_program_or_at_the_next_start() {
        let folder = tempfile::tempdir().expect("a folder");
        let here = || Copies { parent: folder.path().to_owned(), folder: None };
        let count = || std::fs::read_dir(folder.path()).expect("readable").count();
        let (mut case, id) = case();
        let mut copies = here();
        let path = copies.copy(&mut case, &id).expect("copied");
        assert_eq!(std::fs::read(&path).expect("readable"), b"secret");
        assert_eq!(path.file_name().and_then(|name| name.to_str()), Some("_.notes.txt"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode =
                |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
            assert_eq!(mode(&path), 0o600);
            for folder in path.ancestors().skip(1).take(2) {
                assert_eq!(mode(folder), 0o700, "{}", folder.display());
            }
        }
        // Another run leaves it alone while this one goes on.
        here().clear_stale();
        assert!(path.exists());
        drop(copies);
        assert_eq!(count(), 0);

        // What a killed program left: its folder, and a lock that nobody holds.
        let mut killed = here();
        killed.copy(&mut case, &id).expect("copied");
        if let Some((_, lock)) = killed.folder.take() {
            drop(lock);
        }
        assert_eq!(count(), 1);
        here().clear_stale();
        assert_eq!(count(), 0);
    }

    #[test]
    fn what_the_system_might_run_is_not_opened() {
        for name in ["a.exe", "a.desktop", "a.html", "pdf.sh", "a.pdf.lnk", ""] {
            assert_eq!(safe_name(name), None, "{name}");
        }
        assert_eq!(safe_name("a\u{202e}fdp.pdf").as_deref(), Some("a_fdp.pdf"));
        assert_eq!(safe_name("C:\\x\\登记.pdf").as_deref(), Some("C__x_登记.pdf"));
    }
}
