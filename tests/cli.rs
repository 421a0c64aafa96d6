//! The commands, through the real binary.

use std::{
    path::Path,
    process::{Command, Output},
};

pub fn redthread(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redthread"));
    command.current_dir(folder).args(args).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    command.env("XDG_DATA_HOME", folder).output().expect("the binary runs")
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn refused(output: &Output) -> String {
    assert!(!output.status.success());
    let text = String::from_utf8(output.stderr.clone()).expect("text");
    assert_eq!(text.trim_end().lines().count(), 1, "one sentence: {text}");
    assert!(text.starts_with("redthread: "), "{text}");
    text
}

const TWO: &str = r#"{"id":"a","schema":"Company","properties":{"name":["A"]}}
{"id":"b","schema":"Company","properties":{"name":["B"]}}
"#;

#[test]
fn a_case_is_made_filled_told_about_undone_and_verified() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    std::fs::write(at.join("two.ftm.ndjson"), TWO).expect("space");
    said(&redthread(at, &["new", "c.redthread"]));
    assert!(
        said(&redthread(at, &["import", "c.redthread", "two.ftm.ndjson"])).contains("2 entities")
    );
    assert!(
        said(&redthread(at, &["import", "c.redthread", "two.ftm.ndjson"])).contains("nothing new")
    );
    let info: serde_json::Value =
        serde_json::from_str(&said(&redthread(at, &["info", "c.redthread", "--json"])))
            .expect("JSON");
    assert_eq!(info["schemata"]["Company"], 2);
    // Four about the two, and six about the file, which is evidence.
    assert_eq!(info["schemata"]["Document"], 1);
    assert_eq!(info["statements"]["live"], 10);
    assert_eq!(info["revisions"], 1);
    said(&redthread(at, &["export", "c.redthread", "--format", "ftm", "--out", "out.ndjson"]));
    let written = std::fs::read_to_string(at.join("out.ndjson")).expect("written");
    let rest = written.strip_suffix(TWO).expect("the two as they came in, after the file itself");
    assert!(rest.lines().count() == 1 && rest.contains("two.ftm.ndjson"), "{rest}");
    assert!(said(&redthread(at, &["undo", "c.redthread"])).contains("Undo: Import two.ftm.ndjson"));
    assert!(said(&redthread(at, &["log", "c.redthread"])).contains("(undone)"));
    assert!(said(&redthread(at, &["verify", "c.redthread"])).contains("2 revisions"));
    assert!(said(&redthread(at, &["undo", "c.redthread"])).contains("nothing to undo"));
}

#[test]
fn what_goes_wrong_is_one_sentence_that_names_file_and_remedy() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    said(&redthread(at, &["new", "c.redthread"]));
    assert!(refused(&redthread(at, &["new", "c.redthread"])).contains("choose another name"));
    assert!(refused(&redthread(at, &["info", "missing.redthread"])).contains("missing.redthread"));
    std::fs::write(at.join("bad.ndjson"), "{\"id\":").expect("space");
    assert!(refused(&redthread(at, &["import", "c.redthread", "bad.ndjson"])).contains("line 1"));
    assert!(refused(&redthread(at, &["import", "c.redthread", "x.docx"])).contains("x.docx"));
    std::fs::write(at.join("x.docx"), b"\x7fELF\0\0\x01\x02").expect("space");
    let unknown = refused(&redthread(at, &["import", "c.redthread", "x.docx"]));
    assert!(unknown.contains("of no format") && unknown.contains("ftm, "), "{unknown}");
    assert!(
        refused(&redthread(at, &["render", "c.redthread", "--out", "x.svg"])).contains("no chart")
    );
    assert!(refused(&redthread(at, &["render", "c.redthread", "--out", "x.bmp"])).contains(".png"));
    assert_eq!(redthread(at, &["nonsense", "x"]).status.code(), Some(2));
}

