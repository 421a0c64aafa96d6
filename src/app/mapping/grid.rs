//! The first rows of the table, with what each column becomes above it.

use std::sync::Arc;

use egui::{Align, Button, Layout, RichText, ScrollArea, Ui};
use egui_extras::{Column, TableBuilder};

use super::{MappingState, columns};
use crate::{
    app::theme::{T11, Theme, semibold},
    exchange::table::SURE,
};

pub(super) const ROW: f32 = 22.0;
/// The height of the headings and their buttons, and of the bar below the table.
pub(super) const HEAD: f32 = 84.0;
/// Columns that are drawn; more than that nobody maps by hand.
const DRAWN: usize = 400;

pub(super) fn ui(state: &mut MappingState, ui: &mut Ui, theme: &Theme, height: f32) {
    let Some(table) = state.table.take() else { return };
    let names: Vec<String> = table.columns.iter().take(DRAWN).cloned().collect();
    ScrollArea::horizontal().id_salt("grid").auto_shrink([false, false]).max_height(height).show(
        ui,
        |ui| {
            ui.push_id("rows", |ui| {
                let builder = TableBuilder::new(ui)
                    .striped(false)
                    .vscroll(true)
                    .auto_shrink([false, false])
                    .min_scrolled_height(40.0)
                    .max_scroll_height(height - HEAD)
                    .cell_layout(Layout::left_to_right(Align::Center))
                    .column(Column::exact(34.0))
                    .columns(
                        Column::initial(156.0).at_least(70.0).clip(true).resizable(true),
                        names.len(),
                    );
                builder
                    .header(62.0, |mut header| {
                        header.col(|_| {});
                        for (at, name) in names.iter().enumerate() {
                            header.col(|ui| {
                                ui.vertical(|ui| head(state, ui, theme, at, name));
                            });
                        }
                    })
                    .body(|body| {
                        body.rows(ROW, table.sample.len(), |mut row| {
                            let sample = &table.sample[row.index()];
                            row.col(|ui| {
                                ui.label(
                                    RichText::new(sample.number.to_string())
                                        .size(T11)
                                        .color(theme.weak),
                                );
                            });
                            for column in 0..names.len() {
                                row.col(|ui| {
                                    let cell = one_line(sample.get(column));
                                    let label = egui::Label::new(RichText::new(cell).size(T11));
                                    ui.add(label.truncate()).on_hover_text(sample.get(column));
                                });
                            }
                        });
                    });
            });
        },
    );
    if table.columns.len() > DRAWN {
        let text = format!(
            "{} more columns are not shown; a mapping file can use them.",
            table.columns.len() - DRAWN
        );
        ui.label(RichText::new(text).size(T11).color(theme.weak));
    }
    state.table = Some(table);
}

/// The heading of a column, and below it the button that says and changes what it becomes.
fn head(state: &mut MappingState, ui: &mut Ui, theme: &Theme, at: usize, name: &str) {
    ui.spacing_mut().item_spacing.y = 2.0;
    let guess = state.guess.columns.get(at).filter(|column| !column.reason.is_empty()).cloned();
    let width = ui.available_width();
    ui.allocate_ui_with_layout(
        egui::vec2(width, 16.0),
        Layout::right_to_left(Align::Center),
        |ui| {
            if let Some(guess) = &guess {
                let weak = guess.confidence < SURE;
                let ink = if weak { theme.alarm } else { theme.weak };
                let sure = format!("{:.0} %", guess.confidence * 100.0);
                ui.label(RichText::new(sure).size(T11).color(ink))
                    .on_hover_text(format!("How sure the guess is: {}", guess.reason));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let heading = RichText::new(one_line(name)).font(semibold(T11)).color(theme.text);
                ui.add(egui::Label::new(heading).truncate()).on_hover_text(name);
            });
        },
    );
    let becomes = state.mapping.becomes(name);
    let ink = if becomes.is_some() { theme.text } else { theme.weak };
    let words = becomes.unwrap_or_else(|| "not used".to_owned());
    let room = width - 2.0 * ui.spacing().button_padding.x;
    let button = Button::new(two_lines(ui, &words, room, ink));
    let response = ui.add_sized([width, 38.0], button);
    let label = format!("Column {name} becomes: {words}");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &label));
    let response = match guess {
        Some(guess) => {
            let sure = (guess.confidence * 100.0).round();
            let reason = &guess.reason;
            response.on_hover_text(format!("{words}\nGuessed, {sure:.0} % sure: {reason}"))
        }
        None => response.on_hover_text(&words),
    };
    // Whoever goes through the columns by keyboard sees where they are.
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    columns::picker(state, theme, &response, name);
}

/// Words as the two lines of a button that is so wide show them.
fn two_lines(ui: &Ui, words: &str, width: f32, ink: egui::Color32) -> Arc<egui::Galley> {
    let mut job = egui::text::LayoutJob::simple(
        words.to_owned(),
        egui::FontId::proportional(T11),
        ink,
        width,
    );
    job.wrap.max_rows = 2;
    ui.painter().layout_job(job)
}

/// The text of a cell in one line.
fn one_line(text: &str) -> String {
    let cut = text.char_indices().nth(200).map_or(text, |(at, _)| &text[..at]);
    cut.split_whitespace().collect::<Vec<_>>().join(" ")
}
