//! What an investigator counts on: evidence stays what it was, lines are as strong as their
//! sources, nothing is lost at closing, and two people cannot write over each other.

use std::path::Path;

use redthread::{
    case::{
        Action, Case, Cited, Error, EvidenceBytes, NewCitation, NewEvidence, NewValue, Op,
        Progress, Verdict,
    },
    model::{Chart, Credibility, Id, Placement, Strength},
};

use crate::rows;

fn company(id: &str, name: &str) -> Op {
    Op::Add {
        entity: id.into(),
        schema: "Company".into(),
        values: vec![NewValue::new("name", name)],
    }
}

fn ownership(id: &str, owner: &str, asset: &str) -> Op {
    Op::Add {
        entity: id.into(),
        schema: "Ownership".into(),
        values: vec![
            NewValue::new("owner", owner),
            NewValue::new("asset", asset),
            NewValue::new("percentage", "60"),
        ],
    }
}

fn document(id: &str, bytes: &[u8], reliability: &str, publisher: &str) -> Op {
    Op::Attach(NewEvidence {
        id: id.into(),
        bytes: EvidenceBytes::Memory(bytes.to_vec()),
        file_name: "extract.txt".into(),
        mime: "text/plain".into(),
        method: "pasted".into(),
        values: vec![
            NewValue::new("title", "Registry extract"),
            NewValue::new("reliability", reliability),
            NewValue::new("publisher", publisher),
        ],
    })
}

fn cite(statement: Cited, evidence: &str, supports: bool, credibility: Credibility) -> Op {
    Op::Cite(NewCitation {
        statement,
        evidence: evidence.into(),
        supports,
        credibility: Some(credibility),
        page: Some("3".into()),
        quote: Some("sixty per cent of the shares".into()),
        range: None,
        region: None,
    })
}

fn act(case: &mut Case, ops: Vec<Op>) {
    case.commit(Action::new(ops)).expect("a valid action");
}

fn strength(case: &Case, id: &str) -> Strength {
    case.entity(&id.into()).expect("readable").expect("exists").strength
}

fn linked() -> Case {
    let mut case = Case::in_memory().expect("memory suffices");
    act(&mut case, vec![company("a", "A"), company("b", "B"), ownership("o", "a", "b")]);
    case
}

#[test]
fn a_line_becomes_as_strong_as_its_sources_and_falls_with_them() {
    let mut case = linked();
    assert_eq!(strength(&case, "o"), Strength::Tentative);
    act(
        &mut case,
        vec![
            document("d", b"sixty per cent", "B", "Registry"),
            cite(Cited::ExistenceOf("o".into()), "d", true, Credibility::Two),
        ],
    );
    assert_eq!(strength(&case, "o"), Strength::Confirmed);
    // The judgement of the source changes, and with it every line that hangs on it.
    let grade = case.details(&"d".into()).expect("details");
    let grade = grade.statements.iter().find(|s| s.property == "reliability").expect("graded").key;
    let change = Op::Change { statement: grade, value: NewValue::new("reliability", "E") };
    let delta = case.commit(Action::new(vec![change])).expect("valid");
    assert!(delta.changed.iter().any(|e| e.id == Id::from("o")), "the line is told to be redrawn");
    assert_eq!(strength(&case, "o"), Strength::Tentative);
    case.undo().expect("undo");
    assert_eq!(strength(&case, "o"), Strength::Confirmed);
    // A forged source withdrawn takes its support along.
    act(&mut case, vec![Op::WithdrawEntity("d".into())]);
    assert_eq!(strength(&case, "o"), Strength::Tentative);
}

#[test]
fn a_contradiction_and_a_denial_show() {
    let mut case = linked();
    act(
        &mut case,
        vec![
            document("d", b"yes", "A", "Registry"),
            document("e", b"no", "B", "The company"),
            cite(Cited::ExistenceOf("o".into()), "d", true, Credibility::One),
            cite(Cited::ExistenceOf("o".into()), "e", false, Credibility::Two),
        ],
    );
    assert_eq!(strength(&case, "o"), Strength::Tentative);
    act(&mut case, vec![Op::Deny { entity: "o".into(), denied: true }]);
    assert!(case.entity(&"o".into()).expect("readable").expect("exists").denied);
    case.undo().expect("undo");
    assert!(!case.entity(&"o".into()).expect("readable").expect("exists").denied);
}

#[test]
fn withdrawing_takes_the_relationships_along_and_restoring_brings_them_back() {
    let mut case = linked();
    let before = case.entities().expect("readable");
    act(&mut case, vec![Op::WithdrawEntity("b".into())]);
    assert_eq!(case.entities().expect("readable").len(), 1);
    act(&mut case, vec![Op::RestoreEntity("b".into())]);
    assert_eq!(case.entities().expect("readable"), before);
}

