//! Who is told how far a layout has come, and when it should be at an end.

use std::time::Instant;

/// Told how far some work has come.
#[derive(Clone, Copy)]
pub(super) struct Watch<'a> {
    going: &'a (dyn Fn(f32) -> bool + 'a),
    until: Option<Instant>,
    /// The part of the whole that this work is.
    from: f32,
    to: f32,
}

impl<'a> Watch<'a> {
    pub(super) fn new(going: &'a dyn Fn(f32) -> bool, until: Option<Instant>) -> Self {
        Self { going, until, from: 0.0, to: 1.0 }
    }

    /// Tells the part that is done, from 0 to 1; `None` where nobody wants the outcome any more.
    pub(super) fn tell(&self, part: f32) -> Option<()> {
        let part = self.from + (self.to - self.from) * part.clamp(0.0, 1.0);
        (self.going)(part).then_some(())
    }

    /// Whether what is there now should do.
    pub(super) fn is_late(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }

    /// The watch over a part of the work.
    pub(super) fn part(&self, from: f32, to: f32) -> Self {
        let long = self.to - self.from;
        Self { from: self.from + long * from, to: self.from + long * to, ..*self }
    }
}
