//! How are two entities connected?

use super::{Arguments, Finding, Question};
use crate::{
    model::{Id, Period, StatementKey},
    network::{
        Connection, EntityRef, Seen,
        between::{Graph, Limits, Way},
    },
};

/// Paths that are listed at most.
const MOST: usize = 200;
/// Maximum path length where none is given, in relationships.
const HOPS: u32 = 4;

/// The paths between two entities, by relationships that may have held on a day and by references.
#[derive(Clone, Debug)]
pub struct Paths {
    ends: Option<(Id, Id)>,
    period: Period,
    hops: u32,
}

impl Paths {
    /// The question of its arguments: two entities, the day, the maximum length.
    pub(super) fn of(arguments: Arguments) -> Self {
        let mut ends = arguments.entities.into_iter();
        Self {
            ends: ends.next().zip(ends.next()),
            period: Period::on(arguments.on),
            hops: arguments.hops.unwrap_or(HOPS),
        }
    }

    fn counts(&self, link: Connection<'_>) -> bool {
        let (start, end) = link.extent();
        self.period.overlaps(start.as_ref(), end.as_ref())
    }
}

impl Question for Paths {
    fn answer(&self, seen: &Seen, going: &dyn Fn() -> bool) -> Option<Vec<Finding>> {
        let Some((from, to)) = &self.ends else { return Some(Vec::new()) };
        let counts = |link: Connection<'_>| self.counts(link);
        let graph = Graph::new(seen, &counts, going)?;
        let limits = Limits { hops: self.hops, most: MOST };
        let between = graph.between(seen, (from, to), limits, &counts, going)?;
        let mut findings: Vec<Finding> =
            between.ways.iter().map(|way| finding(seen, way, "connected")).collect();
        findings.extend(between.beyond.iter().map(|way| finding(seen, way, "connected farther")));
        if findings.is_empty() {
            findings.push(Finding {
                question: "paths",
                about: vec![from.clone(), to.clone()],
                verdict: "not connected",
                words: format!("No path leads from {} to {}.", name(seen, from), name(seen, to)),
                rests_on: Vec::new(),
                strength: None,
                date_uncertain: Vec::new(),
            });
        }
        Some(findings)
    }
}

fn finding(seen: &Seen, way: &Way, verdict: &'static str) -> Finding {
    let names: Vec<&str> = way.members.iter().map(|id| name(seen, id)).collect();
    let denied = if way.denied { " A relationship on it is denied." } else { "" };
    let mut rests_on: Vec<StatementKey> = way
        .steps
        .iter()
        .flatten()
        .filter_map(|id| seen.connection(id))
        .flat_map(Connection::connecting)
        .collect();
    rests_on.sort_unstable();
    Finding {
        question: "paths",
        about: way.members.clone(),
        verdict,
        words: format!("{} ({}).{denied}", names.join(" → "), way.strength.words()),
        rests_on,
        strength: Some(way.strength),
        date_uncertain: Vec::new(),
    }
}

fn name<'a>(seen: &'a Seen, id: &'a Id) -> &'a str {
    seen.get(id).map_or(id.as_str(), EntityRef::caption)
}
