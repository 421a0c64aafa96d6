//! Undo of an older action, by itself or together with all that builds on it.

use std::{collections::BTreeSet, sync::Arc};

use rusqlite::{Connection, TransactionBehavior::Immediate, params};

use super::{
    Case, Delta, Error, Progress, Result, history, label, projection,
    revision::{self, Kind},
    touched::Touched,
    united::United,
};
use crate::model::RevisionNumber;

impl Case {
    /// Undoes one older action by itself, where nothing that came later builds on it.
    pub fn revert(&mut self, revision: RevisionNumber) -> Result<Delta> {
        self.take_back(revision, false)
    }

    /// Undoes one older action together with every later one that builds on it, in one step.
    pub fn revert_with_later(&mut self, revision: RevisionNumber) -> Result<Delta> {
        self.take_back(revision, true)
    }

    /// The later actions that build on an older one, and would be undone with it. Nothing is changed.
    pub fn building_on(&mut self, revision: RevisionNumber) -> Result<BTreeSet<RevisionNumber>> {
        let label = self.revertible(revision)?;
        self.prepare()?;
        let tx = self.db.transaction_with_behavior(Immediate)?;
        let own = self.united.with(BTreeSet::from([revision]));
        let of = (revision, &*label);
        let attempt = Attempt::new(&tx, &self.united, of, true, &self.progress)?;
        tx.rollback()?;
        Ok(&attempt.undone - &own)
    }

    fn take_back(&mut self, revision: RevisionNumber, with_later: bool) -> Result<Delta> {
        let of_revision = self.revertible(revision)?;
        let united = Arc::clone(&self.united);
        let delta = self.inverting(|tx, progress| {
            let of = (revision, &*of_revision);
            let attempt = Attempt::new(tx, &united, of, with_later, progress)?;
            Ok((attempt.number, attempt.label, attempt.touched))
        })?;
        self.undo.extend(delta.revision);
        self.redo.clear();
        Ok(delta)
    }

    /// The label of a revision, where it can be undone at all.
    fn revertible(&self, revision: RevisionNumber) -> Result<String> {
        let target = self
            .log()?
            .into_iter()
            .find(|r| r.number == revision)
            .ok_or_else(|| Error::not_found(format!("There is no revision {revision}")))?;
        let why = if !matches!(target.kind, Kind::Edit | Kind::Revert) {
            "is a record of something that happened and cannot be undone"
        } else if self.is_foundation(revision)? {
            "is where the case begins and cannot be undone"
        } else if target.undone {
            "has been undone already"
        } else {
            return Ok(target.label);
        };
        Err(Error::invalid(format!("“{}” {why}", target.label)))
    }
}

/// A revision that undoes others, before it is sealed.
struct Attempt {
    number: RevisionNumber,
    touched: Touched,
    label: String,
    undone: BTreeSet<RevisionNumber>,
}

impl Attempt {
    /// Undoes an older action, `with_later` together with every later one that builds on it.
    fn new(
        tx: &Connection,
        united: &United,
        (revision, of_revision): (RevisionNumber, &str),
        with_later: bool,
        progress: &Progress,
    ) -> Result<Self> {
        let mut undone = united.with(BTreeSet::from([revision]));
        let own = undone.len();
        let mut label = label::of_reversion(tx, united, revision, 0)?;
        let mut looked = Looked::default();
        loop {
            progress.check()?;
            tx.execute_batch("SAVEPOINT attempt")?;
            let number = revision::start(tx, Kind::Revert, &label, &undone)?;
            let (changed, mut touched) = history::turn(tx, number)?;
            let changed: Changed = changed.into_iter().collect();
            let mut against = Against::new(with_later);
            // What statements alone tell is known before anything is derived anew.
            if with_later {
                let new = looked.add(&changed, &touched);
                against.changes(tx, &changed, &new.revisions)?;
                against.builds(tx, &changed, &new.entities, Builds::Speaks)?;
            }
            if against.because.is_none() {
                projection::refresh(tx, &mut touched, progress)?;
                against.changes(tx, &changed, &changed)?;
                against.builds(tx, &changed, &touched.entities, Builds::SpeaksOrRelates)?;
                against.at_blocks(tx, &changed)?;
            }
            let Some(because) = against.because else {
                tx.execute_batch("RELEASE attempt")?;
                return Ok(Self { number, touched, label, undone });
            };
            let conflict = Error::Conflict { label: of_revision.to_owned(), because };
            if !with_later {
                return Err(conflict);
            }
            tx.execute_batch("ROLLBACK TO attempt; RELEASE attempt")?;
            let before = undone.len();
            undone.extend(united.with(against.found));
            // What stands although its revision was undone does not go with that.
            if undone.len() == before {
                return Err(conflict);
            }
            label = label::of_reversion(tx, united, revision, undone.len() - own)?;
        }
    }
}

