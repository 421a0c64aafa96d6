//! Everything that has a date, in lanes: partial dates as the spans that they are, decades down
//! to days, with a period that can be brushed.

use std::{collections::BTreeSet, ops::RangeInclusive, path::PathBuf, sync::Arc};

use egui::{RichText, Ui, Vec2b};
use egui_plot::{
    GridInput, GridMark, HLine, Plot, PlotBounds, PlotPoint, PlotPoints, Polygon, Span, Text,
};

use crate::app::{
    model::{Model, Request, View},
    theme::{T11, Theme, color},
    widgets::{self, empty_state},
};
use crate::{
    chart::{
        icon::ui as icon,
        timeline::{Item, Lanes, Timeline as Dated},
    },
    export::{self, Job, Look, Scope, Target, TimelineView},
    model::{
        Id, PartialDate,
        date::{days, from_days},
    },
    network::{EntityRef, measured::grouped},
};

/// A case of up to this many entities and relationships is shown whole; of a larger one, what stands
/// on the open chart.
const WHOLE: usize = 20_000;
/// The most things that are shown.
const MOST: usize = 3_000;
/// What the timeline leaves as: the names of targets, and what they are called here.
const LEAVES_AS: [(&str, &str); 4] =
    [("pdf", "PDF…"), ("svg", "SVG…"), ("png", "PNG…"), ("timeline", "CSV…")];

/// The state of the case, what lanes stand for, what alone is shown, the chart if that counts.
type MadeFor = (u64, Lanes, Option<BTreeSet<Id>>, Option<Id>);

/// The panel.
#[derive(Debug, Default)]
pub struct Timeline {
    lanes: Lanes,
    only_selected: bool,
    items: Vec<Item>,
    names: Vec<String>,
    made_for: Option<MadeFor>,
    /// What is left out, in words, if anything.
    left_out: Option<String>,
    brush: Option<f64>,
    brushing: bool,
    fit: bool,
    /// The day that counts as today, where it is not the computer's.
    day: Option<jiff::civil::Date>,
}

impl Timeline {
    /// Takes a day for today.
    pub fn hold_day(&mut self, day: jiff::civil::Date) {
        self.day = Some(day);
    }

