//! Global ids: what a row is called in every copy of a case.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

/// The global id of an entity, chart or scene: a `UUIDv7`, or the id that it was imported with.
///
/// Cheap to clone; ordered by its text, which for ids made here is the order of creation.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(Arc<str>);

/// Between the parts of the id of a reference.
const PART: char = '#';

impl Id {
    /// A new id that no other copy of the case will make.
    pub fn new() -> Self {
        Self(uuid::Uuid::now_v7().to_string().into())
    }

    /// The id of a reference: the ids of the entity that refers and of the one that it names, with
    /// the name of the property between.
    pub(crate) fn of_reference(source: &Self, property: &str, target: &Self) -> Self {
        format!("{source}{PART}{property}{PART}{target}").into()
    }

    /// What it would name if it were the id of a reference: source, property, target, in each way
    /// in which it can be taken apart, since an id may contain what stands between the parts.
    pub fn parts(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.0.match_indices(PART).filter_map(|(at, _)| {
            let (property, target) = self.0[at + PART.len_utf8()..].split_once(PART)?;
            Some((&self.0[..at], property, target))
        })
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Id {
    fn default() -> Self {
        Self::new()
    }
}

impl From<&str> for Id {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Id {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl std::borrow::Borrow<str> for Id {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
