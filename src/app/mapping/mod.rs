//! Saying what the columns of a table mean: its first rows with what each column becomes, what
//! a row becomes, and the first rows as they will be.
//!
//! The panel holds a [`Mapping`] and shows it; what it means is decided in `exchange::table`.

mod cards;
mod columns;
mod grid;
mod rows;
mod settings;

use std::{
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, TryRecvError, channel},
};

use egui::{RichText, ScrollArea, Ui};

use super::{
    theme::{S4, S8, T11, T13, Theme, semibold},
    widgets::section,
};
use crate::exchange::{
    Problem,
    table::{Guess, Mapping, Settings, Sketch, Table, guess, saved, sketch},
};

/// How many rows are shown as what they become.
const ROWS: usize = 10;
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

/// The panel's state.
pub struct MappingState {
    path: PathBuf,
    /// Mappings that the case keeps.
    kept: Vec<Mapping>,
    mapping: Mapping,
    opening: Option<Receiver<Result<Table, String>>>,
    table: Option<Table>,
    guess: Guess,
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
    /// Opens a table on a thread of its own. A mapping that the case keeps for such a table is
    /// taken; else one is guessed.
    pub fn new(ctx: &egui::Context, path: &Path, kept: Vec<Mapping>) -> Self {
        let mut state = Self {
            path: path.to_owned(),
            kept,
            mapping: Mapping::default(),
            opening: None,
            table: None,
            guess: Guess::default(),
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

    /// Why nothing can be imported as it is, in one sentence; `None` where it can.
    pub fn wrong(&self) -> Option<&str> {
        self.refused.as_deref().or(self.sketch.as_ref().err().map(String::as_str))
    }

    /// Whether the user has changed the mapping since it was guessed or kept.
    pub fn is_touched(&self) -> bool {
        self.touched
    }

    /// Takes note that the mapping is kept in the case.
    pub fn kept(&mut self) {
        self.touched = false;
    }

    /// Whether the table is being opened.
    pub fn is_idle(&self) -> bool {
        self.opening.is_none()
    }

    /// Takes a mapping from a file, of ours or of `FollowTheMoney`.
    pub fn load(&mut self, ctx: &egui::Context, file: &Path) {
        match saved::file(file, &self.path) {
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
        let (ctx, path, settings) = (ctx.clone(), self.path.clone(), self.mapping.table.clone());
        std::thread::spawn(move || {
            let table = Table::open(&path, &settings).map_err(|error| error.to_string());
            // The panel may have been closed meanwhile.
            send.send(table).ok();
            ctx.request_repaint();
        });
        self.opening = Some(opening);
    }

    /// Takes the table once it is open; says whether the mapping is another now.
    fn opened(&mut self) -> bool {
        let Some(opening) = &self.opening else { return false };
        let table = match opening.try_recv() {
            Ok(table) => table,
            Err(TryRecvError::Empty) => return false,
            Err(TryRecvError::Disconnected) => Err("The table could not be read.".into()),
        };
        self.opening = None;
        match table {
            Ok(table) => {
                self.refused = None;
                self.guess = guess(&table);
                let fits =
                    !self.mapping.entities.is_empty() && self.mapping.check(&table.columns).is_ok();
                if !fits {
                    self.begin(&table);
                }
                self.mapping.columns.clone_from(&table.columns);
                self.table = Some(table);
                self.work_out();
            }
            Err(why) => self.refused = Some(why),
        }
        true
    }

    /// The mapping to begin with: one that is kept, or the guess.
    fn begin(&mut self, table: &Table) {
        let settings = self.mapping.table.clone();
        let kept = saved::fitting_of(&self.kept, &table.columns);
        self.remark = kept.as_ref().map(|kept| {
            format!("These columns are mapped by “{}”, which the case keeps.", kept.name)
        });
        self.mapping = kept.unwrap_or_else(|| self.guess.mapping.clone());
        self.mapping.table =
            Settings { sheet: settings.sheet.or(self.mapping.table.sheet.take()), ..settings };
    }

    /// Works out what the first rows become.
    fn work_out(&mut self) {
        let Some(table) = &self.table else { return };
        self.sketch = match self.mapping.check(&table.columns) {
            Ok(()) => sketch(table, &self.mapping, ROWS).map_err(|error| error.to_string()),
            Err(why) => Err(why),
        };
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
                ui.label(RichText::new("Opening the table …").color(theme.weak));
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
            None => format!("The table looks like {}.", self.guess.shape),
        }
    }

    /// What the panel has to say: what is wrong and what is asked.
    fn says(&mut self, ui: &mut Ui, theme: &Theme) {
        if let Some(why) = &self.refused {
            ui.label(RichText::new(why).color(theme.alarm));
        }
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
                    .show(ui, |ui| rows::ui(ui, theme, sketch));
            }
        }
    }
}

/// A problem as it stands below its row.
fn problem(ui: &mut Ui, theme: &Theme, problem: &Problem) {
    ui.label(RichText::new(&problem.reason).size(T11).color(theme.alarm));
}

/// A heading of a card or a menu.
fn heading(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).font(semibold(T13)));
}
