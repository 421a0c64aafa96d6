//! What is derived from the statements: captions, ends of relationships, degrees, the search index. Kept up to date in the same transaction, and rebuilt by `verify`.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{
    Error, Progress, Result, block, index, segments, standing,
    touched::{RELOAD_ABOVE, Touched, read_into},
};
use crate::model::{
    Id, RevisionNumber,
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
    Ok(project_home(db, entity)?.map(|(projected, _)| projected))
}

/// The same, with the block that it stands in.
fn project_home(
    db: &Connection,
    entity: i64,
) -> Result<Option<(Projected, Option<RevisionNumber>)>> {
    let mut query = db.prepare_cached(
        "SELECT t.text, s.value, s.revision, s.stands FROM passage p
         CROSS JOIN statement s ON s.key BETWEEN p.first AND p.last
         JOIN term t ON t.key = s.property JOIN revision r ON r.number = s.revision
         WHERE p.entity = ?1 AND s.stands + r.live > 1 AND NOT s.denied
         ORDER BY r.clock, r.id, s.key",
    )?;
    let mut values: Vec<(String, String)> = Vec::new();
    // The revision that says all of it, and only as long as it is live.
    let mut alone: Option<RevisionNumber> = None;
    let mut rows = query.query([entity])?;
    while let Some(row) = rows.next()? {
        let (revision, stands): (RevisionNumber, i64) = (row.get(2)?, row.get(3)?);
        let same = values.is_empty() || alone == Some(revision);
        alone = Some(revision).filter(|_| same && stands == standing::AS_ITS_REVISION);
        values.push((row.get(0)?, row.get(1)?));
    }
    drop(rows);
    let said: Vec<Said<'_>> =
        values.iter().map(|(property, value)| Said::asserted(property, value)).collect();
    let Some(projected) = Projected::of(id_of(db, entity)?.as_str(), &said) else {
        return Ok(None);
    };
    Ok(Some((projected, block::home(db, entity, alone)?)))
}

/// Makes the projections of everything anew. The tables must be empty.
pub(super) fn rebuild(db: &Connection, progress: &Progress) -> Result<()> {
    let mut query = db.prepare("SELECT key FROM entity ORDER BY key")?;
    let mut rows = query.query([])?;
    let mut degrees = BTreeSet::new();
    while let Some(row) = rows.next()? {
        progress.check()?;
        write(db, row.get(0)?, &mut degrees)?;
    }
    count_degrees(db, degrees)
}

/// Counts the relationships of entities anew.
pub(super) fn count_degrees(
    db: &Connection,
    entities: impl IntoIterator<Item = i64>,
) -> Result<()> {
    for entity in entities {
        // What stands in a block counts the relationships of that as if it were in sight.
        db.prepare_cached(
            "UPDATE every_node SET degree = (SELECT count(*) FROM (
               SELECT l.entity FROM every_link l WHERE l.source = ?1 AND (l.block IS NULL
                 OR l.block = every_node.block OR l.block NOT IN (SELECT block FROM hidden))
               UNION
               SELECT l.entity FROM every_link l WHERE l.target = ?1 AND (l.block IS NULL
                 OR l.block = every_node.block OR l.block NOT IN (SELECT block FROM hidden))))
             WHERE entity = ?1",
        )?
        .execute([entity])?;
    }
    Ok(())
}

/// Brings the projections of everything touched up to date.
pub(super) fn refresh(db: &Connection, touched: &mut Touched, progress: &Progress) -> Result<()> {
    spread(db, touched)?;
    let back = segments::put_back(db, &touched.entities)?;
    let mut degrees = std::mem::take(&mut touched.ends);
    let blocks = block::any(db)?;
    let imports = if blocks { segments::imports(db)? } else { BTreeSet::new() };
    let mut strays: BTreeMap<RevisionNumber, Vec<i64>> = BTreeMap::new();
    for (done, &entity) in touched.entities.iter().enumerate() {
        progress.check()?;
        let Written { block, is_indexed } = write(db, entity, &mut degrees)?;
        if blocks {
            block::note(db, entity, block)?;
        }
        if let Some(block) = block.filter(|block| is_indexed && imports.contains(block)) {
            strays.entry(block).or_default().push(entity);
        }
        progress.report(done as u64 + 1, touched.entities.len() as u64);
    }
    for (block, strays) in strays {
        block::note_strays(db, block, &strays)?;
    }
    count_degrees(db, degrees)?;
    let turned = std::mem::take(&mut touched.turned);
    if turned {
        block::find_gaps(db)?;
    }
    if turned || back {
        segments::take_out(db)?;
    }
    Ok(())
}

