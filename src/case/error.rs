//! What can go wrong with a case, each as one sentence that says what, where and what to do.

use std::path::{Path, PathBuf};

/// Why something could not be done to a case. Nothing was changed, except where it says otherwise:
/// [`Error::Unconfirmed`], [`Error::Saved`], [`Error::NotClosed`], [`Error::Left`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such file, or it cannot be read.
    #[error("{} cannot be read ({source}); check that it exists, that you may open it, and its disk.", .path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("{} cannot be written ({source}); check the folder, its permissions and the free space.", .path.display())]
    Unwritable { path: PathBuf, source: std::io::Error },
    /// A new file would replace one that exists.
    #[error("{} exists already; choose another name, or open it.", .0.display())]
    Exists(PathBuf),
    /// The file is something else.
    #[error("{} is not a Redthread case: {what}; choose a .redthread file.", .path.display())]
    NotACase {
        path: PathBuf,
        /// What it is, as far as can be told.
        what: String,
    },
    /// The file claims to be a case but does not hold together.
    #[error("{} is damaged: {what}; restore a copy of it, the file has not been changed.", .path.display())]
    Damaged {
        path: PathBuf,
        /// The first thing that does not hold.
        what: String,
    },
    #[error("This case is open for reading only: {0}")]
    ReadOnly(String),
    /// The last change was cut off in the middle and must be rolled back first.
    #[error("The last change to {} was cut off and has to be rolled back, for which it must be writable; copy it and the -journal file beside it to a folder of your own and open it there.", .0.display())]
    Unfinished(PathBuf),
    /// What an action, a question or a command names does not exist.
    #[error("{}", sentence(.what, .hint))]
    NotFound {
        /// What is missing, and where.
        what: String,
        /// What to do about it; empty where that is plain.
        hint: String,
    },
    /// What was asked for cannot be done as it is.
    #[error("{}", sentence(.what, .hint))]
    Invalid {
        /// What is wrong, and with what.
        what: String,
        /// What to do about it; empty where that is plain.
        hint: String,
    },
    /// A file that was to be taken in does not have the form that it should have.
    #[error("{}{}: {what}; nothing was imported.", file_name(.file), at(.place))]
    Format {
        file: PathBuf,
        /// The place in it: a line, a row, a part; empty where the whole file is meant.
        place: String,
        /// What is wrong there, and what to do about it.
        what: String,
    },
    /// This computer lacks something, or another program has come between.
    #[error("{}", sentence(.what, .hint))]
    System {
        what: String,
        /// What to do about it; empty where that is plain.
        hint: String,
    },
    /// A file that a new one needs the place of is left of another.
    #[error("{} is left of a file of the same name; move it away, or choose another name.", .0.display())]
    Remains(PathBuf),
    /// A mistake of this program.
    #[error("{0}; please report this.")]
    Report(String),
    /// An older revision cannot be undone because later ones build on it.
    #[error(
        "“{label}” cannot be undone by itself: {because}; undo the later change first, or undo it with what builds on it in History."
    )]
    Conflict {
        label: String,
        /// What stands against it.
        because: String,
    },
    #[error("Stopped; nothing was changed.")]
    Cancelled,
    #[error("The disk is full; nothing was changed. Free some space and do it again.")]
    DiskFull,
    /// The disk or the network that holds the file failed; the file itself may be whole.
    #[error("{} failed ({what}, SQLite code {code}); nothing was changed. Check the disk, its cable or network connection and its free space, then try again.", disk_of(.path.as_deref()))]
    Disk {
        path: Option<PathBuf>,
        /// What was being done, as far as `SQLite` reports it.
        what: &'static str,
        /// `SQLite`'s extended result code.
        code: i32,
    },
    /// The disk failed while the change was being made permanent.
    #[error(
        "The disk did not confirm the change ({0}). It may be saved or not: close the case, check the disk, open it again and look at its history."
    )]
    Unconfirmed(String),
    /// The change is permanent, but something after it failed.
    #[error(
        "The change is saved, but reading it back failed ({0}). Close the case and open it again to see it."
    )]
    Saved(String),
    /// Everything is permanent, but the file could not be closed.
    #[error("Everything is saved in {}, but closing it failed ({what}); keep the files beside it that begin with its name, and open it again.", .path.display())]
    NotClosed { path: PathBuf, what: String },
    /// A new file has its name, but is of no use as it is, and the disk keeps it from being removed.
    #[error("The disk failed while {} was made ({what}), and the file could not be removed. Check the disk, then delete the file and try again.", .path.display())]
    Left { path: PathBuf, what: String },
    /// Another program holds the file's lock.
    #[error("Another program is using {} at this moment; nothing was changed. Wait until it is done, then try again.", name_of(.0.as_deref()))]
    Busy(Option<PathBuf>),
    /// What was read does not belong together, because the case was changed meanwhile.
    #[error(
        "The case kept changing while it was read; nothing was written. Try again when no edits are made."
    )]
    Changed,
    #[error(
        "There is not enough memory; nothing was changed. Close other programs, then try again."
    )]
    Memory,
    /// A mistake of this program: `SQLite` was asked for something that it refuses.
    #[error("Redthread used the case file wrongly (SQLite code {}); nothing was changed. Please report this with what you did.", code_of(.0))]
    Database(#[source] rusqlite::Error),
    /// `SQLite` met a contradiction. It says the same of a file that is damaged and of a disk that
    /// fails while it is read; [`Error::in_file`] finds out which.
    #[error(
        "The case file could not be read right: {0}, or its disk fails; run `redthread verify` on it to see which."
    )]
    Suspect(String),
    /// The disk or the network fails while the file is read; the file itself may be whole.
    #[error("The disk that holds {} failed ({what}); nothing was changed. Check the disk, its cable or network connection, then try again.", .path.display())]
    Unread { path: PathBuf, what: String },
    /// A stored row does not have the form that it should have.
    #[error("The case file is damaged: {0}; run `redthread verify` on it to see where.")]
    Corrupt(String),
}

