//! The chain as formats 1 and 2 made it: a digest covers the header of a revision, what it added
//! and flipped, and the digest before it. No revision gets such a digest any more; those that have
//! one are held to it.
//!
//! Rows are covered in the order of their keys, keys included; ids and words stand in for the local
//! keys of entities and terms. Placements are left out. Format 2 covers statements by a digest of
//! their own; under format 1 they are covered row by row like everything else.

use rusqlite::Connection;
use sha2::{Digest as _, Sha256};

use super::{Encoder, Leaf, Parts, statements, unfit, update_rows};
use crate::{
    case::{Error, Result},
    model::{RevisionNumber, StatementKey},
};

/// The digest before the first revision of a case.
pub(in crate::case) fn genesis(case_id: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"redthread case 1\0");
    hash.update(case_id.as_bytes());
    hash.finalize().into()
}

const REVISION: &str = "SELECT 'revision', r.number, r.id, r.at, r.author, r.kind, r.label, b.id
     FROM revision r LEFT JOIN inversion i ON i.revision = r.number
     LEFT JOIN revision b ON b.number = i.target WHERE r.number = ?1";

/// The statements under format 1. Their keys are given too, because no index leads to them.
const STATEMENTS_1: &str =
    "SELECT 'statement', s.key, e.id, t.text, s.value, s.lang, s.original, s.denied
     FROM statement s LEFT JOIN entity e ON e.key = s.entity LEFT JOIN term t ON t.key = s.property
     WHERE s.revision = ?1 AND s.key BETWEEN ?2 AND ?3 ORDER BY s.key";

/// One query for each other kind of row that a revision can have: evidence, custody, citations,
/// flips, the journal.
const ROWS: [&str; 5] = [
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

/// The digest of a revision; the one `before` it is in hexadecimal.
pub(in crate::case) fn digest(
    db: &Connection,
    revision: RevisionNumber,
    before: &[u8],
    parts: &mut Parts<'_>,
) -> Result<[u8; 32]> {
    let mut hash = Sha256::new();
    let mut told = Told::default();
    statements(db, parts, &mut told)?;
    if made_by_format_2(db, revision)? {
        hash.update(b"redthread revision 2\0");
        hash.update(before);
        hash.update(told.finish());
        update_rows(db, REVISION, &[revision.row()], &mut hash)?;
    } else {
        hash.update(before);
        update_rows(db, REVISION, &[revision.row()], &mut hash)?;
        // What is added to the chain later must not stand on what it does not cover.
        if told.cites {
            return Err(unfit());
        }
        let keys = [revision.row(), parts.keys.start().row(), parts.keys.end().row()];
        update_rows(db, STATEMENTS_1, &keys, &mut hash)?;
    }
    for query in ROWS {
        update_rows(db, query, &[revision.row()], &mut hash)?;
    }
    Ok(hash.finalize().into())
}

fn made_by_format_2(db: &Connection, revision: RevisionNumber) -> Result<bool> {
    let mut query = db.prepare_cached("SELECT value FROM meta WHERE name = 'chain_2'")?;
    let first: String = query.query_row([], |row| row.get(0))?;
    let first: RevisionNumber = first
        .parse()
        .map_err(|_| Error::Corrupt("the chain of digests has no beginning".into()))?;
    Ok(revision >= first)
}

/// The digest of statements as format 2 covers them: passages with their entity and their place,
/// and in each its statements.
#[derive(Default)]
struct Told {
    hash: Sha256,
    waiting: Encoder,
    /// Whether one of them was read somewhere.
    cites: bool,
}

/// How much waits to be hashed, in bytes: many short pieces would take longer than one long one.
const WAITING: usize = 1 << 15;

impl Told {
    fn finish(&mut self) -> [u8; 32] {
        self.hash.update(&self.waiting.bytes);
        self.waiting.bytes.clear();
        self.hash.finalize_reset().into()
    }
}

impl Leaf for Told {
    fn passage(
        &mut self,
        first: StatementKey,
        _: i64,
        entity: &str,
        evidence: Option<&str>,
        place: Option<&str>,
        quote: Option<&str>,
    ) {
        self.cites |= evidence.is_some() || place.is_some() || quote.is_some();
        self.waiting.bytes.push(0);
        self.waiting.number(first.row() as u64);
        self.waiting.place(entity, evidence, place, quote);
    }

    fn statement(
        &mut self,
        property: &str,
        value: &str,
        lang: Option<&str>,
        original: Option<&str>,
        denied: bool,
    ) {
        self.waiting.bytes.push(1 + u8::from(denied));
        self.waiting.said(property, value, lang, original);
        if self.waiting.bytes.len() >= WAITING {
            self.hash.update(&self.waiting.bytes);
            self.waiting.bytes.clear();
        }
    }
}
