//! `FollowTheMoney` entities, one JSON object a line, as Aleph and `OpenSanctions` exchange them.
//!
//! What the format cannot say stands beside `properties` under the key `redthread`, where other
//! programs leave it alone: our own properties, and denials. Unknown schemata and properties, and
//! values that fail their type's check, pass through unchanged.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{
    case::{Case, Delta, Error, NewEntity, NewValue, Progress, Result},
    model::{Entity, Id, entity::SCHEMA},
};

/// The longest line that is read, in bytes; the largest real ones have some hundred thousand.
const LONGEST: u64 = 16 << 20;

/// Properties that are ours and that `FollowTheMoney` does not know.
const OWN: [&str; 3] = ["legalStatus", "reliability", "tag"];

#[derive(Deserialize)]
struct Object {
    id: String,
    schema: String,
    #[serde(default)]
    properties: serde_json::Map<String, serde_json::Value>,
    #[serde(default)]
    redthread: Own,
}

/// What stands under the key `redthread`.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Own {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    properties: BTreeMap<String, Vec<String>>,
    /// Values that somebody denies; under `schema`, that the entity exists at all.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    denied: BTreeMap<String, Vec<String>>,
}

impl Own {
    fn is_empty(&self) -> bool {
        self.properties.is_empty() && self.denied.is_empty()
    }
}

/// Takes a file in as one revision; an error names the line and leaves the case as it was.
pub fn import(case: &mut Case, path: &Path, progress: &Progress) -> Result<Delta> {
    let file =
        File::open(path).map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
    let total = file.metadata().map_or(0, |meta| meta.len());
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut lines = Lines {
        from: BufReader::with_capacity(1 << 16, file),
        path: path.to_owned(),
        number: 0,
        read: 0,
    };
    let mut entities = std::iter::from_fn(|| {
        let entity = lines.next_entity().transpose();
        // Half of the time goes into what follows the reading.
        progress.report(lines.read / 2, total);
        entity
    });
    case.import(&format!("Import {name}"), &mut entities, progress)
}

struct Lines {
    from: BufReader<File>,
    path: PathBuf,
    number: u64,
    read: u64,
}

impl Lines {
    fn next_entity(&mut self) -> Result<Option<NewEntity>> {
        let mut line = Vec::new();
        loop {
            line.clear();
            let length = self
                .from
                .by_ref()
                .take(LONGEST)
                .read_until(b'\n', &mut line)
                .map_err(|source| Error::Unreadable { path: self.path.clone(), source })?;
            if length == 0 {
                return Ok(None);
            }
            self.number += 1;
            self.read += length as u64;
            if length as u64 == LONGEST {
                return Err(self.wrong("it is longer than 16 MiB"));
            }
            let text = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line).trim_ascii();
            if text.is_empty() {
                continue;
            }
            let object: Object =
                serde_json::from_slice(text).map_err(|error| self.wrong(&describe(&error)))?;
            return self.entity(object).map(Some);
        }
    }

    fn wrong(&self, what: &str) -> Error {
        Error::Refused(format!(
            "{}, line {}: {what}; nothing was imported, correct the line or take it out.",
            self.path.display(),
            self.number
        ))
    }

    fn entity(&self, object: Object) -> Result<NewEntity> {
        let Object { id, schema, properties, redthread } = object;
        if id.is_empty() || schema.is_empty() {
            return Err(self.wrong("it has no id or no schema"));
        }
        let mut values = Vec::new();
        for (property, listed) in properties {
            if property == SCHEMA {
                return Err(self.wrong("it has a property called “schema”, which cannot be one"));
            }
            let listed = match listed {
                serde_json::Value::Array(listed) => listed,
                serde_json::Value::Null => Vec::new(),
                single => vec![single],
            };
            for value in listed {
                let value = match value {
                    serde_json::Value::String(text) => text,
                    serde_json::Value::Number(number) => number.to_string(),
                    serde_json::Value::Bool(flag) => flag.to_string(),
                    serde_json::Value::Null => continue,
                    _ => return Err(self.wrong(&format!("a value of “{property}” is not text"))),
                };
                values.push(NewValue::new(property.clone(), value));
            }
        }
        for (denied, properties) in [(false, redthread.properties), (true, redthread.denied)] {
            for (property, listed) in properties {
                let stated = listed
                    .into_iter()
                    .map(|value| NewValue { denied, ..NewValue::new(property.clone(), value) });
                values.extend(stated);
            }
        }
        Ok(NewEntity { id: Id::from(id), schema, values })
    }
}

