//! What a document is, and how it comes into a case.

use std::{
    collections::BTreeMap,
    fs::{DirBuilder, OpenOptions},
    io::{Read as _, Write},
    path::Path,
};

use rusqlite::{Connection, OptionalExtension as _};

use super::{
    Case, Error, EvidenceBytes, NewEvidence, NewValue, Progress, Result, blob, standing::Holding,
};
use crate::model::{Id, RevisionNumber};

impl NewEvidence {
    /// A file as evidence: its media type by content, its name as title.
    pub fn of_file(path: &Path, method: &str, progress: &Progress) -> Result<Self> {
        let (file, _) = blob::open_file(path)?;
        let mut head = Vec::new();
        file.take(4096).read_to_end(&mut head).map_err(Error::unreadable(path))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self {
            id: id(&blob::hash_file(path, progress)?),
            bytes: EvidenceBytes::File(path.to_owned()),
            mime: media_type(&head, &name).to_owned(),
            values: vec![NewValue::new("title", name.clone())],
            file_name: name,
            method: method.to_owned(),
        })
    }

    /// Something that was pasted, as evidence.
    pub fn pasted(bytes: Vec<u8>, mime: &str, title: &str, file_name: String) -> Self {
        Self {
            id: id(&blob::hash(&bytes)),
            bytes: EvidenceBytes::Memory(bytes),
            file_name,
            mime: mime.to_owned(),
            method: "pasted".into(),
            values: vec![NewValue::new("title", title)],
        }
    }
}

/// The id of the document with bytes of this SHA-256: the same in every copy of the case, so that
/// nobody takes one file for two sources.
pub(super) fn id(sha256: &[u8; 32]) -> Id {
    format!("sha256-{}", hex::encode(sha256)).into()
}

/// A document that is in the case.
pub(super) struct Known {
    pub(super) key: i64,
    pub(super) id: Id,
    /// Whether it exists: somebody may have withdrawn it.
    pub(super) live: bool,
}

/// The document with these bytes: one that exists, else one that somebody withdrew. What was undone
/// is not here any more.
pub(super) fn with_blob(db: &Connection, blob: i64) -> Result<Option<Known>> {
    let mut query = db.prepare_cached(
        "SELECT v.entity, e.id, n.entity IS NOT NULL FROM evidence v
         JOIN entity e ON e.key = v.entity JOIN revision r ON r.number = v.revision
         LEFT JOIN node n ON n.entity = v.entity
         WHERE v.blob = ?1 AND (r.live OR n.entity IS NOT NULL)
         ORDER BY n.entity IS NOT NULL DESC, r.clock, r.id, e.id LIMIT 1",
    )?;
    let found = query.query_row([blob], |row| {
        let id = Id::from(row.get::<_, String>(1)?);
        Ok(Known { key: row.get(0)?, id, live: row.get(2)? })
    });
    Ok(found.optional()?)
}

/// The same by the SHA-256 of the bytes.
pub(super) fn with_hash(db: &Connection, sha256: &[u8; 32]) -> Result<Option<Known>> {
    let blob: Option<i64> = db
        .prepare_cached("SELECT key FROM blob WHERE sha256 = ?1")?
        .query_row([sha256.as_slice()], |row| row.get(0))
        .optional()?;
    blob.map_or(Ok(None), |blob| with_blob(db, blob))
}

/// The keys of all documents that ever had these bytes.
pub(super) fn all_with_hash(db: &Connection, sha256: &[u8; 32]) -> Result<Vec<i64>> {
    let mut query = db.prepare_cached(
        "SELECT DISTINCT v.entity FROM evidence v JOIN blob b ON b.key = v.blob
         WHERE b.sha256 = ?1 ORDER BY v.entity",
    )?;
    let keys = query.query_map([sha256.as_slice()], |row| row.get(0))?;
    Ok(keys.collect::<rusqlite::Result<_>>()?)
}

