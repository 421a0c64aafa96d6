//! What supports statements and what speaks against them: the live citations of live documents,
//! those of the places where statements were read among them.

use std::{
    collections::{BTreeSet, HashMap, HashSet, hash_map::Entry},
    sync::Arc,
};

use rusqlite::{Connection, OptionalExtension as _, Row, ToSql, params};

use super::{
    Result, block, projection, rows,
    standing::{self, Holding, SPAN, Target},
};
use crate::model::{
    Citation, CitationKey, CitationRef, Cite, Credibility, Id, Reliability, StatementKey, Strength,
    derive::Said, source, strength::Support,
};

/// What the strength of a statement needs to know about one citation.
#[derive(Clone, Debug)]
pub(super) struct Weight {
    /// The citation; `None` for the place where a statement was read.
    pub(super) made: Option<CitationKey>,
    pub(super) supports: bool,
    pub(super) credibility: Option<Credibility>,
    pub(super) source: Arc<Source>,
}

impl Weight {
    /// Which citation of a statement it is.
    pub(super) fn citation(&self, statement: StatementKey) -> CitationRef {
        self.made.map_or(CitationRef::Read(statement), CitationRef::Made)
    }

    /// As a citation of a statement.
    pub(super) fn cite(&self, statement: StatementKey) -> Cite {
        Cite {
            statement,
            citation: self.citation(statement),
            document: self.source.id.clone(),
            supports: self.supports,
            credibility: self.credibility,
        }
    }
}

/// What the strength of a statement needs to know about a document.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) id: Id,
    /// The credibility that somebody gave to all that was read from it.
    pub(super) judged: Option<Credibility>,
    /// The local key of the document.
    pub(super) key: i64,
    pub(super) reliability: Option<Reliability>,
    pub(super) origin: Option<String>,
    pub(super) live: bool,
}

impl Source {
    /// A document by what holds of it.
    pub(super) fn of(db: &Connection, document: i64, holding: Holding<'_>) -> Result<Self> {
        let mut query = db.prepare_cached(
            "SELECT t.text, s.value, s.key, r.number, s.stands + r.live > 1
             FROM passage p CROSS JOIN statement s ON s.key BETWEEN p.first AND p.last
             JOIN term t ON t.key = s.property JOIN revision r ON r.number = s.revision
             WHERE p.entity = ?1 AND NOT s.denied
               AND t.text IN ('schema', 'reliability', 'publisher', 'author')
             ORDER BY r.clock, r.id, s.key",
        )?;
        let mut rows = query.query([document])?;
        let mut said: Vec<(String, String)> = Vec::new();
        while let Some(row) = rows.next()? {
            if holding.holds(Target::Statement(row.get(2)?), row.get(3)?, row.get(4)?) {
                said.push((row.get(0)?, row.get(1)?));
            }
        }
        let source = source::Source::of(said.iter().map(|(p, v)| Said::asserted(p, v)));
        Ok(Self {
            id: projection::id_of(db, document)?,
            judged: judged(db, holding, DOCUMENT, &document)?.and_then(|judged| judged.0),
            key: document,
            live: source.is_some(),
            reliability: source.and_then(|source| source.reliability),
            origin: source.and_then(|source| source.origin).map(str::to_owned),
        })
    }
}

/// What somebody said of how far information can be believed. It may be that nobody knows.
#[derive(Clone, Copy, Debug)]
struct Judgement(Option<Credibility>);

/// The word under which a judgement of all that was read from a document is stored.
pub(super) const DOCUMENT: &str = "document";

