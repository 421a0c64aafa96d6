//! The hash chain: a revision's digest covers its header, what it added and flipped, and the
//! digest before it.
//!
//! SHA-256 over fields with their lengths, so that no two different revisions encode alike. Rows
//! are covered in the order of their keys, keys included; ids and words stand in for the local
//! keys of entities and terms. Placements are left out: they may be compacted some day.
//!
//! Statements are covered by a digest of their own, [`Told`], which an import makes while it
//! writes them. Revisions that were made under format 1 have no passages, and their statements
//! are covered row by row like everything else.

use std::ops::RangeInclusive;

use hashbrown::HashMap as FastMap;
use rusqlite::{Connection, OptionalExtension as _, types::ValueRef};
use sha2::{Digest as _, Sha256};

use super::{Error, Result, passage, read::wrong_type};

/// The digest before the first revision of a case.
pub(super) fn genesis(case_id: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"redthread case 1\0");
    hash.update(case_id.as_bytes());
    hash.finalize().into()
}

const REVISION: &str = "SELECT 'revision', r.number, r.id, r.at, r.author, r.kind, r.label, b.id
     FROM revision r LEFT JOIN revision b ON b.number = r.inverts WHERE r.number = ?1";

/// The statements under format 1. Their keys are given too, because no index leads to them.
const STATEMENTS_1: &str =
    "SELECT 'statement', s.key, e.id, t.text, s.value, s.lang, s.original, s.denied
     FROM statement s LEFT JOIN entity e ON e.key = s.entity LEFT JOIN term t ON t.key = s.property
     WHERE s.revision = ?1 AND s.key BETWEEN ?2 AND ?3 ORDER BY s.key";

/// One query for each other kind of row that a revision can have: evidence, custody, citations,
/// flips, the journal.
pub(super) const ROWS: [&str; 5] = [
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

/// The digest of a revision after the digest before it. `told` is that of its statements, where
/// it is known already.
pub(super) fn of(
    db: &Connection,
    revision: i64,
    before: &[u8],
    told: Option<[u8; 32]>,
) -> Result<[u8; 32]> {
    let mut parts = Parts {
        keys: passage::keys_of(db, revision)?,
        terms: &mut Terms::default(),
        look: &mut |_, _| (),
        kinds: [true; ROWS.len()],
    };
    digest(db, revision, before, told, &mut parts)
}

/// Texts of terms by their keys; each is looked up once.
#[derive(Debug, Default)]
pub(super) struct Terms(FastMap<i64, Option<String>>);

impl Terms {
    /// The text of a term, if there is such a term.
    pub(super) fn text(&mut self, db: &Connection, key: i64) -> Result<Option<&str>> {
        if !self.0.contains_key(&key) {
            let sql = "SELECT text FROM term WHERE key = ?1";
            let text = db.prepare_cached(sql)?.query_row([key], |row| row.get(0)).optional()?;
            self.0.insert(key, text);
        }
        Ok(self.0.get(&key).and_then(Option::as_deref))
    }

    /// The text of a term that has been asked for.
    pub(super) fn known(&self, key: i64) -> Option<&str> {
        self.0.get(&key).and_then(Option::as_deref)
    }

    /// Whether a term has been asked for.
    pub(super) fn knows(&self, key: i64) -> bool {
        self.0.contains_key(&key)
    }
}

/// What is known of a revision whose digest is made again.
pub(super) struct Parts<'a> {
    /// The keys of its statements.
    pub(super) keys: RangeInclusive<i64>,
    pub(super) terms: &'a mut Terms,
    /// Sees the key of each statement, and what its row says of whether it is live.
    pub(super) look: &'a mut dyn FnMut(i64, i64),
    /// Whether it may have rows of each kind of [`ROWS`].
    pub(super) kinds: [bool; ROWS.len()],
}

