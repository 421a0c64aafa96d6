//! What is connected lies close: stress, minimised by stochastic gradient descent.
//!
//! Zheng, Pawar, Goodman: Graph Drawing by Stochastic Gradient Descent, IEEE TVCG 25 (2019).
//! Every pair is pulled towards the distance that the graph puts between them.

use super::{
    Body, GAP, Graph,
    organic::{Options, Quality, organic},
    pack, room,
};
use crate::{
    chart::Point,
    network::{Csr, Random},
};

/// How far apart two cards are that are tied to each other.
const LENGTH: f32 = 235.0;
const ROUNDS: usize = 22;
/// Above this many members, distances are taken from some of them only; where nothing is fixed,
/// the layout for many takes over.
const ALL_PAIRS: usize = 1_200;
/// Up to this many members the layout for many takes its time.
const FINE: usize = 30_000;
const PIVOTS: usize = 60;
/// Cards are wider than high, and so is a drawing of many: by the square of this.
const WIDE: f32 = 1.15;

pub(super) fn arrange(bodies: &[Body], graph: &Graph) -> Vec<Point> {
    if bodies.len() > ALL_PAIRS && !bodies.iter().any(|body| body.fixed) {
        return many(bodies, graph);
    }
    let parts = graph.components();
    let mut points: Vec<Point> = bodies.iter().map(|body| body.at).collect();
    for part in &parts {
        relax(part, bodies, graph, &mut points);
    }
    if !bodies.iter().any(|body| body.fixed) {
        pack(bodies, &parts, &mut points);
    }
    points
}

/// Lays out what is too much for pairs.
fn many(bodies: &[Body], graph: &Graph) -> Vec<Point> {
    let ties: Vec<(u32, u32)> = graph
        .near
        .iter()
        .enumerate()
        .flat_map(|(a, near)| {
            near.iter().filter(move |b| a < **b).map(move |b| (a as u32, *b as u32))
        })
        .collect();
    let quality = if bodies.len() > FINE { Quality::Fast } else { Quality::Fine };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let options = Options { quality, seed: 1, threads };
    let points = organic(&Csr::new(bodies.len(), &ties), options, &|_| true).unwrap_or_default();
    let scale = scale(bodies, &points);
    let mut points: Vec<Point> =
        points.iter().map(|p| Point::new(p.x * scale * WIDE, p.y * scale / WIDE)).collect();
    room::make(bodies, &mut points);
    points
}

/// The scale at which most cards have room where they are, within measure: what is not a stray
/// branch covers between two and three times what all cards need side by side.
fn scale(bodies: &[Body], points: &[Point]) -> f32 {
    /// Members in a cell, on average.
    const IN_CELL: f32 = 12.0;
    let bulk = |of: fn(&Point) -> f32| {
        let mut values: Vec<f32> = points.iter().map(of).collect();
        values.sort_by(f32::total_cmp);
        let stray = values.len() / 25;
        (values[stray], values[values.len() - 1 - stray])
    };
    if points.is_empty() {
        return 1.0;
    }
    let ((left, right), (top, bottom)) = (bulk(|p| p.x), bulk(|p| p.y));
    let whole = ((right - left) * (bottom - top)).max(1e-3);
    let area = |b: &Body| (b.size.w + GAP) * (b.size.h + GAP);
    let cards: f32 = bodies.iter().map(area).sum();
    let side = (whole * IN_CELL / points.len() as f32).sqrt();
    let columns = ((right - left) / side) as usize + 1;
    let rows = ((bottom - top) / side) as usize + 1;
    let mut cells = vec![(0.0_f32, 0_usize); columns * rows];
    for (body, p) in bodies.iter().zip(points) {
        let column = ((p.x - left) / side) as usize;
        let row = ((p.y - top) / side) as usize;
        let cell = &mut cells[row.min(rows - 1) * columns + column.min(columns - 1)];
        *cell = (cell.0 + area(body), cell.1 + 1);
    }
    cells.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut with_room = 0;
    let most = cells.iter().find(|(_, members)| {
        with_room += members;
        with_room * 4 >= points.len() * 3
    });
    let wanted = most.map_or(1.0, |(area, _)| area / (side * side));
    wanted.clamp(2.0 * cards / whole, 3.0 * cards / whole).sqrt()
}

