//! The main job through the window: found by their labels, typed, dragged, dropped.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use egui::{Event, Key, Modifiers, PointerButton, Pos2, Vec2};
use egui_kittest::kittest::Queryable as _;
use redthread::{
    app::{command, model::Request},
    case::{Action, Case, EvidenceBytes, NewEvidence, NewValue, Op, Progress, Verdict},
    demo::Demo,
    exchange::import::{Job, run},
    model::{Chart, Entity, Id, Placement, Strength},
    network::EntityRef,
};

use crate::{
    need,
    window::{Window, click, model, press, settle, window, write},
};

fn drag(window: &mut Window, from: Pos2, to: Pos2) {
    let steps = [0.05, 0.3, 0.6, 0.9, 1.0];
    window.hover_at(from);
    window.run_steps(2);
    window.drag_at(from);
    window.run_steps(2);
    for t in steps {
        window.hover_at(from + (to - from) * t);
        window.run_steps(1);
    }
    window.event(Event::PointerButton {
        pos: to,
        button: PointerButton::Primary,
        pressed: false,
        modifiers: Modifiers::NONE,
    });
    settle(window);
}

/// A file as it arrives when it is dropped.
#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|e| e.to_string())
    }
}

pub fn drop_file(window: &mut Window, path: &Path, at: Pos2) {
    window.input_mut().dropped_files.push(Arc::new(Dropped(path.to_owned())));
    window.hover_at(at);
    window.run_steps(2);
    window.hover_at(at + Vec2::new(0.5, 0.0));
    settle(window);
}

fn named(window: &Window, name: &str) -> Entity {
    let found = model(window).seen.iter().find(|e| e.caption() == name);
    found.unwrap_or_else(|| panic!("{name} is not in the case")).to_entity()
}

fn on_screen(window: &Window, id: &Id) -> Pos2 {
    let app = window.state();
    app.canvas().position(app.view(), id).expect("it is on the chart")
}

fn add(window: &mut Window, name: &str, kind: &str) {
    press(window, Modifiers::NONE, Key::N);
    write(window, "Name of the entity", name);
    click(window, &format!("New {kind}"));
    // The selection is given up, so that the next one is typed into the chart again.
    press(window, Modifiers::NONE, Key::Escape);
}

/// Selects an entity and draws from its handle to another.
fn link(window: &mut Window, from: &str, to: &str, typed: &str) {
    let (source, target) = (named(window, from), named(window, to));
    let at = on_screen(window, &source.id);
    window.hover_at(at);
    window.run_steps(3);
    let handle = window.get_by_label(&format!("Link from {from}")).rect().center();
    let end = on_screen(window, &target.id);
    drag(window, handle, end);
    if !typed.is_empty() {
        write(window, "Share in per cent of the relationship", typed);
    }
    press(window, Modifiers::NONE, Key::Enter);
}

