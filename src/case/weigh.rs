//! What supports statements and what speaks against them: the live citations of live documents,
//! those of the places where statements were read among them.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use rusqlite::{Connection, Row};

use super::Result;
use crate::model::{
    Citation, Credibility, Id, Reliability, Strength, entity::SCHEMA, strength::Support,
};

/// What the strength of a statement needs to know about one citation.
#[derive(Clone, Debug)]
pub(super) struct Weight {
    supports: bool,
    credibility: Option<Credibility>,
    source: Arc<Source>,
}

/// What the strength of a statement needs to know about a document.
#[derive(Debug, Default)]
pub(super) struct Source {
    pub(super) reliability: Option<Reliability>,
    pub(super) origin: Option<String>,
    pub(super) live: bool,
}

impl Source {
    pub(super) fn of(db: &Connection, document: i64) -> Result<Self> {
        let mut query = db.prepare_cached(
            "SELECT t.text, s.value FROM passage p CROSS JOIN statement s ON s.key BETWEEN p.first AND p.last
             JOIN term t ON t.key = s.property
             WHERE p.entity = ?1 AND s.live AND NOT s.denied
               AND t.text IN ('schema', 'reliability', 'publisher', 'author') ORDER BY s.key",
        )?;
        let mut rows = query.query([document])?;
        let mut source = Self::default();
        let mut author = None;
        while let Some(row) = rows.next()? {
            let value: String = row.get(1)?;
            match row.get_ref(0)?.as_str().unwrap_or_default() {
                SCHEMA => source.live = true,
                "reliability" => source.reliability = Reliability::from_code(&value),
                "publisher" => drop(source.origin.get_or_insert(value)),
                _ => drop(author.get_or_insert(value)),
            }
        }
        source.origin = source.origin.or(author);
        Ok(source)
    }
}

pub(super) fn strength<'a>(weights: impl Iterator<Item = &'a Weight>) -> Strength {
    Strength::of(weights.map(|w| Support {
        supports: w.supports,
        reliability: w.source.reliability,
        credibility: w.credibility,
        origin: w.source.origin.as_deref(),
    }))
}

/// The live citations of live documents, by statement.
#[derive(Debug, Default)]
pub(super) struct Weights {
    cited: HashMap<i64, Vec<Weight>>,
    /// Statements that were read from one live document one after another: the first and the
    /// last, in the order of their keys. All that a file said is one entry.
    read: Vec<(i64, i64, Weight)>,
    /// Statements that the place where they were read does not support any more.
    dismissed: HashSet<i64>,
    sources: HashMap<i64, Arc<Source>>,
}

impl Weights {
    /// Those of one entity's statements.
    pub(super) fn of_entity(db: &Connection, entity: i64) -> Result<Self> {
        let mut weights = Self::default();
        weights.add_citations(
            db,
            "SELECT c.statement, c.supports, c.credibility, c.entity FROM passage p
             CROSS JOIN citation c ON c.statement BETWEEN p.first AND p.last
             WHERE p.entity = ?1 AND c.live ORDER BY c.key",
            &[entity],
        )?;
        weights.add_dismissed(
            db,
            "SELECT d.statement FROM passage p
             CROSS JOIN dismissed d ON d.statement BETWEEN p.first AND p.last WHERE p.entity = ?1",
            &[entity],
        )?;
        weights.add_read(
            db,
            "SELECT first, last, evidence FROM passage
             WHERE entity = ?1 AND evidence IS NOT NULL ORDER BY first",
            &[entity],
        )?;
        Ok(weights)
    }

    /// All but those of the places where statements were read, which [`Self::step`] adds.
    pub(super) fn begin(db: &Connection) -> Result<Self> {
        let mut weights = Self::default();
        weights.add_citations(
            db,
            "SELECT statement, supports, credibility, entity FROM citation
             WHERE live ORDER BY key",
            &[],
        )?;
        weights.add_dismissed(db, "SELECT statement FROM dismissed", &[])?;
        Ok(weights)
    }

    /// Adds so many of the passages after this one; gives the last of them if there are more.
    pub(super) fn step(&mut self, db: &Connection, after: i64, count: i64) -> Result<Option<i64>> {
        let (added, last) = self.add_read(
            db,
            "SELECT first, last, evidence FROM passage WHERE first > ?1 ORDER BY first LIMIT ?2",
            &[after, count],
        )?;
        Ok(last.filter(|_| added == count))
    }

    /// Those of all statements.
    pub(super) fn all(db: &Connection) -> Result<Self> {
        const STEP: i64 = 100_000;
        let mut weights = Self::begin(db)?;
        let mut at = Some(i64::MIN);
        while let Some(after) = at {
            at = weights.step(db, after, STEP)?;
        }
        Ok(weights)
    }

    /// What weighs for or against a statement.
    pub(super) fn of(&self, statement: i64) -> impl Iterator<Item = &Weight> {
        self.cited(statement).chain(self.read(statement).map(|(_, weight)| weight))
    }

