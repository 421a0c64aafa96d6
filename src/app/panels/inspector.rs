//! What is selected: its statements, why we believe them, its relationships, its history.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use egui::{Frame, Label, Margin, RichText, ScrollArea, Ui};

use super::{
    file_facts, group_view, judgement,
    properties::{Choice, Properties},
    reference_view,
    styling::{self, StylingPanel},
};
use crate::app::{
    command,
    editor::{self, Draft},
    menu,
    model::{Model, Request, View},
    query::DetailsOf,
    rename::Rename,
    sent::Sent,
    theme::{S4, S8, T11, T13, T16, Theme, semibold},
    widgets::{
        self, chip, icon_button, quiet_button, quiet_button_with, schema_icon, section,
        strength_badge, when,
    },
};
use crate::{
    case::{Action, Details, Judged, Op, StatementInfo},
    chart::{font::missing::with_reading, icon::ui as icon},
    model::{
        Citation, Evidence, Id, Property, PropertyType, Schema, StatementKey, entity::SCHEMA,
        evidence::gone, schema, value,
    },
    network::{Connection, EntityRef, measured::grouped},
};

/// How many of those that are selected are listed.
const LISTED: usize = 60;

/// The panel at the right.
#[derive(Debug, Default)]
pub struct Inspector {
    draft: Option<Draft>,
    /// The draft that asked for a change that the case has not answered yet.
    sent: Sent<Draft>,
    /// The list from which a property to add is chosen, and the entity that it is for.
    adding: Option<(Id, Properties)>,
    /// Whether the list is to open for what is selected.
    opens: bool,
    /// Statements whose citations are unfolded.
    unfolded: BTreeSet<StatementKey>,
    show_withdrawn: bool,
    chosen: Arc<Chosen>,
    /// The name of a group, which is being changed, and one that the case has not answered yet.
    group_name: Option<Rename>,
    name_sent: Sent<Rename>,
    /// Why what is selected is as strong as it is, for which state of the case.
    why: Option<(u64, Id, String)>,
    lacking: Lacking,
    same: CalledTheSame,
    /// How what is selected looks on the chart.
    styling: StylingPanel,
}

/// Those that say that they are the same as an entity, and whether they deny it, worked out once for
/// each state of what is seen.
#[derive(Debug, Default)]
struct CalledTheSame {
    of: Option<(u64, Id)>,
    others: Vec<(Id, bool)>,
}

impl CalledTheSame {
    fn follow(&mut self, model: &Model, id: &Id) {
        let now = (model.network_generation, id.clone());
        if self.of.as_ref() != Some(&now) {
            let others = model.seen.calling_it_the_same(id).into_iter();
            self.others = others.map(|(other, denied)| (other.id().clone(), denied)).collect();
            self.of = Some(now);
        }
    }

    fn ui(&self, ui: &mut Ui, model: &Model, view: &mut View, theme: &Theme) {
        if self.others.is_empty() {
            return;
        }
        section(ui, theme, &format!("CALLED THE SAME BY ({})", self.others.len()));
        for (id, denied) in self.others.iter().take(LISTED) {
            let caption = model.name(id);
            let (text, color) = match denied {
                true => (format!("denied: {caption}"), theme.denied),
                false => (caption, theme.text),
            };
            let more = "A statement there says so. Click to select it.";
            if quiet_button_with(ui, RichText::new(text).color(color), more).clicked() {
                view.selection = BTreeSet::from([id.clone()]);
                view.reveal = Some(id.clone());
            }
        }
        if let Some(more) = self.others.len().checked_sub(LISTED).filter(|more| *more > 0) {
            ui.label(RichText::new(format!("and {more} more")).size(T11).color(theme.weak));
        }
    }
}

/// In which editions the statements of an entity are lacking that are gone, worked out once for each
/// state of what is seen.
#[derive(Debug, Default)]
struct Lacking {
    of: Option<(u64, Id, usize)>,
    words: BTreeMap<StatementKey, String>,
}

impl Lacking {
    fn follow(&mut self, model: &Model, details: &Details) {
        let now = (model.network_generation, details.entity.clone(), details.statements.len());
        if self.of.as_ref() == Some(&now) {
            return;
        }
        let live = details.statements.iter().filter(|_| model.has_editions()).filter(|s| s.live);
        let lacking = live.filter_map(|s| Some((s.key, model.lacking(&details.entity, s.key)?)));
        self.words = lacking.collect();
        self.of = Some(now);
    }

    /// Whether a statement is out of sight because a newer edition does not say it.
    fn hides(&self, model: &Model, id: &Id, statement: StatementKey) -> bool {
        let is_seen = || {
            let entity = model.seen.get(id);
            entity.is_some_and(|entity| entity.strength_of(statement).is_some())
        };
        self.words.contains_key(&statement) && !is_seen()
    }
}

