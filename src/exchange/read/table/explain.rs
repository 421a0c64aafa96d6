//! Writes a mapping as `FollowTheMoney`'s own program reads it. What that cannot say is kept under
//! `redthread`, which it skips, so that the file given back to us means what it meant.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use serde_json::{Map, Value};

use super::{
    EntityMapping, Guess, Mapping, PropertyMapping, Table, clean, parts, row::Row, sketch,
};
use crate::case::Result;

/// Values of columns, by which rows are chosen.
type Filters = BTreeMap<String, Vec<String>>;

/// Before what cannot be said in `FollowTheMoney`, in a comment of the file.
const UNSAID: &str = "Not said in FollowTheMoney: ";

/// A mapping for a table as YAML, with what was guessed of it as comments.
pub fn to_yaml(table: &Table, mapping: &Mapping, guess: Option<&Guess>) -> Result<String> {
    let mut out = String::new();
    let mut comment = |text: &str| {
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        writeln!(out, "# {line}").ok();
    };
    comment("What each row of the table becomes. Edit it and give it back with --mapping.");
    if let Some(guess) = guess {
        let sure = guess.confidence * 100.0;
        comment(&format!("Read as {}, {sure:.0} % sure", guess.shape));
        guess.reasons.iter().for_each(|reason| comment(&format!("  because {reason}")));
    }
    for column in &table.columns {
        let becomes = mapping.becomes(column).unwrap_or_else(|| "not used".to_owned());
        let known = guess.and_then(|guess| guess.columns.iter().find(|c| c.heading == *column));
        let why =
            known.filter(|known| !known.reason.is_empty()).map_or_else(String::new, |known| {
                format!(" ({:.0} %: {})", known.confidence * 100.0, known.reason)
            });
        comment(&format!("{column} → {becomes}{why}"));
    }
    for what in unsaid(table, mapping)? {
        comment(&format!("{UNSAID}{what}"));
    }
    match &mapping.dataset {
        Some(name) => comment(&format!("Give it back with --dataset {name}, too.")),
        None => comment("The empty name of the data set keeps ids as they are; see --dataset."),
    }
    let name = mapping.dataset.clone().unwrap_or_default();
    writeln!(out, "{}:\n  queries:", scalar(&name)).ok();
    for query in queries(mapping) {
        writeln!(out, "  - csv_url: {}", scalar(&table.path().display().to_string())).ok();
        for (key, filters) in
            [("filters", &query.owner.filters), ("filters_not", &query.owner.filters_not)]
        {
            if filters.is_empty() {
                continue;
            }
            writeln!(out, "    {key}:").ok();
            for (column, values) in filters {
                let value = |value: &String| {
                    if value.is_empty() { Value::Null } else { Value::String(value.clone()) }
                };
                let values = values.iter().map(value).collect();
                writeln!(out, "      {}: {}", scalar(column), flow(&Value::Array(values))).ok();
            }
        }
        let about = serde_json::json!({
            "name": mapping.name,
            "table": mapping.table,
            "fill": mapping.fill,
            "more": mapping.more,
        });
        writeln!(out, "    redthread: {}", flow(&about)).ok();
        writeln!(out, "    entities:").ok();
        for entity in &query.entities {
            let own = entity.filters == query.owner.filters
                && entity.filters_not == query.owner.filters_not;
            write_entity(&mut out, entity, own);
        }
    }
    Ok(out)
}

/// What is made of some rows: the entity whose conditions they are, and all that are made of them.
struct Query<'m> {
    owner: &'m EntityMapping,
    entities: Vec<&'m EntityMapping>,
}

/// The queries of a mapping: `FollowTheMoney` chooses rows for all entities of a query at once.
fn queries(mapping: &Mapping) -> Vec<Query<'_>> {
    let mut queries: Vec<Query<'_>> = Vec::new();
    for entity in &mapping.entities {
        let same = queries.iter_mut().find(|query| {
            query.owner.filters == entity.filters && query.owner.filters_not == entity.filters_not
        });
        match same {
            Some(query) => query.entities.push(entity),
            None => queries.push(Query { owner: entity, entities: vec![entity] }),
        }
    }
    // What they name must be in the same query.
    for query in &mut queries {
        let mut at = 0;
        while let Some(entity) = query.entities.get(at) {
            let named = entity.properties.iter().filter_map(|said| said.entity.as_deref());
            let named: Vec<&EntityMapping> =
                named.filter_map(|name| mapping.entity(name)).collect();
            for other in named {
                if !query.entities.iter().any(|known| known.name == other.name) {
                    query.entities.push(other);
                }
            }
            at += 1;
        }
    }
    queries
}

