//! Communities: parts of a graph with more ties inside than chance would give them.
//!
//! Traag, Waltman, van Eck: From Louvain to Leiden, Scientific Reports 9 (2019), for modularity at
//! resolution 1. Unlike Louvain's, its communities are connected.

use crate::network::{Csr, Ties, Weighted};

/// A partition of the members of a graph.
#[derive(Clone, Debug, PartialEq)]
pub struct Communities {
    /// The community of each member, numbered from 0, the largest first.
    pub of: Vec<u32>,
    /// How many there are.
    pub count: usize,
    /// The share of ties inside communities less what chance would give, from -0.5 to 1.
    pub modularity: f64,
}

/// Rounds of moving, refining and merging at most; later ones change next to nothing.
const ROUNDS: usize = 10;
/// How often the whole is done, each time from the partition before.
const PASSES: usize = 3;

/// Finds communities. The answer is the same every time.
pub fn leiden(graph: &Csr) -> Communities {
    let all: Vec<u32> = (0..graph.len() as u32).collect();
    let (of, count) = partition(Weighted::of(graph, all.iter().copied(), &all));
    let modularity = modularity(graph, &of, count);
    Communities { of, count, modularity }
}

/// The community of each member of a graph whose ties all weigh 1, and how many there are.
pub(crate) fn partition(graph: Weighted) -> (Vec<u32>, usize) {
    let first = Level::of(graph);
    let mut of: Vec<u32> = (0..first.len() as u32).collect();
    for _ in 0..PASSES {
        of = pass(&first, of);
    }
    let count = renumber(&mut of);
    by_size(&mut of, count);
    (of, count)
}

/// Improves a partition: members move, communities are refined, their parts become the members
/// of a smaller graph, and so on until nothing can be merged.
fn pass(first: &Level, mut community: Vec<u32>) -> Vec<u32> {
    // The member of the present level that each member of the graph is part of.
    let mut inside: Vec<u32> = (0..first.len() as u32).collect();
    let mut merged: Option<Level> = None;
    for _ in 0..ROUNDS {
        let level = merged.as_ref().unwrap_or(first);
        level.move_members(&mut community);
        let count = renumber(&mut community);
        if count == level.len() {
            break;
        }
        let (mut part, mut parts) = level.refine(&community);
        if parts == level.len() {
            // Nothing to merge by refinement: merge what belongs together.
            (part, parts) = (community.clone(), count);
        }
        let mut of_part = vec![0; parts];
        for (n, part) in part.iter().enumerate() {
            of_part[*part as usize] = community[n];
        }
        for at in &mut inside {
            *at = part[*at as usize];
        }
        merged = Some(level.merged(&part, parts));
        community = of_part;
    }
    inside.iter().map(|at| community[*at as usize]).collect()
}

/// The modularity of a partition into so many communities.
pub fn modularity(graph: &Csr, of: &[u32], count: usize) -> f64 {
    let total = 2.0 * graph.ties() as f64;
    if total == 0.0 {
        return 0.0;
    }
    let (mut inside, mut degrees) = (0.0, vec![0.0; count]);
    for (n, community) in of.iter().enumerate() {
        degrees[*community as usize] += graph.degree(n) as f64;
        inside += graph.near(n).iter().filter(|o| of[**o as usize] == *community).count() as f64;
    }
    inside / total - degrees.iter().map(|d| (d / total) * (d / total)).sum::<f64>()
}

/// Gives communities numbers from 0 without gaps; gives how many there are.
fn renumber(of: &mut [u32]) -> usize {
    let mut number = vec![u32::MAX; of.iter().max().map_or(0, |last| *last as usize + 1)];
    let mut count = 0;
    for community in of {
        let number = &mut number[*community as usize];
        if *number == u32::MAX {
            *number = count;
            count += 1;
        }
        *community = *number;
    }
    count as usize
}

fn by_size(of: &mut [u32], count: usize) {
    let mut sizes = vec![0_u32; count];
    for community in of.iter() {
        sizes[*community as usize] += 1;
    }
    let mut order: Vec<u32> = (0..count as u32).collect();
    order.sort_by_key(|c| (std::cmp::Reverse(sizes[*c as usize]), *c));
    let mut rank = vec![0; count];
    for (at, community) in order.iter().enumerate() {
        rank[*community as usize] = at as u32;
    }
    for community in of {
        *community = rank[*community as usize];
    }
}

