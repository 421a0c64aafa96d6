//! Tables go from the dialog into the case: understood, one column corrected, imported, undone.
//! Everything in them is FICTIONAL.

use std::path::{Path, PathBuf};

use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use redthread::{
    app::{command, model::Request},
    case::Case,
};

use crate::ui::drop_file;
use crate::window::{Window, click, model, press, settle, window};

/// A window with an empty case, in which these files are asked to be imported.
fn asked(folder: &Path, files: Vec<PathBuf>) -> Window {
    let path = folder.join("inquiry.redthread");
    Case::create(&path).expect("a new case").close().expect("closed");
    let mut window = window([1280.0, 800.0], Some(path));
    window.state_mut().ask(Request::AskImport(files));
    settle(&mut window);
    window
}

fn file(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("space");
    path
}

/// The names of all things of a schema.
fn named(window: &Window, schema: &str) -> Vec<String> {
    let seen = &model(window).seen;
    let all = seen.nodes().filter(|entity| entity.schema() == schema);
    let mut names: Vec<String> = all.map(|entity| entity.caption().to_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_messy_table_is_understood_corrected_by_one_choice_imported_and_undone() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "Register of firms (FICTIONAL – TRAINING)\n\
        \n\
        Firma;Chef;Geburtsdatum;Ort\n\
        Trugbild Handels GmbH;Jürgen Müßig;01.02.1967;Testhausen\n\
        Luftschloss AG;Åsa Gröndal;13.05.1958;Musterstadt\n\
        Summe;;;\n";
    let bytes = encoding_rs::WINDOWS_1252.encode(text).0;
    let path = file(folder.path(), "firmen.csv", &bytes);
    let mut window = asked(folder.path(), vec![path]);
    let becomes = |window: &Window, column: &str| {
        let start = format!("Column {column} becomes: ");
        let found = window.query_all_by_label_contains(&start).next().expect("a column");
        found.accesskit_node().label().unwrap_or_default().replace(&start, "")
    };
    assert_eq!(becomes(&window, "Firma"), "Company");
    let before = becomes(&window, "Chef");
    click(&mut window, &format!("Column Chef becomes: {before}"));
    click(&mut window, "Chef is: Person, director of the company");
    assert_eq!(becomes(&window, "Chef"), "Person, director of the company");
    click(&mut window, "Look at all rows");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(named(&window, "Person"), ["Jürgen Müßig", "Åsa Gröndal"]);
    assert_eq!(named(&window, "Company"), ["Luftschloss AG", "Trugbild Handels GmbH"]);
    assert_eq!(model(&window).seen.links().count(), 2, "each directs one");
    click(&mut window, "Close");
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert!(named(&window, "Person").is_empty());
}

#[test]
fn a_table_dropped_while_another_is_looked_at_waits_for_its_turn() {
    let folder = tempfile::tempdir().expect("a folder");
    let one = b"Company,Country\nNorden Shipping Ltd (FICTIONAL),GB\n";
    let two = b"Company,Country\nKellner Trading Ltd (FICTIONAL),DE\n";
    let (one, two) = (file(folder.path(), "one.csv", one), file(folder.path(), "two.csv", two));
    let mut window = asked(folder.path(), vec![one]);
    drop_file(&mut window, &two, egui::pos2(600.0, 400.0));
    window.get_by_label("Import one.csv");
    click(&mut window, "Look at all rows");
    press(&mut window, Modifiers::NONE, Key::Enter);
    click(&mut window, "Close");
    assert_eq!(named(&window, "Company"), ["Norden Shipping Ltd (FICTIONAL)"]);
    window.get_by_label("Import two.csv");
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert!(window.query_by_label("Import two.csv").is_none());
}

#[test]
fn every_sheet_of_a_workbook_is_offered_and_they_are_understood_together() {
    use rust_xlsxwriter::Workbook;
    let folder = tempfile::tempdir().expect("a folder");
    let mut book = Workbook::new();
    let sheets: [(&str, &[[&str; 3]]); 2] = [
        (
            "Companies",
            &[
                ["company_id", "Company", "Country"],
                ["c1", "Norden Shipping Ltd (FICTIONAL)", "GB"],
                ["c2", "Kellner Trading Ltd (FICTIONAL)", "DE"],
            ],
        ),
        (
            "Directors",
            &[
                ["Director", "Date of birth", "Company"],
                ["Alba Norden", "1967-04-03", "Norden Shipping Ltd (FICTIONAL)"],
                ["Boris Kellner", "1958-05-06", "Kellner Trading Ltd (FICTIONAL)"],
            ],
        ),
    ];
    for (name, rows) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(name).expect("a name");
        for (row, cells) in rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                sheet.write(row as u32, column as u16, *cell).expect("a cell");
            }
        }
    }
    let bytes = book.save_to_buffer().expect("a workbook");
    let path = file(folder.path(), "book.xlsx", &bytes);
    let mut window = asked(folder.path(), vec![path]);
    window.get_by_label("Import book.xlsx, sheet Companies");
    assert!(window.query_by_label_contains("1 more sheet follows").is_some());
    click(&mut window, "Look at all rows");
    press(&mut window, Modifiers::NONE, Key::Enter);
    click(&mut window, "Close");
    window.get_by_label("Import book.xlsx, sheet Directors");
    click(&mut window, "Look at all rows");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(named(&window, "Person"), ["Alba Norden", "Boris Kellner"]);
    click(&mut window, "Close");
    assert!(window.query_by_label_contains("Import book.xlsx, sheet").is_none(), "nothing is left");
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert!(named(&window, "Person").is_empty() && !named(&window, "Company").is_empty());
}

