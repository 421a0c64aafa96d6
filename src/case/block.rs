//! Blocks: undo of an import hides what it brought, and redo shows it again; neither writes a row for
//! each entity.
//!
//! What an import alone speaks of stands in its *block*: the rows of such entities in `every_node` and
//! `every_link`, and in the search index, are right whenever the import is live, and in sight only
//! then. The views `node` and `link` leave out the blocks that are `hidden`, and a search passes over
//! the `gap`s in which nothing is in sight. An entity that others speak of too stands in no block:
//! it is `apart`, and derived anew one by one, as after an edit. An end of a relationship of a block
//! that does not stand in it is apart too, since its degree changes.
//!
//! A large import has segments of the search index of its own, which are out of that while the block is
//! hidden ([`segments`]). What stands in its block but is indexed elsewhere is noted as apart too.
//!
//! The degree of what stands in a block counts the relationships of that block as if it were in sight.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, Params, Statement, params};

use super::{
    Result,
    segments::{self, Part},
    standing,
};
use crate::model::{RevisionNumber, StatementKey};

/// Shorter ranges of keys in which nothing is in sight are looked through instead of skipped.
const SHORT: i64 = 256;
/// So many gaps are skipped at most, since a query is made for each part between them.
const MOST_GAPS: usize = 16;

/// One in so many entities of a block may be indexed outside the part of its import and be noted, and at
/// least so many: each takes some time when the block is hidden or shown.
const STRAYS: usize = 50;
const FEW_STRAYS: usize = 100;

/// Revisions of older formats get a block where they have more statements than this.
const LARGE: i64 = 100;

/// Whether a revision has a block.
pub(super) fn has(db: &Connection, revision: RevisionNumber) -> Result<bool> {
    Ok(db.prepare_cached("SELECT 1 FROM block WHERE revision = ?1")?.exists([revision])?)
}

/// Whether any revision has one.
pub(super) fn any(db: &Connection) -> Result<bool> {
    Ok(db.prepare_cached("SELECT 1 FROM block")?.exists([])?)
}

/// Gives a revision a block, for what has a key in this range.
pub(super) fn make(db: &Connection, revision: RevisionNumber, first: i64, last: i64) -> Result<()> {
    db.prepare_cached("INSERT INTO block(revision, first, last) VALUES (?1, ?2, ?3)")?
        .execute(params![revision, first, last])?;
    Ok(())
}

/// Gives one to a revision whose statements have these keys, for all that it speaks of.
pub(super) fn make_for(
    db: &Connection,
    revision: RevisionNumber,
    first: StatementKey,
    last: StatementKey,
) -> Result<()> {
    db.prepare_cached(
        "INSERT INTO block(revision, first, last)
         SELECT ?1, min(entity), max(entity) FROM passage WHERE first BETWEEN ?2 AND ?3
         HAVING count(*) > 0",
    )?
    .execute(params![revision, first, last])?;
    Ok(())
}

/// Gives blocks to the large revisions of a case that had none. To be followed by [`fill`], unless the
/// projections are made anew.
pub(super) fn make_large(db: &Connection) -> Result<()> {
    let sql = "SELECT number, first, last FROM revision WHERE live AND last - first >= ?1";
    let mut query = db.prepare(sql)?;
    let mut rows = query.query([LARGE])?;
    while let Some(row) = rows.next()? {
        make_for(db, row.get(0)?, row.get(1)?, row.get(2)?)?;
    }
    Ok(())
}

/// Finds out what stands in which of these blocks.
pub(super) fn fill(db: &Connection) -> Result<()> {
    db.execute_batch(
        "UPDATE every_node SET block = said.revision FROM (
           SELECT p.entity, min(s.revision) AS revision FROM passage p
           CROSS JOIN statement s ON s.key BETWEEN p.first AND p.last
           JOIN revision r ON r.number = s.revision
           WHERE s.stands + r.live > 1 AND NOT s.denied GROUP BY p.entity
           HAVING max(s.revision) = min(s.revision) AND max(s.stands) = 1) AS said
         WHERE said.entity = every_node.entity AND said.revision IN (SELECT revision FROM block);
         UPDATE every_link SET block =
           (SELECT block FROM every_node n WHERE n.entity = every_link.entity);",
    )?;
    Ok(())
}

