//! A graph in a few flat arrays: who is next to whom, by number.

use std::{ops::Range, panic::resume_unwind};

/// An undirected graph without loops and without parallel ties, in compressed rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Csr {
    /// Where the neighbours of each begin; one more at the end.
    starts: Vec<u32>,
    /// The neighbours of all, one after the other, each row sorted.
    ends: Vec<u32>,
}

impl Csr {
    /// The graph of so many members with these ties. Loops, repetitions and ties to what is not
    /// there are left out.
    pub fn new(count: usize, ties: &[(u32, u32)]) -> Self {
        let there = |(a, b): &(u32, u32)| a != b && (*a as usize) < count && (*b as usize) < count;
        let mut starts = vec![0_u32; count + 1];
        for (a, b) in ties.iter().copied().filter(there) {
            starts[a as usize + 1] += 1;
            starts[b as usize + 1] += 1;
        }
        for n in 0..count {
            starts[n + 1] += starts[n];
        }
        let mut next = starts.clone();
        let mut ends = vec![0_u32; starts[count] as usize];
        for (a, b) in ties.iter().copied().filter(there) {
            for (from, to) in [(a, b), (b, a)] {
                let at = &mut next[from as usize];
                ends[*at as usize] = to;
                *at += 1;
            }
        }
        // Each row sorted and without repetitions, moved up to where the one before ends.
        let mut kept = 0;
        for n in 0..count {
            let (from, to) = (starts[n] as usize, starts[n + 1] as usize);
            ends[from..to].sort_unstable();
            starts[n] = kept as u32;
            let mut last = u32::MAX;
            for at in from..to {
                let end = ends[at];
                if end != last {
                    ends[kept] = end;
                    kept += 1;
                    last = end;
                }
            }
        }
        starts[count] = kept as u32;
        ends.truncate(kept);
        Self { starts, ends }
    }

    /// How many members it has.
    #[inline]
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Whether it has no member.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many ties it has, each pair counted once.
    pub fn ties(&self) -> usize {
        self.ends.len() / 2
    }

    /// The neighbours of a member, sorted.
    #[inline]
    pub fn near(&self, member: usize) -> &[u32] {
        &self.ends[self.starts[member] as usize..self.starts[member + 1] as usize]
    }

    /// How many neighbours a member has.
    #[inline]
    pub fn degree(&self, member: usize) -> usize {
        (self.starts[member + 1] - self.starts[member]) as usize
    }

    /// How many neighbours each member has, in order.
    pub fn degrees(&self) -> Vec<u32> {
        let ends = self.starts.get(1..).unwrap_or_default();
        ends.iter().zip(&self.starts).map(|(end, start)| end - start).collect()
    }

    /// The connected part that each member belongs to, numbered from 0 in the order of their first
    /// members, and how many parts there are.
    pub fn parts(&self) -> (Vec<u32>, usize) {
        let mut part = vec![u32::MAX; self.len()];
        // With room for one more than all.
        let mut stack = vec![0; self.len() + 1];
        let mut count = 0;
        for start in 0..self.len() {
            if part[start] != u32::MAX {
                continue;
            }
            part[start] = count;
            stack[0] = start as u32;
            let mut height = 1;
            while height > 0 {
                height -= 1;
                for &other in self.near(stack[height] as usize) {
                    // Without a branch, for nobody can guess which way it would go.
                    let of = &mut part[other as usize];
                    stack[height] = other;
                    height += usize::from(*of == u32::MAX);
                    *of = count;
                }
            }
            count += 1;
        }
        (part, count as usize)
    }

