//! The list from which a property to add is chosen: every property of the schema, the usual ones
//! first, found by label or name, by mouse or keyboard.

use std::collections::BTreeSet;

use egui::{Key, Modifiers, RichText, ScrollArea, Ui};

use super::{
    theme::{S4, T11, Theme},
    widgets,
};
use crate::model::{Property, Schema};

/// What became of the list in a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// Nothing is chosen yet.
    Open,
    /// A property, by its name.
    Property(String),
    /// The list was left.
    Leave,
}

/// The list, while it is open.
#[derive(Clone, Debug)]
pub(super) struct Properties {
    text: String,
    /// The row that Enter takes.
    chosen: usize,
    focus: bool,
}

impl Default for Properties {
    fn default() -> Self {
        Self { text: String::new(), chosen: 0, focus: true }
    }
}

/// Properties under a heading.
type Group<'a> = (&'static str, Vec<&'a Property>);

impl Properties {
    /// The properties that fit what was typed: the featured ones, then the rest by label.
    fn groups<'a>(&self, known: &'a Schema, is_offered: &dyn Fn(&str) -> bool) -> Vec<Group<'a>> {
        let wanted = self.text.trim().to_lowercase();
        let fits = |p: &&Property| {
            !p.hidden
                && !p.deprecated
                && is_offered(&p.name)
                && (p.label.to_lowercase().contains(&wanted)
                    || p.name.to_lowercase().contains(&wanted))
        };
        let usual: Vec<&Property> =
            known.featured.iter().filter_map(|name| known.property(name)).filter(fits).collect();
        let names: BTreeSet<&str> = usual.iter().map(|p| p.name.as_str()).collect();
        let rest = known.properties().filter(|p| !names.contains(p.name.as_str()));
        let mut rest: Vec<&Property> = rest.filter(fits).collect();
        rest.sort_by_key(|p| {
            let label = p.label.to_lowercase();
            (!label.starts_with(&wanted), label)
        });
        let groups = [("Most used", usual), ("All properties", rest)];
        groups.into_iter().filter(|(_, all)| !all.is_empty()).collect()
    }

    /// Draws the field and the list; `is_offered` and `count` say of a property's name whether
    /// people state it and how many values it has.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        known: &Schema,
        is_offered: &dyn Fn(&str) -> bool,
        count: &dyn Fn(&str) -> usize,
    ) -> Choice {
        let width = ui.available_width() - 8.0;
        let mut entered = false;
        let mut moved = false;
        let total: usize = self.groups(known, is_offered).iter().map(|(_, all)| all.len()).sum();
        let last = total.saturating_sub(1);
        let mut left = false;
        ui.input_mut(|i| {
            left = i.consume_key(Modifiers::NONE, Key::Escape);
            for (key, to) in [
                (Key::ArrowDown, (self.chosen + 1).min(last)),
                (Key::ArrowUp, self.chosen.saturating_sub(1)),
                (Key::PageDown, (self.chosen + 8).min(last)),
                (Key::PageUp, self.chosen.saturating_sub(8)),
            ] {
                if i.consume_key(Modifiers::NONE, key) {
                    self.chosen = to;
                    moved = true;
                }
            }
            entered = i.consume_key(Modifiers::NONE, Key::Enter);
        });
        if left {
            return Choice::Leave;
        }
        let hint = "Part of its name";
        let response = widgets::field(ui, &mut self.text, "Property to add", hint, width);
        if std::mem::take(&mut self.focus) {
            response.request_focus();
            response.scroll_to_me(None);
        }
        if response.changed() {
            self.chosen = 0;
        }
        let groups = self.groups(known, is_offered);
        let mut chosen = None;
        ui.add_space(S4 / 2.0);
        ScrollArea::vertical().id_salt("properties").max_height(220.0).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let mut number = 0;
            for (heading, all) in &groups {
                ui.label(RichText::new(*heading).size(T11).color(theme.weak));
                for property in all {
                    let values = match count(&property.name) {
                        0 => String::new(),
                        1 => "  · has a value".to_owned(),
                        many => format!("  · has {many} values"),
                    };
                    let on = number == self.chosen;
                    let text = format!("{}{values}", property.label);
                    let button = egui::Button::selectable(on, text).truncate();
                    let row = ui.add_sized([ui.available_width(), 24.0], button);
                    widgets::named(&row, &property.label, Some(on), true);
                    if on && moved {
                        row.scroll_to_me(None);
                    }
                    if row.on_hover_text(&property.name).clicked() || (on && entered) {
                        chosen = Some(property.name.clone());
                    }
                    number += 1;
                }
            }
        });
        if groups.is_empty() {
            let text = "No property has this name. Try another word, or add a note instead.";
            ui.add(egui::Label::new(RichText::new(text).size(T11).color(theme.weak)).wrap());
        }
        if ui.small_button("Cancel").clicked() {
            return Choice::Leave;
        }
        chosen.map_or(Choice::Open, Choice::Property)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::schema;

    #[test]
    fn every_property_is_found_by_label_and_by_name_the_usual_ones_first() {
        for known in schema::schemata() {
            let open = Properties::default();
            let groups = open.groups(known, &|_| true);
            let listed: Vec<&str> =
                groups.iter().flat_map(|(_, all)| all).map(|p| p.name.as_str()).collect();
            for property in known.properties().filter(|p| !p.hidden && !p.deprecated) {
                assert!(listed.contains(&property.name.as_str()), "{}", property.name);
                for text in [&property.label, &property.name] {
                    let typed = Properties { text: text.to_uppercase(), ..Properties::default() };
                    let groups = typed.groups(known, &|_| true);
                    assert!(
                        groups.iter().flat_map(|(_, all)| all).any(|p| p.name == property.name),
                        "{} by {text}",
                        property.name
                    );
                }
            }
        }
        let company = schema::schema("Company").expect("known");
        let groups = Properties::default().groups(company, &|name| name != "jurisdiction");
        let usual: Vec<&str> = groups[0].1.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(usual, ["name", "registrationNumber", "incorporationDate"]);
    }
}
