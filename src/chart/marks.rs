//! What is drawn on a chart beside its cards: text boxes, boxes around cards, lines.

use super::{
    Color, Input, Node, Point, Rect, Size, Style,
    font::{self, Weight},
    picture::CAPTION,
    text::{cut, one_line, wrap},
};
use crate::model::{
    Id,
    styling::{Drawing, Magnitude, Paint, Shape, Thickness},
};

/// The width at which a text box breaks its lines, in points at the usual size.
const TEXT_WIDTH: f32 = 260.0;
/// Maximum number of lines of a text box.
const TEXT_LINES: usize = 24;
/// Between a text and the edge of its box, in points.
pub const TEXT_PAD: f32 = 10.0;
/// From a box to the cards in it, in points; above them is its title, too.
const BOX_PAD: f32 = 22.0;
/// The height of the title of a box, in points at the usual size.
const TITLE: f32 = 22.0;

/// Something drawn beside the cards.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// The drawing that it is.
    pub id: Id,
    pub shape: MarkShape,
    pub color: Color,
    /// The width of its strokes, in points.
    pub width: f32,
    /// The size of its text, in points.
    pub size: f32,
    /// What it covers.
    pub rect: Rect,
}

/// How it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum MarkShape {
    Text {
        lines: Vec<String>,
    },
    Box {
        title: String,
    },
    Line {
        from: Point,
        to: Point,
        arrow: bool,
    },
    /// A span of time with what it is, paler where no end is known.
    Bar {
        text: String,
        open: bool,
    },
    /// A line of text without a box.
    Label {
        text: String,
        is_strong: bool,
    },
}

impl Mark {
    /// The height of a line of its text, in points.
    pub fn line_height(&self) -> f32 {
        self.size * 1.3
    }

    /// Where the title of a box is.
    pub fn title_rect(&self) -> Rect {
        let text = match &self.shape {
            MarkShape::Box { title } => title.as_str(),
            _ => "",
        };
        let w = font::width(text, self.size, Weight::SemiBold) + 20.0;
        let min = self.rect.min;
        let max = Point::new(min.x + w.max(36.0), min.y + TITLE * self.size / CAPTION);
        Rect { min, max }
    }
}

/// The marks of a chart whose cards are these. A box around nothing that is drawn is left out.
pub(super) fn marks(input: &Input<'_>, nodes: &[Node]) -> Vec<Mark> {
    let drawings = input.chart.drawings.iter();
    drawings.filter_map(|drawing| mark(input, drawing, nodes)).collect()
}

fn mark(input: &Input<'_>, drawing: &Drawing, nodes: &[Node]) -> Option<Mark> {
    let size = CAPTION * drawing.size.map_or(1.0, Magnitude::factor);
    let width = 1.6 * drawing.thickness.map_or(1.0, Thickness::factor);
    let color = color(input.style, drawing.paint);
    let (shape, rect) = match &drawing.shape {
        Shape::Text { at, text } => {
            let room = TEXT_WIDTH * size / CAPTION;
            let lines = lines_of(text, size, room);
            let widths = lines.iter().map(|line| font::width(line, size, Weight::Regular));
            let w = widths.fold(40.0, f32::max) + 2.0 * TEXT_PAD;
            let h = lines.len().max(1) as f32 * size * 1.3 + 2.0 * TEXT_PAD;
            let min = Point::new(at[0], at[1]);
            let max = Point::new(min.x + w, min.y + h);
            (MarkShape::Text { lines }, Rect { min, max })
        }
        Shape::Box { around, title } => {
            // A member of a group is where the group is.
            let group = |id: &Id| input.chart.groups.iter().find(|g| g.members.contains(id));
            let inside = |node: &&Node| {
                around.contains(&node.id)
                    || around.iter().any(|id| group(id).is_some_and(|g| g.id == node.id))
            };
            let cards = Rect::around(nodes.iter().filter(inside).map(Node::rect))?;
            let mut rect = cards.expand(BOX_PAD);
            if !title.is_empty() {
                rect.min.y -= TITLE * size / CAPTION - 6.0;
            }
            (MarkShape::Box { title: one_line(title) }, rect)
        }
        Shape::Line { from, to, arrow } => {
            let [from, to] = [from, to].map(|at| Point::new(at[0], at[1]));
            let rect = Rect { min: from, max: from }.union(Rect { min: to, max: to });
            (MarkShape::Line { from, to, arrow: *arrow }, rect)
        }
    };
    Some(Mark { id: drawing.id.clone(), shape, color, width, size, rect })
}

/// The lines of a text box; where they are too many, the last of those that are kept ends in "…".
fn lines_of(text: &str, size: f32, room: f32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for paragraph in text.lines().take(TEXT_LINES + 1) {
        let mut rest = paragraph;
        loop {
            let (part, after) = long_part(rest);
            lines.extend(wrap(part, size, Weight::Regular, room, TEXT_LINES + 1));
            rest = after;
            if rest.is_empty() || lines.len() > TEXT_LINES {
                break;
            }
        }
    }
    if lines.len() > TEXT_LINES {
        lines.truncate(TEXT_LINES);
        if let Some(last) = lines.last_mut() {
            *last = cut(&format!("{last}…"), size, Weight::Regular, room);
        }
    }
    lines
}

/// As much of a paragraph as is broken into lines at once, up to a space where there is one, and the
/// rest.
fn long_part(text: &str) -> (&str, &str) {
    const AT_ONCE: usize = 380;
    let Some((end, _)) = text.char_indices().nth(AT_ONCE) else { return (text, "") };
    let end = text[..end].rfind(' ').filter(|space| *space > 0).unwrap_or(end);
    (&text[..end], text[end..].trim_start())
}

/// The head of an arrow that ends at `to`.
pub fn head(from: Point, to: Point, width: f32) -> [Point; 3] {
    let length = from.distance(to).max(0.01);
    let (x, y) = ((to.x - from.x) / length, (to.y - from.y) / length);
    let (back, half) = (8.0 + 2.0 * width, 3.5 + width);
    let base = Point::new(to.x - x * back, to.y - y * back);
    [
        to,
        Point::new(base.x - y * half, base.y + x * half),
        Point::new(base.x + y * half, base.y - x * half),
    ]
}

/// The colour of a paint; that of lines for none.
pub(super) fn color(style: &Style, paint: Option<Paint>) -> Color {
    paint.map_or(style.line, |paint| style.paint(paint))
}

/// The size of a card that is drawn larger or smaller.
pub(super) fn scaled(size: Size, by: f32) -> Size {
    Size { w: (size.w * by).ceil(), h: (size.h * by).ceil() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_keeps_every_word_and_a_too_long_one_says_so() {
        let words: Vec<String> = (0..150).map(|n| format!("word{n}")).collect();
        let lines = lines_of(&words.join(" "), CAPTION, 400.0);
        assert!(lines.len() > 10 && lines.len() <= TEXT_LINES, "{}", lines.len());
        assert_eq!(lines.join(" "), words.join(" "));
        let lines = lines_of(&words.join("\n"), CAPTION, 400.0);
        assert_eq!(lines.len(), TEXT_LINES);
        assert_eq!(lines.last().map(String::as_str), Some("word23…"));
        assert_eq!(lines_of("a\u{202e}b\n\nc", CAPTION, 400.0), ["a⟪U+202E⟫b", "", "c"]);
    }
}
