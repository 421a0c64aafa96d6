//! The organic layout of any number of entities: what is connected lies close.
//!
//! *Fast*: members are merged level by level into a small graph (after Hachul and Jünger's and
//! Hu's multilevel methods); each level is laid out by springs and a push between all, beginning
//! from the one above. On one level distances in the drawing are brought to those in the graph by
//! sparse stress majorisation (Ortmann, Klimenta, Brandes, JGAA 21, 2017), and the levels below are
//! moved with smaller steps, so that they keep it. The coarser that level is, the more communities
//! stay together; the finer, the truer distances are. It is the second above the finest, except
//! where ties are long in the drawing, as in scale-free and random graphs: these have no
//! communities that could be kept together, and it is the first or the finest.
//!
//! *Fine* draws a second time, merging only within communities as long as it can, and gives the
//! better of both drawings. Where *fast* made the finest level true, it goes on with that instead.

mod apart;
mod coarsen;
mod relax;
mod steps;
mod stress;
mod tree;

pub(super) use self::steps::Steps;
use super::{packing::packed, sound, watch::Watch};
use crate::{
    chart::Point,
    network::{Csr, Random},
};

/// How much work a layout is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    /// A good drawing soon.
    Fast,
    /// A better one later.
    Fine,
}

/// How to lay out.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    pub quality: Quality,
    /// What chance begins with: the same number gives the same drawing.
    pub seed: u64,
    /// How many threads may be used, at least one. The drawing does not depend on it.
    pub threads: usize,
}

/// With which power of its wanted length a tie pulls less: the power of the length that it has
/// with which it pulls, and one more for the push that falls with the distance.
const SLACK: f32 = 1.6;

/// How long a tie usually is in a drawing of many.
pub(super) const USUAL_LENGTH: f32 = 1.0;

/// The length of a step in a drawing. `f32::hypot` is slower, to be right for lengths that
/// no drawing has.
#[inline]
fn length(dx: f32, dy: f32) -> f32 {
    (dx * dx + dy * dy).sqrt()
}

/// What to lay out, with what is known of it. Lists are empty where there is nothing to say.
#[derive(Clone, Copy, Debug)]
pub struct Problem<'a> {
    /// Who is tied to whom.
    pub graph: &'a Csr,
    /// How strong the tie to each neighbour is, row after row as the graph has them; usually 1.
    pub weights: &'a [f32],
    /// How long that tie should be; usually 1.
    pub lengths: &'a [f32],
    /// Where those are who stay where they are.
    pub held: &'a [Option<Point>],
}

impl<'a> Problem<'a> {
    /// A graph of which nothing else is known.
    pub fn of(graph: &'a Csr) -> Self {
        Self { graph, weights: &[], lengths: &[], held: &[] }
    }

    #[inline]
    fn held(&self, n: usize) -> Option<Point> {
        self.held.get(n).copied().flatten()
    }
}

/// Lays out each connected part by itself, around the origin, with ties about one long. `going`
/// is told the part that is done, from 0 to 1; where it answers false, there is no drawing.
pub fn organic(graph: &Csr, options: Options, going: &dyn Fn(f32) -> bool) -> Option<Vec<Point>> {
    lay_out(Problem::of(graph), options, Watch::new(going, None))
}

/// Lays out a problem. Parts with somebody who stays are laid out together around those who do;
/// the others are set beside each other, and below what stays.
pub(super) fn lay_out(
    problem: Problem<'_>,
    options: Options,
    watch: Watch<'_>,
) -> Option<Vec<Point>> {
    let graph = problem.graph;
    let (part, parts) = graph.parts();
    let mut anchored = vec![false; parts];
    for (n, part) in part.iter().enumerate() {
        anchored[*part as usize] |= problem.held(n).is_some();
    }
    // What has an anchor is one job, the first.
    let mut number = vec![0_u32; parts];
    let mut jobs = u32::from(anchored.contains(&true));
    let around = jobs as usize;
    for (number, _) in number.iter_mut().zip(&anchored).filter(|(_, anchored)| !**anchored) {
        *number = jobs;
        jobs += 1;
    }
    let mut members = vec![Vec::new(); jobs as usize];
    for (n, part) in part.iter().enumerate() {
        members[number[*part as usize] as usize].push(n as u32);
    }
    let mut points = vec![Point::default(); graph.len()];
    let mut place = vec![0_u32; graph.len()];
    let rows = Rows::of(graph, problem.weights, problem.lengths);
    let mut done = 0;
    for members in &members {
        if let [alone] = members[..] {
            points[alone as usize] = problem.held(alone as usize).unwrap_or_default();
            done += 1;
            continue;
        }
        for (at, n) in members.iter().enumerate() {
            place[*n as usize] = at as u32;
        }
        let part = coarsen::Level::of(problem, &rows, members, &place);
        let share = members.len() as f32 / graph.len() as f32;
        let before = done as f32 / graph.len() as f32;
        let drawn = relax::part(part, options, watch.part(before, before + share))?;
        for (n, (x, y)) in members.iter().zip(drawn.0.iter().zip(&drawn.1)) {
            points[*n as usize] = Point::new(*x, *y);
        }
        done += members.len();
    }
    let (stay, free) = members.split_at(around);
    pack(free, &mut points);
    if let [stay] = stay {
        set_below(stay, free, &mut points);
    }
    Some(points)
}

