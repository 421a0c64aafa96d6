//! A case that an older program wrote is brought forward whole, and a copy of it is kept.

use std::path::Path;

use redthread::{
    case::{Action, Case, NewValue, Op, Progress, Verdict},
    model::Strength,
};
use rusqlite::Connection;

/// The training case as format 1 wrote it, its last revision undone.
const FORMAT_1: &[u8] = include_bytes!("fixtures/format-1.case");

fn count(path: &Path, sql: &str) -> i64 {
    let db = Connection::open(path).expect("a database");
    db.query_row(sql, [], |row| row.get(0)).expect("our schema")
}

fn holds(case: &Case) {
    let verdict = case.verify(&Progress::new()).expect("verification runs");
    assert!(matches!(verdict, Verdict::Holds { .. }), "{verdict:?}");
}

#[test]
fn a_case_of_format_1_opens_holds_and_is_worked_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("old.redthread");
    std::fs::write(&path, FORMAT_1).expect("space");
    let names = "SELECT group_concat(caption, '|') FROM (SELECT caption FROM node ORDER BY entity)";
    let db = Connection::open(&path).expect("a database");
    let digest: String = db
        .query_row("SELECT value FROM meta WHERE name = 'head'", [], |row| row.get(0))
        .expect("our schema");
    let captions: String = db.query_row(names, [], |row| row.get(0)).expect("our schema");
    drop(db);
    let mut case = Case::open(&path).expect("opens");
    assert_eq!(case.read_only(), None);
    holds(&case);
    let kept = "SELECT lower(hex(digest)) FROM old_digest ORDER BY revision DESC LIMIT 1";
    let db = Connection::open(&path).expect("a database");
    let last: String = db.query_row(kept, [], |row| row.get(0)).expect("our schema");
    assert_eq!(last, digest, "what was signed is still what was signed");
    drop(db);
    assert_eq!(case.log().expect("log").len(), 7);
    let counts = case.counts().expect("counts");
    assert_eq!((counts.live, counts.evidence, counts.charts), (870, 10, 5));
    let strong = |case: &Case| {
        let entities = case.entities().expect("readable");
        entities.iter().filter(|e| e.strength == Strength::Confirmed).count()
    };
    assert!(strong(&case) > 10, "citations count as before");
    assert_eq!(case.redo_label().as_deref(), Some("Write the walkthrough"));
    case.redo().expect("done again");
    let add = Op::Add {
        entity: "new".into(),
        schema: "Company".into(),
        values: vec![NewValue::new("name", "New (FICTIONAL)")],
    };
    case.commit(Action::new(vec![add])).expect("valid");
    holds(&case);
    while case.undo().expect("undone").is_some() {}
    assert!(case.entities().expect("readable").is_empty());
    holds(&case);
    while case.redo().expect("done again").is_some() {}
    holds(&case);
    case.undo().expect("undone");
    case.close().expect("closed");
    let db = Connection::open(&path).expect("a database");
    let now: String = db.query_row(names, [], |row| row.get(0)).expect("our schema");
    assert_eq!(now, captions);
    drop(db);
    // The old revisions are covered as they were: a change of one is laid at it.
    let copy = folder.path().join("old.format-1.redthread");
    assert_eq!(count(&copy, "SELECT user_version FROM pragma_user_version"), 1);
    let db = Connection::open(&path).expect("a database");
    db.execute("UPDATE passage SET place = 'page 1' WHERE first = 200", []).expect("sql");
    let changed = db.execute(
        "UPDATE passage SET place = 'page 1' WHERE first =
         (SELECT max(first) FROM passage WHERE first <= (SELECT min(key) FROM statement WHERE revision = 3))",
        [],
    );
    assert_eq!(changed.expect("sql"), 1);
    drop(db);
    let case = Case::open(&path).expect("opens");
    let Verdict::Broken(what) = case.verify(&Progress::new()).expect("verification runs") else {
        panic!("a place in a revision that knew none was not noticed")
    };
    assert!(what.contains("revision 3"), "{what}");
}

/// A random history of format 2, and all that its queries answered.
const FORMAT_2: &[u8] = include_bytes!("fixtures/format-2.case");
const ANSWERS_2: &str = include_str!("fixtures/format-2.txt");

