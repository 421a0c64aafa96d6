//! A search among what is seen through a lens, of which the index of now does not know all.

use super::{
    super::index::Entry,
    Class, How, Reason,
    alike::Alike,
    explain::{Similar, Weighed, weigh},
    gather::FEW,
    query::Query,
    vocabulary::Vocabulary,
};
use crate::model::{Id, derive::Said};

/// An entity as it is seen.
pub trait Subject {
    /// Its id.
    fn id(&self) -> &Id;
    /// The name of its schema.
    fn schema(&self) -> &str;
    /// Gives each asserted property with its value.
    fn each(&self, take: &mut dyn FnMut(&str, &str));
    /// Whether a document is cited for it.
    fn is_cited(&self) -> bool;
}

/// What was typed, to be looked for in one entity after another.
#[derive(Debug)]
pub struct Search {
    query: Query,
    /// The words that stand for each group, once they have been learned.
    similar: Vec<Similar>,
}

impl Search {
    /// Reads what was typed.
    pub fn of(text: &str) -> Self {
        Self { query: Query::read(text), similar: Vec::new() }
    }

    /// Whether nothing is looked for.
    pub fn is_empty(&self) -> bool {
        self.query.is_empty()
    }

    /// Whether words that are only spelled alike are meant too where so few hits were found.
    pub(crate) fn wants_alike(&self, found: usize) -> bool {
        found < FEW && !self.query.groups.is_empty() && !self.query.is_exact()
    }

    /// Learns the words of what is looked through, which the index of now may not have, so that
    /// [`Search::hit`] also finds what is spelled alike. Says whether anything is.
    pub fn learn<'a>(&mut self, subjects: impl IntoIterator<Item = &'a dyn Subject>) -> bool {
        let entries = subjects.into_iter().map(|subject| {
            let mut values = Vec::new();
            subject.each(&mut |name, value| values.push((name.to_owned(), value.to_owned())));
            let said: Vec<Said<'_>> =
                values.iter().map(|(name, value)| Said::asserted(name, value)).collect();
            Entry::of(subject.schema(), &said)
        });
        let vocabulary = Vocabulary::of(entries);
        let alike = Alike { vocabulary: &vocabulary, is_said: &|_| Ok(true) };
        self.similar.clear();
        for group in &self.query.groups {
            let mut similar = Similar::new();
            for word in group.words.iter().filter(|word| !word.exact) {
                // Nothing is asked that could fail.
                alike.add(word, &mut Vec::new(), &mut similar).ok();
            }
            similar.sort_by_key(|(_, distance)| *distance);
            self.similar.push(similar);
        }
        self.similar.iter().any(|similar| !similar.is_empty())
    }

    /// How good a hit an entity is, and why; none where it is no hit.
    pub fn hit(&self, subject: &dyn Subject) -> Option<(Class, Vec<Reason>)> {
        if !self.holds(subject) {
            return None;
        }
        if self.query.groups.is_empty() {
            return Some((Class::Filtered, Vec::new()));
        }
        let mut weighed = Weighed::of(subject.schema());
        subject.each(&mut |property, value| {
            weigh(&mut weighed, property, value, &self.query, &self.similar);
        });
        let explained = weighed.explained(&self.query);
        let worst = explained.reasons.iter().map(|reason| reason.how).max()?;
        let class = match worst {
            How::Exact => Class::Exact,
            How::Prefix => Class::Begins,
            How::Word | How::Begins if explained.is_name => Class::Words,
            How::Word | How::Begins => Class::Text,
            How::Part => Class::Parts,
            How::Transliterated => Class::Latin,
            How::Similar(_) => Class::Similar,
        };
        explained.complete.then_some((class, explained.reasons))
    }

    /// Whether the filters hold of an entity.
    pub fn holds(&self, subject: &dyn Subject) -> bool {
        let filters = &self.query.filters;
        if filters.is_empty() {
            return true;
        }
        let mut values = Vec::new();
        subject.each(&mut |property, value| values.push((property.to_owned(), value.to_owned())));
        let is_it = |wanted: &String| {
            let all = values.iter().map(|(_, value)| value.as_str());
            all.chain([subject.id().as_str()]).any(|one| one.eq_ignore_ascii_case(wanted))
        };
        filters.id.as_ref().is_none_or(is_it)
            && filters.hold_of(subject.schema(), &values)
            && (!filters.wants_evidence() || subject.is_cited())
    }
}
