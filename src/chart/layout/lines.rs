//! Straight lines and the cards that they pass under.

use hashbrown::HashMap;

use super::{Body, Graph, Tie, rings::keep_apart, watch::Watch};
use crate::chart::{Point, Rect, geometry::within};

/// The distance that a line keeps from cards that are not its ends, in units of the chart.
pub(super) const CLEAR: f32 = 8.0;
/// The distance between two lines of one pair, in units of the chart.
const FAN: f32 = 46.0;
/// The side of a cell of the index, in units of the chart.
const CELL: f32 = 300.0;

/// Lines by the cells that they pass through.
#[derive(Default)]
pub(super) struct Lines {
    cells: HashMap<(i32, i32), Vec<(Point, Point)>>,
}

impl Lines {
    pub(super) fn add(&mut self, a: Point, b: Point) {
        if ![a.x, a.y, b.x, b.y].iter().all(|v| v.is_finite()) {
            return;
        }
        let cell = |v: f32| (v / CELL).floor() as i32;
        for column in cell(a.x.min(b.x))..=cell(a.x.max(b.x)) {
            // The part of the line in this column of cells.
            let left = column as f32 * CELL;
            let strip = Rect {
                min: Point::new(left - 1.0, f32::MIN / 4.0),
                max: Point::new(left + CELL + 1.0, f32::MAX / 4.0),
            };
            let (from, to) = within(a, b, strip).unwrap_or((0.0, 1.0));
            let (from, to) = (a.towards(b, from).y, a.towards(b, to).y);
            for row in cell(from.min(to))..=cell(from.max(to)) {
                self.cells.entry((column, row)).or_default().push((a, b));
            }
        }
    }

    /// Whether a line passes through a rectangle.
    pub(super) fn pass(&self, rect: Rect) -> bool {
        let cell = |v: f32| (v / CELL).floor() as i32;
        (cell(rect.min.x)..=cell(rect.max.x)).any(|column| {
            (cell(rect.min.y)..=cell(rect.max.y)).any(|row| {
                let lines = self.cells.get(&(column, row));
                lines.is_some_and(|lines| lines.iter().any(|(a, b)| within(*a, *b, rect).is_some()))
            })
        })
    }
}

/// The cards under which the line of a tie passes.
pub(super) fn under<'a>(bodies: &'a [Body], tie: &'a Tie) -> impl Iterator<Item = usize> + 'a {
    let (a, b) = (bodies[tie.from].at, bodies[tie.to].at);
    let area = Rect { min: a, max: a }.union(Rect { min: b, max: b });
    (0..bodies.len()).filter(move |&n| {
        let card = bodies[n].rect().expand(CLEAR);
        n != tie.from
            && n != tie.to
            && card.min.x <= area.max.x
            && area.min.x <= card.max.x
            && card.min.y <= area.max.y
            && area.min.y <= card.max.y
            && within(a, b, card).is_some()
    })
}

/// Rows of cards: the members of each from left to right. Moves cards sideways, in the order of
/// their rows, until no line between two of them passes under a third; where that is not enough,
/// the whole gets larger.
pub(super) fn free(
    bodies: &[Body],
    graph: &Graph,
    rows: &[Vec<usize>],
    apart: &[Vec<f32>],
    points: &mut [Point],
    watch: Watch<'_>,
) -> Option<()> {
    /// Cards and ties that are looked at in all rounds, and the maximum number of rounds.
    const LOOKS: usize = 3_000_000;
    const ROUNDS: usize = 1_500;
    /// Rounds after which there is more room. A line that leaves or reaches its row too flat gets a
    /// higher gap between two rows; where lines pass under cards of rows between, all is wider.
    const PATIENCE: usize = 10;
    const HIGHER: f32 = 0.12;
    const WIDER: f32 = 1.04;
    let mut row_of = vec![0; bodies.len()];
    for (number, row) in rows.iter().enumerate() {
        for &n in row {
            row_of[n] = number;
        }
    }
    let ties = graph.near.iter().map(Vec::len).sum::<usize>() / 2;
    let rounds = (LOOKS / (bodies.len() + ties * 4).max(1)).clamp(1, ROUNDS);
    let mut shift = vec![0.0_f32; bodies.len()];
    let mut tight = Tight { flat: vec![false; rows.len()], crowded: false };
    for round in 0..rounds {
        watch.tell(round as f32 / rounds as f32)?;
        shift.fill(0.0);
        tight.flat.fill(false);
        tight.crowded = false;
        if !look(bodies, graph, (rows, &row_of), points, (&mut shift, &mut tight)) {
            return Some(());
        }
        if watch.is_late() {
            break;
        }
        if round % PATIENCE == PATIENCE - 1 {
            let wider = if tight.crowded { WIDER } else { 1.0 };
            let mut lower = 0.0;
            for number in 0..rows.len() {
                let y = |row: usize| points[rows[row][0]].y;
                let more = if tight.flat[number] && number > 0 {
                    (y(number) + lower - y(number - 1)) * HIGHER
                } else {
                    0.0
                };
                lower += more;
                for &n in &rows[number] {
                    points[n] = Point::new(points[n].x * wider, points[n].y + lower);
                }
            }
            continue;
        }
        for (row, offsets) in rows.iter().zip(apart) {
            let wanted: Vec<f32> = row.iter().map(|&n| points[n].x + shift[n]).collect();
            for (&n, x) in row.iter().zip(keep_apart(&wanted, offsets)) {
                points[n].x = x;
            }
        }
    }
    Some(())
}

