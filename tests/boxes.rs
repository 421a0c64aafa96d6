//! What is typed or chosen in a box is not lost: not by a refusal of the case, nor by a click beside
//! the box.
#![cfg(unix)]

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use egui::{Key, Modifiers, Pos2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use redthread::{
    app::{command, model::Request},
    case::{Action, Case, EvidenceBytes, NewEvidence, NewValue, Op},
    model::{Chart, Id, Placement, chart::Group},
};

use crate::window::{Window, click, model, press, settle, window, write};

/// A case with two companies as a group on a chart, a document and a scene.
fn a_case(folder: &Path) -> PathBuf {
    let path = folder.join("boxes.redthread");
    let mut case = Case::create(&path).expect("created");
    let company = |id: &str| Op::Add {
        entity: id.into(),
        schema: "Company".into(),
        values: vec![NewValue::new("name", format!("{id} Trading"))],
    };
    let mut chart = Chart::new("Overview", 1.0);
    let placements = ["alpha", "beta"].map(|id| Placement {
        entity: id.into(),
        x: if id == "alpha" { -300.0 } else { 300.0 },
        y: 0.0,
        pinned: false,
    });
    chart.groups = vec![Group::new("Traders", vec!["alpha".into(), "beta".into()])];
    let note = Op::Attach(NewEvidence {
        id: "note".into(),
        bytes: EvidenceBytes::Memory(b"# Findings\n\nThe *first* line.\n".to_vec()),
        file_name: "note.md".into(),
        mime: "text/markdown".into(),
        method: "opened".into(),
        values: vec![NewValue::new("title", "note.md")],
    });
    let id = chart.id.clone();
    let ops = vec![
        company("alpha"),
        company("beta"),
        Op::PutChart(chart),
        Op::Place { chart: id, placements: placements.to_vec() },
        note,
    ];
    case.commit(Action::new(ops)).expect("valid");
    case.close().expect("closed");
    path
}

/// The file is moved away under the window, so that the next change is refused.
fn move_away(path: &Path) {
    std::fs::rename(path, path.with_extension("elsewhere")).expect("moved");
}

/// What is typed in a field.
fn typed(window: &Window, label: &str) -> Option<String> {
    let field = window.query_by_role_and_label(egui::Role::TextInput, label)?;
    field.accesskit_node().value()
}

/// The sentence with which the case refuses.
fn says_why(window: &Window) -> bool {
    window.query_all_by_label_contains("boxes.redthread").next().is_some()
}

#[test]
fn a_refused_name_of_a_chart_stays_beside_the_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = a_case(folder.path());
    let mut window = window([1280.0, 800.0], Some(path.clone()));
    window.state_mut().ask(Request::Run(command::CHART_RENAME));
    settle(&mut window);
    write(&mut window, "Name of the chart", "Owners");
    move_away(&path);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(typed(&window, "Name of the chart").as_deref(), Some("Owners"));
    assert!(says_why(&window));
    // A click elsewhere neither loses it nor asks again; Esc leaves it.
    let steps = model(&window).log.len();
    window.drag_at(Pos2::new(600.0, 600.0));
    window.drop_at(Pos2::new(600.0, 600.0));
    settle(&mut window);
    assert_eq!(typed(&window, "Name of the chart").as_deref(), Some("Owners"));
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert_eq!(typed(&window, "Name of the chart"), None);
    assert_eq!(
        (model(&window).log.len(), model(&window).charts[0].name.as_str()),
        (steps, "Overview")
    );
}

#[test]
fn refused_settings_stay_beside_the_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = a_case(folder.path());
    let mut window = window([1280.0, 800.0], Some(path.clone()));
    press(&mut window, Modifiers::COMMAND, Key::Comma);
    write(&mut window, "Marking", "RESTRICTED until further notice");
    move_away(&path);
    click(&mut window, "Save");
    assert_eq!(typed(&window, "Marking").as_deref(), Some("RESTRICTED until further notice"));
    assert!(says_why(&window));
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert_eq!(typed(&window, "Marking"), None);
    assert_eq!(model(&window).settings.get("marking"), None);
}

