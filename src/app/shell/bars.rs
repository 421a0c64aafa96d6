//! The bars around the panels: menu, rail and status.

use egui::{Frame, Margin, Panel, RichText, Ui};

use super::{App, requests::next_undo};
use crate::app::{
    banner,
    beside::ANNOUNCE,
    command, menu,
    model::{Model, Request},
    panels::{Drawer, as_if::RestsOn},
    theme::{S4, S8, T11, semibold},
    widgets::{self, icon_button, icon_toggle},
};
use crate::{chart::icon::ui as icon, network::measured::grouped};

/// Lower than this, in points, the rail draws its buttons closer together.
const LOW: f32 = 560.0;

impl App {
    pub(super) fn top_bar(&mut self, ui: &mut Ui) {
        let frame = Frame::new().fill(self.panel_fill).inner_margin(Margin::symmetric(10, 5));
        Panel::top("menu").frame(frame).show_separator_line(true).show(ui, |ui| {
            egui::MenuBar::new().ui(ui, |ui| {
                menu::menus(ui, &self.theme, self.model.as_ref(), &self.view, &mut self.requests);
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    let (sign, words) = if self.settings.dark {
                        (icon::LIGHT_MODE, "Light theme")
                    } else {
                        (icon::DARK_MODE, "Dark theme")
                    };
                    let words = command::with_keys(ui.ctx(), words, command::VIEW_THEME);
                    if icon_button(ui, &self.theme, sign, &words).clicked() {
                        self.requests.push(Request::Run(command::VIEW_THEME));
                    }
                    if ui.available_width() > 160.0 {
                        let keys = command::keys(ui.ctx(), command::PALETTE_OPEN);
                        let text = format!("Find anything  {keys}");
                        let text = RichText::new(text).color(self.theme.weak);
                        let button = egui::Button::new(text)
                            .min_size([180.0, 26.0].into())
                            .fill(self.theme.sunken);
                        let response = ui.add(button);
                        widgets::named(&response, "Find anything", None, true);
                        if response.clicked() {
                            self.requests.push(Request::Run(command::PALETTE_OPEN));
                        }
                    }
                    if let Some(model) = &self.model {
                        let marking = model.settings.get("marking").filter(|m| !m.is_empty());
                        let room = ui.available_width();
                        if let Some(marking) = marking.filter(|_| room > 330.0) {
                            widgets::chip(ui, marking, self.theme.marking);
                        }
                        let title = model.title();
                        ui.add(
                            egui::Label::new(RichText::new(&title).font(semibold(13.0))).truncate(),
                        )
                        .on_hover_text(model.path.display().to_string());
                    }
                });
            });
        });
        if let Some(model) = &self.model {
            let question = banner::ui(ui, model, &self.theme, &mut self.requests);
            self.question = question.or(self.question.take());
            self.panels.as_if.ui(ui, model, &mut self.view, &self.theme, &mut self.requests);
        }
    }

    pub(super) fn rail(&mut self, ui: &mut Ui) {
        let frame = Frame::new().fill(self.panel_fill).inner_margin(Margin::symmetric(6, 6));
        let is_low = ui.available_height() < LOW;
        Panel::left("rail").resizable(false).exact_size(40.0).frame(frame).show(ui, |ui| {
            let foot = egui::Layout::bottom_up(egui::Align::Min);
            ui.with_layout(foot, |ui| {
                let on = self.is_inspector_shown(ui.ctx());
                let words = command::with_keys(ui.ctx(), "Inspector", command::VIEW_INSPECTOR);
                if icon_toggle(ui, &self.theme, icon::VIEW_SIDEBAR, &words, on).clicked() {
                    self.requests.push(Request::Run(command::VIEW_INSPECTOR));
                }
                ui.add_space(S4);
                let rest = egui::Layout::top_down(egui::Align::Min);
                ui.with_layout(rest, |ui| {
                    // In the lowest windows the rest scrolls.
                    let area = egui::ScrollArea::vertical().scroll_bar_visibility(
                        egui::scroll_area::ScrollBarVisibility::AlwaysHidden,
                    );
                    area.show(ui, |ui| self.rail_buttons(ui, is_low));
                });
            });
        });
    }

    fn rail_buttons(&mut self, ui: &mut Ui, is_low: bool) {
        ui.spacing_mut().item_spacing.y = if is_low { 0.0 } else { S4 };
        let drawers = Drawer::ALL.map(|(drawer, it)| (self.settings.drawer == Some(drawer), it));
        let explore = (self.is_explore_shown(ui.ctx()), command::VIEW_EXPLORE);
        for (on, command) in std::iter::once(explore).chain(drawers) {
            let tooltip = command.tooltip(ui.ctx());
            if icon_toggle(ui, &self.theme, command.icon, &tooltip, on).clicked() {
                self.requests.push(Request::Run(command));
            }
        }
        ui.add_space(if is_low { S4 } else { S8 });
        for command in [
            command::ENTITY_ADD,
            command::LINK_MODE,
            command::LAYOUT_FORCE,
            command::LAYOUT_LAYERED,
            command::CHART_FIT,
            command::SCENE_PRESENT,
        ] {
            let obstacle = command.obstacle(self.model.as_ref(), &self.view);
            let tooltip = command.tooltip(ui.ctx());
            let response = ui
                .add_enabled_ui(obstacle.is_none(), |ui| {
                    icon_button(ui, &self.theme, command.icon, &tooltip)
                })
                .inner;
            let response = match obstacle {
                Some(why) => response.on_disabled_hover_text(format!("{tooltip}. {why}")),
                None => response,
            };
            if response.clicked() {
                self.requests.push(Request::Run(command));
            }
        }
    }

    pub(super) fn status_bar(&mut self, ui: &mut Ui) {
        let frame = Frame::new().fill(self.panel_fill).inner_margin(Margin::symmetric(12, 3));
        Panel::bottom("status").frame(frame).resizable(false).show(ui, |ui| {
            let Some(counts) = self.model.as_ref().map(Model::counts) else { return };
            ui.horizontal(|ui| {
                // The dots between the parts bring their own room.
                ui.spacing_mut().item_spacing.x = S4 - 1.0;
                let weak = self.theme.weak;
                let small = |text: String| RichText::new(text).size(T11).color(weak);
                let counts = counts.into_iter();
                let counts: Vec<String> =
                    counts.map(|(count, what)| format!("{} {what}", grouped(count))).collect();
                ui.label(small(counts.join(" · ")));
                if let Some((shown, all)) = self.panels.explore.passing() {
                    let text = format!("· filter: {} of {} pass", grouped(shown), grouped(all));
                    let text = RichText::new(text).size(T11).color(self.theme.accent);
                    let response = widgets::quiet_button(ui, text);
                    let words =
                        command::with_keys(ui.ctx(), "Show the filter", command::VIEW_EXPLORE);
                    if response.on_hover_text(words).clicked() {
                        self.settings.explore = true;
                    }
                }
                if !self.view.selection.is_empty() {
                    ui.label(small(format!("· {} selected", self.view.selection.len())));
                }
                ui.add_space(S8);
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    ui.spacing_mut().item_spacing.x = S8;
                    self.messages_button(ui);
                    self.status_right(ui);
                });
            });
        });
    }

    /// The button that opens the list of messages; it says how many errors are on screen.
    fn messages_button(&mut self, ui: &mut Ui) {
        let (text, ink) = match self.toasts.errors() {
            0 => ("Messages".to_owned(), self.theme.weak),
            1 => ("1 error".to_owned(), self.theme.alarm),
            many => (format!("{many} errors"), self.theme.alarm),
        };
        let button = egui::Button::new(RichText::new(text).size(T11).color(ink));
        // As wide with any of the words, so that its neighbours stay where they are.
        let button = button.small().frame_when_inactive(false).min_size([74.0, 0.0].into());
        let response = ui.add(button);
        widgets::named(&response, "Messages", None, true);
        let words = command::with_keys(
            ui.ctx(),
            "Show all messages since the start",
            command::VIEW_MESSAGES,
        );
        if response.on_hover_text(words).clicked() {
            self.messages_open = true;
        }
    }

    /// What runs, else what was done last and the button that undoes it.
    fn status_right(&mut self, ui: &mut Ui) {
        let small = |text: String| RichText::new(text).size(T11).color(self.theme.weak);
        if self.canvas.is_live() {
            if ui.small_button("Stop").clicked() {
                self.requests.push(Request::Run(command::LAYOUT_LIVE));
            }
            ui.label(small("Live layout".into()));
            return;
        }
        if let Some(running) = (self.worker.running().or_else(|| self.canvas.job()))
            .filter(|r| r.since.elapsed() > ANNOUNCE)
        {
            if running.can_stop {
                let late = !running.progress.can_stop();
                let cancel = ui.add_enabled(!late, egui::Button::new("Cancel").small());
                let why = "The change is being saved and can no longer be stopped.";
                if cancel.on_disabled_hover_text(why).clicked() {
                    running.progress.cancel();
                }
            }
            if let Some(part) = running.progress.fraction() {
                ui.add(egui::ProgressBar::new(part).desired_width(120.0).show_percentage());
            } else {
                ui.spinner();
            }
            ui.add(egui::Label::new(small(running.what)).truncate());
            ui.ctx().request_repaint_after(ANNOUNCE);
            return;
        }
        let Some(model) = &self.model else { return };
        let is_withdrawing = || {
            let document = self.over.withdrawal.clone();
            document.is_some_and(|document| model.is_long(&RestsOn(document)))
        };
        let beside = [
            (model.looks_long(), "Looking through the lens"),
            (is_withdrawing(), "Working out what rests on the document"),
        ];
        if let Some((_, what)) = beside.into_iter().find(|(is_so, _)| *is_so) {
            ui.spinner();
            ui.label(small(what.to_owned()));
            return;
        }
        let Some(next) = &model.undo else {
            ui.label(small("Everything is saved".into()));
            return;
        };
        let obstacle = command::EDIT_UNDO.obstacle(Some(model), &self.view);
        let button = egui::Button::new("Undo").small();
        let response = ui.add_enabled(obstacle.is_none(), button);
        let words = command::with_keys(ui.ctx(), &format!("Undo “{next}”"), command::EDIT_UNDO);
        let response = response.on_hover_text(words);
        let response = match obstacle {
            Some(why) => response.on_disabled_hover_text(why),
            None => response,
        };
        if response.clicked() {
            self.over.undo_wanted = next_undo(model);
        }
        if let Some(again) = model.redo.as_ref().filter(|_| model.read_only.is_none()) {
            let words =
                command::with_keys(ui.ctx(), &format!("Redo “{again}”"), command::EDIT_REDO);
            if ui.small_button("Redo").on_hover_text(words).clicked() {
                self.requests.push(Request::Redo);
            }
        }
        let text = if model.read_only.is_some() {
            small(format!("Last change: {next}"))
        } else if let Some(done) = self.toasts.last_done() {
            RichText::new(format!("{}  {done}", icon::CHECK)).size(T11).color(self.theme.good)
        } else {
            small(format!("Saved: {next}"))
        };
        ui.add(egui::Label::new(text).truncate());
    }
}
