//! What does not stand any more is called what became of it: withdrawn, or undone.

use std::path::{Path, PathBuf};

use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use redthread::{
    app::{command, model::Request},
    case::{Action, Case, Cited, EvidenceBytes, NewCitation, NewEvidence, NewValue, Op},
    model::{Chart, Id, Placement},
};

use crate::window::{Window, click, model, press, settle, window};

fn company(id: &str) -> Op {
    let values = vec![NewValue::new("name", format!("{id} Trading"))];
    Op::Add { entity: id.into(), schema: "Company".into(), values }
}

fn note(id: &str) -> Op {
    Op::Attach(NewEvidence {
        id: id.into(),
        bytes: EvidenceBytes::Memory(id.as_bytes().to_vec()),
        file_name: format!("{id}.txt"),
        mime: "text/plain".into(),
        method: "opened".into(),
        values: Vec::new(),
    })
}

fn cite(of: &str, evidence: &str) -> Op {
    Op::Cite(NewCitation {
        statement: Cited::ExistenceOf(of.into()),
        evidence: evidence.into(),
        supports: true,
        credibility: None,
        page: None,
        quote: None,
        range: None,
        region: None,
    })
}

/// Two companies on a chart, and a document.
fn a_case(path: &Path) -> PathBuf {
    let mut case = Case::create(path).expect("created");
    let chart = Chart::new("Overview", 1.0);
    let at = |id: &str, x: f32| Placement { entity: id.into(), x, y: 0.0, pinned: false };
    let placements = vec![at("alpha", -250.0), at("beta", 250.0)];
    let place = Op::Place { chart: chart.id.clone(), placements };
    let ops = vec![company("alpha"), company("beta"), Op::PutChart(chart), place, note("note")];
    case.commit(Action::new(ops)).expect("valid");
    case.close().expect("closed");
    path.to_owned()
}

#[test]
fn what_was_undone_is_not_called_withdrawn() {
    let mut case = Case::in_memory().expect("memory suffices");
    let mut act = |ops| case.commit(Action::new(ops)).expect("valid").revision;
    act(vec![company("alpha"), note("note"), note("memo")]);
    let attached = act(vec![note("letter")]);
    let cited = act(vec![cite("alpha", "note")]);
    act(vec![cite("alpha", "memo")]);
    let renamed = Op::State { entity: "alpha".into(), value: NewValue::new("alias", "A") };
    let renamed = act(vec![renamed]);
    for revision in [renamed, cited, attached] {
        case.revert(revision.expect("done")).expect("nothing builds on it");
    }
    let details = |case: &Case| case.details(&"alpha".into()).expect("readable");
    let citation = |case: &Case, of: &str| {
        let statements = details(case).statements;
        let all = statements.into_iter().flat_map(|s| s.citations);
        all.filter(|c| c.evidence == Id::from(of)).map(|c| (c.key, c.gone())).next().expect("there")
    };
    let document = |case: &Case, id: &str| {
        let all = case.evidence().expect("readable");
        all.iter().find(|item| item.id == Id::from(id)).expect("there").gone()
    };
    assert_eq!(citation(&case, "note").1, Some("undone"));
    assert_eq!(citation(&case, "memo").1, None);
    assert_eq!((document(&case, "letter"), document(&case, "note")), (Some("undone"), None));
    let alias = details(&case).statements.into_iter().find(|s| s.value == "A").expect("there");
    assert!(!alias.live && alias.undone);

    let ops =
        vec![Op::WithdrawCitation(citation(&case, "memo").0), Op::WithdrawEntity("note".into())];
    case.commit(Action::new(ops)).expect("valid");
    assert_eq!(citation(&case, "memo").1, Some("withdrawn"));
    assert_eq!(document(&case, "note"), Some("withdrawn"));
}

#[test]
fn the_window_says_undone_where_something_was_undone() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1440.0, 900.0], Some(a_case(&folder.path().join("one.redthread"))));
    window.state_mut().ask(Request::Commit(Action::new(vec![note("letter")])));
    settle(&mut window);
    window.state_mut().ask(Request::Commit(Action::new(vec![cite("alpha", "note")])));
    settle(&mut window);
    for _ in 0..2 {
        press(&mut window, Modifiers::COMMAND, Key::Z);
    }
    press(&mut window, Modifiers::COMMAND, Key::Num4);
    window.get_by_label("Document letter.txt, undone");
    window.get_by_label_contains("Company, alpha Trading").click();
    settle(&mut window);
    assert!(window.query_all_by_label_contains("not cited, 1 undone").next().is_some());
    assert!(window.query_all_by_label_contains("withdrawn").next().is_none());
}

#[test]
fn another_case_does_not_show_what_was_done_to_the_last_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let [one, two] =
        ["one", "two"].map(|name| a_case(&folder.path().join(name).with_extension("redthread")));
    let mut window = window([1280.0, 800.0], Some(one));
    window.state_mut().ask(Request::Commit(Action::new(vec![company("gamma")])));
    settle(&mut window);
    let said = |window: &Window| window.query_all_by_label_contains("Add gamma Trading").count();
    assert!(said(&window) > 0, "the status bar says it");
    window.state_mut().ask(Request::Open(two));
    settle(&mut window);
    assert_eq!(model(&window).path.file_stem().and_then(|name| name.to_str()), Some("two"));
    assert_eq!(said(&window), 0);
}

#[test]
fn a_kind_of_relationship_the_other_way_round_is_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = window([1280.0, 800.0], Some(a_case(&folder.path().join("one.redthread"))));
    press(&mut window, Modifiers::NONE, Key::L);
    for name in ["alpha Trading", "beta Trading"] {
        window.get_by_label_contains(&format!("Company, {name}")).click();
        settle(&mut window);
    }
    window.get_by_label("Ownership  ·  owns");
    window.get_by_label("Ownership  ·  beta Trading owns alpha Trading");
}

#[test]
fn what_can_be_done_with_a_document_is_on_one_row() {
    for (size, larger) in [([1440.0, 900.0], 0), ([1024.0, 640.0], 3)] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = a_case(&folder.path().join("one.redthread"));
        let mut window = window(size, Some(path));
        for _ in 0..larger {
            window.state_mut().ask(Request::Run(command::VIEW_TEXT_BIGGER));
            settle(&mut window);
        }
        press(&mut window, Modifiers::COMMAND, Key::Num4);
        if window.query_by_label("Details and citing").is_some() {
            click(&mut window, "Details and citing");
        }
        let rows: Vec<i32> = ["Cite…", "Open", "Export…", "Withdraw"]
            .map(|name| {
                let ends = |node: &egui_kittest::Node<'_>| {
                    node.accesskit_node().label().is_some_and(|label| label.ends_with(name))
                };
                let all = window.query_all_by_role(egui::Role::Button);
                all.filter(ends)
                    .map(|node| node.rect().center().y.round() as i32)
                    .collect::<Vec<_>>()
            })
            .concat();
        assert!(rows.len() >= 4, "{rows:?}");
        assert!(rows.iter().all(|row| (row - rows[0]).abs() < 3), "{size:?}: {rows:?}");
    }
}
