//! Undo of an import hides what it brought instead of rewriting it. Whatever happens before, between
//! and after, what queries answer is what a case answers that is made of the same revisions anew.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    path::{Path, PathBuf},
};

use proptest::prelude::*;
use redthread::{
    case::{
        Action, Case, Error, NewEntity, NewValue, Op, Origin, Progress, Source, Total, Verdict,
    },
    model::{Id, RevisionNumber},
    network::Network,
};
use rusqlite::Connection;

use super::history::{Step, follow, op, projections, revert, step};

/// What an import brings, drawn by numbers: which entity, its kind, two others, and where it stands.
type Line = (u8, u8, u8, u8);

#[derive(Clone, Debug)]
enum Doing {
    Common(Step),
    /// Parties and relationships between them, some of which nobody speaks of.
    List(Vec<Line>),
    /// The same in a large file, which has a part of its own in the search index.
    LargeList(Vec<Line>),
}

fn id(n: u8) -> Id {
    // The first are those that edits are about too.
    format!("e{}", n % 12).into()
}

fn entity((n, kind, a, b): Line) -> NewEntity {
    let origin = (b % 3 > 0).then(|| Origin { file: 0, place: format!("line {n}"), quote: None });
    let name = |n: u8| NewValue::new("name", format!("Pier {} 名{}", n % 5, n % 7));
    match kind % 4 {
        0 | 1 => NewEntity {
            id: id(n),
            schema: if kind % 8 < 4 { "Company" } else { "Person" }.into(),
            values: vec![name(a), NewValue::new("notes", format!("seen at quay {}", b % 4))],
            origin,
        },
        _ => NewEntity {
            id: format!("l{}", n % 8).into(),
            schema: "Ownership".into(),
            values: vec![
                NewValue::new("owner", id(a).to_string()),
                NewValue::new("asset", id(b).to_string()),
            ],
            origin,
        },
    }
}

fn list(case: &mut Case, folder: &Path, label: &str, lines: Vec<NewEntity>) -> RevisionNumber {
    list_of(case, folder, label, "a list", lines)
}

/// Imports from a file that is so large that the search index is made apart.
fn large(case: &mut Case, folder: &Path, label: &str, lines: Vec<NewEntity>) -> RevisionNumber {
    list_of(case, folder, label, &"a long list\n".repeat(200_000), lines)
}

fn list_of(
    case: &mut Case,
    folder: &Path,
    label: &str,
    text: &str,
    lines: Vec<NewEntity>,
) -> RevisionNumber {
    let path = folder.join(format!("{label}.txt"));
    std::fs::write(&path, text).expect("space");
    let source = Source { path, title: "List".into(), mime: "text/plain".into() };
    let mut lines = lines.into_iter().map(Ok);
    let done = case.import(&[source], &mut lines, &Progress::new());
    // A short list drawn by chance may say nothing that does not stand already.
    let made = done.expect("imports").delta.revision;
    made.unwrap_or_else(|| case.log().expect("readable").last().expect("not empty").number)
}

fn doing() -> impl Strategy<Value = Doing> {
    prop_oneof![
        3 => prop::collection::vec(any::<Line>(), 1..14).prop_map(Doing::List),
        5 => prop::collection::vec(any::<Line>(), 1..14).prop_map(Doing::LargeList),
        4 => Just(Doing::Common(Step::Undo)),
        2 => Just(Doing::Common(Step::Redo)),
        4 => (1..24_i64, any::<bool>())
            .prop_map(|(revision, later)| Doing::Common(Step::Revert(revision, later))),
        8 => step().prop_map(Doing::Common),
    ]
}

const QUERIES: [&str; 12] = [
    "pier",
    "Pier 3",
    "ier",
    "pi",
    "p",
    "名4",
    "peir",
    "quay",
    "e3",
    "schema:company",
    "schema:ownership",
    "name4 company schema:person",
];

