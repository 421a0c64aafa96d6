//! The case as a graph in memory: entities, relationships, and who touches whom. Patched by
//! deltas, it holds no truth of its own and knows neither SQL nor egui.
//!
//! Everything is in a few flat arrays, so that a case of two million fits into 400 MB: an id has a
//! dense key, texts share one buffer, values one array, and an entity is read through an
//! [`EntityRef`].

pub mod between;
pub mod measure;
pub mod measured;
pub mod path;

mod builder;
mod csr;
mod entity_ref;
mod part;
mod random;
mod texts;
mod touching;
mod values;

pub use builder::Builder;
pub use csr::Csr;
pub(crate) use csr::{Ties, Weighted, in_groups};
pub use entity_ref::{EntityRef, ValueRef};
pub use measured::{Measure, Measured};
pub use part::Part;
pub(crate) use random::Random;

use std::{hash::BuildHasher as _, sync::Arc};

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};

use self::{
    texts::Texts,
    touching::Touching,
    values::{Kind, Run, Said, Values},
};
use crate::{
    case::{Case, Delta, Progress, Reading, Result},
    model::{Entity, Id, Strength, schema},
};

/// Set in the number of a text that is the id of an entity; the rest is the entity's key.
const IS_ID: u32 = 1 << 31;
/// From this many new entities in one delta on, the order by id is made anew.
const MANY: usize = 64;

/// Everything that exists in a case, with the relationships of each entity at hand.
#[derive(Clone, Debug)]
pub struct Network {
    /// Each id by its key. An id keeps its key when it no longer exists.
    ids: Vec<Id>,
    keys: HashTable<u32>,
    /// Whether the ids are in their order and all different.
    ascending: bool,
    hasher: DefaultHashBuilder,
    records: Vec<Record>,
    /// The keys of what exists, by id.
    order: Vec<u32>,
    touching: Touching,
    values: Values,
    texts: Texts,
    schemata: Vec<Arc<str>>,
    schema_numbers: HashMap<Arc<str>, u32>,
    /// How many relationships have both ends.
    links: usize,
    /// How many things are no relationships.
    nodes: usize,
    /// How many of them are documents.
    documents: usize,
    /// Whether the things of a schema are documents, by its number.
    of_documents: Vec<bool>,
}

impl Default for Network {
    fn default() -> Self {
        Self {
            ids: Vec::new(),
            keys: HashTable::new(),
            ascending: true,
            hasher: DefaultHashBuilder::default(),
            records: Vec::new(),
            order: Vec::new(),
            touching: Touching::default(),
            values: Values::default(),
            texts: Texts::default(),
            schemata: Vec::new(),
            schema_numbers: HashMap::new(),
            links: 0,
            nodes: 0,
            documents: 0,
            of_documents: Vec::new(),
        }
    }
}

/// What is known of an entity besides its id.
#[derive(Clone, Copy, Debug, Default)]
struct Record {
    values: Run,
    /// The number of the schema's name.
    schema: u32,
    /// The number of the caption's text, or of an entity whose id it is.
    caption: u32,
    /// The keys of source and target.
    ends: Option<(u32, u32)>,
    strength: Strength,
    denied: bool,
    has_schema: bool,
    exists: bool,
}

/// Whether the things of a schema are documents, which are counted and placed apart.
pub fn is_document(schema: &str) -> bool {
    schema::schema(schema).is_some_and(|s| s.is_a("Document"))
}

impl Network {
    /// The network of these entities and relationships.
    pub fn new(entities: Vec<Entity>) -> Self {
        Builder::of(&entities).finish()
    }

    /// Reads the network of a case.
    pub fn read(case: &Case, progress: &Progress) -> Result<Self> {
        let mut reading = Reading::new(case, Builder::default())?;
        while reading.step(case, progress)? {}
        Ok(reading.finish().finish())
    }

    /// Brings the network up to date after a revision. Where the delta says `reload`, make a new
    /// one instead.
    pub fn apply(&mut self, delta: &Delta) {
        let mut gone = Vec::new();
        for id in &delta.gone {
            if let Some(key) = self.key(id.as_str()).filter(|key| self.exists(*key)) {
                self.remove(key);
                gone.push(key);
            }
        }
        let mut new = Vec::new();
        for entity in &delta.changed {
            let key = self.key_of(entity.id.clone());
            if self.exists(key) {
                self.remove(key);
            } else {
                new.push(key);
            }
            self.put(key, entity);
        }
        self.reorder(&gone, new);
        self.values.tidy(self.records.iter_mut().map(|record| &mut record.values));
    }

