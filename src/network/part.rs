//! Part of a network as a flat graph, for measures and ways.

use std::collections::HashMap;

use super::{Connection, Csr, EntityRef, Seen};
use crate::model::Id;

/// Entities between two looks at whether to go on.
const STRIDE: usize = 512;

/// Some entities by number, and the graph of the relationships and references between them.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// The entities; an entity's number is its place.
    pub ids: Vec<Id>,
    /// Who is next to whom, by number.
    pub graph: Csr,
    number: HashMap<Id, u32>,
}

impl Part {
    /// The part that these entities make. Those that do not exist, and those named twice, count
    /// once or not at all; `skip` names relationships and references that do not count. `going` is
    /// asked now and then; where it answers false, there is no part.
    pub fn new<'a>(
        network: &Seen,
        ids: impl IntoIterator<Item = &'a Id>,
        skip: &dyn Fn(Connection<'_>) -> bool,
        going: &dyn Fn() -> bool,
    ) -> Option<Self> {
        let mut part = Self::default();
        for (at, id) in ids.into_iter().enumerate() {
            if at.is_multiple_of(STRIDE) && !going() {
                return None;
            }
            // Entities that are one are one point.
            let id = network.get(id).map(EntityRef::id);
            if let Some(id) = id.filter(|id| !part.number.contains_key(*id)) {
                part.number.insert(id.clone(), part.ids.len() as u32);
                part.ids.push(id.clone());
            }
        }
        let mut ties = Vec::new();
        for (from, id) in part.ids.iter().enumerate() {
            if from.is_multiple_of(STRIDE) && !going() {
                return None;
            }
            let Some(entity) = network.get(id) else { continue };
            // Each connection once: from its source.
            for connection in network.connections_from(entity) {
                if let Some((_, target)) = connection.ends()
                    && let Some(to) = part.number.get(target.id())
                    && !skip(connection)
                {
                    ties.push((from as u32, *to));
                }
            }
        }
        part.graph = Csr::new(part.ids.len(), &ties);
        Some(part)
    }

    /// The whole network, less what is a relationship; `going` as with [`Self::new`].
    pub fn whole(network: &Seen, going: &dyn Fn() -> bool) -> Option<Self> {
        Self::new(network, network.nodes().map(EntityRef::id), &|_| false, going)
    }

    /// The number of an entity, if it is part of it.
    pub fn number(&self, id: &Id) -> Option<usize> {
        self.number.get(id).map(|number| *number as usize)
    }
}