/// All that queries answer, in names that are the same in every copy.
fn answers(case: &mut Case) -> Vec<String> {
    let mut all = Vec::new();
    let entities = case.entities().expect("readable");
    for entity in &entities {
        let values: Vec<_> =
            entity.values.iter().map(|v| (&v.property, &v.text, v.denied, v.strength)).collect();
        all.push(format!(
            "{} {} {} {:?} {} {values:?}",
            entity.id, entity.schema, entity.caption, entity.ends, entity.evidence
        ));
    }
    let network = Network::read(case, &Progress::new()).expect("readable");
    for entity in network.plain().iter() {
        all.push(format!("{} has {} links", entity.id(), entity.degree()));
    }
    case.learn(&mut || false).expect("readable");
    for query in QUERIES {
        let found = case.find(query, 1_000).expect("readable");
        all.push(format!("{query}: {:?}", found.total));
        for hit in found.hits {
            all.push(format!(
                "{query}: {:?}",
                (hit.id, hit.caption, hit.schema, hit.degree, hit.class)
            ));
        }
        let (ids, total) = case.find_all(query, 1_000).expect("readable");
        all.push(format!("{query}: {:?} {total:?}", ids.into_iter().collect::<BTreeSet<_>>()));
    }
    let counts = case.counts().expect("readable");
    all.push(format!("{:?} {} {}", counts.schemata, counts.live, counts.withdrawn));
    all.extend(case.withdrawn().expect("readable").iter().map(|one| format!("{one:?}")));
    all.extend(case.evidence().expect("readable").iter().map(|one| format!("{one:?}")));
    let mut unknown = case.unknown_ends().expect("readable");
    unknown.sort();
    all.push(format!("{unknown:?}"));
    all.sort();
    all
}

/// A case that takes over all of another's revisions, each entity of which is derived by itself.
fn made_anew(case: &Case) -> Vec<String> {
    let mut anew = Case::in_memory().expect("memory suffices");
    anew.adopt(case, &Progress::new()).expect("it holds");
    answers(&mut anew)
}

fn holds(case: &Case) {
    let verdict = case.verify(&Progress::new()).expect("verification runs");
    assert!(matches!(verdict, Verdict::Holds { .. }), "{verdict:?}");
}

/// That a case holds, and answers what one answers that is made anew.
fn assert_right(case: &mut Case) {
    holds(case);
    assert_eq!(answers(case), made_anew(case));
}

fn carry_out(case: &mut Case, path: &Path, number: usize, doing: Doing) {
    let folder = path.parent().expect("a folder");
    match doing {
        Doing::List(lines) => {
            let lines = lines.into_iter().map(entity).collect();
            list(case, folder, &format!("List {number}"), lines);
        }
        Doing::LargeList(lines) => {
            let lines = lines.into_iter().map(entity).collect();
            large(case, folder, &format!("List {number}"), lines);
        }
        Doing::Common(Step::Do(edits)) => {
            let ops = edits.into_iter().map(op).collect();
            case.commit(Action::new(ops)).ok();
        }
        Doing::Common(Step::Import(entities)) => {
            super::history::import(case, path, entities).ok();
        }
        Doing::Common(Step::Revert(revision, later)) => drop(revert(case, revision, later)),
        Doing::Common(Step::Undo) => drop(case.undo().expect("undo never fails")),
        Doing::Common(Step::Redo) => drop(case.redo().expect("redo never fails")),
        Doing::Common(Step::Reopen) => {
            std::mem::replace(case, Case::in_memory().expect("memory suffices"))
                .close()
                .expect("closes");
            *case = Case::open(path).expect("opens");
        }
    }
}

/// How many random histories; `REDTHREAD_UNDO` says otherwise.
fn histories() -> u32 {
    std::env::var("REDTHREAD_UNDO").ok().and_then(|n| n.parse().ok()).unwrap_or(12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: histories(), max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn queries_answer_what_a_case_made_anew_answers(
        steps in prop::collection::vec(doing(), 10..40)
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("random.redthread");
        let mut case = Case::create(&path).expect("new");
        for (number, doing) in steps.into_iter().enumerate() {
            carry_out(&mut case, &path, number, doing);
            assert_right(&mut case);
        }
        let end = projections(&path);
        let mut undone = Vec::new();
        while case.undo().expect("undo never fails").is_some() {
            undone.push(projections(&path));
            holds(&case);
        }
        while undone.pop().is_some() {
            case.redo().expect("redo never fails");
            if let Some(then) = undone.last() {
                prop_assert_eq!(&projections(&path), then);
            }
            holds(&case);
        }
        prop_assert_eq!(projections(&path), end);
        assert_right(&mut case);
    }
}

fn case() -> (tempfile::TempDir, PathBuf, Case) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("c.redthread");
    let case = Case::create(&path).expect("new");
    (folder, path, case)
}

