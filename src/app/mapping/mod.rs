//! Saying what the columns of a table mean: its first rows with what each column becomes, what
//! a row becomes, and the first rows as they will be.
//!
//! The panel holds a [`Mapping`] and shows it; what it means is decided in `exchange::table`.

mod cards;
mod columns;
mod grid;
mod ids;
mod rows;
mod settings;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, TryRecvError, channel},
};

use egui::{Response, RichText, ScrollArea, Ui};

use super::{
    theme::{S4, S8, T11, T13, Theme, semibold},
    widgets::section,
};
use crate::exchange::{
    Problem,
    table::{Guess, Mapping, Settings, Sketch, Table, guess_together, saved, sketch_with},
};

/// How many rows are shown as what they become.
const ROWS: usize = 10;
/// Sheets of one workbook that are looked at together.
const SHEETS: usize = 12;
/// The size in bytes up to which all sheets of a workbook are looked at.
const WORKBOOK: u64 = 20 << 20;
/// How wide the cards beside the table are, in points.
const CARDS: f32 = 284.0;

/// What the panel wants of the dialog around it.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    Nothing,
    /// The mapping has changed: what is shown of the import elsewhere is out of date.
    Changed,
    /// To keep the mapping in the case under its name.
    Keep,
    /// To write this text to a file of this name.
    Export(String, String),
    /// To ask for a mapping file and hand it to [`MappingState::load`].
    Load,
}

/// What a table is opened with.
#[derive(Clone, Debug, Default)]
pub struct Given {
    pub path: PathBuf,
    /// The sheet of a workbook; without it, the first that holds a table.
    pub sheet: Option<String>,
    /// Other tables that were given with it: it may name their rows.
    pub beside: Vec<PathBuf>,
    /// The settings of the case, which keep mappings.
    pub settings: BTreeMap<String, String>,
    /// The digests of documents of which the table may be a newer edition.
    pub editions: Vec<String>,
    /// Whether the case holds tables whose rows it may name.
    pub names_rows: bool,
}

/// A table that was opened.
struct Opened {
    table: Table,
    guess: Guess,
    /// The mapping by which the case has read it before.
    used: Option<Mapping>,
    /// The other sheets of its workbook that hold tables.
    sheets: Vec<String>,
}

/// The panel's state.
pub struct MappingState {
    given: Given,
    /// Mappings that the case keeps.
    kept: Vec<Mapping>,
    mapping: Mapping,
    opening: Option<Receiver<Result<Opened, String>>>,
    table: Option<Table>,
    used: Option<Mapping>,
    sheets: Vec<String>,
    guess: Guess,
    /// The rows in the case that it names.
    lookup: ids::Lookup,
    /// Why the table cannot be read as it is said.
    refused: Option<String>,
    /// What came of a mapping that was loaded, in words.
    remark: Option<String>,
    sketch: Result<Sketch, String>,
    /// What is typed to find a property or schema, in the menu that is open.
    search: String,
    /// The name of an entity while it is typed.
    renaming: Option<(usize, String)>,
    /// Whether the user has changed what was guessed, and not kept it.
    touched: bool,
}

impl MappingState {
    /// Opens a table on a thread of its own. A mapping by which the case has read it, or that it
    /// keeps for such a table, is taken; else one is guessed.
    pub fn new(ctx: &egui::Context, given: Given, kept: Vec<Mapping>) -> Self {
        let table = Settings { sheet: given.sheet.clone(), ..Settings::default() };
        let mut state = Self {
            given,
            kept,
            mapping: Mapping { table, ..Mapping::default() },
            opening: None,
            table: None,
            used: None,
            sheets: Vec::new(),
            guess: Guess::default(),
            lookup: ids::Lookup::default(),
            refused: None,
            remark: None,
            sketch: Ok(Sketch::default()),
            search: String::new(),
            renaming: None,
            touched: false,
        };
        state.open(ctx);
        state
    }

    /// What the columns mean, as far as the user has said it.
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// The sheet that is shown, where the table is a workbook.
    pub fn sheet(&self) -> Option<&str> {
        self.table.as_ref()?.layout.sheet.as_deref()
    }

    /// The other sheets of the workbook that hold tables.
    pub(crate) fn other_sheets(&self) -> &[String] {
        &self.sheets
    }

    /// Why nothing can be imported as it is, in one sentence; `None` where it can.
    pub fn wrong(&self) -> Option<&str> {
        self.refused.as_deref().or(self.sketch.as_ref().err().map(String::as_str))
    }

    /// Whether the user has changed the mapping since it was guessed or kept.
    pub(crate) fn is_touched(&self) -> bool {
        self.touched
    }