    /// Draws the panel.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) {
        self.remake(model, view);
        let folded = ui.available_width() < widgets::ICONS;
        ui.horizontal_wrapped(|ui| {
            widgets::title(ui, "Timeline");
            let before = self.lanes;
            ui.selectable_value(&mut self.lanes, Lanes::Entity, "by entity");
            ui.selectable_value(&mut self.lanes, Lanes::Schema, "by schema");
            self.fit |= before != self.lanes;
            if ui.checkbox(&mut self.only_selected, "selected only").changed() {
                self.fit = true;
            }
            let about = "Drag over a period; everything else is dimmed on the chart. Or hold Shift and drag.";
            let brush = if folded {
                widgets::icon_toggle(ui, theme, icon::CALENDAR_MONTH, "Brush a period", self.brushing)
            } else {
                ui.selectable_label(self.brushing, "Brush a period")
            };
            if brush.on_hover_text(about).clicked() {
                self.brushing = !self.brushing;
            }
            if widgets::tool(ui, theme, icon::FIT_SCREEN, "Fit", folded).clicked() {
                self.fit = true;
            }
            let can_leave = !self.items.is_empty();
            let leave = ui.add_enabled_ui(can_leave, |ui| {
                let button = widgets::with_icon(icon::DOWNLOAD, "Export");
                ui.menu_button(button, |ui| {
                    for (name, label) in LEAVES_AS {
                        let Some(target) = export::target(name) else { continue };
                        if ui.button(label).clicked() {
                            requests.push(self.leave(model, view, theme, target));
                            ui.close();
                        }
                    }
                })
            });
            let response = leave.inner.response;
            widgets::named(&response, "Export the timeline", None, can_leave);
            response.on_disabled_hover_text("Nothing here has a date yet.");
            if let Some(words) = &self.left_out {
                ui.label(RichText::new(words).size(T11).color(theme.weak));
            }
            if !view.period.is_empty() {
                let date = |date: &Option<PartialDate>| date.as_ref().map_or("…".to_owned(), ToString::to_string);
                ui.label(RichText::new(format!("{} to {}", date(&view.period.from), date(&view.period.to))).color(theme.accent));
                if ui.button("Clear period").clicked() {
                    view.period = crate::model::Period::default();
                }
            }
        });
        if self.items.is_empty() {
            let hint = if model.coming.is_some() {
                "The case is still being read. The status bar shows the progress."
            } else if self.left_out.is_some() {
                "For a case of this size, the timeline shows the open chart or the selection."
            } else if self.only_selected {
                "The selection has no dates."
            } else {
                "Give a relationship a start date, or an event its date, in the inspector."
            };
            empty_state(ui, theme, icon::TIMELINE, "Nothing has a date yet", hint);
            return;
        }
        self.plot(ui, view, theme);
    }

    /// Asks where to write what the panel shows.
    fn leave(&self, model: &Model, view: &View, theme: &Theme, target: &'static Target) -> Request {
        let ids = self.items.iter().map(|item| item.id.clone()).collect();
        let view = TimelineView {
            seen: Arc::clone(&model.seen),
            lens: model.lens().clone(),
            digest: model.digest.clone(),
            ids: Some(ids),
            // What a chart hides is withheld only where the chart is what is shown.
            withheld: self.withheld(model, view),
            lanes: self.lanes,
            title: "Timeline".to_owned(),
            today: self.day,
        };
        let look = Look { mode: theme.mode, ..Look::default() };
        let job = Job { target, out: PathBuf::new(), scope: Scope::Timeline(view), look };
        let ending = target.endings.first().copied().unwrap_or_default();
        Request::AskExport(Box::new(job), format!("{} – Timeline.{ending}", model.title()))
    }

    fn withheld(&self, model: &Model, view: &View) -> Vec<Id> {
        let by_chart = model.seen.len() > WHOLE && !self.only_selected;
        let chart = view.chart.as_ref().filter(|_| by_chart).and_then(|id| model.chart(id));
        chart.map_or_else(Vec::new, |chart| chart.hidden.clone())
    }

    fn remake(&mut self, model: &Model, view: &View) {
        let only = self.only_selected.then(|| view.selection.clone());
        let chart = view.chart.clone().filter(|_| model.seen.len() > WHOLE);
        let key = (model.generation, self.lanes, only, chart);
        if self.made_for.as_ref() == Some(&key) {
            return;
        }
        if self.made_for.is_none() {
            self.fit = true;
        }
        self.left_out = None;
        let today = self.day.unwrap_or_else(|| jiff::ZonedDateTime::now().date());
        let chosen = self.chosen(model, view, key.2.as_ref());
        let dated = Dated::of(&model.seen, chosen, self.lanes, today, MOST);
        if dated.is_cut {
            let most = grouped(MOST);
            self.left_out = Some(format!("the first {most}; select fewer to see all of them"));
        }
        (self.items, self.names) = (dated.items, dated.names);
        self.made_for = Some(key);
    }

    /// What to show where it has a date: what is selected with its relationships, or everything; of
    /// a large case what is on the chart.
    fn chosen<'a>(
        &mut self,
        model: &'a Model,
        view: &View,
        only: Option<&BTreeSet<Id>>,
    ) -> Vec<EntityRef<'a>> {
        let seen = &model.seen;
        let with_links = |ids: &mut dyn Iterator<Item = &Id>| {
            let mut keys = BTreeSet::new();
            for id in ids {
                keys.extend(seen.get(id).map(EntityRef::key));
                keys.extend(seen.links_of(id).map(EntityRef::key));
            }
            keys.into_iter().filter_map(|key| seen.by_key(key)).collect()
        };
        if let Some(ids) = only {
            return with_links(&mut ids.iter());
        }
        if seen.len() <= WHOLE {
            return seen.iter().collect();
        }
        self.left_out = Some("of this large case, what is on the chart".to_owned());
        let placed = view.chart.as_ref().map_or(&[][..], |chart| model.placed(chart));
        with_links(&mut placed.iter().map(|placement| &placement.entity))
    }

    fn plot(&mut self, ui: &mut Ui, view: &mut View, theme: &Theme) {
        let first = self.items.iter().map(|i| i.from).fold(f64::INFINITY, f64::min);
        let last = self.items.iter().map(|i| i.to).fold(f64::NEG_INFINITY, f64::max);
        let pad = ((last - first) * 0.04).max(20.0);
        let lanes = self.names.len() as f64;
        let shift = ui.input(|i| i.modifiers.shift);
        let brushing = self.brushing || shift;
        let height = ui.available_height();
        let names_width = (ui.available_width() * 0.3).clamp(90.0, 150.0);
        let visible = f64::from(((height - 40.0) / 24.0).max(3.0));
        let names = self.names.clone();
        let plot = Plot::new("timeline")
            .height(height)
            .show_y(false)
            .show_x(false)
            .allow_boxed_zoom(false)
            .allow_drag(Vec2b::new(!brushing, !brushing))
            .allow_zoom(Vec2b::new(true, false))
            .allow_scroll(Vec2b::new(false, !brushing))
            .allow_double_click_reset(false)
            .show_grid(Vec2b::new(true, false))
            .y_axis_min_width(names_width)
            .x_grid_spacer(marks)
            // The lines are as strong as they are far apart: these are to stay in the background.
            .grid_spacing(egui::Rangef::new(8.0, 4000.0))
            .x_axis_formatter(day_label)
            .y_grid_spacer(move |_| {
                (0..names.len()).map(|n| GridMark { value: -(n as f64), step_size: 1.0 }).collect()
            });
        let names = self.names.clone();
        let plot = plot.y_axis_formatter(move |mark, range| {
            let at = (-mark.value).round();
            // Half a lane outside the frame would stand over what is there.
            let inside = mark.value > range.start() + 0.2 && mark.value < range.end() - 0.2;
            let name = if at >= 0.0 && inside {
                names.get(at as usize).map_or("", String::as_str)
            } else {
                ""
            };
            crate::chart::text::cut(
                name,
                T11,
                crate::chart::font::Weight::Regular,
                names_width - 10.0,
            )
        });
        let mut clicked = None;
        let mut brushed = self.brush;
        let fit = std::mem::take(&mut self.fit);
        let items = &self.items;
        let selection = view.selection.clone();
        let period = view.period.clone();
        let shown = plot.show(ui, |plot| {
            if fit {
                let bottom = (-(lanes - 0.3)).max(0.7 - visible);
                plot.set_plot_bounds(PlotBounds::from_min_max(
                    [first - pad, bottom],
                    [last + pad, 0.7],
                ));
            }
            if !period.is_empty() {
                let from = period.from.as_ref().map_or(first - 1e6, |d| f64::from(d.first_day()));
                let to = period.to.as_ref().map_or(last + 1e6, |d| f64::from(d.last_day()) + 1.0);
                let fill = theme.accent.gamma_multiply(0.10);
                plot.span(Span::new("period", from..=to).fill(fill));
            }
            let bounds = plot.plot_bounds();
            let day = (bounds.max()[0] - bounds.min()[0])
                / f64::from(plot.response().rect.width().max(1.0));
            let in_sight = |lane: usize| {
                (bounds.min()[1] - 1.0..=bounds.max()[1] + 1.0).contains(&-(lane as f64))
            };
            for lane in (0..self.names.len()).filter(|lane| in_sight(*lane)) {
                if lane > 0 && self.names[lane].is_empty() {
                    continue;
                }
                plot.hline(
                    HLine::new("lane", 0.5 - lane as f64)
                        .color(theme.border)
                        .width(0.5)
                        .allow_hover(false),
                );
            }
            for item in items {
                let aside = item.to < bounds.min()[0] || item.from > bounds.max()[0];
                if aside || !in_sight(item.lane) {
                    continue;
                }
                // A day in a view of decades is still as wide as a pointer can hit.
                let to = item.to.max(item.from + day * 6.0);
                let y = -(item.lane as f64);
                let corners =
                    vec![[item.from, y - 0.3], [to, y - 0.3], [to, y + 0.3], [item.from, y + 0.3]];
                let on = selection.contains(&item.id);
                let hue = if on { theme.accent } else { color(theme.style.hue(item.group)) };
                let polygon = Polygon::new(item.label.clone(), PlotPoints::from(corners))
                    .fill_color(hue.gamma_multiply(if item.open { 0.22 } else { 0.45 }))
                    .stroke(egui::Stroke::new(if on { 2.0 } else { 1.0 }, hue))
                    .allow_hover(false);
                plot.polygon(polygon);
                let room = (to.min(bounds.max()[0]) - item.from.max(bounds.min()[0])) / day;
                if room > 46.0 {
                    let text = crate::chart::text::cut(
                        &item.label,
                        T11,
                        crate::chart::font::Weight::Regular,
                        room as f32 - 10.0,
                    );
                    let at = PlotPoint::new(item.from.max(bounds.min()[0]) + day * 5.0, y);
                    plot.text(
                        Text::new("label", at, RichText::new(text).size(T11).color(theme.text))
                            .anchor(egui::Align2::LEFT_CENTER)
                            .allow_hover(false),
                    );
                }
            }
            let response = plot.response().clone();
            if let Some(at) = plot.pointer_coordinate() {
                let hit = items.iter().rev().find(|i| {
                    (-(i.lane as f64) - at.y).abs() < 0.32
                        && at.x >= i.from
                        && at.x <= i.to.max(i.from + day * 6.0)
                });
                if response.clicked() {
                    clicked = Some(hit.map(|item| item.id.clone()));
                }
                if brushing && response.drag_started() {
                    brushed = Some(at.x);
                }
                let tip = hit.map(|item| format!("{}\n{}", item.label, span_words(item)));
                return (response, tip, Some(at.x));
            }
            (response, None, None)
        });
        let (response, tip, at) = shown.inner;
        let label =
            format!("Timeline of {} dated things in {} lanes", self.items.len(), self.names.len());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Canvas, true, &label));
        if let Some(tip) = tip {
            response.clone().on_hover_text_at_pointer(tip);
        }
        if let (Some(start), Some(now)) = (brushed, at)
            && brushing
            && response.dragged()
        {
            let (a, b) = (start.min(now), start.max(now));
            let date = |day: f64| Some(PartialDate::day(from_days(day.floor() as i32)));
            view.period = crate::model::Period { from: date(a), to: date(b) };
        }
        self.brush = if response.drag_stopped() { None } else { brushed };
        if let Some(hit) = clicked {
            let add = ui.input(|i| i.modifiers.command);
            match hit {
                Some(id) if add => drop(view.selection.insert(id)),
                Some(id) => {
                    view.selection = BTreeSet::from([id.clone()]);
                    view.reveal = Some(id);
                }
                None => view.selection.clear(),
            }
        }
    }
}

