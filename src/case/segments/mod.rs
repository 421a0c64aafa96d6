//! How a full-text table keeps what it holds, as far as this program reads and writes it itself.
//!
//! The format is `SQLite`'s (`fts5_index.c`): a few *segments*, each a list of terms on pages of its
//! own. A row of the table's `_data` says which there are, another what they come to. So an index
//! that was made apart becomes part of another one as more segments, and nothing is sorted again.
//! While an import is undone, its segments are out of that row ([`parts`]).

mod parts;

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, config::DbConfig, params};

use super::{Error, Result};
use crate::model::RevisionNumber;

pub(super) use parts::{Part, apart, imports, loosen, out, put_back, take_out};

/// The tables of the search index.
pub(super) const TABLES: [&str; 2] = ["search_word", "search_part"];

/// The row of `_data` with the totals: how many entities there are, and of how many terms.
pub(super) const TOTALS: i64 = 1;
/// The row of `_data` that says which segments there are.
const STRUCTURE: i64 = 10;
/// Rows of `_data` up to this number hold no pages.
pub(super) const FIRST_PAGE: i64 = STRUCTURE;
/// The pages on which what was deleted from a segment is noted have the number of the segment and this.
pub(super) const REMOVED: i64 = 1 << 16;
/// By how many bits the number of a segment stands higher than the rest in the number of a row.
pub(super) const SEGMENT: u32 = 37;
/// What says that segments have origins, as those of a table from which rows can be deleted do.
const WITH_ORIGINS: [u8; 4] = [0xff, 0, 0, 1];
/// `SQLite` gives segments numbers up to this one. Those of imports have higher ones, so that it does not
/// use the number of one that is out.
const HIGHEST: u64 = 2_000;
/// The highest number that a segment can have.
const LAST: u64 = 0xffff;
/// Insertions of imports are numbered from here downwards, others upwards: so the segments of imports
/// are older than all others to `SQLite`, which merges each with the next newer ones.
const MIDDLE: u64 = 1 << 23;
/// Levels that are kept free for others below the segments of imports. `SQLite` merges four segments of
/// a level into one of the next, so that others reach them after a million insertions.
const FREE: usize = 10;

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

/// Appends a number as [`Bytes::number`] reads it.
pub(super) fn put(number: u64, to: &mut Vec<u8>) {
    if number >> 56 != 0 {
        to.extend((8..64).step_by(7).rev().map(|shift| (number >> shift & 0x7f) as u8 | 0x80));
        to.push(number as u8);
        return;
    }
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

fn put_segment(segment: &Segment, to: &mut Vec<u8>) {
    for field in segment {
        put(*field, to);
    }
}

fn segment(at: &mut Bytes<'_>) -> Option<Segment> {
    let mut segment = Segment::default();
    for field in &mut segment {
        *field = at.number()?;
    }
    Some(segment)
}

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
                level.segments.push(segment(&mut at)?);
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
            level.segments.iter().for_each(|segment| put_segment(segment, &mut record));
        }
        record
    }

    fn read(db: &Connection, table: &str) -> Result<Self> {
        let record = row(db, table, STRUCTURE)?;
        record.and_then(|record| Self::of(&record)).ok_or_else(unknown)
    }

    /// All segments, but not in the order in which they were written.
    fn segments(&self) -> impl Iterator<Item = &Segment> {
        self.levels.iter().flat_map(|level| &level.segments)
    }

    /// A segment that is there and is not being merged with others.
    fn whole(&self, number: u64) -> Option<&Segment> {
        let free = |level: &Level| usize::try_from(level.merging).unwrap_or(usize::MAX);
        let mut all = self.levels.iter().flat_map(|level| level.segments.iter().skip(free(level)));
        all.find(|segment| segment[NUMBER] == number)
    }

    fn remove(&mut self, number: u64) {
        for level in &mut self.levels {
            level.segments.retain(|segment| segment[NUMBER] != number);
        }
    }

    /// Puts in the segment of an import, on a level of its own above the segments with later insertions
    /// and below the others: from the highest level to the lowest, segments are ordered by their
    /// insertions.
    fn insert(&mut self, segment: Segment) {
        // The next older segment has the lowest place of those with earlier insertions only.
        let mut older = self.levels.len();
        let mut split = None;
        'search: for (number, level) in self.levels.iter().enumerate().rev() {
            for (at, other) in level.segments.iter().enumerate() {
                if other[TO] >= segment[TO] {
                    let merging = usize::try_from(level.merging).unwrap_or(usize::MAX);
                    split = (at > 0).then_some(at.max(merging).min(level.segments.len()));
                    break 'search;
                }
                older = number;
            }
        }
        if let Some(at) = split {
            // Both are on one level. What is being merged comes first there, and stays together.
            let newer = self.levels[older].segments.split_off(at);
            self.levels.insert(older, Level { merging: 0, segments: newer });
            older += 1;
        }
        let newer = self.levels[..older].iter().rposition(|level| !level.segments.is_empty());
        let lowest = newer.map_or(0, |newer| newer + 1);
        if older == lowest {
            self.levels.insert(lowest, Level::default());
            older += 1;
        }
        while older - 1 < FREE {
            self.levels.insert(lowest, Level::default());
            older += 1;
        }
        self.levels[older - 1].segments.push(segment);
        self.widen();
    }

    /// A merge takes the first insertion of its first segment and the last one of its last. Where
    /// segments have come to overlap, those are made the lowest and the highest, or what is merged
    /// could not be deleted any more.
    fn widen(&mut self) {
        let mut last = 0;
        for segment in self.levels.iter_mut().rev().flat_map(|level| &mut level.segments) {
            last = last.max(segment[TO]);
            segment[TO] = last;
        }
        let mut first = u64::MAX;
        for segment in self.levels.iter_mut().flat_map(|level| level.segments.iter_mut().rev()) {
            first = first.min(segment[FROM]);
            segment[FROM] = first;
        }
    }
}

