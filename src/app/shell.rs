//! The window's layout, and what becomes of requests.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use egui::{CentralPanel, Color32, Frame, Margin, Panel, RichText, Ui};
use serde::{Deserialize, Serialize};

use super::{
    as_if::{self, AsIf},
    author::{self as ask, AskAuthor},
    banner,
    canvas::{Canvas, far},
    command,
    dialogs::{Chosen, Dialogs, Purpose},
    entities::Entities,
    evidence::EvidencePanel,
    explore::Explore,
    export::{self, Export},
    findings::Findings,
    help,
    history::History,
    import::{self, Import},
    inspector::Inspector,
    keys::Held,
    layers::{Layer, Layers},
    menu,
    model::{Answer, Asker, Change, Model, Outcome, Place, Request, View},
    palette::Palette,
    question::{Matter, Question},
    remark::Remark,
    replaced::Replaced,
    room,
    scenes::Scenes,
    sent::Sent,
    sight, start,
    tabs::Tabs,
    theme::{self, S4, S8, T11, Theme, semibold},
    timeline::Timeline,
    toast::Toasts,
    ways::Ways,
    widgets::{self, icon_button, icon_toggle, panel_frame},
    worker::Worker,
};
use crate::{
    case::{Action, Kind, NewEvidence, Op, author},
    chart::{Mode, icon::ui as icon},
    exchange,
    export::Job,
    model::{Camera, Id},
    network::measured::{counted, grouped},
    network::{EntityRef, Lens},
};

const RECENTS: usize = 12;
/// Work that takes less than this is not announced.
const ANNOUNCE: Duration = Duration::from_millis(200);
/// How long dropped files wait for the pointer to say where they were dropped.
const DROP_WAIT: f64 = 0.35;

/// What is shown at the bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Drawer {
    Table,
    Timeline,
    Evidence,
    History,
    Scenes,
    Findings,
    Ways,
}

impl Drawer {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Table, "view.table"),
        (Self::Timeline, "view.timeline"),
        (Self::Evidence, "view.evidence"),
        (Self::Findings, "view.findings"),
        (Self::History, "view.history"),
        (Self::Scenes, "view.scenes"),
    ];

    /// The name of its panel.
    fn name(self) -> &'static str {
        match self {
            Self::Table => "Table panel",
            Self::Findings => "Findings panel",
            Self::Timeline => "Timeline panel",
            Self::Evidence => "Evidence panel",
            Self::History => "History panel",
            Self::Scenes => "Scenes panel",
            Self::Ways => "Paths panel",
        }
    }
}

/// What is remembered from one run to the next.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
struct Settings {
    dark: bool,
    scale: f32,
    inspector: bool,
    explore: bool,
    drawer: Option<Drawer>,
    recents: Vec<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            dark: false,
            scale: 1.0,
            inspector: true,
            explore: false,
            drawer: None,
            recents: Vec::new(),
        }
    }
}

/// Lower than this, in points, the rail draws its buttons closer together.
const LOW: f32 = 560.0;
/// Frames in which the window is looked for on the monitors that there are.
const LOOKED_FOR: u8 = 12;

/// What the user answers where work would be lost or stopped.
const STAY: &str = "Stay";
const WHEN_DONE: &str = "Quit when it is done";
const STOP: &str = "Stop it and quit";
const QUIT: &str = "Quit without it";
const GO_ON: &str = "Go on with the import";
const LEAVE: &str = "Leave the import";
const KEEP: &str = "Keep it";
const WITHDRAW: &str = "Withdraw it";

/// Whether the program is about to end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Leaving {
    #[default]
    No,
    /// As soon as nothing runs.
    WhenDone,
    /// Now: nothing is asked any more.
    Sure,
}

/// The program in its window.
pub struct App {
    worker: Worker,
    model: Option<Model>,
    view: View,
    theme: Theme,
    settings: Settings,
    requests: Vec<Request>,
    canvas: Canvas,
    tabs: Tabs,
    inspector: Inspector,
    entities: Entities,
    explore: Explore,
    evidence: EvidencePanel,
    findings: Findings,
    as_if: AsIf,
    timeline: Timeline,
    history: History,
    scenes: Scenes,
    ways: Ways,
    palette: Option<Palette>,
    /// What is being looked for to be shown, and where.
    show_all: Option<(String, Place)>,
    dialogs: Dialogs,
    toasts: Toasts,
    /// What is open over the panels.
    layers: Layers,
    /// Whether the user is asked for a name before the first change.
    asks_author: bool,
    ask_author: Option<AskAuthor>,
    /// Changes that wait for the author's name.
    held: Vec<Request>,
    question: Option<Question>,
    /// What is done once the user agrees to withdraw a document.
    withdrawing: Option<Action>,
    messages_open: bool,
    /// Files that are being replaced.
    replaced: Replaced,
    leaving: Leaving,
    /// Whether a text field had the keys in the frame before.
    typing: bool,
    /// The revision that a click wants to undo, once nothing else is under way.
    undo_wanted: Option<i64>,
    /// The height of the strip of notes, and where the camera was before it came and after.
    strip: (f32, Option<(Id, Camera, Camera)>),
    /// In how many frames the window has been looked for on the monitors.
    looked_for: u8,
    help: Option<help::Help>,
    /// The settings that the case has not answered yet.
    help_sent: Sent<help::Help>,
    remark: Option<Remark>,
    /// The tag or note that the case has not answered yet.
    remark_sent: Sent<Remark>,
    import: Option<Import>,
    /// Files to import once a case for them has been created.
    import_next: Vec<PathBuf>,
    export: Option<Export>,
    /// How the export dialog was left, and what is exported once it is known where to.
    exported: (Option<Export>, Option<Box<Job>>),
    /// Files that were dropped and wait for the pointer.
    dropped: Option<(Vec<PathBuf>, f64)>,
    styled: bool,
    /// What panels are filled with: nothing where the window already is.
    panel_fill: Color32,
}

impl App {
    /// The program, with a case to open if one is named.
    pub fn new(creation: &eframe::CreationContext<'_>, case: Option<PathBuf>) -> Self {
        let ctx = &creation.egui_ctx;
        theme::install_fonts(ctx);
        if let Some(state) = &creation.wgpu_render_state {
            far::gpu::install(state);
        }
        let graphics = far::Graphics::of(creation.wgpu_render_state.as_ref());
        let settings: Settings = creation
            .storage
            .and_then(|storage| storage.get_string("settings"))
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        let theme = Theme::of(if settings.dark { Mode::Dark } else { Mode::Light });
        let wake = ctx.clone();
        let mut app = Self {
            worker: Worker::start(move || wake.request_repaint()),
            model: None,
            view: View::default(),
            theme,
            settings,
            requests: Vec::new(),
            canvas: Canvas::with(graphics),
            tabs: Tabs::default(),
            inspector: Inspector::default(),
            entities: Entities::default(),
            explore: Explore::default(),
            evidence: EvidencePanel::default(),
            findings: Findings::default(),
            as_if: AsIf::default(),
            timeline: Timeline::default(),
            history: History::default(),
            scenes: Scenes::default(),
            ways: Ways::default(),
            palette: None,
            show_all: None,
            dialogs: Dialogs::default(),
            toasts: Toasts::default(),
            layers: Layers::default(),
            asks_author: false,
            ask_author: None,
            held: Vec::new(),
            question: None,
            withdrawing: None,
            messages_open: false,
            replaced: Replaced::default(),
            leaving: Leaving::No,
            typing: false,
            undo_wanted: None,
            strip: (0.0, None),
            looked_for: 0,
            help: None,
            help_sent: Sent::default(),
            remark: None,
            remark_sent: Sent::default(),
            import: None,
            import_next: Vec::new(),
            export: None,
            exported: (None, None),
            dropped: None,
            styled: false,
            panel_fill: Color32::TRANSPARENT,
        };
        app.requests.extend(case.map(Request::Open));
        app
    }

    /// Whether nothing is under way.
    pub fn is_idle(&self) -> bool {
        self.under_way().is_none()
    }

