//! Taking files in, step by step: look at them, say what they would become, import, sum up.

mod declare;
mod edition;
mod look;
mod preview;
mod summary;

use std::{
    collections::{BTreeMap, VecDeque},
    path::{Path, PathBuf},
    sync::Arc,
};

use egui::RichText;

pub use self::declare::Declare;
use self::{edition::Choice, look::Look};
use super::{
    aside::COMPARING,
    dialog::{Dialog, with_foot},
    mapping::{self, Given, MappingState},
    model::{Model, Request, Taken},
    theme::{S4, T11, T16, Theme, icons, semibold},
    widgets::{self, primary_button, size_words},
    worker::Worker,
};
use crate::{
    analysis::Difference,
    case::{Action, NewValue},
    chart::icon::ui as icon,
    exchange::{
        self,
        import::{Job, Preview, Report, jobs},
        nodes::Found,
        table::{self, Mapping, Settings, saved},
    },
    model::Id,
};

/// Maximum width of the dialog, in points.
const WIDTH: f32 = 880.0;
/// Its maximum width for tables, whose columns are mapped.
const MAPPING: f32 = 1180.0;
/// Its maximum height.
const HEIGHT: f32 = 700.0;

/// The dialog of one import.
pub struct Import {
    job: Job,
    /// Bytes of all files together.
    size: u64,
    /// What the user calls the source.
    title: String,
    step: Step,
    /// What is to be imported after it.
    rest: VecDeque<Job>,
    /// Every table that was given together: one may name rows of another.
    together: Vec<PathBuf>,
    /// Whether the other sheets of its workbook wait among the rest.
    offered: bool,
    /// Whether it has the room that tables need; it keeps that.
    wide: bool,
    /// Which document of the case the file is another edition of.
    edition: Choice,
}

enum Step {
    /// The user says what the columns of a table mean.
    Mapping(Box<MappingState>),
    /// The files are being read.
    Looking(Look),
    Ready(Box<Preview>),
    /// It is worked out what another edition changes.
    Comparing(Box<Preview>),
    /// What another edition changes; nothing is kept yet.
    Compared(Box<Preview>, Box<Difference>),
    /// They cannot be read; why.
    Refused(String),
    /// They are being taken in.
    Going,
    Done(Box<Outcome>),
}

/// What came of an import.
struct Outcome {
    report: Report,
    ids: Option<Arc<Vec<Id>>>,
}

/// What the dialog wants of the window.
pub enum Told {
    /// To stay open.
    Nothing,
    Closed,
    /// To ask where to write this text, in a file of this name.
    Save(String, String),
    /// To ask for a mapping file and hand it to [`Import::load`].
    Load,
}

impl Import {
    /// Begins to look at files.
    pub fn new(ctx: &egui::Context, model: &Model, files: Vec<PathBuf>) -> Self {
        match jobs(files, None) {
            Ok(mut jobs) if !jobs.is_empty() => {
                let tables = jobs.iter().filter(|job| is_table(job));
                let together = tables.flat_map(|job| job.files.clone()).collect();
                let job = jobs.remove(0);
                Self::of(ctx, model, job, (jobs.into(), together))
            }
            Ok(_) => Self::refused("There is no file to import.".into()),
            Err(error) => Self::refused(error.to_string()),
        }
    }

    fn of(
        ctx: &egui::Context,
        model: &Model,
        job: Job,
        (rest, together): (VecDeque<Job>, Vec<PathBuf>),
    ) -> Self {
        let sizes = job.files.iter().filter_map(|path| path.metadata().ok());
        let size = sizes.map(|meta| meta.len()).sum();
        // The parts of a list are called by what they are together.
        let list = job.format.as_deref().and_then(exchange::format);
        let title = match list.filter(|_| job.files.len() > 1) {
            Some(list) => list.label.to_owned(),
            None => name_of(&job.files),
        };
        let step = match job.files.first() {
            // Nobody else knows what the columns of a table mean.
            Some(path) if is_table(&job) => {
                let kept = saved::all(&model.settings);
                let given = given(model, path, &job, &together);
                Step::Mapping(Box::new(MappingState::new(ctx, given, kept)))
            }
            _ => Step::Looking(Look::start(ctx, model, job.clone())),
        };
        let wide = matches!(step, Step::Mapping(_));
        let offered = sheet_of(&job).is_some();
        let edition = Choice::default();
        Self { job, size, title, step, rest, together, offered, wide, edition }
    }

