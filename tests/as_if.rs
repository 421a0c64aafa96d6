//! The case as if a document were withdrawn, through the window: what changes, and that nothing is
//! written.

use std::{collections::BTreeSet, path::PathBuf};

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use redthread::{
    case::{Case, Progress},
    demo::Demo,
    model::{Id, Strength},
    network::{Lens, Network, falls},
};

use crate::window::{Window, click, model, press, settle, window};

const REGISTERS: &str = "Extracts from four company registers (FICTIONAL – TRAINING)";

/// A window with the training case, and the panel of its registers.
fn registers(folder: &tempfile::TempDir) -> (Window, PathBuf) {
    let path = folder.path().join("lantern.redthread");
    drop(Demo::Lantern.build(&path, &Progress::new()).expect("builds"));
    let mut window = window([1440.0, 900.0], Some(path.clone()));
    settle(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::Num4);
    settle(&mut window);
    window.get_by_label_contains("Extracts from four company registers").click();
    settle(&mut window);
    (window, path)
}

/// The stakes whose strength can be seen, by it.
fn stakes(window: &Window) -> [usize; 3] {
    let mut counts = [0; 3];
    for link in model(window).seen.links().filter(|link| link.schema() == "Ownership") {
        counts[link.strength() as usize] += 1;
    }
    counts
}

#[test]
fn the_registers_are_pulled_what_falls_is_listed_and_all_is_as_before() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut window, path) = registers(&folder);
    let (before, digest) = (stakes(&window), model(&window).digest.clone());
    let documents = model(&window).seen.document_count();

    click(&mut window, "As if this document were withdrawn");
    settle(&mut window);
    let pulled = stakes(&window);
    let confirmed = Strength::Confirmed as usize;
    assert!(pulled[confirmed] < before[confirmed], "{before:?} became {pulled:?}");
    assert_eq!(pulled.iter().sum::<usize>(), before.iter().sum::<usize>(), "none is gone");
    assert_eq!(model(&window).seen.document_count(), documents - 1);
    // The same as withdrawing it in a copy.
    let copy = folder.path().join("copy.redthread");
    std::fs::copy(&path, &copy).expect("space");
    let mut case = Case::open(&copy).expect("opens");
    let id: Id = model(&window).lens().evidence.first().expect("pulled").clone();
    let op = redthread::case::Op::WithdrawEntity(id);
    case.commit(redthread::case::Action::new(vec![op])).expect("withdrawn");
    for entity in case.entities().expect("readable") {
        let seen = model(&window).seen.get(&entity.id).expect("there");
        assert_eq!(seen.strength(), entity.strength, "{}", entity.caption);
    }

    click(&mut window, "List what falls");
    settle(&mut window);
    let falls = falls(&model(&window).plain(), &model(&window).seen);
    assert!(falls.iter().any(|fall| fall.statement.is_none()), "lines and entities");
    window
        .get_all_by_label("Amber Gate Metals Inc → Saffron Quay Chemicals OÜ")
        .next()
        .expect("listed");

    // What leaves says that it is only supposed; a copy of the file would not.
    press(&mut window, Modifiers::COMMAND, Key::E);
    settle(&mut window);
    window.get_by_label(
        "As if withdrawn: “Extracts from four company registers (FICTIONAL – TRAINING)”.",
    );
    press(&mut window, Modifiers::NONE, Key::Escape);
    settle(&mut window);
    press(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::S);
    settle(&mut window);
    window.get_by_label_contains("A copy holds everything, not what the lens shows.");
    click(&mut window, "Show the case as it is");
    settle(&mut window);
    assert_eq!(stakes(&window), before);
    assert_eq!(model(&window).digest, digest, "nothing was written");
    assert!(window.query_by_label("Show the case as it is").is_none());
}

#[test]
fn what_rests_on_the_forgery_alone_is_listed_although_it_was_not_strong() {
    let answers: toml::Table =
        toml::from_str(include_str!("../assets/demo/lantern/answers.toml")).expect("readable");
    let of = |key: &str| answers["forgery"][key].clone();
    let forged = Demo::Lantern.id(of("document").as_str().expect("a document"));
    let expected: BTreeSet<Id> = of("falls")
        .as_array()
        .expect("a list")
        .iter()
        .map(|key| Demo::Lantern.id(key.as_str().expect("a key")))
        .collect();
    let case = Demo::Lantern.build_in_memory().expect("builds");
    let network = Network::read(&case, &Progress::new()).expect("readable");
    let seen = network.through(&Lens::without_evidence(forged));
    let stakes: BTreeSet<Id> = falls(network.plain(), &seen)
        .into_iter()
        .filter(|fall| fall.statement.is_none() && fall.words() == "unsupported")
        .map(|fall| fall.entity)
        .filter(|id| network.plain().get(id).is_some_and(|one| one.schema() == "Ownership"))
        .collect();
    assert_eq!(stakes, expected);
}

#[test]
fn withdrawing_for_good_first_says_what_rests_on_the_document() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut window, _) = registers(&folder);
    let digest = model(&window).digest.clone();
    let withdraw = |window: &mut Window| {
        window.get_by_label_contains("Withdraw").click();
        settle(window);
    };
    withdraw(&mut window);
    window.get_by_label_contains("These rest on it:");
    click(&mut window, "Keep it");
    settle(&mut window);
    assert_eq!(model(&window).digest, digest, "nothing was withdrawn");
    withdraw(&mut window);
    click(&mut window, "Withdraw it");
    settle(&mut window);
    assert_ne!(model(&window).digest, digest);
    let item = model(&window).evidence.iter().find(|item| item.caption == REGISTERS);
    assert!(item.is_some_and(|item| !item.live));
}

#[test]
fn what_was_read_from_the_registers_is_judged_in_one_act_and_back_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut window, _) = registers(&folder);
    let judged = |window: &Window| {
        let item = model(window).evidence.iter().find(|item| item.caption == REGISTERS);
        item.and_then(|item| item.judged).map(|step| step.code().to_owned())
    };
    assert_eq!(judged(&window), None);
    window.get_by_label_contains("All that was read: credibility 2").click();
    settle(&mut window);
    assert_eq!(judged(&window).as_deref(), Some("2"));
    assert!(model(&window).log.last().is_some_and(|one| one.label.starts_with("Judge what")));
    window.state_mut().ask(redthread::app::model::Request::Undo);
    settle(&mut window);
    assert_eq!(judged(&window), None);
}
