//! Editions: which documents are newer editions of others in the case.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Id, PartialDate};

/// What is recorded of a document as an edition: its date, and its place among others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    pub document: Id,
    /// Documents of which it is a newer edition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub newer_than: Vec<Id>,
    /// Documents of which it is an older edition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub older_than: Vec<Id>,
    /// The date that it bears. Where two editions bear dates, these decide which is newer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<PartialDate>,
}

impl Edition {
    /// A document of which only the date is known.
    pub fn dated(document: Id, date: PartialDate) -> Self {
        Self { document, date: Some(date), ..Self::default() }
    }
}

/// The documents of which one says that it is an edition of another, directly or over others.
pub fn series(editions: &[Edition], of: &Id) -> BTreeSet<Id> {
    let mut all = BTreeSet::from([of.clone()]);
    loop {
        let before = all.len();
        for edition in editions {
            let named = || edition.newer_than.iter().chain(&edition.older_than);
            let mut members = std::iter::once(&edition.document).chain(named());
            if members.any(|member| all.contains(member)) {
                all.extend(std::iter::once(&edition.document).chain(named()).cloned());
            }
        }
        if all.len() == before {
            return all;
        }
    }
}

/// The documents of which a newer edition `exists`, each with the newest one. Where it is said of
/// two editions, directly or over others, that each is newer than the other, neither counts as newer.
pub fn superseded(editions: &[Edition], exists: &dyn Fn(&Id) -> bool) -> BTreeMap<Id, Id> {
    let mut order = Order::default();
    let dates: BTreeMap<&Id, &PartialDate> =
        editions.iter().filter_map(|one| Some((&one.document, one.date.as_ref()?))).collect();
    let by_date = |one: &Id, other: &Id| {
        let (one, other) = (dates.get(one)?, dates.get(other)?);
        let is_apart = one.last() < other.first() || other.last() < one.first();
        is_apart.then(|| one.first() > other.first())
    };
    for edition in editions {
        let document = &edition.document;
        for other in edition.newer_than.iter().filter(|other| by_date(document, other).is_none()) {
            order.add(document, other);
        }
        for other in edition.older_than.iter().filter(|other| by_date(document, other).is_none()) {
            order.add(other, document);
        }
    }
    let mut left: BTreeSet<&Id> = editions.iter().map(|edition| &edition.document).collect();
    while let Some(first) = left.pop_first() {
        let members = series(editions, first);
        left.retain(|other| !members.contains(*other));
        for (one, other) in members.iter().flat_map(|one| members.iter().map(move |b| (one, b))) {
            if by_date(one, other) == Some(true) {
                order.add(one, other);
            }
        }
    }
    order.superseded(exists, &|document| dates.get(document).map(|date| date.first()))
}

/// Which documents are newer than others.
#[derive(Default)]
struct Order {
    older: BTreeMap<Id, BTreeSet<Id>>,
}

impl Order {
    fn add(&mut self, newer: &Id, older: &Id) {
        self.older.entry(newer.clone()).or_default().insert(older.clone());
    }

    /// All that is older than a document, directly or over others.
    fn below(&self, document: &Id) -> BTreeSet<&Id> {
        let mut below = BTreeSet::new();
        let mut next: Vec<&Id> = self.older.get(document).into_iter().flatten().collect();
        while let Some(one) = next.pop() {
            if below.insert(one) {
                next.extend(self.older.get(one).into_iter().flatten());
            }
        }
        below
    }

    fn superseded<D: Ord>(
        &self,
        exists: &dyn Fn(&Id) -> bool,
        date: &dyn Fn(&Id) -> Option<D>,
    ) -> BTreeMap<Id, Id> {
        let newer = self.older.keys().filter(|newer| exists(newer));
        let below: BTreeMap<&Id, BTreeSet<&Id>> =
            newer.map(|newer| (newer, self.below(newer))).collect();
        let is_newer = |newer: &Id, older: &Id| {
            newer != older
                && below.get(newer).is_some_and(|below| below.contains(older))
                && !self.below(older).contains(newer)
        };
        let mut all = BTreeMap::new();
        for older in below.values().flatten() {
            let over = || below.keys().filter(|newer| is_newer(newer, older));
            let newest = over().filter(|one| !below.keys().any(|other| is_newer(other, one)));
            // Of several newest the same one is named in every copy of the case.
            let named = newest.max_by_key(|one| (date(one), (**one).clone()));
            if let Some(named) = named {
                all.insert((*older).clone(), (*named).clone());
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Editions in words: `b>a` says that b is newer than a, `a=2024` that a bears a date.
    fn of(words: &str) -> Vec<Edition> {
        let mut all: BTreeMap<Id, Edition> = BTreeMap::new();
        for word in words.split_whitespace() {
            let (document, rest) = word.split_at(1);
            let (sign, rest) = rest.split_at(1);
            let edition = all.entry(document.into()).or_default();
            edition.document = document.into();
            match sign {
                ">" => edition.newer_than.push(rest.into()),
                "<" => edition.older_than.push(rest.into()),
                _ => edition.date = rest.parse().ok(),
            }
        }
        all.into_values().collect()
    }

    /// What is superseded by what, where all exist but some.
    fn told(words: &str, gone: &str) -> String {
        let exists = |id: &Id| !gone.contains(id.as_str());
        let all = superseded(&of(words), &exists).into_iter();
        all.map(|(old, new)| format!("{old}{new}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_newest_that_exists_stands_over_all_before_it() {
        assert_eq!(told("b>a c>b", ""), "ac bc");
        assert_eq!(told("b>a c>b", "c"), "ab");
        assert_eq!(told("b>a c>b", "b"), "ac bc");
        assert_eq!(told("a<b", ""), "ab");
        assert_eq!(told("", ""), "");
        assert_eq!(told("a=2024", ""), "");
    }

    #[test]
    fn dates_decide_where_two_are_known() {
        // It is said that a is newer than b, and their dates say otherwise.
        assert_eq!(told("a>b a=2023 b=2024", ""), "ab");
        // Two who import two editions of one.
        assert_eq!(told("b>a c>a b=2023 c=2024", ""), "ac bc");
        assert_eq!(told("b>a c>a", ""), "ac", "b and c are both the newest");
        assert_eq!(told("b>a c>a b=2024 c=2024-05", ""), "ac", "the year may be either");
    }

    #[test]
    fn what_contradicts_itself_hides_nothing() {
        assert_eq!(told("a>b b>a", ""), "");
        assert_eq!(told("a>a", ""), "");
        assert_eq!(told("a>b b>a a>c", ""), "cb", "c is older than both");
        assert_eq!(told("a>b b>c c>a d>a", ""), "ad bd cd");
    }
}
