//! Where new entities land: in free space beside those they belong to, on no line, and far enough
//! from their neighbours for what is written between them.

use super::{
    Body, GAP,
    apart::{gap, needed},
    lines::{CLEAR, Lines},
    overlap::Free,
};
use crate::chart::{Point, Rect, Size, geometry::within};

/// A card that has no place yet, or several that keep their arrangement.
#[derive(Clone, Debug, PartialEq)]
pub struct NewBody {
    pub size: Size,
    /// Its ties to those that are on the chart, or that come before it in the list of new ones.
    pub ties: Vec<NewTie>,
}

/// A tie between something new and a card that has a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NewTie {
    /// The other card: its place in the list of bodies, and after these in that of new ones.
    pub to: usize,
    /// The width of the label, in units of the chart.
    pub label: f32,
    /// The card that is tied, as seen from the middle of the new body.
    pub card: Rect,
}

impl NewBody {
    /// A single card with ties to others, each with the width of its label.
    pub fn card(size: Size, ties: impl IntoIterator<Item = (usize, f32)>) -> Self {
        let card = Rect::from_center_size(Point::default(), size);
        let ties = ties.into_iter().map(|(to, label)| NewTie { to, label, card });
        Self { size, ties: ties.collect() }
    }
}

/// The rings on which a place is looked for that meets every wish, and those after which one that
/// is merely free does. The distance between two rings, in units of the chart.
const BEST: u16 = 60;
const RINGS: u16 = 2_000;
const STEP: f32 = 26.0;

/// Finds a free place for each new card, with the gap of a layout around it: beside its neighbours,
/// or near `near` where it has none. `lines` are the lines between existing cards, by their places
/// in the list.
pub fn place_new(
    existing: &[Body],
    lines: &[(usize, usize)],
    new: &[NewBody],
    near: Point,
) -> Vec<Point> {
    place(existing, lines, new, near, true)
}

/// The same as near to a point as possible, whatever they belong to.
pub fn place_near(
    existing: &[Body],
    lines: &[(usize, usize)],
    new: &[NewBody],
    near: Point,
) -> Vec<Point> {
    place(existing, lines, new, near, false)
}

fn place(
    existing: &[Body],
    lines: &[(usize, usize)],
    new: &[NewBody],
    near: Point,
    by_ties: bool,
) -> Vec<Point> {
    let mut ground = Ground::default();
    let mut all = existing.to_vec();
    for body in existing {
        ground.cards.take(body.rect());
    }
    for (a, b) in lines {
        if let (Some(a), Some(b)) = (existing.get(*a), existing.get(*b)) {
            ground.lines.add(a.at, b.at);
        }
    }
    let mut points = Vec::with_capacity(new.len());
    for body in new {
        let at = ground.place(&all, body, near, by_ties);
        for tie in &body.ties {
            if let Some(other) = all.get(tie.to) {
                ground.lines.add(moved(tie.card, at).center(), other.at);
            }
        }
        let set = Body { at, size: body.size, fixed: false };
        ground.cards.take(set.rect());
        all.push(set);
        points.push(at);
    }
    points
}

fn moved(card: Rect, by: Point) -> Rect {
    let to = |p: Point| Point::new(p.x + by.x, p.y + by.y);
    Rect { min: to(card.min), max: to(card.max) }
}

/// What lies on a chart.
#[derive(Default)]
struct Ground {
    cards: Free,
    lines: Lines,
}

impl Ground {
    /// The place that is free of cards and lines and from which every line is long enough: the
    /// nearest from which no new line passes under a card, or, where there is none not far off, as
    /// few as possible.
    fn place(&self, all: &[Body], new: &NewBody, near: Point, by_ties: bool) -> Point {
        let known: Vec<(&NewTie, &Body)> =
            new.ties.iter().filter_map(|tie| Some((tie, all.get(tie.to)?))).collect();
        let count = known.len() as f32;
        let wanted = known.iter().fold(Point::default(), |sum, (tie, other)| {
            let middle = tie.card.center();
            let x = other.at.x - middle.x;
            Point::new(sum.x + x / count, sum.y + (other.at.y - middle.y) / count)
        });
        let wanted = if by_ties && !known.is_empty() { wanted } else { near };
        let mut best: Option<(usize, Point)> = None;
        for ring in 0..RINGS {
            if ring > BEST && best.is_some() {
                break;
            }
            for at in on_ring(wanted, ring).filter(|at| self.is_free(&known, new.size, *at)) {
                let hidden = self.hidden(&known, at);
                if hidden == 0 {
                    return at;
                }
                if best.is_none_or(|(least, _)| hidden < least) {
                    best = Some((hidden, at));
                }
            }
        }
        let body = Body { at: wanted, size: new.size, fixed: false };
        best.map_or_else(|| self.cards.nearest(body), |(_, at)| at)
    }