/// What is selected, in short; it may be so much that no frame has the time to go through it.
#[derive(Debug, Default)]
struct Chosen {
    generation: u64,
    selection: BTreeSet<Id>,
    /// The first of them that exist.
    first: Vec<Id>,
    /// How many there are of each schema.
    counts: BTreeMap<String, usize>,
}

impl Chosen {
    /// What is selected now, anew only where it changed.
    fn of(kept: &mut Arc<Self>, model: &Model, view: &View) -> Arc<Self> {
        if kept.generation == model.generation && kept.selection == view.selection {
            return Arc::clone(kept);
        }
        let mut chosen = Self {
            generation: model.generation,
            selection: view.selection.clone(),
            ..Self::default()
        };
        for entity in view.selection.iter().filter_map(|id| model.seen.get(id)) {
            *chosen.counts.entry(entity.schema().to_owned()).or_default() += 1;
            if chosen.first.len() < LISTED {
                chosen.first.push(entity.id().clone());
            }
        }
        *kept = Arc::new(chosen);
        Arc::clone(kept)
    }
}

impl Inspector {
    /// Opens the list of properties to add for the one that is selected.
    pub(crate) fn add_property(&mut self) {
        self.opens = true;
    }

    /// Opens the draft once more whose change the case refused; says whether there was one.
    pub fn refused(&mut self, why: &str) -> bool {
        let mut name = None;
        if self.name_sent.refused(&mut name, why) {
            self.group_name = name;
            return true;
        }
        self.sent.refused(&mut self.draft, why)
    }

    /// Forgets the draft whose change the case has taken in.
    pub fn taken(&mut self) {
        self.sent.taken();
        self.name_sent.taken();
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
        let chosen = Chosen::of(&mut self.chosen, model, view);
        let group = match view.selection.first() {
            Some(id) if view.selection.len() == 1 => model.group(id),
            _ => None,
        };
        let reference = match view.selection.first() {
            Some(id) if view.selection.len() == 1 => model.seen.reference(id),
            _ => None,
        };
        let area = ScrollArea::vertical().auto_shrink([false, false]);
        if styling::drawing(model, view).is_some() {
            widgets::scrolled(area, ui, |ui| {
                self.styling.drawing_ui(ui, model, view, theme, requests);
            });
            return;
        }
        widgets::scrolled(area, ui, |ui| match &chosen.first[..] {
            [] if group.is_some() => {
                let Some(group) = group else { return };
                let before = requests.len();
                let shown = (group, &mut self.group_name);
                if let Some(closed) = group_view::ui(ui, model, view, theme, requests, shown) {
                    self.name_sent.keep(Some(closed), &requests[before..]);
                }
                self.styling.ui(ui, model, view, theme, requests);
            }
            [] if reference.is_some() => {
                let Some(reference) = reference else { return };
                reference_view::ui(ui, model, view, theme, requests, reference);
                self.styling.ui(ui, model, view, theme, requests);
            }
            [] => overview(ui, model, view, theme, requests),
            [id] => self.one(ui, model, view, theme, requests, id),
            _ => {
                several(ui, model, view, theme, requests, &chosen);
                self.styling.ui(ui, model, view, theme, requests);
            }
        });
    }

    fn one(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
        id: &Id,
    ) {
        let Some(entity) = model.seen.get(id) else { return };
        let details = model.ask(&DetailsOf::seen(model, id.clone()), requests).cloned();
        if std::mem::take(&mut self.opens) {
            self.adding = Some((id.clone(), Properties::default()));
            self.draft = None;
        }
        head(ui, model, view, theme, requests, entity);
        let why = RichText::new(self.why(model, id)).size(T11).color(theme.weak);
        ui.add(Label::new(why).wrap());
        let details = details.unwrap_or_else(|| {
            Arc::new(Details {
                entity: id.clone(),
                statements: vec![],
                history: vec![],
                charts: vec![],
                custody: vec![],
            })
        });
        measures(ui, view, theme, id);
        self.styling.ui(ui, model, view, theme, requests);
        self.properties(ui, model, view, theme, requests, entity, &details);
        if let Some(item) = file_facts::record(model, id) {
            file_facts::ui(ui, model, theme, requests, item);
        }
        self.same.follow(model, id);
        self.same.ui(ui, model, view, theme);
        relationships(ui, model, view, theme, entity);
        if !details.charts.is_empty() {
            section(ui, theme, "ON CHARTS");
            for chart in &details.charts {
                if quiet_button(ui, RichText::new(model.name(chart))).clicked() {
                    view.chart = Some(chart.clone());
                    view.reveal = Some(id.clone());
                }
            }
        }
        if !details.history.is_empty() {
            section(ui, theme, "HISTORY");
            for revision in details.history.iter().rev().take(12) {
                let Some(revision) = model.log.iter().find(|r| r.number == *revision) else {
                    continue;
                };
                let text = RichText::new(&revision.label).size(T11);
                let text =
                    if revision.undone { text.strikethrough().color(theme.weak) } else { text };
                ui.add(Label::new(text).truncate());
                ui.label(
                    RichText::new(format!("{} · {}", when(revision.at), revision.author))
                        .size(T11)
                        .color(theme.weak),
                );
            }
        }
        ui.add_space(S8);
    }

