//! A line of text becomes glyphs: the same for every picture that leaves.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use super::{
    Face, Weight,
    bidi::{self, Direction, Part},
    bundled_faces, face,
    face::Placed,
    is_ignorable,
};

/// A line of text as it is drawn. Everything is in ems.
#[derive(Debug, Default)]
pub struct Shaped {
    /// Its parts from left to right.
    pub runs: Vec<Run>,
    pub width: f32,
}

/// A part of a line.
#[derive(Debug)]
pub enum Run {
    Glyphs {
        face: &'static Face,
        /// The glyphs from left to right.
        glyphs: Vec<Glyph>,
        /// The bytes of the text that they stand for.
        range: Range<usize>,
        is_right_to_left: bool,
        x: f32,
        width: f32,
    },
    /// A character that no font has: a box, as wide as it is high.
    Missing {
        c: char,
        /// The bytes of the text that it stands for: itself and the marks upon it.
        range: Range<usize>,
        x: f32,
    },
}

impl Run {
    /// Where it begins.
    pub fn x(&self) -> f32 {
        match self {
            Self::Glyphs { x, .. } | Self::Missing { x, .. } => *x,
        }
    }

    /// The bytes of the text that it stands for.
    pub fn range(&self) -> Range<usize> {
        match self {
            Self::Glyphs { range, .. } | Self::Missing { range, .. } => range.clone(),
        }
    }
}

/// A glyph of a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Glyph {
    /// Its number in its face.
    pub id: u32,
    /// How far it moves what follows it.
    pub advance: f32,
    /// How far from there it is drawn, to the right and upwards.
    pub offset: [f32; 2],
    /// The bytes of the text that it, with others of the same range, stands for.
    pub range: Range<usize>,
}

/// A piece of text before it is shaped.
struct Piece {
    face: Result<&'static Face, char>,
    range: Range<usize>,
}

/// Shapes a line of text that is a paragraph of its own.
pub fn shape(text: &str, weight: Weight) -> Shaped {
    shape_line(text, weight, Direction::of(text))
}

/// Shapes a line of a paragraph that is read in a direction.
pub fn shape_line(text: &str, weight: Weight, direction: Direction) -> Shaped {
    let mut shaped = Shaped::default();
    for part in bidi::parts(text, direction) {
        let mut pieces = pieces(text, part.range, weight);
        if part.is_right_to_left {
            pieces.reverse();
        }
        for Piece { face, range } in pieces {
            let x = shaped.width;
            match face {
                Ok(face) => {
                    let Part { is_right_to_left, .. } = part;
                    let glyphs = glyphs(face, text, range.clone(), is_right_to_left);
                    let width = glyphs.iter().map(|glyph| glyph.advance).sum();
                    shaped.width += width;
                    let run = Run::Glyphs { face, glyphs, range, is_right_to_left, x, width };
                    shaped.runs.push(run);
                }
                Err(c) => {
                    shaped.width += 1.0;
                    shaped.runs.push(Run::Missing { c, range, x });
                }
            }
        }
    }
    shaped
}

/// A part of a text in pieces of one face each.
fn pieces(text: &str, part: Range<usize>, weight: Weight) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let start = part.start;
    let is_hidden = text.chars().all(is_ignorable);
    let mut clusters = clusters(&text[part.clone()]).peekable();
    while let Some(cluster) = clusters.next() {
        let range = start + cluster.start..start + cluster.end;
        let Some(c) = text[range.clone()].chars().find(|c| !is_ignorable(*c)) else {
            // What has no form of its own goes with what is before it, or else behind it.
            match pieces.last_mut() {
                Some(last) => last.range.end = range.end,
                None if clusters.peek().is_none() && !is_hidden => {
                    let face = face(weight, ' ').ok_or(' ');
                    pieces.push(Piece { face, range: start..range.end });
                }
                None => {}
            }
            continue;
        };
        let face = match face_of(weight, &text[range.clone()], c) {
            Some(face) => Ok(face),
            None if c.is_whitespace() => face(weight, ' ').ok_or(c),
            None => Err(c),
        };
        match (pieces.last_mut(), face) {
            (Some(Piece { face: Ok(last), range: before }), Ok(face))
                if std::ptr::eq(*last, face) =>
            {
                before.end = range.end;
            }
            (None, face) => pieces.push(Piece { face, range: start..range.end }),
            (Some(_), face) => pieces.push(Piece { face, range }),
        }
    }
    pieces
}

/// The face for a letter with the marks upon it: one that has all of it, or else the letter.
fn face_of(weight: Weight, cluster: &str, c: char) -> Option<&'static Face> {
    let first = face(weight, c)?;
    let has_all = |face: &Face| cluster.chars().all(|c| is_ignorable(c) || face.has(c));
    if cluster.len() == c.len_utf8() || has_all(first) {
        return Some(first);
    }
    bundled_faces(weight).find(|face| has_all(face)).or(Some(first))
}

/// The ranges of a text that must not be torn apart: letters with the marks upon them, and what has
/// no form of its own with what is before it.
pub fn clusters(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut chars = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, _) = chars.next()?;
        while chars.next_if(|(_, c)| is_combining_mark(*c) || is_ignorable(*c)).is_some() {}
        let end = chars.peek().map_or(text.len(), |(at, _)| *at);
        Some(start..end)
    })
}

