//! The case as it was after a revision, and without what an author entered, through the window and
//! on the command line.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use redthread::{
    app::{command, model::Request, query::DetailsOf},
    case::{Action, Case, Details, NewValue, Op},
    model::{Chart, Id, Placement},
    network::{Lens, Network},
};

use crate::{
    cli::redthread,
    rows,
    window::{Window, click, model, press, settle, window},
};

fn company(id: &str, name: &str) -> Op {
    let values = vec![NewValue::new("name", name)];
    Op::Add { entity: id.into(), schema: "Company".into(), values }
}

/// A case in which a company got another name, an owner came, and the owner was withdrawn again.
fn case(folder: &Path) -> PathBuf {
    let path = folder.join("case.redthread");
    let mut case = Case::create(&path).expect("space");
    let chart = Chart::new("Overview", 1.0);
    let place = |id: &str, x: f32| Op::Place {
        chart: chart.id.clone(),
        placements: vec![Placement { entity: id.into(), x, y: 0.0, pinned: false }],
    };
    let mut commit = |ops: Vec<Op>| {
        case.commit(Action::new(ops)).expect("commits");
    };
    let title = Op::Set { key: "title".into(), value: "Piers".into() };
    commit(vec![title, Op::PutChart(chart.clone())]);
    commit(vec![company("n", "North Pier Ltd"), place("n", 0.0)]);
    let values = vec![NewValue::new("owner", "s"), NewValue::new("asset", "n")];
    let owns = Op::Add { entity: "o".into(), schema: "Ownership".into(), values };
    commit(vec![company("s", "South Pier Ltd"), owns, place("s", 300.0)]);
    commit(vec![Op::WithdrawEntity("s".into())]);
    let value = NewValue::new("alias", "Northern");
    commit(vec![Op::State { entity: "n".into(), value }]);
    case.close().expect("closed");
    path
}

/// Makes Eve the author of a revision.
fn by_eve(path: &Path, revision: i64) {
    let db = rusqlite::Connection::open(path).expect("opens");
    db.execute("UPDATE revision SET author = 'Eve' WHERE number = ?1", [revision])
        .expect("written");
}

fn history(path: &Path) -> Window {
    let mut window = window([1440.0, 900.0], Some(path.to_owned()));
    settle(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::Num5);
    settle(&mut window);
    window
}

fn names(window: &Window) -> Vec<String> {
    let seen = &model(window).seen;
    seen.nodes().map(|entity| entity.caption().to_owned()).collect()
}

fn details_of(window: &mut Window, id: &str) -> Arc<Details> {
    let of = DetailsOf::seen(model(window), Id::from(id));
    window.state_mut().ask(Request::query(of.clone()));
    settle(window);
    Arc::clone(model(window).answer(&of).expect("details"))
}

#[test]
fn the_case_is_seen_as_it_was_and_cannot_be_changed_meanwhile() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = case(folder.path());
    let mut window = history(&path);
    assert_eq!(names(&window), ["North Pier Ltd"]);
    let digest = model(&window).digest.clone();

    click(&mut window, "See the case as it was after revision 3");
    settle(&mut window);
    assert_eq!(names(&window), ["North Pier Ltd", "South Pier Ltd"]);
    assert_eq!(model(&window).seen.link_count(), 1);
    window.get_by_label_contains(
        "The case as it was after revision 3: “Link South Pier Ltd → North Pier Ltd”",
    );
    // What is known of one is what was known of it then.
    let details = details_of(&mut window, "n");
    assert!(!details.statements.iter().any(|one| one.property == "alias"), "{details:?}");
    assert_eq!(details.history, [rows::revision(2)]);

    for request in [
        Request::Commit(Action::new(vec![company("x", "X")])),
        Request::Undo,
        Request::Revert(rows::revision(2)),
        Request::Run(command::EDIT_UNDO),
        Request::Run(command::CASE_WITHDRAW),
        Request::Run(command::CASE_SAVE_COPY),
    ] {
        window.state_mut().ask(request);
        settle(&mut window);
    }
    assert_eq!(model(&window).digest, digest, "nothing was written");
    assert_eq!(names(&window), ["North Pier Ltd", "South Pier Ltd"]);

    click(&mut window, "Show the case as it is");
    settle(&mut window);
    assert_eq!(names(&window), ["North Pier Ltd"]);
    assert!(model(&window).read_only.is_none());
    let details = details_of(&mut window, "n");
    assert!(details.statements.iter().any(|one| one.property == "alias"));
    window.state_mut().ask(Request::Undo);
    settle(&mut window);
    assert_ne!(model(&window).digest, digest, "it can be changed again");

    // The palette's commands lead there and back.
    window.state_mut().ask(Request::LookThrough(Lens::known(rows::revision(2))));
    settle(&mut window);
    assert_eq!(model(&window).lens().horizon.known, Some(rows::revision(2)));
    window.state_mut().ask(Request::Run(command::LENS_OFF));
    settle(&mut window);
    assert!(model(&window).lens().is_plain());
}