    /// Takes note that the mapping is kept in the case.
    pub fn kept(&mut self) {
        self.touched = false;
    }

    /// Whether nothing is being opened or looked up.
    pub fn is_idle(&self) -> bool {
        self.opening.is_none() && self.lookup.is_idle()
    }

    /// Takes a mapping from a file, of ours or of `FollowTheMoney`.
    pub fn load(&mut self, ctx: &egui::Context, file: &Path) {
        match saved::file(file, &self.given.path) {
            Ok((mapping, left)) => {
                self.remark = Some(if left.is_empty() {
                    format!("The mapping “{}” is loaded.", mapping.name)
                } else {
                    format!("The mapping is loaded without this: {}.", left.join("; "))
                });
                self.take(ctx, mapping);
            }
            Err(error) => self.remark = Some(error.to_string()),
        }
    }

    /// Takes a mapping in place of the present one.
    fn take(&mut self, ctx: &egui::Context, mapping: Mapping) {
        let anew = mapping.table != self.mapping.table;
        self.mapping = mapping;
        if anew { self.open(ctx) } else { self.work_out() }
    }

    /// Reads the table as the mapping's settings say.
    fn open(&mut self, ctx: &egui::Context) {
        let (send, opening) = channel();
        let (ctx, given, settings) = (ctx.clone(), self.given.clone(), self.mapping.table.clone());
        std::thread::spawn(move || {
            let opened = open(&given, &settings).map_err(|error| error.to_string());
            // The panel may have been closed meanwhile.
            send.send(opened).ok();
            ctx.request_repaint();
        });
        self.opening = Some(opening);
    }

    /// Takes the table once it is open; says whether the mapping is another now.
    fn opened(&mut self) -> bool {
        let Some(opening) = &self.opening else { return false };
        let opened = match opening.try_recv() {
            Ok(opened) => opened,
            Err(TryRecvError::Empty) => return false,
            Err(TryRecvError::Disconnected) => Err("The table could not be read.".into()),
        };
        self.opening = None;
        match opened {
            Ok(Opened { table, guess, used, sheets }) => {
                self.refused = None;
                (self.guess, self.used, self.sheets) = (guess, used, sheets);
                let fits =
                    !self.mapping.entities.is_empty() && self.mapping.check(&table.columns).is_ok();
                if !fits {
                    self.begin(&table);
                }
                self.mapping.columns.clone_from(&table.columns);
                self.table = Some(table);
                self.seek(Vec::new());
                self.work_out();
            }
            Err(why) => self.refused = Some(why),
        }
        true
    }

    /// The mapping to begin with: one that is kept, or the guess.
    fn begin(&mut self, table: &Table) {
        let settings = self.mapping.table.clone();
        let used = self.used.clone();
        self.remark = used
            .as_ref()
            .map(|_| "Mapped as the case has read this table or an older edition.".to_owned());
        let kept = used.or_else(|| {
            let kept = saved::fitting_of(&self.kept, &table.columns)?;
            let remark =
                format!("These columns are mapped by “{}”, which the case keeps.", kept.name);
            self.remark = Some(remark);
            Some(kept)
        });
        self.mapping = kept.unwrap_or_else(|| self.guess.mapping.clone());
        self.mapping.table =
            Settings { sheet: settings.sheet.or(self.mapping.table.sheet.take()), ..settings };
    }

    /// Works out what the first rows become.
    fn work_out(&mut self) {
        let Some(table) = &self.table else { return };
        let looked = self.lookup.is_for(&self.mapping);
        let sketched = || sketch_with(table, &self.mapping, &self.lookup.nodes, ROWS);
        self.sketch = match self.mapping.check(&table.columns) {
            Ok(()) if looked => sketched().map_err(|error| error.to_string()),
            Ok(()) => Ok(Sketch::default()),
            Err(why) => Err(why),
        };
        if !looked {
            self.seek(Vec::new());
        }
    }

