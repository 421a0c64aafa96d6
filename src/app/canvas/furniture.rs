//! Where legend, mini-map and marking lie over the chart, and whether they are folded: known before
//! they are drawn, so that a fit can leave the cards beside them.

use egui::{FontId, Rect, Ui, Vec2, vec2};

use super::{Canvas, Scope};
use crate::{
    app::theme::{S8, T11, T16, semibold},
    chart::{self, fit::Ground},
};

/// The distance from the edges of the chart.
const EDGE: f32 = 12.0;
/// The size of the mini-map.
const MAP: Vec2 = vec2(168.0, 112.0);
/// The size of what unfolds a thing that is folded.
const BUTTON: Vec2 = vec2(32.0, 32.0);
/// The height of the legend's head, and of a row.
pub(super) const HEAD: f32 = 28.0;
pub(super) const LINE: f32 = 18.0;
/// The width of a sign of the legend.
pub(super) const SIGN: f32 = 26.0;
/// The margins of what has a frame.
pub(super) const INSIDE: Vec2 = vec2(10.0, 4.0);
/// A chart that is smaller has no room for the legend, or for the mini-map.
const LEAST: Vec2 = vec2(700.0, 480.0);
const LEAST_FOR_MAP: Vec2 = vec2(800.0, 500.0);
/// The part of the chart that either may take.
const SHARE: f32 = 0.15;

/// Whether a thing over the chart is folded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Fold {
    /// Where there is little room.
    #[default]
    AsNeeded,
    /// As the user wants it.
    Open,
    Folded,
}

/// The rectangles of what lies over the chart, on screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Furniture {
    /// The legend, or the button that unfolds it.
    pub(super) legend: Option<Rect>,
    pub(super) legend_open: bool,
    /// The rows of the legend that have room.
    pub(super) rows: usize,
    /// The size of the legend's text: larger where it is presented.
    pub(super) text: f32,
    /// The mini-map, or the button that unfolds it.
    pub(super) map: Option<Rect>,
    pub(super) map_open: bool,
    pub(super) marking: Option<Rect>,
}

impl Furniture {
    /// The height of a row of the legend.
    pub(super) fn line(&self) -> f32 {
        (self.text * LINE / T11).round()
    }

    /// Where the chart can be seen.
    pub(super) fn ground(&self, window: Rect) -> Ground {
        let covers = [self.legend, self.map, self.marking].into_iter().flatten();
        Ground { window: of_screen(window), covers: covers.map(of_screen).collect() }
    }

    /// Whether legend and mini-map are open.
    pub(super) fn open(&self) -> (bool, bool) {
        (self.legend_open, self.map_open)
    }

    /// Whether a position is under something.
    pub(super) fn covers(&self, at: egui::Pos2) -> bool {
        [self.legend, self.map, self.marking].into_iter().flatten().any(|r| r.contains(at))
    }
}

/// A part of the screen as a chart's rectangle.
pub(super) fn of_screen(rect: Rect) -> chart::Rect {
    chart::Rect {
        min: chart::Point::new(rect.min.x, rect.min.y),
        max: chart::Point::new(rect.max.x, rect.max.y),
    }
}

impl Canvas {
    /// Works out where everything lies in a window of the chart.
    pub(super) fn furnish(&mut self, ui: &Ui, scope: &Scope<'_>, window: Rect) {
        let is_presenting = scope.view.presenting.is_some();
        let text = if is_presenting { T16 } else { T11 };
        let mut all = Furniture { text, ..Furniture::default() };
        let width = |text: &str, font: FontId| {
            let ink = scope.theme.text;
            ui.painter().layout_no_wrap(text.to_owned(), font, ink).size().x.ceil()
        };
        if let Some(marking) = marking_of(scope) {
            let most = window.width() - 2.0 * EDGE;
            let size = vec2(width(marking, semibold(13.0)) + 2.0 * INSIDE.x + 2.0, 28.0);
            let size = size.min(vec2(most.max(40.0), size.y));
            let top = window.center_top() + vec2(-size.x / 2.0, 10.0);
            all.marking = Some(Rect::from_min_size(top.round(), size));
        }
        if !self.sketch.dots.is_empty() && window.width() > 120.0 && window.height() > 120.0 {
            let fits = |size: Vec2, least: Vec2| {
                window.width() >= least.x
                    && window.height() >= least.y
                    && size.x * size.y <= SHARE * window.area()
            };
            let is_open = |fold: Fold, size: Vec2, least: Vec2| match fold {
                // The room of a presentation is for what the scene shows.
                Fold::AsNeeded => !is_presenting && fits(size, least),
                Fold::Open => true,
                Fold::Folded => false,
            };
            let entries = &self.picture.legend.entries;
            all.rows =
                (((window.height() - 110.0) / all.line()).max(4.0) as usize).min(entries.len());
            let texts = entries.iter().take(all.rows);
            let widest = texts
                .map(|entry| width(&entry.text, FontId::proportional(text)) + SIGN + S8)
                .fold(96.0, f32::max)
                .min(window.width() - 3.0 * EDGE);
            let more = if entries.len() > all.rows { all.line() } else { 0.0 };
            let height = HEAD + all.rows as f32 * all.line() + more + S8;
            let legend = vec2(widest + 4.0, height) + 2.0 * INSIDE;
            all.legend_open = is_open(self.legend_fold, legend, LEAST);
            // What is presented is read from afar: a small map says nothing there.
            all.map_open = !is_presenting && is_open(self.map_fold, MAP, LEAST_FOR_MAP);
            // Side by side, or the one that was not asked for is folded.
            if all.legend_open && all.map_open && legend.x + MAP.x + 3.0 * EDGE > window.width() {
                all.map_open = false;
            }
            let size = |open: bool, size: Vec2| if open { size } else { BUTTON };
            let (legend, map) = (size(all.legend_open, legend), size(all.map_open, MAP));
            let left = window.left_bottom() + vec2(EDGE, -EDGE - legend.y);
            let right = window.right_bottom() - vec2(EDGE + map.x, EDGE + map.y);
            // Of a large chart it is known only after the chart was drawn once.
            let is_known = !self.picture.legend.entries.is_empty();
            all.legend = is_known.then(|| Rect::from_min_size(left.round(), legend));
            all.map = (!is_presenting).then(|| Rect::from_min_size(right.round(), map));
        }
        self.furniture = all;
    }

    /// Folds or unfolds the legend.
    pub(super) fn fold_legend(&mut self, open: bool) {
        self.legend_fold = if open { Fold::Open } else { Fold::Folded };
    }

    /// Folds or unfolds the mini-map. It takes the room of the legend where there is none beside it.
    pub(super) fn fold_map(&mut self, open: bool) {
        self.map_fold = if open { Fold::Open } else { Fold::Folded };
        let legend = self.furniture.legend.map_or(0.0, |legend| legend.width());
        let room = self.rect.map_or(0.0, |rect| rect.width());
        if open && self.furniture.legend_open && legend + MAP.x + 3.0 * EDGE > room {
            self.legend_fold = Fold::Folded;
        }
    }
}

/// The marking of the case, if it has one.
pub(super) fn marking_of<'a>(scope: &Scope<'a>) -> Option<&'a String> {
    scope.model.settings.get("marking").filter(|marking| !marking.is_empty())
}
