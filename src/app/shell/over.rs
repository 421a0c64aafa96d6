//! What is open over the panels, and what Esc closes.

use egui::Context;

use super::{
    App,
    leave::{GO_ON, LEAVE},
};
use crate::{
    app::{
        author,
        dialogs::Purpose,
        export::{self, Export},
        help::Help,
        import::{self, Declare},
        layers::Layer,
        model::{Model, Place, Request},
        palette::Palette,
        panels::Drawer,
        question::{Matter, Question},
        remark::Remark,
        sent::Sent,
    },
    case::Action,
    model::{Id, RevisionNumber},
    network::Lens,
};

/// What is open over the panels, or wanted, and is about the open case. Opening a case resets it.
#[derive(Debug, Default)]
pub(in crate::app) struct Over {
    pub palette: Option<Palette>,
    /// The box that closed while the case had not answered yet to a name that was typed in it.
    pub palette_sent: Sent<Palette>,
    /// What is being looked for to be shown, and where.
    pub show_all: Option<(String, Place)>,
    pub help: Option<Help>,
    /// The settings that the case has not answered yet.
    pub help_sent: Sent<Help>,
    pub remark: Option<Remark>,
    /// The tag or note that the case has not answered yet.
    pub remark_sent: Sent<Remark>,
    pub export: Option<Export>,
    /// The document that becomes another edition of one in the case.
    pub edition: Option<Declare>,
    /// A document to be withdrawn, while it is worked out what rests on it.
    pub withdrawal: Option<Id>,
    /// What is done once the user agrees to withdraw a document.
    pub withdrawing: Option<Action>,
    /// The action that is undone with what builds on it, once the user agrees.
    pub undoing: Option<RevisionNumber>,
    /// The revision that a click wants to undo, once nothing else is under way.
    pub undo_wanted: Option<RevisionNumber>,
}

impl Over {
    /// Returns what was typed to the box that asked for a change, with the reason why the case
    /// refused it. Returns whether a box had asked.
    pub fn refused(&mut self, why: &str) -> bool {
        self.palette.as_mut().is_some_and(|palette| palette.refused(why))
            || self.palette_sent.refused(&mut self.palette, why)
            || self.remark_sent.refused(&mut self.remark, why)
            || self.help_sent.refused(&mut self.help, why)
    }

    /// Closes the box in which anything is found.
    pub(crate) fn close_palette(&mut self) {
        if let Some(palette) = self.palette.take_if(|palette| palette.waits()) {
            self.palette_sent.put(palette);
        }
        self.palette = None;
    }

    /// Forgets what was typed, because the case has made the change.
    pub fn taken(&mut self) {
        if let Some(palette) = &mut self.palette {
            palette.taken();
        }
        self.palette_sent.taken();
        self.remark_sent.taken();
        self.help_sent.taken();
    }
}

impl App {
    pub(super) fn is_open(&self, layer: Layer) -> bool {
        match layer {
            Layer::Canvas => self.canvas.has_box(),
            Layer::Palette => self.over.palette.is_some(),
            Layer::Help => self.over.help.is_some(),
            Layer::Remark => self.over.remark.is_some(),
            Layer::Import => self.import.is_some(),
            Layer::Export => self.over.export.is_some(),
            Layer::Edition => self.over.edition.is_some(),
            Layer::Messages => self.messages_open,
            Layer::Files => self.dialogs.is_own_open(),
            Layer::Author => self.ask_author.is_some(),
            Layer::Question => self.question.is_some(),
        }
    }

    pub(super) fn follow_layers(&mut self) {
        let mut layers = std::mem::take(&mut self.layers);
        layers.follow(|layer| self.is_open(layer));
        self.layers = layers;
    }

    /// Draws what is open over the panels.
    pub(super) fn draw(&mut self, ctx: &Context, layer: Layer) {
        let (theme, requests) = (&self.theme, &mut self.requests);
        match layer {
            Layer::Canvas => {}
            Layer::Palette => {
                if let Some(palette) = &mut self.over.palette
                    && !palette.ui(ctx, self.model.as_ref(), &mut self.view, theme, requests)
                {
                    self.over.close_palette();
                }
            }
            Layer::Help => {
                let before = requests.len();
                let closed = self.over.help.take_if(|help| !help.ui(ctx, theme, requests));
                if closed.is_some() {
                    self.over.help_sent.keep(closed, &requests[before..]);
                }
            }
            Layer::Remark => {
                let before = requests.len();
                if let (Some(remark), Some(model)) = (&mut self.over.remark, &self.model)
                    && !remark.ui(ctx, model, theme, requests)
                {
                    self.over.remark_sent.keep(self.over.remark.take(), &requests[before..]);
                }
            }
            Layer::Import => self.draw_import(ctx),
            Layer::Edition => {
                if let (Some(edition), Some(model)) = (&mut self.over.edition, &self.model)
                    && !edition.ui(ctx, (model, &self.worker), theme, requests)
                {
                    self.over.edition = None;
                }
            }
            Layer::Export => {
                let (Some(export), Some(model)) = (&mut self.over.export, &self.model) else {
                    return;
                };
                match export.ui(ctx, model, &self.view, theme) {
                    export::Told::Nothing => {}
                    export::Told::Closed => self.exported.0 = self.over.export.take(),
                    export::Told::Chosen(job, name) => {
                        self.dialogs.ask(Purpose::Export(job.target.name), &name);
                        self.exported = (self.over.export.take(), Some(job));
                    }
                }
            }
            Layer::Messages => self.messages_open = self.toasts.list_ui(ctx, theme),
            Layer::Files => {
                if let Some(chosen) = self.dialogs.ui(ctx, theme) {
                    self.chosen(ctx, chosen);
                }
            }
            Layer::Author => {
                if let Some(asked) = &mut self.ask_author
                    && asked.ui(ctx, theme) == author::Told::Over
                {
                    self.ask_author = None;
                    self.requests.append(&mut self.held);
                }
            }
            Layer::Question => {
                let Some(question) = &mut self.question else { return };
                let matter = question.matter;
                if let Some(answer) = question.ui(ctx, theme) {
                    self.question = None;
                    self.answered(ctx, matter, &answer);
                }
            }
        }
    }

