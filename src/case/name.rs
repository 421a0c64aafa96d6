//! Names of statements and citations, for their keys in this file and the other way round.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{Case, Result, passage};
use crate::model::{CitationId, CitationKey, CitationRef, Id, StatementId, StatementKey};

impl Case {
    /// The name of a statement in every copy of the case; `None` where no statement has the key.
    pub fn statement_id(&self, statement: StatementKey) -> Result<Option<StatementId>> {
        of_statement(&self.db, statement)
    }

    /// The statement of a name, if it is in this copy of the case.
    pub fn statement_key(&self, name: &StatementId) -> Result<Option<StatementKey>> {
        statement(&self.db, name)
    }

    /// The name of a citation in every copy of the case; `None` where there is no such citation.
    pub fn citation_id(&self, citation: CitationRef) -> Result<Option<CitationId>> {
        Ok(match citation {
            CitationRef::Made(key) => of_citation(&self.db, key)?
                .map(|(revision, nth)| CitationId::Made { revision, nth }),
            CitationRef::Read(key) => match passage::supports(&self.db, key)? {
                Some(_) => of_statement(&self.db, key)?.map(CitationId::Read),
                None => None,
            },
        })
    }

    /// The citation of a name, if it is in this copy of the case.
    pub fn citation_ref(&self, name: &CitationId) -> Result<Option<CitationRef>> {
        match name {
            CitationId::Made { revision, nth } => {
                Ok(citation(&self.db, revision, *nth)?.map(CitationRef::Made))
            }
            CitationId::Read(name) => {
                let Some(key) = statement(&self.db, name)? else { return Ok(None) };
                Ok(passage::supports(&self.db, key)?.map(|_| CitationRef::Read(key)))
            }
        }
    }
}

/// The name of a statement.
pub(super) fn of_statement(db: &Connection, key: StatementKey) -> Result<Option<StatementId>> {
    let sql = "SELECT r.id, s.key - r.first FROM statement s
               JOIN revision r ON r.number = s.revision WHERE s.key = ?1";
    let row: Option<(String, i64)> = db
        .prepare_cached(sql)?
        .query_row([key], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    row.map(|(revision, nth)| Ok(StatementId { revision: revision.into(), nth: place(nth)? }))
        .transpose()
}

/// The key here of a statement.
pub(super) fn statement(db: &Connection, name: &StatementId) -> Result<Option<StatementKey>> {
    let sql = "SELECT s.key FROM revision r JOIN statement s ON s.key = r.first + ?2
               WHERE r.id = ?1 AND s.key <= r.last";
    let found = db
        .prepare_cached(sql)?
        .query_row(params![name.revision.as_str(), name.nth], |row| row.get(0));
    Ok(found.optional()?)
}

/// The name of a citation that was made: the id of its revision, and its place there.
pub(super) fn of_citation(db: &Connection, key: CitationKey) -> Result<Option<(Id, u32)>> {
    of_row(db, "citation", key.row())
}

/// The key here of a citation that was made.
pub(super) fn citation(db: &Connection, revision: &Id, nth: u32) -> Result<Option<CitationKey>> {
    Ok(row(db, "citation", revision, nth)?.map(CitationKey::from_row))
}

/// The name of a row of a table whose rows are numbered within their revision.
pub(super) fn of_row(db: &Connection, table: &str, key: i64) -> Result<Option<(Id, u32)>> {
    let sql = format!(
        "SELECT r.id, x.nth FROM {table} x JOIN revision r ON r.number = x.revision WHERE x.key = ?1"
    );
    let found: Option<(String, i64)> = db
        .prepare_cached(&sql)?
        .query_row([key], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    found.map(|(revision, nth)| Ok((revision.into(), place(nth)?))).transpose()
}

/// The key here of such a row.
pub(super) fn row(db: &Connection, table: &str, revision: &Id, nth: u32) -> Result<Option<i64>> {
    let sql = format!(
        "SELECT x.key FROM revision r JOIN {table} x ON x.revision = r.number AND x.nth = ?2
         WHERE r.id = ?1"
    );
    let mut query = db.prepare_cached(&sql)?;
    Ok(query.query_row(params![revision.as_str(), nth], |row| row.get(0)).optional()?)
}

/// A place in a revision, of which none has four billion rows.
pub(super) fn place(nth: i64) -> Result<u32> {
    u32::try_from(nth).map_err(|_| passage::out_of_bounds())
}
