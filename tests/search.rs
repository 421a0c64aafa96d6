//! Finding through the window: typing, seeing why, opening, filtering, saving.

use std::path::{Path, PathBuf};

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use redthread::{
    app::query::Asker,
    case::{Action, Case, Found, How, NewValue, Op, Total},
    model::{Chart, Id, SavedSearch},
};

use crate::window::{Window, click, model, press, settle, window, write};

/// A case of companies that do not exist, abstract and FICTIONAL.
fn case(folder: &Path) -> PathBuf {
    let path = folder.join("search.redthread");
    let mut case = Case::create(&path).expect("a new file");
    let add = |id: &str, schema: &str, values: &[(&str, &str)]| Op::Add {
        entity: Id::from(id),
        schema: schema.into(),
        values: values.iter().map(|(p, v)| NewValue::new(*p, *v)).collect(),
    };
    let ops = vec![
        Op::PutChart(Chart::new("Overview", 1.0)),
        add(
            "a",
            "Company",
            &[("name", "Fictional Harbour A"), ("alias", "虚构海港"), ("country", "hk")],
        ),
        add("b", "Company", &[("name", "Fictional Harbour B"), ("country", "cn")]),
        add("c", "Person", &[("name", "Somebody C"), ("notes", "Seen at the harbour in 2009.")]),
    ];
    case.commit(Action::new(ops)).expect("valid");
    case.close().expect("closes");
    path
}

fn palette(window: &mut Window, text: &str) {
    press(window, Modifiers::COMMAND, Key::K);
    write(window, "Find anything", text);
    // Words that are only spelled alike are known a moment later.
    settle(window);
}

fn found(window: &Window) -> &Found {
    &model(window).found(Asker::Palette).expect("an answer").found
}

#[test]
fn a_hit_says_why_and_opens() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1280.0, 800.0], Some(case(folder.path())));
    palette(&mut window, "xugou");
    window.get_by_label("Fictional Harbour A – Alias: 虚构海港");
    let found = found(&window);
    let reason = &found.hits[0].reasons[0];
    assert_eq!((reason.how, &reason.ranges[..]), (How::Transliterated, &[(0, 2)][..]));
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert!(window.state().view().selection.contains(&Id::from("a")));
    assert!(window.query_by_label("Find anything").is_none_or(|f| f.value().is_none()));

    palette(&mut window, "seen");
    window.get_by_label("Somebody C – Notes: Seen at the harbour in 2009.");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert!(window.state().view().selection.contains(&Id::from("c")));
}

#[test]
fn what_is_misspelled_and_filters_that_do_not_exist_are_answered() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1280.0, 800.0], Some(case(folder.path())));
    palette(&mut window, "habrour country:hk colour:red");
    let outcome = found(&window);
    assert!(outcome.told[0].contains("colour"), "{outcome:?}");
    window.get_by_label(&outcome.told[0].clone());
    write(&mut window, "Find anything", "habrour ");
    settle(&mut window);
    window.get_by_label("Fictional Harbour A");
    let outcome = found(&window);
    assert_eq!(outcome.hits[0].reasons[0].how, How::Similar(1));
}

#[test]
fn all_hits_go_to_the_table_or_on_a_chart() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1280.0, 800.0], Some(case(folder.path())));
    palette(&mut window, "harbour schema:company");
    assert_eq!(found(&window).total, Total::Exactly(2));
    click(&mut window, "Show all 2 in the table");
    window.get_by_label("2 shown");
    window.get_by_label("Only “harbour schema:company”; show everything");
    palette(&mut window, "harbour schema:company");
    click(&mut window, "Show on chart");
    let chart = window.state().view().chart.clone().expect("a chart");
    assert_eq!(model(&window).placed(&chart).len(), 2);
    // The filter of the table understands the same.
    click(&mut window, "Only “harbour schema:company”; show everything");
    write(&mut window, "Filter the table", "harbour country:cn");
    window.get_by_label("1 shown");
}

#[test]
fn a_search_is_saved_made_again_renamed_deleted_and_all_of_it_undone() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1280.0, 800.0], Some(case(folder.path())));
    let names = |window: &Window| -> Vec<String> {
        model(window).searches.iter().map(|search| search.name.clone()).collect()
    };
    palette(&mut window, "harbour country:hk");
    click(&mut window, "Save this search…");
    write(&mut window, "Name of the search", "Hong Kong");
    click(&mut window, "Save search");
    assert_eq!(names(&window), ["Hong Kong"]);
    press(&mut window, Modifiers::NONE, Key::Escape);

    press(&mut window, Modifiers::COMMAND, Key::K);
    click(&mut window, "Hong Kong");
    window.get_by_label("Fictional Harbour A");
    write(&mut window, "Find anything", "hong");
    click(&mut window, "Rename search Hong Kong");
    write(&mut window, "Name of the search", "Harbours");
    click(&mut window, "Save search");
    assert_eq!(names(&window), ["Harbours"]);
    write(&mut window, "Find anything", "harbours");
    click(&mut window, "Delete search Harbours");
    assert!(names(&window).is_empty());
    press(&mut window, Modifiers::NONE, Key::Escape);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(names(&window), ["Harbours"]);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(names(&window), ["Hong Kong"]);
}

#[test]
fn saved_searches_are_in_the_case_and_its_history() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = case(folder.path());
    let mut case = Case::open(&path).expect("opens");
    let search = SavedSearch::new("harbour");
    case.commit(Action::new(vec![Op::PutSearch(search.clone())])).expect("valid");
    let unnamed = SavedSearch { name: " ".into(), ..search.clone() };
    assert!(case.commit(Action::new(vec![Op::PutSearch(unnamed)])).is_err());
    case.close().expect("closes");
    let mut case = Case::open(&path).expect("opens");
    assert_eq!(case.searches().expect("readable"), std::slice::from_ref(&search));
    case.undo().expect("undo");
    assert!(case.searches().expect("readable").is_empty());
    case.redo().expect("redo");
    case.commit(Action::new(vec![Op::DeleteSearch(search.id)])).expect("valid");
    assert!(case.searches().expect("readable").is_empty());
    let verdict = case.verify(&redthread::case::Progress::new()).expect("runs");
    assert!(matches!(verdict, redthread::case::Verdict::Holds { .. }), "{verdict:?}");
}

#[test]
fn what_was_imported_has_evidence_and_what_was_typed_has_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut case = Case::open(&case(folder.path())).expect("opens");
    let file = folder.path().join("more.ftm.ndjson");
    let line = r#"{"id":"d","schema":"Company","properties":{"name":["Fictional Harbour D"]}}"#;
    std::fs::write(&file, line).expect("space");
    let job = redthread::exchange::import::Job { files: vec![file], ..Default::default() };
    redthread::exchange::import::run(&mut case, &job, &redthread::case::Progress::new())
        .expect("imports");
    assert_eq!(case.search("harbour has:evidence", 9).expect("a search"), [Id::from("d")]);
    assert_eq!(case.search("harbour schema:company", 9).expect("a search").len(), 3);
}
