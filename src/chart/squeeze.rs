//! Space before type: a chart that is seen from further away first loses the space between its
//! cards, and only then the size of what is written on them.
//!
//! Cards drawn at a larger scale than the chart are the same as a chart whose places have moved
//! together: by how much they can is found once for a picture.

use std::collections::HashMap;

use super::{
    Line, Picture, Point, Rect, Size,
    fit::CARDS,
    geometry::{reach, within},
    picture::{self, CAPTION},
};
use crate::model::Id;

/// Up to how many entities the space between cards is used up. More are icons before it is.
pub const FEW: usize = 150;
/// The least size at which names on cards can be read, in points, and the size that they keep while
/// there is space between the cards.
const READABLE: f32 = 9.0 / CAPTION;
const KEPT: f32 = 10.0 / CAPTION;
/// What must remain, in units of the chart at the scale of the cards: between two cards, and of a
/// line beside its label.
const BETWEEN: f32 = 10.0;
const BESIDE_LABEL: f32 = 18.0;

/// How far a chart can be squeezed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Squeeze {
    /// The part of the distances between cards that must remain, 0 to 1.
    least: f32,
    /// Whether few enough are on the chart.
    few: bool,
}

impl Default for Squeeze {
    fn default() -> Self {
        Self { least: 1.0, few: false }
    }
}

impl Squeeze {
    /// How far the cards of a picture can be moved together before they touch, before a label has no
    /// room, or before a card comes to lie on a line.
    pub fn of(picture: &Picture) -> Self {
        let nodes = &picture.nodes;
        // Drawings have places of their own on the chart, and do not move together.
        if nodes.len() > FEW || !picture.marks.is_empty() {
            return Self::default();
        }
        let mut least = 0.2_f32;
        for (n, a) in nodes.iter().enumerate() {
            for b in &nodes[..n] {
                let across = f32::midpoint(a.size.w, b.size.w) + BETWEEN;
                let down = f32::midpoint(a.size.h, b.size.h) + BETWEEN;
                let (dx, dy) = ((a.at.x - b.at.x).abs(), (a.at.y - b.at.y).abs());
                least = least.max((across / dx.max(1e-3)).min(down / dy.max(1e-3)));
            }
        }
        let at: HashMap<&Id, usize> =
            nodes.iter().enumerate().map(|(n, node)| (&node.id, n)).collect();
        for line in picture.lines.iter().filter(|line| line.from != line.to) {
            let (Some(&a), Some(&b)) = (at.get(&line.from), at.get(&line.to)) else { continue };
            let (from, to) = (&nodes[a], &nodes[b]);
            let (dx, dy) = (to.at.x - from.at.x, to.at.y - from.at.y);
            let length = dx.hypot(dy).max(1.0);
            let inside = reach(from.size, (dx, dy)) + reach(to.size, (dx, dy));
            let label = picture::label_size(&line.label) + BESIDE_LABEL;
            least = least.max((label + inside) / length);
            for (n, card) in nodes.iter().enumerate() {
                if n == a || n == b {
                    continue;
                }
                // Only what would lie on the line if it grew that far has to be looked at.
                let (w, h) = (card.size.w + 4.0, card.size.h + 4.0);
                let grown = Size { w: w / least, h: h / least };
                if within(from.at, to.at, Rect::from_center_size(card.at, grown)).is_none() {
                    continue;
                }
                let off = distance_in(from.at, to.at, card.rect().expand(2.0));
                // What lies under a card already cannot be kept clear of it.
                if off > 1.0 {
                    least = least.max(1.0 / off);
                }
            }
        }
        Self { least: least.min(1.0), few: true }
    }

    /// The scale at which cards are drawn where the chart is drawn at a zoom.
    pub fn scale(self, zoom: f32) -> f32 {
        zoom.max(KEPT.min(zoom / self.least))
    }

    /// From this zoom on entities are cards; from further away, icons with their names beside them.
    pub fn cards_from(self) -> f32 {
        if self.few { READABLE * self.least } else { CARDS }
    }

    /// The part of the distances between cards that remains at a zoom, 0 to 1.
    pub fn part(self, zoom: f32) -> f32 {
        zoom / self.scale(zoom)
    }
}

/// The distance of a line from the middle of a rectangle, in the rectangle's half sides: 1 where it
/// touches an edge.
fn distance_in(a: Point, b: Point, rect: Rect) -> f32 {
    let (middle, half) = (rect.center(), (rect.width() / 2.0, rect.height() / 2.0));
    let at = |t: f32| {
        let p = a.towards(b, t);
        ((p.x - middle.x).abs() / half.0).max((p.y - middle.y).abs() / half.1)
    };
    // It falls and then rises along the line.
    let (mut from, mut to) = (0.0_f32, 1.0_f32);
    for _ in 0..28 {
        let (first, second) = (from + (to - from) / 3.0, to - (to - from) / 3.0);
        if at(first) < at(second) {
            to = second;
        } else {
            from = first;
        }
    }
    at(f32::midpoint(from, to))
}

/// The same picture with its cards moved together to a part of their distances.
pub fn squeezed(picture: &Picture, part: f32) -> Picture {
    let mut picture = picture.clone();
    for node in &mut picture.nodes {
        node.at = Point::new(node.at.x * part, node.at.y * part);
    }
    let nodes = std::mem::take(&mut picture.nodes);
    let at: HashMap<&Id, usize> = nodes.iter().enumerate().map(|(n, node)| (&node.id, n)).collect();
    let ends = |line: &Line| Some((*at.get(&line.from)?, *at.get(&line.to)?));
    for line in &mut picture.lines {
        if let Some((from, to)) = ends(line) {
            line.curve = picture::curve(&nodes[from], &nodes[to], line.spread, line.nth);
        }
    }
    picture::place_labels(&nodes, &mut picture.lines, &|_| 0.0);
    picture.bounds = picture::bounds_of(&nodes, &picture.lines);
    picture.nodes = nodes;
    picture
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rect(x: f32, y: f32, w: f32, h: f32) -> Rect {
        Rect { min: Point::new(x, y), max: Point::new(x + w, y + h) }
    }

    #[test]
    fn a_line_is_as_far_from_a_card_as_the_card_could_grow() {
        let card = rect(-100.0, -30.0, 200.0, 60.0);
        let level = |y: f32| distance_in(Point::new(-500.0, y), Point::new(900.0, y), card);
        assert!((level(60.0) - 2.0).abs() < 0.01 && level(0.0) < 0.01);
        let upright = distance_in(Point::new(250.0, -400.0), Point::new(250.0, 400.0), card);
        assert!((upright - 2.5).abs() < 0.01, "{upright}");
        // It ends before it comes near.
        let short = distance_in(Point::new(-900.0, 0.0), Point::new(-300.0, 0.0), card);
        assert!((short - 3.0).abs() < 0.01, "{short}");
    }

    #[test]
    fn type_keeps_its_size_until_the_space_is_used_up() {
        let roomy = Squeeze { least: 0.5, few: true };
        assert_eq!(roomy.scale(1.3), 1.3);
        assert!((roomy.scale(0.5) * CAPTION - 10.0).abs() < 0.01);
        assert!((roomy.scale(roomy.cards_from()) * CAPTION - 9.0).abs() < 0.01);
        let full = Squeeze { least: 1.0, few: true };
        assert_eq!(full.scale(0.5), 0.5);
        assert!((full.cards_from() * CAPTION - 9.0).abs() < 0.01);
        assert_eq!(Squeeze::default().cards_from(), CARDS);
    }
}