fn glyphs(face: &Face, text: &str, range: Range<usize>, is_right_to_left: bool) -> Vec<Glyph> {
    let placed = face.shape(&text[range.clone()], is_right_to_left);
    let mut starts: Vec<usize> = placed.iter().map(|glyph| glyph.cluster).collect();
    starts.sort_unstable();
    starts.dedup();
    let glyph = |placed: &Placed| {
        let next = starts.partition_point(|start| *start <= placed.cluster);
        let end = starts.get(next).copied().unwrap_or(range.len());
        Glyph {
            id: placed.glyph,
            advance: placed.advance,
            offset: placed.offset,
            range: range.start + placed.cluster..range.start + end,
        }
    };
    placed.iter().map(glyph).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<(&str, bool)> {
        let part = |run: &Run| (&text[run.range()], matches!(run, Run::Glyphs { .. }));
        shape(text, Weight::SemiBold).runs.iter().map(part).collect()
    }

    #[test]
    fn a_line_is_cut_where_the_face_changes_and_nothing_is_left_out() {
        assert_eq!(texts("ZTE 中兴 B"), [("ZTE ", true), ("中兴", true), (" B", true)]);
        assert_eq!(
            texts("a\u{e000}\u{301}b"),
            [("a", true), ("\u{e000}\u{301}", false), ("b", true)]
        );
        assert_eq!(texts("\u{200b}a\u{fe0f}"), [("\u{200b}a\u{fe0f}", true)]);
        assert!(texts("").is_empty() && texts("\u{200b}").is_empty());
    }

    #[test]
    fn syllables_and_accents_that_came_apart_are_put_together() {
        for (whole, apart) in [("김", "김"), ("é", "e\u{301}"), ("ồ", "o\u{302}\u{300}")] {
            let [a, b] = [whole, apart].map(|text| shape(text, Weight::Regular));
            let ids = |shaped: &Shaped| -> Vec<u32> {
                let glyphs = |run: &Run| match run {
                    Run::Glyphs { glyphs, .. } => glyphs.iter().map(|glyph| glyph.id).collect(),
                    Run::Missing { .. } => vec![],
                };
                shaped.runs.iter().flat_map(glyphs).collect()
            };
            assert_eq!(ids(&a), ids(&b), "{whole}");
            assert!((a.width - b.width).abs() < 0.01);
        }
    }

    /// The texts of a line's parts as they lie from left to right.
    fn order(text: &str) -> Vec<&str> {
        shape(text, Weight::Regular).runs.iter().map(|run| text[run.range()].trim()).collect()
    }

    #[test]
    fn words_of_arabic_lie_from_right_to_left_and_numbers_keep_their_digits() {
        let lying =
            |text| order(text).into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        assert_eq!(lying("شركة دبي للتجارة"), ["للتجارة", "دبي", "شركة"]);
        assert_eq!(lying("شارع 125 دبي"), ["دبي", "125", "شارع"]);
        assert_eq!(lying("Bank בנק לאומי Ltd"), ["Bank", "לאומי", "בנק", "Ltd"]);
        // Digits of Arabic are drawn from left to right, too.
        let Run::Glyphs { glyphs, .. } = &shape("۱۲۳", Weight::Regular).runs[0] else {
            panic!("the font has them")
        };
        assert!(glyphs.is_sorted_by_key(|glyph| glyph.range.start));
    }

    #[test]
    fn letters_of_arabic_join_and_a_mark_stays_with_its_letter() {
        let ids = |text: &str| -> Vec<u32> {
            let shaped = shape(text, Weight::Regular);
            let glyphs = shaped.runs.iter().flat_map(|run| match run {
                Run::Glyphs { glyphs, .. } => glyphs.iter().map(|glyph| glyph.id).collect(),
                Run::Missing { .. } => vec![],
            });
            glyphs.collect()
        };
        assert_ne!(ids("بب"), [ids("ب"), ids("ب")].concat(), "an initial and a final form");
        // A mark that Inter lacks takes its letter along to a font that has both.
        assert_eq!(shape("e\u{1dc4}x", Weight::Regular).runs.len(), 2);
    }

    #[test]
    fn every_byte_belongs_to_one_run() {
        for text in [
            "Łódź 丹东 뷁\u{e000}x",
            "𠮷野 \u{378}",
            "شركة دبي 12",
            "שלום",
            "ไทย",
            "بنك (ABC) ۱۲\u{200f} Ltd",
            "می\u{200c}خواهم",
            "\u{200f}ABC\u{200e}",
        ] {
            let shaped = shape(text, Weight::Regular);
            let mut ranges: Vec<Range<usize>> = shaped.runs.iter().map(Run::range).collect();
            ranges.sort_by_key(|range| range.start);
            assert_eq!(ranges.first().map(|range| range.start), Some(0), "{text}");
            assert_eq!(ranges.last().map(|range| range.end), Some(text.len()), "{text}");
            assert!(ranges.windows(2).all(|pair| pair[0].end == pair[1].start), "{text}");
        }
    }
}
