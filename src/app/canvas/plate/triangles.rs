//! egui's triangles turned into pixels by the processor, as a graphics processor would: a pixel
//! belongs to a triangle that holds its middle, colours are mixed as they are stored, and letters
//! are taken from the same texture.

use std::sync::Arc;

use egui::{
    Color32, ColorImage, Context, Mesh, Pos2, TextureId, Vec2,
    epaint::{ClippedShape, Primitive, Tessellator, Vertex},
    pos2,
};

use super::bands::bands;

/// Triangles that take their colours from one image.
pub(in crate::app::canvas) struct Batch {
    pub mesh: Mesh,
    pub image: Arc<ColorImage>,
}

/// Turns shapes into triangles, on any thread, with the letters that are laid out now.
pub(in crate::app::canvas) struct Tessellation {
    tessellator: Tessellator,
    letters: Arc<ColorImage>,
}

impl Tessellation {
    pub(in crate::app::canvas) fn now(ctx: &Context) -> Self {
        let letters = Arc::new(ctx.fonts_mut(|fonts| fonts.image()));
        let options = ctx.tessellation_options(|options| *options);
        let scale = ctx.pixels_per_point();
        Self { tessellator: Tessellator::new(scale, options, letters.size, Vec::new()), letters }
    }

    /// Returns the triangles of shapes, with the images of the textures that they have beside
    /// letters.
    pub(in crate::app::canvas) fn batches(
        &mut self,
        shapes: Vec<ClippedShape>,
        images: &[(TextureId, Arc<ColorImage>)],
    ) -> Vec<Batch> {
        let primitives = self.tessellator.tessellate_shapes(shapes).into_iter();
        let batches = primitives.filter_map(|clipped| {
            let Primitive::Mesh(mesh) = clipped.primitive else { return None };
            let image = images.iter().find(|(id, _)| *id == mesh.texture_id);
            let image = Arc::clone(image.map_or(&self.letters, |(_, image)| image));
            Some(Batch { mesh, image })
        });
        batches.collect()
    }
}

/// Returns the pixels of triangles over a ground, row by row. `corner` is where the picture begins,
/// in pixels of the screen; `scale` is pixels for a point.
pub(in crate::app::canvas) fn pixels(
    mut batches: Vec<Batch>,
    corner: Vec2,
    scale: f32,
    size: [usize; 2],
    ground: Color32,
) -> Vec<Color32> {
    for Batch { mesh, image } in &mut batches {
        let [width, height] = image.size.map(|side| side as f32);
        for vertex in &mut mesh.vertices {
            // As fine as graphics processors take places.
            let snapped = |v: f32| (v * 256.0).round() / 256.0;
            let at = vertex.pos.to_vec2() * scale - corner;
            vertex.pos = pos2(snapped(at.x), snapped(at.y));
            vertex.uv = pos2(vertex.uv.x * width, vertex.uv.y * height);
        }
    }
    bands(size, ground, |top, pixels| {
        let mut band = Band::new(size[0], top, pixels);
        for batch in &batches {
            band.draw(batch);
        }
    })
}

/// Some rows of the picture.
struct Band<'a> {
    width: usize,
    /// The first row, and the one behind the last.
    top: usize,
    bottom: usize,
    pixels: &'a mut [Color32],
}

impl<'a> Band<'a> {
    fn new(width: usize, top: usize, pixels: &'a mut [Color32]) -> Self {
        Self { width, top, bottom: top + pixels.len() / width, pixels }
    }

    fn draw(&mut self, batch: &Batch) {
        let Batch { mesh, image } = batch;
        let mut rest = mesh.indices.as_slice();
        while let [a, b, c, after @ ..] = rest {
            let corner = |index: &u32| &mesh.vertices[*index as usize];
            if let [d, e, f, beyond @ ..] = after
                && (c, b) == (d, e)
                && let Some(quad) = Quad::of([corner(a), corner(b), corner(c), corner(f)])
            {
                self.quad(&quad, image);
                rest = beyond;
            } else {
                self.triangle([corner(a), corner(b), corner(c)], image);
                rest = after;
            }
        }
    }

    /// The rows of the band, and the columns, of which the middle lies between two places.
    fn rows(&self, from: f32, to: f32) -> std::ops::Range<usize> {
        first(from).max(self.top)..first(to).min(self.bottom)
    }

    fn columns(&self, from: f32, to: f32) -> std::ops::Range<usize> {
        first(from)..first(to).min(self.width)
    }

    fn row(&mut self, y: usize, columns: std::ops::Range<usize>) -> &mut [Color32] {
        let begin = (y - self.top) * self.width;
        &mut self.pixels[begin + columns.start..begin + columns.end]
    }