/// The digest of a revision of which this much is known.
pub(super) fn digest(
    db: &Connection,
    revision: i64,
    before: &[u8],
    told: Option<[u8; 32]>,
    parts: &mut Parts<'_>,
) -> Result<[u8; 32]> {
    let mut hash = Sha256::new();
    if made_by_format_2(db, revision)? {
        hash.update(b"redthread revision 2\0");
        hash.update(before);
        let told = match told {
            Some(told) => told,
            None => statements(db, revision, parts)?,
        };
        hash.update(told);
        add_rows(db, REVISION, &[revision], &mut hash)?;
    } else {
        hash.update(before);
        add_rows(db, REVISION, &[revision], &mut hash)?;
        // What is added to the chain later must not stand on what it does not cover.
        statements(db, revision, parts)?;
        let (first, last) = (*parts.keys.start(), *parts.keys.end());
        let cites = db
            .prepare_cached(
                "SELECT 1 FROM passage WHERE first BETWEEN ?1 AND ?2
                   AND (evidence IS NOT NULL OR place IS NOT NULL OR quote IS NOT NULL)",
            )?
            .exists([first, last])?;
        if cites {
            return Err(unfit());
        }
        add_rows(db, STATEMENTS_1, &[revision, first, last], &mut hash)?;
    }
    for (query, _) in ROWS.iter().zip(parts.kinds).filter(|(_, has)| *has) {
        add_rows(db, query, &[revision], &mut hash)?;
    }
    Ok(hash.finalize().into())
}

fn made_by_format_2(db: &Connection, revision: i64) -> Result<bool> {
    let mut query = db.prepare_cached("SELECT value FROM meta WHERE name = 'chain_2'")?;
    let first: String = query.query_row([], |row| row.get(0))?;
    let first: i64 = first
        .parse()
        .map_err(|_| Error::Corrupt("the chain of digests has no beginning".into()))?;
    Ok(revision >= first)
}

fn add_rows(db: &Connection, sql: &str, parameters: &[i64], hash: &mut Sha256) -> Result<()> {
    let mut query = db.prepare_cached(sql)?;
    let columns = query.column_count();
    let mut rows = query.query(rusqlite::params_from_iter(parameters))?;
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
    Ok(())
}

/// The digest of statements as they are told one after another: passages with their entity and
/// their place, and in each its statements.
pub(super) struct Told {
    hash: Sha256,
    /// What has not been hashed yet; many short pieces would take longer than one long one.
    waiting: Vec<u8>,
}

/// How much waits to be hashed, in bytes.
const WAITING: usize = 1 << 15;

impl Told {
    pub(super) fn new() -> Self {
        Self { hash: Sha256::new(), waiting: Vec::with_capacity(WAITING * 2) }
    }

    /// A passage begins: the key of its first statement, the id of its entity, and where it was
    /// read: the id of the document, the place, the quote.
    pub(super) fn passage(
        &mut self,
        first: i64,
        entity: &str,
        evidence: Option<&str>,
        place: Option<&str>,
        quote: Option<&str>,
    ) {
        self.waiting.push(0);
        self.number(first as u64);
        self.text(entity);
        self.optional(evidence);
        self.optional(place);
        self.optional(quote);
    }

    /// The next statement of the passage.
    pub(super) fn statement(
        &mut self,
        property: &str,
        value: &str,
        lang: Option<&str>,
        original: Option<&str>,
        denied: bool,
    ) {
        self.waiting.push(1 + u8::from(denied));
        self.text(property);
        self.text(value);
        self.optional(lang);
        self.optional(original);
        if self.waiting.len() >= WAITING {
            self.hash.update(&self.waiting);
            self.waiting.clear();
        }
    }

    pub(super) fn finish(mut self) -> [u8; 32] {
        self.hash.update(&self.waiting);
        self.hash.finalize().into()
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.waiting.extend_from_slice(text.as_bytes());
    }

    fn optional(&mut self, text: Option<&str>) {
        match text {
            None => self.waiting.push(0),
            Some(text) => {
                self.number(text.len() as u64 + 1);
                self.waiting.extend_from_slice(text.as_bytes());
            }
        }
    }

