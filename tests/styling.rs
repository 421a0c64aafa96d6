//! How things look on one chart where the user chose, and what is drawn there: through the window,
//! in the file, in exports, and in two copies that are united.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use egui::{Key, Modifiers, Vec2};
use egui_kittest::kittest::Queryable as _;
use redthread::{
    case::{Action, Case, NewEvidence, Op, Progress, Verdict},
    demo::Demo,
    model::{
        Chart, Id,
        styling::{Drawing, Magnitude, Paint, Shape, Styling, Thickness},
    },
};

use crate::{
    exported::redthread,
    need,
    window::{Window, click, model, press, settle, window, write},
};

fn demo(folder: &Path) -> PathBuf {
    let path = folder.join("c.redthread");
    Demo::Dandong.build(&path, &Progress::new()).expect("builds").close().expect("closes");
    path
}

fn overview(window: &Window) -> Chart {
    model(window).charts.iter().find(|chart| chart.name == "Overview").expect("a chart").clone()
}

fn svg(folder: &Path, name: &str) -> String {
    let out = redthread(folder, &["render", "c.redthread", "--out", name, "--no-sources"]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    std::fs::read_to_string(folder.join(name)).expect("written")
}

#[test]
fn a_card_and_a_line_are_styled_on_the_chart_in_the_legend_and_in_exports() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = demo(folder.path());
    let before = svg(folder.path(), "before.svg");
    let mut window = window([1280.0, 800.0], Some(path));
    let ma = Demo::Dandong.id("ma");
    let size = |window: &Window| {
        let app = window.state();
        app.canvas().card(app.view(), &ma).expect("a card").size()
    };
    let usual = size(&window);
    window.get_by_label_contains("Ma Xiaohong, designated").click();
    settle(&mut window);
    click(&mut window, "Look on this chart");
    click(&mut window, "Colour teal");
    click(&mut window, "Thickness heavy");
    click(&mut window, "Size large");
    let field = "What teal stands for, in the legend";
    write(&mut window, field, "Owner of record");
    press(&mut window, Modifiers::NONE, Key::Enter);
    let chart = overview(&window);
    let styling = &chart.styles[&ma];
    assert_eq!(
        (styling.paint, styling.thickness, styling.size),
        (Some(Paint::Teal), Some(Thickness::Heavy), Some(Magnitude::Large))
    );
    assert_eq!(chart.meanings[&Paint::Teal], "Owner of record");
    let large = size(&window);
    assert!((large.x / usual.x - 1.4).abs() < 0.05, "{usual} {large}");
    let labels: Vec<&str> =
        model(&window).log.iter().rev().map(|one| &*one.label).take(4).collect();
    assert_eq!(labels[1..], ["Style Ma Xiaohong"; 3], "{labels:?}");
    assert_eq!(labels[0], "Change the legend of Overview");
    // A line has a colour and a thickness, and no size.
    window.get_by_label_contains("General Manager: Zhou").click();
    settle(&mut window);
    assert!(window.query_by_label("Size large").is_none());
    click(&mut window, "Colour green");
    // It says nothing about the case: no statement of hers came with it.
    assert_eq!(model(&window).seen.get(&ma).expect("there").values().count(), {
        let case = Case::open(&folder.path().join("c.redthread")).expect("a reader");
        case.entity(&ma).expect("readable").expect("there").values.len()
    });

    let drawn = svg(folder.path(), "after.svg");
    assert!(drawn.contains(">Owner of record</text>") && !before.contains("Owner of record"));
    assert!(drawn.contains("#008292") && !before.contains("#008292"), "teal, in light");
    assert!(drawn.contains("stroke=\"#007a5c\"") && drawn.contains(">marked green</text>"));

    for _ in 0..5 {
        press(&mut window, Modifiers::COMMAND, Key::Z);
    }
    assert!(overview(&window).styles.is_empty() && overview(&window).meanings.is_empty());
    assert!((size(&window) - usual).length() < 0.1);
    // But for the digest of the case, whose history has grown.
    let drawn = |svg: &str| svg.rsplit_once("<text").map(|(rest, _)| rest.to_owned());
    assert_eq!(drawn(&svg(folder.path(), "undone.svg")), drawn(&before));
}

