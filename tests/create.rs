//! Creating, finding, linking, tagging and pasting on the chart, by keyboard alone where it matters.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use egui::{Event, Key, Modifiers, PointerButton, Pos2, accesskit};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use redthread::{
    app::{command, model::Request},
    case::{Action, Case, EvidenceBytes, NewEvidence, NewValue, Op},
    model::{Chart, Entity, Id, Placement},
    network::EntityRef,
};

use crate::window::{Window, click, model, press, settle, window, write};

const SIZE: [f32; 2] = [1280.0, 800.0];
const NAME: &str = "Name of the entity";

fn add(id: &str, schema: &str, values: &[(&str, &str)]) -> Op {
    let values = values.iter().map(|(p, v)| NewValue::new(*p, *v)).collect();
    Op::Add { entity: id.into(), schema: schema.into(), values }
}

fn at(id: &str, x: f32, y: f32) -> Placement {
    Placement { entity: id.into(), x, y, pinned: false }
}

/// A case of these entities with two charts; the first has these placements.
fn case(folder: &Path, ops: Vec<Op>, places: Vec<Placement>) -> PathBuf {
    let path = folder.join("case.redthread");
    let mut case = Case::create(&path).expect("a new case");
    case.commit(Action::new(ops)).expect("valid");
    let (first, second) = (Chart::new("First", 1.0), Chart::new("Second", 2.0));
    let place = Op::Place { chart: first.id.clone(), placements: places };
    let ops = vec![Op::PutChart(first), Op::PutChart(second), place];
    case.commit(Action::new(ops)).expect("placed");
    case.close().expect("closed");
    path
}

fn all(window: &Window) -> Vec<Entity> {
    model(window).seen.iter().map(EntityRef::to_entity).collect()
}

fn called(window: &Window, name: &str) -> Vec<String> {
    let found = all(window).into_iter().filter(|e| &*e.caption == name);
    found.map(|e| e.schema.to_string()).collect()
}

fn selected(window: &Window) -> Vec<String> {
    window.state().view().selection.iter().map(|id| model(window).name(id)).collect()
}

fn chart(window: &Window) -> Id {
    window.state().view().chart.clone().expect("a chart is open")
}

fn on_chart(window: &Window) -> BTreeSet<String> {
    let placed = model(window).placed(&chart(window)).iter();
    placed.map(|p| model(window).name(&p.entity)).collect()
}

fn key(window: &mut Window, key: Key) {
    press(window, Modifiers::NONE, key);
}

/// What the command line says.
fn redthread(args: &[&str]) -> String {
    let program = std::process::Command::new(env!("CARGO_BIN_EXE_redthread")).args(args).output();
    let output = program.expect("it runs");
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn drag(window: &mut Window, from: Pos2, to: Pos2) {
    window.drag_at(from);
    window.run_steps(2);
    for t in [0.1, 0.5, 1.0] {
        window.hover_at(from + (to - from) * t);
        window.run_steps(1);
    }
    let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
    window.event(Event::PointerButton { pos: to, button, pressed: false, modifiers });
    settle(window);
}

/// The rows of the open list that are chosen, as a screen reader is told.
fn chosen_row(window: &Window) -> Option<String> {
    let rows = window.query_all_by_role(accesskit::Role::ListBoxOption);
    let mut chosen = rows.filter(|row| row.accesskit_node().is_selected() == Some(true));
    let row = chosen.next()?;
    assert!(chosen.next().is_none(), "one row at most is chosen");
    row.accesskit_node().label()
}

#[test]
fn the_kind_that_was_chosen_stays_while_the_name_is_typed() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window(
        SIZE,
        Some(case(folder.path(), vec![add("x", "Company", &[("name", "Pier Road")])], vec![])),
    );
    key(&mut window, Key::N);
    key(&mut window, Key::ArrowDown);
    assert_eq!(chosen_row(&window).as_deref(), Some("Person"));
    write(&mut window, NAME, "Li Wei");
    window.get_by_label("Enter adds the person “Li Wei”.");
    key(&mut window, Key::Enter);
    assert_eq!(called(&window, "Li Wei"), ["Person"]);

    // By mouse, with a name that fits something else in the case.
    key(&mut window, Key::Escape);
    key(&mut window, Key::N);
    click(&mut window, "Vessel");
    write(&mut window, NAME, "Pier");
    key(&mut window, Key::Enter);
    assert_eq!(called(&window, "Pier"), ["Vessel"]);

    // Chosen after the name was typed.
    key(&mut window, Key::Escape);
    key(&mut window, Key::N);
    write(&mut window, NAME, "Quay");
    click(&mut window, "New address");
    assert_eq!(called(&window, "Quay"), ["Address"]);
}

