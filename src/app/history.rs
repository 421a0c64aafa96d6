//! Every revision: who, when, what; what it touched; undo of one alone.

use egui::{Label, RichText, ScrollArea, Ui};

use super::{
    model::{Model, Request, View},
    theme::{S8, T11, Theme},
    widgets::{self, chip, empty_state, when},
};
use crate::{case::Kind, chart::icon::ui as icon};

/// The panel.
#[derive(Default)]
pub struct History {
    filter: String,
    /// The revision whose entities should be selected once it is known which they are.
    wanted: Option<i64>,
}

impl History {
    /// Draws the panel.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) {
        self.follow(model, view);
        ui.horizontal(|ui| {
            widgets::title(ui, "History");
            widgets::field(
                ui,
                &mut self.filter,
                "Filter the history",
                "Filter by action or author",
                220.0,
            );
        });
        let wanted = self.filter.to_lowercase();
        let fits = |r: &&crate::case::Revision| {
            r.label.to_lowercase().contains(&wanted) || r.author.to_lowercase().contains(&wanted)
        };
        let rows: Vec<&crate::case::Revision> = model.log.iter().rev().filter(fits).collect();
        if rows.is_empty() {
            let hint = "Every action is listed here and can be undone, also after closing.";
            empty_state(ui, theme, icon::HISTORY, "No revision to show", hint);
            return;
        }
        ui.add_space(S8 / 2.0);
        ScrollArea::vertical().auto_shrink([false, false]).show_rows(
            ui,
            28.0,
            rows.len(),
            |ui, range| {
                for revision in &rows[range] {
                    ui.horizontal(|ui| {
                        ui.set_height(28.0);
                        ui.label(
                            RichText::new(format!("{:>5}", revision.number)).color(theme.weak),
                        );
                        ui.label(RichText::new(when(revision.at)).size(T11).color(theme.weak));
                        let author = crate::chart::text::cut(
                            &revision.author,
                            T11,
                            crate::chart::font::Weight::Regular,
                            90.0,
                        );
                        ui.label(RichText::new(author).size(T11).color(theme.weak));
                        match revision.kind {
                            Kind::Undo | Kind::Redo | Kind::Record => {
                                drop(chip(ui, revision.kind.word(), theme.weak));
                            }
                            Kind::Revert => drop(chip(ui, "undo", theme.weak)),
                            Kind::Edit => {}
                        }
                        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                            let can = matches!(revision.kind, Kind::Edit | Kind::Revert)
                                && !revision.undone;
                            let why = if revision.undone {
                                "This revision has been undone already."
                            } else if model.read_only.is_some() {
                                "This case is open for reading only."
                            } else {
                                "An undo, a redo or a custody record cannot be undone alone."
                            };
                            let undo = ui.add_enabled(
                                can && model.read_only.is_none(),
                                egui::Button::new("Undo this").small(),
                            );
                            widgets::named(
                                &undo,
                                &format!("Undo revision {}", revision.number),
                                None,
                                can,
                            );
                            if undo.on_disabled_hover_text(why).clicked() {
                                requests.push(Request::Revert(revision.number));
                            }
                            let show = ui.add(egui::Button::new("Show").small());
                            widgets::named(
                                &show,
                                &format!("Show what revision {} touched", revision.number),
                                None,
                                true,
                            );
                            if show.on_hover_text("Select what this revision changed").clicked() {
                                self.wanted = Some(revision.number);
                                requests.push(Request::Touched(revision.number));
                            }
                            let digest = revision.digest.get(..8).unwrap_or_default();
                            // In a narrow panel the action matters more.
                            if ui.available_width() > 200.0 {
                                ui.label(RichText::new(digest).size(T11).color(theme.weak))
                                    .on_hover_text(&revision.digest);
                            }
                            ui.with_layout(
                                egui::Layout::left_to_right(egui::Align::Center),
                                |ui| {
                                    let text = RichText::new(&revision.label);
                                    let text = if revision.undone {
                                        text.strikethrough().color(theme.weak)
                                    } else {
                                        text
                                    };
                                    ui.add(Label::new(text).truncate())
                                        .on_hover_text(&revision.label);
                                },
                            );
                        });
                    });
                }
            },
        );
    }

    /// Selects what a revision touched once the answer is there.
    fn follow(&mut self, model: &Model, view: &mut View) {
        let Some(ids) = self.wanted.and_then(|number| model.touched.get(&number)) else { return };
        self.wanted = None;
        view.selection = ids.iter().filter(|id| model.network.get(id).is_some()).cloned().collect();
        view.reveal = view.selection.first().cloned();
    }
}
