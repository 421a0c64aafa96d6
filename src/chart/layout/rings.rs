//! Cards on rings around a middle, on as many as they need: so that the area of a drawing follows
//! that of its cards.

use std::f32::consts::TAU;

use super::{Body, GAP, Graph, apart::Room, fill::Shape};
use crate::chart::{Point, Rect};

/// The part of a ring that cards may fill.
const FULL: f32 = 0.92;

/// The side of the square in which each of some cards has room, however the ring runs by it.
pub(super) fn side<'a>(cards: impl Iterator<Item = &'a Body>) -> f32 {
    cards.map(|body| body.size.w.max(body.size.h)).fold(0.0, f32::max) + GAP
}

/// Sets cards on rings from an inner radius on, each near the angle that it wants; the angles rise
/// from card to card. Gives a radius and an angle for each, and the radius of the last ring.
pub(super) fn band(wanted: &[f32], inner: f32, side: f32) -> (Vec<(f32, f32)>, f32) {
    let inner = inner.max(side / 2.0);
    let mut room = Vec::new();
    let mut sum = 0.0;
    while sum < wanted.len() as f32 {
        let radius = inner + room.len() as f32 * side;
        room.push((TAU * radius / side * FULL).floor().max(1.0));
        sum += room[room.len() - 1];
    }
    // Each ring takes its share all the way round.
    let mut rings: Vec<Vec<usize>> = vec![Vec::new(); room.len()];
    for n in 0..wanted.len() {
        // To the ring that lacks most of what it should have by now, the outer one of two.
        let mut most = (0, f32::NEG_INFINITY);
        for (ring, members) in rings.iter().enumerate() {
            let lack = room[ring] * (n + 1) as f32 / sum - members.len() as f32;
            if lack >= most.1 {
                most = (ring, lack);
            }
        }
        rings[most.0].push(n);
    }
    let mut places = vec![(0.0, 0.0); wanted.len()];
    for (ring, members) in rings.iter().enumerate() {
        let radius = inner + ring as f32 * side;
        let wishes: Vec<f32> = members.iter().map(|n| wanted[*n]).collect();
        for (n, angle) in members.iter().zip(around(&wishes, side / radius)) {
            places[*n] = (radius, angle);
        }
    }
    (places, inner + (room.len().max(1) - 1) as f32 * side)
}

/// The angles closest to the wanted ones that keep their order and are so far apart.
fn around(wanted: &[f32], apart: f32) -> Vec<f32> {
    let apart = apart.min(TAU / wanted.len().max(1) as f32);
    let offsets: Vec<f32> = (0..wanted.len()).map(|n| n as f32 * apart).collect();
    let mut angles = keep_apart(wanted, &offsets);
    if let (Some(first), Some(last)) = (angles.first().copied(), angles.last().copied()) {
        let long = TAU - apart;
        if last - first > long {
            // Once around and no further.
            let shrink = long / (last - first);
            for (n, angle) in angles.iter_mut().enumerate() {
                *angle = (first + (*angle - first) * shrink).max(first + n as f32 * apart);
            }
        }
    }
    angles
}

/// The places closest to the wanted ones, in squares, that keep order and distances: isotonic
/// regression by pooling adjacent violators. `offsets` says how far each is from the first at
/// least.
pub(super) fn keep_apart(wanted: &[f32], offsets: &[f32]) -> Vec<f32> {
    // Blocks of those that stand as close as they may: the sum of their wishes, and how many.
    let mut blocks: Vec<(f32, f32)> = Vec::new();
    for (wish, offset) in wanted.iter().zip(offsets) {
        blocks.push((wish - offset, 1.0));
        while let [.., (a, n), (b, m)] = blocks[..]
            && a / n > b / m
        {
            blocks.pop();
            blocks.pop();
            blocks.push((a + b, n + m));
        }
    }
    let mut places = Vec::with_capacity(offsets.len());
    for (sum, count) in blocks {
        let own = &offsets[places.len()..][..count as usize];
        places.extend(own.iter().map(|offset| sum / count + offset));
    }
    places
}

