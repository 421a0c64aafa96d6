//! Reads the rows of a table in the order of their keys, from the pages of the file: millions of them
//! take a fifth of the time that a query takes. The format of pages is documented at
//! <https://www.sqlite.org/fileformat2.html>.
//!
//! `SQLite` hands over the pages, so that locks, logs and transactions are its own business. What a
//! file says is checked: each page, length and offset that lies outside is an error, and no scan reads
//! more pages than there are. Where `SQLite` was built without the table that gives pages, a query reads
//! the rows.

use rusqlite::{
    Connection, ErrorCode, OptionalExtension as _, Row, Statement, Transaction, types::ValueRef,
};

use super::{Error, Result, error::wrong_type};

/// The rows of fewer keys are asked for with a query, which begins sooner.
const FEW: i64 = 1_000;
/// The maximum number of pages from a root to a leaf.
const DEPTH: usize = 20;
/// Bytes before the header of the first page.
const FILE_HEADER: usize = 100;
/// The types of pages of a table.
const INTERIOR: u8 = 5;
const LEAF: u8 = 13;

/// Gives the rows of a table whose keys are `from` to `to`, in their order, until `take` says no.
pub(super) fn each_row(
    db: &Connection,
    table: &str,
    keys: (i64, i64),
    mut take: impl FnMut(i64, Fields<'_>) -> Result<bool>,
) -> Result<()> {
    let pages = if keys.1.saturating_sub(keys.0) < FEW { None } else { Pages::of(db)? };
    match pages {
        Some(mut pages) => pages.each_row(db, table, keys, &mut take),
        None => query(db, table, keys, &mut take),
    }
}

/// Asks for the rows with a query.
fn query(
    db: &Connection,
    table: &str,
    keys: (i64, i64),
    take: &mut impl FnMut(i64, Fields<'_>) -> Result<bool>,
) -> Result<()> {
    let sql = format!("SELECT rowid, * FROM {table} WHERE rowid BETWEEN ?1 AND ?2 ORDER BY rowid");
    let mut query = db.prepare_cached(&sql)?;
    let mut rows = query.query(keys)?;
    while let Some(row) = rows.next()? {
        if !take(row.get(0)?, Fields::Queried { row, at: 0 })? {
            break;
        }
    }
    Ok(())
}

/// The pages of a file, in a transaction of its own where the connection has none.
struct Pages<'a> {
    query: Statement<'a>,
    /// The bytes of a page that are in use.
    usable: usize,
    count: u32,
    /// How many more pages may be read.
    left: u64,
    _transaction: Option<Transaction<'a>>,
}

impl<'a> Pages<'a> {
    /// The pages of a case; `None` where `SQLite` was built without the table that gives them, or text
    /// is stored in another way than ours.
    fn of(db: &'a Connection) -> Result<Option<Self>> {
        let transaction = if db.is_autocommit() { Some(db.unchecked_transaction()?) } else { None };
        let encoding: String = db.pragma_query_value(None, "encoding", |row| row.get(0))?;
        let query = match db.prepare("SELECT data FROM sqlite_dbpage WHERE pgno = ?1") {
            Ok(query) if encoding == "UTF-8" => query,
            Ok(_) => return Ok(None),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::Unknown) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let count: u32 = db.pragma_query_value(None, "page_count", |row| row.get(0))?;
        let mut pages = Self { query, usable: 0, count, left: 1, _transaction: transaction };
        let mut first = Vec::new();
        pages.read(1, &mut first)?;
        let reserved = usize::from(*first.get(20).ok_or_else(broken)?);
        pages.usable =
            first.len().checked_sub(reserved).filter(|n| *n >= 480).ok_or_else(broken)?;
        Ok(Some(pages))
    }

    fn each_row(
        &mut self,
        db: &Connection,
        table: &str,
        (from, to): (i64, i64),
        take: &mut impl FnMut(i64, Fields<'_>) -> Result<bool>,
    ) -> Result<()> {
        let sql = "SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = ?1";
        let root: Option<u32> =
            db.prepare_cached(sql)?.query_row([table], |row| row.get(0)).optional()?;
        let mut scan = Scan { next: from, to, long: Vec::new() };
        self.left = u64::from(self.count);
        self.visit(&mut scan, root.ok_or_else(broken)?, DEPTH, take)?;
        Ok(())
    }

    /// Reads a page.
    fn read(&mut self, number: u32, into: &mut Vec<u8>) -> Result<()> {
        self.left = self.left.checked_sub(1).ok_or_else(broken)?;
        let mut rows = self.query.query([number])?;
        let row = rows.next()?.ok_or_else(broken)?;
        into.clear();
        into.extend_from_slice(row.get_ref(0)?.as_blob().map_err(|_| broken())?);
        Ok(())
    }

    /// Gives the rows below a page; says whether to go on.
    fn visit(
        &mut self,
        scan: &mut Scan,
        number: u32,
        depth: usize,
        take: &mut impl FnMut(i64, Fields<'_>) -> Result<bool>,
    ) -> Result<bool> {
        let mut page = Vec::new();
        self.read(number, &mut page)?;
        let header = if number == 1 { FILE_HEADER } else { 0 };
        let kind = *page.get(header).ok_or_else(broken)?;
        let cells = usize::from(u16::from_be_bytes(bytes(&page, header + 3)?));
        let pointers = header + if kind == INTERIOR { 12 } else { 8 };
        let pointers = page.get(pointers..pointers + 2 * cells).ok_or_else(broken)?;
        let usable = self.usable;
        let cell = |at: usize| -> Result<&[u8]> {
            let start = usize::from(u16::from_be_bytes(bytes(pointers, 2 * at)?));
            page.get(start..usable).ok_or_else(broken)
        };
        match kind {
            LEAF => {
                // The first page of a scan begins before it.
                let key = |at: usize| -> Result<i64> {
                    let cell = cell(at)?;
                    Ok(varint(&cell[varint(cell)?.1..])?.0)
                };
                let at = first(cells, |at| Ok(key(at)? < scan.next))?;
                for at in at..cells {
                    let cell = cell(at)?;
                    let (length, size) = varint(cell)?;
                    let (key, key_size) = varint(&cell[size..])?;
                    if key < scan.next {
                        return Err(broken());
                    }
                    if key > scan.to {
                        return Ok(false);
                    }
                    let length = usize::try_from(length).map_err(|_| broken())?;
                    let rest = &cell[size + key_size..];
                    let goes_on = if length <= usable - 35 {
                        take(key, Fields::of(rest.get(..length).ok_or_else(broken)?)?)?
                    } else {
                        self.long(rest, length, &mut scan.long)?;
                        take(key, Fields::of(&scan.long)?)?
                    };
                    // Nothing comes after the highest key.
                    let Some(next) = key.checked_add(1).filter(|_| goes_on) else {
                        return Ok(false);
                    };
                    scan.next = next;
                }
                Ok(true)
            }
            INTERIOR => {
                let depth = depth.checked_sub(1).ok_or_else(broken)?;
                let at = first(cells, |at| {
                    Ok(varint(cell(at)?.get(4..).ok_or_else(broken)?)?.0 < scan.next)
                })?;
                for at in at..=cells {
                    let child = if at < cells { cell(at)? } else { &page[header + 8..] };
                    let child = u32::from_be_bytes(bytes(child, 0)?);
                    if !self.visit(scan, child, depth, take)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            _ => Err(broken()),
        }
    }

    /// Collects a row that does not fit on its page.
    fn long(&mut self, cell: &[u8], length: usize, row: &mut Vec<u8>) -> Result<()> {
        let room = self.usable - 4;
        let least = (self.usable - 12) * 32 / 255 - 23;
        let most = least + (length - least) % room;
        let here = if most <= self.usable - 35 { most } else { least };
        row.clear();
        row.extend_from_slice(cell.get(..here).ok_or_else(broken)?);
        let (mut next, mut page) = (bytes(cell, here)?, Vec::new());
        while row.len() < length {
            self.read(u32::from_be_bytes(next), &mut page)?;
            next = bytes(&page, 0)?;
            let part = page.get(4..self.usable).ok_or_else(broken)?;
            row.extend_from_slice(&part[..part.len().min(length - row.len())]);
        }
        Ok(())
    }
}

/// How far a scan has come.
struct Scan {
    /// The least key that comes next.
    next: i64,
    to: i64,
    /// A row that does not fit on its page.
    long: Vec<u8>,
}

/// The columns of a row in their order.
pub(super) enum Fields<'a> {
    Stored { types: &'a [u8], body: &'a [u8] },
    Queried { row: &'a Row<'a>, at: usize },
}

impl<'a> Fields<'a> {
    fn of(row: &'a [u8]) -> Result<Self> {
        let (length, size) = varint(row)?;
        let length = usize::try_from(length).map_err(|_| broken())?;
        let types = row.get(size..length).ok_or_else(broken)?;
        Ok(Self::Stored { types, body: &row[length..] })
    }

    /// Passes over the next column. The key of a row is one, but stored apart.
    pub(super) fn skip(&mut self) -> Result<()> {
        self.next().map(|_| ())
    }

    #[inline]
    fn next(&mut self) -> Result<ValueRef<'a>> {
        let (types, body) = match self {
            Self::Stored { types, body } => (types, body),
            Self::Queried { row, at } => {
                *at += 1;
                return Ok(row.get_ref(*at)?);
            }
        };
        let (kind, size) = varint(types)?;
        *types = &types[size..];
        let kind = usize::try_from(kind).map_err(|_| broken())?;
        let length = match kind {
            0 | 8 | 9 => 0,
            1..=4 => kind,
            5 => 6,
            6 | 7 => 8,
            _ => kind.checked_sub(12).ok_or_else(broken)? / 2,
        };
        let (bytes, rest) = body.split_at_checked(length).ok_or_else(broken)?;
        *body = rest;
        Ok(match kind {
            0 => ValueRef::Null,
            8 => ValueRef::Integer(0),
            9 => ValueRef::Integer(1),
            1..=6 => {
                let negative = bytes[0] >= 128;
                let start = if negative { -1 } else { 0 };
                let number = bytes.iter().fold(start, |sum, byte| sum << 8 | i64::from(*byte));
                ValueRef::Integer(number)
            }
            7 => ValueRef::Real(f64::from_be_bytes(self::bytes(bytes, 0)?)),
            _ if kind.is_multiple_of(2) => ValueRef::Blob(bytes),
            _ => ValueRef::Text(bytes),
        })
    }

    /// The next column, a number.
    #[inline]
    pub(super) fn integer(&mut self) -> Result<i64> {
        self.next()?.as_i64().map_err(|_| wrong_type())
    }

    /// The next column, a number that may be absent.
    pub(super) fn integer_or_null(&mut self) -> Result<Option<i64>> {
        self.next()?.as_i64_or_null().map_err(|_| wrong_type())
    }

    /// The next column, a text.
    #[inline]
    pub(super) fn text(&mut self) -> Result<&'a str> {
        self.next()?.as_str().map_err(|_| wrong_type())
    }

    /// The next column, a text that may be absent.
    pub(super) fn text_or_null(&mut self) -> Result<Option<&'a str>> {
        self.next()?.as_str_or_null().map_err(|_| wrong_type())
    }
}

/// The first of so many places at which something does not hold that holds up to there.
fn first(count: usize, holds: impl Fn(usize) -> Result<bool>) -> Result<usize> {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = usize::midpoint(low, high);
        if holds(middle)? {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

/// The number of seven bits a byte that bytes begin with, and its length.
#[inline]
fn varint(bytes: &[u8]) -> Result<(i64, usize)> {
    match bytes {
        [byte, ..] if *byte < 128 => Ok((i64::from(*byte), 1)),
        _ => long_varint(bytes),
    }
}

fn long_varint(bytes: &[u8]) -> Result<(i64, usize)> {
    let mut sum = 0_u64;
    for (at, byte) in bytes.iter().enumerate().take(9) {
        if at == 8 {
            return Ok(((sum << 8 | u64::from(*byte)) as i64, 9));
        }
        sum = sum << 7 | u64::from(byte & 127);
        if *byte < 128 {
            return Ok((sum as i64, at + 1));
        }
    }
    Err(broken())
}

/// Bytes from a place on.
#[inline]
fn bytes<const N: usize>(all: &[u8], at: usize) -> Result<[u8; N]> {
    all.get(at..).and_then(|rest| rest.first_chunk()).copied().ok_or_else(broken)
}

#[cold]
fn broken() -> Error {
    Error::Corrupt("a page of the file is not what it should be".into())
}

/// A text of a row, without a copy.
pub(super) fn text<'a>(row: &'a Row<'_>, column: usize) -> Result<&'a str> {
    row.get_ref(column)?.as_str().map_err(|_| wrong_type())
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: usize = 4;

    /// The rows of a table, as `read` gives them.
    type Rows = Vec<(i64, Vec<String>)>;

    fn rows(
        read: impl FnOnce(&mut dyn FnMut(i64, Fields<'_>) -> Result<bool>) -> Result<()>,
    ) -> Result<Rows> {
        let mut all = Vec::new();
        read(&mut |key, mut row| {
            row.skip()?;
            let mut fields = Vec::new();
            for _ in 1..COLUMNS {
                fields.push(format!("{:?}", row.next()?));
            }
            all.push((key, fields));
            Ok(true)
        })?;
        Ok(all)
    }

    fn of_pages(db: &Connection, keys: (i64, i64)) -> Result<Rows> {
        let mut pages = Pages::of(db)?.expect("SQLite is built with the table of pages");
        rows(|mut take| pages.each_row(db, "t", keys, &mut take))
    }

    fn of_query(db: &Connection, keys: (i64, i64)) -> Result<Rows> {
        rows(|mut take| query(db, "t", keys, &mut take))
    }

    /// Numbers of every size, texts of every length, nothing; keys near each other and far apart.
    fn fill(db: &Connection) {
        db.execute_batch(
            "PRAGMA page_size = 1024;
             CREATE TABLE t(key INTEGER PRIMARY KEY, number INTEGER, text TEXT, bytes BLOB) STRICT;
             BEGIN",
        )
        .expect("a table");
        let numbers = [0, 1, -1, 127, -128, 40_000, -40_000, 1 << 23, 1 << 31, 1 << 47, i64::MIN];
        let mut add = db.prepare("INSERT INTO t VALUES (?1, ?2, ?3, ?4)").expect("valid");
        for n in 0..3_000_usize {
            let key = match n {
                0 => i64::MIN,
                1 => i64::MAX,
                _ if n.is_multiple_of(9) => (n as i64 - 1_500) * 1_000_003,
                _ => n as i64,
            };
            let number = (!n.is_multiple_of(7)).then(|| numbers[n % numbers.len()]);
            let length = if n.is_multiple_of(50) { n * 13 } else { n % 70 };
            let bytes = n.is_multiple_of(3).then(|| vec![n as u8; n % 300]);
            add.execute((key, number, "ж".repeat(length), bytes)).expect("a new key");
        }
        drop(add);
        db.execute_batch("COMMIT; DELETE FROM t WHERE key % 11 = 3").expect("space");
    }

    #[test]
    fn pages_give_the_rows_that_a_query_gives() {
        let db = Connection::open_in_memory().expect("memory");
        fill(&db);
        let ranges = [
            (i64::MIN, i64::MAX),
            (2, 2_500),
            (-7, 700_000_000),
            (3, 3),
            (9, 2),
            (i64::MAX, i64::MAX),
        ];
        for keys in ranges {
            let expected = of_query(&db, keys).expect("readable");
            assert!(of_pages(&db, keys).expect("readable") == expected, "{keys:?}");
            let mut first = Vec::new();
            let stop = |key, _: Fields<'_>| {
                first.push(key);
                Ok(first.len() < 5)
            };
            each_row(&db, "t", keys, stop).expect("readable");
            assert!(first.iter().eq(expected.iter().map(|(key, _)| key).take(5)));
        }
        assert!(of_query(&db, ranges[0]).expect("readable").len() > 2_000);
        assert!(db.is_autocommit(), "no transaction is left behind");
    }

    #[test]
    fn pages_that_are_not_written_to_the_file_yet_are_read_too() {
        let folder = tempfile::tempdir().expect("a folder");
        let db = Connection::open(folder.path().join("file")).expect("space");
        db.pragma_update(None, "journal_mode", "wal").expect("a log");
        fill(&db);
        let all = (i64::MIN, i64::MAX);
        let other = Connection::open(folder.path().join("file")).expect("there");
        assert!(of_pages(&other, all).expect("readable") == of_query(&db, all).expect("readable"));
        let tx = db.unchecked_transaction().expect("free");
        tx.execute("UPDATE t SET text = 'changed' WHERE key < 900", []).expect("space");
        assert!(of_pages(&db, all).expect("readable") == of_query(&db, all).expect("readable"));
        assert!(of_pages(&db, all).expect("readable") != of_pages(&other, all).expect("readable"));
    }

    #[test]
    fn damaged_pages_are_errors_and_end() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        let db = Connection::open(&path).expect("space");
        fill(&db);
        let root: u32 = db
            .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 't'", [], |row| row.get(0))
            .expect("a table");
        drop(db);
        let whole = std::fs::read(&path).expect("there");
        let read = |damaged: &[u8]| {
            std::fs::write(&path, damaged).expect("space");
            let db = Connection::open(&path).expect("there");
            of_pages(&db, (i64::MIN, i64::MAX))
        };
        let count = read(&whole).expect("whole").len();
        let (mut state, mut refused) = (7_usize, 0);
        for _ in 0..300 {
            let mut damaged = whole.clone();
            for _ in 0..20 {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                // Among the headers of pages more often than elsewhere.
                let page = 1_024 + (state >> 20) % (whole.len() / 1_024 - 1) * 1_024;
                let at = (state >> 8) % if state.is_multiple_of(2) { 24 } else { 1_024 };
                damaged[page + at] = (state >> 40) as u8;
            }
            refused +=
                usize::from(read(&damaged).is_err_and(|error| matches!(error, Error::Corrupt(_))));
        }
        assert!(refused > 200, "{refused} of 300 were refused");
        // Every page below the root is the root again.
        let mut circle = whole.clone();
        let page = (root as usize - 1) * 1_024;
        assert_eq!(circle[page], INTERIOR);
        let number = root.to_be_bytes();
        circle[page + 8..page + 12].copy_from_slice(&number);
        for at in 0..usize::from(u16::from_be_bytes([circle[page + 3], circle[page + 4]])) {
            let at = page + 12 + 2 * at;
            let cell = page + usize::from(u16::from_be_bytes([circle[at], circle[at + 1]]));
            circle[cell..cell + 4].copy_from_slice(&number);
        }
        assert!(matches!(read(&circle), Err(Error::Corrupt(_))));
        assert_eq!(read(&whole).expect("whole again").len(), count);
    }
}
