//! What a revision says, as one digest, and the chain of them.
//!
//! The *content* of a revision is the root of a tree of hashes (RFC 6962, section 2.1), with SHA-256.
//! Its leaves are the header, the statements in their order, and then every other row. A leaf holds
//! names that are the same in every copy of the case, never keys of this file, and is salted, so
//! that who is given the hash of a leaf cannot guess what it says. What was read at one place is one
//! leaf, because a list of millions would take much longer otherwise; what was stated by hand is a
//! leaf for each statement.
//!
//! The *link* of a revision covers the link before it and its content. So the content of a revision
//! is the same in every copy, and the links say in which order revisions came into this one.

pub(super) mod old;
mod tree;

use std::ops::RangeInclusive;

use hashbrown::HashMap as FastMap;
use rusqlite::{Connection, OptionalExtension as _, Row, types::ValueRef};
use sha2::{Digest as _, Sha256};

use tree::Leaves;

use super::{Error, Result, error::wrong_type, passage};
use crate::model::{RevisionNumber, StatementKey};

/// A digest.
pub(super) type Hash = [u8; 32];

/// The link before the first revision of a case.
pub(super) fn genesis(case_id: &str) -> Hash {
    let mut hash = Sha256::new();
    hash.update(b"redthread case 3\0");
    hash.update(case_id.as_bytes());
    hash.finalize().into()
}

/// The link of a revision with this content.
pub(super) fn link(before: &Hash, content: &Hash) -> Hash {
    let mut hash = Sha256::new();
    hash.update(b"redthread link 3\0");
    hash.update(before);
    hash.update(content);
    hash.finalize().into()
}

const HEADER: &str = "SELECT id, clock, at, author, kind, label FROM revision WHERE number = ?1";

/// The ids of what a revision inverts, in their order.
const INVERTED: &str = "SELECT r.id FROM inversion i JOIN revision r ON r.number = i.target
     WHERE i.revision = ?1 ORDER BY r.id";

/// The names of what withdrawals and the like are about: the id of the revision that made it, and
/// its place among the rows of its kind there.
macro_rules! target {
    ($tables:literal) => {
        concat!(
            "SELECT x.nth, x.kind, t.id, coalesce(s.key - t.first, c.nth, w.nth), ",
            $tables,
            " x LEFT JOIN statement s ON x.kind IN ('statement', 'read') AND s.key = x.target
             LEFT JOIN citation c ON x.kind = 'citation' AND c.key = x.target
             LEFT JOIN withdrawal w ON x.kind = 'withdrawal' AND w.key = x.target
             LEFT JOIN revision t ON t.number = coalesce(s.revision, c.revision, w.revision)"
        )
    };
}

/// One query for each kind of row that a revision can have, beside statements.
pub(super) const ROWS: [&str; 8] = [
    "SELECT e.id, b.sha256, b.size, v.file_name, v.mime, v.acquired_at, v.acquired_by, v.method
     FROM evidence v LEFT JOIN entity e ON e.key = v.entity LEFT JOIN blob b ON b.key = v.blob
     WHERE v.revision = ?1 ORDER BY e.id",
    "SELECT e.id, c.event, c.outcome
     FROM custody c LEFT JOIN entity e ON e.key = c.entity WHERE c.revision = ?1 ORDER BY c.key",
    "SELECT l.nth, e.id, b.sha256, b.size, l.engine, l.version, l.languages, l.confidence
     FROM layer l LEFT JOIN entity e ON e.key = l.entity LEFT JOIN blob b ON b.key = l.blob
     WHERE l.revision = ?1 ORDER BY l.nth",
    "SELECT c.nth, t.id, s.key - t.first, e.id, c.supports, c.credibility, c.page, c.quote, c.range,
            c.region, m.id, l.nth, c.said_by, c.said_on, c.stance
     FROM citation c LEFT JOIN statement s ON s.key = c.statement
     LEFT JOIN revision t ON t.number = s.revision LEFT JOIN entity e ON e.key = c.entity
     LEFT JOIN layer l ON l.key = c.layer LEFT JOIN revision m ON m.number = l.revision
     WHERE c.revision = ?1 ORDER BY c.nth",
    concat!(
        target!("x.credibility, d.id FROM judgement"),
        " LEFT JOIN entity d ON x.kind = 'document' AND d.key = x.target
         WHERE x.revision = ?1 ORDER BY x.nth"
    ),
    concat!(target!("0 FROM withdrawal"), " WHERE x.revision = ?1 ORDER BY x.nth"),
    concat!(target!("0 FROM restatement"), " WHERE x.revision = ?1 ORDER BY x.nth"),
    "SELECT kind, id, old, new FROM journal WHERE revision = ?1 ORDER BY key",
];

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
    pub(super) revision: RevisionNumber,
    pub(super) keys: RangeInclusive<StatementKey>,
    pub(super) terms: &'a mut Terms,
    /// Sees the key of each statement, and what its row says of whether it stands.
    pub(super) look: &'a mut dyn FnMut(StatementKey, i64),
    /// Whether it may have rows of each kind of [`ROWS`].
    pub(super) kinds: [bool; ROWS.len()],
}

