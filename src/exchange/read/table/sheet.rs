//! Sheets of Excel workbooks: `.xlsx` as a stream, the old `.xls` in memory.

use std::{collections::HashMap, fs::File, io::BufReader, path::Path};

use calamine::{Data, DataRef, Dimensions, Reader as _, SheetType, SheetVisible, Xls, Xlsx};

use super::{
    archive, cell,
    delimited::{COLUMNS, LONGEST},
    row::Row,
};
use crate::{
    case::{Error, Result},
    exchange::{open, refused},
};

/// The largest old workbook that is read, in bytes: it has to be held in memory whole.
const OLD: u64 = 64 << 20;
/// The most merged regions that are filled down.
const MERGED: usize = 200_000;

/// A workbook.
pub(super) enum Book {
    Xlsx(Box<Stream>),
    Xls(Box<Xls<BufReader<File>>>),
}

/// A workbook that is read as a stream.
pub(super) struct Stream {
    book: Xlsx<BufReader<File>>,
    has_merged: bool,
    /// By sheet, its merged regions, once they were looked for.
    merged: HashMap<String, Vec<Area>>,
}

/// Merged cells: first row, column, last row, from 0.
type Area = (u32, u32, u32);

fn areas(merged: &[Dimensions]) -> impl Iterator<Item = Area> {
    merged.iter().take(MERGED).map(|area| (area.start.0, area.start.1, area.end.0))
}

impl Stream {
    fn merged(&mut self, sheet: &str) -> Vec<Area> {
        if !self.has_merged {
            return Vec::new();
        }
        if let Some(known) = self.merged.get(sheet) {
            return known.clone();
        }
        let all = self.book.merge_cells_by_sheet_name(sheet).unwrap_or_default();
        let all: Vec<Area> = areas(&all).collect();
        self.merged.insert(sheet.to_owned(), all.clone());
        all
    }
}

impl Book {
    /// Opens a workbook; `old` for the format before 2007.
    pub fn open(path: &Path, old: bool) -> Result<Self> {
        let (file, size) = open(path)?;
        if old {
            if size > OLD {
                let what = "it is an old workbook of more than 64 MB; save it as .xlsx or CSV";
                return Err(refused(path, "", what));
            }
            super::biff::check(path)?;
            // What is damaged makes the reader of this old format panic now and then.
            let read = std::panic::catch_unwind(|| Xls::new(BufReader::new(file)));
            let book = read.map_err(|_| damaged(path))?.map_err(|_| damaged(path))?;
            return Ok(Self::Xls(Box::new(book)));
        }
        let has_merged = archive::checked(path)?.has_merged;
        let book = Xlsx::new(BufReader::new(file)).map_err(|error| match error {
            calamine::XlsxError::Password => {
                refused(path, "", "it is protected by a password; save it without one")
            }
            _ => damaged(path),
        })?;
        Ok(Self::Xlsx(Box::new(Stream { book, has_merged, merged: HashMap::new() })))
    }

    /// The names of the sheets that hold cells, visible ones first.
    pub fn names(&self) -> Vec<String> {
        let all = match self {
            Self::Xlsx(stream) => stream.book.sheets_metadata(),
            Self::Xls(book) => book.sheets_metadata(),
        };
        let cells = all.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        let (shown, hidden): (Vec<_>, Vec<_>) =
            cells.partition(|sheet| sheet.visible == SheetVisible::Visible);
        shown.into_iter().chain(hidden).map(|sheet| sheet.name.clone()).collect()
    }

    /// Reads the rows of a sheet until `each` says that it is enough; it also hears how many rows
    /// there will be.
    pub fn rows(
        &mut self,
        path: &Path,
        sheet: &str,
        each: &mut dyn FnMut(&Row, u64) -> Result<bool>,
    ) -> Result<()> {
        match self {
            Self::Xlsx(stream) => xlsx_rows(stream, path, sheet, each),
            Self::Xls(book) => xls_rows(book, path, sheet, each),
        }
    }
}

fn damaged(path: &Path) -> Error {
    refused(path, "", "it is cut off or damaged, or is no workbook; get it again from its source")
}

