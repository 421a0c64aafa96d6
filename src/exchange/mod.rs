//! Other formats and statements, either way. To add a format, add a module and a line to
//! [`FORMATS`].

pub mod ftm;

use std::{io::Write, path::Path};

use crate::case::{Case, Delta, Progress, Result};

/// A format that cases can be exported to and that can be imported.
#[derive(Debug)]
pub struct Format {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it is called in the window.
    pub label: &'static str,
    /// The endings of its files' names, the usual one first.
    pub extensions: &'static [&'static str],
    /// Takes a file in, as one revision.
    pub import: fn(&mut Case, &Path, &Progress) -> Result<Delta>,
    /// Writes everything that stands in the case; gives how many entities.
    pub export: fn(&Case, &mut dyn Write) -> Result<u64>,
}

/// Every format.
pub const FORMATS: [Format; 1] = [Format {
    name: "ftm",
    label: "FollowTheMoney",
    extensions: &["ftm.ndjson", "ndjson", "jsonl", "ijson", "json"],
    import: ftm::import,
    export: ftm::export,
}];

/// The format of a name, or of a file by its ending.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// The format of a file by the ending of its name.
pub fn format_of(path: &Path) -> Option<&'static Format> {
    let name = path.file_name()?.to_string_lossy().to_lowercase();
    FORMATS
        .iter()
        .find(|format| format.extensions.iter().any(|end| name.ends_with(&format!(".{end}"))))
}

/// Writes a case to a new file in a format, whole or not at all; gives how many entities.
pub fn export_file(case: &Case, format: &Format, to: &Path) -> Result<u64> {
    write_new(to, |out| (format.export)(case, out))
}

/// Creates a file and fills it; takes it away again where that fails.
pub fn write_new<T>(to: &Path, fill: impl FnOnce(&mut dyn Write) -> Result<T>) -> Result<T> {
    use crate::case::Error;
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