#[test]
fn enter_creates_what_was_typed_unless_a_suggestion_was_chosen_or_has_the_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let full = "Harbour Light Trading Limited";
    let ops = vec![add("h", "Company", &[("name", full)])];
    let mut window = window(SIZE, Some(case(folder.path(), ops, vec![])));
    key(&mut window, Key::N);
    write(&mut window, NAME, "Harbour");
    window.get_by_label(full);
    window.get_by_label("Enter adds the company “Harbour”.");
    assert_eq!(chosen_row(&window), None);
    key(&mut window, Key::Enter);
    assert_eq!(called(&window, "Harbour"), ["Company"], "a part of a name is a name");
    assert_eq!(on_chart(&window), BTreeSet::from(["Harbour".to_owned()]));

    key(&mut window, Key::Escape);
    key(&mut window, Key::N);
    write(&mut window, NAME, "Harbour Li");
    key(&mut window, Key::ArrowDown);
    assert_eq!(chosen_row(&window).as_deref(), Some(full));
    window.get_by_label_contains("which is in the case.");
    key(&mut window, Key::Enter);
    assert_eq!(selected(&window), [full]);
    assert!(on_chart(&window).contains(full));
    assert_eq!(all(&window).len(), 2, "nothing new");

    // What has the same name is shown, not made again, unless another kind is asked for.
    key(&mut window, Key::Escape);
    key(&mut window, Key::N);
    write(&mut window, NAME, "harbour light trading limited");
    window.get_by_label_contains("which is on this chart.");
    key(&mut window, Key::Enter);
    assert_eq!((all(&window).len(), selected(&window)), (2, vec![full.to_owned()]));
    key(&mut window, Key::Escape);
    key(&mut window, Key::N);
    click(&mut window, "Vessel");
    write(&mut window, NAME, full);
    key(&mut window, Key::Enter);
    let kinds: BTreeSet<String> = called(&window, full).into_iter().collect();
    assert_eq!(kinds, BTreeSet::from(["Company".to_owned(), "Vessel".to_owned()]));

    // ↑ goes back to what was typed.
    key(&mut window, Key::Escape);
    key(&mut window, Key::N);
    write(&mut window, NAME, "Light");
    key(&mut window, Key::ArrowDown);
    key(&mut window, Key::ArrowUp);
    assert_eq!(chosen_row(&window), None);
    key(&mut window, Key::End);
    key(&mut window, Key::Enter);
    assert_eq!(called(&window, "Light").len(), 1);
}

#[test]
fn home_end_and_tab_work_in_the_list_once_a_row_is_chosen() {
    let folder = tempfile::tempdir().expect("a folder");
    let ops = (0..4).map(|n| {
        let name = format!("Lantern {n}");
        add(&name, "Company", &[("name", &name)])
    });
    let mut window = window(SIZE, Some(case(folder.path(), ops.collect(), vec![])));
    key(&mut window, Key::N);
    write(&mut window, NAME, "Lant");
    key(&mut window, Key::ArrowDown);
    key(&mut window, Key::End);
    assert_eq!(chosen_row(&window).as_deref(), Some("New court case"));
    key(&mut window, Key::Home);
    assert_eq!(chosen_row(&window).as_deref(), Some("Lantern 0"));
    key(&mut window, Key::Tab);
    window.get_by_label("Enter places Lantern 0, which is in the case.");
    key(&mut window, Key::Enter);
    assert_eq!((selected(&window), all(&window).len()), (vec!["Lantern 0".to_owned()], 4));
}

