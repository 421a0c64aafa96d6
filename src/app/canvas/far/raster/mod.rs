//! The chart from afar as pixels made by the processor, for where no graphics processor makes
//! them. All of it is drawn, in as many bands at once as there are processors; what the shader
//! says in `far.wgsl` is said here once more.

mod dots;
mod lines;

use std::sync::Arc;

use egui::Color32;

use self::{
    dots::{Dot, Sheet},
    lines::{Layer, Stroke, clipped},
};
use super::{Drawn, Globals, Ink, bit};
use crate::{
    app::canvas::plate::bands::bands,
    chart::{Point, curve::line_point},
};

/// What to draw, and how large, in pixels.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub drawn: Arc<Drawn>,
    pub globals: Globals,
    pub size: [usize; 2],
    /// What is seen where nothing is drawn.
    pub ground: Color32,
}

/// The pixels over the ground, row by row.
pub(super) fn pixels(order: &Order) -> Vec<Color32> {
    bands(order.size, order.ground, |top, pixels| {
        Band::new(order, top, pixels).draw();
    })
}

/// Some rows of the whole.
struct Band<'a> {
    order: &'a Order,
    sheet: Sheet<'a>,
    /// Ordinary lines, what is denied, what is marked.
    layers: [Option<Layer>; 3],
}

const ORDINARY: usize = 0;
const DENIED: usize = 1;
const MARKED: usize = 2;

/// A thread with its ends in pixels.
struct Way {
    a: (f32, f32),
    d: (f32, f32),
    /// The points between which it bends, on the chart; none where it is straight.
    curve: Option<[Point; 4]>,
    look: u32,
    ink: f32,
}

impl<'a> Band<'a> {
    fn new(order: &'a Order, top: usize, pixels: &'a mut [Color32]) -> Self {
        let sheet = Sheet { width: order.size[0], top, pixels };
        Self { order, sheet, layers: [None, None, None] }
    }

    fn draw(mut self) {
        let Drawn { straight, curved, dots, .. } = &*self.order.drawn;
        for thread in straight.iter().chain(curved) {
            self.thread(*thread);
        }
        self.lay_lines();
        let globals = &self.order.globals;
        let place = self.place();
        for [x, y, look, own] in dots {
            let at = place(Point::new(f32::from_bits(*x), f32::from_bits(*y)));
            let dot = Dot { at, look: *look, own: own.to_le_bytes() };
            self.sheet.dot(dot, globals);
        }
    }

    /// From the chart to pixels.
    fn place(&self) -> impl Fn(Point) -> (f32, f32) + use<> {
        let Globals { camera, pixels, .. } = self.order.globals;
        let scale = camera.zoom * pixels;
        let [width, height] = self.order.size.map(|v| v as f32 / 2.0);
        move |p| ((p.x - camera.x) * scale + width, (p.y - camera.y) * scale + height)
    }

    fn layer(&mut self, look: u32) -> &mut Layer {
        let has = |bit: u32| look >> bit & 1 == 1;
        let which = if has(bit::THREAD_SELECTED) || has(bit::THREAD_TARGET) {
            MARKED
        } else if has(bit::THREAD_DENIED) {
            DENIED
        } else {
            ORDINARY
        };
        let Sheet { width, top, pixels } = &self.sheet;
        self.layers[which].get_or_insert_with(|| Layer::new(*width, *top, pixels.len() / *width))
    }

    fn thread(&mut self, [ax, ay, bx, by, spread, look]: [u32; 6]) {
        let globals = &self.order.globals;
        let from = Point::new(f32::from_bits(ax), f32::from_bits(ay));
        let to = Point::new(f32::from_bits(bx), f32::from_bits(by));
        let place = self.place();
        let (a, d) = (place(from), place(to));
        let spread = f32::from_bits(spread);
        let curve = if look >> bit::LOOP & 1 == 1 {
            Some(crate::chart::sketch::loop_of(from, spread))
        } else {
            (spread != 0.0).then(|| crate::chart::curve::bend(from, to, spread))
        };
        // Most lie in another band or out of sight.
        let room = if curve.is_some() { 200.0 * globals.camera.zoom * globals.pixels } else { 4.0 };
        let (top, rows) = (self.sheet.top as f32, self.sheet.pixels.len() / self.sheet.width);
        let bottom = top + rows as f32;
        if a.1.max(d.1) < top - room || a.1.min(d.1) > bottom + room {
            return;
        }
        let half = self.order.size.map(|v| v as f32 / 2.0);
        let outside =
            |p: (f32, f32)| ((p.0 - half[0]).abs() - half[0]).max((p.1 - half[1]).abs() - half[1]);
        let ink = globals.ink_of(look, outside(a).min(outside(d)) / globals.pixels);
        let way = Way { a, d, curve, look, ink };
        if globals.dashed && look & 3 != 0 {
            self.dashed(&way);
        } else {
            let weaker = if globals.dashed { 1.0 } else { weaker(look) };
            let width = globals.width_of(look) * globals.pixels;
            self.along(&way, |layer, from, to| {
                layer.stroke(Stroke { from, to, width, ink: ink * weaker });
            });
        }
        if globals.signs() {
            self.heads(&way);
        }
    }

