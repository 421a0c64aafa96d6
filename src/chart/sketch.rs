//! A chart drawn small: dots and threads in place of cards and captions. It is made in one pass
//! over a hundred thousand entities, holds no text, and answers what lies where.

use std::{
    cell::OnceCell,
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use super::{
    Color, Curve, Input, Line, Point, Rect, Size, crowd,
    curve::bend,
    picture::{Course, bundle, kinds_of, looks, parallels, styling_of},
    shown::{Between, Shown, Who},
    spatial::{Loop, Spatial},
};
use crate::model::{Id, Placement, Strength};

/// A chart as dots and threads.
#[derive(Debug, Default)]
pub struct Sketch {
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
    /// The dot of each entity, be it by itself or in a group, and of each group.
    at: HashMap<Id, u32>,
    /// The placements of the members of each dot that is a group.
    grouped: HashMap<u32, Vec<u32>>,
    /// The threads of each dot, one dot's after the other's.
    touching: (Vec<u32>, Vec<u32>),
    bounds: OnceCell<Option<Rect>>,
    /// The dots that are selected.
    selected: OnceCell<Vec<u32>>,
    dots_where: OnceCell<Spatial>,
    threads_where: OnceCell<Spatial>,
    /// The threads whose look the user chose.
    styled: Vec<Styled>,
    /// The inner control points of threads that are bundled, by where their relationships begin.
    bundled: HashMap<u32, [Point; 2]>,
    /// The courses of threads that are led around corners, by where their relationships begin.
    around: HashMap<u32, Curve>,
}

/// A thread whose look the user chose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Styled {
    /// Its place among the threads.
    pub thread: u32,
    pub color: Color,
    /// Its width in points at zoom 1.
    pub width: f32,
}

/// An entity or a group of entities, drawn small.
#[derive(Clone, Debug, PartialEq)]
pub struct Dot {
    /// The entity or group.
    pub id: Id,
    pub at: Point,
    /// Its schema, of a group that of most members: a place in [`Sketch::schemata`].
    pub schema: u16,
    /// How many entities it stands for: one, unless it is a group.
    pub members: u32,
    pub strength: Strength,
    /// Whether a source denies that it exists.
    pub denied: bool,
    pub selected: bool,
    /// Whether it lies outside the period.
    pub dimmed: bool,
    /// Whether no layout moves it.
    pub pinned: bool,
    /// How much it matters: its relationships.
    pub importance: f32,
    /// The colour that stands for what is measured.
    pub tint: Option<Color>,
    /// Where size stands for what is measured, how much that is, from 0 to 1.
    pub level: Option<f32>,
    /// Its place among the placements that the sketch was made from; of a group, that of its
    /// first member.
    pub placement: u32,
    /// How much room it has among the others: the side of a square.
    pub room: f32,
}

impl Dot {
    /// Whether it is a group.
    pub fn is_group(&self) -> bool {
        self.members > 1
    }
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
    pub arrow_from: bool,
    pub arrow_to: bool,
    /// How well it is supported; the strongest of several.
    pub strength: Strength,
    /// Whether a source denies it; of several, all.
    pub denied: bool,
    /// Whether it, or one of several, is selected.
    pub selected: bool,
    /// Whether it lies outside the period.
    pub dimmed: bool,
    /// Whether it stands for references alone, which are drawn thinner.
    pub reference: bool,
    /// Its relationships and references: a part of the sketch's list.
    links: (u32, u32),
}

