//! The main views as pictures, compared with those kept in `tests/snapshots`.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test --test all snapshots::` writes them anew; look at each before it
//! is committed. What differs is beside the kept picture as `NAME.new.png` and `NAME.diff.png`.
//!
//! Each set of pictures is drawn by a process of its own, whose time zone, author and folders
//! are the same on every machine; the times in the case are fixed.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use egui::{Key, Modifiers};
use egui_kittest::{
    Harness, SnapshotOptions, SnapshotResults, kittest::Queryable as _, try_image_snapshot_options,
};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use redthread::{
    app::{App, command, model::Request},
    case::Progress,
    demo::Demo,
    network::Lens,
};
use rusqlite::Connection;

use crate::{
    need,
    window::{Window, click, press, settle, write},
};

/// A size of window, in pixels, with a scale of text, and the pictures that are made there.
struct Set {
    name: &'static str,
    size: [f32; 2],
    /// Steps of *Larger text*, a tenth each.
    larger: u8,
    dark: bool,
    views: &'static [View],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum View {
    Start,
    Chart,
    Inspector,
    Relationship,
    Evidence,
    Table,
    Timeline,
    History,
    Scenes,
    Presented,
    Explore,
    Import,
    Mapping,
    Export,
    Palette,
    Help,
    Findings,
    AsIf,
}

const SETS: [Set; 3] = [
    Set {
        name: "light",
        size: [1440.0, 900.0],
        larger: 0,
        dark: false,
        views: &[
            View::Start,
            View::Chart,
            View::Inspector,
            View::Relationship,
            View::Evidence,
            View::Table,
            View::Timeline,
            View::History,
            View::Scenes,
            View::Explore,
            View::Import,
            View::Mapping,
            View::Export,
            View::Palette,
            View::Help,
            View::Findings,
            View::AsIf,
        ],
    },
    Set {
        name: "dark",
        size: [1440.0, 900.0],
        larger: 0,
        dark: true,
        views: &[
            View::Chart,
            View::Inspector,
            View::Evidence,
            View::Presented,
            View::Palette,
            View::AsIf,
        ],
    },
    Set {
        name: "small",
        size: [1024.0, 640.0],
        larger: 3,
        dark: false,
        views: &[
            View::Start,
            View::Inspector,
            View::Evidence,
            View::Table,
            View::Timeline,
            View::History,
            View::Relationship,
            View::Help,
            View::Scenes,
            View::Explore,
            View::Import,
            View::Mapping,
            View::Export,
            View::Palette,
            View::Findings,
            View::AsIf,
        ],
    },
];

#[test]
fn views_in_light_look_as_kept() {
    hold("light");
}

#[test]
fn views_in_dark_look_as_kept() {
    hold("dark");
}

#[test]
fn views_in_a_small_window_with_large_text_look_as_kept() {
    hold("small");
}

/// Draws a set in a process of its own.
fn hold(name: &str) {
    if !need::adapter() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let done = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "snapshots::draw", "--ignored", "--nocapture"])
        .current_dir(folder.path())
        .env("REDTHREAD_SNAPSHOT_SET", name)
        .env("REDTHREAD_AUTHOR", "A. Analyst")
        .env("TZ", "UTC")
        .env("HOME", folder.path())
        .env("XDG_DATA_HOME", folder.path())
        .output()
        .expect("it runs");
    let text = [done.stdout, done.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    print!("{text}");
    assert!(done.status.success() && text.contains("1 passed"), "{name}: see above");
}

#[test]
#[ignore = "run by the tests above, in a process of its own"]
fn draw() {
    let name = std::env::var("REDTHREAD_SNAPSHOT_SET").expect("the name of a set");
    let set = SETS.iter().find(|set| set.name == name).expect("a set");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(set.name);
    let mut results = SnapshotResults::new();
    for view in set.views {
        // A window for each, so that no picture depends on the one before.
        let mut window = open(set, *view);
        show(&mut window, *view);
        results.add(compare(&mut window, &folder, *view));
    }
}

fn open(set: &Set, view: View) -> Window {
    let case = (view != View::Start).then(|| case(view));
    let mut window: Window = Harness::builder()
        .with_size(set.size)
        .with_step_dt(1.0 / 30.0)
        .build_eframe(|creation| App::new(creation, case));
    window.state_mut().use_own_dialogs();
    settle(&mut window);
    // Opening the case has reset what panels hold.
    window.state_mut().hold_day("2026-01-01".parse().expect("a day"));
    for _ in 0..set.larger {
        run(&mut window, command::VIEW_TEXT_BIGGER);
    }
    if set.dark {
        run(&mut window, command::VIEW_THEME);
    }
    // The chart is fitted into the window as it is now.
    if view != View::Start {
        run(&mut window, command::CHART_FIT);
    }
    window
}

