//! Bringing a case of an older format forward: a copy is kept, then all steps or none.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::{Error, Result};

/// What turns a case of one format into one of the next. The first entry leads from format 1
/// to 2. There is one format so far.
pub(super) const STEPS: &[&str] = &[];

/// Brings a case forward by the steps from its format on. Where one fails, the file is as before.
pub(super) fn run(db: &mut Connection, path: &Path, format: u32, steps: &[&str]) -> Result<()> {
    let pending = steps.get(format.saturating_sub(1) as usize..).unwrap_or_default();
    if pending.is_empty() {
        return Ok(());
    }
    keep_copy(db, path, format)?;
    let tx = db.transaction()?;
    for step in pending {
        tx.execute_batch(step)?;
    }
    tx.pragma_update(None, "user_version", steps.len() as u32 + 1)?;
    tx.commit()?;
    Ok(())
}

/// Writes a copy beside the case, unless one of this format is there from an attempt before.
fn keep_copy(db: &Connection, path: &Path, format: u32) -> Result<()> {
    let copy = copy_of(path, format);
    if copy.exists() {
        return Ok(());
    }
    let name = copy.to_str().ok_or_else(|| {
        Error::Refused(format!("{} is not a name that a copy can have.", copy.display()))
    })?;
    db.execute("VACUUM INTO ?1", [name])?;
    Ok(())
}

fn copy_of(path: &Path, format: u32) -> PathBuf {
    path.with_extension(format!("format-{format}.redthread"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(path: &Path) -> Connection {
        let db = Connection::open(path).expect("a database");
        db.execute_batch("CREATE TABLE a(x); INSERT INTO a VALUES (1); PRAGMA user_version = 1")
            .expect("sql");
        db
    }

    fn version(db: &Connection) -> u32 {
        db.query_row("PRAGMA user_version", [], |row| row.get(0)).expect("a number")
    }

    #[test]
    fn every_step_is_taken_and_the_old_case_is_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("old.redthread");
        let mut db = case(&path);
        let steps = ["ALTER TABLE a ADD COLUMN y DEFAULT 2", "UPDATE a SET x = x + y"];
        run(&mut db, &path, 1, &steps).expect("migrates");
        assert_eq!(version(&db), 3);
        let x: i64 = db.query_row("SELECT x FROM a", [], |row| row.get(0)).expect("a row");
        assert_eq!(x, 3);
        let old = Connection::open(folder.path().join("old.format-1.redthread")).expect("the copy");
        assert_eq!(version(&old), 1);
        // From the format in between, only the rest is done.
        run(&mut db, &path, 3, &steps).expect("nothing to do");
        let x: i64 = db.query_row("SELECT x FROM a", [], |row| row.get(0)).expect("a row");
        assert_eq!(x, 3);
    }

    #[test]
    fn a_step_that_fails_leaves_everything_as_it_was() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("old.redthread");
        let mut db = case(&path);
        assert!(
            run(&mut db, &path, 1, &["UPDATE a SET x = 9", "UPDATE nothing SET x = 1"]).is_err()
        );
        assert_eq!(version(&db), 1);
        let x: i64 = db.query_row("SELECT x FROM a", [], |row| row.get(0)).expect("a row");
        assert_eq!(x, 1);
    }
}
