//! Bringing a case of an older format forward: a copy is kept, then all steps or none.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::{
    Error, Progress, Result, copy,
    open::{self, SCHEMA},
    place::{self, Draft},
    projection,
};

/// What turns a case of one format into one of the next.
pub(super) type Step = fn(&Connection) -> Result<()>;

/// The first entry leads from format 1 to 2.
pub(super) const STEPS: &[Step] = &[to_2];

/// Brings a case forward by the steps from its format on, and has the outcome checked. Where one
/// of these fails, the file is as before. A copy is kept beside it, if there is a file.
pub(super) fn run(
    db: &mut Connection,
    path: Option<&Path>,
    format: u32,
    steps: &[Step],
    check: Step,
) -> Result<()> {
    let pending = steps.get(format.saturating_sub(1) as usize..).unwrap_or_default();
    if pending.is_empty() {
        return Ok(());
    }
    let kept = match path {
        Some(path) => keep_copy(db, path, format)?,
        None => None,
    };
    // Tables are dropped and made anew; in between, what refers to them refers to nothing.
    db.pragma_update(None, "foreign_keys", false)?;
    let done = take_steps(db, pending, steps.len() as u32 + 1, check);
    db.pragma_update(None, "foreign_keys", true)?;
    // A commit that the disk did not confirm may have happened: then the copy stays.
    let version = db.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0));
    if let (Err(_), Some(copy), Ok(now)) = (&done, kept, version)
        && now == format
    {
        std::fs::remove_file(copy).ok();
    }
    done
}

fn take_steps(db: &mut Connection, pending: &[Step], format: u32, check: Step) -> Result<()> {
    let tx = db.transaction()?;
    for step in pending {
        step(&tx)?;
    }
    tx.pragma_update(None, "user_version", format)?;
    check(&tx)?;
    tx.commit()?;
    Ok(())
}

/// Statements get passages, under which they are found from now on, and projections are made anew
/// in the tables of this format. What was signed by the old encoding stays so.
fn to_2(db: &Connection) -> Result<()> {
    db.execute_batch(
        "INSERT INTO meta(name, value)
           SELECT 'chain_2', coalesce(max(number), 0) + 1 FROM revision;
         DROP INDEX statement_by_entity;
         DROP INDEX statement_by_revision;
         DROP TABLE search;
         DROP TABLE node;
         DROP TABLE link;",
    )?;
    let ours = Connection::open_in_memory()?;
    ours.execute_batch(SCHEMA)?;
    // Tables that SQLite makes by itself have no text, or belong to a virtual one.
    let mut query = ours.prepare(
        "SELECT s.name, s.sql FROM sqlite_schema s JOIN pragma_table_list l ON l.name = s.tbl_name
         WHERE s.sql IS NOT NULL AND l.type <> 'shadow' ORDER BY s.type = 'index'",
    )?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let there = db
            .prepare_cached("SELECT 1 FROM sqlite_schema WHERE name = ?1")?
            .exists([row.get::<_, String>(0)?])?;
        if !there {
            db.execute_batch(&row.get::<_, String>(1)?)?;
        }
    }
    db.execute_batch(
        "INSERT INTO passage(first, last, entity)
           SELECT min(key), max(key), entity FROM (
             SELECT key, entity, revision,
                    key - row_number() OVER (PARTITION BY entity, revision ORDER BY key) AS together
             FROM statement)
           GROUP BY entity, revision, together ORDER BY 1;",
    )?;
    projection::rebuild(db, &Progress::new())
}