    /// Calls for the straight pieces of a thread.
    fn along(&mut self, way: &Way, mut piece: impl FnMut(&mut Layer, (f32, f32), (f32, f32))) {
        let place = self.place();
        let layer = self.layer(way.look);
        let Some(curve) = way.curve else {
            piece(layer, way.a, way.d);
            return;
        };
        let mut last = way.a;
        for step in 1..=STEPS {
            let next = place(line_point(&curve, step as f32 / STEPS as f32));
            piece(layer, last, next);
            last = next;
        }
    }

    fn dashed(&mut self, way: &Way) {
        let globals = &self.order.globals;
        let scale = globals.scale() * globals.pixels;
        let (on, off) = if way.look & 3 == 1 { (8.0, 5.0) } else { (2.0, 4.5) };
        let (on, period) = (on * scale, (on + off) * scale);
        let width = globals.width_of(way.look) * globals.pixels;
        let [right, bottom] = self.order.size.map(|v| v as f32);
        let mut before = 0.0;
        self.along(way, |layer, from, to| {
            let (dx, dy) = (to.0 - from.0, to.1 - from.1);
            let length = dx.hypot(dy);
            let at = |s: f32| {
                let t = ((s - before) / length).clamp(0.0, 1.0);
                (from.0 + dx * t, from.1 + dy * t)
            };
            let far = |p: (f32, f32)| before + (p.0 - from.0).hypot(p.1 - from.1);
            if length > 0.0
                && let Some((enter, leave)) =
                    clipped(from, to, (-period, -period), (right + period, bottom + period))
            {
                let mut begin = (far(enter) / period).floor() * period;
                while begin < far(leave) {
                    let end = (begin + on).min(before + length);
                    if end > before {
                        let (from, to) = (at(begin.max(before)), at(end));
                        layer.stroke(Stroke { from, to, width, ink: way.ink });
                    }
                    begin += period;
                }
            }
            before += length;
        });
    }

    /// Heads of arrows, and the cross of what is denied.
    fn heads(&mut self, way: &Way) {
        let globals = &self.order.globals;
        let pixels = globals.pixels;
        let has = |bit: u32| way.look >> bit & 1 == 1;
        let (size, clear) = (10.0 * globals.scale() * pixels, globals.clear() * pixels);
        let place = self.place();
        let straight =
            |t: f32| (way.a.0 + (way.d.0 - way.a.0) * t, way.a.1 + (way.d.1 - way.a.1) * t);
        let at = |t: f32| way.curve.map_or_else(|| straight(t), |c| place(line_point(&c, t)));
        let chord = (way.d.0 - way.a.0).hypot(way.d.1 - way.a.1).max(1e-3);
        let room = chord >= clear * 2.0 + size;
        let ink = way.ink;
        for (wanted, forward) in [(has(bit::ARROW_TO), true), (has(bit::ARROW_FROM), false)] {
            if !wanted || !room {
                continue;
            }
            let t = if forward { 1.0 - clear / chord } else { clear / chord };
            let (tip, behind) = (at(t), at(if forward { t - 0.02 } else { t + 0.02 }));
            let (x, y) = (tip.0 - behind.0, tip.1 - behind.1);
            let length = x.hypot(y).max(1e-6);
            let (x, y) = (x / length * size, y / length * size);
            let (back, side) = ((tip.0 - x, tip.1 - y), (-y * 0.42, x * 0.42));
            let left = (back.0 + side.0, back.1 + side.1);
            let right = (back.0 - side.0, back.1 - side.1);
            self.layer(way.look).triangle([tip, left, right], ink);
        }
        if has(bit::THREAD_DENIED) {
            let middle = at(0.3);
            let arm = 5.0 * globals.scale() * pixels;
            let width = 2.2 * globals.scale() * pixels;
            for turn in [-1.0, 1.0] {
                let from = (middle.0 - arm, middle.1 - arm * turn);
                let to = (middle.0 + arm, middle.1 + arm * turn);
                self.layer(way.look).stroke(Stroke { from, to, width, ink });
            }
        }
    }

    /// Turns what lines cover into colour.
    fn lay_lines(&mut self) {
        let globals = &self.order.globals;
        let colors = [Ink::Line, Ink::Denied, Ink::Marked].map(|ink| globals.ink(ink));
        for (layer, color) in self.layers.iter().zip(colors) {
            let Some(layer) = layer else { continue };
            for (pixel, opacity) in self.sheet.pixels.iter_mut().zip(&layer.opacity) {
                if *opacity > 0 {
                    Sheet::mix(pixel, color, f32::from(*opacity) / 65_535.0);
                }
            }
        }
    }
}

/// How much paler a thread is for its strength where dashes do not show it.
fn weaker(look: u32) -> f32 {
    match look & 3 {
        0 => 1.0,
        1 => 0.85,
        _ => 0.7,
    }
}

/// Into how many straight pieces a curve is cut.
const STEPS: u8 = 12;
