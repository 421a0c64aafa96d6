//! References: a property whose value is another entity is drawn, followed, filtered and exported;
//! what only describes one entity is folded into it.

use std::path::{Path, PathBuf};

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use redthread::{
    case::{Action, Case, NewValue, Op, Progress},
    chart::{
        Input, Mode, Overlay, Style,
        filter::{Criterion, Filter, Table},
        picture,
    },
    exchange::import::{Job, run},
    model::{Chart, Id, Period, Placement, Strength},
    network::{EntityRef, Network, Part, Seen},
};

use crate::{
    exported::redthread,
    need,
    window::{click, model, press, settle, window},
};

fn add(id: &str, schema: &str, values: &[(&str, &str)]) -> Op {
    let values = values.iter().map(|(p, v)| NewValue::new(*p, *v)).collect();
    Op::Add { entity: id.into(), schema: schema.into(), values }
}

/// A parent and its subsidiary, which share an address; the parent has one of its own, and its
/// chairman a passport.
fn ops() -> Vec<Op> {
    let mut ops = vec![
        add("parent", "Company", &[("name", "Pier Holding"), ("addressEntity", "shared")]),
        add("sub", "Company", &[("name", "Pier Shipping"), ("parent", "parent")]),
        add("man", "Person", &[("name", "Kim Test")]),
        add("pass", "Passport", &[("holder", "man"), ("number", "K1")]),
        add("shared", "Address", &[("full", "1 Pier Road")]),
        add("own", "Address", &[("full", "2 Harbour Road")]),
        add("directs", "Directorship", &[("director", "man"), ("organization", "parent")]),
    ];
    let state = |entity: &str, value: &str| Op::State {
        entity: entity.into(),
        value: NewValue::new("addressEntity", value),
    };
    ops.extend([state("sub", "shared"), state("parent", "own")]);
    ops
}

fn place(ids: &[(&str, f32, f32)]) -> (Chart, Vec<Op>) {
    let chart = Chart::new("Overview", 1.0);
    let placements = ids
        .iter()
        .map(|(id, x, y)| Placement { entity: (*id).into(), x: *x, y: *y, pinned: false })
        .collect();
    let ops = vec![Op::PutChart(chart.clone()), Op::Place { chart: chart.id.clone(), placements }];
    (chart, ops)
}

fn case(folder: &Path, placed: &[(&str, f32, f32)]) -> (PathBuf, Chart) {
    let path = folder.join("pier.redthread");
    let mut case = Case::create(&path).expect("a new case");
    let (chart, more) = place(placed);
    case.commit(Action::new(ops().into_iter().chain(more).collect())).expect("valid");
    case.close().expect("closes");
    (path, chart)
}

const ALL: [(&str, f32, f32); 4] =
    [("parent", 0.0, 0.0), ("sub", 500.0, 0.0), ("man", 0.0, 300.0), ("shared", 500.0, 300.0)];

fn seen(case: &Case) -> Seen {
    Seen::read(case, &Progress::new()).expect("readable")
}

fn ids<'a>(all: impl IntoIterator<Item = &'a Id>) -> Vec<String> {
    all.into_iter().map(ToString::to_string).collect()
}

