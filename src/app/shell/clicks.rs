//! Presses and releases of the pointer in frames of their own. On a slow machine both come within one
//! frame, and a menu that a click opens in a dialog is then drawn under the dialog, which the press
//! brings to the top.

use egui::{Event, PointerButton, RawInput};

/// Events that wait for the next frame.
#[derive(Default)]
pub(super) struct Clicks {
    later: Vec<Event>,
}

impl Clicks {
    /// Keeps the release of a button that was pressed in the same frame, and what comes after it, for
    /// the next frame. Says whether something waits.
    pub fn part(&mut self, input: &mut RawInput) -> bool {
        let mut events = std::mem::take(&mut self.later);
        events.append(&mut input.events);
        let mut pressed: Vec<PointerButton> = Vec::new();
        let released = events.iter().position(|event| {
            let Event::PointerButton { button, pressed: down, .. } = event else { return false };
            if *down {
                pressed.push(*button);
            }
            !*down && pressed.contains(button)
        });
        if let Some(at) = released {
            self.later = events.split_off(at);
        }
        input.events = events;
        !self.later.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use egui::{Modifiers, Pos2};

    use super::*;

    fn button(pressed: bool) -> Event {
        Event::PointerButton {
            pos: Pos2::ZERO,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        }
    }

    fn frame(clicks: &mut Clicks, events: &[Event]) -> (Vec<Event>, bool) {
        let mut input = RawInput { events: events.to_vec(), ..RawInput::default() };
        let waits = clicks.part(&mut input);
        (input.events, waits)
    }

    #[test]
    fn a_click_within_one_frame_takes_two() {
        let mut clicks = Clicks::default();
        let typed = Event::Text("a".into());
        let all = [button(true), button(false), typed.clone()];
        assert_eq!(frame(&mut clicks, &all), (vec![button(true)], true));
        assert_eq!(frame(&mut clicks, &[]), (vec![button(false), typed], false));
    }

    #[test]
    fn two_clicks_within_one_frame_stay_two() {
        let mut clicks = Clicks::default();
        let all = [button(true), button(false), button(true), button(false)];
        assert_eq!(frame(&mut clicks, &all), (vec![button(true)], true));
        assert_eq!(frame(&mut clicks, &[]), (vec![button(false), button(true)], true));
        assert_eq!(frame(&mut clicks, &[]), (vec![button(false)], false));
        assert_eq!(frame(&mut clicks, &[]), (vec![], false));
    }

    #[test]
    fn what_is_held_from_an_earlier_frame_is_released_at_once() {
        let mut clicks = Clicks::default();
        assert_eq!(frame(&mut clicks, &[button(true)]), (vec![button(true)], false));
        assert_eq!(frame(&mut clicks, &[button(false)]), (vec![button(false)], false));
    }
}
