//! What a command is. Every command is one entry of the list in `list.rs`; menus, palette, shortcuts
//! and tooltips are made from it.

mod list;

use egui::{Key, KeyboardShortcut};

use self::list::ALSO;
pub use self::list::*;
use super::{
    App,
    model::{Model, View},
};
use crate::model::Chart;

/// Something that the user can do.
#[derive(Debug)]
pub struct Command {
    /// Its id: `chart.fit`.
    pub id: &'static str,
    pub label: &'static str,
    pub icon: char,
    pub menu: Menu,
    pub shortcut: Option<KeyboardShortcut>,
    pub needs: &'static [Need],
    /// What it does, once there is no obstacle.
    pub(super) run: fn(&mut App, &egui::Context),
}

impl std::fmt::Display for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}

impl PartialEq for Command {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// The menus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Menu {
    Case,
    Edit,
    Entity,
    Chart,
    Layout,
    Evidence,
    View,
    Help,
}

impl Menu {
    /// Every menu in its order.
    pub const ALL: [Self; 8] = [
        Self::Case,
        Self::Edit,
        Self::Entity,
        Self::Chart,
        Self::Layout,
        Self::Evidence,
        Self::View,
        Self::Help,
    ];

    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::Case => "Case",
            Self::Edit => "Edit",
            Self::Entity => "Entity",
            Self::Chart => "Chart",
            Self::Layout => "Layout",
            Self::Evidence => "Evidence",
            Self::View => "View",
            Self::Help => "Help",
        }
    }
}

/// What a command needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    Case,
    /// One that can be changed.
    Write,
    Chart,
    Selection,
    /// Something selected, or a drawing of the chart chosen.
    Removable,
    /// At least two entities selected.
    Several,
    /// One relationship selected.
    Relationship,
    /// Exactly two entities selected.
    Pair,
    Undo,
    Redo,
    Scenes,
    Hidden,
    Document,
    /// A selected group.
    Group,
    /// A group on the chart.
    Groups,
    /// The case seen as it is: a copy of the file holds everything, whatever the lens.
    AsItIs,
    /// The case not seen as it is.
    Lens,
    /// Several editions of a document.
    Editions,
    /// No group among what is selected: it is drawn, but the case knows nothing of it.
    InCase,
}

impl Command {
    /// Why it cannot be done now; `None` where it can.
    pub fn obstacle(&self, model: Option<&Model>, view: &View) -> Option<String> {
        self.needs.iter().find_map(|need| need.obstacle(model, view))
    }

    /// Its tooltip: what it is called, and its shortcut.
    pub(crate) fn tooltip(&self, ctx: &egui::Context) -> String {
        match self.shortcut {
            Some(shortcut) => format!("{} ({})", self.label, written(ctx, &shortcut)),
            None => self.label.to_owned(),
        }
    }
}

impl Need {
    fn obstacle(self, model: Option<&Model>, view: &View) -> Option<String> {
        let Some(model) = model else { return Some("Open a case first.".into()) };
        let chart = view.chart.as_ref().and_then(|id| model.chart(id));
        let entities = || {
            view.selection
                .iter()
                .filter(|id| model.seen.get(id).is_some_and(|e| e.ends().is_none()))
        };
        let one = || view.selection.iter().next().filter(|_| view.selection.len() == 1);
        let why = match self {
            Self::Case => return None,
            Self::Write => {
                return model
                    .read_only
                    .as_ref()
                    .map(|why| format!("This case is open for reading only: {why}"));
            }
            Self::Chart if chart.is_none() => "Create a chart first.",
            Self::Selection if view.selection.is_empty() => "Select something first.",
            Self::Removable if view.selection.is_empty() && view.drawing.is_none() => {
                "Select something first."
            }
            Self::Several if entities().nth(1).is_none() => "Select two or more entities first.",
            Self::Pair if entities().take(3).count() != 2 => "Select exactly two entities first.",
            Self::Relationship
                if one().and_then(|id| model.seen.get(id)).is_none_or(|e| e.ends().is_none()) =>
            {
                "Select one relationship first."
            }
            Self::Undo if model.undo.is_none() => "Nothing to undo.",
            Self::Redo if model.redo.is_none() => "Nothing to redo.",
            Self::Scenes if model.scenes.is_empty() => "Add a scene first, in the panel Scenes.",
            Self::Hidden if chart.is_none_or(|c| c.hidden.is_empty()) => {
                "Nothing is hidden on this chart."
            }
            Self::Group if !has_group(chart, view) => "Select a group first.",
            Self::InCase if has_group(chart, view) => {
                "A group exists on the chart only. Expand it to change its members."
            }
            Self::InCase if is_references(model, view) => {
                "A reference is a property of the entity that it leaves. Change that entity."
            }
            Self::Groups if chart.is_none_or(|c| c.groups.is_empty()) => {
                "This chart has no groups."
            }
            Self::AsItIs if !model.lens().is_plain() => {
                "A copy holds everything, not what the lens shows. Show the case as it is first."
            }
            Self::Editions if !model.has_editions() => {
                "The case has one edition of each document. Import a newer edition first."
            }
            Self::Lens if model.lens().is_plain() => "You see the case as it is.",
            Self::Document if model.evidence.is_empty() => "Attach a document first.",
            _ => return None,
        };
        Some(why.to_owned())
    }
}