    /// Why an entity is as strong as it is, worked out once for each state of the case.
    fn why(&mut self, model: &Model, id: &Id) -> String {
        let now = model.network_generation;
        match &self.why {
            Some((generation, of, text)) if *generation == now && of == id => text.clone(),
            _ => {
                let text = model.why(id, None).unwrap_or_default();
                self.why = Some((now, id.clone(), text.clone()));
                text
            }
        }
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "what a panel reads and writes, and what it shows"
    )]
    fn properties(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
        entity: EntityRef<'_>,
        details: &Details,
    ) {
        let known = schema::schema(entity.schema());
        let ends: Vec<&str> = known
            .and_then(|s| s.edge.as_ref())
            .map(|edge| vec![edge.source.as_str(), edge.target.as_str()])
            .unwrap_or_default();
        let is_stated = |name: &str| {
            name != SCHEMA
                && !ends.contains(&name)
                && !file_facts::is_fact(model, entity.id(), name)
        };
        let added = self.draft.as_ref().filter(|d| d.statement.is_none());
        let added = added.filter(|d| d.entity == *entity.id()).map(|d| d.property.clone());
        let mut names: Vec<&str> = Vec::new();
        let featured = known.map_or(&[][..], |s| s.featured.as_slice());
        for name in featured
            .iter()
            .map(String::as_str)
            .chain(details.statements.iter().map(|s| s.property.as_str()))
            .chain(added.as_deref())
        {
            if !names.contains(&name) && is_stated(name) {
                names.push(name);
            }
        }
        self.lacking.follow(model, details);
        section(ui, theme, "STATEMENTS");
        self.existence(ui, model, view, theme, requests, details);
        for name in names {
            let property = known.and_then(|s| s.property(name));
            let is_shown = |s: &StatementInfo| {
                let is_hidden = || self.lacking.hides(model, entity.id(), s.key);
                self.show_withdrawn || s.live && !is_hidden()
            };
            let statements: Vec<&StatementInfo> =
                details.statements.iter().filter(|s| s.property == name && is_shown(s)).collect();
            let adding_here = self.draft.as_ref().is_some_and(|d| {
                d.property == name && d.statement.is_none() && d.entity == *entity.id()
            });
            ui.add_space(S4);
            let label = property.map_or(name, |p| p.label.as_str());
            ui.horizontal(|ui| {
                ui.label(RichText::new(label).size(T11).color(theme.weak));
                if property.is_none() && !statements.is_empty() {
                    chip(ui, "unknown property", theme.weak);
                }
                if model.read_only.is_none() && !adding_here {
                    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                        if icon_button(
                            ui,
                            theme,
                            icon::ADD,
                            &format!("Add {}", schema::phrase(label)),
                        )
                        .clicked()
                        {
                            self.draft = Some(Draft::add(entity.id().clone(), name));
                        }
                    });
                }
            });
            for statement in statements {
                self.statement(ui, model, view, theme, requests, entity, property, statement);
            }
            if adding_here {
                self.draft_ui(ui, model, theme, requests, label);
            }
        }
        self.property_list(ui, model, theme, entity, details, &is_stated);
        let has = |undone| details.statements.iter().any(|s| !s.live && s.undone == undone);
        let mut hidden = details.statements.iter().filter(|s| s.property != SCHEMA);
        let is_older = hidden.any(|s| self.lacking.hides(model, entity.id(), s.key));
        let kinds = [(has(false), "withdrawn"), (has(true), "undone"), (is_older, "older")];
        let kinds: Vec<&str> =
            kinds.iter().filter(|(is_some, _)| *is_some).map(|(_, word)| *word).collect();
        let words = match kinds[..] {
            [] => return,
            [one] => format!("Show {one} statements"),
            [ref first @ .., last] => format!("Show {} and {last} statements", first.join(", ")),
        };
        ui.checkbox(&mut self.show_withdrawn, RichText::new(words).size(T11));
    }

    /// The statement that it exists at all: what a line or an entity as a whole is cited for.
    fn existence(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
        details: &Details,
    ) {
        let withdrawn = self.show_withdrawn;
        for statement in
            details.statements.iter().filter(|s| s.property == SCHEMA && (s.live || withdrawn))
        {
            let text = if statement.denied { "Denied" } else { "Asserted" };
            let text =
                RichText::new(text).color(if statement.denied { theme.denied } else { theme.text });
            ui.horizontal(|ui| {
                ui.label(if statement.live { text } else { text.strikethrough() });
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    let subject = (details.entity.clone(), Some(statement.key));
                    statement_buttons(ui, model, view, theme, requests, statement, subject);
                });
            });
            self.support(ui, model, view, theme, requests, (&details.entity, statement));
        }
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "what a panel reads and writes, and what it shows"
    )]
    fn statement(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
        entity: EntityRef<'_>,
        property: Option<&Property>,
        statement: &StatementInfo,
    ) {
        if self.draft.as_ref().is_some_and(|d| d.statement == Some(statement.key)) {
            let label = property.map_or(statement.property.as_str(), |p| p.label.as_str());
            self.draft_ui(ui, model, theme, requests, label);
            return;
        }
        ui.horizontal(|ui| {
            let is_entity = property.is_some_and(|p| p.type_ == PropertyType::Entity);
            let shown = if is_entity {
                model.name(&Id::from(statement.value.as_str()))
            } else {
                property.map_or_else(
                    || statement.value.clone(),
                    |p| value::display_written(p, &statement.value, statement.original.as_deref()),
                )
            };
            let shown = if statement.denied { format!("not {shown}") } else { shown };
            let mut text = RichText::new(&shown).color(if statement.denied {
                theme.denied
            } else {
                theme.text
            });
            if !statement.live {
                text = text.strikethrough().color(theme.weak);
            }
            let room = ui.available_width() - 96.0;
            let response = ui
                .allocate_ui_with_layout(
                    [room.max(60.0), 20.0].into(),
                    egui::Layout::left_to_right(egui::Align::Min),
                    |ui| {
                        ui.set_max_width(room.max(60.0));
                        ui.add(Label::new(text).wrap().sense(egui::Sense::click()))
                    },
                )
                .inner;
            let gone = gone(statement.live, statement.undone);
            let gone = gone.map_or(String::new(), |gone| format!("\n{gone} since"));
            let response = response.on_hover_text(format!(
                "{shown}\nstated {} by {}{gone}",
                when(statement.at),
                statement.author
            ));
            if response.double_clicked() && statement.live && model.read_only.is_none() {
                self.begin(model, entity, statement);
            }
            if is_entity && response.clicked() {
                view.selection = BTreeSet::from([Id::from(statement.value.as_str())]);
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let subject = (entity.id().clone(), Some(statement.key));
                statement_buttons(ui, model, view, theme, requests, statement, subject);
                let writable = statement.live && model.read_only.is_none();
                if writable
                    && icon_button(ui, theme, icon::EDIT, &format!("Edit {shown}")).clicked()
                {
                    self.begin(model, entity, statement);
                }
            });
        });
        if let Some(text) = written(statement) {
            ui.add(Label::new(RichText::new(text).size(T11).color(theme.weak)).wrap());
        }
        if let Some(property) = property
            && statement.live
            && let Err(error) = value::check_stored(property, &statement.value)
        {
            let text = format!("{} {error}", icon::WARNING);
            ui.add(Label::new(RichText::new(text).size(T11).color(theme.alarm)).wrap());
        }
        self.support(ui, model, view, theme, requests, (entity.id(), statement));
    }

    fn begin(&mut self, model: &Model, entity: EntityRef<'_>, statement: &StatementInfo) {
        self.draft = Some(Draft::edit(entity.id().clone(), statement, model));
    }

    /// What a statement rests on.
    fn support(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
        (id, statement): (&Id, &StatementInfo),
    ) {
        let (live, gone): (Vec<&Citation>, Vec<&Citation>) =
            statement.citations.iter().partition(|citation| citation.live);
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = S4;
            // As it is seen: through a lens it may be weaker than in the file.
            let seen = model.seen.get(id).and_then(|entity| entity.strength_of(statement.key));
            let badge = strength_badge(ui, theme, seen.unwrap_or(statement.strength), false);
            badge.on_hover_ui(|ui| {
                let why = model.why(id, Some(statement.key));
                ui.label(why.unwrap_or_else(|| "It does not count in what is seen.".to_owned()));
            });
            if live.is_empty() && gone.is_empty() {
                ui.label(RichText::new("not cited").size(T11).color(theme.weak));
                return;
            }
            let open = self.unfolded.contains(&statement.key);
            let mut count = if live.is_empty() {
                "not cited".to_owned()
            } else {
                editor::citations(live.len())
            };
            for word in ["withdrawn", "undone"] {
                let number = gone.iter().filter(|c| c.gone() == Some(word)).count();
                if number > 0 {
                    count = format!("{count}, {number} {word}");
                }
            }
            let sign = if open { icon::EXPAND_LESS } else { icon::EXPAND_MORE };
            if ui
                .add(
                    egui::Button::new(RichText::new(format!("{count} {sign}")).size(T11))
                        .frame_when_inactive(false),
                )
                .clicked()
            {
                if open {
                    self.unfolded.remove(&statement.key);
                } else {
                    self.unfolded.insert(statement.key);
                }
            }
        });
        if let Some(lacking) = self.lacking.words.get(&statement.key) {
            let words = format!("{}  {lacking}", icon::HISTORY);
            ui.add(Label::new(RichText::new(words).size(T11).color(theme.alarm)).wrap());
        }
        if self.unfolded.contains(&statement.key) {
            for citation in live.into_iter().chain(gone) {
                citation_card(ui, model, view, theme, requests, citation);
            }
        }
    }

    fn draft_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        theme: &Theme,
        requests: &mut Vec<Request>,
        label: &str,
    ) {
        let before = requests.len();
        if let Some(draft) = &mut self.draft
            && !draft.ui(ui, model, theme, requests, label)
        {
            self.sent.keep(self.draft.take(), &requests[before..]);
        }
    }

    /// The button that opens the list of properties, or the list.
    fn property_list(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        theme: &Theme,
        entity: EntityRef<'_>,
        details: &Details,
        is_stated: &dyn Fn(&str) -> bool,
    ) {
        if model.read_only.is_some() {
            return;
        }
        ui.add_space(S8);
        let open = self.adding.as_mut().filter(|(id, _)| id == entity.id());
        let Some((_, list)) = open else {
            if ui.button(widgets::with_icon(icon::ADD, "Add a property")).clicked() {
                self.adding = Some((entity.id().clone(), Properties::default()));
                self.draft = None;
            }
            return;
        };
        // Of a schema that is not known, what can be said of any thing.
        let Some(known) = schema::schema(entity.schema()).or_else(|| schema::schema("Thing"))
        else {
            return;
        };
        let count =
            |name: &str| details.statements.iter().filter(|s| s.live && s.property == name).count();
        match list.ui(ui, theme, known, is_stated, &count) {
            Choice::Open => {}
            Choice::Leave => self.adding = None,
            Choice::Property(name) => {
                self.adding = None;
                self.draft = Some(Draft::add(entity.id().clone(), &name));
            }
        }
    }
}

