//! `FollowTheMoney` entities, one JSON object a line, as Aleph and `OpenSanctions` exchange them.
//!
//! What the format cannot say stands beside `properties` under the key `redthread`, where other
//! programs leave it alone: our own properties, and denials. Unknown schemata and properties, and
//! values that fail their type's check, pass through unchanged. An entity that stands within a
//! property of another is one of its own. `referents` are kept, and what refers to them refers to
//! the entity that they became; `datasets` stand in the citation. What others derive (`caption`,
//! `target`, the dates of their crawler) is passed over.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    fmt,
    fs::File,
    io::{BufRead, BufReader, Read, Write},
    path::Path,
};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{
        DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer,
    },
};

use super::{
    Head, Input, Problem, Sink,
    content::{Content, Written},
    merged::{Merged, REFERENT},
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
pub(super) const OWN: [&str; 4] = ["legalStatus", "reliability", "tag", REFERENT];

#[derive(Deserialize)]
struct Object {
    id: String,
    schema: String,
    #[serde(default)]
    properties: Properties,
    #[serde(default)]
    redthread: Own,
    /// Ids of entities that were found to be this one.
    #[serde(default)]
    referents: Vec<String>,
    /// The collections that speak of it.
    #[serde(default)]
    datasets: Vec<String>,
}

/// The values of a line, read as they come: a table of them would take longer than the rest.
#[derive(Default)]
struct Properties {
    values: Vec<NewValue>,
    /// Entities that stand among them.
    within: Vec<Object>,
    /// What is wrong with them.
    wrong: Option<String>,
}

impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        from.deserialize_map(Self { values: Vec::with_capacity(8), ..Self::default() })
    }
}

impl<'de> Visitor<'de> for Properties {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("properties with their values")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> std::result::Result<Self, A::Error> {
        while let Some(Text(property)) = map.next_key::<Text<'de>>()? {
            if property == SCHEMA {
                self.wrong = Some("it has a property called “schema”, which cannot be one".into());
            }
            map.next_value_seed(Listed { property: &property, into: &mut self, within: false })?;
        }
        Ok(self)
    }
}

/// Text that is copied only where it stands with escapes.
struct Text<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        from.deserialize_str(Text(Cow::Borrowed("")))
    }
}

impl<'de> Visitor<'de> for Text<'de> {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a property")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> std::result::Result<Self, E> {
        Ok(Self(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> std::result::Result<Self, E> {
        Ok(Self(Cow::Owned(text.to_owned())))
    }
}

/// The values of one property: a list of them, or a single one.
struct Listed<'a> {
    property: &'a str,
    into: &'a mut Properties,
    /// Whether this is a value in a list, which is no list again.
    within: bool,
}

impl Listed<'_> {
    fn add(self, value: impl Into<String>) {
        self.into.values.push(NewValue::new(self.property, value));
    }

    fn wrong(self) {
        self.into.wrong = Some(format!("a value of “{}” is not text", self.property));
    }
}

