//! The window's traps: Esc, clicks beside, dialogs that move, notes that cover, keys behind a
//! dialog, files that exist, quitting, the author, narrow windows.

use std::path::{Path, PathBuf};

use egui::{Key, Modifiers, Pos2, Rect, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use redthread::{
    app::{
        command::{self, Command},
        model::Request,
        query::DetailsOf,
    },
    case::{Action, Case, Op, Progress},
    demo::Demo,
};

use crate::window::{Window, click, model, press, settle, window, write};

fn demo(folder: &Path) -> PathBuf {
    let path = folder.join("demo.redthread");
    Demo::Dandong.build(&path, &Progress::new()).expect("builds").close().expect("closes");
    path
}

fn run(window: &mut Window, command: &'static Command) {
    window.state_mut().ask(Request::Run(command));
    settle(window);
}

fn escape(window: &mut Window) {
    press(window, Modifiers::NONE, Key::Escape);
}

fn select_all(window: &mut Window) -> usize {
    press(window, Modifiers::COMMAND, Key::A);
    let count = window.state().view().selection.len();
    assert!(count > 3, "something is selected");
    count
}

fn is_there(window: &Window, label: &str) -> bool {
    window.query_all_by_label(label).next().is_some()
}

fn table(folder: &Path) -> PathBuf {
    let path = folder.join("list.csv");
    std::fs::write(&path, "company,country\nHarbour Light Ltd,HK\nPier Road Ltd,SG\n")
        .expect("written");
    path
}

#[test]
fn esc_closes_exactly_what_is_on_top() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1280.0, 800.0], Some(demo(folder.path())));
    let count = select_all(&mut window);
    let csv = table(folder.path());

    // Every dialog and box: its command, and a label that only it shows.
    let dialogs: [(&'static Command, &str); 12] = [
        (command::HELP_SHORTCUTS, "Drag the ground"),
        (
            command::HELP_ABOUT,
            "Redthread opens no network connection, ever. A case is one file; every action is saved at once.",
        ),
        (command::CASE_SETTINGS, "Title and marking"),
        (command::ENTITY_TAG, "Tag"),
        (command::ENTITY_NOTE, "Note"),
        (command::CASE_EXPORT, "Choose where…"),
        (command::CASE_SAVE_COPY, "Name of the new file"),
        (command::CASE_OPEN, "Name or path of the file"),
        (command::PALETTE_OPEN, "Find anything"),
        (command::VIEW_MESSAGES, "Messages"),
        (command::APP_AUTHOR, "Name of the author"),
        (command::ENTITY_ADD, "Name of the entity"),
    ];
    for (command, label) in dialogs {
        let before = window.query_all_by_label(label).count();
        run(&mut window, command);
        assert!(window.query_all_by_label(label).count() > before, "{command} opens");
        escape(&mut window);
        assert_eq!(window.query_all_by_label(label).count(), before, "{command} closes");
        assert_eq!(window.state().view().selection.len(), count, "{command}: selected as before");
    }

    // One over the other: the upper goes first.
    window.state_mut().ask(Request::AskImport(vec![csv]));
    settle(&mut window);
    click(&mut window, "Load…");
    assert!(is_there(&window, "Name or path of the file"));
    escape(&mut window);
    assert!(!is_there(&window, "Name or path of the file"), "the file dialog");
    assert!(is_there(&window, "Look at all rows"), "the import stays");
    escape(&mut window);
    assert!(!is_there(&window, "Look at all rows"), "then the import");

    // A menu, over a panel.
    click(&mut window, "Chart");
    assert!(is_there(&window, "Rename chart…"));
    escape(&mut window);
    assert!(!is_there(&window, "Rename chart…"));
    assert_eq!(window.state().view().selection.len(), count);

    // A mode of the chart, then an error, then the selection.
    press(&mut window, Modifiers::NONE, Key::L);
    window.state_mut().ask(Request::Fail("The disk is full.".into()));
    settle(&mut window);
    escape(&mut window);
    assert!(window.query_by_label_contains("Link mode:").is_none());
    assert!(is_there(&window, "The disk is full."));
    escape(&mut window);
    assert!(!is_there(&window, "The disk is full."));
    assert_eq!(window.state().view().selection.len(), count);
    escape(&mut window);
    assert!(window.state().view().selection.is_empty());
}