struct Pair {
    a: usize,
    b: usize,
    distance: f32,
}

fn relax(part: &[usize], bodies: &[Body], graph: &Graph, points: &mut [Point]) {
    let any_fixed = part.iter().any(|&n| bodies[n].fixed);
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    if !any_fixed {
        // A disc, so that the result does not depend on how the chart was laid out before.
        for (order, &n) in part.iter().enumerate() {
            let angle = order as f32 * 2.399_963;
            let radius = LENGTH * 0.4 * (order as f32).sqrt();
            points[n] = Point::new(radius * angle.cos(), radius * angle.sin());
        }
    }
    let mut pairs = pairs(part, graph);
    let longest = pairs.iter().map(|p| p.distance).fold(1.0, f32::max);
    // The step shrinks from the widest pair's weight to a tenth of the closest one's.
    let (first, last) = ((longest / 1.0).powi(2), 0.1);
    let decay = (last / first).ln() / (ROUNDS as f32 - 1.0);
    for round in 0..ROUNDS {
        let step = first * (decay * round as f32).exp();
        random.shuffle(&mut pairs);
        for Pair { a, b, distance } in &pairs {
            let (free_a, free_b) = (!bodies[*a].fixed, !bodies[*b].fixed);
            if !free_a && !free_b {
                continue;
            }
            let share = if free_a && free_b { 0.5 } else { 1.0 };
            let weight = (step / (distance * distance)).min(1.0);
            let (pa, pb) = (points[*a], points[*b]);
            let (mut dx, mut dy) = (pa.x - pb.x, pa.y - pb.y);
            let mut length = dx.hypot(dy);
            if length < 0.01 {
                (dx, dy) = (random.unit() - 0.5, random.unit() - 0.5);
                length = dx.hypot(dy).max(0.01);
            }
            let push = weight * share * (distance * LENGTH - length) / length;
            if free_a {
                points[*a] = Point::new(pa.x + dx * push, pa.y + dy * push);
            }
            if free_b {
                points[*b] = Point::new(pb.x - dx * push, pb.y - dy * push);
            }
        }
    }
    // Cards are wider than high, and so are windows.
    if !any_fixed {
        lay_down(part, points);
    }
}

fn pairs(part: &[usize], graph: &Graph) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let all = part.len() <= ALL_PAIRS;
    let stride = if all { 1 } else { part.len() / PIVOTS };
    for &a in part.iter().step_by(stride) {
        let distances = graph.distances(&[a]);
        for &b in part {
            if let Some(distance) = distances[b].filter(|_| if all { a < b } else { a != b }) {
                pairs.push(Pair { a, b, distance: distance as f32 });
            }
        }
    }
    if !all {
        for &a in part {
            for &b in graph.near[a].iter().filter(|b| a < **b) {
                pairs.push(Pair { a, b, distance: 1.0 });
            }
        }
    }
    pairs
}

/// Turns a drawing so that its longest extent is level.
fn lay_down(part: &[usize], points: &mut [Point]) {
    let count = part.len() as f32;
    let (sx, sy) = part.iter().fold((0.0, 0.0), |(x, y), &n| (x + points[n].x, y + points[n].y));
    let (cx, cy) = (sx / count, sy / count);
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for &n in part {
        let (x, y) = (points[n].x - cx, points[n].y - cy);
        xx += x * x;
        xy += x * y;
        yy += y * y;
    }
    let angle = -0.5 * (2.0 * xy).atan2(xx - yy);
    let (sin, cos) = angle.sin_cos();
    for &n in part {
        let (x, y) = (points[n].x - cx, points[n].y - cy);
        points[n] = Point::new(x * cos - y * sin, x * sin + y * cos);
    }
}
