//! When changes go to a log beside the file, and when the one file holds everything again.
//!
//! On a local disk a change goes to a write-ahead log. Before its first one the file is marked
//! (`SQLite` does that: the format bytes of the header say that there is a log, and are synced
//! before the log is written), and once nothing is to be done for a second the log is folded in and
//! the mark removed. A large import needs a rollback journal, and marks the file by itself. What
//! is copied in between has the mark; without its log it opens for reading only and says so.
//!
//! On network folders and those of cloud programs there is only a rollback journal, which is gone
//! after each change, and the file is locked only during it.

use std::{
    path::Path,
    time::{Duration, Instant, SystemTime},
};

use rusqlite::{Connection, ErrorCode};

use super::{
    Case, Error, Result,
    header::{IMPORTING, is_logged},
    lock::Kept,
    place::Identity,
};

/// Why a copy opens for reading only that was made while the case was open.
pub(super) const LOG_MISSING: &str = "this copy was made while the case was open and may lack its last changes. Close the original, \
     or wait a second after the last change there, and copy it again; Save a copy makes a case of \
     what is here.";

/// How long closing waits for those who read at this moment.
const PATIENCE: Duration = Duration::from_secs(2);

/// What can be done about a case that is open for reading only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// A copy can be saved and worked on.
    SaveCopy,
    /// The lock can be released that this computer's programs do not hold; of whom it is.
    ReleaseLock(String),
}

/// How a file was left: its length and the time of its last change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    length: u64,
    changed: SystemTime,
}

impl Stamp {
    fn of(path: &Path) -> Option<Self> {
        let meta = std::fs::metadata(path).ok()?;
        Some(Self { length: meta.len(), changed: meta.modified().ok()? })
    }
}

impl Case {
    /// Sets up the journal before a write, and makes sure that the file is still the one that was
    /// opened.
    pub(super) fn prepare(&mut self) -> Result<()> {
        self.check_place()?;
        if self.prepared {
            return Ok(());
        }
        if self.local {
            if let Some(lock) = &mut self.lock {
                lock.make_durable()?;
            }
            self.logged = journal_mode(&self.db, "wal")?.as_deref() == Some("wal");
            // The mark is in the file now.
            self.take_stamp();
        }
        self.prepared = true;
        Ok(())
    }

    /// Refuses to write where nothing can be written, or not any more: where the file was moved,
    /// deleted or replaced, where another program has written to it or taken over the lock.
    /// Nothing is written from then on.
    pub fn check_place(&mut self) -> Result<()> {
        if let Some(why) = &self.read_only {
            return Err(Error::ReadOnly(why.clone()));
        }
        let (Some(path), Some(lock)) = (&self.path, &mut self.lock) else { return Ok(()) };
        if is_gone(self.identity, path) {
            let why = format!(
                "{} is no longer the file that is open here: it was moved, deleted or replaced. \
                 Nothing more is written; Save a copy keeps everything up to the last saved change.",
                path.display()
            );
            return self.stop(why, Some(Remedy::SaveCopy));
        }
        if let Kept::Lost(who) = lock.keep() {
            let why =
                format!("{who} has taken over the right to change it; close it and open it again.");
            return self.stop(why, None);
        }
        if self.is_overwritten() {
            let why = format!(
                "another program has written to {} since; close the case and open it again to see \
                 what it holds now.",
                path.display()
            );
            return self.stop(why, None);
        }
        Ok(())
    }

    /// Whether another program has written to the file that is open, as far as its length and time show that.
    pub(super) fn is_overwritten(&self) -> bool {
        let Some((path, stamp)) = self.path.as_deref().zip(self.stamp) else { return false };
        !self.importing && !self.is_gone() && Stamp::of(path) != Some(stamp)
    }

    /// Whether the file has been moved, deleted or replaced.
    pub(super) fn is_gone(&self) -> bool {
        self.path.as_deref().is_some_and(|path| is_gone(self.identity, path))
    }

    fn stop<T>(&mut self, why: String, remedy: Option<Remedy>) -> Result<T> {
        self.read_only = Some(why.clone());
        self.remedy = remedy;
        Err(Error::ReadOnly(why))
    }

    /// Remembers how the file is now, so that a change by another program is noticed.
    pub(super) fn take_stamp(&mut self) {
        // Elsewhere the time of the last change may follow later.
        let known = cfg!(unix) && self.local && self.lock.is_some();
        self.stamp = self.file.as_deref().filter(|_| known).and_then(Stamp::of);
    }

