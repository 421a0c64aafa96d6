//! What belongs together on a chart: by community, by country, by address. What comes out is a
//! proposal; the chart holds the groups.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::filter::COUNTRIES;
use crate::{
    model::{Chart, Id, chart::Group, schema, value},
    network::{EntityRef, Part, Seen, measure},
};

/// What entities are put together by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Parts with more relationships inside than chance would give them.
    Community,
    /// The country that they are of; of several, the first.
    Country,
    /// The address that they share, as a text or as an entity that they are linked to.
    Address,
}

/// Groups of at least two among entities, the largest first. Who is in no group is left alone.
pub fn groups(seen: &Seen, ids: &[Id], by: By) -> Vec<Group> {
    let mut groups = match by {
        By::Community => communities(seen, ids),
        By::Country => countries(seen, ids),
        By::Address => addresses(seen, ids),
    };
    groups.retain(|(_, members)| members.len() > 1);
    groups.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then_with(|| a.0.cmp(&b.0)));
    groups.into_iter().map(|(name, members)| Group::new(name, members)).collect()
}

/// The chart with more groups on it. Who was in a group before leaves it; a group that is left
/// with fewer than two goes.
pub fn with_groups(chart: &Chart, new: Vec<Group>) -> Chart {
    let taken: HashSet<&Id> = new.iter().flat_map(|group| &group.members).collect();
    let mut groups = chart.groups.clone();
    for group in &mut groups {
        group.members.retain(|member| !taken.contains(member));
    }
    groups.retain(|group| group.members.len() > 1);
    groups.extend(new);
    Chart { groups, ..chart.clone() }
}

/// The chart without some of its groups: their members stand for themselves again.
pub fn without_groups(chart: &Chart, gone: &dyn Fn(&Id) -> bool) -> Chart {
    let groups = chart.groups.iter().filter(|group| !gone(&group.id)).cloned().collect();
    Chart { groups, ..chart.clone() }
}

type Named = Vec<(String, Vec<Id>)>;

/// Each is called after the member that has the most relationships.
fn communities(seen: &Seen, ids: &[Id]) -> Named {
    let part = Part::new(seen, ids, &|_| false, &|| true).unwrap_or_default();
    let found = measure::leiden(&part.graph, 1, &|_| true).unwrap_or_default();
    let mut members = vec![Vec::new(); found.count];
    for (n, community) in found.of.iter().enumerate() {
        members[*community as usize].push(n);
    }
    let named = members.into_iter().filter_map(|members| {
        let middle = members.iter().copied().max_by_key(|n| part.graph.degree(*n))?;
        let name = seen.get(&part.ids[middle]).map(|e| e.caption().to_string());
        Some((
            format!("Around {}", name.unwrap_or_default()),
            members.into_iter().map(|n| part.ids[n].clone()).collect(),
        ))
    });
    named.collect()
}

fn countries(seen: &Seen, ids: &[Id]) -> Named {
    let mut members: BTreeMap<&str, Vec<Id>> = BTreeMap::new();
    for entity in ids.iter().filter_map(|id| seen.get(id)) {
        if let Some(code) = COUNTRIES.iter().find_map(|property| entity.first(property)) {
            members.entry(code).or_default().push(entity.id().clone());
        }
    }
    members.into_iter().map(|(code, ids)| (value::country(code).to_owned(), ids)).collect()
}

/// Who shares an address by text, or is linked to the same entity that is an address. Who has
/// several goes where most others are.
fn addresses(seen: &Seen, ids: &[Id]) -> Named {
    let mut sharing: HashMap<String, (String, BTreeSet<Id>)> = HashMap::new();
    let placed: HashSet<&Id> = ids.iter().collect();
    let mut note = |key: String, name: &str, who: &Id| {
        let (_, members) = sharing.entry(key).or_insert_with(|| (name.to_owned(), BTreeSet::new()));
        members.insert(who.clone());
    };
    for entity in ids.iter().filter_map(|id| seen.get(id)) {
        for text in entity.all("address") {
            note(folded(text), text, entity.id());
        }
        let named = entity.all("addressEntity").filter_map(|id| seen.get(&Id::from(id)));
        let linked = seen.links_of(entity.id()).filter_map(|link| {
            let (source, target) = seen.ends(link)?;
            Some(if source.id() == entity.id() { target } else { source })
        });
        for address in named.chain(linked.filter(|other| is_address(*other))) {
            if is_address(entity) {
                continue;
            }
            // Two address entities with one text are one address.
            let key = folded(address.caption());
            note(key.clone(), address.caption(), entity.id());
            if placed.contains(address.id()) {
                note(key, address.caption(), address.id());
            }
        }
    }
    sharing.remove("");
    let mut all: Vec<(String, BTreeSet<Id>)> = sharing.into_values().collect();
    all.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then_with(|| a.0.cmp(&b.0)));
    let mut taken = HashSet::new();
    let mut named = Vec::new();
    for (name, members) in all {
        let free: Vec<Id> = members.into_iter().filter(|id| !taken.contains(id)).collect();
        if free.len() > 1 {
            taken.extend(free.iter().cloned());
            named.push((name, free));
        }
    }
    named
}

