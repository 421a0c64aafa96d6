//! The main job by keys alone: forms have the keyboard when they open, refused text stays.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use egui::{Key, Modifiers};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use redthread::{
    app::{App, model::Request, query::DetailsOf},
    case::{Action, Case, EvidenceBytes, NewEvidence, NewValue, Op},
    model::{Chart, Id, Placement},
    network::EntityRef,
};

use crate::window::{Window, model, press, settle, window};

/// What the program keeps from one run to the next, in memory.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<HashMap<String, String>>>);

impl eframe::Storage for Kept {
    fn get_string(&self, key: &str) -> Option<String> {
        self.0.lock().expect("not poisoned").get(key).cloned()
    }

    fn set_string(&mut self, key: &str, value: String) {
        self.0.lock().expect("not poisoned").insert(key.to_owned(), value);
    }

    fn remove_string(&mut self, key: &str) {
        self.0.lock().expect("not poisoned").remove(key);
    }

    fn flush(&mut self) {}
}

fn started(kept: &Kept) -> Window {
    let kept: &'static Kept = Box::leak(Box::new(kept.clone()));
    let mut window = Harness::builder().with_size([1280.0, 800.0]).build_eframe(|creation| {
        creation.storage = Some(kept);
        App::new(creation, None)
    });
    settle(&mut window);
    window
}

/// Types into whatever has the keyboard, as keys do.
fn type_keys(window: &mut Window, text: &str) {
    for c in text.chars() {
        let key = Key::from_name(&c.to_uppercase().to_string());
        for pressed in [true, false] {
            if let Some(key) = key {
                window.event(egui::Event::Key {
                    key,
                    physical_key: None,
                    pressed,
                    repeat: false,
                    modifiers: Modifiers::NONE,
                });
            }
            if pressed {
                window.event(egui::Event::Text(c.to_string()));
            }
        }
        window.run_steps(1);
    }
    settle(window);
}

fn a_case(folder: &std::path::Path) -> std::path::PathBuf {
    let path = folder.join("keys.redthread");
    let mut case = Case::create(&path).expect("a new case");
    let chart = Chart::new("First", 1.0);
    let at = Placement { entity: Id::from("a"), x: 0.0, y: 0.0, pinned: false };
    let ops = vec![
        Op::Add {
            entity: "a".into(),
            schema: "Company".into(),
            values: vec![NewValue::new("name", "Alpha")],
        },
        Op::PutChart(chart.clone()),
        Op::Place { chart: chart.id.clone(), placements: vec![at] },
        Op::Attach(NewEvidence {
            id: "scan".into(),
            bytes: EvidenceBytes::Memory(b"Alpha".to_vec()),
            file_name: "scan.txt".into(),
            mime: "text/plain".into(),
            method: "pasted".into(),
            values: vec![NewValue::new("title", "Scan")],
        }),
    ];
    case.commit(Action::new(ops)).expect("valid");
    case.close().expect("closed");
    path
}

#[test]
fn the_size_of_text_is_kept_through_a_theme_and_a_restart() {
    let kept = Kept::default();
    let mut first = started(&kept);
    let size = |window: &Window| (window.ctx.zoom_factor() * 10.0).round() as i32;
    for (key, wanted) in
        [(Key::Plus, 11), (Key::Equals, 12), (Key::Minus, 11), (Key::Num0, 10), (Key::Plus, 11)]
    {
        press(&mut first, Modifiers::COMMAND, key);
        assert_eq!(size(&first), wanted, "{key:?}");
    }
    // As a keyboard types + where it is on the key of =.
    press(&mut first, Modifiers::COMMAND | Modifiers::SHIFT, Key::Plus);
    press(&mut first, Modifiers::COMMAND | Modifiers::SHIFT, Key::L);
    assert_eq!(size(&first), 12, "after a change of theme");
    eframe::App::save(first.state_mut(), &mut kept.clone());
    assert_eq!(size(&started(&kept)), 12, "after a restart");
}

