//! What panels ask of the case, and what it answered. A [`Query`] has a key and a type of answer,
//! and says which changes make the answer stale; the old answer stays until the new one is there.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    fmt::Debug,
    hash::Hash,
    sync::Arc,
    time::Instant,
};

use super::{
    model::{Change, Model, Request},
    through::Through,
};
use crate::{
    case::{self, Case, Details, Horizon, Progress, Result, Withdrawn},
    chart::filter::Cited,
    model::{Id, RevisionNumber},
    network::Seen,
};

/// How many are found at most where all are wanted.
const ALL: usize = 100_000;
/// How much of a document is read for its preview, in bytes.
const PREVIEW: usize = 32 << 20;

/// Something that a panel asks of the case. It may ask in every frame: the case reads it once.
pub trait Query: Clone + PartialEq + Debug + Send + Sync + 'static {
    /// What has one answer at a time, so that a newer query takes the place of an older one.
    type Slot: Clone + Eq + Hash + Debug + Send + Sync + 'static;
    /// What the case answers.
    type Answer: Send + Sync + 'static;
    /// Whether reading it may take long, so that it is read beside the case and can be cancelled.
    const IS_LONG: bool = false;
    /// Whether it looks for words that are only spelled alike.
    const WANTS_WORDS: bool = false;

    /// The slot that it is answered in.
    fn slot(&self) -> Self::Slot;
    /// Whether a change of the case makes the answer stale.
    fn is_stale_after(&self, change: &Change) -> bool;
    /// Reads the answer.
    fn read(&self, case: &Case, progress: &Progress) -> Result<Self::Answer>;
    /// Leaves of the answer what is seen through a lens, where it was read of the case as it is.
    fn sift(_answer: &mut Self::Answer, _seen: &Seen) {}
}

/// What the case answered to a query.
#[derive(Debug)]
pub struct Held<Q: Query> {
    /// What was asked.
    pub query: Q,
    /// The answer, or why there is none, in one sentence.
    pub answer: std::result::Result<Arc<Q::Answer>, String>,
    /// Tells it from every other answer.
    pub number: u64,
    is_stale: bool,
}

/// The latest answer of every slot.
#[derive(Default)]
pub struct Answers {
    slots: HashMap<TypeId, Box<dyn Slots>>,
    count: u64,
}

type Of<Q> = HashMap<<Q as Query>::Slot, Held<Q>>;

trait Slots: Any + Send {
    fn as_any(&self) -> &dyn Any;
    fn as_any_mut(&mut self) -> &mut dyn Any;
    fn follow(&mut self, change: &Change);
}

struct SlotsOf<Q: Query>(Of<Q>);

impl<Q: Query> Slots for SlotsOf<Q> {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn follow(&mut self, change: &Change) {
        for held in self.0.values_mut() {
            held.is_stale |= held.query.is_stale_after(change);
        }
    }
}

impl Answers {
    fn of<Q: Query>(&self) -> Option<&Of<Q>> {
        let slots = self.slots.get(&TypeId::of::<Q>())?;
        slots.as_any().downcast_ref::<SlotsOf<Q>>().map(|slots| &slots.0)
    }

    /// What was answered last in a slot, be it stale or to an older query.
    pub fn latest<Q: Query>(&self, slot: &Q::Slot) -> Option<&Held<Q>> {
        self.of::<Q>()?.get(slot)
    }

    /// What was answered last in every slot of a kind of query.
    pub fn all<Q: Query>(&self) -> impl Iterator<Item = &Held<Q>> {
        self.of::<Q>().into_iter().flat_map(HashMap::values)
    }

    /// Whether a query has an answer that holds.
    pub fn is_current<Q: Query>(&self, query: &Q) -> bool {
        let held = self.latest::<Q>(&query.slot());
        held.is_some_and(|held| held.query == *query && !held.is_stale)
    }

