//! What was said stays said: edits keep what a statement carries, every property can be entered,
//! and the facts of a file are nobody's statements.

use std::path::{Path, PathBuf};

use egui::{Event, Key, Modifiers, PointerButton, Pos2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use redthread::{
    app::{model::Request, query::DetailsOf},
    case::{
        Action, Case, Cited, EvidenceBytes, NewCitation, NewEvidence, NewValue, Op, StatementInfo,
    },
    model::{Chart, Citation, Credibility, Id, Placement},
};

use crate::window::{Window, click, model, press, settle, window, write};

const LEI: &str = "529900T8BM49AURSDO55";

fn add(id: &str, schema: &str, values: Vec<NewValue>) -> Op {
    Op::Add { entity: id.into(), schema: schema.into(), values }
}

fn document(id: &str, title: &str, publisher: &str, published: &str) -> Op {
    Op::Attach(NewEvidence {
        id: id.into(),
        bytes: EvidenceBytes::Memory(format!("the bytes of {title}").into_bytes()),
        file_name: format!("{id}.txt"),
        mime: "text/plain".into(),
        method: "opened".into(),
        values: vec![
            NewValue::new("title", title),
            NewValue::new("publisher", publisher),
            NewValue::new("publishedAt", published),
            NewValue::new("reliability", "B"),
        ],
    })
}

/// A case with a person whose name has a language and a spelling, a misspelled company that is
/// cited, a stake and two documents.
fn case(folder: &Path) -> PathBuf {
    let path = folder.join("said.redthread");
    let mut case = Case::create(&path).expect("a new case");
    let kim = vec![
        NewValue {
            lang: Some("kor".into()),
            original: Some("김철".into()),
            ..NewValue::new("name", "Kim Chol")
        },
        NewValue { denied: true, ..NewValue::new("nationality", "kp") },
    ];
    let owns = vec![
        NewValue::new("owner", "kim"),
        NewValue::new("asset", "harbour"),
        NewValue::new("role", "nominee"),
    ];
    case.commit(Action::new(vec![
        add("kim", "Person", kim),
        add("harbour", "Company", vec![NewValue::new("name", "Harbuor Trading Company")]),
        add("other", "Company", vec![NewValue::new("alias", "Lantern")]),
        add("owns", "Ownership", owns),
    ]))
    .expect("valid");
    case.commit(Action::new(vec![
        document("first", "Registry extract", "Companies Registry", "2016-08-03"),
        document("second", "Lost at sea", "Daily Lantern", "2019-01-02"),
    ]))
    .expect("valid");
    let details = case.details(&"harbour".into()).expect("readable");
    let name = details.statements.iter().find(|s| s.property == "name").expect("stated").key;
    let citation = NewCitation {
        statement: Cited::Statement(name),
        evidence: "first".into(),
        supports: true,
        credibility: Some(Credibility::Two),
        page: Some("3".into()),
        quote: Some("Harbour Trading".into()),
        range: Some((4, 19)),
        region: None,
    };
    case.commit(Action::new(vec![Op::Cite(citation)])).expect("valid");
    let chart = Chart::new("First", 1.0);
    let place = |(n, id): (usize, &str)| Placement {
        entity: id.into(),
        x: n as f32 * 320.0,
        y: 0.0,
        pinned: false,
    };
    let placements = ["kim", "harbour", "other"].into_iter().enumerate().map(place).collect();
    let place = Op::Place { chart: chart.id.clone(), placements };
    case.commit(Action::new(vec![Op::PutChart(chart), place])).expect("valid");
    case.close().expect("closed");
    path
}

fn open(folder: &Path) -> Window {
    window([1440.0, 900.0], Some(case(folder)))
}

/// Selects by name, as a user with a keyboard does.
fn choose(window: &mut Window, name: &str) {
    press(window, Modifiers::COMMAND, Key::K);
    write(window, "Find anything", name);
    press(window, Modifiers::NONE, Key::Enter);
    assert_eq!(window.state().view().selection.len(), 1, "{name} is selected");
}

/// Selects a document by its title.
fn choose_document(window: &mut Window, title: &str) {
    press(window, Modifiers::COMMAND, Key::K);
    write(window, "Find anything", title);
    press(window, Modifiers::NONE, Key::Enter);
    click(window, "Show statements of this document");
    press(window, Modifiers::COMMAND, Key::Num4);
}

fn selected(window: &Window) -> Id {
    window.state().view().selection.first().cloned().expect("something is selected")
}

/// The live statements about a property.
fn said(window: &mut Window, id: &str, property: &str) -> Vec<StatementInfo> {
    let id = Id::from(id);
    let details = DetailsOf::now(id);
    window.state_mut().ask(Request::query(details.clone()));
    settle(window);
    let details = model(window).answer(&details).expect("asked for");
    details.statements.iter().filter(|s| s.live && s.property == property).cloned().collect()
}

fn one(window: &mut Window, id: &str, property: &str) -> StatementInfo {
    let mut all = said(window, id, property);
    let context = (&model(window).undo, window.state().messages());
    assert_eq!(all.len(), 1, "one live {property}: {context:?}");
    all.remove(0)
}

fn double_click(window: &mut Window, at: Pos2) {
    window.hover_at(at);
    window.run_steps(2);
    for _ in 0..2 {
        for pressed in [true, false] {
            let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
            window.event(Event::PointerButton { pos: at, button, pressed, modifiers });
            window.run_steps(1);
        }
    }
    settle(window);
}

/// The cell of the table in the row of a name and the column of a heading.
fn cell(window: &Window, name: &str, column: &str) -> Pos2 {
    let heading = window.get_by_label(&format!("Sort by {column}")).rect();
    let rows = window.get_all_by_label(name).map(|node| node.rect());
    let row = rows.filter(|rect| rect.top() > heading.bottom()).min_by(|a, b| {
        let far = |rect: &egui::Rect| (rect.left() - heading.left()).abs();
        far(a).total_cmp(&far(b))
    });
    Pos2::new(heading.center().x, row.expect("a row").center().y)
}

#[test]
fn an_edit_keeps_denial_language_and_spelling_wherever_it_is_made() {
    for place in ["inspector", "table", "chart"] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut window = open(folder.path());
        choose(&mut window, "Kim Chol");
        let label = match place {
            "inspector" => {
                click(&mut window, "Edit Kim Chol");
                "Name"
            }
            "table" => {
                press(&mut window, Modifiers::COMMAND, Key::Num2);
                let at = cell(&window, "Kim Chol", "Name");
                double_click(&mut window, at);
                "Name of Kim Chol"
            }
            _ => {
                press(&mut window, Modifiers::NONE, Key::F2);
                "Name of Kim Chol"
            }
        };
        write(&mut window, label, "Kim Chul");
        press(&mut window, Modifiers::NONE, Key::Enter);
        let name = one(&mut window, "kim", "name");
        let kept = (&*name.value, name.lang.as_deref(), name.original.as_deref());
        assert_eq!(kept, ("Kim Chul", Some("kor"), Some("김철")), "in the {place}");
        assert_eq!(
            model(&window).undo.as_deref(),
            Some("Rename Kim Chol to Kim Chul"),
            "in the {place}"
        );
        assert!(window.query_by_label("Korean · as written: 김철").is_some(), "and it is shown");
    }
}

