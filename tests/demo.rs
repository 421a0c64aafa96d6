//! The demo cases hold what they promise, and their charts are laid out with care.

use std::collections::{BTreeMap, BTreeSet};

use redthread::{
    analysis::{Question as _, blocked::Blocked},
    case::{Action, Case, NewValue, Op, Progress},
    chart::{Input, Mode, Overlay, Rect, Style, picture},
    demo::Demo,
    model::{Entity, Id, Period, Strength},
    network::Seen,
};

fn build(demo: Demo) -> (Case, Seen) {
    let case = demo.build_in_memory().expect("builds");
    let network = Seen::new(case.entities().expect("readable"));
    (case, network)
}

fn get(network: &Seen, demo: Demo, key: &str) -> Entity {
    network.get(&demo.id(key)).unwrap_or_else(|| panic!("{key} is missing")).to_entity()
}

#[test]
fn every_statement_cites_a_graded_document_and_no_card_covers_another() {
    for demo in Demo::ALL {
        let (case, network) = build(demo);
        let evidence = case.evidence().expect("evidence");
        assert!(
            evidence.iter().all(|e| e.reliability.is_some() && e.origin.is_some()),
            "all are graded"
        );
        let documents: BTreeSet<&Id> = evidence.iter().map(|e| &e.id).collect();
        for entity in network.iter().filter(|e| !documents.contains(e.id())) {
            for statement in case.details(entity.id()).expect("details").statements {
                let cited = statement.citations.iter().any(|c| c.live) || statement.denied;
                assert!(cited, "{:?}: {} {} is not cited", demo, entity.id(), statement.property);
            }
        }
        let scenes = case.scenes().expect("scenes");
        assert!((8..=12).contains(&scenes.len()));
        assert!(case.stale_scenes().expect("scenes").is_empty(), "fresh scenes are not stale");
        let charts = case.charts().expect("charts");
        assert!(charts.len() >= 4);
        let mut strengths = BTreeSet::new();
        let mut denied = false;
        for chart in &charts {
            let picture = picture(&Input {
                seen: &network,
                chart,
                placements: &case.placements(&chart.id).expect("placements"),
                selection: &BTreeSet::new(),
                period: &Period::default(),
                overlay: &Overlay::default(),
                style: &Style::of(Mode::Light),
                follows: false,
            });
            let cards: Vec<(&str, Rect)> =
                picture.nodes.iter().map(|n| (&*n.name, n.rect().expand(8.0))).collect();
            for (at, (name, card)) in cards.iter().enumerate() {
                for (other, second) in &cards[at + 1..] {
                    assert!(
                        !card.intersects(*second),
                        "{demo:?}, {}: {name} lies on {other}",
                        chart.name
                    );
                }
            }
            strengths.extend(picture.lines.iter().map(|line| line.strength));
            denied |= picture.lines.iter().any(|line| line.denied);
        }
        assert_eq!(strengths.len(), 3, "{demo:?} shows every strength");
        assert!(denied, "{demo:?} shows a denial");
    }
}

#[test]
fn a_changed_fact_makes_the_scenes_that_show_it_stale() {
    use redthread::case::{Action, NewValue, Op};
    let (mut case, _) = build(Demo::Dandong);
    let op =
        Op::State { entity: Demo::Dandong.id("zte"), value: NewValue::new("alias", "Zhongxing") };
    case.commit(Action::new(vec![op])).expect("valid");
    let stale = case.stale_scenes().expect("scenes");
    assert_eq!(stale.len(), 1, "only the scene about ZTE shows it");
    case.undo().expect("undo");
    assert!(case.stale_scenes().expect("scenes").is_empty());
}

#[test]
fn dandong_holds_the_facts_of_the_public_record() {
    let demo = Demo::Dandong;
    let (case, network) = build(demo);
    for key in ["ma", "zhou", "hong", "luo", "dhid"] {
        let entity = get(&network, demo, key);
        assert!(entity.all("legalStatus").any(|s| s == "designated"), "{key}");
        assert!(!entity.all("legalStatus").any(|s| s == "convicted"), "{key} is not convicted");
    }
    for (key, property, value) in [
        ("listing-2009", "date", "2009-08-11"),
        ("complaint", "date", "2016-08-03"),
        ("unsealed", "date", "2016-09-26"),
        ("designation-2016", "date", "2016-09-26"),
        ("indictment", "date", "2019-07-22"),
        ("settlement", "date", "2017-03-07"),
        ("treasure", "imoNumber", "IMO9115028"),
    ] {
        assert_eq!(get(&network, demo, key).first(property), Some(value), "{key}");
    }
    let paid = ["pay-fine", "pay-forfeiture", "pay-commerce", "pay-ofac"].map(|key| {
        get(&network, demo, key)
            .first("amount")
            .and_then(|a| a.parse::<u64>().ok())
            .expect("an amount")
    });
    assert_eq!(paid, [286_992_532, 143_496_266, 361_000_000, 100_871_266]);
    assert_eq!(paid[0] + paid[1], 430_488_798);
    assert_eq!(paid.iter().sum::<u64>(), 892_360_064);
    assert_eq!(get(&network, demo, "suspended").first("amount"), Some("300000000"));
    // What a guess rests on stays tentative; what two official documents say is confirmed.
    assert_eq!(get(&network, demo, "marine-unknownlink-dhid").strength, Strength::Tentative);
    assert_eq!(get(&network, demo, "ma-directorship-dhid").strength, Strength::Confirmed);
    for entity in case.entities().expect("readable") {
        for property in ["passportNumber", "idNumber", "socialSecurityNumber", "birthDate"] {
            assert_eq!(entity.first(property), None, "{} has a personal number", entity.id);
        }
    }
}

