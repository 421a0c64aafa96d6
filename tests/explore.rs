//! Filter, group and measure through the window: found by label, clicked, seen on the chart.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use redthread::{
    case::{Action, Case, EvidenceBytes, NewCitation, NewEvidence, NewValue, Op},
    model::{Chart, Id, Placement},
};

use crate::window::{Window, click, model, press, settle, window, write};

/// Two clusters of companies, one North Korean, one of Hong Kong, with a go-between.
fn case(folder: &std::path::Path) -> std::path::PathBuf {
    let path = folder.join("explore.redthread");
    let mut case = Case::create(&path).expect("a new case");
    let mut ops = Vec::new();
    let mut placements = Vec::new();
    let chart = Chart::new("Overview", 1.0);
    let mut company = |id: &str, name: &str, country: &str, x: f32, y: f32| {
        ops.push(Op::Add {
            entity: id.into(),
            schema: "Company".into(),
            values: vec![NewValue::new("name", name), NewValue::new("country", country)],
        });
        placements.push(Placement { entity: id.into(), x, y, pinned: false });
    };
    for n in 0..4_u8 {
        company(&format!("k{n}"), &format!("Taedong {n}"), "kp", 0.0, f32::from(n) * 120.0);
        company(&format!("h{n}"), &format!("Harbour {n}"), "hk", 900.0, f32::from(n) * 120.0);
    }
    company("m", "Go-between 鸿祥", "cn", 450.0, 180.0);
    let ties = ["k0k1", "k0k2", "k0k3", "k1k2", "k2k3", "h0h1", "h0h2", "h0h3", "h1h2", "h2h3"];
    let bridges = [("k0", "m"), ("m", "h0")];
    let all = ties.iter().map(|t| (&t[..2], &t[2..])).chain(bridges);
    for (from, to) in all {
        ops.push(Op::Add {
            entity: format!("{from}-{to}").into(),
            schema: "Ownership".into(),
            values: vec![NewValue::new("owner", from), NewValue::new("asset", to)],
        });
    }
    ops.push(Op::Attach(NewEvidence {
        id: "doc".into(),
        bytes: EvidenceBytes::Memory(b"FICTIONAL".to_vec()),
        file_name: "register.txt".into(),
        mime: "text/plain".into(),
        method: "made for this test".into(),
        values: vec![NewValue::new("title", "Register")],
    }));
    ops.push(Op::Cite(register_for("m")));
    ops.push(Op::PutChart(chart.clone()));
    ops.push(Op::Place { chart: chart.id, placements });
    case.commit(Action::new(ops)).expect("valid");
    case.close().expect("closed");
    path
}

/// Cites the register for what says that an entity exists.
fn register_for(id: &str) -> NewCitation {
    NewCitation {
        statement: redthread::case::Cited::ExistenceOf(id.into()),
        evidence: "doc".into(),
        supports: true,
        credibility: None,
        page: None,
        quote: None,
        range: None,
        region: None,
    }
}

fn open() -> (tempfile::TempDir, Window) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = case(folder.path());
    let mut window = window([1500.0, 1000.0], Some(path));
    press(&mut window, Modifiers::COMMAND, Key::F);
    (folder, window)
}

fn ids(window: &Window, fits: impl Fn(&str) -> bool) -> Vec<String> {
    let all = window.state().view().overlay.left_out.iter().map(|id| id.as_str().to_owned());
    let mut all: Vec<String> = all.filter(|id| fits(id)).collect();
    all.sort();
    all
}

fn is_entity(id: &str) -> bool {
    !id.contains('-')
}

#[test]
fn a_country_is_chosen_the_rest_goes_faint_or_goes_and_comes_back() {
    let (_folder, mut window) = open();
    assert!(window.query_by_label("9 entities on this chart.").is_some());
    click(&mut window, "Filter by country");
    click(&mut window, "Country: North Korea");
    assert_eq!(ids(&window, is_entity), ["h0", "h1", "h2", "h3", "m"]);
    assert!(!window.state().view().overlay.hides, "it dims unless told otherwise");
    assert!(window.query_by_label("4 of 9 entities pass.").is_some());
    assert!(
        window.query_by_label_contains("Company, Hong Kong SAR, Harbour 1").is_some(),
        "what is faint is still there"
    );
    click(&mut window, "Hide the rest");
    assert!(window.query_by_label_contains("Company, Hong Kong SAR, Harbour 1").is_none());
    assert!(window.query_by_label_contains("Company, North Korea, Taedong 1").is_some());
    // A chart that is filtered says so also with the panel closed.
    press(&mut window, Modifiers::COMMAND, Key::F);
    assert!(window.query_by_label("· filter: 4 of 9 pass").is_some());
    press(&mut window, Modifiers::COMMAND, Key::F);
    click(&mut window, "Select what passes");
    assert_eq!(window.state().view().selection.len(), 4);
    click(&mut window, "Clear the filter");
    assert!(ids(&window, |_| true).is_empty());
    assert!(window.query_by_label_contains("Company, Hong Kong SAR, Harbour 1").is_some());
}

