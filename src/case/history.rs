//! Undo, redo and the log.
//!
//! A revision either has rows of its own or *inverts* others and has none. So undo of an import of a
//! million entities is one row and survives closing the program. What then holds is decided by
//! [`standing`].

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{
    Case, Delta, Error, Result, block,
    commit::Touched,
    digest::{self, Content, Hash},
    label, lock,
    open::hex,
    passage, projection, record, standing, watch,
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
    /// The numbers of the revisions whose effect this one turns round.
    pub inverts: Vec<i64>,
    /// Whether its effect has been undone since.
    pub undone: bool,
    /// Its link in the chain, in hexadecimal: it stands for all that was said up to here.
    pub digest: String,
}

/// Milliseconds since 1970, UTC.
pub(super) fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// Starts a revision that inverts these others, if any; its digests follow with [`seal`].
pub(super) fn start(db: &Connection, kind: Kind, label: &str, inverts: &[i64]) -> Result<i64> {
    let id = uuid::Uuid::now_v7().to_string();
    let mut secret = [0; 16];
    getrandom::fill(&mut secret).map_err(|error| {
        Error::system(format!(
            "This computer gives no random numbers ({error}); nothing was changed"
        ))
    })?;
    db.prepare_cached(
        "INSERT INTO revision(number, id, clock, at, author, kind, label, secret, first, last, live,
                              content, link)
         VALUES ((SELECT coalesce(max(number), 0) + 1 FROM revision), ?1, ?8 + 1, ?2, ?3, ?4, ?5, ?6,
                 ?7, ?7 - 1, 1, x'', x'')",
    )?
    .execute(params![
        id,
        now(),
        lock::author(),
        kind.word(),
        label,
        secret.as_slice(),
        passage::last(db)? + 1,
        clock(db)?,
    ])?;
    let number = db.last_insert_rowid();
    for target in inverts {
        db.prepare_cached("INSERT INTO inversion(revision, target) VALUES (?1, ?2)")?
            .execute([number, *target])?;
    }
    Ok(number)
}

/// The highest clock in the case. The newest revision that was made in this file has it: when that
/// was made, it came after all that was here or was just being taken over.
fn clock(db: &Connection) -> Result<i64> {
    let sql = "SELECT clock FROM revision WHERE united IS NULL ORDER BY number DESC LIMIT 1";
    Ok(db.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?.unwrap_or_default())
}

/// Closes a revision: notes which statements are its, and links it into the chain. `begun` has its
/// statements already, where they are known.
pub(super) fn seal(db: &Connection, revision: i64, begun: Option<Content>) -> Result<()> {
    db.prepare_cached("UPDATE revision SET last = ?2 WHERE number = ?1")?
        .execute([revision, passage::last(db)?])?;
    let content = digest::of(db, revision, begun)?;
    link(db, revision, &content)
}

/// Links a revision of this content into the chain as its newest.
pub(super) fn link(db: &Connection, revision: i64, content: &Hash) -> Result<()> {
    let link = digest::link(&head(db)?, content);
    db.prepare_cached("UPDATE revision SET content = ?2, link = ?3 WHERE number = ?1")?
        .execute(params![revision, content.as_slice(), link.as_slice()])?;
    db.prepare_cached("UPDATE meta SET value = ?1 WHERE name = 'head'")?.execute([hex(&link)])?;
    Ok(())
}

