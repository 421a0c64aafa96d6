//! A file goes from the dialog into the case: looked at, taken in, shown, undone.

use std::path::{Path, PathBuf};

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use redthread::{app::model::Request, case::Case};

use crate::window::{Window, click, model, press, settle, window, write};

/// Three companies, of which two are tied, and a line that is no entity.
const LINES: &str = concat!(
    r#"{"id":"a","schema":"Company","properties":{"name":["Pier Road (FICTIONAL)"],"country":["hk"]}}"#,
    "\n",
    r#"{"id":"b","schema":"Company","properties":{"name":["鸿祥 (FICTIONAL)"],"sourceUrl":["https://example.org"]}}"#,
    "\nnot an entity\n",
    r#"{"id":"c","schema":"Company","properties":{"name":["조선 (FICTIONAL)"]}}"#,
    "\n",
    r#"{"id":"l","schema":"Ownership","properties":{"owner":["a"],"asset":["b"],"percentage":["60"]}}"#,
    "\n",
);

fn empty_case(folder: &Path) -> PathBuf {
    let path = folder.join("inquiry.redthread");
    Case::create(&path).expect("a new case").close().expect("closed");
    path
}

/// A window with an empty case, in which this file is asked to be imported.
fn asked(folder: &Path, name: &str, text: &str) -> Window {
    let file = folder.join(name);
    std::fs::write(&file, text).expect("space");
    let mut window = window([1280.0, 800.0], Some(empty_case(folder)));
    window.state_mut().ask(Request::AskImport(vec![file]));
    settle(&mut window);
    window
}

fn stands(window: &Window, id: &str) -> bool {
    model(window).seen.get(&id.into()).is_some()
}

#[test]
fn a_file_is_looked_at_taken_in_shown_on_a_chart_and_undone() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = asked(folder.path(), "list.ndjson", LINES);
    for seen in [
        "Import list.ndjson",
        "Pier Road (FICTIONAL)",
        "鸿祥 (FICTIONAL)",
        "Pier Road (FICTIONAL) → 鸿祥 (FICTIONAL) (Ownership)",
        "1 place was not fully understood",
        "None of these was imported into this case before.",
    ] {
        window.get_by_label(seen);
    }
    assert!(!stands(&window, "a"), "looking takes nothing in");
    write(&mut window, "Title of the source", "A leak (FICTIONAL)");
    click(&mut window, "Import 3 entities and 1 relationship");
    assert!(stands(&window, "a") && stands(&window, "l"));
    window.get_by_label("Imported 3 entities and 1 relationship.");
    click(&mut window, "Show on chart");
    let chart = window.state().view().chart.clone().expect("a chart is open");
    assert_eq!(model(&window).chart(&chart).expect("it exists").name, "A leak (FICTIONAL)");
    assert_eq!(model(&window).placed(&chart).len(), 3, "the ends of the relationship among them");
    press(&mut window, Modifiers::COMMAND, Key::Z);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert!(!stands(&window, "a"), "one step takes the whole import back");
}

#[test]
fn a_second_import_says_what_is_known_and_adds_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = asked(folder.path(), "list.ndjson", LINES);
    press(&mut window, Modifiers::NONE, Key::Enter);
    click(&mut window, "Close");
    let before = model(&window).log.len();
    let again = folder.path().join("list.ndjson");
    window.state_mut().ask(Request::AskImport(vec![again]));
    settle(&mut window);
    window.get_by_label("4 are in the case already; missing values are added to them.");
    press(&mut window, Modifiers::NONE, Key::Enter);
    window.get_by_label("The case holds all of this already.");
    assert_eq!(model(&window).log.len(), before);
}

#[test]
fn what_came_is_listed_alone_in_the_table() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = asked(folder.path(), "first.ndjson", LINES);
    press(&mut window, Modifiers::NONE, Key::Enter);
    click(&mut window, "Close");
    let other = folder.path().join("other.ndjson");
    let line = r#"{"id":"d","schema":"Person","properties":{"name":["Nobody (FICTIONAL)"]}}"#;
    std::fs::write(&other, line).expect("space");
    window.state_mut().ask(Request::AskImport(vec![other]));
    settle(&mut window);
    press(&mut window, Modifiers::NONE, Key::Enter);
    click(&mut window, "Show in table");
    window.get_by_label("Nobody (FICTIONAL)");
    assert!(window.query_by_label("Pier Road (FICTIONAL)").is_none());
    click(&mut window, "Only other.ndjson; show everything");
    window.get_by_label("Pier Road (FICTIONAL)");
}

