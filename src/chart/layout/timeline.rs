//! From left to right by date, each near those whom it is tied to. Where many are of one time, time
//! passes more slowly, so that a drawing is not much larger than its cards; it never runs back.

use super::{
    Body, Graph, Tie,
    apart::Room,
    fill::{Shape, score},
    watch::Watch,
};
use crate::chart::{Point, Size};

/// How much wider than high a drawing is, and how much of it cards fill.
const WIDE: f32 = 2.2;
const FULL: f32 = 0.45;
/// The same where it is drawn with little room.
const FULL_CLOSE: f32 = 0.8;
/// The space between what has a date and what has none.
const BETWEEN: f32 = 160.0;

/// `dates` says the day of each, where one is known.
pub(super) fn arrange(
    bodies: &[Body],
    graph: &Graph,
    dates: &[Option<f64>],
    shape: Option<Shape>,
) -> Vec<Point> {
    let dates = inferred(bodies.len(), graph, dates);
    let room = shape.map_or(Room::Usual, |shape| shape.room);
    let card = largest(bodies, room.between());
    let full = if room == Room::Close { FULL_CLOSE } else { FULL };
    let form = (shape.map_or(WIDE, |shape| shape.wide), full);
    let mut dated: Vec<(f64, usize)> =
        (0..bodies.len()).filter_map(|n| Some((dates[n]?, n))).collect();
    dated.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut points = vec![Point::default(); bodies.len()];
    let mut has_place = vec![false; bodies.len()];
    set_dated(&dated, graph, (card, form), &mut points, &mut has_place);
    set_rest(bodies, card, &mut points, &has_place);
    points
}

fn largest(bodies: &[Body], gap: f32) -> Size {
    let most = |of: fn(&Body) -> f32| bodies.iter().map(of).fold(0.0, f32::max) + gap;
    Size { w: most(|b| b.size.w), h: most(|b| b.size.h) }
}

/// Sets those with a date into lanes, the earliest first: each into the lane nearest to those whom
/// it is tied to that is free where its day is.
fn set_dated(
    dated: &[(f64, usize)],
    graph: &Graph,
    (card, (wide, full)): (Size, (f32, f32)),
    points: &mut [Point],
    has_place: &mut [bool],
) {
    let (Some(first), Some(last)) = (dated.first(), dated.last()) else { return };
    let area = dated.len() as f32 * card.w * card.h / full;
    let wide = (area * wide).sqrt().max(card.w);
    let lanes = ((area / wide / card.h).ceil() as usize).max(1);
    let span = (last.0 - first.0).max(1e-9);
    // Where each lane is free from on.
    let mut ends = vec![f32::MIN; lanes];
    let (mut lane_of, mut least) = (vec![0_usize; points.len()], f32::MIN);
    for &(date, n) in dated {
        let near = || graph.near[n].iter().filter(|&&other| has_place[other]);
        let sum: usize = near().map(|&other| lane_of[other]).sum();
        let wanted = sum.checked_div(near().count()).unwrap_or(n * 7919 % lanes);
        let x = (((date - first.0) / span) as f32 * wide).max(least);
        let is_free = |lane: &usize| ends.get(*lane).is_some_and(|end| *end <= x);
        let nearest = (0..lanes).find_map(|far| {
            let left = wanted.checked_sub(far).filter(is_free);
            left.or_else(|| Some(wanted + far).filter(is_free))
        });
        let soonest = || (0..lanes).min_by(|a, b| ends[*a].total_cmp(&ends[*b])).unwrap_or(0);
        let lane = nearest.unwrap_or_else(soonest);
        let x = x.max(ends[lane]);
        // Nobody later stands further left.
        least = x;
        ends[lane] = x + card.w;
        lane_of[n] = lane;
        points[n] = Point::new(x, lane as f32 * card.h);
        has_place[n] = true;
    }
}

/// Moves cards of few into other lanes, alone or in exchange with each other, for as long as that
/// lets the whole be shown larger or hides fewer lines. Nobody moves in time.
pub(super) fn change_lanes(
    bodies: &mut [Body],
    ties: &[Tie],
    graph: &Graph,
    dates: &[Option<f64>],
    watch: Watch<'_>,
) -> Option<()> {
    /// The number of cards up to which it is tried: the time it takes grows with the fourth power.
    const FEW: usize = 24;
    const ROUNDS: usize = 6;
    if bodies.len() > FEW {
        return Some(());
    }
    let dates = inferred(bodies.len(), graph, dates);
    let dated: Vec<usize> = (0..bodies.len()).filter(|&n| dates[n].is_some()).collect();
    let mut lanes: Vec<f32> = dated.iter().map(|&n| bodies[n].at.y).collect();
    lanes.sort_by(f32::total_cmp);
    lanes.dedup();
    let mut best = score(bodies, ties);
    for _ in 0..ROUNDS {
        watch.tell(0.9)?;
        let before = best;
        for (place, &n) in dated.iter().enumerate() {
            let alone = lanes.iter().map(|&lane| (n, lane));
            let exchanged = dated[..place].iter().map(|&m| (m, bodies[m].at.y));
            let ways: Vec<(usize, f32)> = alone.chain(exchanged).collect();
            for (other, lane) in ways {
                let was = (bodies[n].at.y, bodies[other].at.y);
                (bodies[other].at.y, bodies[n].at.y) = (was.0, lane);
                let score = score(bodies, ties);
                if score < best {
                    best = score;
                } else {
                    (bodies[n].at.y, bodies[other].at.y) = was;
                }
            }
        }
        if best >= before || watch.is_late() {
            break;
        }
    }
    Some(())
}