fn xlsx_rows(
    stream: &mut Stream,
    path: &Path,
    sheet: &str,
    each: &mut dyn FnMut(&Row, u64) -> Result<bool>,
) -> Result<()> {
    let place = |row: u32| format!("sheet {sheet}, row {}", u64::from(row) + 1);
    let mut fill = Fill::new(stream.merged(sheet).into_iter());
    let mut cells = stream.book.worksheet_cells_reader(sheet).map_err(|_| damaged(path))?;
    let total = u64::from(cells.dimensions().end.0) + 1;
    let mut row = Row::default();
    loop {
        let next = cells.next_cell_with_style_id();
        let next =
            next.map_err(|_| refused(path, place(row.number as u32), "it is damaged here"))?;
        let Some((next, style)) = next else { break };
        let (at, column) = next.get_position();
        let number = u64::from(at) + 1;
        if number != row.number {
            if number < row.number {
                return Err(refused(path, place(at), "its rows are out of order"));
            }
            if row.number > 0 && !fill.give(&mut row, total, each)? {
                return Ok(());
            }
            row.begin(number);
        }
        if column as usize >= COLUMNS {
            let what = "it has more than 16,384 columns; split it by columns";
            return Err(refused(path, place(at), what));
        }
        let format = cells.styles().get(style).and_then(|style| style.number_format.as_ref());
        let text = cell::text(next.get_value(), format.map(|format| format.format_code.as_str()));
        if text.len() > LONGEST {
            return Err(refused(path, place(at), "a cell is longer than 16 MiB; shorten it"));
        }
        while row.len() < column as usize {
            row.push("");
        }
        if row.len() == column as usize {
            row.push(&text);
        }
    }
    if row.number > 0 {
        fill.give(&mut row, total, each)?;
    }
    Ok(())
}

fn xls_rows(
    book: &mut Xls<BufReader<File>>,
    path: &Path,
    sheet: &str,
    each: &mut dyn FnMut(&Row, u64) -> Result<bool>,
) -> Result<()> {
    let range = book.worksheet_range(sheet).map_err(|_| damaged(path))?;
    let merged = book.merge_cells_by_sheet_name(sheet).unwrap_or_default();
    let mut fill = Fill::new(areas(&merged));
    let (top, left) = range.start().unwrap_or_default();
    let total = u64::from(top) + range.height() as u64;
    let mut row = Row::default();
    for (at, cells) in range.rows().enumerate() {
        row.begin(u64::from(top) + at as u64 + 1);
        (0..left).for_each(|_| row.push(""));
        for data in cells {
            row.push(&cell::text(&as_ref(data), None));
        }
        if !fill.give(&mut row, total, each)? {
            break;
        }
    }
    Ok(())
}

fn as_ref(data: &Data) -> DataRef<'_> {
    match data {
        Data::Int(int) => DataRef::Int(*int),
        Data::Float(float) => DataRef::Float(*float),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(bool) => DataRef::Bool(*bool),
        Data::DateTime(date) => DataRef::DateTime(*date),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}

/// A cell that is merged over several rows is meant for each of them, though only the first
/// holds it.
struct Fill {
    /// By the first cell: the last row.
    areas: HashMap<(u32, u32), u32>,
    /// By column: what to fill in, and the last row.
    open: HashMap<usize, (String, u64)>,
}

impl Fill {
    fn new(areas: impl Iterator<Item = Area>) -> Self {
        let deep = areas.filter(|(first, _, last)| last > first);
        let areas = deep.map(|(first, column, last)| ((first, column), last)).collect();
        Self { areas, open: HashMap::new() }
    }

    fn give(
        &mut self,
        row: &mut Row,
        total: u64,
        each: &mut dyn FnMut(&Row, u64) -> Result<bool>,
    ) -> Result<bool> {
        if self.areas.is_empty() {
            return each(row, total);
        }
        let number = row.number;
        self.open.retain(|_, (_, last)| *last >= number);
        if !self.open.is_empty() {
            let width = self.open.keys().max().map_or(0, |column| column + 1).max(row.len());
            let cells: Vec<String> = (0..width)
                .map(|column| match (row.get(column), self.open.get(&column)) {
                    ("", Some((text, _))) => text.clone(),
                    (text, _) => text.to_owned(),
                })
                .collect();
            *row = Row::of(number, cells.iter().map(String::as_str));
        }
        for column in 0..row.len() {
            let first = (number.saturating_sub(1) as u32, column as u32);
            if let Some(last) = self.areas.get(&first) {
                self.open.insert(column, (row.get(column).to_owned(), u64::from(*last) + 1));
            }
        }
        each(row, total)
    }
}
