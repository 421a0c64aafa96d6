//! Which rows are live, and the charts, scenes and settings, by the revisions.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::{Connection, OptionalExtension as _};

use super::{Checked, broken};
use crate::case::{
    Progress,
    history::{Effects, Way},
    record::{self, PLACEMENT},
};

/// What the revisions say of which rows are live. What a revision added stands or falls as a whole,
/// so only the rows of which somebody thought otherwise are kept one by one.
#[derive(Default)]
pub(super) struct Standing {
    /// Whether what a revision added stands.
    revisions: HashMap<i64, bool>,
    /// Rows that differ from that, by the revision that added them.
    apart: HashMap<(&'static str, i64), HashMap<i64, bool>>,
    /// Statements whose passages support them no longer.
    dismissed: BTreeSet<i64>,
}

/// Kinds of rows that stand or do not.
const TABLES: [&str; 2] = ["statement", "citation"];

impl Standing {
    fn add(&mut self, revision: i64, stands: bool) {
        self.revisions.insert(revision, stands);
        for table in TABLES {
            self.apart.remove(&(table, revision));
        }
    }

    fn flip(&mut self, db: &Connection, kind: &str, target: i64, stands: bool) -> Checked {
        if kind == "passage" {
            let _ =
                if stands { self.dismissed.remove(&target) } else { self.dismissed.insert(target) };
            return Ok(());
        }
        let Some(table) = TABLES.into_iter().find(|table| *table == kind) else {
            return broken(format!("there is no kind of row called “{kind}”"));
        };
        let revision: Option<i64> = db
            .prepare_cached(&format!("SELECT revision FROM {table} WHERE key = ?1"))?
            .query_row([target], |row| row.get(0))
            .optional()?;
        if let Some(revision) = revision {
            self.apart.entry((table, revision)).or_default().insert(target, stands);
        }
        Ok(())
    }

    /// Whether a row that a revision added is live.
    pub(super) fn of(&self, table: &'static str, revision: i64, key: i64) -> Option<bool> {
        let apart = self.apart.get(&(table, revision)).and_then(|apart| apart.get(&key));
        apart.or_else(|| self.revisions.get(&revision)).copied()
    }

    /// Compares citations with it, and what is no longer supported by where it was read. Statements
    /// have been compared while they were hashed.
    fn compare(&self, db: &Connection, progress: &Progress) -> Checked {
        let mut query = db.prepare("SELECT key, live, revision FROM citation ORDER BY key")?;
        let mut rows = query.query([])?;
        let mut count = 0_u64;
        while let Some(row) = rows.next()? {
            count += 1;
            if count.is_multiple_of(4096) {
                progress.check()?;
            }
            let (key, live, revision): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            if self.of("citation", revision, key).map(i64::from) != Some(live) {
                return broken(format!(
                    "whether citation {key} of revision {revision} stands is not what the revisions say"
                ));
            }
        }
        let mut query = db.prepare("SELECT statement FROM dismissed ORDER BY statement")?;
        let found: BTreeSet<i64> =
            query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        match found.symmetric_difference(&self.dismissed).next() {
            None => Ok(()),
            Some(key) => broken(format!(
                "whether statement {key} is supported by where it was read is not what the revisions say"
            )),
        }
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
        self.standing.compare(db, progress)?;
        same_records(db, self.records)
    }
}

/// Replays every revision.
pub(super) fn replay(db: &Connection, progress: &Progress) -> Checked<Replayed> {
    let mut standing = Standing::default();
    let mut records: BTreeMap<(String, String), String> = BTreeMap::new();
    let mut effects = Effects::default();
    let mut newest = i64::MIN;
    let mut revisions = db.prepare("SELECT number, inverts FROM revision ORDER BY number")?;
    let mut revisions = revisions.query([])?;
    while let Some(row) = revisions.next()? {
        progress.check()?;
        let number = row.get(0)?;
        let (base, way) = effects.of(number, row.get(1)?)?;
        let forward = way == Way::Forward;
        let order = if forward { "" } else { "DESC" };
        // What a revision added comes before what it flipped, so backwards it comes after.
        if forward {
            standing.add(base, true);
        }
        let mut query = db.prepare_cached(&format!(
            "SELECT kind, target, live FROM flip WHERE revision = ?1 ORDER BY key {order}"
        ))?;
        let mut rows = query.query([base])?;
        while let Some(row) = rows.next()? {
            let kind: String = row.get(0)?;
            standing.flip(db, &kind, row.get(1)?, row.get::<_, bool>(2)? == forward)?;
        }
        if !forward {
            standing.add(base, false);
        }
        let mut query = db.prepare_cached(&format!(
            "SELECT kind, id, old, new, key FROM journal WHERE revision = ?1 ORDER BY key {order}"
        ))?;
        let mut rows = query.query([base])?;
        while let Some(row) = rows.next()? {
            let name: (String, String) = (row.get(0)?, row.get(1)?);
            let image = |column| -> Checked<Option<String>> {
                let image: Option<String> = row.get(column)?;
                Ok(image
                    .map(|image| if name.0 == PLACEMENT { no_negative_zero(image) } else { image }))
            };
            let (old, new) = (image(2)?, image(3)?);
            if number == base {
                let key: i64 = row.get(4)?;
                // When it was written, it named what was there, and came after all before it.
                if records.get(&name) != old.as_ref() || key <= newest {
                    return broken(format!(
                        "what revision {number} says was there before it of the {} {} is not what the revisions before it say",
                        name.0,
                        name.1.replace('\n', " / ")
                    ));
                }
                newest = key;
            }
            match if forward { new } else { old } {
                Some(image) => records.insert(name, image),
                None => records.remove(&name),
            };
        }
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
