//! The case as it was, or as if documents, citations or what an author entered were withdrawn: the
//! line that says so, and the list of what falls. Nothing is written.

use std::{collections::BTreeSet, ops::ControlFlow};

use egui::{Align, Frame, Key, Label, Layout, Margin, Panel, RichText, ScrollArea, Ui};

use crate::app::{
    beside::ANNOUNCE,
    model::{Model, Request, Snapshot, View},
    query::Query,
    theme::{S8, T11, Theme},
    widgets,
};
use crate::{
    case::{Progress, Result},
    chart::icon::ui as icon,
    model::{Id, PartialDate, schema},
    network::{
        Editions, Fall, Lens, Seen, each_fall,
        measured::{counted, grouped},
    },
};

/// The height of the list, in rows.
const ROWS: f32 = 6.0;
/// Of more than this many the first are listed, and the rest is counted.
const LISTED: usize = 10_000;

/// The line above the chart, and the list below it.
#[derive(Debug, Default)]
pub struct AsIf {
    is_listed: bool,
    day: Option<Day>,
}

/// A day as of which the case is to be seen, while it is typed.
#[derive(Debug)]
struct Day {
    text: String,
    refused: bool,
    fresh: bool,
}

/// What falls between the case with nothing taken for withdrawn and what is seen.
#[derive(Clone, Debug, PartialEq)]
struct WhatFalls;

impl Query for WhatFalls {
    type Slot = ();
    type Answer = Falling;
    type Of = Snapshot;

    fn slot(&self) {}

    fn read(&self, seen: &Snapshot, progress: &Progress) -> Result<Falling> {
        Falling::between(&seen.plain(), seen, progress)
    }
}

/// What falls.
#[derive(Debug, Default)]
struct Falling {
    /// How many of each kind, in the order of the list.
    counts: [usize; 3],
    /// How many dates leave open whether something held on the day of the lens.
    uncertain: usize,
    /// All of them, or the first.
    rows: Vec<Row>,
}

/// One thing that falls.
#[derive(Debug)]
struct Row {
    kind: What,
    entity: Id,
    name: String,
    what: String,
    change: String,
}

/// What falls, in the order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Relationship,
    Entity,
    Value,
}

impl AsIf {
    /// Opens the field for the day as of which the case is to be seen.
    pub(crate) fn ask_day(&mut self, model: &Model) {
        let text = model.wanted_lens().on.as_ref().map(ToString::to_string).unwrap_or_default();
        self.day = Some(Day { text, refused: false, fresh: true });
    }

    /// Draws the field for the day, where it is open.
    fn day(&mut self, ui: &mut Ui, model: &Model, theme: &Theme, requests: &mut Vec<Request>) {
        let Some(day) = &mut self.day else { return };
        let frame = Frame::new().fill(theme.selected).inner_margin(Margin::symmetric(12, 6));
        let mut is_over = false;
        Panel::top("as-of").frame(frame).show(ui, |ui| {
            ui.horizontal_wrapped(|ui| {
                ui.label(format!("{}  See the case as of", icon::EVENT));
                let field =
                    widgets::field(ui, &mut day.text, "As of the day", "e.g. 2017-06-30", 110.0);
                if day.fresh {
                    day.fresh = !widgets::focus_all(&field, &day.text);
                }
                day.refused &= !field.changed();
                let enter = field.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
                is_over = field.lost_focus() && ui.input(|i| i.key_pressed(Key::Escape));
                if widgets::primary_button(ui, theme, "See that day").clicked() || enter {
                    let text = day.text.trim();
                    let on = Some(text).filter(|text| !text.is_empty());
                    if let Ok(on) = on.map(PartialDate::from_input).transpose() {
                        let lens = Lens { on, ..model.wanted_lens().clone() };
                        requests.push(Request::LookThrough(lens));
                        is_over = true;
                    } else {
                        (day.refused, day.fresh) = (true, true);
                    }
                }
                is_over |= ui.button("Cancel").clicked();
                let (words, ink) = if day.refused {
                    ("Not a date. Write 2024, 2024-07 or 2024-07-03.", theme.alarm)
                } else {
                    ("A year, a month or a day. Undated items always count.", theme.weak)
                };
                ui.label(RichText::new(words).size(T11).color(ink));
            });
        });
        if is_over {
            self.day = None;
        }
    }

