//! What the panels may read: a copy of the open case, patched by deltas. It holds no truth.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::PathBuf,
    sync::Arc,
};

use super::{
    beside::{Beside, let_go},
    command::Command,
    query::{Answered, Answers, Asked},
    through::Through,
};
use crate::{
    analysis::Difference,
    case::{Action, Case, Delta, Horizon, Progress, Remedy, Result, Revision},
    chart::Overlay,
    demo::Demo,
    exchange::{
        content::Written,
        edition::{self, Held},
        import::{EditionOf, Job, Report},
        nodes::{Found, Sought},
    },
    export,
    model::{
        Camera, Chart, Edition, Evidence, Id, Period, Pinned, Placement, RevisionNumber,
        SavedSearch, Scene, StatementKey, chart::Group,
    },
    network::{
        Connection, Lens, Network, Records, Seen,
        measured::{Measure, Measured},
    },
};

/// Up to about this many entities and relationships are read before the window shows the case.
pub(super) const AT_ONCE: u64 = 200_000;
/// A chart of up to this many placements is there before the rest of a large case.
const FIRST: usize = 2_000;

/// The open case as panels see it. Only the worker's answers change it.
#[derive(Default)]
pub struct Model {
    pub path: PathBuf,
    /// Why nothing can be changed, if so, in one sentence.
    pub read_only: Option<String>,
    pub remedy: Option<Remedy>,
    /// The case's settings: `title`, `marking`, `officer`, ….
    pub settings: BTreeMap<String, String>,
    /// The saved searches, by name.
    pub searches: Vec<SavedSearch>,
    pub pinned: Vec<Pinned>,
    /// Whether words that are only spelled alike can be looked for by now.
    pub knows_words: bool,
    /// What the case states, and what supports it: all of it, unless some is still coming.
    network: Network,
    /// What it was before what was undone last, where that was so much that reading it would take long.
    pub(super) kept: Option<Network>,
    lens: Lens,
    /// The case as far as the revisions make it that count in the lens, unless all do.
    past: Option<Past>,
    /// The lens through which the case is to be seen, until it is.
    awaited: Option<Lens>,
    /// Counts up with every change of what is to be seen.
    looks: u64,
    /// The look that is being worked out.
    looking: Option<Looking>,
    /// What is seen of it so: what panels and chart show.
    pub seen: Arc<Seen>,
    /// Whether that was let go so that the network could be changed.
    is_unseen: bool,
    /// The network that this was seen of. After a change it may be an older one for some frames.
    seen_of: Network,
    /// While the network is being read: about how many entities and relationships it will have. Until
    /// then there is only what stands on the first chart, if that is little.
    pub coming: Option<usize>,
    /// The charts, in the order of their tabs.
    pub charts: Vec<Chart>,
    /// Who stands where, by chart.
    pub placements: HashMap<Id, Vec<Placement>>,
    /// The walkthrough, in order.
    pub scenes: Vec<Scene>,
    /// Evidence, live and withdrawn.
    pub evidence: Vec<Evidence>,
    /// Every revision, oldest first.
    pub log: Vec<Revision>,
    /// What undo would undo.
    pub undo: Option<String>,
    /// What redo would do again.
    pub redo: Option<String>,
    /// The hash of the newest revision, in hexadecimal.
    pub digest: String,
    /// What was answered to the queries of panels.
    pub answers: Answers,
    /// Scenes whose charts show something else now than when they were written.
    pub stale_scenes: BTreeSet<Id>,
    /// Counts up with every change, so that a panel can tell whether what it derived is stale.
    pub generation: u64,
    /// The same for changes of the network alone, which take longer to follow.
    pub network_generation: u64,
}

impl Model {
    /// Reads a case; of a large one only what a window needs to be of use. What is missing then
    /// comes as [`Whole`].
    pub fn read(case: &Case) -> Result<Self> {
        Self::read_up_to(case, AT_ONCE)
    }