#[test]
fn the_whole_main_job() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("inquiry.redthread");
    let pdf = folder.path().join("extract.pdf");
    std::fs::write(&pdf, b"%PDF-1.4 sixty per cent of the shares").expect("space");
    let mut window = window([1280.0, 800.0], None);

    // A new case.
    window.get_all_by_label_contains("New case").next().expect("a button").click();
    settle(&mut window);
    write(&mut window, "Name of the new file", &path.display().to_string());
    click(&mut window, "Create");
    assert_eq!(model(&window).path, path);

    // Two companies and a person.
    add(&mut window, "Harbour Trading", "company");
    add(&mut window, "Lantern Shipping", "company");
    add(&mut window, "Ma Xiaohong", "person");
    assert_eq!(model(&window).seen.len(), 3);
    let chart = window.state().view().chart.clone().expect("a chart");
    assert_eq!(model(&window).placed(&chart).len(), 3);
    // In a circle, so that no card lies between two others.
    press(&mut window, Modifiers::ALT, Key::Num4);
    press(&mut window, Modifiers::NONE, Key::F);

    // Ownership and directorship drawn by dragging.
    link(&mut window, "Harbour Trading", "Lantern Shipping", "60");
    link(&mut window, "Ma Xiaohong", "Harbour Trading", "");
    let owns = named(&window, "60 %");
    assert_eq!(&*owns.schema, "Ownership");
    assert_eq!(
        owns.ends,
        Some((named(&window, "Harbour Trading").id, named(&window, "Lantern Shipping").id))
    );
    assert_eq!(&*named(&window, "directs").schema, "Directorship");
    assert_eq!(owns.strength, Strength::Tentative, "drawn dotted");

    // A PDF dropped on the line.
    let at = on_screen(&window, &owns.id);
    drop_file(&mut window, &pdf, at);
    assert_eq!(model(&window).evidence.len(), 1);
    assert_eq!(model(&window).evidence[0].mime, "application/pdf");
    assert!(
        model(&window)
            .undo
            .as_deref()
            .is_some_and(|l| l == "Attach extract.pdf to Harbour Trading → Lantern Shipping"),
        "{:?}",
        model(&window).undo
    );

    // Graded, and a value cited from it.
    window.get_by_label_contains("60 %: Harbour Trading to Lantern Shipping").click();
    settle(&mut window);
    press(&mut window, Modifiers::NONE, Key::C);
    click(&mut window, "Reliability B: usually reliable");
    click(&mut window, "This citation: credibility 2, probably true");
    window.get_by_label("Quote").focus();
    window.run_steps(2);
    window.get_by_label("Quote").type_text("sixty per cent of the shares");
    window.run_steps(2);
    click(&mut window, "Cite");
    assert_eq!(named(&window, "60 %").strength, Strength::Confirmed, "drawn solid");

    // Undo everything, do everything again.
    let end: Vec<Entity> = model(&window).seen.iter().map(EntityRef::to_entity).collect();
    let steps = model(&window).log.len();
    for _ in 0..steps {
        press(&mut window, Modifiers::COMMAND, Key::Z);
    }
    assert!(model(&window).seen.is_empty());
    assert_eq!(model(&window).charts.len(), 1, "what the case begins with stays");
    for _ in 0..steps {
        press(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    }
    let again: Vec<Entity> = model(&window).seen.iter().map(EntityRef::to_entity).collect();
    assert_eq!(again, end);

    // Close and reopen: all there, in one file.
    press(&mut window, Modifiers::COMMAND, Key::W);
    assert!(window.state().model().is_none());
    let case = Case::open(&path).expect("opens");
    assert!(matches!(case.verify(&Progress::new()), Ok(Verdict::Holds { .. })));
    case.close().expect("closes");
    assert_eq!(
        std::fs::read_dir(folder.path()).expect("readable").count(),
        2,
        "the case and the PDF"
    );
    click(&mut window, "inquiry");
    let reopened: Vec<Entity> = model(&window).seen.iter().map(EntityRef::to_entity).collect();
    assert_eq!(reopened, end);
}

fn demo(folder: &Path, demo: Demo) -> PathBuf {
    let path = folder.join(format!("{}.redthread", demo.name()));
    demo.build(&path, &Progress::new()).expect("builds").close().expect("closes");
    path
}

#[test]
fn removing_hiding_and_withdrawing_are_three_things_and_each_is_undone() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1280.0, 800.0], Some(demo(folder.path(), Demo::Dandong)));
    let ma = Demo::Dandong.id("ma");
    let chart = window.state().view().chart.clone().expect("a chart");
    let placed = |w: &Window| model(w).placed(&chart).iter().any(|p| p.entity == ma);
    let hidden = |w: &Window| model(w).chart(&chart).is_some_and(|c| c.hidden.contains(&ma));
    let exists = |w: &Window| model(w).seen.get(&ma).is_some();
    for (modifiers, key, gone) in [
        (Modifiers::NONE, Key::Delete, (false, false, true)),
        (Modifiers::NONE, Key::H, (true, true, true)),
        (Modifiers::COMMAND, Key::Delete, (true, false, false)),
    ] {
        window.get_by_label_contains("Ma Xiaohong, designated").click();
        settle(&mut window);
        press(&mut window, modifiers, key);
        assert_eq!((placed(&window), hidden(&window), exists(&window)), gone, "{key:?}");
        assert!(
            window.query_by_label_contains("Ma Xiaohong, designated").is_none(),
            "{key:?} takes it off the chart"
        );
        press(&mut window, Modifiers::COMMAND, Key::Z);
        assert_eq!((placed(&window), hidden(&window), exists(&window)), (true, false, true));
    }
}

