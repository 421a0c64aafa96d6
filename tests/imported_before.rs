//! Edges whose nodes were imported before: their ids name rows of a table that the case holds.
//! Everything in these tables is FICTIONAL.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Output,
};

use redthread::{case::Case, model::Id};
use serde_json::Value;

use crate::{cli::redthread, need};

const NODES: &str = "Id,Label,Type\n\
    n1,Norden Shipping Ltd (FICTIONAL),Company\n\
    n2,Alba Norden (FICTIONAL),Person\n\
    n3,Kellner Trading Ltd (FICTIONAL),Company\n";
const EDGES: &str = "Source,Target,Type,Label\nn2,n1,Directed,owns\nn1,n3,Directed,owns\n";

/// A folder with two cases and files in it.
fn bench(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["a.redthread", "b.redthread"] {
        Case::create(&folder.path().join(name)).expect("new").close().expect("closes");
    }
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("space");
    }
    folder
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn import(folder: &Path, args: &[&str]) -> Output {
    redthread(folder, &[&["import"], args].concat())
}

fn done(folder: &Path, args: &[&str]) -> String {
    let output = import(folder, args);
    assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

fn refused(folder: &Path, args: &[&str]) -> String {
    let output = import(folder, args);
    assert!(!output.status.success(), "{args:?}: {}", text(&output.stdout));
    text(&output.stderr)
}

/// The exported case, with every id replaced by all that is said of what it names.
fn exported(folder: &Path, case: &str) -> Vec<String> {
    let out = format!("{case}.ftm.ndjson");
    std::fs::remove_file(folder.join(&out)).ok();
    let args = ["export", case, "--format", "ftm", "--out", &out];
    let output = redthread(folder, &args);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let lines = std::fs::read_to_string(folder.join(out)).expect("written");
    let all: BTreeMap<String, Value> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON"))
        .map(|one| (one["id"].as_str().expect("an id").to_owned(), one))
        .collect();
    let mut told: Vec<String> = all.values().map(|one| said(one, &all)).collect();
    told.sort();
    told
}

/// Everything that is said of an entity, what it refers to included.
fn said(one: &Value, all: &BTreeMap<String, Value>) -> String {
    let properties = one["properties"].as_object().expect("properties").iter();
    let said: Vec<String> = properties
        .map(|(name, values)| {
            let values = values.as_array().expect("values").iter().filter_map(Value::as_str);
            let mut values: Vec<String> = values
                .map(|value| {
                    all.get(value).map_or_else(|| value.to_owned(), |other| said(other, all))
                })
                .collect();
            values.sort();
            format!("{name}={values:?}")
        })
        .collect();
    format!("{} {{{}}}", one["schema"].as_str().expect("a schema"), said.join(", "))
}

/// How many relationships and other things than documents a case holds.
fn counts(folder: &Path, case: &str) -> (usize, usize) {
    let case = Case::open(&folder.join(case)).expect("opens");
    let all = case.entities().expect("readable");
    let of = |what: fn(&redthread::model::schema::Schema) -> bool| {
        let known = |one: &&redthread::model::Entity| {
            redthread::model::schema::schema(&one.schema).is_some_and(what)
        };
        all.iter().filter(known).count()
    };
    let links = of(redthread::model::schema::Schema::is_edge);
    (all.len() - links - of(|schema| schema.is_a("Document")), links)
}

#[test]
fn one_after_the_other_gives_what_both_together_give() {
    let own = |name: &str| {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tables/graph").join(name)
    };
    let mut sets: Vec<Vec<PathBuf>> = vec![
        vec![own("leak_companies.csv"), own("leak_people.csv"), own("leak_roles.csv")],
        vec![own("gephi_nodes.csv"), own("gephi_edges.csv")],
        vec![own("neo4j_companies.csv"), own("neo4j_people.csv"), own("neo4j_rels.csv")],
        vec![own("long_nodes.csv"), own("long_edges.csv")],
        vec![own("节点.csv"), own("关系.csv")],
    ];
    for names in [
        &["tables/f10_ids_links_nodes.csv", "tables/f10_ids_links_edges.csv"][..],
        &["tables/h19_gephi_nodes.csv", "tables/h19_gephi_edges.csv"],
        &["tables/n11a_companies.csv", "tables/n11b_persons.csv", "tables/n11c_links.csv"],
        &["tables/g2924-nodes.csv", "tables/g2924-edges.csv"],
    ] {
        sets.extend(need::data(names));
    }
    for files in sets {
        let folder = bench(&[]);
        let files: Vec<&str> = files.iter().map(|path| path.to_str().expect("text")).collect();
        done(folder.path(), &[&["a.redthread"], &files[..]].concat());
        for file in &files {
            done(folder.path(), &["b.redthread", file]);
        }
        let (together, apart) =
            (exported(folder.path(), "a.redthread"), exported(folder.path(), "b.redthread"));
        assert!(counts(folder.path(), "a.redthread").1 > 0, "{files:?} has relationships");
        assert_eq!(apart, together, "{files:?}");
    }
}

#[test]
fn the_ids_of_a_data_set_name_what_they_name_without() {
    let folder = bench(&[("nodes.csv", NODES), ("edges.csv", EDGES)]);
    let folder = folder.path();
    done(folder, &["a.redthread", "nodes.csv", "edges.csv", "--dataset", "training"]);
    for file in ["nodes.csv", "edges.csv"] {
        done(folder, &["b.redthread", file, "--dataset", "training"]);
    }
    assert_eq!(exported(folder, "b.redthread"), exported(folder, "a.redthread"));
    let case = Case::open(&folder.join("a.redthread")).expect("opens");
    let all = case.entities().expect("readable");
    let ends: Vec<_> = all.iter().filter_map(|one| one.ends.clone()).collect();
    assert_eq!(ends.len(), 2);
    for id in ends.into_iter().flat_map(|(from, to)| [from, to]) {
        assert!(case.caption(&id).expect("readable").is_some(), "{id} is a row of the nodes");
    }
}

#[test]
fn it_is_told_tried_and_explained() {
    let folder = bench(&[("nodes.csv", NODES), ("edges.csv", EDGES)]);
    let folder = folder.path();
    done(folder, &["a.redthread", "nodes.csv"]);
    done(folder, &["b.redthread", "nodes.csv"]);
    let told = done(folder, &["a.redthread", "edges.csv", "--dry-run"]);
    assert!(told.contains("2 of 2 ids of “Source”") && told.contains("“nodes.csv”"), "{told}");
    assert!(told.contains("nothing of this is kept"), "{told}");
    assert_eq!(counts(folder, "a.redthread"), (3, 0));

    let yaml = done(folder, &["a.redthread", "--explain", "edges.csv"]);
    assert!(yaml.contains("by its id in “nodes.csv”"), "{yaml}");
    std::fs::write(folder.join("edges.yml"), &yaml).expect("space");
    done(folder, &["a.redthread", "edges.csv", "--mapping", "edges.yml"]);
    let json = done(folder, &["b.redthread", "edges.csv", "--json"]);
    let json: Value = serde_json::from_str(json.trim()).expect("JSON");
    assert_eq!(json["guess"]["kind"], "graph", "{json}");
    assert_eq!(json["notUnderstood"], 0, "{json}");
    assert_eq!(counts(folder, "a.redthread"), (3, 2));
    assert_eq!(exported(folder, "a.redthread"), exported(folder, "b.redthread"));
    // The same file again meets what it made.
    let again = done(folder, &["b.redthread", "edges.csv"]);
    assert!(again.contains("nothing new"), "{again}");
}

#[test]
fn ids_that_the_case_does_not_hold_are_counted_and_nothing_is_made_of_them() {
    let edges = "Source,Target,Type\nn2,n1,owns\nx7,x8,owns\nx9,x10,owns\n";
    let folder = bench(&[("nodes.csv", NODES), ("edges.csv", edges), ("good.csv", EDGES)]);
    let folder = folder.path();
    done(folder, &["a.redthread", "nodes.csv"]);
    let why = refused(folder, &["a.redthread", "edges.csv"]);
    assert!(why.contains("1 of 3 ids of “Source” are in “nodes.csv”"), "{why}");
    assert_eq!(counts(folder, "a.redthread"), (3, 0));
    // What was taken back is not there.
    redthread(folder, &["undo", "a.redthread"]);
    assert_eq!(counts(folder, "a.redthread"), (0, 0));
    let edges = "Source,Target,Type\nn2,n1,owns\n";
    std::fs::write(folder.join("edges.csv"), edges).expect("space");
    refused(folder, &["a.redthread", "edges.csv"]);
    assert_eq!(counts(folder, "a.redthread"), (0, 0));
}

#[test]
fn what_dangles_is_reported_row_by_row() {
    let edges = "Source,Target,Type\nn2,n1,owns\nn1,n3,owns\nn2,n3,owns\nn2,n9,owns\n";
    let folder = bench(&[("nodes.csv", NODES), ("edges.csv", edges)]);
    let folder = folder.path();
    done(folder, &["a.redthread", "nodes.csv"]);
    let told = done(folder, &["a.redthread", "edges.csv"]);
    assert!(told.contains("row 5: ") && told.contains("“n9” is about nothing"), "{told}");
    assert_eq!(counts(folder, "a.redthread"), (3, 3));
    // A thing that was deleted is no end of a relationship.
    let folder = bench(&[("nodes.csv", NODES), ("edges.csv", edges)]);
    let folder = folder.path();
    done(folder, &["a.redthread", "nodes.csv"]);
    let mut case = Case::open(&folder.join("a.redthread")).expect("opens");
    let all = case.entities().expect("readable");
    let gone =
        all.iter().find(|one| one.first("name").is_some_and(|name| name.starts_with("Alba")));
    let id: Id = gone.expect("she is there").id.clone();
    let op = redthread::case::Op::WithdrawEntity(id);
    case.commit(redthread::case::Action::new(vec![op])).expect("valid");
    case.close().expect("closes");
    let why = refused(folder, &["a.redthread", "edges.csv"]);
    assert!(why.contains("1 of 4 ids of “Source”"), "{why}");
}

#[test]
fn undo_and_redo_keep_the_relationships() {
    let folder = bench(&[("nodes.csv", NODES), ("edges.csv", EDGES)]);
    let folder = folder.path();
    done(folder, &["a.redthread", "nodes.csv"]);
    done(folder, &["a.redthread", "edges.csv"]);
    let before = exported(folder, "a.redthread");
    let mut case = Case::open(&folder.join("a.redthread")).expect("opens");
    case.undo().expect("undone");
    case.close().expect("closes");
    assert_eq!(counts(folder, "a.redthread"), (3, 0));
    let mut case = Case::open(&folder.join("a.redthread")).expect("opens");
    case.redo().expect("redone");
    case.close().expect("closes");
    assert_eq!(exported(folder, "a.redthread"), before);
    assert_eq!(counts(folder, "a.redthread"), (3, 2));
}

#[test]
fn where_two_tables_could_be_meant_it_is_asked() {
    let other = "Id,Label,Type\n\
        n1,Bergen Holding Ltd (FICTIONAL),Company\n\
        n2,Clara Oduya (FICTIONAL),Person\n\
        n3,Mirage Ltd (FICTIONAL),Company\n";
    let folder = bench(&[("first.csv", NODES), ("second.csv", other), ("edges.csv", EDGES)]);
    let folder = folder.path();
    done(folder, &["a.redthread", "first.csv"]);
    done(folder, &["a.redthread", "second.csv"]);
    let why = refused(folder, &["a.redthread", "edges.csv"]);
    assert!(why.contains("“first.csv”") && why.contains("“second.csv”"), "{why}");
    assert!(why.contains("--nodes-of"), "{why}");
    assert_eq!(counts(folder, "a.redthread"), (6, 0));
    done(folder, &["a.redthread", "edges.csv", "--nodes-of", "second.csv"]);
    let case = Case::open(&folder.join("a.redthread")).expect("opens");
    let all = case.entities().expect("readable");
    let (owner, _) = all.iter().find_map(|one| one.ends.clone()).expect("a relationship");
    let owner = case.caption(&owner).expect("readable").expect("it exists");
    assert!(["Clara Oduya (FICTIONAL)", "Bergen Holding Ltd (FICTIONAL)"].contains(&&*owner));
    let why = refused(folder, &["a.redthread", "edges.csv", "--nodes-of", "third.csv"]);
    assert!(why.contains("third.csv"), "{why}");
}

#[test]
fn numbers_that_count_rows_name_no_list_of_another_file() {
    let list = "id,name,country\n1,Norden Shipping Ltd (FICTIONAL),GB\n\
        2,Kellner Trading Ltd (FICTIONAL),DE\n3,Mirage Ltd (FICTIONAL),MH\n";
    let edges = "Source,Target,Type\n1,2,owns\n2,3,owns\n";
    let flows = edges.replace("owns", "director");
    let files = [("register.csv", list), ("flows.csv", &flows), ("register_links.csv", edges)];
    let folder = bench(&files);
    let folder = folder.path();
    done(folder, &["a.redthread", "register.csv"]);
    let why = refused(folder, &["a.redthread", "flows.csv"]);
    assert!(why.contains("“register.csv”") && why.contains("--nodes-of"), "{why}");
    assert_eq!(counts(folder, "a.redthread"), (3, 0));
    // The name of the file says whose they are, or the user does.
    done(folder, &["a.redthread", "register_links.csv"]);
    assert_eq!(counts(folder, "a.redthread"), (3, 2));
    done(folder, &["a.redthread", "flows.csv", "--nodes-of", "register.csv"]);
    assert_eq!(counts(folder, "a.redthread"), (3, 4));
}

#[test]
fn the_newest_edition_of_the_nodes_is_meant() {
    let newer = NODES.replace("Kellner Trading Ltd", "Kellner Commerce Ltd")
        + "n4,Mirage Ltd (FICTIONAL),Company\n";
    let edges = "Source,Target,Type\nn2,n1,owns\nn1,n4,owns\n";
    let folder =
        bench(&[("nodes-2023.csv", NODES), ("nodes-2024.csv", &newer), ("edges.csv", edges)]);
    let folder = folder.path();
    done(folder, &["a.redthread", "nodes-2023.csv"]);
    done(folder, &["a.redthread", "nodes-2024.csv", "--edition-of", "nodes-2023.csv"]);
    let told = done(folder, &["a.redthread", "edges.csv"]);
    assert!(told.contains("“nodes-2024.csv”"), "{told}");
    assert_eq!(counts(folder, "a.redthread").1, 2);
}
