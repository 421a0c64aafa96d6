//! The dialog that asks what leaves the case, and as what.

use std::{path::PathBuf, sync::Arc};

use egui::{ComboBox, RichText, ScrollArea, Sense, Slider, Ui, Vec2};

use super::{
    dialog::{Dialog, with_foot},
    model::{Model, View},
    theme::{S4, S8, T11, T16, Theme, semibold},
    widgets::{self, primary_button},
};
use crate::{
    chart::Mode,
    export::{self, CaseView, ChartView, Job, Look, Scope, TARGETS, Target},
    report::sheet::{Paper, Poster},
};

/// Of charts with more entities than this, the dialog shows no page grid: no frame has the time to
/// make their picture.
const PREVIEWED: usize = 4_000;

/// What leaves, as the dialog offers it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum What {
    #[default]
    Case,
    Chart,
    Selection,
}

/// What the dialog was left with, for the next time.
#[derive(Clone, Copy, Debug)]
pub struct Export {
    target: &'static Target,
    what: What,
    look: Look,
    /// The pages of a poster, and what they were worked out for.
    poster: Option<(PosterKey, Option<PosterPlan>)>,
}

/// What the pages of a poster depend on: the state of the case, what of it, and how it is drawn.
type PosterKey = (u64, What, Look);

/// How a poster is put together.
#[derive(Clone, Copy, Debug, PartialEq)]
struct PosterPlan {
    rows: usize,
    columns: usize,
    /// Of each page, in points.
    page: [f32; 2],
    /// Of the whole, in centimetres.
    size: [f32; 2],
}

impl PosterPlan {
    fn of(poster: &Poster) -> Self {
        let size = poster.size();
        Self {
            rows: poster.rows,
            columns: poster.columns,
            page: [poster.page.w, poster.page.h],
            size: [size.w, size.h].map(|points| points / 72.0 * 2.54),
        }
    }

    /// Draws the grid of pages, and says how large the whole is.
    fn ui(&self, ui: &mut Ui, theme: &Theme) {
        let Self { rows, columns, page: [w, h], size: [width, height] } = *self;
        let words = match rows * columns {
            1 => "It fits one page.".to_owned(),
            count => format!(
                "{count} pages of paper and a plan: {rows} × {columns}, about {width:.0} × \
                 {height:.0} cm once put together."
            ),
        };
        let scale = (150.0 / (columns as f32 * w)).min(84.0 / (rows as f32 * h)).min(0.045);
        let cell = Vec2::new(w, h) * scale;
        let all = Vec2::new(cell.x * columns as f32, cell.y * rows as f32);
        ui.horizontal(|ui| {
            let (rect, response) = ui.allocate_exact_size(all + Vec2::splat(2.0), Sense::hover());
            widgets::named(&response, &format!("Page grid: {words}"), None, true);
            for row in 0..rows {
                for column in 0..columns {
                    let at = Vec2::new(column as f32 * cell.x, row as f32 * cell.y);
                    let page = egui::Rect::from_min_size(rect.min + at + Vec2::splat(1.0), cell);
                    let edge = egui::Stroke::new(1.0, theme.weak);
                    ui.painter().rect_stroke(page, 0.0, edge, egui::StrokeKind::Middle);
                }
            }
            ui.add(egui::Label::new(RichText::new(words).size(T11).color(theme.weak)).wrap());
        });
    }
}

impl Default for Export {
    fn default() -> Self {
        Self { target: &TARGETS[0], what: What::Case, look: Look::default(), poster: None }
    }
}

/// What the dialog was told.
pub enum Told {
    Nothing,
    /// To do nothing.
    Closed,
    /// To go on and ask where to write it, by this name.
    Chosen(Box<Job>, String),
}

impl Export {
    /// The dialog for what is open: pictures as light or dark as the window.
    pub fn new(before: Option<Self>, model: &Model, view: &View, dark: bool) -> Self {
        let mut export = before.unwrap_or_default();
        export.poster = None;
        export.look.mode = if dark { Mode::Dark } else { Mode::Light };
        if before.is_none() && view.chart.is_none() {
            // Nothing to draw: tables.
            export.target = TARGETS.iter().find(|t| !t.is_picture()).unwrap_or(&TARGETS[0]);
        }
        if obstacle(export.what, export.target, model, view).is_some() {
            export.what = fallback(export.target, model, view);
        }
        export
    }