fn is_address(entity: EntityRef<'_>) -> bool {
    schema::schema(entity.schema()).is_some_and(|schema| schema.is_a("Address"))
}

/// An address without what two spellings of it differ in: case, punctuation, spaces.
fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Action, Case, NewValue, Op};

    fn add(id: &str, schema: &str, values: &[(&str, &str)]) -> Op {
        let values = values.iter().map(|(p, v)| NewValue::new(*p, *v)).collect();
        Op::Add { entity: id.into(), schema: schema.into(), values }
    }

    fn found(ops: Vec<Op>, by: By) -> Vec<(String, Vec<String>)> {
        let mut case = Case::in_memory().expect("memory suffices");
        case.commit(Action::new(ops)).expect("valid");
        let seen = Seen::new(case.entities().expect("readable"));
        let ids: Vec<Id> = seen.nodes().map(|e| e.id().clone()).collect();
        let groups = groups(&seen, &ids, by);
        let words = |group: &Group| group.members.iter().map(Id::to_string).collect();
        groups.iter().map(|group| (group.name.clone(), words(group))).collect()
    }

    fn one(name: &str, members: &[&str]) -> (String, Vec<String>) {
        (name.to_owned(), members.iter().map(|m| (*m).to_owned()).collect())
    }

    #[test]
    fn countries_are_the_first_that_an_entity_says() {
        let ops = vec![
            add("a", "Company", &[("name", "A"), ("country", "cn"), ("jurisdiction", "hk")]),
            add("b", "Company", &[("name", "B"), ("country", "hk")]),
            add("c", "Person", &[("name", "C"), ("nationality", "cn")]),
            add("d", "Person", &[("name", "D")]),
        ];
        assert_eq!(found(ops, By::Country), [one("Hong Kong SAR", &["a", "b"])]);
    }

    #[test]
    fn an_address_is_shared_however_it_is_spelt_or_linked() {
        let ops = vec![
            add("a", "Company", &[("name", "A"), ("address", "12 Pier Road, Dandong")]),
            add("b", "Company", &[("name", "B"), ("address", "12 pier road Dandong")]),
            add("c", "Company", &[("name", "C")]),
            add("d", "Company", &[("name", "D"), ("address", "Elsewhere 1")]),
            add("e", "Company", &[("name", "E"), ("address", "Elsewhere 1")]),
            add("x", "Address", &[("full", "12 Pier Road, Dandong")]),
            add("l", "UnknownLink", &[("subject", "c"), ("object", "x")]),
        ];
        assert_eq!(
            found(ops, By::Address),
            [one("12 Pier Road, Dandong", &["a", "b", "c", "x"]), one("Elsewhere 1", &["d", "e"])]
        );
    }

    #[test]
    fn communities_are_called_after_the_one_in_their_middle() {
        let names = ["a", "b", "c", "d", "e", "f", "g"];
        let mut ops: Vec<Op> =
            names.iter().map(|n| add(n, "Company", &[("name", &n.to_uppercase())])).collect();
        let ties = ["ab", "ac", "ad", "bc", "cd", "ef", "eg", "fg", "de"];
        for tie in ties {
            ops.push(add(tie, "Ownership", &[("owner", &tie[..1]), ("asset", &tie[1..])]));
        }
        let found = found(ops, By::Community);
        let members: Vec<&[String]> = found.iter().map(|(_, members)| &members[..]).collect();
        assert_eq!(
            members,
            [&["a", "b", "c", "d"].map(String::from)[..], &["e", "f", "g"].map(String::from)]
        );
        assert_eq!(found[1].0, "Around E");
    }

    #[test]
    fn nobody_is_in_two_groups() {
        let chart = Chart {
            groups: vec![
                Group::new("One", vec!["a".into(), "b".into(), "c".into()]),
                Group::new("Two", vec!["d".into(), "e".into()]),
            ],
            ..Chart::new("C", 1.0)
        };
        let new = with_groups(&chart, vec![Group::new("Three", vec!["c".into(), "d".into()])]);
        let named: Vec<(&str, usize)> =
            new.groups.iter().map(|g| (g.name.as_str(), g.members.len())).collect();
        assert_eq!(named, [("One", 2), ("Three", 2)]);
        let three = new.groups[1].id.clone();
        assert_eq!(without_groups(&new, &|id| *id == three).groups.len(), 1);
        assert!(without_groups(&new, &|_| true).groups.is_empty());
    }
}
