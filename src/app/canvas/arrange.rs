//! The layout commands of the chart. What takes long runs on a thread of its own, tells how far it
//! has come and can be cancelled; a layout is one step of undo, and moves nothing that is pinned.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::mpsc::{Receiver, TryRecvError, channel},
    time::Instant,
};

use super::{Canvas, Scope};
use crate::{
    app::{
        command,
        model::{Model, Request, View},
        theme::Theme,
        worker::Running,
    },
    case::{Action, Arrangement, Intent, Op, Progress},
    chart::{
        self, Dot, Point,
        layout::{self, Algorithm, Body, Start, Tie, organic::Quality},
        picture::{card_size, card_size_on, label_width},
    },
    model::{Chart, Id, Placement, schema},
    network::{
        Connection, EntityRef, is_document,
        measured::{counted, grouped},
    },
};

/// Charts with more entities than this are laid out on a thread of their own.
const AT_ONCE: usize = 250;
/// Charts with more entities than this are laid out without measuring what is written on lines.
const LABELS: usize = 20_000;
/// Up to so many entities travel to their new places; of more one would see only a flicker.
const TRAVEL: usize = 10_000;

/// A layout on a thread of its own.
pub(super) struct Job {
    what: String,
    progress: Progress,
    since: Instant,
    outcome: Receiver<Option<Vec<Point>>>,
    /// Until the outcome is there.
    plan: Option<Plan>,
}

impl Drop for Job {
    fn drop(&mut self) {
        self.progress.cancel();
    }
}

/// What becomes of a layout's points.
pub(super) struct Plan {
    pub(super) intent: Intent,
    pub(super) chart: Id,
    /// What is done before entities are placed.
    pub(super) first: Vec<Op>,
    /// Whom the points are for, as they stood before.
    pub(super) placements: Vec<Placement>,
    /// Those from this place in the list on are new on the chart; those before it stay as they
    /// are. `None`: all are there already.
    pub(super) new_from: Option<usize>,
    /// The sizes of the cards, where the camera is to show them all.
    pub(super) fit: Option<Vec<chart::Size>>,
}

impl Plan {
    /// What the layout is called while it runs.
    fn words(&self) -> String {
        match (&self.intent, self.new_from) {
            (Intent::Arrange(rule), _) => rule.label().to_owned(),
            (_, from) => {
                let new = self.placements.len() - from.unwrap_or(0);
                format!("Place {}", counted(new, "entity", "entities"))
            }
        }
    }
}

/// Cards with their ties, to arrange.
pub(super) struct Cards {
    pub(super) bodies: Vec<Body>,
    pub(super) ties: Vec<Tie>,
    /// The thread of the sketch that each tie is.
    pub(super) threads: Vec<u32>,
}

impl Canvas {
    /// The layout that runs, if one does.
    pub fn job(&self) -> Option<Running> {
        self.job.as_ref().map(|job| Running {
            what: job.what.clone(),
            progress: job.progress.clone(),
            since: job.since,
            can_stop: true,
            is_preview: false,
        })
    }

    /// Works on a thread until there are points for a plan.
    pub(super) fn start_job(
        &mut self,
        ctx: &egui::Context,
        plan: Plan,
        work: impl FnOnce(&dyn Fn(f32) -> bool) -> Option<Vec<Point>> + Send + 'static,
    ) {
        let (send, outcome) = channel();
        let (ctx, progress) = (ctx.clone(), Progress::new());
        let watched = progress.clone();
        let what = plan.words();
        let thread = std::thread::Builder::new().name("layout".into()).spawn(move || {
            let going = |part: f32| {
                watched.report((part * 1000.0) as u64, 1000);
                watched.check().is_ok()
            };
            // The canvas may have gone meanwhile.
            send.send(work(&going)).ok();
            ctx.request_repaint();
        });
        // Where there is no thread to be had, the outcome's sender is gone, and so is the job.
        thread.ok();
        self.job = Some(Job { what, progress, since: Instant::now(), outcome, plan: Some(plan) });
    }

