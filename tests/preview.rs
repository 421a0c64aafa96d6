//! Documents that are made to harm are shown, or not, without a frame that waits for them.

use std::time::{Duration, Instant};

use egui_kittest::kittest::Queryable as _;
use redthread::{
    app::{command, model::Request},
    case::{Action, Case, EvidenceBytes, NewEvidence, NewValue, Op},
    model::Id,
};

use crate::window::{Window, settle, window};

fn with_document(bytes: Vec<u8>, mime: &str, name: &str) -> (tempfile::TempDir, Window) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("c.redthread");
    let mut case = Case::create(&path).expect("new");
    let attach = Op::Attach(NewEvidence {
        id: Id::new(),
        bytes: EvidenceBytes::Memory(bytes),
        mime: mime.into(),
        file_name: name.into(),
        method: "opened".into(),
        values: vec![NewValue::new("title", name)],
    });
    case.commit(Action::new(vec![attach])).expect("committed");
    case.close().expect("closed");
    let window = window([1200.0, 800.0], Some(path));
    (folder, window)
}

/// Opens the evidence panel and gives the longest time that a frame took until all was still.
fn longest_frame(window: &mut Window) -> Duration {
    window.state_mut().ask(Request::Run(command::VIEW_EVIDENCE));
    let (mut longest, until) = (Duration::ZERO, Instant::now() + Duration::from_mins(1));
    let mut still = 0;
    while still < 20 {
        let started = Instant::now();
        window.run_steps(1);
        longest = longest.max(started.elapsed());
        still = if window.state().is_idle() { still + 1 } else { 0 };
        assert!(Instant::now() < until, "the preview does not end");
        std::thread::sleep(Duration::from_millis(1));
    }
    settle(window);
    longest
}

/// Deep nesting took more than 22 seconds of a frame, or the stack. A busy machine is allowed a lot.
const MUCH: Duration = Duration::from_secs(8);

#[test]
fn three_hundred_thousand_nested_tags_hold_up_nothing() {
    let mut page = String::from("<html><body><p>The beginning</p>");
    page.push_str(&"<div>".repeat(300_000));
    page.push_str("deep");
    let (_folder, mut window) = with_document(page.into_bytes(), "text/html", "deep.html");
    let longest = longest_frame(&mut window);
    assert!(longest < MUCH, "{longest:?}");
    let shown = window.get_by_label("Text of the document");
    assert!(format!("{shown:?}").contains("The beginning"), "{shown:?}");
    assert!(window.query_by_label_contains("Export…").is_some());
}

#[test]
fn an_image_too_large_says_so_and_can_still_be_exported() {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_luma8(20_000, 2_100)
        .write_to(&mut bytes, image::ImageFormat::Png)
        .expect("encodes");
    let (_folder, mut window) = with_document(bytes.into_inner(), "image/png", "large.png");
    let longest = longest_frame(&mut window);
    assert!(longest < MUCH, "{longest:?}");
    assert!(window.query_by_label_contains("20000 × 2100 pixels").is_some());
    for still_there in ["Open", "Export…"] {
        assert!(window.query_all_by_label_contains(still_there).next().is_some(), "{still_there}");
    }
}

#[test]
fn a_long_line_and_a_damaged_image_are_dealt_with() {
    let line = "no space in it ".repeat(4).replace(' ', "").repeat(8_000);
    let (_folder, mut window) = with_document(line.into_bytes(), "text/plain", "line.txt");
    let longest = longest_frame(&mut window);
    assert!(longest < MUCH, "{longest:?}");
    let (_folder, mut window) =
        with_document(b"\x89PNG\r\n\x1a\nxx".to_vec(), "image/png", "d.png");
    longest_frame(&mut window);
    assert!(window.query_by_label_contains("d.png is damaged").is_some());
}
