//! Undo, redo and the log.
//!
//! A revision either has rows of its own or *inverts* others and has none. So undo of an import of a
//! million entities is one row and survives closing the program. What then holds is decided by
//! [`standing`].

use std::{collections::BTreeSet, sync::Arc};

use rusqlite::{Connection, TransactionBehavior};

use super::{
    Case, Delta, Error, Progress, Result, block, label, projection, record,
    revision::{Kind, Revision, seal, start},
    standing,
    touched::Touched,
    united::United,
    watch,
};
use crate::model::{Id, RevisionNumber};

/// Brings everything but the projections up to what a new revision inverts. Gives the revisions
/// that came alive or are alive no more, and what that touched.
pub(super) fn turn(db: &Connection, new: RevisionNumber) -> Result<(Vec<RevisionNumber>, Touched)> {
    let changed = standing::settle_new(db, new)?;
    block::turn(db, &changed)?;
    let touched = touched_by(db, &changed, &[])?;
    Ok((changed, touched))
}

/// What revisions touch that came alive or are alive no more, with their records brought up to
/// that. Their blocks have been hidden or shown; in those of revisions that just `came` nothing
/// stands yet.
pub(super) fn touched_by(
    db: &Connection,
    changed: &[RevisionNumber],
    came: &[RevisionNumber],
) -> Result<Touched> {
    let mut touched = Touched::default();
    for &revision in changed {
        let has_block = block::has(db, revision)?;
        touched.turned |= has_block;
        if has_block && !came.contains(&revision) {
            touched.add_block(db, revision)?;
        } else {
            touched.add_rows_of(db, revision)?;
        }
        for (kind, id) in record::of_revision(db, revision)? {
            let effect = record::settle(db, &kind, &id)?;
            touched.effect(&kind, &id, effect);
        }
    }
    Ok(touched)
}

impl Case {
    /// What [`Case::undo`] would undo.
    pub fn undo_label(&self) -> Option<String> {
        self.undo.last().and_then(|&revision| self.label_of(revision).ok())
    }

    /// What [`Case::redo`] would do again.
    pub fn redo_label(&self) -> Option<String> {
        self.redo.last().and_then(|&(revision, _)| self.label_of(revision).ok())
    }

    fn label_of(&self, revision: RevisionNumber) -> Result<String> {
        Ok(self
            .db
            .prepare_cached("SELECT label FROM revision WHERE number = ?1")?
            .query_row([revision], |row| row.get(0))?)
    }

    /// Undoes the latest action that is not undone; `None` where there is none.
    pub fn undo(&mut self) -> Result<Option<Delta>> {
        let Some(&revision) = self.undo.last() else { return Ok(None) };
        let delta = self.invert(revision, revision, Kind::Undo)?;
        self.undo.pop();
        self.redo.extend(delta.revision.map(|undoing| (revision, undoing)));
        Ok(Some(delta))
    }

    /// Does again what was undone last; `None` where there is nothing.
    pub fn redo(&mut self) -> Result<Option<Delta>> {
        let Some(&(revision, undoing)) = self.redo.last() else { return Ok(None) };
        let delta = self.invert(undoing, revision, Kind::Redo)?;
        self.redo.pop();
        self.undo.push(revision);
        Ok(Some(delta))
    }

    /// Inverts a revision; `called` is the one that gives the new one its name.
    fn invert(
        &mut self,
        revision: RevisionNumber,
        called: RevisionNumber,
        kind: Kind,
    ) -> Result<Delta> {
        let united = Arc::clone(&self.united);
        let label = label::of_inversion(&self.db, &united, kind, called)?;
        let delta = self.inverting(|tx, progress| {
            let all = united.with(BTreeSet::from([revision]));
            let number = start(tx, kind, &label, &all)?;
            let (_, mut touched) = turn(tx, number)?;
            projection::refresh(tx, &mut touched, progress)?;
            Ok((number, label, touched))
        })?;
        Ok(Delta { restores: Some(revision), ..delta })
    }

    /// Makes permanent what a new revision inverts: `work` gives its number, its label and what it
    /// touched. Nothing is changed where that fails.
    pub(super) fn inverting(
        &mut self,
        work: impl FnOnce(&Connection, &Progress) -> Result<(RevisionNumber, String, Touched)>,
    ) -> Result<Delta> {
        self.prepare()?;
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (number, label, touched) = work(&tx, &self.progress)?;
        seal(&tx, number, None)?;
        let done = watch::finish(tx, &self.progress);
        self.settled(done)?;
        self.delta(number, &label, &touched).map_err(Error::after_commit)
    }