#[test]
fn anything_is_found_and_done_from_the_keyboard() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1280.0, 800.0], Some(demo(folder.path(), Demo::Dandong)));
    press(&mut window, Modifiers::COMMAND, Key::K);
    write(&mut window, "Find anything", "丹东鸿祥");
    press(&mut window, Modifiers::NONE, Key::Enter);
    let selection = &window.state().view().selection;
    assert!(selection.len() == 1 && selection.contains(&Demo::Dandong.id("dhid")), "{selection:?}");
    press(&mut window, Modifiers::COMMAND, Key::K);
    write(&mut window, "Find anything", "new chart");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(model(&window).charts.len(), 6);
    let chart = window.state().view().chart.clone().expect("a chart");
    press(&mut window, Modifiers::NONE, Key::P);
    assert_eq!(
        model(&window).placed(&chart).len(),
        1,
        "the selected one is placed on the new chart"
    );
    press(&mut window, Modifiers::NONE, Key::E);
    assert!(model(&window).placed(&chart).len() > 6, "and its neighbours beside it");
    let before = model(&window).placed(&chart).to_vec();
    press(&mut window, Modifiers::ALT, Key::Num2);
    assert_ne!(model(&window).placed(&chart), before);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(model(&window).placed(&chart), before);
}

/// A case of companies and people by their names, with relationships between them; a chart holds
/// the first so many.
fn small(folder: &Path, names: &[(&str, &str)], ties: &[(&str, &str, &str)], on: usize) -> PathBuf {
    let path = folder.join("small.redthread");
    let mut case = Case::create(&path).expect("a new case");
    let add = |id: &str, schema: &str, values: &[(&str, &str)]| Op::Add {
        entity: id.into(),
        schema: schema.into(),
        values: values.iter().map(|(p, v)| NewValue::new(*p, *v)).collect(),
    };
    let mut ops: Vec<Op> =
        names.iter().map(|(name, schema)| add(name, schema, &[("name", name)])).collect();
    for (n, (from, to, what)) in ties.iter().enumerate() {
        let id = format!("tie {n}");
        ops.push(match *what {
            "directs" => add(&id, "Directorship", &[("director", from), ("organization", to)]),
            share => {
                add(&id, "Ownership", &[("owner", from), ("asset", to), ("percentage", share)])
            }
        });
    }
    case.commit(Action::new(ops)).expect("valid");
    let chart = Chart::new("First", 1.0);
    let placements = names[..on].iter().enumerate().map(|(n, (name, _))| Placement {
        entity: Id::from(*name),
        x: n as f32 * 400.0,
        y: 0.0,
        pinned: false,
    });
    let place = Op::Place { chart: chart.id.clone(), placements: placements.collect() };
    case.commit(Action::new(vec![Op::PutChart(chart), place])).expect("placed");
    case.close().expect("closed");
    path
}

#[test]
fn ways_between_two_are_found_in_the_whole_case_and_placed() {
    let folder = tempfile::tempdir().expect("a folder");
    let (a, b, ma, hongxiang) = ("Harbour Trading", "Lantern Shipping", "Ma Xiaohong", "丹东鸿祥");
    let names =
        [(a, "Company"), (b, "Company"), (ma, "Person"), (hongxiang, "Company"), ("Z", "Company")];
    let ties = [(ma, a, "directs"), (ma, b, "directs"), (a, hongxiang, "60"), (hongxiang, b, "40")];
    let case = small(folder.path(), &names, &ties, 2);
    let mut window = window([1280.0, 800.0], Some(case));
    let chart = window.state().view().chart.clone().expect("a chart");
    let deny = vec![Op::Deny { entity: "tie 3".into(), denied: true }];
    window.state_mut().ask(Request::Commit(Action::new(deny)));
    settle(&mut window);

    press(&mut window, Modifiers::NONE, Key::W);
    assert!(window.state().messages().iter().any(|m| m == "Select exactly two entities first."));
    press(&mut window, Modifiers::COMMAND, Key::A);
    press(&mut window, Modifiers::NONE, Key::W);
    window.get_by_label("Both ways of at most 4 steps.");
    let through = "2 steps · tentative at its weakest · 1 entity is not on the chart: \
                   Harbour Trading ← directs — Ma Xiaohong — directs → Lantern Shipping";
    let denied = "2 steps · denied · 1 entity is not on the chart: \
                  Harbour Trading — owns 60 % → 丹东鸿祥 — not: owns 40 % → Lantern Shipping";
    window.get_by_label(denied);
    click(&mut window, through);
    let ids = |all: &[&str]| all.iter().map(|id| Id::from(*id)).collect();
    assert_eq!(window.state().view().selection, ids(&[a, b, ma, "tie 0", "tie 1"]));
    window.get_by_label(denied).hover();
    window.run_steps(3);
    assert_eq!(window.state().view().selection, ids(&[a, b, hongxiang, "tie 2", "tie 3"]));
    window.hover_at(Pos2::new(640.0, 200.0));
    window.run_steps(3);
    assert_eq!(window.state().view().selection, ids(&[a, b, ma, "tie 0", "tie 1"]), "as clicked");

    let rows = window.get_all_by_label("Place on chart");
    rows.min_by(|x, y| {
        let far = |node: &egui_kittest::Node<'_>| {
            (node.rect().center().y - window.get_by_label(through).rect().center().y).abs()
        };
        far(x).total_cmp(&far(y))
    })
    .expect("a button")
    .click();
    settle(&mut window);
    let placed = |window: &Window| {
        model(window).placed(&chart).iter().map(|p| p.entity.clone()).collect::<BTreeSet<_>>()
    };
    assert_eq!(placed(&window), ids(&[a, b, ma]));
    window.get_by_label(&through.replace("1 entity is not on the chart", "all on the chart"));
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(placed(&window), ids(&[a, b]));

    click(&mut window, "Without denied");
    window.get_by_label("The only way of at most 4 steps.");
    click(&mut window, "Of at most 1 step");
    window.get_by_label("No way is of at most 1 step. The shortest is of 2 steps:");
    press(&mut window, Modifiers::COMMAND, Key::K);
    write(&mut window, "Find anything", "Z");
    press(&mut window, Modifiers::NONE, Key::Enter);
    click(&mut window, "Close the ways");
    assert!(window.query_by_label("Ways between").is_none());
}