    /// What has been cited for or against a statement.
    pub(super) fn cited(&self, statement: i64) -> impl Iterator<Item = &Weight> {
        self.cited.get(&statement).filter(|_| !self.cited.is_empty()).into_iter().flatten()
    }

    /// The document that a statement was read from, as a number of its own, with its weight.
    pub(super) fn read(&self, statement: i64) -> Option<(usize, &Weight)> {
        let at = self.read.partition_point(|(first, ..)| *first <= statement).checked_sub(1)?;
        let (_, last, weight) = self.read.get(at)?;
        let counts = statement <= *last
            && (self.dismissed.is_empty() || !self.dismissed.contains(&statement));
        counts.then_some((Arc::as_ptr(&weight.source) as usize, weight))
    }

    fn add_citations(&mut self, db: &Connection, sql: &str, of: &[i64]) -> Result<()> {
        let mut query = db.prepare_cached(sql)?;
        let mut rows = query.query(rusqlite::params_from_iter(of))?;
        while let Some(row) = rows.next()? {
            let source = self.source(db, row.get(3)?)?;
            if source.live {
                let (supports, credibility) = (row.get(1)?, credibility(row, 2)?);
                let weights = self.cited.entry(row.get(0)?).or_default();
                weights.push(Weight { supports, credibility, source });
            }
        }
        Ok(())
    }

    fn add_dismissed(&mut self, db: &Connection, sql: &str, of: &[i64]) -> Result<()> {
        let mut query = db.prepare_cached(sql)?;
        let rows = query.query_map(rusqlite::params_from_iter(of), |row| row.get(0))?;
        for statement in rows {
            self.dismissed.insert(statement?);
        }
        Ok(())
    }

    /// Gives how many passages there were, and the last.
    fn add_read(&mut self, db: &Connection, sql: &str, of: &[i64]) -> Result<(i64, Option<i64>)> {
        let mut query = db.prepare_cached(sql)?;
        let mut rows = query.query(rusqlite::params_from_iter(of))?;
        let (mut count, mut latest) = (0, None);
        while let Some(row) = rows.next()? {
            let (first, last, document): (i64, i64, Option<i64>) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            (count, latest) = (count + 1, Some(first));
            let Some(document) = document else { continue };
            let source = self.source(db, document)?;
            if !source.live {
                continue;
            }
            match self.read.last_mut() {
                Some((_, end, weight))
                    if *end + 1 == first && Arc::ptr_eq(&weight.source, &source) =>
                {
                    *end = last;
                }
                _ => {
                    let weight = Weight { supports: true, credibility: None, source };
                    self.read.push((first, last, weight));
                }
            }
        }
        Ok((count, latest))
    }

    fn source(&mut self, db: &Connection, document: i64) -> Result<Arc<Source>> {
        if let Some(source) = self.sources.get(&document) {
            return Ok(Arc::clone(source));
        }
        let source = Arc::new(Source::of(db, document)?);
        self.sources.insert(document, Arc::clone(&source));
        Ok(source)
    }
}

fn credibility(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Credibility>> {
    Ok(row.get::<_, Option<String>>(column)?.and_then(|code| Credibility::from_code(&code)))
}

/// All citations of an entity's statements, by statement. The place where a statement was read
/// comes first, under the statement's own key made negative.
pub(super) fn citations(db: &Connection, entity: i64) -> Result<HashMap<i64, Vec<Citation>>> {
    let mut query = db.prepare_cached(
        "SELECT -s.key, s.key, e.id, 1, NULL, p.place, p.quote, NULL, NULL,
                NOT EXISTS(SELECT 1 FROM dismissed d WHERE d.statement = s.key), 0
         FROM passage p CROSS JOIN statement s ON s.key BETWEEN p.first AND p.last
         JOIN entity e ON e.key = p.evidence WHERE p.entity = ?1
         UNION ALL
         SELECT c.key, c.statement, e.id, c.supports, c.credibility, c.page, c.quote, c.range, c.region,
                c.live, c.key
         FROM passage p CROSS JOIN citation c ON c.statement BETWEEN p.first AND p.last
         JOIN entity e ON e.key = c.entity WHERE p.entity = ?1 ORDER BY 11",
    )?;
    let mut rows = query.query([entity])?;
    let mut all: HashMap<i64, Vec<Citation>> = HashMap::new();
    while let Some(row) = rows.next()? {
        let statement = row.get(1)?;
        let range: Option<String> = row.get(7)?;
        let region: Option<String> = row.get(8)?;
        all.entry(statement).or_default().push(Citation {
            key: row.get(0)?,
            statement,
            evidence: Id::from(row.get::<_, String>(2)?),
            supports: row.get(3)?,
            credibility: credibility(row, 4)?,
            page: row.get(5)?,
            quote: row.get(6)?,
            range: range.and_then(|text| {
                let (start, end) = text.split_once('-')?;
                Some((start.parse().ok()?, end.parse().ok()?))
            }),
            region: region.and_then(|text| {
                let parts: Vec<f32> = text.split(',').map_while(|x| x.parse().ok()).collect();
                parts.try_into().ok()
            }),
            live: row.get(9)?,
        });
    }
    Ok(all)
}