#[test]
fn a_filter_follows_the_case_and_asks_for_evidence_values_degrees_and_dates() {
    let (_folder, mut window) = open();
    click(&mut window, "Filter by evidence");
    click(&mut window, "Evidence: Register");
    assert_eq!(ids(&window, is_entity).len(), 8, "only the go-between is cited");
    // What is cited is followed with the panel closed, too.
    press(&mut window, Modifiers::COMMAND, Key::F);
    let cite = Action::new(vec![Op::Cite(register_for("k0"))]);
    window.state_mut().ask(redthread::app::model::Request::Commit(cite));
    settle(&mut window);
    assert_eq!(ids(&window, is_entity).len(), 7, "another is cited now");
    press(&mut window, Modifiers::COMMAND, Key::F);
    click(&mut window, "Clear the filter");
    click(&mut window, "Filter by value");
    write(&mut window, "Part of the value", "鸿");
    assert_eq!(ids(&window, is_entity).len(), 8);
    click(&mut window, "Clear the filter");
    click(&mut window, "Filter by degree");
    write(&mut window, "At least so many relationships", "4");
    assert_eq!(ids(&window, is_entity), ["h1", "h2", "h3", "k1", "k2", "k3", "m"]);
    write(&mut window, "At least so many relationships", "lots");
    assert!(window.query_by_label("lots is no whole number.").is_some());
    assert!(ids(&window, |_| true).is_empty(), "what is no number asks for nothing");
    write(&mut window, "At least so many relationships", "2");
    assert!(!ids(&window, is_entity).contains(&"m".to_owned()));
    let withdraw = Action::new(vec![Op::WithdrawEntity("k0-m".into())]);
    window.state_mut().ask(redthread::app::model::Request::Commit(withdraw));
    settle(&mut window);
    assert!(ids(&window, is_entity).contains(&"m".to_owned()), "it has one relationship left");
    click(&mut window, "Filter by period");
    write(&mut window, "Existed from", "someday");
    assert!(window.query_by_label_contains("someday is no date").is_some());
}

#[test]
fn groups_are_made_moved_listed_renamed_expanded_and_undone() {
    let (_folder, mut window) = open();
    click(&mut window, "Group by country");
    let groups = |window: &Window| {
        let chart = &model(window).charts[0];
        let named = |g: &redthread::model::chart::Group| format!("{} {}", g.name, g.members.len());
        chart.groups.iter().map(named).collect::<Vec<_>>()
    };
    assert_eq!(groups(&window), ["Hong Kong SAR 4", "North Korea 4"]);
    assert!(window.query_by_label_contains("Company, North Korea, Taedong 1").is_none());
    let label = "Chart Overview: 3 entities, 2 relationships, 0 selected";
    assert!(window.query_by_label(label).is_some(), "each group is drawn as one");
    click(&mut window, "Group of 4, North Korea");
    let group = model(&window).charts[0].groups[1].clone();
    assert!(window.state().view().selection.contains(&group.id));
    // Moving it moves its members, all as far.
    let places = |window: &Window| -> Vec<(f32, f32)> {
        let chart = &model(window).charts[0].id;
        let placed =
            model(window).placed(chart).iter().filter(|p| p.entity.as_str().starts_with('k'));
        placed.map(|p| (p.x, p.y)).collect()
    };
    let before = places(&window);
    let from = window.get_by_label("Group of 4, North Korea").rect().center();
    let to = from + egui::vec2(60.0, 40.0);
    for (at, pressed) in [(from, true), (to, false)] {
        window.hover_at(at);
        window.run_steps(2);
        window.event(egui::Event::PointerButton {
            pos: at,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        });
        window.run_steps(2);
    }
    settle(&mut window);
    let moved: Vec<(f32, f32)> =
        places(&window).iter().zip(&before).map(|(a, b)| (a.0 - b.0, a.1 - b.1)).collect();
    assert!(moved.iter().all(|by| by.0 > 20.0 && by.1 > 10.0), "{moved:?}");
    assert!(moved.iter().all(|by| (by.0 - moved[0].0).abs() < 0.1), "{moved:?}");
    // What is only drawn cannot be withdrawn, and says so.
    let count = model(&window).seen.len();
    press(&mut window, Modifiers::COMMAND, Key::Delete);
    assert_eq!(model(&window).seen.len(), count);
    let said = window.state().messages().pop().unwrap_or_default();
    assert!(said.contains("A group exists on the chart only"), "{said}");
    write(&mut window, "Name of the group", "Pyongyang's");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(groups(&window)[1], "Pyongyang's 4");
    click(&mut window, "Take Taedong 3 out of the group");
    assert_eq!(groups(&window)[1], "Pyongyang's 3");
    press(&mut window, Modifiers::SHIFT, Key::G);
    assert_eq!(groups(&window), ["Hong Kong SAR 4"]);
    assert_eq!(window.state().view().selection.len(), 3, "who was in it is selected");
    for _ in 0..3 {
        press(&mut window, Modifiers::COMMAND, Key::Z);
    }
    assert_eq!(groups(&window), ["Hong Kong SAR 4", "North Korea 4"]);
    click(&mut window, "Expand all groups");
    assert!(groups(&window).is_empty());
    press(&mut window, Modifiers { shift: true, ..Modifiers::COMMAND }, Key::A);
    press(&mut window, Modifiers::ALT, Key::G);
    assert_eq!(groups(&window).len(), 2, "{:?}", groups(&window));
}

