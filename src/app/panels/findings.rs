//! Questions to the case, and their findings with what they rest on.

use std::collections::BTreeSet;

use egui::{Align, Layout, RichText, ScrollArea, Ui};

use super::as_if;
use crate::app::{
    menu,
    model::{Model, Request, Snapshot, View},
    query::Query,
    theme::{S4, S8, T11, Theme, semibold},
    widgets::{self, empty_state, icon_button, named, section},
};
use crate::{
    analysis::{Arguments, Entry, Finding, Now, QUESTIONS, ask, ask_again, lens_of, question},
    case::{Action, Error, Op, Progress, Result},
    chart::icon::ui as icon,
    model::{Id, PartialDate, Pinned, StatementKey},
    network::Lens,
};

/// The width of the column of verdicts, in points.
const VERDICT: f32 = 132.0;

/// The panel.
#[derive(Debug)]
pub struct Findings {
    question: &'static Entry,
    about: Vec<Id>,
    /// What is typed for the day on which the facts must hold.
    on: String,
    /// The finding that was chosen, and of which answer it is.
    chosen: Option<(u64, usize)>,
}

/// A question, and what it is asked about.
#[derive(Debug, Clone, PartialEq)]
struct Asked {
    question: &'static str,
    arguments: Arguments,
}

impl Query for Asked {
    type Slot = ();
    type Answer = Vec<Finding>;
    type Of = Snapshot;

    fn slot(&self) {}

    fn read(&self, snapshot: &Snapshot, progress: &Progress) -> Result<Vec<Finding>> {
        let missing = || Error::not_found(format!("There is no question “{}”", self.question));
        let entry = question(self.question).ok_or_else(missing)?;
        let (network, (lens, seen)) = snapshot.network();
        let going = || !progress.is_cancelled();
        ask(network, (lens, &seen), entry, self.arguments.clone(), &going).ok_or(Error::Cancelled)
    }
}

/// What has become of pinned findings, in their order.
#[derive(Debug, Clone, PartialEq)]
struct Again(Vec<Pinned>);

impl Query for Again {
    type Slot = ();
    type Answer = Vec<Now>;
    type Of = Snapshot;

    fn slot(&self) {}

    fn read(&self, snapshot: &Snapshot, progress: &Progress) -> Result<Vec<Now>> {
        let (network, seen) = snapshot.network();
        ask_again(network, seen, &self.0, &|| !progress.is_cancelled()).ok_or(Error::Cancelled)
    }
}

impl Default for Findings {
    fn default() -> Self {
        Self {
            question: QUESTIONS.last().unwrap_or(&QUESTIONS[0]),
            about: Vec::new(),
            on: String::new(),
            chosen: None,
        }
    }
}

impl Findings {
    /// Asks a question, by its name, about some entities.
    pub fn ask(&mut self, name: &str, about: Vec<Id>) {
        self.question = question(name).unwrap_or(self.question);
        self.about = about;
    }

    /// Asks a question, by its name, about the entities that are selected, if it is about so many.
    pub(crate) fn ask_selected(&mut self, name: &str, model: &Model, view: &View) {
        self.ask(name, Vec::new());
        self.about = self.selected(model, view);
    }

    /// The entities that are selected, if they are as many as the question is about.
    fn selected(&self, model: &Model, view: &View) -> Vec<Id> {
        let mut selected = menu::entities_of(model, view);
        selected.truncate(if selected.len() == self.question.entities { usize::MAX } else { 0 });
        selected
    }

