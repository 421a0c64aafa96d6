//! Space before type: a chart that is seen from further away first loses the space between its
//! cards, and only then the size of what is written on them.
//!
//! Cards drawn at a larger scale than the chart are the same as a chart whose places have moved
//! together: by how much they can is found once for a picture.

use std::collections::HashMap;

use super::{
    Line, Node, Picture, Point, Rect, Size,
    fit::CARDS,
    geometry::within,
    picture::{self, CAPTION},
    route::{Care, Courses},
    together::{self, Link},
};
use crate::model::Id;

/// Up to how many entities the space between cards is used up. More are icons before it is.
pub const FEW: usize = 150;
/// The least size at which names on cards can be read, in points, and the size that they keep while
/// there is space between the cards.
const READABLE: f32 = 9.0 / CAPTION;
const KEPT: f32 = 10.0 / CAPTION;
/// The least part of the distances that remains, however far cards are apart.
const LEAST: f32 = 0.2;

/// How far a chart can be squeezed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Squeeze {
    /// The part of the distances between cards that must remain, 0 to 1.
    least: f32,
    /// The part at which lines are still clear of cards. It is kept until names could not be read any
    /// more: a line under a card is better than no cards.
    clear: f32,
    /// Whether few enough are on the chart.
    few: bool,
}

impl Default for Squeeze {
    fn default() -> Self {
        Self { least: 1.0, clear: 1.0, few: false }
    }
}

impl Squeeze {
    /// How far the cards of a picture can be moved together before they touch or a label has no room,
    /// and before a line comes to lie under a card around which it cannot be led.
    pub fn of(picture: &Picture) -> Self {
        /// The steps in which more distance is kept for the sake of lines.
        const STEPS: u8 = 4;
        let nodes = &picture.nodes;
        // Drawings have places of their own on the chart, and do not move together.
        if nodes.len() > FEW || !picture.marks.is_empty() {
            return Self::default();
        }
        let at: HashMap<&Id, usize> =
            nodes.iter().enumerate().map(|(n, node)| (&node.id, n)).collect();
        let links: Vec<Link> = picture
            .lines
            .iter()
            .filter_map(|line| {
                let label = picture::label_size(&line.label);
                Some(Link { from: *at.get(&line.from)?, to: *at.get(&line.to)?, label })
            })
            .filter(|link| link.from != link.to)
            .collect();
        let cards: Vec<Rect> = nodes.iter().map(Node::rect).collect();
        let firm = together::least(&cards, links.iter().copied()).clamp(LEAST, 1.0);
        let straight = clear_of_lines(&cards, &links, firm);
        if straight <= firm {
            return Self { least: firm, clear: firm, few: true };
        }
        // Lines are led around cards; where that is not enough, some of the distance is kept.
        let hidden = |part: f32| Courses::hidden_if_bent(&moved(nodes, part), &picture.lines);
        let most = hidden(straight);
        let part = |step: u8| firm + (straight - firm) * f32::from(step) / f32::from(STEPS);
        let found = (0..STEPS).map(part).find(|part| hidden(*part) <= most);
        Self { least: firm, clear: found.unwrap_or(straight), few: true }
    }

