//! How much room each of many points has among the others.

use hashbrown::HashMap;

use super::{Point, Rect};

/// How many points share a cell where cells are neither too coarse nor too fine.
const SHARED: usize = 4;
/// How often cells are halved at most: some points far away make the first ones far too large.
const HALVINGS: u32 = 12;

/// How far each point stands from those around it, about: the side of the square that it would
/// have for itself. It is found in a grid of cells and so is the same for all points of a cell.
/// One point alone, and what stands nowhere, has all the room there is.
pub fn room(points: &[Point]) -> Vec<f32> {
    let finite = |p: &&Point| p.x.is_finite() && p.y.is_finite();
    let all = points.iter().filter(finite);
    let count = all.clone().count();
    let Some(bounds) = Rect::around(all.map(|p| Rect { min: *p, max: *p })) else {
        return vec![f32::MAX; points.len()];
    };
    let longer = bounds.width().max(bounds.height());
    if count < 2 || longer <= 0.0 {
        return vec![f32::MAX; points.len()];
    }
    let area = (bounds.width() * bounds.height()).max(longer * longer / count as f32);
    let mut side = (area / count as f32).sqrt() * 1.7;
    let mut cells = Cells::new(points, bounds.min, side);
    for _ in 0..HALVINGS {
        if count / cells.counts.len().max(1) <= SHARED {
            break;
        }
        side /= 2.0;
        cells = Cells::new(points, bounds.min, side);
    }
    let rooms: HashMap<(i32, i32), f32> =
        cells.counts.keys().map(|cell| (*cell, cells.room(*cell))).collect();
    points.iter().map(|p| rooms.get(&cells.of(*p)).copied().unwrap_or(f32::MAX)).collect()
}

/// A grid that knows how many points are in each of its cells that has any.
struct Cells {
    origin: Point,
    side: f32,
    counts: HashMap<(i32, i32), u32>,
}

impl Cells {
    fn new(points: &[Point], origin: Point, side: f32) -> Self {
        let mut cells = Self { origin, side, counts: HashMap::new() };
        for p in points.iter().filter(|p| p.x.is_finite() && p.y.is_finite()) {
            *cells.counts.entry(cells.of(*p)).or_default() += 1;
        }
        cells
    }

    fn of(&self, p: Point) -> (i32, i32) {
        let cell = |v: f32, from: f32| ((v - from) / self.side).floor() as i32;
        (cell(p.x, self.origin.x), cell(p.y, self.origin.y))
    }

    /// The room of a point in a cell, by those in it and in the eight around it.
    fn room(&self, (x, y): (i32, i32)) -> f32 {
        let around = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (dx, dy)));
        let count: u32 = around
            .filter_map(|(dx, dy)| self.counts.get(&(x.saturating_add(dx), y.saturating_add(dy))))
            .sum();
        (self.side * 3.0 / (count.max(1) as f32).sqrt()).min(f32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A square of points, some units apart.
    fn field(count: usize, step: f32, at: Point) -> Vec<Point> {
        (0..count * count)
            .map(|n| Point::new(at.x + (n % count) as f32 * step, at.y + (n / count) as f32 * step))
            .collect()
    }

    #[test]
    fn points_on_a_grid_have_about_its_step() {
        let rooms = room(&field(60, 50.0, Point::default()));
        let mut sorted = rooms.clone();
        sorted.sort_by(f32::total_cmp);
        let middle = sorted[sorted.len() / 2];
        assert!((40.0..65.0).contains(&middle), "{middle}");
    }

    #[test]
    fn the_crowded_have_less_room_even_where_one_stands_far_away() {
        let mut points = field(40, 10.0, Point::default());
        points.extend(field(40, 80.0, Point::new(5_000.0, 0.0)));
        points.push(Point::new(1e6, 1e6));
        let rooms = room(&points);
        let (dense, sparse) = (rooms[20 * 40 + 20], rooms[1_600 + 20 * 40 + 20]);
        assert!(dense * 3.0 < sparse, "{dense} {sparse}");
        assert!((6.0..20.0).contains(&dense), "{dense}");
    }

    proptest! {
        #[test]
        fn everything_has_some_room(
            points in prop::collection::vec((-1e6..1e6_f32, -1e6..1e6_f32), 0..60),
            odd in prop::sample::select(vec![0.0, f32::NAN, f32::INFINITY, 1e30]),
        ) {
            let mut points: Vec<Point> = points.into_iter().map(|(x, y)| Point::new(x, y)).collect();
            points.push(Point::new(odd, 0.0));
            let rooms = room(&points);
            prop_assert_eq!(rooms.len(), points.len());
            prop_assert!(rooms.iter().all(|r| *r > 0.0 && r.is_finite()), "{:?}", rooms);
        }
    }
}