#[test]
fn a_refused_name_of_a_group_stays_beside_the_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = a_case(folder.path());
    let mut window = window([1280.0, 800.0], Some(path.clone()));
    press(&mut window, Modifiers::COMMAND, Key::A);
    write(&mut window, "Name of the group", "Brokers");
    move_away(&path);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(typed(&window, "Name of the group").as_deref(), Some("Brokers"));
    assert!(says_why(&window));
}

#[test]
fn a_refused_text_of_a_scene_stays_beside_the_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = a_case(folder.path());
    let mut window = window([1280.0, 800.0], Some(path.clone()));
    window.state_mut().ask(Request::Run(command::SCENE_ADD));
    settle(&mut window);
    write(&mut window, "Title of the scene", "Where it begins");
    move_away(&path);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(typed(&window, "Title of the scene").as_deref(), Some("Where it begins"));
    assert!(says_why(&window));
}

#[test]
fn a_refused_citation_stays_beside_the_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = a_case(folder.path());
    let mut window = window([1280.0, 800.0], Some(path.clone()));
    window.state_mut().ask(Request::Run(command::GROUP_EXPAND_ALL));
    settle(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::Num2);
    window.get_by_label("alpha Trading").click();
    settle(&mut window);
    press(&mut window, Modifiers::NONE, Key::C);
    write(&mut window, "Page or place", "p. 2");
    move_away(&path);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(typed(&window, "Page or place").as_deref(), Some("p. 2"));
    assert!(says_why(&window));
}

#[test]
fn a_refused_name_of_a_search_stays_beside_the_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = a_case(folder.path());
    let mut window = window([1280.0, 800.0], Some(path.clone()));
    let name = "Name of the search";
    press(&mut window, Modifiers::COMMAND, Key::K);
    write(&mut window, "Find anything", "alpha");
    click(&mut window, "Save this search…");
    write(&mut window, name, "Traders");
    // A click beside the box does not lose it.
    window.drag_at(Pos2::new(60.0, 700.0));
    window.drop_at(Pos2::new(60.0, 700.0));
    settle(&mut window);
    assert_eq!(typed(&window, name).as_deref(), Some("Traders"));
    write(&mut window, name, "Traders");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(typed(&window, name), None);
    assert_eq!(model(&window).searches.len(), 1);
    // It gets another name where nothing is looked for, and all saved searches are listed.
    press(&mut window, Modifiers::NONE, Key::Escape);
    press(&mut window, Modifiers::COMMAND, Key::K);
    click(&mut window, "Rename search Traders");
    write(&mut window, name, "Traders of the group");
    move_away(&path);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(typed(&window, name).as_deref(), Some("Traders of the group"));
    assert!(says_why(&window));
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert_eq!(typed(&window, name), None, "Esc leaves the name");
    assert_eq!(model(&window).searches[0].name, "Traders");
}

#[test]
fn a_click_beside_does_not_lose_a_typed_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = a_case(folder.path());
    let mut window = window([1280.0, 800.0], Some(path));
    let beside = |window: &mut Window, clicks: usize| {
        let at = Pos2::new(120.0, 300.0);
        for _ in 0..clicks {
            window.drag_at(at);
            window.run_steps(1);
            window.drop_at(at);
        }
        settle(window);
    };
    press(&mut window, Modifiers::NONE, Key::N);
    write(&mut window, "Name of the entity", "Gamma");
    // Nor do two, which else open the box anew.
    beside(&mut window, 2);
    assert_eq!(typed(&window, "Name of the entity").as_deref(), Some("Gamma"));
    click(&mut window, "Leave (Esc)");
    assert_eq!(typed(&window, "Name of the entity"), None, "the cross leaves");
    assert_eq!(model(&window).seen.find("Gamma").map(|_| ()), None);
    // With nothing typed there is nothing to lose.
    press(&mut window, Modifiers::NONE, Key::N);
    beside(&mut window, 1);
    assert_eq!(typed(&window, "Name of the entity"), None);
}

