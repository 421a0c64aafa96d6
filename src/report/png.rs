//! A picture as PNG.

use std::{collections::HashMap, sync::Arc};

use image::{
    ExtendedColorType, ImageEncoder as _,
    codecs::png::{CompressionType, FilterType, PngEncoder},
};
use vello_cpu::{
    Image, ImageSource, Pixmap, RenderContext, Resources,
    color::{AlphaColor, PremulRgba8},
    kurbo::{self, Affine, BezPath, Shape as _},
    peniko::ImageSampler,
};

use super::{
    Error, Exhibit,
    draw::{self, Canvas, FAINT, Look, Stroke, closed, round, rounded},
    sheet::Sheet,
};
use crate::{
    case::Progress,
    chart::{
        Color, Photo, Point, Rect,
        font::{self, Face, Run},
        photo::SIDE,
    },
};

/// The longest side of an image in pixels; what is larger is scaled down.
const LONGEST: f32 = 16_000.0;
/// The rows of pixels that are drawn at a time, so that memory does not grow with the picture and a
/// user who stops does not wait.
const BAND: usize = 256;

/// Draws a picture with its frame and legend; `scale` is pixels for a point, 2 for print on a
/// screen.
pub fn render(exhibit: &Exhibit<'_>, scale: f32, progress: &Progress) -> Result<Vec<u8>, Error> {
    let sheet = Sheet::with_list(exhibit);
    // As SVG and paper have it, whole points.
    let (w, h) = (sheet.size.w.round().max(1.0), sheet.size.h.round().max(1.0));
    let scale = scale.min(LONGEST / w.max(h));
    let (width, height) = ((w * scale).ceil() as usize, (h * scale).ceil() as usize);
    let mut pixels = Vec::new();
    pixels.try_reserve_exact(width * height * 3).map_err(|_| Error::TooLarge)?;
    let mut glyphs = HashMap::new();
    for top in (0..height).step_by(BAND) {
        progress.report(top as u64, height as u64);
        progress.check().map_err(|_| Error::Stopped)?;
        let rows = BAND.min(height - top);
        let mut band = Band::new(width, rows, top, scale, &mut glyphs);
        draw::sheet(&mut band, exhibit, &sheet);
        let drawn = band.pixels();
        // The ground is opaque, so what is drawn on it is, too.
        pixels.extend(drawn.data().iter().flat_map(|pixel| [pixel.r, pixel.g, pixel.b]));
    }
    let mut png = Vec::new();
    PngEncoder::new_with_quality(&mut png, CompressionType::Default, FilterType::Adaptive)
        .write_image(&pixels, width as u32, height as u32, ExtendedColorType::Rgb8)
        .map_err(|error| Error::Encode(error.to_string()))?;
    Ok(png)
}

/// Outlines of glyphs by the place of their font in memory and their number.
type Glyphs = HashMap<(usize, u32, u32), BezPath>;

/// Some rows of the image.
struct Band<'a> {
    context: RenderContext,
    size: [u16; 2],
    /// What is seen of it, in pixels.
    window: kurbo::Rect,
    glyphs: &'a mut Glyphs,
    /// From what is drawn to pixels, and how to end each part that was begun.
    parts: Vec<(Affine, Ending)>,
    to_pixels: Affine,
    /// How many parts deep something lies that is not seen.
    unseen: usize,
}

/// How a part of a drawing ends.
#[derive(Clone, Copy)]
enum Ending {
    Nothing,
    Unseen,
    Layer,
    Clip,
}

impl<'a> Band<'a> {
    fn new(width: usize, rows: usize, top: usize, scale: f32, glyphs: &'a mut Glyphs) -> Self {
        let size = [width as u16, rows as u16];
        Self {
            context: RenderContext::new(size[0], size[1]),
            size,
            window: kurbo::Rect::new(0.0, 0.0, width as f64, rows as f64),
            glyphs,
            parts: Vec::new(),
            to_pixels: Affine::translate((0.0, -(top as f64))) * Affine::scale(scale.into()),
            unseen: 0,
        }
    }

    fn pixels(mut self) -> Pixmap {
        let mut pixels = Pixmap::new(self.size[0], self.size[1]);
        self.context.flush();
        self.context.render(&mut pixels, &mut Resources::new());
        pixels
    }

    fn sees(&self, bounds: kurbo::Rect) -> bool {
        self.unseen == 0
            && self.to_pixels.transform_rect_bbox(bounds).inflate(2.0, 2.0).overlaps(self.window)
    }

    fn ink(&mut self, color: Color, to: Affine) {
        self.context.set_transform(to);
        self.context.set_paint(AlphaColor::from_rgba8(color.0, color.1, color.2, color.3));
    }

    fn fill(&mut self, path: &BezPath, color: Color) {
        if self.sees(path.bounding_box()) {
            self.ink(color, self.to_pixels);
            self.context.fill_path(path);
        }
    }

    fn shape(&mut self, path: &BezPath, fill: Option<Color>, stroke: Option<Stroke<'_>>) {
        if let Some(fill) = fill {
            self.fill(path, fill);
        }
        if let Some(stroke) = stroke {
            self.stroke(path, stroke);
        }
    }

