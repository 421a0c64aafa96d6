//! Real files of other programs and offices become what they say.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::Command,
};

use redthread::{
    case::{Case, Progress},
    exchange::import::{Job, Report, run},
    export,
    model::Entity,
};

use crate::need;

/// What files become, by id.
struct Read {
    case: Case,
    report: Report,
    entities: BTreeMap<String, Entity>,
}

fn read(files: &[PathBuf]) -> Read {
    let mut case = Case::in_memory().expect("memory suffices");
    let job = Job { files: files.to_vec(), ..Job::default() };
    let report = run(&mut case, &job, &Progress::new()).expect("imports");
    let entities = case.entities().expect("readable");
    // The files themselves are evidence, which is not what they say.
    let documents: Vec<_> = case.evidence().expect("readable").into_iter().map(|e| e.id).collect();
    let entities = entities.into_iter().filter(|e| !documents.contains(&e.id));
    let entities = entities.map(|e| (e.id.to_string(), e)).collect();
    Read { case, report, entities }
}

/// The same files again add nothing, in another order either.
fn adds_nothing_twice(read: &mut Read, files: &[PathBuf]) {
    let job = Job { files: files.iter().rev().cloned().collect(), ..Job::default() };
    let again = run(&mut read.case, &job, &Progress::new()).expect("imports again");
    assert_eq!((again.imported.delta.revision, again.imported.statements), (None, 0));
}

fn all<'a>(entity: &'a Entity, property: &'a str) -> BTreeSet<&'a str> {
    entity.all(property).collect()
}

const OFAC: [&str; 4] = [
    "ofac-2021-07/sdn.csv",
    "ofac-2021-07/alt.csv",
    "ofac-2021-07/add.csv",
    "ofac-2021-07/sdn_comments.csv",
];

/// The same list as somebody else made entities of it.
#[test]
fn ofac_is_what_another_reading_of_the_same_list_says_and_more() {
    let (Some(files), Some(other)) =
        (need::data(&OFAC), need::data(&["ftm/ofac-sdn-2021.ftm.ndjson"]))
    else {
        return;
    };
    let mut ours = read(&files);
    println!("{:?} problems, {:?}", ours.report.problems.count, ours.report.imported.statements);
    let theirs = read(&other).entities;
    let parties = theirs.values().filter(|e| e.ends.is_none());
    let (mut missing, mut values, mut same_schema) = (BTreeMap::new(), 0, 0);
    for party in parties.clone() {
        let id = party.id.to_string();
        let here = ours.entities.get(&id).unwrap_or_else(|| panic!("{id} is not there"));
        same_schema += usize::from(here.schema == party.schema);
        for value in &party.values {
            // Our notes are what could not be read; the remark itself is the quote.
            if &*value.property == "notes" {
                continue;
            }
            values += 1;
            let names = ["name", "alias", "previousName", "weakAlias"];
            let found = if names.contains(&&*value.property) {
                names.iter().any(|name| here.all(name).any(|text| text == &*value.text))
            } else {
                here.all(&value.property).any(|text| text == &*value.text)
            };
            if !found {
                let list: &mut Vec<String> = missing.entry(value.property.to_string()).or_default();
                list.push(format!("{id} {}", value.text));
            }
        }
    }
    let missed: usize = missing.values().map(Vec::len).sum();
    for (property, list) in &missing {
        println!("{property}: {} not so, such as {:?}", list.len(), &list[..list.len().min(4)]);
    }
    println!("{} of {values} values are the same; {same_schema} schemata", values - missed);
    assert_eq!(parties.clone().count(), 8976);

    let pairs = |entities: &BTreeMap<String, Entity>| -> BTreeSet<(String, String)> {
        let ends = entities.values().filter_map(|e| e.ends.as_ref());
        ends.flat_map(|(a, b)| {
            let (a, b) = (a.to_string(), b.to_string());
            [(a.clone(), b.clone()), (b, a)]
        })
        .collect()
    };
    let (ours_tied, theirs_tied) = (pairs(&ours.entities), pairs(&theirs));
    let lost: Vec<_> = theirs_tied.difference(&ours_tied).collect();
    assert!(lost.is_empty(), "ties are missing: {:?}", &lost[..lost.len().min(5)]);
    adds_nothing_twice(&mut ours, &files);

    // What is not the same is told better here (tonnages without commas, several programmes and
    // titles apart, a number that its check disproves kept as a note).
    assert!(values - missed > 80_600 && same_schema > 8_600);
    for property in ["name", "alias", "birthDate", "birthPlace", "gender", "nationality"] {
        assert!(!missing.contains_key(property), "{property}: {:?}", missing[property]);
    }
    let told: Vec<&str> =
        ours.report.problems.kept.iter().map(|problem| problem.reason.as_str()).collect();
    assert_eq!(told.iter().filter(|reason| reason.contains("is not on the list")).count(), 7);
    assert_eq!(told.len(), 9, "{told:?}");
}