    /// Draws the dialog.
    pub fn ui(&mut self, ctx: &egui::Context, model: &Model, view: &View, theme: &Theme) -> Told {
        let mut told = Told::Nothing;
        // A click beside it is no answer: what was chosen stays.
        let height = if model.lens().is_plain() { 560.0 } else { 620.0 };
        Dialog::new("export", 640.0).height(height).show(ctx, |ui| {
            ui.label(RichText::new("Export").font(semibold(T16)));
            ui.add_space(S4);
            let shared = std::cell::RefCell::new(&mut *self);
            let body = |ui: &mut Ui| {
                let mut export = shared.borrow_mut();
                let height = ui.available_height();
                ui.horizontal_top(|ui| {
                    ui.vertical(|ui| {
                        ui.set_width(212.0);
                        let formats = ScrollArea::vertical().id_salt("formats").max_height(height);
                        widgets::scrolled(formats, ui, |ui| {
                            ui.set_width(200.0);
                            export.formats(ui, theme, model, view);
                        });
                    });
                    ui.add_space(S8);
                    ui.vertical(|ui| {
                        ui.set_width(ui.available_width());
                        let options = ScrollArea::vertical().id_salt("options").max_height(height);
                        let options = options.auto_shrink([false, false]);
                        widgets::scrolled(options, ui, |ui| {
                            ui.label(export.target.purpose);
                            export.scope(ui, theme, model, view);
                            if export.target.is_picture() {
                                export.look(ui, theme, model, view);
                            }
                            widgets::section(ui, theme, "Marking");
                            marking(ui, theme, model);
                        });
                    });
                });
            };
            let foot = |ui: &mut Ui| {
                let export = shared.borrow();
                let why = obstacle(export.what, export.target, model, view);
                ui.add_enabled_ui(why.is_none(), |ui| {
                    let response = primary_button(ui, theme, "Choose where…");
                    widgets::take_keys(&response);
                    let response = match why {
                        Some(why) => response.on_disabled_hover_text(why),
                        None => response,
                    };
                    if response.clicked() {
                        let job = Box::new(export.job(model, view));
                        told = Told::Chosen(job, export.name(model, view));
                    }
                });
                if ui.button("Cancel").clicked() {
                    told = Told::Closed;
                }
            };
            with_foot(ui, body, foot);
        });
        told
    }

    fn formats(&mut self, ui: &mut Ui, theme: &Theme, model: &Model, view: &View) {
        for (heading, pictures) in [("Pictures", true), ("Data", false)] {
            widgets::section(ui, theme, heading);
            for target in TARGETS.iter().filter(|target| target.is_picture() == pictures) {
                let chosen = target.name == self.target.name;
                let width = ui.available_width();
                let button =
                    egui::Button::selectable(chosen, target.label).min_size([width, 24.0].into());
                if ui.add(button).on_hover_text(target.purpose).clicked() {
                    self.target = target;
                    if obstacle(self.what, target, model, view).is_some() {
                        self.what = fallback(target, model, view);
                    }
                }
            }
        }
    }

    fn scope(&mut self, ui: &mut Ui, theme: &Theme, model: &Model, view: &View) {
        widgets::section(ui, theme, "What");
        let chart = view.chart.as_ref().and_then(|id| model.chart(id));
        let chart = chart.map_or("This chart".to_owned(), |c| format!("This chart: {}", c.name));
        let selection = match view.selection.len() {
            0 => "Selection".to_owned(),
            count => format!("Selection: {count}"),
        };
        for (what, label) in [
            (What::Case, "Whole case".to_owned()),
            (What::Chart, chart),
            (What::Selection, selection),
        ] {
            let why = obstacle(what, self.target, model, view);
            let radio = egui::RadioButton::new(self.what == what, label);
            let response = ui.add_enabled(why.is_none(), radio);
            let response = match why {
                Some(why) => response.on_disabled_hover_text(why),
                None => response,
            };
            if response.clicked() {
                self.what = what;
            }
        }
        let words = match self.what {
            What::Case if model.lens().is_plain() => {
                "Everything in the case except what was withdrawn."
            }
            What::Case => "Everything that is seen through the lens.",
            What::Chart if self.target.is_picture() => {
                "The whole chart as on screen, without hidden entities and without the selection."
            }
            What::Chart => {
                "What the chart shows: without hidden or filtered entities; each member of a group."
            }
            What::Selection => "The selected entities and the relationships between them.",
        };
        ui.label(RichText::new(words).size(T11).color(theme.weak));
        if !model.lens().is_plain() {
            widgets::section(ui, theme, "Lens");
            ui.label(RichText::new(model.lens().words(&model.seen)).size(T11).color(theme.text));
            let words = if self.target.has_metadata() {
                "The export says so, and has only what is seen through it."
            } else {
                "The export has only what is seen through it. The format has no place to say so."
            };
            ui.label(RichText::new(words).size(T11).color(theme.weak));
        }
    }

