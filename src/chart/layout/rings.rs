//! Cards on rings around a middle, on as many as they need: so that the area of a drawing follows
//! that of its cards.

use std::f32::consts::TAU;

use super::{Body, GAP};

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
