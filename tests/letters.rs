//! Every letter of every name: on the screen, and in each picture that leaves.

use std::{collections::BTreeSet, path::Path, process::Command};

use egui::{Color32, FontId, Key, Modifiers};
use image::RgbImage;
use proptest::prelude::*;
use redthread::{
    app::theme,
    case::{Action, Case, Op, Progress},
    chart::{
        Frame, Input, Mode, Node, Overlay, Picture, Point, Rect, Style,
        font::{
            self, Run, Weight,
            bidi::{self, Direction},
            shape, shape_line,
        },
        picture::{CAPTION, PAD, TILE, picture},
    },
    model::{Chart, Period, Placement, fold},
    network::Seen,
    report::{
        Exhibit, Furniture, Photos, pdf, png, sheet::Paper, sheet::Sheet, sources::Sources, svg,
    },
};

use crate::{
    exported::{add, export, redthread},
    need,
    window::{click, press, settle, window, write},
};

/// Names in the ten scripts that are bundled, some of them with rare letters.
const NAMES: [&str; 18] = [
    "王喆",
    "龑运国际",
    "뷁",
    "𠮷野家",
    "김정은",
    "Ελλάδα",
    "Київ",
    "Đặng Thị Ngọc",
    "㐱䶮",
    "شركة دبي للتجارة",
    "پتروشیمی گچساران ۱۲",
    "ٹیکسٹائل کوردستان",
    "בנק לאומי (ישראל) בעמ",
    "Bank בנק Leumi",
    "กรุงเทพ",
    "दिल्ली क्षत्रिय",
    "Ҡазан Ҳайём",
    "Ɓàbá Əliyev ʔil",
];

/// Letters of scripts that no bundled font has: drawn by a font of the system, or as boxes.
const ELSEWHERE: [&str; 4] = ["မြန်မာ", "አዲስ", "ភ្នំពេញ", "বাংলা"];

/// Dots for an inch, and pixels for a point.
const DPI: f32 = 300.0;
const SCALE: f32 = DPI / 72.0;

pub(crate) fn drawn(names: &[String]) -> Picture {
    let mut case = Case::in_memory().expect("memory suffices");
    let id = |n: usize| format!("e{n}");
    let ops: Vec<Op> = names
        .iter()
        .enumerate()
        .map(|(n, name)| add(&id(n), "Company", &[("name", name.as_str())]))
        .collect();
    case.commit(Action::new(ops)).expect("valid");
    let network = Seen::new(case.entities().expect("readable"));
    let placement = |n: usize| Placement {
        entity: id(n).as_str().into(),
        x: (n % 3) as f32 * 230.0,
        y: (n / 3) as f32 * 84.0,
        pinned: false,
    };
    let placements: Vec<Placement> = (0..names.len()).map(placement).collect();
    picture(&Input {
        seen: &network,
        chart: &Chart::new("C", 1.0),
        placements: &placements,
        selection: &BTreeSet::new(),
        period: &Period::default(),
        overlay: &Overlay::default(),
        style: &Style::of(Mode::Light),
        follows: false,
    })
}

/// Where each letter of the first line of a card lies, in pixels of the whole image.
fn cells(picture: &Picture, node: &Node) -> Vec<Rect> {
    let sheet = exhibited(picture, Sheet::around);
    let direction = Direction::of(&node.name);
    let text = &node.caption[0];
    let shaped = shape_line(text, Weight::SemiBold, direction);
    let left = match direction {
        Direction::LeftToRight => node.rect().min.x + 2.0 * PAD + TILE,
        Direction::RightToLeft => node.rect().max.x - PAD - shaped.width * CAPTION,
    };
    let left = left + sheet.area.min.x - sheet.window.min.x;
    let top = node.at.y + node.text_tops().0 + sheet.area.min.y - sheet.window.min.y;
    let baseline = top + 12.5;
    let mut cells = Vec::new();
    let mut cell = |x: f32, width: f32| {
        let at = |x: f32, y: f32| Point::new(x * SCALE, y * SCALE);
        cells.push(Rect {
            min: at(left + x * CAPTION, baseline - CAPTION),
            max: at(left + (x + width) * CAPTION, baseline + 0.25 * CAPTION),
        });
    };
    for run in &shaped.runs {
        match run {
            Run::Missing { x, .. } => cell(*x, 1.0),
            Run::Glyphs { glyphs, x, .. } => {
                let mut x = *x;
                for glyph in glyphs {
                    if glyph.advance > 0.0 && !text[glyph.range.clone()].trim().is_empty() {
                        cell(x, glyph.advance);
                    }
                    x += glyph.advance;
                }
            }
        }
    }
    cells
}