    /// Brings the order by id up to date.
    fn reorder(&mut self, gone: &[u32], new: Vec<u32>) {
        if !gone.is_empty() {
            let records = &self.records;
            // What came back in the same delta is in its place again.
            self.order.retain(|key| records[*key as usize].exists);
        }
        let ids = &self.ids;
        let id = |key: &u32| &ids[*key as usize];
        if new.len() < MANY && gone.is_empty() {
            for key in new {
                let at = self.order.partition_point(|other| id(other) < id(&key));
                self.order.insert(at, key);
            }
        } else {
            self.order.extend(new);
            self.order.sort_by(|a, b| id(a).cmp(id(b)));
            self.order.dedup();
        }
    }

    fn put(&mut self, key: u32, entity: &Entity) {
        let said: Vec<Said> = entity
            .values
            .iter()
            .map(|value| {
                let kind = self.values.kind(Kind {
                    property: Arc::clone(&value.property),
                    lang: value.lang.clone(),
                    denied: value.denied,
                    strength: value.strength,
                });
                Said { statement: value.statement, kind, text: self.value_text(&value.text, false) }
            })
            .collect();
        let ends = entity
            .ends
            .as_ref()
            .map(|(source, target)| (self.key_of(source.clone()), self.key_of(target.clone())));
        self.records[key as usize] = Record {
            values: self.values.add(said),
            schema: self.schema_number(&entity.schema),
            caption: 0,
            ends,
            strength: entity.strength,
            denied: entity.denied,
            has_schema: true,
            exists: true,
        };
        self.records[key as usize].caption = self.caption_of(key, &entity.caption);
        if let Some((source, target)) = ends {
            let ids = &self.ids;
            for end in [source, target] {
                let later = |other: u32| ids[other as usize] > entity.id;
                self.touching.insert(end, key, later);
            }
        }
        self.nodes += usize::from(ends.is_none());
        self.documents += usize::from(self.is_document(&self.records[key as usize]));
        self.links += self.whole_at(key);
    }

    fn remove(&mut self, key: u32) {
        self.links -= self.whole_at(key);
        let record = std::mem::take(&mut self.records[key as usize]);
        self.nodes -= usize::from(record.ends.is_none());
        self.documents -= usize::from(self.is_document(&record));
        self.values.drop_run(record.values);
        if let Some((source, target)) = record.ends {
            for end in [source, target] {
                self.touching.remove(end, key);
            }
        }
    }

    fn count(&mut self) {
        self.nodes = self.nodes().count();
        self.documents = self.records.iter().filter(|record| self.is_document(record)).count();
        self.links = self.links().count();
    }

    fn is_document(&self, record: &Record) -> bool {
        let is_of = self.of_documents.get(record.schema as usize).copied().unwrap_or_default();
        record.exists && record.has_schema && record.ends.is_none() && is_of
    }

    fn shrink(&mut self) {
        self.values.shrink();
        self.texts.shrink();
        self.ids.shrink_to_fit();
        self.records.shrink_to_fit();
    }

    /// How many relationships with both ends there are only because this one exists: itself, and
    /// those that end at it.
    fn whole_at(&self, key: u32) -> usize {
        let touching = self.touching.of(key);
        let itself = self.is_whole(key) && !touching.contains(&key);
        touching.iter().filter(|link| self.is_whole(**link)).count() + usize::from(itself)
    }

    fn is_whole(&self, key: u32) -> bool {
        let record = &self.records[key as usize];
        record.exists && record.ends.is_some_and(|(a, b)| self.exists(a) && self.exists(b))
    }

    fn exists(&self, key: u32) -> bool {
        self.records[key as usize].exists
    }

    /// The key of an id that is known.
    fn key(&self, id: &str) -> Option<u32> {
        let hash = self.hasher.hash_one(id);
        self.keys.find(hash, |key| self.ids[*key as usize].as_str() == id).copied()
    }

    /// The key of an id, which gets the next one if it has none.
    fn key_of(&mut self, id: Id) -> u32 {
        // Read in their order, each is new: no need to look.
        self.ascending &= self.ids.last().is_none_or(|last| *last < id);
        if !self.ascending
            && let Some(key) = self.key(id.as_str())
        {
            return key;
        }
        let key = self.ids.len() as u32;
        let hash = self.hasher.hash_one(id.as_str());
        self.ids.push(id);
        self.records.push(Record::default());
        let (ids, hasher) = (&self.ids, &self.hasher);
        self.keys.insert_unique(hash, key, |key| hasher.hash_one(ids[*key as usize].as_str()));
        key
    }

