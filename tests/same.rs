//! Same-as: a statement that unites two entities where a lens counts it, and leaves no trace when it
//! is withdrawn.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use redthread::{
    case::{Action, Case, NewValue, Op, Progress},
    demo::Demo,
    model::{Entity, Id, StatementKey, Strength, schema::SAME_AS},
    network::{EntityRef, Lens, Network, Same, Seen, falls},
};

use super::lens::{build, shape};
use crate::cli::redthread;

fn read(case: &Case) -> Network {
    Network::read(case, &Progress::new()).expect("readable")
}

fn same_as(entity: &str, other: &str) -> Op {
    Op::State { entity: entity.into(), value: NewValue::new(SAME_AS, other) }
}

/// A live statement that two are the same, and its strength.
type Pair = (Id, Id, Strength);

/// The live statements that two are the same, and the pairs of which that is denied.
fn said(seen: &Seen) -> (Vec<Pair>, BTreeSet<[Id; 2]>) {
    let (mut pairs, mut denied) = (Vec::new(), BTreeSet::new());
    for entity in seen.nodes().filter(|entity| entity.schema() != "Document") {
        for value in entity.values().filter(|value| value.property == SAME_AS) {
            let other =
                seen.find(value.text).filter(|it| !it.is_link() && it.schema() != "Document");
            let Some(other) = other.filter(|other| other.key() != entity.key()) else { continue };
            let mut ends = [entity.id().clone(), other.id().clone()];
            ends.sort();
            if value.denied {
                denied.insert(ends);
            } else {
                let [a, b] = ends;
                pairs.push((a, b, value.strength));
            }
        }
    }
    (pairs, denied)
}

/// Under which id each entity is found, by hand.
fn mains(seen: &Seen, same: Same) -> BTreeMap<Id, Id> {
    let (pairs, denied) = said(seen);
    let mut main: BTreeMap<Id, Id> =
        seen.iter().map(|entity| (entity.id().clone(), entity.id().clone())).collect();
    for (a, b, strength) in pairs {
        if !same.counts(strength) || denied.contains(&[a.clone(), b.clone()]) {
            continue;
        }
        let (a, b) = (main[&a].clone(), main[&b].clone());
        let first = a.clone().min(b.clone());
        for one in main.values_mut().filter(|one| **one == a || **one == b) {
            *one = first.clone();
        }
    }
    main
}

/// Holds what is united to what uniting by hand gives; says how many entities went into others.
fn united_as_by_hand(network: &Network, same: Same) -> Result<usize, TestCaseError> {
    let plain = network.plain();
    let seen = network.through(&Lens::united(same));
    let main = mains(plain, same);
    let mut statements: BTreeMap<&Id, BTreeSet<StatementKey>> = BTreeMap::new();
    let mut links: BTreeMap<&Id, BTreeSet<Id>> = BTreeMap::new();
    let mut references = BTreeSet::new();
    for entity in plain.iter() {
        let one = &main[entity.id()];
        let keys = entity.values().map(|value| value.statement);
        statements.entry(one).or_default().extend(keys);
        let at = plain.links_of(entity.id()).map(|link| link.id().clone());
        links.entry(one).or_default().extend(at);
        for reference in plain.references_from(entity) {
            let target = &main[reference.target().id()];
            if target != one {
                references.insert((one.clone(), reference.property().name.clone(), target.clone()));
            }
        }
    }
    prop_assert_eq!(seen.len(), statements.len());
    for entity in plain.iter() {
        let one = seen.get(entity.id()).expect("found by each of its ids");
        prop_assert_eq!(one.id(), &main[entity.id()]);
        prop_assert_eq!(seen.by_key(entity.key()).map(EntityRef::id), Some(one.id()));
        prop_assert_eq!(one.caption(), plain.get(one.id()).expect("there").caption());
        let keys: BTreeSet<StatementKey> = one.values().map(|value| value.statement).collect();
        prop_assert_eq!(&keys, &statements[one.id()]);
        for value in entity.values() {
            prop_assert_eq!(one.strength_of(value.statement), Some(value.strength));
        }
        let at: BTreeSet<Id> = seen.links_of(entity.id()).map(|link| link.id().clone()).collect();
        prop_assert_eq!(&at, &links[one.id()]);
        prop_assert_eq!(seen.links_of(entity.id()).count(), at.len());
        if let Some((source, target)) = entity.ends() {
            let to = |id: &Id| main.get(id).unwrap_or(id).clone();
            let ends = one.ends().map(|(a, b)| (a.clone(), b.clone()));
            prop_assert_eq!(ends, Some((to(source), to(target))));
        }
    }
    let found: BTreeSet<_> = seen
        .references()
        .map(|one| {
            (one.source().id().clone(), one.property().name.clone(), one.target().id().clone())
        })
        .collect();
    prop_assert_eq!(&found, &references);
    for entity in seen.iter() {
        let from: Vec<Id> = seen.references_from(entity).iter().map(|one| one.id()).collect();
        let to = seen.references_to(entity).len();
        prop_assert!(entity.degree() <= seen.links_of(entity.id()).count() + from.len() + to);
    }
    prop_assert_eq!(seen.node_count(), seen.nodes().count());
    prop_assert_eq!(seen.link_count(), seen.links().count());
    prop_assert!(falls(plain, &seen).iter().all(|fall| fall.after.is_some()), "nothing is gone");
    let gone = falls(&seen, plain);
    prop_assert!(gone.iter().all(|fall| fall.after.is_some()), "nor when they are split: {gone:?}");
    Ok(plain.len() - seen.len())
}

