//! Charts of few, laid out in each way and fitted into a window: everything on them can be read.

use std::{collections::BTreeSet, time::Instant};

use super::{
    Input, Line, Mode, Node, Overlay, Picture, Point, Rect, Size, Squeeze, Style,
    fit::Ground,
    icons,
    layout::{Algorithm, Body, Request, Tie},
    picture::{CAPTION, label_size, picture},
    route::{Care, route},
    squeeze::{Leading, squeezed},
    within,
};
use crate::{
    case::{Action, Case, NewValue, Op},
    model::{Chart, Id, Period, Placement},
    network::{Random, Seen},
};

/// The part of a window of 1440 × 900 that a chart has beside the inspector, and of 1024 × 640.
const LARGE: Size = Size { w: 1072.0, h: 790.0 };
const SMALL: Size = Size { w: 676.0, h: 530.0 };

/// The number of charts that are looked at for each layout.
const SEEDS: u64 = 4;

/// Owners, directors and partners as a register has them.
fn case(count: usize, seed: u64) -> Seen {
    const NAMES: [&str; 6] = [
        "Aurora Shipping Ltd",
        "Baltic Trading LLC",
        "Kestrel Capital GmbH",
        "Northern Minerals Pte. Ltd.",
        "Orchid Holdings Co., Limited",
        "Maria Petrova",
    ];
    let mut random = Random(seed * 7919 + 17);
    let mut below = |n: usize| (random.unit() * n as f32) as usize;
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
        let (from, to) = (format!("e{from}"), format!("e{to}"));
        let (schema, values) = if n % 4 == 3 {
            (
                "Directorship",
                vec![("director", from), ("organization", to), ("role", "director".into())],
            )
        } else {
            let share = ["100", "51", "25", "60"][below(4)];
            ("Ownership", vec![("owner", from), ("asset", to), ("percentage", share.into())])
        };
        ops.push(Op::Add {
            entity: Id::from(format!("l{n}").as_str()),
            schema: schema.into(),
            values: values.into_iter().map(|(p, v)| NewValue::new(p, v)).collect(),
        });
    }
    let mut case = Case::in_memory().expect("memory suffices");
    case.commit(Action::new(ops)).expect("valid");
    Seen::new(case.entities().expect("readable"))
}

fn drawn(seen: &Seen, placements: &[Placement]) -> Picture {
    picture(&Input {
        seen,
        chart: &Chart::new("C", 1.0),
        placements,
        selection: &BTreeSet::new(),
        period: &Period::default(),
        overlay: &Overlay::default(),
        style: &Style::of(Mode::Light),
        follows: false,
    })
}

fn place(id: &Id, at: Point) -> Placement {
    Placement { entity: id.clone(), x: at.x, y: at.y, pinned: false }
}

/// The picture of everything laid out.
fn laid_out(seen: &Seen, algorithm: Algorithm) -> Picture {
    let start: Vec<Placement> = seen.nodes().map(|e| place(e.id(), Point::default())).collect();
    laid_out_from(seen, drawn(seen, &start), algorithm)
}

/// The picture of everything laid out again; what is pinned stays.
fn laid_out_from(seen: &Seen, before: Picture, algorithm: Algorithm) -> Picture {
    let at = |id: &Id| before.nodes.iter().position(|node| node.id == *id).expect("is there");
    let bodies: Vec<Body> = before
        .nodes
        .iter()
        .map(|node| Body { at: node.at, size: node.size, fixed: node.pinned })
        .collect();
    let ties: Vec<Tie> = before
        .lines
        .iter()
        .map(|line| {
            let owns = !line.label.is_empty();
            Tie::new(at(&line.from), at(&line.to)).owning(owns).labelled(label_size(&line.label))
        })
        .collect();
    let dates: Vec<Option<f64>> = (0..bodies.len()).map(|n| Some((n * 37 % 101) as f64)).collect();
    let request = Request { dates: &dates, ..Request::new(algorithm, &bodies, &ties) };
    let points = request.run(&|_| true).expect("it is not cancelled");
    let placements: Vec<Placement> =
        before.nodes.iter().zip(points).map(|(node, at)| place(&node.id, at)).collect();
    drawn(seen, &placements)
}