fn has_group(chart: Option<&Chart>, view: &View) -> bool {
    let mut groups = chart.into_iter().flat_map(|chart| &chart.groups);
    groups.any(|group| view.selection.contains(&group.id))
}

/// Whether nothing but references is selected.
fn is_references(model: &Model, view: &View) -> bool {
    let mut selected = view.selection.iter();
    !view.selection.is_empty() && selected.all(|id| model.seen.reference(id).is_some())
}

/// Every shortcut with its command.
pub(crate) fn shortcuts() -> impl Iterator<Item = (KeyboardShortcut, &'static Command)> {
    COMMANDS.iter().filter_map(|command| Some((command.shortcut?, *command))).chain(ALSO)
}

/// A shortcut as this system writes it: `Ctrl+,`.
pub fn written(ctx: &egui::Context, shortcut: &KeyboardShortcut) -> String {
    let text = ctx.format_shortcut(shortcut);
    let sign = match shortcut.logical_key {
        Key::Comma => ",",
        Key::Minus => "-",
        Key::Plus => "+",
        Key::Equals => "=",
        _ => return text,
    };
    text.strip_suffix(shortcut.logical_key.name())
        .map_or(text.clone(), |held| format!("{held}{sign}"))
}

/// The keys of a command as this system writes them; empty where it has none.
pub fn keys(ctx: &egui::Context, command: &Command) -> String {
    command.shortcut.map(|shortcut| written(ctx, &shortcut)).unwrap_or_default()
}

/// Words with the keys of a command behind them, as a tooltip: `Light theme (Ctrl+Shift+L)`.
pub(crate) fn with_keys(ctx: &egui::Context, words: &str, command: &Command) -> String {
    let keys = keys(ctx, command);
    if keys.is_empty() { words.to_owned() } else { format!("{words} ({keys})") }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_and_shortcuts_are_unique_and_every_menu_has_something() {
        let ids: BTreeSet<&str> = COMMANDS.iter().map(|c| c.id).collect();
        assert_eq!(ids.len(), COMMANDS.len());
        let mut taken = BTreeSet::new();
        for (shortcut, command) in shortcuts() {
            let is_free = taken.insert(format!("{shortcut:?}"));
            assert!(is_free, "{} has a taken shortcut", command.id);
        }
        for menu in Menu::ALL {
            assert!(COMMANDS.iter().any(|c| c.menu == menu));
        }
    }

    #[test]
    fn every_question_has_a_command() {
        for entry in crate::analysis::QUESTIONS {
            let id = format!("ask.{}", entry.name);
            assert!(COMMANDS.iter().any(|command| command.id == id), "{id}");
        }
    }

    #[test]
    fn a_shortcut_is_written_with_the_sign_on_the_key() {
        let ctx = egui::Context::default();
        ctx.set_os(egui::os::OperatingSystem::Nix);
        for (command, wanted) in [
            (CASE_SETTINGS, "Ctrl+,"),
            (VIEW_TEXT_BIGGER, "Ctrl++"),
            (VIEW_TEXT_SMALLER, "Ctrl+-"),
            (VIEW_TEXT_NORMAL, "Ctrl+0"),
            (CHART_NEXT, "Ctrl+PageDown"),
        ] {
            assert_eq!(keys(&ctx, command), wanted);
        }
    }

    #[test]
    fn what_cannot_be_done_says_why() {
        let view = View::default();
        for command in COMMANDS.iter().filter(|c| !c.needs.is_empty()) {
            assert_eq!(command.obstacle(None, &view).as_deref(), Some("Open a case first."));
        }
        let mut model = Model::default();
        model.read_only = Some("write-protected.".into());
        let why = ENTITY_ADD.obstacle(Some(&model), &view);
        assert!(why.is_some_and(|why| why.contains("write-protected")));
    }
}
