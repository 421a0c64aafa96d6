//! Smaller and smaller graphs that keep the shape of a large one.

use super::Random;
use crate::network::Csr;

/// A connected graph with weights.
pub(super) struct Level {
    starts: Vec<u32>,
    ends: Vec<u32>,
    /// How many ties of the first level each tie stands for.
    weights: Vec<f32>,
    /// How many members of the first level each member stands for.
    pub(super) mass: Vec<f32>,
}

impl Level {
    /// The first level: some members of a graph, who are next to nobody else. `place` says at
    /// which place among them each is.
    pub(super) fn of(graph: &Csr, members: &[u32], place: &[u32]) -> Self {
        let mut starts = vec![0];
        let mut ends = Vec::new();
        for n in members {
            ends.extend(graph.near(*n as usize).iter().map(|other| place[*other as usize]));
            starts.push(ends.len() as u32);
        }
        let weights = vec![1.0; ends.len()];
        Self { starts, ends, weights, mass: vec![1.0; members.len()] }
    }

    pub(super) fn len(&self) -> usize {
        self.mass.len()
    }

    /// The neighbours of a member with the weights of their ties.
    pub(super) fn near(&self, member: usize) -> impl Iterator<Item = (usize, f32)> + '_ {
        let range = self.starts[member] as usize..self.starts[member + 1] as usize;
        let ends = self.ends[range.clone()].iter().map(|end| *end as usize);
        ends.zip(self.weights[range].iter().copied())
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
        let mut members = vec![Vec::new(); groups];
        for (n, of) in group.iter().enumerate() {
            mass[*of as usize] += self.mass[n];
            members[*of as usize].push(n);
        }
        let (mut starts, mut ends, mut weights) = (vec![0], Vec::new(), Vec::new());
        // The place of each neighbour in the row that is being made.
        let mut seen = vec![u32::MAX; groups];
        for (of, members) in members.iter().enumerate() {
            let first = ends.len();
            for (other, weight) in members.iter().flat_map(|n| self.near(*n)) {
                let other = group[other];
                if other as usize == of {
                    continue;
                }
                let at = seen[other as usize] as usize;
                if at >= first && at < ends.len() && ends[at] == other {
                    weights[at] += weight;
                } else {
                    seen[other as usize] = ends.len() as u32;
                    ends.push(other);
                    weights.push(weight);
                }
            }
            starts.push(ends.len() as u32);
        }
        Self { starts, ends, weights, mass }
    }
}
