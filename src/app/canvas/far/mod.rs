//! The chart from afar: dots that grow into icons, and threads between them. What is drawn is
//! chosen for a window around the view and kept until the view leaves it, so that a camera that
//! moves costs next to nothing; what is left out is counted, so that the user can be told.

pub mod gpu;
mod icons;
mod raster;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use eframe::egui_wgpu;
use egui::{Color32, Ui};

use self::raster::Order;
use super::{
    Lens, paint,
    plate::{Plate, Subject, lay},
};
use crate::{
    app::theme::Theme,
    chart::{
        self, Color, Dot, Point, Rect, Sketch, Style, Thread, curve::line_point, icon,
        icons::side as tile_side, style::Group,
    },
    model::{Camera, Id, Strength, value::thousands},
};

/// From this zoom on entities are cards.
pub(super) const CARDS: f32 = chart::fit::CARDS;
/// Around this zoom dots grow into icons.
pub(super) const ICONS: f32 = 0.14;
/// How long a frame waits for the picture of something that was not there before.
const PATIENCE: Duration = Duration::from_millis(250);
/// Up to how many threads are drawn with their dashes where entities are icons.
const DASHED: usize = 4_000;

/// What draws what is far away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Graphics {
    Hardware,
    /// A program that stands in for one.
    Software,
    /// Nothing that shaders could be given to.
    #[default]
    None,
}

impl Graphics {
    /// What a window has.
    pub fn of(state: Option<&egui_wgpu::RenderState>) -> Self {
        match state.map(|state| state.adapter.get_info().device_type) {
            None => Self::None,
            Some(wgpu::DeviceType::Cpu) => Self::Software,
            Some(_) => Self::Hardware,
        }
    }
}

/// How much is drawn at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Limits {
    dots: usize,
    threads: usize,
}

impl Limits {
    const MOST: Self = Self { dots: 4_000_000, threads: 4_000_000 };
    /// The least that still looks like the chart.
    const LEAST: Self = Self { dots: 10_000, threads: 4_000 };

    fn halved(self) -> Self {
        Self {
            dots: (self.dots / 2).max(Self::LEAST.dots),
            threads: (self.threads / 2).max(Self::LEAST.threads),
        }
    }
}

/// The chart from afar, and what it keeps between frames.
pub struct Far {
    graphics: Graphics,
    limits: Limits,
    slow: u32,
    seen: Option<Viewed>,
    drawn: Arc<Drawn>,
    plate: Plate<Key>,
    /// Whether what is selected is a path that the user follows.
    pub(super) follows: bool,
    /// Whether entities are on the move.
    pub(super) moves: bool,
}

impl Default for Far {
    fn default() -> Self {
        Self {
            graphics: Graphics::default(),
            limits: Limits::MOST,
            slow: 0,
            seen: None,
            drawn: Arc::default(),
            plate: Plate::default(),
            follows: false,
            moves: false,
        }
    }
}

/// What a picture from afar depends on: which dots and threads, and how they look at that zoom.
#[derive(Clone, Debug, PartialEq)]
struct Key {
    /// The state of the sketch, and what the pointer is over.
    sketch: u64,
    target: Option<Id>,
    drawn: u64,
    globals: Globals,
}

impl Subject for Key {
    const IN_HASTE: bool = false;

    fn shows_same(&self, other: &Self) -> bool {
        self.sketch == other.sketch && self.target == other.target
    }
}

#[derive(PartialEq)]
struct Viewed {
    sketch: u64,
    window: Rect,
    target: Option<Id>,
    limits: Limits,
}

/// The dots and threads that are drawn, as the graphics processor takes them. A dot is its place,
/// its look and a colour of its own; a thread both ends, how far it is bent, and its look.
#[derive(Debug, Default)]
pub(super) struct Drawn {
    version: u64,
    dots: Vec<[u32; 4]>,
    straight: Vec<[u32; 6]>,
    curved: Vec<[u32; 6]>,
    /// How much of the room that the dots have the threads would cover if they were one unit of
    /// the chart wide, each as faint as its length makes it.
    cover: f32,
    /// The dots in the order in which they deserve a name.
    ranked: Vec<u32>,
    /// How many in the window are not drawn.
    pub left_out: (usize, usize),
}

