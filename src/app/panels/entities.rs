//! Every entity and relationship as a table: filter, sort, edit, select together with the chart.

use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
};

use egui::{Pos2, RichText, Ui};
use egui_extras::{Column, TableBuilder};

use super::listing::{ByName, LOOKED_THROUGH, Listing, Rows};
use crate::app::{
    command::{self, Command},
    editor::{Draft, ValueBox},
    menu,
    model::{Model, Request, View},
    query::{AllWithdrawn, Asker, Find, Outcome, Same},
    sent::Sent,
    theme::{S8, T11, Theme},
    widgets::{self, ROW, empty_state, schema_icon, strength_badge},
};
use crate::{
    case::{Action, Op, Withdrawn},
    chart::{font::missing::with_reading, icon::ui as icon},
    model::{Id, schema, value},
    network::{
        EntityRef, Seen,
        measured::{Measure, Measured, grouped},
    },
};

/// The commands of a row's context menu.
const MENU: [&[&Command]; 4] = [
    &[command::ENTITY_EDIT, command::LINK_ADD, command::EVIDENCE_CITE, command::ENTITY_DENY],
    &[command::ENTITY_TAG, command::ENTITY_NOTE],
    &[command::CHART_PLACE, command::EDIT_COPY],
    &[command::CASE_WITHDRAW],
];
/// The width of a scroll bar with its margin, in points.
const SCROLL: f32 = 14.0;
/// The space between columns, in points.
const GAP: f32 = 8.0;
/// The lowest width of the column of names, in points.
const NAME: f32 = 180.0;
/// The width of a column of a measure, in points.
const MEASURE: f32 = 96.0;

/// The columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum By {
    #[default]
    Name,
    Schema,
    Country,
    From,
    Strength,
    Degree,
    Measured(Measure),
}

impl By {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Name, "Name"),
        (Self::Schema, "Schema"),
        (Self::Country, "Country"),
        (Self::From, "From"),
        (Self::Strength, "Strength"),
        (Self::Degree, "Links"),
    ];

    fn label(self) -> &'static str {
        match self {
            Self::Measured(measure) => measure.label(),
            by => Self::ALL.iter().find(|(other, _)| *other == by).map_or("", |(_, label)| label),
        }
    }

    /// Whether its cells are numbers, which stand at the right.
    fn is_number(self) -> bool {
        match self {
            Self::Degree => true,
            Self::Measured(measure) => !measure.is_kind(),
            _ => false,
        }
    }

    /// The width of its column, in points; the column of names takes what is left.
    fn width(self, roomy: bool) -> f32 {
        let (least, usual) = match self {
            Self::Name => (NAME, NAME),
            Self::Schema => (96.0, 130.0),
            Self::Country => (84.0, 130.0),
            Self::Strength => (100.0, 110.0),
            Self::From => (76.0, 90.0),
            Self::Degree => (52.0, 60.0),
            Self::Measured(_) => (MEASURE, 110.0),
        };
        if roomy { usual } else { least }
    }
}

/// The columns that a width has room for, in their order, and those that it has not. They give way
/// from the end of this order: the name, what is sorted by, measures, schema, country, strength,
/// beginning, links.
fn columns(width: f32, by: By, measured: &[Measure]) -> (Vec<By>, Vec<By>) {
    let kept = [By::Name, by].into_iter();
    let kept = kept.chain(measured.iter().copied().map(By::Measured)).chain([
        By::Schema,
        By::Country,
        By::Strength,
        By::From,
        By::Degree,
    ]);
    let mut order: Vec<By> = Vec::new();
    for column in kept {
        if !order.contains(&column) {
            order.push(column);
        }
    }
    let mut left = width;
    let fits = order.iter().take_while(|column| {
        left -= column.width(false) + GAP;
        left >= 0.0 || **column == By::Name
    });
    let fits = fits.count();
    let (shown, folded) = order.split_at(fits);
    let all = By::ALL.into_iter().map(|(column, _)| column);
    let all = all.chain(measured.iter().copied().map(By::Measured));
    (all.filter(|column| shown.contains(column)).collect(), folded.to_vec())
}