#[test]
fn a_denied_value_stays_denied_when_it_is_edited() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    choose(&mut window, "Kim Chol");
    click(&mut window, "Edit not North Korea");
    write(&mut window, "Nationality", "South Korea");
    assert!(window.query_by_label("The value stays denied.").is_some());
    press(&mut window, Modifiers::NONE, Key::Enter);
    let value = one(&mut window, "kim", "nationality");
    assert_eq!((&*value.value, value.denied), ("kr", true));
    assert_eq!(value.original.as_deref(), Some("South Korea"), "as it was typed");
    assert_eq!(model(&window).undo.as_deref(), Some("Change nationality of Kim Chol"));
}

#[test]
fn language_and_spelling_are_edited_in_the_inspector() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    choose(&mut window, "Kim Chol");
    click(&mut window, "Edit Kim Chol");
    write(&mut window, "As written", "金哲");
    write(&mut window, "Language", "Klingonese");
    click(&mut window, "Save");
    assert!(window.query_by_label_contains("not a known language").is_some(), "and it stays open");
    write(&mut window, "Language", "Chinese");
    click(&mut window, "Save");
    let name = one(&mut window, "kim", "name");
    let kept = (&*name.value, name.lang.as_deref(), name.original.as_deref());
    assert_eq!(kept, ("Kim Chol", Some("zho"), Some("金哲")));
}