/// Language and source's spelling of a statement, where it has them.
fn written(statement: &StatementInfo) -> Option<String> {
    let lang = statement.lang.as_deref().map(|code| editor::language_name(code).to_owned());
    let original = statement.original.as_ref().map(|text| format!("as written: {text}"));
    let parts: Vec<String> = lang.into_iter().chain(original).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

#[allow(clippy::too_many_arguments, reason = "what a panel reads and writes, and what it shows")]
fn statement_buttons(
    ui: &mut Ui,
    model: &Model,
    view: &mut View,
    theme: &Theme,
    requests: &mut Vec<Request>,
    statement: &StatementInfo,
    subject: (Id, Option<StatementKey>),
) {
    if model.read_only.is_some() {
        return;
    }
    let property = schema_of(model, &subject.0).and_then(|s| s.property(&statement.property));
    let what = match property {
        _ if statement.property == SCHEMA => model.name(&subject.0),
        Some(p) if p.type_ == PropertyType::Entity => model.name(&Id::from(&*statement.value)),
        Some(p) => value::display_written(p, &statement.value, statement.original.as_deref()),
        None => statement.value.clone(),
    };
    if statement.live {
        // An entity as a whole is withdrawn by its own command.
        if statement.property != SCHEMA
            && icon_button(ui, theme, icon::CLOSE, &format!("Withdraw {what}")).clicked()
        {
            requests.push(Request::Commit(Action::new(vec![Op::Withdraw(statement.key)])));
        }
        if icon_button(ui, theme, icon::FORMAT_QUOTE, &format!("Cite a document for {what}"))
            .clicked()
        {
            view.cite_for = Some(subject);
            requests.push(Request::ShowEvidence);
        }
    } else if icon_button(ui, theme, icon::RESTORE_FROM_TRASH, &format!("Restore {what}")).clicked()
    {
        requests.push(Request::Commit(Action::new(vec![Op::Restore(statement.key)])));
    }
}

/// The schema of an entity, where this program knows it.
fn schema_of(model: &Model, id: &Id) -> Option<&'static Schema> {
    model.seen.get(id).and_then(|entity| schema::schema(entity.schema()))
}

