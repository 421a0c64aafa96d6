//! A measure of every entity of a part of the network, and who comes first by it.

use std::collections::HashMap;

use super::{Part, measure};
use crate::model::Id;
pub use crate::model::count::{counted, grouped};

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Neighbours.
    Degree,
    /// The share of the shortest ways between two others that go through it.
    Betweenness,
    /// The same, estimated from some of the ways.
    SampledBetweenness,
    /// The share of time that a walk spends at it.
    PageRank,
    /// How few steps it is from all others.
    Closeness,
    /// How deep in the thick of the network it is.
    Core,
    /// The connected part that it is in.
    Component,
    /// The community that it is in.
    Community,
    /// Whether a part of the network falls off without it.
    CutPoint,
}

impl Measure {
    /// Every measure, the most asked for first.
    pub const ALL: [Self; 9] = [
        Self::Degree,
        Self::Betweenness,
        Self::SampledBetweenness,
        Self::PageRank,
        Self::Closeness,
        Self::Core,
        Self::Community,
        Self::Component,
        Self::CutPoint,
    ];

    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::Degree => "Degree",
            Self::Betweenness => "Betweenness",
            Self::SampledBetweenness => "Betweenness, sampled",
            Self::PageRank => "PageRank",
            Self::Closeness => "Closeness",
            Self::Core => "Core number",
            Self::Component => "Component",
            Self::Community => "Community",
            Self::CutPoint => "Cut points and bridges",
        }
    }

    /// What it tells an investigator, in one sentence.
    pub fn about(self) -> &'static str {
        match self {
            Self::Degree => "How many others an entity is linked to.",
            Self::Betweenness => {
                "How much goes through an entity: the share of shortest ways between all pairs. Finds go-betweens and nominees."
            }
            Self::SampledBetweenness => {
                "Betweenness estimated from 256 starts in each block: close for the highest, and quick on large networks."
            }
            Self::PageRank => "Who is linked to those that are themselves much linked.",
            Self::Closeness => "How few steps an entity is from everybody that it can reach.",
            Self::Core => {
                "How deep in the thick an entity is: the largest k for which it is in a part where all have k neighbours."
            }
            Self::Component => "Which connected part an entity is in, the largest first.",
            Self::Community => {
                "Which group an entity is in: more links inside than chance would give (Leiden)."
            }
            Self::CutPoint => {
                "Entities and links without which a part of the network would be cut off."
            }
        }
    }

    /// Whether its values name groups rather than say how much.
    pub fn is_kind(self) -> bool {
        matches!(self, Self::Component | Self::Community)
    }

    /// One of its values as people read it.
    pub fn words(self, value: f64) -> String {
        match self {
            Self::Degree | Self::Core => format!("{value:.0}"),
            Self::Component | Self::Community => format!("{:.0}", value + 1.0),
            Self::CutPoint => (if value > 0.0 { "cut point" } else { "–" }).to_owned(),
            _ if value == 0.0 => "0".to_owned(),
            // Two significant digits.
            _ => {
                let digits = (1.0 - value.abs().log10().floor()).clamp(0.0, 12.0) as usize;
                format!("{value:.digits$}")
            }
        }
    }
}

/// The values of a measure.
#[derive(Clone, Debug)]
pub struct Measured {
    pub measure: Measure,
    /// Everybody that was measured, the highest value first; of kinds, the first kind first.
    pub order: Vec<Id>,
    /// The relationships' ends that are bridges, for [`Measure::CutPoint`].
    pub bridges: Vec<(Id, Id)>,
    /// For each the value and the rank.
    values: HashMap<Id, (f64, u32)>,
    most: f64,
}

/// Starts of sampled betweenness in each block.
const PIVOTS: usize = 256;

