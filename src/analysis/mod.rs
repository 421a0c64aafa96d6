//! Questions to a case, and their findings: what was computed, in words, and the statements that
//! it rests on.
//!
//! To add a question, write a module like [`paths`] or [`blocked`] and add it to [`QUESTIONS`];
//! `redthread ask` follows.

pub mod blocked;
pub(crate) mod paths;
mod share;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use crate::{
    model::{Id, PartialDate, Pinned, StatementKey, Strength},
    network::{Came, Comparison, EntityRef, Lens, Network, Reference, Same, Seen},
};

/// Something that was computed of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub question: &'static str,
    /// The entities that it is about, the main one first.
    pub about: Vec<Id>,
    /// The answer in a word or two, one of a few for each question.
    pub verdict: &'static str,
    /// The answer in a sentence.
    pub words: String,
    /// The local keys of the statements that it rests on, ascending.
    pub rests_on: Vec<StatementKey>,
    /// The strength of the weakest relationship, share or listing that it rests on; `None` where it
    /// rests on none.
    pub strength: Option<Strength>,
    /// Of what it is about and rests on, that of which the dates leave open whether it held on the
    /// day that was asked for; see [`ask`].
    pub date_uncertain: Vec<Id>,
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
    pub label: &'static str,
    /// The number of entities that it is about.
    pub entities: usize,
    /// The question in words about one entity, where one of the whole case can be asked so.
    pub of_one: Option<&'static str>,
    /// The verdict where an entity that it is asked about was not there on the day.
    pub absent: &'static str,
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

/// Asks a question of a case seen through a lens, and as of its day where it has one. The findings
/// say of what the date is uncertain, who was not there on that day, and what was taken as one.
pub fn ask(
    network: &Network,
    (lens, seen): (&Lens, &Arc<Seen>),
    entry: &Entry,
    mut arguments: Arguments,
    going: &dyn Fn() -> bool,
) -> Option<Vec<Finding>> {
    arguments.on = arguments.on.or_else(|| lens.on.clone());
    let is_seen = arguments.on == lens.on;
    let lens = Lens { on: arguments.on.clone(), ..lens.clone() };
    let then = if is_seen { Arc::clone(seen) } else { network.through(&lens) };
    let asked = arguments.entities.clone();
    for id in &mut arguments.entities {
        *id = then.get(id).map_or_else(|| id.clone(), |entity| entity.id().clone());
    }
    if let Some(on) = &lens.on {
        let plain = network.plain();
        let absent = asked.iter().filter(|id| then.get(id).is_none());
        let absent: Vec<String> =
            absent.filter_map(|id| plain.get(id)).map(|entity| plain.name_of(entity)).collect();
        if !absent.is_empty() {
            let was = if absent.len() == 1 { "was" } else { "were" };
            return Some(vec![Finding {
                question: entry.name,
                about: asked,
                verdict: entry.absent,
                words: format!("{} {was} not there on {on}.", absent.join(" and ")),
                rests_on: Vec::new(),
                strength: None,
                date_uncertain: Vec::new(),
            }]);
        }
    }
    let mut findings = (entry.ask)(arguments).answer(&then, going)?;
    if lens.on.is_some() {
        say_uncertain(&then, &mut findings);
    }
    if then.united().next().is_some() {
        let apart = network.through(&Lens { same: Same::None, ..lens });
        say_united(&then, &apart, &asked, &mut findings);
    }
    Some(findings)
}

/// Says of what the dates leave open whether it held.
fn say_uncertain(seen: &Seen, findings: &mut [Finding]) {
    let uncertain: Vec<EntityRef<'_>> = seen.date_uncertain().collect();
    let about: HashMap<&Id, usize> =
        uncertain.iter().enumerate().map(|(at, entity)| (entity.id(), at)).collect();
    let stated: HashMap<StatementKey, usize> = uncertain
        .iter()
        .enumerate()
        .flat_map(|(at, entity)| entity.statements().map(move |statement| (statement, at)))
        .collect();
    for finding in findings {
        let named = finding.about.iter().filter_map(|id| about.get(id));
        let grounds = finding.rests_on.iter().filter_map(|statement| stated.get(statement));
        let open: BTreeSet<usize> = named.chain(grounds).copied().collect();
        let open: Vec<EntityRef<'_>> = open.into_iter().map(|at| uncertain[at]).collect();
        finding.date_uncertain = open.iter().map(|entity| entity.id().clone()).collect();
        if !open.is_empty() {
            let names: Vec<String> = open.iter().map(|entity| dated_name(seen, *entity)).collect();
            finding.words += &format!(" Date uncertain: {}.", names.join(", "));
        }
    }
}

