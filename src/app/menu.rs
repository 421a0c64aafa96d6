//! Menus made from the list of commands.

use egui::{Button, RichText, Ui};

use super::{
    command::{COMMANDS, Command, Menu, written},
    model::{Model, Request, View},
    theme::Theme,
    widgets::with_icon,
};

/// The width of a menu, in points.
pub const WIDTH: f32 = 220.0;

/// One row of a menu, or a button of a panel, at least so wide. A command that cannot be done says
/// why in its tooltip.
pub fn item(
    ui: &mut Ui,
    theme: &Theme,
    command: &Command,
    model: Option<&Model>,
    view: &View,
    width: f32,
) -> bool {
    let obstacle = command.obstacle(model, view);
    let mut label = command.label.to_owned();
    // Undo and redo are named after what they would do.
    let named = match command.id {
        "edit.undo" => model.and_then(|m| m.undo.as_ref()),
        "edit.redo" => model.and_then(|m| m.redo.as_ref()),
        _ => None,
    };
    if let Some(name) = named {
        let name = crate::chart::text::cut(name, 13.0, crate::chart::font::Weight::Regular, 260.0);
        label = format!("{label}: {name}");
    }
    let mut button = Button::new(with_icon(command.icon, &label)).min_size([width, 24.0].into());
    if let Some(shortcut) = command.shortcut {
        let text = RichText::new(written(ui.ctx(), &shortcut)).color(theme.weak);
        button = button.shortcut_text(text);
    }
    let response = ui.add_enabled(obstacle.is_none(), button);
    super::widgets::named(&response, &label, None, obstacle.is_none());
    match obstacle {
        Some(why) => response.on_disabled_hover_text(why).clicked(),
        None => response.clicked(),
    }
}

/// The menus, to stand in a menu bar.
pub fn menus(
    ui: &mut Ui,
    theme: &Theme,
    model: Option<&Model>,
    view: &View,
    requests: &mut Vec<Request>,
) {
    for menu in Menu::ALL {
        ui.menu_button(menu.label(), |ui| {
            let height = ui.ctx().content_rect().height() - 80.0;
            egui::ScrollArea::vertical().max_height(height).show(ui, |ui| {
                for command in COMMANDS.iter().filter(|command| command.menu == menu) {
                    if item(ui, theme, command, model, view, WIDTH) {
                        requests.push(Request::Run(command.id));
                        ui.close();
                    }
                }
            });
        });
    }
}
