//! The groups of a chart: made, listed, expanded.

use std::collections::BTreeSet;

use egui::Ui;

use super::{heading, note, row};
use crate::{
    app::{
        command,
        model::{Model, Request, View},
        theme::{S4, Theme},
        widgets,
    },
    network::measured::grouped,
};

/// How many groups are listed.
const LISTED: usize = 40;

pub(super) fn ui(
    ui: &mut Ui,
    model: &Model,
    view: &mut View,
    theme: &Theme,
    requests: &mut Vec<Request>,
) {
    heading(ui, "Groups");
    let chart = view.chart.as_ref().and_then(|id| model.chart(id));
    let groups = chart.map_or(&[][..], |chart| &chart.groups);
    note(ui, theme, "Drawn as one card, with a count; the case stays as it is.");
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(S4, S4);
        for (command, words) in [
            (command::GROUP_COMMUNITY, "By community"),
            (command::GROUP_COUNTRY, "By country"),
            (command::GROUP_ADDRESS, "By address"),
            (command::GROUP_SELECTED, "Selected as one"),
            (command::GROUP_EXPAND_ALL, "Expand all"),
        ] {
            let obstacle = command.obstacle(Some(model), view);
            let button = ui.add_enabled(obstacle.is_none(), egui::Button::new(words));
            widgets::named(&button, command.label, None, obstacle.is_none());
            let tooltip = command.tooltip(ui.ctx());
            let button = match obstacle {
                Some(why) => button.on_disabled_hover_text(format!("{tooltip}. {why}")),
                None => button.on_hover_text(tooltip),
            };
            if button.clicked() {
                requests.push(Request::Run(command));
            }
        }
    });
    for group in groups.iter().take(LISTED) {
        let on = view.selection.contains(&group.id);
        let name = format!("Group {}", group.name);
        if row(ui, theme, (&group.name, &name), &grouped(group.members.len()), on) {
            view.selection = BTreeSet::from([group.id.clone()]);
            view.reveal = Some(group.id.clone());
        }
    }
    if groups.len() > LISTED {
        note(ui, theme, format!("and {} more", grouped(groups.len() - LISTED)));
    }
}
