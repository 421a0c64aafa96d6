//! The tables of `tests/data/tables` with their right answers: how the written-out answers are
//! read, and that they hold. What the parts of an answer mean is said in the README there.

#![allow(dead_code, reason = "the score of a reading uses all of an answer, this file a part")]

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use redthread::model::schema;
use serde::Deserialize;

use crate::need;

/// Properties that an answer may name and the schema has not yet.
const PROPOSED: [&str; 5] = ["quantity", "unit", "portOfLoading", "portOfDischarge", "notifyParty"];

/// What is right for the tables of one input.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Its name: folder and file, without the ending.
    #[serde(rename = "answer")]
    pub name: String,
    /// The kinds of its tables; several that are right are parted by a slash.
    pub kinds: Vec<String>,
    /// Whether a reading that first asks is right, too.
    pub ask: bool,
    /// The files, given together; `shared:` stands for `../shared/data/`.
    pub files: Vec<String>,
    /// The entities and relationships that come of them.
    pub entities: Vec<Expected>,
    /// Every non-empty cell.
    pub cells: Vec<Cell>,
}

/// An entity or relationship.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// Its name within the answer.
    pub id: String,
    /// The schemata that are right.
    pub schemata: Vec<String>,
    /// The source of a relationship.
    pub from: Option<String>,
    /// The target of a relationship.
    pub to: Option<String>,
    /// A reference that does in place of the relationship.
    pub or: Option<Reference>,
    /// Whether it may be missing.
    #[serde(default)]
    pub optional: bool,
    /// Other entities, by property; `a/b` may be either.
    #[serde(default)]
    pub references: HashMap<String, Vec<String>>,
    /// Entities that share one of these may be one, or apart.
    #[serde(default)]
    pub may_equal: Vec<String>,
    /// Its values, by the first alternative of each cell.
    pub properties: HashMap<String, Vec<String>>,
}

/// An entity that refers to another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    pub entity: String,
    pub property: String,
    pub to: String,
}

/// A cell, and where it belongs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// Which of the files.
    pub file: usize,
    /// The sheet of a workbook, else empty.
    pub sheet: String,
    /// Its place, as in `B3`.
    #[serde(rename = "cell")]
    pub place: String,
    /// The lowest of its headings.
    pub heading: String,
    /// What it says.
    pub text: String,
    /// Why it is no data, or a placeholder.
    pub why: Option<String>,
    /// Demands, each met by one of several; none for a placeholder.
    pub must: Vec<Vec<Alternative>>,
}

/// One way in which a cell is right. What is set says which it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Alternative {
    /// The entity that is meant.
    pub entity: Option<String>,
    /// Its property.
    pub property: Option<String>,
    /// The value that the property has.
    pub value: Option<String>,
    /// The values that it has.
    pub values: Vec<String>,
    /// A text within a value of it.
    pub contains: Option<String>,
    /// The schema of a satellite that has the property.
    pub via: Option<String>,
    /// The entity that it refers to.
    pub to: Option<String>,
    /// The text with which its id ends.
    pub id: Option<String>,
    /// The entity whose schema is right.
    pub schema: Option<String>,
    /// The entities one of which has a note, or `"any"`.
    pub note: Option<serde_json::Value>,
    /// The heading within that note, where it is not the cell's.
    pub heading: Option<String>,
    /// Whether the report is to name the cell or its column.
    pub report: bool,
    /// Alternatives that are to be met together.
    pub all: Vec<Alternative>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tables")
}

/// Every answer, by name.
pub fn answers() -> Vec<Answer> {
    let mut found = Vec::new();
    let mut folders = vec![folder().join("expected")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("readable")) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).expect("readable");
            found.push(
                serde_json::from_str::<Answer>(&text)
                    .unwrap_or_else(|error| panic!("{}: {error}", path.display())),
            );
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

#[test]
fn every_answer_speaks_of_entities_that_it_has_and_of_properties_that_they_can_have() {
    let answers = answers();
    let (shared, own): (Vec<_>, Vec<_>) =
        answers.iter().partition(|answer| answer.name.starts_with("shared/"));
    assert!(own.len() >= 60 && !shared.is_empty(), "{} and {}", own.len(), shared.len());
    for answer in &answers {
        let name = &answer.name;
        for file in answer.files.iter().filter(|file| !file.starts_with("shared:")) {
            assert!(folder().join(file).is_file(), "{name}: there is no file {file}");
        }
        let entities: HashMap<&str, &Expected> =
            answer.entities.iter().map(|one| (one.id.as_str(), one)).collect();
        for one in &answer.entities {
            assert!(!one.schemata.is_empty(), "{name}: {} has no schema", one.id);
            for schema in &one.schemata {
                assert!(schema::schema(schema).is_some(), "{name}: no schema is called {schema}");
            }
            let ends = one.from.iter().chain(&one.to).chain(one.references.values().flatten());
            for end in ends.chain(one.or.iter().flat_map(|or| [&or.entity, &or.to])) {
                assert!(entities.contains_key(end.as_str()), "{name}: {} names {end}", one.id);
            }
        }
        for cell in &answer.cells {
            assert!(cell.file < answer.files.len(), "{name}: {}", cell.place);
            for alternative in cell.must.iter().flatten() {
                check(name, cell, alternative, &entities);
            }
        }
    }
}

fn check(name: &str, cell: &Cell, one: &Alternative, entities: &HashMap<&str, &Expected>) {
    for inner in &one.all {
        check(name, cell, inner, entities);
    }
    for id in one.entity.iter().chain(&one.to).chain(&one.schema) {
        assert!(entities.contains_key(id.as_str()), "{name}: {} names {id}", cell.place);
    }
    let Some(property) = &one.property else { return };
    let mut schemata = match (&one.via, &one.entity) {
        (Some(via), _) => vec![via.as_str()],
        (None, Some(id)) => entities[id.as_str()].schemata.iter().map(String::as_str).collect(),
        (None, None) => Vec::new(),
    }
    .into_iter();
    let known = PROPOSED.contains(&&**property)
        || schemata
            .any(|name| schema::schema(name).is_some_and(|s| s.property(property).is_some()));
    assert!(known, "{name}: {} asks for the property {property}", cell.place);
}

/// Runs a script of the folder, and returns what it prints.
pub fn script(name: &str, arguments: &[&str]) -> Option<String> {
    let python = need::python("tomllib")?;
    // The folder of shared data lies where the tests find it.
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let output = Command::new(python)
        .arg("-B")
        .arg(folder().join(name))
        .args(arguments)
        .env("REDTHREAD_SHARED", shared)
        .output()
        .expect("it starts");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}{error}");
    Some(told)
}

#[test]
fn every_cell_of_every_table_is_accounted_for() {
    let Some(told) = script("check.py", &[]) else { return };
    assert!(told.contains(" 0 do not"), "{told}");
}

#[test]
fn the_reading_that_the_answers_describe_is_wholly_right() {
    let Some(told) = script("score.py", &["--ideal"]) else { return };
    let last = told.lines().last().unwrap_or_default();
    for part in [
        "score 1.000",
        "invented entities 0,",
        "invented relationships 0,",
        "false merges 0;",
        "missing relationships 0",
    ] {
        assert!(last.contains(part), "{last}");
    }
}
