//! What was imported can be traced to its place in its file, and falls with the file.

use std::path::{Path, PathBuf};

use redthread::{
    case::{
        Action, Case, Cited, Details, EvidenceBytes, Imported, Judged, NewCitation, NewEvidence,
        NewValue, Op, Progress, Verdict,
    },
    exchange::import::{Job, run},
    model::{Citation, CitationRef, Credibility, Id, Strength},
    network::Network,
};

use crate::rows;

/// An owner, what it owns, and the stake.
const LINES: &str = concat!(
    r#"{"id":"a","schema":"Company","properties":{"name":["A"],"country":["hk"]}}"#,
    "\n",
    r#"{"id":"b","schema":"Company","properties":{"name":["B"]}}"#,
    "\n",
    r#"{"id":"o","schema":"Ownership","properties":{"owner":["a"],"asset":["b"],"percentage":["60"]}}"#,
    "\n",
);

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("space");
    path
}

fn import(case: &mut Case, path: &Path, title: &str) -> Imported {
    let title = Some(title.to_owned());
    let job = Job { files: vec![path.to_owned()], title, ..Job::default() };
    run(case, &job, &Progress::new()).expect("imports").imported
}

fn details(case: &Case, id: &str) -> Details {
    case.details(&id.into()).expect("readable")
}

fn citations(case: &Case, id: &str, property: &str) -> Vec<Citation> {
    let found = details(case, id).statements.into_iter().find(|s| s.property == property);
    found.expect("stated").citations
}

fn holds(case: &Case) {
    let verdict = case.verify(&Progress::new()).expect("verification runs");
    assert!(matches!(verdict, Verdict::Holds { .. }), "{verdict:?}");
}

fn strength(case: &Case, id: &str) -> Strength {
    case.entity(&id.into()).expect("readable").expect("exists").strength
}

#[test]
fn every_statement_is_cited_to_its_line_in_a_file_that_is_evidence() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(folder.path(), "list.ndjson", LINES);
    let mut case = Case::create(&folder.path().join("c.redthread")).expect("new");
    let imported = import(&mut case, &path, "A leak (FICTIONAL)");
    assert_eq!((imported.new, imported.met, imported.statements), (3, 0, 9));
    let evidence = case.evidence().expect("readable");
    assert_eq!(evidence.len(), 1);
    let file = &evidence[0];
    assert_eq!((&*file.caption, &*file.file_name), ("A leak (FICTIONAL)", "list.ndjson"));
    assert_eq!((file.reliability, file.origin.as_deref()), (None, None), "nobody has judged it");
    let mut bytes = Vec::new();
    case.read_evidence(&file.id, &mut bytes).expect("whole");
    assert_eq!(bytes, LINES.as_bytes());
    for (id, line) in [("a", "line 1"), ("b", "line 2"), ("o", "line 3")] {
        for statement in details(&case, id).statements {
            let [citation] = &*statement.citations else { panic!("{statement:?}") };
            assert_eq!((&citation.evidence, citation.page.as_deref()), (&file.id, Some(line)));
            assert!(citation.supports && citation.live && citation.credibility.is_none());
        }
        assert_eq!(details(&case, id).history, [rows::revision(1)]);
        assert_eq!(case.cited().expect("readable")[&Id::from(id)], std::slice::from_ref(&file.id));
    }
    assert_eq!(case.touched(rows::revision(1)).expect("readable").len(), 4);
    holds(&case);
    case.undo().expect("undone");
    assert!(!case.evidence().expect("readable")[0].live, "the file goes with what it said");
    assert!(case.cited().expect("readable").is_empty());
    holds(&case);
    case.redo().expect("done again");
    assert_eq!(citations(&case, "o", "percentage").len(), 1);
    holds(&case);
}

