//! Tables whose columns mean what the user says: CSV, TSV, spreadsheets.
//!
//! A [`Table`] is read as a stream of rows, whatever kind of file it is in; a [`Mapping`] says
//! what each row becomes; [`guess()`] makes the first mapping by itself.

mod apply;
mod archive;
mod aside;
mod becomes;
mod between;
mod biff;
mod cell;
mod clean;
mod content;
mod dates;
mod delimited;
pub mod edit;
mod encoding;
mod entities;
mod explain;
mod ftm_mapping;
mod guess;
mod heads;
mod key;
mod layouts;
mod learn;
mod mapping;
mod money;
mod nodes;
mod numbers;
mod ods;
mod parts;
mod records;
mod row;
mod rule;
pub mod saved;
mod shares;
mod sheet;
mod sniff;
mod source;
mod tail;
mod words;

pub use dates::Order;
pub use explain::to_yaml;
pub use ftm_mapping::Left;
pub(in crate::exchange) use guess::earlier;
pub use guess::{Column, Guess, SURE, TableKind, earlier::may_name_rows};
pub use mapping::{Each, EntityMapping, Mapping, NameForm, PropertyMapping, Sign};
pub(in crate::exchange) use nodes::became;
pub use nodes::{Nodes, RowsOf};
pub use row::Row;
pub use rule::{guess, guess_files, guess_together};
pub use source::{Layout, Settings, Table};

use std::{cell::Cell, path::Path};

use self::apply::Apply;
use super::{Format, Input, Problem, Reader, Sink, refused};
use crate::{
    case::{Error, NewEntity, NewValue, Result},
    model::schema,
};

/// Tables of any kind, among the formats.
/// What tables are called among the formats.
pub const NAME: &str = "table";

pub(in crate::exchange) const FORMAT: Format = Format {
    name: NAME,
    label: "Table",
    mime: "text/csv",
    reader: Reader { recognises: source::recognises, in_parts: false, read },
};

/// The media type of a table by the ending of its name.
pub(in crate::exchange) fn mime(path: &Path) -> &'static str {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    match &*ending {
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsm" => "application/vnd.ms-excel.sheet.macroenabled.12",
        "xls" => "application/vnd.ms-excel",
        "ods" => "application/vnd.oasis.opendocument.spreadsheet",
        "tsv" | "tab" => "text/tab-separated-values",
        "txt" => "text/plain",
        "json" => "application/json",
        "jsonl" | "ndjson" | "jsonlines" | "ldjson" => "application/x-ndjson",
        _ => FORMAT.mime,
    }
}

/// Reads tables by their mapping, or by one that is guessed.
fn read(input: &Input<'_>, sink: &mut dyn Sink) -> Result<()> {
    for (file, path) in input.files.iter().enumerate() {
        let settings = input.mapping.map(|mapping| mapping.table.clone()).unwrap_or_default();
        let given = input.mapping.filter(|mapping| !mapping.entities.is_empty());
        let mapping =
            if let Some(mapping) = given { mapping.clone() } else { guessed(path, &settings)? };
        let mut table = Table::open(path, &mapping.table)?;
        if mapping.entities.is_empty() {
            let what = format!(
                "no column of it looks like a name; where its cells are ids of another table's \
                 rows, import that table before or together with it, else say with a mapping what its \
                 columns mean: {}",
                mapping::listed(&table.columns)
            );
            return Err(refused(path, "", what));
        }
        let mut all = |table: &mut Table, mapping: &Mapping| {
            rows((file, mapping, input.nodes), table, sink, &mut |apply, row, place, sink| {
                apply.row(row, place, sink)
            })
        };
        all(&mut table, &mapping)?;
        for other in &mapping.more {
            all(&mut Table::open(path, &other.table)?, other)?;
        }
        unread(file, &mut table, &mapping, sink)?;
    }
    Ok(())
}

/// The mapping that is guessed for all tables of a file.
pub(in crate::exchange) fn guessed(path: &Path, settings: &Settings) -> Result<Mapping> {
    let tables = Table::open_all(path, settings)?;
    Ok(guess_files(vec![tables], settings).pop().unwrap_or_default().mapping)
}

/// The most rows of a sheet without a table that are reported.
const REPORTED: usize = 50;

