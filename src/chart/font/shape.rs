//! A line of text becomes glyphs: the same for every picture that leaves.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use super::{Face, Weight, face, face::Placed, is_ignorable};

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

/// Shapes a line of text.
pub fn shape(text: &str, weight: Weight) -> Shaped {
    let mut pieces = pieces(text, weight);
    // Words of Arabic or Hebrew run from the right, and so do the pieces between them.
    if text.chars().find(|c| c.is_alphabetic()).is_some_and(is_right_to_left) {
        pieces.reverse();
    }
    let mut shaped = Shaped::default();
    for Piece { face, range } in pieces {
        let x = shaped.width;
        match face {
            Ok(face) => {
                let glyphs = glyphs(face, text, range.clone());
                let width = glyphs.iter().map(|glyph| glyph.advance).sum();
                shaped.width += width;
                shaped.runs.push(Run::Glyphs { face, glyphs, range, x, width });
            }
            Err(c) => {
                shaped.width += 1.0;
                shaped.runs.push(Run::Missing { c, range, x });
            }
        }
    }
    shaped
}

/// Text in pieces of one face each.
fn pieces(text: &str, weight: Weight) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let earlier = std::mem::replace(&mut before, c);
        if let Some(last) = pieces.last_mut() {
            let belongs = match last.face {
                Ok(face) => {
                    (is_combining_mark(c) || (c == ' ' && is_right_to_left(earlier))) && face.has(c)
                }
                Err(_) => is_combining_mark(c),
            };
            if belongs || is_ignorable(c) {
                last.range.end = end;
                continue;
            }
        } else if is_ignorable(c) {
            continue;
        }
        let face = match face(weight, c) {
            Some(face) => Ok(face),
            None if c.is_whitespace() => face(weight, ' ').ok_or(c),
            None => Err(c),
        };
        match (pieces.last_mut(), face) {
            (Some(Piece { face: Ok(last), range }), Ok(face)) if std::ptr::eq(*last, face) => {
                range.end = end;
            }
            // What has no form of its own at the beginning goes with what follows.
            (None, face) => pieces.push(Piece { face, range: 0..end }),
            (Some(_), face) => pieces.push(Piece { face, range: at..end }),
        }
    }
    pieces
}

fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

fn glyphs(face: &Face, text: &str, range: Range<usize>) -> Vec<Glyph> {
    let placed = face.shape(&text[range.clone()]);
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

    #[test]
    fn every_byte_belongs_to_one_run() {
        for text in ["Łódź 丹东 뷁\u{e000}x", "𠮷野 \u{378}", "شركة دبي 12", "שלום", "ไทย"]
        {
            let shaped = shape(text, Weight::Regular);
            let mut ranges: Vec<Range<usize>> = shaped.runs.iter().map(Run::range).collect();
            ranges.sort_by_key(|range| range.start);
            assert_eq!(ranges.first().map(|range| range.start), Some(0), "{text}");
            assert_eq!(ranges.last().map(|range| range.end), Some(text.len()), "{text}");
            assert!(ranges.windows(2).all(|pair| pair[0].end == pair[1].start), "{text}");
        }
    }
}
