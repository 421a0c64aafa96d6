//! Other formats and statements, either way. To add a format, add a module and an entry to
//! [`FORMATS`].

mod bods;
pub mod ftm;
mod graphs;
pub mod import;
mod json;
mod markup;
mod ofac;
mod part;
mod read;
pub mod table;
mod text;
mod un;

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
    /// Reads files and tells what they say. What is wrong with a row is told as a problem and the
    /// row is left out; an error says that the whole is not what it should be (cut off, another
    /// encoding, made to harm), and nothing of it is taken in.
    pub read: fn(&Input<'_>, &mut dyn Sink) -> Result<()>,
}

/// Every format.
pub static FORMATS: [Format; 6] = [
    Format {
        name: "ftm",
        label: "FollowTheMoney",
        extensions: &["ftm.ndjson", "ndjson", "jsonl", "ijson", "json"],
        mime: "application/x-ndjson",
        reader: Some(Reader { recognises: ftm::recognises, read: ftm::read }),
        writer: Some(ftm::write),
    },
    Format {
        name: "ofac",
        label: "OFAC's list (CSV)",
        extensions: &["csv"],
        mime: "text/csv",
        reader: Some(Reader { recognises: ofac::recognises, read: ofac::read }),
        writer: None,
    },
    Format {
        name: "un",
        label: "UN consolidated list",
        extensions: &["xml"],
        mime: "application/xml",
        reader: Some(Reader { recognises: un::recognises, read: un::read }),
        writer: None,
    },
    Format {
        name: "graphml",
        label: "GraphML",
        extensions: &["graphml"],
        mime: "application/graphml+xml",
        reader: Some(Reader {
            recognises: graphs::graphml::recognises,
            read: graphs::graphml::read,
        }),
        writer: None,
    },
    Format {
        name: "gexf",
        label: "GEXF",
        extensions: &["gexf"],
        mime: "application/gexf+xml",
        reader: Some(Reader { recognises: graphs::gexf::recognises, read: graphs::gexf::read }),
        writer: None,
    },
    Format {
        name: "bods",
        label: "Beneficial ownership (BODS 0.4)",
        extensions: &["json"],
        mime: "application/json",
        reader: Some(Reader { recognises: bods::recognises, read: bods::read }),
        writer: None,
    },
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::NewEntity;

    /// What a reader told of files.
    #[derive(Default)]
    pub(super) struct Told {
        pub(super) entities: Vec<NewEntity>,
        pub(super) problems: Vec<Problem>,
    }

    impl Told {
        /// Whether it told this value of an entity.
        pub(super) fn says(&self, id: &str, property: &str, value: &str) -> bool {
            let parts = self.entities.iter().filter(|e| e.id.as_str() == id);
            let mut values = parts.flat_map(|e| &e.values);
            values.any(|v| v.property == property && v.value == value)
        }

        /// The schema and the values of the one entity that holds for.
        pub(super) fn schema(&self, id: &str) -> Option<&str> {
            self.entities.iter().find(|e| e.id.as_str() == id).map(|e| e.schema.as_str())
        }

        /// A relationship of a schema between two, if there is one.
        pub(super) fn tie(&self, schema: &str, from: &str, to: &str) -> Option<&NewEntity> {
            let edge = crate::model::schema::schema(schema)?.edge.as_ref()?;
            self.entities.iter().filter(|e| e.schema == schema).find(|e| {
                let is = |property: &str, id: &str| {
                    e.values.iter().any(|v| v.property == property && v.value == id)
                };
                is(&edge.source, from) && is(&edge.target, to)
            })
        }
    }

    impl Sink for Told {
        fn take(&mut self, entity: NewEntity) -> Result<()> {
            self.entities.push(entity);
            Ok(())
        }

        fn problem(&mut self, problem: Problem) -> Result<()> {
            self.problems.push(problem);
            Ok(())
        }

        fn at(&mut self, _: u64, _: u64) -> Result<()> {
            Ok(())
        }
    }

    /// What a reader makes of files of these names and bytes.
    pub(super) fn told(
        read: fn(&Input<'_>, &mut dyn Sink) -> Result<()>,
        files: &[(&str, &[u8])],
    ) -> std::result::Result<Told, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let paths: Vec<_> = files.iter().map(|(name, _)| folder.path().join(name)).collect();
        for (path, (_, bytes)) in paths.iter().zip(files) {
            std::fs::write(path, bytes).expect("space");
        }
        let mut told = Told::default();
        let input = Input { files: &paths, mapping: None };
        read(&input, &mut told).map_err(|error| error.to_string())?;
        Ok(told)
    }
}
