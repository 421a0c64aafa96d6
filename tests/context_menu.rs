//! Context menus by keyboard: the Menu key and Shift+F10 open that of what has the keyboard, the
//! arrows and Enter choose, Esc gives the keyboard back.

use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use redthread::{
    app::{command, model::Request},
    case::{Action, Case, NewValue, Op},
    model::{Chart, Placement},
    network::EntityRef,
};

use crate::window::{Window, model, press, settle, window};

fn a_case(folder: &std::path::Path) -> std::path::PathBuf {
    let path = folder.join("c.redthread");
    let mut case = Case::create(&path).expect("created");
    let company = |id: &str| Op::Add {
        entity: id.into(),
        schema: "Company".into(),
        values: vec![NewValue::new("name", format!("{id} Trading"))],
    };
    let owns = Op::Add {
        entity: "owns".into(),
        schema: "Ownership".into(),
        values: vec![NewValue::new("owner", "alpha"), NewValue::new("asset", "beta")],
    };
    let chart = Chart::new("Overview", 1.0);
    let at = |id: &str, x: f32| Placement { entity: id.into(), x, y: 0.0, pinned: false };
    let placements = vec![at("alpha", -250.0), at("beta", 250.0)];
    let place = Op::Place { chart: chart.id.clone(), placements };
    let ops = vec![company("alpha"), company("beta"), owns, Op::PutChart(chart), place];
    case.commit(Action::new(ops)).expect("valid");
    case.close().expect("closed");
    path
}

/// The label of what has the keyboard.
fn focused(window: &Window) -> String {
    let all = window.root().children_recursive();
    let focused = all.filter(egui_kittest::Node::is_focused);
    focused.map(|node| node.accesskit_node().label()).next().flatten().unwrap_or_default()
}

fn is_open(window: &Window) -> bool {
    egui::Popup::is_any_open(&window.ctx)
}

fn focus(window: &mut Window, label: &str) {
    window.query_all_by_label_contains(label).next().expect(label).focus();
    window.run_steps(3);
    assert!(focused(window).contains(label), "{label}: {}", focused(window));
}

#[test]
fn the_menu_of_a_card_opens_and_closes_by_keys_and_the_card_keeps_the_keyboard() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1440.0, 900.0], Some(a_case(folder.path())));
    for (modifiers, key) in [(Modifiers::SHIFT, Key::F10), (Modifiers::NONE, Key::Menu)] {
        focus(&mut window, "Company, beta Trading, ");
        press(&mut window, modifiers, key);
        assert!(is_open(&window), "{key:?}");
        assert_eq!(focused(&window), command::ENTITY_EDIT.label, "its first row has the keyboard");
        assert!(model(&window).seen.get(&"beta".into()).is_some());
        let selected: Vec<_> = window.state().view().selection.iter().cloned().collect();
        assert_eq!(selected, ["beta".into()], "it is about the card");
        press(&mut window, Modifiers::NONE, Key::ArrowDown);
        assert_eq!(focused(&window), command::ENTITY_DENY.label, "the next that can be done");
        press(&mut window, Modifiers::NONE, Key::Escape);
        assert!(!is_open(&window));
        assert!(focused(&window).contains("beta Trading"), "{}", focused(&window));
    }
}

#[test]
fn enter_runs_the_command_of_the_row_that_has_the_keyboard() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1440.0, 900.0], Some(a_case(folder.path())));
    focus(&mut window, "alpha Trading to beta Trading");
    press(&mut window, Modifiers::SHIFT, Key::F10);
    assert!(is_open(&window));
    while focused(&window) != command::LINK_SWAP.label {
        press(&mut window, Modifiers::NONE, Key::ArrowDown);
        assert_ne!(focused(&window), command::CASE_WITHDRAW.label, "the row is above");
    }
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert!(!is_open(&window));
    let ends = model(&window).seen.get(&"owns".into()).and_then(EntityRef::ends);
    let ends = ends.map(|(from, to)| (from.to_string(), to.to_string()));
    assert_eq!(ends, Some(("beta".to_owned(), "alpha".to_owned())));
}

