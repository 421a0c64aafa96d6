//! Reading all that exists: three passes over the file in the order in which it is written, in
//! parts, so that the caller can do something else in between. While two threads read rows, each on a
//! connection of its own, another takes in what they say.

use std::collections::{BTreeSet, HashMap};

use hashbrown::HashMap as FastMap;
use rusqlite::Connection;

use super::{
    Case, Progress, Result,
    batch::{Batch, beside, one_after_the_other},
    block,
    error::wrong_type,
    projection,
    rows::{self, text},
    standing::{self, Holding, Horizon, SPAN, Standing, Target},
    weigh::Weights,
};
use crate::model::{CitationRef, Credibility, Entity, Id, RevisionNumber, StatementKey};

/// Rows that a thread reads in one step.
const STEP: i64 = 100_000;
/// The same of statements.
const STATEMENTS: i64 = 2 * STEP;
/// The memory for pages of a connection that reads beside, in KiB: it sees each page once.
const CACHE: i64 = 2 << 10;
/// A case with fewer statements is read by one thread.
const MUCH: i64 = 20_000;
/// Fewer rows are read by one thread.
const FEW: i64 = 2_000;
/// Ids that are handed over together.
const IDS: usize = 4_096;
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
    /// Returns the number of the entity that a value names by its id, where values of the kind do.
    fn named(&self, kind: u32, text: &str) -> Option<u32>;
    /// Takes a value of an entity: the statement, the kind, the text, and what [`Self::named`] returns.
    fn state(
        &mut self,
        key: u32,
        statement: StatementKey,
        kind: u32,
        text: &str,
        named: Option<u32>,
    );
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
    kinds: Kinds,
    weights: Weights,
    /// What holds, where not every revision counts.
    standing: Option<Standing>,
    /// Ranges of keys in which nothing exists, whose ids are not read.
    gaps: Vec<(i64, i64)>,
    /// The statements, in the order that is the same in every copy of the case, by which revisions
    /// were live when reading began.
    runs: Vec<Run>,
    /// The highest keys of the entities and of the statements.
    entities: i64,
    statements: StatementKey,
    /// Whether that is enough for two threads.
    much: bool,
}

/// What is being read, and what was read last.
#[derive(Debug)]
enum Pass {
    Ids(Ids),
    /// In which run, and after which key.
    Statements(usize, Option<StatementKey>),
    Captions(i64),
    Done,
}

/// How far ids and passages have been read. Taking in ids takes longer than reading them, so passages are
/// read meanwhile.
#[derive(Debug)]
struct Ids {
    /// The last id; none at first.
    last: Option<String>,
    /// Whether all ids have been read.
    all: bool,
    /// The last passage, unless all have been read.
    passage: Option<StatementKey>,
}

/// The sink's numbers of the kinds of values that statements have.
#[derive(Debug)]
struct Kinds {
    /// The text of each term.
    terms: FastMap<u32, String>,
    /// Asserted values of no language, by term.
    plain: FastMap<u32, u32>,
    /// Those that are denied or of a language, by term and denial, and by language.
    others: FastMap<(u32, bool), HashMap<Option<String>, u32>>,
}

/// A statement, or the language of the next one.
enum Row {
    Lang,
    Said { statement: StatementKey, entity: i64, term: u32, denied: bool },
}

impl Kinds {
    fn read(db: &Connection) -> Result<Self> {
        let mut query = db.prepare_cached("SELECT key, text FROM term")?;
        let mut rows = query.query([])?;
        let mut terms = FastMap::new();
        while let Some(row) = rows.next()? {
            terms.insert(row.get(0)?, text(row, 1)?.to_owned());
        }
        Ok(Self { terms, plain: FastMap::new(), others: FastMap::new() })
    }

