//! What is seen of documents of which the case has newer editions.
//!
//! A statement is *gone* if it was read from a file, and every document that supports it has a newer
//! edition that does not. With [`Editions::Newest`], statements that are gone are out of sight, and
//! an entity or relationship is out of sight with its last statement. What a person stated stays,
//! whatever edition it is cited from; so does what another document says. Whatever of it stays is
//! still shown whole: an entity keeps the statements by which it exists and is named, and a
//! relationship those that name its ends, where nothing that stays says this; and an entity that a
//! statement in sight names stays in sight. What is kept so keeps its citation, which weighs nothing.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::{
    EntityRef, Lens, Network, Seen, counting::Counting, lens::Editions, seen::IS_ID,
    support::Together, values::Said,
};
use crate::model::{CitationRef, Edition, Id, StatementKey, edition, value::capital};

/// What of a case is out of sight because newer editions do not say it.
#[derive(Debug, Default)]
pub(super) struct Sifted {
    /// Entities and relationships of which nothing is left.
    pub gone: BTreeSet<u32>,
    /// Those of which something is left, each with the statements that are gone, ascending.
    pub partly: BTreeMap<u32, Vec<StatementKey>>,
}

/// What a statement is cited from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ground {
    /// Only editions that newer ones replace, from which it was read.
    Gone,
    /// The same, but a person stated it.
    Older,
    /// Something else, or nothing.
    Other,
}

/// Finds what newer editions do not say.
struct Sifter<'a> {
    seen: &'a Seen,
    citations: &'a BTreeSet<CitationRef>,
    /// Documents that are taken for withdrawn.
    pulled: BTreeSet<u32>,
    superseded: &'a BTreeMap<u32, u32>,
}

impl Network {
    /// Returns the documents of which a newer edition is seen through a lens, each with the newest.
    pub(super) fn superseded(&self, lens: &Lens) -> BTreeMap<u32, u32> {
        if lens.editions == Editions::All { BTreeMap::new() } else { self.replaced(lens) }
    }

    /// The same whichever editions the lens shows.
    fn replaced(&self, lens: &Lens) -> BTreeMap<u32, u32> {
        let editions = &self.plain.recorded.editions;
        if editions.is_empty() {
            return BTreeMap::new();
        }
        let pulled = self.pulled(lens);
        let key = |id: &Id| self.plain.key(id.as_str()).filter(|key| self.plain.exists(*key));
        let exists = |id: &Id| key(id).is_some_and(|key| !pulled.contains(&key));
        let all = edition::superseded(editions, &exists);
        all.iter().filter_map(|(older, newer)| Some((key(older)?, key(newer)?))).collect()
    }

    /// Returns what is out of sight where these documents have newer editions.
    pub(super) fn sift(&self, lens: &Lens, superseded: &BTreeMap<u32, u32>) -> Sifted {
        self.sifter(lens, superseded).sift()
    }

