//! Moving cards apart that lie over each other, as little as need be.

use hashbrown::HashMap;

use super::{Body, GAP, room, watch::Watch};
use crate::chart::{Point, Rect, Size};

const ROUNDS: usize = 60;
/// Where pushing has come down to one card in so many, the rest is set one by one.
const FEW: usize = 500;
/// Where more than so many share a cell, pairs are too many to be pushed.
const CROWD: usize = 200;

/// Moves cards apart until none lies over another; what is fixed stays. `None` where the watch
/// stopped it.
pub(super) fn clear(mut bodies: Vec<Body>, watch: Watch<'_>) -> Option<Vec<Point>> {
    watch.tell(0.0)?;
    if Grid::of(&bodies).fullest() > CROWD {
        let mut points: Vec<Point> = bodies.iter().map(|body| body.at).collect();
        room::make(&bodies, &mut points, watch.part(0.0, 0.3))?;
        for (body, at) in bodies.iter_mut().zip(points).filter(|(body, _)| !body.fixed) {
            body.at = at;
        }
    }
    if Grid::of(&bodies).fullest() <= CROWD {
        let mut awake = vec![true; bodies.len()];
        for round in 0..ROUNDS {
            watch.tell(0.3 + 0.6 * round as f32 / ROUNDS as f32)?;
            let pushed = push_apart(&mut bodies, &mut awake);
            if pushed <= bodies.len() / FEW || watch.is_late() {
                break;
            }
        }
    }
    finish(bodies, watch)
}