#[test]
fn nothing_behind_a_dialog_gets_a_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1280.0, 800.0], Some(demo(folder.path())));
    let count = select_all(&mut window);
    let revisions = model(&window).log.len();
    for command in
        [command::HELP_ABOUT, command::CASE_EXPORT, command::VIEW_MESSAGES, command::CASE_SETTINGS]
    {
        run(&mut window, command);
        for key in [Key::Delete, Key::H, Key::N, Key::L, Key::F2] {
            press(&mut window, Modifiers::NONE, key);
        }
        press(&mut window, Modifiers::COMMAND, Key::Delete);
        press(&mut window, Modifiers::COMMAND, Key::Z);
        assert_eq!(model(&window).log.len(), revisions, "{command}");
        assert!(!is_there(&window, "Name of the entity"), "{command}");
        assert_eq!(window.state().view().selection.len(), count, "{command}");
        escape(&mut window);
    }
    // Enter in the upper of two dialogs is not taken by the lower.
    window.state_mut().ask(Request::AskImport(vec![table(folder.path())]));
    settle(&mut window);
    click(&mut window, "Look at all rows");
    assert!(window.query_by_label_contains("Import 2").is_some());
    run(&mut window, command::APP_AUTHOR);
    escape(&mut window);
    run(&mut window, command::VIEW_MESSAGES);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(model(&window).log.len(), revisions);
}

#[test]
fn a_click_beside_a_dialog_discards_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1280.0, 800.0], Some(demo(folder.path())));
    let beside = |window: &mut Window| {
        window.hover_at(Pos2::new(4.0, 400.0));
        window.run_steps(2);
        window.drag_at(Pos2::new(4.0, 400.0));
        window.run_steps(2);
        window.event(egui::Event::PointerButton {
            pos: Pos2::new(4.0, 400.0),
            button: egui::PointerButton::Primary,
            pressed: false,
            modifiers: Modifiers::NONE,
        });
        settle(window);
    };
    window.state_mut().ask(Request::AskImport(vec![table(folder.path())]));
    settle(&mut window);
    write(&mut window, "Name of the mapping", "Registry");
    beside(&mut window);
    let name = window.get_by_role_and_label(Role::TextInput, "Name of the mapping");
    assert_eq!(name.accesskit_node().value().as_deref(), Some("Registry"));
    // Esc asks, since the mapping has been worked on.
    escape(&mut window);
    click(&mut window, "Go on with the import");
    assert!(is_there(&window, "Look at all rows"));
    escape(&mut window);
    click(&mut window, "Leave the import");
    assert!(!is_there(&window, "Look at all rows"));

    select_all(&mut window);
    run(&mut window, command::ENTITY_TAG);
    write(&mut window, "Tag", "to check");
    beside(&mut window);
    assert!(window.query_by_role_and_label(Role::TextInput, "Tag").is_some());
    escape(&mut window);
    run(&mut window, command::CASE_SAVE_COPY);
    beside(&mut window);
    assert!(is_there(&window, "Name of the new file"));
    escape(&mut window);
    // What is only read may go.
    run(&mut window, command::HELP_ABOUT);
    beside(&mut window);
    assert!(window.query_by_label_contains("opens no network connection").is_none());
}

#[test]
fn a_dialog_and_its_buttons_stay_while_content_arrives() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1280.0, 800.0], Some(demo(folder.path())));
    window.state_mut().ask(Request::AskImport(vec![table(folder.path())]));
    // From the first frame on, before the table is open.
    window.run_steps(6);
    // The status bar, at the right, may have one of its own.
    let place = |window: &Window| {
        let all = window.query_all_by_label("Cancel").map(|node| node.rect());
        all.min_by(|a, b| a.left().total_cmp(&b.left())).expect("a button")
    };
    let first = place(&window).min.y;
    settle(&mut window);
    assert_eq!(place(&window).min.y, first, "the table has arrived");
    let title = window.get_by_label_contains("Import list.csv").rect();
    click(&mut window, "Look at all rows");
    assert_eq!(window.get_by_label_contains("Import list.csv").rect().min, title.min);
    assert_eq!(place(&window).min.y, first, "another step");
    escape(&mut window);

    // The file dialog: another folder, a problem, a question.
    for n in 0..40 {
        std::fs::create_dir(folder.path().join(format!("folder {n}"))).expect("made");
    }
    run(&mut window, command::CASE_SAVE_COPY);
    let first = place(&window);
    write(&mut window, "Name of the new file", &folder.path().display().to_string());
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert!(is_there(&window, "folder 7"));
    assert_eq!(place(&window), first, "a folder has arrived");
    write(&mut window, "Name of the new file", "no/such/folder/x");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert!(window.query_by_label_contains("There is no folder").is_some());
    assert_eq!(place(&window), first, "a problem has arrived");
}

