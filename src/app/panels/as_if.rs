//! The case as if documents or citations were withdrawn: the line that says so, and the list of
//! what falls. Nothing is written.

use std::collections::BTreeSet;

use egui::{Align, Frame, Label, Layout, Margin, Panel, RichText, ScrollArea, Ui};

use crate::app::{
    model::{Model, Request, View},
    theme::{S8, T11, Theme},
    widgets,
};
use crate::{
    chart::icon::ui as icon,
    model::{Id, schema},
    network::{Fall, Lens, Seen, measured::counted},
};

/// The height of the list, in rows.
const ROWS: f32 = 6.0;

/// The line above the chart, and the list below it.
#[derive(Debug, Default)]
pub struct AsIf {
    is_listed: bool,
    /// What falls, and for which generation of what is seen that was listed.
    rows: Vec<Row>,
    listed_for: Option<u64>,
}

/// One thing that falls.
#[derive(Debug)]
struct Row {
    kind: What,
    entity: Id,
    name: String,
    what: String,
    change: String,
}

/// What falls, in the order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Relationship,
    Entity,
    Value,
}

impl AsIf {
    /// Draws it, where the case is looked at through a lens.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) {
        if model.lens().is_plain() {
            self.listed_for = None;
            return;
        }
        // Another lens is another generation.
        if self.listed_for != Some(model.network_generation) {
            self.rows = rows(model, &model.falls());
            self.listed_for = Some(model.network_generation);
        }
        let frame = Frame::new().fill(theme.selected).inner_margin(Margin::symmetric(12, 6));
        Panel::top("as-if").frame(frame).show(ui, |ui| {
            self.line(ui, model, theme, requests);
        });
        if self.is_listed && !self.rows.is_empty() {
            let rows = ROWS.min(self.rows.len() as f32);
            let size = (rows * widgets::ROW + S8).min(ui.available_height() * 0.3);
            let frame = Frame::new().fill(theme.sunken).inner_margin(Margin::symmetric(12, 4));
            let panel = Panel::top("as-if-list").resizable(true).default_size(size).min_size(40.0);
            panel.frame(frame).show(ui, |ui| self.list(ui, view, theme));
        }
    }

    fn line(&mut self, ui: &mut Ui, model: &Model, theme: &Theme, requests: &mut Vec<Request>) {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.button("Show the case as it is").clicked() {
                requests.push(Request::LookThrough(Lens::default()));
            }
            let words = if self.is_listed { "Hide the list" } else { "List what falls" };
            let list = ui.add_enabled(!self.rows.is_empty(), egui::Button::new(words));
            if list.on_disabled_hover_text("Nothing is weaker without it.").clicked() {
                self.is_listed = !self.is_listed;
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let text = format!(
                    "{}  As if withdrawn: {}. {}",
                    icon::HIDE_SOURCE,
                    pulled(model, model.lens()),
                    count(&self.rows)
                );
                ui.add(Label::new(RichText::new(text).color(theme.text)).wrap());
            });
        });
    }

    fn list(&self, ui: &mut Ui, view: &mut View, theme: &Theme) {
        ui.spacing_mut().item_spacing.y = 0.0;
        let area = ScrollArea::vertical().auto_shrink([false, false]);
        area.show_rows(ui, widgets::ROW, self.rows.len(), |ui, range| {
            for row in &self.rows[range] {
                ui.horizontal(|ui| {
                    ui.set_height(widgets::ROW);
                    let width = ui.available_width() - S8 * 2.0;
                    let change = (width * 0.28).clamp(90.0, 190.0);
                    let name = (width - change) * 0.55;
                    let link = |ui: &mut Ui| {
                        let text = RichText::new(&row.name).color(theme.text);
                        ui.add(egui::Link::new(text))
                    };
                    let column = Layout::left_to_right(Align::Center).with_main_wrap(false);
                    let size = egui::vec2(name, widgets::ROW);
                    let link = ui.allocate_ui_with_layout(size, column, |ui| {
                        ui.set_width(name);
                        ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Truncate);
                        link(ui)
                    });
                    if link.inner.on_hover_text(&row.name).clicked() {
                        view.selection = BTreeSet::from([row.entity.clone()]);
                        view.reveal = Some(row.entity.clone());
                    }
                    widgets::cell(
                        ui,
                        width - change - name,
                        RichText::new(&row.what).size(T11).color(theme.weak),
                    );
                    widgets::cell(ui, change, RichText::new(&row.change).size(T11));
                });
            }
        });
    }
}

/// The documents and citations that are taken for withdrawn.
pub(super) fn pulled(model: &Model, lens: &Lens) -> String {
    let mut all: Vec<String> =
        lens.evidence.iter().map(|id| format!("“{}”", model.name(id))).collect();
    all.extend(lens.sources.iter().map(|source| format!("everything from “{source}”")));
    match lens.citations.len() {
        0 => {}
        1 => all.push("one citation".to_owned()),
        many => all.push(format!("{many} citations")),
    }
    all.join(", ")
}

/// How much falls, in one sentence.
fn count(rows: &[Row]) -> String {
    let of = |kind, one, many| {
        let count = rows.iter().filter(|row| row.kind == kind).count();
        (count > 0).then(|| counted(count, one, many))
    };
    let parts = [
        of(What::Relationship, "relationship", "relationships"),
        of(What::Entity, "entity", "entities"),
        of(What::Value, "value", "values"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    match parts.as_slice() {
        [] => "Nothing is weaker.".to_owned(),
        [one] => format!("Weaker or gone: {one}."),
        [first @ .., last] => format!("Weaker or gone: {} and {last}.", first.join(", ")),
    }
}

fn rows(model: &Model, falls: &[Fall]) -> Vec<Row> {
    let seen = model.plain();
    let mut rows: Vec<Row> = falls.iter().filter_map(|fall| row(seen, fall)).collect();
    rows.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
    rows
}

fn row(seen: &Seen, fall: &Fall) -> Option<Row> {
    let entity = seen.get(&fall.entity)?;
    let name = seen.name_of(entity);
    let known = schema::schema(entity.schema());
    let what = match fall.statement {
        None => known.map_or_else(|| entity.schema().to_owned(), |schema| schema.label.clone()),
        Some(key) => {
            let value = entity.value(key)?;
            let property = known.and_then(|schema| schema.property(value.property));
            let label = property
                .map_or_else(|| value.property.to_owned(), |property| property.label.clone());
            let named = seen.find(value.text).map_or(value.text, |other| other.caption());
            format!("{label}: {named}")
        }
    };
    let after = fall.after.map_or("gone", |strength| strength.words());
    let kind = match (fall.statement, entity.is_link()) {
        (Some(_), _) => What::Value,
        (None, true) => What::Relationship,
        (None, false) => What::Entity,
    };
    Some(Row {
        kind,
        entity: fall.entity.clone(),
        name,
        what,
        change: format!("{} → {after}", fall.before.words()),
    })
}

/// What would fall if a document were withdrawn, in one sentence; `None` where nothing would.
pub fn warning(model: &Model, document: &Id) -> Option<String> {
    let falls = model.would_fall(&Lens::without_evidence(document.clone()));
    let mut rows = rows(model, &falls);
    rows.retain(|row| row.entity != *document && row.kind != What::Value);
    let first: Vec<String> = rows
        .iter()
        .take(5)
        .map(|row| format!("{} ({}, {})", row.name, row.what, row.change))
        .collect();
    let more = rows.len().saturating_sub(first.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!rows.is_empty()).then(|| format!("These rest on it: {}{more}.", first.join("; ")))
}
