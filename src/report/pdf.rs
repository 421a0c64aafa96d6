//! A picture as PDF: the same shapes as in SVG, names as text that can be searched and copied,
//! with the parts of the fonts that they need. Equal input gives equal bytes.

use std::collections::HashMap;

use krilla::{
    Document, SerializeSettings,
    color::rgb,
    geom::{PathBuilder, Transform},
    metadata::{DateTime, Metadata},
    num::NormalizedF32,
    page::PageSettings,
    paint::{self, Fill, FillRule, StrokeDash},
    surface::Surface,
    tagging::{ContentTag, Tag, TagGroup, TagTree},
    text::{Font, GlyphId, KrillaGlyph},
};
use vello_cpu::kurbo::{self, Affine, BezPath, PathEl};

use super::{
    Error, Exhibit,
    draw::{self, Canvas, FAINT, Folio, Look, Stroke, closed, round, rounded},
    sheet::Paper,
};
use crate::{
    case::Progress,
    chart::{
        Color, Frame, Photo, Point, Rect, Size,
        font::{self, Face, Run},
        photo::SIDE,
    },
};

/// The longest side that a page of a PDF may have, in points.
const LONGEST: f32 = 14_400.0;

/// Draws a picture with its frame and legend on paper; the sources are listed behind it.
pub fn render(exhibit: &Exhibit<'_>, paper: Paper, progress: &Progress) -> Result<Vec<u8>, Error> {
    let mut document = Document::new_with(SerializeSettings {
        xmp_metadata: true,
        enable_tagging: true,
        ..SerializeSettings::default()
    });
    document.set_metadata(metadata(exhibit.frame));
    let mut tags = TagTree::new().with_lang(Some("en".to_owned()));
    let mut fonts = Fonts::new();
    let pages = paper.pages(exhibit);
    for (n, sheet) in pages.iter().enumerate() {
        progress.report(n as u64, pages.len() as u64);
        progress.check().map_err(|_| Error::Stopped)?;
        let Size { w, h } = sheet.size();
        let (w, h) = (w.round(), h.round());
        let scale = (LONGEST / w.max(h)).min(1.0);
        let settings = PageSettings::from_wh(w * scale, h * scale).ok_or(Error::TooLarge)?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        let drawn = surface.start_tagged(ContentTag::Other);
        surface.push_transform(&Transform::from_scale(scale, scale));
        let mut canvas = Page { surface: &mut surface, fonts: &mut fonts, parts: Vec::new() };
        draw::page(&mut canvas, exhibit, sheet, Folio { number: n + 1, count: pages.len() });
        surface.pop();
        surface.end_tagged();
        surface.finish();
        page.finish();
        let mut figure = TagGroup::new(Tag::Figure(Some(described(exhibit, &sheet.note()))));
        figure.push(drawn);
        tags.push(figure);
    }
    document.set_tag_tree(tags);
    document.finish().map_err(|error| Error::Pdf(format!("{error:?}")))
}

fn described(exhibit: &Exhibit<'_>, note: &str) -> String {
    let Exhibit { picture, frame, .. } = exhibit;
    let mut words = format!(
        "Chart “{}” of the case “{}”: {} {} and {} {}.",
        frame.title,
        frame.case,
        picture.nodes.len(),
        if picture.nodes.len() == 1 { "entity" } else { "entities" },
        picture.lines.len(),
        if picture.lines.len() == 1 { "line" } else { "lines" },
    );
    if !note.is_empty() {
        words = format!("{words} {note}.");
    }
    words
}

fn metadata(frame: &Frame) -> Metadata {
    let mut metadata = Metadata::new()
        .title(format!("{} – {}", frame.title, frame.case))
        .creator("Redthread".to_owned())
        .producer("Redthread".to_owned())
        .language("en".to_owned())
        .document_id(format!("{} {} {}", frame.digest, frame.title, frame.as_at));
    if !frame.author.is_empty() {
        metadata = metadata.authors(vec![frame.author.clone()]);
    }
    if !frame.marking.is_empty() {
        metadata = metadata.description(frame.marking.clone());
    }
    if let Ok(day) = frame.as_at.parse::<jiff::civil::Date>() {
        let date = DateTime::new(day.year().max(0) as u16)
            .month(day.month().max(1) as u8)
            .day(day.day().max(1) as u8);
        metadata = metadata.creation_date(date);
    }
    metadata
}

/// A page of a PDF.
struct Page<'a, 's> {
    surface: &'a mut Surface<'s>,
    fonts: &'a mut Fonts,
    /// Whether each part that was begun was begun on the surface, too.
    parts: Vec<bool>,
}

/// The fonts of a document, by the place of the file in memory and the number of the face.
type Fonts = HashMap<(usize, u32), Option<Font>>;