#[test]
fn what_is_cut_off_or_unknown_is_said_in_one_sentence_and_can_be_attached() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = asked(folder.path(), "cut.ndjson", &LINES[..LINES.len() - 30]);
    window.get_by_label("cut.ndjson, line 5: the file is cut off here; nothing was imported.");
    click(&mut window, "Attach as a document instead");
    assert_eq!(model(&window).evidence.len(), 1);
    assert!(model(&window).seen.links().next().is_none());
}

#[test]
fn a_table_is_mapped_looked_at_and_taken_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "Shareholder;Company;Country;Share\n\
        Pier Road Ltd (FICTIONAL);丹东 Trading Co., Ltd. (FICTIONAL);China;60 %\n\
        Nobody Ltd (FICTIONAL);丹东 Trading Co., Ltd. (FICTIONAL);China;40 %\n";
    let mut window = asked(folder.path(), "shares.csv", text);
    assert!(window.query_by_label("Title of the source").is_none(), "the columns come first");
    click(&mut window, "Look at all rows");
    window
        .get_by_label("Pier Road Ltd (FICTIONAL) → 丹东 Trading Co., Ltd. (FICTIONAL) (Ownership)");
    click(&mut window, "Back to the columns");
    click(&mut window, "Look at all rows");
    click(&mut window, "Import 3 entities and 2 relationships");
    let shares: Vec<String> = model(&window)
        .seen
        .links()
        .flat_map(|link| link.all("percentage").map(str::to_owned).collect::<Vec<_>>())
        .collect();
    assert_eq!(shares.len(), 2);
    assert!(shares.contains(&"60".to_owned()) && shares.contains(&"40".to_owned()), "{shares:?}");
}

#[test]
fn a_newer_edition_is_compared_before_it_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/editions");
    let text = std::fs::read_to_string(data.join("list-2024-01-31.ftm.ndjson")).expect("there");
    let mut window = asked(folder.path(), "list-2024-01-31.ftm.ndjson", &text);
    press(&mut window, Modifiers::NONE, Key::Enter);
    click(&mut window, "Close");
    let before = model(&window).log.len();
    let newer = data.join("list-2024-07-31.ftm.ndjson");
    window.state_mut().ask(Request::AskImport(vec![newer]));
    settle(&mut window);
    let like = "Looks like a newer edition of “list-2024-01-31.ftm.ndjson”.";
    assert!(window.query_by_label_contains(like).is_some());
    click(&mut window, "Edition of a document in the case");
    click(&mut window, "Compare the editions");
    for seen in ["Newer than “list-2024-01-31.ftm.ndjson”.", "New (1)", "Changed (1)", "Gone (3)"]
    {
        window.get_by_label(seen);
    }
    window.get_by_label("Nils Varga");
    window.get_by_label("Address: 1 Old Quay → 2 New Quay");
    window.get_by_label("Sanction of Ivo Kestrel");
    assert_eq!(model(&window).log.len(), before, "nothing is kept yet");
    assert!(stands(&window, "p1") && !stands(&window, "p3"));
    click(&mut window, "Back");
    click(&mut window, "Compare the editions");
    click(&mut window, "Keep this edition");
    click(&mut window, "Close");
    assert!(!stands(&window, "p1") && !stands(&window, "d1") && stands(&window, "p3"));
    click(&mut window, "View");
    click(&mut window, "Show older editions of documents, or not");
    assert!(stands(&window, "p1") && stands(&window, "d1") && stands(&window, "p3"));
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert!(!stands(&window, "p1"), "the case as it is shows the newest editions");
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert!(stands(&window, "p1") && stands(&window, "d1") && !stands(&window, "p3"));
}

#[test]
fn a_newer_edition_of_a_table_meets_what_the_older_one_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/editions");
    let text = std::fs::read_to_string(data.join("officers-2023-12-31.csv")).expect("there");
    let mut window = asked(folder.path(), "officers-2023-12-31.csv", &text);
    click(&mut window, "Look at all rows");
    press(&mut window, Modifiers::NONE, Key::Enter);
    click(&mut window, "Close");
    let newer = data.join("officers-2024-12-31.csv");
    window.state_mut().ask(Request::AskImport(vec![newer]));
    settle(&mut window);
    click(&mut window, "Look at all rows");
    click(&mut window, "Edition of a document in the case");
    click(&mut window, "Compare the editions");
    for seen in ["New (2)", "Changed (1)", "Gone (2)", "Address: 1 Old Quay → 2 New Quay"] {
        window.get_by_label(seen);
    }
}