    /// Draws it.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) {
        ui.add_space(S4);
        pinned(ui, model, view, theme, requests);
        let on = self.form(ui, model, view, theme);
        ui.add_space(S4);
        let on = match on {
            Ok(on) => on,
            Err(text) => {
                let hint = "Write a year, a month or a day: 2024, 2024-07 or 2024-07-03.";
                empty_state(ui, theme, icon::EVENT, &format!("“{text}” is not a date"), hint);
                return;
            }
        };
        if model.coming.is_some() {
            let hint = "Questions are answered once all of it is there.";
            empty_state(ui, theme, icon::HELP, "The case is still being read", hint);
            return;
        }
        if self.about.is_empty() {
            self.about = self.selected(model, view);
        }
        if self.question.about(self.about.len()).is_none() {
            let hint =
                format!("{} Select {} entities.", self.question.label, self.question.entities);
            empty_state(ui, theme, icon::HELP, "Select what to ask about", &hint);
            return;
        }
        let entities = self.about.clone();
        let arguments = Arguments { entities, on, hops: None };
        let asked = Asked { question: self.question.name, arguments: arguments.clone() };
        model.ask(&asked, requests);
        // What was answered to another question is no answer to this one.
        let held = model.answers.latest::<Asked>(&()).filter(|held| held.query == asked);
        let held = held.and_then(|held| Some((held.number, held.answer.as_ref().ok()?)));
        let (number, findings) = held.map_or((0, &[][..]), |(n, findings)| (n, &findings[..]));
        if findings.is_empty() {
            let (title, hint) = if model.is_open(&asked) {
                ("Working it out", "This takes a moment in a large case.".to_owned())
            } else {
                let whom = self.about.first().map_or("anybody".to_owned(), |id| model.name(id));
                (
                    "Nothing was found",
                    format!("No stake of a listed party touches {whom} on these facts."),
                )
            };
            empty_state(ui, theme, icon::HELP, title, &hint);
            return;
        }
        let mut chosen = None;
        let area = ScrollArea::vertical().auto_shrink([false, false]);
        widgets::scrolled(area, ui, |ui| {
            for (at, finding) in findings.iter().enumerate() {
                if row(ui, theme, finding, self.chosen == Some((number, at)), |ui| {
                    pin_button(ui, model, theme, requests, finding, &arguments);
                }) {
                    chosen = Some(at);
                }
            }
        });
        if let Some(at) = chosen {
            self.chosen = Some((number, at));
            light(model, view, &findings[at]);
        }
    }

    /// The question, and the day; that, or the text that is no day.
    fn form(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &View,
        theme: &Theme,
    ) -> std::result::Result<Option<PartialDate>, String> {
        ui.horizontal_wrapped(|ui| {
            for entry in QUESTIONS.iter().rev() {
                let on = entry.name == self.question.name;
                let button = ui.add(egui::Button::new(entry.label).selected(on));
                named(&button, entry.label, Some(on), true);
                if button.clicked() {
                    self.ask_selected(entry.name, model, view);
                }
            }
            let label = ui.label(RichText::new("On the day").size(T11).color(theme.weak));
            let field =
                egui::TextEdit::singleline(&mut self.on).hint_text("any").desired_width(90.0);
            ui.add(field).labelled_by(label.id);
        });
        if !self.about.is_empty() {
            self.about_ui(ui, model, view, theme);
        }
        let text = self.on.trim();
        if text.is_empty() {
            return Ok(None);
        }
        PartialDate::from_input(text).map(Some).map_err(|_| text.to_owned())
    }
}

impl Findings {
    /// The line that names the entities that are asked about.
    fn about_ui(&mut self, ui: &mut Ui, model: &Model, view: &View, theme: &Theme) {
        ui.horizontal_wrapped(|ui| {
            let label = |ui: &mut Ui, text: &str| {
                ui.label(RichText::new(text).size(T11).color(theme.weak));
            };
            label(ui, "About");
            for (at, id) in self.about.iter().enumerate() {
                if at > 0 {
                    label(ui, "and");
                }
                ui.add(egui::Label::new(model.name(id)).truncate());
            }
            if self.question.entities == 0 && ui.button("Ask about the whole case").clicked() {
                self.about.clear();
                return;
            }
            let selected = self.selected(model, view);
            if !selected.is_empty()
                && selected != self.about
                && ui.button("Ask about the selected").clicked()
            {
                self.about = selected;
            }
        });
    }
}

