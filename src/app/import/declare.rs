//! A document in the case as another edition of one there: the choice, what it changes, and keeping it.

use egui::{Context, RichText, Ui};

use super::{edition, going};
use crate::{
    analysis::Difference,
    app::{
        aside::COMPARING,
        dialog::{Dialog, with_foot},
        model::{Model, Request},
        theme::{S4, T11, T16, Theme, icons, semibold},
        widgets::{self, primary_button},
        worker::Worker,
    },
    case::Action,
    chart::icon::ui as icon,
    exchange::import::EditionOf,
    model::{Evidence, Id, edition::series},
};

/// Maximum width of the dialog, in points.
const WIDTH: f32 = 720.0;
/// Its maximum height.
const HEIGHT: f32 = 600.0;

/// The dialog in which a document becomes another edition of one in the case.
#[derive(Debug)]
pub struct Declare {
    document: Id,
    of: Option<Id>,
    is_older: bool,
    step: Step,
}

#[derive(Debug)]
enum Step {
    Choosing,
    Comparing,
    /// What it changes, and the action that keeps it.
    Compared(Box<(Difference, Action)>),
    Refused(String),
}

/// The documents of which another one may be an edition: those from which something was read and
/// that are no edition of it yet.
fn candidates<'m>(model: &'m Model, document: &Id) -> Vec<&'m Evidence> {
    let own = series(&model.held().editions, document);
    let others = model.newest_documents().rev();
    others.filter(|one| edition::is_read(one) && !own.contains(&one.id)).collect()
}

impl Declare {
    /// The dialog for a document; `None` where the case has none of which it may be an edition.
    pub fn of(model: &Model, document: &Id) -> Option<Self> {
        let is_read = model.evidence.iter().any(|one| one.id == *document && edition::is_read(one));
        let all = candidates(model, document);
        let first = all.first().filter(|_| is_read)?;
        let own = model.evidence.iter().position(|one| one.id == *document);
        let other = model.evidence.iter().position(|one| one.id == first.id);
        // What was imported first is the older one, as a rule.
        let is_older = own < other;
        let of = Some(first.id.clone());
        Some(Self { document: document.clone(), of, is_older, step: Step::Choosing })
    }

    /// Takes what it would change.
    pub fn compared(&mut self, compared: Result<Box<(Difference, Action)>, String>) {
        if let Step::Comparing = self.step {
            self.step = match compared {
                Ok(compared) => Step::Compared(compared),
                Err(why) => Step::Refused(why),
            };
        }
    }

    /// Draws the dialog; false once it is closed.
    pub fn ui(
        &mut self,
        ctx: &Context,
        (model, worker): (&Model, &Worker),
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) -> bool {
        let shown = Dialog::new("edition", WIDTH).height(HEIGHT).show(ctx, |ui| {
            ui.horizontal(|ui| {
                ui.label(RichText::new(icon::HISTORY).font(icons(20.0)).color(theme.weak));
                let text = format!("Edition: {}", model.name(&self.document));
                ui.add(egui::Label::new(RichText::new(text).font(semibold(T16))).truncate());
            });
            ui.add_space(S4);
            match &self.step {
                Step::Choosing => self.choosing(ui, model, theme, requests),
                Step::Comparing => self.comparing(ui, worker, theme),
                Step::Compared(_) => self.shown(ui, model, theme, requests),
                Step::Refused(why) => {
                    let why = RichText::new(why).color(theme.alarm);
                    let body = |ui: &mut Ui| ui.add(egui::Label::new(why).wrap());
                    !with_foot(ui, body, |ui| primary_button(ui, theme, "Close").clicked()).1
                }
            }
        });
        shown.inner
    }

    fn choosing(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) -> bool {
        let documents: Vec<(&Id, &str)> = candidates(model, &self.document)
            .into_iter()
            .map(|one| (&one.id, one.caption.as_str()))
            .collect();
        let (mut go, mut open) = (false, true);
        with_foot(
            ui,
            |ui| {
                let words = "Only the newest edition is shown. Others keep their citations.";
                ui.label(RichText::new(words).size(T11).color(theme.weak));
                ui.horizontal(|ui| {
                    edition::of_ui(ui, &mut self.is_older, &mut self.of, &documents);
                });
            },
            |ui| {
                let button = primary_button(ui, theme, "Compare the editions");
                widgets::take_keys(&button);
                go = button.clicked();
                open = !ui.button("Cancel").clicked();
            },
        );
        if let Some(of) = self.of.clone().filter(|_| go) {
            let edition = EditionOf { of: vec![of], date: None, is_older: self.is_older };
            requests.push(Request::CompareHeld(self.document.clone(), edition));
            self.step = Step::Comparing;
        }
        open
    }

    fn comparing(&mut self, ui: &mut Ui, worker: &Worker, theme: &Theme) -> bool {
        let running = worker.running().filter(|running| running.what == COMPARING);
        let fraction = running.as_ref().and_then(|running| running.progress.fraction());
        if going(ui, theme, "Comparing the editions …", fraction) {
            if let Some(running) = running {
                running.progress.cancel();
            }
            self.step = Step::Choosing;
        }
        true
    }

    fn shown(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) -> bool {
        let Step::Compared(compared) = &self.step else { return true };
        let (mut keep, mut back, mut cancel) = (false, false, false);
        with_foot(
            ui,
            |ui| edition::ui(ui, model, theme, &compared.0),
            |ui| {
                let button = primary_button(ui, theme, "Keep this edition");
                widgets::take_keys(&button);
                keep = button.clicked();
                back = ui.button("Back").clicked();
                cancel = ui.button("Cancel").clicked();
            },
        );
        if keep {
            requests.push(Request::Commit(compared.1.clone()));
        } else if back {
            self.step = Step::Choosing;
        }
        !keep && !cancel
    }
}
