//! Bringing a case of an older format forward: a copy is kept, then all steps or none.

use std::{
    ops::RangeInclusive,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};

use super::{
    Error, Progress, Result, block, connection, copy, digest, passage,
    place::{self, Draft},
    projection, record, revision,
    schema::{FORMAT, SCHEMA},
    standing::{self, Target},
};
use crate::model::{RevisionNumber, StatementKey};

/// What turns a case of one format into one of the next.
pub(super) type Step = fn(&Connection) -> Result<()>;

/// The first entry leads from format 1 to 2.
pub(super) const STEPS: &[Step] = &[to_2, to_3];
const _: () = assert!(STEPS.len() as u32 + 1 == FORMAT, "one step to each format");

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

/// Statements get passages, under which they are found from now on. What was signed by the old
/// encoding stays so, and what is derived is made anew by a later step.
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
    make_missing(db)?;
    db.execute_batch(
        "INSERT INTO passage(first, last, entity)
           SELECT min(key), max(key), entity FROM (
             SELECT key, entity, revision,
                    key - row_number() OVER (PARTITION BY entity, revision ORDER BY key) AS together
             FROM statement)
           GROUP BY entity, revision, together ORDER BY 1;",
    )?;
    Ok(())
}

/// Makes the tables and indexes of the present format that are not there.
fn make_missing(db: &Connection) -> Result<()> {
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
    Ok(())
}

/// Revisions get a clock, a content and a link; what they inverted and flipped is said in names
/// that are the same in every copy. Their digests of old stay, and are still held to what they say.
fn to_3(db: &Connection) -> Result<()> {
    db.execute_batch(
        "CREATE TEMP TABLE revision_2 AS SELECT * FROM main.revision;
         CREATE TEMP TABLE citation_2 AS SELECT * FROM main.citation;
         CREATE TEMP TABLE evidence_2 AS SELECT * FROM main.evidence;
         DROP TABLE main.evidence;
         DROP TABLE main.revision;
         DROP TABLE main.citation;
         DROP INDEX IF EXISTS flip_by_target;
         ALTER TABLE statement RENAME COLUMN live TO stands;
         INSERT INTO meta(name, value)
           SELECT 'chain_3', coalesce(max(number), 0) + 1 FROM revision_2;",
    )?;
    let table = "SELECT 1 FROM sqlite_schema WHERE name = 'node' AND type = 'table'";
    let derived = db.prepare(table)?.exists([])?;
    if derived {
        db.execute_batch(
            "DROP INDEX link_by_source;
             DROP INDEX link_by_target;
             ALTER TABLE main.node RENAME TO node_2;
             ALTER TABLE main.link RENAME TO link_2;",
        )?;
    }
    make_missing(db)?;
    if derived {
        db.execute_batch(
            "INSERT INTO every_node(entity, schema, caption, degree)
               SELECT entity, schema, caption, degree FROM node_2;
             INSERT INTO every_link(entity, source, target) SELECT entity, source, target FROM link_2;
             DROP TABLE node_2;
             DROP TABLE link_2;",
        )?;
    }
    let held = sums(db, "SELECT count(*), total(key) FROM statement WHERE stands")?;
    db.execute_batch(
        // Numbers grow with keys, so the ends of each revision's statements are found at once.
        "INSERT INTO revision(number, id, clock, at, author, kind, label, secret, first, last, live,
                              content, link)
           SELECT number, id, number, at, author, kind, label, x'', 1, 0, 1, x'', x''
           FROM revision_2;
         INSERT INTO inversion(revision, target)
           SELECT number, inverts FROM revision_2 WHERE inverts IS NOT NULL;
         INSERT INTO old_digest(revision, digest) SELECT number, digest FROM revision_2;
         INSERT INTO citation(key, revision, nth, statement, entity, supports, credibility, page, quote,
                              range, region, stands)
           SELECT key, revision, row_number() OVER (PARTITION BY revision ORDER BY key) - 1, statement,
                  entity, supports, credibility, page, quote, range, region, 1 FROM citation_2;
         INSERT INTO evidence(entity, revision, blob, file_name, mime, acquired_at, acquired_by, method)
           SELECT entity, revision, blob, file_name, mime, acquired_at, acquired_by, method
           FROM evidence_2;
         UPDATE statement SET stands = 1 WHERE stands <> 1;
         DELETE FROM dismissed;
         DROP TABLE evidence_2;
         DROP TABLE revision_2;
         DROP TABLE citation_2;",
    )?;
    revisions_of_2(db)?;
    let mut query = db.prepare("SELECT DISTINCT kind, id FROM journal")?;
    let records: Vec<(String, String)> = query
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (kind, id) in records {
        record::settle(db, &kind, &id)?;
    }
    let holds = sums(
        db,
        "SELECT count(*), total(s.key) FROM statement s JOIN revision r ON r.number = s.revision
         WHERE s.stands + r.live > 1",
    )?;
    block::make_large(db)?;
    // Format 1 derived something else; format 2 the same, as long as the same holds.
    if holds == held && db.prepare("SELECT 1 FROM every_node")?.exists([])? {
        block::fill(db)?;
    } else {
        db.execute_batch(
            "DELETE FROM every_node; DELETE FROM every_link;
             INSERT INTO search_word(search_word) VALUES ('delete-all');
             INSERT INTO search_part(search_part) VALUES ('delete-all');",
        )?;
        projection::rebuild(db, &Progress::new())?;
    }
    block::note_all(db)
}