#[test]
fn a_case_that_has_no_chart_is_drawn_whole_and_laid_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let entity = |id: &str, name: &str| {
        format!(r#"{{"id":"{id}","schema":"Company","properties":{{"name":["{name}"]}}}}"#)
    };
    let names = ["FICTIONAL – TRAINING Acme", "بنك دبي", "丹东鸿祥"];
    let mut lines: Vec<String> =
        names.iter().enumerate().map(|(n, name)| entity(&format!("e{n}"), name)).collect();
    lines.push(
        r#"{"id":"o","schema":"Ownership","properties":{"owner":["e0"],"asset":["e1"]}}"#.into(),
    );
    std::fs::write(at.join("c.ftm.json"), lines.join("\n")).expect("space");
    said(&redthread(at, &["new", "c.redthread"]));
    let empty = said(&redthread(at, &["render", "c.redthread", "--all", "--out", "empty.svg"]));
    assert!(empty.contains("0 entities"), "{empty}");
    said(&redthread(at, &["import", "c.redthread", "c.ftm.json"]));
    let told = said(&redthread(at, &["render", "c.redthread", "--all", "--out", "c.svg"]));
    assert!(told.contains("3 entities and 1 relationship"), "{told}");
    let svg = std::fs::read_to_string(at.join("c.svg")).expect("written");
    for name in names {
        assert!(svg.contains(name.split(' ').next_back().expect("a word")), "{name}: {svg}");
    }
    said(&redthread(at, &["render", "c.redthread", "--all", "--out", "c.pdf"]));
    assert!(std::fs::read(at.join("c.pdf")).expect("written").starts_with(b"%PDF"));
    said(&redthread(at, &["render", "c.redthread", "--all", "--out", "c.png"]));
    let both = redthread(at, &["render", "c.redthread", "--all", "--chart", "X", "--out", "d.svg"]);
    assert_eq!(both.status.code(), Some(2));
}

#[test]
fn a_range_of_shares_is_drawn_as_one() {
    let folder = tempfile::tempdir().expect("space");
    let at = folder.path();
    let rows = "Owner,Asset,Share\nFICTIONAL – TRAINING Norden Ltd,Vance Ltd,25–50 %\n\
                Mirage SA,Vance Ltd,50 %\n";
    std::fs::write(at.join("owners.csv"), rows).expect("space");
    said(&redthread(at, &["new", "c.redthread"]));
    said(&redthread(at, &["import", "c.redthread", "owners.csv"]));
    said(&redthread(at, &["render", "c.redthread", "--all", "--out", "c.svg"]));
    let svg = std::fs::read_to_string(at.join("c.svg")).expect("written");
    assert!(svg.contains("25–50 %"), "{svg}");
    assert!(svg.contains(">50 %"), "{svg}");
}

#[test]
fn the_demo_cases_are_built_drawn_and_hold() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    for (name, chart) in [("dandong", "ZTE"), ("lantern", "Money")] {
        let file = format!("{name}.redthread");
        said(&redthread(at, &["demo", name, "--out", &file, "--no-window"]));
        said(&redthread(at, &["verify", &file]));
        let svg = format!("{name}.svg");
        said(&redthread(at, &["render", &file, "--chart", chart, "--out", &svg]));
        let svg = std::fs::read_to_string(at.join(svg)).expect("written");
        assert!(svg.contains(if name == "lantern" {
            "FICTIONAL – TRAINING"
        } else {
            "892,360,064"
        }));
        let png = format!("{name}.png");
        said(&redthread(at, &["render", &file, "--out", &png, "--dark", "--scale", "0.5"]));
        assert!(image::open(at.join(png)).expect("an image").width() > 400);
    }
    let missing =
        refused(&redthread(at, &["render", "dandong.redthread", "--chart", "X", "--out", "x.svg"]));
    assert!(missing.contains("Overview"), "it names the charts that there are: {missing}");
}

/// The answer of a question as JSON.
fn ask(at: &Path, arguments: &[&str]) -> serde_json::Value {
    let all: Vec<&str> = ["ask", "c.redthread"].iter().chain(arguments).copied().collect();
    let all: Vec<&str> = all.into_iter().chain(["--json"]).collect();
    serde_json::from_str(&said(&redthread(at, &all))).expect("JSON")
}

