//! The chart from afar: dots that grow into icons, and threads between them. What is drawn is
//! chosen for a window around the view and kept until the view leaves it, so that a camera that
//! moves costs next to nothing; what is left out is counted, so that the user can be told.

pub mod gpu;
mod mesh;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use eframe::egui_wgpu;
use egui::Ui;

use super::Lens;
use crate::{
    app::theme::{Theme, color},
    chart::{Color, Dot, Point, Rect, Sketch, Style, Thread, icon, style::Group},
    model::{Id, Strength, value::thousands},
};

/// From this zoom on entities are cards.
pub(super) const CARDS: f32 = 0.42;
/// Around this zoom dots grow into icons.
pub(super) const ICONS: f32 = 0.14;
/// Up to how many threads are drawn with their dashes where entities are icons.
const DASHED: usize = 4_000;

/// What draws what is far away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Graphics {
    /// A graphics processor.
    Hardware,
    /// A program that stands in for one.
    Software,
    /// Nothing but egui's own triangles.
    #[default]
    Mesh,
}

impl Graphics {
    /// What a window has.
    pub fn of(state: Option<&egui_wgpu::RenderState>) -> Self {
        match state.map(|state| state.adapter.get_info().device_type) {
            None => Self::Mesh,
            Some(egui_wgpu::wgpu::DeviceType::Cpu) => Self::Software,
            Some(_) => Self::Hardware,
        }
    }

