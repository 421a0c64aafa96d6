//! Measures of a chart or of the whole case: who matters in it, shown as size and colour, in the
//! table and in the inspector.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering::Relaxed},
        mpsc::{Receiver, TryRecvError, channel},
    },
    time::{Duration, Instant},
};

use egui::{RichText, Ui};

use super::{heading, note, row};
use crate::{
    app::{
        command,
        model::{Model, View},
        theme::{S4, S8, T11, Theme},
    },
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

/// The measures.
#[derive(Debug, Default)]
pub(super) struct Measures {
    /// Of the whole case; otherwise of the open chart.
    whole: bool,
    chosen: Option<Measure>,
    by: By,
    job: Option<Job>,
    kept: BTreeMap<Measure, Kept>,
    version: u64,
    /// Who stands on the open chart.
    standing: u64,
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

/// What was measured.
#[derive(Debug, Clone, PartialEq)]
struct Of {
    seen: u64,
    /// The chart, and who stands on it; `None` for the whole case.
    chart: Option<(Id, u64)>,
}

/// A measure, of what, and as it is drawn.
#[derive(Debug)]
struct Kept {
    of: Of,
    took: Duration,
    measured: Arc<Measured>,
    drawn: Arc<overlay::Measured>,
}

/// A measure that is being taken.
#[derive(Debug)]
struct Job {
    measure: Measure,
    of: Of,
    began: Instant,
    /// The part that is done, as the bits of a number from 0 to 1.
    part: Arc<AtomicU32>,
    stop: Arc<AtomicBool>,
    outcome: Receiver<Option<(Measured, overlay::Measured)>>,
}

impl Drop for Job {
    fn drop(&mut self) {
        self.stop.store(true, Relaxed);
    }
}

impl Measures {
    pub(super) fn is_idle(&self) -> bool {
        self.job.is_none()
    }

    /// Counts up with everything that the chart looks different for.
    pub(super) fn version(&self) -> u64 {
        self.version
    }

    /// What the chart shows, by size and by colour.
    pub(super) fn drawn(&self) -> (Option<Arc<overlay::Measured>>, bool, bool) {
        let kept = self.chosen.and_then(|measure| self.kept.get(&measure));
        (kept.map(|kept| Arc::clone(&kept.drawn)), self.by.size, self.by.color)
    }

    fn of(&self, model: &Model, view: &View) -> Of {
        let seen = model.network_generation;
        let chart = view.chart.as_ref().filter(|_| !self.whole).and_then(|id| model.chart(id));
        let chart = chart.map(|chart| (chart.id.clone(), self.standing));
        Of { seen, chart }
    }

    pub(super) fn update(
        &mut self,
        ctx: &egui::Context,
        model: &Model,
        view: &mut View,
        standing: u64,
    ) {
        self.standing = standing;
        if let Some(job) = &self.job {
            match job.outcome.try_recv() {
                Ok(Some((measured, drawn))) => {
                    let kept = Kept {
                        of: job.of.clone(),
                        took: job.began.elapsed(),
                        measured: Arc::new(measured),
                        drawn: Arc::new(drawn),
                    };
                    view.measured.insert(job.measure, Arc::clone(&kept.measured));
                    self.kept.insert(job.measure, kept);
                    self.job = None;
                    self.version += 1;
                }
                Ok(None) | Err(TryRecvError::Disconnected) => self.job = None,
                Err(TryRecvError::Empty) => ctx.request_repaint_after(Duration::from_millis(100)),
            }
        }
        if view.measured.len() != self.kept.len() {
            // Another case, or none yet.
            self.kept.retain(|measure, _| view.measured.contains_key(measure));
            self.version += 1;
        }
        let Some(chosen) = self.chosen.filter(|_| self.job.is_none()) else { return };
        let of = self.of(model, view);
        if self.kept.get(&chosen).is_some_and(|kept| kept.of != of && kept.took < SOON) {
            self.begin(ctx, model, view, chosen);
        }
    }

    fn begin(&mut self, ctx: &egui::Context, model: &Model, view: &View, wanted: Measure) {
        let of = self.of(model, view);
        let chart = of.chart.as_ref().and_then(|(id, ..)| model.chart(id)).cloned();
        let placed: Option<Vec<Id>> = chart
            .as_ref()
            .map(|chart| model.placed(&chart.id).iter().map(|p| p.entity.clone()).collect());
        let hidden: BTreeSet<Id> =
            chart.map(|c| c.hidden.into_iter().collect()).unwrap_or_default();
        let seen = model.snapshot();
        let (part, stop) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicBool::new(false)));
        let (done, stopped) = (Arc::clone(&part), Arc::clone(&stop));
        let (send, outcome) = channel();
        let wake = ctx.clone();
        let thread = std::thread::Builder::new().name("measure".into()).spawn(move || {
            let reads = || !stopped.load(Relaxed);
            let part = match &placed {
                Some(placed) => {
                    let shown = placed.iter().filter(|id| !hidden.contains(*id));
                    let skip =
                        |link: Connection<'_>| !hidden.is_empty() && hidden.contains(&*link.id());
                    Part::new(&seen, shown, &skip, &reads)
                }
                None => Part::whole(&seen, &reads),
            };
            // The case may change from here on.
            drop(seen);
            let threads = std::thread::available_parallelism().map_or(1, usize::from);
            let going = |share: f32| {
                done.store(share.to_bits(), Relaxed);
                !stopped.load(Relaxed)
            };
            let measured = part.and_then(|part| measure(wanted, &part, threads, &going));
            let both = measured.map(|measured| {
                let drawn = drawn(&measured);
                (measured, drawn)
            });
            // The panel may have gone meanwhile.
            send.send(both).ok();
            wake.request_repaint();
        });
        self.job = thread.is_ok().then_some(Job {
            measure: wanted,
            of,
            began: Instant::now(),
            part,
            stop,
            outcome,
        });
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
                    let text = if self.kept.contains_key(&measure) {
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
        if self.chosen != before {
            self.version += 1;
            self.job = None;
        }
        let Some(chosen) = self.chosen else {
            note(
                ui,
                theme,
                "Who matters here: shown as size and colour, in the table and beside what is selected.",
            );
            return;
        };
        note(ui, theme, chosen.about());
        let of = self.of(model, view);
        if let Some(job) = &self.job {
            let part = f32::from_bits(job.part.load(Relaxed));
            ui.horizontal(|ui| {
                ui.add(egui::ProgressBar::new(part).desired_width(ui.available_width() - 80.0));
                if ui.button("Cancel").clicked() {
                    job.stop.store(true, Relaxed);
                    self.chosen = None;
                }
            });
            return;
        }
        let Some(kept) = self.kept.get(&chosen) else {
            // Chosen just now.
            let ctx = ui.ctx().clone();
            self.begin(&ctx, model, view, chosen);
            return;
        };
        if kept.of != of {
            ui.horizontal(|ui| {
                note(ui, theme, "Measured before the last change.");
                if ui.small_button("Measure again").clicked() {
                    let ctx = ui.ctx().clone();
                    self.begin(&ctx, model, view, chosen);
                }
            });
        }
        let Some(kept) = self.kept.get(&chosen) else { return };
        let measured = Arc::clone(&kept.measured);
        let mut by = (self.by.size, self.by.color);
        ui.horizontal(|ui| {
            let is_level = !chosen.is_kind();
            let size = ui.add_enabled(is_level, egui::Checkbox::new(&mut by.0, "Size"));
            size.on_disabled_hover_text("A kind is neither large nor small.");
            ui.checkbox(&mut by.1, "Colour");
        });
        if by != (self.by.size, self.by.color) {
            self.by = By { size: by.0, color: by.1 };
            self.version += 1;
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
