//! The charts as tabs: choose, create, rename in place, duplicate, delete, reorder.

use egui::{RichText, ScrollArea, Ui, scroll_area::ScrollBarVisibility};

use crate::app::{
    command, menu,
    model::{Model, Request, View},
    rename::{Rename, Typed},
    sent::Sent,
    theme::Theme,
    widgets::{self, icon_button},
};
use crate::{
    case::{Action, Op},
    chart::icon::ui as icon,
    model::{Chart, Id},
};

/// The state of the tabs: which name is being typed.
#[derive(Debug, Default)]
pub struct Tabs {
    rename: Option<Rename>,
    /// The name that the case has not answered yet.
    sent: Sent<Rename>,
    /// The chart whose tab has been scrolled into sight.
    seen: Option<Id>,
}

impl Tabs {
    /// Shows the name again that the case refused; says whether there was one.
    pub fn refused(&mut self, why: &str) -> bool {
        self.sent.refused(&mut self.rename, why)
    }

    /// Forgets the name that the case has taken in.
    pub fn taken(&mut self) {
        self.sent.taken();
    }

    /// Draws the tabs.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) {
        ui.horizontal(|ui| {
            // The button for a new chart stays in sight; the tabs scroll beside it.
            let room = (ui.available_width() - 40.0).max(60.0);
            ui.style_mut().always_scroll_the_only_direction = true;
            let tabs = ScrollArea::horizontal()
                .max_width(room)
                .scroll_bar_visibility(ScrollBarVisibility::AlwaysHidden);
            tabs.show(ui, |ui| {
                ui.horizontal(|ui| self.tabs(ui, model, view, theme, requests));
            });
            let writable = model.read_only.is_none();
            let words = command::with_keys(ui.ctx(), "New chart", command::CHART_NEW);
            let add =
                ui.add_enabled_ui(writable, |ui| icon_button(ui, theme, icon::ADD, &words)).inner;
            let why = model.read_only.as_deref().unwrap_or_default();
            if add.on_disabled_hover_text(format!("Open for reading only: {why}")).clicked() {
                requests.push(Request::Run(command::CHART_NEW));
            }
        });
    }

    fn tabs(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) {
        for (at, chart) in model.charts.iter().enumerate() {
            let open = view.chart.as_ref() == Some(&chart.id);
            if self.rename.as_ref().is_some_and(|rename| rename.id == chart.id) {
                self.rename_ui(ui, theme, requests, chart);
                continue;
            }
            let ink = if open { theme.text } else { theme.weak };
            let name = crate::chart::text::cut(
                &chart.name,
                13.0,
                crate::chart::font::Weight::Regular,
                180.0,
            );
            let button = egui::Button::selectable(open, RichText::new(name).color(ink))
                .sense(egui::Sense::click_and_drag());
            let response =
                ui.add(button).on_hover_text(format!("{} (double-click to rename)", chart.name));
            widgets::named(&response, &format!("Chart {}", chart.name), Some(open), true);
            if response.clicked() {
                view.chart = Some(chart.id.clone());
            }
            if open && self.seen.as_ref() != Some(&chart.id) {
                self.seen = Some(chart.id.clone());
                response.scroll_to_me(None);
            }
            if response.double_clicked() && model.read_only.is_none() {
                self.rename = Some(Rename::new(chart.id.clone(), &chart.name));
            }
            if response.drag_stopped()
                && model.read_only.is_none()
                && let Some(x) = ui.input(|i| i.pointer.interact_pos()).map(|p| p.x)
            {
                let by = if x > response.rect.right() {
                    1
                } else if x < response.rect.left() {
                    -1
                } else {
                    0
                };
                move_tab(model, at, by, requests);
            }
            menu::on(&response, |ui| {
                view.chart = Some(chart.id.clone());
                for command in [
                    command::CHART_RENAME,
                    command::CHART_DUPLICATE,
                    command::CHART_DELETE,
                    command::CHART_NEW,
                ] {
                    if menu::item(ui, theme, command, Some(model), view, menu::WIDTH) {
                        requests.push(Request::Run(command));
                        ui.close();
                    }
                }
                for (by, words) in [(-1, "Move to the left"), (1, "Move to the right")] {
                    let other = at.checked_add_signed(by);
                    let why = if let Some(why) = &model.read_only {
                        Some(format!("Open for reading only: {why}"))
                    } else if other.is_none_or(|n| n >= model.charts.len()) {
                        Some("No chart on that side.".to_owned())
                    } else {
                        None
                    };
                    let button = egui::Button::new(words);
                    let response = ui.add_enabled(why.is_none(), button);
                    let response = match why {
                        Some(why) => response.on_disabled_hover_text(why),
                        None => response,
                    };
                    if response.clicked() {
                        move_tab(model, at, by, requests);
                        ui.close();
                    }
                }
            });
        }
    }

    fn rename_ui(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        requests: &mut Vec<Request>,
        chart: &Chart,
    ) {
        let Some(rename) = &mut self.rename else { return };
        match rename.ui(ui, theme, ("Name of the chart", &chart.name), 150.0) {
            Typed::Open => {}
            Typed::Left => self.rename = None,
            Typed::Name(name) => {
                let op = Op::PutChart(Chart { name, ..chart.clone() });
                let asked = Request::Commit(Action::new(vec![op]));
                self.sent.keep(self.rename.take(), std::slice::from_ref(&asked));
                requests.push(asked);
            }
        }
    }

    /// Opens the box in which the open chart gets another name.
    pub fn rename(&mut self, model: &Model, view: &View) {
        let chart = view.chart.as_ref().and_then(|id| model.chart(id));
        self.rename = chart.map(|chart| Rename::new(chart.id.clone(), &chart.name));
    }
}

