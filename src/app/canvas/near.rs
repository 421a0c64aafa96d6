//! The chart from near: cards, lines and what is written on them, turned into triangles once and
//! moved as a whole while only the place of the view changes. Where a program stands in for a
//! graphics processor, which takes a third of a second for the triangles of a thousand cards, the
//! processor turns them into a picture that is kept.

use std::{sync::Arc, time::Duration};

use eframe::egui_wgpu;
use egui::{
    ColorImage, Context, LayerId, Mesh, Order, Painter, Pos2, Rect, Shape, TextureId, Ui, Vec2,
    epaint::{ClippedShape, Primitive},
};

use super::{
    Graphics, Lens,
    letters::Letters,
    paint,
    photos::Photos,
    plate::{
        self, Job, Plate, Subject, lay,
        triangles::{self, Tessellation},
    },
};
use crate::{
    app::{
        bidi,
        theme::{Theme, color},
    },
    chart::{Mode, Picture, Point},
    model::Id,
};

/// How long a frame waits for the picture of cards that have changed: what is seen is never of
/// before. Without one after that time, egui's shader paints.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is painted.
pub(super) struct Cards<'a> {
    pub(super) picture: &'a Picture,
    /// Tells the picture from every other.
    pub(super) version: u64,
    /// Tells what the picture shows from everything else that could be shown. The same from every
    /// distance.
    pub(super) content: [u64; 2],
    pub(super) photos: &'a Photos,
    /// What the pointer is over, where that is shown.
    pub(super) target: Option<Id>,
    /// The view, and that of the picture.
    pub(super) lens: &'a Lens,
    pub(super) near: &'a Lens,
}

/// The triangles that were made last.
#[derive(Default)]
pub(super) struct Near {
    plate: Plate<Kept>,
    letters: Letters,
    /// With which letters texts are written in this frame.
    written: u64,
    key: Option<Key>,
    meshes: Vec<Arc<Mesh>>,
    /// The same elsewhere, each with how far it was moved: those of the last frame, which egui may
    /// still hold, and those of the frame before, which are moved on in place.
    moved: [Vec<(Arc<Mesh>, Vec2)>; 2],
    /// Where the chart's origin was on screen, and what was in sight then and a little beyond.
    origin: Pos2,
    window: Option<Rect>,
}

/// What a kept picture depends on.
#[derive(Clone, Debug, PartialEq)]
struct Kept {
    /// What must be seen at once when it changes.
    content: Content,
    /// See [`Cards::version`]: cards stand closer together from further away.
    picture: u64,
}

impl Subject for Kept {
    const IN_HASTE: bool = true;

