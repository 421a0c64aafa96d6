//! Find anything: commands, entities, documents, charts in one box, by keyboard alone.

use std::collections::HashSet;

use egui::{
    Align2, Area, Color32, FontId, Frame, Key, Modifiers, Order, Pos2, Response, RichText,
    ScrollArea, Sense, Ui, Vec2,
};

use super::{
    command::COMMANDS,
    model::{Model, Request, View},
    task::{Task, Work},
    theme::{S8, T11, Theme, icons},
    widgets,
};
use crate::{
    chart::icon,
    model::{Id, schema},
};

const ROWS: usize = 40;

/// The open box.
pub struct Palette {
    text: String,
    chosen: usize,
    fresh: bool,
    /// Entities, by the state of the case and what was typed.
    entities: Task<(u64, String), Vec<Row>>,
}

impl Default for Palette {
    fn default() -> Self {
        Self { text: String::new(), chosen: 0, fresh: true, entities: Task::default() }
    }
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq)]
enum Found {
    Command(&'static str),
    Entity(Id),
    Document(Id),
    Chart(Id),
}

#[derive(Clone)]
struct Row {
    found: Found,
    icon: char,
    text: String,
    about: String,
    score: u32,
}

impl Palette {
    /// Draws the box; says whether it stays open.
    pub fn ui(
        &mut self,
        ctx: &egui::Context,
        model: Option<&Model>,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) -> bool {
        let rows = self.rows(ctx, model, view);
        self.chosen = self.chosen.min(rows.len().saturating_sub(1));
        let (mut closed, mut done, mut moved) = (false, false, false);
        ctx.input_mut(|i| {
            closed = i.consume_key(Modifiers::NONE, Key::Escape);
            done = i.consume_key(Modifiers::NONE, Key::Enter);
            if i.consume_key(Modifiers::NONE, Key::ArrowDown) {
                self.chosen = (self.chosen + 1).min(rows.len().saturating_sub(1));
                moved = true;
            }
            if i.consume_key(Modifiers::NONE, Key::ArrowUp) {
                self.chosen = self.chosen.saturating_sub(1);
                moved = true;
            }
        });
        let area = Area::new(egui::Id::unique("palette"))
            .order(Order::Foreground)
            .anchor(Align2::CENTER_TOP, Vec2::new(0.0, 44.0));
        let shown = area.show(ctx, |ui| {
            Frame::popup(ui.style()).inner_margin(12).show(ui, |ui| {
                ui.set_width(560.0_f32.min(ctx.content_rect().width() - 60.0));
                let width = ui.available_width();
                let hint = "Find a command, an entity, a document or a chart";
                let field = widgets::field(ui, &mut self.text, "Find anything", hint, width);
                if self.fresh {
                    field.request_focus();
                    self.fresh = false;
                }
                if field.changed() {
                    self.chosen = 0;
                }
                if rows.is_empty() && self.entities.is_going() {
                    ui.label(RichText::new("Searching …").color(theme.weak));
                } else if rows.is_empty() {
                    ui.label(
                        RichText::new("Nothing is called that. Try a part of the name.")
                            .color(theme.weak),
                    );
                }
                ScrollArea::vertical().max_height(ctx.content_rect().height() * 0.55).show(
                    ui,
                    |ui| {
                        for (number, row) in rows.iter().enumerate() {
                            let response = draw(ui, theme, row, number == self.chosen);
                            if moved && number == self.chosen {
                                response.scroll_to_me(None);
                            }
                            if response.clicked() {
                                self.chosen = number;
                                done = true;
                            }
                        }
                    },
                );
            });
        });
        if done && let Some(row) = rows.get(self.chosen) {
            take(&row.found, model, view, requests);
            return false;
        }
        let elsewhere = ctx.input(|i| i.pointer.any_pressed())
            && ctx
                .input(|i| i.pointer.interact_pos())
                .is_some_and(|p| !shown.response.rect.contains(p));
        !(closed || elsewhere || done)
    }