fn answers() -> toml::Table {
    include_str!("../assets/demo/lantern/answers.toml").parse().expect("well-formed")
}

fn keys(table: &toml::Table, section: &str, name: &str) -> Vec<String> {
    let list = table[section][name].as_array().expect("a list");
    list.iter().map(|v| v.as_str().expect("a key").to_owned()).collect()
}

/// Who is blocked, blocked if, and not blocked, by the question that the program asks.
fn verdicts(network: &Seen) -> BTreeMap<&'static str, BTreeSet<Id>> {
    let findings = Blocked::default().answer(network, &|| true).expect("not stopped");
    let mut all: BTreeMap<&str, BTreeSet<Id>> = BTreeMap::new();
    for finding in findings {
        assert!(!finding.rests_on.is_empty(), "{}", finding.words);
        all.entry(finding.verdict).or_default().insert(finding.about[0].clone());
    }
    all
}

#[test]
fn the_answer_key_of_the_training_case_is_right() {
    let demo = Demo::Lantern;
    let (mut case, network) = build(demo);
    let answers = answers();
    let ids = |keys: Vec<String>| keys.iter().map(|key| demo.id(key)).collect::<BTreeSet<Id>>();
    let said = verdicts(&network);
    let undecided = answers["fifty_percent"]["undecided"].as_table().expect("a table");
    let undecided: BTreeSet<Id> = undecided.keys().map(|key| demo.id(key)).collect();
    assert_eq!(said["blocked"], ids(keys(&answers, "fifty_percent", "blocked")));
    assert_eq!(said["blocked if"], undecided);
    let free = ids(keys(&answers, "fifty_percent", "not_blocked"));
    for id in said.get("not blocked").into_iter().flatten() {
        assert!(free.contains(id), "{id} is not named in the answer key");
    }
    // The size of the unknown stake decides, at the size that the key names.
    for (share, decided) in
        [("0", false), ("19", false), ("19.999999", false), ("20", true), ("100", true)]
    {
        let value = NewValue::new("percentage", share);
        let op = Op::State { entity: demo.id("unknown-stake"), value };
        case.commit(Action::new(vec![op])).expect("valid");
        let network = Seen::read(&case, &Progress::new()).expect("readable");
        let said = verdicts(&network);
        assert_eq!(undecided.is_subset(&said["blocked"]), decided, "at {share} %");
        assert!(!said.contains_key("blocked if"), "nothing is unknown any more");
        case.undo().expect("undone");
    }
    // Without the forged paper its line has nothing to stand on.
    let line = get(&network, demo, "forged-line");
    assert_eq!(line.strength, Strength::Tentative, "a firm contradiction unsettles it");
    let cited: BTreeSet<Id> = case
        .details(&line.id)
        .expect("details")
        .statements
        .iter()
        .flat_map(|s| s.citations.iter().filter(|c| c.supports).map(|c| c.evidence.clone()))
        .collect();
    assert_eq!(cited, BTreeSet::from([demo.id("incumbency")]));
    // Money passes through within days, each step later and smaller.
    for chain in answers["pass_through"]["chains"].as_array().expect("chains") {
        let steps: Vec<Entity> = chain
            .as_array()
            .expect("steps")
            .iter()
            .map(|k| get(&network, demo, k.as_str().expect("a key")))
            .collect();
        for pair in steps.windows(2) {
            let (first, second) = (&pair[0], &pair[1]);
            assert_eq!(
                first.ends.as_ref().map(|e| &e.1),
                second.ends.as_ref().map(|e| &e.0),
                "it is a chain"
            );
            assert!(first.first("date") < second.first("date"));
        }
    }
    for key in answers.values().filter_map(|section| section.as_table()).flat_map(|t| t.values()) {
        for key in key.as_array().into_iter().flatten().filter_map(|v| v.as_str()) {
            let known = network.get(&demo.id(key)).is_some() || key.contains(' ');
            assert!(known, "the answer key names {key}, which is not in the case");
        }
    }
}

#[test]
fn the_training_case_is_fictional_on_its_face() {
    let (case, network) = build(Demo::Lantern);
    assert_eq!(case.settings().expect("settings")["marking"], "FICTIONAL – TRAINING");
    for document in case.evidence().expect("evidence") {
        let mut text = Vec::new();
        case.read_evidence(&document.id, &mut text).expect("readable");
        assert!(
            String::from_utf8_lossy(&text).contains("FICTIONAL – TRAINING"),
            "{}",
            document.caption
        );
    }
    let documents = case.evidence().expect("evidence").len();
    let links = network.links().count();
    let entities = network.len() - links - documents;
    assert!((60..=90).contains(&entities), "{entities} entities");
    assert!(links >= 120, "{links} relationships");
    let text: String =
        network.iter().flat_map(|e| e.all("name").map(str::to_owned).collect::<Vec<_>>()).collect();
    for (script, range) in [
        ("Han", '\u{4e00}'..='\u{9fff}'),
        ("Hangul", '\u{ac00}'..='\u{d7a3}'),
        ("Cyrillic", '\u{400}'..='\u{4ff}'),
    ] {
        assert!(text.chars().any(|c| range.contains(&c)), "{script} occurs");
    }
}
