//! Room for what is written on lines: linked cards are pushed apart until the line between them
//! has the length of its label, of its arrow, and some more.
//!
//! Each round moves the ends of a line that is too short along it, and cards that overlap away
//! from each other (projection of constraints, after Jakobsen, *Advanced Character Physics*, 2001).
//! Where nothing is fixed, what remains is solved by one enlargement of the whole, which keeps its
//! shape.

use super::{Body, Drawn, GAP, Tie, overlap, watch::Watch};
use crate::chart::{
    Point,
    geometry::reach,
    together::{self, BETWEEN},
};

/// The length of an arrowhead, in units of the chart.
const ARROW: f32 = 10.0;
/// The length of a line beside its label and arrow, in units of the chart.
const SPARE: f32 = 40.0;
/// The maximum number of rounds, and the number of cards and ties that are looked at in all of
/// them: a large chart gets fewer rounds.
const ROUNDS: usize = 120;
const LOOKS: usize = 1_500_000;
/// The most that a chart of many cards is enlarged, and how many are many: from afar distances
/// between neighbours matter less there than seeing the whole.
const MANY: usize = 5_000;
const ENLARGED: f32 = 2.0;

/// Returns the length that the line of a tie must have between the borders of its cards.
pub fn needed(label: f32) -> f32 {
    label.max(0.0) + ARROW + SPARE
}

/// Returns the length between the borders of two cards along the line from middle to middle;
/// negative where they overlap.
pub fn gap(a: &Body, b: &Body) -> f32 {
    let (dx, dy) = (b.at.x - a.at.x, b.at.y - a.at.y);
    let length = dx.hypot(dy);
    length - reach(a.size, (dx, dy)) - reach(b.size, (dx, dy))
}

/// How much room is kept between cards and on lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Room {
    /// As at 100 %.
    Usual,
    /// As where cards were moved together as far as they can be. What is drawn so is enlarged.
    Close,
}

impl Room {
    /// The least space between two cards.
    pub(super) fn between(self) -> f32 {
        match self {
            Self::Usual => GAP,
            Self::Close => BETWEEN + 2.0,
        }
    }

    /// The length that a line must have between its cards.
    pub(super) fn needed(self, a: &Body, b: &Body, label: f32) -> f32 {
        match self {
            Self::Usual => needed(label),
            Self::Close => together::length(label, (b.at.x - a.at.x, b.at.y - a.at.y)),
        }
    }

    /// The length that a level line must have between its cards.
    pub(super) fn level(self, label: f32) -> f32 {
        match self {
            Self::Usual => needed(label),
            Self::Close => together::length(label, (1.0, 0.0)),
        }
    }

    /// Whether two cards are clear of each other, with room for what is drawn between them.
    pub(super) fn is_kept(self, a: &Body, b: &Body, drawn: Option<Drawn>) -> bool {
        !a.rect().expand(self.between()).intersects(b.rect())
            && drawn.is_none_or(|drawn| gap(a, b) >= self.needed(a, b, drawn.label))
    }
}

/// Moves cards until none lies over another and every line has room for its label, as far as what
/// is fixed allows; `None` where `going` answers false.
pub fn settle(bodies: &[Body], ties: &[Tie], going: &dyn Fn(f32) -> bool) -> Option<Vec<Point>> {
    let watch = Watch::new(going, None);
    clear(bodies.to_vec(), ties, watch)
}

/// The same for a layout.
pub(super) fn clear(bodies: Vec<Body>, ties: &[Tie], watch: Watch<'_>) -> Option<Vec<Point>> {
    let mut bodies = bodies;
    let points = overlap::clear(bodies.clone(), watch.part(0.0, 0.5))?;
    set(&mut bodies, &points);
    push(&mut bodies, ties, watch.part(0.5, 0.9))?;
    finish(&mut bodies, ties, Room::Usual, watch.part(0.9, 1.0))?;
    Some(bodies.into_iter().map(|body| body.at).collect())
}

/// Clears what overlaps after pushing, and makes every line long enough.
pub(super) fn finish(
    bodies: &mut [Body],
    ties: &[Tie],
    room: Room,
    watch: Watch<'_>,
) -> Option<()> {
    let points = overlap::clear(bodies.to_vec(), watch)?;
    set(bodies, &points);
    enlarge(bodies, ties, room);
    Some(())
}

/// Pushes the ends of short lines and overlapping cards apart once; returns whether any moved.
pub(super) fn push_once(bodies: &mut [Body], ties: &[Tie], room: Room) -> bool {
    let mut short = false;
    for tie in ties {
        short |= lengthen(bodies, tie, room);
    }
    let mut awake = vec![true; bodies.len()];
    overlap::push_apart(bodies, &mut awake) > 0 || short
}

