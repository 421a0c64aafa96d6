//! How what is selected looks on the open chart, and what is drawn beside the cards: colour,
//! thickness, size, icon, words.

use egui::{CollapsingHeader, ComboBox, RichText, Sense, Stroke, StrokeKind, Ui, Vec2};

use crate::app::{
    canvas::{NEW_TEXT, with_drawing, without_drawing},
    model::{Model, Request, View},
    theme::{S4, S8, T11, T13, T16, Theme, color, semibold},
    widgets,
};
use crate::{
    case::{Action, Op},
    chart::{font::Weight, icon, text::cut},
    model::{
        Chart, Id, schema,
        styling::{Drawing, Magnitude, Paint, Shape, Styling, Thickness},
    },
};

/// The side of a swatch, in points.
const SWATCH: f32 = 20.0;

/// What is being typed.
#[derive(Debug, Default)]
pub struct StylingPanel {
    /// The words of a drawing.
    words: Option<(Id, String)>,
    /// What a colour stands for on a chart.
    meaning: Option<(Id, Paint, String)>,
    /// The chart as it was sent to the case, and the state of the case then: what is changed before
    /// the case answers is changed of that.
    sent: Option<(u64, Chart)>,
}

impl StylingPanel {
    /// The open chart with what was sent and not answered yet.
    fn chart(&self, model: &Model, view: &View) -> Option<Chart> {
        let id = view.chart.as_ref()?;
        let sent = self.sent.as_ref();
        match sent.filter(|(at, chart)| *at == model.generation && chart.id == *id) {
            Some((_, chart)) => Some(chart.clone()),
            None => model.chart(id).cloned(),
        }
    }

    fn send(&mut self, model: &Model, requests: &mut Vec<Request>, chart: Chart) {
        self.sent = Some((model.generation, chart.clone()));
        requests.push(Request::Commit(Action::new(vec![Op::PutChart(chart)])));
    }