    /// Reads a case, all of it if it has no more than about this many entities and relationships.
    pub(super) fn read_up_to(case: &Case, at_once: u64) -> Result<Self> {
        let charts = case.charts()?;
        let mut placements = HashMap::new();
        for chart in &charts {
            placements.insert(chart.id.clone(), case.placements(&chart.id)?);
        }
        let (network, coming) = network(case, at_once)?;
        let seen = network.through(&Lens::default());
        Ok(Self {
            coming,
            path: case.path().map(PathBuf::from).unwrap_or_default(),
            read_only: case.read_only().map(str::to_owned),
            remedy: case.remedy().cloned(),
            settings: case.settings()?,
            searches: case.searches()?,
            pinned: case.pinned()?,
            seen,
            seen_of: network.clone(),
            network,
            charts,
            placements,
            scenes: case.scenes()?,
            evidence: case.evidence()?,
            log: case.log()?,
            undo: case.undo_label(),
            redo: case.redo_label(),
            digest: case.digest()?,
            stale_scenes: if coming.is_some() { BTreeSet::new() } else { case.stale_scenes()? },
            ..Self::default()
        })
    }

    /// Brings the copy up to date.
    pub fn apply(&mut self, change: Change) {
        self.answers.follow(&change);
        if change.anew.is_some() {
            self.answers.replace();
        }
        let Change {
            delta,
            anew,
            coming,
            charts,
            placements,
            scenes,
            stale_scenes,
            evidence,
            settings,
            editions,
            searches,
            pinned,
            log,
            undo,
            redo,
            digest,
        } = change;
        let same = anew.is_none() && delta.changed.is_empty() && delta.gone.is_empty();
        if !same {
            self.turn();
        }
        match anew {
            Some(Anew::Read { network, keeps }) => {
                let before = std::mem::replace(self.network_mut(), network);
                let_go(std::mem::replace(&mut self.kept, keeps.then_some(before)));
                self.coming = coming;
            }
            Some(Anew::Kept) => {
                let records = self.network.records().clone();
                let network = self.kept.take().unwrap_or_default();
                let_go(std::mem::replace(self.network_mut(), network));
                self.network_mut().record(records);
                self.coming = coming;
            }
            None if same => {}
            None => self.network_mut().apply(&delta),
        }
        if delta.restores.is_none() {
            let_go(self.kept.take());
        }
        let is_recorded = self.record(evidence.as_ref(), settings.as_ref(), editions);
        if same && is_recorded {
            self.turn();
        }
        if !same || is_recorded {
            self.see_anew();
        }
        if let Some(charts) = charts {
            self.placements.retain(|id, _| charts.iter().any(|chart| chart.id == *id));
            self.charts = charts;
        }
        self.placements.extend(placements);
        if let Some(scenes) = scenes {
            self.scenes = scenes;
        }
        if let Some(evidence) = evidence {
            match &mut self.past {
                Some(past) if !past.goes_on() => past.evidence = evidence,
                _ => self.evidence = evidence,
            }
        }
        if let Some(settings) = settings {
            self.settings = settings;
        }
        if let Some(pinned) = pinned {
            self.pinned = pinned;
        }
        if let Some(searches) = searches {
            self.searches = searches;
        }
        self.stale_scenes = stale_scenes;
        self.log = log;
        self.undo = undo;
        self.redo = redo;
        self.digest = digest;
        self.generation += 1;
    }

    /// Keeps what a question reads of the evidence, its editions and the settings; says whether that
    /// is new.
    fn record(
        &mut self,
        evidence: Option<&Vec<Evidence>>,
        settings: Option<&BTreeMap<String, String>>,
        editions: Option<Vec<Edition>>,
    ) -> bool {
        let known = self.network.records();
        let is_known = evidence.is_none_or(|evidence| *evidence == known.evidence)
            && editions.as_ref().is_none_or(|editions| *editions == known.editions)
            && settings.is_none_or(|settings| *settings == known.settings);
        if is_known {
            return false;
        }
        let mut records = known.clone();
        if let Some(evidence) = evidence {
            records.evidence.clone_from(evidence);
        }
        if let Some(settings) = settings {
            records.settings.clone_from(settings);
        }
        if let Some(editions) = editions {
            records.editions = editions;
        }
        self.network_mut().record(records);
        true
    }

    /// The network to change. Threads may hold snapshots of it: they share with it what does not
    /// change.
    fn network_mut(&mut self) -> &mut Network {
        if Arc::ptr_eq(&self.seen, self.network.plain()) {
            // Nobody sees it any more, unless a thread does.
            (self.seen, self.seen_of) = (Arc::default(), Network::default());
            self.is_unseen = true;
        }
        &mut self.network
    }

    /// Whether all that the case states is seen through a lens.
    fn shows_everything(&self, lens: &Lens) -> bool {
        lens.shows_everything(&self.network.records().editions)
    }

