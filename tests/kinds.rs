//! Errors have kinds, so that a program can tell what is missing from what is wrong; a hint says
//! what to do, and the sentence on screen has both.

use redthread::{
    case::{Action, Case, Error, NewValue, Op, Progress},
    exchange::import::{Job, run},
    model::Id,
};

use crate::rows;

fn company(case: &mut Case, id: &str) {
    let values = vec![NewValue::new("name", "Pier Road Ltd")];
    let add = Op::Add { entity: id.into(), schema: "Company".into(), values };
    case.commit(Action::new(vec![add])).expect("committed");
}

#[test]
fn what_a_command_names_is_missing_or_wrong() {
    let mut case = Case::in_memory().expect("a case");
    company(&mut case, "a");
    let mut refused = |op: Op| case.commit(Action::new(vec![op])).expect_err("refused");

    let value = || NewValue::new("country", "hk");
    let missing = refused(Op::State { entity: "nobody".into(), value: value() });
    assert!(matches!(&missing, Error::NotFound { what, .. } if what.contains("nobody")));
    let missing = refused(Op::Withdraw(rows::statement(rows::ROWS)));
    assert!(matches!(missing, Error::NotFound { .. }), "{missing:?}");

    let twice = refused(Op::Add { entity: "a".into(), schema: "Company".into(), values: vec![] });
    assert!(matches!(&twice, Error::Invalid { hint, .. } if hint.is_empty()), "{twice:?}");
    assert_eq!(twice.to_string(), "An entity with the id a exists already.");

    let statement = case.details(&Id::from("a")).expect("there").statements;
    let name = statement.iter().find(|one| one.property == "name").expect("stated").key;
    case.commit(Action::new(vec![Op::Withdraw(name)])).expect("withdrawn");
    let change = Op::Change { statement: name, value: NewValue::new("name", "Other Ltd") };
    let error = case.commit(Action::new(vec![change])).expect_err("it is withdrawn");
    assert!(matches!(&error, Error::Invalid { hint, .. } if hint == "restore it first"));
    assert_eq!(error.to_string(), "A withdrawn value cannot be changed; restore it first.");

    assert!(matches!(case.revert(rows::revision(4711)), Err(Error::NotFound { .. })));
}

#[test]
fn a_file_that_is_not_what_it_should_be_is_named_with_the_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("owners.csv");
    std::fs::write(&path, "Name,Town\nA Ltd,\"X\n").expect("space");
    let mut case = Case::in_memory().expect("a case");
    let job = Job { files: vec![path.clone()], format: Some("table".into()), ..Job::default() };
    let error = run(&mut case, &job, &Progress::new()).expect_err("cut off");
    let Error::Format { file, place, .. } = &error else { panic!("{error:?}") };
    assert_eq!((file, place.as_str()), (&path, "row 2, column 2"));
    let said = error.to_string();
    assert!(said.starts_with("owners.csv, row 2, column 2: ") && said.ends_with("was imported."));

    let job = Job { files: vec![path], format: Some("sketch".into()), ..Job::default() };
    let error = run(&mut case, &job, &Progress::new()).expect_err("there is no such format");
    assert!(matches!(&error, Error::NotFound { what, .. } if what.contains("sketch")), "{error:?}");
}
