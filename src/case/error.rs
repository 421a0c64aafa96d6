//! What can go wrong with a case, each as one sentence that says what, where and what to do.

use std::path::{Path, PathBuf};

/// Why something could not be done to a case. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such file, or it cannot be read.
    #[error("{} cannot be read ({source}); check that it exists and that you may open it.", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file could not be written.
    #[error("{} cannot be written ({source}); check the folder, its permissions and the free space.", .path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A new file would replace one that exists.
    #[error("{} exists already; choose another name, or open it.", .0.display())]
    Exists(PathBuf),
    /// The file is something else.
    #[error("{} is not a Redthread case: {what}; choose a .redthread file.", .path.display())]
    NotACase {
        /// The file.
        path: PathBuf,
        /// What it is, as far as can be told.
        what: String,
    },
    /// The file claims to be a case but does not hold together.
    #[error("{} is damaged: {what}; restore a copy of it, the file has not been changed.", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The first thing that does not hold.
        what: String,
    },
    /// The case can be read but not changed.
    #[error("This case is open for reading only: {0}")]
    ReadOnly(String),
    /// The last change was cut off in the middle and must be rolled back first.
    #[error("The last change to {} was cut off and has to be rolled back, for which it must be writable; copy it and the -journal file beside it to a folder of your own and open it there.", .0.display())]
    Unfinished(PathBuf),
    /// What the action names does not exist, or is not in the state that it needs.
    #[error("{0}")]
    Refused(String),
    /// An older revision cannot be undone because later ones build on it.
    #[error("“{label}” cannot be undone by itself: {because}; undo the later change first.")]
    Conflict {
        /// The revision's label.
        label: String,
        /// What stands against it.
        because: String,
    },
    /// The user stopped it.
    #[error("Stopped; nothing was changed.")]
    Cancelled,
    /// The disk is full.
    #[error("The disk is full; nothing was changed. Free some space and do it again.")]
    DiskFull,
    /// Something else that `SQLite` reports.
    #[error("The case file could not be used ({0}); nothing was changed.")]
    Database(#[source] rusqlite::Error),
    /// A stored row does not have the form that it should have.
    #[error("The case file is damaged: {0}; run `redthread verify` on it to see where.")]
    Corrupt(String),
}

/// The result of anything done to a case.
pub type Result<T> = std::result::Result<T, Error>;

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        match &error {
            rusqlite::Error::SqliteFailure(cause, _) => match cause.code {
                Code::DiskFull => Self::DiskFull,
                Code::DatabaseCorrupt | Code::NotADatabase => {
                    Self::Corrupt("its pages contradict each other".into())
                }
                Code::ReadOnly => {
                    Self::ReadOnly("the file or its folder is write-protected.".into())
                }
                Code::OperationInterrupted => Self::Cancelled,
                _ => Self::Database(error),
            },
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::Utf8Error(..) => Self::Corrupt("a value has the wrong type".into()),
            _ => Self::Database(error),
        }
    }
}

impl Error {
    pub(super) fn unreadable(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| Self::Unreadable { path: path.to_owned(), source }
    }

    pub(super) fn unwritable(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| Self::Unwritable { path: path.to_owned(), source }
    }
}
