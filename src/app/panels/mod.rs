//! The panels around the chart, and their state. What a panel shows comes from the `Model`; its own
//! state is one part of [`Panels`], which opening a case resets as a whole.

pub(in crate::app) mod as_if;
mod entities;
mod evidence;
mod explore;
mod file_facts;
mod findings;
mod group_view;
mod history;
mod inspector;
mod judgement;
mod listing;
mod present;
mod properties;
mod reference_view;
mod scenes;
mod styling;
pub(in crate::app) mod tabs;
mod tags;
mod timeline;
mod ways;

use egui::Ui;
use serde::{Deserialize, Serialize};

use self::{
    as_if::AsIf, entities::Entities, evidence::EvidencePanel, explore::Explore, findings::Findings,
    history::History, inspector::Inspector, present::Presentation, scenes::Scenes, tabs::Tabs,
    timeline::Timeline, ways::Ways,
};
use super::{
    command::{self, Command},
    model::{Model, Request, View},
    theme::Theme,
};

/// What is shown at the bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::app) enum Drawer {
    Table,
    Timeline,
    Evidence,
    History,
    Scenes,
    Findings,
    Ways,
}

impl Drawer {
    pub(in crate::app) const ALL: [(Self, &'static Command); 6] = [
        (Self::Table, command::VIEW_TABLE),
        (Self::Timeline, command::VIEW_TIMELINE),
        (Self::Evidence, command::VIEW_EVIDENCE),
        (Self::Findings, command::VIEW_FINDINGS),
        (Self::History, command::VIEW_HISTORY),
        (Self::Scenes, command::VIEW_SCENES),
    ];

    /// The name of its panel.
    pub(in crate::app) fn name(self) -> &'static str {
        match self {
            Self::Table => "Table panel",
            Self::Findings => "Findings panel",
            Self::Timeline => "Timeline panel",
            Self::Evidence => "Evidence panel",
            Self::History => "History panel",
            Self::Scenes => "Scenes panel",
            Self::Ways => "Paths panel",
        }
    }
}

/// The state of every panel.
#[derive(Debug, Default)]
pub(in crate::app) struct Panels {
    pub tabs: Tabs,
    pub inspector: Inspector,
    pub entities: Entities,
    pub explore: Explore,
    pub evidence: EvidencePanel,
    pub findings: Findings,
    pub as_if: AsIf,
    pub timeline: Timeline,
    pub history: History,
    pub scenes: Scenes,
    pub presentation: Presentation,
    pub ways: Ways,
}

impl Panels {
    /// Shows the panel at the bottom.
    pub fn drawer(
        &mut self,
        ui: &mut Ui,
        drawer: Drawer,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) {
        match drawer {
            Drawer::Table => self.entities.ui(ui, model, view, theme, requests),
            Drawer::Timeline => self.timeline.ui(ui, model, view, theme, requests),
            Drawer::Evidence => self.evidence.ui(ui, model, view, theme, requests),
            Drawer::Findings => self.findings.ui(ui, model, view, theme, requests),
            Drawer::History => self.history.ui(ui, model, view, theme, requests),
            Drawer::Scenes => self.scenes.ui(ui, model, view, theme, requests),
            Drawer::Ways => self.ways.ui(ui, model, view, theme, requests),
        }
    }

    /// Returns what was typed to the panel that asked for a change, with the reason why the case
    /// refused it. Returns whether a panel had asked.
    pub fn refused(&mut self, view: &mut View, why: &str) -> bool {
        self.inspector.refused(why)
            || self.entities.refused(why)
            || self.tabs.refused(why)
            || self.evidence.refused(view, why)
            || self.scenes.refused(why)
    }

    /// Forgets what was typed, because the case has made the change.
    pub fn taken(&mut self) {
        self.inspector.taken();
        self.entities.taken();
        self.tabs.taken();
        self.evidence.taken();
        self.scenes.taken();
    }
}