/// The rows that are there.
struct Listed {
    listing: Arc<Listing>,
    /// Whether those that are wanted are still to come, and whether that takes so long that it
    /// should be said.
    is_open: bool,
    is_long: bool,
}

/// The table.
#[derive(Debug, Default)]
pub struct Entities {
    filter: String,
    schema: Option<String>,
    by: By,
    descending: bool,
    /// The row from which Shift selects.
    anchor: Option<usize>,
    /// The box in which the value of a cell is edited, and where it opens.
    edit: Option<(ValueBox, Pos2)>,
    /// The box that asked for a change that the case has not answered yet.
    sent: Sent<(ValueBox, Pos2)>,
    /// Whether the name of what is selected is to be edited.
    renames: bool,
    /// Whether what has been withdrawn is shown instead.
    withdrawn: bool,
    /// What is listed alone, if something is: what it is called, and the ids.
    only: Option<(String, Arc<HashSet<Id>>)>,
    /// What it found.
    found: Option<(Arc<Outcome>, Same<HashSet<Id>>)>,
}

impl Entities {
    /// Shows what has been withdrawn, to restore it.
    pub(crate) fn show_withdrawn(&mut self) {
        self.withdrawn = true;
    }

    /// Edits the name of what is selected.
    pub fn rename(&mut self) {
        self.renames = true;
    }

    /// Opens the box once more whose change the case refused; says whether there was one.
    pub fn refused(&mut self, why: &str) -> bool {
        self.sent.refused(&mut self.edit, why)
    }

    /// Forgets the box whose change the case has taken in.
    pub fn taken(&mut self) {
        self.sent.taken();
    }

    /// Lists these alone, under a name that says what they are.
    pub(crate) fn show_only(&mut self, name: String, ids: impl IntoIterator<Item = Id>) {
        *self = Self { only: Some((name, Arc::new(ids.into_iter().collect()))), ..Self::default() };
    }

