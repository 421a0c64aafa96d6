//! A picture as SVG, for other programs.

use std::fmt::Write as _;

use image::ImageEncoder as _;
use vello_cpu::kurbo::{Affine, BezPath, PathEl};

use super::{
    Exhibit,
    draw::{self, Anchor, Canvas, FAINT, Look, Stroke},
    sheet::Sheet,
};
use crate::{
    chart::{
        Color, Photo, Point, Rect, Size,
        font::{self, Run, Shaped, Weight, bidi},
        photo::SIDE,
        text::one_line,
    },
    model::xml,
};

/// Where Inter is not installed, fonts that are hardly wider.
const FAMILY: &str = "Inter, 'Noto Sans', 'Noto Sans CJK SC', 'Noto Sans CJK KR', 'Noto Sans Arabic', 'Noto Sans Hebrew', 'Noto Sans Thai', 'Noto Sans Devanagari', 'Helvetica Neue', Arial, 'Liberation Sans', 'PingFang SC', 'Microsoft YaHei', 'Malgun Gothic', sans-serif";

/// Writes a picture with its frame and legend as an SVG document: text has the width that it has
/// here whatever fonts other programs have.
pub fn write(exhibit: &Exhibit<'_>) -> String {
    let sheet = Sheet::with_list(exhibit);
    let Size { w, h } = sheet.size;
    let mut svg = Svg { out: String::new(), clips: 0 };
    writeln!(
        svg.out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w:.0}\" height=\"{h:.0}\" \
         viewBox=\"0 0 {w:.0} {h:.0}\" font-family=\"{FAMILY}\">"
    )
    .ok();
    svg.title(&format!("{} – {}", exhibit.frame.title, exhibit.frame.case));
    draw::sheet(&mut svg, exhibit, &sheet);
    svg.out.push_str("</svg>\n");
    svg.out
}

struct Svg {
    out: String,
    clips: usize,
}

impl Svg {
    fn title(&mut self, text: &str) {
        writeln!(self.out, "<title>{}</title>", escape(text)).ok();
    }

    /// Attributes of text that say how it looks.
    fn look(look: Look) -> String {
        let weight = match look.weight {
            Weight::Regular => 400,
            Weight::SemiBold => 600,
        };
        let Look { size, color, .. } = look;
        format!("font-size=\"{size}\" font-weight=\"{weight}\" fill=\"{}\"", color.css())
    }

    /// Text of which each part has its own place: one with boxes, so that none lies over a box, or
    /// with names side by side that other programs would order in their own way. A character that no
    /// font has is there for whoever copies or searches, but is not seen.
    fn in_parts(&mut self, at: Point, text: &str, shaped: &Shaped, look: Look) {
        let size = look.size;
        // Each part is placed by its left edge.
        let direction = if look.direction(text).is_right_to_left() {
            " text-anchor=\"end\" direction=\"rtl\""
        } else {
            ""
        };
        write!(self.out, "<text y=\"{:.1}\" {}{direction}>", at.y, Self::look(look)).ok();
        let mut boxes = BezPath::new();
        let mut runs: Vec<&Run> = shaped.runs.iter().collect();
        // In the order of reading, which is not that of drawing where text runs from the right.
        runs.sort_by_key(|run| run.range().start);
        for run in runs {
            let x = at.x + run.x() * size;
            let part = escape(&text[run.range()]);
            match run {
                Run::Glyphs { width, .. } => {
                    write!(self.out, "<tspan x=\"{x:.1}\"{}>{part}</tspan>", length(width * size))
                }
                Run::Missing { c, .. } => {
                    let to = Affine::translate((f64::from(x), f64::from(at.y)))
                        * Affine::scale(size.into());
                    boxes.extend(to * font::missing::frame(*c, true));
                    write!(self.out, "<tspan x=\"{x:.1}\" fill=\"none\">{part}</tspan>")
                }
            }
            .ok();
        }
        self.out.push_str("</text>\n");
        if !boxes.elements().is_empty() {
            let color = look.color.css();
            writeln!(self.out, "<path d=\"{}\" fill=\"{color}\"/>", data(&boxes, 2)).ok();
        }
    }
}

impl Canvas for Svg {
    fn open(&mut self, is_dimmed: bool, title: &str, _: Rect) {
        let opacity = if is_dimmed { format!(" opacity=\"{FAINT}\"") } else { String::new() };
        write!(self.out, "<g{opacity}>").ok();
        if !title.is_empty() {
            self.title(title);
        }
    }

    fn clip(&mut self, area: Rect) {
        let number = self.clips;
        self.clips += 1;
        write!(self.out, "<clipPath id=\"area{number}\">").ok();
        self.rect(area, 0.0, None, None);
        writeln!(self.out, "</clipPath>\n<g clip-path=\"url(#area{number})\">").ok();
    }

    fn place(&mut self, shift: Point, scale: f32) {
        let scaling = if scale == 1.0 { String::new() } else { format!(" scale({scale:.5})") };
        writeln!(self.out, "<g transform=\"translate({:.1} {:.1}){scaling}\">", shift.x, shift.y)
            .ok();
    }

    fn close(&mut self) {
        self.out.push_str("</g>\n");
    }

    fn rect(&mut self, rect: Rect, radius: f32, fill: Option<Color>, stroke: Option<Stroke<'_>>) {
        let fill = fill.map_or_else(|| "none".to_owned(), Color::css);
        let Rect { min, .. } = rect;
        writeln!(
            self.out,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{radius}\" fill=\"{fill}\"{}/>",
            min.x,
            min.y,
            rect.width(),
            rect.height(),
            stroked(stroke)
        )
        .ok();
    }