    /// How the case is looked at.
    pub fn lens(&self) -> &Lens {
        &self.lens
    }

    /// How the case is to be looked at: the lens that was asked for last, seen through or not yet.
    pub fn wanted_lens(&self) -> &Lens {
        self.awaited.as_ref().unwrap_or(&self.lens)
    }

    /// Whether what is to be seen is still being worked out.
    pub fn is_looking(&self) -> bool {
        self.awaited.is_some()
    }

    /// Whether that takes so long that it should be said.
    pub(super) fn looks_long(&self) -> bool {
        match &self.looking {
            Some(Looking::Beside(beside)) => beside.is_long(),
            // What reads the case says so itself.
            Some(Looking::Reading(..)) | None => false,
        }
    }

    /// The newest network whose revisions are those that count in the lens.
    fn base(&self) -> &Network {
        self.past.as_ref().map_or(&self.network, |past| &past.network)
    }

    /// Looks at the case through another lens. That is worked out on a thread; until it is there
    /// all stays as it is.
    pub(crate) fn look_through(&mut self, lens: Lens) {
        self.looks += 1;
        if let Some(Looking::Reading(other, progress)) = &self.looking
            && other.horizon != lens.horizon
        {
            progress.cancel();
        }
        if self.shows_everything(&lens) {
            self.awaited = None;
            self.leave_past();
            let network = self.network.clone();
            self.see(lens, Arc::clone(network.plain()), network);
        } else {
            self.awaited = Some(lens);
        }
    }

    /// Sees to it that what is seen follows what the case states now.
    fn see_anew(&mut self) {
        let is_everything = self.shows_everything(&self.lens);
        if is_everything || self.is_unseen {
            // Until it has been looked through the lens.
            self.seen = Arc::clone(self.network.plain());
            self.seen_of = self.network.clone();
            self.is_unseen = false;
        }
        if is_everything {
            self.awaited.take_if(|awaited| *awaited == self.lens);
        } else if self.past.as_ref().is_none_or(Past::goes_on) {
            self.awaited.get_or_insert_with(|| self.lens.clone());
        }
        if let Some(past) = self.past.as_mut().filter(|past| past.goes_on()) {
            past.is_old = true;
        }
        self.looks += 1;
    }

    /// Begins to work out what is to be seen, unless that is under way. Where other revisions count
    /// in the lens than those of the networks that are there, the case must be read: returns the
    /// request.
    pub(super) fn look(&mut self, ctx: &egui::Context) -> Option<Request> {
        if self.looking.is_some() || self.coming.is_some() {
            return None;
        }
        let (lens, number) = (self.awaited.clone()?, self.looks);
        let now = || lens.horizon.is_now().then_some(&self.network);
        let past = self.past.as_ref().filter(|past| !past.is_old).map(|past| &past.network);
        let known = past.filter(|past| *past.horizon() == lens.horizon);
        let Some(network) = known.or_else(now).cloned() else {
            let (now, progress) = (self.network.clone(), Progress::new());
            self.looking = Some(Looking::Reading(lens.clone(), progress.clone()));
            return Some(Request::Read(Box::new(Wanted { lens, number, now, progress })));
        };
        self.looking = Some(Looking::Beside(Beside::start(ctx, move || {
            let seen = network.through(&lens);
            Look { lens, number, network, seen, unlike: None }
        })));
        None
    }

    /// Takes what has been worked out, once it is there; returns whether something new is seen.
    pub(super) fn look_up(&mut self) -> bool {
        let Some(Looking::Beside(beside)) = &self.looking else { return false };
        match beside.outcome() {
            None => false,
            Some(Ok(look)) => self.take_look(look),
            Some(Err(_)) => {
                self.not_read(self.looks);
                false
            }
        }
    }