fn head(
    ui: &mut Ui,
    model: &Model,
    view: &mut View,
    theme: &Theme,
    requests: &mut Vec<Request>,
    entity: EntityRef<'_>,
) {
    ui.horizontal(|ui| {
        schema_icon(ui, theme, entity.schema(), 34.0);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.add(
                Label::new(
                    RichText::new(with_reading(&model.name(entity.id()))).font(semibold(T16)),
                )
                .wrap(),
            );
            ui.horizontal_wrapped(|ui| {
                schema_menu(ui, model, requests, entity);
                strength_badge(ui, theme, entity.strength(), entity.denied());
                for status in entity.all("legalStatus") {
                    chip(ui, &status.to_uppercase(), theme.alarm);
                }
            });
        });
    });
    super::tags::chips(ui, model, theme, requests, entity);
    if let Some((source, target)) = model.seen.ends(entity) {
        let edge = schema::schema(entity.schema()).and_then(|s| s.edge.as_ref());
        ends(ui, view, theme, [source, target], edge.map_or("", |e| &e.label));
    }
}

/// Two ends that lead to what they are, and what lies between them.
pub(super) fn ends(
    ui: &mut Ui,
    view: &mut View,
    theme: &Theme,
    [source, target]: [EntityRef<'_>; 2],
    words: &str,
) {
    let mut go = |ui: &mut Ui, end: EntityRef<'_>| {
        ui.horizontal(|ui| {
            schema_icon(ui, theme, end.schema(), 18.0);
            if quiet_button(ui, RichText::new(with_reading(end.caption()))).clicked() {
                view.selection = BTreeSet::from([end.id().clone()]);
                view.reveal = Some(end.id().clone());
            }
        });
    };
    go(ui, source);
    let words = format!("{}  {words}", icon::SOUTH);
    ui.label(RichText::new(words).color(theme.weak).size(T11));
    go(ui, target);
}

