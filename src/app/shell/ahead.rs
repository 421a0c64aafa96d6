//! What is typed right after a key that runs a command. The command may open a box for it, which
//! has the keyboard only some frames later; in a slow frame the letters would come before that and
//! run commands of their own.

use egui::{Context, Event, Plugin, RawInput};

use crate::app::command;

/// In how many frames what a command opens has the keyboard.
const FRAMES: u8 = 2;

/// Keeps keys back until what the key before them opens has the keyboard.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    kept: Vec<Event>,
    /// In how many frames they are let through.
    wait: u8,
}

impl Plugin for Ahead {
    fn debug_name(&self) -> &'static str {
        "keys typed ahead"
    }

    fn input_hook(&mut self, ctx: &Context, input: &mut RawInput) {
        let mut events = std::mem::take(&mut self.kept);
        events.append(&mut input.events);
        let from = if self.wait > 0 {
            self.wait -= 1;
            0
        } else {
            let typing = ctx.text_edit_focused();
            match events.iter().position(|event| runs(event, typing)) {
                Some(at) => {
                    self.wait = FRAMES;
                    let after = at + 1;
                    // The letter that the key itself writes is not for what it opens.
                    let text = events.iter().skip(after).position(|event| !is_up(event));
                    if let Some(text) = text.map(|text| after + text)
                        && matches!(events[text], Event::Text(_))
                        && is_plain(&events[at])
                    {
                        events.remove(text);
                    }
                    after
                }
                None => events.len(),
            }
        };
        let (kept, others) = events.split_off(from).into_iter().partition(is_typed);
        self.kept = kept;
        input.events = events;
        input.events.extend::<Vec<_>>(others);
        if !self.kept.is_empty() {
            ctx.request_repaint();
        }
    }
}

/// Whether an event runs a command.
fn runs(event: &Event, typing: bool) -> bool {
    let Event::Key { key, pressed: true, modifiers, .. } = event else { return false };
    !(typing && is_plain(event))
        && command::shortcuts().any(|(shortcut, _)| {
            shortcut.logical_key == *key && modifiers.matches_logically(shortcut.modifiers)
        })
}

/// Whether an event is a key that writes a letter where letters are written.
fn is_plain(event: &Event) -> bool {
    matches!(event, Event::Key { modifiers, .. } if !modifiers.command && !modifiers.alt)
}

fn is_up(event: &Event) -> bool {
    matches!(event, Event::Key { pressed: false, .. })
}

fn is_typed(event: &Event) -> bool {
    matches!(event, Event::Key { .. } | Event::Text(_) | Event::Ime(_) | Event::Paste(_))
}
