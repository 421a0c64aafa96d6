//! Creating, opening, copying and closing a case, with every file taken for hostile.

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use rusqlite::{Connection, OpenFlags, backup::Backup, config::DbConfig, limits::Limit};

use super::{
    Case, Error, Progress, Result, history,
    lock::{Asked, Lock},
    migrate,
};

/// What `file` knows a case by: the letters "Rthd".
const APPLICATION_ID: u32 = 0x5274_6864;
/// The format that this program writes.
const FORMAT: u32 = migrate::STEPS.len() as u32 + 1;
pub(super) const SCHEMA: &str = include_str!("schema.sql");
/// Files up to this size are looked over for damage before they are open, others while they are;
/// in bytes.
const CHECK_UP_TO: u64 = 64 << 20;
/// How long opening may look for damage; what is left is for [`Case::check`].
const CHECK_TIME: Duration = Duration::from_millis(800);
/// What is wrong with a file whose pages are damaged.
const CONTRADICT: &str = "its pages contradict each other";

impl Case {
    /// Creates a new, empty case. Refuses to replace a file.
    pub fn create(path: &Path) -> Result<Self> {
        File::create_new(path).map_err(|source| match source.kind() {
            std::io::ErrorKind::AlreadyExists => Error::Exists(path.to_owned()),
            _ => Error::Unwritable { path: path.to_owned(), source },
        })?;
        let made = Self::create_in(path);
        if made.is_err() {
            std::fs::remove_file(path).ok();
        }
        made
    }

    fn create_in(path: &Path) -> Result<Self> {
        let local = is_local(path);
        let lock = match Lock::ask(path, !local)? {
            Asked::Granted(lock) => lock,
            Asked::HeldBy(who) => return Err(Error::ReadOnly(format!("it is held by {who}."))),
        };
        let db = Connection::open_with_flags(path, flags(true))?;
        let mut case = Self::with(db, Some(path.to_owned()), local)?;
        case.lock = Some(lock);
        case.write_schema()?;
        Ok(case)
    }

    /// A case that is gone when it is dropped; for tests and previews.
    pub fn in_memory() -> Result<Self> {
        let mut case = Self::with(Connection::open_in_memory()?, None, true)?;
        case.prepared = true;
        case.write_schema()?;
        Ok(case)
    }

    /// Opens a case to work on it.
    ///
    /// Where somebody else has it open, where the file cannot be written, or where a newer
    /// program wrote it, it opens for reading only and [`Case::read_only`] says why. Opening
    /// does not change the file.
    ///
    /// A large file is looked over for damage only afterwards, by [`Case::check`]; its schema is
    /// known to be ours before anything is read from it.
    pub fn open(path: &Path) -> Result<Self> {
        Self::open_checked(path, CHECK_UP_TO)
    }

    /// Opens a case, and looks it over for damage first if it is no larger than this.
    fn open_checked(path: &Path, check_up_to: u64) -> Result<Self> {
        let header = Header::read(path)?;
        let mut read_only = None;
        let local = is_local(path);
        let mut lock = None;
        if header.format > FORMAT {
            read_only = Some(format!(
                "a newer Redthread wrote it (format {}, this one writes {FORMAT}); update to change it.",
                header.format
            ));
        } else if header.format < 1 {
            return Err(not_a_case(path, "its format number is missing"));
        } else if std::fs::OpenOptions::new().append(true).open(path).is_err() {
            read_only = Some("the file is write-protected.".into());
        } else {
            match Lock::ask(path, !local) {
                Ok(Asked::Granted(granted)) => lock = Some(granted),
                Ok(Asked::HeldBy(who)) => {
                    read_only =
                        Some(format!("{who} has it open; close it there to change it here."));
                }
                Err(_) => read_only = Some("its folder is write-protected.".into()),
            }
        }
        // A look without the right to write comes first: what is refused stays as it was.
        let mut check = look(path, lock.is_some())?;
        check_schema(&check, header.format).map_err(|what| damaged(path, what))?;
        let mut checked = false;
        if header.size <= check_up_to {
            let started = Instant::now();
            let late = move || started.elapsed() > CHECK_TIME;
            checked = check_pages(&mut check, "", late).map_err(|what| damaged(path, what))?;
        }
        let db = if lock.is_some() {
            check.close().map_err(|(_, e)| e)?;
            Connection::open_with_flags(path, flags(true))?
        } else {
            check
        };
        // Who may not change an older file reads a copy of it that has been brought forward.
        let db = if lock.is_none() && header.format < FORMAT { copy_of(&db)? } else { db };
        let mut case = Self::with(db, Some(path.to_owned()), local)?;
        if header.format < FORMAT {
            let beside = lock.is_some().then_some(path);
            migrate::run(&mut case.db, beside, header.format, migrate::STEPS, |db| {
                check_schema(db, FORMAT).map_err(Error::Corrupt)
            })
            .map_err(|error| match error {
                Error::Corrupt(what) => damaged(path, what),
                Error::Database(_) => damaged(path, "it is not what a Redthread of its time wrote"),
                error => error,
            })?;
        }
        if lock.is_none() && header.format < FORMAT {
            read_only = Some(format!(
                "it is of the older format {}, and bringing it forward needs the right to write.",
                header.format
            ));
        }
        case.lock = lock;
        case.read_only = read_only;
        case.load_history().map_err(|e| damaged(path, e.to_string()))?;
        if !checked {
            case.unchecked = tables_of(&case.db)?;
        }
        Ok(case)
    }

