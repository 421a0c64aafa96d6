//! What the inspector shows of a group: its name, who is in it, and what can be done with it.

use std::collections::{BTreeMap, BTreeSet};

use egui::{RichText, Ui};

use crate::app::{
    command, menu,
    model::{Model, Request, View},
    rename::{Rename, Typed},
    theme::{S4, T11, T16, Theme, semibold},
    widgets::{icon_button, quiet_button, schema_icon, section},
};
use crate::{
    case::{Action, Op},
    chart::{grouping::without_groups, icon::ui as icon},
    model::{Chart, Id, chart::Group, schema},
    network::measured::grouped,
};

/// How many members are listed.
const LISTED: usize = 200;

/// Draws a group; `typed` is what its name is being changed to. Returns the name that was sent to
/// the case.
pub(super) fn ui(
    ui: &mut Ui,
    model: &Model,
    view: &mut View,
    theme: &Theme,
    requests: &mut Vec<Request>,
    (group, typed): (&Group, &mut Option<Rename>),
) -> Option<Rename> {
    let holds = |chart: &&Chart| chart.groups.iter().any(|g| g.id == group.id);
    let chart = model.charts.iter().find(holds)?;
    let writable = model.read_only.is_none();
    let sent = name(ui, theme, requests, chart, group, (typed, writable));
    let members: Vec<_> = group.members.iter().filter_map(|id| model.seen.get(id)).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for member in &members {
        *counts.entry(member.schema()).or_default() += 1;
    }
    for (name, count) in counts {
        ui.horizontal(|ui| {
            schema_icon(ui, theme, name, 20.0);
            let words = schema::schema(name)
                .map_or(name, |s| if count == 1 { &s.label } else { &s.plural });
            ui.label(format!("{} {words}", grouped(count)));
        });
    }
    section(ui, theme, "DO WITH THE GROUP");
    for command in [
        command::GROUP_EXPAND,
        command::CHART_FIT_SELECTION,
        command::CHART_HIDE,
        command::CHART_REMOVE,
    ] {
        if menu::item(ui, theme, command, Some(model), view, ui.available_width()) {
            requests.push(Request::Run(command));
        }
    }
    section(ui, theme, &format!("MEMBERS ({})", grouped(members.len())));
    let mut out = None;
    for member in members.iter().take(LISTED) {
        ui.horizontal(|ui| {
            schema_icon(ui, theme, member.schema(), 18.0);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let label = format!("Take {} out of the group", member.caption());
                if writable && icon_button(ui, theme, icon::CLOSE, &label).clicked() {
                    out = Some(member.id().clone());
                }
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                    if quiet_button(ui, RichText::new(member.caption())).clicked() {
                        view.selection = BTreeSet::from([member.id().clone()]);
                        view.reveal = Some(member.id().clone());
                    }
                });
            });
        });
    }
    if members.len() > LISTED {
        let more = format!("and {} more", grouped(members.len() - LISTED));
        ui.label(RichText::new(more).size(T11).color(theme.weak));
    }
    if let Some(id) = out {
        let left: Vec<Id> = group.members.iter().filter(|m| **m != id).cloned().collect();
        let chart = if left.len() < 2 {
            without_groups(chart, &|id| *id == group.id)
        } else {
            with(chart, Group { members: left, ..group.clone() })
        };
        requests.push(Request::Commit(Action::new(vec![Op::PutChart(chart)])));
    }
    ui.add_space(S4);
    sent
}

/// The name, which can be changed in place.
fn name(
    ui: &mut Ui,
    theme: &Theme,
    requests: &mut Vec<Request>,
    chart: &Chart,
    group: &Group,
    (typed, writable): (&mut Option<Rename>, bool),
) -> Option<Rename> {
    ui.label(RichText::new("Group on this chart").size(T11).color(theme.weak));
    let typed_here = typed.as_ref().filter(|name| name.id == group.id);
    // What was refused stays, also where nothing can be changed any more.
    if !writable && !typed_here.is_some_and(Rename::is_refused) {
        ui.label(RichText::new(&group.name).font(semibold(T16)));
        return None;
    }
    if typed_here.is_none() {
        *typed = Some(Rename::shown(group.id.clone(), &group.name));
    }
    let width = ui.available_width() - S4 * 2.0;
    let field = ("Name of the group", group.name.as_str());
    match typed.as_mut()?.ui(ui, theme, field, width) {
        Typed::Open => None,
        Typed::Left => {
            *typed = None;
            None
        }
        Typed::Name(name) => {
            let chart = with(chart, Group { name, ..group.clone() });
            requests.push(Request::Commit(Action::new(vec![Op::PutChart(chart)])));
            typed.take()
        }
    }
}

/// The chart with a group changed.
fn with(chart: &Chart, new: Group) -> Chart {
    let groups = chart
        .groups
        .iter()
        .map(|group| if group.id == new.id { new.clone() } else { group.clone() });
    Chart { groups: groups.collect(), ..chart.clone() }
}