    /// The scale at which cards are drawn where the chart is drawn at a zoom.
    pub fn scale(self, zoom: f32) -> f32 {
        zoom.max(KEPT.min(zoom / self.clear)).max(READABLE.min(zoom / self.least))
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

/// Returns the part of the distances that must remain so that no card comes to lie on a straight line.
fn clear_of_lines(cards: &[Rect], links: &[Link], least: f32) -> f32 {
    let mut least = least;
    for link in links {
        let (from, to) = (cards[link.from].center(), cards[link.to].center());
        for (n, card) in cards.iter().enumerate() {
            if n == link.from || n == link.to {
                continue;
            }
            // Only what would lie on the line if it grew that far has to be looked at.
            let (w, h) = (card.width() + 4.0, card.height() + 4.0);
            let grown = Size { w: w / least, h: h / least };
            if within(from, to, Rect::from_center_size(card.center(), grown)).is_none() {
                continue;
            }
            let off = distance_in(from, to, card.expand(2.0));
            // What lies under a card already cannot be kept clear of it.
            if off > 1.0 {
                least = least.max(1.0 / off);
            }
        }
    }
    least.min(1.0)
}

/// The cards moved together to a part of their distances.
fn moved(nodes: &[Node], part: f32) -> Vec<Node> {
    let mut nodes = nodes.to_vec();
    for node in &mut nodes {
        node.at = Point::new(node.at.x * part, node.at.y * part);
    }
    nodes
}

/// How the lines of a picture are led and where their labels are. What is found for one part of the
/// distances does for parts that are a little larger, so that zooming need not find it every time.
#[derive(Clone, Debug, Default)]
pub struct Leading {
    courses: Courses,
    /// Where the middle of each label is: the nearest point of its line, and how far off that.
    labels: Vec<(f32, Point)>,
}

impl Leading {
    /// The part of distances for which to find it, where cards are moved together to `part`.
    pub fn part_for(part: f32) -> f32 {
        const STEPS: f32 = 32.0;
        (part * STEPS + 1e-3).floor() / STEPS
    }

    /// How the lines of a picture are led where its cards are moved together.
    pub fn of(picture: &Picture, part: f32, care: Care) -> Self {
        const PLACES: u8 = 40;
        let nodes = moved(&picture.nodes, part);
        let mut lines = picture.lines.clone();
        let courses = Courses::of(&nodes, &lines, care);
        courses.lead(&nodes, &mut lines);
        picture::place_labels(&nodes, &mut lines, &|_| 0.0);
        let place = |line: &Line| {
            let places = (0..=PLACES).map(|n| f32::from(n) / f32::from(PLACES));
            let off = |t: &f32| line.curve.at(*t).distance(line.label_at);
            let t = places.min_by(|a, b| off(a).total_cmp(&off(b))).unwrap_or(0.5);
            let on = line.curve.at(t);
            (t, Point::new(line.label_at.x - on.x, line.label_at.y - on.y))
        };
        let labels = lines.iter().map(place).collect();
        Self { courses, labels }
    }
}

/// The same picture with its cards moved together to a part of their distances.
pub fn squeezed(picture: &Picture, part: f32, leading: &Leading) -> Picture {
    let nodes = moved(&picture.nodes, part);
    let mut lines = picture.lines.clone();
    leading.courses.lead(&nodes, &mut lines);
    for (line, (t, off)) in lines.iter_mut().zip(&leading.labels) {
        let on = line.curve.at(*t);
        line.label_at = Point::new(on.x + off.x, on.y + off.y);
    }
    let bounds = picture::bounds_of(&nodes, &lines);
    Picture { nodes, lines, bounds, marks: picture.marks.clone(), legend: picture.legend.clone() }
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
        let roomy = Squeeze { least: 0.5, clear: 0.5, few: true };
        assert_eq!(roomy.scale(1.3), 1.3);
        assert!((roomy.scale(0.5) * CAPTION - 10.0).abs() < 0.01);
        assert!((roomy.scale(roomy.cards_from()) * CAPTION - 9.0).abs() < 0.01);
        // With lines that would come to lie under cards, less of the space is used up at first.
        let lines = Squeeze { clear: 0.8, ..roomy };
        assert!((lines.part(0.6) - 0.8).abs() < 0.01, "{}", lines.part(0.6));
        assert!((lines.scale(0.5) * CAPTION - 9.0).abs() < 0.01);
        assert_eq!(lines.cards_from(), roomy.cards_from());
        let full = Squeeze { least: 1.0, clear: 1.0, few: true };
        assert_eq!(full.scale(0.5), 0.5);
        assert!((full.cards_from() * CAPTION - 9.0).abs() < 0.01);
        assert_eq!(Squeeze::default().cards_from(), CARDS);
    }
}