    /// Draws the table.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) {
        let listed = self.list(model, view, requests);
        let room = ui.available_width();
        let measured: Vec<Measure> = view.measured.keys().copied().collect();
        let (_, folded) = columns(room - SCROLL, self.by, &measured);
        ui.horizontal_wrapped(|ui| {
            widgets::title(ui, "Entities");
            let hint = "Filter by any name, value or filter: country:hk";
            let width = (room - 350.0).clamp(110.0, 220.0);
            let field = widgets::field(ui, &mut self.filter, "Filter the table", hint, width);
            if width < 220.0 {
                field.on_hover_text(hint);
            }
            let all = format!("All schemata ({})", grouped(model.seen.len()));
            let shown = match &self.schema {
                _ if self.withdrawn => "Withdrawn".to_owned(),
                None => all.clone(),
                Some(name) => schema::label(name).to_owned(),
            };
            let combo = egui::ComboBox::from_id_salt("schema-filter")
                .selected_text(&shown)
                .width(if room < widgets::ICONS { 130.0 } else { 170.0 })
                .truncate()
                .height(320.0)
                .show_ui(ui, |ui| {
                    let mut row = |ui: &mut Ui, to: Option<String>, text: String| {
                        let on = !self.withdrawn && self.schema == to;
                        if ui.selectable_label(on, text).clicked() {
                            self.schema = to;
                            self.withdrawn = false;
                        }
                    };
                    row(ui, None, all);
                    for (name, count) in &listed.listing.counts {
                        let text = format!("{} ({})", schema::label(name), grouped(*count));
                        row(ui, Some(name.clone()), text);
                    }
                    ui.separator();
                    ui.selectable_value(&mut self.withdrawn, true, "Withdrawn");
                });
            widgets::named_choice(&combo.response, "Schema to list", &shown);
            if self.withdrawn {
                return;
            }
            // No spinner: to turn it costs more than the work where there is no graphics card.
            let shown = if listed.is_long {
                "sorting…".to_owned()
            } else {
                let rest = if model.coming.is_some() { "; the rest is being read" } else { "" };
                format!("{} shown{rest}", grouped(listed.listing.rows.len()))
            };
            ui.label(RichText::new(shown).size(T11).color(theme.weak));
            if !folded.is_empty() {
                self.folded_menu(ui, theme, &folded);
            }
            if let Some((name, _)) = &self.only {
                let text = format!("Only {name}  {}", icon::CLOSE);
                let button = ui.add(egui::Button::new(text).small().truncate());
                widgets::named(&button, &format!("Only {name}; show everything"), None, true);
                if button.on_hover_text("Show everything again").clicked() {
                    self.only = None;
                }
            }
        });
        ui.add_space(S8 / 2.0);
        if self.withdrawn {
            self.withdrawn_ui(ui, model, theme, requests);
            return;
        }
        if model.seen.is_empty() && model.coming.is_some() {
            let hint =
                "Entities are listed here once the case has been read; progress is shown below.";
            empty_state(ui, theme, icon::TABLE_ROWS, "This case is still being read", hint);
            return;
        }
        if model.seen.is_empty() {
            let keys = command::keys(ui.ctx(), command::CASE_IMPORT);
            let hint = &format!("Press N on the chart to add one, or import a file ({keys}).");
            empty_state(ui, theme, icon::TABLE_ROWS, "The case holds no entities yet", hint);
            return;
        }
        if listed.listing.rows.is_empty() && listed.is_open {
            return;
        }
        if listed.listing.rows.is_empty() {
            empty_state(
                ui,
                theme,
                icon::FILTER_LIST,
                "Nothing fits this filter",
                "Clear the filter, or choose all schemata.",
            );
            return;
        }
        self.table(ui, model, view, theme, requests, &listed.listing);
    }

    /// The columns for which there is no room: choosing one sorts by it, and shows it.
    fn folded_menu(&mut self, ui: &mut Ui, theme: &Theme, folded: &[By]) {
        let text = RichText::new(format!("+{}", folded.len())).size(T11).color(theme.accent);
        let labels: Vec<&str> = folded.iter().map(|column| column.label()).collect();
        let labels = labels.join(", ");
        let menu = ui.menu_button(text, |ui| {
            ui.label(RichText::new("No room for these. Sort by:").size(T11).color(theme.weak));
            for column in folded {
                if ui.button(column.label()).clicked() {
                    self.sort(*column);
                    ui.close();
                }
            }
        });
        widgets::named(&menu.response, &format!("Columns without room: {labels}"), None, true);
        menu.response.on_hover_text(format!(
            "No room for {labels}. Click to sort by one, or make the panel wider."
        ));
    }

    fn sort(&mut self, column: By) {
        // Of a measure the most comes first.
        let first = matches!(column, By::Measured(measure) if !measure.is_kind());
        self.descending = if self.by == column { !self.descending } else { first };
        self.by = column;
    }

    /// What has been withdrawn, each with a button that brings it back.
    fn withdrawn_ui(&self, ui: &mut Ui, model: &Model, theme: &Theme, requests: &mut Vec<Request>) {
        let Some(all) = model.ask(&AllWithdrawn, requests) else { return };
        let wanted = self.filter.trim().to_lowercase();
        let rows: Vec<&Withdrawn> = all
            .iter()
            .filter(|row| wanted.is_empty() || row.caption.to_lowercase().contains(&wanted))
            .collect();
        if rows.is_empty() {
            let hint = "Withdrawn entities and relationships can be restored from here.";
            let title = if all.is_empty() {
                "Nothing has been withdrawn"
            } else {
                "Nothing fits this filter"
            };
            empty_state(ui, theme, icon::RESTORE_FROM_TRASH, title, hint);
            return;
        }
        egui::ScrollArea::vertical().auto_shrink([false, false]).show_rows(
            ui,
            ROW,
            rows.len(),
            |ui, range| {
                for row in &rows[range] {
                    ui.horizontal(|ui| {
                        ui.set_height(ROW);
                        let restore = ui.add_enabled(
                            model.read_only.is_none(),
                            egui::Button::new("Restore").small(),
                        );
                        let restore =
                            restore.on_disabled_hover_text("This case is open for reading only.");
                        widgets::named(
                            &restore,
                            &format!("Restore {}", row.caption),
                            None,
                            model.read_only.is_none(),
                        );
                        if restore.clicked() {
                            requests.push(Request::Commit(Action::new(vec![Op::RestoreEntity(
                                row.id.clone(),
                            )])));
                        }
                        schema_icon(ui, theme, &row.schema, 18.0);
                        let who = format!("withdrawn {} by {}", widgets::when(row.at), row.author);
                        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                            ui.label(RichText::new(who).size(T11).color(theme.weak));
                            ui.with_layout(
                                egui::Layout::left_to_right(egui::Align::Center),
                                |ui| ui.add(egui::Label::new(&row.caption).truncate()),
                            );
                        });
                    });
                }
            },
        );
    }

    /// What the case finds for the filter, once it has answered.
    fn look(&mut self, model: &Model, requests: &mut Vec<Request>) -> Option<Same<HashSet<Id>>> {
        let text = self.filter.trim().to_owned();
        if text.is_empty() {
            return None;
        }
        model.ask(&Find::new(model, Asker::Table, &text, None), requests);
        let outcome = model.found(Asker::Table).filter(|found| found.text == text)?;
        let is_new = self.found.as_ref().is_none_or(|(before, _)| !Arc::ptr_eq(before, outcome));
        if is_new {
            let ids = outcome.all.iter().cloned().collect();
            self.found = Some((Arc::clone(outcome), Same(Arc::new(ids))));
        }
        self.found.as_ref().map(|(_, only)| only.clone())
    }

    /// The rows that are there; sees to it that they become those that are wanted.
    fn list(&mut self, model: &Model, view: &View, requests: &mut Vec<Request>) -> Listed {
        let there = |is_open, is_long| {
            let listing = model.latest::<Rows>(&()).cloned().unwrap_or_default();
            Listed { listing, is_open, is_long }
        };
        let found = self.look(model, requests);
        if found.is_none() && !self.filter.trim().is_empty() && model.seen.len() > LOOKED_THROUGH {
            // What was listed before stays until the case has answered.
            return there(true, false);
        }
        let Some(by_name) = model.ask_current(&ByName, requests).cloned() else {
            return there(true, model.is_long(&ByName));
        };
        let measured = match self.by {
            By::Measured(measure) => view.measured.get(&measure).cloned(),
            _ => None,
        };
        let wanted = Rows {
            by_name: Same(by_name),
            text: self.filter.trim().to_lowercase(),
            found,
            schema: self.schema.clone(),
            only: self.only.as_ref().map(|(_, ids)| Same(Arc::clone(ids))),
            by: self.by,
            measured: measured.map(Same),
            descending: self.descending,
        };
        model.ask_latest(&wanted, requests);
        there(model.is_open(&wanted), model.is_long(&wanted))
    }

    fn table(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
        listing: &Listing,
    ) {
        let (mut sort, mut clicked) = (None, None);
        let mut begin: Option<(Id, String, Pos2)> = None;
        let home = ui.available_rect_before_wrap();
        if std::mem::take(&mut self.renames)
            && let Some(entity) = view.selection.first().and_then(|id| model.seen.get(id))
        {
            let at = home.min;
            begin = name_property(entity).map(|name| (entity.id().clone(), name, at));
        }
        let (by, descending) = (self.by, self.descending);
        let measured: Vec<Arc<Measured>> = view.measured.values().cloned().collect();
        let measures: Vec<Measure> = measured.iter().map(|m| m.measure).collect();
        let width = ui.available_width() - SCROLL;
        let (shown, folded) = columns(width, by, &measures);
        let usual = shown.iter().map(|column| column.width(true) + GAP).sum::<f32>();
        let roomy = usual <= width;
        ui.spacing_mut().item_spacing = [GAP, 0.0].into();
        ui.scope(|ui| {
            let mut table = TableBuilder::new(ui)
                .id_salt(("table", &folded.len()))
                .striped(false)
                // Else a low drawer would be overflowed, and its first row hidden.
                .min_scrolled_height(0.0)
                .sense(egui::Sense::click())
                .cell_layout(egui::Layout::left_to_right(egui::Align::Center))
                .column(Column::remainder().clip(true));
            for column in &shown[1..] {
                table = table.column(Column::exact(column.width(roomy)).clip(true));
            }
            table
                .header(24.0, |mut header| {
                    for column in shown.iter().copied() {
                        let label = column.label();
                        header.col(|ui| {
                            let mark = match (by == column, descending) {
                                (true, true) => " ↓",
                                (true, false) => " ↑",
                                _ => "",
                            };
                            let text =
                                RichText::new(format!("{label}{mark}")).size(T11).color(theme.weak);
                            // Without a frame: the words stand where those of the cells do.
                            let button = egui::Button::new(text).frame(false);
                            let response = aligned(ui, column, |ui| ui.add(button.truncate()));
                            widgets::named(
                                &response,
                                &format!("Sort by {label}"),
                                Some(by == column),
                                true,
                            );
                            if response.clicked() {
                                sort = Some(column);
                            }
                        });
                    }
                })
                .body(|body| {
                    body.rows(ROW, listing.rows.len(), |mut row| {
                        let at = row.index();
                        let key = listing.rows[at];
                        let Some(entity) = model.seen.by_key(key) else { return };
                        let name = name_of(&model.seen, entity);
                        row.set_selected(view.selection.contains(entity.id()));
                        let (_, cell) = row.col(|ui| {
                            schema_icon(ui, theme, entity.schema(), 18.0);
                            let ink = if entity.denied() { theme.denied } else { theme.text };
                            let mut text = RichText::new(with_reading(&name)).color(ink);
                            if entity.denied() {
                                // As on its card: not everybody sees the hue.
                                text = text.strikethrough();
                            }
                            let label = egui::Label::new(text).truncate().selectable(false);
                            let response = ui.add(label);
                            widgets::named(
                                &response,
                                &name,
                                Some(view.selection.contains(entity.id())),
                                true,
                            );
                        });
                        let mut edit = |cell: &egui::Response, property: Option<String>| {
                            if cell.double_clicked()
                                && let Some(property) = property
                            {
                                begin = Some((entity.id().clone(), property, cell.rect.min));
                            }
                        };
                        edit(&cell, name_property(entity));
                        for column in &shown[1..] {
                            let (_, cell) = row.col(|ui| match column {
                                By::Name => {}
                                By::Schema => drop(weak(ui, theme, schema::label(entity.schema()))),
                                By::Country => drop(weak(ui, theme, &countries(entity))),
                                By::From => drop(weak(ui, theme, &from(entity))),
                                By::Strength => {
                                    let (strength, denied) = (entity.strength(), entity.denied());
                                    drop(strength_badge(ui, theme, strength, denied));
                                }
                                By::Degree => {
                                    let degree = model.seen.degree(entity.id());
                                    // That nothing ends at a relationship says nothing.
                                    if degree > 0 || !entity.is_link() {
                                        let degree = grouped(degree);
                                        aligned(ui, *column, |ui| weak(ui, theme, &degree));
                                    }
                                }
                                By::Measured(measure) => {
                                    let found = measured.iter().find(|m| m.measure == *measure);
                                    let value = found.and_then(|m| m.value(entity.id()));
                                    let words =
                                        value.map_or_else(|| "–".to_owned(), |v| measure.words(v));
                                    aligned(ui, *column, |ui| weak(ui, theme, &words));
                                }
                            });
                            match column {
                                By::Country => edit(&cell, country_property(entity)),
                                By::From => edit(&cell, from_property(entity)),
                                _ => {}
                            }
                        }
                        let response = row.response();
                        if response.clicked() {
                            clicked = Some((at, entity.id().clone()));
                        }
                        if menu::wants_context(&response) && !view.selection.contains(entity.id()) {
                            view.selection = BTreeSet::from([entity.id().clone()]);
                        }
                        menu::on(&response, |ui| {
                            menu::context(ui, theme, model, view, requests, &MENU);
                        });
                    });
                });
        });
        if let Some(column) = sort {
            self.sort(column);
        }
        if let Some((at, id)) = clicked {
            self.click(ui, model, view, &listing.rows, (at, id));
        }
        if let Some((value, at)) = &mut self.edit {
            let bounds = ui.ctx().content_rect().shrink(8.0);
            let before = requests.len();
            if !value.ui(ui.ctx(), model, theme, requests, (*at, bounds)) {
                self.sent.keep(self.edit.take(), &requests[before..]);
            }
        }
        if let Some((entity, property, at)) = begin.filter(|_| model.read_only.is_none()) {
            let draft = Draft::first(model, &entity, &property);
            self.edit = draft.map(|draft| (ValueBox::new(draft), at));
        }
    }

    fn click(
        &mut self,
        ui: &Ui,
        model: &Model,
        view: &mut View,
        rows: &[u32],
        (at, id): (usize, Id),
    ) {
        let (shift, ctrl) = ui.input(|i| (i.modifiers.shift, i.modifiers.command));
        if shift && let Some(anchor) = self.anchor {
            let range = anchor.min(at)..=anchor.max(at);
            let rows = rows.iter().enumerate().filter(|(n, _)| range.contains(n));
            let entities = rows.filter_map(|(_, key)| model.seen.by_key(*key));
            view.selection.extend(entities.map(|entity| entity.id().clone()));
            return;
        }
        self.anchor = Some(at);
        if ctrl {
            if !view.selection.remove(&id) {
                view.selection.insert(id);
            }
        } else {
            view.reveal = Some(id.clone());
            view.selection = BTreeSet::from([id]);
        }
    }
}