    /// The same graph with its members numbered anew so that neighbours have near numbers, which
    /// makes walks through it faster, and the member that each was: part after part, each as a walk
    /// finds it that begins at one with many neighbours.
    pub(crate) fn with_near_ones_close(&self) -> (Self, Vec<u32>) {
        let count = self.len();
        let (part, parts) = self.parts();
        let mut first = vec![u32::MAX; parts];
        for (n, part) in part.iter().enumerate() {
            let first = &mut first[*part as usize];
            if *first == u32::MAX || self.degree(n) > self.degree(*first as usize) {
                *first = n as u32;
            }
        }
        let mut number = vec![u32::MAX; count];
        let mut order = Vec::with_capacity(count);
        for start in first {
            let mut at = order.len();
            number[start as usize] = at as u32;
            order.push(start);
            while at < order.len() {
                for &other in self.near(order[at] as usize) {
                    if number[other as usize] == u32::MAX {
                        number[other as usize] = order.len() as u32;
                        order.push(other);
                    }
                }
                at += 1;
            }
        }
        let (mut starts, mut ends) = (vec![0], Vec::with_capacity(self.ends.len()));
        for n in &order {
            let from = ends.len();
            ends.extend(self.near(*n as usize).iter().map(|other| number[*other as usize]));
            ends[from..].sort_unstable();
            starts.push(ends.len() as u32);
        }
        (Self { starts, ends }, order)
    }
}

/// A graph whose ties have weights, in compressed rows; what stands for parts of a [`Csr`].
#[derive(Clone, Debug)]
pub(crate) struct Weighted {
    starts: Vec<u32>,
    ends: Vec<u32>,
    weights: Vec<f32>,
}

impl Weighted {
    /// Some members of a graph, who are next to nobody else, with ties of weight 1. `place` says
    /// at which place among them each is.
    pub(crate) fn of(graph: &Csr, members: impl Iterator<Item = u32>, place: &[u32]) -> Self {
        let (mut starts, mut ends) = (vec![0], Vec::new());
        for n in members {
            ends.extend(graph.near(n as usize).iter().map(|other| place[*other as usize]));
            starts.push(ends.len() as u32);
        }
        let weights = vec![1.0; ends.len()];
        Self { starts, ends, weights }
    }

    /// Gives every entry a weight, by its member and its place in the member's row.
    pub(crate) fn weigh(&mut self, weight: impl Fn(usize, usize) -> f32) {
        for member in 0..self.len() {
            let from = self.starts[member] as usize;
            for at in from..self.starts[member + 1] as usize {
                self.weights[at] = weight(member, at - from);
            }
        }
    }

    /// How many members it has.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The neighbour of a member that has no other.
    #[inline]
    pub(crate) fn only(&self, member: usize) -> Option<usize> {
        match self.ends[self.starts[member] as usize..self.starts[member + 1] as usize] {
            [only] => Some(only as usize),
            _ => None,
        }
    }

    /// Some of the members, with the ties between them. `place` says where each is among them;
    /// those that are not have [`u32::MAX`].
    pub(crate) fn among(&self, members: &[u32], place: &[u32]) -> Self {
        let entries = self.ends.len();
        let mut starts = Vec::with_capacity(members.len() + 1);
        let (mut ends, mut weights) = (Vec::with_capacity(entries), Vec::with_capacity(entries));
        starts.push(0);
        for n in members {
            for (other, weight) in self.near(*n as usize) {
                if place[other] != u32::MAX {
                    ends.push(place[other]);
                    weights.push(weight);
                }
            }
            starts.push(ends.len() as u32);
        }
        Self { starts, ends, weights }
    }

    /// How many rows' entries it has: each tie counts from both ends.
    #[inline]
    pub(crate) fn entries(&self) -> usize {
        self.ends.len()
    }

