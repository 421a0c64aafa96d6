//! What the columns of a table mean.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{content, dates::Order, nodes::RowsOf, source::Settings};
use crate::model::schema::{self, Schema};

/// What entities and relationships each row of a table becomes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mapping {
    /// What it is called among the saved ones.
    pub name: String,
    /// The data set whose name goes into every id, as `FollowTheMoney` puts it there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dataset: Option<String>,
    /// How the table is read, as far as that is not found out.
    #[serde(skip_serializing_if = "Settings::is_empty")]
    pub table: Settings,
    /// The headings that it was made for: by these it is recognised again.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// Columns whose empty cells say what the last filled one above says; the first begins a
    /// group of rows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fill: Vec<String>,
    /// What a row becomes.
    pub entities: Vec<EntityMapping>,
    /// Mappings of other sheets of the same workbook, which are read with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub more: Vec<Mapping>,
}

/// An entity or relationship of each row.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EntityMapping {
    /// What others of the row call it.
    pub name: String,
    pub schema: String,
    /// The columns whose values tell one from another. Without any, everything that is mapped
    /// tells.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// What goes into the id before the keys, so that equal keys of different things stay apart.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key_literal: String,
    /// The column that holds the id itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_column: Option<String>,
    /// Whether it only stands for what another table says, so that a relationship can name it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub refers: bool,
    /// The table in the case whose rows its key names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows_of: Option<RowsOf>,
    /// Whether it is kept where the row leaves one of its ends empty: a payment of which only the
    /// payee is known.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub one_end: bool,
    /// Whether equal rows are different things, as two payments of one day may be.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub each_row: bool,
    /// Whether the keys tell only where all of them are filled; elsewhere each row is a thing of
    /// its own.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub whole_key: bool,
    /// Whether a relationship of the same keys between other ends is another one.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub by_ends: bool,
    /// Whether it is left out where both its ends are one and nothing but a remark is said of it: a
    /// list of parents names a company itself where it has none.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub apart: bool,
    /// Columns that must not differ under one key. Where they do, their cells belong to the key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub agree: Vec<String>,
    /// A column each part of whose cells is an entity of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub each: Option<Each>,
    /// It is made only where each of these names reads so.
    #[serde(
        alias = "form",
        deserialize_with = "one_or_more",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub forms: Vec<NameForm>,
    /// It is made only where an amount has this sign, and its amount is told without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign: Option<Sign>,
    /// It is made only where each of these columns has one of the values.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub filters: BTreeMap<String, Vec<String>>,
    /// It is made only where none of these columns has one of the values.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub filters_not: BTreeMap<String, Vec<String>>,
    pub properties: Vec<PropertyMapping>,
}

/// A column each part of whose cells is an entity of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Each {
    /// The column.
    pub column: String,
    /// The text between two parts.
    pub split: String,
    /// Whether a role in brackets or a share behind a name is no part of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub aside: bool,
    /// Whether that is a number, which tells it from others of that name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub numbered: bool,
    /// Columns with as many parts, each of which belongs to the entity of its part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<String>,
}

/// How a name must read for an entity to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameForm {
    /// The column with the name.
    pub column: String,
    /// Whether the name must have the form of an organization's, or must not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<bool>,
    /// Whether the name must begin with the title of a person, or must not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub titled: Option<bool>,
}

impl NameForm {
    /// Whether a name reads so.
    pub(super) fn fits(&self, name: &str) -> bool {
        self.organization.is_none_or(|is| content::is_organization(name) == is)
            && self.titled.is_none_or(|is| content::is_titled(name) == is)
    }
}

/// Reads one form of a name, as older mappings have it, or a list.
fn one_or_more<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<NameForm>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMore {
        One(NameForm),
        More(Vec<NameForm>),
    }
    Ok(match OneOrMore::deserialize(from)? {
        OneOrMore::One(one) => vec![one],
        OneOrMore::More(more) => more,
    })
}

