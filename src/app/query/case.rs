//! What panels ask of the case.

use std::{sync::Arc, time::Instant};

use super::Query;
use crate::{
    app::{
        model::{Change, Model},
        through::Through,
    },
    case::{self, Case, Details, Horizon, Progress, Result, Withdrawn},
    chart::{Photo, filter::Cited},
    model::{Id, RevisionNumber},
    network::Seen,
};

/// How many are found at most where all are wanted.
const ALL: usize = 100_000;
/// How much of a document is read for its preview, in bytes.
const PREVIEW: usize = 32 << 20;

/// Everything that is said of an entity, relationship or document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DetailsOf {
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
    type Of = Case;

    fn slot(&self) -> Id {
        self.id.clone()
    }

    fn is_stale_after(&self, change: &Change) -> bool {
        let delta = &change.delta;
        let is_touched = || {
            let changed = delta.changed.iter().map(|entity| &entity.id);
            delta.gone.iter().chain(changed).any(|id| *id == self.id)
        };
        let is_replaced = change.anew.is_some();
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
    type Of = Case;

    fn slot(&self) -> RevisionNumber {
        self.0
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
    type Of = Case;

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
    type Of = Case;

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
    type Of = Case;
    const IS_LONG: bool = true;

    fn slot(&self) {}

    fn read(&self, case: &Case, _: &Progress) -> Result<Vec<u8>> {
        let mut out = Limited(Vec::new());
        case.read_evidence(&self.0, &mut out)?;
        Ok(out.0)
    }
}

/// The photo that a document is; `None` where it is no image that can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhotoOf(pub Id);

impl Query for PhotoOf {
    type Slot = Id;
    type Answer = Option<Photo>;
    type Of = Case;

    fn slot(&self) -> Id {
        self.0.clone()
    }

    fn read(&self, case: &Case, _: &Progress) -> Result<Option<Photo>> {
        let mut out = Limited(Vec::new());
        case.read_evidence(&self.0, &mut out)?;
        Ok(Photo::of(&out.0))
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
    pub asker: Asker,
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
    type Of = Case;
    const WANTS_WORDS: bool = true;

    fn slot(&self) -> Asker {
        self.asker
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
    /// The latest answer to an asker, even to an earlier text.
    pub fn found(&self, asker: Asker) -> Option<&Arc<Outcome>> {
        self.latest::<Find>(&asker)
    }
}