    /// The neighbours of a member with the weights of their ties.
    #[inline]
    pub(crate) fn near(&self, member: usize) -> impl Iterator<Item = (usize, f32)> + '_ {
        let range = self.starts[member] as usize..self.starts[member + 1] as usize;
        let ends = &self.ends[range.clone()];
        let weights = &self.weights[range][..ends.len()];
        // Not `zip`: a release build does not inline its unchecked access.
        (0..ends.len()).map(move |at| (ends[at] as usize, weights[at]))
    }

    /// The graph of groups of members, `group` saying which of `count` groups each is in. Ties
    /// between the same two groups become one; those within a group are left out.
    pub(crate) fn merged(&self, group: &[u32], count: usize) -> Self {
        self.merged_on(1, group, count)
    }

    /// The same on several threads.
    pub(crate) fn merged_on(&self, threads: usize, group: &[u32], count: usize) -> Self {
        let (first, members) = in_groups(group, count);
        let some = |groups: Range<usize>| {
            let (mut starts, mut ends, mut weights) = (Vec::new(), Vec::new(), Vec::new());
            let mut ties = Ties::new(count);
            for of in groups {
                starts.push(ends.len() as u32);
                for n in &members[first[of]..first[of + 1]] {
                    for (other, weight) in self.near(*n as usize) {
                        ties.add(group[other], weight);
                    }
                }
                for (to, weight) in ties.all().filter(|(to, _)| *to as usize != of) {
                    ends.push(to);
                    weights.push(weight);
                }
                ties.clear();
            }
            Self { starts, ends, weights }
        };
        // About as many members for each thread.
        let bound = |thread: usize| first.partition_point(|n| *n < group.len() * thread / threads);
        let ranges = (0..threads).map(|thread| bound(thread)..bound(thread + 1).min(count));
        let mut all = Self { starts: Vec::new(), ends: Vec::new(), weights: Vec::new() };
        std::thread::scope(|scope| {
            let some = &some;
            let mut ranges = ranges;
            let own = ranges.next().unwrap_or_default();
            let others: Vec<_> = ranges.map(|range| scope.spawn(move || some(range))).collect();
            all = some(own);
            for other in others {
                let other = other.join().unwrap_or_else(|panic| resume_unwind(panic));
                let before = all.ends.len() as u32;
                all.starts.extend(other.starts.iter().map(|start| before + start));
                all.ends.extend(other.ends);
                all.weights.extend(other.weights);
            }
        });
        all.starts.push(all.ends.len() as u32);
        all
    }
}

/// Members by their groups: where each group begins, and one more; and who is in each, one group
/// after the other.
pub(crate) fn in_groups(group: &[u32], count: usize) -> (Vec<usize>, Vec<u32>) {
    let mut first = vec![0; count + 1];
    for of in group {
        first[*of as usize + 1] += 1;
    }
    for n in 0..count {
        first[n + 1] += first[n];
    }
    let mut next = first.clone();
    let mut members = vec![0; group.len()];
    for (n, of) in group.iter().enumerate() {
        let at: &mut usize = &mut next[*of as usize];
        members[*at] = n as u32;
        *at += 1;
    }
    (first, members)
}

/// The weights of a member's ties to groups, gathered without a map.
pub(crate) struct Ties {
    weight: Vec<f32>,
    /// With room for one more than all.
    to: Vec<u32>,
    count: usize,
}

impl Ties {
    /// None yet, to any of so many groups.
    pub(crate) fn new(count: usize) -> Self {
        Self { weight: vec![0.0; count], to: vec![0; count + 1], count: 0 }
    }

    /// Adds a tie.
    #[inline]
    pub(crate) fn add(&mut self, to: u32, weight: f32) {
        let sum = &mut self.weight[to as usize];
        // Without a branch, for nobody can guess which way it would go.
        self.to[self.count] = to;
        self.count += usize::from(*sum == 0.0);
        *sum += weight;
    }

    /// The weight of the ties to a group.
    #[inline]
    pub(crate) fn to(&self, to: u32) -> f32 {
        self.weight[to as usize]
    }

    /// Every group to which there is a tie, in the order in which they were met.
    #[inline]
    pub(crate) fn all(&self) -> impl Iterator<Item = (u32, f32)> + '_ {
        self.to[..self.count].iter().map(|to| (*to, self.weight[*to as usize]))
    }

    /// Forgets them.
    #[inline]
    pub(crate) fn clear(&mut self) {
        for to in &self.to[..self.count] {
            self.weight[*to as usize] = 0.0;
        }
        self.count = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loops_repetitions_and_strangers_are_left_out() {
        let graph = Csr::new(5, &[(0, 1), (1, 0), (0, 1), (2, 2), (1, 3), (9, 0)]);
        assert_eq!(graph.near(0), [1]);
        assert_eq!(graph.near(1), [0, 3]);
        assert_eq!((graph.degree(2), graph.ties(), graph.len()), (0, 2, 5));
        assert_eq!(graph.parts(), (vec![0, 0, 1, 0, 2], 3));
    }

    #[test]
    fn an_empty_graph_is_one_too() {
        let graph = Csr::new(0, &[(0, 1)]);
        assert!(graph.is_empty() && graph.parts().1 == 0);
        assert!(Csr::default().is_empty());
    }
}