/// How much ink is in a part of an image: pixels that are darker than a card.
fn ink(image: &RgbImage, cell: Rect) -> usize {
    let range = |from: f32, to: f32| from.floor().max(0.0) as u32..to.ceil().max(0.0) as u32;
    let rows = range(cell.min.y, cell.max.y);
    let dark = |x, y| image.get_pixel_checked(x, y).is_some_and(|p| p.0[1] < 170);
    rows.map(|y| range(cell.min.x, cell.max.x).filter(|x| dark(*x, y)).count()).sum()
}

/// Whether each letter of a text belongs to a glyph or box.
fn is_covered(text: &str) -> bool {
    let runs = shape(text, Weight::SemiBold).runs;
    let ranges: Vec<_> = runs.iter().map(Run::range).collect();
    text.char_indices().all(|(at, _)| ranges.iter().any(|range| range.contains(&at)))
}

fn inked(image: &RgbImage, picture: &Picture) -> Result<(), String> {
    for node in &picture.nodes {
        if !is_covered(&node.caption[0]) {
            return Err(format!("letters of {} are left out", node.name));
        }
        let cells = cells(picture, node);
        for (n, cell) in cells.iter().enumerate() {
            let ink = ink(image, *cell);
            if ink < 6 {
                return Err(format!("letter {n} of {} has {ink} pixels of ink", node.name));
            }
        }
    }
    Ok(())
}

fn frame() -> Frame {
    Frame { title: "Names".into(), ..Frame::default() }
}

/// Does something with a picture in its frame.
fn exhibited<T>(picture: &Picture, with: impl FnOnce(&Exhibit<'_>) -> T) -> T {
    with(&Exhibit {
        picture,
        frame: &frame(),
        style: &Style::of(Mode::Light),
        sources: &Sources::default(),
        photos: &Photos::new(),
        furniture: Furniture::default(),
    })
}

fn png_of(picture: &Picture) -> RgbImage {
    let png = exhibited(picture, |exhibit| png::render(exhibit, SCALE, &Progress::new()));
    image::load_from_memory(&png.expect("drawn")).expect("a PNG").to_rgb8()
}

/// The text of a PDF and its page as an image; `None` where poppler is not installed.
fn pdf_of(picture: &Picture, folder: &Path) -> Option<(String, RgbImage)> {
    let pdf = |exhibit: &Exhibit<'_>| pdf::render(exhibit, Paper::Fit, &Progress::new());
    let pdf = exhibited(picture, pdf).expect("drawn");
    let path = folder.join("names.pdf");
    std::fs::write(&path, pdf).expect("space");
    let pdftotext = need::program("PDFTOTEXT", "pdftotext")?;
    let text = Command::new(pdftotext).arg(&path).arg("-").output().expect("it runs");
    let image = folder.join("names");
    let done = Command::new("pdftoppm")
        .args(["-png", "-r", &DPI.to_string(), "-singlefile"])
        .args([&path, &image])
        .output()
        .expect("pdftoppm comes with pdftotext");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let image = image::open(folder.join("names.png")).expect("an image").to_rgb8();
    Some((String::from_utf8(text.stdout).expect("text"), image))
}

/// The texts of an SVG, as a reader of XML finds them.
fn texts_of(svg: &str) -> Vec<String> {
    use quick_xml::{Reader, events::Event};
    let mut reader = Reader::from_str(svg);
    let mut texts = Vec::new();
    let mut inside = false;
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(tag) if tag.name().as_ref() == "text" => {
                inside = true;
                texts.push(String::new());
            }
            Event::End(tag) if tag.name().as_ref() == "text" => inside = false,
            Event::Text(text) if inside => {
                let last = texts.last_mut().expect("a text has begun");
                last.push_str(&text.xml10_content());
            }
            Event::Eof => return texts,
            _ => {}
        }
    }
}

/// Writes the names in every format and reads them again.
pub(crate) fn goes_through(names: &[String]) -> Result<(), String> {
    let picture = drawn(names);
    let texts = texts_of(&exhibited(&picture, svg::write));
    let lines: Vec<&String> = picture.nodes.iter().flat_map(|node| &node.caption).collect();
    if let Some(lost) = lines.iter().find(|line| !texts.contains(line)) {
        return Err(format!("{lost} is not in the SVG: {texts:?}"));
    }
    inked(&png_of(&picture), &picture).map_err(|why| format!("PNG: {why}"))?;
    let folder = tempfile::tempdir().expect("a folder");
    let Some((text, image)) = pdf_of(&picture, folder.path()) else { return Ok(()) };
    inked(&image, &picture).map_err(|why| format!("PDF: {why}"))?;
    // The reader says with marks of its own what runs from the right.
    let text: String = text.chars().filter(|c| !('\u{202a}'..='\u{202e}').contains(c)).collect();
    match lines.iter().find(|line| !is_read(line, &text)) {
        Some(lost) => Err(format!("{lost} is not in the PDF: {text}")),
        None => Ok(()),
    }
}

