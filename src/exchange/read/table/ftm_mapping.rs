//! Reads mappings of `FollowTheMoney`, as Aleph and `ftm map` use them.

use std::path::Path;

use serde_json::{Map, Value};

use super::mapping::{EntityMapping, Mapping, PropertyMapping};
use crate::{case::Result, exchange::refused};

/// What a mapping file says that is not done here.
pub type Left = Vec<String>;

/// Reads a mapping file for a table of this name: ours or `FollowTheMoney`'s, as YAML or JSON.
/// What of it is not supported is told by name.
pub fn read(text: &str, from: &Path, table: &Path) -> Result<(Mapping, Left)> {
    let refuse = |what: String| refused(from, "", what);
    let file = parse(text).map_err(refuse)?;
    let Value::Object(file) = file else {
        return Err(refuse("it is no mapping; it should have “queries” or “entities”".into()));
    };
    if let Some(Value::Array(_)) = file.get("entities") {
        let mapping: Mapping = serde_json::from_value(Value::Object(file))
            .map_err(|error| refuse(format!("it is no mapping of ours ({error})")))?;
        return Ok((mapping, Vec::new()));
    }
    let mut left = Vec::new();
    let queries = queries(&file, &mut left).ok_or_else(|| {
        refuse("it is no mapping; it should have “queries” with “entities”".into())
    })?;
    let chosen = for_table(&queries, table).map_err(refuse)?;
    let mut mapping = Mapping {
        name: from.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        ..Mapping::default()
    };
    for (at, query) in chosen.iter().enumerate() {
        let prefix = if chosen.len() > 1 { format!("{} ", at + 1) } else { String::new() };
        add_query(&mut mapping, query, &prefix, &mut left).map_err(refuse)?;
    }
    left.sort();
    left.dedup();
    Ok((mapping, left))
}

/// YAML, of which JSON is a part, with bounds to what its aliases may expand to.
fn parse(text: &str) -> std::result::Result<Value, String> {
    let budget = serde_saphyr::budget! {
        max_events: 200_000,
        max_aliases: 1_000,
        max_nodes: 100_000,
        max_depth: 60,
    };
    let options = serde_saphyr::options! {
        budget: budget,
        // Codes such as 0042 are keys and values here, not numbers.
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
    };
    if text.len() > 4 << 20 {
        return Err("it is longer than 4 MiB, as no mapping is".into());
    }
    serde_saphyr::from_str_with_options::<Value>(text, options).map_err(|error| {
        let said = error.to_string();
        let first = said.lines().next().unwrap_or_default().trim_end_matches([':', '.']);
        format!("it is no YAML that can be read ({first})")
    })
}

/// The queries of a file: its own, or those of the one data set in it.
fn queries<'v>(
    file: &'v Map<String, Value>,
    left: &mut Left,
) -> Option<Vec<&'v Map<String, Value>>> {
    let listed = |value: &'v Value| -> Option<Vec<&'v Map<String, Value>>> {
        match value {
            Value::Array(all) => Some(all.iter().filter_map(Value::as_object).collect()),
            Value::Object(one) => Some(vec![one]),
            _ => None,
        }
    };
    let of = |map: &'v Map<String, Value>| {
        map.get("queries")
            .or_else(|| map.get("query"))
            .or_else(|| map.get("mapping"))
            .and_then(listed)
    };
    if file.contains_key("entities") {
        return Some(vec![file]);
    }
    if let Some(own) = of(file) {
        return Some(own);
    }
    let mut found = None;
    for (name, set) in file {
        let Some(queries) = set.as_object().and_then(of) else { continue };
        if found.is_some() {
            left.push(format!("data set “{name}”: only the first one is read"));
        } else {
            found = Some(queries);
        }
    }
    found
}

/// The queries for a table: those that name it, or the only one.
fn for_table<'v>(
    queries: &[&'v Map<String, Value>],
    table: &Path,
) -> std::result::Result<Vec<&'v Map<String, Value>>, String> {
    if let [one] = queries {
        return Ok(vec![one]);
    }
    let name = table.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let ends_so = |url: &String| {
        let url = url.replace('\\', "/").to_lowercase();
        url.rsplit('/').next() == Some(&name)
    };
    let chosen: Vec<_> = queries
        .iter()
        .filter(|query| several(query, "csv_url", "csv_urls").iter().any(ends_so))
        .copied()
        .collect();
    if chosen.is_empty() {
        let known: Vec<String> =
            queries.iter().flat_map(|query| several(query, "csv_url", "csv_urls")).collect();
        return Err(format!(
            "none of its {} queries is for {name}; they are for: {}",
            queries.len(),
            super::mapping::listed(&known)
        ));
    }
    Ok(chosen)
}

/// A text, whatever scalar it is written as.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(bool) => Some(bool.to_string()),
        _ => None,
    }
}

