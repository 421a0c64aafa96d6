//! Names with their rims, written once into one texture, where a program stands in for a graphics
//! processor: in each frame egui's shader would take a third of the whole for their letters, each
//! of which is written several times for its rim.

use std::{collections::HashMap, sync::Arc};

use egui::{
    Color32, ColorImage, Context, FontFamily, FontId, Galley, Mesh, Painter, Pos2, Rect, Shape,
    TextureHandle, TextureOptions, Vec2,
};

use super::triangles::{self, Tessellation};
use crate::app::canvas::near::shapes;

/// The sides of the sheet, in pixels for each pixel of a point.
const SIDE: usize = 1_024;
/// How much room there is around a name for its rim, in pixels.
const ROOM: f32 = 3.0;

/// A name to be written.
pub(in crate::app::canvas) struct Writing<'a> {
    pub text: &'a str,
    pub font: &'a FontId,
    pub galley: Arc<Galley>,
    /// Where egui would write it.
    pub at: Pos2,
    pub ink: Color32,
    /// How far it has appeared, 0 to 1.
    pub come: f32,
}

impl Writing<'_> {
    fn key(&self) -> Key {
        (self.text.to_owned(), self.font.family.clone(), self.ink)
    }

    /// Writes it with egui.
    pub(in crate::app::canvas) fn paint(&self, painter: &Painter, rim: &[Vec2], ground: Color32) {
        self.write(painter, self.at, rim, (ground, self.ink), self.come);
    }

    fn write(
        &self,
        painter: &Painter,
        at: Pos2,
        rim: &[Vec2],
        (ground, ink): (Color32, Color32),
        come: f32,
    ) {
        let write = |by: Vec2, ink: Color32| {
            let ink = ink.gamma_multiply(come);
            painter.galley_with_override_text_color(at + by, Arc::clone(&self.galley), ink);
        };
        // A rim of ground, so that it can be read over whatever lies there.
        for by in rim {
            write(*by, ground);
        }
        write(Vec2::ZERO, ink);
    }
}

type Key = (String, FontFamily, Color32);

/// How all names are written.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::app::canvas) struct Hand {
    /// Tells when egui has made its letters anew.
    pub letters: u64,
    pub rim: &'static [Vec2],
    pub ground: Color32,
    /// Pixels for a point.
    pub pixels: f32,
}

/// The sheet, and where on it each name is.
#[derive(Default)]
pub(in crate::app::canvas) struct Sheet {
    texture: Option<TextureHandle>,
    hand: Option<Hand>,
    /// The place of a name on the sheet: its corner and size, in pixels.
    places: HashMap<Key, ([usize; 2], [usize; 2])>,
    /// Where the next name comes, and how high the names beside it are.
    next: [usize; 2],
    height: usize,
}

impl Sheet {
    /// Paints names.
    pub(in crate::app::canvas) fn paint(
        &mut self,
        painter: &Painter,
        hand: Hand,
        names: &[Writing<'_>],
    ) {
        let scale = hand.pixels;
        let side = SIDE * scale.ceil().max(1.0) as usize;
        if self.hand.as_ref() != Some(&hand) {
            *self = Self { hand: Some(hand.clone()), ..Self::default() };
        }
        let new = self.place(names, scale, side).or_else(|| {
            // The sheet is full: from now on it has those that are seen.
            self.places.clear();
            (self.next, self.height) = ([0; 2], 0);
            self.place(names, scale, side)
        });
        if let Some(new) = new.filter(|new| !new.is_empty()) {
            self.write(painter.ctx(), &hand, &new, side);
        }
        let Some(texture) = &self.texture else { return };
        let mut mesh = Mesh::with_texture(texture.id());
        for name in names {
            let Some((corner, size)) = self.places.get(&name.key()) else { continue };
            let [corner, size] = [corner, size].map(|[x, y]| Vec2::new(*x as f32, *y as f32));
            let at = ((name.at.to_vec2() * scale).round() - begin(&name.galley, scale)) / scale;
            let uv = Rect::from_min_size((corner / side as f32).to_pos2(), size / side as f32);
            let tint = Color32::WHITE.gamma_multiply(name.come);
            mesh.add_rect_with_uv(Rect::from_min_size(at.to_pos2(), size / scale), uv, tint);
        }
        painter.add(Shape::mesh(mesh));
    }

    /// Finds places for the names that have none, and returns these; `None` where the sheet has not
    /// enough room.
    fn place<'a>(
        &mut self,
        names: &'a [Writing<'a>],
        scale: f32,
        side: usize,
    ) -> Option<Vec<&'a Writing<'a>>> {
        let mut new = Vec::new();
        for name in names {
            let key = name.key();
            if self.places.contains_key(&key) {
                continue;
            }
            let size = name.galley.rect.size() * scale + Vec2::splat(ROOM * 2.0 + 1.0);
            let size = [size.x, size.y].map(|side| side.ceil() as usize);
            if self.next[0] + size[0] > side {
                self.next = [0, self.next[1] + self.height];
                self.height = 0;
            }
            if size[0] > side || self.next[1] + size[1] > side {
                return None;
            }
            self.places.insert(key, (self.next, size));
            self.next[0] += size[0];
            self.height = self.height.max(size[1]);
            new.push(name);
        }
        Some(new)
    }

    /// Writes names that have got their places.
    fn write(&mut self, ctx: &Context, hand: &Hand, names: &[&Writing<'_>], side: usize) {
        let written: Vec<_> = names
            .iter()
            .map(|name| {
                let at = (begin(&name.galley, hand.pixels) / hand.pixels).to_pos2();
                shapes(ctx, Rect::EVERYTHING, |painter| {
                    name.write(painter, at, hand.rim, (hand.ground, name.ink), 1.0);
                })
            })
            .collect();
        let mut tessellation = Tessellation::now(ctx);
        let texture = self.texture.get_or_insert_with(|| {
            let empty = ColorImage::filled([side, side], Color32::TRANSPARENT);
            ctx.load_texture("names", empty, TextureOptions::NEAREST)
        });
        for (name, shapes) in names.iter().zip(written) {
            let Some((corner, size)) = self.places.get(&name.key()) else { continue };
            let (batches, clear) = (tessellation.batches(shapes, &[]), Color32::TRANSPARENT);
            let pixels = triangles::pixels(batches, Vec2::ZERO, hand.pixels, *size, clear);
            texture.set_partial(*corner, ColorImage::new(*size, pixels), TextureOptions::NEAREST);
        }
    }
}

/// Where a text is written within its place, in pixels.
fn begin(galley: &Galley, scale: f32) -> Vec2 {
    (Vec2::splat(ROOM) - galley.rect.min.to_vec2() * scale).round()
}
