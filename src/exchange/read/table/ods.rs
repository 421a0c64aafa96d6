//! Sheets of an `OpenDocument` spreadsheet, read as a stream.
//!
//! The format says "this cell 16,000 times" in a few bytes; what is repeated is counted before
//! it is written out.

use std::{
    io::{BufRead, BufReader},
    path::Path,
};

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};

use super::{
    archive, cell,
    delimited::{COLUMNS, LONGEST},
    row::Row,
};
use crate::{
    case::{Error, Result},
    exchange::refused,
};

/// The most cells that a sheet may be written out to.
const CELLS: u64 = 200_000_000;
/// The most rows that a sheet has.
const ROWS: u64 = 1 << 20;

/// The names of the sheets, in their order.
pub(super) fn names(path: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    each_event(path, |event| {
        if let Event::Start(tag) | Event::Empty(tag) = event
            && tag.name().as_ref() == "table:table"
        {
            names.push(attribute(tag, "table:name").unwrap_or_default());
        }
        Ok(names.len() < 1000)
    })?;
    Ok(names)
}

/// Reads the rows of a sheet until `each` says that it is enough.
pub(super) fn rows(
    path: &Path,
    sheet: &str,
    each: &mut dyn FnMut(&Row) -> Result<bool>,
) -> Result<()> {
    let mut reading = Reading { path, sheet, ..Reading::new(path, sheet) };
    each_event(path, |event| reading.event(event, each))
}

fn each_event(path: &Path, mut each: impl FnMut(&Event<'_>) -> Result<bool>) -> Result<()> {
    let mut archive = archive::unchecked(path)?;
    let part = archive
        .by_name("content.xml")
        .map_err(|_| refused(path, "", "it is no OpenDocument spreadsheet"))?;
    let mut reader = Reader::from_reader(BufReader::with_capacity(64 << 10, part));
    reader.config_mut().expand_empty_elements = true;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = next(&mut reader, &mut buffer).map_err(|_| damaged(path))?;
        if matches!(event, Event::Eof) || !each(&event)? {
            return Ok(());
        }
    }
}

fn next<'b>(
    reader: &mut Reader<impl BufRead>,
    buffer: &'b mut Vec<u8>,
) -> std::result::Result<Event<'b>, quick_xml::Error> {
    reader.read_event_into(buffer)
}

fn damaged(path: &Path) -> Error {
    refused(path, "part content.xml", "it is damaged; get it again from its source")
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = tag.try_get_attribute(name).ok()??;
    Some(attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
}

fn count(tag: &BytesStart<'_>, name: &str) -> u64 {
    attribute(tag, name).and_then(|text| text.parse().ok()).unwrap_or(1).max(1)
}

/// Where in the document the reading is.
struct Reading<'a> {
    path: &'a Path,
    sheet: &'a str,
    /// Within the sheet that is wanted.
    here: bool,
    row: Row,
    number: u64,
    row_times: u64,
    /// Empty cells that nothing has followed yet.
    blanks: usize,
    cell: Option<Cell>,
    /// How deep within a comment, whose text is not the cell's.
    aside: usize,
    written: u64,
}

#[derive(Default)]
struct Cell {
    times: u64,
    kind: String,
    value: Option<String>,
    text: String,
    paragraphs: usize,
    within: bool,
}

impl<'a> Reading<'a> {
    fn new(path: &'a Path, sheet: &'a str) -> Self {
        Self {
            path,
            sheet,
            here: false,
            row: Row::default(),
            number: 0,
            row_times: 1,
            blanks: 0,
            cell: None,
            aside: 0,
            written: 0,
        }
    }

