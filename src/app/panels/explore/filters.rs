//! The filter: what of a chart is left out, chosen from what is there, with counts.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
};

use egui::{RichText, Ui};

use super::{Stand, fold, heading, note, row};
use crate::{
    app::{
        model::{Model, Request, Snapshot, View},
        query::{AllCited, Query, Same},
        theme::{S4, S8, T11, Theme},
        widgets,
    },
    case::{Error, Progress, Result},
    chart::filter::{Cited, Criterion, Facet, Filter, Outcome, Table},
    model::{Id, PartialDate, Period, Schema, schema},
    network::measured::grouped,
};

/// How many values of a criterion are listed before one asks for all.
const LISTED: usize = 7;
/// From so many values on they can be searched.
const SEARCHED: usize = 14;

/// The filter and what it comes to.
#[derive(Debug, Default)]
pub(super) struct Filters {
    filter: Filter,
    /// What it came to last.
    found: Option<Same<Passing>>,
    /// What is typed: property and value, from, to, at least, at most.
    text: [String; 6],
    /// The criteria of which every value is listed, and what is searched among them.
    unfolded: BTreeMap<Criterion, String>,
}

/// What the chart looks different for: what is left out, and whether that is hidden.
pub(super) type Drawn = Option<(Same<Passing>, bool)>;

/// What could be filtered by: what stands on a chart.
#[derive(Debug, Clone, PartialEq)]
struct TableOf {
    stand: Stand,
    cited: Option<Same<Cited>>,
}

impl Query for TableOf {
    type Slot = ();
    type Answer = Table;
    type Of = Snapshot;

    fn slot(&self) {}

    fn read(&self, seen: &Snapshot, progress: &Progress) -> Result<Table> {
        let (on, cited) = (&self.stand.0, self.cited.as_ref().map(|cited| &*cited.0));
        let going = || !progress.is_cancelled();
        Table::new(seen, &on.chart, &on.placed, cited, &going).ok_or(Error::Cancelled)
    }
}

/// A filter of a table.
#[derive(Debug, Clone, PartialEq)]
struct Filtered {
    table: Same<Table>,
    filter: Filter,
}

/// What a filter comes to.
#[derive(Debug, Default)]
pub(super) struct Passing {
    outcome: Outcome,
    pub left_out: Arc<HashSet<Id>>,
    count: usize,
}

impl Query for Filtered {
    type Slot = ();
    type Answer = Passing;
    type Of = Snapshot;

    fn slot(&self) {}

    fn read(&self, seen: &Snapshot, progress: &Progress) -> Result<Passing> {
        let (table, filter) = (&self.table.0, &self.filter);
        let going = || !progress.is_cancelled();
        let outcome = table.outcome(filter, seen, &going).ok_or(Error::Cancelled)?;
        let left_out = if filter.is_on() { table.left_out(&outcome) } else { HashSet::new() };
        Ok(Passing { outcome, left_out: Arc::new(left_out), count: table.len() })
    }
}

impl Filters {
    pub(super) fn update(
        &mut self,
        model: &Model,
        requests: &mut Vec<Request>,
        (is_open, stand): (bool, Option<&Stand>),
    ) {
        if !is_open && !self.filter.is_on() {
            return;
        }
        // Once documents were filtered by, what is cited is followed.
        if model.answers.latest::<AllCited>(&()).is_some() {
            model.ask(&AllCited, requests);
        }
        let Some(stand) = stand.cloned() else {
            self.found = None;
            return;
        };
        let cited = model.answer(&AllCited).cloned().map(Same);
        let table = model.ask_current(&TableOf { stand, cited }, requests).cloned().map(Same);
        let Some(table) = table else { return };
        let filtered = Filtered { table, filter: self.filter.clone() };
        if let Some(found) = model.ask_latest(&filtered, requests) {
            self.found = Some(Same(Arc::clone(found)));
        }
    }

    pub(super) fn drawn(&self) -> Drawn {
        let found = self.found.clone().filter(|_| self.filter.is_on());
        found.map(|found| (found, self.filter.hides))
    }

    /// What the filter came to last.
    fn passed(&self) -> Arc<Passing> {
        self.found.as_ref().map(|found| Arc::clone(&found.0)).unwrap_or_default()
    }

    /// How many of how many entities pass, where the filter is on.
    pub(super) fn passing(&self) -> Option<(usize, usize)> {
        let found = self.passed();
        self.filter.is_on().then_some((found.outcome.shown, found.count))
    }