/// One round of pushing each overlapping pair apart the shorter way; how many were pushed. Only
/// those that are awake, because they moved in the last round, have to be looked at.
pub(super) fn push_apart(bodies: &mut [Body], awake: &mut Vec<bool>) -> usize {
    let grid = Grid::of(bodies);
    let mut pushed = 0;
    let mut near = Vec::new();
    let woken = std::mem::replace(awake, vec![false; bodies.len()]);
    for a in 0..bodies.len() {
        grid.near(bodies[a].at, &mut near);
        for b in near.iter().map(|b| *b as usize) {
            if b <= a
                || (bodies[a].fixed && bodies[b].fixed)
                || !(woken[a] || woken[b] || awake[a] || awake[b])
            {
                continue;
            }
            let (first, second) = (bodies[a], bodies[b]);
            let (dx, dy) = (second.at.x - first.at.x, second.at.y - first.at.y);
            let over_x = f32::midpoint(first.size.w, second.size.w) + GAP / 2.0 - dx.abs();
            let over_y = f32::midpoint(first.size.h, second.size.h) + GAP / 2.0 - dy.abs();
            if over_x <= 0.0 || over_y <= 0.0 {
                continue;
            }
            pushed += 1;
            (awake[a], awake[b]) = (true, true);
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
    pushed
}

/// Whatever pushing did not solve is set into the nearest free place, one after the other.
fn finish(mut bodies: Vec<Body>, watch: Watch<'_>) -> Option<Vec<Point>> {
    let mut order: Vec<usize> = (0..bodies.len()).collect();
    order.sort_by_key(|&n| (!bodies[n].fixed, n));
    let mut setting = Setting::default();
    for (done, n) in order.into_iter().enumerate() {
        if done % 500 == 0 {
            watch.tell(0.9 + 0.1 * done as f32 / bodies.len() as f32)?;
        }
        bodies[n].at = setting.set(bodies[n]);
    }
    Some(bodies.into_iter().map(|body| body.at).collect())
}

/// Cards set into free places one after the other.
#[derive(Default)]
struct Setting {
    taken: Free,
    /// How far the search has come around each cell: many on one spot do not all begin anew.
    searched: HashMap<(i32, i32), (u16, u16)>,
}

impl Setting {
    /// Sets a card where it is, or if it is not fixed into the nearest free place; says where.
    fn set(&mut self, mut body: Body) -> Point {
        if !body.fixed && self.taken.is_taken(body.rect()) {
            let turn = self.searched.get(&cell(body.at)).copied().unwrap_or_default();
            let (at, turn) = self.taken.nearest_after(body, turn);
            self.searched.insert(cell(body.at), turn);
            body.at = at;
        }
        self.taken.take(body.rect());
        body.at
    }
}

/// Which places are taken, in a coarse grid.
#[derive(Default)]
pub(in crate::chart) struct Free {
    cells: HashMap<(i32, i32), Vec<Rect>>,
}

const CELL: f32 = 240.0;

#[inline]
fn cell(at: Point) -> (i32, i32) {
    ((at.x / CELL).floor() as i32, (at.y / CELL).floor() as i32)
}

#[inline]
fn cells(rect: Rect) -> impl Iterator<Item = (i32, i32)> {
    let ((x0, y0), (x1, y1)) = (cell(rect.min), cell(rect.max));
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

    /// The taken places in the cells that a line passes through which are such ones.
    pub(super) fn along(&self, a: Point, b: Point, is: &dyn Fn(Rect) -> bool) -> Vec<Rect> {
        let steps = (a.distance(b) / (CELL / 2.0)).ceil().max(1.0);
        let near = Size { w: CELL, h: CELL };
        let mut found = Vec::new();
        for step in 0..=steps as usize {
            let around = Rect::from_center_size(a.towards(b, step as f32 / steps), near);
            for rect in cells(around).filter_map(|cell| self.cells.get(&cell)).flatten() {
                if is(*rect) && !found.contains(rect) {
                    found.push(*rect);
                }
            }
        }
        found
    }

    /// The free place nearest to where a card is, on ever wider rings.
    pub(super) fn nearest(&self, body: Body) -> Point {
        self.nearest_after(body, (0, 0)).0
    }

    /// The same, from a ring and a step on it; and the ring and step on which it was found.
    fn nearest_after(&self, body: Body, (ring, first): (u16, u16)) -> (Point, (u16, u16)) {
        let room = |at: Point| Rect::from_center_size(at, body.size).expand(GAP / 2.0);
        if ring == 0 && !self.is_taken(room(body.at)) {
            return (body.at, (0, 0));
        }
        let mut first = first;
        for ring in ring.max(1)..=u16::MAX / 8 {
            let radius = f32::from(ring) * 26.0;
            let steps = 8 + ring * 4;
            for step in first..steps {
                let angle =
                    f32::from(step) / f32::from(steps) * std::f32::consts::TAU + f32::from(ring);
                let at = Point::new(
                    body.at.x + radius * angle.cos() * 1.5,
                    body.at.y + radius * angle.sin(),
                );
                if !self.is_taken(room(at)) {
                    return (at, (ring, step));
                }
            }
            first = 0;
        }
        (body.at, (u16::MAX / 8, 0))
    }
}

/// Bodies by the cells that their middles are in.
struct Grid {
    corner: Point,
    /// The sides of a cell: no two bodies that are more than one cell apart can touch.
    cell: (f32, f32),
    columns: usize,
    rows: usize,
    /// Where the bodies of each cell begin, and after the last cell where they end.
    first: Vec<u32>,
    bodies: Vec<u32>,
}

impl Grid {
    fn of(bodies: &[Body]) -> Self {
        let most = |of: fn(&Body) -> f32| bodies.iter().map(of).fold(0.0, f32::max);
        let middles = bodies.iter().map(|b| Rect { min: b.at, max: b.at });
        let bounds = Rect::around(middles).unwrap_or_default();
        let (wide, high) = (most(|b| b.size.w) + GAP, most(|b| b.size.h) + GAP);
        // What lies far apart does not get a cell for every empty place between.
        let whole = bounds.width().max(wide) * bounds.height().max(high);
        let larger = (whole / (wide * high * 4.0 * bodies.len().max(1) as f32)).max(1.0);
        let cell = (
            (wide * larger.sqrt()).min(bounds.width().max(wide)),
            (high * larger.sqrt()).min(bounds.height().max(high)),
        );
        let columns = (bounds.width() / cell.0) as usize + 1;
        let rows = (bounds.height() / cell.1) as usize + 1;
        let mut grid = Self {
            corner: bounds.min,
            cell,
            columns,
            rows,
            first: vec![0; columns * rows + 1],
            bodies: vec![0; bodies.len()],
        };
        for body in bodies {
            let cell = grid.cell(body.at);
            grid.first[cell.1 * columns + cell.0 + 1] += 1;
        }
        for n in 1..grid.first.len() {
            grid.first[n] += grid.first[n - 1];
        }
        let mut next = grid.first.clone();
        for (n, body) in bodies.iter().enumerate() {
            let cell = grid.cell(body.at);
            let next = &mut next[cell.1 * columns + cell.0];
            grid.bodies[*next as usize] = n as u32;
            *next += 1;
        }
        grid
    }

    fn cell(&self, at: Point) -> (usize, usize) {
        let column = ((at.x - self.corner.x) / self.cell.0) as usize;
        let row = ((at.y - self.corner.y) / self.cell.1) as usize;
        (column.min(self.columns - 1), row.min(self.rows - 1))
    }

    /// How many bodies are in the fullest cell.
    fn fullest(&self) -> usize {
        self.first.windows(2).map(|ends| (ends[1] - ends[0]) as usize).max().unwrap_or(0)
    }

    /// Bodies that one at a place may touch, in order.
    fn near(&self, at: Point, found: &mut Vec<u32>) {
        found.clear();
        let (column, row) = self.cell(at);
        let last = (column + 1).min(self.columns - 1);
        for row in row.saturating_sub(1)..=(row + 1).min(self.rows - 1) {
            let row = row * self.columns;
            let from = self.first[row + column.saturating_sub(1)] as usize;
            let to = self.first[row + last + 1] as usize;
            found.extend_from_slice(&self.bodies[from..to]);
        }
        found.sort_unstable();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tens_of_thousands_on_one_spot_are_told_apart_and_the_fixed_one_stays() {
        let size = Size { w: 200.0, h: 60.0 };
        let mut bodies = vec![Body { at: Point::new(5.0, 5.0), size, fixed: false }; 20_000];
        bodies[77].fixed = true;
        let points =
            clear(bodies.clone(), Watch::new(&|_| true, None)).expect("it is not cancelled");
        assert_eq!(points[77], bodies[77].at);
        let mut free = Free::default();
        for (body, at) in bodies.iter().zip(&points) {
            let rect = Rect::from_center_size(*at, body.size);
            assert!(!free.is_taken(rect), "{at:?}");
            free.take(rect);
        }
    }
}
