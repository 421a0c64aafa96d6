//! The chart on screen: camera, gestures, what they mean. It draws the same picture as the
//! exports and asks for changes by requests.

mod commands;
mod create;
mod legend;
mod link;
mod motion;
mod paint;
mod stroke;

use std::{
    collections::{BTreeSet, HashMap},
    path::PathBuf,
    sync::Arc,
};

use egui::{Key, Modifiers, PointerButton, Pos2, Rect, Response, Sense, Ui, Vec2};

use self::{
    create::Create,
    link::{Chooser, LinkMode},
    motion::Motion,
};
use super::{
    command,
    model::{Model, Request, View},
    theme::Theme,
    widgets,
};
use crate::{
    case::{Action, Op},
    chart::{self, Picture, Point, picture::line_point},
    model::{Camera, Id, Period, Placement},
};

/// How far from a line a click still hits it, in points on screen.
const REACH: f32 = 7.0;
/// How many entities and lines get a node that a screen reader and the keyboard can reach.
const NAMED: usize = 400;
/// From this zoom on entities have handles.
const HANDLES: f32 = 0.3;
const ZOOM: std::ops::RangeInclusive<f32> = 0.02..=6.0;

/// The chart's view of itself. Nothing in it is true or false.
#[derive(Default)]
pub struct Canvas {
    seen: Option<Seen>,
    picture: Arc<Picture>,
    rect: Option<Rect>,
    gesture: Gesture,
    motion: Motion,
    mode: LinkMode,
    create: Option<Create>,
    chooser: Option<Chooser>,
    /// Where the pointer was when a context menu opened.
    menu_at: Option<Point>,
    /// Schema of the entity made last, offered first.
    last_schema: Option<String>,
    copied: Vec<Id>,
    /// Charts that have been fitted into the window once.
    fitted: BTreeSet<Id>,
    legend_folded: bool,
    map_folded: bool,
}

/// What the picture was made from, to tell when it must be made anew.
#[derive(PartialEq)]
struct Seen {
    generation: u64,
    chart: Id,
    selection: BTreeSet<Id>,
    period: Period,
    mode: chart::Mode,
    moving: bool,
}

/// What the pointer is doing.
#[derive(Default)]
enum Gesture {
    #[default]
    None,
    Pan,
    /// Moving entities: where it began, and how far it has come, on the chart.
    Move {
        moving: BTreeSet<Id>,
        by: Vec2,
    },
    /// Drawing a relationship from an entity.
    Link {
        from: Id,
        to: Pos2,
    },
    Lasso(Vec<Pos2>),
}

/// Something under the pointer.
#[derive(Clone, Debug, PartialEq)]
enum Hit {
    Handle(Id),
    Node(Id),
    Line(Vec<Id>),
    Ground,
}

/// What a frame of the canvas works with.
struct Scope<'a> {
    model: &'a Model,
    view: &'a mut View,
    theme: &'a Theme,
    requests: &'a mut Vec<Request>,
}

