//! What panels ask, and what was answered: of the case, which the worker reads, and of the network,
//! which is worked out on threads. A [`Query`] has a slot and a type of answer; the old answer stays
//! until the new one is there.

mod case;
mod threads;

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    fmt::Debug,
    hash::Hash,
    sync::Arc,
};

pub use self::case::*;
use self::threads::Threads;
use super::model::{Change, Model, Request, Snapshot};
use crate::{
    case::{Case, Error, Progress, Result},
    network::Seen,
};

/// Something that a panel asks. It may ask in every frame: the answer is read once.
pub trait Query: Clone + PartialEq + Debug + Send + Sync + 'static {
    /// What has one answer at a time, so that a newer query takes the place of an older one.
    type Slot: Clone + Eq + Hash + Debug + Send + Sync + 'static;
    /// The type of its answers.
    type Answer: Send + Sync + 'static;
    /// What they are read from: a [`Case`], or a [`Snapshot`] of the network.
    type Of: Source;
    /// Whether reading it may take long, so that it goes on beside the rest and can be cancelled.
    /// What is read from a large network always does.
    const IS_LONG: bool = false;
    /// Whether it looks for words that are only spelled alike.
    const WANTS_WORDS: bool = false;
    /// Whether an answer names entities by their keys in a network. With another network it is
    /// dropped, because the same keys name others there.
    const HAS_KEYS: bool = false;

    /// The slot that it is answered in.
    fn slot(&self) -> Self::Slot;
    /// Whether a change of the case makes the answer stale. An answer that was read from the network
    /// is stale as soon as something else is seen.
    fn is_stale_after(&self, _change: &Change) -> bool {
        false
    }
    /// Reads the answer.
    fn read(&self, of: &Self::Of, progress: &Progress) -> Result<Self::Answer>;
    /// Leaves of the answer what is seen through a lens, where it was read of the case as it is.
    fn sift(_answer: &mut Self::Answer, _seen: &Seen) {}
}

/// What answers are read from.
pub trait Source: Sized + 'static {
    /// Whether that is the network.
    const IS_NETWORK: bool;

    /// It, where it is what is given.
    fn of(given: Given<'_>) -> Option<&Self>;
}

/// What is given to a query whose type is not named.
#[derive(Clone, Copy)]
pub enum Given<'a> {
    Case(&'a Case),
    Network(&'a Snapshot),
}

impl Source for Case {
    const IS_NETWORK: bool = false;

    fn of(given: Given<'_>) -> Option<&Self> {
        if let Given::Case(case) = given { Some(case) } else { None }
    }
}

impl Source for Snapshot {
    const IS_NETWORK: bool = true;

    fn of(given: Given<'_>) -> Option<&Self> {
        if let Given::Network(snapshot) = given { Some(snapshot) } else { None }
    }
}

/// A large part of a query: the same only where it is the same in memory.
pub struct Same<T>(pub Arc<T>);

impl<T> Clone for Same<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> PartialEq for Same<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Debug for Same<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Same({:p})", Arc::as_ptr(&self.0))
    }
}

/// What was answered to a query.
#[derive(Debug)]
pub struct Held<Q: Query> {
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
    /// How often something else was seen, and at which count it was seen of another network.
    turns: u64,
    replaced: u64,
    threads: Threads,
}

type Of<Q> = HashMap<<Q as Query>::Slot, Held<Q>>;

trait Slots: Any + Send {
    fn as_any(&self) -> &dyn Any;
    fn as_any_mut(&mut self) -> &mut dyn Any;
    fn follow(&mut self, change: &Change);
    fn turn(&mut self);
    fn replace(&mut self);
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

    fn turn(&mut self) {
        for held in self.0.values_mut() {
            held.is_stale |= Q::Of::IS_NETWORK;
        }
    }

