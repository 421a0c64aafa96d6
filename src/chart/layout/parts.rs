//! The connected parts of a graph, each a graph of its own.

use super::{Body, Graph, pack, watch::Watch};
use crate::chart::Point;

/// Arranges each connected part by itself and sets them side by side. The work is given the
/// numbers that the members of a part have in `bodies`, in rising order, their cards, and the
/// graph between them in which the first of them is number 0: so its cost depends on the size of
/// the part, however many parts there are.
pub(super) fn each(
    bodies: &[Body],
    graph: &Graph,
    watch: Watch<'_>,
    mut work: impl FnMut(&[usize], &[Body], &Graph, Watch<'_>) -> Option<Vec<Point>>,
) -> Option<Vec<Point>> {
    let parts = alone(graph);
    let mut points = vec![Point::default(); bodies.len()];
    let mut done = 0.0;
    for (part, own) in &parts {
        let cards: Vec<Body> = part.iter().map(|&n| bodies[n]).collect();
        let share = part.len() as f32 / bodies.len() as f32;
        let watch = watch.part(done, done + share);
        watch.tell(0.0)?;
        done += share;
        for (&n, point) in part.iter().zip(work(part, &cards, own, watch)?) {
            points[n] = point;
        }
    }
    let parts: Vec<Vec<usize>> = parts.into_iter().map(|(part, _)| part).collect();
    pack(bodies, &parts, &mut points);
    Some(points)
}

/// Each connected part with the graph of its own in which its first member is number 0.
pub(super) fn alone(graph: &Graph) -> Vec<(Vec<usize>, Graph)> {
    let parts = graph.components();
    let mut place = vec![(0, 0); graph.near.len()];
    for (number, part) in parts.iter().enumerate() {
        for (at, &n) in part.iter().enumerate() {
            place[n] = (number, at);
        }
    }
    let mut split: Vec<Graph> = parts
        .iter()
        .map(|part| {
            let near = |n: &usize| graph.near[*n].iter().map(|&other| place[other].1).collect();
            Graph {
                near: part.iter().map(near).collect(),
                ties: Vec::new(),
                // Numbers rise with those in the whole, so that neighbours keep their order.
                drawn: part.iter().map(|n| graph.drawn[*n].clone()).collect(),
                above: Vec::new(),
            }
        })
        .collect();
    for &(a, b) in &graph.above {
        split[place[a].0].above.push((place[a].1, place[b].1));
    }
    parts.into_iter().zip(split).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::super::{Algorithm, Tie, arrange};
    use super::*;
    use crate::chart::Size;

    #[test]
    fn pairs_by_the_thousand_cost_no_more_than_one_part_of_their_size() {
        let size = Size { w: 180.0, h: 60.0 };
        let bodies = vec![Body { at: Point::default(), size, fixed: false }; 60_000];
        let ties: Vec<Tie> = (0..30_000).map(|n| Tie::new(n * 2, n * 2 + 1).owning(true)).collect();
        for algorithm in [Algorithm::Layered, Algorithm::Radial] {
            let started = Instant::now();
            let points = arrange(algorithm, &bodies, &ties, &[]);
            assert!(started.elapsed().as_secs() < 10, "{algorithm:?} {:?}", started.elapsed());
            assert!(points.iter().all(|p| p.x.is_finite() && p.y.is_finite()));
        }
    }
}
