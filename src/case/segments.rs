//! How a full-text table keeps what it holds, as far as this program reads and writes it itself.
//!
//! The format is `SQLite`'s (`fts5_index.c`): a few *segments*, each a list of terms on pages of its
//! own. A row of the table's `_data` says which there are, another what they come to. So an index
//! that was made apart becomes part of another one as more segments, and nothing is sorted again.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{Error, Result};

/// The row of `_data` with the totals: how many entities there are, and of how many terms.
pub(super) const TOTALS: i64 = 1;
/// The row of `_data` that says which segments there are.
const STRUCTURE: i64 = 10;
/// Rows of `_data` up to this number hold no pages.
pub(super) const FIRST_PAGE: i64 = STRUCTURE;
/// By how many bits the number of a segment stands higher than the rest in the number of a row.
pub(super) const SEGMENT: u32 = 37;
/// What says that segments have origins, as those of a table from which rows can be deleted do.
const WITH_ORIGINS: [u8; 4] = [0xff, 0, 0, 1];
/// The highest number that a segment can have.
const HIGHEST: u64 = 2_000;

/// Bytes that are being read.
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl Bytes<'_> {
    /// A number: seven bits a byte, the highest first.
    pub(super) fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for count in 0..9 {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            if count == 8 {
                return Some(number << 8 | u64::from(*byte));
            }
            number = number << 7 | u64::from(byte & 0x7f);
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }
}

/// Appends a number of less than 2^56 as [`Bytes::number`] reads it.
pub(super) fn put(number: u64, to: &mut Vec<u8>) {
    let mut shift = 49;
    while shift > 0 && number >> shift == 0 {
        shift -= 7;
    }
    while shift > 0 {
        to.push((number >> shift & 0x7f) as u8 | 0x80);
        shift -= 7;
    }
    to.push((number & 0x7f) as u8);
}

/// How many entities a table has, and of how many terms.
pub(super) fn totals(db: &Connection, table: &str) -> Result<Option<(u64, u64)>> {
    let Some(record) = row(db, table, TOTALS)? else { return Ok(Some((0, 0))) };
    let mut at = Bytes(&record);
    let found = (at.number().unwrap_or_default(), at.number().unwrap_or_default());
    Ok(at.0.is_empty().then_some(found))
}

fn row(db: &Connection, table: &str, id: i64) -> Result<Option<Vec<u8>>> {
    let sql = format!("SELECT block FROM {table}_data WHERE id = ?1");
    Ok(db.query_row(&sql, [id], |row| row.get(0)).optional()?)
}

/// A segment: its number, its first and last page, which insertions it is of (first and last), how
/// many pages say what was deleted from it, how many rows those are, and how many it has.
type Segment = [u64; 8];
const NUMBER: usize = 0;
const FROM: usize = 3;
const TO: usize = 4;

/// A list of segments of about one size, of which the first so many are being merged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Level {
    merging: u64,
    segments: Vec<Segment>,
}

/// Which segments there are.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Structure {
    /// Which settings of the table it was written under.
    settings: [u8; 4],
    /// How many pages have been written.
    written: u64,
    levels: Vec<Level>,
}

impl Structure {
    fn of(record: &[u8]) -> Option<Self> {
        let (settings, rest) = record.split_first_chunk()?;
        let mut at = Bytes(rest.strip_prefix(&WITH_ORIGINS)?);
        let (levels, total, written) = (at.number()?, at.number()?, at.number()?);
        let mut structure = Self { settings: *settings, written, levels: Vec::new() };
        for _ in 0..levels {
            let (merging, count) = (at.number()?, at.number()?);
            let mut level = Level { merging, segments: Vec::new() };
            for _ in 0..count {
                let mut segment = Segment::default();
                for field in &mut segment {
                    *field = at.number()?;
                }
                level.segments.push(segment);
            }
            structure.levels.push(level);
        }
        (at.0.is_empty() && structure.segments().count() as u64 == total).then_some(structure)
    }

    fn record(&self) -> Vec<u8> {
        let mut record = [self.settings, WITH_ORIGINS].concat();
        put(self.levels.len() as u64, &mut record);
        put(self.segments().count() as u64, &mut record);
        put(self.written, &mut record);
        for level in &self.levels {
            put(level.merging, &mut record);
            put(level.segments.len() as u64, &mut record);
            for field in level.segments.iter().flatten() {
                put(*field, &mut record);
            }
        }
        record
    }

    fn read(db: &Connection, table: &str) -> Result<Self> {
        let record = row(db, table, STRUCTURE)?;
        record.and_then(|record| Self::of(&record)).ok_or_else(unknown)
    }

