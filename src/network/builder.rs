//! Making a network of what is read, in whatever order it is read.

use std::{collections::HashSet, hash::BuildHasher as _, panic, sync::Arc, thread};

use super::{
    Network, Seen,
    seen::IS_ID,
    support::Support,
    texts::{Equal, Texts},
    touching::Touching,
    values::{Kind, Run, Said},
    weigh::Weigher,
};
use crate::{
    case::{Backing, Horizon, Sink},
    model::{Credibility, Entity, Id, StatementKey, Strength, entity::SCHEMA, schema},
};

/// A network that is being read; see [`Sink`].
#[derive(Debug)]
pub struct Builder {
    seen: Seen,
    support: Support,
    /// The texts, by themselves: to ask each time whether others share them would take longer.
    texts: Texts,
    /// What the values of each kind name.
    names: Vec<Names>,
    /// Of each kind, how often texts of it are equal.
    equal: Vec<Equal>,
    entity_properties: HashSet<&'static str>,
    /// The entity of which values come, and those that have come.
    current: (u32, Vec<Said>),
    /// Values that came when those of other entities had come since.
    late: Vec<(u32, Said)>,
    /// The statement that came last.
    last: Option<StatementKey>,
    /// Which revisions count; unless all do, what entities are called follows from their values.
    horizon: Horizon,
}

/// What a value names.
#[derive(Clone, Copy, Debug)]
enum Names {
    Nothing,
    /// An entity: an end of a relationship, or what a reference leads to.
    Entity,
    Schema,
}

impl Default for Builder {
    fn default() -> Self {
        let edges = schema::schemata().filter_map(|schema| schema.edge.as_ref());
        Self {
            seen: Seen::default(),
            support: Support::default(),
            texts: Texts::default(),
            names: Vec::new(),
            equal: Vec::new(),
            entity_properties: edges
                .flat_map(|edge| [&*edge.source, &*edge.target])
                .chain(schema::references())
                .collect(),
            current: (0, Vec::new()),
            late: Vec::new(),
            last: None,
            horizon: Horizon::default(),
        }
    }
}

impl Builder {
    /// A network of a case as far as the revisions of a horizon make it.
    pub fn at(horizon: Horizon) -> Self {
        Self { horizon, ..Self::default() }
    }

    /// The network of these entities and relationships. They may be a part of a case, without the
    /// documents that support them, so they are as strong as they say they are.
    pub(super) fn of(entities: &[Entity]) -> Network {
        let mut builder = Self::default();
        let mut sorted: Vec<&Entity> = entities.iter().collect();
        sorted.sort_by(|a, b| a.id.cmp(&b.id));
        for entity in &sorted {
            builder.id(entity.id.clone());
        }
        for entity in sorted {
            let key = builder.seen.key_of(entity.id.clone());
            builder.seen.put(key, entity);
            builder.support.put(&builder.seen, entity);
        }
        Arranged::of(&builder.seen).put(&mut builder.seen);
        builder.seen.count();
        Network::of(builder.seen, builder.support)
    }

    /// The network, once everything has been told.
    pub fn finish(mut self) -> Network {
        self.place_current();
        self.place_late();
        self.seen.texts = Arc::new(std::mem::take(&mut self.texts));
        let is_now = self.horizon.is_now();
        for key in 0..self.seen.records.len() as u32 {
            if !is_now {
                self.seen.derive_caption(key);
            }
            self.seen.derive(key);
            let support = &self.support;
            self.seen.derive_range(key, |statement| support.documents_of(statement));
        }
        self.weigh_beside();
        self.seen.shrink();
        self.support.shrink();
        Network { horizon: self.horizon, ..Network::of(self.seen, self.support) }
    }

    /// Finds how strong everything is and counts it, while another thread orders it.
    fn weigh_beside(&mut self) {
        let (seen, support) = (&self.seen, &self.support);
        let keys = 0..seen.records.len() as u32;
        let (arranged, strengths, counts) = thread::scope(|scope| {
            let arranging = scope.spawn(|| Arranged::of(seen));
            let weigher = Weigher::new(seen, support);
            let strengths = keys.clone().map(|key| seen.even_strength(key, &weigher));
            let strengths: Vec<Option<Strength>> = strengths.collect();
            let counts = seen.counted();
            let arranged = arranging.join().unwrap_or_else(|panic| panic::resume_unwind(panic));
            (arranged, strengths, counts)
        });
        arranged.put(&mut self.seen);
        [self.seen.nodes, self.seen.documents, self.seen.links] = counts;
        let weigher = Weigher::new(&self.seen, &self.support);
        for (key, strength) in keys.zip(strengths) {
            match strength {
                Some(strength) => self.seen.set_strength(key, strength),
                None => self.seen.weigh(key, &weigher),
            }
        }
    }

    /// Makes the values that have come those of their entity. It gets no strength yet.
    fn place_current(&mut self) {
        let (key, said) = &mut self.current;
        if said.is_empty() {
            return;
        }
        let run = &mut self.seen.records[*key as usize].values;
        if *run == Run::default() {
            *run = self.seen.values.add(said, true);
        } else {
            self.late.extend(said.iter().map(|one| (*key, *one)));
        }
        said.clear();
    }