    fn replace(&mut self) {
        if Q::HAS_KEYS {
            self.0.clear();
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
    pub(crate) fn is_current<Q: Query>(&self, query: &Q) -> bool {
        let held = self.latest::<Q>(&query.slot());
        held.is_some_and(|held| held.query == *query && !held.is_stale)
    }

    /// Marks what a change makes stale.
    pub(super) fn follow(&mut self, change: &Change) {
        for slots in self.slots.values_mut() {
            slots.follow(change);
        }
    }

    /// Marks what is stale because something else is seen now.
    pub(super) fn turn(&mut self) {
        self.turns += 1;
        for slots in self.slots.values_mut() {
            slots.turn();
        }
    }

    /// Drops what names entities by the keys of a network that has been replaced.
    pub(super) fn replace(&mut self) {
        self.replaced = self.turns + 1;
        for slots in self.slots.values_mut() {
            slots.replace();
        }
    }

    /// How often something else was seen.
    pub(super) fn turns(&self) -> u64 {
        self.turns
    }

    /// Keeps an answer; `turn` says when what it was read from was seen, where that is the network.
    fn put<Q: Query>(
        &mut self,
        query: Q,
        answer: std::result::Result<Arc<Q::Answer>, String>,
        turn: Option<u64>,
    ) {
        if Q::HAS_KEYS && turn.is_some_and(|turn| turn < self.replaced) {
            return;
        }
        self.count += 1;
        let is_stale = turn.is_some_and(|turn| turn < self.turns);
        let held = Held { query, answer, number: self.count, is_stale };
        let slots = self.slots.entry(TypeId::of::<Q>());
        let slots = slots.or_insert_with(|| Box::new(SlotsOf::<Q>(HashMap::new())));
        if let Some(slots) = slots.as_any_mut().downcast_mut::<SlotsOf<Q>>() {
            slots.0.insert(held.query.slot(), held);
        }
    }
}

impl Model {
    /// The answer to a query, once there is one; asks for it where it is missing or stale. A stale
    /// one stays until the new one is there.
    pub fn ask<Q: Query>(&self, query: &Q, requests: &mut Vec<Request>) -> Option<&Arc<Q::Answer>> {
        self.ask_latest(query, requests);
        self.answer(query)
    }

    /// The same, or until there is an answer to this query, that to the query before it in its slot.
    pub(crate) fn ask_latest<Q: Query>(
        &self,
        query: &Q,
        requests: &mut Vec<Request>,
    ) -> Option<&Arc<Q::Answer>> {
        if !self.answers.is_current(query) {
            requests.push(Request::query(query.clone()));
        }
        self.latest::<Q>(&query.slot())
    }

    /// The answer to a query that is there, be it stale.
    pub fn answer<Q: Query>(&self, query: &Q) -> Option<&Arc<Q::Answer>> {
        let held = self.answers.latest::<Q>(&query.slot())?;
        held.answer.as_ref().ok().filter(|_| held.query == *query)
    }

    /// The answer that is there in a slot, be it stale or to an older query.
    pub fn latest<Q: Query>(&self, slot: &Q::Slot) -> Option<&Arc<Q::Answer>> {
        self.answers.latest::<Q>(slot)?.answer.as_ref().ok()
    }

    /// The answer to a query, where it holds; asks for it where it does not.
    pub(crate) fn ask_current<Q: Query>(
        &self,
        query: &Q,
        requests: &mut Vec<Request>,
    ) -> Option<&Arc<Q::Answer>> {
        self.ask(query, requests).filter(|_| self.answers.is_current(query))
    }

    /// Whether a query has no answer yet that holds.
    pub fn is_open<Q: Query>(&self, query: &Q) -> bool {
        !self.answers.is_current(query)
    }
}

impl Request {
    /// A query on its way.
    pub fn query<Q: Query>(query: Q) -> Self {
        Self::Query(Asked::of(query))
    }
}

/// A query whose type is not named, on its way.
#[derive(Clone)]
pub struct Asked(Arc<dyn Readable>);

impl Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Debug::fmt(&self.0, f)
    }
}

