//! The way of a line around cards that are not its ends: along their corners, the shortest that
//! passes under none and does not run upon another line.

use std::{cmp::Ordering, collections::BinaryHeap};

use super::{Curve, Node, Point, Rect, drawn::Drawn, geometry::within};

/// The distance that a line keeps from cards, in units of the chart.
pub(super) const CLEAR: f32 = 3.0;
/// The distances from a card at which lines may go around its corners, and how many of them are
/// tried.
const OFF: [f32; 3] = [9.0, 15.0, 4.5];
const TRIED: usize = 2;
/// What a corner costs, as a length, and what it costs to run upon another line, for its length.
const CORNER: f32 = 24.0;
const UPON: f32 = 3.0;
/// How much more what is left of a way counts than what lies behind: the more, the sooner one is
/// found, and the further from the shortest it may be.
const HASTE: f32 = 1.5;
/// The corners of a card, from its middle.
const SIDES: [(f32, f32); 4] = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)];

/// A corner of a card that a line goes around.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Corner {
    card: usize,
    side: usize,
    off: f32,
}

impl Corner {
    fn of(self, card: Rect) -> Point {
        let (x, y) = SIDES[self.side];
        let middle = card.center();
        Point::new(
            middle.x + x * (card.width() / 2.0 + self.off),
            middle.y + y * (card.height() / 2.0 + self.off),
        )
    }
}

/// The curve around corners from the middle of one card to that of another.
pub(super) fn along(corners: &[Corner], nodes: &[Node], (a, b): (usize, usize)) -> Curve {
    let points: Vec<Point> =
        corners.iter().map(|corner| corner.of(nodes[corner.card].rect())).collect();
    Curve::through(nodes[a].at, &points, nodes[b].at)
}

/// The corners of cards, and which of them are seen from which. That is found when it is first asked
/// for, and does for all lines.
pub(super) struct Corners {
    cards: Vec<Rect>,
    grown: Vec<Rect>,
    all: Vec<Corner>,
    points: Vec<Point>,
    seen: Vec<Option<Vec<usize>>>,
}

/// A step to a corner, or to the end of the line, and what the way costs up to it and beyond.
struct Step {
    cost: f32,
    far: f32,
    from: usize,
    to: usize,
    /// Whether it is known what of it runs upon other lines; else the costs are the least possible.
    exact: bool,
}

impl Corners {
    pub(super) fn of(cards: &[Rect]) -> Self {
        let grown: Vec<Rect> = cards.iter().map(|card| card.expand(CLEAR)).collect();
        let is_free = |corner: &Corner| {
            let at = corner.of(cards[corner.card]);
            !grown.iter().any(|card| card.contains(at))
        };
        let sides =
            (0..cards.len()).flat_map(|card| (0..SIDES.len()).map(move |side| (card, side)));
        let each = |(card, side)| {
            let offs = OFF.into_iter().map(move |off| Corner { card, side, off });
            offs.filter(is_free).take(TRIED)
        };
        let all: Vec<Corner> = sides.flat_map(each).collect();
        let points = all.iter().map(|corner| corner.of(cards[corner.card])).collect();
        let seen = vec![None; all.len()];
        Self { cards: cards.to_vec(), grown, all, points, seen }
    }

    /// The corners around which a line from one card to another passes under none, beside the lines
    /// that are drawn; `None` where there is no such way (Hart, Nilsson and Raphael's search).
    pub(super) fn find(&mut self, (a, b): (usize, usize), drawn: &Drawn) -> Option<Vec<Corner>> {
        let (from, to) = (self.cards[a].center(), self.cards[b].center());
        let (goal, start) = (self.all.len(), self.all.len() + 1);
        let reaches: Vec<bool> =
            self.points.iter().map(|p| self.is_free(*p, to, &[a, b])).collect();
        let first: Vec<usize> = (0..self.all.len())
            .filter(|&n| self.is_tangent(n, from) && self.is_free(from, self.points[n], &[a, b]))
            .collect();
        let mut before = vec![start; start + 1];
        let mut far = vec![f32::INFINITY; start + 1];
        let mut queue =
            BinaryHeap::from([Step { cost: 0.0, far: 0.0, from: start, to: start, exact: true }]);
        while let Some(step) = queue.pop() {
            if step.far >= far[step.to] {
                continue;
            }
            let place = |n: usize| match n {
                n if n == start => from,
                n if n == goal => to,
                n => self.points[n],
            };
            let at = place(step.to);
            if !step.exact {
                let upon = drawn.upon(place(step.from), at) * UPON;
                let (cost, far) = (step.cost + upon, step.far + upon);
                queue.push(Step { cost, far, exact: true, ..step });
                continue;
            }
            (far[step.to], before[step.to]) = (step.far, step.from);
            if step.to == goal {
                let steps = std::iter::successors(Some(step.from), |&n| Some(before[n]));
                let mut found: Vec<Corner> =
                    steps.take_while(|&n| n != start).map(|n| self.all[n]).collect();
                found.reverse();
                return Some(found);
            }
            let mut next: Vec<usize> =
                if step.to == start { first.clone() } else { self.seen_from(step.to).to_vec() };
            next.retain(|&n| self.all[n].card != a && self.all[n].card != b);
            let ends = if step.to == start {
                self.is_free(from, to, &[a, b])
            } else {
                reaches[step.to] && self.is_tangent(step.to, to)
            };
            next.extend(ends.then_some(goal));
            for n in next {
                let p = if n == goal { to } else { self.points[n] };
                let reached = step.far + at.distance(p) + CORNER;
                if reached < far[n] {
                    let cost = reached + p.distance(to) * HASTE;
                    queue.push(Step { cost, far: reached, from: step.to, to: n, exact: false });
                }
            }
        }
        None
    }

