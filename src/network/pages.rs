//! Something for each of some statements, in pages behind `Arc`s, so that a clone copies pointers and
//! a change one page.

use std::{collections::BTreeMap, ops::RangeInclusive, sync::Arc};

use crate::model::StatementKey;

/// The statements whose keys differ in this many of their lowest bits share a page.
const BITS: u32 = 9;

/// A page: by statement, in their order.
type Page<T> = Vec<(StatementKey, T)>;

/// What some statements have.
#[derive(Clone, Debug)]
pub(super) struct Pages<T>(BTreeMap<StatementKey, Arc<Page<T>>>);

impl<T> Default for Pages<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Clone> Pages<T> {
    /// What a statement has.
    pub fn get(&self, statement: StatementKey) -> Option<&T> {
        let page = self.0.get(&(statement.page(BITS)))?;
        let at = page.binary_search_by_key(&statement, |(key, _)| *key).ok()?;
        Some(&page[at].1)
    }

    /// Sets what a statement has.
    pub fn insert(&mut self, statement: StatementKey, one: T) {
        let page = Arc::make_mut(self.0.entry(statement.page(BITS)).or_default());
        match page.binary_search_by_key(&statement, |(key, _)| *key) {
            Ok(at) => page[at].1 = one,
            Err(at) => page.insert(at, (statement, one)),
        }
    }

    /// Takes away what a statement has.
    pub fn remove(&mut self, statement: StatementKey) {
        let Some(page) = self.0.get_mut(&(statement.page(BITS))) else { return };
        let Ok(at) = page.binary_search_by_key(&statement, |(key, _)| *key) else { return };
        Arc::make_mut(page).remove(at);
        if page.is_empty() {
            self.0.remove(&(statement.page(BITS)));
        }
    }

    /// What the statements of a range have.
    pub fn range(&self, range: RangeInclusive<StatementKey>) -> impl Iterator<Item = &T> {
        let (first, last) = range.into_inner();
        let pages = (first <= last).then(|| self.0.range(first.page(BITS)..=last.page(BITS)));
        pages.into_iter().flatten().flat_map(move |(_, page)| {
            let from = page.partition_point(|(key, _)| *key < first);
            let to = page.partition_point(|(key, _)| *key <= last);
            page[from..to].iter().map(|(_, one)| one)
        })
    }

    /// What all statements have.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.0.values().flat_map(|page| page.iter().map(|(_, one)| one))
    }

    /// Gives back what was set aside for more.
    pub fn shrink(&mut self) {
        for page in self.0.values_mut() {
            if page.capacity() > page.len() {
                Arc::make_mut(page).shrink_to_fit();
            }
        }
    }

    /// What it takes, in bytes, without what its entries point to.
    pub fn bytes(&self) -> usize {
        self.0.values().map(|page| page.capacity() * size_of::<(StatementKey, T)>() + 64).sum()
    }

    #[cfg(test)]
    pub fn apart(&self, other: &Self) -> (usize, usize) {
        let is_in = |(key, page): (&StatementKey, &Arc<Page<T>>)| {
            other.0.get(key).is_some_and(|other| Arc::ptr_eq(page, other))
        };
        let same = self.0.iter().filter(|one| is_in(*one)).count();
        (self.0.len() - same, self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key_of(row: i64) -> StatementKey {
        StatementKey::from_row(row)
    }

    #[test]
    fn entries_are_found_by_statement_and_by_range() {
        let mut pages = Pages::default();
        let keys = [3, 511, 512, 513, 5_000, 5_001, 90_000];
        for key in keys.iter().rev() {
            pages.insert(key_of(*key), *key * 10);
        }
        pages.insert(key_of(512), 7);
        assert_eq!(pages.get(key_of(512)), Some(&7));
        assert_eq!(pages.get(key_of(4)), None);
        let range = |from, to| pages.range(key_of(from)..=key_of(to)).copied().collect::<Vec<_>>();
        assert_eq!(range(4, 513), [5_110, 7, 5_130]);
        assert_eq!(range(514, 4_999), Vec::<i64>::new());
        assert_eq!(range(9, 4), Vec::<i64>::new());
        assert_eq!(range(0, i64::MAX).len(), keys.len());
        let before = pages.clone();
        pages.remove(key_of(5_000));
        pages.remove(key_of(90_000));
        assert_eq!(pages.apart(&before), (1, 3), "of three pages one was copied");
        assert_eq!((pages.values().count(), before.values().count()), (5, 7));
    }
}
