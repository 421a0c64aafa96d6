//! Passages: statements about one entity that were made one after another, and where they were
//! read. Fifteen million statements from a file are cited to their lines by two million rows.

use std::ops::RangeInclusive;

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{Error, Result};

/// The highest key that a statement may have. A file in which one is higher was made to do harm:
/// no case has a quadrillion statements.
pub(super) const LAST: i64 = 1 << 50;

/// The error where statements are numbered as no case numbers them.
pub(super) fn out_of_bounds() -> Error {
    Error::Corrupt("its statements are numbered as no case numbers them".into())
}

/// The keys of the statements that a revision added; empty where there are none.
///
/// Statements are numbered in the order of their revisions, so the two ends are found by halving.
pub(super) fn keys_of(db: &Connection, revision: i64) -> Result<RangeInclusive<i64>> {
    // Two queries: one for both would read every row.
    let end = |sql| -> Result<i64> {
        let key: Option<i64> = db.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        Ok(key.unwrap_or_default())
    };
    let all = end("SELECT min(key) FROM statement")?..=end("SELECT max(key) FROM statement")?;
    if *all.start() < 0 || *all.end() > LAST {
        return Err(out_of_bounds());
    }
    let first = first_since(db, revision, &all)?;
    Ok(first..=first_since(db, revision.saturating_add(1), &all)? - 1)
}

/// The lowest key of a statement of this revision or a later one; one more than the highest where
/// there is none.
fn first_since(db: &Connection, revision: i64, all: &RangeInclusive<i64>) -> Result<i64> {
    let mut query = db.prepare_cached(
        "SELECT key, revision FROM statement WHERE key >= ?1 ORDER BY key LIMIT 1",
    )?;
    let (mut low, mut high) = (*all.start(), all.end().saturating_add(1));
    while low < high {
        let middle = low.midpoint(high);
        let found: Option<(i64, i64)> =
            query.query_row([middle], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        match found {
            Some((key, earlier)) if earlier < revision => low = key + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}

/// Takes a statement that was just added by hand into the passage of the one before it, or begins
/// a new one.
pub(super) fn extend(db: &Connection, revision: i64, entity: i64, statement: i64) -> Result<()> {
    let grown = db
        .prepare_cached(
            "UPDATE passage SET last = ?1 WHERE last = ?1 - 1 AND entity = ?2 AND evidence IS NULL
               AND first = (SELECT max(first) FROM passage)
               AND ?3 = (SELECT revision FROM statement WHERE key = ?1 - 1)",
        )?
        .execute(params![statement, entity, revision])?;
    if grown == 0 {
        db.prepare_cached("INSERT INTO passage(first, last, entity) VALUES (?1, ?1, ?2)")?
            .execute([statement, entity])?;
    }
    Ok(())
}

/// Whether the place where a statement was read supports it. `None` where it was not read
/// anywhere.
pub(super) fn supports(db: &Connection, statement: i64) -> Result<Option<bool>> {
    Ok(db
        .prepare_cached(
            "SELECT NOT EXISTS(SELECT 1 FROM dismissed WHERE statement = ?1) FROM passage
             WHERE first = (SELECT max(first) FROM passage WHERE first <= ?1)
               AND last >= ?1 AND evidence IS NOT NULL",
        )?
        .query_row([statement], |row| row.get(0))
        .optional()?)
}
