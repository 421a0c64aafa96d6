//! The ways between two entities through the whole network: who stands on them, and by which
//! relationships and references they lead.

use std::sync::Arc;

use super::{
    Connection, Csr, EntityRef, Seen,
    path::{Pathfinder, ways},
};
use crate::model::{Id, Strength};

/// Who is next to whom in a network, by the keys of entities.
#[derive(Clone, Debug, Default)]
pub struct Graph(Arc<Csr>);

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Of so many steps a way is at most.
    pub hops: u32,
    /// So many ways are given at most.
    pub most: usize,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Between {
    /// The ways, the shortest first.
    pub ways: Vec<Way>,
    /// Whether there are no others that are short enough.
    pub all: bool,
    /// Where none is short enough: one of the shortest that there are, if the two are connected.
    pub beyond: Option<Way>,
}

/// A way from one entity to another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Way {
    /// Everybody on it, both ends included.
    pub members: Vec<Id>,
    /// By which relationships and references each step leads, one less than there are members.
    pub steps: Vec<Vec<Id>>,
    /// Of the step that is supported worst; a step is as strong as its strongest connection that is
    /// not denied.
    pub strength: Strength,
    /// Whether all relationships of some step are denied.
    pub denied: bool,
}

impl Graph {
    /// Those relationships and references that count. `going` is asked often whether to go on.
    pub fn new(
        network: &Seen,
        counts: &dyn Fn(Connection<'_>) -> bool,
        going: &dyn Fn() -> bool,
    ) -> Option<Self> {
        let mut ties = Vec::with_capacity(network.link_count());
        let mut last = 0;
        for (at, connection) in network.connections().enumerate() {
            if at.is_multiple_of(256) && !going() {
                return None;
            }
            if let Some((source, target)) = connection.ends().filter(|_| counts(connection)) {
                let (source, target) = (source.key(), target.key());
                last = last.max(source).max(target);
                ties.push((source, target));
            }
        }
        Some(Self(Arc::new(Csr::new(last as usize + 1, &ties))))
    }

    /// The ways between two entities of the network that this was made of, by connections that
    /// count. `going` is asked often whether to go on.
    pub fn between(
        &self,
        network: &Seen,
        (from, to): (&Id, &Id),
        Limits { hops, most }: Limits,
        counts: &dyn Fn(Connection<'_>) -> bool,
        going: &dyn Fn() -> bool,
    ) -> Option<Between> {
        let (Some(start), Some(end)) = (network.get(from), network.get(to)) else {
            return Some(Between { all: true, ..Between::default() });
        };
        let pair = (start.key(), end.key());
        let found = ways(&self.0, pair, hops, most, &|_| going())?;
        let mut between = Between { all: found.all, ..Between::default() };
        for keys in &found.ways {
            if !going() {
                return None;
            }
            between.ways.push(way(network, keys, counts));
        }
        if found.ways.is_empty() && found.all {
            let shortest = Pathfinder::default().shortest(&self.0, pair.0, pair.1);
            between.beyond = shortest.map(|keys| way(network, &keys, counts));
        }
        Some(between)
    }
}

fn way(network: &Seen, keys: &[u32], counts: &dyn Fn(Connection<'_>) -> bool) -> Way {
    let members: Vec<EntityRef<'_>> = keys.iter().filter_map(|key| network.by_key(*key)).collect();
    let mut way = Way {
        members: members.iter().map(|member| member.id().clone()).collect(),
        strength: Strength::Confirmed,
        ..Way::default()
    };
    for pair in members.windows(2) {
        let between = network.connections_between(pair[0], pair[1]);
        let links: Vec<_> = between.filter(|link| counts(*link)).collect();
        let holds = links.iter().filter(|link| !link.denied());
        way.denied |= links.iter().all(|link| link.denied());
        way.strength =
            way.strength.min(holds.map(|link| link.strength()).max().unwrap_or_default());
        way.steps.push(links.iter().map(|link| link.id().into_owned()).collect());
    }
    way
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Action, Case, NewValue, Op};

    fn network(ties: &[&str], denied: &[&str]) -> Seen {
        let mut case = Case::in_memory().expect("memory suffices");
        let add = |id: &str, schema: &str, values: &[(&str, &str)]| Op::Add {
            entity: id.into(),
            schema: schema.into(),
            values: values.iter().map(|(p, v)| NewValue::new(*p, *v)).collect(),
        };
        let mut ops: Vec<Op> =
            ["a", "b", "c", "d", "e", "z"].map(|n| add(n, "Company", &[("name", n)])).into();
        for (n, tie) in ties.iter().enumerate() {
            let ends = [("owner", &tie[..1]), ("asset", &tie[1..2])];
            ops.push(add(&format!("{tie}{n}"), "Ownership", &ends));
        }
        let deny = |id: &&str| Op::Deny { entity: (*id).into(), denied: true };
        ops.extend(denied.iter().map(deny));
        case.commit(Action::new(ops)).expect("valid");
        Seen::new(case.entities().expect("readable"))
    }

    fn found(network: &Seen, ends: (&str, &str), limits: Limits) -> Between {
        let graph = Graph::new(network, &|_| true, &|| true).expect("goes on");
        let ends = (&ends.0.into(), &ends.1.into());
        graph.between(network, ends, limits, &|_| true, &|| true).expect("goes on")
    }

    fn said(ways: &[Way]) -> Vec<String> {
        let word = |way: &Way| way.members.iter().map(Id::as_str).collect();
        ways.iter().map(word).collect()
    }

    #[test]
    fn ways_lead_along_relationships_whichever_way_these_lead() {
        let network = network(&["ab", "bc", "ba", "ac", "cd", "dd"], &["ac3"]);
        let few = Limits { hops: 4, most: 10 };
        let all = found(&network, ("a", "c"), few);
        assert_eq!(said(&all.ways), ["ac", "abc"]);
        assert!(all.all && all.beyond.is_none());
        assert_eq!(all.ways[0].steps, [["ac3".into()]]);
        assert!(all.ways[0].denied && !all.ways[1].denied);
        assert_eq!(all.ways[1].steps, [vec!["ab0".into(), "ba2".into()], vec!["bc1".into()]]);
        let one = found(&network, ("d", "a"), Limits { hops: 4, most: 1 });
        assert_eq!((said(&one.ways), one.all), (vec!["dca".to_owned()], false));
    }

    #[test]
    fn where_none_is_short_enough_the_shortest_is_given() {
        let network = network(&["ab", "bc", "cd", "de"], &[]);
        let far = found(&network, ("a", "e"), Limits { hops: 3, most: 10 });
        assert!(far.ways.is_empty() && far.all);
        assert_eq!(said(far.beyond.as_slice()), ["abcde"]);
        let apart = found(&network, ("a", "z"), Limits { hops: 3, most: 10 });
        assert_eq!(apart, Between { all: true, ..Between::default() });
        let gone = found(&network, ("a", "nobody"), Limits { hops: 3, most: 10 });
        assert_eq!(gone, Between { all: true, ..Between::default() });
    }

    #[test]
    fn what_does_not_count_leads_nowhere() {
        let network = network(&["ab", "ab", "bc", "ac"], &["ac3", "ab1"]);
        let holds = |link: Connection<'_>| !link.denied();
        let graph = Graph::new(&network, &holds, &|| true).expect("goes on");
        let limits = Limits { hops: 4, most: 10 };
        let ends = (&"a".into(), &"c".into());
        let found = graph.between(&network, ends, limits, &holds, &|| true).expect("goes on");
        assert_eq!(said(&found.ways), ["abc"]);
        assert_eq!(found.ways[0].steps, [["ab0".into()], ["bc2".into()]]);
        assert!(Graph::new(&network, &holds, &|| false).is_none());
        assert!(graph.between(&network, ends, limits, &holds, &|| false).is_none());
    }
}
