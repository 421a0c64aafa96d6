//! What Esc leaves on the chart.

use super::{Canvas, Gesture, LinkMode};

impl Canvas {
    /// Whether a box is open over the chart.
    pub(crate) fn has_box(&self) -> bool {
        self.create.is_some()
            || self.chooser.is_some()
            || self.expand.is_some()
            || self.value.is_some()
    }

    /// Closes the box that is open over the chart, without doing what it offers.
    pub(crate) fn close_box(&mut self) {
        self.create = None;
        // What was made for the other end of a line stays; the box sees to that as it closes.
        if let Some(chooser) = &mut self.chooser {
            chooser.leaves = true;
        }
        self.expand = None;
        self.value = None;
    }

    /// Gives up what is being dragged, or link mode; says whether there was anything.
    pub(crate) fn leave_mode(&mut self) -> bool {
        let drags = !matches!(self.gesture, Gesture::None);
        let links = self.mode.on || self.mode.from.is_some();
        self.gesture = Gesture::None;
        if !drags {
            self.mode = LinkMode::default();
        }
        drags || links
    }
}
