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
            let words = command::with_keys(ui.ctx(), "New chart", "chart.new");
            let add =
                ui.add_enabled_ui(writable, |ui| icon_button(ui, theme, icon::ADD, &words)).inner;
            let why = model.read_only.as_deref().unwrap_or_default();
            if add.on_disabled_hover_text(format!("Open for reading only: {why}")).clicked() {
                requests.push(Request::Run("chart.new"));
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
            response.context_menu(|ui| {
                view.chart = Some(chart.id.clone());
                for id in ["chart.rename", "chart.duplicate", "chart.delete", "chart.new"] {
                    if let Some(command) = command::command(id)
                        && menu::item(ui, theme, command, Some(model), view, menu::WIDTH)
                    {
                        requests.push(Request::Run(command.id));
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
                let label = format!("Rename chart {} to {name}", chart.name);
                let op = Op::PutChart(Chart { name, ..chart.clone() });
                let asked = Request::Commit(Action::new(label, vec![op]));
                self.sent.keep(self.rename.take(), std::slice::from_ref(&asked));
                requests.push(asked);
            }
        }
    }

    /// Runs a command about charts as such.
    pub fn run(&mut self, id: &str, model: &Model, view: &mut View, requests: &mut Vec<Request>) {
        let last = model.charts.iter().map(|chart| chart.order).fold(0.0, f64::max);
        if id == "chart.new" {
            let chart = Chart::new(&free_name(model, "Chart"), last + 1.0);
            view.chart = Some(chart.id.clone());
            let label = format!("Create chart {}", chart.name);
            requests.push(Request::Commit(Action::new(label, vec![Op::PutChart(chart)])));
            return;
        }
        let Some(at) = model.charts.iter().position(|chart| view.chart.as_ref() == Some(&chart.id))
        else {
            return;
        };
        let chart = &model.charts[at];
        let count = model.charts.len();
        match id {
            "chart.rename" => self.rename = Some(Rename::new(chart.id.clone(), &chart.name)),
            "chart.next" => view.chart = Some(model.charts[(at + 1) % count].id.clone()),
            "chart.previous" => {
                view.chart = Some(model.charts[(at + count - 1) % count].id.clone());
            }
            "chart.duplicate" => {
                let copy = Chart {
                    id: Id::new(),
                    name: free_name(model, &chart.name),
                    order: last + 1.0,
                    ..chart.clone()
                };
                view.chart = Some(copy.id.clone());
                let placements = model.placed(&chart.id).to_vec();
                let place = Op::Place { chart: copy.id.clone(), placements };
                let label = format!("Duplicate chart {}", chart.name);
                requests.push(Request::Commit(Action::new(label, vec![Op::PutChart(copy), place])));
            }
            "chart.delete" => {
                let label = format!("Delete chart {}", chart.name);
                let op = Op::DeleteChart(chart.id.clone());
                requests.push(Request::Commit(Action::new(label, vec![op])));
            }
            _ => {}
        }
    }
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
    requests.push(Request::Commit(Action::new(format!("Move chart {}", chart.name), ops)));
}
