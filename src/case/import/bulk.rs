//! How the file is written to during an import.

use rusqlite::Connection;

use crate::case::Source;
use crate::case::{Case, Result};

/// Imports of files up to this size in all go through the write-ahead log like any edit; in bytes.
const LARGE: u64 = 2 << 20;
/// The memory for pages during a large import, in KiB.
const CACHE: i64 = 128 << 10;

/// The index by which the statements of an entity are found. Who asks it during an import makes it
/// first.
pub(super) const BY_ENTITY: &str = "passage_by_entity";
/// Indexes that nobody asks before the import ends: making them at once then takes less time
/// than adding to them row by row.
const LATER: [&str; 4] = [BY_ENTITY, "link_by_source", "link_by_target", "passage_by_evidence"];

impl Case {
    /// Prepares for an import, does it, and goes back to the usual way of writing. `work` is told
    /// how many bytes come, where they are many.
    ///
    /// A large import is written under a rollback journal: new pages at the end of the file need
    /// no copy in it, so it stays small, where a write-ahead log would hold everything twice.
    /// Somebody who reads the case keeps it from being changed; then the log must do.
    pub(super) fn in_bulk<T>(
        &mut self,
        sources: &[Source],
        work: impl FnOnce(&mut Self, Option<u64>) -> Result<T>,
    ) -> Result<T> {
        self.check_place()?;
        let size = |source: &Source| std::fs::metadata(&source.path).map_or(0, |meta| meta.len());
        let size = sources.iter().map(size).sum();
        let large = size > LARGE;
        let usual: i64 = self.db.query_row("PRAGMA cache_size", [], |row| row.get(0))?;
        let alone = self.path.is_some() && self.local && !self.is_read_beside();
        if large && alone && self.settle()? {
            self.mark_import()?;
        } else {
            self.prepare()?;
        }
        // What refers to nothing is found by `verify`; here every reference is made on purpose.
        self.db.pragma_update(None, "foreign_keys", false)?;
        if large {
            self.db.pragma_update(None, "cache_size", -CACHE)?;
        }
        let done = work(self, large.then_some(size));
        self.db.pragma_update(None, "foreign_keys", true)?;
        self.db.pragma_update(None, "cache_size", usual)?;
        // What was stopped or refused leaves the case as it was, without the mark. Where that
        // fails, closing tries again.
        self.settle_import().ok();
        done
    }
}

/// Whether a case takes less room than the files that come into it, in bytes.
pub(super) fn is_small(db: &Connection, coming: u64) -> Result<bool> {
    let sql = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";
    let here: i64 = db.query_row(sql, [], |row| row.get(0))?;
    Ok(here.cast_unsigned() < coming)
}

/// Indexes that are taken away and made later.
#[derive(Default)]
pub(super) struct Later(Vec<(&'static str, String)>);

impl Later {
    /// Takes them away.
    pub(super) fn drop(db: &Connection) -> Result<Self> {
        let mut later = Vec::new();
        for name in LATER {
            let sql = "SELECT sql FROM sqlite_schema WHERE name = ?1";
            later.push((name, db.query_row(sql, [name], |row| row.get(0))?));
            db.execute_batch(&format!("DROP INDEX {name}"))?;
        }
        // What they sort is sorted in parts, beside each other.
        db.pragma_update(None, "threads", 2)?;
        Ok(Self(later))
    }

    /// Makes one of them, unless it is there.
    pub(super) fn make(&mut self, db: &Connection, name: &str) -> Result<()> {
        if let Some(at) = self.0.iter().position(|(later, _)| *later == name) {
            db.execute_batch(&self.0.remove(at).1)?;
        }
        Ok(())
    }

    /// Makes the rest.
    pub(super) fn make_all(&mut self, db: &Connection) -> Result<()> {
        self.0.drain(..).try_for_each(|(_, sql)| Ok(db.execute_batch(&sql)?))
    }
}
