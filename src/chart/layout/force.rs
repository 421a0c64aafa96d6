//! What is connected lies close: stress, minimised by stochastic gradient descent.
//!
//! Zheng, Pawar, Goodman: Graph Drawing by Stochastic Gradient Descent, IEEE TVCG 25 (2019).
//! Every pair is pulled towards the distance that the graph puts between them.

use super::{
    Body, GAP, Graph, Request,
    organic::{self, Options, Problem, Quality, lay_out},
    pack, room,
    watch::Watch,
};
use crate::{
    chart::{Point, Rect},
    network::{Csr, Random},
};

/// How far apart two cards are that are tied to each other.
const LENGTH: f32 = 235.0;
const ROUNDS: usize = 22;
/// Above this many members the layout for many takes over.
const ALL_PAIRS: usize = 1_200;
/// Up to this many members the layout for many takes its time.
const FINE: usize = 30_000;
/// Cards are wider than high, and so is a drawing of many: by the square of this.
const WIDE: f32 = 1.15;

pub(super) fn arrange(
    request: &Request<'_>,
    graph: &Graph,
    watch: Watch<'_>,
) -> Option<Vec<Point>> {
    let bodies = request.bodies;
    if bodies.len() > ALL_PAIRS {
        return many(request, graph, watch);
    }
    let parts = graph.components();
    let mut points: Vec<Point> = bodies.iter().map(|body| body.at).collect();
    let mut done = 0;
    for part in &parts {
        let share = |members: usize| members as f32 / bodies.len() as f32;
        let watch = watch.part(share(done), share(done + part.len()));
        relax(part, bodies, graph, request.seed, &mut points, watch)?;
        done += part.len();
    }
    let (stay, free): (Vec<Vec<usize>>, Vec<Vec<usize>>) =
        parts.into_iter().partition(|part| part.iter().any(|&n| bodies[n].fixed));
    pack(bodies, &free, &mut points);
    set_below(bodies, &stay.concat(), &free.concat(), &mut points);
    Some(points)
}

/// Moves what is free to below what is around that which stays, if anything does.
fn set_below(bodies: &[Body], stay: &[usize], free: &[usize], points: &mut [Point]) {
    let bounds = |members: &[usize], points: &[Point]| {
        Rect::around(members.iter().map(|&n| Rect::from_center_size(points[n], bodies[n].size)))
    };
    let (Some(above), Some(below)) = (bounds(stay, points), bounds(free, points)) else { return };
    let x = above.center().x - below.center().x;
    let y = above.max.y + 2.0 * GAP - below.min.y;
    for &n in free {
        points[n] = Point::new(points[n].x + x, points[n].y + y);
    }
}

/// A graph as the layout for many takes it: with what is said of its ties, row after row.
pub(super) struct Flat {
    graph: Csr,
    weights: Vec<f32>,
    lengths: Vec<f32>,
}

impl Flat {
    pub(super) fn of(graph: &Graph) -> Self {
        let ties: Vec<(u32, u32)> = graph
            .near
            .iter()
            .enumerate()
            .flat_map(|(a, near)| {
                near.iter().filter(move |b| a < **b).map(move |b| (a as u32, *b as u32))
            })
            .collect();
        let (weights, lengths) = graph.ties.iter().flatten().copied().unzip();
        Self { graph: Csr::new(graph.near.len(), &ties), weights, lengths }
    }

    pub(super) fn problem(&self) -> Problem<'_> {
        Problem { graph: &self.graph, weights: &self.weights, lengths: &self.lengths, held: &[] }
    }
}

/// How much of a chart one length of a tie is, along and across.
#[derive(Clone, Copy)]
pub(super) struct Unit(pub(super) f32, pub(super) f32);

impl Unit {
    fn new(scale: f32) -> Self {
        Self(scale * WIDE, scale / WIDE)
    }

    /// The distance between neighbours at which all cards have room.
    pub(super) fn roomy(bodies: &[Body]) -> Self {
        let area: f32 = bodies.iter().map(|b| (b.size.w + GAP) * (b.size.h + GAP)).sum();
        Self::new((2.5 * area / bodies.len().max(1) as f32).sqrt().max(1.0))
    }

    pub(super) fn of(self, p: Point) -> (f32, f32) {
        let sound = |v: f32| if v.is_finite() { v } else { 0.0 };
        (sound(p.x / self.0), sound(p.y / self.1))
    }

    pub(super) fn back(self, (x, y): (f32, f32)) -> Point {
        Point::new(x * self.0, y * self.1)
    }
}

