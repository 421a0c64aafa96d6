//! What is remembered from one run to the next.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::app::panels::Drawer;

/// What is remembered from one run to the next.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::app) struct Settings {
    pub(super) dark: bool,
    pub(in crate::app) scale: f32,
    pub(super) inspector: bool,
    pub(super) explore: bool,
    pub(super) drawer: Option<Drawer>,
    pub(super) recents: Vec<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            dark: false,
            scale: 1.0,
            inspector: true,
            explore: false,
            drawer: None,
            recents: Vec::new(),
        }
    }
}
