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
const ALL: u64 = 4 << 30;
/// The most that a part may unpack to that is held in memory, in bytes.
const HELD: u64 = 128 << 20;
/// The longest piece of text or markup without a `<` in it, in bytes: twice the longest cell.
const UNBROKEN: usize = 32 << 20;

/// An open archive.
pub(super) type Archive = ZipArchive<BufReader<File>>;

/// Opens an archive and checks that each of its parts unpacks whole and within bounds.
pub(super) fn checked(path: &Path) -> Result<Archive> {
    let mut archive = unchecked(path)?;
    if archive.len() > PARTS {
        return Err(refused(path, "", "it has more than 20,000 parts, as no spreadsheet has"));
    }
    let (mut all, mut piece) = (0, vec![0; 64 << 10]);
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|error| broken(path, &error))?;
        let name = part.name().map(std::borrow::Cow::into_owned).unwrap_or_default();
        let media = name.contains("/media/") || name.starts_with("Pictures/");
        if media || part.is_dir() {
            continue;
        }
        let streamed = name.contains("worksheets/") || name == "content.xml";
        let (mut size, mut unbroken) = (0_u64, 0);
        loop {
            let read = part.read(&mut piece).map_err(|_| cut_off(path, &name))?;
            if read == 0 {
                break;
            }
            size += read as u64;
            unbroken = match piece[..read].iter().rposition(|byte| *byte == b'<') {
                Some(last) => read - last,
                None => unbroken + read,
            };
            if size > ALL || all + size > ALL || !streamed && size > HELD || unbroken > UNBROKEN {
                let what =
                    "it unpacks to more than a spreadsheet holds; save it as CSV and import that";
                return Err(refused(path, format!("part {name}"), what));
            }
        }
        all += size;
    }
    Ok(archive)
}

/// Opens an archive that has been checked.
pub(super) fn unchecked(path: &Path) -> Result<Archive> {
    let (file, _) = open(path)?;
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
