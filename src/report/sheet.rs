//! Sheets of paper: how large they are, and what part of a picture each shows.

use super::{
    Exhibit,
    draw::legend_rows,
    list::{self, Row},
};
use crate::chart::{Frame, Point, Rect, Size};

pub(super) const MARGIN: f32 = 36.0;
pub(super) const LEGEND_ENTRY: f32 = 20.0;
const HEAD: f32 = 74.0;
/// The line of a lens below the head.
const LENS: f32 = 16.0;
const FOOT: f32 = 34.0;
/// The line of a marking, above the head and above the foot.
pub(super) const MARKING: f32 = 24.0;
const MIN_WIDTH: f32 = 640.0;
/// What the pages of a poster have in common with their neighbours, in points: 10 mm.
pub(super) const OVERLAP: f32 = 28.35;
/// The margin of a page of a poster, in points: 12 mm, which every printer leaves white, with cut
/// marks and the number of the page.
pub(super) const SLUG: f32 = 34.0;
/// The least size of a poster beside the chart's own, in percent.
const LEAST: u8 = 70;
/// Maximum number of pages of a poster; what would take more is made smaller.
const MOST: usize = 64;
const A4: Size = Size { w: 841.89, h: 595.28 };
const A3: Size = Size { w: 1190.55, h: 841.89 };

/// The paper that a chart is printed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paper {
    /// One sheet as large as the chart.
    #[default]
    Fit,
    /// One sheet of A4, on its side.
    A4,
    /// One sheet of A3, on its side.
    A3,
    /// As many sheets of A4 as the chart needs in its own size.
    PosterA4,
    /// As many sheets of A3 as the chart needs in its own size.
    PosterA3,
}

impl Paper {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Fit, Self::A4, Self::A3, Self::PosterA4, Self::PosterA3];

    /// What it is called on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fit => "fit",
            Self::A4 => "a4",
            Self::A3 => "a3",
            Self::PosterA4 => "poster-a4",
            Self::PosterA3 => "poster-a3",
        }
    }

    /// What it is called in the window.
    pub fn label(self) -> &'static str {
        match self {
            Self::Fit => "As large as the chart",
            Self::A4 => "One page of A4",
            Self::A3 => "One page of A3",
            Self::PosterA4 => "Poster of A4 pages",
            Self::PosterA3 => "Poster of A3 pages",
        }
    }

    /// The pages that an exhibit takes: the picture, then the list of its sources.
    pub fn pages(self, exhibit: &Exhibit<'_>) -> Vec<Page> {
        let (mut pages, list) = match self {
            Self::Fit => (vec![Page::Whole(Sheet::around(exhibit))], upright(A4)),
            Self::A4 => (vec![Page::Whole(Sheet::on(exhibit, A4))], A4),
            Self::A3 => (vec![Page::Whole(Sheet::on(exhibit, A3))], A3),
            Self::PosterA4 | Self::PosterA3 => {
                let poster = self.poster(exhibit).unwrap_or_else(|| Poster::of(exhibit, A4));
                let page = poster.page;
                (poster.pages(), page)
            }
        };
        let (top, bottom) = (head(exhibit.frame) + 8.0, list.h - foot(exhibit.frame) - 8.0);
        let lists = list::pages(exhibit, list, top, bottom);
        pages.extend(lists.into_iter().map(|rows| Page::List { size: list, rows }));
        pages
    }

    /// The pages of a poster, where it is one.
    pub fn poster(self, exhibit: &Exhibit<'_>) -> Option<Poster> {
        match self {
            Self::Fit | Self::A4 | Self::A3 => None,
            Self::PosterA4 => Some(Poster::of(exhibit, A4)),
            Self::PosterA3 => Some(Poster::of(exhibit, A3)),
        }
    }
}

/// A page of paper. One unit is a point.
#[derive(Clone, Debug, PartialEq)]
pub enum Page {
    /// All of a picture with what is around it.
    Whole(Sheet),
    /// All of a poster, small, with the pages that it takes.
    Plan(Poster),
    /// A part of a poster.
    Tile { poster: Poster, row: usize, column: usize },
    /// Sources.
    List { size: Size, rows: Vec<Row> },
}

impl Page {
    /// Its width and height, in points.
    pub fn size(&self) -> Size {
        match self {
            Self::Whole(sheet) => sheet.size,
            Self::Plan(poster) | Self::Tile { poster, .. } => poster.page,
            Self::List { size, .. } => *size,
        }
    }

