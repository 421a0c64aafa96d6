//! Whoever changes a case with a plain `SQLite` client is found out, and told where.

use std::path::Path;

use super::need;
use redthread::{
    case::{Action, Case, Op, Progress, Verdict},
    demo::Demo,
    model::Placement,
};
use rusqlite::Connection;

/// A demo case after some SQL; what verification says of it.
fn after(sql: &[&str], original: &Path) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("tampered.redthread");
    std::fs::copy(original, &path).expect("space");
    let db = Connection::open(&path).expect("a database");
    db.pragma_update(None, "foreign_keys", false).expect("sql");
    for statement in sql {
        let changed = db.execute(statement, []).unwrap_or_else(|e| panic!("{statement}: {e}"));
        assert!(changed > 0, "{statement} changed nothing");
    }
    drop(db);
    match Case::open(&path).and_then(|case| case.verify(&Progress::new())) {
        Ok(Verdict::Broken(what)) => what,
        Ok(holds @ Verdict::Holds { .. }) => panic!("{sql:?} was not noticed: {holds:?}"),
        Err(refused) => refused.to_string(),
    }
}

fn demo(folder: &Path) -> std::path::PathBuf {
    let path = folder.join("demo.redthread");
    let mut case = Demo::Dandong.build(&path, &Progress::new()).expect("builds");
    case.undo().expect("undo");
    case.redo().expect("redo");
    case.close().expect("closes");
    path
}

#[test]
fn a_changed_row_is_laid_at_the_revision_that_wrote_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let original = demo(folder.path());
    // Revisions: 1 settings, 2 documents, 3 entities, 4 relationships, 5 charts, 6 scenes.
    for (sql, place) in [
        (
            "UPDATE statement SET value = value || ' ' WHERE key = (SELECT min(key) FROM statement WHERE revision = 3)",
            "revision 3",
        ),
        (
            "UPDATE statement SET denied = 1 WHERE key = (SELECT max(key) FROM statement WHERE revision = 4)",
            "revision 4",
        ),
        (
            "UPDATE statement SET lang = 'eng' WHERE key = (SELECT min(key) FROM statement WHERE revision = 2)",
            "revision 2",
        ),
        (
            "UPDATE statement SET revision = 3 WHERE key = (SELECT min(key) FROM statement WHERE revision = 4)",
            "revision 3",
        ),
        (
            "UPDATE citation SET quote = 'something else' WHERE key = (SELECT min(key) FROM citation WHERE revision = 3)",
            "revision 3",
        ),
        (
            "UPDATE citation SET credibility = '1' WHERE key = (SELECT max(key) FROM citation WHERE revision = 4)",
            "revision 4",
        ),
        (
            "UPDATE citation SET supports = 1 - supports WHERE key = (SELECT min(key) FROM citation WHERE revision = 4)",
            "revision 4",
        ),
        (
            "UPDATE evidence SET acquired_at = acquired_at + 1 WHERE entity = (SELECT min(entity) FROM evidence)",
            "revision 2",
        ),
        ("UPDATE revision SET label = 'Draw nothing' WHERE number = 4", "revision 4"),
        ("UPDATE revision SET at = at - 1 WHERE number = 1", "revision 1"),
        ("UPDATE revision SET author = 'somebody' WHERE number = 6", "revision 6"),
        ("UPDATE revision SET content = zeroblob(32) WHERE number = 5", "revision 5"),
        ("UPDATE revision SET link = zeroblob(32) WHERE number = 5", "revision 5"),
        ("UPDATE revision SET secret = zeroblob(16) WHERE number = 4", "revision 4"),
        ("UPDATE revision SET clock = clock + 1 WHERE number = 6", "revision 6"),
        ("UPDATE revision SET last = last - 1 WHERE number = 3", "revision 3"),
        ("UPDATE inversion SET target = 5 WHERE revision = 7", "revision 7"),
        ("UPDATE revision SET united = 1 WHERE number = 4", "revision 4"),
        (
            "UPDATE journal SET new = replace(new, 'Overview', 'Overlook') WHERE revision = 5 AND kind = 'chart'",
            "revision 5",
        ),
        ("UPDATE entity SET id = id || 'x' WHERE id = 'dandong-dhid'", "revision 3"),
        ("UPDATE term SET text = 'alias' || key WHERE text = 'name'", "revision 3"),
        ("UPDATE meta SET value = 'another case' WHERE name = 'case_id'", "revision 1"),
    ] {
        let what = after(&[sql], &original);
        assert!(what.contains(place), "{sql}: {what}");
    }
}

