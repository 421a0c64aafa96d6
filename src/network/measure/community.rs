//! Communities: parts of a graph with more ties inside than chance would give them.
//!
//! Traag, Waltman, van Eck: From Louvain to Leiden, Scientific Reports 9 (2019), for modularity at
//! resolution 1. Unlike Louvain's, its communities are connected. After each merging, members move
//! once more, as in Rotta and Noack: Multilevel local search algorithms for modularity clustering,
//! ACM JEA 16 (2011): two passes come as far as more of the plain ones, in less time.

use std::collections::VecDeque;

use crate::network::{Csr, Random, Ties, Weighted, in_groups};

/// A partition of the members of a graph.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Communities {
    /// The community of each member, numbered from 0, the largest first.
    pub of: Vec<u32>,
    pub count: usize,
    /// The share of ties inside communities less what chance would give, from -0.5 to 1.
    pub modularity: f64,
}

/// How often the whole is done, each time from the partition before: in small graphs, where another
/// pass would bring next to nothing, and in large ones.
const PASSES: [usize; 2] = [2, 3];
/// How often parts are merged in a pass at most; it is as good as never so often.
const LEVELS: usize = 40;
/// How often communities that have fallen apart are split and their members moved at most.
const SPLITS: usize = 50;
/// A small graph has so many members at most. They take their turns by chance, which gives a little
/// more; in larger graphs near ones should be near in memory, too.
const SMALL: usize = 1 << 15;

/// So many members for each thread at least.
const SHARE: usize = 1 << 14;

/// Finds communities. The answer is the same every time for the same `seed`, however many threads
/// work on it. `going` is told the part that is done and may stop it.
pub fn leiden(graph: &Csr, seed: u64, going: &dyn Fn(f32) -> bool) -> Option<Communities> {
    let all: Vec<u32> = (0..graph.len() as u32).collect();
    let weighted = Weighted::of(graph, all.iter().copied(), &all);
    let (of, count) = improved(weighted, seed, cores(), going)?;
    let modularity = modularity(graph, &of, count);
    Some(Communities { of, count, modularity })
}

/// The community of each member of a graph, and how many there are.
pub(crate) fn partition(graph: Weighted) -> (Vec<u32>, usize) {
    improved(graph, 1, cores(), &|_| true).unwrap_or_default()
}

fn improved(
    graph: Weighted,
    seed: u64,
    threads: usize,
    going: &dyn Fn(f32) -> bool,
) -> Option<(Vec<u32>, usize)> {
    let (first, place) = Level::of(graph, threads).without_tails();
    let mut random = Random::new(seed);
    let mut of: Vec<u32> = (0..first.len() as u32).collect();
    first.move_members(&mut of, &mut random);
    let passes = PASSES[usize::from(of.len() > SMALL)];
    for pass in 0..passes {
        let going = |part: f32| going((pass as f32 + part) / passes as f32);
        first.improve(&mut of, LEVELS, &mut random, &going)?;
    }
    // Members of what was split off may fit better elsewhere, and what they leave may fall apart.
    // Some would move though none of their neighbours did, as communities have grown.
    let turns: Vec<u32> = (0..of.len() as u32).collect();
    for _ in 0..SPLITS {
        first.split(&mut of);
        if !first.move_in_turns(&mut of, turns.clone()) {
            break;
        }
    }
    first.split(&mut of);
    let mut of: Vec<u32> = place.iter().map(|place| of[*place as usize]).collect();
    let count = renumber(&mut of);
    by_size(&mut of, count);
    Some((of, count))
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
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
    threads: usize,
}

impl Level {
    /// The first level: every tie weighs 1.
    fn of(graph: Weighted, threads: usize) -> Self {
        let degrees = (0..graph.len()).map(|n| graph.near(n).count() as f64).collect();
        let total = (graph.entries() as f64).max(1.0);
        Self { graph, degrees, total, threads }
    }

    /// The same without members that have a single neighbour: they fit nowhere as well as with that
    /// one, which stands for them from now on. Of each member the place, among those that are left, of
    /// who stands for it.
    fn without_tails(self) -> (Self, Vec<u32>) {
        let mut place = vec![u32::MAX; self.len()];
        let mut kept = Vec::with_capacity(self.len());
        let mut tails = Vec::new();
        for (n, place) in place.iter_mut().enumerate() {
            match self.graph.only(n) {
                // Of two that have only each other the first is left.
                Some(other) if other < n || self.graph.only(other).is_none() => {
                    tails.push((n, other));
                }
                _ => {
                    *place = kept.len() as u32;
                    kept.push(n as u32);
                }
            }
        }
        let graph = self.graph.among(&kept, &place);
        let mut degrees: Vec<f64> = kept.iter().map(|n| self.degrees[*n as usize]).collect();
        for (n, other) in tails {
            place[n] = place[other];
            degrees[place[n] as usize] += self.degrees[n];
        }
        (Self { graph, degrees, ..self }, place)
    }