    /// Whether a revision is what a case begins with: its title and its first chart. Without them a
    /// window has nothing to show, so that they are not undone.
    pub(super) fn is_foundation(&self, revision: RevisionNumber) -> Result<bool> {
        if revision != RevisionNumber::FIRST {
            return Ok(false);
        }
        let sql = "SELECT EXISTS(SELECT 1 FROM journal WHERE revision = 1 AND kind = ?1 AND old IS NULL)
                      AND EXISTS(SELECT 1 FROM journal WHERE revision = 1 AND kind = ?2 AND id = 'title')
                      AND NOT EXISTS(SELECT 1 FROM journal WHERE revision = 1 AND kind NOT IN (?1, ?2))
                      AND NOT EXISTS(SELECT 1 FROM statement WHERE key = 1 AND revision = 1)";
        Ok(self.db.query_row(sql, [record::CHART, record::SETTING], |row| row.get(0))?)
    }

    /// Notes an action as the next one to undo, unless the case begins with it.
    pub(super) fn may_undo(&mut self, revision: RevisionNumber) -> Result<()> {
        if !self.is_foundation(revision)? {
            self.undo.push(revision);
        }
        Ok(())
    }

    /// Finds out, after opening, what undo and redo would do.
    pub(super) fn load_history(&mut self) -> Result<()> {
        self.undo.clear();
        self.redo.clear();
        self.united = Arc::new(United::read(&self.db)?);
        // What came from another copy is undone with the revision that took it over.
        let united: BTreeSet<RevisionNumber> = self.united.all().collect();
        for revision in self.log()?.into_iter().filter(|r| !united.contains(&r.number)) {
            match revision.kind {
                Kind::Edit | Kind::Revert => {
                    self.may_undo(revision.number)?;
                    self.redo.clear();
                }
                Kind::Undo => {
                    if let Some(undone) = self.undo.pop() {
                        self.redo.push((undone, revision.number));
                    }
                }
                Kind::Redo => {
                    if let Some((redone, _)) = self.redo.pop() {
                        self.undo.push(redone);
                    }
                }
                Kind::Record => {}
            }
        }
        Ok(())
    }

    /// Every revision in the order in which they came into this file.
    pub fn log(&self) -> Result<Vec<Revision>> {
        let mut query = self.db.prepare_cached(
            "SELECT number, id, at, author, kind, label, live, link FROM revision ORDER BY number",
        )?;
        let mut rows = query.query([])?;
        let mut log: Vec<Revision> = Vec::new();
        while let Some(row) = rows.next()? {
            log.push(Revision {
                number: row.get(0)?,
                id: Id::from(row.get::<_, String>(1)?),
                at: row.get(2)?,
                author: row.get(3)?,
                kind: Kind::from_word(&row.get::<_, String>(4)?)?,
                label: row.get(5)?,
                inverts: Vec::new(),
                undone: !row.get::<_, bool>(6)?,
                digest: hex::encode(&row.get::<_, Vec<u8>>(7)?),
            });
        }
        let mut query = self
            .db
            .prepare_cached("SELECT revision, target FROM inversion ORDER BY revision, target")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let (revision, target): (RevisionNumber, _) = (row.get(0)?, row.get(1)?);
            if let Ok(at) = log.binary_search_by_key(&revision, |r| r.number) {
                log[at].inverts.push(target);
            }
        }
        Ok(log)
    }

    /// The entities that a revision is about.
    pub fn touched(&self, revision: RevisionNumber) -> Result<Vec<Id>> {
        let mut touched = Touched::default();
        let mut ids = BTreeSet::new();
        for base in standing::subjects(&self.db, revision)? {
            touched.add_rows_of(&self.db, base)?;
            for (kind, id) in record::of_revision(&self.db, base)? {
                if kind == record::PLACEMENT {
                    ids.insert(Id::from(record::split_part_id(&id).1));
                }
            }
        }
        for &key in &touched.entities {
            ids.insert(projection::id_of(&self.db, key)?);
        }
        Ok(ids.into_iter().collect())
    }
}