    fn glyph(&mut self, face: &Face, glyph: u32, to: Affine) {
        let key = (face.bytes().as_ptr() as usize, face.index(), glyph);
        let path = self.glyphs.entry(key).or_insert_with(|| face.outline(glyph));
        self.context.set_transform(self.to_pixels * to);
        self.context.fill_path(path);
    }

    fn begin(&mut self, ending: Ending) {
        self.unseen += usize::from(matches!(ending, Ending::Unseen));
        self.parts.push((self.to_pixels, ending));
    }
}

impl Canvas for Band<'_> {
    fn open(&mut self, is_dimmed: bool, _: &str, bounds: Rect) {
        if !self.sees(rectangle(bounds)) {
            self.begin(Ending::Unseen);
        } else if is_dimmed {
            self.context.set_transform(self.to_pixels);
            let area = rectangle(bounds).to_path(0.1);
            self.context.push_layer(Some(&area), None, Some(FAINT), None, None);
            self.begin(Ending::Layer);
        } else {
            self.begin(Ending::Nothing);
        }
    }

    fn clip(&mut self, area: Rect) {
        self.context.set_transform(self.to_pixels);
        self.context.push_clip_path(&rectangle(area).to_path(0.1));
        self.begin(Ending::Clip);
    }

    fn place(&mut self, shift: Point, scale: f32) {
        self.begin(Ending::Nothing);
        self.to_pixels = self.to_pixels
            * Affine::translate((shift.x.into(), shift.y.into()))
            * Affine::scale(scale.into());
    }

    fn close(&mut self) {
        let Some((to_pixels, ending)) = self.parts.pop() else { return };
        self.to_pixels = to_pixels;
        match ending {
            Ending::Nothing => {}
            Ending::Unseen => self.unseen -= 1,
            Ending::Layer => self.context.pop_layer(),
            Ending::Clip => self.context.pop_clip_path(),
        }
    }

    fn rect(&mut self, rect: Rect, radius: f32, fill: Option<Color>, stroke: Option<Stroke<'_>>) {
        self.shape(&rounded(rect, radius), fill, stroke);
    }

    fn circle(&mut self, middle: Point, radius: f32, fill: Color, stroke: Option<Stroke<'_>>) {
        self.shape(&round(middle, radius), Some(fill), stroke);
    }

    fn polygon(&mut self, corners: &[Point], fill: Color) {
        self.fill(&closed(corners), fill);
    }

    fn stroke(&mut self, path: &BezPath, stroke: Stroke<'_>) {
        let reach = f64::from(stroke.width);
        if !self.sees(path.bounding_box().inflate(reach, reach)) {
            return;
        }
        let dashes = stroke.dashes.iter().map(|length| f64::from(*length));
        let line = kurbo::Stroke::new(stroke.width.into())
            .with_caps(kurbo::Cap::Butt)
            .with_join(kurbo::Join::Miter)
            .with_dashes(0.0, dashes);
        self.ink(stroke.color, self.to_pixels);
        self.context.set_stroke(line);
        self.context.stroke_path(path);
    }

    fn icon(&mut self, icon: char, at: Point, size: f32, color: Color) {
        let to = Affine::translate((at.x.into(), at.y.into()));
        self.fill(&(to * font::icon_path(icon, size)), color);
    }

    fn photo(&mut self, photo: &Photo, rect: Rect, radius: f32) {
        let path = rounded(rect, radius);
        if !self.sees(path.bounding_box()) {
            return;
        }
        let pixel = |p: &[u8]| {
            let over = |n: usize| (u16::from(p[n]) * u16::from(p[3]) / 255) as u8;
            PremulRgba8 { r: over(0), g: over(1), b: over(2), a: p[3] }
        };
        let pixels = photo.rgba.chunks_exact(4).map(pixel).collect();
        let pixels = Pixmap::from_parts(pixels, SIDE as u16, SIDE as u16);
        self.context.set_transform(self.to_pixels);
        self.context.set_paint(Image {
            image: ImageSource::Pixmap(Arc::new(pixels)),
            sampler: ImageSampler::default(),
        });
        let scale = f64::from(rect.width()) / f64::from(SIDE);
        let to = Affine::translate((rect.min.x.into(), rect.min.y.into())) * Affine::scale(scale);
        self.context.set_paint_transform(to);
        self.context.fill_path(&path);
        self.context.reset_paint_transform();
    }

    fn text(&mut self, at: Point, text: &str, look: Look) {
        let size = f64::from(look.size);
        let (x, y) = (f64::from(at.x), f64::from(at.y));
        let reach = f64::from(font::width(text, look.size, look.weight)) + size;
        if !self.sees(kurbo::Rect::new(x - reach, y - 2.0 * size, x + reach, y + 2.0 * size)) {
            return;
        }
        let (shaped, shift) = look.shape(text);
        let start = Affine::translate((x - f64::from(shift), y)) * Affine::scale(size);
        self.ink(look.color, self.to_pixels);
        for run in &shaped.runs {
            let mut x = f64::from(run.x());
            match run {
                Run::Glyphs { face, glyphs, .. } => {
                    for glyph in glyphs {
                        let [dx, dy] = glyph.offset.map(f64::from);
                        let to = Affine::translate((x + dx, -dy)) * Affine::FLIP_Y;
                        self.glyph(face, glyph.id, start * to);
                        x += f64::from(glyph.advance);
                    }
                }
                Run::Missing { c, .. } => {
                    let path = start * Affine::translate((x, 0.0)) * font::missing::frame(*c, true);
                    self.context.set_transform(self.to_pixels);
                    self.context.fill_path(&path);
                }
            }
        }
    }
}