/// The property that the name column edits: the one that gives the caption.
fn name_property(entity: EntityRef<'_>) -> Option<String> {
    let known = schema::schema(entity.schema())?;
    schema::caption_property(known, &|name| entity.first(name)).map(str::to_owned)
}

pub(super) fn name_of(seen: &Seen, entity: EntityRef<'_>) -> String {
    let name = seen.name_of(entity);
    match seen.ends(entity) {
        Some(_) => format!("{name}  ·  {}", entity.caption()),
        None => name,
    }
}

/// Draws the head or a cell of a column where it belongs: numbers at the right.
fn aligned(
    ui: &mut Ui,
    column: By,
    draw: impl FnOnce(&mut Ui) -> egui::Response,
) -> egui::Response {
    if column.is_number() {
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), draw).inner
    } else {
        draw(ui)
    }
}

fn weak(ui: &mut Ui, theme: &Theme, text: &str) -> egui::Response {
    ui.add(egui::Label::new(RichText::new(text).color(theme.weak)).truncate().selectable(false))
}

/// The properties that say which country something is of, the most telling first.
const COUNTRIES: [&str; 4] = ["nationality", "flag", "jurisdiction", "country"];

/// The property that the country column edits: one that has a value, else the first that it can
/// have.
fn country_property(entity: EntityRef<'_>) -> Option<String> {
    let known = schema::schema(entity.schema())?;
    let mut can = COUNTRIES.iter().filter(|name| known.property(name).is_some());
    let filled = can.clone().find(|name| entity.first(name).is_some());
    filled.or_else(|| can.next()).map(|name| (*name).to_owned())
}

/// The property that the column of beginnings edits.
fn from_property(entity: EntityRef<'_>) -> Option<String> {
    let known = schema::schema(entity.schema())?;
    let filled = known.temporal_start.iter().find(|name| entity.first(name).is_some());
    filled.or_else(|| known.temporal_start.first()).cloned()
}

pub(super) fn countries(entity: EntityRef<'_>) -> String {
    let mut names: Vec<&str> =
        COUNTRIES.iter().flat_map(|property| entity.all(property)).map(value::country).collect();
    names.dedup();
    names.join(", ")
}

pub(super) fn from(entity: EntityRef<'_>) -> String {
    entity.extent().0.map(|date| date.to_string()).unwrap_or_default()
}
