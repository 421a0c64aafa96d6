//! A layout that runs while one looks on. Nothing of it is kept before it is stopped, and then all
//! of it is one step of undo. What is dragged meanwhile pulls its neighbours along.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, Sender, TryRecvError, channel},
    },
    time::{Duration, Instant},
};

use super::{
    Canvas, Gesture, Scope,
    arrange::{Cards, Plan, standing},
};
use crate::{
    case::{Arrangement, Intent},
    chart::{
        Point, Sketch,
        layout::{live::Live, settle},
    },
    model::{Id, Placement},
};

/// Charts with more entities than this get room for their cards on a thread.
const AT_ONCE: usize = 250;
/// A step takes at least as long, so that one sees what happens also where it would take no time.
const PACE: Duration = Duration::from_millis(12);

/// A layout on its thread; it ends with this.
pub(super) struct Running {
    chart: Id,
    /// The state of the model that it began with.
    generation: u64,
    /// Whom it moves: places among the chart's placements.
    members: Vec<u32>,
    orders: Sender<Order>,
    fresh: Arc<Mutex<Option<Vec<Point>>>>,
    /// Where everybody was when last looked at.
    points: Vec<Point>,
    has_moved: bool,
    /// Who is dragged, and from where.
    dragged: HashMap<usize, Point>,
}

enum Order {
    Hold(usize, Point),
    LetGo(usize),
}

impl Running {
    /// Whether anybody has moved since this was asked before.
    pub(super) fn has_moved(&mut self) -> bool {
        std::mem::take(&mut self.has_moved)
    }

    /// Puts placements where they are shown now.
    pub(super) fn place(&self, chart: &Id, placements: &mut [Placement]) {
        if *chart != self.chart {
            return;
        }
        for (member, at) in self.members.iter().zip(&self.points) {
            if let Some(placement) = placements.get_mut(*member as usize) {
                (placement.x, placement.y) = (at.x, at.y);
            }
        }
    }

    fn look(&mut self) {
        let fresh = self.fresh.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(mut points) = fresh.filter(|points| points.len() >= self.members.len()) {
            // The rest are groups, which stand still.
            points.truncate(self.members.len());
            // Who is dragged is where the pointer is, not where the step before saw it.
            for n in self.dragged.keys() {
                points[*n] = self.points[*n];
            }
            self.points = points;
            self.has_moved = true;
        }
    }
}

impl Canvas {
    /// Whether a layout runs until it is stopped.
    pub(crate) fn is_live(&self) -> bool {
        self.live.is_some()
    }

    /// Starts a live layout, or stops it and keeps what it did.
    pub(in crate::app) fn toggle_live(
        &mut self,
        ctx: &egui::Context,
        scope: &mut Scope<'_>,
        chart: &Id,
    ) {
        if let Some(live) = self.live.take() {
            self.keep(ctx, scope, live);
        } else {
            self.job = None;
            let placements = scope.model.placed(chart).to_vec();
            self.live = self.go_live(ctx, scope, chart, &placements);
        }
    }

    fn go_live(
        &mut self,
        ctx: &egui::Context,
        scope: &Scope<'_>,
        chart: &Id,
        placements: &[Placement],
    ) -> Option<Running> {
        let shown = |p: &Placement| self.sketch.dot(&p.entity).is_some_and(|d| d.id == p.entity);
        let members: Vec<u32> =
            (0..placements.len() as u32).filter(|n| shown(&placements[*n as usize])).collect();
        if members.is_empty() {
            return None;
        }
        let inside = members.iter().map(|n| placements[*n as usize].clone());
        // A group has no place of its own that could be kept: it stands still among the others.
        let groups = self.sketch.dots.iter().filter(|dot| dot.is_group());
        let groups = groups.map(|dot| Placement { pinned: true, ..standing(dot) });
        let cards = self.cards(scope.model, &inside.chain(groups).collect::<Vec<_>>());
        let points = cards.bodies.iter().map(|body| body.at).take(members.len()).collect();
        let fresh = Arc::new(Mutex::new(None));
        let (orders, taken) = channel();
        let (shared, ctx) = (Arc::clone(&fresh), ctx.clone());
        std::thread::Builder::new()
            .name("live layout".into())
            .spawn(move || run(&cards, &taken, &shared, &ctx))
            .ok()?;
        Some(Running {
            chart: chart.clone(),
            generation: scope.model.generation,
            members,
            orders,
            fresh,
            points,
            has_moved: false,
            dragged: HashMap::new(),
        })
    }

