//! What was taken over from other copies of a case.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use super::Result;
use crate::model::RevisionNumber;

/// What revisions of this file took over from other copies. Kept in memory, since the file has no
/// index of it and each undo asks.
#[derive(Clone, Debug, Default)]
pub(super) struct United(BTreeMap<RevisionNumber, Vec<RevisionNumber>>);

impl United {
    pub(super) fn read(db: &Connection) -> Result<Self> {
        let mut query =
            db.prepare("SELECT united, number FROM revision WHERE united IS NOT NULL")?;
        let mut rows = query.query([])?;
        let mut united = Self::default();
        while let Some(row) = rows.next()? {
            united.0.entry(row.get(0)?).or_default().push(row.get(1)?);
        }
        Ok(united)
    }

    /// Every revision that was taken over.
    pub(super) fn all(&self) -> impl Iterator<Item = RevisionNumber> + '_ {
        self.0.values().flatten().copied()
    }

    /// Notes what a revision took over.
    pub(super) fn add(&mut self, revision: RevisionNumber, came: Vec<RevisionNumber>) {
        self.0.insert(revision, came);
    }

    /// Returns revisions, and those that they took over: they are undone together.
    pub(super) fn with(&self, mut revisions: BTreeSet<RevisionNumber>) -> BTreeSet<RevisionNumber> {
        let took: Vec<_> = revisions.iter().filter_map(|revision| self.0.get(revision)).collect();
        revisions.extend(took.into_iter().flatten());
        revisions
    }
}