/// The latest judgement of a citation (`citation`, `read`) or of a document ([`DOCUMENT`]), if
/// there is one that holds.
fn judged(
    db: &Connection,
    holding: Holding<'_>,
    kind: &str,
    target: &dyn ToSql,
) -> Result<Option<Judgement>> {
    let mut query = db.prepare_cached(
        "SELECT j.credibility, r.number, r.live FROM judgement j
         JOIN revision r ON r.number = j.revision WHERE j.kind = ?1 AND j.target = ?2
         ORDER BY r.clock DESC, r.id DESC, j.nth DESC",
    )?;
    let mut rows = query.query(params![kind, target])?;
    while let Some(row) = rows.next()? {
        if holding.is_live(row.get(1)?, row.get(2)?) {
            return Ok(Some(Judgement(credibility(row, 0)?)));
        }
    }
    Ok(None)
}

/// Whether anything was judged by itself: most cases have millions of citations and no such
/// judgement, and then none is looked for.
struct Judges {
    made: bool,
    read: bool,
}

impl Judges {
    fn of(db: &Connection) -> Result<Self> {
        let mut query = db.prepare_cached("SELECT 1 FROM judgement WHERE kind = ?1")?;
        Ok(Self { made: query.exists(["citation"])?, read: query.exists(["read"])? })
    }
}

/// The credibility of a citation: its own judgement, else the one that it was made with, else the
/// one of all that was read from its document.
fn credible(
    db: &Connection,
    holding: Holding<'_>,
    judges: &Judges,
    citation: CitationRef,
    made_with: Option<Credibility>,
    document: Option<Credibility>,
) -> Result<Option<Credibility>> {
    let may_be = match citation {
        CitationRef::Made(_) => judges.made,
        CitationRef::Read(_) => judges.read,
    };
    let target = Target::from(citation);
    let own = if may_be { judged(db, holding, target.word(), &target)? } else { None };
    Ok(own.map_or(made_with, |own| own.0).or(document))
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
    cited: HashMap<StatementKey, Vec<Weight>>,
    /// Statements that were read from one live document one after another: the first and the
    /// last, in the order of their keys. All that a file said is one entry.
    read: Vec<(StatementKey, StatementKey, Weight)>,
    /// Statements that the place where they were read does not support any more.
    dismissed: HashSet<StatementKey>,
    /// The places where statements were read that have a judgement of their own, by statement.
    judged: HashMap<StatementKey, Weight>,
    sources: HashMap<i64, Arc<Source>>,
    /// Those of the entities in question that are evidence.
    evidence: HashSet<i64>,
    /// Long spans of statements of which none holds.
    dead: Vec<(StatementKey, StatementKey)>,
}

impl Weights {
    /// Those of one entity's statements.
    pub(super) fn of_entity(db: &Connection, entity: i64, holding: Holding<'_>) -> Result<Self> {
        let mut weights = Self::default();
        weights.add_citations(
            db,
            holding,
            "SELECT c.statement, c.supports, c.credibility, c.entity, c.key, r.number,
                    c.stands + r.live > 1 FROM passage p
             CROSS JOIN citation c ON c.statement BETWEEN p.first AND p.last
             JOIN revision r ON r.number = c.revision
             WHERE p.entity = ?1 ORDER BY r.clock, r.id, c.nth",
            &[entity],
        )?;
        match holding {
            Holding::Kept => weights.add_dismissed(
                db,
                "SELECT d.statement FROM passage p
                 CROSS JOIN dismissed d ON d.statement BETWEEN p.first AND p.last WHERE p.entity = ?1",
                &[entity],
            )?,
            Holding::Among(standing) => {
                let sql = "SELECT first, last FROM passage WHERE entity = ?1";
                let mut query = db.prepare_cached(sql)?;
                let mut rows = query.query([entity])?;
                while let Some(row) = rows.next()? {
                    weights.dismissed.extend(standing.dismissed(row.get(0)?, row.get(1)?));
                }
            }
        }
        weights.add_judged(
            db,
            holding,
            "SELECT DISTINCT j.target FROM passage p
             CROSS JOIN judgement j ON j.kind = 'read' AND j.target BETWEEN p.first AND p.last
             WHERE p.entity = ?1",
            &[entity],
        )?;
        weights.add_read(
            db,
            holding,
            "SELECT first, last, evidence FROM passage
             WHERE entity = ?1 AND evidence IS NOT NULL ORDER BY first",
            &[entity],
        )?;
        if projection::is_evidence(db, entity)? {
            weights.evidence.insert(entity);
        }
        Ok(weights)
    }

