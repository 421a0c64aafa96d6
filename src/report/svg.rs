//! A picture as SVG, in a frame that says what it shows, when, by whom and from which case.

use std::fmt::Write as _;

use super::sheet::{LEGEND_ENTRY, MARGIN, Sheet};
use crate::chart::{
    Color, Frame, Line, Node, Picture, Point, Rect, Style, font,
    legend::Sign,
    picture::{
        CAPTION, DETAIL, LEVEL, LINE, PAD, SMALL_LINE, TILE, arrowhead, line_point, reversed,
    },
    style::dash,
    text::cut,
    text::one_line,
};

/// Where Inter is not installed, fonts that are hardly wider.
const FAMILY: &str = "Inter, 'Noto Sans CJK SC', 'Noto Sans CJK KR', 'Helvetica Neue', Arial, 'Liberation Sans', 'PingFang SC', 'Microsoft YaHei', 'Malgun Gothic', sans-serif";

/// Writes a picture with its frame and legend as an SVG document for other programs: text has the
/// width that it has here whatever font they have.
pub fn write(picture: &Picture, frame: &Frame, style: &Style) -> String {
    draw(picture, frame, style, &Sheet::around(picture), true)
}

/// Writes a sheet of paper with a picture, or a part of one, and its frame and legend, to be drawn
/// by this program.
pub fn sheet(picture: &Picture, frame: &Frame, style: &Style, sheet: &Sheet) -> String {
    draw(picture, frame, style, sheet, false)
}

fn draw(
    picture: &Picture,
    frame: &Frame,
    style: &Style,
    sheet: &Sheet,
    has_lengths: bool,
) -> String {
    let (width, height) = (sheet.size.w, sheet.size.h);
    let mut svg = Svg { out: String::new(), style, has_lengths };
    writeln!(
        svg.out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\" font-family=\"{FAMILY}\">"
    )
    .ok();
    svg.title(&format!("{} – {}", frame.title, frame.case));
    svg.rect(
        Rect { min: Point::new(0.0, 0.0), max: Point::new(width, height) },
        0.0,
        style.ground,
        None,
    );
    svg.head(frame, width);
    svg.picture(picture, sheet);
    let mut y = sheet.area.max.y + 14.0;
    for row in &legend_rows(picture, width - 2.0 * MARGIN) {
        let mut x = MARGIN;
        for &(index, advance) in row {
            let entry = &picture.legend.entries[index];
            svg.sign(entry.sign, Point::new(x + 12.0, y));
            svg.text(
                Point::new(x + 30.0, y + 4.0),
                &entry.text,
                (DETAIL, 400),
                style.weak,
                "start",
            );
            x += advance;
        }
        y += LEGEND_ENTRY;
    }
    svg.foot(frame, &sheet.note, Point::new(MARGIN, height - 14.0), width);
    svg.out.push_str("</svg>\n");
    svg.out
}

/// The legend's entries in rows, each with the width that it takes.
pub(super) fn legend_rows(picture: &Picture, width: f32) -> Vec<Vec<(usize, f32)>> {
    let mut rows: Vec<Vec<(usize, f32)>> = Vec::new();
    let mut used = f32::INFINITY;
    for (index, entry) in picture.legend.entries.iter().enumerate() {
        let advance = font::width(&entry.text, DETAIL, font::Weight::Regular) + 52.0;
        if used + advance > width {
            rows.push(Vec::new());
            used = 0.0;
        }
        used += advance;
        if let Some(row) = rows.last_mut() {
            row.push((index, advance));
        }
    }
    rows
}

struct Svg<'a> {
    out: String,
    style: &'a Style,
    /// Whether each text says how long it is.
    has_lengths: bool,
}

