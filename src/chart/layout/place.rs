//! Where new entities land: in free space, beside those they belong to.

use super::{Body, GAP, overlap::Free};
use crate::chart::{Point, Size};

/// A card that has no place yet.
#[derive(Clone, Debug, PartialEq)]
pub struct NewBody {
    pub size: Size,
    /// Those on the chart that it is tied to, by their places in the list of bodies.
    pub neighbours: Vec<usize>,
}

/// A free place for each new card, with the gap of a layout around it: beside its neighbours, or
/// near `near` where it has none.
pub fn place_new(existing: &[Body], new: &[NewBody], near: Point) -> Vec<Point> {
    let mut free = Free::default();
    for body in existing {
        free.take(body.rect());
    }
    new.iter()
        .map(|card| {
            let known: Vec<Point> =
                card.neighbours.iter().filter_map(|&n| existing.get(n)).map(|b| b.at).collect();
            let count = known.len() as f32;
            let at = if known.is_empty() {
                near
            } else {
                let (x, y) = known.iter().fold((0.0, 0.0), |(x, y), p| (x + p.x, y + p.y));
                Point::new(x / count, y / count)
            };
            // What is free by itself has half of the gap.
            let size = Size { w: card.size.w + GAP, h: card.size.h + GAP };
            let at = free.nearest(Body { at, size, fixed: false });
            free.take(Body { at, size: card.size, fixed: false }.rect());
            at
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_entities_land_beside_their_neighbours_and_on_nobody() {
        let size = Size { w: 180.0, h: 60.0 };
        let at = |x, y| Body { at: Point::new(x, y), size, fixed: false };
        let existing = [at(0.0, 0.0), at(2000.0, 0.0)];
        let new = vec![NewBody { size, neighbours: vec![1] }; 6];
        let points = place_new(&existing, &new, Point::default());
        let mut all = existing.to_vec();
        for point in points {
            assert!(point.distance(existing[1].at) < 500.0, "{point:?} is far off");
            let body = Body { at: point, size, fixed: false };
            assert!(
                all.iter().all(|other| !other.rect().intersects(body.rect().expand(GAP - 0.1))),
                "{point:?} lies closer to another than a layout would put it"
            );
            all.push(body);
        }
        let alone = place_new(&[], &[NewBody { size, neighbours: vec![] }], Point::new(7.0, 8.0));
        assert_eq!(alone, [Point::new(7.0, 8.0)]);
    }
}