fn company(id: &str, name: &str) -> NewEntity {
    NewEntity {
        id: id.into(),
        schema: "Company".into(),
        values: vec![NewValue::new("name", name)],
        origin: None,
    }
}

fn owns(id: &str, owner: &str, asset: &str) -> NewEntity {
    NewEntity {
        id: id.into(),
        schema: "Ownership".into(),
        values: vec![NewValue::new("owner", owner), NewValue::new("asset", asset)],
        origin: None,
    }
}

fn add(new: NewEntity) -> Op {
    Op::Add { entity: new.id, schema: new.schema, values: new.values }
}

fn degree(case: &Case, id: &str) -> u64 {
    let query = format!("id:{id}");
    let found = case.find(&query, 10).expect("readable").hits;
    found.into_iter().find(|hit| hit.id.as_str() == id).map_or(0, |hit| hit.degree)
}

#[test]
fn an_entity_that_comes_again_while_its_import_is_undone_stands_by_both() {
    let (folder, _, mut case) = case();
    let lines = || vec![company("a", "Acme"), company("b", "Beta"), owns("l", "a", "b")];
    let first = list(&mut case, folder.path(), "First", lines());
    let undone = case.revert(first).expect("nothing builds on it").revision.expect("done");
    assert_right(&mut case);
    // By hand, by another list, and with another value.
    case.commit(Action::new(vec![add(company("a", "Acme Ltd"))])).expect("valid");
    assert_right(&mut case);
    list(&mut case, folder.path(), "Second", vec![owns("l", "a", "b"), company("b", "Beta")]);
    assert_right(&mut case);
    assert_eq!((degree(&case, "a"), degree(&case, "b")), (1, 1));
    case.revert(undone).expect("shown again");
    assert_right(&mut case);
    let names = case.entity(&"a".into()).expect("readable").expect("it stands");
    assert_eq!(names.all("name").collect::<Vec<_>>(), ["Acme", "Acme Ltd"]);
    for _ in 0..3 {
        case.undo().expect("undone");
        assert_right(&mut case);
    }
    assert!(case.entities().expect("readable").is_empty());
    while case.redo().expect("done again").is_some() {
        assert_right(&mut case);
    }
}

#[test]
fn relationships_between_two_imports_count_while_both_stand() {
    let (folder, _, mut case) = case();
    let parties = vec![company("a", "Acme"), company("b", "Beta"), owns("x", "a", "elsewhere")];
    let first = list(&mut case, folder.path(), "Parties", parties);
    let ties = vec![owns("l", "a", "b"), owns("m", "b", "c"), company("c", "Gamma")];
    let second = list(&mut case, folder.path(), "Ties", ties);
    assert_eq!(["a", "b", "c"].map(|id| degree(&case, id)), [2, 2, 1]);
    let refused = case.revert(first).expect_err("the ties build on it");
    assert!(
        matches!(&refused, Error::Conflict { because, .. } if because == "“Import Ties.txt” builds on it"),
        "{refused:?}"
    );
    assert_right(&mut case);
    let undone = case.revert(second).expect("nothing builds on it").revision.expect("done");
    assert_eq!(["a", "b", "c"].map(|id| degree(&case, id)), [1, 0, 0]);
    assert_right(&mut case);
    // What the first names without speaking of it comes while the second is out of sight.
    case.commit(Action::new(vec![add(company("elsewhere", "Delta"))])).expect("valid");
    assert_eq!(degree(&case, "elsewhere"), 1);
    let refused = case.commit(Action::new(vec![add(owns("n", "a", "c"))]));
    assert!(refused.is_err() || degree(&case, "a") == 2);
    assert_right(&mut case);
    case.revert(undone).expect("shown again");
    assert_right(&mut case);
    assert!(case.revert(first).is_err());
    case.undo().expect("undone");
    case.undo().expect("undone");
    assert_right(&mut case);
}