    /// Marks what a change makes stale.
    pub(super) fn follow(&mut self, change: &Change) {
        for slots in self.slots.values_mut() {
            slots.follow(change);
        }
    }

    fn put<Q: Query>(&mut self, query: Q, answer: std::result::Result<Arc<Q::Answer>, String>) {
        self.count += 1;
        let held = Held { query, answer, number: self.count, is_stale: false };
        let slots = self.slots.entry(TypeId::of::<Q>());
        let slots = slots.or_insert_with(|| Box::new(SlotsOf::<Q>(HashMap::new())));
        if let Some(slots) = slots.as_any_mut().downcast_mut::<SlotsOf<Q>>() {
            slots.0.insert(held.query.slot(), held);
        }
    }
}

impl Model {
    /// The answer to a query, once the case has given one; asks for it where it is missing or
    /// stale. A stale one stays until the new one is there.
    pub fn ask<Q: Query>(&self, query: &Q, requests: &mut Vec<Request>) -> Option<&Arc<Q::Answer>> {
        if !self.answers.is_current(query) {
            requests.push(Request::query(query.clone()));
        }
        self.answer(query)
    }

    /// The answer to a query that is there, be it stale.
    pub fn answer<Q: Query>(&self, query: &Q) -> Option<&Arc<Q::Answer>> {
        let held = self.answers.latest::<Q>(&query.slot())?;
        held.answer.as_ref().ok().filter(|_| held.query == *query)
    }

    /// The answer to a query, where it holds; asks for it where it does not.
    pub fn ask_current<Q: Query>(
        &self,
        query: &Q,
        requests: &mut Vec<Request>,
    ) -> Option<&Arc<Q::Answer>> {
        self.ask(query, requests).filter(|_| self.answers.is_current(query))
    }
}

impl Request {
    /// A query on its way to the case.
    pub fn query<Q: Query>(query: Q) -> Self {
        Self::Query(Asked(Arc::new(query)))
    }
}

/// A query whose type is not named, on its way to the case.
#[derive(Clone)]
pub struct Asked(Arc<dyn Readable>);

impl Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Debug::fmt(&self.0, f)
    }
}

/// An answer on its way to the window.
pub struct Answered {
    asked: Asked,
    put: Put,
    /// Why there is no answer, in one sentence.
    pub failure: Option<String>,
}

impl Debug for Answered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answered").field("asked", &self.asked).finish_non_exhaustive()
    }
}

impl Answered {
    /// What was asked.
    pub(super) fn asked(&self) -> &Asked {
        &self.asked
    }

    /// Puts it where panels look for it; of what was found, what is `seen` through a lens, if one
    /// is on.
    pub(super) fn put(self, answers: &mut Answers, seen: Option<&Seen>) {
        (self.put)(answers, seen);
    }
}

/// Puts an answer where panels look for it.
type Put = Box<dyn FnOnce(&mut Answers, Option<&Seen>) + Send>;

trait Readable: Debug + Send + Sync {
    fn slot(&self) -> String;
    fn is_long(&self) -> bool;
    fn wants_words(&self) -> bool;
    fn read(self: Arc<Self>, case: &Case, progress: &Progress) -> Result<Put>;
    fn fail(self: Arc<Self>, why: String) -> Put;
}

impl<Q: Query> Readable for Q {
    fn slot(&self) -> String {
        format!("{} {:?}", std::any::type_name::<Q>(), Query::slot(self))
    }

    fn is_long(&self) -> bool {
        Q::IS_LONG
    }

    fn wants_words(&self) -> bool {
        Q::WANTS_WORDS
    }

    fn read(self: Arc<Self>, case: &Case, progress: &Progress) -> Result<Put> {
        let mut answer = Query::read(&*self, case, progress)?;
        Ok(Box::new(move |answers, seen| {
            if let Some(seen) = seen {
                Q::sift(&mut answer, seen);
            }
            answers.put(Q::clone(&self), Ok(Arc::new(answer)));
        }))
    }

