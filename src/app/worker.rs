//! The thread that owns the open case. Panels never wait for the disk: they ask, and the answer
//! comes some frames later.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
        mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel},
    },
    time::{Duration, Instant},
};

use super::{
    aside::{self, Aside, Wake},
    model::{AT_ONCE, Anew, Answer, Change, Model, Notice, Opened, Request, Taken, Whole},
    opened::Copies,
    query::{Answered, Asked, Given},
};
use crate::{
    case::{
        self, Action, Case, Cited, Delta, Error, NewCitation, NewEvidence, Op, Progress, Reading,
        Result,
    },
    exchange::{self, import::Job},
    model::{Id, RevisionNumber},
    network::Builder,
};

/// What an import is about is listed up to this many entities and relationships.
const LISTED: u64 = 300_000;

/// After a change the case is put into one file when nothing was changed for so long.
const SETTLE_AFTER: Duration = Duration::from_secs(1);
/// Where changes follow each other more quickly, it is put into one file after so long.
const SETTLE_AT_LAST: Duration = Duration::from_secs(5);
/// How often a case that nothing is done to is compared with what is on the disk.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What runs at the moment.
#[derive(Clone, Debug)]
pub struct Running {
    pub what: String,
    pub progress: Progress,
    pub since: Instant,
    pub can_stop: bool,
    /// Whether it reads a document to show it.
    pub is_preview: bool,
}

impl Running {
    /// Work that begins now.
    pub(super) fn new(what: impl Into<String>, can_stop: bool) -> Self {
        Self {
            what: what.into(),
            progress: Progress::new(),
            since: Instant::now(),
            can_stop,
            is_preview: false,
        }
    }
}

/// A handle to the thread.
#[derive(Debug)]
pub struct Worker {
    ask: Sender<Request>,
    answers: Receiver<Answer>,
    running: Arc<Mutex<Option<Running>>>,
    /// The long reads beside it.
    beside: Arc<Mutex<Vec<Running>>>,
    pending: usize,
    /// How many requests the thread has not taken yet.
    waiting: Arc<AtomicUsize>,
    /// Whether the rest of a large case is still coming.
    coming: bool,
    /// The latest query of each slot that has not been answered yet.
    asked: Arc<Mutex<HashMap<String, Asked>>>,
}