/// Reports the sheets of a workbook that are not read, and what stands on those without a table.
fn unread(file: usize, table: &mut Table, mapping: &Mapping, sink: &mut dyn Sink) -> Result<()> {
    let all = std::iter::once(mapping).chain(&mapping.more);
    let mut read: Vec<String> = all.filter_map(|one| one.table.sheet.clone()).collect();
    read.extend(table.layout.sheet.clone());
    for (sheet, rows) in table.other_sheets(&read)? {
        if rows.iter().filter(|row| row.filled() > 1).count() > 1 {
            let what = "it is imported by itself, not together with this sheet";
            sink.problem(Problem::new(file, format!("sheet {sheet}"), what))?;
            continue;
        }
        for row in rows.iter().take(REPORTED) {
            let text: Vec<&str> = row.cells().filter(|cell| !cell.is_empty()).collect();
            let what = format!("it stands on a sheet without a table (“{}”)", text.join("”, “"));
            let place = format!("sheet {sheet}, row {}", row.number);
            sink.problem(Problem::new(file, place, what))?;
        }
    }
    Ok(())
}

/// What is done with a row.
type RowTask<'e> = dyn FnMut(&mut Apply<'_>, &Row, &str, &mut dyn Sink) -> Result<()> + 'e;

/// Reads the rows of a table by a mapping.
fn rows(
    (file, mapping, nodes): (usize, &Mapping, &Nodes),
    table: &mut Table,
    sink: &mut dyn Sink,
    each: &mut RowTask<'_>,
) -> Result<()> {
    mapping.check(&table.columns).map_err(Error::invalid)?;
    let learned = learn::learn(table, mapping, sink)?;
    let shape = Shape::of(table);
    let fixed = Table::outline(table);
    let mut apply = Apply::new((file, &fixed), mapping, &learned, nodes)?;
    above(file, table, &fixed, sink)?;
    let mut fill = fill(mapping, &fixed.columns);
    let mut count = 0_u64;
    table.rows(&mut |row, done, total| {
        count += 1;
        if count.is_multiple_of(1024) {
            sink.at(done, total)?;
        }
        let place = fixed.place(row.number);
        match shape.wrong(row) {
            Some(reason) => sink.problem(Problem::new(file, &place, reason))?,
            None => match fill.take(row) {
                Some(whole) => each(&mut apply, &whole, &place, sink)?,
                None => each(&mut apply, row, &place, sink)?,
            },
        }
        Ok(true)
    })?;
    sink.at(1, 1)
}

/// What carries cells down by a mapping.
fn fill(mapping: &Mapping, columns: &[String]) -> row::Fill {
    let place = |name: &String| columns.iter().position(|column| column == name);
    row::Fill::of(mapping.fill.iter().filter_map(place).collect())
}

/// Reports what stands above the headings: a title, a date, a note.
fn above(file: usize, table: &Table, outline: &source::Outline, sink: &mut dyn Sink) -> Result<()> {
    for row in &table.preamble {
        let text: Vec<&str> = row.cells().filter(|cell| !cell.is_empty()).collect();
        let what = format!("it stands above the headings (“{}”)", text.join("”, “"));
        sink.problem(Problem::new(file, outline.place(row.number), what))?;
    }
    Ok(())
}

/// What some rows become, and the problems with them: for a preview beside the mapping.
#[derive(Clone, Debug, Default)]
pub struct Sketch {
    /// What the rows become, each with the place of its row.
    pub entities: Vec<NewEntity>,
    pub problems: Vec<Problem>,
}

/// What the first rows of a table become by a mapping, without reading the rest.
pub fn sketch(table: &Table, mapping: &Mapping, rows: usize) -> Result<Sketch> {
    sketch_with(table, mapping, &Nodes::default(), rows)
}