/// The pinned findings: those that have changed first, and loudly.
fn pinned(ui: &mut Ui, model: &Model, view: &mut View, theme: &Theme, requests: &mut Vec<Request>) {
    if model.pinned.is_empty() || model.coming.is_some() {
        return;
    }
    model.ask(&Again(model.pinned.clone()), requests);
    // One that was pinned just now is as it was until it has been asked again.
    let held = model.answers.latest::<Again>(&());
    let held = held.and_then(|held| Some((&held.query.0, held.answer.as_ref().ok()?)));
    let again: Vec<(&Pinned, &Now)> =
        held.map(|(pinned, now)| pinned.iter().zip(now.iter()).collect()).unwrap_or_default();
    let now = |one: &Pinned| {
        again.iter().find(|(pinned, _)| *pinned == one).map_or(&Now::Same, |(_, now)| *now)
    };
    let mut rows: Vec<(&Pinned, &Now)> = model.pinned.iter().map(|one| (one, now(one))).collect();
    let flipped = rows.iter().filter(|(_, now)| **now != Now::Same).count();
    let title = match flipped {
        0 => format!("PINNED ({})", model.pinned.len()),
        count => format!("PINNED ({}, {count} changed)", model.pinned.len()),
    };
    section(ui, theme, &title);
    rows.sort_by_key(|(_, now)| **now == Now::Same);
    let height = (ui.available_height() * 0.4).max(44.0);
    let area = ScrollArea::vertical().id_salt("pinned").max_height(height);
    area.auto_shrink([false, true]).show(ui, |ui| {
        for (pinned, now) in rows {
            pinned_row(ui, model, view, theme, requests, pinned, now);
        }
    });
    ui.separator();
}

/// The documents and sources that a lens is without, to be pinned; `None` where it looks away from
/// more than that.
fn without(lens: &Lens) -> Option<(Vec<Id>, Vec<String>)> {
    let without = (lens.evidence.iter().cloned().collect(), lens.sources.iter().cloned().collect());
    let (evidence, sources) = (lens.evidence.clone(), lens.sources.clone());
    (Lens { evidence, sources, ..Lens::default() } == *lens).then_some(without)
}

/// The button that pins a finding, or says why it cannot be pinned.
fn pin_button(
    ui: &mut Ui,
    model: &Model,
    theme: &Theme,
    requests: &mut Vec<Request>,
    finding: &Finding,
    asked: &Arguments,
) {
    let is_pinned = model.pinned.iter().any(|one| {
        one.question == finding.question
            && one.about == finding.about
            && one.verdict == finding.verdict
            && one.words == finding.words
            && Arguments::of(one) == *asked
            && lens_of(one) == *model.lens()
    });
    let without = without(model.lens());
    let why = if model.read_only.is_some() {
        Some("This case is open for reading only.")
    } else if !model.lens().horizon.is_now() {
        Some("Show what every author entered first: an answer without an author cannot be pinned.")
    } else if without.is_none() {
        Some("Look away from whole documents or sources: a single citation cannot be pinned.")
    } else if is_pinned {
        Some("This finding is pinned.")
    } else {
        None
    };
    let name = "Pin this finding: it is asked again after each change";
    let button = ui.add_enabled_ui(why.is_none(), |ui| icon_button(ui, theme, icon::KEEP, name));
    if button.inner.on_disabled_hover_text(why.unwrap_or_default()).clicked()
        && let Some((without_evidence, without_sources)) = without
    {
        let op = Op::PutPinned(Pinned {
            id: Id::new(),
            question: finding.question.to_owned(),
            entities: asked.entities.clone(),
            on: asked.on.as_ref().map(ToString::to_string),
            hops: asked.hops,
            without_evidence,
            without_sources,
            about: finding.about.clone(),
            verdict: finding.verdict.to_owned(),
            words: finding.words.clone(),
        });
        requests.push(Request::Commit(Action::new(vec![op])));
    }
}

