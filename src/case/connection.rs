//! Connections to a file that somebody may have made to harm, and whether its pages are whole.

use rusqlite::{Connection, OpenFlags, config::DbConfig, limits::Limit};
use std::time::Duration;

use super::{Error, Result};

/// What is wrong with a file whose pages are damaged.
const CONTRADICT: &str = "its pages contradict each other";

pub(super) fn flags(write: bool) -> OpenFlags {
    let access =
        if write { OpenFlags::SQLITE_OPEN_READ_WRITE } else { OpenFlags::SQLITE_OPEN_READ_ONLY };
    access | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_PRIVATE_CACHE
}

/// Takes from a connection whatever a file made to harm could use.
pub(super) fn harden(db: &Connection) -> Result<()> {
    restrict(db)?;
    // 64 MiB: an import that fits writes each page once.
    db.pragma_update(None, "cache_size", -65_536)?;
    // The only setting that loses nothing at a power cut under every kind of journal.
    db.pragma_update(None, "synchronous", "extra")?;
    Ok(())
}

/// The same, without a look into the file.
pub(super) fn restrict(db: &Connection) -> Result<()> {
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    // A file with other views than ours is refused.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, true)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    // Without the guarantee of stable plans a statement is compiled anew with every new value.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    db.pragma_update(None, "cell_size_check", true)?;
    db.pragma_update(None, "mmap_size", 0)?;
    db.pragma_update(None, "foreign_keys", true)?;
    db.pragma_update(None, "temp_store", "memory")?;
    // On macOS a disk that is asked to sync only promises to.
    db.pragma_update(None, "fullfsync", true)?;
    db.pragma_update(None, "checkpoint_fullfsync", true)?;
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

/// Refuses a table, or without a name a file, with damaged pages. Says whether it came to an end
/// before it was to stop.
pub(super) fn check_pages(
    db: &mut Connection,
    table: &str,
    stop: impl FnMut() -> bool + Send + 'static,
) -> Result<bool> {
    db.progress_handler(10_000, Some(stop))?;
    let verdict = if table.is_empty() {
        db.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0))
    } else {
        db.query_row("SELECT * FROM pragma_quick_check(?1)", [table], |row| row.get(0))
    };
    db.progress_handler(0, None::<fn() -> bool>)?;
    match verdict.map_err(Error::from) {
        Ok(word) if word == "ok" => Ok(true),
        Ok(word) => Err(unread(&word).unwrap_or_else(|| Error::Suspect(CONTRADICT.into()))),
        Err(Error::Cancelled) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The failure to read that `SQLite`'s check of pages met, if it was that: it reports one among
/// what contradicts itself.
pub(super) fn unread(verdict: &str) -> Option<Error> {
    let (_, after) = verdict.split_once("error code=")?;
    let digits = after.find(|c: char| !c.is_ascii_digit()).map_or(after, |end| &after[..end]);
    let code: i32 = digits.parse().ok()?;
    match Error::from(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None)) {
        error @ (Error::Disk { .. } | Error::Memory) => Some(error),
        _ => None,
    }
}