#[test]
fn neighbours_are_counted_by_kind_before_they_come() {
    let folder = tempfile::tempdir().expect("a folder");
    let assets: Vec<String> = (0..30).map(|n| format!("Asset {n:02}")).collect();
    let owners: Vec<String> = (0..5).map(|n| format!("Owner {n}")).collect();
    let all = assets.iter().chain(&owners).map(|name| (name.as_str(), "Company"));
    let names: Vec<(&str, &str)> = [("Hub", "Company")].into_iter().chain(all).collect();
    let mut ties: Vec<(&str, &str, &str)> = assets.iter().map(|a| ("Hub", &**a, "50")).collect();
    ties.extend(owners.iter().map(|owner| (&**owner, "Hub", "20")));
    // Some are better connected than others.
    ties.extend(assets[5..28].windows(2).map(|pair| (&*pair[0], &*pair[1], "10")));
    let case = small(folder.path(), &names, &ties, 1);
    let mut window = window([1280.0, 800.0], Some(case));
    let chart = window.state().view().chart.clone().expect("a chart");
    let placed = |window: &Window| {
        let all = model(window).placed(&chart).iter().map(|p| p.entity.to_string());
        all.collect::<BTreeSet<String>>()
    };
    press(&mut window, Modifiers::COMMAND, Key::A);
    press(&mut window, Modifiers::NONE, Key::E);
    window.get_by_label("35 neighbours of Hub are not on this chart.");
    window.get_by_label("Owner: add all 5");
    click(&mut window, "Asset: add the 20 with the most relationships");
    let top = placed(&window);
    assert_eq!(top.len(), 21);
    assert!(top.iter().all(|name| name == "Hub" || ("Asset 05".."Asset 28").contains(&&**name)));
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(placed(&window).len(), 1);

    press(&mut window, Modifiers::NONE, Key::E);
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert!(window.query_by_label("Asset: add all 30").is_none());
    assert_eq!(placed(&window).len(), 1, "nothing comes that was not asked for");
    press(&mut window, Modifiers::NONE, Key::E);
    let steps = model(&window).log.len();
    click(&mut window, "Asset: add as one group");
    let groups = |window: &Window| {
        let chart = model(window).chart(&chart).expect("a chart");
        chart.groups.iter().map(|g| (g.name.clone(), g.members.len())).collect::<Vec<_>>()
    };
    assert_eq!(placed(&window).len(), 31);
    assert_eq!(groups(&window), [("Asset: Hub".to_owned(), 30)]);
    assert_eq!(model(&window).log.len(), steps + 1, "one step");
    // The group lies beside what it was asked for, and so do its members when it is expanded.
    let covers = |window: &Window| {
        let all = model(window).placed(&chart).iter().filter(|p| p.entity.as_str() != "Hub");
        let places: Vec<(f32, f32)> = all.map(|p| (p.x, p.y)).collect();
        let middle =
            places.iter().fold((0.0, 0.0), |sum, p| (sum.0 + p.0 / 30.0, sum.1 + p.1 / 30.0));
        let on_hub = |p: &(f32, f32)| p.0.abs() < 110.0 && p.1.abs() < 40.0;
        (on_hub(&middle), places.iter().any(on_hub))
    };
    assert!(!covers(&window).0);
    press(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::G);
    assert!(groups(&window).is_empty() && !covers(&window).1);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(groups(&window).len(), 1);
    // Few come at once.
    press(&mut window, Modifiers::NONE, Key::E);
    assert_eq!(placed(&window).len(), 36);
    for _ in 0..2 {
        press(&mut window, Modifiers::COMMAND, Key::Z);
    }
    assert!(placed(&window).len() == 1 && groups(&window).is_empty());
}

