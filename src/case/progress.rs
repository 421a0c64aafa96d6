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

    /// Fails with [`Error::Cancelled`] once somebody has asked to stop.
    pub fn check(&self) -> Result<()> {
        if self.0.cancelled.load(Relaxed) { Err(Error::Cancelled) } else { Ok(()) }
    }
}
