//! The case as a graph in memory: what is stated, and what supports it. Patched by deltas, it holds
//! no truth of its own and knows neither SQL nor egui.
//!
//! A [`Network`] is not read itself: [`Network::through`] a [`Lens`] it gives what is [`Seen`].

pub(crate) mod between;
pub mod measure;
pub(crate) mod measured;
pub mod path;

mod builder;
mod csr;
mod entity_ref;
mod fall;
mod lens;
mod part;
mod random;
mod reference;
mod seen;
mod support;
mod texts;
mod touching;
mod values;
mod weigh;

pub use builder::Builder;
pub use csr::Csr;
pub(crate) use csr::{Ties, Weighted, in_groups};
pub use entity_ref::{EntityRef, ValueRef};
pub use fall::{Fall, falls};
pub use lens::Lens;
pub use measured::{Measure, Measured};
pub use part::Part;
pub(crate) use random::Random;
pub use reference::{Connection, Reference};
pub use seen::{Seen, is_document};

use std::{collections::BTreeSet, sync::Arc};

use self::{
    support::{Support, Together},
    weigh::{Weigher, source_of},
};
use crate::{
    case::{Case, Delta, Progress, Reading, Result},
    model::{Entity, Id, strength},
};

/// Everything that a case states, with what supports it.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// The case as it is.
    plain: Arc<Seen>,
    support: Arc<Support>,
}

impl Network {
    fn of(seen: Seen, support: Support) -> Self {
        Self { plain: Arc::new(seen), support: Arc::new(support) }
    }

    /// The network of these entities and relationships, as strong as they say they are.
    pub fn new(entities: &[Entity]) -> Self {
        Builder::of(entities)
    }

    /// Reads the network of a case.
    pub fn read(case: &Case, progress: &Progress) -> Result<Self> {
        let mut reading = Reading::new(case, Builder::default())?;
        while reading.step(case, progress)? {}
        Ok(reading.finish().finish())
    }

    /// The case as it is, without the rest.
    fn into_seen(self) -> Seen {
        Arc::unwrap_or_clone(self.plain)
    }

    /// The case as it is.
    pub fn plain(&self) -> &Arc<Seen> {
        &self.plain
    }

    /// Whether what is seen of it is in use somewhere, so that a change copies it.
    pub fn is_shared(&self) -> bool {
        Arc::strong_count(&self.plain) > 1
    }

    /// Brings the network up to date after a revision. Where the delta says `reload`, read a new
    /// one instead.
    pub fn apply(&mut self, delta: &Delta) {
        let seen = Arc::make_mut(&mut self.plain);
        seen.apply(delta);
        let support = Arc::make_mut(&mut self.support);
        for entity in &delta.changed {
            support.put(seen, entity);
        }
    }

    /// The case seen through a lens. The case as it is costs nothing.
    pub fn through(&self, lens: &Lens) -> Arc<Seen> {
        if lens.is_plain() {
            return Arc::clone(&self.plain);
        }
        let mut seen = (*self.plain).clone();
        let pulled = self.pulled(lens);
        let mut gone: BTreeSet<u32> = pulled.clone();
        for document in &pulled {
            gone.extend(seen.touching_of(*document));
        }
        seen.drop_all(&gone);
        let weigher = Weigher::without(&seen, &self.support, &lens.citations);
        // Documents of which all that was read is as strong without them, as most lists are.
        let plain = Weigher::new(&self.plain, &self.support);
        let same = pulled.iter().filter(|one| plain.alone(**one) == weigher.alone(**one));
        let same: BTreeSet<u32> = same.copied().collect();
        let weaker = self.plain.keys_where(|first, last| {
            let pulled = match self.support.together(first, last) {
                Together::Document(one) if same.contains(&one) => &BTreeSet::new(),
                _ => &pulled,
            };
            self.support.touches(first, last, pulled, &lens.citations)
        });
        for key in weaker {
            seen.weigh(key, &weigher);
        }
        Arc::new(seen)
    }

    /// Says why an entity, or one of its statements, is as strong as it is through a lens.
    pub fn why(&self, seen: &Seen, lens: &Lens, id: &Id, statement: Option<i64>) -> Option<String> {
        let key = seen.get(id)?.key();
        let weigher = Weigher::without(seen, &self.support, &lens.citations);
        let weights: Vec<_> = match statement {
            Some(statement) => weigher.of(statement).collect(),
            None => seen.asserted_of(key).flat_map(|statement| weigher.of(statement)).collect(),
        };
        Some(strength::why(&weights))
    }

    /// The documents that a lens takes for withdrawn.
    fn pulled(&self, lens: &Lens) -> BTreeSet<u32> {
        let named = lens.evidence.iter().filter_map(|id| self.plain.key(id.as_str()));
        let mut pulled: BTreeSet<u32> = named.collect();
        if !lens.sources.is_empty() {
            pulled.extend(self.support.evidence().filter(|document| {
                let origin = source_of(&self.plain, *document).and_then(|source| source.origin);
                origin.is_some_and(|origin| lens.sources.contains(origin))
            }));
        }
        pulled
    }

    /// About what it takes in memory, in bytes.
    pub fn bytes(&self) -> usize {
        self.plain.bytes() + self.support.bytes()
    }
}
