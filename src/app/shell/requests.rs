//! What becomes of the requests of panels.

use egui::Context;

use super::{
    App,
    leave::{KEEP, WITHDRAW},
};
use crate::app::{
    author::AskAuthor,
    dialogs::Purpose,
    import::Declare,
    model::{Model, Request},
    panels::{Drawer, as_if::RestsOn},
    query::{Asker, Find},
    question::{Matter, Question},
    system,
};
use crate::{
    case::{Action, Kind, Op, author},
    model::{Id, RevisionNumber},
};

impl App {
    /// Carries out what panels asked for in this frame.
    pub(super) fn carry_out(&mut self, ctx: &Context) {
        let mut rounds = 0;
        while !self.requests.is_empty() && rounds < 4 {
            rounds += 1;
            for request in std::mem::take(&mut self.requests) {
                let Some(request) = self.permitted(request) else { continue };
                match request {
                    Request::Say(text) => self.toasts.say(text),
                    Request::Fail(text) => self.toasts.fail(text),
                    Request::Reveal(path) => {
                        if let Err(why) = system::reveal(&path) {
                            self.toasts.say(why);
                        }
                    }
                    Request::Run(command) => self.perform(ctx, command),
                    Request::ShowEvidence => self.show_evidence(),
                    Request::CloseDrawer => self.settings.drawer = None,
                    Request::AskExportEvidence(id) => {
                        let name = self
                            .model
                            .as_ref()
                            .and_then(|m| m.evidence.iter().find(|e| e.id == id));
                        let name = name.map(|e| e.file_name.clone()).unwrap_or_default();
                        // A name from a case that somebody sent may hold a path.
                        let name = name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
                        self.dialogs.ask(Purpose::Evidence(id), &name);
                    }
                    Request::LookThrough(lens) => {
                        if let Some(model) = &mut self.model {
                            model.look_through(lens);
                        }
                    }
                    Request::Ask(question, about) => {
                        self.panels.findings.ask(question, about);
                        self.settings.drawer = Some(Drawer::Findings);
                    }
                    Request::WithdrawEvidence(id) => self.over.withdrawal = Some(id),
                    Request::Query(asked) if asked.is_of_network() => {
                        if let Some(model) = &mut self.model {
                            model.work_out(ctx, asked);
                        }
                    }
                    Request::AskEdition(document) => self.ask_edition(Some(document)),
                    Request::AskExport(job, name) => {
                        self.dialogs.ask(Purpose::Export(job.target.name), &name);
                        self.exported.1 = Some(job);
                    }
                    Request::AskImport(files) => self.ask_import(ctx, files),
                    Request::ShowOnChart(name, ids) => {
                        if let Some(model) = &self.model {
                            let (view, requests) = (&mut self.view, &mut self.requests);
                            let wanted = (name.as_str(), ids.as_slice());
                            self.canvas.chart_of(ctx, model, view, &self.theme, requests, wanted);
                        }
                    }
                    Request::ShowInTable(name, ids) => {
                        self.panels.entities.show_only(name, ids.iter().cloned());
                        self.settings.drawer = Some(Drawer::Table);
                    }
                    Request::ShowAll(text, place) => {
                        if let Some(model) = &self.model {
                            let find = Find::new(model, Asker::Whole, &text, None);
                            self.over.show_all = Some((text, place));
                            self.worker.ask(Request::query(find));
                        }
                    }
                    other => self.worker.ask(other),
                }
            }
        }
        if let Some(request) = self.model.as_mut().and_then(|model| model.look(ctx)) {
            self.worker.ask(request);
        }
    }

    /// Asks of which document another one is an edition: that one, the one that is selected or shown,
    /// or the newest.
    pub(in crate::app) fn ask_edition(&mut self, document: Option<Id>) {
        let Some(model) = &self.model else { return };
        let is_document = |id: &&Id| model.evidence.iter().any(|one| one.id == **id);
        let selected = self.view.selection.iter().find(is_document);
        let newest = || model.newest_documents().next_back().map(|one| one.id.clone());
        let meant =
            document.or_else(|| selected.or(self.view.document.as_ref()).cloned()).or_else(newest);
        self.over.edition = meant.and_then(|document| Declare::of(model, &document));
        if self.over.edition.is_none() {
            self.toasts.say("Import both editions first; then choose one of them here.");
        }
    }

    /// Withdraws a document once it is known what rests on it; where something does, the user is
    /// told and asked first.
    pub(super) fn withdraw_evidence(&mut self) {
        let (Some(document), Some(model)) = (&self.over.withdrawal, &self.model) else { return };
        let query = RestsOn(document.clone());
        model.ask(&query, &mut self.requests);
        let held = model.answers.latest::<RestsOn>(&()).filter(|_| !model.is_open(&query));
        let Some(held) = held else { return };
        // Where that cannot be known, the user is asked all the same.
        let unknown = |_: &String| Some("What rests on it could not be worked out.".to_owned());
        let outcome = held.answer.as_ref().map_or_else(unknown, |text| Option::clone(text));
        let title = format!("Withdraw “{}”", model.name(document));
        let action = Action::new(vec![Op::WithdrawEntity(document.clone())]);
        self.over.withdrawal = None;
        match outcome {
            None => self.requests.push(Request::Commit(action)),
            Some(text) => {
                let answers = vec![KEEP, WITHDRAW];
                let title = format!("{title}?");
                self.question = Some(Question::new(Matter::WithdrawEvidence, title, text, answers));
                self.over.withdrawing = Some(action);
            }
        }
    }

    /// Holds back what would change the case where it may not be changed, or before it is known
    /// under whose name.
    fn permitted(&mut self, request: Request) -> Option<Request> {
        let changes = matches!(
            request,
            Request::Commit(_)
                | Request::Move(_)
                | Request::Undo
                | Request::Redo
                | Request::Revert(_)
                | Request::RevertWithLater(_)
                | Request::Import(_)
                | Request::Attach(..)
        );
        if changes && let Some(why) = self.model.as_ref().and_then(|m| m.read_only.as_ref()) {
            let why = format!("This case is open for reading only: {why}");
            if !self.refused(&why) {
                self.toasts.say(why);
            }
            return None;
        }
        let waits = (changes || matches!(request, Request::Create(_))) && self.asks_author;
        if waits && !author::is_known() {
            self.held.push(request);
            self.ask_author.get_or_insert_with(|| AskAuthor::new(true));
            return None;
        }
        Some(request)
    }

    /// Undoes what a click wanted undone, if that is still what would be undone.
    pub(super) fn undo_if_next(&mut self) {
        let Some(wanted) = self.over.undo_wanted.take_if(|_| self.worker.is_idle()) else { return };
        if self.model.as_ref().and_then(next_undo) == Some(wanted) {
            self.requests.push(Request::Undo);
        } else {
            self.toasts.say("Something else was done meanwhile. Nothing was undone.");
        }
    }
}

/// The revision that undo would undo.
pub(super) fn next_undo(model: &Model) -> Option<RevisionNumber> {
    model.undo.as_ref()?;
    let newest = model.log.iter().rev();
    let mut undoable = newest.filter(|r| matches!(r.kind, Kind::Edit | Kind::Revert) && !r.undone);
    undoable.next().map(|revision| revision.number)
}