    fn place_late(&mut self) {
        // Stable: statements keep the order in which they were told.
        self.late.sort_by_key(|(key, _)| *key);
        for part in std::mem::take(&mut self.late).chunk_by(|a, b| a.0 == b.0) {
            let key = part[0].0;
            let mut all: Vec<Said> = self.seen.said_of(key).iter().collect();
            all.extend(part.iter().map(|(_, said)| *said));
            let run = &mut self.seen.records[key as usize].values;
            self.seen.values.drop_run(*run);
            *run = self.seen.values.add(&all, true);
        }
    }
}

/// What exists, in its order, and who touches whom.
struct Arranged {
    order: Vec<u32>,
    touching: Touching,
    referring: Touching,
}

impl Arranged {
    fn of(seen: &Seen) -> Self {
        let exists = |key: &u32| seen.records[*key as usize].exists();
        let mut order: Vec<u32> = (0..seen.records.len() as u32).filter(exists).collect();
        if !seen.ascending {
            let ids = &seen.ids;
            order.sort_by(|a, b| ids[*a as usize].cmp(&ids[*b as usize]));
        }
        let records = &seen.records;
        let ends = order.iter().filter_map(|key| {
            let (source, target) = records[*key as usize].ends()?;
            Some((*key, source, target))
        });
        // They are walked twice.
        let ends: Vec<(u32, u32, u32)> = ends.collect();
        let touching = Touching::new(records.len(), ends.iter().copied());
        drop(ends);
        let mut references = Vec::new();
        for key in order.iter().filter(|key| records[**key as usize].refers) {
            references.extend(seen.named_by(*key).into_iter().map(|target| (*key, target)));
        }
        let referring = Touching::of_references(records.len(), &references);
        Self { order, touching, referring }
    }

    fn put(self, seen: &mut Seen) {
        seen.touching = self.touching;
        seen.referring = self.referring;
        seen.order = self.order.into();
    }
}

impl Sink for Builder {
    fn expect(&mut self, count: usize) {
        let seen = &mut self.seen;
        let (ids, hasher) = (&seen.ids, &seen.hasher);
        let hash = |key: &u32| hasher.hash_one(ids[*key as usize].as_str());
        seen.keys.reserve(count, hash);
    }

    fn id(&mut self, id: Id) -> u32 {
        self.seen.key_of(id)
    }

    fn evidence(&mut self, document: u32, judged: Option<Credibility>) {
        self.support.attach(document, judged);
    }

    fn read(&mut self, first: StatementKey, last: StatementKey, document: u32) {
        self.support.read(first, last, document);
    }

    fn cite(&mut self, statement: StatementKey, citations: Vec<Backing>) {
        self.support.cite(statement, citations);
    }

    fn caption(&mut self, key: u32, caption: &str) {
        self.place_current();
        let text = self.seen.caption_among(&self.texts, key, caption);
        let text = text.unwrap_or_else(|| self.texts.add(caption));
        self.seen.records[key as usize].caption = text;
    }

    fn kind(&mut self, property: &str, lang: Option<&str>, denied: bool) -> u32 {
        let kind = Kind { property: property.into(), lang: lang.map(Arc::from), denied };
        let number = self.seen.values.kind(kind);
        if number as usize == self.names.len() {
            self.equal.push(Equal::default());
            self.names.push(if property == SCHEMA {
                Names::Schema
            } else if self.entity_properties.contains(property) {
                Names::Entity
            } else {
                Names::Nothing
            });
        }
        number
    }

    fn named(&self, kind: u32, text: &str) -> Option<u32> {
        match self.names[kind as usize] {
            Names::Entity => self.seen.key(text),
            Names::Nothing | Names::Schema => None,
        }
    }

    fn state(
        &mut self,
        key: u32,
        statement: StatementKey,
        kind: u32,
        text: &str,
        named: Option<u32>,
    ) {
        let text = match self.names[kind as usize] {
            Names::Schema => self.seen.schema_number(text),
            Names::Entity => named.map_or_else(|| self.texts.add(text), |key| key | IS_ID),
            Names::Nothing => self.texts.add_of(text, &mut self.equal[kind as usize]),
        };
        self.seen.by_key &= self.last.is_none_or(|last| last < statement);
        self.last = Some(statement);
        if self.current.0 != key {
            self.place_current();
            self.current.0 = key;
        }
        self.current.1.push(Said { statement, kind, strength: Strength::default(), text });
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
            let network = Seen::read(&case, &Progress::new()).expect("readable");
            let mut entities = case.entities().expect("readable");
            entities.sort_by(|a, b| a.id.cmp(&b.id));
            let read: Vec<_> = network.iter().map(EntityRef::to_entity).collect();
            let of_file = entities.iter().cloned();
            let of_file =
                of_file.map(|entity| Entity { evidence: false, citations: Vec::new(), ..entity });
            assert_eq!(read, of_file.collect::<Vec<_>>());
            let links = |network: &Seen| -> Vec<Vec<Id>> {
                let of = |id| network.links_of(id).map(|link| link.id().clone()).collect();
                network.iter().map(|entity| of(entity.id())).collect()
            };
            assert_eq!(links(&network), links(&Seen::new(entities)));
        }
    }
}
