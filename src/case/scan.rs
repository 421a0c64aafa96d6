//! Reading all that exists: three passes over the file in the order in which it is written, in
//! parts, so that whoever reads can do something else in between. While one thread reads rows,
//! another takes in what they say.

use std::collections::{BTreeSet, HashMap};

use hashbrown::HashMap as FastMap;
use rusqlite::Connection;

use super::{
    Case, Error, Progress, Result,
    batch::{Batch, beside},
    block, projection,
    read::{text, wrong_type},
    standing::{self, Holding, Horizon, Standing, Target},
    weigh::Weights,
};
use crate::model::{CitationRef, Credibility, Entity, Id, RevisionNumber, StatementKey};

/// Rows that are read in one step.
const STEP: i64 = 100_000;
/// A case with fewer statements is read by one thread.
const MUCH: i64 = 20_000;
/// So few rows are not worth a thread.
const FEW: i64 = 2_000;
/// Ids that are handed over together.
const IDS: usize = 4_096;
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
    /// Which citation it is.
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
    kinds: Kinds,
    /// The sink's numbers of the kinds.
    numbers: Vec<u32>,
    weights: Weights,
    /// What holds, where not every revision counts.
    standing: Option<Standing>,
    /// Ranges of keys in which nothing exists, whose ids are not read.
    gaps: Vec<(i64, i64)>,
    /// The statements, in the order that is the same in every copy of the case, by which revisions
    /// were live when reading began.
    runs: Vec<Run>,
    /// One more than the highest key of a term.
    terms: i64,
    /// The highest keys of the entities and of the statements.
    entities: i64,
    statements: StatementKey,
    /// Whether that is enough for two threads.
    much: bool,
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

/// The kinds of values that statements have, numbered in the order in which they come.
#[derive(Debug, Default)]
struct Kinds {
    terms: FastMap<i64, Term>,
    /// Those that are denied or of a language, by term and denial, and by language.
    others: FastMap<(i64, bool), HashMap<Option<String>, u32>>,
    count: u32,
}

#[derive(Debug)]
struct Term {
    text: String,
    /// The number of an asserted value of this property, of no language.
    plain: Option<u32>,
}

/// A kind that has not come before.
struct NewKind {
    property: String,
    lang: Option<String>,
    denied: bool,
}

/// Statements, and the kinds of which one is the first.
type Statements = (Vec<NewKind>, Batch<(i64, StatementKey, u32)>);

impl Kinds {
    /// The number of an asserted value of no language, where one came before.
    fn plain(&self, term: i64) -> Option<u32> {
        self.terms.get(&term)?.plain
    }