/// Revisions that hold and stand against it that others are undone: all of them, or the first.
struct Against {
    all: bool,
    found: BTreeSet<RevisionNumber>,
    /// Why the first does.
    because: Option<String>,
}

type Changed = BTreeSet<RevisionNumber>;

/// What was looked at.
#[derive(Default)]
struct Looked {
    revisions: Changed,
    entities: BTreeSet<i64>,
}

impl Looked {
    /// Adds what changed; gives what is new of it.
    fn add(&mut self, changed: &Changed, touched: &Touched) -> Self {
        let new = Self {
            revisions: changed - &self.revisions,
            entities: &touched.entities - &self.entities,
        };
        self.revisions.extend(&new.revisions);
        self.entities.extend(&new.entities);
        new
    }
}

/// How somebody builds on an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Builds {
    /// By speaking of it.
    Speaks,
    /// By that, or by speaking of a relationship at it.
    SpeaksOrRelates,
}

/// Who speaks of an entity or, where the second parameter says so, of a relationship at it.
const BUILDS: &str = "SELECT r.number, r.label FROM passage p
     CROSS JOIN statement s ON s.key BETWEEN p.first AND p.last
     JOIN revision r ON r.number = s.revision
     WHERE p.entity IN (SELECT ?1 UNION SELECT entity FROM link WHERE ?2 AND source = ?1
                        UNION SELECT entity FROM link WHERE ?2 AND target = ?1)
       AND s.stands + r.live > 1 ORDER BY r.clock, r.id, s.key";

/// Another's withdrawal of what it said; its change of mind that another has turned round, or has had
/// again; and a later image of the same record. Each begins with the rows of the revision, which are
/// found by an index: to begin with all withdrawals would take the square of their number.
const QUERIES: [&str; 5] = [
    "SELECT o.number, o.label, 'thing' FROM revision c
     JOIN withdrawal w ON w.kind = 'statement' AND w.target BETWEEN c.first AND c.last
     JOIN revision o ON o.number = w.revision AND o.live
     WHERE c.number = ?1 AND NOT EXISTS(
       SELECT 1 FROM withdrawal l JOIN revision r ON r.number = l.revision AND r.live
       WHERE l.kind = 'withdrawal' AND l.target = w.key)
     ORDER BY o.number DESC",
    "SELECT o.number, o.label, 'thing' FROM citation c
     CROSS JOIN withdrawal w ON w.kind = 'citation' AND w.target = c.key
     JOIN revision o ON o.number = w.revision AND o.live
     WHERE c.revision = ?1 AND NOT EXISTS(
       SELECT 1 FROM withdrawal l JOIN revision r ON r.number = l.revision AND r.live
       WHERE l.kind = 'withdrawal' AND l.target = w.key)
     ORDER BY o.number DESC",
    "SELECT o.number, o.label, 'thing' FROM withdrawal w
     CROSS JOIN withdrawal l ON l.kind = 'withdrawal' AND l.target = w.key
     JOIN revision o ON o.number = l.revision AND o.live
     WHERE w.revision = ?1 ORDER BY o.number DESC",
    "SELECT o.number, o.label, 'thing' FROM withdrawal w
     CROSS JOIN revision c ON c.number = w.revision JOIN withdrawal b ON b.key = w.target
     JOIN withdrawal a ON a.kind = b.kind AND a.target = b.target
     JOIN revision o ON o.number = a.revision AND o.live
     WHERE w.revision = ?1 AND +w.kind = 'withdrawal' AND (o.clock, o.id) > (c.clock, c.id)
     ORDER BY o.number DESC",
    "SELECT o.number, o.label, j.kind FROM journal j
     JOIN journal k ON k.kind = j.kind AND k.id = j.id
     JOIN revision c ON c.number = j.revision
     JOIN revision o ON o.number = k.revision AND o.live
     WHERE j.revision = ?1 AND (o.clock, o.id) > (c.clock, c.id) ORDER BY o.number DESC",
];

