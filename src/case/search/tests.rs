//! Searches in a case of many scripts, and in random ones.

use proptest::prelude::*;

use super::*;
use crate::case::{Action, NewValue, Op};

/// Id, schema, and values with their properties.
type Told<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);

fn add(case: &mut Case, entities: &[Told<'_>]) {
    let ops = entities
        .iter()
        .map(|(id, schema, values)| Op::Add {
            entity: Id::from(*id),
            schema: (*schema).into(),
            values: values
                .iter()
                .map(|(property, value)| NewValue::new(*property, *value))
                .collect(),
        })
        .collect();
    case.commit(Action::new(ops)).expect("valid");
    assert!(case.learn(&mut || false).expect("readable"));
}

fn case_with(names: &[&str]) -> Case {
    let mut case = Case::in_memory().expect("memory suffices");
    let values: Vec<[(&str, &str); 1]> = names.iter().map(|name| [("name", *name)]).collect();
    let entities: Vec<Told<'_>> =
        names.iter().zip(&values).map(|(name, values)| (*name, "Company", &values[..])).collect();
    add(&mut case, &entities);
    case
}

fn found(case: &Case, text: &str) -> Vec<String> {
    case.search(text, 10).expect("a search").iter().map(ToString::to_string).collect()
}

fn best(case: &Case, text: &str) -> Hit {
    let found = case.find(text, 10).expect("a search");
    found.hits.into_iter().next().unwrap_or_else(|| panic!("nothing for {text}"))
}

/// The highlighted parts of the best reason of the best hit.
fn highlighted(case: &Case, text: &str) -> Vec<String> {
    let hit = best(case, text);
    let reason = &hit.reasons[0];
    let part =
        |(from, to): &(usize, usize)| reason.value.chars().skip(*from).take(to - from).collect();
    reason.ranges.iter().map(part).collect()
}

#[test]
fn finds_parts_of_names_in_every_script() {
    let case = case_with(&["Dandong Hongxiang", "丹东鸿祥实业", "조선광선은행", "Рассвет Трейд"]);
    assert_eq!(found(&case, "HONGX"), ["Dandong Hongxiang", "丹东鸿祥实业"]);
    assert_eq!(found(&case, "ngxia"), ["Dandong Hongxiang", "丹东鸿祥实业"]);
    assert_eq!(found(&case, "鸿祥")[0], "丹东鸿祥实业");
    assert_eq!(found(&case, "丹东鸿")[0], "丹东鸿祥实业");
    assert_eq!(found(&case, "丹")[0], "丹东鸿祥实业");
    assert_eq!(found(&case, "광선은행"), ["조선광선은행"]);
    assert_eq!(found(&case, "광선"), ["조선광선은행"]);
    assert_eq!(found(&case, "рассвет"), ["Рассвет Трейд"]);
    assert!(found(&case, "nobody").is_empty());
}

#[test]
fn what_has_no_name_is_found_by_its_id_and_by_its_schema() {
    let mut case = case_with(&["Named Ltd"]);
    let nameless = |id: &str, schema: &str| crate::case::NewEntity {
        id: id.into(),
        schema: schema.into(),
        values: vec![NewValue::new("country", "gb")],
        origin: None,
    };
    let mut all =
        [nameless("nameless-88", "Airplane"), nameless("n7", "Company")].into_iter().map(Ok);
    case.import(&[], &mut all, &crate::case::Progress::new()).expect("imports");
    assert_eq!(case.search("nameless-88", 5).expect("searched"), [Id::from("nameless-88")]);
    assert_eq!(case.search("schema:airplane", 5).expect("searched"), [Id::from("nameless-88")]);
    let companies = case.search("schema:company", 5).expect("searched");
    assert_eq!(companies.len(), 2, "{companies:?}");
    let (ids, total) = case.find_all("nameless-88", 9).expect("searched");
    assert_eq!((ids.len(), total), (1, Total::Exactly(1)));
}

#[test]
fn other_scripts_are_found_as_they_read_in_latin_letters() {
    let case = case_with(&["丹东鸿祥实业", "김정은", "Рассвет Трейд", "محمد علي", "Хабаровск"]);
    for (typed, name) in [
        ("dandong hongxiang", "丹东鸿祥实业"),
        ("dandonghongxiang", "丹东鸿祥实业"),
        ("hongxiang", "丹东鸿祥实业"),
        ("hongxiang dandong", "丹东鸿祥实业"),
        ("kim jong un", "김정은"),
        ("Kim Jong-un", "김정은"),
        ("kim jongun", "김정은"),
        ("gim jeong eun", "김정은"),
        ("rassvet", "Рассвет Трейд"),
        ("Rassvet Treid", "Рассвет Трейд"),
        ("Mohammed Ali", "محمد علي"),
        ("muhammad", "محمد علي"),
        ("khabarovsk", "Хабаровск"),
        ("habarovsk", "Хабаровск"),
    ] {
        assert_eq!(found(&case, typed), [name], "{typed}");
    }
    assert_eq!(highlighted(&case, "hongxiang"), ["鸿祥"]);
    assert_eq!(best(&case, "hongxiang").reasons[0].how, How::Transliterated);
}

#[test]
fn latin_names_are_found_by_what_is_typed_in_other_scripts() {
    let case = case_with(&["KIM, Jong Un", "Dandong Hongxiang Industrial", "Rassvet Trade"]);
    assert_eq!(found(&case, "김정은"), ["KIM, Jong Un"]);
    assert_eq!(found(&case, "丹东鸿祥"), ["Dandong Hongxiang Industrial"]);
    assert_eq!(found(&case, "рассвет"), ["Rassvet Trade"]);
}

#[test]
fn the_exact_name_comes_first_then_beginnings_then_words_then_parts() {
    let case =
        case_with(&["Great Pier", "Pier", "Pier Road Holdings", "Spierings", "Pierre", "PIER."]);
    let order = found(&case, "pier");
    assert_eq!(order[..2], ["Pier", "PIER."]);
    assert_eq!(order[2..], ["Pierre", "Pier Road Holdings", "Great Pier", "Spierings"]);
    let classes: Vec<&str> =
        case.find("pier", 10).expect("a search").hits.iter().map(|h| h.class.word()).collect();
    assert_eq!(classes, ["exact", "exact", "begins", "begins", "words", "parts"]);
}

#[test]
fn the_reason_is_the_value_and_its_characters() {
    let mut case = case_with(&["Other"]);
    let notes =
        format!("{} It ships coal to Société Générale. {}", "word ".repeat(60), "word ".repeat(60));
    let values = [("name", "Acme"), ("alias", "Straße 7"), ("notes", notes.as_str())];
    add(&mut case, &[("acme", "Company", &values)]);
    assert_eq!(highlighted(&case, "strasse"), ["Straße"]);
    assert_eq!(highlighted(&case, "societe generale"), ["Société", "Générale"]);
    let hit = best(&case, "coal");
    assert_eq!(hit.reasons[0].property, "notes");
    assert!(hit.reasons[0].value.chars().count() < 200 && hit.reasons[0].value.starts_with('…'));
    assert_eq!(highlighted(&case, "coal"), ["coal"]);
    // One word in a name, the other in a text.
    let hit = best(&case, "acme coal");
    assert_eq!((hit.id.as_str(), hit.reasons.len()), ("acme", 2));
}

#[test]
fn misspelled_words_find_what_was_meant_only_where_nothing_else_does() {
    let case = case_with(&["Dandong Hongxiang", "Hongxing"]);
    let hit = best(&case, "hognxiang ");
    assert_eq!((hit.id.as_str(), hit.class), ("Dandong Hongxiang", Class::Similar));
    assert_eq!(hit.reasons[0].how, How::Similar(1));
    assert_eq!(highlighted(&case, "hognxiang "), ["Hongxiang"]);
    assert_eq!(found(&case, "hongxiang")[0], "Dandong Hongxiang");
}

#[test]
fn filters_narrow_and_unknown_ones_are_told() {
    let mut case = Case::in_memory().expect("memory suffices");
    add(
        &mut case,
        &[
            (
                "a",
                "Company",
                &[("name", "Pier A"), ("country", "hk"), ("incorporationDate", "2009-03-01")],
            ),
            (
                "b",
                "Company",
                &[("name", "Pier B"), ("country", "cn"), ("incorporationDate", "2016")],
            ),
            (
                "c",
                "Person",
                &[
                    ("name", "Pier C"),
                    ("country", "hk"),
                    ("topics", "sanction"),
                    ("tag", "To check"),
                ],
            ),
            ("d", "Ownership", &[("owner", "a"), ("asset", "b"), ("startDate", "2010")]),
        ],
    );
    for (typed, expected) in [
        ("pier country:hk", vec!["a", "c"]),
        ("pier country:\"Hong Kong\" schema:company", vec!["a"]),
        ("pier schema:legalentity", vec!["a", "b", "c"]),
        ("pier since:2010", vec!["b"]),
        ("pier since:2009-02 until:2009-04", vec!["a"]),
        ("pier since:2009-04 until:2009", vec![]),
        ("topic:sanction", vec!["c"]),
        ("tag:\"to check\"", vec!["c"]),
        ("has:country country:hk", vec!["a", "c"]),
        ("schema:ownership", vec!["d"]),
        ("schema:ownership since:2010", vec!["d"]),
        ("has:evidence", vec![]),
        ("id:b", vec!["b"]),
        ("country:hk country:cn schema:company", vec!["a", "b"]),
    ] {
        let mut ids = found(&case, typed);
        ids.sort();
        assert_eq!(ids, expected, "{typed}");
    }
    // A date is kept without the words that say that it is an inexact one.
    let about = case.find("circa 2010", 10).expect("a search");
    assert_eq!(about.hits.iter().map(|hit| hit.id.as_str()).collect::<Vec<_>>(), ["d"]);
    assert_eq!(about.told, ["Nothing has the words “circa 2010”: these have a date in 2010."]);
    assert_eq!(case.find_all("circa 2010", 10).expect("a search").0.len(), 1);
    let never = case.find("circa 1931", 10).expect("a search");
    assert!(never.hits.is_empty() && never.told.is_empty(), "{never:?}");
    let found = case.find("pier colour:red", 10).expect("a search");
    assert!(found.told[0].contains("colour"), "{found:?}");
}

#[test]
fn what_is_typed_is_never_a_query_language() {
    let case = case_with(&["100% \"Clean\" OR NOT*", "Other"]);
    assert_eq!(found(&case, "\"Clean\" OR"), ["100% \"Clean\" OR NOT*"]);
    assert!(found(&case, "%").is_empty() && found(&case, "_").is_empty());
    assert!(found(&case, "'; DROP TABLE node; --").is_empty());
    assert!(found(&case, "=other @other NEAR(").is_empty());
    assert_eq!(found(&case, "other*"), ["Other"]);
}

#[test]
fn withdrawn_names_are_not_found() {
    let mut case = case_with(&["Hongxiang"]);
    case.commit(Action::new(vec![Op::WithdrawEntity("Hongxiang".into())])).expect("valid");
    assert!(found(&case, "Hongxiang").is_empty());
    case.undo().expect("undo");
    assert_eq!(found(&case, "Hongxiang"), ["Hongxiang"]);
}

#[test]
fn a_name_that_was_just_added_is_found_misspelled_too() {
    let mut case = case_with(&["Other"]);
    add(&mut case, &[("new", "Company", &[("name", "Brightwater")])]);
    assert_eq!(found(&case, "brihgtwater"), ["new"]);
}

#[test]
fn more_than_there_is_room_for_is_said() {
    let names: Vec<String> = (0..1000).map(|n| format!("Pier {n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let case = case_with(&names);
    let found = case.find("pier", 5).expect("a search");
    assert_eq!(found.hits.len(), 5);
    assert!(matches!(found.total, Total::MoreThan(_)));
    assert_eq!(case.find_all("pier", 5000).expect("a search").1, Total::Exactly(1000));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn anything_can_be_looked_for(text in "\\PC{0,40}", name in "\\PC{1,30}") {
        let case = case_with(&[&name, "Other"]);
        case.find(&text, 10).expect("a search");
        case.find_all(&text, 10).expect("a search");
    }

    /// By itself, by its folded form, by every part of at least three letters, and, where a word
    /// is long enough, with one letter gone.
    #[test]
    fn a_name_is_found(name in "[A-Za-zÀ-öА-я가-힣一-鿿]{4,12}( [A-Za-zА-я]{1,10}){0,2}", at in 0_usize..12, length in 3_usize..8) {
        let mut case = case_with(&["Quite another"]);
        add(&mut case, &[("x", "Company", &[("name", name.as_str())])]);
        let is_found = |text: &str| found(&case, text).contains(&"x".to_owned());
        prop_assert!(is_found(&name), "{}", name);
        let folded = crate::model::fold::folded(&name);
        prop_assert!(is_found(&folded), "{}", folded);
        let bare: Vec<char> = crate::model::fold::squeezed(&folded).chars().collect();
        let at = at.min(bare.len().saturating_sub(length));
        let part: String = bare.iter().skip(at).take(length).collect();
        prop_assert!(is_found(&part), "{}", part);
        let word = folded.split(' ').next().unwrap_or_default();
        if word.is_ascii() && word.len() >= 5 {
            let typo: String = word.chars().enumerate().filter(|(n, _)| *n != 2).map(|(_, c)| c).collect();
            prop_assert!(is_found(&typo), "{}", typo);
        }
    }
}

/// Three thousand companies, of which one in three is in Hong Kong.
fn many() -> Case {
    let mut case = Case::in_memory().expect("memory suffices");
    let ops = (0..3_000).map(|n| Op::Add {
        entity: format!("e{n}").as_str().into(),
        schema: "Company".into(),
        values: vec![
            NewValue::new("name", format!("Pier Road {n} Holdings")),
            NewValue::new("country", if n % 3 == 0 { "hk" } else { "gb" }),
        ],
    });
    case.commit(Action::new(ops.collect())).expect("valid");
    case
}

#[test]
fn an_answer_does_not_depend_on_how_fast_the_machine_is() {
    let mut case = many();
    let queries =
        ["pier", "pie", "holdings country:hk", "has:address pier", "since:1990-05", "ier road 29"];
    let answers = |case: &Case| -> Vec<Found> {
        queries.iter().map(|query| case.find(query, 20).expect("searches")).collect()
    };
    let quick = answers(&case);
    // A machine on which every step takes a hundred times as long.
    let slow = || {
        std::thread::sleep(std::time::Duration::from_micros(500));
        false
    };
    case.db.progress_handler(1_000, Some(slow)).expect("set");
    assert_eq!(answers(&case), quick);
    case.db.progress_handler(0, None::<fn() -> bool>).expect("taken away");
}

#[test]
fn what_is_looked_at_is_bounded_and_said_to_be() {
    let case = many();
    for (query, work) in [("pier", 100), ("has:address pier", 2_000), ("since:1990-05", 2_000)] {
        let some = case.find_within(query, 20, work).expect("searches");
        assert!(matches!(some.total, Total::MoreThan(_)), "{query}: {:?}", some.total);
        assert_eq!(case.find_within(query, 20, work).expect("searches"), some);
    }
    let all = case.find_within("has:address pier", 20, 10_000_000).expect("searches");
    assert_eq!(all.total, Total::Exactly(0));
}

#[test]
fn what_is_out_of_sight_costs_nothing_of_what_is_looked_at() {
    let import = |case: &mut Case, names: Vec<String>| {
        let entities = names.into_iter().map(|name| {
            Ok(crate::case::NewEntity {
                id: name.as_str().into(),
                schema: "Company".into(),
                values: vec![NewValue::new("name", name)],
                origin: None,
            })
        });
        let done = case.import(&[], &mut { entities }, &crate::case::Progress::new());
        done.expect("imports").delta.revision.expect("new")
    };
    let mut case = Case::in_memory().expect("memory suffices");
    let first = import(&mut case, (0..3_000).map(|n| format!("Pier Road {n}")).collect());
    import(&mut case, (0..20).map(|n| format!("Pier Quay {n}")).collect());
    let queries = ["pier ", "pier quay", "pie", "ier q", "schema:company", "schema:company pier "];
    for learned in [false, true] {
        case.revert(first).expect("nothing builds on it");
        if learned {
            case.learn(&mut || false).expect("reads");
        }
        for query in queries {
            let found = case.find_within(query, 100, 1_000).expect("searches");
            assert_eq!(found.total, Total::Exactly(20), "{query}");
        }
        case.undo().expect("undone");
        let found = case.find_within("pier ", 100, 1_000).expect("searches");
        assert!(matches!(found.total, Total::MoreThan(_)), "{:?}", found.total);
    }
}

#[test]
fn words_that_nothing_has_any_more_do_not_stand_for_one_that_something_has() {
    let mut case = case_with(&["Pierz"]);
    let gone: Vec<String> = ('a'..='v').map(|last| format!("Pier{last}")).collect();
    let values: Vec<[(&str, &str); 1]> = gone.iter().map(|name| [("name", &**name)]).collect();
    let entities: Vec<Told<'_>> =
        gone.iter().zip(&values).map(|(name, values)| (&**name, "Company", &values[..])).collect();
    add(&mut case, &entities);
    assert!(!found(&case, "pierx ").is_empty());
    case.undo().expect("undone");
    assert!(case.learn(&mut || false).expect("readable"));
    assert_eq!(found(&case, "pierx "), ["Pierz"]);
}