#[test]
fn the_network_of_dandong_hongxiang_comes_out_of_titles_and_remarks() {
    let Some(files) = need::data(&OFAC) else { return };
    let ofac = read(&files);
    let of = |id: &str| &ofac.entities[id];
    assert_eq!(
        of("ofac-20564").first("name"),
        Some("DANDONG HONGXIANG INDUSTRIAL DEVELOPMENT CO LTD")
    );
    let tie = |from: &str, to: &str| {
        let between = |e: &&Entity| {
            e.ends.as_ref().is_some_and(|(a, b)| a.as_str() == from && b.as_str() == to)
        };
        let ties: Vec<_> = ofac.entities.values().filter(between).collect();
        assert_eq!(ties.len(), 1, "{from} and {to} are tied once");
        (ties[0].schema.to_string(), ties[0].first("role").unwrap_or_default().to_owned())
    };
    for (person, role) in [
        ("ofac-20565", "Director"),
        ("ofac-20566", "General Manager"),
        ("ofac-20567", "Deputy General Manager"),
        ("ofac-20701", "Financial Manager"),
    ] {
        assert_eq!(tie(person, "ofac-20564"), ("Directorship".into(), role.into()));
    }
    assert_eq!(tie("ofac-23766", "ofac-23765"), ("UnknownLink".into(), "Linked To".into()));
    let ship = of("ofac-23766");
    assert_eq!(
        ["imoNumber", "tonnage", "flag"].map(|name| ship.first(name).unwrap_or_default()),
        ["IMO9115028", "9038", "km"]
    );
    assert_eq!(of("ofac-20565").first("birthDate"), Some("1971-12-15"));
    assert_eq!(of("ofac-20565").first("lastName"), Some("MA"));
    // A remark that goes on in the comments is read as one.
    let promoter = tie("ofac-12300", "ofac-12377");
    assert_eq!(promoter.0, "UnknownLink");
}

#[test]
fn parts_of_the_list_are_read_in_any_order_and_what_is_missing_is_said() {
    let Some(files) = need::data(&OFAC) else { return };
    let aliases = read(&files[1..2]);
    assert!(aliases.report.problems.kept[0].reason.contains("main list (sdn.csv)"));
    assert_eq!(&*aliases.entities["ofac-36"].schema, "Thing");
    let mut later = aliases;
    let job = Job { files: files[..1].to_vec(), ..Job::default() };
    run(&mut later.case, &job, &Progress::new()).expect("imports");
    let airline = later.case.entity(&"ofac-36".into()).expect("readable").expect("there");
    assert_eq!(
        (&*airline.schema, airline.first("alias")),
        ("Organization", Some("AERO-CARIBBEAN"))
    );
}

