//! References: properties whose value is another entity, as a subsidiary's parent or a vessel's
//! owner; what lies between two entities in general; and what only describes one other.
//!
//! A reference is read from the values of the entity that refers. Kept is only who refers to whom,
//! so that a case without references pays nothing.

use std::{borrow::Cow, fmt};

use super::{EntityRef, Seen, seen::IS_ID, values::Said};
use crate::model::{
    Id, StatementKey, Strength,
    entity::Extent,
    schema::{self, Property, Schema},
};

/// A property of an entity that names another: all live statements that say so.
#[derive(Clone, Copy)]
pub struct Reference<'a> {
    seen: &'a Seen,
    source: u32,
    target: u32,
    property: &'static Property,
    statement: StatementKey,
    strength: Strength,
}

impl<'a> Reference<'a> {
    /// Its id: the ids of both entities with the name of the property between. It belongs to no
    /// entity; [`Seen::reference`] finds what it names.
    pub fn id(self) -> Id {
        Id::of_reference(self.source().id(), &self.property.name, self.target().id())
    }

    /// The entity that refers.
    pub fn source(self) -> EntityRef<'a> {
        self.seen.at(self.source)
    }

    /// The entity that it refers to.
    pub fn target(self) -> EntityRef<'a> {
        self.seen.at(self.target)
    }

    /// The property.
    pub fn property(self) -> &'static Property {
        self.property
    }

    /// How well it is supported; the strongest of several statements.
    pub fn strength(self) -> Strength {
        self.strength
    }

    /// The local key of the first statement that says so.
    pub fn statement(self) -> StatementKey {
        self.statement
    }

    /// The statements that say so.
    pub fn statements(self) -> impl Iterator<Item = StatementKey> + use<'a> {
        let same = self.seen.referring_values(self.source).filter(move |(said, property)| {
            said.text == self.target | IS_ID && std::ptr::eq(*property, self.property)
        });
        same.map(|(said, _)| said.statement)
    }
}

impl fmt::Debug for Reference<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id().as_str())
    }
}

/// What lies between two entities: a relationship with both ends, or a reference.
#[derive(Clone, Copy, Debug)]
pub enum Connection<'a> {
    Relationship(EntityRef<'a>),
    Reference(Reference<'a>),
}

impl<'a> Connection<'a> {
    /// Its id.
    pub fn id(self) -> Cow<'a, Id> {
        match self {
            Self::Relationship(link) => Cow::Borrowed(link.id()),
            Self::Reference(reference) => Cow::Owned(reference.id()),
        }
    }

    /// The entities at its source and its target, where both exist.
    pub fn ends(self) -> Option<(EntityRef<'a>, EntityRef<'a>)> {
        match self {
            Self::Relationship(link) => link.seen.ends(link),
            Self::Reference(reference) => Some((reference.source(), reference.target())),
        }
    }

    /// The relationship, if it is one.
    pub fn relationship(self) -> Option<EntityRef<'a>> {
        match self {
            Self::Relationship(link) => Some(link),
            Self::Reference(_) => None,
        }
    }

    /// Whether it is a reference.
    pub fn is_reference(self) -> bool {
        matches!(self, Self::Reference(_))
    }

    /// What kind it is of: the name of its schema, or of its property.
    pub fn kind(self) -> &'a str {
        match self {
            Self::Relationship(link) => link.schema(),
            Self::Reference(reference) => &reference.property.name,
        }
    }

    /// What is written on its line: the caption, or what the property is called.
    pub fn caption(self) -> &'a str {
        match self {
            Self::Relationship(link) => link.caption(),
            Self::Reference(reference) => reference.property.relation(),
        }
    }

    /// Whether it makes a difference which end is which.
    pub(crate) fn is_directed(self) -> bool {
        match self {
            Self::Relationship(link) => schema::schema(link.schema())
                .and_then(|schema| schema.edge.as_ref())
                .is_none_or(|edge| edge.directed),
            Self::Reference(_) => true,
        }
    }

    /// How well it is supported.
    pub fn strength(self) -> Strength {
        match self {
            Self::Relationship(link) => link.strength(),
            Self::Reference(reference) => reference.strength,
        }
    }

    /// Whether a source denies it. A denied value is no reference.
    pub fn denied(self) -> bool {
        self.relationship().is_some_and(EntityRef::denied)
    }

    /// When it began and ended; a value is of no known date.
    pub fn extent(self) -> Extent {
        self.relationship().map_or((None, None), EntityRef::extent)
    }

    /// The statements that make it.
    pub(crate) fn connecting(self) -> Vec<StatementKey> {
        match self {
            Self::Relationship(link) => link.connecting().collect(),
            Self::Reference(reference) => reference.statements().collect(),
        }
    }
}

