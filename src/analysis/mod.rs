//! Questions to a case, and their findings: what was computed, in words, and the statements that
//! it rests on.
//!
//! To add a question, write a module like [`paths`] or [`blocked`] and add it to [`QUESTIONS`];
//! `redthread ask` follows.

pub mod blocked;
pub(crate) mod paths;
mod share;

use std::sync::Arc;

use crate::{
    model::{Id, PartialDate, Pinned, Strength},
    network::{Lens, Network, Seen},
};

/// Something that was computed of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The name of the question that it answers.
    pub question: &'static str,
    /// The entities that it is about, the main one first.
    pub about: Vec<Id>,
    /// The answer in a word or two, one of a few for each question.
    pub verdict: &'static str,
    /// The answer in a sentence.
    pub words: String,
    /// The local keys of the statements that it rests on, ascending.
    pub rests_on: Vec<i64>,
    /// The strength of the weakest relationship, share or listing that it rests on; `None` where it
    /// rests on none.
    pub strength: Option<Strength>,
}

/// A computation over a case seen through a lens.
pub trait Question {
    /// Answers the question. `going` is asked often whether to go on; where it says no, there is
    /// no answer.
    fn answer(&self, seen: &Seen, going: &dyn Fn() -> bool) -> Option<Vec<Finding>>;
}

/// What a question is asked with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arguments {
    /// The entities that are asked about.
    pub entities: Vec<Id>,
    /// The day on which the facts must hold; without it, they count whenever they held.
    pub on: Option<PartialDate>,
    /// Maximum path length, in relationships and references.
    pub hops: Option<u32>,
}

impl Arguments {
    /// What a pinned finding was asked with.
    pub fn of(pinned: &Pinned) -> Self {
        Self {
            entities: pinned.entities.clone(),
            on: pinned.on.as_deref().and_then(|on| on.parse().ok()),
            hops: pinned.hops,
        }
    }
}

/// An entry in the list of questions.
#[derive(Debug)]
pub struct Entry {
    /// Its name on the command line.
    pub name: &'static str,
    /// The question in words.
    pub label: &'static str,
    /// The number of entities that it is about.
    pub entities: usize,
    /// The question in words about one entity, where one of the whole case can be asked so.
    pub of_one: Option<&'static str>,
    /// Makes the question of its arguments.
    pub ask: fn(Arguments) -> Box<dyn Question>,
}

impl Entry {
    /// The question in words about a number of entities; `None` where it is not about so many.
    pub fn about(&self, count: usize) -> Option<&'static str> {
        if count == self.entities {
            return Some(self.label);
        }
        self.of_one.filter(|_| count == 1)
    }
}

/// The question of a name.
pub fn question(name: &str) -> Option<&'static Entry> {
    QUESTIONS.iter().find(|entry| entry.name == name)
}

/// What became of a pinned finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Now {
    /// It is as it was pinned.
    Same,
    /// Another verdict, in its own words.
    Other(Finding),
    /// Nothing is found about it any more.
    Gone,
    /// This program does not know the question.
    Unknown,
}

/// The lens that a finding was pinned with.
pub fn lens_of(pinned: &Pinned) -> Lens {
    Lens {
        evidence: pinned.without_evidence.iter().cloned().collect(),
        sources: pinned.without_sources.iter().cloned().collect(),
        ..Lens::default()
    }
}

/// Asks pinned findings again, each through its own lens besides the one that the case is looked at
/// through. Each question is asked once; `None` where it was asked to stop.
pub fn ask_again(
    network: &Network,
    (lens, seen): (&Lens, Arc<Seen>),
    pinned: &[Pinned],
    going: &dyn Fn() -> bool,
) -> Option<Vec<Now>> {
    let mut through: Vec<(Lens, Arc<Seen>)> = vec![(lens.clone(), seen)];
    let mut asked: Vec<(&str, Arguments, Lens, Vec<Finding>)> = Vec::new();
    let mut all = Vec::with_capacity(pinned.len());
    for one in pinned {
        let Some(entry) = question(&one.question) else {
            all.push(Now::Unknown);
            continue;
        };
        let arguments = Arguments::of(one);
        let mut with = lens.clone();
        with.add(&lens_of(one));
        let same = |(name, asked, lens, _): &&(&str, Arguments, Lens, Vec<Finding>)| {
            *name == entry.name && *asked == arguments && *lens == with
        };
        if asked.iter().find(same).is_none() {
            if !going() {
                return None;
            }
            let at = through.iter().position(|(lens, _)| *lens == with).unwrap_or_else(|| {
                through.push((with.clone(), network.through(&with)));
                through.len() - 1
            });
            let findings = (entry.ask)(arguments.clone()).answer(&through[at].1, going)?;
            asked.push((entry.name, arguments.clone(), with.clone(), findings));
        }
        let findings = asked.iter().find(same).map_or(&[][..], |(.., findings)| findings);
        // A path may be one of several between the same two.
        let about = findings.iter().filter(|finding| finding.about == one.about);
        let other = findings.iter().find(|finding| finding.about.first() == one.about.first());
        let now = about.clone().find(|finding| finding.verdict == one.verdict);
        all.push(match (now, about.clone().next().or(other)) {
            (Some(_), _) => Now::Same,
            (None, Some(finding)) => Now::Other(finding.clone()),
            (None, None) => Now::Gone,
        });
    }
    Some(all)
}

/// Every question that can be asked.
pub const QUESTIONS: &[Entry] = &[
    Entry {
        name: "paths",
        label: "How are two entities connected?",
        entities: 2,
        of_one: None,
        ask: |arguments| Box::new(paths::Paths::of(arguments)),
    },
    Entry {
        name: "blocked",
        label: "Who would be blocked under OFAC's 50 Percent Rule?",
        entities: 0,
        of_one: Some("Would it be blocked under OFAC's 50 Percent Rule?"),
        ask: |arguments| {
            let about = arguments.entities.into_iter().next();
            Box::new(blocked::Blocked { on: arguments.on, about })
        },
    },
];
