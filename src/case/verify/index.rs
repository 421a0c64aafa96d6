//! The search index: that it holds what the statements give, and that asking it finds that.
//!
//! Everything in it is read term by term and compared; what is out of it because its import is undone,
//! in a copy of that. A search does not read it so: it asks the tables in which a full-text table keeps
//! where its pages begin. So these are compared with the pages, and some entities are asked for by each
//! of their terms.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::{
    Checked, Stop, broken,
    projections::{Asked, Expected},
};
use crate::{
    case::{
        Progress, Result,
        index::{Entry, Sum},
        segments::{Bytes, FIRST_PAGE, REMOVED, SEGMENT, TABLES, apart, totals},
    },
    model::fold,
};

/// What the index holds.
pub(super) struct Found {
    sum: Sum,
    /// What is out of it, because its import is undone, and the copy in which that is.
    apart: Sum,
    copy: Option<Connection>,
}

/// Reads the index term by term, into sums that can be compared with `nothing`.
pub(super) fn read(db: &Connection, nothing: &Sum, progress: &Progress) -> Checked<Found> {
    for table in TABLES {
        settings(db, table)?;
        pages(db, table, progress)?;
    }
    let mut found = Found { sum: nothing.beside(), apart: nothing.beside(), copy: apart(db)? };
    found.sum.read(db, progress)?;
    if let Some(copy) = &found.copy {
        found.apart.read(copy, progress)?;
    }
    Ok(found)
}

/// Compares what the index holds with what the statements give, and asks it for that.
pub(super) fn check(
    db: &Connection,
    found: &Found,
    expected: &Expected,
    progress: &Progress,
) -> Checked {
    for (table, totals) in TABLES.into_iter().zip(expected.totals) {
        counts(db, table, totals)?;
    }
    if !found.sum.is(&expected.sum) || !found.apart.is(&expected.apart) {
        return broken("it differs from what the statements say");
    }
    for Asked { entity, entry, is_apart } in &expected.some {
        progress.check()?;
        let db = found.copy.as_ref().filter(|_| *is_apart).unwrap_or(db);
        if !is_found(db, *entity, entry)? {
            return broken("it does not find what it holds");
        }
    }
    Ok(())
}

/// That the table is set up as this program sets it up.
fn settings(db: &Connection, table: &str) -> Checked {
    let mut query = db.prepare(&format!("SELECT k, v FROM {table}_config"))?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let (key, value): (String, i64) = (row.get(0)?, row.get(1)?);
        if (key.as_str(), value) != ("version", 4) {
            return broken(format!("it has a setting that this program does not make ({key})"));
        }
    }
    Ok(())
}

/// That the table counts as many entities and terms as it should have.
fn counts(db: &Connection, table: &str, expected: (u64, u64)) -> Checked {
    if totals(db, table)? != Some(expected) {
        return broken("it counts other entities than it holds");
    }
    Ok(())
}

