//! The one list of commands. Menu, shortcut, palette row and tooltip all come from it.

use egui::{Key, KeyboardShortcut, Modifiers};

use super::model::{Model, View};
use crate::{chart::icon::ui as icon, model::Chart};

/// Something that the user can do.
#[derive(Debug)]
pub struct Command {
    /// Its id, for requests.
    pub id: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// Its icon.
    pub icon: char,
    /// The menu that it stands in.
    pub menu: Menu,
    /// Its shortcut.
    pub shortcut: Option<KeyboardShortcut>,
    /// What must be there for it to work.
    pub needs: &'static [Need],
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
    /// An open case.
    Case,
    /// One that can be changed.
    Write,
    /// An open chart.
    Chart,
    /// Something selected.
    Selection,
    /// At least two entities selected.
    Several,
    /// One relationship selected.
    Relationship,
    /// Exactly two entities selected.
    Pair,
    /// Something to undo.
    Undo,
    /// Something to redo.
    Redo,
    /// A walkthrough.
    Scenes,
    /// Something hidden on the chart.
    Hidden,
    /// A document.
    Document,
    /// A selected group.
    Group,
    /// A group on the chart.
    Groups,
    /// The case seen as it is: what leaves must not show what was only supposed.
    AsItIs,
    /// The case not seen as it is.
    Lens,
    /// No group among what is selected: it is drawn, but the case knows nothing of it.
    InCase,
}

impl Command {
    /// Why it cannot be done now; `None` where it can.
    pub fn obstacle(&self, model: Option<&Model>, view: &View) -> Option<String> {
        self.needs.iter().find_map(|need| need.obstacle(model, view))
    }