/// Everything but the statements that two are the same.
fn without(seen: &Seen) -> Vec<Entity> {
    let mut all: Vec<Entity> = seen.iter().map(EntityRef::to_entity).collect();
    for entity in &mut all {
        entity.values.retain(|value| &*value.property != SAME_AS);
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_the_same_is_united_and_split_again_without_a_trace(
        steps in prop::collection::vec(any::<(u8, u8, u8, u8)>(), 30..90),
        list in any::<bool>(),
        pairs in prop::collection::vec((0_u8..5, 0_u8..5), 1..4),
    ) {
        let mut case = build(&steps, list);
        let mut united = 0;
        for same in [Same::All, Same::AtLeast(Strength::Unconfirmed), Same::AtLeast(Strength::Confirmed)] {
            united += united_as_by_hand(&read(&case), same)?;
        }
        // Stated and withdrawn, the case is as before, through every lens.
        let before = (read(&case), case.entities().expect("readable"));
        let mut done = 0;
        for (a, b) in &pairs {
            let op = same_as(&format!("e{a}"), &format!("e{b}"));
            done += usize::from(case.commit(Action::new(vec![op])).is_ok());
        }
        united += united_as_by_hand(&read(&case), Same::All)?;
        // Seen by themselves, they are what they are without such statements.
        prop_assert_eq!(without(read(&case).plain()), without(before.0.plain()));
        let known: BTreeSet<StatementKey> =
            before.1.iter().flat_map(|entity| &entity.values).map(|value| value.statement).collect();
        for entity in case.entities().expect("readable") {
            let new = entity.values.iter().filter(|value| !known.contains(&value.statement));
            for value in new.filter(|value| &*value.property == SAME_AS) {
                case.commit(Action::new(vec![Op::Withdraw(value.statement)])).expect("withdrawn");
            }
        }
        prop_assert_eq!(&case.entities().expect("readable"), &before.1);
        for same in [Same::None, Same::All] {
            let lens = Lens::united(same);
            prop_assert_eq!(shape(&read(&case).through(&lens)), shape(&before.0.through(&lens)));
        }
        println!("{done} statements, {united} entities went into others");
    }

    #[test]
    fn a_pulled_document_takes_its_same_as_with_it(
        steps in prop::collection::vec(any::<(u8, u8, u8, u8)>(), 40..90),
    ) {
        let mut case = build(&steps, true);
        let network = read(&case);
        for item in case.evidence().expect("readable").into_iter().filter(|item| item.live) {
            let same = Same::AtLeast(Strength::Unconfirmed);
            let lens = Lens { same, ..Lens::without_evidence(item.id.clone()) };
            let op = Op::WithdrawEntity(item.id.clone());
            case.commit(Action::new(vec![op])).expect("withdrawn");
            let expected = shape(&read(&case).through(&Lens::united(same)));
            case.undo().expect("undoes");
            prop_assert_eq!(shape(&network.through(&lens)), expected);
        }
    }
}

#[test]
fn what_is_seen_says_what_was_captured_and_what_is_cited_from_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("lantern.redthread");
    let case = Demo::Lantern.build(&path, &Progress::new()).expect("builds");
    let network = read(&case);
    let seen = network.plain();
    assert_eq!(seen.evidence().cloned().collect::<Vec<_>>(), case.evidence().expect("readable"));
    assert_eq!(seen.settings(), &case.settings().expect("readable"));
    let mut cited = BTreeSet::new();
    for entity in case.entities().expect("readable") {
        cited.extend(entity.citations.iter().map(|cite| cite.document.clone()));
        let grounds: BTreeSet<_> = seen
            .get(&entity.id)
            .expect("there")
            .grounds()
            .map(|one| (one.statement, one.citation, one.supports))
            .collect();
        let expected: BTreeSet<_> =
            entity.citations.iter().map(|c| (c.statement, c.citation, c.supports)).collect();
        assert_eq!(grounds, expected, "{}", entity.caption);
    }
    assert_eq!(seen.cited().into_iter().cloned().collect::<BTreeSet<_>>(), cited);
    // Without a document its record and its citations are out of sight, too.
    let pulled = cited.first().expect("cited").clone();
    let without = network.through(&Lens::without_evidence(pulled.clone()));
    assert!(without.document(&pulled).is_none() && seen.document(&pulled).is_some());
    assert!(!without.cited().contains(&pulled));
    let one = seen.iter().flat_map(EntityRef::grounds).next().expect("cited").citation;
    let without = network.through(&Lens::without_citation(one));
    assert!(without.iter().flat_map(EntityRef::grounds).all(|ground| ground.citation != one));
}