#[test]
fn an_end_that_is_withdrawn_or_edited_while_the_other_side_is_hidden_is_right_again() {
    let (folder, _, mut case) = case();
    case.commit(Action::new(vec![add(company("a", "Acme"))])).expect("valid");
    let lines = vec![company("b", "Beta"), owns("l", "a", "b")];
    let import = list(&mut case, folder.path(), "List", lines);
    let undone = case.revert(import).expect("nothing builds on it").revision.expect("done");
    assert_eq!(degree(&case, "a"), 0);
    case.commit(Action::new(vec![Op::WithdrawEntity("a".into())])).expect("valid");
    assert_right(&mut case);
    case.revert(undone).expect("shown again");
    assert_right(&mut case);
    assert_eq!((degree(&case, "a"), degree(&case, "b")), (0, 1));
    case.commit(Action::new(vec![Op::RestoreEntity("a".into())])).expect("valid");
    assert_eq!((degree(&case, "a"), degree(&case, "b")), (1, 1));
    assert_right(&mut case);
    // A relationship of the list that is withdrawn, and one by hand between what it brought.
    let ops = vec![Op::WithdrawEntity("l".into()), add(owns("m", "b", "a"))];
    case.commit(Action::new(ops)).expect("valid");
    assert_right(&mut case);
    while case.undo().expect("undone").is_some() {
        assert_right(&mut case);
    }
    while case.redo().expect("done again").is_some() {
        assert_right(&mut case);
    }
}

/// A case with some companies, and then a list of many.
fn many(count: usize) -> (tempfile::TempDir, PathBuf, Case) {
    many_by(list, count)
}

/// How a list is imported.
type Import = fn(&mut Case, &Path, &str, Vec<NewEntity>) -> RevisionNumber;

fn many_by(import: Import, count: usize) -> (tempfile::TempDir, PathBuf, Case) {
    let (folder, path, mut case) = case();
    let others = (0..300).map(|n| company(&format!("o{n}"), &format!("Quay Street {n}")));
    list(&mut case, folder.path(), "Others", others.collect());
    let parties = (0..count).map(|n| company(&format!("e{n}"), &format!("Pier Road {n} Quayside")));
    let ties = (0..count)
        .map(|n| owns(&format!("l{n}"), &format!("e{n}"), &format!("e{}", (n * 7 + 1) % count)));
    import(&mut case, folder.path(), "Many", parties.chain(ties).collect());
    (folder, path, case)
}

#[test]
fn undo_and_redo_of_a_large_import_write_little() {
    let (_folder, path, mut case) = many(8_000);
    // Some of its entities are edited, and that is undone.
    let ops = (0..400).map(|n| Op::State {
        entity: format!("e{}", n * 20).into(),
        value: NewValue::new("alias", format!("Other {n}")),
    });
    case.commit(Action::new(ops.collect())).expect("valid");
    case.undo().expect("undone");
    let log = path.with_extension("redthread-wal");
    for what in ["undo", "redo", "undo"] {
        assert!(case.settle().expect("no other reader"));
        let done = if what == "undo" { case.undo() } else { case.redo() };
        assert!(done.expect("done").expect("something").reload);
        let written = std::fs::metadata(&log).expect("a log").len();
        assert!(written < 300_000, "{what} of 16,000 rows wrote {written} bytes");
        holds(&case);
    }
    let left = answers(&mut case);
    assert_eq!(left, made_anew(&case));
    let mut network = Vec::new();
    for entity in Network::read(&case, &Progress::new()).expect("readable").plain().iter() {
        network.push(entity.id().clone());
    }
    assert_eq!(network.len(), 301, "the others and their document");
    assert!(case.extent().expect("readable") < 1_000);
}

#[test]
fn a_search_finds_as_much_after_an_undone_import_as_before() {
    for import in [list as Import, large] {
        finds_as_much_after_undo(import);
    }
}

