//! The list from which a property to add is chosen: every property of the schema, the usual ones
//! first, found by label or name, by mouse or keyboard.

use std::collections::BTreeSet;

use egui::{Key, Modifiers, RichText, ScrollArea, Ui};

use crate::app::{
    suggest::{ROW, Row, Suggest},
    theme::{S4, T11, Theme},
    widgets,
};
use crate::model::{Property, Schema};

/// What became of the list in a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// Nothing is chosen yet.
    Open,
    Property(String),
    Leave,
}

/// The list, while it is open.
#[derive(Clone, Debug)]
pub(super) struct Properties {
    text: String,
    suggest: Suggest,
    fresh: bool,
}

impl Default for Properties {
    fn default() -> Self {
        Self { text: String::new(), suggest: Suggest::always(), fresh: true }
    }
}

impl Properties {
    /// The properties that fit what was typed: the featured ones, then the rest by label.
    /// `is_offered` and `count` tell of a property's name whether people state it and how many
    /// values it has.
    fn rows(
        &self,
        known: &Schema,
        is_offered: &dyn Fn(&str) -> bool,
        count: &dyn Fn(&str) -> usize,
    ) -> Vec<Row> {
        let wanted = self.text.trim().to_lowercase();
        let fits = |p: &&Property| {
            !p.hidden
                && !p.deprecated
                && is_offered(&p.name)
                && (p.label.to_lowercase().contains(&wanted)
                    || p.name.to_lowercase().contains(&wanted))
        };
        let featured = known.featured.iter().filter_map(|name| known.property(name));
        let usual: Vec<&Property> = featured.filter(fits).collect();
        let names: BTreeSet<&str> = usual.iter().map(|p| p.name.as_str()).collect();
        let rest = known.properties().filter(|p| !names.contains(p.name.as_str()));
        let mut rest: Vec<&Property> = rest.filter(fits).collect();
        rest.sort_by_key(|p| {
            let label = p.label.to_lowercase();
            (!label.starts_with(&wanted), label)
        });
        let mut rows = Vec::new();
        for (heading, all) in [("MOST USED", usual), ("ALL PROPERTIES", rest)] {
            for (n, property) in all.into_iter().enumerate() {
                let about = match count(&property.name) {
                    0 => String::new(),
                    1 => "has a value".to_owned(),
                    many => format!("has {many} values"),
                };
                let heading = (n == 0).then_some(heading);
                let row = Row::new(property.name.as_str(), property.label.as_str());
                rows.push(Row { about, heading, ..row });
            }
        }
        rows
    }

    /// Draws the field and the list.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        known: &Schema,
        is_offered: &dyn Fn(&str) -> bool,
        count: &dyn Fn(&str) -> usize,
    ) -> Choice {
        if ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape)) {
            return Choice::Leave;
        }
        let rows = self.rows(known, is_offered, count);
        let mut taken = self.suggest.keys(ui, &rows, None);
        let mut leaves = false;
        let fresh = std::mem::take(&mut self.fresh);
        let block = ui.scope(|ui| {
            let width = ui.available_width() - 8.0;
            let hint = "Part of its name, such as LEI";
            let field = widgets::field(ui, &mut self.text, "Property to add", hint, width);
            if fresh {
                field.request_focus();
            }
            taken |= field.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
            self.suggest.follow(ui, &field);
            ui.add_space(S4 / 2.0);
            if rows.is_empty() {
                let text = "No property has this name. Try another word, or add a note instead.";
                ui.add(egui::Label::new(RichText::new(text).size(T11).color(theme.weak)).wrap());
            }
            let height = (ui.ctx().content_rect().height() * 0.4).clamp(ROW * 4.0, ROW * 12.0);
            let list = ScrollArea::vertical()
                .id_salt("properties")
                .max_height(height)
                .min_scrolled_height(height);
            let clicked = list.show(ui, |ui| self.suggest.list(ui, theme, &rows)).inner;
            if let Some(n) = clicked {
                self.suggest.choose(rows[n].key.as_str());
                taken = true;
            }
            ui.add_space(S4);
            leaves = ui.small_button("Cancel").clicked();
        });
        if fresh {
            block.response.scroll_to_me(None);
        }
        // What was typed in this frame may fit other rows than those that were drawn.
        let rows = self.rows(known, is_offered, count);
        match self.suggest.chosen(&rows).filter(|_| taken) {
            Some(n) => Choice::Property(rows[n].key.clone()),
            None if leaves => Choice::Leave,
            None => Choice::Open,
        }
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
            let rows = open.rows(known, &|_| true, &|_| 0);
            let listed: Vec<&str> = rows.iter().map(|row| row.key.as_str()).collect();
            for property in known.properties().filter(|p| !p.hidden && !p.deprecated) {
                assert!(listed.contains(&property.name.as_str()), "{}", property.name);
                for text in [&property.label, &property.name] {
                    let typed = Properties { text: text.to_uppercase(), ..Properties::default() };
                    let rows = typed.rows(known, &|_| true, &|_| 0);
                    assert!(
                        rows.iter().any(|row| row.key == property.name),
                        "{} by {text}",
                        property.name
                    );
                }
            }
        }
        let company = schema::schema("Company").expect("known");
        let rows = Properties::default().rows(company, &|name| name != "jurisdiction", &|_| 2);
        let usual: Vec<&str> = rows[..3].iter().map(|row| row.key.as_str()).collect();
        assert_eq!(usual, ["name", "registrationNumber", "incorporationDate"]);
        assert_eq!(rows[0].about, "has 2 values");
        assert_eq!((rows[0].heading, rows[3].heading), (Some("MOST USED"), Some("ALL PROPERTIES")));
    }
}
