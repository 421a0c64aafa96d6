//! The chart on screen: camera, gestures, what they mean. It draws the same picture as the
//! exports and asks for changes by requests.

mod arrange;
mod camera;
mod close;
mod commands;
mod create;
mod drawings;
mod edit;
mod escape;
mod expand;
pub mod far;
mod furniture;
mod gestures;
mod groups;
mod legend;
mod letters;
mod link;
mod live;
mod map;
mod motion;
mod names;
mod near;
mod paint;
mod photos;
mod plate;
mod reachable;
mod stroke;
mod styled;

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, LazyLock},
};

use egui::{Rect, Sense, Ui, Vec2};

pub(super) use self::{
    arrange::How,
    commands::{deny, next_parallels, show_hidden, swap, zoom},
    drawings::{NEW_TEXT, with_drawing, without_drawing},
};
use self::{
    arrange::Job,
    camera::{Lens, Presented, Whole, ZOOM, camera},
    close::Close,
    create::Create,
    drawings::Dragged,
    expand::Expand,
    far::{Far, Graphics},
    furniture::{Fold, Furniture},
    gestures::{Gesture, Hit},
    link::{Chooser, LinkMode},
    live::Running as LiveLayout,
    map::Map,
    motion::Motion,
    names::{Named, Names},
    near::{Cards, Near},
    photos::Photos,
};
use super::{
    command,
    editor::ValueBox,
    model::{Model, Request, View},
    sent::Sent,
    theme::Theme,
    widgets,
};
use crate::{
    chart::{self, Picture, Point, Sketch},
    model::{Camera, Id, Period, Placement},
    network::measured::{counted, grouped},
};

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
    seen: Option<Viewed>,
    /// All of the chart, drawn small.
    sketch: Sketch,
    /// Tells one state of the sketch from another.
    version: u64,
    /// The cards: of all of the chart, or of the part that the view is in.
    picture: Arc<Picture>,
    /// The state of the sketch, and the part, that the picture was made from.
    pictured: Option<(u64, Option<chart::Rect>)>,
    pictures: u64,
    /// The cards as they are drawn from where the camera is.
    close: Close,
    far: Far,
    near: Near,
    names: Names,
    map: Map,
    rect: Option<Rect>,
    gesture: Gesture,
    motion: Motion,
    job: Option<Job>,
    live: Option<LiveLayout>,
    mode: LinkMode,
    /// The entity that has the keyboard, and where it is on screen.
    keyed: Option<(Id, Rect)>,
    create: Option<Create>,
    /// The box in which a value is edited, and the place on the chart where it opens.
    value: Option<(ValueBox, Point)>,
    chooser: Option<Chooser>,
    sent: Unanswered,
    expand: Option<Expand>,
    photos: Photos,
    /// How often photos have come or gone.
    photos_seen: u64,
    /// The drawing that is being moved.
    dragged: Option<Dragged>,
    /// Where the pointer was when a context menu opened.
    menu_at: Option<Point>,
    /// Schema of the entity made last, offered first.
    last_schema: Option<String>,
    copied: Copied,
    /// Charts that have been fitted into the window once.
    fitted: BTreeSet<Id>,
    /// What lies over the chart, and whether it is folded.
    furniture: Furniture,
    legend_fold: Fold,
    map_fold: Fold,
    /// From where all of each chart was shown last.
    whole: HashMap<Id, Whole>,
    /// How much a filter hides now.
    hidden: usize,
    /// The scene that the camera was fitted to, and the window then.
    presented: Option<Presented>,
    moving: bool,
    /// Whether the user has been told that less is drawn.
    said_slow: bool,
}

/// The boxes that asked for a change that the case has not answered yet.
#[derive(Default)]
struct Unanswered {
    create: Sent<Create>,
    chooser: Sent<Chooser>,
    value: Sent<(ValueBox, Point)>,
}

/// What was copied: entities, with where they were on their chart.
#[derive(Default)]
struct Copied {
    entities: Vec<Id>,
    places: HashMap<Id, Point>,
}

