//! Newer editions of a document: what is new, changed and gone, what is seen of it, and what comes back.
//! Everything in these tests is FICTIONAL.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use redthread::{
    analysis::{Arguments, Now, ask, ask_again, question},
    case::{
        Action, Case, Cited, Horizon, NewCitation, NewValue, Op, Progress, Verdict,
    },
    exchange::import::{EditionOf, Job, jobs, run},
    model::{Id, PartialDate, Pinned, Strength},
    network::{Editions, EntityRef, Lens, Network, Seen},
};

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
    let why = network.why(&seen, &lens, &"p2".into(), None).expect("it is said");
    assert!(!why.contains("edition"), "{why}");

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
    let ours = Op::Add {
        entity: "ours".into(),
        schema: "Directorship".into(),
        values: values.collect(),
    };
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
    assert!(words.contains("Cited from an older edition (“list-2024-01-31.ftm.ndjson”)"), "{words}");
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
    let plain = b.adopt(&a, &Progress::new());
    plain.expect("both hold");
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
