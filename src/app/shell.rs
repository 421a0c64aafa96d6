//! The window's layout, and what becomes of requests.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use egui::{CentralPanel, Color32, Frame, Margin, Panel, RichText, Ui};
use serde::{Deserialize, Serialize};

use super::{
    canvas::{Canvas, far},
    command::{self, COMMANDS},
    dialogs::{Dialogs, Purpose},
    entities::Entities,
    evidence::EvidencePanel,
    explore::Explore,
    export::{self, Export},
    help,
    history::History,
    import::{self, Import},
    inspector::Inspector,
    menu,
    model::{Answer, Asker, Change, Model, Outcome, Place, Request, View},
    palette::Palette,
    remark::Remark,
    scenes::Scenes,
    start,
    tabs::Tabs,
    theme::{self, S4, S8, T11, Theme, semibold},
    timeline::Timeline,
    toast::Toasts,
    ways::Ways,
    widgets::{self, icon_button, icon_toggle, panel_frame},
    worker::Worker,
};
use crate::{
    case::{Action, EvidenceBytes, NewEvidence, NewValue, Op},
    chart::{Mode, icon::ui as icon},
    exchange,
    export::Job,
    model::{Camera, Id},
    network::EntityRef,
    network::measured::grouped,
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
    Ways,
}

