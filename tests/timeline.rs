//! The timeline as it leaves: a picture with its frame and sources, and a table.

use std::{path::Path, process::Command};

use redthread::{
    case::{Action, Case, Op, Progress},
    demo::Demo,
};

use crate::{
    exported::{HIDDEN, WITHDRAWN, add, case, redthread},
    need,
    window::{click, press, settle, window, write},
};
use egui::{Key, Modifiers};

fn timeline(folder: &Path, args: &[&str]) -> String {
    let output = redthread(folder, &[&["timeline", "c.redthread"], args].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn demo(folder: &Path) {
    let path = folder.join("c.redthread");
    Demo::Dandong.build(&path, &Progress::new()).expect("builds").close().expect("closes");
}

fn rows(path: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).expect("a file");
    reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
}

#[test]
fn a_timeline_leaves_with_lanes_spans_legend_marking_and_sources_in_each_format() {
    let folder = tempfile::tempdir().expect("a folder");
    demo(folder.path());
    let said = timeline(folder.path(), &["--out", "t.csv"]);
    assert!(said.contains("10 entities and 31 relationships with dates"), "{said}");
    let rows = rows(&folder.path().join("t.csv"));
    let of = |id: &str| rows.iter().find(|row| row[6] == id).expect("a row").clone();
    let listed = of("dandong-listing-2009");
    assert_eq!(listed[3..6], ["2009-08-11", "2009-08-11", "yes"]);
    let open = of("dandong-kkbc-unknownlink-hyoksin");
    assert_eq!((&*open[0], &*open[4], &*open[5]), ("Korea Kwangson Banking Corp", "", "no"));
    assert!(rows[1..].iter().all(|row| row[7] == "DEMO – PUBLIC RECORD"));

    timeline(folder.path(), &["--out", "t.svg"]);
    let svg = std::fs::read_to_string(folder.path().join("t.svg")).expect("written");
    for part in [
        ">Korea Kwangson Banking Corp</text>",
        ">2012</text>",
        ">Payment</text>",
        ">paler: no end known, drawn until today</text>",
        ">KKBC is put on the list [6]</text>",
        ">[6]</text>",
        ">Dandong Hongxiang · Ref. Demo 1</text>",
    ] {
        assert!(svg.contains(part), "{part}");
    }
    assert_eq!(svg.matches(">DEMO – PUBLIC RECORD<").count(), 2);

    timeline(folder.path(), &["--out", "t.pdf", "--page", "a3", "--by", "schema"]);
    if let Some(pdftotext) = need::program("PDFTOTEXT", "pdftotext") {
        let text = Command::new(pdftotext).arg(folder.path().join("t.pdf")).arg("-").output();
        let text = String::from_utf8(text.expect("it runs").stdout).expect("text");
        for part in ["Page 1 of 2", "Page 2 of 2", "Payments", "SHA-256", "As at "] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
    timeline(folder.path(), &["--out", "t.png", "--scale", "1", "--no-sources"]);
    let png = image::open(folder.path().join("t.png")).expect("an image");
    assert!(png.width() > 1200 && png.height() > 600, "{} × {}", png.width(), png.height());
}

#[test]
fn what_is_withdrawn_or_hidden_is_in_no_timeline_and_no_formula_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = case(folder.path());
    let mut opened = Case::open(&path).expect("opens");
    let ops = vec![add("p", "Event", &[("name", "=cmd|' /C calc'!A0"), ("date", "2015-01-01")])];
    opened.commit(Action::new(ops)).expect("added");
    let ops = vec![Op::WithdrawEntity("pays".into())];
    opened.commit(Action::new(ops)).expect("withdrawn");
    opened.close().expect("closes");
    timeline(folder.path(), &["--out", "all.csv"]);
    let all = rows(&folder.path().join("all.csv"));
    assert!(all.iter().all(|row| row[6] != "pays"));
    let event = all.iter().find(|row| row[6] == "p").expect("a row");
    assert!(event[1].starts_with('\''), "{event:?}");
    timeline(folder.path(), &["--out", "chart.svg", "--chart", "Shown"]);
    let svg = std::fs::read_to_string(folder.path().join("chart.svg")).expect("written");
    assert!(svg.contains("Ownership: "), "{svg}");
    let secrets = WITHDRAWN.iter().chain(&HIDDEN);
    for secret in secrets {
        assert!(!svg.contains(secret), "{secret}");
    }
}

#[test]
fn the_panel_writes_what_it_shows() {
    let folder = tempfile::tempdir().expect("a folder");
    demo(folder.path());
    let mut window = window([1280.0, 800.0], Some(folder.path().join("c.redthread")));
    press(&mut window, Modifiers::COMMAND, Key::Num3);
    settle(&mut window);
    click(&mut window, "by schema");
    for (format, name) in [("CSV…", "t.csv"), ("PDF…", "t.pdf")] {
        click(&mut window, "Export the timeline");
        click(&mut window, format);
        let to = folder.path().join(name);
        write(&mut window, "Name of the new file", &to.display().to_string());
        click(&mut window, "Save");
        settle(&mut window);
        assert!(to.exists(), "{name}");
    }
    let rows = rows(&folder.path().join("t.csv"));
    assert!(rows.iter().any(|row| row[0] == "Payments"), "lanes as in the panel");
    assert_eq!(rows.len(), 1 + 41);
}