    /// Takes an event of the document; false once the sheet is over or it is enough.
    fn event(
        &mut self,
        event: &Event<'_>,
        each: &mut dyn FnMut(&Row) -> Result<bool>,
    ) -> Result<bool> {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => match tag.name().as_ref() {
                "table:table" if self.here => return Ok(false),
                "table:table-row" if self.here => return self.end_row(each),
                "table:table-cell" | "table:covered-table-cell" if self.here => self.end_cell()?,
                "text:p" => {
                    if let Some(cell) = &mut self.cell {
                        cell.within = false;
                    }
                }
                "office:annotation" => self.aside = self.aside.saturating_sub(1),
                _ => {}
            },
            Event::Text(text) => self.write(&text.xml10_content())?,
            Event::CData(text) => self.write(&text.xml10_content())?,
            Event::GeneralRef(reference) => {
                let named = match reference.resolve_char_ref() {
                    Ok(Some(c)) => Some(c),
                    _ => match &*reference.xml10_content() {
                        "amp" => Some('&'),
                        "lt" => Some('<'),
                        "gt" => Some('>'),
                        "quot" => Some('"'),
                        "apos" => Some('\''),
                        _ => None,
                    },
                };
                // Other entities would have to be declared in the file: none is needed, and they
                // are how a small file is made to swell.
                let c = named.ok_or_else(|| damaged(self.path))?;
                self.write(c.encode_utf8(&mut [0; 4]))?;
            }
            _ => {}
        }
        Ok(true)
    }

    fn start(&mut self, tag: &BytesStart<'_>) {
        match tag.name().as_ref() {
            "table:table" => {
                self.here = attribute(tag, "table:name").is_some_and(|name| name == self.sheet);
            }
            "table:table-row" if self.here => {
                self.row_times = count(tag, "table:number-rows-repeated");
                self.row.begin(self.number + 1);
                self.blanks = 0;
            }
            "table:table-cell" | "table:covered-table-cell" if self.here => {
                let kind = attribute(tag, "office:value-type").unwrap_or_default();
                let value = match &*kind {
                    "date" => attribute(tag, "office:date-value"),
                    "time" => attribute(tag, "office:time-value"),
                    "boolean" => attribute(tag, "office:boolean-value"),
                    "string" => attribute(tag, "office:string-value"),
                    _ => attribute(tag, "office:value"),
                };
                let times = count(tag, "table:number-columns-repeated");
                self.cell = Some(Cell { times, kind, value, ..Cell::default() });
            }
            "office:annotation" => self.aside += 1,
            "text:p" if self.aside == 0 => {
                if let Some(cell) = &mut self.cell {
                    if cell.paragraphs > 0 {
                        cell.text.push('\n');
                    }
                    cell.paragraphs += 1;
                    cell.within = true;
                }
            }
            "text:s" | "text:tab" | "text:line-break" if self.aside == 0 => {
                if let Some(cell) = &mut self.cell {
                    cell.text.push(' ');
                }
            }
            _ => {}
        }
    }

    fn write(&mut self, text: &str) -> Result<()> {
        let Some(cell) = self.cell.as_mut().filter(|cell| cell.within && self.aside == 0) else {
            return Ok(());
        };
        cell.text.push_str(text);
        if cell.text.len() > LONGEST {
            let place = format!("sheet {}, row {}", self.sheet, self.number + 1);
            return Err(refused(self.path, place, "a cell is longer than 16 MiB; shorten it"));
        }
        Ok(())
    }

    fn end_cell(&mut self) -> Result<()> {
        let Some(cell) = self.cell.take() else { return Ok(()) };
        let text = cell.content();
        if text.trim().is_empty() {
            self.blanks = self.blanks.saturating_add(cell.times as usize);
            return Ok(());
        }
        let times = cell.times as usize;
        if self.row.len().saturating_add(self.blanks).saturating_add(times) > COLUMNS {
            let place = format!("sheet {}, row {}", self.sheet, self.number + 1);
            let what = "it has more than 16,384 columns; split it by columns";
            return Err(refused(self.path, place, what));
        }
        for _ in 0..std::mem::take(&mut self.blanks) {
            self.row.push("");
        }
        for _ in 0..times {
            self.row.push(&text);
        }
        Ok(())
    }

    fn end_row(&mut self, each: &mut dyn FnMut(&Row) -> Result<bool>) -> Result<bool> {
        let times = std::mem::replace(&mut self.row_times, 1);
        if self.row.is_empty() {
            self.number = self.number.saturating_add(times);
            return Ok(true);
        }
        self.written = self.written.saturating_add(times.saturating_mul(self.row.len() as u64));
        if self.written > CELLS || self.number.saturating_add(times) > ROWS {
            let place = format!("sheet {}, row {}", self.sheet, self.number + 1);
            let what = "what is repeated here makes more cells than a sheet has";
            return Err(refused(self.path, place, what));
        }
        for _ in 0..times {
            self.number += 1;
            self.row.number = self.number;
            if !each(&self.row)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl Cell {
    /// Whether a whole number is shown with zeros before it.
    fn is_padded(&self) -> bool {
        let digits = self.text.len() > 1 && self.text.bytes().all(|byte| byte.is_ascii_digit());
        digits
            && self.text.starts_with('0')
            && self.value.as_deref() == Some(self.text.trim_start_matches('0'))
    }

    /// What stands in the cell, as text that does not depend on how it is shown.
    fn content(&self) -> String {
        let number = || self.value.as_ref().and_then(|value| value.parse::<f64>().ok());
        match &*self.kind {
            "percentage" => number().map(|number| format!("{}%", cell::number(number * 100.0))),
            // A number that is shown with zeros before it is a number of a register.
            "float" if self.is_padded() => None,
            "float" | "currency" => number().map(cell::number),
            // A date cell without a time of day may carry midnight.
            "date" => self
                .value
                .as_ref()
                .map(|value| value.strip_suffix("T00:00:00").unwrap_or(value).to_owned()),
            "boolean" => self.value.clone(),
            "string" => self.value.clone().filter(|value| !value.is_empty()),
            _ => None,
        }
        .unwrap_or_else(|| self.text.clone())
    }
}