/// Writes an entity; `own` says whether it is of this query, and not only named in it.
fn write_entity(out: &mut String, entity: &EntityMapping, own: bool) {
    writeln!(out, "      {}:", scalar(&entity.name)).ok();
    writeln!(out, "        schema: {}", scalar(&entity.schema)).ok();
    if !entity.key_literal.is_empty() {
        writeln!(out, "        key_literal: {}", scalar(&entity.key_literal)).ok();
    }
    const SAID: [&str; 8] = [
        "name",
        "schema",
        "key_literal",
        "keys",
        "id_column",
        "properties",
        "filters",
        "filters_not",
    ];
    let mut ours = if own { rest(entity, &SAID) } else { Map::new() };
    if !own {
        ours.insert("same".to_owned(), true.into());
    }
    match &entity.id_column {
        Some(column) => writeln!(out, "        id_column: {}", scalar(column)).ok(),
        None if entity.keys.is_empty() => {
            // Its own program needs keys, ours takes all that is said.
            ours.insert("keyless".to_owned(), true.into());
            let keys = said_columns(entity).into_iter().map(Value::from).collect();
            writeln!(out, "        keys: {}", flow(&Value::Array(keys))).ok()
        }
        None => {
            let keys = entity.keys.iter().map(|key| Value::from(key.as_str())).collect();
            writeln!(out, "        keys: {}", flow(&Value::Array(keys))).ok()
        }
    };
    let mut first: Vec<&PropertyMapping> = Vec::new();
    let mut more: Vec<Value> = Vec::new();
    let known = entity.known();
    for said in &entity.properties {
        let ours = known.and_then(|schema| schema.property(&said.property)).is_some_and(|p| p.own);
        if ours || first.iter().any(|other| other.property == said.property) {
            more.push(serde_json::to_value(said).unwrap_or_default());
        } else {
            first.push(said);
        }
    }
    if own && !more.is_empty() {
        ours.insert("properties".to_owned(), more.into());
    }
    if !ours.is_empty() {
        writeln!(out, "        redthread: {}", flow(&Value::Object(ours))).ok();
    }
    if first.is_empty() {
        return;
    }
    writeln!(out, "        properties:").ok();
    for said in first {
        let mut value = rest(said, &["property"]);
        let mut ours = Map::new();
        for name in [
            "order",
            "decimal",
            "lang",
            "split_else",
            "labelled",
            "aside",
            "when",
            "unless",
            "later",
        ] {
            if let Some(own) = value.remove(name) {
                ours.insert(name.to_owned(), own);
            }
        }
        if !ours.is_empty() {
            value.insert("redthread".to_owned(), ours.into());
        }
        writeln!(out, "          {}: {}", scalar(&said.property), flow(&value.into())).ok();
    }
}

/// What is said of something apart from some of its fields.
fn rest(of: &impl serde::Serialize, without: &[&str]) -> Map<String, Value> {
    match serde_json::to_value(of) {
        Ok(Value::Object(mut map)) => {
            map.retain(|name, _| !without.contains(&name.as_str()));
            map
        }
        _ => Map::new(),
    }
}

/// Every column that is said of an entity.
fn said_columns(entity: &EntityMapping) -> Vec<String> {
    let all = entity.properties.iter().flat_map(PropertyMapping::all_columns);
    let mut columns: Vec<String> = Vec::new();
    for column in all.chain(entity.each.iter().map(|each| each.column.as_str())) {
        if !columns.iter().any(|known| known == column) {
            columns.push(column.to_owned());
        }
    }
    columns
}

