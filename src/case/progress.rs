//! How far long work has come, and the wish to stop it.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
};

use super::{Error, Result};

/// Shared between whoever works and whoever watches. Clones are the same progress.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<State>);

#[derive(Debug, Default)]
struct State {
    done: AtomicU64,
    total: AtomicU64,
    cancelled: AtomicBool,
    /// Whether it is too late to stop.
    sealed: AtomicBool,
}

impl Progress {
    /// Work that has not begun.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says that `done` of `total` units are done; a total of 0 means that it is not known.
    pub fn report(&self, done: u64, total: u64) {
        self.0.done.store(done, Relaxed);
        self.0.total.store(total, Relaxed);
    }

    /// The part that is done, 0 to 1, where the total is known.
    pub fn fraction(&self) -> Option<f32> {
        let total = self.0.total.load(Relaxed);
        (total > 0).then(|| (self.0.done.load(Relaxed) as f32 / total as f32).clamp(0.0, 1.0))
    }

    /// Asks the work to stop at its next check.
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Relaxed);
    }

    /// Whether the work is to stop: somebody has asked for it, and it is not too late.
    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.load(Relaxed) && self.can_stop()
    }

    /// Fails with [`Error::Cancelled`] where the work is to stop.
    pub fn check(&self) -> Result<()> {
        if self.is_cancelled() { Err(Error::Cancelled) } else { Ok(()) }
    }

    /// Whether both are the progress of the same work.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Marks the work as past the point where it can be stopped: what it did is being made
    /// permanent.
    pub fn seal(&self) {
        self.0.sealed.store(true, Relaxed);
    }

    /// Whether it can still be stopped.
    pub fn can_stop(&self) -> bool {
        !self.0.sealed.load(Relaxed)
    }
}
