//! The course of a line on a chart: cubic Bézier curves, each from where the one before ends.

use super::{Point, Rect};

/// A cubic Bézier curve: where it begins, its two control points, and where it ends.
pub type Cubic = [Point; 4];

/// How far before a corner a line begins to turn, in units of the chart.
const TURN: f32 = 12.0;

/// One cubic curve, or several where a line is led around something.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    first: Cubic,
    rest: Vec<Cubic>,
}

impl From<Cubic> for Curve {
    fn from(first: Cubic) -> Self {
        Self { first, rest: Vec::new() }
    }
}

impl Curve {
    /// The straight way from corner to corner, with round corners.
    pub fn through(from: Point, corners: &[Point], to: Point) -> Self {
        let all: Vec<Point> = [from].iter().chain(corners).chain([&to]).copied().collect();
        let mut parts = Vec::new();
        let mut at = from;
        for three in all.windows(3) {
            let [before, corner, after] = [three[0], three[1], three[2]];
            let near = |end: Point| {
                let length = corner.distance(end).max(1e-3);
                corner.towards(end, (TURN / length).min(0.5))
            };
            let (enter, leave) = (near(before), near(after));
            parts.push(straight(at, enter));
            parts.push([enter, enter.towards(corner, 0.67), leave.towards(corner, 0.67), leave]);
            at = leave;
        }
        let last = straight(at, to);
        let mut parts = parts.into_iter().chain([last]);
        Self { first: parts.next().unwrap_or(last), rest: parts.collect() }
    }

    /// The cubic curves that it consists of.
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = &Cubic> {
        std::iter::once(&self.first).chain(&self.rest)
    }

    /// Whether it is led around something, rather than only bent.
    pub fn goes_around(&self) -> bool {
        !self.rest.is_empty()
    }

    /// Where it begins.
    pub fn start(&self) -> Point {
        self.first[0]
    }

    /// Where it ends.
    pub fn end(&self) -> Point {
        self.rest.last().unwrap_or(&self.first)[3]
    }

    /// Its point at `t`, 0 for its beginning and 1 for its end.
    pub fn at(&self, t: f32) -> Point {
        if self.rest.is_empty() {
            return line_point(&self.first, t);
        }
        let mut left = t * self.length();
        for part in self.parts() {
            let length = part[0].distance(part[3]);
            if left <= length {
                return line_point(part, left / length.max(1e-6));
            }
            left -= length;
        }
        self.end()
    }

    /// The sum of the distances between the ends of its parts.
    fn length(&self) -> f32 {
        self.parts().map(|part| part[0].distance(part[3])).sum()
    }

    /// Points along it, so that each of its parts becomes `steps` straight ones.
    pub fn points(&self, steps: u8) -> Vec<Point> {
        let along =
            |part| (1..=steps).map(move |n| line_point(part, f32::from(n) / f32::from(steps)));
        [self.start()].into_iter().chain(self.parts().flat_map(along)).collect()
    }

    /// How far a point is from it.
    pub fn distance(&self, p: Point) -> f32 {
        self.parts().map(|part| distance_to(part, p)).fold(f32::INFINITY, f32::min)
    }

    /// What holds it.
    pub fn hull(&self) -> Rect {
        let points = self.parts().flatten().map(|&p| Rect { min: p, max: p });
        Rect::around(points).unwrap_or_default()
    }

    /// It with every point moved.
    #[must_use]
    pub fn map(&self, to: impl Fn(Point) -> Point) -> Self {
        let moved = |part: &Cubic| part.map(&to);
        Self { first: moved(&self.first), rest: self.rest.iter().map(moved).collect() }
    }

    /// It the other way round.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let mut parts = self.parts().rev().map(|&[a, b, c, d]| [d, c, b, a]);
        Self { first: parts.next().unwrap_or(self.first), rest: parts.collect() }
    }

    /// The three corners of the arrowhead at its end, point first; `size` long.
    pub fn arrowhead(&self, size: f32) -> [Point; 3] {
        let tip = self.end();
        let back = self.at((1.0 - size / self.length().max(size)).max(0.0));
        let length = back.distance(tip).max(0.01);
        let (dx, dy) = ((tip.x - back.x) / length, (tip.y - back.y) / length);
        let corner = |side: f32| {
            Point::new(
                tip.x - dx * size - dy * size * 0.42 * side,
                tip.y - dy * size + dx * size * 0.42 * side,
            )
        };
        [tip, corner(1.0), corner(-1.0)]
    }

    /// The part of it between two rectangles, in which it begins and ends; all of it where there is
    /// none.
    #[must_use]
    pub fn between(self, from: Rect, to: Rect) -> Self {
        if self.rest.is_empty() {
            let (leaves, arrives) =
                (crossing(&self.first, from, false), crossing(&self.first, to, true));
            if leaves >= arrives {
                return self;
            }
            return part(&self.first, leaves, arrives).into();
        }
        self.leaving(from).reversed().leaving(to).reversed()
    }

    /// The part of it from where it leaves a rectangle.
    fn leaving(&self, rect: Rect) -> Self {
        let inside = self.parts().take_while(|part| rect.contains(part[3])).count();
        let mut parts = self.parts().skip(inside).copied();
        let Some(first) = parts.next() else { return self.clone() };
        let rest = parts.collect();
        Self { first: part(&first, crossing(&first, rect, false), 1.0), rest }
    }
}

