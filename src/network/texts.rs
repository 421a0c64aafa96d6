//! Many texts in one buffer, each by a number of 31 bits; short ones that are equal are one.

use std::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashTable};

/// Longer texts are seldom equal; looking for them would cost more than they do.
const SHARED: usize = 16;
/// Texts begin at multiples of this many bytes, so that 31 bits reach through 8 GiB.
const UNIT: usize = 4;
/// The number of the empty text, which also stands for what the buffer has no room for.
const EMPTY: u32 = 0;

/// The buffer. What is put in stays until the buffer goes.
#[derive(Clone, Debug)]
pub(super) struct Texts {
    /// Before each text its length in digits of 6 bits, the lowest first, all but the last with
    /// 64 added; after it zeros up to the next unit.
    buffer: String,
    shared: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Default for Texts {
    fn default() -> Self {
        let mut texts = Self {
            buffer: String::new(),
            shared: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
        };
        texts.append("");
        texts
    }
}

impl Texts {
    /// The number of a text.
    pub fn add(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return EMPTY;
        }
        if text.len() > SHARED {
            return self.append(text);
        }
        let hash = self.hasher.hash_one(text);
        if let Some(number) = self.shared.find(hash, |number| get(&self.buffer, *number) == text) {
            return *number;
        }
        let number = self.append(text);
        let (buffer, hasher) = (&self.buffer, &self.hasher);
        self.shared.insert_unique(hash, number, |number| hasher.hash_one(get(buffer, *number)));
        number
    }

    /// The text of a number.
    pub fn get(&self, number: u32) -> &str {
        get(&self.buffer, number)
    }

    /// Gives back what was set aside for more.
    pub fn shrink(&mut self) {
        self.buffer.shrink_to_fit();
    }

    /// What it takes, in bytes.
    pub fn bytes(&self) -> usize {
        self.buffer.capacity() + self.shared.capacity() * 5
    }

    fn append(&mut self, text: &str) -> u32 {
        let start = self.buffer.len() / UNIT;
        if start >= 1 << 31 {
            return EMPTY;
        }
        let mut length = text.len();
        loop {
            let digit = (length & 63) as u8;
            length >>= 6;
            self.buffer.push(char::from(if length > 0 { digit | 64 } else { digit }));
            if length == 0 {
                break;
            }
        }
        self.buffer.push_str(text);
        while !self.buffer.len().is_multiple_of(UNIT) {
            self.buffer.push('\0');
        }
        start as u32
    }
}

fn get(buffer: &str, number: u32) -> &str {
    let start = number as usize * UNIT;
    let (mut length, mut shift, mut at) = (0, 0, start);
    for digit in buffer.as_bytes()[start..].iter().take(6) {
        at += 1;
        length |= usize::from(digit & 63) << shift;
        shift += 6;
        if digit & 64 == 0 {
            break;
        }
    }
    &buffer[at..at + length]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_any_length_come_back_and_short_ones_are_shared() {
        let mut texts = Texts::default();
        let all: Vec<String> =
            [0, 1, 2, 15, 16, 17, 63, 64, 65, 4095, 4096, 300_000].map(|n| "ж".repeat(n)).into();
        let numbers: Vec<u32> = all.iter().map(|text| texts.add(text)).collect();
        for (text, number) in all.iter().zip(&numbers) {
            assert_eq!(texts.get(*number), text);
        }
        assert_eq!(texts.add("ж"), numbers[1]);
        let before = texts.buffer.len();
        texts.add("2010-01-01");
        texts.add("2010-01-01");
        assert_eq!(texts.buffer.len(), before + 12);
    }
}
