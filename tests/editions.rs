//! Newer editions of a document: what is new, changed and gone, what is seen of it, and what comes back.
//! Everything in these tests is FICTIONAL.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use proptest::prelude::*;
use redthread::{
    analysis::{Arguments, Now, ask, ask_again, question},
    case::{Action, Case, Cited, Horizon, NewCitation, NewValue, Op, Progress, Verdict},
    exchange::{
        import::{EditionOf, Job, jobs, run},
        table::{self, Settings, Table},
    },
    model::{Id, PartialDate, Pinned, Strength},
    network::{Editions, EntityRef, Lens, Network, Seen},
};

use crate::cli::redthread;

const OLD: &str = "list-2024-01-31.ftm.ndjson";
const NEW: &str = "list-2024-07-31.ftm.ndjson";

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/editions").join(name)
}

fn job(name: &str) -> Job {
    jobs(vec![data(name)], None).expect("readable").remove(0)
}

/// Imports a file; `of` is the name of a document in the case that it is an edition of.
fn take(case: &mut Case, name: &str, of: Option<&str>) -> Id {
    take_as(case, name, of, false)
}

fn take_as(case: &mut Case, name: &str, of: Option<&str>, is_older: bool) -> Id {
    let of = of.map(|of| document(case, of));
    let edition = of.map(|of| EditionOf { of: vec![of], date: None, is_older });
    run(case, &Job { edition, ..job(name) }, &Progress::new()).expect("imports");
    document(case, name)
}

fn document(case: &Case, name: &str) -> Id {
    let all = case.evidence().expect("readable");
    all.into_iter().find(|one| one.file_name == name).expect("it is evidence").id
}

fn network(case: &Case) -> Network {
    Network::read(case, &Progress::new()).expect("readable")
}

fn all_editions() -> Lens {
    Lens { editions: Editions::All, ..Lens::default() }
}

/// The ids of what is seen, documents apart.
fn ids(seen: &Seen) -> BTreeSet<String> {
    let all = seen.iter().filter(|one| !one.id().as_str().starts_with("sha256-"));
    all.map(|one| one.id().to_string()).collect()
}

fn texts<'a>(seen: &'a Seen, id: &str, property: &str) -> Vec<&'a str> {
    seen.find(id).expect("it is seen").all(property).collect()
}

/// All that is seen, with the strength of each value.
fn shape(seen: &Seen) -> Vec<(redthread::model::Entity, Vec<Id>)> {
    let links = |one: EntityRef<'_>| seen.links_of(one.id()).map(|l| l.id().clone()).collect();
    seen.iter().map(|one| (one.to_entity(), links(one))).collect()
}