/// The result of anything done to a case.
pub type Result<T> = std::result::Result<T, Error>;

/// A value of a row that is not of the type of its column.
pub(super) fn wrong_type() -> Error {
    Error::Corrupt("a value has the wrong type".into())
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error as Sql;
        match &error {
            Sql::SqliteFailure(cause, _) | Sql::SqlInputError { error: cause, .. } => {
                of_code(cause.extended_code).unwrap_or(Self::Database(error))
            }
            Sql::FromSqlConversionFailure(..)
            | Sql::InvalidColumnType(..)
            | Sql::IntegralValueOutOfRange(..)
            | Sql::Utf8Error(..) => Self::Corrupt("a value has the wrong type".into()),
            Sql::QueryReturnedNoRows => Self::Corrupt("a row that it must have is missing".into()),
            _ => Self::Database(error),
        }
    }
}

/// What an extended result code of `SQLite` means to a user; `None` for a mistake of ours.
fn of_code(code: i32) -> Option<Error> {
    let disk = |what| Some(Error::Disk { path: None, what, code });
    let corrupt = |what: &str| Some(Error::Corrupt(what.to_owned()));
    let suspect = |what: &str| Some(Error::Suspect(what.to_owned()));
    let read_only = |why: &str| Some(Error::ReadOnly(why.to_owned()));
    // The low byte is the primary code, the rest says more.
    match (code & 0xff, code >> 8) {
        // ERROR: a table, column or function that is not there.
        (1, 0) => corrupt("it does not have the tables that a case has"),
        (3, _) => disk("the system does not permit it"),
        (5 | 6 | 15, _) => Some(Error::Busy(None)),
        (7, _) => Some(Error::Memory),
        (8, 3) => read_only(
            "the last change to it was cut off and must be rolled back, which needs the right to write.",
        ),
        (8, 4) => read_only("its file was moved, replaced or deleted while it was open."),
        (8, _) => read_only("the file or its folder is write-protected."),
        (9, _) => Some(Error::Cancelled),
        (10, sub) => match sub {
            12 => Some(Error::Memory),
            1 => disk("reading it"),
            2 => disk("reading it: it ended too early"),
            3 => disk("writing to it"),
            4 | 5 => disk("making a change permanent"),
            6 => disk("changing its length"),
            7 | 13 => disk("asking about it"),
            8 | 9 | 14 | 15 => disk("its lock"),
            10 | 23 => disk("removing its log"),
            16 => disk("closing it"),
            18..=21 | 24 => disk("the memory that its readers share"),
            22 => disk("moving within it"),
            32 => disk("a checksum of the disk"),
            // SQLite calls the file system corrupt, but all that it knows is EIO.
            33 => disk("reading it"),
            _ => disk("reading or writing"),
        },
        (11, 1) => suspect("its search index contradicts itself"),
        (11, 3) => suspect("an index does not fit its table"),
        (11, _) => suspect("its pages contradict each other"),
        (26, _) => suspect("its first bytes are not those of a case"),
        (13, _) => Some(Error::DiskFull),
        (14, 1) => disk("there is no folder for temporary files"),
        (14, 2) => disk("it is a folder"),
        (14, 6) => disk("it is a symbolic link"),
        (14, _) => disk("opening it"),
        (18, _) => Some(Error::invalid(
            "A text or value is larger than a case can hold (64 MB); nothing was changed. Shorten it",
        )),
        (22, _) => disk("the file is too large for this system"),
        _ => None,
    }
}

