//! Every revision: who, when, what; what it touched; undo of one alone.

use egui::{Label, RichText, ScrollArea, Ui};

use crate::app::{
    menu,
    model::{Model, Request, View},
    query::TouchedBy,
    theme::{S8, S16, T11, Theme},
    widgets::{self, ROW, chip, empty_state, icon_button, when},
};
use crate::{
    case::{Kind, Revision},
    chart::icon::ui as icon,
    network::Lens,
};

/// The width of the column of authors, in points.
const AUTHOR: f32 = 90.0;

/// What a row has room for. The digest gives way first, then the author, the words of the buttons,
/// and the time of the day; the action stays, and a tooltip has all of it.
#[derive(Debug)]
struct Columns {
    digest: bool,
    author: bool,
    words: bool,
    minute: bool,
}

impl Columns {
    fn of(width: f32) -> Self {
        Self {
            digest: width >= 700.0,
            author: width >= 600.0,
            words: width >= 560.0,
            minute: width >= 400.0,
        }
    }
}

/// The panel.
#[derive(Debug, Default)]
pub struct History {
    filter: String,
    /// The revision whose entities should be selected once it is known which they are.
    wanted: Option<TouchedBy>,
}

impl History {
    /// Draws the panel.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) {
        self.follow(model, view, requests);
        ui.horizontal(|ui| {
            widgets::title(ui, "History");
            let room = (ui.available_width() - S8).clamp(80.0, 220.0);
            let hint = "Filter by action or author";
            widgets::field(ui, &mut self.filter, "Filter the history", hint, room);
        });
        let wanted = self.filter.to_lowercase();
        let fits = |r: &&Revision| {
            r.label.to_lowercase().contains(&wanted) || r.author.to_lowercase().contains(&wanted)
        };
        let rows: Vec<&Revision> = model.log.iter().rev().filter(fits).collect();
        if rows.is_empty() {
            let hint = "Every action is listed here and can be undone, also after closing.";
            empty_state(ui, theme, icon::HISTORY, "No revision to show", hint);
            return;
        }
        let columns = Columns::of(ui.available_width() - S16);
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.add_space(S8);
        ScrollArea::vertical().auto_shrink([false, false]).show_rows(
            ui,
            ROW,
            rows.len(),
            |ui, range| {
                for revision in &rows[range] {
                    ui.horizontal(|ui| {
                        ui.set_height(ROW);
                        self.row(ui, model, theme, requests, &columns, revision);
                    });
                }
            },
        );
    }

    fn row(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        theme: &Theme,
        requests: &mut Vec<Request>,
        columns: &Columns,
        revision: &Revision,
    ) {
        let weak = |text: String| RichText::new(text).size(T11).color(theme.weak);
        let at = when(revision.at);
        let whole = format!(
            "{}\nRevision {}, {at} by {}\nDigest {}",
            revision.label, revision.number, revision.author, revision.digest
        );
        let known = model.lens().horizon.known;
        let later = known.is_some_and(|known| revision.number > known);
        if known == Some(revision.number) {
            ui.painter().rect_filled(ui.max_rect(), 4.0, theme.selected);
        }
        widgets::cell(ui, 30.0, weak(revision.number.to_string()));
        // "2026-01-01 09:01", or the day alone.
        let shown = if columns.minute { at } else { at.split(' ').next().unwrap_or("").into() };
        widgets::cell(ui, if columns.minute { 96.0 } else { 62.0 }, weak(shown));
        if columns.author {
            author(ui, model, theme, requests, &revision.author);
        }
        // An undo or redo says so itself.
        if revision.kind == Kind::Record {
            chip(ui, revision.kind.word(), theme.weak);
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            self.buttons(ui, model, theme, requests, columns, revision);
            if columns.digest {
                let digest = revision.digest.get(..8).unwrap_or_default();
                ui.label(weak(digest.to_owned())).on_hover_text(&revision.digest);
            }
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                let text = RichText::new(&revision.label);
                let text = if later { text.color(theme.weak) } else { text };
                let text =
                    if revision.undone { text.strikethrough().color(theme.weak) } else { text };
                let label = ui.add(Label::new(text).truncate().sense(egui::Sense::click()));
                menu::on(&label.on_hover_text(whole), |ui| {
                    let (can, why) = can_undo(model, revision);
                    let button = ui.add_enabled(can, egui::Button::new(WITH_LATER));
                    if button.on_disabled_hover_text(why).clicked() {
                        requests.push(Request::RevertWithLater(revision.number));
                        ui.close();
                    }
                    if ui.button(THEN).clicked() {
                        requests.push(Request::LookThrough(Lens::known(revision.number)));
                        ui.close();
                    }
                    let text = format!("Without what {} entered", revision.author);
                    let (can, why) = can_look_away(model);
                    let button = ui.add_enabled(can, egui::Button::new(text));
                    if button.on_disabled_hover_text(why).clicked() {
                        let lens = model.wanted_lens().toggle_enterer(&revision.author);
                        requests.push(Request::LookThrough(lens));
                        ui.close();
                    }
                });
            });
        });
    }

    /// The buttons at the end of a row: undo it alone, show what it touched.
    fn buttons(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        theme: &Theme,
        requests: &mut Vec<Request>,
        columns: &Columns,
        revision: &Revision,
    ) {
        let (can, why) = can_undo(model, revision);
        let undo_name = format!("Undo revision {}", revision.number);
        let show_name = format!("Show what revision {} touched", revision.number);
        let then_name = format!("See the case as it was after revision {}", revision.number);
        let is_then = model.lens().horizon.known == Some(revision.number);
        let can_then = model.coming.is_none() && !is_then;
        let (undo, show, then) = if columns.words {
            let undo = ui.add_enabled(can, egui::Button::new("Undo this").small());
            let show = ui.add(egui::Button::new("Show").small());
            widgets::named(&undo, &undo_name, None, can);
            widgets::named(&show, &show_name, None, true);
            let then = ui.add_enabled(can_then, egui::Button::new("See then").small());
            widgets::named(&then, &then_name, None, can_then);
            let then = then.on_hover_text(THEN);
            (undo, show.on_hover_text("Select what this revision changed"), then)
        } else {
            ui.spacing_mut().item_spacing.x = 0.0;
            let undo = ui.add_enabled_ui(can, |ui| icon_button(ui, theme, icon::UNDO, &undo_name));
            let show = icon_button(ui, theme, icon::MY_LOCATION, &show_name);
            let then =
                ui.add_enabled_ui(can_then, |ui| icon_button(ui, theme, icon::HISTORY, &then_name));
            (undo.inner, show, then.inner)
        };
        let why_not = if is_then {
            "You see the case as it was then."
        } else {
            "The case is still being read."
        };
        if then.on_disabled_hover_text(why_not).clicked() {
            requests.push(Request::LookThrough(Lens::known(revision.number)));
        }
        if undo.on_disabled_hover_text(why).clicked() {
            requests.push(Request::Revert(revision.number));
        }
        if show.clicked() {
            self.wanted = Some(TouchedBy(revision.number));
        }
        ui.spacing_mut().item_spacing.x = S8;
    }

    /// Selects what a revision touched once the answer is there.
    fn follow(&mut self, model: &Model, view: &mut View, requests: &mut Vec<Request>) {
        let Some(ids) = self.wanted.and_then(|wanted| model.ask(&wanted, requests)) else { return };
        self.wanted = None;
        view.selection = ids.iter().filter(|id| model.seen.get(id).is_some()).cloned().collect();
        view.reveal = view.selection.first().cloned();
    }
}