#[test]
fn rows_added_removed_or_reordered_are_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let original = demo(folder.path());
    for (sql, place) in [
        (
            "DELETE FROM statement WHERE key = (SELECT max(key) FROM statement WHERE revision = 3)",
            "revision 3",
        ),
        (
            "DELETE FROM citation WHERE key = (SELECT min(key) FROM citation WHERE revision = 4)",
            "revision 4",
        ),
        (
            "INSERT INTO statement(revision, entity, property, value, denied, stands) SELECT 3, entity, property, 'new', 0, 1 FROM statement LIMIT 1",
            "revision 3",
        ),
        (
            "INSERT INTO statement(revision, entity, property, value, denied, stands) SELECT 99, entity, property, 'new', 0, 1 FROM statement LIMIT 1",
            "revision 99",
        ),
        (
            "INSERT INTO citation(revision, nth, statement, entity, supports, stands) SELECT 4, 999, statement, entity, 0, 1 FROM citation LIMIT 1",
            "revision 4",
        ),
        (
            "INSERT INTO withdrawal(revision, nth, kind, target) VALUES (3, 0, 'statement', 1)",
            "revision 3",
        ),
        (
            "INSERT INTO restatement(revision, nth, kind, target) VALUES (3, 0, 'statement', 1)",
            "revision 3",
        ),
        (
            "INSERT INTO judgement(revision, nth, kind, target, credibility) VALUES (4, 0, 'citation', 1, '1')",
            "revision 4",
        ),
        ("INSERT INTO inversion(revision, target) VALUES (6, 3)", "revision 6"),
        (
            "INSERT INTO flip(revision, kind, target, live) VALUES (3, 'statement', 1, 0)",
            "revision 3",
        ),
        ("INSERT INTO former VALUES (3, zeroblob(32), zeroblob(32))", "revision 3"),
        ("INSERT INTO old_digest VALUES (3, zeroblob(32))", "revision 3"),
        ("INSERT INTO withheld VALUES (3, 1, zeroblob(32))", "withheld"),
        ("DELETE FROM revision WHERE number = 8", "revision 8"),
        ("DELETE FROM revision WHERE number = 3", "revision 3"),
        (
            "INSERT INTO revision SELECT 9, 'x', 9, at, author, kind, label, secret, last + 1, last, 1, NULL, content, link FROM revision WHERE number = 8",
            "revision 9",
        ),
        ("UPDATE revision SET number = number + 100 WHERE number = 2", "revision 2"),
    ] {
        let what = after(&[sql], &original);
        assert!(what.contains(place), "{sql}: {what}");
    }
    let swapped = after(
        &[
            "UPDATE statement SET key = -1 WHERE key = (SELECT min(key) FROM statement WHERE revision = 3)",
            "UPDATE statement SET key = (SELECT min(key) - 1 FROM statement WHERE revision = 3 AND key > 0) WHERE key = 1 + (SELECT min(key) FROM statement WHERE revision = 3 AND key > 0)",
        ],
        &original,
    );
    assert!(swapped.contains("revision 3"), "{swapped}");
}

#[test]
fn every_part_of_evidence_is_covered() {
    let folder = tempfile::tempdir().expect("a folder");
    let original = demo(folder.path());
    for sql in [
        "UPDATE blob_part SET bytes = CAST(substr(bytes, 1, 9) || x'00' || substr(bytes, 11) AS BLOB) WHERE blob = 3",
        "UPDATE blob_part SET part = 1 WHERE blob = 2",
        "DELETE FROM blob_part WHERE blob = 5",
        "INSERT INTO blob_part(blob, part, bytes) VALUES (1, 1, x'00')",
        "INSERT INTO blob(sha256, size) VALUES (zeroblob(32), 0)",
    ] {
        let what = after(&[sql], &original);
        assert!(what.contains("blob "), "{sql}: {what}");
    }
    // The recorded hash and length are part of the chain.
    for sql in [
        "UPDATE blob SET sha256 = zeroblob(32) WHERE key = 1",
        "UPDATE blob SET size = size + 1 WHERE key = 4",
    ] {
        let what = after(&[sql], &original);
        assert!(what.contains("revision 2"), "{sql}: {what}");
    }
}