#[test]
fn a_property_that_names_an_entity_is_a_reference_as_long_as_both_are_there() {
    let mut case = Case::in_memory().expect("memory suffices");
    case.commit(Action::new(ops())).expect("valid");
    let mut network = Network::read(&case, &Progress::new()).expect("readable");
    let said = |seen: &Seen| {
        ids(&seen.references().map(redthread::network::Reference::id).collect::<Vec<_>>())
    };
    let all = [
        "parent#addressEntity#own",
        "parent#addressEntity#shared",
        "pass#holder#man",
        "sub#addressEntity#shared",
        "sub#parent#parent",
    ];
    assert_eq!(said(network.plain()), all);
    for id in all {
        let reference = network.plain().reference(&id.into()).expect("found by its id");
        assert_eq!(reference.id().as_str(), id);
        assert_eq!(reference.strength(), Strength::Tentative);
        assert_eq!(reference.statements().count(), 1);
    }
    assert!(network.plain().reference(&"sub#parent#man".into()).is_none());
    assert!(network.plain().reference(&"sub#parent".into()).is_none());
    // What is named goes, and comes back.
    network
        .apply(&case.commit(Action::new(vec![Op::WithdrawEntity("parent".into())])).expect("ok"));
    assert_eq!(said(network.plain()), ["pass#holder#man", "sub#addressEntity#shared"]);
    network.apply(&case.undo().expect("undoes").expect("something"));
    assert_eq!(said(network.plain()), all);
    // One that does not exist yet is named.
    let later = Op::State { entity: "man".into(), value: NewValue::new("addressEntity", "later") };
    network.apply(&case.commit(Action::new(vec![later])).expect("valid"));
    assert_eq!(said(network.plain()), all);
    let made = add("later", "Address", &[("full", "3 Mole")]);
    network.apply(&case.commit(Action::new(vec![made])).expect("valid"));
    assert!(said(network.plain()).contains(&"man#addressEntity#later".to_owned()));
    assert_eq!(said(network.plain()), said(&seen(&case)));
}

#[test]
fn what_only_one_names_is_folded_and_what_several_share_is_not() {
    let mut case = Case::in_memory().expect("memory suffices");
    case.commit(Action::new(ops())).expect("valid");
    let network = seen(&case);
    let details = |id: &str| {
        let of = network.get(&id.into()).expect("there").details();
        ids(&of.into_iter().map(|one| one.id().clone()).collect::<Vec<_>>())
    };
    assert_eq!(details("parent"), ["own"]);
    assert_eq!(details("man"), ["pass"]);
    assert!(details("sub").is_empty() && details("shared").is_empty());
    let stands: Vec<String> =
        network.nodes().filter(|e| e.host().is_none()).map(|e| e.id().to_string()).collect();
    assert_eq!(stands, ["man", "parent", "shared", "sub"]);
    // A passport that says where it was issued is still its holder's, the address is not folded
    // into what is folded itself.
    let link = add("l", "UnknownLink", &[("subject", "own"), ("object", "man")]);
    case.commit(Action::new(vec![link])).expect("valid");
    let network = seen(&case);
    let own = network.get(&"own".into()).expect("there");
    assert!(own.host().is_none(), "what has a relationship stands for itself");
}

#[test]
fn a_list_placed_as_a_whole_is_parties_and_what_they_share() {
    let Some(list) = need::data(&["un/un_consolidated_2026-02-27.xml"]) else { return };
    let mut case = Case::in_memory().expect("memory suffices");
    let job = Job { files: list, title: None, ..Job::default() };
    run(&mut case, &job, &Progress::new()).expect("imports");
    let network = seen(&case);
    let (mut stand, mut folded) = (0, 0);
    for entity in network.nodes().filter(|e| !redthread::network::is_document(e.schema())) {
        let Some(host) = entity.host() else {
            stand += 1;
            let is_detail =
                ["Address", "Passport", "Identification", "Sanction"].contains(&entity.schema());
            assert!(!is_detail || entity.degree() != 1, "{entity:?} describes one only");
            continue;
        };
        folded += 1;
        assert!(host.details().iter().any(|one| one.id() == entity.id()), "{entity:?}");
        assert!(host.host().is_none());
    }
    println!("{stand} stand, {folded} are folded");
    assert!(stand > 900 && folded > 1000, "{stand} stand, {folded} are folded");
}

#[test]
fn a_path_leads_over_a_reference_and_rests_on_its_statement() {
    let folder = tempfile::tempdir().expect("a folder");
    case(folder.path(), &[]);
    let told =
        redthread(folder.path(), &["ask", "pier.redthread", "paths", "man", "sub", "--json"]);
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let told: serde_json::Value = serde_json::from_slice(&told.stdout).expect("JSON");
    let first = &told["findings"][0];
    assert_eq!(first["about"], serde_json::json!(["man", "parent", "sub"]));
    let rests_on = first["rests_on"].as_array().expect("a list");
    let is_parent =
        |one: &&serde_json::Value| one["entity"] == "sub" && one["property"] == "parent";
    assert_eq!(rests_on.iter().filter(is_parent).count(), 1, "{told}");
    assert!(rests_on.iter().any(|one| one["entity"] == "directs"), "{told}");
}

