//! Files that are editions of documents in a case: which date a file bears, which document it looks
//! like an edition of, and what an import records of that.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{
    Head,
    import::recognise,
    table::{self, Settings, Table, saved},
};
use crate::{
    case::{Case, Error, Progress, Result, hash_file},
    model::{Edition, Evidence, Id, PartialDate, edition},
};

/// The bytes of a document in the case in which its date is looked for.
const HEAD: usize = 64 << 10;
/// Lines of a table in which its date is looked for.
const LINES: usize = 5;
/// What is before the date of a list, in lower case.
const BEFORE: [&str; 8] = [
    BRITISH,
    "date generated",
    "report date",
    "generated on",
    "published on",
    "as of",
    "as at",
    "stand:",
];
/// How the list of the United Kingdom says it, whose dates have the day first.
const BRITISH: &str = "last updated";
/// Columns of lists that have the date of the list in each row, in lower case. Those that write it with
/// strokes, the European Union's and the United Kingdom's, put the day first.
const COLUMNS: [&str; 3] = ["filegenerationdate", "date_file", "report date"];

/// Which documents in the case a file is another edition of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EditionOf {
    pub of: Vec<Id>,
    /// The date of the file, where it does not bear one itself or bears a wrong one.
    pub date: Option<PartialDate>,
    /// Whether it is older than they. Where the dates of both are known, these decide.
    pub is_older: bool,
}

/// What is to be recorded of files as editions, except which documents they are.
#[derive(Debug)]
pub(super) struct Recording {
    of: Vec<Id>,
    is_older: bool,
    date: Option<PartialDate>,
    /// All editions of which a file is one.
    series: BTreeSet<Id>,
    /// The dates of those of which none is recorded yet.
    dated: Vec<Edition>,
}

impl Recording {
    /// Plans the record of files that come into a case.
    pub(super) fn new(case: &Case, edition: &EditionOf, files: &[PathBuf]) -> Result<Self> {
        let evidence: BTreeMap<Id, Evidence> =
            case.evidence()?.into_iter().map(|one| (one.id.clone(), one)).collect();
        if let Some(absent) = edition.of.iter().find(|id| evidence.get(*id).is_none_or(|e| !e.live))
        {
            return Err(Error::not_found(format!("There is no document {absent} in the case")));
        }
        let editions = case.editions()?;
        let all = edition.of.iter().flat_map(|of| edition::series(&editions, of));
        let series: BTreeSet<Id> = all.collect();
        let mut dated = Vec::new();
        for document in series.iter().filter_map(|id| evidence.get(id)) {
            let known = editions.iter().find(|one| one.document == document.id);
            if known.is_some_and(|known| known.date.is_some()) {
                continue;
            }
            if let Some(date) = date_of_document(case, document)? {
                let known = known.cloned();
                let date = Some(date);
                dated.push(Edition {
                    document: document.id.clone(),
                    date,
                    ..known.unwrap_or_default()
                });
            }
        }
        let date = match &edition.date {
            Some(date) => Some(date.clone()),
            None => files.iter().filter_map(|path| date_of_file(path)).max(),
        };
        let EditionOf { of, is_older, .. } = edition.clone();
        Ok(Self { of, is_older, date, series, dated })
    }

    /// What is recorded once it is known which documents the files are.
    pub(super) fn of(&self, documents: &[Id]) -> Vec<Edition> {
        let others = |ids: &mut dyn Iterator<Item = &Id>| -> Vec<Id> {
            ids.filter(|id| !documents.contains(id)).cloned().collect()
        };
        let of = |document: &Id| {
            let (newer_than, older_than) = if self.is_older {
                (Vec::new(), others(&mut self.of.iter()))
            } else {
                (others(&mut self.series.iter()), Vec::new())
            };
            Edition { document: document.clone(), newer_than, older_than, date: self.date.clone() }
        };
        let new = documents.iter().map(of);
        let new = new.filter(|one| !one.newer_than.is_empty() || !one.older_than.is_empty());
        let old = self.dated.iter().filter(|one| !documents.contains(&one.document));
        old.cloned().chain(new).collect()
    }
}

/// What is recorded once a document in the case is another edition of others there.
pub fn declared(case: &Case, document: &Id, edition: &EditionOf) -> Result<Vec<Edition>> {
    let known = case.editions()?.into_iter().find(|one| one.document == *document);
    let known = known.unwrap_or_default();
    let evidence = case.evidence()?.into_iter().find(|one| one.id == *document && one.live);
    let absent = || Error::not_found(format!("There is no document {document} in the case"));
    let own = date_of_document(case, &evidence.ok_or_else(absent)?)?;
    let date = edition.date.clone().or(known.date).or(own);
    let recording = Recording::new(case, &EditionOf { date, ..edition.clone() }, &[])?;
    let mut all = recording.of(std::slice::from_ref(document));
    // What was recorded of it before stays so.
    for one in all.iter_mut().filter(|one| one.document == *document) {
        let add = |to: &mut Vec<Id>, from: &[Id]| {
            let missing: Vec<Id> = from.iter().filter(|id| !to.contains(id)).cloned().collect();
            to.extend(missing);
        };
        add(&mut one.newer_than, &known.newer_than);
        add(&mut one.older_than, &known.older_than);
    }
    Ok(all)
}

