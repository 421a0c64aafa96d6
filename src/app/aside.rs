//! Long reads of the open case, each on a thread and a connection of its own, so that edits go on
//! meanwhile.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{Arc, Mutex, mpsc::Sender},
    thread::JoinHandle,
};

use super::{
    model::{Answer, Look, Request, Wanted},
    query::Given,
    worker::{Running, file_name, lock},
};
use crate::{
    analysis::{self, Difference},
    case::{Action, Case, Error, Op, Progress, Result, Verdict},
    exchange::{
        edition,
        import::{self, EditionOf, Job},
        nodes,
    },
    export,
    model::Id,
    network::{Network, measured::counted},
};

/// What wakes the window after an answer.
pub(super) type Wake = Arc<Mutex<dyn Fn() + Send>>;

/// The reads under way.
pub(super) struct Aside {
    answer: Sender<Answer>,
    wake: Wake,
    running: Arc<Mutex<Vec<Running>>>,
    threads: Vec<JoinHandle<()>>,
}

impl Aside {
    pub(super) fn new(
        answer: Sender<Answer>,
        wake: Wake,
        running: Arc<Mutex<Vec<Running>>>,
    ) -> Self {
        Self { answer, wake, running, threads: Vec::new() }
    }

    /// Begins a read beside the case; gives the request back where that is not possible, because
    /// no second connection can read this case.
    pub(super) fn begin(&mut self, case: &Case, request: Request) -> Option<Request> {
        self.threads.retain(|thread| !thread.is_finished());
        let Some(mut reader) = case.reader() else { return Some(request) };
        let query = match &request {
            Request::Query(asked) => Some(asked.clone()),
            _ => None,
        };
        let look = match &request {
            Request::Read(wanted) => Some(wanted.number),
            _ => None,
        };
        if query.is_some() {
            // Only the latest is looked at.
            for running in lock(&self.running).iter().filter(|running| running.is_preview) {
                running.progress.cancel();
            }
        }
        let mut running =
            Running { is_preview: query.is_some(), ..Running::new(words(&request), true) };
        if let Request::Read(wanted) = &request {
            running.progress = wanted.progress.clone();
        }
        let what = running.what.clone();
        let progress = running.progress.clone();
        lock(&self.running).push(running);
        let (answer, wake, all) = (self.answer.clone(), self.wake.clone(), self.running.clone());
        let spare = query.clone();
        let path = case.path().unwrap_or(Path::new("the case")).to_owned();
        let thread = std::thread::Builder::new().name("reader".into()).spawn(move || {
            let mine = progress.clone();
            let work = || reader.watched(&progress, |reader| read(reader, request, &mine));
            // Whoever asked gets an answer, whatever happens.
            let done = catch_unwind(AssertUnwindSafe(work))
                .unwrap_or_else(|_| Err(Error::report("Redthread made a mistake in reading")));
            reader.close().ok();
            lock(&all).retain(|running| !running.progress.is_same(&progress));
            let done = done.map_err(|error| error.in_file(&path)).unwrap_or_else(|error| {
                match (query, error) {
                    (_, error) if look.is_some() => not_read(look.unwrap_or_default(), error),
                    (Some(asked), Error::Cancelled) => Answer::Query(Some(
                        asked.fail("Reading the document was stopped.".into(), None),
                    )),
                    (Some(asked), error) => {
                        Answer::Query(Some(asked.fail(error.to_string(), None)))
                    }
                    (None, Error::Cancelled) => {
                        Answer::Stopped(format!("{what} was stopped; nothing was written."))
                    }
                    (None, error) => Answer::ReadFailed(error.to_string()),
                }
            });
            answer.send(done).ok();
            lock(&wake)();
        });
        if let Ok(thread) = thread {
            self.threads.push(thread);
        } else {
            lock(&self.running).pop();
            let why = "The system has no thread left; close other programs, then try again.";
            let answer = match (spare, look) {
                (Some(asked), _) => Answer::Query(Some(asked.fail(why.into(), None))),
                (None, Some(number)) => Answer::NotRead(number, Some(why.into())),
                (None, None) => Answer::ReadFailed(why.into()),
            };
            self.answer.send(answer).ok();
        }
        None
    }

    /// Stops all reads and waits until they have closed the file.
    pub(super) fn stop(&mut self) {
        for running in lock(&self.running).iter() {
            running.progress.cancel();
        }
        for thread in self.threads.drain(..) {
            thread.join().ok();
        }
    }
}

/// What comparing two editions is called while it runs.
pub(super) const COMPARING: &str = "Comparing the editions";

/// Whether a request only reads and may take long.
pub(super) fn is_long_read(request: &Request) -> bool {
    match request {
        Request::Export(_)
        | Request::Verify
        | Request::Read(_)
        | Request::Compare(_)
        | Request::CompareHeld(..)
        | Request::LookUp(..) => true,
        Request::Query(asked) => asked.is_long(),
        _ => false,
    }
}