/// How the projections of an entity were written.
struct Written {
    /// The block that it stands in.
    block: Option<RevisionNumber>,
    /// Whether it has an entry in the search index.
    is_indexed: bool,
}

/// Writes the projections of an entity as its statements say they should be; adds it and its ends,
/// before and after, to those whose degrees may have changed.
fn write(db: &Connection, entity: i64, degrees: &mut BTreeSet<i64>) -> Result<Written> {
    let (projected, block) = project_home(db, entity)?.unzip();
    let block = block.flatten();
    degrees.extend(ends_in(db, "every_link", entity)?);
    write_link(db, entity, projected.as_ref(), block)?;
    degrees.extend(ends_in(db, "every_link", entity)?);
    write_node(db, entity, projected.as_ref(), block)?;
    degrees.insert(entity);
    let is_indexed = projected.is_some_and(|projected| !projected.entry.words.is_empty());
    Ok(Written { block, is_indexed })
}

/// The ends of a relationship; none where it does not stand.
pub(super) fn ends_of(db: &Connection, link: i64) -> Result<Vec<i64>> {
    ends_in(db, "link", link)
}

fn ends_in(db: &Connection, table: &str, link: i64) -> Result<Vec<i64>> {
    Ok(db
        .prepare_cached(&format!("SELECT source, target FROM {table} WHERE entity = ?1"))?
        .query_row([link], |row| Ok(vec![row.get(0)?, row.get(1)?]))
        .optional()?
        .unwrap_or_default())
}

fn write_link(
    db: &Connection,
    entity: i64,
    projected: Option<&Projected>,
    block: Option<RevisionNumber>,
) -> Result<()> {
    match projected.and_then(|d| d.ends.as_ref()) {
        Some((source, target)) => {
            let source = key_of(db, &Id::from(source.as_str()))?;
            let target = key_of(db, &Id::from(target.as_str()))?;
            // Not OR REPLACE: that opens a savepoint, at which the search index writes what it has
            // gathered so far, each time.
            db.prepare_cached(
                "INSERT INTO every_link(entity, source, target, block) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT(entity) DO UPDATE SET
                 source = excluded.source, target = excluded.target, block = excluded.block",
            )?
            .execute(params![entity, source, target, block])?
        }
        None => db.prepare_cached("DELETE FROM every_link WHERE entity = ?1")?.execute([entity])?,
    };
    Ok(())
}

fn write_node(
    db: &Connection,
    entity: i64,
    projected: Option<&Projected>,
    block: Option<RevisionNumber>,
) -> Result<()> {
    index::remove(db, entity)?;
    match projected {
        Some(projected) => {
            db.prepare_cached(
                "INSERT INTO every_node(entity, schema, caption, degree, block)
                 VALUES (?1, ?2, ?3, 0, ?4)
                 ON CONFLICT(entity) DO UPDATE SET
                 schema = excluded.schema, caption = excluded.caption, block = excluded.block",
            )?
            .execute(params![
                entity,
                term(db, &projected.schema)?,
                projected.caption,
                block
            ])?;
            index::add(db, entity, &projected.entry)?;
            block::leave_gap(db, entity)?;
        }
        None => {
            db.prepare_cached("DELETE FROM every_node WHERE entity = ?1")?.execute([entity])?;
        }
    }
    Ok(())
}

/// Adds what follows from the entities touched so far: the description of a document decides how strong
/// what cites it is.
pub(super) fn spread(db: &Connection, touched: &mut Touched) -> Result<()> {
    const QUERIES: [&str; 2] = [
        "SELECT s.entity FROM citation c JOIN statement s ON s.key = c.statement
             WHERE c.entity = ?1",
        "SELECT entity FROM passage WHERE evidence = ?1",
    ];
    for &entity in touched.entities.union(&touched.turning) {
        if !is_evidence(db, entity)? {
            continue;
        }
        touched.evidence = true;
        for query in QUERIES {
            read_into(&mut touched.citing, RELOAD_ABOVE, db, query, entity)?;
        }
    }
    Ok(())
}