/// What of a mapping `FollowTheMoney` cannot say, as far as the first rows show it.
fn unsaid(table: &Table, mapping: &Mapping) -> Result<Vec<String>> {
    let mut all: Vec<String> = Vec::new();
    let layout = &table.layout;
    let usual = layout.delimiter == Some(',') && layout.heading == 1;
    if !usual || !matches!(layout.encoding, Some("UTF-8")) {
        all.push("its own program reads commas, UTF-8 and headings in the first row only".into());
    }
    if usual && !is_written(table) {
        all.push("headings have spaces around them, or are missing or the same".into());
    }
    let shape = super::Shape::of(table);
    if table.sample.iter().any(|row| shape.wrong(row).is_some()) {
        all.push("rows that are none of the table, such as totals, are left out".into());
    }
    let keys: BTreeSet<usize> = mapping
        .entities
        .iter()
        .flat_map(|entity| &entity.keys)
        .filter_map(|key| table.column(key))
        .collect();
    let empty = |cell: &str| clean::is_nothing(cell) && !cell.trim().is_empty();
    if table.sample.iter().any(|row| keys.iter().any(|key| empty(row.get(*key)))) {
        all.push("placeholders in columns that are keys count as empty".into());
    }
    if !mapping.fill.is_empty() {
        all.push("empty cells say what the last filled one above says".into());
    }
    if !mapping.more.is_empty() {
        all.push("other sheets of the workbook are read with it".into());
    }
    for entity in &mapping.entities {
        let name = &entity.name;
        if let Some(each) = &entity.each {
            all.push(format!("each part of “{}” is one “{name}”", each.column));
        }
        for form in &entity.forms {
            let column = &form.column;
            let kinds =
                [(form.organization, "an organization"), (form.titled, "a person by title")];
            for (is, kind) in kinds {
                let Some(is) = is else { continue };
                let reads = if is { "reads" } else { "does not read" };
                all.push(format!("“{name}” is made where “{column}” {reads} as {kind}"));
            }
        }
        if let Some(sign) = &entity.sign {
            let (column, below) = (&sign.column, if sign.negative { "below" } else { "not below" });
            all.push(format!("“{name}” is made where “{column}” is {below} zero"));
        }
        if entity.keys.is_empty() && entity.id_column.is_none() && entity.each.is_none() {
            all.push(format!("“{name}” has no keys"));
        }
        if let Some(of) = &entity.rows_of {
            all.push(format!("“{name}” is what a row of {} became in the case", of.words()));
        }
        if entity.one_end {
            all.push(format!("“{name}” is kept where one of its ends is empty"));
        }
        let of_one = |row: &Row| {
            let names = entity.properties.iter().filter_map(|end| {
                let end = mapping.entity(end.entity.as_deref()?)?;
                let named = end.properties.iter().find(|said| said.property == "name")?;
                Some(row.get(table.column(named.columns.first()?)?))
            });
            let names: Vec<&str> = names.collect();
            matches!(names[..], [one, other] if !one.is_empty() && one == other)
        };
        if entity.apart && table.sample.iter().any(of_one) {
            all.push(format!("“{name}” is left out where both its ends are one"));
        }
        for said in &entity.properties {
            if !said.when.is_empty() || !said.unless.is_empty() || said.later.is_some() {
                all.push(format!("“{}” of “{name}” is said of some rows only", said.property));
            }
            if said.split.as_deref() == Some(parts::BRACKET) {
                all.push(format!("what stands in brackets behind “{name}” is another name"));
            }
            if said.split_else.is_some() {
                all.push(format!("“{}” of “{name}” has two separators", said.property));
            }
            let Some(other) = said.entity.as_ref().and_then(|name| mapping.entity(name)) else {
                continue;
            };
            let property = entity.known().and_then(|schema| schema.property(&said.property));
            let range = property.and_then(|property| property.range.as_deref());
            let fits = other.known().zip(range).is_none_or(|(schema, range)| schema.is_a(range));
            if !fits {
                all.push(format!("what “{}” is stands in another table", other.name));
            }
            let within = |mine: &Filters, theirs: &Filters| {
                theirs.iter().all(|(column, values)| mine.get(column) == Some(values))
            };
            if !within(&entity.filters, &other.filters)
                || !within(&entity.filters_not, &other.filters_not)
            {
                all.push(format!("“{name}” is made of other rows than “{}”", other.name));
            }
        }
    }
    if all.is_empty() {
        let plain = plain(mapping);
        let ids = |mapping: &Mapping| -> Result<BTreeSet<(String, String)>> {
            let sketch = sketch(table, mapping, table.sample.len())?;
            let made = sketch.entities.into_iter();
            Ok(made.map(|made| (made.schema, made.id.to_string())).collect())
        };
        let (ours, theirs) = (ids(mapping)?, ids(&plain)?);
        let differ: BTreeSet<&str> =
            ours.symmetric_difference(&theirs).map(|(schema, _)| schema.as_str()).collect();
        for entity in &mapping.entities {
            if differ.contains(entity.schema.as_str()) {
                all.push(format!(
                    "rows with the same or missing keys are apart as “{}”",
                    entity.name
                ));
            }
        }
    }
    Ok(all)
}

/// Whether the columns are called as their headings are written.
fn is_written(table: &Table) -> bool {
    let reader = csv::ReaderBuilder::new().from_path(table.path());
    let headings = reader.and_then(|mut reader| reader.headers().cloned());
    headings.is_ok_and(|headings| headings.iter().eq(table.columns.iter().map(String::as_str)))
}

/// A mapping by the keys alone.
fn plain(mapping: &Mapping) -> Mapping {
    let mut plain = mapping.clone();
    for entity in &mut plain.entities {
        entity.each_row = false;
        entity.by_ends = false;
        entity.whole_key = false;
        entity.agree.clear();
    }
    plain
}

/// A value in one line, as YAML and JSON both read it.
fn flow(value: &Value) -> String {
    match value {
        Value::Array(all) => {
            format!("[{}]", all.iter().map(flow).collect::<Vec<_>>().join(", "))
        }
        Value::Object(map) => {
            let all = map.iter().map(|(key, value)| format!("{}: {}", scalar(key), flow(value)));
            format!("{{{}}}", all.collect::<Vec<_>>().join(", "))
        }
        Value::String(text) => scalar(text),
        other => other.to_string(),
    }
}

/// A text as a scalar: bare where it is a plain word, else in quotation marks.
fn scalar(text: &str) -> String {
    const WORDS: [&str; 12] =
        ["true", "false", "yes", "no", "on", "off", "null", "y", "n", "none", "nan", "inf"];
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !WORDS.contains(&&*text.to_lowercase());
    if plain {
        return text.to_owned();
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\u{2028}' | '\u{2029}' | '\u{feff}' => {
                write!(out, "\\u{:04x}", u32::from(c)).ok();
            }
            c if c.is_control() => {
                write!(out, "\\u{:04x}", u32::from(c)).ok();
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
