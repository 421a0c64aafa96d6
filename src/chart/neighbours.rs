//! Who is next to what stands on a chart, but not on it: by kind of relationship, counted before
//! they come.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    model::{Id, schema},
    network::Seen,
};

/// Neighbours of one kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Kind {
    /// The schema of the relationship.
    pub schema: Arc<str>,
    /// Whether it leads from those that are on the chart to these; where direction makes no
    /// difference, it is taken to.
    pub outgoing: bool,
    /// The neighbours, those with the most relationships in the case first.
    pub others: Vec<Id>,
}

impl Kind {
    /// What these neighbours are to those on the chart: "Director", "Asset".
    pub fn role(&self) -> &str {
        let Some(known) = schema::schema(&self.schema) else { return &self.schema };
        match &known.edge {
            Some(edge) if edge.directed => {
                let end = if self.outgoing { &edge.target } else { &edge.source };
                known.property(end).map_or(&known.label, |property| &property.label)
            }
            _ => &known.label,
        }
    }
}

/// The neighbours of some entities that are not placed, the most numerous kind first.
pub fn neighbours(seen: &Seen, of: &BTreeSet<Id>, placed: &dyn Fn(&Id) -> bool) -> Vec<Kind> {
    let mut kinds: BTreeMap<(Arc<str>, bool), BTreeSet<Id>> = BTreeMap::new();
    for id in of {
        for link in seen.links_of(id) {
            let Some((source, target)) = seen.ends(link) else { continue };
            let from_here = source.id() == id;
            let other = if from_here { target } else { source };
            if of.contains(other.id()) || placed(other.id()) {
                continue;
            }
            let edge = schema::schema(link.schema()).and_then(|s| s.edge.as_ref());
            let outgoing = from_here || edge.is_some_and(|edge| !edge.directed);
            kinds.entry((link.schema().into(), outgoing)).or_default().insert(other.id().clone());
        }
    }
    let kinds = kinds.into_iter().map(|((schema, outgoing), others)| {
        let mut others: Vec<Id> = others.into_iter().collect();
        others.sort_by_key(|id| Reverse(seen.degree(id)));
        Kind { schema, outgoing, others }
    });
    let mut kinds: Vec<Kind> = kinds.collect();
    kinds.sort_by_key(|kind| Reverse(kind.others.len()));
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Action, Case, NewValue, Op};

    #[test]
    fn kinds_are_told_apart_by_schema_and_direction() {
        let mut case = Case::in_memory().expect("memory suffices");
        let add = |id: &str, schema: &str, ends: [(&str, &str); 2]| Op::Add {
            entity: id.into(),
            schema: schema.into(),
            values: ends.iter().map(|(p, v)| NewValue::new(*p, *v)).collect(),
        };
        let mut ops: Vec<Op> = ["a", "b", "c", "d", "e", "f"]
            .iter()
            .map(|n| add(n, "Company", [("name", n), ("country", "hk")]))
            .collect();
        ops.extend([
            add("1", "Ownership", [("owner", "a"), ("asset", "b")]),
            add("2", "Ownership", [("owner", "a"), ("asset", "c")]),
            add("3", "Ownership", [("owner", "d"), ("asset", "a")]),
            add("4", "Ownership", [("owner", "a"), ("asset", "b")]),
            add("5", "UnknownLink", [("subject", "e"), ("object", "a")]),
            add("6", "Ownership", [("owner", "c"), ("asset", "f")]),
            add("7", "Ownership", [("owner", "c"), ("asset", "e")]),
        ]);
        case.commit(Action::new("Add", ops)).expect("valid");
        let seen = Seen::new(case.entities().expect("readable"));
        let of = BTreeSet::from([Id::from("a")]);
        let found = neighbours(&seen, &of, &|id| id.as_str() == "d");
        let said: Vec<(&str, bool, Vec<&str>)> = found
            .iter()
            .map(|k| (k.role(), k.outgoing, k.others.iter().map(Id::as_str).collect()))
            .collect();
        assert_eq!(said, [("Asset", true, vec!["c", "b"]), ("Other link", true, vec!["e"])]);
        let all = neighbours(&seen, &of, &|_| false);
        assert!(all.iter().any(|k| k.role() == "Owner" && !k.outgoing && k.others.len() == 1));
    }
}