/// What shows the case as it was.
const THEN: &str = "See the case as it was then";

/// What undoes a revision with all that came of it.
const WITH_LATER: &str = "Undo this and what builds on it";

/// Whether a revision can be undone out of turn, and why not.
fn can_undo(model: &Model, revision: &Revision) -> (bool, &'static str) {
    if revision.undone {
        (false, "This revision has been undone already.")
    } else if model.lens().horizon.known.is_some() {
        (false, "Show the case as it is first.")
    } else if model.read_only.is_some() {
        (false, "This case is open for reading only.")
    } else if !matches!(revision.kind, Kind::Edit | Kind::Revert) {
        (false, "An undo, a redo or a custody record cannot be undone alone.")
    } else {
        (true, "")
    }
}

/// Whether what an author entered can be looked away from, and why not.
fn can_look_away(model: &Model) -> (bool, &'static str) {
    if model.coming.is_some() {
        (false, "The case is still being read.")
    } else if model.lens().horizon.known.is_some() {
        (false, "Show the case as it is first.")
    } else {
        (true, "")
    }
}

/// Who made a revision; a click shows the case without what they entered.
fn author(ui: &mut Ui, model: &Model, theme: &Theme, requests: &mut Vec<Request>, author: &String) {
    let (can, why) = can_look_away(model);
    let on = model.wanted_lens().horizon.without.contains(author);
    let text = RichText::new(author).size(T11).color(if on { theme.text } else { theme.weak });
    let text = if on { text.strikethrough() } else { text };
    let size = egui::vec2(AUTHOR, ui.available_height());
    let row = egui::Layout::left_to_right(egui::Align::Center);
    let link = ui.allocate_ui_with_layout(size, row, |ui| {
        ui.set_min_width(AUTHOR);
        ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Truncate);
        ui.add_enabled(can, egui::Link::new(text))
    });
    widgets::named(
        &link.inner,
        &format!("As if what {author} entered were withdrawn"),
        Some(on),
        can,
    );
    let hover = if on {
        format!("Show what {author} entered again")
    } else {
        format!("Show the case without what {author} entered; nothing is written")
    };
    if link.inner.on_hover_text(hover).on_disabled_hover_text(why).clicked() {
        requests.push(Request::LookThrough(model.wanted_lens().toggle_enterer(author)));
    }
}