    /// Whether the one file holds everything, and nothing says otherwise; for a case that is open
    /// for reading, whether it keeps nobody from that.
    pub fn is_settled(&self) -> bool {
        match &self.lock {
            Some(_) => !self.logged && !self.importing,
            None => self.file.is_none() || self.immutable || self.let_go,
        }
    }

    /// Notes that the file is being read.
    pub fn touch(&mut self) {
        self.let_go = false;
    }

    /// Puts everything into the one file and removes the mark, so that it can be copied. Reports
    /// whether that is done: while another program reads the case the mark stays, although the
    /// file holds everything, and it is to be tried again.
    pub fn settle(&mut self) -> Result<bool> {
        if self.is_settled() {
            return Ok(true);
        }
        if self.lock.is_none() {
            self.let_go()?;
            return Ok(true);
        }
        if self.is_overwritten() {
            // What is in the log belongs to what was there before, not to what is there now.
            return Ok(false);
        }
        if self.is_gone() || !unmark(&self.db)? {
            // The file then holds everything at least.
            self.db.busy_timeout(Duration::from_millis(250))?;
            self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).ok();
            self.db.busy_timeout(Duration::from_secs(10))?;
            self.take_stamp();
            return Ok(false);
        }
        self.prepared = false;
        self.logged = false;
        self.importing = false;
        self.take_stamp();
        Ok(true)
    }

    /// The same before closing, with some patience. What fails is left for the next time that the
    /// case is opened.
    pub(super) fn settle_for_good(&mut self) -> bool {
        if self.lock.is_none() {
            return true;
        }
        let until = Instant::now() + PATIENCE;
        loop {
            match self.settle() {
                Ok(false)
                    if Instant::now() < until && !self.is_gone() && !self.is_overwritten() =>
                {
                    std::thread::sleep(Duration::from_millis(50));
                }
                Ok(settled) => return settled,
                Err(_) => return false,
            }
        }
    }

    /// Who reads a case that has a log keeps it from being folded in by being there.
    fn let_go(&mut self) -> Result<()> {
        if let Some(file) = self.file.clone().filter(|_| is_logged(&self.db)) {
            self.reopen(&file)?;
        }
        self.let_go = true;
        Ok(())
    }

    /// Marks the file before a large import, whose rollback journal would not.
    pub(super) fn mark_import(&mut self) -> Result<()> {
        if let Some(lock) = &mut self.lock {
            lock.make_durable()?;
        }
        mark_import(&self.db)?;
        self.importing = true;
        Ok(())
    }

    /// Removes the mark of an import that changed nothing.
    pub(super) fn settle_import(&mut self) -> Result<()> {
        if self.importing {
            unmark_import(&self.db)?;
            self.imported();
        }
        Ok(())
    }

    /// The mark of an import has gone with its transaction.
    pub(super) fn imported(&mut self) {
        self.importing = false;
        self.take_stamp();
    }
}

/// Whether a path leads to another file than the one that was opened, or to none. The file is not
/// opened for this: closing it again would release the locks that `SQLite` holds on it.
fn is_gone(identity: Option<Identity>, path: &Path) -> bool {
    identity.is_some() && Identity::of(path) != identity
}

/// Marks a file as being written to under a rollback journal.
pub(super) fn mark_import(db: &Connection) -> Result<()> {
    Ok(db.pragma_update(None, "default_cache_size", IMPORTING)?)
}

/// Removes that mark; within a transaction, with it.
pub(super) fn unmark_import(db: &Connection) -> Result<()> {
    let size: i64 = db.query_row("PRAGMA cache_size", [], |row| row.get(0))?;
    db.pragma_update(None, "default_cache_size", 0)?;
    Ok(db.pragma_update(None, "cache_size", size)?)
}

/// Removes all marks, once the file holds everything. Says no where others read it.
pub(super) fn unmark(db: &Connection) -> Result<bool> {
    if journal_mode(db, "delete")?.as_deref() != Some("delete") {
        return Ok(false);
    }
    let marked: i64 = db.pragma_query_value(None, "default_cache_size", |row| row.get(0))?;
    if marked == i64::from(IMPORTING) {
        unmark_import(db)?;
    }
    Ok(true)
}

/// Changes the kind of journal; gives the one that it is then, and none where others keep the file
/// from being changed.
fn journal_mode(db: &Connection, mode: &str) -> Result<Option<String>> {
    match db.pragma_update_and_check(None, "journal_mode", mode, |row| row.get(0)) {
        Ok(mode) => Ok(Some(mode)),
        Err(rusqlite::Error::SqliteFailure(cause, _))
            if mode == "delete"
                && matches!(cause.code, ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) =>
        {
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}