#[test]
fn a_name_in_another_script_is_found_by_how_it_reads_and_a_typo_is_forgiven() {
    let folder = tempfile::tempdir().expect("a folder");
    let ops = vec![
        add("w", "Person", &[("name", "王喆")]),
        add("l", "Company", &[("name", "Lantern Shipping")]),
    ];
    let mut window = window(SIZE, Some(case(folder.path(), ops, vec![])));
    key(&mut window, Key::N);
    write(&mut window, NAME, "wang zhe");
    window.get_by_label("王喆");
    key(&mut window, Key::ArrowDown);
    key(&mut window, Key::Enter);
    assert_eq!(on_chart(&window), BTreeSet::from(["王喆".to_owned()]));
    key(&mut window, Key::Escape);
    key(&mut window, Key::N);
    write(&mut window, NAME, "Lantren");
    // The words of the case are learned while nothing else happens.
    for _ in 0..200 {
        if window.query_by_label("Lantern Shipping").is_some() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
        window.run_steps(2);
    }
    window.get_by_label("Lantern Shipping");
}

#[test]
fn an_owner_is_found_by_how_it_reads_at_the_end_of_a_line_and_in_a_field() {
    let folder = tempfile::tempdir().expect("a folder");
    let ops = vec![
        add("w", "Person", &[("name", "王喆")]),
        add("v", "Vessel", &[("name", "Evening Lark")]),
    ];
    let mut window = window(SIZE, Some(case(folder.path(), ops, vec![at("v", 0.0, 0.0)])));
    // A relationship drawn into the open ends at what is chosen there.
    let app = window.state();
    let at = app.canvas().position(app.view(), &"v".into()).expect("on the chart");
    window.hover_at(at);
    window.run_steps(3);
    let handle = window.get_by_label("Link from Evening Lark").rect().center();
    drag(&mut window, handle, handle + egui::vec2(40.0, 160.0));
    write(&mut window, NAME, "wang zhe");
    window.get_by_label("王喆");
    key(&mut window, Key::ArrowDown);
    key(&mut window, Key::Enter);
    window.get_by_label("Evening Lark → 王喆");
    assert!(chosen_row(&window).is_some_and(|row| row.starts_with("Ownership")));
    key(&mut window, Key::Enter);
    let link = model(&window).seen.links().next().map(EntityRef::to_entity).expect("drawn");
    assert_eq!((&*link.schema, link.ends), ("Ownership", Some(("w".into(), "v".into()))));

    // The same in a field of the inspector.
    window.get_by_label("Vessel, Evening Lark, tentative").click();
    settle(&mut window);
    key(&mut window, Key::A);
    write(&mut window, "Property to add", "operator");
    key(&mut window, Key::Enter);
    write(&mut window, "Operator", "wang zhe");
    key(&mut window, Key::ArrowDown);
    assert_eq!(chosen_row(&window).as_deref(), Some("王喆"));
    key(&mut window, Key::Enter);
    assert_eq!(model(&window).seen.find("v").expect("there").first("operator"), Some("w"));
}

#[test]
fn a_country_is_reached_by_arrow_and_enter_and_a_part_of_one_is_not_saved() {
    let folder = tempfile::tempdir().expect("a folder");
    let ops = vec![add("a", "Person", &[("name", "Alpha")])];
    let mut window = window(SIZE, Some(case(folder.path(), ops, vec![at("a", 0.0, 0.0)])));
    let nationality = |window: &Window| {
        let entity = model(window).seen.find("a").expect("there");
        entity.first("nationality").map(str::to_owned)
    };
    window.get_by_label("Person, Alpha, tentative").click();
    settle(&mut window);
    click(&mut window, "Add nationality");
    write(&mut window, "Nationality", "hong");
    key(&mut window, Key::Enter);
    assert_eq!(nationality(&window), None, "“hong” is no country");
    window.get_by_label_contains("“hong” is not a known country");
    key(&mut window, Key::ArrowDown);
    assert_eq!(chosen_row(&window).as_deref(), Some("Hong Kong SAR"));
    key(&mut window, Key::Enter);
    assert_eq!(nationality(&window).as_deref(), Some("hk"));
    // By mouse.
    click(&mut window, "Add nationality");
    write(&mut window, "Nationality", "korea");
    click(&mut window, "North Korea");
    key(&mut window, Key::Enter);
    let entity = model(&window).seen.find("a").expect("there");
    assert_eq!(entity.all("nationality").collect::<Vec<_>>(), ["hk", "kp"]);
}

