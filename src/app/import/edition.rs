//! A file as another edition of a document in the case: the choice, and what it changes.

use egui::{RichText, ScrollArea, Ui};

use crate::{
    analysis::Difference,
    app::{
        model::Model,
        theme::{S4, S8, T11, T13, Theme, icons, semibold},
        widgets,
    },
    chart::icon::ui as icon,
    exchange::import::EditionOf,
    model::{
        Evidence, Id,
        schema::{self, Schema},
    },
    network::{Changed, Noted, measured::grouped},
};

/// Entities of each kind that are listed.
const LISTED: usize = 200;

/// Which document the file is another edition of, while that is chosen.
#[derive(Debug, Default)]
pub(super) struct Choice {
    is_chosen: bool,
    is_older: bool,
    of: Option<Id>,
    /// The document that the file looks like an edition of.
    like: Option<Id>,
}

impl Choice {
    /// Takes the document that the file looks like an edition of.
    pub(super) fn suggest(&mut self, like: Option<Id>) {
        if self.of.is_none() {
            self.of.clone_from(&like);
        }
        self.like = like;
    }

    /// What the import is to record; nothing where the file is no edition.
    pub(super) fn edition(&self) -> Option<EditionOf> {
        let of = self.of.clone().filter(|_| self.is_chosen)?;
        Some(EditionOf { of: vec![of], date: None, is_older: self.is_older })
    }

    /// Whether the case has a document of which the file may be another edition.
    pub(super) fn is_offered(&self, model: &Model) -> bool {
        self.like.is_some() || model.newest_documents().any(is_read)
    }

    /// Draws the choice in one line.
    pub(super) fn ui(&mut self, ui: &mut Ui, model: &Model, theme: &Theme) {
        let offered = model.newest_documents().rev();
        let offered = offered.filter(|one| is_read(one) || self.like.as_ref() == Some(&one.id));
        let documents: Vec<(&Id, &str)> =
            offered.map(|one| (&one.id, one.caption.as_str())).collect();
        if self.of.as_ref().is_none_or(|of| documents.iter().all(|(id, _)| *id != of)) {
            self.of = documents.first().map(|(id, _)| (*id).clone());
        }
        let name =
            |of: &Id| documents.iter().find(|(id, _)| *id == of).map_or("", |(_, name)| name);
        ui.horizontal(|ui| {
            ui.checkbox(&mut self.is_chosen, "Edition of a document in the case");
            ui.add_enabled_ui(self.is_chosen, |ui| {
                of_ui(ui, &mut self.is_older, &mut self.of, &documents);
            });
        });
        let like = self.like.as_ref().map(name).filter(|name| !name.is_empty());
        if let Some(like) = like.filter(|_| !self.is_chosen) {
            let words = format!("{}  Looks like a newer edition of “{like}”.", icon::INFO);
            ui.add(egui::Label::new(RichText::new(words).size(T11).color(theme.accent)).truncate());
        }
    }
}

/// Draws the choice of a document, and whether the edition is newer or older than it.
pub(super) fn of_ui(
    ui: &mut Ui,
    is_older: &mut bool,
    of: &mut Option<Id>,
    documents: &[(&Id, &str)],
) {
    let age = if *is_older { "Older than" } else { "Newer than" };
    let combo = egui::ComboBox::from_id_salt("age").selected_text(age).width(96.0);
    let shown = combo.show_ui(ui, |ui| {
        ui.selectable_value(is_older, false, "Newer than");
        ui.selectable_value(is_older, true, "Older than");
    });
    labelled(&shown.response, "Newer or older edition");
    let chosen = documents.iter().find(|(id, _)| Some(*id) == of.as_ref());
    let text = chosen.map_or("", |(_, name)| name).to_owned();
    let width = ui.available_width().clamp(120.0, 360.0);
    let combo = egui::ComboBox::from_id_salt("of").selected_text(text).width(width);
    let shown = combo.truncate().show_ui(ui, |ui| {
        for (id, name) in documents {
            ui.selectable_value(of, Some((*id).clone()), *name);
        }
    });
    labelled(&shown.response, "Document of which it is an edition");
}

/// Whether entities were read from a document: only of such a one can another edition change
/// anything.
pub(super) fn is_read(document: &Evidence) -> bool {
    document.method == "imported"
}

fn labelled(response: &egui::Response, name: &str) {
    let name = name.to_owned();
    response
        .widget_info(move || egui::WidgetInfo::labeled(egui::Role::ComboBox, true, name.clone()));
}