#[test]
fn a_file_is_replaced_after_a_question_and_a_folder_is_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1280.0, 800.0], Some(demo(folder.path())));
    let pdf = folder.path().join("chart.pdf");
    std::fs::write(&pdf, "old").expect("written");
    run(&mut window, command::CASE_EXPORT);
    click(&mut window, "Choose where…");
    write(&mut window, "Name of the new file", &pdf.display().to_string());
    press(&mut window, Modifiers::NONE, Key::Enter);
    window.get_by_label("chart.pdf exists here already. Replace it?");
    escape(&mut window);
    assert!(is_there(&window, "Name of the new file"), "Esc leaves the question alone");
    assert_eq!(std::fs::read_to_string(&pdf).expect("there"), "old");
    press(&mut window, Modifiers::NONE, Key::Enter);
    click(&mut window, "Replace the file");
    settle(&mut window);
    assert!(std::fs::read(&pdf).expect("there").starts_with(b"%PDF"));

    // A folder is made and gone to; a case is never replaced.
    run(&mut window, command::CASE_SAVE_COPY);
    write(&mut window, "Name of the new file", &folder.path().display().to_string());
    press(&mut window, Modifiers::NONE, Key::Enter);
    click(&mut window, "Make a folder here");
    write(&mut window, "Name of the folder", "Copies");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert!(folder.path().join("Copies").is_dir());
    write(&mut window, "Name of the new file", "copy");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert!(folder.path().join("Copies/copy.redthread").is_file());
    run(&mut window, command::CASE_NEW);
    write(
        &mut window,
        "Name of the new file",
        &folder.path().join("Copies/copy").display().to_string(),
    );
    press(&mut window, Modifiers::NONE, Key::Enter);
    click(&mut window, "Open that case");
    assert!(model(&window).path.ends_with("Copies/copy.redthread"));

    // A copy over the case that is open is refused, and what is there stays.
    run(&mut window, command::CASE_SAVE_COPY);
    let open = model(&window).path.clone();
    write(&mut window, "Name of the new file", &open.display().to_string());
    press(&mut window, Modifiers::NONE, Key::Enter);
    click(&mut window, "Replace the file");
    assert!(window.state().messages().iter().any(|m| m.contains("is the case that is open")));
    assert!(open.is_file());
    let entries = std::fs::read_dir(folder.path()).expect("readable").flatten();
    assert!(entries.into_iter().all(|e| !e.file_name().to_string_lossy().contains(".replaced-")));
}

#[test]
fn a_note_covers_nothing_and_undo_undoes_what_it_names() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1280.0, 1000.0], Some(demo(folder.path())));
    run(&mut window, command::VIEW_EVIDENCE);
    let before = rects(&window, &[Role::Button, Role::TextInput, Role::CheckBox]);
    let cards = window.get_by_label_contains("Ma Xiaohong, designated").rect();
    window.state_mut().ask(Request::Fail("The folder is gone. Choose another one.".into()));
    settle(&mut window);
    let note = window.get_by_label("The folder is gone. Choose another one.").rect();
    let after = rects(&window, &[Role::Button, Role::TextInput, Role::CheckBox]);
    for (label, rect) in &before {
        let still: Vec<&Rect> = after.iter().filter(|(l, _)| l == label).map(|(_, r)| r).collect();
        let stays = still.iter().any(|now| (now.center() - rect.center()).length() < 1.0);
        assert!(stays, "{label} has moved from {rect:?} to {still:?}");
        assert!(!rect.shrink(1.0).intersects(note), "{label} is covered");
    }
    let now = window.get_by_label_contains("Ma Xiaohong, designated").rect();
    assert!((now.center() - cards.center()).length() < 1.0, "the chart stays: {cards:?} {now:?}");
    click(&mut window, "Close this message");
    assert!(!is_there(&window, "The folder is gone. Choose another one."));
    run(&mut window, command::VIEW_MESSAGES);
    assert!(is_there(&window, "The folder is gone. Choose another one."), "it is in the list");
    escape(&mut window);

    // The one button that undoes is named after what it undoes, and always undoes that.
    let set = |window: &mut Window, n: usize| {
        let op = Op::Set { key: "officer".into(), value: format!("Officer {n}") };
        window.state_mut().ask(Request::Commit(Action::new(vec![op])));
        settle(window);
    };
    set(&mut window, 1);
    set(&mut window, 2);
    assert_eq!(window.query_all_by_label("Undo").count(), 1);
    click(&mut window, "Undo");
    assert_eq!(model(&window).settings["officer"], "Officer 1");
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(model(&window).settings["officer"], "Demo case");
    assert_ne!(model(&window).undo.as_deref(), Some("Set 1"));
}

