//! What is found, drawn and exported through a lens: in the window and on the command line.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use redthread::{
    app::{
        command,
        model::Request,
        query::{Asker, Find},
    },
    case::{Action, Case, Cited, NewCitation, NewEvidence, NewValue, Op, Progress},
    model::{Chart, Id, PartialDate, Placement},
    network::{Lens, Network, Same, Seen},
};

use crate::{
    cli::redthread,
    rows,
    window::{Window, click, model, press, settle, window, write},
};

/// The formats whose files say nothing of the case as a whole, so that they can be compared.
const RAW: [&str; 4] = ["ftm", "statements", "csv", "neo4j"];

fn add(id: &str, schema: &str, values: &[(&str, &str)]) -> Op {
    let values = values.iter().map(|(name, value)| NewValue::new(*name, *value)).collect();
    Op::Add { entity: id.into(), schema: schema.into(), values }
}

fn state(id: &str, name: &str, value: &str) -> Op {
    Op::State { entity: id.into(), value: NewValue::new(name, value) }
}

fn cite(id: &str, evidence: &Id) -> Op {
    Op::Cite(NewCitation {
        statement: Cited::ExistenceOf(id.into()),
        evidence: evidence.clone(),
        supports: true,
        credibility: None,
        page: Some("3".into()),
        quote: None,
        range: None,
        region: None,
    })
}

/// Opens a case to change it. A process that another test starts has its lock for a moment.
fn opened(path: &Path) -> Case {
    for _ in 0..200 {
        let case = Case::open(path).expect("opens");
        if case.read_only().is_none() {
            return case;
        }
        case.close().expect("closes");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("{} stays locked", path.display());
}

fn commit(path: &Path, label: &str, ops: Vec<Op>) {
    let mut case = opened(path);
    case.commit(Action::new(ops)).expect(label);
    case.close().expect("closes");
}

/// A case of five revisions, with a copy of the file after each: piers and their owners, a document,
/// an owner that is withdrawn, a name that is, and another that comes. Returns the document's id.
fn case(folder: &Path) -> (PathBuf, Id) {
    let path = folder.join("c.redthread");
    drop(Case::create(&path).expect("space"));
    let register = folder.join("register.txt");
    std::fs::write(&register, "Register of piers").expect("space");
    let document = NewEvidence::of_file(&register, "opened", &Progress::new()).expect("readable");
    let id = document.id.clone();
    let chart = Chart::new("Overview", 1.0);
    let place = |id: &str, x: f32| Placement { entity: id.into(), x, y: 0.0, pinned: false };
    let places = vec![place("n", 0.0), place("s", 400.0), place("e", 800.0)];
    let place = Op::Place { chart: chart.id.clone(), placements: places };
    let steps: [(&str, Vec<Op>); 5] = [
        ("Title", vec![Op::Set { key: "title".into(), value: "Piers".into() }]),
        (
            "Add the piers",
            vec![
                add("n", "Company", &[("name", "North Pier Ltd"), ("alias", "Aurora Landing")]),
                add("s", "Company", &[("name", "South Pier Ltd"), ("country", "hk")]),
                add("e", "Company", &[("name", "East Pier Ltd"), ("dissolutionDate", "2012")]),
                add("o", "Ownership", &[("owner", "s"), ("asset", "n"), ("startDate", "2016")]),
                add("p", "Ownership", &[("owner", "e"), ("asset", "n")]),
                Op::PutChart(chart),
                place,
            ],
        ),
        ("Attach", vec![Op::Attach(document), cite("n", &id), cite("o", &id)]),
        ("Withdraw", vec![Op::WithdrawEntity("s".into())]),
        ("Rename", vec![state("n", "name", "Pole Star Harbour Ltd")]),
    ];
    for (number, (label, ops)) in (1..).zip(steps) {
        commit(&path, label, ops);
        if number == 5 {
            withdraw_alias(&path);
        }
        std::fs::copy(&path, folder.join(format!("after-{number}.redthread"))).expect("space");
    }
    (path, id)
}

/// Withdraws the alias of the first pier, so that only the past has it.
fn withdraw_alias(path: &Path) {
    let case = Case::open(path).expect("opens");
    let details = case.details(&"n".into()).expect("there");
    let alias = details.statements.iter().find(|one| one.property == "alias").expect("stated");
    let op = Op::Withdraw(alias.key);
    case.close().expect("closes");
    commit(path, "Withdraw the alias", vec![op]);
}

/// Exports and returns the lines of what was written, in order.
fn exported(folder: &Path, case: &str, format: &str, more: &[&str]) -> Vec<String> {
    let out = folder.join("out");
    std::fs::remove_dir_all(&out).or_else(|_| std::fs::remove_file(&out)).ok();
    let args = [&["export", case, "--format", format, "--out", "out", "--json"], more].concat();
    let output = redthread(folder, &args);
    assert!(output.status.success(), "{format}: {}", String::from_utf8_lossy(&output.stderr));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["lens"].is_null(), more.is_empty(), "{report}");
    let mut files = vec![out.clone()];
    if out.is_dir() {
        files = out.read_dir().expect("a folder").map(|it| it.expect("a file").path()).collect();
    }
    let mut lines: Vec<String> = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("text");
        lines.extend(text.lines().map(str::to_owned));
    }
    lines.sort();
    lines
}