#[test]
fn a_value_is_edited_where_it_stands_and_a_wrong_one_is_marked() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1280.0, 800.0], Some(demo(folder.path(), Demo::Dandong)));
    window.get_by_label_contains("Vessel, Comoros, Oriental Treasure").click();
    settle(&mut window);
    click(&mut window, "Edit IMO9115028");
    write(&mut window, "IMO number", "9115029");
    assert!(
        window.query_by_label_contains("its check does not hold").is_some(),
        "said while it is typed"
    );
    press(&mut window, Modifiers::NONE, Key::Enter);
    let ship = model(&window).seen.get(&Demo::Dandong.id("treasure")).expect("the ship");
    assert_eq!(ship.first("imoNumber"), Some("9115029"), "kept as it was typed");
    assert!(window.query_by_label_contains("its check does not hold").is_some(), "and marked");
    assert_eq!(model(&window).undo.as_deref(), Some("Change IMO number of Oriental Treasure"));
}

#[test]
fn what_was_withdrawn_is_restored_from_the_table() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1280.0, 800.0], Some(demo(folder.path(), Demo::Dandong)));
    let (ma, before) = (Demo::Dandong.id("ma"), model(&window).seen.len());
    window.get_by_label_contains("Ma Xiaohong, designated").click();
    settle(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::Delete);
    assert!(model(&window).seen.len() < before - 1, "her relationships go with her");
    press(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::U);
    click(&mut window, "Restore Ma Xiaohong");
    assert_eq!(model(&window).seen.len(), before, "and come back with her");
    assert!(model(&window).seen.get(&ma).is_some());
    assert_eq!(model(&window).undo.as_deref(), Some("Restore Ma Xiaohong"));
    assert!(window.query_by_label_contains("Nothing has been withdrawn").is_some());
}

#[test]
fn all_that_is_selected_is_tagged_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1280.0, 800.0], Some(demo(folder.path(), Demo::Dandong)));
    press(&mut window, Modifiers::COMMAND, Key::A);
    press(&mut window, Modifiers::NONE, Key::T);
    write(&mut window, "Tag", "to check");
    press(&mut window, Modifiers::NONE, Key::Enter);
    let tagged =
        |w: &Window| model(w).seen.iter().filter(|e| e.first("tag") == Some("to check")).count();
    let all = window.state().view().selection.len();
    assert!(all > 10 && tagged(&window) == all, "{} of {all}", tagged(&window));
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(tagged(&window), 0);
    press(&mut window, Modifiers::NONE, Key::Escape);
    window.get_by_label_contains("Ma Xiaohong, designated").click();
    settle(&mut window);
    press(&mut window, Modifiers::NONE, Key::M);
    window
        .get_by_role_and_label(egui::Role::MultilineTextInput, "Note")
        .type_text("Ask the registry.");
    window.run_steps(2);
    press(&mut window, Modifiers::COMMAND, Key::Enter);
    let ma = model(&window).seen.get(&Demo::Dandong.id("ma")).expect("still there");
    assert_eq!(ma.first("notes"), Some("Ask the registry."));
}

#[test]
fn a_cell_of_the_table_is_edited() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1280.0, 800.0], Some(demo(folder.path(), Demo::Dandong)));
    press(&mut window, Modifiers::COMMAND, Key::Num2);
    write(&mut window, "Filter the table", "luo chuan");
    let cell = window.get_by_label("Luo Chuanxu").rect();
    let at = Pos2::new(window.get_by_label("Sort by Country").rect().center().x, cell.center().y);
    for _ in 0..2 {
        window.hover_at(at);
        for pressed in [true, false] {
            let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
            window.event(Event::PointerButton { pos: at, button, pressed, modifiers });
            window.run_steps(1);
        }
    }
    settle(&mut window);
    write(&mut window, "Nationality of Luo Chuanxu", "China");
    press(&mut window, Modifiers::NONE, Key::Enter);
    let luo = model(&window).seen.get(&Demo::Dandong.id("luo")).expect("there");
    assert_eq!(luo.first("nationality"), Some("cn"));
    assert_eq!(model(&window).undo.as_deref(), Some("Add nationality of Luo Chuanxu"));
}

