//! Editing one value: a field that knows the property's type and says at once what is wrong.

use egui::{Key, Modifiers, RichText, Ui};

use super::{
    model::Model,
    theme::{S4, T11, Theme},
    widgets,
};
use crate::{
    chart::icon::ui as icon,
    model::{Id, Property, PropertyType, identifier, schema, value},
};

/// A value that is being typed.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The entity.
    pub entity: Id,
    /// The property.
    pub property: String,
    /// The statement that is changed; none for a new value.
    pub statement: Option<i64>,
    /// What has been typed.
    pub text: String,
    /// The language, a three-letter code, or nothing.
    pub lang: String,
    fresh: bool,
}

/// What became of a draft in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edited {
    /// It is still being typed.
    Going,
    /// It should be saved.
    Save,
    /// It should be forgotten.
    Leave,
}

impl Draft {
    /// A draft that starts with a text.
    pub fn new(
        entity: Id,
        property: &str,
        statement: Option<i64>,
        text: &str,
        lang: Option<&str>,
    ) -> Self {
        Self {
            entity,
            property: property.to_owned(),
            statement,
            text: text.to_owned(),
            lang: lang.unwrap_or_default().to_owned(),
            fresh: true,
        }
    }

    /// The value in the spelling of its type, where it is one; else as it was typed.
    pub fn cleaned(&self, property: Option<&Property>) -> String {
        let typed = self.text.trim();
        property.and_then(|p| value::clean(p, typed).ok()).unwrap_or_else(|| typed.to_owned())
    }

    /// Draws the field with what helps to fill it.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        theme: &Theme,
        property: Option<&Property>,
    ) -> Edited {
        let mut told = Edited::Going;
        let label = property.map_or(self.property.as_str(), |p| p.label.as_str()).to_owned();
        let escape = ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape));
        let width = ui.available_width() - 8.0;
        let response = if property.is_some_and(|p| matches!(p.type_, PropertyType::Text)) {
            let edit =
                egui::TextEdit::multiline(&mut self.text).desired_width(width).desired_rows(3);
            let response = ui.add(edit);
            let name = label.clone();
            response.widget_info(|| {
                egui::WidgetInfo::labeled(egui::Role::MultilineTextInput, true, &name)
            });
            response
        } else {
            widgets::field(ui, &mut self.text, &label, hint(property), width)
        };
        if self.fresh {
            response.request_focus();
            self.fresh = false;
        }
        let multiline = property.is_some_and(|p| matches!(p.type_, PropertyType::Text));
        let entered =
            ui.input(|i| i.key_pressed(Key::Enter) && (!multiline || i.modifiers.command));
        if entered && (response.lost_focus() || response.has_focus()) {
            told = Edited::Save;
        }
        if let Some(property) = property {
            self.suggestions(ui, model, property);
            self.verdict(ui, theme, property);
        }
        ui.horizontal(|ui| {
            if ui.small_button("Save").clicked() {
                told = Edited::Save;
            }
            if ui.small_button("Cancel").clicked() {
                told = Edited::Leave;
            }
            let worded = property.is_some_and(|p| {
                matches!(
                    p.type_,
                    PropertyType::Name
                        | PropertyType::Text
                        | PropertyType::String
                        | PropertyType::Address
                )
            });
            if worded {
                ui.label(RichText::new("language").size(T11).color(theme.weak));
                let response = widgets::field(ui, &mut self.lang, "Language", "code", 44.0);
                response
                    .on_hover_text("Three letters, such as zho, kor, rus or eng; may stay empty");
            }
        });
        if escape {
            told = Edited::Leave;
        }
        if told == Edited::Save && self.text.trim().is_empty() {
            told = Edited::Leave;
        }
        told
    }

    /// Codes or entities that fit what has been typed so far.
    fn suggestions(&mut self, ui: &mut Ui, model: &Model, property: &Property) {
        let typed = self.text.trim().to_lowercase();
        let mut rows: Vec<(String, String)> = Vec::new();
        if property.type_ == PropertyType::Entity {
            let range = property.range.as_deref().unwrap_or("Thing");
            let fits = |name: &str| schema::schema(name).is_none_or(|s| s.is_a(range));
            rows = model
                .network
                .nodes()
                .filter(|e| fits(e.schema()) && e.caption().to_lowercase().contains(&typed))
                .take(6)
                .map(|e| (e.id().to_string(), e.caption().to_string()))
                .collect();
        } else {
            let choices = property.choices();
            let exact = choices.iter().any(|(code, _)| *code == self.text.trim());
            if !exact {
                let fits = |(code, label): &&(String, String)| {
                    typed.is_empty() && choices.len() <= 8
                        || !typed.is_empty()
                            && (label.to_lowercase().contains(&typed)
                                || code.to_lowercase() == typed)
                };
                rows = choices.iter().filter(fits).take(8).cloned().collect();
            }
        }
        for (code, label) in rows {
            let short = crate::chart::text::cut(
                &label,
                13.0,
                crate::chart::font::Weight::Regular,
                ui.available_width() - 30.0,
            );
            if ui.add(egui::Button::selectable(false, short)).clicked() {
                self.text = code;
            }
        }
    }

    /// Whether it is a value of its type, said while it is typed.
    fn verdict(&self, ui: &mut Ui, theme: &Theme, property: &Property) {
        let typed = self.text.trim();
        if typed.is_empty() {
            return;
        }
        ui.add_space(S4 / 2.0);
        match value::clean(property, typed) {
            Ok(clean) => {
                let checked = property.format.as_deref().and_then(identifier::name);
                let text = match checked {
                    Some(name) => Some(format!("{}  check holds: {name}", icon::CHECK)),
                    None if clean != typed => {
                        Some(format!("kept as {}", value::display(property, &clean)))
                    }
                    None => None,
                };
                if let Some(text) = text {
                    ui.label(RichText::new(text).size(T11).color(theme.good));
                }
            }
            Err(error) => {
                let text = format!("{error} It can be kept as it is and will be marked.");
                ui.add(egui::Label::new(RichText::new(text).size(T11).color(theme.alarm)).wrap());
            }
        }
    }
}

fn hint(property: Option<&Property>) -> &'static str {
    match property.map(|p| p.type_) {
        Some(PropertyType::Date) => "2016, 2016-08 or 2016-08-03",
        Some(PropertyType::Country) => "Name or code of a country",
        Some(PropertyType::Number) => "1250000.50",
        Some(PropertyType::Url) => "https://",
        Some(PropertyType::Phone) => "+86 …",
        Some(PropertyType::Language) => "Name or code of a language",
        Some(PropertyType::Entity) => "Name of an entity",
        _ => "",
    }
}
