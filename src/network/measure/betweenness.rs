//! Who stands on the shortest ways between others.

use super::{cut::blocks, share::in_order};
use crate::network::{Csr, Random};

/// So many sources are walked from side by side.
const LANES: usize = 8;

/// A number for each source of a batch.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Lanes([f64; LANES]);

const NONE: Lanes = Lanes([0.0; LANES]);

/// Some of the sources of a batch, a bit for each.
type Mask = u8;

/// For each mask 1 in the lanes of its sources and 0 in the others.
const ONES: [[f64; LANES]; 1 << LANES] = {
    let mut all = [[0.0; LANES]; 1 << LANES];
    let mut mask = 0;
    while mask < all.len() {
        let mut lane = 0;
        while lane < LANES {
            all[mask][lane] = (mask >> lane & 1) as f64;
            lane += 1;
        }
        mask += 1;
    }
    all
};

/// A job is about this many steps along ties at least, so that sharing costs little.
const JOB: usize = 1 << 20;
/// And a large block is about this many jobs at least, so that threads end together.
const JOBS: usize = 64;

/// How many shortest ways between two others go through each member; where there are several
/// between two, each counts for its share. Each pair is counted once.
///
/// The graph is taken apart where single members hold it together: ways between the parts that a
/// member separates all go through it, and inside each block (biconnected component) a member
/// counts for all that hang on it. Sariyüce, Kaya, Saule, Çatalyürek: Graph manipulations for fast
/// centrality computation, TKDD 11 (2017). In the blocks it is Brandes: A faster algorithm for
/// betweenness centrality, J. Math. Sociology 25 (2001), from several sources side by side.
///
/// `going` is told the part that is done and may stop it, from any of the `threads`; the answer
/// does not depend on their number.
pub fn betweenness(
    graph: &Csr,
    threads: usize,
    going: &(dyn Fn(f32) -> bool + Sync),
) -> Option<Vec<f64>> {
    from_sources(graph, threads, going, |block| (0..).zip(block.weights.iter().copied()).collect())
}

/// The same from some sources only: as many `pivots` in each block, where it has more members.
/// What members separate is exact, and so are small blocks; elsewhere it is what is expected of
/// the true value (the estimate has no bias), the closer the more pivots. The same `seed` gives the
/// same answer.
///
/// Brandes and Pich: Centrality estimation in large networks, Int. J. Bifurcation and Chaos 17
/// (2007), with systematic sampling: equal steps from a random start through all members, near
/// ones one after the other, each as long as what it stands for.
pub fn betweenness_sampled(
    graph: &Csr,
    pivots: usize,
    seed: u64,
    threads: usize,
    going: &(dyn Fn(f32) -> bool + Sync),
) -> Option<Vec<f64>> {
    let pivots = pivots.max(1);
    let mut random = Random::new(seed);
    from_sources(graph, threads, going, |block| {
        let all = (0..).zip(block.weights.iter().copied());
        if block.weights.len() <= pivots {
            return all.collect();
        }
        let step = block.weights.iter().sum::<f64>() / pivots as f64;
        let mut next = step * f64::from(random.unit());
        let mut sources = Vec::with_capacity(pivots);
        let mut end = 0.0;
        for (n, weight) in all {
            end += weight;
            let mut stands_for = 0.0;
            while next < end {
                next += step;
                stands_for += step;
            }
            if stands_for > 0.0 {
                sources.push((n, stands_for));
            }
        }
        sources
    })
}

/// Betweenness from those members of each block that `sources` chooses, with what each stands for.
fn from_sources(
    graph: &Csr,
    threads: usize,
    going: &(dyn Fn(f32) -> bool + Sync),
    sources: impl FnMut(&Block) -> Vec<(u32, f64)>,
) -> Option<Vec<f64>> {
    let (blocks, mut between) = apart(graph);
    let sources: Vec<_> = blocks.iter().map(sources).collect();
    let jobs: Vec<Job> =
        blocks.iter().zip(&sources).flat_map(|(block, sources)| block.jobs(sources)).collect();
    let costs: Vec<f64> = jobs.iter().map(Job::cost).collect();
    in_order(
        &costs,
        threads,
        going,
        || None,
        |walk: &mut Option<Walk>, job| {
            let Job { block, sources } = jobs[job];
            let walk = match walk {
                Some(walk) if std::ptr::eq(walk.block, block) => walk,
                _ => walk.insert(Walk::new(block)),
            };
            let mut sum = vec![0.0; block.members.len()];
            for sources in sources.chunks(LANES) {
                walk.from(sources);
                walk.add_dependencies(sources, &mut sum);
            }
            sum
        },
        |job, sum| {
            for (member, sum) in jobs[job].block.members.iter().zip(sum) {
                // From both ends of each pair.
                between[*member as usize] += sum / 2.0;
            }
        },
    )?;
    Some(between)
}