    /// Whether parts of the file have not been looked over for damage yet.
    pub fn is_unchecked(&self) -> bool {
        !self.unchecked.is_empty()
    }

    /// Looks over the next part of the file that has not been looked over, unless `stop` says to
    /// leave it for another time. Where it is damaged it says no, and nothing can be changed from
    /// then on.
    pub fn check(&mut self, stop: impl FnMut() -> bool + Send + 'static) -> bool {
        let Some(table) = self.unchecked.last() else { return true };
        match check_pages(&mut self.db, table, stop) {
            Ok(true) => drop(self.unchecked.pop()),
            Ok(false) => {}
            Err(what) => {
                self.distrust(&what);
                return false;
            }
        }
        true
    }

    /// Takes the case for damaged: nothing can be changed from now on.
    pub fn distrust(&mut self, what: &str) {
        self.unchecked.clear();
        self.read_only = Some(format!("it is damaged: {what}; restore a copy of it."));
    }

    pub(super) fn with(db: Connection, path: Option<PathBuf>, local: bool) -> Result<Self> {
        harden(&db)?;
        db.set_prepared_statement_cache_capacity(100);
        Ok(Self {
            db,
            path,
            lock: None,
            read_only: None,
            prepared: false,
            unchecked: Vec::new(),
            local,
            undo: Vec::new(),
            redo: Vec::new(),
            vocabulary: super::search::Vocabulary::default(),
            progress: Progress::new(),
        })
    }

    /// Under a rollback journal, so that the file itself says what it is from its first moment.
    fn write_schema(&mut self) -> Result<()> {
        self.db.pragma_update(None, "synchronous", "extra")?;
        let tx = self.db.transaction()?;
        tx.execute_batch(SCHEMA)?;
        tx.pragma_update(None, "application_id", APPLICATION_ID)?;
        tx.pragma_update(None, "user_version", FORMAT)?;
        let id = uuid::Uuid::now_v7().to_string();
        let now = history::now().to_string();
        let head = super::digest::genesis(&id);
        for (name, value) in
            [("case_id", id), ("created_at", now), ("head", hex(&head)), ("chain_2", "1".into())]
        {
            tx.execute("INSERT INTO meta(name, value) VALUES (?1, ?2)", [name, value.as_str()])?;
        }
        tx.commit()?;
        Ok(())
    }

    /// Sets up the journal before the first write.
    ///
    /// On a local disk a write-ahead log, else a rollback journal under an exclusive lock; both
    /// with the synchronisation that loses nothing at a power cut.
    pub(super) fn prepare(&mut self) -> Result<()> {
        if let Some(why) = &self.read_only {
            return Err(Error::ReadOnly(why.clone()));
        }
        if self.prepared {
            return Ok(());
        }
        if self.local {
            self.db.pragma_update(None, "journal_mode", "wal")?;
            self.db.pragma_update(None, "synchronous", "full")?;
        } else {
            self.db.pragma_update(None, "locking_mode", "exclusive")?;
            self.db.pragma_update(None, "journal_mode", "delete")?;
            self.db.pragma_update(None, "synchronous", "extra")?;
        }
        self.prepared = true;
        Ok(())
    }

