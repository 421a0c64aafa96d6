//! A chart drawn small: dots and threads in place of cards and captions. It is made in one pass
//! over a hundred thousand entities, holds no text, and answers what lies where.

use std::{
    cell::OnceCell,
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use super::{
    Input, Point, Rect, Size, crowd,
    picture::{Course, bend, bundle, line_point},
    spatial::{Loop, Spatial},
};
use crate::model::{Id, Placement, Strength};

/// A chart as dots and threads.
#[derive(Debug, Default)]
pub struct Sketch {
    /// Entities.
    pub dots: Vec<Dot>,
    /// Relationships, one or several of a pair each, as on the picture.
    pub threads: Vec<Thread>,
    /// The schemata that occur; dots name theirs by its place here.
    pub schemata: Vec<Arc<str>>,
    /// The dots that matter most first: by their relationships.
    pub ranking: Vec<u32>,
    /// The threads in the order in which to draw them where not all can be drawn: first so many
    /// that everything that is connected looks connected, then a fair sample of the rest.
    pub sample: Vec<u32>,
    /// The relationships of all threads, one thread's after the other's.
    links: Vec<Id>,
    at: HashMap<Id, u32>,
    /// The threads of each dot, one dot's after the other's.
    touching: (Vec<u32>, Vec<u32>),
    bounds: OnceCell<Option<Rect>>,
    /// The dots that are selected.
    selected: OnceCell<Vec<u32>>,
    dots_where: OnceCell<Spatial>,
    threads_where: OnceCell<Spatial>,
}

/// An entity, drawn small.
#[derive(Clone, Debug, PartialEq)]
pub struct Dot {
    /// The entity.
    pub id: Id,
    /// Where it stands.
    pub at: Point,
    /// Its schema: a place in [`Sketch::schemata`].
    pub schema: u16,
    /// How well it is supported.
    pub strength: Strength,
    /// Whether a source denies that it exists.
    pub denied: bool,
    /// Whether it is selected.
    pub selected: bool,
    /// Whether it lies outside the period.
    pub dimmed: bool,
    /// Whether no layout moves it.
    pub pinned: bool,
    /// How much it matters: its relationships.
    pub importance: f32,
    /// Its place among the placements that the sketch was made from.
    pub placement: u32,
    /// How much room it has among the others: the side of a square.
    pub room: f32,
}

/// One or several relationships between two entities, drawn small.
#[derive(Clone, Debug, PartialEq)]
pub struct Thread {
    /// The dot at its beginning.
    pub from: u32,
    /// The dot at its end.
    pub to: u32,
    /// How many steps it runs beside the straight way.
    pub spread: f32,
    /// Whether it has an arrowhead at its beginning.
    pub arrow_from: bool,
    /// Whether it has one at its end.
    pub arrow_to: bool,
    /// How well it is supported; the strongest of several.
    pub strength: Strength,
    /// Whether a source denies it; of several, all.
    pub denied: bool,
    /// Whether it, or one of several, is selected.
    pub selected: bool,
    /// Whether it lies outside the period.
    pub dimmed: bool,
    /// Its relationships: a part of the sketch's list.
    links: (u32, u32),
}

/// The sketch of a chart.
pub fn sketch(input: &Input<'_>) -> Sketch {
    let hidden: HashSet<&Id> = input.chart.hidden.iter().collect();
    let mut schemata = Schemata::default();
    let mut at = HashMap::with_capacity(input.placements.len());
    let mut dots = Vec::with_capacity(input.placements.len());
    for (number, placement) in input.placements.iter().enumerate() {
        if hidden.contains(&placement.entity) {
            continue;
        }
        let Some(entity) = input.network.get(&placement.entity) else { continue };
        at.insert(entity.id().clone(), dots.len() as u32);
        dots.push(Dot {
            id: entity.id().clone(),
            at: Point::new(placement.x, placement.y),
            schema: schemata.number(entity.schema()),
            strength: entity.strength(),
            denied: entity.denied(),
            selected: input.selection.contains(entity.id()),
            dimmed: input.is_outside(entity),
            pinned: placement.pinned,
            importance: entity.degree() as f32,
            placement: number as u32,
            room: 0.0,
        });
    }
    let mut sketch = Sketch { dots, at, schemata: schemata.names, ..Sketch::default() };
    sketch.draw_threads(input, &hidden);
    sketch.rank();
    sketch.make_room();
    sketch
}

/// The places of schemata in a list.
#[derive(Default)]
struct Schemata {
    names: Vec<Arc<str>>,
    known: HashMap<Arc<str>, u16>,
}

impl Schemata {
    fn number(&mut self, name: &str) -> u16 {
        if let Some(number) = self.known.get(name) {
            return *number;
        }
        let number = self.names.len().min(usize::from(u16::MAX)) as u16;
        let name: Arc<str> = name.into();
        self.names.push(name.clone());
        self.known.insert(name, number);
        number
    }
}

impl Sketch {
    fn draw_threads(&mut self, input: &Input<'_>, hidden: &HashSet<&Id>) {
        let mut pairs = Vec::new();
        for (a, dot) in self.dots.iter().enumerate() {
            for link in input.network.links_of(&dot.id) {
                if hidden.contains(link.id()) {
                    continue;
                }
                let Some((source, target)) = link.ends() else { continue };
                let other = if *source == dot.id { target } else { source };
                // Each is met at both of its ends; the earlier one counts.
                match self.at.get(other) {
                    Some(&b) if a as u32 <= b => pairs.push((a as u32, b, link)),
                    _ => {}
                }
            }
        }
        pairs.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| a.2.id().cmp(b.2.id())));
        for pair in pairs.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let (a, b) = (pair[0].0, pair[0].1);
            let first = self.dots[a as usize].id.clone();
            let links = pair.iter().map(|(_, _, link)| *link).collect();
            let bundles = bundle(input.chart.parallels, &first, links);
            let count = bundles.len();
            for (nth, links) in bundles.into_iter().enumerate() {
                let course = Course::of(input, &links, &first, a == b);
                let (from, to) = if course.forward { (a, b) } else { (b, a) };
                let begin = self.links.len() as u32;
                self.links.extend(links.iter().map(|link| link.id().clone()));
                self.threads.push(Thread {
                    from,
                    to,
                    spread: course.spread(nth, count),
                    arrow_from: course.arrow_from,
                    arrow_to: course.arrow_to,
                    strength: course.strength,
                    denied: course.denied,
                    selected: course.selected,
                    dimmed: course.outside
                        || self.dots[a as usize].dimmed
                        || self.dots[b as usize].dimmed,
                    links: (begin, self.links.len() as u32),
                });
            }
        }
        let mut starts = vec![0_u32; self.dots.len() + 1];
        for thread in &self.threads {
            starts[thread.from as usize + 1] += 1;
            starts[thread.to as usize + 1] += 1;
        }
        for n in 1..starts.len() {
            starts[n] += starts[n - 1];
        }
        let mut next = starts.clone();
        let mut touching = vec![0; self.threads.len() * 2];
        for (n, thread) in self.threads.iter().enumerate() {
            for end in [thread.from, thread.to] {
                touching[next[end as usize] as usize] = n as u32;
                next[end as usize] += 1;
            }
        }
        self.touching = (starts, touching);
    }

    /// Finds what to draw first.
    fn rank(&mut self) {
        self.ranking = (0..self.dots.len() as u32).collect();
        let importance = |n: &u32| self.dots[*n as usize].importance;
        self.ranking.sort_by(|a, b| importance(b).total_cmp(&importance(a)).then(a.cmp(b)));
        // A forest: a thread that joins what was apart comes before one that does not.
        let mut root: Vec<u32> = (0..self.dots.len() as u32).collect();
        fn find(root: &mut [u32], mut n: u32) -> u32 {
            while root[n as usize] != n {
                root[n as usize] = root[root[n as usize] as usize];
                n = root[n as usize];
            }
            n
        }
        let scattered = |n: usize| (n as u32).wrapping_mul(0x9E37_79B1).rotate_left(15);
        let mut keyed: Vec<(bool, u32, u32)> = Vec::with_capacity(self.threads.len());
        for (n, thread) in self.threads.iter().enumerate() {
            let (a, b) = (find(&mut root, thread.from), find(&mut root, thread.to));
            root[a.max(b) as usize] = a.min(b);
            keyed.push((a == b, scattered(n).wrapping_mul(0x85EB_CA6B), n as u32));
        }
        keyed.sort_unstable();
        self.sample = keyed.into_iter().map(|(_, _, n)| n).collect();
    }

    /// Finds how much room each dot has.
    fn make_room(&mut self) {
        let places: Vec<Point> = self.dots.iter().map(|dot| dot.at).collect();
        for (dot, room) in self.dots.iter_mut().zip(crowd::room(&places)) {
            dot.room = room;
        }
    }

    /// The place of an entity among the dots.
    pub fn find(&self, id: &Id) -> Option<usize> {
        self.at.get(id).map(|n| *n as usize)
    }

    /// The dot of an entity.
    pub fn dot(&self, id: &Id) -> Option<&Dot> {
        self.find(id).map(|n| &self.dots[n])
    }

    /// The threads that begin or end at a dot; one from it to itself comes twice.
    pub fn threads_of(&self, dot: usize) -> &[u32] {
        let (starts, touching) = &self.touching;
        &touching[starts[dot] as usize..starts[dot + 1] as usize]
    }

    /// The relationships of a thread.
    pub fn links(&self, thread: &Thread) -> &[Id] {
        &self.links[thread.links.0 as usize..thread.links.1 as usize]
    }

    /// The relationships of all threads.
    pub fn all_links(&self) -> &[Id] {
        &self.links
    }

    /// The thread of a relationship; every thread is looked at.
    pub fn thread_with(&self, link: &Id) -> Option<&Thread> {
        let at = self.links.iter().position(|id| id == link)? as u32;
        self.threads.get(self.threads.partition_point(|thread| thread.links.1 <= at))
    }

    /// The way of a thread: a cubic Bézier curve from dot to dot.
    pub fn curve(&self, thread: &Thread) -> [Point; 4] {
        let (a, b) = (self.dots[thread.from as usize].at, self.dots[thread.to as usize].at);
        if thread.from == thread.to {
            return loop_of(a, thread.spread);
        }
        bend(a, b, thread.spread)
    }

    /// What holds all dots, with room for a card at each; `None` for none.
    pub fn bounds(&self) -> Option<Rect> {
        const CARD: Size = Size { w: 220.0, h: 70.0 };
        *self.bounds.get_or_init(|| {
            Rect::around(self.dots.iter().map(|dot| Rect::from_center_size(dot.at, CARD)))
        })
    }

    /// The dots that are selected.
    pub fn selected(&self) -> impl Iterator<Item = &Dot> {
        let places = self.selected.get_or_init(|| {
            let all = 0..self.dots.len() as u32;
            all.filter(|n| self.dots[*n as usize].selected).collect()
        });
        places.iter().map(|n| &self.dots[*n as usize])
    }

    /// Marks what is selected. Says whether anything looks different now.
    pub fn select(&mut self, selection: &BTreeSet<Id>) -> bool {
        let mut changed = false;
        let mut mark = |flag: &mut bool, now: bool| {
            changed |= *flag != now;
            *flag = now;
        };
        for dot in &mut self.dots {
            mark(&mut dot.selected, selection.contains(&dot.id));
        }
        for thread in &mut self.threads {
            let links = &self.links[thread.links.0 as usize..thread.links.1 as usize];
            let any = !selection.is_empty() && links.iter().any(|id| selection.contains(id));
            mark(&mut thread.selected, any);
        }
        self.selected = OnceCell::new();
        changed
    }

    /// Moves dots to where the same placements are now.
    pub fn follow(&mut self, placements: &[Placement]) {
        for dot in &mut self.dots {
            if let Some(placement) = placements.get(dot.placement as usize) {
                dot.at = Point::new(placement.x, placement.y);
            }
        }
        self.make_room();
        self.bounds = OnceCell::new();
        self.dots_where = OnceCell::new();
        self.threads_where = OnceCell::new();
    }

    /// The nearest dot within reach of a point.
    pub fn dot_at(&self, p: Point, reach: f32) -> Option<usize> {
        let mut best = None;
        let mut least = reach;
        self.dots_in(around(p, reach), &mut |n| {
            let distance = self.dots[n].at.distance(p);
            // Of two at one place the one drawn last lies on top.
            if distance < least || (distance == least && best.is_none_or(|b| b < n)) {
                (best, least) = (Some(n), distance);
            }
        });
        best
    }

    /// Calls for each dot in an area.
    pub fn dots_in(&self, area: Rect, found: &mut impl FnMut(usize)) {
        let index = self.dots_where.get_or_init(|| {
            let boxes: Vec<Rect> =
                self.dots.iter().map(|dot| Rect { min: dot.at, max: dot.at }).collect();
            Spatial::new(&boxes)
        });
        index.each(area, found);
    }

    /// Calls for each thread whose surroundings share a point with an area.
    pub fn threads_in(&self, area: Rect, found: &mut impl FnMut(usize)) {
        let index = self.threads_where.get_or_init(|| {
            let boxes: Vec<Rect> = self.threads.iter().map(|t| hull(&self.curve(t))).collect();
            Spatial::new(&boxes)
        });
        index.each(area, found);
    }

    /// The nearest thread within reach of a point, by its true distance.
    pub fn thread_at(&self, p: Point, reach: f32) -> Option<usize> {
        let mut best = None;
        let mut least = reach;
        self.threads_in(around(p, reach), &mut |n| {
            let distance = distance_to(&self.curve(&self.threads[n]), p);
            if distance < least || (distance == least && best.is_none_or(|b| b < n)) {
                (best, least) = (Some(n), distance);
            }
        });
        best
    }

    /// The dots inside a loop that somebody drew.
    pub fn inside(&self, points: &[Point]) -> Vec<usize> {
        let Some(shape) = Loop::new(points) else { return Vec::new() };
        let mut all = Vec::new();
        self.dots_in(shape.bounds(), &mut |n| {
            if shape.contains(self.dots[n].at) {
                all.push(n);
            }
        });
        all.sort_unstable();
        all
    }

    /// The entities in an area and those at the other ends of their relationships: what has to be
    /// known to draw the area near. Beyond `most` no more neighbours are added.
    pub fn near(&self, area: Rect, most: usize) -> BTreeSet<usize> {
        let mut inside = BTreeSet::new();
        self.dots_in(area, &mut |n| {
            inside.insert(n);
        });
        let mut all = inside.clone();
        self.threads_in(area, &mut |n| {
            let ends = [self.threads[n].from as usize, self.threads[n].to as usize];
            if all.len() < most || ends.iter().all(|end| inside.contains(end)) {
                all.extend(ends);
            }
        });
        all
    }
}

/// The way from a dot to itself, further out with every step.
pub fn loop_of(at: Point, spread: f32) -> [Point; 4] {
    let side = 70.0 + spread.abs() * 18.0;
    let corner = |x: f32, y: f32| Point::new(at.x + x * side, at.y + y * side);
    [at, corner(-0.4, -1.4), corner(1.4, -1.4), at]
}

fn around(p: Point, reach: f32) -> Rect {
    Rect { min: p, max: p }.expand(reach)
}

fn hull(curve: &[Point; 4]) -> Rect {
    let at = |p: Point| Rect { min: p, max: p };
    curve.iter().map(|p| at(*p)).fold(at(curve[0]), Rect::union)
}

/// How far a point is from a curve.
pub fn distance_to(curve: &[Point; 4], p: Point) -> f32 {
    const STEPS: usize = 14;
    let mut best = f32::INFINITY;
    let mut a = curve[0];
    for step in 1..=STEPS {
        let b = line_point(curve, step as f32 / STEPS as f32);
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        let t =
            (((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy).max(1e-6)).clamp(0.0, 1.0);
        best = best.min(p.distance(a.towards(b, t)));
        a = b;
    }
    best
}
