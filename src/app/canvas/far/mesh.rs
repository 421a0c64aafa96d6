//! Dots and threads as egui's own triangles, where there is no graphics processor to shape them.

use std::sync::Arc;

use egui::{Color32, Mesh, Painter, Pos2, Shape, Vec2, epaint::Vertex};

use super::{Drawn, Globals, bit, ink};
use crate::{
    app::{
        canvas::{Lens, paint::faded},
        theme::{Theme, color},
    },
    chart::{Color, Mode, Point, picture::line_point, sketch::loop_of},
};

/// The triangles of what was drawn last, for as long as only the place of the view changes.
#[derive(Default)]
pub(super) struct Kept {
    key: Option<(u64, Mode, Globals)>,
    mesh: Mesh,
    /// Where the chart's origin was on screen.
    origin: Pos2,
}

impl Kept {
    pub(super) fn paint(
        &mut self,
        painter: &Painter,
        drawn: &Drawn,
        globals: &Globals,
        theme: &Theme,
        lens: &Lens,
    ) {
        let anywhere = [0.0, 0.0, globals.camera[2], globals.camera[3]];
        let key = (drawn.version, theme.mode, Globals { camera: anywhere, ..globals.clone() });
        if self.key.as_ref() != Some(&key) {
            self.key = Some(key);
            self.origin = lens.screen(Point::default());
            self.mesh = mesh(drawn, globals, theme, lens);
        }
        let mut mesh = self.mesh.clone();
        mesh.translate(lens.screen(Point::default()) - self.origin);
        painter.add(Shape::Mesh(Arc::new(mesh)));
    }
}

fn mesh(drawn: &Drawn, globals: &Globals, theme: &Theme, lens: &Lens) -> Mesh {
    let mut mesh = Mesh::default();
    let place = |x: u32, y: u32| Point::new(f32::from_bits(x), f32::from_bits(y));
    let [.., pale, opacity] = globals.view;
    for [ax, ay, bx, by, spread, look] in drawn.straight.iter().chain(&drawn.curved).copied() {
        let on = |bit: u32| look >> bit & 1 == 1;
        let (a, b) = (place(ax, ay), place(bx, by));
        let marked = on(bit::THREAD_SELECTED) || on(bit::THREAD_TARGET);
        let strong = if marked { 1.0 } else { pale * [1.0, 0.75, 0.5, 0.5][look as usize & 3] };
        let shade =
            faded(ink(theme, look), on(bit::THREAD_DIMMED)).gamma_multiply(strong * opacity);
        let width = (globals.sizes[3] * if marked { 1.75 } else { 1.0 }).max(0.8);
        let spread = f32::from_bits(spread);
        if on(bit::LOOP) || spread != 0.0 {
            let curve = if on(bit::LOOP) {
                loop_of(a, spread)
            } else {
                crate::chart::picture::bend(a, b, spread)
            };
            let at = |step: u8| lens.screen(line_point(&curve, f32::from(step) / 8.0));
            for step in 0..8 {
                segment(&mut mesh, at(step), at(step + 1), width, shade);
            }
        } else {
            segment(&mut mesh, lens.screen(a), lens.screen(b), width, shade);
        }
    }
    for [x, y, look, own] in drawn.dots.iter().copied() {
        let on = |bit: u32| look >> bit & 1 == 1;
        let important = (look >> bit::IMPORTANCE) as f32 / 255.0;
        let small = globals.sizes[0] * (1.0 + important * globals.signs[2]);
        let radius = small + (globals.sizes[1] / 2.0 - small) * globals.sizes[2];
        let [r, g, b, a] = own.to_le_bytes();
        let hue = match a {
            0 => theme.style.hue(super::group_of(look)),
            _ => Color(r, g, b, a),
        };
        let hue = color(hue);
        let hue = if on(bit::SELECTED) || on(bit::TARGET) { theme.accent } else { hue };
        disc(
            &mut mesh,
            lens.screen(place(x, y)),
            radius,
            faded(hue, on(bit::DIMMED)).gamma_multiply(opacity),
        );
    }
    mesh
}

fn vertex(pos: Pos2, color: Color32) -> Vertex {
    Vertex { pos, uv: egui::epaint::WHITE_UV, color }
}

fn segment(mesh: &mut Mesh, a: Pos2, b: Pos2, width: f32, ink: Color32) {
    let side = (b - a).normalized().rot90() * width * 0.5;
    let first = mesh.vertices.len() as u32;
    mesh.vertices.extend([a + side, a - side, b + side, b - side].map(|p| vertex(p, ink)));
    mesh.add_triangle(first, first + 1, first + 2);
    mesh.add_triangle(first + 1, first + 2, first + 3);
}

fn disc(mesh: &mut Mesh, middle: Pos2, radius: f32, ink: Color32) {
    let corners = if radius > 3.0 { 12 } else { 6 };
    let first = mesh.vertices.len() as u32;
    for n in 0..corners {
        let angle = n as f32 / corners as f32 * std::f32::consts::TAU;
        mesh.vertices.push(vertex(middle + Vec2::angled(angle) * radius, ink));
    }
    for n in 1..corners - 1 {
        mesh.add_triangle(first, first + n, first + n + 1);
    }
}