impl Against {
    fn new(all: bool) -> Self {
        Self { all, found: BTreeSet::new(), because: None }
    }

    /// Whether no more need be looked for.
    fn is_told(&self) -> bool {
        !self.all && self.because.is_some()
    }

    fn add(&mut self, revision: RevisionNumber, because: impl FnOnce() -> String) {
        self.found.insert(revision);
        if self.because.is_none() {
            self.because = Some(because());
        }
    }

    /// Later changes, by revisions that are not among those that `changed` and hold, of something that
    /// one of these did.
    fn changes(&mut self, db: &Connection, changed: &Changed, of: &Changed) -> Result<()> {
        for revision in of {
            for sql in QUERIES {
                let mut query = db.prepare_cached(sql)?;
                let mut rows = query.query([revision])?;
                while !self.is_told()
                    && let Some(row) = rows.next()?
                {
                    let other = row.get(0)?;
                    let (label, what): (String, String) = (row.get(1)?, row.get(2)?);
                    if !changed.contains(&other) {
                        self.add(other, || format!("“{label}” has changed the same {what} since"));
                    }
                }
            }
        }
        Ok(())
    }

    /// Those that build on entities that are gone.
    fn builds(
        &mut self,
        db: &Connection,
        changed: &Changed,
        entities: &BTreeSet<i64>,
        how: Builds,
    ) -> Result<()> {
        for &entity in entities {
            if !self.is_told() && !projection::exists(db, entity)? {
                self.builds_on(db, changed, entity, how)?;
            }
        }
        Ok(())
    }

    /// Nobody else speaks of what stands in a block that is hidden now; but of relationships at it
    /// others may.
    fn at_blocks(&mut self, db: &Connection, changed: &Changed) -> Result<()> {
        for revision in changed {
            let mut query = db.prepare_cached(
                "SELECT n.entity FROM hidden h CROSS JOIN link l CROSS JOIN every_node n
                 WHERE h.block = ?1 AND n.entity IN (l.source, l.target) AND n.block = ?1",
            )?;
            let mut rows = query.query([revision])?;
            while !self.is_told()
                && let Some(row) = rows.next()?
            {
                self.builds_on(db, changed, row.get(0)?, Builds::SpeaksOrRelates)?;
            }
        }
        Ok(())
    }

    fn builds_on(
        &mut self,
        db: &Connection,
        changed: &Changed,
        entity: i64,
        how: Builds,
    ) -> Result<()> {
        let mut query = db.prepare_cached(BUILDS)?;
        let mut rows = query.query(params![entity, how == Builds::SpeaksOrRelates])?;
        while !self.is_told()
            && let Some(row) = rows.next()?
        {
            let other = row.get(0)?;
            if !changed.contains(&other) {
                let label: String = row.get(1)?;
                self.add(other, || format!("“{label}” builds on it"));
            }
        }
        Ok(())
    }
}
