//! The order in which the parts of a line are drawn where it has letters that run from the right:
//! one order for the screen and for every export.

use std::{borrow::Cow, ops::Range};

use unicode_bidi::{Level, ParagraphBidiInfo, get_base_direction};

/// The side from which a paragraph is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    /// As Latin.
    #[default]
    LeftToRight,
    /// As Arabic and Hebrew.
    RightToLeft,
}

impl Direction {
    /// The direction of a paragraph: that of its first letter that has one, but from left to right
    /// where it sets names side by side: an arrow between two must point from the first to the
    /// second.
    pub fn of(text: &str) -> Self {
        if is_left_to_right(text) || has_several(text) {
            return Self::LeftToRight;
        }
        match get_base_direction(text) {
            unicode_bidi::Direction::Rtl => Self::RightToLeft,
            _ => Self::LeftToRight,
        }
    }

    /// Whether it is read from the right.
    pub fn is_right_to_left(self) -> bool {
        self == Self::RightToLeft
    }
}

/// What the program writes between names that it sets side by side.
const BETWEEN: [&str; 3] = [" → ", "  ·  ", " · "];

/// A part of a line all of which runs in one direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its bytes in the line.
    pub range: Range<usize>,
    /// Whether its characters run from the right.
    pub is_right_to_left: bool,
}

/// The parts of one line in the order in which they are drawn, from left to right. `direction` is
/// that of the paragraph which the line belongs to.
pub fn parts(line: &str, direction: Direction) -> Vec<Part> {
    if line.is_empty() {
        return Vec::new();
    }
    if direction == Direction::LeftToRight && is_left_to_right(line) {
        return vec![Part { range: 0..line.len(), is_right_to_left: false }];
    }
    let mut parts = Vec::new();
    let mut start = 0;
    if direction == Direction::LeftToRight {
        // Each of several names runs in its own direction, whatever stands beside it.
        while let Some((at, sign)) = next_between(&line[start..]) {
            let (end, next) = (start + at, start + at + sign.len());
            let name = &line[start..end];
            extend(&mut parts, name, start, Direction::of(name));
            parts.push(Part { range: end..next, is_right_to_left: false });
            start = next;
        }
        if start > 0 && start < line.len() {
            let name = &line[start..];
            extend(&mut parts, name, start, Direction::of(name));
            return parts;
        }
    }
    if start < line.len() {
        extend(&mut parts, &line[start..], start, direction);
    }
    parts
}

/// Whether a line sets names side by side, of which one runs from the right. Programs that know
/// nothing of that would order it otherwise.
pub fn is_side_by_side(line: &str) -> bool {
    !is_left_to_right(line) && has_several(line)
}

fn has_several(text: &str) -> bool {
    BETWEEN.iter().any(|sign| text.contains(sign))
}

/// The first sign between names, and where it is.
fn next_between(text: &str) -> Option<(usize, &'static str)> {
    let found = BETWEEN.iter().filter_map(|sign| text.find(sign).map(|at| (at, *sign)));
    found.min_by_key(|(at, _)| *at)
}

/// Appends the parts of a text that begins at a byte of a line.
fn extend(parts: &mut Vec<Part>, text: &str, start: usize, direction: Direction) {
    if text.is_empty() {
        return;
    }
    let base = match direction {
        Direction::LeftToRight => Level::ltr(),
        Direction::RightToLeft => Level::rtl(),
    };
    let info = ParagraphBidiInfo::new(text, Some(base));
    let (levels, runs) = info.visual_runs(0..text.len());
    parts.extend(runs.into_iter().map(|range| {
        let is_right_to_left = levels.get(range.start).is_some_and(Level::is_rtl);
        Part { range: start + range.start..start + range.end, is_right_to_left }
    }));
}

/// A line of a paragraph that is read from a side as a text of its own: where its letters say
/// otherwise, a mark before it says so.
pub fn line_of(line: &str, direction: Direction) -> Cow<'_, str> {
    match direction {
        _ if Direction::of(line) == direction => Cow::Borrowed(line),
        Direction::LeftToRight => Cow::Owned(format!("\u{200e}{line}")),
        Direction::RightToLeft => Cow::Owned(format!("\u{200f}{line}")),
    }
}

/// Whether no character of a text runs from the right, so that there is nothing to reorder.
pub fn is_left_to_right(text: &str) -> bool {
    text.is_ascii() || !text.chars().any(runs_from_the_right)
}