    /// All but those of the places where statements were read, which [`Self::step`] adds.
    pub(super) fn begin(db: &Connection, holding: Holding<'_>) -> Result<Self> {
        let mut weights = Self::default();
        weights.add_citations(
            db,
            holding,
            "SELECT c.statement, c.supports, c.credibility, c.entity, c.key, r.number,
                    c.stands + r.live > 1 FROM citation c
             JOIN revision r ON r.number = c.revision ORDER BY r.clock, r.id, c.nth",
            &[],
        )?;
        match holding {
            Holding::Kept => {
                weights.dead = standing::dead_spans(db, SPAN)?;
                weights.add_dismissed(db, "SELECT statement FROM dismissed", &[])?;
            }
            Holding::Among(standing) => {
                weights.dismissed.extend(standing.dismissed(StatementKey::MIN, StatementKey::MAX));
            }
        }
        let judged = "SELECT DISTINCT target FROM judgement WHERE kind = 'read'";
        weights.add_judged(db, holding, judged, &[])?;
        let mut query = db.prepare_cached("SELECT entity, revision FROM evidence")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            if holding.counts(row.get(1)?) {
                weights.evidence.insert(row.get(0)?);
            }
        }
        Ok(weights)
    }

    /// Adds so many of the passages after this one; gives after which to go on if there are more.
    /// Where no statement of a long span holds, nothing supports one.
    pub(super) fn step(
        &mut self,
        db: &Connection,
        holding: Holding<'_>,
        after: StatementKey,
        count: i64,
    ) -> Result<Option<StatementKey>> {
        let dead = block::next(&self.dead, after);
        let until = dead.map_or(i64::MAX, |(first, _)| first.row().saturating_sub(1));
        let (mut added, mut latest) = (0, None);
        let keys = (after.row().saturating_add(1), until);
        rows::each_row(db, "passage", keys, |first, mut row| {
            row.skip()?;
            let last = StatementKey::from_row(row.integer()?);
            row.skip()?;
            let (first, document) = (StatementKey::from_row(first), row.integer_or_null()?);
            self.add_passage(db, holding, (first, last), document)?;
            added += 1;
            latest = (added == count).then_some(first);
            Ok(latest.is_none())
        })?;
        Ok(latest.or(dead.map(|(_, last)| last)))
    }

    /// Those of all statements.
    pub(super) fn all(db: &Connection) -> Result<Self> {
        const STEP: i64 = 100_000;
        let mut weights = Self::begin(db, Holding::Kept)?;
        let mut at = Some(StatementKey::MIN);
        while let Some(after) = at {
            at = weights.step(db, Holding::Kept, after, STEP)?;
        }
        Ok(weights)
    }

    /// What weighs for or against a statement.
    pub(super) fn of(&self, statement: StatementKey) -> impl Iterator<Item = &Weight> {
        self.cited(statement).chain(self.read(statement))
    }

    /// Statements that were read from one document one after another: the first, the last, the key
    /// of the document.
    pub(super) fn spans(&self) -> impl Iterator<Item = (StatementKey, StatementKey, i64)> {
        self.read.iter().map(|(first, last, weight)| (*first, *last, weight.source.key))
    }

    /// Whether an entity is evidence: a document whose bytes are in the case.
    pub(super) fn is_evidence(&self, entity: i64) -> bool {
        self.evidence.contains(&entity)
    }

    /// The keys of what is evidence.
    pub(super) fn evidence(&self) -> impl Iterator<Item = i64> {
        self.evidence.iter().copied()
    }

    /// The credibility that somebody gave to all that was read from a document.
    pub(super) fn judgement(&self, document: i64) -> Option<Credibility> {
        self.sources.get(&document).and_then(|source| source.judged)
    }

    /// The statements that are supported otherwise than [`Self::spans`] says.
    pub(super) fn apart(&self) -> BTreeSet<StatementKey> {
        self.cited.keys().chain(&self.dismissed).chain(self.judged.keys()).copied().collect()
    }

    /// What has been cited for or against a statement.
    fn cited(&self, statement: StatementKey) -> impl Iterator<Item = &Weight> {
        self.cited.get(&statement).filter(|_| !self.cited.is_empty()).into_iter().flatten()
    }

    /// The document that a statement was read from.
    fn read(&self, statement: StatementKey) -> Option<&Weight> {
        let at = self.read.partition_point(|(first, ..)| *first <= statement).checked_sub(1)?;
        let (_, last, weight) = self.read.get(at)?;
        let counts = statement <= *last
            && (self.dismissed.is_empty() || !self.dismissed.contains(&statement));
        counts.then(|| self.judged.get(&statement).unwrap_or(weight))
    }

    fn add_citations(
        &mut self,
        db: &Connection,
        holding: Holding<'_>,
        sql: &str,
        of: &[i64],
    ) -> Result<()> {
        let judges = Judges::of(db)?;
        let mut query = db.prepare_cached(sql)?;
        let mut rows = query.query(rusqlite::params_from_iter(of))?;
        while let Some(row) = rows.next()? {
            let (supports, key) = (row.get(1)?, row.get(4)?);
            if !holding.holds(Target::Citation(key), row.get(5)?, row.get(6)?) {
                continue;
            }
            let source = self.source(db, holding, row.get(3)?)?;
            if source.live {
                let made_with = credibility(row, 2)?;
                let made = CitationRef::Made(key);
                let credibility = credible(db, holding, &judges, made, made_with, source.judged)?;
                let weights = self.cited.entry(row.get(0)?).or_default();
                weights.push(Weight { made: Some(key), supports, credibility, source });
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

    fn add_judged(
        &mut self,
        db: &Connection,
        holding: Holding<'_>,
        sql: &str,
        of: &[i64],
    ) -> Result<()> {
        let judges = Judges::of(db)?;
        if !judges.read {
            return Ok(());
        }
        let mut query = db.prepare_cached(sql)?;
        let rows = query.query_map(rusqlite::params_from_iter(of), |row| row.get(0))?;
        let judgements: Vec<StatementKey> = rows.collect::<rusqlite::Result<_>>()?;
        for statement in judgements {
            let document: Option<i64> = db
                .prepare_cached(
                    "SELECT evidence FROM passage
                     WHERE first = (SELECT max(first) FROM passage WHERE first <= ?1)",
                )?
                .query_row([statement], |row| row.get(0))
                .optional()?
                .flatten();
            let Some(document) = document else { continue };
            let source = self.source(db, holding, document)?;
            let read = CitationRef::Read(statement);
            let credibility = credible(db, holding, &judges, read, None, source.judged)?;
            self.judged
                .insert(statement, Weight { made: None, supports: true, credibility, source });
        }
        Ok(())
    }

    fn add_read(
        &mut self,
        db: &Connection,
        holding: Holding<'_>,
        sql: &str,
        of: &[i64],
    ) -> Result<()> {
        let mut query = db.prepare_cached(sql)?;
        let mut rows = query.query(rusqlite::params_from_iter(of))?;
        while let Some(row) = rows.next()? {
            self.add_passage(db, holding, (row.get(0)?, row.get(1)?), row.get(2)?)?;
        }
        Ok(())
    }

    /// Adds statements that were read from a document, if from any.
    fn add_passage(
        &mut self,
        db: &Connection,
        holding: Holding<'_>,
        (first, last): (StatementKey, StatementKey),
        document: Option<i64>,
    ) -> Result<()> {
        let Some(document) = document else { return Ok(()) };
        // Most were read from the same document as those before.
        if let Some((_, end, weight)) = self.read.last_mut()
            && end.is_before(first)
            && weight.source.key == document
        {
            *end = last;
            return Ok(());
        }
        let source = self.source(db, holding, document)?;
        if source.live {
            let credibility = source.judged;
            let weight = Weight { made: None, supports: true, credibility, source };
            self.read.push((first, last, weight));
        }
        Ok(())
    }

    fn source(
        &mut self,
        db: &Connection,
        holding: Holding<'_>,
        document: i64,
    ) -> Result<Arc<Source>> {
        if let Some(source) = self.sources.get(&document) {
            return Ok(Arc::clone(source));
        }
        let source = Arc::new(Source::of(db, document, holding)?);
        self.sources.insert(document, Arc::clone(&source));
        Ok(source)
    }
}

fn credibility(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Credibility>> {
    Ok(row.get::<_, Option<String>>(column)?.and_then(|code| Credibility::from_code(&code)))
}

/// All citations of an entity's statements, by statement. The place where a statement was read
/// comes first. Citations of revisions that do not count are left out.
pub(super) fn citations(
    db: &Connection,
    holding: Holding<'_>,
    entity: i64,
) -> Result<HashMap<StatementKey, Vec<Citation>>> {
    let mut query = db.prepare_cached(
        "SELECT NULL, s.key, e.id, 1, NULL, p.place, p.quote, NULL, NULL,
                NOT EXISTS(SELECT 1 FROM dismissed d WHERE d.statement = s.key), 0, '', 0, p.evidence, s.revision,
                r.live
         FROM passage p CROSS JOIN statement s ON s.key BETWEEN p.first AND p.last
         JOIN revision r ON r.number = s.revision
         JOIN entity e ON e.key = p.evidence WHERE p.entity = ?1
         UNION ALL
         SELECT c.key, c.statement, e.id, c.supports, c.credibility, c.page, c.quote, c.range, c.region,
                c.stands + r.live > 1, r.clock, r.id, c.nth, c.entity, r.number, r.live
         FROM passage p CROSS JOIN citation c ON c.statement BETWEEN p.first AND p.last
         JOIN revision r ON r.number = c.revision
         JOIN entity e ON e.key = c.entity WHERE p.entity = ?1 ORDER BY 11, 12, 13",
    )?;
    let judges = Judges::of(db)?;
    let mut documents: HashMap<i64, Option<Credibility>> = HashMap::new();
    let mut rows = query.query([entity])?;
    let mut all: HashMap<StatementKey, Vec<Citation>> = HashMap::new();
    while let Some(row) = rows.next()? {
        let statement = row.get(1)?;
        let range: Option<String> = row.get(7)?;
        let region: Option<String> = row.get(8)?;
        let made: Option<CitationKey> = row.get(0)?;
        let key = made.map_or(CitationRef::Read(statement), CitationRef::Made);
        let (document, revision) = (row.get(13)?, row.get(14)?);
        if !holding.counts(revision) {
            continue;
        }
        let live = match (key, holding) {
            (CitationRef::Made(key), _) => {
                holding.holds(Target::Citation(key), revision, row.get(9)?)
            }
            (CitationRef::Read(_), Holding::Kept) => row.get(9)?,
            (CitationRef::Read(_), Holding::Among(standing)) => {
                standing.dismissed(statement, statement).next().is_none()
            }
        };
        let of_document = match documents.entry(document) {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(entry) => {
                *entry.insert(judged(db, holding, DOCUMENT, &document)?.and_then(|j| j.0))
            }
        };
        all.entry(statement).or_default().push(Citation {
            key,
            statement,
            evidence: Id::from(row.get::<_, String>(2)?),
            supports: row.get(3)?,
            credibility: credible(db, holding, &judges, key, credibility(row, 4)?, of_document)?,
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
            live,
            undone: !live && !holding.is_live(revision, row.get(15)?),
        });
    }
    Ok(all)
}