    /// Closes the case and leaves exactly one file.
    pub fn close(self) -> Result<()> {
        let Self { db, lock, read_only, prepared, path, .. } = self;
        if read_only.is_none() && prepared && path.is_some() {
            // Somebody who reads the case at this moment keeps the log alive; it then goes
            // when they close, and nothing is lost either way.
            db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).ok();
            db.pragma_update(None, "journal_mode", "delete").ok();
        }
        if let (Some(path), true) = (&path, lock.is_some()) {
            remove_cold_journal(&db, path);
        }
        db.close().map_err(|(_, error)| error)?;
        drop(lock);
        Ok(())
    }

    /// Writes a copy of the case as it is now. Refuses to replace a file.
    pub fn save_copy(&self, to: &Path) -> Result<()> {
        if to.exists() {
            return Err(Error::Exists(to.to_owned()));
        }
        let name = to.to_str().ok_or_else(|| {
            Error::Refused(format!("{} is not a name that a case can have.", to.display()))
        })?;
        let done = self.db.execute("VACUUM INTO ?1", [name]);
        if done.is_err() {
            std::fs::remove_file(to).ok();
        }
        done?;
        File::open(to).and_then(|f| f.sync_all()).map_err(Error::unwritable(to))
    }
}

/// Whether a file calls itself a Redthread case; what it holds is another question.
pub fn is_case(path: &Path) -> bool {
    Header::read(path).is_ok()
}

/// The first 100 bytes of an `SQLite` file, as far as they concern us.
struct Header {
    format: u32,
    /// The size of the file in bytes.
    size: u64,
}