/// The id of the case.
pub(super) fn case_id(db: &Connection) -> Result<String> {
    let sql = "SELECT value FROM meta WHERE name = 'case_id'";
    Ok(db.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// The link of the newest revision.
fn head(db: &Connection) -> Result<Hash> {
    let link: Option<Vec<u8>> = db
        .prepare_cached(
            "SELECT link FROM revision WHERE length(link) > 0 ORDER BY number DESC LIMIT 1",
        )?
        .query_row([], |row| row.get(0))
        .optional()?;
    let wrong = || Error::Corrupt("the chain of digests has no end".into());
    if let Some(link) = link {
        return link.try_into().map_err(|_| wrong());
    }
    Ok(digest::genesis(&case_id(db)?))
}

/// Brings everything but the projections up to what a new revision inverts. Gives the revisions
/// that came alive or are alive no more, and what that touched.
fn turn(db: &Connection) -> Result<(Vec<i64>, Touched)> {
    let changed = standing::settle(db)?;
    block::turn(db, &changed)?;
    let touched = touched_by(db, &changed, &[])?;
    Ok((changed, touched))
}

/// What revisions touch that came alive or are alive no more, with their records brought up to
/// that. Their blocks have been hidden or shown; in those of revisions that just `came` nothing
/// stands yet.
pub(super) fn touched_by(db: &Connection, changed: &[i64], came: &[i64]) -> Result<Touched> {
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

    fn label_of(&self, revision: i64) -> Result<String> {
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
        self.redo.push((revision, delta.revision));
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

    /// Undoes one older action by itself, where nothing that came later builds on it.
    pub fn revert(&mut self, revision: i64) -> Result<Delta> {
        let target = self
            .log()?
            .into_iter()
            .find(|r| r.number == revision)
            .ok_or_else(|| Error::not_found(format!("There is no revision {revision}")))?;
        if !matches!(target.kind, Kind::Edit | Kind::Revert) {
            return Err(Error::invalid(format!(
                "“{}” is a record of something that happened and cannot be undone",
                target.label
            )));
        }
        if self.is_foundation(revision)? {
            return Err(Error::invalid(format!(
                "“{}” is where the case begins and cannot be undone",
                target.label
            )));
        }
        if target.undone {
            return Err(Error::invalid(format!("“{}” has been undone already", target.label)));
        }
        let delta = self.invert(revision, revision, Kind::Revert)?;
        self.undo.push(delta.revision);
        self.redo.clear();
        Ok(delta)
    }

    /// Inverts a revision; `called` is the one that gives the new one its name.
    fn invert(&mut self, revision: i64, called: i64, kind: Kind) -> Result<Delta> {
        self.prepare()?;
        let called = self.label_of(called)?;
        let label = &label::of_inversion(kind, &called);
        let tx = self.db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let number = start(&tx, kind, label, &with_united(&tx, revision)?)?;
        let (changed, mut touched) = turn(&tx)?;
        projection::refresh(&tx, &mut touched, &self.progress)?;
        if kind == Kind::Revert {
            let mut because = stands_against(&tx, &changed)?;
            if because.is_none() {
                because = dangling(&tx, &changed, &touched)?;
            }
            if let Some(because) = because {
                return Err(Error::Conflict { label: called, because });
            }
        }
        seal(&tx, number, None)?;
        let done = watch::finish(tx, &self.progress);
        self.settled(done)?;
        self.delta(number, label, &touched).map_err(Error::after_commit)
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
        let mut query = self.db.prepare("SELECT number FROM revision WHERE united IS NOT NULL")?;
        // What came from another copy is undone with the revision that took it over.
        let united: BTreeSet<i64> =
            query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        drop(query);
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
                id: row.get(1)?,
                at: row.get(2)?,
                author: row.get(3)?,
                kind: Kind::from_word(&row.get::<_, String>(4)?)?,
                label: row.get(5)?,
                inverts: Vec::new(),
                undone: !row.get::<_, bool>(6)?,
                digest: hex(&row.get::<_, Vec<u8>>(7)?),
            });
        }
        let mut query = self
            .db
            .prepare_cached("SELECT revision, target FROM inversion ORDER BY revision, target")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let (revision, target): (i64, i64) = (row.get(0)?, row.get(1)?);
            if let Ok(at) = log.binary_search_by_key(&revision, |r| r.number) {
                log[at].inverts.push(target);
            }
        }
        Ok(log)
    }

    /// The entities that a revision is about.
    pub fn touched(&self, revision: i64) -> Result<Vec<Id>> {
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

/// A revision, and those that it took over from another copy: they are undone together.
fn with_united(db: &Connection, revision: i64) -> Result<Vec<i64>> {
    let mut query =
        db.prepare_cached("SELECT number FROM revision WHERE number = ?1 OR united = ?1")?;
    Ok(query.query_map([revision], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// The first later change, by a revision that is not among those that `changed` and holds, of
/// something that one of these did.
fn stands_against(db: &Connection, changed: &[i64]) -> Result<Option<String>> {
    // Another's withdrawal of what it said; its change of mind that another has turned round, or
    // has had again; and a later image of the same record.
    const QUERIES: [&str; 5] = [
        "SELECT o.number, o.label, 'thing' FROM revision c
         JOIN withdrawal w ON w.kind = 'statement' AND w.target BETWEEN c.first AND c.last
         JOIN revision o ON o.number = w.revision AND o.live
         WHERE c.number = ?1 AND NOT EXISTS(
           SELECT 1 FROM withdrawal l JOIN revision r ON r.number = l.revision AND r.live
           WHERE l.kind = 'withdrawal' AND l.target = w.key)
         ORDER BY o.number DESC",
        "SELECT o.number, o.label, 'thing' FROM citation c
         JOIN withdrawal w ON w.kind = 'citation' AND w.target = c.key
         JOIN revision o ON o.number = w.revision AND o.live
         WHERE c.revision = ?1 AND NOT EXISTS(
           SELECT 1 FROM withdrawal l JOIN revision r ON r.number = l.revision AND r.live
           WHERE l.kind = 'withdrawal' AND l.target = w.key)
         ORDER BY o.number DESC",
        "SELECT o.number, o.label, 'thing' FROM withdrawal w
         JOIN withdrawal l ON l.kind = 'withdrawal' AND l.target = w.key
         JOIN revision o ON o.number = l.revision AND o.live
         WHERE w.revision = ?1 ORDER BY o.number DESC",
        "SELECT o.number, o.label, 'thing' FROM withdrawal w
         JOIN revision c ON c.number = w.revision JOIN withdrawal b ON b.key = w.target
         JOIN withdrawal a ON a.kind = b.kind AND a.target = b.target
         JOIN revision o ON o.number = a.revision AND o.live
         WHERE w.revision = ?1 AND w.kind = 'withdrawal' AND (o.clock, o.id) > (c.clock, c.id)
         ORDER BY o.number DESC",
        "SELECT o.number, o.label, j.kind FROM journal j
         JOIN journal k ON k.kind = j.kind AND k.id = j.id
         JOIN revision c ON c.number = j.revision
         JOIN revision o ON o.number = k.revision AND o.live
         WHERE j.revision = ?1 AND (o.clock, o.id) > (c.clock, c.id) ORDER BY o.number DESC",
    ];
    for revision in changed {
        for sql in QUERIES {
            let mut query = db.prepare_cached(sql)?;
            let mut rows = query.query([revision])?;
            while let Some(row) = rows.next()? {
                let (other, label, what): (i64, String, String) =
                    (row.get(0)?, row.get(1)?, row.get(2)?);
                if !changed.contains(&other) {
                    return Ok(Some(format!("“{label}” has changed the same {what} since")));
                }
            }
        }
    }
    Ok(None)
}

/// After a reversion: the first entity that is gone although other revisions speak of it.
fn dangling(db: &Connection, changed: &[i64], touched: &Touched) -> Result<Option<String>> {
    for &entity in &touched.entities {
        if !projection::exists(db, entity)?
            && let Some(because) = builds_on(db, changed, entity)?
        {
            return Ok(Some(because));
        }
    }
    // Nobody else speaks of what stands in a block that is hidden now; relationships at it may stand.
    for &revision in changed {
        let mut query = db.prepare_cached(
            "SELECT n.entity FROM hidden h CROSS JOIN link l CROSS JOIN every_node n
             WHERE h.block = ?1 AND n.entity IN (l.source, l.target) AND n.block = ?1",
        )?;
        let mut rows = query.query([revision])?;
        while let Some(row) = rows.next()? {
            if let Some(because) = builds_on(db, changed, row.get(0)?)? {
                return Ok(Some(because));
            }
        }
    }
    Ok(None)
}

/// The first revision, not among those that `changed`, that speaks of an entity or of a
/// relationship at it.
fn builds_on(db: &Connection, changed: &[i64], entity: i64) -> Result<Option<String>> {
    let mut query = db.prepare_cached(
        "SELECT r.number, r.label FROM passage p
         CROSS JOIN statement s ON s.key BETWEEN p.first AND p.last
         JOIN revision r ON r.number = s.revision
         WHERE p.entity IN (SELECT ?1 UNION SELECT entity FROM link WHERE source = ?1
                            UNION SELECT entity FROM link WHERE target = ?1)
           AND s.stands + r.live > 1 ORDER BY r.clock, r.id, s.key",
    )?;
    let mut rows = query.query([entity])?;
    while let Some(row) = rows.next()? {
        if !changed.contains(&row.get(0)?) {
            let label: String = row.get(1)?;
            return Ok(Some(format!("“{label}” builds on it")));
        }
    }
    Ok(None)
}
