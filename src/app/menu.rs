//! Menus made from the list of commands, and how context menus open.

use egui::{
    Button, FocusDirection, Id as WidgetId, Key, Modifiers, Popup, Pos2, Response, RichText,
    SetOpenCommand, Ui,
};

use super::{
    command::{self, COMMANDS, Command, Menu, written},
    model::{Model, Request, View},
    theme::Theme,
    widgets::with_icon,
};
use crate::{analysis::QUESTIONS, chart::icon::ui as icon, model::Id};

/// Of more things that are selected, these are looked through for what a question is about.
const FEW: usize = 200;
/// What a button needs besides its words and its shortcut, in points.
const KEYS: f32 = 32.0;

/// The width of a menu, in points.
pub(crate) const WIDTH: f32 = 220.0;

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
    let named = model.and_then(|model| {
        if command == command::EDIT_UNDO {
            model.undo.as_ref()
        } else if command == command::EDIT_REDO {
            model.redo.as_ref()
        } else {
            None
        }
    });
    if let Some(name) = named {
        let name = crate::chart::text::cut(name, 13.0, crate::chart::font::Weight::Regular, 260.0);
        label = format!("{label} “{name}”");
    }
    let words = with_icon(command.icon, &label);
    let mut button = Button::new(words.as_str()).min_size([width, 24.0].into());
    if let Some(shortcut) = command.shortcut {
        let keys = written(ui.ctx(), &shortcut);
        // Where there is no room for both, the words come first.
        let wide = |text: &str| {
            let text = egui::WidgetText::from(text);
            let (extend, style) = (egui::TextWrapMode::Extend, egui::TextStyle::Button);
            text.into_galley(ui, Some(extend), f32::INFINITY, style).size().x
        };
        if wide(&words) + wide(&keys) + KEYS <= width.max(ui.available_width()) {
            button = button.shortcut_text(RichText::new(keys).color(theme.weak));
        }
    }
    let response = ui.add_enabled(obstacle.is_none(), button);
    super::widgets::named(&response, &label, None, obstacle.is_none());
    match obstacle {
        Some(why) => response.on_disabled_hover_text(why).clicked(),
        None => response.clicked(),
    }
}

/// A context menu that was opened by keyboard.
#[derive(Clone, Copy, Debug)]
struct Keyed {
    /// The widget that it belongs to, and the one that had the keyboard and gets it back.
    of: WidgetId,
    back: WidgetId,
    at: Pos2,
    /// Whether its first row still has to get the keyboard.
    fresh: bool,
}

/// In a widget higher than this, in points, the menu opens in the middle rather than below it.
const TALL: f32 = 100.0;
/// Where [`Keyed`] is kept: one is open at a time.
const KEYED: &str = "context menu by keyboard";

/// Whether the context menu of a widget is wanted now: by a click of the second button, or by the
/// Menu key or Shift+F10 where the widget, or one that lies in it, has the keyboard.
pub(crate) fn wants_context(response: &Response) -> bool {
    response.secondary_clicked() || keyboard_in(response).is_some()
}

/// The widget in this one that has the keyboard and where it is, if a context menu is wanted by it.
fn keyboard_in(response: &Response) -> Option<(WidgetId, Pos2)> {
    let ctx = &response.ctx;
    let focused = ctx.memory(egui::Memory::focused).filter(|_| is_key_pressed(ctx))?;
    let rect = if focused == response.id {
        response.rect
    } else {
        let inner = ctx.read_response(focused)?;
        let is_in = inner.layer_id == response.layer_id && response.rect.contains_rect(inner.rect);
        is_in.then_some(inner.rect)?
    };
    let rect = rect.intersect(response.interact_rect);
    Some((focused, if rect.height() > TALL { rect.center() } else { rect.left_bottom() }))
}

/// Whether a key is pressed that opens context menus.
pub(crate) fn is_key_pressed(ctx: &egui::Context) -> bool {
    // Shift may be up again at the end of a slow frame.
    let opens = |event: &egui::Event| match event {
        egui::Event::Key { key: Key::Menu, pressed: true, .. } => true,
        egui::Event::Key { key: Key::F10, pressed: true, modifiers, .. } => modifiers.shift_only(),
        _ => false,
    };
    ctx.input(|i| i.events.iter().any(opens))
}