#[test]
fn a_case_of_format_2_says_the_same_and_is_held_to_what_was_signed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("old.redthread");
    std::fs::write(&path, FORMAT_2).expect("space");
    let mut case = Case::open(&path).expect("opens");
    assert_eq!(case.read_only(), None);
    holds(&case);
    assert_eq!(super::history::projections(&path).join("\n"), ANSWERS_2);
    let steps = std::iter::from_fn(|| case.undo().expect("undone")).count();
    assert!(steps > 5, "{steps}");
    holds(&case);
    for _ in 0..steps {
        case.redo().expect("done again");
    }
    holds(&case);
    assert_eq!(super::history::projections(&path).join("\n"), ANSWERS_2);
    case.close().expect("closed");
    // Two copies of it that are brought forward apart say the same of every revision.
    let contents = |path: &Path| {
        let db = Connection::open(path).expect("a database");
        let sql = "SELECT group_concat(hex(content)) FROM revision
                   WHERE number < (SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'chain_3')";
        db.query_row(sql, [], |row| row.get::<_, String>(0)).expect("our schema")
    };
    let other = folder.path().join("other.redthread");
    std::fs::write(&other, FORMAT_2).expect("space");
    Case::open(&other).expect("opens").close().expect("closed");
    assert_eq!(contents(&path), contents(&other));
    // What the old digests cover is laid at the revision that said it, though its content was made
    // again.
    for sql in [
        "UPDATE flip SET target = target + 1 WHERE key = (SELECT max(key) FROM flip)",
        "UPDATE old_digest SET digest = zeroblob(32) WHERE revision = (SELECT max(revision) FROM flip)",
    ] {
        let changed = folder.path().join("changed.redthread");
        std::fs::copy(&other, &changed).expect("space");
        let db = Connection::open(&changed).expect("a database");
        let named: i64 =
            db.query_row("SELECT max(revision) FROM flip", [], |row| row.get(0)).expect("there");
        db.execute(sql, []).expect("sql");
        drop(db);
        let case = Case::open(&changed).expect("opens");
        let Verdict::Broken(what) = case.verify(&Progress::new()).expect("runs") else {
            panic!("{sql} was not noticed")
        };
        assert!(what.contains(&format!("revision {named} ")), "{sql}: {what}");
    }
}

#[test]
fn who_may_not_write_reads_an_older_case_all_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("old.redthread");
    std::fs::write(&path, FORMAT_1).expect("space");
    let writer = std::fs::File::create(folder.path().join("old.redthread.lock")).expect("space");
    writer.lock().expect("nobody else has it");
    let mut reader = Case::open(&path).expect("opens for reading");
    assert!(reader.read_only().is_some_and(|why| why.contains("older format 1")));
    assert_eq!(reader.counts().expect("counts").live, 870);
    assert!(!reader.entities().expect("readable").is_empty());
    let add = Op::Add { entity: "n".into(), schema: "Company".into(), values: vec![] };
    assert!(reader.commit(Action::new(vec![add])).is_err());
    reader.close().expect("closes");
    assert!(std::fs::read(&path).expect("readable") == FORMAT_1, "the file is as it was");
    assert!(!folder.path().join("old.format-1.redthread").exists());
}

#[test]
fn an_older_case_with_something_else_in_it_is_refused_unchanged() {
    for sql in
        ["CREATE TABLE extra(x)", "ALTER TABLE link ADD COLUMN extra TEXT", "DROP TABLE link"]
    {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("old.redthread");
        std::fs::write(&path, FORMAT_1).expect("space");
        let db = Connection::open(&path).expect("a database");
        db.pragma_update(None, "foreign_keys", false).expect("sql");
        db.execute_batch(sql).expect("sql");
        drop(db);
        let before = std::fs::read(&path).expect("readable");
        match Case::open(&path) {
            Err(error) => {
                assert!(error.to_string().contains("old.redthread is damaged"), "{error}");
            }
            // What was derived is made anew, so it may as well have been anything.
            Ok(case) => {
                holds(&case);
                continue;
            }
        }
        assert!(std::fs::read(&path).expect("readable") == before, "{sql}: the file was changed");
    }
}
