//! What files would become: how many of what, the first of them, and what is not understood.

use std::collections::BTreeMap;

use egui::{RichText, ScrollArea, Ui};

use super::shown;
use crate::{
    app::{
        model::Model,
        theme::{S4, S8, T11, T13, Theme, semibold},
        widgets::{schema_icon, section},
    },
    case::{NewEntity, NewValue},
    exchange::{
        self,
        import::{Preview, Problems, caption, ends, readable},
    },
    model::{
        Id,
        schema::{self, PropertyType, Schema},
        value,
    },
    network::measured::grouped,
};

/// Reasons of what was not understood that are drawn; the rest is counted.
const ROWS: usize = 200;
/// Reasons that are drawn without being asked for.
const FEW: usize = 3;

/// How many of each kind, in words: `8,976 entities and 3,383 relationships`.
pub(super) fn counted(schemata: &BTreeMap<String, u64>) -> String {
    let (links, entities): (Vec<_>, Vec<_>) =
        schemata.iter().partition(|(name, _)| schema::schema(name).is_some_and(Schema::is_edge));
    let sum = |parts: &[(&String, &u64)]| parts.iter().map(|(_, count)| **count).sum();
    in_words(sum(&entities), sum(&links))
}

/// So many entities and so many relationships, in words.
pub(super) fn in_words(entities: u64, links: u64) -> String {
    let words = |count: u64, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{} {many}", grouped(count as usize))),
    };
    let parts =
        [words(entities, "entity", "entities"), words(links, "relationship", "relationships")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(" and ") }
}

/// Draws it; says whether another format was chosen, so that the files are to be read anew.
pub(super) fn ui(
    ui: &mut Ui,
    model: &Model,
    theme: &Theme,
    preview: &Preview,
    format: &mut Option<String>,
    height: f32,
) -> bool {
    let mut anew = false;
    ui.horizontal_top(|ui| {
        ui.vertical(|ui| {
            ui.set_width(220.0);
            anew = kinds(ui, theme, preview, format, height);
        });
        ui.add_space(S8);
        ui.vertical(|ui| {
            section(ui, theme, "First entities and relationships after the import");
            ScrollArea::vertical()
                .id_salt("first")
                .max_height(height)
                .auto_shrink([false, true])
                .show(ui, |ui| {
                    for entity in &preview.entities {
                        row(ui, theme, preview, entity, &caption(entity));
                    }
                    for link in &preview.links {
                        row(ui, theme, preview, link, &between(link, model, preview));
                    }
                    if preview.entities.is_empty() && preview.links.is_empty() {
                        let words = "Nothing in the file could be read as an entity.";
                        ui.label(RichText::new(words).color(theme.weak));
                    }
                });
        });
    });
    problems(ui, theme, &preview.problems);
    anew
}

/// How many of what, and what the files are read as.
fn kinds(
    ui: &mut Ui,
    theme: &Theme,
    preview: &Preview,
    format: &mut Option<String>,
    height: f32,
) -> bool {
    let mut anew = false;
    section(ui, theme, "Read as");
    let label = exchange::format(preview.format).map_or(preview.format, |format| format.label);
    let combo = egui::ComboBox::from_id_salt("format").selected_text(label).width(200.0);
    let response = combo.show_ui(ui, |ui| {
        for name in readable() {
            let label = exchange::format(name).map_or(name, |format| format.label);
            if ui.selectable_label(name == preview.format, label).clicked() {
                *format = Some(name.to_owned());
                anew = name != preview.format;
            }
        }
    });
    response.response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Format of the file")
    });
    section(ui, theme, "Contents");
    let mut schemata: Vec<(&String, &u64)> = preview.schemata.iter().collect();
    schemata.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), name.as_str()));
    ScrollArea::vertical()
        .id_salt("kinds")
        .max_height((height - 90.0).max(60.0))
        .auto_shrink([false, true])
        .show(ui, |ui| {
            for (name, count) in schemata {
                ui.horizontal(|ui| {
                    schema_icon(ui, theme, name, 18.0);
                    ui.label(RichText::new(grouped(*count as usize)).font(semibold(T13)));
                    ui.add(egui::Label::new(schema::label(name)).truncate());
                });
            }
        });
    ui.add_space(S4);
    let known = match preview.known {
        0 => "None of these was imported into this case before.".to_owned(),
        1 => "1 is in the case already; missing values are added to it.".to_owned(),
        many => format!(
            "{} are in the case already; missing values are added to them.",
            grouped(many as usize)
        ),
    };
    ui.label(RichText::new(known).size(T11).color(theme.weak));
    anew
}

