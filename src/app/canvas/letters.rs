//! Notices that egui has made its letters anew.

use std::sync::Arc;

use egui::{Color32, Context, FontId, Galley};

/// The letters that a kept picture was written with.
#[derive(Default)]
pub(super) struct Letters {
    /// A text as egui has laid it out. Where the texture of letters begins anew, with every letter
    /// elsewhere or of another strength, egui forgets what was laid out, and this is another one.
    sample: Option<Arc<Galley>>,
    number: u64,
}

impl Letters {
    /// Returns a number that is another one once the letters are. To be asked in every frame.
    pub(super) fn number(&mut self, ctx: &Context) -> u64 {
        let sample = ctx.fonts_mut(|fonts| {
            fonts.layout_no_wrap("A".into(), FontId::default(), Color32::PLACEHOLDER)
        });
        if self.sample.as_ref().is_none_or(|before| !Arc::ptr_eq(before, &sample)) {
            self.sample = Some(sample);
            self.number += 1;
        }
        self.number
    }
}