impl Page<'_, '_> {
    fn font(&mut self, face: &Face) -> Option<Font> {
        let key = (face.bytes().as_ptr() as usize, face.index());
        let font = self.fonts.entry(key);
        font.or_insert_with(|| Font::new(face.bytes().into(), face.index())).clone()
    }

    fn shape(&mut self, path: &BezPath, fill: Option<Color>, stroke: Option<Stroke<'_>>) {
        let Some(path) = converted(path) else { return };
        self.surface.set_fill(fill.map(filled));
        self.surface.set_stroke(stroke.map(stroked));
        self.surface.draw_path(&path);
    }

    fn glyphs(
        &mut self,
        face: &Face,
        glyphs: &[KrillaGlyph],
        at: (f32, f32),
        text: &str,
        look: Look,
    ) {
        let Some(font) = self.font(face) else { return };
        self.surface.set_fill(Some(filled(look.color)));
        self.surface.set_stroke(None);
        self.surface.draw_glyphs(
            krilla::geom::Point::from_xy(at.0, at.1),
            glyphs,
            font,
            text,
            look.size,
            false,
        );
    }
}

impl Page<'_, '_> {
    /// Begins a part in which what lies outside of a shape is cut off.
    fn clip_to(&mut self, shape: &BezPath) {
        let path = converted(shape);
        if let Some(path) = &path {
            self.surface.push_clip_path(path, &FillRule::NonZero);
        }
        self.parts.push(path.is_some());
    }
}

impl Canvas for Page<'_, '_> {
    fn open(&mut self, is_dimmed: bool, _: &str, _: Rect) {
        let opacity = NormalizedF32::new(FAINT).filter(|_| is_dimmed);
        if let Some(opacity) = opacity {
            self.surface.push_opacity(opacity);
        }
        self.parts.push(opacity.is_some());
    }

    fn clip(&mut self, area: Rect) {
        self.clip_to(&rounded(area, 0.0));
    }

    fn place(&mut self, shift: Point, scale: f32) {
        let to = Transform::from_row(scale, 0.0, 0.0, scale, shift.x, shift.y);
        self.surface.push_transform(&to);
        self.parts.push(true);
    }

    fn close(&mut self) {
        if self.parts.pop() == Some(true) {
            self.surface.pop();
        }
    }

    fn rect(&mut self, rect: Rect, radius: f32, fill: Option<Color>, stroke: Option<Stroke<'_>>) {
        self.shape(&rounded(rect, radius), fill, stroke);
    }

    fn circle(&mut self, middle: Point, radius: f32, fill: Color, stroke: Option<Stroke<'_>>) {
        self.shape(&round(middle, radius), Some(fill), stroke);
    }

    fn polygon(&mut self, corners: &[Point], fill: Color) {
        self.shape(&closed(corners), Some(fill), None);
    }

    fn stroke(&mut self, path: &BezPath, stroke: Stroke<'_>) {
        self.shape(path, None, Some(stroke));
    }

    fn icon(&mut self, icon: char, at: Point, size: f32, color: Color) {
        let to = Affine::translate((at.x.into(), at.y.into()));
        self.shape(&(to * font::icon_path(icon, size)), Some(color), None);
    }

    fn photo(&mut self, photo: &Photo, rect: Rect, radius: f32) {
        self.clip_to(&rounded(rect, radius));
        let to = Transform::from_translate(rect.min.x, rect.min.y);
        self.surface.push_transform(&to);
        if let Some(size) = krilla::geom::Size::from_wh(rect.width(), rect.height()) {
            let image = krilla::image::Image::from_rgba8(photo.rgba.to_vec(), SIDE, SIDE);
            self.surface.draw_image(image, size);
        }
        self.surface.pop();
        self.close();
    }

    fn text(&mut self, at: Point, text: &str, look: Look) {
        let size = look.size;
        let (shaped, shift) = look.shape(text);
        let start = at.x - shift;
        for run in &shaped.runs {
            let x = start + run.x() * size;
            match run {
                Run::Glyphs { face, glyphs, is_right_to_left, .. } => {
                    let (glyphs, marks) = readable(face, glyphs, text, *is_right_to_left);
                    let glyphs: Vec<KrillaGlyph> = glyphs.iter().map(glyph).collect();
                    self.glyphs(face, &glyphs, (x, at.y), text, look);
                    if !marks.elements().is_empty() {
                        let to =
                            Affine::translate((x.into(), at.y.into())) * Affine::scale(size.into());
                        self.shape(&(to * marks), Some(look.color), None);
                    }
                }
                Run::Missing { c, range, .. } => {
                    let to =
                        Affine::translate((x.into(), at.y.into())) * Affine::scale(size.into());
                    self.shape(&(to * font::missing::frame(*c, true)), Some(look.color), None);
                    // A blank as wide as the box, which is the character for whoever copies it.
                    let face = font::cjk();
                    let Some(id) = face.glyph('\u{3000}') else { continue };
                    let blank =
                        font::Glyph { id, advance: 1.0, offset: [0.0; 2], range: range.clone() };
                    self.glyphs(face, &[glyph(&blank)], (x, at.y), text, look);
                }
            }
        }
    }
}

