//! What leaves a case through the window: the dialog, the file, the message.

use std::path::{Path, PathBuf};

use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use redthread::{case::Progress, demo::Demo};

use crate::window::{Window, click, model, press, settle, window, write};

fn demo(folder: &Path) -> PathBuf {
    let path = folder.join("demo.redthread");
    Demo::Dandong.build(&path, &Progress::new()).expect("builds").close().expect("closes");
    path
}

/// Chooses in the dialog and writes to a file.
fn export(window: &mut Window, choices: &[&str], to: &Path, field: &str) {
    press(window, Modifiers::COMMAND, Key::E);
    for label in choices {
        click(window, label);
    }
    click(window, "Choose where…");
    write(window, field, &to.display().to_string());
    click(window, "Save");
    settle(window);
}

#[test]
fn a_format_is_chosen_and_the_file_appears() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1024.0, 640.0], Some(demo(folder.path())));
    let file = "Name of the new file";
    let revisions = model(&window).log.len();

    // A picture of the chart that is open is what one gets without choosing.
    let pdf = folder.path().join("a.pdf");
    export(&mut window, &[], &pdf, file);
    assert!(std::fs::read(&pdf).expect("written").starts_with(b"%PDF-"));
    let said = window.state().messages().join("\n");
    assert!(said.contains("13 entities and 15 relationships written to"), "{said}");
    assert!(window.query_by_label("Show in folder").is_some());

    // The whole case as data, and the chart alone; the ending is added where it is missing.
    for (what, name, count) in [("Whole case", "whole", 93), ("This chart: Overview", "chart", 28)]
    {
        let to = folder.path().join(name);
        export(&mut window, &["FollowTheMoney entities", what], &to, file);
        let text = std::fs::read_to_string(folder.path().join(format!("{name}.ftm.ndjson")));
        assert_eq!(text.expect("written").lines().count(), count, "{name}");
    }

    // What is selected, as a folder; the format is remembered.
    window.get_by_label_contains("Ma Xiaohong, designated").click();
    settle(&mut window);
    let to = folder.path().join("pair");
    export(&mut window, &["CSV pair", "Selection: 1"], &to, "Name of the new folder");
    let entities = std::fs::read_to_string(to.join("entities.csv")).expect("written");
    assert_eq!(entities.lines().count(), 2, "{entities}");
    assert!(entities.contains("Ma Xiaohong"));

    assert_eq!(model(&window).log.len(), revisions, "an export changes nothing");

    // A name that is taken is refused before anything is written.
    press(&mut window, Modifiers::COMMAND, Key::E);
    click(&mut window, "Choose where…");
    write(&mut window, "Name of the new folder", &to.display().to_string());
    click(&mut window, "Save");
    assert!(window.query_by_label_contains("exists").is_some());
}

#[test]
fn what_cannot_leave_says_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1024.0, 640.0], Some(demo(folder.path())));
    press(&mut window, Modifiers::COMMAND, Key::E);
    for (format, what, can) in [
        ("PDF", "Whole case", false),
        ("PDF", "This chart: Overview", true),
        ("PDF", "Selection", false),
        ("Neo4j", "Whole case", true),
        ("Neo4j", "Selection", false),
    ] {
        click(&mut window, format);
        let disabled = window.get_by_label(what).accesskit_node().is_disabled();
        assert_eq!(!disabled, can, "{format}: {what}");
    }
    let markings = window.query_all_by_label("DEMO – PUBLIC RECORD").count();
    click(&mut window, "Cancel");
    assert!(window.query_by_label("Choose where…").is_none());
    let without = window.query_all_by_label("DEMO – PUBLIC RECORD").count();
    assert_eq!(markings, without + 1, "the dialog shows the marking");
}

#[test]
fn the_name_of_the_file_can_be_typed_at_once_and_no_key_reaches_the_chart() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1024.0, 640.0], Some(demo(folder.path())));
    press(&mut window, Modifiers::COMMAND, Key::E);
    click(&mut window, "Choose where…");
    let field = window.get_by_role_and_label(egui::Role::TextInput, "Name of the new file");
    assert!(field.accesskit_node().is_focused());
    press(&mut window, Modifiers::COMMAND, Key::A);
    assert!(window.state().view().selection.is_empty(), "the dialog has the keys");
    press(&mut window, Modifiers::NONE, Key::Escape);
    press(&mut window, Modifiers::COMMAND, Key::A);
    assert!(!window.state().view().selection.is_empty(), "the chart has them again");
}