    fn fail(self: Arc<Self>, why: String) -> Put {
        Box::new(move |answers, _| answers.put(Q::clone(&self), Err(why)))
    }
}

impl Asked {
    /// Names the slot that it is answered in.
    pub(super) fn slot(&self) -> String {
        self.0.slot()
    }

    /// Names it among all queries of its slot.
    pub(super) fn key(&self) -> String {
        format!("{:?}", self.0)
    }

    pub(super) fn is_long(&self) -> bool {
        self.0.is_long()
    }

    pub(super) fn wants_words(&self) -> bool {
        self.0.wants_words()
    }

    /// Reads the answer.
    pub(super) fn read(self, case: &Case, progress: &Progress) -> Result<Answered> {
        let put = Arc::clone(&self.0).read(case, progress)?;
        Ok(Answered { asked: self, put, failure: None })
    }

    /// The answer where there is none, and why.
    pub(super) fn fail(self, why: String) -> Answered {
        let put = Arc::clone(&self.0).fail(why.clone());
        // What takes long says itself why it has nothing to show.
        let failure = Some(why).filter(|_| !self.is_long());
        Answered { asked: self, put, failure }
    }
}

/// Everything that is said of an entity, relationship or document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DetailsOf {
    /// Of which.
    pub id: Id,
    /// As far as these revisions say it.
    pub at: Horizon,
}

impl DetailsOf {
    /// As all revisions say it.
    pub fn now(id: Id) -> Self {
        Self { id, at: Horizon::default() }
    }

    /// As far as the revisions say it that count in the lens of the window.
    pub fn seen(model: &Model, id: Id) -> Self {
        Self { id, at: model.lens().horizon.clone() }
    }
}

impl Query for DetailsOf {
    type Slot = Id;
    type Answer = Details;

    fn slot(&self) -> Id {
        self.id.clone()
    }

    fn is_stale_after(&self, change: &Change) -> bool {
        let delta = &change.delta;
        let is_touched = || {
            let changed = delta.changed.iter().map(|entity| &entity.id);
            delta.gone.iter().chain(changed).any(|id| *id == self.id)
        };
        let is_replaced = change.network.is_some();
        is_replaced || change.charts.is_some() || change.evidence.is_some() || is_touched()
    }

    fn read(&self, case: &Case, _: &Progress) -> Result<Details> {
        case.details_at(&self.id, &self.at)
    }
}

/// What a revision touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TouchedBy(pub RevisionNumber);

impl Query for TouchedBy {
    type Slot = RevisionNumber;
    type Answer = Vec<Id>;

    fn slot(&self) -> RevisionNumber {
        self.0
    }

    fn is_stale_after(&self, _: &Change) -> bool {
        false
    }

    fn read(&self, case: &Case, _: &Progress) -> Result<Vec<Id>> {
        case.touched(self.0)
    }
}

/// Everything that has been withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AllWithdrawn;

impl Query for AllWithdrawn {
    type Slot = ();
    type Answer = Vec<Withdrawn>;

    fn slot(&self) {}

    fn is_stale_after(&self, _: &Change) -> bool {
        true
    }

    fn read(&self, case: &Case, _: &Progress) -> Result<Vec<Withdrawn>> {
        case.withdrawn()
    }
}

/// Which documents are cited for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AllCited;

impl Query for AllCited {
    type Slot = ();
    type Answer = Cited;

    fn slot(&self) {}

    fn is_stale_after(&self, _: &Change) -> bool {
        true
    }

    fn read(&self, case: &Case, _: &Progress) -> Result<Cited> {
        case.cited()
    }
}

/// The beginning of a document, for its preview. One at a time: they are large.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beginning(pub Id);

impl Query for Beginning {
    type Slot = ();
    type Answer = Vec<u8>;
    const IS_LONG: bool = true;

    fn slot(&self) {}