    /// The number of a kind; a term that is not in the file has none.
    fn number(
        &mut self,
        sink: &mut impl Sink,
        term: u32,
        lang: Option<String>,
        denied: bool,
    ) -> Option<u32> {
        let property = self.terms.get(&term)?;
        let mut new = || sink.kind(property, lang.as_deref(), denied);
        if lang.is_none() && !denied {
            return Some(*self.plain.entry(term).or_insert_with(new));
        }
        let others = self.others.entry((term, denied)).or_default();
        if let Some(number) = others.get(&lang) {
            return Some(*number);
        }
        let number = new();
        others.insert(lang, number);
        Some(number)
    }
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

/// Statements of revisions that follow each other.
#[derive(Clone, Copy, Debug)]
struct Run {
    first: StatementKey,
    last: StatementKey,
    /// The least `stands` of those that hold.
    least: i64,
}

/// Returns the statements of all revisions in their order, without the `dead` spans; all of them where
/// not every revision counts. A case that was never united with another copy and in which nothing is
/// undone has one run.
fn runs(db: &Connection, dead: &[(StatementKey, StatementKey)], is_now: bool) -> Result<Vec<Run>> {
    let gone = standing::dead(db, RevisionNumber::MAX)?;
    let mut query = db.prepare_cached(
        "SELECT first, last, number FROM revision WHERE last >= first ORDER BY clock, id",
    )?;
    let mut rows = query.query([])?;
    let mut runs: Vec<Run> = Vec::new();
    while let Some(row) = rows.next()? {
        let (first, last, number) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if dead.binary_search(&(first, last)).is_ok() {
            continue;
        }
        let least = if is_now { 1 + i64::from(gone.contains(&number)) } else { i64::MIN };
        match runs.last_mut() {
            Some(run) if run.last.is_before(first) && run.least == least => run.last = last,
            _ => runs.push(Run { first, last, least }),
        }
    }
    Ok(runs)
}

impl<S: Sink + Send> Reading<S> {
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
        let statements = number("SELECT coalesce(max(key), 0) FROM statement")?;
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
            pass: Pass::Ids(Ids { last: None, all: false, passage: Some(StatementKey::MIN) }),
            keys,
            kinds: Kinds::read(db)?,
            weights: Weights::begin(db, Holding::of(standing.as_ref()))?,
            runs: runs(db, &dead, standing.is_none())?,
            standing,
            gaps,
            entities,
            statements: StatementKey::from_row(statements),
            much: statements >= MUCH,
        })
    }

    /// Reads some more, says how far it has come and whether there is more to read.
    pub fn step(&mut self, case: &Case, progress: &Progress) -> Result<bool> {
        progress.check()?;
        let done = match std::mem::replace(&mut self.pass, Pass::Done) {
            Pass::Ids(ids) => {
                let ids = self.ids(case, ids)?;
                self.pass = if ids.all && ids.passage.is_none() {
                    self.supports();
                    Pass::Statements(0, None)
                } else {
                    Pass::Ids(ids)
                };
                self.count
            }
            Pass::Statements(run, last) => {
                self.pass = match self.statements(case, run, last)? {
                    Some(last) => Pass::Statements(run, Some(last)),
                    None if run + 1 < self.runs.len() => Pass::Statements(run + 1, None),
                    None if self.standing.is_some() => Pass::Done,
                    None => Pass::Captions(0),
                };
                self.entities + last.map_or(0, StatementKey::row)
            }
            Pass::Captions(last) => {
                self.pass = match self.captions(case, last)? {
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

    /// A second connection for this step, where it and the case have much to read. It is closed after the step, so
    /// that it keeps nothing from being written to the one file.
    fn second(&self, case: &Case, much: bool) -> Option<Case> {
        let reader = if self.much && much { case.reader()? } else { return None };
        reader.db.pragma_update(None, "cache_size", -CACHE).ok()?;
        Some(reader)
    }

    /// Ids in their order, from an index that holds no more than they, and what supports statements.
    fn ids(&mut self, case: &Case, Ids { last, all, passage }: Ids) -> Result<Ids> {
        let second = self.second(case, !all && passage.is_some());
        let Self { sink, keys, gaps, count: done, weights, standing, much, .. } = self;
        let take = |ids: Vec<(Id, i64)>| {
            for (id, file) in ids {
                let key = sink.id(id);
                keys.insert(file, key);
            }
        };
        let read_ids = |give: &mut dyn FnMut(Vec<(Id, i64)>)| {
            let (next, count) = if all { (None, 0) } else { read_ids(&case.db, last, gaps, give)? };
            *done += count;
            Ok(next)
        };
        let mut read_passages = |db: &Connection| {
            let Some(passage) = passage else { return Ok(None) };
            weights.step(db, Holding::of(standing.as_ref()), passage, STEP)
        };
        let (last, passage) = match second {
            Some(second) => {
                one_after_the_other(take, read_ids, move |_| read_passages(&second.db))?
            }
            None => beside(*much, take, |give| Ok((read_ids(give)?, read_passages(&case.db)?)))?,
        };
        Ok(Ids { all: last.is_none(), last, passage })
    }

    fn statements(
        &mut self,
        case: &Case,
        run: usize,
        after: Option<StatementKey>,
    ) -> Result<Option<StatementKey>> {
        let Some(run) = self.runs.get(run).copied() else { return Ok(None) };
        let after = after.map_or(run.first.row().saturating_sub(1).max(0), StatementKey::row);
        let left = run.last.row().saturating_sub(after);
        let much = left >= FEW && self.much;
        let second = self.second(case, much);
        let Self { sink, keys, kinds, standing, .. } = self;
        let mut next_lang = None;
        let take = |batch: Batch<Row>| {
            let mut said = Vec::with_capacity(batch.iter().len());
            for (row, value) in batch.iter() {
                let Row::Said { statement, entity, term, denied } = *row else {
                    next_lang = Some(value.to_owned());
                    continue;
                };
                let lang = next_lang.take();
                let plain = if denied || lang.is_some() { None } else { kinds.plain.get(&term) };
                let Some(key) = keys.get(entity) else { continue };
                let kind = plain.copied().or_else(|| kinds.number(sink, term, lang, denied));
                said.extend(kind.map(|kind| (key, statement, kind, value, None)));
            }
            // One after another, so that the processor waits for the memory of several at once.
            for (_, _, kind, value, named) in &mut said {
                *named = sink.named(*kind, value);
            }
            for (key, statement, kind, value, named) in said {
                sink.state(key, statement, kind, value, named);
            }
        };
        let standing = standing.as_ref();
        let read = |db: &Connection, after: i64, last: i64, give: &mut dyn FnMut(Batch<Row>)| {
            read_statements(db, (after, last, run.least), standing, give)
        };
        let last = run.last.row();
        let Some(beside_it) = second else {
            return beside(much, take, |give| read(&case.db, after, last, give));
        };
        let middle = after.saturating_add(half(left, STATEMENTS));
        let first = |give: &mut dyn FnMut(Batch<Row>)| read(&case.db, after, middle, give);
        let second =
            move |give: &mut dyn FnMut(Batch<Row>)| read(&beside_it.db, middle, last, give);
        Ok(one_after_the_other(take, first, second)?.1)
    }

    fn captions(&mut self, case: &Case, after: i64) -> Result<Option<i64>> {
        let gap = block::next(&self.gaps, after);
        let until = gap.map_or(i64::MAX, |(first, _)| first.saturating_sub(1));
        let left = until.min(self.entities).saturating_sub(after);
        let second = self.second(case, left >= FEW);
        let Self { sink, keys, much, .. } = self;
        let take = |batch: Batch<i64>| {
            for (entity, caption) in batch.iter() {
                if let Some(key) = keys.get(*entity) {
                    sink.caption(key, caption);
                }
            }
        };
        let after_gap = |last: Option<i64>| last.or(gap.map(|(_, last)| last));
        let Some(beside_it) = second else {
            let read = |give: &mut dyn FnMut(_)| read_captions(&case.db, after, until, give);
            return Ok(after_gap(beside(*much, take, read)?));
        };
        let middle = after.saturating_add(half(left, STEP));
        let first = |give: &mut dyn FnMut(_)| read_captions(&case.db, after, middle, give);
        let second =
            move |give: &mut dyn FnMut(_)| read_captions(&beside_it.db, middle, until, give);
        Ok(after_gap(one_after_the_other(take, first, second)?.1))
    }
}

/// How many keys the first of two readers gets where so many are left.
fn half(left: i64, step: i64) -> i64 {
    (left / 2).clamp(0, step)
}

/// Reads a step of ids after one; gives the last of them unless all have been read, and how many rows
/// there were.
fn read_ids(
    db: &Connection,
    after: Option<String>,
    gaps: &[(i64, i64)],
    give: &mut dyn FnMut(Vec<(Id, i64)>),
) -> Result<(Option<String>, i64)> {
    let sql = match after {
        Some(_) => "SELECT id, key FROM entity WHERE id > ?1 ORDER BY id LIMIT ?2",
        None => "SELECT id, key FROM entity WHERE id >= ?1 ORDER BY id LIMIT ?2",
    };
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query((after.as_deref().unwrap_or_default(), STEP))?;
    let (mut last, mut count, mut ids) = (None, 0, Vec::new());
    while let Some(row) = rows.next()? {
        let (id, file): (_, i64) = (text(row, 0)?, row.get(1)?);
        count += 1;
        last = (count == STEP).then(|| id.to_owned());
        // What is named there gets a number when it is named.
        if !block::is_in(gaps, file) {
            ids.push((Id::from(id), file));
        }
        if ids.len() >= IDS {
            give(std::mem::replace(&mut ids, Vec::with_capacity(IDS)));
        }
    }
    give(ids);
    Ok((last, count))
}

/// Reads a step of the statements of a run: those after the first key up to the last that stand at least
/// so. Gives the key of the last one unless all have been read.
fn read_statements(
    db: &Connection,
    (after, last, least): (i64, i64, i64),
    standing: Option<&Standing>,
    give: &mut dyn FnMut(Batch<Row>),
) -> Result<Option<StatementKey>> {
    let (mut latest, mut count) = (None, 0);
    let mut batch = Batch::default();
    rows::each_row(db, "statement", (after.saturating_add(1), last), |key, mut row| {
        row.skip()?;
        let revision = RevisionNumber::from_row(row.integer()?);
        let (entity, term) = (row.integer()?, row.integer()?);
        let (value, lang) = (row.text()?, row.text_or_null()?);
        row.skip()?;
        let (denied, stands) = (row.integer()? != 0, row.integer()?);
        let statement = StatementKey::from_row(key);
        count += 1;
        latest = (count == STATEMENTS).then_some(statement);
        let holds = |standing: &Standing| standing.holds(Target::Statement(statement), revision);
        if stands >= least && standing.is_none_or(holds) {
            if let Some(lang) = lang {
                batch.push(Row::Lang, lang);
            }
            let term = u32::try_from(term).map_err(|_| wrong_type())?;
            batch.push(Row::Said { statement, entity, term, denied }, value);
            batch.full().map(&mut *give);
        }
        Ok(latest.is_none())
    })?;
    give(batch);
    Ok(latest)
}

/// Reads a step of captions of the entities after one up to another. Gives the last one unless all have
/// been read.
fn read_captions(
    db: &Connection,
    after: i64,
    until: i64,
    give: &mut dyn FnMut(Batch<i64>),
) -> Result<Option<i64>> {
    let hidden = block::hidden_numbers(db)?;
    let (mut last, mut count) = (None, 0);
    let mut batch = Batch::default();
    rows::each_row(db, "every_node", (after.saturating_add(1), until), |entity, mut row| {
        row.skip()?;
        row.skip()?;
        let caption = row.text()?;
        row.skip()?;
        count += 1;
        last = (count == STEP).then_some(entity);
        if row.integer_or_null()?.is_none_or(|block| !hidden.contains(&block)) {
            batch.push(entity, caption);
            batch.full().map(&mut *give);
        }
        Ok(last.is_none())
    })?;
    give(batch);
    Ok(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Action, NewEntity, NewValue, Op, Origin, Source};

    /// Everything that a sink is told, in words.
    #[derive(Default)]
    struct Log(Vec<String>, u32);

    impl Sink for Log {
        fn expect(&mut self, count: usize) {
            self.0.push(format!("expect {count}"));
        }

        fn id(&mut self, id: Id) -> u32 {
            self.0.push(format!("id {id}"));
            self.1 += 1;
            self.1
        }

        fn evidence(&mut self, document: u32, judged: Option<Credibility>) {
            self.0.push(format!("evidence {document} {judged:?}"));
        }

        fn read(&mut self, first: StatementKey, last: StatementKey, document: u32) {
            self.0.push(format!("read {first:?} {last:?} {document}"));
        }

        fn cite(&mut self, statement: StatementKey, citations: Vec<Backing>) {
            self.0.push(format!("cite {statement:?} {citations:?}"));
        }

        fn caption(&mut self, key: u32, caption: &str) {
            self.0.push(format!("caption {key} {caption}"));
        }

        fn kind(&mut self, property: &str, lang: Option<&str>, denied: bool) -> u32 {
            self.0.push(format!("kind {property} {lang:?} {denied}"));
            self.1 += 1;
            self.1
        }

        fn named(&self, _: u32, _: &str) -> Option<u32> {
            None
        }

        fn state(
            &mut self,
            key: u32,
            statement: StatementKey,
            kind: u32,
            text: &str,
            _: Option<u32>,
        ) {
            self.0.push(format!("state {key} {statement:?} {kind} {text}"));
        }
    }

    fn all(case: &Case, horizon: &Horizon, much: bool) -> Vec<String> {
        let none = Progress::new();
        let mut reading = Reading::at(case, horizon, Log::default(), &none).expect("readable");
        assert!(reading.much, "the case has enough for two threads");
        reading.much = much;
        while reading.step(case, &none).expect("readable") {}
        let mut all = reading.finish().0;
        // How long before its first value a kind is asked for depends on which rows come together.
        all.sort_by_key(|line| line.starts_with("kind"));
        all
    }

    #[test]
    fn two_threads_read_what_one_reads() {
        const COUNT: usize = 7_000;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("list");
        std::fs::write(&path, "list").expect("space");
        let source = Source { path, title: "List".into(), mime: "text/plain".into() };
        let value = |property: &str, n: usize| {
            let lang = ["", "deu", "zho"][n % 3];
            let value = NewValue::new(property, format!("{property} {n}"));
            NewValue { lang: (!lang.is_empty()).then(|| lang.into()), ..value }
        };
        let entity = |n: usize| NewEntity {
            id: Id::from(format!("e{n}")),
            schema: "Company".into(),
            values: vec![value("name", n), value("alias", n + 1), value("notes", n * n)],
            origin: Some(Origin { file: 0, place: format!("line {n}"), quote: None }),
        };
        let mut case = Case::create(&folder.path().join("case.redthread")).expect("space");
        for part in [0..COUNT - 500, COUNT - 500..COUNT] {
            let mut all = part.map(|n| Ok(entity(n)));
            case.import(std::slice::from_ref(&source), &mut all, &Progress::new()).expect("valid");
        }
        case.undo().expect("undone");
        let denied = NewValue { denied: true, ..NewValue::new("alias", "Old Pier") };
        let ops = vec![
            Op::State { entity: "e5".into(), value: denied },
            Op::State { entity: "e7".into(), value: NewValue::new("owner", "e9") },
            Op::WithdrawEntity("e11".into()),
        ];
        case.commit(Action::new(ops)).expect("valid");
        let earlier = Horizon { known: Some(RevisionNumber::FIRST), ..Horizon::default() };
        for horizon in [Horizon::default(), earlier] {
            let one = all(&case, &horizon, false);
            assert!(one.iter().filter(|line| line.starts_with("state")).count() > 20_000);
            assert!(one == all(&case, &horizon, true));
        }
    }
}