#[test]
fn no_list_of_suggestions_walks_the_case_in_a_frame() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/app");
    for file in ["canvas/create.rs", "canvas/link.rs", "suggest.rs", "editor.rs", "palette/mod.rs"]
    {
        let text = std::fs::read_to_string(sources.join(file)).expect("readable");
        for walk in [".nodes()", "network.iter()", ".links()"] {
            assert!(!text.contains(walk), "{file} walks the network: {walk}");
        }
    }
}

#[test]
fn a_relationship_is_drawn_by_keyboard_alone_with_share_and_date() {
    let folder = tempfile::tempdir().expect("a folder");
    let ops = vec![
        add("a", "Company", &[("name", "Alpha")]),
        add("b", "Company", &[("name", "Beta")]),
        add("c", "Person", &[("name", "Cao")]),
    ];
    let places = vec![at("a", 0.0, 0.0), at("b", 400.0, 0.0), at("c", 0.0, 250.0)];
    let mut window = window(SIZE, Some(case(folder.path(), ops, places)));
    let links = |window: &Window| {
        let links = model(window).seen.links();
        links.map(EntityRef::to_entity).collect::<Vec<Entity>>()
    };
    // Enter on an entity is a click; the second opens the box, and does not answer it.
    key(&mut window, Key::L);
    for name in ["Company, Alpha, tentative", "Company, Beta, tentative"] {
        window.get_by_label(name).focus();
        window.run_steps(2);
        key(&mut window, Key::Enter);
    }
    assert!(links(&window).is_empty(), "nothing was asked yet");
    window.get_by_label("Alpha → Beta");
    assert!(chosen_row(&window).is_some_and(|row| row.starts_with("Ownership")));
    let share = window
        .get_by_role_and_label(accesskit::Role::TextInput, "Share in per cent of the relationship");
    share.type_text("60");
    settle(&mut window);
    key(&mut window, Key::Tab);
    let date =
        window.get_by_role_and_label(accesskit::Role::TextInput, "Start date of the relationship");
    // Tab has led there.
    date.type_text("2016-08");
    settle(&mut window);
    key(&mut window, Key::Enter);
    let found = links(&window);
    assert_eq!(found.len(), 1);
    let first = |property: &str| {
        let link = model(&window).seen.get(&found[0].id).expect("there");
        link.first(property).map(str::to_owned)
    };
    assert_eq!(&*found[0].schema, "Ownership");
    assert_eq!(found[0].ends, Some((Id::from("a"), Id::from("b"))));
    assert_eq!(first("percentage").as_deref(), Some("60"));
    assert_eq!(first("startDate").as_deref(), Some("2016-08"));

    // The next one asks again, with the kind that was chosen last; another is chosen by ↓.
    for name in ["Person, Cao, tentative", "Company, Beta, tentative"] {
        window.get_by_label(name).focus();
        window.run_steps(2);
        key(&mut window, Key::Enter);
    }
    assert_eq!(links(&window).len(), 1);
    key(&mut window, Key::Home);
    key(&mut window, Key::ArrowDown);
    let row = chosen_row(&window).expect("a kind");
    key(&mut window, Key::Enter);
    let found = links(&window);
    let new = found.iter().find(|link| link.ends == Some((Id::from("c"), Id::from("b"))));
    let new = new.expect("drawn");
    assert!(row.starts_with(redthread::model::schema::label(&new.schema)), "{row}: {new:?}");

    // Two that are selected, and the ends swapped.
    key(&mut window, Key::Escape);
    window.get_by_label("Company, Alpha, tentative").click();
    settle(&mut window);
    window.get_by_label("Person, Cao, tentative").click_modifiers(Modifiers::SHIFT);
    settle(&mut window);
    key(&mut window, Key::R);
    window.get_by_label("Alpha → Cao");
    click(&mut window, "Swap the ends");
    window.get_by_label("Cao → Alpha");
    let before = links(&window).len();
    key(&mut window, Key::Escape);
    assert_eq!(links(&window).len(), before, "Esc draws nothing");
}

