//! Where the chart is looked at from: pan, zoom, fit, reveal and glide.

use std::{collections::BTreeSet, sync::Arc};

use egui::{PointerButton, Pos2, Rect, Response, Ui, Vec2};

use super::{CARD, Canvas, Gesture, Scope, WHOLE};
use crate::{
    app::model::View,
    chart::{self, Point, fit::Ground},
    model::{Camera, Id},
};

pub(super) const ZOOM: std::ops::RangeInclusive<f32> = 0.001..=6.0;

/// From where all of a chart was shown.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Whole {
    ground: Ground,
    /// Whether legend and mini-map were open.
    open: (bool, bool),
    /// How much a filter hid.
    hidden: usize,
    camera: Camera,
}

/// The scene that the camera was fitted to, the window then, and whether it showed the whole chart.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Presented {
    scene: usize,
    window: Rect,
    is_whole: bool,
    /// The camera, and the cards that the scene is not about and that would be cut or covered in
    /// part: they are left out until the presenter moves the camera.
    camera: Option<Camera>,
    cut: Arc<BTreeSet<Id>>,
}

/// How near a presentation comes: names are then 22 points high, for the last row of a room.
const NEAR: f32 = 1.7;

/// From the chart to the screen and back.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lens {
    pub(super) rect: Rect,
    pub(super) camera: Camera,
}

impl Lens {
    pub(super) fn screen(&self, p: Point) -> Pos2 {
        self.rect.center() + Vec2::new(p.x - self.camera.x, p.y - self.camera.y) * self.camera.zoom
    }

    pub(super) fn chart(&self, p: Pos2) -> Point {
        let v = (p - self.rect.center()) / self.camera.zoom;
        Point::new(self.camera.x + v.x, self.camera.y + v.y)
    }

    /// The part of the chart that is in sight.
    pub(super) fn sight(&self) -> chart::Rect {
        chart::Rect { min: self.chart(self.rect.min), max: self.chart(self.rect.max) }
    }

    pub(super) fn screen_rect(&self, rect: chart::Rect) -> Rect {
        Rect::from_min_max(self.screen(rect.min), self.screen(rect.max))
    }
}

impl Canvas {
    /// What holds all of the chart.
    pub(super) fn bounds(&self) -> chart::Rect {
        if self.sketch.dots.len() <= WHOLE {
            self.picture.bounds
        } else {
            self.sketch.bounds().unwrap_or_default()
        }
    }

