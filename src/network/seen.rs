//! A case as it is seen through a lens: entities, relationships, and who touches whom. All that
//! draws, lists, measures, exports or answers reads this.
//!
//! Everything is in a few flat arrays, so that a case of two million fits into 400 MB: an id has a
//! dense key, texts share one buffer, values one array, and an entity is read through an
//! [`EntityRef`]. The arrays are in chunks that clones share, so that a snapshot costs pointers, and a
//! change while one is held copies only the chunks that it is in.

use std::{collections::BTreeSet, hash::BuildHasher as _, sync::Arc};

use hashbrown::{DefaultHashBuilder, HashMap};

use super::{
    Builder, EntityRef, Network, Records, ValueRef,
    chunks::Chunks,
    counting::Counting,
    order::Order,
    same::United,
    shards::Numbers,
    support::Support,
    texts::Texts,
    touching::Touching,
    values::{All, Kind, Run, Said, Values},
    weigh::Weigher,
};
use crate::{
    case::{Case, Delta, Progress, Result},
    model::{
        Entity, Id, PartialDate, Period, StatementKey, Strength, derive,
        entity::SCHEMA,
        schema::{self, Schema},
    },
};

/// Set in the number of a text that is the id of an entity; the rest is the entity's key.
pub(super) const IS_ID: u32 = 1 << 31;
/// Everything that exists in a case, seen through a lens, with the relationships of each entity at
/// hand.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Each id by its key. An id keeps its key when it no longer exists. Ids and texts, which a
    /// lens does not change, are shared with what is seen through others.
    pub(super) ids: Arc<Chunks<Id, 10>>,
    pub(super) keys: Numbers,
    /// Whether the ids are in their order and all different.
    pub(super) ascending: bool,
    /// Whether the statements of each entity are in the order of their keys. Those that were taken
    /// over from another copy of the case may come before older ones.
    pub(super) by_key: bool,
    pub(super) hasher: DefaultHashBuilder,
    pub(super) records: Chunks<Record, 10>,
    /// The keys of what exists, by id.
    pub(super) order: Order,
    pub(super) touching: Touching,
    /// For each key the entities that refer to it, whether it exists or not.
    pub(super) referring: Touching,
    pub(super) values: Values,
    pub(super) texts: Arc<Texts>,
    pub(super) schemata: Vec<Arc<str>>,
    /// The schema of each name, where this program knows it.
    known: Vec<Option<&'static Schema>>,
    pub(super) schema_numbers: HashMap<Arc<str>, u32>,
    /// How many relationships have both ends.
    pub(super) links: usize,
    /// How many things are no relationships.
    pub(super) nodes: usize,
    /// How many of them are documents.
    pub(super) documents: usize,
    /// Whether the things of a schema are documents, by its number.
    pub(super) of_documents: Vec<bool>,
    /// Those whose dates leave open whether they held on the day of the lens.
    pub(super) uncertain: Arc<BTreeSet<u32>>,
    /// What is one with what.
    pub(super) united: Arc<United>,
    /// What supports the statements of the network.
    pub(super) support: Arc<Support>,
    /// Which citations of it count.
    pub(super) counting: Arc<Counting>,
    pub(super) recorded: Arc<Records>,
}

impl Default for Seen {
    fn default() -> Self {
        Self {
            ids: Arc::default(),
            keys: Numbers::default(),
            ascending: true,
            by_key: true,
            hasher: DefaultHashBuilder::default(),
            records: Chunks::default(),
            order: Order::default(),
            touching: Touching::default(),
            referring: Touching::default(),
            values: Values::default(),
            texts: Arc::default(),
            schemata: Vec::new(),
            known: Vec::new(),
            schema_numbers: HashMap::new(),
            links: 0,
            nodes: 0,
            documents: 0,
            of_documents: Vec::new(),
            uncertain: Arc::default(),
            united: Arc::default(),
            support: Arc::default(),
            counting: Arc::default(),
            recorded: Arc::default(),
        }
    }
}

/// The caption of what the file knows nothing of.
pub(super) const NO_CAPTION: u32 = u32::MAX;