    /// Takes what is seen through the lens that was asked for, unless another was asked for since;
    /// returns whether something new is seen.
    pub(super) fn take_look(&mut self, look: Look) -> bool {
        self.looking = None;
        let Look { lens, number, network, seen, unlike } = look;
        // Of a case that was changed meanwhile it is shown until the next is there.
        if self.awaited.as_ref() != Some(&lens) {
            let_go((network, seen));
            return false;
        }
        if number == self.looks {
            self.awaited = None;
        }
        if let Some(unlike) = unlike {
            self.leave_past();
            self.answers.replace();
            let (mut read_only, mut evidence) = (None, Vec::new());
            if let Some(known) = lens.horizon.known {
                let why = format!("it is shown as it was after revision {known}.");
                read_only = self.read_only.replace(why);
                evidence = network.records().evidence.clone();
                std::mem::swap(&mut self.evidence, &mut evidence);
            }
            let is_old = number != self.looks;
            self.past =
                Some(Past { network: network.clone(), unlike, read_only, evidence, is_old });
        } else if lens.horizon.is_now() {
            self.leave_past();
        }
        self.see(lens, seen, network);
        true
    }

    /// Notes that what was to be read or worked out is not to be had: all stays as it is. Returns
    /// whether it was still wanted.
    pub(super) fn not_read(&mut self, number: u64) -> bool {
        self.looking = None;
        let is_wanted = number == self.looks && self.awaited.is_some();
        if is_wanted {
            self.awaited = None;
        }
        is_wanted
    }

    /// Takes the case for what it is now.
    fn leave_past(&mut self) {
        let Some(past) = self.past.take() else { return };
        self.answers.replace();
        if !past.goes_on() {
            (self.read_only, self.evidence) = (past.read_only, past.evidence);
        }
        let_go(past.network);
    }

    /// Notes that nothing can be changed any more.
    pub(super) fn distrust(&mut self, why: String, remedy: Option<Remedy>) {
        match &mut self.past {
            Some(past) if !past.goes_on() => past.read_only = Some(why),
            _ => self.read_only = Some(why),
        }
        self.remedy = remedy;
    }

    fn see(&mut self, lens: Lens, seen: Arc<Seen>, of: Network) {
        self.lens = lens;
        let_go((std::mem::replace(&mut self.seen, seen), std::mem::replace(&mut self.seen_of, of)));
        self.generation += 1;
        self.turn();
    }

    /// Notes that something else is seen now.
    fn turn(&mut self) {
        self.network_generation += 1;
        self.answers.turn();
    }

    /// Says why an entity, or one of its statements, is as strong as it is.
    pub fn why(&self, id: &Id, statement: Option<StatementKey>) -> Option<String> {
        self.seen_of.why(&self.seen, &self.lens, id, statement)
    }

    /// The network of the case as it is, or as it was then: what the lens takes something from.
    fn stated(&self) -> &Network {
        match &self.past {
            // What an author entered is only in the case as it is.
            Some(past) if past.goes_on() => &self.network,
            _ => &self.seen_of,
        }
    }

    /// What is seen of it with nothing taken for withdrawn, in the editions that the lens shows.
    pub fn plain(&self) -> Arc<Seen> {
        plain(self.stated(), &self.lens)
    }

    /// Says in which edition of a document a statement is lacking, if it is gone.
    pub fn lacking(&self, id: &Id, statement: StatementKey) -> Option<String> {
        self.seen_of.lacking(&self.lens, id, statement)
    }

    /// Whether something that the case states is not seen.
    pub(super) fn is_sifted(&self) -> bool {
        !self.shows_everything(&self.lens)
    }

    /// Whether the case has several editions of a document.
    pub(crate) fn has_editions(&self) -> bool {
        !self.network.records().editions.is_empty()
    }

    /// What tells which documents of the case a file may be another edition of.
    pub fn held(&self) -> Held {
        Held {
            evidence: self.evidence.clone(),
            editions: self.network.records().editions.clone(),
            settings: self.settings.clone(),
        }
    }

    /// The documents of which the case has no newer edition.
    pub(crate) fn newest_documents(&self) -> impl DoubleEndedIterator<Item = &Evidence> {
        edition::newest(&self.evidence, &self.network.records().editions)
    }

    /// What a search needs that is to find what is seen through the lens; nothing where that is the
    /// case as it is.
    pub(super) fn through(&self) -> Option<Through> {
        let unlike = self.past.as_ref().map(|past| &past.unlike);
        let through = || Through::new(self.network_generation, &self.seen, unlike);
        (!self.shows_everything(&self.lens)).then(through)
    }