/// The content of a revision. `begun` has its statements already, where they are known.
pub(super) fn of(
    db: &Connection,
    revision: RevisionNumber,
    begun: Option<Content>,
) -> Result<Hash> {
    let mut parts = Parts {
        revision,
        keys: passage::keys_of(db, revision)?,
        terms: &mut Terms::default(),
        look: &mut |_, _| (),
        kinds: [true; ROWS.len()],
    };
    content(db, begun, &mut parts)
}

/// The content of a revision of which this much is known.
pub(super) fn content(
    db: &Connection,
    begun: Option<Content>,
    parts: &mut Parts<'_>,
) -> Result<Hash> {
    let mut content = if let Some(content) = begun {
        content
    } else {
        let mut content = Content::begin(db, parts.revision)?;
        statements(db, parts, &mut content)?;
        content
    };
    content.end_passage();
    for (tag, (sql, _)) in ROWS.iter().zip(parts.kinds).enumerate().filter(|(_, (_, has))| *has) {
        let mut query = db.prepare_cached(sql)?;
        let columns = query.column_count();
        let mut rows = query.query([parts.revision])?;
        while let Some(row) = rows.next()? {
            content.leaf.bytes.push(ROW + tag as u8);
            content.leaf.row(row, columns)?;
            content.push();
        }
    }
    content.leaves.root()
}

/// What the leaves begin with.
const HEAD: u8 = 0;
const READ: u8 = 1;
const STATED: u8 = 2;
const ROW: u8 = 16;

/// Receives the statements of a revision in their order.
pub(super) trait Leaf {
    /// A passage begins: the key of its first statement and its place in the revision, the id of
    /// its entity, and where it was read: the id of the document, the place, the quote.
    fn passage(
        &mut self,
        first: StatementKey,
        nth: i64,
        entity: &str,
        evidence: Option<&str>,
        place: Option<&str>,
        quote: Option<&str>,
    );
    /// The next statement of the passage.
    fn statement(
        &mut self,
        property: &str,
        value: &str,
        lang: Option<&str>,
        original: Option<&str>,
        denied: bool,
    );
}

/// The content of a revision, being told.
pub(super) struct Content {
    leaves: Leaves,
    /// The leaf that is being filled.
    leaf: Encoder,
    /// Whether that is a passage which was read somewhere.
    read: bool,
    /// The entity of a passage that was read nowhere, and the place of its next statement.
    entity: String,
    nth: i64,
}

impl Content {
    /// Begins with the header of a revision.
    pub(super) fn begin(db: &Connection, revision: RevisionNumber) -> Result<Self> {
        let secret: Vec<u8> = db
            .prepare_cached("SELECT secret FROM revision WHERE number = ?1")?
            .query_row([revision], |row| row.get(0))?;
        let mut content = Self {
            leaves: Leaves::new(&secret),
            leaf: Encoder::default(),
            read: false,
            entity: String::new(),
            nth: 0,
        };
        content.leaf.bytes.push(HEAD);
        content.leaf.text("redthread revision 3");
        for sql in [HEADER, INVERTED] {
            let mut query = db.prepare_cached(sql)?;
            let columns = query.column_count();
            let mut rows = query.query([revision])?;
            while let Some(row) = rows.next()? {
                content.leaf.row(row, columns)?;
            }
        }
        content.push();
        Ok(content)
    }