/// The date of each; who has none gets the mean of those whom it is tied to, one after the other.
fn inferred(count: usize, graph: &Graph, dates: &[Option<f64>]) -> Vec<Option<f64>> {
    let known = |n: usize| dates.get(n).copied().flatten().filter(|date| date.is_finite());
    let mut found: Vec<Option<f64>> = (0..count).map(known).collect();
    let mut queue: Vec<usize> = (0..count).filter(|&n| found[n].is_some()).collect();
    let mut at = 0;
    while at < queue.len() {
        for &n in &graph.near[queue[at]] {
            if found[n].is_none() {
                let near = graph.near[n].iter().filter_map(|&other| found[other]);
                let (sum, count) = near.fold((0.0, 0.0), |(sum, n), date| (sum + date, n + 1.0));
                found[n] = Some(sum / count);
                queue.push(n);
            }
        }
        at += 1;
    }
    found
}

/// Sets those who are left, without a date and without a tie to anybody who has one, in rows below
/// all others.
fn set_rest(bodies: &[Body], card: Size, points: &mut [Point], has_place: &[bool]) {
    let bounds = crate::chart::Rect::around(
        (0..bodies.len())
            .filter(|&n| has_place[n])
            .map(|n| Body { at: points[n], ..bodies[n] }.rect()),
    );
    let rest: Vec<usize> = (0..bodies.len()).filter(|&n| !has_place[n]).collect();
    let square = (rest.len() as f32 * card.h / card.w.max(1.0) * WIDE).sqrt().ceil();
    let (left, top, columns) = match bounds {
        Some(bounds) => (
            bounds.min.x + card.w / 2.0,
            bounds.max.y + BETWEEN,
            (bounds.width() / card.w).floor().max(square),
        ),
        None => (0.0, 0.0, square),
    };
    let columns = (columns as usize).max(1);
    for (at, n) in rest.into_iter().enumerate() {
        let (column, row) = ((at % columns) as f32, (at / columns) as f32);
        points[n] = Point::new(left + column * card.w, top + row * card.h);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Algorithm, Request};
    use super::*;

    fn bodies(count: usize) -> Vec<Body> {
        let size = Size { w: 180.0, h: 60.0 };
        vec![Body { at: Point::default(), size, fixed: false }; count]
    }

    proptest! {
        #[test]
        fn whoever_is_later_never_stands_further_left(
            dates in prop::collection::vec(prop::option::weighted(0.8, 0..30_i32), 1..80),
            ties in prop::collection::vec((0..80_usize, 0..80_usize), 0..120),
        ) {
            let dates: Vec<Option<f64>> = dates.into_iter().map(|d| d.map(f64::from)).collect();
            let ties: Vec<Tie> = ties.into_iter().map(|(a, b)| Tie::new(a, b)).collect();
            let bodies = bodies(dates.len());
            let request = Request {
                dates: &dates,
                ..Request::new(Algorithm::Timeline, &bodies, &ties)
            };
            let points = request.run(&|_| true).expect("it is not cancelled");
            for a in 0..points.len() {
                for b in 0..points.len() {
                    if let (Some(first), Some(second)) = (dates[a], dates[b])
                        && first < second
                    {
                        prop_assert!(points[a].x <= points[b].x + 1.0, "{} {}", points[a].x, points[b].x);
                    }
                }
            }
        }
    }

    #[test]
    fn lanes_are_changed_where_a_level_line_would_need_more_width_and_nobody_moves_in_time() {
        // Two with a wide label between them in the upper lane, one alone in the lower.
        let mut bodies = bodies(3);
        for (body, (x, y)) in bodies.iter_mut().zip([(0.0, 0.0), (230.0, 0.0), (460.0, 120.0)]) {
            body.at = Point::new(x, y);
        }
        let ties = [Tie::new(0, 1).labelled(118.0)];
        let (before, was) = (score(&bodies, &ties), bodies.clone());
        let dates = [Some(0.0), Some(1.0), Some(2.0)];
        let graph = Graph::new(3, &ties);
        change_lanes(&mut bodies, &ties, &graph, &dates, Watch::new(&|_| true, None))
            .expect("it is not cancelled");
        assert!(score(&bodies, &ties) < before * 0.9, "{bodies:?}");
        assert!(bodies.iter().zip(&was).all(|(now, was)| now.at.x == was.at.x), "{bodies:?}");
    }

    #[test]
    fn who_has_no_date_is_near_those_it_knows_or_below_all() {
        let dates: Vec<Option<f64>> =
            (0..22).map(|n| (n < 20).then(|| f64::from(n) * 100.0)).collect();
        let bodies = bodies(22);
        let ties = [Tie::new(20, 19), Tie::new(3, 4)];
        let request =
            Request { dates: &dates, ..Request::new(Algorithm::Timeline, &bodies, &ties) };
        let points = request.run(&|_| true).expect("it is not cancelled");
        assert!(points[20].distance(points[19]) < 400.0, "{points:?}");
        let lowest = points[..21].iter().map(|p| p.y).fold(f32::MIN, f32::max);
        assert!(points[21].y > lowest + 60.0);
    }
}