/// What is known of an entity besides its id.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    pub(super) values: Run,
    /// The number of the schema's name.
    pub(super) schema: u32,
    /// The number of the caption's text, or of an entity whose id it is; [`NO_CAPTION`] for none,
    /// and for what does not exist.
    pub(super) caption: u32,
    ends: [u32; 2],
    pub(super) strength: Strength,
    /// Whether each value is as strong as the entity.
    pub(super) even: bool,
    pub(super) denied: bool,
    /// Whether some of its values are references.
    pub(super) refers: bool,
}

/// The ends of what is no relationship.
const NO_ENDS: [u32; 2] = [u32::MAX; 2];

impl Default for Record {
    fn default() -> Self {
        Self {
            values: Run::default(),
            schema: 0,
            caption: NO_CAPTION,
            ends: NO_ENDS,
            strength: Strength::default(),
            even: true,
            denied: false,
            refers: false,
        }
    }
}

impl Record {
    /// The keys of source and target.
    #[inline]
    pub(super) fn ends(&self) -> Option<(u32, u32)> {
        (self.ends != NO_ENDS).then_some((self.ends[0], self.ends[1]))
    }

    pub(super) fn set_ends(&mut self, ends: Option<(u32, u32)>) {
        self.ends = ends.map_or(NO_ENDS, |(source, target)| [source, target]);
    }

    #[inline]
    pub(super) fn exists(&self) -> bool {
        self.caption != NO_CAPTION
    }

    /// The strength of each of its values, where that is one.
    #[inline]
    fn evenly(&self) -> Option<Strength> {
        self.even.then_some(self.strength)
    }
}

/// Whether the things of a schema are documents, which are counted and placed apart.
pub fn is_document(schema: &str) -> bool {
    schema::schema(schema).is_some_and(|s| s.is_a("Document"))
}

impl Seen {
    /// These entities and relationships.
    pub fn new(entities: Vec<Entity>) -> Self {
        Builder::of(&entities).into_seen()
    }

    /// A case as it is.
    pub fn read(case: &Case, progress: &Progress) -> Result<Self> {
        Ok(Network::read(case, progress)?.into_seen())
    }