/// The same for a mapping that names rows of tables in the case.
pub fn sketch_with(table: &Table, mapping: &Mapping, nodes: &Nodes, rows: usize) -> Result<Sketch> {
    let mut learned = learn::Learned::default();
    for row in &table.sample {
        for column in 0..table.columns.len() {
            learned.columns.entry(column).or_default().hear(row.get(column));
        }
    }
    let shape = Shape::of(table);
    let fixed = Table::outline(table);
    for watch in learn::Watch::of(mapping, &table.columns) {
        for row in &table.sample {
            watch.hear(row, &mut learned.conflicts);
        }
    }
    let mut apply = Apply::new((0, &fixed), mapping, &learned, nodes)?;
    let mut sketch = Sketch::default();
    let mut fill = fill(mapping, &fixed.columns);
    for row in table.sample.iter().take(rows) {
        let place = fixed.place(row.number);
        if let Some(reason) = shape.wrong(row) {
            sketch.problem(Problem::new(0, &place, reason))?;
            continue;
        }
        let whole = fill.take(row);
        apply.row(whole.as_ref().unwrap_or(row), &place, &mut sketch)?;
    }
    Ok(sketch.united())
}

impl Sketch {
    /// Shows once what several rows, or parts of a row, say of one thing.
    fn united(mut self) -> Self {
        for entity in std::mem::take(&mut self.entities) {
            let Some(known) = self.entities.iter_mut().find(|known| known.id == entity.id) else {
                self.entities.push(entity);
                continue;
            };
            let narrow = schema::schema(&entity.schema);
            if narrow.is_some_and(|schema| schema.is_a(&known.schema)) {
                known.schema = entity.schema;
            }
            for value in entity.values {
                let same = |other: &NewValue| {
                    other.property == value.property && other.value == value.value
                };
                if !known.values.iter().any(same) {
                    known.values.push(value);
                }
            }
        }
        self
    }
}

impl Sink for Sketch {
    fn take(&mut self, entity: NewEntity) -> Result<()> {
        self.entities.push(entity);
        Ok(())
    }

    fn problem(&mut self, problem: Problem) -> Result<()> {
        self.problems.push(problem);
        Ok(())
    }

    fn at(&mut self, _: u64, _: u64) -> Result<()> {
        Ok(())
    }
}

/// What makes a row none of the table: too wide, a total, a footnote, the headings again.
struct Shape {
    width: usize,
    headings: Vec<String>,
    /// The row with the headings of another table below, once it was met.
    other: Cell<u64>,
    /// What counts the rows: nothing below the last that has it is one.
    ids: Option<tail::Ids>,
}

impl Shape {
    fn of(table: &Table) -> Self {
        let headings = if table.layout.heading > 0 { table.columns.clone() } else { Vec::new() };
        let ids = tail::Ids::of(table);
        Self { width: table.columns.len(), headings, other: Cell::new(0), ids }
    }

    /// Whether a row says the headings once more: all that have words of their own.
    fn is_repeated_by(&self, row: &Row) -> bool {
        let same = |(at, heading): (usize, &String)| {
            let cell = row.get(at).split_whitespace().collect::<Vec<_>>().join(" ");
            let blank = cell.is_empty() && *heading == format!("Column {}", at + 1);
            // Of two columns that are called alike, the second has a number behind its heading.
            let counted = heading.strip_prefix(&*cell).is_some_and(|rest| rest.starts_with(" ("));
            blank || cell == *heading || counted && !cell.is_empty()
        };
        !self.headings.is_empty() && !row.is_empty() && self.headings.iter().enumerate().all(same)
    }