/// What a long read is called while it runs.
pub(super) fn words(request: &Request) -> String {
    match request {
        Request::Export(job) => format!("Exporting {}", file_name(&job.out)),
        Request::Verify => "Verifying the case".into(),
        Request::Compare(_) | Request::CompareHeld(..) => COMPARING.into(),
        Request::LookUp(..) => "Looking for ids".into(),
        Request::Read(wanted) if wanted.lens.horizon.known.is_some() => {
            "Reading the earlier case".into()
        }
        Request::Read(_) => "Reading the case".into(),
        _ => "Reading a document".into(),
    }
}

/// Does a long read.
pub(super) fn read(case: &Case, request: Request, progress: &Progress) -> Result<Answer> {
    match request {
        Request::Export(job) => {
            let written = export::run(case, &job, progress)?;
            Ok(Answer::Exported(job.out, written))
        }
        Request::Verify => Ok(match verify(case, progress)? {
            Verdict::Holds { revisions, blobs } => Answer::Done(Some(format!(
                "The case holds: {}, {}, every projection.",
                counted(revisions as usize, "revision", "revisions"),
                counted(blobs as usize, "document", "documents"),
            ))),
            Verdict::Broken(what) => Answer::ReadFailed(format!("The case does not hold: {what}.")),
        }),
        Request::Compare(job) => {
            let compared = compare(case, &job, progress);
            Ok(Answer::Compared(compared.map(Box::new).map_err(|error| error.to_string())))
        }
        Request::CompareHeld(document, of) => {
            let compared = declare(case, &document, &of, progress);
            let compared = compared.map(Box::new).map_err(|error| error.to_string());
            Ok(Answer::ComparedHeld(compared))
        }
        Request::LookUp(number, sought) => {
            let found = nodes::find(case, &sought, progress);
            Ok(Answer::Found(number, found.map(Box::new).map_err(|error| error.to_string())))
        }
        Request::Query(asked) => Ok(Answer::Query(Some(asked.read(Given::Case(case), progress)?))),
        Request::Read(wanted) => {
            let Wanted { lens, number, now, .. } = *wanted;
            let read = case.consistent(|digest| {
                let network = Network::read_at(case, &lens.horizon, progress)?;
                case.is_still(digest)?;
                Ok(network)
            });
            Ok(match read {
                Ok(network) => {
                    let seen = network.through(&lens);
                    let unlike = Some(Arc::new(network.unlike(&now)));
                    let look = Look { lens, number, network, seen, unlike };
                    Answer::Read(Box::new(look))
                }
                Err(error) => not_read(number, error),
            })
        }
        other => Err(Error::report(format!("{other:?} is not for the case"))),
    }
}

/// Imports another edition into a copy of the case, which is gone afterwards, and compares the two.
fn compare(case: &Case, job: &Job, progress: &Progress) -> Result<Difference> {
    let import = |draft: &mut Case| import::run(draft, job, progress).map(drop);
    let difference = changed(case, import, progress)?;
    let same = || Error::invalid("The case holds this file already, as the edition that it is");
    difference.ok_or_else(same)
}

/// Makes a document another edition of others in such a copy; gives the action that does so, too.
fn declare(
    case: &Case,
    document: &Id,
    of: &EditionOf,
    progress: &Progress,
) -> Result<(Difference, Action)> {
    let editions = edition::declared(case, document, of)?;
    let action = Action::new(editions.into_iter().map(Op::PutEdition).collect());
    let commit = |draft: &mut Case| draft.commit(action.clone()).map(drop);
    let difference = changed(case, commit, progress)?;
    let same = || Error::invalid("The document is that edition already");
    Ok((difference.ok_or_else(same)?, action))
}

/// What is seen otherwise once a copy of the case is changed; `None` where no edition came.
fn changed(
    case: &Case,
    change: impl FnOnce(&mut Case) -> Result<()>,
    progress: &Progress,
) -> Result<Option<Difference>> {
    let mut draft = case.draft(progress)?;
    let before = Network::read(&draft, progress)?;
    change(&mut draft)?;
    let after = Network::read(&draft, progress)?;
    let going = || !progress.is_cancelled();
    let difference = analysis::difference(&before, &after, &draft.pinned()?, &going);
    progress.check()?;
    Ok(difference)
}

/// The answer where a case was not read for a lens.
pub(super) fn not_read(number: u64, error: Error) -> Answer {
    let why = (!matches!(error, Error::Cancelled)).then(|| error.to_string());
    Answer::NotRead(number, why)
}

/// Verifies a copy, because checking the whole file at one moment would hold up commits; where
/// there is no room for one, the file.
fn verify(case: &Case, progress: &Progress) -> Result<Verdict> {
    match case.snapshot(progress) {
        Ok(copy) => copy.verify(progress),
        Err(Error::Cancelled) => Err(Error::Cancelled),
        Err(_) => case.verify(progress),
    }
}
