//! What is around a picture that leaves: head, marking, sources, pages; through the real binary.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use redthread::{
    case::{Case, Progress},
    demo::Demo,
    report,
};

use crate::{
    exported::redthread,
    need,
    window::{click, press, window},
};

const MARKING: &str = "DEMO – PUBLIC RECORD";

fn demo(folder: &Path) -> Case {
    Demo::Dandong.build(&folder.join("c.redthread"), &Progress::new()).expect("builds")
}

/// The text of each page of a PDF, as a reader finds it.
fn pages(folder: &Path, name: &str) -> Option<Vec<String>> {
    let pdftotext = need::program("PDFTOTEXT", "pdftotext")?;
    let output =
        Command::new(pdftotext).current_dir(folder).args([name, "-"]).output().expect("it runs");
    let text = String::from_utf8(output.stdout).expect("text");
    Some(text.trim_end_matches('\u{c}').split('\u{c}').map(str::to_owned).collect())
}

fn render(folder: &Path, args: &[&str]) {
    let output = redthread(folder, &[&["render", "c.redthread"], args].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The numbers in brackets of a text: `[1–3, 5]` is 1, 2, 3, 5.
fn numbers(text: &str) -> BTreeSet<usize> {
    let inside = text.split('[').skip(1).filter_map(|rest| rest.split_once(']'));
    inside
        .flat_map(|(inside, _)| inside.split(", "))
        .flat_map(|part| {
            let (from, to) = part.split_once('–').unwrap_or((part, part));
            let parse = |n: &str| n.trim().parse::<usize>().expect("a number");
            parse(from)..=parse(to)
        })
        .collect()
}

#[test]
fn a_chart_names_its_case_its_day_and_the_document_behind_each_number() {
    let folder = tempfile::tempdir().expect("a folder");
    let case = demo(folder.path());
    let documents = case.evidence().expect("readable");
    case.close().expect("closes");
    render(folder.path(), &["--out", "c.pdf"]);
    let Some(pages) = pages(folder.path(), "c.pdf") else { return };
    let [chart, list] = &pages[..] else { panic!("{} pages", pages.len()) };
    let today = report::frame("", &BTreeMap::new(), Path::new("c"), "").as_at;
    for page in [chart, list] {
        for part in ["Dandong Hongxiang · Ref. Demo 1", "by Demo case", "case digest ", &today] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert_eq!(page.matches(MARKING).count(), 2, "top and bottom: {page}");
    }
    assert!(chart.contains("Page 1 of 2") && list.contains("Page 2 of 2"), "{list}");
    assert!(chart.contains("confirmed"), "the legend: {chart}");
    // Every number on the chart is in the list, with the document's own digest and grade.
    let used = numbers(chart);
    assert!(used.len() > 4, "{used:?}");
    assert_eq!(used, numbers(list), "{list}");
    let listed: Vec<_> =
        documents.iter().filter(|document| list.contains(&document.sha256)).collect();
    assert_eq!(listed.len(), used.len(), "{list}");
    for (document, n) in listed.iter().zip(&used) {
        let entry = list.split(&format!("[{n}]")).nth(1).expect("an entry");
        assert!(entry.trim_start().starts_with(&document.caption), "{n}: {entry}");
    }
    assert!(list.contains("graded A1") && list.contains("completely reliable"), "{list}");

    // Formats of one page have the list on it.
    render(folder.path(), &["--out", "c.svg"]);
    let svg = std::fs::read_to_string(folder.path().join("c.svg")).expect("written");
    assert!(listed.iter().all(|document| svg.contains(&document.sha256)));
    assert_eq!(svg.matches(&format!(">{MARKING}<")).count(), 2);
}

#[test]
fn legend_sources_and_key_can_be_left_out_and_the_marking_cannot() {
    let folder = tempfile::tempdir().expect("a folder");
    demo(folder.path()).close().expect("closes");
    render(folder.path(), &["--out", "bare.pdf", "--no-legend", "--no-sources"]);
    render(folder.path(), &["--out", "keyless.pdf", "--no-grade-key"]);
    let Some(bare) = pages(folder.path(), "bare.pdf") else { return };
    assert_eq!(bare.len(), 1);
    assert!(numbers(&bare[0]).is_empty() && !bare[0].contains("unconfirmed"), "{}", bare[0]);
    assert_eq!(bare[0].matches(MARKING).count(), 2);
    let keyless = pages(folder.path(), "keyless.pdf").expect("asked before");
    assert!(keyless[1].contains("SHA-256") && !keyless[1].contains("completely reliable"));
}

#[test]
fn a_poster_has_a_plan_every_card_a_marking_on_each_page_and_their_numbers() {
    let folder = tempfile::tempdir().expect("a folder");
    // It is larger than one sheet of A4, and a little larger than one of A3.
    let marking = "FICTIONAL – TRAINING";
    let path = folder.path().join("c.redthread");
    let case = Demo::Lantern.build(&path, &Progress::new()).expect("builds");
    let chart = case.charts().expect("readable").swap_remove(0);
    let placed = case.placements(&chart.id).expect("readable");
    let names: Vec<String> = placed
        .iter()
        .filter_map(|placement| case.caption(&placement.entity).expect("readable"))
        .collect();
    // Each page can be traced to the case by itself.
    let digest = format!("case digest {}", &case.digest().expect("readable")[..16]);
    case.close().expect("closes");
    let mut counts = Vec::new();
    for paper in ["a4", "a3"] {
        let out = format!("{paper}.pdf");
        render(folder.path(), &["--poster", paper, "--out", &out]);
        let Some(pages) = pages(folder.path(), &out) else { return };
        for (n, page) in pages.iter().enumerate() {
            let folio = format!("Page {} of {}", n + 1, pages.len());
            assert!(page.contains(&folio) && page.matches(marking).count() >= 2, "{page}");
            assert!(page.contains(&digest), "{page}");
        }
        let plans = pages.iter().filter(|page| page.contains("Plan: ")).count();
        assert_eq!(plans, usize::from(paper == "a4"), "{paper}");
        assert!(pages[plans].contains("Row 1, column 1"), "{}", pages[plans]);
        let tiles = pages[plans..pages.len() - 1].join(" ");
        for word in names.iter().filter_map(|name| name.split(' ').next()) {
            assert!(tiles.contains(word), "{word}");
        }
        counts.push(pages.len());
    }
    assert!(counts[0] > counts[1], "{counts:?}");
    let refused =
        redthread(folder.path(), &["render", "c.redthread", "--poster", "a4", "--out", "p.png"]);
    let why = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && why.contains("must end in .pdf"), "{why}");
}

#[test]
fn the_dialog_shows_the_page_grid_and_leaves_out_what_is_unticked() {
    let folder = tempfile::tempdir().expect("a folder");
    demo(folder.path()).close().expect("closes");
    let mut window = window([1024.0, 640.0], Some(folder.path().join("c.redthread")));
    press(&mut window, Modifiers::COMMAND, Key::E);
    click(&mut window, "Paper");
    click(&mut window, "Poster of A4 pages");
    assert!(window.query_by_label_contains("Page grid: 2 pages of paper").is_some());
    click(&mut window, "Numbered sources");
    let key = window.get_by_label("Grade key");
    assert!(egui_kittest::kittest::NodeT::accesskit_node(&key).is_disabled());
}