    fn rows(&mut self, ctx: &egui::Context, model: Option<&Model>, view: &View) -> Vec<Row> {
        let wanted = self.text.trim().to_lowercase();
        let mut rows = Vec::new();
        for command in COMMANDS.iter().filter(|c| c.id != "palette.open") {
            let Some(score) = score(command.label, &wanted) else { continue };
            let shortcut = command.shortcut.map(|s| ctx.format_shortcut(&s)).unwrap_or_default();
            let about = command.obstacle(model, view).unwrap_or(shortcut);
            let row = Row {
                found: Found::Command(command.id),
                icon: command.icon,
                text: command.label.to_owned(),
                about,
                score: score + 1,
            };
            rows.push(row);
        }
        if let Some(model) = model.filter(|_| !wanted.is_empty()) {
            for chart in &model.charts {
                if let Some(score) = score(&chart.name, &wanted) {
                    let about = "chart".to_owned();
                    rows.push(Row {
                        found: Found::Chart(chart.id.clone()),
                        icon: icon::ui::HUB,
                        text: chart.name.clone(),
                        about,
                        score,
                    });
                }
            }
            for item in model.evidence.iter().filter(|item| item.live) {
                if let Some(score) = score(&item.caption, &wanted) {
                    let found = Found::Document(item.id.clone());
                    rows.push(Row {
                        found,
                        icon: icon::ui::DESCRIPTION,
                        text: item.caption.clone(),
                        about: "document".into(),
                        score,
                    });
                }
            }
            let documents: HashSet<Id> = model.evidence.iter().map(|d| d.id.clone()).collect();
            let text = wanted.clone();
            let key = (model.network_generation, wanted);
            let found = move |work: Work| entities(&work, &documents, &text);
            rows.extend(self.entities.outcome(ctx, model, key, found).iter().cloned());
        }
        best(&mut rows);
        rows
    }
}

/// The entities that what was typed fits best; `None` where the search was stopped.
fn entities(work: &Work, documents: &HashSet<Id>, wanted: &str) -> Option<Vec<Row>> {
    let mut rows = Vec::new();
    for (at, entity) in work.network.nodes().enumerate() {
        if at.is_multiple_of(256) && work.is_stopped() {
            return None;
        }
        let names = entity.all("name").chain(entity.all("alias")).chain([entity.caption()]);
        let Some(score) = names.filter_map(|name| score(name, wanted)).min() else { continue };
        if documents.contains(entity.id()) {
            continue;
        }
        rows.push(Row {
            found: Found::Entity(entity.id().clone()),
            icon: icon::for_schema(entity.schema()),
            text: entity.caption().to_string(),
            about: schema::label(entity.schema()).to_lowercase(),
            score,
        });
        if rows.len() > 100 * ROWS {
            best(&mut rows);
        }
    }
    best(&mut rows);
    Some(rows)
}

/// Keeps those that fit best.
fn best(rows: &mut Vec<Row>) {
    rows.sort_by(|a, b| a.score.cmp(&b.score).then_with(|| a.text.len().cmp(&b.text.len())));
    rows.truncate(ROWS);
}

/// One row over the whole width: icon, name, and at the right what it is.
fn draw(ui: &mut Ui, theme: &Theme, row: &Row, on: bool) -> Response {
    let size = Vec2::new(ui.available_width(), 28.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    widgets::named(&response, &row.text, Some(on), true);
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let fill = match (on, response.hovered()) {
        (true, _) => theme.selected,
        (false, true) => theme.hover,
        (false, false) => Color32::TRANSPARENT,
    };
    let painter = ui.painter();
    painter.rect_filled(rect, 6.0, fill);
    let ink = if on { theme.accent } else { theme.text };
    let middle = rect.center().y;
    let at = |x: f32| Pos2::new(x, middle);
    painter.text(
        at(rect.left() + 18.0),
        Align2::CENTER_CENTER,
        row.icon,
        icons(16.0),
        if on { theme.accent } else { theme.weak },
    );
    let about = painter.text(
        at(rect.right() - S8),
        Align2::RIGHT_CENTER,
        &row.about,
        FontId::proportional(T11),
        theme.weak,
    );
    let room = about.left() - rect.left() - 48.0;
    let text = crate::chart::text::cut(&row.text, 13.0, crate::chart::font::Weight::Regular, room);
    painter.text(
        at(rect.left() + 36.0),
        Align2::LEFT_CENTER,
        text,
        FontId::proportional(13.0),
        ink,
    );
    response
}

fn take(found: &Found, model: Option<&Model>, view: &mut View, requests: &mut Vec<Request>) {
    match found {
        Found::Command(id) => requests.push(Request::Run(id)),
        Found::Chart(id) => view.chart = Some(id.clone()),
        Found::Document(id) => {
            view.document = Some(id.clone());
            requests.push(Request::Run("show.evidence"));
        }
        Found::Entity(id) => {
            view.selection = std::collections::BTreeSet::from([id.clone()]);
            view.reveal = Some(id.clone());
            // Go to a chart where it stands, unless it stands on this one.
            let here =
                |chart: &Id| model.is_some_and(|m| m.placed(chart).iter().any(|p| p.entity == *id));
            if let Some(model) = model
                && !view.chart.as_ref().is_some_and(here)
                && let Some(chart) = model.charts.iter().find(|chart| here(&chart.id))
            {
                view.chart = Some(chart.id.clone());
            }
        }
    }
}

/// How well a text fits what was typed, 0 best; `None` where it does not. The whole, then the
/// beginning, then the beginning of a word, then anywhere, then the letters in order.
fn score(text: &str, wanted: &str) -> Option<u32> {
    let text = text.to_lowercase();
    if wanted.is_empty() {
        return Some(50);
    }
    if text == wanted {
        return Some(0);
    }
    if text.starts_with(wanted) {
        return Some(10);
    }
    if text.contains(&format!(" {wanted}")) {
        return Some(20);
    }
    if text.contains(wanted) {
        return Some(30);
    }
    let mut letters = text.chars();
    let all = wanted.chars().filter(|c| !c.is_whitespace()).all(|c| letters.any(|l| l == c));
    (all && wanted.chars().count() > 2 && wanted.is_ascii()).then_some(60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn better_fits_come_first() {
        let scores =
            ["fit", "Fit chart", "Chart fit", "outfit", "f-i-t", "no"].map(|t| score(t, "fit"));
        assert_eq!(scores, [Some(0), Some(10), Some(20), Some(30), Some(60), None]);
        assert_eq!(score("丹东鸿祥实业", "鸿祥"), Some(30));
    }
}
