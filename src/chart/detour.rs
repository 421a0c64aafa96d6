//! The way of a line around cards that are not its ends: along their corners, the shortest that
//! passes under none and does not run upon another line.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::{Curve, Node, Point, Rect, drawn::Drawn, geometry::within};

/// The distance that a line keeps from cards, in units of the chart.
pub(super) const CLEAR: f32 = 3.0;
/// The distances from a card at which lines may go around its corners.
const OFF: [f32; 4] = [9.0, 14.0, 4.5, 24.0];
/// What a corner costs, as a length, and what it costs to run upon another line, for its length.
const CORNER: f32 = 24.0;
const UPON: f32 = 3.0;
/// How much longer than the straight way a detour is looked for at first.
const LONGER: f32 = 1.6;
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

/// What a line may pass on its way: its ends last.
struct Ground {
    cards: Vec<Rect>,
    drawn: Drawn,
    corners: Vec<Corner>,
    points: Vec<Point>,
}

impl Ground {
    fn is_free(&self, from: usize, to: usize) -> bool {
        let (a, b) = (self.points[from], self.points[to]);
        !self.cards.iter().any(|card| within(a, b, *card).is_some())
    }
}

/// The corners around which a line from one card to another passes under none, beside the lines that
/// are drawn; `None` where there is no such way.
pub(super) fn find(cards: &[Rect], (a, b): (usize, usize), drawn: &Drawn) -> Option<Vec<Corner>> {
    let straight = cards[a].center().distance(cards[b].center());
    let farthest = [straight * LONGER + 200.0, f32::INFINITY];
    farthest.into_iter().find_map(|far| shortest(&Ground::of(cards, (a, b), far, drawn)))
}

impl Ground {
    /// What lies no further from both ends together than said.
    fn of(cards: &[Rect], (a, b): (usize, usize), far: f32, drawn: &Drawn) -> Self {
        let (from, to) = (cards[a].center(), cards[b].center());
        let is_near = |n: &usize| {
            let card = cards[*n];
            let (half, middle) = (card.width().hypot(card.height()) / 2.0, card.center());
            middle.distance(from) + middle.distance(to) - 2.0 * half <= far
        };
        let near: Vec<usize> =
            (0..cards.len()).filter(|n| *n != a && *n != b).filter(is_near).collect();
        let grown: Vec<Rect> = near.iter().map(|&n| cards[n].expand(CLEAR)).collect();
        let is_free = |p: Point| {
            let ends = [cards[a], cards[b]];
            !grown.iter().chain(&ends).any(|card| card.contains(p))
        };
        let is_free = &is_free;
        let each = |&card: &usize| {
            let sides = (0..SIDES.len())
                .flat_map(move |side| OFF.into_iter().map(move |off| Corner { card, side, off }));
            sides.filter(move |corner| is_free(corner.of(cards[card])))
        };
        let corners: Vec<Corner> = near.iter().flat_map(each).collect();
        let points = corners.iter().map(|corner| corner.of(cards[corner.card]));
        let points: Vec<Point> = points.chain([from, to]).collect();
        let all = Rect::around(points.iter().map(|&p| Rect { min: p, max: p }));
        let drawn = drawn.near(all.unwrap_or_default());
        Self { cards: grown, drawn, corners, points }
    }
}

/// The corners of the shortest way to the last point from the one before (Hart, Nilsson and Raphael's
/// search).
fn shortest(ground: &Ground) -> Option<Vec<Corner>> {
    let (goal, start) = (ground.points.len() - 1, ground.points.len() - 2);
    let mut far = vec![f32::INFINITY; ground.points.len()];
    let mut before = vec![start; ground.points.len()];
    let mut done = vec![false; ground.points.len()];
    far[start] = 0.0;
    let left = |n: usize| ground.points[n].distance(ground.points[goal]);
    // Positive floats are in the order of their bits.
    let mut queue = BinaryHeap::from([(Reverse(left(start).to_bits()), start)]);
    while let Some((_, n)) = queue.pop() {
        if n == goal {
            let steps = std::iter::successors(Some(before[goal]), |&n| Some(before[n]));
            let mut found: Vec<Corner> =
                steps.take_while(|&n| n != start).map(|n| ground.corners[n]).collect();
            found.reverse();
            return Some(found);
        }
        if std::mem::replace(&mut done[n], true) {
            continue;
        }
        for next in 0..ground.points.len() {
            let mut there = far[n] + ground.points[n].distance(ground.points[next]) + CORNER;
            if done[next] || there >= far[next] || !ground.is_free(n, next) {
                continue;
            }
            there += ground.drawn.upon(ground.points[n], ground.points[next]) * UPON;
            if there >= far[next] {
                continue;
            }
            (far[next], before[next]) = (there, n);
            queue.push((Reverse((there + left(next)).to_bits()), next));
        }
    }
    None
}

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
        for a in 0..cards.len() {
            for b in 0..a {
                let found = find(&cards, (a, b), &Drawn::default()).expect("there is a way");
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
        let mut drawn = Drawn::default();
        assert_eq!(find(&cards, (0, 1), &drawn), Some(Vec::new()));
        for _ in 0..3 {
            let found = find(&cards, (0, 2), &drawn).expect("there is a way");
            let [from, corners @ .., to] = &points(&cards, &found, (0, 2))[..] else { continue };
            let curve = Curve::through(*from, corners, *to);
            assert!(drawn.upon_curve(&curve) < 60.0, "{found:?}");
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
        assert_eq!(find(&cards, (4, 9), &Drawn::default()), None);
    }
}
