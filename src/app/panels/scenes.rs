//! The walkthrough: scenes in their order, and their words.

use std::collections::BTreeSet;

use egui::{Key, Label, RichText, ScrollArea, Ui};

use crate::app::{
    command,
    markdown::{Markdown, in_case},
    model::{Model, Request, View},
    sent::{Refusable, Sent},
    theme::{T11, T13, T16, Theme, semibold},
    widgets::{self, chip, empty_state, icon_button, primary_button, with_icon},
};
use crate::{
    case::{Action, Op},
    chart::icon::ui as icon,
    model::{Id, Scene},
};

/// Narrower than this, in points, the list of scenes folds its buttons, and those of the scene.
const LIST: f32 = 210.0;

/// The panel.
#[derive(Debug, Default)]
pub struct Scenes {
    open: Option<Id>,
    edit: Option<Writing>,
    /// What was written and the case has not answered yet.
    sent: Sent<Writing>,
    markdown: Markdown,
}

/// Title and caption of a scene, being typed.
#[derive(Debug)]
struct Writing {
    scene: Id,
    title: String,
    caption: String,
    /// Whether the title takes the keyboard in this frame.
    fresh: bool,
    /// Why the case refused them.
    refused: Option<String>,
}

impl Writing {
    fn of(scene: &Scene) -> Self {
        Self {
            scene: scene.id.clone(),
            title: scene.title.clone(),
            caption: scene.caption.clone(),
            fresh: true,
            refused: None,
        }
    }
}

impl Refusable for Writing {
    fn refuse(&mut self, why: &str) {
        self.refused = Some(why.to_owned());
    }
}

impl Scenes {
    /// Shows the text again that the case refused; says whether there was one.
    pub fn refused(&mut self, why: &str) -> bool {
        self.sent.refused(&mut self.edit, why)
    }

    /// Forgets the text that the case has taken in.
    pub fn taken(&mut self) {
        self.sent.taken();
    }

    /// Adds a scene that keeps what is looked at.
    pub fn add(&mut self, model: &Model, view: &View, requests: &mut Vec<Request>) {
        let Some(scene) = scene_of(model, view) else { return };
        self.open = Some(scene.id.clone());
        self.edit = Some(Writing::of(&scene));
        requests.push(Request::Commit(Action::new(vec![Op::PutScene(scene)])));
    }

    /// Whether the text of a scene has been typed and not saved.
    pub(crate) fn is_typed(&self, model: &Model) -> bool {
        self.edit.as_ref().is_some_and(|writing| {
            let scene = model.scenes.iter().find(|scene| scene.id == writing.scene);
            scene.is_some_and(|s| s.title != writing.title || s.caption != writing.caption)
        })
    }