fn finds_as_much_after_undo(import: Import) {
    let queries = [
        "quay",
        "quay street 7",
        "q",
        "qu",
        "ua",
        "street",
        "kuay",
        "quai",
        "steret",
        "pier",
        "pire",
        "schema:company",
        "schema:company quay",
        "id:o7",
        "o7",
    ];
    let found = |case: &mut Case| -> Vec<String> {
        case.learn(&mut || false).expect("readable");
        let mut all = Vec::new();
        for query in queries {
            let found = case.find(query, 1_000).expect("readable");
            let hits: Vec<_> = found.hits.iter().map(|hit| (&hit.id, hit.class)).collect();
            all.push(format!("{query}: {:?} {hits:?}", found.total));
        }
        all
    };
    let (_folder, path, mut case) = many_by(import, 3_000);
    case.undo().expect("undone");
    case.undo().expect("undone");
    case.redo().expect("done again");
    let after = found(&mut case);
    let mut before = Case::in_memory().expect("memory suffices");
    let others = (0..300).map(|n| company(&format!("o{n}"), &format!("Quay Street {n}")));
    list(&mut before, path.parent().expect("a folder"), "Others", others.collect());
    assert_eq!(after, found(&mut before));
    // What comes again lies within what is skipped.
    let again = ["e5", "e2000", "l2000", "e2999"].map(|id| match id {
        "l2000" => owns(id, "e5", "e2000"),
        _ => company(id, &format!("Quay Street of {id}")),
    });
    case.commit(Action::new(again.map(add).into())).expect("valid");
    let street = case.find("quay street", 1_000).expect("readable");
    assert_eq!(street.total, Total::Exactly(303));
    assert_eq!(degree(&case, "e5"), 1);
    assert_right(&mut case);
}

/// How many entries of the search index have a word.
fn indexed(path: &Path, word: &str) -> i64 {
    let db = Connection::open(path).expect("a database");
    let sql = "SELECT count(*) FROM search_word WHERE search_word MATCH ?1";
    db.query_row(sql, [word], |row| row.get(0)).expect("our schema")
}

#[test]
fn the_part_of_the_index_that_an_undone_import_brought_is_not_searched() {
    let (folder, path, mut case) = many_by(large, 1_000);
    let parties = |of: &str, count: usize| -> Vec<NewEntity> {
        (0..count).map(|n| company(&format!("{of}{n}"), &format!("Pier Road {of} {n}"))).collect()
    };
    assert_eq!(indexed(&path, "\"@pier\""), 1_000);
    let many = case.log().expect("readable")[1].number;
    let undone = case.revert(many).expect("nothing builds on it").revision.expect("done");
    assert_eq!(indexed(&path, "\"@pier\""), 0);
    assert_right(&mut case);
    // Another file, opened anew, a hand that speaks of one of them, and another list that does.
    case.close().expect("closes");
    let mut case = Case::open(&path).expect("opens");
    case.commit(Action::new(vec![add(company("e7", "Pier Seven"))])).expect("valid");
    assert_eq!(indexed(&path, "\"@pier\""), 1);
    let mut lines = parties("x", 500);
    lines.extend(parties("e", 3));
    large(&mut case, folder.path(), "Second", lines);
    assert_eq!(indexed(&path, "\"@pier\""), 504);
    assert_right(&mut case);
    // What two lists speak of has entries of its own, which go with the second.
    case.undo().expect("undone");
    assert_eq!(indexed(&path, "\"@pier\""), 1);
    assert_right(&mut case);
    case.undo().expect("undone");
    case.redo().expect("done again");
    case.redo().expect("done again");
    assert_eq!(indexed(&path, "\"@pier\""), 504);
    assert_right(&mut case);
    for _ in 0..2 {
        case.undo().expect("undone");
    }
    case.redo().expect("done again");
    case.undo().expect("undone");
    assert_eq!(indexed(&path, "\"@pier\""), 0);
    case.close().expect("closes");
    let mut case = Case::open(&path).expect("opens");
    case.revert(undone).expect("shown again");
    assert_eq!(indexed(&path, "\"@pier\""), 1_000);
    assert_right(&mut case);
    case.undo().expect("undone");
    assert_eq!(indexed(&path, "\"@pier\""), 0);
    assert_right(&mut case);
}

