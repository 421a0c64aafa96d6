//! What the case says of an entity already, and where it says so.

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, RandomState},
};

use rusqlite::{Connection, params};

use crate::{
    case::{NewValue, Result},
    model::{RevisionNumber, StatementKey, entity::SCHEMA, schema},
};

/// What is stated of an entity already, or was until somebody withdrew it.
#[derive(Debug, Default)]
pub(super) struct Stated {
    /// The statements, by what they say.
    said: HashMap<Saying, Standing>,
    /// The schemata that are stated.
    schemata: Vec<String>,
    pub(super) exists: bool,
    /// Whether an earlier revision speaks of it.
    pub(super) stood_before: bool,
}

/// A property, a value, and whether it is denied, as 128 bits of two keyed hashes: nobody who
/// writes a file knows the keys, so that no two values in it are taken for the same.
type Saying = (u64, u64);

/// A statement.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    pub(super) key: StatementKey,
    pub(super) live: bool,
}

impl Stated {
    /// Reads it for the import that is this revision.
    fn of(
        db: &Connection,
        entity: i64,
        import: RevisionNumber,
        keys: &[RandomState; 2],
    ) -> Result<Self> {
        let mut query = db.prepare_cached(
            "SELECT t.text, s.value, s.denied, s.stands + r.live > 1, s.revision, s.key, r.live
             FROM passage p CROSS JOIN statement s ON s.key BETWEEN p.first AND p.last
             JOIN term t ON t.key = s.property JOIN revision r ON r.number = s.revision
             WHERE p.entity = ?1 ORDER BY s.key",
        )?;
        let mut rows = query.query(params![entity])?;
        let mut stated = Self::default();
        while let Some(row) = rows.next()? {
            let (property, value): (String, String) = (row.get(0)?, row.get(1)?);
            let (denied, live, revision): (bool, bool, RevisionNumber) =
                (row.get(2)?, row.get(3)?, row.get(4)?);
            // What was undone may be said again.
            if !live && !row.get::<_, bool>(6)? {
                continue;
            }
            stated.stood_before |= revision < import;
            let standing = Standing { key: row.get(5)?, live };
            stated.add(keys, &property, &value, denied, standing);
        }
        Ok(stated)
    }

    fn add(
        &mut self,
        keys: &[RandomState; 2],
        property: &str,
        value: &str,
        denied: bool,
        standing: Standing,
    ) {
        if property == SCHEMA {
            self.exists |= standing.live && !denied;
            if !self.schemata.iter().any(|schema| schema == value) {
                self.schemata.push(value.to_owned());
            }
        }
        self.said
            .entry(saying(keys, property, value, denied))
            .and_modify(|said| *said = if said.live { *said } else { standing })
            .or_insert(standing);
    }

    /// Whether nothing is stated.
    pub(super) fn is_empty(&self) -> bool {
        self.said.is_empty()
    }

    /// Whether a schema says more than the ones that are stated.
    pub(super) fn needs_schema(&self, new: &str) -> bool {
        !self
            .schemata
            .iter()
            .any(|old| old == new || schema::schema(old).is_some_and(|schema| schema.is_a(new)))
    }
}

fn saying(keys: &[RandomState; 2], property: &str, value: &str, denied: bool) -> Saying {
    let said = (property, value, denied);
    (keys[0].hash_one(said), keys[1].hash_one(said))
}

/// What is stated of the entities that an import speaks of more than once. Asking the file again
/// at each line about an entity would take the square of their number.
#[derive(Debug, Default)]
pub(super) struct Known {
    keys: [RandomState; 2],
    entities: HashMap<i64, Stated>,
    /// How many statements of entities with few are kept.
    few: usize,
}

/// Entities with up to this many statements are read again where there is no more room …
const SMALL: usize = 64;
/// … which there is for this many statements of such.
const ROOM: usize = 500_000;

impl Known {
    /// What is stated of an entity, for the import that is this revision.
    pub(super) fn of(
        &mut self,
        db: &Connection,
        entity: i64,
        import: RevisionNumber,
    ) -> Result<&Stated> {
        if !self.entities.contains_key(&entity) {
            if self.few > ROOM {
                self.entities.retain(|_, stated| stated.said.len() > SMALL);
                self.few = 0;
            }
            let stated = Stated::of(db, entity, import, &self.keys)?;
            self.few += stated.said.len().min(SMALL);
            self.entities.insert(entity, stated);
        }
        Ok(&self.entities[&entity])
    }

    /// The statement of an entity that says the same.
    pub(super) fn find(&self, entity: i64, value: &NewValue) -> Option<Standing> {
        let saying = saying(&self.keys, &value.property, &value.value, value.denied);
        self.entities.get(&entity)?.said.get(&saying).copied()
    }

    /// Takes in a statement that was just made.
    pub(super) fn add(&mut self, entity: i64, value: &NewValue, key: StatementKey) {
        let Some(stated) = self.entities.get_mut(&entity) else { return };
        let standing = Standing { key, live: true };
        stated.add(&self.keys, &value.property, &value.value, value.denied, standing);
        self.few += usize::from(stated.said.len() <= SMALL);
    }
}

/// Whether a statement is cited already to one of these documents, or was until somebody took
/// that back.
pub(super) fn is_cited(
    db: &Connection,
    statement: StatementKey,
    documents: &[i64],
) -> Result<bool> {
    let mut query = db.prepare_cached(
        "SELECT evidence FROM passage
         WHERE first = (SELECT max(first) FROM passage WHERE first <= ?1) AND evidence IS NOT NULL
         UNION ALL
         SELECT c.entity FROM citation c JOIN revision r ON r.number = c.revision
         WHERE c.statement = ?1 AND (r.live OR c.stands > 1)",
    )?;
    let mut rows = query.query([statement])?;
    while let Some(row) = rows.next()? {
        if documents.contains(&row.get(0)?) {
            return Ok(true);
        }
    }
    Ok(false)
}