    fn shows_same(&self, other: &Self) -> bool {
        self.content == other.content
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Content {
    cards: [u64; 2],
    written: u64,
    mode: Mode,
    target: Option<Id>,
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
    written: u64,
}

impl Near {
    /// Waits for no picture: nothing is painted from near for now.
    pub(super) fn rest(&mut self) {
        self.plate.rest();
    }

    /// Whether all that is painted is as sharp as it gets.
    pub(super) fn is_settled(&self) -> bool {
        self.plate.is_settled()
    }

    /// Paints cards; `opacity` is 0 to 1. Whole, they bring the ground with them.
    pub(super) fn paint(
        &mut self,
        ui: &Ui,
        theme: &Theme,
        cards: &Cards<'_>,
        graphics: Graphics,
        opacity: f32,
    ) {
        self.written = self.letters.number(ui.ctx());
        let painter = ui.painter_at(cards.lens.rect);
        if graphics == Graphics::Software
            && let Some(callback) = self.kept(ui, theme, cards, opacity)
        {
            let rect = cards.lens.rect;
            painter.add(egui_wgpu::Callback::new_paint_callback(rect, callback));
            return;
        }
        if opacity == 1.0 {
            paint::ground(&painter, theme, cards.lens);
        }
        self.triangles(ui, theme, cards, opacity);
    }

    /// What paints the picture that is kept, where there is one of these cards.
    fn kept(
        &mut self,
        ui: &Ui,
        theme: &Theme,
        cards: &Cards<'_>,
        opacity: f32,
    ) -> Option<lay::Callback> {
        let ctx = ui.ctx();
        let kept = Kept {
            content: Content {
                cards: cards.content,
                written: self.written,
                mode: theme.mode,
                target: cards.target.clone(),
            },
            picture: cards.version,
        };
        let job = |wanted: &plate::Shown<Kept>| job(ui, theme, cards, wanted);
        self.plate.prepare(ctx, &kept, cards.lens, Some(PATIENCE), job);
        if !self.plate.shows(&kept) {
            return None;
        }
        let (pixels, ground) = (ctx.pixels_per_point(), theme.style.ground);
        self.plate.callback(lay::Slot::Near, cards.lens, pixels, ground, opacity)
    }

    /// Paints cards with egui's shader.
    fn triangles(&mut self, ui: &Ui, theme: &Theme, cards: &Cards<'_>, opacity: f32) {
        let (ctx, lens) = (ui.ctx(), cards.near);
        let size = || ctx.fonts(|fonts| fonts.font_image_size().map(|side| side as u32));
        let written = self.written;
        let key = |letters| Key {
            picture: cards.version,
            zoom: lens.camera.zoom,
            pixels: ctx.pixels_per_point(),
            mode: theme.mode,
            target: cards.target.clone(),
            opacity,
            letters,
            written,
        };
        // Whole pixels: between them letters would blur.
        let moved = |from: Pos2| {
            let pixels = ctx.pixels_per_point();
            ((lens.screen(Point::default()) - from) * pixels).round() / pixels
        };
        let same = self.key.as_ref() == Some(&key(size()));
        let holds = |window: Rect| window.translate(moved(self.origin)).contains_rect(lens.rect);
        if !same || !self.window.is_some_and(holds) {
            let window = lens.rect.expand2(lens.rect.size() * 0.25);
            self.window = Some(window);
            self.origin = lens.screen(Point::default());
            self.meshes = meshes(ui, theme, cards, window, opacity);
            self.key = Some(key(size()));
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

/// What turns cards into the pixels of a picture.
fn job(ui: &Ui, theme: &Theme, cards: &Cards<'_>, wanted: &plate::Shown<Kept>) -> Job {
    let ctx = ui.ctx();
    let (scale, size, corner) = (wanted.pixels, wanted.size, wanted.corner(cards.lens));
    let [width, height] = size.map(|side| side as f32);
    let window = Rect::from_min_size((corner / scale).to_pos2(), Vec2::new(width, height) / scale);
    let shapes = shapes(ctx, window, |painter| {
        paint::grid(painter, theme, cards.lens, window);
        paint::picture(painter, theme, cards, window);
    });
    let ground = color(theme.style.ground);
    let mut tessellation = Tessellation::now(ctx);
    let photos: Vec<(TextureId, Arc<ColorImage>)> =
        cards.photos.values().map(|photo| (photo.texture.id(), Arc::clone(&photo.image))).collect();
    Box::new(move || {
        triangles::pixels(tessellation.batches(shapes, &photos), corner, scale, size, ground)
    })
}

/// Cards as triangles, as far as they lie in a window.
fn meshes(ui: &Ui, theme: &Theme, cards: &Cards<'_>, window: Rect, opacity: f32) -> Vec<Arc<Mesh>> {
    let ctx = ui.ctx();
    let shapes = shapes(ctx, window, |painter| {
        painter.set_opacity(opacity);
        paint::picture(painter, theme, cards, window);
    });
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

/// The shapes that are painted in a window, which do not reach the screen.
pub(super) fn shapes(
    ctx: &Context,
    window: Rect,
    paint: impl FnOnce(&mut Painter),
) -> Vec<ClippedShape> {
    // Painted into a layer that nobody sees, then taken from it.
    let layer = LayerId::new(Order::Background, egui::Id::unique("near"));
    let mut painter = Painter::new(ctx.clone(), layer, window);
    paint(&mut painter);
    let mut shapes = Vec::new();
    ctx.graphics_mut(|graphics| {
        let list = std::mem::take(graphics.entry(layer));
        shapes.extend(list.all_entries().cloned());
    });
    bidi::reorder(ctx, &mut shapes);
    shapes
}