#[test]
fn a_tag_is_a_chip_that_is_suggested_shown_and_removed() {
    let folder = tempfile::tempdir().expect("a folder");
    let ops = vec![
        add("a", "Company", &[("name", "Alpha")]),
        add("b", "Company", &[("name", "Beta"), ("tag", "to check")]),
    ];
    let places = vec![at("a", 0.0, 0.0), at("b", 400.0, 0.0)];
    let mut window = window(SIZE, Some(case(folder.path(), ops, places)));
    let tags = |window: &Window, id: &str| {
        let entity = model(window).seen.find(id).expect("there");
        entity.all("tag").map(str::to_owned).collect::<Vec<_>>()
    };
    window.get_by_label("Company, Beta, tentative, tagged to check");
    window.get_by_label("Company, Alpha, tentative").click();
    settle(&mut window);
    key(&mut window, Key::T);
    write(&mut window, "Tag", "che");
    key(&mut window, Key::ArrowDown);
    assert_eq!(chosen_row(&window).as_deref(), Some("to check"));
    key(&mut window, Key::Enter);
    assert_eq!(tags(&window, "a"), ["to check"]);
    window.get_by_label("Company, Alpha, tentative, tagged to check");
    // What is typed is a tag of its own where nothing was chosen.
    key(&mut window, Key::T);
    write(&mut window, "Tag", "che");
    key(&mut window, Key::Enter);
    assert_eq!(tags(&window, "a"), ["to check", "che"]);
    click(&mut window, "Remove tag to check");
    assert_eq!(tags(&window, "a"), ["che"]);
    assert_eq!(tags(&window, "b"), ["to check"], "of this one alone");
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(tags(&window, "a").len(), 2);
}

#[test]
fn tags_are_chips_in_an_exported_picture_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let ops = vec![add("a", "Company", &[("name", "Alpha"), ("tag", "to check")])];
    let path = case(folder.path(), ops, vec![at("a", 0.0, 0.0)]);
    let out = folder.path().join("chart.svg");
    let (path, file) = (path.display().to_string(), out.display().to_string());
    redthread(&["render", &path, "--out", &file]);
    let svg = std::fs::read_to_string(out).expect("written");
    assert!(svg.contains(">to check<"), "{svg}");
}

