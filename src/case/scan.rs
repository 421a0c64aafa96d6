//! Reading all that exists: three passes over the file in the order in which it is written, in
//! parts, so that whoever reads can do something else in between.

use std::collections::BTreeSet;

use hashbrown::HashMap as FastMap;
use rusqlite::Connection;

use super::{
    Case, Progress, Result, block, projection,
    read::{text, wrong_type},
    standing::{self, Holding, Horizon, Standing, Target},
    weigh::Weights,
};
use crate::model::{CitationRef, Credibility, Entity, Id, RevisionNumber, StatementKey};

/// Rows that are read in one step.
const STEP: i64 = 100_000;
/// Statements that do not hold are passed over where there are so many together.
pub(super) const SPAN: i64 = 10_000;
/// What an entity takes in a file at the least, in bytes.
const LEAST: i64 = 64;

impl Case {
    /// About how many entities and relationships there are. To count them takes seconds in a large
    /// file that nobody has read for a while.
    pub fn extent(&self) -> Result<u64> {
        let sql = "SELECT coalesce(max(entity), 0) - (SELECT total(last - first + 1) FROM gap)
                   FROM every_node";
        Ok(self.db.query_row(sql, [], |row| row.get::<_, f64>(0))?.max(0.0) as u64)
    }

    /// Those of these entities that exist, and the relationships between them.
    pub fn among(&self, ids: &[Id]) -> Result<Vec<Entity>> {
        let mut keys = BTreeSet::new();
        for id in ids {
            keys.extend(projection::find_key(&self.db, id)?);
        }
        let mut links = BTreeSet::new();
        for key in &keys {
            for link in projection::links_at(&self.db, *key)? {
                let ends = projection::ends_of(&self.db, link)?;
                if ends.iter().all(|end| keys.contains(end)) {
                    links.insert(link);
                }
            }
        }
        let mut all = Vec::new();
        for key in keys.union(&links) {
            all.extend(self.entity_by_key(*key)?);
        }
        Ok(all)
    }
}

/// One live citation of a statement, with the number of its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backing {
    pub citation: CitationRef,
    /// The number of the document.
    pub document: u32,
    /// Whether it supports the statement or contradicts it.
    pub supports: bool,
    /// How far the information can be believed; absent until somebody judges it.
    pub credibility: Option<Credibility>,
}

/// Receives what a [`Reading`] reads: first the ids, then what supports statements, then the
/// statements and captions in any order. What is given no schema and no caption does not exist.
pub trait Sink {
    /// Announces about how many ids will come.
    fn expect(&mut self, count: usize);
    /// Returns the number of an id, which gets the next one if it has none.
    fn id(&mut self, id: Id) -> u32;
    /// Takes a document whose bytes are in the case, and the credibility that somebody gave to all
    /// that was read from it.
    fn evidence(&mut self, document: u32, judged: Option<Credibility>);
    /// Takes the statements `first` to `last`, which were read from one document one after another,
    /// and have no judgement of their own.
    fn read(&mut self, first: StatementKey, last: StatementKey, document: u32);
    /// Takes all live citations of a statement, whatever [`Self::read`] says of it.
    fn cite(&mut self, statement: StatementKey, citations: Vec<Backing>);
    /// Takes what an entity is called. A reading of a case as it was calls nothing by a name:
    /// that follows from the statements.
    fn caption(&mut self, key: u32, caption: &str);
    /// Returns the number of a kind of value, for [`Self::state`].
    fn kind(&mut self, property: &str, lang: Option<&str>, denied: bool) -> u32;
    /// Takes a value of an entity: the statement, the kind, the text.
    fn state(&mut self, key: u32, statement: StatementKey, kind: u32, text: &str);
}

