//! A small dialog that tags everything selected, or writes a note on it.

use std::collections::BTreeMap;

use egui::{Key, Modifiers, RichText};

use super::{
    dialog::Dialog,
    model::{Model, Request, View},
    theme::{S4, S8, T11, T16, Theme, semibold},
    widgets::{self, primary_button},
};
use crate::{
    case::{Action, NewValue, Op},
    model::{Id, schema},
    network::EntityRef,
};

/// Tags that are offered at most.
const OFFERED: usize = 16;

/// The dialog.
pub struct Remark {
    is_tag: bool,
    ids: Vec<Id>,
    what: String,
    text: String,
    /// The tags of this case, the most used first.
    tags: Vec<String>,
    fresh: bool,
}

impl Remark {
    /// The dialog for what is selected.
    pub fn new(is_tag: bool, model: &Model, view: &View) -> Self {
        let ids: Vec<Id> =
            view.selection.iter().filter(|id| model.network.get(id).is_some()).cloned().collect();
        let what = match &ids[..] {
            [one] => model.name(one),
            many => format!("{} selected", many.len()),
        };
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for entity in model.network.iter() {
            for tag in entity.all("tag") {
                *counts.entry(tag).or_default() += 1;
            }
        }
        let mut tags: Vec<(&str, usize)> = counts.into_iter().collect();
        tags.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let tags = tags.into_iter().take(OFFERED).map(|(tag, _)| tag.to_owned()).collect();
        Self { is_tag, ids, what, text: String::new(), tags, fresh: true }
    }

    /// Draws the dialog; says whether it stays open.
    pub fn ui(
        &mut self,
        ctx: &egui::Context,
        model: &Model,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) -> bool {
        let mut open = true;
        // In a note a line's end is a line's end.
        let modifiers = if self.is_tag { Modifiers::NONE } else { Modifiers::COMMAND };
        let mut save = ctx.input_mut(|i| i.consume_key(modifiers, Key::Enter));
        // A click beside it is no answer: what was typed stays.
        Dialog::new("remark", 420.0).show(ctx, |ui| {
            let title = if self.is_tag { "Tag" } else { "Note" };
            ui.label(RichText::new(title).font(semibold(T16)));
            ui.add(
                egui::Label::new(RichText::new(&self.what).size(T11).color(theme.weak)).truncate(),
            );
            ui.add_space(S4);
            let width = ui.available_width();
            let response = if self.is_tag {
                widgets::field(ui, &mut self.text, "Tag", "such as: to check", width)
            } else {
                let saves = egui::KeyboardShortcut::new(Modifiers::COMMAND, Key::Enter);
                let hint = format!("What to remember; {} saves", ctx.format_shortcut(&saves));
                let text = &mut self.text;
                // A long note scrolls, so that the buttons stay where they are.
                let area =
                    egui::ScrollArea::vertical().max_height(100.0).min_scrolled_height(100.0);
                let area = area.auto_shrink([false, false]);
                let edit = |ui: &mut egui::Ui| {
                    let edit = egui::TextEdit::multiline(text).desired_rows(5);
                    ui.add(edit.desired_width(width - 10.0).hint_text(hint))
                };
                let response = area.show(ui, edit).inner;
                let content = self.text.clone();
                response.widget_info(|| {
                    let mut info =
                        egui::WidgetInfo::labeled(egui::Role::MultilineTextInput, true, "Note");
                    info.current_text_value = Some(content.clone());
                    info
                });
                response
            };
            if std::mem::take(&mut self.fresh) {
                response.request_focus();
            }
            if self.is_tag && !self.tags.is_empty() {
                ui.add_space(S4);
                ui.label(RichText::new("Used in this case").size(T11).color(theme.weak));
                ui.horizontal_wrapped(|ui| {
                    for tag in &self.tags {
                        if ui.small_button(tag).clicked() {
                            self.text.clone_from(tag);
                            save = true;
                        }
                    }
                });
            }
            ui.add_space(S8);
            ui.horizontal(|ui| {
                save |= primary_button(ui, theme, "Save").clicked();
                if ui.button("Cancel").clicked() {
                    open = false;
                }
            });
        });
        if save {
            requests.extend(self.action(model).map(Request::Commit));
            open = false;
        }
        open
    }

    /// Whether something has been typed that closing would lose.
    pub fn is_typed(&self) -> bool {
        !self.text.trim().is_empty()
    }

    /// One action on all that can carry it and do not yet.
    fn action(&self, model: &Model) -> Option<Action> {
        let text = self.text.trim();
        if text.is_empty() {
            return None;
        }
        let mut ops = Vec::new();
        for entity in self.ids.iter().filter_map(|id| model.network.get(id)) {
            let Some(property) = self.property(entity) else { continue };
            if !entity.all(property).any(|there| there == text) {
                let value = NewValue::new(property, text);
                ops.push(Op::State { entity: entity.id().clone(), value });
            }
        }
        let label = if self.is_tag {
            format!("Tag {} “{text}”", self.what)
        } else {
            format!("Note on {}", self.what)
        };
        (!ops.is_empty()).then(|| Action::new(label, ops))
    }

    /// Where an entity keeps such a remark: things have notes, relationships a description.
    fn property(&self, entity: EntityRef<'_>) -> Option<&'static str> {
        let names: &[&str] = if self.is_tag { &["tag"] } else { &["notes", "description"] };
        let known = schema::schema(entity.schema())?;
        names.iter().find(|name| known.property(name).is_some()).copied()
    }
}
