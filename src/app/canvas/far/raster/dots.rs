//! Dots, and the tiles with icons that they grow into, as the shader draws them.

use egui::Color32;

use super::super::{FAINT, Globals, Ink, bit, icons};

/// Rows of pixels, from `top` on.
pub(super) struct Sheet<'a> {
    pub width: usize,
    pub top: usize,
    pub pixels: &'a mut [Color32],
}

/// A dot at its place in pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dot {
    pub at: (f32, f32),
    pub look: u32,
    pub own: [u8; 4],
}

impl Sheet<'_> {
    /// Lays a colour over a pixel.
    #[inline]
    pub(super) fn mix(pixel: &mut Color32, color: [f32; 3], opacity: f32) {
        let stays = 1.0 - opacity;
        let [r, g, b, a] = pixel.to_array();
        let (r, g, b, a) = (f32::from(r), f32::from(g), f32::from(b), f32::from(a));
        let over = |below: f32, v: f32| (v * 255.0 * opacity + below * stays + 0.5) as u8;
        *pixel = Color32::from_rgba_premultiplied(
            over(r, color[0]),
            over(g, color[1]),
            over(b, color[2]),
            over(a, 1.0),
        );
    }

    /// Calls for the pixels around a place, each with how far its middle is from there.
    fn around(
        &mut self,
        at: (f32, f32),
        reach: f32,
        mut paint: impl FnMut(&mut Color32, f32, f32),
    ) {
        let rows = self.pixels.len() / self.width;
        let first = |v: f32| (v - reach).floor().max(0.0) as usize;
        let last = |v: f32, end: usize| ((v + reach).ceil().max(0.0) as usize).min(end);
        let columns = first(at.0)..last(at.0, self.width);
        for y in first(at.1).max(self.top)..last(at.1, self.top + rows) {
            let row = (y - self.top) * self.width;
            for x in columns.clone() {
                let pixel = &mut self.pixels[row + x];
                paint(pixel, x as f32 + 0.5 - at.0, y as f32 + 0.5 - at.1);
            }
        }
    }

    /// Draws a dot.
    pub(super) fn dot(&mut self, dot: Dot, globals: &Globals) {
        let pixels = globals.pixels;
        let half = globals.half_side(dot.look) * pixels;
        let has = |bit: u32| dot.look >> bit & 1 == 1;
        let faint = if has(bit::DIMMED) { FAINT } else { 1.0 };
        let hue = globals.hue_of(dot.look, dot.own);
        let marked = has(bit::SELECTED) || has(bit::TARGET);
        if globals.morph() == 0.0 && half < 2.2 * pixels && !has(bit::DENIED) {
            let color = if marked { globals.ink(Ink::Select) } else { hue };
            // Smaller than a pixel is paler than a pixel.
            let shown = half.max(LEAST);
            let opacity = faint * (half / shown).powi(2);
            self.around(dot.at, shown + 0.5, |pixel, x, y| {
                let covered = (shown + 0.5 - x.hypot(y)).clamp(0.0, 1.0);
                if covered > 0.0 {
                    Self::mix(pixel, color, covered * opacity);
                }
            });
            return;
        }
        self.tile(dot, half, globals);
    }

    /// Draws one that is large enough to have an edge, and perhaps an icon.
    fn tile(&mut self, dot: Dot, half: f32, globals: &Globals) {
        let (pixels, morph) = (globals.pixels, globals.morph());
        let has = |bit: u32| dot.look >> bit & 1 == 1;
        let hue = globals.hue_of(dot.look, dot.own);
        let faint = if has(bit::DIMMED) { FAINT } else { 1.0 };
        let marked = has(bit::SELECTED) || has(bit::TARGET);
        let mut inner = blend(hue, globals.tile_of(dot.look, dot.own), morph);
        let mut edge =
            blend(blend(hue, globals.ink(Ink::Ground), 0.35), globals.ink(Ink::Edge), morph);
        let mut border = blend_one(0.7, 1.2, morph);
        if half < 2.2 * pixels {
            edge = hue;
        }
        // A group is a ring around a dot.
        let ringed = has(bit::GROUP) && half > 2.5 * pixels;
        if ringed {
            edge = hue;
            border = 1.6;
        }
        if has(bit::DENIED) {
            edge = globals.ink(Ink::Denied);
        }
        if marked {
            inner = blend(globals.ink(Ink::Select), inner, morph);
            edge = globals.ink(Ink::Select);
            border = 2.4;
        }
        let border = border * pixels;
        let radius = half * blend_one(1.0, 0.48, morph);
        let cell = (dot.look >> 4 & 63) as usize;
        let side = half * 1.36;
        self.around(dot.at, half + 1.0, |pixel, x, y| {
            let d = (x.abs() - (half - radius), y.abs() - (half - radius));
            let outside = d.0.max(0.0).hypot(d.1.max(0.0));
            let distance = outside + d.0.max(d.1).min(0.0) - radius;
            let covered = (0.5 - distance).clamp(0.0, 1.0);
            if covered == 0.0 {
                return;
            }
            let on_edge = (0.5 + distance + border).clamp(0.0, 1.0);
            let mut color = blend(inner, edge, on_edge);
            if ringed {
                let gap = (1.5 - (distance + border + 1.6 * pixels).abs()).clamp(0.0, 1.0);
                color = blend(color, globals.ink(Ink::Ground), gap);
            }
            if morph > 0.0 {
                let within = |v: f32| v / side * 0.5 + 0.5;
                let ink = icons::ink(cell, within(x), within(y)) * morph * (1.0 - on_edge);
                color = blend(color, hue, ink);
            }
            Self::mix(pixel, color, covered * faint);
        });
    }
}

/// The radius in pixels below which a dot only gets paler.
pub(super) const LEAST: f32 = 0.8;

#[inline]
fn blend_one(a: f32, b: f32, t: f32) -> f32 {
    a + (b - a) * t
}

#[inline]
fn blend(a: [f32; 3], b: [f32; 3], t: f32) -> [f32; 3] {
    [blend_one(a[0], b[0], t), blend_one(a[1], b[1], t), blend_one(a[2], b[2], t)]
}
