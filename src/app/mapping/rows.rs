//! The first rows as the entities that they become, with what is wrong below each.

use std::collections::HashMap;

use egui::{RichText, Ui};

use super::problem;
use crate::{
    app::{
        theme::{S4, T11, T13, Theme, semibold},
        widgets::schema_icon,
    },
    case::NewEntity,
    exchange::{
        import::{caption, ends},
        table::{Nodes, Sketch},
    },
    model::{schema, value},
};

pub(super) fn ui(ui: &mut Ui, theme: &Theme, sketch: &Sketch, nodes: &Nodes) {
    let mut names: HashMap<&str, String> =
        sketch.entities.iter().map(|entity| (entity.id.as_str(), caption(entity))).collect();
    for id in sketch.entities.iter().flat_map(|entity| &entity.values).map(|value| &*value.value) {
        if let Some(name) = nodes.name(id) {
            names.entry(id).or_insert_with(|| name.to_owned());
        }
    }
    let mut places: Vec<&str> = Vec::new();
    let of_entities = sketch.entities.iter().filter_map(|entity| entity.origin.as_ref());
    let of_entities = of_entities.map(|origin| origin.place.as_str());
    for place in of_entities.chain(sketch.problems.iter().map(|problem| problem.place.as_str())) {
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places.sort_by_key(|place| number(place));
    ui.spacing_mut().item_spacing.y = 2.0;
    ui.spacing_mut().interact_size.y = 18.0;
    for place in places {
        ui.horizontal_top(|ui| {
            // The sheet stands above the table.
            let row = place.rsplit_once(", ").map_or(place, |(_, row)| row);
            let label = egui::Label::new(RichText::new(row).size(T11).color(theme.weak));
            ui.add_sized([92.0, 18.0], label.truncate()).on_hover_text(place);
            ui.vertical(|ui| {
                let here = |entity: &&NewEntity| {
                    entity.origin.as_ref().is_some_and(|origin| origin.place == place)
                };
                for entity in sketch.entities.iter().filter(here) {
                    line(ui, theme, entity, &names);
                }
                sketch
                    .problems
                    .iter()
                    .filter(|p| p.place == place)
                    .for_each(|p| problem(ui, theme, p));
            });
        });
        ui.add_space(S4);
    }
    if sketch.entities.is_empty() && sketch.problems.is_empty() {
        let text = "The first rows give no entity. Assign a column that has values.";
        ui.label(RichText::new(text).color(theme.weak));
    }
}

/// The number of the row that a place names.
fn number(place: &str) -> u64 {
    place.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or(u64::MAX)
}

/// An entity in a line: its icon, its name or its ends, and what is said of it.
fn line(ui: &mut Ui, theme: &Theme, entity: &NewEntity, names: &HashMap<&str, String>) {
    let known = schema::schema(&entity.schema);
    let name = match &ends(entity)[..] {
        [source, target] => {
            let name = |id: &String| names.get(id.as_str()).map_or("…", String::as_str);
            format!("{} → {}", name(source), name(target))
        }
        _ => caption(entity),
    };
    let said = entity.values.iter().filter_map(|stated| {
        let property = known.and_then(|schema| schema.property(&stated.property))?;
        let is_name = stated.value == name;
        let is_end = property.range.is_some();
        (!is_name && !is_end).then(|| {
            let text = value::display_written(property, &stated.value, stated.original.as_deref());
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            format!("{}: {text}", property.label)
        })
    });
    let said = said.collect::<Vec<_>>().join("  ·  ");
    ui.horizontal(|ui| {
        schema_icon(ui, theme, &entity.schema, 16.0);
        ui.label(RichText::new(&name).font(semibold(T13)));
        let text = RichText::new(format!("{}  {said}", schema::label(&entity.schema)));
        let full = format!("{}\n{}", schema::label(&entity.schema), said.replace("  ·  ", "\n"));
        ui.add(egui::Label::new(text.size(T11).color(theme.weak)).truncate()).on_hover_text(full);
    });
}
