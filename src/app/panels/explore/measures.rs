//! Measures of a chart or of the whole case: who matters in it, shown as size and colour, in the
//! table and in the inspector.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
    time::{Duration, Instant},
};

use egui::{RichText, Ui};

use super::{Stand, heading, note, row};
use crate::{
    app::{
        command,
        model::{Model, Request, Snapshot, View},
        query::{Held, Query, Same},
        theme::{S4, S8, T11, Theme},
    },
    case::{Error, Progress, Result},
    chart::{
        icon::ui as icon,
        overlay::{self, Mark},
    },
    model::Id,
    network::{
        Connection, Part,
        measured::{Measure, Measured, counted, grouped, measure},
    },
};

/// How many are listed as first by a measure.
const LISTED: usize = 10;
/// What took no longer than this is measured again by itself when the case changes.
const SOON: Duration = Duration::from_millis(250);
/// Units of progress.
const PARTS: u64 = 1_000;

/// The measures.
#[derive(Debug, Default)]
pub(super) struct Measures {
    /// Of the whole case; otherwise of the open chart.
    whole: bool,
    chosen: Option<Measure>,
    /// Whether the chosen one is to be measured again although that takes long.
    again: bool,
    by: By,
    /// The open chart and who stands on it.
    stand: Option<Stand>,
}

/// What stands for a measure on the chart.
#[derive(Debug)]
struct By {
    size: bool,
    color: bool,
}

impl Default for By {
    fn default() -> Self {
        Self { size: true, color: true }
    }
}

/// What the chart looks different for: the measure, and whether size and colour stand for it.
pub(super) type Drawn = (Option<Same<Taken>>, bool, bool);

/// A measure of a chart, or of the whole case.
#[derive(Debug, Clone, PartialEq)]
struct Wanted {
    measure: Measure,
    /// The chart; `None` for the whole case.
    of: Option<Stand>,
}

/// A measure that was taken.
#[derive(Debug)]
pub(super) struct Taken {
    took: Duration,
    measured: Arc<Measured>,
    /// The same as it is drawn.
    pub drawn: Arc<overlay::Measured>,
}

impl Query for Wanted {
    type Slot = Measure;
    type Answer = Taken;
    type Of = Snapshot;
    const IS_LONG: bool = true;

    fn slot(&self) -> Measure {
        self.measure
    }

    fn read(&self, seen: &Snapshot, progress: &Progress) -> Result<Taken> {
        let began = Instant::now();
        let reads = || !progress.is_cancelled();
        let part = match &self.of {
            Some(Stand(on)) => {
                let hidden: BTreeSet<&Id> = on.chart.hidden.iter().collect();
                let shown = on.placed.iter().filter(|id| !hidden.contains(id));
                let skip =
                    |link: Connection<'_>| !hidden.is_empty() && hidden.contains(&*link.id());
                Part::new(seen, shown, &skip, &reads)
            }
            None => Part::whole(seen, &reads),
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let going = |share: f32| {
            progress.report((share * PARTS as f32) as u64, PARTS);
            !progress.is_cancelled()
        };
        let measured = part.and_then(|part| measure(self.measure, &part, threads, &going));
        let measured = measured.ok_or(Error::Cancelled)?;
        let drawn = Arc::new(drawn(&measured));
        Ok(Taken { took: began.elapsed(), measured: Arc::new(measured), drawn })
    }
}

/// What was measured last, if it was, and of what.
fn held(model: &Model, measure: Measure) -> Option<(&Held<Wanted>, &Arc<Taken>)> {
    let held = model.answers.latest::<Wanted>(&measure)?;
    Some((held, held.answer.as_ref().ok()?))
}

impl Measures {
    /// What the chart shows, by size and by colour.
    pub(super) fn drawn(&self, model: &Model) -> Drawn {
        let taken = self.chosen.and_then(|measure| held(model, measure));
        (taken.map(|(_, taken)| Same(Arc::clone(taken))), self.by.size, self.by.color)
    }