    fn quad(&mut self, quad: &Quad, image: &ColorImage) {
        let columns = self.columns(quad.min.x, quad.max.x);
        if columns.is_empty() {
            return;
        }
        let (min, step) = (quad.texel, quad.step);
        let at = |x: usize, y: usize| {
            let (dx, dy) = (x as f32 + 0.5 - quad.min.x, y as f32 + 0.5 - quad.min.y);
            pos2(min.x + dx * step.x, min.y + dy * step.y)
        };
        let whole = |v: f32| (v - v.round()).abs() < 0.02;
        for y in self.rows(quad.min.y, quad.max.y) {
            let row = self.row(y, columns.clone());
            if quad.is_plain {
                plain(row, quad.color);
                continue;
            }
            let begin = at(columns.start, y) - Vec2::splat(0.5);
            // A letter lies on whole pixels, each of which is one of the texture.
            let is_letter = whole(begin.x)
                && whole(begin.y)
                && (step.x - 1.0).abs() < 1e-3
                && (step.y - 1.0).abs() < 1e-3;
            let (x, line) = (begin.x.round() as usize, begin.y.round() as usize);
            let texels = line.saturating_mul(image.width()).saturating_add(x);
            match image.pixels.get(texels..texels + row.len()).filter(|_| is_letter) {
                Some(texels) => {
                    for (pixel, texel) in row.iter_mut().zip(texels) {
                        if *texel != Color32::TRANSPARENT {
                            over(pixel, tinted(quad.color, *texel));
                        }
                    }
                }
                None => {
                    for (pixel, x) in row.iter_mut().zip(columns.clone()) {
                        let texel = sampled(image, at(x, y));
                        mix(pixel, multiplied(floats(quad.color), texel));
                    }
                }
            }
        }
    }

    fn triangle(&mut self, corners: [&Vertex; 3], image: &ColorImage) {
        let [mut a, mut b, mut c] = corners.map(|corner| corner.pos);
        if b.y < a.y {
            std::mem::swap(&mut a, &mut b);
        }
        if c.y < b.y {
            std::mem::swap(&mut b, &mut c);
            if b.y < a.y {
                std::mem::swap(&mut a, &mut b);
            }
        }
        let rows = self.rows(a.y, c.y);
        if rows.is_empty() {
            return;
        }
        let long = Edge::new(a, c);
        let (upper, lower) = (Edge::new(a, b), Edge::new(b, c));
        let bends_left = b.x < long.at(b.y);
        let mut shade: Option<Shade> = None;
        let is_plain = is_plain(&corners);
        for y in rows {
            let middle = y as f32 + 0.5;
            let short = if middle < b.y { &upper } else { &lower };
            let (left, right) = if bends_left {
                (short.at(middle), long.at(middle))
            } else {
                (long.at(middle), short.at(middle))
            };
            let columns = self.columns(left, right);
            if columns.is_empty() {
                continue;
            }
            let begin = pos2(columns.start as f32 + 0.5, middle);
            let row = self.row(y, columns);
            if is_plain {
                plain(row, corners[0].color);
                continue;
            }
            shade.get_or_insert_with(|| Shade::of(corners)).paint(row, begin, image);
        }
    }
}

/// A rectangle of one colour, along the rows.
struct Quad {
    min: Pos2,
    max: Pos2,
    /// The place in the texture at its corner, and how far that moves with each pixel.
    texel: Pos2,
    step: Vec2,
    color: Color32,
    /// Nothing is taken from the texture.
    is_plain: bool,
}

impl Quad {
    /// The rectangle with these corners, row by row, where they are those of one.
    fn of(corners: [&Vertex; 4]) -> Option<Self> {
        let [a, b, c, d] = corners;
        let in_place = |of: fn(&Vertex) -> Pos2| {
            let [a, b, c, d] = corners.map(of);
            (a.x, a.y, d.x, d.y) == (c.x, b.y, b.x, c.y)
        };
        let in_one_color = [b, c, d].iter().all(|corner| corner.color == a.color);
        let size = d.pos - a.pos;
        if !in_one_color || !in_place(|v| v.pos) || !in_place(|v| v.uv) || size.min_elem() <= 0.0 {
            return None;
        }
        Some(Self {
            min: a.pos,
            max: d.pos,
            texel: a.uv,
            step: (d.uv - a.uv) / size,
            color: a.color,
            is_plain: is_plain(&corners),
        })
    }
}

/// One side of a triangle, from its upper end, so that both triangles at it find the same places.
struct Edge {
    from: Pos2,
    slope: f32,
}

impl Edge {
    fn new(from: Pos2, to: Pos2) -> Self {
        let height = to.y - from.y;
        Self { from, slope: if height > 0.0 { (to.x - from.x) / height } else { 0.0 } }
    }

    fn at(&self, y: f32) -> f32 {
        self.from.x + (y - self.from.y) * self.slope
    }
}

/// How colour and place in the texture change over a triangle.
struct Shade {
    from: Pos2,
    color: [f32; 4],
    color_step: [[f32; 4]; 2],
    texel: Pos2,
    texel_step: [Vec2; 2],
    has_texture: bool,
}