/// What is said of each entry of a graph's rows.
struct Rows<'a> {
    /// Where the entries of each member begin; none where nothing is said.
    starts: Vec<u32>,
    weights: &'a [f32],
    lengths: &'a [f32],
}

impl<'a> Rows<'a> {
    fn of(graph: &Csr, weights: &'a [f32], lengths: &'a [f32]) -> Self {
        let mut starts = Vec::new();
        if !weights.is_empty() || !lengths.is_empty() {
            let mut at = 0;
            for n in 0..graph.len() {
                starts.push(at);
                at += graph.degree(n) as u32;
            }
        }
        Self { starts, weights, lengths }
    }

    #[inline]
    fn are_plain(&self) -> bool {
        self.starts.is_empty()
    }

    /// How strongly a tie pulls at a length of one.
    #[inline]
    fn pull(&self, member: usize, nth: usize) -> f32 {
        self.weight(member, nth) / self.length(member, nth).powf(SLACK)
    }

    #[inline]
    fn weight(&self, member: usize, nth: usize) -> f32 {
        self.weights.get(self.starts[member] as usize + nth).map_or(1.0, |v| sound(*v))
    }

    #[inline]
    fn length(&self, member: usize, nth: usize) -> f32 {
        self.lengths.get(self.starts[member] as usize + nth).map_or(1.0, |v| sound(*v))
    }
}

fn bounds(members: &[u32], points: &[Point]) -> [f32; 4] {
    members.iter().fold([f32::MAX, f32::MAX, f32::MIN, f32::MIN], |b, n| {
        let p = points[*n as usize];
        [b[0].min(p.x), b[1].min(p.y), b[2].max(p.x), b[3].max(p.y)]
    })
}

/// Space between parts, in lengths of a tie.
const BETWEEN: f32 = 1.5;

/// Sets parts beside each other.
fn pack(parts: &[Vec<u32>], points: &mut [Point]) {
    if parts.len() < 2 {
        return;
    }
    let boxes: Vec<[f32; 4]> = parts.iter().map(|part| bounds(part, points)).collect();
    let size = |b: &[f32; 4]| (b[2] - b[0] + BETWEEN, b[3] - b[1] + BETWEEN);
    let sizes: Vec<(f32, f32)> = boxes.iter().map(size).collect();
    for ((part, bounds), (x, y)) in parts.iter().zip(&boxes).zip(packed(&sizes, 1.6)) {
        for member in part {
            let p = &mut points[*member as usize];
            *p = Point::new(p.x - bounds[0] + x, p.y - bounds[1] + y);
        }
    }
}

/// Moves parts below what stays where it is, middle below middle.
fn set_below(stay: &[u32], parts: &[Vec<u32>], points: &mut [Point]) {
    let (above, below) = (bounds(stay, points), bounds(&parts.concat(), points));
    let x = f32::midpoint(above[0], above[2]) - f32::midpoint(below[0], below[2]);
    let y = above[3] + BETWEEN - below[1];
    for n in parts.iter().flatten() {
        let p = &mut points[*n as usize];
        *p = Point::new(p.x + x, p.y + y);
    }
}