/// Lays out what is too much for pairs.
fn many(request: &Request<'_>, graph: &Graph, watch: Watch<'_>) -> Option<Vec<Point>> {
    let bodies = request.bodies;
    let flat = Flat::of(graph);
    let quality =
        request.quality.unwrap_or(if bodies.len() > FINE { Quality::Fast } else { Quality::Fine });
    let options = Options { quality, seed: request.seed, threads: request.threads };
    let held: Vec<Option<Point>>;
    let (problem, unit, watch) = if bodies.iter().any(|body| body.fixed) {
        let (scale, watch) = if let Some(scale) = scale_of_fixed(bodies, graph) {
            (scale, watch)
        } else {
            let quick = Options { quality: Quality::Fast, ..options };
            let free = lay_out(flat.problem(), quick, watch.part(0.0, 0.3))?;
            (scale(bodies, &free), watch.part(0.3, 1.0))
        };
        let unit = Unit::new(scale);
        let hold = |body: &Body| {
            let (x, y) = unit.of(body.at);
            body.fixed.then(|| Point::new(x, y))
        };
        held = bodies.iter().map(hold).collect();
        (Problem { held: &held, ..flat.problem() }, Some(unit), watch)
    } else {
        (flat.problem(), None, watch)
    };
    let points = lay_out(problem, options, watch)?;
    if let Some(unit) = unit {
        let mut points: Vec<Point> = points.iter().map(|p| unit.back((p.x, p.y))).collect();
        room::make(bodies, &mut points, watch)?;
        return Some(points);
    }
    let parts = graph.components();
    // What stands alone needs no more room than its card, and would be pushed about among the rest.
    let linked: Vec<usize> =
        parts.iter().filter(|part| part.len() > 1).flatten().copied().collect();
    let cards: Vec<Body> = linked.iter().map(|&n| bodies[n]).collect();
    let drawn: Vec<Point> = linked.iter().map(|&n| points[n]).collect();
    let unit = Unit::new(scale(&cards, &drawn));
    let mut drawn: Vec<Point> = drawn.iter().map(|p| unit.back((p.x, p.y))).collect();
    room::make(&cards, &mut drawn, watch)?;
    let mut points = points;
    for (n, p) in linked.into_iter().zip(drawn) {
        points[n] = p;
    }
    if parts.len() > 1 {
        pack(bodies, &parts, &mut points);
    }
    Some(points)
}

/// The scale at which ties are as long as those between cards that stay; `None` where there are too
/// few to tell.
fn scale_of_fixed(bodies: &[Body], graph: &Graph) -> Option<f32> {
    /// So many ties tell how long the others should be.
    const ENOUGH: usize = 30;
    let mut lengths = Vec::new();
    for (a, body) in bodies.iter().enumerate().filter(|(_, body)| body.fixed) {
        for (b, _, length) in graph.near(a).filter(|(b, ..)| a < *b && bodies[*b].fixed) {
            let (dx, dy) = (bodies[b].at.x - body.at.x, bodies[b].at.y - body.at.y);
            lengths.push((dx / WIDE).hypot(dy * WIDE) / length);
        }
    }
    if lengths.len() < ENOUGH {
        return None;
    }
    let middle = lengths.len() / 2;
    let (_, length, _) = lengths.select_nth_unstable_by(middle, f32::total_cmp);
    Some((*length / organic::USUAL_LENGTH).max(1.0))
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
    weight: f32,
}

fn relax(
    part: &[usize],
    bodies: &[Body],
    graph: &Graph,
    seed: u64,
    points: &mut [Point],
    watch: Watch<'_>,
) -> Option<()> {
    let any_fixed = part.iter().any(|&n| bodies[n].fixed);
    let mut random = Random(0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(seed.max(1)));
    if !any_fixed {
        // A disc, so that the result does not depend on how the chart was laid out before.
        for (order, &n) in part.iter().enumerate() {
            let angle = order as f32 * 2.399_963;
            let radius = LENGTH * 0.4 * (order as f32).sqrt();
            points[n] = Point::new(radius * angle.cos(), radius * angle.sin());
        }
    }
    watch.tell(0.0)?;
    let mut pairs = pairs(part, graph);
    let longest = pairs.iter().map(|p| p.distance).fold(1.0, f32::max);
    let shortest = pairs.iter().map(|p| p.distance).fold(1.0, f32::min);
    // The step shrinks from the widest pair's weight to a tenth of the closest one's.
    let (first, last) = ((longest / 1.0).powi(2), 0.1 * shortest.powi(2));
    let decay = (last / first).ln() / (ROUNDS as f32 - 1.0);
    for round in 0..ROUNDS {
        watch.tell(round as f32 / ROUNDS as f32)?;
        if watch.is_late() {
            break;
        }
        let step = first * (decay * round as f32).exp();
        random.shuffle(&mut pairs);
        for Pair { a, b, distance, weight } in &pairs {
            let (free_a, free_b) = (!bodies[*a].fixed, !bodies[*b].fixed);
            if !free_a && !free_b {
                continue;
            }
            let share = if free_a && free_b { 0.5 } else { 1.0 };
            let weight = (step * weight / (distance * distance)).min(1.0);
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
    Some(())
}

/// Every pair of a part with the way between them; neighbours with the weight of their tie.
fn pairs(part: &[usize], graph: &Graph) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for &a in part {
        let distances = graph.lengths(a);
        let first = pairs.len();
        for &b in part.iter().filter(|b| a < **b) {
            pairs.push(Pair { a, b, distance: distances[b], weight: 1.0 });
        }
        if !graph.ties.is_empty() {
            for pair in &mut pairs[first..] {
                if let Ok(at) = graph.near[a].binary_search(&pair.b) {
                    pair.weight = graph.ties[a][at].0;
                }
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
