//! Mappings that are kept in a case under a name, and found again.

use std::{
    collections::{BTreeMap, HashSet},
    path::Path,
};

use serde::{Deserialize, Serialize};

use super::{
    ftm_mapping::{self, Left},
    key,
    mapping::{EntityMapping, Mapping, listed},
    source::Table,
};
use crate::{
    case::{Error, Op, Progress, Result, hash_file},
    exchange::{self, unreadable},
};

/// Before the name, among the settings of a case.
const PREFIX: &str = "mapping:";

/// Keeps a mapping in a case under its name, in place of one that was called so.
pub fn keep(mapping: &Mapping) -> Op {
    let value = serde_json::to_string(mapping).unwrap_or_default();
    Op::Set { key: format!("{PREFIX}{}", mapping.name), value }
}

/// Takes a mapping out of a case.
pub fn forget(name: &str) -> Op {
    Op::Set { key: format!("{PREFIX}{name}"), value: String::new() }
}

/// Before a digest of a file's name and headings, among the settings of a case.
const USED: &str = "used-mapping:";

/// A mapping by which a case has read a table.
#[derive(Serialize, Deserialize)]
struct Used {
    /// The SHA-256 of the table.
    sha256: String,
    columns: Vec<String>,
    mapping: Mapping,
}

/// What a table is found again by: the name of its file, its sheet and its headings.
fn key_of(table: &Table) -> String {
    let name = table.path().file_name().unwrap_or_default().to_string_lossy().into_owned();
    let sheet = table.layout.sheet.clone().unwrap_or_default();
    key::sha1(format!("{name}\n{sheet}\n{}", table.columns.join("\n")).as_bytes())
}

/// The setting by which a case keeps the mapping that it reads a table by. Later programs guess
/// and name things by other rules; the table then still meets what it made.
pub(in crate::exchange) fn used(table: &Table, mapping: &Mapping) -> Result<(String, String)> {
    let columns = table.columns.clone();
    let key = key_of(table);
    let sha256 = hex::encode(hash_file(table.path(), &Progress::new())?);
    let used = Used { sha256, columns, mapping: mapping.clone() };
    Ok((format!("{USED}{key}"), serde_json::to_string(&used).unwrap_or_default()))
}

/// The mapping by which a case has read a table of this name and these columns, or the same bytes
/// under another name.
pub fn used_before(settings: &BTreeMap<String, String>, table: &Table) -> Option<Mapping> {
    let own = key_of(table);
    let all = settings.iter().filter_map(|(key, value)| Some((key.strip_prefix(USED)?, value)));
    let mut like: Vec<(bool, Used)> = all
        .filter_map(|(key, value)| Some((key == own, serde_json::from_str::<Used>(value).ok()?)))
        .filter(|(_, used)| used.columns == table.columns)
        .collect();
    like.sort_by_key(|(own, _)| !own);
    let digest = || hash_file(table.path(), &Progress::new()).ok().map(hex::encode);
    let digest = if like.is_empty() { None } else { digest() };
    let found = like.into_iter().find(|(own, used)| *own || Some(&used.sha256) == digest.as_ref());
    let mapping = found.map(|(_, used)| used.mapping);
    mapping.filter(|mapping| mapping.check(&table.columns).is_ok() && has_rows(settings, mapping))
}

/// Whether a case has the tables whose rows a mapping names.
fn has_rows(settings: &BTreeMap<String, String>, mapping: &Mapping) -> bool {
    mapping.rows_named().all(|(of, _)| used_of(settings, &of.sha256).next().is_some())
}

/// Whether a case has read tables.
pub fn has_tables(settings: &BTreeMap<String, String>) -> bool {
    settings.keys().any(|key| key.starts_with(USED))
}

/// The headings and mappings by which a case has read the tables with these bytes.
fn used_of<'a>(
    settings: &'a BTreeMap<String, String>,
    sha256: &'a str,
) -> impl Iterator<Item = Used> + 'a {
    let all = settings.iter().filter(|(key, _)| key.starts_with(USED));
    let used = all.filter_map(|(_, value)| serde_json::from_str::<Used>(value).ok());
    used.filter(move |used| used.sha256 == sha256)
}

/// The mappings by which a case has read the tables with these bytes: of a workbook, that of each
/// sheet.
pub(in crate::exchange) fn mappings_of(
    settings: &BTreeMap<String, String>,
    sha256: &str,
) -> Vec<Mapping> {
    let parts = |mut mapping: Mapping| {
        let more = std::mem::take(&mut mapping.more);
        std::iter::once(mapping).chain(more)
    };
    used_of(settings, sha256).flat_map(|used| parts(used.mapping)).collect()
}

/// Whether a case has read a table with these bytes and these headings.
pub(crate) fn has_read(
    settings: &BTreeMap<String, String>,
    sha256: &str,
    columns: &[String],
) -> bool {
    used_of(settings, sha256).any(|used| used.columns == columns)
}

