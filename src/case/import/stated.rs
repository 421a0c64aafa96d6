//! What the case says of an entity already, and where it says so.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, params};

use crate::{
    case::{NewValue, Result},
    model::{entity::SCHEMA, schema},
};

/// What is stated of an entity already, or was until somebody withdrew it.
#[derive(Default)]
pub(super) struct Stated {
    values: HashMap<String, HashMap<(String, bool), Standing>>,
    pub(super) exists: bool,
    /// Whether an earlier revision speaks of it.
    pub(super) stood_before: bool,
}

/// A statement.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    pub(super) key: i64,
    pub(super) live: bool,
}

impl Stated {
    /// For the import that is this revision.
    pub(super) fn of(
        db: &Connection,
        entity: i64,
        import: i64,
        undone: &BTreeSet<i64>,
    ) -> Result<Self> {
        let mut query = db.prepare_cached(
            "SELECT t.text, s.value, s.denied, s.live, s.revision, s.key
             FROM passage p CROSS JOIN statement s ON s.key BETWEEN p.first AND p.last
             JOIN term t ON t.key = s.property WHERE p.entity = ?1 ORDER BY s.key",
        )?;
        let mut rows = query.query(params![entity])?;
        let mut stated = Self::default();
        while let Some(row) = rows.next()? {
            let (property, value): (String, String) = (row.get(0)?, row.get(1)?);
            let (denied, live, revision): (bool, bool, i64) =
                (row.get(2)?, row.get(3)?, row.get(4)?);
            if !live && undone.contains(&revision) {
                continue;
            }
            stated.exists |= live && !denied && property == SCHEMA;
            stated.stood_before |= revision < import;
            let standing = Standing { key: row.get(5)?, live };
            let said = stated.values.entry(property).or_default().entry((value, denied));
            said.and_modify(|said| *said = if said.live { *said } else { standing })
                .or_insert(standing);
        }
        Ok(stated)
    }

    /// Whether nothing is stated.
    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Whether a schema says more than the ones that are stated.
    pub(super) fn needs_schema(&self, new: &str) -> bool {
        self.values.get(SCHEMA).is_none_or(|stated| {
            !stated.keys().any(|(old, _)| {
                old == new || schema::schema(old).is_some_and(|schema| schema.is_a(new))
            })
        })
    }

    /// The statement that says the same.
    pub(super) fn find(&self, value: &NewValue) -> Option<Standing> {
        self.values.get(&value.property)?.get(&(value.value.clone(), value.denied)).copied()
    }
}

/// Whether a statement is cited already to one of these documents, or was until somebody took
/// that back.
pub(super) fn is_cited(
    db: &Connection,
    statement: i64,
    documents: &[i64],
    undone: &BTreeSet<i64>,
) -> Result<bool> {
    let mut query = db.prepare_cached(
        "SELECT evidence, 1, 0 FROM passage
         WHERE first = (SELECT max(first) FROM passage WHERE first <= ?1) AND evidence IS NOT NULL
         UNION ALL
         SELECT entity, live, revision FROM citation WHERE statement = ?1",
    )?;
    let mut rows = query.query([statement])?;
    while let Some(row) = rows.next()? {
        let (live, revision): (bool, i64) = (row.get(1)?, row.get(2)?);
        if documents.contains(&row.get(0)?) && (live || !undone.contains(&revision)) {
            return Ok(true);
        }
    }
    Ok(false)
}