    /// Draws the look of what is selected on the open chart, folded until somebody opens it.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &View,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) {
        if model.read_only.is_some() || view.selection.is_empty() {
            return;
        }
        let Some(chart) = &self.chart(model, view) else { return };
        let is_line = |id: &Id| model.seen.connection(id).is_some();
        let is_there = |id: &&Id| {
            is_line(id)
                || chart.groups.iter().any(|group| group.id == **id)
                || model.placed(&chart.id).iter().any(|placement| placement.entity == **id)
        };
        let ids: Vec<Id> = view.selection.iter().filter(is_there).cloned().collect();
        let Some(first) = ids.first() else { return };
        let has_cards = !ids.iter().all(is_line);
        ui.add_space(S4);
        let title = RichText::new("Look on this chart").size(T11).color(theme.weak);
        CollapsingHeader::new(title).id_salt("look").show(ui, |ui| {
            let was = chart.styles.get(first).cloned().unwrap_or_default();
            let mut is = was.clone();
            paints(ui, theme, &mut is.paint);
            choice(ui, "Thickness", Thickness::ALL, Thickness::words, &mut is.thickness);
            if has_cards {
                choice(ui, "Size", Magnitude::ALL, Magnitude::words, &mut is.size);
                icons(ui, &mut is.icon);
                photos(ui, model, &mut is.photo);
            }
            if let Some(paint) = is.paint {
                self.meaning(ui, model, theme, requests, chart, paint);
            }
            if is != was {
                self.send(model, requests, styled(chart, &ids, &was, &is));
            }
        });
        ui.add_space(S4);
    }

    /// Draws the drawing that is chosen.
    pub fn drawing_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) {
        let Some(chart) = &self.chart(model, view) else { return };
        let chosen = view.drawing.clone();
        let was = chart.drawings.iter().find(|one| Some(&one.id) == chosen.as_ref());
        let Some(was) = was else { return };
        let mut words = was.shape.words().to_owned();
        words[..1].make_ascii_uppercase();
        ui.label(RichText::new("Drawn on this chart").size(T11).color(theme.weak));
        ui.label(RichText::new(words).font(semibold(T16)));
        ui.add_space(S8);
        let mut is = was.clone();
        if model.read_only.is_some() {
            ui.label("This case is open for reading only.");
            return;
        }
        self.words(ui, &mut is);
        paints(ui, theme, &mut is.paint);
        choice(ui, "Thickness", Thickness::ALL, Thickness::words, &mut is.thickness);
        match &mut is.shape {
            Shape::Line { arrow, .. } => drop(ui.checkbox(arrow, "Arrow at its end")),
            Shape::Text { .. } | Shape::Box { .. } => {
                choice(ui, "Size", Magnitude::ALL, Magnitude::words, &mut is.size);
            }
        }
        if let Some(paint) = is.paint {
            self.meaning(ui, model, theme, requests, chart, paint);
        }
        ui.add_space(S8);
        let label =
            widgets::with_icon(icon::ui::DELETE, &format!("Delete this {}", was.shape.words()));
        if ui.button(label).clicked() {
            self.send(model, requests, without_drawing(chart, &was.id));
            view.drawing = None;
        } else if is != *was {
            self.send(model, requests, with_drawing(chart, is));
        }
    }

    /// The text or title, taken over when the field is left.
    fn words(&mut self, ui: &mut Ui, drawing: &mut Drawing) {
        let (words, is_text) = match &mut drawing.shape {
            Shape::Text { text, .. } => (text, true),
            Shape::Box { title, .. } => (title, false),
            Shape::Line { .. } => return,
        };
        let is_other = self.words.as_ref().is_none_or(|(id, _)| *id != drawing.id);
        if is_other {
            self.words = Some((drawing.id.clone(), words.clone()));
        }
        let Some((_, typed)) = &mut self.words else { return };
        let width = ui.available_width() - S8;
        let response = if is_text {
            let edit = egui::TextEdit::multiline(typed).desired_width(width).desired_rows(4);
            let response = ui.add(edit.hint_text("What the box says"));
            let info = || {
                let role = egui::Role::MultilineTextInput;
                egui::WidgetInfo::labeled(role, true, "Text of the box")
            };
            response.widget_info(info);
            response
        } else {
            widgets::field(ui, typed, "Title of the box", "Title", width)
        };
        if is_other && (words == NEW_TEXT || words.is_empty()) {
            widgets::focus_all(&response, typed);
        }
        if response.lost_focus() {
            words.clone_from(typed);
        } else if !response.has_focus() && typed != words {
            // It was changed elsewhere, as by undo.
            typed.clone_from(words);
        }
    }

    fn meaning(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        theme: &Theme,
        requests: &mut Vec<Request>,
        chart: &Chart,
        paint: Paint,
    ) {
        let said = chart.meanings.get(&paint).cloned().unwrap_or_default();
        let here = |meaning: &(Id, Paint, String)| meaning.0 == chart.id && meaning.1 == paint;
        if !self.meaning.as_ref().is_some_and(here) {
            self.meaning = Some((chart.id.clone(), paint, said.clone()));
        }
        let Some((_, _, typed)) = &mut self.meaning else { return };
        let words = format!("What {} stands for, in the legend", paint.words());
        ui.label(RichText::new(&words).size(T11).color(theme.weak));
        let width = ui.available_width() - S8;
        let response = widgets::field(ui, typed, &words, "Meaning", width);
        if response.lost_focus() && typed.trim() != said {
            let mut meanings = chart.meanings.clone();
            match typed.trim() {
                "" => drop(meanings.remove(&paint)),
                text => drop(meanings.insert(paint, text.to_owned())),
            }
            self.send(model, requests, Chart { meanings, ..chart.clone() });
        } else if !response.has_focus() && *typed != said {
            *typed = said;
        }
    }
}

/// The drawing of the open chart that is chosen.
pub(super) fn drawing<'a>(model: &'a Model, view: &View) -> Option<&'a Drawing> {
    let chart = view.chart.as_ref().and_then(|id| model.chart(id))?;
    let chosen = view.drawing.as_ref()?;
    chart.drawings.iter().find(|one| one.id == *chosen)
}

/// The chart with what changed of one styling changed of all.
fn styled(chart: &Chart, ids: &[Id], was: &Styling, is: &Styling) -> Chart {
    let mut styles = chart.styles.clone();
    for id in ids {
        let styling = styles.entry(id.clone()).or_default();
        if was.paint != is.paint {
            styling.paint = is.paint;
        }
        if was.thickness != is.thickness {
            styling.thickness = is.thickness;
        }
        if was.size != is.size {
            styling.size = is.size;
        }
        if was.icon != is.icon {
            styling.icon.clone_from(&is.icon);
        }
        if was.photo != is.photo {
            styling.photo.clone_from(&is.photo);
        }
    }
    styles.retain(|_, styling| !styling.is_plain());
    Chart { styles, ..chart.clone() }
}

