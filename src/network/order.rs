//! Keys in the order of what they stand for, in chunks behind `Arc`s.

use std::{cmp::Ordering, sync::Arc};

/// A chunk of this many keys is parted in two.
const FULL: usize = 4_096;
/// From one in this many on, the keys that come or go are taken all at once.
const MUCH: usize = 16;

/// The keys.
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    chunks: Vec<Arc<Vec<u32>>>,
    len: usize,
}

impl From<Vec<u32>> for Order {
    /// Takes keys that are in order.
    fn from(keys: Vec<u32>) -> Self {
        let chunks = keys.chunks(FULL / 2).map(|chunk| Arc::new(chunk.to_vec()));
        Self { chunks: chunks.collect(), len: keys.len() }
    }
}

impl Order {
    /// The number of keys.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The keys in their order.
    pub fn iter(&self) -> impl Iterator<Item = &u32> {
        self.chunks.iter().flat_map(|chunk| chunk.iter())
    }

    /// Takes keys out and puts others in, whatever of both is there already or not; `exists` says
    /// which of those taken out are to stay after all.
    pub fn change(
        &mut self,
        gone: &[u32],
        new: Vec<u32>,
        exists: impl Fn(u32) -> bool,
        order: impl Fn(u32, u32) -> Ordering,
    ) {
        if gone.len() > self.len / MUCH {
            self.retain(&exists);
        } else {
            for key in gone.iter().filter(|key| !exists(**key)) {
                self.remove(*key, &order);
            }
        }
        if new.len() > self.len / MUCH {
            let mut all: Vec<u32> = self.iter().copied().chain(new).collect();
            all.sort_by(|a, b| order(*a, *b));
            all.dedup();
            *self = all.into();
        } else {
            for key in new {
                self.insert(key, &order);
            }
        }
    }

    fn retain(&mut self, exists: impl Fn(u32) -> bool) {
        for chunk in &mut self.chunks {
            if !chunk.iter().all(|key| exists(*key)) {
                let kept: Vec<u32> = chunk.iter().copied().filter(|key| exists(*key)).collect();
                *chunk = Arc::new(kept);
            }
        }
        self.chunks.retain(|chunk| !chunk.is_empty());
        self.len = self.chunks.iter().map(|chunk| chunk.len()).sum();
    }

    /// The chunk in which a key is, if it is there at all.
    fn chunk_of(&self, key: u32, order: &impl Fn(u32, u32) -> Ordering) -> usize {
        let begins_after = |chunk: &Arc<Vec<u32>>| {
            chunk.first().is_some_and(|first| order(*first, key) == Ordering::Greater)
        };
        self.chunks.partition_point(|chunk| !begins_after(chunk)).saturating_sub(1)
    }

    fn insert(&mut self, key: u32, order: &impl Fn(u32, u32) -> Ordering) {
        let at = self.chunk_of(key, order);
        let Some(chunk) = self.chunks.get_mut(at) else {
            *self = vec![key].into();
            return;
        };
        let Err(place) = chunk.binary_search_by(|other| order(*other, key)) else { return };
        let keys = Arc::make_mut(chunk);
        keys.insert(place, key);
        self.len += 1;
        if keys.len() >= FULL {
            let rest = keys.split_off(FULL / 2);
            self.chunks.insert(at + 1, Arc::new(rest));
        }
    }

    fn remove(&mut self, key: u32, order: &impl Fn(u32, u32) -> Ordering) {
        let at = self.chunk_of(key, order);
        let Some(chunk) = self.chunks.get_mut(at) else { return };
        let Ok(place) = chunk.binary_search_by(|other| order(*other, key)) else { return };
        Arc::make_mut(chunk).remove(place);
        self.len -= 1;
        if chunk.is_empty() {
            self.chunks.remove(at);
        }
    }

    /// What it takes, in bytes.
    pub fn bytes(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.capacity() * 4 + 48).sum()
    }

    #[cfg(test)]
    pub fn apart(&self, other: &Self) -> (usize, usize) {
        let is_in = |chunk: &Arc<Vec<u32>>| other.chunks.iter().any(|it| Arc::ptr_eq(it, chunk));
        let same = self.chunks.iter().filter(|chunk| is_in(chunk)).count();
        (self.chunks.len() - same, self.chunks.len())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn few_and_many_changes_keep_the_order() {
        // From the highest to the lowest.
        let order = |a: u32, b: u32| b.cmp(&a);
        let mut keys = Order::default();
        let mut wanted: BTreeSet<u32> = BTreeSet::new();
        let mut state = 7_u32;
        for round in 0..60 {
            let count = if round % 10 == 0 { 6_000 } else { 40 };
            let (mut gone, mut new) = (Vec::new(), Vec::new());
            for _ in 0..count {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let key = (state >> 8) % 50_000;
                if (state >> 4).is_multiple_of(3) {
                    wanted.remove(&key);
                    gone.push(key);
                } else {
                    wanted.insert(key);
                    new.push(key);
                }
            }
            new.retain(|key| wanted.contains(key));
            keys.change(&gone, new, |key| wanted.contains(&key), order);
            assert!(keys.iter().eq(wanted.iter().rev()), "round {round}");
            assert_eq!(keys.len(), wanted.len());
        }
        let before = keys.clone();
        let new = (0..).find(|key| !wanted.contains(key)).expect("one of them");
        keys.change(&[], vec![new], |_| true, order);
        let (apart, all) = keys.apart(&before);
        assert!(apart <= 2 && all > 3, "{apart} of {all} chunks were copied");
    }
}
