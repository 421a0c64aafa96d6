//! An older action is undone with all that builds on it, in the window.

use std::path::{Path, PathBuf};

use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use redthread::{
    app::{command, model::Request},
    case::{Action, Case, NewValue, Op},
    model::{Chart, Placement, RevisionNumber},
};

use crate::window::{Window, click, model, press, settle, window};

/// A case of three companies, the second of which has been spoken of `later` times since.
fn a_case(folder: &Path, later: usize) -> PathBuf {
    let path = folder.join("c.redthread");
    let mut case = Case::create(&path).expect("created");
    let mut act = |ops| drop(case.commit(Action::new(ops)).expect("valid"));
    let company = |id: &str| Op::Add {
        entity: id.into(),
        schema: "Company".into(),
        values: vec![NewValue::new("name", format!("{id} Trading"))],
    };
    let chart = Chart::new("Overview", 1.0);
    let at = |id: &str, x: f32| Placement { entity: id.into(), x, y: 0.0, pinned: false };
    let place = Op::Place { chart: chart.id.clone(), placements: vec![at("alpha", -250.0)] };
    act(vec![company("alpha"), Op::PutChart(chart), place]);
    act(vec![company("beta")]);
    for n in 0..later {
        let value = NewValue::new("alias", format!("Second {n}"));
        act(vec![Op::State { entity: "beta".into(), value }]);
    }
    act(vec![company("gamma")]);
    case.close().expect("closed");
    path
}

fn there(window: &Window, id: &str) -> bool {
    model(window).seen.get(&id.into()).is_some()
}

#[test]
fn the_window_undoes_an_action_with_what_builds_on_it_and_takes_that_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = a_case(folder.path(), 1);
    let mut window = window([1440.0, 900.0], Some(path));
    window.state_mut().ask(Request::Run(command::VIEW_HISTORY));
    settle(&mut window);
    window.get_by_label("Add beta Trading").click_secondary();
    settle(&mut window);
    click(&mut window, "Undo this and what builds on it");
    settle(&mut window);
    assert!(!there(&window, "beta"));
    assert!(there(&window, "alpha") && there(&window, "gamma"), "they stand alone");
    let undo = model(&window).undo.clone();
    assert_eq!(undo.as_deref(), Some("Undo: Add beta Trading and 1 later change"));
    window.state_mut().ask(Request::Run(command::EDIT_UNDO));
    settle(&mut window);
    let beta = model(&window).seen.get(&"beta".into()).map(|entity| entity.caption().to_owned());
    assert_eq!(beta.as_deref(), Some("beta Trading"));
}

/// Shows the history, and gives the keyboard to the button that undoes a revision alone.
fn undo_of(window: &mut Window, revision: usize) {
    if window.query_by_label("History panel").is_none() {
        window.state_mut().ask(Request::Run(command::VIEW_HISTORY));
        settle(window);
    }
    window.get_by_label(&format!("Undo revision {revision}")).focus();
    window.run_steps(3);
}

#[test]
fn an_undo_that_later_actions_stand_against_asks_whether_they_go_too_by_keys_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1440.0, 900.0], Some(a_case(folder.path(), 7)));
    undo_of(&mut window, 2);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert!(window.query_by_label("“Add beta Trading” cannot be undone alone").is_some());
    let text = window.get_by_label_contains("7 later actions build on it").accesskit_node();
    let text = text.label().or_else(|| text.value()).unwrap_or_default();
    assert!(text.contains("3  “Add alias of beta Trading”"), "{text}");
    assert!(
        text.contains("7  “") && !text.contains("8  “") && text.contains("and 2 more"),
        "{text}"
    );

    press(&mut window, Modifiers::NONE, Key::Escape);
    assert!(window.query_by_label("Undo all 8").is_none(), "Esc is no");
    assert!(there(&window, "beta"));
    undo_of(&mut window, 2);
    press(&mut window, Modifiers::NONE, Key::Enter);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert!(!there(&window, "beta") && there(&window, "gamma"));
    assert_eq!(model(&window).undo.as_deref(), Some("Undo: Add beta Trading and 7 later changes"));
}

#[test]
fn of_two_actions_both_are_undone_and_one_that_nothing_builds_on_is_not_asked_about() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1440.0, 900.0], Some(a_case(folder.path(), 1)));
    undo_of(&mut window, 2);
    press(&mut window, Modifiers::NONE, Key::Enter);
    click(&mut window, "Cancel");
    assert!(there(&window, "beta"));
    undo_of(&mut window, 2);
    press(&mut window, Modifiers::NONE, Key::Enter);
    click(&mut window, "Undo both");
    assert!(!there(&window, "beta"));
    undo_of(&mut window, 4);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert!(window.query_by_label("Cancel").is_none());
    assert!(!there(&window, "gamma"));
}

#[test]
fn what_builds_on_an_action_is_told_without_a_change() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = a_case(folder.path(), 3);
    let mut case = Case::open(&path).expect("opens");
    let before = case.digest().expect("readable");
    let later = case.building_on("2".parse().expect("a revision")).expect("told");
    assert_eq!(later.into_iter().map(RevisionNumber::get).collect::<Vec<_>>(), [3, 4, 5]);
    let alone = case.building_on("6".parse().expect("a revision")).expect("told");
    assert!(alone.is_empty());
    assert_eq!(case.digest().expect("readable"), before);
    assert_eq!(case.log().expect("readable").len(), 6);
}