#[test]
fn text_boxes_boxes_and_lines_are_drawn_changed_moved_and_deleted() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1280.0, 800.0], Some(demo(folder.path())));
    press(&mut window, Modifiers::COMMAND, Key::A);
    press(&mut window, Modifiers::SHIFT, Key::B);
    write(&mut window, "Title of the box", "All of them");
    press(&mut window, Modifiers::NONE, Key::Enter);
    settle(&mut window);
    assert!(window.query_by_label("Box: All of them").is_some());

    press(&mut window, Modifiers::SHIFT, Key::T);
    window.get_by_label("Text of the box").focus();
    window.run_steps(2);
    press(&mut window, Modifiers::COMMAND, Key::A);
    window.get_by_label("Text of the box").type_text("See the ledger");
    settle(&mut window);
    click(&mut window, "Colour orange");
    settle(&mut window);
    let text = |window: &Window| {
        let chart = overview(window);
        let found = chart.drawings.iter().find_map(|drawing| match &drawing.shape {
            Shape::Text { at, text } => Some((*at, text.clone())),
            _ => None,
        });
        found.expect("a text box")
    };
    let (at, words) = text(&window);
    assert_eq!(words, "See the ledger");

    // Dragged, it lies elsewhere, and undo brings it back.
    let place = window.get_by_label("Text box: See the ledger").rect().center();
    window.drag_at(place);
    window.run_steps(2);
    window.hover_at(place + Vec2::new(40.0, 30.0));
    window.run_steps(2);
    window.drop_at(place + Vec2::new(40.0, 30.0));
    settle(&mut window);
    let (moved, _) = text(&window);
    assert!(moved[0] > at[0] + 10.0 && moved[1] > at[1] + 10.0, "{at:?} {moved:?}");
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(text(&window).0, at);

    press(&mut window, Modifiers::SHIFT, Key::L);
    click(&mut window, "Arrow at its end");
    let drawn = svg(folder.path(), "c.svg");
    for part in [">See the ledger</text>", ">All of them</text>", ">marked orange</text>"] {
        assert!(drawn.contains(part), "{part}");
    }
    assert_eq!(overview(&window).drawings.len(), 3);
    press(&mut window, Modifiers::NONE, Key::Delete);
    let left = overview(&window).drawings;
    assert_eq!(left.len(), 2, "the line, which was chosen, is gone: {left:?}");
    assert_eq!(model(&window).undo.as_deref(), Some("Delete a line from Overview"));
}

#[test]
fn a_photo_of_the_case_stands_on_a_card_and_in_each_export_until_it_is_withdrawn() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = demo(folder.path());
    let mut png = std::io::Cursor::new(Vec::new());
    let red = image::RgbImage::from_pixel(60, 90, image::Rgb([250, 10, 240]));
    red.write_to(&mut png, image::ImageFormat::Png).expect("packed");
    let photo = NewEvidence::pasted(png.into_inner(), "image/png", "Portrait", "p.png".into());
    let id = photo.id.clone();
    let mut case = Case::open(&path).expect("opens");
    case.commit(Action::new(vec![Op::Attach(photo)])).expect("attached");
    case.close().expect("closes");

    let mut window = window([1280.0, 800.0], Some(path.clone()));
    window.get_by_label_contains("Ma Xiaohong, designated").click();
    settle(&mut window);
    click(&mut window, "Look on this chart");
    click(&mut window, "Photo");
    click(&mut window, "Portrait");
    let ma = Demo::Dandong.id("ma");
    let hash = overview(&window).styles[&ma].photo.clone().expect("chosen");
    assert!(id.as_str().ends_with(&hash), "by its hash: {id}");
    settle(&mut window);
    let magenta = |pixel: &[u8]| pixel[0] > 240 && pixel[1] < 30 && pixel[2] > 230;
    let counted = |image: &image::RgbImage| image.pixels().filter(|p| magenta(&p.0)).count();

    let drawn = |name: &str| {
        let out = redthread(folder.path(), &["render", "c.redthread", "--out", name]);
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        folder.path().join(name)
    };
    let svg = std::fs::read_to_string(drawn("a.svg")).expect("written");
    assert!(svg.contains("data:image/png;base64,"));
    assert!(svg.contains(&format!(">SHA-256 {hash}<")), "it is among the sources");
    let png = image::open(drawn("a.png")).expect("an image").to_rgb8();
    // 34 points square, of which the corners are round, at two pixels a point.
    let count = counted(&png);
    assert!((4300..=4624).contains(&count), "{count}");
    let pdf = drawn("a.pdf");
    if let Some(pdftoppm) = need::program("PDFTOPPM", "pdftoppm") {
        let args = ["-png", "-r", "144", "-singlefile", "-f", "1"];
        let to = folder.path().join("a-pdf");
        let done = Command::new(pdftoppm).args(args).args([&pdf, &to]).status().expect("runs");
        assert!(done.success());
        let count = counted(&image::open(to.with_extension("png")).expect("an image").to_rgb8());
        assert!((4300..=4700).contains(&count), "{count}");
    }
    press(&mut window, Modifiers::COMMAND, Key::W);
    let mut case = Case::open(&path).expect("opens");
    case.commit(Action::new(vec![Op::WithdrawEntity(id)])).expect("withdrawn");
    case.close().expect("closes");
    let png = image::open(drawn("b.png")).expect("an image").to_rgb8();
    assert_eq!(counted(&png), 0, "its icon is there again");
}