/// The bits of a look. Those of a dot begin with its group (4 bits) and its icon (6 bits) and end
/// with its room and its importance (8 bits each); those of a thread begin with its strength (2
/// bits) and end with how faint its length makes it (8 bits).
mod bit {
    pub(super) const GROUP: u32 = 11;
    pub(super) const SELECTED: u32 = 12;
    pub(super) const DIMMED: u32 = 13;
    pub(super) const DENIED: u32 = 14;
    pub(super) const TARGET: u32 = 15;
    pub(super) const ROOM: u32 = 16;
    pub(super) const IMPORTANCE: u32 = 24;
    pub(super) const ARROW_TO: u32 = 2;
    pub(super) const ARROW_FROM: u32 = 3;
    pub(super) const THREAD_DENIED: u32 = 4;
    pub(super) const THREAD_SELECTED: u32 = 5;
    pub(super) const THREAD_DIMMED: u32 = 6;
    pub(super) const THREAD_TARGET: u32 = 7;
    pub(super) const LOOP: u32 = 8;
    pub(super) const THREAD_THIN: u32 = 9;
    pub(super) const SHARE: u32 = 24;
}

impl Far {
    /// Draws with what a window has.
    pub fn with(graphics: Graphics) -> Self {
        Self { graphics, ..Self::default() }
    }

    /// What draws.
    pub fn graphics(&self) -> Graphics {
        self.graphics
    }

    /// How many dots and threads around the view are not drawn.
    pub fn left_out(&self) -> (usize, usize) {
        self.drawn.left_out
    }

    /// The dots around the view, those first that deserve a name most.
    pub(crate) fn ranked(&self) -> &[u32] {
        &self.drawn.ranked
    }