#[test]
fn removing_from_a_chart_is_not_withdrawing() {
    let mut case = linked();
    let chart = Chart::new("Overview", 1.0);
    let id = chart.id.clone();
    let placements = vec![Placement { entity: "a".into(), x: 1.5, y: -2.0, pinned: true }];
    act(
        &mut case,
        vec![Op::PutChart(chart), Op::Place { chart: id.clone(), placements: placements.clone() }],
    );
    act(&mut case, vec![Op::Unplace { chart: id.clone(), entities: vec!["a".into()] }]);
    assert!(case.placements(&id).expect("readable").is_empty());
    assert!(case.entity(&"a".into()).expect("readable").is_some());
    case.undo().expect("undo");
    assert_eq!(case.placements(&id).expect("readable"), placements);
    act(&mut case, vec![Op::DeleteChart(id.clone())]);
    assert!(case.charts().expect("readable").is_empty());
    case.undo().expect("undo");
    assert_eq!(case.placements(&id).expect("readable"), placements);
}

#[test]
fn one_older_action_is_undone_alone_or_its_conflict_is_named() {
    let mut case = linked();
    act(&mut case, vec![company("c", "C")]);
    act(&mut case, vec![Op::State { entity: "a".into(), value: NewValue::new("alias", "Ah") }]);
    act(&mut case, vec![ownership("p", "b", "c")]);
    case.revert(rows::revision(3)).expect("the alias stands alone");
    assert_eq!(case.entity(&"a".into()).expect("readable").expect("exists").first("alias"), None);
    let refused = case.revert(rows::revision(2)).expect_err("the link builds on C").to_string();
    assert!(refused.contains("Link B → C") && refused.contains("Add C"), "{refused}");
    assert!(case.entity(&"c".into()).expect("readable").is_some());
    case.undo().expect("undo");
    assert_eq!(
        case.entity(&"a".into()).expect("readable").expect("exists").first("alias"),
        Some("Ah")
    );
}

#[test]
fn an_older_action_is_undone_with_what_builds_on_it_in_one_step() {
    let mut case = linked();
    let everything = |case: &Case| case.entities().expect("readable");
    act(&mut case, vec![Op::State { entity: "a".into(), value: NewValue::new("alias", "Ah") }]);
    let before = everything(&case);
    act(&mut case, vec![company("c", "C")]);
    act(&mut case, vec![company("d", "D")]);
    act(&mut case, vec![Op::State { entity: "c".into(), value: NewValue::new("alias", "See") }]);
    act(&mut case, vec![ownership("p", "b", "c")]);
    act(
        &mut case,
        vec![Op::State { entity: "p".into(), value: NewValue::new("percentage", "51") }],
    );
    let after = everything(&case);
    let delta = case.revert_with_later(rows::revision(3)).expect("goes with all of it");
    assert_eq!(delta.label, "Undo: Add C and 3 later changes");
    let mut left = everything(&case);
    left.retain(|entity| entity.id != "d".into());
    assert_eq!(left, before, "all but D, which stands alone");
    assert_eq!(case.undo_label().as_deref(), Some(delta.label.as_str()));
    case.undo().expect("undone");
    assert_eq!(everything(&case), after);
    case.redo().expect("done again");
    case.undo().expect("undone");
    // What nothing builds on is undone as by itself.
    let delta = case.revert_with_later(rows::revision(4)).expect("stands alone");
    assert_eq!(delta.label, "Undo: Add D");
    let again = case.revert_with_later(rows::revision(4)).expect_err("is undone").to_string();
    assert!(again.contains("undone already"), "{again}");
}

#[test]
fn evidence_comes_out_as_it_went_in_and_its_custody_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let original = folder.path().join("large.bin");
    let bytes: Vec<u8> = (0..3_500_000_u32).map(|n| (n * 7 % 251) as u8).collect();
    std::fs::write(&original, &bytes).expect("space");
    let path = folder.path().join("e.redthread");
    let mut case = Case::create(&path).expect("a new case");
    let new = |id: &str| {
        Op::Attach(NewEvidence {
            id: id.into(),
            bytes: EvidenceBytes::File(original.clone()),
            file_name: "large.bin".into(),
            mime: "application/octet-stream".into(),
            method: "dropped".into(),
            values: vec![],
        })
    };
    act(&mut case, vec![new("d")]);
    let size = case.counts().expect("counts").size;
    act(&mut case, vec![new("e")]);
    assert!(case.counts().expect("counts").size < size + 1_000_000, "equal bytes are stored once");
    let copy = folder.path().join("copy.bin");
    case.export_evidence(&"d".into(), &copy).expect("exports");
    assert_eq!(std::fs::read(&copy).expect("readable"), bytes);
    assert!(matches!(case.export_evidence(&"d".into(), &copy), Err(Error::Exists(_))));
    let events: Vec<String> =
        case.custody(&"d".into()).expect("custody").into_iter().map(|e| e.event).collect();
    assert_eq!(events, ["acquired", "acquired again", "exported"]);
    case.close().expect("closes");
    // Somebody changes one byte of the document with another program.
    let db = rusqlite::Connection::open(&path).expect("a database");
    db.execute(
        "UPDATE blob_part SET bytes = CAST(x'00' || substr(bytes, 2) AS BLOB) WHERE part = 2",
        [],
    )
    .expect("sql");
    drop(db);
    let mut case = Case::open(&path).expect("opens");
    let again = folder.path().join("again.bin");
    assert!(case.export_evidence(&"d".into(), &again).is_err());
    assert!(!again.exists(), "a forged copy is not left behind");
    let Verdict::Broken(what) = case.verify(&Progress::new()).expect("verifies") else {
        panic!("a changed byte was not noticed")
    };
    assert!(what.starts_with("blob "), "{what}");
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("readable")
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn at_rest_a_case_is_one_file_and_the_second_opener_reads_and_is_told_who_writes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("one.redthread");
    let mut first = Case::create(&path).expect("a new case");
    act(&mut first, vec![company("a", "A")]);
    let mut second = Case::open(&path).expect("opens for reading");
    assert!(
        second.read_only().is_some_and(|why| why.contains("since")),
        "{:?}",
        second.read_only()
    );
    assert_eq!(second.entities().expect("readable").len(), 1);
    assert!(matches!(second.commit(Action::new(vec![company("b", "B")])), Err(Error::ReadOnly(_))));
    second.close().expect("closes");
    first.close().expect("closes");
    assert_eq!(files(folder.path()), ["one.redthread"]);
    let third = Case::open(&path).expect("opens");
    assert_eq!(third.read_only(), None);
    assert_eq!(third.undo_label().as_deref(), Some("Add A"));
    third.close().expect("closes");
    assert_eq!(files(folder.path()), ["one.redthread"]);
}