#[test]
fn what_an_author_entered_is_looked_away_from_and_what_comes_meanwhile_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = case(folder.path());
    by_eve(&path, 4);
    let mut window = history(&path);
    click(&mut window, "As if what Eve entered were withdrawn");
    settle(&mut window);
    // Eve withdrew South Pier.
    assert_eq!(names(&window), ["North Pier Ltd", "South Pier Ltd"]);
    window.get_by_label_contains("As if withdrawn: what “Eve” entered. Nothing is weaker.");
    // Edits go on, and what is seen follows.
    let edit = Action::new(vec![company("e", "East Pier Ltd")]);
    window.state_mut().ask(Request::Commit(edit));
    settle(&mut window);
    assert_eq!(names(&window), ["East Pier Ltd", "North Pier Ltd", "South Pier Ltd"]);
    click(&mut window, "Show the case as it is");
    settle(&mut window);
    assert_eq!(names(&window), ["East Pier Ltd", "North Pier Ltd"]);
}

#[test]
fn what_falls_without_an_author_is_listed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = case(folder.path());
    by_eve(&path, 5);
    let mut window = history(&path);
    click(&mut window, "As if what Eve entered were withdrawn");
    settle(&mut window);
    window.get_by_label_contains("Weaker, unsupported or gone: 1 value.");
    let case = Case::open(&path).expect("opens");
    let lens = Lens::without_enterer("Eve");
    let progress = redthread::case::Progress::new();
    let network = Network::read_at(&case, &lens.horizon, &progress).expect("readable");
    assert_eq!(network.plain().len(), model(&window).seen.len());
}

#[test]
fn a_question_is_answered_as_the_case_was_and_without_an_author() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = case(folder.path());
    by_eve(&path, 3);
    assert!(path.is_file());
    let ask = |more: &[&str]| {
        let all = [&["ask", "case.redthread", "paths", "n", "s", "--json"], more].concat();
        let output = redthread(folder.path(), &all);
        let text = String::from_utf8(output.stdout).expect("text");
        (output.status.success(), serde_json::from_str::<serde_json::Value>(&text).ok())
    };
    let (done, answer) = ask(&["--known", "3"]);
    let answer = answer.expect("JSON");
    assert!(done);
    assert_eq!(answer["known"]["revision"], 3);
    assert_eq!(answer["findings"].as_array().expect("a list").len(), 1);
    assert_eq!(answer["findings"][0]["rests_on"][0]["entity"], "o");
    // South Pier is not there now, nor without Eve.
    assert!(!ask(&[]).0);
    assert!(!ask(&["--known", "3", "--without-enterer", "Eve"]).0);
    assert!(!ask(&["--known", "17"]).0);
    assert!(!ask(&["--without-enterer", "Mallory"]).0);
}

#[test]
fn an_answer_as_of_a_day_says_what_dates_leave_open() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("case.redthread");
    let mut case = Case::create(&path).expect("space");
    let values = [("owner", "s"), ("asset", "n"), ("startDate", "2016")];
    let values = values.map(|(property, value)| NewValue::new(property, value)).into();
    let closed = NewValue::new("dissolutionDate", "2019-02-01");
    let ops = vec![
        company("n", "North Pier Ltd"),
        company("s", "South Pier Ltd"),
        Op::Add { entity: "o".into(), schema: "Ownership".into(), values },
        Op::State { entity: "s".into(), value: closed },
    ];
    case.commit(Action::new(ops)).expect("commits");
    case.close().expect("closed");
    let ask = |on: &str| {
        let all = ["ask", "case.redthread", "paths", "s", "n", "--json", "--on", on];
        let output = redthread(folder.path(), &all);
        let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(answer["on"], on);
        answer["findings"][0].clone()
    };
    let open = ask("2016-05-01");
    assert_eq!((&open["verdict"], &open["date_uncertain"][0]), (&"connected".into(), &"o".into()));
    let words = open["words"].as_str().expect("text");
    let uncertain = "Date uncertain: South Pier Ltd → North Pier Ltd (from 2016).";
    assert!(words.ends_with(uncertain), "{words}");
    let sure = ask("2017-05-01");
    assert_eq!(
        (&sure["verdict"], &sure["date_uncertain"]),
        (&"connected".into(), &serde_json::json!([]))
    );
    assert_eq!(ask("2015-12-31")["verdict"], "not connected");
    let gone = ask("2020");
    assert_eq!(gone["verdict"], "not connected");
    assert_eq!(gone["words"], "South Pier Ltd was not there on 2020.");
}
