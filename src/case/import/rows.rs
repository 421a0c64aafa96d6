//! Statements on their way into the file: several at a time, in passages, hashed as they go.

use hashbrown::HashMap as FastMap;
use rusqlite::Connection;

use super::many::Many;
use crate::case::{
    NewValue, Result,
    digest::{Content, Leaf as _},
    passage, projection,
};

/// Where statements were read: the document by key and id, the place, the quote.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    pub(super) evidence: i64,
    pub(super) evidence_id: &'a str,
    pub(super) words: &'a str,
    pub(super) quote: Option<&'a str>,
}

/// Writes statements of one revision.
pub(super) struct Rows<'a> {
    db: &'a Connection,
    content: Content,
    /// The key of the first statement of the revision.
    first: i64,
    terms: FastMap<Box<str>, i64>,
    /// Statements that assert a value in no language, as nearly all do, and the others. They are
    /// numbered as they are written, so only one of the two ever has some that wait.
    plain: Many<'a>,
    full: Many<'a>,
    passage: Many<'a>,
    /// The key of the next statement.
    next: i64,
}

impl<'a> Rows<'a> {
    pub(super) fn new(db: &'a Connection, revision: i64) -> Result<Self> {
        let next = passage::last(db)? + 1;
        Ok(Self {
            db,
            content: Content::begin(db, revision)?,
            first: next,
            terms: FastMap::new(),
            plain: Many::new(
                db,
                "statement(revision, entity, property, value, denied, stands)",
                &format!("{revision}, ?, ?, ?, 0, 1"),
            )?,
            full: Many::new(
                db,
                "statement(revision, entity, property, value, lang, original, denied, stands)",
                &format!("{revision}, ?, ?, ?, ?, ?, ?, 1"),
            )?,
            passage: Many::new(
                db,
                "passage(first, last, entity, evidence, place, quote)",
                "?, ?, ?, ?, ?, ?",
            )?,
            next,
        })
    }

    /// Has what follows hashed on a thread of its own.
    pub(super) fn hash_apart(&mut self) {
        self.content.apart();
    }

    /// The key of the next statement.
    pub(super) fn next(&self) -> i64 {
        self.next
    }

    /// Begins a passage about an entity. To be ended with [`Self::end`] once there is a statement
    /// in it; one without is as if it had not begun only if [`Self::begin`] was not called.
    pub(super) fn begin(&mut self, id: &str, place: Option<Place<'_>>) -> i64 {
        self.content.passage(
            self.next,
            self.next - self.first,
            id,
            place.map(|p| p.evidence_id),
            place.map(|p| p.words),
            place.and_then(|p| p.quote),
        );
        self.next
    }

    /// The key of a term; each is looked up once.
    pub(super) fn term(&mut self, text: &str) -> Result<i64> {
        if let Some(key) = self.terms.get(text) {
            return Ok(*key);
        }
        let key = projection::term(self.db, text)?;
        self.terms.insert(text.into(), key);
        Ok(key)
    }

    /// States a value of the passage's entity.
    pub(super) fn state(&mut self, entity: i64, value: &NewValue) -> Result<()> {
        let NewValue { property, value, lang, original, denied } = value;
        self.content.statement(property, value, lang.as_deref(), original.as_deref(), *denied);
        let property = self.term(property)?;
        self.next += 1;
        if lang.is_none() && original.is_none() && !denied {
            self.full.write()?;
            self.plain.put(entity)?;
            self.plain.put(property)?;
            return self.plain.put(value);
        }
        self.plain.write()?;
        self.full.put(entity)?;
        self.full.put(property)?;
        self.full.put(value)?;
        self.full.put(lang)?;
        self.full.put(original)?;
        self.full.put(denied)
    }

    /// Ends a passage that began with the statement `first`.
    pub(super) fn end(&mut self, first: i64, entity: i64, place: Option<Place<'_>>) -> Result<()> {
        self.passage.put(first)?;
        self.passage.put(self.next - 1)?;
        self.passage.put(entity)?;
        self.passage.put(place.map(|p| p.evidence))?;
        self.passage.put(place.map(|p| p.words))?;
        self.passage.put(place.and_then(|p| p.quote))
    }

    /// Writes what waits, so that the file can be asked about it.
    pub(super) fn write(&mut self) -> Result<()> {
        self.plain.write()?;
        self.full.write()?;
        self.passage.write()
    }

    /// Writes the rest; gives the content of the revision as far as statements make it.
    pub(super) fn finish(mut self) -> Result<Content> {
        self.write()?;
        Ok(self.content)
    }
}
