//! Rows of a text whose cells are parted by a character: CSV, TSV and their kin.

use std::path::Path;

use super::{
    encoding::{Pieces, Written},
    row::Row,
};
use crate::{case::Result, exchange::refused};

/// The longest cell, in bytes.
pub(super) const LONGEST: usize = 16 << 20;
/// The most columns; as many as spreadsheets have.
pub(super) const COLUMNS: usize = 16_384;

/// How cells are parted and held together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    pub delimiter: u8,
    pub quote: Option<u8>,
}

/// Where the text comes from.
enum From<'a> {
    File(Pieces<'a>),
    /// The beginning of a text; a cell that is not closed in it just ends.
    Head,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Plain,
    Quoted,
    /// A quotation mark has come within quotation marks, and so many spaces after it.
    Closing(usize),
}

/// Reads rows one after the other.
pub(super) struct Rows<'a> {
    from: From<'a>,
    path: &'a Path,
    dialect: Dialect,
    piece: String,
    at: usize,
    number: u64,
    /// The last row ended in a carriage return: a line feed that follows belongs to it.
    after_return: bool,
}

impl<'a> Rows<'a> {
    /// Reads a file from its beginning.
    pub fn open(path: &'a Path, written: Written, dialect: Dialect) -> Result<Self> {
        let from = From::File(Pieces::open(path, written)?);
        Ok(Self::new(from, path, dialect, String::new()))
    }

    /// Reads a text in memory.
    pub(crate) fn of_head(head: &str, dialect: Dialect) -> Self {
        Self::new(From::Head, Path::new(""), dialect, head.to_owned())
    }

    fn new(from: From<'a>, path: &'a Path, dialect: Dialect, piece: String) -> Self {
        Self { from, path, dialect, piece, at: 0, number: 0, after_return: false }
    }

    /// How many bytes of the file have been read.
    pub fn read(&self) -> u64 {
        match &self.from {
            From::File(pieces) => pieces.read,
            From::Head => self.at as u64,
        }
    }

    /// The next row; false at the end. An empty line is a row too, of one empty cell.
    pub fn next(&mut self, row: &mut Row) -> Result<bool> {
        row.begin(self.number + 1);
        let mut state = State::Plain;
        let mut begun = false;
        loop {
            if self.at == self.piece.len() && !self.more()? {
                if let (State::Quoted, From::File(_)) = (state, &self.from) {
                    return Err(self.unclosed(row));
                }
                if begun {
                    row.end_cell();
                    self.number += 1;
                }
                return Ok(begun);
            }
            if self.after_return {
                self.after_return = false;
                if self.piece.as_bytes()[self.at] == b'\n' {
                    self.at += 1;
                    continue;
                }
            }
            begun = true;
            if self.step(row, &mut state)? {
                self.number += 1;
                return Ok(true);
            }
        }
    }

    fn more(&mut self) -> Result<bool> {
        self.at = 0;
        match &mut self.from {
            From::File(pieces) => pieces.next(&mut self.piece),
            From::Head => {
                self.piece.clear();
                Ok(false)
            }
        }
    }

    /// Reads up to the next character that means something; true at the end of a row.
    fn step(&mut self, row: &mut Row, state: &mut State) -> Result<bool> {
        let Dialect { delimiter, quote } = self.dialect;
        let rest = &self.piece.as_bytes()[self.at..];
        if let State::Closing(spaces) = *state {
            match rest[0] {
                byte if byte == delimiter || byte == b'\n' || byte == b'\r' => {
                    *state = State::Plain;
                }
                byte if Some(byte) == quote && spaces == 0 => {
                    row.write(&self.piece[self.at..=self.at]);
                    self.at += 1;
                    *state = State::Quoted;
                    return Ok(false);
                }
                b' ' => {
                    self.at += 1;
                    *state = State::Closing(spaces + 1);
                    return Ok(false);
                }
                // Marks that are not doubled within a cell, as in "ACME "BEST" LTD", are part
                // of it.
                _ => {
                    row.write(if quote == Some(b'\'') { "'" } else { "\"" });
                    (0..spaces).for_each(|_| row.write(" "));
                    *state = State::Quoted;
                    return Ok(false);
                }
            }
        }
        let quoted = *state == State::Quoted;
        let means = |byte: &u8| {
            Some(*byte) == quote
                || !quoted && (*byte == delimiter || *byte == b'\n' || *byte == b'\r')
        };
        let length = rest.iter().position(means).unwrap_or(rest.len());
        row.write(&self.piece[self.at..self.at + length]);
        self.at += length;
        if row.open_cell().len() > LONGEST {
            return Err(if quoted { self.unclosed(row) } else { self.too_long(row) });
        }
        let Some(byte) = self.piece.as_bytes().get(self.at).copied() else { return Ok(false) };
        self.at += 1;
        if Some(byte) == quote {
            if quoted {
                *state = State::Closing(0);
            } else if row.open_cell().bytes().all(|b| b == b' ') {
                row.clear_cell();
                *state = State::Quoted;
            } else {
                row.write(&self.piece[self.at - 1..self.at]);
            }
            return Ok(false);
        }
        row.end_cell();
        if row.len() > COLUMNS {
            let place = format!("row {}", row.number);
            let what =
                "it has more than 16,384 columns; split it by columns, or say what parts them";
            return Err(refused(self.path, place, what));
        }
        self.after_return = byte == b'\r';
        Ok(byte != delimiter)
    }