    /// Draws the panel in the room that there is.
    pub fn ui(&mut self, ui: &mut Ui, theme: &Theme) -> Told {
        let mut told = if self.opened() { Told::Changed } else { Told::Nothing };
        let before = self.mapping.clone();
        let room = ui.available_size();
        if let Some(wanted) = settings::ui(self, ui, theme) {
            told = wanted;
        }
        self.says(ui, theme);
        if self.table.is_none() {
            if self.opening.is_some() {
                ui.horizontal(|ui| {
                    ui.spinner();
                    ui.label(RichText::new("Opening the table …").color(theme.weak));
                });
                ui.ctx().request_repaint_after(std::time::Duration::from_millis(100));
            }
            return told;
        }
        ui.add_space(S4);
        let used = room.y - ui.available_height();
        // The upper part is for the table and the cards, the lower for what comes of it.
        let rows = self.table.as_ref().map_or(0, |table| table.sample.len());
        let wanted = (grid::HEAD + rows as f32 * (grid::ROW + 6.0)).max(210.0);
        let upper = wanted.min((room.y - used) * 0.56).max(130.0);
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.set_width((room.x - CARDS - S8).max(260.0));
                grid::ui(self, ui, theme, upper);
            });
            ui.vertical(|ui| {
                ui.set_width(CARDS.min(ui.available_width()));
                cards::ui(self, ui, theme, upper);
            });
        });
        section(ui, theme, "FIRST ROWS AFTER THE IMPORT");
        self.outcome(ui, theme);
        if self.mapping != before {
            self.touched = true;
            if self.mapping.table == before.table {
                self.work_out();
            } else {
                let ctx = ui.ctx().clone();
                self.open(&ctx);
            }
            if told == Told::Nothing {
                told = Told::Changed;
            }
        }
        told
    }

    /// What came of a mapping that was loaded, or what the table looks like.
    fn remark(&self) -> String {
        match &self.remark {
            Some(remark) => remark.clone(),
            None if self.guess.shape.is_empty() => String::new(),
            None => {
                let sure = self.guess.confidence * 100.0;
                let names_rows = self.guess.mapping.rows_named().next().is_some();
                let why: Vec<&str> = self.guess.reasons.iter().map(String::as_str).collect();
                let why = if names_rows { format!(": {}", why.join(", ")) } else { String::new() };
                format!("The table looks like {}, {sure:.0} % sure{why}.", self.guess.shape)
            }
        }
    }

    /// What the panel has to say: what is wrong and what is asked.
    fn says(&mut self, ui: &mut Ui, theme: &Theme) {
        if let Some(why) = &self.refused {
            ui.label(RichText::new(why).color(theme.alarm));
        }
        self.ids_ui(ui, theme);
        columns::questions(self, ui, theme);
    }

    fn outcome(&mut self, ui: &mut Ui, theme: &Theme) {
        let height = ui.available_height().max(80.0);
        match &self.sketch {
            Err(why) => {
                ui.label(RichText::new(why).color(theme.alarm));
            }
            Ok(sketch) => {
                ScrollArea::vertical()
                    .id_salt("sketch")
                    .max_height(height)
                    .auto_shrink([false, false])
                    .show(ui, |ui| rows::ui(ui, theme, sketch, &self.lookup.nodes));
            }
        }
    }
}

/// Opens a table and what was given with it, and guesses what their columns mean.
fn open(given: &Given, settings: &Settings) -> crate::case::Result<Opened> {
    let table = Table::open(&given.path, settings)?;
    let mut editions = given.editions.iter();
    let used = saved::used_before(&given.settings, &table)
        .or_else(|| editions.find_map(|digest| saved::used_for(&given.settings, digest, &table)));
    let small = given.path.metadata().is_ok_and(|meta| meta.len() <= WORKBOOK);
    let mut sheets = Vec::new();
    let mut all = vec![table];
    let own = all[0].layout.sheet.clone();
    let others = all[0].layout.sheets.clone();
    for sheet in others.into_iter().filter(|sheet| small && Some(sheet) != own.as_ref()) {
        let settings = Settings { sheet: Some(sheet.clone()), ..Settings::default() };
        let Ok(other) = Table::open(&given.path, &settings) else { continue };
        if sheets.len() < SHEETS && other.columns.len() > 1 && !other.sample.is_empty() {
            sheets.push(sheet);
            all.push(other);
        }
    }
    for path in given.beside.iter().filter(|path| **path != given.path) {
        // What is wrong with it is said when its turn comes.
        all.extend(Table::open(path, &Settings::default()));
    }
    let guess = guess_together(&all).into_iter().next().unwrap_or_default();
    Ok(Opened { table: all.swap_remove(0), guess, used, sheets })
}

/// A problem as it stands below its row.
fn problem(ui: &mut Ui, theme: &Theme, problem: &Problem) {
    ui.label(RichText::new(&problem.reason).size(T11).color(theme.alarm));
}

/// How high a list in a menu may be, so that the whole menu has room above or below what opens it.
fn list_height(menu: &Ui, opener: &Response) -> f32 {
    const MARGINS: f32 = 40.0;
    let window = menu.ctx().content_rect();
    let below = window.bottom() - opener.rect.bottom();
    let above = opener.rect.top() - window.top();
    (below.max(above) - menu.min_rect().height() - MARGINS).clamp(96.0, 320.0)
}

/// A heading of a card or a menu.
fn heading(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).font(semibold(T13)));
}