    /// Its tooltip: what it is called, and its shortcut.
    pub fn tooltip(&self, ctx: &egui::Context) -> String {
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
            Self::AsItIs if model.lens().horizon.known.is_some() => {
                "Show the case as it is first: you see it as it was."
            }
            Self::AsItIs if !model.lens().is_plain() => {
                "Show the case as it is first: what you see is only supposed."
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

const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers { shift: true, ..Modifiers::COMMAND };
/// On macOS the Option key types letters, so two others stand for it.
const ALT: Modifiers = if cfg!(target_os = "macos") {
    Modifiers { ctrl: true, ..Modifiers::COMMAND }
} else {
    Modifiers::ALT
};
const NONE: Modifiers = Modifiers::NONE;
const SHIFT: Modifiers = Modifiers::SHIFT;

macro_rules! commands {
    ($($id:literal $label:literal $icon:ident $menu:ident ($($mods:ident $key:ident)?) [$($need:ident)*];)*) => {
        /// Every command.
        pub const COMMANDS: &[Command] = &[$(Command {
            id: $id,
            label: $label,
            icon: icon::$icon,
            menu: Menu::$menu,
            shortcut: commands!(@key $($mods $key)?),
            needs: &[$(Need::$need),*],
        }),*];
    };
    (@key) => { None };
    (@key $mods:ident $key:ident) => { Some(KeyboardShortcut::new($mods, Key::$key)) };
}

commands! {
    "case.new" "New case…" NOTE_ADD Case (CTRL N) [];
    "case.open" "Open case…" FOLDER_OPEN Case (CTRL O) [];
    "case.import" "Import…" UPLOAD Case (CTRL I) [];
    "case.export" "Export…" DOWNLOAD Case (CTRL E) [Case AsItIs];
    "case.save_copy" "Save a copy…" SAVE_AS Case (CTRL_SHIFT S) [Case];
    "case.verify" "Verify the case" VERIFIED_USER Case (CTRL_SHIFT V) [Case];
    "case.settings" "Title and marking…" SETTINGS Case (CTRL Comma) [Case Write];
    "case.close" "Close case" CLOSE Case (CTRL W) [Case];
    "app.author" "Your name…" BADGE Case () [];
    "app.quit" "Quit" CANCEL Case (CTRL Q) [];
    "edit.undo" "Undo" UNDO Edit (CTRL Z) [Case Write Undo];
    "edit.redo" "Redo" REDO Edit (CTRL_SHIFT Z) [Case Write Redo];
    "edit.copy" "Copy entities" CONTENT_COPY Edit (CTRL C) [Case Selection];
    "edit.paste" "Paste entities" CONTENT_PASTE Edit (CTRL V) [Case Write Chart];
    "edit.select_all" "Select all on chart" SELECT_ALL Edit (CTRL A) [Case Chart];
    "edit.select_none" "Select nothing" CANCEL Edit (CTRL_SHIFT A) [Case];
    "palette.open" "Find anything…" SEARCH Edit (CTRL K) [];
    "entity.add" "Add entity…" PERSON_ADD Entity (NONE N) [Case Write Chart];
    "entity.edit" "Rename or edit value…" EDIT Entity (NONE F2) [Case Write Selection InCase];
    "property.add" "Add a property…" LIST Entity (NONE A) [Case Write Selection InCase];
    "link.add" "Link the two selected…" ADD_LINK Entity (NONE R) [Case Write Pair];
    "link.mode" "Link mode" LINK Entity (NONE L) [Case Write Chart];
    "link.swap" "Swap direction" SWAP_HORIZ Entity (NONE S) [Case Write Relationship];
    "entity.deny" "Deny, or stop denying" BLOCK Entity (CTRL_SHIFT D) [Case Write Selection InCase];
    "entity.tag" "Tag…" SELL Entity (NONE T) [Case Write Selection InCase];
    "entity.note" "Note…" EDIT_NOTE Entity (NONE M) [Case Write Selection InCase];
    "ask.blocked" "Who would be blocked under OFAC's 50 Percent Rule?" GAVEL Evidence () [Case];
    "ask.paths" "How are the two selected connected?" DEVICE_HUB Evidence () [Case Pair];
    "ways.find" "Find ways between the two selected…" TIMELINE Entity (NONE W) [Case Pair];
    "case.withdraw" "Withdraw from case" DELETE Entity (CTRL Delete) [Case Write Selection InCase];
    "case.restore" "Restore what was withdrawn…" RESTORE_FROM_TRASH Entity (CTRL_SHIFT U) [Case Write];
    "chart.new" "New chart" ADD Chart (CTRL T) [Case Write];
    "chart.rename" "Rename chart…" EDIT_NOTE Chart (CTRL_SHIFT R) [Case Write Chart];
    "chart.duplicate" "Duplicate chart" LAYERS Chart (CTRL D) [Case Write Chart];
    "chart.delete" "Delete chart" DELETE Chart (CTRL_SHIFT Delete) [Case Write Chart];
    "chart.next" "Next chart" CHEVRON_RIGHT Chart (CTRL PageDown) [Case Chart];
    "chart.previous" "Previous chart" CHEVRON_LEFT Chart (CTRL PageUp) [Case Chart];
    "chart.place" "Place selected on this chart" ADD_CIRCLE Chart (NONE P) [Case Write Chart Selection];
    "chart.place_all" "Place every entity that is not on this chart" SELECT_ALL Chart (SHIFT P) [Case Write];
    "chart.place_documents" "Place everything, documents too" DESCRIPTION Chart () [Case Write];
    "chart.expand" "Add neighbours of selected…" HUB Chart (NONE E) [Case Write Chart Selection];
    "chart.details" "Show or fold details" LIST Chart (NONE D) [Case Write Chart Selection];
    "chart.remove" "Remove from chart" REMOVE Chart (NONE Delete) [Case Write Chart Selection];
    "chart.hide" "Hide on chart" VISIBILITY_OFF Chart (NONE H) [Case Write Chart Selection];
    "chart.show_hidden" "Show all hidden" VISIBILITY Chart (SHIFT H) [Case Write Chart Hidden];
    "group.selected" "Group selected as one" GROUP Chart (NONE G) [Case Write Chart Several];
    "group.community" "Group by community" HUB Chart (ALT G) [Case Write Chart];
    "group.country" "Group by country" FLAG Chart () [Case Write Chart];
    "group.address" "Group by shared address" PLACE Chart () [Case Write Chart];
    "group.expand" "Expand group" OPEN_IN_NEW Chart (SHIFT G) [Case Write Chart Group];
    "group.expand_all" "Expand all groups" OPEN_IN_NEW Chart (CTRL_SHIFT G) [Case Write Chart Groups];
    "chart.parallels" "Bundle or separate parallel lines" DEVICE_HUB Chart (NONE B) [Case Write Chart];
    "pin.toggle" "Pin or unpin" KEEP Chart (NONE K) [Case Write Chart Selection];
    "layout.force" "Organic layout" HUB Layout (ALT Num1) [Case Write Chart];
    "layout.quick" "Organic layout, quicker and rougher" HUB Layout () [Case Write Chart];
    "layout.fine" "Organic layout, finer and slower" HUB Layout (ALT Num9) [Case Write Chart];
    "layout.here" "Organic layout, moving little" REFRESH Layout (ALT Num0) [Case Write Chart];
    "layout.live" "Live layout, until it is stopped" PLAY_ARROW Layout (ALT L) [Case Write Chart];
    "layout.layered" "Hierarchy: owners above" ACCOUNT_TREE Layout (ALT Num2) [Case Write Chart];
    "layout.radial" "Radial around selection" RADAR Layout (ALT Num3) [Case Write Chart];
    "layout.circle" "Circle by community" TRIP_ORIGIN Layout (ALT Num4) [Case Write Chart];
    "layout.grid" "Grid" GRID_VIEW Layout (ALT Num5) [Case Write Chart];
    "layout.grid_schema" "Grid by schema and name" SORT Layout (ALT Num6) [Case Write Chart];
    "layout.grid_degree" "Grid by number of relationships" VIEW_LIST Layout (ALT Num7) [Case Write Chart];
    "layout.timeline" "Timeline: earlier left of later" TIMELINE Layout (ALT Num8) [Case Write Chart];
    "align.left" "Align left" ALIGN_HORIZONTAL_LEFT Layout (ALT ArrowLeft) [Case Write Chart Several];
    "align.center" "Align centres" ALIGN_HORIZONTAL_CENTER Layout (ALT C) [Case Write Chart Several];
    "align.right" "Align right" ALIGN_HORIZONTAL_RIGHT Layout (ALT ArrowRight) [Case Write Chart Several];
    "align.top" "Align top" ALIGN_VERTICAL_TOP Layout (ALT ArrowUp) [Case Write Chart Several];
    "align.middle" "Align middles" ALIGN_VERTICAL_CENTER Layout (ALT M) [Case Write Chart Several];
    "align.bottom" "Align bottom" ALIGN_VERTICAL_BOTTOM Layout (ALT ArrowDown) [Case Write Chart Several];
    "distribute.horizontal" "Space evenly across" HORIZONTAL_DISTRIBUTE Layout (ALT H) [Case Write Chart Several];
    "distribute.vertical" "Space evenly down" VERTICAL_DISTRIBUTE Layout (ALT V) [Case Write Chart Several];
    "evidence.attach" "Attach documents…" ATTACH_FILE Evidence (CTRL_SHIFT O) [Case Write];
    "evidence.paste" "Paste as document" CONTENT_PASTE Evidence (CTRL_SHIFT B) [Case Write];
    "evidence.cite" "Cite a document…" FORMAT_QUOTE Evidence (NONE C) [Case Write Selection InCase Document];
    "chart.fit" "Fit chart" FIT_SCREEN View (NONE F) [Case Chart];
    "chart.fit_selection" "Fit selection" CENTER_FOCUS_STRONG View (SHIFT F) [Case Chart Selection];
    "chart.zoom_in" "Zoom in" ZOOM_IN View (NONE Plus) [Case Chart];
    "chart.zoom_out" "Zoom out" ZOOM_OUT View (NONE Minus) [Case Chart];
    "view.inspector" "Inspector" VIEW_SIDEBAR View (CTRL Num1) [Case];
    "view.explore" "Filter, group and measure" FILTER_LIST View (CTRL F) [Case];
    "view.table" "Entity table" TABLE_ROWS View (CTRL Num2) [Case];
    "view.timeline" "Timeline" VIEW_TIMELINE View (CTRL Num3) [Case];
    "view.evidence" "Evidence" ATTACH_FILE View (CTRL Num4) [Case];
    "view.findings" "Findings" GAVEL View (CTRL Num8) [Case];
    "view.history" "History" HISTORY View (CTRL Num5) [Case];
    "lens.known" "See the case as it was…" HISTORY View () [Case];
    "lens.off" "Show the case as it is" VISIBILITY View () [Case Lens];
    "view.scenes" "Scenes" SLIDESHOW View (CTRL Num6) [Case];
    "view.messages" "Messages" INFO View (CTRL Num7) [];
    "view.theme" "Dark or light" DARK_MODE View (CTRL_SHIFT L) [];
    "view.text_bigger" "Larger text" FORMAT_SIZE View (CTRL Plus) [];
    "view.text_smaller" "Smaller text" TEXT_FIELDS View (CTRL Minus) [];
    "view.text_normal" "Normal text size" REFRESH View (CTRL Num0) [];
    "scene.add" "Add scene from this view" BOOKMARK View (CTRL_SHIFT N) [Case Write Chart];
    "scene.present" "Present the walkthrough" PLAY_ARROW View (NONE F5) [Case Scenes AsItIs];
    "help.shortcuts" "Keyboard shortcuts" KEYBOARD Help (NONE F1) [];
    "help.about" "About Redthread" INFO Help (CTRL F1) [];
}

/// Second shortcuts of commands: on many keyboards + is typed as Shift and =.
const ALSO: [(KeyboardShortcut, &str); 1] =
    [(KeyboardShortcut::new(CTRL, Key::Equals), "view.text_bigger")];

/// Commands that work wherever the keys are, in a dialog and in a presentation too.
pub const ANYWHERE: [&str; 4] =
    ["app.quit", "view.text_bigger", "view.text_smaller", "view.text_normal"];

/// Every shortcut with the id of its command.
pub fn shortcuts() -> impl Iterator<Item = (KeyboardShortcut, &'static str)> {
    COMMANDS.iter().filter_map(|command| Some((command.shortcut?, command.id))).chain(ALSO)
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
pub fn keys(ctx: &egui::Context, id: &str) -> String {
    let shortcut = command(id).and_then(|command| command.shortcut);
    shortcut.map(|shortcut| written(ctx, &shortcut)).unwrap_or_default()
}

/// Words with the keys of a command behind them, as a tooltip: `Light theme (Ctrl+Shift+L)`.
pub fn with_keys(ctx: &egui::Context, words: &str, id: &str) -> String {
    let keys = keys(ctx, id);
    if keys.is_empty() { words.to_owned() } else { format!("{words} ({keys})") }
}

/// A command by its id.
pub fn command(id: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.id == id)
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
        for (shortcut, id) in shortcuts() {
            assert!(taken.insert(format!("{shortcut:?}")), "{id} has a taken shortcut");
            assert!(command(id).is_some(), "{id}");
        }
        for menu in Menu::ALL {
            assert!(COMMANDS.iter().any(|c| c.menu == menu));
        }
    }

    #[test]
    fn every_question_has_a_command() {
        for entry in crate::analysis::QUESTIONS {
            assert!(command(&format!("ask.{}", entry.name)).is_some(), "{}", entry.name);
        }
    }

    #[test]
    fn a_shortcut_is_written_with_the_sign_on_the_key() {
        let ctx = egui::Context::default();
        ctx.set_os(egui::os::OperatingSystem::Nix);
        for (id, wanted) in [
            ("case.settings", "Ctrl+,"),
            ("view.text_bigger", "Ctrl++"),
            ("view.text_smaller", "Ctrl+-"),
            ("view.text_normal", "Ctrl+0"),
            ("chart.next", "Ctrl+PageDown"),
        ] {
            assert_eq!(keys(&ctx, id), wanted);
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
        let why = command("entity.add").and_then(|c| c.obstacle(Some(&model), &view));
        assert!(why.is_some_and(|why| why.contains("write-protected")));
    }
}