/// Notes what stands apart from which block.
pub(super) fn note_all(db: &Connection) -> Result<()> {
    db.execute_batch(
        "INSERT OR IGNORE INTO apart(block, entity)
           SELECT b.revision, p.entity FROM block b CROSS JOIN revision r ON r.number = b.revision
           CROSS JOIN passage p ON p.first BETWEEN r.first AND r.last
           LEFT JOIN every_node n ON n.entity = p.entity WHERE n.block IS NOT b.revision;
         INSERT OR IGNORE INTO apart(block, entity)
           SELECT l.block, n.entity FROM every_link l
           JOIN every_node n ON n.entity IN (l.source, l.target)
           WHERE l.block IS NOT NULL AND n.block IS NOT l.block;",
    )?;
    Ok(())
}

/// Changes the range of a block in which nothing stands outside the new one.
pub(super) fn resize(
    db: &Connection,
    revision: RevisionNumber,
    first: i64,
    last: i64,
) -> Result<()> {
    db.prepare_cached("UPDATE block SET first = ?2, last = ?3 WHERE revision = ?1")?
        .execute(params![revision, first, last])?;
    Ok(())
}

/// The block in which an entity stands of which only one revision speaks.
pub(super) fn home(
    db: &Connection,
    entity: i64,
    revision: Option<RevisionNumber>,
) -> Result<Option<RevisionNumber>> {
    let sql = "SELECT revision FROM block WHERE revision = ?1 AND ?2 BETWEEN first AND last";
    Ok(db.prepare_cached(sql)?.query_row(params![revision, entity], |row| row.get(0)).optional()?)
}

/// Notes of which blocks an entity stands apart that stands in this one, or in none.
pub(super) fn note(db: &Connection, entity: i64, block: Option<RevisionNumber>) -> Result<()> {
    db.prepare_cached("DELETE FROM apart WHERE block = ?1 AND entity = ?2")?
        .execute(params![block, entity])?;
    let mut query = db.prepare_cached(
        "SELECT b.revision, ?2 FROM passage p JOIN statement s ON s.key = p.first
         JOIN block b ON b.revision = s.revision WHERE p.entity = ?2 AND b.revision IS NOT ?1
         UNION SELECT block, ?2 FROM every_link
         WHERE source = ?2 AND block IS NOT NULL AND block IS NOT ?1
         UNION SELECT block, ?2 FROM every_link
         WHERE target = ?2 AND block IS NOT NULL AND block IS NOT ?1",
    )?;
    note_each(db, &mut query, params![block, entity])?;
    // The ends of a relationship in a block may stand outside it.
    if block.is_some() {
        let mut query = db.prepare_cached(
            "SELECT ?1, n.entity FROM every_link l JOIN every_node n ON n.entity IN (l.source, l.target)
             WHERE l.entity = ?2 AND n.block IS NOT ?1",
        )?;
        note_each(db, &mut query, params![block, entity])?;
    }
    Ok(())
}

/// Notes each block and entity that a query gives. One row at a time: a statement that writes several
/// opens a savepoint, at which the search index writes what it has gathered so far.
fn note_each(db: &Connection, query: &mut Statement<'_>, of: impl Params) -> Result<()> {
    let found: Vec<(RevisionNumber, i64)> = query
        .query_map(of, |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut insert =
        db.prepare_cached("INSERT OR IGNORE INTO apart(block, entity) VALUES (?1, ?2)")?;
    for (block, entity) in found {
        insert.execute(params![block, entity])?;
    }
    Ok(())
}

/// Notes what stands in a block but has just been indexed outside the part of its import.
pub(super) fn note_strays(db: &Connection, block: RevisionNumber, strays: &[i64]) -> Result<()> {
    let sql = "SELECT last - first + 1 FROM block WHERE revision = ?1";
    let size: i64 = db.prepare_cached(sql)?.query_row([block], |row| row.get(0))?;
    let size = usize::try_from(size).unwrap_or_default();
    if strays.len() > (size / STRAYS).max(FEW_STRAYS) {
        return segments::loosen(db, block);
    }
    let mut insert = noting(db)?;
    for entity in strays {
        insert.execute(params![block, entity])?;
    }
    Ok(())
}

/// A statement that notes of a block, the first parameter, that an entity stands apart from it.
pub(super) fn noting(db: &Connection) -> Result<Statement<'_>> {
    Ok(db.prepare("INSERT OR IGNORE INTO apart(block, entity) VALUES (?1, ?2)")?)
}

