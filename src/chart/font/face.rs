//! A font file, parsed once.

use harfrust::{Direction, ShaperData, UnicodeBuffer};
use skrifa::{
    FontRef, GlyphId, MetadataProvider as _,
    charmap::Charmap,
    instance::{LocationRef, Size},
    metrics::GlyphMetrics,
    outline::{DrawSettings, OutlineGlyphCollection, OutlinePen},
};
use vello_cpu::kurbo::BezPath;

/// A face of a font file that is kept for as long as the program runs.
pub struct Face {
    bytes: &'static [u8],
    index: u32,
    font: FontRef<'static>,
    charmap: Charmap<'static>,
    outlines: OutlineGlyphCollection<'static>,
    advances: GlyphMetrics<'static>,
    shaping: ShaperData,
    em: f32,
    ascent: f32,
    descent: f32,
}

impl std::fmt::Debug for Face {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "face {} of a font of {} bytes", self.index, self.bytes.len())
    }
}

/// A glyph as the shaper places it: glyph, cluster, advance and offsets, in ems.
pub(super) struct Placed {
    pub glyph: u32,
    pub cluster: usize,
    pub advance: f32,
    pub offset: [f32; 2],
}

impl Face {
    /// Parses a face of a font file; `None` where it is not one.
    pub fn new(bytes: &'static [u8], index: u32) -> Option<Self> {
        let font = FontRef::from_index(bytes, index).ok()?;
        let here = LocationRef::default();
        let metrics = font.metrics(Size::unscaled(), here);
        let em = f32::from(metrics.units_per_em).max(1.0);
        Some(Self {
            bytes,
            index,
            charmap: font.charmap(),
            outlines: font.outline_glyphs(),
            advances: font.glyph_metrics(Size::unscaled(), here),
            shaping: ShaperData::new(&font),
            em,
            ascent: metrics.ascent / em,
            descent: metrics.descent / em,
            font,
        })
    }

    /// The font file.
    pub fn bytes(&self) -> &'static [u8] {
        self.bytes
    }

    /// Which face of the file it is.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// The height above the baseline, and the depth below it as a negative number, in ems.
    pub(super) fn ascent_and_descent(&self) -> (f32, f32) {
        (self.ascent, self.descent)
    }

    /// The glyph of a character.
    pub fn glyph(&self, c: char) -> Option<u32> {
        self.charmap.map(c).filter(|glyph| *glyph != GlyphId::NOTDEF).map(GlyphId::to_u32)
    }

    /// Whether it has a character.
    pub fn has(&self, c: char) -> bool {
        self.glyph(c).is_some()
    }

    /// Whether it can draw a character: bitmaps alone cannot be drawn at every size.
    pub(super) fn draws(&self, c: char) -> bool {
        self.glyph(c).is_some_and(|glyph| self.outlines.get(GlyphId::new(glyph)).is_some())
    }

    /// How far a character moves what follows it, in ems.
    pub(super) fn advance(&self, c: char) -> f32 {
        let glyph = self.glyph(c).map(GlyphId::new);
        glyph.and_then(|glyph| self.advances.advance_width(glyph)).unwrap_or(self.em) / self.em
    }

    /// The outline of a glyph in ems, upwards from the baseline; empty where it has no ink.
    pub fn outline(&self, glyph: u32) -> BezPath {
        let mut pen = Pen { path: BezPath::new(), em: self.em };
        if let Some(outline) = self.outlines.get(GlyphId::new(glyph)) {
            let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
            // A glyph that is broken in its font has no outline.
            if outline.draw(settings, &mut pen).is_err() {
                return BezPath::new();
            }
        }
        pen.path
    }

    /// Shapes a piece of text that runs in one direction; the glyphs lie from left to right.
    pub(super) fn shape(&self, text: &str, is_right_to_left: bool) -> Vec<Placed> {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.set_direction(if is_right_to_left {
            Direction::RightToLeft
        } else {
            Direction::LeftToRight
        });
        buffer.guess_segment_properties();
        let shaper = self.shaping.shaper(&self.font).build();
        let shaped = shaper.shape(buffer, harfrust::ShapeOptions::new());
        let positions = shaped.glyph_positions();
        let placed = shaped.glyph_infos().iter().zip(positions).map(|(info, position)| Placed {
            glyph: info.glyph_id,
            cluster: info.cluster as usize,
            advance: position.x_advance as f32 / self.em,
            offset: [position.x_offset as f32 / self.em, position.y_offset as f32 / self.em],
        });
        placed.collect()
    }
}

/// Takes an outline in the units of a font.
struct Pen {
    path: BezPath,
    em: f32,
}

impl Pen {
    fn at(&self, x: f32, y: f32) -> (f64, f64) {
        (f64::from(x / self.em), f64::from(y / self.em))
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.at(x, y));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.at(x, y));
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.path.quad_to(self.at(cx, cy), self.at(x, y));
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.path.curve_to(self.at(ax, ay), self.at(bx, by), self.at(x, y));
    }

    fn close(&mut self) {
        self.path.close_path();
    }
}