#[test]
fn a_chart_draws_references_thinly_and_its_legend_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, chart) = case(folder.path(), &ALL);
    let case = Case::open(&path).expect("opens");
    let (network, placements) = (seen(&case), case.placements(&chart.id).expect("readable"));
    let style = Style::of(Mode::Light);
    let input = Input {
        seen: &network,
        chart: &chart,
        placements: &placements,
        selection: &std::collections::BTreeSet::new(),
        period: &Period::default(),
        overlay: &Overlay::default(),
        style: &style,
        follows: false,
    };
    let drawn = picture(&input);
    let mut lines: Vec<(String, bool)> =
        drawn.lines.iter().map(|line| (line.label.clone(), line.reference)).collect();
    lines.sort();
    let expected =
        [("address", true), ("address", true), ("directs", false), ("parent company", true)];
    assert_eq!(lines, expected.map(|(label, is)| (label.to_owned(), is)));
    let width = |reference: bool| {
        let mut lines = drawn.lines.iter().filter(|line| line.reference == reference);
        lines.next().expect("drawn").width
    };
    assert!(width(true) < width(false));
    assert!(drawn.legend.entries.iter().any(|entry| entry.text == "named in a property"));
    let tags = |id: &str| {
        let node = drawn.nodes.iter().find(|node| node.id.as_str() == id).expect("drawn");
        node.tags.iter().map(|tag| tag.text.clone()).collect::<Vec<_>>()
    };
    assert_eq!(tags("parent"), ["+\u{2009}1 detail"]);
    assert!(tags("sub").is_empty());
}

#[test]
fn measures_count_references_and_filters_choose_them() {
    let mut case = Case::in_memory().expect("memory suffices");
    case.commit(Action::new(ops())).expect("valid");
    let network = seen(&case);
    let part = Part::whole(&network, &|| true).expect("goes on");
    let degree = |id: &str| part.graph.degree(part.number(&id.into()).expect("there"));
    assert_eq!(["sub", "parent", "man", "shared"].map(degree), [2, 4, 2, 2]);
    assert_eq!(network.degree(&"parent".into()), 4);
    let without =
        Part::new(&network, network.nodes().map(EntityRef::id), &|one| one.is_reference(), &|| {
            true
        });
    assert_eq!(without.expect("goes on").graph.ties(), 1);

    let (chart, placed) = (Chart::new("C", 1.0), ALL.map(|(id, ..)| Id::from(id)));
    let table = Table::new(&network, &chart, &placed, None, &|| true).expect("goes on");
    let mut filter = Filter::default();
    let outcome = table.outcome(&filter, &network, &|| true).expect("goes on");
    let kinds: Vec<(String, usize)> = outcome.facets[&Criterion::Relationship]
        .iter()
        .map(|facet| (Criterion::Relationship.words(&facet.value), facet.count))
        .collect();
    let expected = [("Address", 2), ("Directorships", 1), ("Parent company", 1)];
    let mut kinds = kinds;
    kinds.sort();
    assert_eq!(kinds, expected.map(|(name, count)| (name.to_owned(), count)));
    filter.toggle(Criterion::Relationship, "Directorship");
    let outcome = table.outcome(&filter, &network, &|| true).expect("goes on");
    let left_out = table.left_out(&outcome);
    assert!(left_out.contains(&Id::from("sub#parent#parent")), "{left_out:?}");
    assert!(!left_out.contains(&Id::from("directs")));
}