fn set(ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

#[test]
fn who_was_delisted_or_resigned_is_not_seen_as_of_today() {
    let mut case = Case::in_memory().expect("memory suffices");
    let old = take(&mut case, OLD, None);
    let before = shape(network(&case).plain());
    let new = take(&mut case, NEW, Some(OLD));
    let network = network(&case);
    let seen = network.through(&Lens::default());
    assert_eq!(ids(&seen), set(&["p2", "p3", "c1"]));
    assert_eq!(texts(&seen, "p2", "address"), ["2 New Quay"]);
    assert_eq!((seen.links().count(), seen.link_count()), (0, 0));
    assert_eq!(seen.node_count(), seen.nodes().count());
    assert!(seen.get(&old).is_some() && seen.get(&new).is_some(), "both are evidence");

    let all = network.through(&all_editions());
    assert_eq!(ids(&all), set(&["p1", "s1", "p2", "p3", "c1", "d1"]));
    assert_eq!(texts(&all, "p2", "address"), ["1 Old Quay", "2 New Quay"]);
    assert_eq!(shape(&all), shape(network.plain()));

    let lens = Lens::default();
    let why = network.why(&seen, &lens, &"p1".into(), None).expect("it is said");
    assert_eq!(why, format!("Not in the edition of 2024-07-31 (“{NEW}”)."));
    let address = all.find("p2").expect("there").values().find(|v| v.text == "1 Old Quay");
    let statement = address.expect("there").statement;
    let why = network.why(&all, &all_editions(), &"p2".into(), Some(statement)).expect("said");
    assert!(why.contains("Not in the edition of 2024-07-31"), "{why}");
    let mara = seen.find("p2").expect("she is there");
    let existence = mara.to_entity().existence[0].statement;
    for statement in [None, Some(existence)] {
        let why = network.why(&seen, &lens, mara.id(), statement).expect("it is said");
        assert!(!why.contains("edition"), "{why}");
    }
    assert_eq!(network.lacking(&lens, mara.id(), existence), None);
    assert!(network.lacking(&lens, mara.id(), statement).is_some());

    let compared = network.compare(&[old], &[new]);
    let named = |all: &[redthread::network::Noted]| -> Vec<String> {
        all.iter().map(|one| one.id.to_string()).collect()
    };
    assert_eq!(named(&compared.new), ["p3"]);
    assert_eq!(named(&compared.gone), ["d1", "p1", "s1"]);
    let [changed] = &compared.changed[..] else { panic!("one changed: {:?}", compared.changed) };
    assert_eq!(changed.id.as_str(), "p2");
    assert_eq!(changed.gone, [("address".to_owned(), "1 Old Quay".to_owned())]);
    assert_eq!(changed.new, [("address".to_owned(), "2 New Quay".to_owned())]);

    case.undo().expect("undone");
    let network = self::network(&case);
    assert_eq!(shape(&network.through(&Lens::default())), before, "all is as before");
    case.redo().expect("done again");
    let network = self::network(&case);
    assert_eq!(ids(&network.through(&Lens::default())), set(&["p2", "p3", "c1"]));
    let verdict = case.verify(&Progress::new()).expect("runs");
    assert!(matches!(verdict, Verdict::Holds { .. }), "{verdict:?}");
}

#[test]
fn a_table_meets_its_ids_in_its_newer_edition() {
    let mut case = Case::in_memory().expect("memory suffices");
    let old = take(&mut case, "officers-2023-12-31.csv", None);
    let new = take(&mut case, "officers-2024-12-31.csv", Some("officers-2023-12-31.csv"));
    let network = network(&case);
    let seen = network.through(&Lens::default());
    let named = |seen: &Seen, schema: &str| -> BTreeSet<String> {
        let all = seen.nodes().filter(|one| one.schema() == schema);
        all.map(|one| one.caption().to_owned()).collect()
    };
    assert_eq!(named(&seen, "Person"), set(&["Clara Winter", "Boris Kellner"]));
    assert_eq!(named(&seen, "Company"), set(&["Norden Shipping Ltd", "Kellner Trading Ltd"]));
    let ends: BTreeSet<String> = seen.links().map(|link| seen.name_of(link)).collect();
    assert_eq!(
        ends,
        set(&["Clara Winter → Norden Shipping Ltd", "Boris Kellner → Kellner Trading Ltd"])
    );
    let norden = seen.nodes().find(|one| one.caption() == "Norden Shipping Ltd").expect("there");
    assert_eq!(norden.all("address").collect::<Vec<_>>(), ["2 New Quay"]);
    let all = network.through(&all_editions());
    assert!(named(&all, "Person").contains("Alba Norden"));
    let compared = network.compare(&[old], &[new]);
    // The director, and that he directs.
    assert_eq!((compared.new.len(), compared.gone.len()), (2, 2), "{compared:?}");
    assert_eq!(compared.changed.len(), 1, "{:?}", compared.changed);
    assert_eq!(compared.changed[0].name, "Norden Shipping Ltd");
}

#[test]
fn a_table_whose_columns_were_looked_at_meets_its_ids_too() {
    const OLD: &str = "officers-2023-12-31.csv";
    const NEW: &str = "officers-2024-12-31.csv";
    for is_changed in [false, true] {
        let mut case = Case::in_memory().expect("memory suffices");
        let old = take(&mut case, OLD, None);
        let table = Table::open(&data(NEW), &Settings::default()).expect("a table");
        let mut mapping = table::guess(&table).mapping;
        if is_changed {
            let places = mapping.entities.iter_mut().flat_map(|made| &mut made.properties);
            let place = places.into_iter().find(|said| said.property == "address").expect("mapped");
            place.property = "notes".to_owned();
        }
        let edition =
            Some(EditionOf { of: vec![document(&case, OLD)], date: None, is_older: false });
        let job = Job { edition, mapping: Some(mapping), ..job(NEW) };
        run(&mut case, &job, &Progress::new()).expect("imports");
        let compared = network(&case).compare(&[old], &[document(&case, NEW)]);
        let told = (compared.new.len(), compared.gone.len(), compared.changed.len());
        // With a remark in place of an address both companies say something else.
        assert_eq!(told, (2, 2, if is_changed { 2 } else { 1 }), "{compared:?}");
    }
}

#[test]
fn an_edition_does_not_corroborate_another() {
    let mut case = Case::in_memory().expect("memory suffices");
    let old = take(&mut case, OLD, None);
    let new = take(&mut case, NEW, Some(OLD));
    // Whoever publishes it changed their name meanwhile.
    for (id, publisher) in [(&old, "Board"), (&new, "Agency")] {
        let value = NewValue::new("publisher", publisher);
        case.commit(Action::new(vec![Op::State { entity: id.clone(), value }])).expect("valid");
    }
    let network = network(&case);
    let strength = |lens: &Lens| network.through(lens).find("c1").expect("there").strength();
    assert_eq!(strength(&Lens::default()), Strength::Tentative);
    assert_eq!(strength(&all_editions()), Strength::Unconfirmed);
}

#[test]
fn an_older_edition_that_comes_later_is_older_by_its_date_or_by_what_is_said() {
    for is_older in [false, true] {
        let mut case = Case::in_memory().expect("memory suffices");
        take(&mut case, NEW, None);
        // The date in the name of the file says which is older; so does whoever imports it.
        take_as(&mut case, OLD, Some(NEW), is_older);
        let network = network(&case);
        assert_eq!(ids(&network.through(&Lens::default())), set(&["p2", "p3", "c1"]));
        let seen = network.through(&Lens::default());
        assert_eq!(texts(&seen, "p2", "address"), ["2 New Quay"]);
    }
    // Where no date is known, what is said decides.
    let folder = tempfile::tempdir().expect("a folder");
    for (is_older, address) in [(true, "2 New Quay"), (false, "1 Old Quay")] {
        let mut case = Case::in_memory().expect("memory suffices");
        for (from, to) in [(OLD, "old.ndjson"), (NEW, "new.ndjson")] {
            std::fs::copy(data(from), folder.path().join(to)).expect("space");
        }
        let import = |case: &mut Case, name: &str, edition: Option<EditionOf>| {
            let job = Job { files: vec![folder.path().join(name)], edition, ..Job::default() };
            run(case, &job, &Progress::new()).expect("imports");
        };
        import(&mut case, "new.ndjson", None);
        let of = vec![document(&case, "new.ndjson")];
        import(&mut case, "old.ndjson", Some(EditionOf { of, date: None, is_older }));
        let network = network(&case);
        let seen = network.through(&Lens::default());
        assert_eq!(texts(&seen, "p2", "address"), [address]);
    }
}

#[test]
fn three_editions_are_one_line_whichever_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, people: &[&str]| {
        let line = |id: &&str| {
            format!(
                "{{\"id\":\"{id}\",\"schema\":\"Person\",\"properties\":{{\"name\":[\"Person {id}\"],\
                 \"notes\":[\"FICTIONAL – TRAINING\"]}}}}\n"
            )
        };
        let text: String = people.iter().map(line).collect();
        std::fs::write(folder.path().join(name), text).expect("space");
    };
    write("roll-2021.ndjson", &["a", "b", "c"]);
    write("roll-2022.ndjson", &["b", "c", "d"]);
    write("roll-2023.ndjson", &["c", "d", "e"]);
    let import = |case: &mut Case, name: &str, of: Option<&str>| {
        let of = of.map(|of| vec![document(case, of)]);
        let edition = of.map(|of| EditionOf { of, date: None, is_older: false });
        let job = Job { files: vec![folder.path().join(name)], edition, ..Job::default() };
        run(case, &job, &Progress::new()).expect("imports");
    };
    let orders = [["2021", "2022", "2023"], ["2021", "2023", "2022"], ["2023", "2021", "2022"]];
    for order in orders {
        let mut case = Case::in_memory().expect("memory suffices");
        let name = |at: usize| format!("roll-{}.ndjson", order[at]);
        import(&mut case, &name(0), None);
        import(&mut case, &name(1), Some(&name(0)));
        // All of them are editions of the first.
        import(&mut case, &name(2), Some(&name(0)));
        let network = network(&case);
        assert_eq!(ids(&network.through(&Lens::default())), set(&["c", "d", "e"]), "{order:?}");
        // Where the newest is withdrawn, the one before it is the newest.
        let newest = document(&case, "roll-2023.ndjson");
        let lens = Lens::without_evidence(newest.clone());
        let seen = network.through(&lens);
        assert!(seen.find("a").is_none() && seen.find("b").is_some(), "{order:?}");
        case.commit(Action::new(vec![Op::WithdrawEntity(newest)])).expect("valid");
        let network = self::network(&case);
        assert_eq!(shape(&network.through(&Lens::default())), shape(&seen), "{order:?}");
    }
}

