//! The walkthrough as it is presented: the chart, and beside it the words of a scene with the
//! sources that it rests on. Everything can be read from the last row of a room.

use std::collections::BTreeSet;

use egui::{
    FontId, Frame, Key, Label, Margin, Modifiers, Panel, RichText, ScrollArea, TextStyle, Ui, Vec2,
};

use super::scenes::{self, follow};
use crate::app::{
    markdown::Markdown,
    model::{Model, Request, View},
    query::DetailsOf,
    theme::{S4, S8, Theme, semibold},
    widgets::{self, icon_button},
};
use crate::{
    chart::icon::ui as icon,
    model::{Citation, Evidence, Id, Scene},
};

/// The size of captions, in points.
const CAPTION: f32 = 20.0;
/// The size of titles, in points.
const TITLE: f32 = 28.0;
/// The size of sources and notes, in points.
const NOTE: f32 = 16.0;
/// The part of the window's width that the words take beside the chart.
const BESIDE: f32 = 0.34;
/// The part of its height that they take below the chart.
const LOW: f32 = 0.4;
/// The width of the words, in points.
const WIDTH: std::ops::RangeInclusive<f32> = 330.0..=620.0;
/// Maximum number of quotes of one source.
const QUOTES: usize = 6;
/// The keys that open the first sources.
const KEYS: [Key; 9] = [
    Key::Num1,
    Key::Num2,
    Key::Num3,
    Key::Num4,
    Key::Num5,
    Key::Num6,
    Key::Num7,
    Key::Num8,
    Key::Num9,
];

/// The state of a presentation.
#[derive(Debug, Default)]
pub struct Presentation {
    /// The scene that the view has been set to.
    entered: Option<usize>,
    markdown: Markdown,
    /// The source whose quotes are shown.
    open: Option<Id>,
}