    fn sifter<'a>(&'a self, lens: &'a Lens, superseded: &'a BTreeMap<u32, u32>) -> Sifter<'a> {
        let (seen, pulled) = (&*self.plain, self.pulled(lens));
        Sifter { seen, citations: &lens.citations, pulled, superseded }
    }

    /// Says in which edition a statement of an entity is lacking: “not in the edition of 2024-07-31
    /// (“List”)”. `None` where it is not gone.
    pub fn lacking(&self, lens: &Lens, id: &Id, statement: StatementKey) -> Option<String> {
        let replaced = self.replaced(lens);
        if replaced.is_empty() {
            return None;
        }
        let key = self.plain.key(id.as_str())?;
        self.sifter(lens, &replaced)
            .lacking(key, statement)
            .then(|| self.words(&replaced, &[statement]))
    }

    /// The words for statements that are gone.
    fn words(&self, replaced: &BTreeMap<u32, u32>, statements: &[StatementKey]) -> String {
        let cited = statements.iter().flat_map(|statement| self.plain.support.of(*statement));
        let newest: BTreeSet<u32> =
            cited.filter_map(|one| replaced.get(&one.document).copied()).collect();
        let named: Vec<String> = newest.into_iter().map(|one| self.edition_name(one)).collect();
        format!("not in the edition {}", named.join(", nor in the edition "))
    }

    /// Says that an entity is out of sight because a newer edition does not have it.
    pub(super) fn why_gone(&self, lens: &Lens, id: &Id) -> Option<String> {
        let all: Vec<StatementKey> = self.plain.get(id)?.statements().collect();
        self.why_lacking(&self.replaced(lens), lens, &all)
    }

    /// Says that all of several statements are gone, where they are.
    fn why_lacking(
        &self,
        replaced: &BTreeMap<u32, u32>,
        lens: &Lens,
        statements: &[StatementKey],
    ) -> Option<String> {
        let sifter = self.sifter(lens, replaced);
        let is_gone = |statement: &StatementKey| sifter.ground(*statement) == Ground::Gone;
        let are_gone = !statements.is_empty() && statements.iter().all(is_gone);
        are_gone.then(|| format!("{}.", capital(&self.words(replaced, statements))))
    }

    /// Says from which editions an entity that is seen comes, or one statement of it, where that is
    /// not the newest.
    pub(super) fn why_older(
        &self,
        lens: &Lens,
        (key, statement): (u32, Option<StatementKey>),
        statements: &[StatementKey],
    ) -> Option<String> {
        let replaced = self.replaced(lens);
        if replaced.is_empty() {
            return None;
        }
        let Some(statement) = statement else {
            return self.why_lacking(&replaced, lens, statements);
        };
        let sifter = self.sifter(lens, &replaced);
        if sifter.lacking(key, statement) {
            return Some(format!("{}.", capital(&self.words(&replaced, &[statement]))));
        }
        if sifter.ground(statement) != Ground::Older {
            return None;
        }
        let seen = &*self.plain;
        let older = seen.support.of(statement).map(|one| one.document);
        let older: BTreeSet<u32> = older.filter(|one| replaced.contains_key(one)).collect();
        let named: Vec<String> =
            older.iter().map(|one| format!("“{}”", seen.at(*one).caption())).collect();
        Some(format!("Cited from an older edition ({}).", named.join(", ")))
    }

    /// What tells an edition from others: its date, else when it was acquired, and its name.
    fn edition_name(&self, document: u32) -> String {
        let entity = self.plain.at(document);
        let records = &self.plain.recorded;
        let edition = records.editions.iter().find(|one| one.document == *entity.id());
        let date =
            edition.and_then(|edition| edition.date.as_ref()).map(|date| format!("of {date}"));
        let acquired = || {
            let item = records.evidence.iter().find(|item| item.id == *entity.id())?;
            let at = jiff::Timestamp::from_millisecond(item.acquired_at).ok()?;
            Some(format!("acquired on {}", at.strftime("%Y-%m-%d")))
        };
        let when = date.or_else(acquired).map(|when| format!("{when} ")).unwrap_or_default();
        format!("{when}(“{}”)", entity.caption())
    }
}