    /// What is seen at this moment, for a thread to work with: a clone of pointers.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            seen: Arc::clone(&self.seen),
            network: self.seen_of.clone(),
            lens: self.lens.clone(),
            stated: self.stated().clone(),
            newest: self.base().clone(),
            turn: self.answers.turns(),
        }
    }

    /// Takes what was still coming.
    pub fn complete(&mut self, whole: Whole) {
        let records = self.network.records().clone();
        self.answers.replace();
        let_go(std::mem::replace(self.network_mut(), whole.network));
        self.network.record(records);
        self.see_anew();
        self.stale_scenes = whole.stale_scenes;
        self.coming = None;
        self.generation += 1;
        self.turn();
    }

    /// How many entities, relationships and documents the case holds, or about how many of all while
    /// it is still being read: each a number, and of what.
    pub fn counts(&self) -> Vec<(usize, &'static str)> {
        if let Some(about) = self.coming {
            return vec![(about, "entities and relationships (about)")];
        }
        let (links, documents) = (self.seen.link_count(), self.seen.document_count());
        let words = |count, one, many| (count, if count == 1 { one } else { many });
        vec![
            words(self.seen.len() - links - documents, "entity", "entities"),
            words(links, "relationship", "relationships"),
            words(documents, "document", "documents"),
        ]
    }

    /// Whether the case holds no entity.
    pub fn is_empty(&self) -> bool {
        self.seen.is_empty() && self.coming.is_none()
    }

    /// The name of the case: its title, else that of its file.
    pub fn title(&self) -> String {
        self.settings.get("title").cloned().unwrap_or_else(|| {
            self.path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
        })
    }

    /// A chart by its id.
    pub fn chart(&self, id: &Id) -> Option<&Chart> {
        self.charts.iter().find(|chart| chart.id == *id)
    }

    /// A group on any chart.
    pub fn group(&self, id: &Id) -> Option<&Group> {
        self.charts.iter().flat_map(|chart| &chart.groups).find(|group| group.id == *id)
    }

    /// The placements of a chart.
    pub fn placed(&self, chart: &Id) -> &[Placement] {
        self.placements.get(chart).map_or(&[], Vec::as_slice)
    }

    /// What to call an entity, relationship, document or chart.
    pub fn name(&self, id: &Id) -> String {
        if let Some(entity) = self.seen.get(id) {
            return self.seen.name_of(entity);
        }
        if let Some(chart) = self.chart(id) {
            return chart.name.clone();
        }
        if let Some(group) = self.group(id) {
            return group.name.clone();
        }
        if let Some(reference) = self.seen.reference(id) {
            return self.seen.connection_name(Connection::Reference(reference));
        }
        let document = self.evidence.iter().find(|item| item.id == *id);
        match document {
            Some(item) => match item.gone() {
                Some(gone) => format!("{} ({gone})", item.caption),
                None => item.caption.clone(),
            },
            None => id.to_string(),
        }
    }
}

/// What is seen of a network with nothing taken for withdrawn, in the editions that a lens shows.
fn plain(network: &Network, lens: &Lens) -> Arc<Seen> {
    let (horizon, editions) = (network.horizon().clone(), lens.editions);
    network.through(&Lens { horizon, editions, ..Lens::default() })
}

/// The case where not every revision counts, and what is kept meanwhile of the case as it is.
#[derive(Debug)]
struct Past {
    network: Network,
    /// What says something else in it than in the case as it is.
    unlike: Arc<Vec<u32>>,
    /// While the case is shown as it was: why it cannot be changed otherwise, and its evidence.
    read_only: Option<String>,
    evidence: Vec<Evidence>,
    /// Whether the case has changed since.
    is_old: bool,
}

impl Past {
    /// Whether the case goes on in it: it lacks what an author entered, but not what comes.
    fn goes_on(&self) -> bool {
        self.network.horizon().known.is_none()
    }
}

/// What is to be seen, while it is worked out.
#[derive(Debug)]
enum Looking {
    /// On a thread, of a network that is there.
    Beside(Beside<Look>),
    /// Of the case, which is read for a lens; can be stopped.
    Reading(Lens, Progress),
}

/// What is seen through a lens.
#[derive(Debug)]
pub struct Look {
    pub lens: Lens,
    /// Which change of what is to be seen asked for it.
    pub number: u64,
    /// The network that it is seen of.
    pub network: Network,
    pub seen: Arc<Seen>,
    /// Where the network was read for it: the keys of what says something else in it than in the
    /// case as it is.
    pub unlike: Option<Arc<Vec<u32>>>,
}

