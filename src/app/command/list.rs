//! The list of commands. An entry is all there is to a command: what it is called, where it is in the
//! menus, its key, what it needs and what it does. Menus, palette, shortcuts and tooltips come from it.

use egui::{Key, KeyboardShortcut, Modifiers};

use super::{
    super::{
        App,
        author::AskAuthor,
        canvas::{Canvas, How, deny, next_parallels, show_hidden, swap, zoom},
        dialogs::Purpose,
        help::Help,
        model::Request,
        palette::Palette,
        panels::{Drawer, tabs},
    },
    Command, Menu, Need,
};
use crate::{
    case::Arrangement,
    chart::{
        grouping::By,
        icon::ui as icon,
        layout::{Algorithm, Align, Axis, align, distribute},
    },
    network::Lens,
};

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
    ($($name:ident $id:literal $label:literal $icon:ident $menu:ident ($($mods:ident $key:ident)?) [$($need:ident)*] $run:expr;)*) => {
        $(
            #[doc = $label]
            pub const $name: &Command = &Command {
                id: $id,
                label: $label,
                icon: icon::$icon,
                menu: Menu::$menu,
                shortcut: commands!(@key $($mods $key)?),
                needs: &[$(Need::$need),*],
                run: $run,
            };
        )*

        /// Every command.
        pub(crate) const COMMANDS: &[&Command] = &[$($name),*];
    };
    (@key) => { None };
    (@key $mods:ident $key:ident) => { Some(KeyboardShortcut::new($mods, Key::$key)) };
}