#[test]
fn the_same_file_again_changes_nothing_and_another_file_corroborates() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(folder.path(), "one.ndjson", LINES);
    let file = folder.path().join("c.redthread");
    let mut case = Case::create(&file).expect("new");
    import(&mut case, &path, "One");
    case.close().expect("closed");
    let before = std::fs::read(&file).expect("readable");
    let mut case = Case::open(&file).expect("opens");
    let again = import(&mut case, &path, "Again");
    assert_eq!((again.delta.revision, again.statements, again.met), (None, 0, 3));
    case.close().expect("closed");
    let after = std::fs::read(&file).expect("readable");
    // The header counts that the way of writing was changed; the rest is the same.
    assert!(before[100..] == after[100..], "importing the same again changes nothing");
    let mut case = Case::open(&file).expect("opens");
    let copy = write(folder.path(), "copy.ndjson", LINES);
    let copied = import(&mut case, &copy, "Again");
    assert_eq!((copied.statements, copied.met), (0, 3));
    assert_eq!(copied.same, [(0, "one.ndjson".to_owned())], "its second name is kept");
    assert_eq!(import(&mut case, &copy, "Again").delta.revision, None);
    holds(&case);
    case.undo().expect("undone");
    let said = r#"{"id":"b","schema":"Company","properties":{"name":["B"],"alias":["Bee"]}}"#;
    let other = write(folder.path(), "two.ndjson", &format!("\n{said}\n"));
    let imported = import(&mut case, &other, "Two");
    assert_eq!((imported.new, imported.met, imported.statements), (0, 1, 1));
    let pages = |case: &Case, property| -> Vec<String> {
        let all = citations(case, "b", property).into_iter();
        all.filter(|c| c.live).filter_map(|c| c.page).collect()
    };
    assert_eq!(pages(&case, "name"), ["line 2", "line 2"], "two files say so");
    assert_eq!(pages(&case, "alias"), ["line 2"]);
    assert_eq!(import(&mut case, &other, "Two").delta.revision, None);
    holds(&case);
    case.undo().expect("undone");
    assert_eq!(pages(&case, "name"), ["line 2"]);
    holds(&case);
    // What was undone can be imported anew, as if it had never been here.
    assert_eq!(import(&mut case, &other, "Two").statements, 1);
    assert_eq!(pages(&case, "name").len(), 2);
    holds(&case);
}

#[test]
fn a_file_that_was_attached_by_hand_is_not_attached_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(folder.path(), "list.ndjson", LINES);
    let mut case = Case::create(&folder.path().join("c.redthread")).expect("new");
    let attach = Op::Attach(NewEvidence {
        id: "d".into(),
        bytes: EvidenceBytes::File(path.clone()),
        file_name: "list.ndjson".into(),
        mime: "application/x-ndjson".into(),
        method: "dropped".into(),
        values: vec![NewValue::new("reliability", "B"), NewValue::new("publisher", "Registry")],
    });
    case.commit(Action::new(vec![attach])).expect("valid");
    import(&mut case, &path, "List");
    assert_eq!(case.evidence().expect("readable").len(), 1);
    assert_eq!(citations(&case, "a", "name")[0].evidence, Id::from("d"));
    // How good the file is, is told wherever it is cited.
    let grade = details(&case, "d").statements.into_iter().find(|s| s.property == "reliability");
    let change = Op::Change {
        statement: grade.expect("graded").key,
        value: NewValue::new("reliability", "E"),
    };
    let delta = case.commit(Action::new(vec![change])).expect("valid");
    let told: Vec<&str> = delta.changed.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(told.len(), 4, "{told:?}");
}