/// What is to be read of the case.
#[derive(Debug)]
pub struct Wanted {
    pub lens: Lens,
    /// See [`Look::number`].
    pub number: u64,
    /// The case as it is.
    pub now: Network,
    pub progress: Progress,
}

/// What was seen at some moment.
pub struct Snapshot {
    seen: Arc<Seen>,
    network: Network,
    lens: Lens,
    /// The network of what the lens takes something from.
    stated: Network,
    /// The newest network of the revisions that count in the lens.
    newest: Network,
    /// How often something else had been seen before.
    pub(super) turn: u64,
}

impl Snapshot {
    /// What is stated and what supports it, and the lens with what is seen through it.
    pub fn network(&self) -> (&Network, (&Lens, Arc<Seen>)) {
        (&self.network, (&self.lens, Arc::clone(&self.seen)))
    }

    /// The case as it is, or as it was then, with nothing taken for withdrawn, in the editions that
    /// the lens shows.
    pub(super) fn plain(&self) -> Arc<Seen> {
        plain(&self.stated, &self.lens)
    }

    /// The newest network of the revisions that count in the lens, of which this may not be seen
    /// yet.
    pub(super) fn newest(&self) -> &Network {
        &self.newest
    }
}

impl std::ops::Deref for Snapshot {
    type Target = Seen;

    fn deref(&self) -> &Seen {
        &self.seen
    }
}

/// What was missing of a large case.
#[derive(Debug)]
pub struct Whole {
    pub network: Network,
    /// See [`Model::stale_scenes`].
    pub stale_scenes: BTreeSet<Id>,
}

/// The network after a change that cannot be told one by one.
#[derive(Debug)]
pub enum Anew {
    Read {
        network: Network,
        /// Whether the one before is kept, so that redo need not read it.
        keeps: bool,
    },
    /// The one that was kept: what was undone is done again.
    Kept,
}

/// What a revision changed, read anew where a delta does not say it all; `None` where it did not
/// change.
#[derive(Debug)]
pub struct Change {
    pub delta: Delta,
    /// The network, where too much changed.
    pub anew: Option<Anew>,
    /// See [`Model::coming`]: of a large case the network is only what a window needs to be of use.
    pub coming: Option<usize>,
    pub charts: Option<Vec<Chart>>,
    pub placements: HashMap<Id, Vec<Placement>>,
    pub scenes: Option<Vec<Scene>>,
    /// See [`Model::stale_scenes`].
    pub stale_scenes: BTreeSet<Id>,
    pub evidence: Option<Vec<Evidence>>,
    pub settings: Option<BTreeMap<String, String>>,
    pub editions: Option<Vec<Edition>>,
    pub searches: Option<Vec<SavedSearch>>,
    pub pinned: Option<Vec<Pinned>>,
    /// Every revision.
    pub log: Vec<Revision>,
    pub undo: Option<String>,
    pub redo: Option<String>,
    pub digest: String,
}

impl Change {
    /// Whether something is still to come, of a case of which something was or was not.
    pub(super) fn leaves_coming(&self, coming: bool) -> bool {
        if self.anew.is_some() { self.coming.is_some() } else { coming }
    }

    /// Reads what a delta says has changed. Where that is too much, all is read if there are no
    /// more than about so many entities and relationships.
    pub(super) fn read_up_to(case: &Case, delta: Delta, at_once: u64) -> Result<Self> {
        let (anew, coming) = if delta.reload {
            let (network, coming) = network(case, at_once)?;
            (Some(Anew::Read { network, keeps: false }), coming)
        } else {
            (None, None)
        };
        Self::read(case, delta, anew, coming)
    }

    /// The same where the network that was kept is that of the case.
    pub(super) fn kept(case: &Case, delta: Delta) -> Result<Self> {
        Self::read(case, delta, Some(Anew::Kept), None)
    }

    fn read(case: &Case, delta: Delta, anew: Option<Anew>, coming: Option<usize>) -> Result<Self> {
        let mut placements = HashMap::new();
        let charts = if delta.charts.is_empty() { None } else { Some(case.charts()?) };
        for id in &delta.charts {
            placements.insert(id.clone(), case.placements(id)?);
        }
        Ok(Self {
            anew,
            coming,
            charts,
            placements,
            scenes: if delta.scenes { Some(case.scenes()?) } else { None },
            stale_scenes: if coming.is_some() { BTreeSet::new() } else { case.stale_scenes()? },
            evidence: if delta.evidence || delta.reload { Some(case.evidence()?) } else { None },
            settings: if delta.settings { Some(case.settings()?) } else { None },
            editions: if delta.settings { Some(case.editions()?) } else { None },
            searches: if delta.settings { Some(case.searches()?) } else { None },
            pinned: if delta.settings { Some(case.pinned()?) } else { None },
            log: case.log()?,
            undo: case.undo_label(),
            redo: case.redo_label(),
            digest: case.digest()?,
            delta,
        })
    }
}