#[test]
fn a_click_beside_neighbours_keeps_what_is_offered_and_a_change_counts_it_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boxes.redthread");
    let mut case = Case::create(&path).expect("created");
    let add = |id: &str, schema: &str, values: &[(&str, &str)]| Op::Add {
        entity: id.into(),
        schema: schema.into(),
        values: values.iter().map(|(p, v)| NewValue::new(*p, *v)).collect(),
    };
    let chart = Chart::new("Overview", 1.0);
    let at = Placement { entity: "hub".into(), x: 0.0, y: 0.0, pinned: false };
    let mut ops = vec![add("hub", "Company", &[("name", "Hub")])];
    for n in 0..20 {
        let (asset, stake) = (format!("asset{n}"), format!("stake{n}"));
        ops.push(add(&asset, "Company", &[("name", &asset)]));
        ops.push(add(&stake, "Ownership", &[("owner", "hub"), ("asset", &asset)]));
    }
    ops.push(Op::Place { chart: chart.id.clone(), placements: vec![at] });
    ops.insert(0, Op::PutChart(chart));
    case.commit(Action::new(ops)).expect("valid");
    case.close().expect("closed");

    let mut window = window([1280.0, 800.0], Some(path));
    press(&mut window, Modifiers::COMMAND, Key::A);
    press(&mut window, Modifiers::NONE, Key::E);
    window.get_by_label("20 neighbours of Hub are not on this chart.");
    window.drag_at(Pos2::new(60.0, 400.0));
    window.run_steps(1);
    window.drop_at(Pos2::new(60.0, 400.0));
    settle(&mut window);
    window.get_by_label("20 neighbours of Hub are not on this chart.");
    let gone = Action::new(vec![Op::WithdrawEntity(Id::from("asset7"))]);
    window.state_mut().ask(Request::Commit(gone));
    settle(&mut window);
    window.get_by_label("19 neighbours of Hub are not on this chart.");
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert!(window.query_by_label_contains("neighbours of Hub").is_none(), "Esc closes");
}

#[test]
fn a_note_in_markdown_is_shown_as_it_reads_and_as_it_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1440.0, 900.0], Some(a_case(folder.path())));
    press(&mut window, Modifiers::COMMAND, Key::Num4);
    settle(&mut window);
    window.get_by_label("Findings");
    assert!(window.query_by_label("Text of the document").is_none());
    click(&mut window, "As written");
    window.get_by_label("Text of the document");
}

#[test]
fn the_button_that_cites_is_in_sight_and_what_was_attached_is_shown() {
    for (size, larger) in [([1440.0, 900.0], 0), ([1024.0, 640.0], 3)] {
        // A case for each window: the last may still be closing.
        let folder = tempfile::tempdir().expect("a folder");
        let path = a_case(folder.path());
        let scan = folder.path().join("scan.txt");
        std::fs::write(&scan, "alpha").expect("space");
        let mut window = window(size, Some(path));
        for _ in 0..larger {
            window.state_mut().ask(Request::Run(command::VIEW_TEXT_BIGGER));
            settle(&mut window);
        }
        window.state_mut().ask(Request::Run(command::EVIDENCE_ATTACH));
        settle(&mut window);
        write(
            &mut window,
            "Name or path of the file; Ctrl and click for several",
            &scan.display().to_string(),
        );
        click(&mut window, "Attach");
        assert!(window.query_by_label("Evidence panel").is_some(), "the document is shown");
        press(&mut window, Modifiers::COMMAND, Key::Num2);
        window.get_by_label("alpha Trading").click();
        settle(&mut window);
        press(&mut window, Modifiers::NONE, Key::C);
        let cite = window.get_by_label("Cite").rect();
        let panel = window.get_by_label("Evidence panel").rect();
        assert!(panel.contains_rect(cite), "{size:?}: {cite:?} in {panel:?}");
        let steps = model(&window).log.len();
        // Without scrolling to it.
        window.get_by_label("Cite").click();
        settle(&mut window);
        assert_eq!(model(&window).log.len(), steps + 1, "{size:?}: it cites");
    }
}

