//! The box for a character that no font has: a frame as large as a letter, with the character's
//! number in it.

use vello_cpu::kurbo::{Affine, BezPath, Rect, Shape as _};

use std::borrow::Cow;

use super::{FACES, lacks};
use crate::model::fold;

/// The edges of the frame, in ems: left, top, right, bottom; y grows downwards from the baseline.
const FRAME: Rect = Rect::new(0.07, -0.82, 0.93, 0.12);
/// The width of its lines, in ems.
const LINE: f64 = 0.07;

/// The box for a character in ems, from its place on the baseline, y downwards. Where it is drawn
/// too small for that to be read, it is left empty.
pub fn frame(c: char, is_readable: bool) -> BezPath {
    let mut path = FRAME.to_path(0.001);
    // The other way round, so that the inside stays clear.
    path.extend(FRAME.inset(-LINE).to_path(0.001).reverse_subpaths());
    if !is_readable {
        return path;
    }
    let number = format!("{:04X}", c as u32);
    let (upper, lower) = number.split_at(number.len().div_ceil(2));
    let face = &FACES.regular;
    let size = if upper.len() > 2 { 0.37 } else { 0.44 };
    for (digits, baseline) in [(upper, -0.41), (lower, -0.02)] {
        let width = face.advance('0') * size;
        let mut x = 0.5 - f64::from(width) * digits.len() as f64 / 2.0;
        for digit in digits.chars() {
            let glyph = face.glyph(digit).unwrap_or_default();
            let narrower = f64::from(width - face.advance(digit) * size) / 2.0;
            let to = Affine::translate((x + narrower, baseline))
                * Affine::scale_non_uniform(size.into(), (-size).into());
            path.extend(to * face.outline(glyph));
            x += f64::from(width);
        }
    }
    path
}

/// A name with, where it has letters that no font has, how it reads in Latin letters behind it.
pub fn with_reading(name: &str) -> Cow<'_, str> {
    let is_missing = |c: &char| !c.is_ascii() && lacks(*c);
    // A name made to harm may be a million characters long.
    if name.is_ascii() || !name.chars().take(400).any(|c| is_missing(&c)) {
        return Cow::Borrowed(name);
    }
    let (mut missing, mut reading) = (String::new(), String::new());
    fold::latin(&name.chars().take(400).filter(is_missing).collect::<String>(), &mut missing);
    if missing.is_empty() {
        return Cow::Borrowed(name);
    }
    fold::latin(name, &mut reading);
    Cow::Owned(format!("{name} ({reading})"))
}

/// The names among texts that cannot be drawn whole, each once, in their order.
pub fn not_whole<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = std::collections::HashSet::new();
    texts.into_iter().filter(|text| text.chars().any(lacks) && seen.insert(*text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_has_a_clear_inside_and_a_number_that_is_the_characters_own() {
        let empty = frame('\u{e000}', false);
        assert!(empty.winding((0.1, -0.3).into()) != 0, "the frame");
        assert_eq!(empty.winding((0.5, -0.3).into()), 0, "the inside");
        let [a, b, c] = ['\u{e000}', '\u{e001}', '\u{10fffd}'].map(|c| frame(c, true));
        assert!(a != b && a.elements().len() > empty.elements().len());
        for path in [&a, &b, &c] {
            let bounds = path.bounding_box();
            assert!((bounds.x0 - FRAME.x0).abs() < 0.01 && (bounds.x1 - FRAME.x1).abs() < 0.01);
            assert!((bounds.y0 - FRAME.y0).abs() < 0.01 && (bounds.y1 - FRAME.y1).abs() < 0.01);
        }
    }

    #[test]
    fn names_with_a_box_are_told_once_and_whole_ones_are_not() {
        let names = ["王喆", "王\u{e000}", "Kim\u{200b}", "\u{378}", "王\u{e000}", "a b\u{3000}\t"];
        assert_eq!(not_whole(names), ["王\u{e000}", "\u{378}"]);
    }
}