fn cite(case: &mut Case, entity: &str, value: NewValue, evidence: &Id) {
    let cite = NewCitation {
        statement: Cited::Nth(0),
        evidence: evidence.clone(),
        supports: true,
        credibility: None,
        page: None,
        quote: None,
        range: None,
        region: None,
    };
    let state = Op::State { entity: entity.into(), value };
    case.commit(Action::new(vec![state, Op::Cite(cite)])).expect("valid");
}

#[test]
fn what_a_person_stated_stays_with_the_name_of_whom_it_is_about() {
    let mut case = Case::in_memory().expect("memory suffices");
    let old = take(&mut case, OLD, None);
    cite(&mut case, "p1", NewValue::new("summary", "Met in Port Vell"), &old);
    let values = vec![NewValue::new("director", "p2"), NewValue::new("organization", "c1")];
    let values = values.into_iter().chain([NewValue::new("summary", "Still signs for it")]);
    let ours =
        Op::Add { entity: "ours".into(), schema: "Directorship".into(), values: values.collect() };
    case.commit(Action::new(vec![ours])).expect("valid");
    take(&mut case, NEW, Some(OLD));
    let network = network(&case);
    let lens = Lens::default();
    let seen = network.through(&lens);
    assert_eq!(ids(&seen), set(&["p1", "p2", "p3", "c1", "ours"]));
    let kestrel = seen.find("p1").expect("the note is about him");
    assert_eq!(kestrel.caption(), "Ivo Kestrel");
    assert_eq!(kestrel.first("summary"), Some("Met in Port Vell"));
    assert_eq!(kestrel.first("topics"), None, "he is listed no more");
    let of = |property: &str| kestrel.values().find(|v| v.property == property).expect("there");
    let why = |statement| network.why(&seen, &lens, kestrel.id(), Some(statement)).expect("said");
    let words = why(of("summary").statement);
    assert!(
        words.contains("Cited from an older edition (“list-2024-01-31.ftm.ndjson”)"),
        "{words}"
    );
    let words = why(of("name").statement);
    assert!(words.contains("Not in the edition of 2024-07-31"), "{words}");
    assert_eq!(seen.links().map(|link| link.id().as_str()).collect::<Vec<_>>(), ["ours"]);
}