    /// Takes what a layout on a thread has found, if it is there.
    pub(super) fn collect(&mut self, ctx: &egui::Context, scope: &mut Scope<'_>) {
        let Some(job) = &mut self.job else { return };
        let found = match job.outcome.try_recv() {
            Ok(found) => found,
            Err(TryRecvError::Empty) => return,
            Err(TryRecvError::Disconnected) => None,
        };
        let plan = job.plan.take();
        self.job = None;
        match (found, plan) {
            (Some(points), Some(plan)) => self.carry_out(ctx, scope, plan, &points),
            // What was shown ahead of the case is not to be.
            _ => self.motion.let_go(),
        }
    }

    /// Places entities as a layout says, but those that have been pinned or taken off meanwhile.
    pub(super) fn carry_out(
        &mut self,
        ctx: &egui::Context,
        scope: &mut Scope<'_>,
        plan: Plan,
        points: &[Point],
    ) {
        let Plan { intent, chart, first: mut ops, placements, new_from, fit: sizes } = plan;
        if let Some(sizes) = sizes
            && scope.view.chart.as_ref() == Some(&chart)
        {
            let cards = points.iter().zip(sizes);
            let cards = cards.map(|(at, size)| chart::Rect::from_center_size(*at, size));
            let cards: Vec<chart::Rect> = cards.collect();
            let places = placements.iter().map(|p| &p.entity).zip(points.iter().copied());
            self.squeeze_for(&places.collect());
            if let Some(bounds) = chart::Rect::around(cards.iter().copied()) {
                scope.view.glide_to = Some(self.fit_whole(&chart, bounds, &cards));
            }
        }
        let stored = scope.model.placed(&chart);
        let now: HashMap<&Id, &Placement> = stored.iter().map(|p| (&p.entity, p)).collect();
        let moved: Vec<Placement> = self
            .moved(scope.model, &chart, placements, points)
            .into_iter()
            .skip(new_from.unwrap_or(0))
            .filter(|p| match now.get(&p.entity) {
                Some(now) => !now.pinned && new_from.is_none(),
                None => new_from.is_some(),
            })
            .map(|p| Placement { pinned: false, ..p })
            .collect();
        if stored.len() <= TRAVEL && new_from.is_none() {
            let shown = self.shown_placements(ctx, scope, &chart);
            self.motion.travel(ctx, &chart, &shown);
        }
        ops.push(Op::Place { chart, placements: moved });
        scope.requests.push(Request::Commit(Action::by(intent, ops)));
    }

    /// Places every entity of the case that the chart lacks, where the layout for many puts it;
    /// what is on the chart stays. What only describes another entity stays folded into it.
    /// Documents come along where they are asked for. Without a chart, one is made.
    pub(super) fn place_all(
        &mut self,
        ctx: &egui::Context,
        scope: &mut Scope<'_>,
        open: Option<Chart>,
        with_documents: bool,
    ) {
        let seen = &scope.model.seen;
        let wanted = seen.nodes().filter(|e| with_documents || !is_document(e.schema()));
        let wanted = wanted.filter(|e| e.host().is_none());
        let all: Vec<Id> = wanted.map(|e| e.id().clone()).collect();
        let left_out = if with_documents { 0 } else { seen.document_count() };
        let label = command::CHART_PLACE_DOCUMENTS.label;
        let documents = match left_out {
            0 => String::new(),
            1 => format!(" One document is left out; “{label}” places it."),
            many => format!(" {} documents are left out; “{label}” places them.", grouped(many)),
        };
        if self.place_many(ctx, scope, open, "Everything", all) {
            if left_out > 0 {
                scope.requests.push(Request::Say(documents.trim_start().to_owned()));
            }
        } else {
            let what = if with_documents { "All of the case is" } else { "All entities are" };
            let what = format!("{what} on this chart already.{documents}");
            scope.requests.push(Request::Say(what));
        }
    }

