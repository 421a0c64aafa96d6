//! An entity as its live statements describe it.

use std::sync::Arc;

use super::{CitationRef, Credibility, Id, PartialDate, StatementKey, Strength, schema};

/// The property under which a statement says of what schema its entity is.
///
/// A live asserted statement of it makes the entity exist; a live denied one says that somebody
/// disputes that it exists, which is how a relationship is denied.
pub const SCHEMA: &str = "schema";

/// What the live statements of one entity or relationship say.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    pub id: Id,
    /// The name of its schema, perhaps one that this program does not know.
    pub schema: Arc<str>,
    /// What to call it: chosen from its values by the schema's caption rule, else its id.
    pub caption: Arc<str>,
    /// For a relationship, the entities at its source and its target.
    pub ends: Option<(Id, Id)>,
    /// Whether a live statement denies that it exists.
    pub denied: bool,
    /// How well it is supported: by the citations of all its live statements together.
    pub strength: Strength,
    /// Whether it is evidence: a document whose bytes are in the case.
    pub evidence: bool,
    /// Its live statements about its schema, in the order in which they were made.
    pub existence: Vec<Existence>,
    /// Its live values, in the order in which they were stated.
    pub values: Vec<Value>,
    /// The live citations of all of these, by statement.
    pub citations: Vec<Cite>,
}

/// One live statement about the schema of an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Existence {
    pub statement: StatementKey,
    pub schema: Arc<str>,
    /// Whether the statement denies that the entity exists.
    pub denied: bool,
    /// How well this one statement is supported.
    pub strength: Strength,
}

/// One live citation of a statement, as far as strength depends on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cite {
    pub statement: StatementKey,
    pub citation: CitationRef,
    pub document: Id,
    /// Whether it supports the statement or contradicts it.
    pub supports: bool,
    /// How far the information can be believed; absent until somebody judges it.
    pub credibility: Option<Credibility>,
}

/// One live statement of an entity, other than the one about its schema.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// The local key of the statement, stable while this file lives.
    pub statement: StatementKey,
    pub property: Arc<str>,
    /// The value as text, in `FollowTheMoney`'s spelling.
    pub text: Arc<str>,
    /// The language of the value, a three-letter code.
    pub lang: Option<Arc<str>>,
    pub denied: bool,
    /// How well this one value is supported.
    pub strength: Strength,
}

impl Entity {
    /// The asserted values of a property, in the order in which they were stated.
    pub fn all<'a>(&'a self, property: &'a str) -> impl Iterator<Item = &'a str> {
        self.values.iter().filter(move |v| &*v.property == property && !v.denied).map(|v| &*v.text)
    }

    /// The first asserted value of a property.
    pub fn first(&self, property: &str) -> Option<&str> {
        self.values.iter().find(|v| &*v.property == property && !v.denied).map(|v| &*v.text)
    }
}

impl Entity {
    /// When it began and ended, by the temporal properties of its schema.
    pub fn extent(&self) -> Extent {
        extent(&self.schema, |property| self.first(property))
    }
}

/// When something began and ended, as far as that is said.
pub type Extent = (Option<PartialDate>, Option<PartialDate>);

/// When something of a schema began and ended, by the first values of its temporal properties.
/// Something with a single `date`, such as a payment, begins and ends on it.
pub fn extent<'a>(schema: &str, first: impl Fn(&str) -> Option<&'a str>) -> Extent {
    let Some(schema) = schema::schema(schema) else { return (None, None) };
    let read = |properties: &[String]| {
        properties.iter().find_map(|p| Some((p.clone(), first(p)?.parse::<PartialDate>().ok()?)))
    };
    let start = read(&schema.temporal_start);
    let end = read(&schema.temporal_end).map(|(_, date)| date);
    match (start, end) {
        (Some((property, date)), None) if property == "date" || schema.is_a("Document") => {
            (Some(date.clone()), Some(date))
        }
        (start, end) => (start.map(|(_, date)| date), end),
    }
}