/// One or several texts under either of two names.
fn several(map: &Map<String, Value>, one: &str, many: &str) -> Vec<String> {
    [one, many]
        .iter()
        .filter_map(|name| map.get(*name))
        .flat_map(|value| match value {
            Value::Array(all) => all.iter().filter_map(text).collect(),
            single => text(single).into_iter().collect::<Vec<_>>(),
        })
        .collect()
}

fn filters(
    map: &Map<String, Value>,
    name: &str,
) -> std::collections::BTreeMap<String, Vec<String>> {
    let Some(Value::Object(filters)) = map.get(name) else {
        return std::collections::BTreeMap::new();
    };
    filters
        .iter()
        .map(|(column, values)| {
            // Nothing stands for a cell that is empty.
            let one = |value: &Value| text(value).unwrap_or_default();
            let values = match values {
                Value::Array(all) => all.iter().map(one).collect(),
                single => vec![one(single)],
            };
            (column.clone(), values)
        })
        .collect()
}

fn add_query(
    mapping: &mut Mapping,
    query: &Map<String, Value>,
    prefix: &str,
    left: &mut Left,
) -> std::result::Result<(), String> {
    const KNOWN: [&str; 6] =
        ["csv_url", "csv_urls", "entities", "filters", "filters_not", "redthread"];
    if query.contains_key("database") {
        return Err(
            "it reads a database, and databases are not opened here; export the table as CSV"
                .into(),
        );
    }
    told_apart(query, &KNOWN, "query", left);
    let (keep, drop) = (filters(query, "filters"), filters(query, "filters_not"));
    let Some(Value::Object(entities)) = query.get("entities") else {
        return Err("a query has no “entities”".into());
    };
    // A query of ours: an entity that several of its queries name is the same in each.
    let prefix = match query.get("redthread") {
        Some(own) => {
            if let Some(name) = own.get("name").and_then(text) {
                mapping.name = name;
            }
            if let Some(table) = own.get("table") {
                mapping.table = ours("the table", table)?;
            }
            if let Some(fill) = own.get("fill") {
                mapping.fill = ours("the table", fill)?;
            }
            if let Some(more) = own.get("more") {
                mapping.more = ours("the table", more)?;
            }
            ""
        }
        None => prefix,
    };
    for (name, entity) in entities {
        let Value::Object(entity) = entity else {
            return Err(format!("the entity “{name}” is not written as one"));
        };
        const ENTITY: [&str; 7] =
            ["schema", "key", "keys", "key_literal", "id_column", "properties", "redthread"];
        told_apart(entity, &ENTITY, &format!("entity {name}"), left);
        let schema = entity.get("schema").and_then(text);
        let schema = schema.ok_or_else(|| format!("the entity “{name}” has no schema"))?;
        let mut own = match entity.get("redthread") {
            Some(Value::Object(own)) => own.clone(),
            _ => Map::new(),
        };
        // It is written out in another query.
        if own.remove("same").is_some() {
            continue;
        }
        let keyless = own.remove("keyless").is_some();
        let given: EntityMapping = ours(name, &Value::Object(own.clone()))?;
        let mut made = EntityMapping {
            name: format!("{prefix}{name}"),
            schema,
            keys: several(entity, "key", "keys"),
            key_literal: entity.get("key_literal").and_then(text).unwrap_or_default(),
            id_column: entity.get("id_column").and_then(text),
            ..given
        };
        let more = std::mem::take(&mut made.properties);
        made.filters.clone_from(&keep);
        made.filters_not.clone_from(&drop);
        if made.keys.is_empty() && made.id_column.is_none() {
            return Err(format!("the entity “{name}” has neither keys nor an id column"));
        }
        if let Some(Value::Object(properties)) = entity.get("properties") {
            for (property, said) in properties {
                let Value::Object(said) = said else {
                    return Err(format!(
                        "the property “{property}” of “{name}” is not written as one"
                    ));
                };
                made.properties.push(property_of(property, said, name, prefix, left)?);
            }
        }
        made.properties.extend(more);
        if keyless {
            made.keys.clear();
        }
        mapping.entities.push(made);
    }
    Ok(())
}

/// What a file of ours says beyond `FollowTheMoney`.
fn ours<T: serde::de::DeserializeOwned>(of: &str, value: &Value) -> std::result::Result<T, String> {
    serde_json::from_value(value.clone())
        .map_err(|error| format!("“redthread” of {of} is not as we write it ({error})"))
}