#[test]
fn findings_name_the_statements_and_documents_that_they_rest_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    said(&redthread(at, &["demo", "lantern", "--out", "c.redthread", "--no-window"]));
    let before = std::fs::read(at.join("c.redthread")).expect("readable");
    let answer = ask(at, &["blocked"]);
    let findings = answer["findings"].as_array().expect("a list");
    let of = |verdict: &str| findings.iter().filter(|f| f["verdict"] == verdict).count();
    assert_eq!((of("blocked"), of("blocked if")), (5, 2), "{findings:#?}");
    let jade =
        findings.iter().find(|f| f["about"][0].as_str().is_some_and(|id| id.ends_with("jade")));
    let jade = jade.expect("Jade Harbour is owned by the listed house");
    assert!(jade["words"].as_str().expect("words").contains("Lantern Trading House"), "{jade}");
    assert_eq!(jade["strength"], "confirmed");
    let grounds = jade["rests_on"].as_array().expect("a list");
    let share = grounds.iter().find(|g| g["property"] == "percentage").expect("its share");
    assert_eq!((&share["value"], &share["strength"]), (&"60".into(), &"confirmed".into()));
    assert!(share["evidence"].is_string() && share["supports"] == true, "{share}");
    // The name of a statement is the id of its revision and its place in it.
    let (revision, nth) =
        share["statement"].as_str().and_then(|n| n.split_once(':')).expect("a name");
    assert!(said(&redthread(at, &["log", "c.redthread", "--json"])).contains(revision));
    assert!(nth.parse::<u32>().is_ok());

    // Without its source the same is known less well, and nothing is written.
    let source = ["blocked", "--without", "Company registers (invented)"];
    let pulled = ask(at, &source);
    let findings = pulled["findings"].as_array().expect("a list");
    let weaker = findings.iter().find(|f| f["about"] == jade["about"]).expect("still blocked");
    assert_eq!(
        (&weaker["verdict"], &weaker["strength"]),
        (&"blocked".into(), &"unconfirmed".into())
    );
    assert_eq!(std::fs::read(at.join("c.redthread")).expect("readable"), before);

    // Before the listing nobody was blocked by it.
    let early = ask(at, &["blocked", "--on", "1999"]);
    assert!(
        early["findings"].as_array().expect("a list").len()
            <= answer["findings"].as_array().expect("a list").len()
    );

    let paths = ask(at, &["paths", "Lantern Trading House", "Evening Lark", "--hops", "3"]);
    let first = &paths["findings"][0];
    assert_eq!(first["verdict"], "connected");
    let about: Vec<&str> =
        first["about"].as_array().expect("members").iter().filter_map(|id| id.as_str()).collect();
    assert_eq!(about, ["lantern-house", "lantern-northpier", "lantern-lark"]);
    assert!(first["words"].as_str().is_some_and(|words| words.contains("denied")), "{first}");
    assert!(!first["rests_on"].as_array().expect("a list").is_empty());

    for (arguments, why) in [
        (["ask", "c.redthread", "paths", "Lantern Trading House"].as_slice(), "2 entities"),
        (&["ask", "c.redthread", "paths", "Nobody", "Evening Lark"], "“Nobody”"),
        (
            &["ask", "c.redthread", "blocked", "Evening Lark", "Nobody"],
            "the whole case or of one entity",
        ),
        (&["ask", "c.redthread", "blocked", "--on", "soon"], "is not a date"),
        (&["ask", "c.redthread", "blocked", "--without", "x"], "neither"),
    ] {
        let refusal = refused(&redthread(at, arguments));
        assert!(refusal.contains(why), "{refusal}");
    }
    assert_eq!(redthread(at, &["ask", "c.redthread", "why"]).status.code(), Some(2));
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_display_it_says_how_to_see_the_chart_all_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let text = refused(&redthread(at, &["demo", "--out", "d.redthread"]));
    assert!(text.contains("no display"), "{text}");
    let command = text.split('`').nth(1).expect("a command between backticks");
    assert_eq!(command, "redthread render \"d.redthread\" --chart \"Overview\" --out chart.svg");
    said(&redthread(at, &["render", "d.redthread", "--chart", "Overview", "--out", "chart.svg"]));
}

#[test]
fn help_shows_examples() {
    let folder = tempfile::tempdir().expect("a folder");
    for command in ["demo", "new", "info", "import", "export", "render", "verify", "log", "undo"] {
        let help = said(&redthread(folder.path(), &[command, "--help"]));
        assert!(
            help.contains("Example") && help.contains(&format!("redthread {command}")),
            "{help}"
        );
    }
}

