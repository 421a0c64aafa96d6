//! The dots of the mini-map as one picture, made anew only when what it shows changes: thousands
//! of small rectangles in every frame would take longer to draw than the chart. While the view
//! moves beyond the chart the picture is shown where it then belongs, and made anew at rest.

use std::ops::RangeInclusive;

use egui::{
    Color32, ColorImage, ImageData, Painter, Pos2, Rect, TextureHandle, TextureOptions, Vec2, pos2,
};

use crate::{
    app::theme::{Theme, color},
    chart::{self, Dot, Mode, Point, Sketch},
};

/// So many show where things are; more would only be painted over each other.
const MOST: usize = 3_000;
/// The usual size of a card.
const CARD: Vec2 = Vec2::new(180.0, 50.0);
/// How opaque a dot is that is not selected.
const OPACITY: f32 = 0.75;

/// How much smaller or larger than it was made the picture is shown while the view moves.
const STRETCH: RangeInclusive<f32> = 0.8..=1.25;

/// The picture, and what it is of.
#[derive(Default)]
pub(super) struct Map {
    key: Option<(u64, Mode, [usize; 2])>,
    /// The part of the chart that the picture was made for, and that of the last frame.
    made_for: chart::Rect,
    last: chart::Rect,
    texture: Option<TextureHandle>,
}

impl Map {
    /// Paints the dots of a sketch; `whole` is the part of the chart that the frame shows.
    pub(super) fn paint(
        &mut self,
        painter: &Painter,
        theme: &Theme,
        (sketch, version): (&Sketch, u64),
        frame: Rect,
        whole: chart::Rect,
    ) {
        let size = frame.size() * painter.ctx().pixels_per_point();
        let size = [size.x, size.y].map(|side| side.round().max(1.0) as usize);
        let scale = |part: chart::Rect| scale(part, frame.size());
        let key = Some((version, theme.mode, size));
        let stretch = scale(whole) / scale(self.made_for);
        let moves = std::mem::replace(&mut self.last, whole) != whole;
        let does = self.made_for == whole || (moves && STRETCH.contains(&stretch));
        if key != self.key || !does {
            let image = ImageData::Color(dots(sketch, theme, whole, size).into());
            let options = TextureOptions::LINEAR;
            if let Some(texture) = &mut self.texture {
                texture.set(image, options);
            } else {
                self.texture = Some(painter.ctx().load_texture("map", image, options));
            }
            (self.key, self.made_for) = (key, whole);
        }
        let Some(texture) = &self.texture else { return };
        let mut place = frame;
        if self.made_for != whole {
            let (made, now) = (self.made_for.center(), whole.center());
            let off = Vec2::new(made.x - now.x, made.y - now.y) * scale(whole);
            place = Rect::from_center_size(frame.center() + off, frame.size() * stretch);
            painter.ctx().request_repaint();
        }
        let all = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
        painter.image(texture.id(), place, all, Color32::WHITE);
    }
}

/// How large a part of the chart is in a picture of this size.
fn scale(part: chart::Rect, size: Vec2) -> f32 {
    (size.x / part.width()).min(size.y / part.height())
}

fn dots(sketch: &Sketch, theme: &Theme, whole: chart::Rect, size: [usize; 2]) -> ColorImage {
    let [width, height] = size;
    let mut image = ColorImage::filled(size, Color32::TRANSPARENT);
    let scale = scale(whole, Vec2::new(width as f32, height as f32));
    let middle = whole.center();
    let to = |p: Point| {
        let off = Vec2::new(p.x - middle.x, p.y - middle.y) * scale;
        pos2(width as f32 / 2.0, height as f32 / 2.0) + off
    };
    let hues: Vec<Color32> = sketch.schemata.iter().map(|schema| theme.hue(schema)).collect();
    let ink = |dot: &Dot| {
        let hue = || hues.get(usize::from(dot.schema)).copied().unwrap_or(theme.weak);
        dot.tint.map_or_else(hue, color).gamma_multiply(OPACITY)
    };
    let card = (CARD * scale).max(Vec2::splat(1.6));
    let step = sketch.dots.len().div_ceil(MOST).max(1);
    for n in sketch.ranking.iter().step_by(step) {
        let dot = &sketch.dots[*n as usize];
        fill(&mut image, Rect::from_center_size(to(dot.at), card), ink(dot));
    }
    for dot in sketch.selected().take(MOST) {
        let room = Rect::from_center_size(to(dot.at), card.max(Vec2::splat(3.0)));
        fill(&mut image, room, theme.accent);
    }
    image
}

/// Lays a colour over a rectangle, over the pixels at its edges in part.
fn fill(image: &mut ColorImage, rect: Rect, ink: Color32) {
    let [width, height] = image.size;
    let range = |from: f32, to: f32, end: usize| {
        from.floor().clamp(0.0, end as f32) as usize..to.ceil().clamp(0.0, end as f32) as usize
    };
    let covered =
        |at: usize, from: f32, to: f32| (to.min(at as f32 + 1.0) - from.max(at as f32)).max(0.0);
    for y in range(rect.top(), rect.bottom(), height) {
        let down = covered(y, rect.top(), rect.bottom());
        for x in range(rect.left(), rect.right(), width) {
            let part = down * covered(x, rect.left(), rect.right());
            let ink = if part < 1.0 { ink.gamma_multiply(part) } else { ink };
            let pixel = &mut image.pixels[y * width + x];
            *pixel = if *pixel == Color32::TRANSPARENT { ink } else { pixel.blend(ink) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rectangle_covers_its_area_and_what_is_outside_is_cut_off() {
        let ink = Color32::from_rgb(200, 0, 0);
        let mut image = ColorImage::filled([20, 20], Color32::TRANSPARENT);
        fill(&mut image, Rect::from_min_max(pos2(3.25, 4.5), pos2(8.5, 6.0)), ink);
        let sum: f32 = image.pixels.iter().map(|p| f32::from(p.a()) / 255.0).sum();
        assert!((sum - 5.25 * 1.5).abs() < 0.1, "{sum}");
        let mut image = ColorImage::filled([20, 20], Color32::TRANSPARENT);
        fill(&mut image, Rect::from_min_max(pos2(-9.0, 18.0), pos2(2.0, 90.0)), ink);
        let sum: f32 = image.pixels.iter().map(|p| f32::from(p.a()) / 255.0).sum();
        assert!((sum - 4.0).abs() < 0.01, "{sum}");
        fill(&mut image, Rect::from_min_max(pos2(f32::NAN, 0.0), pos2(1.0, 1.0)), ink);
    }
}