/// Has each finding rest on the statements that unite what it takes from several entities, and say
/// so. `apart` shows each entity by itself; `asked` are the entities that were asked about.
fn say_united(seen: &Seen, apart: &Seen, asked: &[Id], findings: &mut [Finding]) {
    // Which member of which group a statement is about: its own, those of its relationships, and
    // those that refer to it.
    let mut of: HashMap<StatementKey, Vec<(u32, u32)>> = HashMap::new();
    let mut member_of: HashMap<&Id, (u32, u32)> = HashMap::new();
    for one in seen.united() {
        let ids = std::iter::once(one.id()).chain(one.one_with());
        for member in ids.filter_map(|id| apart.get(id)) {
            let place = (one.key(), member.key());
            member_of.insert(member.id(), place);
            let links = apart.links_of(member.id()).flat_map(EntityRef::connecting);
            let references = apart.references_to(member);
            let references = references.into_iter().flat_map(Reference::statements);
            for statement in member.statements().chain(links).chain(references) {
                of.entry(statement).or_default().push(place);
            }
        }
    }
    for finding in findings {
        let mut taken: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        let about: BTreeSet<&Id> = finding.about.iter().collect();
        let asked = asked.iter().filter_map(|id| member_of.get(id));
        let asked = asked
            .filter(|(one, _)| seen.by_key(*one).is_some_and(|entity| about.contains(entity.id())));
        let grounds = finding.rests_on.iter().filter_map(|statement| of.get(statement));
        for (one, member) in asked.chain(grounds.flatten()) {
            taken.entry(*one).or_default().insert(*member);
        }
        for (one, members) in taken.into_iter().filter(|(_, members)| members.len() > 1) {
            let Some(one) = seen.by_key(one) else { continue };
            let names = members.into_iter().filter_map(|key| apart.by_key(key));
            let names: Vec<String> =
                names.map(|member| format!("“{}”", member.caption())).collect();
            finding.words += &format!(" Taken as one: {}.", names.join(", "));
            finding.rests_on.extend(one.uniting());
            let weakest = one.uniting().iter().filter_map(|said| one.strength_of(*said)).min();
            finding.strength = finding.strength.map(|it| weakest.map_or(it, |weak| it.min(weak)));
        }
        finding.rests_on.sort_unstable();
        finding.rests_on.dedup();
    }
}

/// A pinned finding of which an answer changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flip {
    pub pinned: Pinned,
    /// The verdict before and after.
    pub before: String,
    pub after: String,
    /// The answer after, in a sentence, where there is one.
    pub words: Option<String>,
}

/// Asks pinned findings of a case before a change and after it, and returns those with another
/// verdict; `None` where it was asked to stop.
pub fn flips(
    before: &Network,
    after: &Network,
    pinned: &[Pinned],
    going: &dyn Fn() -> bool,
) -> Option<Vec<Flip>> {
    if pinned.is_empty() {
        return Some(Vec::new());
    }
    let lens = Lens::default();
    let asked =
        |network: &Network| ask_again(network, (&lens, network.through(&lens)), pinned, going);
    let verdict = |pinned: &Pinned, now: &Now| match now {
        Now::Same | Now::Unknown => pinned.verdict.clone(),
        Now::Other(finding) => finding.verdict.to_owned(),
        Now::Gone => "nothing found".to_owned(),
    };
    let (was, is) = (asked(before)?, asked(after)?);
    let all = pinned.iter().zip(was.iter().zip(&is)).map(|(pinned, (was, is))| Flip {
        pinned: pinned.clone(),
        before: verdict(pinned, was),
        after: verdict(pinned, is),
        words: match is {
            Now::Other(finding) => Some(finding.words.clone()),
            _ => None,
        },
    });
    Some(all.filter(|flip| flip.before != flip.after).collect())
}

/// What the import of another edition changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// The documents that are compared.
    pub older: Vec<Id>,
    pub newer: Vec<Id>,
    /// Whether what was imported is the older edition.
    pub is_older: bool,
    pub compared: Comparison,
    pub flips: Vec<Flip>,
}

/// Compares an edition that was imported with the newest one before it, or with the one that is newer;
/// `None` where none was imported, or it was asked to stop.
pub fn difference(
    before: &Network,
    after: &Network,
    pinned: &[Pinned],
    going: &dyn Fn() -> bool,
) -> Option<Difference> {
    let Came { older, newer, is_older } = after.came(before)?;
    let compared = after.compare(&older, &newer);
    let flips = flips(before, after, pinned, going)?;
    Some(Difference { older, newer, is_older, compared, flips })
}

/// The name of an entity or relationship with when it began and ended.
fn dated_name(seen: &Seen, entity: EntityRef<'_>) -> String {
    let name = seen.name_of(entity);
    match entity.extent() {
        (Some(start), Some(end)) if start == end => format!("{name} ({start})"),
        (Some(start), Some(end)) => format!("{name} ({start} to {end})"),
        (Some(start), None) => format!("{name} (from {start})"),
        (None, Some(end)) => format!("{name} (until {end})"),
        (None, None) => name,
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
            let looked = (&with, &through[at].1);
            let findings = ask(network, looked, entry, arguments.clone(), going)?;
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
        absent: "not connected",
        ask: |arguments| Box::new(paths::Paths::of(arguments)),
    },
    Entry {
        name: "blocked",
        label: "Who would be blocked under OFAC's 50 Percent Rule?",
        entities: 0,
        of_one: Some("Would it be blocked under OFAC's 50 Percent Rule?"),
        absent: "not blocked",
        ask: |arguments| {
            let about = arguments.entities.into_iter().next();
            Box::new(blocked::Blocked { on: arguments.on, about })
        },
    },
];
