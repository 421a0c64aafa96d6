//! Filters: `schema:company country:hk since:2009 until:2016 topic:sanction tag:… has:… id:…`.
//!
//! Several filters of one kind are alternatives, filters of different kinds must all hold.

use rusqlite::{Connection, OptionalExtension as _};

use super::super::{
    Result,
    index::{self, COUNTRY, SCHEMA, TAG, TOPIC, YEAR},
};
use crate::model::{PartialDate, Property, PropertyType, schema};

/// What each filter is called, and what it does, for whoever types.
pub const FILTERS: [(&str, &str); 8] = [
    ("schema:", "of this schema: schema:company"),
    ("country:", "of this country: country:hk, country:\"north korea\""),
    ("since:", "with a date from then on: since:2009"),
    ("until:", "with a date until then: until:2016-05"),
    ("topic:", "of this topic: topic:sanction"),
    ("tag:", "with this tag"),
    ("has:", "with evidence (has:evidence) or a value (has:address)"),
    ("id:", "with this id or identifier"),
];

/// At least this many values of an entity are looked at, whatever else has been.
const LEAST: u64 = 1_000;

/// The filters of a query.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Filters {
    schemata: Vec<String>,
    countries: Vec<String>,
    topics: Vec<String>,
    tags: Vec<String>,
    since: Option<PartialDate>,
    until: Option<PartialDate>,
    evidence: bool,
    has: Vec<String>,
    pub(super) id: Option<String>,
}

impl Filters {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Takes a filter in. Says whether it was one; where its value cannot be understood, or nothing
    /// is called so, a sentence says that.
    pub(super) fn take(&mut self, key: &str, value: &str) -> std::result::Result<bool, String> {
        let value = value.trim();
        if value.is_empty() && FILTERS.iter().any(|(name, _)| name.trim_end_matches(':') == key) {
            // It is still being typed.
            return Ok(true);
        }
        let lower = value.to_lowercase();
        match key.to_ascii_lowercase().as_str() {
            "schema" => {
                let known = named_schema(&lower)
                    .ok_or_else(|| format!("There is no schema called “{value}”."))?;
                self.schemata.extend(known);
            }
            "country" => self.countries.push(choice("country", PropertyType::Country, value)?),
            "topic" => self.topics.push(choice("topic", PropertyType::Topic, value)?),
            "tag" => self.tags.push(index::code(TAG, value)),
            "since" => self.since = Some(date(value)?),
            "until" => self.until = Some(date(value)?),
            "id" => self.id = Some(value.to_owned()),
            "has" if lower == "evidence" => self.evidence = true,
            "has" => self.has.push(property(&lower).ok_or_else(|| {
                format!("“has:{value}” names no property; write has:evidence or has:address, say.")
            })?),
            // An address in the web is none.
            _ if value.starts_with("//") => return Ok(false),
            _ => {
                return Err(format!(
                    "“{key}:” is not a filter and is looked for as a word; there are {}.",
                    FILTERS.map(|(name, _)| name).join(" ")
                ));
            }
        }
        Ok(true)
    }

    /// The part of a query of the index that these filters make, where they make one.
    pub(super) fn terms(&self) -> Option<String> {
        let mut all = Vec::new();
        let any = |mark: char, codes: &[String]| {
            let terms: Vec<String> = codes.iter().map(|code| format!("\"{mark}{code}\"")).collect();
            format!("({})", terms.join(" OR "))
        };
        for (mark, codes) in [
            (SCHEMA, &self.schemata),
            (COUNTRY, &self.countries),
            (TOPIC, &self.topics),
            (TAG, &self.tags),
        ] {
            if !codes.is_empty() {
                all.push(any(mark, codes));
            }
        }
        if self.since.is_some() || self.until.is_some() {
            let from = self.since.as_ref().map_or(1700, |d| d.first().year()).max(1000);
            let to = self.until.as_ref().map_or(2100, |d| d.first().year());
            // More than a few centuries are compared one by one.
            if from <= to && to - from <= 400 {
                let years: Vec<String> = (from..=to).map(|year| format!("{year:04}")).collect();
                all.push(any(YEAR, &years));
            }
        }
        (!all.is_empty()).then(|| all.join(" AND "))
    }

    /// The schemata that are wanted, in lower case; none where any will do.
    pub(super) fn schemata(&self) -> &[String] {
        &self.schemata
    }

    /// Whether relationships may be meant, which are not all in the index.
    pub(super) fn may_be_line(&self) -> bool {
        self.schemata.is_empty()
            || schema::schemata()
                .any(|s| s.is_edge() && self.schemata.contains(&s.name.to_ascii_lowercase()))
    }

    /// Whether the index alone does not say whether these filters hold.
    pub(super) fn need_a_look(&self) -> bool {
        let fine =
            |date: &Option<PartialDate>| date.as_ref().is_some_and(|d| d.to_string().len() > 4);
        self.evidence
            || !self.has.is_empty()
            || self.id.is_some()
            || fine(&self.since)
            || fine(&self.until)
    }

