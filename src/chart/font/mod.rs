//! The fonts of the screen and of every export: the bundled ones, and those of the system for
//! characters that these do not have.

pub mod bidi;
mod face;
pub mod missing;
mod shape;
mod system;

use std::sync::LazyLock;

use vello_cpu::kurbo::{Affine, BezPath};

pub use face::Face;
pub use shape::{Glyph, Run, Shaped, clusters, shape, shape_line};
pub use system::find as in_system;

/// Inter, the typeface of everything.
pub static REGULAR: &[u8] = include_bytes!("../../../assets/fonts/Inter-Regular.otf");
/// Inter for what is emphasised a little.
pub static MEDIUM: &[u8] = include_bytes!("../../../assets/fonts/Inter-Medium.otf");
/// Inter for captions and headings.
pub static SEMIBOLD: &[u8] = include_bytes!("../../../assets/fonts/Inter-SemiBold.otf");
/// The icons.
pub static ICONS: &[u8] = include_bytes!("../../../assets/fonts/MaterialSymbols-subset.ttf");
/// The fonts for what Inter lacks, each with a name, in the order in which they are asked: letters
/// of Latin, Greek and Cyrillic; Han, kana, bopomofo and Hangul; four scripts; and fonts that come
/// with egui, for Armenian, Georgian and signs.
pub static OTHERS: [(&str, &[u8]); 8] = [
    ("noto", include_bytes!("../../../assets/fonts/NotoSans.ttf")),
    ("cjk", include_bytes!("../../../assets/fonts/NotoSansCJKsc.otf")),
    ("arabic", include_bytes!("../../../assets/fonts/NotoSansArabic.ttf")),
    ("hebrew", include_bytes!("../../../assets/fonts/NotoSansHebrew.ttf")),
    ("thai", include_bytes!("../../../assets/fonts/NotoSansThai.ttf")),
    ("devanagari", include_bytes!("../../../assets/fonts/NotoSansDevanagari.ttf")),
    ("Ubuntu-Light", epaint_default_fonts::UBUNTU_LIGHT),
    ("Hack", epaint_default_fonts::HACK_REGULAR),
];
/// The place of the font of Han among them.
const CJK: usize = 1;

/// How heavy text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// For reading.
    Regular,
    /// For captions.
    SemiBold,
}

struct Faces {
    regular: Face,
    semibold: Face,
    others: Vec<Face>,
    icons: Face,
}

static FACES: LazyLock<Faces> = LazyLock::new(|| {
    let face = |bytes| Face::new(bytes, 0).expect("the bundled fonts are well-formed");
    Faces {
        regular: face(REGULAR),
        semibold: face(SEMIBOLD),
        others: OTHERS.iter().map(|(_, bytes)| face(bytes)).collect(),
        icons: face(ICONS),
    }
});

/// The bundled faces in the order in which the screen asks them.
fn bundled_faces(weight: Weight) -> impl Iterator<Item = &'static Face> {
    let latin = match weight {
        Weight::Regular => &FACES.regular,
        Weight::SemiBold => &FACES.semibold,
    };
    std::iter::once(latin).chain(&FACES.others)
}

/// The first bundled face that has a character.
fn bundled(weight: Weight, c: char) -> Option<&'static Face> {
    bundled_faces(weight).find(|face| face.has(c))
}

/// The face of Han and Hangul.
pub fn cjk() -> &'static Face {
    &FACES.others[CJK]
}

/// How far the baseline of a bundled font must be moved down, in ems, so that a row that centres
/// each font within the height of Inter has one baseline; `None` where the file is not a font.
pub fn lowered(bytes: &'static [u8]) -> Option<f32> {
    let (ascent, descent) = Face::new(bytes, 0)?.ascent_and_descent();
    let (inter, below) = FACES.regular.ascent_and_descent();
    Some(f32::midpoint(inter, below) - f32::midpoint(ascent, descent))
}

/// The face that draws a character, where one does.
pub fn face(weight: Weight, c: char) -> Option<&'static Face> {
    bundled(weight, c).or_else(|| system::find(c))
}