/// A pinned finding, and what became of it.
fn pinned_row(
    ui: &mut Ui,
    model: &Model,
    view: &mut View,
    theme: &Theme,
    requests: &mut Vec<Request>,
    pinned: &Pinned,
    now: &Now,
) {
    ui.horizontal_top(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            let can = model.read_only.is_none();
            let name = "Take this finding off the list";
            let button = ui.add_enabled_ui(can, |ui| icon_button(ui, theme, icon::CLOSE, name));
            let why = "This case is open for reading only.";
            if button.inner.on_disabled_hover_text(why).clicked() {
                let op = Op::DeletePinned(pinned.id.clone());
                requests.push(Request::Commit(Action::new(vec![op])));
            }
            ui.with_layout(Layout::top_down(Align::Min), |ui| {
                let (ink, text) = match now {
                    Now::Same => (theme.weak, pinned.words.clone()),
                    Now::Other(finding) => (
                        theme.alarm,
                        format!(
                            "Was “{}”, now “{}”. {}",
                            pinned.verdict, finding.verdict, finding.words
                        ),
                    ),
                    Now::Gone => (
                        theme.alarm,
                        format!("Was “{}”, now nothing is found. {}", pinned.verdict, pinned.words),
                    ),
                    Now::Unknown => (
                        theme.alarm,
                        format!("This program does not know the question “{}”.", pinned.question),
                    ),
                };
                let label = egui::Label::new(RichText::new(text).size(T11).color(ink));
                if ui.add(label.wrap().sense(egui::Sense::click())).clicked() {
                    view.selection = pinned.about.iter().cloned().collect();
                    view.reveal = pinned.about.first().cloned();
                }
                asked_without(ui, model, theme, requests, pinned);
            });
        });
    });
}

/// What a pinned finding was asked without, and the button that looks at the case so.
fn asked_without(
    ui: &mut Ui,
    model: &Model,
    theme: &Theme,
    requests: &mut Vec<Request>,
    pinned: &Pinned,
) {
    let lens = lens_of(pinned);
    if lens.is_plain() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        let text = format!("{}  Asked without {}", icon::HIDE_SOURCE, as_if::pulled(model, &lens));
        ui.add(egui::Label::new(RichText::new(text).size(T11).color(theme.weak)).wrap());
        if lens == *model.lens() {
            ui.label(RichText::new("This is how you look at the case.").size(T11));
        } else {
            let link = ui.link(RichText::new("Look at the case so").size(T11));
            if link.on_hover_text("Nothing is written").clicked() {
                requests.push(Request::LookThrough(lens));
            }
        }
    });
}

/// One finding with a button at its end; whether it was clicked.
fn row(
    ui: &mut Ui,
    theme: &Theme,
    finding: &Finding,
    chosen: bool,
    button: impl FnOnce(&mut Ui),
) -> bool {
    let fill = if chosen { theme.selected } else { egui::Color32::TRANSPARENT };
    let frame = egui::Frame::new().fill(fill).corner_radius(6).inner_margin(S4 as i8);
    let shown = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_top(|ui| {
            let column = Layout::top_down(Align::Min);
            ui.allocate_ui_with_layout(egui::vec2(VERDICT, 18.0), column, |ui| {
                ui.set_min_width(VERDICT);
                ui.label(RichText::new(finding.verdict).font(semibold(12.0)));
                if let Some(weakest) = finding.strength {
                    let text = format!("weakest: {}", weakest.words());
                    ui.label(RichText::new(text).size(T11).color(theme.weak)).on_hover_text(
                        "The weakest relationship, share or listing that this rests on",
                    );
                }
            });
            ui.add_space(S8);
            ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                button(ui);
                ui.with_layout(Layout::left_to_right(Align::Min), |ui| {
                    let words = egui::Label::new(&finding.words).wrap().selectable(false);
                    ui.add(words.sense(egui::Sense::click()))
                })
                .inner
            })
            .inner
        })
        .inner
    });
    let response = shown.inner;
    named(&response, &finding.words, Some(chosen), true);
    response.on_hover_text("Select what this rests on").clicked()
}

/// Selects what a finding is about and what it rests on.
fn light(model: &Model, view: &mut View, finding: &Finding) {
    let statements: BTreeSet<StatementKey> = finding.rests_on.iter().copied().collect();
    let grounds = model.seen.stated_by(&statements).map(|entity| entity.id().clone());
    view.selection = finding.about.iter().cloned().chain(grounds).collect();
    view.reveal = finding.about.first().cloned();
}