#[test]
fn what_a_file_said_is_weaker_without_it_and_one_place_can_be_dismissed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(folder.path(), "list.ndjson", LINES);
    let mut case = Case::create(&folder.path().join("c.redthread")).expect("new");
    import(&mut case, &path, "List");
    let list = case.evidence().expect("readable")[0].id.clone();
    let registry = |values| NewEvidence {
        id: "r".into(),
        bytes: EvidenceBytes::Memory(b"extract".to_vec()),
        file_name: "r.txt".into(),
        mime: "text/plain".into(),
        method: "pasted".into(),
        values,
    };
    let cite = NewCitation {
        statement: Cited::ExistenceOf("o".into()),
        evidence: "r".into(),
        supports: true,
        credibility: Some(Credibility::Six),
        page: None,
        quote: None,
        range: None,
        region: None,
    };
    let publisher = vec![NewValue::new("publisher", "Registry")];
    let ops = vec![Op::Attach(registry(publisher)), Op::Cite(cite)];
    case.commit(Action::new(ops)).expect("valid");
    // Two weak sources of different origin: by the rule, unconfirmed.
    assert_eq!(strength(&case, "o"), Strength::Unconfirmed);
    let all = |case: &Case| {
        let network = redthread::network::Seen::read(case, &Progress::new()).expect("readable");
        let strength = network.get(&"o".into()).expect("exists").strength();
        (
            case.entities()
                .expect("readable")
                .iter()
                .find(|e| e.id == Id::from("o"))
                .expect("exists")
                .strength,
            strength,
        )
    };
    assert_eq!(all(&case), (Strength::Unconfirmed, Strength::Unconfirmed));
    case.commit(Action::new(vec![Op::WithdrawEntity(list)])).expect("valid");
    assert_eq!(strength(&case, "o"), Strength::Tentative);
    assert_eq!(all(&case), (Strength::Tentative, Strength::Tentative));
    holds(&case);
    case.undo().expect("undone");
    // One by one, every place that the line rests on is dismissed.
    let ops: Vec<Op> = details(&case, "o")
        .statements
        .iter()
        .flat_map(|s| &s.citations)
        .filter(|c| matches!(c.key, CitationRef::Read(_)))
        .map(|c| Op::WithdrawCitation(c.key))
        .collect();
    assert_eq!(ops.len(), 4);
    case.commit(Action::new(ops.clone())).expect("valid");
    assert_eq!(strength(&case, "o"), Strength::Tentative);
    assert!(citations(&case, "o", "owner").iter().all(|c| !c.live));
    assert_eq!(case.commit(Action::new(ops)).expect("valid").revision, None);
    assert!(details(&case, "o").history.contains(&rows::revision(5)));
    holds(&case);
    case.undo().expect("undone");
    assert_eq!(strength(&case, "o"), Strength::Unconfirmed);
    assert!(citations(&case, "o", "owner").iter().all(|c| c.live));
    // What was dismissed is not brought back by the same file.
    case.redo().expect("done again");
    assert_eq!(import(&mut case, &path, "List").delta.revision, None);
    holds(&case);
}

#[test]
fn a_place_that_somebody_changed_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(folder.path(), "list.ndjson", LINES);
    let file = folder.path().join("c.redthread");
    let mut case = Case::create(&file).expect("new");
    import(&mut case, &path, "List");
    case.close().expect("closed");
    let original = std::fs::read(&file).expect("readable");
    for sql in [
        "UPDATE passage SET place = 'line 7' WHERE place = 'line 3'",
        "UPDATE passage SET quote = 'so it is' WHERE place = 'line 3'",
        "UPDATE passage SET evidence = NULL WHERE place = 'line 3'",
        "UPDATE passage SET evidence = (SELECT key FROM entity WHERE id = 'a') WHERE place = 'line 1'",
        "UPDATE passage SET entity = (SELECT key FROM entity WHERE id = 'a') WHERE place = 'line 2'",
        "UPDATE passage SET last = last - 1 WHERE place = 'line 1'",
        "DELETE FROM passage WHERE place = 'line 2'",
        "INSERT INTO passage(first, last, entity) VALUES (100, 101, 1)",
        "INSERT INTO dismissed(statement) VALUES (2)",
        "UPDATE statement SET denied = 2 WHERE key = 3",
        "UPDATE statement SET entity = (SELECT key FROM entity WHERE id = 'b') WHERE key = 2",
    ] {
        std::fs::write(&file, &original).expect("space");
        let db = rusqlite::Connection::open(&file).expect("a database");
        db.pragma_update(None, "foreign_keys", false).expect("sql");
        assert!(db.execute(sql, []).expect(sql) > 0, "{sql}");
        drop(db);
        let case = Case::open(&file).expect("opens");
        let verdict = case.verify(&Progress::new()).expect("verification runs");
        assert!(matches!(verdict, Verdict::Broken(_)), "{sql} was not noticed");
    }
}

