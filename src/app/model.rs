//! What the panels may read: a copy of the open case, patched by deltas. It holds no truth.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::PathBuf,
    sync::Arc,
};

use crate::{
    case::{Action, Delta, Details, Revision},
    model::{Camera, Chart, Evidence, Id, Period, Placement, Scene},
    network::Network,
};

/// The open case as panels see it. Only the worker's answers change it.
#[derive(Default)]
pub struct Model {
    /// Where the case file is.
    pub path: PathBuf,
    /// Why nothing can be changed, if so, in one sentence.
    pub read_only: Option<String>,
    /// The case's settings: `title`, `marking`, `officer`, ….
    pub settings: BTreeMap<String, String>,
    /// Entities and relationships.
    pub network: Network,
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
    /// Details that have been asked for, until a delta touches them.
    pub details: HashMap<Id, Arc<Details>>,
    /// Bytes of evidence that a preview has asked for; cut at the preview's limit.
    pub previews: HashMap<Id, Arc<[u8]>>,
    /// Counts up with every change, so that a panel can tell whether what it derived is stale.
    pub generation: u64,
}

/// What the user looks at. Shared by all panels; none of it is in the case.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// The chart that is open.
    pub chart: Option<Id>,
    /// Selected entities and relationships: one selection for chart, table, timeline, inspector.
    pub selection: BTreeSet<Id>,
    /// The entity that should be brought into sight, if any; the canvas takes it.
    pub reveal: Option<Id>,
    /// What lies outside this period is dimmed.
    pub period: Period,
    /// Where each chart's camera is.
    pub cameras: HashMap<Id, Camera>,
    /// The scene that is presented, if any: an index into the walkthrough.
    pub presenting: Option<usize>,
}

/// What panels ask for. They are carried out after the frame, in order.
#[derive(Debug)]
pub enum Request {
    /// Change the case.
    Commit(Action),
    /// Undo the latest action.
    Undo,
    /// Do again what was undone last.
    Redo,
    /// Undo one older revision.
    Revert(i64),
    /// Fetch `Model::details` of an entity, unless they are there.
    Details(Id),
    /// Fetch `Model::previews` of evidence, unless they are there.
    Preview(Id),
    /// Write the original of evidence to a file, verified on the way.
    ExportEvidence(Id, PathBuf),
    /// Open the original of evidence with the system's program, verified on the way.
    OpenEvidence(Id),
    /// Say something to the user in a toast.
    Say(String),
    /// Run a command of the command list, by its id.
    Run(&'static str),
}

/// What the worker answers.
#[derive(Debug)]
pub enum Answer {
    /// A revision was written.
    Changed(Delta),
    /// Something was refused or failed; what, where and what to do, in one sentence.
    Failed(String),
}
