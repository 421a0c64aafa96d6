//! What leaves the program for a reader.

pub mod png;
pub mod svg;

use std::{collections::BTreeMap, path::Path};

use crate::chart::Frame;

/// The frame of a chart of a case: what an export says about where it comes from.
pub fn frame(chart: &str, settings: &BTreeMap<String, String>, case: &Path, digest: &str) -> Frame {
    let setting = |key: &str| settings.get(key).cloned();
    let file = case.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Frame {
        title: chart.to_owned(),
        case: setting("title").unwrap_or(file),
        marking: setting("marking").unwrap_or_default(),
        as_at: jiff::ZonedDateTime::now().strftime("%Y-%m-%d").to_string(),
        author: setting("officer").unwrap_or_else(crate::case::author),
        digest: digest.get(..16).unwrap_or(digest).to_owned(),
    }
}