impl Drawer {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Table, "view.table"),
        (Self::Timeline, "view.timeline"),
        (Self::Evidence, "view.evidence"),
        (Self::History, "view.history"),
        (Self::Scenes, "view.scenes"),
    ];
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
    timeline: Timeline,
    history: History,
    scenes: Scenes,
    ways: Ways,
    palette: Option<Palette>,
    /// What is being looked for to be shown, and where.
    show_all: Option<(String, Place)>,
    dialogs: Dialogs,
    toasts: Toasts,
    help: Option<help::Help>,
    remark: Option<Remark>,
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
            timeline: Timeline::default(),
            history: History::default(),
            scenes: Scenes::default(),
            ways: Ways::default(),
            palette: None,
            show_all: None,
            dialogs: Dialogs::default(),
            toasts: Toasts::default(),
            help: None,
            remark: None,
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
        self.worker.is_idle()
            && self.requests.is_empty()
            && self.explore.is_idle()
            && self.canvas.job().is_none()
            && self.canvas.is_settled()
            && !self.evidence.is_busy()
            && self.import.as_ref().is_none_or(Import::is_idle)
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
                Answer::Opened(opened) => self.opened(ctx, opened.model),
                Answer::Whole(whole) => {
                    if let Some(model) = &mut self.model {
                        model.complete(*whole);
                    }
                }
                Answer::Distrust(why) => {
                    if let Some(model) = &mut self.model {
                        model.read_only = Some(why);
                        if model.coming.take().is_some() {
                            model.generation += 1;
                        }
                    }
                }
                Answer::Changed(change) => {
                    let (revision, label) = (change.delta.revision, change.delta.label.clone());
                    self.apply(*change);
                    if label.starts_with("Undo: ") || label.starts_with("Redo: ") {
                        self.toasts.say(label);
                    } else if revision > 0 && !label.starts_with("Move ") {
                        self.toasts.done(label);
                    } else if revision == 0 && !label.is_empty() && label.starts_with("Exported") {
                        self.toasts.say(label);
                    }
                }
                Answer::Imported(Ok(taken)) => {
                    if let Some(import) = &mut self.import {
                        import.taken(&taken);
                    }
                    self.apply(taken.change);
                }
                Answer::Imported(Err(why)) => match &mut self.import {
                    Some(import) => import.failed(why),
                    None => self.toasts.fail(why),
                },
                Answer::Details(id, details) => {
                    if let Some(model) = &mut self.model {
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
                        "{} entities and {} relationships written to {}.",
                        grouped(written.entities as usize),
                        grouped(written.relationships as usize),
                        path.display()
                    );
                    for note in written.notes {
                        text = format!("{text} {note}");
                    }
                    self.toasts.wrote(text, path);
                }
                Answer::Done(Some(text)) => self.toasts.say(text),
                Answer::Done(None) => {}
                Answer::Failed(why) => {
                    self.canvas.refused();
                    self.toasts.fail(why);
                }
                Answer::ReadFailed(why) => self.toasts.fail(why),
                Answer::Stopped(what) => {
                    self.canvas.refused();
                    self.toasts.say(what);
                }
                Answer::Closed => {
                    self.model = None;
                    self.view = View::default();
                    ctx.send_viewport_cmd(egui::ViewportCommand::Title("Redthread".into()));
                }
            }
        }
    }

    /// Takes what was found, and shows it where all of it was asked for.
    fn found(&mut self, asker: Asker, outcome: Outcome) {
        let Some(model) = &mut self.model else { return };
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
        self.entities = Entities::default();
        self.explore = Explore::default();
        self.timeline = Timeline::default();
        self.inspector = Inspector::default();
        self.scenes = Scenes::default();
        self.ways = Ways::default();
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
                    Request::Preview(id)
                        if self
                            .model
                            .as_ref()
                            .is_some_and(|m| matches!(m.previews.get(&id), Some(Ok(_)))) => {}
                    other => self.worker.ask(other),
                }
            }
        }
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
            Some(why) => self.toasts.say(format!("Nothing can be imported: {why}")),
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
            "case.settings" => self.help = self.model.as_ref().map(help::Help::settings),
            "edit.undo" => self.requests.push(Request::Undo),
            "edit.redo" => self.requests.push(Request::Redo),
            "edit.select_none" => self.view.selection.clear(),
            "palette.open" => self.palette = Some(Palette::default()),
            "case.withdraw" => self.withdraw(),
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
                self.inspector.add_property();
            }
            "ways.close" => self.settings.drawer = None,
            "show.evidence" => self.settings.drawer = Some(Drawer::Evidence),
            "view.inspector" => self.settings.inspector = !self.settings.inspector,
            "view.explore" => self.settings.explore = !self.settings.explore,
            "view.theme" => {
                self.settings.dark = !self.settings.dark;
                self.styled = false;
            }
            "view.text_bigger" | "view.text_smaller" => {
                let by = if id == "view.text_bigger" { 0.1 } else { -0.1 };
                self.settings.scale = (self.settings.scale + by).clamp(0.8, 1.8);
                self.styled = false;
            }
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
                if let Some((drawer, _)) = Drawer::ALL.iter().find(|(_, command)| *command == id) {
                    let open = self.settings.drawer == Some(*drawer);
                    self.settings.drawer = if open { None } else { Some(*drawer) };
                } else if let Some(model) = &self.model {
                    self.tabs.run(id, model, &mut self.view, &mut self.requests);
                }
            }
        }
    }

    fn withdraw(&mut self) {
        let Some(model) = &self.model else { return };
        let ids: Vec<Id> = self.view.selection.iter().cloned().collect();
        let label = match &ids[..] {
            [one] => format!("Withdraw {}", model.name(one)),
            many => format!("Withdraw {} things", many.len()),
        };
        // A relationship goes with its end; withdrawing it by itself first is then refused.
        let goes_along = |id: &Id| {
            let ends = model.network.get(id).and_then(EntityRef::ends);
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
        let id = Id::new();
        let name = format!("Pasted {}", widgets::when(jiff::Timestamp::now().as_millisecond()));
        let mut ops = vec![Op::Attach(NewEvidence {
            id: id.clone(),
            bytes: EvidenceBytes::Memory(bytes),
            file_name: format!("{}.{ending}", name.replace(':', ".")),
            mime: mime.to_owned(),
            method: "pasted".into(),
            values: vec![NewValue::new("title", name.clone())],
        })];
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

    fn chosen(&mut self, ctx: &egui::Context, purpose: Purpose, paths: Vec<PathBuf>) {
        let Some(first) = paths.first().cloned() else { return };
        let request = match purpose {
            Purpose::OpenCase => Request::Open(first),
            Purpose::NewCase | Purpose::NewCaseFor => Request::Create(first),
            Purpose::Import => Request::AskImport(paths),
            Purpose::Attach => Request::Attach(paths, None),
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

    fn shortcuts(&mut self, ctx: &egui::Context) {
        if self.palette.as_mut().is_some_and(|palette| !palette.escape(ctx)) {
            self.palette = None;
            return;
        }
        let asked = self.help.is_some()
            || self.palette.is_some()
            || self.remark.is_some()
            || self.import.is_some()
            || self.export.is_some()
            || self.dialogs.is_own_open();
        if asked || self.canvas.asks() {
            return;
        }
        let typing = ctx.text_edit_focused();
        let mut wanted = None;
        ctx.input_mut(|i| {
            // The longer combination first: Ctrl+Shift+Z must not be taken for Ctrl+Z, nor Alt+L
            // for L.
            let mut commands: Vec<_> = COMMANDS.iter().filter(|c| c.shortcut.is_some()).collect();
            commands.sort_by_key(|c| {
                let held = c.shortcut.map(|s| s.modifiers).unwrap_or_default();
                let held = [held.shift, held.alt, held.command];
                std::cmp::Reverse(held.into_iter().filter(|held| *held).count())
            });
            for command in commands {
                let Some(shortcut) = command.shortcut else { continue };
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
                    wanted = Some(command.id);
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
                        (icon::LIGHT_MODE, "Light theme (Ctrl+Shift+L)")
                    } else {
                        (icon::DARK_MODE, "Dark theme (Ctrl+Shift+L)")
                    };
                    if icon_button(ui, &self.theme, sign, words).clicked() {
                        self.requests.push(Request::Run("view.theme"));
                    }
                    if ui.available_width() > 160.0 {
                        let text = RichText::new("Find anything  Ctrl+K").color(self.theme.weak);
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
        if let Some(why) = self.model.as_ref().and_then(|m| m.read_only.clone()) {
            let frame =
                Frame::new().fill(self.theme.selected).inner_margin(Margin::symmetric(12, 6));
            Panel::top("read-only").frame(frame).show(ui, |ui| {
                ui.label(
                    RichText::new(format!("{}  Open for reading only: {why}", icon::LOCK))
                        .color(self.theme.text),
                );
            });
        }
    }

    fn rail(&mut self, ui: &mut Ui) {
        let frame = Frame::new().fill(self.panel_fill).inner_margin(Margin::symmetric(6, 8));
        Panel::left("rail").resizable(false).exact_size(40.0).frame(frame).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = S4;
            if let Some(command) = command::command("view.explore") {
                let tooltip = command.tooltip(ui.ctx());
                let on = self.settings.explore;
                if icon_toggle(ui, &self.theme, command.icon, &tooltip, on).clicked() {
                    self.requests.push(Request::Run(command.id));
                }
            }
            for (drawer, id) in Drawer::ALL {
                let Some(command) = command::command(id) else { continue };
                let on = self.settings.drawer == Some(drawer);
                if icon_toggle(ui, &self.theme, command.icon, &command.tooltip(ui.ctx()), on)
                    .clicked()
                {
                    self.requests.push(Request::Run(id));
                }
            }
            ui.add_space(S8);
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
            ui.with_layout(egui::Layout::bottom_up(egui::Align::Min), |ui| {
                let on = self.settings.inspector;
                if icon_toggle(ui, &self.theme, icon::VIEW_SIDEBAR, "Inspector (Ctrl+1)", on)
                    .clicked()
                {
                    self.requests.push(Request::Run("view.inspector"));
                }
            });
        });
    }

    fn status_bar(&mut self, ui: &mut Ui) {
        let frame = Frame::new().fill(self.panel_fill).inner_margin(Margin::symmetric(12, 3));
        Panel::bottom("status").frame(frame).resizable(false).show(ui, |ui| {
            let Some(model) = &self.model else { return };
            ui.horizontal(|ui| {
                let small = |text: String| RichText::new(text).size(T11).color(self.theme.weak);
                let counts = model.counts().into_iter();
                let counts: Vec<String> =
                    counts.map(|(count, what)| format!("{} {what}", grouped(count))).collect();
                ui.label(small(counts.join(" · ")));
                if let Some((shown, all)) = self.explore.passing() {
                    let text = format!("· filter: {} of {} pass", grouped(shown), grouped(all));
                    let text = RichText::new(text).size(T11).color(self.theme.accent);
                    let response = widgets::quiet_button(ui, text);
                    if response.on_hover_text("Show the filter (Ctrl+F)").clicked() {
                        self.settings.explore = true;
                    }
                }
                if !self.view.selection.is_empty() {
                    ui.label(small(format!("· {} selected", self.view.selection.len())));
                }
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
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
                            ui.add(
                                egui::ProgressBar::new(part).desired_width(120.0).show_percentage(),
                            );
                        } else {
                            ui.spinner();
                        }
                        ui.label(small(running.what));
                        ui.ctx().request_repaint_after(ANNOUNCE);
                        return;
                    }
                    if let Some(last) = &model.undo {
                        if ui
                            .small_button("Undo")
                            .on_hover_text("Undo the last action (Ctrl+Z)")
                            .clicked()
                        {
                            self.requests.push(Request::Run("edit.undo"));
                        }
                        ui.add(egui::Label::new(small(format!("Saved: {last}"))).truncate());
                    } else {
                        ui.label(small("Everything is saved".into()));
                    }
                });
            });
        });
    }

    fn workspace(&mut self, ui: &mut Ui) {
        let Some(model) = &self.model else { return };
        let (view, theme, requests) = (&mut self.view, &self.theme, &mut self.requests);
        let room = ui.available_size();
        self.explore.update(ui.ctx(), model, view, self.settings.explore);
        if self.settings.inspector {
            Panel::right("inspector")
                .resizable(true)
                .default_size(320.0)
                .size_range(240.0..=(room.x * 0.5).max(250.0))
                .frame(panel_frame(theme).fill(self.panel_fill))
                .show(ui, |ui| self.inspector.ui(ui, model, view, theme, requests));
        }
        if let Some(drawer) = self.settings.drawer {
            let most = (room.y * 0.65).max(160.0);
            Panel::bottom(format!("drawer-{drawer:?}"))
                .resizable(true)
                .default_size((room.y * 0.38).min(300.0))
                .size_range(120.0..=most)
                .frame(panel_frame(theme).fill(self.panel_fill))
                .show(ui, |ui| {
                    ui.set_min_height(ui.available_height());
                    match drawer {
                        Drawer::Table => self.entities.ui(ui, model, view, theme, requests),
                        Drawer::Timeline => self.timeline.ui(ui, model, view, theme, requests),
                        Drawer::Evidence => self.evidence.ui(ui, model, view, theme, requests),
                        Drawer::History => self.history.ui(ui, model, view, theme, requests),
                        Drawer::Scenes => self.scenes.ui(ui, model, view, theme, requests),
                        Drawer::Ways => self.ways.ui(ui, model, view, theme, requests),
                    }
                });
        }
        if self.settings.explore {
            Panel::left("explore")
                .resizable(true)
                .default_size(268.0)
                .size_range(220.0..=(room.x * 0.4).max(230.0))
                .frame(panel_frame(theme).fill(self.panel_fill))
                .show(ui, |ui| self.explore.ui(ui, model, view, theme, requests));
        }
        let tabs = Frame::new().fill(self.panel_fill).inner_margin(Margin::symmetric(8, 4));
        Panel::top("tabs")
            .frame(tabs)
            .resizable(false)
            .show(ui, |ui| self.tabs.ui(ui, model, view, theme, requests));
        CentralPanel::no_frame().show(ui, |ui| self.canvas.ui(ui, model, view, theme, requests));
    }

    fn present(&mut self, ui: &mut Ui) {
        let Some(model) = &self.model else { return };
        let (view, theme, requests) = (&mut self.view, &self.theme, &mut self.requests);
        self.scenes.present_ui(ui, model, view, theme, requests);
        CentralPanel::no_frame().show(ui, |ui| self.canvas.ui(ui, model, view, theme, requests));
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, _: &mut eframe::Frame) {
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
        if self.view.presenting.is_none() {
            self.shortcuts(ctx);
        }
        self.carry_out(ctx);
    }

    /// One frame.
    pub fn ui(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        let panels = far::backdrop(self.canvas.graphics(), &self.theme, ctx.content_rect());
        self.panel_fill = if panels.is_some() { Color32::TRANSPARENT } else { self.theme.panel };
        ui.painter().extend(panels);
        if self.model.is_some() && self.view.presenting.is_some() {
            self.present(ui);
        } else {
            self.top_bar(ui);
            if self.model.is_some() {
                self.status_bar(ui);
                self.rail(ui);
                self.workspace(ui);
            } else {
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
        if let Some(palette) = &mut self.palette
            && !palette.ui(
                &ctx,
                self.model.as_ref(),
                &mut self.view,
                &self.theme,
                &mut self.requests,
            )
        {
            self.palette = None;
        }
        if let Some(help) = &mut self.help
            && !help.ui(&ctx, &self.theme, &mut self.requests)
        {
            self.help = None;
        }
        if let (Some(remark), Some(model)) = (&mut self.remark, &self.model)
            && !remark.ui(&ctx, model, &self.theme, &mut self.requests)
        {
            self.remark = None;
        }
        if let (Some(import), Some(model)) = (&mut self.import, &self.model) {
            let context = (model, &self.worker);
            match import.ui(&ctx, context, &self.theme, &mut self.requests) {
                import::Told::Nothing => {}
                import::Told::Closed => self.import = None,
                import::Told::Save(name, text) => {
                    let is_list =
                        std::path::Path::new(&name).extension().is_some_and(|e| e == "csv");
                    let ending = if is_list { "csv" } else { "json" };
                    self.dialogs.ask(Purpose::Write(text, ending), &name);
                }
                import::Told::Load => self.dialogs.ask(Purpose::LoadMapping, ""),
            }
        }
        if let (Some(export), Some(model)) = (&mut self.export, &self.model) {
            match export.ui(&ctx, model, &self.view, &self.theme) {
                export::Told::Nothing => {}
                export::Told::Closed => self.exported.0 = self.export.take(),
                export::Told::Chosen(job, name) => {
                    self.dialogs.ask(Purpose::Export(job.target.name), &name);
                    self.exported = (self.export.take(), Some(job));
                }
            }
        }
        if let Some((purpose, paths)) = self.dialogs.ui(&ctx, &self.theme) {
            self.chosen(&ctx, purpose, paths);
        }
        self.toasts.ui(&ctx, &self.theme, &mut self.requests);
        self.carry_out(&ctx);
    }
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
