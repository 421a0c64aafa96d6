//! The end of the program, and what it asks before.

use std::{borrow::Cow, collections::BTreeSet};

use egui::Context;

use super::{ANNOUNCE, App};
use crate::{
    app::{
        banner,
        import::Import,
        model::Request,
        question::{Matter, Question},
        remark::Remark,
    },
    model::RevisionNumber,
    network::measured::grouped,
};

/// What the user answers where work would be lost or stopped.
const STAY: &str = "Stay";
const WHEN_DONE: &str = "Quit when it is done";
const STOP: &str = "Stop it and quit";
const QUIT: &str = "Quit without it";
pub(super) const GO_ON: &str = "Go on with the import";
pub(super) const LEAVE: &str = "Leave the import";
pub(super) const KEEP: &str = "Keep it";
pub(super) const WITHDRAW: &str = "Withdraw it";
pub(super) const CANCEL: &str = "Cancel";
/// How many of the later actions are named that are undone with an older one.
const NAMED: usize = 5;

/// Whether the program is about to end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Leaving {
    #[default]
    No,
    /// As soon as nothing runs.
    WhenDone,
    /// Now: nothing is asked any more.
    Sure,
}

impl App {
    /// Ends the program, unless something would be stopped or lost: then it asks.
    pub(in crate::app) fn quit(&mut self, ctx: &Context) {
        if self.leaving == Leaving::Sure || !self.asks_before_quitting() {
            self.leaving = Leaving::WhenDone;
            ctx.request_repaint();
        }
    }

    /// Asks before the program ends where something runs or has been typed; says whether it asks.
    fn asks_before_quitting(&mut self) -> bool {
        if self.question.as_ref().is_some_and(|question| question.matter == Matter::Quit) {
            return true;
        }
        let running = self.worker.running().or_else(|| self.canvas.job());
        let running =
            running.filter(|running| !running.is_preview && running.since.elapsed() > ANNOUNCE);
        let typed = if self.import.as_ref().is_some_and(Import::has_work) {
            Some("The import is not finished. Its mapping is lost if you quit now.")
        } else if self.over.remark.as_ref().is_some_and(Remark::is_typed) {
            Some("The tag or note that you are writing is not saved.")
        } else if self.model.as_ref().is_some_and(|model| self.panels.scenes.is_typed(model)) {
            Some("The text of a scene is not saved.")
        } else {
            None
        };
        self.question = match (running, typed) {
            (Some(running), _) => {
                let words = if running.can_stop {
                    "If you stop it, nothing of it is kept."
                } else {
                    "It cannot be stopped."
                };
                let text = format!("This is still going on: {}. {words}", running.what);
                let mut answers = vec![WHEN_DONE];
                answers.extend(running.can_stop.then_some(STOP));
                answers.push(STAY);
                Some(Question::new(Matter::Quit, "Quit Redthread?", text, answers))
            }
            (None, Some(text)) => {
                Some(Question::new(Matter::Quit, "Quit Redthread?", text, vec![STAY, QUIT]))
            }
            (None, None) => return false,
        };
        true
    }

    /// Does what a question was answered with.
    pub(super) fn answered(&mut self, ctx: &Context, matter: Matter, answer: &str) {
        match (matter, answer) {
            (Matter::Quit, WHEN_DONE) => {
                self.leaving = Leaving::WhenDone;
                self.toasts.say("Redthread will quit when the work is done.");
            }
            (Matter::Quit, STOP) => {
                for running in self.worker.running().into_iter().chain(self.canvas.job()) {
                    running.progress.cancel();
                }
                self.leaving = Leaving::WhenDone;
            }
            (Matter::Quit, QUIT) => self.leaving = Leaving::WhenDone,
            (Matter::ReleaseLock, banner::RELEASE) => self.requests.push(Request::ReleaseLock),
            (Matter::LeaveImport, LEAVE) => self.close_import(ctx),
            (Matter::WithdrawEvidence, WITHDRAW) => {
                let wanted = self.over.withdrawing.take();
                self.requests.extend(wanted.map(Request::Commit));
            }
            (Matter::UndoWithLater, answer) if answer != CANCEL => {
                let wanted = self.over.undoing.take();
                self.requests.extend(wanted.map(Request::RevertWithLater));
            }
            _ => {}
        }
    }

    /// Asks whether to undo an action together with the later ones that build on it.
    pub(super) fn ask_undo_with_later(
        &mut self,
        revision: RevisionNumber,
        later: &BTreeSet<RevisionNumber>,
    ) {
        let Some(model) = &self.model else { return };
        let label = |number: &RevisionNumber| {
            let of = model.log.iter().find(|one| one.number == *number);
            of.map_or_else(|| format!("revision {number}"), |of| format!("“{}”", of.label))
        };
        let mut text = match later.len() {
            1 => "A later action builds on it:".to_owned(),
            many => format!("{} later actions build on it:", grouped(many)),
        };
        for number in later.iter().take(NAMED) {
            text += &format!("\n{number}  {}", label(number));
        }
        if later.len() > NAMED {
            text += &format!("\nand {} more", grouped(later.len() - NAMED));
        }
        text += "\n\nUndoing them is one step, which can be undone itself.";
        let undo = match later.len() {
            1 => "Undo both".to_owned(),
            many => format!("Undo all {}", grouped(many + 1)),
        };
        let title = format!("{} cannot be undone alone", label(&revision));
        let answers = [undo.into(), Cow::Borrowed(CANCEL)];
        self.question = Some(Question::new(Matter::UndoWithLater, title, text, answers));
        self.over.undoing = Some(revision);
    }

    /// What happens when the window is to be closed, and when what was waited for is done.
    pub(super) fn leave(&mut self, ctx: &Context) {
        if self.leaving == Leaving::WhenDone
            && let Some(preview) = self.worker.running().filter(|running| running.is_preview)
        {
            preview.progress.cancel();
        }
        let is_done = self.worker.is_idle() && self.canvas.job().is_none();
        if self.leaving == Leaving::WhenDone && is_done {
            self.leaving = Leaving::Sure;
            ctx.send_viewport_cmd(egui::ViewportCommand::Close);
        }
        if ctx.input(|i| i.viewport().close_requested())
            && self.leaving != Leaving::Sure
            && (self.leaving == Leaving::WhenDone || self.asks_before_quitting())
        {
            ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
        }
    }

    /// Whether the program is about to end, without asking any more.
    pub fn is_leaving(&self) -> bool {
        self.leaving == Leaving::Sure
    }
}
