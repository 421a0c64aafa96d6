//! The bundled fonts, for the screen and for every export, and how wide text is in them.

use std::sync::LazyLock;

use ttf_parser::{Face, OutlineBuilder};

/// Inter, the typeface of everything.
pub const REGULAR: &[u8] = include_bytes!("../../assets/fonts/Inter-Regular.otf");
/// Inter for what is emphasised a little.
pub const MEDIUM: &[u8] = include_bytes!("../../assets/fonts/Inter-Medium.otf");
/// Inter for captions and headings.
pub const SEMIBOLD: &[u8] = include_bytes!("../../assets/fonts/Inter-SemiBold.otf");
/// Han, kana and Hangul.
pub const CJK: &[u8] = include_bytes!("../../assets/fonts/NotoSansCJKsc-subset.otf");
/// The icons.
pub const ICONS: &[u8] = include_bytes!("../../assets/fonts/MaterialSymbols-subset.ttf");

/// How heavy text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// For reading.
    Regular,
    /// For captions.
    SemiBold,
}

struct Faces {
    regular: Face<'static>,
    semibold: Face<'static>,
    cjk: Face<'static>,
    icons: Face<'static>,
}

static FACES: LazyLock<Faces> = LazyLock::new(|| {
    let face = |bytes| Face::parse(bytes, 0).expect("the bundled fonts are well-formed");
    Faces { regular: face(REGULAR), semibold: face(SEMIBOLD), cjk: face(CJK), icons: face(ICONS) }
});

/// How wide a line of text is at a size. Kerning is left out: it only makes text narrower.
pub fn width(text: &str, size: f32, weight: Weight) -> f32 {
    let table = &ADVANCES[weight as usize];
    let advance = |c: char| match table.get(c as usize) {
        Some(known) => *known,
        None => advance(weight, c),
    };
    text.chars().map(advance).sum::<f32>() * size
}

/// The advances of the characters that most text is made of, looked up once: Latin, Greek and
/// Cyrillic.
static ADVANCES: LazyLock<[Vec<f32>; 2]> = LazyLock::new(|| {
    [Weight::Regular, Weight::SemiBold]
        .map(|weight| ('\0'..'\u{530}').map(|c| advance(weight, c)).collect())
});

/// How far a character moves what follows it, in ems.
fn advance(weight: Weight, c: char) -> f32 {
    let latin = match weight {
        Weight::Regular => &FACES.regular,
        Weight::SemiBold => &FACES.semibold,
    };
    [latin, &FACES.cjk]
        .iter()
        .find_map(|face| {
            let glyph = face.glyph_index(c)?;
            Some(f32::from(face.glyph_hor_advance(glyph)?) / f32::from(face.units_per_em()))
        })
        // What neither has comes from a font of the system; the widest guess is safe.
        .unwrap_or(1.0)
}

/// Whether a character is in one of the bundled text fonts.
pub fn has(c: char) -> bool {
    [&FACES.regular, &FACES.cjk].iter().any(|face| face.glyph_index(c).is_some())
}

/// The outline of an icon as SVG path data, `size` high and centred on the origin.
pub fn icon_path(icon: char, size: f32) -> String {
    let face = &FACES.icons;
    let Some(glyph) = face.glyph_index(icon) else { return String::new() };
    let em = f32::from(face.units_per_em());
    let scale = size / em;
    let middle = f32::midpoint(f32::from(face.ascender()), f32::from(face.descender()));
    let mut path = Path { data: String::new(), scale, dx: em / 2.0, dy: middle };
    face.outline_glyph(glyph, &mut path);
    path.data
}

struct Path {
    data: String,
    scale: f32,
    dx: f32,
    dy: f32,
}

impl Path {
    fn push(&mut self, command: char, points: &[(f32, f32)]) {
        use std::fmt::Write as _;
        self.data.push(command);
        for (x, y) in points {
            write!(
                self.data,
                "{:.2} {:.2} ",
                (x - self.dx) * self.scale,
                (self.dy - y) * self.scale
            )
            .ok();
        }
    }
}

impl OutlineBuilder for Path {
    fn move_to(&mut self, x: f32, y: f32) {
        self.push('M', &[(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.push('L', &[(x, y)]);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.push('Q', &[(x1, y1), (x, y)]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.push('C', &[(x1, y1), (x2, y2), (x, y)]);
    }

    fn close(&mut self) {
        self.data.push('Z');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_scripts_are_bundled() {
        for c in "Łódź Рассвет Ңөұ 丹东鸿祥實業貿 조선광선은행 カタカナ —…“”№ §€".chars()
        {
            assert!(has(c) || c == ' ', "{c} is missing");
        }
    }

    #[test]
    fn han_is_as_wide_as_high_and_bold_is_wider() {
        assert!((width("丹东", 10.0, Weight::Regular) - 20.0).abs() < 0.1);
        assert!(
            width("Ownership", 13.0, Weight::SemiBold) > width("Ownership", 13.0, Weight::Regular)
        );
    }

    #[test]
    fn icons_have_outlines_around_the_origin() {
        let path = icon_path(super::super::icon::ui::PERSON, 24.0);
        assert!(path.starts_with('M') && path.contains('-'), "{path}");
    }
}