    /// Makes a chart of these entities and of the ends of these relationships, laid out. What only
    /// describes others, as an address or a passport does, is left to the table.
    pub(crate) fn chart_of(
        &mut self,
        ctx: &egui::Context,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
        (name, ids): (&str, &[Id]),
    ) {
        let found = ids.iter().filter_map(|id| model.seen.get(id));
        let nodes = found.flat_map(|entity| match entity.ends() {
            Some((source, target)) => vec![source.clone(), target.clone()],
            None => vec![entity.id().clone()],
        });
        let nodes: BTreeSet<Id> = nodes.filter(|id| stands_for_itself(model, id)).collect();
        let scope = &mut Scope { model, view, theme, requests };
        if !self.place_many(ctx, scope, None, name, nodes.into_iter().collect()) {
            scope.requests.push(Request::Say("None of it stands in the case any more.".into()));
        }
    }

    /// Places those of these entities that a chart lacks, or that a new chart is to have; false
    /// where there are none.
    fn place_many(
        &mut self,
        ctx: &egui::Context,
        scope: &mut Scope<'_>,
        open: Option<Chart>,
        name: &str,
        wanted: Vec<Id>,
    ) -> bool {
        let seen = &scope.model.seen;
        let placed: Vec<Placement> = match &open {
            Some(chart) => scope.model.placed(&chart.id).to_vec(),
            None => Vec::new(),
        };
        let there: HashSet<&Id> = placed.iter().map(|p| &p.entity).collect();
        let lacking: Vec<Id> = wanted.into_iter().filter(|id| !there.contains(id)).collect();
        if lacking.is_empty() {
            return false;
        }
        let from = placed.len();
        let new =
            lacking.into_iter().map(|entity| Placement { entity, x: 0.0, y: 0.0, pinned: false });
        let all: Vec<Placement> = placed.into_iter().chain(new).collect();
        let mut bodies = self.bodies(scope.model, open.as_ref(), &all);
        for body in &mut bodies[..from] {
            body.fixed = true;
        }
        let places: HashMap<&Id, usize> =
            all.iter().enumerate().map(|(n, p)| (&p.entity, n)).collect();
        let ends = seen.connections().filter_map(|link| {
            let (source, target) = link.ends()?;
            Some((link, *places.get(source.id())?, *places.get(target.id())?))
        });
        let puts_above = |link: Connection<'_>| {
            link.relationship().is_some_and(|link| puts_above(scope.model, link.id()))
        };
        let many = all.len() > LABELS;
        let label = |link| if many { 0.0 } else { label_width(link) };
        let ties: Vec<Tie> = ends
            .map(|(link, a, b)| Tie::new(a, b).owning(puts_above(link)).labelled(label(link)))
            .collect();
        let mut first = Vec::new();
        let chart = open.map_or_else(
            || {
                let order = scope.model.charts.iter().map(|c| c.order).fold(0.0, f64::max) + 1.0;
                let chart = Chart::new(name, order);
                first.push(Op::PutChart(chart.clone()));
                chart.id
            },
            |chart| chart.id,
        );
        self.fitted.remove(&chart);
        scope.view.chart = Some(chart.clone());
        let (intent, new_from) = (Intent::Edit, Some(from));
        let plan = Plan { intent, chart, first, placements: all, new_from, fit: None };
        self.start_job(ctx, plan, move |going| {
            layout::Request::new(Algorithm::Force, &bodies, &ties).run(going)
        });
        true
    }

    /// What a layout works on, as it stands: what is selected if that is several, else all. A group
    /// is one of them, placed by its own id.
    pub(super) fn scope_of(&self) -> Vec<Placement> {
        let chosen: Vec<Placement> = self.sketch.selected().map(standing).collect();
        if chosen.len() > 1 { chosen } else { self.all_standing() }
    }

    fn all_standing(&self) -> Vec<Placement> {
        self.sketch.dots.iter().map(standing).collect()
    }

    /// The placements of entities that follow from where a layout puts what it worked on: the
    /// members of a group move as far as the group does.
    pub(super) fn moved(
        &self,
        model: &Model,
        chart: &Id,
        from: Vec<Placement>,
        to: &[Point],
    ) -> Vec<Placement> {
        let stored = model.placed(chart);
        let places: HashMap<&Id, &Placement> = stored.iter().map(|p| (&p.entity, p)).collect();
        let mut moved = Vec::with_capacity(from.len());
        for (one, at) in from.into_iter().zip(to) {
            if !self.is_group(&one.entity) {
                moved.push(Placement { x: at.x, y: at.y, ..one });
                continue;
            }
            let group = model
                .chart(chart)
                .and_then(|chart| chart.groups.iter().find(|group| group.id == one.entity));
            let (by_x, by_y) = (at.x - one.x, at.y - one.y);
            let members = group.into_iter().flat_map(|group| &group.members);
            let members = members.filter_map(|member| places.get(member));
            moved.extend(members.map(|p| Placement {
                x: p.x + by_x,
                y: p.y + by_y,
                ..(*p).clone()
            }));
        }
        moved
    }

    /// The chart that is drawn.
    pub(super) fn drawn_chart<'a>(&self, model: &'a Model) -> Option<&'a Chart> {
        self.seen.as_ref().and_then(|seen| model.chart(&seen.chart))
    }

    /// Placements as cards to arrange on a chart, or on a new one.
    pub(super) fn bodies(
        &self,
        model: &Model,
        chart: Option<&Chart>,
        placements: &[Placement],
    ) -> Vec<Body> {
        let is_drawn = chart
            .is_some_and(|chart| self.seen.as_ref().is_some_and(|seen| seen.chart == chart.id));
        let nodes = self.picture.nodes.iter().filter(|_| is_drawn);
        let known: HashMap<&Id, chart::Size> = nodes.map(|node| (&node.id, node.size)).collect();
        let size = |id: &Id| {
            let known = known.get(id).copied();
            let made = || {
                let entity = model.seen.get(id)?;
                Some(chart.map_or_else(|| card_size(entity), |chart| card_size_on(chart, entity)))
            };
            known.or_else(made).unwrap_or_default()
        };
        let body = |p: &Placement| Body {
            at: Point::new(p.x, p.y),
            size: size(&p.entity),
            fixed: p.pinned,
        };
        placements.iter().map(body).collect()
    }

    /// Placements of the chart as cards with the ties that are drawn between them.
    pub(super) fn cards(&self, model: &Model, placements: &[Placement]) -> Cards {
        let places: HashMap<&Id, usize> =
            placements.iter().enumerate().map(|(n, p)| (&p.entity, n)).collect();
        let dots: Vec<Option<usize>> =
            self.sketch.dots.iter().map(|dot| places.get(&dot.id).copied()).collect();
        let many = placements.len() > LABELS;
        let (mut ties, mut threads) = (Vec::new(), Vec::new());
        for (n, thread) in self.sketch.threads.iter().enumerate() {
            let ends = (dots[thread.from as usize], dots[thread.to as usize]);
            let (Some(from), Some(to)) = ends else { continue };
            let links = self.sketch.links(thread);
            let owns = links.iter().any(|id| puts_above(model, id));
            let label = if many { 0.0 } else { widest_label(model, links) };
            ties.push(Tie::new(from, to).owning(owns).labelled(label));
            threads.push(n as u32);
        }
        let bodies = self.bodies(model, self.drawn_chart(model), placements);
        Cards { bodies, ties, threads }
    }

    /// Selects the relationships that a hierarchy runs against, and says why.
    fn show_circles(&self, scope: &mut Scope<'_>, threads: impl Iterator<Item = usize>) {
        let threads = threads.map(|n| &self.sketch.threads[n]);
        let links: BTreeSet<Id> =
            threads.flat_map(|thread| self.sketch.links(thread)).cloned().collect();
        let text = match links.len() {
            0 => return,
            1 => "One relationship runs upwards, because somebody owns himself in a circle: \
                  it is selected."
                .to_owned(),
            many => format!(
                "{} relationships run upwards, because somebody owns himself in a circle: \
                 they are selected.",
                grouped(many)
            ),
        };
        scope.view.selection = links;
        scope.requests.push(Request::Say(text));
    }

    /// Lays out what is selected, or all of the chart.
    pub(in crate::app) fn layout(
        &mut self,
        ctx: &egui::Context,
        scope: &mut Scope<'_>,
        chart: &Id,
        how: How,
    ) {
        let model = scope.model;
        let algorithm = how.algorithm();
        let partial = self.scope_of();
        let whole = partial.len() == self.sketch.dots.len();
        // Around the selection means: the selection is the middle, not the scope.
        let (inside, centres) = if algorithm == Algorithm::Radial {
            (self.all_standing(), scope.view.selection.clone())
        } else {
            (partial, BTreeSet::new())
        };
        if inside.is_empty() {
            return;
        }
        let Cards { bodies, ties, threads } = self.cards(model, &inside);
        if algorithm == Algorithm::Layered {
            let upwards = layout::against(bodies.len(), &ties);
            self.show_circles(scope, upwards.into_iter().map(|n| threads[n] as usize));
        }
        let centre: Vec<usize> =
            (0..inside.len()).filter(|n| centres.contains(&inside[*n].entity)).collect();
        let around = if whole || algorithm == Algorithm::Radial {
            Vec::new()
        } else {
            let chosen: HashSet<&Id> = inside.iter().map(|p| &p.entity).collect();
            let dots = self.sketch.dots.iter().zip(self.obstacles(model));
            dots.filter(|(dot, _)| !chosen.contains(&dot.id)).map(|(_, body)| body).collect()
        };
        let dates = match algorithm {
            Algorithm::Timeline => inside.iter().map(|p| day(model, &p.entity)).collect(),
            _ => Vec::new(),
        };
        if algorithm == Algorithm::Timeline && dates.iter().all(Option::is_none) {
            let what = "Nothing here has a date, so there is no order to lay it out in.";
            scope.requests.push(Request::Say(what.into()));
            return;
        }
        let rank = how.rank(model, &inside);
        let sizes = whole.then(|| bodies.iter().map(|body| body.size).collect());
        let plan = Plan {
            intent: Intent::Arrange(how.rule()),
            chart: chart.clone(),
            first: Vec::new(),
            placements: inside,
            new_from: None,
            fit: sizes.filter(|_| how != How::FromHere),
        };
        let few = model.placed(chart).len() <= AT_ONCE;
        let work = move |going: &dyn Fn(f32) -> bool| {
            let request = layout::Request {
                centre: &centre,
                around: &around,
                dates: &dates,
                rank: &rank,
                quality: match how {
                    How::Quick => Some(Quality::Fast),
                    How::Fine => Some(Quality::Fine),
                    _ => None,
                },
                start: if how == How::FromHere { Start::Here(&[]) } else { Start::Anew },
                ..layout::Request::new(algorithm, &bodies, &ties)
            };
            request.run(going)
        };
        if few {
            self.job = None;
            if let Some(points) = work(&|_| true) {
                self.carry_out(ctx, scope, plan, &points);
            }
        } else {
            self.start_job(ctx, plan, work);
        }
    }
}

