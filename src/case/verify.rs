//! Whether a case still is what its authors wrote: the chain, the evidence, the projections.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{
    Case, Error, Progress, Result, blob, digest, history,
    history::Way,
    index::Sum,
    open::hex,
    projection,
    record::{self, PLACEMENT},
};

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everything holds.
    Holds {
        /// How many revisions were checked.
        revisions: u64,
        /// How many different documents were checked.
        blobs: u64,
    },
    /// The first revision, document or projection that does not, in one sentence.
    Broken(String),
}

/// Why a check ended early: something is broken, or the check itself could not go on.
enum Stop {
    Broken(String),
    Failed(Error),
}

type Checked<T = ()> = std::result::Result<T, Stop>;

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        match error {
            Error::Corrupt(what) => Self::Broken(what),
            other => Self::Failed(other),
        }
    }
}

impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Self {
        Error::from(error).into()
    }
}

fn broken<T>(what: impl Into<String>) -> Checked<T> {
    Err(Stop::Broken(what.into()))
}

/// Puts the place in front of what is broken there.
fn at<T>(place: impl Into<String>, checked: Checked<T>) -> Checked<T> {
    checked.map_err(|stop| match stop {
        Stop::Broken(what) => Stop::Broken(format!("{}: {what}", place.into())),
        failed @ Stop::Failed(_) => failed,
    })
}

impl Case {
    /// Recomputes the hash chain and the hash of every document, replays every revision, and
    /// rebuilds every projection; names the first that differs. Changes nothing.
    pub fn verify(&self, progress: &Progress) -> Result<Verdict> {
        // One transaction, so that a writer elsewhere cannot change the ground meanwhile.
        let tx = self.db.unchecked_transaction()?;
        match check(&tx, progress) {
            Ok(verdict) => Ok(verdict),
            Err(Stop::Broken(what)) => Ok(Verdict::Broken(what)),
            Err(Stop::Failed(error)) => Err(error),
        }
    }
}

fn check(db: &Connection, progress: &Progress) -> Checked<Verdict> {
    let revisions = chain(db, progress)?;
    let blobs = blobs(db, progress)?;
    replay(db, progress)?;
    let entries = projections(db, progress)?;
    at("the search index", search(db, entries, progress))?;
    pages(db)?;
    Ok(Verdict::Holds { revisions, blobs })
}

/// The chain of digests, and that no row stands outside it.
fn chain(db: &Connection, progress: &Progress) -> Checked<u64> {
    let meta = |name: &str| -> Checked<String> {
        let value = db
            .query_row("SELECT value FROM meta WHERE name = ?1", [name], |row| row.get(0))
            .optional()?;
        value.map_or_else(|| broken(format!("the case has lost its {name}")), Ok)
    };
    order(db, progress)?;
    let mut before = hex(&digest::genesis(&meta("case_id")?));
    let total: i64 = db.query_row("SELECT count(*) FROM revision", [], |row| row.get(0))?;
    let mut query = db.prepare("SELECT number, digest, label FROM revision ORDER BY number")?;
    let mut rows = query.query([])?;
    let mut expected = 0;
    while let Some(row) = at(format!("after revision {expected}"), rows.next().map_err(Stop::from))?
    {
        expected += 1;
        progress.check()?;
        progress.report(expected as u64, total as u64 * 2);
        let number: i64 = row.get(0)?;
        if number != expected {
            return broken(format!("revision {expected} is missing"));
        }
        let found = at(
            format!("revision {number}"),
            digest::of(db, number, before.as_bytes(), None).map_err(Stop::from),
        )?;
        if row.get_ref(1)?.as_blob().ok() != Some(found.as_slice()) {
            let label: String = row.get(2).unwrap_or_default();
            return broken(format!(
                "revision {number} (“{label}”) is not what its author wrote: its digest does not match"
            ));
        }
        before = hex(&found);
    }
    for table in ["statement", "evidence", "custody", "citation", "flip", "journal"] {
        let stray: Option<i64> = db
            .query_row(
                &format!(
                    "SELECT revision FROM {table} WHERE revision NOT IN (SELECT number FROM revision) LIMIT 1"
                ),
                [],
                |row| row.get(0),
            )
            .optional()?;
        if let Some(number) = stray {
            return broken(format!("revision {number} is missing, but a {table} of it is there"));
        }
    }
    let stray: Option<i64> = db
        .query_row(
            "SELECT first FROM passage WHERE NOT EXISTS(SELECT 1 FROM statement WHERE key = first) LIMIT 1",
            [],
            |row| row.get(0),
        )
        .optional()?;
    if let Some(key) = stray {
        return broken(format!("statement {key} is missing, but a passage begins with it"));
    }
    if meta("head")? != before {
        return broken(format!(
            "revision {} is missing: the case ends with another digest than its last revision",
            expected + 1
        ));
    }
    Ok(expected as u64)
}

