//! Five hundred names of ten scripts, of the lists of the UN and OFAC and made up: none has a gap,
//! readers find each, and the screen has the order that every export has.

use egui::{Align2, Color32, Context, RawInput, Shape};
use redthread::{
    app::theme,
    chart::font::{
        Run, Weight,
        bidi::{self, Direction},
        is_ignorable, shape_line,
    },
};

use crate::{letters::goes_through, need};

/// How many names are looked at.
const COUNT: usize = 500;

/// Letters of a script from which names are made, and how many words each has.
const SCRIPTS: [(&str, usize); 10] = [
    ("AÁBCČDEËFGĞHIJKLŁMNOÖŐPRSŞTUVWXYZŽßəŋɓʔ", 2),
    ("ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩάέίό", 2),
    ("АБВГҐДЕЄЖЗИІЇКЛМНОПРСТУФХЦЧШЩЮЯҚҢӘӨ", 2),
    ("丹东鸿祥实业發展有限公司龑𠮷㐱䶮喆翀顼", 1),
    ("アイウエオカキクケコサシスセソタチツテトかきくけこ", 1),
    ("김정은조선광선은행뷁각힣무역회사", 2),
    ("ابتثجحخدذرزسشصضطظعغفقكلمنهويآأإةىپچژگکیٹڈےڭۆ", 3),
    ("אבגדהוזחטיכלמנסעפצקרשתךםןףץ", 3),
    ("กขคฆงจฉชซญฎฐณดตถทธนบปผฝพฟภมยรลวศสหฬอฮ", 1),
    ("कखगघचछजझटठडढणतथदधनपफबभमयरलवशषसह", 2),
];

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % count
    }
}

fn made_up(dice: &mut Dice, script: usize) -> String {
    let (letters, words) = SCRIPTS[script];
    let letters: Vec<char> = letters.chars().collect();
    let word = |dice: &mut Dice| -> String {
        (0..2 + dice.below(6)).map(|_| letters[dice.below(letters.len())]).collect()
    };
    let words: Vec<String> = (0..words).map(|_| word(dice)).collect();
    let name = words.join(" ");
    match dice.below(6) {
        0 => format!("{name} ({})", word(dice)),
        1 => format!("{name} {}", 10 + dice.below(900)),
        _ => name,
    }
}

/// The names of the lists in their own scripts, and made-up ones.
fn names() -> Option<Vec<String>> {
    let files = need::data(&["un/un_consolidated_2026-02-27.xml", "ofac-2021-07/sdn.csv"])?;
    let un = std::fs::read_to_string(&files[0]).expect("readable");
    let original = un.split("<NAME_ORIGINAL_SCRIPT>").skip(1);
    let original = original.filter_map(|rest| rest.split('<').next());
    // The list breaks some of its names into lines.
    let original = original.map(|name| name.split_whitespace().collect::<Vec<_>>().join(" "));
    let mut names: Vec<String> = original.filter(|name| !name.is_empty()).take(220).collect();
    let ofac = std::fs::read(&files[1]).expect("readable");
    let ofac = String::from_utf8_lossy(&ofac).into_owned();
    let latin = ofac.lines().step_by(97).filter_map(|line| line.split('"').nth(1));
    names.extend(latin.take(60).map(str::to_owned));
    let mut dice = Dice(7);
    let mut script = 0;
    while names.len() < COUNT {
        names.push(made_up(&mut dice, script % SCRIPTS.len()));
        script += 1;
    }
    Some(names)
}

/// The characters of a line from left to right as an export draws them.
fn exported(line: &str) -> Vec<char> {
    let mut drawn = Vec::new();
    for run in shape_line(line, Weight::SemiBold, Direction::of(line)).runs {
        match run {
            Run::Glyphs { glyphs, is_right_to_left, .. } => {
                for glyph in glyphs.iter().filter(|glyph| glyph.advance > 0.0) {
                    let c = line[glyph.range.clone()].chars().find(|c| !is_ignorable(*c));
                    let mirrored = |c| if is_right_to_left { bidi::mirrored(c) } else { c };
                    drawn.extend(c.map(mirrored));
                }
            }
            Run::Missing { c, .. } => drawn.push(c),
        }
    }
    drawn
}

/// The characters of a line from left to right as the screen draws them, and those without ink.
fn on_screen(ctx: &Context, line: &str) -> (Vec<char>, Vec<char>) {
    let mut output = ctx.run_ui(RawInput::default(), |ui| {
        let at = egui::pos2(10.0, 10.0);
        let font = theme::semibold(13.0);
        ui.painter().text(at, Align2::LEFT_TOP, line, font, Color32::BLACK);
    });
    output.textures_delta.clear();
    let mut atlas = egui::ColorImage::default();
    ctx.fonts(|fonts| atlas = fonts.image());
    let (mut drawn, mut empty) = (Vec::new(), Vec::new());
    for clipped in &output.shapes {
        let Shape::Text(text) = &clipped.shape else { continue };
        for glyph in text.galley.rows.iter().flat_map(|row| &row.row.glyphs) {
            if glyph.advance_width <= 0.0 {
                continue;
            }
            let [min, max] = [glyph.uv_rect.min, glyph.uv_rect.max].map(|at| at.map(usize::from));
            let mut rows = min[1]..max[1];
            let has_ink = rows.any(|y| (min[0]..max[0]).any(|x| atlas[(x, y)].a() > 0));
            if !has_ink && !glyph.chr.is_whitespace() {
                empty.push(glyph.chr);
            }
            drawn.push(glyph.chr);
        }
    }
    (drawn, empty)
}

#[test]
fn five_hundred_names_lie_on_screen_as_in_exports_and_none_has_a_gap() {
    let Some(names) = names() else { return };
    assert_eq!(names.len(), COUNT);
    let ctx = Context::default();
    theme::install_fonts(&ctx);
    // Fonts are there from the second frame on.
    on_screen(&ctx, "A");
    for name in &names {
        let (drawn, empty) = on_screen(&ctx, name);
        assert!(empty.is_empty(), "{name}: {empty:?} have no ink");
        assert_eq!(drawn, exported(name), "{name}");
    }
}

#[test]
fn five_hundred_names_are_whole_in_every_format_and_found_by_readers() {
    let Some(names) = names() else { return };
    for names in names.chunks(45) {
        if let Err(why) = goes_through(names) {
            let why: String = why.chars().take(600).collect();
            panic!("{why}");
        }
    }
}