#[test]
fn a_graph_in_two_files_is_laid_out_and_measured() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    std::fs::write(at.join("n.csv"), "name,id\n\"A, Ltd\",a\nB,b\nC,c\nD,d\n").expect("space");
    std::fs::write(at.join("e.csv"), "src,dst,type\na,b,owns\nb,c,owns\nb,b,owns\na,b,owns\n")
        .expect("space");
    let files = ["--nodes", "n.csv", "--edges", "e.csv", "--json"];
    for way in ["fast", "fine", "layered", "radial", "circle", "grid"] {
        let out = format!("{way}.csv");
        let mut args = vec!["layout", "--algorithm", way, "--out", &out];
        args.extend(files);
        let told: serde_json::Value =
            serde_json::from_str(&said(&redthread(at, &args))).expect("JSON");
        assert_eq!((told["nodes"].as_u64(), told["edges"].as_u64()), (Some(4), Some(2)), "{told}");
        let places = std::fs::read_to_string(at.join(&out)).expect("written");
        assert_eq!(places.lines().count(), 5, "{places}");
        refused(&redthread(at, &args));
    }
    for (op, check) in [
        ("betweenness", 1.0),
        ("components", 2.0),
        ("bridges", 2.0),
        ("kcore", 1.0),
        ("degree", 2.0),
    ] {
        let mut args = vec!["measure", "--op", op];
        args.extend(files);
        let told: serde_json::Value =
            serde_json::from_str(&said(&redthread(at, &args))).expect("JSON");
        assert_eq!(told["check"].as_f64(), Some(check), "{told}");
    }
    let ways = |op: &str, ends: &[&str]| {
        let mut args = vec!["measure", "--op", op];
        args.extend(files);
        args.extend(ends);
        redthread(at, &args)
    };
    let told: serde_json::Value =
        serde_json::from_str(&said(&ways("path", &["--from", "a", "--to", "c"]))).expect("JSON");
    assert_eq!(told["ways"][0]["way"], serde_json::json!(["a", "b", "c"]), "{told}");
    std::fs::write(at.join("pairs.csv"), "from,to\na,c\na,d\n").expect("space");
    std::fs::write(at.join("pairs.json"), r#"[["a", "c"], ["a", "d"]]"#).expect("space");
    for pairs in ["pairs.csv", "pairs.json"] {
        let answer = said(&ways("paths", &["--pairs", pairs, "--hops", "2"]));
        let told: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
        assert_eq!((told["check"].as_u64(), told["pairs"].as_u64()), (Some(1), Some(2)), "{told}");
        assert_eq!(told["ways"][0]["ways"], serde_json::json!([["a", "b", "c"]]), "{told}");
    }
    assert!(refused(&ways("path", &["--from", "a", "--to", "zz"])).contains("the id “zz”"));
    assert!(refused(&ways("paths", &[])).contains("--from and --to"));
    std::fs::write(at.join("e.csv"), "src,dst\na,zz\n").expect("space");
    let mut args = vec!["measure", "--op", "degree"];
    args.extend(files);
    assert!(refused(&redthread(at, &args)).contains("line 2: there is no member with the id “zz”"));
}

#[test]
fn a_search_is_answered_for_people_and_for_programs() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let two = TWO.replace("[\"A\"]", "[\"Fictional Harbour\",\"虚构海港\"]");
    std::fs::write(at.join("two.ftm.ndjson"), two).expect("space");
    said(&redthread(at, &["new", "c.redthread"]));
    said(&redthread(at, &["import", "c.redthread", "two.ftm.ndjson"]));
    let find = |query: &str| -> serde_json::Value {
        let answer = said(&redthread(at, &["find", "c.redthread", query, "--json"]));
        serde_json::from_str(&answer).expect("JSON")
    };
    let found = find("xugou schema:company colour:red");
    assert!(found["notUnderstood"][0].as_str().is_some_and(|told| told.contains("colour")));
    let found = find("xugou schema:company");
    assert_eq!((&found["total"], &found["totalIsExact"]), (&1.into(), &true.into()));
    let reason = &found["hits"][0]["reasons"][0];
    assert_eq!(reason["value"], "虚构海港");
    assert_eq!(reason["ranges"], serde_json::json!([[0, 2]]));
    assert_eq!(reason["how"], "transliterated");
    let found = find("habrour");
    assert_eq!(found["hits"][0]["reasons"][0]["distance"], 1);
    let told = said(&redthread(at, &["find", "c.redthread", "harbour"]));
    assert!(told.contains("Fictional Harbour") && told.contains("1 found"), "{told}");
    assert!(
        said(&redthread(at, &["find", "c.redthread", "\"; DROP"])).contains("Nothing was found")
    );
}
