//! The panel that says what the columns of a table mean, driven by its labels. What stands in
//! the tables is FICTIONAL.

use std::time::{Duration, Instant};

use egui::{Key, Modifiers, Role};
use egui_kittest::{Harness, kittest::Queryable as _};
use redthread::{
    app::{
        mapping::{Given, MappingState, Told},
        theme::{self, Theme},
    },
    chart::Mode,
    exchange::table::{Mapping, Order},
};

struct Shown {
    panel: MappingState,
    told: Vec<Told>,
    theme: Theme,
}

type Window = Harness<'static, Shown>;

fn window(
    size: [f32; 2],
    mode: Mode,
    name: &str,
    text: &str,
    kept: Vec<Mapping>,
) -> (tempfile::TempDir, Window) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, text).expect("space");
    let ctx = egui::Context::default();
    let shown = Shown {
        panel: MappingState::new(&ctx, Given { path: path.clone(), ..Given::default() }, kept),
        told: Vec::new(),
        theme: Theme::of(mode),
    };
    let mut ready = false;
    let mut window = Harness::builder().with_size(size).build_ui_state(
        move |ui, shown: &mut Shown| {
            if !ready {
                theme::install_fonts(ui.ctx());
                shown.theme.install(ui.ctx(), 1.0);
                ready = true;
            }
            egui::Frame::new().fill(shown.theme.panel).inner_margin(12).show(ui, |ui| {
                let theme = shown.theme.clone();
                let told = shown.panel.ui(ui, &theme);
                if told != Told::Nothing {
                    shown.told.push(told);
                }
            });
        },
        shown,
    );
    settle(&mut window);
    (folder, window)
}

fn settle(window: &mut Window) {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        window.run_steps(4);
        if window.state().panel.is_idle() {
            break;
        }
        assert!(Instant::now() < until, "the table does not open");
        std::thread::sleep(Duration::from_millis(5));
    }
    window.run_steps(8);
}

fn click(window: &mut Window, label: &str) {
    window.get_by_label(label).scroll_to_me();
    window.run_steps(12);
    window.get_by_label(label).click();
    settle(window);
}

/// Writes a picture to look at, where somebody wants to.
fn picture(window: &mut Window, name: &str) {
    if let Some(folder) = std::env::var_os("LOOK") {
        let image = window.render().expect("a picture");
        image.save(std::path::Path::new(&folder).join(name)).expect("space");
    }
}

const OWNERS: &str = "Company,Number,Shareholder,Share,Since,Colour\n\
    A Trading Ltd,0042,Jane Doe,60%,03/04/2016,red\n\
    A Trading Ltd,0042,B Holding GmbH,40%,05/06/2016,blue\n\
    丹东测试有限公司,0043,김영희,51.5%,07/08/2016,green\n";

fn mapping(window: &Window) -> &Mapping {
    window.state().panel.mapping()
}

#[test]
fn a_column_is_given_another_meaning_by_its_menu() {
    let (_folder, mut window) =
        window([1024.0, 640.0], Mode::Light, "owners.csv", OWNERS, Vec::new());
    picture(&mut window, "light.png");
    assert_eq!(window.state().panel.wrong(), None);
    assert!(
        window
            .query_by_label("Column Shareholder becomes: Person or company, owner of the company")
            .is_some()
    );
    assert!(window.query_by_label("Column Colour becomes: Note on the ownership").is_some());
    // What a row becomes is shown below, in Han and Hangul too.
    assert!(window.query_all_by_label("김영희 → 丹东测试有限公司").next().is_some());

    click(&mut window, "Column Colour becomes: Note on the ownership");
    window.get_by_role_and_label(Role::TextInput, "Find a property").type_text("sector");
    settle(&mut window);
    picture(&mut window, "menu.png");
    click(&mut window, "company · Sector");
    assert!(window.query_by_label("Column Colour becomes: Sector of the company").is_some());
    assert_eq!(window.state().told.last(), Some(&Told::Changed));
    click(&mut window, "Column Colour becomes: Sector of the company");
    click(&mut window, "Not used");
    assert!(window.query_by_label("Column Colour becomes: not used").is_some());

    // A party is made another with one choice.
    click(&mut window, "Column Shareholder becomes: Person or company, owner of the company");
    click(&mut window, "Shareholder is: Person, director of the company");
    let now = "Column Shareholder becomes: Person, director of the company";
    assert!(window.query_by_label(now).is_some());
    assert_eq!(window.state().panel.wrong(), None);
    click(&mut window, now);
    click(&mut window, "Shareholder is: Person or company, owner of the company");

    // Dates that could mean two days each are asked about once.
    click(&mut window, "In Since the day comes first");
    let said = mapping(&window).entities.iter().flat_map(|entity| &entity.properties);
    let since = said.into_iter().find(|said| said.columns == ["Since"]).expect("it is mapped");
    assert_eq!(since.order, Some(Order::Day));
    assert!(window.query_all_by_label_contains("2016-04-03").next().is_some());
}