    fn segments(&self) -> impl Iterator<Item = &Segment> {
        self.levels.iter().flat_map(|level| &level.segments)
    }
}

fn unknown() -> Error {
    Error::Corrupt("the search index is not as this program makes it".into())
}

/// Makes a table that was made apart a part of the same table of a case, within a transaction. The
/// two must have no entity in common, and nothing may have been taken out of `from`.
pub(super) fn join(from: &Connection, into: &Connection, table: &str) -> Result<()> {
    // What the table has in memory is written …
    into.execute(&format!("INSERT INTO {table}({table}) VALUES ('flush')"), [])?;
    let mut here = Structure::read(into, table)?;
    let is_first = here.segments().next().is_none();
    if !is_first {
        // All that is there is older than what comes, and levels hold newer ones the lower they are:
        // what comes must be one segment, or a later edit would have to merge many at once.
        from.execute(&format!("INSERT INTO {table}({table}) VALUES ('optimize')"), [])?;
    }
    let mut there = Structure::read(from, table)?;
    let taken: BTreeSet<u64> = here.segments().map(|segment| segment[NUMBER]).collect();
    let mut free = (1..=HIGHEST).filter(|number| !taken.contains(number));
    let origin = here.segments().map(|segment| segment[TO]).max().unwrap_or_default();
    for segment in there.levels.iter_mut().flat_map(|level| &mut level.segments) {
        let new = free.next().ok_or_else(unknown)?;
        move_pages(from, into, table, segment[NUMBER], new)?;
        segment[NUMBER] = new;
        segment[FROM] += origin;
        segment[TO] += origin;
    }
    if is_first {
        here.levels = there.levels;
    } else {
        let new = there.levels.into_iter().flat_map(|level| level.segments);
        here.levels.first_mut().ok_or_else(unknown)?.segments.extend(new);
    }
    write(into, table, STRUCTURE, &here.record())?;
    sizes(from, into, table, origin)?;
    let (Some(more), Some(now)) = (totals(from, table)?, totals(into, table)?) else {
        return Err(unknown());
    };
    let mut record = Vec::new();
    put(now.0 + more.0, &mut record);
    put(now.1 + more.1, &mut record);
    write(into, table, TOTALS, &record)?;
    // … and forgotten, as when something is rolled back, be it nothing.
    into.execute_batch("SAVEPOINT forget; ROLLBACK TO forget; RELEASE forget")?;
    Ok(())
}

fn write(db: &Connection, table: &str, id: i64, record: &[u8]) -> Result<()> {
    db.execute(
        &format!("INSERT OR REPLACE INTO {table}_data(id, block) VALUES (?1, ?2)"),
        params![id, record],
    )?;
    Ok(())
}

/// Copies the pages of a segment, and where on them terms begin.
fn move_pages(from: &Connection, into: &Connection, table: &str, old: u64, new: u64) -> Result<()> {
    let (first, shift) = ((old as i64) << SEGMENT, (new as i64 - old as i64) << SEGMENT);
    let mut query = from.prepare_cached(&format!(
        "SELECT id, block FROM {table}_data WHERE id >= ?1 AND id < ?2 ORDER BY id"
    ))?;
    let mut insert =
        into.prepare_cached(&format!("INSERT INTO {table}_data(id, block) VALUES (?1, ?2)"))?;
    let mut rows = query.query([first, first + (1 << SEGMENT)])?;
    while let Some(row) = rows.next()? {
        insert.raw_bind_parameter(1, row.get::<_, i64>(0)? + shift)?;
        insert.raw_bind_parameter(2, row.get_ref(1)?.as_blob().map_err(|_| unknown())?)?;
        insert.raw_execute()?;
    }
    let mut query = from.prepare_cached(&format!(
        "SELECT term, pgno FROM {table}_idx WHERE segid = ?1 ORDER BY term"
    ))?;
    let mut insert = into.prepare_cached(&format!(
        "INSERT INTO {table}_idx(segid, term, pgno) VALUES (?1, ?2, ?3)"
    ))?;
    let mut rows = query.query([old as i64])?;
    while let Some(row) = rows.next()? {
        insert.raw_bind_parameter(1, new as i64)?;
        insert.raw_bind_parameter(2, row.get_ref(0)?.as_bytes().map_err(|_| unknown())?)?;
        insert.raw_bind_parameter(3, row.get::<_, i64>(1)?)?;
        insert.raw_execute()?;
    }
    Ok(())
}

