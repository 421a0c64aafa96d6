//! Something worked out of the network on a thread of its own, so that no frame waits for it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
        mpsc::{Receiver, TryRecvError, channel},
    },
    thread,
    time::Instant,
};

use super::{
    beside::ANNOUNCE,
    model::{Model, Snapshot},
};

/// A network of up to this many entities and relationships is quick enough for the frame itself.
const INLINE: usize = 20_000;

/// The outcome for the latest key, or the one before while that is being worked out.
pub struct Task<K, T> {
    key: Option<K>,
    done: T,
    going: Option<Going<T>>,
}

struct Going<T> {
    since: Instant,
    stop: Arc<AtomicBool>,
    outcome: Receiver<Option<T>>,
}

impl<K, T> std::fmt::Debug for Task<K, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (begun, going) = (self.key.is_some(), self.going.is_some());
        f.debug_struct("Task").field("begun", &begun).field("going", &going).finish_non_exhaustive()
    }
}

impl<T> Drop for Going<T> {
    fn drop(&mut self) {
        self.stop.store(true, Relaxed);
    }
}

/// What a task works with.
pub struct Work {
    /// The network as it was when the task began.
    pub seen: Snapshot,
    stop: Arc<AtomicBool>,
}

impl Work {
    /// Whether nobody wants the outcome any more. To be asked every few milliseconds.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Relaxed)
    }
}

impl<K, T: Default> Default for Task<K, T> {
    fn default() -> Self {
        Self { key: None, done: T::default(), going: None }
    }
}

impl<K: PartialEq, T: Send + 'static> Task<K, T> {
    /// The outcome of some work. It begins anew where the key is another than before; work that
    /// answers nothing was stopped, and begins anew too.
    pub fn outcome(
        &mut self,
        ctx: &egui::Context,
        model: &Model,
        key: K,
        work: impl FnOnce(Work) -> Option<T> + Send + 'static,
    ) -> &T {
        self.collect();
        if self.key.as_ref() != Some(&key) {
            let stop = Arc::new(AtomicBool::new(false));
            let task = Work { seen: model.snapshot(), stop: Arc::clone(&stop) };
            if model.seen.len() <= INLINE {
                self.going = None;
                if let Some(done) = work(task) {
                    self.done = done;
                }
            } else {
                let (send, outcome) = channel();
                let ctx = ctx.clone();
                let thread = thread::Builder::new().name("task".into()).spawn(move || {
                    send.send(work(task)).ok();
                    ctx.request_repaint();
                });
                let since = Instant::now();
                self.going = thread.is_ok().then_some(Going { since, stop, outcome });
            }
            self.key = Some(key);
        }
        &self.done
    }

    /// Takes the outcome of the work that goes on, if it is there. Says whether [`Self::outcome`]
    /// would begin anew for a key.
    pub fn wants(&mut self, key: &K) -> bool {
        self.collect();
        self.key.as_ref() != Some(key)
    }

    fn collect(&mut self) {
        if let Some(going) = &self.going {
            match going.outcome.try_recv() {
                Ok(Some(done)) => {
                    self.done = done;
                    self.going = None;
                }
                Ok(None) | Err(TryRecvError::Disconnected) => {
                    self.going = None;
                    self.key = None;
                }
                Err(TryRecvError::Empty) => {}
            }
        }
    }

    /// The outcome that is there.
    pub fn latest(&self) -> &T {
        &self.done
    }

    /// Whether a newer outcome takes so long that it should be said.
    pub fn is_long(&self) -> bool {
        self.going.as_ref().is_some_and(|going| going.since.elapsed() > ANNOUNCE)
    }

    /// Whether a newer outcome is being worked out.
    pub fn is_going(&self) -> bool {
        self.going.is_some()
    }
}