/// A sentence of what is wrong and, behind a semicolon, what to do about it.
fn sentence(what: &str, hint: &str) -> String {
    if hint.is_empty() { format!("{what}.") } else { format!("{what}; {hint}.") }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn at(place: &str) -> String {
    if place.is_empty() { String::new() } else { format!(", {place}") }
}

/// What a sentence says, without the full stop that it gets when it is shown.
fn without_stop(what: impl Into<String>) -> String {
    let mut what = what.into();
    what.truncate(what.trim_end_matches('.').len());
    what
}

fn name_of(path: Option<&Path>) -> String {
    path.map_or_else(|| "the case".to_owned(), |path| path.display().to_string())
}

fn disk_of(path: Option<&Path>) -> String {
    format!("The disk that holds {}", name_of(path))
}

fn code_of(error: &rusqlite::Error) -> i32 {
    match error {
        rusqlite::Error::SqliteFailure(cause, _)
        | rusqlite::Error::SqlInputError { error: cause, .. } => cause.extended_code,
        // Nothing that SQLite says, but the library between.
        _ => 0,
    }
}

impl Error {
    /// Something that is named does not exist: a sentence of what, and where.
    pub fn not_found(what: impl Into<String>) -> Self {
        Self::NotFound { what: without_stop(what), hint: String::new() }
    }

    /// What was asked for cannot be done as it is: a sentence of what is wrong.
    pub fn invalid(what: impl Into<String>) -> Self {
        Self::Invalid { what: without_stop(what), hint: String::new() }
    }

    /// This computer lacks something: a sentence of what.
    pub fn system(what: impl Into<String>) -> Self {
        Self::System { what: without_stop(what), hint: String::new() }
    }

    /// A mistake of this program: a sentence of what happened.
    pub fn report(what: impl Into<String>) -> Self {
        Self::Report(without_stop(what))
    }

    /// Adds what to do about it, in lower case and without a full stop.
    #[must_use]
    pub fn hint(mut self, what_to_do: impl Into<String>) -> Self {
        if let Self::NotFound { hint, .. }
        | Self::Invalid { hint, .. }
        | Self::System { hint, .. } = &mut self
        {
            *hint = what_to_do.into();
        }
        self
    }

    pub(super) fn unreadable(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| Self::Unreadable { path: path.to_owned(), source }
    }

    pub(super) fn unwritable(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| Self::Unwritable { path: path.to_owned(), source }
    }

    /// What a failing COMMIT means. What failed before the disk was asked to make the change
    /// permanent has been rolled back; of the rest nobody knows.
    pub(super) fn of_commit(error: rusqlite::Error) -> Self {
        match Self::from(error) {
            // Reading, writing, locks and shared memory come before that.
            Self::Disk { what, code, .. } if !matches!(code >> 8, 1..=3 | 6..=9 | 11 | 13..=15 | 17..=22 | 24) => {
                Self::Unconfirmed(format!("{what} failed, SQLite code {code}"))
            }
            other => other,
        }
    }

    /// What a failing close means: every change was made permanent before.
    pub(super) fn of_close(path: PathBuf, error: rusqlite::Error) -> Self {
        let what = match Self::from(error) {
            Self::Disk { what, code, .. } => format!("{what}, SQLite code {code}"),
            Self::Database(error) => format!("SQLite code {}", code_of(&error)),
            other => other.to_string().trim_end_matches('.').to_owned(),
        };
        Self::NotClosed { path, what }
    }

    /// An error after the change was made permanent.
    #[must_use]
    pub fn after_commit(self) -> Self {
        Self::Saved(self.reason())
    }

    /// What failed, in a few words.
    pub(super) fn reason(self) -> String {
        match self {
            Self::Disk { what, code, .. } => format!("{what}, SQLite code {code}"),
            Self::Suspect(_) => "it could not be read right".to_owned(),
            Self::Corrupt(what) | Self::Damaged { what, .. } | Self::Unread { what, .. } => what,
            Self::Busy(_) => "another program is using the file".to_owned(),
            Self::Memory => "there is not enough memory".to_owned(),
            Self::Cancelled => "it was stopped".to_owned(),
            Self::Unwritable { source, .. } | Self::Unreadable { source, .. } => source.to_string(),
            Self::Unconfirmed(what) | Self::Saved(what) | Self::NotClosed { what, .. } => what,
            other => other.to_string().trim_end_matches('.').to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: i32) -> Error {
        let cause = rusqlite::ffi::Error::new(code);
        // SQLite's own words must not come through.
        rusqlite::Error::SqliteFailure(cause, Some("no such table: WORDS OF SQLITE".into())).into()
    }

    /// Every result code of `SQLite` 3.5x: primary code and how many extended codes it has.
    const CODES: [(i32, i32); 30] = [
        (1, 4),
        (2, 0),
        (3, 0),
        (4, 2),
        (5, 3),
        (6, 2),
        (7, 0),
        (8, 6),
        (9, 0),
        (10, 35),
        (11, 3),
        (12, 0),
        (13, 0),
        (14, 6),
        (15, 0),
        (16, 0),
        (17, 0),
        (18, 0),
        (19, 12),
        (20, 0),
        (21, 0),
        (22, 0),
        (23, 1),
        (24, 0),
        (25, 0),
        (26, 0),
        (27, 3),
        (28, 1),
        (100, 0),
        (101, 0),
    ];

    fn all() -> impl Iterator<Item = i32> {
        CODES.iter().flat_map(|(code, more)| (0..=*more).map(move |sub| code | (sub << 8)))
    }

    #[test]
    fn every_code_is_one_sentence_of_ours() {
        for code in all() {
            let text = of(code).in_file(Path::new("/cases/pier.redthread")).to_string();
            assert!(!text.contains("WORDS OF SQLITE") && !text.contains('\n'), "{code}: {text}");
            assert!(text.ends_with('.') && text.len() > 20, "{code}: {text}");
        }
        let none = Error::from(rusqlite::Error::QueryReturnedNoRows).to_string();
        assert!(!none.contains("Query returned"), "{none}");
    }

    #[test]
    fn a_failing_disk_is_not_told_as_damage_and_damage_not_as_a_failing_disk() {
        for code in all().filter(|code| code & 0xff == 10) {
            let error = of(code).damage_of(Path::new("/cases/pier.redthread"));
            assert!(matches!(error, Error::Disk { .. } | Error::Memory), "{code}: {error}");
            let text = error.to_string();
            assert!(!text.contains("damaged:") && !text.contains("restore"), "{code}: {text}");
            assert!(code >> 8 == 12 || text.contains("/cases/pier.redthread"), "{code}: {text}");
            assert!(code >> 8 == 12 || text.contains(&format!("SQLite code {code}")), "{text}");
        }
        for code in all().filter(|code| matches!(code & 0xff, 11 | 26)) {
            assert!(matches!(of(code), Error::Suspect(_)), "{code}: {}", of(code));
        }
    }

    #[test]
    fn nothing_was_changed_is_said_only_where_it_is_so() {
        for code in all() {
            let cause = rusqlite::ffi::Error::new(code);
            let error = Error::of_commit(rusqlite::Error::SqliteFailure(cause, None));
            let text = error.to_string();
            // Syncing, and removing the journal, are what makes it permanent.
            if code & 0xff == 10 && [0, 4, 5, 10, 16, 23, 30].contains(&(code >> 8)) {
                assert!(!text.contains("nothing was") && text.contains("not confirm"), "{text}");
            }
        }
        for code in all().filter(|code| ![1, 13].contains(&(code & 0xff))) {
            if let Some(error) = of_code(code) {
                let saved = error.after_commit().to_string();
                assert!(saved.starts_with("The change is saved"), "{saved}");
            }
        }
        let saved = of(11).after_commit().to_string();
        assert!(!saved.contains("contradict"), "it may be the disk: {saved}");
        assert!(!of(266).after_commit().to_string().contains("nothing was"));
        let closed = Error::NotClosed { path: "x".into(), what: "closing it".into() }.to_string();
        assert!(closed.starts_with("Everything is saved") && !closed.contains("nothing was"));
    }

    #[test]
    fn a_file_that_was_moved_is_not_told_as_write_protected() {
        assert!(of(1032).to_string().contains("moved"), "{}", of(1032));
        assert!(of(8).to_string().contains("write-protected"), "{}", of(8));
    }

    #[test]
    fn a_new_file_that_is_of_no_use_is_removed_or_said_to_be_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("new.redthread");
        let failed = || Error::Disk { path: None, what: "reading it", code: 266 };
        let log = folder.path().join("new.redthread-wal");
        std::fs::write(&path, "whole").expect("space");
        std::fs::write(&log, "log").expect("space");
        assert!(matches!(failed().undo_new(&path), Error::Disk { code: 266, .. }));
        assert!(!path.exists() && !log.exists(), "a new file may take its name");
        std::fs::write(&path, "whole").expect("space");
        let gone = Error::Unconfirmed("writing failed".into()).undo_new(&path).to_string();
        assert!(!gone.contains("may be saved") && gone.contains("cannot be written"), "{gone}");
        // A folder cannot be removed as a file.
        std::fs::create_dir(&path).expect("space");
        for error in [failed(), Error::Unconfirmed("writing failed".into())] {
            let left = error.undo_new(&path).to_string();
            assert!(left.contains("not be removed") && !left.contains("nothing was"), "{left}");
            assert!(left.contains("new.redthread") && left.contains("failed"), "{left}");
        }
    }

    #[test]
    fn a_kind_is_one_sentence_of_what_and_what_to_do() {
        let file = Path::new("/home/ann/sdn.csv");
        let format = |place: &str| Error::Format {
            file: file.to_owned(),
            place: place.into(),
            what: "the quotation mark is not closed".into(),
        };
        for (error, wanted) in [
            (Error::not_found("There is no revision 7."), "There is no revision 7."),
            (Error::invalid("A chart needs a name"), "A chart needs a name."),
            (
                Error::invalid("A withdrawn value cannot be changed").hint("restore it first"),
                "A withdrawn value cannot be changed; restore it first.",
            ),
            (
                format("line 7"),
                "sdn.csv, line 7: the quotation mark is not closed; nothing was imported.",
            ),
            (format(""), "sdn.csv: the quotation mark is not closed; nothing was imported."),
            (Error::report("The index is lost."), "The index is lost; please report this."),
        ] {
            assert_eq!(error.to_string(), wanted);
        }
    }
}