impl Presentation {
    /// Draws the words of the scene beside the chart, and steps through the walkthrough.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) {
        let Some(mut at) = view.presenting.filter(|at| *at < model.scenes.len()) else {
            view.presenting = None;
            self.entered = None;
            return;
        };
        let last = model.scenes.len() - 1;
        let mut stop = false;
        let mut number = None;
        ui.input_mut(|i| {
            let mut key = |key| i.consume_key(Modifiers::NONE, key);
            if key(Key::ArrowRight) || key(Key::ArrowDown) || key(Key::PageDown) || key(Key::Space)
            {
                at = (at + 1).min(last);
            }
            if key(Key::ArrowLeft) || key(Key::ArrowUp) || key(Key::PageUp) {
                at = at.saturating_sub(1);
            }
            if key(Key::Home) {
                at = 0;
            }
            if key(Key::End) {
                at = last;
            }
            number = KEYS.iter().position(|one| key(*one));
            stop = key(Key::Escape);
        });
        view.presenting = Some(at);
        let scene = &model.scenes[at];
        if self.entered != Some(at) {
            self.entered = Some(at);
            self.open = None;
            enter(model, view, scene);
        }
        let cited = cited(model, requests, scene);
        if let Some(source) = number.and_then(|n| cited.get(n)) {
            self.toggle(&source.document.id);
        }
        // Beside the chart, not over it: what a scene points at must not lie under its words.
        let frame = Frame::new().fill(theme.panel).inner_margin(Margin::same(20));
        let room = ui.available_size();
        let step = if is_wide(model, scene, room) {
            let height = (room.y * LOW).max(200.0);
            let panel = Panel::bottom("scene-strip").resizable(false).exact_size(height);
            panel
                .frame(frame)
                .show(ui, |ui| {
                    let step = steps(ui, theme, at, last);
                    let words = ui.available_width() * 0.58;
                    let height = ui.available_height();
                    ui.horizontal_top(|ui| {
                        for (id, width) in [("scene-words", words), ("scene-sources", f32::MAX)] {
                            let width = width.min(ui.available_width());
                            ui.allocate_ui(Vec2::new(width, height), |ui| {
                                ui.vertical(|ui| {
                                    ui.set_width(width);
                                    let area = ScrollArea::vertical().id_salt(id);
                                    area.auto_shrink([false, false]).show(ui, |ui| {
                                        if id == "scene-words" {
                                            self.words(ui, model, view, theme, requests, scene);
                                        } else {
                                            self.sources(ui, model, view, theme, requests, &cited);
                                        }
                                    });
                                });
                            });
                            ui.add_space(S8);
                        }
                    });
                    step
                })
                .inner
        } else {
            let width = (room.x * BESIDE).clamp(*WIDTH.start(), *WIDTH.end());
            let panel = Panel::right("scene-card").resizable(false).exact_size(width);
            panel
                .frame(frame)
                .show(ui, |ui| {
                    let step = steps(ui, theme, at, last);
                    ui.add_space(S8);
                    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
                        self.words(ui, model, view, theme, requests, scene);
                        self.sources(ui, model, view, theme, requests, &cited);
                    });
                    step
                })
                .inner
        };
        match step {
            Step::To(at) if view.presenting.is_some() => view.presenting = Some(at),
            Step::To(_) => {}
            Step::Stop => stop = true,
        }
        if stop {
            view.presenting = None;
            self.entered = None;
        }
    }

    fn words(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
        scene: &Scene,
    ) {
        if !model.lens().is_plain() {
            // The banner is not there.
            let words = model.lens().words(&model.seen);
            warn(ui, theme, &format!("{words} The text may name what this lens hides."));
        }
        if model.stale_scenes.contains(&scene.id) {
            warn(ui, theme, "The case has changed since this was written.");
        }
        ui.add(Label::new(RichText::new(&scene.title).font(semibold(TITLE))).wrap());
        ui.add_space(S4);
        if let Some(target) = large(ui, |ui| self.markdown.ui(ui, &scene.caption)) {
            follow(ui.ctx(), model, view, requests, &target);
        }
    }

    fn toggle(&mut self, id: &Id) {
        self.open = if self.open.as_ref() == Some(id) { None } else { Some(id.clone()) };
    }

    /// The numbered sources. One that is open shows what it says, in its own words.
    fn sources(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
        cited: &[Source<'_>],
    ) {
        if cited.is_empty() {
            return;
        }
        ui.add_space(S8);
        ui.label(RichText::new("SOURCES").font(semibold(NOTE)).color(theme.weak));
        for (n, source) in cited.iter().enumerate() {
            let document = source.document;
            let is_open = self.open.as_ref() == Some(&document.id);
            let origin = document.origin.as_deref().map(|origin| format!(" – {origin}"));
            let words = format!("[{}] {}{}", n + 1, document.caption, origin.unwrap_or_default());
            let text = RichText::new(words).size(NOTE).color(theme.text);
            let button = egui::Button::selectable(is_open, text).wrap();
            let response = ui.add(button);
            let name = format!("Source {}: {}", n + 1, document.caption);
            widgets::named(&response, &name, Some(is_open), true);
            let hint = match n {
                0..9 => format!("Show what it says ({})", n + 1),
                _ => "Show what it says".to_owned(),
            };
            if response.on_hover_text(hint).clicked() {
                self.toggle(&document.id);
            }
            if !is_open {
                continue;
            }
            Frame::new().inner_margin(Margin { left: 16, ..Margin::ZERO }).show(ui, |ui| {
                if source.citations.iter().all(|c| c.quote.is_none() && c.page.is_none()) {
                    let words = RichText::new("Cited as a whole, without a quote.").size(NOTE);
                    ui.add(Label::new(words.color(theme.weak)).wrap());
                }
                let grade = document.reliability.map_or_else(
                    || "The source is not graded.".to_owned(),
                    |grade| format!("Source graded {}: {}.", grade.code(), grade.words()),
                );
                ui.add(Label::new(RichText::new(grade).size(NOTE).color(theme.weak)).wrap());
                for citation in source.citations.iter().take(QUOTES) {
                    let sign = if citation.supports { "" } else { "Against: " };
                    let quote = citation.quote.as_deref().map(|quote| format!("“{quote}”"));
                    let page = citation.page.clone();
                    let parts: Vec<String> = quote.into_iter().chain(page).collect();
                    if !parts.is_empty() {
                        let words = format!("{sign}{}", parts.join(" – "));
                        ui.add(Label::new(RichText::new(words).size(CAPTION)).wrap());
                    }
                }
                if ui.button(RichText::new("Open the document").size(NOTE)).clicked() {
                    open(model, view, requests, &document.id);
                }
            });
        }
    }
}

/// What the buttons of a presentation ask for.
enum Step {
    /// The scene to show, which can be the same.
    To(usize),
    Stop,
}

/// The number of the scene, and the buttons that step through the walkthrough.
fn steps(ui: &mut Ui, theme: &Theme, at: usize, last: usize) -> Step {
    let mut step = Step::To(at);
    ui.horizontal(|ui| {
        let count = format!("{} of {}", at + 1, last + 1);
        ui.label(RichText::new(count).size(NOTE).color(theme.weak));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if icon_button(ui, theme, icon::CLOSE, "End the presentation (Esc)").clicked() {
                step = Step::Stop;
            }
            if icon_button(ui, theme, icon::CHEVRON_RIGHT, "Next scene (→)").clicked() {
                step = Step::To((at + 1).min(last));
            }
            if icon_button(ui, theme, icon::CHEVRON_LEFT, "Previous scene (←)").clicked() {
                step = Step::To(at.saturating_sub(1));
            }
        });
    });
    step
}