    fn schema_number(&mut self, schema: &str) -> u32 {
        if let Some(number) = self.schema_numbers.get(schema) {
            return *number;
        }
        let (name, number) = (Arc::<str>::from(schema), self.schemata.len() as u32);
        self.schemata.push(Arc::clone(&name));
        self.of_documents.push(is_document(schema));
        self.schema_numbers.insert(name, number);
        number
    }

    /// The number of a value's text. What names an end is likely to be the id of an entity.
    fn value_text(&mut self, text: &str, names_end: bool) -> u32 {
        let key = if names_end { self.key(text) } else { None };
        key.map_or_else(|| self.texts.add(text), |key| key | IS_ID)
    }

    /// The number of a caption, most of which are among the entity's values.
    fn caption_of(&mut self, key: u32, caption: &str) -> u32 {
        if self.ids[key as usize].as_str() == caption {
            return key | IS_ID;
        }
        let said = self.values.of(self.records[key as usize].values);
        let same = said.iter().find(|said| self.text(said.text) == caption).map(|said| said.text);
        same.unwrap_or_else(|| self.texts.add(caption))
    }

    fn text(&self, number: u32) -> &str {
        if number & IS_ID == 0 {
            self.texts.get(number)
        } else {
            self.ids[(number & !IS_ID) as usize].as_str()
        }
    }