    /// Takes note of how long a frame took while the view moved, in seconds. Where this computer
    /// cannot keep up it says what is done about it from now on.
    pub fn took(&mut self, seconds: f32) -> Option<&'static str> {
        const SLOW: f32 = 0.1;
        if self.graphics != Graphics::Hardware {
            return (self.plate.took.as_secs_f32() > SLOW * 3.0).then_some(
                "No graphics processor can be used here, so a large chart is blurred a little \
                 while it moves, and sharp again when it rests. All of it is drawn.",
            );
        }
        self.slow = if seconds > SLOW { self.slow + 1 } else { 0 };
        let fewer = self.limits.halved();
        let drawn = self.drawn.straight.len() + self.drawn.curved.len() + self.drawn.dots.len();
        if self.slow < 4 || fewer == self.limits || drawn < 8_000 {
            return None;
        }
        self.slow = 0;
        self.limits = fewer;
        Some(
            "This computer draws slowly, so lines far away are thinned out while the chart is \
             large. The note below the chart says how many.",
        )
    }

    /// Forgets what was drawn: from now on something else is.
    pub fn forget(&mut self) {
        self.plate.forget();
    }

    /// Nothing is drawn from afar for now, so nothing is waited for.
    pub fn rest(&mut self) {
        self.plate.rest();
    }

    /// Whether all that is drawn is as sharp as it gets.
    pub fn is_settled(&self) -> bool {
        self.plate.is_settled()
    }

    /// Chooses what to draw, where what is there does not do. `version` tells one state of the
    /// sketch from another. Says whether it chose anew.
    pub(super) fn choose(
        &mut self,
        sketch: &Sketch,
        version: u64,
        lens: &Lens,
        target: Option<&Id>,
    ) -> bool {
        let sight = lens.sight();
        let does = |seen: &Viewed| {
            seen.sketch == version
                && seen.target.as_ref() == target
                && seen.limits == self.limits
                && holds(seen.window, sight)
                // What was left out for a wide view may have its place in a narrower one.
                && (self.drawn.left_out == (0, 0) || seen.window.width() < sight.width() * 3.0)
        };
        if self.seen.as_ref().is_some_and(does) {
            return false;
        }
        let window = sight.expand(sight.width().max(sight.height()) * 0.5);
        self.drawn = Arc::new(Drawn::of(sketch, window, self.limits, target));
        // Where all is drawn, it does for every view.
        let window = if sketch.bounds().is_none_or(|bounds| holds(window, bounds)) {
            let far = Point::new(f32::MAX, f32::MAX);
            Rect { min: Point::new(f32::MIN, f32::MIN), max: far }
        } else {
            window
        };
        let seen = Viewed { sketch: version, window, target: target.cloned(), limits: self.limits };
        self.seen = Some(seen);
        true
    }

    /// Paints what was chosen, and the ground below it; `opacity` 0 to 1.
    pub(super) fn paint(&mut self, ui: &Ui, theme: &Theme, lens: &Lens, opacity: f32) {
        let globals =
            Globals::new(theme, lens, (&self.drawn, self.follows), ui.ctx().pixels_per_point());
        let painter = ui.painter_at(lens.rect);
        if self.graphics == Graphics::Hardware {
            paint::ground(&painter, theme, lens);
            let globals = Globals { opacity, ..globals };
            let callback = gpu::Callback { drawn: Arc::clone(&self.drawn), globals };
            painter.add(egui_wgpu::Callback::new_paint_callback(lens.rect, callback));
            return;
        }
        // What stands in for a graphics processor is slower at this than the processor is when it
        // draws what is needed and nothing else.
        self.prepare(ui.ctx(), &globals, lens);
        let callback = if self.graphics == Graphics::Software {
            self.plate.callback(lay::Slot::Far, lens, globals.pixels, theme.style.ground, opacity)
        } else {
            None
        };
        if opacity < 1.0 || callback.is_none() {
            paint::ground(&painter, theme, lens);
        }
        match callback {
            Some(callback) => {
                painter.add(egui_wgpu::Callback::new_paint_callback(lens.rect, callback));
            }
            None => self.plate.paint(&painter, lens, opacity),
        }
    }

    /// Sees to it that there is a picture, or will be.
    fn prepare(&mut self, ctx: &egui::Context, globals: &Globals, lens: &Lens) {
        let seen = self.seen.as_ref();
        let key = Key {
            sketch: seen.map_or(0, |seen| seen.sketch),
            target: seen.and_then(|seen| seen.target.clone()),
            drawn: self.drawn.version(),
            globals: globals.anywhere(),
        };
        let drawn = Arc::clone(&self.drawn);
        // egui's own shader lays it over the ground.
        let ground = if self.graphics == Graphics::Software {
            let [r, g, b] = globals.ink(Ink::Ground).map(|v| (v * 255.0).round() as u8);
            Color32::from_rgb(r, g, b)
        } else {
            Color32::TRANSPARENT
        };
        let patience = (!self.moves).then_some(PATIENCE);
        self.plate.prepare(ctx, &key, lens, patience, |wanted| {
            let globals = Globals { pixels: wanted.pixels, ..globals.clone() };
            let order = Order { drawn, globals, size: wanted.size, ground };
            Box::new(move || raster::pixels(&order))
        });
    }
}

/// What fills the window behind all panels, where filling each with egui's own shader would take
/// most of a frame.
pub(crate) fn backdrop(
    graphics: Graphics,
    theme: &Theme,
    window: egui::Rect,
) -> Option<egui::Shape> {
    let [r, g, b, _] = theme.panel.to_array().map(|v| f32::from(v) / 255.0);
    let fill = lay::Fill { color: [r, g, b] };
    (graphics == Graphics::Software)
        .then(|| egui_wgpu::Callback::new_paint_callback(window, fill).into())
}

fn holds(outer: Rect, inner: Rect) -> bool {
    outer.contains(inner.min) && outer.contains(inner.max)
}

impl Drawn {
    fn version(&self) -> u64 {
        self.version
    }

    fn of(sketch: &Sketch, window: Rect, limits: Limits, target: Option<&Id>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let mut drawn = Self { version: NEXT.fetch_add(1, Ordering::Relaxed), ..Self::default() };
        drawn.cover = cover(sketch);
        drawn.take_threads(sketch, window, limits.threads, target);
        drawn.take_dots(sketch, window, limits.dots, target);
        drawn
    }

