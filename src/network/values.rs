//! The values of all entities.
//!
//! Most entities of a list say the same kinds of things in the same order, in statements that follow
//! each other. That is a *shape*, stored once for all that have it; an entity has its texts, the key
//! of its first statement, and its strength where all its values are as strong as it is itself.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasher as _, Hash as _, Hasher as _},
    sync::{Arc, LazyLock},
};

use hashbrown::DefaultHashBuilder;

use super::{chunks::Chunks, shards::Numbers};
use crate::model::{StatementKey, Strength, entity::SCHEMA, schema};

/// What many values have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Kind {
    pub property: Arc<str>,
    pub lang: Option<Arc<str>>,
    pub denied: bool,
}

impl Kind {
    /// Whether these are statements about the schema of an entity.
    pub(crate) fn is_schema(&self) -> bool {
        &*self.property == SCHEMA
    }
}

/// A live statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub statement: StatementKey,
    /// The number of its kind.
    pub kind: u32,
    pub strength: Strength,
    /// Its text: the number of a text, or of an entity whose id it is; of a statement about the
    /// schema, the number of that.
    pub text: u32,
}

/// Where the values of an entity are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Run {
    /// The number of its shape.
    shape: u32,
    /// Where its texts begin.
    texts: u32,
    /// The lowest key of its statements, in two halves, since eight bytes would be aligned.
    first: [u32; 2],
}

impl Run {
    fn first(self) -> StatementKey {
        StatementKey::MIN.ahead(whole(self.first))
    }
}

fn halves(number: u64) -> [u32; 2] {
    [number as u32, (number >> 32) as u32]
}

fn whole([low, high]: [u32; 2]) -> u64 {
    u64::from(low) | u64::from(high) << 32
}

/// The values of an entity, in the order in which they were stated.
#[derive(Clone, Copy, Debug)]
pub(super) struct All<'a> {
    slots: &'a [Slot],
    texts: &'a [u32],
    first: StatementKey,
    /// The strength of all of them, where that is one.
    even: Option<Strength>,
}

impl<'a> All<'a> {
    /// The number of values.
    pub fn len(self) -> usize {
        self.slots.len()
    }

    /// The value at a place.
    pub fn get(self, at: usize) -> Said {
        self.said(&self.slots[at], self.texts[at])
    }

    /// The values.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = Said> + ExactSizeIterator + use<'a> {
        self.slots.iter().zip(self.texts).map(move |(slot, text)| self.said(slot, *text))
    }

    /// The place of a statement; `by_key` where they are in the order of their keys.
    pub fn place(self, statement: StatementKey, by_key: bool) -> Option<usize> {
        let key = |slot: &Slot| self.first.ahead(whole(slot.after));
        if by_key {
            self.slots.binary_search_by_key(&statement, key).ok()
        } else {
            self.slots.iter().position(|slot| key(slot) == statement)
        }
    }

    /// Whether another entity's values are the same, as far as can be seen at a glance: those that
    /// are may be taken for different.
    pub(crate) fn is_like(self, other: Self) -> bool {
        let is_one = std::ptr::eq(self.texts, other.texts) || self.texts == other.texts;
        is_one && self.first == other.first && self.even == other.even && self.slots == other.slots
    }

    #[inline]
    fn said(self, slot: &Slot, text: u32) -> Said {
        Said {
            statement: self.first.ahead(whole(slot.after)),
            kind: slot.kind(),
            strength: self.even.unwrap_or_else(|| slot.strength()),
            text,
        }
    }
}

/// A value of a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Slot {
    /// The number of its kind, and its strength in the two lowest bits.
    kind: u32,
    /// How far its statement is from the lowest of the entity, in two halves.
    after: [u32; 2],
}

/// The shape of what has no values; its texts begin nowhere.
const EMPTY: Run = Run { shape: 0, texts: 0, first: [0; 2] };

impl Slot {
    fn new(kind: u32, strength: Strength, after: u64) -> Self {
        Self { kind: kind << 2 | strength as u32, after: halves(after) }
    }

    fn kind(self) -> u32 {
        self.kind >> 2
    }

    fn strength(self) -> Strength {
        match self.kind & 3 {
            0 => Strength::Tentative,
            1 => Strength::Unconfirmed,
            _ => Strength::Confirmed,
        }
    }
}

/// All shapes, each once.
#[derive(Clone, Debug)]
struct Shapes {
    /// Before the slots of a shape one whose `kind` says how many follow. The number of a shape is
    /// the index of that.
    slots: Chunks<Slot, 10>,
    numbers: Numbers,
    hasher: DefaultHashBuilder,
}

impl Default for Shapes {
    fn default() -> Self {
        let mut shapes = Self {
            slots: Chunks::default(),
            numbers: Numbers::default(),
            hasher: DefaultHashBuilder::default(),
        };
        shapes.number(std::iter::empty());
        shapes
    }
}

