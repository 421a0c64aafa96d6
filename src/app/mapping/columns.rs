//! What a column becomes: in words, and the menu that changes it.

use egui::{Key, Popup, PopupCloseBehavior, Response, RichText, ScrollArea, Ui};

use super::{MappingState, heading};
use crate::{
    app::{
        theme::{S4, T11, Theme},
        widgets,
    },
    exchange::table::{EntityMapping, Mapping, Order, PropertyMapping, edit},
    model::{Property, PropertyType, schema},
};

/// Parties that a column can become with one choice: what they are, and the relationship that
/// ties them to the first thing of the row.
const PARTIES: [(&str, &str); 8] = [
    ("Person", "Directorship"),
    ("LegalEntity", "Ownership"),
    ("Person", "Employment"),
    ("Person", "Family"),
    ("LegalEntity", "UnknownLink"),
    ("Company", ""),
    ("Person", ""),
    ("Vessel", ""),
];

/// The parties that a column can become, in words, each with the mapping that makes it so.
fn parties(mapping: &Mapping, column: &str) -> Vec<(String, Mapping)> {
    let mut all: Vec<(String, Mapping)> = Vec::new();
    for (schema, edge) in PARTIES {
        let mut changed = mapping.clone();
        changed.party(column, schema, edge);
        let Some(words) = changed.becomes(column) else { continue };
        let is_new = !all.iter().any(|(known, _)| *known == words);
        if is_new && changed.check(&changed.columns).is_ok() {
            all.push((words, changed));
        }
    }
    all
}

/// What people call a property.
pub(super) fn label<'a>(schema_name: &str, property: &'a str) -> &'a str {
    schema::schema(schema_name)
        .and_then(|schema| schema.property(property))
        .map_or(property, |property| property.label.as_str())
}

/// The properties that a column can become, the usual ones first.
fn offered(entity: &EntityMapping) -> Vec<&'static Property> {
    let Some(known) = entity.known() else { return Vec::new() };
    let featured = known.featured.iter().filter_map(|name| known.property(name));
    let mut all: Vec<&Property> = featured.collect();
    let mut rest: Vec<&Property> = known.properties().collect();
    rest.sort_by(|a, b| a.label.cmp(&b.label));
    for property in rest {
        if !all.iter().any(|other| other.name == property.name) {
            all.push(property);
        }
    }
    all.retain(|p| !p.stub && !p.hidden && !p.deprecated && p.type_ != PropertyType::Entity);
    all
}

/// The entities of a mapping by their places, those that a column is about before the others.
fn about_first(mapping: &Mapping, column: &str) -> Vec<usize> {
    let about: Vec<usize> = mapping.uses(column).into_iter().map(|(at, _)| at).collect();
    let mut order: Vec<usize> = (0..mapping.entities.len()).collect();
    order.sort_by_key(|at| !about.contains(at));
    order
}

/// The menu below a column's button.
pub(super) fn picker(state: &mut MappingState, theme: &Theme, response: &Response, column: &str) {
    if response.clicked() {
        state.search.clear();
    }
    let popup =
        Popup::menu(response).close_behavior(PopupCloseBehavior::CloseOnClickOutside).width(280.0);
    popup.show(|ui| {
        ui.set_width(280.0);
        let typed =
            widgets::field(ui, &mut state.search, "Find a property", "Find a property", 264.0);
        if response.clicked() {
            typed.request_focus();
        }
        let order = about_first(&state.mapping, column);
        ui.horizontal(|ui| {
            if ui.button("Not used").clicked() {
                state.mapping.unmap(column);
                ui.close();
            }
            let able = |at: &usize| edit::notes_of(&state.mapping.entities[*at].schema).is_some();
            // Of all that it was said of, each of which only some rows may make; else of the first.
            let mut notes: Vec<usize> =
                state.mapping.uses(column).into_iter().map(|(at, _)| at).filter(able).collect();
            notes.dedup();
            if notes.is_empty() {
                notes.extend(order.iter().copied().find(able));
            }
            let keep = ui.add_enabled(!notes.is_empty(), egui::Button::new("Keep as a note"));
            let keep = keep
                .on_hover_text(format!("As “{column}: …” among the notes"))
                .on_disabled_hover_text("Add an entity first, for the note.");
            if keep.clicked() {
                state.mapping.note(column, &notes);
                ui.close();
            }
        });
        options(state, ui, theme, column);
        let search = state.search.trim().to_lowercase();
        // By keyboard: Enter takes the first that fits what is typed, ↓ goes to the list.
        let pressed = |key| ui.input(|input| input.key_pressed(key));
        let entered = typed.lost_focus() && pressed(Key::Enter) && !search.is_empty();
        let mut first = Some(typed.has_focus() && pressed(Key::ArrowDown));
        let mut taken = |item: &Response| {
            let is_first = first.take();
            if is_first == Some(true) {
                item.request_focus();
            }
            item.clicked() || is_first.is_some() && entered
        };
        let mut chosen = None;
        let mut changed = None;
        let height = super::list_height(ui, response);
        ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show(ui, |ui| {
            let parties = parties(&state.mapping, column).into_iter();
            let parties: Vec<_> =
                parties.filter(|(words, _)| words.to_lowercase().contains(&search)).collect();
            if !parties.is_empty() {
                heading(ui, "A party of the row");
            }
            for (words, party) in parties {
                let on = state.mapping.becomes(column).as_ref() == Some(&words);
                let item = ui.selectable_label(on, RichText::new(&words).size(T11));
                widgets::named(&item, &format!("{column} is: {words}"), Some(on), true);
                if taken(&item) {
                    changed = Some(party);
                }
            }
            for at in order {
                let entity = &state.mapping.entities[at];
                let fits = |property: &&Property| {
                    search.is_empty()
                        || property.label.to_lowercase().contains(&search)
                        || property.name.to_lowercase().contains(&search)
                };
                let fitting: Vec<_> = offered(entity).into_iter().filter(fits).collect();
                if fitting.is_empty() {
                    continue;
                }
                heading(ui, &entity.name);
                for property in fitting {
                    let on = entity.properties.iter().any(|said| {
                        said.property == property.name
                            && !said.labelled
                            && said.columns.iter().any(|c| c == column)
                    });
                    let item = ui.selectable_label(on, RichText::new(&property.label).size(T11));
                    let name = format!("{} · {}", entity.name, property.label);
                    widgets::named(&item, &name, Some(on), true);
                    if taken(&item) {
                        chosen = Some((at, property.name.clone()));
                    }
                }
            }
            if state.mapping.entities.is_empty() {
                let hint = "Add an entity on the right first. Its properties are then listed here.";
                ui.label(RichText::new(hint).size(T11).color(theme.weak));
            }
        });
        if let Some(party) = changed {
            state.mapping = party;
            ui.close();
        }
        if let Some((entity, property)) = chosen {
            state.mapping.map(column, entity, &property);
            ui.close();
        }
    });
}