impl Worker {
    /// Starts the thread; `wake` is called after each answer.
    pub fn start(wake: impl Fn() + Send + 'static) -> Self {
        let (ask, requests) = channel();
        let (answer, answers) = channel();
        let running = Arc::new(Mutex::new(None));
        let beside = Arc::new(Mutex::new(Vec::new()));
        let wake: Wake = Arc::new(Mutex::new(wake));
        let waiting = Arc::new(AtomicUsize::new(0));
        let asked = Arc::new(Mutex::new(HashMap::new()));
        let mut desk = Desk {
            case: None,
            running: Arc::clone(&running),
            rest: None,
            waiting: Arc::clone(&waiting),
            at_once: AT_ONCE,
            asked: Arc::clone(&asked),
            words: Words::Unwanted,
            aside: Aside::new(answer.clone(), Arc::clone(&wake), Arc::clone(&beside)),
            copies: Copies::default(),
            unsettled: None,
            told: None,
            kept: None,
        };
        let thread = std::thread::Builder::new().name("case".into()).spawn(move || {
            desk.copies.clear_stale();
            'work: loop {
                // What nobody waits for is done only while nobody asks for anything.
                let request = match desk.patience() {
                    Some(Duration::ZERO) => match requests.try_recv() {
                        Ok(request) => Some(request),
                        Err(TryRecvError::Empty) => None,
                        Err(TryRecvError::Disconnected) => break,
                    },
                    Some(patience) => match requests.recv_timeout(patience) {
                        Ok(request) => Some(request),
                        Err(RecvTimeoutError::Timeout) => None,
                        Err(RecvTimeoutError::Disconnected) => break,
                    },
                    None => match requests.recv() {
                        Ok(request) => Some(request),
                        Err(_) => break,
                    },
                };
                let done = match request {
                    Some(request) => {
                        desk.waiting.fetch_sub(1, Relaxed);
                        let done = desk.handle(request);
                        *lock(&desk.running) = None;
                        done
                    }
                    None if desk.is_due() || !desk.has_more() => {
                        desk.settle();
                        None
                    }
                    None => desk.go_on(),
                };
                for done in done.into_iter().chain(desk.news()) {
                    if answer.send(done).is_err() {
                        break 'work;
                    }
                    lock(&wake)();
                }
            }
            desk.aside.stop();
            if let Some(case) = desk.case.take() {
                case.close().ok();
            }
        });
        thread.expect("the system can start one more thread");
        Self { ask, answers, running, beside, pending: 0, waiting, coming: false, asked }
    }

    /// Asks for something.
    pub fn ask(&mut self, request: Request) {
        if let Request::Query(asked) = &request {
            let before = lock(&self.asked).insert(asked.slot(), asked.clone());
            if before.is_some_and(|before| before == *asked) {
                return;
            }
        }
        self.waiting.fetch_add(1, Relaxed);
        if self.ask.send(request).is_ok() {
            self.pending += 1;
        }
    }

    /// The next answer, if one is there.
    pub fn answer(&mut self) -> Option<Answer> {
        let answer = self.answers.try_recv().ok()?;
        if !matches!(answer, Answer::Whole(_) | Answer::Distrust(..) | Answer::Learned) {
            self.pending -= 1;
        }
        match &answer {
            Answer::Opened(opened) => self.coming = opened.model.coming.is_some(),
            Answer::Changed(change, _) => self.coming = change.leaves_coming(self.coming),
            Answer::Imported(Ok(taken)) => self.coming = taken.change.leaves_coming(self.coming),
            Answer::Imported(Err(_)) => {}
            Answer::Whole(_) | Answer::Distrust(..) | Answer::Closed => self.coming = false,
            Answer::Query(Some(answered)) => {
                let slot = answered.asked().slot();
                let mut asked = lock(&self.asked);
                if asked.get(&slot) == Some(answered.asked()) {
                    asked.remove(&slot);
                }
            }
            Answer::Query(None)
            | Answer::BuiltOn(..)
            | Answer::Failed(_)
            | Answer::ReadFailed(_)
            | Answer::Stopped(_)
            | Answer::Done(_)
            | Answer::Exported(..)
            | Answer::Learned
            | Answer::Read(_)
            | Answer::NotRead(..)
            | Answer::Compared(_)
            | Answer::ComparedHeld(_)
            | Answer::Found(..) => {}
        }
        Some(answer)
    }

    /// Whether everything that was asked for has been answered, and the whole case is there.
    pub fn is_idle(&self) -> bool {
        self.pending == 0 && !self.coming
    }

    /// What has been running longest.
    pub(crate) fn running(&self) -> Option<Running> {
        let beside = lock(&self.beside).clone();
        beside.into_iter().chain(self.working()).min_by_key(|running| running.since)
    }

    /// What changes the case at the moment, or holds up what would.
    pub(crate) fn working(&self) -> Option<Running> {
        lock(&self.running).clone()
    }
}

pub(super) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the thread works on.
struct Desk {
    case: Option<Case>,
    running: Arc<Mutex<Option<Running>>>,
    /// The rest of a large case, which is read when there is nothing else to do.
    rest: Option<Rest>,
    waiting: Arc<AtomicUsize>,
    /// See [`AT_ONCE`].
    at_once: u64,
    /// The latest query of each slot that has not been answered yet.
    asked: Arc<Mutex<HashMap<String, Asked>>>,
    words: Words,
    aside: Aside,
    copies: Copies,
    /// Since when the case has not been in one file, and when it was changed last.
    unsettled: Option<(Instant, Instant)>,
    /// Why nothing can be changed, as far as the window knows.
    told: Option<String>,
    /// The undoing before which the window keeps what was stated.
    kept: Option<RevisionNumber>,
}