    fn limits(self) -> Limits {
        match self {
            Self::Hardware => Limits { dots: 2_000_000, threads: 2_000_000 },
            Self::Software => Limits { dots: 60_000, threads: 30_000 },
            Self::Mesh => Limits { dots: 20_000, threads: 12_000 },
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
    seen: Option<Seen>,
    drawn: Arc<Drawn>,
    mesh: mesh::Kept,
}

impl Default for Far {
    fn default() -> Self {
        let graphics = Graphics::default();
        Self {
            graphics,
            limits: graphics.limits(),
            slow: 0,
            seen: None,
            drawn: Arc::default(),
            mesh: mesh::Kept::default(),
        }
    }
}

#[derive(PartialEq)]
struct Seen {
    sketch: u64,
    window: Rect,
    target: Option<Id>,
    limits: Limits,
}

/// The dots and threads that are drawn, as the graphics processor takes them. A dot is its place,
/// its look and a colour of its own; a thread both ends, how far it is bent, and its look.
#[derive(Debug, Default)]
pub(super) struct Drawn {
    /// Tells one from every other.
    version: u64,
    dots: Vec<[u32; 4]>,
    straight: Vec<[u32; 6]>,
    curved: Vec<[u32; 6]>,
    /// The dots in the order in which they deserve a name.
    ranked: Vec<u32>,
    /// How many in the window are not drawn.
    pub left_out: (usize, usize),
}

/// The bits of a look. Those of a dot begin with its group (4 bits) and its icon (6 bits) and end
/// with its importance (8 bits); those of a thread with its strength (2 bits).
mod bit {
    pub const SELECTED: u32 = 12;
    pub const DIMMED: u32 = 13;
    pub const DENIED: u32 = 14;
    pub const TARGET: u32 = 15;
    pub const GROUP: u32 = 16;
    pub const IMPORTANCE: u32 = 24;
    pub const ARROW_TO: u32 = 2;
    pub const ARROW_FROM: u32 = 3;
    pub const THREAD_DENIED: u32 = 4;
    pub const THREAD_SELECTED: u32 = 5;
    pub const THREAD_DIMMED: u32 = 6;
    pub const THREAD_TARGET: u32 = 7;
    pub const LOOP: u32 = 8;
}

impl Far {
    /// Draws with what a window has.
    pub fn with(graphics: Graphics) -> Self {
        Self { graphics, limits: graphics.limits(), ..Self::default() }
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
    pub fn ranked(&self) -> &[u32] {
        &self.drawn.ranked
    }

    /// Takes note of how long a frame took while the view moved, in seconds. Says true when less
    /// is drawn from now on to stay responsive.
    pub fn took(&mut self, seconds: f32) -> bool {
        const SLOW: f32 = 0.1;
        self.slow = if seconds > SLOW { self.slow + 1 } else { 0 };
        let fewer = self.limits.halved();
        let drawn = self.drawn.straight.len() + self.drawn.curved.len() + self.drawn.dots.len();
        if self.slow < 4 || fewer == self.limits || drawn < 8_000 {
            return false;
        }
        self.slow = 0;
        self.limits = fewer;
        true
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
        let does = |seen: &Seen| {
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
        let seen = Seen { sketch: version, window, target: target.cloned(), limits: self.limits };
        self.seen = Some(seen);
        true
    }

    /// Paints what was chosen; `opacity` 0 to 1.
    pub(super) fn paint(&mut self, ui: &Ui, theme: &Theme, lens: &Lens, opacity: f32) {
        let threads = self.drawn.straight.len() + self.drawn.curved.len();
        let globals = Globals::new(theme, lens, threads, opacity, ui.ctx().pixels_per_point());
        let painter = ui.painter_at(lens.rect);
        if self.graphics == Graphics::Mesh {
            self.mesh.paint(&painter, &self.drawn, &globals, theme, lens);
            return;
        }
        let callback = gpu::Callback {
            drawn: Arc::clone(&self.drawn),
            globals,
            signs: lens.camera.zoom > 0.1,
        };
        painter.add(egui_wgpu::Callback::new_paint_callback(lens.rect, callback));
    }
}

fn holds(outer: Rect, inner: Rect) -> bool {
    outer.contains(inner.min) && outer.contains(inner.max)
}

impl Drawn {
    fn of(sketch: &Sketch, window: Rect, limits: Limits, target: Option<&Id>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let mut drawn = Self { version: NEXT.fetch_add(1, Ordering::Relaxed), ..Self::default() };
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
            let ends = [thread.from, thread.to].map(|end| sketch.dots[end as usize].at);
            if !passes(ends, window) {
                continue;
            }
            let targeted = target.is_some_and(|id| sketch.links(thread).contains(id));
            if thread.selected || targeted {
                marked.push((thread, ends, targeted));
            } else if rest < most {
                rest += 1;
                self.push_thread(thread, ends, false);
            } else {
                self.left_out.1 += 1;
            }
        }
        for (thread, ends, targeted) in marked {
            self.push_thread(thread, ends, targeted);
        }
    }

    fn push_thread(&mut self, thread: &Thread, [a, b]: [Point; 2], targeted: bool) {
        let own = thread.from == thread.to;
        let flag = |is: bool, bit: u32| u32::from(is) << bit;
        let look = strength(thread.strength)
            | flag(thread.arrow_to, bit::ARROW_TO)
            | flag(thread.arrow_from, bit::ARROW_FROM)
            | flag(thread.denied, bit::THREAD_DENIED)
            | flag(thread.selected, bit::THREAD_SELECTED)
            | flag(thread.dimmed, bit::THREAD_DIMMED)
            | flag(targeted, bit::THREAD_TARGET)
            | flag(own, bit::LOOP);
        let [ax, ay, bx, by] = [a.x, a.y, b.x, b.y].map(f32::to_bits);
        let made = [ax, ay, bx, by, thread.spread.to_bits(), look];
        if own || thread.spread != 0.0 {
            self.curved.push(made);
        } else {
            self.straight.push(made);
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

/// How much larger than the smallest the largest dot is.
const SPAN: f32 = 4.0;

/// The radius of a dot of no importance, in points.
fn dot_radius(zoom: f32) -> f32 {
    (26.0 * zoom).clamp(0.9, 4.0)
}

/// The side of an icon's tile, in points.
pub(super) fn tile_side(zoom: f32) -> f32 {
    (60.0 * zoom).clamp(12.0, 28.0)
}

/// How far dots have grown into icons, 0 to 1.
fn morph(zoom: f32) -> f32 {
    let t = ((zoom - ICONS * 0.8) / (ICONS * 0.5)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// How far from its middle a dot reaches on screen, in points.
pub(super) fn radius_of(dot: &Dot, zoom: f32) -> f32 {
    let small = dot_radius(zoom) * (1.0 + f32::from(weight(dot)) / 255.0 * SPAN);
    small + (tile_side(zoom) / 2.0 - small) * morph(zoom)
}

/// What all dots and threads of a frame share, as the shader reads it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Globals {
    camera: [f32; 4],
    view: [f32; 4],
    sizes: [f32; 4],
    /// Scale of dashes and heads; whether dashes show; how much size shows importance.
    signs: [f32; 3],
    linear: bool,
    colors: Vec<[f32; 4]>,
}

impl Globals {
    /// Bytes that the shader reads.
    const SIZE: u64 = 16 * (4 + 10 + 10 + 5);

    fn new(theme: &Theme, lens: &Lens, threads: usize, opacity: f32, pixels: f32) -> Self {
        let zoom = lens.camera.zoom;
        // Many threads would be one black surface: the more there are, the paler they are.
        let paler = (2_500.0 / threads.max(1) as f32).powf(0.4).clamp(0.10, 1.0);
        let far = (1.0 - (zoom / CARDS).clamp(0.0, 1.0)).powi(2);
        let style = &theme.style;
        let half = lens.rect.size() / 2.0;
        let dashed = zoom >= ICONS && (threads < DASHED || zoom > CARDS * 0.7);
        Self {
            camera: [lens.camera.x, lens.camera.y, zoom, pixels],
            view: [half.x, half.y, 1.0 - (1.0 - paler) * far, opacity],
            sizes: [dot_radius(zoom), tile_side(zoom), morph(zoom), 1.5 * zoom.clamp(0.5, 1.5)],
            signs: [zoom.clamp(0.5, 1.6), f32::from(u8::from(dashed)), SPAN],
            linear: false,
            colors: colors(style),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let [scale, dashed, span] = self.signs;
        let linear = f32::from(u8::from(self.linear));
        let signs = [scale, dashed, linear, span];
        let blocks = [self.camera, self.view, self.sizes, signs];
        blocks.iter().chain(&self.colors).flatten().flat_map(|v| v.to_le_bytes()).collect()
    }
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

fn colors(style: &Style) -> Vec<[f32; 4]> {
    let floats = |c: Color| [c.0, c.1, c.2, c.3].map(|v| f32::from(v) / 255.0);
    let hues = GROUPS.iter().map(|group| style.hue(*group));
    let tiles = GROUPS.iter().map(|group| style.tile(*group));
    let inks = [style.line, style.thread, style.alarm, style.edge, style.ground];
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

/// The group of a dot's look.
fn group_of(look: u32) -> Group {
    GROUPS[(look & 15).min(9) as usize]
}

/// The colour of a thread, for what has no shader.
fn ink(theme: &Theme, look: u32) -> egui::Color32 {
    let on = |bit: u32| look >> bit & 1 == 1;
    let style = &theme.style;
    let ink = if on(bit::THREAD_SELECTED) || on(bit::THREAD_TARGET) {
        style.thread
    } else if on(bit::THREAD_DENIED) {
        style.alarm
    } else {
        style.line
    };
    color(ink)
}