#[test]
fn what_another_document_says_stays_and_so_does_whom_it_names() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("register.ndjson");
    let text = concat!(
        r#"{"id":"o1","schema":"Ownership","properties":{"owner":["p1"],"asset":["c1"],"percentage":["60"]}}"#,
        "\n",
        r#"{"id":"p2","schema":"Person","properties":{"address":["1 Old Quay"]}}"#,
        "\n",
    );
    std::fs::write(&path, text).expect("space");
    let mut case = Case::in_memory().expect("memory suffices");
    take(&mut case, OLD, None);
    let job = Job { files: vec![path], ..Job::default() };
    run(&mut case, &job, &Progress::new()).expect("imports");
    let before = network(&case);
    let plain = before.plain();
    let blocked = question("blocked").expect("known");
    let lens = Lens::default();
    let found = ask(&before, (&lens, plain), blocked, Arguments::default(), &|| true);
    let found = found.expect("answered").into_iter().find(|one| one.about[0].as_str() == "c1");
    let found = found.expect("found");
    assert_eq!(found.verdict, "blocked");
    let pinned = Pinned {
        id: Id::new(),
        question: "blocked".into(),
        entities: Vec::new(),
        on: None,
        hops: None,
        without_evidence: Vec::new(),
        without_sources: Vec::new(),
        about: found.about.clone(),
        verdict: found.verdict.into(),
        words: found.words.clone(),
    };
    take(&mut case, NEW, Some(OLD));
    let network = network(&case);
    let seen = network.through(&lens);
    assert_eq!(ids(&seen), set(&["p1", "p2", "p3", "c1", "o1"]));
    assert_eq!(seen.find("p1").expect("he owns").caption(), "Ivo Kestrel");
    assert_eq!(texts(&seen, "p2", "address"), ["1 Old Quay", "2 New Quay"]);
    let now = ask_again(&network, (&lens, seen), std::slice::from_ref(&pinned), &|| true);
    assert_eq!(now.expect("answered"), [Now::Gone], "no listed party holds a stake in it");
    let flips = redthread::analysis::flips(&before, &network, &[pinned], &|| true);
    let flips = flips.expect("answered");
    assert_eq!(flips.len(), 1);
    assert_eq!((flips[0].before.as_str(), flips[0].after.as_str()), ("blocked", "nothing found"));
}

#[test]
fn the_case_as_it_was_has_the_editions_of_then() {
    let mut case = Case::in_memory().expect("memory suffices");
    take(&mut case, OLD, None);
    let known = case.log().expect("readable").last().expect("one").number;
    let then = shape(network(&case).plain());
    take(&mut case, NEW, Some(OLD));
    let horizon = Horizon { known: Some(known), ..Horizon::default() };
    let network = Network::read_at(&case, &horizon, &Progress::new()).expect("readable");
    let seen = network.through(&Lens::known(known));
    assert_eq!(shape(&seen), then);
    let now = self::network(&case);
    let lens = Lens::on("2030".parse::<PartialDate>().expect("a date"));
    assert_eq!(ids(&now.through(&lens)), set(&["p2", "p3", "c1"]));
}