/// How far the words of the case are known, among which misspelled ones are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    /// Nobody has looked for anything.
    Unwanted,
    /// They are being read.
    Coming,
    /// They were all read once, and what changed since is to be followed.
    Behind,
    Known,
}

/// What is being read while the window is of use already.
struct Rest {
    reading: Reading<Builder>,
    running: Running,
    /// What has changed since the reading began.
    since: Vec<Delta>,
}

impl Rest {
    fn of(case: &Case) -> Result<Self> {
        Ok(Self {
            reading: Reading::new(case, Builder::default())?,
            running: Running::new("Reading the case", false),
            since: Vec::new(),
        })
    }
}

impl Desk {
    fn start(&self, what: impl Into<String>) -> Progress {
        let running = Running::new(what, true);
        let progress = running.progress.clone();
        *lock(&self.running) = Some(running);
        progress
    }

    /// Whether there is something to do that nobody waits for.
    fn has_more(&self) -> bool {
        let words = matches!(self.words, Words::Coming | Words::Behind);
        self.rest.is_some() || self.case.as_ref().is_some_and(|case| words || case.is_unchecked())
    }

    /// How long to wait for a request before something else is done; `None` for ever.
    fn patience(&self) -> Option<Duration> {
        if self.has_more() {
            return Some(Duration::ZERO);
        }
        let case = self.case.as_ref()?;
        match self.due() {
            Some(due) => Some(due.saturating_duration_since(Instant::now())),
            None => case.read_only().is_none().then_some(LOOK_EVERY),
        }
    }

    /// When the case is to be put into one file.
    fn due(&self) -> Option<Instant> {
        let (first, last) = self.unsettled?;
        Some((last + SETTLE_AFTER).min(first + SETTLE_AT_LAST))
    }

    fn is_due(&self) -> bool {
        self.due().is_some_and(|due| due <= Instant::now())
    }

    /// Puts the case into one file, and makes sure that it is still the one on the disk.
    fn settle(&mut self) {
        self.unsettled = None;
        let Some(case) = &mut self.case else { return };
        let settled = case.settle().unwrap_or(false);
        // What stops writing is told by `news`.
        case.check_place().ok();
        if !settled && case.read_only().is_none() {
            let now = Instant::now();
            self.unsettled = Some((now, now));
        }
    }

    /// What the window does not know yet: that nothing can be changed any more.
    fn news(&mut self) -> Option<Answer> {
        let case = self.case.as_ref()?;
        let why = case.read_only()?;
        if self.told.as_deref() == Some(why) {
            return None;
        }
        self.told = Some(why.to_owned());
        Some(Answer::Distrust(why.to_owned(), case.remedy().cloned()))
    }

    /// Does a part of what nobody waits for.
    fn go_on(&mut self) -> Option<Answer> {
        let case = self.case.as_mut()?;
        if let Some(rest) = &mut self.rest {
            *lock(&self.running) = Some(rest.running.clone());
            return match rest.reading.step(case, &rest.running.progress) {
                Ok(true) => None,
                Ok(false) => self.whole(),
                Err(error) => self.distrust(&error.to_string()),
            };
        }
        let waiting = Arc::clone(&self.waiting);
        if matches!(self.words, Words::Coming | Words::Behind) {
            return match case.learn(&mut || waiting.load(Relaxed) > 0) {
                Ok(false) => None,
                Ok(true) => {
                    let first = self.words == Words::Coming;
                    self.words = Words::Known;
                    first.then_some(Answer::Learned)
                }
                Err(error) => self.distrust(&error.to_string()),
            };
        }
        // Damage is told by `news`.
        case.check(move || waiting.load(Relaxed) > 0);
        None
    }

