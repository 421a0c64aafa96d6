//! A question with a few answers, over everything.

use std::borrow::Cow;

use egui::{Context, Label, RichText};

use super::{
    dialog::Dialog,
    theme::{S8, T16, Theme, semibold},
    widgets::{self, primary_button},
};

/// What is asked, for what is to be done with the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matter {
    /// Release the lock that another computer left on the case.
    ReleaseLock,
    /// Whether to quit although something runs or is being typed.
    Quit,
    LeaveImport,
    /// Whether to withdraw a document on which something rests.
    WithdrawEvidence,
    /// Whether to undo an action with the later ones that build on it.
    UndoWithLater,
}

/// A question. The first answer is what Enter gives; Esc gives none.
#[derive(Clone, Debug)]
pub struct Question {
    pub matter: Matter,
    title: String,
    text: String,
    answers: Vec<Cow<'static, str>>,
    /// Which of the answers has the keyboard at first.
    main: usize,
    fresh: bool,
}

impl Question {
    /// A question with its answers; Enter gives the first.
    pub fn new(
        matter: Matter,
        title: impl Into<String>,
        text: impl Into<String>,
        answers: impl IntoIterator<Item = impl Into<Cow<'static, str>>>,
    ) -> Self {
        let answers = answers.into_iter().map(Into::into).collect();
        Self { matter, title: title.into(), text: text.into(), answers, main: 0, fresh: true }
    }

    /// Draws it; gives the answer once there is one.
    pub fn ui(&mut self, ctx: &Context, theme: &Theme) -> Option<Cow<'static, str>> {
        let mut answer = None;
        if widgets::enter(ctx) {
            answer = self.answers.get(self.main).cloned();
        }
        Dialog::new("question", 420.0).show(ctx, |ui| {
            ui.add(Label::new(RichText::new(&self.title).font(semibold(T16))).wrap());
            ui.add_space(S8);
            ui.add(Label::new(&self.text).wrap());
            ui.add_space(S8);
            ui.horizontal_wrapped(|ui| {
                for (at, text) in self.answers.iter().enumerate() {
                    let clicked = if at == self.main {
                        let button = primary_button(ui, theme, text);
                        if self.fresh {
                            button.request_focus();
                            self.fresh = !button.has_focus();
                        }
                        button.clicked()
                    } else {
                        ui.button(&**text).clicked()
                    };
                    if clicked {
                        answer = Some(text.clone());
                    }
                }
            });
        });
        answer
    }
}