impl Shapes {
    /// The slots of a shape.
    #[inline]
    fn of(slots: &Chunks<Slot, 10>, number: u32) -> &[Slot] {
        let from = slots.rest(number as usize);
        &from[1..=from[0].kind as usize]
    }

    /// The number of the shape with these slots.
    fn number(&mut self, slots: impl ExactSizeIterator<Item = Slot> + Clone) -> u32 {
        let hash = hash(&self.hasher, slots.clone());
        let (all, hasher) = (&self.slots, &self.hasher);
        let is_it = |number: &u32| Self::of(all, *number).iter().copied().eq(slots.clone());
        if let Some(number) = self.numbers.find(hash, is_it) {
            return *number;
        }
        let head = Slot { kind: slots.len() as u32, after: [0; 2] };
        let (number, _) = self.slots.push_run(std::iter::once(head).chain(slots));
        let all = &self.slots;
        self.numbers
            .insert_unique(hash, number as u32, |number| hash_of(hasher, Self::of(all, *number)));
        number as u32
    }
}

fn hash(hasher: &DefaultHashBuilder, slots: impl Iterator<Item = Slot>) -> u64 {
    let mut state = hasher.build_hasher();
    slots.for_each(|slot| slot.hash(&mut state));
    state.finish()
}

fn hash_of(hasher: &DefaultHashBuilder, slots: &[Slot]) -> u64 {
    hash(hasher, slots.iter().copied())
}

/// All values, and all kinds of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Values {
    texts: Chunks<u32, 12>,
    /// How many of `texts` no run has any more.
    waste: usize,
    shapes: Shapes,
    /// How many slots the shapes had when all were in use.
    used: usize,
    kinds: Vec<Kind>,
    /// Of each kind, whether its values may be references.
    referring: Vec<bool>,
    numbers: HashMap<Kind, u32>,
}

/// The properties of some schema whose values are entities.
static REFERENCES: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| schema::references().collect());

impl Values {
    /// The number of a kind.
    pub fn kind(&mut self, kind: Kind) -> u32 {
        if let Some(number) = self.numbers.get(&kind) {
            return *number;
        }
        let number = self.kinds.len() as u32;
        self.referring.push(!kind.denied && REFERENCES.contains(&*kind.property));
        self.kinds.push(kind.clone());
        self.numbers.insert(kind, number);
        number
    }

    /// The kind of a number.
    #[inline]
    pub(crate) fn kind_of(&self, number: u32) -> &Kind {
        &self.kinds[number as usize]
    }

    /// Every kind with its number.
    pub fn kinds(&self) -> impl Iterator<Item = (u32, &Kind)> {
        self.kinds.iter().enumerate().map(|(number, kind)| (number as u32, kind))
    }

    /// Whether values of a kind may be references: an entity of some schema has them.
    #[inline]
    pub(crate) fn may_refer(&self, number: u32) -> bool {
        self.referring[number as usize]
    }