#[test]
fn the_walkthrough_is_stepped_through_by_keys() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1280.0, 800.0], Some(demo(folder.path(), Demo::Lantern)));
    press(&mut window, Modifiers::NONE, Key::F5);
    assert!(window.query_by_label("1 of 11").is_some());
    for _ in 0..2 {
        press(&mut window, Modifiers::NONE, Key::ArrowRight);
    }
    assert!(window.query_by_label("3 of 11").is_some());
    assert!(
        window.state().view().selection.contains(&Demo::Lantern.id("jade-ownership-northpier"))
    );
    assert!(
        window.query_by_label_contains("SOURCES").is_some(),
        "the audience sees what it rests on"
    );
    press(&mut window, Modifiers::NONE, Key::ArrowLeft);
    assert!(window.query_by_label("2 of 11").is_some());
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert_eq!(window.state().view().presenting, None);
}

#[test]
fn every_panel_opens_in_a_small_window_in_both_themes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = demo(folder.path(), Demo::Lantern);
    let mut window = window([1024.0, 640.0], Some(path));
    for theme in 0..2 {
        for (key, heading) in [
            (Key::Num2, "Table panel"),
            (Key::Num3, "Timeline panel"),
            (Key::Num4, "Evidence panel"),
            (Key::Num5, "History panel"),
            (Key::Num6, "Scenes panel"),
        ] {
            press(&mut window, Modifiers::COMMAND, key);
            assert!(window.query_by_label(heading).is_some(), "{heading} is open");
            picture(&mut window, &format!("{}-{theme}", heading.to_lowercase().replace(' ', "-")));
        }
        press(&mut window, Modifiers::COMMAND, Key::Num6);
        press(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::L);
    }
}

/// Draws the window where a graphics adapter is there, and looks that it is not blank.
fn picture(window: &mut Window, name: &str) {
    if !need::adapter() {
        return;
    }
    let image = window.render().expect("a picture");
    let colours: std::collections::HashSet<[u8; 4]> = image.pixels().map(|p| p.0).collect();
    assert!(colours.len() > 60, "{name} is almost blank: {} colours", colours.len());
    if let Some(folder) = std::env::var_os("REDTHREAD_PICTURES") {
        image.save(Path::new(&folder).join(format!("{name}.png"))).expect("space");
    }
}

#[test]
fn what_is_refused_is_said_and_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = demo(folder.path(), Demo::Dandong);
    let holder = Case::open(&path).expect("opens");
    let mut window = window([1280.0, 800.0], Some(path));
    assert!(model(&window).read_only.is_some(), "somebody else writes");
    assert!(window.query_by_label_contains("Open for reading only").is_some());
    press(&mut window, Modifiers::NONE, Key::N);
    assert!(window.query_by_label("Name of the entity").is_none());
    assert!(
        window.state().messages().iter().any(|m| m.contains("reading only")),
        "and it says why"
    );
    window.state_mut().ask(Request::Open(folder.path().join("missing.redthread")));
    settle(&mut window);
    assert!(window.state().messages().iter().any(|m| m.contains("missing.redthread")));
    assert_eq!(model(&window).charts.len(), 5, "the open case stays open");
    holder.close().expect("closes");
}

/// A case of companies that own each other, on one chart.
fn large(path: &Path, count: usize) {
    use redthread::case::{Action, NewEntity, NewValue, Op};
    let mut case = Case::create(path).expect("a new case");
    let company = |n: usize| NewEntity {
        id: format!("c{n}").into(),
        schema: "Company".into(),
        values: vec![NewValue::new("name", format!("Company number {n} of the harbour"))],
        origin: None,
    };
    let link = |n: usize| NewEntity {
        id: format!("o{n}").into(),
        schema: "Ownership".into(),
        values: vec![
            NewValue::new("owner", format!("c{}", n * 7 % count)),
            NewValue::new("asset", format!("c{}", (n * 13 + 1) % count)),
            NewValue::new("percentage", (n % 100).to_string()),
        ],
        origin: None,
    };
    let mut all = (0..count).map(company).chain((0..count * 3 / 2).map(link)).map(Ok);
    case.import(&[], &mut all, &Progress::new()).expect("imports");
    let chart = Chart::new("All", 1.0);
    let placements = (0..count)
        .map(|n| Placement {
            entity: format!("c{n}").into(),
            x: (n % 40) as f32 * 240.0,
            y: (n / 40) as f32 * 120.0,
            pinned: false,
        })
        .collect();
    let place = Op::Place { chart: chart.id.clone(), placements };
    case.commit(Action::new(vec![Op::PutChart(chart), place])).expect("valid");
    case.close().expect("closes");
}

