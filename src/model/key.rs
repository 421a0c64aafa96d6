//! Keys of rows in one case file. They never leave it: another copy of the case numbers its rows
//! differently.

/// Which citation of a case file is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CitationRef {
    /// A citation that was made by hand or by a second reading, by its own key.
    Made(i64),
    /// The place where a statement was read, by the key of the statement.
    Read(i64),
}
