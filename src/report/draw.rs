//! A picture in a frame that says what it shows, when, by whom and from which case: one drawing,
//! whatever it is drawn on.

use vello_cpu::kurbo::{self, BezPath, Shape as _};

use super::{
    Exhibit, Photos,
    list::Row,
    sheet::{self, LEGEND_ENTRY, MARGIN, MARKING, OVERLAP, Page, Poster, SLUG, Sheet},
    sources::{Sources, bracketed},
};
use crate::chart::{
    Color, Frame, Line, Mark, MarkShape, Node, Photo, Picture, Point, Rect, Size, Style,
    font::{self, Shaped, Weight, bidi::Direction},
    icon::ui,
    legend::Sign,
    marks::{self, TEXT_PAD},
    picture::{CAPTION, DETAIL, LEVEL, LINE, PAD, RING, RING_OFF, SMALL_LINE, THIN, TILE},
    style::dash,
    text::cut,
};
use crate::model::Id;

/// How opaque what lies outside the period or a filter is.
pub(super) const FAINT: f32 = 0.28;
/// The size of what is in the margins of a poster, in points.
/// The smallest letters of a marking, in points.
const LEAST_MARKING: f32 = 7.0;
const SMALL: f32 = 8.0;
/// The size of the numbers of sources, in points.
const NUMBER: f32 = 8.5;

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

    fn ending(self) -> Self {
        Self { anchor: Anchor::Right, ..self }
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
    /// A photo, cut to a square already.
    fn photo(&mut self, photo: &Photo, rect: Rect, radius: f32);
    /// A line of text on a baseline.
    fn text(&mut self, at: Point, text: &str, look: Look);
}

/// Which page of how many one is.
#[derive(Clone, Copy)]
pub(super) struct Folio {
    /// From 1.
    pub number: usize,
    pub count: usize,
}

impl Folio {
    fn words(self) -> String {
        format!("Page {} of {}", self.number, self.count)
    }
}

/// Draws a page of several.
pub(super) fn page(canvas: &mut dyn Canvas, exhibit: &Exhibit<'_>, page: &Page, folio: Folio) {
    let size = page.size();
    let all = Rect { min: Point::new(0.0, 0.0), max: Point::new(size.w, size.h) };
    let mut drawing = Drawing::of(canvas, exhibit);
    drawing.canvas.rect(all, 0.0, Some(exhibit.style.ground), None);
    match page {
        Page::Whole(sheet) => drawing.sheet(exhibit, sheet, all, &folio.words()),
        Page::Plan(poster) => drawing.plan(exhibit, poster, folio),
        Page::Tile { poster, row, column } => drawing.tile(exhibit, poster, [*row, *column], folio),
        Page::List { rows, .. } => {
            let title = format!("Sources of {}", exhibit.frame.title);
            let frame = Frame { title, ..exhibit.frame.clone() };
            drawing.head(&frame, size.w);
            drawing.rows(rows);
            drawing.foot(&frame, size, &folio.words());
        }
    }
}

/// Draws a sheet that is on no page of several.
pub(super) fn sheet(canvas: &mut dyn Canvas, exhibit: &Exhibit<'_>, sheet: &Sheet) {
    let Size { w, h } = sheet.size;
    let all = Rect { min: Point::new(0.0, 0.0), max: Point::new(w, h) };
    let mut drawing = Drawing::of(canvas, exhibit);
    drawing.canvas.rect(all, 0.0, Some(exhibit.style.ground), None);
    drawing.sheet(exhibit, sheet, all, "");
}

