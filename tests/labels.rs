//! What a revision is called follows from its operations, and from nothing that a caller says.

use redthread::{
    case::{
        Action, Arrangement, Case, Cited, Delta, EvidenceBytes, Intent, Judged, NewCitation,
        NewEntity, NewEvidence, NewValue, Op, Progress, Source,
    },
    model::{
        Chart, CitationRef, Credibility, Edition, Id, Pinned, Placement, SavedSearch, Scene,
        StatementKey,
        chart::{Group, Parallels, Period},
    },
};

use crate::rows;

fn add(id: &str, schema: &str, values: &[(&str, &str)]) -> Op {
    let values = values.iter().map(|(p, v)| NewValue::new(*p, *v)).collect();
    Op::Add { entity: id.into(), schema: schema.into(), values }
}

fn owns(id: &str, owner: &str, asset: &str) -> Op {
    add(id, "Ownership", &[("owner", owner), ("asset", asset)])
}

fn at(id: &str, x: f32) -> Placement {
    Placement { entity: id.into(), x, y: 0.0, pinned: false }
}

fn document(id: &str, name: &str) -> Op {
    Op::Attach(NewEvidence {
        id: id.into(),
        bytes: EvidenceBytes::Memory(name.as_bytes().to_vec()),
        file_name: name.into(),
        mime: "text/plain".into(),
        method: "test".into(),
        values: Vec::new(),
    })
}

fn cite(statement: Cited, evidence: &str) -> Op {
    Op::Cite(NewCitation {
        statement,
        evidence: evidence.into(),
        supports: true,
        credibility: None,
        page: None,
        quote: None,
        range: None,
        region: None,
    })
}

/// A case whose every action is held to what it is called.
struct Bench(Case);

impl Bench {
    fn new() -> Self {
        Self(Case::in_memory().expect("memory suffices"))
    }

    fn by(&mut self, intent: Intent, ops: Vec<Op>, label: &str) -> Delta {
        let action = Action::by(intent, ops);
        assert_eq!(self.0.label(&action).expect("readable"), label, "before it is done");
        let delta = self.0.commit(action).expect(label);
        assert_eq!(delta.label, label);
        assert_ne!(delta.revision, None, "{label} changes something");
        assert_eq!(self.0.log().expect("readable").last().map(|r| &*r.label), Some(label));
        delta
    }

    fn does(&mut self, ops: Vec<Op>, label: &str) -> Delta {
        self.by(Intent::Edit, ops, label)
    }

    /// The statement with a value of an entity.
    fn statement(&self, entity: &str, value: &str) -> StatementKey {
        let details = self.0.details(&entity.into()).expect("readable");
        let mut found = details.statements.iter().filter(|s| s.value == value);
        found.next().expect("stated").key
    }

    /// The citation of an entity.
    fn citation(&self, entity: &str) -> CitationRef {
        let details = self.0.details(&entity.into()).expect("readable");
        details.statements.iter().flat_map(|s| &s.citations).next().expect("cited").key
    }
}

fn state(entity: &str, property: &str, value: &str) -> Op {
    Op::State { entity: entity.into(), value: NewValue::new(property, value) }
}

/// Ma Xiaohong owns the company DHID; a letter.
fn piers() -> Bench {
    let mut bench = Bench::new();
    bench.does(vec![add("ma", "Person", &[("name", "Ma Xiaohong")])], "Add Ma Xiaohong");
    bench.does(vec![add("dhid", "Company", &[("name", "DHID")])], "Add DHID");
    bench.does(vec![owns("o", "ma", "dhid")], "Link Ma Xiaohong → DHID");
    bench.does(vec![document("letter", "letter.txt")], "Attach letter.txt");
    bench
}