#[test]
fn a_column_is_mapped_by_keyboard_alone() {
    let (_folder, mut window) =
        window([1024.0, 640.0], Mode::Light, "owners.csv", OWNERS, Vec::new());
    let button = "Column Number becomes: Registration number of the company";
    window.get_by_label(button).focus();
    window.run_steps(3);
    window.key_press(Key::Enter);
    settle(&mut window);
    // What is typed goes to the search at once.
    window.event(egui::Event::Text("tax number".into()));
    settle(&mut window);
    let field = window.get_by_role_and_label(Role::TextInput, "Find a property");
    assert_eq!(field.value().as_deref(), Some("tax number"));
    assert!(window.query_by_label("company · Registration number").is_none(), "it is filtered out");
    window.get_by_label("company · Tax number").focus();
    window.run_steps(3);
    window.key_press(Key::Enter);
    settle(&mut window);
    assert!(window.query_by_label("Column Number becomes: Tax number of the company").is_some());
    // Enter takes the first that fits, ↓ goes to it.
    for (was, keys) in
        [("Tax number", &[Key::Enter][..]), ("Sector", &[Key::ArrowDown, Key::Enter])]
    {
        window.get_by_label(&format!("Column Number becomes: {was} of the company")).focus();
        window.key_press(Key::Enter);
        settle(&mut window);
        let typed = if was == "Sector" { "registration" } else { "sector" };
        window.event(egui::Event::Text(typed.into()));
        settle(&mut window);
        for &key in keys {
            window.key_press(key);
            settle(&mut window);
        }
    }
    let button = "Column Number becomes: Registration number of the company";
    window.get_by_label(button).focus();
    window.key_press(Key::Enter);
    settle(&mut window);
    window.key_press(Key::Escape);
    settle(&mut window);
    let gone = window.query_by_role_and_label(Role::TextInput, "Find a property").is_none();
    assert!(gone, "Escape closes the menu");
}

#[test]
fn a_choice_is_about_whom_the_column_is_about() {
    let text = "Organisme,Nature,Last name,First name\nA Ltd,Large,NORDEN,Alba\nB Ltd,Small,ROE,Jo\n\
                C Ltd,Small,POE,Al\nD Ltd,Small,MOE,Su\nE Ltd,Small,KOE,Ed\n";
    let (_folder, mut window) = window([1024.0, 640.0], Mode::Light, "staff.csv", text, Vec::new());
    let schema = |made: &redthread::exchange::table::EntityMapping| made.schema.clone();
    let before: Vec<String> = mapping(&window).entities.iter().map(schema).collect();
    assert_eq!(before[..2], ["Person", "Company"], "the person is the first");
    assert!(window.query_by_label("Column Last name becomes: Last name of the person").is_some());
    // A person could have a legal form, too, and stands first.
    click(&mut window, "Column Nature becomes: Note on the company");
    window.event(egui::Event::Text("legal form".into()));
    settle(&mut window);
    window.key_press(Key::Enter);
    settle(&mut window);
    assert!(window.query_by_label("Column Nature becomes: Legal form of the company").is_some());
    click(&mut window, "Column Nature becomes: Legal form of the company");
    click(&mut window, "Keep as a note");
    assert!(window.query_by_label("Column Nature becomes: Note on the company").is_some());
}

#[test]
fn entities_are_added_renamed_and_taken_out() {
    let (_folder, mut window) =
        window([1280.0, 800.0], Mode::Dark, "owners.csv", OWNERS, Vec::new());
    picture(&mut window, "dark.png");
    click(&mut window, "Add an entity");
    window.get_by_role_and_label(Role::TextInput, "Find a kind").type_text("addr");
    settle(&mut window);
    click(&mut window, "Address");
    assert_eq!(
        mapping(&window).entities.last().map(|entity| entity.schema.as_str()),
        Some("Address")
    );

    let field =
        |window: &Window| window.get_by_role_and_label(Role::TextInput, "Name of owner").focus();
    field(&window);
    window.run_steps(2);
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.run_steps(2);
    window.get_by_role_and_label(Role::TextInput, "Name of owner").type_text("holder");
    window.run_steps(2);
    window.key_press(Key::Enter);
    settle(&mut window);
    let edge = mapping(&window).entities.iter().find(|entity| entity.schema == "Ownership");
    assert_eq!(edge.expect("it is there").properties[0].entity.as_deref(), Some("holder"));

    click(&mut window, "Remove holder");
    assert!(mapping(&window).entities.iter().all(|entity| entity.name != "holder"));
    // The relationship lacks an end now, and that is said.
    assert!(window.state().panel.wrong().expect("something is wrong").contains("has no owner"));
    click(&mut window, "Guess again");
    assert_eq!(window.state().panel.wrong(), None);
    click(&mut window, "Keep in the case");
    assert_eq!(window.state().told.last(), Some(&Told::Keep));
}

#[test]
fn how_the_table_is_read_can_be_said() {
    let text = "A list (FICTIONAL)\nName;Country\nA Ltd;de\nB Ltd;fr\n";
    let (_folder, mut window) = window([1024.0, 640.0], Mode::Light, "list.csv", text, Vec::new());
    assert!(window.query_by_label("Column Country becomes: Country of the company").is_some());
    click(&mut window, "What parts the cells");
    click(&mut window, "comma");
    assert!(window.query_by_label_contains("Column Country").is_none(), "one column only");
    click(&mut window, "What parts the cells");
    click(&mut window, "semicolon");
    assert!(window.query_by_label("Column Country becomes: Country of the company").is_some());
}

#[test]
fn a_kept_mapping_is_recognised_and_a_table_that_is_none_says_so() {
    let (_folder, mut window) =
        window([1024.0, 640.0], Mode::Light, "owners.csv", OWNERS, Vec::new());
    click(&mut window, "Remove ownership");
    let kept = Mapping { name: "Only parties".into(), ..mapping(&window).clone() };
    let (_folder, window) =
        self::window([1024.0, 640.0], Mode::Light, "later.csv", OWNERS, vec![kept.clone()]);
    assert_eq!(*mapping(&window), kept);
    assert!(window.query_by_label_contains("“Only parties”, which the case keeps").is_some());

    let (_folder, window) =
        self::window([1024.0, 640.0], Mode::Light, "blank.csv", "\n\n", Vec::new());
    assert!(window.state().panel.wrong().expect("no table").contains("no cell is filled"));
}