    /// Has what follows hashed on a thread of its own.
    pub(super) fn apart(&mut self) {
        let leaves = std::mem::replace(&mut self.leaves, Leaves::new(&[]));
        self.leaves = leaves.apart();
    }

    fn push(&mut self) {
        self.leaves.push(&self.leaf.bytes);
        self.leaf.bytes.clear();
    }

    fn end_passage(&mut self) {
        if self.read {
            self.push();
            self.read = false;
        }
    }
}

impl Leaf for Content {
    fn passage(
        &mut self,
        _: StatementKey,
        nth: i64,
        entity: &str,
        evidence: Option<&str>,
        place: Option<&str>,
        quote: Option<&str>,
    ) {
        self.end_passage();
        self.nth = nth;
        self.read = evidence.is_some() || place.is_some() || quote.is_some();
        if self.read {
            self.leaf.bytes.push(READ);
            self.leaf.number(nth as u64);
            self.leaf.place(entity, evidence, place, quote);
        } else {
            self.entity.clear();
            self.entity.push_str(entity);
        }
    }

    fn statement(
        &mut self,
        property: &str,
        value: &str,
        lang: Option<&str>,
        original: Option<&str>,
        denied: bool,
    ) {
        if !self.read {
            self.leaf.bytes.push(STATED);
            self.leaf.number(self.nth as u64);
            self.leaf.text(&self.entity);
        }
        self.nth += 1;
        self.leaf.bytes.push(u8::from(denied));
        self.leaf.said(property, value, lang, original);
        if !self.read {
            self.push();
        }
    }
}

/// Fields with their lengths, so that no two different ones encode alike.
#[derive(Default)]
struct Encoder {
    bytes: Vec<u8>,
}

impl Encoder {
    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn optional(&mut self, text: Option<&str>) {
        match text {
            None => self.bytes.push(0),
            Some(text) => {
                self.number(text.len() as u64 + 1);
                self.bytes.extend_from_slice(text.as_bytes());
            }
        }
    }

    /// Whom a passage is about, and where it was read.
    fn place(
        &mut self,
        entity: &str,
        evidence: Option<&str>,
        place: Option<&str>,
        quote: Option<&str>,
    ) {
        self.text(entity);
        self.optional(evidence);
        self.optional(place);
        self.optional(quote);
    }

    /// What a statement says.
    fn said(&mut self, property: &str, value: &str, lang: Option<&str>, original: Option<&str>) {
        self.text(property);
        self.text(value);
        self.optional(lang);
        self.optional(original);
    }

    /// The values of a row.
    fn row(&mut self, row: &Row<'_>, columns: usize) -> Result<()> {
        for column in 0..columns {
            self.value(row.get_ref(column)?);
        }
        Ok(())
    }

    /// Seven bits a byte, the lowest first; all but the last have the highest bit set.
    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    /// A value with its kind and its length.
    fn value(&mut self, value: ValueRef<'_>) {
        with_bytes(value, |kind, bytes| {
            self.bytes.push(kind);
            self.bytes.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
            self.bytes.extend_from_slice(bytes);
        });
    }
}

fn with_bytes(value: ValueRef<'_>, take: impl FnOnce(u8, &[u8])) {
    match value {
        ValueRef::Null => take(0, &[]),
        ValueRef::Integer(n) => take(1, &n.to_be_bytes()),
        ValueRef::Real(x) => take(2, &x.to_bits().to_be_bytes()),
        ValueRef::Text(text) => take(3, text),
        ValueRef::Blob(bytes) => take(4, bytes),
    }
}

/// Hashes rows, each value with its kind and its length.
fn update_rows(db: &Connection, sql: &str, parameters: &[i64], hash: &mut Sha256) -> Result<()> {
    let mut query = db.prepare_cached(sql)?;
    let columns = query.column_count();
    let mut rows = query.query(rusqlite::params_from_iter(parameters))?;
    while let Some(row) = rows.next()? {
        for column in 0..columns {
            with_bytes(row.get_ref(column)?, |kind, bytes| {
                hash.update([kind]);
                hash.update((bytes.len() as u64).to_be_bytes());
                hash.update(bytes);
            });
        }
    }
    Ok(())
}

