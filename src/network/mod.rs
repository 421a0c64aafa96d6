//! The case as a graph in memory: entities, relationships, and who touches whom. Patched by
//! deltas, it holds no truth of its own and knows neither SQL nor egui.

pub mod measure;
pub mod measured;
pub mod path;

mod csr;
mod part;
mod random;

pub use csr::Csr;
pub(crate) use csr::{Ties, Weighted};
pub use measured::{Measure, Measured};
pub use part::Part;
pub(crate) use random::Random;

use std::collections::BTreeMap;

use crate::{
    case::Delta,
    model::{Entity, Id},
};

/// Everything that exists in a case, with the relationships of each entity at hand.
#[derive(Clone, Debug, Default)]
pub struct Network {
    entities: BTreeMap<Id, Entity>,
    /// For each id that is an end of a relationship, the relationships, sorted.
    touching: BTreeMap<Id, Vec<Id>>,
    /// How many relationships have both ends.
    links: usize,
    /// How many things are no relationships.
    nodes: usize,
}

impl Network {
    /// The network of these entities and relationships.
    pub fn new(entities: Vec<Entity>) -> Self {
        let mut network = Self::default();
        for entity in entities {
            network.put(entity);
        }
        network
    }

    /// Brings the network up to date after a revision. Where the delta says `reload`, make a new
    /// one instead.
    pub fn apply(&mut self, delta: &Delta) {
        for id in &delta.gone {
            self.remove(id);
        }
        for entity in &delta.changed {
            self.put(entity.clone());
        }
    }

    fn put(&mut self, entity: Entity) {
        self.remove(&entity.id);
        if let Some((source, target)) = &entity.ends {
            for end in [source, target] {
                let links = self.touching.entry(end.clone()).or_default();
                if let Err(at) = links.binary_search(&entity.id) {
                    links.insert(at, entity.id.clone());
                }
            }
        }
        let id = entity.id.clone();
        self.nodes += usize::from(entity.ends.is_none());
        self.entities.insert(id.clone(), entity);
        self.links += self.whole_at(&id);
    }

    fn remove(&mut self, id: &Id) {
        let whole = self.whole_at(id);
        let Some(entity) = self.entities.remove(id) else { return };
        self.links -= whole;
        self.nodes -= usize::from(entity.ends.is_none());
        let Some((source, target)) = entity.ends else { return };
        for end in [source, target] {
            if let Some(links) = self.touching.get_mut(&end) {
                links.retain(|link| link != id);
                if links.is_empty() {
                    self.touching.remove(&end);
                }
            }
        }
    }

    /// How many relationships with both ends there are only because this one exists: itself, and
    /// those that end at it.
    fn whole_at(&self, id: &Id) -> usize {
        let is_whole = |link: &Id| self.get(link).is_some_and(|link| self.ends(link).is_some());
        let touching = self.links_of(id);
        let itself = is_whole(id) && touching.binary_search(id).is_err();
        touching.iter().filter(|link| is_whole(link)).count() + usize::from(itself)
    }

    /// The entity or relationship of an id, if it exists.
    pub fn get(&self, id: &Id) -> Option<&Entity> {
        self.entities.get(id)
    }

    /// Every entity and relationship, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Entity> {
        self.entities.values()
    }

    /// Everything that is not a relationship, by id. A relationship that lacks an end counts here.
    pub fn nodes(&self) -> impl Iterator<Item = &Entity> {
        self.iter().filter(|e| e.ends.is_none())
    }

    /// The relationships whose ends both exist, by id.
    pub fn links(&self) -> impl Iterator<Item = &Entity> {
        self.iter().filter(|e| self.ends(e).is_some())
    }

    /// The entities at the ends of a relationship, source first, where both exist.
    pub fn ends(&self, link: &Entity) -> Option<(&Entity, &Entity)> {
        let (source, target) = link.ends.as_ref()?;
        Some((self.get(source)?, self.get(target)?))
    }

    /// The relationships that have an entity at one of their ends, by id.
    pub fn links_of(&self, id: &Id) -> &[Id] {
        self.touching.get(id).map_or(&[], Vec::as_slice)
    }

    /// How many relationships touch an entity; one from it to itself counts once.
    pub fn degree(&self, id: &Id) -> usize {
        self.links_of(id).len()
    }

    /// How many there are in [`Self::nodes`], without a walk.
    pub fn node_count(&self) -> usize {
        self.nodes
    }

    /// How many there are in [`Self::links`], without a walk.
    pub fn link_count(&self) -> usize {
        self.links
    }

    /// How many entities and relationships there are.
    pub fn len(&self) -> usize {
        self.entities.len()
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.entities.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Action, Case, NewValue, Op};

    fn add(id: &str, schema: &str, values: &[(&str, &str)]) -> Op {
        let values = values.iter().map(|(p, v)| NewValue::new(*p, *v)).collect();
        Op::Add { entity: id.into(), schema: schema.into(), values }
    }

    /// The ids and relationships of a network, for comparison.
    fn shape(network: &Network) -> Vec<(Entity, Vec<Id>)> {
        network.iter().map(|e| (e.clone(), network.links_of(&e.id).to_vec())).collect()
    }

    #[test]
    fn deltas_lead_to_the_same_network_as_reading_anew() {
        let mut case = Case::in_memory().expect("memory suffices");
        let mut network = Network::default();
        let owner = add("o", "Ownership", &[("owner", "a"), ("asset", "b")]);
        for ops in [
            vec![add("a", "Company", &[("name", "A")]), add("b", "Company", &[("name", "B")])],
            vec![owner],
            vec![Op::SwapEnds("o".into())],
            vec![Op::Retype { entity: "a".into(), schema: "Person".into() }],
            vec![Op::WithdrawEntity("b".into())],
            vec![Op::RestoreEntity("b".into())],
        ] {
            network.apply(&case.commit(Action::new("Edit", ops)).expect("valid"));
            assert_eq!(shape(&network), shape(&Network::new(case.entities().expect("readable"))));
            assert_eq!(network.link_count(), network.links().count());
            assert_eq!(network.node_count(), network.nodes().count());
        }
        assert_eq!(network.link_count(), 1);
        assert_eq!(network.degree(&"a".into()), 1);
        while let Some(delta) = case.undo().expect("undo") {
            network.apply(&delta);
            assert_eq!(shape(&network), shape(&Network::new(case.entities().expect("readable"))));
        }
        assert!(network.is_empty() && network.touching.is_empty());
        assert_eq!((network.node_count(), network.link_count()), (0, 0));
    }
}
