//! What a layout is asked for.

use std::time::{Duration, Instant};

use super::{
    Algorithm, Body, Graph, Tie,
    apart::{self, Room},
    circle, compact,
    fill::{self, Shape},
    force, grid, layered, nudge,
    organic::Quality,
    radial, timeline,
    watch::Watch,
};
use crate::chart::Point;

/// Where a layout begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Start<'a> {
    /// Anew, wherever everybody stands.
    #[default]
    Anew,
    /// From where everybody stands, moving little. Those who are named have no place yet.
    Here(&'a [usize]),
}

/// What to arrange, and how.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub algorithm: Algorithm,
    pub bodies: &'a [Body],
    pub ties: &'a [Tie],
    /// Those that a radial layout puts into the middle; where it is empty, the best connected one
    /// is taken.
    pub centre: &'a [usize],
    /// The community of each, for a circle; where it is empty, communities are found.
    pub communities: &'a [u32],
    /// The day of each where one is known, for a timeline.
    pub dates: &'a [Option<f64>],
    /// The place of each in the order of a grid; where it is empty, the order is where they stood.
    pub rank: &'a [u32],
    /// What stands around them: it stays, and is not covered.
    pub around: &'a [Body],
    /// Where an organic layout begins; the others always begin anew.
    pub start: Start<'a>,
    /// How much work an organic layout of many is worth; without it, as much as so many bear.
    pub quality: Option<Quality>,
    /// What chance begins with: the same number gives the same answer.
    pub seed: u64,
    /// How many threads may be used, at least one. The answer does not depend on it.
    pub threads: usize,
    /// After how long the best that is there should do. The answer may then be another each time.
    pub budget: Option<Duration>,
}

impl<'a> Request<'a> {
    /// Arranges these cards by this way, on all threads that there are.
    pub fn new(algorithm: Algorithm, bodies: &'a [Body], ties: &'a [Tie]) -> Self {
        Self {
            algorithm,
            bodies,
            ties,
            centre: &[],
            communities: &[],
            dates: &[],
            rank: &[],
            around: &[],
            start: Start::Anew,
            quality: None,
            seed: 1,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            budget: None,
        }
    }

    /// The new middle of each card. `going` is told the part that is done, from 0 to 1; where it
    /// answers false, there is no answer.
    pub fn run(&self, going: &dyn Fn(f32) -> bool) -> Option<Vec<Point>> {
        if self.is_held_by_one() {
            return self.held_by_one(going);
        }
        let watch = Watch::new(going, self.budget.map(|budget| Instant::now() + budget));
        watch.tell(0.0)?;
        let mut points = if self.has_shapes() {
            self.shaped(watch)?
        } else {
            self.arranged(None, watch.part(0.0, 0.8))?
        };
        if (self.algorithm, self.start) == (Algorithm::Force, Start::Anew) && self.around.is_empty()
        {
            let set = self.bodies.iter().zip(&points).map(|(b, at)| Body { at: *at, ..*b });
            let set = compact::compact(set.collect(), self.ties, None, watch.part(0.8, 1.0))?;
            let set = settle(self.bodies, &set.iter().map(|body| body.at).collect::<Vec<_>>());
            points = set.into_iter().map(|body| body.at).collect();
        }
        points.truncate(self.bodies.len());
        Some(points)
    }

    /// Whether one card stays and all others are placed anew. It says where the chart is, and
    /// nothing of its shape.
    fn is_held_by_one(&self) -> bool {
        let fixed = self.bodies.iter().filter(|body| body.fixed).count();
        fixed == 1 && self.start == Start::Anew && self.around.is_empty()
    }

    /// As if nothing were fixed, moved to where that card stays.
    fn held_by_one(&self, going: &dyn Fn(f32) -> bool) -> Option<Vec<Point>> {
        let free: Vec<Body> =
            self.bodies.iter().map(|body| Body { fixed: false, ..*body }).collect();
        let points = Request { bodies: &free, ..*self }.run(going)?;
        Some(settle(self.bodies, &points).into_iter().map(|body| body.at).collect())
    }

    /// Whether there is a choice between several shapes.
    fn has_shapes(&self) -> bool {
        let is_free = self.around.is_empty() && fill::are_few(self.bodies, self.ties);
        self.algorithm != Algorithm::Force && is_free && self.bodies.len() > 2
    }

    /// The arrangement of all shapes that can be shown largest.
    fn shaped(&self, watch: Watch<'_>) -> Option<Vec<Point>> {
        let ties: Vec<Tie> = apart::between(self.bodies, self.ties).copied().collect();
        let graph = Graph::new(self.bodies.len(), &ties);
        let free: Vec<Body> =
            self.bodies.iter().map(|body| Body { fixed: false, ..*body }).collect();
        let loose = Request { bodies: &free, ..*self };
        let holds = self.bodies.iter().any(|body| body.fixed);
        let shapes = Shape::all(self.algorithm, self.bodies.len());
        let part = |n: usize| n as f32 / shapes.len() as f32;
        let mut best: Option<(f32, Vec<Body>)> = None;
        for (n, shape) in shapes.iter().enumerate() {
            let own = watch.part(part(n), part(n + 1));
            let points = loose.arranged(Some(*shape), own)?;
            let set = free.iter().zip(points).map(|(b, at)| Body { at, ..*b });
            let mut set: Vec<Body> = set.collect();
            if self.algorithm == Algorithm::Timeline {
                timeline::change_lanes(&mut set, &ties, &graph, self.dates, own)?;
            }
            let score = fill::stretch(&mut set, &ties);
            let found = if holds {
                apart::unfold(&mut set, &ties);
                self.held(&set, &ties, own)?
            } else {
                (score, set)
            };
            if best.as_ref().is_none_or(|(least, _)| found.0 < *least) {
                best = Some(found);
            }
            if watch.is_late() {
                break;
            }
        }
        let mut set = best?.1;
        if !holds {
            apart::unfold(&mut set, &ties);
        }
        if self.algorithm == Algorithm::Radial {
            let bands = radial::bands(&graph, self.centre);
            set = compact::compact(set, &ties, Some(&bands), watch)?;
        }
        let points: Vec<Point> = set.iter().map(|body| body.at).collect();
        apart::clear(settle(self.bodies, &points), self.ties, watch)
    }