#[test]
fn what_is_typed_while_a_box_opens_is_typed_into_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1280.0, 800.0], Some(a_case(folder.path())));
    let before = model(&window).seen.len();
    // All within one slow frame, in a window in which H, A, R and B run commands as well.
    let one_frame = |window: &mut Window, modifiers, keys: &[(Key, &str)]| {
        for (key, text) in keys {
            for pressed in [true, false] {
                let physical_key = None;
                let event =
                    egui::Event::Key { key: *key, physical_key, pressed, repeat: false, modifiers };
                window.input_mut().events.push(event);
                if pressed && !text.is_empty() {
                    window.input_mut().events.push(egui::Event::Text((*text).to_owned()));
                }
            }
        }
        settle(window);
    };
    let name = [(Key::N, "n"), (Key::H, "H"), (Key::A, "a"), (Key::R, "r"), (Key::B, "b")];
    one_frame(&mut window, Modifiers::NONE, &name);
    let field = window.get_by_role_and_label(egui::Role::TextInput, "Name of the entity");
    assert_eq!(field.value().as_deref(), Some("Harb"));
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(model(&window).seen.len(), before + 1);

    // The same with what the palette opens, and with two commands after each other.
    one_frame(&mut window, Modifiers::COMMAND, &[(Key::K, "theme")]);
    assert!(window.query_by_label_contains("Dark or light theme").is_some());
    press(&mut window, Modifiers::NONE, Key::Escape);
    one_frame(&mut window, Modifiers::COMMAND, &[(Key::Z, ""), (Key::Z, "")]);
    assert!(model(&window).seen.len() < before, "both are undone");
}

#[test]
fn citing_takes_the_keyboard_and_enter_cites() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1280.0, 800.0], Some(a_case(folder.path())));
    press(&mut window, Modifiers::COMMAND, Key::A);
    let before = model(&window).log.len();
    press(&mut window, Modifiers::NONE, Key::C);
    type_keys(&mut window, "than");
    assert_eq!(model(&window).log.len(), before, "no letter is a command");
    press(&mut window, Modifiers::NONE, Key::Enter);
    let label = model(&window).log.last().map(|revision| revision.label.clone());
    assert_eq!(label.as_deref(), Some("Cite Scan for Alpha"));
    let details = DetailsOf::now(Id::from("a"));
    window.state_mut().ask(Request::query(details.clone()));
    settle(&mut window);
    let details = model(&window).answer(&details).expect("asked for");
    let pages = details.statements.iter().flat_map(|s| &s.citations);
    let pages: Vec<_> = pages.filter_map(|citation| citation.page.as_deref()).collect();
    assert_eq!(pages, ["than"]);
    press(&mut window, Modifiers::NONE, Key::C);
    assert!(window.query_by_label("Page or place").is_some());
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert!(window.query_by_label("Page or place").is_none(), "Esc closes");
    assert_eq!(window.state().view().selection.len(), 1, "and leaves the selection");
}

#[test]
fn a_refused_name_stays_with_the_reason_and_nothing_is_selected() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = a_case(folder.path());
    let mut window = window([1280.0, 800.0], Some(path.clone()));
    press(&mut window, Modifiers::NONE, Key::N);
    type_keys(&mut window, "beta");
    // The case is moved away: the change is refused.
    std::fs::rename(&path, folder.path().join("elsewhere.redthread")).expect("moved");
    press(&mut window, Modifiers::NONE, Key::Enter);
    let field = window.get_by_role_and_label(egui::Role::TextInput, "Name of the entity");
    use egui_kittest::kittest::NodeT as _;
    assert_eq!(field.accesskit_node().value().as_deref(), Some("beta"));
    assert!(window.state().view().selection.is_empty(), "nothing that does not exist");
    assert_eq!(window.state().view().select_new, None, "nor is anything waited for");
    assert_eq!(model(&window).seen.find("beta").map(|_| ()), None);
}

#[test]
fn both_ends_of_a_relationship_are_chosen_by_tab_and_enter() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1280.0, 800.0], Some(a_case(folder.path())));
    press(&mut window, Modifiers::NONE, Key::N);
    type_keys(&mut window, "Beta");
    press(&mut window, Modifiers::NONE, Key::Enter);
    press(&mut window, Modifiers::NONE, Key::L);
    let focused = |window: &Window| {
        let mut found = window.query_all_by(|node| node.is_focused() && node.label().is_some());
        found.find_map(|node| node.accesskit_node().label()).unwrap_or_default()
    };
    let first = focused(&window);
    assert!(first.starts_with("Company, "), "an entity has the keyboard: {first:?}");
    press(&mut window, Modifiers::NONE, Key::Enter);
    for _ in 0..6 {
        press(&mut window, Modifiers::NONE, Key::Tab);
        let now = focused(&window);
        if now.starts_with("Company, ") && now[..13] != first[..13] {
            break;
        }
    }
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(model(&window).seen.links().count(), 0, "the kind is asked for");
    press(&mut window, Modifiers::NONE, Key::Enter);
    let links: Vec<_> = model(&window).seen.links().map(EntityRef::to_entity).collect();
    assert_eq!(links.len(), 1);
    let (from, to) = links[0].ends.clone().expect("both ends");
    assert!(from != to && [&from, &to].contains(&&Id::from("a")), "{from} → {to}");
}

