//! In what encoding a text file is written, and reading it piece by piece.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Read, Seek, SeekFrom},
    path::Path,
};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, Encoding, ISO_8859_15, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::{
    case::Result,
    exchange::{open, read::text::sixteen, unreadable},
};

/// How much is read at once, in bytes.
const PIECE: usize = 64 << 10;
/// How much of what is not ASCII is looked at to tell an encoding, in bytes.
const TELLING: usize = 1 << 20;
/// How much is looked at line by line, in bytes.
const SEEN: usize = 256 << 20;

/// An encoding and how many bytes of a byte order mark stand before the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub encoding: &'static Encoding,
    pub mark: u64,
    /// Whether lines that are valid UTF-8 are read as that, and only the others in `encoding`.
    pub mixed: bool,
}

impl Written {
    fn new(encoding: &'static Encoding, mark: u64) -> Self {
        Self { encoding, mark, mixed: false }
    }

    /// The name of the encoding of most of the text.
    pub fn name(self) -> &'static str {
        if self.mixed { UTF_8.name() } else { self.encoding.name() }
    }
}

/// Returns the encoding of a file: by its byte order mark, else UTF-8 where it is valid, else as
/// the bytes look. Lines in another encoding among lines of UTF-8 are read line by line.
pub(super) fn detect(path: &Path) -> Result<Written> {
    let (mut file, _) = open(path)?;
    let mut piece = vec![0; PIECE];
    let (mut kept, mut telling) = (0, TELLING);
    let (mut good, mut bad) = (0_u64, 0_u64);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    let mut latin = Latin9::default();
    let mut first = true;
    loop {
        let read = file.read(&mut piece[kept..]).map_err(unreadable(path))?;
        let bytes = &piece[..kept + read];
        if first {
            if let Some(written) = marked(bytes).or_else(|| unmarked(bytes)) {
                return Ok(written);
            }
            first = false;
        }
        if telling > 0 && (!bytes.is_ascii() || bytes.contains(&0x1b)) {
            let part = &bytes[kept..];
            detector.feed(part, false);
            latin.hear(part);
            telling = telling.saturating_sub(part.len());
        }
        // A file that was cut off within a character is still of its encoding.
        let rest = count(bytes, read == 0 && good == 0, &mut good, &mut bad);
        if read == 0 {
            break;
        }
        let start = bytes.len() - rest;
        piece.copy_within(start..start + rest, 0);
        kept = rest;
    }
    detector.feed(&[], true);
    if bad == 0 {
        return Ok(Written::new(UTF_8, 0));
    }
    if good > 0 && is_good_by_line(path)? {
        return Ok(Written { encoding: of_the_rest(path)?, mark: 0, mixed: true });
    }
    if bad * 50 < good {
        return Ok(Written::new(UTF_8, 0));
    }
    let encoding = detector.guess(None, Utf8Detection::Deny);
    let encoding = if latin.is_it(encoding) { ISO_8859_15 } else { encoding };
    Ok(Written::new(encoding, 0))
}

/// Calls `each` with the lines of a file that have characters beyond ASCII, until it is enough.
fn each_line(path: &Path, each: &mut dyn FnMut(&[u8]) -> bool) -> Result<()> {
    let (file, _) = open(path)?;
    let mut file = BufReader::new(file);
    let (mut line, mut seen) = (Vec::new(), 0);
    while seen < SEEN {
        line.clear();
        let read = file.by_ref().take(TELLING as u64).read_until(b'\n', &mut line);
        let read = read.map_err(unreadable(path))?;
        if read == 0 || !line.is_ascii() && !each(&line) {
            break;
        }
        seen += read;
    }
    Ok(())
}

/// Whether each line is either UTF-8 throughout or not at all, and lines of both kinds are there:
/// files that two programs wrote to one after the other.
fn is_good_by_line(path: &Path) -> Result<bool> {
    let (mut whole, mut other, mut both) = (0_u64, 0_u64, 0_u64);
    each_line(path, &mut |line| {
        let (mut good, mut bad) = (0, 0);
        count(line, true, &mut good, &mut bad);
        match (good > 0, bad > 0) {
            (true, false) => whole += 1,
            (false, true) => other += 1,
            _ => both += 1,
        }
        true
    })?;
    Ok(whole > 0 && other > 0 && both * 20 <= whole + other)
}

/// The encoding of the lines that are not UTF-8.
fn of_the_rest(path: &Path) -> Result<&'static Encoding> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut latin = Latin9::default();
    each_line(path, &mut |line| {
        if std::str::from_utf8(line).is_err() {
            detector.feed(line, false);
            latin.hear(line);
        }
        true
    })?;
    detector.feed(&[], true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    Ok(if latin.is_it(encoding) { ISO_8859_15 } else { encoding })
}

/// ISO 8859-15 differs from Windows' Western encoding in eight places only: a euro sign, and
/// letters where the other has signs that do not stand within words.
#[derive(Default)]
struct Latin9 {
    /// What reads well in ISO 8859-15 only.
    fits: u64,
    /// What is a control character in ISO 8859-15.
    misfits: u64,
}

