//! The chart from near: cards, lines and what is written on them, turned into triangles once and
//! moved as a whole while only the place of the view changes.

use std::sync::Arc;

use egui::{
    Color32, FontId, Galley, LayerId, Mesh, Order, Painter, Pos2, Shape, Ui, Vec2,
    epaint::Primitive,
};

use super::{Lens, paint, photos::Photos};
use crate::{
    app::{bidi, theme::Theme},
    chart::{Mode, Picture, Point},
    model::Id,
};

/// The triangles that were made last.
#[derive(Default)]
pub(super) struct Near {
    key: Option<Key>,
    meshes: Vec<Arc<Mesh>>,
    /// The same elsewhere, each with how far it was moved: those of the last frame, which egui may
    /// still hold, and those of the frame before, which are moved on in place.
    moved: [Vec<(Arc<Mesh>, Vec2)>; 2],
    /// A text as egui had laid it out then. Where the texture of letters begins anew, with every
    /// letter elsewhere, egui forgets what was laid out, and this is another one.
    letters: Option<Arc<Galley>>,
    /// Where the chart's origin was on screen, and what was in sight then and a little beyond.
    origin: Pos2,
    window: Option<egui::Rect>,
}

/// What the triangles were made from.
#[derive(PartialEq)]
struct Key {
    picture: u64,
    zoom: f32,
    pixels: f32,
    mode: Mode,
    target: Option<Id>,
    opacity: f32,
    /// The size of the texture that holds the letters: when it grows, they lie elsewhere.
    letters: [u32; 2],
}

impl Near {
    /// Paints a picture; `version` tells it from every other, `opacity` is 0 to 1.
    pub(super) fn paint(
        &mut self,
        ui: &Ui,
        theme: &Theme,
        (picture, version, photos): (&Picture, u64, &Photos),
        lens: &Lens,
        target: Option<Id>,
        opacity: f32,
    ) {
        let ctx = ui.ctx();
        let size = || ctx.fonts(|fonts| fonts.font_image_size().map(|side| side as u32));
        let letters = ctx.fonts_mut(|fonts| {
            fonts.layout_no_wrap("A".into(), FontId::default(), Color32::PLACEHOLDER)
        });
        let key = |letters| Key {
            picture: version,
            zoom: lens.camera.zoom,
            pixels: ctx.pixels_per_point(),
            mode: theme.mode,
            target: target.clone(),
            opacity,
            letters,
        };
        // Whole pixels: between them letters would blur.
        let moved = |from: Pos2| {
            let pixels = ctx.pixels_per_point();
            ((lens.screen(Point::default()) - from) * pixels).round() / pixels
        };
        let same = self.key.as_ref() == Some(&key(size()))
            && self.letters.as_ref().is_some_and(|before| Arc::ptr_eq(before, &letters));
        let holds =
            |window: egui::Rect| window.translate(moved(self.origin)).contains_rect(lens.rect);
        if !same || !self.window.is_some_and(holds) {
            let window = lens.rect.expand2(lens.rect.size() * 0.25);
            self.window = Some(window);
            self.origin = lens.screen(Point::default());
            let shown = (picture, photos);
            self.meshes = meshes(ui, theme, shown, lens, window, target.as_ref(), opacity);
            (self.key, self.letters) = (Some(key(size())), Some(letters));
            self.moved = Default::default();
        }
        let by = moved(self.origin);
        let painter = ui.painter_at(lens.rect);
        if by == Vec2::ZERO {
            for mesh in &self.meshes {
                painter.add(Shape::Mesh(Arc::clone(mesh)));
            }
            return;
        }
        self.moved.swap(0, 1);
        let moved = &mut self.moved[0];
        moved.resize_with(self.meshes.len(), Default::default);
        for (mesh, (copy, at)) in self.meshes.iter().zip(moved) {
            if let Some(copy) = Arc::get_mut(copy).filter(|copy| !copy.is_empty()) {
                copy.translate(by - *at);
            } else {
                let mut new = Mesh::clone(mesh);
                new.translate(by);
                *copy = Arc::new(new);
            }
            *at = by;
            painter.add(Shape::Mesh(Arc::clone(copy)));
        }
    }
}

/// A picture as triangles, as far as it lies in a window.
fn meshes(
    ui: &Ui,
    theme: &Theme,
    picture: (&Picture, &Photos),
    lens: &Lens,
    window: egui::Rect,
    target: Option<&Id>,
    opacity: f32,
) -> Vec<Arc<Mesh>> {
    let ctx = ui.ctx();
    // Painted into a layer that nobody sees, then taken from it.
    let layer = LayerId::new(Order::Background, egui::Id::unique("near"));
    let mut painter = Painter::new(ctx.clone(), layer, window);
    painter.set_opacity(opacity);
    paint::picture(&painter, theme, picture, lens, window, target);
    let mut shapes = Vec::new();
    ctx.graphics_mut(|graphics| {
        let list = std::mem::take(graphics.entry(layer));
        shapes.extend(list.all_entries().cloned());
    });
    bidi::reorder(ctx, &mut shapes);
    let primitives = ctx.tessellate(shapes, ctx.pixels_per_point());
    let mut meshes: Vec<Mesh> = Vec::new();
    for primitive in primitives {
        let Primitive::Mesh(mesh) = primitive.primitive else { continue };
        match meshes.last_mut().filter(|last| last.texture_id == mesh.texture_id) {
            Some(last) => last.append(mesh),
            None => meshes.push(mesh),
        }
    }
    meshes.into_iter().map(Arc::new).collect()
}
