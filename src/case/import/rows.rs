//! Statements on their way into the file: several at a time, in passages, hashed as they go.

use hashbrown::HashMap as FastMap;
use rusqlite::{Connection, Statement, types::Null};

use crate::{
    case::{
        NewValue, Result,
        digest::{Content, Leaf as _},
        passage, projection,
    },
    model::{RevisionNumber, StatementKey},
};

/// How many statements are written at once.
const AT_ONCE: usize = 16;
/// How many values a statement has that differ between statements.
const COLUMNS: usize = 6;

/// Where statements were read: the document by key and id, the place, the quote.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    pub(super) evidence: i64,
    pub(super) evidence_id: &'a str,
    pub(super) words: &'a str,
    pub(super) quote: Option<&'a str>,
}

/// A statement that waits to be written; texts by where they end in the common text.
struct Waiting {
    entity: i64,
    property: i64,
    value: usize,
    lang: Option<usize>,
    original: Option<usize>,
    denied: bool,
}

/// Writes statements of one revision.
pub(super) struct Rows<'a> {
    db: &'a Connection,
    revision: RevisionNumber,
    content: Content,
    /// The key of the first statement of the revision.
    first: i64,
    terms: FastMap<Box<str>, i64>,
    waiting: Vec<Waiting>,
    text: String,
    many: Statement<'a>,
    one: Statement<'a>,
    passage: Statement<'a>,
    /// The key of the next statement.
    next: i64,
}

impl<'a> Rows<'a> {
    pub(super) fn new(db: &'a Connection, revision: RevisionNumber) -> Result<Self> {
        let next = passage::last(db)?.next().row();
        Ok(Self {
            db,
            revision,
            content: Content::begin(db, revision)?,
            first: next,
            terms: FastMap::new(),
            waiting: Vec::with_capacity(AT_ONCE),
            text: String::new(),
            many: db.prepare(&insert(AT_ONCE))?,
            one: db.prepare(&insert(1))?,
            passage: db.prepare(
                "INSERT INTO passage(first, last, entity, evidence, place, quote)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?,
            next,
        })
    }

    /// The key of the next statement.
    pub(super) fn next(&self) -> StatementKey {
        StatementKey::from_row(self.next)
    }

    /// The number of statements from one of them on.
    pub(super) fn since(&self, first: StatementKey) -> u64 {
        (self.next - first.row()) as u64
    }

    /// Begins a passage about an entity. To be ended with [`Self::end`] once there is a statement
    /// in it; one without is as if it had not begun only if [`Self::begin`] was not called.
    pub(super) fn begin(&mut self, id: &str, place: Option<Place<'_>>) -> StatementKey {
        self.content.passage(
            self.next(),
            self.next - self.first,
            id,
            place.map(|p| p.evidence_id),
            place.map(|p| p.words),
            place.and_then(|p| p.quote),
        );
        self.next()
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
        self.text.push_str(value);
        let value = self.text.len();
        let mut add = |text: Option<&str>| {
            text.map(|text| {
                self.text.push_str(text);
                self.text.len()
            })
        };
        let (lang, original) = (add(lang.as_deref()), add(original.as_deref()));
        let denied = *denied;
        self.waiting.push(Waiting { entity, property, value, lang, original, denied });
        self.next += 1;
        if self.waiting.len() == AT_ONCE { self.write() } else { Ok(()) }
    }

    /// Ends a passage that began with the statement `first`.
    pub(super) fn end(
        &mut self,
        first: StatementKey,
        entity: i64,
        place: Option<Place<'_>>,
    ) -> Result<()> {
        self.passage.raw_bind_parameter(1, first)?;
        self.passage.raw_bind_parameter(2, self.next - 1)?;
        self.passage.raw_bind_parameter(3, entity)?;
        self.passage.raw_bind_parameter(4, place.map(|p| p.evidence))?;
        self.passage.raw_bind_parameter(5, place.map(|p| p.words))?;
        self.passage.raw_bind_parameter(6, place.and_then(|p| p.quote))?;
        self.passage.raw_execute()?;
        Ok(())
    }

    /// Writes what waits, so that the file can be asked about it.
    pub(super) fn write(&mut self) -> Result<()> {
        let mut from = 0;
        if self.waiting.len() == AT_ONCE {
            for (number, row) in self.waiting.iter().enumerate() {
                from =
                    bind(&mut self.many, number * COLUMNS, self.revision, row, &self.text, from)?;
            }
            self.many.raw_execute()?;
        } else {
            for row in &self.waiting {
                from = bind(&mut self.one, 0, self.revision, row, &self.text, from)?;
                self.one.raw_execute()?;
            }
        }
        self.waiting.clear();
        self.text.clear();
        Ok(())
    }

    /// Writes the rest; gives the content of the revision as far as statements make it.
    pub(super) fn finish(mut self) -> Result<Content> {
        self.write()?;
        Ok(self.content)
    }
}

/// Inserts so many statements. The revision is the first parameter.
fn insert(rows: usize) -> String {
    let row = |n: usize| {
        let at = |column: usize| n * COLUMNS + column + 2;
        format!("(?1, ?{}, ?{}, ?{}, ?{}, ?{}, ?{}, 1)", at(0), at(1), at(2), at(3), at(4), at(5))
    };
    format!(
        "INSERT INTO statement(revision, entity, property, value, lang, original, denied, stands) VALUES {}",
        (0..rows).map(row).collect::<Vec<_>>().join(", ")
    )
}

/// Binds a statement's values after `offset` others; gives where its texts end.
fn bind(
    into: &mut Statement<'_>,
    offset: usize,
    revision: RevisionNumber,
    row: &Waiting,
    text: &str,
    from: usize,
) -> Result<usize> {
    into.raw_bind_parameter(1, revision)?;
    into.raw_bind_parameter(offset + 2, row.entity)?;
    into.raw_bind_parameter(offset + 3, row.property)?;
    into.raw_bind_parameter(offset + 4, &text[from..row.value])?;
    let mut from = row.value;
    for (column, end) in [(5, row.lang), (6, row.original)] {
        match end {
            None => into.raw_bind_parameter(offset + column, Null)?,
            Some(end) => {
                into.raw_bind_parameter(offset + column, &text[from..end])?;
                from = end;
            }
        }
    }
    into.raw_bind_parameter(offset + 7, row.denied)?;
    Ok(from)
}
