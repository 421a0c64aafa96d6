//! In what encoding a text file is written, and reading it piece by piece.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::Path,
};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::{
    case::Result,
    exchange::{open, unreadable},
};

/// How much is read at once, in bytes.
const PIECE: usize = 64 << 10;
/// How much of what is not ASCII is looked at to tell an encoding, in bytes.
const TELLING: usize = 1 << 20;

/// An encoding and how many bytes of a byte order mark stand before the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub encoding: &'static Encoding,
    pub mark: u64,
}

/// Tells the encoding of a file: by its byte order mark, else UTF-8 where it is valid, else as
/// the bytes look. A few bad bytes among much good UTF-8 are damage, not another encoding.
pub(super) fn detect(path: &Path) -> Result<Written> {
    let (mut file, _) = open(path)?;
    let mut piece = vec![0; PIECE];
    let (mut kept, mut telling) = (0, TELLING);
    let (mut good, mut bad) = (0_u64, 0_u64);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    let mut first = true;
    loop {
        let read = file.read(&mut piece[kept..]).map_err(unreadable(path))?;
        let bytes = &piece[..kept + read];
        if first {
            if let Some(written) = marked(bytes).or_else(|| sixteen(bytes)) {
                return Ok(written);
            }
            first = false;
        }
        if telling > 0 && (!bytes.is_ascii() || bytes.contains(&0x1b)) {
            let part = &bytes[kept..];
            detector.feed(part, false);
            telling = telling.saturating_sub(part.len());
        }
        let rest = count(bytes, read == 0, &mut good, &mut bad);
        if read == 0 {
            break;
        }
        let start = bytes.len() - rest;
        piece.copy_within(start..start + rest, 0);
        kept = rest;
    }
    detector.feed(&[], true);
    let is_utf8 = bad == 0 || bad * 50 < good;
    let encoding = if is_utf8 { UTF_8 } else { detector.guess(None, Utf8Detection::Deny) };
    Ok(Written { encoding, mark: 0 })
}

/// Counts the characters beyond ASCII that are valid UTF-8, and the bytes that are not. Gives how
/// many bytes at the end may go on in the next piece.
fn count(mut bytes: &[u8], last: bool, good: &mut u64, bad: &mut u64) -> usize {
    let beyond = |text: &[u8]| text.iter().filter(|byte| **byte >= 0xc0).count() as u64;
    loop {
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                *good += beyond(text.as_bytes());
                return 0;
            }
            Err(error) => {
                *good += beyond(&bytes[..error.valid_up_to()]);
                let Some(length) = error.error_len() else {
                    *bad += u64::from(last);
                    return if last { 0 } else { bytes.len() - error.valid_up_to() };
                };
                *bad += 1;
                bytes = &bytes[error.valid_up_to() + length..];
            }
        }
    }
}

fn marked(bytes: &[u8]) -> Option<Written> {
    let (encoding, mark) = match bytes {
        [0xef, 0xbb, 0xbf, ..] => (UTF_8, 3),
        [0xff, 0xfe, ..] => (UTF_16LE, 2),
        [0xfe, 0xff, ..] => (UTF_16BE, 2),
        _ => return None,
    };
    Some(Written { encoding, mark })
}

/// UTF-16 without its mark: every other byte of Western text, its digits and its line ends is 0.
fn sixteen(bytes: &[u8]) -> Option<Written> {
    let head = &bytes[..bytes.len().min(4096)];
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let many = head.len() / 16;
    let encoding = match (even > many, odd > many) {
        (false, true) if even == 0 => UTF_16LE,
        (true, false) if odd == 0 => UTF_16BE,
        _ => return None,
    };
    Some(Written { encoding, mark: 0 })
}

/// A text that is read and decoded piece by piece; bad bytes become U+FFFD.
pub(super) struct Pieces<'a> {
    path: &'a Path,
    file: File,
    decoder: Decoder,
    bytes: Vec<u8>,
    /// How many bytes have been read, the mark included.
    pub read: u64,
    over: bool,
}

impl<'a> Pieces<'a> {
    /// Opens a file as text.
    pub fn open(path: &'a Path, written: Written) -> Result<Self> {
        let (mut file, _) = open(path)?;
        file.seek(SeekFrom::Start(written.mark)).map_err(unreadable(path))?;
        let decoder = written.encoding.new_decoder_without_bom_handling();
        Ok(Self { path, file, decoder, bytes: vec![0; PIECE], read: written.mark, over: false })
    }

    /// The next piece into `text`; false at the end.
    pub fn next(&mut self, text: &mut String) -> Result<bool> {
        text.clear();
        while !self.over && text.is_empty() {
            let read = self.file.read(&mut self.bytes).map_err(unreadable(self.path))?;
            self.read += read as u64;
            self.over = read == 0;
            let mut from = &self.bytes[..read];
            loop {
                let room = self.decoder.max_utf8_buffer_length(from.len()).unwrap_or(PIECE * 4);
                text.reserve(room);
                let (done, used, _) = self.decoder.decode_to_string(from, text, self.over);
                from = &from[used..];
                if done == encoding_rs::CoderResult::InputEmpty {
                    break;
                }
            }
        }
        Ok(!text.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(bytes: &[u8]) -> &'static str {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("t.csv");
        std::fs::write(&path, bytes).expect("space");
        let written = detect(&path).expect("readable");
        let mut pieces = Pieces::open(&path, written).expect("readable");
        let (mut all, mut piece) = (String::new(), String::new());
        while pieces.next(&mut piece).expect("readable") {
            all.push_str(&piece);
        }
        assert!(!all.contains('\u{feff}'), "the mark is not part of the text");
        written.encoding.name()
    }

    #[test]
    fn an_encoding_is_told_by_mark_validity_or_look() {
        let russian = "Наименование;Адрес;Директор\nООО Ромашка;Москва, улица Ленина;Иванов\n";
        let chinese = "公司名称,地址,法定代表人\n丹东测试贸易有限公司,辽宁省丹东市振兴区,张三\n";
        let in_1251 = encoding_rs::WINDOWS_1251.encode(russian).0;
        assert_eq!(written(&in_1251), "windows-1251");
        assert_eq!(written(&encoding_rs::GB18030.encode(chinese).0), "GBK");
        assert_eq!(written(chinese.as_bytes()), "UTF-8");
        let little: Vec<u8> = russian.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(written(&[&[0xff, 0xfe], &little[..]].concat()), "UTF-16LE");
        let plain: Vec<u8> =
            "name,town\r\nA,B\r\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(written(&plain), "UTF-16BE");
    }

    #[test]
    fn a_bad_byte_in_much_good_utf8_is_damage() {
        let mut bytes = "Müller & Söhne, Zürich\n".repeat(100).into_bytes();
        bytes.extend(b"Caf\xe9\n");
        assert_eq!(written(&bytes), "UTF-8");
    }

    #[test]
    fn a_character_across_two_pieces_is_whole() {
        for shift in 0..4 {
            let text = format!("{}{}", "x".repeat(PIECE - 2 + shift), "漢".repeat(40_000));
            assert_eq!(written(text.as_bytes()), "UTF-8");
        }
    }
}
