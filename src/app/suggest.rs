//! Suggestions below a field: one list for all of them, by keyboard and by mouse.
//!
//! The field keeps the keyboard. ↑ ↓ choose a row, Home and End the first and the last once a row is
//! chosen, Tab takes the chosen row into the field, Enter is left to the caller, as is Esc. What is
//! typed gives the choice up, so that a row is taken only where it was chosen.

use egui::{
    Align2, Color32, EventFilter, FontId, Key, Modifiers, Pos2, Rect, Response, Role, Sense, Ui,
    Vec2,
    text::{LayoutJob, TextFormat, TextWrapping},
};

use super::{
    model::{Model, Request},
    query::{Asker, Find},
    theme::{S4, S8, T11, T13, Theme, color, icons, semibold},
};
use crate::{
    case::{Hit, How},
    chart::{icon, style::Group},
    model::{Property, PropertyType, schema},
};

/// The height of a row.
pub(crate) const ROW: f32 = 26.0;
/// Rows that Page Up and Page Down pass over.
const PAGE: usize = 8;
/// Values that are suggested.
const SHOWN: usize = 8;
/// Hits that are asked for.
const HITS: usize = 30;

/// One suggestion.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Tells it from every other row of the list.
    pub key: String,
    pub label: String,
    /// A short remark at its right.
    pub about: String,
    /// The schema whose icon it has.
    pub schema: Option<String>,
    /// The heading above it, where a new part of the list begins.
    pub heading: Option<&'static str>,
    /// Whether it is marked as the one in force.
    pub on: bool,
}

impl Row {
    /// A row with a text alone.
    pub fn new(key: impl Into<String>, label: impl Into<String>) -> Self {
        Self { key: key.into(), label: label.into(), ..Self::default() }
    }

    /// A row for a hit of the search, with the reason where its name does not show it.
    pub(crate) fn of_hit(hit: &Hit, place: &str) -> Self {
        let mut about = vec![schema::label(&hit.schema).to_owned()];
        if let Some(reason) = hit.reasons.first() {
            if reason.value != hit.caption {
                about.insert(0, reason.value.clone());
            } else if matches!(reason.how, How::Transliterated | How::Similar(_)) {
                about.insert(0, reason.how.words());
            }
        }
        if !place.is_empty() {
            about.push(place.to_owned());
        }
        Self {
            key: hit.id.to_string(),
            label: hit.caption.clone(),
            about: about.join(" · "),
            schema: Some(hit.schema.clone()),
            ..Self::default()
        }
    }
}

/// The state of a list.
#[derive(Clone, Debug, Default)]
pub struct Suggest {
    /// The key of the chosen row.
    chosen: Option<String>,
    /// Whether one row is chosen from the beginning.
    always: bool,
    /// Whether the choice was made since something was typed.
    moved: bool,
    scrolls: bool,
    /// Whether Tab takes the chosen row into the field.
    tabs: bool,
    field: Option<egui::Id>,
}

impl Suggest {
    /// A list in which one row is always chosen, the first to begin with.
    pub fn always() -> Self {
        Self { always: true, ..Self::default() }
    }

    /// The place of the chosen row.
    pub fn chosen(&self, rows: &[Row]) -> Option<usize> {
        let found = self.chosen.as_ref().and_then(|key| rows.iter().position(|r| r.key == *key));
        found.or_else(|| (self.always && !rows.is_empty()).then_some(0))
    }

    /// The key of the row that was chosen.
    pub fn key(&self) -> Option<&str> {
        self.chosen.as_deref()
    }

    /// Chooses a row, as the keyboard does.
    pub fn choose(&mut self, key: impl Into<String>) {
        (self.chosen, self.moved, self.scrolls) = (Some(key.into()), true, true);
    }

    /// Gives the choice up.
    pub(crate) fn give_up(&mut self) {
        (self.chosen, self.moved) = (None, false);
    }

