//! Smaller and smaller graphs that keep the shape of a large one.

use super::{Problem, Random, Rows};
use crate::network::Weighted;

/// A graph with weights.
#[derive(Clone)]
pub(super) struct Level {
    /// Who is next to whom, and how many ties of the first level each tie stands for.
    pub(super) graph: Weighted,
    /// How many members of the first level each member stands for.
    pub(super) mass: Vec<f32>,
    /// Where those stay who are held; empty where nobody is.
    pub(super) held: Vec<Option<(f32, f32)>>,
    /// How long the ties of each row should be, in quarters; empty where all are of one length.
    pub(super) lengths: Vec<Vec<u8>>,
}

impl Level {
    /// The first level: some members of a graph, who are next to nobody else. `place` says at
    /// which place among them each is.
    pub(super) fn of(
        problem: Problem<'_>,
        rows: &Rows<'_>,
        members: &[u32],
        place: &[u32],
    ) -> Self {
        let mut graph = Weighted::of(problem.graph, members.iter().copied(), place);
        let mut lengths = Vec::new();
        if !rows.are_plain() {
            graph.weigh(|n, nth| rows.pull(members[n] as usize, nth));
            if !rows.lengths.is_empty() {
                let row = |n: &u32| {
                    let all = 0..problem.graph.degree(*n as usize);
                    let quarters = |nth| (rows.length(*n as usize, nth) * 4.0).round().max(1.0);
                    all.map(|nth| quarters(nth) as u8).collect()
                };
                lengths = members.iter().map(row).collect();
            }
        }
        let held = |n: &u32| {
            let held = problem.held.get(*n as usize).copied().flatten();
            held.map(|p| (p.x, p.y))
        };
        let held: Vec<_> = members.iter().map(held).collect();
        let held = if held.iter().any(Option::is_some) { held } else { Vec::new() };
        Self { graph, mass: vec![1.0; members.len()], held, lengths }
    }

    /// Where a member stays, if it is held.
    #[inline]
    pub(super) fn held(&self, member: usize) -> Option<(f32, f32)> {
        self.held.get(member).copied().flatten()
    }

    /// Puts those who are held where they stay.
    pub(super) fn put_back(&self, places: &mut (Vec<f32>, Vec<f32>)) {
        for (n, held) in self.held.iter().enumerate() {
            if let Some(at) = held {
                (places.0[n], places.1[n]) = *at;
            }
        }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.mass.len()
    }

    /// The neighbours of a member with the weights of their ties.
    #[inline]
    pub(super) fn near(&self, member: usize) -> impl Iterator<Item = (usize, f32)> + '_ {
        self.graph.near(member)
    }

    /// Merges every member with neighbours; gives the smaller graph and which of its members each
    /// has become. Where `communities` are named, only those of the same one are merged; of those
    /// who are held, no two.
    ///
    /// Members are visited in a random order. One that is free gathers its free neighbours; one
    /// that then has no free neighbour follows the neighbour to whom it is tied most, so that
    /// stars and chains shrink as fast as everything else.
    pub(super) fn merge(
        &self,
        random: &mut Random,
        communities: Option<&[u32]>,
    ) -> (Self, Vec<u32>) {
        const FREE: u32 = u32::MAX;
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        random.shuffle(&mut order);
        let mut group = vec![FREE; self.len()];
        // Where each group is held.
        let mut held: Vec<Option<(f32, f32)>> = Vec::new();
        let mut groups = 0;
        for &n in &order {
            let n = n as usize;
            if group[n] != FREE {
                continue;
            }
            let own = self.held(n);
            let near = || {
                self.near(n).filter(|(other, _)| communities.is_none_or(|of| of[n] == of[*other]))
            };
            let takes = |other: usize| {
                own.is_none() || held.get(group[other] as usize).is_none_or(Option::is_none)
            };
            if near().all(|(other, _)| group[other] != FREE) {
                let strength = |(other, weight): &(usize, f32)| weight / self.mass[*other];
                let best = near()
                    .filter(|(other, _)| takes(*other))
                    .max_by(|a, b| strength(a).total_cmp(&strength(b)));
                if let Some((best, _)) = best {
                    group[n] = group[best];
                    if let (Some(at), Some(held)) = (own, held.get_mut(group[n] as usize)) {
                        *held = Some(at);
                    }
                    continue;
                }
            }
            group[n] = groups;
            let mut at = own;
            for (other, _) in near() {
                if group[other] == FREE {
                    match (at, self.held(other)) {
                        (Some(_), Some(_)) => continue,
                        (_, Some(held)) => at = Some(held),
                        _ => {}
                    }
                    group[other] = groups;
                }
            }
            if !self.held.is_empty() {
                held.push(at);
            }
            groups += 1;
        }
        let mut coarser = self.grouped(&group, groups as usize);
        coarser.held = held;
        (coarser, group)
    }

    fn grouped(&self, group: &[u32], groups: usize) -> Self {
        let mut mass = vec![0.0; groups];
        for (n, of) in group.iter().enumerate() {
            mass[*of as usize] += self.mass[n];
        }
        let graph = self.graph.merged(group, groups);
        Self { graph, mass, held: Vec::new(), lengths: Vec::new() }
    }
}
