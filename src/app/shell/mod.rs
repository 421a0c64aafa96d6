//! The window: its state, and the order of a frame.

mod ahead;
mod answers;
mod bars;
mod clicks;
mod commands;
mod files;
mod leave;
mod over;
mod requests;
mod settings;
mod shortcuts;
mod workspace;

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use egui::{CentralPanel, Color32, Frame, Margin, Ui};

use self::{clicks::Clicks, leave::Leaving, over::Over, settings::Settings};
use super::{
    author::AskAuthor,
    beside::ANNOUNCE,
    canvas::{Canvas, far},
    dialogs::Dialogs,
    export::Export,
    import::Import,
    keys::Held,
    layers::{Layer, Layers},
    model::{Model, Request, View},
    panels::Panels,
    question::Question,
    replaced::Replaced,
    sight, start,
    theme::{self, Theme},
    toast::Toasts,
    worker::Worker,
};
use crate::{
    chart::Mode,
    export::Job,
    model::{Camera, Id},
};

const RECENTS: usize = 12;
/// Frames in which the window is looked for on the monitors that there are.
const LOOKED_FOR: u8 = 12;

/// The program in its window.
pub struct App {
    worker: Worker,
    pub(super) model: Option<Model>,
    pub(super) view: View,
    theme: Theme,
    pub(super) settings: Settings,
    pub(super) requests: Vec<Request>,
    canvas: Canvas,
    panels: Panels,
    pub(super) over: Over,
    pub(super) dialogs: Dialogs,
    toasts: Toasts,
    layers: Layers,
    /// Whether the user is asked for a name before the first change.
    asks_author: bool,
    pub(super) ask_author: Option<AskAuthor>,
    /// Changes that wait for the author's name.
    held: Vec<Request>,
    question: Option<Question>,
    pub(super) messages_open: bool,
    replaced: Replaced,
    leaving: Leaving,
    /// Whether a text field had the keys in the frame before.
    typing: bool,
    clicks: Clicks,
    /// The height of the strip of notes, and where the camera was before it came and after.
    strip: (f32, Option<(Id, Camera, Camera)>),
    /// While something is presented, whether the window filled the screen before.
    was_full: Option<bool>,
    /// In how many frames the window has been looked for on the monitors.
    looked_for: u8,
    import: Option<Import>,
    /// Files to import once a case for them has been created.
    import_next: Vec<PathBuf>,
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
            panels: Panels::default(),
            over: Over::default(),
            dialogs: Dialogs::default(),
            toasts: Toasts::default(),
            layers: Layers::default(),
            asks_author: false,
            ask_author: None,
            held: Vec::new(),
            question: None,
            messages_open: false,
            replaced: Replaced::default(),
            leaving: Leaving::No,
            typing: false,
            clicks: Clicks::default(),
            strip: (0.0, None),
            was_full: None,
            looked_for: 0,
            import: None,
            import_next: Vec::new(),
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
            ("a withdrawal", self.over.withdrawal.is_some()),
            ("a lens", self.model.as_ref().is_some_and(Model::is_looking)),
            ("an answer", self.model.as_ref().is_some_and(Model::is_working_out)),
            ("a layout", self.canvas.job().is_some()),
            ("a picture of the chart", !self.canvas.is_settled()),
            ("a document", self.panels.evidence.is_busy()),
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
        self.panels.timeline.hold_day(day);
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, frame: &mut eframe::Frame) {
        self.come_into_sight(ctx, frame);
        self.logic(ctx);
    }

    fn raw_input_hook(&mut self, ctx: &egui::Context, input: &mut egui::RawInput) {
        if self.clicks.part(input) {
            ctx.request_repaint();
        }
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
    pub(crate) fn logic(&mut self, ctx: &egui::Context) {
        if !self.styled {
            self.theme = Theme::of(if self.settings.dark { Mode::Dark } else { Mode::Light });
            self.theme.install(ctx, self.settings.scale);
            ctx.add_plugin(ahead::Ahead::default());
            self.styled = true;
        }
        self.answers(ctx);
        self.withdraw_evidence();
        let works_out = self.model.as_ref().is_some_and(Model::is_working_out);
        if works_out || !self.worker.is_idle() || self.canvas.job().is_some() {
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
        self.fill_screen(&ctx);
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
                        workspace::waiting(ui, &self.theme, &self.worker);
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
        if let Some(model) = &mut self.model {
            model.drop_unasked();
        }
    }
}
