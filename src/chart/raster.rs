//! Paths become pixels.

use vello_cpu::{Pixmap, RenderContext, Resources, color::palette::css::WHITE, kurbo::BezPath};

/// How much of each pixel of an image a filled path covers, 0 to 255, row by row.
pub fn coverage(path: &BezPath, width: u16, height: u16) -> Vec<u8> {
    if width == 0 || height == 0 {
        return Vec::new();
    }
    let mut context = RenderContext::new(width, height);
    context.set_paint(WHITE);
    context.fill_path(path);
    context.flush();
    let mut pixels = Pixmap::new(width, height);
    context.render(&mut pixels, &mut Resources::new());
    pixels.data().iter().map(|pixel| pixel.a).collect()
}
