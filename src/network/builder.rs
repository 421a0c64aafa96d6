//! Making a network of what is read, in whatever order it is read.

use std::{collections::HashSet, hash::BuildHasher as _, sync::Arc};

use super::{
    Network, Record,
    touching::Touching,
    values::{Kind, Said},
};
use crate::{
    case::Sink,
    model::{Entity, Id, Strength, schema},
};

/// A network that is being read; see [`Sink`].
#[derive(Debug)]
pub struct Builder {
    network: Network,
    /// For each kind of value whether it names an end of a relationship.
    names_end: Vec<bool>,
    end_properties: HashSet<&'static str>,
    /// Values that came when those of other entities had come since.
    late: Vec<(u32, Said)>,
}

impl Default for Builder {
    fn default() -> Self {
        let edges = schema::schemata().filter_map(|schema| schema.edge.as_ref());
        Self {
            network: Network::default(),
            names_end: Vec::new(),
            end_properties: edges.flat_map(|edge| [&*edge.source, &*edge.target]).collect(),
            late: Vec::new(),
        }
    }
}

impl Builder {
    /// The network of these entities and relationships.
    pub(super) fn of(entities: &[Entity]) -> Self {
        let mut builder = Self::default();
        let mut sorted: Vec<&Entity> = entities.iter().collect();
        sorted.sort_by(|a, b| a.id.cmp(&b.id));
        for entity in &sorted {
            builder.id(entity.id.clone());
        }
        for entity in sorted {
            let key = builder.id(entity.id.clone());
            builder.schema(key, &entity.schema);
            builder.caption(key, &entity.caption);
            builder.strength(key, entity.strength);
            if entity.denied {
                builder.deny(key);
            }
            for value in &entity.values {
                let kind = builder.kind(
                    &value.property,
                    value.lang.as_deref(),
                    value.denied,
                    value.strength,
                );
                builder.say(key, value.statement, kind, &value.text);
            }
        }
        builder
    }

    /// The network, once everything has been told.
    pub fn finish(mut self) -> Network {
        self.place_late();
        let network = &mut self.network;
        for key in 0..network.records.len() as u32 {
            if !network.records[key as usize].exists {
                network.records[key as usize] = Record::default();
                continue;
            }
            network.records[key as usize].ends = network.find_ends(key);
        }
        let exists = |key: &u32| network.records[*key as usize].exists;
        let mut order: Vec<u32> = (0..network.records.len() as u32).filter(exists).collect();
        let ids = &network.ids;
        order.sort_by(|a, b| ids[*a as usize].cmp(&ids[*b as usize]));
        let records = &network.records;
        let ends = order.iter().filter_map(|key| {
            let (source, target) = records[*key as usize].ends?;
            Some((*key, source, target))
        });
        network.touching = Touching::new(records.len(), ends);
        network.order = order;
        network.count();
        network.shrink();
        self.network
    }

    fn place_late(&mut self) {
        // Stable: statements keep the order in which they were told.
        self.late.sort_by_key(|(key, _)| *key);
        let values = &mut self.network.values;
        for part in std::mem::take(&mut self.late).chunk_by(|a, b| a.0 == b.0) {
            let run = &mut self.network.records[part[0].0 as usize].values;
            let mut all = values.of(*run).to_vec();
            all.extend(part.iter().map(|(_, said)| *said));
            values.drop_run(*run);
            *run = values.add(all);
        }
    }
}

impl Sink for Builder {
    fn expect(&mut self, count: usize) {
        let network = &mut self.network;
        let (ids, hasher) = (&network.ids, &network.hasher);
        let hash = |key: &u32| hasher.hash_one(ids[*key as usize].as_str());
        network.keys.reserve(count, hash);
        network.ids.reserve(count);
        network.records.reserve(count);
    }

    fn id(&mut self, id: Id) -> u32 {
        self.network.key_of(id)
    }

    fn schema(&mut self, key: u32, schema: &str) {
        let number = self.network.schema_number(schema);
        self.network.records[key as usize].schema = number;
        self.network.records[key as usize].has_schema = true;
    }

    fn caption(&mut self, key: u32, caption: &str) {
        let text = self.network.caption_of(key, caption);
        let record = &mut self.network.records[key as usize];
        record.caption = text;
        record.exists = record.has_schema;
    }

    fn deny(&mut self, key: u32) {
        self.network.records[key as usize].denied = true;
    }

    fn strength(&mut self, key: u32, strength: Strength) {
        self.network.records[key as usize].strength = strength;
    }

    fn kind(
        &mut self,
        property: &str,
        lang: Option<&str>,
        denied: bool,
        strength: Strength,
    ) -> u32 {
        let kind = Kind { property: property.into(), lang: lang.map(Arc::from), denied, strength };
        let number = self.network.values.kind(kind);
        if number as usize == self.names_end.len() {
            self.names_end.push(self.end_properties.contains(property));
        }
        number
    }

    fn say(&mut self, key: u32, statement: i64, kind: u32, text: &str) {
        let text = self.network.value_text(text, self.names_end[kind as usize]);
        let said = Said { statement, kind, text };
        let run = &mut self.network.records[key as usize].values;
        if !self.network.values.extend(run, said) {
            self.late.push((key, said));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{case::Progress, demo::Demo, network::EntityRef};

    #[test]
    fn a_network_read_in_passes_says_the_same_as_its_entities() {
        for demo in Demo::ALL {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("demo.redthread");
            let case = demo.build(&path, &Progress::new()).expect("builds");
            let network = Network::read(&case, &Progress::new()).expect("readable");
            let mut entities = case.entities().expect("readable");
            entities.sort_by(|a, b| a.id.cmp(&b.id));
            let read: Vec<_> = network.iter().map(EntityRef::to_entity).collect();
            assert_eq!(read, entities);
            let links = |network: &Network| -> Vec<Vec<Id>> {
                let of = |id| network.links_of(id).map(|link| link.id().clone()).collect();
                network.iter().map(|entity| of(entity.id())).collect()
            };
            assert_eq!(links(&network), links(&Network::new(entities)));
        }
    }
}
