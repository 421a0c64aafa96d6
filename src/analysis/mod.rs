//! Questions to a case, and their findings: what was computed, in words, and the statements that
//! it rests on.
//!
//! To add a question, write a module like [`paths`] or [`blocked`] and add it to [`QUESTIONS`];
//! `redthread ask` follows.

pub mod blocked;
pub mod paths;
mod share;

use crate::{
    model::{Id, PartialDate, Pinned, Strength},
    network::Seen,
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
    /// The strength of the weakest relationship that it rests on.
    pub strength: Strength,
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
    /// Makes the question of its arguments.
    pub ask: fn(Arguments) -> Box<dyn Question>,
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

/// Asks pinned findings again. Each question is asked once; `None` where it was asked to stop.
pub fn ask_again(seen: &Seen, pinned: &[Pinned], going: &dyn Fn() -> bool) -> Option<Vec<Now>> {
    let mut asked: Vec<(&str, Arguments, Vec<Finding>)> = Vec::new();
    let mut all = Vec::with_capacity(pinned.len());
    for one in pinned {
        let Some(entry) = question(&one.question) else {
            all.push(Now::Unknown);
            continue;
        };
        let arguments = Arguments::of(one);
        let same = |(name, with, _): &&(&str, Arguments, Vec<Finding>)| {
            *name == entry.name && *with == arguments
        };
        if asked.iter().find(same).is_none() {
            let findings = (entry.ask)(arguments.clone()).answer(seen, going)?;
            asked.push((entry.name, arguments.clone(), findings));
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
        ask: |arguments| Box::new(paths::Paths::of(arguments)),
    },
    Entry {
        name: "blocked",
        label: "Who would be blocked under OFAC's 50 Percent Rule?",
        entities: 0,
        ask: |arguments| Box::new(blocked::Blocked { on: arguments.on }),
    },
];