    fn len(&self) -> usize {
        self.degrees.len()
    }

    /// How many threads share the work.
    fn threads(&self) -> usize {
        self.threads.clamp(1, 1 + self.len() / SHARE)
    }

    fn near(&self, n: usize) -> impl Iterator<Item = (usize, f32)> + '_ {
        self.graph.near(n)
    }

    /// Improves a partition in which no member wants to move: communities are refined, their parts
    /// become the members of a smaller graph, that is improved in the same way, and members move
    /// again.
    fn improve(
        &self,
        community: &mut [u32],
        levels: usize,
        random: &mut Random,
        going: &dyn Fn(f32) -> bool,
    ) -> Option<()> {
        let count = renumber(community);
        if count == self.len() || levels == 0 {
            return Some(());
        }
        let (mut part, mut parts) = self.refine(community, count);
        if parts == self.len() {
            // Nothing to merge by refinement: merge what belongs together.
            (part, parts) = (community.to_vec(), count);
        }
        let mut above = vec![0; parts];
        for (n, part) in part.iter().enumerate() {
            above[*part as usize] = community[n];
        }
        let merged = self.merged(&part, parts);
        // Of the work, about so much is done, and about so much is left for after the smaller graph.
        let smaller = parts as f32 / self.len() as f32;
        let (before, after) = (0.7 * (1.0 - smaller), 0.3 * (1.0 - smaller));
        if !going(before) {
            return None;
        }
        merged.move_members(&mut above, random);
        merged.improve(&mut above, levels - 1, random, &|part| {
            going(before + part * (1.0 - before - after))
        })?;
        for (community, part) in community.iter_mut().zip(part) {
            *community = above[part as usize];
        }
        self.move_members(community, random);
        going(1.0).then_some(())
    }

    /// Moves members to the neighbouring communities where they fit best, or each to a community of
    /// its own if it fits nowhere, until no neighbour of one that has moved would move, too.
    fn move_members(&self, community: &mut [u32], random: &mut Random) {
        let mut turns: Vec<u32> = (0..self.len() as u32).collect();
        if turns.len() <= SMALL {
            random.shuffle(&mut turns);
        }
        self.move_in_turns(community, turns);
    }

    /// The same, in these turns at first; says whether any has moved.
    fn move_in_turns(&self, community: &mut [u32], turns: Vec<u32>) -> bool {
        let mut degrees = vec![0.0; self.len()];
        let mut sizes = vec![0_u32; self.len()];
        for (n, of) in community.iter().enumerate() {
            degrees[*of as usize] += self.degrees[n];
            sizes[*of as usize] += 1;
        }
        let all = 0..self.len() as u32;
        let mut empty: Vec<u32> = all.filter(|c| sizes[*c as usize] == 0).collect();
        let mut queue = VecDeque::from(turns);
        let mut moved = false;
        let mut waiting = vec![true; self.len()];
        let mut ties = Ties::new(self.len());
        while let Some(n) = queue.pop_front() {
            let n = n as usize;
            waiting[n] = false;
            let own = community[n] as usize;
            // Most have all their neighbours around them and stay.
            let mut inside = 0.0;
            let mut near = self.near(n);
            let stays = near.all(|(other, weight)| {
                inside += weight;
                community[other] as usize == own
            });
            let degree = self.degrees[n] / self.total;
            if stays && f64::from(inside) >= degree * (degrees[own] - self.degrees[n]) {
                continue;
            }
            degrees[own] -= self.degrees[n];
            for (other, weight) in self.near(n) {
                ties.add(community[other], weight);
            }
            // What it gains in a community over being alone.
            let (mut best, mut most) =
                (own, f64::from(ties.to(own as u32)) - degree * degrees[own]);
            for (to, weight) in ties.all() {
                let gain = f64::from(weight) - degree * degrees[to as usize];
                if gain > most + 1e-9 {
                    (best, most) = (to as usize, gain);
                }
            }
            ties.clear();
            if most < -1e-9
                && let Some(alone) = empty.pop()
            {
                best = alone as usize;
            }
            degrees[best] += self.degrees[n];
            if best != own {
                moved = true;
                sizes[own] -= 1;
                if sizes[own] == 0 {
                    empty.push(own as u32);
                }
                sizes[best] += 1;
                community[n] = best as u32;
                for (other, _) in self.near(n) {
                    if community[other] as usize != best && !waiting[other] {
                        waiting[other] = true;
                        queue.push_back(other as u32);
                    }
                }
            }
        }
        moved
    }

    /// Makes the connected parts of each community communities of their own, as moving members may
    /// have cut it in two; gives how many there are.
    fn split(&self, community: &mut [u32]) -> usize {
        let mut part = vec![u32::MAX; self.len()];
        // With room for one more than all.
        let mut stack = vec![0; self.len() + 1];
        let mut parts = 0;
        for start in 0..self.len() {
            if part[start] != u32::MAX {
                continue;
            }
            part[start] = parts;
            stack[0] = start as u32;
            let own = community[start];
            let mut height = 1;
            while height > 0 {
                height -= 1;
                for (other, _) in self.near(stack[height] as usize) {
                    // Without a branch, for nobody can guess which way it would go.
                    let fresh =
                        usize::from(part[other] == u32::MAX) & usize::from(community[other] == own);
                    stack[height] = other as u32;
                    height += fresh;
                    part[other] = if fresh == 1 { parts } else { part[other] };
                }
            }
            parts += 1;
        }
        community.copy_from_slice(&part);
        parts as usize
    }

    /// Splits each of `count` communities into parts that are well connected in it; gives the part
    /// of each member and how many parts there are.
    ///
    /// What happens in one community concerns no other: their members stand together, so that what
    /// is known of them does, and each thread has some of the communities.
    fn refine(&self, community: &[u32], count: usize) -> (Vec<u32>, usize) {
        let (starts, members) = in_groups(community, count);
        let mut place = vec![0; self.len()];
        for (at, n) in members.iter().enumerate() {
            place[*n as usize] = at as u32;
        }
        // For each place, where the first of its part is.
        let mut first: Vec<u32> = (0..self.len() as u32).collect();
        let threads = self.threads();
        std::thread::scope(|scope| {
            let mut rest = &mut first[..];
            let mut begin = 0;
            for thread in 1..=threads {
                // Whole communities, and about as many members for each.
                let end = starts.partition_point(|start| *start < self.len() * thread / threads);
                let (own, others) = rest.split_at_mut(starts[end] - starts[begin]);
                let (starts, members, place) = (&starts[begin..=end], &members, &place);
                let mut refine = move || self.refine_some(starts, members, place, own);
                if thread == threads {
                    refine();
                } else {
                    scope.spawn(refine);
                }
                (rest, begin) = (others, end);
            }
        });
        let mut part = vec![0; self.len()];
        let mut number = vec![u32::MAX; self.len()];
        let mut parts = 0;
        for (n, first) in members.iter().zip(first) {
            let number = &mut number[first as usize];
            if *number == u32::MAX {
                *number = parts;
                parts += 1;
            }
            part[*n as usize] = *number;
        }
        (part, parts as usize)
    }

    /// The same for some communities, whose members stand at the places between `starts`. `first`
    /// is of these places only.
    fn refine_some(&self, starts: &[usize], members: &[u32], place: &[u32], first: &mut [u32]) {
        let share = 1.0 / self.total;
        let largest = starts.windows(2).map(|ends| ends[1] - ends[0]).max().unwrap_or_default();
        // Numbers count from the first of the community. Ties out of it go to a part behind all,
        // where nobody can gain anything.
        let mut ties = Ties::new(largest + 1);
        let mut parts = Vec::with_capacity(largest + 1);
        let mut part = Vec::with_capacity(largest);
        let mut alone = Vec::with_capacity(largest);
        for ends in starts.windows(2) {
            let (start, size) = (ends[0], ends[1] - ends[0]);
            let members = &members[start..ends[1]];
            let inside = |other: usize| (place[other] as usize).wrapping_sub(start).min(size);
            let whole: f64 = members.iter().map(|n| self.degrees[*n as usize]).sum();
            // Of each part its degree and the weight of its ties to the rest of its community.
            parts.clear();
            for n in members {
                let n = *n as usize;
                let is_own = |other| f32::from(u8::from(inside(other) < size));
                let outward: f32 = self.near(n).map(|(o, weight)| weight * is_own(o)).sum();
                parts.push((self.degrees[n], f64::from(outward)));
            }
            parts.push((f64::INFINITY, 0.0));
            part.clear();
            part.extend(0..=size as u32);
            alone.clear();
            alone.resize(size, true);
            let well =
                |(degree, outward): (f64, f64)| outward >= degree * (whole - degree) * share - 1e-9;
            for (at, n) in members.iter().enumerate() {
                let n = *n as usize;
                if !alone[at] || !well(parts[at]) {
                    continue;
                }
                for (other, weight) in self.near(n) {
                    ties.add(part[inside(other)], weight);
                }
                let degree = self.degrees[n] * share;
                let (mut best, mut most) = (at, 0.0);
                for (to, weight) in ties.all() {
                    let to = to as usize;
                    let gain = f64::from(weight) - degree * parts[to].0;
                    if gain > most && well(parts[to]) {
                        (best, most) = (to, gain);
                    }
                }
                if best != at {
                    let tied = f64::from(ties.to(best as u32));
                    parts[best].0 += self.degrees[n];
                    parts[best].1 += parts[at].1 - 2.0 * tied;
                    part[at] = best as u32;
                    alone[best] = false;
                }
                ties.clear();
            }
            let begin = start - starts[0];
            for (first, part) in first[begin..begin + size].iter_mut().zip(&part) {
                *first = start as u32 + part;
            }
        }
    }

    fn merged(&self, part: &[u32], count: usize) -> Self {
        let mut degrees = vec![0.0; count];
        for (n, part) in part.iter().enumerate() {
            degrees[*part as usize] += self.degrees[n];
        }
        let graph = self.graph.merged_on(self.threads(), part, count);
        Self { graph, degrees, total: self.total, threads: self.threads }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(graph: &Csr, seed: u64) -> Communities {
        leiden(graph, seed, &|_| true).expect("goes on")
    }

    /// Rings of cliques of six, each tied to the next by one tie.
    fn cliques(count: u32) -> Csr {
        let mut ties = Vec::new();
        for clique in 0..count {
            for a in 0..6 {
                ties.extend((0..a).map(|b| (clique * 6 + a, clique * 6 + b)));
            }
            ties.push((clique * 6, (clique + 1) % count * 6 + 3));
        }
        Csr::new(count as usize * 6, &ties)
    }

    #[test]
    fn cliques_are_communities() {
        // Of 16 ties a clique, one leads out; beyond some tens, pairs of cliques score better.
        let graph = cliques(12);
        let communities = found(&graph, 1);
        assert_eq!(communities.count, 12);
        assert!(communities.of.chunks(6).all(|clique| clique.iter().all(|of| *of == clique[0])));
        assert!((communities.modularity - (15.0 / 16.0 - 1.0 / 12.0)).abs() < 1e-12);
        assert_eq!(found(&Csr::default(), 1).count, 0);
        assert_eq!(found(&Csr::new(3, &[]), 1).count, 3);
    }

    #[test]
    fn a_seed_gives_the_same_every_time_and_it_stops_when_told() {
        let graph = cliques(300);
        assert_eq!(found(&graph, 5), found(&graph, 5));
        assert_eq!(leiden(&graph, 1, &|_| false), None);
    }

    #[test]
    fn threads_make_no_difference() {
        let graph = cliques(6000);
        let all: Vec<u32> = (0..graph.len() as u32).collect();
        let found = |threads| {
            let weighted = Weighted::of(&graph, all.iter().copied(), &all);
            improved(weighted, 1, threads, &|_| true)
        };
        assert!(graph.len() > 2 * SHARE);
        assert_eq!(found(1), found(3));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]

        #[test]
        fn communities_are_connected_and_no_member_fits_better_elsewhere(
            count in 1_usize..80,
            ties in proptest::collection::vec((0_u32..80, 0_u32..80), 0..160),
            seed in 0_u64..100,
        ) {
            let graph = Csr::new(count, &ties);
            let Communities { of, count: communities, modularity: score } = found(&graph, seed);
            prop_assert_eq!(of.iter().max().map_or(0, |last| *last as usize + 1), communities);
            let inside: Vec<(u32, u32)> = ties
                .iter()
                .copied()
                .filter(|(a, b)| (*a.max(b) as usize) < count && of[*a as usize] == of[*b as usize])
                .collect();
            prop_assert_eq!(Csr::new(count, &inside).parts().1, communities);
            for n in 0..count {
                for other in graph.near(n) {
                    let mut moved = of.clone();
                    moved[n] = of[*other as usize];
                    prop_assert!(modularity(&graph, &moved, communities) <= score + 1e-6);
                }
            }
        }
    }
}
