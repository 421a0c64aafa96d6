//! The rows in the case that a table names by their ids. They are looked up beside the window.

use egui::{RichText, Ui};

use super::MappingState;
use crate::{
    app::theme::{S4, T11, Theme},
    exchange::{
        nodes::{Found, Sought},
        table::{Guess, Mapping, Nodes, RowsOf},
    },
    model::Id,
};

/// What is looked up, and what came of it.
#[derive(Default)]
pub(super) struct Lookup {
    pub nodes: Nodes,
    /// The rows that were looked up, with the columns that name them.
    looked: Vec<(RowsOf, Vec<String>)>,
    /// What is to be looked up.
    wanted: Option<Sought>,
    /// The number of what is waited for.
    waiting: Option<u64>,
    asked: u64,
    /// The column whose ids several documents have, and these.
    choices: Option<(String, Vec<(Id, String)>)>,
    /// Why its ids are of no use.
    why: Option<String>,
}

impl Lookup {
    /// Whether nothing is looked up or waited for.
    pub fn is_idle(&self) -> bool {
        self.waiting.is_none() && self.wanted.is_none()
    }

    /// Whether what a mapping names was looked up.
    pub(crate) fn is_for(&self, mapping: &Mapping) -> bool {
        named(mapping) == self.looked
    }
}

fn named(mapping: &Mapping) -> Vec<(RowsOf, Vec<String>)> {
    mapping.rows_named().map(|(of, columns)| (of.clone(), columns.to_vec())).collect()
}

impl MappingState {
    /// What is to be looked up in the case, once, with its number.
    pub(crate) fn sought(&mut self) -> Option<(u64, Box<Sought>)> {
        let sought = self.lookup.wanted.take()?;
        self.lookup.asked += 1;
        self.lookup.waiting = Some(self.lookup.asked);
        Some((self.lookup.asked, Box::new(sought)))
    }

    /// What the rows became that the mapping names.
    pub fn nodes(&self) -> &Nodes {
        &self.lookup.nodes
    }

    /// Looks up the rows that the mapping names; where it is the guess for the table by itself, looks
    /// for rows that the table may name.
    pub(super) fn seek(&mut self, of: Vec<Id>) {
        let Some(table) = &self.table else { return };
        let settings = self.mapping.table.clone();
        let sought = Sought { path: table.path().to_owned(), settings, of, ..Sought::default() };
        let by_itself = self.given.names_rows
            && self.used.is_none()
            && self.mapping.entities == self.guess.mapping.entities;
        let lookup = &mut self.lookup;
        (lookup.choices, lookup.why) = (None, None);
        let is_named = self.mapping.rows_named().next().is_some();
        if is_named && !lookup.is_for(&self.mapping) {
            lookup.wanted = Some(Sought { by: Some(self.mapping.clone()), ..sought });
        } else if !is_named && by_itself {
            lookup.wanted = Some(Sought { alone: self.guess.clone(), ..sought });
        }
    }

    /// Takes what was found, unless something else is waited for by now.
    pub fn found(&mut self, number: u64, found: Result<Found, String>) {
        if self.lookup.waiting != Some(number) {
            return;
        }
        self.lookup.waiting = None;
        match found {
            Ok(Found::Nothing) => {}
            Ok(Found::Rows(guess, nodes)) => self.take_rows(*guess, nodes),
            Ok(Found::Several(column, documents)) => {
                self.lookup.choices = Some((column, documents));
            }
            Ok(Found::Few(how)) => {
                self.lookup.why = Some(format!("Too few of its ids are in the case: {how}."));
            }
            Err(why) => self.lookup.why = Some(why),
        }
    }

    fn take_rows(&mut self, guess: Guess, nodes: Nodes) {
        let Self { lookup, mapping, .. } = self;
        (lookup.looked, lookup.nodes) = (named(&guess.mapping), nodes);
        if mapping.rows_named().next().is_none() {
            let table = std::mem::take(&mut mapping.table);
            *mapping = Mapping { table, ..guess.mapping.clone() };
            self.guess = guess;
        }
        self.work_out();
    }

    /// Draws what is looked for, what is asked, or why the ids are of no use.
    pub(super) fn ids_ui(&mut self, ui: &mut Ui, theme: &Theme) {
        if self.lookup.waiting.is_some() {
            let words = "Looking in the case for the rows that its ids name …";
            ui.label(RichText::new(words).size(T11).color(theme.weak));
            return;
        }
        if let Some(why) = &self.lookup.why {
            ui.label(RichText::new(why).size(T11).color(theme.alarm));
        }
        let Some((column, documents)) = self.lookup.choices.clone() else { return };
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = S4;
            let words = format!("Whose ids are in “{column}”?");
            ui.label(RichText::new(words).size(T11).color(theme.alarm));
            for (id, name) in documents {
                if ui.button(RichText::new(format!("Those of {name}")).size(T11)).clicked() {
                    self.seek(vec![id]);
                }
            }
        });
    }
}
