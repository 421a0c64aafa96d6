//! Many texts in few buffers, each by a number of 31 bits; short ones that are equal are one. A clone
//! copies pointers.

use std::{hash::BuildHasher as _, sync::Arc};

use hashbrown::DefaultHashBuilder;

use super::shards::Numbers;

/// Longer texts are seldom equal; looking for them would cost more than they do.
const SHARED: usize = 16;
/// Texts begin at multiples of this many bytes, so that 31 bits reach through 8 GiB.
const UNIT: usize = 4;
/// The units of a buffer in which texts begin, as a power of two; the last text may go on behind them.
const BITS: u32 = 14;
/// The number of the empty text, which also stands for what the buffers have no room for.
const EMPTY: u32 = 0;

/// Minimum lookups before a kind of text is taken for one whose texts are seldom equal, which is the case
/// where fewer than one in [`SELDOM`] was found.
const TRIED: u32 = 1 << 16;
const SELDOM: u32 = 4;

/// How often short texts of a kind were equal to one that was there already. Registration numbers never
/// are, countries always.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Equal {
    tried: u32,
    found: u32,
}

impl Equal {
    fn are_seldom(self) -> bool {
        self.tried >= TRIED && self.found < self.tried / SELDOM
    }

    fn note(&mut self, is_found: bool) {
        self.tried = self.tried.saturating_add(1);
        self.found = self.found.saturating_add(is_found.into());
    }
}

/// The buffers. What is put in stays until they go.
#[derive(Clone, Debug)]
pub(super) struct Texts {
    buffers: Buffers,
    /// The numbers of short texts.
    shared: Numbers,
    hasher: DefaultHashBuilder,
}

/// Before each text its length in digits of 6 bits, the lowest first, all but the last with 64 added;
/// after it zeros up to the next unit.
#[derive(Clone, Debug, Default)]
struct Buffers {
    full: Vec<Arc<str>>,
    /// The last buffer, which grows.
    tail: String,
}

impl Default for Texts {
    fn default() -> Self {
        let mut texts = Self {
            buffers: Buffers::default(),
            shared: Numbers::default(),
            hasher: DefaultHashBuilder::default(),
        };
        texts.buffers.append("");
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
            return self.buffers.append(text);
        }
        let hash = self.hasher.hash_one(text);
        if let Some(number) = self.shared.find(hash, |number| self.buffers.get(*number) == text) {
            return *number;
        }
        let number = self.buffers.append(text);
        let (buffers, hasher) = (&self.buffers, &self.hasher);
        self.shared.insert_unique(hash, number, |number| hasher.hash_one(buffers.get(*number)));
        number
    }

    /// The number of a text of a kind. Where texts of the kind are seldom equal, it is not looked up, and
    /// cannot be found later: that takes time and room for nothing.
    pub(crate) fn add_of(&mut self, text: &str, equal: &mut Equal) -> u32 {
        if equal.are_seldom() && !text.is_empty() {
            return self.buffers.append(text);
        }
        let before = self.buffers.len();
        let number = self.add(text);
        if text.len() <= SHARED {
            equal.note(self.buffers.len() == before);
        }
        number
    }

    /// The text of a number.
    pub fn get(&self, number: u32) -> &str {
        self.buffers.get(number)
    }

    /// Gives back what was set aside for more.
    pub fn shrink(&mut self) {
        self.buffers.tail.shrink_to_fit();
    }

    /// Of [`Self::bytes`], what finds short texts.
    pub(crate) fn index_bytes(&self) -> usize {
        self.shared.bytes()
    }

    /// What it takes, in bytes.
    pub fn bytes(&self) -> usize {
        let full: usize = self.buffers.full.iter().map(|buffer| buffer.len() + 32).sum();
        full + self.buffers.tail.capacity() + self.shared.bytes()
    }

    #[cfg(test)]
    pub fn apart(&self, other: &Self) -> (usize, usize) {
        let (mine, theirs) = (&self.buffers.full, &other.buffers.full);
        let same = mine.iter().zip(theirs).filter(|(a, b)| Arc::ptr_eq(a, b)).count();
        let (parts, all) = self.shared.apart(&other.shared);
        (mine.len() - same + parts, mine.len() + all)
    }
}

impl Buffers {
    /// The units that are used.
    fn len(&self) -> usize {
        (self.full.len() << BITS) + self.tail.len() / UNIT
    }

    fn append(&mut self, text: &str) -> u32 {
        if self.tail.len() / UNIT >= 1 << BITS {
            self.full.push(self.tail.as_str().into());
            self.tail.clear();
            self.tail.shrink_to((2 * UNIT) << BITS);
        }
        if self.full.len() >= 1 << (31 - BITS) {
            return EMPTY;
        }
        let start = self.len();
        let mut length = text.len();
        loop {
            let digit = (length & 63) as u8;
            length >>= 6;
            self.tail.push(char::from(if length > 0 { digit | 64 } else { digit }));
            if length == 0 {
                break;
            }
        }
        self.tail.push_str(text);
        while !self.tail.len().is_multiple_of(UNIT) {
            self.tail.push('\0');
        }
        start as u32
    }

    fn get(&self, number: u32) -> &str {
        let buffer = self.full.get((number >> BITS) as usize).map_or(&*self.tail, |full| full);
        let start = (number & ((1 << BITS) - 1)) as usize * UNIT;
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
        let number = texts.add("2010-01-01");
        let before = texts.buffers.tail.len();
        assert_eq!(texts.add("2010-01-01"), number);
        assert_eq!(texts.buffers.tail.len(), before);
    }

    #[test]
    fn texts_of_a_kind_that_are_seldom_equal_are_no_longer_looked_for() {
        let mut texts = Texts::default();
        let (mut numbers, mut countries) = (Equal::default(), Equal::default());
        let all: Vec<(u32, u32)> = (0..TRIED + 9)
            .map(|n| {
                let country = ["hk", "cn", "gb"][n as usize % 3];
                let country = texts.add_of(country, &mut countries);
                (texts.add_of(&n.to_string(), &mut numbers), country)
            })
            .collect();
        for (n, (number, country)) in all.iter().enumerate() {
            assert_eq!(texts.get(*number), n.to_string());
            assert_eq!(texts.get(*country), ["hk", "cn", "gb"][n % 3]);
            assert_eq!(*country, all[n % 3].1);
        }
        assert_eq!(texts.add_of("17", &mut countries), all[17].0);
        assert_ne!(texts.add_of("17", &mut numbers), all[17].0);
    }

    #[test]
    fn a_clone_shares_the_buffers_and_stays_as_it_is() {
        let mut texts = Texts::default();
        let text = |n: usize| format!("{n} {}", "Pier Road ".repeat(n % 40));
        let numbers: Vec<u32> = (0..5_000).map(|n| texts.add(&text(n))).collect();
        let long = "ж".repeat(300_000);
        let number = texts.add(&long);
        let before = texts.clone();
        assert!(before.buffers.full.len() > 10);
        let more: Vec<u32> = (5_000..5_100).map(|n| texts.add(&text(n))).collect();
        for (n, number) in numbers.iter().chain(&more).enumerate() {
            assert_eq!(texts.get(*number), text(n));
        }
        for (n, number) in numbers.iter().enumerate() {
            assert_eq!(before.get(*number), text(n));
        }
        assert_eq!((texts.get(number), before.get(number)), (&*long, &*long));
        let (apart, all) = texts.apart(&before);
        assert!(apart <= 10, "{apart} of {all} were copied");
    }
}
