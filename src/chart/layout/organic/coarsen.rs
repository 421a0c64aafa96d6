//! Smaller and smaller graphs that keep the shape of a large one.

use super::Random;
use crate::network::{Csr, Weighted};

/// A connected graph with weights.
pub(super) struct Level {
    /// Who is next to whom, and how many ties of the first level each tie stands for.
    pub(super) graph: Weighted,
    /// How many members of the first level each member stands for.
    pub(super) mass: Vec<f32>,
}

impl Level {
    /// The first level: some members of a graph, who are next to nobody else. `place` says at
    /// which place among them each is.
    pub(super) fn of(graph: &Csr, members: &[u32], place: &[u32]) -> Self {
        let graph = Weighted::of(graph, members.iter().copied(), place);
        Self { graph, mass: vec![1.0; members.len()] }
    }

    pub(super) fn len(&self) -> usize {
        self.mass.len()
    }

    /// The neighbours of a member with the weights of their ties.
    pub(super) fn near(&self, member: usize) -> impl Iterator<Item = (usize, f32)> + '_ {
        self.graph.near(member)
    }

    /// Merges every member with neighbours; gives the smaller graph and which of its members each
    /// has become. Where `communities` are named, only those of the same one are merged.
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
        let mut groups = 0;
        for &n in &order {
            let n = n as usize;
            if group[n] != FREE {
                continue;
            }
            let near = || {
                self.near(n).filter(|(other, _)| communities.is_none_or(|of| of[n] == of[*other]))
            };
            if near().all(|(other, _)| group[other] != FREE) {
                let strength = |(other, weight): &(usize, f32)| weight / self.mass[*other];
                if let Some((best, _)) = near().max_by(|a, b| strength(a).total_cmp(&strength(b))) {
                    group[n] = group[best];
                    continue;
                }
            }
            group[n] = groups;
            for (other, _) in near() {
                if group[other] == FREE {
                    group[other] = groups;
                }
            }
            groups += 1;
        }
        (self.grouped(&group, groups as usize), group)
    }

    fn grouped(&self, group: &[u32], groups: usize) -> Self {
        let mut mass = vec![0.0; groups];
        for (n, of) in group.iter().enumerate() {
            mass[*of as usize] += self.mass[n];
        }
        Self { graph: self.graph.merged(group, groups), mass }
    }
}