/// Measures a part of the network. `going` is told the part that is done and may stop it.
pub fn measure(
    measure: Measure,
    part: &Part,
    threads: usize,
    going: &(dyn Fn(f32) -> bool + Sync),
) -> Option<Measured> {
    let graph = &part.graph;
    let count = graph.len();
    let mut bridges = Vec::new();
    let whole = |numbers: Vec<u32>| numbers.into_iter().map(f64::from).collect();
    let share = |ways: Vec<f64>| {
        // Of all pairs of others.
        let pairs = (count.saturating_sub(1) * count.saturating_sub(2)) as f64 / 2.0;
        ways.into_iter().map(|ways| if pairs > 0.0 { ways / pairs } else { 0.0 }).collect()
    };
    let values: Vec<f64> = match measure {
        Measure::Degree => whole(measure::degree(graph)),
        Measure::Betweenness => share(measure::betweenness(graph, threads, going)?),
        Measure::SampledBetweenness => {
            share(measure::betweenness_sampled(graph, PIVOTS, 1, threads, going)?)
        }
        Measure::PageRank => measure::page_rank(graph, threads, going)?,
        Measure::Closeness => measure::closeness(graph, threads, going)?,
        Measure::Core => whole(measure::core_number(graph)),
        Measure::Component => whole(largest_first(graph.parts())),
        Measure::Community => whole(measure::leiden(graph, 1, &|part| going(part))?.of),
        Measure::CutPoint => {
            let cuts = measure::cuts(graph);
            let id = |n: u32| part.ids[n as usize].clone();
            bridges = cuts.bridges.iter().map(|(a, b)| (id(*a), id(*b))).collect();
            let mut values = vec![0.0; count];
            for n in cuts.members {
                values[n as usize] = 1.0;
            }
            values
        }
    };
    if !going(1.0) {
        return None;
    }
    Some(Measured::new(measure, part, &values, bridges))
}

/// Numbers parts by their size.
fn largest_first((mut part, count): (Vec<u32>, usize)) -> Vec<u32> {
    let mut sizes = vec![(0_usize, 0_u32); count];
    for (number, size) in sizes.iter_mut().enumerate() {
        size.1 = number as u32;
    }
    for of in &part {
        sizes[*of as usize].0 += 1;
    }
    sizes.sort_by_key(|(size, number)| (std::cmp::Reverse(*size), *number));
    let mut place = vec![0; count];
    for (at, (_, number)) in sizes.iter().enumerate() {
        place[*number as usize] = at as u32;
    }
    for of in &mut part {
        *of = place[*of as usize];
    }
    part
}

impl Measured {
    fn new(measure: Measure, part: &Part, values: &[f64], bridges: Vec<(Id, Id)>) -> Self {
        let mut order: Vec<u32> = (0..values.len() as u32).collect();
        let value = |n: &u32| values[*n as usize];
        order.sort_by(|a, b| {
            let by_value = value(b).total_cmp(&value(a));
            if measure.is_kind() { by_value.reverse() } else { by_value }
        });
        let mut ranked = HashMap::with_capacity(values.len());
        let mut rank = 0;
        for (at, n) in order.iter().enumerate() {
            // Equal values have the same rank.
            if at == 0 || value(n) < value(&order[at - 1]) {
                rank = at as u32 + 1;
            }
            ranked.insert(part.ids[*n as usize].clone(), (value(n), rank));
        }
        let most = values.iter().copied().fold(0.0, f64::max);
        let order = order.into_iter().map(|n| part.ids[n as usize].clone()).collect();
        Self { measure, order, bridges, values: ranked, most }
    }

    /// How many were measured.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there was nobody to measure.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The value of an entity, if it was measured.
    pub fn value(&self, id: &Id) -> Option<f64> {
        self.values.get(id).map(|(value, _)| *value)
    }

    /// The rank of an entity, 1 for the highest value.
    pub fn rank(&self, id: &Id) -> Option<u32> {
        self.values.get(id).map(|(_, rank)| *rank)
    }

    /// The highest value.
    pub fn most(&self) -> f64 {
        self.most
    }

    /// How many have a value above nothing; of kinds, how many kinds there are.
    pub fn count(&self) -> usize {
        if self.measure.is_kind() {
            return if self.is_empty() { 0 } else { self.most as usize + 1 };
        }
        self.values.values().filter(|(value, _)| *value > 0.0).count()
    }

    /// What is said of an entity: "0.12 · 3rd of 1,050", "3 of 27".
    pub fn words(&self, id: &Id) -> Option<String> {
        let (value, rank) = self.values.get(id)?;
        let said = self.measure.words(*value);
        Some(match self.measure {
            Measure::CutPoint => {
                let is_cut = *value > 0.0;
                (if is_cut { "cut point" } else { "nothing hangs on it alone" }).to_owned()
            }
            measure if measure.is_kind() => format!("{said} of {}", grouped(self.count())),
            _ => format!("{said} · {} of {}", ordinal(*rank), grouped(self.len())),
        })
    }
}