/// The labels and places of all nodes of some roles that can be used.
fn rects(window: &Window, roles: &[Role]) -> Vec<(String, Rect)> {
    let all = window.query_all_by(|node| roles.contains(&node.role()));
    all.map(|node| (node.accesskit_node().label().unwrap_or_default(), node.rect())).collect()
}

#[cfg(unix)]
#[test]
fn a_window_for_reading_only_offers_nothing_that_writes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = demo(folder.path());
    let mut case = Case::open(&path).expect("opens");
    let op = Op::Set { key: "officer".into(), value: "Jo".into() };
    case.commit(Action::new(vec![op])).expect("valid");
    // It stays open elsewhere, so that the window may only read.
    let mut window = window([1280.0, 800.0], Some(path));
    assert!(model(&window).read_only.is_some());
    for (label, is_off) in [("Undo", true), ("Messages", false)] {
        assert_eq!(window.get_by_label(label).accesskit_node().is_disabled(), is_off, "{label}");
    }
    window.get_by_label("Undo").hover();
    window.run_steps(60);
    assert!(window.query_by_label_contains("open for reading only:").is_some());
    // Nothing that asks for a change gets through, and the reason is said.
    let revisions = model(&window).log.len();
    let op = Op::Set { key: "officer".into(), value: "Bo".into() };
    window.state_mut().ask(Request::Commit(Action::new(vec![op])));
    window.state_mut().ask(Request::Undo);
    settle(&mut window);
    assert_eq!(model(&window).log.len(), revisions);
    assert!(window.state().messages().iter().any(|m| m.contains("open for reading only")));
    case.close().expect("closes");
}

#[test]
fn quitting_asks_where_work_would_be_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1280.0, 800.0], Some(demo(folder.path())));
    window.state_mut().ask(Request::AskImport(vec![table(folder.path())]));
    settle(&mut window);
    write(&mut window, "Name of the mapping", "Registry");
    press(&mut window, Modifiers::COMMAND, Key::Q);
    assert!(is_there(&window, "Quit Redthread?") && !window.state().is_leaving());
    escape(&mut window);
    assert!(!is_there(&window, "Quit Redthread?"));
    assert!(is_there(&window, "Look at all rows"));
    press(&mut window, Modifiers::COMMAND, Key::Q);
    click(&mut window, "Stay");
    assert!(is_there(&window, "Look at all rows") && !window.state().is_leaving());
    press(&mut window, Modifiers::COMMAND, Key::Q);
    click(&mut window, "Quit without it");
    assert!(window.state().is_leaving());

    let mut idle = crate::window::window([1280.0, 800.0], None);
    press(&mut idle, Modifiers::COMMAND, Key::K);
    write(&mut idle, "Find anything", "quit");
    press(&mut idle, Modifiers::NONE, Key::Enter);
    assert!(idle.state().is_leaving(), "nothing to ask");
}

#[test]
fn nothing_on_screen_says_ctrl_on_a_mac() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1280.0, 800.0], Some(demo(folder.path())));
    window.ctx.set_os(egui::os::OperatingSystem::Mac);
    settle(&mut window);
    for command in [
        command::VIEW_EVIDENCE,
        command::VIEW_SCENES,
        command::VIEW_TABLE,
        command::VIEW_EXPLORE,
        command::CHART_NEW,
        command::HELP_SHORTCUTS,
        command::CASE_OPEN,
    ] {
        run(&mut window, command);
        let said: Vec<String> = window
            .query_all_by(|_| true)
            .flat_map(|node| {
                let node = node.accesskit_node();
                [node.label(), node.value(), node.placeholder().map(str::to_owned)]
            })
            .flatten()
            .filter(|text| text.contains("Ctrl"))
            .collect();
        assert!(said.is_empty(), "{command}: {said:?}");
        if command == command::HELP_SHORTCUTS || command == command::CASE_OPEN {
            escape(&mut window);
        }
    }
}