impl Header {
    fn read(path: &Path) -> Result<Self> {
        let meta = std::fs::metadata(path).map_err(Error::unreadable(path))?;
        if !meta.is_file() {
            return Err(not_a_case(path, "it is not a regular file"));
        }
        let mut bytes = [0; 100];
        let mut file = File::open(path).map_err(Error::unreadable(path))?;
        let length = meta.len();
        if length == 0 {
            return Err(not_a_case(path, "it is empty"));
        }
        if file.read_exact(&mut bytes).is_err() || !bytes.starts_with(b"SQLite format 3\0") {
            return Err(not_a_case(path, kind_of(&bytes)));
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
        if page < 512 || !page.is_power_of_two() || length % page != 0 {
            return Err(damaged(
                path,
                "its length is not a whole number of pages; part of it is missing",
            ));
        }
        Ok(Self { format: word(60), size: length })
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

fn not_a_case(path: &Path, what: &str) -> Error {
    Error::NotACase { path: path.to_owned(), what: what.to_owned() }
}

fn damaged(path: &Path, what: impl Into<String>) -> Error {
    Error::Damaged { path: path.to_owned(), what: what.into() }
}

pub(super) fn flags(write: bool) -> OpenFlags {
    let access =
        if write { OpenFlags::SQLITE_OPEN_READ_WRITE } else { OpenFlags::SQLITE_OPEN_READ_ONLY };
    access | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_PRIVATE_CACHE
}

/// Opens a file for reading only.
///
/// A program that was killed while it wrote may have left a rollback journal, and then the file
/// is not readable before the last change has been rolled back. That needs the right to write.
fn look(path: &Path, may_write: bool) -> Result<Connection> {
    let open = |write| {
        let db = Connection::open_with_flags(path, flags(write))?;
        harden(&db).map(|()| db)
    };
    match open(false) {
        Err(Error::ReadOnly(_)) if may_write => {
            // Reading the schema, which the hardening does, rolls back.
            open(true)?.close().map_err(|(_, error)| error)?;
            open(false)
        }
        Err(Error::ReadOnly(_)) => Err(Error::Unfinished(path.to_owned())),
        other => other,
    }
}

/// Removes what a program left that was killed before it had written anything: a journal in which
/// there is nothing to roll back, and which `SQLite` therefore leaves where it is.
fn remove_cold_journal(db: &Connection, path: &Path) {
    let mut journal = path.as_os_str().to_owned();
    journal.push("-journal");
    let mut first = [0];
    let is_cold = File::open(&journal)
        .is_ok_and(|mut file| file.read(&mut first).is_ok_and(|read| read == 0 || first == [0]));
    // Nobody else writes while this is held.
    if is_cold && db.execute_batch("BEGIN IMMEDIATE").is_ok() {
        std::fs::remove_file(&journal).ok();
        db.execute_batch("ROLLBACK").ok();
    }
}

/// A copy in a temporary file that nobody else sees.
fn copy_of(db: &Connection) -> Result<Connection> {
    let mut copy = Connection::open("")?;
    Backup::new(db, &mut copy)?.run_to_completion(4096, Duration::ZERO, None)?;
    Ok(copy)
}

/// Takes from a connection whatever a file made to harm could use.
fn harden(db: &Connection) -> Result<()> {
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    // Without the guarantee of stable plans a statement is compiled anew with every new value.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    db.pragma_update(None, "cell_size_check", true)?;
    db.pragma_update(None, "mmap_size", 0)?;
    db.pragma_update(None, "foreign_keys", true)?;
    // 64 MiB: an import that fits writes each page once.
    db.pragma_update(None, "cache_size", -65_536)?;
    db.pragma_update(None, "temp_store", "memory")?;
    db.busy_timeout(Duration::from_secs(2))?;
    for (limit, value) in [
        (Limit::SQLITE_LIMIT_LENGTH, 64 << 20),
        (Limit::SQLITE_LIMIT_COLUMN, 100),
        (Limit::SQLITE_LIMIT_ATTACHED, 1),
        (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 1),
    ] {
        db.set_limit(limit, value)?;
    }
    Ok(())
}

/// Refuses a file with anything in its schema that we did not write.
fn check_schema(db: &Connection, format: u32) -> std::result::Result<(), String> {
    let broken = |_| CONTRADICT.to_owned();
    let found = schema_of(db).map_err(broken)?;
    if format == FORMAT {
        let ours = Connection::open_in_memory()
            .and_then(|db| db.execute_batch(SCHEMA).and_then(|()| schema_of(&db)))
            .map_err(broken)?;
        if found != ours {
            return Err("it holds tables or programs that Redthread does not write".into());
        }
    } else if found.iter().any(|(kind, ..)| kind == "trigger" || kind == "view") {
        return Err("it holds programs that Redthread does not write".into());
    }
    Ok(())
}

/// Refuses a table, or without a name a file, with damaged pages. Says whether it came to an end
/// before it was to stop.
fn check_pages(
    db: &mut Connection,
    table: &str,
    stop: impl FnMut() -> bool + Send + 'static,
) -> std::result::Result<bool, String> {
    let broken = |_| CONTRADICT.to_owned();
    db.progress_handler(10_000, Some(stop)).map_err(broken)?;
    let verdict = if table.is_empty() {
        db.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0))
    } else {
        db.query_row("SELECT * FROM pragma_quick_check(?1)", [table], |row| row.get(0))
    };
    db.progress_handler(0, None::<fn() -> bool>).map_err(broken)?;
    match verdict {
        Ok(word) if word == "ok" => Ok(true),
        Err(rusqlite::Error::SqliteFailure(cause, _))
            if cause.code == rusqlite::ErrorCode::OperationInterrupted =>
        {
            Ok(false)
        }
        _ => Err(CONTRADICT.into()),
    }
}

/// The names of all tables; the largest are likely to be among the first.
fn tables_of(db: &Connection) -> Result<Vec<String>> {
    let mut query = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
    Ok(query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

type SchemaRow = (String, String, String);

/// Every object of the schema, in a fixed order: kind, name, SQL.
fn schema_of(db: &Connection) -> rusqlite::Result<Vec<SchemaRow>> {
    db.prepare("SELECT type, name, coalesce(sql, '') FROM sqlite_schema ORDER BY type, name")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect()
}

/// Whether a write-ahead log may be used here: its shared memory works on local disks only.
///
/// What is not known to be local counts as remote; so do the folders of cloud programs, which
/// copy the file and its log at different moments.
fn is_local(path: &Path) -> bool {
    const CLOUD: [&str; 7] = [
        "onedrive",
        "dropbox",
        "google drive",
        "googledrive",
        "icloud",
        "mobile documents",
        "nextcloud",
    ];
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let text = folder.to_string_lossy().to_lowercase();
    !CLOUD.iter().any(|name| text.contains(name)) && on_local_disk(&folder)
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
    // bundled SQLite handles it; only the plain network path is recognised here.
    !folder.to_string_lossy().replace(r"\\?\", "").starts_with(r"\\")
}

#[cfg(not(any(target_os = "linux", target_os = "windows")))]
fn on_local_disk(folder: &Path) -> bool {
    !folder.starts_with("/Volumes") && !folder.starts_with("/net")
}

/// Bytes as lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").ok();
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        case::{Action, NewValue, Op},
        model::Id,
    };

    /// A case as a program leaves it that is killed in the middle of a write under a rollback
    /// journal, and the name of its journal.
    fn cut_off(folder: &Path) -> (PathBuf, PathBuf) {
        let path = folder.join("whole.redthread");
        let mut case = Case::create(&path).expect("new");
        let add = Op::Add {
            entity: "acme".into(),
            schema: "Company".into(),
            values: vec![NewValue::new("name", "Acme Ltd")],
        };
        case.commit(Action::new("Add Acme Ltd", vec![add])).expect("committed");
        case.close().expect("closed");
        let db = Connection::open(&path).expect("opens");
        // One page of cache: the change reaches the file before it is committed.
        db.execute_batch(
            "PRAGMA cache_size = 1; PRAGMA foreign_keys = off; BEGIN;
             UPDATE meta SET value = value || 'x'; UPDATE statement SET value = hex(zeroblob(9000));
             DELETE FROM entity; DELETE FROM revision;",
        )
        .expect("writes");
        let cut = folder.join("cut.redthread");
        let beside = |path: &Path| PathBuf::from(format!("{}-journal", path.display()));
        std::fs::copy(&path, &cut).expect("space");
        std::fs::copy(beside(&path), beside(&cut)).expect("the journal is on the disk");
        (cut.clone(), beside(&cut))
    }

    #[test]
    fn a_write_that_was_cut_off_is_rolled_back_on_opening() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, journal) = cut_off(folder.path());
        let case = Case::open(&path).expect("opens");
        assert_eq!(case.read_only(), None);
        assert_eq!(&*case.entities().expect("readable")[0].caption, "Acme Ltd");
        assert!(!journal.exists(), "the journal has done its work");
    }