/// The schema, and what else the entity could be.
fn schema_menu(ui: &mut Ui, model: &Model, requests: &mut Vec<Request>, entity: EntityRef<'_>) {
    let label = schema::label(entity.schema());
    let is_edge = entity.ends().is_some();
    let document = schema::schema(entity.schema()).is_some_and(|s| s.is_a("Document"));
    if model.read_only.is_some() || document {
        ui.label(RichText::new(label).size(T11));
        return;
    }
    ui.menu_button(RichText::new(label).size(T11), |ui| {
        ScrollArea::vertical().max_height(340.0).show(ui, |ui| {
            // A relationship keeps its ends, so only kinds with the same ends fit.
            let ends = schema::schema(entity.schema())
                .and_then(|s| s.edge.as_ref())
                .map(|e| (&e.source, &e.target));
            let fits = schema::schemata()
                .filter(|s| s.is_creatable() && s.is_edge() == is_edge)
                .filter(|s| !is_edge || s.edge.as_ref().map(|e| (&e.source, &e.target)) == ends);
            for other in fits.filter(|s| *s.name != *entity.schema()) {
                if ui.button(&other.label).clicked() {
                    let op = Op::Retype { entity: entity.id().clone(), schema: other.name.clone() };
                    requests.push(Request::Commit(Action::new(vec![op])));
                    ui.close();
                }
            }
        });
    });
}

