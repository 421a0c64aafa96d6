//! Rows on their way from the thread that reads a file to the one that takes in what it says.

use std::{panic, sync::mpsc, thread};

use super::Result;

/// Rows that are handed over together.
const ROWS: usize = 4_096;
/// Batches that may wait to be taken in.
const WAITING: usize = 4;

/// Rows, each with a text.
#[derive(Debug)]
pub(super) struct Batch<R> {
    rows: Vec<(R, usize)>,
    texts: String,
}

impl<R> Default for Batch<R> {
    fn default() -> Self {
        Self { rows: Vec::new(), texts: String::new() }
    }
}

impl<R> Batch<R> {
    /// Adds a row and its text.
    pub(super) fn push(&mut self, row: R, text: &str) {
        self.rows.push((row, text.len()));
        self.texts.push_str(text);
    }

    /// The batch, if it has enough rows to be handed over; an empty one takes its place.
    pub(super) fn full(&mut self) -> Option<Self> {
        if self.rows.len() < ROWS {
            return None;
        }
        let (rows, texts) = (Vec::with_capacity(ROWS), String::with_capacity(self.texts.len()));
        Some(std::mem::replace(self, Self { rows, texts }))
    }

    /// The rows in their order, each with its text.
    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = (&R, &str)> {
        let mut rest = self.texts.as_str();
        self.rows.iter().map(move |(row, length)| {
            let (text, after) = rest.split_at(*length);
            rest = after;
            (row, text)
        })
    }
}

/// Passes what `read` gives to `take`, in that order: where it is `much`, on a thread of its own, while
/// more is read.
pub(super) fn beside<B: Send, T>(
    much: bool,
    mut take: impl FnMut(B) + Send,
    read: impl FnOnce(&mut dyn FnMut(B)) -> Result<T>,
) -> Result<T> {
    if !much {
        return read(&mut take);
    }
    thread::scope(|scope| {
        let (sender, batches) = mpsc::sync_channel(WAITING);
        let taking = scope.spawn(move || batches.into_iter().for_each(take));
        // It goes on until the sender is dropped, unless it panics.
        let done = read(&mut |batch| drop(sender.send(batch)));
        drop(sender);
        taking.join().unwrap_or_else(|panic| panic::resume_unwind(panic));
        done
    })
}

/// Passes what `first` gives to `take`, and then what `second` gives, each in its order. All three run at
/// the same time, so that two processors are busy where reading takes longer than taking in.
pub(super) fn one_after_the_other<B: Send, T, U: Send>(
    take: impl FnMut(B) + Send,
    first: impl FnOnce(&mut dyn FnMut(B)) -> Result<T>,
    second: impl FnOnce(&mut dyn FnMut(B)) -> Result<U> + Send,
) -> Result<(T, U)> {
    thread::scope(|scope| {
        let (sender, batches) = mpsc::sync_channel(WAITING);
        // Nothing of the second is taken before all of the first, so that any number may wait.
        let (later, rest) = mpsc::channel();
        let taking = scope.spawn(move || batches.into_iter().chain(rest).for_each(take));
        let reading = scope.spawn(move || second(&mut |batch| drop(later.send(batch))));
        let one = first(&mut |batch| drop(sender.send(batch)));
        drop(sender);
        let other = reading.join().unwrap_or_else(|panic| panic::resume_unwind(panic));
        taking.join().unwrap_or_else(|panic| panic::resume_unwind(panic));
        Ok((one?, other?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_taken_in_its_order_on_either_thread() {
        for much in [false, true] {
            let mut all = Vec::new();
            let take =
                |batch: Batch<usize>| all.extend(batch.iter().map(|(n, text)| (*n, text.len())));
            let read = |give: &mut dyn FnMut(Batch<usize>)| {
                let mut batch = Batch::default();
                for n in 0..3 * ROWS + 7 {
                    batch.push(n, &"ж".repeat(n % 5));
                    batch.full().map(&mut *give);
                }
                give(batch);
                Ok(5)
            };
            assert_eq!(beside(much, take, read).ok(), Some(5));
            assert!(all.into_iter().eq((0..3 * ROWS + 7).map(|n| (n, n % 5 * 2))));
        }
    }

    #[test]
    fn what_two_read_is_taken_one_after_the_other() {
        let mut all = Vec::new();
        let give = |from: usize, count: usize| {
            move |give: &mut dyn FnMut(usize)| {
                (from..from + count).for_each(give);
                Ok(count)
            }
        };
        // The second has far more than may wait of the first.
        let take = |n| all.push(n);
        let done = one_after_the_other(take, give(0, 100), give(100, 10 * WAITING)).ok();
        assert_eq!(done, Some((100, 10 * WAITING)));
        assert!(all.into_iter().eq(0..100 + 10 * WAITING));
    }
}