/// Works on parts of a list at the same time. `cuts` says where the parts begin, the first at 0;
/// the work is given the place at which its part begins.
fn spread<T: Send>(list: &mut [T], cuts: &[usize], work: impl Fn(usize, &mut [T]) + Sync) {
    if cuts.len() < 2 {
        work(0, list);
        return;
    }
    std::thread::scope(|scope| {
        let mut rest = list;
        let mut first = 0;
        let work = &work;
        for cut in cuts[1..].iter().copied() {
            let (part, after) = rest.split_at_mut(cut - first);
            scope.spawn(move || work(first, part));
            (rest, first) = (after, cut);
        }
        work(first, rest);
    });
}

/// Where to cut a list for so many threads; short lists are not worth it.
fn even_cuts(length: usize, threads: usize) -> Vec<usize> {
    let threads = if length < 2_000 { 1 } else { threads.max(1) };
    (0..threads).map(|n| length * n / threads).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn drawn(graph: &Csr, quality: Quality, threads: usize) -> Vec<Point> {
        organic(graph, Options { quality, seed: 7, threads }, &|_| true).expect("goes on")
    }

    /// The least distance between any two.
    fn closest(points: &[Point]) -> f32 {
        let mut sorted = points.to_vec();
        sorted.sort_by(|a, b| a.x.total_cmp(&b.x));
        let mut least = f32::INFINITY;
        for (n, a) in sorted.iter().enumerate() {
            for b in &sorted[n + 1..] {
                if b.x - a.x >= least {
                    break;
                }
                least = least.min(a.distance(*b));
            }
        }
        least
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

        #[test]
        fn any_graph_is_drawn_finite_apart_and_the_same_again(
            count in 0..150_usize,
            ties in prop::collection::vec((0..160_u32, 0..160_u32), 0..300),
        ) {
            let graph = Csr::new(count, &ties);
            for quality in [Quality::Fast, Quality::Fine] {
                let points = drawn(&graph, quality, 1);
                prop_assert_eq!(points.len(), count);
                prop_assert!(points.iter().all(|p| p.x.is_finite() && p.y.is_finite()));
                prop_assert!(closest(&points) > 1e-2, "{}", closest(&points));
                prop_assert_eq!(&points, &drawn(&graph, quality, 1));
            }
        }
    }

    #[test]
    fn the_number_of_threads_does_not_show() {
        let ties: Vec<(u32, u32)> = (1..5000_u32).map(|n| (n, n.wrapping_mul(7919) % n)).collect();
        let graph = Csr::new(5000, &ties);
        assert_eq!(drawn(&graph, Quality::Fine, 1), drawn(&graph, Quality::Fine, 3));
    }

    #[test]
    fn a_large_star_opens() {
        let ties: Vec<(u32, u32)> = (1..6000).map(|n| (0, n)).collect();
        let points = drawn(&Csr::new(6000, &ties), Quality::Fast, 2);
        assert!(closest(&points) > 1e-2, "{}", closest(&points));
    }

    #[test]
    fn twins_do_not_lie_on_one_spot() {
        let ties = [(5, 0), (1, 5), (5, 3), (4, 5), (3, 2), (4, 1)];
        let points = drawn(&Csr::new(6, &ties), Quality::Fine, 1);
        assert!(closest(&points) > 0.2, "{points:?}");
    }

    #[test]
    fn what_is_not_connected_lies_beside_and_not_over() {
        let ring = |first: u32| (0..20).map(move |n| (first + n, first + (n + 1) % 20));
        let graph = Csr::new(40, &ring(0).chain(ring(20)).collect::<Vec<_>>());
        let points = drawn(&graph, Quality::Fast, 1);
        let span = |part: &[Point], of: fn(&Point) -> f32| {
            part.iter().map(of).fold((f32::MAX, f32::MIN), |(a, b), v| (a.min(v), b.max(v)))
        };
        let apart = [|p: &Point| p.x, |p: &Point| p.y].iter().any(|of| {
            let (a, b) = (span(&points[..20], *of), span(&points[20..], *of));
            a.1 < b.0 || b.1 < a.0
        });
        assert!(apart, "{points:?}");
    }

    #[test]
    fn it_can_be_stopped() {
        let graph = Csr::new(100, &(1..100).map(|n| (n - 1, n)).collect::<Vec<_>>());
        let options = Options { quality: Quality::Fast, seed: 1, threads: 1 };
        assert_eq!(organic(&graph, options, &|_| false), None);
    }
}
