//! A search that somebody gave a name, to be made again.

use serde::{Deserialize, Serialize};

use super::Id;

/// What was typed, and what to call it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSearch {
    pub id: Id,
    pub name: String,
    pub query: String,
}

impl SavedSearch {
    /// A search that is called what was typed.
    pub fn new(query: impl Into<String>) -> Self {
        let query = query.into();
        Self { id: Id::new(), name: query.clone(), query }
    }
}
