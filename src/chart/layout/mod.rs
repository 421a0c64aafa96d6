//! Arranging entities on a chart. A layout never moves what is fixed, leaves no two cards over
//! each other, gives the same answer for the same question, and stays where the chart was.

mod align;
mod apart;
mod bands;
mod circle;
mod compact;
mod fill;
mod force;
mod grid;
mod layered;
mod lines;
pub mod live;
mod nudge;
pub mod organic;
mod overlap;
mod packing;
mod parts;
mod place;
mod radial;
mod request;
mod rings;
mod room;
mod timeline;
mod watch;

pub use align::{Align, Axis, align, distribute};
pub use apart::{gap, needed, settle};
pub use layered::against;
pub(super) use overlap::Free;
pub use place::{NewBody, NewTie, place_near, place_new};
pub use request::{Request, Start};

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
    /// On a circle, each community on an arc of its own.
    Circle,
    /// In rows and columns.
    Grid,
    /// From left to right by date.
    Timeline,
}

impl Algorithm {
    /// Every way, the most useful first.
    pub const ALL: [Self; 6] =
        [Self::Force, Self::Layered, Self::Radial, Self::Circle, Self::Grid, Self::Timeline];

    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::Force => "Organic",
            Self::Layered => "Hierarchy",
            Self::Radial => "Radial",
            Self::Circle => "Circle",
            Self::Grid => "Grid",
            Self::Timeline => "Timeline",
        }
    }
}

/// A card to arrange.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Body {
    /// Its middle.
    pub at: Point,
    pub size: Size,
    pub fixed: bool,
}

impl Body {
    #[inline]
    fn rect(&self) -> Rect {
        Rect::from_center_size(self.at, self.size)
    }
}

/// A relationship between two cards, by their places in the list of bodies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tie {
    pub from: usize,
    pub to: usize,
    /// Whether it puts the source above the target: owning, directing, controlling.
    pub owns: bool,
    /// How strongly it holds its ends together beside others; usually 1.
    pub weight: f32,
    /// How long it should be beside others; usually 1.
    pub length: f32,
    /// The width of its label, in units of the chart; 0 for none.
    pub label: f32,
}

impl Tie {
    /// A tie like most others.
    pub fn new(from: usize, to: usize) -> Self {
        Self { from, to, owns: false, weight: 1.0, length: 1.0, label: 0.0 }
    }

    /// The same tie, putting its source above its target or not.
    #[must_use]
    pub fn owning(self, owns: bool) -> Self {
        Self { owns, ..self }
    }

    /// The same tie with a label of this width, in units of the chart.
    #[must_use]
    pub fn labelled(self, label: f32) -> Self {
        Self { label, ..self }
    }
}

/// Arranges bodies; gives the new middle of each. `centre` names those that a radial layout puts
/// into the middle; where it is empty, the best connected one is taken.
pub fn arrange(
    algorithm: Algorithm,
    bodies: &[Body],
    ties: &[Tie],
    centre: &[usize],
) -> Vec<Point> {
    let request = Request { centre, ..Request::new(algorithm, bodies, ties) };
    request.run(&|_| true).unwrap_or_default()
}

/// Who is tied to whom, each pair once.
struct Graph {
    /// Neighbours, sorted.
    near: Vec<Vec<usize>>,
    /// The weight and the length of the tie to each neighbour; empty where all are 1.
    ties: Vec<Vec<(f32, f32)>>,
    /// What is drawn between each and its neighbours, in the order of `near`.
    drawn: Vec<Vec<Drawn>>,
    /// Ties that put one above the other: source, target.
    above: Vec<(usize, usize)>,
}

/// What is drawn between two cards.
#[derive(Clone, Copy, Debug, Default)]
struct Drawn {
    /// The width of the widest label, in units of the chart.
    label: f32,
    /// The number of lines.
    lines: usize,
}

