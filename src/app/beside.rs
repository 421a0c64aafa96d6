//! Something that is worked out once, on a thread of its own, while the window goes on.

use std::{
    sync::mpsc::{Receiver, TryRecvError, channel},
    thread,
    time::{Duration, Instant},
};

/// Work under way, and what comes of it.
#[derive(Debug)]
pub(super) struct Beside<T> {
    since: Instant,
    outcome: Receiver<T>,
}

/// The work broke off.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lost;

impl<T: Send + 'static> Beside<T> {
    /// Begins. Without a thread to be had, the work is done at once.
    pub(super) fn start(ctx: &egui::Context, work: impl FnOnce() -> T + Send + 'static) -> Self {
        let (send, outcome) = channel();
        let ctx = ctx.clone();
        let (hand, take) = channel();
        let thread = thread::Builder::new().name("beside".into()).spawn(move || {
            let Ok(work): Result<Box<dyn FnOnce() + Send>, _> = take.recv() else { return };
            work();
        });
        let work: Box<dyn FnOnce() + Send> = Box::new(move || {
            // The window may have lost interest.
            send.send(work()).ok();
            ctx.request_repaint();
        });
        match thread {
            Ok(_) => drop(hand.send(work)),
            Err(_) => work(),
        }
        Self { since: Instant::now(), outcome }
    }

    /// What came of it, once.
    pub(super) fn outcome(&self) -> Option<Result<T, Lost>> {
        match self.outcome.try_recv() {
            Ok(outcome) => Some(Ok(outcome)),
            Err(TryRecvError::Disconnected) => Some(Err(Lost)),
            Err(TryRecvError::Empty) => None,
        }
    }

    /// Whether it has taken so long that it should be said.
    pub(super) fn is_long(&self) -> bool {
        self.since.elapsed() > ANNOUNCE
    }
}

/// Work that takes less than this is not announced.
pub(super) const ANNOUNCE: Duration = Duration::from_millis(200);

/// Drops something large on a thread of its own.
pub(super) fn let_go<T: Send + 'static>(large: T) {
    thread::Builder::new().name("let go".into()).spawn(move || drop(large)).ok();
}