fn unknown() -> Error {
    Error::Corrupt("the search index is not as this program makes it".into())
}

/// Lets the tables be written in which a full-text table keeps what it holds.
pub(super) fn openly<T>(db: &Connection, work: impl FnOnce() -> Result<T>) -> Result<T> {
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false)?;
    let done = work();
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    done
}

/// Has a table write what it has in memory, which makes it take part in the transaction too.
fn flush(db: &Connection, table: &str) -> Result<()> {
    db.execute(&format!("INSERT INTO {table}({table}) VALUES ('flush')"), [])?;
    Ok(())
}

/// Has tables that were flushed read anew, as when something is rolled back, be it nothing.
fn forget(db: &Connection) -> Result<()> {
    Ok(db.execute_batch("SAVEPOINT forget; ROLLBACK TO forget; RELEASE forget")?)
}

/// Makes a table that was made apart the part of the same table of a case that a revision brings,
/// within a transaction. The two must have no entity in common, and nothing may have been taken out of
/// `from`.
pub(super) fn join(
    from: &Connection,
    into: &Connection,
    table: &str,
    revision: RevisionNumber,
) -> Result<()> {
    flush(into, table)?;
    let mut here = Structure::read(into, table)?;
    if here.segments().next().is_some() {
        // One more segment makes each search longer.
        from.execute(&format!("INSERT INTO {table}({table}) VALUES ('optimize')"), [])?;
    }
    let there = Structure::read(from, table)?;
    let mut parts = parts::read(into, table)?;
    if parts.iter().all(|part| part.numbers().is_empty()) {
        make_room(into, table, &mut here)?;
    }
    let mut taken: BTreeSet<u64> = here.segments().map(|segment| segment[NUMBER]).collect();
    taken.extend(parts.iter().flat_map(Part::numbers));
    let mut free = (HIGHEST + 1..=LAST).filter(|number| !taken.contains(number));
    let insertions = there.segments().map(|segment| segment[TO]).max().unwrap_or_default();
    let first = parts.iter().map(|part| part.first).fold(MIDDLE, u64::min);
    let first = first.checked_sub(insertions).filter(|first| *first > 0).ok_or_else(unknown)?;
    let mut numbers = Vec::new();
    for mut segment in there.levels.into_iter().rev().flat_map(|level| level.segments) {
        let number = free.next().ok_or_else(unknown)?;
        move_pages(from, into, table, segment[NUMBER], number)?;
        segment[NUMBER] = number;
        segment[FROM] += first - 1;
        segment[TO] += first - 1;
        numbers.push(number);
        here.insert(segment);
    }
    parts.push(Part::of(revision, first, first + insertions - 1, numbers));
    parts::write(into, table, &parts)?;
    write(into, table, STRUCTURE, &here.record())?;
    sizes(from, into, table, first - 1)?;
    let (Some(more), Some(now)) = (totals(from, table)?, totals(into, table)?) else {
        return Err(unknown());
    };
    let mut record = Vec::new();
    put(now.0 + more.0, &mut record);
    put(now.1 + more.1, &mut record);
    write(into, table, TOTALS, &record)?;
    forget(into)
}

/// Renumbers the insertions of a table that has no import yet.
fn make_room(db: &Connection, table: &str, structure: &mut Structure) -> Result<()> {
    let sql = format!("UPDATE {table}_docsize SET origin = origin + ?1 WHERE origin < ?1");
    db.execute(&sql, [MIDDLE as i64])?;
    for segment in structure.levels.iter_mut().flat_map(|level| &mut level.segments) {
        if segment[FROM] < MIDDLE {
            segment[FROM] += MIDDLE;
            segment[TO] = segment[TO].saturating_add(MIDDLE);
        }
    }
    Ok(())
}

fn write(db: &Connection, table: &str, id: i64, record: &[u8]) -> Result<()> {
    db.execute(
        &format!("INSERT OR REPLACE INTO {table}_data(id, block) VALUES (?1, ?2)"),
        params![id, record],
    )?;
    Ok(())
}

/// Copies the pages of a segment, what was deleted from it, and where on the pages terms begin.
fn move_pages(from: &Connection, into: &Connection, table: &str, old: u64, new: u64) -> Result<()> {
    let shift = (new as i64 - old as i64) << SEGMENT;
    let mut query = from.prepare_cached(&format!(
        "SELECT id, block FROM {table}_data WHERE id >= ?1 AND id < ?2 ORDER BY id"
    ))?;
    let mut insert =
        into.prepare_cached(&format!("INSERT INTO {table}_data(id, block) VALUES (?1, ?2)"))?;
    for pages in [old as i64, old as i64 + REMOVED] {
        let mut rows = query.query([pages << SEGMENT, (pages + 1) << SEGMENT])?;
        while let Some(row) = rows.next()? {
            insert.raw_bind_parameter(1, row.get::<_, i64>(0)? + shift)?;
            insert.raw_bind_parameter(2, row.get_ref(1)?.as_blob().map_err(|_| unknown())?)?;
            insert.raw_execute()?;
        }
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
    use crate::case::schema::SCHEMA;

    proptest! {
        #[test]
        fn numbers_are_read_as_they_are_written(number in any::<u64>(), fewer in 0..64_u32) {
            let number = number >> fewer;
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
                    let revision = RevisionNumber::from_row(part as i64);
                    join(&apart, &joined, "search_word", revision).expect("joined");
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