    fn is_stale_after(&self, _: &Change) -> bool {
        false
    }

    fn read(&self, case: &Case, _: &Progress) -> Result<Vec<u8>> {
        let mut out = Limited(Vec::new());
        case.read_evidence(&self.0, &mut out)?;
        Ok(out.0)
    }
}

/// Keeps the beginning of what is written and counts the rest as written.
struct Limited(Vec<u8>);

impl std::io::Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let room = PREVIEW.saturating_sub(self.0.len()).min(bytes.len());
        self.0.extend_from_slice(&bytes[..room]);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Who looks for something; each has one search at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Asker {
    /// The box to find anything.
    Palette,
    /// The table of entities.
    Table,
    /// The box that adds an entity to the chart.
    Add,
    /// A field whose value is an entity.
    Field,
    /// Somebody who wants all that a search finds on a chart or in the table.
    Whole,
}

/// A search for what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Find {
    /// For whom.
    pub asker: Asker,
    /// What was typed.
    pub text: String,
    /// How many hits with reasons; none where all ids are wanted instead.
    pub hits: Option<usize>,
    /// The state of the case, by [`Model::generation`].
    generation: u64,
    /// Whether words that are only spelled alike were looked for.
    knows_words: bool,
    /// What is seen, where that is not the case as it is.
    through: Option<Through>,
}

impl Find {
    /// A search in the case as it is seen.
    pub fn new(model: &Model, asker: Asker, text: &str, hits: Option<usize>) -> Self {
        let Model { generation, knows_words, .. } = *model;
        let through = model.through();
        Self { asker, text: text.to_owned(), hits, generation, knows_words, through }
    }
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// What was typed.
    pub text: String,
    /// The best hits with their reasons, where those were asked for.
    pub found: case::Found,
    /// All that was found, the best first, where that was asked for.
    pub all: Vec<Id>,
    /// How long it took, in milliseconds.
    pub milliseconds: f64,
}

impl Query for Find {
    type Slot = Asker;
    type Answer = Outcome;
    const WANTS_WORDS: bool = true;

    fn slot(&self) -> Asker {
        self.asker
    }

    fn is_stale_after(&self, _: &Change) -> bool {
        // The state of the case is part of the query.
        false
    }

    fn read(&self, case: &Case, _: &Progress) -> Result<Outcome> {
        let start = Instant::now();
        let mut outcome = Outcome { text: self.text.clone(), ..Outcome::default() };
        match (self.hits, &self.through) {
            (Some(limit), None) => outcome.found = case.find(&self.text, limit)?,
            (Some(limit), Some(through)) => {
                outcome.found = through.find(case, &self.text, limit)?;
            }
            (None, None) => (outcome.all, outcome.found.total) = case.find_all(&self.text, ALL)?,
            (None, Some(through)) => {
                (outcome.all, outcome.found) = through.find_all(case, &self.text, ALL)?;
            }
        }
        outcome.milliseconds = start.elapsed().as_secs_f64() * 1e3;
        Ok(outcome)
    }

    fn sift(outcome: &mut Outcome, seen: &Seen) {
        outcome.found.hits.retain(|hit| seen.get(&hit.id).is_some());
        outcome.all.retain(|id| seen.get(id).is_some());
    }
}

impl Model {
    /// What an asker found last, be it for what was typed before.
    pub fn found(&self, asker: Asker) -> Option<&Arc<Outcome>> {
        self.answers.latest::<Find>(&asker)?.answer.as_ref().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        case::{Action, Delta, NewValue, Op},
        model::Chart,
    };

    /// A case of one entity, and the copy of it that panels read.
    fn open() -> (Case, Model, DetailsOf) {
        let mut case = Case::in_memory().expect("a case");
        let id = Id::new();
        let values = vec![NewValue::new("name", "Pier Road Ltd")];
        let add = Op::Add { entity: id.clone(), schema: "Company".into(), values };
        case.commit(Action::new(vec![add])).expect("committed");
        let model = Model::read(&case).expect("readable");
        (case, model, DetailsOf::now(id))
    }