#[test]
fn a_new_entity_is_brought_into_sight_and_link_mode_covers_no_card() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boxes.redthread");
    Case::create(&path).expect("created").close().expect("closed");
    let mut window = window([1024.0, 640.0], Some(path));
    for _ in 0..3 {
        window.state_mut().ask(Request::Run(command::VIEW_TEXT_BIGGER));
        settle(&mut window);
    }
    window.state_mut().ask(Request::Run(command::CHART_NEW));
    settle(&mut window);
    // The pointer rests at the right edge of the chart, where the box then opens.
    let chart = window.state().canvas().rect().expect("a chart");
    window.hover_at(Pos2::new(chart.right() - 8.0, chart.center().y));
    window.run_steps(2);
    press(&mut window, Modifiers::NONE, Key::N);
    write(&mut window, "Name of the entity", "Harbour Light Trading Company Limited");
    press(&mut window, Modifiers::NONE, Key::Enter);
    let card = |window: &Window| {
        let mut cards = window.query_all_by_label_contains("Company, Harbour Light");
        cards.next().expect("a card").rect()
    };
    let middle = |window: &Window| {
        let id = model(window).seen.nodes().next().expect("an entity").id().clone();
        window.state().canvas().position(window.state().view(), &id).expect("on the chart")
    };
    // The node of a card ends where the chart does: a card in sight is as wide on both sides.
    let (whole, at) = (card(&window), middle(&window));
    assert!((whole.center().x - at.x).abs() < 2.0, "{whole:?} around {at:?} in {chart:?}");
    press(&mut window, Modifiers::NONE, Key::F);
    press(&mut window, Modifiers::NONE, Key::L);
    let text = "Link mode: click or drag, or press Tab and Enter. L or Esc ends it.";
    let strip = window.get_by_label(text).rect();
    assert!(!strip.intersects(card(&window)), "{strip:?} lies on {:?}", card(&window));
    // Enter twice on one entity gives it up instead of linking it to itself.
    press(&mut window, Modifiers::NONE, Key::Enter);
    press(&mut window, Modifiers::NONE, Key::Tab);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert!(window.query_by_label_contains("of the relationship").is_none());
}

/// Whoever draws several relationships by keyboard goes on from the end of the last.
#[test]
fn in_link_mode_the_keys_stay_on_the_chart() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boxes.redthread");
    Case::create(&path).expect("created").close().expect("closed");
    let mut window = window([1280.0, 800.0], Some(path));
    window.state_mut().ask(Request::Run(command::CHART_NEW));
    settle(&mut window);
    for name in ["Alpha", "Beta", "Gamma"] {
        press(&mut window, Modifiers::NONE, Key::N);
        write(&mut window, "Name of the entity", name);
        press(&mut window, Modifiers::NONE, Key::Enter);
    }
    let focused = |window: &Window, name: &str| {
        let label = format!("Company, {name}");
        window.query_all_by_label_contains(&label).next().expect("a card").is_focused()
    };
    press(&mut window, Modifiers::NONE, Key::L);
    assert!(focused(&window, "Gamma"), "what is selected comes first");
    press(&mut window, Modifiers::NONE, Key::Enter);
    press(&mut window, Modifiers::SHIFT, Key::Tab);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert!(window.query_all_by_label_contains("of the relationship").count() > 0, "which kind?");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(model(&window).seen.links().count(), 1);
    assert!(focused(&window, "Beta"), "from the end of the last");
    press(&mut window, Modifiers::NONE, Key::Enter);
    press(&mut window, Modifiers::SHIFT, Key::Tab);
    press(&mut window, Modifiers::NONE, Key::Enter);
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert!(window.query_by_label_contains("of the relationship").is_none());
    assert!(focused(&window, "Alpha"), "without a relationship too");
    assert_eq!(model(&window).seen.links().count(), 1);

    // A relationship is reached as an entity is, and then the inspector speaks of it.
    press(&mut window, Modifiers::NONE, Key::L);
    press(&mut window, Modifiers::SHIFT, Key::Tab);
    let link = model(&window).seen.links().next().expect("one").id().clone();
    assert_eq!(window.state().view().selection, BTreeSet::from([link]));
}