    fn take_threads(&mut self, sketch: &Sketch, window: Rect, most: usize, target: Option<&Id>) {
        // What is selected is always drawn, and over the rest.
        let mut marked = Vec::new();
        let mut rest = 0;
        for n in &sketch.sample {
            let thread = &sketch.threads[*n as usize];
            // Those few are drawn over the others, see `styled`.
            if sketch.goes_around(thread) {
                continue;
            }
            let ends = [thread.from, thread.to].map(|end| sketch.dots[end as usize].at);
            if !passes(ends, window) {
                continue;
            }
            let targeted = target.is_some_and(|id| sketch.links(thread).contains(id));
            if thread.selected || targeted {
                marked.push((thread, ends, targeted));
            } else if rest < most {
                rest += 1;
                self.push_thread(sketch, thread, ends, false);
            } else {
                self.left_out.1 += 1;
            }
        }
        for (thread, ends, targeted) in marked {
            self.push_thread(sketch, thread, ends, targeted);
        }
    }

    fn push_thread(
        &mut self,
        sketch: &Sketch,
        thread: &Thread,
        [a, b]: [Point; 2],
        targeted: bool,
    ) {
        let own = thread.from == thread.to;
        let flag = |is: bool, bit: u32| u32::from(is) << bit;
        let look = strength(thread.strength)
            | flag(thread.arrow_to, bit::ARROW_TO)
            | flag(thread.arrow_from, bit::ARROW_FROM)
            | flag(thread.denied, bit::THREAD_DENIED)
            | flag(thread.selected, bit::THREAD_SELECTED)
            | flag(thread.dimmed, bit::THREAD_DIMMED)
            | flag(targeted, bit::THREAD_TARGET)
            | flag(own, bit::LOOP)
            | flag(thread.reference, bit::THREAD_THIN)
            | (((share(sketch, thread) * 255.0) as u32) << bit::SHARE);
        if let Some([b_control, c_control]) = sketch.controls(thread) {
            self.push_bundled([a, b_control, c_control, b], look);
            return;
        }
        let [ax, ay, bx, by] = [a.x, a.y, b.x, b.y].map(f32::to_bits);
        let made = [ax, ay, bx, by, thread.spread.to_bits(), look];
        if own || thread.spread != 0.0 {
            self.curved.push(made);
        } else {
            self.straight.push(made);
        }
    }

    /// A thread that is led along others: pieces of its curve, of which the first and the last have
    /// the heads.
    fn push_bundled(&mut self, curve: [Point; 4], look: u32) {
        /// Where the pieces begin and end; the outer ones are long enough for a head.
        const ENDS: [f32; 8] = [0.0, 0.22, 0.34, 0.45, 0.55, 0.66, 0.78, 1.0];
        let last = ENDS.len() - 2;
        for (n, ends) in ENDS.windows(2).enumerate() {
            let mut look = look;
            for (bit, piece) in [(bit::ARROW_FROM, 0), (bit::ARROW_TO, last)] {
                if n != piece {
                    look &= !(1 << bit);
                }
            }
            let [a, b] = [ends[0], ends[1]].map(|t| line_point(&curve, t));
            let [ax, ay, bx, by] = [a.x, a.y, b.x, b.y].map(f32::to_bits);
            self.straight.push([ax, ay, bx, by, 0, look]);
        }
    }

    fn take_dots(&mut self, sketch: &Sketch, window: Rect, most: usize, target: Option<&Id>) {
        let looks: Vec<u32> = sketch.schemata.iter().map(|name| look_of(name)).collect();
        let (mut first, mut last) = (Vec::new(), Vec::new());
        let mut plain = Vec::new();
        for n in &sketch.ranking {
            let dot = &sketch.dots[*n as usize];
            if !window.contains(dot.at) {
                continue;
            }
            match (dot.selected, dot.dimmed) {
                (true, _) => first.push(*n),
                (_, true) => last.push(*n),
                _ => plain.push(*n),
            }
        }
        let mut ranked = first;
        ranked.extend(plain);
        ranked.extend(last);
        self.left_out.0 = ranked.len().saturating_sub(most);
        ranked.truncate(most);
        // What matters most is drawn last, over the rest.
        self.dots = ranked
            .iter()
            .rev()
            .map(|n| {
                let dot = &sketch.dots[*n as usize];
                let targeted = target == Some(&dot.id);
                let look = looks.get(usize::from(dot.schema)).copied().unwrap_or_default();
                instance(dot, look, targeted)
            })
            .collect();
        self.ranked = ranked;
    }
}

