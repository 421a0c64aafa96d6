//! Sheets of paper: how large they are, and what part of a picture each shows.

use super::draw::legend_rows;
use crate::chart::{Picture, Point, Rect, Size};

pub(super) const MARGIN: f32 = 36.0;
pub(super) const LEGEND_ENTRY: f32 = 20.0;
const HEAD: f32 = 74.0;
const FOOT: f32 = 34.0;
const MIN_WIDTH: f32 = 640.0;
/// What the sheets of a poster have in common with their neighbours, in points.
const OVERLAP: f32 = 28.0;
/// The sheets of a poster at most; what would take more is made smaller.
const MOST: usize = 64;

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

    /// The sheets that a picture takes.
    pub fn sheets(self, picture: &Picture) -> Vec<Sheet> {
        const A4: Size = Size { w: 841.89, h: 595.28 };
        const A3: Size = Size { w: 1190.55, h: 841.89 };
        match self {
            Self::Fit => vec![Sheet::around(picture)],
            Self::A4 => vec![Sheet::on(picture, A4)],
            Self::A3 => vec![Sheet::on(picture, A3)],
            Self::PosterA4 => poster(picture, A4),
            Self::PosterA3 => poster(picture, A3),
        }
    }
}

/// A sheet of paper. One unit is a point.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    pub size: Size,
    /// Where the picture is on it.
    pub area: Rect,
    /// The part of the picture that is there.
    pub window: Rect,
    /// Points of paper for a point of the picture.
    pub scale: f32,
    /// Whether other sheets show other parts.
    pub is_part: bool,
    /// Whether a sheet lies left, above, right and below of it.
    pub beside: [bool; 4],
    /// What stands at its foot: which of several it is.
    pub note: String,
}

impl Sheet {
    /// One that is as large as a picture needs.
    pub fn around(picture: &Picture) -> Self {
        let body = picture.bounds.expand(MARGIN);
        let width = body.width().max(MIN_WIDTH);
        let min = Point::new((width - body.width()) / 2.0, HEAD);
        let max = Point::new(min.x + body.width(), min.y + body.height());
        let height = max.y + legend_height(picture, width) + FOOT;
        Self {
            size: Size { w: width, h: height },
            area: Rect { min, max },
            window: body,
            scale: 1.0,
            is_part: false,
            beside: [false; 4],
            note: String::new(),
        }
    }

    /// One of a size, with all of a picture as large as it fits, but no larger than it is.
    fn on(picture: &Picture, size: Size) -> Self {
        let body = picture.bounds.expand(12.0);
        let room = room(picture, size);
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
            is_part: false,
            beside: [false; 4],
            note: String::new(),
        }
    }

    /// Short strokes at the edges, between which the overlaps with the sheets beside it end: from,
    /// to.
    pub(super) fn marks(&self) -> Vec<[Point; 2]> {
        const LENGTH: f32 = 12.0;
        let Rect { min, max } = self.area;
        let [left, above, right, below] = self.beside;
        let mut marks = Vec::new();
        for (is, x) in [(left, min.x + OVERLAP), (right, max.x - OVERLAP)] {
            if is {
                marks.push([Point::new(x, min.y), Point::new(x, min.y + LENGTH)]);
                marks.push([Point::new(x, max.y - LENGTH), Point::new(x, max.y)]);
            }
        }
        for (is, y) in [(above, min.y + OVERLAP), (below, max.y - OVERLAP)] {
            if is {
                marks.push([Point::new(min.x, y), Point::new(min.x + LENGTH, y)]);
                marks.push([Point::new(max.x - LENGTH, y), Point::new(max.x, y)]);
            }
        }
        marks
    }
}

fn legend_height(picture: &Picture, width: f32) -> f32 {
    legend_rows(picture, width - 2.0 * MARGIN).len() as f32 * LEGEND_ENTRY + 14.0
}

/// Where a picture has room on a sheet of a size.
fn room(picture: &Picture, size: Size) -> Rect {
    let bottom = size.h - legend_height(picture, size.w) - FOOT;
    Rect {
        min: Point::new(MARGIN / 2.0, HEAD),
        // However long the legend is, something of the picture is to be seen.
        max: Point::new(size.w - MARGIN / 2.0, bottom.max(HEAD + 120.0)),
    }
}