    /// The rest of a large case, now that it has been read.
    fn whole(&mut self) -> Option<Answer> {
        let (case, rest) = (self.case.as_ref()?, self.rest.take()?);
        *lock(&self.running) = None;
        let mut network = rest.reading.finish().finish();
        for delta in &rest.since {
            network.apply(delta);
        }
        match case.stale_scenes() {
            Ok(stale_scenes) => Some(Answer::Whole(Box::new(Whole { network, stale_scenes }))),
            Err(error) => self.distrust(&error.to_string()),
        }
    }

    /// Takes the case for damaged, which is told by [`Self::news`].
    fn distrust(&mut self, what: &str) -> Option<Answer> {
        *lock(&self.running) = None;
        self.rest = None;
        if let Some(case) = &mut self.case {
            case.distrust(what);
        }
        None
    }

    /// Carries out a request; nothing where it goes on beside and answers later.
    fn handle(&mut self, request: Request) -> Option<Answer> {
        if let Some(case) = &mut self.case {
            case.touch();
        }
        let request = match &self.case {
            Some(case) if aside::is_long_read(&request) => self.aside.begin(case, request)?,
            _ => request,
        };
        let what = words(&request, self.case.as_ref());
        let look = match &request {
            Request::Read(wanted) => Some(wanted.number),
            _ => None,
        };
        let answer = self.answer(request);
        if self.case.as_ref().is_some_and(|case| !case.is_settled()) {
            let now = Instant::now();
            let since = self.unsettled.map_or(now, |(first, _)| first);
            self.unsettled = Some((since, now));
        }
        Some(answer.unwrap_or_else(|error| match error {
            error if look.is_some() => aside::not_read(look.unwrap_or_default(), error),
            Error::Cancelled => {
                Answer::Stopped(format!("{what} was stopped; nothing was changed."))
            }
            error => Answer::Failed(in_file(error, self.case.as_ref().and_then(Case::path))),
        }))
    }

    fn answer(&mut self, request: Request) -> Result<Answer> {
        match request {
            Request::Open(path) => {
                self.start(format!("Opening {}", file_name(&path)));
                let case = Case::open(&path)?;
                self.take(case)
            }
            Request::Create(path) => {
                let mut case = Case::create(&path)?;
                let title = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                let chart = crate::model::Chart::new("Overview", 1.0);
                let ops = vec![Op::Set { key: "title".into(), value: title }, Op::PutChart(chart)];
                if let Err(error) = case.commit(Action::new(ops)) {
                    drop(case);
                    return Err(error.undo_new(&path));
                }
                self.take(case)
            }
            Request::Demo(demo) => {
                let progress = self.start(format!("Building {}", demo.title()));
                let built = demo.free_path().and_then(|path| demo.build(&path, &progress));
                let case = built.map_err(|error| match error {
                    crate::demo::Error::Case(error) => error,
                    mistake @ crate::demo::Error::Source { .. } => {
                        Error::report(mistake.to_string())
                    }
                })?;
                self.take(case)
            }
            Request::Close => {
                self.rest = None;
                self.aside.stop();
                self.copies.clear();
                if let Some(case) = self.case.take() {
                    case.close()?;
                }
                Ok(Answer::Closed)
            }
            Request::ReleaseLock => {
                let path = self.case.as_ref().and_then(|case| case.path().map(Path::to_owned));
                let path = path.ok_or_else(|| Error::invalid("No case is open"))?;
                case::release(&path)?;
                let case = Case::open(&path)?;
                self.take(case)
            }
            Request::Import(job) => {
                let taken = self.import(&job).map(Box::new);
                let case = self.case.as_ref().and_then(Case::path);
                Ok(Answer::Imported(taken.map_err(|error| in_file(error, case))))
            }
            Request::Query(asked) => Ok(Answer::Query(self.query(asked))),
            request => self.work(request),
        }
    }

