//! Lines led around cards that are not their ends: one that would pass under a card is bent to the
//! side on which it passes under none; where no bend does, it goes around the corners of cards.

use std::collections::HashMap;

use super::{
    Curve, Line, Node, Picture, Rect,
    detour::{self, CLEAR, Corner, Corners},
    drawn::Drawn,
    geometry::within,
    picture::{curve, place_labels, trimmed},
};
use crate::model::Id;

/// How far a line may be bent, in steps beside the way that it has.
const BENDS: [f32; 14] =
    [0.7, -0.7, 1.2, -1.2, 1.7, -1.7, 2.2, -2.2, 2.8, -2.8, 3.5, -3.5, 4.5, -4.5];
/// Charts with more cards than this keep straight lines.
const MANY: usize = 400;
/// The length of a line that may lie upon others before it is bent.
const UPON: f32 = 30.0;
/// The straight parts as which a curve is looked at.
const PARTS: u8 = 10;

/// Leads the lines of a picture around the cards that they would pass under, where it is not too
/// large for that.
pub fn route(picture: &mut Picture) {
    if picture.nodes.len() > MANY {
        return;
    }
    let courses = Courses::of(&picture.nodes, &picture.lines, Care::Whole);
    if courses.lead(&picture.nodes, &mut picture.lines) {
        place_labels(&picture.nodes, &mut picture.lines, &|_| 0.0);
    }
}

/// How much care is taken to lead lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    /// They are bent, which is enough while cards move.
    Quick,
    /// They go around corners too.
    Whole,
}

/// How a line runs.
#[derive(Clone, Debug)]
enum Course {
    /// So many steps beside the straight way.
    Bent(f32),
    /// Around corners of cards.
    Around(Vec<Corner>),
}

/// The courses of the lines of a picture of few.
#[derive(Clone, Debug, Default)]
pub(super) struct Courses {
    /// Each with the number of cards that the line passes under all the same.
    courses: Vec<(Course, usize)>,
}

impl Courses {
    /// Courses on which lines pass under as few cards as possible, and do not run upon each other.
    pub(super) fn of(nodes: &[Node], lines: &[Line], care: Care) -> Self {
        let cards: Vec<Rect> = nodes.iter().map(Node::rect).collect();
        let (mut found, mut drawn) = Self::found(nodes, lines, true);
        if care == Care::Quick {
            return found;
        }
        let mut corners: Option<Corners> = None;
        let at = places(nodes);
        for (line, course) in lines.iter().zip(&mut found.courses) {
            let Some(ends) = ends(&at, line).filter(|_| course.1 > 0) else { continue };
            let corners = corners.get_or_insert_with(|| Corners::of(&cards));
            let Some(corners) = corners.find(ends, &drawn) else { continue };
            let around = around(&corners, nodes, ends);
            let hidden = hits(&around, &cards, ends);
            if hidden < course.1 {
                drawn.add(&around);
                *course = (Course::Around(corners), hidden);
            }
        }
        found
    }

    /// The number of cards that lines pass under that are only bent, each counted for each line.
    pub(super) fn hidden_if_bent(nodes: &[Node], lines: &[Line]) -> usize {
        let (found, _) = Self::found(nodes, lines, false);
        found.courses.iter().map(|(_, hidden)| hidden).sum()
    }

    /// Courses that go around no corners, and the lines that pass under no card.
    fn found(nodes: &[Node], lines: &[Line], apart: bool) -> (Self, Drawn) {
        let cards: Vec<Rect> = nodes.iter().map(|node| node.rect().expand(CLEAR)).collect();
        let at = places(nodes);
        let (mut found, mut drawn) = (Self::default(), Drawn::default());
        for line in lines {
            let Some((a, b)) = ends(&at, line) else {
                found.courses.push((Course::Bent(line.spread), 0));
                continue;
            };
            let (mut best, mut least) = (line.spread, (usize::MAX, f32::INFINITY));
            for bend in [0.0].into_iter().chain(BENDS) {
                let spread = line.spread + bend;
                let curve = curve(&nodes[a], &nodes[b], spread, line.nth);
                let hidden = hits(&curve, &cards, (a, b));
                if hidden > least.0 {
                    continue;
                }
                let upon = if apart && hidden == 0 { drawn.upon_curve(&curve) } else { 0.0 };
                if (hidden, upon) < least {
                    (best, least) = (spread, (hidden, upon));
                }
                if hidden == 0 && upon < UPON {
                    break;
                }
            }
            if apart && least.0 == 0 {
                drawn.add(&curve(&nodes[a], &nodes[b], best, line.nth));
            }
            found.courses.push((Course::Bent(best), least.0));
        }
        (found, drawn)
    }