/// The sketch of a chart.
pub fn sketch(input: &Input<'_>) -> Sketch {
    let shown = input.shown();
    let mut schemata = Schemata::default();
    let mut at = HashMap::with_capacity(input.placements.len());
    let mut grouped = HashMap::new();
    let mut dots = Vec::with_capacity(shown.stands.len());
    for (number, stand) in shown.stands.iter().enumerate() {
        let number = number as u32;
        at.insert(stand.who.id().clone(), number);
        let dot = Dot {
            id: stand.who.id().clone(),
            at: stand.at,
            schema: 0,
            members: 1,
            strength: Strength::Confirmed,
            denied: false,
            selected: input.selects(&stand.who),
            dimmed: input.dims(stand),
            pinned: stand.pinned,
            importance: stand.degree as f32,
            tint: None,
            level: None,
            placement: stand.placement,
            room: 0.0,
        };
        dots.push(match &stand.who {
            Who::Entity(entity) => Dot {
                schema: schemata.number(entity.schema()),
                strength: entity.strength(),
                denied: entity.denied(),
                tint: input.tint(entity.id()),
                level: input.overlay.level(entity.id()),
                ..dot
            },
            Who::Group(group, members) => {
                at.extend(members.iter().map(|m| (m.entity.id().clone(), number)));
                grouped.insert(number, members.iter().map(|m| m.placement).collect());
                let most = kinds_of(members).first().map_or("", |(schema, _)| *schema);
                let levels = members.iter().filter_map(|m| input.overlay.level(m.entity.id()));
                Dot {
                    schema: schemata.number(most),
                    members: members.len() as u32,
                    tint: input.common_tint(&group.id, members),
                    level: levels.reduce(f32::max),
                    ..dot
                }
            }
        });
    }
    let mut sketch = Sketch { dots, at, grouped, schemata: schemata.names, ..Sketch::default() };
    sketch.draw_threads(input, &shown);
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
    fn draw_threads(&mut self, input: &Input<'_>, shown: &Shown<'_>) {
        let mut ties: Vec<Between<'_>> = shown.between().collect();
        let pair = |tie: &Between<'_>| (tie.from.min(tie.to), tie.from.max(tie.to));
        ties.sort_by(|a, b| pair(a).cmp(&pair(b)).then_with(|| a.link.id().cmp(&b.link.id())));
        for ties in ties.chunk_by(|a, b| pair(a) == pair(b)) {
            let (a, b) = pair(&ties[0]);
            let bundles = bundle(parallels(input, shown, &ties[0]), ties.to_vec());
            let count = bundles.len();
            for (nth, ties) in bundles.into_iter().enumerate() {
                let course = Course::of(input, &ties);
                let (from, to) = if course.forward { (a, b) } else { (b, a) };
                let begin = self.links.len() as u32;
                self.links.extend(ties.iter().map(|tie| tie.link.id().into_owned()));
                let reference = ties.iter().all(|tie| tie.link.is_reference());
                let ids = &self.links[begin as usize..];
                if let Some(styling) = styling_of(input.chart, ids) {
                    let (color, width) = looks(input, Some(styling), course.denied, reference);
                    let thread = self.threads.len() as u32;
                    self.styled.push(Styled { thread, color, width });
                }
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
                    reference,
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
        let level = |n: &u32| self.dots[*n as usize].level.unwrap_or_default();
        let importance = |n: &u32| self.dots[*n as usize].importance;
        self.ranking.sort_by(|a, b| {
            let by_level = level(b).total_cmp(&level(a));
            by_level.then_with(|| importance(b).total_cmp(&importance(a))).then(a.cmp(b))
        });
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

    /// The placements that a dot stands for, by their places in what the sketch was made from.
    pub fn placements_of(&self, dot: usize) -> &[u32] {
        let members = self.grouped.get(&(dot as u32));
        members.map_or_else(|| std::slice::from_ref(&self.dots[dot].placement), Vec::as_slice)
    }

    /// The place among the dots of an entity or group; of a member, that of its group.
    pub fn find(&self, id: &Id) -> Option<usize> {
        self.at.get(id).map(|n| *n as usize)
    }

    /// The dot of an entity.
    pub fn dot(&self, id: &Id) -> Option<&Dot> {
        self.find(id).map(|n| &self.dots[n])
    }

    /// The relationships of a thread.
    pub fn links(&self, thread: &Thread) -> &[Id] {
        &self.links[thread.links.0 as usize..thread.links.1 as usize]
    }

    /// The threads whose look the user chose.
    pub fn styled(&self) -> &[Styled] {
        &self.styled
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

    /// The way of a thread from dot to dot.
    pub fn curve(&self, thread: &Thread) -> Curve {
        if let Some(around) = self.around.get(&thread.links.0) {
            return around.clone();
        }
        let (a, b) = (self.dots[thread.from as usize].at, self.dots[thread.to as usize].at);
        if thread.from == thread.to {
            return loop_of(a, thread.spread).into();
        }
        if let Some([b_control, c_control]) = self.controls(thread) {
            return [a, b_control, c_control, b].into();
        }
        bend(a, b, thread.spread).into()
    }

    /// Whether a thread is led around corners.
    pub fn goes_around(&self, thread: &Thread) -> bool {
        !self.around.is_empty() && self.around.contains_key(&thread.links.0)
    }

    /// Leads threads as the lines of the same chart are led, which are in the same order.
    pub fn lead(&mut self, lines: &[Line]) {
        self.around.clear();
        self.threads_where = OnceCell::new();
        for (thread, line) in self.threads.iter_mut().zip(lines) {
            thread.spread = line.spread;
            if line.curve.goes_around() {
                self.around.insert(thread.links.0, line.curve.clone());
            }
        }
    }

    /// Whether any thread is bundled.
    pub fn is_bundled(&self) -> bool {
        !self.bundled.is_empty()
    }

    /// The inner control points of a thread that is bundled.
    pub fn controls(&self, thread: &Thread) -> Option<[Point; 2]> {
        if self.bundled.is_empty() { None } else { self.bundled.get(&thread.links.0).copied() }
    }

    /// Bundles long threads along paths of shorter ones, or lets all run straight again.
    pub fn bundle(&mut self, is_wanted: bool) {
        self.bundled.clear();
        self.threads_where = OnceCell::new();
        if !is_wanted {
            return;
        }
        let points: Vec<Point> = self.dots.iter().map(|dot| dot.at).collect();
        let lines: Vec<(usize, usize)> =
            self.threads.iter().map(|t| (t.from as usize, t.to as usize)).collect();
        let found = super::bundle::controls(&points, &lines);
        let found = self.threads.iter().zip(found);
        self.bundled = found.filter_map(|(t, controls)| Some((t.links.0, controls?))).collect();
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
        let within: BTreeSet<u32> = if self.grouped.is_empty() {
            BTreeSet::new()
        } else {
            selection.iter().filter_map(|id| self.at.get(id).copied()).collect()
        };
        for (n, dot) in self.dots.iter_mut().enumerate() {
            let now = selection.contains(&dot.id) || within.contains(&(n as u32));
            mark(&mut dot.selected, now);
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
        let at = |n: u32| placements.get(n as usize).map(|p| Point::new(p.x, p.y));
        for (n, dot) in self.dots.iter_mut().enumerate() {
            let Some(members) = self.grouped.get(&(n as u32)) else {
                dot.at = at(dot.placement).unwrap_or(dot.at);
                continue;
            };
            for (nth, member) in members.iter().filter_map(|n| at(*n)).enumerate() {
                dot.at = dot.at.towards(member, 1.0 / (nth + 1) as f32);
            }
        }
        self.make_room();
        self.around.clear();
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
    pub(crate) fn threads_in(&self, area: Rect, found: &mut impl FnMut(usize)) {
        let index = self.threads_where.get_or_init(|| {
            let boxes: Vec<Rect> = self.threads.iter().map(|t| self.curve(t).hull()).collect();
            Spatial::new(&boxes)
        });
        index.each(area, found);
    }

    /// The nearest thread within reach of a point, by its true distance.
    pub fn thread_at(&self, p: Point, reach: f32) -> Option<usize> {
        let mut best = None;
        let mut least = reach;
        self.threads_in(around(p, reach), &mut |n| {
            let distance = self.curve(&self.threads[n]).distance(p);
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::{
        case::{Action, Case, NewValue, Op},
        chart::{
            Legend, Mode, Overlay, Style,
            overlay::{Mark, Measured},
            picture,
        },
        model::{Chart, Period, chart::Group, chart::Parallels},
        network::Seen,
    };

    const COUNT: usize = 12;

    fn id(n: usize) -> Id {
        format!("n{n}").into()
    }

    fn seen(ties: &[(usize, usize)]) -> Seen {
        let mut case = Case::in_memory().expect("memory suffices");
        let mut ops: Vec<Op> = (0..COUNT)
            .map(|n| Op::Add {
                entity: id(n),
                schema: if n % 3 == 0 { "Person" } else { "Company" }.into(),
                values: vec![NewValue::new("name", format!("Name {n}"))],
            })
            .collect();
        for (n, (from, to)) in ties.iter().enumerate() {
            ops.push(Op::Add {
                entity: format!("t{n}").into(),
                schema: "Ownership".into(),
                values: vec![
                    NewValue::new("owner", format!("n{from}")),
                    NewValue::new("asset", format!("n{to}")),
                ],
            });
        }
        case.commit(Action::new(ops)).expect("valid");
        Seen::new(case.entities().expect("readable"))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

        /// From afar and from near one sees the same: who stands where, what lies between, what
        /// is faint, selected, coloured and large.
        #[test]
        fn a_sketch_and_a_picture_show_the_same(
            ties in prop::collection::vec((0..COUNT, 0..COUNT), 0..24),
            in_group in prop::collection::vec(0..4_usize, COUNT),
            flags in prop::collection::vec(0..8_u8, COUNT),
            parallels in 0..3_u8,
            hides: bool,
        ) {
            let seen = seen(&ties);
            let places: Vec<Placement> = (0..COUNT)
                .map(|n| Placement {
                    entity: id(n),
                    x: (n % 4) as f32 * 300.0,
                    y: (n / 4) as f32 * 200.0,
                    pinned: n == 1,
                })
                .collect();
            let mut chart = Chart::new("C", 1.0);
            chart.parallels = match parallels {
                0 => Parallels::Single,
                1 => Parallels::PerDirection,
                _ => Parallels::Multiple,
            };
            for group in 1..4 {
                let members = (0..COUNT).filter(|n| in_group[*n] == group).map(id).collect();
                chart.groups.push(Group::new(format!("Group {group}"), members));
            }
            let flags = &flags;
            let with = |bit: u8| (0..COUNT).filter(move |n| flags[*n] >> bit & 1 == 1).map(id);
            chart.hidden = with(0).take(2).collect();
            let marks = (0..COUNT).map(|n| (id(n), Mark::Level(n as f32 / 11.0))).collect();
            let overlay = Overlay {
                left_out: Arc::new(with(1).collect()),
                hides,
                measured: Some(Arc::new(Measured { marks, ..Measured::default() })),
                by_size: true,
                by_color: true,
            };
            let selection: BTreeSet<Id> = with(2).chain(["t0".into()]).collect();
            let (period, style) = (Period::default(), Style::of(Mode::Light));
            let input = Input {
                seen: &seen,
                chart: &chart,
                placements: &places,
                selection: &selection,
                period: &period,
                overlay: &overlay,
                style: &style,
                follows: false,
            };
            let (small, near) = (sketch(&input), picture(&input));
            prop_assert_eq!(small.dots.len(), near.nodes.len());
            for (dot, node) in small.dots.iter().zip(&near.nodes) {
                prop_assert_eq!(&dot.id, &node.id);
                prop_assert_eq!(dot.at, node.at);
                prop_assert_eq!(dot.is_group().then_some(dot.members as usize), node.members);
                prop_assert_eq!(
                    (dot.selected, dot.dimmed, dot.pinned, dot.tint, dot.level),
                    (node.selected, node.dimmed, node.pinned, node.tint, node.level)
                );
                prop_assert_eq!(&*small.schemata[usize::from(dot.schema)], &*node.schema);
            }
            prop_assert_eq!(small.threads.len(), near.lines.len());
            for (thread, line) in small.threads.iter().zip(&near.lines) {
                prop_assert_eq!(small.links(thread), &line.ids[..]);
                prop_assert_eq!(&small.dots[thread.from as usize].id, &line.from);
                prop_assert_eq!(&small.dots[thread.to as usize].id, &line.to);
                prop_assert_eq!(
                    (thread.arrow_from, thread.arrow_to, thread.selected, thread.dimmed),
                    (line.arrow_from, line.arrow_to, line.selected, line.dimmed)
                );
            }
            let mut legends = [Legend::of_sketch(&small, &input), near.legend.clone()];
            for legend in &mut legends {
                legend.entries.sort_by(|a, b| a.text.cmp(&b.text));
            }
            prop_assert_eq!(&legends[0], &legends[1]);
            // Every placement is that of exactly one dot, unless it is hidden.
            let mut drawn: Vec<u32> =
                (0..small.dots.len()).flat_map(|n| small.placements_of(n).to_vec()).collect();
            drawn.sort_unstable();
            let expected: Vec<u32> = (0..COUNT as u32)
                .filter(|n| {
                    let id = &places[*n as usize].entity;
                    !chart.hidden.contains(id) && !overlay.hides(id)
                })
                .collect();
            prop_assert_eq!(drawn, expected);
            // What moves and comes back stands where it stood.
            let mut moved = sketch(&input);
            let away: Vec<Placement> =
                places.iter().map(|p| Placement { x: p.x + 50.0, ..p.clone() }).collect();
            moved.follow(&away);
            for (after, before) in moved.dots.iter().zip(&small.dots) {
                prop_assert!((after.at.x - before.at.x - 50.0).abs() < 0.01);
            }
        }
    }
}