#[test]
fn every_projection_is_rebuilt_and_the_first_that_differs_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let original = demo(folder.path());
    for (sql, place) in [
        (
            "UPDATE every_node SET caption = 'Somebody else' WHERE entity = (SELECT key FROM entity WHERE id = 'dandong-ma')",
            "dandong-ma",
        ),
        (
            "UPDATE every_node SET degree = degree + 1 WHERE entity = (SELECT key FROM entity WHERE id = 'dandong-ma')",
            "dandong-ma",
        ),
        (
            "DELETE FROM every_node WHERE entity = (SELECT key FROM entity WHERE id = 'dandong-ma')",
            "dandong-ma",
        ),
        (
            "UPDATE every_link SET source = target WHERE entity = (SELECT key FROM entity WHERE id = 'dandong-pay-fine')",
            "dandong-pay-fine",
        ),
        (
            "UPDATE statement SET stands = 0 WHERE key = (SELECT min(key) FROM statement WHERE revision = 3)",
            "revision 3",
        ),
        (
            "UPDATE citation SET stands = 0 WHERE key = (SELECT min(key) FROM citation WHERE revision = 3)",
            "revision 3",
        ),
        ("UPDATE revision SET live = 0 WHERE number = 4", "revision 4"),
        ("UPDATE placement SET x = x + 1 WHERE entity = 'dandong-ma'", "placement"),
        ("DELETE FROM placement WHERE entity = 'dandong-ma'", "placement"),
        (
            "UPDATE record SET body = replace(body, 'Overview', 'Overlook') WHERE kind = 'chart'",
            "chart",
        ),
        ("DELETE FROM record WHERE kind = 'setting' AND id = 'marking'", "setting"),
        ("INSERT INTO search_word(rowid, text) VALUES (1000000, '@nobody')", "search"),
        ("INSERT INTO search_part(rowid, text) VALUES (1000000, 'nobody')", "search"),
        (
            "DELETE FROM search_word WHERE rowid = (SELECT key FROM entity WHERE id = 'dandong-ma')",
            "search",
        ),
    ] {
        let what = after(&[sql], &original);
        assert!(what.contains(place), "{sql}: {what}");
    }
}

#[test]
fn what_the_search_index_keeps_beside_its_pages_is_covered() {
    let folder = tempfile::tempdir().expect("a folder");
    let original = demo(folder.path());
    for table in ["search_word", "search_part"] {
        for sql in [
            "DELETE FROM %_idx",
            "DELETE FROM %_idx WHERE (segid, term) IN (SELECT segid, term FROM %_idx ORDER BY pgno DESC LIMIT 1)",
            "UPDATE %_idx SET pgno = pgno + 2",
            "UPDATE %_idx SET segid = segid + 1000",
            "UPDATE %_idx SET term = x'ff' WHERE term = (SELECT max(term) FROM %_idx)",
            "DELETE FROM %_docsize WHERE id = (SELECT min(id) FROM %_docsize)",
            "DELETE FROM %_docsize",
            "UPDATE %_docsize SET sz = x'01'",
            "UPDATE %_docsize SET id = id + 100000 WHERE id = (SELECT max(id) FROM %_docsize)",
            "UPDATE %_data SET block = x'0000' WHERE id = 1",
            "INSERT INTO %_config VALUES ('secure-delete', 1)",
            "DELETE FROM %_data WHERE id = (SELECT max(id) FROM %_data WHERE id < 1 << 50)",
        ] {
            let sql = sql.replace('%', table);
            let what = after(&[&sql], &original);
            assert!(
                ["search", "damaged", "contradict"].iter().any(|word| what.contains(word)),
                "{sql}: {what}"
            );
        }
    }
    let emptied = need::data(&["hostile/search-index-emptied.redthread"]);
    let Some([emptied]) = emptied.as_deref() else { return };
    let what = after(&["UPDATE meta SET value = value WHERE name = 'head'"], emptied);
    assert!(what.contains("the search index"), "{what}");
}