fn ground(size: Size) -> Ground {
    let (w, h) = (size.w, size.h);
    let rect = |x: f32, y: f32, w: f32, h: f32| Rect {
        min: Point::new(x, y),
        max: Point::new(x + w, y + h),
    };
    let mut covers = Vec::new();
    if w > 700.0 {
        covers =
            vec![rect(12.0, h - 152.0, 150.0, 140.0), rect(w - 180.0, h - 124.0, 168.0, 112.0)];
    } else {
        covers.extend([rect(12.0, h - 44.0, 32.0, 32.0), rect(w - 44.0, h - 44.0, 32.0, 32.0)]);
    }
    covers.push(rect(w / 2.0 - 90.0, 10.0, 180.0, 28.0));
    Ground { window: rect(0.0, 0.0, w, h), covers }
}

/// What is hidden of a picture.
#[derive(Debug, Default)]
struct Hidden {
    cards: usize,
    labels: usize,
    lines: usize,
}

fn hidden(picture: &Picture) -> Hidden {
    let mut found = Hidden::default();
    for (n, a) in picture.nodes.iter().enumerate() {
        found.cards += picture.nodes[..n].iter().filter(|b| a.rect().intersects(b.rect())).count();
    }
    let label = |n: usize| {
        let line = &picture.lines[n];
        let size = Size { w: (label_size(&line.label) - 8.0).max(0.0), h: 11.0 };
        Rect::from_center_size(line.label_at, size)
    };
    for (n, line) in picture.lines.iter().enumerate() {
        if line.label.is_empty() {
            continue;
        }
        let rect = label(n);
        let card = picture.nodes.iter().any(|node| node.rect().intersects(rect));
        let other = (0..picture.lines.len())
            .any(|m| m != n && !picture.lines[m].label.is_empty() && label(m).intersects(rect));
        found.labels += usize::from(card || other);
    }
    for line in &picture.lines {
        let points = line.curve.points(16);
        let under = picture.nodes.iter().any(|node| {
            node.id != line.from
                && node.id != line.to
                && points.windows(2).any(|p| within(p[0], p[1], node.rect()).is_some())
        });
        found.lines += usize::from(under);
    }
    found
}

/// Lays out charts of so many and fits each; returns how many of them are drawn as cards.
fn cards_at_fit(size: Size, count: usize, algorithm: Algorithm) -> usize {
    let mut full = 0;
    for seed in 0..SEEDS {
        let picture = laid_out(&case(count, seed), algorithm);
        let squeeze = Squeeze::of(&picture);
        let cards: Vec<Rect> = picture.nodes.iter().map(Node::rect).collect();
        let camera = ground(size).fit(picture.bounds, &cards, 1.0, squeeze);
        let what = format!("{} {count} in {size:?}, chart {seed}", algorithm.label());
        if camera.zoom < squeeze.cards_from() {
            println!("{what}: icons");
            continue;
        }
        full += 1;
        let part = squeeze.part(camera.zoom);
        let close = squeezed(&picture, part, &Leading::of(&picture, part, Care::Whole));
        let (names, hidden) = (squeeze.scale(camera.zoom) * CAPTION, hidden(&close));
        println!("{what}: names of {names:.1} points, {hidden:?}");
        assert!(names >= 8.99, "{what}: {names}");
        assert_eq!((hidden.cards, hidden.labels), (0, 0), "{what}");
        assert_eq!(hidden.lines, 0, "{what}: {hidden:?}");
    }
    full
}

#[test]
fn charts_of_few_are_full_cards_with_their_labels_in_every_layout() {
    for (algorithm, [large, small]) in [
        (Algorithm::Force, [4, 4]),
        (Algorithm::Layered, [4, 4]),
        (Algorithm::Circle, [4, 4]),
        (Algorithm::Grid, [4, 4]),
        (Algorithm::Timeline, [4, 4]),
        (Algorithm::Radial, [4, 4]),
    ] {
        let found = [cards_at_fit(LARGE, 20, algorithm), cards_at_fit(SMALL, 12, algorithm)];
        let least = [large, small];
        assert!(found.iter().zip(least).all(|(n, least)| *n >= least), "{algorithm:?} {found:?}");
    }
}