fn set(bodies: &mut [Body], points: &[Point]) {
    for (body, at) in bodies.iter_mut().zip(points) {
        body.at = *at;
    }
}

/// The ties between two different cards.
pub(super) fn between<'a>(bodies: &[Body], ties: &'a [Tie]) -> impl Iterator<Item = &'a Tie> {
    let count = bodies.len();
    ties.iter().filter(move |tie| tie.from != tie.to && tie.from < count && tie.to < count)
}

/// Pushes the ends of short lines and overlapping cards apart in turn.
fn push(bodies: &mut [Body], ties: &[Tie], watch: Watch<'_>) -> Option<()> {
    let ties: Vec<Tie> = between(bodies, ties).copied().collect();
    if ties.is_empty() {
        return Some(());
    }
    let rounds = (LOOKS / (bodies.len() + ties.len())).clamp(4, ROUNDS);
    for round in 0..rounds {
        watch.tell(round as f32 / rounds as f32)?;
        if !push_once(bodies, &ties, Room::Usual) || watch.is_late() {
            break;
        }
    }
    Some(())
}

/// Moves the ends of a line apart by what it is too short; returns whether it was.
fn lengthen(bodies: &mut [Body], tie: &Tie, room: Room) -> bool {
    let (a, b) = (bodies[tie.from], bodies[tie.to]);
    let short = room.needed(&a, &b, tie.label) - gap(&a, &b);
    if short <= 0.0 || a.fixed && b.fixed {
        return false;
    }
    let (mut dx, mut dy) = (b.at.x - a.at.x, b.at.y - a.at.y);
    let mut length = dx.hypot(dy);
    if length < 0.01 {
        // On one spot: apart in a direction that the same chart always gets.
        let angle = (tie.from * 31 + tie.to) as f32;
        (dx, dy, length) = (angle.cos(), angle.sin(), 1.0);
    }
    let share = if a.fixed || b.fixed { 1.0 } else { 0.5 };
    // A little more, so that rounds come to an end.
    let by = (short * 1.02 + 0.1) * share / length;
    if !a.fixed {
        bodies[tie.from].at = Point::new(a.at.x - dx * by, a.at.y - dy * by);
    }
    if !b.fixed {
        bodies[tie.to].at = Point::new(b.at.x + dx * by, b.at.y + dy * by);
    }
    true
}

/// Enlarges the whole until every line is long enough, where nothing is fixed.
fn enlarge(bodies: &mut [Body], ties: &[Tie], room: Room) {
    if bodies.iter().any(|body| body.fixed) {
        return;
    }
    let factor = between(bodies, ties)
        .map(|tie| {
            let (a, b) = (&bodies[tie.from], &bodies[tie.to]);
            let (dx, dy) = (b.at.x - a.at.x, b.at.y - a.at.y);
            let length = dx.hypot(dy);
            if length < 0.01 {
                return 1.0;
            }
            let within = reach(a.size, (dx, dy)) + reach(b.size, (dx, dy));
            (room.needed(a, b, tie.label) + within) / length
        })
        .fold(1.0, f32::max);
    // Rounding takes a little of it away.
    let factor = if factor > 1.0 { factor + 1e-3 } else { factor };
    let factor = if bodies.len() > MANY { factor.min(ENLARGED) } else { factor };
    scale(bodies, factor, factor);
}

fn scale(bodies: &mut [Body], across: f32, down: f32) {
    let Some(first) = bodies.first().map(|body| body.at) else { return };
    for body in bodies {
        body.at = Point::new(
            first.x + (body.at.x - first.x) * across,
            first.y + (body.at.y - first.y) * down,
        );
    }
}