/// Shortcuts are written by the system's own signs, never by hand.
#[test]
fn no_text_of_the_window_names_ctrl_by_hand() {
    fn visit(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("readable").flatten() {
            let path = entry.path();
            if path.is_dir() {
                visit(&path, found);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for (number, line) in code.lines().enumerate() {
                let is_comment = line.trim_start().starts_with("//");
                let names = ["Ctrl+", "Alt+", "⌘+", "Cmd+"].iter().any(|key| line.contains(key));
                if !is_comment && line.contains('"') && names {
                    found.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
                }
            }
        }
    }
    let mut found = Vec::new();
    visit(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/app"), &mut found);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_author_is_asked_before_the_first_change_and_no_answer_blocks_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1280.0, 800.0], Some(demo(folder.path())));
    window.state_mut().ask_for_author();
    let known = redthread::case::author::is_known();
    select_all(&mut window);
    run(&mut window, command::VIEW_HISTORY);
    assert!(!is_there(&window, "Name of the author"), "nothing has been changed");
    let op = Op::Set { key: "officer".into(), value: "Bo".into() };
    window.state_mut().ask(Request::Commit(Action::new(vec![op])));
    settle(&mut window);
    assert_eq!(is_there(&window, "Name of the author"), !known);
    if !known {
        assert_ne!(
            model(&window).settings.get("officer").map(String::as_str),
            Some("Bo"),
            "it waits"
        );
        let field = window.get_by_role_and_label(Role::TextInput, "Name of the author");
        let proposed = field.accesskit_node().value().unwrap_or_default();
        assert_eq!(proposed, redthread::case::author::proposed());
        click(&mut window, "Not now");
    }
    assert_eq!(model(&window).settings["officer"], "Bo", "and goes on");
    let log = &model(&window).log;
    assert_eq!(log.last().map(|r| r.author.clone()), Some(redthread::case::author()));
    assert!(log.iter().all(|r| r.author != "unknown"));
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert!(!is_there(&window, "Name of the author"), "asked once");
}

#[test]
fn the_command_line_writes_under_the_name_that_is_kept_or_given() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    std::fs::create_dir_all(data.join("redthread")).expect("made");
    let run = |args: &[&str], author: Option<&str>| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_redthread"));
        command.current_dir(folder.path()).args(args).env("XDG_DATA_HOME", &data);
        command.env("HOME", &data).env_remove("REDTHREAD_AUTHOR");
        command.envs(author.map(|name| ("REDTHREAD_AUTHOR", name)));
        let output = command.output().expect("runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    std::fs::write(folder.path().join("a.csv"), "company\nHarbour Ltd\n").expect("written");
    std::fs::write(folder.path().join("b.csv"), "company\nPier Ltd\n").expect("written");
    std::fs::write(folder.path().join("c.csv"), "company\nQuay Ltd\n").expect("written");
    std::fs::write(folder.path().join("d.csv"), "company\nMole Ltd\n").expect("written");
    run(&["new", "c.redthread"], None);
    run(&["import", "c.redthread", "a.csv"], None);
    if cfg!(all(unix, not(target_os = "macos"))) {
        std::fs::write(data.join("redthread/author"), "Jo Miller\n").expect("written");
    }
    run(&["import", "c.redthread", "b.csv"], None);
    run(&["import", "c.redthread", "c.csv"], Some("Ann\nForged"));
    run(&["import", "--author", "王 喆", "c.redthread", "d.csv"], Some("Ann"));
    let log = run(&["log", "c.redthread", "--json"], None);
    let authors: Vec<String> = log
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|revision| revision["kind"] == "edit")
        .filter_map(|revision| revision["author"].as_str().map(str::to_owned))
        .collect();
    let last = &authors[authors.len() - 4..];
    assert_eq!(last[0], redthread::case::author::proposed());
    if cfg!(all(unix, not(target_os = "macos"))) {
        assert_eq!(last[1], "Jo Miller");
    }
    assert_eq!(last[2..], ["Ann Forged", "王 喆"]);
}

#[test]
fn the_format_that_is_given_decides_whatever_the_name_ends_in() {
    let folder = tempfile::tempdir().expect("a folder");
    demo(folder.path());
    for (format, name, start) in
        [("pdf", "chart.svg", "%PDF"), ("svg", "chart", "<"), ("ftm", "data.txt", "{")]
    {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_redthread"))
            .current_dir(folder.path())
            .args(["export", "demo.redthread", "--format", format, "--out", name])
            .output()
            .expect("runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let bytes = std::fs::read(folder.path().join(name)).expect("written");
        assert!(bytes.starts_with(start.as_bytes()), "{format} to {name}");
    }
}

/// Makes the text as large as the user can who presses the key three times: 130 %.
fn enlarge(window: &mut Window) {
    for _ in 0..3 {
        run(window, command::VIEW_TEXT_BIGGER);
    }
}

/// Every button, field and list of what is on screen lies inside the window and is wide enough to
/// hit; with `apart`, no two lie on each other. What is scrolled out of sight below a panel is not
/// held against the status bar.
fn assert_usable(window: &Window, room: Rect, what: &str, apart: bool) {
    let roles = [Role::Button, Role::TextInput, Role::CheckBox, Role::RadioButton, Role::ComboBox];
    let all: Vec<(String, Rect)> = window
        .query_all_by(|node| roles.contains(&node.role()))
        // The table scrolls sideways with its headings, and the row of charts beside its button.
        .filter(|node| !is_on_canvas(node) && !is_heading(node) && !is_tab(node))
        .map(|node| (node.accesskit_node().label().unwrap_or_default(), node.rect()))
        .filter(|(_, rect)| rect.width() > 0.0 && rect.height() > 0.0)
        .collect();
    assert!(all.len() > 8, "{what}: {all:?}");
    for (label, rect) in &all {
        assert!(
            rect.left() >= room.left() - 0.5 && rect.right() <= room.right() + 0.5,
            "{what}: {label} at {rect:?} is not in the window {room:?}"
        );
        assert!(rect.width() >= 14.0, "{what}: {label} is only {} wide", rect.width());
    }
    let shown: Vec<&(String, Rect)> =
        all.iter().filter(|(_, rect)| apart && rect.bottom() < room.bottom() - 27.0).collect();
    for (n, (label, rect)) in shown.iter().enumerate() {
        for (other, over) in &shown[n + 1..] {
            let common = rect.shrink(1.5).intersect(over.shrink(1.5));
            let covers = common.width() > 0.0 && common.height() > 0.0;
            // A row that is a button may hold buttons.
            let holds = rect.contains_rect(*over) || over.contains_rect(*rect);
            assert!(!covers || holds, "{what}: {label} {rect:?} lies on {other} {over:?}");
        }
    }
}

fn is_heading(node: &egui_kittest::Node<'_>) -> bool {
    node.accesskit_node().label().is_some_and(|label| label.starts_with("Sort by "))
}

/// Whether a node stands for an entity, a line or an overlay on the chart.
fn is_tab(node: &egui_kittest::Node<'_>) -> bool {
    node.accesskit_node().label().is_some_and(|label| label.starts_with("Chart "))
}

fn is_on_canvas(node: &egui_kittest::Node<'_>) -> bool {
    let label = node.accesskit_node().label().unwrap_or_default();
    let parts = ["Link from ", " to ", ", confirmed", ", unconfirmed", ", tentative", ", denied"];
    parts.iter().any(|part| label.contains(part))
}

#[test]
fn every_panel_is_usable_in_a_small_window_with_large_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1024.0, 640.0], Some(demo(folder.path())));
    enlarge(&mut window);
    let room = window.ctx.content_rect();
    assert!(room.width() < 800.0, "{room:?}");
    let ma = Demo::Dandong.id("ma");
    window.state_mut().ask(Request::query(DetailsOf::now(ma)));
    window.get_by_label_contains("Ma Xiaohong, designated").click();
    settle(&mut window);
    for panel in [
        command::VIEW_TABLE,
        command::VIEW_TIMELINE,
        command::VIEW_EVIDENCE,
        command::VIEW_HISTORY,
        command::VIEW_SCENES,
    ] {
        run(&mut window, panel);
        assert_usable(&window, room, panel.id, true);
    }
    run(&mut window, command::VIEW_EXPLORE);
    // It scrolls behind the drawer below it.
    assert_usable(&window, room, "the filter", false);
    for dialog in [
        command::CASE_EXPORT,
        command::CASE_SAVE_COPY,
        command::CASE_SETTINGS,
        command::APP_AUTHOR,
        command::ENTITY_NOTE,
    ] {
        run(&mut window, dialog);
        assert_usable(&window, room, dialog.id, false);
        escape(&mut window);
    }
    window.state_mut().ask(Request::AskImport(vec![table(folder.path())]));
    settle(&mut window);
    assert_usable(&window, room, "mapping", false);
}