/// The date of a document that is in the case: the one that is stated, else the one that it bears.
fn date_of_document(case: &Case, document: &Evidence) -> Result<Option<PartialDate>> {
    let stated = case.entity(&document.id)?.and_then(|entity| {
        let mut all = ["publishedAt", "date"].iter().filter_map(|name| entity.first(name));
        all.find_map(|text| text.parse().ok())
    });
    if stated.is_some() {
        return Ok(stated);
    }
    if let Some(date) = date_in_name(&document.file_name) {
        return Ok(Some(date));
    }
    let mut head = Beginning(Vec::new());
    // What stops it is that enough has been read.
    case.read_evidence(&document.id, &mut head).ok();
    Ok(date_in_text(&String::from_utf8_lossy(&head.0)))
}

/// The date that a file bears, in its name or at its beginning.
pub(crate) fn date_of_file(path: &Path) -> Option<PartialDate> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    date_in_name(&name).or_else(|| date_in_text(&Head::of(path).ok()?.text))
}

/// Takes the first bytes of a document and refuses the rest.
struct Beginning(Vec<u8>);

impl Write for Beginning {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() >= HEAD {
            return Err(io::Error::other("enough"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The date in the name of a file: `2024-07-31`, `2024_07`, `20240731` or a year.
fn date_in_name(name: &str) -> Option<PartialDate> {
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let digits: Vec<&str> =
        stem.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).collect();
    let is_year = |run: &str| run.len() == 4 && (run.starts_with("19") || run.starts_with("20"));
    let parse = |text: String| text.parse::<PartialDate>().ok();
    for at in 0..digits.len() {
        let run = digits[at];
        if run.len() >= 8 && is_year(&run[..4]) && (run.len() == 8 || run.len() == 14) {
            let date = parse(format!("{}-{}-{}", &run[..4], &run[4..6], &run[6..8]));
            if date.is_some() {
                return date;
            }
        }
        if !is_year(run) {
            continue;
        }
        let two = |at: usize| digits.get(at).filter(|run| run.len() == 2);
        let day = two(at + 1).zip(two(at + 2));
        let day = day.and_then(|(month, day)| parse(format!("{run}-{month}-{day}")));
        let month = || two(at + 1).and_then(|month| parse(format!("{run}-{month}")));
        return day.or_else(month).or_else(|| parse(run.to_owned()));
    }
    None
}

/// The date at the beginning of a list.
fn date_in_text(text: &str) -> Option<PartialDate> {
    const GENERATED: &str = "dateGenerated=\"";
    if let Some(at) = text.find(GENERATED) {
        let value = text[at + GENERATED.len()..].split('"').next()?;
        return PartialDate::from_input(value.split('T').next()?).ok();
    }
    let cell = |cell: &str, day_first: bool| {
        let cell =
            cell.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | ':' | '\u{feff}'));
        let turned = || PartialDate::from_input(&turned(cell, day_first)?).ok();
        PartialDate::from_input(cell).ok().or_else(turned)
    };
    let cut = |line: &str| -> Vec<String> {
        let separator = [';', '\t', ','].into_iter().max_by_key(|c| line.matches(*c).count());
        line.split(separator.unwrap_or(',')).map(str::to_owned).collect()
    };
    let lines: Vec<&str> = text.lines().take(LINES).collect();
    for (at, line) in lines.iter().enumerate() {
        let low = line.to_lowercase();
        if let Some(before) = BEFORE
            .iter()
            .find(|before| low.trim_start_matches(['"', '\u{feff}', ' ']).starts_with(**before))
            && let Some(start) = low.find(before)
            && let Some(rest) = line.get(start + before.len()..)
        {
            let first = rest.trim_start_matches([',', ';', '\t', ':', ' ', '"']);
            let first = first.split([',', ';', '\t', '"']).next().unwrap_or_default();
            if let Some(date) = cell(first, *before == BRITISH) {
                return Some(date);
            }
        }
        let headings = cut(&low);
        let named = headings
            .iter()
            .position(|heading| COLUMNS.contains(&heading.trim_matches(['"', '\u{feff}', ' '])));
        if let Some(column) = named {
            return lines.get(at + 1).and_then(|row| cell(cut(row).get(column)?, true));
        }
    }
    None
}

/// A date written with strokes, the day first or, where the numbers tell, the month first. `None` where
/// it could be either and nothing says that it is `day_first`.
fn turned(text: &str, day_first: bool) -> Option<String> {
    let [one, two, year] = text.split('/').collect::<Vec<_>>()[..] else { return None };
    let is_day = |part: &str| part.parse::<u8>().is_ok_and(|number| number > 12);
    let (day, month) = if day_first || is_day(one) {
        (one, two)
    } else if is_day(two) || one == two {
        (two, one)
    } else {
        return None;
    };
    (year.len() == 4).then(|| format!("{year}-{month:0>2}-{day:0>2}"))
}

/// What a case says that tells which of its documents a file may be another edition of.
#[derive(Clone, Debug, Default)]
pub struct Held {
    pub evidence: Vec<Evidence>,
    pub editions: Vec<Edition>,
    pub settings: BTreeMap<String, String>,
}

impl Held {
    /// Reads it of a case.
    pub fn of(case: &Case) -> Result<Self> {
        let (evidence, editions) = (case.evidence()?, case.editions()?);
        Ok(Self { evidence, editions, settings: case.settings()? })
    }

