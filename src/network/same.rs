//! What is one with what: entities of which a statement says that they are the same, united as far
//! as a lens counts such statements.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use super::{
    EntityRef, Same, Seen,
    seen::{IS_ID, Record},
    values::Said,
    weigh::Weigher,
};
use crate::model::{
    Id, StatementKey,
    schema::{self, SAME_AS},
};

/// What is one with what in a [`Seen`].
#[derive(Clone, Debug, Default)]
pub(super) struct United {
    /// The key under which each of the others is found.
    alias: HashMap<u32, u32>,
    groups: BTreeMap<u32, Group>,
}

/// Entities that are one.
#[derive(Clone, Debug, Default)]
struct Group {
    /// All but the one under whose key they are found, by id.
    others: Vec<u32>,
    /// The statements that say so.
    statements: Vec<StatementKey>,
}

/// A live statement that two entities are the same.
struct Pair {
    ends: (u32, u32),
    statement: StatementKey,
}

impl United {
    /// The key under which an entity is found.
    pub fn key(&self, key: u32) -> u32 {
        if self.alias.is_empty() { key } else { self.alias.get(&key).copied().unwrap_or(key) }
    }
}

impl Seen {
    /// Whether any statement says that two entities are the same.
    pub(super) fn says_same(&self) -> bool {
        self.values.kinds().any(|(_, kind)| &*kind.property == SAME_AS && !kind.denied)
    }

    /// The kinds of statement that say that two entities are the same, and whether they deny it.
    fn kinds_of_same(&self) -> HashMap<u32, bool> {
        let same = self.values.kinds().filter(|(_, kind)| &*kind.property == SAME_AS);
        same.map(|(number, kind)| (number, kind.denied)).collect()
    }

    /// The statements that count. A pair of which a live statement denies that it is one is left
    /// out; so are documents, each of which keeps its own custody.
    fn pairs(&self, same: Same) -> Vec<Pair> {
        let is_same = self.kinds_of_same();
        let can_be = |key: &u32| {
            let record = &self.records[*key as usize];
            record.exists() && record.ends().is_none() && !self.is_document(record)
        };
        let (mut pairs, mut denied) = (Vec::new(), BTreeSet::new());
        for key in self.order.iter().filter(|key| can_be(key)) {
            for said in self.said_of(*key).iter() {
                let Some(is_denied) = is_same.get(&said.kind) else { continue };
                let other = self.key(self.text(said.text)).filter(can_be);
                let Some(other) = other.filter(|other| other != key) else { continue };
                let ends = (*key.min(&other), *key.max(&other));
                if *is_denied {
                    denied.insert(ends);
                } else if same.counts(said.strength) {
                    pairs.push(Pair { ends, statement: said.statement });
                }
            }
        }
        pairs.retain(|pair| !denied.contains(&pair.ends));
        pairs
    }

    /// Unites what is the same. Entities that are one are found under the smallest of their ids,
    /// which is the same in every copy of the case, and keep its caption; of their schemata the
    /// most specific counts.
    pub(super) fn unite(&mut self, same: Same, weigher: &Weigher<'_>) {
        let pairs = self.pairs(same);
        if pairs.is_empty() {
            return;
        }
        let mut united = United::default();
        for (main, group) in self.groups(&pairs) {
            united.alias.extend(group.others.iter().map(|other| (*other, main)));
            united.groups.insert(main, group);
        }
        // First what leads to them, since one may lead to another.
        for (main, group) in &united.groups {
            self.lead_to(*main, &group.others);
        }
        let mut gone = Vec::new();
        for (main, group) in &united.groups {
            self.absorb(*main, &group.others);
            self.weigh(*main, weigher);
            gone.extend(&group.others);
        }
        self.reorder(&gone, Vec::new());
        self.count();
        self.united = Arc::new(united);
    }

    /// Those that are connected by pairs, under the one with the smallest id.
    fn groups(&self, pairs: &[Pair]) -> BTreeMap<u32, Group> {
        let mut above: HashMap<u32, u32> = HashMap::new();
        let top = |above: &HashMap<u32, u32>, mut key: u32| {
            while let Some(next) = above.get(&key) {
                key = *next;
            }
            key
        };
        for Pair { ends: (a, b), .. } in pairs {
            let (a, b) = (top(&above, *a), top(&above, *b));
            if a != b {
                let a_is_first = self.ids[a as usize] < self.ids[b as usize];
                let (first, other) = if a_is_first { (a, b) } else { (b, a) };
                above.insert(other, first);
            }
        }
        let mut groups: BTreeMap<u32, Group> = BTreeMap::new();
        for key in above.keys() {
            groups.entry(top(&above, *key)).or_default().others.push(*key);
        }
        for pair in pairs {
            groups.entry(top(&above, pair.ends.0)).or_default().statements.push(pair.statement);
        }
        for group in groups.values_mut() {
            group.others.sort_by(|a, b| self.ids[*a as usize].cmp(&self.ids[*b as usize]));
            group.statements.sort_unstable();
        }
        groups
    }

