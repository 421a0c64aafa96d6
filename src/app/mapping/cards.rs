//! What a row becomes: a card for each entity and relationship.

use egui::{ComboBox, Frame, Margin, Popup, PopupCloseBehavior, RichText, ScrollArea, Ui};

use super::{MappingState, columns};
use crate::{
    app::{
        theme::{S4, S8, T11, Theme},
        widgets::{self, icon_button, schema_icon},
    },
    chart::icon::ui as icon,
    exchange::table::{Mapping, edit},
    model::schema::{self, Schema},
};

pub(super) fn ui(state: &mut MappingState, ui: &mut Ui, theme: &Theme, height: f32) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = S4;
        ui.label(RichText::new("A row becomes").size(T11).color(theme.weak));
        add(state, ui, false);
        add(state, ui, true);
    });
    let mut gone = None;
    ScrollArea::vertical()
        .id_salt("cards")
        .max_height(height - 32.0)
        .auto_shrink([false, false])
        .show(ui, |ui| {
            for at in 0..state.mapping.entities.len() {
                let frame = Frame::new().fill(theme.sunken).corner_radius(6).inner_margin(Margin::same(8));
                ui.push_id(at, |ui| {
                    frame.show(ui, |ui| {
                        ui.set_width(ui.available_width());
                        if card(state, ui, theme, at) {
                            gone = Some(at);
                        }
                    });
                });
                ui.add_space(S4);
            }
            if state.mapping.entities.is_empty() {
                let hint = "Add an entity for each thing that a row describes (company, person, vessel), then assign columns to it.";
                ui.label(RichText::new(hint).size(T11).color(theme.weak));
            }
        });
    if let Some(at) = gone {
        state.mapping.remove(at);
        state.renaming = None;
    }
}

/// A button with a menu of schemata to add one of.
fn add(state: &mut MappingState, ui: &mut Ui, edges: bool) {
    let (words, label) = if edges {
        ("+ relationship", "Add a relationship")
    } else {
        ("+ entity", "Add an entity")
    };
    let response = ui.small_button(words);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, label));
    if response.clicked() {
        state.search.clear();
    }
    let popup = Popup::menu(&response)
        .style(egui::style::StyleModifier::default())
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    popup.show(|ui| {
        ui.set_width(220.0);
        let typed = widgets::field(ui, &mut state.search, "Find a kind", "Find a kind", 204.0);
        if response.clicked() {
            typed.request_focus();
        }
        let height = super::list_height(ui, &response);
        if let Some(name) = schemata(ui, &state.search, edges, "", height) {
            state.mapping.add(&name);
            ui.close();
        }
    });
}

/// A list of schemata; gives the one that is clicked.
fn schemata(ui: &mut Ui, search: &str, edges: bool, present: &str, height: f32) -> Option<String> {
    let search = search.trim().to_lowercase();
    let mut chosen = None;
    ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show(ui, |ui| {
        let fits = |schema: &&Schema| {
            schema.is_creatable()
                && schema.is_edge() == edges
                && schema.label.to_lowercase().contains(&search)
        };
        for schema in schema::schemata().filter(fits) {
            let text = RichText::new(&schema.label).size(T11);
            if ui.selectable_label(schema.name == present, text).clicked() {
                chosen = Some(schema.name.clone());
            }
        }
    });
    chosen
}

/// One card; true where it is to go.
fn card(state: &mut MappingState, ui: &mut Ui, theme: &Theme, at: usize) -> bool {
    let mut gone = false;
    let (name, schema_name) = {
        let entity = &state.mapping.entities[at];
        (entity.name.clone(), entity.schema.clone())
    };
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = S4;
        schema_icon(ui, theme, &schema_name, 18.0);
        let mut typed = match &state.renaming {
            Some((renamed, typed)) if *renamed == at => typed.clone(),
            _ => name.clone(),
        };
        let width = (ui.available_width() - 146.0).max(60.0);
        let response = widgets::field(ui, &mut typed, &format!("Name of {name}"), "", width);
        if response.gained_focus() {
            response.scroll_to_me(None);
        }
        if response.changed() {
            state.renaming = Some((at, typed.clone()));
        }
        if response.lost_focus() && state.renaming.take().is_some() {
            state.mapping.rename(at, typed.trim());
        }
        let is_edge = schema::schema(&schema_name).is_some_and(Schema::is_edge);
        let combo = ComboBox::from_id_salt("schema")
            .selected_text(RichText::new(schema::label(&schema_name)).size(T11))
            .width(84.0)
            .truncate();
        let combo = combo.show_ui(ui, |ui| {
            if let Some(other) = schemata(ui, "", is_edge, &schema_name, 260.0) {
                state.mapping.retype(at, &other);
            }
        });
        label(&combo.response, &format!("Kind of {name}"));
        gone = icon_button(ui, theme, icon::CLOSE, &format!("Remove {name}")).clicked();
    });
    references(&mut state.mapping, ui, theme, at);
    said(&state.mapping, ui, theme, at);
    keys(state, ui, theme, at);
    filters(state, ui, theme, at);
    gone
}