#[test]
fn chart_and_table_edit_the_property_that_gives_the_caption() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    // The second company has no name, and is called by its alias.
    choose(&mut window, "Lantern");
    press(&mut window, Modifiers::NONE, Key::F2);
    write(&mut window, "Alias of Lantern", "Lantern Shipping");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(one(&mut window, "other", "alias").value, "Lantern Shipping");
    assert!(said(&mut window, "other", "name").is_empty());
    press(&mut window, Modifiers::COMMAND, Key::Num2);
    let at = cell(&window, "Lantern Shipping", "Name");
    double_click(&mut window, at);
    write(&mut window, "Alias of Lantern Shipping", "Lantern Maritime");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(one(&mut window, "other", "alias").value, "Lantern Maritime");
    // A document is called by its title; its file name is no value.
    let at = cell(&window, "Registry extract", "Name");
    double_click(&mut window, at);
    let field = "Title of Registry extract";
    assert!(window.query_by_role_and_label(egui::Role::TextInput, field).is_some());
    press(&mut window, Modifiers::NONE, Key::Escape);
    // The stake has no share yet, so its line says the role.
    window.get_by_label_contains("nominee: Kim Chol to").click();
    settle(&mut window);
    assert_eq!(selected(&window), Id::from("owns"));
    press(&mut window, Modifiers::NONE, Key::F2);
    write(&mut window, "Role of Kim Chol → Harbuor Trading Company", "trustee");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(one(&mut window, "owns", "role").value, "trustee");
}

#[test]
fn what_is_no_value_is_not_saved_and_says_what_to_type() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    press(&mut window, Modifiers::COMMAND, Key::Num2);
    let steps = model(&window).log.len();
    let at = cell(&window, "Harbuor Trading Company", "Country");
    double_click(&mut window, at);
    let field = "Jurisdiction of Harbuor Trading Company";
    write(&mut window, field, "hong");
    press(&mut window, Modifiers::NONE, Key::Enter);
    let why = "“hong” is not a known country; type a name or code, such as Hong Kong SAR or hk.";
    assert!(window.query_by_label(why).is_some(), "it stays open and says why");
    // A click beside it does not save it either.
    window.get_by_label("Filter the table").click();
    settle(&mut window);
    assert_eq!(model(&window).log.len(), steps, "nothing is saved");
    write(&mut window, field, "hk");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(one(&mut window, "harbour", "jurisdiction").value, "hk");
    // Esc leaves it as it was.
    choose(&mut window, "Kim Chol");
    let steps = model(&window).log.len();
    press(&mut window, Modifiers::NONE, Key::F2);
    write(&mut window, "Name of Kim Chol", "Somebody else");
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert_eq!(model(&window).log.len(), steps);
    assert!(window.query_by_label("Name of Kim Chol").is_none());
    assert_eq!(selected(&window), Id::from("kim"), "and what was selected");
}

#[test]
fn a_click_beside_the_box_saves_what_was_typed() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    choose(&mut window, "Kim Chol");
    press(&mut window, Modifiers::NONE, Key::F2);
    write(&mut window, "Name of Kim Chol", "Kim Chul");
    let at = window.get_by_label_contains("Chart First:").rect().center_top();
    double_click(&mut window, at + egui::Vec2::new(0.0, 12.0));
    assert_eq!(one(&mut window, "kim", "name").value, "Kim Chul");
}

#[test]
fn an_entity_is_chosen_by_its_name_and_shown_by_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    let place = add("quay", "Address", vec![NewValue::new("full", "1 Quay Road")]);
    window.state_mut().ask(Request::Commit(Action::new(vec![place])));
    settle(&mut window);
    choose(&mut window, "Kim Chol");
    press(&mut window, Modifiers::NONE, Key::A);
    write(&mut window, "Property to add", "address entity");
    press(&mut window, Modifiers::NONE, Key::Enter);
    write(&mut window, "Address entity", "nowhere");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert!(window.query_by_label_contains("“nowhere” is not an entity of this case").is_some());
    write(&mut window, "Address entity", "1 Quay");
    press(&mut window, Modifiers::NONE, Key::ArrowDown);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(one(&mut window, "kim", "addressEntity").value, "quay");
    let steps = model(&window).log.len();
    click(&mut window, "Edit 1 Quay Road");
    let field = window.get_by_role_and_label(egui::Role::TextInput, "Address entity");
    assert_eq!(field.accesskit_node().value().as_deref(), Some("1 Quay Road"));
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(model(&window).log.len(), steps, "nothing has changed");
}

/// A citation without its keys.
fn place(citation: &Citation) -> impl PartialEq + std::fmt::Debug {
    let Citation { evidence, supports, credibility, page, quote, range, region, live, .. } =
        citation.clone();
    (evidence, supports, credibility, page, quote, range, region.map(|r| format!("{r:?}")), live)
}