#[test]
fn with_nothing_focused_the_menu_is_that_of_the_chart_and_of_what_is_selected() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1440.0, 900.0], Some(a_case(folder.path())));
    press(&mut window, Modifiers::NONE, Key::Menu);
    assert!(is_open(&window));
    assert_eq!(focused(&window), command::ENTITY_ADD.label);
    press(&mut window, Modifiers::NONE, Key::Escape);
    window.state_mut().ask(Request::Run(command::EDIT_SELECT_ALL));
    settle(&mut window);
    window.ctx.memory_mut(|memory| {
        let focused = memory.focused();
        if let Some(id) = focused {
            memory.surrender_focus(id);
        }
    });
    window.run_steps(2);
    let selected = window.state().view().selection.len();
    press(&mut window, Modifiers::NONE, Key::Menu);
    assert!(is_open(&window));
    assert_eq!(window.state().view().selection.len(), selected, "it stays");
    assert_eq!(focused(&window), command::ENTITY_EDIT.label);
}

#[test]
fn rows_of_the_history_and_tabs_have_their_menus_by_keys() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1440.0, 900.0], Some(a_case(folder.path())));
    window.get_by_label("Chart Overview").focus();
    window.run_steps(3);
    press(&mut window, Modifiers::NONE, Key::Menu);
    assert_eq!(focused(&window), command::CHART_RENAME.label);
    press(&mut window, Modifiers::NONE, Key::Escape);

    window.state_mut().ask(Request::Run(command::VIEW_HISTORY));
    settle(&mut window);
    let label = model(&window).log.last().expect("a revision").label.clone();
    window.get_by_label(&label).focus();
    window.run_steps(3);
    press(&mut window, Modifiers::NONE, Key::Menu);
    assert!(is_open(&window) && window.query_by_label("See the case as it was then").is_some());
    press(&mut window, Modifiers::NONE, Key::Escape);
}

#[test]
fn a_row_of_the_table_has_its_menu_by_keys_and_by_the_second_button() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1440.0, 900.0], Some(a_case(folder.path())));
    window.state_mut().ask(Request::Run(command::VIEW_TABLE));
    settle(&mut window);
    let selected = |window: &Window| {
        let view = window.state().view();
        view.selection.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    for (modifiers, key) in [(Modifiers::SHIFT, Key::F10), (Modifiers::NONE, Key::Menu)] {
        // After the heads of the columns come the rows.
        focus(&mut window, "Sort by Links");
        press(&mut window, Modifiers::NONE, Key::Tab);
        press(&mut window, modifiers, key);
        assert!(is_open(&window), "{key:?}");
        assert_eq!(focused(&window), command::ENTITY_EDIT.label);
        assert_eq!(selected(&window), ["alpha"], "it is about the row");
        press(&mut window, Modifiers::NONE, Key::Escape);
        assert!(!is_open(&window));
    }
    for (name, id) in [("beta Trading", "beta"), ("alpha Trading", "alpha")] {
        window.get_by_label(name).click_secondary();
        settle(&mut window);
        assert!(is_open(&window), "{name}");
        assert_eq!(selected(&window), [id], "it is about the row below the pointer");
        press(&mut window, Modifiers::NONE, Key::Escape);
    }
    // What is selected already stays so: the menu is about all of it.
    window.state_mut().ask(Request::Run(command::EDIT_SELECT_ALL));
    settle(&mut window);
    let all = selected(&window);
    // The table is the lowest of what lists it.
    let named = window.query_all_by_label("beta Trading");
    let row = named.max_by(|one, other| one.rect().top().total_cmp(&other.rect().top()));
    row.expect("its row").click_secondary();
    settle(&mut window);
    assert_eq!(selected(&window), all);
    assert!(all.len() > 1 && is_open(&window), "{all:?}");
}

#[test]
fn a_menu_shows_every_row_where_there_is_room() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1440.0, 900.0], Some(a_case(folder.path())));
    focus(&mut window, "Company, alpha Trading");
    press(&mut window, Modifiers::SHIFT, Key::F10);
    let top = |window: &Window| window.get_by_label(command::ENTITY_EDIT.label).rect().top();
    let first = top(&window);
    // Up from the first row is the last.
    press(&mut window, Modifiers::NONE, Key::ArrowUp);
    assert_eq!(focused(&window), command::CASE_WITHDRAW.label);
    let last = window.get_by_label(command::CASE_WITHDRAW.label).rect();
    assert_eq!(top(&window), first, "nothing scrolls");
    assert!(first > 0.0 && last.bottom() < 900.0, "{first} to {last:?}");
}
