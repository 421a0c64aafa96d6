//! JSON documents one after the other, or in one array, of which one at a time is in memory.

use std::{cell::RefCell, fmt, io::Read, path::Path};

use serde::{
    Deserializer as _,
    de::{DeserializeSeed, IgnoredAny, SeqAccess, Visitor},
};
use serde_json::{Deserializer, Value, de::IoRead};

use super::{
    refused,
    text::{Meter, Source},
};
use crate::case::{Error, Result};

/// Gives each document of a file, or each element of the array that it is, with its number from
/// 1, bytes read, and how many there are.
pub(in crate::exchange) fn each(
    path: &Path,
    take: &mut dyn FnMut(u64, Value, (u64, u64)) -> Result<()>,
) -> Result<()> {
    let (mut source, meter) = Source::open(path)?;
    // What stands before the first sign is nothing but blanks.
    let mut first = [b' '];
    while first[0].is_ascii_whitespace() {
        if source.read(&mut first).map_err(super::unreadable(path))? == 0 {
            return Err(refused(path, "", "it is empty"));
        }
    }
    let is_array = first == [b'['];
    let from = std::io::BufReader::with_capacity(1 << 16, first.as_slice().chain(source));
    let mut stream = Deserializer::from_reader(from);
    let failed = RefCell::new(None);
    let each =
        Each { take: RefCell::new(take), count: RefCell::new(0), failed: &failed, meter: &meter };
    let done = if is_array {
        stream.deserialize_seq(&each).and_then(|()| stream.end())
    } else {
        each.documents(stream)
    };
    if let Some(error) = failed.take() {
        return Err(error);
    }
    let number = each.count.into_inner() + 1;
    done.map_err(|error| told(path, number, &error, &meter))
}

fn told(path: &Path, number: u64, error: &serde_json::Error, meter: &Meter) -> Error {
    let place = format!("line {}, statement {number}", error.line());
    if meter.is_overrun() {
        refused(path, place, "it is longer than 16 MiB")
    } else if error.is_eof() {
        refused(path, place, "the file is cut off here")
    } else if error.is_io() {
        Error::Unreadable {
            path: path.to_owned(),
            source: std::io::Error::other(error.to_string()),
        }
    } else if error.to_string().contains("recursion") {
        refused(path, place, "its parts lie more than 128 deep")
    } else {
        refused(path, place, format!("it is not JSON (column {})", error.column()))
    }
}

type Take<'a> = &'a mut dyn FnMut(u64, Value, (u64, u64)) -> Result<()>;

struct Each<'a> {
    take: RefCell<Take<'a>>,
    count: RefCell<u64>,
    failed: &'a RefCell<Option<Error>>,
    meter: &'a Meter,
}

impl Each<'_> {
    /// Takes one; false where whoever takes it has had enough.
    fn one(&self, value: Value) -> bool {
        let mut count = self.count.borrow_mut();
        *count += 1;
        let progress = (self.meter.read.get(), self.meter.size);
        let done = (self.take.borrow_mut())(*count, value, progress);
        self.meter.next_piece();
        match done {
            Ok(()) => true,
            Err(error) => {
                *self.failed.borrow_mut() = Some(error);
                false
            }
        }
    }

    fn documents<R: Read>(&self, stream: Deserializer<IoRead<R>>) -> serde_json::Result<()> {
        for value in stream.into_iter::<Value>() {
            if !self.one(value?) {
                break;
            }
        }
        Ok(())
    }
}

/// An element of the array: taken as it is read.
impl<'de> DeserializeSeed<'de> for &Each<'_> {
    type Value = bool;

    fn deserialize<D: serde::Deserializer<'de>>(
        self,
        from: D,
    ) -> std::result::Result<bool, D::Error> {
        let value = <Value as serde::Deserialize>::deserialize(from)?;
        Ok(self.one(value))
    }
}

impl<'de> Visitor<'de> for &Each<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> std::result::Result<(), A::Error> {
        while let Some(goes_on) = all.next_element_seed(self)? {
            if !goes_on {
                // Why is kept; the rest is passed over quickly, or fails and nobody asks.
                while all.next_element::<IgnoredAny>()?.is_some() {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &[u8]) -> std::result::Result<Vec<String>, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("in.json");
        std::fs::write(&path, text).expect("space");
        let mut all = Vec::new();
        each(&path, &mut |_, value, _| {
            all.push(value.to_string());
            Ok(())
        })
        .map_err(|error| error.to_string())?;
        Ok(all)
    }

    #[test]
    fn an_array_and_lines_are_the_same() {
        for text in
            ["[1, {\"a\": 2}]", " \n[1,{\"a\":2}]\n", "1\n{\"a\":2}\n", "\u{feff}1 {\"a\":2}"]
        {
            assert_eq!(
                numbers(text.as_bytes()).as_deref(),
                Ok(&["1".to_owned(), "{\"a\":2}".into()][..]),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_broken_is_refused_with_its_place() {
        let deep = format!("[{}", "[".repeat(1000));
        for (text, said) in [
            ("[1,\n{\"a\":", "line 2, statement 2: the file is cut off"),
            ("[1", "cut off"),
            ("[1] x", "not JSON"),
            ("", "empty"),
            ("1\n{oops}", "not JSON"),
            (deep.as_str(), "128 deep"),
        ] {
            let error = numbers(text.as_bytes()).expect_err(text);
            assert!(error.contains(said), "{text}: {error}");
        }
        let mut long = b"[\"".to_vec();
        long.resize(17 << 20, b'x');
        assert!(numbers(&long).expect_err("too long").contains("16 MiB"));
    }
}