#[test]
fn a_corrected_slip_keeps_its_citations_and_another_value_does_not() {
    const BOX: &str = "The same source says so";
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    let before = one(&mut window, "harbour", "name");
    for (text, ticks, keeps) in [
        ("Harbour Trading Company", false, true),
        ("Harbour Trading Company", true, false),
        ("Lantern Shipping", false, false),
        ("Lantern Shipping", true, true),
    ] {
        choose(&mut window, "Harbuor Trading Company");
        click(&mut window, "Edit Harbuor Trading Company");
        assert!(window.query_by_label(BOX).is_none(), "there is nothing to decide yet");
        write(&mut window, "Name", text);
        assert!(window.query_by_label(BOX).is_some());
        if ticks {
            click(&mut window, BOX);
        }
        let steps = model(&window).log.len();
        click(&mut window, "Save");
        assert_eq!(model(&window).log.len(), steps + 1, "one step");
        let after = one(&mut window, "harbour", "name");
        let places: Vec<_> = after.citations.iter().map(place).collect();
        if keeps {
            assert_eq!(places, before.citations.iter().map(place).collect::<Vec<_>>(), "{text}");
            assert_eq!(after.strength, before.strength);
        } else {
            assert!(places.is_empty(), "{text}: {places:?}");
        }
        press(&mut window, Modifiers::COMMAND, Key::Z);
        assert_eq!(one(&mut window, "harbour", "name"), before, "undone as one");
    }
}

/// Adds a value to what is selected through the list of properties, by mouse.
fn add_by_mouse(window: &mut Window, wanted: &str, label: &str, text: &str) {
    window.get_by_label_contains("Add a property").scroll_to_me();
    window.run_steps(20);
    window.get_by_label_contains("Add a property").click();
    settle(window);
    write(window, "Property to add", wanted);
    window.get_by_role_and_label(egui::Role::ListBoxOption, label).click();
    settle(window);
    write(window, label, text);
    // Notes may lie over the end of the panel.
    loop {
        let Some(close) = window.query_all_by_label("Close this message").next() else { break };
        close.click();
        settle(window);
    }
    click(window, "Save");
}

/// The same by keyboard alone.
fn add_by_keyboard(window: &mut Window, wanted: &str, text: &str) {
    press(window, Modifiers::NONE, Key::A);
    for (n, text) in [wanted, text].into_iter().enumerate() {
        window.event(Event::Text(text.to_owned()));
        settle(window);
        // The first Enter takes the property, the second saves.
        let field = if n == 0 { "Property to add" } else { "" };
        assert!(n == 1 || window.query_by_label(field).is_some());
        press(window, Modifiers::NONE, Key::Enter);
    }
}

#[test]
fn any_property_is_added_by_mouse_and_by_keyboard() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    for by_mouse in [true, false] {
        for (id, name, wanted, label, property, text) in [
            ("harbour", "Harbuor Trading Company", "lei", "LEI", "leiCode", LEI),
            ("harbour", "Harbuor Trading Company", "alias", "Alias", "alias", "HTC"),
            ("harbour", "Harbuor Trading Company", "address", "Address", "address", "1 Quay Road"),
            ("kim", "Kim Chol", "birthPlace", "Place of birth", "birthPlace", "Sinuiju"),
        ] {
            choose(&mut window, name);
            if by_mouse {
                add_by_mouse(&mut window, wanted, label, text);
            } else {
                add_by_keyboard(&mut window, wanted, text);
            }
            assert_eq!(one(&mut window, id, property).value, text, "{label}, mouse: {by_mouse}");
            press(&mut window, Modifiers::COMMAND, Key::Z);
        }
        // A relationship and a document, too.
        window.get_by_label_contains("nominee: Kim Chol to").click();
        settle(&mut window);
        assert_eq!(selected(&window), Id::from("owns"));
        if by_mouse {
            add_by_mouse(&mut window, "basis", "Legal basis", "A deed of trust");
        } else {
            add_by_keyboard(&mut window, "basis", "A deed of trust");
        }
        let basis = one(&mut window, "owns", "legalBasis");
        assert_eq!(basis.value, "A deed of trust", "mouse: {by_mouse}");
        press(&mut window, Modifiers::COMMAND, Key::Z);
        choose_document(&mut window, "Registry extract");
        let before = said(&mut window, "first", "publisher").len();
        if by_mouse {
            add_by_mouse(&mut window, "publisher", "Publishing source", "The Gazette");
        } else {
            add_by_keyboard(&mut window, "publisher", "The Gazette");
        }
        assert_eq!(said(&mut window, "first", "publisher").len(), before + 1);
        press(&mut window, Modifiers::COMMAND, Key::Z);
    }
}

