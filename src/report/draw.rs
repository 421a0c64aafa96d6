//! A picture in a frame that says what it shows, when, by whom and from which case: one drawing,
//! whatever it is drawn on.

use vello_cpu::kurbo::{self, BezPath, Shape as _};

use super::sheet::{LEGEND_ENTRY, MARGIN, Sheet};
use crate::chart::{
    Color, Frame, Line, Node, Picture, Point, Rect, Size, Style,
    font::{self, Shaped, Weight, bidi::Direction},
    icon::ui,
    legend::Sign,
    picture::{
        CAPTION, DETAIL, LEVEL, LINE, PAD, RING, RING_OFF, SMALL_LINE, THIN, TILE, arrowhead,
        line_point, reversed,
    },
    style::dash,
    text::cut,
};

/// How opaque what lies outside the period or a filter is.
pub(super) const FAINT: f32 = 0.28;

/// A line as it is drawn.
#[derive(Clone, Copy)]
pub(super) struct Stroke<'a> {
    pub color: Color,
    pub width: f32,
    pub dashes: &'a [f32],
}

impl Stroke<'_> {
    fn plain(color: Color, width: f32) -> Self {
        Self { color, width, dashes: &[] }
    }
}

/// Text as it is drawn.
#[derive(Clone, Copy)]
pub(super) struct Look {
    pub size: f32,
    pub weight: Weight,
    pub color: Color,
    /// Which part of the text lies at its place.
    pub anchor: Anchor,
    /// The side from which the paragraph is read; without it, that of its own letters.
    pub direction: Option<Direction>,
}

/// The part of a line of text that lies at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Left,
    Middle,
    Right,
}

impl Look {
    fn new(size: f32, weight: Weight, color: Color) -> Self {
        Self { size, weight, color, anchor: Anchor::Left, direction: None }
    }

    fn centred(self) -> Self {
        Self { anchor: Anchor::Middle, ..self }
    }

    /// The look of a line of a paragraph that is read from a side: it begins there.
    fn beginning(self, direction: Direction) -> Self {
        let anchor = if direction.is_right_to_left() { Anchor::Right } else { Anchor::Left };
        Self { anchor, direction: Some(direction), ..self }
    }

    /// The side from which a text is read.
    pub(super) fn direction(&self, text: &str) -> Direction {
        self.direction.unwrap_or_else(|| Direction::of(text))
    }

    /// A text as glyphs, and how far left of its place it begins.
    pub(super) fn shape(&self, text: &str) -> (Shaped, f32) {
        let shaped = font::shape_line(text, self.weight, self.direction(text));
        let width = shaped.width * self.size;
        let shift = match self.anchor {
            Anchor::Left => 0.0,
            Anchor::Middle => width / 2.0,
            Anchor::Right => width,
        };
        (shaped, shift)
    }
}