fn property_of(
    property: &str,
    said: &Map<String, Value>,
    entity: &str,
    prefix: &str,
    left: &mut Left,
) -> std::result::Result<PropertyMapping, String> {
    const KNOWN: [&str; 12] = [
        "column",
        "columns",
        "join",
        "split",
        "entity",
        "format",
        "fuzzy",
        "required",
        "literal",
        "literals",
        "template",
        "redthread",
    ];
    told_apart(said, &KNOWN, &format!("property {property} of {entity}"), left);
    let is = |name: &str| matches!(said.get(name), Some(Value::Bool(true)));
    if is("fuzzy") {
        left.push(format!("“fuzzy” of property {property} of {entity}: values are never guessed"));
    }
    let get = |name: &str| said.get(name).and_then(text);
    let given: PropertyMapping = match said.get("redthread") {
        Some(own) => ours(property, own)?,
        None => PropertyMapping::default(),
    };
    Ok(PropertyMapping {
        property: property.to_owned(),
        columns: several(said, "column", "columns"),
        literals: several(said, "literal", "literals"),
        template: get("template"),
        entity: get("entity").map(|name| format!("{prefix}{name}")),
        join: get("join"),
        split: get("split"),
        format: get("format"),
        required: is("required"),
        ..given
    })
}

/// Tells what stands in a map that is not known.
fn told_apart(map: &Map<String, Value>, known: &[&str], what: &str, left: &mut Left) {
    let unknown = map.keys().filter(|key| !known.contains(&key.as_str()));
    left.extend(unknown.map(|key| format!("“{key}” of {what} is not known")));
}

#[cfg(test)]
mod tests {
    use super::*;

    const YAML: &str = "
dataset:
  label: A FICTIONAL register
  queries:
    - csv_url: http://example.org/owners.csv
      filters:
        kind: [owner, null]
      filters_not:
        status: void
      entities:
        company:
          schema: Company
          key_literal: 0042
          keys: [number, register]
          properties:
            name: {column: company}
            address: {columns: [street, town], join: ', '}
            country: {literal: gb}
            weird: {column: x, magic: true}
        owner:
          schema: Person
          key: owner
          properties:
            name: {column: owner, required: true}
            alias: {column: aka, split: ';'}
            birthDate: {column: born, format: '%d/%m/%Y', fuzzy: true}
            notes: {template: 'Row {{number}}: {{remark}}'}
        holding:
          schema: Ownership
          key_literal: own
          keys: [number, owner]
          properties:
            owner: {entity: owner}
            asset: {entity: company}
";

    fn told(text: &str) -> Result<(Mapping, Left)> {
        read(text, Path::new("m.yml"), Path::new("/x/owners.csv"))
    }

    #[test]
    fn every_part_of_it_is_read_and_the_rest_is_told() {
        let (mapping, left) = told(YAML).expect("a mapping");
        let [company, owner, holding] = &mapping.entities[..] else { panic!("three entities") };
        assert_eq!(company.keys, ["number", "register"]);
        assert_eq!(company.key_literal, "0042");
        assert_eq!(company.filters["kind"], ["owner", ""]);
        assert_eq!(company.filters_not["status"], ["void"]);
        assert_eq!(company.properties[1].join.as_deref(), Some(", "));
        assert_eq!(company.properties[2].literals, ["gb"]);
        assert_eq!(owner.keys, ["owner"]);
        assert!(owner.properties[0].required);
        assert_eq!(owner.properties[1].split.as_deref(), Some(";"));
        assert_eq!(owner.properties[2].format.as_deref(), Some("%d/%m/%Y"));
        assert_eq!(owner.properties[3].all_columns(), ["number", "remark"]);
        assert_eq!(holding.properties[0].entity.as_deref(), Some("owner"));
        assert_eq!(left.len(), 2, "{left:?}");
        assert!(left[0].contains("fuzzy") && left[1].contains("magic"), "{left:?}");
    }

    #[test]
    fn ours_is_read_too() {
        let ours = super::super::mapping::tests::shareholders();
        assert_eq!(told(&ours.to_json()).expect("ours").0, ours);
    }

    #[test]
    fn what_is_none_is_one_sentence() {
        for (text, said) in [
            ("queries: [", "no YAML"),
            ("just words", "no mapping"),
            ("a: b", "no mapping"),
            ("queries:\n- database: x\n  entities: {}", "databases are not opened"),
            ("queries:\n- csv_url: a.csv\n  entities:\n    a: {schema: Person}", "neither keys"),
            (
                "queries:\n- {csv_url: a.csv, entities: {}}\n- {csv_url: b.csv, entities: {}}",
                "none of its 2",
            ),
        ] {
            let error = told(text).expect_err(text).to_string();
            assert!(error.contains(said) && error.lines().count() == 1, "{error}");
        }
    }

    #[test]
    fn laughs_do_not_swell() {
        let mut text = String::from("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for level in 1..12 {
            let refs = vec![format!("*a{}", level - 1); 9].join(", ");
            text.push_str(&format!("a{level}: &a{level} [{refs}]\n"));
        }
        let started = std::time::Instant::now();
        let error = told(&text).expect_err("a bomb").to_string();
        assert!(error.contains("no YAML that can be read"), "{error}");
        assert!(started.elapsed().as_secs() < 10);
    }
}