#[test]
fn what_is_pasted_into_another_chart_keeps_its_arrangement() {
    let folder = tempfile::tempdir().expect("a folder");
    let names = ["a", "b", "c", "d"];
    let ops = names.map(|n| add(n, "Company", &[("name", n)])).to_vec();
    let places =
        vec![at("a", 0.0, 0.0), at("b", 333.0, 21.0), at("c", -70.0, 400.0), at("d", 900.0, 0.0)];
    let mut window = window(SIZE, Some(case(folder.path(), ops, places)));
    let places = |window: &Window| {
        let placed = model(window).placed(&chart(window)).iter();
        placed
            .map(|p| (p.entity.to_string(), (p.x, p.y)))
            .collect::<std::collections::BTreeMap<_, _>>()
    };
    let before = places(&window);
    window.state_mut().ask(Request::Run(command::EDIT_SELECT_ALL));
    settle(&mut window);
    window.state_mut().ask(Request::Run(command::EDIT_COPY));
    settle(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::PageDown);
    // One of them is there already, in the middle of things.
    let second = chart(&window);
    let there = Op::Place { chart: second.clone(), placements: vec![at("d", 10.0, 10.0)] };
    window.state_mut().ask(Request::Commit(Action::new(vec![there])));
    settle(&mut window);
    let steps = model(&window).log.len();
    window.state_mut().ask(Request::Run(command::EDIT_PASTE));
    settle(&mut window);
    let after = places(&window);
    assert_eq!(after.len(), 4);
    assert_eq!(after["d"], (10.0, 10.0), "what was there stays");
    let offset = |places: &std::collections::BTreeMap<String, (f32, f32)>, n: &str| {
        (places[n].0 - places["a"].0, places[n].1 - places["a"].1)
    };
    for name in ["b", "c"] {
        let (was, is) = (offset(&before, name), offset(&after, name));
        assert!(
            (was.0 - is.0).abs() < 0.01 && (was.1 - is.1).abs() < 0.01,
            "{name}: {was:?} {is:?}"
        );
    }
    for name in ["a", "b", "c"] {
        let (x, y) = after[name];
        assert!((x - 10.0).abs() > 100.0 || (y - 10.0).abs() > 40.0, "{name} lies on d");
    }
    assert_eq!(model(&window).log.len(), steps + 1, "one step");
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(places(&window).len(), 1);
}

#[test]
fn documents_are_counted_and_placed_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("documents.redthread");
    let mut case = Case::create(&path).expect("a new case");
    let scan = |n: usize| {
        Op::Attach(NewEvidence {
            id: format!("scan {n}").as_str().into(),
            bytes: EvidenceBytes::Memory(vec![n as u8; 9]),
            file_name: format!("scan {n}.txt"),
            mime: "text/plain".into(),
            method: "pasted".into(),
            values: vec![NewValue::new("title", format!("Scan {n}"))],
        })
    };
    let ops = vec![
        add("a", "Company", &[("name", "Alpha")]),
        add("b", "Person", &[("name", "Beta")]),
        add("o", "Ownership", &[("owner", "b"), ("asset", "a")]),
        scan(1),
        scan(2),
        scan(3),
        Op::PutChart(Chart::new("First", 1.0)),
    ];
    case.commit(Action::new(ops)).expect("valid");
    let kinds = case.counts().expect("counts").kinds();
    assert_eq!(kinds, [2, 1, 3]);
    case.close().expect("closed");
    let info = redthread(&["info", &path.display().to_string()]);
    assert!(info.contains("2 entities, 1 relationship, 3 documents"), "{info}");
    let info = redthread(&["info", &path.display().to_string(), "--json"]);
    let info: serde_json::Value = serde_json::from_str(&info).expect("JSON");
    let of = |key: &str| info[key].as_u64();
    let kinds = [of("entities"), of("relationships"), of("documents"), of("evidence")];
    assert_eq!(kinds, [Some(2), Some(1), Some(3), Some(3)]);
    let mut window = window(SIZE, Some(path));
    let counts = [(2, "entities"), (1, "relationship"), (3, "documents")];
    assert_eq!(model(&window).counts(), counts);
    window.get_by_label("2 entities · 1 relationship · 3 documents");
    let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    press(&mut window, Modifiers::SHIFT, Key::P);
    assert_eq!(on_chart(&window), names(&["Alpha", "Beta"]));
    assert!(window.state().messages().iter().any(|m| m.contains("3 documents are left out")));
    window.state_mut().ask(Request::Run(command::CHART_PLACE_DOCUMENTS));
    settle(&mut window);
    let all = names(&["Alpha", "Beta", "Scan 1", "Scan 2", "Scan 3"]);
    assert_eq!(on_chart(&window), all);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(on_chart(&window), names(&["Alpha", "Beta"]));
    // The count follows every change, without a walk.
    let withdraw = vec![Op::WithdrawEntity("scan 1".into())];
    window.state_mut().ask(Request::Commit(Action::new(withdraw)));
    settle(&mut window);
    assert_eq!(model(&window).counts()[2], (2, "documents"));
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(model(&window).counts(), counts);
}
