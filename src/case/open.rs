//! Creating, opening and closing a case, with every file taken for hostile.

use std::{
    fs::File,
    io::Read as _,
    path::Path,
    time::{Duration, Instant},
};

use rusqlite::{Connection, OpenFlags, backup::Backup, config::DbConfig};

use super::{
    Case, Error, Progress, Remedy, Result,
    connection::{check_pages, flags, harden, restrict},
    copy,
    header::{APPLICATION_ID, Header, Registered, is_logged, not_a_case},
    lock::{self, Asked, Lock},
    migrate,
    place::{self, Draft, Identity},
    revision,
    schema::{FORMAT, SCHEMA},
    settle,
};

/// Files up to this size are looked over for damage before they are open, others while they are;
/// in bytes.
const CHECK_UP_TO: u64 = 64 << 20;
/// How long opening may look for damage; what is left is for [`Case::check`].
const CHECK_TIME: Duration = Duration::from_millis(800);
/// What is wrong with a copy whose pages are damaged because they were being written.
const TORN_COPY: &str = "it was copied while the case was being written; close the original, or wait a second after the last change, and copy it again";
/// How long a writer waits for those who read at this moment.
const WAIT: Duration = Duration::from_secs(10);

/// The right to change a case, or why there is none.
struct Right {
    lock: Option<Lock>,
    /// Why nothing can be written, if so.
    why: Option<String>,
    remedy: Option<Remedy>,
    /// Whether another program has the case open for writing.
    held: bool,
}

impl Right {
    fn none(why: impl Into<String>, remedy: Option<Remedy>) -> Self {
        Self { lock: None, why: Some(why.into()), remedy, held: false }
    }

    /// Asks for the right to change a case.
    fn ask(file: &Path, identity: Option<Identity>, local: bool) -> Result<Self> {
        let meta = std::fs::metadata(file).map_err(Error::unreadable(file))?;
        if !place::may_write(file) {
            return Ok(Self::none("the file is write-protected.", None));
        }
        if place::names_of(&meta) > 1 {
            let why = "it has several names on this disk (hard links), and a change under one could \
                       be lost under another; use Save a copy, and work on the copy.";
            return Ok(Self::none(why, Some(Remedy::SaveCopy)));
        }
        Ok(match Lock::ask(file, identity, !local)? {
            Asked::Granted(mut lock) => {
                if lock.hold(file, local)? {
                    Self { lock: Some(lock), why: None, remedy: None, held: false }
                } else {
                    Self::held("another program")
                }
            }
            Asked::Held { who, by_name: false } => Self::held(&who),
            Asked::Held { who, by_name: true } => Self {
                held: true,
                ..Self::none(
                    format!(
                        "{who} has it open, as its lock says; close it there. If that program is \
                         gone, release the lock here, or with `redthread unlock`."
                    ),
                    Some(Remedy::ReleaseLock(who)),
                )
            },
            Asked::Foreign(path) => Self::none(lock::foreign(&path), None),
            Asked::Protected => Self::none("its folder is write-protected.", None),
        })
    }

    fn held(who: &str) -> Self {
        let why = format!("{who} has it open; close it there to change it here.");
        Self { held: true, ..Self::none(why, None) }
    }
}

impl Case {
    /// Creates a new, empty case. Refuses to replace a file.
    ///
    /// It gets its name only once it is whole, so that nothing that happens meanwhile leaves half
    /// of one.
    pub fn create(path: &Path) -> Result<Self> {
        if std::fs::symlink_metadata(path).is_ok() {
            return Err(Error::Exists(path.to_owned()));
        }
        let draft = Draft::of(&place::resolve_new(path)?)?;
        let db = Connection::open_with_flags(draft.path(), flags(true))?;
        harden(&db)?;
        write_schema(&db)?;
        db.close().map_err(|(_, error)| error)?;
        draft.finish()?;
        let opened = Self::open(path).and_then(|case| match case.read_only() {
            Some(why) => Err(Error::ReadOnly(why.to_owned())),
            None => Ok(case),
        });
        opened.map_err(|error| error.undo_new(path))
    }