/// Where lines pass under cards.
struct Tight {
    /// The rows above which a line leaves or arrives too flat.
    flat: Vec<bool>,
    /// Whether one passes under a card of a row between those of its ends.
    crowded: bool,
}

/// Looks at every line: says how far each card should move to be clear of it, and where there
/// should be more room; returns whether a line passes under a card.
fn look(
    bodies: &[Body],
    graph: &Graph,
    (rows, row_of): (&[Vec<usize>], &[usize]),
    points: &[Point],
    (shift, tight): (&mut [f32], &mut Tight),
) -> bool {
    let mut hit = false;
    for a in 0..bodies.len() {
        for (&b, drawn) in graph.near[a].iter().zip(&graph.drawn[a]) {
            if row_of[a] > row_of[b] || row_of[a] == row_of[b] && a > b {
                continue;
            }
            // Several lines of a pair lie beside each other.
            let clear = CLEAR + FAN * drawn.lines.saturating_sub(1) as f32 / 2.0;
            let (from, to) = (points[a], points[b]);
            for row in &rows[row_of[a]..=row_of[b]] {
                let near =
                    |n: usize| Rect::from_center_size(points[n], bodies[n].size).expand(clear);
                let (left, right) = (from.x.min(to.x), from.x.max(to.x));
                let first = row.partition_point(|&n| near(n).max.x < left);
                for &c in row[first..].iter().take_while(|&&n| near(n).min.x <= right) {
                    if c == a || c == b {
                        continue;
                    }
                    let card = near(c);
                    if within(from, to, card).is_none() {
                        continue;
                    }
                    hit = true;
                    if row_of[c] == row_of[a] {
                        tight.flat[row_of[a] + 1] = true;
                    } else if row_of[c] == row_of[b] {
                        tight.flat[row_of[b]] = true;
                    } else {
                        tight.crowded = true;
                    }
                    let band = |y: f32| ((y - from.y) / (to.y - from.y)).clamp(0.0, 1.0);
                    let (x, other) = if from.y == to.y {
                        (from.x, to.x)
                    } else {
                        let at = |y: f32| from.towards(to, band(y)).x;
                        (at(card.min.y), at(card.max.y))
                    };
                    // To the nearer side of the line.
                    let to_left = x.min(other) - card.max.x - 1.0;
                    let to_right = x.max(other) - card.min.x + 1.0;
                    let by = if -to_left < to_right { to_left } else { to_right };
                    if by.abs() > shift[c].abs() {
                        shift[c] = by;
                    }
                    // Its ends give way a little.
                    for end in [a, b] {
                        shift[end] -= by * 0.1;
                    }
                }
            }
        }
    }
    hit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_in_every_cell_that_they_pass() {
        let mut lines = Lines::default();
        let (a, b) = (Point::new(-1000.0, -400.0), Point::new(2000.0, 900.0));
        lines.add(a, b);
        lines.add(Point::new(50.0, 5000.0), Point::new(50.0, 3000.0));
        for step in 0..=40_u8 {
            let at = a.towards(b, f32::from(step) / 40.0);
            let by = Rect { min: at, max: at }.expand(2.0);
            assert!(lines.pass(by), "{at:?}");
        }
        let upright = Point::new(50.0, 4100.0);
        assert!(lines.pass(Rect { min: upright, max: upright }.expand(1.0)));
        let off = Point::new(400.0, -300.0);
        assert!(!lines.pass(Rect { min: off, max: off }.expand(90.0)));
    }
}