impl Canvas {
    /// Draws the open chart and takes the user's gestures.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) {
        let rect = ui.available_rect_before_wrap();
        let before = self.rect.replace(rect);
        let response = ui.allocate_rect(rect, Sense::click_and_drag());
        let Some(chart_id) = view.chart.clone().filter(|id| model.chart(id).is_some()) else {
            widgets::named(&response, "No chart is open", None, true);
            ui.scope_builder(egui::UiBuilder::new().max_rect(rect), |ui| {
                let hint = "A chart is a picture of part of the case. Press Ctrl+T or the + beside the tabs.";
                widgets::empty_state(ui, theme, chart::icon::ui::HUB, "No chart is open", hint);
            });
            return;
        };
        self.motion.collect(&chart_id, requests);
        if view.presenting.is_some() {
            self.create = None;
            self.chooser = None;
        }
        let scope = &mut Scope { model, view, theme, requests };
        self.remake(ui.ctx(), scope, &chart_id);
        self.move_camera(ui, scope, &chart_id, &response, before);
        let camera = Lens { rect, camera: camera(scope.view, &chart_id) };
        paint::ground(ui, theme, &camera);
        paint::picture(ui, theme, &self.picture, &camera, self.target(ui, &camera));
        let picture = Arc::clone(&self.picture);
        let label = format!(
            "Chart {}: {} entities, {} relationships, {} selected",
            model.chart(&chart_id).map_or("", |c| &c.name),
            picture.nodes.len(),
            picture.lines.len(),
            scope.view.selection.len()
        );
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Canvas, true, &label));
        let hits = self.named_nodes(ui, &camera, scope);
        self.gestures(ui, scope, &chart_id, &camera, &response, hits);
        self.paint_gesture(ui, theme, &camera);
        self.overlays(ui, scope, &chart_id, &camera);
        if picture.nodes.is_empty() {
            self.empty(ui, rect, scope);
        }
        self.popups(ui, scope, &chart_id, &camera);
    }

    fn empty(&self, ui: &mut Ui, rect: Rect, scope: &mut Scope<'_>) {
        if self.create.is_some() || self.chooser.is_some() {
            return;
        }
        let placed = scope.view.chart.as_ref().is_some_and(|id| !scope.model.placed(id).is_empty());
        if scope.model.coming.is_some() && placed {
            ui.scope_builder(egui::UiBuilder::new().max_rect(rect), |ui| {
                let hint = "What stands on this chart appears then; see below how far that is.";
                let title = "This case is still being read";
                widgets::empty_state(ui, scope.theme, chart::icon::ui::HUB, title, hint);
            });
            return;
        }
        ui.scope_builder(egui::UiBuilder::new().max_rect(rect), |ui| {
            let hint = if scope.model.is_empty() {
                "Double-click anywhere, or press N, and type a name. Then drag from its handle to draw a relationship."
            } else {
                "Double-click to add an entity, or choose rows in the table (Ctrl+2) and press P to place them."
            };
            widgets::empty_state(ui, scope.theme, chart::icon::ui::PERSON_ADD, "Nothing is on this chart yet", hint);
        });
    }

    /// Makes the picture anew where what it shows has changed.
    fn remake(&mut self, ctx: &egui::Context, scope: &Scope<'_>, chart_id: &Id) {
        let moving = matches!(self.gesture, Gesture::Move { .. }) || self.motion.is_moving(ctx);
        let seen = Seen {
            generation: scope.model.generation,
            chart: chart_id.clone(),
            selection: scope.view.selection.clone(),
            period: scope.view.period.clone(),
            mode: scope.theme.mode,
            moving,
        };
        if self.seen.as_ref() == Some(&seen) && !moving {
            return;
        }
        let Some(chart) = scope.model.chart(chart_id) else { return };
        let mut placements = scope.model.placed(chart_id).to_vec();
        self.motion.place(ctx, chart_id, &mut placements);
        if let Gesture::Move { moving, by } = &self.gesture {
            for placement in placements.iter_mut().filter(|p| moving.contains(&p.entity)) {
                placement.x += by.x;
                placement.y += by.y;
            }
        }
        self.picture = Arc::new(chart::picture(&chart::Input {
            network: &scope.model.network,
            chart,
            placements: &placements,
            selection: &scope.view.selection,
            period: &scope.view.period,
            style: &scope.theme.style,
        }));
        self.seen = Some(seen);
    }

    /// Pan, zoom, fit, reveal and glide. `before`: where the canvas was in the last frame.
    fn move_camera(
        &mut self,
        ui: &Ui,
        scope: &mut Scope<'_>,
        chart: &Id,
        response: &Response,
        before: Option<Rect>,
    ) {
        let rect = response.rect;
        if !self.fitted.contains(chart) && !self.picture.nodes.is_empty() && rect.width() > 60.0 {
            self.fitted.insert(chart.clone());
            if !scope.view.cameras.contains_key(chart) && scope.view.glide_to.is_none() {
                let camera = fit(self.picture.bounds, rect, 1.0);
                scope.view.cameras.insert(chart.clone(), camera);
            }
        }
        let mut camera = camera(scope.view, chart);
        // A chart that was shown whole stays so when a panel opens beside it.
        if let Some(before) = before.filter(|before| before.size() != rect.size())
            && camera == fit(self.picture.bounds, before, 1.0)
        {
            camera = fit(self.picture.bounds, rect, 1.0);
        }
        if let Some(id) = scope.view.reveal.take() {
            let near = |p: Point| {
                Rect::from_center_size(rect.center(), rect.size() * 0.8)
                    .contains(Lens { rect, camera }.screen(p))
            };
            let at = self.middle_of(&id);
            if let Some(at) = at.filter(|at| !near(*at)) {
                scope.view.glide_to = Some(Camera { x: at.x, y: at.y, zoom: camera.zoom.max(0.6) });
            }
        }
        if std::mem::take(&mut scope.view.fit) {
            scope.view.glide_to = Some(fit(self.picture.bounds, rect, 1.0));
        }
        if let Some(mut to) = scope.view.glide_to.take() {
            if scope.view.presenting.is_some() {
                to = self.with_selected(to, rect);
            }
            self.motion.glide(ui.ctx(), camera, to);
        }
        if let Some(now) = self.motion.gliding(ui.ctx()) {
            camera = now;
        }
        if response.contains_pointer() {
            let (zoom, scroll, pointer, ctrl) = ui.input(|i| {
                (i.zoom_delta(), i.smooth_scroll_delta(), i.pointer.hover_pos(), i.modifiers.any())
            });
            // A wheel zooms, as on every map; two fingers with Shift or Ctrl pan and pinch.
            let by_wheel = if ctrl { 1.0 } else { (scroll.y * 0.0035).exp() };
            let factor = zoom * by_wheel;
            if let Some(pointer) = pointer.filter(|_| (factor - 1.0).abs() > 1e-4) {
                self.motion.stop_glide();
                let lens = Lens { rect, camera };
                let fixed = lens.chart(pointer);
                camera.zoom = (camera.zoom * factor).clamp(*ZOOM.start(), *ZOOM.end());
                let moved = Lens { rect, camera }.chart(pointer);
                camera.x += fixed.x - moved.x;
                camera.y += fixed.y - moved.y;
            } else if scroll.x != 0.0 {
                camera.x -= scroll.x / camera.zoom;
            }
        }
        if matches!(self.gesture, Gesture::Pan) || response.dragged_by(PointerButton::Middle) {
            self.motion.stop_glide();
            let delta = ui.input(|i| i.pointer.delta());
            camera.x -= delta.x / camera.zoom;
            camera.y -= delta.y / camera.zoom;
        }
        scope.view.cameras.insert(chart.clone(), camera);
    }

    /// A camera from which everything selected is seen: the one given, if it does so in a window
    /// of this size.
    fn with_selected(&self, camera: Camera, rect: Rect) -> Camera {
        let ends: BTreeSet<&Id> = self
            .picture
            .lines
            .iter()
            .filter(|line| line.selected)
            .flat_map(|line| [&line.from, &line.to])
            .collect();
        let shown = self.picture.nodes.iter().filter(|n| n.selected || ends.contains(&n.id));
        let Some(bounds) = chart::Rect::around(shown.map(chart::Node::rect)) else { return camera };
        let lens = Lens { rect, camera };
        let seen = Rect::from_two_pos(lens.screen(bounds.min), lens.screen(bounds.max));
        if rect.shrink(20.0).contains_rect(seen) {
            return camera;
        }
        fit(bounds, rect, camera.zoom)
    }

    /// Where something stands on the picture.
    fn middle_of(&self, id: &Id) -> Option<Point> {
        let node = self.picture.nodes.iter().find(|node| node.id == *id).map(|node| node.at);
        node.or_else(|| {
            let line = self.picture.lines.iter().find(|line| line.ids.contains(id));
            line.map(|line| line.label_at)
        })
    }

    /// What a position on screen hits.
    fn hit(&self, at: Pos2, lens: &Lens) -> Hit {
        let p = lens.chart(at);
        let slack = (6.0 / lens.camera.zoom).min(16.0);
        // Far out there are no handles: they would lie on the neighbours.
        if lens.camera.zoom >= HANDLES
            && let Some(node) = self
                .picture
                .nodes
                .iter()
                .rev()
                .find(|node| handle_of(node, lens).distance(at) < 9.0)
        {
            return Hit::Handle(node.id.clone());
        }
        let under = self.picture.nodes.iter().rev().find(|node| node.rect().contains(p));
        let near = || {
            self.picture
                .nodes
                .iter()
                .rev()
                .find(|node| lens.camera.zoom < 0.45 && node.rect().expand(slack).contains(p))
        };
        if let Some(node) = under.or_else(near) {
            return Hit::Node(node.id.clone());
        }
        let closest = self
            .picture
            .lines
            .iter()
            .map(|line| (distance_to(&line.curve, p) * lens.camera.zoom, line))
            .filter(|(distance, line)| {
                let label = lens.screen(line.label_at);
                let half = Vec2::new(line.label.chars().count() as f32 * 3.0 + 6.0, 9.0);
                *distance < REACH
                    || Rect::from_center_size(label, half * 2.0 * lens.camera.zoom.min(1.0))
                        .contains(at)
            })
            .min_by(|(a, _), (b, _)| a.total_cmp(b));
        closest.map_or(Hit::Ground, |(_, line)| Hit::Line(line.ids.clone()))
    }

    /// What would be hit by files that hover over the window, or by the end of a link.
    fn target(&self, ui: &Ui, lens: &Lens) -> Option<Id> {
        let hovering = ui.input(|i| !i.raw.hovered_files.is_empty());
        let at = ui.input(|i| i.pointer.latest_pos())?;
        let linking = matches!(self.gesture, Gesture::Link { .. }) || self.mode.from.is_some();
        if !hovering && !linking {
            return None;
        }
        match self.hit(at, lens) {
            Hit::Node(id) | Hit::Handle(id) => Some(id),
            Hit::Line(ids) if hovering => ids.into_iter().next(),
            _ => None,
        }
    }

    /// A node that a screen reader, the keyboard and tests can reach, for each thing in sight.
    /// Gives what was clicked through them.
    fn named_nodes(&self, ui: &mut Ui, lens: &Lens, scope: &mut Scope<'_>) -> Vec<(Hit, Response)> {
        let mut found = Vec::new();
        let mut left = NAMED;
        let pointer = ui.input(|i| i.pointer.hover_pos());
        for line in &self.picture.lines {
            let at = lens.screen(line.label_at);
            if left == 0 || !lens.rect.contains(at) {
                continue;
            }
            left -= 1;
            let area = Rect::from_center_size(at, Vec2::new(44.0, 16.0)).intersect(lens.rect);
            let response =
                ui.interact(area, ui.scope_id().with(("line", &line.ids)), Sense::click());
            let label = line_name(scope.model, line);
            response.widget_info(|| {
                egui::WidgetInfo::selected(egui::Role::Button, true, line.selected, &label)
            });
            found.push((Hit::Line(line.ids.clone()), response));
        }
        for node in &self.picture.nodes {
            let area = lens.screen_rect(node.rect()).intersect(lens.rect);
            if left == 0 || !area.is_positive() {
                continue;
            }
            left -= 1;
            let response =
                ui.interact(area, ui.scope_id().with(("node", &node.id)), Sense::click());
            let label = node_name(node);
            response.widget_info(|| {
                egui::WidgetInfo::selected(egui::Role::Button, true, node.selected, &label)
            });
            if response.gained_focus() && !node.selected && ui.input(|i| i.key_pressed(Key::Tab)) {
                scope.view.selection = BTreeSet::from([node.id.clone()]);
                scope.view.reveal = Some(node.id.clone());
            }
            if response.has_focus() {
                let stroke = egui::Stroke::new(1.5, scope.theme.accent);
                ui.painter().rect_stroke(area.expand(3.0), 9.0, stroke, egui::StrokeKind::Outside);
            }
            found.push((Hit::Node(node.id.clone()), response));
            let at = handle_of(node, lens);
            let near = pointer.is_some_and(|p| at.distance(p) < 16.0);
            let hovered = found.last().is_some_and(|(_, r)| r.hovered());
            let presenting = scope.view.presenting.is_some();
            if lens.camera.zoom >= HANDLES && !presenting && (node.selected || hovered || near) {
                let area = Rect::from_center_size(at, Vec2::splat(18.0));
                let response =
                    ui.interact(area, ui.scope_id().with(("handle", &node.id)), Sense::click());
                let label = format!("Link from {}", node.name);
                widgets::named(&response, &label, None, true);
                paint::handle(ui, scope.theme, at, response.hovered());
                found.push((Hit::Handle(node.id.clone()), response.on_hover_text(label)));
            }
        }
        found
    }

    fn gestures(
        &mut self,
        ui: &Ui,
        scope: &mut Scope<'_>,
        chart: &Id,
        lens: &Lens,
        response: &Response,
        named: Vec<(Hit, Response)>,
    ) {
        let (shift, pointer, origin) =
            ui.input(|i| (i.modifiers.shift, i.pointer.interact_pos(), i.pointer.press_origin()));
        let below = pointer.map_or(Hit::Ground, |at| self.hit(at, lens));
        let mut clicks: Vec<(Hit, Response)> = named;
        clicks.push((below, response.clone()));
        for (hit, response) in clicks {
            if response.double_clicked() {
                self.double_click(scope, &hit, pointer.map_or(Point::default(), |p| lens.chart(p)));
            } else if response.clicked() {
                self.menu_at = None;
                self.click(scope, hit.clone(), shift, pointer);
            }
            if response.secondary_clicked() {
                self.menu_at = pointer.map(|p| lens.chart(p));
                let id = match &hit {
                    Hit::Node(id) | Hit::Handle(id) => Some(id),
                    Hit::Line(ids) => ids.first(),
                    Hit::Ground => None,
                };
                match id {
                    Some(id) if !scope.view.selection.contains(id) => {
                        scope.view.selection = BTreeSet::from([id.clone()]);
                    }
                    None => scope.view.selection.clear(),
                    Some(_) => {}
                }
            }
            response.context_menu(|ui| context_menu(ui, scope));
        }
        if response.drag_started_by(PointerButton::Primary) {
            let space = ui.input(|i| i.key_down(Key::Space));
            let at = origin.or(pointer).unwrap_or_default();
            self.begin(scope, self.hit(at, lens), shift, space, at);
        }
        if response.dragged() {
            let delta = ui.input(|i| i.pointer.delta());
            match &mut self.gesture {
                Gesture::Move { by, .. } => *by += delta / lens.camera.zoom,
                Gesture::Link { to, .. } => *to = pointer.unwrap_or(*to),
                Gesture::Lasso(points) => points.extend(pointer),
                Gesture::Pan | Gesture::None => {}
            }
        }
        if response.drag_stopped() {
            self.end(scope, chart, lens, shift);
        }
        let presenting = scope.view.presenting.is_some();
        if !presenting && ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape)) {
            if self.mode.on || self.mode.from.is_some() {
                self.mode = LinkMode::default();
            } else if self.create.is_none() && self.chooser.is_none() {
                scope.view.selection.clear();
            }
            self.gesture = Gesture::None;
        }
    }

    fn click(&mut self, scope: &mut Scope<'_>, hit: Hit, shift: bool, pointer: Option<Pos2>) {
        if self.mode.on || self.mode.from.is_some() {
            match hit {
                Hit::Node(id) | Hit::Handle(id) => self.link_click(scope, id, pointer),
                _ => self.mode.from = None,
            }
            return;
        }
        let selection = &mut scope.view.selection;
        match hit {
            Hit::Handle(id) => self.mode.from = Some(id),
            Hit::Node(id) if shift => {
                if !selection.remove(&id) {
                    selection.insert(id);
                }
            }
            Hit::Node(id) => *selection = BTreeSet::from([id]),
            Hit::Line(ids) if shift => selection.extend(ids),
            Hit::Line(ids) => *selection = ids.into_iter().collect(),
            Hit::Ground if shift => {}
            Hit::Ground => selection.clear(),
        }
    }

    fn double_click(&mut self, scope: &mut Scope<'_>, hit: &Hit, at: Point) {
        if scope.model.read_only.is_some() {
            return;
        }
        match hit {
            Hit::Ground => self.create = Some(Create::at(at, self.last_schema.clone())),
            Hit::Node(id) => self.edit(scope, id.clone(), at),
            Hit::Line(ids) => {
                if let [id] = &ids[..] {
                    self.edit(scope, id.clone(), at);
                }
            }
            Hit::Handle(_) => {}
        }
    }

    fn begin(&mut self, scope: &mut Scope<'_>, hit: Hit, shift: bool, space: bool, at: Pos2) {
        let writable = scope.model.read_only.is_none();
        self.gesture = match hit {
            _ if space => Gesture::Pan,
            Hit::Handle(from) if writable => Gesture::Link { from, to: at },
            Hit::Node(from) if writable && self.mode.on => Gesture::Link { from, to: at },
            Hit::Node(id) if writable => {
                if !scope.view.selection.contains(&id) {
                    if !shift {
                        scope.view.selection.clear();
                    }
                    scope.view.selection.insert(id);
                }
                let on_chart = |id: &&Id| self.picture.nodes.iter().any(|node| node.id == **id);
                let moving = scope.view.selection.iter().filter(on_chart).cloned().collect();
                Gesture::Move { moving, by: Vec2::ZERO }
            }
            _ if shift => Gesture::Lasso(vec![at]),
            _ => Gesture::Pan,
        };
    }

    fn end(&mut self, scope: &mut Scope<'_>, chart: &Id, lens: &Lens, shift: bool) {
        match std::mem::take(&mut self.gesture) {
            Gesture::Move { moving, by } if by.length() > 0.5 => {
                let placements: Vec<Placement> = scope
                    .model
                    .placed(chart)
                    .iter()
                    .filter(|p| moving.contains(&p.entity))
                    .map(|p| Placement { x: p.x + by.x, y: p.y + by.y, ..p.clone() })
                    .collect();
                // Until the answer comes, the picture shows them where they were let go.
                self.motion.hold(chart, &placements);
                let label = moved_label(scope.model, &placements);
                let op = Op::Place { chart: chart.clone(), placements };
                scope.requests.push(Request::Commit(Action::new(label, vec![op])));
            }
            Gesture::Link { from, to } => match self.hit(to, lens) {
                Hit::Node(target) | Hit::Handle(target) => self.choose(scope, from, target, to),
                Hit::Line(_) | Hit::Ground => {
                    let mut create = Create::at(lens.chart(to), self.last_schema.clone());
                    create.link_from = Some(from);
                    self.create = Some(create);
                }
            },
            Gesture::Lasso(points) => {
                let inside: BTreeSet<Id> = self
                    .picture
                    .nodes
                    .iter()
                    .filter(|node| contains(&points, lens.screen(node.at)))
                    .map(|node| node.id.clone())
                    .collect();
                if !shift {
                    scope.view.selection.clear();
                }
                scope.view.selection.extend(inside);
            }
            _ => {}
        }
    }

    fn paint_gesture(&self, ui: &Ui, theme: &Theme, lens: &Lens) {
        let pointer = ui.input(|i| i.pointer.latest_pos());
        let (from, to) = match &self.gesture {
            Gesture::Link { from, to } => (Some(from), Some(*to)),
            _ => (self.mode.from.as_ref(), pointer),
        };
        if let (Some(from), Some(to)) = (from, to)
            && let Some(node) = self.picture.nodes.iter().find(|node| node.id == *from)
        {
            paint::link_preview(ui, theme, lens.screen_rect(node.rect()), to);
            ui.ctx().request_repaint();
        }
        if let Gesture::Lasso(points) = &self.gesture {
            paint::lasso(ui, theme, points);
        }
    }

    /// Files were dropped here: onto an entity or a line they are attached and cited for it.
    pub fn drop_files(
        &mut self,
        at: Pos2,
        paths: Vec<PathBuf>,
        view: &View,
        requests: &mut Vec<Request>,
    ) {
        let to = match (self.rect, view.chart.as_ref()) {
            (Some(rect), Some(chart)) if rect.contains(at) => {
                match self.hit(at, &Lens { rect, camera: camera(view, chart) }) {
                    Hit::Node(id) | Hit::Handle(id) => Some(id),
                    Hit::Line(ids) => ids.into_iter().next(),
                    Hit::Ground => None,
                }
            }
            _ => None,
        };
        requests.push(Request::Attach(paths, to));
    }

    /// Where something is on screen, for tests and for pointing at it.
    pub fn position(&self, view: &View, id: &Id) -> Option<Pos2> {
        let lens = Lens { rect: self.rect?, camera: camera(view, view.chart.as_ref()?) };
        self.middle_of(id).map(|p| lens.screen(p))
    }
}