impl PartialEq for Asked {
    fn eq(&self, other: &Self) -> bool {
        self.0.is_same(&*other.0)
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
    fn as_any(&self) -> &dyn Any;
    fn is_same(&self, other: &dyn Readable) -> bool;
    fn slot(&self) -> String;
    fn is_of_network(&self) -> bool;
    fn is_long(&self) -> bool;
    fn wants_words(&self) -> bool;
    fn read(self: Arc<Self>, given: Given<'_>, progress: &Progress) -> Result<Put>;
    fn fail(self: Arc<Self>, why: String, turn: Option<u64>) -> Put;
}

impl<Q: Query> Readable for Q {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn is_same(&self, other: &dyn Readable) -> bool {
        other.as_any().downcast_ref::<Q>() == Some(self)
    }

    fn slot(&self) -> String {
        format!("{} {:?}", std::any::type_name::<Q>(), Query::slot(self))
    }

    fn is_of_network(&self) -> bool {
        Q::Of::IS_NETWORK
    }

    fn is_long(&self) -> bool {
        Q::IS_LONG
    }

    fn wants_words(&self) -> bool {
        Q::WANTS_WORDS
    }

    fn read(self: Arc<Self>, given: Given<'_>, progress: &Progress) -> Result<Put> {
        let of = Q::Of::of(given).ok_or_else(|| Error::report(format!("{self:?} is astray")))?;
        let mut answer = Query::read(&*self, of, progress)?;
        let turn = given.turn();
        Ok(Box::new(move |answers, seen| {
            if let Some(seen) = seen {
                Q::sift(&mut answer, seen);
            }
            answers.put(Q::clone(&self), Ok(Arc::new(answer)), turn);
        }))
    }

    fn fail(self: Arc<Self>, why: String, turn: Option<u64>) -> Put {
        Box::new(move |answers, _| answers.put(Q::clone(&self), Err(why), turn))
    }
}

impl Given<'_> {
    /// See [`Snapshot::turn`].
    fn turn(self) -> Option<u64> {
        match self {
            Self::Case(_) => None,
            Self::Network(snapshot) => Some(snapshot.turn),
        }
    }
}

impl Asked {
    fn of<Q: Query>(query: Q) -> Self {
        Self(Arc::new(query))
    }

    /// Names the slot that it is answered in.
    pub(super) fn slot(&self) -> String {
        self.0.slot()
    }

    /// Whether it is asked of the network, not of the case.
    pub(super) fn is_of_network(&self) -> bool {
        self.0.is_of_network()
    }

    pub(super) fn is_long(&self) -> bool {
        self.0.is_long()
    }

    pub(super) fn wants_words(&self) -> bool {
        self.0.wants_words()
    }

    /// Reads the answer.
    pub(super) fn read(self, given: Given<'_>, progress: &Progress) -> Result<Answered> {
        let put = Arc::clone(&self.0).read(given, progress)?;
        Ok(Answered { asked: self, put, failure: None })
    }

    /// The answer, or why there is none.
    pub(super) fn answer(self, given: Given<'_>, progress: &Progress) -> Answered {
        let read = self.clone().read(given, progress);
        read.unwrap_or_else(|error| self.fail(error.to_string(), given.turn()))
    }

    /// The answer where there is none, and why; of the network that was seen at some turn.
    pub(super) fn fail(self, why: String, turn: Option<u64>) -> Answered {
        let put = Arc::clone(&self.0).fail(why.clone(), turn);
        // A long read of the case says itself why it has nothing to show.
        let failure = Some(why).filter(|_| self.is_of_network() || !self.is_long());
        Answered { asked: self, put, failure }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicBool, Ordering::Relaxed},
        time::{Duration, Instant},
    };