    /// The number of a kind; one that has not come before is added to `new`. A term that is not in
    /// the file has none.
    fn number(
        &mut self,
        db: &Connection,
        term: i64,
        lang: Option<&str>,
        denied: bool,
        new: &mut Vec<NewKind>,
    ) -> Result<Option<u32>> {
        if !self.terms.contains_key(&term) {
            self.read_terms(db)?;
        }
        let Some(known) = self.terms.get_mut(&term) else { return Ok(None) };
        let (is_plain, lang) = (lang.is_none() && !denied, lang.map(str::to_owned));
        let others = self.others.entry((term, denied)).or_default();
        let number = if is_plain { known.plain } else { others.get(&lang).copied() };
        if number.is_some() {
            return Ok(number);
        }
        let number = self.count;
        self.count += 1;
        if is_plain {
            known.plain = Some(number);
        } else {
            others.insert(lang.clone(), number);
        }
        new.push(NewKind { property: known.text.clone(), lang, denied });
        Ok(Some(number))
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

/// The statements of all revisions in their order, without the `dead` spans, and without a `least`
/// where not every revision counts. A case that was never united with another copy and in which
/// nothing is undone has one run.
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

/// One more than the highest key of a term.
fn terms(db: &Connection) -> Result<i64> {
    let sql = "SELECT min(key) >= 0, max(key) FROM term";
    let (is_valid, last): (Option<bool>, Option<i64>) =
        db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    match last.unwrap_or_default().checked_add(1) {
        Some(count) if is_valid != Some(false) => Ok(count),
        _ => Err(Error::Corrupt("the key of a name is out of range".into())),
    }
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
            pass: Pass::Passages(StatementKey::MIN),
            keys,
            kinds: Kinds::default(),
            numbers: Vec::new(),
            weights: Weights::begin(db, Holding::of(standing.as_ref()))?,
            runs: runs(db, &dead, standing.is_none())?,
            standing,
            gaps,
            terms: terms(db)?,
            entities,
            statements: StatementKey::from_row(statements),
            much: statements >= MUCH,
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
        let much = self.much;
        let Self { sink, keys, gaps, count: all, .. } = self;
        let take = |ids: Vec<(Id, i64)>| {
            for (id, file) in ids {
                let key = sink.id(id);
                keys.insert(file, key);
            }
        };
        beside(much, take, |give| {
            let sql = match after {
                Some(_) => "SELECT id, key FROM entity WHERE id > ?1 ORDER BY id LIMIT ?2",
                None => "SELECT id, key FROM entity WHERE id >= ?1 ORDER BY id LIMIT ?2",
            };
            let mut query = db.prepare_cached(sql)?;
            let mut rows = query.query((after.unwrap_or_default(), STEP))?;
            let (mut last, mut count) = (None, 0);
            let mut ids = Vec::new();
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
            *all += count;
            Ok(last)
        })
    }

    fn statements(
        &mut self,
        db: &Connection,
        run: usize,
        after: Option<StatementKey>,
    ) -> Result<Option<StatementKey>> {
        let Some(run) = self.runs.get(run).copied() else { return Ok(None) };
        let after = after.map_or(run.first.row().saturating_sub(1).max(0), StatementKey::row);
        let much = run.last.row().saturating_sub(after) >= FEW && self.much;
        let Self { sink, keys, kinds, numbers, standing, terms, .. } = self;
        let take = |(new, batch): Statements| {
            let new: Vec<NewKind> = new;
            numbers.extend(
                new.iter().map(|one| sink.kind(&one.property, one.lang.as_deref(), one.denied)),
            );
            batch.for_each(|(entity, statement, kind), value| {
                if let Some(key) = keys.get(entity) {
                    sink.state(key, statement, numbers[kind as usize], value);
                }
            });
        };
        beside(much, take, |give| {
            // To fetch columns takes as long as to read rows, so that several are one number.
            let mut query = db.prepare_cached(
                "SELECT key, value, (entity * ?5 + property) * 4 + (denied <> 0) * 2 + (lang IS NOT NULL),
                        lang, revision
                 FROM statement WHERE key > ?1 AND key <= ?3 AND stands >= ?4 ORDER BY key LIMIT ?2",
            )?;
            let mut rows = query.query((after, STEP, run.last, run.least, *terms))?;
            let (mut last, mut count) = (None, 0);
            let (mut new, mut batch) = (Vec::new(), Batch::default());
            while let Some(row) = rows.next()? {
                let statement: StatementKey = row.get(0)?;
                count += 1;
                last = (count == STEP).then_some(statement);
                if let Some(standing) = standing
                    && !standing.holds(Target::Statement(statement), row.get(4)?)
                {
                    continue;
                }
                let number: i64 = row.get(2)?;
                let (denied, has_lang, number) = (number & 2 != 0, number & 1 != 0, number >> 2);
                let (entity, term) = (number.div_euclid(*terms), number.rem_euclid(*terms));
                let plain = if denied || has_lang { None } else { kinds.plain(term) };
                let kind = if plain.is_some() {
                    plain
                } else {
                    let lang = row.get_ref(3)?.as_str_or_null().map_err(|_| wrong_type())?;
                    kinds.number(db, term, lang, denied, &mut new)?
                };
                let Some(kind) = kind else { continue };
                batch.push((entity, statement, kind), text(row, 1)?);
                if let Some(full) = batch.full() {
                    give((std::mem::take(&mut new), full));
                }
            }
            give((new, batch));
            Ok(last)
        })
    }

    fn captions(&mut self, db: &Connection, after: i64) -> Result<Option<i64>> {
        let much = self.much;
        let Self { sink, keys, gaps, .. } = self;
        let take = |batch: Batch<i64>| {
            batch.for_each(|entity, caption| {
                if let Some(key) = keys.get(entity) {
                    sink.caption(key, caption);
                }
            });
        };
        beside(much, take, |give| {
            let gap = block::next(gaps, after);
            let until = gap.map_or(i64::MAX, |(first, _)| first.saturating_sub(1));
            let mut query = db.prepare_cached(
                "SELECT entity, caption FROM node WHERE entity > ?1 AND entity <= ?3
                 ORDER BY entity LIMIT ?2",
            )?;
            let mut rows = query.query((after, STEP, until))?;
            let (mut last, mut count) = (gap.map(|(_, last)| last), 0);
            let mut batch = Batch::default();
            while let Some(row) = rows.next()? {
                let entity: i64 = row.get(0)?;
                count += 1;
                if count == STEP {
                    last = Some(entity);
                }
                batch.push(entity, text(row, 1)?);
                batch.full().map(&mut *give);
            }
            give(batch);
            Ok(last)
        })
    }
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

        fn state(&mut self, key: u32, statement: StatementKey, kind: u32, text: &str) {
            self.0.push(format!("state {key} {statement:?} {kind} {text}"));
        }
    }

    fn all(case: &Case, horizon: &Horizon, much: bool) -> Vec<String> {
        let none = Progress::new();
        let mut reading = Reading::at(case, horizon, Log::default(), &none).expect("readable");
        assert!(reading.much, "the case has enough for two threads");
        reading.much = much;
        while reading.step(case, &none).expect("readable") {}
        reading.finish().0
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