/// Whether a line is in what a reader of PDF found. Where a line that has letters from the right also
/// has others, digits or points, this reader puts its parts in an order of its own; each must be
/// there.
fn is_read(line: &str, found: &str) -> bool {
    let is_plain = |c: char| c == ' ' || bidi::runs_from_the_right(c) && !c.is_numeric();
    if bidi::is_left_to_right(line) || line.chars().all(is_plain) {
        return found.contains(line);
    }
    let is_part = |c: char| c.is_alphanumeric() || font::is_ignorable(c);
    line.split(|c| !is_part(c)).all(|part| found.contains(part))
}

/// A case in a file, with these names on a chart.
fn charted(folder: &Path, names: &[String]) {
    let mut case = Case::create(&folder.join("c.redthread")).expect("a new case");
    let mut ops = Vec::new();
    let mut placements = Vec::new();
    for (n, name) in names.iter().enumerate() {
        let id = format!("e{n}");
        ops.push(add(&id, "Company", &[("name", name.as_str())]));
        let x = n as f32 * 300.0;
        placements.push(Placement { entity: id.as_str().into(), x, y: 0.0, pinned: false });
    }
    let chart = Chart::new("C", 1.0);
    let place = Op::Place { chart: chart.id.clone(), placements };
    case.commit(Action::new(ops)).expect("valid");
    case.commit(Action::new(vec![Op::PutChart(chart), place])).expect("valid");
    case.close().expect("closes");
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn names_whose_letters_are_rare_are_whole_in_every_format() {
    goes_through(&owned(&NAMES)).expect("whole");
    for name in NAMES {
        assert!(font::missing::not_whole([name]).is_empty(), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, failure_persistence: None, ..Default::default() })]

    #[test]
    fn random_names_are_whole_in_every_format(
        names in proptest::collection::vec(
            prop_oneof![
                "[\u{4e00}-\u{9fef}\u{3400}-\u{4db5}]{1,8}",
                "[\u{ac00}-\u{d7a3}]{1,8}",
                "[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞŁŃŐŘŚŞŠŢŤŮŰŹŻẠẦẾ][a-zà-öø-ÿāăąćčďđēęěğłńőřśşšţťůűźżạầế]{1,8}",
                "[\u{4e00}-\u{9fef}]{1,3}[A-Z][a-z]{1,4}[\u{ac00}-\u{d7a3}]{1,2}",
                "[Α-Ω][α-ω]{1,8}",
                "[А-Я][а-яїґёәңөұҷқҳ]{1,8}",
                "[ァ-ヺ]{1,8}",
                "[ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأإةىپچژگکی]{2,7}( [ابتجحدرسعلمنهوي]{2,6}){0,2}",
                "[א-ת]{2,7}( [א-ת]{2,7}){0,2}",
                "([ก-ฮ][ะาิีึืุู]?[่้]?){1,6}",
                "([क-ह](्[क-ह])?[ािीुूेैोौ]?){1,5}",
                "[A-Z][a-z]{1,5} [א-ת]{2,5} [א-ת]{2,5}",
            ],
            12,
        ),
    ) {
        let result = goes_through(&names);
        prop_assert!(result.is_ok(), "{:?}", result);
    }
}

#[test]
fn what_no_font_has_is_a_box_in_every_format_and_is_counted() {
    let names = owned(&["王\u{e000}明", "\u{378}", "Ab\u{10fffd}c"]);
    goes_through(&names).expect("boxes have ink, and the letters can be read again");
    let picture = drawn(&names);
    let svg = exhibited(&picture, svg::write);
    assert_eq!(svg.matches("fill=\"none\">").count(), 3, "their own signs are not seen");

    let folder = tempfile::tempdir().expect("a folder");
    charted(folder.path(), &[&["王喆".to_owned()], &names[..]].concat());
    for format in ["svg", "png", "pdf"] {
        let told = export(folder.path(), format, &format!("c.{format}"), &[]);
        let note = told["notes"][0].as_str().unwrap_or_default().to_owned();
        assert!(note.starts_with("3 names are not drawn whole"), "{format}: {told}");
        for part in ["“王\u{e000}明” (U+E000)", "“\u{378}” (U+0378)", "(U+10FFFD)"] {
            assert!(note.contains(part), "{format}: {note}");
        }
    }
    let drawn = redthread(folder.path(), &["render", "c.redthread", "--out", "r.png"]);
    assert!(String::from_utf8_lossy(&drawn.stdout).contains("3 names are not drawn whole"));
    let told = export(folder.path(), "csv", "c", &[]);
    assert_eq!(told["notes"], serde_json::json!([]), "data has every letter");
}

