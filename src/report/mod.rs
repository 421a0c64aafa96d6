//! What leaves the program for a reader.

mod draw;
mod list;
pub mod pdf;
pub mod png;
pub mod sheet;
pub mod sources;
pub mod svg;

use std::{collections::BTreeMap, path::Path, sync::Arc};

pub use draw::not_whole;

use self::sources::Sources;
use crate::chart::{Frame, Photo, Picture, Style, text::one_line};

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

/// A picture with everything that is drawn around it.
#[derive(Clone, Copy, Debug)]
pub struct Exhibit<'a> {
    pub picture: &'a Picture,
    pub frame: &'a Frame,
    pub style: &'a Style,
    pub sources: &'a Sources,
    pub photos: &'a Photos,
    pub furniture: Furniture,
}

/// Photos on cards, by the SHA-256 of their documents in lower-case hexadecimal.
pub type Photos = BTreeMap<Arc<str>, Photo>;

/// The parts around a picture that can be left out. Title, case, marking, date, author and digest
/// always stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Furniture {
    pub legend: bool,
    /// The numbers of sources on cards and lines, and the list of them.
    pub sources: bool,
    /// What the grades in the list of sources mean.
    pub grade_key: bool,
}

impl Default for Furniture {
    fn default() -> Self {
        Self { legend: true, sources: true, grade_key: true }
    }
}

impl Furniture {
    /// Whether sources are listed with their grades, so that a key has something to explain.
    pub(crate) fn explains_grades(self, sources: &Sources) -> bool {
        self.sources && self.grade_key && !sources.is_empty()
    }
}

/// The frame of a chart of a case: what an export says about where it comes from.
pub fn frame(chart: &str, settings: &BTreeMap<String, String>, case: &Path, digest: &str) -> Frame {
    let setting = |key: &str| settings.get(key).cloned();
    let file = case.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Frame {
        title: one_line(chart),
        case: one_line(&setting("title").unwrap_or(file)),
        reference: one_line(&setting("reference").unwrap_or_default()),
        marking: one_line(&setting("marking").unwrap_or_default()),
        as_at: jiff::ZonedDateTime::now().strftime("%Y-%m-%d").to_string(),
        author: one_line(&setting("officer").unwrap_or_else(crate::case::author)),
        digest: digest.get(..16).unwrap_or(digest).to_owned(),
        lens: String::new(),
    }
}

/// Makes room on a picture for the numbers of sources.
pub fn number(picture: &mut Picture, sources: &Sources) {
    draw::make_room(picture, sources);
}