fn rectangle(Rect { min, max }: Rect) -> kurbo::Rect {
    kurbo::Rect::new(min.x.into(), min.y.into(), max.x.into(), max.y.into())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{
        case::{Action, Case, NewValue, Op},
        chart::{Frame, Input, Mode, Overlay, Picture, Style, picture},
        model::{Chart, Period, Placement},
        network::Seen,
        report::{Furniture, Photos, sources::Sources, svg},
    };

    fn drawn(name: &str) -> (Picture, Frame, Style) {
        let mut case = Case::in_memory().expect("memory suffices");
        let add = |id: &str, schema: &str, pairs: &[(&str, &str)]| Op::Add {
            entity: id.into(),
            schema: schema.into(),
            values: pairs.iter().map(|(p, v)| NewValue::new(*p, *v)).collect(),
        };
        let ops = vec![
            add("a", "Company", &[("name", name)]),
            add("b", "Person", &[("name", "B")]),
            add("o", "Ownership", &[("owner", "b"), ("asset", "a"), ("percentage", "60")]),
        ];
        case.commit(Action::new(ops)).expect("valid");
        let seen = Seen::new(case.entities().expect("readable"));
        let at = |id: &str, x| Placement { entity: id.into(), x, y: 0.0, pinned: true };
        let style = Style::of(Mode::Light);
        let picture = picture(&Input {
            seen: &seen,
            chart: &Chart::new("C", 1.0),
            placements: &[at("a", 0.0), at("b", 400.0)],
            selection: &BTreeSet::new(),
            period: &Period::default(),
            overlay: &Overlay::default(),
            style: &style,
            follows: false,
        });
        let frame = Frame {
            title: name.into(),
            marking: "FICTIONAL – TRAINING".into(),
            ..Frame::default()
        };
        (picture, frame, style)
    }

    static NO_PHOTOS: Photos = Photos::new();

    fn exhibit<'a>(
        picture: &'a Picture,
        frame: &'a Frame,
        style: &'a Style,
        sources: &'a Sources,
    ) -> Exhibit<'a> {
        let photos = &NO_PHOTOS;
        Exhibit { picture, frame, style, sources, photos, furniture: Furniture::default() }
    }

    fn svg(name: &str) -> String {
        let (picture, frame, style) = drawn(name);
        svg::write(&exhibit(&picture, &frame, &style, &Sources::default()))
    }

    fn pixels(name: &str) -> Vec<u8> {
        let (picture, frame, style) = drawn(name);
        let sources = Sources::default();
        let exhibit = exhibit(&picture, &frame, &style, &sources);
        let png = render(&exhibit, 1.0, &Progress::new()).expect("drawn");
        image::load_from_memory(&png).expect("a PNG").to_rgb8().into_raw()
    }

    #[test]
    fn an_export_carries_its_marking_its_lines_and_its_legend() {
        let svg = svg("Acme");
        for part in ["FICTIONAL – TRAINING", "60 %", "stroke-dasharray", "tentative", "polygon"] {
            assert!(svg.contains(part), "{part} is missing");
        }
    }

    #[test]
    fn an_arrow_between_names_from_the_right_points_from_the_first_to_the_second() {
        let svg = svg("بنك 12 → שמש");
        let x = |word: &str| -> f32 {
            let before = svg.split(&format!(">{word}</tspan>")).next().expect("a part");
            let x = before.rsplit("x=\"").next().and_then(|rest| rest.split('"').next());
            x.and_then(|x| x.parse().ok()).expect("a place")
        };
        assert!(x("بنك") < x("שמש"), "{svg}");
    }

    #[test]
    fn han_hangul_and_cyrillic_are_drawn_and_not_left_blank() {
        let blank = pixels("\u{3000}");
        for name in ["丹", "조", "Ж"] {
            let differ = pixels(name).iter().zip(&blank).filter(|(a, b)| a != b).count();
            assert!(differ > 60, "{name} left no ink");
        }
    }

    #[test]
    fn a_name_made_to_harm_is_only_a_name() {
        for name in [
            "<script>alert(1)</script>",
            "\"/><image href='file:///etc/passwd'/>",
            "\u{0}\u{1b}]&&amp;",
            "]]>",
        ] {
            let svg = svg(name);
            assert!(!svg.contains("<script") && !svg.contains("<image"));
            let mut reader = quick_xml::Reader::from_str(&svg);
            while reader.read_event().expect("still well-formed") != quick_xml::events::Event::Eof {
            }
            pixels(name);
        }
    }
}
