//! Strength: how well a statement or a line is supported. Computed by one rule, never typed.
//!
//! # The rule
//!
//! A citation *weighs* by the two judgements of the Admiralty grade, taken apart:
//!
//! | weight | source reliability | information credibility |
//! |---|---|---|
//! | firm | A or B | 1 or 2 |
//! | fair | A, B or C | 1, 2 or 3, and not firm |
//! | weak | anything else, or not judged | |
//!
//! Sources are *independent* when their origins (publisher, else author) differ. Evidence that
//! names no origin counts, all together, as one source. Then
//!
//! - **confirmed**: one firm support, or fair supports from two independent sources;
//! - **unconfirmed**: one fair support, or weak supports from two independent sources;
//! - **tentative**: anything less; an uncited statement is tentative.
//!
//! A firm contradiction leaves at most *tentative*, a fair one at most *unconfirmed*. The words
//! are those of i2's charting convention (solid, dashed, dotted). A relationship pools the
//! citations of all its live asserted statements: who documents a stake of 60 % documents a stake.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Credibility, Reliability};

/// How well something is supported, weakest first.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// Drawn dotted.
    #[default]
    Tentative,
    /// Drawn dashed.
    Unconfirmed,
    /// Drawn solid.
    Confirmed,
}

impl Strength {
    /// Every step, strongest first.
    pub const ALL: [Self; 3] = [Self::Confirmed, Self::Unconfirmed, Self::Tentative];

    /// The word for it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Unconfirmed => "unconfirmed",
            Self::Tentative => "tentative",
        }
    }

    /// What a set of live citations amounts to, by the rule of this module.
    pub fn of<'a>(citations: impl IntoIterator<Item = Support<'a>>) -> Self {
        let mut sources = [BTreeSet::new(), BTreeSet::new(), BTreeSet::new()];
        let mut cap = Self::Confirmed;
        for citation in citations {
            let weight = citation.weight();
            if citation.supports {
                sources[weight as usize].insert(citation.origin);
            } else {
                cap = cap.min(match weight {
                    Weight::Firm => Self::Tentative,
                    Weight::Fair => Self::Unconfirmed,
                    Weight::Weak => Self::Confirmed,
                });
            }
        }
        let [weak, fair, firm] = sources.map(|s| s.len());
        let reached = if firm >= 1 || fair >= 2 {
            Self::Confirmed
        } else if fair == 1 || weak >= 2 {
            Self::Unconfirmed
        } else {
            Self::Tentative
        };
        reached.min(cap)
    }
}

/// What the rule needs to know of one live citation.
#[derive(Clone, Copy, Debug)]
pub struct Support<'a> {
    /// Whether it supports, or contradicts.
    pub supports: bool,
    /// The reliability of its source, if judged.
    pub reliability: Option<Reliability>,
    /// The credibility of its information, if judged.
    pub credibility: Option<Credibility>,
    /// Publisher or author; `None` where nobody is named.
    pub origin: Option<&'a str>,
}

#[derive(Clone, Copy, PartialEq)]
enum Weight {
    Weak,
    Fair,
    Firm,
}

impl Support<'_> {
    fn weight(&self) -> Weight {
        let (Some(reliability), Some(credibility)) = (self.reliability, self.credibility) else {
            return Weight::Weak;
        };
        if reliability <= Reliability::B && credibility <= Credibility::Two {
            Weight::Firm
        } else if reliability <= Reliability::C && credibility <= Credibility::Three {
            Weight::Fair
        } else {
            Weight::Weak
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn support(grade: &str, origin: Option<&'static str>) -> Support<'static> {
        Support {
            supports: true,
            reliability: Reliability::from_code(&grade[..1]),
            credibility: Credibility::from_code(&grade[1..]),
            origin,
        }
    }

    fn against(grade: &str) -> Support<'static> {
        Support { supports: false, ..support(grade, Some("other")) }
    }

    #[test]
    fn an_uncited_statement_is_tentative() {
        assert_eq!(Strength::of([]), Strength::Tentative);
    }

    #[test]
    fn one_firm_source_confirms() {
        assert_eq!(Strength::of([support("B2", None)]), Strength::Confirmed);
    }

    #[test]
    fn the_same_newspaper_twice_does_not_confirm_but_two_papers_do() {
        let same = [support("C3", Some("Times")), support("B3", Some("Times"))];
        assert_eq!(Strength::of(same), Strength::Unconfirmed);
        let two = [support("C3", Some("Times")), support("B3", Some("Post"))];
        assert_eq!(Strength::of(two), Strength::Confirmed);
    }

    #[test]
    fn documents_of_unnamed_origin_count_as_one_source() {
        assert_eq!(Strength::of([support("C3", None), support("C3", None)]), Strength::Unconfirmed);
    }

    #[test]
    fn what_nobody_judged_is_weak_however_often_it_is_said() {
        let rumours = ["a", "b", "c"].map(|o| support("F6", Some(o)));
        assert_eq!(Strength::of(rumours), Strength::Unconfirmed);
        assert_eq!(Strength::of([support("A?", Some("a"))]), Strength::Tentative);
    }

    #[test]
    fn a_firm_contradiction_unsettles_a_confirmed_statement() {
        assert_eq!(Strength::of([support("A1", None), against("B2")]), Strength::Tentative);
        assert_eq!(Strength::of([support("A1", None), against("C3")]), Strength::Unconfirmed);
        assert_eq!(Strength::of([support("A1", None), against("E5")]), Strength::Confirmed);
    }
}