#[test]
fn a_drawing_of_the_command_line_counts_details_as_the_window_does() {
    let folder = tempfile::tempdir().expect("a folder");
    case(folder.path(), &ALL);
    let told = redthread(folder.path(), &["render", "pier.redthread", "--out", "chart.svg"]);
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let text = std::fs::read_to_string(folder.path().join("chart.svg")).expect("written");
    assert_eq!(text.matches("1 detail").count(), 2, "of the parent and of the chairman");
    assert!(text.contains("parent company") && text.contains("named in a property"));
}

#[test]
fn details_are_unfolded_and_folded_by_a_click_and_a_reference_is_inspected() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, chart) = case(folder.path(), &ALL);
    let mut window = window([1440.0, 900.0], Some(path));
    settle(&mut window);
    let placed = |window: &crate::window::Window| {
        let mut all = ids(model(window).placed(&chart.id).iter().map(|p| &p.entity));
        all.sort();
        all
    };
    click(&mut window, "Show 1 detail of Kim Test");
    assert_eq!(placed(&window), ["man", "parent", "pass", "shared", "sub"]);
    click(&mut window, "Fold 1 detail of Kim Test");
    assert_eq!(placed(&window), ["man", "parent", "shared", "sub"]);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(placed(&window), ["man", "parent", "pass", "shared", "sub"]);
    // With the keyboard.
    click(&mut window, "Company, Pier Holding, tentative");
    press(&mut window, Modifiers::NONE, Key::D);
    assert!(placed(&window).contains(&"own".to_owned()));

    click(&mut window, "parent company: Pier Shipping to Pier Holding, tentative");
    assert_eq!(
        ids(&window.state().view().selection),
        ["sub#parent#parent"],
        "the line is selected"
    );
    window.get_by_label_contains("The property “Parent company” of Pier Shipping names");
    press(&mut window, Modifiers::NONE, Key::H);
    assert!(window.query_by_label_contains("parent company: Pier Shipping").is_none(), "hidden");
}

#[test]
fn every_entity_is_placed_but_details() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, chart) = case(folder.path(), &[]);
    let mut window = window([1440.0, 900.0], Some(path));
    settle(&mut window);
    press(&mut window, Modifiers::SHIFT, Key::P);
    settle(&mut window);
    let mut placed = ids(model(&window).placed(&chart.id).iter().map(|p| &p.entity));
    placed.sort();
    assert_eq!(placed, ["man", "parent", "shared", "sub"]);
}

#[test]
fn graphs_carry_references_as_lines_and_reading_them_back_adds_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, _) = case(folder.path(), &ALL);
    for (format, name) in [("graphml", "out.graphml"), ("gexf", "out.gexf")] {
        let told = redthread(
            folder.path(),
            &["export", "pier.redthread", "--format", format, "--out", name],
        );
        assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
        let text = std::fs::read_to_string(folder.path().join(name)).expect("written");
        assert_eq!(text.matches("<edge ").count(), 6, "{text}");
        assert!(text.contains("parent company") && text.contains("sub#parent#parent"), "{text}");
        let mut again = Case::in_memory().expect("memory suffices");
        let file = folder.path().join(name);
        let job = Job { files: vec![file], title: None, ..Job::default() };
        run(&mut again, &job, &Progress::new()).expect("imports");
        let before = seen(&Case::open(&path).expect("opens"));
        let after = seen(&again);
        let lines =
            |seen: &Seen| ids(&seen.connections().map(|c| c.id().into_owned()).collect::<Vec<_>>());
        assert_eq!(lines(&after), lines(&before), "{format}");
    }
    for format in ["csv", "neo4j"] {
        let told = redthread(
            folder.path(),
            &["export", "pier.redthread", "--format", format, "--out", format],
        );
        assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    }
    let pair =
        std::fs::read_to_string(folder.path().join("csv/relationships.csv")).expect("written");
    assert!(pair.contains("\"sub#parent#parent\",\"parent\",\"sub\",\"parent\""), "{pair}");
    let line = folder.path().join("neo4j/relationships_parent.csv");
    assert!(std::fs::read_to_string(line).expect("written").contains("sub,parent,parent"));
}