#[test]
fn a_case_from_a_newer_program_is_read_and_not_changed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("newer.redthread");
    let mut case = Case::create(&path).expect("a new case");
    act(&mut case, vec![company("a", "A")]);
    case.close().expect("closes");
    let db = rusqlite::Connection::open(&path).expect("a database");
    db.execute_batch("PRAGMA user_version = 99; CREATE TABLE later(x)").expect("sql");
    drop(db);
    let bytes = std::fs::read(&path).expect("readable");
    let mut case = Case::open(&path).expect("opens");
    assert!(case.read_only().is_some_and(|why| why.contains("newer")));
    assert_eq!(case.entities().expect("readable").len(), 1);
    assert!(case.commit(Action::new(vec![company("b", "B")])).is_err());
    case.close().expect("closes");
    assert_eq!(std::fs::read(&path).expect("readable"), bytes);
}

#[test]
fn a_case_with_a_program_in_it_is_refused() {
    for (name, sql) in [
        ("trigger", "CREATE TRIGGER t AFTER INSERT ON revision BEGIN DELETE FROM statement; END"),
        ("view", "CREATE VIEW v AS SELECT * FROM statement"),
        ("table", "CREATE TABLE extra(x)"),
        ("column", "ALTER TABLE statement ADD COLUMN extra TEXT"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("hostile.redthread");
        Case::create(&path).expect("a new case").close().expect("closes");
        let db = rusqlite::Connection::open(&path).expect("a database");
        db.execute_batch(sql).expect("sql");
        drop(db);
        let bytes = std::fs::read(&path).expect("readable");
        let error = Case::open(&path).expect_err(name).to_string();
        assert!(error.contains("hostile.redthread") && error.contains("does not write"), "{error}");
        assert_eq!(std::fs::read(&path).expect("readable"), bytes);
    }
}

#[test]
fn a_copy_is_a_case_of_its_own_and_never_replaces_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut case = Case::create(&folder.path().join("a.redthread")).expect("a new case");
    act(&mut case, vec![company("a", "A")]);
    let copy = folder.path().join("b.redthread");
    case.save_copy(&copy).expect("copies");
    assert!(matches!(case.save_copy(&copy), Err(Error::Exists(_))));
    let copy = Case::open(&copy).expect("opens");
    assert_eq!(copy.entities().expect("readable"), case.entities().expect("readable"));
    assert!(matches!(copy.verify(&Progress::new()), Ok(Verdict::Holds { .. })));
}

#[test]
fn what_was_withdrawn_is_listed_as_it_was_called_and_what_was_undone_is_not() {
    let mut case = linked();
    let name = case.entity(&"a".into()).expect("readable").expect("exists").values[0].statement;
    let renamed = Op::Change { statement: name, value: NewValue::new("name", "A plc") };
    act(&mut case, vec![renamed]);
    act(&mut case, vec![company("c", "C")]);
    case.undo().expect("undo");
    act(&mut case, vec![Op::WithdrawEntity("a".into())]);
    let listed = |case: &Case| -> Vec<String> {
        let all = case.withdrawn().expect("readable");
        all.into_iter().map(|w| w.caption).collect()
    };
    assert_eq!(listed(&case), ["A plc", "A plc → B  ·  60 %"]);
    act(&mut case, vec![Op::RestoreEntity("a".into())]);
    assert!(listed(&case).is_empty());
    assert_eq!(&*case.entity(&"a".into()).expect("readable").expect("exists").caption, "A plc");
}
