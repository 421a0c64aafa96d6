//! The commands of the chart: fit, layouts, alignment, hide, remove, pin, copy and the rest.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Canvas, Scope, create::Create};
use crate::{
    app::{
        command,
        model::{Model, Request, View},
        theme::Theme,
    },
    case::{Action, Arrangement, Intent, Op},
    chart::{
        self, Point,
        bundle::LINES,
        layout::{self, Body, NewBody, NewTie, Tie, place_new},
        picture::{card_size, card_size_on, label_width, scale_on},
    },
    model::{Chart, Id, Placement, chart::Parallels},
    network::{Connection, EntityRef},
};

/// The ties of an entity to those that `find` has a number for, each with the width of its label.
pub(super) fn ties_of(
    model: &Model,
    id: &Id,
    find: &dyn Fn(&Id) -> Option<usize>,
) -> Vec<(usize, f32)> {
    let Some(entity) = model.seen.get(id) else { return Vec::new() };
    let ends = |link: Connection<'_>| {
        let (source, target) = link.ends()?;
        let other = if source.id() == id { target } else { source };
        let to = find(other.id()).filter(|_| other.id() != id)?;
        Some((to, label_width(link)))
    };
    model.seen.connections_of(entity).filter_map(ends).collect()
}

/// Cards that were copied, moved apart where what is written between them has no room.
fn with_room(model: &Model, cards: Vec<(Id, chart::Rect)>) -> Vec<(Id, chart::Rect)> {
    let numbers: HashMap<&Id, usize> =
        cards.iter().enumerate().map(|(n, (id, _))| (id, n)).collect();
    let find = |id: &Id| numbers.get(id).copied();
    let ties: Vec<Tie> = cards
        .iter()
        .enumerate()
        .flat_map(|(n, (id, _))| {
            let ties = ties_of(model, id, &find).into_iter();
            ties.map(move |(to, label)| Tie::new(n, to).labelled(label))
        })
        .collect();
    let body =
        |(_, rect): &(Id, chart::Rect)| Body { at: rect.center(), size: rect.size(), fixed: false };
    let bodies: Vec<Body> = cards.iter().map(body).collect();
    let points = layout::settle(&bodies, &ties, &|_| true).unwrap_or_default();
    let set = cards.into_iter().zip(points);
    set.map(|((id, rect), at)| (id, chart::Rect::from_center_size(at, rect.size()))).collect()
}