/// What is wrong with a line, without the position in it that only a programmer can use.
fn describe(error: &serde_json::Error) -> String {
    if error.is_eof() {
        "it is cut off".to_owned()
    } else if error.is_syntax() {
        format!("it is not a JSON object (column {})", error.column())
    } else {
        let text = error.to_string();
        let what = text.split(" at line ").next().unwrap_or_default().replace('`', "“");
        format!("it is not a FollowTheMoney entity ({what})")
    }
}

/// Writes everything that stands in the case, one entity a line, by id; gives how many.
pub fn export(case: &Case, out: &mut dyn Write) -> Result<u64> {
    let mut entities = case.entities()?;
    entities.sort_by(|a, b| a.id.cmp(&b.id));
    for entity in &entities {
        let line = line_of(entity);
        writeln!(out, "{line}")
            .map_err(|source| Error::Unwritable { path: PathBuf::from("the export"), source })?;
    }
    Ok(entities.len() as u64)
}

fn line_of(entity: &Entity) -> serde_json::Value {
    let mut properties: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut own = Own::default();
    if entity.denied {
        own.denied.insert(SCHEMA.to_owned(), vec![entity.schema.to_string()]);
    }
    for value in &entity.values {
        let (property, text) = (&*value.property, value.text.to_string());
        if value.denied {
            own.denied.entry(property.to_owned()).or_default().push(text);
        } else if OWN.contains(&property) {
            own.properties.entry(property.to_owned()).or_default().push(text);
        } else {
            properties.entry(property).or_default().push(&value.text);
        }
    }
    let mut line = serde_json::json!({
        "id": entity.id,
        "schema": &*entity.schema,
        "properties": properties,
    });
    if !own.is_empty()
        && let (Some(line), Ok(own)) = (line.as_object_mut(), serde_json::to_value(own))
    {
        line.insert("redthread".to_owned(), own);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn import_text(text: &str) -> (Case, Result<Delta>) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("in.ndjson");
        std::fs::write(&path, text).expect("space");
        let mut case = Case::in_memory().expect("memory suffices");
        let result = import(&mut case, &path, &Progress::new());
        (case, result)
    }

    fn exported(case: &Case) -> String {
        let mut out = Vec::new();
        export(case, &mut out).expect("exports");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn what_we_do_not_know_and_what_is_wrong_survives() {
        let text = concat!(
            r#"{"id":"a","schema":"SpaceStation","properties":{"airlock":["β"],"name":["MIR"]}}"#,
            "\n",
            r#"{"id":"b","schema":"Company","properties":{"country":["Atlantis"],"leiCode":["123"],"name":["B"]},"redthread":{"properties":{"legalStatus":["charged"]},"denied":{"name":["C"],"schema":["Company"]}}}"#,
            "\n"
        );
        let (case, result) = import_text(text);
        result.expect("imports");
        assert_eq!(exported(&case), text);
        assert!(case.entity(&"b".into()).expect("readable").expect("exists").denied);
    }

    #[test]
    fn a_bad_line_is_named_and_nothing_is_imported() {
        let good = r#"{"id":"a","schema":"Company","properties":{"name":["A"]}}"#;
        for (bad, said) in [
            (r#"{"id":"b","schema":"Comp"#, "cut off"),
            ("hello", "not a JSON object"),
            (r#"{"schema":"Company"}"#, "missing field “id“"),
            (r#"{"id":"b","schema":"Company","properties":{"name":[{}]}}"#, "not text"),
            (r#"{"id":"","schema":"Company"}"#, "no id"),
        ] {
            let (case, result) = import_text(&format!("{good}\n\n{bad}"));
            let error = result.expect_err(bad).to_string();
            assert!(error.contains("in.ndjson, line 3") && error.contains(said), "{error}");
            assert!(case.entities().expect("readable").is_empty());
        }
    }
}