    /// Takes in what a revision changed.
    pub(super) fn apply(&mut self, delta: &Delta) {
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
    pub(super) fn reorder(&mut self, gone: &[u32], new: Vec<u32>) {
        let (ids, records) = (&self.ids, &self.records);
        let by_id = |a: u32, b: u32| ids[a as usize].cmp(&ids[b as usize]);
        // What came back in the same delta is in its place again.
        self.order.change(gone, new, |key| records[key as usize].exists(), by_id);
    }

    pub(super) fn put(&mut self, key: u32, entity: &Entity) {
        // What is between two entities refers to none.
        let schema = schema::schema(&entity.schema).filter(|_| entity.ends.is_none());
        let mut refers = false;
        let values = entity.values.iter().map(|value| value.statement);
        self.by_key &=
            values.is_sorted() && entity.existence.iter().map(|one| one.statement).is_sorted();
        let mut said: Vec<Said> = entity
            .values
            .iter()
            .map(|value| {
                let kind = self.values.kind(Kind {
                    property: Arc::clone(&value.property),
                    lang: value.lang.clone(),
                    denied: value.denied,
                });
                let is_reference = self.values.may_refer(kind)
                    && schema.is_some_and(|schema| schema.reference(&value.property).is_some());
                refers |= is_reference;
                let text = if is_reference {
                    self.key_of(Id::from(&*value.text)) | IS_ID
                } else {
                    Arc::make_mut(&mut self.texts).add(&value.text)
                };
                Said { statement: value.statement, kind, strength: value.strength, text }
            })
            .collect();
        for one in &entity.existence {
            let kind = Kind { property: SCHEMA.into(), lang: None, denied: one.denied };
            let (kind, text) = (self.values.kind(kind), self.schema_number(&one.schema));
            said.push(Said { statement: one.statement, kind, strength: one.strength, text });
        }
        if self.by_key {
            said.sort_by_key(|one| one.statement);
        }
        let ends = entity
            .ends
            .as_ref()
            .map(|(source, target)| (self.key_of(source.clone()), self.key_of(target.clone())));
        let even = said.iter().all(|one| one.strength == entity.strength);
        let mut record = Record {
            values: self.values.add(&said, even),
            schema: self.schema_number(&entity.schema),
            caption: 0,
            strength: entity.strength,
            even,
            denied: entity.denied,
            refers,
            ..Record::default()
        };
        record.set_ends(ends);
        self.records[key as usize] = record;
        self.records[key as usize].caption = self.caption_of(key, &entity.caption);
        let numbered: Vec<(StatementKey, u32)> = if self.at(key).share_range().is_some() {
            let cited = entity.citations.iter().filter(|cite| cite.supports);
            cited.map(|cite| (cite.statement, self.key_of(cite.document.clone()))).collect()
        } else {
            Vec::new()
        };
        self.derive_range(key, |statement| {
            numbered
                .iter()
                .filter(|(of, _)| *of == statement)
                .map(|(_, document)| *document)
                .collect()
        });
        for target in self.named_by(key) {
            let ids = &self.ids;
            let later = |other: u32| ids[other as usize] > entity.id;
            self.referring.insert(target, key, later);
        }
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

    pub(super) fn remove(&mut self, key: u32) {
        self.links -= self.whole_at(key);
        for target in self.named_by(key) {
            self.referring.remove(target, key);
        }
        let record = std::mem::take(&mut self.records[key as usize]);
        self.nodes -= usize::from(record.ends().is_none());
        self.documents -= usize::from(self.is_document(&record));
        self.values.drop_run(record.values);
        if let Some((source, target)) = record.ends() {
            for end in [source, target] {
                self.touching.remove(end, key);
            }
        }
    }

    pub(super) fn count(&mut self) {
        [self.nodes, self.documents, self.links] = self.counted();
    }

    /// Counts what is no relationship, what of that is a document, and relationships with both ends.
    pub(super) fn counted(&self) -> [usize; 3] {
        let is_node = |record: &&Record| record.exists() && record.ends().is_none();
        let is_document = |record: &&Record| self.is_document(record);
        [
            self.records.iter().filter(is_node).count(),
            self.records.iter().filter(is_document).count(),
            (0..self.records.len() as u32).filter(|key| self.is_whole(*key)).count(),
        ]
    }

    pub(super) fn is_document(&self, record: &Record) -> bool {
        let is_of = self.of_documents.get(record.schema as usize).copied().unwrap_or_default();
        record.exists() && record.ends().is_none() && is_of
    }

    pub(super) fn shrink(&mut self) {
        self.values.shrink();
        Arc::make_mut(&mut self.texts).shrink();
        Arc::make_mut(&mut self.ids).shrink();
        self.records.shrink();
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
        record.exists() && record.ends().is_some_and(|(a, b)| self.exists(a) && self.exists(b))
    }

    pub(super) fn exists(&self, key: u32) -> bool {
        self.records[key as usize].exists()
    }

    /// The key of an id that is known.
    pub(super) fn key(&self, id: &str) -> Option<u32> {
        let hash = self.hasher.hash_one(id);
        self.keys.find(hash, |key| self.ids[*key as usize].as_str() == id).copied()
    }

    /// The key of an id, which gets the next one if it has none.
    pub(super) fn key_of(&mut self, id: Id) -> u32 {
        // Read in their order, each is new: no need to look.
        self.ascending &= self.ids.last().is_none_or(|last| *last < id);
        if !self.ascending
            && let Some(key) = self.key(id.as_str())
        {
            return key;
        }
        let key = self.ids.len() as u32;
        let hash = self.hasher.hash_one(id.as_str());
        Arc::make_mut(&mut self.ids).push(id);
        self.records.push(Record::default());
        let (ids, hasher) = (&self.ids, &self.hasher);
        self.keys.insert_unique(hash, key, |key| hasher.hash_one(ids[*key as usize].as_str()));
        key
    }

    pub(super) fn schema_number(&mut self, schema: &str) -> u32 {
        if let Some(number) = self.schema_numbers.get(schema) {
            return *number;
        }
        let (name, number) = (Arc::<str>::from(schema), self.schemata.len() as u32);
        self.schemata.push(Arc::clone(&name));
        self.known.push(schema::schema(schema));
        self.of_documents.push(is_document(schema));
        self.schema_numbers.insert(name, number);
        number
    }

    /// The number of a caption, most of which are among the entity's values.
    pub(super) fn caption_of(&mut self, key: u32, caption: &str) -> u32 {
        let same = self.caption_among(&self.texts, key, caption);
        same.unwrap_or_else(|| Arc::make_mut(&mut self.texts).add(caption))
    }

    /// The number of a caption that is the id of the entity or among its values, whose texts are here.
    pub(super) fn caption_among(&self, texts: &Texts, key: u32, caption: &str) -> Option<u32> {
        if self.ids[key as usize].as_str() == caption {
            return Some(key | IS_ID);
        }
        let same = self.values_of(key).find(|said| self.text_among(texts, said.text) == caption);
        same.map(|said| said.text)
    }

    pub(super) fn text(&self, number: u32) -> &str {
        self.text_among(&self.texts, number)
    }

    fn text_among<'a>(&'a self, texts: &'a Texts, number: u32) -> &'a str {
        if number & IS_ID == 0 {
            texts.get(number)
        } else {
            self.ids[(number & !IS_ID) as usize].as_str()
        }
    }

    pub(super) fn value(&self, said: Said) -> ValueRef<'_> {
        let kind = self.values.kind_of(said.kind);
        ValueRef {
            statement: said.statement,
            property: &kind.property,
            text: self.text(said.text),
            lang: kind.lang.as_deref(),
            denied: kind.denied,
            strength: said.strength,
        }
    }

    /// What is said of an entity, the statements about its schema included.
    #[inline]
    pub(super) fn said_of(&self, key: u32) -> All<'_> {
        let record = &self.records[key as usize];
        self.values.of(record.values, record.evenly())
    }