impl Canvas {
    /// Does something to the open chart, if one is open.
    pub(in crate::app) fn on_chart(
        &mut self,
        (model, view): (&Model, &mut View),
        theme: &Theme,
        requests: &mut Vec<Request>,
        run: impl FnOnce(&mut Self, &mut Scope<'_>, &Chart),
    ) {
        let Some(chart) = view.chart.as_ref().and_then(|id| model.chart(id)).cloned() else {
            return;
        };
        run(self, &mut Scope { model, view, theme, requests }, &chart);
    }

    /// Places every entity of the case, on a new chart where none is open.
    pub(crate) fn place_everything(
        &mut self,
        ctx: &egui::Context,
        (model, view): (&Model, &mut View),
        theme: &Theme,
        requests: &mut Vec<Request>,
        with_documents: bool,
    ) {
        let open = view.chart.as_ref().and_then(|id| model.chart(id)).cloned();
        self.place_all(ctx, &mut Scope { model, view, theme, requests }, open, with_documents);
    }

    /// Selects everything on the chart.
    pub(in crate::app) fn select_all(&self, scope: &mut Scope<'_>) {
        let entities = self.sketch.dots.iter().map(|dot| &dot.id);
        scope.view.selection = entities.chain(self.sketch.all_links()).cloned().collect();
    }

    /// Shows what is selected as large as it fits.
    pub(in crate::app) fn fit_selection(&self, scope: &mut Scope<'_>) {
        if let Some(bounds) = self.selected_bounds() {
            scope.view.glide_to = Some(self.fit(bounds, &self.selected_rooms(), 1.4));
        }
    }

    /// Opens the box that adds an entity: where the menu was opened, at the pointer, or in sight.
    pub(in crate::app) fn add_entity(
        &mut self,
        ctx: &egui::Context,
        scope: &mut Scope<'_>,
        chart: &Chart,
    ) {
        let pointer = ctx.input(|i| i.pointer.latest_pos());
        let inside = pointer.zip(self.rect).filter(|(at, rect)| rect.contains(*at));
        // From a context menu: where the menu was opened, not where its row is.
        if let Some(at) = self.menu_at.take() {
            self.create = Some(Create::at(at, self.last_schema.clone()));
        } else if let Some((at, rect)) = inside {
            let lens = super::Lens { rect, camera: super::camera(scope.view, &chart.id) };
            self.create = Some(Create::at(lens.chart(at), self.last_schema.clone()));
        } else {
            self.create_in_sight(scope.view, &chart.id);
        }
    }

    /// Opens the box that edits what is selected.
    pub(in crate::app) fn edit_selected(&mut self, scope: &mut Scope<'_>) {
        if let Some(id) = scope.view.selection.iter().next().cloned() {
            let at = self.middle_of(&id).unwrap_or_default();
            self.edit(scope, &id, at);
        }
    }

    /// Asks for a relationship between the two selected entities.
    pub(in crate::app) fn link_selected(&mut self, scope: &mut Scope<'_>) {
        let model = scope.model;
        let mut pair = scope.view.selection.iter().filter(|id| is_node(model, id)).cloned();
        if let (Some(a), Some(b)) = (pair.next(), pair.next()) {
            let at = self.position(scope.view, &b).unwrap_or_default();
            self.choose(scope, a, b, at);
        }
    }

    /// Begins or ends the mode in which a click on two entities links them.
    pub(crate) fn toggle_link_mode(&mut self, ctx: &egui::Context) {
        let on = !self.mode.on;
        let is_free = on && ctx.memory(egui::Memory::focused).is_none();
        let takes_keys = is_free.then_some(super::link::TakesKeys::First);
        self.mode = super::LinkMode { on, takes_keys, ..super::LinkMode::default() };
    }

    /// Shows what only describes the selected entities, or folds it into their cards.
    pub(in crate::app) fn toggle_selected_details(&mut self, scope: &mut Scope<'_>, chart: &Id) {
        let of = self.selected_entities(scope);
        self.toggle_details(scope, chart, &of);
    }

    /// Forgets what it showed ahead of the case, because the case refused it. The box that asked
    /// for it comes back with what was typed and the reason; says whether there was one.
    pub fn refused(&mut self, why: &str) -> bool {
        self.motion.let_go();
        if self.has_box() {
            self.taken();
            return false;
        }
        let sent = &mut self.sent;
        sent.create.refused(&mut self.create, why)
            || sent.chooser.refused(&mut self.chooser, why)
            || sent.value.refused(&mut self.value, why)
    }

    /// Forgets the box whose change the case has taken in.
    pub fn taken(&mut self) {
        self.sent = super::Unanswered::default();
    }

    pub(in crate::app) fn copy(&mut self, ctx: &egui::Context, scope: &Scope<'_>) {
        let mut copied = self.selected_entities(scope);
        let selected = scope.view.selection.iter();
        copied.extend(selected.filter(|id| is_node(scope.model, id)).cloned());
        let entities: Vec<Id> = copied.into_iter().collect();
        let names: Vec<String> = entities.iter().map(|id| scope.model.name(id)).collect();
        let chart = scope.view.chart.as_ref();
        let placed = chart.map_or(&[][..], |chart| scope.model.placed(chart)).iter();
        let wanted: HashSet<&Id> = entities.iter().collect();
        let places = placed
            .filter(|p| wanted.contains(&p.entity))
            .map(|p| (p.entity.clone(), Point::new(p.x, p.y)))
            .collect();
        self.copied = super::Copied { entities, places };
        ctx.copy_text(names.join("\n"));
    }

    /// Places what was copied as it was arranged where it was copied, at the pointer or in free
    /// space near it; what had no place there goes beside its neighbours.
    pub(in crate::app) fn paste(
        &mut self,
        ctx: &egui::Context,
        scope: &mut Scope<'_>,
        chart: &Chart,
    ) {
        let chart = &chart.id;
        let copied = self.copied.entities.iter();
        let there: Vec<Id> =
            copied.filter(|id| scope.model.seen.get(id).is_some()).cloned().collect();
        if there.is_empty() {
            let what = "Copy entities first. “Paste as document” takes text or an image.";
            scope.requests.push(Request::Say(what.into()));
            return;
        }
        let placed: HashSet<&Id> = scope.model.placed(chart).iter().map(|p| &p.entity).collect();
        let arranged: Vec<(Id, chart::Rect)> = there
            .iter()
            .filter(|id| !placed.contains(id))
            .filter_map(|id| {
                let entity = scope.model.seen.get(id)?;
                let chart = scope.model.chart(chart);
                let size =
                    chart.map_or_else(|| card_size(entity), |chart| card_size_on(chart, entity));
                let at = *self.copied.places.get(id)?;
                Some((id.clone(), chart::Rect::from_center_size(at, size)))
            })
            .collect();
        let Some(bounds) = chart::Rect::around(arranged.iter().map(|(_, rect)| *rect)) else {
            self.put(scope, chart, &there, Intent::Paste);
            return;
        };
        let camera = super::camera(scope.view, chart);
        let lens = self.rect.map(|rect| super::Lens { rect, camera });
        let pointer = ctx.input(|i| i.pointer.latest_pos());
        let at = self.menu_at.take().or_else(|| {
            let (at, lens) = pointer.zip(lens)?;
            lens.rect.contains(at).then(|| lens.chart(at))
        });
        let near = at.unwrap_or(Point::new(camera.x, camera.y));
        let arranged = with_room(scope.model, arranged);
        let bounds = chart::Rect::around(arranged.iter().map(|(_, rect)| *rect)).unwrap_or(bounds);
        // The arrangement is one body, so that all of it finds free space together.
        let from = bounds.center();
        let ties = arranged.iter().flat_map(|(id, rect)| {
            let card = chart::Rect::from_center_size(
                Point::new(rect.center().x - from.x, rect.center().y - from.y),
                rect.size(),
            );
            let ties = self.ties_to_chart(scope.model, id);
            ties.into_iter().map(move |(to, label)| NewTie { to, label, card })
        });
        let one = [NewBody { size: bounds.expand(10.0).size(), ties: ties.collect() }];
        let lines = self.lines_between();
        let points = layout::place_near(&self.obstacles(scope.model), &lines, &one, near);
        let middle = points.first().copied().unwrap_or(near);
        let mut placements = Vec::new();
        for (id, rect) in &arranged {
            let at = rect.center();
            let (x, y) = (middle.x + at.x - from.x, middle.y + at.y - from.y);
            placements.push(Placement { entity: id.clone(), x, y, pinned: false });
        }
        let alone: Vec<Id> =
            there.iter().filter(|id| !self.copied.places.contains_key(*id)).cloned().collect();
        if !alone.is_empty() {
            let taken = placements.iter().zip(&arranged);
            let taken = taken.map(|(p, (_, rect))| Body {
                at: Point::new(p.x, p.y),
                size: rect.size(),
                fixed: true,
            });
            let bodies: Vec<Body> = self.obstacles(scope.model).into_iter().chain(taken).collect();
            placements.extend(self.beside(scope, chart, &alone, &bodies));
        }
        let pasted = placements.iter().map(|p| p.entity.clone()).collect();
        let reveal = placements.first().map(|p| p.entity.clone());
        let ops = vec![Op::Place { chart: chart.clone(), placements }];
        commit(scope, Action::by(Intent::Paste, ops));
        scope.view.selection = pasted;
        scope.view.reveal = reveal;
    }

    pub(in crate::app) fn place(&mut self, scope: &mut Scope<'_>, chart: &Id) {
        let wanted: Vec<Id> = scope
            .view
            .selection
            .iter()
            .flat_map(|id| match scope.model.seen.connection(id).and_then(Connection::ends) {
                Some((source, target)) => vec![source.id().clone(), target.id().clone()],
                None => vec![id.clone()],
            })
            .collect();
        self.put(scope, chart, &wanted, Intent::Edit);
    }

    /// Places entities that are not on the chart yet beside their neighbours.
    pub(super) fn put(&mut self, scope: &mut Scope<'_>, chart: &Id, wanted: &[Id], intent: Intent) {
        let Some(placements) = self.lacking(scope, chart, wanted) else { return };
        let reveal = placements.first().map(|p| p.entity.clone());
        let ops = vec![Op::Place { chart: chart.clone(), placements }];
        commit(scope, Action::by(intent, ops));
        scope.view.reveal = reveal;
    }

    /// Places what only describes these entities beside them; where all of it is placed, folds it
    /// into their cards again.
    pub(super) fn toggle_details(&mut self, scope: &mut Scope<'_>, chart: &Id, of: &BTreeSet<Id>) {
        if scope.model.read_only.is_some() {
            return;
        }
        let seen = &scope.model.seen;
        let details = of.iter().filter_map(|id| seen.get(id)).flat_map(EntityRef::details);
        let details: Vec<Id> = details.map(|detail| detail.id().clone()).collect();
        if details.is_empty() {
            let what = "Nothing selected has details: an address or a passport, for instance, that \
                        describes one entity only.";
            scope.requests.push(Request::Say(what.into()));
            return;
        }
        let intent = Intent::Details(of.iter().cloned().collect());
        let placed: HashSet<&Id> = scope.model.placed(chart).iter().map(|p| &p.entity).collect();
        let (placed, folded): (Vec<Id>, Vec<Id>) =
            details.into_iter().partition(|id| placed.contains(id));
        if folded.is_empty() {
            let ops = vec![Op::Unplace { chart: chart.clone(), entities: placed }];
            commit(scope, Action::by(intent, ops));
            return;
        }
        let placements = self.beside(scope, chart, &folded, &self.obstacles(scope.model));
        let ops = vec![Op::Place { chart: chart.clone(), placements }];
        commit(scope, Action::by(intent, ops));
    }

    /// Where those go that are not on the chart yet; says so if there are none.
    pub(super) fn lacking(
        &self,
        scope: &mut Scope<'_>,
        chart: &Id,
        wanted: &[Id],
    ) -> Option<Vec<Placement>> {
        let placements = self.beside(scope, chart, wanted, &self.obstacles(scope.model));
        if placements.is_empty() {
            scope.requests.push(Request::Say("All of it is on this chart already.".into()));
            return None;
        }
        Some(placements)
    }

    /// Where those go that are not on the chart yet, among bodies of which the first are the dots.
    fn beside(
        &self,
        scope: &Scope<'_>,
        chart: &Id,
        wanted: &[Id],
        bodies: &[Body],
    ) -> Vec<Placement> {
        let placed: BTreeSet<&Id> = scope.model.placed(chart).iter().map(|p| &p.entity).collect();
        let mut new: Vec<&Id> = wanted
            .iter()
            .filter(|id| !placed.contains(id) && scope.model.seen.get(id).is_some())
            .collect();
        new.sort_unstable();
        new.dedup();
        let numbers: HashMap<&Id, usize> =
            new.iter().enumerate().map(|(n, id)| (*id, bodies.len() + n)).collect();
        let cards = new.iter().map(|id| {
            let size = scope.model.seen.get(id).map(|entity| {
                let chart = scope.model.chart(chart);
                chart.map_or_else(|| card_size(entity), |chart| card_size_on(chart, entity))
            });
            let size = size.unwrap_or_default();
            let find = |id: &Id| self.sketch.find(id).or_else(|| numbers.get(id).copied());
            NewBody::card(size, ties_of(scope.model, id, &find))
        });
        let cards: Vec<NewBody> = cards.collect();
        let camera = super::camera(scope.view, chart);
        let near = Point::new(camera.x, camera.y);
        let points = place_new(bodies, &self.lines_between(), &cards, near);
        let placements = new.iter().zip(points).map(|(id, at)| Placement {
            entity: (*id).clone(),
            x: at.x,
            y: at.y,
            pinned: false,
        });
        placements.collect()
    }

    /// Leads long lines along paths of shorter ones, or draws them straight again.
    pub(in crate::app) fn toggle_bundles(&self, scope: &mut Scope<'_>, chart: &Chart) {
        let lines = self.sketch.threads.len();
        if !chart.bundled && !LINES.contains(&lines) {
            let (least, most) = (LINES.start() - 1, LINES.end());
            let what =
                format!("Bundling is for charts of {least} to {most} lines; this has {lines}.");
            scope.requests.push(Request::Say(what));
            return;
        }
        let chart = Chart { bundled: !chart.bundled, ..chart.clone() };
        edit(scope, vec![Op::PutChart(chart)]);
    }

    /// The ties of an entity to what is on the chart, each with the width of its label.
    pub(super) fn ties_to_chart(&self, model: &Model, id: &Id) -> Vec<(usize, f32)> {
        ties_of(model, id, &|id| self.sketch.find(id))
    }

    /// The lines of the chart, by the places of their ends among its dots: those that a new card
    /// must not lie on. Of a chart with very many none are looked at.
    pub(super) fn lines_between(&self) -> Vec<(usize, usize)> {
        const MANY: usize = 30_000;
        let threads = &self.sketch.threads;
        let few = threads.iter().filter(|_| threads.len() <= MANY);
        few.map(|thread| (thread.from as usize, thread.to as usize)).collect()
    }

    /// Everything on the chart as cards that stay where they are; a card that has not been made
    /// is taken to be of the usual size, or as much larger as it is styled.
    pub(super) fn obstacles(&self, model: &Model) -> Vec<Body> {
        let known: HashMap<&Id, chart::Size> =
            self.picture.nodes.iter().map(|node| (&node.id, node.size)).collect();
        let chart = self.drawn_chart(model);
        let usual = |id: &Id| {
            let by = chart.map_or(1.0, |chart| scale_on(chart, id));
            chart::Size { w: super::CARD.w * by, h: super::CARD.h * by }
        };
        let size = |id: &Id| known.get(id).copied().unwrap_or_else(|| usual(id));
        let dots = self.sketch.dots.iter();
        dots.map(|dot| Body { at: dot.at, size: size(&dot.id), fixed: true }).collect()
    }

    pub(in crate::app) fn line_up(
        &mut self,
        ctx: &egui::Context,
        scope: &mut Scope<'_>,
        chart: &Id,
        rule: Arrangement,
        how: impl Fn(&[Body]) -> Vec<Point>,
    ) {
        let chosen = self.scope_of();
        let bodies = self.bodies(scope.model, scope.model.chart(chart), &chosen);
        let placements = self.moved(scope.model, chart, chosen, &how(&bodies));
        let before = scope.model.placed(chart).to_vec();
        self.motion.travel(ctx, chart, &before);
        let ops = vec![Op::Place { chart: chart.clone(), placements }];
        commit(scope, Action::by(Intent::Arrange(rule), ops));
    }

    /// Takes entities off the chart; relationships are hidden on it, because they have no place of
    /// their own to be taken from.
    pub(in crate::app) fn remove(&mut self, scope: &mut Scope<'_>, chart: &Id) {
        if let Some(drawing) = scope.view.drawing.take()
            && let Some(chart) = scope.model.chart(chart)
        {
            edit(scope, vec![Op::PutChart(super::without_drawing(chart, &drawing))]);
            return;
        }
        let entities: Vec<Id> = self.selected_entities(scope).into_iter().collect();
        if entities.is_empty() {
            scope.requests.push(Request::Run(command::CHART_HIDE));
            return;
        }
        edit(scope, vec![Op::Unplace { chart: chart.clone(), entities }]);
        scope.view.selection.clear();
    }

    pub(in crate::app) fn hide(&mut self, scope: &mut Scope<'_>, chart: &Chart) {
        let mut ids = self.selected_entities(scope);
        let links = scope.view.selection.iter();
        ids.extend(links.filter(|id| !is_node(scope.model, id) && !self.is_group(id)).cloned());
        ids.extend(chart.hidden.iter().cloned());
        let hidden = ids.into_iter().collect();
        edit(scope, vec![Op::PutChart(Chart { hidden, ..chart.clone() })]);
        scope.view.selection.clear();
    }

    pub(in crate::app) fn pin(&mut self, scope: &mut Scope<'_>, chart: &Id) {
        let wanted = self.selected_entities(scope);
        let placed = scope.model.placed(chart).iter();
        let chosen: Vec<Placement> =
            placed.filter(|p| wanted.contains(&p.entity)).cloned().collect();
        let all = chosen.iter().all(|p| p.pinned);
        let placements: Vec<Placement> =
            chosen.into_iter().map(|p| Placement { pinned: !all, ..p }).collect();
        if !placements.is_empty() {
            edit(scope, vec![Op::Place { chart: chart.clone(), placements }]);
        }
    }

    pub(super) fn popups(
        &mut self,
        ui: &mut egui::Ui,
        scope: &mut Scope<'_>,
        chart: &Id,
        lens: &super::Lens,
    ) {
        self.create_ui(ui, scope, chart, lens);
        self.value_ui(ui, scope, lens);
        self.chooser_ui(ui, scope);
        self.expand_ui(ui, scope, chart);
    }
}

pub(in crate::app) fn zoom(scope: &mut Scope<'_>, chart: &Id, by: f32) {
    let mut camera = super::camera(scope.view, chart);
    camera.zoom = (camera.zoom * by).clamp(*super::ZOOM.start(), *super::ZOOM.end());
    scope.view.glide_to = Some(camera);
}

/// Turns a relationship around.
pub(in crate::app) fn swap(scope: &mut Scope<'_>) {
    if let Some(id) = scope.view.selection.iter().next().cloned() {
        edit(scope, vec![Op::SwapEnds(id)]);
    }
}

/// Shows everything that is hidden on the chart.
pub(in crate::app) fn show_hidden(scope: &mut Scope<'_>, chart: &Chart) {
    let shown = Chart { hidden: Vec::new(), ..chart.clone() };
    edit(scope, vec![Op::PutChart(shown)]);
}

/// Draws several relationships between one pair in the next of the three ways.
pub(in crate::app) fn next_parallels(scope: &mut Scope<'_>, chart: &Chart) {
    let parallels = match chart.parallels {
        Parallels::Multiple => Parallels::Single,
        Parallels::Single => Parallels::PerDirection,
        Parallels::PerDirection => Parallels::Multiple,
    };
    edit(scope, vec![Op::PutChart(Chart { parallels, ..chart.clone() })]);
}

pub(super) fn edit(scope: &mut Scope<'_>, ops: Vec<Op>) {
    commit(scope, Action::new(ops));
}

pub(super) fn commit(scope: &mut Scope<'_>, action: Action) {
    if !action.ops.is_empty() {
        scope.requests.push(Request::Commit(action));
    }
}

fn is_node(model: &Model, id: &Id) -> bool {
    model.seen.get(id).is_some_and(|e| e.ends().is_none())
}

/// Denies what is selected, or stops denying it.
pub(in crate::app) fn deny(scope: &mut Scope<'_>) {
    let seen = &scope.model.seen;
    let ids = scope.view.selection.iter().filter(|id| seen.reference(id).is_none());
    let ids: Vec<Id> = ids.cloned().collect();
    let denied = ids.iter().filter_map(|id| scope.model.seen.get(id)).all(EntityRef::denied);
    let ops = ids.into_iter().map(|entity| Op::Deny { entity, denied: !denied }).collect();
    edit(scope, ops);
}