/// Copies how many terms each entity has, and in which insertion it came.
fn sizes(from: &Connection, into: &Connection, table: &str, origin: u64) -> Result<()> {
    let mut query =
        from.prepare(&format!("SELECT id, sz, origin FROM {table}_docsize ORDER BY id"))?;
    let mut insert =
        into.prepare(&format!("INSERT INTO {table}_docsize(id, sz, origin) VALUES (?1, ?2, ?3)"))?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        insert.raw_bind_parameter(1, row.get::<_, i64>(0)?)?;
        insert.raw_bind_parameter(2, row.get_ref(1)?.as_blob().map_err(|_| unknown())?)?;
        insert.raw_bind_parameter(3, row.get::<_, i64>(2)? + origin as i64)?;
        insert.raw_execute()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::case::open::SCHEMA;

    proptest! {
        #[test]
        fn numbers_are_read_as_they_are_written(number in 0_u64..1 << 56) {
            let mut bytes = Vec::new();
            put(number, &mut bytes);
            let mut at = Bytes(&bytes);
            prop_assert_eq!(at.number(), Some(number));
            prop_assert!(at.0.is_empty());
        }

        /// Indexes that were made apart and joined find what one that was made at once does, also
        /// after removals before and after, hold together, and take in more.
        #[test]
        fn what_is_joined_is_found_and_can_be_removed(
            texts in prop::collection::vec("[ab]{1,3}( [ab]{1,3}){0,3}", 1..60),
            parts in prop::collection::vec(0..4_usize, 60),
            gone in prop::collection::vec(0..3_usize, 60),
        ) {
            let made = || {
                let db = Connection::open_in_memory().expect("memory suffices");
                db.execute_batch(SCHEMA).expect("schema");
                db.execute("INSERT INTO search_word(search_word, rank) VALUES ('pgsz', 64)", [])
                    .expect("set");
                db
            };
            let add = |db: &Connection, id: usize| {
                db.execute(
                    "INSERT INTO search_word(rowid, text) VALUES (?1, ?2)",
                    params![id as i64, texts[id]],
                )
                .expect("added");
            };
            let remove = |db: &Connection, when: usize, in_parts: std::ops::Range<usize>| {
                for id in (0..texts.len()).filter(|id| gone[*id] == when) {
                    if in_parts.contains(&parts[id]) {
                        db.execute("DELETE FROM search_word WHERE rowid = ?1", [id as i64])
                            .expect("removed");
                    }
                }
            };
            let (whole, joined) = (made(), made());
            for id in 0..texts.len() {
                add(&whole, id);
            }
            remove(&whole, 1, 0..1);
            remove(&whole, 2, 0..4);
            // The first part is written row by row, the others apart, the last one row by row.
            for part in 0..4 {
                let apart = made();
                let to = if part == 1 || part == 2 { &apart } else { &joined };
                for id in (0..texts.len()).filter(|id| parts[*id] == part) {
                    add(to, id);
                }
                if part == 0 {
                    remove(&joined, 1, 0..1);
                }
                if part == 1 || part == 2 {
                    joined.execute_batch("BEGIN").expect("begins");
                    join(&apart, &joined, "search_word").expect("joined");
                    joined.execute_batch("COMMIT").expect("commits");
                }
            }
            remove(&joined, 2, 0..4);
            for merged in [false, true] {
                if merged {
                    joined
                        .execute("INSERT INTO search_word(search_word) VALUES ('optimize')", [])
                        .expect("merges");
                }
                joined
                    .execute("INSERT INTO search_word(search_word) VALUES ('integrity-check')", [])
                    .expect("holds together");
                prop_assert_eq!(
                    totals(&joined, "search_word").expect("readable"),
                    totals(&whole, "search_word").expect("readable")
                );
                for word in ["a", "b", "aa", "ab", "ba", "bb", "aab", "bab"] {
                    let found = |db: &Connection| -> Vec<i64> {
                        let sql = "SELECT rowid FROM search_word WHERE search_word MATCH ?1";
                        let mut query = db.prepare(sql).expect("sql");
                        let rows = query.query_map([word], |row| row.get(0)).expect("asked");
                        rows.collect::<rusqlite::Result<_>>().expect("found")
                    };
                    prop_assert_eq!(found(&joined), found(&whole), "{}", word);
                }
            }
        }
    }

    #[test]
    fn what_is_no_structure_is_refused() {
        let db = Connection::open_in_memory().expect("memory suffices");
        db.execute_batch(SCHEMA).expect("schema");
        let record = row(&db, "search_word", STRUCTURE).expect("readable").expect("there");
        let structure = Structure::of(&record).expect("a structure");
        assert_eq!(structure.record(), record);
        for length in 0..record.len() {
            assert_eq!(Structure::of(&record[..length]), None);
        }
    }
}