#[test]
fn what_is_said_of_entities_names_them() {
    let mut bench = piers();
    let many =
        [add("a", "Company", &[]), add("b", "Company", &[("name", "B")]), owns("p", "a", "b")];
    let more = owns("q", "b", "a");
    bench.does([many.to_vec(), vec![more]].concat(), "Add 2 entities and 2 relationships");
    // An entity that is made for the end of a relationship goes with it.
    let new = vec![add("c", "Company", &[("name", "C")]), owns("r", "dhid", "c")];
    bench.does(new, "Link DHID → C");
    bench.does(vec![state("dhid", "registrationNumber", "7")], "Add registration number of DHID");
    bench.does(vec![state("dhid", "tag", "front")], "Tag DHID “front”");
    bench.does(vec![state("a", "tag", "x"), state("b", "tag", "x")], "Tag 2 entities “x”");
    bench.does(vec![state("dhid", "notes", "Seen in 2014.")], "Note on DHID");
    bench.does(vec![state("a", "alias", "x"), state("b", "alias", "y")], "Add 2 values");
    bench.does(vec![state("a", "sameAs", "b")], "Mark x as the same as B");
    let change = |statement, property: &str, value: &str| {
        vec![Op::Change { statement, value: NewValue::new(property, value) }]
    };
    let number = bench.statement("dhid", "7");
    bench.does(change(number, "registrationNumber", "8"), "Change registration number of DHID");
    let name = bench.statement("c", "C");
    bench.does(change(name, "name", "Carmine Ltd"), "Rename C to Carmine Ltd");
    let (tag, number) = (bench.statement("dhid", "front"), bench.statement("dhid", "8"));
    bench.does(vec![Op::Withdraw(tag)], "Remove tag front from DHID");
    bench.does(vec![Op::Withdraw(number)], "Withdraw 8 from DHID");
    bench.does(vec![Op::Restore(number)], "Restore 8 of DHID");
    bench.does(
        vec![Op::Retype { entity: "b".into(), schema: "Organization".into() }],
        "Make B an organization",
    );
    bench.does(vec![Op::SwapEnds("o".into())], "Swap direction of Ma Xiaohong → DHID");
    bench.does(vec![Op::SwapEnds("o".into())], "Swap direction of DHID → Ma Xiaohong");
    let deny = |id: &str, denied| Op::Deny { entity: id.into(), denied };
    bench.does(vec![deny("o", true)], "Deny Ma Xiaohong → DHID");
    bench.does(vec![deny("o", false)], "Stop denying Ma Xiaohong → DHID");
    bench.does(vec![deny("a", true), deny("r", true)], "Deny 1 entity and 1 relationship");
    bench.does(vec![Op::WithdrawEntity("ma".into())], "Withdraw Ma Xiaohong");
    bench.does(vec![Op::RestoreEntity("ma".into())], "Restore Ma Xiaohong");
    let both = ["p", "q"].map(|id| Op::WithdrawEntity(id.into()));
    bench.does(both.to_vec(), "Withdraw 2 relationships");
}

#[test]
fn what_is_said_of_evidence_names_the_document() {
    let mut bench = piers();
    let plan = vec![document("plan", "plan.txt"), cite(Cited::ExistenceOf("o".into()), "plan")];
    bench.does(plan, "Attach plan.txt to Ma Xiaohong → DHID");
    let two = vec![document("1", "one.txt"), document("2", "two.txt")];
    bench.does(two, "Attach 2 documents");
    bench.does(
        vec![cite(Cited::ExistenceOf("ma".into()), "letter")],
        "Cite letter.txt for Ma Xiaohong",
    );
    let said = vec![state("dhid", "alias", "DH"), cite(Cited::Nth(0), "letter")];
    bench.does(said, "Cite letter.txt for DHID");
    // A corrected value keeps its sources: it is the correction that has a name.
    let statement = bench.statement("dhid", "DH");
    let value = NewValue::new("alias", "D.H.");
    let ops = vec![Op::Change { statement, value }, cite(Cited::Nth(0), "letter")];
    bench.does(ops, "Change alias of DHID");
    bench.does(vec![state("letter", "reliability", "B")], "Grade letter.txt B");
    let (statement, value) = (bench.statement("letter", "B"), NewValue::new("reliability", "C"));
    bench.does(vec![Op::Change { statement, value }], "Grade letter.txt C");
    let judge = |what, credibility| vec![Op::Judge { what, credibility }];
    let (all, two) = (Judged::Document("letter".into()), Credibility::from_code("2"));
    bench.does(judge(all.clone(), two), "Judge what letter.txt says 2");
    bench.does(judge(all, None), "Clear the judgement of what letter.txt says");
    let citation = bench.citation("ma");
    let one = Judged::Citation(citation);
    bench.does(judge(one, two), "Judge a citation of letter.txt for Ma Xiaohong 2");
    let words = "a citation of letter.txt for Ma Xiaohong";
    bench.does(vec![Op::WithdrawCitation(citation)], &format!("Withdraw {words}"));
    bench.does(vec![Op::RestoreCitation(citation)], &format!("Restore {words}"));
}