    use super::*;
    use crate::{
        case::{Action, Delta, NewValue, Op},
        model::{Chart, Id},
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
            asked.answer(Given::Case(case), &Progress::new()).put(&mut model.answers, None);
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

    /// Counts what is seen, on a thread, once its gate is open.
    #[derive(Clone, Debug, PartialEq)]
    struct Count(Same<AtomicBool>);

    impl Query for Count {
        type Slot = ();
        type Answer = usize;
        type Of = Snapshot;
        const IS_LONG: bool = true;

        fn slot(&self) {}

        fn read(&self, seen: &Snapshot, progress: &Progress) -> Result<usize> {
            while !self.0.0.load(Relaxed) {
                progress.check()?;
                std::thread::sleep(Duration::from_millis(1));
            }
            Ok(seen.len())
        }
    }

    /// The keys of what is seen.
    #[derive(Clone, Debug, PartialEq)]
    struct Keys;

    impl Query for Keys {
        type Slot = ();
        type Answer = Vec<u32>;
        type Of = Snapshot;
        const HAS_KEYS: bool = true;

        fn slot(&self) {}

        fn read(&self, seen: &Snapshot, _: &Progress) -> Result<Vec<u32>> {
            Ok(seen.iter().map(crate::network::EntityRef::key).collect())
        }
    }

    /// One frame: what was asked is worked out, and what was not asked is given up.
    fn frame(model: &mut Model, query: &impl Query) {
        let mut requests = Vec::new();
        model.ask_latest(query, &mut requests);
        for request in requests {
            let Request::Query(asked) = request else { panic!("{request:?}") };
            assert!(asked.is_of_network());
            model.work_out(&egui::Context::default(), asked);
        }
        model.drop_unasked();
        assert_eq!(model.take_answers(), Vec::<String>::new());
    }

    fn wait(what: &str, mut is_so: impl FnMut() -> bool) {
        let until = Instant::now() + Duration::from_mins(1);
        while !is_so() {
            assert!(Instant::now() < until, "{what}");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn add(case: &mut Case, model: &mut Model) {
        let op = Op::Add { entity: Id::new(), schema: "Person".into(), values: Vec::new() };
        change(case, model, op);
    }

    #[test]
    fn an_old_answer_of_the_network_stays_and_one_that_comes_late_is_stale() {
        let (mut case, mut model, _) = open();
        let gate = Arc::new(AtomicBool::new(true));
        let count = Count(Same(Arc::clone(&gate)));
        wait("an answer", || {
            frame(&mut model, &count);
            !model.is_open(&count)
        });
        assert_eq!(model.answer(&count).map(|count| **count), Some(1));

        gate.store(false, Relaxed);
        add(&mut case, &mut model);
        assert!(model.is_open(&count), "something else is seen");
        frame(&mut model, &count);
        assert_eq!(model.answer(&count).map(|count| **count), Some(1), "it stays");
        assert!(model.is_working_out());
        add(&mut case, &mut model);
        gate.store(true, Relaxed);
        wait("the end of the thread", || {
            model.take_answers();
            !model.is_working_out()
        });
        assert_eq!(model.answer(&count).map(|count| **count), Some(2));
        assert!(model.is_open(&count), "it is of what was seen before");
        wait("the newest answer", || {
            frame(&mut model, &count);
            !model.is_open(&count)
        });
        assert_eq!(model.answer(&count).map(|count| **count), Some(3));
    }

    #[test]
    fn work_ends_as_soon_as_no_panel_asks_for_it() {
        let (_, mut model, _) = open();
        let gate = Arc::new(AtomicBool::new(false));
        let count = Count(Same(Arc::clone(&gate)));
        frame(&mut model, &count);
        frame(&mut model, &count);
        assert!(model.is_working_out(), "it is asked for in every frame");
        model.drop_unasked();
        assert!(!model.is_working_out(), "it is not asked for any more");
        drop(count);
        wait("the end of the thread", || Arc::strong_count(&gate) == 1);
        assert!(model.answers.latest::<Count>(&()).is_none());
    }

    #[test]
    fn keys_of_a_network_that_was_replaced_are_dropped() {
        let (mut case, mut model, _) = open();
        frame(&mut model, &Keys);
        assert_eq!(model.answer(&Keys).map(|keys| keys.len()), Some(1));
        add(&mut case, &mut model);
        assert_eq!(model.answer(&Keys).map(|keys| keys.len()), Some(1), "the same keys");
        let delta = Delta { reload: true, ..Delta::default() };
        model.apply(Change::read_up_to(&case, delta, u64::MAX).expect("readable"));
        assert!(model.answer(&Keys).is_none());
        frame(&mut model, &Keys);
        assert_eq!(model.answer(&Keys).map(|keys| keys.len()), Some(2));
    }
}