/// All that exists, being read. Between two steps the case may change: what was read of it until
/// then stays as it was, so the deltas since [`Reading::new`] must be applied to the outcome.
#[derive(Debug)]
pub struct Reading<S> {
    sink: S,
    /// How many ids have been read.
    count: i64,
    pass: Pass,
    keys: Keys,
    terms: FastMap<i64, Term>,
    weights: Weights,
    /// What holds, where not every revision counts.
    standing: Option<Standing>,
    /// The revisions that are not live, as they were when reading began.
    dead: BTreeSet<RevisionNumber>,
    /// Ranges of keys in which nothing exists, whose ids are not read.
    gaps: Vec<(i64, i64)>,
    /// The keys of the statements, in the order that is the same in every copy of the case.
    runs: Vec<(StatementKey, StatementKey)>,
    /// The highest keys of the entities and of the statements.
    entities: i64,
    statements: StatementKey,
}

/// What is being read, and what was read last.
#[derive(Debug)]
enum Pass {
    Passages(StatementKey),
    /// Ids in their order; none has been read at first.
    Ids(Option<String>),
    /// In which run, and after which key.
    Statements(usize, Option<StatementKey>),
    Captions(i64),
    Done,
}

#[derive(Debug)]
struct Term {
    text: String,
    /// The number of an asserted value of this property, of no language.
    plain: Option<u32>,
}

/// The sink's number of each key in the file.
#[derive(Debug)]
enum Keys {
    Few(FastMap<i64, u32>),
    Dense(Vec<u32>),
}

impl Keys {
    const NONE: u32 = u32::MAX;

    /// For keys up to `most`. A file that says it has far more keys than it has room for rows is
    /// not believed.
    fn new(most: i64, size: i64) -> Self {
        if (0..size / 4).contains(&most) {
            Self::Dense(vec![Self::NONE; most as usize + 1])
        } else {
            Self::Few(FastMap::new())
        }
    }

    fn insert(&mut self, file: i64, number: u32) {
        match self {
            Self::Few(keys) => drop(keys.insert(file, number)),
            Self::Dense(keys) => {
                if let Some(key) = usize::try_from(file).ok().and_then(|file| keys.get_mut(file)) {
                    *key = number;
                }
            }
        }
    }

    fn get(&self, file: i64) -> Option<u32> {
        match self {
            Self::Few(keys) => keys.get(&file).copied(),
            Self::Dense(keys) => {
                let key = usize::try_from(file).ok().and_then(|file| keys.get(file));
                key.copied().filter(|key| *key != Self::NONE)
            }
        }
    }
}

/// The keys of the statements of all revisions in their order, those that follow each other
/// together, without the `dead` spans. A case that was never united with another copy and in which no
/// import is undone has one run.
fn runs(
    db: &Connection,
    dead: &[(StatementKey, StatementKey)],
) -> Result<Vec<(StatementKey, StatementKey)>> {
    let mut query = db.prepare_cached(
        "SELECT first, last FROM revision WHERE last >= first ORDER BY clock, id",
    )?;
    let mut rows = query.query([])?;
    let mut runs: Vec<(StatementKey, StatementKey)> = Vec::new();
    while let Some(row) = rows.next()? {
        let (first, last) = (row.get(0)?, row.get(1)?);
        if dead.binary_search(&(first, last)).is_ok() {
            continue;
        }
        match runs.last_mut() {
            Some((_, end)) if end.is_before(first) => *end = last,
            _ => runs.push((first, last)),
        }
    }
    Ok(runs)
}

impl<S: Sink> Reading<S> {
    /// Begins.
    pub fn new(case: &Case, sink: S) -> Result<Self> {
        Self::begin(case, sink, None)
    }

    /// Begins to read a case as far as the revisions of a horizon make it. Where every revision
    /// counts, that is the case as it is.
    pub fn at(case: &Case, horizon: &Horizon, sink: S, progress: &Progress) -> Result<Self> {
        let standing =
            if horizon.is_now() { None } else { Some(Standing::of(&case.db, horizon, progress)?) };
        Self::begin(case, sink, standing)
    }