#[test]
fn nodes_and_edges_given_together_name_each_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let nodes = file(
        folder.path(),
        "nodes.csv",
        b"Id,Label,Type\nn1,Norden Shipping Ltd (FICTIONAL),Company\nn2,Alba Norden (FICTIONAL),Person\n",
    );
    let edges = file(folder.path(), "edges.csv", b"Source,Target,Weight\nn2,n1,3\n");
    let mut window = asked(folder.path(), vec![nodes, edges]);
    for _ in 0..2 {
        click(&mut window, "Look at all rows");
        press(&mut window, Modifiers::NONE, Key::Enter);
        click(&mut window, "Close");
    }
    assert_eq!(named(&window, "Company"), ["Norden Shipping Ltd (FICTIONAL)"]);
    let seen = &model(&window).seen;
    let ends: Vec<_> = seen.links().filter_map(redthread::network::EntityRef::ends).collect();
    assert_eq!(ends.len(), 1);
    assert_eq!(seen.nodes().filter(|one| one.schema() == "Thing").count(), 0);
}

#[test]
fn a_long_condition_does_not_push_the_dialog_out_of_a_small_window() {
    let folder = tempfile::tempdir().expect("a folder");
    let nodes = "id,Company\n1,Norden Shipping Ltd (FICTIONAL)\n2,Kellner Trading Ltd (FICTIONAL)\n\
        3,Velmara Holding Ltd (FICTIONAL)\n";
    let edges = "from_id,to_id,type\n1,2,Shareholder\n2,3,Beneficial owner of the shares\n\
        1,3,Controlling shareholder and parent\n3,2,Director\n";
    let nodes = file(folder.path(), "nodes.csv", nodes.as_bytes());
    let edges = file(folder.path(), "edges.csv", edges.as_bytes());
    let mut window = asked(folder.path(), vec![edges, nodes]);
    window.set_size(egui::vec2(1024.0, 640.0));
    settle(&mut window);
    window.get_by_label("Import edges.csv");
    let conditions = window.query_all_by_label_contains("Take out the condition on type");
    let rights: Vec<f32> = conditions.map(|button| button.rect().right()).collect();
    assert!(!rights.is_empty(), "each kind of tie has a condition");
    assert!(rights.iter().all(|&right| right < 1_000.0), "{rights:?}");
}

