//! An older action is undone with all that builds on it, in the window.

use egui_kittest::kittest::Queryable as _;
use redthread::{
    app::{command, model::Request},
    case::{Action, Case, NewValue, Op},
    model::{Chart, Placement},
};

use crate::window::{click, model, settle, window};

#[test]
fn the_window_undoes_an_action_with_what_builds_on_it_and_takes_that_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("c.redthread");
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
    let value = NewValue::new("alias", "Second");
    act(vec![Op::State { entity: "beta".into(), value }]);
    act(vec![company("gamma")]);
    case.close().expect("closed");

    let mut window = window([1440.0, 900.0], Some(path));
    window.state_mut().ask(Request::Run(command::VIEW_HISTORY));
    settle(&mut window);
    window.get_by_label("Add beta Trading").click_secondary();
    settle(&mut window);
    click(&mut window, "Undo this and what builds on it");
    settle(&mut window);
    let there = |window: &_, id: &str| model(window).seen.get(&id.into()).is_some();
    assert!(!there(&window, "beta"));
    assert!(there(&window, "alpha") && there(&window, "gamma"), "they stand alone");
    let undo = model(&window).undo.clone();
    assert_eq!(undo.as_deref(), Some("Undo: Add beta Trading and 1 later change"));
    window.state_mut().ask(Request::Run(command::EDIT_UNDO));
    settle(&mut window);
    let beta = model(&window).seen.get(&"beta".into()).map(|entity| entity.caption().to_owned());
    assert_eq!(beta.as_deref(), Some("beta Trading"));
}