/// Sheets beside and below each other, which overlap.
fn poster(picture: &Picture, size: Size) -> Vec<Sheet> {
    let body = picture.bounds.expand(12.0);
    let room = room(picture, size);
    let step = Size { w: room.width() - OVERLAP, h: room.height() - OVERLAP };
    let count = |length: f32, step: f32, scale: f32| {
        (((length * scale - OVERLAP) / step).ceil() as usize).max(1)
    };
    let grid = |scale| (count(body.width(), step.w, scale), count(body.height(), step.h, scale));
    let mut scale = 1.0_f32;
    while grid(scale).0 * grid(scale).1 > MOST {
        scale *= 0.95;
    }
    // A little smaller, where that saves sheets with hardly anything on them.
    for percent in (80..100).rev() {
        let smaller = scale.min(1.0) * percent as f32 / 100.0;
        if grid(smaller).0 * grid(smaller).1 < grid(scale).0 * grid(scale).1 {
            scale = smaller;
        }
    }
    let (columns, rows) = grid(scale);
    let used = Size {
        w: (columns as f32 * step.w + OVERLAP) / scale,
        h: (rows as f32 * step.h + OVERLAP) / scale,
    };
    let start = Point::new(body.center().x - used.w / 2.0, body.center().y - used.h / 2.0);
    let mut sheets = Vec::new();
    for row in 0..rows {
        for column in 0..columns {
            let min = Point::new(
                start.x + column as f32 * step.w / scale,
                start.y + row as f32 * step.h / scale,
            );
            let max = Point::new(min.x + room.width() / scale, min.y + room.height() / scale);
            let note = if columns * rows == 1 {
                String::new()
            } else {
                format!(
                    "Page {} of {}: row {}, column {}",
                    sheets.len() + 1,
                    columns * rows,
                    row + 1,
                    column + 1
                )
            };
            sheets.push(Sheet {
                size,
                area: room,
                window: Rect { min, max },
                scale,
                is_part: true,
                beside: [column > 0, row > 0, column + 1 < columns, row + 1 < rows],
                note,
            });
        }
    }
    sheets
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(w: f32, h: f32) -> Picture {
        let bounds = Rect { min: Point::new(-50.0, 20.0), max: Point::new(w - 50.0, h + 20.0) };
        Picture { bounds, ..Picture::default() }
    }

    #[test]
    fn a_poster_shows_every_part_and_its_sheets_overlap() {
        let picture = picture(3000.0, 1400.0);
        for paper in [Paper::PosterA4, Paper::PosterA3] {
            let sheets = paper.sheets(&picture);
            assert!(sheets.len() > 3, "{}", sheets.len());
            for x in 0..=30 {
                for y in 0..=14 {
                    let at = Point::new(x as f32 * 100.0 - 50.0, y as f32 * 100.0 + 20.0);
                    assert!(sheets.iter().any(|sheet| sheet.window.contains(at)), "{at:?}");
                }
            }
            let (a, b) = (&sheets[0], &sheets[1]);
            assert!(((a.window.max.x - b.window.min.x) * a.scale - OVERLAP).abs() < 0.1);
            assert_eq!((a.marks().len(), a.beside), (4, [false, false, true, true]));
            assert!(b.note.contains("row 1, column 2"), "{}", b.note);
        }
        assert!(Paper::PosterA4.sheets(&self::picture(1e6, 1e6)).len() <= MOST);
    }

    #[test]
    fn one_page_shows_all_of_it() {
        for (w, h) in [(3000.0, 100.0), (100.0, 3000.0), (10.0, 10.0)] {
            let sheet = &Paper::A4.sheets(&picture(w, h))[0];
            assert!(sheet.scale <= 1.0);
            assert!(sheet.window.width() * sheet.scale <= 841.89);
            assert!(sheet.area.min.y >= HEAD - 0.1 && sheet.window.height() * sheet.scale < 500.0);
        }
    }
}
