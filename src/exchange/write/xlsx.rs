//! A workbook of five sheets: entities, relationships, statements, evidence, and where it comes
//! from. Text is typed as text, so that nothing in it is a formula; numbers are numbers.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::{
    content::{About, Content, Written, denials, joined},
    graph::is_number,
    safe, unwritten,
};
use crate::{
    case::{Error, Result, StatementInfo, Which},
    model::{Entity, Id, entity::SCHEMA, visible::visible_lines},
};

/// The rows of a sheet, the heading among them.
const ROWS: u32 = 1_048_576;
/// The columns of a sheet that properties may take.
const COLUMNS: usize = 16_000;
/// The UTF-16 units of a cell.
const CELL: usize = 32_767;

/// Writes a workbook.
pub fn write(content: &Content<'_>, out: &mut File) -> Result<Written> {
    let mut book = Workbook::new();
    let (things, more) = columns(content, Which::Entities)?;
    let (ties, more_of_ties) = columns(content, Which::Relationships)?;
    let first = ["Id", "Kind", "Name", "Strength", "Denied", "Denials"];
    let mut entities = Sheets::new(&mut book, "Entities", &first, &things, &content.about)?;
    let first =
        ["Id", "Kind", "From", "To", "From id", "To id", "Says", "Strength", "Denied", "Denials"];
    let mut relationships = Sheets::new(&mut book, "Relationships", &first, &ties, &content.about)?;
    let first = [
        "About id",
        "About",
        "Property",
        "Value",
        "Language",
        "As in the source",
        "Denied",
        "Strength",
        "Stated at",
        "By",
        "Sources",
    ];
    let mut statements = Sheets::new(&mut book, "Statements", &first, &[], &content.about)?;
    let titles: BTreeMap<Id, String> =
        content.case.evidence()?.into_iter().map(|item| (item.id, item.caption)).collect();
    let mut cited = BTreeSet::new();
    let mut written = Written::default();
    let mut altered = Altered::default();
    content.each_with_statements(Which::All, &mut |entity, said| {
        written.count(&entity);
        if let Some((source, target)) = &entity.ends {
            let row = relationships.row(&mut book)?;
            let ends = [
                &content.caption(source)?,
                &content.caption(target)?,
                source.as_str(),
                target.as_str(),
            ]
            .map(str::to_owned);
            altered += row.texts([entity.id.as_str(), &entity.schema].into_iter())?;
            altered += row.texts(ends.iter().map(String::as_str))?;
            altered += facts(row, &entity, &ties)?;
        } else {
            let row = entities.row(&mut book)?;
            altered += row.texts([entity.id.as_str(), &entity.schema].into_iter())?;
            altered += facts(row, &entity, &things)?;
        }
        for statement in &said {
            written.statements += 1;
            cited.extend(statement.citations.iter().map(|citation| citation.evidence.clone()));
            altered += stated(statements.row(&mut book)?, &entity, statement, &titles)?;
        }
        Ok(())
    })?;
    let first = [
        "Id",
        "Title",
        "File",
        "Media type",
        "Bytes",
        "SHA-256",
        "Acquired at",
        "By",
        "How",
        "Reliability",
        "Publisher or author",
    ];
    let mut evidence = Sheets::new(&mut book, "Evidence", &first, &[], &content.about)?;
    for item in content.evidence(&cited)? {
        let row = evidence.row(&mut book)?;
        altered +=
            row.texts([item.id.as_str(), &item.caption, &item.file_name, &item.mime].into_iter())?;
        row.number(item.size as f64)?;
        let (at, grade) = (day(item.acquired_at), item.reliability.map(|r| format!("{r:?}")));
        altered += row.texts(
            [
                &*item.sha256,
                &at,
                &item.acquired_by,
                &item.method,
                grade.as_deref().unwrap_or_default(),
                item.origin.as_deref().unwrap_or_default(),
            ]
            .into_iter(),
        )?;
    }
    let mut about = Sheets::new(&mut book, "About", &["What", "Is"], &[], &content.about)?;
    for (what, is) in told(&content.about) {
        altered += about.row(&mut book)?.texts([what, is].into_iter())?;
    }
    let mut parts = 0;
    for sheets in [entities, relationships, statements, evidence, about] {
        parts += sheets.done.len() as u64;
        for sheet in sheets.finish() {
            book.push_worksheet(sheet);
        }
    }
    book.set_properties(&properties(&content.about));
    let file = out.try_clone().map_err(unwritten)?;
    book.save_to_writer(std::io::BufWriter::new(file)).map_err(failed)?;
    written.note(
        altered.cut,
        "One cell is longer than the 32,767 characters that Excel allows and is cut off there.",
        "{} cells are longer than the 32,767 characters that Excel allows and are cut off there.",
    );
    written.note_shown(altered.shown);
    written.note(
        parts,
        "Excel allows 1,048,576 rows on a sheet; what is more goes on on a second sheet.",
        "Excel allows 1,048,576 rows on a sheet; what is more goes on on {} further sheets.",
    );
    written.note(
        more + more_of_ties,
        "One property has no column, because Excel has no more; the sheet Statements has it.",
        "{} properties have no column, because Excel has no more; the sheet Statements has them.",
    );
    Ok(written)
}