    fn clear(&mut self) {
        self.filter.clear();
        self.text = Default::default();
    }

    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) {
        ui.horizontal(|ui| {
            heading(ui, "Filter");
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let on = self.filter.is_on();
                let clear = ui.add_enabled(on, egui::Button::new("Clear").small());
                let clear = clear.on_disabled_hover_text("Nothing is filtered.");
                widgets::named(&clear, "Clear the filter", None, on);
                if clear.clicked() {
                    self.clear();
                }
            });
        });
        let found = self.passed();
        let said = match (self.passing(), found.count) {
            (_, 0) if view.chart.is_none() => "No chart is open.".to_owned(),
            (None, 1) => "One entity on this chart.".to_owned(),
            (None, count) => format!("{} entities on this chart.", grouped(count)),
            (Some((shown, count)), _) => {
                format!("{} of {} entities pass.", grouped(shown), grouped(count))
            }
        };
        note(ui, theme, said);
        ui.horizontal_wrapped(|ui| {
            for (hides, words) in [(false, "Dim the rest"), (true, "Hide the rest")] {
                if ui.selectable_label(self.filter.hides == hides, words).clicked() {
                    self.filter.hides = hides;
                }
            }
        });
        if self.filter.is_on() && found.outcome.shown > 0 {
            let select = ui.button("Select what passes");
            if select.clicked() {
                self.select(model, view);
            }
        }
        for criterion in Criterion::ALL {
            self.criterion(ui, model, theme, requests, criterion, &found.outcome);
        }
        self.conditions(ui, theme, &found.outcome);
    }

    /// Selects the entities that pass.
    fn select(&self, model: &Model, view: &mut View) {
        let Some(chart) = &view.chart else { return };
        let left_out = Arc::clone(&self.passed().left_out);
        let placed = model.placed(chart).iter().map(|p| &p.entity);
        let hidden: HashSet<&Id> =
            model.chart(chart).map(|chart| chart.hidden.iter().collect()).unwrap_or_default();
        let passing = placed.filter(|id| !left_out.contains(*id) && !hidden.contains(id));
        view.selection = passing.cloned().collect();
    }

    fn criterion(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        theme: &Theme,
        requests: &mut Vec<Request>,
        criterion: Criterion,
        outcome: &Outcome,
    ) {
        let facets = outcome.facets.get(&criterion).map_or(&[][..], Vec::as_slice);
        let chosen = self.filter.chosen.get(&criterion).map_or(0, BTreeSet::len);
        let is_document = criterion == Criterion::Document;
        if facets.is_empty() && chosen == 0 && !is_document {
            return;
        }
        let count = if chosen > 0 { format!("{chosen} chosen") } else { String::new() };
        let open = criterion == Criterion::Schema;
        let label = criterion.label();
        fold(ui, theme, (label, label), &count, open, |ui| {
            if is_document {
                model.ask(&AllCited, requests);
            }
            let words = |value: &str| match criterion {
                Criterion::Document => {
                    let document = model.evidence.iter().find(|e| e.id.as_str() == value);
                    document.map_or_else(|| criterion.words(value), |e| e.caption.clone())
                }
                _ => criterion.words(value),
            };
            self.facets(ui, theme, criterion, facets, &words);
        });
    }

    fn facets(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        criterion: Criterion,
        facets: &[Facet],
        words: &dyn Fn(&str) -> String,
    ) {
        let is_unfolded = self.unfolded.contains_key(&criterion);
        let mut wanted = String::new();
        if let Some(text) = self.unfolded.get_mut(&criterion)
            && facets.len() >= SEARCHED
        {
            let label = format!("Find in {}", criterion.label().to_lowercase());
            let width = ui.available_width() - S8;
            widgets::field(ui, text, &label, "Find", width);
            wanted = text.trim().to_lowercase();
        }
        let fits = |facet: &&Facet| {
            wanted.is_empty()
                || words(&facet.value).to_lowercase().contains(&wanted)
                || facet.value.to_lowercase() == wanted
        };
        // What is chosen is always in sight.
        let is_chosen = |facet: &Facet| self.filter.has(criterion, &facet.value);
        let shown: Vec<&Facet> = facets
            .iter()
            .filter(fits)
            .enumerate()
            .filter(|(n, facet)| is_unfolded || *n < LISTED || is_chosen(facet))
            .map(|(_, facet)| facet)
            .collect();
        let mut toggled = None;
        for facet in shown {
            let on = is_chosen(facet);
            let text = words(&facet.value);
            let count = if facet.count == facet.all {
                grouped(facet.all)
            } else {
                format!("{} of {}", grouped(facet.count), grouped(facet.all))
            };
            let name = format!("{}: {text}", criterion.label());
            if row(ui, theme, (&text, &name), &count, on) {
                toggled = Some(facet.value.clone());
            }
        }
        if facets.len() > LISTED {
            let text = if is_unfolded {
                "Show fewer".to_owned()
            } else {
                format!("Show all {}", grouped(facets.len()))
            };
            let more = widgets::quiet_button(ui, RichText::new(&text).size(T11).color(theme.weak));
            let label = format!("{text}: {}", criterion.label());
            widgets::named(&more, &label, None, true);
            if more.clicked() && self.unfolded.remove(&criterion).is_none() {
                self.unfolded.insert(criterion, String::new());
            }
        }
        if let Some(value) = toggled {
            self.filter.toggle(criterion, &value);
        }
    }

    /// What is typed rather than chosen.
    fn conditions(&mut self, ui: &mut Ui, theme: &Theme, outcome: &Outcome) {
        let Self { filter, text: [name, value, from, to, least, most], .. } = self;
        let width = (ui.available_width() - 3.0 * S8) / 2.0;
        let noted = |on: bool| if on { "set" } else { "" };
        fold(ui, theme, ("Value", "Value"), noted(filter.property.is_some()), false, |ui| {
            let label = |name: &str| property_label(outcome, name);
            let shown = if name.is_empty() { "Any property".to_owned() } else { label(name) };
            let combo = egui::ComboBox::from_id_salt("property")
                .selected_text(shown)
                .width(ui.available_width() - S8)
                .height(300.0)
                .show_ui(ui, |ui| {
                    ui.selectable_value(name, String::new(), "Any property");
                    for (property, label) in properties(outcome) {
                        ui.selectable_value(name, property, label);
                    }
                });
            combo.response.widget_info(|| {
                egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Property to look at")
            });
            let width = ui.available_width() - S8;
            widgets::field(
                ui,
                value,
                "Part of the value",
                "Part of the value; empty for any",
                width,
            );
        });
        let part = value.trim();
        filter.property =
            (!name.is_empty() || !part.is_empty()).then(|| (name.clone(), part.to_owned()));
        let mut wrong = None;
        fold(
            ui,
            theme,
            ("Period", "Existed between"),
            noted(!filter.period.is_empty()),
            false,
            |ui| {
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = S4;
                    widgets::field(ui, from, "Existed from", "e.g. 2009", width);
                    widgets::field(ui, to, "Existed until", "e.g. 2016-09", width);
                });
                for typed in [&*from, &*to] {
                    if date(typed).is_none() && !typed.trim().is_empty() {
                        wrong = Some(typed.clone());
                    }
                }
                match &wrong {
                    Some(typed) => {
                        let why = format!("{typed} is no date; write 2016, 2016-09 or 2016-09-26.");
                        ui.label(RichText::new(why).size(T11).color(theme.alarm));
                    }
                    None => note(ui, theme, "What is of no known date counts as always there."),
                }
            },
        );
        filter.period = Period { from: date(from), to: date(to) };
        let on = filter.least.is_some() || filter.most.is_some();
        fold(ui, theme, ("Degree", "Relationships in the case"), noted(on), false, |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = S4;
                widgets::field(ui, least, "At least so many relationships", "at least", width);
                widgets::field(ui, most, "At most so many relationships", "at most", width);
            });
            for typed in [&*least, &*most] {
                if !typed.trim().is_empty() && typed.trim().parse::<u32>().is_err() {
                    let why = format!("{typed} is no whole number.");
                    ui.label(RichText::new(why).size(T11).color(theme.alarm));
                }
            }
        });
        filter.least = least.trim().parse().ok();
        filter.most = most.trim().parse().ok();
    }
}

fn date(text: &str) -> Option<PartialDate> {
    text.trim().parse().ok()
}

/// The properties that what is on the chart can have, with their labels, each once, by label.
fn properties(outcome: &Outcome) -> Vec<(String, String)> {
    let of = |criterion| outcome.facets.get(&criterion).into_iter().flatten();
    let schemata = of(Criterion::Schema).filter_map(|facet| schema::schema(&facet.value));
    let mut all: BTreeMap<&str, &str> = BTreeMap::new();
    for property in schemata.flat_map(Schema::properties) {
        all.entry(&property.name).or_insert(&property.label);
    }
    let mut all: Vec<(String, String)> =
        all.into_iter().map(|(name, label)| (name.to_owned(), label.to_owned())).collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all
}

fn property_label(outcome: &Outcome, name: &str) -> String {
    let found = properties(outcome).into_iter().find(|(property, _)| property == name);
    found.map_or_else(|| name.to_owned(), |(_, label)| label)
}
