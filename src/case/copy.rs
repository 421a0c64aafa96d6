//! *Save a copy*: a case of its own, with everything in one file.

use std::{path::Path, time::Duration};

use rusqlite::{
    Connection, OpenFlags,
    backup::{Backup, StepResult},
};

use super::{Case, Error, Progress, Result, place, place::Draft, settle};

/// Pages that are copied at a time: for so long nobody else can change the case.
const PAGES: i32 = 1_000;

impl Case {
    /// Writes a copy of the case as it is now, log included. Refuses to replace a file; what stops
    /// or fails leaves none.
    pub fn save_copy(&self, to: &Path, progress: &Progress) -> Result<()> {
        if std::fs::symlink_metadata(to).is_ok() {
            return Err(Error::Exists(to.to_owned()));
        }
        let draft = Draft::of(&place::resolve_new(to)?)?;
        write(&self.db, draft.path(), progress)?;
        progress.check()?;
        draft.finish()
    }
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