pub(super) fn citation_card(
    ui: &mut Ui,
    model: &Model,
    view: &mut View,
    theme: &Theme,
    requests: &mut Vec<Request>,
    citation: &Citation,
) {
    Frame::new().fill(theme.sunken).corner_radius(6).inner_margin(Margin::same(8)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        let document = model.evidence.iter().find(|e| e.id == citation.evidence);
        ui.horizontal_wrapped(|ui| {
            let verb = if citation.supports { "supported by" } else { "contradicted by" };
            let ink = if citation.supports { theme.weak } else { theme.denied };
            ui.label(RichText::new(verb).size(T11).color(ink));
            let grade_of = format!(
                "{}{}",
                document.and_then(|d| d.reliability).map_or("–", |r| r.code()),
                citation.credibility.map_or("–", |c| c.code())
            );
            let words = format!(
                "Source: {}. Information: {}.",
                document.and_then(|d| d.reliability).map_or("not judged yet", |r| r.words()),
                citation.credibility.map_or("not judged yet", |c| c.words())
            );
            if model.read_only.is_some() || !citation.live {
                chip(ui, &grade_of, theme.text).on_hover_text(words);
            } else {
                let grade = ui.menu_button(RichText::new(&grade_of).size(T11), |ui| {
                    ui.label(RichText::new("How far can this be believed?").size(T11));
                    ui.horizontal(|ui| {
                        let Some(credibility) =
                            judgement::steps(ui, "This place", citation.credibility, true)
                        else {
                            return;
                        };
                        let what = Judged::Citation(citation.key);
                        requests.push(judgement::request(what, credibility));
                        ui.close();
                    });
                });
                let named = format!("Grade {grade_of}: judge this information");
                widgets::named(&grade.response, &named, None, true);
                grade.response.on_hover_text(format!("{words} Click to judge it."));
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if let Some(gone) = citation.gone() {
                    let restores = model.read_only.is_none()
                        && icon_button(ui, theme, icon::UNDO, "Restore this citation").clicked();
                    if restores {
                        let op = Op::RestoreCitation(citation.key);
                        let action = Action::new(vec![op]);
                        requests.push(Request::Commit(action));
                    }
                    chip(ui, gone, theme.weak);
                    return;
                }
                if model.read_only.is_none()
                    && icon_button(ui, theme, icon::CLOSE, "Withdraw this citation").clicked()
                {
                    let op = Op::WithdrawCitation(citation.key);
                    requests.push(Request::Commit(Action::new(vec![op])));
                }
                let pulled = model.wanted_lens().citations.contains(&citation.key);
                let words = if pulled {
                    "Count this citation again"
                } else {
                    "Show the case as if this citation were withdrawn"
                };
                if model.coming.is_none()
                    && icon_button(ui, theme, icon::HIDE_SOURCE, words).clicked()
                {
                    let lens = model.wanted_lens().toggle_citation(citation.key);
                    requests.push(Request::LookThrough(lens));
                }
            });
        });
        if let Some(gone) = document.and_then(Evidence::gone) {
            chip(ui, &format!("document {gone}"), theme.alarm);
        }
        let name = document.map_or_else(|| "An unknown document".to_owned(), |d| d.caption.clone());
        if quiet_button(ui, RichText::new(name).size(T13)).clicked() {
            view.document = Some(citation.evidence.clone());
            requests.push(Request::ShowEvidence);
        }
        if let Some(page) = &citation.page {
            ui.label(RichText::new(format!("at {page}")).size(T11).color(theme.weak));
        }
        if let Some(quote) = &citation.quote {
            ui.add(Label::new(RichText::new(format!("“{quote}”")).italics()).wrap());
        }
    });
}

/// What has been measured of an entity.
fn measures(ui: &mut Ui, view: &View, theme: &Theme, id: &Id) {
    let mut said =
        view.measured.values().filter_map(|m| Some((m.measure, m.words(id)?))).peekable();
    if said.peek().is_none() {
        return;
    }
    section(ui, theme, "MEASURED");
    for (measure, words) in said {
        ui.horizontal(|ui| {
            ui.label(RichText::new(measure.label()).size(T11).color(theme.weak));
            ui.label(RichText::new(words).size(T13));
        })
        .response
        .on_hover_text(measure.about());
    }
}

fn relationships(
    ui: &mut Ui,
    model: &Model,
    view: &mut View,
    theme: &Theme,
    entity: EntityRef<'_>,
) {
    let connections = model.seen.connections_of(entity);
    let count = entity.degree();
    if count == 0 {
        return;
    }
    section(ui, theme, &format!("RELATIONSHIPS ({count})"));
    for link in connections.take(200) {
        let Some((source, target)) = link.ends() else { continue };
        let outgoing = source.id() == entity.id();
        let other = if outgoing { target } else { source };
        let label = match link {
            Connection::Relationship(link) => schema::label(link.schema()),
            Connection::Reference(reference) => reference.property().relation(),
        };
        ui.horizontal(|ui| {
            let arrow = if outgoing { icon::ARROW_FORWARD } else { icon::ARROW_BACK };
            ui.label(RichText::new(arrow).color(theme.weak)).on_hover_text(label);
            // In words too: not everybody sees the hue.
            let denied = if link.denied() { "denied: " } else { "" };
            let text = format!("{denied}{label}: {}", other.caption());
            let text =
                RichText::new(text).color(if link.denied() { theme.denied } else { theme.text });
            let strength = if link.denied() { "denied" } else { link.strength().words() };
            let more = format!("{}\n{} · {strength}", other.caption(), link.caption());
            let response = quiet_button_with(ui, text, more);
            if response.clicked() {
                view.selection = BTreeSet::from([link.id().into_owned()]);
            }
            if response.double_clicked() {
                view.selection = BTreeSet::from([other.id().clone()]);
                view.reveal = Some(other.id().clone());
            }
        });
    }
}