    fn draw_import(&mut self, ctx: &Context) {
        let (Some(import), Some(model)) = (&mut self.import, &self.model) else { return };
        match import.ui(ctx, (model, &self.worker), &self.theme, &mut self.requests) {
            import::Told::Nothing => {}
            import::Told::Closed => self.close_import(ctx),
            import::Told::Save(name, text) => {
                let is_list = std::path::Path::new(&name).extension().is_some_and(|e| e == "csv");
                let ending = if is_list { "csv" } else { "json" };
                self.dialogs.ask(Purpose::Write(text, ending), &name);
            }
            import::Told::Load => self.dialogs.ask(Purpose::LoadMapping, ""),
        }
    }

    /// Esc closes exactly what is on top: a menu, else the latest dialog or box.
    pub(super) fn escape(&mut self, ctx: &Context) {
        if !ctx.input(|i| i.key_pressed(egui::Key::Escape)) {
            return;
        }
        let consume = || {
            ctx.input_mut(|i| i.consume_key(egui::Modifiers::NONE, egui::Key::Escape));
        };
        if egui::Popup::is_any_open(ctx) {
            egui::Popup::close_all(ctx);
            consume();
            return;
        }
        let Some(top) = self.layers.top() else { return };
        match top {
            Layer::Palette => {
                if self.over.palette.as_mut().is_some_and(|palette| !palette.escape(ctx)) {
                    self.over.close_palette();
                }
            }
            Layer::Canvas => self.canvas.close_box(),
            Layer::Help => self.over.help = None,
            Layer::Remark => self.over.remark = None,
            Layer::Import => self.leave_import(ctx),
            Layer::Export => self.exported.0 = self.over.export.take(),
            Layer::Edition => self.over.edition = None,
            Layer::Messages => self.messages_open = false,
            Layer::Files => self.dialogs.leave(),
            Layer::Author => {
                if let Some(asked) = self.ask_author.take() {
                    asked.leave();
                }
                self.requests.append(&mut self.held);
            }
            Layer::Question => self.question = None,
        }
        consume();
    }

    /// Esc on an import: what is under way is stopped by its own button, and work is not thrown
    /// away without a question.
    fn leave_import(&mut self, ctx: &Context) {
        let Some(import) = &self.import else { return };
        if import.is_going() {
            return;
        }
        if import.has_work() {
            let text = "The mapping of the columns is not kept in the case yet.";
            let answers = vec![GO_ON, LEAVE];
            self.question =
                Some(Question::new(Matter::LeaveImport, "Leave the import?", text, answers));
        } else {
            self.close_import(ctx);
        }
    }

    /// Esc where nothing is open: it leaves a gesture or a mode, else an error, else the selection.
    /// Fields that were being typed in have had it already.
    pub(super) fn escape_panels(&mut self, ctx: &Context) {
        let pressed = ctx.input_mut(|i| i.consume_key(egui::Modifiers::NONE, egui::Key::Escape));
        if !pressed || self.typing || self.view.presenting.is_some() {
            return;
        }
        let is_citing = self.settings.drawer == Some(Drawer::Evidence);
        let did = self.canvas.leave_mode()
            || self.toasts.dismiss()
            || is_citing && self.panels.evidence.leave_form(&mut self.view);
        if did {
            return;
        }
        let lens = self.model.as_ref().map(Model::wanted_lens);
        if self.view.selection.is_empty() && lens.is_some_and(|lens| !lens.is_plain()) {
            self.requests.push(Request::LookThrough(Lens::default()));
        }
        self.view.selection.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_that_is_refused_after_its_box_closed_opens_it_again() {
        let mut over = Over { palette: Some(Palette::sent("Piers of Ma")), ..Over::default() };
        over.close_palette();
        assert!(over.palette.is_none());
        assert!(over.refused("The disk is full"));
        assert_eq!(over.palette.as_ref().and_then(Palette::typed), Some("Piers of Ma"));
        over.close_palette();
        assert!(!over.refused("again"), "a refusal is shown once");
        let mut over = Over { palette: Some(Palette::sent("Piers of Ma")), ..Over::default() };
        over.close_palette();
        over.taken();
        assert!(!over.refused("no"), "it was taken");
    }
}
