//! The case as a graph in memory: what is stated, and what supports it. Patched by deltas, it holds
//! no truth of its own and knows neither SQL nor egui.
//!
//! A [`Network`] is not read itself: [`Network::through`] a [`Lens`] it gives what is [`Seen`].
//! That holds by construction, so that no reader can miss a lens:
//!
//! ```
//! # use redthread::network::{Lens, Network};
//! let network = Network::new(&[]);
//! assert_eq!(network.through(&Lens::default()).iter().count(), 0);
//! ```
//!
//! ```compile_fail,E0599
//! # use redthread::network::Network;
//! let network = Network::new(&[]);
//! network.iter();
//! ```
//!
//! ```compile_fail,E0616
//! # use redthread::network::{Lens, Network};
//! let network = Network::new(&[]);
//! network.through(&Lens::default()).support;
//! ```

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
mod records;
mod reference;
mod same;
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
pub use lens::{Lens, Same};
pub use measured::{Measure, Measured};
pub use part::Part;
pub(crate) use random::Random;
pub use records::{Ground, Records};
pub use reference::{Connection, Reference};
pub use seen::{Seen, is_document};

use std::{collections::BTreeSet, sync::Arc};

use self::{
    support::{Support, Together},
    weigh::{Weigher, source_of},
};
use crate::{
    case::{Case, Delta, Horizon, Progress, Reading, Result},
    model::{Entity, Id, Period, StatementKey, strength},
};

/// Everything that a case states, with what supports it.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// The case as it is, with what supports it.
    plain: Arc<Seen>,
    /// Which revisions count. Unless all do, deltas cannot bring it up to date.
    horizon: Horizon,
}

impl Network {
    fn of(mut seen: Seen, support: Support) -> Self {
        seen.support = Arc::new(support);
        Self { plain: Arc::new(seen), horizon: Horizon::default() }
    }

    /// The network of these entities and relationships, as strong as they say they are.
    pub fn new(entities: &[Entity]) -> Self {
        Builder::of(entities)
    }

    /// Reads the network of a case.
    pub fn read(case: &Case, progress: &Progress) -> Result<Self> {
        Self::read_at(case, &Horizon::default(), progress)
    }

    /// Reads the network of a case as far as the revisions of a horizon make it: as the case was
    /// after one of them, or without those of an author. What holds only there is in the file, so
    /// that a case that is never looked at so pays nothing for it.
    pub fn read_at(case: &Case, horizon: &Horizon, progress: &Progress) -> Result<Self> {
        let builder = Builder::at(horizon.clone());
        let mut reading = Reading::at(case, horizon, builder, progress)?;
        while reading.step(case, progress)? {}
        let mut network = reading.finish().finish();
        network.record(Records::read(case, horizon)?);
        Ok(network)
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
        let mut support = std::mem::take(&mut seen.support);
        let changing = Arc::make_mut(&mut support);
        for entity in &delta.changed {
            changing.put(seen, entity);
        }
        seen.support = support;
    }

    /// Sets what the case records beside its statements.
    pub fn record(&mut self, records: Records) {
        Arc::make_mut(&mut self.plain).recorded = Arc::new(records);
    }

    /// What the case records beside its statements.
    pub fn records(&self) -> &Records {
        &self.plain.recorded
    }

    /// Which revisions count in it.
    pub fn horizon(&self) -> &Horizon {
        &self.horizon
    }

    /// The case seen through a lens. Where nothing is taken for withdrawn, that costs nothing.
    ///
    /// Which revisions count is a property of the network: read it for the horizon of the lens
    /// with [`Network::read_at`].
    pub fn through(&self, lens: &Lens) -> Arc<Seen> {
        debug_assert_eq!(lens.horizon, self.horizon, "the network of another horizon");
        if lens.shows_all() {
            return Arc::clone(&self.plain);
        }
        let mut seen = (*self.plain).clone();
        seen.without = Arc::new(lens.citations.clone());
        let pulled = self.pulled(lens);
        let mut gone: BTreeSet<u32> = pulled.clone();
        if let Some(on) = &lens.on {
            let period = Period::on(Some(on.clone()));
            gone.extend(self.plain.outside(&period));
            seen.uncertain = Arc::new(self.plain.uncertain_in(&period));
        }
        let touching = gone.iter().flat_map(|key| self.plain.touching_of(*key));
        let touching: Vec<u32> = touching.copied().collect();
        gone.extend(touching);
        seen.drop_all(&gone);
        if !lens.pulls_nothing() {
            self.weaken(&mut seen, lens, &pulled);
        }
        if lens.same != Same::None && seen.says_same() {
            let weigher = Weigher::without(&seen, &self.plain.support, &lens.citations);
            seen.unite(lens.same, &weigher);
        }
        Arc::new(seen)
    }

    /// Weighs anew what rests on documents or citations that a lens takes for withdrawn.
    fn weaken(&self, seen: &mut Seen, lens: &Lens, pulled: &BTreeSet<u32>) {
        let weigher = Weigher::without(seen, &self.plain.support, &lens.citations);
        // Documents of which all that was read is as strong without them, as most lists are.
        let plain = Weigher::new(&self.plain, &self.plain.support);
        let same = pulled.iter().filter(|one| plain.alone(**one) == weigher.alone(**one));
        let same: BTreeSet<u32> = same.copied().collect();
        let weaker = self.plain.keys_where(|first, last| {
            let pulled = match self.plain.support.together(first, last) {
                Together::Document(one) if same.contains(&one) => &BTreeSet::new(),
                _ => pulled,
            };
            self.plain.support.touches(first, last, pulled, &lens.citations)
        });
        for key in weaker {
            seen.weigh(key, &weigher);
        }
    }

    /// Says why an entity, or one of its statements, is as strong as it is through a lens.
    pub fn why(
        &self,
        seen: &Seen,
        lens: &Lens,
        id: &Id,
        statement: Option<StatementKey>,
    ) -> Option<String> {
        let key = seen.get(id)?.key();
        let weigher = Weigher::without(seen, &self.plain.support, &lens.citations);
        let weights: Vec<_> = match statement {
            Some(statement) => weigher.of(statement).collect(),
            None => seen.asserted_of(key).flat_map(|statement| weigher.of(statement)).collect(),
        };
        let mut why = strength::why(&weights);
        let others = seen.at(key).one_with().filter(|_| statement.is_none());
        let others: Vec<String> = others
            .map(|id| self.plain.get(id).map_or(id.as_str(), EntityRef::caption))
            .map(|name| format!("“{name}”"))
            .collect();
        if !others.is_empty() {
            why += &format!(" Taken as one with {}.", others.join(", "));
        }
        let day = lens.on.as_ref().filter(|_| seen.at(key).is_date_uncertain());
        Some(match day {
            Some(on) => {
                format!("{why} Date uncertain: its dates leave open whether it held on {on}.")
            }
            None => why,
        })
    }

    /// The documents that a lens takes for withdrawn.
    fn pulled(&self, lens: &Lens) -> BTreeSet<u32> {
        let named = lens.evidence.iter().filter_map(|id| self.plain.key(id.as_str()));
        let mut pulled: BTreeSet<u32> = named.collect();
        if !lens.sources.is_empty() {
            pulled.extend(self.plain.support.evidence().filter(|document| {
                let origin = source_of(&self.plain, *document).and_then(|source| source.origin);
                origin.is_some_and(|origin| lens.sources.contains(origin))
            }));
        }
        pulled
    }

    /// About what it takes in memory, in bytes.
    pub fn bytes(&self) -> usize {
        self.plain.bytes() + self.plain.support.bytes()
    }
}
