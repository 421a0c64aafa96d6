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

use super::{Credibility, Reliability, value::capital};

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

/// Says in a sentence or two why something is as strong as it is, and which one judgement would
/// make it stronger.
///
/// *Tentative: one source, reliability A, credibility not judged. Judge it 1 or 2 and it is
/// confirmed.*
pub fn why(citations: &[Support<'_>]) -> String {
    let reached = Strength::of(citations.iter().copied());
    let supports: Vec<&Support<'_>> = citations.iter().filter(|one| one.supports).collect();
    let against: Vec<&Support<'_>> = citations.iter().filter(|one| !one.supports).collect();
    let origins: BTreeSet<Option<&str>> = supports.iter().map(|one| one.origin).collect();
    let best = supports.iter().min_by_key(|one| one.rank());
    let mut text = match (best, origins.len()) {
        (None, _) if against.is_empty() => "no document is cited for it".to_owned(),
        (None, _) => "nothing supports it".to_owned(),
        (Some(best), 1) => format!("one source, {}", best.grade()),
        (Some(best), many) => format!("{many} independent sources, the best with {}", best.grade()),
    };
    // Without what contradicts it: is it that which holds it down?
    let alone = Strength::of(supports.iter().map(|one| **one));
    if let Some(worst) = against.iter().min_by_key(|one| one.rank()) {
        text += &format!("; contradicted by a source with {}", worst.grade());
        if alone > reached {
            text += &format!(", without which it would be {}", alone.words());
        }
    }
    let mut text = format!("{}: {text}.", capital(reached.words()));
    if let Some((judgement, strength)) = better(citations, reached) {
        text += &format!(" {judgement} and it is {}.", strength.words());
    }
    text
}

/// The one judgement that is lacking and would make it strongest, and how strong.
fn better(citations: &[Support<'_>], reached: Strength) -> Option<(&'static str, Strength)> {
    let mut best: Option<(&'static str, Strength)> = None;
    let supports = citations.iter().enumerate().filter(|(_, one)| one.supports);
    for (at, one) in supports {
        let tries: &[(&str, Support<'_>)] = &match (one.reliability, one.credibility) {
            (Some(_), None) => [
                ("Judge it 1 or 2", Support { credibility: Some(Credibility::Two), ..*one }),
                ("Judge it 3", Support { credibility: Some(Credibility::Three), ..*one }),
            ],
            (None, Some(_)) => [
                ("Grade the source A or B", Support { reliability: Some(Reliability::B), ..*one }),
                ("Grade the source C", Support { reliability: Some(Reliability::C), ..*one }),
            ],
            _ => continue,
        };
        for (words, judged) in tries {
            let all = citations.iter().enumerate().map(|(n, c)| if n == at { *judged } else { *c });
            let strength = Strength::of(all);
            if strength > best.map_or(reached, |(_, best)| best) {
                best = Some((words, strength));
            }
        }
    }
    best
}

/// What the rule needs to know of one live citation.
#[derive(Clone, Copy, Debug)]
pub struct Support<'a> {
    /// Whether it supports, or contradicts.
    pub supports: bool,
    pub reliability: Option<Reliability>,
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
    /// Both judgements in words.
    fn grade(&self) -> String {
        let reliability = self.reliability.map_or("not judged", Reliability::code);
        let credibility = self.credibility.map_or("not judged", Credibility::code);
        format!("reliability {reliability}, credibility {credibility}")
    }

    /// A number that is lower for what weighs more.
    fn rank(&self) -> (u8, u8, u8) {
        let weight = 2 - self.weight() as u8;
        let reliability = self.reliability.map_or(9, |one| one as u8);
        (weight, reliability, self.credibility.map_or(9, |one| one as u8))
    }

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
    fn the_reason_names_the_judgement_that_is_lacking() {
        let unjudged = Support { credibility: None, ..support("A1", Some("Registry")) };
        assert_eq!(
            why(&[unjudged]),
            "Tentative: one source, reliability A, credibility not judged. Judge it 1 or 2 and it \
             is confirmed."
        );
        let fair = Support { reliability: Some(Reliability::C), ..unjudged };
        assert_eq!(
            why(&[fair]),
            "Tentative: one source, reliability C, credibility not judged. Judge it 1 or 2 and it \
             is unconfirmed."
        );
        assert_eq!(why(&[]), "Tentative: no document is cited for it.");
        assert_eq!(
            why(&[support("B2", Some("a")), against("A1")]),
            "Tentative: one source, reliability B, credibility 2; contradicted by a source with \
             reliability A, credibility 1, without which it would be confirmed."
        );
        let two = [support("C3", Some("Times")), support("B3", Some("Post"))];
        assert_eq!(
            why(&two),
            "Confirmed: 2 independent sources, the best with reliability B, credibility 3."
        );
        let lost = Support { reliability: Some(Reliability::E), ..unjudged };
        assert!(!why(&[lost]).contains("Judge"), "no judgement would help");
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