/// The sign that an amount must have for an entity to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sign {
    /// The column with the amount.
    pub column: String,
    /// Whether the amount must be below zero, or must not.
    pub negative: bool,
}

/// Where the values of a property come from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PropertyMapping {
    pub property: String,
    /// The columns whose cells are its values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// Values that are the same in every row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub literals: Vec<String>,
    /// A text in which `{{Column}}` stands for the cell of that column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// Another entity of the row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// What the values of several columns are joined with to one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub join: Option<String>,
    /// What parts several values in one cell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split: Option<String>,
    /// What parts them in cells without that separator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split_else: Option<String>,
    /// How dates are written: a pattern as of `strptime`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Which comes first in dates; without it, the column tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<Order>,
    /// What stands before the decimals of numbers; without it, the column tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<char>,
    /// The language of the values, a three-letter code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Whether there is no entity where it has no value.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// Whether the value is what stands behind a name in its cell: a role in brackets, a share.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub aside: bool,
    /// Whether each value is preceded by the heading of its column: `Remarks: …`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub labelled: bool,
    /// It has values only where each of these columns has one of the texts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub when: BTreeMap<String, Vec<String>>,
    /// It has values only where none of these columns has one of the texts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub unless: BTreeMap<String, Vec<String>>,
    /// The property of further values of the same entity: a list may have one row for each name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub later: Option<String>,
}

impl PropertyMapping {
    /// A property whose values stand in a column.
    pub fn column(property: &str, column: &str) -> Self {
        let columns = vec![column.to_owned()];
        Self { property: property.to_owned(), columns, ..Self::default() }
    }

    /// A property that names another entity of the row.
    pub fn entity(property: &str, name: &str) -> Self {
        let entity = Some(name.to_owned());
        Self { property: property.to_owned(), entity, ..Self::default() }
    }

    /// Every column that it is made of, those of its template too.
    pub fn all_columns(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.columns.iter().map(String::as_str).collect();
        if let Some(template) = &self.template {
            all.extend(references(template));
        }
        all
    }
}

/// Returns a name that is not taken: the wanted one, or that with a number.
pub(super) fn free_name(wanted: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2..).map(|number| format!("{wanted} {number}"));
    std::iter::once(wanted.to_owned())
        .chain(numbered)
        .find(|name| !is_taken(name))
        .unwrap_or_default()
}

/// The properties that name an end of a relationship: a payment may go from account to account.
pub(super) fn stands_for(end: &str) -> Vec<&str> {
    match end {
        "payer" => vec!["payer", "payerAccount"],
        "beneficiary" => vec!["beneficiary", "beneficiaryAccount"],
        other => vec![other],
    }
}

/// The columns that a template names.
pub(super) fn references(template: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = template;
    while let Some((_, after)) = rest.split_once("{{") {
        let Some((name, behind)) = after.split_once("}}") else { break };
        found.push(name);
        rest = behind;
    }
    found
}

impl EntityMapping {
    /// The schema, where it is known.
    pub fn known(&self) -> Option<&'static Schema> {
        schema::schema(&self.schema)
    }

    /// Every column that it is made of.
    pub fn all_columns(&self) -> Vec<&str> {
        let of_properties = self.properties.iter().flat_map(PropertyMapping::all_columns);
        let filters = self.filters.keys().chain(self.filters_not.keys());
        let parts = self.each.iter().flat_map(|each| each.beside.iter().chain([&each.column]));
        let forms = self.forms.iter().map(|form| &form.column);
        let forms = forms.chain(self.sign.iter().map(|sign| &sign.column));
        let keys = self.keys.iter().chain(&self.agree).chain(&self.id_column);
        let keys = keys.chain(filters).chain(parts).chain(forms).map(String::as_str);
        of_properties.chain(keys).collect()
    }
}