    /// Takes a mapping from a file, of ours or of `FollowTheMoney`.
    pub fn load(&mut self, ctx: &egui::Context, file: &Path) {
        if let Step::Mapping(state) = &mut self.step {
            state.load(ctx, file);
        }
    }

    fn refused(why: String) -> Self {
        Self {
            job: Job::default(),
            size: 0,
            title: String::new(),
            step: Step::Refused(why),
            rest: VecDeque::new(),
            together: Vec::new(),
            offered: false,
            wide: false,
            edition: Choice::default(),
        }
    }

    /// Goes on with the next import, if files were left for one.
    pub(crate) fn go_on(&mut self, ctx: &egui::Context, model: &Model) -> bool {
        let Some(job) = self.rest.pop_front() else { return false };
        let wide = self.wide;
        let given = (std::mem::take(&mut self.rest), std::mem::take(&mut self.together));
        *self = Self::of(ctx, model, job, given);
        self.wide |= wide;
        true
    }

    /// Whether files are being taken into the case.
    pub(crate) fn is_going(&self) -> bool {
        matches!(self.step, Step::Going)
    }

    /// Whether the user has said something that closing would lose.
    pub(crate) fn has_work(&self) -> bool {
        match &self.step {
            Step::Mapping(state) => state.is_touched(),
            Step::Looking(_) | Step::Ready(_) | Step::Comparing(_) | Step::Compared(..) => {
                self.job.mapping.is_some()
            }
            _ => false,
        }
    }

    /// Whether it waits for nothing.
    pub fn is_idle(&self) -> bool {
        match &self.step {
            Step::Mapping(state) => state.is_idle(),
            step => !matches!(step, Step::Looking(_) | Step::Comparing(_) | Step::Going),
        }
    }

    /// Hears what came of the import.
    pub fn taken(&mut self, taken: &Taken) {
        let outcome = Outcome { report: taken.report.clone(), ids: taken.ids.clone() };
        self.step = Step::Done(Box::new(outcome));
    }

    /// Takes the rows that a table names by their ids.
    pub fn found(&mut self, number: u64, found: Result<Found, String>) {
        if let Step::Mapping(state) = &mut self.step {
            state.found(number, found);
        }
    }

    /// Takes what another edition would change, unless that is not waited for any more.
    pub fn compared(&mut self, compared: Result<Difference, String>) {
        let step = std::mem::replace(&mut self.step, Step::Going);
        self.step = match (step, compared) {
            (Step::Comparing(preview), Ok(difference)) => {
                Step::Compared(preview, Box::new(difference))
            }
            (Step::Comparing(_), Err(why)) => Step::Refused(why),
            (step, _) => step,
        };
    }

    /// Hears that the import failed or was stopped, and that nothing was changed.
    pub fn failed(&mut self, why: String) {
        self.step = Step::Refused(why);
    }

    /// Draws the dialog.
    pub fn ui(
        &mut self,
        ctx: &egui::Context,
        (model, worker): (&Model, &Worker),
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) -> Told {
        if let Step::Looking(look) = &mut self.step
            && let Some(seen) = look.outcome()
        {
            self.step = match seen {
                Ok((preview, job, like)) => {
                    self.job = job;
                    self.edition.suggest(like);
                    Step::Ready(Box::new(preview))
                }
                Err(why) => Step::Refused(why),
            };
        }
        let width = if self.wide { MAPPING } else { WIDTH };
        // A click beside it is no answer: the import and its mapping stay.
        let shown = Dialog::new("import", width).height(HEIGHT).show(ctx, |ui| {
            self.head(ui, theme);
            ui.add_space(S4);
            self.body(ui, ctx, (model, worker), theme, requests)
        });
        shown.inner
    }

    /// The sheet that is looked at, where the file is a workbook of several tables.
    fn sheet(&self) -> Option<&str> {
        match &self.step {
            Step::Mapping(state) if !state.other_sheets().is_empty() => state.sheet(),
            Step::Mapping(_) => None,
            _ => sheet_of(&self.job),
        }
    }