    /// Draws the panel.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) {
        ui.horizontal_wrapped(|ui| {
            widgets::title(ui, "Scenes");
            if !model.scenes.is_empty()
                && primary_button(ui, theme, &with_icon(icon::PLAY_ARROW, "Present")).clicked()
            {
                requests.push(Request::Run(command::SCENE_PRESENT));
            }
            if model.read_only.is_none()
                && ui.button(with_icon(icon::ADD, "Add scene from this view")).clicked()
            {
                requests.push(Request::Run(command::SCENE_ADD));
            }
        });
        if model.scenes.is_empty() {
            let hint = "A scene keeps the chart, camera, selection, period and a caption. Present the scenes \
                        in order as a walkthrough with F5.";
            empty_state(ui, theme, icon::SLIDESHOW, "No walkthrough yet", hint);
            return;
        }
        if self.open.as_ref().is_none_or(|id| !model.scenes.iter().any(|s| s.id == *id)) {
            self.open = model.scenes.first().map(|scene| scene.id.clone());
        }
        let (width, height) = (ui.available_width(), ui.available_height());
        ui.horizontal_top(|ui| {
            let part = if width < widgets::ICONS { 0.42 } else { 0.34 };
            let list = (width * part).clamp(160.0, 380.0);
            ui.allocate_ui([list, height].into(), |ui| {
                ui.set_width(list);
                ui.vertical(|ui| self.list(ui, model, view, theme, requests));
            });
            ui.separator();
            ui.allocate_ui([(width - list - 24.0).max(150.0), height].into(), |ui| {
                ui.vertical(|ui| self.scene(ui, model, view, theme, requests, list));
            });
        });
    }

    fn list(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) {
        ScrollArea::vertical().id_salt("scene-list").auto_shrink([false, false]).show(ui, |ui| {
            for (at, scene) in model.scenes.iter().enumerate() {
                // Of a narrow list, only the open scene shows the buttons that move it.
                let is_wide = ui.available_width() >= LIST;
                let height = ui.spacing().interact_size.y;
                ui.horizontal(|ui| {
                    ui.set_min_height(height);
                    let open = self.open.as_ref() == Some(&scene.id);
                    let moves = model.read_only.is_none() && (is_wide || open);
                    let stale = model.stale_scenes.contains(&scene.id);
                    ui.label(RichText::new(format!("{:>2}", at + 1)).color(theme.weak));
                    let sign = match (stale, is_wide) {
                        (true, true) => 70.0,
                        (true, false) => 22.0,
                        (false, _) => 0.0,
                    };
                    let room = ui.available_width() - sign - if moves { 84.0 } else { 24.0 };
                    let title = crate::chart::text::cut(&scene.title, T13, crate::chart::font::Weight::Regular, room);
                    let response = ui.add(egui::Button::selectable(open, title));
                    widgets::named(&response, &format!("Scene {}: {}", at + 1, scene.title), Some(open), true);
                    if response.on_hover_text(&scene.title).clicked() {
                        self.open = Some(scene.id.clone());
                        self.edit = None;
                        enter(model, view, scene);
                    }
                    if stale {
                        let sign = if is_wide {
                            chip(ui, "changed", theme.alarm)
                        } else {
                            ui.label(RichText::new(icon::WARNING).color(theme.alarm))
                        };
                        sign.on_hover_text("The chart has changed since this scene was written. Read the scene again.");
                    }
                    if !moves {
                        return;
                    }
                    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                        ui.spacing_mut().item_spacing.x = 0.0;
                        let last = at + 1 == model.scenes.len();
                        let down = ui.add_enabled_ui(!last, |ui| icon_button(ui, theme, icon::KEYBOARD_ARROW_DOWN, &format!("Move scene {} down", at + 1)));
                        if down.inner.on_disabled_hover_text("This is the last scene.").clicked() {
                            swap(model, at, at + 1, requests);
                        }
                        let up = ui.add_enabled_ui(at > 0, |ui| icon_button(ui, theme, icon::KEYBOARD_ARROW_UP, &format!("Move scene {} up", at + 1)));
                        if up.inner.on_disabled_hover_text("This is the first scene.").clicked() {
                            swap(model, at, at - 1, requests);
                        }
                    });
                });
            }
        });
    }

    fn scene(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
        list: f32,
    ) {
        let folded = list < LIST;
        let Some(scene) = model.scenes.iter().find(|s| Some(&s.id) == self.open.as_ref()) else {
            return;
        };
        let stale = model.stale_scenes.contains(&scene.id);
        ui.horizontal_wrapped(|ui| {
            if folded {
                ui.spacing_mut().item_spacing.x = 0.0;
            }
            if widgets::tool(ui, theme, icon::VISIBILITY, "Show", folded).clicked() {
                enter(model, view, scene);
            }
            if model.read_only.is_some() {
                return;
            }
            if widgets::tool(ui, theme, icon::EDIT, "Edit text", folded).clicked() {
                self.edit = Some(Writing::of(scene));
            }
            let hint = "Replace the chart, camera, selection and period with the present view";
            if widgets::tool(ui, theme, icon::MY_LOCATION, "Keep this view", folded)
                .on_hover_text(hint)
                .clicked()
                && let Some(now) = scene_of(model, view)
            {
                let kept = Scene {
                    chart: now.chart,
                    camera: now.camera,
                    selection: now.selection,
                    period: now.period,
                    ..scene.clone()
                };
                requests.push(Request::Commit(Action::new(vec![Op::PutScene(kept)])));
            }
            if stale
                && widgets::tool(ui, theme, icon::CHECK, "Still correct", folded)
                    .on_hover_text("Confirm that you have read the scene again")
                    .clicked()
            {
                let op = Op::PutScene(scene.clone());
                requests.push(Request::Commit(Action::new(vec![op])));
            }
            if widgets::tool(ui, theme, icon::DELETE, "Delete", folded).clicked() {
                let op = Op::DeleteScene(scene.id.clone());
                requests.push(Request::Commit(Action::new(vec![op])));
            }
        });
        if let Some(writing) = &mut self.edit
            && writing.scene == scene.id
        {
            let Writing { title, caption, fresh, refused, .. } = writing;
            let before = requests.len();
            let width = ui.available_width() - 16.0;
            let field = widgets::field(ui, title, "Title of the scene", "Title", width);
            if *fresh {
                *fresh = !widgets::focus_all(&field, title);
            }
            let mut save = field.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
            let rows = ((ui.available_height() - 60.0) / 18.0).max(3.0) as usize;
            let edit = egui::TextEdit::multiline(caption)
                .desired_width(width)
                .desired_rows(rows.min(10))
                .hint_text("Caption, in Markdown. [Name](entity:ID) links.");
            let response = ui.add(edit);
            save |= response.has_focus()
                && ui.input(|i| i.modifiers.command && i.key_pressed(Key::Enter));
            response.widget_info(|| {
                egui::WidgetInfo::labeled(
                    egui::Role::MultilineTextInput,
                    true,
                    "Caption of the scene",
                )
            });
            if field.changed() || response.changed() {
                *refused = None;
            }
            if let Some(why) = refused {
                let why = RichText::new(why.as_str()).size(T11).color(theme.alarm);
                ui.add(Label::new(why).wrap());
            }
            let mut over = false;
            ui.horizontal_wrapped(|ui| {
                if primary_button(ui, theme, "Save").clicked() || save {
                    let written = Scene {
                        title: title.trim().to_owned(),
                        caption: caption.clone(),
                        ..scene.clone()
                    };
                    requests.push(Request::Commit(Action::new(vec![Op::PutScene(written)])));
                    over = true;
                }
                over |= ui.button("Cancel").clicked();
                // A link to what is selected, so that nobody types an id.
                if let Some(id) = view.selection.first()
                    && ui
                        .button(format!(
                            "Insert link to {}",
                            crate::chart::text::cut(
                                &model.name(id),
                                T13,
                                crate::chart::font::Weight::Regular,
                                160.0
                            )
                        ))
                        .clicked()
                {
                    caption.push_str(&format!(" [{}](entity:{id})", model.name(id)));
                }
            });
            if over {
                self.sent.keep(self.edit.take(), &requests[before..]);
            }
            return;
        }
        ScrollArea::vertical().id_salt("scene-text").auto_shrink([false, false]).show(ui, |ui| {
            ui.add(Label::new(RichText::new(&scene.title).font(semibold(T16))).wrap());
            self.caption(ui, model, view, requests, scene);
        });
    }

    /// The caption, with its links.
    fn caption(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        requests: &mut Vec<Request>,
        scene: &Scene,
    ) {
        if let Some(target) = self.markdown.ui(ui, &scene.caption) {
            follow(ui.ctx(), model, view, requests, &target);
        }
    }
}