    /// Draws it, where the case is looked at through a lens.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) {
        self.day(ui, model, theme, requests);
        if model.lens().is_plain() {
            return;
        }
        let falling = model.ask(&WhatFalls, requests).cloned().unwrap_or_default();
        if model.is_looking() {
            ui.ctx().request_repaint_after(ANNOUNCE);
        }
        let frame = Frame::new().fill(theme.selected).inner_margin(Margin::symmetric(12, 6));
        Panel::top("as-if").frame(frame).show(ui, |ui| {
            self.line(ui, model, theme, requests, &falling);
        });
        let listed = falling.rows.len();
        if self.is_listed && listed > 0 {
            let rows = ROWS.min(listed as f32);
            let size = (rows * widgets::ROW + S8).min(ui.available_height() * 0.3);
            let frame = Frame::new().fill(theme.sunken).inner_margin(Margin::symmetric(12, 4));
            let panel = Panel::top("as-if-list").resizable(true).default_size(size).min_size(40.0);
            panel.frame(frame).show(ui, |ui| list(ui, view, theme, &falling));
        }
    }

    fn line(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        theme: &Theme,
        requests: &mut Vec<Request>,
        falling: &Falling,
    ) {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let words = "Show the case as it is";
            let tooltip = "Esc does the same, where nothing is selected or open.";
            if ui.button(words).on_hover_text(tooltip).clicked() {
                requests.push(Request::LookThrough(Lens::default()));
            }
            let pulled = pulled(model, model.lens());
            if !pulled.is_empty() {
                let words = if self.is_listed { "Hide the list" } else { "List what falls" };
                let is_some = !falling.rows.is_empty();
                let list = ui.add_enabled(is_some, egui::Button::new(words));
                if list.on_disabled_hover_text("Nothing is weaker without it.").clicked() {
                    self.is_listed = !self.is_listed;
                }
            }
            let words = if model.lens().on.is_some() { "Change the day" } else { "As of a day…" };
            if self.day.is_none() && ui.button(words).clicked() {
                self.ask_day(model);
            }
            if model.is_long(&WhatFalls) || model.looks_long() {
                ui.spinner().on_hover_text("The new answer is being worked out.");
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let mut parts = Vec::new();
                if let Some(then) = then(model) {
                    parts.push(format!("{}  {then}", icon::HISTORY));
                }
                parts.extend(as_of(model, falling.uncertain));
                if !pulled.is_empty() {
                    let count = falling.words();
                    let icon = icon::HIDE_SOURCE;
                    parts.push(format!("{icon}  As if withdrawn: {pulled}. {count}"));
                }
                parts.extend(model.lens().same.words());
                parts.extend(all_editions(model));
                let text = parts.join("  ");
                ui.add(Label::new(RichText::new(text).color(theme.text)).wrap());
            });
        });
    }
}

fn list(ui: &mut Ui, view: &mut View, theme: &Theme, falling: &Falling) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let area = ScrollArea::vertical().auto_shrink([false, false]);
    let (listed, all) = (falling.rows.len(), falling.counts.iter().sum::<usize>());
    let count = listed + usize::from(all > listed);
    area.show_rows(ui, widgets::ROW, count, |ui, range| {
        let is_end = range.end > listed;
        for row in &falling.rows[range.start.min(listed)..range.end.min(listed)] {
            ui.horizontal(|ui| {
                ui.set_height(widgets::ROW);
                let width = ui.available_width() - S8 * 2.0;
                let change = (width * 0.28).clamp(90.0, 190.0);
                let name = (width - change) * 0.55;
                let link = |ui: &mut Ui| {
                    let text = RichText::new(&row.name).color(theme.text);
                    ui.add(egui::Link::new(text))
                };
                let column = Layout::left_to_right(Align::Center).with_main_wrap(false);
                let size = egui::vec2(name, widgets::ROW);
                let link = ui.allocate_ui_with_layout(size, column, |ui| {
                    ui.set_width(name);
                    ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Truncate);
                    link(ui)
                });
                if link.inner.on_hover_text(&row.name).clicked() {
                    view.selection = BTreeSet::from([row.entity.clone()]);
                    view.reveal = Some(row.entity.clone());
                }
                widgets::cell(
                    ui,
                    width - change - name,
                    RichText::new(&row.what).size(T11).color(theme.weak),
                );
                widgets::cell(ui, change, RichText::new(&row.change).size(T11));
            });
        }
        if is_end {
            let more = format!("{} more are not listed.", grouped(all - listed));
            widgets::cell(ui, ui.available_width(), RichText::new(more).color(theme.weak));
        }
    });
}

/// As of which revision the case is shown, where it is shown as it was.
fn then(model: &Model) -> Option<String> {
    let known = model.lens().horizon.known?;
    let revision = model.log.iter().find(|revision| revision.number == known)?;
    Some(format!(
        "The case as it was after revision {known}: “{}” ({}, {}). Nothing can be changed here. \
         Charts, their layout and scenes are those of now.",
        revision.label,
        widgets::when(revision.at),
        revision.author
    ))
}

/// As of which day the case is shown, and what its dates leave open.
fn as_of(model: &Model, uncertain: usize) -> Option<String> {
    let on = model.lens().on.as_ref()?;
    let uncertain = match uncertain {
        0 => String::new(),
        1 => " One date is uncertain.".to_owned(),
        many => format!(" {} dates are uncertain.", grouped(many)),
    };
    let icon = icon::EVENT;
    Some(format!("{icon}  As of {on}: without what ended before or began later.{uncertain}"))
}

