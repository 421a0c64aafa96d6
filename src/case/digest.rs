//! The hash chain: a revision's digest covers its header, what it added and flipped, and the
//! digest before it.
//!
//! SHA-256 over length-prefixed fields, so that no two different revisions encode alike. Rows
//! are covered in the order of their keys, keys included; ids and words stand in for the local
//! keys of entities and terms. Placements are left out: they may be compacted some day.

use rusqlite::{Connection, types::ValueRef};
use sha2::{Digest as _, Sha256};

use super::Result;

/// The digest before the first revision of a case.
pub(super) fn genesis(case_id: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"redthread case 1\0");
    hash.update(case_id.as_bytes());
    hash.finalize().into()
}

/// One query for each kind of row that a revision can have.
const ROWS: [&str; 7] = [
    "SELECT 'revision', r.number, r.id, r.at, r.author, r.kind, r.label, b.id
     FROM revision r LEFT JOIN revision b ON b.number = r.inverts WHERE r.number = ?1",
    "SELECT 'statement', s.key, e.id, t.text, s.value, s.lang, s.original, s.denied
     FROM statement s LEFT JOIN entity e ON e.key = s.entity LEFT JOIN term t ON t.key = s.property
     WHERE s.revision = ?1 ORDER BY s.key",
    "SELECT 'evidence', e.id, b.sha256, b.size, v.file_name, v.mime, v.acquired_at, v.acquired_by, v.method
     FROM evidence v LEFT JOIN entity e ON e.key = v.entity LEFT JOIN blob b ON b.key = v.blob
     WHERE v.revision = ?1 ORDER BY v.entity",
    "SELECT 'custody', c.key, e.id, c.event, c.outcome
     FROM custody c LEFT JOIN entity e ON e.key = c.entity WHERE c.revision = ?1 ORDER BY c.key",
    "SELECT 'citation', c.key, c.statement, e.id, c.supports, c.credibility, c.page, c.quote, c.range, c.region
     FROM citation c LEFT JOIN entity e ON e.key = c.entity WHERE c.revision = ?1 ORDER BY c.key",
    "SELECT 'flip', key, kind, target, live FROM flip WHERE revision = ?1 ORDER BY key",
    "SELECT 'journal', key, kind, id, old, new FROM journal
     WHERE revision = ?1 AND kind <> 'placement' ORDER BY key",
];

/// The digest of a revision after the digest before it.
pub(super) fn of(db: &Connection, revision: i64, before: &[u8]) -> Result<[u8; 32]> {
    let mut hash = Sha256::new();
    hash.update(before);
    for query in ROWS {
        let mut query = db.prepare_cached(query)?;
        let columns = query.column_count();
        let mut rows = query.query([revision])?;
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                let number;
                let (kind, bytes): (u8, &[u8]) = match row.get_ref(column)? {
                    ValueRef::Null => (0, &[]),
                    ValueRef::Integer(n) => {
                        number = n.to_be_bytes();
                        (1, &number)
                    }
                    ValueRef::Real(x) => {
                        number = x.to_bits().to_be_bytes();
                        (2, &number)
                    }
                    ValueRef::Text(text) => (3, text),
                    ValueRef::Blob(bytes) => (4, bytes),
                };
                hash.update([kind]);
                hash.update((bytes.len() as u64).to_be_bytes());
                hash.update(bytes);
            }
        }
    }
    Ok(hash.finalize().into())
}
