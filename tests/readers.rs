//! Real files of other programs and offices become what they say.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use redthread::{
    case::{Case, Progress},
    exchange::import::{Job, Report, run},
    model::Entity,
};

/// Files of the folder of real data; `None`, with a printed line, where they are not here.
fn data(names: &[&str]) -> Option<Vec<PathBuf>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let files: Vec<PathBuf> = names.iter().map(|name| folder.join(name)).collect();
    match files.iter().find(|file| !file.exists()) {
        Some(missing) => {
            println!("skipped: {} is not here", missing.display());
            None
        }
        None => Some(files),
    }
}

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
    let entities = entities.into_iter().map(|e| (e.id.to_string(), e)).collect();
    Read { case, report, entities }
}

/// The same files again add nothing, in another order either.
fn adds_nothing_twice(read: &mut Read, files: &[PathBuf]) {
    let job = Job { files: files.iter().rev().cloned().collect(), ..Job::default() };
    let again = run(&mut read.case, &job, &Progress::new()).expect("imports again");
    assert_eq!((again.imported.delta.revision, again.imported.statements), (0, 0));
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
    let (Some(files), Some(other)) = (data(&OFAC), data(&["ftm/ofac-sdn-2021.ftm.ndjson"])) else {
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

    let mut schemata: BTreeMap<&str, usize> = BTreeMap::new();
    for entity in ours.entities.values() {
        *schemata.entry(&entity.schema).or_default() += 1;
    }
    println!("{schemata:?}");
    for problem in &ours.report.problems.kept {
        println!("{problem:?}");
    }
}