/// The glyphs of a run as readers of PDF find its text in them, and the outlines of the rest.
///
/// Readers take characters by where they lie. So marks upon a letter, which lie over it, are drawn
/// as outlines; the letter stands for them, too. And where text runs from the right, a glyph for
/// several characters, as that of lam and alef, stands for the first of them; the others belong to
/// blanks to its left.
fn readable(
    face: &Face,
    glyphs: &[font::Glyph],
    text: &str,
    is_right_to_left: bool,
) -> (Vec<font::Glyph>, BezPath) {
    /// How far blanks lie apart, in ems: less than readers take for a space.
    const STEP: f32 = 0.02;
    let mut found: Vec<font::Glyph> = Vec::with_capacity(glyphs.len());
    let mut marks = BezPath::new();
    let mut pen = 0.0;
    for cluster in glyphs.chunk_by(|a, b| a.range == b.range) {
        let is_mark = |glyph: &&font::Glyph| glyph.advance == 0.0;
        let has_letter = !cluster.iter().all(|glyph| is_mark(&glyph));
        let first = found.len();
        for glyph in cluster {
            if has_letter && is_mark(&glyph) {
                let [dx, dy] = glyph.offset;
                let to = Affine::translate((f64::from(pen + dx), f64::from(-dy))) * Affine::FLIP_Y;
                marks.extend(to * face.outline(glyph.id));
            } else {
                found.push(glyph.clone());
            }
            pen += glyph.advance;
        }
        if is_right_to_left {
            let range = &cluster[0].range;
            let chars = text[range.clone()].char_indices();
            let ranges = chars.map(|(at, c)| range.start + at..range.start + at + c.len_utf8());
            let ranges: Vec<_> = ranges.collect();
            // The first character is that of the glyph furthest to the right.
            for (n, glyph) in found[first..].iter_mut().rev().enumerate() {
                glyph.range = ranges[n.min(ranges.len() - 1)].clone();
            }
            let blank = face.glyph('\u{200c}').filter(|_| has_letter);
            for (n, range) in ranges.into_iter().skip(found.len() - first).enumerate() {
                let Some(id) = blank else { break };
                let offset = [-STEP * (n + 1) as f32, 0.0];
                found.insert(first, font::Glyph { id, advance: 0.0, offset, range });
            }
        }
    }
    (found, marks)
}

fn glyph(glyph: &font::Glyph) -> KrillaGlyph {
    KrillaGlyph {
        glyph_id: GlyphId::new(glyph.id),
        text_range: glyph.range.clone(),
        x_advance: glyph.advance,
        x_offset: glyph.offset[0],
        y_offset: glyph.offset[1],
        y_advance: 0.0,
        location: None,
    }
}

fn filled(color: Color) -> Fill {
    Fill {
        paint: rgb::Color::new(color.0, color.1, color.2).into(),
        opacity: opacity(color),
        rule: FillRule::NonZero,
    }
}

fn stroked(stroke: Stroke<'_>) -> paint::Stroke {
    let Stroke { color, width, dashes } = stroke;
    let dash = StrokeDash { array: dashes.to_vec(), offset: 0.0 };
    paint::Stroke {
        paint: rgb::Color::new(color.0, color.1, color.2).into(),
        width,
        opacity: opacity(color),
        dash: (!dashes.is_empty()).then_some(dash),
        ..paint::Stroke::default()
    }
}

fn opacity(color: Color) -> NormalizedF32 {
    NormalizedF32::new(f32::from(color.3) / 255.0).unwrap_or(NormalizedF32::ONE)
}

/// A path as a PDF has it; `None` for one that draws nothing.
fn converted(path: &BezPath) -> Option<krilla::geom::Path> {
    let mut builder = PathBuilder::new();
    let at = |p: kurbo::Point| (p.x as f32, p.y as f32);
    for element in path.elements() {
        match *element {
            PathEl::MoveTo(a) => builder.move_to(at(a).0, at(a).1),
            PathEl::LineTo(a) => builder.line_to(at(a).0, at(a).1),
            PathEl::QuadTo(a, b) => builder.quad_to(at(a).0, at(a).1, at(b).0, at(b).1),
            PathEl::CurveTo(a, b, c) => {
                builder.cubic_to(at(a).0, at(a).1, at(b).0, at(b).1, at(c).0, at(c).1);
            }
            PathEl::ClosePath => builder.close(),
        }
    }
    builder.finish()
}