#[test]
fn a_layout_moves_a_group_as_one() {
    let (_folder, mut window) = open();
    click(&mut window, "Group by country");
    let places = |window: &Window| -> std::collections::BTreeMap<String, (f32, f32)> {
        let placed = model(window).placed(&model(window).charts[0].id);
        placed.iter().map(|p| (p.entity.as_str().to_owned(), (p.x, p.y))).collect()
    };
    let before = places(&window);
    let shape = |places: &std::collections::BTreeMap<String, (f32, f32)>, who: &str| {
        let (x, y) = places[&format!("{who}0")];
        let members = places.iter().filter(|(id, _)| id.starts_with(who));
        members.map(|(_, at)| ((at.0 - x).round(), (at.1 - y).round())).collect::<Vec<_>>()
    };
    for (modifiers, key) in
        [(Modifiers::ALT, Key::Num1), (Modifiers::ALT, Key::Num4), (Modifiers::ALT, Key::Num2)]
    {
        press(&mut window, modifiers, key);
        let after = places(&window);
        assert_ne!(after, before, "{key:?}");
        for who in ["k", "h"] {
            assert_eq!(shape(&after, who), shape(&before, who), "{key:?} keeps {who} together");
        }
    }
    // Three cards stand on the chart, and none over another.
    let labels = ["Group of 4, North Korea", "Group of 4, Hong Kong SAR"];
    let rects = labels.map(|label| window.get_by_label(label).rect());
    assert!(!rects[0].intersects(rects[1]), "{rects:?}");
}

#[test]
fn a_hierarchy_shows_who_owns_himself_in_a_circle() {
    let (_folder, mut window) = open();
    let circle = Action::new(vec![Op::Add {
        entity: "h3-k0".into(),
        schema: "Ownership".into(),
        values: vec![NewValue::new("owner", "h3"), NewValue::new("asset", "k0")],
    }]);
    press(&mut window, Modifiers::ALT, Key::Num2);
    assert!(window.state().view().selection.is_empty(), "nobody owns himself yet");
    window.state_mut().ask(redthread::app::model::Request::Commit(circle));
    settle(&mut window);
    press(&mut window, Modifiers::ALT, Key::Num2);
    let selection = window.state().view().selection.clone();
    let circle = ["h3-k0", "k0-m", "m-h0", "h0-h3", "h2-h3"].map(Id::from);
    assert!(!selection.is_empty() && selection.iter().all(|id| circle.contains(id)));
    let messages = window.state().messages();
    assert!(messages.iter().any(|text| text.contains("owns himself in a circle")), "{messages:?}");
}

#[test]
fn a_measure_shows_on_the_chart_in_the_table_and_in_the_inspector() {
    let (_folder, mut window) = open();
    click(&mut window, "Measure: Choose a measure");
    click(&mut window, "Betweenness");
    settle(&mut window);
    let first: Id = "m".into();
    let overlay = window.state().view().overlay.clone();
    assert_eq!(overlay.level(&first), Some(1.0), "all that goes from one side to the other");
    assert!(overlay.tint(&"k1".into()).is_some());
    click(&mut window, "Betweenness: Go-between 鸿祥");
    assert!(window.state().view().selection.contains(&first));
    assert!(window.query_by_label("0.57 · 1st of 9").is_some(), "16 of the 28 pairs of others");
    press(&mut window, Modifiers::COMMAND, Key::Num2);
    click(&mut window, "Sort by Betweenness");
    // The row of the table is the lowest of all that say the name.
    let top = |window: &Window, name: &str| {
        window.get_all_by_label(name).map(|node| node.rect().top()).fold(0.0, f32::max)
    };
    assert!(top(&window, "Go-between 鸿祥") < top(&window, "Harbour 0"));
    assert!(top(&window, "Taedong 0") < top(&window, "Taedong 1"));
    // What is measured follows the case where that takes no time.
    let withdraw = Action::new(vec![Op::WithdrawEntity("k0-m".into())]);
    window.state_mut().ask(redthread::app::model::Request::Commit(withdraw));
    settle(&mut window);
    assert_ne!(window.state().view().overlay.level(&first), Some(1.0));
    // Kinds have no size.
    click(&mut window, "Measure: Betweenness");
    click(&mut window, "Community");
    settle(&mut window);
    click(&mut window, "Select community 1");
    assert!(window.state().view().selection.len() >= 4);
    assert_eq!(window.state().view().overlay.level(&first), None);
}
