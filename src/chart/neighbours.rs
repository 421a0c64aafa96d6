//! Who is next to what stands on a chart, but not on it: by kind of relationship, counted before
//! they come.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    model::{Id, Property, schema},
    network::{Connection, Seen},
};

/// Neighbours of one kind.
#[derive(Clone, Debug)]
pub struct Kind {
    /// The schema of the relationship; of a reference, the name of the property.
    pub schema: Arc<str>,
    /// The property, where they are neighbours by reference.
    pub property: Option<&'static Property>,
    /// Whether it leads from those that are on the chart to these; where direction makes no
    /// difference, it is taken to.
    pub outgoing: bool,
    /// The neighbours, those with the most relationships in the case first.
    pub others: Vec<Id>,
}

impl Kind {
    /// What these neighbours are to those on the chart: "Director", "Asset".
    pub fn role(&self) -> &str {
        if let Some(property) = self.property {
            let back = || property.reverse_label().filter(|_| !self.outgoing);
            return back().unwrap_or_else(|| property.relation());
        }
        let Some(known) = schema::schema(&self.schema) else { return &self.schema };
        match &known.edge {
            Some(edge) if edge.directed => {
                let end = if self.outgoing { &edge.target } else { &edge.source };
                known.property(end).map_or(&known.label, |property| &property.label)
            }
            _ => &known.label,
        }
    }

    /// What leads to them: the relationship, or a reference.
    pub fn by(&self) -> &str {
        if self.property.is_some() { self.role() } else { schema::label(&self.schema) }
    }
}

/// The neighbours of some entities that are not placed, the most numerous kind first. What only
/// describes one entity is folded into it and is no neighbour.
pub fn neighbours(seen: &Seen, of: &BTreeSet<Id>, placed: &dyn Fn(&Id) -> bool) -> Vec<Kind> {
    type Key<'a> = (&'a str, Option<&'static str>, bool);
    let mut kinds: BTreeMap<Key<'_>, (Option<&'static Property>, BTreeSet<Id>)> = BTreeMap::new();
    for entity in of.iter().filter_map(|id| seen.get(id)) {
        for connection in seen.connections_of(entity) {
            let Some((source, target)) = connection.ends() else { continue };
            let from_here = source.id() == entity.id();
            let other = if from_here { target } else { source };
            if of.contains(other.id()) || placed(other.id()) || other.host().is_some() {
                continue;
            }
            let property = match connection {
                Connection::Reference(reference) => Some(reference.property()),
                Connection::Relationship(_) => None,
            };
            let outgoing = from_here || !connection.is_directed();
            // One name stands for different properties: a company's parent, a document's folder.
            let relation = property.map(Property::relation);
            let (_, others) = kinds
                .entry((connection.kind(), relation, outgoing))
                .or_insert_with(|| (property, BTreeSet::new()));
            others.insert(other.id().clone());
        }
    }
    let kinds = kinds.into_iter().map(|((name, _, outgoing), (property, others))| {
        let mut others: Vec<Id> = others.into_iter().collect();
        others.sort_by_key(|id| Reverse(seen.degree(id)));
        Kind { schema: name.into(), property, outgoing, others }
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
        case.commit(Action::new(ops)).expect("valid");
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

    #[test]
    fn references_lead_to_neighbours_and_details_are_none() {
        let mut case = Case::in_memory().expect("memory suffices");
        let add = |id: &str, schema: &str, values: &[(&str, &str)]| Op::Add {
            entity: id.into(),
            schema: schema.into(),
            values: values.iter().map(|(p, v)| NewValue::new(*p, *v)).collect(),
        };
        let ops = vec![
            add("a", "Company", &[("name", "A"), ("addressEntity", "x"), ("addressEntity", "y")]),
            add("b", "Company", &[("name", "B"), ("parent", "a"), ("addressEntity", "y")]),
            add("x", "Address", &[("full", "1 Pier Road")]),
            add("y", "Address", &[("full", "2 Pier Road")]),
            add("p", "Passport", &[("holder", "a"), ("number", "7")]),
        ];
        case.commit(Action::new(ops)).expect("valid");
        let seen = Seen::new(case.entities().expect("readable"));
        let found = neighbours(&seen, &BTreeSet::from([Id::from("a")]), &|_| false);
        let mut said: Vec<(&str, bool, Vec<&str>)> = found
            .iter()
            .map(|k| (k.role(), k.outgoing, k.others.iter().map(Id::as_str).collect()))
            .collect();
        said.sort();
        assert_eq!(said, [("Address", true, vec!["y"]), ("Subsidiaries", false, vec!["b"])]);
    }
}