#[test]
fn what_leaves_as_of_a_revision_is_what_left_then() {
    let folder = tempfile::tempdir().expect("a folder");
    case(folder.path());
    for format in RAW {
        let mut all = Vec::new();
        for number in 1..=4 {
            let known = number.to_string();
            let then = exported(folder.path(), "c.redthread", format, &["--known", &known]);
            let was = exported(folder.path(), &format!("after-{number}.redthread"), format, &[]);
            assert_eq!(then, was, "{format} after revision {number}");
            all.push(then);
        }
        assert!(all.windows(2).any(|pair| pair[0] != pair[1]), "{format}: revisions differ");
    }
}

#[test]
fn what_leaves_without_a_document_is_what_leaves_once_it_is_withdrawn() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, document) = case(folder.path());
    std::fs::copy(&path, folder.path().join("w.redthread")).expect("space");
    let withdrawn = folder.path().join("w.redthread");
    commit(&withdrawn, "Withdraw", vec![Op::WithdrawEntity(document.clone())]);
    for format in RAW {
        let without = ["--without", document.as_str()];
        let seen = exported(folder.path(), "c.redthread", format, &without);
        assert_eq!(seen, exported(folder.path(), "w.redthread", format, &[]), "{format}");
        assert_ne!(seen, exported(folder.path(), "c.redthread", format, &[]), "{format}");
    }
}

#[test]
fn what_is_united_leaves_as_one_and_what_was_not_there_on_the_day_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, _) = case(folder.path());
    commit(&path, "Same", vec![state("e", "sameAs", "n")]);
    let lines = exported(folder.path(), "c.redthread", "ftm", &["--same", "all"]);
    let parsed: Vec<serde_json::Value> =
        lines.iter().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let one = parsed.iter().find(|entity| entity["id"] == "e").expect("under the first id");
    let names = one["properties"]["name"].as_array().expect("names");
    assert!(names.contains(&"East Pier Ltd".into()) && names.contains(&"North Pier Ltd".into()));
    assert!(parsed.iter().all(|entity| entity["id"] != "n"));
    let stake = parsed.iter().find(|entity| entity["id"] == "p").expect("there");
    assert_eq!(stake["properties"]["asset"], serde_json::json!(["e"]), "by the id it leaves under");

    let lines = exported(folder.path(), "c.redthread", "ftm", &["--on", "2015-05"]).join("\n");
    assert!(lines.contains("\"n\"") && !lines.contains("East Pier Ltd"), "{lines}");
}

#[test]
fn a_picture_and_tables_name_the_lens() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_, document) = case(folder.path());
    let lens = ["--known", "3", "--without", document.as_str()];
    for (format, words) in [
        ("svg", "As the case was after revision 3. As if withdrawn: “register.txt”."),
        ("graphml", "As the case was after revision 3. As if withdrawn: “register.txt”."),
        ("gexf", "As the case was after revision 3. As if withdrawn: “register.txt”."),
    ] {
        let text = exported(folder.path(), "c.redthread", format, &lens).join("\n");
        assert!(text.contains(words), "{format}: {text}");
        assert!(text.contains("South Pier Ltd"), "{format}: it was there then");
    }
    let output = redthread(
        folder.path(),
        &["export", "c.redthread", "--known", "3", "--format", "csv", "--out", "tables"],
    );
    let said = String::from_utf8(output.stdout).expect("text");
    assert!(said.contains("The format has no place for it"), "{said}");
    let missing =
        redthread(folder.path(), &["export", "c.redthread", "--known", "99", "--out", "x.svg"]);
    let said = String::from_utf8(missing.stderr).expect("text");
    assert!(!missing.status.success() && said.contains("There is no revision 99"), "{said}");
}