    /// Reads what a panel asks, unless it has asked for something else meanwhile.
    fn query(&mut self, asked: Asked) -> Option<Answered> {
        let slot = asked.slot();
        if lock(&self.asked).get(&slot) != Some(&asked) {
            return None;
        }
        let Some(case) = &self.case else {
            lock(&self.asked).remove(&slot);
            return None;
        };
        if asked.wants_words() && self.words == Words::Unwanted {
            self.words = Words::Coming;
        }
        let done = asked.clone().read(Given::Case(case), &Progress::new());
        Some(done.unwrap_or_else(|error| asked.fail(in_file(error, case.path()), None)))
    }

    /// Takes files in.
    fn import(&mut self, job: &Job) -> Result<Taken> {
        let first = job.files.first().map(|path| file_name(path)).unwrap_or_default();
        let progress = self.start(format!("Importing {first}"));
        let case = self.case.as_mut().ok_or_else(|| Error::invalid("No case is open"))?;
        let report = case.watched(&progress, |case| exchange::import::run(case, job, &progress))?;
        let done = &report.imported;
        let listed = done.delta.revision.filter(|_| done.new + done.met <= LISTED);
        let ids = listed.map(|revision| case.touched(revision).map(Arc::new)).transpose()?;
        self.kept = None;
        let change = Change::read_up_to(case, done.delta.clone(), self.at_once)
            .map_err(Error::after_commit)?;
        self.follow(&change)?;
        Ok(Taken { change, report, ids })
    }

    /// Reads what a change brought. What is undone is kept until it is done again or something else is
    /// done, where it is so much that reading it would take long.
    fn change(&mut self, delta: Delta, undoes: bool) -> Result<Change> {
        let case = self.case.as_ref().ok_or_else(|| Error::invalid("No case is open"))?;
        let kept = self.kept.take();
        if !delta.reload {
            self.kept = kept.filter(|_| delta.restores.is_some());
        } else if kept.is_some() && kept == delta.restores {
            return Change::kept(case, delta);
        }
        let mut change = Change::read_up_to(case, delta, self.at_once)?;
        if let Some(Anew::Read { keeps, .. }) = &mut change.anew
            && undoes
            && self.rest.is_none()
        {
            *keeps = true;
            self.kept = change.delta.revision;
        }
        Ok(change)
    }

    /// Sees to it that what is still being read does not miss a change.
    fn follow(&mut self, change: &Change) -> Result<()> {
        if change.anew.is_some() {
            self.rest = None;
            if let Some(case) = self.case.as_ref().filter(|_| change.coming.is_some()) {
                self.rest = Some(Rest::of(case).map_err(Error::after_commit)?);
            }
        } else if let Some(rest) = &mut self.rest {
            rest.since.push(change.delta.clone());
        }
        Ok(())
    }

    fn take(&mut self, case: Case) -> Result<Answer> {
        let model = Model::read_up_to(&case, self.at_once)?;
        self.rest = match model.coming {
            Some(_) => Some(Rest::of(&case)?),
            None => None,
        };
        self.words = Words::Unwanted;
        self.kept = None;
        self.aside.stop();
        self.unsettled = None;
        self.told = case.read_only().map(str::to_owned);
        if let Some(before) = self.case.replace(case) {
            before.close().ok();
        }
        Ok(Answer::Opened(Box::new(Opened { model })))
    }

