//! `FollowTheMoney` entities, one JSON object a line, as Aleph and `OpenSanctions` exchange them.
//!
//! What the format cannot say stands beside `properties` under the key `redthread`, where other
//! programs leave it alone: our own properties, and denials. Unknown schemata and properties, and
//! values that fail their type's check, pass through unchanged.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufRead, BufReader, Read, Write},
    path::Path,
};

use serde::{Deserialize, Serialize};

use super::{
    Head, Input, Problem, Sink,
    content::{Content, Written},
    put, refused, unreadable,
};
use crate::{
    case::{NewEntity, NewValue, Origin, Result, Which},
    exchange,
    model::{Entity, Id, entity::SCHEMA},
};

/// The longest line that is read, in bytes; the largest real ones have some hundred thousand.
const LONGEST: u64 = 16 << 20;

/// Properties that are ours and that `FollowTheMoney` does not know.
pub(super) const OWN: [&str; 3] = ["legalStatus", "reliability", "tag"];

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

/// Whether a file begins like `FollowTheMoney`: one JSON object a line, with id and schema.
pub(super) fn recognises(head: &Head) -> bool {
    let line = head.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let looks_right = line.trim_start().starts_with('{')
        && ["\"id\"", "\"schema\""].iter().all(|key| line.contains(key));
    let other = ["\"recordType\"", "\"statementID\""].iter().any(|key| line.contains(key));
    looks_right || (head.ends(&["ndjson", "jsonl", "ijson"]) && !other)
}

/// Reads files; a line that is no entity is told and left out.
pub(super) fn read(input: &Input<'_>, sink: &mut dyn Sink) -> Result<()> {
    let mut before = 0;
    let sizes = input.files.iter().map(|path| exchange::open(path).map(|(_, size)| size));
    let total: u64 = sizes.sum::<Result<u64>>()?;
    for (index, path) in input.files.iter().enumerate() {
        let (file, size) = exchange::open(path)?;
        let from = BufReader::with_capacity(1 << 18, file);
        let mut lines = Lines { from, path, file: index, number: 0, read: 0 };
        while lines.next(sink)? {
            if lines.number % 1024 == 0 {
                sink.at(before + lines.read, total)?;
            }
        }
        before += size;
        sink.at(before, total)?;
    }
    Ok(())
}

struct Lines<'a> {
    from: BufReader<File>,
    path: &'a Path,
    file: usize,
    number: u64,
    read: u64,
}

impl Lines<'_> {
    /// Reads a line; false at the end.
    fn next(&mut self, sink: &mut dyn Sink) -> Result<bool> {
        let mut line = Vec::new();
        let limit = self.from.by_ref().take(LONGEST);
        let length = { limit }.read_until(b'\n', &mut line).map_err(unreadable(self.path))?;
        if length == 0 {
            return Ok(false);
        }
        self.number += 1;
        self.read += length as u64;
        let place = format!("line {}", self.number);
        if length as u64 == LONGEST {
            return Err(refused(self.path, place, "it is longer than 16 MiB"));
        }
        let text = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line).trim_ascii();
        if text.is_empty() {
            return Ok(true);
        }
        let entity = serde_json::from_slice::<Object>(text)
            .map_err(|error| (error.is_eof(), describe(&error)))
            .and_then(|object| entity(object).map_err(|what| (false, what)));
        match entity {
            Ok(mut entity) => {
                entity.origin = Some(Origin { file: self.file, place, quote: None });
                sink.take(entity)?;
            }
            // A line that ends in the middle at the end of the file: there was more of it.
            Err((true, _)) if !line.ends_with(b"\n") => {
                return Err(refused(self.path, place, "the file is cut off here"));
            }
            Err((_, what)) => sink.problem(Problem::new(self.file, place, what))?,
        }
        Ok(true)
    }
}

/// An entity that stands alone as JSON, as a line of a file has it.
pub(super) fn from_json(text: &str) -> std::result::Result<NewEntity, String> {
    entity(serde_json::from_str(text).map_err(|error| describe(&error))?)
}

fn entity(object: Object) -> std::result::Result<NewEntity, String> {
    let Object { id, schema, properties, redthread } = object;
    if id.is_empty() || schema.is_empty() {
        return Err("it has no id or no schema".into());
    }
    let mut values = Vec::new();
    for (property, listed) in properties {
        if property == SCHEMA {
            return Err("it has a property called “schema”, which cannot be one".into());
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
                _ => return Err(format!("a value of “{property}” is not text")),
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
    Ok(NewEntity { id: Id::from(id), schema, values, origin: None })
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

/// Writes one entity a line, in the order in which they came into the case.
pub fn write(content: &Content<'_>, out: &mut dyn Write) -> Result<Written> {
    let mut written = Written::default();
    content.each(Which::All, &mut |entity| {
        written.count(&entity);
        put(out, &format!("{}\n", line_of(&entity)))
    })?;
    Ok(written)
}

/// An entity's line, in characters that every format of text can hold.
pub(super) fn lossless(entity: &Entity) -> String {
    let line = line_of(entity).to_string();
    if line.contains(['\u{fffe}', '\u{ffff}']) {
        return line.replace('\u{fffe}', "\\ufffe").replace('\u{ffff}', "\\uffff");
    }
    line
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
    use crate::{
        case::{Case, Progress},
        exchange::import::{Job, Report, run},
    };

    fn import_text(text: &str) -> (Case, Result<Report>) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("in.ndjson");
        std::fs::write(&path, text).expect("space");
        let mut case = Case::in_memory().expect("memory suffices");
        let job = Job { files: vec![path], ..Job::default() };
        let result = run(&mut case, &job, &Progress::new());
        (case, result)
    }

    fn exported(case: &Case) -> String {
        let mut out = Vec::new();
        write(&Content::all(case, &Progress::new()), &mut out).expect("exports");
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
        assert!(exported(&case).contains(text));
        assert!(case.entity(&"b".into()).expect("readable").expect("exists").denied);
    }

    #[test]
    fn a_bad_line_is_told_and_left_out() {
        let good = r#"{"id":"a","schema":"Company","properties":{"name":["A"]}}"#;
        for (bad, said) in [
            (r#"{"id":"b","schema":"Comp"#, "cut off"),
            ("hello", "not a JSON object"),
            (r#"{"schema":"Company"}"#, "missing field “id“"),
            (r#"{"id":"b","schema":"Company","properties":{"name":[{}]}}"#, "not text"),
            (r#"{"id":"","schema":"Company"}"#, "no id"),
        ] {
            let (case, result) = import_text(&format!("{good}\n\n{bad}\n"));
            let problems = result.expect(bad).problems;
            assert_eq!(problems.count, 1, "{bad}");
            assert_eq!(problems.kept[0].place, "line 3");
            assert!(problems.kept[0].reason.contains(said), "{:?}", problems.kept);
            assert!(case.entity(&"a".into()).expect("readable").is_some());
        }
    }

    #[test]
    fn a_file_that_is_cut_off_changes_nothing() {
        let good = r#"{"id":"a","schema":"Company","properties":{"name":["A"]}}"#;
        let (case, result) = import_text(&format!("{good}\n{}", &good[..30]));
        let error = result.expect_err("cut off").to_string();
        assert!(error.contains("in.ndjson, line 2") && error.contains("cut off"), "{error}");
        assert!(case.entities().expect("readable").is_empty());
        assert!(case.log().expect("readable").is_empty());
    }
}