    /// Takes the keys of the list, before its field is drawn; returns whether Tab took the chosen
    /// row into the field. `from` is the row from which ↑ and ↓ start while none is chosen.
    pub fn keys(&mut self, ui: &Ui, rows: &[Row], from: Option<usize>) -> bool {
        let focused = self.field.is_some_and(|id| ui.memory(|m| m.has_focus(id)));
        if !focused || rows.is_empty() {
            return false;
        }
        let last = rows.len() - 1;
        let before = self.chosen(rows);
        let mut now = before;
        let mut takes = false;
        let moved = self.moved;
        ui.input_mut(|i| {
            let mut pressed = |key| i.consume_key(Modifiers::NONE, key);
            if pressed(Key::ArrowDown) {
                now = Some(before.or(from).map_or(0, |n| (n + 1).min(last)));
            }
            if pressed(Key::ArrowUp) {
                now = match before {
                    Some(0) if !self.always => None,
                    Some(n) => Some(n.saturating_sub(1)),
                    None => from.map(|n| n.saturating_sub(1)),
                };
            }
            // Before that they move in the text.
            if moved && before.is_some() {
                for (key, to) in [
                    (Key::Home, 0),
                    (Key::End, last),
                    (Key::PageUp, before.unwrap_or(0).saturating_sub(PAGE)),
                    (Key::PageDown, (before.unwrap_or(0) + PAGE).min(last)),
                ] {
                    if pressed(key) {
                        now = Some(to);
                    }
                }
                takes = self.tabs && pressed(Key::Tab);
            }
        });
        if now != before {
            self.chosen = now.map(|n| rows[n].key.clone());
            (self.moved, self.scrolls) = (now.is_some(), true);
        } else if now.is_some() && before.is_some() && self.chosen.is_none() {
            self.chosen = now.map(|n| rows[n].key.clone());
        }
        takes
    }

    /// Connects the list with its field, after that was drawn. What is typed gives the choice up.
    pub fn follow(&mut self, ui: &Ui, field: &Response) {
        self.attach(field);
        self.tabs = true;
        if field.changed() {
            self.give_up();
        }
        if self.moved && self.chosen.is_some() {
            let filter = EventFilter {
                tab: true,
                horizontal_arrows: true,
                vertical_arrows: true,
                ..EventFilter::default()
            };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(field.id, filter));
        }
    }

    /// Whether it has no field yet.
    pub(crate) fn is_detached(&self) -> bool {
        self.field.is_none()
    }

    /// Forgets its field, so that the next one that is drawn takes the keyboard.
    pub(crate) fn detach(&mut self) {
        self.field = None;
    }

    /// Takes the keys while a field has the keyboard whose text says nothing about the list.
    pub fn attach(&mut self, field: &Response) {
        self.field = Some(field.id);
    }

    /// Draws the rows below each other; returns the one that was clicked.
    pub fn list(&mut self, ui: &mut Ui, theme: &Theme, rows: &[Row]) -> Option<usize> {
        let chosen = self.chosen(rows);
        let mut clicked = None;
        ui.spacing_mut().item_spacing.y = 0.0;
        for (n, row) in rows.iter().enumerate() {
            if let Some(heading) = row.heading {
                ui.add_space(S4);
                let text = egui::RichText::new(heading).font(semibold(T11)).color(theme.weak);
                ui.label(text);
            }
            let is_chosen = chosen == Some(n);
            let response = draw(ui, theme, row, is_chosen);
            if is_chosen {
                if std::mem::take(&mut self.scrolls) {
                    response.scroll_to_me(None);
                }
                if let Some(field) = self.field {
                    let option = response.id.accesskit_id();
                    ui.ctx()
                        .accesskit_node_builder(field, |node| node.set_active_descendant(option));
                }
            }
            if response.clicked() {
                clicked = Some(n);
            }
        }
        clicked
    }
}