/// Makes sure that there is a whole copy of the case beside it; gives its name if it was written
/// now. One that an attempt before has left counts if it is of this very case; a file of another
/// case stays, and the copy gets another name.
fn keep_copy(db: &Connection, path: &Path, format: u32) -> Result<Option<PathBuf>> {
    let mut last = None;
    for nth in 1..100 {
        let copy = copy_of(path, format, nth);
        if std::fs::symlink_metadata(&copy).is_ok() {
            if is_copy(db, &copy, format) {
                return Ok(None);
            }
            continue;
        }
        match Draft::of(&copy) {
            Ok(draft) => {
                copy::write(db, draft.path(), &Progress::new())?;
                if !is_copy(db, draft.path(), format) {
                    return Err(Error::Refused(format!(
                        "The copy in {} is not whole, so the case was not brought forward; check the disk.",
                        copy.display()
                    )));
                }
                draft.finish()?;
                return Ok(Some(copy));
            }
            // Something lies beside that name.
            Err(error @ Error::Refused(_)) => last = Some(error),
            Err(error) => return Err(error),
        }
    }
    Err(last.unwrap_or_else(|| Error::Exists(copy_of(path, format, 1))))
}

/// Whether a file is a whole copy of an open case, as it is now.
fn is_copy(db: &Connection, copy: &Path, format: u32) -> bool {
    let is_plain = std::fs::symlink_metadata(copy).is_ok_and(|meta| meta.is_file());
    if !is_plain || ["-journal", "-wal"].iter().any(|ending| place::has_beside(copy, ending)) {
        return false;
    }
    let Ok(copy) = Connection::open_with_flags(copy, open::flags(false)) else { return false };
    let word = |sql: &str| copy.query_row(sql, [], |row| row.get::<_, String>(0)).ok();
    word("PRAGMA quick_check(1)").as_deref() == Some("ok")
        && said(&copy)
            .is_some_and(|(version, meta)| version == format && Some((version, meta)) == said(db))
}

/// What tells one state of a case from another: its format, and what it notes of itself, the head
/// of the chain among that.
fn said(db: &Connection) -> Option<(u32, Vec<(String, String)>)> {
    let version = db.pragma_query_value(None, "user_version", |row| row.get(0)).ok()?;
    let mut query = db.prepare("SELECT name, value FROM meta ORDER BY name").ok()?;
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).ok()?;
    Some((version, rows.collect::<rusqlite::Result<_>>().ok()?))
}

fn copy_of(path: &Path, format: u32, nth: u32) -> PathBuf {
    let again = if nth > 1 { format!("-{nth}") } else { String::new() };
    path.with_extension(format!("format-{format}{again}.redthread"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(path: &Path) -> Connection {
        let db = Connection::open(path).expect("a database");
        db.execute_batch(
            "CREATE TABLE a(x); INSERT INTO a VALUES (1); CREATE TABLE meta(name, value);
             INSERT INTO meta VALUES ('case_id', 'one'), ('head', 'first'); PRAGMA user_version = 1",
        )
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
        let steps: [Step; 2] = [
            |db| Ok(db.execute_batch("ALTER TABLE a ADD COLUMN y DEFAULT 2")?),
            |db| Ok(db.execute_batch("UPDATE a SET x = x + y")?),
        ];
        run(&mut db, Some(&path), 1, &steps, |_| Ok(())).expect("migrates");
        assert_eq!(version(&db), 3);
        let x: i64 = db.query_row("SELECT x FROM a", [], |row| row.get(0)).expect("a row");
        assert_eq!(x, 3);
        let old = Connection::open(folder.path().join("old.format-1.redthread")).expect("the copy");
        assert_eq!(version(&old), 1);
        // From the format in between, only the rest is done.
        run(&mut db, Some(&path), 3, &steps, |_| Ok(())).expect("nothing to do");
        let x: i64 = db.query_row("SELECT x FROM a", [], |row| row.get(0)).expect("a row");
        assert_eq!(x, 3);
    }

    #[test]
    fn a_step_that_fails_leaves_everything_as_it_was() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("old.redthread");
        let mut db = case(&path);
        let steps: [Step; 2] = [
            |db| Ok(db.execute_batch("UPDATE a SET x = 9")?),
            |db| Ok(db.execute_batch("UPDATE nothing SET x = 1")?),
        ];
        assert!(run(&mut db, Some(&path), 1, &steps, |_| Ok(())).is_err());
        assert_eq!(version(&db), 1);
        let x: i64 = db.query_row("SELECT x FROM a", [], |row| row.get(0)).expect("a row");
        assert_eq!(x, 1);
    }
}