fn label(response: &egui::Response, text: &str) {
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, text));
}

/// The ends of a relationship, or another property that names an entity of the row.
fn references(mapping: &mut Mapping, ui: &mut Ui, theme: &Theme, at: usize) {
    let entity = &mapping.entities[at];
    let (Some(known), name) = (entity.known(), entity.name.clone()) else { return };
    let mut wanted: Vec<String> = Vec::new();
    if let Some(edge) = &known.edge {
        wanted.extend([edge.source.clone(), edge.target.clone()]);
    }
    let others = entity.properties.iter().filter(|said| said.entity.is_some());
    for said in others {
        if !wanted.contains(&said.property) {
            wanted.push(said.property.clone());
        }
    }
    for property in wanted {
        let entity = &mapping.entities[at];
        let present = entity.properties.iter().find(|said| said.property == property);
        let present = present.and_then(|said| said.entity.clone());
        let choices: Vec<String> = mapping
            .entities
            .iter()
            .enumerate()
            .filter(|(other, entity)| *other != at && edit::may_be(known, &property, entity))
            .map(|(_, entity)| entity.name.clone())
            .collect();
        let mut chosen = None;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = S4;
            let words = columns::label(&known.name, &property).to_lowercase();
            ui.add_sized(
                [86.0, 20.0],
                egui::Label::new(RichText::new(&words).size(T11).color(theme.weak)).truncate(),
            );
            let ink = if present.is_some() { theme.text } else { theme.alarm };
            let shown =
                RichText::new(present.as_deref().unwrap_or("choose …")).size(T11).color(ink);
            let combo = ComboBox::from_id_salt(&property)
                .selected_text(shown)
                .width(ui.available_width() - S4)
                .truncate();
            let combo = combo.show_ui(ui, |ui| {
                for choice in &choices {
                    if ui.selectable_label(present.as_ref() == Some(choice), choice).clicked() {
                        chosen = Some(choice.clone());
                    }
                }
                if choices.is_empty() {
                    let hint = "No entity of this row fits. Add one.";
                    ui.label(RichText::new(hint).size(T11).color(theme.weak));
                }
            });
            label(&combo.response, &format!("{words} of {name}"));
        });
        if let Some(chosen) = chosen {
            mapping.refer(at, &property, Some(&chosen));
        }
    }
}

/// What is said of it, in short.
fn said(mapping: &Mapping, ui: &mut Ui, theme: &Theme, at: usize) {
    let entity = &mapping.entities[at];
    let words: Vec<String> = entity
        .properties
        .iter()
        .filter(|said| said.entity.is_none())
        .map(|said| {
            let what = if said.labelled {
                "Notes"
            } else {
                columns::label(&entity.schema, &said.property)
            };
            let from = said.all_columns().join(" + ");
            let from =
                if from.is_empty() { format!("“{}”", said.literals.join(", ")) } else { from };
            format!("{what}: {from}")
        })
        .collect();
    let text = if words.is_empty() {
        "No column is assigned yet.".to_owned()
    } else {
        words.join("  ·  ")
    };
    let text = egui::Label::new(RichText::new(text).size(T11).color(theme.weak));
    ui.add(text.wrap());
}