/// The network of a case; of one that is larger than `at_once` only what stands on its first charts,
/// and about how much there is.
fn network(case: &Case, at_once: u64) -> Result<(Network, Option<usize>)> {
    let about = case.extent()?;
    if about <= at_once {
        return Ok((Network::read(case, &Progress::new())?, None));
    }
    let mut ids = Vec::new();
    for chart in case.charts()? {
        let placed = case.placements(&chart.id)?;
        if ids.len() + placed.len() <= FIRST {
            ids.extend(placed.into_iter().map(|placement| placement.entity));
        }
    }
    let mut few = Network::new(&case.among(&ids)?);
    few.record(Records::read(case, &Horizon::default())?);
    Ok((few, Some(about as usize)))
}

/// What the user looks at. Shared by all panels; none of it is in the case.
#[derive(Clone, Debug, Default)]
pub struct View {
    pub chart: Option<Id>,
    /// Selected entities and relationships: one selection for chart, table, timeline, inspector.
    pub selection: BTreeSet<Id>,
    /// The path that the user follows, drawn as the red thread while it is what is selected.
    pub thread: BTreeSet<Id>,
    /// The drawing of the chart that is chosen; nothing else is selected then.
    pub drawing: Option<Id>,
    /// What is selected as soon as the case has it: something that is being added.
    pub select_new: Option<Id>,
    /// The entity that should be brought into sight, if any; the canvas takes it.
    pub reveal: Option<Id>,
    /// What lies outside this period is dimmed.
    pub period: Period,
    /// What lies over the chart: what the filter leaves out, what size and colour stand for.
    pub overlay: Arc<Overlay>,
    /// What has been measured, in the order of [`Measure::ALL`].
    pub measured: BTreeMap<Measure, Arc<Measured>>,
    pub cameras: HashMap<Id, Camera>,
    /// Where the camera of the open chart glides to; the canvas takes it.
    pub glide_to: Option<Camera>,
    /// Whether the camera should show the whole chart; the canvas takes it.
    pub fit: bool,
    /// The document that the evidence panel shows.
    pub document: Option<Id>,
    /// What a citation is being made for: an entity or relationship, or one statement of it.
    pub cite_for: Option<(Id, Option<StatementKey>)>,
    /// The scene that is presented, if any: an index into the walkthrough.
    pub presenting: Option<usize>,
    /// The scene at which a presentation goes on that was left to read a document.
    pub continue_at: Option<usize>,
}

impl View {
    /// Whether what is selected is a path that the user follows.
    pub fn follows(&self) -> bool {
        !self.thread.is_empty() && self.selection == self.thread
    }
}

/// Where all that was found is to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Table,
    /// A new chart.
    Chart,
}

