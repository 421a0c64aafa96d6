//! Statements as CSV, one a row, with the columns of `FollowTheMoney` and nomenklatura.
//!
//! Values stand as they are, for programs: this is no file for a spreadsheet. What the format
//! cannot say (that something is denied, properties that are not `FollowTheMoney`'s) is left out and
//! counted.

use std::io::Write;

use sha2::{Digest as _, Sha256};

use super::{
    content::{Content, Written},
    ftm::OWN,
    pair::of_csv,
    safe, unwritten,
};
use crate::{
    case::{Result, StatementInfo, Which},
    model::{Entity, entity::SCHEMA, schema},
};

const COLUMNS: [&str; 14] = [
    "canonical_id",
    "entity_id",
    "prop",
    "prop_type",
    "schema",
    "value",
    "dataset",
    "origin",
    "lang",
    "original_value",
    "external",
    "first_seen",
    "last_seen",
    "id",
];

/// Writes every live, asserted statement.
pub fn write(content: &Content<'_>, out: &mut dyn Write) -> Result<Written> {
    let mut out = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .buffer_capacity(1 << 18)
        .from_writer(out);
    out.write_record(COLUMNS).map_err(of_csv)?;
    let dataset = slug(&content.about.case);
    let mut titles = std::collections::BTreeMap::new();
    for item in content.evidence(&std::collections::BTreeSet::new())? {
        titles.insert(item.id, item.caption);
    }
    let mut written = Written::default();
    let (mut denied, mut unknown, mut dangerous) = (0, 0, 0);
    content.each_with_statements(Which::All, &mut |entity, statements| {
        written.count(&entity);
        let known = schema::schema(&entity.schema);
        let Some(known) = known.filter(|_| !entity.denied) else {
            if entity.denied {
                denied += statements.len() as u64;
            } else {
                unknown += statements.len() as u64;
            }
            return Ok(());
        };
        for statement in &statements {
            let (property, kind) = if statement.property == SCHEMA {
                // The statement that makes an entity exist is about its id here.
                ("id", "id".to_owned())
            } else {
                match known.property(&statement.property) {
                    Some(property) if !OWN.contains(&property.name.as_str()) => {
                        (property.name.as_str(), format!("{:?}", property.type_).to_lowercase())
                    }
                    _ => {
                        unknown += 1;
                        continue;
                    }
                }
            };
            if statement.denied {
                denied += 1;
                continue;
            }
            let value = if property == "id" { entity.id.as_str() } else { &statement.value };
            dangerous += u64::from(safe::is_dangerous(value));
            let mut supporting = statement.citations.iter().filter(|citation| citation.supports);
            let origin = supporting.find_map(|citation| titles.get(&citation.evidence));
            let at = jiff::Timestamp::from_millisecond(statement.at).unwrap_or_default();
            let seen = at.strftime("%Y-%m-%dT%H:%M:%S").to_string();
            out.write_record([
                entity.id.as_str(),
                entity.id.as_str(),
                property,
                &kind,
                &entity.schema,
                value,
                &dataset,
                origin.map_or("", String::as_str),
                statement.lang.as_deref().unwrap_or_default(),
                statement.original.as_deref().unwrap_or_default(),
                "f",
                &seen,
                &seen,
                &key(&entity, property, statement),
            ])
            .map_err(of_csv)?;
            written.statements += 1;
        }
        Ok(())
    })?;
    out.flush().map_err(unwritten)?;
    written.note(
        denied,
        "One statement is denied, which the format cannot say; it is left out.",
        "{} statements are denied, which the format cannot say; they are left out.",
    );
    written.note(
        unknown,
        "One statement is of a property or schema that FollowTheMoney does not have; it is left out here, FollowTheMoney entities carry it.",
        "{} statements are of properties or schemata that FollowTheMoney does not have; they are left out here, FollowTheMoney entities carry them.",
    );
    written.note(
        dangerous,
        "One value begins like a formula; give this file to programs and a CSV pair or XLSX to a spreadsheet.",
        "{} values begin like formulas; give this file to programs and a CSV pair or XLSX to a spreadsheet.",
    );
    Ok(written)
}

/// The id of a statement: the same for the same statement of the same entity.
fn key(entity: &Entity, property: &str, statement: &StatementInfo) -> String {
    let mut hash = Sha256::new();
    for part in [
        entity.id.as_str(),
        property,
        &statement.value,
        statement.lang.as_deref().unwrap_or_default(),
    ] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hex::encode(&hash.finalize()[..20])
}

/// The name of the case as datasets are called: lower case, digits, underscores.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in any_ascii::any_ascii(name).to_lowercase().chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('_') && !slug.is_empty() {
            slug.push('_');
        }
    }
    let slug = slug.trim_end_matches('_');
    if slug.is_empty() { "redthread".to_owned() } else { slug.to_owned() }
}
