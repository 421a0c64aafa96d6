//! What the custody record says of a document's file. It is shown and copied, never edited.

use egui::{Label, RichText, Ui};

use crate::app::{
    model::{Model, Request},
    query::DetailsOf,
    theme::{S4, S8, T11, Theme, semibold},
    widgets::{icon_button, size_words, when},
};
use crate::{
    chart::icon::ui as icon,
    model::{Evidence, Id, evidence::FACTS_OF_FILE, schema},
};

/// The custody record of a document, if its bytes are in the case.
pub(super) fn record<'a>(model: &'a Model, id: &Id) -> Option<&'a Evidence> {
    model.evidence.iter().find(|item| item.id == *id)
}

/// Whether a property of this entity is a fact of its file, so that nobody states it.
pub(super) fn is_fact(model: &Model, id: &Id, property: &str) -> bool {
    FACTS_OF_FILE.contains(&property) && record(model, id).is_some()
}

/// The facts of a file as a label and a text.
fn facts(item: &Evidence) -> Vec<(&'static str, String)> {
    let size = match item.size {
        0..1_000 => size_words(item.size),
        bytes => format!("{} ({bytes} bytes)", size_words(bytes)),
    };
    vec![
        ("File name", item.file_name.clone()),
        ("Media type", item.mime.clone()),
        ("Size", size),
        ("SHA-256", item.sha256.clone()),
        (
            "Acquired",
            format!("{} by {}, {}", when(item.acquired_at), item.acquired_by, item.method),
        ),
    ]
}

/// Draws the facts of a document's file and what happened to it.
pub(super) fn ui(
    ui: &mut Ui,
    model: &Model,
    theme: &Theme,
    requests: &mut Vec<Request>,
    item: &Evidence,
) {
    let facts = facts(item);
    ui.add_space(S8);
    ui.horizontal(|ui| {
        ui.label(RichText::new("FILE AND CUSTODY").font(semibold(T11)).color(theme.weak));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if icon_button(ui, theme, icon::CONTENT_COPY, "Copy the facts of the file").clicked() {
                let lines = facts.iter().map(|(what, text)| format!("{what}: {text}"));
                ui.ctx().copy_text(lines.collect::<Vec<_>>().join("\n"));
            }
            ui.label(RichText::new(icon::LOCK).size(T11).color(theme.weak)).on_hover_text(
                "Recorded when the document was acquired. These facts cannot be edited; verify \
                 the case to check them against the stored bytes.",
            );
        });
    });
    for (what, text) in &facts {
        ui.horizontal_top(|ui| {
            let column = egui::Layout::left_to_right(egui::Align::Center);
            ui.allocate_ui_with_layout([92.0, 16.0].into(), column, |ui| {
                ui.set_min_width(92.0);
                ui.label(RichText::new(*what).size(T11).color(theme.weak));
            });
            ui.add(Label::new(RichText::new(text).size(T11)).wrap());
        });
        if *what == "SHA-256" {
            ui.horizontal(|ui| {
                ui.add_space(92.0 + S4);
                if ui.small_button("Copy SHA-256").clicked() {
                    ui.ctx().copy_text(text.clone());
                }
            });
        }
    }
    let Some(details) = model.ask(&DetailsOf(item.id.clone()), requests) else { return };
    // An imported list may say something else of the file, such as a checksum of another kind.
    for statement in details.statements.iter().filter(|s| s.live && !s.denied) {
        if item.fact(&statement.property).is_some_and(|fact| fact != statement.value) {
            let property = model.seen.get(&item.id).and_then(|e| schema::schema(e.schema()));
            let property = property.and_then(|known| known.property(&statement.property));
            let what = property.map_or(statement.property.as_str(), |p| p.label.as_str());
            let text = format!("Stated by a source · {what}: {}", statement.value);
            ui.add(Label::new(RichText::new(text).size(T11).color(theme.weak)).wrap());
        }
    }
    // The record above says how it was acquired.
    for event in details.custody.iter().filter(|event| event.event != "acquired") {
        let text =
            format!("{} · {} by {} · {}", when(event.at), event.event, event.who, event.outcome);
        ui.add(Label::new(RichText::new(text).size(T11)).wrap());
    }
}
