//! The mapping that a plan amounts to.

mod activities;
mod links;
mod payments;
mod property;
mod things;
mod variants;

use std::collections::BTreeMap;

pub(super) use super::super::edit::label;
use super::{
    super::{
        mapping::{EntityMapping, PropertyMapping, free_name},
        parts,
        row::Row,
    },
    party::Party,
    plan::{Plan, TableKind},
    profile::Profile,
};
use crate::model::schema;

/// A party as one schema.
#[derive(Clone, Debug)]
struct Variant {
    party: usize,
    name: String,
    schema: &'static str,
    filters: BTreeMap<String, Vec<String>>,
    filters_not: BTreeMap<String, Vec<String>>,
    form: Option<Form>,
}

/// The entities and relationships of each row.
pub(super) fn entities(
    plan: &Plan,
    profiles: &[Profile],
    rows: &[Row],
    stem: &str,
) -> Vec<EntityMapping> {
    let mut build = Build { plan, profiles, rows, stem, made: Vec::new() };
    let mut variants: Vec<Variant> =
        (0..plan.parties.len()).flat_map(|party| build.variants(party)).collect();
    for at in 1..variants.len() {
        let (before, rest) = variants.split_at_mut(at);
        let taken = |name: &str| before.iter().any(|other| other.name == name);
        rest[0].name = free_name(&rest[0].name, taken);
    }
    for variant in &variants {
        let mapping = build.thing(variant);
        build.made.push(mapping);
    }
    match plan.kind {
        TableKind::Payments => build.payments(&variants),
        TableKind::Trade => build.trade(&variants),
        TableKind::Events => build.events(&variants),
        _ => {
            for link in &plan.links {
                build.links(link, &variants);
            }
            let subject = plan.subject.unwrap_or(0);
            let names: Vec<String> = variants
                .iter()
                .filter(|variant| variant.party == subject)
                .map(|variant| variant.name.clone())
                .collect();
            for name in names {
                build.note(&name, &plan.rest);
            }
        }
    }
    build.made
}

struct Build<'a> {
    plan: &'a Plan,
    profiles: &'a [Profile],
    rows: &'a [Row],
    stem: &'a str,
    made: Vec<EntityMapping>,
}

fn is_a(schema_name: &str, other: &str) -> bool {
    schema::schema(schema_name).is_some_and(|schema| schema.is_a(other))
}

/// The schema that something of a schema must be to be an end of a relationship; `None` where it
/// cannot be one.
fn promoted(schema_name: &'static str, range: &str) -> Option<&'static str> {
    if is_a(schema_name, range) {
        return Some(schema_name);
    }
    match (schema_name, range) {
        ("LegalEntity" | "Organization" | "PublicBody", "Asset" | "Company") => Some("Company"),
        ("LegalEntity", "Organization") => Some("Organization"),
        ("LegalEntity", "Person") => Some("Person"),
        _ => None,
    }
}

/// The ends of a relationship: property and range of each.
fn ends(schema_name: &str) -> Option<[(&'static str, &'static str); 2]> {
    let schema = schema::schema(schema_name)?;
    let edge = schema.edge.as_ref()?;
    let end = |name: &'static str| {
        let range = schema.property(name).and_then(|property| property.range.as_deref());
        (name, range.unwrap_or("Thing"))
    };
    Some([end(&edge.source), end(&edge.target)])
}

/// How a name must read, or must not.
#[derive(Clone, Copy, Debug)]
enum Form {
    /// As an organization's.
    Organization(bool),
    /// With the title of a person.
    Titled(bool),
}

impl Build<'_> {
    fn party(&self, at: usize) -> &Party {
        &self.plan.parties[at]
    }

    fn heading(&self, at: usize) -> String {
        self.profiles[at].heading.clone()
    }

    /// A name that no entity has yet.
    fn free(&self, base: &str) -> String {
        free_name(base, |name| self.made.iter().any(|made| made.name == name))
    }

    /// Keeps columns as notes of an entity.
    fn note(&mut self, name: &str, columns: &[usize]) {
        let headings = columns.iter().map(|at| self.heading(*at)).collect();
        if let Some(mapping) = self.made.iter_mut().find(|made| made.name == name) {
            label(mapping, headings);
        }
    }
}

/// Says a property from one more column; `false` where the property is said already and has one
/// value.
fn say(properties: &mut Vec<PropertyMapping>, property: &str, profile: &Profile) -> bool {
    const SEVERAL: [&str; 16] = [
        "alias",
        "weakAlias",
        "previousName",
        "nationality",
        "country",
        "citizenship",
        "passportNumber",
        "idNumber",
        "phone",
        "email",
        "pastFlags",
        "programId",
        "website",
        "birthDate",
        "jurisdiction",
        "topics",
    ];
    // The second of two dates or kinds is one of something else.
    const ONE: [&str; 5] = ["incorporationDate", "dissolutionDate", "status", "legalForm", "type"];
    if ONE.contains(&property) && properties.iter().any(|said| said.property == property) {
        return false;
    }
    let split = profile.split.filter(|_| SEVERAL.contains(&property));
    // A slash is in names of firms and numbers, too.
    let slash = (profile.slashed && matches!(property, "alias" | "weakAlias" | "previousName"))
        .then_some(parts::SLASH);
    let (split, split_else) = match split {
        Some(split) => (Some(split.to_owned()), slash.map(str::to_owned)),
        None => (slash.map(str::to_owned), None),
    };
    let same = properties.iter_mut().find(|said| {
        said.property == property
            && (&said.split, &said.split_else) == (&split, &split_else)
            && said.entity.is_none()
    });
    match same.filter(|said| !said.required && said.join.is_none()) {
        Some(said) => said.columns.push(profile.heading.clone()),
        None => properties.push(PropertyMapping {
            split,
            split_else,
            ..PropertyMapping::column(property, &profile.heading)
        }),
    }
    true
}
