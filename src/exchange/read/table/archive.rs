//! Spreadsheets are archives, and an archive can be made to swell beyond all bounds. It is
//! looked through before anything in it is read.

use std::{
    fs::File,
    io::{BufReader, Read as _},
    path::Path,
};

use zip::ZipArchive;

use crate::{
    case::{Error, Result},
    exchange::{open, refused},
};

/// The most parts that a spreadsheet may have.
const PARTS: usize = 20_000;
/// The most that all its parts may unpack to, in bytes; sheets are read as a stream.
const ALL: u64 = 1 << 30;
/// A part that unpacks to more than [`SMALL`] bytes may unpack to this many times what it takes in
/// the archive, and so may all parts together: the cells of people and programs give 5 to 30 times,
/// what was made to swell a thousand times.
const RATIO: u64 = 100;
/// What a part may unpack to whatever it takes, in bytes.
const SMALL: u64 = 16 << 20;
/// The most that a part may unpack to that is held in memory, in bytes.
const HELD: u64 = 128 << 20;
/// The longest piece of text or markup without a `<` in it, in bytes: twice the longest cell.
const UNBROKEN: usize = 32 << 20;

/// An open archive.
pub(super) type Archive = ZipArchive<BufReader<File>>;

/// What a sheet with merged cells has at its end.
const MERGES: &[u8] = b"mergeCell";

/// What a check has seen of an archive.
pub(super) struct Checked {
    /// Whether some sheet of an Excel workbook may have merged cells. They stand behind its last
    /// row, so that to look for them alone takes as long as to read all of it.
    pub has_merged: bool,
}

/// Checks that each part of an archive unpacks whole and within bounds.
pub(super) fn checked(path: &Path) -> Result<Checked> {
    let (file, packed) = open(path)?;
    let mut archive = read(path, file)?;
    if archive.len() > PARTS {
        return Err(refused(path, "", "it has more than 20,000 parts, as no spreadsheet has"));
    }
    let (mut all, mut piece) = (0, vec![0; 64 << 10]);
    let merges = memchr::memmem::Finder::new(MERGES);
    let mut checked = Checked { has_merged: false };
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|error| broken(path, &error))?;
        let name = part.name().map(std::borrow::Cow::into_owned).unwrap_or_default();
        let media = name.contains("/media/") || name.starts_with("Pictures/");
        if media || part.is_dir() {
            continue;
        }
        let is_sheet = name.contains("worksheets/");
        let streamed = is_sheet || name == "content.xml";
        let (mut size, mut unbroken) = (0_u64, 0);
        // What may be the beginning of a word that the next piece ends.
        let mut tail = Vec::new();
        let most = part.compressed_size().min(packed).saturating_mul(RATIO).max(SMALL);
        loop {
            let read = part.read(&mut piece).map_err(|_| cut_off(path, &name))?;
            if read == 0 {
                break;
            }
            size += read as u64;
            if is_sheet && !checked.has_merged {
                tail.extend(&piece[..read.min(MERGES.len())]);
                let is_there = |bytes: &[u8]| merges.find(bytes).is_some();
                checked.has_merged = is_there(&tail) || is_there(&piece[..read]);
                tail = piece[read.saturating_sub(MERGES.len())..read].to_vec();
            }
            unbroken = match piece[..read].iter().rposition(|byte| *byte == b'<') {
                Some(last) => read - last,
                None => unbroken + read,
            };
            if all + size > ALL || !streamed && size > HELD || unbroken > UNBROKEN {
                let what =
                    "it unpacks to more than a spreadsheet holds; save it as CSV and import that";
                return Err(refused(path, format!("part {name}"), what));
            }
            // Parts may lie over each other, so that each alone is within bounds.
            let is_swollen = all + size > packed.saturating_mul(RATIO).max(4 * SMALL);
            if size > most || is_swollen {
                let what = "it unpacks to more than a hundred times its size, as no spreadsheet \
                            does; save it as CSV and import that";
                return Err(refused(path, format!("part {name}"), what));
            }
        }
        all += size;
    }
    Ok(checked)
}

/// Says what is in an archive that is no spreadsheet, to go on after its name.
pub(super) fn described(path: &Path) -> Result<String> {
    let archive = unchecked(path)?;
    let mut names: Vec<String> =
        archive.file_names().flatten().map(std::borrow::Cow::into_owned).collect();
    names.retain(|name| !name.ends_with('/'));
    names.sort_unstable();
    let more = if names.len() > 4 { ", …" } else { "" };
    let listed = names.iter().take(4).cloned().collect::<Vec<_>>().join(", ");
    let count = names.len();
    let files = if count == 1 { "file" } else { "files" };
    Ok(format!(
        "it is an archive of {count} {files} ({listed}{more}); unpack it and import what is in it"
    ))
}

/// Opens an archive that has been checked.
pub(super) fn unchecked(path: &Path) -> Result<Archive> {
    read(path, open(path)?.0)
}

fn read(path: &Path, file: File) -> Result<Archive> {
    ZipArchive::new(BufReader::new(file)).map_err(|error| broken(path, &error))
}

fn broken(path: &Path, _: &zip::result::ZipError) -> Error {
    refused(
        path,
        "",
        "it is cut off or damaged, or is no spreadsheet; get it again from its source",
    )
}

fn cut_off(path: &Path, part: &str) -> Error {
    refused(path, format!("part {part}"), "it is damaged; get it again from its source")
}