    /// Carries out what was asked, as the worker does, and returns how many queries there were.
    fn answer(case: &Case, model: &mut Model, requests: &mut Vec<Request>) -> usize {
        let asked = requests.drain(..).map(|request| match request {
            Request::Query(asked) => asked,
            other => panic!("{other:?}"),
        });
        let all: Vec<Asked> = asked.collect();
        let count = all.len();
        for asked in all {
            let spare = asked.clone();
            let answered = asked.read(case, &Progress::new());
            answered
                .unwrap_or_else(|why| spare.fail(why.to_string()))
                .put(&mut model.answers, None);
        }
        count
    }

    fn change(case: &mut Case, model: &mut Model, op: Op) {
        let delta: Delta = case.commit(Action::new(vec![op])).expect("committed");
        model.apply(Change::read_up_to(case, delta, u64::MAX).expect("readable"));
    }

    #[test]
    fn the_old_answer_stays_until_the_new_one_is_there() {
        let (mut case, mut model, of) = open();
        let mut requests = Vec::new();
        assert!(model.ask(&of, &mut requests).is_none());
        assert_eq!(answer(&case, &mut model, &mut requests), 1);
        assert_eq!(model.ask(&of, &mut requests).expect("answered").statements.len(), 2);
        assert!(requests.is_empty(), "it holds");

        // What touches something else leaves it as it is.
        let other = Op::Add { entity: Id::new(), schema: "Person".into(), values: Vec::new() };
        change(&mut case, &mut model, other);
        assert!(model.ask_current(&of, &mut requests).is_some() && requests.is_empty());

        let value = NewValue::new("country", "hk");
        change(&mut case, &mut model, Op::State { entity: of.id.clone(), value });
        assert!(model.ask_current(&of, &mut requests).is_none(), "an edit is made to what holds");
        let old = model.ask(&of, &mut requests).expect("the old answer stays");
        assert_eq!(old.statements.len(), 2);
        answer(&case, &mut model, &mut requests);
        assert_eq!(model.ask(&of, &mut requests).expect("answered").statements.len(), 3);
        assert!(requests.is_empty());
    }

    #[test]
    fn what_failed_is_not_asked_again_before_something_changes() {
        let (mut case, mut model, _) = open();
        let of = DetailsOf::now(Id::from("nobody"));
        let mut requests = Vec::new();
        model.ask(&of, &mut requests);
        answer(&case, &mut model, &mut requests);
        assert!(model.ask(&of, &mut requests).is_none() && requests.is_empty());
        let held = model.answers.latest::<DetailsOf>(&of.id).expect("an answer");
        assert!(held.answer.as_ref().is_err_and(|why| why.contains("nobody")));
        change(&mut case, &mut model, Op::PutChart(Chart::new("Overview", 1.0)));
        model.ask(&of, &mut requests);
        assert_eq!(requests.len(), 1);
    }

    #[test]
    fn one_slot_has_one_answer_and_it_is_not_taken_for_that_of_another_query() {
        let (case, mut model, _) = open();
        let (mut requests, palette) = (Vec::new(), Asker::Palette);
        let find = |model: &Model, text: &str| Find::new(model, palette, text, Some(9));
        model.ask(&find(&model, "pier"), &mut requests);
        answer(&case, &mut model, &mut requests);
        let next = find(&model, "pier road");
        assert!(model.ask(&next, &mut requests).is_none(), "it is for another text");
        assert_eq!(model.found(palette).map(|found| found.text.as_str()), Some("pier"));
        answer(&case, &mut model, &mut requests);
        assert_eq!(model.answer(&next).map(|found| found.found.hits.len()), Some(1));
        assert_eq!(model.answers.all::<Find>().count(), 1);
    }
}