/// The legend's entries in rows, each with the width that it takes.
pub(super) fn legend_rows(exhibit: &Exhibit<'_>, width: f32) -> Vec<Vec<(usize, f32)>> {
    let mut rows: Vec<Vec<(usize, f32)>> = Vec::new();
    if !exhibit.furniture.legend {
        return rows;
    }
    let mut used = f32::INFINITY;
    for (index, entry) in exhibit.picture.legend.entries.iter().enumerate() {
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

/// The texts of an exhibit that have a letter which no font has, each once.
pub fn not_whole(exhibit: &Exhibit<'_>) -> Vec<String> {
    let Exhibit { picture, frame, sources, .. } = exhibit;
    let heads = [
        &*frame.title,
        &*frame.case,
        &*frame.reference,
        &*frame.marking,
        &*frame.author,
        &*frame.lens,
    ];
    let nodes = picture.nodes.iter().flat_map(|node| {
        let tags = node.tags.iter().map(|tag| tag.text.as_str());
        let details = node.detail.iter().map(String::as_str);
        [&*node.name, &*node.status].into_iter().chain(details).chain(tags)
    });
    let lines = picture.lines.iter().map(|line| line.label.as_str());
    let drawn = picture.marks.iter().flat_map(|mark| match &mark.shape {
        MarkShape::Text { lines } => lines.iter().map(String::as_str).collect(),
        MarkShape::Box { title } => vec![title.as_str()],
        MarkShape::Bar { text, .. } | MarkShape::Label { text, .. } => vec![text.as_str()],
        MarkShape::Line { .. } => Vec::new(),
    });
    let lines = lines.chain(drawn);
    let legend = picture.legend.entries.iter().map(|entry| entry.text.as_str());
    let listed = sources.entries.iter().filter(|_| exhibit.furniture.sources);
    let listed = listed.flat_map(|source| [&*source.title, &*source.origin]);
    let texts = heads.into_iter().chain(nodes).chain(lines).chain(legend).chain(listed);
    font::missing::not_whole(texts).into_iter().map(str::to_owned).collect()
}

struct Drawing<'a> {
    canvas: &'a mut dyn Canvas,
    style: &'a Style,
    /// Whose numbers are drawn on cards and lines; `None` for no numbers.
    sources: Option<&'a Sources>,
    photos: &'a Photos,
    /// What is in sight, in the coordinates that are drawn in; `None` for everything.
    sight: Option<Rect>,
}

impl<'a> Drawing<'a> {
    fn of(canvas: &'a mut dyn Canvas, exhibit: &Exhibit<'a>) -> Self {
        let sources = exhibit.furniture.sources.then_some(exhibit.sources);
        let Exhibit { style, photos, .. } = *exhibit;
        Self { canvas, style, sources, photos, sight: None }
    }
}

impl Drawing<'_> {
    /// The part of a sheet that is in sight. What lies outside of it is not drawn at all.
    fn sheet(&mut self, exhibit: &Exhibit<'_>, sheet: &Sheet, sight: Rect, folio: &str) {
        let Size { w, h } = sheet.size;
        self.sight = Some(sight);
        let band = |from: f32, to: f32| Rect { min: Point::new(0.0, from), max: Point::new(w, to) };
        if overlap(sight, band(0.0, sheet.area.min.y)) {
            self.head(exhibit.frame, w);
        }
        if overlap(sight, sheet.area) {
            self.picture(exhibit.picture, sheet, sight);
        }
        let foot = h - sheet::foot(exhibit.frame);
        if overlap(sight, band(sheet.area.max.y, foot)) {
            self.legend(exhibit, sheet);
            self.rows(&sheet.list);
        }
        if overlap(sight, band(foot, h)) {
            self.foot(exhibit.frame, sheet.size, folio);
        }
        self.sight = None;
    }

    /// A line of text, where some of it is in sight: a reader of a page finds no others.
    fn text(&mut self, at: Point, text: &str, look: Look) {
        let w = font::width(text, look.size, look.weight);
        let left = match look.anchor {
            Anchor::Left => at.x,
            Anchor::Middle => at.x - w / 2.0,
            Anchor::Right => at.x - w,
        };
        let min = Point::new(left, at.y - look.size * 0.8);
        let room = Rect { min, max: Point::new(left + w, at.y + look.size * 0.2) };
        if self.sight.is_none_or(|sight| overlap(sight, room)) {
            self.canvas.text(at, text, look);
        }
    }

    fn head(&mut self, frame: &Frame, width: f32) {
        let style = self.style;
        let room = width - 2.0 * MARGIN;
        let top = sheet::marking(frame);
        self.marking(frame, Point::new(width / 2.0, 22.0), room);
        let dated = if frame.as_at.is_empty() { 0.0 } else { 130.0 };
        let title = cut(&frame.title, 20.0, Weight::SemiBold, room - dated);
        let look = Look::new(20.0, Weight::SemiBold, style.text);
        self.text(Point::new(MARGIN, top + 36.0), &title, look);
        if !frame.as_at.is_empty() {
            let at = Point::new(width - MARGIN, top + 36.0);
            let look = Look::new(CAPTION, Weight::SemiBold, style.text).ending();
            self.text(at, &format!("As at {}", frame.as_at), look);
        }
        let look = Look::new(CAPTION, Weight::Regular, style.weak);
        let author = cut(&prefixed("by ", &frame.author), CAPTION, Weight::Regular, room * 0.3);
        let right = font::width(&author, CAPTION, Weight::Regular) + 24.0;
        if !author.is_empty() {
            self.text(Point::new(width - MARGIN, top + 58.0), &author, look.ending());
        }
        let parts = [frame.case.clone(), prefixed("Ref. ", &frame.reference)];
        let case = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        let case = cut(&case.join(" · "), CAPTION, Weight::Regular, room - right);
        self.text(Point::new(MARGIN, top + 58.0), &case, look);
        if !frame.lens.is_empty() {
            // What is only supposed is not to be taken for what is.
            let lens = cut(&frame.lens, DETAIL, Weight::SemiBold, room);
            let look = Look::new(DETAIL, Weight::SemiBold, style.alarm);
            self.text(Point::new(MARGIN, top + 75.0), &lens, look);
        }
    }

    /// The marking around a point, in a frame.
    fn marking(&mut self, frame: &Frame, middle: Point, room: f32) {
        if frame.marking.is_empty() {
            return;
        }
        // Smaller letters rather than fewer: what is cut off is another marking.
        let wide = font::width(&frame.marking, CAPTION, Weight::SemiBold);
        let size = (CAPTION * (room - 24.0) / wide.max(1.0)).clamp(LEAST_MARKING, CAPTION);
        let marking = cut(&frame.marking, size, Weight::SemiBold, room - 24.0);
        let w = font::width(&marking, size, Weight::SemiBold) + 24.0;
        let at = Rect::from_center_size(middle, Size { w, h: MARKING - 2.0 });
        let ink = self.style.marking;
        self.framed(at, 5.0, self.style.card, Stroke::plain(ink, 1.5));
        let look = Look::new(size, Weight::SemiBold, ink).centred();
        self.text(Point::new(middle.x, middle.y + size * 0.36), &marking, look);
    }

    fn legend(&mut self, exhibit: &Exhibit<'_>, sheet: &Sheet) {
        let mut y = sheet.area.max.y + 14.0;
        for row in &legend_rows(exhibit, sheet.size.w - 2.0 * MARGIN) {
            let mut x = MARGIN;
            for &(index, advance) in row {
                let entry = &exhibit.picture.legend.entries[index];
                self.sign(entry.sign, Point::new(x + 12.0, y));
                let look = Look::new(DETAIL, Weight::Regular, self.style.weak);
                self.text(Point::new(x + 30.0, y + 4.0), &entry.text, look);
                x += advance;
            }
            y += LEGEND_ENTRY;
        }
    }

    fn rows(&mut self, rows: &[Row]) {
        for row in rows {
            let color = if row.is_weak { self.style.weak } else { self.style.text };
            self.text(row.at, &row.text, Look::new(row.size, row.weight, color));
        }
    }

    fn foot(&mut self, frame: &Frame, size: Size, folio: &str) {
        let Size { w, h } = size;
        self.marking(frame, Point::new(w / 2.0, h - 38.0), w - 2.0 * MARGIN);
        let look = Look::new(DETAIL, Weight::Regular, self.style.weak);
        let y = h - 12.0;
        if !folio.is_empty() {
            self.text(Point::new(w - MARGIN, y), folio, look.ending());
        }
        let right = font::width(folio, DETAIL, Weight::Regular) + 16.0;
        let parts = [prefixed("case digest ", &frame.digest), "made with Redthread".to_owned()];
        let parts = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        let room = w - 2.0 * MARGIN - right;
        let text = cut(&parts.join(" · "), DETAIL, Weight::Regular, room);
        self.text(Point::new(MARGIN, y), &text, look);
    }

    /// All of a poster on one page, with the numbers of the pages that show its parts.
    fn plan(&mut self, exhibit: &Exhibit<'_>, poster: &Poster, folio: Folio) {
        let (style, room, whole) = (self.style, poster.area(), poster.size());
        let room = Rect { min: Point::new(room.min.x, room.min.y + 26.0), max: room.max };
        let scale = (room.width() / whole.w).min(room.height() / whole.h);
        let used = Size { w: whole.w * scale, h: whole.h * scale };
        let at = Rect::from_center_size(room.center(), used);
        let look = Look::new(CAPTION, Weight::SemiBold, style.text);
        let [width, height] = [whole.w, whole.h].map(|points| points / 72.0 * 2.54);
        let words = format!(
            "Plan: {} rows of {} pages, {width:.0} × {height:.0} cm. Cut each page at its corner \
             marks and lay it over the dashed marks of the page to the left and above.",
            poster.rows, poster.columns
        );
        let words = cut(&words, DETAIL, Weight::SemiBold, room.width());
        let look = Look { size: DETAIL, ..look };
        self.text(Point::new(room.min.x, room.min.y - 10.0), &words, look);
        let small = poster.scale * scale;
        let corner = poster.part(0, 0).min;
        let from = |p: Point| {
            Point::new(at.min.x + (p.x - corner.x) * small, at.min.y + (p.y - corner.y) * small)
        };
        self.canvas.place(from(Point::new(0.0, 0.0)), small);
        let Size { w, h } = poster.sheet.size;
        let all = Rect { min: Point::new(0.0, 0.0), max: Point::new(w, h) };
        self.sheet(exhibit, &poster.sheet, all, "");
        self.canvas.close();
        let first = folio.number + 1;
        for row in 0..poster.rows {
            for column in 0..poster.columns {
                let part = poster.part(row, column);
                let cell = Rect { min: from(part.min), max: from(part.max) };
                let edge = Stroke { color: style.weak, width: 0.8, dashes: &[4.0, 3.0] };
                self.canvas.rect(cell, 0.0, None, Some(edge));
                let number = (first + row * poster.columns + column).to_string();
                let middle = Point::new(cell.max.x - 16.0, cell.max.y - 16.0);
                let ring = Some(Stroke::plain(style.text, 1.2));
                self.canvas.circle(middle, 11.0, style.card, ring);
                let look = Look::new(DETAIL, Weight::SemiBold, style.text).centred();
                self.text(Point::new(middle.x, middle.y + 4.0), &number, look);
            }
        }
        self.slug(exhibit.frame, poster, "Plan of the poster", None, folio);
    }

    /// A page of a poster: its part, cut marks, and in the margin which page it is.
    fn tile(&mut self, exhibit: &Exhibit<'_>, poster: &Poster, place: [usize; 2], folio: Folio) {
        let [row, column] = place;
        let (area, part) = (poster.area(), poster.part(row, column));
        self.canvas.clip(area);
        let shift = Point::new(
            area.min.x - part.min.x * poster.scale,
            area.min.y - part.min.y * poster.scale,
        );
        self.canvas.place(shift, poster.scale);
        self.sheet(exhibit, &poster.sheet, part, "");
        self.canvas.close();
        self.canvas.close();
        for mark in poster.marks(row, column) {
            let dashes: &[f32] = if mark.is_cut { &[] } else { &[2.5, 2.0] };
            let stroke = Stroke { color: self.style.text, width: 0.6, dashes };
            self.canvas.stroke(&straight(mark.from, mark.to), stroke);
        }
        let note = format!("Row {}, column {}", row + 1, column + 1);
        self.slug(exhibit.frame, poster, &note, Some(place), folio);
    }

    /// What is in the margins of a page of a poster.
    fn slug(
        &mut self,
        frame: &Frame,
        poster: &Poster,
        note: &str,
        here: Option<[usize; 2]>,
        folio: Folio,
    ) {
        const CELL: Size = Size { w: 9.0, h: 6.4 };
        let Size { w, h } = poster.page;
        let style = self.style;
        let look = Look::new(SMALL, Weight::Regular, style.weak);
        let left = SLUG + OVERLAP + 12.0;
        let room = w * 0.34 - left;
        // One page has the marking of its sheet.
        let ys = [SLUG / 2.0 - 2.0, h - SLUG / 2.0 + 2.0];
        for y in ys.into_iter().filter(|_| poster.rows * poster.columns > 1) {
            self.marking(frame, Point::new(w / 2.0, y), w * 0.3);
        }
        let what = [frame.title.clone(), frame.case.clone(), prefixed("Ref. ", &frame.reference)];
        let origin = [prefixed("As at ", &frame.as_at), prefixed("by ", &frame.author)];
        for (y, parts) in [(h - 19.0, &what[..]), (h - 9.0, &origin[..])] {
            let parts: Vec<&str> =
                parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
            let words = cut(&parts.join(" · "), look.size, look.weight, room);
            self.text(Point::new(left, y), &words, look);
        }
        let digest = prefixed("case digest ", &frame.digest);
        for (y, words) in [(h - 19.0, digest), (h - 9.0, format!("{note} · {}", folio.words()))] {
            self.text(Point::new(w - left, y), &words, look.ending());
        }
        // The grid of pages, with this one filled.
        let rows = poster.rows as f32;
        let scale = (22.0 / (rows * CELL.h)).min(1.0);
        let cell = Size { w: CELL.w * scale, h: CELL.h * scale };
        let start = Point::new(w - left - poster.columns as f32 * cell.w, 5.0);
        for row in 0..poster.rows {
            for column in 0..poster.columns {
                let min =
                    Point::new(start.x + column as f32 * cell.w, start.y + row as f32 * cell.h);
                let rect = Rect { min, max: Point::new(min.x + cell.w, min.y + cell.h) };
                let fill = (here == Some([row, column])).then_some(style.text);
                self.canvas.rect(rect, 0.0, fill, Some(Stroke::plain(style.weak, 0.5)));
            }
        }
    }

    /// The part of a picture that a sheet shows, as far as it is in sight.
    fn picture(&mut self, picture: &Picture, sheet: &Sheet, sight: Rect) {
        let Sheet { area, window, scale, .. } = *sheet;
        let shift =
            Point::new(area.min.x - window.min.x * scale, area.min.y - window.min.y * scale);
        let back = |p: Point| Point::new((p.x - shift.x) / scale, (p.y - shift.y) / scale);
        let sight = Rect { min: back(sight.min), max: back(sight.max) };
        self.canvas.place(shift, scale);
        let before = self.sight.replace(sight);
        let seen = |rect: Rect| overlap(sight, rect);
        let marks: Vec<&Mark> =
            picture.marks.iter().filter(|mark| seen(mark.rect.expand(12.0))).collect();
        let is_box = |mark: &&&Mark| matches!(mark.shape, MarkShape::Box { .. });
        for mark in marks.iter().filter(is_box) {
            self.mark(mark);
        }
        for line in picture.lines.iter().filter(|line| seen(reach(line))) {
            self.line(line);
        }
        for node in picture.nodes.iter().filter(|node| seen(node.rect().expand(12.0))) {
            self.node(node);
        }
        for line in &picture.lines {
            let numbers = self.numbers(&line.ids);
            if line.label.is_empty() && numbers.is_empty() {
                continue;
            }
            let label = font::width(&line.label, DETAIL, Weight::Regular);
            let more = number_width(&numbers);
            let w = label + more + 10.0;
            let ground = Rect::from_center_size(line.label_at, Size { w, h: 17.0 });
            if seen(ground) {
                self.label(line, &numbers, ground);
            }
        }
        for mark in marks.iter().filter(|mark| !is_box(mark)) {
            self.mark(mark);
        }
        self.sight = before;
        self.canvas.close();
    }

    /// A text box, a box around cards, or a line.
    fn mark(&mut self, mark: &Mark) {
        let style = self.style;
        let Mark { rect, color, width, size, .. } = *mark;
        match &mark.shape {
            MarkShape::Text { lines } => {
                self.framed(rect, 6.0, style.card, Stroke::plain(color, width));
                let mut y = rect.min.y + TEXT_PAD + size;
                for line in lines {
                    let direction = Direction::of(line);
                    let x = if direction.is_right_to_left() {
                        rect.max.x - TEXT_PAD
                    } else {
                        rect.min.x + TEXT_PAD
                    };
                    let look = Look::new(size, Weight::Regular, style.text).beginning(direction);
                    if !line.is_empty() {
                        self.text(Point::new(x, y), line, look);
                    }
                    y += mark.line_height();
                }
            }
            MarkShape::Box { title } => {
                self.framed(
                    rect,
                    12.0,
                    color.over(style.ground, 0.08),
                    Stroke::plain(color, width),
                );
                if !title.is_empty() {
                    let at = mark.title_rect();
                    let look = Look::new(size, Weight::SemiBold, color);
                    self.text(Point::new(at.min.x + 12.0, at.min.y + size * 1.35), title, look);
                }
            }
            MarkShape::Bar { text, open } => {
                let fill = color.over(style.ground, if *open { 0.2 } else { 0.42 });
                self.framed(rect, 3.0, fill, Stroke::plain(color, width));
                let look = Look::new(size, Weight::Regular, style.text);
                if !text.is_empty() {
                    // A day is a stroke, and what it is stands beside it.
                    let is_short = rect.width() < 16.0;
                    let x = if is_short { rect.max.x + 4.0 } else { rect.min.x + 5.0 };
                    self.text(Point::new(x, rect.max.y - 4.2), text, look);
                }
            }
            MarkShape::Label { text, is_strong } => {
                let weight = if *is_strong { Weight::SemiBold } else { Weight::Regular };
                let ink = if *is_strong { style.text } else { style.weak };
                let at = Point::new(rect.min.x, rect.min.y + size);
                self.text(at, text, Look::new(size, weight, ink));
            }
            MarkShape::Line { from, to, arrow } => {
                self.canvas.stroke(&straight(*from, *to), Stroke::plain(color, width));
                if *arrow {
                    self.canvas.polygon(&marks::head(*from, *to, width), color);
                }
            }
        }
    }

    /// The numbers of the sources of something, in brackets; empty for none.
    fn numbers(&self, ids: &[Id]) -> String {
        self.sources.map(|sources| bracketed(&sources.numbers_of(ids))).unwrap_or_default()
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
        let mut path = BezPath::new();
        path.move_to(place(line.curve.start()));
        for [_, b, c, d] in line.curve.parts() {
            path.curve_to(place(*b), place(*c), place(*d));
        }
        if line.selected && !line.followed {
            // A band below the line, which keeps its dashes and its colour.
            let band = self.style.select.over(self.style.ground, 0.45);
            self.canvas.stroke(&path, Stroke::plain(band, line.width + 6.0));
        }
        let dashes = dash(line.strength);
        self.canvas.stroke(&path, Stroke { color: line.color, width: line.width, dashes });
        if line.arrow_to {
            self.canvas.polygon(&line.curve.arrowhead(10.0), line.color);
        }
        if line.arrow_from {
            self.canvas.polygon(&line.curve.reversed().arrowhead(10.0), line.color);
        }
        if line.denied {
            self.cross(line.curve.at(0.3), line.color);
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

    fn label(&mut self, line: &Line, numbers: &str, ground: Rect) {
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
        let middle = at.x - number_width(numbers) / 2.0;
        if !line.label.is_empty() {
            self.text(Point::new(middle, at.y + 4.0), &line.label, look);
        }
        if !numbers.is_empty() {
            let end = Point::new(ground.max.x - 5.0, at.y + 3.0);
            let look = Look::new(NUMBER, Weight::SemiBold, self.style.weak).ending();
            self.text(end, numbers, look);
        }
        if line.dimmed {
            self.canvas.close();
        }
    }

    fn node(&mut self, node: &Node) {
        if node.scale != 1.0 {
            // Drawn in its usual size, then made larger or smaller around its middle.
            let (at, by) = (node.at, node.scale);
            let shift = Point::new(at.x * (1.0 - by), at.y * (1.0 - by));
            let back = |p: Point| Point::new((p.x - shift.x) / by, (p.y - shift.y) / by);
            let before = self.sight;
            self.sight = before.map(|sight| Rect { min: back(sight.min), max: back(sight.max) });
            self.canvas.place(shift, by);
            self.node(&node.natural());
            self.canvas.close();
            self.sight = before;
            return;
        }
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
        let width = width * node.thickness;
        let edge = Stroke { color, width, dashes: dash(node.strength) };
        self.canvas.rect(rect, 8.0, None, Some(edge));
        let tile = Rect {
            min: Point::new(rect.min.x + PAD, node.at.y - TILE / 2.0),
            max: Point::new(rect.min.x + PAD + TILE, node.at.y + TILE / 2.0),
        };
        if let Some(photo) = node.photo.as_ref().and_then(|hash| self.photos.get(hash)) {
            self.canvas.photo(photo, tile, 7.0);
        } else {
            let (ground, ink) = style.sign_of(node);
            self.filled(tile, 7.0, ground);
            self.canvas.icon(node.icon, tile.center(), 22.0, ink);
        }
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
            self.text(Point::new(begin(direction), y + 12.5), line, look);
            if node.denied {
                let w = font::width(line, CAPTION, Weight::SemiBold);
                let from = if direction.is_right_to_left() { right - w } else { x };
                let strike =
                    Rect { min: Point::new(from, y + 7.5), max: Point::new(from + w, y + 9.0) };
                self.filled(strike, 0.0, style.denied);
            }
            y += LINE;
        }
        for line in &node.detail {
            let direction = Direction::of(line);
            let look = Look::new(DETAIL, Weight::Regular, style.weak).beginning(direction);
            self.text(Point::new(begin(direction), y + 10.5), line, look);
            y += SMALL_LINE;
        }
        if !node.status.is_empty() {
            let w = font::width(&node.status, DETAIL, Weight::SemiBold) + 10.0;
            let chip = Rect { min: Point::new(x, y + 2.0), max: Point::new(x + w, y + 18.0) };
            self.framed(chip, 3.0, style.card, Stroke::plain(style.alarm, 1.0));
            let look = Look::new(DETAIL, Weight::SemiBold, style.alarm);
            self.text(Point::new(x + 5.0, y + 14.0), &node.status, look);
        }
        for tag in &node.tags {
            let chip = node.tag_rect(tag);
            self.filled(chip, chip.height() / 2.0, style.tag());
            let at = Point::new(chip.center().x, chip.max.y - 4.2);
            let look = Look::new(DETAIL, Weight::Regular, style.text).centred();
            self.text(at, &tag.text, look);
        }
        let numbers = self.numbers(std::slice::from_ref(&node.id));
        if !numbers.is_empty() {
            // Over the lower edge, where no text of the card is.
            let w = font::width(&numbers, NUMBER, Weight::SemiBold) + 6.0;
            let max = Point::new(rect.max.x - 10.0, rect.max.y + 7.5);
            let min = Point::new(max.x - w, max.y - 12.0);
            self.filled(Rect { min, max }, 3.0, style.card);
            let look = Look::new(NUMBER, Weight::SemiBold, style.weak).centred();
            let middle = Point::new(f32::midpoint(min.x, max.x), max.y - 3.0);
            self.text(middle, &numbers, look);
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
            Sign::Thickness(thickness) => {
                let width = 1.6 * thickness.factor();
                self.canvas.stroke(&line, Stroke { color: style.line, width, dashes: &[] });
            }
            Sign::Magnitude(size) => {
                let by = size.factor();
                let card = around(12.0 * by, 7.0 * by);
                self.framed(card, 2.0, style.card, Stroke::plain(style.weak, 1.2));
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

/// Moves the labels of lines apart where the numbers of sources make them wider.
pub(super) fn make_room(picture: &mut Picture, sources: &Sources) {
    if !sources.is_empty() {
        picture.widen_labels(&|line| number_width(&bracketed(&sources.numbers_of(&line.ids))));
    }
}

/// The room that numbers take after a label.
fn number_width(numbers: &str) -> f32 {
    if numbers.is_empty() { 0.0 } else { font::width(numbers, NUMBER, Weight::SemiBold) + 4.0 }
}

/// Words before a text; empty where there is none.
fn prefixed(words: &str, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{words}{text}") }
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
    line.curve.hull().expand(12.0)
}

fn overlap(a: Rect, b: Rect) -> bool {
    a.min.x <= b.max.x && b.min.x <= a.max.x && a.min.y <= b.max.y && b.min.y <= a.max.y
}