    /// The values of an entity, without the statements about its schema.
    pub(super) fn values_of(&self, key: u32) -> impl DoubleEndedIterator<Item = Said> {
        self.said_of(key).iter().filter(|said| !self.values.kind_of(said.kind).is_schema())
    }

    /// The statements about the schema of an entity, each with the schema and its kind.
    pub(super) fn existence_of(&self, key: u32) -> impl Iterator<Item = (Said, &Arc<str>, &Kind)> {
        self.said_of(key).iter().filter_map(|said| {
            let kind = self.values.kind_of(said.kind);
            kind.is_schema().then(|| (said, &self.schemata[said.text as usize], kind))
        })
    }

    /// Whether an entity says the same in what is seen through another lens of the same network, as
    /// strongly.
    pub(super) fn says_the_same(&self, key: u32, other: &Self) -> bool {
        // A lens keeps the numbers of kinds and of texts.
        self.records[key as usize].strength == other.records[key as usize].strength
            && self.said_of(key).is_like(other.said_of(key))
    }

    /// The asserted statements of an entity, those about its schema included. That it is the same as
    /// another says nothing of how well it is supported.
    pub(super) fn asserted_of(&self, key: u32) -> impl Iterator<Item = StatementKey> {
        let asserted = self.said_of(key).iter().filter(|said| {
            let kind = self.values.kind_of(said.kind);
            !kind.denied && &*kind.property != schema::SAME_AS
        });
        asserted.map(|said| said.statement)
    }

    /// Whether a document that counts supports a statement.
    pub(super) fn is_supported(&self, statement: StatementKey) -> bool {
        let is_there = |document| self.by_key(document).is_some();
        let mut all = self.counting.weighing(&self.support, statement, is_there);
        all.any(|one| one.supports && is_there(one.document))
    }

    /// A statement of an entity.
    fn stated(&self, key: u32, statement: StatementKey) -> Option<Said> {
        let all = self.said_of(key);
        all.place(statement, self.by_key).map(|at| all.get(at))
    }

    /// The lowest and the highest key of an entity's statements.
    pub(super) fn span_of(&self, key: u32) -> Option<(StatementKey, StatementKey)> {
        self.values.span(self.records[key as usize].values, self.by_key)
    }

    /// How strong a statement of an entity is.
    pub(super) fn strength_of(&self, key: u32, statement: StatementKey) -> Option<Strength> {
        Some(self.stated(key, statement)?.strength)
    }

