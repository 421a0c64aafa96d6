//! The files of an import, which become evidence in the same revision.

use std::{path::Path, time::SystemTime};

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{Source, rows::Rows};
use crate::{
    case::{
        Error, EvidenceBytes, NewValue, Progress, Result, blob, commit::schema_for, history, lock,
    },
    model::{Id, entity::SCHEMA},
};

/// A file of the import.
pub(super) struct Document<'a> {
    source: &'a Source,
    pub(super) id: Id,
    pub(super) key: i64,
    /// The keys of all evidence that has its bytes.
    pub(super) same: Vec<i64>,
    /// What it looked like when the import began; `None` where it is evidence already.
    before: Option<Look>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Look {
    size: u64,
    modified: Option<SystemTime>,
}

impl Look {
    fn at(path: &Path) -> Result<Self> {
        let meta = blob::open_file(path)?.0.metadata().map_err(Error::unreadable(path))?;
        Ok(Self { size: meta.len(), modified: meta.modified().ok() })
    }
}

impl<'a> Document<'a> {
    /// Finds the evidence that a file is already, or prepares to make it evidence. `earlier` are
    /// the files before it.
    pub(super) fn new(
        db: &Connection,
        source: &'a Source,
        earlier: &[Self],
        progress: &Progress,
    ) -> Result<Self> {
        let look = Look::at(&source.path)?;
        // Hashing takes time, and only what is as long can be the same.
        if blob::is_as_long(db, look.size)? {
            let sha256 = blob::hash_file(&source.path, progress)?;
            let here = with_bytes(db, &sha256)?;
            // What was undone is not here any more; what somebody withdrew stays withdrawn.
            let standing = here.iter().find(|e| e.live);
            let known = standing.or_else(|| here.iter().find(|e| !e.undone));
            if let Some(known) = known {
                return Ok(Self {
                    source,
                    id: known.id.clone(),
                    key: known.key,
                    same: here.iter().map(|e| e.key).collect(),
                    before: None,
                });
            }
        }
        for other in earlier {
            if other.before.is_some_and(|other| other.size == look.size)
                && blob::hash_file(&other.source.path, progress)?
                    == blob::hash_file(&source.path, progress)?
            {
                let (id, same) = (other.id.clone(), other.same.clone());
                return Ok(Self { source, id, key: other.key, same, before: None });
            }
        }
        let id = Id::new();
        let key = crate::case::projection::key_of(db, &id)?;
        Ok(Self { source, id, key, same: vec![key], before: Some(look) })
    }

    /// Takes the file in as evidence, unless it is; gives its key if it is new.
    pub(super) fn attach(
        &self,
        db: &Connection,
        revision: i64,
        rows: &mut Rows<'_>,
        progress: &Progress,
    ) -> Result<Option<i64>> {
        let Source { path, title, mime } = self.source;
        let Some(before) = self.before else { return Ok(None) };
        let changed = || {
            Error::Refused(format!(
                "{} changed while it was read; import it again when nothing writes to it.",
                path.display()
            ))
        };
        let (blob, sha256, size) = if blob::is_as_long(db, before.size)? {
            blob::store(db, &EvidenceBytes::File(path.clone()), progress)?
        } else {
            blob::store_new(db, path, progress)?
        };
        if Look::at(path)? != before || size != before.size {
            return Err(changed());
        }
        let file_name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let first = rows.begin(self.id.as_str(), None);
        for (property, value) in [
            (SCHEMA, schema_for(mime)),
            ("fileName", file_name.as_str()),
            ("mimeType", mime),
            ("contentHash", &sha256),
            ("fileSize", &size.to_string()),
            ("title", title),
        ] {
            if !value.is_empty() {
                rows.state(self.key, &NewValue::new(property, value))?;
            }
        }
        rows.end(first, self.key, None)?;
        db.prepare_cached(
            "INSERT INTO evidence(entity, revision, blob, file_name, mime, acquired_at, acquired_by, method)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'imported')",
        )?
        .execute(params![self.key, revision, blob, file_name, mime, history::now(), lock::author()])?;
        Ok(Some(self.key))
    }
}

struct Known {
    key: i64,
    id: Id,
    /// Whether the revision that attached it was undone.
    undone: bool,
    live: bool,
}

/// The evidence that has these bytes, the oldest first.
fn with_bytes(db: &Connection, sha256: &[u8; 32]) -> Result<Vec<Known>> {
    let blob: Option<i64> = db
        .prepare_cached("SELECT key FROM blob WHERE sha256 = ?1")?
        .query_row([sha256.as_slice()], |row| row.get(0))
        .optional()?;
    let mut query = db.prepare_cached(
        "SELECT v.entity, e.id, NOT r.live, n.entity IS NOT NULL FROM evidence v
         JOIN entity e ON e.key = v.entity JOIN revision r ON r.number = v.revision
         LEFT JOIN node n ON n.entity = v.entity
         WHERE v.blob = ?1 ORDER BY r.clock, r.id, e.id",
    )?;
    let rows = query.query_map([blob], |row| {
        Ok(Known {
            key: row.get(0)?,
            id: Id::from(row.get::<_, String>(1)?),
            undone: row.get(2)?,
            live: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