#[test]
fn two_copies_unite_to_the_same_editions() {
    let folder = tempfile::tempdir().expect("a folder");
    let (first, second) = (folder.path().join("a.redthread"), folder.path().join("b.redthread"));
    let mut a = Case::create(&first).expect("new");
    take(&mut a, OLD, None);
    a.save_copy(&second).expect("space");
    let mut b = Case::open(&second).expect("opens");
    take(&mut a, NEW, Some(OLD));
    take(&mut b, NEW, Some(OLD));
    let third = folder.path().join("c.redthread");
    b.save_copy(&third).expect("space");
    let mut c = Case::open(&third).expect("opens");
    b.adopt(&a, &Progress::new()).expect("both hold");
    a.adopt(&c, &Progress::new()).expect("both hold");
    for case in [&a, &b] {
        let network = network(case);
        assert_eq!(ids(&network.through(&Lens::default())), set(&["p2", "p3", "c1"]));
        assert!(matches!(case.verify(&Progress::new()), Ok(Verdict::Holds { .. })));
    }
    assert_eq!(a.editions().expect("readable"), b.editions().expect("readable"));
    // One who did not say so learns it.
    c.undo().expect("undone");
    assert!(c.editions().expect("readable").is_empty());
}

/// The lines of a list in which each number says which entity stands there, and how.
fn list(numbers: &[u8]) -> String {
    let line = |n: &u8| {
        let (which, how) = (n % 8, n / 8);
        let (a, b) = (how % 4, (how / 4) % 4);
        match which {
            0..=3 => format!(
                r#"{{"id":"e{which}","schema":"Company","properties":{{"name":["Pier {which}{}"],"alias":["A{b}"]{}}}}}"#,
                if how.is_multiple_of(5) { " Ltd" } else { "" },
                if how.is_multiple_of(3) {
                    format!(r#","parent":["e{a}"]"#)
                } else {
                    String::new()
                },
            ),
            4 | 5 => format!(
                r#"{{"id":"l{which}{a}{b}","schema":"Ownership","properties":{{"owner":["e{a}"],"asset":["e{b}"],"percentage":["{how}"]}}}}"#
            ),
            6 => format!(
                r#"{{"id":"s{a}","schema":"Sanction","properties":{{"entity":["e{a}"],"program":["P{b}"]}}}}"#
            ),
            _ => {
                format!(r#"{{"id":"e{a}","schema":"Company","properties":{{"country":["h{b}"]}}}}"#)
            }
        }
    };
    numbers.iter().map(|n| line(n) + "\n").collect()
}

/// One thing that happens to a case: which, and two numbers.
type Step = (u8, u8, u8);

/// A case with three lists, one of which is named as an edition of another, and edits in between.
fn build(lists: &[Vec<u8>], steps: &[Step], case: &mut Case) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut documents: Vec<Id> = Vec::new();
    for (at, numbers) in lists.iter().enumerate() {
        let path = folder.path().join(format!("list {}.ndjson", ["a", "b", "c", "d"][at % 4]));
        std::fs::write(&path, list(numbers)).expect("space");
        // The second is a list of its own.
        let of = if at == 2 { documents.first() } else { documents.last() };
        let of = of.filter(|_| at != 1).cloned();
        let edition = of.map(|of| EditionOf { of: vec![of], date: None, is_older: at == 3 });
        let known = case.evidence().expect("readable").len();
        let job = Job { files: vec![path], format: Some("ftm".into()), edition, ..Job::default() };
        run(case, &job, &Progress::new()).ok();
        let evidence = case.evidence().expect("readable");
        documents.extend(evidence.into_iter().skip(known).map(|one| one.id));
        for &(what, a, b) in steps.iter().skip(at).step_by(lists.len()) {
            edit(case, &documents, what, a, b);
        }
    }
}

fn edit(case: &mut Case, documents: &[Id], what: u8, a: u8, b: u8) {
    let entities = case.entities().expect("readable");
    let all: Vec<_> = entities.iter().filter(|one| !one.evidence).collect();
    let Some(entity) = all.get(a as usize % all.len().max(1)) else { return };
    let Some(document) = documents.get(b as usize % documents.len().max(1)) else { return };
    let statements: Vec<_> = entity
        .existence
        .iter()
        .map(|one| one.statement)
        .chain(entity.values.iter().map(|one| one.statement))
        .collect();
    let statement = statements[b as usize % statements.len()];
    let op = match what % 8 {
        0 | 1 => Op::Cite(NewCitation {
            statement: Cited::Statement(statement),
            evidence: document.clone(),
            supports: !b.is_multiple_of(3),
            credibility: None,
            page: None,
            quote: None,
            range: None,
            region: None,
        }),
        2 => Op::State { entity: entity.id.clone(), value: NewValue::new("notes", "Seen") },
        3 => Op::Add {
            entity: format!("ours{a}").into(),
            schema: "Ownership".into(),
            values: vec![
                NewValue::new("owner", format!("e{}", a % 4)),
                NewValue::new("asset", format!("e{}", b % 4)),
            ],
        },
        4 => {
            let Some(value) = entity.values.get(b as usize % entity.values.len().max(1)) else {
                return;
            };
            Op::Withdraw(value.statement)
        }
        5 => {
            let live = entity.citations.get(b as usize % entity.citations.len().max(1));
            let Some(live) = live else { return };
            Op::WithdrawCitation(live.citation)
        }
        6 if b.is_multiple_of(4) => Op::WithdrawEntity(document.clone()),
        _ => Op::State {
            entity: document.clone(),
            value: NewValue::new("reliability", ["A", "B", "C", "F"][a as usize % 4]),
        },
    };
    case.commit(Action::new(vec![op])).ok();
}

/// What has to be withdrawn so that the newest editions are left, by the rule as it is written down.
fn withdraw(case: &Case) -> Vec<Op> {
    let evidence = case.evidence().expect("readable");
    let is_there = |id: &Id| evidence.iter().any(|one| one.id == *id && one.live);
    let editions = case.editions().expect("readable");
    let superseded = redthread::model::edition::superseded(&editions, &is_there);
    let entities = case.entities().expect("readable");
    let mut sight = BTreeSet::new();
    let mut repeated = Vec::new();
    for entity in &entities {
        let values = entity.values.iter().map(|one| one.statement);
        for statement in entity.existence.iter().map(|one| one.statement).chain(values) {
            let cited = entity.citations.iter().filter(|one| one.statement == statement);
            let mut is_read = false;
            let (mut old, mut others) = (Vec::new(), 0);
            for one in cited {
                is_read |= matches!(one.citation, redthread::model::CitationRef::Read(_));
                if one.supports && is_there(&one.document) {
                    if superseded.contains_key(&one.document) {
                        old.push(one.citation);
                    } else {
                        others += 1;
                    }
                }
            }
            let is_gone = others == 0 && is_read && !old.is_empty();
            if others > 0 || is_gone {
                repeated.extend(old);
            }
            if !is_gone {
                sight.insert(statement);
            }
        }
    }
    // What stays is shown whole.
    loop {
        let before = sight.len();
        let mut named = BTreeSet::new();
        for entity in &entities {
            let schema = redthread::model::schema::schema(&entity.schema);
            for value in entity.values.iter().filter(|one| sight.contains(&one.statement)) {
                let property = schema.and_then(|schema| schema.property(&value.property));
                if !value.denied && property.is_some_and(|one| one.range.is_some()) {
                    named.insert(value.text.to_string());
                }
            }
        }
        for entity in &entities {
            let values: Vec<_> = entity.values.iter().map(|one| one.statement).collect();
            let existence = entity.existence.iter().map(|one| one.statement);
            let stays = existence.chain(values).any(|one| sight.contains(&one));
            if !stays && !named.contains(entity.id.as_str()) {
                continue;
            }
            if entity.existence.iter().all(|one| one.denied || !sight.contains(&one.statement)) {
                let asserted = entity.existence.iter().filter(|one| !one.denied);
                sight.extend(asserted.map(|one| one.statement));
            }
            let schema = redthread::model::schema::schema(&entity.schema).expect("known");
            let edge = schema.edge.iter().flat_map(|edge| [&edge.source, &edge.target]);
            let mut needed: Vec<Vec<&str>> = edge.map(|end| vec![end.as_str()]).collect();
            needed.push(schema.caption.iter().map(String::as_str).collect());
            for names in needed {
                let of: Vec<_> = entity
                    .values
                    .iter()
                    .filter(|one| !one.denied && names.contains(&&*one.property))
                    .map(|one| one.statement)
                    .collect();
                if of.iter().all(|one| !sight.contains(one)) {
                    sight.extend(of);
                }
            }
        }
        if sight.len() == before {
            break;
        }
    }
    let mut ops: Vec<Op> = repeated.into_iter().map(Op::WithdrawCitation).collect();
    let mut gone = Vec::new();
    for entity in &entities {
        let existence = entity.existence.iter().map(|one| one.statement);
        if existence.clone().all(|one| !sight.contains(&one)) {
            gone.push(entity);
            continue;
        }
        let values = entity.values.iter().map(|one| one.statement);
        let lost = existence.chain(values).filter(|one| !sight.contains(one));
        ops.extend(lost.map(Op::Withdraw));
    }
    // An entity takes its relationships along.
    gone.sort_by_key(|entity| entity.ends.is_none());
    ops.extend(gone.into_iter().map(|entity| Op::WithdrawEntity(entity.id.clone())));
    ops
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_newest_editions_are_what_is_left_when_the_rest_is_withdrawn(
        lists in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..14), 3..5),
        steps in prop::collection::vec(any::<Step>(), 0..16),
    ) {
        let mut case = Case::in_memory().expect("memory suffices");
        build(&lists, &steps, &mut case);
        let network = network(&case);
        let seen = network.through(&Lens::default());
        prop_assert_eq!(shape(&network.through(&all_editions())), shape(network.plain()));
        prop_assert_eq!(seen.link_count(), seen.links().count());
        prop_assert_eq!(seen.node_count(), seen.nodes().count());
        let before = shape(network.plain());
        for entity in network.plain().iter().filter(|one| seen.get(one.id()).is_none()) {
            let why = network.why(&seen, &Lens::default(), entity.id(), None);
            prop_assert!(why.is_some_and(|why| why.starts_with("Not in the edition")));
        }
        let ops = withdraw(&case);
        let is_some = !ops.is_empty();
        case.commit(Action::new(ops)).expect("can be withdrawn");
        let anew = self::network(&case);
        // How strong it is that something exists follows from what the newest edition says of it.
        let even = |seen: &Seen| {
            let mut all = shape(seen);
            let existence = all.iter_mut().flat_map(|(entity, _)| &mut entity.existence);
            existence.for_each(|one| one.strength = Strength::default());
            all
        };
        let (expected, seen) = (even(anew.plain()), even(&seen));
        let apart = seen.iter().zip(&expected).find(|(seen, expected)| seen != expected);
        prop_assert!(apart.is_none(), "{apart:#?}");
        prop_assert_eq!(seen.len(), expected.len());
        if is_some {
            case.undo().expect("undone");
            prop_assert_eq!(shape(self::network(&case).plain()), before);
        }
    }

    #[test]
    fn undo_of_a_newer_edition_restores_what_was_seen(
        lists in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..14), 2),
        steps in prop::collection::vec(any::<Step>(), 0..8),
        new in prop::collection::vec(any::<u8>(), 1..14),
    ) {
        let mut case = Case::in_memory().expect("memory suffices");
        build(&lists, &steps, &mut case);
        let before = shape(&network(&case).through(&Lens::default()));
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("new.ndjson");
        std::fs::write(&path, list(&new)).expect("space");
        let of = case.evidence().expect("readable").into_iter().find(|one| one.live);
        let Some(of) = of else { return Ok(()) };
        let edition = Some(EditionOf { of: vec![of.id], date: None, is_older: false });
        let job = Job { files: vec![path], format: Some("ftm".into()), edition, ..Job::default() };
        let report = run(&mut case, &job, &Progress::new()).expect("imports");
        if report.imported.delta.revision.is_some() {
            case.undo().expect("undone");
        }
        prop_assert_eq!(shape(&network(&case).through(&Lens::default())), before);
    }
}