#[test]
fn the_un_list_comes_with_its_names_listings_and_bounds() {
    let Some(files) = need::data(&["un/un_consolidated_2026-02-27.xml"]) else { return };
    let mut un = read(&files);
    let count = |schema: &str| un.entities.values().filter(|e| &*e.schema == schema).count();
    assert_eq!((count("Person"), count("Organization"), count("Sanction")), (730, 273, 1003));
    assert_eq!(un.report.problems.count, 0, "{:?}", un.report.problems.kept);
    let total =
        |property: &str| -> usize { un.entities.values().map(|e| e.all(property).count()).sum() };
    println!(
        "{:?}",
        ["alias", "weakAlias", "birthDate", "passportNumber", "addressEntity", "notes"]
            .map(|p| (p, total(p)))
    );
    // 2,139 aliases of people and 613 of entities, 378 names in the original script, some twice.
    assert!(total("alias") + total("weakAlias") + total("previousName") > 2_900);
    assert!(total("birthDate") >= 820 && total("weakAlias") > 550);
    let adf = &un.entities["un-CDe.001"];
    assert_eq!(adf.first("name"), Some("ADF"));
    assert!(
        all(adf, "previousName").contains("NALU")
            && all(adf, "alias").contains("Allied Democratic Forces")
    );
    let badege = &un.entities["un-CDi.001"];
    assert_eq!(badege.first("nationality"), Some("cd"));
    assert_eq!(badege.first("gender"), Some("male"));
    let listing = &un.entities["un-CDi.001-listing"];
    assert_eq!(listing.first("listingDate"), Some("2012-12-31"));
    adds_nothing_twice(&mut un, &files);
}

#[test]
fn networks_of_other_programs_come_with_every_node_and_edge() {
    for (name, nodes, edges) in
        [("graphs/madoff.graphml", 61, 61), ("graphs/czech-corruption.graphml", 16, 50)]
    {
        let Some(files) = need::data(&[name]) else { return };
        let text = std::fs::read_to_string(&files[0]).expect("readable");
        assert_eq!(
            (text.matches("<node ").count(), text.matches("<edge ").count()),
            (nodes, edges),
            "{name}"
        );
        let mut graph = read(&files);
        let ties = graph.entities.values().filter(|e| e.ends.is_some()).count();
        assert_eq!((graph.entities.len() - ties, ties), (nodes, edges), "{name}");
        assert_eq!(graph.report.problems.count, 0);
        let named =
            graph.entities.values().filter(|e| e.ends.is_none() && e.first("name").is_some());
        assert_eq!(named.count(), nodes);
        adds_nothing_twice(&mut graph, &files);
    }
}

#[test]
fn the_standards_own_examples_of_ownership_are_read() {
    let bods = |name: &str| need::data(&[name]).map(|files| (read(&files), files));
    let names = |read: &Read, schema: &str| -> BTreeSet<(String, String, String)> {
        let name = |id: &redthread::model::Id| {
            read.entities.get(id.as_str()).map(|e| e.caption.to_string()).unwrap_or_default()
        };
        let ties = read.entities.values().filter(|e| &*e.schema == schema);
        ties.map(|e| {
            let (a, b) = e.ends.as_ref().expect("two ends");
            (name(a), name(b), e.first("percentage").unwrap_or_default().to_owned())
        })
        .collect()
    };
    let tie = |a: &str, b: &str, share: &str| (a.to_owned(), b.to_owned(), share.to_owned());
    let Some((mut circular, files)) = bods("bods/10-circular-ownership.json") else { return };
    let found = names(&circular, "Ownership");
    assert!(found.contains(&tie("Alpha Corp Ltd", "Beta Corp Ltd", "100")), "{found:?}");
    assert_eq!(found.len(), 2);
    adds_nothing_twice(&mut circular, &files);

    let Some((joint, _)) = bods("bods/joint-ownership.json") else { return };
    let found = names(&joint, "Ownership");
    for wanted in [
        tie("Joint shareholding", "CHRINON LTD", "100"),
        tie("Natalie Coleman", "Joint shareholding", "50"),
        tie("Roberto Lopez", "Joint shareholding", "50"),
    ] {
        assert!(found.contains(&wanted), "{wanted:?} in {found:?}");
    }

    let Some((indirect, _)) = bods("bods/indirect-ownership.json") else { return };
    let shares: Vec<String> = names(&indirect, "Ownership").into_iter().map(|tie| tie.2).collect();
    assert_eq!(shares.len(), 2, "{shares:?}");
    assert!(shares.contains(&"60".into()) && shares.contains(&"30".into()));
    assert_eq!(names(&indirect, "UnknownLink").len(), 1, "an interest without type");

    // 23 statements of seven records, three of which were closed.
    let Some((mut fermcat, files)) = bods("bods/fermcat.json") else { return };
    assert_eq!(fermcat.report.problems.count, 0);
    let count = |schema: &str| fermcat.entities.values().filter(|e| &*e.schema == schema).count();
    assert_eq!((count("Person"), count("Company")), (3, 1));
    let patrick = names(&fermcat, "Ownership");
    for share in ["50", "100"] {
        assert!(patrick.contains(&tie("Patrick O'Donohue", "Fermcat Ltd", share)), "{patrick:?}");
    }
    let ended = fermcat.entities.values().filter(|e| &*e.schema == "Ownership");
    assert_eq!(ended.filter(|e| e.first("endDate").is_some()).count(), 3);
    adds_nothing_twice(&mut fermcat, &files);
}

