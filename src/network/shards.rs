//! Hash tables in parts behind `Arc`s, so that a clone copies pointers and a change one part.

use std::{collections::HashMap, sync::Arc};

use hashbrown::HashTable;

/// The number of parts.
const PARTS: usize = 64;

/// Parts of something, of which a hash says which one it concerns; none before the first change.
#[derive(Clone, Debug)]
struct Shards<T>(Vec<Arc<T>>);

impl<T> Default for Shards<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Clone + Default> Shards<T> {
    fn get(&self, hash: u64) -> Option<&T> {
        self.0.get(hash as usize % PARTS).map(|part| &**part)
    }

    fn get_mut(&mut self, hash: u64) -> &mut T {
        if self.0.is_empty() {
            self.0.resize_with(PARTS, Arc::default);
        }
        Arc::make_mut(&mut self.0[hash as usize % PARTS])
    }

    fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|part| &**part)
    }

    #[cfg(test)]
    fn apart(&self, other: &Self, is_empty: impl Fn(&T) -> bool) -> (usize, usize) {
        let used: Vec<_> = self.0.iter().filter(|part| !is_empty(part)).collect();
        let is_same = |one: &Arc<T>| other.0.iter().any(|it| Arc::ptr_eq(one, it));
        let same = used.iter().filter(|one| is_same(one)).count();
        (used.len() - same, used.len())
    }
}

/// Numbers by the hashes of what they stand for.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers(Shards<HashTable<u32>>);

/// A table tells its entries apart by the bits of a hash at both ends.
fn middle(hash: u64) -> u64 {
    hash >> 40
}

impl Numbers {
    /// The number of this hash that `is_it`.
    pub fn find(&self, hash: u64, is_it: impl FnMut(&u32) -> bool) -> Option<&u32> {
        self.0.get(middle(hash))?.find(hash, is_it)
    }

    /// Adds a number that is not there yet.
    pub(crate) fn insert_unique(&mut self, hash: u64, number: u32, hasher: impl Fn(&u32) -> u64) {
        self.0.get_mut(middle(hash)).insert_unique(hash, number, hasher);
    }

    /// Makes room for about so many more.
    pub(crate) fn reserve(&mut self, count: usize, hasher: impl Fn(&u32) -> u64) {
        for part in 0..PARTS {
            self.0.get_mut(part as u64).reserve(count / PARTS, &hasher);
        }
    }

    /// What it takes, in bytes.
    pub fn bytes(&self) -> usize {
        self.0.iter().map(|part| part.capacity() * 5).sum()
    }

    #[cfg(test)]
    pub fn apart(&self, other: &Self) -> (usize, usize) {
        self.0.apart(&other.0, HashTable::is_empty)
    }
}

/// Lists by number.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists(Shards<HashMap<u32, Arc<Vec<u32>>>>);

impl Lists {
    /// The list of a number, if it has one.
    pub fn get(&self, number: u32) -> Option<&[u32]> {
        self.0.get(number.into())?.get(&number).map(|list| list.as_slice())
    }

    /// The list of a number, to change it; an empty one where it has none.
    pub fn get_mut(&mut self, number: u32) -> &mut Vec<u32> {
        Arc::make_mut(self.0.get_mut(number.into()).entry(number).or_default())
    }

    /// Sets the list of a number.
    pub fn insert(&mut self, number: u32, list: Vec<u32>) {
        self.0.get_mut(number.into()).insert(number, Arc::new(list));
    }

    /// What they take, in bytes.
    pub fn bytes(&self) -> usize {
        let lists = self.0.iter().flat_map(|part| part.values());
        lists.map(|list| list.capacity() * 4 + 64).sum()
    }

    #[cfg(test)]
    pub fn apart(&self, other: &Self) -> (usize, usize) {
        self.0.apart(&other.0, HashMap::is_empty)
    }
}
