//! Other formats and statements, either way. To add a format, add a module and an entry to
//! [`FORMATS`].

mod alike;
pub mod edition;
pub(crate) mod ftm;
mod identity;
pub mod import;
pub mod namesakes;
pub mod nodes;
mod problems;
pub(crate) mod read;
mod references;
pub(crate) mod write;

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

pub use read::{Head, Input, Problem, Sink, open, refused, table, unreadable};
pub use write::content;
pub(crate) use write::{gexf, graphml, neo4j, pair, safe, statements, xlsx};

use read::{bods, graphs, icij, markup, merged, ofac, part, un};
use write::graph;

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
    pub mime: &'static str,
    pub reader: Reader,
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
pub static FORMATS: [Format; 9] = [
    Format {
        name: "ftm",
        label: "FollowTheMoney",
        mime: "application/x-ndjson",
        reader: Reader { recognises: ftm::recognises, in_parts: false, read: ftm::read },
    },
    Format {
        name: "ofac",
        label: "OFAC's list (CSV)",
        mime: "text/csv",
        reader: Reader { recognises: ofac::recognises, in_parts: true, read: ofac::read },
    },
    Format {
        name: "un",
        label: "UN consolidated list",
        mime: "application/xml",
        reader: Reader { recognises: un::recognises, in_parts: false, read: un::read },
    },
    Format {
        name: "graphml",
        label: "GraphML",
        mime: "application/graphml+xml",
        reader: Reader {
            recognises: graphs::graphml::recognises,
            in_parts: false,
            read: graphs::graphml::read,
        },
    },
    Format {
        name: "gexf",
        label: "GEXF",
        mime: "application/gexf+xml",
        reader: Reader {
            recognises: graphs::gexf::recognises,
            in_parts: false,
            read: graphs::gexf::read,
        },
    },
    Format {
        name: "bods",
        label: "Beneficial ownership (BODS 0.4)",
        mime: "application/json",
        reader: Reader { recognises: bods::recognises, in_parts: false, read: bods::read },
    },
    Format {
        name: "icij",
        label: "Offshore Leaks (ICIJ)",
        mime: "text/csv",
        reader: Reader { recognises: icij::recognises, in_parts: true, read: icij::read },
    },
    Format {
        name: "statements",
        label: "FollowTheMoney statements",
        mime: "text/csv",
        reader: Reader {
            recognises: read::statements::recognises,
            in_parts: false,
            read: read::statements::read,
        },
    },
    // The last one: other formats are tables too, whose columns are known.
    table::FORMAT,
];

/// The format of a name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// Creates a file and fills it; nothing is there under its name before all of it is, and nothing
/// is replaced.
pub fn write_new<T>(to: &Path, fill: impl FnOnce(&mut dyn Write) -> Result<T>) -> Result<T> {
    create_new(to, |file| {
        let mut out = BufWriter::with_capacity(1 << 18, file);
        let filled = fill(&mut out)?;
        out.flush().map_err(unwritten)?;
        Ok(filled)
    })
}

/// The same for what must go back in the file.
pub fn create_new<T>(to: &Path, fill: impl FnOnce(&mut File) -> Result<T>) -> Result<T> {
    let draft = draft_of(to)?;
    let mut file = File::create_new(&draft).map_err(unwritten).map_err(|error| at(error, to))?;
    let filled = fill(&mut file).and_then(|done| {
        file.sync_all().map_err(unwritten)?;
        drop(file);
        publish(&draft, to)?;
        Ok(done)
    });
    std::fs::remove_file(&draft).ok();
    filled.map_err(|error| at(error, to))
}

/// Gives a finished file its name, unless something has it by now.
fn publish(draft: &Path, to: &Path) -> Result<()> {
    match std::fs::hard_link(draft, to) {
        Ok(()) => Ok(()),
        Err(_) if to.symlink_metadata().is_ok() => Err(Error::Exists(to.to_owned())),
        // Some file systems, such as those of memory sticks, know no second name of a file.
        Err(_) => std::fs::rename(draft, to).map_err(unwritten),
    }
}

/// What something is called until all of it is there. Fails where its name is taken.
fn draft_of(to: &Path) -> Result<PathBuf> {
    if to.symlink_metadata().is_ok() {
        return Err(Error::Exists(to.to_owned()));
    }
    let name: String =
        to.file_name().unwrap_or_default().to_string_lossy().chars().take(40).collect();
    Ok(to.with_file_name(format!(".{name}.{}.part", Id::new())))
}

/// Creates a folder and fills it; nothing is there under its name before all of it is.
pub(crate) fn write_folder<T>(to: &Path, fill: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
    let draft = draft_of(to)?;
    std::fs::create_dir(&draft).map_err(unwritten).map_err(|error| at(error, to))?;
    let filled = fill(&draft).and_then(|done| {
        if to.symlink_metadata().is_ok() {
            return Err(Error::Exists(to.to_owned()));
        }
        std::fs::rename(&draft, to).map_err(unwritten)?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::NewEntity;

    /// What a reader told of files.
    pub(super) use super::table::Sketch as Told;

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
        let nodes = table::Nodes::default();
        let input = Input { files: &paths, mapping: None, nodes: &nodes };
        read(&input, &mut told).map_err(|error| error.to_string())?;
        Ok(told)
    }
}
