//! Bands around a middle, in which cards of few may move: whoever is further away by ties stays
//! outside an oval around those who are nearer. So a drawing can take the shape of a window, which
//! rings cannot, and still tells who is how far away. What is not tied to the middle at all stays
//! outside the last oval.

use super::{Body, Graph, parts};
use crate::chart::Point;

/// How much wider than high ovals between two bands may be. Cards are wider than high, so that a
/// narrow band needs a wide oval.
const WIDE: [f32; 5] = [1.0, 1.4, 1.9, 2.5, 3.2];
/// How much further out a band begins than the one inside ends, in units of the chart downwards: so
/// much that they are seen to be two, and what is left of that once cards have been pushed apart.
const APART: f32 = 40.0;
const LEFT: f32 = 24.0;

/// The bands of each connected part.
#[derive(Debug)]
pub(super) struct Bands {
    parts: Vec<Part>,
}

/// A middle and those around it.
#[derive(Debug)]
struct Part {
    /// Cards from the middle outwards, and last those of other parts.
    cards: Vec<usize>,
    /// Where each band ends in them. The first is the middle.
    ends: Vec<usize>,
}

/// An oval between two bands.
struct Between {
    wide: f32,
    /// How far the furthest inside and the nearest outside are from the middle.
    inside: f32,
    outside: f32,
}

impl Bands {
    /// The bands around what `roots` says is the middle of a part.
    pub(super) fn around(graph: &Graph, roots: impl Fn(&[usize], &Graph) -> Vec<usize>) -> Self {
        let part = |(members, own): (Vec<usize>, Graph)| {
            let distance = own.distances(&roots(&members, &own));
            let mut keyed: Vec<(u32, usize)> =
                distance.iter().zip(&members).map(|(d, &n)| (d.unwrap_or(0), n)).collect();
            keyed.sort_unstable();
            let ends = (1..=keyed.len())
                .filter(|&n| n == keyed.len() || keyed[n].0 != keyed[n - 1].0)
                .collect();
            let mut cards: Vec<usize> = keyed.into_iter().map(|(_, n)| n).collect();
            let others = (0..graph.near.len()).filter(|n| members.binary_search(n).is_err());
            cards.extend(others);
            Part { cards, ends }
        };
        let parts = parts::alone(graph).into_iter().filter(|(members, _)| members.len() > 1);
        Self { parts: parts.map(part).collect() }
    }

    /// Moves cards back into their bands; returns whether any was outside its own.
    pub(super) fn keep(&self, bodies: &mut [Body]) -> bool {
        let mut any = false;
        for part in &self.parts {
            let middle = part.middle(bodies);
            for &end in &part.ends {
                let Some(between) = part.between(bodies, middle, end) else { continue };
                if between.is_clear(APART) {
                    continue;
                }
                any = true;
                let edge = f32::midpoint(between.inside, between.outside);
                let (inside, outside) = (edge - APART / 2.0, edge + APART / 2.0);
                for (place, &n) in part.cards.iter().enumerate() {
                    let far = far(bodies[n].at, middle, between.wide);
                    let wanted =
                        if place < end { far.min(inside.max(0.0)) } else { far.max(outside) };
                    if far > 0.0 && !bodies[n].fixed {
                        bodies[n].at = middle.towards(bodies[n].at, wanted / far);
                    }
                }
            }
        }
        any
    }

    /// Whether every card is in its band.
    pub(super) fn are_kept(&self, bodies: &[Body]) -> bool {
        self.parts.iter().all(|part| {
            let middle = part.middle(bodies);
            let mut all = part.ends.iter().filter_map(|&end| part.between(bodies, middle, end));
            all.all(|between| between.is_clear(LEFT))
        })
    }
}

impl Part {
    fn middle(&self, bodies: &[Body]) -> Point {
        let first = &self.cards[..self.ends[0]];
        let sum = first.iter().fold((0.0, 0.0), |(x, y), &n| {
            let at = bodies[n].at;
            (x + at.x, y + at.y)
        });
        Point::new(sum.0 / first.len() as f32, sum.1 / first.len() as f32)
    }

    /// The oval that parts those before a place from the others best; `None` where there are none.
    fn between(&self, bodies: &[Body], middle: Point, end: usize) -> Option<Between> {
        let (inner, outer) = self.cards.split_at(end);
        if outer.is_empty() {
            return None;
        }
        let all = WIDE.map(|wide| {
            let far = |n: &usize| far(bodies[*n].at, middle, wide);
            let inside = inner.iter().map(far).fold(0.0, f32::max);
            let outside = outer.iter().map(far).fold(f32::INFINITY, f32::min);
            Between { wide, inside, outside }
        });
        all.into_iter().min_by(|a, b| a.over().total_cmp(&b.over()))
    }
}

impl Between {
    /// How much further out the furthest inside is than the nearest outside.
    fn over(&self) -> f32 {
        self.inside - self.outside
    }

    fn is_clear(&self, apart: f32) -> bool {
        self.over() <= -apart
    }
}

/// How far a point is from a middle: half of the height of the oval that it is on.
fn far(at: Point, middle: Point, wide: f32) -> f32 {
    ((at.x - middle.x) / wide).hypot(at.y - middle.y)
}

#[cfg(test)]
mod tests {
    use super::super::{Algorithm, Request, Tie, fill::bounds};
    use super::*;
    use crate::{chart::Size, network::Random};

    fn bodies(count: usize) -> Vec<Body> {
        let size = Size { w: 200.0, h: 60.0 };
        vec![Body { at: Point::default(), size, fixed: false }; count]
    }

    #[test]
    fn whoever_is_further_away_by_ties_is_moved_outside_those_who_are_nearer() {
        // A chain of three whose end is nearest to its beginning, and somebody else between them.
        let mut bodies = bodies(4);
        for (body, (x, y)) in
            bodies.iter_mut().zip([(0.0, 0.0), (500.0, 0.0), (0.0, 120.0), (250.0, 10.0)])
        {
            body.at = Point::new(x, y);
        }
        let graph = Graph::new(4, &[Tie::new(0, 1), Tie::new(1, 2)]);
        let bands = Bands::around(&graph, |_, _| vec![0]);
        assert!(!bands.are_kept(&bodies));
        for _ in 0..20 {
            bands.keep(&mut bodies);
        }
        assert!(bands.are_kept(&bodies) && bodies[0].at == Point::default(), "{bodies:?}");
    }

    #[test]
    fn a_radial_chart_of_few_has_bands_and_the_shape_of_a_window() {
        for seed in 0..4 {
            let mut random = Random(seed * 31 + 5);
            let mut below = |n: usize| (random.unit() * n as f32) as usize;
            let ties: Vec<Tie> = (1..20).map(|n| Tie::new(below(n), n).labelled(60.0)).collect();
            let mut bodies = bodies(20);
            let request =
                Request { centre: &[0], ..Request::new(Algorithm::Radial, &bodies, &ties) };
            let points = request.run(&|_| true).expect("it is not cancelled");
            for (body, at) in bodies.iter_mut().zip(points) {
                body.at = at;
            }
            let bands = Bands::around(&Graph::new(20, &ties), |_, _| vec![0]);
            let all = bounds(&bodies);
            let wide = all.width() / all.height();
            assert!(bands.are_kept(&bodies) && (1.0..2.0).contains(&wide), "{wide} {bodies:?}");
        }
    }
}