fn open(path: &Path) -> Window {
    let mut window = window([1440.0, 900.0], Some(path.to_owned()));
    settle(&mut window);
    window
}

fn look(window: &mut Window, lens: Lens) {
    window.state_mut().ask(Request::LookThrough(lens));
    settle(window);
}

/// What a search in the window finds: the ids with the values that were hit; all ids.
fn found(window: &mut Window, text: &str) -> (Vec<(String, String)>, Vec<String>) {
    let hits = Find::new(model(window), Asker::Palette, text, Some(9));
    let all = Find::new(model(window), Asker::Whole, text, None);
    for find in [&hits, &all] {
        window.state_mut().ask(Request::query((*find).clone()));
    }
    settle(window);
    let hits = model(window).answer(&hits).expect("answered");
    let hit = |hit: &redthread::case::Hit| {
        let value = hit.reasons.first().map(|reason| reason.value.clone());
        (hit.id.to_string(), value.unwrap_or_default())
    };
    let listed: Vec<(String, String)> = hits.found.hits.iter().map(hit).collect();
    let all = model(window).answer(&all).expect("answered");
    let mut ids: Vec<String> = all.all.iter().map(ToString::to_string).collect();
    ids.sort();
    let mut same: Vec<String> = listed.iter().map(|(id, _)| id.clone()).collect();
    same.sort();
    assert_eq!(ids, same, "“{text}”: the list and all there is say the same");
    (listed, ids)
}

#[test]
fn a_search_finds_what_is_seen_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, document) = case(folder.path());
    let mut window = open(&path);
    let ids = |window: &mut Window, text: &str| found(window, text).1;
    assert_eq!(ids(&mut window, "pole star"), ["n"]);
    assert!(ids(&mut window, "aurora").is_empty(), "that was withdrawn");
    assert!(ids(&mut window, "south").is_empty());
    // Spelled alike.
    assert_eq!(ids(&mut window, "harbuor"), ["n"]);
    assert!(ids(&mut window, "auroar").is_empty());

    // As the case was: what only the past had is found, what came later is not.
    look(&mut window, Lens::known(rows::revision(3)));
    assert_eq!(found(&mut window, "auroar").0, [("n".into(), "Aurora Landing".into())]);
    assert_eq!(ids(&mut window, "suoth pier"), ["s"]);
    assert!(ids(&mut window, "harbuor").is_empty());
    assert_eq!(found(&mut window, "aurora").0, [("n".into(), "Aurora Landing".into())]);
    assert_eq!(ids(&mut window, "south"), ["s"]);
    assert_eq!(ids(&mut window, "south country:hk"), ["s"]);
    assert!(ids(&mut window, "pole star").is_empty());
    assert_eq!(ids(&mut window, "pier").len(), 3);
    assert_eq!(ids(&mut window, "pier has:evidence"), ["n"]);
    look(&mut window, Lens::known(rows::revision(1)));
    assert!(ids(&mut window, "pier").is_empty());
    assert!(ids(&mut window, "peir").is_empty());

    // As of a day, and as if something were withdrawn.
    look(&mut window, Lens::on(PartialDate::from_input("2015").expect("a date")));
    assert!(ids(&mut window, "east pier").is_empty());
    assert_eq!(ids(&mut window, "north pier"), ["n"]);
    look(&mut window, Lens::default());
    assert_eq!(ids(&mut window, "pier has:evidence"), ["n"]);
    look(&mut window, Lens::without_evidence(document));
    assert!(ids(&mut window, "pier has:evidence").is_empty());
    assert!(ids(&mut window, "register").is_empty(), "it is as if withdrawn itself");

    // What is one is found once, by words of either.
    look(&mut window, Lens::default());
    let same = Action::new(vec![state("e", "sameAs", "n")]);
    window.state_mut().ask(Request::Commit(same));
    settle(&mut window);
    // The other side shows it too, and leads to the side that says it.
    press(&mut window, Modifiers::COMMAND, Key::K);
    write(&mut window, "Find anything", "north pier");
    press(&mut window, Modifiers::NONE, Key::Enter);
    settle(&mut window);
    window.get_by_label("CALLED THE SAME BY (1)");
    look(&mut window, Lens::united(Same::All));
    assert!(window.query_by_label_contains("CALLED THE SAME BY").is_none());
    assert_eq!(ids(&mut window, "pier"), ["e"]);
    assert_eq!(ids(&mut window, "pole east"), ["e"]);
    window.get_by_label_contains("Entities said to be the same are united.");
}