    /// What needs an open case, and may change it.
    fn work(&mut self, request: Request) -> Result<Answer> {
        let progress = self.start(words(&request, self.case.as_ref()));
        if self.words == Words::Known {
            self.words = Words::Behind;
        }
        let case = self.case.as_mut().ok_or_else(|| Error::invalid("No case is open"))?;
        let undoes =
            matches!(request, Request::Undo | Request::Revert(_) | Request::RevertWithLater(_));
        let notice = match request {
            Request::Move(_) | Request::OpenEvidence(_) => Notice::Plain,
            Request::ExportEvidence(..) => Notice::Said,
            _ => Notice::Done,
        };
        let delta = match request {
            Request::Commit(action) | Request::Move(action) => {
                case.watched(&progress, |case| case.commit(action))?
            }
            Request::Undo => match case.watched(&progress, Case::undo)? {
                Some(delta) => delta,
                None => return Ok(Answer::Done(Some("Nothing to undo.".into()))),
            },
            Request::Redo => match case.watched(&progress, Case::redo)? {
                Some(delta) => delta,
                None => return Ok(Answer::Done(Some("Nothing to redo.".into()))),
            },
            Request::Revert(revision) => {
                match case.watched(&progress, |case| case.revert(revision)) {
                    Err(Error::Conflict { .. }) => {
                        let later = case.watched(&progress, |case| case.building_on(revision))?;
                        return Ok(Answer::BuiltOn(revision, later));
                    }
                    done => done?,
                }
            }
            Request::RevertWithLater(revision) => {
                case.watched(&progress, |case| case.revert_with_later(revision))?
            }
            Request::Attach(paths, to) => case.watched(&progress, |case| {
                let action = attach(&paths, to.as_ref(), &progress)?;
                case.commit(action)
            })?,
            Request::ExportEvidence(id, to) => {
                case.watched(&progress, |case| case.export_evidence(&id, &to))?;
                // The custody record grew by a line.
                Delta {
                    evidence: true,
                    label: format!("Exported {}", to.display()),
                    ..Default::default()
                }
            }
            Request::OpenEvidence(id) => {
                let copies = &mut self.copies;
                case.watched(&progress, |case| copies.open(case, &id))?;
                Delta { evidence: true, label: String::new(), ..Default::default() }
            }
            Request::Write(to, text) => {
                exchange::write_new(&to, |out| {
                    out.write_all(text.as_bytes())
                        .map_err(|source| Error::Unwritable { path: to.clone(), source })
                })?;
                return Ok(Answer::Done(Some(format!("Written to {}.", to.display()))));
            }
            Request::SaveCopy(to) => {
                case.watched(&progress, |case| case.save_copy(&to))?;
                return Ok(Answer::Done(Some(format!("A copy is in {}.", to.display()))));
            }
            long if aside::is_long_read(&long) => {
                return case.watched(&progress, |case| aside::read(case, long, &progress));
            }
            other => return Err(Error::report(format!("{other:?} is not for the case"))),
        };
        let change = self.change(delta, undoes).map_err(Error::after_commit)?;
        self.follow(&change)?;
        Ok(Answer::Changed(Box::new(change), notice))
    }
}

/// What an error says, with the file that it is about.
fn in_file(error: Error, path: Option<&Path>) -> String {
    match path {
        Some(path) => error.in_file(path).to_string(),
        None => error.to_string(),
    }
}

fn words(request: &Request, case: Option<&Case>) -> String {
    match request {
        Request::Commit(action) | Request::Move(action) => {
            case.and_then(|case| case.label(action).ok()).unwrap_or_else(|| "Changing".into())
        }
        Request::Undo => "Undoing".into(),
        Request::Redo => "Redoing".into(),
        Request::Revert(_) => "Undoing one action".into(),
        Request::RevertWithLater(_) => "Undoing one action and what builds on it".into(),
        Request::Attach(paths, _) => {
            format!("Attaching {}", paths.first().map(|p| file_name(p)).unwrap_or_default())
        }
        Request::SaveCopy(_) => "Copying the case".into(),
        Request::ExportEvidence(..) => "Exporting a document".into(),
        Request::OpenEvidence(_) => "Opening a document".into(),
        long if aside::is_long_read(long) => aside::words(long),
        _ => "Working".into(),
    }
}

