//! Files of text, whatever their encoding, read in pieces of bounded length.

use std::{
    cell::Cell,
    fs::File,
    io::{self, Read, Seek as _, SeekFrom},
    path::Path,
    rc::Rc,
};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::{Sink, open, refused, unreadable};
use crate::case::{Error, Result};

/// The longest row, tag, text or record that is read, in bytes.
pub(in crate::exchange) const LONGEST: u64 = 16 << 20;

/// What a source and whoever reads from it both look at.
#[derive(Debug, Default)]
pub(in crate::exchange) struct Meter {
    /// Bytes read from the file.
    pub(in crate::exchange) read: Cell<u64>,
    /// The file's length in bytes.
    pub(in crate::exchange) size: u64,
    /// How many bytes may still be read before the piece is too long.
    left: Cell<u64>,
    /// Whether a piece was too long.
    overrun: Cell<bool>,
    /// Whether the number of quotation marks so far is odd.
    odd_quotes: Cell<bool>,
    /// Whether the end of the file was met.
    ended: Cell<bool>,
    /// The last byte that is no blank and no end-of-file mark of old.
    last: Cell<u8>,
}

impl Meter {
    /// Begins a new piece.
    pub(in crate::exchange) fn next_piece(&self) {
        self.left.set(LONGEST);
    }

    /// Whether reading failed because a piece was too long.
    pub(in crate::exchange) fn is_overrun(&self) -> bool {
        self.overrun.get()
    }

    /// Whether the end of the file was met.
    pub(in crate::exchange) fn is_at_end(&self) -> bool {
        self.ended.get()
    }

    /// Whether a table ends in the middle of a quoted field.
    fn ends_in_quotes(&self) -> bool {
        self.odd_quotes.get() && self.last.get() != b'\n'
    }

    fn saw(&self, bytes: &[u8]) {
        let quotes = count(bytes, b'"');
        self.odd_quotes.set(self.odd_quotes.get() ^ (quotes % 2 == 1));
        if let Some(last) = bytes.iter().rev().find(|b| !matches!(b, b' ' | b'\t' | 0x1a)) {
            self.last.set(*last);
        }
    }
}

/// How often a byte occurs.
pub(in crate::exchange) fn count(bytes: &[u8], wanted: u8) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == wanted)).sum()
}

/// The bytes of a text file as UTF-8: decoded by its byte order mark, its XML declaration or its
/// zero bytes; else as they are.
pub(in crate::exchange) struct Source {
    file: File,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    ready: Vec<u8>,
    given: usize,
    meter: Rc<Meter>,
}

impl Source {
    /// Opens a file.
    pub(in crate::exchange) fn open(path: &Path) -> Result<(Self, Rc<Meter>)> {
        let (mut file, size) = open(path)?;
        let mut head = Vec::new();
        file.by_ref().take(1024).read_to_end(&mut head).map_err(unreadable(path))?;
        let (encoding, mark) = encoding_of(&head);
        file.seek(SeekFrom::Start(mark)).map_err(unreadable(path))?;
        let meter = Rc::new(Meter { size, read: Cell::new(mark), ..Meter::default() });
        meter.next_piece();
        let source = Self {
            file,
            decoder: (encoding != UTF_8).then(|| encoding.new_decoder_without_bom_handling()),
            raw: vec![0; 1 << 16],
            ready: Vec::new(),
            given: 0,
            meter: Rc::clone(&meter),
        };
        Ok((source, meter))
    }

    fn fill(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.given = 0;
        while self.ready.is_empty() {
            let count = self.file.read(&mut self.raw)?;
            self.meter.read.set(self.meter.read.get() + count as u64);
            self.meter.ended.set(count == 0);
            let bytes = &self.raw[..count];
            let Some(decoder) = &mut self.decoder else {
                self.ready.extend_from_slice(bytes);
                break;
            };
            let mut rest = bytes;
            loop {
                let mut out = vec![0; 1 << 16];
                let (result, read, written, _) = decoder.decode_to_utf8(rest, &mut out, count == 0);
                self.ready.extend_from_slice(&out[..written]);
                rest = &rest[read..];
                if result == CoderResult::InputEmpty {
                    break;
                }
            }
            if count == 0 {
                self.decoder = None;
                break;
            }
        }
        self.meter.saw(&self.ready);
        Ok(())
    }
}