    /// A case that is gone when it is dropped; for tests and previews.
    pub fn in_memory() -> Result<Self> {
        let db = Connection::open_in_memory()?;
        harden(&db)?;
        write_schema(&db)?;
        let mut case = Self::with(db);
        case.prepared = true;
        Ok(case)
    }

    /// Opens a case to work on it.
    ///
    /// Where another program has it open, where the file cannot be written, or where a newer
    /// program wrote it, it opens for reading only and [`Case::read_only`] says why. Opening
    /// does not change the file, unless a change that was cut off is to be rolled back.
    ///
    /// A large file is looked over for damage only afterwards, by [`Case::check`]; its schema is
    /// known to be ours before anything is read from it.
    pub fn open(path: &Path) -> Result<Self> {
        Self::open_checked(path, CHECK_UP_TO)
    }

    /// Opens a case, and looks it over for damage first if it is no larger than this.
    fn open_checked(path: &Path, check_up_to: u64) -> Result<Self> {
        let header = Header::read(path)?;
        let file = place::resolve(path)?;
        place::check_beside(&file)?;
        let header = match header {
            Some(header) => header,
            None => Header::ask(&file)?,
        };
        let identity = Identity::of(&file);
        let local = place::is_local(&file);
        let vouched = lock::vouches(&file, identity);
        let Right { mut lock, why: mut read_only, mut remedy, held } =
            Right::ask(&file, identity, local)?;
        let hot = place::has_beside(&file, "-journal") || place::has_beside(&file, "-wal");
        let log_is_missing = !vouched
            && !held
            && (header.logged && !place::has_beside(&file, "-wal")
                || header.importing && !place::has_beside(&file, "-journal"));
        if log_is_missing {
            lock = None;
            read_only = Some(settle::LOG_MISSING.into());
            remedy = Some(Remedy::SaveCopy);
        }
        let mut whole = header.whole || hot || held;
        if lock.is_some() && (hot || header.is_marked()) {
            recover(&file).map_err(|e| e.damage_of(path))?;
            whole = Header::read(path)?.is_none_or(|h| h.whole);
        }
        if !whole {
            let what = if log_is_missing {
                TORN_COPY
            } else {
                "its length is not a whole number of pages; part of it is missing"
            };
            return Err(damaged(path, what));
        }
        // Without locks there are none to lose.
        let registered = Registered::new(identity.filter(|_| !log_is_missing));
        // A look without the right to write comes first: what is refused stays as it was.
        let mut check = look(&file, log_is_missing)?;
        let format: u32 = check
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .map_err(|e| Error::from(e).damage_of(path))?;
        if format > FORMAT {
            lock = None;
            remedy = None;
            read_only = Some(format!(
                "a newer Redthread wrote it (format {format}, this one writes {FORMAT}); update to change it."
            ));
        } else if format < 1 {
            return Err(not_a_case(path, "its format number is missing"));
        }
        check_schema(&check, format).map_err(|e| e.damage_of(path))?;
        let mut checked = false;
        if std::fs::metadata(&file).map_err(Error::unreadable(path))?.len() <= check_up_to {
            let started = Instant::now();
            let late = move || started.elapsed() > CHECK_TIME;
            checked =
                check_pages(&mut check, "", late).map_err(|error| match error.damage_of(path) {
                    Error::Damaged { .. } if log_is_missing => damaged(path, TORN_COPY),
                    error => error,
                })?;
        }
        let db = if lock.is_some() {
            check.close().map_err(|(_, e)| e)?;
            let db = Connection::open_with_flags(&file, flags(true))?;
            harden(&db)?;
            db.busy_timeout(WAIT)?;
            db
        } else {
            check
        };
        let older = format < FORMAT;
        // Who may not change an older file reads a copy of it that has been brought forward.
        let db = if lock.is_none() && older { copy_of(&db)? } else { db };
        let mut case = Self::with(db);
        case.path = Some(path.to_owned());
        case.file = Some(file.clone());
        case.identity = identity;
        case.local = local;
        case.immutable = log_is_missing;
        case.registered = Some(registered);
        if older {
            let beside = lock.is_some().then_some(&*file);
            if let Some(lock) = &mut lock {
                lock.make_durable()?;
            }
            migrate::run(&mut case.db, beside, format, migrate::STEPS, |db| {
                check_schema(db, FORMAT)
            })
            .map_err(|error| match error.damage_of(path) {
                Error::Database(_) => damaged(path, "it is not what a Redthread of its time wrote"),
                error => error,
            })?;
        }
        if lock.is_none() && older {
            read_only = Some(format!(
                "it is of the older format {format}, and bringing it forward needs the right to write."
            ));
            case.immutable = true;
        }
        case.logged = lock.is_some() && is_logged(&case.db);
        case.prepared = case.logged;
        case.lock = lock;
        case.read_only = read_only;
        case.remedy = remedy;
        case.load_history().map_err(|e| e.damage_of(path))?;
        if !checked {
            case.unchecked = tables_of(&case.db)?;
        }
        case.content = match copy::content(&case.db) {
            Ok(content) => Some(content),
            // A verification says what is missing.
            Err(Error::Corrupt(_)) => None,
            Err(error) => return Err(error.damage_of(path)),
        };
        case.take_stamp();
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
            Err(error) => {
                let error = match &self.path {
                    Some(path) => error.damage_of(path),
                    None => error,
                };
                match error {
                    Error::Corrupt(what) | Error::Suspect(what) | Error::Damaged { what, .. } => {
                        self.distrust(&what);
                    }
                    // A disk that fails says nothing of the file.
                    error => {
                        self.unchecked.clear();
                        self.read_only = Some(error.to_string());
                    }
                }
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

    /// A case with nothing known of it but its connection.
    pub(super) fn with(db: Connection) -> Self {
        db.set_prepared_statement_cache_capacity(100);
        Self {
            db,
            path: None,
            file: None,
            identity: None,
            stamp: None,
            content: None,
            lock: None,
            registered: None,
            read_only: None,
            remedy: None,
            prepared: false,
            logged: false,
            importing: false,
            immutable: false,
            let_go: false,
            closed: false,
            unchecked: Vec::new(),
            local: true,
            undo: Vec::new(),
            redo: Vec::new(),
            united: std::sync::Arc::default(),
            vocabulary: super::search::Vocabulary::default(),
            shown: std::cell::RefCell::default(),
            progress: Progress::new(),
            readers: std::sync::Arc::default(),
        }
    }

    /// Opens the file of a case that is open for reading anew.
    pub(super) fn reopen(&mut self, file: &Path) -> Result<()> {
        // Setting the size of the cache would read the file, and so hold on to its log again.
        let db = Connection::open_with_flags(file, flags(false))?;
        restrict(&db)?;
        db.set_prepared_statement_cache_capacity(100);
        self.db = db;
        Ok(())
    }

    /// Closes the case and leaves exactly one file.
    pub fn close(mut self) -> Result<()> {
        self.finish();
        let path = self.path.clone().unwrap_or_default();
        let db = std::mem::replace(&mut self.db, Connection::open_in_memory()?);
        db.close().map_err(|(_, error)| Error::of_close(path, error))
    }

    /// What is done before the file is closed, however that comes about.
    fn finish(&mut self) {
        if std::mem::replace(&mut self.closed, true) {
            return;
        }
        let Some(file) = self.file.clone() else { return };
        if self.logged && self.is_overwritten() {
            // SQLite must not write its log into another program's file; nor may whoever opens
            // that file next.
            self.db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).ok();
            let log = place::beside(&file, "-wal");
            std::fs::rename(&log, place::beside(&file, "-wal.of-the-overwritten-case")).ok();
        }
        let settled = self.settle_for_good() || self.is_gone();
        if let Some(lock) = &mut self.lock {
            if !settled {
                lock.leave_behind();
            }
            remove_cold_journal(&self.db, &file);
        }
    }
}

impl Drop for Case {
    fn drop(&mut self) {
        self.finish();
    }
}

/// Under a rollback journal, so that the file itself says what it is from its first moment.
fn write_schema(db: &Connection) -> Result<()> {
    let tx = db.unchecked_transaction()?;
    tx.execute_batch(SCHEMA)?;
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", FORMAT)?;
    let id = uuid::Uuid::now_v7().to_string();
    let now = revision::now().to_string();
    let head = super::digest::genesis(&id);
    for (name, value) in [
        ("case_id", id),
        ("created_at", now),
        ("head", hex::encode(head)),
        ("chain_2", "1".into()),
        ("chain_3", "1".into()),
    ] {
        tx.execute("INSERT INTO meta(name, value) VALUES (?1, ?2)", [name, value.as_str()])?;
    }
    tx.commit()?;
    Ok(())
}

/// Has `SQLite` roll back or finish what was cut off, and removes the marks.
fn recover(file: &Path) -> Result<()> {
    let db = Connection::open_with_flags(file, flags(true))?;
    // Reading the schema, which the hardening does, rolls back.
    harden(&db)?;
    let format: u32 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if format <= FORMAT {
        settle::unmark(&db)?;
    }
    db.close().map_err(|(_, error)| error)?;
    Ok(())
}

fn damaged(path: &Path, what: impl Into<String>) -> Error {
    Error::Damaged { path: path.to_owned(), what: what.into() }
}

/// Opens a file for reading only. `as_it_is`: without its log, which is missing.
///
/// A program that was killed while it wrote may have left a rollback journal, and then the file
/// is not readable before the last change has been rolled back. That needs the right to write.
fn look(file: &Path, as_it_is: bool) -> Result<Connection> {
    let immutable = || {
        let flags = flags(false) | OpenFlags::SQLITE_OPEN_URI;
        let db = Connection::open_with_flags(place::immutable_address(file), flags)?;
        harden(&db).map(|()| db)
    };
    if as_it_is {
        return immutable();
    }
    let plain = || {
        let db = Connection::open_with_flags(file, flags(false))?;
        harden(&db).map(|()| db)
    };
    let protected = || !place::may_write(place::folder_of(file));
    let hot = || place::has_beside(file, "-journal") || place::has_beside(file, "-wal");
    match plain() {
        Err(Error::ReadOnly(_)) => Err(Error::Unfinished(file.to_owned())),
        // A log, even an empty one, cannot be set up here; nor can it by anybody else.
        Err(Error::Disk { .. } | Error::Database(_)) if protected() && hot() => {
            Err(Error::Unfinished(file.to_owned()))
        }
        Err(Error::Disk { .. } | Error::Database(_)) if protected() => immutable(),
        other => other,
    }
}

/// Removes what a program left that was killed before it had written anything: a journal in which
/// there is nothing to roll back, and which `SQLite` therefore leaves where it is.
fn remove_cold_journal(db: &Connection, path: &Path) {
    let journal = place::beside(path, "-journal");
    let mut first = [0];
    let is_cold = std::fs::symlink_metadata(&journal).is_ok_and(|meta| meta.is_file())
        && File::open(&journal).is_ok_and(|mut file| {
            file.read(&mut first).is_ok_and(|read| read == 0 || first == [0])
        });
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

/// Refuses a file with anything in its schema that we did not write.
fn check_schema(db: &Connection, format: u32) -> Result<()> {
    let found = schema_of(db)?;
    let ours = Connection::open_in_memory()
        .and_then(|db| db.execute_batch(SCHEMA).and_then(|()| schema_of(&db)))?;
    if format == FORMAT && found != ours {
        return Err(Error::Corrupt(
            "it holds tables or programs that Redthread does not write".into(),
        ));
    }
    // Older formats had none; of a newer one, ours are known.
    let is_ours = |row: &SchemaRow| format >= FORMAT && ours.contains(row);
    let mut programs = found.iter().filter(|(kind, ..)| kind == "trigger" || kind == "view");
    if !programs.all(is_ours) {
        return Err(Error::Corrupt("it holds programs that Redthread does not write".into()));
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

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
        case.commit(Action::new(vec![add])).expect("committed");
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
        case.commit(Action::new(ops.collect())).expect("committed");
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
        let refused = case.commit(Action::new(vec![Op::WithdrawEntity("e1".into())]));
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
