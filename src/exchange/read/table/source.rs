//! A table of any kind: its columns, and its rows one after the other.

use std::path::{Path, PathBuf};

use encoding_rs::Encoding;
use serde::{Deserialize, Serialize};

use super::{
    archive,
    delimited::{COLUMNS, Dialect, Rows},
    encoding::{self, Pieces, Written},
    heads, layouts, ods,
    records::{self, Records},
    row::Row,
    sheet::Book,
    sniff,
};
use crate::{
    case::{Error, Result},
    exchange::{Head, open, refused},
};

/// How many rows are kept to look at.
pub(super) const SAMPLE: usize = 200;
/// How much of a text is looked at to tell how it is made, in bytes of UTF-8.
const TOLD: usize = 512 << 10;
/// How many rows of titles and headings may stand above them.
const DEEPEST: usize = 50;
/// How many sheets are tried for one that holds a table.
const TRIED: usize = 24;
/// The most tables below one on the same sheet.
const BELOW: usize = 8;

/// What the user says about how a table is to be read; what is not said is found out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// What parts the cells, an ASCII character.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// What holds a cell together, an ASCII character; a space stands for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<char>,
    /// The encoding, by any of its usual names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// The number of the row with the headings, from 1; 0 where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heading: Option<u64>,
    /// The number of the last row of the table, where something else stands below it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<u64>,
    /// Whether what stands above is another table.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub below: bool,
}

impl Settings {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// How a table is read, as it was said or found out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The sheets of a workbook; none for a text.
    pub sheets: Vec<String>,
    pub sheet: Option<String>,
    /// What parts the cells of a text.
    pub delimiter: Option<char>,
    /// What holds the cells of a text together.
    pub quote: Option<char>,
    /// The encoding of a text.
    pub encoding: Option<&'static str>,
    /// The row with the headings, from 1; 0 where there is none.
    pub heading: u64,
}

enum Kind {
    Text(Written, Dialect),
    Records(Records),
    Ods,
    Book(Book),
}

/// A table that can be read.
pub struct Table {
    path: PathBuf,
    kind: Kind,
    pub layout: Layout,
    /// What was said about how it is read, and which rows of its sheet it is.
    pub(super) part: Settings,
    /// Its columns; headings that are missing or stand twice are made up and told apart.
    pub columns: Vec<String>,
    /// The rows above the headings.
    pub preamble: Vec<Row>,
    /// The first rows.
    pub sample: Vec<Row>,
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table")
            .field("path", &self.path)
            .field("layout", &self.layout)
            .finish_non_exhaustive()
    }
}

/// Whether a file begins like a table.
pub(super) fn recognises(head: &Head) -> bool {
    // A zip is refused with what is in it.
    if head.ends(&["xlsx", "xlsm", "zip", "ods", "fods"]) {
        return head.bytes.starts_with(b"PK");
    }
    if head.ends(&["xls"]) && head.bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return true;
    }
    // Text of two bytes a character has been decoded.
    if head.bytes.is_empty() || head.text.contains('\0') {
        return false;
    }
    if head.ends(&["csv", "tsv", "tab", "psv"]) || records::recognises(head) {
        return true;
    }
    let marked = head.text.trim_start().starts_with(['{', '[', '<', '%']);
    !marked && sniff::is_table(&head.text)
}