impl Graph {
    /// Of several ties between two, the strongest weight and the shortest length count.
    fn new(count: usize, ties: &[Tie]) -> Self {
        let mut near = vec![Vec::new(); count];
        let mut above = Vec::new();
        let mut known = HashSet::new();
        let there = |tie: &&Tie| tie.from != tie.to && tie.from < count && tie.to < count;
        for &Tie { from, to, owns, .. } in ties.iter().filter(there) {
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
        let drawn = near.iter().map(|near| vec![Drawn::default(); near.len()]).collect();
        let mut graph = Self { near, ties: Vec::new(), drawn, above };
        for tie in ties.iter().filter(there) {
            for (a, b) in [(tie.from, tie.to), (tie.to, tie.from)] {
                if let Ok(at) = graph.near[a].binary_search(&b) {
                    let drawn = &mut graph.drawn[a][at];
                    drawn.label = drawn.label.max(tie.label);
                    drawn.lines += 1;
                }
            }
        }
        if ties.iter().any(|tie| tie.weight != 1.0 || tie.length != 1.0) {
            let unset = (f32::MIN, f32::MAX);
            graph.ties = graph.near.iter().map(|near| vec![unset; near.len()]).collect();
            for tie in ties.iter().filter(there) {
                for (a, b) in [(tie.from, tie.to), (tie.to, tie.from)] {
                    if let Ok(at) = graph.near[a].binary_search(&b) {
                        let (weight, length) = &mut graph.ties[a][at];
                        *weight = weight.max(sound(tie.weight));
                        *length = length.min(sound(tie.length));
                    }
                }
            }
        }
        graph
    }

    /// The neighbours of one with the weight and the length of the tie to each.
    fn near(&self, n: usize) -> impl Iterator<Item = (usize, f32, f32)> + '_ {
        let ties = self.ties.get(n);
        self.near[n].iter().enumerate().map(move |(nth, &other)| {
            let (weight, length) = ties.map_or((1.0, 1.0), |ties| ties[nth]);
            (other, weight, length)
        })
    }

    /// What is drawn between two; `None` where they are not tied.
    fn drawn(&self, a: usize, b: usize) -> Option<Drawn> {
        self.near[a].binary_search(&b).ok().map(|at| self.drawn[a][at])
    }

