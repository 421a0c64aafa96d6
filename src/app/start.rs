//! What one sees before a case is open.

use std::path::{Path, PathBuf};

use egui::{Frame, Margin, RichText, Stroke, Ui, Vec2};

use super::{
    command,
    model::Request,
    theme::{S4, S8, S12, S16, S24, T11, T13, T20, Theme, icons, semibold},
    widgets::{self, ICON_BUTTON, icon_button, primary_button, with_icon},
};
use crate::{chart::icon::ui as icon, demo::Demo};

/// Draws the start screen.
pub fn ui(ui: &mut Ui, theme: &Theme, recents: &mut Vec<PathBuf>, requests: &mut Vec<Request>) {
    widgets::scrolled(egui::ScrollArea::vertical(), ui, |ui| {
        ui.vertical_centered(|ui| {
            ui.add_space((ui.available_height() * 0.10).clamp(S16, 90.0));
            ui.set_max_width(720.0);
            ui.label(RichText::new("Redthread").font(semibold(30.0)).color(theme.text));
            ui.label(
                RichText::new(
                    "Who stands behind whom, how that is known, and what falls if a source falls.",
                )
                .size(T13)
                .color(theme.weak),
            );
            ui.add_space(S24);
            ui.horizontal(|ui| {
                // As wide as the buttons were in the frame before.
                let id = egui::Id::unique("first buttons");
                let width = ui.data(|data| data.get_temp::<f32>(id)).unwrap_or(300.0);
                ui.add_space(((ui.available_width() - width) / 2.0).max(0.0));
                ui.spacing_mut().item_spacing.x = S12;
                ui.spacing_mut().button_padding = Vec2::new(S16, S8);
                let new = primary_button(ui, theme, &with_icon(icon::NOTE_ADD, "New case…"));
                let open = ui.button(with_icon(icon::FOLDER_OPEN, "Open case…"));
                let now = open.rect.right() - new.rect.left();
                if (now - width).abs() > 0.5 {
                    ui.data_mut(|data| data.insert_temp(id, now));
                    ui.ctx().request_repaint();
                }
                if new.clicked() {
                    requests.push(Request::Run(command::CASE_NEW));
                }
                if open.clicked() {
                    requests.push(Request::Run(command::CASE_OPEN));
                }
            });
            ui.add_space(S24);
            ui.columns(2, |columns| {
                demos(&mut columns[0], theme, requests);
                recent(&mut columns[1], theme, recents, requests);
            });
            ui.add_space(S16);
            let hint =
                "Or drop a .redthread file anywhere on this window. Nothing leaves this computer.";
            ui.label(RichText::new(hint).size(T11).color(theme.weak));
        });
    });
}

fn heading(ui: &mut Ui, theme: &Theme, text: &str) {
    ui.label(RichText::new(text).font(semibold(T11)).color(theme.weak));
    ui.add_space(S4);
}

/// The height of the row of a recent case, in points.
const RECENT: f32 = 42.0;

fn card(ui: &mut Ui, theme: &Theme, add: impl FnOnce(&mut Ui)) {
    Frame::new()
        .fill(theme.raised)
        .stroke(Stroke::new(1.0, theme.border))
        .corner_radius(8)
        .inner_margin(Margin::same(12))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            add(ui);
        });
}

fn demos(ui: &mut Ui, theme: &Theme, requests: &mut Vec<Request>) {
    ui.with_layout(egui::Layout::top_down(egui::Align::Min), |ui| {
        heading(ui, theme, "Learn on a demo case");
        for demo in Demo::ALL {
            card(ui, theme, |ui| {
                ui.horizontal(|ui| {
                    ui.label(RichText::new(icon::HUB).font(icons(T20)).color(theme.thread));
                    ui.label(RichText::new(demo.title()).font(semibold(T13)));
                });
                ui.add(egui::Label::new(RichText::new(demo.about()).color(theme.weak)).wrap());
                let response = ui.button("Open this demo");
                widgets::named(
                    &response,
                    &format!("Open the demo case {}", demo.title()),
                    None,
                    true,
                );
                if response.clicked() {
                    requests.push(Request::Demo(demo));
                }
            });
        }
    });
}

fn recent(ui: &mut Ui, theme: &Theme, recents: &mut Vec<PathBuf>, requests: &mut Vec<Request>) {
    ui.with_layout(egui::Layout::top_down(egui::Align::Min), |ui| {
        heading(ui, theme, "Recent cases");
        card(ui, theme, |ui| {
            if recents.is_empty() {
                ui.label(RichText::new("Cases that you open are listed here.").color(theme.weak));
            }
            let mut forget = None;
            for (at, path) in recents.iter().enumerate() {
                // From left to right, so that Tab reaches what opens a case before what forgets it.
                ui.horizontal(|ui| {
                    let room = ui.available_width() - ICON_BUTTON - ui.spacing().item_spacing.x;
                    let left = egui::Layout::top_down(egui::Align::Min);
                    let row = |ui: &mut Ui| recent_row(ui, theme, path);
                    if ui.allocate_ui_with_layout(egui::vec2(room, RECENT), left, row).inner {
                        requests.push(Request::Open(path.clone()));
                    }
                    let name = path.file_stem().unwrap_or_default().to_string_lossy();
                    let words = format!("Remove {name} from this list");
                    if icon_button(ui, theme, icon::CLOSE, &words).clicked() {
                        forget = Some(at);
                    }
                });
            }
            if let Some(at) = forget {
                recents.remove(at);
            }
        });
    });
}

/// A case that was opened before, by name and folder; all of the row opens it.
fn recent_row(ui: &mut Ui, theme: &Theme, path: &Path) -> bool {
    let there = path.exists();
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let folder = path.parent().unwrap_or(path).display().to_string();
    let padding = ui.spacing().button_padding.x;
    let room = ui.available_width();
    let cut = |text: &str, size: f32| {
        let weight = crate::chart::font::Weight::Regular;
        crate::chart::text::cut(text, size, weight, room - 2.0 * padding)
    };
    let ink = if there { theme.text } else { theme.weak };
    let mut words = egui::text::LayoutJob::default();
    let format = |size, ink| egui::TextFormat::simple(egui::FontId::proportional(size), ink);
    words.append(&cut(&name, T13), 0.0, format(T13, ink));
    if !there {
        words.append("  missing", 0.0, format(T11, theme.alarm));
    }
    words.append(&format!("\n{}", cut(&folder, T11)), 0.0, format(T11, theme.weak));
    let button = egui::Button::new(words)
        .frame_when_inactive(false)
        .wrap_mode(egui::TextWrapMode::Extend)
        .min_size(egui::vec2(room, RECENT));
    let response = ui.add_enabled(there, button);
    widgets::named(&response, &name, None, there);
    let response = response.on_hover_text(path.display().to_string());
    let gone = format!("The file {} no longer exists.", path.display());
    response.on_disabled_hover_text(gone).clicked()
}