    fn is_free(&self, known: &[(&NewTie, &Body)], size: Size, at: Point) -> bool {
        let card = Rect::from_center_size(at, size);
        let has_room = |(tie, other): &(&NewTie, &Body)| {
            let own = moved(tie.card, at);
            let own = Body { at: own.center(), size: own.size(), fixed: true };
            gap(&own, other) >= needed(tie.label)
        };
        known.iter().all(has_room)
            && !self.cards.is_taken(card.expand(GAP))
            && !self.lines.pass(card.expand(CLEAR))
    }

    /// The number of cards under which the lines to the neighbours pass.
    fn hidden(&self, known: &[(&NewTie, &Body)], at: Point) -> usize {
        let under = |(tie, other): &(&NewTie, &Body)| {
            let from = moved(tie.card, at).center();
            let is_hit = |card: Rect| {
                card != other.rect() && within(from, other.at, card.expand(CLEAR)).is_some()
            };
            self.cards.along(from, other.at, &is_hit).len()
        };
        known.iter().map(under).sum()
    }
}

/// Places on a ring around one, wider than high as cards are.
fn on_ring(middle: Point, ring: u16) -> impl Iterator<Item = Point> {
    let steps = if ring == 0 { 1 } else { 8 + ring.min(60) * 4 };
    let radius = f32::from(ring) * STEP;
    (0..steps).map(move |step| {
        let turn = f32::from(step) / f32::from(steps) * std::f32::consts::TAU + f32::from(ring);
        Point::new(middle.x + radius * turn.cos() * 1.5, middle.y + radius * turn.sin())
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SIZE: Size = Size { w: 180.0, h: 60.0 };

    fn at(x: f32, y: f32) -> Body {
        Body { at: Point::new(x, y), size: SIZE, fixed: false }
    }

    #[test]
    fn new_entities_land_beside_their_neighbours_and_on_nobody() {
        let existing = [at(0.0, 0.0), at(2000.0, 0.0)];
        let new = vec![NewBody::card(SIZE, [(1, 60.0)]); 6];
        let points = place_new(&existing, &[], &new, Point::default());
        let mut all = existing.to_vec();
        for point in points {
            assert!(point.distance(existing[1].at) < 500.0, "{point:?} is far off");
            let body = Body { at: point, size: SIZE, fixed: false };
            assert!(
                all.iter().all(|other| !other.rect().intersects(body.rect().expand(GAP - 0.1))),
                "{point:?} lies closer to another than a layout would put it"
            );
            all.push(body);
        }
        let alone = place_new(&[], &[], &[NewBody::card(SIZE, [])], Point::new(7.0, 8.0));
        assert_eq!(alone, [Point::new(7.0, 8.0)]);
    }

    proptest! {
        #[test]
        fn a_new_card_lies_on_no_line_and_has_room_for_what_is_written_to_its_neighbours(
            places in prop::collection::vec((-8..8_i8, -8..8_i8), 1..25),
            ends in prop::collection::vec((0..25_usize, 0..25_usize), 0..30),
            new in prop::collection::vec(prop::collection::vec((0..30_usize, 0.0..178.0_f32), 0..4), 1..8),
        ) {
            let mut places = places;
            places.sort_unstable();
            places.dedup();
            let existing: Vec<Body> =
                places.iter().map(|(x, y)| at(f32::from(*x) * 330.0, f32::from(*y) * 170.0)).collect();
            let new: Vec<NewBody> = new.into_iter().map(|ties| NewBody::card(SIZE, ties)).collect();
            let points = place_new(&existing, &ends, &new, Point::new(40.0, 20.0));
            let mut all = existing.clone();
            let mut drawn: Vec<(usize, usize)> = ends
                .into_iter()
                .filter(|(a, b)| *a < existing.len() && *b < existing.len())
                .collect();
            for (body, point) in new.iter().zip(points) {
                let card = Body { at: point, ..existing[0] };
                prop_assert!(all.iter().all(|other| !other.rect().intersects(card.rect())));
                for (a, b) in &drawn {
                    prop_assert!(
                        within(all[*a].at, all[*b].at, card.rect()).is_none(),
                        "{:?} lies on a line", card
                    );
                }
                for tie in body.ties.iter().filter(|tie| tie.to < all.len()) {
                    prop_assert!(gap(&card, &all[tie.to]) >= needed(tie.label) - 0.1);
                    drawn.push((tie.to, all.len()));
                }
                all.push(card);
            }
        }
    }
}