    fn begin(case: &Case, mut sink: S, standing: Option<Standing>) -> Result<Self> {
        let db = &case.db;
        let number = |sql| db.query_row(sql, [], |row| row.get::<_, i64>(0));
        let entities = number("SELECT coalesce(max(key), 0) FROM entity")?;
        let pages = number("PRAGMA page_count")?;
        let size = pages.saturating_mul(number("PRAGMA page_size")?);
        let keys = Keys::new(entities, size);
        // What is out of sight now may have held where not every revision counts.
        let (gaps, dead) = if standing.is_none() {
            (block::gaps(db)?, standing::dead_spans(db, SPAN)?)
        } else {
            (Vec::new(), Vec::new())
        };
        let hidden = gaps.iter().fold(0, |sum: i64, (first, last)| {
            sum.saturating_add(last.saturating_sub(*first).saturating_add(1))
        });
        sink.expect(entities.saturating_sub(hidden).clamp(0, size / LEAST) as usize);
        Ok(Self {
            sink,
            count: 0,
            pass: Pass::Passages(StatementKey::MIN),
            keys,
            terms: FastMap::new(),
            weights: Weights::begin(db, Holding::of(standing.as_ref()))?,
            standing,
            dead: standing::dead(db, RevisionNumber::MAX)?,
            gaps,
            runs: runs(db, &dead)?,
            entities,
            statements: StatementKey::from_row(number(
                "SELECT coalesce(max(key), 0) FROM statement",
            )?),
        })
    }

    /// Reads some more, says how far it has come and whether there is more to read.
    pub fn step(&mut self, case: &Case, progress: &Progress) -> Result<bool> {
        progress.check()?;
        let db = &case.db;
        let done = match std::mem::replace(&mut self.pass, Pass::Done) {
            Pass::Passages(last) => {
                let holding = Holding::of(self.standing.as_ref());
                self.pass = match self.weights.step(db, holding, last, STEP)? {
                    Some(last) => Pass::Passages(last),
                    None => Pass::Ids(None),
                };
                0
            }
            Pass::Ids(last) => {
                let last = self.ids(db, last.as_deref())?;
                if last.is_none() {
                    self.supports();
                }
                self.pass = last.map_or(Pass::Statements(0, None), |last| Pass::Ids(Some(last)));
                self.count
            }
            Pass::Statements(run, last) => {
                self.pass = match self.statements(db, run, last)? {
                    Some(last) => Pass::Statements(run, Some(last)),
                    None if run + 1 < self.runs.len() => Pass::Statements(run + 1, None),
                    None if self.standing.is_some() => Pass::Done,
                    None => Pass::Captions(0),
                };
                self.entities + last.map_or(0, StatementKey::row)
            }
            Pass::Captions(last) => {
                self.pass = match self.captions(db, last)? {
                    Some(last) => Pass::Captions(last),
                    None => Pass::Done,
                };
                self.entities + self.statements.row() + last
            }
            Pass::Done => self.whole(),
        };
        progress.report(done.max(0) as u64, self.whole().max(0) as u64);
        Ok(!matches!(self.pass, Pass::Done))
    }

    /// How far it comes in all.
    fn whole(&self) -> i64 {
        self.entities * 2 + self.statements.row()
    }

    /// The sink, once everything has been read.
    pub fn finish(self) -> S {
        self.sink
    }

    /// Hands over what supports statements, now that documents have numbers.
    fn supports(&mut self) {
        let weights = std::mem::take(&mut self.weights);
        for key in weights.evidence() {
            if let Some(document) = self.keys.get(key) {
                self.sink.evidence(document, weights.judgement(key));
            }
        }
        for (first, last, document) in weights.spans() {
            if let Some(document) = self.keys.get(document) {
                self.sink.read(first, last, document);
            }
        }
        for statement in weights.apart() {
            let citations = weights.of(statement).filter_map(|weight| {
                let document = self.keys.get(weight.source.key)?;
                Some(Backing {
                    citation: weight.citation(statement),
                    document,
                    supports: weight.supports,
                    credibility: weight.credibility,
                })
            });
            let citations = citations.collect();
            self.sink.cite(statement, citations);
        }
    }