/// The width of a line of text at a size. Kerning is left out: it only makes text narrower. Letters
/// that join or stack are as wide as they are together.
pub fn width(text: &str, size: f32, weight: Weight) -> f32 {
    let table = &ADVANCES[weight as usize];
    let advance = |c: char| match table.get(c as usize) {
        Some(known) => *known,
        None => advance(weight, c),
    };
    if text.is_ascii() || !text.chars().any(is_shaped) {
        return text.chars().map(advance).sum::<f32>() * size;
    }
    let mut ems = 0.0;
    let mut joined = 0..0;
    for range in clusters(text) {
        if text[range.clone()].starts_with(is_shaped) {
            joined = if joined.is_empty() { range } else { joined.start..range.end };
            continue;
        }
        ems += shape(&text[std::mem::take(&mut joined)], weight).width;
        ems += text[range].chars().map(advance).sum::<f32>();
    }
    (ems + shape(&text[joined], weight).width) * size
}

/// The advances of the characters that most text is made of, looked up once: Latin, Greek and
/// Cyrillic.
static ADVANCES: LazyLock<[Vec<f32>; 2]> = LazyLock::new(|| {
    [Weight::Regular, Weight::SemiBold]
        .map(|weight| ('\0'..'\u{530}').map(|c| advance(weight, c)).collect())
});

/// Whether a character is of a bundled script whose letters depend on their neighbours.
pub(crate) fn is_shaped(c: char) -> bool {
    matches!(
        c,
        '\u{590}'..='\u{6ff}'
            | '\u{750}'..='\u{77f}'
            | '\u{8a0}'..='\u{97f}'
            | '\u{e00}'..='\u{e7f}'
            | '\u{1cd0}'..='\u{1cff}'
            | '\u{a8e0}'..='\u{a8ff}'
            | '\u{fb1d}'..='\u{fdff}'
            | '\u{fe70}'..='\u{fefc}'
    )
}

/// How far a character moves what follows it, in ems.
fn advance(weight: Weight, c: char) -> f32 {
    // Vowels and finals of Hangul lie in the square of their syllable.
    if is_ignorable(c) || ('\u{1160}'..='\u{11ff}').contains(&c) {
        return 0.0;
    }
    bundled(weight, c).map_or(1.0, |face| face.advance(c))
    // A box is as wide, and so is hardly a letter of the system's fonts wider.
}

/// Whether no font has a character that has a form, so that a box is drawn for it.
pub fn lacks(c: char) -> bool {
    !is_ignorable(c) && !c.is_whitespace() && face(Weight::Regular, c).is_none()
}