#[test]
#[ignore = "measures time, so it runs alone: see .ci/run"]
fn a_thousand_entities_are_smooth() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("large.redthread");
    large(&path, 1000);
    let mut window = window([1280.0, 800.0], Some(path));
    let timed = |window: &mut Window, what: &str, frame: &mut dyn FnMut(&mut Window, usize)| {
        let started = Instant::now();
        for n in 0..20 {
            frame(window, n);
            window.run_steps(1);
        }
        let each = started.elapsed() / 20;
        println!("a frame while {what}: {:.1} ms", each.as_secs_f64() * 1e3);
        // Unoptimised builds are several times slower than what a user runs.
        let most = if cfg!(debug_assertions) { 2000 } else { 40 };
        assert!(each < Duration::from_millis(most), "{what}: {each:?}");
    };
    timed(&mut window, "nothing happens", &mut |_, _| {});
    let at = |n: usize| Pos2::new(400.0 + n as f32 * 6.0, 300.0 + n as f32 * 2.0);
    timed(&mut window, "zooming", &mut |window, n| {
        window.hover_at(at(n));
        window.event(Event::MouseWheel {
            unit: egui::MouseWheelUnit::Line,
            delta: Vec2::new(0.0, 1.0),
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Wheel,
            modifiers: Modifiers::NONE,
        });
    });
    settle(&mut window);
    window.state_mut().ask(Request::Run(command::CHART_FIT));
    settle(&mut window);
    let start = on_screen(&window, &"c500".into());
    window.hover_at(start);
    window.run_steps(1);
    window.drag_at(start);
    timed(&mut window, "an entity is dragged", &mut |window, n| {
        window.hover_at(start + Vec2::new(n as f32 * 5.0, n as f32 * 2.0));
    });
    let pos = start + Vec2::new(95.0, 38.0);
    window.event(Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed: false,
        modifiers: Modifiers::NONE,
    });
    settle(&mut window);
    let undo = model(&window).undo.clone().unwrap_or_default();
    assert!(undo.starts_with("Move Company number 500"), "{undo}");
    let started = Instant::now();
    press(&mut window, Modifiers::ALT, Key::Num1);
    println!("organic layout of a thousand entities, animated: {:.1?}", started.elapsed());
    assert_eq!(model(&window).undo.as_deref(), Some("Layout: organic"));
}

#[test]
fn damage_in_a_large_case_is_found_while_it_is_open_and_nothing_can_be_changed_then() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("large.redthread");
    let mut case = Demo::Dandong.build(&path, &Progress::new()).expect("builds");
    let scan = Op::Attach(NewEvidence {
        id: "scan".into(),
        bytes: EvidenceBytes::Memory(vec![7; 65 << 20]),
        file_name: "scan.bin".into(),
        mime: "application/octet-stream".into(),
        method: "pasted".into(),
        values: vec![NewValue::new("title", "Scan")],
    });
    case.commit(Action::new(vec![scan])).expect("valid");
    case.close().expect("closed");
    let db = rusqlite::Connection::open(&path).expect("opens");
    let number = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("there");
    let page =
        number("SELECT rootpage FROM sqlite_schema WHERE name = 'withdrawal_by_target'") as usize;
    let size = number("PRAGMA page_size") as usize;
    drop(db);
    let mut bytes = std::fs::read(&path).expect("readable");
    bytes[(page - 1) * size..page * size].fill(0x5a);
    std::fs::write(&path, bytes).expect("space");

    let mut window = window([1280.0, 800.0], Some(path));
    let until = Instant::now() + Duration::from_mins(1);
    while model(&window).read_only.is_none() && Instant::now() < until {
        window.run_steps(1);
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(!model(&window).seen.is_empty(), "it can be looked at");
    let why = model(&window).read_only.clone().expect("the damage is found");
    assert!(why.contains("damaged"), "{why}");
    let before = model(&window).seen.len();
    let withdraw = vec![Op::WithdrawEntity(Demo::Dandong.id("ma"))];
    window.state_mut().ask(Request::Commit(Action::new(withdraw)));
    settle(&mut window);
    assert_eq!(model(&window).seen.len(), before);
    assert!(window.state().messages().iter().any(|text| text.contains("damaged")));
}

