//! The processor turns triangles into the pixels that egui's shader makes of them.

use std::sync::Arc;

use eframe::egui_wgpu::RendererOptions;
use egui::{
    Color32, ColorImage, FontId, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, TextureId,
    TextureOptions, Vec2,
    epaint::{ClippedShape, RectShape, Vertex},
    pos2, vec2,
};
use egui_kittest::{
    Harness,
    wgpu::{WgpuTestRenderer, create_render_state, default_wgpu_setup},
};

use super::triangles::{Batch, Tessellation, pixels};

const SIDE: f32 = 200.0;

fn plain(corners: &[[f32; 2]], color: Color32) -> Vec<Vertex> {
    corners.iter().map(|[x, y]| Vertex::untextured(pos2(*x, *y), color)).collect()
}

fn batch(vertices: Vec<Vertex>, indices: Vec<u32>) -> Batch {
    let mesh = egui::Mesh { indices, vertices, texture_id: TextureId::default() };
    Batch { mesh, image: Arc::new(ColorImage::filled([1, 1], Color32::WHITE)) }
}

#[test]
fn triangles_with_a_common_side_share_no_pixel_and_leave_none() {
    // A fan around a place that is no corner of a pixel, of a colour that shows twice as darker.
    let middle = [31.3, 28.7];
    let rim: Vec<[f32; 2]> = (0..11)
        .map(|n| {
            let (sin, cos) = (n as f32 / 11.0 * std::f32::consts::TAU).sin_cos();
            [32.0 + 90.0 * cos, 32.0 + 90.0 * sin]
        })
        .collect();
    let mut corners = vec![middle];
    corners.extend(&rim);
    let indices = (0..11).flat_map(|n| [0, 1 + n, 1 + (n + 1) % 11]).collect();
    let half = Color32::from_black_alpha(100);
    let all = pixels(
        vec![batch(plain(&corners, half), indices)],
        Vec2::ZERO,
        1.0,
        [64, 64],
        Color32::WHITE,
    );
    let once = all[0];
    assert_ne!(once, Color32::WHITE);
    let other = all.iter().filter(|pixel| **pixel != once).count();
    assert_eq!(other, 0, "pixels that are covered twice or not at all");
}

#[test]
fn what_lies_beyond_the_picture_is_left_out() {
    let corners = [[-500.0, -20.0], [900.0, -300.0], [40.0, 700.0], [-9.0, 1e7]];
    let all = pixels(
        vec![batch(plain(&corners, Color32::RED), vec![0, 1, 2, 1, 2, 3])],
        vec2(-3.0, 8.0),
        1.5,
        [50, 30],
        Color32::BLUE,
    );
    assert_eq!(all.len(), 1_500);
    assert!(pixels(Vec::new(), Vec2::ZERO, 1.0, [0, 9], Color32::BLUE).is_empty());
}

/// Cards, letters, lines, a photo that is turned into round corners.
fn paint(painter: &Painter, photo: TextureId) {
    let ink = Color32::from_rgb(40, 70, 160);
    for n in 0..4_u8 {
        let at = pos2(8.3 + f32::from(n) * 44.0, 12.6 + f32::from(n) * 9.2);
        let card = Rect::from_min_size(at, vec2(78.0, 27.4));
        painter.rect_filled(card, 6.5, Color32::from_rgb(250, 248, 240));
        painter.rect_stroke(card, 6.5, Stroke::new(1.3, ink), StrokeKind::Middle);
        let font = FontId::proportional(10.25 + f32::from(n));
        painter.text(at + vec2(9.0, 6.0), egui::Align2::LEFT_TOP, "Harbour, quick", font, ink);
    }
    painter.line_segment([pos2(3.0, 190.0), pos2(180.0, 90.0)], Stroke::new(1.7, ink));
    painter.extend(Shape::dashed_line(
        &[pos2(10.0, 90.0), pos2(150.0, 180.0), pos2(190.0, 120.0)],
        Stroke::new(2.0, Color32::from_rgba_unmultiplied(200, 30, 30, 120)),
        6.0,
        4.0,
    ));
    let corners = vec![pos2(60.0, 150.0), pos2(90.0, 158.0), pos2(66.0, 181.0)];
    painter.add(Shape::convex_polygon(corners, ink, Stroke::NONE));
    let place = Rect::from_min_size(pos2(120.4, 140.7), vec2(41.0, 37.0));
    let whole = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
    let round = RectShape::filled(place, 7.0, Color32::from_white_alpha(200));
    painter.add(round.with_texture(photo, whole));
}

#[test]
fn the_processor_paints_what_egui_paints() {
    if !crate::need::adapter() {
        return;
    }
    let ground = Color32::from_rgb(236, 238, 242);
    for scale in [1.0_f32, 1.3] {
        let options = RendererOptions { dithering: false, ..RendererOptions::PREDICTABLE };
        let state = create_render_state(default_wgpu_setup(), options);
        let photo = Arc::new(ColorImage::new(
            [16, 16],
            (0..=255).map(|n| Color32::from_rgb(n, 255 - n, (n % 16) * 16)).collect(),
        ));
        let (send, made) = std::sync::mpsc::channel();
        let image = Arc::clone(&photo);
        let mut texture = None;
        let mut harness = Harness::builder()
            .with_size(Vec2::splat(SIDE))
            .with_pixels_per_point(scale)
            .renderer(WgpuTestRenderer::from_render_state(state))
            .build_ui(move |ui| {
                let ctx = ui.ctx().clone();
                let load = || ctx.load_texture("photo", Arc::clone(&image), TextureOptions::LINEAR);
                let id = texture.get_or_insert_with(load).id();
                let whole = ctx.content_rect();
                let painter = ui.painter().with_clip_rect(whole);
                painter.rect_filled(whole, 0.0, ground);
                paint(&painter, id);
                let layer = egui::LayerId::new(egui::Order::Background, egui::Id::unique("own"));
                paint(&Painter::new(ctx.clone(), layer, whole), id);
                let shapes: Vec<ClippedShape> = ctx.graphics_mut(|graphics| {
                    std::mem::take(graphics.entry(layer)).all_entries().cloned().collect()
                });
                send.send((shapes, Tessellation::now(&ctx), id)).ok();
            });
        harness.run_steps(3);
        let theirs = harness.render().expect("a picture");
        let (shapes, mut tessellation, id) = made.try_iter().last().expect("a frame");
        let batches = tessellation.batches(shapes, &[(id, photo)]);
        let size = [theirs.width() as usize, theirs.height() as usize];
        let ours = pixels(batches, Vec2::ZERO, scale, size, ground);
        let off = |(a, b): (&Color32, &image::Rgba<u8>)| {
            a.to_array().iter().zip(b.0).map(|(a, b)| a.abs_diff(b)).max().unwrap_or(0)
        };
        let all: Vec<u8> = ours.iter().zip(theirs.pixels()).map(off).collect();
        let worst = all.iter().filter(|off| **off > 3).count();
        assert!(worst <= 12, "at {scale}: {worst} pixels differ");
        let inked = ours.iter().filter(|pixel| **pixel != ground).count();
        assert!(inked > 5_000, "{inked} pixels are painted");
    }
}