/// From the chart to the screen and back.
#[derive(Clone, Copy, Debug)]
struct Lens {
    rect: Rect,
    camera: Camera,
}

impl Lens {
    fn screen(&self, p: Point) -> Pos2 {
        self.rect.center() + Vec2::new(p.x - self.camera.x, p.y - self.camera.y) * self.camera.zoom
    }

    fn chart(&self, p: Pos2) -> Point {
        let v = (p - self.rect.center()) / self.camera.zoom;
        Point::new(self.camera.x + v.x, self.camera.y + v.y)
    }

    fn screen_rect(&self, rect: chart::Rect) -> Rect {
        Rect::from_min_max(self.screen(rect.min), self.screen(rect.max))
    }
}

/// Where the camera of a chart is.
fn camera(view: &View, chart: &Id) -> Camera {
    view.cameras.get(chart).copied().unwrap_or(Camera { x: 0.0, y: 0.0, zoom: 1.0 })
}

/// The camera that shows all of something; never closer than `most`.
fn fit(bounds: chart::Rect, rect: Rect, most: f32) -> Camera {
    // At the top stands the marking.
    const TOP: f32 = 30.0;
    let room = rect.size() - Vec2::new(90.0, 60.0 + TOP);
    let zoom = (room.x / bounds.width().max(1.0)).min(room.y / bounds.height().max(1.0));
    let zoom = zoom.clamp(*ZOOM.start(), most);
    let center = bounds.center();
    Camera { x: center.x, y: center.y - TOP / 2.0 / zoom, zoom }
}

