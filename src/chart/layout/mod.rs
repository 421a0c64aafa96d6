//! Arranging entities on a chart. A layout never moves what is fixed, leaves no two cards over
//! each other, gives the same answer for the same question, and stays where the chart was.

mod align;
mod force;
mod layered;
pub mod organic;
mod overlap;
mod parts;
mod place;
mod room;
mod shelves;
mod simple;

pub use align::{Align, Axis, align, distribute};
pub use layered::against;
pub(super) use overlap::Free;
pub use overlap::remove_overlaps;
pub use place::{NewBody, place_new};

use std::collections::HashSet;

use super::{Point, Rect, Size};

/// The least space between two cards.
pub const GAP: f32 = 36.0;

/// A way of arranging.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// What is connected lies close together.
    Force,
    /// Owners above what they own.
    Layered,
    /// Rings around the selection.
    Radial,
    /// On a circle.
    Circle,
    /// In rows and columns.
    Grid,
}

impl Algorithm {
    /// Every way, the most useful first.
    pub const ALL: [Self; 5] = [Self::Force, Self::Layered, Self::Radial, Self::Circle, Self::Grid];

    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::Force => "Organic",
            Self::Layered => "Hierarchy",
            Self::Radial => "Radial",
            Self::Circle => "Circle",
            Self::Grid => "Grid",
        }
    }
}

/// A card to arrange.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Body {
    /// Its middle.
    pub at: Point,
    /// Its size.
    pub size: Size,
    /// Whether it stays where it is.
    pub fixed: bool,
}

impl Body {
    fn rect(&self) -> Rect {
        Rect::from_center_size(self.at, self.size)
    }
}

/// A relationship between two cards, by their places in the list of bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tie {
    /// Its source.
    pub from: usize,
    /// Its target.
    pub to: usize,
    /// Whether it puts the source above the target: owning, directing, controlling.
    pub owns: bool,
}

/// Arranges bodies; gives the new middle of each. `centre` names those that a radial layout puts
/// into the middle; where it is empty, the best connected one is taken.
pub fn arrange(
    algorithm: Algorithm,
    bodies: &[Body],
    ties: &[Tie],
    centre: &[usize],
) -> Vec<Point> {
    let graph = Graph::new(bodies.len(), ties);
    let wanted = match algorithm {
        Algorithm::Force => force::arrange(bodies, &graph),
        Algorithm::Layered => layered::arrange(bodies, &graph),
        Algorithm::Radial => simple::radial(bodies, &graph, centre),
        Algorithm::Circle => simple::circle(bodies, &graph),
        Algorithm::Grid => simple::grid(bodies),
    };
    settle(bodies, &wanted)
}

/// Moves a result to where the chart was, puts what is fixed back, and clears overlaps.
fn settle(bodies: &[Body], wanted: &[Point]) -> Vec<Point> {
    if bodies.is_empty() {
        return Vec::new();
    }
    let any_fixed = bodies.iter().any(|body| body.fixed);
    let counts = |body: &Body| !any_fixed || body.fixed;
    let mean = |points: &mut dyn Iterator<Item = Point>| {
        let (mut sum, mut count) = (Point::default(), 0.0);
        for p in points {
            sum = Point::new(sum.x + p.x, sum.y + p.y);
            count += 1.0_f32;
        }
        Point::new(sum.x / count.max(1.0), sum.y / count.max(1.0))
    };
    let was = mean(&mut bodies.iter().filter(|b| counts(b)).map(|b| b.at));
    let is = mean(&mut bodies.iter().zip(wanted).filter(|(b, _)| counts(b)).map(|(_, p)| *p));
    let moved: Vec<Body> = bodies
        .iter()
        .zip(wanted)
        .map(|(body, p)| {
            let at = Point::new(p.x - is.x + was.x, p.y - is.y + was.y);
            Body {
                at: if body.fixed || !at.x.is_finite() || !at.y.is_finite() { body.at } else { at },
                ..*body
            }
        })
        .collect();
    remove_overlaps(&moved)
}

/// Who is tied to whom, each pair once.
struct Graph {
    /// Neighbours, sorted.
    near: Vec<Vec<usize>>,
    /// Ties that put one above the other: source, target.
    above: Vec<(usize, usize)>,
}