/// Whether a character runs from the right, or is a mark that says what does.
pub fn runs_from_the_right(c: char) -> bool {
    matches!(
        c,
        '\u{590}'..='\u{8ff}'
            | '\u{200f}'
            | '\u{202b}'
            | '\u{202e}'
            | '\u{2067}'
            | '\u{fb1d}'..='\u{fdff}'
            | '\u{fe70}'..='\u{fefe}'
            | '\u{10800}'..='\u{10fff}'
            | '\u{1e800}'..='\u{1efff}'
    )
}

/// The other of a pair, which stands for a character where text runs from the right.
pub fn mirrored(c: char) -> char {
    /// Pairs of brackets, quotation marks and signs, as Unicode lists them.
    const PAIRS: [(char, char); 26] = [
        ('(', ')'),
        ('<', '>'),
        ('[', ']'),
        ('{', '}'),
        ('«', '»'),
        ('‹', '›'),
        ('⁅', '⁆'),
        ('⁽', '⁾'),
        ('₍', '₎'),
        ('≤', '≥'),
        ('≪', '≫'),
        ('⌈', '⌉'),
        ('⌊', '⌋'),
        ('⟦', '⟧'),
        ('⟨', '⟩'),
        ('⟪', '⟫'),
        ('⦅', '⦆'),
        ('〈', '〉'),
        ('《', '》'),
        ('「', '」'),
        ('『', '』'),
        ('【', '】'),
        ('〔', '〕'),
        ('〖', '〗'),
        ('（', '）'),
        ('［', '］'),
    ];
    let pair = PAIRS.iter().find(|(open, close)| *open == c || *close == c);
    pair.map_or(c, |(open, close)| if c == *open { *close } else { *open })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The characters of a line as they lie from left to right, each as it is drawn.
    fn seen(text: &str) -> String {
        let mut seen = String::new();
        for part in parts(text, Direction::of(text)) {
            let chars = text[part.range].chars();
            if part.is_right_to_left {
                seen.extend(chars.rev().map(mirrored));
            } else {
                seen.extend(chars);
            }
        }
        seen
    }

    #[test]
    fn words_and_numbers_lie_in_the_order_in_which_they_are_read() {
        // Read from the right: the first word of a Hebrew name lies at the right end.
        assert_eq!(seen("בנק לאומי"), "ימואל קנב");
        // A number within keeps its digits from left to right.
        assert_eq!(seen("רחוב 125 תל"), "לת 125 בוחר");
        assert_eq!(seen("شارع ١٢٥"), "١٢٥ عراش");
        // Brackets open towards what they hold.
        assert_eq!(seen("בנק (ישראל) בעמ"), "מעב (לארשי) קנב");
        // Latin within Hebrew keeps its own order, and so does Hebrew within Latin.
        assert_eq!(seen("בנק ABC Ltd"), "ABC Ltd קנב");
        assert_eq!(seen("Bank בנק לאומי (TLV)"), "Bank ימואל קנב (TLV)");
        // An arrow points from the first name to the second, and each name is whole.
        assert_eq!(seen("בנק 12 → שמש"), "12 קנב → שמש");
        assert_eq!(seen("בנק (א) → Acme · 18 %"), "(א) קנב → Acme · 18 %");
        // What is left out is left out at the end of reading.
        assert_eq!(seen("בנק…"), "…קנב");
        assert_eq!(seen("Bank בנק…"), "Bank קנב…");
    }

    #[test]
    fn a_line_of_latin_alone_is_one_part() {
        for text in ["Acme (Hong Kong) Ltd, 12", "丹东鸿祥", "กรุงเทพ", "दिल्ली"]
        {
            let whole = Part { range: 0..text.len(), is_right_to_left: false };
            assert_eq!(parts(text, Direction::of(text)), [whole], "{text}");
        }
        assert!(parts("", Direction::RightToLeft).is_empty());
    }

    #[test]
    fn the_second_line_of_a_hebrew_name_is_read_from_the_right_also_where_it_is_latin() {
        let text = "Trading Co.";
        let parts = parts(text, Direction::RightToLeft);
        let drawn: Vec<&str> = parts.iter().map(|part| &text[part.range.clone()]).collect();
        assert_eq!(drawn, [".", "Trading Co"]);
    }
}