impl Mapping {
    /// The tables in the case whose rows it names, each with the columns that name them.
    pub fn rows_named(&self) -> impl Iterator<Item = (&RowsOf, &[String])> {
        let named = |made: &'_ EntityMapping| made.rows_of.is_some();
        let all = self.entities.iter().filter(move |made| named(made));
        all.filter_map(|made| Some((made.rows_of.as_ref()?, &made.keys[..])))
    }

    /// An entity of the row by its name.
    pub fn entity(&self, name: &str) -> Option<&EntityMapping> {
        self.entities.iter().find(|entity| entity.name == name)
    }

    /// Says what is wrong with it for a table of these columns, in one sentence.
    pub fn check(&self, columns: &[String]) -> Result<(), String> {
        if self.entities.is_empty() {
            return Err("The mapping makes nothing of a row; add an entity to it.".into());
        }
        for (at, entity) in self.entities.iter().enumerate() {
            let name = &entity.name;
            if self.entities[..at].iter().any(|other| other.name == *name) {
                return Err(format!(
                    "Two entities of the mapping are called “{name}”; rename one."
                ));
            }
        }
        for entity in &self.entities {
            let name = &entity.name;
            let conditions = entity
                .properties
                .iter()
                .flat_map(|said| said.when.keys().chain(said.unless.keys()));
            for column in entity.all_columns().into_iter().chain(conditions.map(String::as_str)) {
                if !columns.iter().any(|known| known == column) {
                    return Err(format!(
                        "“{name}” of the mapping needs a column “{column}”, and the table has none; it has: {}.",
                        listed(columns)
                    ));
                }
            }
            self.check_entity(entity)?;
        }
        self.order().map(drop)
    }

    fn check_entity(&self, entity: &EntityMapping) -> Result<(), String> {
        let EntityMapping { name, schema: schema_name, .. } = entity;
        let Some(schema) = entity.known() else {
            return Err(format!(
                "“{name}” of the mapping is of the schema “{schema_name}”, which does not exist; choose another."
            ));
        };
        for said in &entity.properties {
            let PropertyMapping { property, .. } = said;
            let known = schema.property(property).filter(|property| !property.stub);
            let Some(known) = known else {
                return Err(format!(
                    "“{name}” of the mapping is a {}, which has no property “{property}”; choose another.",
                    schema.label
                ));
            };
            if let Some(later) =
                said.later.as_ref().filter(|later| schema.property(later).is_none())
            {
                return Err(format!(
                    "“{name}” of the mapping is a {}, which has no property “{later}”; choose another.",
                    schema.label
                ));
            }
            if let Some(other) = &said.entity {
                let Some(target) = self.entity(other) else {
                    return Err(format!(
                        "“{name}” of the mapping names “{other}”, which is no entity of the mapping."
                    ));
                };
                let range = known.range.as_deref().unwrap_or("Thing");
                if !target.refers && target.known().is_some_and(|known| !known.is_a(range)) {
                    return Err(format!(
                        "{} of “{name}” must be of the schema {range}; “{other}” is a {}.",
                        known.label,
                        schema::label(&target.schema)
                    ));
                }
            } else if known.range.is_some() && said.template.is_none() {
                return Err(format!(
                    "{} of “{name}” must be another entity of the row; choose which.",
                    known.label
                ));
            }
        }
        if let Some(edge) = &schema.edge {
            for end in [&edge.source, &edge.target] {
                let is_end = |said: &PropertyMapping| {
                    said.entity.is_some() && stands_for(end).contains(&said.property.as_str())
                };
                let other = if end == &edge.source { &edge.target } else { &edge.source };
                let has_other = entity.properties.iter().any(|said| {
                    said.entity.is_some() && stands_for(other).contains(&said.property.as_str())
                });
                // Of the payments of an account that is not named one side is known.
                let enough = entity.one_end && has_other;
                if !enough && !entity.properties.iter().any(is_end) {
                    let label = schema.property(end).map_or(end.as_str(), |p| p.label.as_str());
                    return Err(format!(
                        "The relationship “{name}” has no {}; choose which entity of the row it is.",
                        label.to_lowercase()
                    ));
                }
            }
        }
        Ok(())
    }