    /// Whether a straight way passes under no card but some.
    fn is_free(&self, from: Point, to: Point, but: &[usize]) -> bool {
        let mut cards = self.grown.iter().enumerate();
        !cards.any(|(n, card)| within(from, to, *card).is_some() && !but.contains(&n))
    }

    /// Whether a line from a corner to a point goes past the card, rather than away from it.
    fn is_tangent(&self, corner: usize, to: Point) -> bool {
        let ((x, y), at) = (SIDES[self.all[corner].side], self.points[corner]);
        x * (to.x - at.x) * y * (to.y - at.y) <= 0.0
    }

    /// The corners that a line from a corner may go on to.
    fn seen_from(&mut self, corner: usize) -> &[usize] {
        if self.seen[corner].is_none() {
            let at = self.points[corner];
            let is_next = |&n: &usize| {
                let there = self.points[n];
                n != corner
                    && self.is_tangent(corner, there)
                    && self.is_tangent(n, at)
                    && self.is_free(at, there, &[])
            };
            self.seen[corner] = Some((0..self.all.len()).filter(is_next).collect());
        }
        self.seen[corner].as_deref().unwrap_or_default()
    }
}

impl Ord for Step {
    /// The cheapest is the greatest, so that it is the next.
    fn cmp(&self, other: &Self) -> Ordering {
        other.cost.total_cmp(&self.cost).then(other.to.cmp(&self.to))
    }
}

impl PartialOrd for Step {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Step {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Step {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Size;

    /// Rows and columns of cards with narrow gaps between them.
    fn grid(columns: u8, rows: u8) -> Vec<Rect> {
        let place =
            |n: u8| Point::new(f32::from(n % columns) * 212.0, f32::from(n / columns) * 72.0);
        let size = Size { w: 200.0, h: 60.0 };
        (0..columns * rows).map(|n| Rect::from_center_size(place(n), size)).collect()
    }

    fn points(cards: &[Rect], found: &[Corner], (a, b): (usize, usize)) -> Vec<Point> {
        let corners = found.iter().map(|corner| corner.of(cards[corner.card]));
        [cards[a].center()].into_iter().chain(corners).chain([cards[b].center()]).collect()
    }

    #[test]
    fn between_any_two_cards_of_a_narrow_grid_there_is_a_way_under_no_other() {
        let cards = grid(5, 4);
        let mut corners = Corners::of(&cards);
        for a in 0..cards.len() {
            for b in 0..a {
                let found = corners.find((a, b), &Drawn::default()).expect("there is a way");
                for pair in points(&cards, &found, (a, b)).windows(2) {
                    let others = (0..cards.len()).filter(|&n| n != a && n != b);
                    for n in others {
                        assert!(
                            within(pair[0], pair[1], cards[n].expand(2.9)).is_none(),
                            "{a} {b}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn neighbours_are_joined_straight_and_two_lines_around_a_corner_lie_beside_each_other() {
        let cards = grid(3, 1);
        let mut all = Corners::of(&cards);
        let mut drawn = Drawn::default();
        assert_eq!(all.find((0, 1), &drawn), Some(Vec::new()));
        for _ in 0..3 {
            let found = all.find((0, 2), &drawn).expect("there is a way");
            let [from, corners @ .., to] = &points(&cards, &found, (0, 2))[..] else { continue };
            let curve = Curve::through(*from, corners, *to);
            assert!(drawn.upon_curve(&curve) < 90.0, "{found:?}");
            drawn.add(&curve);
        }
    }

    #[test]
    fn what_is_walled_in_has_no_way() {
        let mut cards = grid(3, 3);
        for (n, card) in cards.iter_mut().enumerate().filter(|(n, _)| *n != 4) {
            *card = card.expand(if n % 2 == 0 { 8.0 } else { 7.0 });
        }
        cards.push(Rect::from_center_size(Point::new(-900.0, 0.0), Size { w: 200.0, h: 60.0 }));
        assert_eq!(Corners::of(&cards).find((4, 9), &Drawn::default()), None);
    }
}