    /// What it shows besides the picture: which part, or which list; empty for all of it.
    pub fn note(&self) -> String {
        match self {
            Self::Whole(_) => String::new(),
            Self::Plan(Poster { rows, columns, .. }) => {
                format!("Plan of the poster: {rows} × {columns} pages")
            }
            Self::Tile { row, column, .. } => {
                format!("Row {}, column {}", row + 1, column + 1)
            }
            Self::List { .. } => "List of sources".to_owned(),
        }
    }
}

/// A picture with its head, legend and foot. One unit is a point.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    pub size: Size,
    /// Where the picture is on it.
    pub area: Rect,
    /// The part of the picture that is there.
    pub window: Rect,
    /// Points of paper for a point of the picture.
    pub scale: f32,
    /// Sources below the legend, where they are on the same sheet.
    pub(super) list: Vec<Row>,
}

impl Sheet {
    /// A sheet that is as large as a picture needs.
    pub fn around(exhibit: &Exhibit<'_>) -> Self {
        let body = exhibit.picture.bounds.expand(MARGIN);
        let width = body.width().max(MIN_WIDTH);
        let min = Point::new((width - body.width()) / 2.0, head(exhibit.frame));
        let max = Point::new(min.x + body.width(), min.y + body.height());
        let height = max.y + legend_height(exhibit, width) + foot(exhibit.frame);
        Self {
            size: Size { w: width, h: height },
            area: Rect { min, max },
            window: body,
            scale: 1.0,
            list: Vec::new(),
        }
    }

    /// The same with the list of sources below the legend, for formats that have one page.
    pub fn with_list(exhibit: &Exhibit<'_>) -> Self {
        let mut sheet = Self::around(exhibit);
        let top = sheet.size.h - foot(exhibit.frame) + 4.0;
        let (rows, height) = list::inline(exhibit, sheet.size.w, top);
        if !rows.is_empty() {
            sheet.list = rows;
            sheet.size.h += height + 12.0;
        }
        sheet
    }

    /// One of a size, with all of a picture as large as it fits, but no larger than it is.
    fn on(exhibit: &Exhibit<'_>, size: Size) -> Self {
        let body = exhibit.picture.bounds.expand(12.0);
        let room = room(exhibit, size);
        let scale = (room.width() / body.width()).min(room.height() / body.height()).min(1.0);
        let used = Size { w: body.width() * scale, h: body.height() * scale };
        Self {
            size,
            area: Rect {
                min: Point::new(room.center().x - used.w / 2.0, room.center().y - used.h / 2.0),
                max: Point::new(room.center().x + used.w / 2.0, room.max.y),
            },
            window: body,
            scale,
            list: Vec::new(),
        }
    }
}

/// The height of what is above a picture, in points.
pub(super) fn head(frame: &Frame) -> f32 {
    let lens = if frame.lens.is_empty() { 0.0 } else { LENS };
    HEAD + lens + marking(frame)
}

/// The height of what is below a picture and its legend, in points.
pub(super) fn foot(frame: &Frame) -> f32 {
    FOOT + marking(frame)
}

/// The height of the line of the marking, in points.
pub(super) fn marking(frame: &Frame) -> f32 {
    if frame.marking.is_empty() { 0.0 } else { MARKING }
}

fn legend_height(exhibit: &Exhibit<'_>, width: f32) -> f32 {
    legend_rows(exhibit, width - 2.0 * MARGIN).len() as f32 * LEGEND_ENTRY + 14.0
}

/// Where a picture has room on a sheet of a size.
fn room(exhibit: &Exhibit<'_>, size: Size) -> Rect {
    let bottom = size.h - legend_height(exhibit, size.w) - foot(exhibit.frame);
    let top = head(exhibit.frame);
    Rect {
        min: Point::new(MARGIN / 2.0, top),
        // However long the legend is, something of the picture is to be seen.
        max: Point::new(size.w - MARGIN / 2.0, bottom.max(top + 120.0)),
    }
}

fn upright(size: Size) -> Size {
    Size { w: size.h, h: size.w }
}

/// A sheet that is cut into pages, which overlap.
#[derive(Clone, Debug, PartialEq)]
pub struct Poster {
    /// The whole, of which each page shows a part.
    pub sheet: Sheet,
    /// The size of each page, in points.
    pub page: Size,
    pub rows: usize,
    pub columns: usize,
    /// Points of paper for a point of the sheet.
    pub scale: f32,
}

