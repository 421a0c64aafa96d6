//! Records of JSON as rows: one document a line, a list of records, or a list within a document.
//! What is nested is named by its path (`address.city`); lists are joined or numbered.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use serde_json::{Map, Value};

use super::{delimited::COLUMNS, row::Row};
use crate::{
    case::{Error, Result},
    exchange::{Head, read::json, refused},
};

/// How many records are read for the names of the columns.
const LOOKED_AT: u64 = 200_000;
/// How deep records may be nested.
const DEEPEST: usize = 8;

/// A file of records, and the columns that they have together.
pub(super) struct Records {
    /// The paths of the cells, in the order in which they were met.
    pub columns: Vec<String>,
    /// The list of records within the one document of the file.
    within: Option<String>,
}

/// Whether a file begins like records of JSON.
pub(super) fn recognises(head: &Head) -> bool {
    let text = head.text.trim_start();
    let object = |text: &str| {
        let inner = text.strip_prefix('{').map(str::trim_start);
        inner.is_some_and(|inner| inner.starts_with('"'))
    };
    let list = |text: &str| text.strip_prefix('[').is_some_and(|rest| object(rest.trim_start()));
    head.ends(&["json", "jsonl", "ndjson", "jsonlines", "ldjson"]) && (object(text) || list(text))
}

impl Records {
    /// Reads the names of the columns.
    pub fn open(path: &Path) -> Result<Self> {
        let mut columns = Columns::default();
        let mut first = None;
        let mut count = 0;
        each(path, &mut |value, _, _| {
            count += 1;
            columns.add(&value);
            if count == 1 {
                first = Some(value);
            }
            Ok(count < LOOKED_AT)
        })?;
        let whole = first.filter(|_| count == 1);
        let within = whole.as_ref().and_then(list_within);
        if let (Some(whole), Some(within)) = (&whole, &within) {
            columns = Columns::default();
            whole[within].as_array().into_iter().flatten().for_each(|one| columns.add(one));
        }
        if columns.names.is_empty() {
            return Err(refused(path, "", "it has no records whose values have names"));
        }
        if columns.names.len() > COLUMNS {
            return Err(refused(path, "", "its records have more than 16,384 different keys"));
        }
        Ok(Self { columns: columns.names, within })
    }

    /// Reads the rows until `each` says that it is enough. The keys are row 1.
    pub fn rows(
        &self,
        path: &Path,
        each_row: &mut dyn FnMut(&Row, u64, u64) -> Result<bool>,
    ) -> Result<()> {
        let mut row = Row::of(1, self.columns.iter().map(String::as_str));
        if !each_row(&row, 0, 0)? {
            return Ok(());
        }
        let places: HashMap<&str, usize> =
            self.columns.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
        let mut number = 1;
        let mut one = |value: &Value, done: u64, total: u64| -> Result<bool> {
            number += 1;
            let mut cells = vec![String::new(); self.columns.len()];
            flatten("", value, 0, &mut |name, text| match places.get(&*name) {
                Some(at) => cells[*at] = text,
                // A key that the records before it had not is told with its cell.
                None if !text.is_empty() => cells.push(format!("{name}: {text}")),
                None => {}
            });
            row.begin(number);
            for cell in &cells {
                row.push(cell);
            }
            each_row(&row, done, total)
        };
        each(path, &mut |value, done, total| match &self.within {
            None => one(&value, done, total),
            Some(within) => {
                for value in value[within].as_array().into_iter().flatten() {
                    if !one(value, done, total)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
        })
    }
}

/// Gives each document until it is enough.
fn each(path: &Path, take: &mut dyn FnMut(Value, u64, u64) -> Result<bool>) -> Result<()> {
    let mut enough = false;
    let done = json::each(path, &mut |_, value, (done, total)| {
        enough = !take(value, done, total)?;
        if enough { Err(Error::Cancelled) } else { Ok(()) }
    });
    if enough { Ok(()) } else { done }
}

/// The key of the list of records in a document that is hardly anything else.
fn list_within(whole: &Value) -> Option<String> {
    let lists = whole.as_object()?.iter().filter_map(|(key, value)| {
        let list = value.as_array()?;
        list.iter().all(Value::is_object).then_some((list.len(), key))
    });
    lists
        .max_by_key(|(length, _)| *length)
        .filter(|(length, _)| *length > 1)
        .map(|(_, key)| key.clone())
}

/// The columns that were met, in their order.
#[derive(Default)]
struct Columns {
    names: Vec<String>,
    seen: HashSet<String>,
}

impl Columns {
    fn add(&mut self, value: &Value) {
        flatten("", value, 0, &mut |name, _| {
            if self.names.len() <= COLUMNS && self.seen.insert(name.clone()) {
                self.names.push(name);
            }
        });
    }
}

/// Gives every cell of a record with the path of its keys.
fn flatten(path: &str, value: &Value, depth: usize, each: &mut dyn FnMut(String, String)) {
    let under = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    let named = |each: &mut dyn FnMut(String, String), text: String| {
        each(if path.is_empty() { "value".to_owned() } else { path.to_owned() }, text);
    };
    match value {
        Value::Object(map) if depth < DEEPEST => {
            for (key, value) in map {
                flatten(&under(key), value, depth + 1, each);
            }
        }
        Value::Array(list) if depth < DEEPEST && list.iter().any(Value::is_object) => {
            for (at, value) in list.iter().enumerate() {
                flatten(&under(&(at + 1).to_string()), value, depth + 1, each);
            }
        }
        Value::Array(list) if !list.iter().any(Value::is_array) => {
            let parts: Vec<String> =
                list.iter().map(plain).filter(|text| !text.is_empty()).collect();
            named(each, parts.join("; "));
        }
        other => named(each, plain(other)),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Object(Map { .. }) | Value::Array(_) => value.to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("t.json");
        std::fs::write(&path, text).expect("space");
        let mut all = Vec::new();
        let records = Records::open(&path).expect("records");
        let mut take = |row: &Row, _: u64, _: u64| {
            all.push(row.cells().map(str::to_owned).collect());
            Ok(true)
        };
        records.rows(&path, &mut take).expect("readable");
        all
    }

    #[test]
    fn lines_lists_and_lists_within_a_document_are_rows() {
        let wanted = [
            vec!["name", "address.city", "tags"],
            vec!["Alba", "Minsk", "a; b"],
            vec!["Boris", "", ""],
        ];
        let one = r#"{"name":"Alba","address":{"city":"Minsk"},"tags":["a","b"]}"#;
        let two = r#"{"name":"Boris","tags":null}"#;
        assert_eq!(rows(&format!("{one}\n{two}\n")), wanted);
        assert_eq!(rows(&format!("[{one},{two}]")), wanted);
        assert_eq!(rows(&format!(r#"{{"count":2,"results":[{one},{two}]}}"#)), wanted);
    }

    #[test]
    fn nested_records_are_numbered() {
        let text = r#"[{"name":"A Ltd","officers":[{"name":"Jo"},{"name":"Al","role":"director"}]},{"name":"B"}]"#;
        assert_eq!(
            rows(text)[0],
            ["name", "officers.1.name", "officers.2.name", "officers.2.role"]
        );
    }
}