/// A block of at least three members, numbered anew so that near ones are close in memory.
struct Block {
    graph: Csr,
    /// The member of the whole graph that each is.
    members: Vec<u32>,
    /// For how many members of the whole graph each stands: itself and all that hang on it.
    weights: Vec<f64>,
}

/// The blocks of a graph with more than one tie, and for each member how many pairs of others it
/// separates.
fn apart(graph: &Csr) -> (Vec<Block>, Vec<f64>) {
    let (part, parts) = graph.parts();
    let mut size = vec![0.0_f64; parts];
    for part in &part {
        size[*part as usize] += 1.0;
    }
    // What was cut off below each member: how many in all, and the squares of each lot.
    let mut below = vec![0.0_f64; graph.len()];
    let mut squares = vec![0.0_f64; graph.len()];
    let mut found = Vec::new();
    let mut place = vec![None; graph.len()];
    blocks(graph, |members| {
        let Some((&top, rest)) = members.split_last() else { return };
        let lot: f64 = rest.iter().map(|n| 1.0 + below[*n as usize]).sum();
        if members.len() > 2 {
            let above = size[part[top as usize] as usize] - lot;
            let weight = |n: u32| if n == top { above } else { 1.0 + below[n as usize] };
            found.push(Block::new(graph, members, weight, &mut place));
        }
        below[top as usize] += lot;
        squares[top as usize] += lot * lot;
    });
    let separated = (0..graph.len()).map(|n| {
        let others = size[part[n] as usize] - 1.0;
        let above = others - below[n];
        (others * others - squares[n] - above * above) / 2.0
    });
    let separated = separated.collect();
    (found, separated)
}

impl Block {
    /// `place` has room for each member of the graph; all are `None`, before and after.
    fn new(
        graph: &Csr,
        members: &[u32],
        weight: impl Fn(u32) -> f64,
        place: &mut [Option<u32>],
    ) -> Self {
        for (at, n) in members.iter().enumerate() {
            place[*n as usize] = Some(at as u32);
        }
        let mut ties = Vec::new();
        for (from, n) in members.iter().enumerate() {
            let near = graph.near(*n as usize).iter().filter_map(|other| place[*other as usize]);
            ties.extend(near.filter(|to| *to > from as u32).map(|to| (from as u32, to)));
        }
        for n in members {
            place[*n as usize] = None;
        }
        let (graph, order) = Csr::new(members.len(), &ties).with_near_ones_close();
        let members: Vec<u32> = order.iter().map(|n| members[*n as usize]).collect();
        Self { graph, weights: members.iter().map(|n| weight(*n)).collect(), members }
    }

    /// The work of walking from some of its members.
    fn jobs<'a>(&'a self, sources: &'a [(u32, f64)]) -> impl Iterator<Item = Job<'a>> {
        let least = JOB / self.graph.ties();
        let size = least.max(sources.len() / JOBS).next_multiple_of(LANES).max(LANES);
        sources.chunks(size).map(|sources| Job { block: self, sources })
    }
}

/// Walks from some of the members of a block.
#[derive(Clone, Copy)]
struct Job<'a> {
    block: &'a Block,
    /// With what each stands for.
    sources: &'a [(u32, f64)],
}

impl Job<'_> {
    fn cost(&self) -> f64 {
        (self.sources.len() * self.block.graph.ties()) as f64
    }
}

/// Walks through a block from several sources side by side, each step one further from all.
struct Walk<'a> {
    block: &'a Block,
    /// How many shortest ways lead to each from each source; 0 where none is found yet.
    ways: Vec<Lanes>,
    /// What each gives to those before it on a shortest way, for each way.
    share: Vec<Lanes>,
    /// From which sources each was reached, before this step and in it.
    seen: Vec<[Mask; 2]>,
    /// Who was reached in each step and from which sources, step after step.
    visits: Vec<(u32, Mask)>,
    /// Where each step begins in `visits`.
    steps: Vec<usize>,
    /// Who is reached in this step, with room for one more than all.
    reached: Vec<u32>,
    /// What the visits of one step come to, before it counts.
    fresh: Vec<Lanes>,
}