/// How the cells of a column are read, where that can be said.
fn options(state: &mut MappingState, ui: &mut Ui, theme: &Theme, column: &str) {
    let uses = state.mapping.uses(column);
    let Some((entity, nth)) = uses.first().copied() else { return };
    let schema = state.mapping.entities[entity].known();
    let said = &mut state.mapping.entities[entity].properties[nth];
    let Some(property) = schema.and_then(|schema| schema.property(&said.property)) else { return };
    let line = |ui: &mut Ui, text: &str| {
        ui.label(RichText::new(text).size(T11).color(theme.weak));
    };
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = S4;
        match property.type_ {
            PropertyType::Date => {
                line(ui, "Dates");
                order(ui, &mut said.order);
            }
            PropertyType::Number => decimal(ui, said, &line),
            _ if property.name == "percentage" => decimal(ui, said, &line),
            PropertyType::Name
            | PropertyType::String
            | PropertyType::Text
            | PropertyType::Address
                if !said.labelled =>
            {
                line(ui, "Separator within a cell");
                let mut split = said.split.clone().unwrap_or_default();
                widgets::field(ui, &mut split, "What parts several values in a cell", "", 30.0);
                said.split = (!split.is_empty()).then_some(split);
                line(ui, "language");
                let mut lang = said.lang.clone().unwrap_or_default();
                widgets::field(ui, &mut lang, "Language of the column", "", 36.0)
                    .on_hover_text("Three letters, such as zho, kor, rus or eng; may stay empty");
                said.lang = (!lang.is_empty()).then_some(lang);
            }
            _ => {}
        }
    });
    if said.columns.len() > 1 && !said.labelled {
        let mut joined = said.join.is_some();
        let words = format!("Join these {} columns to one value", said.columns.len());
        if ui.checkbox(&mut joined, RichText::new(words).size(T11)).changed() {
            let comma = property.type_ == PropertyType::Address;
            said.join = joined.then(|| if comma { ", ".to_owned() } else { " ".to_owned() });
        }
    }
    ui.separator();
}

fn order(ui: &mut Ui, order: &mut Option<Order>) {
    for (value, word) in [
        (None, "the cells tell"),
        (Some(Order::Day), "day first"),
        (Some(Order::Month), "month first"),
    ] {
        ui.selectable_value(order, value, RichText::new(word).size(T11));
    }
}

fn decimal(ui: &mut Ui, said: &mut PropertyMapping, line: &dyn Fn(&mut Ui, &str)) {
    line(ui, "Decimals after");
    for (value, word) in [(None, "the cells tell"), (Some(','), "a comma"), (Some('.'), "a point")]
    {
        ui.selectable_value(&mut said.decimal, value, RichText::new(word).size(T11));
    }
}

/// Columns whose dates could mean two days each are asked about, once each.
pub(super) fn questions(state: &mut MappingState, ui: &mut Ui, theme: &Theme) {
    let asked: Vec<String> = state
        .guess
        .columns
        .iter()
        .filter(|column| column.ambiguous)
        .map(|column| column.heading.clone())
        .collect();
    for column in asked.iter().take(4) {
        let Some((entity, nth)) = state.mapping.uses(column).first().copied() else { continue };
        let schema = state.mapping.entities[entity].known();
        let said = &mut state.mapping.entities[entity].properties[nth];
        let property = schema.and_then(|schema| schema.property(&said.property));
        if said.format.is_some() || property.is_none_or(|p| p.type_ != PropertyType::Date) {
            continue;
        }
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = S4;
            let ink = if said.order.is_none() { theme.alarm } else { theme.weak };
            let words = format!("Dates in “{column}” are ambiguous:");
            ui.label(RichText::new(words).size(T11).color(ink));
            for (value, word) in
                [(Order::Day, "the day comes first"), (Order::Month, "the month comes first")]
            {
                let on = said.order == Some(value);
                let response = ui.selectable_label(on, RichText::new(word).size(T11));
                widgets::named(&response, &format!("In {column} {word}"), Some(on), true);
                if response.clicked() {
                    said.order = Some(value);
                }
            }
        });
    }
}