/// A network that follows the case says the same of every statement as one that is read anew, of those
/// that make something exist too.
#[test]
fn an_edit_leaves_what_makes_an_entity_exist_as_strong_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(folder.path(), "list.ndjson", LINES);
    let mut case = Case::in_memory().expect("memory suffices");
    import(&mut case, &path, "A register (FICTIONAL)");
    let list = case.evidence().expect("readable")[0].id.clone();
    let reliable = Op::State { entity: list.clone(), value: NewValue::new("reliability", "A") };
    let judge = Op::Judge { what: Judged::Document(list), credibility: Some(Credibility::ALL[0]) };
    case.commit(Action::new(vec![reliable, judge])).expect("valid");
    let read = |case: &Case| Network::read(case, &Progress::new()).expect("readable");
    let mut network = read(&case);
    let alias = Op::State { entity: "a".into(), value: NewValue::new("alias", "A2") };
    let delta = case.commit(Action::new(vec![alias])).expect("valid");
    network.apply(&delta);
    let anew = read(&case);
    for statement in details(&case, "a").statements {
        let of = |network: &Network| {
            let entity = network.plain().find("a").expect("there");
            entity.strength_of(statement.key).expect("stated")
        };
        assert_eq!(of(&network), statement.strength, "{}", statement.property);
        assert_eq!(of(&anew), statement.strength, "{}", statement.property);
    }
    let exists = |network: &Network| network.plain().find("a").expect("there").to_entity();
    assert_eq!(exists(&network), exists(&anew));
}

/// One judgement of a list that is relied on makes all that it says solid, and one undo takes that
/// back.
#[test]
fn a_list_is_judged_in_one_act_and_a_place_in_it_by_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(folder.path(), "list.ndjson", LINES);
    let mut case = Case::create(&folder.path().join("c.redthread")).expect("new");
    import(&mut case, &path, "A register (FICTIONAL)");
    let list = case.evidence().expect("readable")[0].id.clone();
    assert!(list.as_str().starts_with("sha256-"), "named by what it holds");
    let reliable = Op::State { entity: list.clone(), value: NewValue::new("reliability", "A") };
    case.commit(Action::new(vec![reliable])).expect("valid");
    assert_eq!(strength(&case, "o"), Strength::Tentative, "its credibility is not judged yet");
    let judge = |what, credibility| Op::Judge { what, credibility };
    let two = Some(Credibility::ALL[1]);
    case.commit(Action::new(vec![judge(Judged::Document(list.clone()), two)])).expect("valid");
    for id in ["a", "b", "o"] {
        assert_eq!(strength(&case, id), Strength::Confirmed, "{id}");
    }
    let network = redthread::network::Seen::read(&case, &Progress::new()).expect("readable");
    let seen = network.get(&"o".into()).expect("there").strength();
    assert_eq!(seen, Strength::Confirmed, "a network read from the file counts the judgement too");
    // A place that is judged by itself goes by that, and anew.
    let place = citations(&case, "o", "percentage")[0].key;
    for (step, expected) in [(Some(Credibility::ALL[4]), 4), (Some(Credibility::ALL[2]), 2)] {
        case.commit(Action::new(vec![judge(Judged::Citation(place), step)])).expect("valid");
        let now = citations(&case, "o", "percentage")[0].credibility;
        assert_eq!(now, Some(Credibility::ALL[expected]));
    }
    assert_eq!(citations(&case, "o", "owner")[0].credibility, two);
    holds(&case);
    case.undo().expect("undone");
    case.undo().expect("undone");
    case.undo().expect("undone");
    assert_eq!(strength(&case, "o"), Strength::Tentative);
    holds(&case);
}

