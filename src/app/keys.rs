//! Keys belong to what is on top: what lies behind a dialog gets none.

use egui::{Context, Event};

/// Keys that are kept from what is drawn meanwhile.
pub struct Held(Vec<Event>);

impl Held {
    /// Takes every key of this frame.
    pub fn take(ctx: &Context) -> Self {
        ctx.input_mut(|input| {
            let (keys, rest) = std::mem::take(&mut input.events).into_iter().partition(is_key);
            input.events = rest;
            Self(keys)
        })
    }

    /// Gives them back, to what is drawn from now on.
    pub(crate) fn give_back(self, ctx: &Context) {
        ctx.input_mut(|input| {
            let rest = std::mem::replace(&mut input.events, self.0);
            input.events.extend(rest);
        });
    }
}

fn is_key(event: &Event) -> bool {
    matches!(
        event,
        Event::Key { .. }
            | Event::Text(_)
            | Event::Copy
            | Event::Cut
            | Event::Paste(_)
            | Event::Ime(_)
    )
}