#[test]
fn what_is_done_to_a_chart_is_told_from_what_it_was() {
    let mut bench = piers();
    let chart = Chart::new("Overview", 1.0);
    let title = Op::Set { key: "title".into(), value: "Piers".into() };
    bench.does(vec![title, Op::PutChart(chart.clone())], "Create the case");
    let place = |placements| vec![Op::Place { chart: chart.id.clone(), placements }];
    let pinned = |x| Placement { pinned: true, ..at("ma", x) };
    bench.does(place(vec![at("ma", 0.0)]), "Place Ma Xiaohong");
    bench.does(place(vec![at("ma", 9.0)]), "Move Ma Xiaohong");
    bench.does(place(vec![pinned(9.0)]), "Pin Ma Xiaohong");
    bench.does(place(vec![at("ma", 9.0)]), "Unpin Ma Xiaohong");
    bench.does(place(vec![at("ma", 9.0), at("dhid", 0.0), at("letter", 0.0)]), "Place 3 entities");
    bench.does(place(vec![at("ma", 1.0), at("dhid", 5.0)]), "Move 2 entities");
    let rule = Intent::Arrange(Arrangement::Circle);
    bench.by(rule, place(vec![at("ma", 2.0), at("dhid", 6.0)]), "Layout: circle");
    let rule = Intent::Arrange(Arrangement::AlignLeft);
    bench.by(rule, place(vec![at("ma", 0.0), at("dhid", 0.0)]), "Align left");
    let off = |ids: &[&str]| {
        let entities = ids.iter().map(|id| Id::from(*id)).collect();
        vec![Op::Unplace { chart: chart.id.clone(), entities }]
    };
    bench.does(off(&["ma"]), "Remove Ma Xiaohong from chart");
    bench.by(Intent::Paste, place(vec![at("ma", 0.0)]), "Paste Ma Xiaohong");
    bench.does(off(&["ma", "dhid"]), "Remove 2 entities from chart");
    let both = place(vec![at("ma", 0.0), at("dhid", 0.0)]);
    bench.by(Intent::Expand, both, "Add neighbours: 2 entities");
    let details = Intent::Details(vec!["dhid".into()]);
    bench.by(details.clone(), off(&["letter"]), "Fold details of DHID");
    bench.by(details, place(vec![at("letter", 0.0)]), "Show details of DHID");

    let put = |chart: &Chart| vec![Op::PutChart(chart.clone())];
    let mut chart = Chart { name: "Piers".into(), ..chart.clone() };
    bench.does(put(&chart), "Rename chart Overview to Piers");
    chart.hidden = vec!["o".into()];
    bench.does(put(&chart), "Hide Ma Xiaohong → DHID");
    chart.hidden.clear();
    bench.does(put(&chart), "Show all hidden");
    for (parallels, label) in [
        (Parallels::Single, "Bundle parallel lines"),
        (Parallels::PerDirection, "One line for each direction"),
        (Parallels::Multiple, "Separate parallel lines"),
    ] {
        chart.parallels = parallels;
        bench.does(put(&chart), label);
    }
    chart.groups = vec![Group::new("Both", vec!["ma".into(), "dhid".into(), "letter".into()])];
    bench.does(put(&chart), "Group 3 entities as Both");
    chart.groups[0].name = "All".into();
    bench.does(put(&chart), "Rename group Both to All");
    chart.groups[0].members.pop();
    bench.does(put(&chart), "Take letter.txt out of All");
    chart.groups.clear();
    bench.does(put(&chart), "Expand All");
    chart.order = 2.0;
    bench.does(put(&chart), "Move chart Piers");
    let copy = Chart { id: Id::new(), name: "Piers 2".into(), ..chart.clone() };
    let placed = Op::Place { chart: copy.id.clone(), placements: vec![at("ma", 0.0)] };
    bench.does([put(&copy), vec![placed]].concat(), "Create chart Piers 2 with 1 entity");
    bench.does(vec![Op::DeleteChart(copy.id)], "Delete chart Piers 2");
}