/// What can be drawn on: each of the formats.
pub(super) trait Canvas {
    /// Begins a group; what is dimmed lies within the bounds and is seen through. Ended by
    /// [`Self::close`].
    fn open(&mut self, is_dimmed: bool, title: &str, bounds: Rect);
    /// Begins a part in which what lies outside of an area is cut off.
    fn clip(&mut self, area: Rect);
    /// Begins a part in which everything is larger, then moved.
    fn place(&mut self, shift: Point, scale: f32);
    /// Ends the group or part that was begun last.
    fn close(&mut self);
    /// A rectangle with round corners.
    fn rect(&mut self, rect: Rect, radius: f32, fill: Option<Color>, stroke: Option<Stroke<'_>>);
    /// A circle.
    fn circle(&mut self, middle: Point, radius: f32, fill: Color, stroke: Option<Stroke<'_>>);
    /// A filled shape.
    fn polygon(&mut self, corners: &[Point], fill: Color);
    /// A line.
    fn stroke(&mut self, path: &BezPath, stroke: Stroke<'_>);
    /// An icon around a point.
    fn icon(&mut self, icon: char, at: Point, size: f32, color: Color);
    /// A line of text on a baseline.
    fn text(&mut self, at: Point, text: &str, look: Look);
}

/// Draws a sheet.
pub(super) fn draw(
    canvas: &mut dyn Canvas,
    picture: &Picture,
    frame: &Frame,
    style: &Style,
    sheet: &Sheet,
) {
    let Size { w: width, h: height } = sheet.size;
    let mut drawing = Drawing { canvas, style };
    let all = Rect { min: Point::new(0.0, 0.0), max: Point::new(width, height) };
    drawing.canvas.rect(all, 0.0, Some(style.ground), None);
    drawing.head(frame, width);
    drawing.picture(picture, sheet);
    drawing.legend(picture, sheet);
    drawing.foot(frame, &sheet.note, Point::new(MARGIN, height - 14.0), width);
}

/// The legend's entries in rows, each with the width that it takes.
pub(super) fn legend_rows(picture: &Picture, width: f32) -> Vec<Vec<(usize, f32)>> {
    let mut rows: Vec<Vec<(usize, f32)>> = Vec::new();
    let mut used = f32::INFINITY;
    for (index, entry) in picture.legend.entries.iter().enumerate() {
        let advance = font::width(&entry.text, DETAIL, Weight::Regular) + 52.0;
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

/// The names of a picture and its frame that have a letter which no font has, each once.
pub fn not_whole(picture: &Picture, frame: &Frame) -> Vec<String> {
    let heads = [&*frame.title, &*frame.case, &*frame.marking, &*frame.author, &*frame.lens];
    let nodes = picture.nodes.iter().flat_map(|node| {
        let tags = node.tags.iter().map(|tag| tag.text.as_str());
        [&*node.name, &*node.detail, &*node.status].into_iter().chain(tags)
    });
    let lines = picture.lines.iter().map(|line| line.label.as_str());
    let legend = picture.legend.entries.iter().map(|entry| entry.text.as_str());
    let texts = heads.into_iter().chain(nodes).chain(lines).chain(legend);
    font::missing::not_whole(texts).into_iter().map(str::to_owned).collect()
}

struct Drawing<'a> {
    canvas: &'a mut dyn Canvas,
    style: &'a Style,
}

impl Drawing<'_> {
    fn head(&mut self, frame: &Frame, width: f32) {
        let style = self.style;
        let room = width - 2.0 * MARGIN;
        let title = cut(&frame.title, 20.0, Weight::SemiBold, room * 0.62);
        let look = Look::new(20.0, Weight::SemiBold, style.text);
        self.canvas.text(Point::new(MARGIN, 36.0), &title, look);
        let case = cut(&frame.case, CAPTION, Weight::Regular, room);
        let look = Look::new(CAPTION, Weight::Regular, style.weak);
        self.canvas.text(Point::new(MARGIN, 58.0), &case, look);
        if !frame.lens.is_empty() {
            // What is only supposed is not to be taken for what is.
            let lens = cut(&frame.lens, DETAIL, Weight::SemiBold, room);
            let look = Look::new(DETAIL, Weight::SemiBold, style.alarm);
            self.canvas.text(Point::new(MARGIN, 75.0), &lens, look);
        }
        if !frame.marking.is_empty() {
            let marking = cut(&frame.marking, CAPTION, Weight::SemiBold, room * 0.36);
            let w = font::width(&marking, CAPTION, Weight::SemiBold) + 24.0;
            let at = Rect {
                min: Point::new(width - MARGIN - w, 18.0),
                max: Point::new(width - MARGIN, 44.0),
            };
            self.framed(at, 5.0, style.card, Stroke::plain(style.marking, 1.5));
            let look = Look::new(CAPTION, Weight::SemiBold, style.marking).centred();
            self.canvas.text(Point::new(at.center().x, 36.0), &marking, look);
        }
    }

    fn legend(&mut self, picture: &Picture, sheet: &Sheet) {
        let mut y = sheet.area.max.y + 14.0;
        for row in &legend_rows(picture, sheet.size.w - 2.0 * MARGIN) {
            let mut x = MARGIN;
            for &(index, advance) in row {
                let entry = &picture.legend.entries[index];
                self.sign(entry.sign, Point::new(x + 12.0, y));
                let look = Look::new(DETAIL, Weight::Regular, self.style.weak);
                self.canvas.text(Point::new(x + 30.0, y + 4.0), &entry.text, look);
                x += advance;
            }
            y += LEGEND_ENTRY;
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
        let text = cut(&parts.join(" · "), DETAIL, Weight::Regular, width - 2.0 * MARGIN);
        self.canvas.text(at, &text, Look::new(DETAIL, Weight::Regular, self.style.weak));
    }

    /// The part of a picture that a sheet shows. What lies outside of it is not drawn at all.
    fn picture(&mut self, picture: &Picture, sheet: &Sheet) {
        let Sheet { area, window, scale, .. } = *sheet;
        if sheet.is_part {
            self.canvas.clip(area);
        }
        let shift =
            Point::new(area.min.x - window.min.x * scale, area.min.y - window.min.y * scale);
        self.canvas.place(shift, scale);
        let seen = |rect: Rect| !sheet.is_part || overlap(window, rect);
        for line in picture.lines.iter().filter(|line| seen(reach(line))) {
            self.line(line);
        }
        for node in picture.nodes.iter().filter(|node| seen(node.rect().expand(12.0))) {
            self.node(node);
        }
        for line in picture.lines.iter().filter(|line| !line.label.is_empty()) {
            let w = font::width(&line.label, DETAIL, Weight::Regular) + 10.0;
            let ground = Rect::from_center_size(line.label_at, Size { w, h: 17.0 });
            if seen(ground) {
                self.label(line, ground);
            }
        }
        self.canvas.close();
        if sheet.is_part {
            self.canvas.close();
            for [from, to] in sheet.marks() {
                self.canvas.stroke(&straight(from, to), Stroke::plain(self.style.weak, 0.6));
            }
        }
    }

    fn framed(&mut self, rect: Rect, radius: f32, fill: Color, stroke: Stroke<'_>) {
        self.canvas.rect(rect, radius, Some(fill), Some(stroke));
    }

    fn filled(&mut self, rect: Rect, radius: f32, fill: Color) {
        self.canvas.rect(rect, radius, Some(fill), None);
    }

    fn line(&mut self, line: &Line) {
        if line.dimmed {
            self.canvas.open(true, "", reach(line));
        }
        let [a, b, c, d] = line.curve.map(place);
        let mut path = BezPath::new();
        path.move_to(a);
        path.curve_to(b, c, d);
        if line.selected && !line.followed {
            // A band below the line, which keeps its dashes and its colour.
            let band = self.style.select.over(self.style.ground, 0.45);
            self.canvas.stroke(&path, Stroke::plain(band, line.width + 6.0));
        }
        let dashes = dash(line.strength);
        self.canvas.stroke(&path, Stroke { color: line.color, width: line.width, dashes });
        if line.arrow_to {
            self.canvas.polygon(&arrowhead(&line.curve, 10.0), line.color);
        }
        if line.arrow_from {
            self.canvas.polygon(&arrowhead(&reversed(&line.curve), 10.0), line.color);
        }
        if line.denied {
            self.cross(line_point(&line.curve, 0.3), line.color);
        }
        if line.dimmed {
            self.canvas.close();
        }
    }

    /// The sign of a denial: a cross over the line, which black and white print shows too.
    fn cross(&mut self, at: Point, color: Color) {
        let corner = |x: f32, y: f32| Point::new(at.x + x, at.y + y);
        let mut path = straight(corner(-5.0, -5.0), corner(5.0, 5.0));
        path.extend(straight(corner(5.0, -5.0), corner(-5.0, 5.0)));
        self.canvas.stroke(&path, Stroke::plain(color, 2.4));
    }

    fn label(&mut self, line: &Line, ground: Rect) {
        if line.dimmed {
            self.canvas.open(true, "", ground);
        }
        let at = line.label_at;
        self.filled(ground, 4.0, self.style.ground);
        let color = match (line.denied || line.followed, line.selected) {
            (true, _) => line.color,
            (false, true) => self.style.select,
            (false, false) => self.style.weak,
        };
        let look = Look::new(DETAIL, Weight::Regular, color).centred();
        self.canvas.text(Point::new(at.x, at.y + 4.0), &line.label, look);
        if line.dimmed {
            self.canvas.close();
        }
    }

    fn node(&mut self, node: &Node) {
        let style = self.style;
        let rect = node.rect();
        self.canvas.open(node.dimmed, &node.name, rect.expand(12.0));
        if node.members.is_some() {
            // The cards below the first.
            for below in [8.0, 4.0] {
                let min = Point::new(rect.min.x + below, rect.min.y + below);
                let max = Point::new(rect.max.x + below, rect.max.y + below);
                let edge = Stroke::plain(style.edge, 1.0);
                self.framed(Rect { min, max }, 8.0, style.card, edge);
            }
        }
        self.filled(rect, 8.0, style.card);
        let (color, width) =
            if node.denied { (style.denied, 1.4) } else { (node.tint.unwrap_or(style.edge), 1.2) };
        if node.selected {
            // It stands off the edge, which keeps what it says of the card.
            let ring = Stroke::plain(style.select, RING);
            self.canvas.rect(rect.expand(RING_OFF), 8.0 + RING_OFF, None, Some(ring));
        }
        let edge = Stroke { color, width, dashes: dash(node.strength) };
        self.canvas.rect(rect, 8.0, None, Some(edge));
        let tile = Rect {
            min: Point::new(rect.min.x + PAD, node.at.y - TILE / 2.0),
            max: Point::new(rect.min.x + PAD + TILE, node.at.y + TILE / 2.0),
        };
        let (ground, ink) = style.sign_of(node);
        self.filled(tile, 7.0, ground);
        self.canvas.icon(node.icon, tile.center(), 22.0, ink);
        if let Some(level) = node.level {
            let [ground, bar] = node.level_bar(level);
            self.filled(ground, LEVEL / 2.0, style.grid);
            self.filled(bar, LEVEL / 2.0, node.tint.unwrap_or(style.level(1.0)));
        }
        let x = tile.max.x + PAD;
        let mut y = node.at.y + node.text_tops().0;
        // What is read from the right begins at the right.
        let right = rect.max.x - PAD;
        let begin = |direction: Direction| if direction.is_right_to_left() { right } else { x };
        let direction = Direction::of(&node.name);
        for line in &node.caption {
            let look = Look::new(CAPTION, Weight::SemiBold, style.text).beginning(direction);
            self.canvas.text(Point::new(begin(direction), y + 12.5), line, look);
            if node.denied {
                let w = font::width(line, CAPTION, Weight::SemiBold);
                let from = if direction.is_right_to_left() { right - w } else { x };
                let strike =
                    Rect { min: Point::new(from, y + 7.5), max: Point::new(from + w, y + 9.0) };
                self.filled(strike, 0.0, style.denied);
            }
            y += LINE;
        }
        let direction = Direction::of(&node.detail);
        let look = Look::new(DETAIL, Weight::Regular, style.weak).beginning(direction);
        self.canvas.text(Point::new(begin(direction), y + 10.5), &node.detail, look);
        y += SMALL_LINE;
        if !node.status.is_empty() {
            let w = font::width(&node.status, DETAIL, Weight::SemiBold) + 10.0;
            let chip = Rect { min: Point::new(x, y + 2.0), max: Point::new(x + w, y + 18.0) };
            self.framed(chip, 3.0, style.card, Stroke::plain(style.alarm, 1.0));
            let look = Look::new(DETAIL, Weight::SemiBold, style.alarm);
            self.canvas.text(Point::new(x + 5.0, y + 14.0), &node.status, look);
        }
        for tag in &node.tags {
            let chip = node.tag_rect(tag);
            self.filled(chip, chip.height() / 2.0, style.tag());
            let at = Point::new(chip.center().x, chip.max.y - 4.2);
            let look = Look::new(DETAIL, Weight::Regular, style.text).centred();
            self.canvas.text(at, &tag.text, look);
        }
        if node.pinned {
            // On the corner, where no name can run into it.
            let at = Point::new(rect.max.x - 2.0, rect.min.y + 2.0);
            self.canvas.circle(at, 8.0, style.card, Some(Stroke::plain(style.weak, 1.0)));
            self.canvas.icon(ui::KEEP, at, 13.0, style.weak);
        }
        self.canvas.close();
    }

    fn sign(&mut self, sign: Sign, at: Point) {
        let style = self.style;
        let around = |w: f32, h: f32| Rect::from_center_size(at, Size { w, h });
        let line = straight(Point::new(at.x - 13.0, at.y), Point::new(at.x + 13.0, at.y));
        let stroke = |dashes, color| Stroke { color, width: 1.6, dashes };
        match sign {
            Sign::Schema(icon, group) => {
                self.filled(around(18.0, 18.0), 4.0, style.tile(group));
                self.canvas.icon(icon, at, 13.0, style.hue(group));
            }
            Sign::Line(strength) => self.canvas.stroke(&line, stroke(dash(strength), style.line)),
            Sign::Thread => {
                let thread = Stroke { color: style.thread, width: 2.6, dashes: &[] };
                self.canvas.stroke(&line, thread);
            }
            Sign::Denied => {
                self.canvas.stroke(&line, stroke(&[], style.denied));
                self.cross(at, style.denied);
            }
            Sign::Bundle => {
                for off in [-4.0, 4.0] {
                    let end = |x: f32| Point::new(at.x + x, at.y + off);
                    let thin = Stroke { color: style.line, width: THIN, dashes: &[] };
                    self.canvas.stroke(&straight(end(-13.0), at), thin);
                    self.canvas.stroke(&straight(at, end(13.0)), thin);
                }
            }
            Sign::Reference => {
                let thin = Stroke { color: style.line, width: THIN, dashes: &[] };
                self.canvas.stroke(&line, thin);
            }
            Sign::Arrow => {
                self.canvas.stroke(&line, stroke(&[], style.line));
                let corner = |x: f32, y: f32| Point::new(at.x + 13.0 + x, at.y + y);
                let head = [corner(0.0, 0.0), corner(-9.0, -4.0), corner(-9.0, 4.0)];
                self.canvas.polygon(&head, style.line);
            }
            Sign::Pin => self.canvas.icon(ui::KEEP, at, 14.0, style.weak),
            Sign::Group => {
                for off in [2.5, -2.5] {
                    let middle = Point::new(at.x + off, at.y + off);
                    let card = Rect::from_center_size(middle, Size { w: 16.0, h: 10.0 });
                    self.framed(card, 3.0, style.card, Stroke::plain(style.weak, 1.2));
                }
            }
            Sign::Tint(tint) => self.filled(around(18.0, 12.0), 3.0, tint),
            Sign::Size => {
                for (x, radius) in [(-8.0, 2.0), (6.0, 6.0)] {
                    self.canvas.circle(Point::new(at.x + x, at.y), radius, style.weak, None);
                }
            }
            Sign::Dimmed => {
                let card = around(20.0, 12.0);
                self.canvas.open(true, "", card.expand(2.0));
                self.framed(card, 3.0, style.card, Stroke::plain(style.text, 1.2));
                self.canvas.close();
            }
        }
    }
}

fn place(point: Point) -> kurbo::Point {
    (f64::from(point.x), f64::from(point.y)).into()
}

/// A rectangle as a path.
pub(super) fn rounded(rect: Rect, radius: f32) -> BezPath {
    let plain = kurbo::Rect::from_points(place(rect.min), place(rect.max));
    if radius > 0.0 {
        plain.to_rounded_rect(f64::from(radius)).to_path(0.02)
    } else {
        plain.to_path(0.02)
    }
}

/// A circle as a path.
pub(super) fn round(middle: Point, radius: f32) -> BezPath {
    kurbo::Circle::new(place(middle), radius.into()).to_path(0.02)
}

/// A shape with corners as a path.
pub(super) fn closed(corners: &[Point]) -> BezPath {
    let mut path = BezPath::new();
    for (number, corner) in corners.iter().enumerate() {
        match number {
            0 => path.move_to(place(*corner)),
            _ => path.line_to(place(*corner)),
        }
    }
    path.close_path();
    path
}

fn straight(from: Point, to: Point) -> BezPath {
    kurbo::Line::new(place(from), place(to)).to_path(0.1)
}

/// What a line covers with its heads.
fn reach(line: &Line) -> Rect {
    let points = line.curve.map(|point| Rect { min: point, max: point }.expand(12.0));
    Rect::around(points).unwrap_or_default()
}

fn overlap(a: Rect, b: Rect) -> bool {
    a.min.x <= b.max.x && b.min.x <= a.max.x && a.min.y <= b.max.y && b.min.y <= a.max.y
}