    /// The values of a run; `even` is the strength of all of them, where that is one.
    #[inline]
    pub fn of(&self, run: Run, even: Option<Strength>) -> All<'_> {
        let slots = Shapes::of(&self.shapes.slots, run.shape);
        let texts = if slots.is_empty() { &[] } else { self.texts.rest(run.texts as usize) };
        All { slots, texts: &texts[..slots.len()], first: run.first(), even }
    }

    /// The lowest and the highest key of the statements of a run; `by_key` where they are in that
    /// order.
    #[inline]
    pub fn span(&self, run: Run, by_key: bool) -> Option<(StatementKey, StatementKey)> {
        let slots = Shapes::of(&self.shapes.slots, run.shape);
        let last = if by_key { slots.last() } else { slots.iter().max_by_key(|s| whole(s.after)) };
        last.map(|last| (run.first(), run.first().ahead(whole(last.after))))
    }

    /// A run of these values. Where they are `even`, their strengths are not stored.
    pub fn add(&mut self, all: &[Said], even: bool) -> Run {
        let Some(first) = all.iter().map(|said| said.statement).min() else { return EMPTY };
        let slots = all.iter().map(|said| {
            let strength = if even { Strength::default() } else { said.strength };
            Slot::new(said.kind, strength, said.statement.since(first))
        });
        let shape = self.shapes.number(slots);
        let (texts, _) = self.texts.push_run(all.iter().map(|said| said.text));
        Run { shape, texts: texts as u32, first: halves(first.since(StatementKey::MIN)) }
    }

    /// Sets the number of the text of the value at a place of a run.
    pub(crate) fn set_text(&mut self, run: Run, at: usize, text: u32) {
        self.texts.rest_mut(run.texts as usize)[at] = text;
    }

    /// Sets how strong the values of a run are, each by itself.
    pub(crate) fn set_strengths(&mut self, run: &mut Run, strengths: &[Strength]) {
        let slots: Vec<Slot> = Shapes::of(&self.shapes.slots, run.shape)
            .iter()
            .zip(strengths)
            .map(|(slot, strength)| Slot::new(slot.kind(), *strength, whole(slot.after)))
            .collect();
        run.shape = self.shapes.number(slots.into_iter());
    }

    /// Notes that nobody has this run any more.
    pub(crate) fn drop_run(&mut self, run: Run) {
        self.waste += Shapes::of(&self.shapes.slots, run.shape).len();
    }

    /// Writes the values anew where more than half are waste, and the shapes where they are many
    /// and twice as many as were in use.
    pub(crate) fn tidy<'a>(&mut self, runs: impl Iterator<Item = &'a mut Run>) {
        let (texts, slots) = (self.texts.count(), self.shapes.slots.count());
        let is_waste = self.waste >= 1024 && self.waste * 2 >= texts;
        if !is_waste && (slots < 2 * self.used || slots < 4_096 + texts / 4) {
            return;
        }
        let (mut kept, mut shapes) = (Chunks::default(), Shapes::default());
        for run in runs {
            let all = self.of(*run, None);
            if all.len() > 0 {
                run.shape = shapes.number(all.slots.iter().copied());
                run.texts = kept.push_run(all.texts.iter().copied()).0 as u32;
            }
        }
        (self.texts, self.shapes) = (kept, shapes);
        self.waste = 0;
        self.used = self.shapes.slots.count();
    }

    /// Gives back what was set aside for more.
    pub fn shrink(&mut self) {
        self.texts.shrink();
        self.shapes.slots.shrink();
        self.used = self.shapes.slots.count();
    }

    /// What it takes, in bytes.
    pub fn bytes(&self) -> usize {
        self.texts.bytes() + self.shapes.slots.bytes() + self.shapes.numbers.bytes()
    }

    #[cfg(test)]
    pub fn apart(&self, other: &Self) -> (usize, usize) {
        let parts = [
            self.texts.apart(&other.texts),
            self.shapes.slots.apart(&other.shapes.slots),
            self.shapes.numbers.apart(&other.shapes.numbers),
        ];
        parts.into_iter().fold((0, 0), |(a, b), (c, d)| (a + c, b + d))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(statement: i64, kind: u32, strength: Strength, text: u32) -> Said {
        Said { statement: StatementKey::from_row(statement), kind, strength, text }
    }

    #[test]
    fn values_of_any_keys_and_strengths_come_back() {
        let (weak, firm) = (Strength::Tentative, Strength::Confirmed);
        let lists = [
            vec![said(7, 0, weak, 1), said(8, 1, weak, 2)],
            vec![said(9, 0, firm, 3), said(10, 1, firm, 4)],
            vec![said(i64::MAX, 2, weak, 5), said(i64::MIN, 0, firm, 6), said(0, 1, weak, 7)],
            vec![],
            vec![said(-4, 9, firm, 8)],
        ];
        let mut values = Values::default();
        let mut runs: Vec<Run> = lists.iter().map(|list| values.add(list, false)).collect();
        let check = |values: &Values, runs: &[Run]| {
            for (run, list) in runs.iter().zip(&lists) {
                let all = values.of(*run, None);
                assert!(all.iter().eq(list.iter().copied()));
                let keys = || list.iter().map(|one| one.statement);
                let by_key = keys().is_sorted();
                assert_eq!(values.span(*run, by_key), keys().min().zip(keys().max()));
                for (at, one) in list.iter().enumerate() {
                    assert_eq!(all.place(one.statement, by_key), Some(at));
                }
                assert_eq!(all.place(StatementKey::from_row(77), by_key), None);
            }
        };
        check(&values, &runs);
        values.waste = 1024;
        values.tidy(runs.iter_mut());
        assert_eq!(values.waste, 0);
        check(&values, &runs);
    }

    #[test]
    fn entities_of_one_shape_take_room_for_their_texts() {
        const MANY: usize = 10_000;
        let mut values = Values::default();
        let list = |n: usize, strength| {
            let key = n as i64 * 5;
            (0..5).map(|at| said(key + at, at as u32, strength, n as u32)).collect::<Vec<_>>()
        };
        let runs: Vec<Run> =
            (0..MANY).map(|n| values.add(&list(n, Strength::Confirmed), true)).collect();
        values.shrink();
        assert!(values.bytes() < MANY * 5 * 4 + 4_096, "{}", values.bytes());
        for (n, run) in runs.iter().enumerate() {
            for strength in Strength::ALL {
                assert!(values.of(*run, Some(strength)).iter().eq(list(n, strength)));
            }
        }
    }

    #[test]
    fn shapes_that_are_no_longer_used_go() {
        let mut values = Values::default();
        let mut run = EMPTY;
        for round in 0..1_000 {
            // Each time one that was not there before.
            let list: Vec<Said> =
                (0..50).map(|n| said(n * (round + 1), 0, Strength::Confirmed, 1)).collect();
            values.drop_run(run);
            run = values.add(&list, true);
            values.tidy(std::iter::once(&mut run));
            assert!(values.of(run, Some(Strength::Confirmed)).iter().eq(list));
        }
        assert!(values.bytes() < 400_000, "{}", values.bytes());
    }
}