/// The mapping by which a case has read the table with these bytes, where another edition of it has
/// the same headings.
pub fn used_for(
    settings: &BTreeMap<String, String>,
    sha256: &str,
    table: &Table,
) -> Option<Mapping> {
    let mut used = used_of(settings, sha256).filter(|used| used.columns == table.columns);
    let mapping = used.next().map(|used| widened(used.mapping, &super::guess(table).mapping));
    mapping.filter(|mapping| mapping.check(&table.columns).is_ok() && has_rows(settings, mapping))
}

/// The mapping for another edition of a table that was read by `used`: that one, where what is
/// `given` is as it was guessed (`own`); else what somebody made of it, with the ids of before.
pub fn as_before(given: &Mapping, used: Mapping, own: &Mapping) -> Mapping {
    let bare = |made: &EntityMapping| EntityMapping { key_literal: String::new(), ..made.clone() };
    let told = |mapping: &Mapping| -> Vec<Vec<EntityMapping>> {
        sheets(mapping).map(|one| one.entities.iter().map(bare).collect()).collect()
    };
    if given.entities.is_empty() || told(given) == told(own) {
        return used;
    }
    let mut mapping = given.clone();
    with_ids_of(&mut mapping, &used, own);
    for further in &mut mapping.more {
        let of = |all: &'_ Mapping| -> Option<Mapping> {
            all.more.iter().find(|one| one.table.sheet == further.table.sheet).cloned()
        };
        if let Some((used, own)) = of(&used).zip(of(own)) {
            with_ids_of(further, &used, &own);
        }
    }
    mapping
}

/// The mappings of all sheets of a workbook.
fn sheets(mapping: &Mapping) -> impl Iterator<Item = &Mapping> {
    std::iter::once(mapping).chain(&mapping.more)
}

/// Has what one mapping makes get the ids that another one gave. A literal that is not the guessed
/// one was chosen, and stays.
fn with_ids_of(mapping: &mut Mapping, used: &Mapping, own: &Mapping) {
    for made in &mut mapping.entities {
        let same = |other: &&EntityMapping| other.name == made.name && other.schema == made.schema;
        let guessed = own.entities.iter().find(same);
        let is_guessed = guessed.is_some_and(|guess| guess.key_literal == made.key_literal);
        if let Some(other) = used.entities.iter().find(same).filter(|_| is_guessed) {
            made.key_literal.clone_from(&other.key_literal);
        }
    }
}

/// The mapping of another edition that also takes the words of this one, as it is guessed by itself:
/// a chairman where the other had directors only. What has an id by one has it by the other.
fn widened(mut mapping: Mapping, own: &Mapping) -> Mapping {
    let known: HashSet<(String, String)> = mapping
        .entities
        .iter()
        .flat_map(|entity| entity.filters.iter().chain(&entity.filters_not))
        .flat_map(|(column, values)| values.iter().map(|value| (column.clone(), value.clone())))
        .collect();
    for entity in &mut mapping.entities {
        let same = |other: &&EntityMapping| {
            other.name == entity.name && other.schema == entity.schema && other.keys == entity.keys
        };
        let Some(same) = own.entities.iter().find(same) else { continue };
        for (values, more) in
            [(&mut entity.filters, &same.filters), (&mut entity.filters_not, &same.filters_not)]
        {
            for (column, values) in values {
                let more = more.get(column).into_iter().flatten();
                let new = more.filter(|value| !known.contains(&(column.clone(), (*value).clone())));
                values.extend(new.cloned());
            }
        }
    }
    mapping
}

/// The mappings that a case keeps, by name. One that this program cannot read is left alone.
pub fn all(settings: &BTreeMap<String, String>) -> Vec<Mapping> {
    settings
        .iter()
        .filter_map(|(key, value)| {
            let name = key.strip_prefix(PREFIX)?;
            let mapping = serde_json::from_str::<Mapping>(value).ok()?;
            Some(Mapping { name: name.to_owned(), ..mapping })
        })
        .collect()
}

/// The kept mapping that was made for a table of exactly these columns, in whatever order.
pub fn fitting(settings: &BTreeMap<String, String>, columns: &[String]) -> Option<Mapping> {
    fitting_of(&all(settings), columns)
}

/// The one of several mappings that was made for a table of exactly these columns, in whatever
/// order.
pub fn fitting_of(kept: &[Mapping], columns: &[String]) -> Option<Mapping> {
    let sorted = |columns: &[String]| {
        let mut columns: Vec<String> = columns.iter().map(|c| c.to_lowercase()).collect();
        columns.sort();
        columns
    };
    let wanted = sorted(columns);
    kept.iter()
        .find(|mapping| sorted(&mapping.columns) == wanted && mapping.check(columns).is_ok())
        .cloned()
}