/// Where an entity's handle is on screen: at the middle of its right edge.
fn handle_of(node: &chart::Node, lens: &Lens) -> Pos2 {
    lens.screen_rect(node.rect()).right_center() + Vec2::new(7.0, 0.0)
}

fn distance_to(curve: &[Point; 4], p: Point) -> f32 {
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

/// Whether a drawn loop goes round a position, by counting crossings.
fn contains(points: &[Pos2], p: Pos2) -> bool {
    let mut inside = false;
    for (at, a) in points.iter().enumerate() {
        let b = points[(at + 1) % points.len()];
        if (a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x {
            inside = !inside;
        }
    }
    inside
}

/// An entity as one would say it.
fn node_name(node: &chart::Node) -> String {
    let mut parts = vec![node.detail.replace(" · ", ", "), node.name.to_string()];
    if !node.status.is_empty() {
        parts.push(node.status.to_lowercase());
    }
    parts.push(if node.denied { "denied" } else { node.strength.words() }.to_owned());
    parts.join(", ")
}

/// A relationship as one would say it.
fn line_name(model: &Model, line: &chart::Line) -> String {
    let strength = if line.denied { "denied" } else { line.strength.words() };
    format!("{}: {} to {}, {strength}", line.label, model.name(&line.from), model.name(&line.to))
}

fn moved_label(model: &Model, placements: &[Placement]) -> String {
    match placements {
        [one] => format!("Move {}", model.name(&one.entity)),
        many => format!("Move {} entities", many.len()),
    }
}

/// The commands that fit what is selected.
fn context_menu(ui: &mut Ui, scope: &mut Scope<'_>) {
    let is_line = |id: &Id| scope.model.network.get(id).is_some_and(|e| e.ends().is_some());
    let selection = &scope.view.selection;
    let lines = selection.iter().filter(|id| is_line(id)).count();
    let groups: &[&[&str]] = if selection.is_empty() {
        &[
            &["entity.add", "edit.paste", "link.mode"],
            &["edit.select_all", "chart.fit", "chart.show_hidden", "chart.parallels"],
            &["layout.force", "layout.layered"],
            &["evidence.attach", "scene.add"],
        ]
    } else if lines == selection.len() {
        &[
            &["entity.edit", "link.swap", "evidence.cite", "entity.deny"],
            &["chart.hide"],
            &["case.withdraw"],
        ]
    } else {
        &[
            &["entity.edit", "link.add", "evidence.cite", "entity.deny"],
            &["chart.expand", "pin.toggle", "edit.copy"],
            &["layout.force", "layout.layered", "layout.radial"],
            &["chart.hide", "chart.remove"],
            &["case.withdraw"],
        ]
    };
    ui.set_min_width(230.0);
    for (number, group) in groups.iter().enumerate() {
        if number > 0 {
            ui.separator();
        }
        for command in group.iter().filter_map(|id| command::command(id)) {
            if super::menu::item(
                ui,
                scope.theme,
                command,
                Some(scope.model),
                scope.view,
                super::menu::WIDTH,
            ) {
                scope.requests.push(Request::Run(command.id));
                ui.close();
            }
        }
    }
}

/// Positions that the picture shows instead of the stored ones.
type Places = HashMap<Id, Point>;
