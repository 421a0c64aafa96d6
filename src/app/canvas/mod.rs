//! The chart on screen: camera, gestures, what they mean. It draws the same picture as the
//! exports and asks for changes by requests.

mod arrange;
mod commands;
mod create;
mod expand;
pub mod far;
mod groups;
mod legend;
mod link;
mod live;
mod motion;
mod names;
mod near;
mod paint;
mod stroke;

use std::{
    collections::{BTreeSet, HashMap},
    path::PathBuf,
    sync::{Arc, LazyLock},
};

use egui::{Key, Modifiers, PointerButton, Pos2, Rect, Response, Sense, Ui, Vec2};

use self::{
    arrange::Job,
    create::Create,
    expand::Expand,
    far::{Far, Graphics},
    link::{Chooser, LinkMode},
    live::Running as LiveLayout,
    motion::Motion,
    names::Names,
    near::Near,
};
use super::{
    command,
    model::{Model, Request, View},
    theme::Theme,
    widgets,
};
use crate::{
    case::{Action, Op},
    chart::{self, Picture, Point, Sketch, picture::line_point, sketch::distance_to},
    model::{Camera, Id, Period, Placement},
    network::measured::grouped,
};

/// How far from a line a click still hits it, in points on screen.
const REACH: f32 = 7.0;
/// How many entities and lines get a node that a screen reader and the keyboard can reach.
const NAMED: usize = 400;
/// From this zoom on entities have handles.
const HANDLES: f32 = 0.3;
const ZOOM: std::ops::RangeInclusive<f32> = 0.001..=6.0;
/// Up to so many entities every card of a chart is made at once; of more, those around the view.
const WHOLE: usize = 1_200;
/// How many neighbours beyond the view are made into cards, for the lines that lead to them.
const NEIGHBOURS: usize = 2_500;
/// The usual size of a card.
const CARD: chart::Size = chart::Size { w: 200.0, h: 60.0 };
/// How long icons take to become cards and back, in seconds.
const BLEND: f32 = 0.16;

/// The chart's view of itself. Nothing in it is true or false.
#[derive(Default)]
pub struct Canvas {
    seen: Option<Seen>,
    /// All of the chart, drawn small.
    sketch: Sketch,
    /// Tells one state of the sketch from another.
    version: u64,
    /// The cards: of all of the chart, or of the part that the view is in.
    picture: Arc<Picture>,
    /// The state of the sketch, and the part, that the picture was made from.
    pictured: Option<(u64, Option<chart::Rect>)>,
    pictures: u64,
    far: Far,
    near: Near,
    names: Names,
    rect: Option<Rect>,
    gesture: Gesture,
    motion: Motion,
    job: Option<Job>,
    live: Option<LiveLayout>,
    mode: LinkMode,
    create: Option<Create>,
    chooser: Option<Chooser>,
    expand: Option<Expand>,
    /// Where the pointer was when a context menu opened.
    menu_at: Option<Point>,
    /// Schema of the entity made last, offered first.
    last_schema: Option<String>,
    copied: Vec<Id>,
    /// Charts that have been fitted into the window once.
    fitted: BTreeSet<Id>,
    legend_folded: bool,
    map_folded: bool,
    moving: bool,
    /// Whether the user has been told that less is drawn.
    said_slow: bool,
}

/// What the picture was made from, to tell when it must be made anew.
struct Seen {
    generation: u64,
    chart: Id,
    selection: BTreeSet<Id>,
    period: Period,
    overlay: Arc<chart::Overlay>,
    mode: chart::Mode,
}

impl Seen {
    /// Whether nothing but the selection differs.
    fn same_but_selection(&self, other: &Self) -> bool {
        let Self { generation, chart, selection: _, period, overlay, mode } = self;
        *generation == other.generation
            && *chart == other.chart
            && *period == other.period
            && Arc::ptr_eq(overlay, &other.overlay)
            && *mode == other.mode
    }
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

impl Scope<'_> {
    /// What lies over the chart. A walkthrough shows what its author saw, whatever the viewer
    /// filters or measures.
    fn overlay(&self) -> &Arc<chart::Overlay> {
        static NOTHING: LazyLock<Arc<chart::Overlay>> = LazyLock::new(Arc::default);
        if self.view.presenting.is_some() { &NOTHING } else { &self.view.overlay }
    }
}