/// The properties that have columns, and how many there is no room for.
fn columns(content: &Content<'_>, which: Which) -> Result<(Vec<String>, u64)> {
    let mut columns = content.columns(which)?;
    let more = columns.len().saturating_sub(COLUMNS);
    columns.truncate(COLUMNS);
    Ok((columns, more as u64))
}

/// What entities and relationships have in common, and their properties; says how many cells do
/// not have their text as it is.
fn facts(row: &mut Row, entity: &Entity, properties: &[String]) -> Result<Altered> {
    let mut altered = row.texts(
        [
            &*entity.caption,
            entity.strength.words(),
            if entity.denied { "denied" } else { "" },
            &denials(entity),
        ]
        .into_iter(),
    )?;
    for property in properties {
        let text = joined(entity, property);
        let number = is_number(&entity.schema, property).then(|| safe::number(&text)).flatten();
        match number {
            Some(number) => row.number(number)?,
            None => altered += row.texts([&*text].into_iter())?,
        }
    }
    Ok(altered)
}

fn stated(
    row: &mut Row,
    entity: &Entity,
    statement: &StatementInfo,
    titles: &BTreeMap<Id, String>,
) -> Result<Altered> {
    let sources = statement.citations.iter().map(|citation| {
        let title = titles.get(&citation.evidence).map_or("", String::as_str);
        let page = citation.page.as_deref().map(|page| format!(", {page}")).unwrap_or_default();
        let against = if citation.supports { "" } else { "against: " };
        format!("{against}{title}{page}")
    });
    let sources = sources.collect::<Vec<_>>().join("; ");
    let property = if statement.property == SCHEMA { "is a" } else { &statement.property };
    row.texts([entity.id.as_str(), &entity.caption, property].into_iter())?;
    let number =
        is_number(&entity.schema, property).then(|| safe::number(&statement.value)).flatten();
    let mut altered = Altered::default();
    match number {
        Some(number) => row.number(number)?,
        None => altered += row.texts([&*statement.value].into_iter())?,
    }
    altered += row.texts(
        [
            statement.lang.as_deref().unwrap_or_default(),
            statement.original.as_deref().unwrap_or_default(),
            if statement.denied { "denied" } else { "" },
            statement.strength.words(),
            &day(statement.at),
            &statement.author,
            &sources,
        ]
        .into_iter(),
    )?;
    Ok(altered)
}

fn told(about: &About) -> Vec<(&'static str, &str)> {
    let all = [
        ("Case", &about.case),
        ("Chart", &about.chart),
        ("Marking", &about.marking),
        ("Seen", &about.lens),
        ("As at", &about.as_at),
        ("By", &about.author),
        ("Case digest", &about.digest),
    ];
    let mut told: Vec<(&str, &str)> =
        all.into_iter().filter(|(_, is)| !is.is_empty()).map(|(what, is)| (what, &**is)).collect();
    told.push(("Made with", "Redthread"));
    told.push((
        "Several values",
        "are joined by semicolons; the sheet Statements has each by itself",
    ));
    told
}

fn properties(about: &About) -> DocProperties {
    let day = about.as_at.parse::<jiff::civil::Date>().unwrap_or(jiff::civil::date(2000, 1, 1));
    let created = ExcelDateTime::from_ymd(day.year() as u16, day.month() as u8, day.day() as u8)
        .unwrap_or_default();
    DocProperties::new()
        .set_title(&about.case)
        .set_author(&about.author)
        .set_comment(&about.marking)
        .set_creation_datetime(&created)
}