    /// Ids in their order, from an index that holds no more than they.
    fn ids(&mut self, db: &Connection, after: Option<&str>) -> Result<Option<String>> {
        let sql = match after {
            Some(_) => "SELECT id, key FROM entity WHERE id > ?1 ORDER BY id LIMIT ?2",
            None => "SELECT id, key FROM entity WHERE id >= ?1 ORDER BY id LIMIT ?2",
        };
        let mut query = db.prepare_cached(sql)?;
        let mut rows = query.query((after.unwrap_or_default(), STEP))?;
        let (mut last, mut count) = (None, 0);
        while let Some(row) = rows.next()? {
            let (id, file): (_, i64) = (text(row, 0)?, row.get(1)?);
            count += 1;
            last = (count == STEP).then(|| id.to_owned());
            self.count += 1;
            // What is named there gets a number when it is named.
            if !block::is_in(&self.gaps, file) {
                let key = self.sink.id(Id::from(id));
                self.keys.insert(file, key);
            }
        }
        Ok(last)
    }

    fn statements(
        &mut self,
        db: &Connection,
        run: usize,
        after: Option<StatementKey>,
    ) -> Result<Option<StatementKey>> {
        let Some((first, end)) = self.runs.get(run).copied() else { return Ok(None) };
        let after = after.map_or(first.row().saturating_sub(1).max(0), StatementKey::row);
        let mut query = db.prepare_cached(
            "SELECT key, entity, property, value, lang, denied, stands, revision FROM statement
             WHERE key > ?1 AND key <= ?3 ORDER BY key LIMIT ?2",
        )?;
        let mut rows = query.query((after, STEP, end))?;
        let (mut last, mut count) = (None, 0);
        // Statements of one revision stand together.
        let (mut revision, mut alive) = (None, false);
        while let Some(row) = rows.next()? {
            let statement: StatementKey = row.get(0)?;
            count += 1;
            last = (count == STEP).then_some(statement);
            let Some(key) = self.keys.get(row.get(1)?) else { continue };
            let (denied, stands): (bool, i64) = (row.get(5)?, row.get(6)?);
            let of: RevisionNumber = row.get(7)?;
            if revision != Some(of) {
                (revision, alive) = (Some(of), !self.dead.contains(&of));
            }
            let kept = stands + i64::from(alive) > 1;
            if !Holding::of(self.standing.as_ref()).holds(Target::Statement(statement), of, kept) {
                continue;
            }
            let term: i64 = row.get(2)?;
            if !self.terms.contains_key(&term) {
                self.read_terms(db)?;
            }
            let Some(term) = self.terms.get_mut(&term) else { continue };
            let value = text(row, 3)?;
            let lang = row.get_ref(4)?.as_str_or_null().map_err(|_| wrong_type())?;
            let is_plain = lang.is_none() && !denied;
            let kind = if let Some(kind) = term.plain.filter(|_| is_plain) {
                kind
            } else {
                let kind = self.sink.kind(&term.text, lang, denied);
                if is_plain {
                    term.plain = Some(kind);
                }
                kind
            };
            self.sink.state(key, statement, kind, value);
        }
        Ok(last)
    }

    fn read_terms(&mut self, db: &Connection) -> Result<()> {
        let mut query = db.prepare_cached("SELECT key, text FROM term")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let text = text(row, 1)?.to_owned();
            self.terms.entry(row.get(0)?).or_insert(Term { text, plain: None });
        }
        Ok(())
    }

    fn captions(&mut self, db: &Connection, after: i64) -> Result<Option<i64>> {
        let gap = block::next(&self.gaps, after);
        let until = gap.map_or(i64::MAX, |(first, _)| first.saturating_sub(1));
        let mut query = db.prepare_cached(
            "SELECT entity, caption FROM node WHERE entity > ?1 AND entity <= ?3
             ORDER BY entity LIMIT ?2",
        )?;
        let mut rows = query.query((after, STEP, until))?;
        let (mut last, mut count) = (gap.map(|(_, last)| last), 0);
        while let Some(row) = rows.next()? {
            let entity: i64 = row.get(0)?;
            count += 1;
            if count == STEP {
                last = Some(entity);
            }
            if let Some(key) = self.keys.get(entity) {
                self.sink.caption(key, text(row, 1)?);
            }
        }
        Ok(last)
    }
}