/// "1st", "22nd", "113th".
pub(crate) fn ordinal(rank: u32) -> String {
    let ending = match (rank % 10, rank % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{}{ending}", grouped(rank as usize))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        case::{Action, Case, NewValue, Op},
        network::Seen,
    };

    /// A triangle a b c with d and e hanging on c, and f and g apart.
    fn part() -> Part {
        let mut case = Case::in_memory().expect("memory suffices");
        let add = |id: &str, schema: &str, values: [(&str, &str); 2]| Op::Add {
            entity: id.into(),
            schema: schema.into(),
            values: values.iter().map(|(p, v)| NewValue::new(*p, *v)).collect(),
        };
        let mut ops: Vec<Op> = ["a", "b", "c", "d", "e", "f", "g"]
            .iter()
            .map(|n| add(n, "Company", [("name", n), ("country", "hk")]))
            .collect();
        for tie in ["ab", "bc", "ca", "cd", "ce", "fg", "ab"] {
            let id = format!("{tie}{}", ops.len());
            ops.push(add(&id, "Ownership", [("owner", &tie[..1]), ("asset", &tie[1..])]));
        }
        case.commit(Action::new(ops)).expect("valid");
        let network = Seen::new(case.entities().expect("readable"));
        assert!(Part::whole(&network, &|| false).is_none(), "it is stopped");
        Part::whole(&network, &|| true).expect("goes on")
    }

    #[test]
    fn every_measure_says_value_and_rank() {
        let part = part();
        for (wanted, id, words) in [
            (Measure::Degree, "c", "4 · 1st of 7"),
            (Measure::Degree, "d", "1 · 4th of 7"),
            (Measure::Degree, "b", "2 · 2nd of 7"),
            // Of 15 pairs, 5 have their way through c.
            (Measure::Betweenness, "c", "0.33 · 1st of 7"),
            (Measure::SampledBetweenness, "c", "0.33 · 1st of 7"),
            (Measure::Betweenness, "a", "0 · 2nd of 7"),
            (Measure::Closeness, "c", "0.67 · 1st of 7"),
            (Measure::PageRank, "c", "0.28 · 1st of 7"),
            (Measure::Core, "a", "2 · 1st of 7"),
            (Measure::Component, "f", "2 of 2"),
            (Measure::CutPoint, "c", "cut point"),
            (Measure::CutPoint, "a", "nothing hangs on it alone"),
        ] {
            let found = measure(wanted, &part, 2, &|_| true).expect("goes on");
            assert_eq!(found.words(&id.into()).as_deref(), Some(words), "{wanted:?} of {id}");
            assert_eq!(found.words(&"nobody".into()), None);
        }
        // Whether c belongs to a and b or to d and e is all the same to modularity.
        let found = measure(Measure::Community, &part, 1, &|_| true).expect("goes on");
        let of = |id: &str| found.words(&id.into());
        assert!(of("a").is_some_and(|words| words.contains(" of ")));
        assert!(of("a") == of("b") && of("d") == of("e") && of("a") != of("f"));
        let cuts = measure(Measure::CutPoint, &part, 1, &|_| true).expect("goes on");
        assert_eq!((cuts.count(), cuts.bridges.len()), (1, 3));
        assert!(measure(Measure::Betweenness, &part, 1, &|_| false).is_none(), "it is stopped");
    }

    #[test]
    fn nobody_can_be_measured_too() {
        for wanted in Measure::ALL {
            let found = measure(wanted, &Part::default(), 2, &|_| true).expect("goes on");
            assert!(found.is_empty() && found.count() == 0 && found.most() == 0.0);
        }
    }

    #[test]
    fn numbers_read_as_people_write_them() {
        let all = [1, 2, 3, 4, 11, 12, 21, 102, 113, 1050].map(ordinal);
        assert_eq!(
            all,
            ["1st", "2nd", "3rd", "4th", "11th", "12th", "21st", "102nd", "113th", "1,050th"]
        );
        let words = [0.0, 0.123, 0.000_12, 1.0].map(|value| Measure::PageRank.words(value));
        assert_eq!(words, ["0", "0.12", "0.00012", "1.0"]);
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