impl Poster {
    /// The poster of an exhibit on pages of a size, on their side or upright, whichever takes fewer;
    /// where both take as many, whichever shows it larger.
    fn of(exhibit: &Exhibit<'_>, page: Size) -> Self {
        let sheet = Sheet::around(exhibit);
        let [wide, tall] = [page, upright(page)].map(|page| Self::cut(sheet.clone(), page));
        let pages = |poster: &Self| poster.rows * poster.columns;
        let is_taller = pages(&tall).cmp(&pages(&wide)).then(wide.scale.total_cmp(&tall.scale));
        if is_taller.is_lt() { tall } else { wide }
    }

    fn cut(sheet: Sheet, page: Size) -> Self {
        let step = Self { sheet: sheet.clone(), page, rows: 1, columns: 1, scale: 1.0 }.step();
        let count = |length: f32, step: f32| (((length - OVERLAP) / step).ceil() as usize).max(1);
        let grid =
            |scale| (count(sheet.size.h * scale, step.h), count(sheet.size.w * scale, step.w));
        let pages = |scale| grid(scale).0 * grid(scale).1;
        let mut scale = 1.0_f32;
        while pages(scale) > MOST {
            scale *= 0.95;
        }
        // A little smaller, where that saves pages: names are still larger than in most books.
        let natural = scale;
        for percent in (LEAST..100).rev() {
            let smaller = natural * f32::from(percent) / 100.0;
            if pages(smaller) < pages(scale) {
                scale = smaller;
            }
        }
        let (rows, columns) = grid(scale);
        // Then as large as these pages hold.
        let largest = |scale: &f32| grid(*scale) == (rows, columns);
        let larger = (0..=50_u8).rev().map(|n| scale * (1.0 + f32::from(n) / 50.0));
        let scale = larger.into_iter().find(largest).unwrap_or(scale);
        Self { sheet, page, rows, columns, scale }
    }

    /// From one page to the next, in points of paper.
    fn step(&self) -> Size {
        let area = self.area().size();
        Size { w: area.w - OVERLAP, h: area.h - OVERLAP }
    }

    /// Where a page shows its part.
    pub fn area(&self) -> Rect {
        let max = Point::new(self.page.w - SLUG, self.page.h - SLUG);
        Rect { min: Point::new(SLUG, SLUG), max }
    }

    /// The width and height of the poster once it is put together, in points.
    pub fn size(&self) -> Size {
        let step = self.step();
        Size { w: self.columns as f32 * step.w + OVERLAP, h: self.rows as f32 * step.h + OVERLAP }
    }

    /// The part of the sheet that a page shows.
    pub fn part(&self, row: usize, column: usize) -> Rect {
        let (whole, step, area) = (self.size(), self.step(), self.area());
        let Size { w, h } = self.sheet.size;
        let start = Point::new((w - whole.w / self.scale) / 2.0, (h - whole.h / self.scale) / 2.0);
        let min = Point::new(
            start.x + column as f32 * step.w / self.scale,
            start.y + row as f32 * step.h / self.scale,
        );
        let max = Point::new(min.x + area.width() / self.scale, min.y + area.height() / self.scale);
        Rect { min, max }
    }

    /// Strokes in the margin of a page, from and to: at its corners where to cut, and at the sides
    /// that its neighbours overlap, up to where they do.
    pub(super) fn marks(&self, row: usize, column: usize) -> Vec<Mark> {
        const LENGTH: f32 = 14.0;
        const OFF: f32 = 3.0;
        let Rect { min, max } = self.area();
        let mut marks = Vec::new();
        let mut upright = |x: f32, is_cut| {
            for (from, to) in
                [(min.y - OFF, min.y - OFF - LENGTH), (max.y + OFF, max.y + OFF + LENGTH)]
            {
                marks.push(Mark { from: Point::new(x, from), to: Point::new(x, to), is_cut });
            }
        };
        upright(min.x, true);
        upright(max.x, true);
        if column + 1 < self.columns {
            upright(max.x - OVERLAP, false);
        }
        let mut level = |y: f32, is_cut| {
            for (from, to) in
                [(min.x - OFF, min.x - OFF - LENGTH), (max.x + OFF, max.x + OFF + LENGTH)]
            {
                marks.push(Mark { from: Point::new(from, y), to: Point::new(to, y), is_cut });
            }
        };
        level(min.y, true);
        level(max.y, true);
        if row + 1 < self.rows {
            level(max.y - OVERLAP, false);
        }
        marks
    }