#[test]
fn a_search_without_an_author_finds_what_he_withdrew() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, _) = case(folder.path());
    let db = rusqlite::Connection::open(&path).expect("opens");
    db.execute("UPDATE revision SET author = 'Eve' WHERE number IN (4, 6)", []).expect("written");
    drop(db);
    let mut window = open(&path);
    look(&mut window, Lens::without_enterer("Eve"));
    assert_eq!(found(&mut window, "aurora").1, ["n"]);
    assert_eq!(found(&mut window, "south").1, ["s"]);
    // An edit goes on, and what is seen and found follows.
    let edit = Action::new(vec![state("e", "alias", "Levant")]);
    window.state_mut().ask(Request::Commit(edit));
    settle(&mut window);
    assert_eq!(found(&mut window, "levant").1, ["e"]);
    assert_eq!(found(&mut window, "south").1, ["s"]);
}

#[test]
fn the_case_is_seen_as_of_a_day_and_says_what_its_dates_leave_open() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, _) = case(folder.path());
    commit(&path, "Restore", vec![Op::RestoreEntity("s".into())]);
    let mut window = open(&path);
    window.state_mut().ask(Request::Run(command::LENS_DAY));
    settle(&mut window);
    write(&mut window, "As of the day", "someday");
    click(&mut window, "See that day");
    settle(&mut window);
    window.get_by_label_contains("Not a date. Write 2024");
    write(&mut window, "As of the day", "2016-05");
    press(&mut window, Modifiers::NONE, Key::Enter);
    settle(&mut window);
    assert_eq!(
        model(&window).lens().on.as_ref().map(ToString::to_string).as_deref(),
        Some("2016-05")
    );
    assert!(model(&window).seen.get(&"e".into()).is_none(), "it was dissolved in 2012");
    window.get_by_label_contains("As of 2016-05: without what ended before or began later.");
    window.get_by_label_contains("One date is uncertain.");
    // The stake began in 2016, perhaps after May.
    window.state_mut().ask(Request::Run(command::EDIT_SELECT_ALL));
    settle(&mut window);
    let stake = model(&window).seen.get(&"o".into()).expect("there");
    assert!(stake.is_date_uncertain());
    let why = model(&window).why(&"o".into(), None).expect("known");
    assert!(why.contains("Date uncertain"), "{why}");
    // Esc first clears the selection, then leaves the day.
    press(&mut window, Modifiers::NONE, Key::Escape);
    settle(&mut window);
    assert!(model(&window).lens().on.is_some() && window.state().view().selection.is_empty());
    press(&mut window, Modifiers::NONE, Key::Escape);
    settle(&mut window);
    assert!(model(&window).lens().is_plain());
    assert!(model(&window).seen.get(&"e".into()).is_some());
}

#[test]
fn lenses_that_are_asked_for_at_once_add_up_and_edits_show_through_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, document) = case(folder.path());
    let mut window = open(&path);
    // Both before the first is there.
    let lens = model(&window).wanted_lens().toggle_evidence(&document);
    let before = Arc::as_ptr(&model(&window).seen);
    window.state_mut().ask(Request::LookThrough(lens));
    window.step();
    // Nothing is worked out in the frame: the old answer is still there.
    assert!(model(&window).is_looking() && model(&window).lens().is_plain());
    assert_eq!(Arc::as_ptr(&model(&window).seen), before);
    let lens = model(&window).wanted_lens().toggle_source(&"The Estuary Post".to_owned());
    window.state_mut().ask(Request::LookThrough(lens));
    settle(&mut window);
    assert_eq!((model(&window).lens().evidence.len(), model(&window).lens().sources.len()), (1, 1));
    let snapshot = model(&window).snapshot();
    let edit = Action::new(vec![add("w", "Company", &[("name", "West Pier Ltd")])]);
    window.state_mut().ask(Request::Commit(edit));
    settle(&mut window);
    assert!(model(&window).seen.get(&"w".into()).is_some());
    assert!(snapshot.get(&"w".into()).is_none(), "what is held stays as it was");
    look(&mut window, Lens::default());
    assert!(model(&window).seen.get(&"w".into()).is_some());
}

