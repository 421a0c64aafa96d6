//! Entities with exactly a name or an identifier, whatever its case and spaces.

use rusqlite::params;

use super::super::{Case, Result, index::WHOLE};
use crate::model::{EntityKey, Id, fold};

/// An entity that bears a name or an identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    pub id: Id,
    pub schema: String,
    pub caption: String,
}

impl Case {
    /// The key of the newest entity, where there is one; those that come later have higher ones.
    pub(crate) fn newest_entity(&self) -> Result<Option<EntityKey>> {
        let sql = "SELECT max(key) FROM entity";
        Ok(self.db.query_row(sql, [], |row| row.get(0))?)
    }

    /// Returns up to `most` entities with a key of at most `newest` that have a name, alias or
    /// identifier, folded and without spaces.
    pub(crate) fn called(
        &self,
        squeezed: &str,
        newest: EntityKey,
        most: usize,
    ) -> Result<Vec<Called>> {
        let term = format!("\"{WHOLE}{}\"", fold::cut(squeezed));
        let sql = "SELECT e.id, t.text, n.caption FROM search_word w
                   CROSS JOIN node n ON n.entity = w.rowid
                   JOIN entity e ON e.key = n.entity JOIN term t ON t.key = n.schema
                   WHERE w.search_word MATCH ?1 AND w.rowid <= ?2 LIMIT ?3";
        let mut query = self.db.prepare_cached(sql)?;
        let rows = query.query_map(params![term, newest, most as i64], |row| {
            let id: String = row.get(0)?;
            Ok(Called { id: id.into(), schema: row.get(1)?, caption: row.get(2)? })
        })?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }
}
