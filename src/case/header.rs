//! The first bytes of a file, before `SQLite` sees it: whether it is a case, and whether it is
//! marked as open.
//!
//! The main file is marked before anything is written that it does not hold itself. While edits go
//! to a write-ahead log, its format bytes say so; during a large import, which needs a rollback
//! journal, the field of the suggested cache size does. Both are parts of the `SQLite` format that
//! mean nothing else to a case, and both are removed as soon as the one file holds everything. So
//! a copy that was made in between, and whose log was left behind, can be told from a whole case.

use std::{
    fs::File,
    io::Read as _,
    path::Path,
    sync::{Mutex, PoisonError},
};

use rusqlite::Connection;

use super::{Error, Result, connection, place::Identity};

/// What `file` knows a case by: the letters "Rthd".
pub(super) const APPLICATION_ID: u32 = 0x5274_6864;
/// The suggested cache size that marks a case under a large import.
pub(super) const IMPORTING: u32 = 0x5274_6870;

/// The first 100 bytes of an `SQLite` file, as far as they concern us.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    /// Whether it is marked as having a write-ahead log.
    pub(super) logged: bool,
    /// Whether it is marked as being imported into.
    pub(super) importing: bool,
    /// Whether its length is a whole number of pages.
    pub(super) whole: bool,
}

impl Header {
    /// Reads the header of a file that calls itself a case; `None` where this process has the case
    /// open.
    ///
    /// Then the file must not be opened here: closing it would release the locks that `SQLite`
    /// holds on it.
    pub(super) fn read(path: &Path) -> Result<Option<Self>> {
        let meta = std::fs::metadata(path).map_err(Error::unreadable(path))?;
        if !meta.is_file() {
            return Err(not_a_case(path, "it is not a regular file"));
        }
        if Identity::of(path).is_some_and(|identity| lock(&OPEN).contains(&identity)) {
            return Ok(None);
        }
        let mut bytes = [0; 100];
        let mut file = File::open(path).map_err(Error::unreadable(path))?;
        let length = meta.len();
        if length == 0 {
            return Err(not_a_case(path, "it is empty"));
        }
        let read = file.read_exact(&mut bytes);
        match read {
            Err(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => {
                return Err(Error::Unreadable { path: path.to_owned(), source: error });
            }
            Err(_) => return Err(not_a_case(path, kind_of(&bytes))),
            Ok(()) if !bytes.starts_with(b"SQLite format 3\0") => {
                return Err(not_a_case(path, kind_of(&bytes)));
            }
            Ok(()) => {}
        }
        let word = |at: usize| {
            u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
        };
        if word(68) != APPLICATION_ID {
            return Err(not_a_case(path, "it is the SQLite database of another program"));
        }
        let page = match u64::from(word(16) >> 16) {
            1 => 65_536,
            size => size,
        };
        Ok(Some(Self {
            logged: bytes[18] == 2 || bytes[19] == 2,
            importing: word(48) == IMPORTING,
            whole: page >= 512 && page.is_power_of_two() && length % page == 0,
        }))
    }

    /// Asks `SQLite` for the same about a case that this process has open.
    pub(super) fn ask(file: &Path) -> Result<Self> {
        let db = Connection::open_with_flags(file, connection::flags(false))?;
        let size: i64 = db.pragma_query_value(None, "default_cache_size", |row| row.get(0))?;
        Ok(Self { logged: is_logged(&db), importing: size == i64::from(IMPORTING), whole: true })
    }

    /// Whether it is marked as open.
    pub(super) fn is_marked(self) -> bool {
        self.logged || self.importing
    }
}

/// The cases that this process has open.
static OPEN: Mutex<Vec<Identity>> = Mutex::new(Vec::new());

/// Files that were read while this process had them open as cases. They are closed after the case.
static READ: Mutex<Vec<(Identity, File)>> = Mutex::new(Vec::new());

/// Closes a file that was read, as soon as this process does not have it open as a case.
pub(super) fn keep_open(identity: Option<Identity>, file: File) {
    if let Some(identity) = identity
        && lock(&OPEN).contains(&identity)
    {
        lock(&READ).push((identity, file));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Notes for as long as it lives that this process has a case open.
#[derive(Debug)]
pub(super) struct Registered(Option<Identity>);

impl Registered {
    pub(super) fn new(identity: Option<Identity>) -> Self {
        lock(&OPEN).extend(identity);
        Self(identity)
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        let mut open = lock(&OPEN);
        if let Some(at) = self.0.and_then(|own| open.iter().position(|other| *other == own)) {
            open.swap_remove(at);
        }
        lock(&READ).retain(|(identity, _)| open.contains(identity));
    }
}

/// What a file is that is not an `SQLite` database.
fn kind_of(bytes: &[u8]) -> &'static str {
    const KNOWN: [(&[u8], &str); 6] = [
        (b"\xff\xd8\xff", "it is a JPEG image"),
        (b"\x89PNG", "it is a PNG image"),
        (b"%PDF", "it is a PDF document"),
        (b"PK\x03\x04", "it is a ZIP archive or an office document"),
        (b"{", "it looks like JSON; import it into a case instead"),
        (b"<", "it looks like HTML or XML"),
    ];
    KNOWN
        .iter()
        .find(|(magic, _)| bytes.starts_with(magic))
        .map_or("its first bytes are not those of a case", |(_, what)| what)
}

pub(super) fn not_a_case(path: &Path, what: &str) -> Error {
    Error::NotACase { path: path.to_owned(), what: what.to_owned() }
}

/// Whether the file is marked as having a write-ahead log.
pub(super) fn is_logged(db: &Connection) -> bool {
    let mode = db.pragma_query_value(None, "journal_mode", |row| row.get::<_, String>(0));
    mode.is_ok_and(|mode| mode == "wal")
}