impl Read for Source {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given == self.ready.len() {
            self.fill()?;
        }
        let left = self.meter.left.get();
        let ready = &self.ready[self.given..];
        if left == 0 && !ready.is_empty() {
            self.meter.overrun.set(true);
            return Err(io::Error::other("a part is longer than 16 MiB"));
        }
        let count = ready.len().min(into.len()).min(left as usize);
        into[..count].copy_from_slice(&ready[..count]);
        self.given += count;
        self.meter.left.set(left - count as u64);
        Ok(count)
    }
}

/// The encoding of text of two bytes a character without a byte order mark: blanks, digits, line
/// ends and what parts cells have a zero byte, always in the same place.
pub(in crate::exchange) fn sixteen(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(4096) & !1];
    let is_common = |c: u8| c.is_ascii_digit() || b"\t\n\r ,;|".contains(&c);
    let (mut little, mut big) = (0, 0);
    for pair in head.chunks_exact(2) {
        little += usize::from(pair[1] == 0 && is_common(pair[0]));
        big += usize::from(pair[0] == 0 && is_common(pair[1]));
    }
    let many = (head.len() / 64).max(2);
    // Few other characters look so from the wrong end.
    let encoding = if little >= many && little > big * 4 {
        UTF_16LE
    } else if big >= many && big > little * 4 {
        UTF_16BE
    } else {
        return None;
    };
    let text = encoding.decode_without_bom_handling(head).0;
    let broken = text.chars().filter(|c| *c == '\u{fffd}' || c.is_control() && !c.is_whitespace());
    // The last character may be cut in two.
    (broken.count() < 2).then_some(encoding)
}

/// The encoding of a file that begins like this, and how long its byte order mark is.
fn encoding_of(head: &[u8]) -> (&'static Encoding, u64) {
    if let Some((encoding, mark)) = Encoding::for_bom(head) {
        return (encoding, mark as u64);
    }
    match head {
        [first, 0, ..] if *first != 0 => return (UTF_16LE, 0),
        [0, second, ..] if *second != 0 => return (UTF_16BE, 0),
        _ => {}
    }
    if let Some(encoding) = sixteen(head) {
        return (encoding, 0);
    }
    let text = String::from_utf8_lossy(head);
    let declared = text.strip_prefix("<?xml").and_then(|rest| {
        let declaration = rest.split("?>").next()?;
        let value = declaration.split("encoding").nth(1)?.trim_start().strip_prefix('=')?;
        value.trim_start().get(1..)?.split(['"', '\'']).next()
    });
    let encoding = declared.and_then(|label| Encoding::for_label(label.as_bytes()));
    // A declaration that could be read so is not of two bytes a character, whatever it says.
    let encoding = encoding.filter(|encoding| encoding.is_ascii_compatible());
    (encoding.unwrap_or(UTF_8), 0)
}

/// The rows of a file of comma-separated values (RFC 4180).
pub(in crate::exchange) struct Rows<'a> {
    reader: csv::Reader<Source>,
    meter: Rc<Meter>,
    path: &'a Path,
    record: csv::ByteRecord,
    /// The number of the row that was read last, from 1.
    pub(in crate::exchange) number: u64,
}

impl<'a> Rows<'a> {
    /// Opens a file.
    pub(in crate::exchange) fn open(path: &'a Path) -> Result<Self> {
        let (source, meter) = Source::open(path)?;
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(1 << 16)
            .from_reader(source);
        Ok(Self { reader, meter, path, record: csv::ByteRecord::new(), number: 0 })
    }