impl Seen {
    /// The values of an entity that are references, whether what they name exists or not.
    fn referring_values(&self, key: u32) -> impl Iterator<Item = (Said, &'static Property)> {
        let record = &self.records[key as usize];
        let schema = self.schema_of(record).filter(|_| record.refers);
        let said = schema.map(|_| self.said_of(key).iter()).into_iter().flatten();
        said.filter(|said| self.values.may_refer(said.kind)).filter_map(move |said| {
            Some((said, schema?.reference(&self.values.kind_of(said.kind).property)?))
        })
    }

    /// The keys of all others that an entity refers to, whether they exist or not, each once.
    pub(super) fn named_by(&self, key: u32) -> Vec<u32> {
        if !self.records[key as usize].refers {
            return Vec::new();
        }
        let named = self.referring_values(key).map(|(said, _)| said.text & !IS_ID);
        let mut named: Vec<u32> = named.filter(|target| *target != key).collect();
        named.sort_unstable();
        named.dedup();
        named
    }

    /// Whether a reference can lead to it: it exists and is no relationship.
    fn can_be_named(&self, key: u32) -> bool {
        let record = &self.records[key as usize];
        record.exists() && record.ends().is_none()
    }

    /// How many others an entity refers to or is referred to by.
    pub(super) fn referred(&self, key: u32) -> usize {
        if !self.can_be_named(key) {
            return self.nearby(key).count();
        }
        let mut named = self.referring_values(key).map(|(said, _)| said.text & !IS_ID);
        let count = match (named.next(), named.next()) {
            (None, _) => 0,
            // Most that refer do so once: no need for a list.
            (Some(one), None) => usize::from(one != key && self.can_be_named(one)),
            _ => return self.nearby(key).count(),
        };
        count + self.referring.of(key).len()
    }

    /// The others that an entity refers to, then those that refer to it.
    fn nearby(&self, key: u32) -> impl Iterator<Item = u32> {
        let named = self.named_by(key).into_iter().filter(|target| self.can_be_named(*target));
        let referring = if self.can_be_named(key) { self.referring.of(key) } else { &[] };
        named.chain(referring.iter().copied())
    }

    /// The references by which an entity names others, by property and by what they name.
    pub fn references_from(&self, entity: EntityRef<'_>) -> Vec<Reference<'_>> {
        self.references_between(entity.key, None)
    }

    /// The references from one entity to another, or to any.
    fn references_between(&self, source: u32, to: Option<u32>) -> Vec<Reference<'_>> {
        if !self.records[source as usize].refers {
            return Vec::new();
        }
        let mut all: Vec<Reference<'_>> = self
            .referring_values(source)
            .map(|(said, property)| Reference {
                seen: self,
                source,
                target: said.text & !IS_ID,
                property,
                statement: said.statement,
                strength: said.strength,
            })
            .filter(|one| to.is_none_or(|to| one.target == to))
            .filter(|one| one.target != source && self.can_be_named(one.target))
            .collect();
        // Stable: of several statements the first stays.
        let ids = &self.ids;
        all.sort_by(|a, b| {
            let by_property = a.property.name.cmp(&b.property.name);
            by_property.then_with(|| ids[a.target as usize].cmp(&ids[b.target as usize]))
        });
        all.dedup_by(|again, kept| {
            let same = (&again.property.name, again.target) == (&kept.property.name, kept.target);
            if same {
                kept.strength = kept.strength.max(again.strength);
            }
            same
        });
        all
    }

    /// The references that lead to an entity, by the ids of those that refer.
    pub fn references_to(&self, entity: EntityRef<'_>) -> Vec<Reference<'_>> {
        if !self.can_be_named(entity.key) {
            return Vec::new();
        }
        let holders = self.referring.of(entity.key).iter();
        holders.flat_map(|holder| self.references_between(*holder, Some(entity.key))).collect()
    }

    /// Every reference, by the ids of those that refer.
    pub fn references(&self) -> impl Iterator<Item = Reference<'_>> {
        self.order.iter().flat_map(|key| self.references_between(*key, None))
    }