/// Whether a thread can be in a window: not where both its ends lie beyond the same side.
fn passes([a, b]: [Point; 2], window: Rect) -> bool {
    // As far as a thread bends.
    const BENT: f32 = 200.0;
    let window = window.expand(BENT);
    !((a.x < window.min.x && b.x < window.min.x)
        || (a.x > window.max.x && b.x > window.max.x)
        || (a.y < window.min.y && b.y < window.min.y)
        || (a.y > window.max.y && b.y > window.max.y))
}

fn strength(strength: Strength) -> u32 {
    match strength {
        Strength::Confirmed => 0,
        Strength::Unconfirmed => 1,
        Strength::Tentative => 2,
    }
}

/// The bits that a schema gives to its dots.
fn look_of(schema: &str) -> u32 {
    let sign = icon::for_schema(schema);
    let cell = icon::all().iter().position(|icon| *icon == sign).unwrap_or_default();
    Group::of(schema) as u32 | ((cell as u32 & 63) << 4)
}

fn instance(dot: &Dot, look: u32, targeted: bool) -> [u32; 4] {
    let flag = |is: bool, bit: u32| u32::from(is) << bit;
    let look = look
        | flag(dot.selected, bit::SELECTED)
        | flag(dot.dimmed, bit::DIMMED)
        | flag(dot.denied, bit::DENIED)
        | flag(targeted, bit::TARGET)
        | flag(dot.is_group(), bit::GROUP)
        | (u32::from(room_code(dot.room)) << bit::ROOM)
        | (u32::from(weight(dot)) << bit::IMPORTANCE);
    let own = dot.tint.map_or(0, |c| u32::from_le_bytes([c.0, c.1, c.2, c.3]));
    [dot.at.x.to_bits(), dot.at.y.to_bits(), look, own]
}

/// How much larger a dot is for what it matters, 0 to 255: its area grows with its relationships,
/// or with what is measured where size stands for that.
fn weight(dot: &Dot) -> u8 {
    const MOST: f32 = 25.0;
    let relationships = || (dot.importance.max(0.0).sqrt() / MOST).min(1.0);
    (dot.level.unwrap_or_else(relationships).clamp(0.0, 1.0) * 255.0) as u8
}

/// The room of a dot in steps of 6 %.
fn room_code(room: f32) -> u8 {
    (room.max(1.0).log2() * 12.0) as u8
}

/// The room that a code stands for.
fn room_of_code(code: u8) -> f32 {
    (f32::from(code) / 12.0).exp2()
}

/// How faint its length makes a thread, 0 to 1: one that only joins neighbours is not, one that
/// crosses the whole chart nearly is.
fn share(sketch: &Sketch, thread: &Thread) -> f32 {
    let [a, b] = [thread.from, thread.to].map(|end| &sketch.dots[end as usize]);
    let near = a.room.min(b.room) * 2.5;
    (near / a.at.distance(b.at).max(1.0)).powf(0.8).clamp(0.04, 1.0)
}

/// See [`Drawn::cover`].
fn cover(sketch: &Sketch) -> f32 {
    // One that stands alone does not have all the room around it.
    const ALONE: f32 = 400.0;
    let room: f64 = sketch.dots.iter().map(|dot| f64::from(dot.room.min(ALONE)).powi(2)).sum();
    let length: f64 = sketch
        .threads
        .iter()
        .map(|thread| {
            let [a, b] = [thread.from, thread.to].map(|end| sketch.dots[end as usize].at);
            f64::from(a.distance(b) * share(sketch, thread))
        })
        .sum();
    (length / room.max(1.0)) as f32
}

/// How much larger than the smallest the largest dot is.
const SPAN: f32 = 4.0;
/// How much of its room a dot takes at most.
const CROWDED: f32 = 0.31;
/// The radius of the smallest dot, in points.
const LEAST: f32 = 0.31;
/// How wide the thread of a reference is, next to that of a relationship.
const THIN: f32 = 0.6;
/// How much of the room between dots threads cover at most, from afar.
const COVERED: f32 = 0.13;
/// How opaque is what lies outside the period.
const FAINT: f32 = 0.28;
/// How opaque is a thread of which both ends are far out of sight.
const UNSEEN: f32 = 0.15;

/// The largest radius of a dot of no importance, in points.
fn dot_radius(zoom: f32) -> f32 {
    (26.0 * zoom).min(4.0)
}