/// That statements are numbered in the order of their revisions: by that those of one are found.
fn order(db: &Connection, progress: &Progress) -> Checked {
    let mut query = db.prepare("SELECT revision FROM statement ORDER BY key")?;
    let mut rows = query.query([])?;
    let (mut before, mut count) = (i64::MIN, 0_u64);
    while let Some(row) = rows.next()? {
        count += 1;
        if count.is_multiple_of(4096) {
            progress.check()?;
        }
        let revision: i64 = row.get(0)?;
        if revision < before {
            return broken(format!(
                "a statement of revision {before} stands before one of revision {revision}"
            ));
        }
        before = revision;
    }
    Ok(())
}

/// The bytes of every document.
fn blobs(db: &Connection, progress: &Progress) -> Checked<u64> {
    let mut query = db.prepare(
        "SELECT b.key, b.sha256, (SELECT min(v.revision) FROM evidence v WHERE v.blob = b.key)
         FROM blob b ORDER BY 3, b.key",
    )?;
    let mut rows = query.query([])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        progress.check()?;
        let name = hex(&row.get::<_, Vec<u8>>(1)?);
        if row.get::<_, Option<i64>>(2)?.is_none() {
            return broken(format!("blob {name} belongs to no evidence"));
        }
        let read = blob::read(db, row.get(0)?, &mut std::io::sink(), progress);
        at(format!("blob {name}"), read.map_err(Stop::from))?;
        count += 1;
    }
    let stray: bool = db.query_row(
        "SELECT EXISTS(SELECT 1 FROM blob_part WHERE blob NOT IN (SELECT key FROM blob))",
        [],
        |row| row.get(0),
    )?;
    if stray {
        return broken("a part of a blob is there, but the blob is missing");
    }
    Ok(count)
}

/// What the revisions say of which rows stand. What a revision added stands or falls as a whole,
/// so only the rows of which somebody thought otherwise are kept one by one.
#[derive(Default)]
struct Standing {
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

