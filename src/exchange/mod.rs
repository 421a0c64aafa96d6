//! Other formats and statements, either way. To add a format, add a module and an entry to
//! [`FORMATS`].

pub mod content;
mod escape;
pub mod ftm;
pub mod gexf;
mod graph;
pub mod graphml;
pub mod import;
pub mod neo4j;
mod ofac;
pub mod pair;
mod part;
mod read;
mod safe;
pub mod statements;
pub mod table;
mod text;
pub mod xlsx;
mod xml;

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

pub use read::{Head, Input, Problem, Sink, open, refused, unreadable};

use crate::{
    case::{Error, Result},
    model::Id,
};

/// A format that can be imported.
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
    /// Nothing: what a case is written to, `export` lists.
    pub writer: Option<std::convert::Infallible>,
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
pub static FORMATS: [Format; 3] = [
    Format {
        name: "ftm",
        label: "FollowTheMoney",
        extensions: &["ftm.ndjson", "ndjson", "jsonl", "ijson", "json"],
        mime: "application/x-ndjson",
        reader: Some(Reader { recognises: ftm::recognises, in_parts: false, read: ftm::read }),
        writer: None,
    },
    Format {
        name: "ofac",
        label: "OFAC's list (CSV)",
        extensions: &["csv"],
        mime: "text/csv",
        reader: Some(Reader { recognises: ofac::recognises, in_parts: true, read: ofac::read }),
        writer: None,
    },
    Format {
        // The last one: other formats are tables too, whose columns are known.
        name: "table",
        label: "Table",
        extensions: &["csv", "tsv", "tab", "psv", "txt", "xlsx", "xlsm", "xls", "ods"],
        mime: "text/csv",
        reader: Some(Reader { recognises: table::recognises, in_parts: false, read: table::read }),
        writer: None,
    },
];

/// The format of a name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// Creates a file and fills it; takes it away again where that fails.
pub fn write_new<T>(to: &Path, fill: impl FnOnce(&mut dyn Write) -> Result<T>) -> Result<T> {
    create_new(to, |file| {
        let mut out = BufWriter::with_capacity(1 << 18, file);
        let filled = fill(&mut out)?;
        out.flush().map_err(|source| Error::Unwritable { path: to.to_owned(), source })?;
        Ok(filled)
    })
}

/// The same for what must go back in the file.
pub fn create_new<T>(to: &Path, fill: impl FnOnce(&mut File) -> Result<T>) -> Result<T> {
    let unwritable = |source| Error::Unwritable { path: to.to_owned(), source };
    let mut file = File::create_new(to).map_err(|source| match source.kind() {
        std::io::ErrorKind::AlreadyExists => Error::Exists(to.to_owned()),
        _ => unwritable(source),
    })?;
    let filled = fill(&mut file).and_then(|done| {
        file.sync_all().map_err(unwritable)?;
        Ok(done)
    });
    if filled.is_err() {
        std::fs::remove_file(to).ok();
    }
    filled.map_err(|error| at(error, to))
}

/// Creates a folder and fills it; nothing is there under its name before all of it is.
pub fn write_folder<T>(to: &Path, fill: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
    let unwritable = |source| Error::Unwritable { path: to.to_owned(), source };
    if to.symlink_metadata().is_ok() {
        return Err(Error::Exists(to.to_owned()));
    }
    let name = to.file_name().unwrap_or_default().to_string_lossy();
    let draft = to.with_file_name(format!(".{name}.{}.part", Id::new()));
    std::fs::create_dir(&draft).map_err(unwritable)?;
    let filled = fill(&draft).and_then(|done| {
        if to.symlink_metadata().is_ok() {
            return Err(Error::Exists(to.to_owned()));
        }
        std::fs::rename(&draft, to).map_err(unwritable)?;
        Ok(done)
    });
    if filled.is_err() {
        std::fs::remove_dir_all(&draft).ok();
    }
    filled.map_err(|error| at(error, to))
}

/// Writes text, for whoever knows no path: [`create_new`] and [`write_folder`] add it.
pub(crate) fn put(out: &mut dyn Write, text: &str) -> Result<()> {
    out.write_all(text.as_bytes()).map_err(unwritten)
}

/// An error of writing without its path.
pub(crate) fn unwritten(source: std::io::Error) -> Error {
    Error::Unwritable { path: PathBuf::new(), source }
}

fn at(error: Error, to: &Path) -> Error {
    match error {
        Error::Unwritable { path, source } if path.as_os_str().is_empty() => {
            Error::Unwritable { path: to.to_owned(), source }
        }
        other => other,
    }
}