impl Sifter<'_> {
    /// What a statement is cited from.
    fn ground(&self, statement: StatementKey) -> Ground {
        let (mut is_read, mut is_old) = (false, false);
        let counting = |one: &crate::case::Backing| !self.citations.contains(&one.citation);
        for one in self.seen.support.of(statement).filter(counting) {
            is_read |= matches!(one.citation, CitationRef::Read(_));
            let is_there = self.seen.exists(one.document) && !self.pulled.contains(&one.document);
            if one.supports && is_there {
                if !self.superseded.contains_key(&one.document) {
                    return Ground::Other;
                }
                is_old = true;
            }
        }
        match (is_old, is_read) {
            (true, true) => Ground::Gone,
            (true, false) => Ground::Older,
            (false, _) => Ground::Other,
        }
    }

    /// Whether a statement of an entity is gone. That it exists is cited once: the newest edition says
    /// so where it says anything of it.
    fn lacking(&self, key: u32, statement: StatementKey) -> bool {
        if self.ground(statement) != Ground::Gone {
            return false;
        }
        let mut existence = self.seen.existence_of(key);
        if existence.all(|(said, ..)| said.statement != statement) {
            return true;
        }
        let (citations, superseded) = (self.citations.clone(), self.superseded.clone());
        let values = self.seen.values_of(key).map(|said| said.statement);
        !Counting { citations, superseded }.is_said_anew(&self.seen.support, statement, values)
    }

    fn sift(&self) -> Sifted {
        let mut sifted = Sifted::default();
        let superseded: BTreeSet<u32> = self.superseded.keys().copied().collect();
        let support = &self.seen.support;
        for key in self.seen.order.iter().copied() {
            let Some((first, last)) = self.seen.span_of(key) else { continue };
            match support.together(first, last) {
                Together::Document(one) if self.citations.is_empty() => {
                    sifted.gone.extend(superseded.contains(&one).then_some(key));
                }
                Together::Nothing => {}
                _ if support.touches(first, last, &superseded, &BTreeSet::new()) => {
                    self.sift_one(key, &mut sifted);
                }
                _ => {}
            }
        }
        self.keep_named(&mut sifted);
        sifted
    }

    fn sift_one(&self, key: u32, sifted: &mut Sifted) {
        let said: Vec<Said> = self.seen.said_of(key).iter().collect();
        let is_gone = |said: &&Said| self.ground(said.statement) == Ground::Gone;
        let gone: HashSet<StatementKey> =
            said.iter().filter(is_gone).map(|said| said.statement).collect();
        if gone.len() == said.len() {
            sifted.gone.insert(key);
        } else if !gone.is_empty() {
            let gone = self.still_gone(key, gone);
            if !gone.is_empty() {
                sifted.partly.insert(key, gone);
            }
        }
    }

    /// Of the statements of an entity that stays, those that are gone all the same: it keeps what
    /// makes it exist, its name and its ends, where nothing that stays says it.
    fn still_gone(&self, key: u32, gone: HashSet<StatementKey>) -> Vec<StatementKey> {
        let schema = self.seen.schema_of(&self.seen.records[key as usize]);
        let edge = schema.and_then(|schema| schema.edge.as_ref());
        let captions = schema.map_or(&[][..], |schema| &schema.caption);
        let property = |said: &Said| &*self.seen.values.kind_of(said.kind).property;
        let is_schema = |said: &Said| self.seen.values.kind_of(said.kind).is_schema();
        let is_caption = |said: &Said| captions.iter().any(|name| **name == *property(said));
        let is_source = |said: &Said| edge.is_some_and(|edge| *edge.source == *property(said));
        let is_target = |said: &Said| edge.is_some_and(|edge| *edge.target == *property(said));
        let needed: [&dyn Fn(&Said) -> bool; 4] = [&is_schema, &is_caption, &is_source, &is_target];
        let all: Vec<Said> = self.seen.said_of(key).iter().collect();
        let mut kept = HashSet::new();
        for is_one in needed {
            let is_denied = |said: &Said| self.seen.values.kind_of(said.kind).denied;
            let mut of = all.iter().filter(|said| is_one(said) && !is_denied(said));
            if of.clone().all(|said| gone.contains(&said.statement)) {
                kept.extend(of.by_ref().map(|said| said.statement));
            }
        }
        let mut gone: Vec<StatementKey> = gone.difference(&kept).copied().collect();
        gone.sort_unstable();
        gone
    }

    /// Takes back what statements in sight name.
    fn keep_named(&self, sifted: &mut Sifted) {
        let mut next: Vec<u32> = sifted.gone.iter().copied().collect();
        while let Some(key) = next.pop() {
            if !sifted.gone.contains(&key) || !self.is_named(key, sifted) {
                continue;
            }
            sifted.gone.remove(&key);
            let all = self.seen.said_of(key).iter().map(|said| said.statement).collect();
            sifted.partly.insert(key, self.still_gone(key, all));
            // It may be a relationship, and is shown with its ends.
            let ends = self.seen.records[key as usize].ends();
            next.extend(ends.into_iter().flat_map(|(source, target)| [source, target]));
        }
    }

    /// Whether a statement in sight names an entity.
    fn is_named(&self, key: u32, sifted: &Sifted) -> bool {
        let around = self.seen.touching_of(key).iter().chain(self.seen.referring.of(key));
        let mut in_sight = around.filter(|one| **one != key && !sifted.gone.contains(one));
        in_sight.any(|one| {
            let gone = sifted.partly.get(one).map_or(&[][..], Vec::as_slice);
            self.seen.said_of(*one).iter().any(|said| {
                let kind = self.seen.values.kind_of(said.kind);
                !kind.is_schema()
                    && !kind.denied
                    && gone.binary_search(&said.statement).is_err()
                    && self.names(said, key)
            })
        })
    }

    fn names(&self, said: Said, key: u32) -> bool {
        if said.text & IS_ID != 0 {
            return said.text & !IS_ID == key;
        }
        self.seen.text(said.text) == self.seen.ids[key as usize].as_str()
    }
}

