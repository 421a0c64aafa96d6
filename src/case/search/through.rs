//! A search among what is seen through a lens, of which the index of now does not know all.

use super::{
    Class, How, Reason,
    explain::{Weighed, weigh},
    query::Query,
};
use crate::model::Id;

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
pub struct Search(Query);

impl Search {
    /// Reads what was typed.
    pub fn of(text: &str) -> Self {
        Self(Query::read(text))
    }

    /// Whether nothing is looked for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How good a hit an entity is, and why; none where it is no hit. Words that are only spelled
    /// alike are not looked for.
    pub fn hit(&self, subject: &dyn Subject) -> Option<(Class, Vec<Reason>)> {
        if !self.holds(subject) {
            return None;
        }
        if self.0.groups.is_empty() {
            return Some((Class::Filtered, Vec::new()));
        }
        let mut weighed = Weighed::of(subject.schema());
        subject.each(&mut |property, value| weigh(&mut weighed, property, value, &self.0, &[]));
        let explained = weighed.explained(&self.0);
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
        let filters = &self.0.filters;
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