impl Shade {
    fn of([a, b, c]: [&Vertex; 3]) -> Self {
        let (ab, ac) = (b.pos - a.pos, c.pos - a.pos);
        let area = ab.x * ac.y - ac.x * ab.y;
        let one = if area == 0.0 { 0.0 } else { 1.0 / area };
        let across = |b: f32, c: f32| (b * ac.y - c * ab.y) * one;
        let down = |b: f32, c: f32| (c * ab.x - b * ac.x) * one;
        let [color, to_b, to_c] = [a, b, c].map(|corner| floats(corner.color));
        let apart = |n: usize| (to_b[n] - color[n], to_c[n] - color[n]);
        let per = |step: &dyn Fn(f32, f32) -> f32| {
            std::array::from_fn(|n| {
                let (b, c) = apart(n);
                step(b, c)
            })
        };
        let (to_b_uv, to_c_uv) = (b.uv - a.uv, c.uv - a.uv);
        let per_texel = |step: &dyn Fn(f32, f32) -> f32| {
            Vec2::new(step(to_b_uv.x, to_c_uv.x), step(to_b_uv.y, to_c_uv.y))
        };
        Self {
            from: a.pos,
            color,
            color_step: [per(&across), per(&down)],
            texel: a.uv,
            texel_step: [per_texel(&across), per_texel(&down)],
            has_texture: [a, b, c].iter().any(|corner| corner.uv != Pos2::ZERO),
        }
    }

    /// Paints a part of a row that begins at a place.
    fn paint(&self, row: &mut [Color32], begin: Pos2, image: &ColorImage) {
        let by = begin - self.from;
        let [across, down] = self.color_step;
        let mut color: [f32; 4] =
            std::array::from_fn(|n| self.color[n] + across[n] * by.x + down[n] * by.y);
        let mut texel = self.texel + self.texel_step[0] * by.x + self.texel_step[1] * by.y;
        for pixel in row {
            let ink = color.map(|v| v.clamp(0.0, 255.0));
            let ink = if self.has_texture { multiplied(ink, sampled(image, texel)) } else { ink };
            mix(pixel, ink);
            for (v, step) in color.iter_mut().zip(across) {
                *v += step;
            }
            texel += self.texel_step[0];
        }
    }
}

/// Whether all corners have one colour and take nothing from the texture, of which the first pixel
/// is white.
fn is_plain(corners: &[&Vertex]) -> bool {
    corners.iter().all(|corner| corner.uv == Pos2::ZERO && corner.color == corners[0].color)
}

/// The first pixel of which the middle is not before a place.
fn first(v: f32) -> usize {
    (v - 0.5).ceil().max(0.0) as usize
}

fn plain(row: &mut [Color32], color: Color32) {
    match color.a() {
        255 => row.fill(color),
        _ if color == Color32::TRANSPARENT => {}
        _ => row.iter_mut().for_each(|pixel| over(pixel, color)),
    }
}

fn floats(color: Color32) -> [f32; 4] {
    color.to_array().map(f32::from)
}

/// A colour of a texel, of 255, as a part of another.
fn multiplied(color: [f32; 4], texel: [f32; 4]) -> [f32; 4] {
    std::array::from_fn(|n| color[n] * texel[n] / 255.0)
}

/// The part of 255 that two of them make together.
fn part(a: u8, b: u8) -> u8 {
    let product = u32::from(a) * u32::from(b) + 128;
    ((product + (product >> 8)) >> 8) as u8
}

fn tinted(color: Color32, texel: Color32) -> Color32 {
    let (color, texel) = (color.to_array(), texel.to_array());
    let [r, g, b, a] = std::array::from_fn(|n| part(color[n], texel[n]));
    Color32::from_rgba_premultiplied(r, g, b, a)
}

/// Lays a colour over a pixel.
fn over(pixel: &mut Color32, color: Color32) {
    let stays = 255 - color.a();
    let (below, above) = (pixel.to_array(), color.to_array());
    let [r, g, b, a] = std::array::from_fn(|n| above[n].saturating_add(part(below[n], stays)));
    *pixel = Color32::from_rgba_premultiplied(r, g, b, a);
}

/// The same with more than eight bits.
fn mix(pixel: &mut Color32, color: [f32; 4]) {
    let stays = 1.0 - color[3] / 255.0;
    let below = floats(*pixel);
    let [r, g, b, a] = std::array::from_fn(|n| (color[n] + below[n] * stays + 0.5) as u8);
    *pixel = Color32::from_rgba_premultiplied(r, g, b, a);
}

/// The colour at a place of an image, in its pixels, between the four around it.
fn sampled(image: &ColorImage, at: Pos2) -> [f32; 4] {
    let [width, height] = image.size;
    if width == 0 || height == 0 {
        return [255.0; 4];
    }
    let at = at - Vec2::splat(0.5);
    let (x, y) = (at.x.floor(), at.y.floor());
    let (across, down) = (at.x - x, at.y - y);
    let texel = |x: f32, y: f32| {
        let x = (x.max(0.0) as usize).min(width - 1);
        let y = (y.max(0.0) as usize).min(height - 1);
        floats(image.pixels[y * width + x])
    };
    let upper = [texel(x, y), texel(x + 1.0, y)];
    let lower = [texel(x, y + 1.0), texel(x + 1.0, y + 1.0)];
    std::array::from_fn(|n| {
        let [above, below] = [upper, lower].map(|[a, b]| a[n] + (b[n] - a[n]) * across);
        above + (below - above) * down
    })
}