/// One of everything that the standard's own schema knows, valid by that schema.
#[test]
fn every_interest_and_entity_of_the_standards_schema_is_read() {
    let Some(python) = need::python("libcovebods") else { return };
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bods.py");
    let mut command = Command::new(python);
    command.arg(program);
    let Some(example) = need::data(&["bods/10-circular-ownership.json"]) else { return };
    command.args(example);
    let done = command.output().expect("it runs");
    let errors = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "the schema refuses the document: {errors}");
    let made: serde_json::Value = serde_json::from_slice(&done.stdout).expect("JSON");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("all.json");
    std::fs::write(&file, made["document"].to_string()).expect("space");
    let read = read(&[file]);
    assert_eq!(read.report.format, "bods");
    assert_eq!(read.report.problems.kept, []);
    let (ties, others): (Vec<&Entity>, Vec<&Entity>) =
        read.entities.values().partition(|entity| entity.ends.is_some());
    assert_eq!(Some(ties.len() as u64), made["interests"].as_u64());
    assert_eq!(Some(others.len() as u64), made["kinds"].as_u64().map(|kinds| kinds + 1));
    let owned = ties.iter().filter(|tie| &*tie.schema == "Ownership").count();
    let known = ties.iter().filter(|tie| &*tie.schema != "UnknownLink").count();
    assert!(owned > 0 && known > 10, "{owned} owned, {known} of a known kind");
}

/// What csv and networkx read in files of the Offshore Leaks' form, we read too.
#[test]
fn offshore_leaks_are_the_network_that_networkx_reads() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(python) = need::python("networkx") else { return };
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/icij.py");
    let done = Command::new(python).arg(program).arg(folder.path()).output().expect("it runs");
    let errors = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{errors}");
    let theirs: serde_json::Value = serde_json::from_slice(&done.stdout).expect("JSON");
    let files: Vec<PathBuf> =
        ["relationships", "nodes-entities", "nodes-officers", "nodes-addresses"]
            .map(|name| folder.path().join(name).with_extension("csv"))
            .to_vec();
    let mut ours = read(&files);
    assert_eq!(ours.report.format, "icij");
    assert_eq!(ours.report.problems.kept, []);
    let names: BTreeMap<String, String> =
        serde_json::from_value(theirs["names"].clone()).expect("names");
    let parties = ours.entities.values().filter(|entity| entity.ends.is_none());
    let found: BTreeMap<String, String> =
        parties.map(|e| (e.id.as_str().replace("icij-", ""), e.caption.to_string())).collect();
    assert_eq!(found, names);
    let pairs = |key: &str| -> Vec<(String, String)> {
        serde_json::from_value(theirs[key].clone()).expect("pairs")
    };
    let bare = |id: &str| id.replace("icij-", "");
    let ends = ours.entities.values().filter_map(|entity| entity.ends.as_ref());
    let mut ties: Vec<_> = ends.map(|(a, b)| (bare(a.as_str()), bare(b.as_str()))).collect();
    ties.sort();
    assert_eq!(ties, pairs("ties"));
    let at = ours.entities.values().flat_map(|entity| {
        entity.all("addressEntity").map(|to| (bare(entity.id.as_str()), bare(to)))
    });
    let places: BTreeSet<_> = at.collect();
    assert_eq!(places, pairs("places").into_iter().collect());
    adds_nothing_twice(&mut ours, &files);
}