/// The width of the widest label that one of these relationships and references has by itself; a
/// line that stands for several says how many, which is about as wide.
fn widest_label(model: &Model, links: &[Id]) -> f32 {
    let widths = links.iter().filter_map(|id| Some(label_width(model.seen.connection(id)?)));
    widths.fold(0.0, f32::max)
}

/// A dot as something to place.
pub(super) fn standing(dot: &Dot) -> Placement {
    Placement { entity: dot.id.clone(), x: dot.at.x, y: dot.at.y, pinned: dot.pinned }
}

/// How to lay out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum How {
    /// By an algorithm, wherever entities stand.
    Anew(Algorithm),
    /// Organic, as soon as possible however many they are.
    Quick,
    /// Organic, with all the time that it takes however many they are.
    Fine,
    /// Organic, from where they stand.
    FromHere,
    /// In a grid by schema, and within each by name.
    BySchema,
    /// In a grid, those with the most relationships first.
    ByDegree,
}

impl How {
    fn algorithm(self) -> Algorithm {
        match self {
            Self::Anew(algorithm) => algorithm,
            Self::Quick | Self::Fine | Self::FromHere => Algorithm::Force,
            Self::BySchema | Self::ByDegree => Algorithm::Grid,
        }
    }

    fn rule(self) -> Arrangement {
        match self {
            Self::Anew(Algorithm::Force) => Arrangement::Organic,
            Self::Anew(Algorithm::Layered) => Arrangement::Hierarchy,
            Self::Anew(Algorithm::Radial) => Arrangement::Radial,
            Self::Anew(Algorithm::Circle) => Arrangement::Circle,
            Self::Anew(Algorithm::Grid) => Arrangement::Grid,
            Self::Anew(Algorithm::Timeline) => Arrangement::Timeline,
            Self::Quick => Arrangement::OrganicQuick,
            Self::Fine => Arrangement::OrganicFine,
            Self::FromHere => Arrangement::OrganicFromHere,
            Self::BySchema => Arrangement::GridBySchema,
            Self::ByDegree => Arrangement::GridByDegree,
        }
    }