impl Canvas {
    /// A canvas that draws with what its window has.
    pub fn with(graphics: Graphics) -> Self {
        Self { far: Far::with(graphics), ..Self::default() }
    }

    /// What draws the chart.
    pub fn graphics(&self) -> Graphics {
        self.far.graphics()
    }

    /// Where the chart is in the window.
    pub fn rect(&self) -> Option<Rect> {
        self.rect
    }

    /// All of the chart, drawn small.
    pub fn sketch(&self) -> &Sketch {
        &self.sketch
    }

    /// Whether all that is drawn is as sharp as it gets.
    pub fn is_settled(&self) -> bool {
        self.far.is_settled()
    }

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
        let scope = &mut Scope { model, view, theme, requests };
        self.collect(ui.ctx(), scope);
        self.follow_live(ui.ctx(), scope);
        let Some(chart_id) = view.chart.clone().filter(|id| model.chart(id).is_some()) else {
            widgets::named(&response, "No chart is open", None, true);
            let lens = Lens { rect, camera: Camera { x: 0.0, y: 0.0, zoom: 1.0 } };
            paint::ground(&ui.painter_at(rect), theme, &lens);
            ui.scope_builder(egui::UiBuilder::new().max_rect(rect), |ui| {
                let hint = if model.network.is_empty() {
                    "A chart is a picture of part of the case. Press Ctrl+T or the + beside the tabs."
                } else {
                    "Press Shift+P for a chart of everything, or Ctrl+T for an empty one."
                };
                widgets::empty_state(ui, theme, chart::icon::ui::HUB, "No chart is open", hint);
            });
            return;
        };
        let scope = &mut Scope { model, view, theme, requests };
        if scope.view.presenting.is_some() {
            self.create = None;
            self.chooser = None;
            self.expand = None;
        }
        let placements = self.remake(ui.ctx(), scope, &chart_id);
        self.move_camera(ui, scope, &chart_id, &response, before);
        let camera = Lens { rect, camera: camera(scope.view, &chart_id) };
        self.remake_part(scope, &chart_id, placements, &camera);
        let named = self.paint(ui, scope, &camera);
        let label = format!(
            "Chart {}: {} entities, {} relationships, {} selected",
            model.chart(&chart_id).map_or("", |c| &c.name),
            self.sketch.dots.len(),
            self.sketch.threads.len(),
            scope.view.selection.len()
        );
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Canvas, true, &label));
        let hits = self.named_nodes(ui, &camera, scope, &named);
        self.gestures(ui, scope, &chart_id, &camera, &response, hits);
        self.paint_gesture(ui, theme, &camera);
        self.overlays(ui, scope, &chart_id, &camera);
        if self.sketch.dots.is_empty() {
            self.empty(ui, rect, scope);
        }
        self.popups(ui, scope, &chart_id, &camera);
    }

    /// Paints the chart; gives the places among the dots of those that got a name, and where each
    /// is on screen together with its name.
    fn paint(&mut self, ui: &Ui, scope: &mut Scope<'_>, lens: &Lens) -> Vec<(usize, Rect)> {
        let theme = scope.theme;
        let target = self.target(ui, lens);
        let are_cards = lens.camera.zoom >= far::CARDS;
        let id = ui.scope_id().with("cards");
        let cards = ui.ctx().animate_bool_with_time(id, are_cards, BLEND);
        if cards < 1.0 {
            let moved = self.far.choose(&self.sketch, self.version, lens, target.as_ref());
            self.watch_pace(ui, scope, moved);
            self.far.paint(ui, theme, lens, 1.0 - cards);
        } else {
            self.far.rest();
            paint::ground(&ui.painter_at(lens.rect), theme, lens);
        }
        if cards > 0.0 {
            let picture = (&*self.picture, self.pictures);
            self.near.paint(ui, theme, picture, lens, target, cards);
        }
        if are_cards {
            return Vec::new();
        }
        let painter = ui.painter_at(lens.rect);
        let model = scope.model;
        let name_of = |dot: &chart::Dot| {
            if dot.is_group() {
                return Some(format!(
                    "{} · {}",
                    grouped(dot.members as usize),
                    model.name(&dot.id)
                ));
            }
            model.network.get(&dot.id).map(|entity| entity.caption().to_owned())
        };
        let sketch = (&self.sketch, self.version);
        self.names.paint(&painter, theme, &name_of, sketch, self.far.ranked(), lens)
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

    /// Makes the sketch anew where what it shows has changed, and the picture where it is of the
    /// whole chart. Gives the placements as they are shown, where they had to be found.
    fn remake(
        &mut self,
        ctx: &egui::Context,
        scope: &Scope<'_>,
        chart_id: &Id,
    ) -> Option<Vec<Placement>> {
        let lives = self.live.as_mut().is_some_and(LiveLayout::has_moved);
        let moving =
            lives || matches!(self.gesture, Gesture::Move { .. }) || self.motion.is_moving(ctx);
        let seen = Seen {
            generation: scope.model.generation,
            chart: chart_id.clone(),
            selection: scope.view.selection.clone(),
            period: scope.view.period.clone(),
            overlay: Arc::clone(scope.overlay()),
            mode: scope.theme.mode,
        };
        let was_moving = std::mem::replace(&mut self.moving, moving);
        let selected_only = self.seen.as_ref().is_some_and(|b| b.same_but_selection(&seen));
        let same =
            selected_only && self.seen.as_ref().is_some_and(|b| b.selection == seen.selection);
        if same && !moving && !was_moving {
            return None;
        }
        let chart = scope.model.chart(chart_id)?;
        let placements = self.shown_placements(ctx, scope, chart_id);
        if selected_only {
            self.sketch.select(&seen.selection);
            if moving || was_moving {
                self.sketch.follow(&placements);
            }
        } else {
            self.sketch = chart::sketch(&input(scope, chart, &placements));
            if self.seen.as_ref().is_some_and(|before| before.chart != seen.chart) {
                self.far.forget();
            }
        }
        self.version += 1;
        self.seen = Some(seen);
        if self.sketch.dots.len() <= WHOLE {
            self.set_picture(chart::picture(&input(scope, chart, &placements)), None);
        }
        Some(placements)
    }

    fn set_picture(&mut self, picture: Picture, part: Option<chart::Rect>) {
        self.picture = Arc::new(picture);
        self.pictured = Some((self.version, part));
        self.pictures += 1;
    }

    /// The placements of a chart, with those where they are shown that are on the move.
    fn shown_placements(
        &mut self,
        ctx: &egui::Context,
        scope: &Scope<'_>,
        chart: &Id,
    ) -> Vec<Placement> {
        let mut placements = scope.model.placed(chart).to_vec();
        self.motion.place(ctx, chart, &mut placements);
        if let Some(live) = &self.live {
            live.place(chart, &mut placements);
        } else if let Gesture::Move { moving, by } = &self.gesture {
            for placement in placements.iter_mut().filter(|p| moving.contains(&p.entity)) {
                placement.x += by.x;
                placement.y += by.y;
            }
        }
        placements
    }

    /// Makes the cards of the part that the view is in, where the chart is too large for all.
    fn remake_part(
        &mut self,
        scope: &Scope<'_>,
        chart_id: &Id,
        placements: Option<Vec<Placement>>,
        lens: &Lens,
    ) {
        if self.sketch.dots.len() <= WHOLE {
            return;
        }
        let Some(chart) = scope.model.chart(chart_id) else { return };
        if lens.camera.zoom < far::CARDS {
            if self.pictured.as_ref().is_none_or(|(version, _)| *version != self.version) {
                let input = input(scope, chart, &[]);
                let legend = chart::Legend::of_sketch(&self.sketch, &input);
                self.set_picture(Picture { legend, ..Picture::default() }, None);
            }
            return;
        }
        let sight = lens.sight();
        let does = self.pictured.as_ref().is_some_and(|(version, part)| {
            let holds = |part: chart::Rect| part.contains(sight.min) && part.contains(sight.max);
            *version == self.version && part.is_some_and(holds)
        });
        if does {
            return;
        }
        let part = sight.expand(sight.width() * 0.5);
        let stored = scope.model.placed(chart_id);
        let placements = placements.as_deref().unwrap_or(stored);
        let inside: Vec<Placement> = self
            .sketch
            .near(part, NEIGHBOURS)
            .into_iter()
            .flat_map(|n| self.sketch.placements_of(n))
            .filter_map(|n| placements.get(*n as usize).cloned())
            .collect();
        let input = input(scope, chart, &inside);
        let mut picture = chart::picture(&input);
        picture.legend = chart::Legend::of_sketch(&self.sketch, &input);
        self.set_picture(picture, Some(part));
    }

    /// What holds all of the chart.
    fn bounds(&self) -> chart::Rect {
        if self.sketch.dots.len() <= WHOLE {
            self.picture.bounds
        } else {
            self.sketch.bounds().unwrap_or_default()
        }
    }

    /// Where this computer cannot keep up, less is done, and that is said once.
    fn watch_pace(&mut self, ui: &Ui, scope: &mut Scope<'_>, chosen_anew: bool) {
        let moves = self.motion.glides()
            || matches!(self.gesture, Gesture::Pan)
            || ui.input(|i| {
                // A wheel that turns over a panel moves the panel.
                i.smooth_scroll_delta() != Vec2::ZERO
                    && self.rect.zip(i.pointer.hover_pos()).is_some_and(|(r, at)| r.contains(at))
            });
        if !moves || chosen_anew {
            return;
        }
        let seconds = ui.input(|i| i.unstable_dt);
        if let Some(what) = self.far.took(seconds)
            && !std::mem::replace(&mut self.said_slow, true)
        {
            scope.requests.push(Request::Say(what.into()));
        }
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
        if !self.fitted.contains(chart) && !self.sketch.dots.is_empty() && rect.width() > 60.0 {
            self.fitted.insert(chart.clone());
            if !scope.view.cameras.contains_key(chart) && scope.view.glide_to.is_none() {
                let camera = fit(self.bounds(), rect, 1.0);
                scope.view.cameras.insert(chart.clone(), camera);
            }
        }
        let mut camera = camera(scope.view, chart);
        // A chart that was shown whole stays so when a panel opens beside it.
        if let Some(before) = before.filter(|before| before.size() != rect.size())
            && camera == fit(self.bounds(), before, 1.0)
        {
            camera = fit(self.bounds(), rect, 1.0);
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
            scope.view.glide_to = Some(fit(self.bounds(), rect, 1.0));
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
        let Some(bounds) = self.selected_bounds() else { return camera };
        let lens = Lens { rect, camera };
        let seen = Rect::from_two_pos(lens.screen(bounds.min), lens.screen(bounds.max));
        if rect.shrink(20.0).contains_rect(seen) {
            return camera;
        }
        fit(bounds, rect, camera.zoom)
    }

    /// What holds everything selected, relationships with both their ends.
    fn selected_bounds(&self) -> Option<chart::Rect> {
        let sketch = &self.sketch;
        let mut shown: BTreeSet<usize> =
            (0..sketch.dots.len()).filter(|n| sketch.dots[*n].selected).collect();
        for thread in sketch.threads.iter().filter(|thread| thread.selected) {
            shown.extend([thread.from as usize, thread.to as usize]);
        }
        chart::Rect::around(shown.into_iter().map(|n| self.room_of(n)))
    }

    /// The room that a dot's card takes, or about it where the card has not been made.
    fn room_of(&self, dot: usize) -> chart::Rect {
        let dot = &self.sketch.dots[dot];
        let card = self.picture.nodes.iter().find(|node| node.id == dot.id);
        let size = card.map_or(CARD, |node| node.size);
        chart::Rect::from_center_size(dot.at, size)
    }

    /// Where something stands on the chart.
    fn middle_of(&self, id: &Id) -> Option<Point> {
        if let Some(dot) = self.sketch.dot(id) {
            return Some(dot.at);
        }
        let label = self.picture.lines.iter().find(|line| line.ids.contains(id));
        label.map(|line| line.label_at).or_else(|| {
            let thread = self.sketch.thread_with(id)?;
            Some(line_point(&self.sketch.curve(thread), 0.5))
        })
    }

    /// What a position on screen hits.
    fn hit(&self, at: Pos2, lens: &Lens) -> Hit {
        // Far out there are no handles: they would lie on the neighbours.
        if lens.camera.zoom >= HANDLES
            && let Some(node) = self
                .picture
                .nodes
                .iter()
                .rev()
                .find(|node| node.members.is_none() && handle_of(node, lens).distance(at) < 9.0)
        {
            return Hit::Handle(node.id.clone());
        }
        if lens.camera.zoom < far::CARDS {
            self.hit_small(at, lens)
        } else {
            self.hit_card(at, lens)
        }
    }

    fn hit_card(&self, at: Pos2, lens: &Lens) -> Hit {
        let p = lens.chart(at);
        if let Some(node) = self.picture.nodes.iter().rev().find(|node| node.rect().contains(p)) {
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

    /// What a position hits where entities are icons or dots.
    fn hit_small(&self, at: Pos2, lens: &Lens) -> Hit {
        let (p, zoom) = (lens.chart(at), lens.camera.zoom);
        let near = self.sketch.dot_at(p, 24.0 / zoom).map(|n| &self.sketch.dots[n]);
        let reached = |dot: &&chart::Dot| {
            lens.screen(dot.at).distance(at) <= (far::radius_of(dot, zoom) + 4.0).max(7.0)
        };
        if let Some(dot) = near.filter(reached) {
            return Hit::Node(dot.id.clone());
        }
        let thread = self.sketch.thread_at(p, REACH / zoom).map(|n| &self.sketch.threads[n]);
        thread.map_or(Hit::Ground, |thread| Hit::Line(self.sketch.links(thread).to_vec()))
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
    fn named_nodes(
        &self,
        ui: &mut Ui,
        lens: &Lens,
        scope: &mut Scope<'_>,
        named: &[(usize, Rect)],
    ) -> Vec<(Hit, Response)> {
        if lens.camera.zoom < far::CARDS && self.sketch.dots.len() > WHOLE {
            return self.named_dots(ui, scope, named);
        }
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
            let can_link = lens.camera.zoom >= HANDLES && !presenting && node.members.is_none();
            if can_link && (node.selected || hovered || near) {
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

    /// The same for a chart of which only the most important dots have a name on screen.
    fn named_dots(
        &self,
        ui: &mut Ui,
        scope: &mut Scope<'_>,
        named: &[(usize, Rect)],
    ) -> Vec<(Hit, Response)> {
        let mut found = Vec::new();
        for (n, area) in named {
            let dot = &self.sketch.dots[*n];
            let response = ui.interact(*area, ui.scope_id().with(("dot", &dot.id)), Sense::click());
            let label = dot_name(scope.model, dot);
            response.widget_info(|| {
                egui::WidgetInfo::selected(egui::Role::Button, true, dot.selected, &label)
            });
            if response.gained_focus() && !dot.selected && ui.input(|i| i.key_pressed(Key::Tab)) {
                scope.view.selection = BTreeSet::from([dot.id.clone()]);
            }
            if response.has_focus() {
                let stroke = egui::Stroke::new(1.5, scope.theme.accent);
                ui.painter().rect_stroke(*area, 4.0, stroke, egui::StrokeKind::Outside);
            }
            found.push((Hit::Node(dot.id.clone()), response));
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
        // A dialog over the chart is closed first.
        let behind = ui.ctx().memory(|memory| memory.top_modal_layer().is_some());
        let escapes = |ui: &Ui| ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape));
        if !presenting && !behind && escapes(ui) {
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
            Hit::Node(id) if self.is_group(id) => scope.requests.push(Request::Run("group.expand")),
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
                let moving = self.selected_entities(scope);
                Gesture::Move { moving, by: Vec2::ZERO }
            }
            _ if shift => Gesture::Lasso(vec![at]),
            _ => Gesture::Pan,
        };
    }

    fn end(&mut self, scope: &mut Scope<'_>, chart: &Id, lens: &Lens, shift: bool) {
        match std::mem::take(&mut self.gesture) {
            // It goes on from where it was let go, and is committed when it is stopped.
            Gesture::Move { .. } if self.live.is_some() => {}
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
                let points: Vec<Point> = points.iter().map(|p| lens.chart(*p)).collect();
                let inside = self.sketch.inside(&points).into_iter();
                let inside = inside.map(|n| self.sketch.dots[n].id.clone());
                let inside: BTreeSet<Id> = inside.collect();
                if !shift {
                    scope.view.selection.clear();
                }
                scope.view.selection.extend(inside);
            }
            _ => {}
        }
    }

    /// Whether something on the chart is a group.
    fn is_group(&self, id: &Id) -> bool {
        self.sketch.dot(id).is_some_and(|dot| dot.id == *id && dot.is_group())
    }

    /// The entities on the chart that are selected, those of selected groups among them.
    fn selected_entities(&self, scope: &Scope<'_>) -> BTreeSet<Id> {
        let chart = scope.view.chart.as_ref().and_then(|id| scope.model.chart(id));
        let groups = chart.map_or(&[][..], |chart| &chart.groups);
        let selection = &scope.view.selection;
        let within = groups.iter().filter(|group| selection.contains(&group.id));
        let alone = selection.iter().filter(|id| !self.is_group(id));
        alone
            .chain(within.flat_map(|group| &group.members))
            .filter(|id| self.sketch.find(id).is_some())
            .cloned()
            .collect()
    }

    fn paint_gesture(&self, ui: &Ui, theme: &Theme, lens: &Lens) {
        let pointer = ui.input(|i| i.pointer.latest_pos());
        let (from, to) = match &self.gesture {
            Gesture::Link { from, to } => (Some(from), Some(*to)),
            _ => (self.mode.from.as_ref(), pointer),
        };
        if let (Some(from), Some(to)) = (from, to)
            && let Some(dot) = self.sketch.find(from)
        {
            let room = if lens.camera.zoom < far::CARDS {
                let radius = far::radius_of(&self.sketch.dots[dot], lens.camera.zoom);
                let at = lens.screen(self.sketch.dots[dot].at);
                Rect::from_center_size(at, Vec2::splat(radius * 2.0))
            } else {
                lens.screen_rect(self.room_of(dot))
            };
            paint::link_preview(ui, theme, room, to);
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

    /// The part of the chart that is in sight.
    fn sight(&self) -> chart::Rect {
        chart::Rect { min: self.chart(self.rect.min), max: self.chart(self.rect.max) }
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
    let zoom = lens.camera.zoom;
    if zoom < far::CARDS {
        return lens.screen(node.at) + Vec2::new(far::tile_side(zoom) / 2.0 + 7.0, 0.0);
    }
    lens.screen_rect(node.rect()).right_center() + Vec2::new(7.0, 0.0)
}

/// What sketches and pictures of a chart are made from.
fn input<'a>(
    scope: &'a Scope<'_>,
    chart: &'a crate::model::Chart,
    placements: &'a [Placement],
) -> chart::Input<'a> {
    chart::Input {
        network: &scope.model.network,
        chart,
        placements,
        selection: &scope.view.selection,
        period: &scope.view.period,
        overlay: scope.overlay(),
        style: &scope.theme.style,
    }
}

/// An entity as one would say it.
fn node_name(node: &chart::Node) -> String {
    if let Some(members) = node.members {
        return format!("Group of {}, {}", grouped(members), node.name);
    }
    let mut parts = vec![node.detail.replace(" · ", ", "), node.name.to_string()];
    if !node.status.is_empty() {
        parts.push(node.status.to_lowercase());
    }
    parts.push(if node.denied { "denied" } else { node.strength.words() }.to_owned());
    parts.join(", ")
}

/// The same for one that is a dot.
fn dot_name(model: &Model, dot: &chart::Dot) -> String {
    if dot.is_group() {
        return format!("Group of {}, {}", grouped(dot.members as usize), model.name(&dot.id));
    }
    let label = model.network.get(&dot.id).map_or("", |e| crate::model::schema::label(e.schema()));
    let strength = if dot.denied { "denied" } else { dot.strength.words() };
    format!("{label}, {}, {strength}", model.name(&dot.id))
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
            &["group.community", "group.country", "group.address", "group.expand_all"],
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
            &["group.selected", "group.expand"],
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