/// The radius of a dot with a room and a weight, in points.
fn small_radius(room: f32, weight: u8, zoom: f32) -> f32 {
    let plain = dot_radius(zoom).min(CROWDED * room * zoom).max(LEAST);
    plain * (1.0 + f32::from(weight) / 255.0 * SPAN)
}

/// How far dots have grown into icons, 0 to 1.
fn morph(zoom: f32) -> f32 {
    smooth((zoom - ICONS * 0.8) / (ICONS * 0.5))
}

fn smooth(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

fn mix(a: f32, b: f32, t: f32) -> f32 {
    a + (b - a) * t
}

/// How far from its middle a dot reaches on screen, in points.
pub(super) fn radius_of(dot: &Dot, zoom: f32) -> f32 {
    let room = room_of_code(room_code(dot.room));
    mix(small_radius(room, weight(dot), zoom), tile_side(zoom) / 2.0, morph(zoom))
}

/// What all dots and threads of a frame share, as the shader reads it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Globals {
    /// The camera: its place on the chart, its zoom.
    camera: Camera,
    /// Pixels for a point.
    pixels: f32,
    /// Half of the view, in points.
    half: [f32; 2],
    /// How opaque a thread is of which nothing makes it fainter.
    pale: f32,
    opacity: f32,
    /// The width of a thread, in points.
    width: f32,
    dashed: bool,
    linear: bool,
    colors: Vec<[f32; 4]>,
}

impl Globals {
    /// Bytes that the shader reads.
    const SIZE: u64 = 16 * (5 + 10 + 10 + 6);

    fn new(theme: &Theme, lens: &Lens, (drawn, follows): (&Drawn, bool), pixels: f32) -> Self {
        let zoom = lens.camera.zoom;
        let half = lens.rect.size() / 2.0;
        let threads = drawn.straight.len() + drawn.curved.len();
        let width = 1.5 * zoom.clamp(0.5, 1.5);
        // Many threads would be one black surface: they get paler until the ground shows between.
        let pale = (COVERED * zoom / (width * drawn.cover).max(1e-9)).clamp(0.02, 1.0);
        Self {
            camera: lens.camera,
            pixels,
            half: [half.x, half.y],
            pale: mix(1.0, pale, farness(zoom)),
            opacity: 1.0,
            width,
            dashed: zoom >= ICONS && (threads < DASHED || zoom > CARDS * 0.7),
            linear: false,
            colors: colors(&theme.style, follows),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let Camera { x, y, zoom } = self.camera;
        let flag = |is: bool| f32::from(u8::from(is));
        let blocks = [
            [x, y, zoom, self.pixels],
            [self.half[0], self.half[1], self.pale, self.opacity],
            [dot_radius(zoom), tile_side(zoom), morph(zoom), self.width],
            [self.scale(), flag(self.dashed), flag(self.linear), SPAN],
            [CROWDED * zoom, LEAST, farness(zoom), UNSEEN],
        ];
        blocks.iter().chain(&self.colors).flatten().flat_map(|v| v.to_le_bytes()).collect()
    }

    /// The same for any place of the view.
    fn anywhere(&self) -> Self {
        let camera = Camera { x: 0.0, y: 0.0, zoom: self.camera.zoom };
        Self { camera, half: [0.0; 2], ..self.clone() }
    }

    /// How large dashes, heads and crosses are.
    fn scale(&self) -> f32 {
        self.camera.zoom.clamp(0.5, 1.6)
    }

    /// Whether heads and crosses are large enough to be seen.
    fn signs(&self) -> bool {
        self.camera.zoom > 0.1
    }

    /// How opaque a thread is whose nearer end lies so many points out of sight.
    fn ink_of(&self, look: u32, outside: f32) -> f32 {
        let has = |bit: u32| look >> bit & 1 == 1;
        if has(bit::THREAD_SELECTED) || has(bit::THREAD_TARGET) {
            return 1.0;
        }
        let share = (look >> bit::SHARE) as f32 / 255.0;
        let seen = mix(1.0, UNSEEN, smooth((outside - 10.0) / 150.0));
        let dimmed = if has(bit::THREAD_DIMMED) { FAINT } else { 1.0 };
        self.pale * mix(1.0, share, farness(self.camera.zoom)) * seen * dimmed
    }

    /// The width of a thread, in points.
    fn width_of(&self, look: u32) -> f32 {
        let has = |bit: u32| look >> bit & 1 == 1;
        let thin = if has(bit::THREAD_THIN) { THIN } else { 1.0 };
        let own = if has(bit::THREAD_SELECTED) { 1.75 } else { thin };
        self.width * (own + if has(bit::THREAD_TARGET) { 1.0 } else { 0.0 })
    }

    /// How far a dot reaches, in points.
    fn half_side(&self, look: u32) -> f32 {
        let zoom = self.camera.zoom;
        let room = room_of_code((look >> bit::ROOM) as u8);
        let small = small_radius(room, (look >> bit::IMPORTANCE) as u8, zoom);
        mix(small, tile_side(zoom) / 2.0, morph(zoom))
    }

    /// How far from the middle of a dot an arrow ends, in points.
    fn clear(&self) -> f32 {
        let zoom = self.camera.zoom;
        mix(dot_radius(zoom) * 1.5, tile_side(zoom) * 0.62, morph(zoom)) + 1.0
    }
}

/// The colours of lines and grounds, by their places behind those of the groups.
#[derive(Clone, Copy, Debug)]
enum Ink {
    Line,
    /// Lines that are selected: the thread, where they are a path that the user follows.
    Marked,
    Denied,
    Edge,
    Ground,
    Select,
}

impl Globals {
    fn color(&self, place: usize) -> [f32; 3] {
        let [r, g, b, _] = self.colors.get(place).copied().unwrap_or_default();
        [r, g, b]
    }