/// What stands apart from a block, each with whether its revision speaks of it.
pub(super) fn apart(db: &Connection, block: RevisionNumber) -> Result<Vec<(i64, bool)>> {
    let mut query = db.prepare_cached(
        "SELECT a.entity, EXISTS(
           SELECT 1 FROM passage p JOIN revision r ON r.number = a.block
           WHERE p.entity = a.entity AND p.first BETWEEN r.first AND r.last)
         FROM apart a WHERE a.block = ?1 ORDER BY a.entity",
    )?;
    let rows = query.query_map([block], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Hides the blocks of these revisions that are not live, and shows those of the others.
pub(super) fn turn(db: &Connection, revisions: &[RevisionNumber]) -> Result<()> {
    for &revision in revisions {
        let sql = if standing::is_live(db, revision)? {
            "DELETE FROM hidden WHERE block = ?1"
        } else {
            "INSERT OR IGNORE INTO hidden(block) SELECT revision FROM block WHERE revision = ?1"
        };
        db.prepare_cached(sql)?.execute([revision])?;
    }
    Ok(())
}

/// Finds the gaps anew.
pub(super) fn find_gaps(db: &Connection) -> Result<()> {
    db.prepare_cached("DELETE FROM gap")?.execute([])?;
    for (first, last) in hidden(db)? {
        let mut query = db.prepare_cached(
            "SELECT entity FROM node WHERE entity BETWEEN ?1 AND ?2 ORDER BY entity",
        )?;
        let mut rows = query.query([first, last])?;
        let mut next = first;
        while let Some(row) = rows.next()? {
            let entity: i64 = row.get(0)?;
            add_gap(db, next, entity.saturating_sub(1))?;
            next = entity.saturating_add(1);
        }
        add_gap(db, next, last)?;
    }
    Ok(())
}

fn add_gap(db: &Connection, first: i64, last: i64) -> Result<()> {
    if last.saturating_sub(first) >= SHORT {
        db.prepare_cached("INSERT INTO gap(first, last) VALUES (?1, ?2)")?
            .execute([first, last])?;
    }
    Ok(())
}

/// Parts the gap in which an entity comes into sight, if there is one.
pub(super) fn leave_gap(db: &Connection, entity: i64) -> Result<()> {
    let gap: Option<(i64, i64)> = db
        .prepare_cached(
            "SELECT first, last FROM gap WHERE first <= ?1 ORDER BY first DESC LIMIT 1",
        )?
        .query_row([entity], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((first, last)) = gap.filter(|(_, last)| entity <= *last) else { return Ok(()) };
    db.prepare_cached("DELETE FROM gap WHERE first = ?1")?.execute([first])?;
    add_gap(db, first, entity.saturating_sub(1))?;
    add_gap(db, entity.saturating_add(1), last)
}

/// The gaps in their order.
pub(super) fn gaps(db: &Connection) -> Result<Vec<(i64, i64)>> {
    let mut query = db.prepare_cached("SELECT first, last FROM gap ORDER BY first")?;
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The numbers of the revisions whose blocks are hidden.
pub(super) fn hidden_numbers(db: &Connection) -> Result<BTreeSet<i64>> {
    let mut query = db.prepare_cached("SELECT block FROM hidden")?;
    Ok(query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// The ranges of keys in which blocks are hidden, in their order; none touches another.
fn hidden(db: &Connection) -> Result<Vec<(i64, i64)>> {
    hidden_but(db, &[])
}

/// The same without these blocks.
fn hidden_but(db: &Connection, blocks: &[i64]) -> Result<Vec<(i64, i64)>> {
    let mut query = db.prepare_cached(
        "SELECT b.first, b.last, b.revision FROM hidden h JOIN block b ON b.revision = h.block
         WHERE b.first <= b.last ORDER BY b.first",
    )?;
    let mut rows = query.query([])?;
    let mut all: Vec<(i64, i64)> = Vec::new();
    while let Some(row) = rows.next()? {
        let (first, last) = (row.get(0)?, row.get(1)?);
        if blocks.contains(&row.get(2)?) {
            continue;
        }
        match all.last_mut() {
            Some((_, end)) if first <= end.saturating_add(1) => *end = (*end).max(last),
            _ => all.push((first, last)),
        }
    }
    Ok(all)
}

/// Ranges of keys outside the longest gaps, in which all that is in sight is.
pub(super) fn in_sight(db: &Connection) -> Result<Vec<(i64, i64)>> {
    outside(db, gaps(db)?)
}

/// Ranges of keys outside the longest of these gaps.
fn outside(db: &Connection, mut gaps: Vec<(i64, i64)>) -> Result<Vec<(i64, i64)>> {
    gaps.sort_by_key(|(first, last)| first.saturating_sub(*last));
    gaps.truncate(MOST_GAPS);
    gaps.sort_unstable();
    let mut ranges = Vec::new();
    let mut next = i64::MIN;
    for (first, last) in gaps {
        ranges.push((next, first.saturating_sub(1)));
        next = last.saturating_add(1);
    }
    ranges.push((next, i64::MAX));
    // Each is asked for by itself, which costs as much where there is nothing.
    if ranges.len() > 1 {
        let mut query =
            db.prepare_cached("SELECT 1 FROM every_node WHERE entity BETWEEN ?1 AND ?2")?;
        for range in std::mem::take(&mut ranges) {
            if query.exists(range)? {
                ranges.push(range);
            }
        }
    }
    Ok(ranges)
}

/// What is in sight, as a search sees it.
#[derive(Debug)]
pub(super) struct Sight {
    /// Ranges of keys outside the longest gaps that the search index has entries in.
    pub(super) ranges: Vec<(i64, i64)>,
    /// Ranges of keys in which something may be out of sight.
    hidden: Vec<(i64, i64)>,
    gaps: Vec<(i64, i64)>,
    /// Whether no hidden block has all of its entries in the search index, and whether none has any.
    is_clear: bool,
    is_whole: bool,
}

impl Sight {
    pub(super) fn of(db: &Connection) -> Result<Self> {
        let hidden = hidden(db)?;
        if hidden.is_empty() {
            let ranges = vec![(i64::MIN, i64::MAX)];
            return Ok(Self { ranges, hidden, gaps: Vec::new(), is_clear: true, is_whole: true });
        }
        let parts = segments::out(db)?;
        let out: Vec<i64> = parts.iter().map(|part| part.revision.row()).collect();
        let indexed = hidden_but(db, &out)?;
        let gaps = gaps(db)?;
        let mut skipped = gaps.clone();
        skipped.retain(|gap| indexed.iter().any(|range| gap.0 <= range.1 && range.0 <= gap.1));
        let is_clear = indexed.is_empty();
        let is_whole = is_clear && !parts.iter().any(Part::is_loose);
        Ok(Self { ranges: outside(db, skipped)?, hidden, gaps, is_clear, is_whole })
    }

    /// Whether nothing that the search index holds is out of sight.
    pub(super) fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// Whether the search index holds little that is out of sight.
    pub(super) fn is_clear(&self) -> bool {
        self.is_clear
    }

    /// Whether an entity that is in the search index is out of sight.
    pub(super) fn hides(&self, db: &Connection, entity: i64) -> Result<bool> {
        if !is_in(&self.hidden, entity) {
            return Ok(false);
        }
        if is_in(&self.gaps, entity) {
            return Ok(true);
        }
        Ok(!db.prepare_cached("SELECT 1 FROM node WHERE entity = ?1")?.exists([entity])?)
    }
}

/// Whether a key is in one of these ranges, which are in their order.
pub(super) fn is_in(ranges: &[(i64, i64)], key: i64) -> bool {
    let before = ranges.partition_point(|(first, _)| *first <= key);
    before.checked_sub(1).is_some_and(|at| key <= ranges[at].1)
}

/// The first of these ranges that begins after a key. They are in their order.
pub(super) fn next<K: Copy + Ord>(ranges: &[(K, K)], after: K) -> Option<(K, K)> {
    ranges.get(ranges.partition_point(|(first, _)| *first <= after)).copied()
}