fn draw(ui: &mut Ui, theme: &Theme, row: &Row, chosen: bool) -> Response {
    let size = Vec2::new(ui.available_width(), ROW);
    let (rect, response) = ui.allocate_exact_size(size, Sense::CLICK);
    response.widget_info(|| {
        egui::WidgetInfo::selected(Role::ListBoxOption, ui.is_enabled(), chosen, &row.label)
    });
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_selected(chosen);
        if !row.about.is_empty() {
            node.set_description(row.about.clone());
        }
    });
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let painter = ui.painter();
    let fill = match (chosen, response.hovered()) {
        (true, _) => theme.selected,
        (false, true) => theme.hover,
        (false, false) => Color32::TRANSPARENT,
    };
    painter.rect_filled(rect, 6.0, fill);
    let mut left = rect.left() + S8;
    if let Some(name) = &row.schema {
        let group = Group::of(name);
        let tile =
            Rect::from_center_size(Pos2::new(left + 10.0, rect.center().y), Vec2::splat(ROW - 6.0));
        painter.rect_filled(tile, 4.5, color(theme.style.tile(group)));
        let ink = color(theme.style.hue(group));
        let glyph = icon::for_schema(name);
        painter.text(tile.center(), Align2::CENTER_CENTER, glyph, icons(13.0), ink);
        left += 28.0;
    }
    let mut right = rect.right() - S8;
    if row.on {
        let at = Pos2::new(right, rect.center().y);
        let check = icon::ui::CHECK;
        let drawn = painter.text(at, Align2::RIGHT_CENTER, check, icons(15.0), theme.accent);
        right = drawn.left() - S8;
    }
    let ink = if chosen { theme.accent } else { theme.text };
    let label = one_line(ui, &row.label, FontId::proportional(T13), ink, right - left);
    // The name comes first; the remark has what is left.
    let room = right - left - label.size().x - S8 * 2.0;
    let cut = label.elided;
    let painter = ui.painter();
    painter.galley(Pos2::new(left, rect.center().y - label.size().y / 2.0), label, ink);
    if !row.about.is_empty() && room > 30.0 {
        let about = one_line(ui, &row.about, FontId::proportional(T11), theme.weak, room);
        let at = Pos2::new(right - about.size().x, rect.center().y - about.size().y / 2.0);
        ui.painter().galley(at, about, theme.weak);
    }
    if cut || (!row.about.is_empty() && room < 120.0) {
        let text = [row.label.as_str(), row.about.as_str()];
        let text: Vec<&str> = text.into_iter().filter(|text| !text.is_empty()).collect();
        return response.on_hover_text(text.join("\n"));
    }
    response
}

/// A text on one line, cut where there is no more room.
fn one_line(
    ui: &Ui,
    text: &str,
    font: FontId,
    ink: Color32,
    room: f32,
) -> std::sync::Arc<egui::Galley> {
    let mut job = LayoutJob {
        wrap: TextWrapping {
            break_anywhere: true,
            ..TextWrapping::truncate_at_width(room.max(20.0))
        },
        ..LayoutJob::default()
    };
    job.append(text, 0.0, TextFormat::simple(font, ink));
    ui.painter().layout_job(job)
}

/// Entities of the case that fit what is typed, found by the worker: typos, other scripts and
/// transliterations included. The old answer stays until the new one is there.
#[derive(Clone, Debug)]
pub struct Lookup {
    asker: Asker,
    /// The text that was asked for last.
    asked: Option<String>,
}

impl Lookup {
    /// A search of its own for an asker.
    pub fn new(asker: Asker) -> Self {
        Self { asker, asked: None }
    }

    /// Asks for entities that fit a text; of a schema and those below it, where one is given.
    pub fn ask(
        &mut self,
        model: &Model,
        text: &str,
        schema: Option<&str>,
        requests: &mut Vec<Request>,
    ) {
        let text = query(text, schema);
        model.ask(&Find::new(model, self.asker, &text, Some(HITS)), requests);
        self.asked = Some(text);
    }

    /// What was found last, best first.
    pub fn hits<'m>(&self, model: &'m Model) -> &'m [Hit] {
        if self.asked.is_none() {
            return &[];
        }
        model.found(self.asker).map_or(&[], |outcome| &outcome.found.hits)
    }

    /// Whether what was found is for what was asked for last.
    pub(crate) fn is_current(&self, model: &Model) -> bool {
        let (asked, found) = (self.asked.as_ref(), model.found(self.asker));
        asked.zip(found).is_some_and(|(text, outcome)| outcome.text == *text)
    }
}

fn query(text: &str, schema: Option<&str>) -> String {
    let text = text.trim();
    match schema {
        // The last word may be the beginning of one, so the filter comes first.
        Some(schema) => format!("schema:{} {text}", schema.to_lowercase()).trim_end().to_owned(),
        None => text.to_owned(),
    }
}

