//! The case as a graph in memory: what is stated, and what supports it. Patched by deltas, it holds
//! no truth of its own and knows neither SQL nor egui.
//!
//! A [`Network`] is not read itself: [`Network::through`] a [`Lens`] it gives what is [`Seen`].
//! That holds by construction, so that no reader can miss a lens:
//!
//! ```
//! # use redthread_core::network::{Lens, Network};
//! let network = Network::new(&[]);
//! assert_eq!(network.through(&Lens::default()).iter().count(), 0);
//! ```
//!
//! ```compile_fail,E0599
//! # use redthread_core::network::Network;
//! let network = Network::new(&[]);
//! network.iter();
//! ```
//!
//! ```compile_fail,E0616
//! # use redthread_core::network::{Lens, Network};
//! let network = Network::new(&[]);
//! network.through(&Lens::default()).support;
//! ```

pub mod between;
pub mod measure;
pub mod measured;
pub mod path;

mod builder;
mod chunks;
mod counting;
mod csr;
pub mod edition;
mod entity_ref;
mod fall;
mod lens;
mod look;
mod order;
mod pages;
mod part;
mod random;
mod records;
mod reference;
mod same;
mod seen;
mod shards;
mod support;
mod texts;
mod touching;
mod values;
mod weigh;

pub use builder::Builder;
pub use csr::Csr;
pub(crate) use csr::{Ties, Weighted, in_groups};
pub use edition::{Came, Changed, Comparison, Noted};
pub use entity_ref::{EntityRef, ValueRef};
pub use fall::{Fall, each_fall, falls};
pub use lens::{Editions, Lens, Same};
pub use look::Look;
pub use measured::{Measure, Measured};
pub use part::Part;
pub(crate) use random::Random;
pub use records::{Ground, Records};
pub use reference::{Connection, Reference};
pub use seen::{Seen, is_document};

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use self::{
    counting::Counting,
    support::{Support, Together},
    weigh::{Weigher, source_of},
};
use crate::{
    case::{Case, Delta, Horizon, Progress, Reading, Result},
    model::{Entity, Id, Period, StatementKey, Strength, strength},
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

    /// Brings the network up to date after a revision. Where the delta says `reload`, read a new
    /// one instead. Of what somebody else still sees, only the chunks that change are copied.
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

    /// The case seen through a lens. Where nothing is taken for withdrawn and no document has a newer
    /// edition, that costs nothing.
    ///
    /// Which revisions count is a property of the network: read it for the horizon of the lens
    /// with [`Network::read_at`].
    pub fn through(&self, lens: &Lens) -> Arc<Seen> {
        debug_assert_eq!(lens.horizon, self.horizon, "the network of another horizon");
        let superseded = self.superseded(lens);
        if lens.shows_all() && superseded.is_empty() {
            return Arc::clone(&self.plain);
        }
        let mut seen = (*self.plain).clone();
        if !superseded.is_empty() {
            seen.leave_out(&self.sift(lens, &superseded));
        }
        let citations = lens.citations.clone();
        let counting = Arc::new(Counting { citations, superseded });
        seen.counting = Arc::clone(&counting);
        let pulled = self.pulled(lens);
        let mut gone: BTreeSet<u32> = pulled.clone();
        if let Some(on) = &lens.on {
            let period = Period::on(Some(on.clone()));
            gone.extend(seen.outside(&period));
            seen.uncertain = Arc::new(seen.uncertain_in(&period));
        }
        let touching = gone.iter().flat_map(|key| seen.touching_of(*key));
        let touching: Vec<u32> = touching.copied().collect();
        gone.extend(touching);
        seen.drop_all(&gone);
        if !lens.pulls_nothing() || !counting.superseded.is_empty() {
            self.weaken(&mut seen, &counting, &pulled);
        }
        if lens.same != Same::None && seen.says_same() {
            let weigher = Weigher::counting(&seen, &self.plain.support, &counting);
            seen.unite(lens.same, &weigher);
        }
        Arc::new(seen)
    }

    /// Weighs anew what rests on documents or citations that a lens takes for withdrawn, and what
    /// older editions repeat.
    fn weaken(&self, seen: &mut Seen, counting: &Counting, pulled: &BTreeSet<u32>) {
        let weigher = Weigher::counting(seen, &self.plain.support, counting);
        let plain = Weigher::new(&self.plain, &self.plain.support);
        // Of what rests on one document alone. Most lists are as weak with it as without.
        let alone = pulled.iter().map(|one| (*one, weigher.alone(*one)));
        let weaker: BTreeMap<u32, Strength> =
            alone.filter(|(one, strength)| plain.alone(*one) != *strength).collect();
        let (support, citations) = (&self.plain.support, &counting.citations);
        let weighed: BTreeSet<u32> =
            pulled.iter().chain(counting.superseded.keys()).copied().collect();
        for key in self.plain.order.iter().copied() {
            let Some((first, last)) = self.plain.span_of(key).filter(|_| seen.exists(key)) else {
                continue;
            };
            match support.together(first, last) {
                Together::Nothing => {}
                Together::Document(one)
                    if citations.is_empty() && !counting.superseded.contains_key(&one) =>
                {
                    if let Some(strength) = weaker.get(&one) {
                        seen.set_strength(key, *strength);
                    }
                }
                _ if support.touches(first, last, &weighed, citations) => seen.weigh(key, &weigher),
                _ => {}
            }
        }
    }

    /// Says why an entity, or one of its statements, is as strong as it is through a lens, or in which
    /// edition of a document it is lacking.
    pub fn why(
        &self,
        seen: &Seen,
        lens: &Lens,
        id: &Id,
        statement: Option<StatementKey>,
    ) -> Option<String> {
        let Some(key) = seen.get(id).map(EntityRef::key) else { return self.why_gone(lens, id) };
        let support = &self.plain.support;
        let is_said_anew = |statement| {
            let mut existence = seen.existence_of(key);
            let values = seen.values_of(key).map(|said| said.statement);
            existence.any(|(said, ..)| said.statement == statement)
                && seen.counting.is_said_anew(support, statement, values)
        };
        let statements: Vec<_> = match statement {
            Some(statement) if !is_said_anew(statement) => vec![statement],
            _ => seen.asserted_of(key).collect(),
        };
        let weigher = Weigher::of_statements(seen, support, &seen.counting, &statements);
        let weights: Vec<_> =
            statements.iter().flat_map(|statement| weigher.of(*statement)).collect();
        let mut why = strength::why(&weights);
        if let Some(older) = self.why_older(lens, (key, statement), &statements) {
            why += &format!(" {older}");
        }
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
        self.parts().into_iter().map(|(_, bytes)| bytes).sum()
    }

    /// The same by part.
    pub fn parts(&self) -> [(&'static str, usize); 3] {
        let index = self.plain.index_bytes();
        let support = self.plain.support.bytes();
        [("network", self.plain.bytes() - index), ("support", support), ("index", index)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        case::{Action, NewEntity, NewValue, Op, Origin, Source},
        model::CitationRef,
    };

    const COUNT: usize = 30_000;

    /// A case of companies with owners and parents, read from a document, and one by hand.
    fn case(folder: &tempfile::TempDir) -> Case {
        let path = folder.path().join("list");
        std::fs::write(&path, "list").expect("space");
        let source = Source { path, title: "List".into(), mime: "text/plain".into() };
        let origin = |n: usize| Some(Origin { file: 0, place: format!("line {n}"), quote: None });
        let company = |n: usize| NewEntity {
            id: Id::from(format!("c{n:06}")),
            schema: "Company".into(),
            values: vec![
                NewValue::new("name", format!("Pier Road Holdings {n} Limited")),
                NewValue::new("alias", format!("Pier {n}")),
                NewValue::new("parent", format!("c{:06}", n / 2)),
            ],
            origin: origin(n),
        };
        let stake = |n: usize| NewEntity {
            id: Id::from(format!("o{n:06}")),
            schema: "Ownership".into(),
            values: vec![
                NewValue::new("owner", format!("c{n:06}")),
                NewValue::new("asset", format!("c{:06}", n * 7_919 % COUNT)),
            ],
            origin: origin(n),
        };
        let mut case = Case::create(&folder.path().join("case.redthread")).expect("space");
        let mut all = (0..COUNT).map(company).chain((0..COUNT).map(stake)).map(Ok);
        case.import(&[source], &mut all, &Progress::new()).expect("valid");
        case
    }

    /// How many chunks of one are not those of the other, and how many there are.
    fn apart(one: &Seen, other: &Seen) -> (usize, usize) {
        let parts = [
            one.ids.apart(&other.ids),
            one.keys.apart(&other.keys),
            one.records.apart(&other.records),
            one.order.apart(&other.order),
            one.touching.apart(&other.touching),
            one.referring.apart(&other.referring),
            one.values.apart(&other.values),
            one.texts.apart(&other.texts),
            one.support.apart(&other.support),
        ];
        parts.into_iter().fold((0, 0), |(a, b), (c, d)| (a + c, b + d))
    }

    #[test]
    fn a_change_while_a_snapshot_is_held_copies_a_few_chunks() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut case = case(&folder);
        let mut network = Network::read(&case, &Progress::new()).expect("readable");
        let held = Arc::clone(network.plain());
        let was = held.get(&"c000100".into()).expect("there").to_entity();
        let values =
            vec![NewValue::new("name", "New Pier Ltd"), NewValue::new("parent", "c000007")];
        let ops = vec![
            Op::State { entity: "c000100".into(), value: NewValue::new("alias", "Old Pier") },
            Op::WithdrawEntity("o000200".into()),
            Op::Add { entity: "n".into(), schema: "Company".into(), values },
        ];
        let delta = case.commit(Action::new(ops)).expect("valid");
        network.apply(&delta);

        let (copied, all) = apart(network.plain(), &held);
        // Those of what changed, and of its neighbours, whose degree changes.
        assert!(copied <= 30 && all >= 300, "{copied} of {all} chunks were copied");
        assert_eq!(held.get(&"c000100".into()).expect("there").to_entity(), was);
        assert!(held.get(&"n".into()).is_none() && held.get(&"o000200".into()).is_some());
        let anew = Network::read(&case, &Progress::new()).expect("readable");
        let all = |seen: &Seen| -> Vec<_> {
            let degree = |e: EntityRef<'_>| (e.degree(), e.to_entity());
            seen.iter().map(degree).collect()
        };
        assert!(all(network.plain()) == all(anew.plain()), "the same as a fresh reading");

        // A second change to the same finds its chunks its own.
        let value = NewValue::new("alias", "Older Pier");
        let ops = vec![Op::State { entity: "c000100".into(), value }];
        let delta = case.commit(Action::new(ops)).expect("valid");
        let before = apart(network.plain(), &held).0;
        network.apply(&delta);
        assert!(apart(network.plain(), &held).0 <= before + 4);
    }

    #[test]
    fn a_lens_shares_what_it_leaves_as_it_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let case = case(&folder);
        let network = Network::read(&case, &Progress::new()).expect("readable");
        let stake: Id = "o000300".into();
        let statement = network.plain().get(&stake).expect("there").statements().next();
        let citation = CitationRef::Read(statement.expect("a statement"));
        let seen = network.through(&Lens::without_citation(citation));
        let (copied, all) = apart(&seen, network.plain());
        assert!(copied <= 10 && all >= 300, "{copied} of {all} chunks were copied");
    }
}