#[test]
fn what_a_case_says_of_itself_is_known_and_possible() {
    let folder = tempfile::tempdir().expect("a folder");
    let original = demo(folder.path());
    for (sql, place) in [
        ("INSERT INTO meta VALUES ('evil', '1')", "evil"),
        ("DELETE FROM meta WHERE name = 'created_at'", "created_at"),
        ("UPDATE meta SET name = 'created_atx' WHERE name = 'created_at'", "created_atx"),
        ("UPDATE meta SET value = value || 'x' WHERE name = 'created_at'", "is not a time"),
        ("UPDATE meta SET value = value - 86400000 WHERE name = 'created_at'", "its id says"),
        ("INSERT INTO term(text) VALUES ('flagz')", "flagz"),
        ("INSERT INTO entity(id) VALUES ('nobody')", "nobody"),
        ("UPDATE journal SET old = '{}' WHERE kind = 'placement'", "revision"),
        (
            "INSERT INTO journal(revision, kind, id, old, new) SELECT 5, kind, id, new, new FROM journal WHERE kind = 'placement' LIMIT 1",
            "revision",
        ),
    ] {
        let what = after(&[sql], &original);
        assert!(what.contains(place), "{sql}: {what}");
    }
}

#[test]
fn a_blob_that_is_cut_elsewhere_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let original = demo(folder.path());
    let what = after(
        &[
            "INSERT INTO blob_part SELECT blob, 1, substr(bytes, 101) FROM blob_part WHERE blob = 3 AND part = 0",
            "UPDATE blob_part SET bytes = substr(bytes, 1, 100) WHERE blob = 3 AND part = 0",
        ],
        &original,
    );
    assert!(what.contains("blob ") && what.contains("other parts"), "{what}");
}

/// A person who is taken off a chart with all that says so is missed in the revision that placed her.
#[test]
fn a_placement_is_covered_by_the_chain() {
    let folder = tempfile::tempdir().expect("a folder");
    let original = demo(folder.path());
    let placed = "kind = 'placement' AND id LIKE '%dandong-ma'";
    for sql in [
        vec![
            "DELETE FROM placement WHERE entity = 'dandong-ma'".to_owned(),
            format!("DELETE FROM journal WHERE {placed}"),
        ],
        vec![
            "UPDATE placement SET x = 10.0 WHERE entity = 'dandong-ma'".to_owned(),
            format!("UPDATE journal SET new = json_set(new, '$.x', 10.0) WHERE {placed}"),
        ],
    ] {
        let sql: Vec<&str> = sql.iter().map(String::as_str).collect();
        let what = after(&sql, &original);
        assert!(what.contains("revision 5"), "{sql:?}: {what}");
    }
}

/// Who does not know a format cannot say that a case of it holds.
#[test]
fn a_format_that_is_not_known_is_not_verified() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = demo(folder.path());
    let db = Connection::open(&path).expect("a database");
    db.pragma_update(None, "user_version", 4).expect("sql");
    drop(db);
    let case = Case::open(&path).expect("opens for reading");
    let refused = case.verify(&Progress::new()).expect_err("it does not know the format");
    assert!(refused.to_string().contains("format 4"), "{refused}");
}

#[test]
fn a_card_at_negative_zero_is_no_break() {
    let mut case = Case::in_memory().expect("memory suffices");
    let chart = redthread::model::Chart::new("Overview", 1.0);
    let id = chart.id.clone();
    let place = |x: f32| Op::Place {
        chart: id.clone(),
        placements: vec![Placement { entity: "a".into(), x, y: -0.0, pinned: false }],
    };
    case.commit(Action::new(vec![Op::PutChart(chart)])).expect("valid");
    case.commit(Action::new(vec![place(-0.0)])).expect("valid");
    case.commit(Action::new(vec![place(1.0)])).expect("valid");
    let verdict = case.verify(&Progress::new()).expect("runs");
    assert!(matches!(verdict, Verdict::Holds { .. }), "{verdict:?}");
}