/// Two names of one owner, each with a part of a company.
fn piers() -> Case {
    let mut case = Case::in_memory().expect("memory suffices");
    fill(&mut case);
    case
}

fn fill(case: &mut Case) {
    let add = |id: &str, schema: &str, values: &[(&str, &str)]| Op::Add {
        entity: id.into(),
        schema: schema.into(),
        values: values.iter().map(|(property, value)| NewValue::new(*property, *value)).collect(),
    };
    let stake = |id: &str, owner: &str, share: &str| {
        add(id, "Ownership", &[("owner", owner), ("asset", "t"), ("percentage", share)])
    };
    let listing = [
        ("entity", "b"),
        ("authority", "Office of Foreign Assets Control"),
        ("listingDate", "2015-01-01"),
    ];
    let ops = vec![
        add("a", "LegalEntity", &[("name", "Ann Pier")]),
        add("b", "Person", &[("name", "Anna Pier"), ("nationality", "mt")]),
        add("t", "Company", &[("name", "Target Ltd")]),
        stake("o1", "a", "30"),
        stake("o2", "b", "25"),
        add("sn", "Sanction", &listing),
    ];
    case.commit(Action::new(ops)).expect("commits");
}

#[test]
fn one_has_what_is_said_of_both() {
    let mut case = piers();
    case.commit(Action::new(vec![same_as("b", "a")])).expect("commits");
    let network = read(&case);
    // By itself the statement connects nothing.
    assert_eq!(network.plain().degree(&"a".into()), 1);
    let seen = network.through(&Lens::united(Same::All));
    let one = seen.find("b").expect("found by the other id");
    assert_eq!((one.id().as_str(), one.schema(), one.caption()), ("a", "Person", "Ann Pier"));
    assert_eq!(one.all("name").collect::<Vec<_>>(), ["Ann Pier", "Anna Pier"]);
    assert_eq!(one.first("nationality"), Some("mt"));
    assert_eq!(one.one_with().map(Id::as_str).collect::<Vec<_>>(), ["b"]);
    assert_eq!(one.degree(), 3, "two stakes and a listing");
    let host = seen.find("sn").and_then(EntityRef::host);
    assert_eq!(host.map(EntityRef::key), Some(one.key()), "the listing is folded into it");
    assert_eq!(seen.references_to(one).len(), 1);
    let why = network.why(&seen, &Lens::united(Same::All), &"b".into(), None);
    assert!(why.is_some_and(|why| why.ends_with("Taken as one with “Anna Pier”.")));
    // Measured as one.
    let ids: Vec<Id> = network.plain().nodes().map(|entity| entity.id().clone()).collect();
    let part =
        redthread::network::Part::new(&seen, &ids, &|_| false, &|| true).expect("not stopped");
    assert_eq!(part.ids.len(), ids.len() - 1);
    // Nobody has supported it, so that only who counts all counts it.
    assert_eq!(network.through(&Lens::united(Same::AtLeast(Strength::Unconfirmed))).len(), 6);
    // Either side knows of it, whichever says it; what is one says it of nobody else.
    let plain = network.plain();
    let callers = |seen: &Seen, id: &str| -> Vec<(String, bool)> {
        let callers = seen.calling_it_the_same(&id.into()).into_iter();
        callers.map(|(one, denied)| (one.id().to_string(), denied)).collect()
    };
    let says = plain.iter().filter(|one| one.all(SAME_AS).next().is_some());
    let says: Vec<String> = says.map(|one| one.id().to_string()).collect();
    let [sayer] = &says[..] else { panic!("{says:?}") };
    let other = if sayer == "a" { "b" } else { "a" };
    assert_eq!(callers(plain, other), [(sayer.clone(), false)]);
    assert!(callers(plain, sayer).is_empty());
    assert!(callers(&seen, "a").is_empty() && callers(&seen, "b").is_empty());
    // Denied, it unites nobody.
    let value = NewValue { denied: true, ..NewValue::new(SAME_AS, "b") };
    let deny = Op::State { entity: "a".into(), value };
    case.commit(Action::new(vec![deny])).expect("commits");
    let network = read(&case);
    assert_eq!(network.through(&Lens::united(Same::All)).len(), 6);
    let by_a = callers(network.plain(), "b").into_iter().find(|(id, _)| id == "a");
    assert_eq!(by_a.map(|(_, denied)| denied), Some(sayer != "a"), "if that is all a says");
}