/// A demo case in the folder of the process, as if built on a day that is past.
fn case(view: View) -> PathBuf {
    let built = Path::new("built.redthread");
    if !built.exists() {
        Demo::Dandong.build(built, &Progress::new()).expect("builds").close().expect("closes");
        let db = Connection::open(built).expect("a database");
        // 1 January 2026, 09:00, a minute apart; digests hold random ids and are shown.
        db.execute_batch(
            "UPDATE revision SET at = 1767258000000 + number * 60000,
               link = unhex(printf('%08x%056x', (number * 123456789) & 4294967295, number));
             UPDATE evidence SET acquired_at = 1767258000000;
             UPDATE meta SET value = '1767258000000' WHERE name = 'created_at';
             UPDATE meta SET value = (SELECT lower(hex(link)) FROM revision
               ORDER BY number DESC LIMIT 1) WHERE name = 'head';",
        )
        .expect("SQL");
    }
    // One for each window: the last may still be closing.
    let folder = PathBuf::from(format!("{view:?}"));
    std::fs::create_dir_all(&folder).expect("space");
    let path = folder.join("Dandong.redthread");
    std::fs::copy(built, &path).expect("space");
    path
}

fn run(window: &mut Window, command: &'static command::Command) {
    window.state_mut().ask(Request::Run(command));
    settle(window);
}

fn select(window: &mut Window, key: &str) {
    // Through the palette, as a user would without a mouse.
    let name = {
        let app = window.state();
        let model = app.model().expect("a case is open");
        let entity = model.seen.get(&Demo::Dandong.id(key)).expect("it is in the demo");
        entity.caption().to_string()
    };
    run(window, command::PALETTE_OPEN);
    write(window, "Find anything", &name);
    press(window, Modifiers::NONE, Key::Enter);
}

fn show(window: &mut Window, view: View) {
    match view {
        View::Start | View::Chart => {}
        View::Inspector => select(window, "dhid"),
        View::Relationship => {
            let line = "principal shareholder: Ma Xiaohong";
            window.get_by_label_contains(line).click();
            settle(window);
        }
        View::Evidence => run(window, command::VIEW_EVIDENCE),
        View::Table => run(window, command::VIEW_TABLE),
        View::Timeline => run(window, command::VIEW_TIMELINE),
        View::History => run(window, command::VIEW_HISTORY),
        View::Scenes => run(window, command::VIEW_SCENES),
        View::Presented => run(window, command::SCENE_PRESENT),
        View::Explore => run(window, command::VIEW_EXPLORE),
        View::Import => import(
            window,
            "list.ftm.ndjson",
            "{\"id\":\"a\",\"schema\":\"Company\",\"properties\":{\"name\":[\"FICTIONAL Trading Ltd\"]}}\n\
             {\"id\":\"b\",\"schema\":\"Person\",\"properties\":{\"name\":[\"马晓红\"]}}\n",
        ),
        View::Mapping => {
            import(
                window,
                "owners.csv",
                "Company,Number,Shareholder,Share,Since,Colour\n\
             A Trading Ltd,0042,Jane Doe,60%,03/04/2016,red\n\
             A Trading Ltd,0042,B Holding GmbH,40%,05/06/2016,blue\n\
             丹东测试有限公司,0043,김영희,51.5%,07/08/2016,green\n",
            );
            // Columns are as wide as what they held when they were first drawn.
            window.ctx.data_mut(egui::util::IdTypeMap::clear);
            window.run_steps(8);
        }
        View::Export => run(window, command::CASE_EXPORT),
        View::Palette => {
            run(window, command::PALETTE_OPEN);
            write(window, "Find anything", "hong");
        }
        View::Help => run(window, command::HELP_SHORTCUTS),
        View::Findings => run(window, command::VIEW_FINDINGS),
        View::AsIf => {
            let model = window.state().model().expect("a case is open");
            let item = model.evidence.iter().find(|item| item.caption.contains("KKBC"));
            let lens = Lens::without_evidence(item.expect("in the demo").id.clone());
            window.state_mut().ask(Request::LookThrough(lens));
            settle(window);
            click(window, "List what falls");
        }
    }
}

fn import(window: &mut Window, name: &str, text: &str) {
    std::fs::write(name, text).expect("space");
    window.state_mut().ask(Request::AskImport(vec![name.into()]));
    settle(window);
}

/// Compares what the window shows with the picture that is kept.
fn compare(window: &mut Window, folder: &Path, view: View) -> egui_kittest::SnapshotResult {
    // A cursor that blinks is there or not.
    window.ctx.all_styles_mut(|style| style.visuals.text_cursor.blink = false);
    window.run_steps(12);
    let mut image = window.render().expect("a picture");
    // Edges between pixels let through what is behind the window.
    image.pixels_mut().for_each(|pixel| pixel.0[3] = 255);
    let options = SnapshotOptions::new().output_path(folder).max_failed_pixels(10_usize);
    let name = format!("{view:?}").to_lowercase();
    let result = try_image_snapshot_options(&image, &name, &options);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        pack(&folder.join(format!("{name}.png")));
    }
    result
}

/// Writes a picture again, as small as PNG can be.
fn pack(path: &Path) {
    let image = image::open(path).expect("a picture").into_rgb8();
    let mut bytes = Vec::new();
    let encoder =
        PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::Adaptive);
    image.write_with_encoder(encoder).expect("memory suffices");
    std::fs::write(path, bytes).expect("space");
}