#[test]
fn a_document_made_from_another_is_seen_without_the_one_that_is_pulled() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("c.redthread");
    drop(Case::create(&path).expect("space"));
    let attached = |name: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, name).expect("space");
        NewEvidence::of_file(&file, "opened", &Progress::new()).expect("readable")
    };
    let [original, translation, extract] =
        ["original.txt", "translation.txt", "extract.txt"].map(attached);
    let [first, second, third] = [&original, &translation, &extract].map(|one| one.id.clone());
    let mut ops: Vec<Op> = [original, translation, extract].into_iter().map(Op::Attach).collect();
    ops.extend([
        state(second.as_str(), "proof", first.as_str()),
        state(third.as_str(), "proof", second.as_str()),
        add("n", "Company", &[("name", "North Pier Ltd")]),
        cite("n", &second),
    ]);
    commit(&path, "Attach", ops);

    let read = |path: &Path| {
        let case = Case::open(path).expect("opens");
        Network::read(&case, &Progress::new()).expect("readable")
    };
    let network = read(&path);
    let from = |seen: &Seen, id: &Id| {
        let document = seen.get(id).expect("there");
        seen.derived_from(document).map(|it| it.id().clone())
    };
    let recorded = |seen: &Seen| seen.evidence().map(|item| item.id.clone()).collect::<Vec<_>>();
    let plain = network.plain();
    assert_eq!(from(plain, &second), Some(first.clone()));
    assert_eq!(from(plain, &third), Some(second.clone()));
    assert_eq!(from(plain, &first), None);
    assert_eq!(recorded(plain), [first.clone(), second.clone(), third.clone()]);

    // The original is pulled: what was made from it stays, and says nothing of where it is from.
    let seen = network.through(&Lens::without_evidence(first.clone()));
    assert!(seen.get(&first).is_none() && seen.document(&first).is_none());
    assert_eq!(from(&seen, &second), None);
    assert_eq!(from(&seen, &third), Some(second.clone()));
    assert_eq!(recorded(&seen), [second.clone(), third.clone()]);
    assert!(seen.cited().contains(&second), "what is cited from the translation still is");
    // The translation is pulled: what is cited from it is cited from nothing.
    let seen = network.through(&Lens::without_evidence(second.clone()));
    assert_eq!(from(&seen, &third), None);
    assert!(seen.cited().is_empty());
    assert_eq!(recorded(&seen), [first.clone(), third.clone()]);

    // The same as withdrawing it for good.
    let copy = folder.path().join("w.redthread");
    std::fs::copy(&path, &copy).expect("space");
    commit(&copy, "Withdraw", vec![Op::WithdrawEntity(first.clone())]);
    let withdrawn = read(&copy);
    let seen = network.through(&Lens::without_evidence(first));
    assert_eq!(recorded(withdrawn.plain()), recorded(&seen));
    for id in [&second, &third] {
        assert_eq!(from(withdrawn.plain(), id), from(&seen, id));
    }
}

#[test]
fn a_lens_that_takes_the_place_of_another_is_seen_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, document) = case(folder.path());
    let mut window = open(&path);
    // Each before the one before it was read.
    for lens in [
        Lens::known(rows::revision(3)),
        Lens::known(rows::revision(2)),
        Lens::without_evidence(document),
        Lens::known(rows::revision(1)),
    ] {
        window.state_mut().ask(Request::LookThrough(lens));
        window.step();
    }
    settle(&mut window);
    assert_eq!(model(&window).lens().horizon.known, Some(rows::revision(1)));
    assert!(model(&window).seen.is_empty() && !model(&window).is_looking());
    assert!(window.state().messages().is_empty(), "{:?}", window.state().messages());
    // Back to the case as it is, while another is being read.
    window.state_mut().ask(Request::LookThrough(Lens::known(rows::revision(3))));
    window.step();
    look(&mut window, Lens::default());
    assert!(model(&window).lens().is_plain() && model(&window).read_only.is_none());
    assert!(model(&window).seen.get(&"n".into()).is_some());
}