    fn wanted(&self, measure: Measure) -> Wanted {
        Wanted { measure, of: self.stand.clone().filter(|_| !self.whole) }
    }

    pub(super) fn update(
        &mut self,
        model: &Model,
        view: &mut View,
        requests: &mut Vec<Request>,
        stand: Option<Stand>,
    ) {
        self.stand = stand;
        for held in model.answers.all::<Wanted>() {
            let Ok(taken) = &held.answer else { continue };
            view.measured.insert(held.query.measure, Arc::clone(&taken.measured));
        }
        let Some(chosen) = self.chosen.filter(|_| model.coming.is_none()) else { return };
        let wanted = self.wanted(chosen);
        let is_quick = held(model, chosen).is_none_or(|(_, taken)| taken.took < SOON);
        if is_quick || self.again {
            model.ask(&wanted, requests);
            self.again &= model.is_open(&wanted);
        }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, model: &Model, view: &mut View, theme: &Theme) {
        heading(ui, "Measures");
        if model.coming.is_some() {
            note(ui, theme, "The case is still being read; it can be measured after that.");
            return;
        }
        ui.horizontal_wrapped(|ui| {
            for (whole, words) in [(false, "Of this chart"), (true, "Of the whole case")] {
                if ui.selectable_label(self.whole == whole, words).clicked() {
                    self.whole = whole;
                }
            }
        });
        let label = self.chosen.map_or("Choose a measure", Measure::label);
        let before = self.chosen;
        let combo = egui::ComboBox::from_id_salt("measure")
            .selected_text(label)
            .width(ui.available_width() - S8)
            .height(320.0)
            .show_ui(ui, |ui| {
                ui.selectable_value(&mut self.chosen, None, "Nothing");
                for measure in Measure::ALL {
                    let text = if held(model, measure).is_some() {
                        format!("{}  {}", measure.label(), icon::CHECK)
                    } else {
                        measure.label().to_owned()
                    };
                    ui.selectable_value(&mut self.chosen, Some(measure), text)
                        .on_hover_text(measure.about());
                }
            });
        combo.response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Measure: {label}"))
        });
        self.again &= self.chosen == before;
        let Some(chosen) = self.chosen else {
            note(
                ui,
                theme,
                "Who matters here: shown as size and colour, in the table and beside what is selected.",
            );
            return;
        };
        note(ui, theme, chosen.about());
        let wanted = self.wanted(chosen);
        if let Some(part) = model.part_done(&wanted) {
            ui.horizontal(|ui| {
                ui.add(egui::ProgressBar::new(part).desired_width(ui.available_width() - 80.0));
                if ui.button("Cancel").clicked() {
                    (self.chosen, self.again) = (None, false);
                }
            });
            return;
        }
        let Some((_, taken)) = held(model, chosen) else { return };
        if model.is_open(&wanted) {
            ui.horizontal(|ui| {
                note(ui, theme, "Measured before the last change.");
                self.again |= ui.small_button("Measure again").clicked();
            });
        }
        let measured = Arc::clone(&taken.measured);
        let mut by = (self.by.size, self.by.color);
        ui.horizontal(|ui| {
            let is_level = !chosen.is_kind();
            let size = ui.add_enabled(is_level, egui::Checkbox::new(&mut by.0, "Size"));
            size.on_disabled_hover_text("A kind is neither large nor small.");
            ui.checkbox(&mut by.1, "Colour");
        });
        if by != (self.by.size, self.by.color) {
            self.by = By { size: by.0, color: by.1 };
        }
        let summary = match chosen {
            Measure::CutPoint => format!(
                "{} cut points and {} bridges among {}.",
                grouped(measured.count()),
                grouped(measured.bridges.len()),
                grouped(measured.len())
            ),
            _ if chosen.is_kind() => {
                let all = counted(measured.len(), "entity", "entities");
                format!("{} among {all}.", grouped(measured.count()))
            }
            _ => format!("The first of {} entities:", grouped(measured.len())),
        };
        note(ui, theme, summary);
        ui.spacing_mut().item_spacing.y = S4 / 2.0;
        if chosen.is_kind() {
            kinds(ui, theme, view, &measured);
        } else {
            first(ui, theme, model, view, &measured);
        }
        if !measured.bridges.is_empty() && ui.button("Select the bridges").clicked() {
            view.selection = bridges(model, &measured);
        }
        let keys = command::keys(ui.ctx(), command::VIEW_TABLE);
        note(ui, theme, format!("Also a column of the table ({keys}) to sort by."));
    }
}

