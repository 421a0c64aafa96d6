//! An array in chunks behind `Arc`s. A clone copies pointers; a change copies the chunk that it is
//! in, and that only while a clone shares it.

use std::{
    ops::{Index, IndexMut},
    sync::Arc,
};

/// An array. Chunks hold `1 << BITS` elements each, so that an index says which chunk it is in; a
/// run of elements that begins in a chunk lies in it whole, however long it is.
#[derive(Clone, Debug)]
pub(super) struct Chunks<T, const BITS: u32> {
    full: Vec<Arc<[T]>>,
    /// The last chunk, which grows.
    tail: Vec<T>,
}

impl<T, const BITS: u32> Default for Chunks<T, BITS> {
    fn default() -> Self {
        Self { full: Vec::new(), tail: Vec::new() }
    }
}

impl<T: Clone, const BITS: u32> Chunks<T, BITS> {
    const SIZE: usize = 1 << BITS;

    /// The index of the next element. Where runs are longer than a chunk, indices have gaps.
    pub fn len(&self) -> usize {
        (self.full.len() << BITS) + self.tail.len()
    }

    /// Adds an element.
    pub fn push(&mut self, one: T) {
        self.begin();
        self.tail.push(one);
    }

    /// Adds elements that stay together, and returns the index of the first and their number.
    pub(crate) fn push_run(&mut self, all: impl IntoIterator<Item = T>) -> (usize, usize) {
        self.begin();
        let (start, before) = (self.len(), self.tail.len());
        self.tail.extend(all);
        (start, self.tail.len() - before)
    }

    /// Sees to it that the next element is in a chunk that is not full.
    fn begin(&mut self) {
        if self.tail.len() >= Self::SIZE {
            let next = Vec::with_capacity(Self::SIZE);
            self.full.push(std::mem::replace(&mut self.tail, next).into());
        }
    }

    /// The elements from an index to the end of its chunk: a run that begins there, and more.
    #[inline]
    pub fn rest(&self, start: usize) -> &[T] {
        &self.chunk(start)[start & (Self::SIZE - 1)..]
    }

    /// The same, to change them.
    pub(crate) fn rest_mut(&mut self, start: usize) -> &mut [T] {
        &mut self.chunk_mut(start)[start & (Self::SIZE - 1)..]
    }

    #[inline]
    fn chunk(&self, index: usize) -> &[T] {
        self.full.get(index >> BITS).map_or(&self.tail, |chunk| chunk)
    }

    fn chunk_mut(&mut self, index: usize) -> &mut [T] {
        match self.full.get_mut(index >> BITS) {
            Some(chunk) => Arc::make_mut(chunk),
            None => &mut self.tail,
        }
    }

    /// Every element.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.full.iter().flat_map(|chunk| chunk.iter()).chain(&self.tail)
    }

    /// Every element, to change it.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        let full = self.full.iter_mut().flat_map(|chunk| Arc::make_mut(chunk).iter_mut());
        full.chain(&mut self.tail)
    }

    /// The last element.
    pub fn last(&self) -> Option<&T> {
        self.tail.last().or_else(|| self.full.last()?.last())
    }

    /// The number of elements.
    pub fn count(&self) -> usize {
        self.full.iter().map(|chunk| chunk.len()).sum::<usize>() + self.tail.len()
    }

    /// Gives back what was set aside for more.
    pub fn shrink(&mut self) {
        self.tail.shrink_to_fit();
        self.full.shrink_to_fit();
    }

    /// What it takes, in bytes, without what its elements point to.
    pub fn bytes(&self) -> usize {
        let elements = self.count() - self.tail.len() + self.tail.capacity();
        elements * size_of::<T>() + self.full.capacity() * size_of::<Arc<[T]>>()
    }

    /// How many chunks are not those of another array, of how many.
    #[cfg(test)]
    pub fn apart(&self, other: &Self) -> (usize, usize) {
        let pairs = self.full.iter().zip(&other.full);
        let same = pairs.filter(|(a, b)| Arc::ptr_eq(a, b)).count();
        (self.full.len() - same, self.full.len())
    }
}

impl<T: Clone, const BITS: u32> Index<usize> for Chunks<T, BITS> {
    type Output = T;

    #[inline]
    fn index(&self, index: usize) -> &T {
        debug_assert!(index < self.len());
        &self.chunk(index)[index & (Self::SIZE - 1)]
    }
}

impl<T: Clone, const BITS: u32> IndexMut<usize> for Chunks<T, BITS> {
    #[inline]
    fn index_mut(&mut self, index: usize) -> &mut T {
        debug_assert!(index < self.len());
        &mut self.chunk_mut(index)[index & (Self::SIZE - 1)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Small = Chunks<u32, 3>;

    #[test]
    fn a_change_copies_one_chunk_and_leaves_the_clone_as_it_is() {
        let mut all = Small::default();
        for n in 0..100 {
            all.push(n);
        }
        let before = all.clone();
        assert_eq!(all.apart(&before), (0, 12));
        all[42] = 7;
        all.push(100);
        assert_eq!(all.apart(&before), (1, 12));
        assert_eq!((before[42], before.len()), (42, 100));
        assert_eq!((all[42], all[100], all.len()), (7, 100, 101));
        assert!(before.iter().copied().eq(0..100));
        drop(before);
        let place = all.rest(40).as_ptr();
        all[41] = 8;
        assert_eq!(place, all.rest(40).as_ptr(), "a chunk that is not shared is not copied");
    }

    #[test]
    fn runs_of_any_length_stay_together() {
        let mut all = Small::default();
        let lengths = [0, 3, 8, 1, 30, 0, 7, 2, 2];
        let run = |n: usize, length: u32| (0..length).map(move |at| n as u32 * 100 + at);
        let mut runs = Vec::new();
        for (n, length) in lengths.into_iter().enumerate() {
            let (start, len) = all.push_run(run(n, length));
            assert_eq!(len, length as usize);
            runs.push(start);
        }
        for (n, (start, length)) in runs.iter().zip(lengths).enumerate() {
            assert!(all.rest(*start).iter().copied().take(length as usize).eq(run(n, length)));
        }
        assert_eq!(all.count(), lengths.iter().sum::<u32>() as usize);
        all.rest_mut(runs[4])[29] = 9;
        assert_eq!(all.rest(runs[4])[29], 9);
    }
}