/// A row of colours to choose from, and none.
fn paints(ui: &mut Ui, theme: &Theme, chosen: &mut Option<Paint>) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(S4);
        let paints = Paint::ALL.iter().copied().map(Some);
        for paint in [None].into_iter().chain(paints) {
            let (rect, response) = ui.allocate_exact_size(Vec2::splat(SWATCH), Sense::click());
            let name = paint.map_or_else(
                || "The usual colour".to_owned(),
                |paint| format!("Colour {}", paint.words()),
            );
            let is_chosen = *chosen == paint;
            widgets::named(&response, &name, Some(is_chosen), true);
            let inside = rect.shrink(2.0);
            if let Some(paint) = paint {
                let fill = color(theme.style.paint(paint));
                ui.painter().rect_filled(inside, 4.0, fill);
            } else {
                let edge = Stroke::new(1.0, theme.weak);
                ui.painter().rect_stroke(inside, 4.0, edge, StrokeKind::Inside);
                let ends = [inside.left_bottom(), inside.right_top()];
                ui.painter().line_segment(ends, edge);
            }
            if is_chosen || response.has_focus() {
                let edge = Stroke::new(1.5, theme.text);
                ui.painter().rect_stroke(rect, 5.0, edge, StrokeKind::Inside);
            }
            if response.on_hover_text(name).clicked() {
                *chosen = paint;
            }
        }
    });
}

/// A row of words to choose from, with the usual one among them.
fn choice<T: Copy + PartialEq>(
    ui: &mut Ui,
    label: &str,
    all: &[T],
    words: impl Fn(T) -> &'static str,
    chosen: &mut Option<T>,
) {
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(label).size(T11));
        let usual = [(None, "usual")].into_iter();
        for (one, text) in usual.chain(all.iter().map(|one| (Some(*one), words(*one)))) {
            let response = ui.selectable_label(*chosen == one, RichText::new(text).size(T11));
            widgets::named(&response, &format!("{label} {text}"), Some(*chosen == one), true);
            if response.clicked() {
                *chosen = one;
            }
        }
    });
}

/// The photos to choose from: the images among the documents.
fn photos(ui: &mut Ui, model: &Model, chosen: &mut Option<String>) {
    let images: Vec<_> = model
        .evidence
        .iter()
        .filter(|document| document.live && document.mime.starts_with("image/"))
        .collect();
    ui.horizontal(|ui| {
        let label = ui.label(RichText::new("Photo").size(T11));
        let named = |hash: &str| images.iter().find(|document| document.sha256 == hash);
        let text = match chosen.as_deref() {
            None => "none",
            Some(hash) => named(hash).map_or("not in the case any more", |one| &one.caption),
        };
        let text = cut(text, T13, Weight::Regular, 150.0);
        let can_choose = !images.is_empty() || chosen.is_some();
        let drawn = ui.add_enabled_ui(can_choose, |ui| {
            ComboBox::from_id_salt("photo").selected_text(text).width(170.0).show_ui(ui, |ui| {
                ui.selectable_value(chosen, None, "none");
                for document in &images {
                    let is_chosen = chosen.as_deref() == Some(&*document.sha256);
                    let caption = cut(&document.caption, T13, Weight::Regular, 240.0);
                    if ui.selectable_label(is_chosen, caption).clicked() {
                        *chosen = Some(document.sha256.clone());
                    }
                }
            })
        });
        let response = drawn.inner.response.labelled_by(label.id);
        response.on_disabled_hover_text("Attach an image to the case first.");
    });
}

/// The icons to choose from: those of the schemata.
fn icons(ui: &mut Ui, chosen: &mut Option<String>) {
    ui.horizontal(|ui| {
        let label = ui.label(RichText::new("Icon").size(T11));
        let words = |name: &str| widgets::with_icon(icon::for_schema(name), schema::label(name));
        let text = chosen.as_deref().map_or_else(|| "usual".into(), words);
        ComboBox::from_id_salt("icon")
            .selected_text(text)
            .show_ui(ui, |ui| {
                ui.selectable_value(chosen, None, "usual");
                for (name, _) in icon::of_schemata() {
                    let is_chosen = chosen.as_deref() == Some(name);
                    if ui.selectable_label(is_chosen, words(name)).clicked() {
                        *chosen = Some(name.to_owned());
                    }
                }
            })
            .response
            .labelled_by(label.id);
    });
}