/// Those with the highest values.
fn first(ui: &mut Ui, theme: &Theme, model: &Model, view: &mut View, measured: &Measured) {
    let above = |id: &&Id| measured.value(id).is_some_and(|value| value > 0.0);
    for id in measured.order.iter().filter(above).take(LISTED) {
        let name = model.name(id);
        let value = measured.value(id).map(|v| measured.measure.words(v)).unwrap_or_default();
        let said = format!("{}: {name}", measured.measure.label());
        if row(ui, theme, (&name, &said), &value, view.selection.contains(id)) {
            view.selection = BTreeSet::from([id.clone()]);
            view.reveal = Some(id.clone());
        }
    }
}

/// The largest kinds; a click selects their members.
fn kinds(ui: &mut Ui, theme: &Theme, view: &mut View, measured: &Measured) {
    let mut rest = &measured.order[..];
    for _ in 0..LISTED {
        let Some(value) = rest.first().and_then(|id| measured.value(id)) else { break };
        let count = rest.partition_point(|id| measured.value(id).is_some_and(|v| v <= value));
        let (members, others) = rest.split_at(count);
        rest = others;
        let name = format!("{} {}", measured.measure.label(), measured.measure.words(value));
        let on =
            view.selection.len() == count && members.iter().all(|id| view.selection.contains(id));
        ui.horizontal(|ui| {
            let patch = egui::vec2(10.0, 10.0);
            let (rect, _) = ui.allocate_exact_size(patch, egui::Sense::hover());
            let ink = crate::app::theme::color(theme.style.kind(value as u32));
            ui.painter().rect_filled(rect, 3.0, ink);
            let said = format!("Select {}", name.to_lowercase());
            if row(ui, theme, (&name, &said), &grouped(count), on) {
                view.selection = members.iter().cloned().collect();
                view.reveal = members.first().cloned();
            }
        });
    }
    if !rest.is_empty() {
        ui.label(RichText::new("and smaller ones").size(T11).color(theme.weak));
    }
}

/// The relationships and references that are bridges.
fn bridges(model: &Model, measured: &Measured) -> BTreeSet<Id> {
    let mut found = BTreeSet::new();
    for (a, b) in &measured.bridges {
        if let (Some(a), Some(b)) = (model.seen.get(a), model.seen.get(b)) {
            let between = model.seen.connections_between(a, b);
            found.extend(between.map(|link| link.id().into_owned()));
        }
    }
    found
}

/// A measure as the chart draws it.
fn drawn(measured: &Measured) -> overlay::Measured {
    let (what, most) = (measured.measure, measured.most());
    let mark = |value: f64| {
        if what.is_kind() {
            return Mark::Kind(value as u32);
        }
        Mark::Level(if most > 0.0 { (value / most).max(0.0).sqrt() as f32 } else { 0.0 })
    };
    let values = measured.order.iter().filter_map(|id| Some((id, measured.value(id)?)));
    let marks: HashMap<Id, Mark> = values.map(|(id, value)| (id.clone(), mark(value))).collect();
    let least = measured.order.last().and_then(|id| measured.value(id)).unwrap_or_default();
    let ends = (!what.is_kind()).then(|| [what.words(least), what.words(most)]);
    overlay::Measured { title: what.label().to_owned(), marks, ends }
}