/// That all editions are shown, where the case has several and they are.
fn all_editions(model: &Model) -> Option<String> {
    let words = "All editions of documents, with what the newest does not say any more.";
    let is_all = model.lens().editions == Editions::All;
    is_all.then(|| format!("{}  {words}", icon::HISTORY))
}

/// The documents, sources, authors and citations that are taken for withdrawn.
pub(super) fn pulled(model: &Model, lens: &Lens) -> String {
    lens.pulled(|id| model.name(id))
}

impl Falling {
    /// What falls between two ways to look at a case.
    fn between(before: &Seen, after: &Seen, progress: &Progress) -> Result<Self> {
        let uncertain = after.date_uncertain().count();
        let mut falling = Self { uncertain, ..Self::default() };
        let mut first: [Vec<Fall>; 3] = Default::default();
        let _ = each_fall(before, after, &mut |fall| {
            let Some(kind) = What::of(before, &fall) else { return ControlFlow::Continue(()) };
            falling.counts[kind as usize] += 1;
            if first[kind as usize].len() < LISTED {
                first[kind as usize].push(fall);
            }
            if progress.is_cancelled() {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        });
        progress.check()?;
        let first = first.iter().flatten().take(LISTED);
        falling.rows = first.filter_map(|fall| row(before, fall)).collect();
        falling.rows.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
        Ok(falling)
    }

    /// How much falls, in one sentence.
    fn words(&self) -> String {
        let [relationships, entities, values] = self.counts;
        let of = |count, one, many| (count > 0).then(|| counted(count, one, many));
        let parts = [
            of(relationships, "relationship", "relationships"),
            of(entities, "entity", "entities"),
            of(values, "value", "values"),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        match parts.as_slice() {
            [] => "Nothing is weaker.".to_owned(),
            [one] => format!("Weaker, unsupported or gone: {one}."),
            [first @ .., last] => {
                format!("Weaker, unsupported or gone: {} and {last}.", first.join(", "))
            }
        }
    }
}

impl What {
    /// What falls; `None` where that is a statement about a schema.
    fn of(seen: &Seen, fall: &Fall) -> Option<Self> {
        let entity = seen.get(&fall.entity)?;
        match fall.statement {
            Some(statement) => entity.value(statement).map(|_| Self::Value),
            None if entity.is_link() => Some(Self::Relationship),
            None => Some(Self::Entity),
        }
    }
}

fn row(seen: &Seen, fall: &Fall) -> Option<Row> {
    let entity = seen.get(&fall.entity)?;
    let kind = What::of(seen, fall)?;
    let name = seen.name_of(entity);
    let known = schema::schema(entity.schema());
    let what = match fall.statement {
        None => known.map_or_else(|| entity.schema().to_owned(), |schema| schema.label.clone()),
        Some(key) => {
            let value = entity.value(key)?;
            let property = known.and_then(|schema| schema.property(value.property));
            let label = property
                .map_or_else(|| value.property.to_owned(), |property| property.label.clone());
            let named = seen.find(value.text).map_or(value.text, |other| other.caption());
            format!("{label}: {named}")
        }
    };
    Some(Row {
        kind,
        entity: fall.entity.clone(),
        name,
        what,
        change: format!("{} → {}", fall.before.words(), fall.words()),
    })
}

/// What would fall if a document were withdrawn, in one sentence; none where nothing would.
#[derive(Clone, Debug, PartialEq)]
pub struct RestsOn(pub Id);

impl Query for RestsOn {
    type Slot = ();
    type Answer = Option<String>;
    type Of = Snapshot;

    fn slot(&self) {}

    fn read(&self, snapshot: &Snapshot, progress: &Progress) -> Result<Option<String>> {
        let (network, document) = (snapshot.newest(), &self.0);
        let horizon = network.horizon().clone();
        let now = network.through(&Lens { horizon: horizon.clone(), ..Lens::default() });
        let lens = Lens { horizon, ..Lens::without_evidence(document.clone()) };
        let Falling { counts: [relationships, entities, _], mut rows, .. } =
            Falling::between(&now, &network.through(&lens), progress)?;
        rows.retain(|row| row.entity != *document && row.kind != What::Value);
        // The document falls itself.
        let count = (relationships + entities).saturating_sub(1);
        let first: Vec<String> = rows
            .iter()
            .take(5)
            .map(|row| format!("{} ({}, {})", row.name, row.what, row.change))
            .collect();
        let more = count.saturating_sub(first.len());
        let more = if more > 0 { format!(" and {} more", grouped(more)) } else { String::new() };
        Ok((!rows.is_empty()).then(|| format!("These rest on it: {}{more}.", first.join("; "))))
    }
}
