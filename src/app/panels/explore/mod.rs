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
use crate::{chart::Overlay, model::Id};

/// The panel.
#[derive(Debug, Default)]
pub struct Explore {
    filters: Filters,
    measures: Measures,
    /// What the overlay was made from.
    made: Option<Made>,
    standing: Standing,
}

/// Who stands on the open chart, as a number that differs where they differ.
#[derive(Debug, Default)]
struct Standing {
    generation: u64,
    chart: Option<Id>,
    mark: u64,
}

impl Standing {
    /// The number for who stands there now; it is found anew only where the case has changed.
    fn mark(&mut self, model: &Model, view: &View) -> u64 {
        if self.generation == model.generation && self.chart == view.chart {
            return self.mark;
        }
        let (generation, chart) = (model.generation, view.chart.clone());
        let open = chart.as_ref().and_then(|id| model.chart(id));
        let hash =
            |what: (bool, &Id)| BuildHasherDefault::<DefaultHasher>::default().hash_one(what);
        let placed = open.map_or(&[][..], |chart| model.placed(&chart.id));
        let placed = placed.iter().map(|p| hash((true, &p.entity)));
        let hidden = open.map_or(&[][..], |chart| &chart.hidden);
        let hidden = hidden.iter().map(|id| hash((false, id)));
        // The order in which they stand there makes no difference.
        let mark = placed.chain(hidden).fold(0, u64::wrapping_add);
        *self = Self { generation, chart, mark };
        mark
    }
}

/// What an overlay is made from: the states of the filter and of the measures.
type Made = (u64, u64);

impl Explore {
    /// Sees to it that what lies over the chart is what is asked for, now or soon.
    pub fn update(
        &mut self,
        ctx: &egui::Context,
        model: &Model,
        view: &mut View,
        requests: &mut Vec<Request>,
        is_open: bool,
    ) {
        let standing = self.standing.mark(model, view);
        self.filters.update(ctx, model, view, requests, (is_open, standing));
        self.measures.update(ctx, model, view, standing);
        let made = (self.filters.version(), self.measures.version());
        if self.made.replace(made) == Some(made) {
            return;
        }
        let (left_out, hides) = self.filters.left_out();
        let (measured, by_size, by_color) = self.measures.drawn();
        let overlay = Overlay { left_out, hides, measured, by_size, by_color };
        if *view.overlay != overlay {
            view.overlay = Arc::new(overlay);
        }
    }

    /// Whether nothing is being worked out.
    pub fn is_idle(&self) -> bool {
        self.filters.is_idle() && self.measures.is_idle()
    }

    /// How many of how many entities the filter lets pass, where it is on.
    pub fn passing(&self) -> Option<(usize, usize)> {
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
