//! What a document's file is (its name, size, type and checksum) is told by its record, whatever
//! statements say.

use std::path::Path;

use redthread::{
    case::{Action, Case, EvidenceBytes, NewEvidence, NewValue, Op, Progress},
    export::{Job, Look, Scope, target},
    model::{Chart, Id, evidence::FACTS_OF_FILE},
};
use rusqlite::Connection;

use crate::rows;

const WORDS: &[u8] = b"Minutes of the board";

fn attach(case: &mut Case) -> Id {
    let id = Id::from("minutes");
    let evidence = NewEvidence {
        id: id.clone(),
        bytes: EvidenceBytes::Memory(WORDS.to_vec()),
        file_name: "minutes.txt".into(),
        mime: "text/plain".into(),
        method: "pasted".into(),
        values: vec![
            NewValue::new("title", "Minutes of June"),
            NewValue::new("contentHash", "deadbeef"),
        ],
    };
    case.commit(Action::new(vec![Op::Attach(evidence)])).expect("attached");
    id
}

#[test]
fn a_fact_of_a_file_cannot_be_edited() {
    let mut case = Case::in_memory().expect("memory suffices");
    let id = attach(&mut case);
    let statements = case.details(&id).expect("there").statements;
    for fact in FACTS_OF_FILE {
        let of: Vec<_> = statements.iter().filter(|s| s.property == fact).collect();
        assert_eq!(of.len(), 1, "{fact} is stated once, by the record");
        let key = of[0].key;
        let value = NewValue::new(fact, "deadbeef");
        for op in [
            Op::State { entity: id.clone(), value: value.clone() },
            Op::Change { statement: key, value },
            Op::Withdraw(key),
        ] {
            let error = case.commit(Action::new(vec![op])).expect_err(fact).to_string();
            assert!(error.contains("facts of its file"), "{error}");
        }
    }
    // A document of which the case has no file is what its sources say that it is.
    let add = Op::Add {
        entity: "other".into(),
        schema: "Document".into(),
        values: vec![NewValue::new("contentHash", "deadbeef")],
    };
    case.commit(Action::new(vec![add])).expect("said by a source");
}

/// A case in which somebody has edited the checksum when that could still be done, as a file of
/// another program says too.
fn with_another_checksum(path: &Path) -> String {
    let mut case = Case::create(path).expect("new");
    attach(&mut case);
    let sha256 = case.evidence().expect("readable")[0].sha256.clone();
    case.close().expect("closed");
    let db = Connection::open(path).expect("opens");
    db.execute("UPDATE statement SET value = 'deadbeef' WHERE value = ?1", [&sha256])
        .expect("changed");
    sha256
}

#[test]
fn every_export_takes_facts_from_the_record() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("c.redthread");
    let sha256 = with_another_checksum(&path);
    let case = Case::open(&path).expect("opens");
    for name in ["ftm", "statements", "graphml", "gexf", "neo4j", "xlsx"] {
        let Some(target) = target(name) else { panic!("there is no format {name}") };
        let out = folder.path().join(format!("out-{name}"));
        let job = Job { target, out: out.clone(), scope: Scope::Case, look: Look::default() };
        redthread::export::run(&case, &job, &Progress::new()).expect(name);
        let files = if out.is_dir() {
            std::fs::read_dir(&out).expect("readable").map(|f| f.expect("there").path()).collect()
        } else {
            vec![out]
        };
        let mut all = Vec::new();
        for file in files {
            all.extend(text_of(&file, name));
        }
        let has = |wanted: &str| all.windows(wanted.len()).any(|part| part == wanted.as_bytes());
        assert!(!has("deadbeef"), "{name} hands on an edited checksum");
        assert!(has(&sha256), "{name} has the checksum");
    }
}

/// The bytes of a file; of a workbook, of all its parts.
fn text_of(path: &Path, name: &str) -> Vec<u8> {
    if name != "xlsx" {
        return std::fs::read(path).expect("readable");
    }
    let file = std::fs::File::open(path).expect("there");
    let mut archive = zip::ZipArchive::new(file).expect("an archive");
    let mut all = Vec::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).expect("a part");
        std::io::Read::read_to_end(&mut part, &mut all).expect("readable");
    }
    all
}

#[test]
fn a_withdrawn_document_keeps_its_title() {
    let mut case = Case::in_memory().expect("memory suffices");
    let id = attach(&mut case);
    let caption = |case: &Case| case.evidence().expect("readable")[0].caption.clone();
    assert_eq!(caption(&case), "Minutes of June");
    case.commit(Action::new(vec![Op::WithdrawEntity(id)])).expect("withdrawn");
    assert!(!case.evidence().expect("readable")[0].live);
    assert_eq!(caption(&case), "Minutes of June");
    case.undo().expect("undone");
    case.undo().expect("undone");
    assert_eq!(caption(&case), "Minutes of June", "also where it was undone that it was attached");
}

#[test]
fn what_a_case_begins_with_is_not_undone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("c.redthread");
    let mut case = Case::create(&path).expect("new");
    let ops = vec![
        Op::Set { key: "title".into(), value: "Inquiry".into() },
        Op::PutChart(Chart::new("Overview", 1.0)),
    ];
    case.commit(Action::new(ops)).expect("valid");
    let check = |case: &mut Case| {
        assert_eq!(case.undo_label(), None);
        assert!(case.undo().expect("asked").is_none());
        let refused =
            case.revert(rows::revision(1)).expect_err("it is where the case begins").to_string();
        assert!(refused.contains("begins"), "{refused}");
        assert_eq!(case.charts().expect("readable").len(), 1);
    };
    check(&mut case);
    let chart = Op::PutChart(Chart::new("Money", 2.0));
    case.commit(Action::new(vec![chart])).expect("valid");
    case.undo().expect("undone").expect("there was something");
    check(&mut case);
    case.redo().expect("done again").expect("there was something");
    case.close().expect("closed");
    let mut case = Case::open(&path).expect("opens");
    assert_eq!(case.undo_label().as_deref(), Some("Create chart Money"));
    case.undo().expect("undone").expect("there was something");
    check(&mut case);
}