    fn unclosed(&self, row: &Row) -> crate::case::Error {
        let place = format!("row {}, column {}", row.number, row.len() + 1);
        let what = "a quotation mark is opened here and not closed; correct it, or say that this table has no quotation marks";
        refused(self.path, place, what)
    }

    fn too_long(&self, row: &Row) -> crate::case::Error {
        let place = format!("row {}, column {}", row.number, row.len() + 1);
        refused(self.path, place, "a cell is longer than 16 MiB; shorten it")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const COMMA: Dialect = Dialect { delimiter: b',', quote: Some(b'"') };

    fn rows(text: &str, dialect: Dialect) -> Vec<Vec<String>> {
        let mut rows = Rows::of_head(text, dialect);
        let (mut row, mut all) = (Row::default(), Vec::new());
        while rows.next(&mut row).expect("readable") {
            all.push(row.cells().map(str::to_owned).collect());
        }
        all
    }

    #[test]
    fn quotation_marks_line_ends_and_blanks() {
        assert_eq!(
            rows("a,\"b, c\"\r\n\"d \"\"e\"\"\",\"f\ng\"\rh,\n\ni", COMMA),
            [vec!["a", "b, c"], vec!["d \"e\"", "f\ng"], vec!["h", ""], vec![""], vec!["i"]]
        );
        assert_eq!(
            rows("a\\,b|\"c\"", Dialect { delimiter: b'|', quote: None }),
            [["a\\,b", "\"c\""]]
        );
    }

    #[test]
    fn marks_that_are_not_doubled_are_part_of_the_cell() {
        assert_eq!(
            rows("\"ACME \"BEST\" LTD\",x\n 5\" pipe , \"y\" ,z\n", COMMA),
            [vec!["ACME \"BEST\" LTD", "x"], vec!["5\" pipe", "y", "z"]]
        );
    }

    #[test]
    fn a_file_whose_quotation_mark_is_never_closed_is_refused_with_its_place() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("t.csv");
        std::fs::write(&path, "a,b\nc,\"d\ne,f\n").expect("space");
        let written = Written { encoding: encoding_rs::UTF_8, mark: 0, mixed: false };
        let mut rows = Rows::open(&path, written, COMMA).expect("readable");
        let mut row = Row::default();
        assert!(rows.next(&mut row).expect("readable"));
        let error = rows.next(&mut row).expect_err("unclosed").to_string();
        assert!(
            error.contains("t.csv, row 2, column 2") && error.contains("not closed"),
            "{error}"
        );
    }

    fn cell() -> impl Strategy<Value = String> {
        // Space around a cell is not kept.
        "[a-z,;\"'\n\r\t|漢é ]{0,8}".prop_map(|text| text.trim().to_owned())
    }

    proptest! {
        #[test]
        fn what_is_written_as_csv_is_read_the_same(
            table in prop::collection::vec(prop::collection::vec(cell(), 2..5), 1..6),
            delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
        ) {
            let mut writer =
                csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(Vec::new());
            for row in &table {
                writer.write_record(row).expect("writes");
            }
            let text = String::from_utf8(writer.into_inner().expect("writes")).expect("text");
            prop_assert_eq!(rows(&text, Dialect { delimiter, quote: Some(b'"') }), table);
        }

        #[test]
        fn reading_never_panics(text in "(\\PC|[\"',\n\r ]){0,60}", quote in any::<bool>()) {
            rows(&text, Dialect { delimiter: b',', quote: quote.then_some(b'"') });
        }
    }
}