/// What the picture was made from, to tell when it must be made anew.
struct Viewed {
    generation: u64,
    chart: Id,
    selection: BTreeSet<Id>,
    period: Period,
    overlay: Arc<chart::Overlay>,
    mode: chart::Mode,
}

impl Viewed {
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

/// What a frame of the canvas works with.
pub(super) struct Scope<'a> {
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
        self.far.is_settled() && self.near.is_settled()
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
        self.rect = Some(rect);
        let response = ui.allocate_rect(rect, Sense::click_and_drag());
        let scope = &mut Scope { model, view, theme, requests };
        self.collect(ui.ctx(), scope);
        self.follow_live(ui.ctx(), scope);
        let Some(chart_id) = view.chart.clone().filter(|id| model.chart(id).is_some()) else {
            widgets::named(&response, "No chart is open", None, true);
            let lens = Lens { rect, camera: Camera { x: 0.0, y: 0.0, zoom: 1.0 } };
            paint::ground(&ui.painter_at(rect), theme, &lens);
            ui.scope_builder(egui::UiBuilder::new().max_rect(rect), |ui| {
                let new = command::keys(ui.ctx(), command::CHART_NEW);
                let hint = if model.seen.is_empty() {
                    format!("A chart is a picture of part of the case. Press {new} or the + beside the tabs.")
                } else {
                    let all = command::keys(ui.ctx(), command::CHART_PLACE_ALL);
                    format!("Press {all} for a chart of everything, or {new} for an empty one.")
                };
                widgets::empty_state(ui, theme, chart::icon::ui::HUB, "No chart is open", &hint);
            });
            if ui.input(|i| !i.raw.hovered_files.is_empty()) {
                legend::drop_banner(ui, theme, rect, "Drop to import or attach");
            }
            return;
        };
        let scope = &mut Scope { model, view, theme, requests };
        if scope.view.presenting.is_some() {
            self.create = None;
            self.chooser = None;
            self.value = None;
            self.expand = None;
        }
        let placements = self.remake(ui.ctx(), scope, &chart_id);
        self.furnish(ui, scope, rect);
        self.find_squeeze(&chart_id, false);
        self.move_camera(ui, scope, &chart_id, &response);
        let camera = Lens { rect, camera: camera(scope.view, &chart_id) };
        self.remake_part(scope, &chart_id, placements, &camera);
        self.come_close(&camera);
        self.lead_icons(&camera);
        let named = self.paint(ui, scope, &camera);
        let label = format!(
            "Chart {}: {}, {}, {} selected",
            model.chart(&chart_id).map_or("", |c| &c.name),
            counted(self.sketch.dots.len(), "entity", "entities"),
            counted(self.sketch.threads.len(), "relationship", "relationships"),
            scope.view.selection.len()
        );
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Canvas, true, &label));
        let hits = self.named_nodes(ui, &camera, scope, &named);
        self.drawings(ui, scope, &camera);
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
        let are_cards = self.close.are_cards(lens);
        let id = ui.scope_id().with("cards");
        let cards = ui.ctx().animate_bool_with_time(id, are_cards, BLEND);
        if cards < 1.0 {
            let moved = self.far.choose(&self.sketch, self.version, lens, target.as_ref());
            self.watch_pace(ui, scope, moved);
            self.far.follows = scope.view.follows();
            self.far.moves = self.moving;
            // A kept picture of cards brings its ground: it comes over the dots.
            let is_kept = self.far.graphics() == Graphics::Software;
            self.far.paint(ui, theme, lens, if is_kept { 1.0 } else { 1.0 - cards });
            if cards < 0.5 {
                let sketch = (&self.sketch, scope.view.follows());
                let painter = ui.painter_at(lens.rect);
                styled::lines(&painter, theme, sketch, lens);
                styled::around(&painter, theme, self.close.icons(), target.as_ref(), lens);
            }
        } else {
            self.far.rest();
        }
        if cards > 0.0 {
            self.load_photos(ui.ctx(), scope);
            let shown = Cards {
                picture: self.close.picture(),
                version: self.close.version(),
                content: [self.version, self.photos_seen],
                photos: &self.photos,
                target,
                lens,
                near: &self.close.lens(lens),
            };
            self.near.paint(ui, theme, &shown, self.far.graphics(), cards);
        } else {
            self.near.rest();
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
            model.seen.get(&dot.id).map(|entity| entity.caption().to_owned())
        };
        let led = self.close.icons();
        let named = Named {
            name_of: &name_of,
            sketch: &self.sketch,
            version: self.version,
            lines: if led.is_empty() { &self.picture.lines } else { led },
            covers: &self.furniture.ground(lens.rect).covers,
        };
        self.names.paint(&painter, theme, &named, &self.far, lens)
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
                "Double-click anywhere, or press N, and type a name. Then drag from its handle to draw a relationship.".to_owned()
            } else {
                let table = command::keys(ui.ctx(), command::VIEW_TABLE);
                format!("Double-click to add an entity, or choose rows in the table ({table}) and press P to place them.")
            };
            widgets::empty_state(ui, scope.theme, chart::icon::ui::PERSON_ADD, "Nothing is on this chart yet", &hint);
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
        let seen = Viewed {
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
                self.sketch.bundle(chart.bundled && !moving);
            }
        } else {
            self.sketch = chart::sketch(&input(scope, chart, &placements));
            self.sketch.bundle(chart.bundled && !moving);
            if self.seen.as_ref().is_some_and(|before| before.chart != seen.chart) {
                self.far.forget();
            }
        }
        self.version += 1;
        self.seen = Some(seen);
        if self.sketch.dots.len() <= WHOLE {
            let picture = chart::picture(&input(scope, chart, &placements));
            self.set_picture(self.bundled(picture), None);
        }
        Some(placements)
    }

    /// A picture with the lines bundled that are in the sketch.
    fn bundled(&self, mut picture: Picture) -> Picture {
        if self.sketch.is_bundled() {
            let threads: HashMap<&Id, &chart::Thread> = self
                .sketch
                .threads
                .iter()
                .filter_map(|thread| Some((self.sketch.links(thread).first()?, thread)))
                .collect();
            chart::bundle::lead(&mut picture, &mut |ids| {
                self.sketch.controls(threads.get(ids.first()?)?)
            });
        }
        picture
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
        if !self.close.are_cards(lens) {
            if self.pictured.as_ref().is_none_or(|(version, _)| *version != self.version) {
                let input = input(scope, chart, &[]);
                let legend = chart::Legend::of_sketch(&self.sketch, &input);
                self.set_picture(Picture { legend, ..Picture::default() }, None);
            }
            return;
        }
        let sight = lens.sight();
        // A picture that is kept reaches a little beyond the view.
        let reach = sight.width().max(sight.height());
        let around = sight.expand(reach * plate::MARGIN);
        let does = self.pictured.as_ref().is_some_and(|(version, part)| {
            let holds = |part: chart::Rect| part.contains(around.min) && part.contains(around.max);
            *version == self.version && part.is_some_and(holds)
        });
        if does {
            return;
        }
        let part = sight.expand(reach * 0.5);
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
        self.set_picture(self.bundled(picture), Some(part));
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
}

/// What sketches and pictures of a chart are made from.
fn input<'a>(
    scope: &'a Scope<'_>,
    chart: &'a crate::model::Chart,
    placements: &'a [Placement],
) -> chart::Input<'a> {
    chart::Input {
        seen: &scope.model.seen,
        chart,
        placements,
        selection: &scope.view.selection,
        period: &scope.view.period,
        overlay: scope.overlay(),
        style: &scope.theme.style,
        follows: scope.view.follows(),
    }
}

/// Positions that the picture shows instead of the stored ones.
type Places = HashMap<Id, Point>;