/// A graph whose members stand for parts of the first one.
struct Level {
    graph: Weighted,
    /// The sum of the degrees of what each member stands for.
    degrees: Vec<f64>,
    /// Twice the number of ties.
    total: f64,
}

impl Level {
    /// The first level: every tie weighs 1.
    fn of(graph: Weighted) -> Self {
        let degrees = (0..graph.len()).map(|n| graph.near(n).count() as f64).collect();
        let total = (graph.entries() as f64).max(1.0);
        Self { graph, degrees, total }
    }

    fn len(&self) -> usize {
        self.degrees.len()
    }

    fn near(&self, n: usize) -> impl Iterator<Item = (usize, f32)> + '_ {
        self.graph.near(n)
    }

    /// Moves members to the neighbouring communities where they fit best, until none moves.
    fn move_members(&self, community: &mut [u32]) {
        let mut degrees = vec![0.0; self.len()];
        for (n, of) in community.iter().enumerate() {
            degrees[*of as usize] += self.degrees[n];
        }
        let mut queue: std::collections::VecDeque<u32> = (0..self.len() as u32).collect();
        let mut waiting = vec![true; self.len()];
        let mut ties = Ties::new(self.len());
        while let Some(n) = queue.pop_front() {
            let n = n as usize;
            waiting[n] = false;
            let own = community[n] as usize;
            let degree = self.degrees[n];
            degrees[own] -= degree;
            for (other, weight) in self.near(n) {
                ties.add(community[other], weight);
            }
            let gain =
                |to: usize, weight: f32| f64::from(weight) - degree * degrees[to] / self.total;
            let (mut best, mut most) = (own, gain(own, ties.to(own as u32)));
            for (to, weight) in ties.all() {
                let gain = gain(to as usize, weight);
                if gain > most + 1e-9 || (gain > most - 1e-9 && (to as usize) < best && best != own)
                {
                    (best, most) = (to as usize, gain);
                }
            }
            ties.clear();
            degrees[best] += degree;
            if best != own {
                community[n] = best as u32;
                for (other, _) in self.near(n) {
                    if community[other] as usize != best && !waiting[other] {
                        waiting[other] = true;
                        queue.push_back(other as u32);
                    }
                }
            }
        }
    }

    /// Splits each community into parts that are well connected in it; gives the part of each
    /// member and how many parts there are.
    fn refine(&self, community: &[u32]) -> (Vec<u32>, usize) {
        let mut whole = vec![0.0; self.len()];
        let mut outward = vec![0.0_f64; self.len()];
        for n in 0..self.len() {
            whole[community[n] as usize] += self.degrees[n];
            let inside = self.near(n).filter(|(o, _)| community[*o] == community[n]);
            outward[n] = inside.map(|(_, weight)| f64::from(weight)).sum();
        }
        let well = |ties: f64, degree: f64, community: usize| {
            ties >= degree * (whole[community] - degree) / self.total - 1e-9
        };
        let mut part: Vec<u32> = (0..self.len() as u32).collect();
        let mut degrees = self.degrees.clone();
        let mut alone = vec![true; self.len()];
        let mut ties = Ties::new(self.len());
        for n in 0..self.len() {
            let own = community[n] as usize;
            if !alone[n] || !well(outward[n], self.degrees[n], own) {
                continue;
            }
            for (other, weight) in self.near(n) {
                if community[other] as usize == own && other != n {
                    ties.add(part[other], weight);
                }
            }
            let (mut best, mut most) = (n, 0.0);
            for (to, weight) in ties.all() {
                let to = to as usize;
                let gain = f64::from(weight) - self.degrees[n] * degrees[to] / self.total;
                if gain > most && to != n && well(outward[to], degrees[to], own) {
                    (best, most) = (to, gain);
                }
            }
            if best != n {
                let tied = f64::from(ties.to(best as u32));
                degrees[best] += self.degrees[n];
                outward[best] += outward[n] - 2.0 * tied;
                part[n] = best as u32;
                alone[best] = false;
            }
            ties.clear();
        }
        let count = renumber(&mut part);
        (part, count)
    }

    fn merged(&self, part: &[u32], count: usize) -> Self {
        let mut degrees = vec![0.0; count];
        for (n, part) in part.iter().enumerate() {
            degrees[*part as usize] += self.degrees[n];
        }
        Self { graph: self.graph.merged(part, count), degrees, total: self.total }
    }
}
