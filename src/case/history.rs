//! Undo, redo and the log.
//!
//! A revision either has rows of its own or *inverts* another one and has none. Its effect is
//! then that of the revision at the end of the chain of inversions, forwards or backwards. So
//! undo of an import of a million entities is one row, undo survives closing the program, and
//! which statements are live is a function of the sequence of revisions alone.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{
    Case, Delta, Error, Result, commit::Touched, digest, lock, open::hex, passage, projection,
    record, watch,
};
use crate::model::Id;

/// What kind of user action a revision is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An edit or an import.
    Edit,
    /// Undo of the latest edit.
    Undo,
    /// The undone edit done again.
    Redo,
    /// Undo of an older edit, itself an edit.
    Revert,
    /// Something that happened, which cannot be undone: evidence was exported.
    Record,
}

impl Kind {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Edit, "edit"),
        (Self::Undo, "undo"),
        (Self::Redo, "redo"),
        (Self::Revert, "revert"),
        (Self::Record, "record"),
    ];

    /// The word under which it is stored.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }

    fn from_word(word: &str) -> Result<Self> {
        Self::ALL
            .iter()
            .find(|(_, w)| *w == word)
            .map(|(kind, _)| *kind)
            .ok_or_else(|| Error::Corrupt(format!("there is no kind of revision called “{word}”")))
    }
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Its number in this file, from 1.
    pub number: i64,
    /// Its global id.
    pub id: String,
    /// When: milliseconds since 1970, UTC.
    pub at: i64,
    /// Who.
    pub author: String,
    /// What kind of action.
    pub kind: Kind,
    /// What it did, in words.
    pub label: String,
    /// The number of the revision whose effect this one turns round.
    pub inverts: Option<i64>,
    /// Whether its effect has been undone since.
    pub undone: bool,
    /// Its digest, in hexadecimal.
    pub digest: String,
}

/// Which way the rows of a revision are applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Forward,
    Backward,
}

impl Way {
    fn turned(self) -> Self {
        match self {
            Self::Forward => Self::Backward,
            Self::Backward => Self::Forward,
        }
    }
}

/// The revision whose rows a revision applies, and which way.
pub(super) fn effect(db: &Connection, revision: i64) -> Result<(i64, Way)> {
    let mut query = db.prepare_cached("SELECT inverts FROM revision WHERE number = ?1")?;
    let (mut at, mut way) = (revision, Way::Forward);
    while let Some(earlier) = query.query_row([at], |row| row.get::<_, Option<i64>>(0))? {
        if earlier >= at {
            return Err(not_before(at));
        }
        (at, way) = (earlier, way.turned());
    }
    Ok((at, way))
}

/// The same of all revisions, asked for in their order: none is looked up again.
#[derive(Debug, Default)]
pub(super) struct Effects(HashMap<i64, (i64, Way)>);

impl Effects {
    /// The effect of the next revision, which inverts this one, if any.
    pub(super) fn of(&mut self, revision: i64, inverts: Option<i64>) -> Result<(i64, Way)> {
        let effect = match inverts {
            None => (revision, Way::Forward),
            Some(earlier) => {
                let (base, way) = self.0.get(&earlier).ok_or_else(|| not_before(revision))?;
                (*base, way.turned())
            }
        };
        self.0.insert(revision, effect);
        Ok(effect)
    }
}

/// Milliseconds since 1970, UTC.
pub(super) fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// Starts a revision; its digest follows with [`seal`].
pub(super) fn start(db: &Connection, kind: Kind, label: &str, inverts: Option<i64>) -> Result<i64> {
    db.prepare_cached(
        "INSERT INTO revision(number, id, at, author, kind, label, inverts, digest)
         VALUES ((SELECT coalesce(max(number), 0) + 1 FROM revision), ?1, ?2, ?3, ?4, ?5, ?6, x'')",
    )?
    .execute(params![
        uuid::Uuid::now_v7().to_string(),
        now(),
        lock::author(),
        kind.word(),
        label,
        inverts
    ])?;
    Ok(db.last_insert_rowid())
}