impl Table {
    /// Opens a table and finds out how it is made.
    pub fn open(path: &Path, settings: &Settings) -> Result<Self> {
        let head = Head::of(path)?;
        let zipped = head.bytes.starts_with(b"PK");
        let old = head.bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]);
        let is_ods = zipped && (head.ends(&["ods"]) || head.text.contains("opendocument"));
        let mut layout = Layout::default();
        let kind = if zipped && head.ends(&["zip"]) {
            return Err(refused(path, "", archive::described(path)?));
        } else if records::recognises(&head) {
            Kind::Records(Records::open(path)?)
        } else if is_ods {
            archive::checked(path)?;
            layout.sheets = ods::names(path)?;
            Kind::Ods
        } else if zipped || old {
            let book = Book::open(path, old)?;
            layout.sheets = book.names();
            Kind::Book(book)
        } else {
            let (written, dialect) = as_text(path, settings)?;
            layout.delimiter = Some(dialect.delimiter as char);
            layout.quote = dialect.quote.map(char::from);
            layout.encoding = Some(written.name());
            Kind::Text(written, dialect)
        };
        let mut table = Self {
            path: path.to_owned(),
            kind,
            layout,
            part: settings.clone(),
            columns: Vec::new(),
            preamble: Vec::new(),
            sample: Vec::new(),
        };
        table.choose_sheet(settings)?;
        table.look(settings)?;
        Ok(table)
    }

    /// Opens every table of a file: one, but each sheet of a workbook that holds a table, unless the
    /// settings choose one.
    pub fn open_all(path: &Path, settings: &Settings) -> Result<Vec<Self>> {
        let first = Self::open(path, settings)?;
        let others: Vec<String> = match (&settings.sheet, &first.layout.sheet) {
            (None, Some(chosen)) => {
                let sheets = first.layout.sheets.iter().take(TRIED);
                sheets.filter(|sheet| *sheet != chosen).cloned().collect()
            }
            _ => Vec::new(),
        };
        let mut tables = Vec::new();
        first.parted(settings, &mut tables);
        for sheet in others {
            let settings = Settings { sheet: Some(sheet), ..settings.clone() };
            // An empty sheet is no error of the workbook.
            let Ok(table) = Self::open(path, &settings) else { continue };
            if table.layout.heading > 0
                && table.sample.iter().filter(|row| row.filled() > 1).count() > 0
            {
                table.parted(&settings, &mut tables);
            }
        }
        Ok(tables)
    }

    /// Adds a table, and those that begin with headings of their own below it.
    fn parted(mut self, settings: &Settings, tables: &mut Vec<Self>) {
        for _ in 0..BELOW {
            let is_open = settings.heading.is_none() && settings.last.is_none();
            let own = |row: &Row| {
                self.columns.iter().enumerate().all(|(at, heading)| row.get(at) == heading)
            };
            let next = self.sample.iter().find(|row| heads::begins_table(row) && !own(row));
            let Some(next) = next.map(|row| row.number).filter(|_| is_open) else { break };
            let below = Settings {
                heading: Some(next),
                below: true,
                sheet: self.layout.sheet.clone(),
                ..settings.clone()
            };
            let Ok(below) = Self::open(&self.path, &below) else { break };
            if below.sample.is_empty() {
                break;
            }
            self.part.last = Some(next - 1);
            self.sample.retain(|row| row.number < next);
            tables.push(std::mem::replace(&mut self, below));
        }
        tables.push(self);
    }

    /// The same table opened once more.
    pub(super) fn again(&self) -> Result<Self> {
        let settings = Settings { sheet: self.layout.sheet.clone(), ..self.part.clone() };
        Self::open(&self.path, &settings)
    }

    /// The different texts of some columns in the whole table, each with where it came first;
    /// nothing for a column that has more than `most`.
    pub(super) fn different(
        &mut self,
        columns: &[usize],
        most: usize,
    ) -> Result<Vec<Option<Vec<String>>>> {
        let mut seen = vec![std::collections::HashSet::<String>::new(); columns.len()];
        let mut all: Vec<Option<Vec<String>>> = vec![Some(Vec::new()); columns.len()];
        self.rows(&mut |row, _, _| {
            for (nth, column) in columns.iter().enumerate() {
                let Some(texts) = &mut all[nth] else { continue };
                let cell = row.get(*column);
                if cell.is_empty() || seen[nth].contains(cell) {
                    continue;
                }
                seen[nth].insert(cell.to_owned());
                texts.push(cell.to_owned());
                if texts.len() > most {
                    all[nth] = None;
                }
            }
            Ok(all.iter().any(Option::is_some))
        })?;
        Ok(all)
    }

    /// The different texts of some columns in the whole table. `going` is asked now and then whether
    /// to go on.
    pub(in crate::exchange) fn texts(
        &mut self,
        columns: &[usize],
        going: &mut dyn FnMut() -> Result<()>,
    ) -> Result<std::collections::HashSet<String>> {
        let mut texts = std::collections::HashSet::new();
        let mut read = 0_u64;
        self.rows(&mut |row, _, _| {
            read += 1;
            if read.is_multiple_of(1024) {
                going()?;
            }
            for cell in columns.iter().map(|column| row.get(*column)) {
                if !texts.contains(cell) {
                    texts.insert(cell.to_owned());
                }
            }
            Ok(true)
        })?;
        Ok(texts)
    }

    /// The sheets that are not among these, with their first rows.
    pub(super) fn other_sheets(&mut self, read: &[String]) -> Result<Vec<(String, Vec<Row>)>> {
        let chosen = self.layout.sheet.clone();
        let mut others = Vec::new();
        for sheet in self.layout.sheets.clone() {
            if read.contains(&sheet) {
                continue;
            }
            self.layout.sheet = Some(sheet.clone());
            let mut rows = Vec::new();
            self.all_rows(&mut |row, _, _| {
                if !row.is_empty() {
                    rows.push(row.clone());
                }
                Ok(rows.len() < SAMPLE)
            })?;
            others.push((sheet, rows));
        }
        self.layout.sheet = chosen;
        Ok(others)
    }

    fn choose_sheet(&mut self, settings: &Settings) -> Result<()> {
        if matches!(self.kind, Kind::Text(..) | Kind::Records(_)) {
            return Ok(());
        }
        let sheets = self.layout.sheets.clone();
        if let Some(wanted) = &settings.sheet {
            if !sheets.contains(wanted) {
                let what = format!(
                    "there is no sheet called “{wanted}”; there are: {}",
                    sheets.join(", ")
                );
                return Err(refused(&self.path, "", what));
            }
            self.layout.sheet = Some(wanted.clone());
            return Ok(());
        }
        for sheet in sheets.iter().take(TRIED) {
            self.layout.sheet = Some(sheet.clone());
            let mut wide = 0;
            self.all_rows(&mut |row, _, _| {
                wide += usize::from(row.filled() > 1);
                Ok(wide < 2)
            })?;
            if wide > 1 {
                return Ok(());
            }
        }
        self.layout.sheet = sheets.first().cloned();
        match self.layout.sheet {
            Some(_) => Ok(()),
            None => Err(refused(&self.path, "", "it has no sheet with cells")),
        }
    }

    /// Reads the first rows and finds the headings and the columns.
    fn look(&mut self, settings: &Settings) -> Result<()> {
        let mut rows = Vec::new();
        let wanted = settings.heading.unwrap_or(0);
        self.all_rows(&mut |row, _, _| {
            if !row.is_empty() {
                rows.push(row.clone());
            }
            Ok(rows.len() < SAMPLE + DEEPEST
                || row.number < wanted.saturating_add(SAMPLE as u64)
                    && wanted > 0
                    && rows.len() < 100_000)
        })?;
        if rows.is_empty() {
            return Err(refused(&self.path, "", "there is no table in it: no cell is filled"));
        }
        let keys = matches!(self.kind, Kind::Records(_)).then_some(1);
        let known = layouts::heading(&rows);
        let heading = settings.heading.or(keys).or(known);
        let found = heading.is_none();
        let heading = heading.unwrap_or_else(|| sniff::heading(&rows));
        let headings = rows.iter().find(|row| row.number == heading);
        let is_open = keys.is_none() && known != Some(heading);
        let heads = headings.filter(|_| is_open).map(|row| heads::of(&rows, row, found));
        let (first, heading) = match &heads {
            Some(heads) => (heads.first, heads.last),
            None => (heading, heading),
        };
        if heading > 0 && headings.is_none() {
            let what = "there is no row of headings here; say which row has them, or that none has";
            return Err(refused(&self.path, format!("row {heading}"), what));
        }
        let mut widths: Vec<usize> =
            rows.iter().filter(|row| row.number > heading).map(Row::used).collect();
        widths.sort_unstable();
        // Columns without a heading count where most rows have them; a single row that is wider
        // than the headings is told when it is read.
        let usual = widths.get(widths.len() / 2).or(widths.last()).copied().unwrap_or(0);
        let widest = widths.last().copied().unwrap_or(0);
        let width = headings.map_or(widest, |row| row.used().max(usual));
        let named = heads.map(|heads| Row::of(heading, heads.names.iter().map(String::as_str)));
        self.columns = columns(named.as_ref().or(headings), width);
        self.layout.heading = heading;
        self.preamble = rows.iter().filter(|row| row.number < first).cloned().collect();
        if settings.below {
            self.preamble.clear();
        }
        rows.retain(|row| {
            row.number > heading && settings.last.is_none_or(|last| row.number <= last)
        });
        rows.truncate(SAMPLE);
        self.sample = rows;
        Ok(())
    }

    /// The same table without its rows, to look things up in while they are read.
    pub(super) fn outline(&self) -> Outline {
        Outline {
            sheet: self.layout.sheet.clone(),
            delimiter: self.layout.delimiter,
            records: matches!(self.kind, Kind::Records(_)),
            columns: self.columns.clone(),
        }
    }

    /// Reads every row of the body that is not blank, until `each` says that it is enough. It
    /// also hears how far the reading has come: of how many.
    pub fn rows(&mut self, each: &mut dyn FnMut(&Row, u64, u64) -> Result<bool>) -> Result<()> {
        let heading = self.layout.heading;
        let last = self.part.last.unwrap_or(u64::MAX);
        self.all_rows(&mut |row, done, total| {
            if row.number > last {
                return Ok(false);
            }
            if row.number <= heading || row.is_empty() { Ok(true) } else { each(row, done, total) }
        })
    }

    fn all_rows(&mut self, each: &mut dyn FnMut(&Row, u64, u64) -> Result<bool>) -> Result<()> {
        let sheet = self.layout.sheet.clone().unwrap_or_default();
        match &mut self.kind {
            Kind::Text(written, dialect) => {
                let (_, total) = open(&self.path)?;
                let mut rows = Rows::open(&self.path, *written, *dialect)?;
                let mut row = Row::default();
                while rows.next(&mut row)? && each(&row, rows.read(), total)? {}
                Ok(())
            }
            Kind::Records(records) => records.rows(&self.path, each),
            Kind::Ods => ods::rows(&self.path, &sheet, &mut |row| each(row, row.number, 0)),
            Kind::Book(book) => {
                book.rows(&self.path, &sheet, &mut |row, total| each(row, row.number, total))
            }
        }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The place of a column by its heading.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }
}