/// A scene of what is looked at now, at the end of the walkthrough.
fn scene_of(model: &Model, view: &View) -> Option<Scene> {
    let chart = view.chart.clone()?;
    let order = model.scenes.iter().map(|scene| scene.order).fold(0.0, f64::max) + 1.0;
    Some(Scene {
        id: Id::new(),
        title: format!("Scene {}", model.scenes.len() + 1),
        order,
        camera: view.cameras.get(&chart).copied(),
        chart,
        selection: view.selection.iter().cloned().collect(),
        period: view.period.clone(),
        caption: String::new(),
        shows: String::new(),
    })
}

/// Shows what a scene keeps: the camera glides there.
fn enter(model: &Model, view: &mut View, scene: &Scene) {
    let Some(same) = show(model, view, scene) else { return };
    match scene.camera {
        Some(camera) if same => view.glide_to = Some(camera),
        Some(camera) => drop(view.cameras.insert(scene.chart.clone(), camera)),
        None => view.fit = true,
    }
}

/// Shows the chart, the selection and the period of a scene. Returns whether the chart was shown
/// already; nothing where it is gone.
pub(super) fn show(model: &Model, view: &mut View, scene: &Scene) -> Option<bool> {
    model.chart(&scene.chart)?;
    let same = view.chart.as_ref() == Some(&scene.chart);
    view.chart = Some(scene.chart.clone());
    view.selection = scene.selection.iter().cloned().collect();
    view.period = scene.period.clone();
    Some(same)
}

fn swap(model: &Model, a: usize, b: usize, requests: &mut Vec<Request>) {
    let (Some(first), Some(second)) = (model.scenes.get(a), model.scenes.get(b)) else { return };
    let ops = vec![
        Op::PutScene(Scene { order: second.order, ..first.clone() }),
        Op::PutScene(Scene { order: first.order, ..second.clone() }),
    ];
    requests.push(Request::Move(Action::new(ops)));
}

/// Follows a link of a text in Markdown.
pub(super) fn follow(
    ctx: &egui::Context,
    model: &Model,
    view: &mut View,
    requests: &mut Vec<Request>,
    target: &str,
) {
    if let Some(id) = target.strip_prefix("entity:").map(Id::from) {
        if model.seen.get(&id).is_some() {
            view.selection = BTreeSet::from([id.clone()]);
            view.reveal = Some(id);
        } else {
            requests.push(Request::Say("The target of this link is no longer in the case.".into()));
        }
    } else if let Some(id) = target.strip_prefix("evidence:").map(Id::from) {
        view.document = Some(id);
        view.continue_at = view.presenting.take();
        requests.push(Request::ShowEvidence);
    } else if !in_case(target) {
        // A browser would show who looks.
        ctx.copy_text(target.to_owned());
        requests.push(Request::Say("Address copied. Redthread opens no web pages.".into()));
    }
}