/// A folder with a case and the files of these tests.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for name in [OLD, NEW, "officers-2023-12-31.csv", "officers-2024-12-31.csv"] {
        std::fs::copy(data(name), folder.path().join(name)).expect("space");
    }
    let stake = r#"{"id":"o1","schema":"Ownership","properties":{"owner":["p1"],"asset":["c1"],"percentage":["60"]}}"#;
    std::fs::write(folder.path().join("register.ndjson"), stake).expect("space");
    folder
}

fn said(at: &tempfile::TempDir, args: &[&str]) -> String {
    let done = redthread(at.path(), args);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("text")
}

fn json(at: &tempfile::TempDir, args: &[&str]) -> serde_json::Value {
    serde_json::from_str(&said(at, args)).expect("JSON")
}

#[test]
fn an_import_says_what_is_new_changed_and_gone_before_it_is_kept() {
    let at = folder();
    said(&at, &["new", "c.redthread"]);
    said(&at, &["import", "c.redthread", OLD, "register.ndjson"]);
    let mut case = Case::open(&at.path().join("c.redthread")).expect("opens");
    let pinned = Pinned {
        id: Id::new(),
        question: "blocked".into(),
        entities: Vec::new(),
        on: None,
        hops: None,
        without_evidence: Vec::new(),
        without_sources: Vec::new(),
        about: vec!["c1".into()],
        verdict: "blocked".into(),
        words: "Lund Shipping Ltd is blocked".into(),
    };
    case.commit(Action::new(vec![Op::PutPinned(pinned)])).expect("valid");
    case.close().expect("closes");
    let before = std::fs::read(at.path().join("c.redthread")).expect("readable");

    let hint = json(&at, &["import", "c.redthread", NEW, "--dry-run", "--json"]);
    assert_eq!(hint["looksLikeEditionOf"]["name"], OLD);
    assert_eq!((&hint["edition"], &hint["dryRun"]), (&serde_json::Value::Null, &true.into()));
    let words = said(&at, &["import", "c.redthread", NEW, "--dry-run"]);
    assert!(words.contains(&format!("looks like a newer edition of “{OLD}”")), "{words}");
    assert!(words.contains(&format!("--edition-of {OLD}")), "{words}");

    let newer = ["import", "c.redthread", NEW, "--edition-of", OLD];
    let told = json(&at, &[&newer[..], &["--dry-run", "--json"]].concat());
    let edition = &told["edition"];
    assert_eq!(edition["of"][0]["name"], OLD);
    assert_eq!(edition["isOlder"], false);
    let count = |kind: &str| edition[kind]["count"].as_u64().expect("a number");
    assert_eq!((count("new"), count("changed"), count("gone")), (1, 1, 3));
    assert_eq!(edition["new"]["first"][0]["name"], "Nils Varga");
    let changed = &edition["changed"]["first"][0];
    assert_eq!(changed["name"], "Mara Lund");
    assert_eq!(changed["gone"][0]["value"], "1 Old Quay");
    assert_eq!(changed["new"][0]["value"], "2 New Quay");
    let gone = edition["gone"]["first"].as_array().expect("a list");
    assert!(gone.iter().any(|one| one["name"] == "Ivo Kestrel"), "{gone:?}");
    let flip = &edition["flips"][0];
    assert_eq!((&flip["before"], &flip["after"]), (&"blocked".into(), &"nothing found".into()));
    let words = said(&at, &[&newer[..], &["--dry-run"]].concat());
    for part in [
        "1 new, 1 changed, 3 gone",
        "address “1 Old Quay” → “2 New Quay”",
        "Ivo Kestrel (person)",
        "1 pinned finding changes",
        "blocked, Lund Shipping Ltd: blocked → nothing found",
        "nothing of this is kept",
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
    let after = std::fs::read(at.path().join("c.redthread")).expect("readable");
    assert!(before == after, "a dry run changes no byte of the case");

    let words = said(&at, &newer);
    assert!(words.contains("1 new, 1 changed, 3 gone"), "{words}");
    assert!(said(&at, &["verify", "c.redthread"]).contains("holds"));
    let again = json(&at, &[&newer[..], &["--json"]].concat());
    assert_eq!((&again["revision"], &again["edition"]), (&0.into(), &serde_json::Value::Null));
    said(&at, &["undo", "c.redthread"]);
    assert!(said(&at, &["find", "c.redthread", "Old Quay"]).contains("Mara Lund"));
}

#[test]
fn commands_see_the_newest_editions_unless_told_otherwise() {
    let at = folder();
    said(&at, &["new", "c.redthread"]);
    said(&at, &["import", "c.redthread", OLD]);
    said(&at, &["import", "c.redthread", NEW, "--edition-of", OLD]);
    let all = ["--all-editions"];
    let found = |words: &str, more: &[&str]| {
        let args = [&["find", "c.redthread", words, "--json"], more].concat();
        json(&at, &args)["total"].as_u64().expect("a number")
    };
    assert_eq!((found("Ivo Kestrel", &[]), found("Ivo Kestrel", &all)), (0, 1));
    assert_eq!((found("Old Quay", &[]), found("Old Quay", &all)), (0, 1));
    assert_eq!((found("New Quay", &[]), found("Mara Lund", &[])), (1, 1));
    let mara = ["find", "c.redthread", "Mara Lund"];
    let told = |more: &[&str]| said(&at, &[&mara[..], more].concat());
    assert!(told(&[]).contains("Without what only older editions say"), "{}", told(&[]));
    assert!(!told(&all).contains("editions"), "{}", told(&all));
    let people = |more: &[&str]| {
        let info = json(&at, &[&["info", "c.redthread", "--json"], more].concat());
        info["schemata"]["Person"].as_u64().expect("a number")
    };
    assert_eq!((people(&[]), people(&all)), (2, 3));
    let exported = |out: &str, format: &str, more: &[&str]| {
        let args = ["export", "c.redthread", "--format", format, "--out", out];
        said(&at, &[&args[..], more].concat());
        std::fs::read_to_string(at.path().join(out)).expect("written")
    };
    let newest = exported("newest.ndjson", "ftm", &[]);
    assert!(!newest.contains("Ivo Kestrel") && !newest.contains("Old Quay"), "{newest}");
    assert!(newest.contains("New Quay"), "{newest}");
    let whole = exported("all.ndjson", "ftm", &all);
    assert!(whole.contains("Ivo Kestrel") && whole.contains("Old Quay"), "{whole}");
    let statements = exported("newest.csv", "statements", &[]);
    assert!(!statements.contains("Old Quay") && statements.contains("New Quay"));
    let ask = |more: &[&str]| {
        let args = [&["ask", "c.redthread", "paths", "p2", "c1", "--json"], more].concat();
        json(&at, &args)["findings"].as_array().expect("a list").clone()
    };
    assert!(ask(&all).iter().any(|one| one["verdict"] != "not connected"));
    assert!(ask(&[]).iter().all(|one| one["verdict"] == "not connected"), "{:?}", ask(&[]));

    let refused = |args: &[&str]| {
        let done = redthread(at.path(), args);
        assert!(!done.status.success());
        String::from_utf8(done.stderr).expect("text")
    };
    let why = refused(&["import", "c.redthread", OLD, "--edition-of", "other.csv"]);
    assert!(why.contains("“other.csv”") && why.contains(NEW), "{why}");
    let two = ["officers-2023-12-31.csv", "officers-2024-12-31.csv"];
    let why = refused(&["import", "c.redthread", two[0], two[1], "--edition-of", OLD]);
    assert!(why.contains("one by one"), "{why}");
}
