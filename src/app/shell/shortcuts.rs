//! Keys that run commands.

use egui::Context;

use super::App;
use crate::app::{command, model::Request, panels::Drawer};

impl App {
    pub(super) fn shortcuts(&mut self, ctx: &Context) {
        let anywhere = command::shortcuts().filter(|(_, it)| command::ANYWHERE.contains(it));
        for (shortcut, command) in anywhere {
            if ctx.input_mut(|i| i.consume_shortcut(&shortcut)) {
                self.requests.push(Request::Run(command));
                return;
            }
        }
        if self.layers.top().is_some() || self.view.presenting.is_some() {
            return;
        }
        // A form that is about to open has the keys already.
        let opens =
            self.settings.drawer == Some(Drawer::Evidence) && self.panels.evidence.takes_keys();
        let typing = ctx.text_edit_focused() || opens;
        self.tab_to_chart(ctx, typing);
        let mut wanted = None;
        ctx.input_mut(|i| {
            // The longer combination first: Ctrl+Shift+Z must not be taken for Ctrl+Z, nor Alt+L
            // for L.
            let mut shortcuts: Vec<_> = command::shortcuts().collect();
            shortcuts.sort_by_key(|(shortcut, _)| {
                let held = shortcut.modifiers;
                let held = [held.shift, held.alt, held.command];
                std::cmp::Reverse(held.into_iter().filter(|held| *held).count())
            });
            for (shortcut, command) in shortcuts {
                let plain = !shortcut.modifiers.command && !shortcut.modifiers.alt;
                let is_function = matches!(shortcut.logical_key, egui::Key::F1 | egui::Key::F5);
                let edits_text = matches!(
                    shortcut.logical_key,
                    egui::Key::Z
                        | egui::Key::A
                        | egui::Key::Delete
                        | egui::Key::ArrowLeft
                        | egui::Key::ArrowRight
                );
                if typing && ((plain && !is_function) || edits_text) {
                    continue;
                }
                if i.consume_shortcut(&shortcut) {
                    wanted = Some(command);
                    break;
                }
            }
            if !typing && wanted.is_none() {
                for event in &i.events {
                    match event {
                        egui::Event::Copy => wanted = Some(command::EDIT_COPY),
                        egui::Event::Paste(_) => wanted = Some(command::EDIT_PASTE),
                        _ => {}
                    }
                }
            }
        });
        if let Some(command) = wanted {
            self.requests.push(Request::Run(command));
        }
    }

    /// Tab goes to the chart first where nothing has the keyboard yet: the chart is what the window
    /// is about, and what the menus do is found by Ctrl+K.
    fn tab_to_chart(&mut self, ctx: &Context, typing: bool) {
        let is_free = !typing && ctx.memory(|memory| memory.focused().is_none());
        let pressed = |i: &egui::InputState| i.key_pressed(egui::Key::Tab) && i.modifiers.is_none();
        if is_free && self.model.is_some() && ctx.input(pressed) && self.canvas.take_keys() {
            ctx.memory_mut(|memory| memory.move_focus(egui::FocusDirection::None));
        }
    }
}
