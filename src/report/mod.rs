//! What leaves the program for a reader.

mod draw;
pub mod pdf;
pub mod png;
pub mod sheet;
pub mod svg;

use std::{collections::BTreeMap, path::Path};

pub use draw::not_whole;

use crate::chart::{Frame, text::one_line};

/// Why no picture could be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is not enough memory.
    #[error("The chart is too large for an image of this scale; choose a smaller scale, or SVG.")]
    TooLarge,
    /// The image could not be packed.
    #[error("The image could not be written ({0}).")]
    Encode(String),
    /// The pages could not be packed.
    #[error("The PDF could not be made ({0}); choose SVG.")]
    Pdf(String),
    #[error("Stopped; nothing was changed.")]
    Stopped,
}

/// The frame of a chart of a case: what an export says about where it comes from.
pub fn frame(chart: &str, settings: &BTreeMap<String, String>, case: &Path, digest: &str) -> Frame {
    let setting = |key: &str| settings.get(key).cloned();
    let file = case.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Frame {
        title: one_line(chart),
        case: one_line(&setting("title").unwrap_or(file)),
        marking: one_line(&setting("marking").unwrap_or_default()),
        as_at: jiff::ZonedDateTime::now().strftime("%Y-%m-%d").to_string(),
        author: one_line(&setting("officer").unwrap_or_else(crate::case::author)),
        digest: digest.get(..16).unwrap_or(digest).to_owned(),
        lens: String::new(),
    }
}