    /// The reference of an id, if there is one now.
    pub fn reference(&self, id: &Id) -> Option<Reference<'_>> {
        id.parts().find_map(|(source, property, target)| {
            let source = self.find(source)?;
            let target = self.find(target)?.key();
            let all = self.references_between(source.key(), Some(target));
            all.into_iter().find(|one| one.property.name == property)
        })
    }

    /// The relationship or reference of an id, if both its ends exist.
    pub fn connection(&self, id: &Id) -> Option<Connection<'_>> {
        match self.get(id) {
            Some(entity) => self.ends(entity).map(|_| Connection::Relationship(entity)),
            None => self.reference(id).map(Connection::Reference),
        }
    }

    /// Every relationship whose ends both exist, by id, then every reference.
    pub fn connections(&self) -> impl Iterator<Item = Connection<'_>> {
        let links = self.links().map(Connection::Relationship);
        links.chain(self.references().map(Connection::Reference))
    }

    /// What lies between an entity and others: relationships whose ends both exist, by id, then
    /// the references from it and to it.
    pub fn connections_of<'a>(
        &'a self,
        entity: EntityRef<'a>,
    ) -> impl Iterator<Item = Connection<'a>> {
        let links = self.links_of(entity.id()).filter(|link| self.ends(*link).is_some());
        let references = self.references_from(entity).into_iter();
        let references = references.chain(self.references_to(entity));
        links.map(Connection::Relationship).chain(references.map(Connection::Reference))
    }

    /// The same, of these only what has its source at the entity.
    pub(crate) fn connections_from<'a>(
        &'a self,
        entity: EntityRef<'a>,
    ) -> impl Iterator<Item = Connection<'a>> {
        let links = self.links_of(entity.id()).filter(move |link| {
            self.ends(*link).is_some_and(|(source, _)| source.key() == entity.key())
        });
        let references = self.references_from(entity).into_iter();
        links.map(Connection::Relationship).chain(references.map(Connection::Reference))
    }

    /// What lies between two entities.
    pub fn connections_between<'a>(
        &'a self,
        a: EntityRef<'a>,
        b: EntityRef<'a>,
    ) -> impl Iterator<Item = Connection<'a>> {
        let degree = |entity: EntityRef<'_>| self.touching.of(entity.key()).len();
        // Some have tens of thousands.
        let (few, many) = if degree(a) <= degree(b) { (a, b) } else { (b, a) };
        let links = self.links_of(few.id()).filter(move |link| {
            self.ends(*link).is_some_and(|(source, target)| {
                source.key() == many.key() || target.key() == many.key()
            })
        });
        let between = |a: EntityRef<'_>, b: EntityRef<'_>| {
            self.references_between(a.key(), Some(b.key())).into_iter()
        };
        let references = between(a, b).chain(between(b, a));
        links.map(Connection::Relationship).chain(references.map(Connection::Reference))
    }

    /// The name to show for a relationship or reference.
    pub fn connection_name(&self, connection: Connection<'_>) -> String {
        connection.ends().map(Self::between).unwrap_or_default()
    }
}

impl<'a> EntityRef<'a> {
    fn is_of(self, is: fn(&Schema) -> bool) -> bool {
        self.seen.schema_of(&self.seen.records[self.key as usize]).is_some_and(is)
    }

    /// The entity that this one only describes, as an address or a passport does: the only one
    /// that it refers to or is referred to by, where it has no relationships. What several share
    /// describes none.
    pub fn host(self) -> Option<EntityRef<'a>> {
        if self.is_link() || !self.seen.touching.of(self.key).is_empty() {
            return None;
        }
        let mut nearby = self.seen.nearby(self.key);
        let host = self.seen.at(nearby.next()?);
        // One that both names the other and is named by it has but one neighbour.
        let is_alone = nearby.all(|other| other == host.key);
        (is_alone && self.is_of(Schema::is_detail) && !host.is_of(Schema::is_detail))
            .then_some(host)
    }

    /// The entities that only describe this one; see [`Self::host`].
    pub fn details(self) -> Vec<EntityRef<'a>> {
        let seen = self.seen;
        let mut nearby: Vec<u32> = seen.nearby(self.key).collect();
        // Most have none.
        if nearby.is_empty() || self.is_of(Schema::is_detail) {
            return Vec::new();
        }
        nearby.sort_unstable();
        nearby.dedup();
        let nearby = nearby.into_iter().map(|key| seen.at(key));
        nearby.filter(|other| other.host().is_some_and(|host| host.key == self.key)).collect()
    }
}
