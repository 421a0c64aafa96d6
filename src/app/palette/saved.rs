//! Saved searches in the box: giving one a name, another name, or deleting it.

use egui::{RichText, Ui};

use super::super::{
    model::{Model, Request},
    sent::Refusable,
    theme::{T11, Theme},
    widgets,
};
use crate::{
    case::{Action, Op},
    chart::icon::ui as icon,
    model::SavedSearch,
};

/// A search that is being given a name.
#[derive(Debug)]
pub(super) struct Naming {
    search: SavedSearch,
    fresh: bool,
    /// Why the case refused the name.
    refused: Option<String>,
}

impl Refusable for Naming {
    fn refuse(&mut self, why: &str) {
        self.refused = Some(why.to_owned());
        self.fresh = true;
    }
}

impl Naming {
    /// Begins to name a search.
    pub(super) fn new(search: SavedSearch) -> Self {
        Self { search, fresh: true, refused: None }
    }

    #[cfg(test)]
    pub(super) fn typed(&self) -> &str {
        &self.search.name
    }

    /// The field for the name; says whether it stays.
    pub(super) fn ui(&mut self, ui: &mut Ui, theme: &Theme, requests: &mut Vec<Request>) -> bool {
        let mut stays = true;
        if let Some(why) = &self.refused {
            ui.add(egui::Label::new(RichText::new(why).size(T11).color(theme.alarm)).wrap());
        }
        ui.horizontal(|ui| {
            let width = (ui.available_width() - 150.0).max(80.0);
            let field =
                widgets::field(ui, &mut self.search.name, "Name of the search", "Name", width);
            if self.fresh {
                self.fresh = !widgets::focus_all(&field, &self.search.name);
            }
            if field.changed() {
                self.refused = None;
            }
            let named = !self.search.name.trim().is_empty();
            let save = ui.add_enabled(named, egui::Button::new("Save search"));
            let save = save.on_disabled_hover_text("A search needs a name.");
            let entered = field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
            if named && (save.clicked() || entered) {
                let name = self.search.name.trim().to_owned();
                let search = SavedSearch { name, ..self.search.clone() };
                requests.push(Request::Commit(Action::new(vec![Op::PutSearch(search)])));
                stays = false;
            }
            if ui.button("Cancel").clicked() {
                stays = false;
            }
        });
        stays
    }
}

/// What can be done with a saved search, beside its row; gives the one to be renamed.
pub(super) fn tools(
    ui: &mut Ui,
    theme: &Theme,
    model: &Model,
    search: &SavedSearch,
    requests: &mut Vec<Request>,
) -> Option<SavedSearch> {
    let mut renamed = None;
    ui.add_enabled_ui(model.read_only.is_none(), |ui| {
        let rename = format!("Rename search {}", search.name);
        if widgets::icon_button(ui, theme, icon::EDIT_NOTE, &rename).clicked() {
            renamed = Some(search.clone());
        }
        let delete = format!("Delete search {}", search.name);
        if widgets::icon_button(ui, theme, icon::DELETE, &delete).clicked() {
            let op = Op::DeleteSearch(search.id.clone());
            requests.push(Request::Commit(Action::new(vec![op])));
        }
    });
    renamed
}

/// Why a search cannot be saved, if so.
pub(super) fn obstacle(model: &Model, text: &str) -> Option<String> {
    if model.read_only.is_some() {
        return Some("This case is open for reading only.".into());
    }
    let saved = model.searches.iter().find(|search| search.query == text.trim())?;
    Some(format!("It is saved as “{}”.", saved.name))
}

/// A sentence in small print.
pub(super) fn small(ui: &mut Ui, theme: &Theme, text: &str) {
    ui.add(egui::Label::new(RichText::new(text).size(T11).color(theme.weak)).truncate());
}
