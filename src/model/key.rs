//! Keys of rows in one case file.
//!
//! They never leave it: another copy of the case numbers its rows differently, so a key has no
//! serialised form, and only the number of a revision, which people read and type, has a text. What
//! names a statement or citation in every copy is in [`name`](super::name). Only `case` makes keys of
//! what it reads and takes them apart again, which `tests/row_keys.rs` holds it to.
//!
//! ```compile_fail,E0277
//! fn leaves_the_file<T: serde::Serialize>() {}
//! leaves_the_file::<redthread_core::model::StatementKey>();
//! ```
//!
//! ```compile_fail,E0277
//! let key: redthread_core::model::StatementKey = 7_i64.into();
//! ```

use std::{fmt, str::FromStr};

macro_rules! key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(transparent)]
        pub struct $name(i64);

        impl $name {
            /// The key of a row. For `case` alone.
            pub(crate) const fn from_row(row: i64) -> Self {
                Self(row)
            }

            /// The row of the key. For `case` alone.
            pub(crate) const fn row(self) -> i64 {
                self.0
            }
        }
    };
}

key! {
    /// The key of a statement. Statements of one revision have keys one after another, in the order
    /// in which they were made.
    StatementKey
}
key! {
    /// The key of an entity in this file. One that comes later has a higher key.
    EntityKey
}
key! {
    /// The key of a citation that was made by hand or by a second reading.
    CitationKey
}
key! {
    /// The number of a revision in this file, from 1: its place in the order in which revisions came
    /// into it. People read and type it.
    RevisionNumber
}

impl StatementKey {
    /// The smallest key that a row can have.
    pub(crate) const MIN: Self = Self(i64::MIN);
    /// The largest key that a row can have.
    pub(crate) const MAX: Self = Self(i64::MAX);

    /// The next key.
    pub(crate) const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The first of the keys that differ from this one in no more than so many of the lowest bits.
    pub(crate) const fn page(self, bits: u32) -> Self {
        Self(self.0 >> bits << bits)
    }

    /// The distance from another key to this one. It is a number for any two keys, so that those of
    /// a damaged file are no special case.
    pub(crate) const fn since(self, other: Self) -> u64 {
        self.0.wrapping_sub(other.0) as u64
    }

    /// The key at a distance from this one; the reverse of [`Self::since`].
    pub(crate) const fn ahead(self, distance: u64) -> Self {
        Self(self.0.wrapping_add(distance as i64))
    }

    /// Whether another key is the next one.
    pub(crate) fn is_before(self, next: Self) -> bool {
        self.0.checked_add(1) == Some(next.0)
    }
}

impl RevisionNumber {
    /// The number of the first revision.
    pub(crate) const FIRST: Self = Self(1);
    /// The largest number that a revision can have.
    pub(crate) const MAX: Self = Self(i64::MAX);

    /// The number, as people read it.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl fmt::Display for RevisionNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Not a number that a revision could have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not the number of a revision")]
pub struct InvalidRevision(String);

impl FromStr for RevisionNumber {
    type Err = InvalidRevision;

    fn from_str(text: &str) -> Result<Self, InvalidRevision> {
        text.parse().map(Self).map_err(|_| InvalidRevision(text.to_owned()))
    }
}

/// Which citation of a case file is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CitationRef {
    /// A citation that was made by hand or by a second reading.
    Made(CitationKey),
    /// The place where a statement was read.
    Read(StatementKey),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_takes_no_more_room_than_its_row() {
        assert_eq!(size_of::<StatementKey>(), size_of::<i64>());
        assert_eq!(size_of::<CitationKey>(), size_of::<i64>());
        assert_eq!(size_of::<CitationRef>(), 2 * size_of::<i64>());
    }

    #[test]
    fn the_last_key_of_all_is_before_none() {
        let key = StatementKey::from_row;
        assert!(key(1).is_before(key(2)));
        assert!(!key(1).is_before(key(1)) && !key(1).is_before(key(3)));
        assert!(!StatementKey::MAX.is_before(StatementKey::MIN));
    }

    #[test]
    fn a_distance_leads_from_any_key_to_any_other() {
        let keys = [StatementKey::MIN, StatementKey(-1), StatementKey(7), StatementKey::MAX];
        for one in keys {
            for other in keys {
                assert_eq!(other.ahead(one.since(other)), one);
            }
        }
        assert_eq!(StatementKey(9).since(StatementKey(7)), 2);
    }

    #[test]
    fn the_number_of_a_revision_is_read_as_it_is_shown() {
        let number: RevisionNumber = "40".parse().expect("a number");
        assert_eq!(number, RevisionNumber::from_row(40));
        assert_eq!(number.to_string(), "40");
        assert_eq!("x".parse::<RevisionNumber>(), Err(InvalidRevision("x".into())));
        assert_eq!(format!("{number:>4}"), "  40");
    }
}