#[test]
fn two_copies_that_style_and_draw_apart_have_both_once_united() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = demo(folder.path());
    let other = folder.path().join("other.redthread");
    std::fs::copy(&path, &other).expect("copied");
    let [mut ours, mut theirs] = [&path, &other].map(|path| Case::open(path).expect("opens"));
    let overview = |case: &Case| case.charts().expect("readable").swap_remove(0);
    let ids = ["ma", "zhou"].map(|key| Demo::Dandong.id(key));
    let styled = |chart: Chart, id: &Id, paint| {
        let styling = Styling { paint: Some(paint), ..Styling::default() };
        let mut styles = chart.styles.clone();
        styles.insert(id.clone(), styling);
        Op::PutChart(Chart { styles, ..chart })
    };
    let op = styled(overview(&ours), &ids[0], Paint::Teal);
    ours.commit(Action::new(vec![op])).expect("styled");
    let op = styled(overview(&theirs), &ids[1], Paint::Plum);
    theirs.commit(Action::new(vec![op])).expect("styled");
    let around = ids.to_vec();
    let drawing = Drawing::new(Shape::Box { around, title: "Two".into() });
    let chart = overview(&theirs);
    let op = Op::PutChart(Chart { drawings: vec![drawing.clone()], ..chart });
    theirs.commit(Action::new(vec![op])).expect("drawn");

    ours.adopt(&theirs, &Progress::new()).expect("united");
    let chart = overview(&ours);
    assert_eq!(chart.styles[&ids[0]].paint, Some(Paint::Teal));
    assert_eq!(chart.styles[&ids[1]].paint, Some(Paint::Plum));
    assert_eq!(chart.drawings, [drawing]);
    let verdict = ours.verify(&Progress::new()).expect("checked");
    assert!(matches!(verdict, Verdict::Holds { .. }), "{verdict:?}");
    // Deleting the chart takes its parts along, and undo brings them back.
    ours.commit(Action::new(vec![Op::DeleteChart(chart.id.clone())])).expect("deleted");
    ours.undo().expect("undone");
    assert_eq!(overview(&ours), chart);
}

#[test]
fn what_a_later_version_adds_to_a_style_or_a_drawing_is_kept() {
    let text = r#"{"paint":"blue","glow":3}"#;
    let styling: Styling = serde_json::from_str(text).expect("readable");
    assert_eq!(serde_json::to_string(&styling).expect("written"), text);
    let text = r#"{"id":"d","shape":{"kind":"line","from":[0.0,1.0],"to":[2.0,3.0],"arrow":true},"glow":3}"#;
    let drawing: Drawing = serde_json::from_str(text).expect("readable");
    assert_eq!(serde_json::to_string(&drawing).expect("written"), text);
}