/// The number of lines of which a part lies upon another line.
fn along(picture: &Picture) -> usize {
    /// The distance at which two are one, the length that counts, and that of a step, in units of the
    /// chart.
    const ONE: f32 = 1.5;
    const LONG: f32 = 40.0;
    const STEP: f32 = 4.0;
    let near = |n: usize, p: Point| {
        let others = picture.lines.iter().enumerate().filter(|(m, _)| *m != n);
        let mut others = others.filter(|(_, line)| line.curve.hull().expand(ONE).contains(p));
        others.any(|(_, line)| line.curve.distance(p) < ONE)
    };
    let is_along = |(n, line): &(usize, &Line)| {
        let steps = line.curve.start().distance(line.curve.end()) / STEP;
        let steps = (steps as u16).max(1);
        let mut upon = 0.0_f32;
        (0..=steps).any(|step| {
            let at = line.curve.at(f32::from(step) / f32::from(steps));
            upon = if near(*n, at) { upon + STEP } else { 0.0 };
            upon > LONG
        })
    };
    picture.lines.iter().enumerate().filter(is_along).count()
}

/// The lines of a picture, and those of them that pass under a card that is not their end.
#[derive(Clone, Copy, Debug, Default)]
struct Passing {
    lines: usize,
    under: usize,
    /// Those that run along another so close that the two look like one.
    along: usize,
    labels: usize,
}

impl Passing {
    fn add(&mut self, picture: &Picture) {
        let found = hidden(picture);
        self.lines += picture.lines.len();
        self.under += found.lines;
        self.along += along(picture);
        self.labels += found.labels;
    }
}

#[test]
fn no_line_passes_under_a_card_that_is_not_its_end() {
    for algorithm in Algorithm::ALL {
        for count in [8, 20, 30, 60] {
            let (mut whole, mut fitted) = (Passing::default(), Passing::default());
            for seed in 0..2 {
                let mut picture = laid_out(&case(count, seed + 100), algorithm);
                let squeeze = Squeeze::of(&picture);
                let cards: Vec<Rect> = picture.nodes.iter().map(Node::rect).collect();
                let camera = ground(LARGE).fit(picture.bounds, &cards, 1.0, squeeze);
                if camera.zoom >= squeeze.cards_from() {
                    let part = squeeze.part(camera.zoom);
                    fitted.add(&squeezed(
                        &picture,
                        part,
                        &Leading::of(&picture, part, Care::Whole),
                    ));
                }
                route(&mut picture);
                whole.add(&picture);
            }
            let what = format!("{} {count}", algorithm.label());
            println!("{what}: at 100 % {whole:?}, at Fit {fitted:?}");
            for found in [whole, fitted] {
                assert_eq!((found.under, found.labels), (0, 0), "{what}: {found:?}");
                assert!(found.along * 20 <= found.lines, "{what}: {found:?}");
            }
        }
    }
}

/// The picture as icons are seen at a zoom, in points.
fn as_icons(picture: &Picture, zoom: f32) -> Picture {
    let mut lines = icons::lines(picture, icons::zoom_for(zoom, 6.0), Care::Whole);
    let on_screen = |p: Point| Point::new(p.x * zoom, p.y * zoom);
    for line in &mut lines {
        line.curve = line.curve.map(on_screen);
        line.label.clear();
    }
    let mut nodes = picture.nodes.clone();
    for node in &mut nodes {
        let side = icons::side(zoom);
        (node.at, node.size) = (on_screen(node.at), Size { w: side, h: side });
    }
    Picture { nodes, lines, ..Picture::default() }
}