/// What of a table does not change while its rows are read.
pub(super) struct Outline {
    sheet: Option<String>,
    pub delimiter: Option<char>,
    /// Whether its rows are records, which are counted without the row of their keys.
    records: bool,
    pub columns: Vec<String>,
}

impl Outline {
    /// Where a row stands, as somebody would look it up.
    pub fn place(&self, row: u64) -> String {
        match &self.sheet {
            Some(sheet) => format!("sheet {sheet}, row {row}"),
            None if self.records => format!("record {}", row.saturating_sub(1)),
            None => format!("row {row}"),
        }
    }

    /// The place of a column by its heading.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }
}

/// How a text is written and parted, as far as it is not said.
fn as_text(path: &Path, settings: &Settings) -> Result<(Written, Dialect)> {
    let mut written = encoding::detect(path)?;
    if let Some(label) = &settings.encoding {
        let encoding = Encoding::for_label(label.trim().as_bytes()).ok_or_else(|| {
            Error::invalid(format!("There is no encoding called “{label}”"))
                .hint("write UTF-8, windows-1251, GBK or the like")
        })?;
        // A byte order mark is no part of the text whatever somebody says.
        let mark = if encoding == written.encoding { written.mark } else { 0 };
        let mixed = written.mixed && encoding == encoding_rs::UTF_8;
        let encoding = if mixed { written.encoding } else { encoding };
        written = Written { encoding, mark, mixed };
    }
    let mut pieces = Pieces::open(path, written)?;
    let (mut head, mut piece) = (String::new(), String::new());
    while head.len() < TOLD && pieces.next(&mut piece)? {
        if piece.contains('\0') {
            return Err(refused(path, "", "it is not a text; if it is, say in which encoding"));
        }
        head.push_str(&piece);
    }
    let (mut dialect, _) = sniff::dialect(&head);
    let ascii = |c: char, what: &str| {
        u8::try_from(c).ok().filter(u8::is_ascii).ok_or_else(|| {
            Error::invalid(format!("“{c}” cannot be {what}"))
                .hint("choose a character such as , ; | or \"")
        })
    };
    if let Some(delimiter) = settings.delimiter {
        dialect.delimiter = ascii(delimiter, "what parts the cells")?;
    }
    match settings.quote {
        Some(' ') => dialect.quote = None,
        Some(quote) => dialect.quote = Some(ascii(quote, "a quotation mark")?),
        None => {}
    }
    Ok((written, dialect))
}

/// The names of columns, each once.
fn columns(headings: Option<&Row>, width: usize) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::<String>::new();
    for column in 0..width.min(COLUMNS) {
        let heading = headings.map_or("", |row| row.get(column));
        // A byte order mark or a line end within a heading is not part of what it says.
        let heading = heading.trim_start_matches('\u{feff}');
        let heading = heading.split_whitespace().collect::<Vec<_>>().join(" ");
        let name = if heading.is_empty() { format!("Column {}", column + 1) } else { heading };
        let mut unique = name.clone();
        let mut times = 1;
        while !seen.insert(unique.clone()) {
            times += 1;
            unique = format!("{name} ({times})");
        }
        names.push(unique);
    }
    names
}
