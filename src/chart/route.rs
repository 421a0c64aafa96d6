//! Lines led around cards that are not their ends: one that would pass under a card is bent to the
//! side on which it passes under none, or under as few as possible.

use std::collections::HashMap;

use super::{
    Line, Node, Picture, Point, Rect,
    geometry::within,
    picture::{curve, line_point, place_labels},
    squeeze::FEW,
};
use crate::model::Id;

/// How far a line may be bent, in steps beside the way that it has.
const BENDS: [f32; 14] =
    [0.7, -0.7, 1.2, -1.2, 1.7, -1.7, 2.2, -2.2, 2.8, -2.8, 3.5, -3.5, 4.5, -4.5];
/// The distance that it keeps from cards, in units of the chart.
const CLEAR: f32 = 3.0;
/// The straight parts as which a curve is looked at.
const PARTS: u8 = 10;

/// Bends the lines of a picture of few around the cards that they would pass under.
pub fn route(picture: &mut Picture) {
    if picture.nodes.len() > FEW {
        return;
    }
    let bends = Bends::of(&picture.nodes, &picture.lines);
    if bends.lead(&picture.nodes, &mut picture.lines) {
        place_labels(&picture.nodes, &mut picture.lines, &|_| 0.0);
    }
}

/// The bends of the lines of a picture of few.
#[derive(Clone, Debug, Default)]
pub(super) struct Bends {
    /// How many steps each line runs beside the straight way.
    spreads: Vec<f32>,
    /// The cards that lines pass under all the same, each counted for each line.
    pub hidden: usize,
}

impl Bends {
    /// The bends with which lines pass under as few cards as possible.
    pub(super) fn of(nodes: &[Node], lines: &[Line]) -> Self {
        let cards: Vec<Rect> = nodes.iter().map(|node| node.rect().expand(CLEAR)).collect();
        let at: HashMap<&Id, usize> =
            nodes.iter().enumerate().map(|(n, node)| (&node.id, n)).collect();
        let mut bends = Self::default();
        for line in lines {
            let ends = at.get(&line.from).zip(at.get(&line.to)).filter(|(a, b)| a != b);
            let Some((&a, &b)) = ends else {
                bends.spreads.push(line.spread);
                continue;
            };
            let led = |spread: f32| curve(&nodes[a], &nodes[b], spread, line.nth);
            let mut best = (hits(&led(line.spread), &cards, (a, b)), line.spread);
            for bend in BENDS {
                if best.0 == 0 {
                    break;
                }
                let spread = line.spread + bend;
                let count = hits(&led(spread), &cards, (a, b));
                if count < best.0 {
                    best = (count, spread);
                }
            }
            bends.spreads.push(best.1);
            bends.hidden += best.0;
        }
        bends
    }

    /// Leads lines between cards so; returns whether any is bent.
    pub(super) fn lead(&self, nodes: &[Node], lines: &mut [Line]) -> bool {
        let at: HashMap<&Id, usize> =
            nodes.iter().enumerate().map(|(n, node)| (&node.id, n)).collect();
        let mut bent = false;
        for (line, &spread) in lines.iter_mut().zip(&self.spreads) {
            if let Some((&a, &b)) = at.get(&line.from).zip(at.get(&line.to)) {
                line.curve = curve(&nodes[a], &nodes[b], spread, line.nth);
                bent |= spread != line.spread;
                line.spread = spread;
            }
        }
        bent
    }
}

/// The number of cards under which a curve passes, but those at its ends.
fn hits(curve: &[Point; 4], cards: &[Rect], (a, b): (usize, usize)) -> usize {
    let corners = curve.map(|p| Rect { min: p, max: p });
    let area = Rect::around(corners).unwrap_or_default().expand(1.0);
    let points: Vec<Point> =
        (0..=PARTS).map(|n| line_point(curve, f32::from(n) / f32::from(PARTS))).collect();
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
        chart::{Input, Mode, Overlay, Style, picture},
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
        assert_eq!(hits(&straight, &cards, (0, 2)), 1);
        let mut around = straight;
        (around[1].y, around[2].y) = (-80.0, -80.0);
        assert_eq!(hits(&around, &cards, (0, 2)), 0);
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