    fn look(&mut self, ui: &mut Ui, theme: &Theme, model: &Model, view: &View) {
        widgets::section(ui, theme, "Drawn");
        ui.horizontal(|ui| {
            ui.radio_value(&mut self.look.mode, Mode::Light, "Light");
            ui.radio_value(&mut self.look.mode, Mode::Dark, "Dark");
        });
        match self.target.name {
            "png" => {
                ui.horizontal(|ui| {
                    let label = ui.label("Pixels per point");
                    let scale = Slider::new(&mut self.look.scale, 0.5..=8.0).step_by(0.5);
                    ui.add(scale).labelled_by(label.id);
                });
            }
            "pdf" => {
                ui.horizontal(|ui| {
                    let label = ui.label("Paper");
                    let paper = self.look.paper;
                    ComboBox::from_id_salt("paper")
                        .selected_text(paper.label())
                        .width(190.0)
                        .show_ui(ui, |ui| {
                            for paper in Paper::ALL {
                                ui.selectable_value(&mut self.look.paper, paper, paper.label());
                            }
                        })
                        .response
                        .labelled_by(label.id);
                });
                if let Some(plan) = self.plan(model, view) {
                    plan.ui(ui, theme);
                }
            }
            _ => {}
        }
        widgets::section(ui, theme, "Around the picture");
        let around = &mut self.look.furniture;
        ui.horizontal_wrapped(|ui| {
            ui.checkbox(&mut around.legend, "Legend");
            ui.checkbox(&mut around.sources, "Numbered sources");
            let key = ui.add_enabled(
                around.sources,
                egui::Checkbox::new(&mut around.grade_key, "Grade key"),
            );
            key.on_disabled_hover_text("Grades are in the list of sources: include that first.");
        });
        let words = "Title, reference, marking, date, author and digest are always there.";
        ui.label(RichText::new(words).size(T11).color(theme.weak));
    }

    /// How a poster is put together, where the paper is for one.
    fn plan(&mut self, model: &Model, view: &View) -> Option<PosterPlan> {
        if !matches!(self.look.paper, Paper::PosterA4 | Paper::PosterA3) {
            return None;
        }
        let key = (model.generation, self.what, self.look);
        if let Some((before, plan)) = &self.poster
            && *before == key
        {
            return *plan;
        }
        let placed = view.chart.as_ref().map_or(0, |chart| model.placed(chart).len());
        if placed > PREVIEWED {
            return None;
        }
        let seen = chart_view(model, view)?;
        let seen = match self.what {
            What::Selection => seen.selected(&view.selection),
            _ => seen,
        };
        let poster = export::poster(&seen, &model.settings, self.look);
        let plan = poster.as_ref().map(PosterPlan::of);
        self.poster = Some((key, plan));
        plan
    }

    fn job(&self, model: &Model, view: &View) -> Job {
        let scope = match (self.what, chart_view(model, view)) {
            (What::Chart, Some(seen)) => Scope::Chart(seen),
            (What::Selection, Some(seen)) => Scope::Selection(seen, view.selection.clone()),
            _ if model.lens().is_plain() => Scope::Case,
            _ => Scope::Seen(CaseView {
                seen: Arc::clone(&model.seen),
                lens: model.lens().clone(),
                digest: model.digest.clone(),
            }),
        };
        Job { target: self.target, out: PathBuf::new(), scope, look: self.look }
    }

    /// The name that is suggested.
    fn name(&self, model: &Model, view: &View) -> String {
        let mut name = model.title();
        if let Some(chart) = view.chart.as_ref().and_then(|id| model.chart(id))
            && self.what != What::Case
        {
            name = format!("{name} – {}", chart.name);
        }
        let name: String = name
            .chars()
            .map(|c| if c.is_control() || "/\\:*?\"<>|".contains(c) { '_' } else { c })
            .collect();
        match self.target.endings.first() {
            Some(ending) => format!("{name}.{ending}"),
            None => format!("{name} ({})", self.target.label),
        }
    }
}

/// The open chart as it is seen.
fn chart_view(model: &Model, view: &View) -> Option<ChartView> {
    let chart = view.chart.as_ref().and_then(|id| model.chart(id))?;
    Some(ChartView {
        seen: Arc::clone(&model.seen),
        lens: model.lens().clone(),
        chart: chart.clone(),
        placements: model.placed(&chart.id).to_vec(),
        overlay: Arc::clone(&view.overlay),
        digest: model.digest.clone(),
    })
}

/// What can be exported as a format, if not what was chosen before.
fn fallback(target: &Target, model: &Model, view: &View) -> What {
    let all = [What::Case, What::Chart, What::Selection];
    let possible = all.into_iter().find(|what| obstacle(*what, target, model, view).is_none());
    possible.unwrap_or_default()
}

/// Why something cannot be exported as a format, if so.
fn obstacle(what: What, target: &Target, model: &Model, view: &View) -> Option<String> {
    let chart = view.chart.as_ref().and_then(|id| model.chart(id));
    let why = match what {
        What::Case if target.is_picture() => "A picture shows a chart: choose one.",
        What::Case => return None,
        _ if chart.is_none() => "Create a chart first.",
        // Until then only the first chart is here.
        _ if model.coming.is_some() => "The case is still being read: wait a moment.",
        What::Selection if view.selection.is_empty() => "Select something on the chart first.",
        _ => return None,
    };
    Some(why.to_owned())
}

fn marking(ui: &mut Ui, theme: &Theme, model: &Model) {
    let words = if let Some(marking) = model.settings.get("marking").filter(|m| !m.is_empty()) {
        widgets::chip(ui, marking, theme.marking);
        "The marking is included wherever the format allows. Check that you may share this."
    } else {
        "This case has no marking. Set one under Case, Title and marking; it is then on every page."
    };
    ui.label(RichText::new(words).size(T11).color(theme.weak));
}