    /// The entities so that each comes after those that it names.
    pub(super) fn order(&self) -> Result<Vec<usize>, String> {
        let mut order: Vec<usize> = Vec::new();
        while order.len() < self.entities.len() {
            let next = self.entities.iter().enumerate().find(|(at, entity)| {
                let done = |name: &String| order.iter().any(|at| self.entities[*at].name == *name);
                !order.contains(at)
                    && entity.properties.iter().filter_map(|p| p.entity.as_ref()).all(done)
            });
            let Some((at, _)) = next else {
                return Err("The entities of the mapping name each other in a circle; take one reference out.".into());
            };
            order.push(at);
        }
        Ok(order)
    }

    /// The mapping as a file of ours, for somebody else or for later.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

/// Names as a sentence can hold them.
pub(super) fn listed(names: &[String]) -> String {
    let mut text = names.iter().take(12).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > 12 {
        text.push_str(&format!(" and {} more", names.len() - 12));
    }
    text
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Owner, company and ownership of each row.
    pub(crate) fn shareholders() -> Mapping {
        let entity = |name: &str, schema: &str, properties: Vec<PropertyMapping>| EntityMapping {
            name: name.into(),
            schema: schema.into(),
            key_literal: schema.into(),
            properties,
            ..EntityMapping::default()
        };
        Mapping {
            name: "Shareholders".into(),
            columns: ["Company", "Owner", "Share"].map(str::to_owned).to_vec(),
            entities: vec![
                entity(
                    "holding",
                    "Ownership",
                    vec![
                        PropertyMapping::entity("owner", "owner"),
                        PropertyMapping::entity("asset", "company"),
                        PropertyMapping::column("percentage", "Share"),
                    ],
                ),
                entity("company", "Company", vec![PropertyMapping::column("name", "Company")]),
                entity("owner", "LegalEntity", vec![PropertyMapping::column("name", "Owner")]),
            ],
            ..Mapping::default()
        }
    }

    #[test]
    fn it_is_checked_in_one_sentence() {
        let good = shareholders();
        assert_eq!(good.check(&good.columns), Ok(()));
        assert_eq!(good.order(), Ok(vec![1, 2, 0]), "ends before the relationship");
        type Spoil = fn(&mut Mapping);
        let spoilt: [(&str, Spoil); 8] = [
            ("makes nothing", |m| m.entities.clear()),
            ("Two entities", |m| m.entities[1].name = "owner".into()),
            ("needs a column “X”", |m| m.entities[1].keys.push("X".into())),
            ("does not exist", |m| m.entities[1].schema = "Firm".into()),
            ("no property “colour”", |m| {
                m.entities[1].properties[0].property = "colour".into();
            }),
            ("must be of the schema Asset", |m| m.entities[1].schema = "Person".into()),
            ("has no asset", |m| drop(m.entities[0].properties.remove(1))),
            ("is no entity", |m| m.entities[0].properties[0].entity = Some("nobody".into())),
        ];
        for (said, spoil) in spoilt {
            let mut mapping = shareholders();
            spoil(&mut mapping);
            let error = mapping.check(&good.columns).expect_err(said);
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn it_is_written_and_read_the_same() {
        let mut mapping = shareholders();
        mapping.table.delimiter = Some(';');
        mapping.entities[1].filters.insert("Share".into(), vec!["1".into(), String::new()]);
        mapping.entities[2].properties[0].order = Some(Order::Day);
        assert_eq!(serde_json::from_str::<Mapping>(&mapping.to_json()).expect("ours"), mapping);
    }

    #[test]
    fn a_template_names_its_columns() {
        assert_eq!(references("{{A}}, {{B c}} {{"), ["A", "B c"]);
    }
}