pub(super) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The action that takes files in and, with `to`, cites them for it.
fn attach(paths: &[PathBuf], to: Option<&Id>, progress: &Progress) -> Result<Action> {
    let mut ops = Vec::new();
    for path in paths {
        let method = if to.is_some() { "dropped on the chart" } else { "opened" };
        let document = NewEvidence::of_file(path, method, progress)?;
        let id = document.id.clone();
        ops.push(Op::Attach(document));
        if let Some(to) = to {
            ops.push(Op::Cite(existence_citation(to, &id)));
        }
    }
    Ok(Action::new(ops))
}

/// A citation of evidence for the statement that makes something exist. Nobody has judged it yet.
pub(crate) fn existence_citation(of: &Id, evidence: &Id) -> NewCitation {
    NewCitation {
        statement: Cited::ExistenceOf(of.clone()),
        evidence: evidence.clone(),
        supports: true,
        credibility: None,
        page: None,
        quote: None,
        range: None,
        region: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{case::NewValue, demo::Demo, model::Entity, network::Seen};

    /// A worker's desk with an open case that counts as large, and its first answer's model.
    fn desk(path: &Path) -> (Desk, Model) {
        let mut desk = Desk {
            case: None,
            running: Arc::default(),
            rest: None,
            waiting: Arc::default(),
            at_once: 0,
            asked: Arc::default(),
            words: Words::Unwanted,
            aside: Aside::new(channel().0, Arc::new(Mutex::new(|| ())), Arc::default()),
            copies: Copies::default(),
            unsettled: None,
            told: None,
            kept: None,
        };
        let Some(Answer::Opened(opened)) = desk.handle(Request::Open(path.to_owned())) else {
            panic!("it opens");
        };
        (desk, opened.model)
    }

    fn shape(seen: &Seen) -> Vec<(Entity, Vec<Id>)> {
        let links = |id| seen.links_of(id).map(|link| link.id().clone()).collect();
        seen.iter().map(|e| (e.to_entity(), links(e.id()))).collect()
    }

    #[test]
    fn a_large_case_is_of_use_before_it_is_read_and_edits_meanwhile_are_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("demo.redthread");
        let case = Demo::Dandong.build(&path, &Progress::new()).expect("builds");
        let sizes = Model::read(&case).expect("readable").counts();
        case.close().expect("closed");
        for edits_before in [0, 1, 2, 3] {
            let (mut desk, mut model) = desk(&path);
            assert!(model.coming.is_some_and(|about| about >= model.seen.len()));
            let first = &model.charts[0].id;
            for placement in model.placed(first) {
                assert!(model.seen.get(&placement.entity).is_some(), "its chart is there");
            }
            let mut steps = 0;
            let whole = loop {
                if steps == edits_before {
                    let (ma, new) = (Demo::Dandong.id("ma"), Id::new());
                    let values = vec![NewValue::new("name", "Pier Road Ltd")];
                    let add = Op::Add { entity: new, schema: "Company".into(), values };
                    let edit = Action::new(vec![Op::WithdrawEntity(ma), add]);
                    let Some(Answer::Changed(change, _)) = desk.handle(Request::Commit(edit))
                    else {
                        panic!("edits go on");
                    };
                    model.apply(*change);
                }
                steps += 1;
                match desk.go_on() {
                    None => assert!(steps < 100, "it ends"),
                    Some(Answer::Whole(whole)) => break whole,
                    Some(other) => panic!("{other:?}"),
                }
            };
            model.complete(*whole);
            let case = desk.case.as_ref().expect("open");
            assert_eq!(
                shape(&model.seen),
                shape(&Seen::read(case, &Progress::new()).expect("readable"))
            );
            assert_eq!(model.stale_scenes, case.stale_scenes().expect("readable"));
            assert!(!desk.has_more() && model.coming.is_none());
            let Some(Answer::Changed(change, _)) = desk.handle(Request::Undo) else {
                panic!("undone")
            };
            model.apply(*change);
            assert_eq!(model.counts(), sizes);
            // What is to be read anew comes in the same way.
            let placed = model.placed(&model.charts[0].id.clone()).to_vec();
            let change = Delta { reload: true, ..Delta::default() };
            let case = desk.case.as_ref().expect("open");
            let change = Change::read_up_to(case, change, desk.at_once).expect("readable");
            desk.follow(&change).expect("readable");
            assert!(change.leaves_coming(false));
            model.apply(change);
            assert!(model.coming.is_some_and(|about| about >= model.seen.len()));
            assert!(placed.iter().all(|placed| model.seen.get(&placed.entity).is_some()));
            let whole = loop {
                match desk.go_on() {
                    None => {}
                    Some(Answer::Whole(whole)) => break whole,
                    Some(other) => panic!("{other:?}"),
                }
            };
            model.complete(*whole);
            assert_eq!(model.counts(), sizes);
            assert!(matches!(desk.handle(Request::Close), Some(Answer::Closed)));
        }
    }
    #[test]
    fn what_is_undone_is_kept_for_redo_until_something_else_is_done() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, list) = (folder.path().join("c.redthread"), folder.path().join("list.ndjson"));
        let line = |n: usize| {
            format!(
                "{{\"id\":\"c{n}\",\"schema\":\"Company\",\"properties\":{{\"name\":[\"Pier {n}\"]}}}}\n"
            )
        };
        std::fs::write(&list, (0..3_000).map(line).collect::<String>()).expect("space");
        Case::create(&path).expect("space").close().expect("closed");
        let (mut desk, mut model) = desk(&path);
        desk.at_once = u64::MAX;
        while desk.has_more() {
            if let Some(Answer::Whole(whole)) = desk.go_on() {
                model.complete(*whole);
            }
        }
        let mut ask = |model: &mut Model, request: Request| {
            let change = match desk.handle(request) {
                Some(Answer::Changed(change, _)) => *change,
                Some(Answer::Imported(Ok(taken))) => taken.change,
                other => panic!("{other:?}"),
            };
            let is_kept = matches!(change.anew, Some(Anew::Kept));
            model.apply(change);
            let case = desk.case.as_ref().expect("open");
            let read = Seen::read(case, &Progress::new()).expect("readable");
            assert_eq!(shape(&model.seen), shape(&read));
            is_kept
        };
        let edit = |name: &str| {
            let values = vec![NewValue::new("name", name)];
            let add = Op::Add { entity: Id::new(), schema: "Company".into(), values };
            Request::Commit(Action::new(vec![add]))
        };
        let one = Op::State { entity: "c7".into(), value: NewValue::new("alias", "Pier Seven") };
        let one = Request::Commit(Action::new(vec![one]));
        assert!(!ask(&mut model, edit("Harbour Light")));
        assert!(!ask(
            &mut model,
            Request::Import(Box::new(Job { files: vec![list], ..Job::default() }))
        ));
        assert!(!ask(&mut model, one));
        assert!(!ask(&mut model, Request::Undo));
        let whole = model.seen.len();
        assert!(whole > 3_000);
        // What else is undone and done again leaves it.
        for _ in 0..2 {
            assert!(!ask(&mut model, Request::Undo));
            assert!(model.kept.is_some() && model.seen.len() < 10);
            assert!(!ask(&mut model, Request::Undo));
            assert!(!ask(&mut model, Request::Redo));
            assert!(ask(&mut model, Request::Redo), "it was kept");
            assert!(model.kept.is_none() && model.seen.len() == whole);
        }
        assert!(!ask(&mut model, Request::Undo));
        assert!(!ask(&mut model, edit("Other")));
        assert!(model.kept.is_none());
        assert!(!ask(&mut model, Request::Undo));
        assert!(model.kept.is_none() && model.seen.len() < 10, "the edit alone was undone");
    }
}
