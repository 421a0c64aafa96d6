//! The values of all entities in one array.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, LazyLock},
};

use super::chunks::Chunks;
use crate::model::{StatementKey, Strength, entity::SCHEMA, schema};

/// What many values have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Kind {
    pub property: Arc<str>,
    pub lang: Option<Arc<str>>,
    pub denied: bool,
    pub strength: Strength,
}

impl Kind {
    /// Whether these are statements about the schema of an entity.
    pub fn is_schema(&self) -> bool {
        &*self.property == SCHEMA
    }
}

/// A live statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub statement: StatementKey,
    /// The number of its kind.
    pub kind: u32,
    /// Its text: the number of a text, or of an entity whose id it is; of a statement about the
    /// schema, the number of that.
    pub text: u32,
}

/// Where the values of an entity are.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Run {
    pub start: u32,
    pub len: u32,
}

/// All values, and all kinds of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Values {
    said: Chunks<Said, 12>,
    /// How many of `said` no run has any more.
    waste: usize,
    kinds: Vec<Kind>,
    /// Of each kind, whether its values may be references.
    referring: Vec<bool>,
    /// Of each kind, the same with each other strength, once that was asked for.
    as_strong: Vec<[Option<u32>; Strength::ALL.len()]>,
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
        self.as_strong.push([None; Strength::ALL.len()]);
        self.numbers.insert(kind, number);
        number
    }

    /// The kind of a number.
    pub fn kind_of(&self, number: u32) -> &Kind {
        &self.kinds[number as usize]
    }

    /// Every kind with its number.
    pub fn kinds(&self) -> impl Iterator<Item = (u32, &Kind)> {
        self.kinds.iter().enumerate().map(|(number, kind)| (number as u32, kind))
    }

    /// Whether values of a kind may be references: an entity of some schema has them.
    pub fn may_refer(&self, number: u32) -> bool {
        self.referring[number as usize]
    }

    /// The values of a run.
    pub fn of(&self, run: Run) -> &[Said] {
        self.said.run(run.start as usize, run.len as usize)
    }

    /// A run of these values.
    pub fn add(&mut self, all: impl IntoIterator<Item = Said>) -> Run {
        let (start, len) = self.said.push_run(all);
        Run { start: start as u32, len: len as u32 }
    }

    /// Adds a value to a run if the run is the last one; else says no.
    pub fn extend(&mut self, run: &mut Run, said: Said) -> bool {
        if run.len == 0 {
            *run = self.add([said]);
            return true;
        }
        let start = run.start as usize;
        let is_last = self.said.extend_run(start..start + run.len as usize, said).is_none();
        run.len += u32::from(is_last);
        is_last
    }

    /// Sets the number of the text of the value at a place of a run.
    pub fn set_text(&mut self, run: Run, at: u32, text: u32) {
        self.said.run_mut(run.start as usize, run.len as usize)[at as usize].text = text;
    }

    /// Sets how strong the value at a place of a run is.
    pub fn set_strength(&mut self, run: Run, at: u32, strength: Strength) {
        let number = self.of(run)[at as usize].kind;
        let kind = self.as_strong(number, strength);
        if kind != number {
            self.said.run_mut(run.start as usize, run.len as usize)[at as usize].kind = kind;
        }
    }

    /// Sets how strong all values of a run are.
    pub fn set_strengths(&mut self, run: Run, strength: Strength) {
        let weaker = |said: &Said| self.kind_of(said.kind).strength != strength;
        let Some(from) = self.of(run).iter().position(weaker) else { return };
        for at in from..run.len as usize {
            // Of this kind before, so that the numbers are known in the second pass.
            self.as_strong(self.of(run)[at].kind, strength);
        }
        let as_strong = &self.as_strong;
        for said in &mut self.said.run_mut(run.start as usize, run.len as usize)[from..] {
            said.kind = as_strong[said.kind as usize][strength as usize].unwrap_or(said.kind);
        }
    }

    /// The number of a kind with another strength.
    fn as_strong(&mut self, number: u32, strength: Strength) -> u32 {
        if let Some(known) = self.as_strong[number as usize][strength as usize] {
            return known;
        }
        let kind = Kind { strength, ..self.kind_of(number).clone() };
        let known = self.kind(kind);
        self.as_strong[number as usize][strength as usize] = Some(known);
        known
    }

    /// Notes that nobody has this run any more.
    pub fn drop_run(&mut self, run: Run) {
        self.waste += run.len as usize;
    }

    /// Writes the values anew where more than half are waste.
    pub fn tidy<'a>(&mut self, runs: impl Iterator<Item = &'a mut Run>) {
        if self.waste < 1024 || self.waste * 2 < self.said.count() {
            return;
        }
        let mut kept = Chunks::default();
        for run in runs {
            let (start, _) = kept.push_run(self.of(*run).iter().copied());
            run.start = start as u32;
        }
        self.said = kept;
        self.waste = 0;
    }

    /// Gives back what was set aside for more.
    pub fn shrink(&mut self) {
        self.said.shrink();
    }

    /// What it takes, in bytes.
    pub fn bytes(&self) -> usize {
        self.said.bytes()
    }

    #[cfg(test)]
    pub fn apart(&self, other: &Self) -> (usize, usize) {
        self.said.apart(&other.said)
    }
}