fn unfit() -> Error {
    Error::Corrupt("its statements and where they were read do not fit together".into())
}

/// Tells the statements of a revision, read from the file. Passages that do not hold exactly the
/// statements of the revision are an error.
fn statements(db: &Connection, parts: &mut Parts<'_>, to: &mut dyn Leaf) -> Result<()> {
    let Parts { revision, keys, terms, look, .. } = parts;
    let mut passages = db.prepare_cached(
        "SELECT p.first, p.last, p.entity, e.id, d.id, p.place, p.quote, p.evidence IS NULL
         FROM passage p LEFT JOIN entity e ON e.key = p.entity LEFT JOIN entity d ON d.key = p.evidence
         WHERE p.first BETWEEN ?1 AND ?2 ORDER BY p.first",
    )?;
    let mut statements = db.prepare_cached(
        "SELECT key, entity, property, value, lang, original, denied, revision, stands
         FROM statement WHERE key BETWEEN ?1 AND ?2 ORDER BY key",
    )?;
    let mut passages = passages.query([keys.start(), keys.end()])?;
    let mut rows = statements.query([keys.start(), keys.end()])?;
    let begin = keys.start().row();
    let mut next = begin;
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
        let key = StatementKey::from_row(first);
        to.passage(key, first - begin, entity, evidence, text(5)?, text(6)?);
        for key in first..=last {
            let Some(row) = rows.next()? else { return Err(unfit()) };
            let text = |column| row.get_ref(column)?.as_str_or_null().map_err(|_| wrong_type());
            let (Some(property), Some(value)) = (terms.text(db, row.get(2)?)?, text(3)?) else {
                return Err(unfit());
            };
            let of = (row.get(0)?, row.get(1)?, row.get(7)?);
            let denied = row.get::<_, i64>(6)?;
            if of != (key, about, *revision) || !(0..=1).contains(&denied) {
                return Err(unfit());
            }
            to.statement(property, value, text(4)?, text(5)?, denied == 1);
            look(StatementKey::from_row(key), row.get(8)?);
        }
        next = last.checked_add(1).ok_or_else(unfit)?;
    }
    if rows.next()?.is_some() { Err(unfit()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content() -> Content {
        Content {
            leaves: Leaves::new(b"secret"),
            leaf: Encoder::default(),
            read: false,
            entity: String::new(),
            nth: 0,
        }
    }

    /// Everything that could be told in two ways is told in different bytes.
    #[test]
    fn no_two_tellings_are_alike() {
        type Telling = fn(&mut Content);
        const FIRST: StatementKey = StatementKey::from_row(1);
        let tellings: [Telling; 11] = [
            |_| (),
            |t| t.passage(FIRST, 0, "a", Some("d"), None, None),
            |t| t.passage(FIRST, 0, "a", Some(""), None, None),
            |t| t.passage(FIRST, 0, "a", None, Some(""), None),
            |t| t.passage(FIRST, 0, "a", None, None, Some("b")),
            |t| t.passage(FIRST, 0, "", Some("a"), None, None),
            |t| t.passage(FIRST, 300, "a", Some("d"), None, None),
            |t| {
                t.passage(FIRST, 0, "a", None, None, None);
                t.statement("a", "bc", None, None, false);
            },
            |t| {
                t.passage(FIRST, 0, "a", None, None, None);
                t.statement("ab", "c", None, None, false);
            },
            |t| {
                t.passage(FIRST, 0, "a", None, None, None);
                t.statement("a", "bc", None, None, true);
            },
            |t| {
                t.passage(FIRST, 0, "a", None, None, None);
                t.statement("a", "b", None, None, false);
                t.statement("", "c", None, None, false);
            },
        ];
        let digests: std::collections::HashSet<_> = tellings
            .iter()
            .map(|tell| {
                let mut told = content();
                tell(&mut told);
                told.end_passage();
                told.leaves.root().expect("made")
            })
            .collect();
        assert_eq!(digests.len(), tellings.len());
    }
}