#[test]
fn all_of_the_row_opens_a_recent_case() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = a_case(folder.path());
    let mut window = window([1280.0, 800.0], Some(path.clone()));
    press(&mut window, Modifiers::COMMAND, Key::W);
    assert!(window.state().model().is_none());
    let row = window.get_by_label("boxes").rect();
    assert!(row.width() > 200.0, "{row:?}");
    // By keyboard it comes before the cross that forgets it.
    let order = |window: &mut Window| {
        for _ in 0..40 {
            press(window, Modifiers::NONE, Key::Tab);
            for label in ["boxes", "Remove boxes from this list"] {
                if window.get_by_label(label).is_focused() {
                    return label;
                }
            }
        }
        "neither"
    };
    assert_eq!(order(&mut window), "boxes");
    window.get_by_label("boxes").click();
    settle(&mut window);
    assert_eq!(model(&window).charts[0].name, "Overview");
}

#[test]
fn heads_of_columns_stand_over_their_cells_and_relationships_have_no_links() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1440.0, 900.0], Some(a_case(folder.path())));
    let link = Op::Add {
        entity: "stake".into(),
        schema: "Ownership".into(),
        values: vec![NewValue::new("owner", "alpha"), NewValue::new("asset", "beta")],
    };
    window.state_mut().ask(Request::Commit(Action::new(vec![link])));
    settle(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::Num2);
    let left = |window: &Window, label: &str| {
        window.query_all_by_label(label).map(|node| node.rect()).collect::<Vec<_>>()
    };
    let schema = left(&window, "Sort by Schema")[0];
    let company = left(&window, "Company");
    let cell = company.iter().find(|rect| rect.top() > schema.bottom()).expect("a cell");
    assert!((schema.left() - cell.left()).abs() < 1.0, "{schema:?} over {cell:?}");
    // The head is no wider than its words, so that these begin where it begins.
    let font = egui::FontId::proportional(11.0);
    let words = window.ctx.fonts_mut(|fonts| {
        fonts.layout_no_wrap("Schema".to_owned(), font, egui::Color32::BLACK).size().x
    });
    assert!((schema.width() - words).abs() < 1.5, "{schema:?} around {words}");
    let links = left(&window, "Sort by Links")[0];
    let counts: Vec<_> = left(&window, "1").into_iter().chain(left(&window, "0")).collect();
    let in_column = counts
        .iter()
        .filter(|r| r.top() > links.bottom() && (r.right() - links.right()).abs() < 1.0);
    // Two companies and a document; the relationship has none.
    assert_eq!(in_column.count(), 3, "{links:?} over {counts:?}");
}

#[test]
fn a_double_click_within_one_slow_frame_opens_the_box() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1024.0, 640.0], Some(a_case(folder.path())));
    window.state_mut().ask(Request::Run(command::VIEW_INSPECTOR));
    settle(&mut window);
    // So far to the right that the box, which keeps away from the edge, does not lie under it.
    let chart = window.state().canvas().rect().expect("a chart");
    let at = Pos2::new(chart.right() - 2.0, 300.0);
    assert!(at.x > 1018.0, "{chart:?}");
    window.hover_at(at);
    window.run_steps(2);
    for pressed in [true, false, true, false] {
        window.input_mut().events.push(egui::Event::PointerButton {
            pos: at,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        });
    }
    settle(&mut window);
    assert_eq!(typed(&window, "Name of the entity").as_deref(), Some(""));
}
