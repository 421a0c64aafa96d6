//! What becomes of the worker's answers.

use std::sync::Arc;

use egui::Context;

use super::{App, RECENTS, over::Over};
use crate::{
    app::{
        canvas::Canvas,
        import::Import,
        model::{Answer, Change, Model, Place, Request, View},
        panels::Panels,
        query::Asker,
        question::Matter,
    },
    model::Id,
    network::measured::counted,
};

impl App {
    pub(super) fn answers(&mut self, ctx: &Context) {
        while let Some(answer) = self.worker.answer() {
            match answer {
                Answer::Opened(opened) => {
                    self.toasts.worked();
                    self.opened(ctx, opened.model);
                }
                Answer::Whole(whole) => {
                    if let Some(model) = &mut self.model {
                        model.complete(*whole);
                    }
                }
                Answer::Distrust(why, remedy) => {
                    if let Some(model) = &mut self.model {
                        model.read_only = Some(why);
                        model.remedy = remedy;
                        if model.coming.take().is_some() {
                            model.generation += 1;
                        }
                    }
                }
                Answer::Changed(change) => {
                    let (revision, label) = (change.delta.revision, change.delta.label.clone());
                    self.apply(*change);
                    self.toasts.worked();
                    if revision > 0 && !label.starts_with("Move ") {
                        self.toasts.done(label);
                    } else if revision == 0 && !label.is_empty() && label.starts_with("Exported") {
                        self.toasts.say(label);
                    }
                }
                Answer::Imported(Ok(taken)) => {
                    self.toasts.worked();
                    if let Some(import) = &mut self.import {
                        import.taken(&taken);
                    }
                    self.apply(taken.change);
                }
                Answer::Imported(Err(why)) => match &mut self.import {
                    Some(import) => import.failed(why),
                    None => self.toasts.fail(why),
                },
                Answer::Query(answered) => {
                    if let (Some(answered), Some(model)) = (answered, &mut self.model) {
                        if let Some(why) = &answered.failure {
                            self.toasts.fail(why.clone());
                        }
                        answered.put(&mut model.answers);
                        self.show_all();
                    }
                }
                Answer::Learned => {
                    if let Some(model) = &mut self.model {
                        model.knows_words = true;
                    }
                }
                Answer::Exported(path, written) => {
                    let mut text = format!(
                        "{} and {} written to {}.",
                        counted(written.entities as usize, "entity", "entities"),
                        counted(written.relationships as usize, "relationship", "relationships"),
                        path.display()
                    );
                    for note in written.notes {
                        text = format!("{text} {note}");
                    }
                    self.toasts.worked();
                    self.toasts.wrote(text, path);
                }
                Answer::Done(Some(text)) => {
                    self.toasts.worked();
                    self.toasts.say(text);
                }
                Answer::Done(None) => {}
                Answer::Failed(why) => {
                    if !self.refused(&why) {
                        self.toasts.fail(why);
                    }
                }
                Answer::ReadFailed(why) => {
                    self.panels.evidence.leave_form(&mut self.view);
                    self.toasts.fail(why);
                }
                Answer::Stopped(what) => {
                    if !self.refused(&what) {
                        self.toasts.say(what);
                    }
                }
                Answer::Closed => {
                    self.model = None;
                    self.forget();
                    ctx.send_viewport_cmd(egui::ViewportCommand::Title("Redthread".into()));
                }
            }
        }
    }

    /// The case refused a change: nothing is selected that it does not have, and the box that asked
    /// comes back with what was typed and the reason. Says whether there was one.
    pub(super) fn refused(&mut self, why: &str) -> bool {
        self.view.select_new = None;
        self.canvas.refused(why)
            || self.panels.refused(&mut self.view, why)
            || self.over.refused(why)
    }

    /// Shows all that was found, where that was asked for and is there.
    fn show_all(&mut self) {
        let found = self.model.as_ref().and_then(|model| model.found(Asker::Whole));
        let Some(outcome) = found else { return };
        let wanted = self.over.show_all.take_if(|(text, _)| *text == outcome.text);
        let Some((text, place)) = wanted else { return };
        let (name, ids) = (format!("“{}”", text.trim()), Arc::new(outcome.all.clone()));
        self.requests.push(match place {
            Place::Table => Request::ShowInTable(name, ids),
            Place::Chart => Request::ShowOnChart(name, ids),
        });
    }

    fn apply(&mut self, change: Change) {
        let Some(model) = &mut self.model else { return };
        let gone = change.delta.gone.clone();
        let documents = model.evidence.len();
        model.apply(change);
        if let Some(newest) = model.evidence.last()
            && model.evidence.len() > documents
        {
            self.view.document = Some(newest.id.clone());
        }
        self.view.selection.retain(|id| !gone.contains(id));
        let is_there = |id: &mut Id| model.seen.get(id).is_some() || model.group(id).is_some();
        if let Some(new) = self.view.select_new.take_if(is_there) {
            self.view.selection = [new].into();
        }
        self.canvas.taken();
        self.panels.taken();
        self.over.taken();
        if self.view.chart.as_ref().is_none_or(|id| model.chart(id).is_none()) {
            self.view.chart = model.charts.first().map(|chart| chart.id.clone());
        }
    }

    /// Forgets everything that was about the case that was open: what is looked at, the state of
    /// every panel, and what is open over them.
    fn forget(&mut self) {
        self.view = View::default();
        self.canvas = Canvas::with(self.canvas.graphics());
        self.panels = Panels::default();
        self.over = Over::default();
        self.import = None;
        self.exported.1 = None;
        // Creating a case is not about the one that was open, nor is quitting.
        self.question.take_if(|question| question.matter != Matter::Quit);
        self.held.retain(|request| matches!(request, Request::Create(_)));
    }

    fn opened(&mut self, ctx: &Context, model: Model) {
        self.settings.recents.retain(|path| *path != model.path);
        // Without the prefix that Windows puts before canonical paths where it can do without.
        let path = dunce::canonicalize(&model.path).unwrap_or_else(|_| model.path.clone());
        self.settings.recents.retain(|recent| *recent != path);
        self.settings.recents.insert(0, path);
        self.settings.recents.truncate(RECENTS);
        self.forget();
        self.view.chart = model.charts.first().map(|chart| chart.id.clone());
        ctx.send_viewport_cmd(egui::ViewportCommand::Title(format!(
            "{} – Redthread",
            model.title()
        )));
        let files = std::mem::take(&mut self.import_next);
        self.import = (!files.is_empty()).then(|| Import::new(ctx, &model, files));
        self.model = Some(model);
    }
}
