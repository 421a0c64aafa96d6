//! Entities with exactly a name or an identifier, whatever its case and spaces.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use rusqlite::{OptionalExtension as _, Row, params};

use super::super::{Case, Result, index::WHOLE};
use crate::model::{EntityKey, Id, fold};

/// An entity that bears a name or an identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    pub id: Id,
    pub schema: String,
    pub caption: String,
}

/// How many entities of the index are gone through in the time in which one name is looked for.
const PASSED: u64 = 60;

/// Names and identifiers that are looked for, among the entities up to a key.
pub(crate) struct Lookup {
    newest: EntityKey,
    /// By the digests of what is looked for, who is called so; nothing where each is looked for by
    /// itself.
    found: Option<HashMap<u64, Vec<EntityKey>>>,
}

fn digest(squeezed: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    squeezed.hash(&mut hasher);
    hasher.finish()
}

fn called(row: &Row<'_>) -> rusqlite::Result<Called> {
    let id: String = row.get(0)?;
    Ok(Called { id: id.into(), schema: row.get(1)?, caption: row.get(2)? })
}

impl Case {
    /// The key of the newest entity, where there is one; those that come later have higher ones.
    pub(crate) fn newest_entity(&self) -> Result<Option<EntityKey>> {
        let sql = "SELECT max(key) FROM entity";
        Ok(self.db.query_row(sql, [], |row| row.get(0))?)
    }

    /// Prepares to look for names and identifiers, folded and without spaces, among the entities with
    /// a key of at most `newest`. Of very many, one pass through the index finds all.
    pub(crate) fn lookup<'a>(
        &self,
        wanted: impl ExactSizeIterator<Item = &'a str>,
        newest: EntityKey,
    ) -> Result<Lookup> {
        if (wanted.len() as u64).saturating_mul(PASSED) < self.extent()? {
            return Ok(Lookup { newest, found: None });
        }
        let mut found: HashMap<u64, Vec<EntityKey>> =
            wanted.map(|one| (digest(fold::cut(one)), Vec::new())).collect();
        self.db.execute_batch(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_whole
             USING fts5vocab('main', 'search_word', 'instance')",
        )?;
        let next = char::from_u32(WHOLE as u32 + 1).unwrap_or(WHOLE);
        let sql = "SELECT term, doc FROM temp.search_whole WHERE term >= ?1 AND term < ?2";
        let mut query = self.db.prepare_cached(sql)?;
        let mut rows = query.query([WHOLE.to_string(), next.to_string()])?;
        while let Some(row) = rows.next()? {
            let key: EntityKey = row.get(1)?;
            let term = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
            if key <= newest
                && let Some(whole) = term.strip_prefix(WHOLE)
                && let Some(keys) = found.get_mut(&digest(whole))
            {
                keys.push(key);
            }
        }
        Ok(Lookup { newest, found: Some(found) })
    }

    /// Returns up to `most` entities that have a name, alias or identifier that is looked for, folded
    /// and without spaces.
    pub(crate) fn called(
        &self,
        lookup: &Lookup,
        squeezed: &str,
        most: usize,
    ) -> Result<Vec<Called>> {
        let whole = fold::cut(squeezed);
        if let Some(found) = &lookup.found {
            let sql = "SELECT e.id, t.text, n.caption FROM node n
                       JOIN entity e ON e.key = n.entity JOIN term t ON t.key = n.schema
                       WHERE n.entity = ?1";
            let mut query = self.db.prepare_cached(sql)?;
            let mut all = Vec::new();
            for key in found.get(&digest(whole)).into_iter().flatten() {
                all.extend(query.query_row([key], called).optional()?);
                if all.len() == most {
                    break;
                }
            }
            return Ok(all);
        }
        let term = format!("\"{WHOLE}{whole}\"");
        let sql = "SELECT e.id, t.text, n.caption FROM search_word w
                   CROSS JOIN node n ON n.entity = w.rowid
                   JOIN entity e ON e.key = n.entity JOIN term t ON t.key = n.schema
                   WHERE w.search_word MATCH ?1 AND w.rowid <= ?2 LIMIT ?3";
        let mut query = self.db.prepare_cached(sql)?;
        let rows = query.query_map(params![term, lookup.newest, most as i64], called)?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }
}