#[test]
fn no_line_passes_under_an_icon_that_is_not_its_end() {
    for algorithm in Algorithm::ALL {
        for count in [30, 60, 100] {
            let (mut led, mut straight) = (Passing::default(), Passing::default());
            for seed in 0..2 {
                let picture = laid_out(&case(count, seed + 100), algorithm);
                let squeeze = Squeeze::of(&picture);
                let cards: Vec<Rect> = picture.nodes.iter().map(Node::rect).collect();
                let zoom = ground(SMALL).fit(picture.bounds, &cards, 1.0, squeeze).zoom;
                if zoom >= squeeze.cards_from() {
                    continue;
                }
                let seen = as_icons(&picture, zoom);
                led.add(&seen);
                let mut before = picture.clone();
                for line in &mut before.lines {
                    line.curve = line.curve.map(|p| Point::new(p.x * zoom, p.y * zoom));
                    line.label.clear();
                }
                straight.add(&Picture { nodes: seen.nodes, ..before });
            }
            let what = format!("{} {count}", algorithm.label());
            println!("{what}: straight {straight:?}, led {led:?}");
            assert_eq!(led.under, 0, "{what}: {led:?}");
            assert!(led.along * 20 <= led.lines, "{what}: {led:?}");
        }
    }
}

#[test]
fn a_chart_with_some_pinned_cards_is_still_shaped_to_the_window() {
    let (mut full, mut all) = (0, 0);
    for algorithm in Algorithm::ALL {
        for (size, count, pins) in [(LARGE, 20, 2), (LARGE, 20, 4), (SMALL, 12, 3)] {
            let mut found = Vec::new();
            for seed in 0..SEEDS {
                let seen = case(count, seed);
                let mut before = laid_out(&seen, Algorithm::Force);
                for n in 0..pins {
                    before.nodes[(n * 7 + 1) % count].pinned = true;
                }
                let pinned: Vec<Node> = before.nodes.iter().filter(|n| n.pinned).cloned().collect();
                let picture = laid_out_from(&seen, before, algorithm);
                for node in pinned {
                    assert!(picture.nodes.iter().any(|n| n.id == node.id && n.at == node.at));
                }
                let squeeze = Squeeze::of(&picture);
                let cards: Vec<Rect> = picture.nodes.iter().map(Node::rect).collect();
                let camera = ground(size).fit(picture.bounds, &cards, 1.0, squeeze);
                let part = squeeze.part(camera.zoom);
                let close = squeezed(&picture, part, &Leading::of(&picture, part, Care::Whole));
                let names = squeeze.scale(camera.zoom) * CAPTION;
                let lines = hidden(&close).lines;
                assert!(names < 8.99 || lines == 0, "{algorithm:?} {count} {seed}: {lines}");
                found.push(names);
            }
            let cards = found.iter().filter(|names| **names >= 8.99).count();
            println!("{} {count}, {pins} pinned: {cards} as cards, {found:.1?}", algorithm.label());
            (full, all) = (full + cards, all + found.len());
        }
    }
    println!("{full} of {all} are cards");
    assert!(full * 10 >= all * 7, "{full} of {all}");
}

#[test]
fn a_step_of_zoom_does_not_lead_every_line_again() {
    let picture = laid_out(&case(150, 1), Algorithm::Force);
    let time = |work: &dyn Fn()| {
        let started = Instant::now();
        for _ in 0..3 {
            work();
        }
        started.elapsed() / 3
    };
    let leading = Leading::of(&picture, 0.75, Care::Whole);
    let anew = time(&|| drop(squeezed(&picture, 0.76, &Leading::of(&picture, 0.76, Care::Whole))));
    let kept = time(&|| drop(squeezed(&picture, 0.76, &leading)));
    println!("150 entities, {} lines: {anew:.2?} at first, {kept:.2?} again", picture.lines.len());
    assert!(kept < anew, "{anew:?} at first, {kept:?} again");
    // Steps of zoom share what is found for the part below them, down to where they are kept.
    assert_eq!(Leading::part_for(0.76), Leading::part_for(0.775));
    assert!(Leading::part_for(0.76) <= 0.76);
}