    /// What is under way, in one or two words.
    pub fn under_way(&self) -> Option<&'static str> {
        [
            ("a task of the case", !self.worker.is_idle()),
            ("a request", !self.requests.is_empty()),
            ("a measure", !self.explore.is_idle()),
            ("a layout", self.canvas.job().is_some()),
            ("a picture of the chart", !self.canvas.is_settled()),
            ("a document", self.evidence.is_busy()),
            ("an import", !self.import.as_ref().is_none_or(Import::is_idle)),
        ]
        .into_iter()
        .find_map(|(what, is_so)| is_so.then_some(what))
    }

    /// Moves the camera of the open chart, as a benchmark does that drives the window.
    pub fn look_at(&mut self, camera: Camera) {
        if let Some(chart) = &self.view.chart {
            self.view.cameras.insert(chart.clone(), camera);
        }
    }

    /// The copy of the open case.
    pub fn model(&self) -> Option<&Model> {
        self.model.as_ref()
    }

    /// What the user looks at.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// The chart on screen.
    pub fn canvas(&self) -> &Canvas {
        &self.canvas
    }

    /// Asks for something, as a panel does.
    pub fn ask(&mut self, request: Request) {
        self.requests.push(request);
    }

    /// The messages on screen.
    pub fn messages(&self) -> Vec<String> {
        self.toasts.texts().map(str::to_owned).collect()
    }

    /// Asks for the author's name before the first change, unless it is known.
    pub fn ask_for_author(&mut self) {
        self.asks_author = true;
    }

    /// Uses our own file dialog even where the system has one.
    pub fn use_own_dialogs(&mut self) {
        self.dialogs.own_only = true;
    }

    /// Takes a day for today, for pictures that are the same every day.
    pub fn hold_day(&mut self, day: jiff::civil::Date) {
        self.timeline.hold_day(day);
    }

    fn answers(&mut self, ctx: &egui::Context) {
        while let Some(answer) = self.worker.answer() {
            match answer {
                Answer::Opened(opened) => {
                    self.toasts.worked();
                    self.opened(ctx, opened.model);
                }
                Answer::Whole(whole) => {
                    if let Some(model) = &mut self.model {
                        model.complete(*whole);
                    }
                }
                Answer::Distrust(why, remedy) => {
                    if let Some(model) = &mut self.model {
                        model.distrust(why, remedy);
                        if model.coming.take().is_some() {
                            model.generation += 1;
                        }
                    }
                }
                Answer::Changed(change) => {
                    let (revision, label) = (change.delta.revision, change.delta.label.clone());
                    self.apply(*change);
                    self.toasts.worked();
                    if revision > 0 && !label.starts_with("Move ") {
                        self.toasts.done(label);
                    } else if revision == 0 && !label.is_empty() && label.starts_with("Exported") {
                        self.toasts.say(label);
                    }
                }
                Answer::Imported(Ok(taken)) => {
                    self.toasts.worked();
                    if let Some(import) = &mut self.import {
                        import.taken(&taken);
                    }
                    self.apply(taken.change);
                }
                Answer::Imported(Err(why)) => match &mut self.import {
                    Some(import) => import.failed(why),
                    None => self.toasts.fail(why),
                },
                Answer::Read(lens, reading, read) => {
                    if let Some(model) = &mut self.model {
                        model.look_back(*lens, reading, *read);
                    }
                }
                Answer::Details(id, at, details) => {
                    if let Some(model) = &mut self.model
                        && model.lens().horizon == at
                    {
                        model.details.insert(id, details.into());
                    }
                }
                Answer::Preview(id, bytes) => {
                    if let Some(model) = &mut self.model {
                        // One at a time: they are large.
                        model.previews.clear();
                        model.previews.insert(id, bytes.map(Into::into));
                    }
                }
                Answer::Touched(revision, ids) => {
                    if let Some(model) = &mut self.model {
                        model.touched.insert(revision, ids.into());
                    }
                }
                Answer::Cited(cited) => {
                    if let Some(model) = &mut self.model {
                        model.cited = Some(cited.into());
                    }
                }
                Answer::Found(asker, found) => {
                    if let Some(outcome) = found {
                        self.found(asker, *outcome);
                    }
                }
                Answer::Learned => {
                    if let Some(model) = &mut self.model {
                        model.knows_words = true;
                    }
                }
                Answer::Withdrawn(all) => {
                    if let Some(model) = &mut self.model {
                        model.withdrawn = Some(all.into());
                    }
                }
                Answer::Exported(path, written) => {
                    let mut text = format!(
                        "{} and {} written to {}.",
                        counted(written.entities as usize, "entity", "entities"),
                        counted(written.relationships as usize, "relationship", "relationships"),
                        path.display()
                    );
                    for note in written.notes {
                        text = format!("{text} {note}");
                    }
                    self.toasts.worked();
                    self.toasts.wrote(text, path);
                }
                Answer::Done(Some(text)) => {
                    self.toasts.worked();
                    self.toasts.say(text);
                }
                Answer::Done(None) => {}
                Answer::Failed(why) => {
                    if !self.refused(&why) {
                        self.toasts.fail(why);
                    }
                }
                Answer::ReadFailed(why) => {
                    self.evidence.leave_form(&mut self.view);
                    self.toasts.fail(why);
                }
                Answer::Stopped(what) => {
                    if !self.refused(&what) {
                        self.toasts.say(what);
                    }
                }
                Answer::Closed => {
                    self.model = None;
                    self.view = View::default();
                    ctx.send_viewport_cmd(egui::ViewportCommand::Title("Redthread".into()));
                }
            }
        }
    }

    /// The case refused a change: nothing is selected that it does not have, and the box that asked
    /// comes back with what was typed and the reason. Says whether there was one.
    fn refused(&mut self, why: &str) -> bool {
        self.view.select_new = None;
        self.canvas.refused(why)
            || self.inspector.refused(why)
            || self.entities.refused(why)
            || self.tabs.refused(why)
            || self.evidence.refused(&mut self.view, why)
            || self.scenes.refused(why)
            || self.palette.as_mut().is_some_and(|palette| palette.refused(why))
            || self.remark_sent.refused(&mut self.remark, why)
            || self.help_sent.refused(&mut self.help, why)
    }

    /// Takes what was found, and shows it where all of it was asked for.
    fn found(&mut self, asker: Asker, outcome: Outcome) {
        let Some(model) = &mut self.model else { return };
        let mut outcome = outcome;
        if !model.lens().is_plain() {
            // The file is searched as it is.
            outcome.found.hits.retain(|hit| model.seen.get(&hit.id).is_some());
            outcome.all.retain(|id| model.seen.get(id).is_some());
        }
        if asker != Asker::Whole {
            model.found.insert(asker, outcome.into());
            return;
        }
        let Some((text, place)) = self.show_all.take_if(|(text, _)| *text == outcome.text) else {
            return;
        };
        let name = format!("“{}”", text.trim());
        self.requests.push(match place {
            Place::Table => Request::ShowInTable(name, outcome.all.into()),
            Place::Chart => Request::ShowOnChart(name, outcome.all.into()),
        });
    }

    fn apply(&mut self, change: Change) {
        let Some(model) = &mut self.model else { return };
        let gone = change.delta.gone.clone();
        let documents = model.evidence.len();
        model.apply(change);
        if let Some(newest) = model.evidence.last()
            && model.evidence.len() > documents
        {
            self.view.document = Some(newest.id.clone());
        }
        self.view.selection.retain(|id| !gone.contains(id));
        let is_there = |id: &mut Id| model.seen.get(id).is_some() || model.group(id).is_some();
        if let Some(new) = self.view.select_new.take_if(is_there) {
            self.view.selection = [new].into();
        }
        self.canvas.taken();
        self.inspector.taken();
        self.entities.taken();
        self.tabs.taken();
        self.evidence.taken();
        self.scenes.taken();
        if let Some(palette) = &mut self.palette {
            palette.taken();
        }
        self.remark_sent.taken();
        self.help_sent.taken();
        if self.view.chart.as_ref().is_none_or(|id| model.chart(id).is_none()) {
            self.view.chart = model.charts.first().map(|chart| chart.id.clone());
        }
    }

    fn opened(&mut self, ctx: &egui::Context, model: Model) {
        self.settings.recents.retain(|path| *path != model.path);
        // Without the prefix that Windows puts before canonical paths where it can do without.
        let path = dunce::canonicalize(&model.path).unwrap_or_else(|_| model.path.clone());
        self.settings.recents.retain(|recent| *recent != path);
        self.settings.recents.insert(0, path);
        self.settings.recents.truncate(RECENTS);
        self.view =
            View { chart: model.charts.first().map(|chart| chart.id.clone()), ..View::default() };
        self.canvas = Canvas::with(self.canvas.graphics());
        self.evidence = EvidencePanel::default();
        self.findings = Findings::default();
        self.as_if = AsIf::default();
        self.entities = Entities::default();
        self.explore = Explore::default();
        self.timeline = Timeline::default();
        self.inspector = Inspector::default();
        self.scenes = Scenes::default();
        self.ways = Ways::default();
        self.remark = None;
        self.export = None;
        ctx.send_viewport_cmd(egui::ViewportCommand::Title(format!(
            "{} – Redthread",
            model.title()
        )));
        let files = std::mem::take(&mut self.import_next);
        self.import = (!files.is_empty()).then(|| Import::new(ctx, &model, files));
        self.model = Some(model);
    }

    /// Carries out what panels asked for in this frame.
    fn carry_out(&mut self, ctx: &egui::Context) {
        let mut rounds = 0;
        while !self.requests.is_empty() && rounds < 4 {
            rounds += 1;
            for request in std::mem::take(&mut self.requests) {
                let Some(request) = self.permitted(request) else { continue };
                match request {
                    Request::Say(text) => self.toasts.say(text),
                    Request::Fail(text) => self.toasts.fail(text),
                    Request::Reveal(path) => {
                        if let Err(why) = export::reveal(&path) {
                            self.toasts.say(why);
                        }
                    }
                    Request::Run(id) => self.run(ctx, id),
                    Request::AskExportEvidence(id) => {
                        let name = self
                            .model
                            .as_ref()
                            .and_then(|m| m.evidence.iter().find(|e| e.id == id));
                        let name = name.map(|e| e.file_name.clone()).unwrap_or_default();
                        // A name from a case that somebody sent may hold a path.
                        let name = name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
                        self.dialogs.ask(Purpose::Evidence(id), &name);
                    }
                    Request::LookThrough(lens) => {
                        if let Some(model) = &mut self.model {
                            model.look_through(lens);
                        }
                    }
                    Request::Ask(question, about) => {
                        self.findings.ask(question, about);
                        self.settings.drawer = Some(Drawer::Findings);
                    }
                    Request::WithdrawEvidence(id) => self.withdraw_evidence(&id),
                    Request::AskImport(files) => self.ask_import(ctx, files),
                    Request::ShowOnChart(name, ids) => {
                        if let Some(model) = &self.model {
                            let (view, requests) = (&mut self.view, &mut self.requests);
                            let wanted = (name.as_str(), ids.as_slice());
                            self.canvas.chart_of(ctx, model, view, &self.theme, requests, wanted);
                        }
                    }
                    Request::ShowInTable(name, ids) => {
                        self.entities.show_only(name, ids.iter().cloned());
                        self.settings.drawer = Some(Drawer::Table);
                    }
                    Request::ShowAll(text, place) => {
                        let generation = self.model.as_ref().map_or(0, |model| model.generation);
                        self.show_all = Some((text.clone(), place));
                        self.worker.ask(Request::Find {
                            asker: Asker::Whole,
                            text,
                            generation,
                            hits: None,
                        });
                    }
                    Request::Details(id) if self.has_details(&id) => {}
                    Request::Details(id) => {
                        let horizon = self.model.as_ref().map(|model| model.lens().horizon.clone());
                        let horizon = horizon.unwrap_or_default();
                        self.worker.ask(Request::DetailsAt(id, horizon));
                    }
                    Request::Preview(id)
                        if self
                            .model
                            .as_ref()
                            .is_some_and(|m| matches!(m.previews.get(&id), Some(Ok(_)))) => {}
                    other => self.worker.ask(other),
                }
            }
        }
        if let Some(request) = self.model.as_mut().and_then(Model::reading) {
            self.worker.ask(request);
        }
    }

    /// Withdraws a document; where something rests on it, the user is told and asked first.
    fn withdraw_evidence(&mut self, document: &Id) {
        let Some(model) = &self.model else { return };
        let title = format!("Withdraw “{}”", model.name(document));
        let action = Action::new(&title, vec![Op::WithdrawEntity(document.clone())]);
        match as_if::warning(model, document) {
            None => self.requests.push(Request::Commit(action)),
            Some(text) => {
                let answers = vec![KEEP, WITHDRAW];
                let title = format!("{title}?");
                self.question = Some(Question::new(Matter::WithdrawEvidence, title, text, answers));
                self.withdrawing = Some(action);
            }
        }
    }

    /// Holds back what would change the case where it may not be changed, or before it is known
    /// under whose name.
    fn permitted(&mut self, request: Request) -> Option<Request> {
        let changes = matches!(
            request,
            Request::Commit(_)
                | Request::Undo
                | Request::Redo
                | Request::Revert(_)
                | Request::Import(_)
                | Request::Attach(..)
        );
        if changes && let Some(why) = self.model.as_ref().and_then(|m| m.read_only.as_ref()) {
            let why = format!("This case is open for reading only: {why}");
            if !self.refused(&why) {
                self.toasts.say(why);
            }
            return None;
        }
        let waits = (changes || matches!(request, Request::Create(_))) && self.asks_author;
        if waits && !author::is_known() {
            self.held.push(request);
            self.ask_author.get_or_insert_with(|| AskAuthor::new(true));
            return None;
        }
        Some(request)
    }

    /// Opens the dialog of an import; without a case, one is created first.
    fn ask_import(&mut self, ctx: &egui::Context, files: Vec<PathBuf>) {
        let Some(model) = &self.model else {
            let stem = files.first().and_then(|path| path.file_stem()).unwrap_or_default();
            let name = format!("{}.redthread", stem.to_string_lossy());
            self.import_next = files;
            self.dialogs.ask(Purpose::NewCaseFor, &name);
            return;
        };
        match &model.read_only {
            Some(why) => self.toasts.say(format!("This case is open for reading only: {why}")),
            None => self.import = Some(Import::new(ctx, model, files)),
        }
    }

    fn has_details(&self, id: &Id) -> bool {
        self.model.as_ref().is_some_and(|model| model.details.contains_key(id))
    }

    /// Runs a command by its id.
    fn run(&mut self, ctx: &egui::Context, id: &'static str) {
        if let Some(why) =
            command::command(id).and_then(|c| c.obstacle(self.model.as_ref(), &self.view))
        {
            self.toasts.say(why);
            return;
        }
        if let Some(model) = &self.model
            && self.canvas.run(ctx, id, model, &mut self.view, &self.theme, &mut self.requests)
        {
            return;
        }
        let title = self.model.as_ref().map(Model::title).unwrap_or_default();
        match id {
            "case.new" => self.dialogs.ask(Purpose::NewCase, "New case.redthread"),
            "case.open" => self.dialogs.ask(Purpose::OpenCase, ""),
            "case.import" => self.dialogs.ask(Purpose::Import, ""),
            "case.export" => {
                let (before, dark) = (self.exported.0, self.settings.dark);
                self.export =
                    self.model.as_ref().map(|model| Export::new(before, model, &self.view, dark));
            }
            "case.save_copy" => {
                self.dialogs.ask(Purpose::SaveCopy, &format!("{title} copy.redthread"));
            }
            "case.verify" => self.requests.push(Request::Verify),
            "case.close" => self.requests.push(Request::Close),
            "app.author" => self.ask_author = Some(AskAuthor::new(false)),
            "app.quit" => self.quit(ctx),
            "view.messages" => self.messages_open = true,
            "case.settings" => self.help = self.model.as_ref().map(help::Help::settings),
            "edit.undo" => self.requests.push(Request::Undo),
            "edit.redo" => self.requests.push(Request::Redo),
            "edit.select_none" => self.view.selection.clear(),
            "palette.open" => self.palette = Some(Palette::default()),
            "case.withdraw" => self.withdraw(),
            "lens.known" => {
                self.settings.drawer = Some(Drawer::History);
                let hint = "Choose “See then” at a revision to see the case as it was after it.";
                self.toasts.say(hint.to_owned());
            }
            "lens.off" => self.requests.push(Request::LookThrough(Lens::default())),
            "case.restore" => {
                self.settings.drawer = Some(Drawer::Table);
                self.entities.show_withdrawn();
            }
            "entity.tag" | "entity.note" => {
                if let Some(model) = &self.model {
                    self.remark = Some(Remark::new(id == "entity.tag", model, &self.view));
                }
            }
            "evidence.attach" => self.dialogs.ask(Purpose::Attach, ""),
            "evidence.paste" => self.paste_document(),
            "evidence.cite" => {
                self.view.cite_for = self.view.selection.iter().next().map(|id| (id.clone(), None));
                self.evidence.take_keys();
                self.settings.drawer = Some(Drawer::Evidence);
            }
            "ways.find" => {
                if let Some(model) = &self.model {
                    self.ways.find(model, &self.view);
                    self.settings.drawer = Some(Drawer::Ways);
                }
            }
            "entity.edit" => {
                self.settings.drawer = Some(Drawer::Table);
                self.entities.rename();
            }
            "property.add" => {
                self.settings.inspector = true;
                self.settings.explore &= !room::is_narrow(room::width(ctx));
                self.close_drawer_for(ctx, true);
                self.inspector.add_property();
            }
            "ways.close" => self.settings.drawer = None,
            "show.evidence" => {
                self.settings.drawer = Some(Drawer::Evidence);
                if self.view.cite_for.is_some() {
                    self.evidence.take_keys();
                }
            }
            "view.inspector" => {
                self.settings.inspector = !self.is_inspector_shown(ctx);
                self.settings.explore &=
                    !(self.settings.inspector && room::is_narrow(room::width(ctx)));
                self.close_drawer_for(ctx, self.settings.inspector);
            }
            "view.explore" => {
                self.settings.explore = !self.is_explore_shown(ctx);
                self.close_drawer_for(ctx, self.settings.explore);
            }
            "view.theme" => {
                self.settings.dark = !self.settings.dark;
                self.styled = false;
            }
            "view.text_bigger" => self.scale_text(self.settings.scale + 0.1),
            "view.text_smaller" => self.scale_text(self.settings.scale - 0.1),
            "view.text_normal" => self.scale_text(1.0),
            "scene.add" => {
                self.settings.drawer = Some(Drawer::Scenes);
                if let Some(model) = &self.model {
                    self.scenes.add(model, &self.view, &mut self.requests);
                }
            }
            "scene.present" => self.view.presenting = Some(0),
            "help.shortcuts" => self.help = Some(help::Help::Shortcuts),
            "help.about" => self.help = Some(help::Help::About),
            id => {
                if let Some(name) = id.strip_prefix("ask.") {
                    if let Some(model) = &self.model {
                        self.findings.ask_selected(name, model, &self.view);
                    }
                    self.settings.drawer = Some(Drawer::Findings);
                } else if let Some((drawer, _)) =
                    Drawer::ALL.iter().find(|(_, command)| *command == id)
                {
                    let open = self.settings.drawer == Some(*drawer);
                    self.settings.drawer = if open { None } else { Some(*drawer) };
                } else if let Some(model) = &self.model {
                    self.tabs.run(id, model, &mut self.view, &mut self.requests);
                }
            }
        }
    }

    /// Sets the size of text and everything, in steps of a tenth.
    fn scale_text(&mut self, scale: f32) {
        self.settings.scale = ((scale * 10.0).round() / 10.0).clamp(0.8, 1.8);
        self.styled = false;
    }

    fn withdraw(&mut self) {
        let Some(model) = &self.model else { return };
        // A reference goes with the value that it is.
        let ids = self.view.selection.iter().filter(|id| model.seen.reference(id).is_none());
        let ids: Vec<Id> = ids.cloned().collect();
        let label = match &ids[..] {
            [one] => format!("Withdraw {}", model.name(one)),
            many => format!("Withdraw {} entities or relationships", many.len()),
        };
        // A relationship goes with its end; withdrawing it by itself first is then refused.
        let goes_along = |id: &Id| {
            let ends = model.seen.get(id).and_then(EntityRef::ends);
            ends.is_some_and(|(a, b)| ids.contains(a) || ids.contains(b))
        };
        let ops =
            ids.iter().filter(|id| !goes_along(id)).cloned().map(Op::WithdrawEntity).collect();
        self.requests.push(Request::Commit(Action::new(label, ops)));
    }

    /// Takes what is in the clipboard as a document: an image, else text.
    fn paste_document(&mut self) {
        let mut clipboard = match arboard::Clipboard::new() {
            Ok(clipboard) => clipboard,
            Err(error) => {
                self.toasts.fail(format!(
                    "The clipboard cannot be read ({error}); attach a file instead."
                ));
                return;
            }
        };
        let (bytes, mime, ending) = if let Ok(image) = clipboard.get_image() {
            let (width, height) = (image.width as u32, image.height as u32);
            let mut png = Vec::new();
            let made =
                image::RgbaImage::from_raw(width, height, image.bytes.into_owned()).map(|image| {
                    image.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png)
                });
            if !matches!(made, Some(Ok(()))) {
                self.toasts.fail(
                    "The image in the clipboard cannot be read; save it and attach the file.",
                );
                return;
            }
            (png, "image/png", "png")
        } else if let Ok(text) = clipboard.get_text() {
            if text.trim().is_empty() {
                self.toasts.say("The clipboard is empty: copy a text or an image first.");
                return;
            }
            (text.into_bytes(), "text/plain", "txt")
        } else {
            self.toasts.say("The clipboard is empty: copy a text or an image first.");
            return;
        };
        self.attach_pasted(bytes, mime, ending);
    }

    /// Attaches bytes that were pasted; with one thing selected, cites them for it.
    pub fn attach_pasted(&mut self, bytes: Vec<u8>, mime: &str, ending: &str) {
        let name = format!("Pasted {}", widgets::when(jiff::Timestamp::now().as_millisecond()));
        let file_name = format!("{}.{ending}", name.replace(':', "."));
        let document = NewEvidence::pasted(bytes, mime, &name, file_name);
        let id = document.id.clone();
        let mut ops = vec![Op::Attach(document)];
        let mut label = format!("Attach {name}");
        if let (Some(model), Some(to), 1) =
            (&self.model, self.view.selection.first(), self.view.selection.len())
        {
            ops.push(Op::Cite(super::worker::existence_citation(to, &id)));
            label = format!("{label} to {}", model.name(to));
        }
        self.settings.drawer = Some(Drawer::Evidence);
        self.requests.push(Request::Commit(Action::new(label, ops)));
    }

    fn chosen(&mut self, ctx: &egui::Context, Chosen { purpose, paths }: Chosen) {
        let Some(first) = paths.first().cloned() else { return };
        if purpose.may_replace()
            && let Err(why) = self.make_room(&purpose, &first)
        {
            self.toasts.fail(why);
            return;
        }
        let request = match purpose {
            Purpose::OpenCase => Request::Open(first),
            Purpose::NewCase | Purpose::NewCaseFor => Request::Create(first),
            Purpose::Import => Request::AskImport(paths),
            Purpose::Attach => {
                // What was attached is shown.
                self.settings.drawer = Some(Drawer::Evidence);
                Request::Attach(paths, None)
            }
            Purpose::SaveCopy => Request::SaveCopy(first),
            Purpose::Export(_) => {
                let Some(job) = self.exported.1.take() else { return };
                Request::Export(Box::new(Job { out: first, ..*job }))
            }
            Purpose::Write(text, _) => Request::Write(first, text),
            Purpose::LoadMapping => {
                if let Some(import) = &mut self.import {
                    import.load(ctx, &first);
                }
                return;
            }
            Purpose::Evidence(id) => Request::ExportEvidence(id, first),
        };
        self.requests.push(request);
    }

    /// Makes room for a file that the user has agreed to replace.
    fn make_room(&mut self, purpose: &Purpose, to: &std::path::Path) -> Result<(), String> {
        if !to.exists() || to.is_dir() {
            return Ok(());
        }
        if matches!(purpose, Purpose::SaveCopy) {
            let same = |path: &PathBuf| path.canonicalize().ok() == to.canonicalize().ok();
            if self.model.as_ref().is_some_and(|model| same(&model.path)) {
                return Err(format!(
                    "{} is the case that is open. Choose another name for the copy.",
                    to.display()
                ));
            }
            let mut lock = to.as_os_str().to_owned();
            lock.push(".lock");
            if PathBuf::from(lock).exists() {
                return Err(format!(
                    "{} is open in another program. Choose another name for the copy.",
                    to.display()
                ));
            }
        }
        self.replaced.make_room(to)
    }

    /// Ends the program, unless something would be stopped or lost: then it asks.
    fn quit(&mut self, ctx: &egui::Context) {
        if self.leaving == Leaving::Sure || !self.asks_before_quitting() {
            self.leaving = Leaving::WhenDone;
            ctx.request_repaint();
        }
    }

    /// Asks before the program ends where something runs or has been typed; says whether it asks.
    fn asks_before_quitting(&mut self) -> bool {
        if self.question.as_ref().is_some_and(|question| question.matter == Matter::Quit) {
            return true;
        }
        let running = self.worker.running().or_else(|| self.canvas.job());
        let running =
            running.filter(|running| !running.is_preview && running.since.elapsed() > ANNOUNCE);
        let typed = if self.import.as_ref().is_some_and(Import::has_work) {
            Some("The import is not finished. Its mapping is lost if you quit now.")
        } else if self.remark.as_ref().is_some_and(Remark::is_typed) {
            Some("The tag or note that you are writing is not saved.")
        } else if self.model.as_ref().is_some_and(|model| self.scenes.is_typed(model)) {
            Some("The text of a scene is not saved.")
        } else {
            None
        };
        self.question = match (running, typed) {
            (Some(running), _) => {
                let words = if running.can_stop {
                    "If you stop it, nothing of it is kept."
                } else {
                    "It cannot be stopped."
                };
                let text = format!("This is still going on: {}. {words}", running.what);
                let mut answers = vec![WHEN_DONE];
                answers.extend(running.can_stop.then_some(STOP));
                answers.push(STAY);
                Some(Question::new(Matter::Quit, "Quit Redthread?", text, answers))
            }
            (None, Some(text)) => {
                Some(Question::new(Matter::Quit, "Quit Redthread?", text, vec![STAY, QUIT]))
            }
            (None, None) => return false,
        };
        true
    }

    /// Does what a question was answered with.
    fn answered(&mut self, ctx: &egui::Context, matter: Matter, answer: &'static str) {
        match (matter, answer) {
            (Matter::Quit, WHEN_DONE) => {
                self.leaving = Leaving::WhenDone;
                self.toasts.say("Redthread will quit when the work is done.");
            }
            (Matter::Quit, STOP) => {
                for running in self.worker.running().into_iter().chain(self.canvas.job()) {
                    running.progress.cancel();
                }
                self.leaving = Leaving::WhenDone;
            }
            (Matter::Quit, QUIT) => self.leaving = Leaving::WhenDone,
            (Matter::ReleaseLock, banner::RELEASE) => self.requests.push(Request::ReleaseLock),
            (Matter::LeaveImport, LEAVE) => self.close_import(ctx),
            (Matter::WithdrawEvidence, WITHDRAW) => {
                let wanted = self.withdrawing.take();
                self.requests.extend(wanted.map(Request::Commit));
            }
            _ => {}
        }
    }

    /// Closes the dialog of an import, or goes on with the files that follow.
    fn close_import(&mut self, ctx: &egui::Context) {
        if let (Some(import), Some(model)) = (&mut self.import, &self.model)
            && import.go_on(ctx, model)
        {
            return;
        }
        self.import = None;
    }

    /// What happens when the window is to be closed, and when what was waited for is done.
    fn leave(&mut self, ctx: &egui::Context) {
        if self.leaving == Leaving::WhenDone
            && let Some(preview) = self.worker.running().filter(|running| running.is_preview)
        {
            preview.progress.cancel();
        }
        let is_done = self.worker.is_idle() && self.canvas.job().is_none();
        if self.leaving == Leaving::WhenDone && is_done {
            self.leaving = Leaving::Sure;
            ctx.send_viewport_cmd(egui::ViewportCommand::Close);
        }
        if ctx.input(|i| i.viewport().close_requested())
            && self.leaving != Leaving::Sure
            && (self.leaving == Leaving::WhenDone || self.asks_before_quitting())
        {
            ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
        }
    }

    /// Whether the program is about to end, without asking any more.
    pub fn is_leaving(&self) -> bool {
        self.leaving == Leaving::Sure
    }

    fn is_open(&self, layer: Layer) -> bool {
        match layer {
            Layer::Canvas => self.canvas.has_box(),
            Layer::Palette => self.palette.is_some(),
            Layer::Help => self.help.is_some(),
            Layer::Remark => self.remark.is_some(),
            Layer::Import => self.import.is_some(),
            Layer::Export => self.export.is_some(),
            Layer::Messages => self.messages_open,
            Layer::Files => self.dialogs.is_own_open(),
            Layer::Author => self.ask_author.is_some(),
            Layer::Question => self.question.is_some(),
        }
    }

    fn follow_layers(&mut self) {
        let mut layers = std::mem::take(&mut self.layers);
        layers.follow(|layer| self.is_open(layer));
        self.layers = layers;
    }

    /// Esc closes exactly what is on top: a menu, else the latest dialog or box.
    fn escape(&mut self, ctx: &egui::Context) {
        if !ctx.input(|i| i.key_pressed(egui::Key::Escape)) {
            return;
        }
        let consume = || {
            ctx.input_mut(|i| i.consume_key(egui::Modifiers::NONE, egui::Key::Escape));
        };
        if egui::Popup::is_any_open(ctx) {
            egui::Popup::close_all(ctx);
            consume();
            return;
        }
        let Some(top) = self.layers.top() else { return };
        match top {
            Layer::Palette => {
                if self.palette.as_mut().is_some_and(|palette| !palette.escape(ctx)) {
                    self.palette = None;
                }
            }
            Layer::Canvas => self.canvas.close_box(),
            Layer::Help => self.help = None,
            Layer::Remark => self.remark = None,
            Layer::Import => self.leave_import(ctx),
            Layer::Export => self.exported.0 = self.export.take(),
            Layer::Messages => self.messages_open = false,
            Layer::Files => self.dialogs.leave(),
            Layer::Author => {
                if let Some(asked) = self.ask_author.take() {
                    asked.leave();
                }
                self.requests.append(&mut self.held);
            }
            Layer::Question => self.question = None,
        }
        consume();
    }

    /// Esc on an import: what is under way is stopped by its own button, and work is not thrown
    /// away without a question.
    fn leave_import(&mut self, ctx: &egui::Context) {
        let Some(import) = &self.import else { return };
        if import.is_going() {
            return;
        }
        if import.has_work() {
            let text = "The mapping of the columns is not kept in the case yet.";
            let answers = vec![GO_ON, LEAVE];
            self.question =
                Some(Question::new(Matter::LeaveImport, "Leave the import?", text, answers));
        } else {
            self.close_import(ctx);
        }
    }

    /// Esc where nothing is open: it leaves a gesture or a mode, else an error, else the selection.
    /// Fields that were being typed in have had it already.
    fn escape_panels(&mut self, ctx: &egui::Context) {
        let pressed = ctx.input_mut(|i| i.consume_key(egui::Modifiers::NONE, egui::Key::Escape));
        if !pressed || self.typing || self.view.presenting.is_some() {
            return;
        }
        let is_citing = self.settings.drawer == Some(Drawer::Evidence);
        let did = self.canvas.leave_mode()
            || self.toasts.dismiss()
            || is_citing && self.evidence.leave_form(&mut self.view);
        if !did {
            self.view.selection.clear();
        }
    }

    fn shortcuts(&mut self, ctx: &egui::Context) {
        let anywhere = command::shortcuts().filter(|(_, id)| command::ANYWHERE.contains(id));
        for (shortcut, id) in anywhere {
            if ctx.input_mut(|i| i.consume_shortcut(&shortcut)) {
                self.requests.push(Request::Run(id));
                return;
            }
        }
        if self.layers.top().is_some() || self.view.presenting.is_some() {
            return;
        }
        // A form that is about to open has the keys already.
        let opens = self.settings.drawer == Some(Drawer::Evidence) && self.evidence.takes_keys();
        let typing = ctx.text_edit_focused() || opens;
        let mut wanted = None;
        ctx.input_mut(|i| {
            // The longer combination first: Ctrl+Shift+Z must not be taken for Ctrl+Z, nor Alt+L
            // for L.
            let mut shortcuts: Vec<_> = command::shortcuts().collect();
            shortcuts.sort_by_key(|(shortcut, _)| {
                let held = shortcut.modifiers;
                let held = [held.shift, held.alt, held.command];
                std::cmp::Reverse(held.into_iter().filter(|held| *held).count())
            });
            for (shortcut, id) in shortcuts {
                let plain = !shortcut.modifiers.command && !shortcut.modifiers.alt;
                let is_function = matches!(shortcut.logical_key, egui::Key::F1 | egui::Key::F5);
                let edits_text = matches!(
                    shortcut.logical_key,
                    egui::Key::Z
                        | egui::Key::A
                        | egui::Key::Delete
                        | egui::Key::ArrowLeft
                        | egui::Key::ArrowRight
                );
                if typing && ((plain && !is_function) || edits_text) {
                    continue;
                }
                if i.consume_shortcut(&shortcut) {
                    wanted = Some(id);
                    break;
                }
            }
            if !typing && wanted.is_none() {
                for event in &i.events {
                    match event {
                        egui::Event::Copy => wanted = Some("edit.copy"),
                        egui::Event::Paste(_) => wanted = Some("edit.paste"),
                        _ => {}
                    }
                }
            }
        });
        if let Some(id) = wanted {
            self.requests.push(Request::Run(id));
        }
    }

    /// Files that were dropped: a case is opened, a document attached. Where a document was
    /// dropped is known only once the pointer moves again.
    fn drops(&mut self, ctx: &egui::Context) {
        let (files, moved, now, at) = ctx.input(|i| {
            let files: Vec<PathBuf> =
                i.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect();
            let moved = i.events.iter().any(|event| matches!(event, egui::Event::PointerMoved(_)));
            (files, moved, i.time, i.pointer.latest_pos())
        });
        if !files.is_empty() {
            if let [one] = &files[..]
                && one.extension().is_some_and(|e| e.eq_ignore_ascii_case("redthread"))
            {
                self.requests.push(Request::Open(one.clone()));
                return;
            }
            if self.model.is_none() {
                let is_data = matches!(exchange::import::recognise(&files), Ok(Some(_)));
                self.requests.push(match &files[..] {
                    [one, ..] if !is_data => Request::Open(one.clone()),
                    _ => Request::AskImport(files),
                });
                return;
            }
            self.dropped = Some((files, now));
        }
        if let Some((_, since)) = &self.dropped {
            if !moved && now - since < DROP_WAIT {
                ctx.request_repaint_after(Duration::from_millis(60));
                return;
            }
            if let Some((files, _)) = self.dropped.take()
                && self.model.is_some()
            {
                let at = at.unwrap_or(egui::Pos2::new(-1.0, -1.0));
                self.requests.push(match self.canvas.under(at, &self.view) {
                    Some(id) => Request::Attach(files, Some(id)),
                    // A file of data is offered for import, any other is a document.
                    None if matches!(exchange::import::recognise(&files), Ok(Some(_))) => {
                        Request::AskImport(files)
                    }
                    None => Request::Attach(files, None),
                });
            }
        }
    }

    fn top_bar(&mut self, ui: &mut Ui) {
        let frame = Frame::new().fill(self.panel_fill).inner_margin(Margin::symmetric(10, 5));
        Panel::top("menu").frame(frame).show_separator_line(true).show(ui, |ui| {
            egui::MenuBar::new().ui(ui, |ui| {
                menu::menus(ui, &self.theme, self.model.as_ref(), &self.view, &mut self.requests);
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    let (sign, words) = if self.settings.dark {
                        (icon::LIGHT_MODE, "Light theme")
                    } else {
                        (icon::DARK_MODE, "Dark theme")
                    };
                    let words = command::with_keys(ui.ctx(), words, "view.theme");
                    if icon_button(ui, &self.theme, sign, &words).clicked() {
                        self.requests.push(Request::Run("view.theme"));
                    }
                    if ui.available_width() > 160.0 {
                        let keys = command::keys(ui.ctx(), "palette.open");
                        let text = format!("Find anything  {keys}");
                        let text = RichText::new(text).color(self.theme.weak);
                        let button = egui::Button::new(text)
                            .min_size([180.0, 26.0].into())
                            .fill(self.theme.sunken);
                        let response = ui.add(button);
                        widgets::named(&response, "Find anything", None, true);
                        if response.clicked() {
                            self.requests.push(Request::Run("palette.open"));
                        }
                    }
                    if let Some(model) = &self.model {
                        let marking = model.settings.get("marking").filter(|m| !m.is_empty());
                        let room = ui.available_width();
                        if let Some(marking) = marking.filter(|_| room > 330.0) {
                            widgets::chip(ui, marking, self.theme.alarm);
                        }
                        let title = model.title();
                        ui.add(
                            egui::Label::new(RichText::new(&title).font(semibold(13.0))).truncate(),
                        )
                        .on_hover_text(model.path.display().to_string());
                    }
                });
            });
        });
        if let Some(model) = &self.model {
            let question = banner::ui(ui, model, &self.theme, &mut self.requests);
            self.question = question.or(self.question.take());
            self.as_if.ui(ui, model, &mut self.view, &self.theme, &mut self.requests);
        }
    }

    fn rail(&mut self, ui: &mut Ui) {
        let frame = Frame::new().fill(self.panel_fill).inner_margin(Margin::symmetric(6, 6));
        let is_low = ui.available_height() < LOW;
        Panel::left("rail").resizable(false).exact_size(40.0).frame(frame).show(ui, |ui| {
            let foot = egui::Layout::bottom_up(egui::Align::Min);
            ui.with_layout(foot, |ui| {
                let on = self.is_inspector_shown(ui.ctx());
                let words = command::with_keys(ui.ctx(), "Inspector", "view.inspector");
                if icon_toggle(ui, &self.theme, icon::VIEW_SIDEBAR, &words, on).clicked() {
                    self.requests.push(Request::Run("view.inspector"));
                }
                ui.add_space(S4);
                let rest = egui::Layout::top_down(egui::Align::Min);
                ui.with_layout(rest, |ui| {
                    // In the lowest windows the rest scrolls.
                    let area = egui::ScrollArea::vertical().scroll_bar_visibility(
                        egui::scroll_area::ScrollBarVisibility::AlwaysHidden,
                    );
                    area.show(ui, |ui| self.rail_buttons(ui, is_low));
                });
            });
        });
    }

    fn rail_buttons(&mut self, ui: &mut Ui, is_low: bool) {
        ui.spacing_mut().item_spacing.y = if is_low { 0.0 } else { S4 };
        if let Some(command) = command::command("view.explore") {
            let tooltip = command.tooltip(ui.ctx());
            let on = self.is_explore_shown(ui.ctx());
            if icon_toggle(ui, &self.theme, command.icon, &tooltip, on).clicked() {
                self.requests.push(Request::Run(command.id));
            }
        }
        for (drawer, id) in Drawer::ALL {
            let Some(command) = command::command(id) else { continue };
            let on = self.settings.drawer == Some(drawer);
            if icon_toggle(ui, &self.theme, command.icon, &command.tooltip(ui.ctx()), on).clicked()
            {
                self.requests.push(Request::Run(id));
            }
        }
        ui.add_space(if is_low { S4 } else { S8 });
        for id in [
            "entity.add",
            "link.mode",
            "layout.force",
            "layout.layered",
            "chart.fit",
            "scene.present",
        ] {
            let Some(command) = command::command(id) else { continue };
            let obstacle = command.obstacle(self.model.as_ref(), &self.view);
            let tooltip = command.tooltip(ui.ctx());
            let response = ui
                .add_enabled_ui(obstacle.is_none(), |ui| {
                    icon_button(ui, &self.theme, command.icon, &tooltip)
                })
                .inner;
            let response = match obstacle {
                Some(why) => response.on_disabled_hover_text(format!("{tooltip}. {why}")),
                None => response,
            };
            if response.clicked() {
                self.requests.push(Request::Run(id));
            }
        }
    }

    fn status_bar(&mut self, ui: &mut Ui) {
        let frame = Frame::new().fill(self.panel_fill).inner_margin(Margin::symmetric(12, 3));
        Panel::bottom("status").frame(frame).resizable(false).show(ui, |ui| {
            let Some(counts) = self.model.as_ref().map(Model::counts) else { return };
            ui.horizontal(|ui| {
                // The dots between the parts bring their own room.
                ui.spacing_mut().item_spacing.x = S4 - 1.0;
                let weak = self.theme.weak;
                let small = |text: String| RichText::new(text).size(T11).color(weak);
                let counts = counts.into_iter();
                let counts: Vec<String> =
                    counts.map(|(count, what)| format!("{} {what}", grouped(count))).collect();
                ui.label(small(counts.join(" · ")));
                if let Some((shown, all)) = self.explore.passing() {
                    let text = format!("· filter: {} of {} pass", grouped(shown), grouped(all));
                    let text = RichText::new(text).size(T11).color(self.theme.accent);
                    let response = widgets::quiet_button(ui, text);
                    let words = command::with_keys(ui.ctx(), "Show the filter", "view.explore");
                    if response.on_hover_text(words).clicked() {
                        self.settings.explore = true;
                    }
                }
                if !self.view.selection.is_empty() {
                    ui.label(small(format!("· {} selected", self.view.selection.len())));
                }
                ui.add_space(S8);
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    ui.spacing_mut().item_spacing.x = S8;
                    self.messages_button(ui);
                    self.status_right(ui);
                });
            });
        });
    }

    /// The button that opens the list of messages; it says how many errors are on screen.
    fn messages_button(&mut self, ui: &mut Ui) {
        let (text, ink) = match self.toasts.errors() {
            0 => ("Messages".to_owned(), self.theme.weak),
            1 => ("1 error".to_owned(), self.theme.alarm),
            many => (format!("{many} errors"), self.theme.alarm),
        };
        let button = egui::Button::new(RichText::new(text).size(T11).color(ink));
        // As wide with any of the words, so that its neighbours stay where they are.
        let button = button.small().frame_when_inactive(false).min_size([74.0, 0.0].into());
        let response = ui.add(button);
        widgets::named(&response, "Messages", None, true);
        let words =
            command::with_keys(ui.ctx(), "Show all messages since the start", "view.messages");
        if response.on_hover_text(words).clicked() {
            self.messages_open = true;
        }
    }

    /// What runs, else what was done last and the button that undoes it.
    fn status_right(&mut self, ui: &mut Ui) {
        let small = |text: String| RichText::new(text).size(T11).color(self.theme.weak);
        if self.canvas.is_live() {
            if ui.small_button("Stop").clicked() {
                self.requests.push(Request::Run("layout.live"));
            }
            ui.label(small("Live layout".into()));
            return;
        }
        if let Some(running) = (self.worker.running().or_else(|| self.canvas.job()))
            .filter(|r| r.since.elapsed() > ANNOUNCE)
        {
            if running.can_stop {
                let late = !running.progress.can_stop();
                let cancel = ui.add_enabled(!late, egui::Button::new("Cancel").small());
                let why = "The change is being saved and can no longer be stopped.";
                if cancel.on_disabled_hover_text(why).clicked() {
                    running.progress.cancel();
                }
            }
            if let Some(part) = running.progress.fraction() {
                ui.add(egui::ProgressBar::new(part).desired_width(120.0).show_percentage());
            } else {
                ui.spinner();
            }
            ui.add(egui::Label::new(small(running.what)).truncate());
            ui.ctx().request_repaint_after(ANNOUNCE);
            return;
        }
        let Some(model) = &self.model else { return };
        let Some(next) = &model.undo else {
            ui.label(small("Everything is saved".into()));
            return;
        };
        let obstacle = command::command("edit.undo")
            .and_then(|command| command.obstacle(Some(model), &self.view));
        let button = egui::Button::new("Undo").small();
        let response = ui.add_enabled(obstacle.is_none(), button);
        let words = command::with_keys(ui.ctx(), &format!("Undo: {next}"), "edit.undo");
        let response = response.on_hover_text(words);
        let response = match obstacle {
            Some(why) => response.on_disabled_hover_text(why),
            None => response,
        };
        if response.clicked() {
            self.undo_wanted = next_undo(model);
        }
        if let Some(again) = model.redo.as_ref().filter(|_| model.read_only.is_none()) {
            let words = command::with_keys(ui.ctx(), &format!("Redo: {again}"), "edit.redo");
            if ui.small_button("Redo").on_hover_text(words).clicked() {
                self.requests.push(Request::Redo);
            }
        }
        let text = if model.read_only.is_some() {
            small(format!("Last change: {next}"))
        } else if let Some(done) = self.toasts.last_done() {
            RichText::new(format!("{}  {done}", icon::CHECK)).size(T11).color(self.theme.good)
        } else {
            small(format!("Saved: {next}"))
        };
        ui.add(egui::Label::new(text).truncate());
    }

    fn workspace(&mut self, ui: &mut Ui) {
        let Some(model) = &self.model else { return };
        let (view, theme, requests) = (&mut self.view, &self.theme, &mut self.requests);
        let room = ui.available_size();
        self.explore.update(ui.ctx(), model, view, self.settings.explore);
        let side = room::side(room);
        let beside = !(self.settings.drawer.is_some() && room::is_tight(room.x));
        let both = !room::is_narrow(room.x) || !self.settings.explore;
        if self.settings.inspector && both && beside {
            Panel::right(format!("inspector{}", side.class))
                .resizable(true)
                .default_size(side.size)
                .size_range(side.range)
                .frame(panel_frame(theme).fill(self.panel_fill))
                .show(ui, |ui| {
                    room::name(ui, "Inspector panel");
                    self.inspector.ui(ui, model, view, theme, requests);
                });
        }
        if let Some(drawer) = self.settings.drawer {
            let share = room::drawer(room);
            Panel::bottom(format!("drawer-{drawer:?}{}", share.class))
                .resizable(true)
                .default_size(share.size)
                .size_range(share.range)
                .frame(panel_frame(theme).fill(self.panel_fill))
                .show(ui, |ui| {
                    room::name(ui, drawer.name());
                    ui.set_min_height(ui.available_height());
                    match drawer {
                        Drawer::Table => self.entities.ui(ui, model, view, theme, requests),
                        Drawer::Timeline => self.timeline.ui(ui, model, view, theme, requests),
                        Drawer::Evidence => self.evidence.ui(ui, model, view, theme, requests),
                        Drawer::Findings => self.findings.ui(ui, model, view, theme, requests),
                        Drawer::History => self.history.ui(ui, model, view, theme, requests),
                        Drawer::Scenes => self.scenes.ui(ui, model, view, theme, requests),
                        Drawer::Ways => self.ways.ui(ui, model, view, theme, requests),
                    }
                });
        }
        if self.settings.explore && beside {
            Panel::left(format!("explore{}", side.class))
                .resizable(true)
                .default_size(side.size.min(268.0))
                .size_range(side.range)
                .frame(panel_frame(theme).fill(self.panel_fill))
                .show(ui, |ui| {
                    room::name(ui, "Filter panel");
                    self.explore.ui(ui, model, view, theme, requests);
                });
        }
        let tabs = Frame::new().fill(self.panel_fill).inner_margin(Margin::symmetric(8, 4));
        Panel::top("tabs")
            .frame(tabs)
            .resizable(false)
            .show(ui, |ui| self.tabs.ui(ui, model, view, theme, requests));
        let strip =
            if self.layers.is_modal() { 0.0 } else { self.toasts.strip(ui, theme, requests, true) };
        let strip = strip + self.canvas.mode_strip(ui, theme);
        keep_place(&mut self.strip, strip, view);
        CentralPanel::no_frame().show(ui, |ui| self.canvas.ui(ui, model, view, theme, requests));
    }

    fn present(&mut self, ui: &mut Ui) {
        let Some(model) = &self.model else { return };
        let (view, theme, requests) = (&mut self.view, &self.theme, &mut self.requests);
        self.scenes.present_ui(ui, model, view, theme, requests);
        if !self.layers.is_modal() {
            self.toasts.strip(ui, theme, requests, true);
        }
        CentralPanel::no_frame().show(ui, |ui| self.canvas.ui(ui, model, view, theme, requests));
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, frame: &mut eframe::Frame) {
        self.come_into_sight(ctx, frame);
        self.logic(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _: &mut eframe::Frame) {
        self.ui(ui);
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        if let Ok(text) = serde_json::to_string(&self.settings) {
            storage.set_string("settings", text);
        }
    }

    fn on_exit(&mut self, _: Option<&eframe::glow::Context>) {
        self.worker.ask(Request::Close);
        // Every action is committed already; this only folds the log into the one file.
        let until = Instant::now() + Duration::from_secs(20);
        while !self.worker.is_idle() && Instant::now() < until {
            self.worker.answer();
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl App {
    /// What happens before each frame.
    pub fn logic(&mut self, ctx: &egui::Context) {
        if !self.styled {
            self.theme = Theme::of(if self.settings.dark { Mode::Dark } else { Mode::Light });
            self.theme.install(ctx, self.settings.scale);
            self.styled = true;
        }
        self.answers(ctx);
        if !self.worker.is_idle() || self.canvas.job().is_some() {
            // How far the work is must be shown in the end, also where nothing else happens.
            ctx.request_repaint_after(ANNOUNCE);
        }
        self.drops(ctx);
        self.follow_layers();
        self.escape(ctx);
        self.shortcuts(ctx);
        self.undo_if_next();
        if self.worker.is_idle() {
            self.replaced.settle();
        }
        self.carry_out(ctx);
        self.leave(ctx);
    }

    /// Undoes what a click wanted undone, if that is still what would be undone.
    fn undo_if_next(&mut self) {
        let Some(wanted) = self.undo_wanted.take_if(|_| self.worker.is_idle()) else { return };
        if self.model.as_ref().and_then(next_undo) == Some(wanted) {
            self.requests.push(Request::Undo);
        } else {
            self.toasts.say("Something else was done meanwhile. Nothing was undone.");
        }
    }

    /// Brings the window back where it is on no monitor, in the first frames.
    fn come_into_sight(&mut self, ctx: &egui::Context, frame: &eframe::Frame) {
        if self.looked_for >= LOOKED_FOR {
            return;
        }
        self.looked_for += 1;
        ctx.request_repaint_after(Duration::from_millis(50));
        if let Some(rect) = sight::wanted(frame, ctx.pixels_per_point()) {
            ctx.send_viewport_cmd(egui::ViewportCommand::OuterPosition(rect.min));
            if ctx.content_rect().width() > rect.width()
                || ctx.content_rect().height() > rect.height()
            {
                ctx.send_viewport_cmd(egui::ViewportCommand::InnerSize(rect.size()));
            }
        }
    }

    /// Whether the inspector is on screen: in a narrow window the filter takes its place.
    fn is_inspector_shown(&self, ctx: &egui::Context) -> bool {
        let instead = self.settings.explore && room::is_narrow(room::width(ctx));
        self.settings.inspector && !instead && !self.is_drawer_alone(ctx)
    }

    /// Whether the filter is on screen.
    fn is_explore_shown(&self, ctx: &egui::Context) -> bool {
        self.settings.explore && !self.is_drawer_alone(ctx)
    }

    /// Whether a drawer leaves no room for a panel beside it.
    fn is_drawer_alone(&self, ctx: &egui::Context) -> bool {
        self.settings.drawer.is_some() && room::is_tight(room::width(ctx))
    }

    /// Closes the drawer where a side panel that was opened has no room beside it.
    fn close_drawer_for(&mut self, ctx: &egui::Context, opened: bool) {
        if opened && self.is_drawer_alone(ctx) {
            self.settings.drawer = None;
        }
    }

    /// One frame.
    pub fn ui(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        let panels = far::backdrop(self.canvas.graphics(), &self.theme, ctx.content_rect());
        self.panel_fill = if panels.is_some() { Color32::TRANSPARENT } else { self.theme.panel };
        ui.painter().extend(panels);
        self.follow_layers();
        let top = self.layers.top();
        // Nothing behind what is on top gets a key.
        let mut held = top.filter(|top| *top != Layer::Canvas).map(|_| Held::take(&ctx));
        if self.model.is_some() && self.view.presenting.is_some() {
            self.present(ui);
        } else {
            self.top_bar(ui);
            if self.model.is_some() {
                self.status_bar(ui);
                self.rail(ui);
                self.workspace(ui);
            } else {
                if !self.layers.is_modal() {
                    self.toasts.strip(ui, &self.theme, &mut self.requests, false);
                }
                let frame = Frame::new()
                    .fill(theme::color(self.theme.style.ground))
                    .inner_margin(Margin::same(24));
                CentralPanel::default_margins().frame(frame).show(ui, |ui| {
                    if self.worker.is_idle() {
                        start::ui(ui, &self.theme, &mut self.settings.recents, &mut self.requests);
                    } else {
                        waiting(ui, &self.theme, &self.worker);
                    }
                });
            }
        }
        for layer in Layer::ALL.into_iter().filter(|layer| *layer != Layer::Canvas) {
            if !self.is_open(layer) && layer != Layer::Files {
                continue;
            }
            let is_top = top == Some(layer);
            if is_top && let Some(keys) = held.take() {
                keys.give_back(&ctx);
            }
            self.draw(&ctx, layer);
            if is_top {
                held = Some(Held::take(&ctx));
            }
        }
        if let Some(keys) = held {
            keys.give_back(&ctx);
        }
        if top.is_none() {
            self.escape_panels(&ctx);
        }
        self.typing = ctx.text_edit_focused();
        self.toasts.age(&ctx);
        if self.layers.is_modal() {
            self.toasts.beside_dialog(&ctx, &self.theme, &mut self.requests);
        }
        self.carry_out(&ctx);
    }

    /// Draws what is open over the panels.
    fn draw(&mut self, ctx: &egui::Context, layer: Layer) {
        let (theme, requests) = (&self.theme, &mut self.requests);
        match layer {
            Layer::Canvas => {}
            Layer::Palette => {
                if let Some(palette) = &mut self.palette
                    && !palette.ui(ctx, self.model.as_ref(), &mut self.view, theme, requests)
                {
                    self.palette = None;
                }
            }
            Layer::Help => {
                let before = requests.len();
                let closed = self.help.take_if(|help| !help.ui(ctx, theme, requests));
                if closed.is_some() {
                    self.help_sent.keep(closed, &requests[before..]);
                }
            }
            Layer::Remark => {
                let before = requests.len();
                if let (Some(remark), Some(model)) = (&mut self.remark, &self.model)
                    && !remark.ui(ctx, model, theme, requests)
                {
                    self.remark_sent.keep(self.remark.take(), &requests[before..]);
                }
            }
            Layer::Import => self.draw_import(ctx),
            Layer::Export => {
                let (Some(export), Some(model)) = (&mut self.export, &self.model) else { return };
                match export.ui(ctx, model, &self.view, theme) {
                    export::Told::Nothing => {}
                    export::Told::Closed => self.exported.0 = self.export.take(),
                    export::Told::Chosen(job, name) => {
                        self.dialogs.ask(Purpose::Export(job.target.name), &name);
                        self.exported = (self.export.take(), Some(job));
                    }
                }
            }
            Layer::Messages => self.messages_open = self.toasts.list_ui(ctx, theme),
            Layer::Files => {
                if let Some(chosen) = self.dialogs.ui(ctx, theme) {
                    self.chosen(ctx, chosen);
                }
            }
            Layer::Author => {
                if let Some(asked) = &mut self.ask_author
                    && asked.ui(ctx, theme) == ask::Told::Over
                {
                    self.ask_author = None;
                    self.requests.append(&mut self.held);
                }
            }
            Layer::Question => {
                let Some(question) = &mut self.question else { return };
                let matter = question.matter;
                if let Some(answer) = question.ui(ctx, theme) {
                    self.question = None;
                    self.answered(ctx, matter, answer);
                }
            }
        }
    }

    fn draw_import(&mut self, ctx: &egui::Context) {
        let (Some(import), Some(model)) = (&mut self.import, &self.model) else { return };
        match import.ui(ctx, (model, &self.worker), &self.theme, &mut self.requests) {
            import::Told::Nothing => {}
            import::Told::Closed => self.close_import(ctx),
            import::Told::Save(name, text) => {
                let is_list = std::path::Path::new(&name).extension().is_some_and(|e| e == "csv");
                let ending = if is_list { "csv" } else { "json" };
                self.dialogs.ask(Purpose::Write(text, ending), &name);
            }
            import::Told::Load => self.dialogs.ask(Purpose::LoadMapping, ""),
        }
    }
}

/// The revision that undo would undo.
fn next_undo(model: &Model) -> Option<i64> {
    model.undo.as_ref()?;
    let newest = model.log.iter().rev();
    let mut undoable = newest.filter(|r| matches!(r.kind, Kind::Edit | Kind::Revert) && !r.undone);
    undoable.next().map(|revision| revision.number)
}

/// Keeps the chart where it is on the screen while the strip of notes above it comes and goes.
fn keep_place(
    (before, moved): &mut (f32, Option<(Id, Camera, Camera)>),
    now: f32,
    view: &mut View,
) {
    let by = now - std::mem::replace(before, now);
    if by == 0.0 {
        return;
    }
    let Some(chart) = view.chart.clone() else { return };
    let Some(camera) = view.cameras.get_mut(&chart) else { return };
    let was = *camera;
    *camera = match moved.take() {
        // Back to the very same place, where nobody has looked elsewhere meanwhile.
        Some((id, old, new)) if now == 0.0 && id == chart && new == was => old,
        kept => {
            let new = Camera { y: was.y + by / 2.0 / was.zoom, ..was };
            let old = kept.filter(|(id, _, new)| *id == chart && *new == was);
            *moved = Some((chart, old.map_or(was, |(_, old, _)| old), new));
            new
        }
    };
}

fn waiting(ui: &mut Ui, theme: &Theme, worker: &Worker) {
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * 0.4);
        let Some(running) = worker.running() else { return };
        if running.since.elapsed() < ANNOUNCE {
            return;
        }
        ui.label(RichText::new(running.what).color(theme.weak));
        match running.progress.fraction() {
            Some(part) => drop(ui.add(egui::ProgressBar::new(part).desired_width(240.0))),
            None => drop(ui.spinner()),
        }
        if ui.button("Cancel").clicked() {
            running.progress.cancel();
        }
    });
    ui.ctx().request_repaint_after(Duration::from_millis(60));
}