fn day(at: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(at).unwrap_or_default();
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A table that goes on on a further sheet where one is full.
struct Sheets {
    name: &'static str,
    heads: Vec<String>,
    header: String,
    done: Vec<Worksheet>,
    now: Row,
    bold: Format,
}

/// The row that is being written.
struct Row {
    sheet: Worksheet,
    number: u32,
    column: u16,
}

impl Sheets {
    fn new(
        book: &mut Workbook,
        name: &'static str,
        first: &[&str],
        properties: &[String],
        about: &About,
    ) -> Result<Box<Self>> {
        let heads: Vec<String> =
            first.iter().map(|head| (*head).to_owned()).chain(properties.iter().cloned()).collect();
        let bold = Format::new().set_bold();
        // On each printed page; an ampersand would be a command.
        let marking: String = about.marking.chars().take(120).collect();
        let header = format!("&C{}", marking.replace('&', "&&"));
        let now = begin(book, name, &heads, &bold, &header)?;
        Ok(Box::new(Self { name, heads, header, done: Vec::new(), now, bold }))
    }

    fn row(&mut self, book: &mut Workbook) -> Result<&mut Row> {
        self.now.number += 1;
        self.now.column = 0;
        if self.now.number >= ROWS {
            let name = format!("{} {}", self.name, self.done.len() + 2);
            let next = begin(book, &name, &self.heads, &self.bold, &self.header)?;
            self.done.push(std::mem::replace(&mut self.now, next).sheet);
            self.now.number = 1;
        }
        Ok(&mut self.now)
    }

    fn finish(mut self) -> Vec<Worksheet> {
        self.done.push(self.now.sheet);
        self.done
    }
}

fn begin(
    book: &mut Workbook,
    name: &str,
    heads: &[String],
    bold: &Format,
    header: &str,
) -> Result<Row> {
    let mut sheet = book.new_worksheet_with_constant_memory().map_err(failed)?;
    sheet.set_name(name).map_err(failed)?;
    sheet.set_freeze_panes(1, 0).map_err(failed)?;
    sheet.set_header(header);
    for (column, head) in heads.iter().enumerate() {
        let column = column as u16;
        let width = match &**head {
            "Id" | "About id" | "From id" | "To id" | "Kind" => 16,
            "Name" | "About" | "From" | "To" | "Title" | "Value" | "name" | "Sources" | "Is" => 36,
            _ => 18,
        };
        sheet.set_column_width(column, width).map_err(failed)?;
        sheet.write_string_with_format(0, column, fitting(head), bold).map_err(failed)?;
    }
    Ok(Row { sheet, number: 0, column: 0 })
}

/// How many cells do not have their text as it is.
#[derive(Debug, Default)]
struct Altered {
    cut: u64,
    /// With hidden characters written out: a name must not read backwards in Excel.
    shown: u64,
}

impl std::ops::AddAssign for Altered {
    fn add_assign(&mut self, other: Self) {
        self.cut += other.cut;
        self.shown += other.shown;
    }
}

impl Row {
    /// Writes cells of text; says how many say less, or something else, than the text.
    fn texts<'a>(&mut self, texts: impl Iterator<Item = &'a str>) -> Result<Altered> {
        let mut altered = Altered::default();
        for text in texts {
            let shown = visible_lines(text);
            altered.shown += u64::from(shown != text);
            let text = &*shown;
            let fitting = fitting(text);
            altered.cut += u64::from(fitting.len() < text.len());
            if !text.is_empty() {
                self.sheet.write_string(self.number, self.column, fitting).map_err(failed)?;
            }
            self.column += 1;
        }
        Ok(altered)
    }

    fn number(&mut self, number: f64) -> Result<()> {
        self.sheet.write_number(self.number, self.column, number).map_err(failed)?;
        self.column += 1;
        Ok(())
    }
}

/// As much of a text as a cell may hold.
fn fitting(text: &str) -> &str {
    if text.len() <= CELL {
        return text;
    }
    let mut units = 0;
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        if units > CELL {
            return &text[..at];
        }
    }
    text
}

fn failed(error: XlsxError) -> Error {
    match error {
        XlsxError::IoError(source) => unwritten(source),
        other => unwritten(std::io::Error::other(other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_cut_where_excel_would_refuse_it() {
        assert_eq!(fitting("a"), "a");
        let long = "a".repeat(CELL) + "b";
        assert_eq!(fitting(&long).len(), CELL);
        // Two units each.
        assert_eq!(fitting(&"𠀀".repeat(20_000)).chars().count(), CELL / 2);
        assert_eq!(fitting(&"丹".repeat(20_000)).chars().count(), 20_000);
    }
}
