//! Which rows are live, and the charts, scenes and settings, by the revisions.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use super::{Checked, broken};
use crate::{
    case::{
        Progress,
        record::{self, PLACEMENT},
        standing::{Horizon, Standing, Target},
    },
    model::{CitationKey, RevisionNumber, StatementKey},
};

/// Compares revisions and citations with how they stand, and what is no longer supported by where
/// it was read. Statements have been compared while they were hashed.
fn compare(standing: &Standing, db: &Connection, progress: &Progress) -> Checked {
    let mut query = db.prepare("SELECT number, live FROM revision ORDER BY number")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let (number, live): (RevisionNumber, i64) = (row.get(0)?, row.get(1)?);
        if live != i64::from(standing.is_live(number)) {
            return broken(format!(
                "whether revision {number} is undone is not what the revisions after it say"
            ));
        }
    }
    let mut query = db.prepare("SELECT key, stands, revision FROM citation ORDER BY key")?;
    let mut rows = query.query([])?;
    let mut count = 0_u64;
    while let Some(row) = rows.next()? {
        count += 1;
        if count.is_multiple_of(4096) {
            progress.check()?;
        }
        let (key, stands): (CitationKey, i64) = (row.get(0)?, row.get(1)?);
        let revision: RevisionNumber = row.get(2)?;
        if standing.stands(Target::Citation(key)) != stands {
            return broken(format!(
                "whether citation {} of revision {revision} stands is not what the revisions say",
                key.row()
            ));
        }
    }
    let mut query = db.prepare("SELECT statement FROM dismissed ORDER BY statement")?;
    let found: BTreeSet<StatementKey> =
        query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let expected: BTreeSet<StatementKey> =
        standing.dismissed(StatementKey::MIN, StatementKey::MAX).collect();
    match found.symmetric_difference(&expected).next() {
        None => Ok(()),
        Some(key) => broken(format!(
            "whether statement {} is supported by where it was read is not what the revisions say",
            key.row()
        )),
    }
}

/// What the case comes to by its revisions.
pub(super) struct Replayed {
    standing: Standing,
    records: BTreeMap<(String, String), String>,
}

impl std::ops::Deref for Replayed {
    type Target = Standing;

    fn deref(&self) -> &Standing {
        &self.standing
    }
}

impl Replayed {
    /// Compares the case with it.
    pub(super) fn compare(self, db: &Connection, progress: &Progress) -> Checked {
        compare(&self.standing, db, progress)?;
        same_records(db, self.records)
    }
}

/// Works out from the revisions what holds.
pub(super) fn replay(db: &Connection, progress: &Progress) -> Checked<Replayed> {
    let standing = Standing::of(db, &Horizon::default(), progress)?;
    let mut records: BTreeMap<(String, String), String> = BTreeMap::new();
    let mut query = db.prepare(
        "SELECT j.kind, j.id, j.new, j.revision FROM journal j JOIN revision r ON r.number = j.revision
         ORDER BY r.clock, r.id, j.key",
    )?;
    let mut rows = query.query([])?;
    let mut count = 0_u64;
    while let Some(row) = rows.next()? {
        count += 1;
        if count.is_multiple_of(4096) {
            progress.check()?;
        }
        if !standing.is_live(row.get(3)?) {
            continue;
        }
        let name: (String, String) = (row.get(0)?, row.get(1)?);
        match row.get::<_, Option<String>>(2)? {
            Some(image) if name.0 == PLACEMENT => records.insert(name, no_negative_zero(image)),
            Some(image) => records.insert(name, image),
            None => records.remove(&name),
        };
    }
    Ok(Replayed { standing, records })
}

/// The image of a placement as the table gives it back, which keeps no negative zero.
fn no_negative_zero(image: String) -> String {
    if !image.contains(":-0.0") {
        return image;
    }
    image.replace(":-0.0,", ":0.0,").replace(":-0.0}", ":0.0}")
}

/// Compares the charts, scenes, settings and placements with what the journal amounts to.
fn same_records(db: &Connection, mut expected: BTreeMap<(String, String), String>) -> Checked {
    let mut query = db.prepare(
        "SELECT kind, id FROM record UNION ALL SELECT ?1, chart || char(10) || entity FROM placement",
    )?;
    let mut rows = query.query([PLACEMENT])?;
    while let Some(row) = rows.next()? {
        let (kind, id): (String, String) = (row.get(0)?, row.get(1)?);
        let found = record::read(db, &kind, &id)?;
        if found != expected.remove(&(kind.clone(), id.clone())) {
            return broken(format!(
                "the {kind} {} is not what the revisions say",
                id.replace('\n', " / ")
            ));
        }
    }
    match expected.into_keys().next() {
        Some((kind, id)) => broken(format!("the {kind} {} is missing", id.replace('\n', " / "))),
        None => Ok(()),
    }
}
