//! Names of statements and citations, which are the same in every copy of a case.
//!
//! A statement is named by the id of the revision that added it and its place among the statements
//! of that revision, as `ID:NTH`. A citation is named likewise, by its place among the citations of
//! its revision, unless it is the place where a statement was read: that is named by the statement.

use std::{fmt, str::FromStr};

use super::Id;

/// The name of a statement.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StatementId {
    pub revision: Id,
    /// Its place among the statements of that revision, from 0.
    pub nth: u32,
}

/// The name of a citation.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CitationId {
    /// A citation that was made by hand or by a second reading.
    Made {
        revision: Id,
        /// Its place among the citations of that revision, from 0.
        nth: u32,
    },
    /// The place where a statement was read.
    Read(StatementId),
}

/// A text that names no statement or citation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    #[error("“{0}” does not name a statement; write the id of a revision, a colon, and a number")]
    Statement(String),
    #[error(
        "“{0}” does not name a citation; write “citation:” or “read:”, the id of a revision, a colon, \
         and a number"
    )]
    Citation(String),
}

/// Between the id of a revision and a place in it. An id may contain it, a place does not.
const PART: char = ':';
/// What the name of a citation begins with: the words under which a case file stores what a
/// withdrawal is about.
const MADE: &str = "citation";
const READ: &str = "read";

fn parts(text: &str) -> Option<(Id, u32)> {
    let (revision, nth) = text.rsplit_once(PART)?;
    // A name is written in one way only.
    let is_plain = nth == "0" || nth.starts_with(|first: char| ('1'..='9').contains(&first));
    (is_plain && !revision.is_empty()).then_some(())?;
    Some((revision.into(), nth.parse().ok()?))
}

impl fmt::Display for StatementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{PART}{}", self.revision, self.nth)
    }
}

impl FromStr for StatementId {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let (revision, nth) = parts(text).ok_or_else(|| InvalidName::Statement(text.to_owned()))?;
        Ok(Self { revision, nth })
    }
}

impl fmt::Display for CitationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Made { revision, nth } => write!(f, "{MADE}{PART}{revision}{PART}{nth}"),
            Self::Read(statement) => write!(f, "{READ}{PART}{statement}"),
        }
    }
}

impl FromStr for CitationId {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let named = || {
            let (kind, name) = text.split_once(PART)?;
            let (revision, nth) = parts(name)?;
            match kind {
                MADE => Some(Self::Made { revision, nth }),
                READ => Some(Self::Read(StatementId { revision, nth })),
                _ => None,
            }
        };
        named().ok_or_else(|| InvalidName::Citation(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_written_as_it_always_was() {
        let id = StatementId { revision: "0192f0c1-5a3e-7c10-8000-000000000001".into(), nth: 12 };
        assert_eq!(id.to_string(), "0192f0c1-5a3e-7c10-8000-000000000001:12");
        let read = CitationId::Read(id);
        assert_eq!(read.to_string(), "read:0192f0c1-5a3e-7c10-8000-000000000001:12");
    }

    #[test]
    fn what_names_nothing_is_refused_with_a_reason() {
        for text in ["", "r", "r:", ":1", "r:-1", "r:+1", "r:01", "r: 1", "r:4294967296", "r:x"] {
            let refused = text.parse::<StatementId>().expect_err(text);
            assert_eq!(refused, InvalidName::Statement(text.to_owned()));
            assert!(refused.to_string().contains(&format!("“{text}”")), "{refused}");
            for kind in ["citation:", "read:", "statement:", ""] {
                let text = format!("{kind}{text}");
                assert!(text.parse::<CitationId>().is_err(), "{text}");
            }
        }
        assert!("statement:r:1".parse::<CitationId>().is_err());
    }

    proptest! {
        #[test]
        fn a_name_is_read_as_it_was_written(revision in "[ -~ж:]{1,12}", nth: u32, made: bool) {
            let revision: Id = revision.as_str().into();
            let statement = StatementId { revision: revision.clone(), nth };
            prop_assert_eq!(statement.to_string().parse(), Ok(statement.clone()));
            let citation =
                if made { CitationId::Made { revision, nth } } else { CitationId::Read(statement) };
            prop_assert_eq!(citation.to_string().parse(), Ok(citation));
        }
    }
}