#[test]
fn the_list_of_properties_is_left_and_walked_by_keys() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    choose(&mut window, "Harbuor Trading Company");
    press(&mut window, Modifiers::NONE, Key::A);
    assert!(window.query_by_label("MOST USED").is_some(), "the featured ones come first");
    press(&mut window, Modifiers::NONE, Key::ArrowDown);
    press(&mut window, Modifiers::NONE, Key::Enter);
    let field = |window: &Window, label: &str| {
        window.query_by_role_and_label(egui::Role::TextInput, label).is_some()
    };
    assert!(field(&window, "Jurisdiction"), "the second of them");
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert!(!field(&window, "Jurisdiction"));
    press(&mut window, Modifiers::NONE, Key::A);
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert!(!field(&window, "Property to add"));
    assert_eq!(selected(&window), Id::from("harbour"), "nothing else is left by it");
}

#[test]
fn the_facts_of_a_file_are_shown_copied_and_never_edited() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    choose_document(&mut window, "Registry extract");
    let item = model(&window).evidence[0].clone();
    assert!(window.query_by_label("FILE AND CUSTODY").is_some());
    for text in [&item.sha256, &item.file_name, &item.mime] {
        assert!(window.query_by_label(text).is_some(), "{text} is shown");
        assert!(window.query_by_label(&format!("Edit {text}")).is_none(), "{text} is no statement");
        assert!(window.query_by_label(&format!("Withdraw {text}")).is_none());
    }
    assert!(window.query_by_label("Edit Registry extract").is_some(), "its title is one");
    for label in ["Checksum", "MIME type", "File size", "File name"] {
        assert!(window.query_by_label(&format!("Add {label}")).is_none());
        press(&mut window, Modifiers::NONE, Key::A);
        write(&mut window, "Property to add", label);
        assert!(window.query_by_label_contains("No property has this name").is_some(), "{label}");
        press(&mut window, Modifiers::NONE, Key::Escape);
    }
    window.get_by_label("Copy SHA-256").scroll_to_me();
    window.run_steps(10);
    window.get_by_label("Copy SHA-256").click();
    let mut copied = Vec::new();
    for _ in 0..6 {
        window.step();
        copied.extend(window.output().platform_output.commands.iter().filter_map(|command| {
            match command {
                egui::OutputCommand::CopyText(text) => Some(text.clone()),
                _ => None,
            }
        }));
    }
    assert_eq!(copied, [item.sha256]);
}

#[test]
fn the_cite_form_names_things_and_marks_what_is_cited() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    choose(&mut window, "Harbuor Trading Company");
    press(&mut window, Modifiers::NONE, Key::C);
    let newest = window.get_by_label("Document Lost at sea").rect();
    let oldest = window.get_by_label("Document Registry extract, cited already").rect();
    assert!(newest.top() < oldest.top(), "the newest comes first");
    for (text, hits) in [("companies reg", 1), ("2019-01", 1), ("first.txt", 1), ("gone", 0)] {
        write(&mut window, "Filter documents", text);
        assert_eq!(window.query_all_by_label_contains("Document ").count(), hits, "{text}");
    }
    write(&mut window, "Filter documents", "");
    press(&mut window, Modifiers::NONE, Key::Escape);
    window.get_by_label_contains("nominee: Kim Chol to").click();
    settle(&mut window);
    press(&mut window, Modifiers::NONE, Key::C);
    let combo = window
        .query_all_by_role(egui::Role::ComboBox)
        .find(|node| node.accesskit_node().value().is_some_and(|value| value.contains("Asserted")));
    combo.expect("what is cited").click();
    settle(&mut window);
    assert!(window.query_by_label("Owner: Kim Chol").is_some(), "a name and no id");
    assert!(window.query_by_label("Owner: kim").is_none());
}

#[test]
fn a_withdrawn_document_is_named_as_such() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = open(folder.path());
    let op = Op::WithdrawEntity("first".into());
    window.state_mut().ask(Request::Commit(Action::new(vec![op])));
    settle(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::Num4);
    assert!(window.query_by_label("Document Registry extract, withdrawn").is_some());
    assert_eq!(model(&window).name(&"first".into()), "Registry extract (withdrawn)");
    press(&mut window, Modifiers::COMMAND, Key::Num4);
    // Where it is cited, too.
    choose(&mut window, "Harbuor Trading Company");
    assert!(window.query_by_label("Asserted").is_some());
    window.get_by_label_contains("1 citation").click();
    settle(&mut window);
    assert!(window.query_by_label("document withdrawn").is_some());
    assert!(window.query_by_label("Registry extract").is_some());
}