fn span_words(item: &Item) -> String {
    let first = from_days(item.from as i32);
    let last = from_days(item.to as i32 - 1);
    match (item.open, first == last) {
        (true, _) => format!("from {first}, no end known"),
        (false, true) => first.to_string(),
        (false, false) => format!("{first} to {last}"),
    }
}

/// Marks at years, months or days, whichever fit.
fn marks(input: GridInput) -> Vec<GridMark> {
    let (from, to) = input.bounds;
    let (first, last) =
        (from_days(from.max(-700_000.0) as i32), from_days(to.min(2_900_000.0) as i32));
    // The least step that egui draws is 8 points wide; a date needs ten times that.
    let least = input.base_step_size * 10.0;
    let mark = |date, step_size| GridMark { value: f64::from(days(date)), step_size };
    if least > 100.0 {
        let years =
            [1, 2, 5, 10, 20, 50, 100, 500].into_iter().find(|s| f64::from(*s) * 365.0 >= least);
        let step = years.unwrap_or(1000);
        let start = i32::from(first.year()).div_euclid(step) * step;
        let dates = (start..=i32::from(last.year()) + step)
            .step_by(step as usize)
            .filter_map(|year| jiff::civil::Date::new(i16::try_from(year).ok()?, 1, 1).ok());
        // A mark outside would be written beside the plot.
        let inside = |date: &jiff::civil::Date| (from..=to).contains(&f64::from(days(*date)));
        return dates.filter(inside).map(|date| mark(date, f64::from(step) * 365.0)).collect();
    }
    if least > 12.0 {
        let step = [1, 3, 6].into_iter().find(|s| f64::from(*s) * 30.0 >= least).unwrap_or(6);
        let mut marks = Vec::new();
        let mut date = first.first_of_month();
        while date <= last && marks.len() < 200 {
            if (date.month() - 1) % step == 0 && f64::from(days(date)) >= from {
                marks.push(mark(date, f64::from(step) * 30.0));
            }
            match date.checked_add(jiff::Span::new().months(1)) {
                Ok(next) => date = next,
                Err(_) => break,
            }
        }
        return marks;
    }
    let step = if least > 4.0 { 7 } else { least.ceil().max(1.0) as i32 };
    let start = (from as i32).div_euclid(step) * step;
    (start..=to as i32)
        .step_by(step as usize)
        .filter(|day| f64::from(*day) >= from)
        .take(200)
        .map(|day| GridMark { value: f64::from(day), step_size: f64::from(step) })
        .collect()
}

fn day_label(mark: GridMark, range: &RangeInclusive<f64>) -> String {
    let date = from_days(mark.value as i32);
    let span = range.end() - range.start();
    if span > 365.0 * 3.0 {
        date.strftime("%Y").to_string()
    } else if span > 75.0 {
        date.strftime("%b %Y").to_string()
    } else {
        date.strftime("%-d %b %Y").to_string()
    }
}
