//! A small dialog that tags everything selected, or writes a note on it.

use std::collections::BTreeMap;

use egui::{Key, Modifiers, RichText};

use super::{
    dialog::Dialog,
    model::{Model, Request, Snapshot, View},
    query::Query,
    sent::Refusable,
    suggest::{ROW, Row, Suggest},
    theme::{S4, S8, T11, T16, Theme, semibold},
    widgets::{self, primary_button},
};
use crate::{
    case::{Action, Op, Progress, Result},
    model::{
        Id, schema,
        typed::{Refused, typed},
    },
    network::{EntityRef, measured::grouped},
};

/// Maximum number of tags that are offered.
const OFFERED: usize = 40;

/// The dialog.
#[derive(Debug)]
pub struct Remark {
    is_tag: bool,
    ids: Vec<Id>,
    what: String,
    text: String,
    suggest: Suggest,
    /// Why the text was refused.
    refused: Option<String>,
    fresh: bool,
}

impl Remark {
    /// The dialog for what is selected.
    pub fn new(is_tag: bool, model: &Model, view: &View) -> Self {
        let ids: Vec<Id> =
            view.selection.iter().filter(|id| model.seen.get(id).is_some()).cloned().collect();
        let what = match &ids[..] {
            [one] => model.name(one),
            many => format!("{} selected", many.len()),
        };
        let suggest = Suggest::default();
        Self { is_tag, ids, what, text: String::new(), suggest, refused: None, fresh: true }
    }

    /// The tags of this case that fit what is typed.
    fn rows(&self, tags: &[(String, usize)]) -> Vec<Row> {
        let typed = self.text.trim().to_lowercase();
        let fits = |(tag, _): &&(String, usize)| tag.to_lowercase().contains(&typed);
        let same = |(tag, _): &&(String, usize)| *tag != self.text.trim();
        let rows = tags.iter().filter(fits).filter(same).take(OFFERED).enumerate();
        rows.map(|(n, (tag, count))| Row {
            about: format!("used {} ×", grouped(*count)),
            heading: (n == 0).then_some("USED IN THIS CASE"),
            ..Row::new(tag.clone(), tag.clone())
        })
        .collect()
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
        let mut save = if self.is_tag {
            widgets::enter(ctx)
        } else {
            ctx.input_mut(|i| i.consume_key(Modifiers::COMMAND, Key::Enter))
        };
        let rows = if self.is_tag {
            self.rows(model.ask(&AllTags, requests).map_or(&[], |tags| tags))
        } else {
            Vec::new()
        };
        if save && let Some(n) = self.suggest.chosen(&rows) {
            self.text.clone_from(&rows[n].key);
        }
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
                if self.suggest.keys(ui, &rows, None)
                    && let Some(n) = self.suggest.chosen(&rows)
                {
                    self.text.clone_from(&rows[n].key);
                    self.suggest.give_up();
                }
                let field = widgets::field(ui, &mut self.text, "Tag", "such as: to check", width);
                self.suggest.follow(ui, &field);
                field
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
            if response.changed() {
                self.refused = None;
            }
            // The room for a reason is there before it is.
            let refused = self.refused.as_deref().unwrap_or(" ");
            ui.add(egui::Label::new(RichText::new(refused).size(T11).color(theme.alarm)).wrap());
            if self.is_tag {
                // As high whatever is typed, so that the buttons stay where they are.
                let list = egui::ScrollArea::vertical().max_height(ROW * 5.0);
                let list = list.min_scrolled_height(ROW * 5.0).auto_shrink([false, false]);
                let clicked = list.show(ui, |ui| {
                    if rows.is_empty() {
                        let text = "No other tag of this case fits. Enter adds what is typed.";
                        ui.label(RichText::new(text).size(T11).color(theme.weak));
                    }
                    self.suggest.list(ui, theme, &rows)
                });
                if let Some(n) = clicked.inner {
                    self.text.clone_from(&rows[n].key);
                    save = true;
                }
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
            match self.action(model) {
                Ok(action) => {
                    requests.extend(action.map(Request::Commit));
                    open = false;
                }
                Err(why) => self.refuse(&why.to_string()),
            }
        }
        open
    }

    /// Whether something has been typed that closing would lose.
    pub(crate) fn is_typed(&self) -> bool {
        !self.text.trim().is_empty()
    }

    /// One action on all that can carry it and do not yet.
    fn action(&self, model: &Model) -> std::result::Result<Option<Action>, Refused> {
        let text = self.text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let mut ops = Vec::new();
        for entity in self.ids.iter().filter_map(|id| model.seen.get(id)) {
            let Some(property) = self.property(entity) else { continue };
            let value = typed(schema::schema(entity.schema()), property, text, None)?;
            if !entity.all(property).any(|there| there == value.text) {
                ops.push(Op::State { entity: entity.id().clone(), value: value.into() });
            }
        }
        Ok((!ops.is_empty()).then(|| Action::new(ops)))
    }

    /// Where an entity keeps such a remark: things have notes, relationships a description.
    fn property(&self, entity: EntityRef<'_>) -> Option<&'static str> {
        let names: &[&str] = if self.is_tag { &["tag"] } else { &["notes", "description"] };
        let known = schema::schema(entity.schema())?;
        names.iter().find(|name| known.property(name).is_some()).copied()
    }
}

impl Refusable for Remark {
    fn refuse(&mut self, why: &str) {
        self.refused = Some(why.to_owned());
        self.fresh = true;
    }
}

/// The tags of the case with how often they are used, the most used first.
#[derive(Clone, Debug, PartialEq)]
struct AllTags;

impl Query for AllTags {
    type Slot = ();
    type Answer = Vec<(String, usize)>;
    type Of = Snapshot;

    fn slot(&self) {}

    fn read(&self, seen: &Snapshot, progress: &Progress) -> Result<Vec<(String, usize)>> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (n, entity) in seen.iter().enumerate() {
            if n % 1_000 == 0 {
                progress.check()?;
            }
            for tag in entity.all("tag") {
                *counts.entry(tag).or_default() += 1;
            }
        }
        let mut tags: Vec<(&str, usize)> = counts.into_iter().collect();
        tags.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        Ok(tags.into_iter().map(|(tag, count)| (tag.to_owned(), count)).collect())
    }
}
