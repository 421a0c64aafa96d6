//! Small steps of springs and a push between all, one after the other, from any places. A length
//! of 1 is the distance at which neighbours have room.
//!
//! Steps adapt as those of `ForceAtlas2` do (Jacomy, Venturini, Heymann, Bastian, PLOS ONE 9,
//! 2014): who swings to and fro slows down, and all get faster while few do.

use super::{Problem, Rows, apart, even_cuts, length, relax::Places, spread, tree::Tree};
use crate::network::{Csr, Weighted};

/// How small a group must look to count as one.
const THETA: f32 = 1.1;
/// The power of a tie's length with which it pulls.
const POWER: f32 = 0.6;
/// How strongly those push each other that have no room, beside the pull of a tie.
const NEAR: f32 = 0.06;
/// How long ties are in a drawing at rest, as the push sees them, and by which factor a drawing
/// may differ from it: one much larger or smaller is brought to that.
const USUAL: f32 = 2.0;
const LOOSE: f32 = 5.0;
/// How much swinging is borne: more makes steps longer.
const TOLERANCE: f32 = 1.0;
/// How long the first step is at most, by which part the next ones are shorter, and how long they
/// may be again after somebody has been moved.
const LONGEST: f32 = 1.0;
const COOLING: f32 = 0.985;
const WARM: f32 = 0.4;
/// Below this mean way of a step nothing moves that one would see.
const REST: f32 = 2e-3;
/// What is not connected is kept together with this part of a drawing's density, and of no more
/// than this many members in a square of length 1.
const GRAVITY: f32 = 0.7;
const DENSEST: f32 = 0.8;
/// The least distance at which two begin.
const APART: f32 = 0.02;

/// A drawing that is moved step by step. Members are numbered so that neighbours are near.
pub(in crate::chart::layout) struct Steps {
    graph: Weighted,
    mass: Vec<f32>,
    places: Places,
    /// How readily each moves: 0 for who is held.
    mobility: Vec<f32>,
    /// What moved each in the step before.
    before: Vec<(f32, f32)>,
    moved: Vec<(f32, f32)>,
    pushed: Vec<(f32, f32)>,
    speed: f32,
    /// How long a step is at most.
    longest: f32,
    /// How far members moved in the step before, on average.
    way: f32,
    /// How strong the push is.
    push: f32,
    /// What keeps together what is not connected, by the distance to the middle.
    gravity: f32,
    middle: (f32, f32),
    threads: usize,
}

impl Steps {
    /// A problem's graph at these places, and the number that each of its members has here.
    pub(in crate::chart::layout) fn new(
        problem: Problem<'_>,
        places: &[(f32, f32)],
        threads: usize,
    ) -> (Self, Vec<u32>) {
        let count = places.len();
        let (graph, order) = problem.graph.with_near_ones_close();
        let mut number = vec![0_u32; count];
        for (at, n) in order.iter().enumerate() {
            number[*n as usize] = at as u32;
        }
        let weighted = weigh(problem, &graph, &order);
        let mut places: Places = order.iter().map(|n| places[*n as usize]).unzip();
        apart::keep(&mut places, APART, |_| false);
        let (part, parts) = graph.parts();
        let push = push_at_rest(&weighted, &part, parts, &places);
        let (middle, density) = density(&places);
        // Within a disc of even density the push is as this: what is tied to nobody stays spread.
        let gravity = push * std::f32::consts::PI * (density * GRAVITY).min(DENSEST);
        let steps = Self {
            graph: weighted,
            mass: vec![1.0; count],
            places,
            mobility: vec![1.0; count],
            before: vec![(0.0, 0.0); count],
            moved: vec![(0.0, 0.0); count],
            pushed: Vec::new(),
            speed: 0.1,
            longest: LONGEST,
            way: f32::INFINITY,
            push,
            gravity: if parts > 1 { gravity } else { 0.0 },
            middle,
            threads: threads.max(1),
        };
        (steps, number)
    }

    /// Says how readily a member moves; 0: not at all.
    #[inline]
    pub(in crate::chart::layout) fn set_mobility(&mut self, n: usize, mobility: f32) {
        self.mobility[n] = mobility;
        self.before[n] = (0.0, 0.0);
    }

    /// Puts a member at a place.
    #[inline]
    pub(in crate::chart::layout) fn put(&mut self, n: usize, at: (f32, f32)) {
        (self.places.0[n], self.places.1[n]) = at;
    }

    /// Makes steps longer again, because something has changed.
    pub(in crate::chart::layout) fn warm(&mut self) {
        self.way = f32::INFINITY;
        self.longest = self.longest.max(WARM);
    }

    /// Where a member is.
    #[inline]
    pub(in crate::chart::layout) fn at(&self, n: usize) -> (f32, f32) {
        (self.places.0[n], self.places.1[n])
    }

    /// Whether nothing moves any more that one would see.
    #[inline]
    pub(in crate::chart::layout) fn is_at_rest(&self) -> bool {
        self.way < REST
    }

