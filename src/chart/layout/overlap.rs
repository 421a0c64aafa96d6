//! Moving cards apart that lie over each other, as little as need be.

use std::collections::HashMap;

use super::{Body, GAP};
use crate::chart::{Point, Rect};

const ROUNDS: usize = 60;

/// Moves cards apart until none lies over another; what is fixed stays.
pub fn remove_overlaps(bodies: &[Body]) -> Vec<Point> {
    let mut bodies = bodies.to_vec();
    for _ in 0..ROUNDS {
        if !push_apart(&mut bodies) {
            break;
        }
    }
    finish(bodies)
}

/// One round of pushing each overlapping pair apart the shorter way; whether there was one.
fn push_apart(bodies: &mut [Body]) -> bool {
    let grid = Grid::of(bodies);
    let mut moved = false;
    for a in 0..bodies.len() {
        for b in grid.near(bodies[a].rect()) {
            if b <= a || (bodies[a].fixed && bodies[b].fixed) {
                continue;
            }
            let (first, second) = (bodies[a], bodies[b]);
            let (dx, dy) = (second.at.x - first.at.x, second.at.y - first.at.y);
            let over_x = f32::midpoint(first.size.w, second.size.w) + GAP / 2.0 - dx.abs();
            let over_y = f32::midpoint(first.size.h, second.size.h) + GAP / 2.0 - dy.abs();
            if over_x <= 0.0 || over_y <= 0.0 {
                continue;
            }
            moved = true;
            let sign = |d: f32| if d < 0.0 || (d == 0.0 && b % 2 == 1) { -1.0 } else { 1.0 };
            // A little more than half, so that rounds come to an end.
            let (px, py) = if over_x < over_y {
                (sign(dx) * (over_x * 0.52 + 0.1), 0.0)
            } else {
                (0.0, sign(dy) * (over_y * 0.52 + 0.1))
            };
            let (share_a, share_b) = match (first.fixed, second.fixed) {
                (true, _) => (0.0, 2.0),
                (_, true) => (2.0, 0.0),
                _ => (1.0, 1.0),
            };
            bodies[a].at = Point::new(first.at.x - px * share_a, first.at.y - py * share_a);
            bodies[b].at = Point::new(second.at.x + px * share_b, second.at.y + py * share_b);
        }
    }
    moved
}

/// Whatever pushing did not solve is set into the nearest free place, one after the other.
fn finish(mut bodies: Vec<Body>) -> Vec<Point> {
    let mut order: Vec<usize> = (0..bodies.len()).collect();
    order.sort_by_key(|&n| (!bodies[n].fixed, n));
    let mut taken = Free::default();
    for n in order {
        let body = bodies[n];
        if !body.fixed && taken.is_taken(body.rect()) {
            bodies[n].at = taken.nearest(body);
        }
        taken.take(bodies[n].rect());
    }
    bodies.into_iter().map(|body| body.at).collect()
}

/// Which places are taken, in a coarse grid.
#[derive(Default)]
pub(in crate::chart) struct Free {
    cells: HashMap<(i32, i32), Vec<Rect>>,
}

const CELL: f32 = 240.0;

fn cells(rect: Rect) -> impl Iterator<Item = (i32, i32)> {
    let cell = |v: f32| (v / CELL).floor() as i32;
    let (x0, x1) = (cell(rect.min.x), cell(rect.max.x));
    let (y0, y1) = (cell(rect.min.y), cell(rect.max.y));
    (x0..=x1).flat_map(move |x| (y0..=y1).map(move |y| (x, y)))
}

impl Free {
    pub(in crate::chart) fn take(&mut self, rect: Rect) {
        for cell in cells(rect) {
            self.cells.entry(cell).or_default().push(rect);
        }
    }

    pub(in crate::chart) fn is_taken(&self, rect: Rect) -> bool {
        cells(rect).any(|cell| {
            self.cells.get(&cell).is_some_and(|rects| rects.iter().any(|r| r.intersects(rect)))
        })
    }

    /// The free place nearest to where a card is, on ever wider rings.
    pub(super) fn nearest(&self, body: Body) -> Point {
        let room = |at: Point| Rect::from_center_size(at, body.size).expand(GAP / 2.0);
        if !self.is_taken(room(body.at)) {
            return body.at;
        }
        for ring in 1_u16.. {
            let radius = f32::from(ring) * 26.0;
            let steps = 8 + ring * 4;
            for step in 0..steps {
                let angle =
                    f32::from(step) / f32::from(steps) * std::f32::consts::TAU + f32::from(ring);
                let at = Point::new(
                    body.at.x + radius * angle.cos() * 1.5,
                    body.at.y + radius * angle.sin(),
                );
                if !self.is_taken(room(at)) {
                    return at;
                }
            }
            if ring == u16::MAX / 8 {
                break;
            }
        }
        body.at
    }
}

/// Bodies by the cells that they reach into.
struct Grid {
    cells: HashMap<(i32, i32), Vec<usize>>,
}

impl Grid {
    fn of(bodies: &[Body]) -> Self {
        let mut grid: HashMap<(i32, i32), Vec<usize>> = HashMap::new();
        for (n, body) in bodies.iter().enumerate() {
            for cell in cells(body.rect().expand(GAP)) {
                grid.entry(cell).or_default().push(n);
            }
        }
        Self { cells: grid }
    }

    /// Bodies near a rectangle, each once, in order.
    fn near(&self, rect: Rect) -> Vec<usize> {
        let mut found: Vec<usize> = cells(rect.expand(GAP))
            .filter_map(|cell| self.cells.get(&cell))
            .flatten()
            .copied()
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}