/// Whether what a scene selects is drawn much larger with the words below it than beside it.
fn is_wide(model: &Model, scene: &Scene, room: Vec2) -> bool {
    /// The usual size of a card, with the space around it.
    const CARD: Vec2 = Vec2::new(240.0, 110.0);
    /// From this zoom on the words stay at the side: names are large enough.
    const LARGE: f32 = 1.4;
    let shown: BTreeSet<&Id> = scene
        .selection
        .iter()
        .filter_map(|id| model.seen.get(id))
        .flat_map(|entity| {
            let ends = entity.ends().map(|(source, target)| [source, target]);
            ends.into_iter().flatten().chain([entity.id()])
        })
        .collect();
    let placed = model.placed(&scene.chart).iter().filter(|p| shown.contains(&p.entity));
    let points = placed.map(|p| egui::Rect::from_center_size(egui::pos2(p.x, p.y), CARD));
    let Some(bounds) = points.reduce(egui::Rect::union) else { return false };
    let zoom = |width: f32, height: f32| (width / bounds.width()).min(height / bounds.height());
    let beside = zoom(room.x * (1.0 - BESIDE), room.y);
    let above = zoom(room.x, room.y * (1.0 - LOW));
    beside < LARGE && above > beside * 1.2
}

/// Shows a document where it is read; the presentation can be continued from its scene.
fn open(model: &Model, view: &mut View, requests: &mut Vec<Request>, document: &Id) {
    let at = view.presenting.take();
    view.continue_at = at;
    view.document = Some(document.clone());
    requests.push(Request::ShowEvidence);
    if let Some(scene) = at.and_then(|at| model.scenes.get(at)) {
        requests.push(Request::Say(format!("F5 continues the presentation at “{}”.", scene.title)));
    }
}

/// Draws something with the text of captions.
fn large<T>(ui: &mut Ui, draw: impl FnOnce(&mut Ui) -> T) -> T {
    ui.scope(|ui| {
        let body = FontId::proportional(CAPTION);
        ui.style_mut().text_styles.insert(TextStyle::Body, body);
        draw(ui)
    })
    .inner
}

fn warn(ui: &mut Ui, theme: &Theme, words: &str) {
    ui.add(Label::new(RichText::new(words).size(NOTE).color(theme.alarm)).wrap());
    ui.add_space(S8);
}

/// A document, and what is cited from it for the selection of a scene.
struct Source<'a> {
    document: &'a Evidence,
    citations: Vec<Citation>,
}

/// The documents that what is selected in a scene rests on, in the order of their acquisition.
fn cited<'a>(model: &'a Model, requests: &mut Vec<Request>, scene: &Scene) -> Vec<Source<'a>> {
    let mut citations: Vec<Citation> = Vec::new();
    for id in scene.selection.iter().filter(|id| model.seen.get(id).is_some()) {
        if let Some(details) = model.ask(&DetailsOf::seen(model, id.clone()), requests) {
            let live = details.statements.iter().filter(|s| s.live).flat_map(|s| &s.citations);
            citations.extend(live.filter(|c| c.live).cloned());
        }
    }
    let of = |document: &Evidence| {
        let mut said = BTreeSet::new();
        let own = citations.iter().filter(|citation| citation.evidence == document.id);
        // Several statements often rest on one sentence.
        own.filter(|c| said.insert((c.supports, c.quote.clone(), c.page.clone())))
            .cloned()
            .collect()
    };
    let sources = model.evidence.iter().filter(|document| document.live);
    let sources = sources.map(|document| Source { document, citations: of(document) });
    sources.filter(|source| !source.citations.is_empty()).collect()
}

/// Shows what a scene keeps: its chart, selection and period. The canvas fits the camera to the
/// selection; a scene without one keeps its own camera.
fn enter(model: &Model, view: &mut View, scene: &Scene) {
    let Some(same) = scenes::show(model, view, scene) else { return };
    match scene.camera {
        _ if !scene.selection.is_empty() => {}
        Some(camera) if same || view.cameras.contains_key(&scene.chart) => {
            view.glide_to = Some(camera);
        }
        Some(camera) => drop(view.cameras.insert(scene.chart.clone(), camera)),
        None => view.fit = true,
    }
}