    #[test]
    fn where_it_cannot_be_rolled_back_the_answer_says_so() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, _) = cut_off(folder.path());
        let error = look(&path, false).expect_err("not without the right to write");
        assert!(matches!(error, Error::Unfinished(_)), "{error}");
    }

    /// A case with some entities whose pages in the middle are overwritten.
    fn damaged_case(path: &Path) {
        let mut case = Case::create(path).expect("new");
        let ops = (0..400).map(|n| Op::Add {
            entity: Id::from(format!("e{n}").as_str()),
            schema: "Company".into(),
            values: vec![NewValue::new("name", format!("Pier Road {n}"))],
        });
        case.commit(Action::new("Add", ops.collect())).expect("committed");
        case.close().expect("closed");
        let mut bytes = std::fs::read(path).expect("readable");
        let db = Connection::open(path).expect("opens");
        let sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'passage_by_entity'";
        let page: usize =
            db.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("there") as usize;
        let size: usize = db
            .query_row("PRAGMA page_size", [], |row| row.get::<_, i64>(0))
            .expect("it has one") as usize;
        drop(db);
        bytes[(page - 1) * size + 100..page * size].fill(0x5a);
        std::fs::write(path, bytes).expect("space");
    }

    #[test]
    fn damage_in_a_small_file_is_seen_before_it_is_open_and_in_a_large_one_while_it_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("case.redthread");
        damaged_case(&path);
        let error = Case::open(&path).expect_err("it is small").to_string();
        assert!(error.contains("damaged"), "{error}");
        let mut case = Case::open_checked(&path, 0).expect("its schema is ours");
        assert!(case.is_unchecked() && case.read_only().is_none());
        assert!(case.check(|| true), "stopped at once, so nothing is known yet");
        let mut rounds = 0;
        while case.is_unchecked() && case.check(|| false) {
            rounds += 1;
            assert!(rounds < 100, "each round checks a table");
        }
        let why = case.read_only().expect("nothing may be changed").to_owned();
        assert!(why.contains("damaged"), "{why}");
        let refused = case.commit(Action::new("Edit", vec![Op::WithdrawEntity("e1".into())]));
        assert!(matches!(refused, Err(Error::ReadOnly(_))));
    }

    #[test]
    fn a_whole_file_is_found_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("case.redthread");
        crate::demo::Demo::Dandong.build(&path, &Progress::new()).expect("builds");
        let mut case = Case::open_checked(&path, 0).expect("opens");
        while case.is_unchecked() {
            assert!(case.check(|| false));
        }
        assert_eq!(case.read_only(), None);
    }
}