impl<'de> DeserializeSeed<'de> for Listed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> std::result::Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Listed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or a list of values")
    }

    fn visit_str<E>(self, text: &str) -> std::result::Result<(), E> {
        self.add(text);
        Ok(())
    }

    fn visit_bool<E>(self, flag: bool) -> std::result::Result<(), E> {
        self.add(flag.to_string());
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> std::result::Result<(), E> {
        self.add(number.to_string());
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> std::result::Result<(), E> {
        self.add(number.to_string());
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> std::result::Result<(), E> {
        self.add(serde_json::Number::from_f64(number).map(|n| n.to_string()).unwrap_or_default());
        Ok(())
    }

    fn visit_unit<E>(self) -> std::result::Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> std::result::Result<(), A::Error> {
        if self.within {
            while list.next_element::<IgnoredAny>()?.is_some() {}
            self.wrong();
            return Ok(());
        }
        let Self { property, into, .. } = self;
        while list.next_element_seed(Listed { property, into, within: true })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> std::result::Result<(), A::Error> {
        // Few lines have entities within entities.
        let value = serde_json::Value::deserialize(MapAccessDeserializer::new(map))?;
        match value.get("schema").is_some().then(|| serde_json::from_value::<Object>(value)) {
            Some(Ok(inner)) => {
                self.into.values.push(NewValue::new(self.property, inner.id.as_str()));
                self.into.within.push(inner);
            }
            Some(Err(error)) => self.into.wrong = Some(describe(&error)),
            None => self.wrong(),
        }
        Ok(())
    }
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
    // A whole record that has no schema is one of some other kind.
    let record = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(line);
    let other = other || record.is_ok_and(|record| !record.contains_key("schema"));
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
        let head = Head::of(path)?;
        if head.bytes.contains(&0) {
            return Err(refused(path, "", "it is not text in UTF-8; save it so"));
        }
        let merged =
            if has_referents(&head) { referents(path, sink, total)? } else { Merged::default() };
        let mut lines =
            Lines { from, path, file: index, number: 0, read: 0, line: Vec::new(), merged };
        while lines.next(sink)? {
            if lines.number.is_multiple_of(1024) {
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
    merged: Merged,
    line: Vec<u8>,
}

impl Lines<'_> {
    /// Reads a line; false at the end.
    fn next(&mut self, sink: &mut dyn Sink) -> Result<bool> {
        let line = &mut self.line;
        line.clear();
        let limit = self.from.by_ref().take(LONGEST);
        let length = { limit }.read_until(b'\n', line).map_err(unreadable(self.path))?;
        if length == 0 {
            return Ok(false);
        }
        self.number += 1;
        self.read += length as u64;
        let mut place = format!("line {}", self.number);
        if length as u64 == LONGEST {
            return Err(refused(self.path, place, "it is longer than 16 MiB"));
        }
        let text = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line).trim_ascii();
        if text.is_empty() {
            return Ok(true);
        }
        let entity = serde_json::from_slice::<Object>(text)
            .map_err(|error| (error.is_eof(), describe(&error)))
            .and_then(|object| {
                if !object.datasets.is_empty() {
                    let first: Vec<&str> =
                        object.datasets.iter().take(4).map(String::as_str).collect();
                    place = format!("{place} ({})", first.join(", "));
                }
                entities(object).map_err(|what| (false, what))
            });
        match entity {
            Ok(entities) => {
                for mut entity in entities {
                    self.merged.follow(&mut entity);
                    let place = place.clone();
                    entity.origin = Some(Origin { file: self.file, place, quote: None });
                    sink.take(entity)?;
                }
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
    let object = serde_json::from_str(text).map_err(|error| describe(&error))?;
    let mut entities = entities(object)?;
    let last = entities.pop().filter(|_| entities.is_empty());
    last.ok_or_else(|| "it holds entities within entities".to_owned())
}

/// The entity of a line after those that stand within it.
fn entities(object: Object) -> std::result::Result<Vec<NewEntity>, String> {
    let mut all = Vec::new();
    let entity = entity(object, &mut all)?;
    all.push(entity);
    Ok(all)
}

/// Whether the beginning of a file tells of former ids.
fn has_referents(head: &Head) -> bool {
    head.text.split("\"referents\"").skip(1).any(|rest| {
        let rest = rest.trim_start_matches([':', ' ', '[']);
        rest.starts_with('"')
    })
}

/// The former ids of a whole file, which may be referred to before they are told.
fn referents(path: &Path, sink: &mut dyn Sink, total: u64) -> Result<Merged> {
    #[derive(Deserialize)]
    struct Former {
        id: String,
        #[serde(default)]
        referents: Vec<String>,
    }
    let (file, _) = exchange::open(path)?;
    let mut from = BufReader::with_capacity(1 << 18, file);
    let mut merged = Merged::default();
    let mut line = Vec::new();
    let mut count = 0_u64;
    loop {
        line.clear();
        let length = from.by_ref().take(LONGEST).read_until(b'\n', &mut line);
        if length.map_err(unreadable(path))? == 0 {
            return Ok(merged);
        }
        // What is wrong with a line is told when it is read.
        if let Ok(former) = serde_json::from_slice::<Former>(line.trim_ascii()) {
            let id = Id::from(former.id);
            former.referents.iter().for_each(|old| merged.add(old, &id));
        }
        count += 1;
        if count.is_multiple_of(1024) {
            sink.at(0, total)?;
        }
    }
}

fn entity(object: Object, nested: &mut Vec<NewEntity>) -> std::result::Result<NewEntity, String> {
    let Object { id, schema, properties, redthread, referents, datasets: _ } = object;
    if id.is_empty() || schema.is_empty() {
        return Err("it has no id or no schema".into());
    }
    if let Some(wrong) = properties.wrong {
        return Err(wrong);
    }
    let mut values = properties.values;
    for inner in properties.within {
        let inner = entity(inner, nested)?;
        nested.push(inner);
    }
    let former = referents.into_iter().filter(|former| *former != id);
    values.extend(former.map(|former| NewValue::new(REFERENT, former)));
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
    fn former_ids_nested_entities_and_collections_are_understood() {
        let text = concat!(
            r#"{"id":"own","schema":"Ownership","properties":{"owner":["old-a"],"asset":[{"id":"b","schema":"Company","properties":{"name":["B"]}}]},"datasets":["one","two"]}"#,
            "\n",
            r#"{"id":"NK-a","caption":"A","schema":"Person","properties":{"name":["A"]},"referents":["old-a","NK-a"],"target":true,"first_seen":"2020-01-01"}"#,
            "\n"
        );
        let told = exchange::tests::told(read, &[("in.ndjson", text.as_bytes())]);
        let told = told.expect("readable");
        assert!(told.tie("Ownership", "NK-a", "b").is_some(), "{:?}", told.entities);
        assert!(told.says("b", "name", "B") && told.says("NK-a", REFERENT, "old-a"));
        let origin = told.entities.iter().find(|e| e.id.as_str() == "own");
        let place = origin.and_then(|e| e.origin.as_ref()).map(|o| o.place.as_str());
        assert_eq!(place, Some("line 1 (one, two)"));
        let (case, result) = import_text(text);
        result.expect("imports");
        assert!(exported(&case).contains(r#""redthread":{"properties":{"referent":["old-a"]}}"#));
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