    /// The newest documents whose files are named like another file, by what the digest of their bytes
    /// is: by their mappings a newer edition meets what they made.
    pub fn named_like(&self, file: &Path) -> Vec<String> {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let alike = self.newest().rev().filter(|one| are_alike(&one.file_name, &name));
        alike.map(|one| one.sha256.clone()).collect()
    }

    /// The documents that exist and of which there is no newer edition.
    pub fn newest(&self) -> impl DoubleEndedIterator<Item = &Evidence> {
        newest(&self.evidence, &self.editions)
    }
}

/// Those of some documents that exist and of which there is no newer edition.
pub fn newest<'a>(
    evidence: &'a [Evidence],
    editions: &[Edition],
) -> impl DoubleEndedIterator<Item = &'a Evidence> + use<'a> {
    let is_there = |id: &Id| evidence.iter().any(|one| one.id == *id && one.live);
    let superseded = edition::superseded(editions, &is_there);
    evidence.iter().filter(move |one| one.live && !superseded.contains_key(&one.id))
}

/// The document in the case that a file looks like another edition of: one of the same layout,
/// where the publisher or the name of the file agrees.
pub fn looks_like<'a>(
    held: &'a Held,
    file: &Path,
    title: Option<&str>,
) -> Result<Option<&'a Evidence>> {
    let Some(format) = recognise(&[file.to_owned()])? else { return Ok(None) };
    let is_table = format.name == table::NAME;
    let columns = if is_table {
        Table::open(file, &Settings::default()).ok().map(|table| table.columns)
    } else {
        None
    };
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let agrees = |one: &&Evidence| {
        let is_layout = match &columns {
            Some(columns) => saved::has_read(&held.settings, &one.sha256, columns),
            None => !is_table && one.mime == format.mime,
        };
        let is_name = are_alike(&one.file_name, &name);
        let is_publisher =
            title.is_some_and(|title| one.caption == title || one.origin.as_deref() == Some(title));
        is_layout && (is_name || is_publisher)
    };
    let Some(found) = held.newest().rfind(agrees) else { return Ok(None) };
    // The same bytes are no edition.
    let hash = hex::encode(hash_file(file, &Progress::new())?);
    Ok(Some(found).filter(|found| hash != found.sha256))
}

/// Whether the names of two files differ only in what changes from edition to edition.
fn are_alike(one: &str, other: &str) -> bool {
    stem(one).is_some_and(|one| stem(other) == Some(one))
}

/// The name of a file without what changes from edition to edition: digits and signs.
fn stem(name: &str) -> Option<String> {
    let name = name.split_once('.').map_or(name, |(stem, _)| stem).to_lowercase();
    let letters: String = name.chars().filter(|c| c.is_alphabetic()).collect();
    (letters.chars().count() >= 3).then_some(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_of_a_file_is_in_its_name_or_at_its_beginning() {
        for (name, date) in [
            ("list-2024-07-31.csv", Some("2024-07-31")),
            ("20240731-FULL-1_1.csv", Some("2024-07-31")),
            ("20240731120000_list.xml", Some("2024-07-31")),
            ("psc_2024_07.txt", Some("2024-07")),
            ("roll-2021.ndjson", Some("2021")),
            ("list-2024-13-40.csv", Some("2024")),
            ("sdn.csv", None),
            ("report-12345678.csv", None),
            ("v2-10-20.csv", None),
        ] {
            assert_eq!(date_in_name(name).map(|d| d.to_string()).as_deref(), date, "{name}");
        }
        for (text, date) in [
            (
                "<CONSOLIDATED_LIST dateGenerated=\"2024-07-31T20:00:01.7-04:00\">",
                Some("2024-07-31"),
            ),
            ("Last Updated,28/10/2025\nName 6,Name 1", Some("2025-10-28")),
            ("\u{feff}\"Report Date: 10-Dec-2024\",,\nLast name", Some("2024-12-10")),
            ("fileGenerationDate;Entity_LogicalId\n28/10/2024;13", Some("2024-10-28")),
            ("As of 07/31/2024\nName", Some("2024-07-31")),
            ("As of 31/07/2024\nName", Some("2024-07-31")),
            ("As of 07/08/2024\nName", None),
            ("Last Updated,07/08/2024\nName 6", Some("2024-08-07")),
            ("Name,Date\nA,2024-01-01", None),
        ] {
            assert_eq!(date_in_text(text).map(|d| d.to_string()).as_deref(), date, "{text}");
        }
    }
}
