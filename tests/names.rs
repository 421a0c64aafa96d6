//! The name of a statement or citation is the same in every copy of a case, where its key is not.

use std::path::Path;

use redthread::{
    case::{Action, Case, Cited, NewCitation, NewValue, Op, Progress},
    exchange::import::{Job, run},
    model::{CitationId, CitationRef, Id, StatementId, StatementKey},
};

use crate::rows;

/// A company as a file states it.
const LINE: &str = r#"{"id":"a","schema":"Company","properties":{"name":["A"],"country":["hk"]}}"#;

/// A case with a statement by hand, two that were read in a file, and a citation by hand of that file.
fn case(folder: &Path) -> Case {
    let path = folder.join("list.ndjson");
    std::fs::write(&path, LINE).expect("space");
    let mut case = Case::create(&folder.join("theirs.redthread")).expect("new");
    case.commit(Action::new(vec![company("z")])).expect("valid");
    let job = Job { files: vec![path], title: Some("A list".into()), ..Job::default() };
    run(&mut case, &job, &Progress::new()).expect("imports");
    let evidence = case.evidence().expect("readable")[0].id.clone();
    let cite = NewCitation {
        statement: Cited::ExistenceOf("z".into()),
        evidence,
        supports: true,
        credibility: None,
        page: None,
        quote: None,
        range: None,
        region: None,
    };
    case.commit(Action::new(vec![Op::Cite(cite)])).expect("valid");
    case
}

fn company(id: &str) -> Op {
    let values = vec![NewValue::new("name", "Pier Road Ltd (FICTIONAL)")];
    Op::Add { entity: id.into(), schema: "Company".into(), values }
}

/// The keys of everything that is stated and cited of these entities.
fn keys(case: &Case) -> (Vec<StatementKey>, Vec<CitationRef>) {
    let details = ["z", "a"].map(|id| case.details(&id.into()).expect("there"));
    let all = || details.iter().flat_map(|details| &details.statements);
    let citations = all().flat_map(|statement| &statement.citations).map(|citation| citation.key);
    (all().map(|statement| statement.key).collect(), citations.collect())
}

fn names(case: &Case) -> (Vec<StatementId>, Vec<CitationId>) {
    let (statements, citations) = keys(case);
    let statement = |key| case.statement_id(key).expect("readable").expect("named");
    let citation = |key| case.citation_id(key).expect("readable").expect("named");
    (statements.into_iter().map(statement).collect(), citations.into_iter().map(citation).collect())
}

#[test]
fn what_a_name_names_is_found_here_and_in_another_copy() {
    let folder = tempfile::tempdir().expect("a folder");
    let theirs = case(folder.path());
    let mut mine = Case::in_memory().expect("memory suffices");
    mine.commit(Action::new(vec![company("other")])).expect("valid");
    mine.adopt(&theirs, &Progress::new()).expect("takes over");

    let (statements, citations) = names(&theirs);
    assert_eq!((statements.len(), citations.len()), (5, 4));
    assert!(citations.iter().any(|one| matches!(one, CitationId::Read(_))));
    assert!(citations.iter().any(|one| matches!(one, CitationId::Made { .. })));
    assert_eq!(names(&mine), (statements.clone(), citations.clone()), "the same names there");
    assert_ne!(keys(&mine).0, keys(&theirs).0, "under other keys");
    for case in [&mine, &theirs] {
        let (keys, cited) = keys(case);
        for (name, key) in statements.iter().zip(keys) {
            assert_eq!(case.statement_key(name).expect("readable"), Some(key));
            // As a text it is what it always was: the id of a revision, and a place in it.
            let log = case.log().expect("readable");
            let revision = log.iter().find(|one| one.id == name.revision).expect("logged");
            assert_eq!(name.to_string(), format!("{}:{}", revision.id, name.nth));
            assert_eq!(name.to_string().parse(), Ok(name.clone()));
        }
        for (name, key) in citations.iter().zip(cited) {
            assert_eq!(case.citation_ref(name).expect("readable"), Some(key));
            assert_eq!(name.to_string().parse(), Ok(name.clone()));
        }
    }
}

#[test]
fn what_is_not_here_has_no_name_and_no_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let case = case(folder.path());
    let gone = rows::statement(rows::ROWS);
    assert_eq!(case.statement_id(gone).expect("readable"), None);
    let made = CitationRef::Made(rows::citation(rows::ROWS));
    for citation in [made, CitationRef::Read(gone)] {
        assert_eq!(case.citation_id(citation).expect("readable"), None);
    }
    let by_hand = case.details(&"z".into()).expect("there").statements[1].key;
    let read = CitationRef::Read(by_hand);
    assert_eq!(case.citation_id(read).expect("readable"), None, "it was read nowhere");

    let log = case.log().expect("readable");
    // The first adds two statements, and the place after them is of the import.
    for (revision, nth) in [(Id::new(), 0), (log[0].id.clone(), 2), (log[0].id.clone(), u32::MAX)] {
        let name = StatementId { revision: revision.clone(), nth };
        assert_eq!(case.statement_key(&name).expect("readable"), None, "{name}");
        for name in [CitationId::Made { revision, nth }, CitationId::Read(name)] {
            assert_eq!(case.citation_ref(&name).expect("readable"), None, "{name}");
        }
    }
    let name = case.statement_id(by_hand).expect("readable").expect("named");
    assert_eq!(case.citation_ref(&CitationId::Read(name)).expect("readable"), None);
}