#[test]
fn the_rest_is_told_from_what_it_was_too() {
    let mut bench = piers();
    let set = |key: &str, value: &str| Op::Set { key: key.into(), value: value.into() };
    bench.does(vec![set("title", "Piers"), set("marking", "RESTRICTED")], "Set title and marking");
    bench.does(vec![set("marking", "")], "Clear marking");
    bench.does(vec![set("mapping:Owners", "{}")], "Set mapping Owners");
    let mut search = SavedSearch::new("pier");
    bench.does(vec![Op::PutSearch(search.clone())], "Save search “pier”");
    search.name = "Piers".into();
    bench.does(vec![Op::PutSearch(search.clone())], "Rename search “pier” to “Piers”");
    bench.does(vec![Op::DeleteSearch(search.id)], "Delete search “Piers”");
    let chart = Chart::new("Overview", 1.0);
    bench.does(vec![Op::PutChart(chart.clone())], "Create chart Overview");
    let mut scene = Scene {
        id: Id::new(),
        title: "Start".into(),
        order: 1.0,
        chart: chart.id,
        camera: None,
        selection: Vec::new(),
        period: Period::default(),
        caption: String::new(),
        shows: String::new(),
    };
    let put = |scene: &Scene| vec![Op::PutScene(scene.clone())];
    bench.does(put(&scene), "Add scene Start");
    scene.caption = "Who owns what.".into();
    bench.does(put(&scene), "Write scene Start");
    scene.selection = vec!["ma".into()];
    bench.does(put(&scene), "Update scene Start");
    scene.order = 3.0;
    bench.does(put(&scene), "Move scene Start");
    let place = Op::Place { chart: scene.chart.clone(), placements: vec![at("ma", 0.0)] };
    bench.does(vec![place], "Place Ma Xiaohong");
    bench.does(put(&scene), "Confirm scene Start");
    bench.does(vec![Op::DeleteScene(scene.id)], "Delete scene Start");
    let pinned = Pinned {
        id: Id::new(),
        question: "paths".into(),
        entities: vec!["ma".into(), "dhid".into()],
        on: None,
        hops: None,
        without_evidence: Vec::new(),
        without_sources: Vec::new(),
        about: vec!["ma".into()],
        verdict: "linked".into(),
        words: "Ma Xiaohong owns DHID".into(),
    };
    bench.does(vec![Op::PutPinned(pinned.clone())], "Pin a finding about Ma Xiaohong");
    bench.does(vec![Op::DeletePinned(pinned.id)], "Unpin a finding about Ma Xiaohong");
    bench.does(
        vec![document("list", "list.csv"), document("next", "next.csv")],
        "Attach 2 documents",
    );
    let edition = |newer: &[&str], older: &[&str], date: Option<&str>| {
        let ids = |all: &[&str]| all.iter().map(|id| Id::from(*id)).collect();
        vec![Op::PutEdition(Edition {
            document: "next".into(),
            newer_than: ids(newer),
            older_than: ids(older),
            date: date.and_then(|date| date.parse().ok()),
        })]
    };
    bench.does(edition(&["list"], &[], None), "Make next.csv a newer edition of list.csv");
    bench.does(edition(&[], &["list"], None), "Make next.csv an older edition of list.csv");
    bench.does(edition(&[], &[], Some("2024")), "Date the edition next.csv");
}

#[test]
fn undo_and_redo_are_called_after_what_they_turn_round() {
    let Bench(mut case) = piers();
    let label = |delta: Option<Delta>| delta.expect("something to do").label;
    assert_eq!(label(case.undo().expect("undone")), "Undo: Attach letter.txt");
    assert_eq!(label(case.undo().expect("undone")), "Undo: Link Ma Xiaohong → DHID");
    assert_eq!(label(case.redo().expect("redone")), "Redo: Link Ma Xiaohong → DHID");
    let reverted = case.revert(rows::revision(3)).expect("nothing builds on it");
    assert_eq!(reverted.label, "Undo: Link Ma Xiaohong → DHID");
    assert_eq!(label(case.undo().expect("undone")), "Redo: Link Ma Xiaohong → DHID");
    assert_eq!(label(case.redo().expect("redone")), "Undo: Link Ma Xiaohong → DHID");

    let last = |case: &Case| case.log().expect("readable").last().expect("revisions").number;
    // An undo that is undone out of turn, and undone again, with what builds on it.
    let Bench(mut case) = piers();
    case.revert(rows::revision(3)).expect("nothing builds on it");
    let undoing = last(&case);
    let again = case.revert(undoing).expect("nothing builds on it");
    assert_eq!(again.label, "Redo: Link Ma Xiaohong → DHID");
    let number = last(&case);
    let third = case.revert(number).expect("nothing builds on it");
    assert_eq!(third.label, "Undo: Link Ma Xiaohong → DHID");
    let Bench(mut case) = piers();
    let all = case.revert_with_later(rows::revision(2)).expect("undone with what builds on it");
    let what = all.label.strip_prefix("Undo: ").expect("an undo").to_owned();
    assert_eq!(what, "Add DHID and 1 later change");
    let number = last(&case);
    assert_eq!(case.revert(number).expect("undone").label, format!("Redo: {what}"));
}

#[test]
fn an_import_is_called_after_its_files_and_an_adoption_after_what_it_takes_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = |name: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, name).expect("space");
        Source { path, title: name.into(), mime: "text/plain".into() }
    };
    let sources = [source("one.txt"), source("two.txt")];
    let mut case = Case::in_memory().expect("memory suffices");
    for (files, label) in
        [(&sources[..1], "Import one.txt"), (&sources, "Import one.txt and 1 more")]
    {
        let new = NewEntity {
            id: Id::new(),
            schema: "Company".into(),
            values: vec![NewValue::new("name", "A")],
            origin: None,
        };
        let done = case.import(files, &mut std::iter::once(Ok(new)), &Progress::new());
        assert_eq!(done.expect("imports").delta.label, label);
    }
    let mut other = Case::in_memory().expect("memory suffices");
    let adopted = other.adopt(&case, &Progress::new()).expect("adopted");
    assert_eq!(adopted.delta.label, "Adopt 2 revisions of another copy");
}