/// What tells one from another.
fn keys(state: &mut MappingState, ui: &mut Ui, theme: &Theme, at: usize) {
    let entity = &state.mapping.entities[at];
    let (name, keys) = (entity.name.clone(), entity.keys.clone());
    let is_edge = entity.known().is_some_and(Schema::is_edge);
    let shown = match (&entity.id_column, keys.is_empty()) {
        (Some(column), _) => format!("{column} (the id itself)"),
        (None, true) => "everything said of it".to_owned(),
        (None, false) => keys.join(" + "),
    };
    let mut toggled = None;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = S4;
        ui.add_sized(
            [86.0, 20.0],
            egui::Label::new(RichText::new("told apart by").size(T11).color(theme.weak)),
        );
        let combo = ComboBox::from_id_salt("keys")
            .selected_text(RichText::new(shown).size(T11))
            .width(ui.available_width() - S4)
            .height(300.0)
            .truncate()
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside);
        let combo = combo.show_ui(ui, |ui| {
            for column in &state.mapping.columns {
                let mut on = keys.contains(column);
                if ui.checkbox(&mut on, RichText::new(column).size(T11)).changed() {
                    toggled = Some(column.clone());
                }
            }
        });
        label(&combo.response, &format!("What tells one {name} from another"));
    });
    if let Some(column) = toggled {
        state.mapping.toggle_key(at, &column);
    }
    if is_edge {
        let entity = &mut state.mapping.entities[at];
        let words = RichText::new("equal rows are different ones").size(T11);
        ui.checkbox(&mut entity.each_row, words)
            .on_hover_text("Two equal rows may be two payments of one day, or a duplicate");
    }
}

/// Of which rows it is made.
fn filters(state: &mut MappingState, ui: &mut Ui, theme: &Theme, at: usize) {
    let name = state.mapping.entities[at].name.clone();
    let mut gone = None;
    for (is, filters) in [
        (true, &state.mapping.entities[at].filters),
        (false, &state.mapping.entities[at].filters_not),
    ] {
        for (column, values) in filters {
            ui.horizontal(|ui| {
                let verb = if is { "is" } else { "is not" };
                let values: Vec<&str> =
                    values.iter().map(|v| if v.is_empty() { "empty" } else { v }).collect();
                let text = format!("only where {column} {verb} {}", values.join(" or "));
                // A long condition leaves room for its button, or the dialog grows out of the window.
                let room =
                    ui.available_width() - ui.spacing().item_spacing.x - widgets::ICON_BUTTON;
                ui.scope(|ui| {
                    ui.set_max_width(room.max(40.0));
                    ui.add(egui::Label::new(RichText::new(&text).size(T11)).truncate())
                        .on_hover_text(&text);
                });
                let label = format!("Take out the condition on {column} of {name}");
                if icon_button(ui, theme, icon::CLOSE, &label).clicked() {
                    gone = Some((is, column.clone()));
                }
            });
        }
    }
    let entity = &mut state.mapping.entities[at];
    match gone {
        Some((true, column)) => drop(entity.filters.remove(&column)),
        Some((false, column)) => drop(entity.filters_not.remove(&column)),
        None => {}
    }
    let response = ui.small_button(RichText::new("only some rows …").size(T11));
    let label = format!("Make {name} of some rows only");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &label));
    let popup = Popup::menu(&response)
        .style(egui::style::StyleModifier::default())
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    popup.show(|ui| {
        ui.set_width(240.0);
        ui.label(
            RichText::new("Only for rows where a column has one of these values")
                .size(T11)
                .color(theme.weak),
        );
        let height = super::list_height(ui, &response);
        ScrollArea::vertical().max_height(height).show(ui, |ui| choices(state, ui, at));
    });
}

/// Columns with few different values, to choose some of them.
fn choices(state: &mut MappingState, ui: &mut Ui, at: usize) {
    const FEW: usize = 12;
    let Some(table) = &state.table else { return };
    let mut any = false;
    for (place, column) in table.columns.iter().enumerate() {
        let values: std::collections::BTreeSet<&str> =
            table.sample.iter().map(|row| row.get(place)).take(200).collect();
        let long = values.iter().any(|value| value.chars().count() > 40);
        if values.len() < 2 || values.len() > FEW || long || values.len() * 2 > table.sample.len() {
            continue;
        }
        any = true;
        ui.collapsing(RichText::new(column).size(T11), |ui| {
            for value in values {
                let entity = &mut state.mapping.entities[at];
                let chosen = entity.filters.entry(column.clone()).or_default();
                let mut on = chosen.iter().any(|other| other == value);
                let word = if value.is_empty() { "empty" } else { value };
                if ui.checkbox(&mut on, RichText::new(word).size(T11)).changed() {
                    if on {
                        chosen.push(value.to_owned());
                    } else {
                        chosen.retain(|other| other != value);
                    }
                }
                if chosen.is_empty() {
                    entity.filters.remove(column);
                }
            }
        });
    }
    if !any {
        ui.add_space(S8);
        ui.label(
            RichText::new("No column of the first rows has a few values that repeat.").size(T11),
        );
    }
}