/// An ellipse around the origin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Oval {
    /// The radius of the circle of the same area.
    pub radius: f32,
    /// How much wider than high it is.
    pub wide: f32,
}

impl Oval {
    /// Half of its width and half of its height.
    fn half(self) -> (f32, f32) {
        (self.radius * self.wide.sqrt(), self.radius / self.wide.sqrt())
    }

    /// The point at an angle.
    pub(super) fn at(self, angle: f32) -> Point {
        let (across, down) = self.half();
        Point::new(across * angle.cos(), down * angle.sin())
    }
}

/// Sets the cards of each ring on an ellipse around those further in, as close as cards and labels
/// allow. Each card has the angle that it wants; they rise in each ring.
pub(super) fn ovals(
    rings: &[Vec<(f32, usize)>],
    bodies: &[Body],
    graph: &Graph,
    shape: Shape,
) -> Vec<Point> {
    /// How much wider than high ellipses are that are tried.
    const WIDE: [f32; 5] = [1.4, 1.0, 1.2, 1.7, 2.2];
    let mut set = bodies.to_vec();
    let mut inside: Vec<usize> = Vec::new();
    let mut last = (0.0, 0.0);
    for (number, ring) in rings.iter().enumerate() {
        if number == 0 && ring.len() == 1 {
            set[ring[0].1].at = Point::default();
            inside.push(ring[0].1);
            continue;
        }
        let ring: Vec<(f32, usize)> =
            ring.iter().map(|(angle, n)| (angle + shape.turn * TAU, *n)).collect();
        let mut best: Option<(f32, Oval, Vec<f32>)> = None;
        for wide in WIDE {
            let Some((oval, angles)) = smallest(&ring, &set, graph, (&inside, last), wide) else {
                continue;
            };
            let size = |n: &(f32, usize)| bodies[n.1].size;
            let cards = ring
                .iter()
                .zip(&angles)
                .map(|(n, angle)| Rect::from_center_size(oval.at(*angle), size(n)));
            let far = |v: f32, w: f32| v.abs().max(w.abs());
            let side = cards
                .map(|r| (far(r.min.x, r.max.x) / shape.wide).max(far(r.min.y, r.max.y)))
                .fold(0.0, f32::max);
            // Of two that take up as much, the smaller one.
            let side = side + oval.radius * 0.05;
            if best.as_ref().is_none_or(|(least, ..)| side < *least) {
                best = Some((side, oval, angles));
            }
        }
        let Some((_, oval, angles)) = best else { continue };
        last = oval.half();
        for (&(_, n), angle) in ring.iter().zip(angles) {
            set[n].at = oval.at(angle);
            inside.push(n);
        }
    }
    set.into_iter().map(|body| body.at).collect()
}

/// The smallest ellipse of a form around what is inside, with the angles of a ring's cards on it.
fn smallest(
    ring: &[(f32, usize)],
    bodies: &[Body],
    graph: &Graph,
    (inside, (across, down)): (&[usize], (f32, f32)),
    wide: f32,
) -> Option<(Oval, Vec<f32>)> {
    /// How much larger the next ellipse is that is tried, first in large steps and then in small ones.
    const LARGER: [f32; 2] = [1.2, 1.04];
    const TRIES: usize = 60;
    /// The least distance from the ellipse inside.
    const BETWEEN: f32 = 40.0;
    let mut radius =
        ((across + BETWEEN) / wide.sqrt()).max((down + BETWEEN) * wide.sqrt()).max(30.0);
    let find = |radius: f32| {
        let oval = Oval { radius, wide };
        let is_clear = |angles: &Vec<f32>| {
            ring.iter().zip(angles).all(|(&(_, n), angle)| {
                let card = Body { at: oval.at(*angle), ..bodies[n] };
                inside.iter().all(|&m| Room::Close.is_kept(&card, &bodies[m], graph.drawn(n, m)))
            })
        };
        Some((oval, spread(ring, bodies, graph, oval).filter(is_clear)?))
    };
    let mut found = None;
    for larger in LARGER {
        for _ in 0..TRIES {
            if let Some(one) = find(radius) {
                found = Some(one);
                break;
            }
            radius *= larger;
        }
        // Back to the last one that was too small.
        radius *= LARGER[1] / LARGER[0];
    }
    found
}