impl Seen {
    /// Takes what is out of sight out of what is seen.
    pub(super) fn leave_out(&mut self, sifted: &Sifted) {
        self.drop_all(&sifted.gone);
        for (key, gone) in &sifted.partly {
            self.leave_statements(*key, gone);
        }
        self.count();
    }

    fn leave_statements(&mut self, key: u32, gone: &[StatementKey]) {
        for target in self.named_by(key) {
            self.referring.remove(target, key);
        }
        let ends = self.records[key as usize].ends();
        for end in ends.into_iter().flat_map(|(source, target)| [source, target]) {
            self.touching.remove(end, key);
        }
        let stays = |said: &Said| gone.binary_search(&said.statement).is_err();
        let said: Vec<Said> = self.said_of(key).iter().filter(stays).collect();
        let mut record = self.records[key as usize];
        self.values.drop_run(record.values);
        record.even = said.iter().all(|one| one.strength == record.strength);
        record.values = self.values.add(&said, record.even);
        record.refers = false;
        self.records[key as usize] = record;
        // What was a range stays one while both its ends are there.
        let was_range = self.at(key).caption().contains('–');
        self.derive(key);
        self.derive_caption(key);
        self.derive_range(key, |_| BTreeSet::from_iter(was_range.then_some(0)));
        let ends = self.records[key as usize].ends();
        for end in ends.into_iter().flat_map(|(source, target)| [source, target]) {
            let ids = &self.ids;
            self.touching.insert(end, key, |other| ids[other as usize] > ids[key as usize]);
        }
        for target in self.named_by(key) {
            let ids = &self.ids;
            self.referring.insert(target, key, |other| ids[other as usize] > ids[key as usize]);
        }
    }
}

/// An entity or relationship of which something is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    pub id: Id,
    pub schema: String,
    /// Its name; of a relationship, those of its ends.
    pub name: String,
}

/// What two editions say differently of one entity or relationship.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    pub id: Id,
    pub schema: String,
    pub name: String,
    /// Properties and values that only the older edition has.
    pub gone: Vec<(String, String)>,
    /// Properties and values that only the newer edition has.
    pub new: Vec<(String, String)>,
}

/// What tells two editions apart, by the ids of what they are about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// What only the newer edition has.
    pub new: Vec<Noted>,
    pub changed: Vec<Changed>,
    /// What only the older edition has.
    pub gone: Vec<Noted>,
}