#[test]
fn what_was_edited_before_an_undo_is_not_searched_unless_it_is_much() {
    let alias = |n: usize| Op::State {
        entity: format!("e{n}").into(),
        value: NewValue::new("alias", format!("Quay {n}")),
    };
    // Edits one by one, and one of many at once; each is undone before the import is.
    for (edits, left) in [
        ((0..60).map(|n| vec![alias(n)]).collect::<Vec<_>>(), 0),
        (vec![(0..150).map(alias).collect()], 150),
    ] {
        let (_folder, path, mut case) = many_by(large, 3_000);
        let count = edits.len();
        for ops in edits {
            case.commit(Action::new(ops)).expect("valid");
        }
        for _ in 0..count {
            case.undo().expect("undone");
        }
        assert_right(&mut case);
        for _ in 0..2 {
            case.undo().expect("undone");
            assert_eq!(indexed(&path, "\"@pier\""), left);
            assert_right(&mut case);
            case.redo().expect("done again");
            assert_eq!(indexed(&path, "\"@pier\""), 3_000);
            assert_right(&mut case);
        }
        // What was edited is edited again while the import is live.
        for _ in 0..count {
            case.redo().expect("done again");
        }
        let import = case.log().expect("readable")[1].number;
        case.revert_with_later(import).expect("nothing else builds on it");
        assert_eq!(indexed(&path, "\"@pier\""), 0);
        assert_right(&mut case);
        case.undo().expect("shown again");
        assert_right(&mut case);
    }
}

#[test]
fn whoever_changes_what_is_out_of_sight_is_found_out() {
    for import in [list as Import, large] {
        changes_are_found_out(import);
    }
}

fn changes_are_found_out(import: Import) {
    let (_folder, path, mut case) = many_by(import, 400);
    case.commit(Action::new(vec![add(owns("t", "e3", "o3"))])).expect("valid");
    case.undo().expect("undone");
    case.undo().expect("undone");
    holds(&case);
    case.close().expect("closes");
    for sql in [
        "DELETE FROM hidden",
        "UPDATE every_node SET caption = 'Somebody' WHERE entity = (SELECT key FROM entity WHERE id = 'e7')",
        "UPDATE every_node SET degree = 9 WHERE entity = (SELECT key FROM entity WHERE id = 'e7')",
        "UPDATE every_node SET block = NULL WHERE entity = (SELECT key FROM entity WHERE id = 'e7')",
        "UPDATE every_node SET block = (SELECT block FROM hidden)
         WHERE entity = (SELECT key FROM entity WHERE id = 'o7')",
        "UPDATE every_link SET target = source WHERE entity = (SELECT key FROM entity WHERE id = 'l7')",
        "UPDATE every_link SET block = NULL WHERE entity = (SELECT key FROM entity WHERE id = 'l7')",
        "DELETE FROM every_node WHERE entity = (SELECT key FROM entity WHERE id = 'e7')",
        "DELETE FROM search_word WHERE rowid = (SELECT key FROM entity WHERE id = 'e7')",
        "DELETE FROM block WHERE revision = (SELECT block FROM hidden)",
        "UPDATE gap SET first = 1",
        "INSERT INTO gap VALUES (2, 3)",
    ] {
        let changed = path.with_file_name("changed.redthread");
        std::fs::copy(&path, &changed).expect("space");
        let db = Connection::open(&changed).expect("a database");
        db.pragma_update(None, "foreign_keys", false).expect("sql");
        assert!(db.execute(sql, []).expect("our schema") > 0, "{sql}");
        drop(db);
        match Case::open(&changed).and_then(|case| case.verify(&Progress::new())) {
            Ok(Verdict::Holds { .. }) => panic!("{sql} was not noticed"),
            Ok(Verdict::Broken(_)) | Err(_) => {}
        }
    }
    // What would have to be derived anew is noted, or the next undo would leave it as it was.
    let mut case = Case::open(&path).expect("opens");
    let count = "SELECT count(*) FROM apart";
    case.redo().expect("done again");
    case.redo().expect("done again");
    let retype = Op::Retype { entity: "e9".into(), schema: "Person".into() };
    case.commit(Action::new(vec![retype])).expect("valid");
    holds(&case);
    case.close().expect("closes");
    let db = Connection::open(&path).expect("a database");
    assert!(db.query_row(count, [], |row| row.get::<_, i64>(0)).expect("our schema") > 0);
    db.execute("DELETE FROM apart", []).expect("our schema");
    drop(db);
    let case = Case::open(&path).expect("opens");
    assert!(matches!(case.verify(&Progress::new()), Ok(Verdict::Broken(_))));
}