    fn value(&self, said: &Said) -> ValueRef<'_> {
        let kind = self.values.kind_of(said.kind);
        ValueRef {
            statement: said.statement,
            property: &kind.property,
            text: self.text(said.text),
            lang: kind.lang.as_deref(),
            denied: kind.denied,
            strength: kind.strength,
        }
    }

    fn asserts(&self, said: &Said, property: &str) -> bool {
        let kind = self.values.kind_of(said.kind);
        !kind.denied && *kind.property == *property
    }

    /// The keys of the ends that an entity's values name.
    fn find_ends(&mut self, key: u32) -> Option<(u32, u32)> {
        let record = &self.records[key as usize];
        let edge = schema::schema(&self.schemata[record.schema as usize])?.edge.as_ref()?;
        let said = self.values.of(record.values);
        let first = |property: &str| said.iter().find(|said| self.asserts(said, property));
        let (source, target) = (first(&edge.source)?.text, first(&edge.target)?.text);
        Some((self.named(source), self.named(target)))
    }

    /// The key of the entity that a text names.
    fn named(&mut self, text: u32) -> u32 {
        if text & IS_ID == 0 { self.key_of(self.texts.get(text).into()) } else { text & !IS_ID }
    }

    fn at(&self, key: u32) -> EntityRef<'_> {
        EntityRef { network: self, key }
    }

    /// The entity or relationship of an id, if it exists.
    pub fn get(&self, id: &Id) -> Option<EntityRef<'_>> {
        self.find(id.as_str())
    }

    /// The same for an id as text.
    pub fn find(&self, id: &str) -> Option<EntityRef<'_>> {
        self.key(id).filter(|key| self.exists(*key)).map(|key| self.at(key))
    }

    /// The entity or relationship of a key, if it exists.
    pub fn by_key(&self, key: u32) -> Option<EntityRef<'_>> {
        let known = (key as usize) < self.records.len();
        (known && self.exists(key)).then(|| self.at(key))
    }

    /// Every entity and relationship, by id.
    pub fn iter(&self) -> impl Iterator<Item = EntityRef<'_>> {
        self.order.iter().map(|key| self.at(*key))
    }

    /// Everything that is not a relationship, by id. A relationship that lacks an end counts here.
    pub fn nodes(&self) -> impl Iterator<Item = EntityRef<'_>> {
        self.iter().filter(|e| !e.is_link())
    }

    /// The relationships whose ends both exist, by id.
    pub fn links(&self) -> impl Iterator<Item = EntityRef<'_>> {
        self.iter().filter(|e| self.is_whole(e.key))
    }

    /// The entities at the ends of a relationship, source first, where both exist.
    pub fn ends(&self, link: EntityRef<'_>) -> Option<(EntityRef<'_>, EntityRef<'_>)> {
        let (source, target) = self.records[link.key as usize].ends?;
        self.is_whole(link.key).then(|| (self.at(source), self.at(target)))
    }

    /// The relationships that have an entity at one of their ends, by id.
    pub fn links_of(&self, id: &Id) -> impl ExactSizeIterator<Item = EntityRef<'_>> {
        let links = self.key(id.as_str()).map_or(&[][..], |key| self.touching.of(key));
        links.iter().map(|link| self.at(*link))
    }

    /// How many relationships touch an entity; one from it to itself counts once.
    pub fn degree(&self, id: &Id) -> usize {
        self.links_of(id).len()
    }

    /// How many there are in [`Self::nodes`], without a walk.
    pub fn node_count(&self) -> usize {
        self.nodes
    }

    /// How many of [`Self::nodes`] are documents, without a walk.
    pub fn document_count(&self) -> usize {
        self.documents
    }

    /// How many there are in [`Self::links`], without a walk.
    pub fn link_count(&self) -> usize {
        self.links
    }

    /// How many entities and relationships there are.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// About what it takes in memory, in bytes.
    pub fn bytes(&self) -> usize {
        // An id is a fat pointer to two counts and the text, rounded up by the allocator.
        let ids = self.ids.iter().map(|id| (16 + id.as_str().len() + 8).next_multiple_of(16));
        ids.sum::<usize>()
            + self.ids.capacity() * size_of::<Id>()
            + self.keys.capacity() * 5
            + self.records.capacity() * size_of::<Record>()
            + self.order.capacity() * 4
            + self.touching.bytes()
            + self.values.bytes()
            + self.texts.bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Action, NewValue, Op};

    fn add(id: &str, schema: &str, values: &[(&str, &str)]) -> Op {
        let values = values.iter().map(|(p, v)| NewValue::new(*p, *v)).collect();
        Op::Add { entity: id.into(), schema: schema.into(), values }
    }

    /// The ids and relationships of a network, for comparison.
    fn shape(network: &Network) -> Vec<(Entity, Vec<Id>)> {
        let links = |id| network.links_of(id).map(|link| link.id().clone()).collect();
        network.iter().map(|e| (e.to_entity(), links(e.id()))).collect()
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
        assert!(network.is_empty());
        assert_eq!((network.node_count(), network.link_count()), (0, 0));
    }

    /// A company of some names, or an ownership of others.
    fn entity(id: &str, names: &[String], ends: Option<(&str, &str)>) -> Entity {
        let value = |property: &str, text: &str| crate::model::Value {
            statement: 7,
            property: property.into(),
            text: text.into(),
            lang: None,
            denied: false,
            strength: Strength::default(),
        };
        let mut values: Vec<_> = names.iter().map(|name| value("name", name)).collect();
        if let Some((source, target)) = ends {
            values.extend([value("owner", source), value("asset", target)]);
        }
        Entity {
            id: id.into(),
            schema: if ends.is_some() { "Ownership" } else { "Company" }.into(),
            caption: names.first().map_or(id, String::as_str).into(),
            ends: ends.map(|(source, target)| (source.into(), target.into())),
            denied: false,
            strength: Strength::default(),
            values,
        }
    }

    #[test]
    fn many_changes_leave_no_waste_and_the_same_network() {
        let mut network = Network::default();
        let mut all = std::collections::BTreeMap::new();
        for round in 0..400_usize {
            let mut delta = Delta::default();
            // A large delta now and then, in which things come, change, and go.
            for n in 0..if round.is_multiple_of(50) { 100 } else { 8 } {
                let id = format!("{}", (round * 31 + n * 17) % 300);
                let names: Vec<String> =
                    (0..=round % 7).map(|k| format!("Pier Road {n} {k} {round}")).collect();
                let (source, target) = (format!("{}", round % 290), format!("{}", n * 3));
                let ends = (n % 3 == 0).then_some((source.as_str(), target.as_str()));
                if n % 5 == 4 {
                    all.remove(&id);
                    delta.gone.push(Id::from(id));
                } else {
                    all.insert(id.clone(), entity(&id, &names, ends));
                }
            }
            delta.gone.retain(|id| !all.contains_key(id.as_str()));
            let changed = |entity: &&Entity| {
                network.get(&entity.id).is_none_or(|e| e.to_entity() != **entity)
            };
            delta.changed = all.values().filter(changed).cloned().collect();
            network.apply(&delta);
        }
        let anew = Network::new(all.into_values().collect());
        assert_eq!(shape(&network), shape(&anew));
        assert_eq!(network.link_count(), network.links().count());
        assert_eq!(network.node_count(), network.nodes().count());
        let (patched, least) = (network.values.bytes(), anew.values.bytes());
        assert!(patched < least * 8 + (1 << 16), "{patched} bytes where {least} would do");
    }
}