    fn head(&self, ui: &mut egui::Ui, theme: &Theme) {
        ui.horizontal(|ui| {
            ui.label(RichText::new(icon::UPLOAD).font(icons(20.0)).color(theme.weak));
            let name = name_of(&self.job.files);
            let text = RichText::new(match self.sheet() {
                Some(sheet) => format!("Import {name}, sheet {sheet}"),
                None => format!("Import {name}"),
            });
            ui.add(egui::Label::new(text.font(semibold(T16))).truncate());
        });
        let format = match &self.step {
            Step::Ready(preview) | Step::Comparing(preview) | Step::Compared(preview, _) => {
                Some(preview.format)
            }
            Step::Done(done) => Some(done.report.format),
            _ => None,
        };
        let label = format.and_then(exchange::format).map_or("", |format| format.label);
        let mut words = Vec::new();
        if !label.is_empty() {
            words.push(label.to_owned());
        }
        if self.job.files.len() > 1 {
            words.push(format!("{} files", self.job.files.len()));
        }
        if self.size > 0 {
            words.push(size_words(self.size));
        }
        let sheets = self.rest.iter().filter(|job| sheet_of(job).is_some()).count();
        for (count, one, many) in [
            (sheets, "1 more sheet follows", "more sheets follow"),
            (self.rest.len() - sheets, "1 more file follows", "more files follow"),
        ] {
            match count {
                0 => {}
                1 => words.push(one.to_owned()),
                more => words.push(format!("{more} {many}")),
            }
        }
        let line = RichText::new(words.join("  ·  ")).size(T11).color(theme.weak);
        let paths: Vec<String> = self.job.files.iter().map(|p| p.display().to_string()).collect();
        ui.label(line).on_hover_text(paths.join("\n"));
    }

    fn body(
        &mut self,
        ui: &mut egui::Ui,
        ctx: &egui::Context,
        (model, worker): (&Model, &Worker),
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) -> Told {
        if let Step::Mapping(_) = &self.step {
            return self.mapping(ui, ctx, model, theme, requests);
        }
        if let Step::Ready(_) = &self.step {
            return self.ready(ui, ctx, model, theme, requests);
        }
        if let Step::Compared(..) = &self.step {
            return self.difference(ui, model, theme, requests);
        }
        if let Step::Comparing(_) = &self.step {
            self.comparing(ui, worker, theme);
            return Told::Nothing;
        }
        match &self.step {
            Step::Mapping(_) | Step::Ready(_) | Step::Comparing(_) | Step::Compared(..) => {
                Told::Nothing
            }
            Step::Looking(look) => {
                let words = "Reading the file to see what it holds …";
                if going(ui, theme, words, look.fraction()) { Told::Closed } else { Told::Nothing }
            }
            Step::Going => {
                let running = worker.working();
                let fraction = running.as_ref().and_then(|running| running.progress.fraction());
                if going(ui, theme, "Importing into the case …", fraction)
                    && let Some(running) = running
                {
                    running.progress.cancel();
                }
                Told::Nothing
            }
            Step::Refused(why) => {
                let why = RichText::new(why).color(theme.alarm);
                let files = &self.job.files;
                with_foot(
                    ui,
                    |ui| ui.add(egui::Label::new(why).wrap()),
                    |ui| {
                        let close = primary_button(ui, theme, "Close");
                        widgets::take_keys(&close);
                        let close = close.clicked();
                        let attach = attach_instead(ui, files, requests);
                        if close || attach { Told::Closed } else { Told::Nothing }
                    },
                )
                .1
            }
            Step::Done(done) => {
                summary::ui(ui, theme, (done, &self.title, self.job.files.len()), requests)
            }
        }
    }

    /// What the columns of a table mean, and the buttons below it.
    fn mapping(
        &mut self,
        ui: &mut egui::Ui,
        ctx: &egui::Context,
        model: &Model,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) -> Told {
        let Step::Mapping(state) = &mut self.step else { return Told::Nothing };
        let mut mapped = None;
        let mut closed = false;
        let files = &self.job.files;
        let shared = std::cell::RefCell::new(state);
        let (wanted, ()) = with_foot(
            ui,
            |ui| shared.borrow_mut().ui(ui, theme),
            |ui| {
                let state = shared.borrow();
                let ready = state.is_idle() && state.wrong().is_none();
                let next =
                    ui.add_enabled_ui(ready, |ui| primary_button(ui, theme, "Look at all rows"));
                widgets::take_keys(&next.inner);
                let why = state.wrong().unwrap_or("The table is being opened.");
                if next.inner.on_disabled_hover_text(why).clicked() {
                    mapped = Some(state.mapping().clone());
                }
                closed = attach_instead(ui, files, requests) || ui.button("Cancel").clicked();
            },
        );
        let state = shared.into_inner();
        if let Some((number, sought)) = state.sought() {
            requests.push(Request::LookUp(number, sought));
        }
        let nodes = state.nodes().clone();
        let mut told = match wanted {
            mapping::Told::Nothing | mapping::Told::Changed => Told::Nothing,
            mapping::Told::Export(name, text) => Told::Save(name, text),
            mapping::Told::Load => Told::Load,
            mapping::Told::Keep => {
                let mapping = state.mapping();
                requests.push(Request::Commit(Action::new(vec![saved::keep(mapping)])));
                state.kept();
                Told::Nothing
            }
        };
        if closed {
            told = Told::Closed;
        }
        let sheets = state.other_sheets().to_vec();
        let chosen = state.sheet().map(str::to_owned);
        if !self.offered && state.is_idle() {
            self.offered = true;
            for sheet in sheets.into_iter().rev() {
                let table = Settings { sheet: Some(sheet), ..Settings::default() };
                let mapping = Some(Mapping { table, ..Mapping::default() });
                self.rest.push_front(Job { mapping, ..self.job.clone() });
            }
        }
        if let Some(mut mapping) = mapped {
            // The sheet that is meant is said, and does not come again.
            if mapping.table.sheet.is_none() && chosen.is_some() {
                mapping.table.sheet.clone_from(&chosen);
            }
            self.rest
                .retain(|job| job.files != self.job.files || sheet_of(job) != chosen.as_deref());
            self.job.mapping = Some(mapping);
            self.job.nodes = nodes;
            self.step = Step::Looking(Look::start(ctx, model, self.job.clone()));
        }
        told
    }