    /// Takes over what a live layout has moved, and tells it what is dragged. It ends with its
    /// chart, and begins anew where the case has changed.
    pub(super) fn follow_live(&mut self, ctx: &egui::Context, scope: &mut Scope<'_>) {
        let Some(mut live) = self.live.take() else { return };
        if scope.view.chart.as_ref() != Some(&live.chart) {
            if scope.model.chart(&live.chart).is_some() {
                self.keep(ctx, scope, live);
            }
            return;
        }
        live.look();
        if live.generation != scope.model.generation {
            let mut placements = scope.model.placed(&live.chart).to_vec();
            carry_to(&mut placements, &self.sketch);
            self.live = self.go_live(ctx, scope, &live.chart, &placements);
            return;
        }
        self.drag_live(&mut live, scope);
        self.live = Some(live);
    }

    fn drag_live(&self, live: &mut Running, scope: &Scope<'_>) {
        let placed = scope.model.placed(&live.chart);
        let Gesture::Move { moving, by } = &self.gesture else {
            for (n, _) in std::mem::take(&mut live.dragged) {
                let member = live.members[n] as usize;
                let order = if placed.get(member).is_some_and(|p| p.pinned) {
                    Order::Hold(n, live.points[n])
                } else {
                    Order::LetGo(n)
                };
                live.orders.send(order).ok();
            }
            return;
        };
        if live.dragged.is_empty() {
            let members = live.members.iter().enumerate();
            let moved = members.filter(|(_, member)| {
                placed.get(**member as usize).is_some_and(|p| moving.contains(&p.entity))
            });
            live.dragged = moved.map(|(n, _)| (n, live.points[n])).collect();
        }
        for (n, from) in &live.dragged {
            let at = Point::new(from.x + by.x, from.y + by.y);
            if live.points[*n] != at {
                live.points[*n] = at;
                live.has_moved = true;
                live.orders.send(Order::Hold(*n, at)).ok();
            }
        }
    }

    /// Commits what a live layout did, with room for every card.
    fn keep(&mut self, ctx: &egui::Context, scope: &mut Scope<'_>, mut live: Running) {
        live.look();
        let stored = scope.model.placed(&live.chart);
        let inside: Vec<Placement> =
            live.members.iter().filter_map(|n| stored.get(*n as usize)).cloned().collect();
        if inside.len() != live.points.len() {
            return;
        }
        let Cards { mut bodies, ties, .. } = self.cards(scope.model, &inside);
        for (body, at) in bodies.iter_mut().zip(&live.points) {
            body.at = *at;
        }
        let shown: Vec<Placement> = inside
            .iter()
            .zip(&live.points)
            .map(|(p, at)| Placement { x: at.x, y: at.y, ..p.clone() })
            .collect();
        // Until the case has them, entities are shown where they were seen last.
        self.motion.hold(&live.chart, &shown);
        let plan = Plan {
            intent: Intent::Arrange(Arrangement::Live),
            chart: live.chart.clone(),
            first: Vec::new(),
            placements: inside,
            new_from: None,
            fit: None,
        };
        if bodies.len() <= AT_ONCE {
            if let Some(points) = settle(&bodies, &ties, &|_| true) {
                self.carry_out(ctx, scope, plan, &points);
            }
        } else {
            self.start_job(ctx, plan, move |going| settle(&bodies, &ties, going));
        }
    }
}

/// Gives placements of a changed chart the places that they are shown at.
fn carry_to(placements: &mut [Placement], sketch: &Sketch) {
    for placement in placements.iter_mut().filter(|p| !p.pinned) {
        if let Some(dot) = sketch.dot(&placement.entity) {
            (placement.x, placement.y) = (dot.at.x, dot.at.y);
        }
    }
}

/// Steps until nobody wants them any more; rests where nothing moves.
fn run(
    cards: &Cards,
    orders: &Receiver<Order>,
    fresh: &Mutex<Option<Vec<Point>>>,
    ctx: &egui::Context,
) {
    // One thread is left for drawing.
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut live = Live::new(&cards.bodies, &cards.ties, threads.saturating_sub(1).max(1));
    let carry_out = |live: &mut Live, order| match order {
        Order::Hold(n, at) => live.hold(n, at),
        Order::LetGo(n) => live.let_go(n),
    };
    loop {
        if live.is_at_rest() {
            let Ok(order) = orders.recv() else { return };
            carry_out(&mut live, order);
        }
        loop {
            match orders.try_recv() {
                Ok(order) => carry_out(&mut live, order),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => return,
            }
        }
        let started = Instant::now();
        live.step();
        std::thread::sleep(PACE.saturating_sub(started.elapsed()));
        let mut fresh = fresh.lock().unwrap_or_else(PoisonError::into_inner);
        if fresh.is_none() || live.is_at_rest() {
            *fresh = Some(live.points());
            drop(fresh);
            ctx.request_repaint();
        }
    }
}
