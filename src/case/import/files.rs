//! The files of an import, which become evidence in the same revision.

use std::{path::Path, time::SystemTime};

use rusqlite::{Connection, OptionalExtension as _, params};

use super::rows::Rows;
use crate::{
    case::{
        Error, EvidenceBytes, NewValue, Progress, Result, Source, blob, document,
        document::schema_for, lock, revision,
    },
    model::{Id, RevisionNumber, entity::SCHEMA},
};

/// A file of the import.
pub(super) struct Document<'a> {
    source: &'a Source,
    pub(super) id: Id,
    pub(super) key: i64,
    /// The keys of all evidence that has its bytes.
    pub(super) same: Vec<i64>,
    /// What becomes evidence; `None` where the file is that already.
    new: Option<New>,
}

/// The bytes of a file, which are in the case since the import began.
struct New {
    before: Look,
    blob: i64,
    sha256: [u8; 32],
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

fn changed(path: &Path) -> Error {
    Error::invalid(format!("{} changed while it was read", path.display()))
        .hint("import it again when nothing writes to it")
}

impl<'a> Document<'a> {
    /// Finds the evidence that a file is already, or takes in its bytes. `earlier` are the files
    /// before it.
    pub(super) fn new(
        db: &Connection,
        source: &'a Source,
        earlier: &[Self],
        progress: &Progress,
    ) -> Result<Self> {
        let path = &source.path;
        let before = Look::at(path)?;
        // What is as long as nothing that is here need not be read twice.
        let (blob, sha256, size) = if blob::is_as_long(db, before.size)? {
            blob::store(db, &EvidenceBytes::File(path.clone()), progress)?
        } else {
            blob::store_new(db, path, progress)?
        };
        if size != before.size {
            return Err(changed(path));
        }
        if let Some(known) = document::with_hash(db, &sha256)? {
            let same = document::all_with_hash(db, &sha256)?;
            return Ok(Self { source, id: known.id, key: known.key, same, new: None });
        }
        let id = document::id(&sha256);
        if let Some(other) = earlier.iter().find(|other| other.id == id) {
            let same = other.same.clone();
            return Ok(Self { source, id, key: other.key, same, new: None });
        }
        let key = crate::case::projection::key_of(db, &id)?;
        let new = Some(New { before, blob, sha256 });
        Ok(Self { source, id, key, same: vec![key], new })
    }

    /// The name of the file where its bytes are evidence under another, and that other.
    pub(super) fn other_name(&self, db: &Connection) -> Result<Option<(String, String)>> {
        if self.new.is_some() {
            return Ok(None);
        }
        let sql = "SELECT file_name FROM evidence WHERE entity = ?1 ORDER BY revision LIMIT 1";
        let known: Option<String> =
            db.prepare_cached(sql)?.query_row([self.key], |row| row.get(0)).optional()?;
        let name = self.source.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(known.filter(|known| *known != name).map(|known| (name, known)))
    }

    /// Makes the file evidence, unless it is; gives its key if it is new.
    pub(super) fn attach(
        &self,
        db: &Connection,
        revision: RevisionNumber,
        rows: &mut Rows<'_>,
    ) -> Result<Option<i64>> {
        let Source { path, title, mime } = self.source;
        let Some(New { before, blob, sha256 }) = &self.new else { return Ok(None) };
        // It may have been read at two states.
        if Look::at(path)? != *before {
            return Err(changed(path));
        }
        let file_name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let first = rows.begin(self.id.as_str(), None);
        for (property, value) in [
            (SCHEMA, schema_for(mime)),
            ("fileName", file_name.as_str()),
            ("mimeType", mime),
            ("contentHash", &hex::encode(sha256)),
            ("fileSize", &before.size.to_string()),
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
        .execute(params![self.key, revision, blob, file_name, mime, revision::now(), lock::author()])?;
        Ok(Some(self.key))
    }
}