/// That every page on which terms begin is found by them: a search goes to the page whose entry is
/// the last that is not after the term.
fn pages(db: &Connection, table: &str, progress: &Progress) -> Checked {
    let mut entries: BTreeMap<(i64, i64), Vec<u8>> = BTreeMap::new();
    let mut query = db.prepare(&format!("SELECT segid, term, pgno FROM {table}_idx"))?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let page: i64 = row.get(2)?;
        let term = row.get_ref(1)?.as_bytes().unwrap_or_default();
        entries.insert((row.get(0)?, page >> 1), term.to_vec());
    }
    let mut query =
        db.prepare(&format!("SELECT id, block FROM {table}_data WHERE id > ?1 ORDER BY id"))?;
    let mut rows = query.query([FIRST_PAGE])?;
    let mut before: Option<(i64, Vec<u8>)> = None;
    let mut begins: BTreeMap<i64, i64> = BTreeMap::new();
    let mut count = 0_u64;
    while let Some(row) = rows.next()? {
        count += 1;
        if count.is_multiple_of(256) {
            progress.check()?;
        }
        let id: i64 = row.get(0)?;
        let (segment, page) = (id >> SEGMENT, id & 0x7fff_ffff);
        // What is above the pages only says where in a long list an entity stands.
        if segment >= REMOVED || id >> 31 & 0x3f != 0 {
            continue;
        }
        begins.entry(segment).or_insert(page);
        let block = row.get_ref(1)?.as_blob().unwrap_or_default();
        let Some(terms) = ends_of(block) else { return broken("one of its pages is damaged") };
        let Some((first, last)) = terms else { continue };
        let Some(entry) = entries.remove(&(segment, page)) else {
            return broken("it does not find what stands on one of its pages");
        };
        let after = before.take().filter(|(earlier, _)| *earlier == segment);
        if entry > first || after.is_some_and(|(_, last)| entry <= last) {
            return broken("it does not find what stands on one of its pages");
        }
        before = Some((segment, last));
    }
    // Entries of pages before the first one are left over from what has been merged.
    if entries.keys().any(|(segment, page)| begins.get(segment).is_none_or(|first| page >= first)) {
        return broken("it leads to pages that are not there");
    }
    Ok(())
}

/// The first and the last term that begin on a page, if any do.
type Ends = Option<(Vec<u8>, Vec<u8>)>;

/// The terms at the ends of a page; nothing where the page is not one of terms.
fn ends_of(block: &[u8]) -> Option<Ends> {
    let size = usize::from(u16::from_be_bytes([*block.get(2)?, *block.get(3)?]));
    let mut starts = Bytes(block.get(size..)?);
    if starts.0.is_empty() {
        return Some(None);
    }
    let (mut at, mut term, mut first) = (0, Vec::new(), None);
    while !starts.0.is_empty() {
        at += usize::try_from(starts.number()?).ok()?;
        let mut bytes = Bytes(block.get(at..size)?);
        // The first is written out; the others say how much of the one before them they keep.
        let kept = if first.is_some() { usize::try_from(bytes.number()?).ok()? } else { 0 };
        let length = usize::try_from(bytes.number()?).ok()?;
        if kept > term.len() {
            return None;
        }
        term.truncate(kept);
        term.extend_from_slice(bytes.0.get(..length)?);
        if first.is_none() {
            first = Some(term.clone());
        }
    }
    Some(first.map(|first| (first, term)))
}

/// Whether an entity is found by each of its terms.
fn is_found(db: &Connection, entity: i64, entry: &Entry) -> Checked<bool> {
    let ask = |table: &str, term: &str| -> Result<bool> {
        let sql = format!("SELECT 1 FROM {table} WHERE {table} MATCH ?1 AND rowid = ?2");
        let quoted = format!("\"{}\"", term.replace('"', "\"\""));
        Ok(db.prepare_cached(&sql)?.exists((quoted, entity))?)
    };
    for term in fold::words(&entry.words).take(MOST) {
        if !ask("search_word", term).map_err(Stop::from)? {
            return Ok(false);
        }
    }
    for part in entry.parts_of_names().filter(|part| !part.contains('\n')).take(MOST) {
        if !ask("search_part", part).map_err(Stop::from)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Terms that one entity is asked for by.
const MOST: usize = 60;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_terms_of_a_page_are_read() {
        assert_eq!(Bytes(&[0x89, 0x7f]).number(), Some(9 * 128 + 127));
        assert_eq!(Bytes(&[0x80]).number(), None);
        // “ab”, then “ac”, each with a list of one byte.
        let block = [0, 0, 0, 12, 2, b'a', b'b', 7, 1, 1, b'c', 7, 4, 4];
        assert_eq!(ends_of(&block), Some(Some((b"ab".to_vec(), b"ac".to_vec()))));
        assert_eq!(ends_of(&block[..12]), Some(None));
        assert_eq!(ends_of(&[0, 0, 0, 12, 2, b'a', b'b', 7, 1, 9, b'c', 7, 4, 4]), None);
        assert_eq!(ends_of(&[0]), None);
    }
}