/// What panels ask for. They are carried out after the frame, in order.
#[derive(Debug)]
pub enum Request {
    Commit(Action),
    /// Change where something is, which is plain to see and not said in words.
    Move(Action),
    Undo,
    Redo,
    /// Undo one older revision.
    Revert(RevisionNumber),
    /// Undo one older revision together with all that builds on it.
    RevertWithLater(RevisionNumber),
    LookThrough(Lens),
    /// Ask a question, by its name, about some entities.
    Ask(&'static str, Vec<Id>),
    /// Withdraw a document, once the user has seen what rests on it.
    WithdrawEvidence(Id),
    /// Read the case for a lens in which not every revision counts.
    Read(Box<Wanted>),
    /// Answer what a panel asks; see [`Model::ask`].
    Query(Asked),
    /// Ask where to write what a job exports, by this name.
    AskExport(Box<export::Job>, String),
    /// Write the original of evidence to a file, verified on the way.
    ExportEvidence(Id, PathBuf),
    /// Open the original of evidence with the system's program, verified on the way.
    OpenEvidence(Id),
    /// Show all that fits what was typed.
    ShowAll(String, Place),
    /// Ask where to write the original of evidence, then write it.
    AskExportEvidence(Id),
    /// Say something to the user in a toast.
    Say(String),
    /// Say in a toast that something went wrong.
    Fail(String),
    Run(&'static Command),
    ShowEvidence,
    CloseDrawer,
    Open(PathBuf),
    Create(PathBuf),
    /// Build a demo case and open it.
    Demo(Demo),
    /// Ask what files would become, then take them into the case.
    AskImport(Vec<PathBuf>),
    Import(Box<Job>),
    /// Say what the import of another edition would change, without keeping it.
    Compare(Box<Job>),
    /// Say what would change if a document were another edition of others in the case.
    CompareHeld(Id, EditionOf),
    /// Ask of which document in the case another one is an edition.
    AskEdition(Id),
    /// Look up the rows in the case that a table names by their ids; with a number for the answer.
    LookUp(u64, Box<Sought>),
    /// Make a chart of these entities and the ends of these relationships, under this name.
    ShowOnChart(String, Arc<Vec<Id>>),
    /// List these entities and relationships alone in the table, under this name.
    ShowInTable(String, Arc<Vec<Id>>),
    /// Take documents into the case; with an entity or relationship, cite them for it.
    Attach(Vec<PathBuf>, Option<Id>),
    /// Write a text to a new file.
    Write(PathBuf, String),
    Export(Box<export::Job>),
    /// Show a file in the system's program for folders.
    Reveal(PathBuf),
    SaveCopy(PathBuf),
    /// Remove the lock that another computer left on the case, and open it for writing.
    ReleaseLock,
    Verify,
    Close,
}

impl Request {
    /// Whether it changes the case by an action.
    pub(crate) fn is_commit(&self) -> bool {
        matches!(self, Self::Commit(_) | Self::Move(_))
    }
}

/// What the user is told of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Nothing: it is plain to see.
    Plain,
    /// What was done, and can be undone.
    Done,
    /// What happened; nothing can be undone.
    Said,
}

/// What the worker answers: one answer for each request that it got, and [`Self::Whole`],
/// [`Self::Distrust`] and [`Self::Learned`] without being asked.
#[derive(Debug)]
pub enum Answer {
    Opened(Box<Opened>),
    Whole(Box<Whole>),
    /// Nothing can be changed from now on, because the open case is damaged or its file is not the
    /// one that was opened; why, in one sentence, and what can be done.
    Distrust(String, Option<Remedy>),
    /// A revision was written, or, with revision 0, there was nothing to do.
    Changed(Box<Change>, Notice),
    /// Files were taken in, or why not; then nothing was changed.
    Imported(std::result::Result<Box<Taken>, String>),
    /// What the import of another edition would change, or why that is not known.
    Compared(std::result::Result<Box<Difference>, String>),
    /// What would change if a document were another edition of others, and the action that makes it
    /// one; or why that is not known.
    ComparedHeld(std::result::Result<Box<(Difference, Action)>, String>),
    /// The rows that a table names, by the number of the request, or why they are not known.
    Found(u64, std::result::Result<Box<Found>, String>),
    /// The case as it was read for a lens, and is seen through it.
    Read(Box<Look>),
    /// The case was not read for a lens, by the number of the request; and why, unless it was stopped.
    NotRead(u64, Option<String>),
    /// A revision was not undone, because later ones build on it: those that would be undone too.
    BuiltOn(RevisionNumber, BTreeSet<RevisionNumber>),
    /// What a panel asked; nothing where something else was asked in its place meanwhile.
    Query(Option<Answered>),
    /// By now words that are only spelled alike can be looked for.
    Learned,
    Exported(PathBuf, Written),
    /// It is done; nothing else to say than this, if anything.
    Done(Option<String>),
    /// Something was refused or failed; what, where and what to do, in one sentence.
    Failed(String),
    /// A read failed that went on beside the work; nothing that changes the case failed.
    ReadFailed(String),
    /// The user stopped something; in one sentence what that means.
    Stopped(String),
    Closed,
}

/// What an import brought.
#[derive(Debug)]
pub struct Taken {
    pub change: Change,
    pub report: Report,
    /// What it is about, where that is not too much to list.
    pub ids: Option<Arc<Vec<Id>>>,
}

/// A case that was opened.
pub struct Opened {
    pub model: Model,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Opened({})", self.model.path.display())
    }
}
