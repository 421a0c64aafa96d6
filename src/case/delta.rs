//! What a commit changed, for whoever keeps a copy of the case in memory.

use crate::model::{Entity, Id, RevisionNumber};

/// What one revision changed.
#[derive(Clone, Debug, Default)]
pub struct Delta {
    /// The revision; `None` where nothing was written.
    pub revision: Option<RevisionNumber>,
    /// What the user did, for the toast and the undo list.
    pub label: String,
    /// Entities and relationships that exist now: as they are after the revision.
    pub changed: Vec<Entity>,
    pub gone: Vec<Id>,
    /// So much changed that a copy should be read anew instead of patched.
    pub reload: bool,
    /// The revision before which was stated what is stated now: the one that this takes back, after
    /// all that came later.
    pub restores: Option<RevisionNumber>,
    /// Charts whose placements, name or settings changed, or that came or went.
    pub charts: Vec<Id>,
    pub scenes: bool,
    /// Whether evidence or its custody changed.
    pub evidence: bool,
    /// Whether settings of the case or saved searches changed.
    pub settings: bool,
}