impl Graph {
    fn new(count: usize, ties: &[Tie]) -> Self {
        let mut near = vec![Vec::new(); count];
        let mut above = Vec::new();
        let mut known = HashSet::new();
        for &Tie { from, to, owns } in ties {
            if from == to || from >= count || to >= count {
                continue;
            }
            near[from].push(to);
            near[to].push(from);
            if owns && known.insert((from, to)) {
                above.push((from, to));
            }
        }
        for near in &mut near {
            near.sort_unstable();
            near.dedup();
        }
        Self { near, above }
    }

    /// The connected parts, the largest first.
    fn components(&self) -> Vec<Vec<usize>> {
        let mut seen = vec![false; self.near.len()];
        let mut parts = Vec::new();
        for start in 0..self.near.len() {
            if seen[start] {
                continue;
            }
            seen[start] = true;
            let mut part = vec![start];
            let mut next = 0;
            while next < part.len() {
                for &other in &self.near[part[next]] {
                    if !seen[other] {
                        seen[other] = true;
                        part.push(other);
                    }
                }
                next += 1;
            }
            part.sort_unstable();
            parts.push(part);
        }
        parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
        parts
    }

    /// How many ties each is away from the nearest of `from`; `None` where there is no way.
    fn distances(&self, from: &[usize]) -> Vec<Option<u32>> {
        let mut distance = vec![None; self.near.len()];
        let mut queue = std::collections::VecDeque::new();
        for &start in from {
            distance[start] = Some(0);
            queue.push_back((start, 0));
        }
        while let Some((at, d)) = queue.pop_front() {
            for &other in &self.near[at] {
                if distance[other].is_none() {
                    distance[other] = Some(d + 1);
                    queue.push_back((other, d + 1));
                }
            }
        }
        distance
    }
}