/// Closes a revision: links it into the chain. `told` is the digest of its statements, where it is
/// known already.
pub(super) fn seal(db: &Connection, revision: i64, told: Option<[u8; 32]>) -> Result<()> {
    let before: String =
        db.query_row("SELECT value FROM meta WHERE name = 'head'", [], |row| row.get(0))?;
    let digest = digest::of(db, revision, before.as_bytes(), told)?;
    db.prepare_cached("UPDATE revision SET digest = ?2 WHERE number = ?1")?
        .execute(params![revision, digest.as_slice()])?;
    db.prepare_cached("UPDATE meta SET value = ?1 WHERE name = 'head'")?.execute([hex(&digest)])?;
    Ok(())
}

/// Applies the rows of a revision one way; gives what that touched.
pub(super) fn apply(db: &Connection, base: i64, way: Way) -> Result<Touched> {
    let mut touched = Touched::default();
    // What a revision added comes before what it flipped, so backwards it comes after.
    if way == Way::Forward {
        apply_added(db, base, true)?;
    }
    let order = if way == Way::Forward { "" } else { "DESC" };
    let mut flips = db.prepare_cached(&format!(
        "SELECT kind, target, live FROM flip WHERE revision = ?1 ORDER BY key {order}"
    ))?;
    let mut rows = flips.query([base])?;
    while let Some(row) = rows.next()? {
        let live: bool = row.get(2)?;
        set_live(db, &row.get::<_, String>(0)?, row.get(1)?, live == (way == Way::Forward))?;
    }
    if way == Way::Backward {
        apply_added(db, base, false)?;
    }
    touched.add_rows_of(db, base)?;
    let mut journal = db.prepare_cached(&format!(
        "SELECT kind, id, old, new FROM journal WHERE revision = ?1 ORDER BY key {order}"
    ))?;
    let mut rows = journal.query([base])?;
    while let Some(row) = rows.next()? {
        let (kind, id): (String, String) = (row.get(0)?, row.get(1)?);
        let (old, new): (Option<String>, Option<String>) = (row.get(2)?, row.get(3)?);
        let came_or_went = old.is_some() != new.is_some();
        let image = if way == Way::Forward { new } else { old };
        record::write(db, &kind, &id, image.as_deref())?;
        touched.record(&kind, &id, came_or_went);
    }
    Ok(touched)
}

fn apply_added(db: &Connection, base: i64, live: bool) -> Result<()> {
    let keys = passage::keys_of(db, base)?;
    db.prepare_cached("UPDATE statement SET live = ?3 WHERE key BETWEEN ?1 AND ?2")?
        .execute(params![keys.start(), keys.end(), live])?;
    db.prepare_cached("UPDATE citation SET live = ?2 WHERE revision = ?1")?
        .execute(params![base, live])?;
    Ok(())
}

pub(super) fn set_live(db: &Connection, kind: &str, target: i64, live: bool) -> Result<()> {
    let sql = match (kind, live) {
        ("statement", _) => "UPDATE statement SET live = ?2 WHERE key = ?1",
        ("citation", _) => "UPDATE citation SET live = ?2 WHERE key = ?1",
        ("passage", false) => "INSERT INTO dismissed(statement) SELECT ?1 WHERE NOT ?2",
        ("passage", true) => "DELETE FROM dismissed WHERE statement = ?1 AND ?2",
        _ => return Err(Error::Corrupt(format!("there is no kind of row called “{kind}”"))),
    };
    db.prepare_cached(sql)?.execute(params![target, live])?;
    Ok(())
}

