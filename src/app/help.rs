//! Small dialogs: the shortcuts, what Redthread is, the title and marking of a case.

use egui::{Grid, RichText, ScrollArea};

use super::{
    command::{COMMANDS, Menu, written},
    dialog::{Dialog, with_foot},
    model::{Model, Request},
    sent::Refusable,
    theme::{S4, S8, T11, T16, Theme, semibold},
    widgets::{self, primary_button},
};
use crate::case::{Action, Op};

/// The dialog that is open.
#[derive(Debug)]
pub enum Help {
    Shortcuts,
    About,
    /// The settings of the case: title, reference, marking, officer; and why the case refused them.
    Settings(Vec<Setting>, Option<String>),
}

/// One setting of the case: its key, what it is called, what it is for, its value, and what that
/// was before.
type Setting = (&'static str, &'static str, &'static str, String, String);

impl Help {
    /// The dialog for the settings of a case.
    pub fn settings(model: &Model) -> Self {
        let row = |key: &'static str, label: &'static str, hint: &'static str| {
            let value = model.settings.get(key).cloned().unwrap_or_default();
            (key, label, hint, value.clone(), value)
        };
        let rows = vec![
            row("title", "Title", "What the case is called"),
            row("reference", "Reference", "The number of the case, shown on every export"),
            row("marking", "Marking", "Shown on every chart and export, such as RESTRICTED"),
            row("officer", "Officer in charge", "Named on exports"),
        ];
        Self::Settings(rows, None)
    }

    /// Draws the dialog; says whether it stays open.
    pub fn ui(&mut self, ctx: &egui::Context, theme: &Theme, requests: &mut Vec<Request>) -> bool {
        let mut open = true;
        let dialog = match self {
            Self::Shortcuts => Dialog::new("shortcuts", 460.0).height(620.0),
            Self::About => Dialog::new("about", 460.0),
            Self::Settings(..) => Dialog::new("settings", 460.0),
        };
        let shown = dialog.show(ctx, |ui| match self {
            Self::Shortcuts => {
                let foot = |ui: &mut egui::Ui| widgets::close_button(ui).clicked();
                open = !with_foot(ui, |ui| shortcuts(ui, theme), foot).1;
            }
            Self::About => {
                about(ui, theme);
                ui.add_space(S8);
                open = !widgets::close_button(ui).clicked();
            }
            Self::Settings(rows, refused) => {
                open = settings(ui, theme, rows, refused, requests);
            }
        });
        // Where something can be typed, a click beside it is no answer.
        open && (!shown.beside || matches!(self, Self::Settings(..)))
    }
}

/// The fields of the case's settings; says whether they stay open.
fn settings(
    ui: &mut egui::Ui,
    theme: &Theme,
    rows: &mut [Setting],
    refused: &mut Option<String>,
    requests: &mut Vec<Request>,
) -> bool {
    let mut open = true;
    let entered = widgets::enter(ui.ctx());
    let has_keys = ui.ctx().memory(egui::Memory::focused).is_some();
    ui.label(RichText::new("Title and marking").font(semibold(T16)));
    for (at, (_, label, hint, value, _)) in rows.iter_mut().enumerate() {
        ui.add_space(S4);
        ui.label(RichText::new(*label).size(T11).color(theme.weak));
        let width = ui.available_width();
        let field = widgets::field(ui, value, label, hint, width);
        if field.changed() {
            *refused = None;
        }
        if at == 0 && !has_keys {
            field.request_focus();
        }
    }
    if let Some(why) = refused {
        ui.add_space(S4);
        ui.add(egui::Label::new(RichText::new(why.as_str()).size(T11).color(theme.alarm)).wrap());
    }
    ui.add_space(S8);
    ui.horizontal(|ui| {
        if primary_button(ui, theme, "Save").clicked() || entered {
            let ops: Vec<Op> = rows
                .iter()
                .filter(|(.., value, before)| value != before)
                .map(|(key, _, _, value, _)| Op::Set {
                    key: (*key).to_owned(),
                    value: value.trim().to_owned(),
                })
                .collect();
            if !ops.is_empty() {
                requests.push(Request::Commit(Action::new(ops)));
            }
            open = false;
        }
        if ui.button("Cancel").clicked() {
            open = false;
        }
    });
    open
}

impl Refusable for Help {
    fn refuse(&mut self, why: &str) {
        if let Self::Settings(_, refused) = self {
            *refused = Some(why.to_owned());
        }
    }
}

fn shortcuts(ui: &mut egui::Ui, theme: &Theme) {
    ui.label(RichText::new("Keyboard shortcuts").font(semibold(T16)));
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        for menu in Menu::ALL {
            widgets::section(ui, theme, menu.label());
            Grid::new(menu.label()).num_columns(2).min_col_width(150.0).show(ui, |ui| {
                for command in COMMANDS.iter().filter(|c| c.menu == menu) {
                    if let Some(shortcut) = command.shortcut {
                        ui.label(RichText::new(written(ui.ctx(), &shortcut)).color(theme.weak));
                        ui.label(command.label);
                        ui.end_row();
                    }
                }
            });
        }
        widgets::section(ui, theme, "On the chart");
        Grid::new("gestures").num_columns(2).min_col_width(150.0).show(ui, |ui| {
            for (gesture, meaning) in [
                ("Drag the ground", "Move the view"),
                ("Wheel", "Zoom to the pointer"),
                ("Shift and drag", "Draw a loop around what to select"),
                ("Shift and click", "Select one more"),
                ("Double-click the ground", "Add an entity"),
                ("Double-click an entity or line", "Edit its name or value"),
                ("Drag from the red handle", "Draw a relationship"),
                ("Drop a file on a line", "Attach it and cite it there"),
                ("Tab", "Go from entity to entity"),
            ] {
                ui.label(RichText::new(gesture).color(theme.weak));
                ui.label(meaning);
                ui.end_row();
            }
        });
    });
}

fn about(ui: &mut egui::Ui, theme: &Theme) {
    ui.label(RichText::new(format!("Redthread {}", env!("CARGO_PKG_VERSION"))).font(semibold(T16)));
    ui.label("Who stands behind whom, how that is known, and what falls if a source falls.");
    ui.add_space(S8);
    ui.label("Redthread opens no network connection, ever. A case is one file; every action is saved at once.");
    ui.add_space(S8);
    let notices = "The data model is FollowTheMoney's (MIT). The typefaces are Inter, Noto Sans and Noto Sans CJK (OFL), \
                   the icons Material Symbols (Apache 2.0).";
    ui.label(RichText::new(notices).size(T11).color(theme.weak));
}