/// Stretches an arrangement that has a form of its own, such as rows or rings, until every line
/// has room: both ways alike where it is round, else across and down as far as each needs.
pub(super) fn stretch(
    bodies: &[Body],
    points: &mut [Point],
    ties: &[Tie],
    (round, room): (bool, Room),
) {
    let mut own: Vec<Body> =
        bodies.iter().zip(&*points).map(|(b, at)| Body { at: *at, fixed: false, ..*b }).collect();
    if own.iter().any(|body| !body.at.x.is_finite() || !body.at.y.is_finite()) {
        return;
    }
    if !round {
        // Lines that run across need width, the others height.
        let most = |level: bool| {
            between(bodies, ties)
                .filter_map(|tie| {
                    let (a, b) = (&own[tie.from], &own[tie.to]);
                    let (dx, dy) = ((b.at.x - a.at.x).abs(), (b.at.y - a.at.y).abs());
                    let is_level = dx * (a.size.h + b.size.h) >= dy * (a.size.w + b.size.w);
                    let is_short = gap(a, b) < room.needed(a, b, tie.label);
                    let (way, size) = if level {
                        (dx, f32::midpoint(a.size.w, b.size.w))
                    } else {
                        (dy, f32::midpoint(a.size.h, b.size.h))
                    };
                    (is_short && is_level == level && way > 1.0)
                        .then(|| (room.needed(a, b, tie.label) + size) / way)
                })
                .fold(1.0, f32::max)
        };
        let (across, down) = (most(true), most(false));
        scale(&mut own, across, down);
    }
    enlarge(&mut own, ties, room);
    for (point, body) in points.iter_mut().zip(own) {
        *point = body.at;
    }
}