/// The custody records that count, by document, each with the revision that wrote it and whether that
/// is live: of several records of one document the first that is live, else the first. `of` asks for
/// one document alone.
pub(super) fn records(
    db: &Connection,
    of: Option<&Id>,
    holding: Holding<'_>,
) -> Result<BTreeMap<i64, (RevisionNumber, bool)>> {
    // Two queries, since one for both would read all documents for each.
    let which = if of.is_some() { "(SELECT key FROM entity WHERE id = ?1)" } else { "v.entity" };
    let mut query = db.prepare_cached(&format!(
        "SELECT v.entity, v.revision, r.live FROM evidence v
         JOIN revision r ON r.number = v.revision WHERE v.entity = {which} ORDER BY r.clock, r.id"
    ))?;
    let mut rows = query.query(rusqlite::params_from_iter(of.map(Id::as_str)))?;
    let mut records: BTreeMap<i64, (RevisionNumber, bool)> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let revision = row.get(1)?;
        if !holding.counts(revision) {
            continue;
        }
        let is_live = holding.is_live(revision, row.get(2)?);
        let record = records.entry(row.get(0)?).or_insert((revision, is_live));
        if is_live && !record.1 {
            *record = (revision, true);
        }
    }
    Ok(records)
}

/// The media type of a document by its first bytes and, for text, by its name.
pub(crate) fn media_type(head: &[u8], name: &str) -> &'static str {
    const OLE: &[u8] = b"\xd0\xcf\x11\xe0";
    // A text may begin like a picture ("BMW …"), but not like these.
    const SIGNED: [&[u8]; 2] = [b"%PDF-", b"{\\rtf"];
    let is_utf8 = match std::str::from_utf8(head) {
        Ok(_) => true,
        // The last character may be cut off.
        Err(error) => error.error_len().is_none(),
    };
    let is_text = is_utf8 && !head.contains(&0);
    if !is_text || SIGNED.iter().any(|signature| head.starts_with(signature)) {
        if let Some(kind) = infer::get(head) {
            return kind.mime_type();
        }
        if head.starts_with(OLE) {
            return "application/x-ole-storage";
        }
        // A long text in another encoding.
        if head.contains(&0) || head.len() < 4090 {
            return "application/octet-stream";
        }
    }
    if head.starts_with(b"From: <Saved by") {
        return "multipart/related";
    }
    let text = String::from_utf8_lossy(head);
    let start = text.trim_start().to_lowercase();
    let ending = name.rsplit('.').next().unwrap_or_default().to_lowercase();
    if start.starts_with("<!doctype html")
        || start.starts_with("<html")
        || ending == "html"
        || ending == "htm"
    {
        return "text/html";
    }
    match ending.as_str() {
        "md" => "text/markdown",
        "csv" => "text/csv",
        "json" | "ndjson" => "application/json",
        "xml" => "application/xml",
        _ => "text/plain",
    }
}

/// Creates a folder that nobody else may enter, for copies of documents outside the case.
pub fn private_folder(folder: &Path) -> Result<()> {
    let builder = DirBuilder::new();
    #[cfg(unix)]
    let builder = {
        use std::os::unix::fs::DirBuilderExt as _;
        let mut builder = builder;
        builder.mode(0o700);
        builder
    };
    builder.create(folder).map_err(|source| Error::Unwritable { path: folder.to_owned(), source })
}

impl Case {
    /// Streams the original of evidence out; fails where its SHA-256 is not the recorded one.
    /// What was written by then must be thrown away on failure.
    pub fn read_evidence(&self, id: &Id, out: &mut dyn Write) -> Result<u64> {
        blob::read(&self.db, self.blob_of(id)?, out, &self.progress)
    }

    /// Writes the original of evidence to a new file, verified on the way, and records that in
    /// its custody.
    pub fn export_evidence(&mut self, id: &Id, to: &Path) -> Result<()> {
        self.write_evidence(id, to, OpenOptions::new(), "as")
    }