    /// Seven bits a byte, the lowest first; all but the last have the highest bit set.
    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.waiting.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.waiting.push(number as u8);
    }
}

fn unfit() -> Error {
    Error::Corrupt("its statements and where they were read do not fit together".into())
}

/// The digest of the statements of a revision, read from the file. Passages that do not hold
/// exactly the statements of the revision are an error.
fn statements(db: &Connection, revision: i64, parts: &mut Parts<'_>) -> Result<[u8; 32]> {
    let Parts { keys, terms, look, .. } = parts;
    let mut passages = db.prepare_cached(
        "SELECT p.first, p.last, p.entity, e.id, d.id, p.place, p.quote, p.evidence IS NULL
         FROM passage p LEFT JOIN entity e ON e.key = p.entity LEFT JOIN entity d ON d.key = p.evidence
         WHERE p.first BETWEEN ?1 AND ?2 ORDER BY p.first",
    )?;
    let mut statements = db.prepare_cached(
        "SELECT key, entity, property, value, lang, original, denied, revision, live
         FROM statement WHERE key BETWEEN ?1 AND ?2 ORDER BY key",
    )?;
    let mut passages = passages.query([keys.start(), keys.end()])?;
    let mut rows = statements.query([keys.start(), keys.end()])?;
    let mut told = Told::new();
    let mut next = *keys.start();
    while let Some(passage) = passages.next()? {
        let (first, last, about): (i64, i64, i64) =
            (passage.get(0)?, passage.get(1)?, passage.get(2)?);
        let text = |column| passage.get_ref(column)?.as_str_or_null().map_err(|_| wrong_type());
        let (entity, evidence) = (text(3)?, text(4)?);
        // A document that has no id would be told like none.
        let lost = evidence.is_none() && !passage.get::<_, bool>(7)?;
        let (Some(entity), false) = (entity, first != next || last < first || lost) else {
            return Err(unfit());
        };
        told.passage(first, entity, evidence, text(5)?, text(6)?);
        for key in first..=last {
            let Some(row) = rows.next()? else { return Err(unfit()) };
            let text = |column| row.get_ref(column)?.as_str_or_null().map_err(|_| wrong_type());
            let (Some(property), Some(value)) = (terms.text(db, row.get(2)?)?, text(3)?) else {
                return Err(unfit());
            };
            let of = (row.get(0)?, row.get(1)?, row.get(7)?);
            let denied = row.get::<_, i64>(6)?;
            if of != (key, about, revision) || !(0..=1).contains(&denied) {
                return Err(unfit());
            }
            told.statement(property, value, text(4)?, text(5)?, denied == 1);
            look(key, row.get(8)?);
        }
        next = last.checked_add(1).ok_or_else(unfit)?;
    }
    if rows.next()?.is_some() { Err(unfit()) } else { Ok(told.finish()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Everything that could be told in two ways is told in different bytes.
    #[test]
    fn no_two_tellings_are_alike() {
        type Telling = fn(&mut Told);
        let tellings: [Telling; 10] = [
            |_| (),
            |t| t.passage(1, "a", None, None, None),
            |t| t.passage(1, "a", Some(""), None, None),
            |t| t.passage(1, "a", None, Some(""), None),
            |t| t.passage(1, "a", None, None, Some("b")),
            |t| t.passage(1, "", Some("a"), None, None),
            |t| t.passage(300, "a", None, None, None),
            |t| t.statement("a", "bc", None, None, false),
            |t| t.statement("ab", "c", None, None, false),
            |t| t.statement("a", "bc", None, None, true),
        ];
        let digests: std::collections::HashSet<_> = tellings
            .iter()
            .map(|tell| {
                let mut told = Told::new();
                tell(&mut told);
                told.finish()
            })
            .collect();
        assert_eq!(digests.len(), tellings.len());
    }
}