#[test]
fn tab_goes_round_the_entities_while_relationships_are_drawn() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1280.0, 800.0], Some(a_case(folder.path())));
    for name in ["Beta", "Gamma"] {
        press(&mut window, Modifiers::NONE, Key::N);
        type_keys(&mut window, name);
        press(&mut window, Modifiers::NONE, Key::Enter);
    }
    press(&mut window, Modifiers::NONE, Key::L);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert!(window.query_by_label_contains("the other end").is_some());
    let focused = |window: &Window| {
        let mut found = window.query_all_by(|node| node.is_focused() && node.label().is_some());
        found.find_map(|node| node.accesskit_node().label()).unwrap_or_default()
    };
    let first = focused(&window);
    let mut seen = vec![first.clone()];
    for _ in 0..3 {
        press(&mut window, Modifiers::NONE, Key::Tab);
        seen.push(focused(&window));
    }
    assert!(seen.iter().all(|name| name.starts_with("Company, ")), "{seen:?}");
    assert_eq!(seen[3], first, "{seen:?}");
    assert_eq!(seen[..3].iter().collect::<std::collections::BTreeSet<_>>().len(), 3, "{seen:?}");
    press(&mut window, Modifiers::SHIFT, Key::Tab);
    assert_eq!(focused(&window), seen[2]);
    // The box opens beside the entity, wherever the pointer is.
    let card = window.get_by_label(&seen[2]).rect();
    let far = |at: f32, whole: f32| if at > whole / 2.0 { 60.0 } else { whole - 60.0 };
    let away = egui::Pos2::new(far(card.center().x, 1280.0), far(card.center().y, 800.0));
    window.event(egui::Event::PointerMoved(away));
    settle(&mut window);
    press(&mut window, Modifiers::NONE, Key::Enter);
    let mut fields = window.query_all_by_label_contains("of the relationship");
    let field = fields.next().expect("the box is open").rect();
    let corner = card.right_bottom();
    assert!(field.distance_to_pos(corner) < 100.0, "{field:?} is far from {card:?}");
}

#[test]
fn what_tab_reaches_in_the_form_that_cites_is_in_sight() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1440.0, 900.0], Some(a_case(folder.path())));
    press(&mut window, Modifiers::COMMAND, Key::A);
    press(&mut window, Modifiers::NONE, Key::C);
    let mut reached = 0;
    for _ in 0..16 {
        press(&mut window, Modifiers::NONE, Key::Tab);
        let foot = window.get_by_role_and_label(egui::Role::Button, "Cite").rect();
        let mut found = window.query_all_by(|node| node.is_focused() && node.label().is_some());
        let Some(focused) = found.next() else { continue };
        let label = focused.accesskit_node().label().unwrap_or_default();
        if label.contains("credibility") {
            reached += 1;
            let rect = focused.rect();
            assert!(rect.bottom() <= foot.top() + 1.0, "{label} is out of sight at {rect:?}");
        }
    }
    assert!(reached >= 6, "Tab reaches every step of credibility");
}

#[test]
fn the_first_tab_goes_to_the_chart_and_to_what_is_selected_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1280.0, 800.0], Some(a_case(folder.path())));
    let focused = |window: &Window| {
        let mut found = window.query_all_by(|node| node.is_focused() && node.label().is_some());
        found.find_map(|node| node.accesskit_node().label()).unwrap_or_default()
    };
    press(&mut window, Modifiers::NONE, Key::Tab);
    assert!(focused(&window).starts_with("Company, Alpha"), "{}", focused(&window));
    assert_eq!(window.state().view().selection.len(), 1, "Tab selects what it reaches");
    press(&mut window, Modifiers::NONE, Key::Escape);
    // A relationship that was drawn just now is selected.
    press(&mut window, Modifiers::NONE, Key::N);
    type_keys(&mut window, "Beta");
    press(&mut window, Modifiers::NONE, Key::Enter);
    press(&mut window, Modifiers::COMMAND, Key::A);
    press(&mut window, Modifiers::NONE, Key::R);
    press(&mut window, Modifiers::NONE, Key::Enter);
    let selected = window.state().view().selection.clone();
    assert_eq!(model(&window).seen.links().count(), 1);
    press(&mut window, Modifiers::NONE, Key::Tab);
    assert!(
        focused(&window).contains("Alpha to Beta") || focused(&window).contains("Beta to Alpha")
    );
    assert_eq!(window.state().view().selection, selected);
}