commands! {
    CASE_NEW "case.new" "New case…" NOTE_ADD Case (CTRL N) []
        |app, _| app.dialogs.ask(Purpose::NewCase, "New case.redthread");
    CASE_OPEN "case.open" "Open case…" FOLDER_OPEN Case (CTRL O) []
        |app, _| app.dialogs.ask(Purpose::OpenCase, "");
    CASE_IMPORT "case.import" "Import…" UPLOAD Case (CTRL I) []
        |app, _| app.dialogs.ask(Purpose::Import, "");
    CASE_EXPORT "case.export" "Export…" DOWNLOAD Case (CTRL E) [Case]
        |app, _| app.open_export();
    CASE_SAVE_COPY "case.save_copy" "Save a copy…" SAVE_AS Case (CTRL_SHIFT S) [Case AsItIs]
        |app, _| app.ask_save_copy();
    CASE_VERIFY "case.verify" "Verify the case" VERIFIED_USER Case (CTRL_SHIFT V) [Case]
        |app, _| app.requests.push(Request::Verify);
    CASE_SETTINGS "case.settings" "Title and marking…" SETTINGS Case (CTRL Comma) [Case Write]
        |app, _| app.over.help = app.model.as_ref().map(Help::settings);
    CASE_CLOSE "case.close" "Close case" CLOSE Case (CTRL W) [Case]
        |app, _| app.requests.push(Request::Close);
    APP_AUTHOR "app.author" "Your name…" BADGE Case () []
        |app, _| app.ask_author = Some(AskAuthor::new(false));
    APP_QUIT "app.quit" "Quit" CANCEL Case (CTRL Q) []
        App::quit;
    EDIT_UNDO "edit.undo" "Undo" UNDO Edit (CTRL Z) [Case Write Undo]
        |app, _| app.requests.push(Request::Undo);
    EDIT_REDO "edit.redo" "Redo" REDO Edit (CTRL_SHIFT Z) [Case Write Redo]
        |app, _| app.requests.push(Request::Redo);
    EDIT_COPY "edit.copy" "Copy entities" CONTENT_COPY Edit (CTRL C) [Case Selection]
        |app, ctx| app.on_chart(ctx, |canvas, ctx, scope, _| canvas.copy(ctx, scope));
    EDIT_PASTE "edit.paste" "Paste entities" CONTENT_PASTE Edit (CTRL V) [Case Write Chart]
        |app, ctx| app.on_chart(ctx, Canvas::paste);
    EDIT_SELECT_ALL "edit.select_all" "Select all on chart" SELECT_ALL Edit (CTRL A) [Case Chart]
        |app, ctx| app.on_chart(ctx, |canvas, _, scope, _| canvas.select_all(scope));
    EDIT_SELECT_NONE "edit.select_none" "Select nothing" CANCEL Edit (CTRL_SHIFT A) [Case]
        |app, _| app.view.selection.clear();
    PALETTE_OPEN "palette.open" "Find anything…" SEARCH Edit (CTRL K) []
        |app, _| app.over.palette = Some(Palette::default());
    ENTITY_ADD "entity.add" "Add entity…" PERSON_ADD Entity (NONE N) [Case Write Chart]
        |app, ctx| app.on_chart(ctx, Canvas::add_entity);
    ENTITY_EDIT "entity.edit" "Rename or edit value…" EDIT Entity (NONE F2) [Case Write Selection InCase]
        App::edit_entity;
    PROPERTY_ADD "property.add" "Add a property…" LIST Entity (NONE A) [Case Write Selection InCase]
        App::add_property;
    LINK_ADD "link.add" "Link the two selected…" ADD_LINK Entity (NONE R) [Case Write Pair]
        |app, ctx| app.on_chart(ctx, |canvas, _, scope, _| canvas.link_selected(scope));
    LINK_MODE "link.mode" "Link mode" LINK Entity (NONE L) [Case Write Chart]
        |app, ctx| app.on_chart(ctx, |canvas, ctx, _, _| canvas.toggle_link_mode(ctx));
    LINK_SWAP "link.swap" "Swap direction" SWAP_HORIZ Entity (NONE S) [Case Write Relationship]
        |app, ctx| app.on_chart(ctx, |_, _, scope, _| swap(scope));
    ENTITY_DENY "entity.deny" "Deny, or stop denying" BLOCK Entity (CTRL_SHIFT D) [Case Write Selection InCase]
        |app, ctx| app.on_chart(ctx, |_, _, scope, _| deny(scope));
    ENTITY_TAG "entity.tag" "Tag…" SELL Entity (NONE T) [Case Write Selection InCase]
        |app, _| app.open_remark(true);
    ENTITY_NOTE "entity.note" "Note…" EDIT_NOTE Entity (NONE M) [Case Write Selection InCase]
        |app, _| app.open_remark(false);
    ASK_BLOCKED "ask.blocked" "Who would be blocked under OFAC's 50 Percent Rule?" GAVEL Evidence () [Case]
        |app, _| app.ask_question("blocked");
    ASK_PATHS "ask.paths" "How are the two selected connected?" DEVICE_HUB Evidence () [Case Pair]
        |app, _| app.ask_question("paths");
    WAYS_FIND "ways.find" "Find ways between the two selected…" TIMELINE Entity (NONE W) [Case Pair]
        |app, _| app.find_paths();
    CASE_WITHDRAW "case.withdraw" "Withdraw from case" DELETE Entity (CTRL Delete) [Case Write Selection InCase]
        |app, _| app.withdraw();
    CASE_RESTORE "case.restore" "Restore what was withdrawn…" RESTORE_FROM_TRASH Entity (CTRL_SHIFT U) [Case Write]
        |app, _| app.show_withdrawn();
    CHART_NEW "chart.new" "New chart" ADD Chart (CTRL T) [Case Write]
        |app, _| app.in_case(|_, model, view, requests| tabs::create(model, view, requests));
    CHART_RENAME "chart.rename" "Rename chart…" EDIT_NOTE Chart (CTRL_SHIFT R) [Case Write Chart]
        |app, _| app.in_case(|panels, model, view, _| panels.tabs.rename(model, view));
    CHART_DUPLICATE "chart.duplicate" "Duplicate chart" LAYERS Chart (CTRL D) [Case Write Chart]
        |app, _| app.in_case(|_, model, view, requests| tabs::duplicate(model, view, requests));
    CHART_DELETE "chart.delete" "Delete chart" DELETE Chart (CTRL_SHIFT Delete) [Case Write Chart]
        |app, _| app.in_case(|_, model, view, requests| tabs::delete(model, view, requests));
    CHART_NEXT "chart.next" "Next chart" CHEVRON_RIGHT Chart (CTRL PageDown) [Case Chart]
        |app, _| app.in_case(|_, model, view, _| tabs::step(model, view, 1));
    CHART_PREVIOUS "chart.previous" "Previous chart" CHEVRON_LEFT Chart (CTRL PageUp) [Case Chart]
        |app, _| app.in_case(|_, model, view, _| tabs::step(model, view, -1));
    CHART_PLACE "chart.place" "Place selected on this chart" ADD_CIRCLE Chart (NONE P) [Case Write Chart Selection]
        |app, ctx| app.on_chart(ctx, |canvas, _, scope, chart| canvas.place(scope, &chart.id));
    CHART_PLACE_ALL "chart.place_all" "Place every entity that is not on this chart" SELECT_ALL Chart (SHIFT P) [Case Write]
        |app, ctx| app.place_all(ctx, false);
    CHART_PLACE_DOCUMENTS "chart.place_documents" "Place everything, documents too" DESCRIPTION Chart () [Case Write]
        |app, ctx| app.place_all(ctx, true);
    CHART_EXPAND "chart.expand" "Add neighbours of selected…" HUB Chart (NONE E) [Case Write Chart Selection]
        |app, ctx| app.on_chart(ctx, |canvas, _, scope, chart| canvas.expand(scope, &chart.id));
    CHART_DETAILS "chart.details" "Show or fold details" LIST Chart (NONE D) [Case Write Chart Selection]
        |app, ctx| app.on_chart(ctx, |canvas, _, scope, chart| canvas.toggle_selected_details(scope, &chart.id));
    CHART_REMOVE "chart.remove" "Remove from chart" REMOVE Chart (NONE Delete) [Case Write Chart Removable]
        |app, ctx| app.on_chart(ctx, |canvas, _, scope, chart| canvas.remove(scope, &chart.id));
    CHART_HIDE "chart.hide" "Hide on chart" VISIBILITY_OFF Chart (NONE H) [Case Write Chart Selection]
        |app, ctx| app.on_chart(ctx, |canvas, _, scope, chart| canvas.hide(scope, chart));
    CHART_SHOW_HIDDEN "chart.show_hidden" "Show all hidden" VISIBILITY Chart (SHIFT H) [Case Write Chart Hidden]
        |app, ctx| app.on_chart(ctx, |_, _, scope, chart| show_hidden(scope, chart));
    CHART_TEXT "chart.text" "Add a text box" TEXT_FIELDS Chart (SHIFT T) [Case Write Chart]
        |app, ctx| app.on_chart(ctx, Canvas::add_text);
    CHART_BOX "chart.box" "Draw a box around the selected" SELECT_ALL Chart (SHIFT B) [Case Write Chart Selection]
        |app, ctx| app.on_chart(ctx, |canvas, _, scope, chart| canvas.add_box(scope, chart));
    CHART_LINE "chart.line" "Draw a free line" REMOVE Chart (SHIFT L) [Case Write Chart]
        |app, ctx| app.on_chart(ctx, Canvas::add_line);
    GROUP_SELECTED "group.selected" "Group selected as one" GROUP Chart (NONE G) [Case Write Chart Several]
        |app, ctx| app.on_chart(ctx, |canvas, _, scope, chart| canvas.group_selected(scope, chart));
    GROUP_COMMUNITY "group.community" "Group by community" HUB Chart (ALT G) [Case Write Chart]
        |app, ctx| app.on_chart(ctx, |canvas, _, scope, chart| canvas.group_by(scope, chart, By::Community));
    GROUP_COUNTRY "group.country" "Group by country" FLAG Chart () [Case Write Chart]
        |app, ctx| app.on_chart(ctx, |canvas, _, scope, chart| canvas.group_by(scope, chart, By::Country));
    GROUP_ADDRESS "group.address" "Group by shared address" PLACE Chart () [Case Write Chart]
        |app, ctx| app.on_chart(ctx, |canvas, _, scope, chart| canvas.group_by(scope, chart, By::Address));
    GROUP_EXPAND "group.expand" "Expand group" OPEN_IN_NEW Chart (SHIFT G) [Case Write Chart Group]
        |app, ctx| app.on_chart(ctx, |canvas, _, scope, chart| canvas.expand_groups(scope, chart, false));
    GROUP_EXPAND_ALL "group.expand_all" "Expand all groups" OPEN_IN_NEW Chart (CTRL_SHIFT G) [Case Write Chart Groups]
        |app, ctx| app.on_chart(ctx, |canvas, _, scope, chart| canvas.expand_groups(scope, chart, true));
    CHART_PARALLELS "chart.parallels" "Bundle or separate parallel lines" DEVICE_HUB Chart (NONE B) [Case Write Chart]
        |app, ctx| app.on_chart(ctx, |_, _, scope, chart| next_parallels(scope, chart));
    CHART_BUNDLE "chart.bundle" "Bundle long lines along shorter ones" DEVICE_HUB Chart (SHIFT K) [Case Write Chart]
        |app, ctx| app.on_chart(ctx, |canvas, _, scope, chart| canvas.toggle_bundles(scope, chart));
    PIN_TOGGLE "pin.toggle" "Pin or unpin" KEEP Chart (NONE K) [Case Write Chart Selection]
        |app, ctx| app.on_chart(ctx, |canvas, _, scope, chart| canvas.pin(scope, &chart.id));
    LAYOUT_FORCE "layout.force" "Organic layout" HUB Layout (ALT Num1) [Case Write Chart]
        |app, ctx| app.lay_out(ctx, How::Anew(Algorithm::Force));
    LAYOUT_QUICK "layout.quick" "Organic layout, quicker and rougher" HUB Layout () [Case Write Chart]
        |app, ctx| app.lay_out(ctx, How::Quick);
    LAYOUT_FINE "layout.fine" "Organic layout, finer and slower" HUB Layout (ALT Num9) [Case Write Chart]
        |app, ctx| app.lay_out(ctx, How::Fine);
    LAYOUT_HERE "layout.here" "Organic layout, moving little" REFRESH Layout (ALT Num0) [Case Write Chart]
        |app, ctx| app.lay_out(ctx, How::FromHere);
    LAYOUT_LIVE "layout.live" "Live layout, until it is stopped" PLAY_ARROW Layout (ALT L) [Case Write Chart]
        |app, ctx| app.on_chart(ctx, |canvas, ctx, scope, chart| canvas.toggle_live(ctx, scope, &chart.id));
    LAYOUT_LAYERED "layout.layered" "Hierarchy: owners above" ACCOUNT_TREE Layout (ALT Num2) [Case Write Chart]
        |app, ctx| app.lay_out(ctx, How::Anew(Algorithm::Layered));
    LAYOUT_RADIAL "layout.radial" "Radial around selection" RADAR Layout (ALT Num3) [Case Write Chart]
        |app, ctx| app.lay_out(ctx, How::Anew(Algorithm::Radial));
    LAYOUT_CIRCLE "layout.circle" "Circle by community" TRIP_ORIGIN Layout (ALT Num4) [Case Write Chart]
        |app, ctx| app.lay_out(ctx, How::Anew(Algorithm::Circle));
    LAYOUT_GRID "layout.grid" "Grid" GRID_VIEW Layout (ALT Num5) [Case Write Chart]
        |app, ctx| app.lay_out(ctx, How::Anew(Algorithm::Grid));
    LAYOUT_GRID_SCHEMA "layout.grid_schema" "Grid by schema and name" SORT Layout (ALT Num6) [Case Write Chart]
        |app, ctx| app.lay_out(ctx, How::BySchema);
    LAYOUT_GRID_DEGREE "layout.grid_degree" "Grid by number of relationships" VIEW_LIST Layout (ALT Num7) [Case Write Chart]
        |app, ctx| app.lay_out(ctx, How::ByDegree);
    LAYOUT_TIMELINE "layout.timeline" "Timeline: earlier left of later" TIMELINE Layout (ALT Num8) [Case Write Chart]
        |app, ctx| app.lay_out(ctx, How::Anew(Algorithm::Timeline));
    ALIGN_LEFT "align.left" "Align left" ALIGN_HORIZONTAL_LEFT Layout (ALT ArrowLeft) [Case Write Chart Several]
        |app, ctx| app.line_up(ctx, Arrangement::AlignLeft, |bodies| align(Align::Left, bodies));
    ALIGN_CENTER "align.center" "Align centres" ALIGN_HORIZONTAL_CENTER Layout (ALT C) [Case Write Chart Several]
        |app, ctx| app.line_up(ctx, Arrangement::AlignCentres, |bodies| align(Align::Center, bodies));
    ALIGN_RIGHT "align.right" "Align right" ALIGN_HORIZONTAL_RIGHT Layout (ALT ArrowRight) [Case Write Chart Several]
        |app, ctx| app.line_up(ctx, Arrangement::AlignRight, |bodies| align(Align::Right, bodies));
    ALIGN_TOP "align.top" "Align top" ALIGN_VERTICAL_TOP Layout (ALT ArrowUp) [Case Write Chart Several]
        |app, ctx| app.line_up(ctx, Arrangement::AlignTop, |bodies| align(Align::Top, bodies));
    ALIGN_MIDDLE "align.middle" "Align middles" ALIGN_VERTICAL_CENTER Layout (ALT M) [Case Write Chart Several]
        |app, ctx| app.line_up(ctx, Arrangement::AlignMiddles, |bodies| align(Align::Middle, bodies));
    ALIGN_BOTTOM "align.bottom" "Align bottom" ALIGN_VERTICAL_BOTTOM Layout (ALT ArrowDown) [Case Write Chart Several]
        |app, ctx| app.line_up(ctx, Arrangement::AlignBottom, |bodies| align(Align::Bottom, bodies));
    DISTRIBUTE_HORIZONTAL "distribute.horizontal" "Space evenly across" HORIZONTAL_DISTRIBUTE Layout (ALT H) [Case Write Chart Several]
        |app, ctx| app.line_up(ctx, Arrangement::SpaceAcross, |bodies| distribute(Axis::Horizontal, bodies));
    DISTRIBUTE_VERTICAL "distribute.vertical" "Space evenly down" VERTICAL_DISTRIBUTE Layout (ALT V) [Case Write Chart Several]
        |app, ctx| app.line_up(ctx, Arrangement::SpaceDown, |bodies| distribute(Axis::Vertical, bodies));
    EVIDENCE_ATTACH "evidence.attach" "Attach documents…" ATTACH_FILE Evidence (CTRL_SHIFT O) [Case Write]
        |app, _| app.dialogs.ask(Purpose::Attach, "");
    EVIDENCE_PASTE "evidence.paste" "Paste as document" CONTENT_PASTE Evidence (CTRL_SHIFT B) [Case Write]
        |app, _| app.paste_document();
    EVIDENCE_CITE "evidence.cite" "Cite a document…" FORMAT_QUOTE Evidence (NONE C) [Case Write Selection InCase Document]
        |app, _| app.cite_selected();
    EVIDENCE_EDITION "evidence.edition" "Make a document an edition of another…" HISTORY Evidence () [Case Write Document]
        |app, _| app.ask_edition(None);
    CHART_FIT "chart.fit" "Fit chart" FIT_SCREEN View (NONE F) [Case Chart]
        |app, _| app.view.fit = true;
    CHART_FIT_SELECTION "chart.fit_selection" "Fit selection" CENTER_FOCUS_STRONG View (SHIFT F) [Case Chart Selection]
        |app, ctx| app.on_chart(ctx, |canvas, _, scope, _| canvas.fit_selection(scope));
    CHART_ZOOM_IN "chart.zoom_in" "Zoom in" ZOOM_IN View (NONE Plus) [Case Chart]
        |app, ctx| app.on_chart(ctx, |_, _, scope, chart| zoom(scope, &chart.id, 1.25));
    CHART_ZOOM_OUT "chart.zoom_out" "Zoom out" ZOOM_OUT View (NONE Minus) [Case Chart]
        |app, ctx| app.on_chart(ctx, |_, _, scope, chart| zoom(scope, &chart.id, 0.8));
    VIEW_INSPECTOR "view.inspector" "Inspector" VIEW_SIDEBAR View (CTRL Num1) [Case]
        App::toggle_inspector;
    VIEW_EXPLORE "view.explore" "Filter, group and measure" FILTER_LIST View (CTRL F) [Case]
        App::toggle_explore;
    VIEW_TABLE "view.table" "Entity table" TABLE_ROWS View (CTRL Num2) [Case]
        |app, _| app.toggle_drawer(Drawer::Table);
    VIEW_TIMELINE "view.timeline" "Timeline" VIEW_TIMELINE View (CTRL Num3) [Case]
        |app, _| app.toggle_drawer(Drawer::Timeline);
    VIEW_EVIDENCE "view.evidence" "Evidence" ATTACH_FILE View (CTRL Num4) [Case]
        |app, _| app.toggle_drawer(Drawer::Evidence);
    VIEW_FINDINGS "view.findings" "Findings" GAVEL View (CTRL Num8) [Case]
        |app, _| app.toggle_drawer(Drawer::Findings);
    VIEW_HISTORY "view.history" "History" HISTORY View (CTRL Num5) [Case]
        |app, _| app.toggle_drawer(Drawer::History);
    LENS_KNOWN "lens.known" "See the case as it was…" HISTORY View () [Case]
        |app, _| app.show_history();
    LENS_DAY "lens.day" "See the case as of a day…" EVENT View () [Case]
        |app, _| app.in_case(|panels, model, _, _| panels.as_if.ask_day(model));
    LENS_EDITIONS "lens.editions" "Show older editions of documents, or not" HISTORY View () [Case Editions]
        |app, _| app.toggle_editions();
    LENS_OFF "lens.off" "Show the case as it is" VISIBILITY View () [Case Lens]
        |app, _| app.requests.push(Request::LookThrough(Lens::default()));
    VIEW_SCENES "view.scenes" "Scenes" SLIDESHOW View (CTRL Num6) [Case]
        |app, _| app.toggle_drawer(Drawer::Scenes);
    VIEW_MESSAGES "view.messages" "Messages" INFO View (CTRL Num7) []
        |app, _| app.messages_open = true;
    VIEW_THEME "view.theme" "Dark or light theme" DARK_MODE View (CTRL_SHIFT L) []
        |app, _| app.toggle_theme();
    VIEW_TEXT_BIGGER "view.text_bigger" "Larger text" FORMAT_SIZE View (CTRL Plus) []
        |app, _| app.scale_text(app.settings.scale + 0.1);
    VIEW_TEXT_SMALLER "view.text_smaller" "Smaller text" TEXT_FIELDS View (CTRL Minus) []
        |app, _| app.scale_text(app.settings.scale - 0.1);
    VIEW_TEXT_NORMAL "view.text_normal" "Normal text size" REFRESH View (CTRL Num0) []
        |app, _| app.scale_text(1.0);
    SCENE_ADD "scene.add" "Add scene from this view" BOOKMARK View (CTRL_SHIFT N) [Case Write Chart]
        |app, _| app.add_scene();
    SCENE_PRESENT "scene.present" "Present the walkthrough" PLAY_ARROW View (NONE F5) [Case Scenes]
        |app, _| app.view.presenting = Some(app.view.continue_at.take().unwrap_or(0));
    HELP_SHORTCUTS "help.shortcuts" "Keyboard shortcuts" KEYBOARD Help (NONE F1) []
        |app, _| app.over.help = Some(Help::Shortcuts);
    HELP_ABOUT "help.about" "About Redthread" INFO Help (CTRL F1) []
        |app, _| app.over.help = Some(Help::About);
}

/// Second shortcuts of commands: on many keyboards + is typed as Shift and =.
pub(super) const ALSO: [(KeyboardShortcut, &Command); 1] =
    [(KeyboardShortcut::new(CTRL, Key::Equals), VIEW_TEXT_BIGGER)];

/// Commands that work wherever the keys are, in a dialog and in a presentation too.
pub(crate) const ANYWHERE: [&Command; 4] =
    [APP_QUIT, VIEW_TEXT_BIGGER, VIEW_TEXT_SMALLER, VIEW_TEXT_NORMAL];
