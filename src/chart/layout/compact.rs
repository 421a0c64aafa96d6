//! A drawing of few made to fill a window: it is drawn together step by step, while cards keep apart,
//! lines keep the length of their labels, and cards keep off the lines of others. The best of all
//! steps is kept: the one that can be shown largest, with as few lines under cards as possible, and
//! with every card in its band where there are any.

use super::{
    Body, Tie,
    apart::{self, Room},
    bands::Bands,
    fill::{ASPECT, are_few, bounds, score},
    lines::{CLEAR, under},
    watch::Watch,
};
use crate::chart::Point;

/// The number of steps, and the rounds of pushing in each.
const STEPS: usize = 60;
const ROUNDS: usize = 24;

/// Draws cards together; what is fixed stays, and the others come closer to it.
pub(super) fn compact(
    bodies: Vec<Body>,
    ties: &[Tie],
    bands: Option<&Bands>,
    watch: Watch<'_>,
) -> Option<Vec<Body>> {
    let ties: Vec<Tie> = apart::between(&bodies, ties).copied().collect();
    if !are_few(&bodies, &ties) || ties.is_empty() {
        return Some(bodies);
    }
    if bodies.iter().any(|body| body.fixed) {
        return Some(together(&bodies, &ties, bands, Room::Usual, watch)?.1);
    }
    // Which of the two gives the smaller one is not known before.
    let usual = together(&bodies, &ties, bands, Room::Usual, watch.part(0.0, 0.5))?;
    let close = together(&bodies, &ties, bands, Room::Close, watch.part(0.5, 1.0))?;
    let mut bodies = if close.0 < usual.0 { close.1 } else { usual.1 };
    apart::unfold(&mut bodies, &ties);
    Some(bodies)
}

/// The best of all steps, with its score.
fn together(
    bodies: &[Body],
    ties: &[Tie],
    bands: Option<&Bands>,
    room: Room,
    watch: Watch<'_>,
) -> Option<(f32, Vec<Body>)> {
    let mut now = bodies.to_vec();
    let mut best = (score(&now, ties), now.clone());
    for step in 0..STEPS {
        watch.tell(step as f32 / STEPS as f32)?;
        if watch.is_late() {
            break;
        }
        let bounds = bounds(&now);
        let wide = bounds.width() / bounds.height().max(1.0) / ASPECT;
        // The longer way more than the other.
        let (across, down) = if wide > 1.0 { (0.94, 0.985) } else { (0.985, 0.94) };
        let middle = bounds.center();
        for body in now.iter_mut().filter(|body| !body.fixed) {
            body.at = Point::new(
                middle.x + (body.at.x - middle.x) * across,
                middle.y + (body.at.y - middle.y) * down,
            );
        }
        for _ in 0..ROUNDS {
            let off = keep_off_lines(&mut now, ties);
            let pushed = apart::push_once(&mut now, ties, room);
            let strayed = bands.is_some_and(|bands| bands.keep(&mut now));
            if !off && !pushed && !strayed {
                break;
            }
        }
        let mut settled = now.clone();
        apart::finish(&mut settled, ties, room, watch)?;
        let score = score(&settled, ties);
        if score < best.0 && bands.is_none_or(|bands| bands.are_kept(&settled)) {
            best = (score, settled);
        }
    }
    Some(best)
}

/// Moves cards off the lines of others, and these a little the other way; returns whether any was.
fn keep_off_lines(bodies: &mut [Body], ties: &[Tie]) -> bool {
    let mut any = false;
    for tie in ties {
        let found: Vec<usize> = under(bodies, tie).collect();
        for n in found {
            let (a, b, card) = (bodies[tie.from].at, bodies[tie.to].at, bodies[n]);
            let length = a.distance(b).max(1.0);
            let normal = (-(b.y - a.y) / length, (b.x - a.x) / length);
            let off = (card.at.x - a.x) * normal.0 + (card.at.y - a.y) * normal.1;
            let reach =
                card.size.w / 2.0 * normal.0.abs() + card.size.h / 2.0 * normal.1.abs() + CLEAR;
            let by = (reach - off.abs()).max(0.0) + 1.0;
            let side = if off < 0.0 { -1.0 } else { 1.0 };
            let mut push = |n: usize, by: f32| {
                let body = &mut bodies[n];
                if !body.fixed {
                    let (x, y) = (normal.0 * side * by, normal.1 * side * by);
                    body.at = Point::new(body.at.x + x, body.at.y + y);
                }
            };
            push(n, by * 0.4);
            push(tie.from, -by * 0.15);
            push(tie.to, -by * 0.15);
            any = true;
        }
    }
    any
}

#[cfg(test)]
mod tests {
    use super::super::{Algorithm, Request};
    use super::*;
    use crate::{chart::Size, network::Random};

    /// A tree with some more ties, as charts of owners and directors are.
    fn graph(count: usize, seed: u64) -> (Vec<Body>, Vec<Tie>) {
        let mut random = Random(seed * 7919 + 17);
        let mut below = |n: usize| (random.unit() * n as f32) as usize;
        let size = |n: usize| Size { w: 150.0 + (n * 37 % 60) as f32, h: [52.0, 66.0][n % 2] };
        let bodies = (0..count).map(|n| Body { at: Point::default(), size: size(n), fixed: false });
        let label = |n: usize| [33.0, 60.0, 118.0][n % 3];
        let mut ties: Vec<Tie> =
            (1..count).map(|n| Tie::new(below(n), n).labelled(label(n))).collect();
        ties.extend(
            (0..count / 6).map(|n| Tie::new(below(count), below(count)).labelled(label(n))),
        );
        (bodies.collect(), ties)
    }

    #[test]
    fn few_fill_a_window_and_hardly_a_line_passes_under_a_card() {
        for count in [12, 20, 30, 60, 99] {
            let (mut hidden, mut lines, mut side) = (0, 0, 0.0);
            for seed in 0..4 {
                let (bodies, ties) = graph(count, seed);
                let points = Request::new(Algorithm::Force, &bodies, &ties)
                    .run(&|_| true)
                    .expect("it is not cancelled");
                let set: Vec<Body> =
                    bodies.iter().zip(points).map(|(b, at)| Body { at, ..*b }).collect();
                let ties: Vec<Tie> = apart::between(&set, &ties).copied().collect();
                hidden += ties.iter().filter(|tie| under(&set, tie).next().is_some()).count();
                lines += ties.len();
                let bounds = bounds(&set);
                side += (bounds.width() / ASPECT).max(bounds.height()) / 4.0;
            }
            println!("{count}: {side:.0} high, {hidden} of {lines} lines under a card");
            assert!(hidden * 6 <= lines, "{hidden} of {lines} for {count}");
        }
    }
}
