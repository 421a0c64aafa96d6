//! The line above the chart that says why nothing can be changed, and offers what can be done.

use egui::{Align, Frame, Label, Layout, Margin, Panel, RichText, Ui};

use super::{
    model::{Model, Request},
    theme::{S4, S8, Theme},
    widgets::{self, primary_button},
};
use crate::{case::Remedy, chart::icon::ui as icon};

/// The line, and the question that it may ask.
#[derive(Debug, Default)]
pub struct Banner {
    /// Whether the user is asked about releasing the lock.
    asks: bool,
}

impl Banner {
    /// Whether a question is open, to which the keys belong.
    pub fn asks(&self) -> bool {
        self.asks
    }

    /// Draws it, where the case cannot be changed.
    pub fn ui(&mut self, ui: &mut Ui, model: &Model, theme: &Theme, requests: &mut Vec<Request>) {
        let Some(why) = &model.read_only else {
            self.asks = false;
            return;
        };
        let frame = Frame::new().fill(theme.selected).inner_margin(Margin::symmetric(12, 6));
        Panel::top("read-only").frame(frame).show(ui, |ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                match &model.remedy {
                    Some(Remedy::SaveCopy) => {
                        if ui.button("Save a copy…").clicked() {
                            requests.push(Request::Run("case.save_copy"));
                        }
                    }
                    Some(Remedy::ReleaseLock(_)) => {
                        if ui.button("Release the lock…").clicked() {
                            self.asks = true;
                        }
                    }
                    None => {}
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let text = format!("{}  Open for reading only: {why}", icon::LOCK);
                    ui.add(Label::new(RichText::new(text).color(theme.text)).wrap());
                });
            });
        });
        if self.asks
            && let Some(Remedy::ReleaseLock(who)) = &model.remedy
        {
            self.ask(ui, who, theme, requests);
        }
    }

    /// Says what releasing the lock of another computer means.
    fn ask(&mut self, ui: &Ui, who: &str, theme: &Theme, requests: &mut Vec<Request>) {
        let modal = widgets::modal(ui.ctx(), "release").show(ui.ctx(), |ui| {
            ui.set_width(440.0_f32.min(ui.ctx().content_rect().width() - 60.0));
            widgets::title(ui, "Release the lock?");
            ui.add_space(S4);
            ui.label(format!("The lock was set by {who}."));
            ui.label(
                "Release it only if that program is gone, for example after its computer crashed. \
                 If it still has the case open, both of you would write to one file, and changes \
                 of either could be lost.",
            );
            ui.add_space(S8);
            ui.horizontal(|ui| {
                if primary_button(ui, theme, "Release, and open for changes").clicked() {
                    requests.push(Request::ReleaseLock);
                    self.asks = false;
                }
                if ui.button("Cancel").clicked() {
                    self.asks = false;
                }
            });
        });
        if modal.should_close() {
            self.asks = false;
        }
    }
}