/// Which documents are to be compared after one came into the case as an edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Came {
    pub older: Vec<Id>,
    pub newer: Vec<Id>,
    /// Whether what came is the older edition.
    pub is_older: bool,
}

impl Network {
    /// Returns which editions are to be compared, where one came since the case was as `before`.
    pub fn came(&self, before: &Self) -> Option<Came> {
        let (editions, lens) = (&self.plain.recorded.editions, Lens::default());
        let is_new = |one: &&Edition| {
            let says = !one.newer_than.is_empty() || !one.older_than.is_empty();
            says && !before.plain.recorded.editions.contains(one)
        };
        let came: BTreeSet<&Id> = editions.iter().filter(is_new).map(|one| &one.document).collect();
        let first = came.first()?;
        let id = |key: &u32| self.plain.ids[*key as usize].clone();
        let replaced = self.replaced(&lens);
        let above: BTreeSet<u32> = came
            .iter()
            .filter_map(|one| replaced.get(&self.plain.key(one.as_str())?).copied())
            .collect();
        let came_ids = || came.iter().map(|one| (*one).clone()).collect();
        if !above.is_empty() {
            let newer = above.iter().map(id).collect();
            return Some(Came { older: came_ids(), newer, is_older: true });
        }
        let was = before.replaced(&lens);
        let was_newest = |one: &Id| {
            let key = before.plain.key(one.as_str()).filter(|key| before.plain.exists(*key));
            key.is_some_and(|key| !was.contains_key(&key))
        };
        let mut older = edition::series(editions, first);
        older.retain(|one| !came.contains(one) && was_newest(one));
        Some(Came { older: older.into_iter().collect(), newer: came_ids(), is_older: false })
    }

    /// Compares what an older edition supports with what a newer one does. Each may be of several
    /// documents.
    pub fn compare(&self, older: &[Id], newer: &[Id]) -> Comparison {
        let seen = &*self.plain;
        let keys = |ids: &[Id]| -> BTreeSet<u32> {
            ids.iter().filter_map(|id| seen.key(id.as_str())).collect()
        };
        let (older, newer) = (keys(older), keys(newer));
        let both: BTreeSet<u32> = older.union(&newer).copied().collect();
        let mut all = Comparison::default();
        for entity in seen.iter() {
            let Some((first, last)) = seen.span_of(entity.key()) else { continue };
            if !seen.support.touches(first, last, &both, &BTreeSet::new()) {
                continue;
            }
            let (mut in_older, mut in_newer) = (false, false);
            let (mut gone, mut new) = (Vec::new(), Vec::new());
            for said in seen.said_of(entity.key()).iter() {
                let cited = || seen.support.of(said.statement).filter(|one| one.supports);
                let old = cited().any(|one| older.contains(&one.document));
                let now = cited().any(|one| newer.contains(&one.document));
                (in_older, in_newer) = (in_older | old, in_newer | now);
                // That an entity exists is cited once.
                if old != now && !seen.values.kind_of(said.kind).is_schema() {
                    let value = seen.value(said);
                    let text = named(seen, value.text);
                    let side = if old { &mut gone } else { &mut new };
                    side.push((value.property.to_owned(), text));
                }
            }
            let (id, schema) = (entity.id().clone(), entity.schema().to_owned());
            let name = match entity.host() {
                Some(host) => format!("{} of {}", entity.caption(), host.caption()),
                None => seen.name_of(entity),
            };
            match (in_older, in_newer) {
                (true, false) => all.gone.push(Noted { id, schema, name }),
                (false, true) => all.new.push(Noted { id, schema, name }),
                _ if gone.is_empty() && new.is_empty() => {}
                _ => all.changed.push(Changed { id, schema, name, gone, new }),
            }
        }
        all
    }
}

/// A value as a person reads it: the name of the entity that it is the id of, else itself.
fn named(seen: &Seen, text: &str) -> String {
    seen.find(text).map_or(text, EntityRef::caption).to_owned()
}
