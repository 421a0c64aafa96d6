//! Panels are usable in a small window with large text: what they list is inside them, in rows
//! enough to work with, whatever the pictures say that are kept.

use egui::Rect;
use egui_kittest::kittest::Queryable as _;
use redthread::{
    app::{
        command::{self, Command},
        model::Request,
    },
    case::{Action, Case, NewValue, Op, Progress},
    demo::Demo,
    model::{Camera, Chart, Placement},
};

use crate::{
    need,
    window::{Window, model, settle, window},
};

/// A window of 1024 × 640 pixels with text of 130 % and the inspector open.
fn small(folder: &std::path::Path) -> Window {
    let path = folder.join("case.redthread");
    Demo::Dandong.build(&path, &Progress::new()).expect("builds").close().expect("closes");
    let mut window = window([1024.0, 640.0], Some(path));
    for _ in 0..3 {
        run(&mut window, command::VIEW_TEXT_BIGGER);
    }
    assert!(window.query_by_label("Inspector panel").is_some(), "it is open from the start");
    window
}

fn run(window: &mut Window, command: &'static Command) {
    window.state_mut().ask(Request::Run(command));
    settle(window);
}

fn place(window: &Window, name: &str) -> Rect {
    window.get_by_label(name).rect()
}

/// How many rows of a panel have one of these texts, whole or cut, and lie inside it.
fn rows(window: &Window, panel: &str, texts: &[String]) -> usize {
    let inside = place(window, panel);
    let start = |text: &str| text.chars().take(9).collect::<String>();
    let starts: Vec<String> = texts.iter().map(|text| start(text)).collect();
    let mut heights: Vec<i32> = window
        .query_all_by(|node| {
            let text = node.label().or_else(|| node.value()).unwrap_or_default();
            starts.iter().any(|start| text.contains(start.as_str()))
        })
        .map(|node| node.rect())
        .filter(|rect| inside.expand(0.5).contains_rect(*rect))
        .map(|rect| rect.center().y.round() as i32)
        .collect();
    heights.sort_unstable();
    heights.dedup_by(|a, b| *a - *b < 8);
    heights.len()
}

#[test]
fn a_drawer_shows_rows_enough_beside_the_inspector() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = small(folder.path());
    let whole = Rect::from_min_size(egui::Pos2::ZERO, window.ctx.content_rect().size());
    let captions: Vec<String> =
        model(&window).seen.iter().map(|entity| entity.caption().to_owned()).collect();
    let titles: Vec<String> = {
        let model = model(&window);
        model.evidence.iter().map(|one| one.caption.clone()).collect()
    };
    let scenes: Vec<String> = model(&window).scenes.iter().map(|one| one.title.clone()).collect();
    let actions: Vec<String> = model(&window).log.iter().map(|one| one.label.clone()).collect();
    for (command, panel, texts, least) in [
        (command::VIEW_TABLE, "Table panel", &captions[..], 4),
        (command::VIEW_HISTORY, "History panel", &actions[..], 4),
        (command::VIEW_EVIDENCE, "Evidence panel", &titles[..], 3),
        (command::VIEW_SCENES, "Scenes panel", &scenes[..], 4),
    ] {
        run(&mut window, command);
        let (drawer, beside) = (place(&window, panel), place(&window, "Inspector panel"));
        assert!(whole.contains_rect(drawer) && whole.contains_rect(beside), "{panel}: {drawer:?}");
        assert!(!drawer.shrink(1.0).intersects(beside), "{panel}: {drawer:?} lies on {beside:?}");
        let chart = window.state().canvas().rect().expect("it is drawn");
        assert!(chart.height() >= 100.0 && chart.width() >= 250.0, "{panel}: {chart:?} is left");
        let found = rows(&window, panel, texts);
        assert!(found >= least, "{panel}: {found} rows");
    }
}

#[test]
fn buttons_of_every_panel_are_in_sight() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = small(folder.path());
    for (command, panel, buttons) in [
        (command::VIEW_HISTORY, "History panel", &["Undo"][..]),
        (command::VIEW_TIMELINE, "Timeline panel", &["by entity", "by schema", "selected only"]),
        (command::VIEW_SCENES, "Scenes panel", &["Present", "Add scene from this view"]),
        (command::VIEW_EVIDENCE, "Evidence panel", &["Filter documents", "Details and citing"]),
        (command::VIEW_TABLE, "Table panel", &["Filter"]),
    ] {
        run(&mut window, command);
        let inside = place(&window, panel).expand(1.0);
        for name in buttons {
            let found = window.query_all_by_label_contains(name).map(|node| node.rect());
            let seen = found.filter(|rect| inside.contains_rect(*rect)).count();
            assert!(seen > 0, "{panel}: {name} is not in sight");
        }
    }
}

#[test]
fn letters_on_the_chart_survive_a_change_of_theme_and_size() {
    if !need::adapter() {
        return;
    }
    // Few cards, so that the letters of the panels fill the texture more than theirs.
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("few.redthread");
    let mut case = Case::create(&path).expect("a new case");
    let chart = Chart::new("Few", 1.0);
    let at = Placement { entity: "a".into(), x: 0.0, y: 0.0, pinned: false };
    let values = vec![NewValue::new("name", "Harbour Trading")];
    let ops = vec![
        Op::Add { entity: "a".into(), schema: "Company".into(), values },
        Op::PutChart(chart.clone()),
        Op::Place { chart: chart.id, placements: vec![at] },
    ];
    case.commit(Action::new(ops)).expect("valid");
    case.close().expect("closes");
    let mut window = window([1024.0, 640.0], Some(path));
    let cards = Camera { x: 0.0, y: 0.0, zoom: 1.0 };
    window.state_mut().look_at(cards);
    settle(&mut window);
    for commands in
        [&[command::VIEW_TEXT_BIGGER; 3][..], &[command::VIEW_THEME; 2], &[command::VIEW_THEME]]
    {
        for command in commands {
            run(&mut window, command);
        }
        let kept = chart_pixels(&mut window);
        // Another zoom and back: everything is laid out anew.
        window.state_mut().look_at(Camera { zoom: 1.3, ..cards });
        settle(&mut window);
        window.state_mut().look_at(cards);
        settle(&mut window);
        let fresh = chart_pixels(&mut window);
        let differ = kept.iter().zip(&fresh).filter(|(a, b)| a != b).count();
        assert_eq!(kept.len(), fresh.len());
        assert!(differ < 1_000, "{commands:?}: {differ} pixels of {} differ", kept.len());
    }
}

/// What is seen of the chart.
fn chart_pixels(window: &mut Window) -> Vec<[u8; 4]> {
    let image = window.render().expect("a picture");
    let scale = window.ctx.pixels_per_point();
    let part = window.state().canvas().rect().expect("it is drawn") * scale;
    image
        .enumerate_pixels()
        .filter(|(x, y, _)| part.contains(egui::pos2(*x as f32 + 0.5, *y as f32 + 0.5)))
        .map(|(_, _, pixel)| pixel.0)
        .collect()
}