fn straight(a: Point, b: Point) -> Cubic {
    [a, a.towards(b, 1.0 / 3.0), a.towards(b, 2.0 / 3.0), b]
}

/// A curve from one point to another, `spread` steps beside the straight way.
pub fn bend(a: Point, b: Point, spread: f32) -> Cubic {
    let length = a.distance(b).max(1.0);
    let gap = step_beside(length);
    let (nx, ny) = (-(b.y - a.y) / length, (b.x - a.x) / length);
    // A cubic reaches three quarters of what its control points stand off.
    let off = spread * gap * 4.0 / 3.0;
    let beside = |t: f32| {
        let p = a.towards(b, t);
        Point::new(p.x + nx * off, p.y + ny * off)
    };
    [a, beside(0.3), beside(0.7), b]
}

/// How far one step of `spread` is beside a straight way of a length.
pub(super) fn step_beside(length: f32) -> f32 {
    (length * 0.16).clamp(22.0, 46.0)
}

/// Where a curve that begins (or, `at_end`, ends) inside a rectangle crosses its edge.
fn crossing(curve: &Cubic, rect: Rect, at_end: bool) -> f32 {
    let (mut inside, mut outside) = if at_end { (1.0, 0.0) } else { (0.0, 1.0) };
    for _ in 0..18 {
        let middle = f32::midpoint(inside, outside);
        if rect.contains(line_point(curve, middle)) {
            inside = middle;
        } else {
            outside = middle;
        }
    }
    outside
}

/// The part of a curve between two of its points.
pub fn part(curve: &Cubic, from: f32, to: f32) -> Cubic {
    let tail = |c: &Cubic, t: f32| {
        let (ab, bc, cd) = (c[0].towards(c[1], t), c[1].towards(c[2], t), c[2].towards(c[3], t));
        let (abc, bcd) = (ab.towards(bc, t), bc.towards(cd, t));
        [abc.towards(bcd, t), bcd, cd, c[3]]
    };
    let reversed = |c: Cubic| [c[3], c[2], c[1], c[0]];
    let rest = tail(curve, from);
    let within = (to - from) / (1.0 - from).max(f32::EPSILON);
    reversed(tail(&reversed(rest), 1.0 - within))
}

/// The point of a curve at `t`, 0 for its beginning and 1 for its end.
pub fn line_point(curve: &Cubic, t: f32) -> Point {
    let u = 1.0 - t;
    let weights = [u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t];
    let sum = |get: fn(&Point) -> f32| curve.iter().zip(weights).map(|(p, w)| get(p) * w).sum();
    Point::new(sum(|p| p.x), sum(|p| p.y))
}

/// How far a point is from a curve.
pub fn distance_to(curve: &Cubic, p: Point) -> f32 {
    const STEPS: usize = 14;
    let mut best = f32::INFINITY;
    let mut a = curve[0];
    for step in 1..=STEPS {
        let b = line_point(curve, step as f32 / STEPS as f32);
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        let t =
            (((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy).max(1e-6)).clamp(0.0, 1.0);
        best = best.min(p.distance(a.towards(b, t)));
        a = b;
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around() -> Curve {
        let corners = [Point::new(100.0, 80.0), Point::new(300.0, 80.0)];
        Curve::through(Point::default(), &corners, Point::new(400.0, 0.0))
    }

    #[test]
    fn a_way_with_corners_goes_near_each_and_is_the_same_both_ways() {
        let curve = around();
        for corner in [Point::new(100.0, 80.0), Point::new(300.0, 80.0)] {
            let near = curve.points(8).iter().map(|p| p.distance(corner)).fold(f32::MAX, f32::min);
            assert!((0.5..5.0).contains(&near), "{near}");
        }
        let ends = [(curve.at(0.0), curve.start()), (curve.at(1.0), curve.end())];
        assert!(ends.iter().all(|(at, end)| at.distance(*end) < 0.01), "{ends:?}");
        let back = curve.reversed();
        for t in [0.1, 0.35, 0.5, 0.8] {
            assert!(curve.at(t).distance(back.at(1.0 - t)) < 0.5, "{t}");
        }
        // The middle of the way is on its level part.
        assert!((curve.at(0.5).y - 80.0).abs() < 0.1 && (curve.at(0.5).x - 200.0).abs() < 0.5);
        let [tip, ..] = curve.arrowhead(10.0);
        assert_eq!(tip, Point::new(400.0, 0.0));
    }

    #[test]
    fn a_way_is_cut_where_it_leaves_one_card_and_reaches_the_other() {
        let card = |x: f32, y: f32| Rect {
            min: Point::new(x - 40.0, y - 20.0),
            max: Point::new(x + 40.0, y + 20.0),
        };
        let cut = around().between(card(0.0, 0.0), card(400.0, 0.0));
        assert!(
            (cut.start().y - 20.0).abs() < 0.01 && (cut.end().y - 20.0).abs() < 0.01,
            "{cut:?}"
        );
        // A card that holds the first corner too.
        let cut = around().between(card(70.0, 64.0).expand(70.0), card(400.0, 0.0));
        assert!((cut.start().x - 180.0).abs() < 0.01 && (cut.start().y - 80.0).abs() < 0.01);
    }
}
