//! What the columns of a table mean.

use serde::{Deserialize, Serialize};

/// What entities and relationships each row of a table becomes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Mapping {
    /// What it is called among the saved ones.
    pub name: String,
}
