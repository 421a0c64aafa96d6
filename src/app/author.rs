//! Asks for the name that the history gives to what the user does. Asked once, before the first
//! change; it can be changed at any time.

use egui::{Context, Label, RichText};

use super::{
    dialog::Dialog,
    theme::{S4, S8, T11, T16, Theme, semibold},
    widgets::{self, primary_button},
};
use crate::case::author;

/// The dialog.
pub struct AskAuthor {
    name: String,
    /// Whether a change waits for the answer.
    first: bool,
    problem: Option<String>,
    fresh: bool,
}

/// What became of the dialog in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// It stays open.
    Nothing,
    /// The question is answered, or not to be asked again before the next start.
    Over,
}

impl AskAuthor {
    /// The dialog with the name of today; `first`: before the first change.
    pub fn new(first: bool) -> Self {
        Self { name: author(), first, problem: None, fresh: true }
    }

    /// Leaves it without an answer. The system's name is used then until the next start.
    pub fn leave(&self) {
        if self.first {
            author::use_proposed();
        }
    }

    /// Draws it.
    pub fn ui(&mut self, ctx: &Context, theme: &Theme) -> Told {
        let fixed = author::is_overridden();
        let mut told = Told::Nothing;
        let mut save = widgets::enter(ctx);
        Dialog::new("author", 420.0).show(ctx, |ui| {
            let title = if self.first { "Who is working on this case?" } else { "Your name" };
            ui.label(RichText::new(title).font(semibold(T16)));
            ui.add_space(S4);
            let words = "The history names the author of every change, and so does each copy of \
                         the case that you hand on. The name is kept on this computer.";
            ui.add(Label::new(RichText::new(words).color(theme.weak)).wrap());
            ui.add_space(S8);
            ui.label(RichText::new("Name of the author").size(T11).color(theme.weak));
            let width = ui.available_width();
            let field = ui
                .add_enabled_ui(!fixed, |ui| {
                    widgets::field(ui, &mut self.name, "Name of the author", "Full name", width)
                })
                .inner;
            if fixed {
                field.on_disabled_hover_text(
                    "REDTHREAD_AUTHOR or --author gives the name for this run.",
                );
            } else if self.fresh {
                self.fresh = !widgets::focus_all(&field, &self.name);
            }
            // The room for a problem is there before it is.
            let problem = self.problem.as_deref().unwrap_or(" ");
            ui.add(Label::new(RichText::new(problem).size(T11).color(theme.alarm)).wrap());
            ui.horizontal(|ui| {
                let ready = !self.name.trim().is_empty();
                let use_it =
                    ui.add_enabled_ui(ready, |ui| primary_button(ui, theme, "Use this name"));
                save |= use_it.inner.on_disabled_hover_text("Enter a name first.").clicked();
                save &= ready;
                let (leave, hint) = if self.first {
                    ("Not now", "Goes on under the name that this computer gives you")
                } else {
                    ("Cancel", "Leaves the name as it was")
                };
                if ui.button(leave).on_hover_text(hint).clicked() {
                    self.leave();
                    told = Told::Over;
                }
            });
        });
        if save && told == Told::Nothing {
            let kept = if fixed { Ok(()) } else { author::keep(&self.name) };
            match kept {
                Ok(()) => told = Told::Over,
                Err(error) => {
                    self.problem = Some(format!("The name cannot be kept ({error})."));
                }
            }
        }
        told
    }
}