/// The mapping that is meant by a word on the command line: the name of one that the case keeps,
/// or a file of ours or of `FollowTheMoney`. Tells what of the file is not supported.
pub fn named(
    word: &str,
    settings: &BTreeMap<String, String>,
    table: &Path,
) -> Result<(Mapping, Left)> {
    let kept = all(settings);
    if let Some(mapping) = kept.iter().find(|mapping| mapping.name == word) {
        return Ok((mapping.clone(), Left::new()));
    }
    let path = Path::new(word);
    if !path.exists() {
        let names: Vec<String> = kept.into_iter().map(|mapping| mapping.name).collect();
        let there = if names.is_empty() { "none".to_owned() } else { listed(&names) };
        return Err(Error::not_found(format!(
            "There is no mapping file {word}, and the case keeps no mapping of that name; it keeps: {there}"
        )));
    }
    file(path, table)
}

/// Reads a mapping from a file, for a table of this name.
pub fn file(path: &Path, table: &Path) -> Result<(Mapping, Left)> {
    use std::io::Read as _;
    let (file, _) = exchange::open(path)?;
    let mut text = Vec::new();
    file.take(8 << 20).read_to_end(&mut text).map_err(unreadable(path))?;
    let text =
        String::from_utf8_lossy(text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text)).into_owned();
    ftm_mapping::read(&text, path, table)
}

#[cfg(test)]
mod tests {
    use super::super::Settings;
    use super::*;
    use crate::case::{Action, Case};

    #[test]
    fn a_mapping_is_kept_found_again_and_undone() {
        let mut case = Case::in_memory().expect("memory suffices");
        let mapping = super::super::mapping::tests::shareholders();
        case.commit(Action::new(vec![keep(&mapping)])).expect("valid");
        let settings = case.settings().expect("readable");
        assert_eq!(all(&settings), std::slice::from_ref(&mapping));
        let columns = ["Owner", "company", "Share"].map(str::to_owned);
        assert_eq!(fitting(&settings, &columns), None, "its columns are called otherwise");
        let columns = ["Owner", "Company", "Share"].map(str::to_owned);
        assert_eq!(fitting(&settings, &columns), Some(mapping.clone()));
        assert_eq!(named("Shareholders", &settings, Path::new("x.csv")).expect("kept").0, mapping);
        let error = named("Other", &settings, Path::new("x.csv")).expect_err("none").to_string();
        assert!(error.contains("it keeps: Shareholders"), "{error}");
        case.undo().expect("undo");
        assert!(all(&case.settings().expect("readable")).is_empty());
    }

    #[test]
    fn what_was_changed_on_any_sheet_of_another_edition_stays_changed() {
        let sheet = |name: &str, literal: &str| {
            let mut mapping = super::super::mapping::tests::shareholders();
            mapping.table.sheet = Some(name.to_owned());
            mapping.entities.iter_mut().for_each(|made| made.key_literal = literal.to_owned());
            mapping
        };
        let book = |literal: &str| Mapping {
            more: vec![sheet("Second", literal)],
            ..sheet("First", literal)
        };
        let (used, own) = (book("old"), book("new"));
        assert_eq!(as_before(&own, used.clone(), &own), used);
        let mut given = own.clone();
        given.more[0].entities[1].properties.clear();
        let mapping = as_before(&given, used.clone(), &own);
        assert!(mapping.more[0].entities[1].properties.is_empty());
        let literals = sheets(&mapping).flat_map(|one| &one.entities);
        assert!(literals.into_iter().all(|made| made.key_literal == "old"));
        given.entities[0].key_literal = "mine".to_owned();
        assert_eq!(as_before(&given, used, &own).entities[0].key_literal, "mine");
    }

    #[test]
    fn words_of_a_newer_edition_are_taken_for_what_they_are() {
        let folder = tempfile::tempdir().expect("a folder");
        let guessed = |name: &str, posts: [&str; 2]| {
            let path = folder.path().join(name);
            let [one, other] = posts;
            let text = format!(
                "company_number,company,name,position\n1,Fable Ltd,Alba Norden,{one}\n1,Fable Ltd,Jo Roe,{other}\n"
            );
            std::fs::write(&path, text).expect("space");
            let table = Table::open(&path, &Settings::default()).expect("a table");
            super::super::guess(&table).mapping
        };
        let older = guessed("o.csv", ["director", "secretary"]);
        let newer = guessed("n.csv", ["chairman", "director"]);
        let takes = |mapping: &Mapping| {
            let of = |entity: &EntityMapping| entity.filters.get("position").cloned();
            mapping.entities.iter().filter_map(of).flatten().collect::<Vec<_>>()
        };
        assert!(!takes(&older).contains(&"chairman".to_owned()), "{older:#?}");
        let both = widened(older.clone(), &newer);
        assert!(takes(&both).contains(&"chairman".to_owned()), "{both:#?}");
        assert!(takes(&both).contains(&"secretary".to_owned()));
        let keys = |mapping: &Mapping| -> Vec<Vec<String>> {
            mapping.entities.iter().map(|entity| entity.keys.clone()).collect()
        };
        assert_eq!(keys(&both), keys(&older));
    }
}