    /// Why a row is left out, if it is.
    fn wrong(&self, row: &Row) -> Option<String> {
        const TOTALS: [&str; 38] = [
            "row count",
            "total records",
            "number of records",
            "total",
            "totals",
            "grand total",
            "sum",
            "subtotal",
            "summe",
            "gesamt",
            "gesamtsumme",
            "insgesamt",
            "total général",
            "totale",
            "suma",
            "итого",
            "всего",
            "разом",
            "合计",
            "总计",
            "合計",
            "總計",
            "小计",
            "합계",
            "총계",
            "계",
            "totales",
            "totaux",
            "totali",
            "summen",
            "razem",
            "celkem",
            "toplam",
            "jumlah",
            "المجموع",
            "รวม",
            "소계",
            "计",
        ];
        let used = row.used();
        if used > self.width {
            return Some(format!(
                "it has {used} cells and the table has {} columns; perhaps a cell is not in quotation marks",
                self.width
            ));
        }
        if self.is_repeated_by(row) {
            self.other.set(0);
            return Some("it repeats the headings".to_owned());
        }
        if !self.headings.is_empty() && heads::begins_table(row) {
            self.other.set(row.number);
            return Some("it has the headings of another table".to_owned());
        }
        if self.other.get() > 0 {
            let text: Vec<&str> = row.cells().filter(|cell| !cell.is_empty()).collect();
            return Some(format!(
                "it belongs to another table, whose headings stand in row {} (“{}”)",
                self.other.get(),
                text.join("”, “")
            ));
        }
        if let Some(why) = self.ids.as_ref().and_then(|ids| ids.wrong(row)) {
            return Some(why);
        }
        let filled = row.filled();
        if self.width < 2 {
            return None;
        }
        let first = row.cells().find(|cell| !cell.is_empty()).unwrap_or_default();
        // “المجموع / Total” says it in two languages.
        let first = first.split('/').next().unwrap_or(first);
        let word = first.trim_end_matches([':', ' ', '.', '：']).to_lowercase();
        // A company may be called “Total”, but its row has more to say.
        let sums =
            row.cells().filter(|cell| !cell.is_empty()).skip(1).all(|cell| {
                cell.chars().all(|c| c.is_ascii_digit() || " .,%-+'\u{a0}€$£".contains(c))
            });
        let is_number =
            |cell: &str| cell.chars().all(|c| c.is_ascii_digit() || " .,%-+'\u{a0}€$£".contains(c));
        // “Firm, total, 100 %” sums up the rows of a firm.
        let texts: Vec<&str> =
            row.cells().filter(|cell| !cell.is_empty() && !is_number(cell)).collect();
        let sums_up =
            |text: &&str| TOTALS.contains(&&*text.trim_end_matches([':', ' ']).to_lowercase());
        let within = (2..=4).contains(&texts.len())
            && filled > texts.len()
            && texts
                .iter()
                .enumerate()
                .any(|(at, text)| sums_up(text) && (at > 0 || !text.is_ascii()));
        // A company may be called “Total”; none is called “Grand total”.
        let is_sum = |text: &&str| {
            let word = text.trim_end_matches([':', ' ', '.']).to_lowercase();
            TOTALS.contains(&&*word) && !matches!(&*word, "total" | "sum" | "suma" | "计" | "계")
        };
        let plainly = texts.len() <= 2
            && (filled > texts.len() || filled < self.width)
            && texts.iter().any(is_sum);
        if within || plainly {
            return Some("it is a total and no row of the table".to_owned());
        }
        let few = filled * 2 <= self.width + 1 || sums;
        let total = TOTALS.contains(&&*word)
            || filled * 3 <= self.width * 2 && word.ends_with(" total")
            || sums
                && filled > 1
                && ["total for ", "total of ", "subtotal ", "summe ", "итого по ", "всего по "]
                    .iter()
                    .any(|start| word.starts_with(start));
        if filled < self.width && few && total {
            return Some("it is a total and no row of the table".to_owned());
        }
        // “No results for this search” is what a program says where it has no row.
        const NONE: [&str; 12] = [
            "no results",
            "no records",
            "no data",
            "no matching",
            "no entries",
            "keine ergebnisse",
            "keine daten",
            "aucun résultat",
            "sin resultados",
            "nessun risultato",
            "нет данных",
            "ничего не найдено",
        ];
        if filled * 3 <= self.width && NONE.iter().any(|start| word.starts_with(start)) {
            return Some(format!("it is a message and no row (“{}”)", clean::short(first)));
        }
        if filled == 1 && between::is_printed(&word) {
            return Some(format!("it is no row (“{}”)", clean::short(first)));
        }
        if filled == 1 && between::is_title((first, &word), row.get(0), self.width) {
            return Some(format!("it is the heading of a section (“{}”)", clean::short(first)));
        }
        let footnote = self.width > 2
            && filled == 1
            && (first.starts_with(['*', '(', '©', '¹'])
                || first.chars().count() > 60
                || [
                    "source:",
                    "note:",
                    "notes:",
                    "quelle:",
                    "источник:",
                    "примечание:",
                    "注:",
                    "注：",
                    "来源：",
                ]
                .iter()
                .any(|start| first.to_lowercase().starts_with(start)));
        footnote.then(|| {
            format!("it is a footnote and no row of the table (“{}”)", clean::short(first))
        })
    }
}
