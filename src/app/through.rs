//! A search that finds what is seen through a lens: what the index finds now, as far as it is seen
//! and still holds, and what says something else in the lens than now.

use std::{
    fmt,
    sync::{Arc, Weak},
};

use crate::{
    case::{Case, Found, Result},
    model::Id,
    network::{Look, Seen},
};

/// What is seen, as long as it is: an answer that is kept does not keep all of it.
#[derive(Clone)]
pub struct Through {
    /// Tells it from what is seen at other times.
    number: u64,
    seen: Weak<Seen>,
    /// The keys of what says something else than in the case as it is.
    unlike: Weak<Vec<u32>>,
}

impl PartialEq for Through {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for Through {}

impl fmt::Debug for Through {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Through").field(&self.number).finish()
    }
}

impl Through {
    /// What is seen, and the keys of what says something else than in the case as it is.
    pub(super) fn new(number: u64, seen: &Arc<Seen>, unlike: Option<&Arc<Vec<u32>>>) -> Self {
        let unlike = unlike.map(Arc::downgrade).unwrap_or_default();
        Self { number, seen: Arc::downgrade(seen), unlike }
    }

    /// The same, to be looked through; nothing where something else is seen by now.
    fn look(&self) -> Option<Look> {
        let unlike = self.unlike.upgrade().unwrap_or_default();
        Some(Look::new(self.seen.upgrade()?, unlike))
    }

    /// The best hits.
    pub(super) fn find(&self, case: &Case, text: &str, limit: usize) -> Result<Found> {
        self.look().map_or_else(|| Ok(Found::default()), |look| look.find(case, text, limit))
    }

    /// All that is found, the best first; at most `most`.
    pub(super) fn find_all(
        &self,
        case: &Case,
        text: &str,
        most: usize,
    ) -> Result<(Vec<Id>, Found)> {
        self.look().map_or_else(|| Ok(Default::default()), |look| look.find_all(case, text, most))
    }
}