/// What the edition is called that another one is compared with.
pub(super) fn title(model: &Model, difference: &Difference) -> String {
    let names = |ids: &[Id]| -> String {
        ids.iter().map(|id| format!("“{}”", model.name(id))).collect::<Vec<_>>().join(", ")
    };
    if difference.is_older {
        format!("Older than {}. What is seen stays the same.", names(&difference.newer))
    } else {
        format!("Newer than {}.", names(&difference.older))
    }
}

/// Draws what the import of another edition changes.
pub(super) fn ui(ui: &mut Ui, model: &Model, theme: &Theme, difference: &Difference) {
    let Difference { compared, flips, is_older, .. } = difference;
    ui.label(RichText::new(title(model, difference)).font(semibold(T13)));
    if !is_older && !compared.gone.is_empty() {
        let words = "What is gone keeps its citation, and is shown again with all editions.";
        ui.label(RichText::new(words).size(T11).color(theme.weak));
    }
    ui.add_space(S4);
    if !flips.is_empty() {
        let words = match flips.len() {
            1 => "1 pinned finding changes".to_owned(),
            many => format!("{} pinned findings change", grouped(many)),
        };
        ui.label(RichText::new(words).font(semibold(T13)).color(theme.alarm));
        for flip in flips {
            let about: Vec<String> = flip.pinned.about.iter().map(|id| model.name(id)).collect();
            let about = about.join(", ");
            ui.horizontal_wrapped(|ui| {
                ui.label(RichText::new(icon::GAVEL).font(icons(14.0)).color(theme.alarm));
                ui.label(format!("{about}: {} → {}", flip.before, flip.after))
                    .on_hover_text(&flip.pinned.words);
            });
        }
        ui.add_space(S8);
    }
    let height = ui.available_height();
    ScrollArea::vertical()
        .id_salt("difference")
        .max_height(height)
        .auto_shrink([false, true])
        .show(ui, |ui| {
            let noted = |ui: &mut Ui, one: &Noted| {
                let is_edge = schema::schema(&one.schema).is_some_and(Schema::is_edge);
                let kind = is_edge.then(|| schema::label(&one.schema));
                line(ui, theme, &one.schema, &one.name, kind);
            };
            section(ui, theme, "New", &compared.new, noted);
            section(ui, theme, "Changed", &compared.changed, |ui, one| {
                line(ui, theme, &one.schema, &one.name, Some(&said(one)));
            });
            section(ui, theme, "Gone", &compared.gone, noted);
        });
}

fn section<T>(
    ui: &mut Ui,
    theme: &Theme,
    title: &str,
    all: &[T],
    mut draw: impl FnMut(&mut Ui, &T),
) {
    let title = format!("{title} ({})", grouped(all.len()));
    if all.is_empty() {
        ui.label(RichText::new(title).color(theme.weak));
        return;
    }
    let header = egui::CollapsingHeader::new(RichText::new(title).font(semibold(T13)));
    header.default_open(true).show(ui, |ui| {
        for one in all.iter().take(LISTED) {
            draw(ui, one);
        }
        if all.len() > LISTED {
            let rest = format!("… and {} more", grouped(all.len() - LISTED));
            ui.label(RichText::new(rest).size(T11).color(theme.weak));
        }
    });
}

fn line(ui: &mut Ui, theme: &Theme, schema: &str, name: &str, said: Option<&str>) {
    ui.horizontal(|ui| {
        widgets::schema_icon(ui, theme, schema, 18.0);
        ui.label(name).on_hover_text(schema::label(schema));
        if let Some(said) = said {
            let text = RichText::new(said).size(T11).color(theme.weak);
            ui.add(egui::Label::new(text).truncate()).on_hover_text(said);
        }
    });
}

/// What two editions say differently of one entity, in one line.
fn said(one: &Changed) -> String {
    let known = schema::schema(&one.schema);
    let label = |name: &str| {
        let property = known.and_then(|schema| schema.property(name));
        property.map_or_else(|| name.to_owned(), |property| property.label.clone())
    };
    let mut new: Vec<&(String, String)> = one.new.iter().collect();
    let mut parts = Vec::new();
    for (name, value) in &one.gone {
        let now = new.iter().position(|(other, _)| other == name).map(|at| new.remove(at));
        parts.push(match now {
            Some((_, now)) => format!("{}: {value} → {now}", label(name)),
            None => format!("{}: {value} is gone", label(name)),
        });
    }
    parts.extend(new.into_iter().map(|(name, value)| format!("{}: {value} is new", label(name))));
    parts.join("  ·  ")
}
