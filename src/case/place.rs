//! Where a case lies: its real name, the files beside it, what kind of disk it is on, and how a
//! new file gets its name only once it is whole.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use super::{Error, Result};

/// The files that `SQLite` keeps beside a database.
const BESIDE: [&str; 3] = ["-journal", "-wal", "-shm"];

/// The name of a file beside a case: that of the case and an ending.
pub(super) fn beside(case: &Path, ending: &str) -> PathBuf {
    let mut name = case.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// The name that a path leads to through all links, so that a case has one lock and one log
/// whatever name it was opened by. `SQLite` resolves links in the same way.
pub(super) fn resolve(path: &Path) -> Result<PathBuf> {
    let real = path.canonicalize().map_err(Error::unreadable(path))?;
    Ok(plain(real))
}

/// The same for a file that does not exist yet: its folder is resolved.
pub(super) fn resolve_new(path: &Path) -> Result<PathBuf> {
    let name = path
        .file_name()
        .ok_or_else(|| Error::invalid(format!("{} is not the name of a file", path.display())))?;
    let folder = folder_of(path);
    let real = folder.canonicalize().map_err(Error::unwritable(path))?;
    Ok(plain(real).join(name))
}

/// A Windows name in the form that users and `SQLite` know: `C:\…` for `\\?\C:\…`.
fn plain(path: PathBuf) -> PathBuf {
    match path.to_str().and_then(without_prefix) {
        Some(short) => PathBuf::from(short),
        None => path,
    }
}

/// Removes the prefix of a verbatim Windows path, where a plain path means the same.
fn without_prefix(path: &str) -> Option<String> {
    let rest = path.strip_prefix(r"\\?\")?;
    if let Some(share) = rest.strip_prefix(r"UNC\") {
        return Some(format!(r"\\{share}"));
    }
    let mut letters = rest.chars();
    let is_drive = letters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && letters.next() == Some(':')
        && rest.len() < 250;
    is_drive.then(|| rest.to_owned())
}

/// The folder of a file.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Which file it is, whatever its name; `None` where the standard library cannot tell (Windows,
/// where `SQLite` keeps an open file from being moved, deleted and replaced).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    device: u64,
    /// The number of the file on its disk; a copy has another one.
    pub(super) number: u64,
}

impl Identity {
    /// The identity of the file that a path leads to. The file is not opened: closing it again
    /// would release the locks that `SQLite` holds on it in this process.
    #[cfg(unix)]
    pub(super) fn of(path: &Path) -> Option<Self> {
        std::fs::metadata(path).ok().map(|meta| Self::from(&meta))
    }

    #[cfg(not(unix))]
    pub(super) fn of(_: &Path) -> Option<Self> {
        None
    }

    #[cfg(unix)]
    pub(super) fn from(meta: &std::fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self { device: meta.dev(), number: meta.ino() }
    }
}

/// How many names a file has on its disk.
#[cfg(unix)]
pub(super) fn names_of(meta: &std::fs::Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt as _;
    meta.nlink()
}

#[cfg(not(unix))]
pub(super) fn names_of(_: &std::fs::Metadata) -> u64 {
    1
}

/// Refuses a case beside which something lies that `SQLite` would follow or wait for: a link, a
/// pipe, a folder in the place of its journal.
pub(super) fn check_beside(case: &Path) -> Result<()> {
    for ending in BESIDE {
        let path = beside(case, ending);
        match std::fs::symlink_metadata(&path) {
            Ok(meta) if !meta.is_file() => {
                return Err(Error::invalid(format!(
                    "{} is not a regular file, so the case beside it was not opened",
                    path.display()
                ))
                .hint("move it away first"));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether a file beside a case exists and is not empty.
pub(super) fn has_beside(case: &Path, ending: &str) -> bool {
    std::fs::symlink_metadata(beside(case, ending)).is_ok_and(|meta| meta.len() > 0)
}

/// Whether a file may be written to. It is not opened for that.
#[cfg(unix)]
pub(super) fn may_write(path: &Path) -> bool {
    use rustix::fs::{Access, AtFlags, CWD};
    rustix::fs::accessat(CWD, path, Access::WRITE_OK, AtFlags::EACCESS).is_ok()
}

#[cfg(not(unix))]
pub(super) fn may_write(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|meta| !meta.permissions().readonly())
}

/// Gives a finished file its name, which no other file may have.
pub(super) fn rename_new(from: &Path, to: &Path) -> Result<()> {
    let renamed = match rename_noreplace(from, to) {
        // Not every file system can rule that out by itself.
        Err(error) if is_unsupported(&error) => match std::fs::symlink_metadata(to) {
            Ok(_) => Err(std::io::ErrorKind::AlreadyExists.into()),
            Err(_) => std::fs::rename(from, to),
        },
        other => other,
    };
    renamed.map_err(|source| match source.kind() {
        std::io::ErrorKind::AlreadyExists => Error::Exists(to.to_owned()),
        _ => Error::Unwritable { path: to.to_owned(), source },
    })
}

fn is_unsupported(error: &std::io::Error) -> bool {
    use std::io::ErrorKind as Kind;
    matches!(error.kind(), Kind::Unsupported | Kind::InvalidInput)
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn rename_noreplace(from: &Path, to: &Path) -> std::io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn rename_noreplace(_: &Path, _: &Path) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// Has the disk keep what a file holds. The file must not be open in `SQLite`.
pub(super) fn sync_file(path: &Path) -> Result<()> {
    // Windows syncs only what is open for writing.
    let file = std::fs::OpenOptions::new().write(true).open(path);
    file.and_then(|file| file.sync_all()).map_err(Error::unwritable(path))
}

/// Has the disk keep the names in the folder of a file.
pub(super) fn sync_folder(path: &Path) -> Result<()> {
    if cfg!(unix) {
        let folder = File::open(folder_of(path)).map_err(Error::unwritable(path))?;
        match folder.sync_all() {
            // Some network folders cannot be synced; there nothing better can be done.
            Err(error) if is_unsupported(&error) => {}
            other => other.map_err(Error::unwritable(path))?,
        }
    }
    Ok(())
}

/// Removes a file under construction that an earlier attempt left, if that is what it is.
pub(super) fn remove_leftover(path: &Path) {
    if std::fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file() || meta.is_symlink()) {
        std::fs::remove_file(path).ok();
    }
}

/// Removes the logs that a removed file has left beside it.
pub(super) fn remove_logs(path: &Path) {
    for ending in BESIDE {
        remove_leftover(&beside(path, ending));
    }
}

/// A file under construction; it is removed unless it was finished.
#[derive(Debug)]
pub(super) struct Draft {
    path: PathBuf,
    to: PathBuf,
    finished: bool,
}

impl Draft {
    /// Starts a file that will be called `to`, in the same folder under another name.
    pub(super) fn of(to: &Path) -> Result<Self> {
        if std::fs::symlink_metadata(to).is_ok() {
            return Err(Error::Exists(to.to_owned()));
        }
        // A journal that was left by a file of this name would be taken for that of the new one.
        for ending in ["-journal", "-wal"] {
            let left = beside(to, ending);
            if std::fs::symlink_metadata(&left).is_ok() {
                return Err(Error::Remains(left));
            }
        }
        let path = beside(to, ".part");
        remove_leftover(&path);
        remove_logs(&path);
        File::create_new(&path).map_err(Error::unwritable(to))?;
        Ok(Self { path, to: to.to_owned(), finished: false })
    }

    /// Its name until it is finished.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Has the disk keep it, then gives it its name. No file is replaced.
    pub(super) fn finish(mut self) -> Result<()> {
        sync_file(&self.path)?;
        rename_new(&self.path, &self.to)?;
        self.finished = true;
        sync_folder(&self.to).map_err(|error| error.undo_new(&self.to))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.finished {
            remove_leftover(&self.path);
            remove_logs(&self.path);
        }
    }
}

/// The address by which `SQLite` opens a file without a lock and without anything beside it.
pub(super) fn immutable_address(path: &Path) -> String {
    let mut address = String::from("file:");
    #[cfg(unix)]
    let bytes = std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str());
    #[cfg(not(unix))]
    let text = format!("/{}", path.to_string_lossy().replace('\\', "/"));
    #[cfg(not(unix))]
    let bytes = text.as_bytes();
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"/-_.~:".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    address.push_str("?immutable=1");
    address
}

/// Whether a write-ahead log may be used here: its shared memory works on local disks only.
///
/// What is not known to be local counts as remote; so do the folders of cloud programs, which
/// copy the file and its log at different moments.
pub(super) fn is_local(path: &Path) -> bool {
    let folder = folder_of(path);
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    !is_cloud(&folder.to_string_lossy()) && on_local_disk(&folder)
}

/// Whether a folder belongs to a program that synchronises it.
fn is_cloud(folder: &str) -> bool {
    const CLOUD: [&str; 7] = [
        "onedrive",
        "dropbox",
        "google drive",
        "googledrive",
        "icloud",
        "mobile documents",
        "nextcloud",
    ];
    let text = folder.to_lowercase();
    CLOUD.iter().any(|name| text.contains(name))
}

#[cfg(target_os = "linux")]
fn on_local_disk(folder: &Path) -> bool {
    // ext, btrfs, xfs, tmpfs, overlay, zfs, f2fs: from linux/magic.h.
    const LOCAL: [u64; 7] =
        [0xEF53, 0x9123_683E, 0x5846_5342, 0x0102_1994, 0x794C_7630, 0x2FC1_2FC1, 0xF2F5_2010];
    rustix::fs::statfs(folder).is_ok_and(|fs| LOCAL.contains(&(fs.f_type as u64 & 0xFFFF_FFFF)))
}

#[cfg(target_os = "windows")]
fn on_local_disk(folder: &Path) -> bool {
    // A mapped drive letter cannot be told from a disk without calls into the system, and the
    // bundled SQLite handles it; only network paths are recognised here.
    !is_network_name(&folder.to_string_lossy())
}

#[cfg(not(any(target_os = "linux", target_os = "windows")))]
fn on_local_disk(folder: &Path) -> bool {
    !folder.starts_with("/Volumes") && !folder.starts_with("/net")
}

/// Whether a Windows path names a network share: `\\server\share` and `\\?\UNC\server\share`, but
/// neither `\\?\C:\…` nor the devices under `\\.\`.
#[cfg_attr(not(target_os = "windows"), allow(dead_code))]
fn is_network_name(path: &str) -> bool {
    let path = path.replace('/', r"\");
    let Some(rest) = path.strip_prefix(r"\\") else { return false };
    match rest.split_once('\\') {
        Some(("?", rest)) => rest.get(..4).is_some_and(|s| s.eq_ignore_ascii_case(r"UNC\")),
        Some((".", _)) => false,
        _ => true,
    }
}

impl Error {
    /// Removes a new file that could not be put to use, and returns why. Where the file cannot be
    /// removed, the error says that it is there.
    #[must_use]
    pub fn undo_new(self, path: &Path) -> Self {
        if matches!(self, Self::Left { .. }) {
            return self;
        }
        std::fs::remove_file(path).ok();
        if std::fs::symlink_metadata(path).is_ok() {
            return Self::Left { path: path.to_owned(), what: self.reason() };
        }
        remove_logs(path);
        match self {
            // Nothing is saved any more.
            Self::Unconfirmed(_) | Self::Saved(_) | Self::NotClosed { .. } => {
                Self::unwritable(path)(std::io::Error::other(self.reason()))
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_share_is_told_from_a_disk_by_its_name() {
        for share in [r"\\nas\cases", r"\\?\UNC\nas\cases", r"\\?\unc\nas\cases", "//nas/cases"] {
            assert!(is_network_name(share), "{share}");
        }
        for disk in [r"C:\cases", r"\\?\C:\cases", r"\\.\C:\cases", r"\cases", "cases"] {
            assert!(!is_network_name(disk), "{disk}");
        }
    }

    #[test]
    fn windows_paths_lose_their_prefix_where_they_mean_the_same_without_it() {
        assert_eq!(
            without_prefix(r"\\?\C:\a b\c.redthread").as_deref(),
            Some(r"C:\a b\c.redthread")
        );
        assert_eq!(without_prefix(r"\\?\UNC\nas\c").as_deref(), Some(r"\\nas\c"));
        assert_eq!(without_prefix(r"\\?\Volume{1}\c"), None);
        assert_eq!(without_prefix("/home/c"), None);
    }

    #[test]
    fn folders_of_cloud_programs_are_known() {
        assert!(is_cloud("/home/ann/Dropbox/cases") && is_cloud(r"C:\Users\Ann\OneDrive - X"));
        assert!(!is_cloud("/home/ann/cases"));
    }

    #[test]
    fn an_address_keeps_every_sign_of_a_name() {
        let address = immutable_address(Path::new("/a b/50%?#ü.redthread"));
        assert_eq!(address, "file:/a%20b/50%25%3F%23%C3%BC.redthread?immutable=1");
    }

    #[test]
    fn a_file_gets_its_name_only_when_it_is_whole_and_replaces_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let to = folder.path().join("a.redthread");
        let draft = Draft::of(&to).expect("starts");
        std::fs::write(draft.path(), "half").expect("space");
        drop(draft);
        assert_eq!(std::fs::read_dir(folder.path()).expect("readable").count(), 0);
        let draft = Draft::of(&to).expect("starts");
        std::fs::write(draft.path(), "whole").expect("space");
        std::fs::write(&to, "another").expect("space");
        assert!(matches!(draft.finish(), Err(Error::Exists(_))));
        assert_eq!(std::fs::read(&to).expect("readable"), b"another");
        assert_eq!(std::fs::read_dir(folder.path()).expect("readable").count(), 1);
    }
}