fn add(sum: &mut Lanes, other: &Lanes) {
    for (sum, other) in sum.0.iter_mut().zip(other.0) {
        *sum += other;
    }
}

impl<'a> Walk<'a> {
    fn new(block: &'a Block) -> Self {
        let count = block.members.len();
        Self {
            block,
            ways: vec![NONE; count],
            share: vec![NONE; count],
            seen: vec![[0; 2]; count],
            visits: Vec::new(),
            reached: vec![0; count + 1],
            steps: Vec::new(),
            fresh: Vec::new(),
        }
    }

    /// The sum of some numbers of all neighbours of a member.
    fn near(&self, of: &[Lanes], n: u32) -> Lanes {
        let mut sum = NONE;
        for other in self.block.graph.near(n as usize) {
            add(&mut sum, &of[*other as usize]);
        }
        sum
    }

    /// Finds who is how far and by how many ways.
    fn from(&mut self, sources: &[(u32, f64)]) {
        self.ways.fill(NONE);
        self.share.fill(NONE);
        self.seen.fill([0; 2]);
        self.visits.clear();
        self.steps.clear();
        self.steps.push(0);
        for (lane, (source, _)) in sources.iter().enumerate() {
            let mask = 1 << lane;
            self.ways[*source as usize].0[lane] = 1.0;
            self.seen[*source as usize][0] = mask;
            self.visits.push((*source, mask));
        }
        loop {
            let begin = self.steps.last().copied().unwrap_or(0);
            let end = self.visits.len();
            if begin == end {
                break;
            }
            self.steps.push(end);
            let mut reached = 0;
            for at in begin..end {
                let (n, mask) = self.visits[at];
                for &other in self.block.graph.near(n as usize) {
                    let [seen, now] = &mut self.seen[other as usize];
                    let fresh = mask & !*seen;
                    // Without a branch, for nobody can guess which way it would go.
                    self.reached[reached] = other;
                    reached += usize::from(*now == 0) & usize::from(fresh != 0);
                    *now |= fresh;
                }
            }
            self.fresh.clear();
            for at in 0..reached {
                let n = self.reached[at];
                let mask = self.seen[n as usize][1];
                self.visits.push((n, mask));
                // Neighbours without a number are no nearer; those nearer by two are no neighbours.
                let mut sum = self.near(&self.ways, n);
                for (sum, one) in sum.0.iter_mut().zip(ONES[mask as usize]) {
                    *sum *= one;
                }
                self.fresh.push(sum);
            }
            for (at, fresh) in self.visits[end..].iter().zip(&self.fresh) {
                let n = at.0 as usize;
                let [seen, now] = &mut self.seen[n];
                *seen |= *now;
                *now = 0;
                add(&mut self.ways[n], fresh);
            }
        }
    }

