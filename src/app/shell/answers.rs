//! What becomes of the worker's answers.

use std::sync::Arc;

use egui::Context;

use super::{App, RECENTS, over::Over};
use crate::{
    app::{
        canvas::Canvas,
        import::Import,
        model::{Answer, Change, Model, Notice, Place, Request, View},
        panels::Panels,
        query::Asker,
        question::Matter,
    },
    model::Id,
    network::measured::counted,
};

impl App {
    pub(super) fn answers(&mut self, ctx: &Context) {
        if self.model.as_mut().is_some_and(Model::look_up) {
            self.seen_anew();
        }
        for why in self.model.as_mut().map(Model::take_answers).unwrap_or_default() {
            self.toasts.fail(why);
        }
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
                        model.distrust(why, remedy);
                        if model.coming.take().is_some() {
                            model.generation += 1;
                        }
                    }
                }
                Answer::Changed(change, notice) => {
                    let label = change.delta.label.clone();
                    let is_done = change.delta.revision.is_some();
                    self.apply(*change);
                    self.toasts.worked();
                    match notice {
                        Notice::Done if is_done => self.toasts.done(label),
                        Notice::Said => self.toasts.say(label),
                        Notice::Done | Notice::Plain => {}
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
                Answer::Compared(compared) => {
                    if let Some(import) = &mut self.import {
                        import.compared(compared.map(|it| *it));
                    }
                }
                Answer::ComparedHeld(compared) => {
                    if let Some(declare) = &mut self.over.edition {
                        declare.compared(compared);
                    }
                }
                Answer::Found(number, found) => {
                    if let Some(import) = &mut self.import {
                        import.found(number, found.map(|it| *it));
                    }
                }
                Answer::Read(look) => {
                    if self.model.as_mut().is_some_and(|model| model.take_look(*look)) {
                        self.seen_anew();
                    }
                }
                Answer::NotRead(number, why) => {
                    let is_wanted = self.model.as_mut().is_some_and(|it| it.not_read(number));
                    match why {
                        Some(why) => self.toasts.fail(why),
                        None if !is_wanted => {}
                        None => self.toasts.say("Stopped; the case is seen as before."),
                    }
                }
                Answer::Query(answered) => {
                    if let (Some(answered), Some(model)) = (answered, &mut self.model) {
                        if let Some(why) = &answered.failure {
                            self.toasts.fail(why.clone());
                        }
                        let seen = model.is_sifted().then(|| Arc::clone(&model.seen));
                        answered.put(&mut model.answers, seen.as_deref());
                        self.show_all();
                    }
                }
                Answer::BuiltOn(revision, later) => self.ask_undo_with_later(revision, &later),
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
        self.seen_anew();
        let Some(model) = &self.model else { return };
        self.canvas.taken();
        self.panels.taken();
        self.over.taken();
        if self.view.chart.as_ref().is_none_or(|id| model.chart(id).is_none()) {
            self.view.chart = model.charts.first().map(|chart| chart.id.clone());
        }
    }

    /// Selects what was added, once it is seen.
    fn seen_anew(&mut self) {
        let Some(model) = &self.model else { return };
        let is_there = |id: &mut Id| model.seen.get(id).is_some() || model.group(id).is_some();
        if let Some(new) = self.view.select_new.take_if(is_there) {
            self.view.selection = [new].into();
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
        self.toasts.forget_done();
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

#[cfg(test)]
mod tests {
    use egui_kittest::{Harness, kittest::Queryable as _};

    use super::*;
    use crate::{
        app::{
            command,
            help::Help,
            palette::Palette,
            panels::{Drawer, Panels},
        },
        case::{Case, Progress},
        demo::Demo,
        network::Lens,
    };

    type Window = Harness<'static, App>;

    fn settle(window: &mut Window) {
        for _ in 0..2_000 {
            window.run_steps(3);
            if window.state().is_idle() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        panic!("{:?} is under way", window.state().under_way());
    }

    /// The state of each panel by its name. A new panel does not compile until it is named here.
    fn parts(panels: &Panels) -> [(&'static str, String); 12] {
        let Panels {
            tabs,
            inspector,
            entities,
            explore,
            evidence,
            findings,
            as_if,
            timeline,
            history,
            scenes,
            presentation,
            ways,
        } = panels;
        [
            ("tabs", format!("{tabs:?}")),
            ("inspector", format!("{inspector:?}")),
            ("entities", format!("{entities:?}")),
            ("explore", format!("{explore:?}")),
            ("evidence", format!("{evidence:?}")),
            ("findings", format!("{findings:?}")),
            ("as if", format!("{as_if:?}")),
            ("timeline", format!("{timeline:?}")),
            ("history", format!("{history:?}")),
            ("scenes", format!("{scenes:?}")),
            ("presentation", format!("{presentation:?}")),
            ("ways", format!("{ways:?}")),
        ]
    }

    #[test]
    fn another_case_finds_every_panel_as_it_is_at_first() {
        let folder = tempfile::tempdir().expect("a folder");
        let [first, second] = [Demo::Dandong, Demo::Lantern].map(|demo| {
            let path = folder.path().join(format!("{}.redthread", demo.title()));
            demo.build(&path, &Progress::new()).expect("builds").close().expect("closes");
            path
        });
        let mut window: Window = Harness::builder()
            .with_size([1280.0, 800.0])
            .build_eframe(|creation| App::new(creation, Some(first)));
        settle(&mut window);

        // Every panel is used.
        let app = window.state_mut();
        let model = app.model.as_ref().expect("open");
        let document = model.evidence.first().expect("a document").id.clone();
        app.view.selection = model.seen.nodes().take(2).map(|e| e.id().clone()).collect();
        app.view.document = Some(document.clone());
        app.settings.explore = true;
        app.panels.ways.find(model, &app.view);
        app.panels.findings.ask("paths", app.view.selection.iter().cloned().collect());
        app.requests.push(Request::LookThrough(Lens::without_evidence(document)));
        let drawers = Drawer::ALL.map(|(drawer, _)| drawer);
        for drawer in drawers {
            window.state_mut().settings.drawer = Some(drawer);
            settle(&mut window);
            let filter = match drawer {
                Drawer::History => "Filter the history",
                Drawer::Table => "Filter the table",
                _ => continue,
            };
            window.get_by_label(filter).focus();
            window.run();
            window.get_by_label(filter).type_text("add");
            settle(&mut window);
        }
        window.state_mut().ask(Request::Run(command::CHART_RENAME));
        window.state_mut().view.presenting = Some(0);
        settle(&mut window);
        let app = window.state_mut();
        app.view.presenting = None;
        if let Some(model) = &app.model {
            app.panels.as_if.ask_day(model);
        }
        app.over.palette = Some(Palette::default());
        app.over.help = app.model.as_ref().map(Help::settings);
        app.over.show_all = Some(("pier".into(), Place::Table));
        app.over.undo_wanted = "7".parse().ok();
        for ((name, used), (_, fresh)) in parts(&app.panels).iter().zip(parts(&Panels::default())) {
            assert_ne!(*used, fresh, "{name} was not used, so that this shows nothing");
        }

        let case = Case::open(&second).expect("opens");
        let model = Model::read(&case).expect("readable");
        let ctx = window.ctx.clone();
        let app = window.state_mut();
        app.opened(&ctx, model);
        for ((name, left), (_, fresh)) in parts(&app.panels).iter().zip(parts(&Panels::default())) {
            assert_eq!(*left, fresh, "{name}");
        }
        assert_eq!(format!("{:?}", app.over), format!("{:?}", Over::default()));
        let chart = app.model.as_ref().and_then(|model| model.charts.first());
        let view = View { chart: chart.map(|chart| chart.id.clone()), ..View::default() };
        assert_eq!(format!("{:?}", app.view), format!("{view:?}"));
    }
}