    fn pages(self) -> Vec<Page> {
        let mut pages = Vec::new();
        if self.rows * self.columns > 1 {
            pages.push(Page::Plan(self.clone()));
        }
        for row in 0..self.rows {
            for column in 0..self.columns {
                pages.push(Page::Tile { poster: self.clone(), row, column });
            }
        }
        pages
    }
}

/// A stroke in the margin of a page of a poster.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Mark {
    pub from: Point,
    pub to: Point,
    /// Whether to cut there; else a neighbour ends there.
    pub is_cut: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        chart::{Mode, Picture, Style},
        report::{Furniture, Photos, sources::Sources},
    };

    fn with<T>(w: f32, h: f32, look: impl FnOnce(&Exhibit<'_>) -> T) -> T {
        let bounds = Rect { min: Point::new(-50.0, 20.0), max: Point::new(w - 50.0, h + 20.0) };
        look(&Exhibit {
            picture: &Picture { bounds, ..Picture::default() },
            frame: &Frame::default(),
            style: &Style::of(Mode::Light),
            sources: &Sources::default(),
            photos: &Photos::new(),
            furniture: Furniture::default(),
        })
    }

    #[test]
    fn a_poster_shows_every_part_and_its_pages_overlap() {
        for paper in [Paper::PosterA4, Paper::PosterA3] {
            let (pages, poster) = with(4600.0, 2400.0, |exhibit| {
                (paper.pages(exhibit), paper.poster(exhibit).expect("a poster"))
            });
            let tiles: Vec<Rect> = pages
                .iter()
                .filter_map(|page| match page {
                    Page::Tile { poster, row, column } => Some(poster.part(*row, *column)),
                    _ => None,
                })
                .collect();
            assert_eq!(tiles.len(), poster.rows * poster.columns);
            assert!(tiles.len() > 3 && pages.len() == tiles.len() + 1, "{}", pages.len());
            let Size { w, h } = poster.sheet.size;
            for x in 0..=30_u8 {
                for y in 0..=14_u8 {
                    let at = Point::new(w * f32::from(x) / 30.0, h * f32::from(y) / 14.0);
                    assert!(tiles.iter().any(|part| part.contains(at)), "{at:?}");
                }
            }
            let overlap = (tiles[0].max.x - tiles[1].min.x) * poster.scale;
            assert!((overlap - OVERLAP).abs() < 0.1, "{overlap}");
            // Four corners of two strokes, and two for each side that a neighbour overlaps.
            assert_eq!(poster.marks(0, 0).len(), 8 + 4);
            assert_eq!(poster.marks(poster.rows - 1, poster.columns - 1).len(), 8);
        }
        let huge = with(1e6, 1e6, |exhibit| Paper::PosterA4.pages(exhibit).len());
        assert!(huge <= MOST + 1, "{huge}");
    }

    #[test]
    fn a_poster_takes_few_pages_and_fills_them() {
        // A little too large for a page in its own size.
        let poster = |w: f32, h: f32| {
            with(w, h, |exhibit| Paper::PosterA3.poster(exhibit).expect("a poster"))
        };
        let one = poster(1200.0, 860.0);
        assert_eq!((one.rows, one.columns), (1, 1));
        assert!((0.7..1.0).contains(&one.scale), "{}", one.scale);
        // Much too large for one: then as large as two hold.
        let two = poster(1900.0, 1000.0);
        assert_eq!(two.rows * two.columns, 2);
        let (sheet, room) = (two.sheet.size, two.size());
        let filled = (sheet.w * two.scale / room.w).max(sheet.h * two.scale / room.h);
        assert!((0.97..=1.0).contains(&filled), "{filled}");
    }

    #[test]
    fn a_chart_that_fits_a_page_is_no_poster_of_several() {
        let pages = with(300.0, 200.0, |exhibit| Paper::PosterA4.pages(exhibit));
        assert!(matches!(pages[..], [Page::Tile { row: 0, column: 0, .. }]), "{pages:?}");
    }

    #[test]
    fn one_page_shows_all_of_it() {
        for (w, h) in [(3000.0, 100.0), (100.0, 3000.0), (10.0, 10.0)] {
            let pages = with(w, h, |exhibit| Paper::A4.pages(exhibit));
            let [Page::Whole(sheet)] = &pages[..] else { panic!("one page") };
            assert!(sheet.scale <= 1.0);
            assert!(sheet.window.width() * sheet.scale <= 841.89);
            assert!(sheet.area.min.y >= HEAD - 0.1 && sheet.window.height() * sheet.scale < 500.0);
        }
    }
}