    /// Pan, zoom, fit, reveal and glide.
    pub(super) fn move_camera(
        &mut self,
        ui: &Ui,
        scope: &mut Scope<'_>,
        chart: &Id,
        response: &Response,
    ) {
        let rect = response.rect;
        if !self.fitted.contains(chart) && !self.sketch.dots.is_empty() && rect.width() > 60.0 {
            self.fitted.insert(chart.clone());
            if !scope.view.cameras.contains_key(chart) && scope.view.glide_to.is_none() {
                let camera = self.fit_all(chart);
                scope.view.cameras.insert(chart.clone(), camera);
            }
        }
        let mut camera = camera(scope.view, chart);
        // A chart that was shown whole stays so when a panel opens beside it or the legend over it,
        // but does not move because a relationship was drawn.
        let now = self.furniture.ground(rect);
        let overlay = &scope.view.overlay;
        self.hidden = if overlay.hides { overlay.left_out.len() } else { 0 };
        if let Some(whole) = self.whole.get(chart).filter(|_| !self.moving) {
            let resized = whole.ground.window != now.window;
            // Of a large chart the legend is known only after it was drawn once.
            let is_first = whole.ground.covers.len() < now.covers.len();
            let folds = whole.open != self.furniture.open();
            // What comes back may lie where nothing was in sight.
            let returns = self.hidden < whole.hidden;
            if (resized || is_first || folds || returns)
                && self.motion.glide_target().unwrap_or(camera) == whole.camera
            {
                let to = self.fit_all(chart);
                if (resized || is_first) && !self.motion.glides() {
                    camera = to;
                } else {
                    scope.view.glide_to = Some(to);
                }
            }
        }
        if let Some(id) = scope.view.reveal.take() {
            let near = |p: Point| {
                let at = Lens { rect, camera }.screen(p);
                Rect::from_center_size(rect.center(), rect.size() * 0.8).contains(at)
                    && !self.furniture.covers(at)
            };
            let at = self.middle_of(&id);
            if let Some(at) = at.filter(|at| !near(*at)) {
                scope.view.glide_to = Some(Camera { x: at.x, y: at.y, zoom: camera.zoom.max(0.6) });
            }
        }
        let is_fitted = self.fit_scene(scope, rect);
        if std::mem::take(&mut scope.view.fit) {
            scope.view.glide_to = Some(self.fit_all(chart));
        }
        if let Some(mut to) = scope.view.glide_to.take() {
            if scope.view.presenting.is_some() {
                to = self.with_selected(to, rect);
            }
            if is_fitted {
                self.leave_out_cut(to);
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

    /// Fits the camera to what a scene selects, once for each scene and size of the window; to the
    /// whole chart where it selects nothing and keeps no camera. After that it is the presenter's.
    /// Returns whether it did.
    fn fit_scene(&mut self, scope: &mut Scope<'_>, window: Rect) -> bool {
        let Some(scene) = scope.view.presenting else {
            self.presented = None;
            return false;
        };
        let before = self.presented.as_ref().filter(|before| before.scene == scene);
        if before.is_some_and(|before| before.window == window) {
            return false;
        }
        let was_whole = before.is_some_and(|before| before.is_whole);
        let is_whole = std::mem::take(&mut scope.view.fit) || was_whole;
        self.presented =
            Some(Presented { scene, window, is_whole, camera: None, cut: Arc::default() });
        let selected = self.selected_rooms();
        let cards = if is_whole && selected.is_empty() {
            self.picture.nodes.iter().map(chart::Node::rect).collect()
        } else {
            selected
        };
        let bounds =
            if is_whole { Some(self.bounds()) } else { chart::Rect::around(cards.clone()) };
        if let Some(bounds) = bounds {
            let camera = self.fit(bounds.expand(24.0), &cards, NEAR);
            let others: Vec<chart::Rect> =
                self.picture.nodes.iter().map(chart::Node::rect).collect();
            let ground = self.furniture.ground(self.rect.unwrap_or(Rect::ZERO));
            let squeeze = self.close.squeeze();
            scope.view.glide_to = Some(ground.uncut(camera, (&cards, &others), squeeze));
        }
        true
    }

    /// Leaves out the cards that a scene is not about and that its camera would show cut.
    fn leave_out_cut(&mut self, camera: Camera) {
        let shown = self.selected_dots();
        if shown.is_empty() || self.sketch.dots.len() > WHOLE {
            return;
        }
        let about: BTreeSet<&Id> = shown.iter().map(|n| &self.sketch.dots[*n].id).collect();
        let ground = self.furniture.ground(self.rect.unwrap_or(Rect::ZERO));
        let squeeze = self.close.squeeze();
        let is_cut = |node: &&chart::Node| {
            !about.contains(&node.id) && ground.cuts(camera, node.rect(), squeeze)
        };
        let cut = self.picture.nodes.iter().filter(is_cut).map(|node| node.id.clone()).collect();
        if let Some(presented) = &mut self.presented {
            (presented.camera, presented.cut) = (Some(camera), Arc::new(cut));
        }
    }

    /// The camera of a scene, where the chart is seen through it or about to be, and the cards that
    /// are left out of it.
    pub(super) fn left_out(&self, camera: Camera) -> Option<(Camera, Arc<BTreeSet<Id>>)> {
        let to = self.motion.glide_target().unwrap_or(camera);
        let presented = self.presented.as_ref().filter(|scene| scene.camera == Some(to))?;
        Some((to, Arc::clone(&presented.cut)))
    }

    /// A camera from which everything selected is seen: the one given, if it does so in a window
    /// of this size.
    pub(super) fn with_selected(&self, camera: Camera, rect: Rect) -> Camera {
        let Some(bounds) = self.selected_bounds() else { return camera };
        let lens = Lens { rect, camera };
        let seen = Rect::from_two_pos(lens.screen(bounds.min), lens.screen(bounds.max));
        if rect.shrink(20.0).contains_rect(seen) {
            return camera;
        }
        self.fit(bounds, &self.selected_rooms(), camera.zoom)
    }

    /// The camera that shows all of the chart.
    pub(super) fn fit_all(&mut self, chart: &Id) -> Camera {
        let bounds = self.bounds();
        self.find_squeeze(chart, true);
        let cards: Vec<chart::Rect> = if self.sketch.dots.len() <= WHOLE {
            self.picture.nodes.iter().map(chart::Node::rect).collect()
        } else {
            self.sketch.dots.iter().map(|dot| chart::Rect::from_center_size(dot.at, CARD)).collect()
        };
        self.fit_whole(chart, bounds, &cards)
    }

    /// The camera that shows all of a chart, which these cards are. It stays so in another window.
    pub(super) fn fit_whole(
        &mut self,
        chart: &Id,
        bounds: chart::Rect,
        cards: &[chart::Rect],
    ) -> Camera {
        let camera = self.fit(bounds, cards, 1.0);
        let ground = self.furniture.ground(self.rect.unwrap_or(Rect::ZERO));
        let open = self.furniture.open();
        let hidden = self.hidden;
        self.whole.insert(chart.clone(), Whole { ground, open, hidden, camera });
        camera
    }

    /// The camera that shows something, beside what lies over the chart; never closer than `most`.
    pub(super) fn fit(&self, bounds: chart::Rect, cards: &[chart::Rect], most: f32) -> Camera {
        let ground = self.furniture.ground(self.rect.unwrap_or(Rect::ZERO));
        ground.fit(bounds, cards, most, self.close.squeeze())
    }

    /// Where the card of something is on screen, for tests and for pointing at it.
    pub fn card(&self, view: &View, id: &Id) -> Option<Rect> {
        let lens = Lens { rect: self.rect?, camera: camera(view, view.chart.as_ref()?) };
        self.sketch.find(id).map(|dot| self.card_on_screen(dot, &lens))
    }

    /// Where the card or icon of a dot is on screen.
    pub(super) fn card_on_screen(&self, dot: usize, lens: &Lens) -> Rect {
        if !self.close.are_cards(lens) {
            let dot = &self.sketch.dots[dot];
            let side = super::far::radius_of(dot, lens.camera.zoom) * 2.0;
            return Rect::from_center_size(lens.screen(dot.at), Vec2::splat(side));
        }
        let room = self.room_of(dot);
        let zoom = self.close.lens(lens).camera.zoom;
        let size = Vec2::new(room.width(), room.height()) * zoom;
        Rect::from_center_size(lens.screen(room.center()), size)
    }

    /// What holds everything selected, relationships with both their ends.
    pub(super) fn selected_bounds(&self) -> Option<chart::Rect> {
        chart::Rect::around(self.selected_rooms())
    }

    /// The rooms of everything selected, relationships with both their ends.
    pub(super) fn selected_rooms(&self) -> Vec<chart::Rect> {
        self.selected_dots().into_iter().map(|n| self.room_of(n)).collect()
    }

    /// The dots of everything selected, relationships with both their ends.
    fn selected_dots(&self) -> BTreeSet<usize> {
        let sketch = &self.sketch;
        let mut shown: BTreeSet<usize> =
            (0..sketch.dots.len()).filter(|n| sketch.dots[*n].selected).collect();
        for thread in sketch.threads.iter().filter(|thread| thread.selected) {
            shown.extend([thread.from as usize, thread.to as usize]);
        }
        shown
    }

    /// The room that a dot's card takes, or about it where the card has not been made.
    pub(super) fn room_of(&self, dot: usize) -> chart::Rect {
        let dot = &self.sketch.dots[dot];
        let card = self.picture.nodes.iter().find(|node| node.id == dot.id);
        let size = card.map_or(CARD, |node| node.size);
        chart::Rect::from_center_size(dot.at, size)
    }

    /// Where something stands on the chart.
    pub(super) fn middle_of(&self, id: &Id) -> Option<Point> {
        if let Some(dot) = self.sketch.dot(id) {
            return Some(dot.at);
        }
        let label = self.close.picture().lines.iter().find(|line| line.ids.contains(id));
        let part = self.close.part();
        let label = label.map(|line| Point::new(line.label_at.x / part, line.label_at.y / part));
        label.or_else(|| {
            let thread = self.sketch.thread_with(id)?;
            Some(self.sketch.curve(thread).at(0.5))
        })
    }

    /// Where something is on screen, for tests and for pointing at it.
    pub fn position(&self, view: &View, id: &Id) -> Option<Pos2> {
        let lens = Lens { rect: self.rect?, camera: camera(view, view.chart.as_ref()?) };
        self.middle_of(id).map(|p| lens.screen(p))
    }
}

/// Where the camera of a chart is.
pub(super) fn camera(view: &View, chart: &Id) -> Camera {
    view.cameras.get(chart).copied().unwrap_or(Camera { x: 0.0, y: 0.0, zoom: 1.0 })
}
