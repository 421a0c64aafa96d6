//! Fit leaves no card under what lies over the chart, in any window.

use egui::{Key, Modifiers, Rect};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use redthread::{
    app::{command, model::Request},
    case::{Action, Case, NewValue, Op, Progress},
    demo::Demo,
    model::{Chart, Id, Placement},
};

use crate::window::{Window, click, model, press, settle, window};

/// What lies over the chart, by its names for a screen reader.
fn covers(window: &Window) -> Vec<(String, Rect)> {
    ["Legend of the chart", "Mini-map", "Marking on the chart"]
        .iter()
        .filter_map(|name| {
            let found = window.query_all_by_label_contains(name);
            let mut found = found.filter(|node| {
                let label = node.accesskit_node().label().unwrap_or_default();
                label.starts_with(name)
            });
            Some(((*name).to_owned(), found.next()?.rect()))
        })
        .collect()
}

/// The cards on screen, in the window of the chart.
fn cards(window: &Window) -> Vec<(Id, Rect)> {
    let app = window.state();
    let chart = app.view().chart.clone().expect("a chart is open");
    let placed = model(window).placed(&chart).iter();
    placed
        .filter_map(|p| Some((p.entity.clone(), app.canvas().card(app.view(), &p.entity)?)))
        .collect()
}

fn assert_free(window: &Window, what: &str) {
    let (covers, cards) = (covers(window), cards(window));
    assert!(covers.len() >= 2 && !cards.is_empty(), "{what}: {covers:?}");
    let ground = window.state().canvas().rect().expect("it is drawn");
    for (name, cover) in &covers {
        assert!(ground.expand(0.5).contains_rect(*cover), "{what}: {name} is outside the chart");
        for (id, card) in &cards {
            assert!(!cover.intersects(*card), "{what}: {name} {cover:?} covers {id} {card:?}");
        }
    }
    for (id, card) in &cards {
        assert!(ground.expand(0.5).contains_rect(*card), "{what}: {id} is out of sight");
    }
}

/// A chart of companies in a grid that fills every corner.
fn full(path: &std::path::Path, columns: usize, rows: usize) {
    let mut case = Case::create(path).expect("a new case");
    let mut ops = vec![Op::Set { key: "marking".into(), value: "FICTIONAL – TRAINING".into() }];
    let chart = Chart::new("Full", 1.0);
    let mut placements = Vec::new();
    for n in 0..columns * rows {
        let id = Id::from(format!("c{n}").as_str());
        let schema = ["Company", "Person", "Vessel", "BankAccount", "Address"][n % 5];
        let property = if schema == "Address" { "full" } else { "name" };
        ops.push(Op::Add {
            entity: id.clone(),
            schema: schema.into(),
            values: vec![NewValue::new(property, format!("Number {n} of the harbour"))],
        });
        placements.push(Placement {
            entity: id,
            x: (n % columns) as f32 * 260.0,
            y: (n / columns) as f32 * 110.0,
            pinned: false,
        });
    }
    let place = Op::Place { chart: chart.id.clone(), placements };
    ops.extend([Op::PutChart(chart), place]);
    case.commit(Action::new(ops)).expect("valid");
    case.close().expect("closed");
}

const WINDOWS: [([f32; 2], f32); 3] =
    [([1440.0, 900.0], 1.0), ([1024.0, 640.0], 1.0), ([1024.0, 640.0], 1.3)];

fn in_every_window(path: &std::path::Path, what: &str) {
    for (size, scale) in WINDOWS {
        let mut window = window(size, Some(path.to_owned()));
        for _ in 0..((scale - 1.0_f32) * 10.0).round() as usize {
            window.state_mut().ask(Request::Run(command::VIEW_TEXT_BIGGER));
            settle(&mut window);
        }
        for inspector in [true, false] {
            let what = format!("{what}, {size:?} at {scale}, inspector {inspector}");
            let charts = model(&window).charts.len();
            for n in 0..charts {
                // As it was opened, and after Fit.
                if !model(&window).placed(&model(&window).charts[n].id).is_empty() {
                    assert_free(&window, &format!("{what}, chart {n} as opened"));
                    press(&mut window, Modifiers::NONE, Key::F);
                    assert_free(&window, &format!("{what}, chart {n}"));
                }
                press(&mut window, Modifiers::COMMAND, Key::PageDown);
            }
            press(&mut window, Modifiers::COMMAND, Key::Num1);
        }
    }
}

#[test]
fn no_card_of_the_demo_lies_under_legend_mini_map_or_marking() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("demo.redthread");
    Demo::Lantern.build(&path, &Progress::new()).expect("builds").close().expect("closed");
    in_every_window(&path, "demo");
}

#[test]
fn no_card_of_a_full_chart_lies_under_legend_mini_map_or_marking() {
    let folder = tempfile::tempdir().expect("a folder");
    for (columns, rows) in [(2, 2), (6, 4), (3, 12), (12, 14)] {
        let path = folder.path().join(format!("{columns}x{rows}.redthread"));
        full(&path, columns, rows);
        in_every_window(&path, &format!("{columns} × {rows}"));
    }
}

#[test]
fn no_icon_of_a_large_chart_lies_under_legend_mini_map_or_marking() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("large.redthread");
    // As wide and high as the window, so that every corner is filled.
    full(&path, 28, 48);
    let mut window = window([1440.0, 900.0], Some(path));
    assert_free(&window, "as opened");
    press(&mut window, Modifiers::NONE, Key::F);
    assert_free(&window, "after a fit");
}

#[test]
fn legend_and_mini_map_fold_where_there_is_little_room_and_open_when_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("full.redthread");
    full(&path, 6, 4);
    let mut large = window([1440.0, 900.0], Some(path.clone()));
    assert!(large.query_by_label("Fold the legend").is_some(), "there is room");
    click(&mut large, "Fold the legend");
    assert_free(&large, "folded");
    click(&mut large, "Show the legend");
    assert_free(&large, "unfolded");

    drop(large);
    let mut small = window([1024.0, 640.0], Some(path));
    for _ in 0..3 {
        small.state_mut().ask(Request::Run(command::VIEW_TEXT_BIGGER));
        settle(&mut small);
    }
    assert!(small.query_by_label("Fold the legend").is_none(), "there is no room");
    click(&mut small, "Show the legend");
    assert!(small.query_by_label("Fold the legend").is_some());
    assert_free(&small, "the legend was asked for");
    click(&mut small, "Show the mini-map");
    assert!(small.query_by_label("Fold the mini-map").is_some());
    assert_free(&small, "the mini-map was asked for");
    let places: Vec<Rect> = covers(&small).into_iter().map(|(_, rect)| rect).collect();
    for (n, a) in places.iter().enumerate() {
        assert!(places[..n].iter().all(|b| !a.intersects(*b)), "they lie over each other");
    }
}
