//! What an import on the command line says: how a table was understood, what was not, what came of
//! each file, and the mapping as a file. Everything in these tables is FICTIONAL.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::{Command, Output},
};

use redthread::case::Case;
use serde_json::Value;

use crate::{answers, cli::redthread, need};

const OFFICERS: &str = "Company,Director,Appointed,File reference\n\
    Norden Shipping Ltd,Alba Norden,2014-02-01,FICTIONAL 1\n\
    Kellner Trading Ltd,Boris Kellner,2015-03-04,FICTIONAL 2\n";

/// A folder with a case and files in it.
fn bench(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    Case::create(&folder.path().join("c.redthread")).expect("new").close().expect("closes");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("space");
    }
    folder
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The lines of an import's report as JSON.
fn lines(output: &Output) -> Vec<Value> {
    let text = text(&output.stdout);
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

/// The ids of everything in a case, its documents apart.
fn ids(folder: &Path, case: &str) -> BTreeSet<String> {
    let case = Case::open(&folder.join(case)).expect("opens");
    let all = case.entities().expect("readable");
    let kept = all.iter().filter(|one| {
        let schema = redthread::model::schema::schema(&one.schema);
        !schema.is_some_and(|schema| schema.is_a("Document"))
    });
    kept.map(|one| one.id.to_string()).collect()
}

#[test]
fn how_a_table_was_understood_is_told_column_by_column() {
    let folder = bench(&[("officers.csv", OFFICERS)]);
    let done = redthread(folder.path(), &["import", "c.redthread", "officers.csv", "--json"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let report = &lines(&done)[0];
    let guess = &report["guess"];
    assert!(guess["confidence"].as_f64().is_some_and(|sure| sure >= 0.8), "{guess}");
    assert!(guess["kind"].is_string() && guess["reasons"][0].is_string(), "{guess}");
    let becomes: BTreeMap<&str, &str> = guess["columns"]
        .as_array()
        .expect("columns")
        .iter()
        .map(|column| {
            (column["heading"].as_str().unwrap_or(""), column["becomes"].as_str().unwrap_or(""))
        })
        .collect();
    assert_eq!(becomes["Company"], "Company");
    assert_eq!(becomes["Director"], "Person, director of the company");
    assert_eq!(becomes["Appointed"], "Start date of the directorship");
    for column in guess["columns"].as_array().expect("columns") {
        let sure = column["confidence"].as_f64().expect("a number");
        let mapped = !column["becomes"].as_str().unwrap_or("").starts_with("Note");
        assert!(!mapped || sure == 0.0 || column["reason"] != "", "{column}");
    }

    let folder = bench(&[("officers.csv", OFFICERS)]);
    let done = redthread(folder.path(), &["import", "c.redthread", "officers.csv"]);
    let said = text(&done.stdout);
    assert!(said.contains("read as a list of directors, 90 % sure"), "{said}");
    assert!(said.contains("Director → Person, director of the company"), "{said}");
    assert!(said.contains("File reference → Note on the "), "{said}");
}

#[test]
fn problems_are_one_line_for_each_column_and_reason_and_empty_cells_are_none() {
    let mut table = String::from("Company,Incorporated,Website\n");
    for row in 0..40 {
        let date = if row < 30 { "31.31.2016" } else { "" };
        table.push_str(&format!("FICTIONAL Firm {row} Ltd,{date},\n"));
    }
    let folder = bench(&[("firms.csv", &table)]);
    let done = redthread(folder.path(), &["import", "c.redthread", "firms.csv", "--json"]);
    let report = &lines(&done)[0];
    let groups = report["problemGroups"].as_array().expect("groups");
    assert_eq!(groups.len(), 1, "{groups:?}");
    assert_eq!(
        (groups[0]["count"].as_u64(), report["notUnderstood"].as_u64()),
        (Some(30), Some(30))
    );
    let examples = groups[0]["examples"].as_array().expect("examples");
    assert_eq!(examples.len(), 3);
    assert_eq!(examples[0]["place"], "row 2");
    let folder = bench(&[("firms.csv", &table)]);
    let done = redthread(folder.path(), &["import", "c.redthread", "firms.csv"]);
    let said = text(&done.stdout);
    let about: Vec<&str> = said.lines().filter(|line| line.contains("31.31.2016")).collect();
    assert_eq!(about.len(), 1, "{said}");
    assert!(about[0].contains("Incorporated") && about[0].contains("30 times"), "{said}");
    assert!(about[0].contains("row 2, row 3, row 4"), "{said}");
}

#[test]
fn a_weak_guess_asks_and_says_why() {
    let folder =
        bench(&[("c.csv", "A Trading Ltd,gb,a@example.org\nB Trading Ltd,de,b@example.org\n")]);
    let done = redthread(folder.path(), &["import", "c.redthread", "c.csv"]);
    assert!(!done.status.success());
    let said = text(&done.stderr);
    assert!(said.contains("--mapping") && said.contains("--accept-guess"), "{said}");
    assert!(said.contains("c.csv") && said.contains("% sure"), "{said}");
    assert!(ids(folder.path(), "c.redthread").is_empty());
    let done = redthread(folder.path(), &["import", "c.redthread", "c.csv", "--json"]);
    let report = &lines(&done)[0];
    assert!(report["error"].is_string() && report["guess"]["columns"].is_array(), "{report}");
    let done = redthread(folder.path(), &["import", "c.redthread", "c.csv", "--accept-guess"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
}

#[test]
fn each_of_several_files_is_told_and_the_exit_status_agrees() {
    let good = "Company,Country\nNorden Shipping Ltd,GB\n";
    let folder = bench(&[
        ("a.csv", good),
        ("b.csv", "1;2\n3;4\n"),
        ("z.csv", "Company\nKellner Ltd\nOduya Ltd\n"),
    ]);
    let names = ["import", "c.redthread", "a.csv", "b.csv", "z.csv"];
    let done = redthread(folder.path(), &names);
    assert_eq!(done.status.code(), Some(1));
    let (said, complained) = (text(&done.stdout), text(&done.stderr));
    assert!(said.contains("a.csv: ") && said.contains("z.csv: "), "{said}");
    assert!(complained.contains("b.csv"), "{complained}");
    assert!(complained.contains("2 of 3 files were imported"), "{complained}");
    assert_eq!(ids(folder.path(), "c.redthread").len(), 3);
    let json: Vec<&str> = names.iter().copied().chain(["--json"]).collect();
    let done = redthread(folder.path(), &json);
    assert_eq!(done.status.code(), Some(1));
    let lines = lines(&done);
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[1]["error"].is_string(), "{lines:?}");
}

#[test]
fn the_same_bytes_under_a_second_name_are_said_and_the_name_is_kept() {
    let folder = bench(&[("officers.csv", OFFICERS), ("leaked copy.csv", OFFICERS)]);
    redthread(folder.path(), &["import", "c.redthread", "officers.csv"]);
    let before = ids(folder.path(), "c.redthread");
    let done = redthread(folder.path(), &["import", "c.redthread", "leaked copy.csv"]);
    let said = text(&done.stdout);
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert!(said.contains("the same bytes as “officers.csv”"), "{said}");
    assert_eq!(ids(folder.path(), "c.redthread"), before, "it is the same table");
    let names = || {
        let case = Case::open(&folder.path().join("c.redthread")).expect("opens");
        let all = case.entities().expect("readable");
        let document = all.into_iter().find(|one| &*one.schema == "Table").expect("it is evidence");
        document.all("fileName").map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(names(), ["officers.csv", "leaked copy.csv"]);
    let done = redthread(folder.path(), &["import", "c.redthread", "leaked copy.csv"]);
    assert!(text(&done.stdout).contains("nothing new"), "{}", text(&done.stdout));
    redthread(folder.path(), &["undo", "c.redthread"]);
    assert_eq!(names(), ["officers.csv"]);
}

#[test]
fn a_table_imported_again_meets_the_ids_of_the_mapping_that_was_used() {
    let folder = bench(&[("officers.csv", OFFICERS)]);
    // A mapping by hand that no guess would make.
    let ours = r#"{"name":"mine","entities":[{"name":"firm","schema":"Company","keys":["Company"],"key_literal":"mine","properties":[{"property":"name","columns":["Company"]}]}]}"#;
    std::fs::write(folder.path().join("mine.json"), ours).expect("space");
    let by_hand = ["import", "c.redthread", "officers.csv", "--mapping", "mine.json"];
    assert!(redthread(folder.path(), &by_hand).status.success());
    let before = ids(folder.path(), "c.redthread");
    assert_eq!(before.len(), 2);
    let done = redthread(folder.path(), &["import", "c.redthread", "officers.csv"]);
    assert!(text(&done.stdout).contains("nothing new"), "{}", text(&done.stdout));
    assert_eq!(ids(folder.path(), "c.redthread"), before);
    // Undoing the import forgets the mapping, too.
    redthread(folder.path(), &["undo", "c.redthread"]);
    redthread(folder.path(), &["import", "c.redthread", "officers.csv"]);
    assert!(ids(folder.path(), "c.redthread").is_disjoint(&before));
}

#[test]
fn an_explained_mapping_can_be_edited_and_given_back() {
    let folder = bench(&[("officers.csv", OFFICERS)]);
    let done = redthread(folder.path(), &["import", "--explain", "officers.csv"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let yaml = text(&done.stdout);
    for part in [
        "csv_url: ",
        "schema: Directorship",
        "entity: director",
        "# Director → Person, director of the company",
    ] {
        assert!(yaml.contains(part), "{part} in {yaml}");
    }
    std::fs::write(folder.path().join("m.yml"), &yaml).expect("space");
    redthread(folder.path(), &["import", "c.redthread", "officers.csv"]);
    let mapped = ["import", "c.redthread", "officers.csv", "--mapping", "m.yml"];
    let done = redthread(folder.path(), &mapped);
    assert!(
        text(&done.stdout).contains("nothing new"),
        "{}{}",
        text(&done.stdout),
        text(&done.stderr)
    );
    assert_eq!(text(&done.stderr), "", "all of it is understood");
    let edited = yaml.replace("schema: Directorship", "schema: Employment");
    let edited =
        edited.replace("director: {", "employee: {").replace("organization: {", "employer: {");
    std::fs::write(folder.path().join("m.yml"), edited).expect("space");
    Case::create(&folder.path().join("d.redthread")).expect("new").close().expect("closes");
    let done =
        redthread(folder.path(), &["import", "d.redthread", "officers.csv", "--mapping", "m.yml"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let case = Case::open(&folder.path().join("d.redthread")).expect("opens");
    let all = case.entities().expect("readable");
    assert_eq!(all.iter().filter(|one| &*one.schema == "Employment").count(), 2);
}

/// The ids that FollowTheMoney's own program makes by mapping files, and those of relationships
/// that have no end, which it keeps.
const THEIRS: &str = r#"
import json, sys, yaml
from followthemoney import model
for line in sys.stdin:
    path = line.strip()
    made, ends = set(), {}
    try:
        for dataset, meta in yaml.safe_load(open(path, encoding="utf-8")).items():
            for query in meta["queries"]:
                for proxy in model.map_entities(query, key_prefix=dataset):
                    made.add(proxy.id)
                    if proxy.schema.edge:
                        there = {p.name for p in proxy.iterprops() if p.type.name == "entity"}
                        ends[proxy.id] = ends.get(proxy.id, set()) | there
    except Exception as problem:
        made = {"refused: %r" % problem}
    half = [key for key, there in ends.items() if len(there) < 2]
    print(json.dumps({"made": sorted(made), "half": half}))
"#;

fn theirs(files: &[PathBuf]) -> Option<Vec<[BTreeSet<String>; 2]>> {
    use std::io::Write as _;
    let python = need::python("followthemoney, yaml")?;
    let mut child = Command::new(python)
        .args(["-c", THEIRS])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("it runs");
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all((names.join("\n") + "\n").as_bytes()).expect("it reads");
    drop(stdin);
    let done = child.wait_with_output().expect("it ends");
    let said = text(&done.stdout);
    let of = |value: &Value| -> BTreeSet<String> {
        let all = value.as_array().into_iter().flatten().filter_map(Value::as_str);
        all.map(str::to_owned).collect()
    };
    let told = said.lines().map(|line| {
        let value: Value = serde_json::from_str(line).expect("JSON");
        [of(&value["made"]), of(&value["half"])]
    });
    Some(told.collect())
}

#[test]
fn ids_are_those_of_followthemoneys_own_program_over_the_truth_tables() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut maps, mut tables, mut unsaid) = (Vec::new(), Vec::new(), 0);
    for answer in answers::answers() {
        let [file] = &answer.files[..] else { continue };
        let path = match file.strip_prefix("shared:") {
            Some(rest) => root.join("../shared/data").join(rest),
            None => root.join("tests/data/tables").join(file),
        };
        if path.extension().is_none_or(|ending| ending != "csv") || !path.exists() {
            continue;
        }
        let path = path.display().to_string();
        let done = redthread(folder.path(), &["import", "--explain", &path]);
        let yaml = text(&done.stdout);
        if !done.status.success() || yaml.contains("# Not said in FollowTheMoney: ") {
            unsaid += 1;
            continue;
        }
        let map = folder.path().join(format!("{}.yml", maps.len()));
        std::fs::write(&map, yaml).expect("space");
        maps.push(map);
        tables.push(path);
    }
    println!("{} tables can be said in FollowTheMoney, {unsaid} cannot", tables.len());
    assert!(tables.len() >= 20, "{} tables only", tables.len());
    let Some(theirs) = theirs(&maps) else { return };
    assert_eq!(theirs.len(), maps.len(), "its program stopped");
    let mut wrong: Vec<String> = Vec::new();
    for (at, (table, [made, half])) in tables.iter().zip(theirs).enumerate() {
        let name = format!("{at}.redthread");
        Case::create(&folder.path().join(&name)).expect("new").close().expect("closes");
        let done = redthread(folder.path(), &["import", &name, table, "--accept-guess"]);
        assert!(done.status.success(), "{table}: {}", text(&done.stderr));
        let theirs: BTreeSet<String> = made.difference(&half).cloned().collect();
        let ours = ids(folder.path(), &name);
        if ours != theirs {
            let (more, less) = (ours.difference(&theirs), theirs.difference(&ours));
            wrong.push(format!(
                "{table}: we also make {:?}, and not {:?}\n{}",
                more.collect::<Vec<_>>(),
                less.collect::<Vec<_>>(),
                text(&done.stdout)
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), tables.len(), wrong.join("\n"));
}

#[test]
fn a_dataset_goes_into_the_ids_as_its_own_program_does_it() {
    let ledger = "payer_account,beneficiary_account,amount,currency,date\n\
        FICTIONAL-1,FICTIONAL-2,535470,USD,2012-06-30\n\
        FICTIONAL-2,FICTIONAL-1,1200,USD,2012-07-03\n";
    let folder = bench(&[("ledger.csv", ledger)]);
    let table = folder.path().join("ledger.csv").display().to_string();
    let explain = ["import", "--explain", &table, "--dataset", "fictional_leak"];
    let yaml = text(&redthread(folder.path(), &explain).stdout);
    assert!(yaml.contains("fictional_leak:"), "{yaml}");
    std::fs::write(folder.path().join("m.yml"), yaml).expect("space");
    let import = ["import", "c.redthread", &table, "--dataset", "fictional_leak", "--accept-guess"];
    let done = redthread(folder.path(), &import);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let ours = ids(folder.path(), "c.redthread");
    let case = Case::open(&folder.path().join("c.redthread")).expect("opens");
    let payments =
        case.entities().expect("readable").into_iter().filter(|e| &*e.schema == "Payment");
    assert_eq!(payments.count(), 2, "payments between accounts");
    case.close().expect("closes");
    let Some(ftm) = need::program("FTM", "ftm") else { return };
    let done = Command::new(ftm)
        .args(["map", "m.yml"])
        .current_dir(folder.path())
        .output()
        .expect("it runs");
    let theirs: BTreeSet<String> = text(&done.stdout)
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .map(|entity| entity["id"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(ours, theirs, "{}", text(&done.stderr));
    // Given back by hand, it makes the same.
    Case::create(&folder.path().join("d.redthread")).expect("new").close().expect("closes");
    let again =
        ["import", "d.redthread", &table, "--dataset", "fictional_leak", "--mapping", "m.yml"];
    assert!(redthread(folder.path(), &again).status.success());
    assert_eq!(ids(folder.path(), "d.redthread"), ours);
}

#[test]
fn names_and_numbers_that_are_shared_are_reported_and_nothing_is_merged() {
    let folder = bench(&[
        (
            "h12.csv",
            "Director,Company\nAlba Norden,Norden Holding Ltd\nAlba Norden,Kellner Trading Ltd\n",
        ),
        ("pa.csv", "Name,Born\nMarta Ilves,1970-01-01\n"),
        ("pb.csv", "Name,Nationality\nMARTA  Ilves,EE\nOskar Fable,EE\n"),
        ("va.csv", "Vessel,IMO,Flag\nFICTION STAR,9074729,Panama\n"),
        ("vb.csv", "Vessel,IMO,Owner\nFICTION STAR,9074729,Fable Ltd\n"),
        ("la.csv", "LEI,Company,Country\n529900T8BM49AURSDO55,Fable A AG,DE\n"),
        ("lc.csv", "Company,LEI,City\nTotally Other SA,529900T8BM49AURSDO55,Berlin\n"),
        ("ra.csv", "Company,Registration number,Country\nFable Trade Ltd,10203040,EE\n"),
        ("rb.csv", "Company,Registration number,Country\nTale GmbH,10203040,DE\n"),
        ("rc.csv", "Company,Registration number,Country\nSaga AS,10203040,EE\n"),
        (
            "numbers.csv",
            "Company,Registration number\nAlpha Ltd,100\nBeta GmbH,100\nGamma SA,100\n",
        ),
    ]);
    let told = |file: &str| {
        let arguments = ["import", "c.redthread", file, "--accept-guess", "--json"];
        let done = redthread(folder.path(), &arguments);
        assert!(done.status.success(), "{file}: {}", text(&done.stderr));
        lines(&done).remove(0)
    };
    let brief = |value: &Value| -> Vec<String> {
        let groups = value.as_array().expect("groups").iter();
        groups
            .map(|group| {
                let examples = group["examples"].as_array().expect("examples").iter();
                let examples: Vec<&str> = examples.filter_map(Value::as_str).collect();
                let word = |key: &str| group[key].as_str().unwrap_or_default().to_owned();
                let (name, reason) = (word("name"), word("reason"));
                format!("{name} | {reason} | {} | {}", group["count"], examples.join(", "))
            })
            .collect()
    };
    let report = told("h12.csv");
    assert_eq!(brief(&report["sameName"]), ["Alba Norden | name | 2 | row 2, row 3"]);
    assert!(brief(&report["likelySame"]).is_empty());
    assert!(brief(&told("pa.csv")["likelySame"]).is_empty());
    let report = told("pb.csv");
    assert_eq!(brief(&report["likelySame"]), ["MARTA Ilves | name | 1 | Marta Ilves"]);
    assert_eq!((report["new"].as_u64(), report["met"].as_u64()), (Some(2), Some(0)));
    let like = |file: &str| brief(&told(file)["likelySame"]);
    assert!(like("va.csv").is_empty() && like("la.csv").is_empty() && like("ra.csv").is_empty());
    let report = told("vb.csv");
    assert!(brief(&report["likelySame"]).is_empty());
    assert_eq!(
        brief(&report["sameAs"]),
        ["FICTION STAR | IMO number IMO9074729 | 1 | FICTION STAR"]
    );
    assert_eq!(like("lc.csv"), ["Totally Other SA | LEI 529900T8BM49AURSDO55 | 1 | Fable A AG"]);
    assert!(like("rb.csv").is_empty(), "a register of another country");
    assert_eq!(like("rc.csv"), ["Saga AS | Registration number 10203040 | 1 | Fable Trade Ltd"]);
    assert_eq!(
        brief(&told("numbers.csv")["unlikeNames"]),
        ["100 | Registration number 100 | 3 | Alpha Ltd, Beta GmbH, Gamma SA"]
    );
    std::fs::write(folder.path().join("pc.csv"), "Name,Phone\nMarta Ilves,+372 5000000\n")
        .expect("space");
    let done = redthread(folder.path(), &["import", "c.redthread", "pc.csv", "--accept-guess"]);
    let said = text(&done.stdout);
    let sentence = "likely the same as one in the case, not merged: Marta Ilves";
    assert!(said.contains(sentence), "{said}");
}

#[test]
fn an_identifier_by_type_under_agreeing_names_holds_across_files() {
    let folder = bench(&[
        ("one.csv", "Company,LEI,City\nFable A AG,529900T8BM49AURSDO55,Berlin\n"),
        ("two.csv", "Name,LEI,Country\nFABLE A AG,529900T8BM49AURSDO55,DE\nTale BV,,NL\n"),
        ("otherwise.csv", "Company,LEI\nSaga Holding SA,529900T8BM49AURSDO55\n"),
    ]);
    let run = |arguments: &[&str]| {
        let done = redthread(folder.path(), arguments);
        assert!(done.status.success(), "{arguments:?}: {}", text(&done.stderr));
        text(&done.stdout)
    };
    let told = |file: &str| -> Value {
        let said = run(&["import", "c.redthread", file, "--accept-guess", "--json"]);
        serde_json::from_str(said.lines().next().expect("a line")).expect("JSON")
    };
    let companies = |more: &[&str]| -> Vec<String> {
        let mut arguments = vec!["export", "c.redthread", "--format", "ftm", "--out", "out.ftm"];
        arguments.extend(more);
        run(&arguments);
        let lines = std::fs::read_to_string(folder.path().join("out.ftm")).expect("lines");
        std::fs::remove_file(folder.path().join("out.ftm")).expect("a file");
        let all = lines.lines().map(|line| serde_json::from_str(line).expect("JSON"));
        let mut names: Vec<String> = all
            .filter(|entity: &Value| !entity["properties"]["name"].is_null())
            .filter(|entity| entity["schema"] == "Company" || entity["schema"] == "Organization")
            .map(|entity| entity["properties"]["name"].to_string())
            .collect();
        names.sort();
        names
    };
    told("one.csv");
    let report = told("two.csv");
    assert_eq!(report["sharedCounts"]["sameAs"], 1, "{report}");
    assert_eq!(report["new"], 2);
    let apart = ["[\"FABLE A AG\"]", "[\"Fable A AG\"]", "[\"Tale BV\"]"];
    assert_eq!(companies(&[]), apart, "what each file says stays said by it");
    let united = companies(&["--same", "all"]);
    assert_eq!(united.len(), 2, "one bearer of the LEI: {united:?}");
    // Read once more, in any order, there is nothing to say.
    for file in ["one.csv", "two.csv"] {
        let again = told(file);
        assert_eq!((&again["new"], &again["sharedCounts"]["sameAs"]), (&0.into(), &0.into()));
        assert_eq!(
            again["sharedCounts"]["likelySame"], 0,
            "the second import reports nothing again: {again}"
        );
        assert_eq!(again["statements"], 0);
    }
    let report = told("otherwise.csv");
    assert_eq!(report["sharedCounts"]["sameAs"], 0, "another name is another company");
    assert_eq!(report["sharedCounts"]["likelySame"], 1, "the report names it");
    assert_eq!(companies(&["--same", "all"]).len(), 3);
    // It belongs to its import.
    run(&["undo", "c.redthread"]);
    run(&["undo", "c.redthread"]);
    assert_eq!(companies(&["--same", "all"]), ["[\"Fable A AG\"]"]);
}

#[test]
fn columns_of_a_further_sheet_are_told_by_what_they_become() {
    let folder = bench(&[]);
    let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tables/graph/network.xlsx");
    std::fs::copy(book, folder.path().join("network.xlsx")).expect("space");
    let args = ["import", "c.redthread", "network.xlsx", "--accept-guess", "--json"];
    let told = lines(&redthread(folder.path(), &args));
    let columns = told[0]["guess"]["columns"].as_array().expect("columns").clone();
    let becomes = |heading: &str| {
        let of = columns.iter().find(|column| column["heading"] == heading).expect(heading);
        of["becomes"].as_str().unwrap_or_default().to_owned()
    };
    for heading in ["From ID", "To ID"] {
        assert!(becomes(heading).contains("by its id"), "{columns:#?}");
    }
}