/// The angles closest to the wanted ones at which the cards of a ring are clear of each other; `None`
/// where they find no room on this ellipse.
fn spread(ring: &[(f32, usize)], bodies: &[Body], graph: &Graph, oval: Oval) -> Option<Vec<f32>> {
    /// The distance in which the next place is looked for, in units of the chart.
    const STEP: f32 = 6.0;
    /// Steps that are taken at once at first.
    const COARSE: f32 = 6.0;
    const ROUNDS: usize = 5;
    let step = STEP / oval.radius.max(1.0);
    // The widest gap between two wanted angles is where a ring begins and ends.
    let count = ring.len();
    let before = |n: usize| {
        let turn = if n == 0 { TAU } else { 0.0 };
        ring[n].0 - ring[(n + count - 1) % count].0 + turn
    };
    let first = (0..count).max_by(|&a, &b| before(a).total_cmp(&before(b)).then(b.cmp(&a)))?;
    let members: Vec<usize> = (0..count).map(|n| ring[(first + n) % count].1).collect();
    let wanted: Vec<f32> = (0..count)
        .map(|n| ring[(first + n) % count].0 + if first + n >= count { TAU } else { 0.0 })
        .collect();
    let card = |n: usize, angle: f32| Body { at: oval.at(angle), ..bodies[members[n]] };
    let is_clear = |n: usize, from: f32, m: usize, to: f32| {
        Room::Close.is_kept(&card(n, from), &card(m, to), graph.drawn(members[n], members[m]))
    };
    let mut angles = wanted.clone();
    for _ in 0..ROUNDS {
        let mut offsets = vec![0.0];
        for n in 1..count {
            let is_clear = |by: f32| is_clear(n - 1, angles[n - 1], n, angles[n - 1] + by);
            let mut by = step * COARSE;
            while by < TAU / 2.0 && !is_clear(by) {
                by += step * COARSE;
            }
            while by > step && is_clear(by - step) {
                by -= step;
            }
            offsets.push(offsets[n - 1] + by);
        }
        angles = keep_apart(&wanted, &offsets);
    }
    let all_clear = (1..count).all(|n| is_clear(n - 1, angles[n - 1], n, angles[n]));
    let (from, to) = (angles[0] + TAU, angles[count - 1]);
    let closes = count == 1 || from > to && is_clear(count - 1, to, 0, from);
    if !all_clear || !closes {
        return None;
    }
    angles.rotate_right(first);
    Some(angles)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_wants_the_same_angle_finds_room_around_it_on_rings_of_bounded_area() {
        for count in [1, 7, 400, 20_000] {
            let (places, outer) = band(&vec![1.0; count], 100.0, 50.0);
            assert_eq!(places.len(), count);
            let area = std::f32::consts::PI * (outer + 25.0).powi(2);
            assert!(area < 3.0 * (count as f32 * 2500.0 + 31_400.0), "{count}: {area}");
            let mut rings: std::collections::BTreeMap<u32, Vec<f32>> =
                std::collections::BTreeMap::new();
            for (radius, angle) in places {
                rings.entry(radius.to_bits()).or_default().push(angle);
            }
            for (radius, angles) in rings {
                let radius = f32::from_bits(radius);
                for pair in angles.windows(2) {
                    assert!((pair[1] - pair[0]) * radius > 45.0, "{pair:?} on {radius}");
                }
            }
        }
    }
}