/// What stands in a case, without evidence and what only its file knows.
fn shape(case: &Case) -> BTreeMap<String, (String, BTreeSet<(String, String)>)> {
    let entities = case.entities().expect("readable").into_iter();
    entities
        .filter(|entity| &*entity.schema != "Document")
        .map(|entity| {
            let values = entity.values.iter().filter(|value| &*value.property != "proof");
            let values = values.map(|v| (v.property.to_string(), v.text.to_string())).collect();
            (entity.id.to_string(), (entity.schema.to_string(), values))
        })
        .collect()
}

#[test]
fn a_real_case_comes_back_from_each_format_that_holds_all_of_it() {
    let Some(files) = need::data(&["ftm/ofac-dprk-2021.ftm.ndjson"]) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let before = read(&files);
    let wanted = shape(&before.case);
    assert!(wanted.len() >= 671);
    for (format, name) in [
        ("ftm", "again.ftm.ndjson"),
        ("graphml", "again.graphml"),
        ("gexf", "again.gexf"),
        ("statements", "again.statements.csv"),
    ] {
        let out = folder.path().join(name);
        let job = export::Job {
            target: export::target(format).expect("a format"),
            out: out.clone(),
            scope: export::Scope::Case,
            look: export::Look::default(),
        };
        export::run(&before.case, &job, &Progress::new()).expect(format);
        let again = read(&[out]);
        assert_eq!(again.report.format, format);
        assert_eq!(again.report.problems.count, 0, "{format}: {:?}", again.report.problems);
        let found = shape(&again.case);
        let lost: Vec<_> =
            wanted.iter().filter(|(id, entity)| found.get(*id) != Some(entity)).take(3).collect();
        assert!(lost.is_empty(), "{format}: {lost:?} became {:?}", found.get(lost[0].0));
    }
}

/// A list that says in whose place an entity stands, as another program makes it of this one.
#[test]
fn what_networkx_writes_of_our_export_still_holds_every_entity() {
    let Some(files) = need::data(&["ftm/ofac-dprk-2021.ftm.ndjson"]) else { return };
    let Some(python) = need::python("networkx") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let before = read(&files);
    for (format, script) in [
        ("graphml", "g = n.read_graphml(a[1], force_multigraph=True); n.write_graphml(g, a[2])"),
        ("gexf", "g = n.read_gexf(a[1]); n.write_gexf(g, a[2])"),
    ] {
        let (out, through) = (
            folder.path().join(format!("out.{format}")),
            folder.path().join(format!("through.{format}")),
        );
        let job = export::Job {
            target: export::target(format).expect("a format"),
            out: out.clone(),
            scope: export::Scope::Case,
            look: export::Look::default(),
        };
        export::run(&before.case, &job, &Progress::new()).expect(format);
        let script = format!("import sys, networkx as n; a = sys.argv; {script}");
        let done = Command::new(&python).args(["-c", &script]).args([&out, &through]).output();
        let done = done.expect("it runs");
        assert!(done.status.success(), "{format}: {}", String::from_utf8_lossy(&done.stderr));
        let again = read(&[through]);
        let (wanted, found) = (shape(&before.case), shape(&again.case));
        let lost: Vec<_> =
            wanted.iter().filter(|(id, entity)| found.get(*id) != Some(entity)).take(3).collect();
        assert!(lost.is_empty(), "{format}: {lost:?} became {:?}", found.get(lost[0].0));
    }
}