    /// Has relationships and references that lead to others lead to one.
    fn lead_to(&mut self, main: u32, others: &[u32]) {
        let mut links = self.touching.of(main).to_vec();
        let mut holders = self.referring.of(main).to_vec();
        for &other in others {
            for &link in self.touching.of(other) {
                let record = &mut self.records[link as usize];
                let lead = |end| if end == other { main } else { end };
                let ends = record.ends().map(|(source, target)| (lead(source), lead(target)));
                record.set_ends(ends);
                links.push(link);
            }
            for &holder in self.referring.of(other) {
                let run = self.records[holder as usize].values;
                for at in 0..self.said_of(holder).len() {
                    let said = self.said_of(holder).get(at);
                    if said.text == other | IS_ID && self.values.may_refer(said.kind) {
                        self.values.set_text(run, at, main | IS_ID);
                    }
                }
                holders.push(holder);
            }
            self.touching.set(other, Vec::new());
            self.referring.set(other, Vec::new());
        }
        // What refers to itself is no reference.
        holders.retain(|holder| *holder != main && !others.contains(holder));
        for (lists, mut all) in [(&mut self.touching, links), (&mut self.referring, holders)] {
            all.sort_by(|a, b| self.ids[*a as usize].cmp(&self.ids[*b as usize]));
            all.dedup();
            lists.set(main, all);
        }
    }

    /// Gives one what is said of others, which are there no more.
    fn absorb(&mut self, main: u32, others: &[u32]) {
        let members = || std::iter::once(&main).chain(others);
        for &member in members() {
            for target in self.named_by(member) {
                self.referring.remove(target, member);
            }
        }
        let mut said = Vec::new();
        let mut record = self.records[main as usize];
        for &member in members() {
            let old = self.records[member as usize];
            said.extend(self.said_of(member).iter());
            self.values.drop_run(old.values);
            record.denied |= old.denied;
            record.refers |= old.refers;
            if self.is_more_specific(old.schema, record.schema) {
                record.schema = old.schema;
            }
        }
        if self.by_key {
            said.sort_by_key(|one| one.statement);
        }
        record.even = said.iter().all(|one| one.strength == record.strength);
        record.values = self.values.add(&said, record.even);
        for &other in others {
            self.records[other as usize] = Record::default();
        }
        self.records[main as usize] = record;
        for target in self.named_by(main) {
            let ids = &self.ids;
            self.referring.insert(target, main, |other| ids[other as usize] > ids[main as usize]);
        }
    }

    /// Whether one schema inherits from another, by their numbers.
    fn is_more_specific(&self, one: u32, other: u32) -> bool {
        let name = |number: u32| &*self.schemata[number as usize];
        one != other && schema::schema(name(one)).is_some_and(|schema| schema.is_a(name(other)))
    }

    /// Those which a live statement calls the same as this one, by id, and whether all such
    /// statements deny it. Takes time that grows with the case, where any statement says such a
    /// thing: tens of milliseconds for a million entities.
    pub fn calling_it_the_same(&self, id: &Id) -> Vec<(EntityRef<'_>, bool)> {
        let is_same = self.kinds_of_same();
        let Some(this) = self.found(id.as_str()).filter(|_| !is_same.is_empty()) else {
            return Vec::new();
        };
        let names_this = |said: &Said| {
            let other = self.key(self.text(said.text));
            other.is_some_and(|other| self.united.key(other) == this)
        };
        let others = self.order.iter().filter(|key| **key != this);
        others
            .filter_map(|key| {
                let said = self.said_of(*key);
                let about = said.iter().filter(|one| is_same.contains_key(&one.kind));
                let about: Vec<_> = about.filter(names_this).collect();
                let is_denied = about.iter().all(|one| is_same[&one.kind]);
                (!about.is_empty()).then(|| (self.at(*key), is_denied))
            })
            .collect()
    }

    /// Every entity that stands for several.
    pub fn united(&self) -> impl Iterator<Item = EntityRef<'_>> {
        self.united.groups.keys().map(|key| self.at(*key))
    }
}

impl<'a> EntityRef<'a> {
    fn group(self) -> Option<&'a Group> {
        self.seen.united.groups.get(&self.key)
    }

    /// The ids of the others that it is one with.
    pub fn one_with(self) -> impl Iterator<Item = &'a Id> {
        let others = self.group().map_or(&[][..], |group| &group.others);
        others.iter().map(move |key| &self.seen.ids[*key as usize])
    }

    /// The statements that say that it is one with the others.
    pub(crate) fn uniting(self) -> &'a [StatementKey] {
        self.group().map_or(&[], |group| &group.statements)
    }
}
