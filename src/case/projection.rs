//! What is derived from the statements: captions, ends of relationships, degrees, the search index. Kept up to date in the same transaction, and rebuilt by `verify`.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{Error, Progress, Result, commit::Touched, index};
use crate::model::{
    Id,
    derive::{self, Derived, Said},
    entity::SCHEMA,
};

/// The key of a term, which is made where it is new.
pub(super) fn term(db: &Connection, text: &str) -> Result<i64> {
    intern(db, "SELECT key FROM term WHERE text = ?1", "INSERT INTO term(text) VALUES (?1)", text)
}

/// The key of an entity, which is made where it is new.
pub(super) fn key_of(db: &Connection, id: &Id) -> Result<i64> {
    intern(
        db,
        "SELECT key FROM entity WHERE id = ?1",
        "INSERT INTO entity(id) VALUES (?1)",
        id.as_str(),
    )
}

fn intern(db: &Connection, find: &str, make: &str, text: &str) -> Result<i64> {
    let found = db.prepare_cached(find)?.query_row([text], |row| row.get(0)).optional()?;
    if let Some(key) = found {
        return Ok(key);
    }
    db.prepare_cached(make)?.execute([text])?;
    Ok(db.last_insert_rowid())
}

/// The key of an entity that has been spoken of.
pub(super) fn find_key(db: &Connection, id: &Id) -> Result<Option<i64>> {
    Ok(db
        .prepare_cached("SELECT key FROM entity WHERE id = ?1")?
        .query_row([id.as_str()], |row| row.get(0))
        .optional()?)
}