fn several(
    ui: &mut Ui,
    model: &Model,
    view: &mut View,
    theme: &Theme,
    requests: &mut Vec<Request>,
    chosen: &Chosen,
) {
    widgets::title(ui, &format!("{} selected", grouped(chosen.counts.values().sum())));
    for (name, count) in &chosen.counts {
        ui.horizontal(|ui| {
            schema_icon(ui, theme, name, 20.0);
            ui.label(format!(
                "{count} {}",
                schema::schema(name).map_or(name, |s| if *count == 1 {
                    &s.label
                } else {
                    &s.plural
                })
            ));
        });
    }
    section(ui, theme, "ACTIONS ON THE SELECTION");
    for command in [
        command::CHART_FIT_SELECTION,
        command::CHART_PLACE,
        command::CHART_EXPAND,
        command::PIN_TOGGLE,
        command::LAYOUT_FORCE,
        command::LAYOUT_LAYERED,
        command::GROUP_SELECTED,
        command::CHART_HIDE,
        command::CHART_REMOVE,
        command::CASE_WITHDRAW,
    ] {
        if menu::item(ui, theme, command, Some(model), view, ui.available_width()) {
            requests.push(Request::Run(command));
        }
    }
    section(ui, theme, "SELECTED");
    for id in &chosen.first {
        if quiet_button(ui, RichText::new(model.name(id))).clicked() {
            view.selection = BTreeSet::from([id.clone()]);
            view.reveal = Some(id.clone());
        }
    }
}

fn overview(ui: &mut Ui, model: &Model, view: &View, theme: &Theme, requests: &mut Vec<Request>) {
    ui.label(RichText::new(model.title()).font(semibold(T16)));
    if let Some(about) = model.settings.get("about") {
        ui.add(Label::new(RichText::new(about).color(theme.weak)).wrap());
    }
    let counted = |ui: &mut Ui, counts: Vec<(usize, &str)>| {
        for (count, what) in counts {
            ui.horizontal(|ui| {
                ui.set_height(18.0);
                ui.label(RichText::new(grouped(count)).font(semibold(T13)));
                ui.label(RichText::new(what).color(theme.weak));
            });
        }
    };
    let of = |count, one, many| (count, if count == 1 { one } else { many });
    let charts = of(model.charts.len(), "chart", "charts");
    let scenes = of(model.scenes.len(), "scene", "scenes");
    let digest = |ui: &mut Ui, digest: &str| {
        let short = format!("digest {}…", digest.get(..16).unwrap_or_default());
        ui.label(RichText::new(short).size(T11).color(theme.weak)).on_hover_text(digest);
    };
    let mut counts = model.counts();
    if let Some(known) = model.lens().horizon.known {
        let then: Vec<_> = model.log.iter().filter(|one| one.number <= known).collect();
        section(ui, theme, "AS IT WAS");
        counts.push(of(then.len(), "revision", "revisions"));
        counted(ui, counts);
        digest(ui, then.last().map_or("", |revision| &revision.digest));
        section(ui, theme, "AS IT IS NOW");
        counted(ui, vec![charts, scenes]);
    } else if model.lens().is_plain() {
        section(ui, theme, "THIS CASE");
        counts.extend([charts, scenes, of(model.log.len(), "revision", "revisions")]);
        counted(ui, counts);
        digest(ui, &model.digest);
    } else {
        section(ui, theme, "SEEN THROUGH THE LENS");
        counted(ui, counts);
        section(ui, theme, "THIS CASE");
        counted(ui, vec![charts, scenes, of(model.log.len(), "revision", "revisions")]);
        digest(ui, &model.digest);
    }
    section(ui, theme, "NEXT");
    let no_chart = view.chart.is_none();
    let hint = if model.is_empty() && no_chart {
        "Make a chart to draw on, or import a table or list."
    } else if model.is_empty() {
        "Add an entity on the chart, or import a table or list."
    } else {
        "Click an entity or a line to see its statements and their sources."
    };
    ui.add(Label::new(RichText::new(hint).color(theme.weak)).wrap());
    // A walkthrough is presented once there is one.
    let third = if model.scenes.is_empty() { command::CASE_IMPORT } else { command::SCENE_PRESENT };
    for command in [
        if no_chart { command::CHART_NEW } else { command::ENTITY_ADD },
        command::EVIDENCE_ATTACH,
        third,
        command::CASE_SETTINGS,
        command::CASE_VERIFY,
    ] {
        if menu::item(ui, theme, command, Some(model), view, ui.available_width()) {
            requests.push(Request::Run(command));
        }
    }
}