#[test]
fn a_withdrawn_citation_is_restored() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(folder.path(), "list.ndjson", LINES);
    let mut case = Case::create(&folder.path().join("c.redthread")).expect("new");
    import(&mut case, &path, "A list (FICTIONAL)");
    let read = citations(&case, "o", "percentage")[0].clone();
    let made = Op::Cite(NewCitation {
        statement: Cited::Statement(read.statement),
        evidence: read.evidence.clone(),
        supports: true,
        credibility: None,
        page: Some("line 3".into()),
        quote: None,
        range: None,
        region: None,
    });
    case.commit(Action::new(vec![made])).expect("valid");
    let all = citations(&case, "o", "percentage");
    assert_eq!(all.len(), 2);
    for citation in all.iter().map(|one| one.key) {
        let live = |case: &Case| {
            let all = citations(case, "o", "percentage");
            all.iter().find(|one| one.key == citation).expect("kept").live
        };
        let mut turn = |op| drop(case.commit(Action::new(vec![op])).expect("valid"));
        turn(Op::WithdrawCitation(citation));
        turn(Op::RestoreCitation(citation));
        turn(Op::WithdrawCitation(citation));
        assert!(!live(&case));
        case.commit(Action::new(vec![Op::RestoreCitation(citation)])).expect("valid");
        assert!(live(&case));
    }
    holds(&case);
}

#[test]
fn the_same_bytes_are_the_same_document_however_often_they_come() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(folder.path(), "paper.txt", "a paper");
    let document = || NewEvidence::of_file(&path, "opened", &Progress::new()).expect("readable");
    let mut case = Case::create(&folder.path().join("c.redthread")).expect("new");
    for _ in 0..2 {
        case.commit(Action::new(vec![Op::Attach(document())])).expect("valid");
    }
    let evidence = case.evidence().expect("readable");
    assert_eq!(evidence.len(), 1);
    let events: Vec<String> =
        case.custody(&evidence[0].id).expect("readable").into_iter().map(|one| one.event).collect();
    assert_eq!(events, ["acquired", "acquired again"]);
    // Under another name, and cited by it.
    let mut other = document();
    other.id = "by-hand".into();
    let add = Op::Add {
        entity: "acme".into(),
        schema: "Company".into(),
        values: vec![NewValue::new("name", "Acme Ltd (FICTIONAL)")],
    };
    let cite = Op::Cite(NewCitation {
        statement: Cited::ExistenceOf("acme".into()),
        evidence: "by-hand".into(),
        supports: true,
        credibility: None,
        page: None,
        quote: None,
        range: None,
        region: None,
    });
    case.commit(Action::new(vec![add, Op::Attach(other), cite])).expect("valid");
    assert_eq!(case.evidence().expect("readable").len(), 1);
    assert_eq!(citations(&case, "acme", "schema")[0].evidence, evidence[0].id);
    // Withdrawn, it comes back when it is attached again.
    let withdraw = Op::WithdrawEntity(evidence[0].id.clone());
    case.commit(Action::new(vec![withdraw])).expect("valid");
    case.commit(Action::new(vec![Op::Attach(document())])).expect("valid");
    assert!(case.evidence().expect("readable")[0].live);
    holds(&case);
    // Another copy of the case that got it by itself has the same document.
    let mut copy = Case::create(&folder.path().join("copy.redthread")).expect("new");
    copy.commit(Action::new(vec![Op::Attach(document())])).expect("valid");
    case.adopt(&copy, &Progress::new()).expect("both hold");
    assert_eq!(case.evidence().expect("readable").len(), 1);
    holds(&case);
}