    fn ink(&self, ink: Ink) -> [f32; 3] {
        self.color(GROUPS.len() * 2 + ink as usize)
    }

    /// The colour of a dot: its group's, or its own.
    fn hue_of(&self, look: u32, own: [u8; 4]) -> [f32; 3] {
        let [r, g, b, a] = own;
        if a > 0 {
            return [r, g, b].map(|v| f32::from(v) / 255.0);
        }
        self.color((look & 15) as usize)
    }

    /// The colour of the tile that it grows into.
    fn tile_of(&self, look: u32, own: [u8; 4]) -> [f32; 3] {
        if own[3] == 0 {
            return self.color(GROUPS.len() + (look & 15) as usize);
        }
        let (hue, ground) = (self.hue_of(look, own), self.ink(Ink::Ground));
        std::array::from_fn(|n| mix(ground[n], hue[n], 0.25))
    }

    fn morph(&self) -> f32 {
        morph(self.camera.zoom)
    }
}

/// How far away the chart is, 1 for far, 0 where entities become cards.
fn farness(zoom: f32) -> f32 {
    1.0 - smooth(zoom / CARDS).powi(2)
}

/// The groups by their numbers; the shader reads even numbers of colours.
const GROUPS: [Group; 10] = [
    Group::Person,
    Group::Organization,
    Group::Public,
    Group::Asset,
    Group::Money,
    Group::Document,
    Group::Place,
    Group::Event,
    Group::Other,
    Group::Other,
];

fn colors(style: &Style, follows: bool) -> Vec<[f32; 4]> {
    let floats = |c: Color| [c.0, c.1, c.2, c.3].map(|v| f32::from(v) / 255.0);
    let hues = GROUPS.iter().map(|group| style.hue(*group));
    let tiles = GROUPS.iter().map(|group| style.tile(*group));
    let marked = if follows { style.thread } else { style.select };
    let inks = [style.line, marked, style.denied, style.edge, style.ground, style.select];
    hues.chain(tiles).chain(inks).map(floats).collect()
}

/// Says how much of a chart is not drawn, in one line; `None` where all of it is.
pub(super) fn note((dots, threads): (usize, usize), of: (usize, usize)) -> Option<String> {
    let count = |n: usize| thousands(&n.to_string());
    let part = |left: usize, all: usize, what: &str| {
        (left > 0).then(|| format!("{} of {} {what}", count(left), count(all)))
    };
    let parts: Vec<String> = [part(threads, of.1, "lines"), part(dots, of.0, "entities")]
        .into_iter()
        .flatten()
        .collect();
    (!parts.is_empty())
        .then(|| format!("Not drawn here: {}. Zoom in to see them.", parts.join(", ")))
}

#[cfg(test)]
mod tests;