/// The suggestions for the value of a property: codes of its list, or entities of the case.
#[derive(Clone, Debug)]
pub struct Values {
    suggest: Suggest,
    lookup: Lookup,
    /// The rows of this frame.
    rows: Vec<Row>,
}

impl Default for Values {
    fn default() -> Self {
        let (suggest, rows) = (Suggest::default(), Vec::new());
        Self { suggest, lookup: Lookup::new(Asker::Field), rows }
    }
}

impl Values {
    /// Finds what fits a text and takes the keys, before the field is drawn. Tab takes the chosen
    /// value into the text; so does Enter, which is left for the caller to save.
    pub fn before(
        &mut self,
        ui: &Ui,
        model: &Model,
        property: &Property,
        text: &mut String,
        requests: &mut Vec<Request>,
    ) {
        self.rows = if property.type_ == PropertyType::Entity {
            // An entity is typed by its name and kept by its id.
            let typed = if model.seen.find(text).is_some() { "" } else { text.trim() };
            self.lookup.ask(model, typed, property.range.as_deref(), requests);
            let is_chosen = typed.is_empty() && !text.is_empty();
            let hits = if is_chosen { &[][..] } else { self.lookup.hits(model) };
            hits.iter().take(SHOWN).map(|hit| Row::of_hit(hit, "")).collect()
        } else {
            choices(property, text)
        };
        let takes = self.suggest.keys(ui, &self.rows, None);
        let enters = self.suggest.key().is_some() && ui.input(|i| i.key_pressed(Key::Enter));
        if (takes || enters)
            && let Some(n) = self.suggest.chosen(&self.rows)
        {
            text.clone_from(&self.rows[n].key);
            self.suggest.give_up();
        }
    }

    /// Connects them with the field, after that was drawn.
    pub fn follow(&mut self, ui: &Ui, field: &Response) {
        self.suggest.follow(ui, field);
    }

    /// Draws them; a click takes a value into the text. Returns whether one was taken.
    pub fn list(&mut self, ui: &mut Ui, theme: &Theme, text: &mut String) -> bool {
        let list = ui.scope(|ui| self.suggest.list(ui, theme, &self.rows));
        let Some(n) = list.inner else { return false };
        text.clone_from(&self.rows[n].key);
        self.suggest.give_up();
        if let Some(field) = self.suggest.field {
            ui.memory_mut(|memory| memory.request_focus(field));
        }
        true
    }
}

/// The entries of a property's list that fit a text: by any of their names, the best first.
fn choices(property: &Property, text: &str) -> Vec<Row> {
    let (all, typed) = (property.choices(), text.trim().to_lowercase());
    if all.iter().any(|(code, _)| code == text.trim()) || typed.is_empty() && all.len() > SHOWN {
        return Vec::new();
    }
    let meant = property.choice_named(&typed);
    let rank = |code: &str, label: &str| {
        let label = label.to_lowercase();
        let begins = |mark: char| label.split(mark).any(|word| word.starts_with(&typed));
        if meant == Some(code) {
            Some(0)
        } else if label.starts_with(&typed) {
            Some(1)
        } else if begins(' ') {
            Some(2)
        } else {
            (code.to_lowercase() == typed || label.contains(&typed)).then_some(3)
        }
    };
    let mut found: Vec<(i32, Row)> = all
        .iter()
        .filter_map(|(code, label)| {
            let row = Row { about: code.clone(), ..Row::new(code.clone(), label.clone()) };
            Some((rank(code, label)?, row))
        })
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().take(SHOWN).map(|(_, row)| row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_found_by_the_beginning_of_any_word_and_by_other_names() {
        let person = schema::schema("Person").expect("known");
        let country = person.property("nationality").expect("known");
        let labels = |text: &str| {
            choices(country, text).into_iter().map(|row| row.label).collect::<Vec<_>>()
        };
        assert_eq!(labels("hong").first().map(String::as_str), Some("Hong Kong SAR"));
        assert_eq!(labels("korea"), ["South Korea", "North Korea"]);
        assert!(labels("").is_empty(), "two hundred are no help");
        assert!(labels("hk").is_empty(), "that is one");
        assert_eq!(labels("HK").first().map(String::as_str), Some("Hong Kong SAR"));
    }
}
