//! What the reader of a format is given, and what it tells: entities with the places that they
//! were read from, and what it did not understand.

pub(super) mod bods;
pub(super) mod graphs;
pub(super) mod icij;
mod json;
pub(super) mod markup;
pub(super) mod merged;
pub(super) mod ofac;
pub(super) mod part;
pub(super) mod statements;
pub mod table;
mod text;
pub(super) mod un;

use std::{
    fmt,
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

use self::table::{Mapping, Nodes};
use super::{Format, Reader, ftm, references};
use crate::case::{Error, NewEntity, Result, open_file};

/// How much of a file is looked at to tell what it is, in bytes.
const HEAD: u64 = 64 << 10;

/// The files of one import: one, or the parts of a list that comes in several.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The files; [`crate::case::Origin::file`] counts them.
    pub files: &'a [PathBuf],
    /// What the columns of a table mean, where the user has said it.
    pub mapping: Option<&'a Mapping>,
    /// What rows of tables in the case became, where the mapping names them.
    pub nodes: &'a Nodes,
}

/// Whoever takes what a reader reads. An error of it ends the reading and is to be passed on.
pub trait Sink {
    /// Takes an entity or relationship, whole or in part: several that have the same id unite.
    fn take(&mut self, entity: NewEntity) -> Result<()>;

    /// Hears of something that was left out.
    fn problem(&mut self, problem: Problem) -> Result<()>;

    /// Hears how far the reading has come: bytes read, of how many. To be called every some
    /// thousand rows at the least.
    fn at(&mut self, done: u64, total: u64) -> Result<()>;
}

/// A row, or a part of one, that was not understood and is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, counted as in [`Input::files`].
    pub file: usize,
    /// Where: `line 12`, `sheet Parties, row 4`, `record 10023`.
    pub place: String,
    /// Why, without a full stop: `“03/04/2016” could mean two different days`.
    pub reason: String,
}

impl Problem {
    /// A problem at a place of a file.
    pub fn new(file: usize, place: impl fmt::Display, reason: impl fmt::Display) -> Self {
        Self { file, place: place.to_string(), reason: reason.to_string() }
    }
}

/// The beginning of a file, by which its format is told.
#[derive(Debug)]
pub struct Head {
    /// Its name in lower case, without folders.
    pub name: String,
    /// Its first 64 KiB.
    pub bytes: Vec<u8>,
    /// The same as text, whatever its encoding; without a byte order mark.
    pub text: String,
    /// The length of the whole file in bytes.
    pub size: u64,
}

impl Head {
    /// Reads it. Refuses what is no regular file.
    pub fn of(path: &Path) -> Result<Self> {
        let (file, size) = open(path)?;
        let mut bytes = Vec::new();
        file.take(HEAD).read_to_end(&mut bytes).map_err(unreadable(path))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let text = match bytes.as_slice() {
            [0xff, 0xfe, rest @ ..] => encoding_rs::UTF_16LE.decode(rest).0.into_owned(),
            [0xfe, 0xff, rest @ ..] => encoding_rs::UTF_16BE.decode(rest).0.into_owned(),
            [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
            all => match text::sixteen(all) {
                Some(encoding) => encoding.decode_without_bom_handling(all).0.into_owned(),
                None => String::from_utf8_lossy(all).into_owned(),
            },
        };
        Ok(Self { name, bytes, text, size })
    }

    /// Whether the name ends in one of these, which are without their first dot.
    pub fn ends(&self, extensions: &[&str]) -> bool {
        extensions
            .iter()
            .any(|end| self.name.strip_suffix(end).is_some_and(|stem| stem.ends_with('.')))
    }
}

/// Opens a file for reading; gives its length too. Refuses what would not end.
pub fn open(path: &Path) -> Result<(File, u64)> {
    open_file(path)
}

/// The error of a file that the system does not let us read.
pub fn unreadable(path: &Path) -> impl FnOnce(std::io::Error) -> Error + '_ {
    move |source| Error::Unreadable { path: path.to_owned(), source }
}

/// The error of a file that cannot be taken in as a whole: what is wrong, where, and that nothing
/// was changed.
pub fn refused(path: &Path, place: impl fmt::Display, what: impl fmt::Display) -> Error {
    let (file, place) = (path.to_owned(), place.to_string());
    Error::Format { file, place, what: what.to_string() }
}