/// The id of an entity.
pub(super) fn id_of(db: &Connection, key: i64) -> Result<Id> {
    let id: Option<String> = db
        .prepare_cached("SELECT id FROM entity WHERE key = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()?;
    id.map(Id::from).ok_or_else(|| Error::Corrupt(format!("entity {key} has no id")))
}

/// Whether a live statement says that the entity exists. Asks the statements.
pub(super) fn exists(db: &Connection, entity: i64) -> Result<bool> {
    let sql = "SELECT 1 FROM passage p CROSS JOIN statement s ON s.key BETWEEN p.first AND p.last
               JOIN term t ON t.key = s.property JOIN revision r ON r.number = s.revision
               WHERE p.entity = ?1 AND t.text = ?2 AND s.stands + r.live > 1 AND NOT s.denied";
    Ok(db.prepare_cached(sql)?.exists(params![entity, SCHEMA])?)
}

/// Whether the entity stands for a document in the case.
pub(super) fn is_evidence(db: &Connection, entity: i64) -> Result<bool> {
    Ok(db
        .prepare_cached("SELECT EXISTS(SELECT 1 FROM evidence WHERE entity = ?1)")?
        .query_row([entity], |row| row.get(0))?)
}

/// The relationships that have an entity at one of their ends.
pub(super) fn links_at(db: &Connection, entity: i64) -> Result<Vec<i64>> {
    let mut query = db.prepare_cached(
        "SELECT entity FROM link WHERE source = ?1 UNION SELECT entity FROM link WHERE target = ?1",
    )?;
    let rows = query.query_map([entity], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The projections of an entity, as its statements say they should be.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Projected {
    pub(super) schema: String,
    pub(super) caption: String,
    pub(super) ends: Option<(String, String)>,
    pub(super) entry: index::Entry,
}

impl Projected {
    /// From the live statements of an entity in their order; `None` where it does not exist.
    pub(super) fn of(id: &str, said: &[Said<'_>]) -> Option<Self> {
        let Derived { schema, caption, ends, .. } = derive::derive(id, said)?;
        Some(Self {
            schema: schema.to_owned(),
            caption,
            ends: ends.map(|(source, target)| (source.to_owned(), target.to_owned())),
            entry: index::Entry::of(schema, said),
        })
    }
}

/// Projects an entity from its live statements in the file.
pub(super) fn project(db: &Connection, entity: i64) -> Result<Option<Projected>> {
    let mut query = db.prepare_cached(
        "SELECT t.text, s.value FROM passage p
         CROSS JOIN statement s ON s.key BETWEEN p.first AND p.last
         JOIN term t ON t.key = s.property JOIN revision r ON r.number = s.revision
         WHERE p.entity = ?1 AND s.stands + r.live > 1 AND NOT s.denied
         ORDER BY r.clock, r.id, s.key",
    )?;
    let values: Vec<(String, String)> = query
        .query_map([entity], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let said: Vec<Said<'_>> =
        values.iter().map(|(property, value)| Said::asserted(property, value)).collect();
    Ok(Projected::of(id_of(db, entity)?.as_str(), &said))
}

/// Writes the projections of an entity that nobody has spoken of before; gives the keys of its
/// ends. Degrees follow with [`count_degrees`].
pub(super) fn insert_new(
    db: &Connection,
    entity: i64,
    schema: i64,
    projected: &Projected,
) -> Result<Vec<i64>> {
    db.prepare_cached("INSERT INTO node(entity, schema, caption, degree) VALUES (?1, ?2, ?3, 0)")?
        .execute(params![entity, schema, projected.caption])?;
    index::add(db, entity, &projected.entry)?;
    let Some((source, target)) = &projected.ends else { return Ok(Vec::new()) };
    let source = key_of(db, &Id::from(source.as_str()))?;
    let target = key_of(db, &Id::from(target.as_str()))?;
    // Not OR REPLACE: that opens a savepoint, at which the search index writes what it has
    // gathered so far, each time.
    db.prepare_cached("INSERT INTO link(entity, source, target) VALUES (?1, ?2, ?3)")?
        .execute([entity, source, target])?;
    Ok(vec![source, target])
}

/// Makes the projections of everything anew. The tables must be empty.
pub(super) fn rebuild(db: &Connection, progress: &Progress) -> Result<()> {
    let mut query = db.prepare("SELECT key FROM entity ORDER BY key")?;
    let mut rows = query.query([])?;
    let mut ends = std::collections::BTreeSet::new();
    while let Some(row) = rows.next()? {
        progress.check()?;
        let entity = row.get(0)?;
        if let Some(projected) = project(db, entity)? {
            let schema = term(db, &projected.schema)?;
            ends.extend(insert_new(db, entity, schema, &projected)?);
        }
    }
    count_degrees(db, ends)
}

/// Counts the relationships of entities anew.
pub(super) fn count_degrees(
    db: &Connection,
    entities: impl IntoIterator<Item = i64>,
) -> Result<()> {
    for entity in entities {
        db.prepare_cached("UPDATE node SET degree = ?2 WHERE entity = ?1")?
            .execute(params![entity, degree(db, entity)?])?;
    }
    Ok(())
}

/// Brings the projections of everything touched up to date.
pub(super) fn refresh(db: &Connection, touched: &mut Touched, progress: &Progress) -> Result<()> {
    touched.spread(db)?;
    let mut degrees = std::collections::BTreeSet::new();
    for (done, &entity) in touched.entities.iter().enumerate() {
        progress.check()?;
        let projected = project(db, entity)?;
        degrees.extend(ends_of(db, entity)?);
        refresh_link(db, entity, projected.as_ref())?;
        degrees.extend(ends_of(db, entity)?);
        refresh_node(db, entity, projected.as_ref())?;
        degrees.insert(entity);
        progress.report(done as u64 + 1, touched.entities.len() as u64);
    }
    count_degrees(db, degrees)
}

pub(super) fn ends_of(db: &Connection, link: i64) -> Result<Vec<i64>> {
    Ok(db
        .prepare_cached("SELECT source, target FROM link WHERE entity = ?1")?
        .query_row([link], |row| Ok(vec![row.get(0)?, row.get(1)?]))
        .optional()?
        .unwrap_or_default())
}

/// How many relationships touch an entity; one from it to itself counts once.
pub(super) fn degree(db: &Connection, entity: i64) -> Result<i64> {
    Ok(db
        .prepare_cached(
            "SELECT count(*) FROM (SELECT entity FROM link WHERE source = ?1
             UNION SELECT entity FROM link WHERE target = ?1)",
        )?
        .query_row([entity], |row| row.get(0))?)
}

fn refresh_link(db: &Connection, entity: i64, projected: Option<&Projected>) -> Result<()> {
    let ends = match projected.and_then(|d| d.ends.as_ref()) {
        Some((source, target)) => {
            Some((key_of(db, &Id::from(source.as_str()))?, key_of(db, &Id::from(target.as_str()))?))
        }
        None => None,
    };
    match ends {
        Some((source, target)) => db
            .prepare_cached(
                "INSERT OR REPLACE INTO link(entity, source, target) VALUES (?1, ?2, ?3)",
            )?
            .execute([entity, source, target])?,
        None => db.prepare_cached("DELETE FROM link WHERE entity = ?1")?.execute([entity])?,
    };
    Ok(())
}

fn refresh_node(db: &Connection, entity: i64, projected: Option<&Projected>) -> Result<()> {
    index::remove(db, entity)?;
    match projected {
        Some(projected) => {
            db.prepare_cached(
                "INSERT INTO node(entity, schema, caption, degree) VALUES (?1, ?2, ?3, 0)
                 ON CONFLICT(entity) DO UPDATE SET
                 schema = excluded.schema, caption = excluded.caption",
            )?
            .execute(params![
                entity,
                term(db, &projected.schema)?,
                projected.caption
            ])?;
            index::add(db, entity, &projected.entry)?;
        }
        None => {
            db.prepare_cached("DELETE FROM node WHERE entity = ?1")?.execute([entity])?;
        }
    }
    Ok(())
}