    /// Compares the rows with it.
    fn compare(&self, db: &Connection, progress: &Progress) -> Checked {
        for table in TABLES {
            let mut query =
                db.prepare(&format!("SELECT key, live, revision FROM {table} ORDER BY key"))?;
            let mut rows = query.query([])?;
            let mut count = 0_u64;
            while let Some(row) = rows.next()? {
                count += 1;
                if count.is_multiple_of(4096) {
                    progress.check()?;
                }
                let (key, live, revision): (i64, i64, i64) =
                    (row.get(0)?, row.get(1)?, row.get(2)?);
                let apart = self.apart.get(&(table, revision)).and_then(|apart| apart.get(&key));
                let stands = apart.or_else(|| self.revisions.get(&revision));
                if stands.map(|stands| i64::from(*stands)) != Some(live) {
                    return broken(format!(
                        "whether {table} {key} of revision {revision} stands is not what the revisions say"
                    ));
                }
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

/// Which statements and citations stand, and the charts, scenes and settings, by the revisions.
fn replay(db: &Connection, progress: &Progress) -> Checked {
    let mut standing = Standing::default();
    let mut records: BTreeMap<(String, String), String> = BTreeMap::new();
    let mut revisions = db.prepare("SELECT number FROM revision ORDER BY number")?;
    let mut revisions = revisions.query([])?;
    while let Some(row) = revisions.next()? {
        progress.check()?;
        let (base, way) = history::effect(db, row.get(0)?)?;
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
        let image = if forward { "new" } else { "old" };
        let mut query = db.prepare_cached(&format!(
            "SELECT kind, id, {image} FROM journal WHERE revision = ?1 ORDER BY key {order}"
        ))?;
        let mut rows = query.query([base])?;
        while let Some(row) = rows.next()? {
            let name = (row.get(0)?, row.get(1)?);
            match row.get::<_, Option<String>>(2)? {
                Some(image) => records.insert(name, image),
                None => records.remove(&name),
            };
        }
    }
    standing.compare(db, progress)?;
    same_records(db, records)
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

/// Captions, ends and degrees, each derived anew from the statements. Gives what the search index
/// should come to.
fn projections(db: &Connection, progress: &Progress) -> Checked<Sum> {
    let total: i64 = db.query_row("SELECT count(*) FROM entity", [], |row| row.get(0))?;
    let mut entities = db.prepare("SELECT key, id FROM entity ORDER BY key")?;
    let mut entities = entities.query([])?;
    let mut node = db.prepare(
        "SELECT t.text, n.caption FROM node n LEFT JOIN term t ON t.key = n.schema
         WHERE n.entity = ?1",
    )?;
    let mut link = db.prepare(
        "SELECT s.id, t.id FROM link l LEFT JOIN entity s ON s.key = l.source
         LEFT JOIN entity t ON t.key = l.target WHERE l.entity = ?1",
    )?;
    let mut entries = Sum::default();
    let mut done = 0;
    while let Some(row) = entities.next()? {
        done += 1;
        if done % 256 == 0 {
            progress.check()?;
            progress.report((total + done) as u64, total as u64 * 2);
        }
        let (key, id): (i64, String) = (row.get(0)?, row.get(1)?);
        let derived = projection::derive(db, key)?;
        let found: Option<(String, String)> =
            node.query_row(params![key], |r| Ok((r.get(0)?, r.get(1)?))).optional()?;
        let ends: Option<(String, String)> =
            link.query_row([key], |r| Ok((r.get(0)?, r.get(1)?))).optional()?;
        let expected = derived.as_ref().map(|d| (&d.schema, &d.caption));
        if found.as_ref().map(|(schema, caption)| (schema, caption)) != expected {
            return broken(format!(
                "the schema or caption of entity {id} differs from its statements"
            ));
        }
        if let Some(derived) = &derived {
            entries.add_entry(key, &derived.entry);
        }
        if ends != derived.and_then(|d| d.ends) {
            return broken(format!("the ends of relationship {id} differ from its statements"));
        }
    }
    // With the ends known to be right, degrees can be counted from them.
    let mut degrees = db.prepare(
        "SELECT n.entity, n.degree, e.id FROM node n JOIN entity e ON e.key = n.entity ORDER BY n.entity",
    )?;
    let mut degrees = degrees.query([])?;
    while let Some(row) = degrees.next()? {
        if row.get::<_, i64>(1)? != projection::degree(db, row.get(0)?)? {
            let id: String = row.get(2)?;
            return broken(format!("the degree of entity {id} differs from its relationships"));
        }
    }
    for table in ["node", "link"] {
        let stray: bool = db.query_row(
            &format!(
                "SELECT EXISTS(SELECT 1 FROM {table} WHERE entity NOT IN (SELECT key FROM entity))"
            ),
            [],
            |row| row.get(0),
        )?;
        if stray {
            return broken(format!("a {table} belongs to no entity"));
        }
    }
    Ok(entries)
}

/// Compares every occurrence of every term with what the statements give.
fn search(db: &Connection, expected: Sum, progress: &Progress) -> Checked {
    if Sum::read(db, progress)? == expected {
        return Ok(());
    }
    broken("it differs from what the statements say")
}

/// What `SQLite` itself can tell about its pages and references.
fn pages(db: &Connection) -> Checked {
    let verdict: String = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        return broken(format!("the file's pages contradict each other ({verdict})"));
    }
    let mut query = db.prepare("PRAGMA foreign_key_check")?;
    let mut rows = query.query([])?;
    match rows.next()? {
        Some(row) => {
            let table: String = row.get(0)?;
            broken(format!("a {table} refers to something that is missing"))
        }
        None => Ok(()),
    }
}