/// Sets parts that have been arranged one by one side by side, in rows about as wide as high.
fn pack(bodies: &[Body], parts: &[Vec<usize>], points: &mut [Point]) {
    const BETWEEN: f32 = 70.0;
    let bounds: Vec<Rect> = parts
        .iter()
        .map(|part| {
            let cards = part.iter().map(|&n| Rect::from_center_size(points[n], bodies[n].size));
            Rect::around(cards).unwrap_or_default()
        })
        .collect();
    let sizes: Vec<(f32, f32)> = bounds.iter().map(|b| (b.width(), b.height())).collect();
    let corners = shelves::shelves(&sizes, BETWEEN, 1.7);
    for ((part, bound), (x, y)) in parts.iter().zip(&bounds).zip(corners) {
        for &n in part {
            points[n] = Point::new(points[n].x - bound.min.x + x, points[n].y - bound.min.y + y);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bodies(places: &[(i16, i16, bool)]) -> Vec<Body> {
        places
            .iter()
            .map(|(x, y, fixed)| Body {
                at: Point::new(f32::from(*x), f32::from(*y)),
                size: Size {
                    w: 150.0 + f32::from(x.unsigned_abs() % 50),
                    h: 52.0 + f32::from(y.unsigned_abs() % 30),
                },
                fixed: *fixed,
            })
            .collect()
    }

    fn overlapping(bodies: &[Body], points: &[Point]) -> Option<(usize, usize)> {
        let rects: Vec<Rect> =
            bodies.iter().zip(points).map(|(b, p)| Rect::from_center_size(*p, b.size)).collect();
        for (a, first) in rects.iter().enumerate() {
            for (b, second) in rects.iter().enumerate().skip(a + 1) {
                if first.intersects(*second) && !(bodies[a].fixed && bodies[b].fixed) {
                    return Some((a, b));
                }
            }
        }
        None
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

        #[test]
        fn a_layout_moves_nothing_fixed_leaves_no_overlap_and_repeats(
            places in prop::collection::vec((-900..900_i16, -900..900_i16, prop::bool::weighted(0.15)), 0..40),
            ties in prop::collection::vec((0..45_usize, 0..45_usize, any::<bool>()), 0..60),
            centre in prop::collection::vec(0..45_usize, 0..3),
        ) {
            let bodies = bodies(&places);
            let ties: Vec<Tie> = ties.into_iter().map(|(from, to, owns)| Tie { from, to, owns }).collect();
            for algorithm in Algorithm::ALL {
                let points = arrange(algorithm, &bodies, &ties, &centre);
                prop_assert_eq!(points.len(), bodies.len());
                for (body, point) in bodies.iter().zip(&points) {
                    prop_assert!(point.x.is_finite() && point.y.is_finite());
                    prop_assert!(!body.fixed || body.at == *point, "{:?} moved what is fixed", algorithm);
                }
                prop_assert_eq!(overlapping(&bodies, &points), None, "{:?} leaves cards over each other", algorithm);
                prop_assert_eq!(points, arrange(algorithm, &bodies, &ties, &centre));
            }
        }
    }

    fn tie(from: usize, to: usize) -> Tie {
        Tie { from, to, owns: true }
    }

    #[test]
    fn owners_stand_above_what_they_own_even_when_somebody_owns_himself_in_a_circle() {
        let bodies = bodies(&[(0, 0, false); 6]);
        let ties = [tie(0, 1), tie(0, 2), tie(1, 3), tie(2, 3), tie(3, 4), tie(4, 5), tie(5, 3)];
        let points = arrange(Algorithm::Layered, &bodies, &ties, &[]);
        for tie in &ties[..5] {
            assert!(points[tie.from].y < points[tie.to].y - 40.0, "{tie:?} {points:?}");
        }
    }

    #[test]
    fn the_centre_of_a_radial_layout_has_its_neighbours_around_it() {
        let bodies = bodies(&[(5, 5, false); 9]);
        let ties: Vec<Tie> =
            (1..6).map(|n| tie(0, n)).chain((6..9).map(|n| tie(n - 5, n))).collect();
        let points = arrange(Algorithm::Radial, &bodies, &ties, &[0]);
        let inner = (1..6).map(|n| points[0].distance(points[n])).fold(0.0, f32::max);
        let outer = (6..9).map(|n| points[0].distance(points[n])).fold(f32::INFINITY, f32::min);
        assert!(inner < outer, "{inner} {outer}");
    }

    #[test]
    fn what_is_connected_lies_closer_than_what_is_not() {
        let bodies = bodies(&[(0, 0, false); 20]);
        let ties: Vec<Tie> = (1..20).map(|n| tie((n - 1) / 2, n)).collect();
        let points = arrange(Algorithm::Force, &bodies, &ties, &[]);
        let mean = |pairs: Vec<(usize, usize)>| {
            pairs.iter().map(|(a, b)| points[*a].distance(points[*b])).sum::<f32>()
                / pairs.len() as f32
        };
        let tied = mean(ties.iter().map(|t| (t.from, t.to)).collect());
        let all = mean((0..20).flat_map(|a| (0..a).map(move |b| (a, b))).collect());
        assert!(tied < all * 0.6, "{tied} {all}");
    }

    #[test]
    fn more_than_pairs_can_carry_go_through_the_layout_for_many() {
        let bodies = bodies(&vec![(0, 0, false); 1500]);
        let ties: Vec<Tie> = (1..1500).map(|n| tie(n * 7 / 10 % n, n)).collect();
        let points = arrange(Algorithm::Force, &bodies, &ties, &[]);
        assert!(points.iter().all(|p| p.x.is_finite() && p.y.is_finite()));
        assert_eq!(overlapping(&bodies, &points), None);
        assert_eq!(points, arrange(Algorithm::Force, &bodies, &ties, &[]));
    }

    #[test]
    fn a_thousand_entities_are_arranged_while_one_waits() {
        let places: Vec<(i16, i16, bool)> =
            (0..1000).map(|n| (n % 30 * 10, n / 30 * 10, false)).collect();
        let bodies = bodies(&places);
        let ties: Vec<Tie> = (1..1000).map(|n| tie(n * 7 / 10 % n, n)).collect();
        for algorithm in Algorithm::ALL {
            let started = std::time::Instant::now();
            let points = arrange(algorithm, &bodies, &ties, &[]);
            let took = started.elapsed();
            println!("{algorithm:?}: {took:.2?}");
            assert!(took.as_secs() < 20 && overlapping(&bodies, &points).is_none());
        }
    }
}
