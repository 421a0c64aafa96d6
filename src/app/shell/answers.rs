//! What becomes of the worker's answers.

use egui::Context;

use super::{App, RECENTS};
use crate::app::{
    canvas::Canvas,
    import::Import,
    model::{Answer, Asker, Change, Model, Outcome, Place, Request, View},
    panels::Panels,
};
use crate::{model::Id, network::measured::counted};

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
                Answer::Details(id, details) => {
                    if let Some(model) = &mut self.model {
                        model.details.insert(id, details.into());
                    }
                }
                Answer::Preview(id, bytes) => {
                    if let Some(model) = &mut self.model {
                        // One at a time: they are large.
                        model.previews.clear();
                        model.previews.insert(id, bytes.map(Into::into));
                    }
                }
                Answer::Touched(revision, ids) => {
                    if let Some(model) = &mut self.model {
                        model.touched.insert(revision, ids.into());
                    }
                }
                Answer::Cited(cited) => {
                    if let Some(model) = &mut self.model {
                        model.cited = Some(cited.into());
                    }
                }
                Answer::Found(asker, found) => {
                    if let Some(outcome) = found {
                        self.found(asker, *outcome);
                    }
                }
                Answer::Learned => {
                    if let Some(model) = &mut self.model {
                        model.knows_words = true;
                    }
                }
                Answer::Withdrawn(all) => {
                    if let Some(model) = &mut self.model {
                        model.withdrawn = Some(all.into());
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
                    self.view = View::default();
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
            || self.palette.as_mut().is_some_and(|palette| palette.refused(why))
            || self.remark_sent.refused(&mut self.remark, why)
            || self.help_sent.refused(&mut self.help, why)
    }

    /// Takes what was found, and shows it where all of it was asked for.
    fn found(&mut self, asker: Asker, outcome: Outcome) {
        let Some(model) = &mut self.model else { return };
        if asker != Asker::Whole {
            model.found.insert(asker, outcome.into());
            return;
        }
        let Some((text, place)) = self.show_all.take_if(|(text, _)| *text == outcome.text) else {
            return;
        };
        let name = format!("“{}”", text.trim());
        self.requests.push(match place {
            Place::Table => Request::ShowInTable(name, outcome.all.into()),
            Place::Chart => Request::ShowOnChart(name, outcome.all.into()),
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
        if let Some(palette) = &mut self.palette {
            palette.taken();
        }
        self.remark_sent.taken();
        self.help_sent.taken();
        if self.view.chart.as_ref().is_none_or(|id| model.chart(id).is_none()) {
            self.view.chart = model.charts.first().map(|chart| chart.id.clone());
        }
    }

    fn opened(&mut self, ctx: &Context, model: Model) {
        self.settings.recents.retain(|path| *path != model.path);
        // Without the prefix that Windows puts before canonical paths where it can do without.
        let path = dunce::canonicalize(&model.path).unwrap_or_else(|_| model.path.clone());
        self.settings.recents.retain(|recent| *recent != path);
        self.settings.recents.insert(0, path);
        self.settings.recents.truncate(RECENTS);
        self.view =
            View { chart: model.charts.first().map(|chart| chart.id.clone()), ..View::default() };
        self.canvas = Canvas::with(self.canvas.graphics());
        self.panels = Panels::default();
        self.remark = None;
        self.export = None;
        ctx.send_viewport_cmd(egui::ViewportCommand::Title(format!(
            "{} – Redthread",
            model.title()
        )));
        let files = std::mem::take(&mut self.import_next);
        self.import = (!files.is_empty()).then(|| Import::new(ctx, &model, files));
        self.model = Some(model);
    }
}
