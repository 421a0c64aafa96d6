//! An entity that is seen, and one of its values, without copying them.

use std::{fmt, sync::Arc};

use super::{Seen, seen::Record};
use crate::{
    case::Subject,
    model::{
        Entity, Existence, Id, StatementKey, Strength, Value,
        entity::{Extent, extent},
        schema,
    },
};

/// An entity or relationship that is seen: as cheap to copy as a reference. It says the same as
/// an [`Entity`].
#[derive(Clone, Copy)]
pub struct EntityRef<'a> {
    pub(super) seen: &'a Seen,
    pub(super) key: u32,
}

/// One live statement of an entity, other than the one about its schema; see [`Value`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValueRef<'a> {
    /// The local key of the statement, stable while this file lives.
    pub statement: StatementKey,
    pub property: &'a str,
    /// The value as text, in `FollowTheMoney`'s spelling.
    pub text: &'a str,
    /// The language of the value, a three-letter code.
    pub lang: Option<&'a str>,
    pub denied: bool,
    /// How well this one value is supported.
    pub strength: Strength,
}

impl<'a> EntityRef<'a> {
    fn record(self) -> &'a Record {
        &self.seen.records[self.key as usize]
    }

    /// Its key: a small number by which [`Seen::by_key`] finds it as long as the case is
    /// not read anew.
    pub fn key(self) -> u32 {
        self.key
    }

    /// Its global id.
    pub fn id(self) -> &'a Id {
        &self.seen.ids[self.key as usize]
    }

    /// The name of its schema, perhaps one that this program does not know.
    pub fn schema(self) -> &'a str {
        &self.seen.schemata[self.record().schema as usize]
    }

    /// What to call it; see [`Entity::caption`].
    pub fn caption(self) -> &'a str {
        self.seen.text(self.record().caption)
    }

    /// For a relationship, the ids of the entities at its source and its target, be they there or
    /// not.
    pub fn ends(self) -> Option<(&'a Id, &'a Id)> {
        let (source, target) = self.record().ends()?;
        let ids = &self.seen.ids;
        Some((&ids[source as usize], &ids[target as usize]))
    }

    /// Whether it is a relationship.
    pub fn is_link(self) -> bool {
        self.record().ends().is_some()
    }

    /// Whether a live statement denies that it exists.
    pub fn denied(self) -> bool {
        self.record().denied
    }

    /// How well it is supported.
    pub fn strength(self) -> Strength {
        self.record().strength
    }

    /// How strong one of its live statements is, one about its schema included.
    pub fn strength_of(self, statement: StatementKey) -> Option<Strength> {
        self.seen.strength_of(self.key, statement)
    }

    /// What one of its live statements says, unless it is about the schema.
    pub fn value(self, statement: StatementKey) -> Option<ValueRef<'a>> {
        self.seen.value_of(self.key, statement)
    }

    /// How many relationships touch it, one from it to itself counted once, and how many entities
    /// it refers to or is referred to by.
    pub fn degree(self) -> usize {
        self.seen.touching.of(self.key).len() + self.seen.referred(self.key)
    }

    /// Its live values, in the order in which they were stated.
    pub fn values(self) -> impl DoubleEndedIterator<Item = ValueRef<'a>> {
        self.seen.values_of(self.key).map(move |said| self.seen.value(said))
    }

    /// The asserted values of a property, in the order in which they were stated.
    pub fn all<'p>(self, property: &'p str) -> impl Iterator<Item = &'a str> + use<'a, 'p> {
        let seen = self.seen;
        let asserted = seen.values_of(self.key).filter(move |said| seen.asserts(*said, property));
        asserted.map(move |said| seen.text(said.text))
    }

    /// The first asserted value of a property.
    pub fn first(self, property: &str) -> Option<&'a str> {
        self.all(property).next()
    }

    /// The ends of a range of shares that were stated one right after the other, as they are where
    /// they are read from one cell: 25 and 50 per cent.
    pub(crate) fn share_range(self) -> Option<[ValueRef<'a>; 2]> {
        let mut shares =
            self.values().filter(|value| !value.denied && value.property == "percentage");
        let (one, other) = (shares.next()?, shares.next()?);
        let ends = [one, other].map(|end| end.text.parse::<f64>().ok());
        let ([Some(from), Some(to)], None) = (ends, shares.next()) else { return None };
        let next = one.statement.is_before(other.statement);
        (next && from < to).then_some([one, other])
    }

    /// The statements that make it exist and, for a relationship, name its ends.
    pub(crate) fn connecting(self) -> impl Iterator<Item = StatementKey> + use<'a> {
        let edge = schema::schema(self.schema()).and_then(|schema| schema.edge.as_ref());
        let is_end = move |property: &str| {
            edge.is_some_and(|edge| edge.source == property || edge.target == property)
        };
        let existence = self.seen.existence_of(self.key).filter(|(.., kind)| !kind.denied);
        let ends = self.values().filter(move |value| !value.denied && is_end(value.property));
        existence.map(|(said, ..)| said.statement).chain(ends.map(|value| value.statement))
    }

    /// When it began and ended; see [`Entity::extent`].
    pub fn extent(self) -> Extent {
        extent(self.schema(), |property| self.first(property))
    }

    /// Whether its dates leave open whether it held on the day of the lens.
    pub fn is_date_uncertain(self) -> bool {
        self.seen.uncertain.contains(&self.key)
    }

    /// Its statements, those about its schema included.
    pub(crate) fn statements(self) -> impl Iterator<Item = StatementKey> {
        self.seen.said_of(self.key).iter().map(|said| said.statement)
    }

    /// A copy that stands by itself, without what only the network knows:
    /// its citations, and whether it is evidence.
    pub fn to_entity(self) -> Entity {
        let values = self.seen.values_of(self.key).map(|said| {
            let kind = self.seen.values.kind_of(said.kind);
            Value {
                statement: said.statement,
                property: Arc::clone(&kind.property),
                text: self.seen.text(said.text).into(),
                lang: kind.lang.clone(),
                denied: kind.denied,
                strength: said.strength,
            }
        });
        Entity {
            id: self.id().clone(),
            schema: Arc::clone(&self.seen.schemata[self.record().schema as usize]),
            caption: self.caption().into(),
            ends: self.ends().map(|(source, target)| (source.clone(), target.clone())),
            denied: self.denied(),
            strength: self.strength(),
            evidence: false,
            existence: self
                .seen
                .existence_of(self.key)
                .map(|(said, schema, kind)| Existence {
                    statement: said.statement,
                    schema: Arc::clone(schema),
                    denied: kind.denied,
                    strength: said.strength,
                })
                .collect(),
            values: values.collect(),
            citations: Vec::new(),
        }
    }
}

impl fmt::Debug for EntityRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({})", self.schema(), self.caption(), self.id())
    }
}

impl Subject for EntityRef<'_> {
    fn id(&self) -> &Id {
        (*self).id()
    }

    fn schema(&self) -> &str {
        (*self).schema()
    }

    fn each(&self, take: &mut dyn FnMut(&str, &str)) {
        for value in self.values().filter(|value| !value.denied) {
            take(value.property, value.text);
        }
    }

    fn is_cited(&self) -> bool {
        self.grounds().next().is_some()
    }
}
