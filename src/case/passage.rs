//! Passages: statements about one entity that were made one after another, and where they were
//! read. Fifteen million statements from a file are cited to their lines by two million rows.

use std::ops::RangeInclusive;

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{Error, Result};
use crate::model::{RevisionNumber, StatementKey};

/// The highest key that a statement may have. A file in which one is higher was made to do harm:
/// no case has a quadrillion statements.
pub(super) const LAST: StatementKey = StatementKey::from_row(1 << 50);

/// The error where statements are numbered as no case numbers them.
pub(super) fn out_of_bounds() -> Error {
    Error::Corrupt("its statements are numbered as no case numbers them".into())
}

/// The highest key of a statement; 0 where there is none.
pub(super) fn last(db: &Connection) -> Result<StatementKey> {
    let last: Option<StatementKey> =
        db.prepare_cached("SELECT max(key) FROM statement")?.query_row([], |row| row.get(0))?;
    let none = StatementKey::from_row(0);
    let (last, possible) = (last.unwrap_or(none), none..=LAST);
    if possible.contains(&last) { Ok(last) } else { Err(out_of_bounds()) }
}

/// The keys of the statements that a revision added; empty where there are none.
pub(super) fn keys_of(
    db: &Connection,
    revision: RevisionNumber,
) -> Result<RangeInclusive<StatementKey>> {
    let (first, last): (i64, i64) = db
        .prepare_cached("SELECT first, last FROM revision WHERE number = ?1")?
        .query_row([revision], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let possible = first >= 1 && last >= first - 1 && last <= LAST.row();
    let [first, last] = [first, last].map(StatementKey::from_row);
    if possible { Ok(first..=last) } else { Err(out_of_bounds()) }
}

/// Takes a statement that was just added by hand into the passage of the one before it, or begins
/// a new one.
pub(super) fn extend(
    db: &Connection,
    revision: RevisionNumber,
    entity: i64,
    statement: StatementKey,
) -> Result<()> {
    let grown = db
        .prepare_cached(
            "UPDATE passage SET last = ?1 WHERE last = ?1 - 1 AND entity = ?2 AND evidence IS NULL
               AND first = (SELECT max(first) FROM passage)
               AND ?3 = (SELECT revision FROM statement WHERE key = ?1 - 1)",
        )?
        .execute(params![statement, entity, revision])?;
    if grown == 0 {
        db.prepare_cached("INSERT INTO passage(first, last, entity) VALUES (?1, ?1, ?2)")?
            .execute(params![statement, entity])?;
    }
    Ok(())
}

/// Whether the place where a statement was read supports it. `None` where it was not read
/// anywhere.
pub(super) fn supports(db: &Connection, statement: StatementKey) -> Result<Option<bool>> {
    Ok(db
        .prepare_cached(
            "SELECT NOT EXISTS(SELECT 1 FROM dismissed WHERE statement = ?1) FROM passage
             WHERE first = (SELECT max(first) FROM passage WHERE first <= ?1)
               AND last >= ?1 AND evidence IS NOT NULL",
        )?
        .query_row([statement], |row| row.get(0))
        .optional()?)
}
