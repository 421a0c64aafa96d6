//! Lines that are drawn already, so that another does not run upon one of them.

use super::{Curve, Point, Rect};

/// The distance at which two lines look like one, in units of the chart.
const ONE: f32 = 2.5;
/// The straight parts as which a curve is looked at.
const PARTS: u8 = 6;

/// The straight parts of lines.
#[derive(Clone, Debug, Default)]
pub(super) struct Drawn {
    /// Each with what holds it.
    parts: Vec<(Rect, Point, Point)>,
}

impl Drawn {
    pub(super) fn add(&mut self, curve: &Curve) {
        let points = curve.points(PARTS);
        self.parts.extend(pairs(&points).map(|(a, b)| (around(a, b), a, b)));
    }

    /// Those of them that reach into a rectangle.
    pub(super) fn near(&self, area: Rect) -> Self {
        let parts = self.parts.iter().filter(|(rect, ..)| rect.intersects(area));
        Self { parts: parts.copied().collect() }
    }

    /// The length of a straight way that lies upon any of them.
    pub(super) fn upon(&self, a: Point, b: Point) -> f32 {
        let area = around(a, b).expand(ONE);
        let near = self.parts.iter().filter(|(rect, ..)| rect.intersects(area));
        near.map(|(_, c, d)| shared((a, b), (*c, *d))).sum()
    }

    /// The same of a curve.
    pub(super) fn upon_curve(&self, curve: &Curve) -> f32 {
        let near = self.near(curve.hull().expand(ONE));
        pairs(&curve.points(PARTS)).map(|(a, b)| near.upon(a, b)).sum()
    }
}

fn pairs(points: &[Point]) -> impl Iterator<Item = (Point, Point)> + '_ {
    points.windows(2).map(|p| (p[0], p[1]))
}

fn around(a: Point, b: Point) -> Rect {
    Rect { min: a, max: a }.union(Rect { min: b, max: b }).expand(0.1)
}

/// The length of one straight way along which another is so close that the two look like one.
fn shared((a, b): (Point, Point), other: (Point, Point)) -> f32 {
    let length = a.distance(b);
    if length < 1e-3 {
        return 0.0;
    }
    let along = ((b.x - a.x) / length, (b.y - a.y) / length);
    // How far along the first a point is, and how far beside it.
    let place = |p: Point| {
        let (x, y) = (p.x - a.x, p.y - a.y);
        (x * along.0 + y * along.1, y * along.0 - x * along.1)
    };
    let (mut from, mut to) = (place(other.0), place(other.1));
    if from.0 > to.0 {
        (from, to) = (to, from);
    }
    let (start, end) = (from.0.max(0.0), to.0.min(length));
    if start >= end {
        return 0.0;
    }
    let slope = (to.1 - from.1) / (to.0 - from.0).max(1e-6);
    if slope.abs() < 1e-4 {
        return if from.1.abs() < ONE { end - start } else { 0.0 };
    }
    // Where it is as close on either side.
    let at = |beside: f32| from.0 + (beside - from.1) / slope;
    let (near, far) = (at(-ONE).min(at(ONE)), at(-ONE).max(at(ONE)));
    (end.min(far) - start.max(near)).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_lines_share_is_counted_and_a_crossing_hardly_is() {
        let p = Point::new;
        let level = (p(0.0, 0.0), p(100.0, 0.0));
        assert_eq!(shared(level, (p(150.0, 1.0), p(40.0, 1.0))), 60.0);
        assert_eq!(shared(level, (p(0.0, 4.0), p(100.0, 4.0))), 0.0);
        assert!(shared(level, (p(50.0, -40.0), p(50.1, 40.0))) < 1.0);
        assert!(shared(level, (p(30.0, -20.0), p(70.0, 20.0))) < 6.0);
        // From one end they part slowly.
        let part = shared(level, (p(0.0, 0.0), p(100.0, 5.0)));
        assert!((part - 50.0).abs() < 0.1, "{part}");
    }
}
