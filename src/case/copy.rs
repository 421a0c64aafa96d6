//! *Save a copy*: a case of its own, with everything in one file.

use std::{path::Path, time::Duration};

use rusqlite::{
    Connection, OpenFlags,
    backup::{Backup, StepResult},
};

use super::{Case, Error, Progress, Result, Verdict, place, place::Draft, settle};

/// Pages that are copied at a time: for so long nobody else can change the case.
const PAGES: i32 = 1_000;

impl Case {
    /// Writes a copy of the case as it is now, log included. Refuses to replace a file; what stops
    /// or fails leaves none.
    pub fn save_copy(&self, to: &Path) -> Result<()> {
        if std::fs::symlink_metadata(to).is_ok() {
            return Err(Error::Exists(to.to_owned()));
        }
        let draft = Draft::of(&place::resolve_new(to)?)?;
        self.check_content()?;
        let overwritten = self.is_overwritten();
        write(&self.db, draft.path(), &self.progress)?;
        self.progress.check()?;
        self.check_copy(draft.path(), overwritten || self.is_overwritten())?;
        draft.finish()
    }
}

impl Case {
    /// Fails where the file no longer holds the case, or the state of it, that is open here,
    /// because another program has written over it.
    pub(super) fn check_content(&self) -> Result<()> {
        let Some(known) = &self.content else { return Ok(()) };
        if !self.is_overwritten() {
            return match self.lock {
                Some(_) => Ok(()),
                None => self.compare(known, content(&self.db)),
            };
        }
        if self.logged {
            // The log belongs to what was there before.
            return Err(self.overwritten("something else"));
        }
        // This connection may keep pages of what was there before.
        let path = self.file.as_deref().unwrap_or(Path::new(""));
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let found = Connection::open_with_flags(path, flags).map_err(Error::from);
        self.compare(known, found.and_then(|db| content(&db)))
    }

    /// The same of a copy. `suspect`: where pages may be of two states, all of it is verified.
    fn check_copy(&self, copy: &Path, suspect: bool) -> Result<()> {
        let Some(known) = &self.content else { return Ok(()) };
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let copy = Case::with(Connection::open_with_flags(copy, flags)?);
        self.compare(known, content(&copy.db))?;
        if suspect && !matches!(copy.verify(&self.progress), Ok(Verdict::Holds { .. })) {
            self.progress.check()?;
            return Err(self.overwritten("something else"));
        }
        Ok(())
    }

    fn compare(&self, known: &(String, String), found: Result<(String, String)>) -> Result<()> {
        match found {
            Ok((case, head)) if case == known.0 => {
                // Whom we read beside may have made changes.
                if self.lock.is_none() || head == known.1 {
                    Ok(())
                } else {
                    Err(self.overwritten("another state of this case"))
                }
            }
            Ok(_) => Err(self.overwritten("another case")),
            Err(_) if self.is_overwritten() => Err(self.overwritten("something else")),
            Err(error) => Err(error),
        }
    }

    fn overwritten(&self, with: &str) -> Error {
        let path = self.path.as_deref().unwrap_or(Path::new("the case"));
        Error::system(format!(
            "Another program has written {with} over {}, so what was open here cannot be read from it any more, and nothing was written. Restore the file from a backup or from the program that synchronises it",
            path.display()
        ))
    }
}

/// Which case a file holds, and the digest of its newest revision.
pub(super) fn content(db: &Connection) -> Result<(String, String)> {
    let value = |name: &str| {
        let mut query = db.prepare_cached("SELECT value FROM meta WHERE name = ?1")?;
        query.query_row([name], |row| row.get(0))
    };
    Ok((value("case_id")?, value("head")?))
}

/// Writes a copy of an open case into an empty file.
pub(super) fn write(db: &Connection, to: &Path, progress: &Progress) -> Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut copy = Connection::open_with_flags(to, flags)?;
    // Nobody sees the file before it is whole and has been synced.
    copy.pragma_update(None, "synchronous", "off")?;
    {
        let backup = Backup::new(db, &mut copy)?;
        loop {
            progress.check()?;
            let step = backup.step(PAGES)?;
            let told = backup.progress();
            progress.report((told.pagecount - told.remaining) as u64, told.pagecount as u64);
            match step {
                StepResult::Done => break,
                StepResult::More => {}
                _ => std::thread::sleep(Duration::from_millis(20)),
            }
        }
    }
    // The copy is not open anywhere, and holds all that the log held.
    settle::unmark(&copy)?;
    // What was there once and is no part of the case any more is not handed on.
    let free: i64 = copy.pragma_query_value(None, "freelist_count", |row| row.get(0))?;
    if free > 0 {
        let stop = progress.clone();
        copy.progress_handler(10_000, Some(move || stop.check().is_err()))?;
        copy.execute_batch("PRAGMA temp_store = memory; VACUUM")?;
    }
    copy.close().map_err(|(_, error)| error)?;
    Ok(())
}