impl Latin9 {
    fn hear(&mut self, bytes: &[u8]) {
        let is_letter = |byte: Option<&u8>| {
            byte.is_some_and(|b| b.is_ascii_alphabetic() || (0xc0..=0xfe).contains(b))
        };
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                0x80..=0x9f => self.misfits += 1,
                // The sign for any currency is hardly ever meant.
                0xa4 => self.fits += 1,
                0xa6 | 0xa8 | 0xb4 | 0xb8 | 0xbc | 0xbd | 0xbe => {
                    let before = at.checked_sub(1).and_then(|before| bytes.get(before));
                    let within = is_letter(before) || is_letter(bytes.get(at + 1));
                    let in_number = before.is_some_and(u8::is_ascii_digit);
                    self.fits += u64::from(within && !in_number);
                }
                _ => {}
            }
        }
    }

    fn is_it(&self, guessed: &'static Encoding) -> bool {
        guessed == WINDOWS_1252 && self.misfits == 0 && self.fits > 0
    }
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
    Some(Written::new(encoding, mark))
}

fn unmarked(bytes: &[u8]) -> Option<Written> {
    sixteen(bytes).map(|encoding| Written::new(encoding, 0))
}

/// A text that is read and decoded piece by piece; bad bytes become U+FFFD.
pub(super) struct Pieces<'a> {
    path: &'a Path,
    file: File,
    written: Written,
    decoder: Decoder,
    bytes: Vec<u8>,
    /// The beginning of a line whose end has not been read, where lines differ.
    begun: Vec<u8>,
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
        let (bytes, read) = (vec![0; PIECE], written.mark);
        Ok(Self { path, file, written, decoder, bytes, begun: Vec::new(), read, over: false })
    }

    /// The next piece into `text`; false at the end.
    pub fn next(&mut self, text: &mut String) -> Result<bool> {
        text.clear();
        while !self.over && text.is_empty() {
            let read = self.file.read(&mut self.bytes).map_err(unreadable(self.path))?;
            self.read += read as u64;
            self.over = read == 0;
            if self.written.mixed {
                self.lines(read, text);
                continue;
            }
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

    /// Decodes the lines that end in what was read, each for itself.
    fn lines(&mut self, read: usize, text: &mut String) {
        self.begun.extend_from_slice(&self.bytes[..read]);
        let whole = self.over || self.begun.len() > TELLING;
        let end = self.begun.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let end = if whole && end == 0 { self.begun.len() } else { end };
        for line in self.begun[..end].split_inclusive(|byte| *byte == b'\n') {
            match std::str::from_utf8(line) {
                Ok(line) => text.push_str(line),
                // The file ends within a character.
                Err(error) if self.over && error.error_len().is_none() => {
                    text.push_str(&String::from_utf8_lossy(line));
                }
                Err(_) => text.push_str(&self.written.encoding.decode_without_bom_handling(line).0),
            }
        }
        self.begun.drain(..end);
        if self.over && !self.begun.is_empty() {
            self.lines(0, text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (&'static str, String) {
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
        (written.name(), all)
    }

    fn written(bytes: &[u8]) -> &'static str {
        read(bytes).0
    }

    #[test]
    fn lines_in_two_encodings_are_read_each_in_its_own() {
        let (name, text) = read(
            b"Nom;Pr\xc3\xa9nom\nChim\xc3\xa8re;H\xc3\xa9l\xc3\xa8ne\nF\xe9e;Lo\xefc\nR\xeave;Ana\xefs\n",
        );
        assert_eq!(name, "UTF-8");
        assert_eq!(text, "Nom;Prénom\nChimère;Hélène\nFée;Loïc\nRêve;Anaïs\n");
        let cyrillic = encoding_rs::WINDOWS_1251.encode("Иванов;Москва;директор общества\n").0;
        let mixed = ["Название;Город\n".as_bytes(), &cyrillic, b"x;y"].concat();
        let (_, text) = read(&mixed);
        assert_eq!(text, "Название;Город\nИванов;Москва;директор общества\nx;y");
    }

    #[test]
    fn a_file_that_ends_within_a_character_is_read_in_its_encoding() {
        let (name, text) = read(b"Name;Born\nJ\xc3\xbcrgen;1970\nJ\xc3\xbcrgen M\xc3");
        assert_eq!((name, &*text), ("UTF-8", "Name;Born\nJürgen;1970\nJürgen M\u{fffd}"));
    }

    #[test]
    fn western_text_with_a_euro_sign_is_told_apart() {
        let text = "Dénomination;Capital\nÉTABLISSEMENTS IMAGINAIRES MÜLLER;7 500,00 €\nL'ŒUVRE FICTIVE, théâtre;1,00 €\n";
        let bytes: Vec<u8> = text
            .chars()
            .map(|c| match c {
                '€' => 0xa4,
                'Œ' => 0xbc,
                other => other as u8,
            })
            .collect();
        assert_eq!(read(&bytes), ("ISO-8859-15", text.to_owned()));
        assert_eq!(written(b"Preis;Name\n7,50 \x80;M\xfcller\n"), "windows-1252");
        assert_eq!(
            written(b"Menge;Name\n2\xbd;M\xfcller\n"),
            "windows-1252",
            "a half is no letter"
        );
    }

    #[test]
    fn text_of_two_bytes_a_character_needs_no_mark() {
        for text in [
            "Sıra\tTür\tAd / Unvan\n1\tGerçek Kişi\tAli Düş\n",
            "序号\t名称\t一览\r\n1\t甲一\t二一\r\n",
            "№;Название\n1;Ромашка Āā\n",
        ] {
            let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert_eq!(read(&little), ("UTF-16LE", text.to_owned()), "{text}");
            let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            assert_eq!(read(&big), ("UTF-16BE", text.to_owned()), "{text}");
        }
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
