//! Finding entities by any part of any of their names, in any script, and by their texts.
//!
//! What was typed goes through stages, from the exact name to what is only spelled like it. Each
//! stage takes a bounded number of entities from the index, and none scores all that match: in a
//! million documents a common word has too many, and a thousand of them are as good as another.

mod alike;
mod called;
mod explain;
mod filter;
mod gather;
mod query;
mod through;
mod vocabulary;

use rusqlite::{Connection, OptionalExtension as _};

use super::{Case, Result};
use crate::model::{Id, date};
use explain::{Similar, explain};
use gather::Gather;
use query::Query;

pub use called::Called;
pub(crate) use called::Lookup;
pub use filter::FILTERS;
pub use through::{Search, Subject};
pub(super) use vocabulary::Vocabulary;

/// Entities that are considered for a list of hits.
const CONSIDERED: usize = 400;
/// How much is looked at for a list of hits, and for all there are: rows of the index, and values of
/// entities. About 30 milliseconds and five seconds of a slow machine's time.
const WORK: u64 = 40_000;
const WORK_FOR_ALL: u64 = 8_000_000;

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// The best hits, the best first.
    pub hits: Vec<Hit>,
    pub total: Total,
    /// What of the input was not understood, a sentence each.
    pub told: Vec<String>,
    /// Whether words that are only spelled alike could not be looked for yet, because the words of
    /// the case are still being read: see [`Case::learn`].
    pub still_learning: bool,
}

impl Found {
    /// The same, which also says this where there are hits.
    pub(crate) fn telling(mut self, told: String) -> Self {
        if !self.hits.is_empty() {
            self.told.push(told);
        }
        self
    }
}

/// What is looked for where nothing has the words “circa 1951”: what has a date of that year, since a
/// date is kept without them. With it a sentence that says so.
pub(crate) fn in_its_year(text: &str) -> Option<(String, String)> {
    let text = text.trim();
    let year = date::about(text)?;
    let told = format!("Nothing has the words “{text}”: these have a date in {year}.");
    Some((format!("since:{year} until:{year}"), told))
}

/// How many entities match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    Exactly(usize),
    /// More than so many; nobody counted them.
    MoreThan(usize),
}

impl Default for Total {
    fn default() -> Self {
        Self::Exactly(0)
    }
}

/// An entity that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub id: Id,
    pub caption: String,
    pub schema: String,
    /// How many relationships it has.
    pub degree: u64,
    pub class: Class,
    /// Why it was found, the best reason first. None where only filters were given.
    pub reasons: Vec<Reason>,
}

/// How good a hit is; the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// It has this name.
    Exact,
    /// A name of it begins so.
    Begins,
    /// Its names have these words.
    Words,
    /// Its names have these parts.
    Parts,
    /// Its names read so in Latin letters.
    Latin,
    /// Its names and texts have these words.
    Text,
    /// It has words that are spelled or sound nearly so.
    Similar,
    /// Only filters were given, and they hold.
    Filtered,
}

impl Class {
    /// What a program calls it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Begins => "begins",
            Self::Words => "words",
            Self::Parts => "parts",
            Self::Latin => "latin",
            Self::Text => "text",
            Self::Similar => "similar",
            Self::Filtered => "filtered",
        }
    }
}

/// A value that matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub property: String,
    /// The value; of a long one the part that matches.
    pub value: String,
    /// What to highlight in it: first and end, in characters.
    pub ranges: Vec<(usize, usize)>,
    pub how: How,
}

/// How a value matches; the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// The whole of it.
    Exact,
    /// It begins so.
    Prefix,
    /// A word of it.
    Word,
    /// The beginning of a word of it.
    Begins,
    /// A part of a word of it.
    Part,
    /// As it reads in Latin letters, or as what was typed does.
    Transliterated,
    /// A word spelled or sounding nearly so, so many letters away.
    Similar(usize),
}

impl How {
    /// In words, as a person reads it.
    pub fn words(self) -> String {
        match self {
            Self::Exact => "exact name".into(),
            Self::Prefix => "begins so".into(),
            Self::Word => "word".into(),
            Self::Begins => "beginning of a word".into(),
            Self::Part => "part of a word".into(),
            Self::Transliterated => "in Latin letters".into(),
            Self::Similar(0) => "sounds alike".into(),
            Self::Similar(1) => "similar spelling, 1 letter".into(),
            Self::Similar(n) => format!("similar spelling, {n} letters"),
        }
    }

    /// What a program calls it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Prefix => "prefix",
            Self::Word => "word",
            Self::Begins => "word-prefix",
            Self::Part => "part",
            Self::Transliterated => "transliterated",
            Self::Similar(_) => "similar",
        }
    }
}

impl Case {
    /// Looks for what was typed; gives the best `limit` hits. Whatever was typed is understood
    /// somehow, and is never an error.
    pub fn find(&self, text: &str, limit: usize) -> Result<Found> {
        let found = self.find_within(text, limit, WORK)?;
        match in_its_year(text).filter(|_| found.hits.is_empty()) {
            Some((year, told)) => Ok(self.find_within(&year, limit, WORK)?.telling(told)),
            None => Ok(found),
        }
    }