#[test]
fn edges_name_what_was_imported_before() {
    let folder = tempfile::tempdir().expect("a folder");
    let nodes = |name: &str, firm: &str| {
        let text = format!(
            "Id,Label,Type\nn1,{firm} (FICTIONAL),Company\nn2,Alba Norden (FICTIONAL),Person\n"
        );
        file(folder.path(), name, text.as_bytes())
    };
    let edges = b"Source,Target,Label\nn2,n1,owns\n";
    let mut window = asked(folder.path(), vec![nodes("nodes.csv", "Norden Shipping Ltd")]);
    let import = |window: &mut Window| {
        click(window, "Look at all rows");
        press(window, Modifiers::NONE, Key::Enter);
        click(window, "Close");
    };
    import(&mut window);
    window.state_mut().ask(Request::AskImport(vec![file(folder.path(), "edges.csv", edges)]));
    settle(&mut window);
    window.get_by_label_contains("1 of 1 ids of “Source” are in “nodes.csv”");
    window.get_by_label("Alba Norden (FICTIONAL) → Norden Shipping Ltd (FICTIONAL)");
    import(&mut window);
    let owners = |window: &Window| {
        let seen = &model(window).seen;
        let ends: Vec<_> = seen.links().filter_map(redthread::network::EntityRef::ends).collect();
        ends.len()
    };
    assert_eq!(owners(&window), 1);
    assert_eq!(named(&window, "Company"), ["Norden Shipping Ltd (FICTIONAL)"]);
    assert_eq!(named(&window, "LegalEntity"), Vec::<String>::new());
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(owners(&window), 0);
    // Two tables have these ids: the user says whose they are.
    let other = nodes("more_nodes.csv", "Mirage Ltd");
    window.state_mut().ask(Request::AskImport(vec![other]));
    settle(&mut window);
    import(&mut window);
    let edges = b"Source,Target,Label\nn2,n1,director of\n";
    window.state_mut().ask(Request::AskImport(vec![file(folder.path(), "flows.csv", edges)]));
    settle(&mut window);
    window.get_by_label_contains("Whose ids are in “Source”?");
    click(&mut window, "Those of “more_nodes.csv”");
    import(&mut window);
    let seen = &model(&window).seen;
    let (_, firm) = seen.links().find_map(redthread::network::EntityRef::ends).expect("a tie");
    assert_eq!(seen.get(firm).expect("it is there").caption(), "Mirage Ltd (FICTIONAL)");
}

#[test]
fn two_documents_of_the_case_become_editions_of_each_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let list =
        |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/editions").join(name);
    let files = ["list-2024-01-31.ftm.ndjson", "list-2024-07-31.ftm.ndjson"].map(list);
    let mut window = asked(folder.path(), files.to_vec());
    for _ in 0..2 {
        press(&mut window, Modifiers::NONE, Key::Enter);
        click(&mut window, "Close");
    }
    let seen = |window: &Window| model(window).seen.iter().count();
    let all = seen(&window);
    window.state_mut().ask(Request::Run(command::EVIDENCE_EDITION));
    settle(&mut window);
    window.get_by_label("Edition: list-2024-07-31.ftm.ndjson");
    click(&mut window, "Compare the editions");
    for shown in ["Newer than “list-2024-01-31.ftm.ndjson”.", "New (1)", "Changed (1)", "Gone (3)"]
    {
        window.get_by_label(shown);
    }
    assert_eq!(seen(&window), all, "nothing is kept yet");
    click(&mut window, "Keep this edition");
    assert!(window.query_by_label_contains("Edition: ").is_none());
    assert_eq!(seen(&window), all - 3, "what is gone is out of sight");
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(seen(&window), all);
    // Both are editions of each other already: there is nothing to ask.
    press(&mut window, Modifiers { shift: true, ..Modifiers::COMMAND }, Key::Z);
    window.state_mut().ask(Request::Run(command::EVIDENCE_EDITION));
    settle(&mut window);
    assert!(window.query_by_label_contains("Edition: ").is_none());
}