    /// What a statement of an entity says, unless it is about the schema.
    pub(super) fn value_of(&self, key: u32, statement: StatementKey) -> Option<ValueRef<'_>> {
        let said = self.stated(key, statement)?;
        (!self.values.kind_of(said.kind).is_schema()).then(|| self.value(said))
    }

    /// Sets what an entity is called by its statements, where they make it exist.
    pub(super) fn derive_caption(&mut self, key: u32) {
        let existence = self.existence_of(key).filter(|(.., kind)| !kind.denied);
        let Some(schema) = existence.last().map(|(_, schema, _)| Arc::clone(schema)) else {
            return;
        };
        let entity = self.at(key);
        let caption = schema::caption(&schema, &|name| entity.first(name), entity.id().as_str());
        let caption = self.caption_of(key, &caption);
        self.records[key as usize].caption = caption;
    }

    /// Calls a stake of which a source gives a range by both its ends: “25–50 %”. `documents` says
    /// what supports a statement.
    pub(super) fn derive_range(
        &mut self,
        key: u32,
        documents: impl Fn(StatementKey) -> BTreeSet<u32>,
    ) {
        let record = &self.records[key as usize];
        if self.schema_of(record).is_none_or(|schema| schema.name != "Ownership") {
            return;
        }
        let Some([from, to]) = self.at(key).share_range() else { return };
        let (one, other) = (documents(from.statement), documents(to.statement));
        if !one.is_empty() && one == other {
            let range = format!("{}–{} %", from.text, to.text);
            let caption = self.caption_of(key, &range);
            self.records[key as usize].caption = caption;
        }
    }

    /// Sets what the statements of an entity make of it, its caption excepted.
    pub(super) fn derive(&mut self, key: u32) {
        let (mut schema, mut denied) = (None, false);
        for said in self.said_of(key).iter() {
            let kind = self.values.kind_of(said.kind);
            if kind.is_schema() && kind.denied {
                denied = true;
            } else if kind.is_schema() {
                schema = Some(said.text);
            }
        }
        let record = &mut self.records[key as usize];
        record.denied = denied;
        let Some(schema) = schema.filter(|_| record.exists()) else {
            *record = Record::default();
            return;
        };
        record.schema = schema;
        let ends = self.find_ends(key);
        self.records[key as usize].set_ends(ends);
        self.find_references(key);
    }

    /// The schema of an entity, where this program knows it.
    #[inline]
    pub(super) fn schema_of(&self, record: &Record) -> Option<&'static Schema> {
        self.known.get(record.schema as usize).copied().flatten()
    }

    /// Finds which values of an entity are references, and makes them name keys.
    fn find_references(&mut self, key: u32) {
        let record = self.records[key as usize];
        let may_refer = |said: Said| self.values.may_refer(said.kind);
        if record.ends().is_some() || !self.said_of(key).iter().any(may_refer) {
            return;
        }
        let Some(schema) = self.schema_of(&record) else { return };
        for at in 0..self.said_of(key).len() {
            let said = self.said_of(key).get(at);
            let property = &self.values.kind_of(said.kind).property;
            if self.values.may_refer(said.kind) && schema.reference(property).is_some() {
                let target = self.named(said.text);
                self.values.set_text(record.values, at, target | IS_ID);
                self.records[key as usize].refers = true;
            }
        }
    }

    /// The strength that an entity and all its values have, where that is known without a look at each.
    pub(super) fn even_strength(&self, key: u32, weigher: &Weigher<'_>) -> Option<Strength> {
        let (first, last) = self.span_of(key)?;
        weigher.together(first, last)
    }

    /// Sets how strong an entity and its values are.
    pub(super) fn weigh(&mut self, key: u32, weigher: &Weigher<'_>) {
        if self.span_of(key).is_none() {
            return;
        }
        if let Some(strength) = self.even_strength(key, weigher) {
            self.set_strength(key, strength);
            return;
        }
        let (mut pooled, mut strengths) = (Vec::new(), Vec::new());
        for said in self.said_of(key).iter() {
            let start = pooled.len();
            pooled.extend(weigher.of(said.statement));
            strengths.push(Strength::of(pooled[start..].iter().copied()));
            let kind = self.values.kind_of(said.kind);
            if kind.denied || &*kind.property == schema::SAME_AS {
                pooled.truncate(start);
            }
        }
        let strength = Strength::of(pooled);
        // An import cites that an entity exists once, and where a newer edition speaks of it, by that.
        let values = || self.values_of(key).map(|said| said.statement);
        let known = if weigher.knows_editions() { self.said_of(key).len() } else { 0 };
        for (at, said) in self.said_of(key).iter().enumerate().take(known) {
            let is_schema = self.values.kind_of(said.kind).is_schema();
            if is_schema && weigher.is_said_anew(said.statement, values()) {
                strengths[at] = strengths[at].max(strength);
            }
        }
        self.set_strength(key, strength);
        if strengths.iter().any(|one| *one != strength) {
            let record = &mut self.records[key as usize];
            record.even = false;
            self.values.set_strengths(&mut record.values, &strengths);
        }
    }

    /// Sets how strong an entity is, and with it each of its values.
    pub(super) fn set_strength(&mut self, key: u32, strength: Strength) {
        let record = &self.records[key as usize];
        if record.strength != strength || !record.even {
            let record = &mut self.records[key as usize];
            (record.strength, record.even) = (strength, true);
        }
    }

    /// Takes entities and relationships out.
    pub(super) fn drop_all(&mut self, keys: &BTreeSet<u32>) {
        let gone: Vec<u32> = keys.iter().copied().filter(|key| self.exists(*key)).collect();
        for key in &gone {
            self.remove(*key);
        }
        self.reorder(&gone, Vec::new());
    }

    /// The keys of those that ended before a period or began after it.
    pub(super) fn outside(&self, period: &Period) -> Vec<u32> {
        self.dated(|start, end| !period.overlaps(start, end))
    }

    /// The keys of those whose dates leave open whether they went on within a period.
    pub(super) fn uncertain_in(&self, period: &Period) -> BTreeSet<u32> {
        let may = self
            .dated(|start, end| period.overlaps(start, end) && !period.surely_overlaps(start, end));
        may.into_iter().collect()
    }

    /// The keys of those that began and ended as wanted. A document is there when it is read; what
    /// only describes another, as a passport or a listing, has dates that mean something else.
    fn dated(
        &self,
        is_wanted: impl Fn(Option<&PartialDate>, Option<&PartialDate>) -> bool,
    ) -> Vec<u32> {
        let wanted = |key: &u32| {
            let record = &self.records[*key as usize];
            let (start, end) = self.at(*key).extent();
            let is_dated = start.is_some() || end.is_some();
            is_dated
                && !self.is_document(record)
                && self.schema_of(record).is_some_and(|schema| !schema.is_detail())
                && is_wanted(start.as_ref(), end.as_ref())
        };
        self.order.iter().copied().filter(wanted).collect()
    }

    /// The keys of the relationships at an entity.
    pub(super) fn touching_of(&self, key: u32) -> &[u32] {
        self.touching.of(key)
    }

    pub(super) fn asserts(&self, said: Said, property: &str) -> bool {
        let kind = self.values.kind_of(said.kind);
        !kind.denied && *kind.property == *property
    }

    /// The keys of the ends that an entity's values name.
    pub(super) fn find_ends(&mut self, key: u32) -> Option<(u32, u32)> {
        let (said, schema) = (self.said_of(key), self.schema_of(&self.records[key as usize])?);
        let first = |property: &str| said.iter().find(|said| self.asserts(*said, property));
        let (source, target) = derive::ends_of(schema, first)?;
        let (source, target) = (source.text, target.text);
        Some((self.named(source), self.named(target)))
    }

    /// The key of the entity that a text names.
    fn named(&mut self, text: u32) -> u32 {
        if text & IS_ID == 0 { self.key_of(self.texts.get(text).into()) } else { text & !IS_ID }
    }

    pub(super) fn at(&self, key: u32) -> EntityRef<'_> {
        EntityRef { seen: self, key }
    }

    /// The key under which the entity of an id is found.
    pub(super) fn found(&self, id: &str) -> Option<u32> {
        self.key(id).map(|key| self.united.key(key))
    }

    /// The entity or relationship of an id, if it exists. Entities that are one are found by each
    /// of their ids.
    pub fn get(&self, id: &Id) -> Option<EntityRef<'_>> {
        self.find(id.as_str())
    }

    /// The same for an id as text.
    pub fn find(&self, id: &str) -> Option<EntityRef<'_>> {
        self.found(id).filter(|key| self.exists(*key)).map(|key| self.at(key))
    }

    /// The entity or relationship of a key, if it exists.
    pub fn by_key(&self, key: u32) -> Option<EntityRef<'_>> {
        let key = self.united.key(key);
        let known = (key as usize) < self.records.len();
        (known && self.exists(key)).then(|| self.at(key))
    }

    /// Every entity and relationship, by id.
    pub fn iter(&self) -> impl Iterator<Item = EntityRef<'_>> {
        self.order.iter().map(|key| self.at(*key))
    }

    /// Everything that one of these statements is about, by id.
    pub fn stated_by(
        &self,
        statements: &BTreeSet<StatementKey>,
    ) -> impl Iterator<Item = EntityRef<'_>> {
        self.iter().filter(|entity| {
            let all = self.said_of(entity.key());
            let may = self
                .span_of(entity.key())
                .is_some_and(|(first, last)| statements.range(first..=last).next().is_some());
            may && all.iter().any(|said| statements.contains(&said.statement))
        })
    }

    /// Those of which the dates leave open whether they held on the day of the lens, by id.
    pub fn date_uncertain(&self) -> impl Iterator<Item = EntityRef<'_>> {
        self.uncertain.iter().filter(|key| self.exists(**key)).map(|key| self.at(*key))
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
        let (source, target) = self.records[link.key as usize].ends()?;
        self.is_whole(link.key).then(|| (self.at(source), self.at(target)))
    }

    /// The name to show for an entity; for a relationship, those of its ends.
    pub fn name_of(&self, entity: EntityRef<'_>) -> String {
        match self.ends(entity) {
            Some(ends) => Self::between(ends),
            None => entity.caption().to_owned(),
        }
    }

    /// What a relationship or a reference between two is called.
    pub(super) fn between((source, target): (EntityRef<'_>, EntityRef<'_>)) -> String {
        format!("{} → {}", source.caption(), target.caption())
    }

    /// The relationships that have an entity at one of their ends, by id.
    pub fn links_of(&self, id: &Id) -> impl ExactSizeIterator<Item = EntityRef<'_>> {
        let links = self.found(id.as_str()).map_or(&[][..], |key| self.touching.of(key));
        links.iter().map(|link| self.at(*link))
    }

    /// How many relationships and references an entity has; see [`EntityRef::degree`].
    pub fn degree(&self, id: &Id) -> usize {
        self.found(id.as_str()).map_or(0, |key| self.at(key).degree())
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

    /// Whether something may be out of sight because a newer edition does not say it.
    pub fn is_of_newest(&self) -> bool {
        !self.counting.superseded.is_empty()
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Of [`Self::bytes`], what finds ids and texts.
    pub(super) fn index_bytes(&self) -> usize {
        self.keys.bytes() + self.texts.index_bytes()
    }

    /// About what it takes in memory, in bytes.
    pub fn bytes(&self) -> usize {
        // An id is a fat pointer to two counts and the text, rounded up by the allocator.
        let ids = self.ids.iter().map(|id| (16 + id.as_str().len() + 8).next_multiple_of(16));
        ids.sum::<usize>()
            + self.ids.bytes()
            + self.keys.bytes()
            + self.records.bytes()
            + self.order.bytes()
            + self.touching.bytes()
            + self.referring.bytes()
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
    fn shape(network: &Seen) -> Vec<(Entity, Vec<Id>)> {
        let links = |id| network.links_of(id).map(|link| link.id().clone()).collect();
        network.iter().map(|e| (e.to_entity(), links(e.id()))).collect()
    }

    #[test]
    fn deltas_lead_to_the_same_network_as_reading_anew() {
        let mut case = Case::in_memory().expect("memory suffices");
        let mut network = Seen::default();
        let owner = add("o", "Ownership", &[("owner", "a"), ("asset", "b")]);
        for ops in [
            vec![add("a", "Company", &[("name", "A")]), add("b", "Company", &[("name", "B")])],
            vec![owner],
            vec![Op::SwapEnds("o".into())],
            vec![Op::Retype { entity: "a".into(), schema: "Person".into() }],
            vec![Op::WithdrawEntity("b".into())],
            vec![Op::RestoreEntity("b".into())],
        ] {
            network.apply(&case.commit(Action::new(ops)).expect("valid"));
            assert_eq!(shape(&network), shape(&Seen::new(case.entities().expect("readable"))));
            assert_eq!(network.link_count(), network.links().count());
            assert_eq!(network.node_count(), network.nodes().count());
        }
        assert_eq!(network.link_count(), 1);
        assert_eq!(network.degree(&"a".into()), 1);
        while let Some(delta) = case.undo().expect("undo") {
            network.apply(&delta);
            assert_eq!(shape(&network), shape(&Seen::new(case.entities().expect("readable"))));
        }
        assert!(network.is_empty());
        assert_eq!((network.node_count(), network.link_count()), (0, 0));
    }

    #[test]
    fn shares_that_nothing_supports_together_are_no_range() {
        let mut case = Case::in_memory().expect("memory suffices");
        let bodies = ["a", "b"].map(|id| add(id, "Company", &[("name", id)]));
        let said = [("owner", "a"), ("asset", "b"), ("percentage", "25"), ("percentage", "50")];
        let ops = bodies.into_iter().chain([add("o", "Ownership", &said)]).collect();
        let mut network = Seen::default();
        network.apply(&case.commit(Action::new(ops)).expect("valid"));
        let link = network.find("o").expect("there");
        assert_eq!((link.caption(), link.share_range().is_some()), ("25 %", true));
    }

    #[test]
    fn references_take_room_only_where_there_are_some() {
        let company = |n: usize, parent: Option<usize>| {
            let mut one = entity(&format!("c{n:05}"), &[format!("Pier {n}")], None);
            one.values.extend(parent.map(|parent| crate::model::Value {
                property: "parent".into(),
                text: format!("c{parent:05}").into(),
                ..one.values[0].clone()
            }));
            one
        };
        let mut without = Seen::new((0..10_000).map(|n| company(n, None)).collect());
        without.shrink();
        assert_eq!(without.referring.bytes(), 0);
        assert_eq!(size_of::<Record>(), 36, "each of two million has one");
        let few = Seen::new((0..10_000).map(|n| company(n, (n == 7).then_some(1))).collect());
        assert!((1..200).contains(&few.referring.bytes()), "{}", few.referring.bytes());
        assert_eq!(few.references().count(), 1);
        let mut all = Seen::new((0..10_000).map(|n| company(n, Some(n / 2))).collect());
        all.shrink();
        assert_eq!(all.references().count(), 9_999, "the first would name itself");
        // Four bytes for each key and each reference; what is named is not kept as a text.
        assert!(all.referring.bytes() <= 80_100, "{}", all.referring.bytes());
        // And the pointers to chunks.
        let most = without.bytes() + 10_000 * (8 + 16) + 4_096;
        assert!(all.bytes() <= most, "{} of {most}", all.bytes());
    }

    /// A company of some names, or an ownership of others.
    fn entity(id: &str, names: &[String], ends: Option<(&str, &str)>) -> Entity {
        let value = |property: &str, text: &str| crate::model::Value {
            statement: StatementKey::from_row(7),
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
            evidence: false,
            existence: Vec::new(),
            values,
            citations: Vec::new(),
        }
    }

    #[test]
    fn many_changes_leave_no_waste_and_the_same_network() {
        let mut network = Seen::default();
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
        let anew = Seen::new(all.into_values().collect());
        assert_eq!(shape(&network), shape(&anew));
        assert_eq!(network.link_count(), network.links().count());
        assert_eq!(network.node_count(), network.nodes().count());
        let (patched, least) = (network.values.bytes(), anew.values.bytes());
        assert!(patched < least * 8 + (1 << 16), "{patched} bytes where {least} would do");
    }
}