    fn find_within(&self, text: &str, limit: usize, work: u64) -> Result<Found> {
        let query = Query::read(text);
        let mut found = Found { told: query.told.clone(), ..Found::default() };
        if query.is_empty() {
            return Ok(found);
        }
        let most = CONSIDERED.max(limit.saturating_mul(2));
        let mut gather = Gather::new(&self.db, &query, &self.vocabulary, most, work)?;
        gather.run()?;
        found.still_learning = gather.misses_similar;
        let similar = std::mem::take(&mut gather.similar);
        let (candidates, complete) = gather.ranked()?;
        let mut total = candidates.len();
        for candidate in candidates {
            if found.hits.len() >= limit {
                break;
            }
            let near: &[Similar] = if candidate.class == Class::Similar { &similar } else { &[] };
            match hit(&self.db, &query, candidate, near)? {
                Some(hit) => found.hits.push(hit),
                None => total -= 1,
            }
        }
        if let Some(hit) = self.identified(text)?
            && !found.hits.iter().any(|other| other.id == hit.id)
        {
            found.hits.insert(0, hit);
            found.hits.truncate(limit);
            total += 1;
        }
        // What is nearest comes first among those that are equally good otherwise.
        found
            .hits
            .sort_by_key(|hit| (hit.class, hit.reasons.iter().map(|reason| reason.how).max()));
        found.total = if complete { Total::Exactly(total) } else { Total::MoreThan(total) };
        Ok(found)
    }

    /// The ids of all that matches, the best first; at most `most`.
    pub fn find_all(&self, text: &str, most: usize) -> Result<(Vec<Id>, Total)> {
        let found = self.find_all_within(text, most)?;
        match in_its_year(text).filter(|_| found.0.is_empty()) {
            Some((year, _)) => self.find_all_within(&year, most),
            None => Ok(found),
        }
    }

    fn find_all_within(&self, text: &str, most: usize) -> Result<(Vec<Id>, Total)> {
        let query = Query::read(text);
        if query.is_empty() {
            return Ok((Vec::new(), Total::default()));
        }
        let mut gather = Gather::new(&self.db, &query, &self.vocabulary, most, WORK_FOR_ALL)?;
        gather.run()?;
        let similar = std::mem::take(&mut gather.similar);
        let (mut candidates, complete) = gather.ranked()?;
        candidates.truncate(most);
        let mut ids = Vec::with_capacity(candidates.len());
        for candidate in candidates {
            // Only parts and phrases need a look at the names; the index knows the rest.
            let near: &[Similar] = if candidate.class == Class::Similar { &similar } else { &[] };
            let id = super::projection::id_of(&self.db, candidate.entity)?;
            if candidate.class != Class::Parts || hit(&self.db, &query, candidate, near)?.is_some()
            {
                ids.push(id);
            }
        }
        if let Some(hit) = self.identified(text)?
            && !ids.contains(&hit.id)
        {
            ids.insert(0, hit.id);
            ids.truncate(most);
        }
        let count = ids.len();
        Ok((ids, if complete { Total::Exactly(count) } else { Total::MoreThan(count) }))
    }

    /// The entity whose id was typed: what has no name can be found by nothing else.
    fn identified(&self, text: &str) -> Result<Option<Hit>> {
        let sql = "SELECT e.id, n.caption, t.text, n.degree FROM entity e
                   JOIN node n ON n.entity = e.key JOIN term t ON t.key = n.schema WHERE e.id = ?1";
        let hit = self.db.prepare_cached(sql)?.query_row([text.trim()], |row| {
            Ok(Hit {
                id: Id::from(row.get::<_, String>(0)?),
                caption: row.get(1)?,
                schema: row.get(2)?,
                degree: row.get::<_, i64>(3)?.max(0).cast_unsigned(),
                class: Class::Exact,
                reasons: Vec::new(),
            })
        });
        Ok(hit.optional()?)
    }

    /// Reads the words of the case, so that misspelled ones can be found, until `stop` says so.
    /// Says whether all have been read. To be called when there is nothing else to do, after each
    /// change too.
    pub fn learn(&mut self, stop: &mut dyn FnMut() -> bool) -> Result<bool> {
        self.vocabulary.learn(&self.db, stop)
    }

    /// The ids of the best hits.
    pub fn search(&self, text: &str, limit: usize) -> Result<Vec<Id>> {
        Ok(self.find(text, limit)?.hits.into_iter().map(|hit| hit.id).collect())
    }
}

/// Reads what is shown of a candidate; none where a look at its values says that it is no hit.
fn hit(
    db: &Connection,
    query: &Query,
    candidate: gather::Candidate,
    similar: &[Similar],
) -> Result<Option<Hit>> {
    let (id, caption, schema, degree): (String, String, String, i64) = db
        .prepare_cached(
            "SELECT e.id, n.caption, t.text, n.degree FROM node n
             JOIN entity e ON e.key = n.entity JOIN term t ON t.key = n.schema WHERE n.entity = ?1",
        )?
        .query_row([candidate.entity], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
    let mut class = candidate.class;
    let mut reasons = Vec::new();
    if !query.groups.is_empty() {
        let explained = explain(db, candidate.entity, &schema, query, similar)?;
        if !explained.complete {
            return Ok(None);
        }
        reasons = explained.reasons;
        if class == Class::Words && !explained.is_name {
            class = Class::Text;
        }
    }
    Ok(Some(Hit { id: id.into(), caption, schema, degree: degree.max(0) as u64, class, reasons }))
}

#[cfg(test)]
mod tests;
