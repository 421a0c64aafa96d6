//! How large a drawing of few can be shown in a window, and how much of it is hidden then.

use super::{Algorithm, Body, Tie, apart::Room, lines::under};
use crate::chart::{
    Point, Rect,
    together::{self, Link},
};

/// Charts with more cards than this, or with more ties, stay as they were drawn.
const FEW: usize = 150;
const FEW_TIES: usize = 300;
/// How much wider than high a window is, less what lies beside a chart.
pub(super) const ASPECT: f32 = 1.4;
/// The least part of the distances that remains where cards are moved together.
const LEAST: f32 = 0.2;
/// What each line under a card counts, as a part of the size of the whole.
const HIDDEN: f32 = 0.04;

/// Whether so many cards and ties are few.
pub(super) fn are_few(bodies: &[Body], ties: &[Tie]) -> bool {
    bodies.len() <= FEW && ties.len() <= FEW_TIES
}

pub(super) fn bounds(bodies: &[Body]) -> Rect {
    Rect::around(bodies.iter().map(Body::rect)).unwrap_or_default()
}

/// The smaller, the larger a drawing can be shown with its cards moved together, and the fewer lines
/// are hidden.
pub(super) fn score(bodies: &[Body], ties: &[Tie]) -> f32 {
    let cards: Vec<Rect> = bodies.iter().map(Body::rect).collect();
    let links = ties.iter().map(|tie| Link { from: tie.from, to: tie.to, label: tie.label });
    let part = together::least(&cards, links).max(LEAST);
    let together: Vec<Body> = bodies
        .iter()
        .map(|body| Body { at: Point::new(body.at.x * part, body.at.y * part), ..*body })
        .collect();
    let all = bounds(&together);
    let hidden = ties.iter().map(|tie| under(&together, tie).count()).sum::<usize>();
    (all.width() / ASPECT).max(all.height()) * (1.0 + HIDDEN * hidden as f32)
}

/// A form that few are drawn in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// How much wider than high the drawing is meant to be.
    pub wide: f32,
    /// Where a ring begins, as a part of a turn.
    pub turn: f32,
    /// Whether the deepest branches of a middle lie opposite each other.
    pub opposite: bool,
    /// The room that is kept while it is drawn. One that is drawn with little room is mostly smaller
    /// in the end, and not always.
    pub room: Room,
}

impl Shape {
    /// A circle that begins at the top.
    pub(super) const ROUND: Self =
        Self { wide: 1.0, turn: 0.0, opposite: false, room: Room::Usual };

    /// The forms to try for an arrangement. Around a middle, where a ring begins decides which labels
    /// are on its upright sides, where they need little room.
    pub(super) fn all(algorithm: Algorithm, count: usize) -> Vec<Self> {
        const WIDE: [f32; 7] = [1.4, 1.0, 2.0, 0.7, 1.7, 2.8, 4.0];
        let (wide, turns) = match (algorithm, count) {
            // Each ring has a form of its own.
            (Algorithm::Radial, 0..=24) => (&WIDE[..3], 12_u8),
            (Algorithm::Radial, 25..=40) => (&WIDE[..1], 8),
            (Algorithm::Radial, 41..=80) => (&WIDE[..1], 4),
            (Algorithm::Radial, _) => (&WIDE[..1], 2),
            (Algorithm::Circle, 0..=60) => (&WIDE[..5], 4),
            (Algorithm::Circle, _) => (&WIDE[..3], 2),
            _ => (&WIDE[..], 1),
        };
        // The ways in which one form is drawn.
        let ways: &[(bool, Room)] = match algorithm {
            Algorithm::Radial => &[(false, Room::Close), (true, Room::Close)],
            Algorithm::Circle => &[(false, Room::Close)],
            _ => &[(false, Room::Close), (false, Room::Usual)],
        };
        let mut all = Vec::new();
        for &wide in wide {
            for turn in 0..turns {
                let turn = f32::from(turn) / f32::from(turns);
                let way = |&(opposite, room)| Self { wide, turn, opposite, room };
                all.extend(ways.iter().map(way));
            }
        }
        all
    }
}

/// Stretches a drawing one way if that lets it be shown larger: where there is more space across,
/// cards can be moved together further downwards, and the other way round. Returns its score.
pub(super) fn stretch(bodies: &mut [Body], ties: &[Tie]) -> f32 {
    const BY: [f32; 5] = [1.12, 1.25, 1.4, 1.6, 1.9];
    let mut best = (score(bodies, ties), bodies.to_vec());
    for (across, down) in BY.iter().flat_map(|&by| [(by, 1.0), (1.0, by)]) {
        let stretched: Vec<Body> = bodies
            .iter()
            .map(|body| Body { at: Point::new(body.at.x * across, body.at.y * down), ..*body })
            .collect();
        let score = score(&stretched, ties);
        if score < best.0 {
            best = (score, stretched);
        }
    }
    bodies.copy_from_slice(&best.1);
    best.0
}