/// Changes whether a row is live, and writes the change down.
pub(super) fn flip(
    db: &Connection,
    revision: i64,
    kind: &str,
    target: i64,
    live: bool,
) -> Result<()> {
    set_live(db, kind, target, live)?;
    db.prepare_cached("INSERT INTO flip(revision, kind, target, live) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![revision, kind, target, live])?;
    Ok(())
}

impl Case {
    /// What [`Case::undo`] would undo.
    pub fn undo_label(&self) -> Option<String> {
        self.undo.last().and_then(|&revision| self.label(revision).ok())
    }

    /// What [`Case::redo`] would do again.
    pub fn redo_label(&self) -> Option<String> {
        self.redo.last().and_then(|&(revision, _)| self.label(revision).ok())
    }

    fn label(&self, revision: i64) -> Result<String> {
        Ok(self
            .db
            .prepare_cached("SELECT label FROM revision WHERE number = ?1")?
            .query_row([revision], |row| row.get(0))?)
    }

    /// Undoes the latest action that is not undone; `None` where there is none.
    pub fn undo(&mut self) -> Result<Option<Delta>> {
        let Some(&revision) = self.undo.last() else { return Ok(None) };
        let label = format!("Undo: {}", self.label(revision)?);
        let delta = self.invert(revision, Kind::Undo, &label)?;
        self.undo.pop();
        self.redo.push((revision, delta.revision));
        Ok(Some(delta))
    }

    /// Does again what was undone last; `None` where there is nothing.
    pub fn redo(&mut self) -> Result<Option<Delta>> {
        let Some(&(revision, undoing)) = self.redo.last() else { return Ok(None) };
        let label = format!("Redo: {}", self.label(revision)?);
        let delta = self.invert(undoing, Kind::Redo, &label)?;
        self.redo.pop();
        self.undo.push(revision);
        Ok(Some(delta))
    }

    /// Undoes one older action by itself, where nothing that came later builds on it.
    pub fn revert(&mut self, revision: i64) -> Result<Delta> {
        let target = self
            .log()?
            .into_iter()
            .find(|r| r.number == revision)
            .ok_or_else(|| Error::Refused(format!("There is no revision {revision}.")))?;
        if !matches!(target.kind, Kind::Edit | Kind::Revert) {
            return Err(Error::Refused(format!(
                "“{}” is a record of something that happened and cannot be undone.",
                target.label
            )));
        }
        if self.is_foundation(revision)? {
            return Err(Error::Refused(format!(
                "“{}” is where the case begins and cannot be undone.",
                target.label
            )));
        }
        if target.undone {
            return Err(Error::Refused(format!("“{}” has been undone already.", target.label)));
        }
        let (base, way) = effect(&self.db, revision)?;
        if let Some(because) = self.stands_against(base, way)? {
            return Err(Error::Conflict { label: target.label, because });
        }
        let delta = self.invert(revision, Kind::Revert, &format!("Undo: {}", target.label))?;
        self.undo.push(delta.revision);
        self.redo.clear();
        Ok(delta)
    }

    fn invert(&mut self, revision: i64, kind: Kind, label: &str) -> Result<Delta> {
        self.prepare()?;
        let tx = self.db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let number = start(&tx, kind, label, Some(revision))?;
        let (base, way) = effect(&tx, number)?;
        let mut touched = apply(&tx, base, way)?;
        projection::refresh(&tx, &mut touched, &self.progress)?;
        if kind == Kind::Revert
            && let Some(because) = dangling(&tx, base, &touched)?
        {
            return Err(Error::Conflict { label: label.replacen("Undo: ", "", 1), because });
        }
        seal(&tx, number, None)?;
        let done = watch::finish(tx, &self.progress);
        self.settled(done)?;
        self.delta(number, label, &touched).map_err(Error::after_commit)
    }

    /// The first later change that has touched what a revision did.
    fn stands_against(&self, base: i64, way: Way) -> Result<Option<String>> {
        let forward = way == Way::Forward;
        let later = |kind: &str, target: i64| -> Result<String> {
            let label: Option<String> = self
                .db
                .prepare_cached(
                    "SELECT r.label FROM flip f JOIN revision r ON r.number = f.revision
                     WHERE f.kind = ?1 AND f.target = ?2 AND f.revision <> ?3 ORDER BY f.key DESC LIMIT 1",
                )?
                .query_row(params![kind, target, base], |row| row.get(0))
                .optional()?;
            Ok(match label {
                Some(label) => format!("“{label}” has changed the same thing since"),
                None => "a later undo has changed the same thing".to_owned(),
            })
        };
        // Rows that the revision itself flipped are judged by the last flip of it.
        let mut states: Vec<(&str, i64, bool, bool)> = Vec::new();
        let keys = passage::keys_of(&self.db, base)?;
        for (table, first, last) in
            [("statement", *keys.start(), *keys.end()), ("citation", i64::MIN, i64::MAX)]
        {
            let changed: Option<i64> = self
                .db
                .prepare_cached(&format!(
                    "SELECT key FROM {table} t WHERE revision = ?1 AND live <> ?3
                       AND key BETWEEN ?4 AND ?5 AND NOT EXISTS
                     (SELECT 1 FROM flip f WHERE f.revision = ?1 AND f.kind = ?2 AND f.target = t.key)
                     LIMIT 1"
                ))?
                .query_row(params![base, table, forward, first, last], |row| row.get(0))
                .optional()?;
            if let Some(key) = changed {
                return later(table, key).map(Some);
            }
            let order = if forward { "max" } else { "min" };
            let mut query = self.db.prepare_cached(&format!(
                "SELECT f.target, t.live, f.live, t.revision = ?1, {order}(f.key)
                 FROM flip f JOIN {table} t ON t.key = f.target
                 WHERE f.revision = ?1 AND f.kind = ?2 GROUP BY f.target"
            ))?;
            let mut rows = query.query(params![base, table])?;
            while let Some(row) = rows.next()? {
                let (live, own): (bool, bool) = (row.get(2)?, row.get(3)?);
                let expected = if own && !forward { false } else { live == forward };
                states.push((table, row.get(0)?, row.get(1)?, expected));
            }
        }
        let order = if forward { "max" } else { "min" };
        let mut query = self.db.prepare_cached(&format!(
            "SELECT target, NOT EXISTS(SELECT 1 FROM dismissed d WHERE d.statement = target), live,
                    {order}(key)
             FROM flip WHERE revision = ?1 AND kind = 'passage' GROUP BY target"
        ))?;
        let mut rows = query.query([base])?;
        while let Some(row) = rows.next()? {
            let live: bool = row.get(2)?;
            states.push(("passage", row.get(0)?, row.get(1)?, live == forward));
        }
        for (kind, target, live, expected) in states {
            if live != expected {
                return later(kind, target).map(Some);
            }
        }
        let mut query = self.db.prepare_cached(
            "SELECT kind, id, CASE WHEN ?2 THEN new ELSE old END FROM journal j WHERE revision = ?1 AND key =
             (SELECT CASE WHEN ?2 THEN max(key) ELSE min(key) END FROM journal k
              WHERE k.revision = ?1 AND k.kind = j.kind AND k.id = j.id)",
        )?;
        let mut rows = query.query(params![base, forward])?;
        while let Some(row) = rows.next()? {
            let (kind, id): (String, String) = (row.get(0)?, row.get(1)?);
            if record::read(&self.db, &kind, &id)? != row.get::<_, Option<String>>(2)? {
                return Ok(Some(format!("a later action has changed the same {kind}")));
            }
        }
        Ok(None)
    }

    /// Whether a revision is what a case begins with: its title and its first chart. Without them a
    /// window has nothing to show, so that they are not undone.
    fn is_foundation(&self, revision: i64) -> Result<bool> {
        if revision != 1 {
            return Ok(false);
        }
        let sql = "SELECT EXISTS(SELECT 1 FROM journal WHERE revision = 1 AND kind = ?1 AND old IS NULL)
                      AND EXISTS(SELECT 1 FROM journal WHERE revision = 1 AND kind = ?2 AND id = 'title')
                      AND NOT EXISTS(SELECT 1 FROM journal WHERE revision = 1 AND kind NOT IN (?1, ?2))
                      AND NOT EXISTS(SELECT 1 FROM statement WHERE key = 1 AND revision = 1)";
        Ok(self.db.query_row(sql, [record::CHART, record::SETTING], |row| row.get(0))?)
    }

    /// Notes an action as the next one to undo, unless the case begins with it.
    pub(super) fn may_undo(&mut self, revision: i64) -> Result<()> {
        if !self.is_foundation(revision)? {
            self.undo.push(revision);
        }
        Ok(())
    }

    /// Finds out, after opening, what undo and redo would do.
    pub(super) fn load_history(&mut self) -> Result<()> {
        self.undo.clear();
        self.redo.clear();
        for revision in self.log()? {
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

    /// Every revision, oldest first.
    pub fn log(&self) -> Result<Vec<Revision>> {
        let mut query = self.db.prepare_cached(
            "SELECT number, id, at, author, kind, label, inverts, digest FROM revision ORDER BY number",
        )?;
        let mut rows = query.query([])?;
        let mut log: Vec<Revision> = Vec::new();
        while let Some(row) = rows.next()? {
            let revision = Revision {
                number: row.get(0)?,
                id: row.get(1)?,
                at: row.get(2)?,
                author: row.get(3)?,
                kind: Kind::from_word(&row.get::<_, String>(4)?)?,
                label: row.get(5)?,
                inverts: row.get(6)?,
                undone: false,
                digest: hex(&row.get::<_, Vec<u8>>(7)?),
            };
            log.push(revision);
        }
        let undone = undone(&log)?;
        for (revision, undone) in log.iter_mut().zip(undone) {
            revision.undone = undone;
        }
        Ok(log)
    }

    /// The entities that a revision is about.
    pub fn touched(&self, revision: i64) -> Result<Vec<Id>> {
        let (base, _) = effect(&self.db, revision)?;
        let mut touched = Touched::default();
        touched.add_rows_of(&self.db, base)?;
        let mut ids = touched
            .entities
            .iter()
            .map(|&key| projection::id_of(&self.db, key))
            .collect::<Result<BTreeSet<Id>>>()?;
        let mut query = self.db.prepare_cached(
            "SELECT DISTINCT id FROM journal WHERE revision = ?1 AND kind = 'placement'",
        )?;
        let mut rows = query.query([base])?;
        while let Some(row) = rows.next()? {
            let id: String = row.get(0)?;
            ids.insert(record::split_placement_id(&id).1.into());
        }
        Ok(ids.into_iter().collect())
    }
}

/// Which revisions of a log are undone. What inverts an inversion brings its target back, and so on
/// down the chain: the latest revision that turns round another, itself or through others, decides.
/// Each is looked at once, however long the chains are.
fn undone(log: &[Revision]) -> Result<Vec<bool>> {
    let mut depths: Vec<usize> = Vec::with_capacity(log.len());
    let mut targets: Vec<Option<usize>> = Vec::with_capacity(log.len());
    for revision in log {
        let target = match revision.inverts {
            None => None,
            Some(number) if number >= revision.number => return Err(not_before(revision.number)),
            Some(number) => log.binary_search_by_key(&number, |r| r.number).ok(),
        };
        depths.push(target.and_then(|at| depths.get(at)).map_or(0, |depth| depth + 1));
        targets.push(target);
    }
    let mut undone: Vec<Option<bool>> = vec![None; log.len()];
    for latest in (0..log.len()).rev() {
        let mut at = targets[latest];
        while let Some(target) = at.filter(|target| undone[*target].is_none()) {
            undone[target] = Some((depths[latest] - depths[target]) % 2 == 1);
            at = targets[target];
        }
    }
    Ok(undone.into_iter().map(|undone| undone == Some(true)).collect())
}

fn not_before(revision: i64) -> Error {
    Error::Corrupt(format!("revision {revision} inverts one that is not before it"))
}

/// After a reversion: the first entity that is gone although other revisions speak of it.
fn dangling(db: &Connection, base: i64, touched: &Touched) -> Result<Option<String>> {
    for &entity in &touched.entities {
        if projection::exists(db, entity)? {
            continue;
        }
        let label: Option<String> = db
            .prepare_cached(
                "SELECT r.label FROM passage p
                 CROSS JOIN statement s ON s.key BETWEEN p.first AND p.last
                 JOIN revision r ON r.number = s.revision
                 WHERE p.entity IN (SELECT ?1 UNION SELECT entity FROM link WHERE source = ?1
                                    UNION SELECT entity FROM link WHERE target = ?1)
                   AND s.live AND s.revision <> ?2 ORDER BY s.key LIMIT 1",
            )?
            .query_row([entity, base], |row| row.get(0))
            .optional()?;
        if let Some(label) = label {
            return Ok(Some(format!("“{label}” builds on it")));
        }
    }
    Ok(None)
}