    /// Adds how much each member is needed on the ways that were found.
    fn add_dependencies(&mut self, sources: &[(u32, f64)], sum: &mut [f64]) {
        let mut source = [0.0; LANES];
        for (source, (_, stands_for)) in source.iter_mut().zip(sources) {
            *source = *stands_for;
        }
        // Nobody is needed at the first step: those are the sources.
        let mut end = self.visits.len();
        for begin in self.steps[1..].iter().rev().copied() {
            let step = &self.visits[begin..end];
            end = begin;
            self.fresh.clear();
            for (n, mask) in step {
                let below = self.near(&self.share, *n);
                let ones = &ONES[*mask as usize];
                let ways = &self.ways[*n as usize];
                let weight = self.block.weights[*n as usize];
                let mut needed = [0.0; LANES];
                let mut fresh = NONE;
                for lane in 0..LANES {
                    needed[lane] = below.0[lane] * ways.0[lane] * (source[lane] * ones[lane]);
                    // Where it has no ways yet its ones are 0, too.
                    fresh.0[lane] = (weight / ways.0[lane].max(1.0) + below.0[lane]) * ones[lane];
                }
                sum[*n as usize] += needed.iter().sum::<f64>();
                self.fresh.push(fresh);
            }
            for ((n, _), fresh) in step.iter().zip(&self.fresh) {
                add(&mut self.share[*n as usize], fresh);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use proptest::prelude::*;

    use super::*;

    /// Brandes' algorithm as it stands in the paper, one source at a time.
    fn plain(graph: &Csr) -> Vec<f64> {
        let mut between = vec![0.0; graph.len()];
        for source in 0..graph.len() {
            let mut far = vec![usize::MAX; graph.len()];
            let mut ways = vec![0.0; graph.len()];
            (far[source], ways[source]) = (0, 1.0);
            let mut queue = VecDeque::from([source]);
            let mut order = Vec::new();
            while let Some(n) = queue.pop_front() {
                order.push(n);
                for other in graph.near(n).iter().map(|other| *other as usize) {
                    if far[other] == usize::MAX {
                        far[other] = far[n] + 1;
                        queue.push_back(other);
                    }
                    if far[other] == far[n] + 1 {
                        ways[other] += ways[n];
                    }
                }
            }
            let mut needed = vec![0.0; graph.len()];
            for n in order.into_iter().rev() {
                for other in graph.near(n).iter().map(|other| *other as usize) {
                    if far[other] == far[n] + 1 {
                        needed[n] += ways[n] / ways[other] * (1.0 + needed[other]);
                    }
                }
                if n != source {
                    between[n] += needed[n] / 2.0;
                }
            }
        }
        between
    }

    fn close(ours: &[f64], theirs: &[f64]) -> bool {
        ours.len() == theirs.len()
            && ours.iter().zip(theirs).all(|(a, b)| (a - b).abs() <= 1e-9 * b.abs().max(1.0))
    }

    fn measured(graph: &Csr, threads: usize) -> Vec<f64> {
        betweenness(graph, threads, &|_| true).expect("goes on")
    }

    /// Rings of different lengths that share members, with chains and stars hanging on them: one
    /// block of some thousand and many small ones.
    fn large() -> Csr {
        let mut random = Random::new(5);
        let mut ties = Vec::new();
        for n in 0..1500_u32 {
            ties.push((n, (n + 1) % 1500));
            if n % 3 == 0 {
                ties.push((n, (random.next() % 1500) as u32));
            }
        }
        ties.extend((1500..2000).map(|n| (n, (random.next() % u64::from(n)) as u32)));
        Csr::new(2010, &ties)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        /// Few ties leave trees, chains, blocks and several parts; many leave one block. Loops and
        /// parallel ties come by themselves.
        #[test]
        fn it_is_what_the_plain_algorithm_finds(
            count in 1_usize..60,
            ties in proptest::collection::vec((0_u32..60, 0_u32..60), 0..150),
            chain in 0_u32..12,
        ) {
            let chained = (0..chain).map(|n| (n, n + 1));
            let ties: Vec<_> = ties.into_iter().chain(chained).collect();
            let graph = Csr::new(count, &ties);
            let (ours, theirs) = (measured(&graph, 2), plain(&graph));
            prop_assert!(close(&ours, &theirs), "{ours:?} {theirs:?}");
            let all = betweenness_sampled(&graph, count, 1, 1, &|_| true).expect("goes on");
            prop_assert_eq!(all, ours);
        }
    }

    #[test]
    fn it_does_not_depend_on_the_number_of_threads() {
        let graph = large();
        let one = measured(&graph, 1);
        assert!(close(&one, &plain(&graph)));
        for threads in [2, 5] {
            assert_eq!(measured(&graph, threads), one);
        }
        let sampled = |threads| betweenness_sampled(&graph, 999, 7, threads, &|_| true);
        assert_eq!(sampled(1), sampled(3));
    }

    #[test]
    fn samples_come_to_the_true_value_on_average() {
        let graph = large();
        let exact = measured(&graph, 2);
        let mut mean = vec![0.0; graph.len()];
        for seed in 0..20 {
            let one = betweenness_sampled(&graph, 100, seed, 2, &|_| true).expect("goes on");
            assert!(one.iter().all(|value| *value >= 0.0));
            for (mean, one) in mean.iter_mut().zip(one) {
                *mean += one / 20.0;
            }
        }
        let off = mean.iter().zip(&exact).map(|(mean, exact)| (mean - exact).abs()).sum::<f64>();
        let all: f64 = exact.iter().sum();
        assert!(off / all < 0.08, "{}", off / all);
        let bias = (mean.iter().sum::<f64>() / all - 1.0).abs();
        assert!(bias < 0.01, "{bias}");
    }

    #[test]
    fn it_stops_when_told() {
        assert_eq!(betweenness(&large(), 2, &|part| part < 0.2), None);
    }
}