    /// Moves everybody along what pulls and pushes; gives the mean way.
    pub(in crate::chart::layout) fn step(&mut self) -> f32 {
        let count = self.mass.len();
        if count == 0 {
            self.way = 0.0;
            return 0.0;
        }
        self.feel();
        // Whether all get faster, by how much they swing beside how much they get on.
        let (mut swing, mut traction) = (0.0_f64, 0.0_f64);
        for (now, before) in self.moved.iter().zip(&self.before) {
            swing += f64::from(length(now.0 - before.0, now.1 - before.1));
            traction += f64::from(length(now.0 + before.0, now.1 + before.1)) / 2.0;
        }
        let wanted = if swing > 0.0 { TOLERANCE * (traction / swing) as f32 } else { self.speed };
        self.speed = wanted.min(self.speed * 1.5).clamp(1e-3, 10.0);
        let mut way = 0.0_f64;
        for n in 0..count {
            let (now, before) = (self.moved[n], self.before[n]);
            let swing = length(now.0 - before.0, now.1 - before.1);
            let force = length(now.0, now.1);
            let by = self.speed / (1.0 + (self.speed * swing).sqrt());
            let by = by.min(self.longest / force.max(1e-6)) * self.mobility[n];
            self.places.0[n] += now.0 * by;
            self.places.1[n] += now.1 * by;
            way += f64::from(force * by);
        }
        std::mem::swap(&mut self.before, &mut self.moved);
        self.longest *= COOLING;
        self.way = (way / count as f64) as f32;
        self.way
    }

    /// Finds what moves each.
    fn feel(&mut self) {
        let cuts = even_cuts(self.mass.len(), self.threads);
        let (x, y, mobility) = (&self.places.0, &self.places.1, &self.mobility);
        let moves = |n: usize| mobility[n] > 0.0;
        let near = NEAR / self.push;
        let tree = Tree::new(x, y, &self.mass, self.threads);
        tree.push((THETA, near), self.threads, moves, &mut self.pushed);
        let (graph, pushed, push) = (&self.graph, &self.pushed, self.push);
        let (gravity, middle) = (self.gravity, self.middle);
        spread(&mut self.moved, &cuts, |first, part| {
            for (at, moved) in part.iter_mut().enumerate() {
                let n = first + at;
                if !moves(n) {
                    *moved = (0.0, 0.0);
                    continue;
                }
                let mut fx = push * pushed[n].0 - gravity * (x[n] - middle.0);
                let mut fy = push * pushed[n].1 - gravity * (y[n] - middle.1);
                for (other, weight) in graph.near(n) {
                    let (dx, dy) = (x[other] - x[n], y[other] - y[n]);
                    let pull = weight * (dx * dx + dy * dy + 1e-4).powf((POWER - 1.0) / 2.0);
                    fx += dx * pull;
                    fy += dy * pull;
                }
                *moved = (fx, fy);
            }
        });
    }
}

/// The weights of a problem's ties for its graph numbered anew.
fn weigh(problem: Problem<'_>, graph: &Csr, order: &[u32]) -> Weighted {
    let everybody: Vec<u32> = (0..graph.len() as u32).collect();
    let mut weighted = Weighted::of(graph, everybody.iter().copied(), &everybody);
    let rows = Rows::of(problem.graph, problem.weights, problem.lengths);
    if !rows.are_plain() {
        weighted.weigh(|n, nth| {
            let (was, other) = (order[n] as usize, order[graph.near(n)[nth] as usize]);
            let nth = problem.graph.near(was).binary_search(&other).unwrap_or(0);
            rows.pull(was, nth)
        });
    }
    weighted
}

/// The push with which a drawing is neither blown up nor drawn together as a whole. At rest, what
/// pulls and what pushes does as much work (the virial theorem), and the work of a push that falls
/// with the distance is known: it is the same for every pair.
fn push_at_rest(graph: &Weighted, part: &[u32], parts: usize, places: &Places) -> f32 {
    let (mut pulled, mut usual) = (0.0_f64, 0.0_f64);
    for n in 0..part.len() {
        for (other, weight) in graph.near(n).filter(|(other, _)| n < *other) {
            let (dx, dy) = (places.0[n] - places.0[other], places.1[n] - places.1[other]);
            pulled += f64::from(weight * length(dx, dy).powf(POWER + 1.0));
            usual += f64::from(weight * USUAL.powf(POWER + 1.0));
        }
    }
    let mut sizes = vec![0.0_f64; parts];
    for part in part {
        sizes[*part as usize] += 1.0;
    }
    let pairs: f64 = sizes.iter().map(|size| size * (size - 1.0) / 2.0).sum();
    if pairs == 0.0 {
        return NEAR;
    }
    let loose = f64::from(LOOSE.powf(POWER + 1.0));
    (pulled.clamp(usual / loose, usual * loose) / pairs) as f32
}

/// The middle of a drawing, and how many members there are in a square of length 1.
fn density(places: &Places) -> ((f32, f32), f32) {
    let count = places.0.len();
    let bulk = |values: &[f32]| {
        let mut sorted = values.to_vec();
        sorted.sort_by(f32::total_cmp);
        let stray = count / 50;
        match (sorted.get(stray), sorted.get(count.saturating_sub(1 + stray))) {
            (Some(first), Some(last)) => (f32::midpoint(*first, *last), last - first),
            _ => (0.0, 0.0),
        }
    };
    let ((x, wide), (y, high)) = (bulk(&places.0), bulk(&places.1));
    ((x, y), count as f32 / (wide * high).max(1.0))
}