#[test]
fn the_window_says_which_names_an_export_did_not_draw_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    charted(folder.path(), &owned(&["王喆", "王\u{e000}明"]));
    let mut window = window([1024.0, 640.0], Some(folder.path().join("c.redthread")));
    press(&mut window, Modifiers::COMMAND, Key::E);
    click(&mut window, "Choose where…");
    let to = folder.path().join("a.pdf");
    write(&mut window, "Name of the new file", &to.display().to_string());
    click(&mut window, "Save");
    settle(&mut window);
    let said = window.state().messages().join("\n");
    assert!(said.contains("1 name is not drawn whole") && said.contains("(U+E000)"), "{said}");
}

/// A computer on which nobody has installed a font.
#[cfg(target_os = "linux")]
#[test]
fn without_any_font_of_the_system_names_are_drawn_and_boxes_are_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    charted(folder.path(), &owned(&[&NAMES[..], &ELSEWHERE[..1]].concat()));
    let fonts = folder.path().join("fonts.conf");
    std::fs::write(&fonts, "<fontconfig></fontconfig>").expect("space");
    for format in ["svg", "png", "pdf"] {
        let output = Command::new(env!("CARGO_BIN_EXE_redthread"))
            .args(["export", "c.redthread", "--json", "--out", &format!("c.{format}")])
            .current_dir(folder.path())
            .env("FONTCONFIG_FILE", &fonts)
            .output()
            .expect("it runs");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && errors.is_empty(), "{format}: {errors}");
        let told: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let note = told["notes"][0].as_str().unwrap_or_default();
        assert!(note.starts_with("1 name is not drawn whole"), "{format}: {told}");
        assert!(note.contains(ELSEWHERE[0]), "{format}: {told}");
    }
    // How it reads stands beside the boxes.
    let svg = std::fs::read_to_string(folder.path().join("c.svg")).expect("written");
    let mut reading = String::new();
    fold::latin(ELSEWHERE[0], &mut reading);
    assert!(!reading.is_empty() && svg.contains(&reading), "{reading}: {svg}");
}

#[test]
fn no_letter_of_any_script_is_a_gap() {
    let names: Vec<String> = NAMES.iter().chain(&ELSEWHERE).map(|n| (*n).to_owned()).collect();
    let picture = drawn(&names);
    inked(&png_of(&picture), &picture).expect("ink");
    let folder = tempfile::tempdir().expect("a folder");
    if let Some((_, image)) = pdf_of(&picture, folder.path()) {
        inked(&image, &picture).expect("ink");
    }
}

#[test]
fn every_letter_on_the_screen_has_ink_and_what_no_font_has_is_a_box() {
    let ctx = egui::Context::default();
    theme::install_fonts(&ctx);
    // Each glyph, and whether a pixel of it is painted.
    let glyphs = |text: &str, font: FontId| {
        let mut glyphs = Vec::new();
        let mut output = ctx.run_ui(egui::RawInput::default(), |ui| {
            let (galley, atlas) = ui.fonts_mut(|fonts| {
                let galley = fonts.layout_no_wrap(text.to_owned(), font.clone(), Color32::BLACK);
                (galley, fonts.image())
            });
            let has_ink = |glyph: &egui::epaint::text::Glyph| {
                let [min, max] =
                    [glyph.uv_rect.min, glyph.uv_rect.max].map(|at| at.map(usize::from));
                let mut rows = min[1]..max[1];
                rows.any(|y| (min[0]..max[0]).any(|x| atlas[(x, y)].a() > 0))
            };
            let all = galley.rows.iter().flat_map(|row| row.row.glyphs.clone());
            glyphs = all.map(|glyph| (has_ink(&glyph), glyph)).collect();
        });
        output.textures_delta.clear();
        glyphs
    };
    for font in [FontId::proportional(13.0), theme::semibold(13.0), FontId::monospace(13.0)] {
        for name in NAMES.iter().chain(&ELSEWHERE) {
            let missing: Vec<char> = glyphs(name, font.clone())
                .iter()
                .filter(|(_, glyph)| glyph.advance_width > 0.0 && glyph.chr != ' ')
                .filter(|(has_ink, _)| !has_ink)
                .map(|(_, glyph)| glyph.chr)
                .collect();
            assert!(missing.is_empty(), "{name}: {missing:?}");
        }
        for c in ["\u{e000}", "\u{e84f}", "\u{378}", "\u{10fffd}"] {
            let [(has_ink, glyph)] = glyphs(c, font.clone())[..] else {
                panic!("one glyph for {c:?}")
            };
            assert!(has_ink, "{c:?}");
            assert!((glyph.advance_width - 13.0).abs() < 0.6, "{c:?}: {}", glyph.advance_width);
        }
    }
}
