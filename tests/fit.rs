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

/// Owners, directors and partners as a register has them, linked at random but the same each time.
fn generated(path: &std::path::Path, count: usize) {
    const NAMES: [&str; 6] = [
        "Aurora Shipping Ltd",
        "Baltic Trading LLC",
        "Kestrel Capital GmbH",
        "Northern Minerals Pte. Ltd.",
        "Orchid Holdings Co., Limited",
        "Maria Petrova",
    ];
    let mut case = Case::create(path).expect("a new case");
    let mut state = count as u64 + 12_345;
    let mut below = |n: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n.max(1)
    };
    let mut ops = Vec::new();
    for n in 0..count {
        let schema = if n % 6 == 5 { "Person" } else { "Company" };
        ops.push(Op::Add {
            entity: Id::from(format!("e{n}").as_str()),
            schema: schema.into(),
            values: vec![NewValue::new("name", format!("{} {n}", NAMES[n % 6]))],
        });
    }
    for n in 1..count + count / 6 {
        let (from, to) = if n < count { (below(n), n) } else { (below(count), below(count)) };
        if from == to {
            continue;
        }
        let end = |n: usize| format!("e{n}");
        let (schema, values) = if n % 4 == 3 {
            (
                "Directorship",
                [
                    ("director", end(from)),
                    ("organization", end(to)),
                    ("role", "director".to_owned()),
                ],
            )
        } else {
            let share = [100, 51, 25, 60][below(4)].to_string();
            ("Ownership", [("owner", end(from)), ("asset", end(to)), ("percentage", share)])
        };
        ops.push(Op::Add {
            entity: Id::from(format!("l{n}").as_str()),
            schema: schema.into(),
            values: values
                .into_iter()
                .map(|(property, value)| NewValue::new(property, value))
                .collect(),
        });
    }
    case.commit(Action::new(ops)).expect("valid");
    case.close().expect("closed");
}

/// The part of a rectangle that lies under others.
fn hidden(rect: Rect, others: impl Iterator<Item = Rect>) -> f32 {
    let shared = |other: Rect| {
        let both = rect.intersect(other);
        if both.is_positive() { both.area() / rect.area() } else { 0.0 }
    };
    others.map(shared).sum()
}

/// What cannot be read of a chart, where up to so many entities must be full cards, and up to so many
/// must have their names and shares.
fn illegible(window: &Window, what: &str, (full, shares): (usize, usize)) -> Vec<String> {
    let app = window.state();
    let legible = app.canvas().legible(&window.ctx, app.view()).expect("a chart is drawn");
    let chart = app.view().chart.clone().expect("a chart is open");
    let count = app.canvas().sketch().dots.len();
    let lines = app.canvas().sketch().threads.len();
    let is_share = |text: &str| text.contains('%');
    let (names, labels) = (&legible.names, &legible.labels);
    let over = |n: usize| {
        let others = labels.iter().enumerate().filter(move |(m, _)| *m != n).map(|(_, l)| l.1);
        hidden(labels[n].1, others.chain(names.iter().map(|name| name.1)))
    };
    let worst = (0..labels.len())
        .filter(|n| is_share(&labels[*n].0))
        .map(|n| (over(n) * 100.0, labels[n].0.clone()))
        .fold((0.0, String::new()), |a, b| if b.0 > a.0 { b } else { a });
    let zoom = app.view().cameras[&chart].zoom;
    println!(
        "{what}: {count} entities, {lines} lines, {} at {zoom:.2}, names {:.1} px, {} names, {} labels, \
         worst share {:.0} % hidden",
        if legible.are_cards { "cards" } else { "icons" },
        legible.name_size,
        names.len(),
        labels.len(),
        worst.0
    );
    let mut wrong = Vec::new();
    let mut must = |holds: bool, why: String| {
        if !holds {
            wrong.push(format!("{what}: {why}"));
        }
    };
    must(count > full || legible.are_cards, format!("{count} entities are no cards"));
    let size = legible.name_size;
    must(count > shares || size >= 8.99, format!("names are {size} points high"));
    must(count > shares || worst.0 < 25.0, format!("a share is hidden: {worst:?}"));
    must(count >= 100 || names.len() == count, format!("{} names of {count}", names.len()));
    wrong
}

#[test]
fn what_is_fitted_can_be_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut cases = Vec::new();
    for demo in [Demo::Lantern, Demo::Dandong] {
        let path = folder.path().join(format!("{demo:?}.redthread"));
        demo.build(&path, &Progress::new()).expect("builds").close().expect("closed");
        cases.push((format!("{demo:?}"), path, false));
    }
    for count in [12, 20, 30, 60, 99] {
        let path = folder.path().join(format!("{count}.redthread"));
        generated(&path, count);
        cases.push((format!("{count} generated"), path, true));
    }
    let mut wrong = Vec::new();
    for (size, bars) in [([1440.0, 900.0], (20, 60)), ([1024.0, 640.0], (12, 30))] {
        for (what, path, place) in &cases {
            let mut window = window(size, Some(path.clone()));
            if *place && model(&window).charts.is_empty() {
                window.state_mut().ask(Request::Run(command::CHART_PLACE_ALL));
                settle(&mut window);
            }
            for n in 0..model(&window).charts.len() {
                press(&mut window, Modifiers::NONE, Key::F);
                wrong.extend(illegible(&window, &format!("{what} {n} in {size:?}"), bars));
                press(&mut window, Modifiers::COMMAND, Key::PageDown);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_chart_that_is_shown_whole_stays_so_while_its_camera_is_not_moved() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("c.redthread");
    generated(&path, 14);
    let mut window = window([1440.0, 900.0], Some(path));
    window.state_mut().ask(Request::Run(command::CHART_PLACE_ALL));
    settle(&mut window);
    let whole = |window: &Window, what: &str| {
        let ground = window.state().canvas().rect().expect("it is drawn");
        for (id, card) in cards(window) {
            assert!(ground.expand(0.5).contains_rect(card), "{what}: {id} is out of sight");
        }
        ground
    };
    for layout in [command::LAYOUT_FORCE, command::LAYOUT_GRID, command::LAYOUT_LAYERED] {
        window.state_mut().ask(Request::Run(layout));
        settle(&mut window);
        let before = whole(&window, "laid out");
        window.state_mut().ask(Request::Run(command::VIEW_TABLE));
        settle(&mut window);
        let after = whole(&window, "with the table below");
        assert!(after.height() < before.height() - 60.0, "{before} {after}");
        // Something new on the chart does not end it.
        let at = Placement { entity: Id::from("e1"), x: 0.0, y: 3_000.0, pinned: true };
        let chart = window.state().view().chart.clone().expect("a chart is open");
        let place = Op::Place { chart, placements: vec![at] };
        window.state_mut().ask(Request::Commit(Action::new(vec![place])));
        settle(&mut window);
        window.state_mut().ask(Request::Run(command::VIEW_TABLE));
        settle(&mut window);
        whole(&window, "without the table");
    }
    // Once the user has moved it, it stays where it is.
    press(&mut window, Modifiers::NONE, Key::F);
    press(&mut window, Modifiers::NONE, Key::Plus);
    let camera = |window: &Window| {
        let view = window.state().view();
        view.chart.as_ref().and_then(|chart| view.cameras.get(chart)).copied()
    };
    let before = camera(&window);
    window.state_mut().ask(Request::Run(command::VIEW_TABLE));
    settle(&mut window);
    assert_eq!(camera(&window), before);
}
