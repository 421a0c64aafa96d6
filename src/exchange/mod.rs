//! Other formats and statements, either way. To add a format, add a module and an entry to
//! [`FORMATS`].

pub mod ftm;
pub mod import;
mod read;
pub mod table;

use std::{io::Write, path::Path};

pub use read::{Head, Input, Problem, Sink, open, refused, unreadable};

use crate::case::{Case, Error, Result};

/// A format that cases can be exported to, that can be imported, or both.
#[derive(Debug)]
pub struct Format {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it is called in the window.
    pub label: &'static str,
    /// The endings of its files' names, the usual one first.
    pub extensions: &'static [&'static str],
    /// Its media type.
    pub mime: &'static str,
    /// How it is read.
    pub reader: Option<Reader>,
    /// Writes everything that stands in the case; gives how many entities.
    pub writer: Option<fn(&Case, &mut dyn Write) -> Result<u64>>,
}

/// How a format is read.
#[derive(Debug)]
pub struct Reader {
    /// Whether a file that begins like this is of the format. The formats are asked in their
    /// order, the strict ones first.
    pub recognises: fn(&Head) -> bool,
    /// Whether several files may be parts of one list, which are then one import.
    pub in_parts: bool,
    /// Reads files and tells what they say. What is wrong with a row is told as a problem and the
    /// row is left out; an error says that the whole is not what it should be (cut off, another
    /// encoding, made to harm), and nothing of it is taken in.
    pub read: fn(&Input<'_>, &mut dyn Sink) -> Result<()>,
}

/// Every format.
pub static FORMATS: [Format; 2] = [
    Format {
        name: "ftm",
        label: "FollowTheMoney",
        extensions: &["ftm.ndjson", "ndjson", "jsonl", "ijson", "json"],
        mime: "application/x-ndjson",
        reader: Some(Reader { recognises: ftm::recognises, in_parts: false, read: ftm::read }),
        writer: Some(ftm::write),
    },
    // The last one: other formats are tables too, whose columns are known.
    table::FORMAT,
];

/// The format of a name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// The format that a file to be written is of, by the ending of its name.
pub fn format_of(path: &Path) -> Option<&'static Format> {
    let name = path.file_name()?.to_string_lossy().to_lowercase();
    FORMATS
        .iter()
        .filter(|format| format.writer.is_some())
        .find(|format| format.extensions.iter().any(|end| name.ends_with(&format!(".{end}"))))
}

/// Writes a case to a new file in a format, whole or not at all; gives how many entities.
pub fn export_file(case: &Case, format: &Format, to: &Path) -> Result<u64> {
    let write = format
        .writer
        .ok_or_else(|| Error::Refused(format!("{} files can be imported only.", format.label)))?;
    write_new(to, |out| write(case, out))
}

/// Creates a file and fills it; takes it away again where that fails.
pub fn write_new<T>(to: &Path, fill: impl FnOnce(&mut dyn Write) -> Result<T>) -> Result<T> {
    let file = std::fs::File::create_new(to).map_err(|source| match source.kind() {
        std::io::ErrorKind::AlreadyExists => Error::Exists(to.to_owned()),
        _ => Error::Unwritable { path: to.to_owned(), source },
    })?;
    let mut out = std::io::BufWriter::new(file);
    let filled = fill(&mut out).and_then(|done| {
        let synced = out.flush().and_then(|()| out.get_ref().sync_all());
        synced.map(|()| done).map_err(|source| Error::Unwritable { path: to.to_owned(), source })
    });
    if filled.is_err() {
        std::fs::remove_file(to).ok();
    }
    filled
}