    /// The next row; `None` at the end. Refuses a file that ends in the middle of a field, or
    /// that is no text.
    pub(in crate::exchange) fn next(&mut self) -> Result<Option<Vec<String>>> {
        self.meter.next_piece();
        let more = self.reader.read_byte_record(&mut self.record);
        let place = || format!("row {}", self.number + 1);
        let more = match more {
            Ok(more) => more,
            Err(_) if self.meter.is_overrun() => {
                return Err(refused(self.path, place(), "it is longer than 16 MiB"));
            }
            Err(error) => {
                let source = io::Error::other(error.to_string());
                return Err(Error::Unreadable { path: self.path.to_owned(), source });
            }
        };
        if !more {
            return Ok(None);
        }
        if self.meter.is_at_end() && self.meter.ends_in_quotes() {
            return Err(refused(self.path, place(), "the file is cut off here"));
        }
        if self.record.as_slice().contains(&0) {
            return Err(refused(self.path, place(), "it holds zero bytes and is not text"));
        }
        self.number += 1;
        Ok(Some(self.record.iter().map(decoded).collect()))
    }

    /// Whether the row that was read last is the file's last and has no end of its own: where it
    /// is too short, the file was cut off.
    pub(in crate::exchange) fn is_open_end(&self) -> bool {
        self.meter.is_at_end() && self.meter.last.get() != b'\n'
    }

    /// Tells how far the reading has come, every thousand rows; `before` is what other files had.
    pub(in crate::exchange) fn tell(
        &self,
        sink: &mut dyn Sink,
        before: u64,
        total: u64,
    ) -> Result<()> {
        if self.number.is_multiple_of(1000) {
            sink.at(before + self.meter.read.get(), total)?;
        }
        Ok(())
    }

    /// The length of the file in bytes.
    pub(in crate::exchange) fn size(&self) -> u64 {
        self.meter.size
    }
}

/// A field as text: UTF-8, else what Windows wrote in western countries.
fn decoded(field: &[u8]) -> String {
    match std::str::from_utf8(field) {
        Ok(text) => text.to_owned(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(field).0.into_owned(),
    }
}

/// The first rows of a table that begins like this, without one that is cut off.
pub(in crate::exchange) fn first_rows(head: &super::Head, count: usize) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(head.text.as_bytes());
    let mut rows: Vec<Vec<String>> = reader
        .records()
        .map_while(std::result::Result::ok)
        .take(count + 1)
        .map(|row| row.iter().map(str::to_owned).collect())
        .collect();
    if rows.len() > count || (head.size > head.bytes.len() as u64 && rows.len() > 1) {
        rows.pop();
    }
    rows
}

/// The length of several files together, in bytes.
pub(in crate::exchange) fn total(input: &super::Input<'_>) -> Result<u64> {
    input.files.iter().map(|path| open(path).map(|(_, size)| size)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> Result<Vec<Vec<String>>> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("in.csv");
        std::fs::write(&path, bytes).expect("space");
        let mut rows = Rows::open(&path)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(row);
        }
        Ok(all)
    }

    #[test]
    fn every_encoding_gives_the_same_rows() {
        let text = "a,\"b\nc\"\né,Ж\n";
        let wanted = vec![vec!["a".to_owned(), "b\nc".into()], vec!["é".into(), "Ж".into()]];
        let sixteen = |big: bool, mark: bool| {
            let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
            units
                .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect::<Vec<u8>>()
        };
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            sixteen(false, true),
            sixteen(true, true),
            sixteen(false, false),
            sixteen(true, false),
        ] {
            assert_eq!(rows(&bytes).expect("readable"), wanted, "{bytes:?}");
        }
        assert_eq!(rows(b"caf\xe9,1\n").expect("readable"), [["café", "1"]]);
    }

    #[test]
    fn a_field_without_end_and_zero_bytes_are_refused_and_memory_is_bounded() {
        let cut = rows(b"a,b\nc,\"d").expect_err("cut off").to_string();
        assert!(cut.contains("in.csv, row 2") && cut.contains("cut off"), "{cut}");
        let zero = rows(b"abc,b\nc\0,d\n").expect_err("no text").to_string();
        assert!(zero.contains("row 2") && zero.contains("not text"), "{zero}");
        let mut long = b"a,\"".to_vec();
        long.resize(17 << 20, b'x');
        let long = rows(&long).expect_err("too long").to_string();
        assert!(long.contains("16 MiB"), "{long}");
        assert_eq!(rows(b"").expect("readable"), Vec::<Vec<String>>::new());
    }
}