    /// Leads lines between cards so; returns whether any is not straight that was.
    pub(super) fn lead(&self, nodes: &[Node], lines: &mut [Line]) -> bool {
        let at = places(nodes);
        let mut led = false;
        for (line, (course, _)) in lines.iter_mut().zip(&self.courses) {
            let Some((&a, &b)) = at.get(&line.from).zip(at.get(&line.to)) else { continue };
            match course {
                Course::Bent(spread) => {
                    line.curve = curve(&nodes[a], &nodes[b], *spread, line.nth);
                    led |= *spread != line.spread;
                    line.spread = *spread;
                }
                Course::Around(corners) => {
                    line.curve = around(corners, nodes, (a, b));
                    led = true;
                }
            }
        }
        led
    }
}

/// The places of cards in a list.
fn places(nodes: &[Node]) -> HashMap<&Id, usize> {
    nodes.iter().enumerate().map(|(n, node)| (&node.id, n)).collect()
}

/// The places of a line's ends; `None` where it ends where it begins.
fn ends(at: &HashMap<&Id, usize>, line: &Line) -> Option<(usize, usize)> {
    let (a, b) = (*at.get(&line.from)?, *at.get(&line.to)?);
    (a != b).then_some((a, b))
}

/// The curve around corners from one card to another.
fn around(corners: &[Corner], nodes: &[Node], (a, b): (usize, usize)) -> Curve {
    trimmed(detour::along(corners, nodes, (a, b)), &nodes[a], &nodes[b])
}

/// The number of cards under which a curve passes, but those at its ends.
fn hits(curve: &Curve, cards: &[Rect], (a, b): (usize, usize)) -> usize {
    let area = curve.hull().expand(1.0);
    let points = curve.points(PARTS);
    let passes = |card: &Rect| points.windows(2).any(|p| within(p[0], p[1], *card).is_some());
    let others = cards.iter().enumerate().filter(|(n, _)| *n != a && *n != b);
    others.filter(|(_, card)| card.intersects(area) && passes(card)).count()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{
        case::{Action, Case, NewValue, Op},
        chart::{Input, Mode, Overlay, Point, Style, picture},
        model::{Chart, Period, Placement},
        network::Seen,
    };

    #[test]
    fn a_curve_is_counted_for_each_card_that_it_passes_under_but_its_ends() {
        let card = |x: f32, y: f32| Rect {
            min: Point::new(x - 50.0, y - 20.0),
            max: Point::new(x + 50.0, y + 20.0),
        };
        let cards = [card(0.0, 0.0), card(300.0, 0.0), card(600.0, 0.0), card(300.0, 200.0)];
        let straight = [0.0, 200.0, 400.0, 600.0].map(|x| Point::new(x, 0.0));
        assert_eq!(hits(&straight.into(), &cards, (0, 2)), 1);
        let mut around = straight;
        (around[1].y, around[2].y) = (-80.0, -80.0);
        assert_eq!(hits(&around.into(), &cards, (0, 2)), 0);
    }

    #[test]
    fn a_line_is_led_around_a_card_between_its_ends() {
        let mut case = Case::in_memory().expect("memory suffices");
        let company = |id: &str| Op::Add {
            entity: id.into(),
            schema: "Company".into(),
            values: vec![NewValue::new("name", format!("Company {id}"))],
        };
        let owns = Op::Add {
            entity: "o".into(),
            schema: "Ownership".into(),
            values: vec![NewValue::new("owner", "a"), NewValue::new("asset", "c")],
        };
        let ops = vec![company("a"), company("b"), company("c"), owns];
        case.commit(Action::new(ops)).expect("valid");
        let seen = Seen::new(case.entities().expect("readable"));
        let place =
            |(id, x): (&str, f32)| Placement { entity: id.into(), x, y: 0.0, pinned: false };
        let mut drawn = picture(&Input {
            seen: &seen,
            chart: &Chart::new("C", 1.0),
            placements: &[("a", 0.0), ("b", 300.0), ("c", 600.0)].map(place),
            selection: &BTreeSet::new(),
            period: &Period::default(),
            overlay: &Overlay::default(),
            style: &Style::of(Mode::Light),
            follows: false,
        });
        let between: Vec<Rect> = vec![drawn.nodes[1].rect()];
        let nobody = (usize::MAX, usize::MAX);
        assert_eq!(hits(&drawn.lines[0].curve, &between, nobody), 1);
        route(&mut drawn);
        assert_eq!(hits(&drawn.lines[0].curve, &between, nobody), 0, "{:?}", drawn.lines[0].curve);
    }
}
