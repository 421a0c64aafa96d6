//! Whether a file is damaged, or whether only reading it failed.
//!
//! `SQLite` reports a contradiction for both: it turns the system's EIO into "corrupt", and fills
//! what a short read leaves out with zeros. So before a file is called damaged it is read once
//! more, first without `SQLite` and then with it.

use std::{
    io::Read as _,
    path::Path,
    time::{Duration, Instant},
};

use rusqlite::Connection;

use super::{Error, connection, header, place};

/// How long the second look with `SQLite` may take.
const TIME: Duration = Duration::from_secs(20);
/// What is said where a file is whole when it is read again.
const TRANSIENT: &str = "what was read of it was not the same when it was read again";

impl Error {
    /// Names the file that an error is about, where it does not name one, and looks at the file
    /// again where it is suspected to be damaged.
    #[must_use]
    pub fn in_file(self, file: &Path) -> Self {
        match self {
            Self::Disk { path: None, what, code } => {
                Self::Disk { path: Some(file.to_owned()), what, code }
            }
            Self::Busy(None) => Self::Busy(Some(file.to_owned())),
            Self::Suspect(what) => at(file, &what),
            other => other,
        }
    }

    /// An error that was met while a file was looked over for damage: only what says that the
    /// file contradicts itself is damage, a failing disk or a busy file is not.
    pub(super) fn damage_of(self, path: &Path) -> Self {
        match self {
            Self::Corrupt(what) => Self::Damaged { path: path.to_owned(), what },
            other => other.in_file(path),
        }
    }
}

/// Reads a file again in which `SQLite` met a contradiction, and reports what is the matter.
fn at(file: &Path, what: &str) -> Error {
    let damaged = || Error::Damaged { path: file.to_owned(), what: what.to_owned() };
    let unread = |what: String| Error::Unread { path: file.to_owned(), what };
    match read_whole(file) {
        Err(error) => return unread(format!("reading it: {error}")),
        Ok(false) => return damaged(),
        Ok(true) => {}
    }
    let started = Instant::now();
    let checked = Connection::open_with_flags(file, connection::flags(false))
        .map_err(Error::from)
        .and_then(|mut db| {
            connection::harden(&db)?;
            connection::check_pages(&mut db, "", move || started.elapsed() > TIME)
        });
    match checked {
        Ok(true) => unread(TRANSIENT.to_owned()),
        Err(Error::Disk { what, code, .. }) => unread(format!("{what}, SQLite code {code}")),
        _ => damaged(),
    }
}

/// Reads a file to its end. Says no where it is shorter than it claims to be.
fn read_whole(file: &Path) -> std::io::Result<bool> {
    let mut opened = std::fs::File::open(file)?;
    let mut buffer = vec![0; 1 << 20];
    let (mut length, mut head) = (0_u64, Vec::new());
    loop {
        let read = match opened.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if head.is_empty() {
            head.extend_from_slice(&buffer[..read.min(100)]);
        }
        length += read as u64;
    }
    // Closing it would release the locks that SQLite holds on it in this process.
    header::keep_open(place::Identity::of(file), opened);
    let word = |at: usize| {
        let bytes = head.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, u32::from_be_bytes)
    };
    let page = match word(16) >> 16 {
        1 => 65_536,
        size => u64::from(size),
    };
    // The number of pages counts where it was written together with the last change.
    let pages = if word(24) == word(92) { u64::from(word(28)) } else { 0 };
    Ok(head.len() == 100 && length >= page * pages)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Case;

    #[test]
    fn a_whole_file_is_not_called_damaged_and_a_cut_or_overwritten_one_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("c.redthread");
        Case::create(&path).expect("new").close().expect("closed");
        let whole = std::fs::read(&path).expect("readable");
        let told = at(&path, "its pages contradict each other");
        assert!(matches!(told, Error::Unread { .. }), "{told}");
        std::fs::write(&path, &whole[..whole.len() - 4096]).expect("space");
        let told = at(&path, "its pages contradict each other");
        assert!(matches!(told, Error::Damaged { .. }), "{told}");
        let mut bytes = whole.clone();
        bytes[4096..12_288].fill(0x5a);
        std::fs::write(&path, bytes).expect("space");
        let told = at(&path, "its pages contradict each other");
        assert!(matches!(told, Error::Damaged { .. }), "{told}");
        std::fs::remove_file(&path).expect("there");
        assert!(matches!(at(&path, "its pages"), Error::Unread { .. }));
    }

    #[test]
    fn a_second_look_does_not_take_the_locks_of_an_open_case() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("c.redthread");
        let case = Case::create(&path).expect("new");
        let db = Connection::open(&path).expect("opens");
        db.execute_batch("BEGIN IMMEDIATE").expect("locked");
        at(&path, "its pages contradict each other");
        // Another process asks, because a lock does not bind the one that holds it.
        let asked = std::process::Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", "--ignored", "case::second_look::tests::is_locked"])
            .env("REDTHREAD_LOCKED", &path)
            .output()
            .expect("it runs");
        let told = String::from_utf8_lossy(&asked.stdout).into_owned();
        assert!(asked.status.success() && told.contains("1 passed"), "{told}");
        drop(db);
        case.close().expect("closes");
    }

    #[test]
    #[ignore = "run by the test above, in a process of its own"]
    fn is_locked() {
        let path = std::env::var_os("REDTHREAD_LOCKED").expect("a case");
        let db = Connection::open(path).expect("opens");
        assert!(db.execute_batch("BEGIN IMMEDIATE").is_err(), "it is no longer locked");
    }
}