/// Creates a chart and opens it.
pub fn create(model: &Model, view: &mut View, requests: &mut Vec<Request>) {
    let chart = Chart::new(&free_name(model, "Chart"), last_order(model) + 1.0);
    view.chart = Some(chart.id.clone());
    requests.push(Request::Commit(Action::new(vec![Op::PutChart(chart)])));
}

/// Makes a copy of the open chart and opens it.
pub(crate) fn duplicate(model: &Model, view: &mut View, requests: &mut Vec<Request>) {
    let Some(chart) = view.chart.as_ref().and_then(|id| model.chart(id)) else { return };
    let copy = Chart {
        id: Id::new(),
        name: free_name(model, &chart.name),
        order: last_order(model) + 1.0,
        ..chart.clone()
    };
    view.chart = Some(copy.id.clone());
    let placements = model.placed(&chart.id).to_vec();
    let place = Op::Place { chart: copy.id.clone(), placements };
    requests.push(Request::Commit(Action::new(vec![Op::PutChart(copy), place])));
}

/// Deletes the open chart.
pub fn delete(model: &Model, view: &View, requests: &mut Vec<Request>) {
    let Some(chart) = view.chart.as_ref().and_then(|id| model.chart(id)) else { return };
    requests.push(Request::Commit(Action::new(vec![Op::DeleteChart(chart.id.clone())])));
}

/// Opens the chart that is so many tabs further on; after the last comes the first.
pub fn step(model: &Model, view: &mut View, by: isize) {
    let open = model.charts.iter().position(|chart| view.chart.as_ref() == Some(&chart.id));
    let Some(at) = open else { return };
    let to = (at as isize + by).rem_euclid(model.charts.len() as isize);
    view.chart = model.charts.get(to as usize).map(|chart| chart.id.clone());
}

fn last_order(model: &Model) -> f64 {
    model.charts.iter().map(|chart| chart.order).fold(0.0, f64::max)
}

/// A name that no chart has: the given one with a number.
fn free_name(model: &Model, stem: &str) -> String {
    let taken = |name: &str| model.charts.iter().any(|chart| chart.name == name);
    (model.charts.len() + 1..)
        .map(|n| format!("{stem} {n}"))
        .find(|name| !taken(name))
        .unwrap_or_default()
}

fn move_tab(model: &Model, at: usize, by: isize, requests: &mut Vec<Request>) {
    let Some(other) =
        at.checked_add_signed(by).and_then(|n| model.charts.get(n)).filter(|_| by != 0)
    else {
        return;
    };
    let chart = &model.charts[at];
    // Places are made distinct on the way, since several charts may have the same.
    let ops = vec![
        Op::PutChart(Chart { order: other.order, ..chart.clone() }),
        Op::PutChart(Chart {
            order: if chart.order == other.order { chart.order - by as f64 } else { chart.order },
            ..other.clone()
        }),
    ];
    requests.push(Request::Move(Action::new(ops)));
}