/// Whether a character has no form of its own: controls, joiners, selectors of variants.
pub fn is_ignorable(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{17b4}'
                | '\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// The outline of an icon, `size` high and centred on the origin; empty where there is none.
pub fn icon_path(icon: char, size: f32) -> BezPath {
    let face = &FACES.icons;
    let Some(glyph) = face.glyph(icon) else { return BezPath::new() };
    let (ascent, descent) = face.ascent_and_descent();
    let middle = f64::from(f32::midpoint(ascent, descent));
    Affine::scale_non_uniform(size.into(), (-size).into())
        * Affine::translate((-0.5, -middle))
        * face.outline(glyph)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The font is older than these characters of Unicode 13 and 14.
    const TOO_NEW: [std::ops::RangeInclusive<char>; 2] =
        ['\u{4db6}'..='\u{4dbf}', '\u{9ff0}'..='\u{9fff}'];

    #[test]
    fn ten_scripts_are_bundled() {
        let names = "Łódź Nguyễn Əliyev Ğülşən Ŵyn Ɓàbá Ŋọ́zi ʁəʃiːd ꞌIo Ἀθηνᾶ Рассвет Ңөұ Ҳайём Ҕ ꙗзыкъ \
                     丹东鸿祥實業貿 𠮷 조선광선은행 カタカナ ㄅㄆㄇ —…“”№ §€ \
                     شركة پتروشیمی ٹیکسٹائل کوردستان ێ ۆ ئۇيغۇر ڭ ﷲ ﻻ ١٢ ۱۲ ירושלים צ׳ \
                     ราชอาณาจักรไทย ๑๒ दिल्ली क्षत्रिय ४२ ।";
        for c in names.chars() {
            assert!(is_ignorable(c) || bundled(Weight::Regular, c).is_some(), "{c} is missing");
        }
        let blocks = [
            'ɐ'..='ʯ',
            'Ḁ'..='ỿ',
            '\u{300}'..='\u{36f}',
            'Ѐ'..='ԯ',
            'ء'..='ۓ',
            'ݐ'..='ݿ',
            'א'..='ת',
            'ก'..='ฺ',
            'ऀ'..='ॿ',
        ];
        for c in blocks.into_iter().flatten() {
            assert!(bundled(Weight::SemiBold, c).is_some(), "{c} U+{:04X} is missing", c as u32);
        }
    }

    #[test]
    fn letters_that_join_or_stack_are_as_wide_as_they_are_drawn() {
        for name in ["شركة دبي للتجارة", "ירושלים", "ราชอาณาจักร", "क्षत्रिय"]
        {
            let drawn = shape(name, Weight::SemiBold).width * 13.0;
            let said = width(name, 13.0, Weight::SemiBold);
            assert!((drawn - said).abs() < 0.01, "{name}: {said} for {drawn}");
            let apart: f32 = name.chars().map(|c| advance(Weight::SemiBold, c) * 13.0).sum();
            assert!(said < apart + 0.1 && said > 0.0, "{name}");
        }
    }

    #[test]
    fn every_han_character_and_hangul_syllable_has_an_outline() {
        let names = "王喆 龑运国际 뷁 𠮷野家 김정은 邓小闲 陶俊玥 李卓珩 张翀 赵昶 刘祎 陈曌 黄烔 吕鑫垚 朱棣 \
                     王翀 周頔 徐甡 马骉 孙犇 羴 㐱 䶮 Ελλάδα Київ";
        let all = [
            '\u{4e00}'..='\u{9fff}',
            '\u{3400}'..='\u{4dbf}',
            '\u{ac00}'..='\u{d7a3}',
            'ぁ'..='ゖ',
            'ァ'..='ヺ',
            'ㄅ'..='ㄯ',
        ];
        let mut missing = Vec::new();
        for c in names.chars().filter(|c| *c != ' ').chain(all.into_iter().flatten()) {
            let face = bundled(Weight::SemiBold, c);
            let drawn = face.is_some_and(|face| {
                face.glyph(c).is_some_and(|glyph| face.outline(glyph).elements().len() > 2)
            });
            if !drawn && !TOO_NEW.iter().any(|range| range.contains(&c)) {
                missing.push(c);
            }
        }
        assert!(missing.is_empty(), "{} are missing: {missing:?}", missing.len());
    }

    #[test]
    fn han_is_as_wide_as_high_and_bold_is_wider() {
        assert!((width("丹东", 10.0, Weight::Regular) - 20.0).abs() < 0.1);
        assert!(
            width("Ownership", 13.0, Weight::SemiBold) > width("Ownership", 13.0, Weight::Regular)
        );
        let [whole, apart] = ["뷁", "뷁"].map(|text| width(text, 10.0, Weight::Regular));
        assert!((whole - apart).abs() < 0.1, "{whole} {apart}");
    }

    #[test]
    fn icons_have_outlines_around_the_origin() {
        use vello_cpu::kurbo::Shape as _;
        let bounds = icon_path(super::super::icon::ui::PERSON, 24.0).bounding_box();
        assert!(bounds.x0 < -4.0 && bounds.x1 > 4.0 && bounds.y0 < -4.0 && bounds.y1 > 4.0);
        assert!(bounds.width() <= 24.0 && bounds.height() <= 24.0, "{bounds:?}");
    }
}
