//! The panel at the left: what one looks at a chart for. A filter, groups, measures. None of it
//! changes the case but groups, which the chart holds.

mod filters;
mod groups;
mod measures;

use std::{
    hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher},
    sync::Arc,
};

use egui::{RichText, ScrollArea, Ui};

use self::{filters::Filters, measures::Measures};
use crate::app::{
    model::{Model, Request, View},
    theme::{S4, S8, T11, Theme, semibold},
    widgets,
};
use crate::{
    chart::Overlay,
    model::{Chart, Id},
};

/// The panel.
#[derive(Debug, Default)]
pub struct Explore {
    filters: Filters,
    measures: Measures,
    /// What the overlay was made from.
    made: Option<(filters::Drawn, measures::Drawn)>,
    standing: Standing,
}

/// Who stands on the open chart, in one state of the case.
#[derive(Debug, Default)]
struct Standing {
    generation: u64,
    chart: Option<Id>,
    stand: Option<Stand>,
}

/// A chart and who stands on it. Two are the same where the same chart holds the same, in whatever
/// order and wherever on it.
#[derive(Clone, Debug)]
struct Stand(Arc<OnChart>);

struct OnChart {
    chart: Chart,
    placed: Vec<Id>,
    /// A number that differs where what is placed or hidden differs.
    mark: u64,
}

impl std::fmt::Debug for OnChart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OnChart({}, {})", self.chart.id, self.mark)
    }
}

impl PartialEq for Stand {
    fn eq(&self, other: &Self) -> bool {
        self.0.chart.id == other.0.chart.id && self.0.mark == other.0.mark
    }
}

impl OnChart {
    fn new(model: &Model, chart: &Chart) -> Self {
        let hash =
            |what: (bool, &Id)| BuildHasherDefault::<DefaultHasher>::default().hash_one(what);
        let placed: Vec<Id> = model.placed(&chart.id).iter().map(|p| p.entity.clone()).collect();
        let hashes = placed.iter().map(|id| hash((true, id)));
        let hashes = hashes.chain(chart.hidden.iter().map(|id| hash((false, id))));
        // The order in which they stand there makes no difference.
        let mark = hashes.fold(0, u64::wrapping_add);
        Self { chart: chart.clone(), placed, mark }
    }
}

impl Standing {
    /// Who stands there now; that is found anew only where the case has changed.
    fn stand(&mut self, model: &Model, view: &View) -> Option<Stand> {
        if self.generation != model.generation || self.chart != view.chart {
            let open = view.chart.as_ref().and_then(|id| model.chart(id));
            let stand = open.map(|chart| Stand(Arc::new(OnChart::new(model, chart))));
            (self.generation, self.chart) = (model.generation, view.chart.clone());
            if stand != self.stand {
                self.stand = stand;
            }
        }
        self.stand.clone()
    }
}

impl Explore {
    /// Sees to it that what lies over the chart is what is asked for, now or soon.
    pub(crate) fn update(
        &mut self,
        model: &Model,
        view: &mut View,
        requests: &mut Vec<Request>,
        is_open: bool,
    ) {
        let stand = self.standing.stand(model, view);
        self.filters.update(model, requests, (is_open, stand.as_ref()));
        self.measures.update(model, view, requests, stand);
        let made = (self.filters.drawn(), self.measures.drawn(model));
        if self.made.as_ref() == Some(&made) {
            return;
        }
        let (filtered, (measured, by_size, by_color)) = &made;
        let (left_out, hides) = filtered.as_ref().map_or_else(
            || (Arc::default(), false),
            |(passing, hides)| (Arc::clone(&passing.0.left_out), *hides),
        );
        let measured = measured.as_ref().map(|taken| Arc::clone(&taken.0.drawn));
        let overlay = Overlay { left_out, hides, measured, by_size: *by_size, by_color: *by_color };
        if *view.overlay != overlay {
            view.overlay = Arc::new(overlay);
        }
        self.made = Some(made);
    }

    /// How many of how many entities the filter lets pass, where it is on.
    pub(crate) fn passing(&self) -> Option<(usize, usize)> {
        self.filters.passing()
    }

    /// Draws the panel.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) {
        let area = ScrollArea::vertical().auto_shrink([false, false]);
        widgets::scrolled(area, ui, |ui| {
            ui.spacing_mut().item_spacing.y = S4;
            self.filters.ui(ui, model, view, theme, requests);
            ui.add_space(S8);
            ui.separator();
            groups::ui(ui, model, view, theme, requests);
            ui.add_space(S8);
            ui.separator();
            self.measures.ui(ui, model, view, theme);
            ui.add_space(S8);
        });
    }
}

/// A part of the panel that folds. `id` tells it from the others, `note` stands at the right.
fn fold(
    ui: &mut Ui,
    theme: &Theme,
    (id, label): (&str, &str),
    note: &str,
    open: bool,
    add: impl FnOnce(&mut Ui),
) {
    let mut job = egui::text::LayoutJob::default();
    let style = ui.style().clone();
    let at = egui::Align::Center;
    RichText::new(label).append_to(&mut job, &style, egui::FontSelection::Default, at);
    if !note.is_empty() {
        let note = RichText::new(format!("  {note}")).size(T11).color(theme.accent);
        note.append_to(&mut job, &style, egui::FontSelection::Default, at);
    }
    let shown = egui::CollapsingHeader::new(job)
        .id_salt(("explore", id))
        .default_open(open)
        .show_unindented(ui, |ui| add(ui));
    let name = format!("Filter by {}", id.to_lowercase());
    widgets::named(&shown.header_response, &name, Some(shown.openness > 0.5), true);
}

fn heading(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).font(semibold(13.0)));
}

fn note(ui: &mut Ui, theme: &Theme, text: impl Into<String>) {
    ui.label(RichText::new(text.into()).size(T11).color(theme.weak));
}

/// A row that is chosen or not, with a count at its right.
fn row(ui: &mut Ui, theme: &Theme, (words, name): (&str, &str), count: &str, on: bool) -> bool {
    let size = egui::vec2(ui.available_width(), 24.0);
    let (rect, response) = ui.allocate_exact_size(size, egui::Sense::click());
    widgets::named(&response, name, Some(on), true);
    if !ui.is_rect_visible(rect) {
        return response.clicked();
    }
    let fill = match (on, response.hovered() || response.has_focus()) {
        (true, _) => theme.selected,
        (false, true) => theme.hover,
        (false, false) => egui::Color32::TRANSPARENT,
    };
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 5.0, fill);
    let small = egui::FontId::proportional(T11);
    let right = rect.right_center() - egui::vec2(S8, 0.0);
    let ink = if on { theme.accent } else { theme.weak };
    let count = painter.text(right, egui::Align2::RIGHT_CENTER, count, small, ink);
    let mut job = egui::text::LayoutJob::simple_singleline(
        words.to_owned(),
        egui::FontId::proportional(13.0),
        theme.text,
    );
    job.wrap = egui::text::TextWrapping::truncate_at_width(count.left() - rect.left() - 16.0);
    let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
    let at = rect.left_center() + egui::vec2(S8, -galley.size().y / 2.0);
    let cut = galley.elided;
    painter.galley(at, galley, theme.text);
    let response = if cut { response.on_hover_text(words) } else { response };
    response.clicked()
}
