//! A finding that somebody wants to hear of when it changes.

use serde::{Deserialize, Serialize};

use super::Id;

/// A pinned finding: what was asked, and what the answer was. It is asked again after each change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pinned {
    pub id: Id,
    pub question: String,
    /// The entities that were asked about.
    pub entities: Vec<Id>,
    /// The day on which the facts had to hold, as a partial date.
    #[serde(default)]
    pub on: Option<String>,
    /// Maximum path length, in relationships, where one was given.
    #[serde(default)]
    pub hops: Option<u32>,
    /// The documents that were taken for withdrawn when it was asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without_evidence: Vec<Id>,
    /// The sources all of whose documents were taken for withdrawn when it was asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without_sources: Vec<String>,
    /// The entities that the finding is about.
    pub about: Vec<Id>,
    /// The verdict when it was pinned.
    pub verdict: String,
    /// The finding in words when it was pinned.
    pub words: String,
}