#[test]
fn a_question_takes_them_as_one_and_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut case = Case::create(&folder.path().join("case.redthread")).expect("space");
    fill(&mut case);
    case.commit(Action::new(vec![same_as("b", "a")])).expect("commits");
    let network = read(&case);
    let said = network.plain().find("b").and_then(|b| b.values().find(|v| v.property == SAME_AS));
    let stated = case.statements(&[said.expect("stated").statement]).expect("readable");
    let name = stated[0].id.to_string();
    case.close().expect("closed");
    let ask = |same: &[&str]| {
        let all = [&["ask", "case.redthread", "blocked", "t", "--json"], same].concat();
        let output = redthread(folder.path(), &all);
        serde_json::from_slice::<serde_json::Value>(&output.stdout).expect("JSON")
    };
    let apart = ask(&[]);
    assert_eq!(
        (&apart["same"], &apart["findings"][0]["verdict"]),
        (&"none".into(), &"not blocked".into())
    );
    let one = ask(&["--same", "all"]);
    let finding = &one["findings"][0];
    assert_eq!((&one["same"], &finding["verdict"]), (&"all".into(), &"blocked".into()));
    let words = finding["words"].as_str().expect("text");
    assert!(
        words.contains("55 %") && words.ends_with("Taken as one: “Ann Pier”, “Anna Pier”."),
        "{words}"
    );
    let rests = finding["rests_on"].as_array().expect("a list");
    assert!(rests.iter().any(|one| one["statement"] == name.as_str()), "{rests:?}");
    assert_eq!(ask(&["--same", "confirmed"])["findings"][0]["verdict"], "not blocked");
}