    /// The place of each in the order of a grid, if it has one.
    fn rank(self, model: &Model, placements: &[Placement]) -> Vec<u32> {
        let entity = |n: usize| model.seen.get(&placements[n].entity);
        let mut order: Vec<usize> = (0..placements.len()).collect();
        match self {
            Self::BySchema => order.sort_by_cached_key(|&n| {
                entity(n)
                    .map(|e| (schema::label(e.schema()).to_owned(), e.caption().to_lowercase()))
            }),
            Self::ByDegree => order.sort_by_cached_key(|&n| {
                entity(n).map(|e| (std::cmp::Reverse(e.degree()), e.caption().to_lowercase()))
            }),
            Self::Anew(_) | Self::Quick | Self::Fine | Self::FromHere => return Vec::new(),
        }
        let mut rank = vec![0; order.len()];
        for (at, n) in order.into_iter().enumerate() {
            rank[n] = at as u32;
        }
        rank
    }
}

/// The day on which an entity began; where that is not known, the first of its relationships.
fn day(model: &Model, id: &Id) -> Option<f64> {
    let first = |entity: EntityRef<'_>| {
        let (from, to) = entity.extent();
        from.or(to).map(|date| date.first_day())
    };
    let own = model.seen.get(id).and_then(first);
    own.or_else(|| model.seen.links_of(id).filter_map(first).min()).map(f64::from)
}

/// Whether a relationship puts its source above its target: owning, directing, controlling.
fn puts_above(model: &Model, id: &Id) -> bool {
    let name = model.seen.get(id).map_or("", EntityRef::schema);
    schema::schema(name).is_some_and(|s| {
        s.is_a("Interest") || matches!(&*s.name, "Ownership" | "Control" | "Employment")
    })
}
/// Whether an entity is one that a chart is made for: something with ties, or a person, company,
/// vessel or other thing; not an address, a document of identity, or evidence.
fn stands_for_itself(model: &Model, id: &Id) -> bool {
    let Some(entity) = model.seen.get(id) else { return false };
    let known = schema::schema(entity.schema());
    let is_thing = known.is_none_or(|s| s.is_a("Thing") && !s.is_a("Address"));
    entity.host().is_none() && (entity.degree() > 0 || is_thing && !is_document(entity.schema()))
}