#[test]
fn a_part_of_the_index_that_is_not_where_it_should_be_is_found_out() {
    let (_folder, path, mut case) = many_by(large, 400);
    let (shown, undone) =
        (path.with_file_name("shown.redthread"), path.with_file_name("undone.redthread"));
    assert!(case.settle().expect("no other reader"));
    std::fs::copy(&path, &shown).expect("space");
    case.undo().expect("undone");
    case.close().expect("closes");
    std::fs::rename(&path, &undone).expect("space");
    // The list of segments, and which of them imports brought, of the one in the other.
    let forget = "DELETE FROM search_word_data WHERE id = 2";
    let swap = "ATTACH 'OTHER' AS other;
         DELETE FROM search_word_data WHERE id IN (2, 10);
         INSERT INTO search_word_data SELECT * FROM other.search_word_data WHERE id IN (2, 10);
         DELETE FROM search_part_data WHERE id IN (2, 10);
         INSERT INTO search_part_data SELECT * FROM other.search_part_data WHERE id IN (2, 10);";
    for (file, sql, other) in [(&undone, forget, &shown), (&shown, swap, &undone)] {
        std::fs::copy(file, &path).expect("space");
        let db = Connection::open(&path).expect("a database");
        let sql = sql.replace("OTHER", other.to_str().expect("a name"));
        db.execute_batch(&sql).expect("our schema");
        drop(db);
        match Case::open(&path).and_then(|case| case.verify(&Progress::new())) {
            Ok(Verdict::Holds { .. }) => panic!("{sql} was not noticed"),
            Ok(Verdict::Broken(_)) | Err(_) => {}
        }
    }
}

#[test]
fn an_import_that_says_little_new_is_undone_to_what_was_there() {
    let (folder, path, mut case) = many(60);
    let before = projections(&path);
    let mut lines: Vec<_> =
        (0..60).map(|n| company(&format!("e{n}"), &format!("Pier Road {n} Quayside"))).collect();
    lines.push(company("e1", "Another name"));
    lines.push(owns("l1", "o1", "e1"));
    list(&mut case, folder.path(), "Again", lines);
    assert_right(&mut case);
    let after = projections(&path);
    case.undo().expect("undone");
    assert_right(&mut case);
    assert_eq!(projections(&path), before);
    case.redo().expect("done again");
    assert_eq!(projections(&path), after);
    let mut text = String::new();
    for revision in case.log().expect("readable") {
        writeln!(text, "{} {}", revision.label, revision.undone).expect("memory");
    }
    assert!(text.contains("Again.txt false"), "{text}");
}

#[test]
fn a_network_follows_what_is_named_while_it_is_out_of_sight() {
    let (_folder, _, mut case) = many(400);
    let mut network = Network::read(&case, &Progress::new()).expect("readable");
    let mut then = |case: &Case, delta: redthread::case::Delta| {
        follow(&mut network, &delta, case).expect("patched is read anew");
    };
    let undone = case.undo().expect("undone").expect("something");
    then(&case, undone);
    // A relationship to what is out of sight, and a reference to it.
    let named = NewEntity {
        values: vec![NewValue::new("name", "Zeta"), NewValue::new("parent", "e6")],
        ..company("z", "")
    };
    let late = vec![Ok(owns("tie", "o1", "e5")), Ok(named)];
    let done = case.import(&[], &mut late.into_iter(), &Progress::new());
    then(&case, done.expect("imports").delta);
    let again = vec![add(company("e5", "Five")), add(company("e6", "Six"))];
    let delta = case.commit(Action::new(again)).expect("valid");
    then(&case, delta);
    assert_right(&mut case);
    for _ in 0..2 {
        let delta = case.undo().expect("undone").expect("something");
        then(&case, delta);
    }
    for _ in 0..2 {
        let delta = case.redo().expect("done again").expect("something");
        then(&case, delta);
    }
    assert_right(&mut case);
}
