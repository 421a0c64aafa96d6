//! Queries of the network that are being worked out, each on a thread of its own. One goes on as
//! long as a panel asks for it in every frame.

use std::{
    collections::HashMap,
    sync::mpsc::{Receiver, TryRecvError, channel},
    thread,
    time::Instant,
};

use super::{Answered, Asked, Given, Model, Query};
use crate::{app::beside::ANNOUNCE, case::Progress};

/// A network of up to this many entities and relationships is quick enough for the frame itself.
const AT_ONCE: usize = 20_000;
/// What is said where a thread breaks off.
const BROKEN: &str = "Redthread made a mistake in working this out";

/// The queries under way, by slot.
#[derive(Default)]
pub(super) struct Threads(HashMap<String, Going>);

struct Going {
    asked: Asked,
    /// See [`super::Snapshot::turn`].
    turn: u64,
    /// Whether it was asked for in this frame.
    is_wanted: bool,
    since: Instant,
    progress: Progress,
    outcome: Receiver<Option<Answered>>,
}

impl Drop for Going {
    fn drop(&mut self) {
        self.progress.cancel();
    }
}

impl Model {
    /// Answers a query of the network: at once where that is quick, else on a thread, unless that is
    /// under way.
    pub(in crate::app) fn work_out(&mut self, ctx: &egui::Context, asked: Asked) {
        let (slot, turn) = (asked.slot(), self.answers.turns());
        if let Some(going) = self.answers.threads.0.get_mut(&slot)
            && going.turn == turn
            && going.asked == asked
        {
            going.is_wanted = true;
            return;
        }
        self.answers.threads.0.remove(&slot);
        let (snapshot, progress) = (self.snapshot(), Progress::new());
        if snapshot.len() <= AT_ONCE && !asked.is_long() {
            let answered = asked.answer(Given::Network(&snapshot), &progress);
            answered.put(&mut self.answers, None);
            ctx.request_repaint();
            return;
        }
        let (send, outcome) = channel();
        let (wake, watched, query) = (ctx.clone(), progress.clone(), asked.clone());
        // Where there is no thread to be had, the sender is gone, which is told as a failure.
        let thread = thread::Builder::new().name("query".into()).spawn(move || {
            let answered = query.answer(Given::Network(&snapshot), &watched);
            // The case may change from here on.
            drop(snapshot);
            send.send(Some(answered).filter(|_| !watched.is_cancelled())).ok();
            wake.request_repaint();
        });
        thread.ok();
        let since = Instant::now();
        let going = Going { asked, turn, is_wanted: true, since, progress, outcome };
        self.answers.threads.0.insert(slot, going);
    }

    /// Takes the answers that are there; returns the failures, each in one sentence.
    pub(in crate::app) fn take_answers(&mut self) -> Vec<String> {
        let mut done = Vec::new();
        self.answers.threads.0.retain(|_, going| match going.outcome.try_recv() {
            Err(TryRecvError::Empty) => true,
            Ok(answered) => {
                done.extend(answered);
                false
            }
            Err(TryRecvError::Disconnected) => {
                done.push(going.asked.clone().fail(BROKEN.into(), Some(going.turn)));
                false
            }
        });
        let failures = done.iter().filter_map(|answered| answered.failure.clone()).collect();
        for answered in done {
            answered.put(&mut self.answers, None);
        }
        failures
    }

    /// Ends the work on queries that no panel has asked for since this was called last.
    pub(in crate::app) fn drop_unasked(&mut self) {
        self.answers.threads.0.retain(|_, going| std::mem::take(&mut going.is_wanted));
    }

    /// Whether a query of the network is being worked out.
    pub(in crate::app) fn is_working_out(&self) -> bool {
        !self.answers.threads.0.is_empty()
    }

    fn going<Q: Query>(&self, query: &Q) -> Option<&Going> {
        self.answers.threads.0.get(&Asked::of(query.clone()).slot())
    }

    /// Whether the answer to a query of the network takes so long that it should be said.
    pub(in crate::app) fn is_long<Q: Query>(&self, query: &Q) -> bool {
        self.going(query).is_some_and(|going| going.since.elapsed() > ANNOUNCE)
    }

    /// The part of the work on a query of the network that is done, where it is under way.
    pub(in crate::app) fn part_done<Q: Query>(&self, query: &Q) -> Option<f32> {
        self.going(query).map(|going| going.progress.fraction().unwrap_or_default())
    }
}
