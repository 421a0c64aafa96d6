//! The case file: open, commit, history, evidence, search, verify. The only user of SQL.
//!
//! [`Case`] is plain and synchronous. Everything that changes a case is an [`Action`], and every
//! action becomes one revision: one transaction, one undo step, one link of the hash chain.
//!
//! ```
//! use redthread_core::{case::{Action, Case, NewValue, Op}, model::Id};
//!
//! let mut case = Case::in_memory()?;
//! let id = Id::new();
//! case.commit(Action::new(vec![Op::Add {
//!     entity: id.clone(),
//!     schema: "Company".into(),
//!     values: vec![NewValue::new("name", "Acme Ltd")],
//! }]))?;
//! assert_eq!(&*case.entity(&id)?.expect("just added").caption, "Acme Ltd");
//! case.undo()?;
//! assert_eq!(case.entity(&id)?, None);
//! # Ok::<(), redthread_core::case::Error>(())
//! ```

mod action;
mod adopt;
pub mod author;
mod batch;
mod blob;
mod block;
mod commit;
mod connection;
mod copy;
mod delta;
mod digest;
mod document;
mod each;
mod error;
mod header;
mod history;
mod import;
mod index;
mod key;
mod label;
mod lock;
mod migrate;
mod name;
mod open;
mod passage;
mod place;
mod progress;
mod projection;
mod read;
mod record;
mod revert;
mod revision;
mod rows;
mod scan;
mod schema;
mod search;
mod second_look;
mod segments;
mod settle;
mod shown;
mod standing;
mod touched;
mod united;
mod verify;
mod watch;
mod weigh;

pub use action::{
    Action, Arrangement, Cited, EvidenceBytes, Intent, Judged, NewCitation, NewEvidence, NewValue,
    Op, Source,
};
pub use adopt::Adopted;
pub use author::author;
pub(crate) use blob::{hash_file, open_file};
pub use delta::Delta;
pub use document::private_folder;
pub use each::Which;
pub use error::{Error, Result};
pub use import::{Entities, Imported, NewEntity, Origin};
pub use lock::release;
pub use progress::Progress;
pub use read::{Counts, CustodyEvent, Details, SaidAt, Stated, StatementInfo, Withdrawn};
pub use revision::{Kind, Revision};
pub use scan::{Backing, Reading, Sink};
pub use search::{Called, Class, FILTERS, Found, Hit, How, Reason, Search, Subject, Total};
pub(crate) use search::{Lookup, in_its_year};
pub use settle::Remedy;
pub use standing::Horizon;
pub use verify::Verdict;

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::model::RevisionNumber;

/// An open case.
#[derive(Debug)]
pub struct Case {
    // Before the lock: the file is closed before it is released.
    db: Connection,
    path: Option<PathBuf>,
    /// The file that the path leads to through all links.
    file: Option<PathBuf>,
    /// Which file that was when it was opened.
    identity: Option<place::Identity>,
    /// How the file was left after the last change, where that is known.
    stamp: Option<settle::Stamp>,
    /// Which case it is and the digest of its newest revision, as this program left it.
    content: Option<(String, String)>,
    lock: Option<lock::Lock>,
    registered: Option<header::Registered>,
    /// Why nothing can be written, if so.
    read_only: Option<String>,
    remedy: Option<Remedy>,
    /// Whether the journal has been set up for writing; done before the first write, so that
    /// opening a case does not change a byte of it.
    prepared: bool,
    /// Whether changes go to a write-ahead log, and the file is marked as having one.
    logged: bool,
    /// Whether the file is marked as being imported into.
    importing: bool,
    /// Whether it is read without looking for changes by others.
    immutable: bool,
    /// Whether the file has not been read since it was opened anew.
    let_go: bool,
    closed: bool,
    /// The tables that have not been looked over for damage yet, the next one last.
    unchecked: Vec<String>,
    /// Whether locks and shared memory of this folder can be relied on.
    local: bool,
    /// Revisions that undo would undo, oldest first.
    undo: Vec<RevisionNumber>,
    /// Revisions that redo would do again, the next one last, each with the revision undoing it.
    redo: Vec<(RevisionNumber, RevisionNumber)>,
    /// What revisions took over from other copies.
    united: std::sync::Arc<united::United>,
    /// The words that can be looked for, as far as they have been read.
    vocabulary: search::Vocabulary,
    /// What the charts of scenes show, as far as it has been asked for.
    shown: std::cell::RefCell<shown::Shown>,
    /// Where the work under way reports to, and asks whether to stop.
    progress: Progress,
    /// Shared with those who read beside, see [`Case::reader`].
    readers: std::sync::Arc<()>,
}

impl Case {
    /// Where the file is; `None` for a case in memory.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Why nothing can be changed, in one sentence; `None` where it can.
    pub fn read_only(&self) -> Option<&str> {
        self.read_only.as_deref()
    }

    /// What can be done where nothing can be changed.
    pub fn remedy(&self) -> Option<&Remedy> {
        self.remedy.as_ref()
    }
}