    /// The same for a copy to look at, which only the user may read.
    pub fn open_evidence(&mut self, id: &Id, to: &Path) -> Result<()> {
        let options = OpenOptions::new();
        #[cfg(unix)]
        let options = {
            use std::os::unix::fs::OpenOptionsExt as _;
            let mut options = options;
            options.mode(0o600);
            options
        };
        self.write_evidence(id, to, options, "opened as")
    }

    fn write_evidence(
        &mut self,
        id: &Id,
        to: &Path,
        mut options: OpenOptions,
        how: &str,
    ) -> Result<()> {
        let key = self.blob_of(id)?;
        let opened = options.write(true).create_new(true).open(to);
        let mut file = opened.map_err(|source| match source.kind() {
            std::io::ErrorKind::AlreadyExists => Error::Exists(to.to_owned()),
            _ => Error::Unwritable { path: to.to_owned(), source },
        })?;
        let written = blob::read(&self.db, key, &mut file, &self.progress)
            .and_then(|_| file.sync_all().map_err(Error::unwritable(to)));
        if written.is_err() {
            std::fs::remove_file(to).ok();
        }
        written.map_err(|error| match error {
            Error::Unwritable { source, .. } => Error::Unwritable { path: to.to_owned(), source },
            other => other,
        })?;
        let name = to.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // A case that is open for reading only can still be read; it cannot remember it.
        if self.read_only().is_none() {
            self.record_custody(id, "exported", &format!("SHA-256 verified; {how} {name}"))?;
        }
        Ok(())
    }

    fn blob_of(&self, id: &Id) -> Result<i64> {
        let records = records(&self.db, Some(id), Holding::of(None))?;
        let (entity, (revision, _)) = records
            .into_iter()
            .next()
            .ok_or_else(|| Error::not_found(format!("There is no evidence with the id {id}")))?;
        Ok(self
            .db
            .prepare_cached("SELECT blob FROM evidence WHERE entity = ?1 AND revision = ?2")?
            .query_row((entity, revision), |row| row.get(0))?)
    }
}

/// The schema of a document of a media type.
pub(super) fn schema_for(mime: &str) -> &'static str {
    match mime {
        "application/pdf" => "Pages",
        "text/html" | "application/xhtml+xml" | "multipart/related" => "HyperText",
        "text/csv" => "Table",
        _ if mime.starts_with("image/") => "Image",
        _ if mime.starts_with("text/") => "PlainText",
        _ if mime.starts_with("audio/") => "Audio",
        _ if mime.starts_with("video/") => "Video",
        _ => "Document",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_a_document_is_told_by_its_content() {
        for (head, name, mime) in [
            (&b"%PDF-1.7"[..], "x.txt", "application/pdf"),
            (b"\x89PNG\r\n\x1a\n", "photo.jpg", "image/png"),
            (b"<!DOCTYPE html><p>", "page", "text/html"),
            ("a,б".as_bytes(), "t.csv", "text/csv"),
            (b"\x00\x01\x02", "x.txt", "application/octet-stream"),
            (b"{\\rtf1", "letter", "application/rtf"),
            (b"From: <Saved by Blink>\r\n", "page.mhtml", "multipart/related"),
            (b"BMW bought it.", "note.txt", "text/plain"),
            (b"ID3 is a tag.", "note.md", "text/markdown"),
            (b"\xff\xd8\xff\xe0\x00\x10JFIF", "scan", "image/jpeg"),
            (b"II*\x00\x08\x00\x00\x00\x0f\x00\x00\x01", "scan", "image/tiff"),
            (b"ID3\x03\x00\x00\x00\x00", "call", "audio/mpeg"),
            (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "call", "video/mp4"),
            (b"PK\x03\x04\x14\x00", "x", "application/zip"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1", "x.doc", "application/x-ole-storage"),
            (b"", "x", "text/plain"),
        ] {
            assert_eq!(media_type(head, name), mime, "{name}");
        }
    }
}