    fn circle(&mut self, middle: Point, radius: f32, fill: Color, stroke: Option<Stroke<'_>>) {
        writeln!(
            self.out,
            "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"{radius}\" fill=\"{}\"{}/>",
            middle.x,
            middle.y,
            fill.css(),
            stroked(stroke)
        )
        .ok();
    }

    fn polygon(&mut self, corners: &[Point], fill: Color) {
        let points: Vec<String> =
            corners.iter().map(|p| format!("{:.1},{:.1}", p.x, p.y)).collect();
        writeln!(self.out, "<polygon points=\"{}\" fill=\"{}\"/>", points.join(" "), fill.css())
            .ok();
    }

    fn stroke(&mut self, path: &BezPath, stroke: Stroke<'_>) {
        writeln!(
            self.out,
            "<path d=\"{}\" fill=\"none\"{}/>",
            data(path, 1),
            stroked(Some(stroke))
        )
        .ok();
    }

    fn icon(&mut self, icon: char, at: Point, size: f32, color: Color) {
        writeln!(
            self.out,
            "<path transform=\"translate({:.1} {:.1})\" d=\"{}\" fill=\"{}\"/>",
            at.x,
            at.y,
            data(&font::icon_path(icon, size), 2),
            color.css()
        )
        .ok();
    }

    fn photo(&mut self, photo: &Photo, rect: Rect, _: f32) {
        let mut png = Vec::new();
        let pixels = (&*photo.rgba, SIDE, SIDE, image::ExtendedColorType::Rgba8);
        if image::codecs::png::PngEncoder::new(&mut png)
            .write_image(pixels.0, pixels.1, pixels.2, pixels.3)
            .is_err()
        {
            return;
        }
        writeln!(
            self.out,
            "<image x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" \
             href=\"data:image/png;base64,{}\"/>",
            rect.min.x,
            rect.min.y,
            rect.width(),
            rect.height(),
            base64(&png)
        )
        .ok();
    }

    fn text(&mut self, at: Point, text: &str, look: Look) {
        let (shaped, shift) = look.shape(text);
        let width = shaped.width * look.size;
        let has_box = shaped.runs.iter().any(|run| matches!(run, Run::Missing { .. }));
        if has_box || bidi::is_side_by_side(text) {
            self.in_parts(Point::new(at.x - shift, at.y), text, &shaped, look);
            return;
        }
        let is_right_to_left = look.direction(text).is_right_to_left();
        // Text that is read from the right starts there.
        let anchor = match (look.anchor, is_right_to_left) {
            (Anchor::Middle, _) => "middle",
            (Anchor::Left, false) | (Anchor::Right, true) => "start",
            (Anchor::Left, true) | (Anchor::Right, false) => "end",
        };
        let direction = if is_right_to_left { " direction=\"rtl\"" } else { "" };
        let length = if text.trim().is_empty() { String::new() } else { length(width) };
        writeln!(
            self.out,
            "<text x=\"{:.1}\" y=\"{:.1}\" {} text-anchor=\"{anchor}\"{direction}{length}>{}</text>",
            at.x,
            at.y,
            Self::look(look),
            escape(text)
        )
        .ok();
    }
}

/// Bytes as text. Source: RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for part in bytes.chunks(3) {
        let at = |n: usize| u32::from(part.get(n).copied().unwrap_or_default());
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for n in 0..4 {
            let sign = SIGNS[(bits >> (18 - 6 * n) & 63) as usize];
            text.push(if n <= part.len() { char::from(sign) } else { '=' });
        }
    }
    text
}

/// The attributes that make text as long as it is here.
fn length(width: f32) -> String {
    if width <= 0.0 {
        return String::new();
    }
    format!(" textLength=\"{width:.1}\" lengthAdjust=\"spacingAndGlyphs\"")
}

fn stroked(stroke: Option<Stroke<'_>>) -> String {
    let Some(Stroke { color, width, dashes }) = stroke else { return String::new() };
    let mut attributes = format!(" stroke=\"{}\" stroke-width=\"{width}\"", color.css());
    if !dashes.is_empty() {
        let lengths: Vec<String> = dashes.iter().map(ToString::to_string).collect();
        attributes.push_str(&format!(" stroke-dasharray=\"{}\"", lengths.join(" ")));
    }
    attributes
}

/// A path as SVG writes it, with so many places behind the point.
fn data(path: &BezPath, places: usize) -> String {
    let mut data = String::new();
    for element in path.elements() {
        let (command, points) = match *element {
            PathEl::MoveTo(a) => ('M', vec![a]),
            PathEl::LineTo(a) => ('L', vec![a]),
            PathEl::QuadTo(a, b) => ('Q', vec![a, b]),
            PathEl::CurveTo(a, b, c) => ('C', vec![a, b, c]),
            PathEl::ClosePath => ('Z', vec![]),
        };
        data.push(command);
        let points: Vec<String> =
            points.iter().map(|p| format!("{:.places$} {:.places$}", p.x, p.y)).collect();
        data.push_str(&points.join(" "));
    }
    data
}

/// Text in one line as XML holds it; what nobody would see is written out.
fn escape(text: &str) -> String {
    xml::escape(&one_line(text))
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn bytes_are_written_as_the_rfc_has_them() {
        let all = ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(|s| base64(s.as_bytes()));
        assert_eq!(all, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]);
    }
}