/// Shows the context menu of a widget where [`wants_context`] says so, until it is closed.
pub fn on(response: &Response, add: impl FnOnce(&mut Ui)) {
    let (ctx, kept) = (&response.ctx, WidgetId::unique(KEYED));
    let mut popup = Popup::context_menu(response);
    if let Some((back, at)) = keyboard_in(response) {
        ctx.input_mut(|i| {
            i.consume_key(Modifiers::NONE, Key::Menu) || i.consume_key(Modifiers::SHIFT, Key::F10)
        });
        let keyed = Keyed { of: response.id, back, at, fresh: true };
        ctx.data_mut(|data| data.insert_temp(kept, keyed));
        // The menu takes the keyboard from the widget that it belongs to.
        response.request_focus();
        popup = popup.open_memory(SetOpenCommand::Bool(true));
    } else if response.secondary_clicked() {
        ctx.data_mut(|data| data.remove::<Keyed>(kept));
    }
    let keyed = ctx.data(|data| data.get_temp::<Keyed>(kept));
    let Some(mut keyed) = keyed.filter(|keyed| keyed.of == response.id) else {
        popup.show(add);
        return;
    };
    let shown = popup.at_position(keyed.at).show(|ui| {
        add(ui);
        if keyed.fresh && !ui.is_sizing_pass() {
            ui.memory_mut(|memory| memory.move_focus(FocusDirection::Down));
            keyed.fresh = false;
        }
    });
    if shown.is_none_or(|shown| shown.response.should_close()) {
        ctx.data_mut(|data| data.remove::<Keyed>(kept));
        ctx.memory_mut(|memory| memory.request_focus(keyed.back));
    } else {
        ctx.data_mut(|data| data.insert_temp(kept, keyed));
    }
}

/// A context menu: groups of commands, and above the last, the questions about what is selected.
pub fn context(
    ui: &mut Ui,
    theme: &Theme,
    model: &Model,
    view: &View,
    requests: &mut Vec<Request>,
    groups: &[&[&'static Command]],
) {
    // In a low window it scrolls, as the menus do.
    let height = ui.ctx().content_rect().height() - 40.0;
    ui.set_max_height(height);
    egui::ScrollArea::vertical().max_height(height).show(ui, |ui| {
        ui.set_min_width(230.0);
        for (number, group) in groups.iter().enumerate() {
            if number + 1 == groups.len() {
                questions(ui, model, view, requests);
            }
            if number > 0 {
                ui.separator();
            }
            for command in *group {
                if item(ui, theme, command, Some(model), view, WIDTH) {
                    requests.push(Request::Run(command));
                    ui.close();
                }
            }
        }
    });
}

/// The questions about what is selected, below a separator.
fn questions(ui: &mut Ui, model: &Model, view: &View, requests: &mut Vec<Request>) {
    let about = entities_of(model, view);
    let asked = QUESTIONS.iter().filter_map(|entry| Some((entry, entry.about(about.len())?)));
    let asked: Vec<_> = asked.filter(|_| !about.is_empty()).collect();
    if asked.is_empty() {
        return;
    }
    ui.separator();
    for (entry, label) in asked {
        let button = Button::new(with_icon(icon::HELP, label)).min_size([WIDTH, 24.0].into());
        let response = ui.add_enabled(model.coming.is_none(), button);
        super::widgets::named(&response, label, None, model.coming.is_none());
        if response.on_disabled_hover_text("The case is still being read.").clicked() {
            requests.push(Request::Ask(entry.name, about.clone()));
            ui.close();
        }
    }
}

/// The entities among what is selected, if a question is about so many.
pub(crate) fn entities_of(model: &Model, view: &View) -> Vec<Id> {
    let most = QUESTIONS.iter().map(|entry| entry.entities.max(1)).max().unwrap_or(0);
    let is_entity = |id: &&Id| model.seen.get(id).is_some_and(|e| !e.is_link());
    let mut entities: Vec<Id> =
        view.selection.iter().take(FEW).filter(is_entity).take(most + 1).cloned().collect();
    if entities.len() > most {
        entities.clear();
    }
    entities
}

/// The menus, to stand in a menu bar.
pub(crate) fn menus(
    ui: &mut Ui,
    theme: &Theme,
    model: Option<&Model>,
    view: &View,
    requests: &mut Vec<Request>,
) {
    for menu in Menu::ALL {
        ui.menu_button(menu.label(), |ui| {
            let height = ui.ctx().content_rect().height() - 80.0;
            ui.set_max_height(height);
            egui::ScrollArea::vertical().max_height(height).show(ui, |ui| {
                for command in COMMANDS.iter().filter(|command| command.menu == menu) {
                    if item(ui, theme, command, model, view, WIDTH) {
                        requests.push(Request::Run(command));
                        ui.close();
                    }
                }
            });
        });
    }
}