    /// How far all are from one by the lengths of ties; infinite where there is no way.
    fn lengths(&self, from: usize) -> Vec<f32> {
        let mut far = vec![f32::INFINITY; self.near.len()];
        if self.ties.is_empty() {
            for (far, distance) in far.iter_mut().zip(self.distances(&[from])) {
                *far = distance.map_or(f32::INFINITY, |d| d as f32);
            }
            return far;
        }
        far[from] = 0.0;
        // Positive floats are in the order of their bits.
        let mut queue = std::collections::BinaryHeap::from([(std::cmp::Reverse(0_u32), from)]);
        while let Some((std::cmp::Reverse(bits), at)) = queue.pop() {
            if f32::from_bits(bits) > far[at] {
                continue;
            }
            for (other, _, length) in self.near(at) {
                let there = far[at] + length;
                if there < far[other] {
                    far[other] = there;
                    queue.push((std::cmp::Reverse(there.to_bits()), other));
                }
            }
        }
        far
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

/// A weight or length within bounds that leave a drawing readable.
fn sound(value: f32) -> f32 {
    if value.is_finite() { value.clamp(0.05, 20.0) } else { 1.0 }
}

/// Sets parts that have been arranged one by one side by side, all about as wide as a window.
fn pack(bodies: &[Body], parts: &[Vec<usize>], points: &mut [Point]) {
    const BETWEEN: f32 = 70.0;
    let bounds: Vec<Rect> = parts
        .iter()
        .map(|part| {
            let cards = part.iter().map(|&n| Rect::from_center_size(points[n], bodies[n].size));
            Rect::around(cards).unwrap_or_default()
        })
        .collect();
    // What hangs together stands out from what stands alone.
    let between = |part: &Vec<usize>| if part.len() > 1 { BETWEEN } else { GAP };
    let sizes: Vec<(f32, f32)> = parts
        .iter()
        .zip(&bounds)
        .map(|(part, b)| (b.width() + between(part), b.height() + between(part)))
        .collect();
    let corners = packing::packed(&sizes, 1.7);
    for ((part, bound), (x, y)) in parts.iter().zip(&bounds).zip(corners) {
        for &n in part {
            points[n] = Point::new(points[n].x - bound.min.x + x, points[n].y - bound.min.y + y);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{live::Live, organic::Quality, *};

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
            let ties: Vec<Tie> = ties.into_iter().map(|(from, to, owns)| Tie::new(from, to).owning(owns)).collect();
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

    #[test]
    fn one_card_that_stays_says_where_the_chart_is_and_nothing_of_its_shape() {
        let places: Vec<(i16, i16, bool)> = (0..12).map(|n| (n * 40, n * 7, false)).collect();
        let free = bodies(&places);
        let mut pinned = free.clone();
        pinned[3].fixed = true;
        let ties: Vec<Tie> = (1..12).map(|n| Tie::new(n / 3, n)).collect();
        for algorithm in Algorithm::ALL {
            let (free, held) =
                (arrange(algorithm, &free, &ties, &[]), arrange(algorithm, &pinned, &ties, &[]));
            assert_eq!(held[3], pinned[3].at, "{algorithm:?}");
            for (a, b) in free.iter().zip(&held) {
                let (x, y) = (a.x - free[3].x - b.x + held[3].x, a.y - free[3].y - b.y + held[3].y);
                assert!(x.hypot(y) < 0.5, "{algorithm:?}: {a:?} {b:?}");
            }
        }
    }

    fn tie(from: usize, to: usize) -> Tie {
        Tie::new(from, to).owning(true)
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
        let (bodies, ties) = tree(1500);
        let points = arrange(Algorithm::Force, &bodies, &ties, &[]);
        assert!(points.iter().all(|p| p.x.is_finite() && p.y.is_finite()));
        assert_eq!(overlapping(&bodies, &points), None);
        assert_eq!(points, arrange(Algorithm::Force, &bodies, &ties, &[]));
    }

    /// Cards and ties of some graph, some cards fixed.
    fn any_graph(most: usize) -> impl Strategy<Value = (Vec<Body>, Vec<Tie>)> {
        let place = (-900..900_i16, -900..900_i16, prop::bool::weighted(0.15));
        let tie = (0..most, 0..most, any::<bool>(), 0.1..4.0_f32, 0.2..4.0_f32);
        let ties = prop::collection::vec(tie, 0..most * 2);
        (prop::collection::vec(place, 0..most), ties).prop_map(|(places, ties)| {
            let ties = ties.into_iter().map(|(from, to, owns, weight, length)| Tie {
                from,
                to,
                owns,
                weight,
                length,
                label: 0.0,
            });
            (bodies(&places), ties.collect())
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

        #[test]
        fn from_where_all_stand_nothing_fixed_moves_and_nothing_overlaps(
            (bodies, ties) in any_graph(40),
            new in prop::collection::vec(0..45_usize, 0..6),
        ) {
            let request = Request {
                start: Start::Here(&new),
                ..Request::new(Algorithm::Force, &bodies, &ties)
            };
            let points = request.run(&|_| true).expect("it is not cancelled");
            for (body, point) in bodies.iter().zip(&points) {
                prop_assert!(point.x.is_finite() && point.y.is_finite());
                prop_assert!(!body.fixed || body.at == *point);
            }
            prop_assert_eq!(overlapping(&bodies, &points), None);
            let other = Request { threads: 1, ..request };
            prop_assert_eq!(points, other.run(&|_| true).expect("it is not cancelled"));
        }

        #[test]
        fn a_layout_under_way_holds_what_is_fixed_and_goes_the_same_way_on_any_threads(
            (bodies, ties) in any_graph(40),
        ) {
            let mut live = [1, 2, 3].map(|threads| Live::new(&bodies, &ties, threads));
            for _ in 0..40 {
                for live in &mut live {
                    live.step();
                }
            }
            let points = live.map(|live| live.points());
            prop_assert_eq!(&points[0], &points[1]);
            prop_assert_eq!(&points[0], &points[2]);
            for (body, point) in bodies.iter().zip(&points[0]) {
                prop_assert!(point.x.is_finite() && point.y.is_finite());
                prop_assert!(!body.fixed || body.at == *point);
            }
            for (a, first) in points[0].iter().enumerate() {
                for (b, second) in points[0].iter().enumerate().take(a) {
                    let both = bodies[a].fixed && bodies[b].fixed;
                    prop_assert!(both || first != second, "{} and {} are on one spot", a, b);
                }
            }
        }
    }

    /// So many cards on one spot, and ties that make a wide tree of them.
    fn tree(count: usize) -> (Vec<Body>, Vec<Tie>) {
        let ties = (1..count).map(|n| Tie::new(n * 7 / 10 % n, n)).collect();
        (bodies(&vec![(0, 0, false); count]), ties)
    }

    fn force(bodies: &[Body], ties: &[Tie]) -> Vec<Point> {
        Request::new(Algorithm::Force, bodies, ties).run(&|_| true).expect("it is not cancelled")
    }

    fn stand(bodies: &mut [Body], points: &[Point]) {
        for (body, at) in bodies.iter_mut().zip(points) {
            body.at = *at;
        }
    }

    #[test]
    fn what_is_tied_to_a_fixed_card_lands_near_it_also_among_many() {
        // Two halves with one tie between them, and two cards of each fixed, far apart.
        let (mut bodies, mut ties) = tree(800);
        let (more, others) = tree(800);
        bodies.extend(more);
        let shifted = |tie: Tie| Tie { from: tie.from + 800, to: tie.to + 800, ..tie };
        ties.extend(others.into_iter().map(shifted));
        ties.push(Tie::new(5, 805));
        for (n, x) in [(0, -9000.0), (1, -9400.0), (800, 9000.0), (801, 9400.0)] {
            bodies[n] = Body { at: Point::new(x, 300.0), fixed: true, ..bodies[n] };
        }
        let points = force(&bodies, &ties);
        assert_eq!(overlapping(&bodies, &points), None);
        let near = |n: usize, fixed: [usize; 2], other: [usize; 2]| {
            let to = |ends: [usize; 2]| ends.map(|f| points[n].distance(points[f]));
            let least = |d: [f32; 2]| d[0].min(d[1]);
            least(to(fixed)) < least(to(other))
        };
        let with_own = (0..800).filter(|&n| near(n, [0, 1], [800, 801])).count()
            + (800..1600).filter(|&n| near(n, [800, 801], [0, 1])).count();
        // Put back where they were only in the end, they would have half of all near them.
        assert!(with_own > 1280, "{with_own} of 1600");
        let tied = |n: usize, ends: [usize; 2]| {
            ties.iter().any(|t| {
                (t.from == n && ends.contains(&t.to)) || (t.to == n && ends.contains(&t.from))
            })
        };
        for (own, other) in [([0, 1], [800, 801]), ([800, 801], [0, 1])] {
            for n in (0..1600).filter(|&n| tied(n, own)) {
                assert!(near(n, own, other), "{n} is tied to one of {own:?} and far from it");
            }
        }
        for (n, fixed) in [(0, true), (1, true), (800, true), (801, true), (7, false)] {
            assert_eq!(points[n] == bodies[n].at, fixed, "{n}");
        }
    }

    #[test]
    fn stronger_ties_are_shorter_and_longer_ones_longer_for_few_and_for_many() {
        for count in [300, 1500] {
            let (bodies, mut ties) = tree(count);
            for (n, tie) in ties.iter_mut().enumerate() {
                // Only among those whose ends are leaves or near to: a third each way.
                tie.length = [1.0, 3.0, 1.0][n % 3];
            }
            let points = force(&bodies, &ties);
            let mean = |wanted: f32| {
                let chosen: Vec<f32> = ties
                    .iter()
                    .filter(|tie| tie.length == wanted)
                    .map(|tie| points[tie.from].distance(points[tie.to]))
                    .collect();
                chosen.iter().sum::<f32>() / chosen.len() as f32
            };
            assert!(mean(3.0) > mean(1.0) * 1.3, "{count}: {} {}", mean(3.0), mean(1.0));
        }
        let (bodies, mut ties) = tree(1500);
        for (n, tie) in ties.iter_mut().enumerate() {
            tie.weight = if n % 2 == 0 { 8.0 } else { 1.0 };
        }
        let points = force(&bodies, &ties);
        let mean = |wanted: f32| {
            let chosen = ties.iter().filter(|tie| tie.weight == wanted);
            let all: Vec<f32> =
                chosen.map(|tie| points[tie.from].distance(points[tie.to])).collect();
            all.iter().sum::<f32>() / all.len() as f32
        };
        assert!(mean(8.0) < mean(1.0) * 0.8, "{} {}", mean(8.0), mean(1.0));
    }

    #[test]
    fn a_few_new_ones_find_their_place_and_hardly_anybody_else_moves() {
        let (mut bodies, mut ties) = tree(400);
        let points = force(&bodies, &ties);
        stand(&mut bodies, &points);
        let size = bodies[0].size;
        let new: Vec<usize> = (400..405).collect();
        for n in &new {
            bodies.push(Body { at: Point::default(), size, fixed: false });
            ties.push(Tie::new(390, *n));
        }
        let request =
            Request { start: Start::Here(&new), ..Request::new(Algorithm::Force, &bodies, &ties) };
        let points = request.run(&|_| true).expect("it is not cancelled");
        assert_eq!(overlapping(&bodies, &points), None);
        for n in new {
            assert!(points[n].distance(points[390]) < 900.0, "{:?} {:?}", points[n], points[390]);
        }
        let moved = (0..400).filter(|&n| points[n].distance(bodies[n].at) > 1.0).count();
        assert!(moved < 40, "{moved} of 400 moved");
    }

    #[test]
    fn a_layout_can_be_stopped_at_once_and_ends_in_time() {
        let (bodies, ties) = tree(30_000);
        for algorithm in Algorithm::ALL {
            let request = Request::new(algorithm, &bodies, &ties);
            assert_eq!(request.run(&|_| false), None, "{algorithm:?}");
        }
        let request = Request::new(Algorithm::Force, &bodies, &ties);
        // Stopped in the middle, it is over soon.
        let asked = std::cell::Cell::new(None::<std::time::Instant>);
        let stop = |part: f32| {
            if part > 0.3 {
                asked.set(asked.get().or(Some(std::time::Instant::now())));
            }
            part <= 0.3
        };
        assert_eq!(request.run(&stop), None);
        let since = asked.get().expect("it tells how far it is").elapsed();
        assert!(since.as_millis() < 500, "{since:?}");
        let budget = std::time::Duration::from_millis(1);
        let soon = Request { budget: Some(budget), quality: Some(Quality::Fine), ..request };
        let points = soon.run(&|_| true).expect("it is not cancelled");
        assert_eq!(overlapping(&bodies, &points), None);
    }

    #[test]
    fn a_card_that_is_dragged_pulls_its_neighbours_along() {
        let (mut bodies, ties) = tree(60);
        let points = force(&bodies, &ties);
        stand(&mut bodies, &points);
        let mut live = Live::new(&bodies, &ties, 2);
        while !live.is_at_rest() {
            live.step();
        }
        let before = live.points();
        let leaf = 59;
        let neighbour = ties.iter().find(|tie| tie.to == leaf).expect("has one").from;
        let away = Point::new(before[leaf].x + 3000.0, before[leaf].y);
        live.hold(leaf, away);
        for _ in 0..60 {
            live.step();
        }
        let after = live.points();
        assert_eq!(after[leaf], away);
        assert!(after[neighbour].x > before[neighbour].x + 300.0, "{:?}", after[neighbour]);
        live.let_go(leaf);
        for _ in 0..60 {
            live.step();
        }
        assert!(live.points()[leaf].x < away.x - 300.0);
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