/// The places of everybody on the open chart.
fn places(window: &Window) -> Vec<(Id, f32, f32)> {
    let chart = window.state().view().chart.clone().expect("a chart is open");
    let placed = model(window).placed(&chart).iter();
    placed.map(|p| (p.entity.clone(), p.x, p.y)).collect()
}

#[test]
fn a_live_layout_moves_all_but_what_is_pinned_until_it_is_stopped_and_is_one_step_of_undo() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("live.redthread");
    Demo::Dandong.build(&path, &Progress::new()).expect("builds").close().expect("closed");
    let mut window = window([1280.0, 800.0], Some(path));
    let chart = window.state().view().chart.clone().expect("a chart is open");
    let pinned = Placement { pinned: true, ..model(&window).placed(&chart)[0].clone() };
    let pin = vec![Op::Place { chart: chart.clone(), placements: vec![pinned.clone()] }];
    window.state_mut().ask(Request::Commit(Action::new(pin)));
    settle(&mut window);
    let before = places(&window);
    let free = model(&window).placed(&chart).iter().find(|p| !p.pinned);
    let dragged = free.expect("some are not pinned").entity.clone();

    let start = on_screen(&window, &dragged);
    window.key_press_modifiers(Modifiers::ALT, Key::L);
    let until = Instant::now() + Duration::from_secs(20);
    while on_screen(&window, &dragged).distance(start) < 1.0 {
        assert!(Instant::now() < until, "nothing moves");
        window.run_steps(1);
        std::thread::sleep(Duration::from_millis(5));
    }
    let from = on_screen(&window, &dragged);
    drag(&mut window, from, from + Vec2::new(120.0, 60.0));
    assert_eq!(places(&window), before, "nothing is kept before it is stopped");
    assert!(model(&window).undo.as_deref().is_some_and(|label| label.starts_with("Pin ")));

    click(&mut window, "Stop");
    assert_eq!(model(&window).undo.as_deref(), Some("Live layout"));
    let after = places(&window);
    let at = |places: &[(Id, f32, f32)], id: &Id| {
        let found = places.iter().find(|(entity, ..)| entity == id);
        found.map(|(_, x, y)| (*x, *y)).expect("it is on the chart")
    };
    assert_eq!(at(&after, &pinned.entity), (pinned.x, pinned.y));
    assert_ne!(at(&after, &dragged), at(&before, &dragged));
    window.state_mut().ask(Request::Undo);
    settle(&mut window);
    assert_eq!(places(&window), before);
}

#[test]
fn a_long_layout_tells_how_far_it_is_and_can_be_cancelled() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("long.redthread");
    let mut case = Case::create(&path).expect("a new case");
    let mut lines = String::new();
    for n in 0..6000 {
        lines += &format!(
            "{{\"id\":\"p{n}\",\"schema\":\"Person\",\"properties\":{{\"name\":[\"P {n}\"]}}}}\n"
        );
        let to = n * 7 / 10;
        lines += &format!(
            "{{\"id\":\"l{n}\",\"schema\":\"UnknownLink\",\"properties\":{{\"subject\":[\"p{n}\"],\"object\":[\"p{to}\"]}}}}\n"
        );
    }
    let file = folder.path().join("long.ndjson");
    std::fs::write(&file, lines).expect("space");
    let job = Job { files: vec![file], ..Job::default() };
    run(&mut case, &job, &Progress::new()).expect("imports");
    let chart = Chart::new("All", 1.0);
    let at = |n: usize| Placement {
        entity: format!("p{n}").into(),
        x: (n % 80) as f32 * 250.0,
        y: (n / 80) as f32 * 120.0,
        pinned: false,
    };
    let place = Op::Place { chart: chart.id.clone(), placements: (0..6000).map(at).collect() };
    case.commit(Action::new(vec![Op::PutChart(chart), place])).expect("valid");
    case.close().expect("closed");
    let mut window = window([1280.0, 800.0], Some(path));
    let before = places(&window);
    window.key_press_modifiers(Modifiers::ALT, Key::Num1);
    let until = Instant::now() + Duration::from_mins(1);
    while window.query_by_label("Cancel").is_none() {
        assert!(Instant::now() < until, "it does not say that it runs");
        window.run_steps(1);
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(window.query_by_label("Layout: organic").is_some());
    let asked = Instant::now();
    window.get_by_label("Cancel").click();
    settle(&mut window);
    assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
    assert!(window.state().canvas().job().is_none());
    assert_eq!(places(&window), before);
    assert_eq!(model(&window).undo.as_deref(), Some("Create chart All with 6,000 entities"));
}