/// An entity as it will be: what it is called, and below it what is said of it.
fn row(ui: &mut Ui, theme: &Theme, preview: &Preview, entity: &NewEntity, name: &str) {
    ui.horizontal_top(|ui| {
        schema_icon(ui, theme, &entity.schema, 20.0);
        ui.vertical(|ui| {
            ui.add(egui::Label::new(RichText::new(name).font(semibold(T13))).truncate());
            let lines = by_property(entity, preview);
            if !lines.is_empty() {
                let text = RichText::new(lines.join("  ·  ")).size(T11).color(theme.weak);
                let label = ui.add(egui::Label::new(text).truncate());
                label.on_hover_text(in_full(entity, &lines));
            }
        });
    });
    ui.add_space(S4);
}

/// What is said of a property, all its values together; of other entities, what they are called.
fn labelled(entity: &NewEntity, said: &[&NewValue], preview: &Preview) -> String {
    let first = &said[0].property;
    let known = schema::schema(&entity.schema).and_then(|schema| schema.property(first));
    let label = known.map_or(first.as_str(), |property| property.label.as_str());
    let texts = said.iter().filter_map(|stated| match known {
        Some(property) if property.type_ == PropertyType::Entity => {
            preview.captions.get(&Id::from(stated.value.as_str())).cloned()
        }
        Some(property) => Some(value::display(property, &shown(stated))),
        None => Some(shown(stated)),
    });
    let texts: Vec<String> = texts.collect();
    if texts.is_empty() { String::new() } else { format!("{label}: {}", texts.join("; ")) }
}

/// What is said of an entity, property by property.
fn by_property(entity: &NewEntity, preview: &Preview) -> Vec<String> {
    let mut groups: Vec<Vec<&NewValue>> = Vec::new();
    for stated in said(entity) {
        match groups.iter_mut().find(|group| group[0].property == stated.property) {
            Some(group) => group.push(stated),
            None => groups.push(vec![stated]),
        }
    }
    let mut lines: Vec<String> =
        groups.iter().map(|group| labelled(entity, group, preview)).collect();
    lines.retain(|line| !line.is_empty());
    lines
}

/// What is said of it besides its name and, for a relationship, its ends: what tells a reader
/// most comes first, web addresses last.
fn said(entity: &NewEntity) -> Vec<&NewValue> {
    let known = schema::schema(&entity.schema);
    let edge = known.and_then(|schema| schema.edge.as_ref());
    let name = caption(entity);
    let mut said: Vec<&NewValue> = entity.values.iter().collect();
    said.retain(|stated| {
        let is_end = edge.is_some_and(|e| [&e.source, &e.target].contains(&&stated.property));
        !is_end && stated.value != name
    });
    said.sort_by_key(|stated| {
        let property = known.and_then(|schema| schema.property(&stated.property));
        property.is_none_or(|property| property.type_ == PropertyType::Url)
    });
    said
}

fn in_full(entity: &NewEntity, lines: &[String]) -> String {
    let origin = entity.origin.as_ref().map(|origin| format!("From {}", origin.place));
    lines.iter().take(40).cloned().chain(origin).collect::<Vec<_>>().join("\n")
}

/// What a relationship will be called: its ends and its kind.
fn between(link: &NewEntity, model: &Model, preview: &Preview) -> String {
    let name = |id: &String| {
        let id = Id::from(id.as_str());
        let there = model.seen.get(&id).map(|entity| entity.caption().to_owned());
        there.or_else(|| preview.captions.get(&id).cloned()).unwrap_or_else(|| id.to_string())
    };
    match &ends(link)[..] {
        [source, target] => {
            format!("{} → {} ({})", name(source), name(target), schema::label(&link.schema))
        }
        _ => caption(link),
    }
}

/// The rows that are left out, each with its place and the reason.
pub(super) fn problems(ui: &mut Ui, theme: &Theme, problems: &Problems) {
    if problems.count == 0 {
        return;
    }
    ui.add_space(S8);
    let words = match problems.count {
        1 => "1 place was not fully understood".to_owned(),
        many => format!("{} places were not fully understood", grouped(many as usize)),
    };
    let title = RichText::new(words).color(theme.alarm);
    let few = problems.groups.len() <= FEW;
    let header = egui::CollapsingHeader::new(title).id_salt("problems").default_open(few);
    header.show(ui, |ui| {
        ScrollArea::vertical()
            .id_salt("problem-rows")
            .max_height(130.0)
            .auto_shrink([false, true])
            .show(ui, |ui| {
                for group in problems.groups.iter().take(ROWS) {
                    let text = RichText::new(group.line(&|_| None)).size(T11);
                    ui.add(egui::Label::new(text).wrap());
                }
                if problems.groups.len() > ROWS {
                    let rest = grouped(problems.groups.len() - ROWS);
                    let text = format!("… and {rest} more reasons; save the list to see all");
                    ui.label(RichText::new(text).size(T11).color(theme.weak));
                }
            });
    });
}
