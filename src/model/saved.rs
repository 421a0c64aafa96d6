//! A search that somebody gave a name, to be made again.

use serde::{Deserialize, Serialize};

use super::Id;

/// What was typed, and what to call it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSearch {
    /// Its global id.
    pub id: Id,
    /// What to call it.
    pub name: String,
    /// What was typed.
    pub query: String,
}

impl SavedSearch {
    /// A search that is called what was typed.
    pub fn new(query: impl Into<String>) -> Self {
        let query = query.into();
        Self { id: Id::new(), name: query.clone(), query }
    }
}