    /// Whether the filters hold of an entity, and how many of its values were looked at, up to
    /// `most` of them. Asks the statements.
    pub(super) fn hold(&self, db: &Connection, entity: i64, most: u64) -> Result<(bool, u64)> {
        if self.is_empty() {
            return Ok((true, 0));
        }
        let mut query = db.prepare_cached(
            "SELECT t.text, s.value FROM passage p
             CROSS JOIN statement s ON s.key BETWEEN p.first AND p.last
             JOIN term t ON t.key = s.property JOIN revision r ON r.number = s.revision
             WHERE p.entity = ?1 AND s.stands + r.live > 1 AND NOT s.denied LIMIT ?2",
        )?;
        let most = i64::try_from(most.max(LEAST)).unwrap_or(i64::MAX);
        let values: Vec<(String, String)> = query
            .query_map([entity, most], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let schema_name: Option<String> = db
            .prepare_cached(
                "SELECT t.text FROM node n JOIN term t ON t.key = n.schema WHERE n.entity = ?1",
            )?
            .query_row([entity], |row| row.get(0))
            .optional()?;
        let looked_at = values.len() as u64;
        let Some(schema_name) = schema_name else { return Ok((false, looked_at)) };
        let holds =
            self.hold_of(&schema_name, &values) && (!self.evidence || is_cited(db, entity)?);
        Ok((holds, looked_at))
    }

    /// Whether documents are asked for.
    pub(super) fn wants_evidence(&self) -> bool {
        self.evidence
    }

    /// Whether the filters hold of an entity of a schema with these properties and values, evidence
    /// excepted.
    pub(super) fn hold_of(&self, schema_name: &str, values: &[(String, String)]) -> bool {
        let known = schema::schema(schema_name);
        let of = |kind: PropertyType| {
            values.iter().filter(move |(property, _)| {
                known.and_then(|s| s.property(property)).is_some_and(|p| p.type_ == kind)
            })
        };
        let any = |kind: PropertyType, mark: char, codes: &[String]| {
            codes.is_empty() || of(kind).any(|(_, value)| codes.contains(&index::code(mark, value)))
        };
        let tagged = self.tags.is_empty()
            || values.iter().any(|(p, v)| p == "tag" && self.tags.contains(&index::code(TAG, v)));
        let dated = self.since.is_none() && self.until.is_none()
            || of(PropertyType::Date).any(|(_, value)| self.is_within(value));
        let has = self
            .has
            .iter()
            .all(|wanted| values.iter().any(|(p, _)| p.eq_ignore_ascii_case(wanted)));
        (self.schemata.is_empty() || self.schemata.contains(&schema_name.to_ascii_lowercase()))
            && any(PropertyType::Country, COUNTRY, &self.countries)
            && any(PropertyType::Topic, TOPIC, &self.topics)
            && tagged
            && dated
            && has
    }

    fn is_within(&self, value: &str) -> bool {
        let Ok(date) = value.parse::<PartialDate>() else { return false };
        self.since.as_ref().is_none_or(|since| date.last() >= since.first())
            && self.until.as_ref().is_none_or(|until| date.first() <= until.last())
    }
}

fn is_cited(db: &Connection, entity: i64) -> Result<bool> {
    Ok(db
        .prepare_cached(
            "SELECT EXISTS(SELECT 1 FROM passage p
             CROSS JOIN statement s ON s.key BETWEEN p.first AND p.last
             JOIN revision r ON r.number = s.revision
             WHERE p.entity = ?1 AND s.stands + r.live > 1
               AND (p.evidence IS NOT NULL
                    AND s.key NOT IN (SELECT statement FROM dismissed)
                    OR EXISTS(SELECT 1 FROM citation c JOIN revision o ON o.number = c.revision
                              WHERE c.statement = s.key AND c.stands + o.live > 1)))",
        )?
        .query_row([entity], |row| row.get(0))?)
}

/// A schema by its name or label, with all that inherit from it, in lower case.
fn named_schema(lower: &str) -> Option<Vec<String>> {
    let bare = |text: &str| text.to_lowercase().replace([' ', '-', '_'], "");
    let wanted = bare(lower);
    let found = schema::schemata()
        .find(|s| [&s.name, &s.label, &s.plural].iter().any(|name| bare(name) == wanted))?;
    let all = schema::schemata().filter(|s| s.name == found.name || s.is_a(&found.name));
    Some(all.map(|s| s.name.to_ascii_lowercase()).collect())
}

/// A code of a list by itself or by what it is called.
fn choice(what: &str, kind: PropertyType, value: &str) -> std::result::Result<String, String> {
    let list = properties().find(|p| p.type_ == kind);
    let mark = if kind == PropertyType::Country { COUNTRY } else { TOPIC };
    list.and_then(|property| property.choice_named(value).or_else(|| begins(property, value)))
        .map(|code| index::code(mark, code))
        .ok_or_else(|| format!("There is no {what} called “{value}”."))
}

/// The one choice whose name begins so: Hong Kong for Hong Kong SAR.
fn begins(property: &'static Property, value: &str) -> Option<&'static str> {
    let value = value.to_lowercase();
    let mut found = property
        .choices()
        .iter()
        .filter(|(_, label)| value.len() > 3 && label.to_lowercase().starts_with(&value));
    found.next().filter(|_| found.next().is_none()).map(|(code, _)| code.as_str())
}

fn properties() -> impl Iterator<Item = &'static Property> {
    schema::schemata().flat_map(schema::Schema::properties)
}

/// A property's name, by it or by its label.
fn property(lower: &str) -> Option<String> {
    properties()
        .find(|p| p.name.to_lowercase() == lower || p.label.to_lowercase() == lower)
        .map(|p| p.name.clone())
}

fn date(value: &str) -> std::result::Result<PartialDate, String> {
    PartialDate::from_input(value).map_err(|error| error.to_string())
}