impl Svg<'_> {
    fn title(&mut self, text: &str) {
        writeln!(self.out, "<title>{}</title>", escape(text)).ok();
    }

    fn head(&mut self, frame: &Frame, width: f32) {
        let style = self.style;
        let room = width - 2.0 * MARGIN;
        let title = cut(&frame.title, 20.0, font::Weight::SemiBold, room * 0.62);
        self.text(Point::new(MARGIN, 36.0), &title, (20.0, 600), style.text, "start");
        let case = cut(&frame.case, CAPTION, font::Weight::Regular, room);
        self.text(Point::new(MARGIN, 58.0), &case, (CAPTION, 400), style.weak, "start");
        if !frame.marking.is_empty() {
            let marking = cut(&frame.marking, CAPTION, font::Weight::SemiBold, room * 0.36);
            let w = font::width(&marking, CAPTION, font::Weight::SemiBold) + 24.0;
            let at = Rect {
                min: Point::new(width - MARGIN - w, 18.0),
                max: Point::new(width - MARGIN, 44.0),
            };
            self.rect(at, 5.0, style.card, Some((style.alarm, 1.5)));
            self.text(
                Point::new(at.center().x, 36.0),
                &marking,
                (CAPTION, 600),
                style.alarm,
                "middle",
            );
        }
    }

    /// The part of a picture that a sheet shows. What lies outside of it is not written at all.
    fn picture(&mut self, picture: &Picture, sheet: &Sheet) {
        let Sheet { area, window, scale, .. } = *sheet;
        if sheet.is_part {
            writeln!(
                self.out,
                "<clipPath id=\"area\"><rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"/></clipPath>\n\
                 <g clip-path=\"url(#area)\">",
                area.min.x,
                area.min.y,
                area.width(),
                area.height()
            )
            .ok();
        }
        let shift =
            Point::new(area.min.x - window.min.x * scale, area.min.y - window.min.y * scale);
        let scaling = if scale == 1.0 { String::new() } else { format!(" scale({scale:.5})") };
        writeln!(self.out, "<g transform=\"translate({:.1} {:.1}){scaling}\">", shift.x, shift.y)
            .ok();
        let seen = |rect: Rect| !sheet.is_part || overlap(window, rect);
        let crosses = |line: &Line| {
            let rects = line.curve.map(|point| Rect { min: point, max: point }.expand(12.0));
            Rect::around(rects).is_none_or(seen)
        };
        for line in picture.lines.iter().filter(|line| crosses(line)) {
            self.line(line);
        }
        for node in picture.nodes.iter().filter(|node| seen(node.rect().expand(12.0))) {
            self.node(node);
        }
        for line in &picture.lines {
            let w = font::width(&line.label, DETAIL, font::Weight::Regular) + 12.0;
            let size = crate::chart::Size { w, h: 18.0 };
            if seen(Rect::from_center_size(line.label_at, size)) {
                self.label(line);
            }
        }
        self.out.push_str("</g>\n");
        if sheet.is_part {
            self.out.push_str("</g>\n");
            for [from, to] in sheet.marks() {
                writeln!(
                    self.out,
                    "<path d=\"M{:.1} {:.1}L{:.1} {:.1}\" stroke=\"{}\" stroke-width=\"0.6\"/>",
                    from.x,
                    from.y,
                    to.x,
                    to.y,
                    self.style.weak.css()
                )
                .ok();
            }
        }
    }

    fn foot(&mut self, frame: &Frame, note: &str, at: Point, width: f32) {
        let mut parts = Vec::new();
        if !note.is_empty() {
            parts.push(note.to_owned());
        }
        for (what, text) in
            [("As at", &frame.as_at), ("by", &frame.author), ("case digest", &frame.digest)]
        {
            if !text.is_empty() {
                parts.push(format!("{what} {text}"));
            }
        }
        parts.push("made with Redthread".to_owned());
        let text = cut(&parts.join(" · "), DETAIL, font::Weight::Regular, width - 2.0 * MARGIN);
        self.text(at, &text, (DETAIL, 400), self.style.weak, "start");
    }

    fn text(
        &mut self,
        at: Point,
        text: &str,
        (size, weight): (f32, u16),
        color: Color,
        anchor: &str,
    ) {
        let length = if self.has_lengths && !text.trim().is_empty() {
            let drawn = if weight >= 500 { font::Weight::SemiBold } else { font::Weight::Regular };
            let length = font::width(text, size, drawn);
            format!(" textLength=\"{length:.1}\" lengthAdjust=\"spacingAndGlyphs\"")
        } else {
            String::new()
        };
        writeln!(
            self.out,
            "<text x=\"{:.1}\" y=\"{:.1}\" font-size=\"{size}\" font-weight=\"{weight}\" fill=\"{}\" \
             text-anchor=\"{anchor}\"{length}>{}</text>",
            at.x,
            at.y,
            color.css(),
            escape(text)
        )
        .ok();
    }

    fn rect(&mut self, rect: Rect, radius: f32, fill: Color, stroke: Option<(Color, f32)>) {
        let stroke = stroke.map_or_else(String::new, |(color, width)| {
            format!(" stroke=\"{}\" stroke-width=\"{width}\"", color.css())
        });
        writeln!(
            self.out,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{radius}\" fill=\"{}\"{stroke}/>",
            rect.min.x,
            rect.min.y,
            rect.width(),
            rect.height(),
            fill.css()
        )
        .ok();
    }

    fn icon(&mut self, icon: char, at: Point, size: f32, color: Color) {
        writeln!(
            self.out,
            "<path transform=\"translate({:.1} {:.1})\" d=\"{}\" fill=\"{}\"/>",
            at.x,
            at.y,
            font::icon_path(icon, size),
            color.css()
        )
        .ok();
    }

    fn line(&mut self, line: &Line) {
        let [a, b, c, d] = line.curve;
        writeln!(
            self.out,
            "<path d=\"M{:.1} {:.1}C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}\" fill=\"none\" stroke=\"{}\" \
             stroke-width=\"{}\"{}{}/>",
            a.x,
            a.y,
            b.x,
            b.y,
            c.x,
            c.y,
            d.x,
            d.y,
            line.color.css(),
            line.width,
            dash_attribute(dash(line.strength)),
            faint(line.dimmed)
        )
        .ok();
        if line.arrow_to {
            self.head_of(&line.curve, line);
        }
        if line.arrow_from {
            self.head_of(&reversed(&line.curve), line);
        }
        if line.denied {
            self.cross(line_point(&line.curve, 0.3), line.color, line.dimmed);
        }
    }

    fn head_of(&mut self, curve: &[Point; 4], line: &Line) {
        let points: Vec<String> =
            arrowhead(curve, 10.0).iter().map(|p| format!("{:.1},{:.1}", p.x, p.y)).collect();
        writeln!(
            self.out,
            "<polygon points=\"{}\" fill=\"{}\"{}/>",
            points.join(" "),
            line.color.css(),
            faint(line.dimmed)
        )
        .ok();
    }

    /// The sign of a denial: a cross over the line, which black and white print shows too.
    fn cross(&mut self, at: Point, color: Color, dimmed: bool) {
        writeln!(
            self.out,
            "<path d=\"M{:.1} {:.1}l10 10m0 -10l-10 10\" stroke=\"{}\" stroke-width=\"2.4\"{}/>",
            at.x - 5.0,
            at.y - 5.0,
            color.css(),
            faint(dimmed)
        )
        .ok();
    }

    fn label(&mut self, line: &Line) {
        if line.label.is_empty() {
            return;
        }
        let w = font::width(&line.label, DETAIL, font::Weight::Regular) + 10.0;
        let at = line.label_at;
        write!(self.out, "<g{}>", faint(line.dimmed)).ok();
        let size = crate::chart::Size { w, h: 17.0 };
        self.rect(Rect::from_center_size(at, size), 4.0, self.style.ground, None);
        let color = if line.denied || line.selected { line.color } else { self.style.weak };
        self.text(Point::new(at.x, at.y + 4.0), &line.label, (DETAIL, 400), color, "middle");
        self.out.push_str("</g>\n");
    }

    fn node(&mut self, node: &Node) {
        let style = self.style;
        let rect = node.rect();
        writeln!(self.out, "<g{}>", faint(node.dimmed)).ok();
        self.title(&node.name);
        if node.members.is_some() {
            // The cards below the first.
            for below in [8.0, 4.0] {
                let min = Point::new(rect.min.x + below, rect.min.y + below);
                let max = Point::new(rect.max.x + below, rect.max.y + below);
                self.rect(Rect { min, max }, 8.0, style.card, Some((style.edge, 1.0)));
            }
        }
        self.rect(rect, 8.0, style.card, None);
        let (edge, width) = match (node.selected, node.denied) {
            (true, _) => (style.thread, 2.4),
            (false, true) => (style.alarm, 1.4),
            (false, false) => (node.tint.unwrap_or(style.edge), 1.2),
        };
        writeln!(
            self.out,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"8\" fill=\"none\" stroke=\"{}\" \
             stroke-width=\"{width}\"{}/>",
            rect.min.x,
            rect.min.y,
            rect.width(),
            rect.height(),
            edge.css(),
            dash_attribute(dash(node.strength))
        )
        .ok();
        let tile = Rect {
            min: Point::new(rect.min.x + PAD, node.at.y - TILE / 2.0),
            max: Point::new(rect.min.x + PAD + TILE, node.at.y + TILE / 2.0),
        };
        let (ground, ink) = style.sign_of(node);
        self.rect(tile, 7.0, ground, None);
        self.icon(node.icon, tile.center(), 22.0, ink);
        if let Some(level) = node.level {
            let [ground, bar] = node.level_bar(level);
            self.rect(ground, LEVEL / 2.0, style.grid, None);
            self.rect(bar, LEVEL / 2.0, node.tint.unwrap_or(style.level(1.0)), None);
        }
        let x = tile.max.x + PAD;
        let mut y = node.at.y + node.text_tops().0;
        for line in &node.caption {
            self.text(Point::new(x, y + 12.5), line, (CAPTION, 600), style.text, "start");
            if node.denied {
                let w = font::width(line, CAPTION, font::Weight::SemiBold);
                let strike = Rect { min: Point::new(x, y + 7.5), max: Point::new(x + w, y + 9.0) };
                self.rect(strike, 0.0, style.alarm, None);
            }
            y += LINE;
        }
        self.text(Point::new(x, y + 10.5), &node.detail, (DETAIL, 400), style.weak, "start");
        y += SMALL_LINE;
        if !node.status.is_empty() {
            let w = font::width(&node.status, DETAIL, font::Weight::SemiBold) + 10.0;
            let chip = Rect { min: Point::new(x, y + 2.0), max: Point::new(x + w, y + 18.0) };
            self.rect(chip, 3.0, style.card, Some((style.alarm, 1.0)));
            self.text(
                Point::new(x + 5.0, y + 14.0),
                &node.status,
                (DETAIL, 600),
                style.alarm,
                "start",
            );
        }
        for tag in &node.tags {
            let chip = node.tag_rect(tag);
            self.rect(chip, chip.height() / 2.0, style.tag(), None);
            let at = Point::new(chip.center().x, chip.max.y - 4.2);
            self.text(at, &tag.text, (DETAIL, 400), style.text, "middle");
        }
        if node.pinned {
            // On the corner, where no name can run into it.
            let at = Point::new(rect.max.x - 2.0, rect.min.y + 2.0);
            writeln!(
                self.out,
                "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"8\" fill=\"{}\" stroke=\"{}\"/>",
                at.x,
                at.y,
                style.card.css(),
                style.weak.css(),
            )
            .ok();
            self.icon(crate::chart::icon::ui::KEEP, at, 13.0, style.weak);
        }
        self.out.push_str("</g>\n");
    }

    fn sign(&mut self, sign: Sign, at: Point) {
        let style = self.style;
        let stroke = |dashes: &[f32], color: Color| {
            format!(
                "<path d=\"M{:.1} {:.1}h26\" stroke=\"{}\" stroke-width=\"1.6\"{}/>\n",
                at.x - 13.0,
                at.y,
                color.css(),
                dash_attribute(dashes)
            )
        };
        match sign {
            Sign::Schema(icon, group) => {
                let size = crate::chart::Size { w: 18.0, h: 18.0 };
                self.rect(Rect::from_center_size(at, size), 4.0, style.tile(group), None);
                self.icon(icon, at, 13.0, style.hue(group));
            }
            Sign::Line(strength) => self.out.push_str(&stroke(dash(strength), style.line)),
            Sign::Denied => {
                self.out.push_str(&stroke(&[], style.alarm));
                self.cross(at, style.alarm, false);
            }
            Sign::Arrow => {
                self.out.push_str(&stroke(&[], style.line));
                let (x, y) = (at.x + 13.0, at.y);
                writeln!(
                    self.out,
                    "<path d=\"M{x:.1} {y:.1}l-9 -4v8z\" fill=\"{}\"/>",
                    style.line.css()
                )
                .ok();
            }
            Sign::Pin => self.icon(crate::chart::icon::ui::KEEP, at, 14.0, style.weak),
            Sign::Group => {
                let size = crate::chart::Size { w: 16.0, h: 10.0 };
                for off in [2.5, -2.5] {
                    let middle = Point::new(at.x + off, at.y + off);
                    let card = Rect::from_center_size(middle, size);
                    self.rect(card, 3.0, style.card, Some((style.weak, 1.2)));
                }
            }
            Sign::Tint(tint) => {
                let size = crate::chart::Size { w: 18.0, h: 12.0 };
                self.rect(Rect::from_center_size(at, size), 3.0, tint, None);
            }
            Sign::Size => {
                for (x, radius) in [(-8.0, 2.0), (6.0, 6.0)] {
                    writeln!(
                        self.out,
                        "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"{radius}\" fill=\"{}\"/>",
                        at.x + x,
                        at.y,
                        style.weak.css()
                    )
                    .ok();
                }
            }
            Sign::Dimmed => {
                self.out.push_str("<g opacity=\"0.28\">");
                let size = crate::chart::Size { w: 20.0, h: 12.0 };
                self.rect(
                    Rect::from_center_size(at, size),
                    3.0,
                    style.card,
                    Some((style.text, 1.2)),
                );
                self.out.push_str("</g>\n");
            }
        }
    }
}

fn overlap(a: Rect, b: Rect) -> bool {
    a.min.x <= b.max.x && b.min.x <= a.max.x && a.min.y <= b.max.y && b.min.y <= a.max.y
}

fn faint(dimmed: bool) -> &'static str {
    if dimmed { " opacity=\"0.28\"" } else { "" }
}

fn dash_attribute(dashes: &[f32]) -> String {
    if dashes.is_empty() {
        return String::new();
    }
    let lengths: Vec<String> = dashes.iter().map(ToString::to_string).collect();
    format!(" stroke-dasharray=\"{}\"", lengths.join(" "))
}

/// Text as XML holds it: what has a meaning there is written out, and so is what nobody would
/// see; what must not occur is left out.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in one_line(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
    out
}