/// Enlarges what was drawn with little room until there is as much as at 100 %.
pub(super) fn unfold(bodies: &mut [Body], ties: &[Tie]) {
    let pairs = (0..bodies.len()).flat_map(|n| (0..n).map(move |m| (n, m)));
    let cards = pairs.map(|(n, m)| {
        let (a, b) = (&bodies[n], &bodies[m]);
        let across = f32::midpoint(a.size.w, b.size.w) + GAP;
        let down = f32::midpoint(a.size.h, b.size.h) + GAP;
        let (dx, dy) = ((a.at.x - b.at.x).abs(), (a.at.y - b.at.y).abs());
        (across / dx.max(1.0)).min(down / dy.max(1.0))
    });
    let factor = cards.fold(1.0, f32::max);
    scale(bodies, factor, factor);
    enlarge(bodies, ties, Room::Usual);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Algorithm, Graph, Request};
    use super::*;
    use crate::chart::Size;

    /// Cards of usual sizes, and ties with labels of usual widths.
    fn graph(most: usize) -> impl Strategy<Value = (Vec<Body>, Vec<Tie>)> {
        let size = (120.0..230.0_f32, 52.0..110.0_f32);
        let tie = (0..most, 0..most, any::<bool>(), 0.0..178.0_f32);
        let ties = prop::collection::vec(tie, 0..most * 3 / 2);
        (prop::collection::vec(size, 1..most), ties).prop_map(|(sizes, ties)| {
            let body = |(w, h)| Body { at: Point::default(), size: Size { w, h }, fixed: false };
            let tie = |(from, to, owns, label)| Tie::new(from, to).owning(owns).labelled(label);
            (sizes.into_iter().map(body).collect(), ties.into_iter().map(tie).collect())
        })
    }

    fn assert_room(bodies: &[Body], ties: &[Tie], points: &[Point], what: &str) {
        let set: Vec<Body> =
            bodies.iter().zip(points).map(|(b, at)| Body { at: *at, ..*b }).collect();
        for tie in between(bodies, ties) {
            let gap = gap(&set[tie.from], &set[tie.to]);
            assert!(gap >= needed(tie.label) - 0.5, "{what}: {gap} between {tie:?}");
        }
        for (n, a) in set.iter().enumerate() {
            for b in &set[..n] {
                assert!(!a.rect().intersects(b.rect()), "{what}: {a:?} {b:?}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

        #[test]
        fn every_layout_gives_lines_the_length_of_label_and_arrow((bodies, ties) in graph(40)) {
            for algorithm in Algorithm::ALL {
                let dates: Vec<Option<f64>> = (0..bodies.len()).map(|n| Some(n as f64)).collect();
                let request = Request { dates: &dates, ..Request::new(algorithm, &bodies, &ties) };
                let points = request.run(&|_| true).expect("it is not cancelled");
                assert_room(&bodies, &ties, &points, algorithm.label());
            }
        }

        #[test]
        fn what_stood_too_close_is_settled((bodies, ties) in graph(30), spread in 0.0..900.0_f32) {
            let mut bodies = bodies;
            for (n, body) in bodies.iter_mut().enumerate() {
                let angle = n as f32 * 2.4;
                body.at = Point::new(angle.cos() * spread, angle.sin() * spread);
            }
            let points = settle(&bodies, &ties, &|_| true).expect("it is not cancelled");
            assert_room(&bodies, &ties, &points, "settled");
        }
    }

    #[test]
    fn room_is_not_bought_with_a_sheet_without_end() {
        // A tree, a ring with chords and a star, each of 60 cards.
        let size = Size { w: 200.0, h: 60.0 };
        let bodies = vec![Body { at: Point::default(), size, fixed: false }; 60];
        let tree: Vec<Tie> = (1..60).map(|n| Tie::new((n - 1) / 3, n).labelled(60.0)).collect();
        let ring: Vec<Tie> = (0..60)
            .flat_map(|n| [Tie::new(n, (n + 1) % 60), Tie::new(n, (n * 7 + 3) % 60)])
            .map(|tie| tie.labelled(60.0))
            .collect();
        let star: Vec<Tie> = (1..60).map(|n| Tie::new(0, n).labelled(60.0)).collect();
        for (what, ties) in [("tree", tree), ("ring", ring), ("star", star)] {
            for algorithm in Algorithm::ALL {
                let request = Request::new(algorithm, &bodies, &ties);
                let points = request.run(&|_| true).expect("it is not cancelled");
                let cards = bodies.iter().zip(&points).map(|(b, p)| Body { at: *p, ..*b }.rect());
                let bounds = crate::chart::Rect::around(cards).expect("some");
                let (w, h) = (bounds.width(), bounds.height());
                let times = w * h / (60.0 * 12_000.0);
                println!(
                    "{} of a {what}: {w:.0} × {h:.0}, {times:.1} times its cards",
                    algorithm.label()
                );
                assert!(times < 250.0, "{algorithm:?} {what} {w} {h}");
            }
        }
    }

    /// How far a drawing is from the distances in its graph, whatever its scale: the mean squared
    /// error of the distance of each two, relative to what it should be.
    fn stress(graph: &Graph, points: &[Point]) -> f32 {
        let (mut drawn, mut squared, mut count) = (0.0_f64, 0.0_f64, 0.0_f64);
        for a in 0..points.len() {
            for (b, far) in graph.lengths(a).into_iter().enumerate().take(a) {
                if far.is_finite() {
                    let ratio = f64::from(points[a].distance(points[b]) / far);
                    (drawn, squared, count) = (drawn + ratio, squared + ratio * ratio, count + 1.0);
                }
            }
        }
        // The scale at which the error is least.
        (1.0 - drawn * drawn / (squared * count).max(1e-9)) as f32
    }

    #[test]
    fn room_for_labels_costs_little_stress() {
        for count in [60, 300, 1500] {
            let size = Size { w: 200.0, h: 60.0 };
            let bodies = vec![Body { at: Point::default(), size, fixed: false }; count];
            let label = |n: usize| [33.0, 60.0, 118.0][n % 3];
            let mut random = crate::network::Random(99);
            let mut below = |n: usize| (random.unit() * n as f32) as usize;
            let mut ties: Vec<Tie> =
                (1..count).map(|n| Tie::new(below(n), n).labelled(label(n))).collect();
            ties.extend((0..count / 5).map(|n| {
                let from = below(count);
                Tie::new(from, (from + 1 + below(9)) % count).labelled(label(n))
            }));
            let request = Request::new(Algorithm::Force, &bodies, &ties);
            let going = |_: f32| true;
            let graph = Graph::new(count, &ties);
            let before = request.anew(None, Watch::new(&going, None)).expect("it is not cancelled");
            let after = request.run(&going).expect("it is not cancelled");
            let (before, after) = (stress(&graph, &before), stress(&graph, &after));
            println!("{count}: stress {before:.3} before, {after:.3} with room for labels");
            // Few are drawn together to fill a window, which costs some.
            assert!(after < before + 0.08, "{count}: {before} {after}");
        }
    }

    #[test]
    fn room_for_labels_among_many_does_not_take_long() {
        let size = Size { w: 200.0, h: 60.0 };
        let count = 20_000;
        // Laid out with room for cards, but not for labels.
        let body = |n: usize| Body {
            at: Point::new((n % 140) as f32 * 240.0, (n / 140) as f32 * 100.0),
            size,
            fixed: false,
        };
        let bodies: Vec<Body> = (0..count).map(body).collect();
        let ties: Vec<Tie> = (1..count)
            .map(|n| Tie::new((n - 1).saturating_sub(n % 3), n).labelled(60.0))
            .filter(|t| t.from != t.to)
            .collect();
        let started = std::time::Instant::now();
        let cleared = overlap::clear(bodies.clone(), Watch::new(&|_| true, None));
        let (alone, started) = (started.elapsed(), std::time::Instant::now());
        let points = settle(&bodies, &ties, &|_| true).expect("it is not cancelled");
        let took = started.elapsed();
        println!("{count}: {alone:.2?} for cards alone, {took:.2?} with labels");
        assert!(cleared.is_some() && points.len() == count);
        assert!(took < alone * 12 + std::time::Duration::from_secs(2), "{alone:?} {took:?}");
    }
}