    /// A drawing, or its mirror image, moved to what is fixed, which is where it stays: the one that
    /// can be shown largest, with its score.
    fn held(&self, set: &[Body], ties: &[Tie], watch: Watch<'_>) -> Option<(f32, Vec<Body>)> {
        let mirrors: &[(f32, f32)] = match self.algorithm {
            // Rows are read from the left, and time runs from there.
            Algorithm::Grid => &[(1.0, 1.0)],
            Algorithm::Timeline => &[(1.0, 1.0), (1.0, -1.0)],
            Algorithm::Layered => &[(1.0, 1.0), (-1.0, 1.0)],
            _ => &[(1.0, 1.0), (-1.0, 1.0), (1.0, -1.0), (-1.0, -1.0)],
        };
        let mut best: Option<(f32, Vec<Body>)> = None;
        for (x, y) in mirrors {
            let points: Vec<Point> =
                set.iter().map(|body| Point::new(body.at.x * x, body.at.y * y)).collect();
            let mut moved = settle(self.bodies, &points);
            let points = apart::clear(moved.clone(), ties, watch)?;
            for (body, at) in moved.iter_mut().zip(points) {
                body.at = at;
            }
            let score = fill::score(&moved, ties);
            if best.as_ref().is_none_or(|(least, _)| score < *least) {
                best = Some((score, moved));
            }
        }
        best
    }

    /// Where all are, in a shape where one is asked for, with room for cards and labels.
    fn arranged(&self, shape: Option<Shape>, watch: Watch<'_>) -> Option<Vec<Point>> {
        let work = watch.part(0.0, 0.9);
        let moved = match (self.algorithm, self.start) {
            (Algorithm::Force, Start::Here(new)) => {
                let graph = Graph::new(self.bodies.len(), self.ties);
                nudge::arrange(self, &graph, new, work)?
            }
            _ => settle(self.bodies, &self.anew(shape, work)?),
        };
        if shape.is_some() {
            return Some(moved.into_iter().map(|body| body.at).collect());
        }
        let around = self.around.iter().map(|body| Body { fixed: true, ..*body });
        let all = moved.into_iter().chain(around).collect();
        apart::clear(all, self.ties, watch.part(0.9, 1.0))
    }

    /// Where everybody is to be beside the others, anywhere on the chart.
    pub(super) fn anew(&self, shape: Option<Shape>, watch: Watch<'_>) -> Option<Vec<Point>> {
        let graph = Graph::new(self.bodies.len(), self.ties);
        let (bodies, graph) = (self.bodies, &graph);
        let room = shape.map_or(Room::Usual, |shape| shape.room);
        let mut points = match self.algorithm {
            Algorithm::Force => return force::arrange(self, graph, watch),
            Algorithm::Layered => return layered::arrange(bodies, graph, shape, watch),
            Algorithm::Radial => radial::arrange(bodies, graph, self.centre, shape, watch)?,
            Algorithm::Circle => {
                circle::arrange(bodies, graph, self.communities, (shape, self.seed), watch)?
            }
            Algorithm::Grid => grid::arrange(bodies, self.rank, shape),
            Algorithm::Timeline => timeline::arrange(bodies, graph, self.dates, shape),
        };
        let round = matches!(self.algorithm, Algorithm::Radial | Algorithm::Circle);
        apart::stretch(bodies, &mut points, self.ties, (round, room));
        Some(points)
    }
}

/// Moves a result to where the chart was, and puts what is fixed back.
fn settle(bodies: &[Body], wanted: &[Point]) -> Vec<Body> {
    let any_fixed = bodies.iter().any(|body| body.fixed);
    let counts = |body: &Body| !any_fixed || body.fixed;
    let mean = |points: &mut dyn Iterator<Item = Point>| {
        let (mut x, mut y, mut count) = (0.0_f64, 0.0_f64, 0.0_f64);
        for p in points.filter(|p| p.x.is_finite() && p.y.is_finite()) {
            (x, y, count) = (x + f64::from(p.x), y + f64::from(p.y), count + 1.0);
        }
        let count = count.max(1.0);
        Point::new((x / count) as f32, (y / count) as f32)
    };
    let was = mean(&mut bodies.iter().filter(|b| counts(b)).map(|b| b.at));
    let is = mean(&mut bodies.iter().zip(wanted).filter(|(b, _)| counts(b)).map(|(_, p)| *p));
    let by = Point::new(was.x - is.x, was.y - is.y);
    let moved = bodies.iter().zip(wanted).map(|(body, p)| {
        let at = Point::new(p.x + by.x, p.y + by.y);
        let stays = body.fixed || !at.x.is_finite() || !at.y.is_finite();
        Body { at: if stays { body.at } else { at }, ..*body }
    });
    moved.collect()
}
