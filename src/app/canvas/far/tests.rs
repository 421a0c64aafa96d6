//! The shader and the processor draw the same chart.

use egui_kittest::{
    Harness,
    wgpu::{WgpuTestRenderer, create_render_state, default_wgpu_setup},
};

use super::*;
use crate::chart::Mode;

const SIDE: f32 = 320.0;

/// Three hundred dots in a few rows, some of them marked, dimmed, denied or of a colour of their
/// own, with straight, bent and dashed threads between them.
fn scenery() -> Drawn {
    let place = |n: u32| ((n % 20) as f32 * 60.0 - 570.0, (n / 20) as f32 * 80.0 - 560.0);
    let mut drawn = Drawn { version: 7, cover: 0.01, ..Drawn::default() };
    for n in 0..300_u32 {
        let (x, y) = place(n);
        let signs = match n % 11 {
            3 => 1 << bit::SELECTED,
            5 => 1 << bit::DIMMED,
            7 => 1 << bit::DENIED,
            _ => 0,
        };
        let shown = (n % 9) | ((n % 14) << 4) | signs;
        let look = shown | (84 << bit::ROOM) | ((n % 50) << bit::IMPORTANCE);
        let own = if n % 13 == 0 { u32::from_le_bytes([20, 160, 90, 255]) } else { 0 };
        drawn.dots.push([x.to_bits(), y.to_bits(), look, own]);
        let (to_x, to_y) = place((n * 7 + 1) % 300);
        let ends = [x, y, to_x, to_y].map(f32::to_bits);
        let signs = match n % 10 {
            1 => 1 << bit::THREAD_SELECTED,
            4 => 1 << bit::THREAD_DENIED,
            6 => 1 << bit::THREAD_DIMMED,
            8 => 1 << bit::THREAD_THIN,
            _ => 1 << bit::ARROW_TO,
        };
        let look = (n % 3) | signs | ((60 + n % 190) << bit::SHARE);
        let spread = if n % 4 == 0 { 1.0_f32 } else { 0.0 };
        let list = if n % 4 == 0 { &mut drawn.curved } else { &mut drawn.straight };
        list.push([ends[0], ends[1], ends[2], ends[3], spread.to_bits(), look]);
    }
    drawn
}

/// The pixels of a chart, or none where no adapter can draw.
fn picture(graphics: Graphics, mode: Mode, zoom: f32) -> Option<Vec<[u8; 4]>> {
    if !crate::need::adapter() {
        return None;
    }
    let options = egui_wgpu::RendererOptions::PREDICTABLE;
    let state = create_render_state(default_wgpu_setup(), options);
    let renderer = WgpuTestRenderer::from_render_state(state.clone());
    gpu::install(&state);
    let mut far = Far { drawn: Arc::new(scenery()), ..Far::with(graphics) };
    let mut harness = Harness::builder()
        .with_size(egui::Vec2::splat(SIDE))
        .renderer(renderer)
        .build_ui(move |ui| {
            let rect = ui.ctx().content_rect();
            let lens = Lens { rect, camera: Camera { x: 3.0, y: -4.0, zoom } };
            let mut all = ui.new_child(egui::UiBuilder::new().max_rect(rect));
            all.set_clip_rect(rect);
            far.paint(&all, &Theme::of(mode), &lens, 1.0);
        });
    harness.run_steps(3);
    let image = harness.render().expect("a picture");
    Some(image.pixels().map(|pixel| pixel.0).collect())
}

/// How far two pictures differ, of 255: on the whole, and in the square that differs most.
fn difference(a: &[[u8; 4]], b: &[[u8; 4]]) -> (f32, f32) {
    const SQUARE: usize = 16;
    let side = SIDE as usize;
    let mut sums = vec![0_i32; (side / SQUARE).pow(2) * 3];
    for (at, (a, b)) in a.iter().zip(b).enumerate() {
        let square = at / side / SQUARE * (side / SQUARE) + at % side / SQUARE;
        for channel in 0..3 {
            sums[square * 3 + channel] += i32::from(a[channel]) - i32::from(b[channel]);
        }
    }
    let each = sums.iter().map(|sum| sum.abs() as f32 / (SQUARE * SQUARE) as f32);
    (each.clone().sum::<f32>() / sums.len() as f32, each.fold(0.0, f32::max))
}

#[test]
fn the_processor_draws_what_the_shader_draws() {
    for mode in [Mode::Light, Mode::Dark] {
        for zoom in [0.05, 0.12, 0.3] {
            let Some(shader) = picture(Graphics::Hardware, mode, zoom) else { return };
            let ground = Theme::of(mode).style.ground;
            let inked = shader.iter().filter(|p| p[0].abs_diff(ground.0) > 12).count();
            assert!(inked > 900, "{mode:?} {zoom}: {inked} pixels are drawn");
            for graphics in [Graphics::Software, Graphics::None] {
                let Some(ours) = picture(graphics, mode, zoom) else { return };
                let (whole, worst) = difference(&shader, &ours);
                assert!(
                    whole < 1.5 && worst < 14.0,
                    "{graphics:?} {mode:?} {zoom}: {whole} on the whole, {worst} at worst"
                );
            }
        }
    }
}