    /// What the files would become, the name of the source, and the buttons below.
    fn ready(
        &mut self,
        ui: &mut egui::Ui,
        ctx: &egui::Context,
        model: &Model,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) -> Told {
        let Step::Ready(preview) = &self.step else { return Told::Nothing };
        let count: u64 = preview.schemata.values().sum();
        let (is_table, mut back) = (preview.format == table::NAME, false);
        let mut told = Told::Nothing;
        let mut go = count > 0 && widgets::enter(ctx);
        let words = match self.edition.edition() {
            Some(_) => "Compare the editions".to_owned(),
            None => format!("Import {}", preview::counted(&preview.schemata)),
        };
        let (format, title, files) = (&mut self.job.format, &mut self.title, &self.job.files);
        let is_offered = self.job.files.len() == 1 && self.edition.is_offered(model);
        let edition = &mut self.edition;
        let (read_anew, ()) = with_foot(
            ui,
            |ui| {
                // The field keeps its place; what is above scrolls.
                let below = if is_offered { 104.0 } else { 58.0 };
                let room = ui.available_size() - egui::vec2(0.0, below);
                let below = if preview.problems.count > 0 { 64.0 } else { 30.0 };
                let lists = (room.y - below).max(150.0);
                let anew = ui
                    .allocate_ui(room, |ui| {
                        ui.set_min_size(room);
                        let area = egui::ScrollArea::vertical().auto_shrink([false, false]);
                        area.show(ui, |ui| preview::ui(ui, model, theme, preview, format, lists))
                            .inner
                    })
                    .inner;
                if is_offered {
                    edition.ui(ui, model, theme);
                }
                let words =
                    "Title of the source: the file becomes evidence, and every statement cites it";
                let label = RichText::new(words).size(T11).color(theme.weak);
                ui.add(egui::Label::new(label).truncate());
                let width = ui.available_width();
                widgets::field(ui, title, "Title of the source", &name_of(files), width);
                anew
            },
            |ui| {
                let button =
                    ui.add_enabled_ui(count > 0, |ui| primary_button(ui, theme, &words)).inner;
                go |= button
                    .on_disabled_hover_text("The file holds nothing that can be imported.")
                    .clicked();
                if attach_instead(ui, files, requests) {
                    told = Told::Closed;
                }
                back = is_table && ui.button("Back to the columns").clicked();
                if ui.button("Cancel").clicked() {
                    told = Told::Closed;
                }
            },
        );
        if read_anew {
            self.job.mapping = None;
            if self.job.format.as_deref() == Some(table::NAME) {
                let wide = self.wide;
                let given = (std::mem::take(&mut self.rest), std::mem::take(&mut self.together));
                let offered = self.offered;
                *self = Self::of(ctx, model, self.job.clone(), given);
                self.wide |= wide;
                self.offered |= offered;
                return Told::Nothing;
            }
            self.step = Step::Looking(Look::start(ctx, model, self.job.clone()));
            return Told::Nothing;
        }
        if back && let Some(path) = self.job.files.first() {
            let kept = self.job.mapping.clone().into_iter().chain(saved::all(&model.settings));
            // What was mapped a moment ago comes before what the case has read before.
            let settings = BTreeMap::new();
            let given = Given { settings, ..given(model, path, &self.job, &self.together) };
            let state = MappingState::new(ctx, given, kept.collect());
            self.step = Step::Mapping(Box::new(state));
            return Told::Nothing;
        }
        if go && matches!(told, Told::Nothing) {
            let title = self.title.trim();
            self.job.title = (!title.is_empty()).then(|| title.to_owned());
            self.job.edition = self.edition.edition();
            let job = Box::new(self.job.clone());
            let step = std::mem::replace(&mut self.step, Step::Going);
            if let (Some(_), Step::Ready(preview)) = (&job.edition, step) {
                requests.push(Request::Compare(job));
                self.step = Step::Comparing(preview);
            } else {
                requests.push(Request::Import(job));
            }
            return Told::Nothing;
        }
        told
    }