fn sums(db: &Connection, sql: &str) -> Result<(i64, f64)> {
    Ok(db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Fills in what revisions have under format 3, in their order.
fn revisions_of_2(db: &Connection) -> Result<()> {
    let mut query = db.prepare("SELECT number, id FROM revision ORDER BY number")?;
    let revisions: Vec<(RevisionNumber, String)> = query
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let end = passage::last(db)?.row();
    let mut next = 1;
    for (number, id) in &revisions {
        let (first, last) = (next, first_after(db, *number, next..=end)? - 1);
        next = last + 1;
        // The same in every copy of the case, each of which may be brought forward by itself.
        let old: Vec<u8> = db
            .prepare_cached("SELECT digest FROM old_digest WHERE revision = ?1")?
            .query_row([number], |row| row.get(0))?;
        let mut secret = Sha256::new();
        secret.update(b"redthread secret of format 2\0");
        secret.update(id.as_bytes());
        secret.update(&old);
        let secret: [u8; 32] = secret.finalize().into();
        db.prepare_cached(
            "UPDATE revision SET secret = ?2, first = ?3, last = ?4 WHERE number = ?1",
        )?
        .execute(params![number, &secret[..16], first, last])?;
        turn_flips(db, *number)?;
    }
    standing::settle_all(db)?;
    for (number, _) in &revisions {
        revision::link(db, *number, &digest::of(db, *number, None)?)?;
    }
    Ok(())
}

/// The lowest of these keys of a statement of a later revision than this one; one more than the
/// highest where there is none. Statements are numbered in the order of their revisions, so it is
/// found by halving.
fn first_after(
    db: &Connection,
    revision: RevisionNumber,
    among: RangeInclusive<i64>,
) -> Result<i64> {
    let mut query = db.prepare_cached(
        "SELECT key, revision FROM statement WHERE key >= ?1 ORDER BY key LIMIT 1",
    )?;
    let (mut low, mut high) = (*among.start(), among.end().saturating_add(1));
    while low < high {
        let middle = low.midpoint(high);
        let found: Option<(i64, RevisionNumber)> =
            query.query_row([middle], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        match found {
            Some((key, of)) if of <= revision => low = key + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}

/// Says what a revision flipped as withdrawals, and what lifts them. What is lifted is what
/// counted when the revision was the last.
fn turn_flips(db: &Connection, revision: RevisionNumber) -> Result<()> {
    let mut query =
        db.prepare_cached("SELECT kind, target, live FROM flip WHERE revision = ?1 ORDER BY key")?;
    let flips: Vec<(String, i64, bool)> = query
        .query_map([revision], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    if flips.is_empty() {
        return Ok(());
    }
    let dead = standing::dead(db, revision)?;
    for (kind, target, live) in flips {
        let target = match kind.as_str() {
            "passage" => Target::Read(StatementKey::from_row(target)),
            kind => Target::of(kind, target)?,
        };
        if live {
            standing::restore_among(db, revision, target, &|r| Ok(!dead.contains(&r)))?;
        } else {
            standing::withdraw(db, revision, target)?;
        }
    }
    Ok(())
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
                    return Err(Error::system(format!(
                        "The copy in {} is not whole, so the case was not brought forward",
                        copy.display()
                    ))
                    .hint("check the disk"));
                }
                draft.finish()?;
                return Ok(Some(copy));
            }
            // Something lies beside that name.
            Err(error @ Error::Remains(_)) => last = Some(error),
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
    let Ok(copy) = Connection::open_with_flags(copy, connection::flags(false)) else {
        return false;
    };
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
