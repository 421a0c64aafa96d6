//! What somebody meets who opens the program for the first time.

use egui_kittest::kittest::{NodeT as _, Queryable as _};
use redthread::{
    app::{command, model::Request},
    case::{Action, Case, NewValue, Op},
    demo::Demo,
    model::Chart,
};

use crate::window::{Window, click, model, settle, window, write};

fn run(window: &mut Window, command: &'static command::Command) {
    window.state_mut().ask(Request::Run(command));
    settle(window);
}

#[test]
fn an_empty_case_says_how_to_begin() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("new.redthread");
    let mut case = Case::create(&path).expect("created");
    case.commit(Action::new(vec![Op::PutChart(Chart::new("Overview", 1.0))])).expect("valid");
    case.close().expect("closed");
    let mut window = window([1440.0, 900.0], Some(path));
    assert!(
        window.query_by_label("Add an entity on the chart, or import a table or list.").is_some()
    );
    let import = window.get_by_label(command::CASE_IMPORT.label);
    assert!(!import.accesskit_node().is_disabled(), "it can be done at once");
    assert!(window.query_by_label(command::SCENE_PRESENT.label).is_none(), "there is none yet");

    let values = vec![NewValue::new("name", "Pier Road Ltd")];
    let add = Op::Add { entity: "pier".into(), schema: "Company".into(), values };
    window.state_mut().ask(Request::Commit(Action::new(vec![add])));
    settle(&mut window);
    assert!(window.query_by_label_contains("Click an entity or a line").is_some());
}

#[test]
fn the_hint_for_a_day_does_not_look_like_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("demo.redthread");
    Demo::Lantern.build(&path, &redthread::case::Progress::new()).expect("builds");
    let mut window = window([1440.0, 900.0], Some(path));
    run(&mut window, command::LENS_DAY);
    let field = window.get_by_role_and_label(egui::Role::TextInput, "As of the day");
    let node = field.accesskit_node();
    assert_eq!(node.value().unwrap_or_default(), "");
    let hint = node.placeholder().map(str::to_owned).unwrap_or_default();
    assert!(hint.starts_with("e.g. "), "{hint}");
}

#[test]
fn every_field_list_and_button_has_a_name_for_a_screen_reader() {
    for (size, larger) in [([1440.0, 900.0], 0), ([1024.0, 640.0], 3)] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("demo.redthread");
        Demo::Lantern.build(&path, &redthread::case::Progress::new()).expect("builds");
        let mut window = window(size, Some(path));
        for _ in 0..larger {
            run(&mut window, command::VIEW_TEXT_BIGGER);
        }
        let nodes = model(&window).seen.nodes().take(2).map(|e| e.id().clone()).collect::<Vec<_>>();
        for drawer in [
            command::VIEW_TABLE,
            command::VIEW_TIMELINE,
            command::VIEW_FINDINGS,
            command::VIEW_HISTORY,
            command::VIEW_SCENES,
            command::VIEW_EVIDENCE,
            command::EVIDENCE_CITE,
        ] {
            if drawer == command::EVIDENCE_CITE {
                window.get_all_by_label_contains("Company, ").next().expect("a card").click();
                settle(&mut window);
            }
            run(&mut window, drawer);
            // Fails where something that can be reached has no name.
            window.run();
        }
        window.state_mut().ask(Request::Ask("paths", nodes));
        settle(&mut window);
        window.run();
    }
}

#[test]
fn any_place_of_a_row_chooses_the_file_and_takes_the_complaint_away() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("demo.redthread");
    Demo::Lantern.build(&path, &redthread::case::Progress::new()).expect("builds");
    std::fs::write(folder.path().join("extract.txt"), "FICTIONAL – TRAINING").expect("written");
    let mut window = window([1024.0, 640.0], Some(path));
    run(&mut window, command::EVIDENCE_ATTACH);
    let field = "Name or path of the file; Ctrl and click for several";
    write(&mut window, field, &folder.path().to_string_lossy());
    click(&mut window, "Attach");
    click(&mut window, "Attach");
    let complaint = "Choose a file, or enter its name.";
    assert!(window.query_by_label(complaint).is_some());

    let row = window.get_by_label("extract.txt").rect();
    assert!(row.width() > 400.0, "a row is as wide as the list: {row:?}");
    for pressed in [true, false] {
        window.event(egui::Event::PointerMoved(row.right_center() - egui::vec2(6.0, 0.0)));
        window.event(egui::Event::PointerButton {
            pos: row.right_center() - egui::vec2(6.0, 0.0),
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: egui::Modifiers::NONE,
        });
        window.step();
    }
    settle(&mut window);
    let fields = window.query_all_by_role(egui::Role::TextInput);
    let typed: Vec<String> = fields.filter_map(|field| field.accesskit_node().value()).collect();
    assert!(typed.contains(&"extract.txt".to_owned()), "{typed:?}");
    assert!(window.query_by_label(complaint).is_none());
}