    /// The comparison under way, and a button that stops it.
    fn comparing(&mut self, ui: &mut egui::Ui, worker: &Worker, theme: &Theme) {
        let running = worker.running().filter(|running| running.what == COMPARING);
        let fraction = running.as_ref().and_then(|running| running.progress.fraction());
        if !going(ui, theme, "Comparing the editions …", fraction) {
            return;
        }
        if let Some(running) = running {
            running.progress.cancel();
        }
        if let Step::Comparing(preview) = std::mem::replace(&mut self.step, Step::Going) {
            self.step = Step::Ready(preview);
        }
    }

    /// What another edition changes, and the buttons below it.
    fn difference(
        &mut self,
        ui: &mut egui::Ui,
        model: &Model,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) -> Told {
        let Step::Compared(_, difference) = &self.step else { return Told::Nothing };
        let (mut keep, mut back, mut told) = (false, false, Told::Nothing);
        with_foot(
            ui,
            |ui| edition::ui(ui, model, theme, difference),
            |ui| {
                let button = primary_button(ui, theme, "Keep this edition");
                widgets::take_keys(&button);
                keep = button.clicked();
                back = ui.button("Back").clicked();
                if ui.button("Cancel").clicked() {
                    told = Told::Closed;
                }
            },
        );
        if keep {
            requests.push(Request::Import(Box::new(self.job.clone())));
            self.step = Step::Going;
        } else if back
            && let Step::Compared(preview, _) = std::mem::replace(&mut self.step, Step::Going)
        {
            self.step = Step::Ready(preview);
        }
        told
    }
}

/// Whether a job is for a table.
fn is_table(job: &Job) -> bool {
    job.format.as_deref() == Some(table::NAME)
}

/// The sheet of a workbook that a job is for.
fn sheet_of(job: &Job) -> Option<&str> {
    job.mapping.as_ref()?.table.sheet.as_deref()
}

/// What the table of a job is opened with.
fn given(model: &Model, path: &Path, job: &Job, together: &[PathBuf]) -> Given {
    Given {
        path: path.to_owned(),
        sheet: sheet_of(job).map(str::to_owned),
        beside: together.to_vec(),
        settings: model.settings.clone(),
        editions: model.held().named_like(path),
        names_rows: saved::has_tables(&model.settings),
    }
}

/// A button that attaches files and reads nothing out of them; true once it is clicked.
fn attach_instead(ui: &mut egui::Ui, files: &[PathBuf], requests: &mut Vec<Request>) -> bool {
    let button = ui.button("Attach as a document instead");
    let clicked =
        button.on_hover_text("Keep the file as evidence without importing its contents").clicked();
    if clicked {
        requests.push(Request::Attach(files.to_vec(), None));
    }
    clicked
}

/// What runs, how far it is, and a button that stops it; true once that is clicked.
fn going(ui: &mut egui::Ui, theme: &Theme, what: &str, fraction: Option<f32>) -> bool {
    ui.ctx().request_repaint_after(std::time::Duration::from_millis(100));
    let body = |ui: &mut egui::Ui| {
        ui.label(RichText::new(what).color(theme.weak));
        ui.add_space(S4);
        let width = ui.available_width();
        let bar = egui::ProgressBar::new(fraction.unwrap_or(0.0)).desired_width(width);
        ui.add(bar.show_percentage());
    };
    with_foot(ui, body, |ui| ui.button("Cancel").clicked()).1
}

/// What files are called together.
fn name_of(files: &[PathBuf]) -> String {
    let first = files.first().and_then(|path| path.file_name()).unwrap_or_default();
    match files.len() {
        0 | 1 => first.to_string_lossy().into_owned(),
        count => format!("{} and {} more", first.to_string_lossy(), count - 1),
    }
}

/// A value as it is shown: cut, in one line.
fn shown(value: &NewValue) -> String {
    const LONGEST: usize = 80;
    let line = value.value.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}
