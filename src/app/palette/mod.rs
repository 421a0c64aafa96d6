//! Find anything: commands, entities, documents, charts in one box, by keyboard alone.

mod row;
mod saved;

use egui::{Align2, Area, Frame, Key, Modifiers, Order, RichText, ScrollArea, Ui, Vec2};

use super::{
    command::{self, COMMANDS},
    model::{Model, Place, Request, View},
    query::{Asker, Find, Outcome},
    sent::{Refusable, Sent},
    theme::{S4, S8, T11, Theme},
    widgets,
};
use crate::{
    case::{Class, FILTERS, Total},
    chart::{font::missing::with_reading, icon},
    model::{Id, SavedSearch},
    network::measured::grouped,
};
use row::{Found, Row};
use saved::Naming;

const ROWS: usize = 40;
/// Hits that are asked for.
const HITS: usize = 30;
/// More than this are not put on a chart at once.
const CHARTED: usize = 2_000;

/// The open box.
#[derive(Debug)]
pub struct Palette {
    text: String,
    chosen: usize,
    /// Whether the choice was made since something was typed: then Home and End are keys of the list.
    moved: bool,
    field: Option<egui::Id>,
    fresh: bool,
    /// Whether the best hit is to be taken as soon as it is there.
    entered: bool,
    naming: Option<Naming>,
    /// The name that the case has not answered yet.
    sent: Sent<Naming>,
}

impl Default for Palette {
    fn default() -> Self {
        Self {
            text: String::new(),
            chosen: 0,
            moved: false,
            field: None,
            fresh: true,
            entered: false,
            naming: None,
            sent: Sent::default(),
        }
    }
}

impl Refusable for Palette {
    fn refuse(&mut self, why: &str) {
        self.refused(why);
    }
}

/// What happens to the box after a frame.
#[derive(Debug)]
enum Next {
    Stay,
    Take,
    /// All hits go somewhere.
    All(Place),
}

impl Palette {
    /// Takes the key that closes the box, before the chart behind it does. Says whether the box
    /// stays open: a search that is being named is left first.
    pub fn escape(&mut self, ctx: &egui::Context) -> bool {
        let pressed = ctx.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape));
        !pressed || self.naming.take().is_some()
    }

    /// Whether the case has not answered yet to a name that was typed.
    pub fn waits(&self) -> bool {
        self.sent.waits()
    }

    /// Asks once more for the name of a search that the case refused; says whether there was one.
    pub fn refused(&mut self, why: &str) -> bool {
        self.sent.refused(&mut self.naming, why)
    }

    /// Forgets the name that the case has taken in.
    pub fn taken(&mut self) {
        self.sent.taken();
    }

    /// Draws the box; says whether it stays open.
    pub fn ui(
        &mut self,
        ctx: &egui::Context,
        model: Option<&Model>,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) -> bool {
        self.look(model, requests);
        let outcome = model.and_then(|model| model.found(Asker::Palette)).cloned();
        let outcome = outcome.filter(|outcome| !outcome.text.trim().is_empty());
        let is_current = outcome.as_ref().is_some_and(|outcome| outcome.text == self.text);
        let rows = self.rows(ctx, model, view, outcome.as_deref());
        self.chosen = self.chosen.min(rows.len().saturating_sub(1));
        let naming = self.naming.is_some();
        let mut next = Next::Stay;
        let mut moved = false;
        ctx.input_mut(|i| {
            if naming {
                return;
            }
            if i.consume_key(Modifiers::COMMAND, Key::Enter) && is_current {
                next = Next::All(Place::Table);
            }
            if i.consume_key(Modifiers::NONE, Key::Enter) {
                next = Next::Take;
            }
            let (last, page) = (rows.len().saturating_sub(1), 8);
            let at = self.chosen;
            let mut to = |key, row: usize| {
                if i.consume_key(Modifiers::NONE, key) {
                    (self.chosen, moved) = (row, true);
                }
            };
            to(Key::ArrowDown, (at + 1).min(last));
            to(Key::ArrowUp, at.saturating_sub(1));
            to(Key::PageDown, (at + page).min(last));
            to(Key::PageUp, at.saturating_sub(page));
            if self.moved {
                to(Key::Home, 0);
                to(Key::End, last);
            }
        });
        self.moved |= moved;
        let area = Area::new(egui::Id::unique("palette"))
            .order(Order::Foreground)
            .anchor(Align2::CENTER_TOP, Vec2::new(0.0, 44.0));
        let shown = area.show(ctx, |ui| {
            Frame::popup(ui.style()).inner_margin(12).show(ui, |ui| {
                ui.set_width(600.0_f32.min(ctx.content_rect().width() - 60.0));
                self.head(ui, theme, outcome.as_deref().filter(|_| is_current));
                if rows.is_empty() {
                    let text = if self.is_looking(model, is_current) {
                        "Searching …"
                    } else if self.text.split_whitespace().any(|word| word.contains(':')) {
                        "Nothing fits that. Leave out a filter, or try a part of the name."
                    } else {
                        "Nothing is called that. Try a part of the name."
                    };
                    ui.label(RichText::new(text).color(theme.weak));
                }
                let height = ctx.content_rect().height() * 0.55;
                let list = ScrollArea::vertical().max_height(height).min_scrolled_height(height);
                list.show(ui, |ui| {
                    for (number, row) in rows.iter().enumerate() {
                        let on = number == self.chosen;
                        let response = self.row(ui, theme, model, row, on, requests);
                        if moved && on {
                            response.scroll_to_me(None);
                        }
                        if let Some(field) = self.field.filter(|_| on) {
                            let chosen = response.id.accesskit_id();
                            ctx.accesskit_node_builder(field, |node| {
                                node.set_active_descendant(chosen);
                            });
                        }
                        if response.clicked() {
                            self.chosen = number;
                            next = Next::Take;
                        }
                    }
                });
                let outcome = outcome.as_deref().filter(|_| is_current);
                if self.naming.is_some() {
                    self.name(ui, theme, requests);
                } else if let (Some(model), Some(outcome)) = (model, outcome) {
                    self.foot(ui, theme, model, outcome, &mut next);
                }
            });
        });
        let elsewhere = ctx.input(|i| i.pointer.any_pressed())
            && ctx
                .input(|i| i.pointer.interact_pos())
                .is_some_and(|p| !shown.response.rect.contains(p));
        // A name that is being typed is not lost by a click beside the box.
        if elsewhere && self.naming.is_none() {
            return false;
        }
        self.follow(next, &rows, is_current, model, view, requests)
    }

    /// Does what was asked for; says whether the box stays open.
    fn follow(
        &mut self,
        next: Next,
        rows: &[Row],
        is_current: bool,
        model: Option<&Model>,
        view: &mut View,
        requests: &mut Vec<Request>,
    ) -> bool {
        match next {
            Next::All(place) => {
                requests.push(Request::ShowAll(self.text.clone(), place));
                return false;
            }
            Next::Take => self.entered = true,
            Next::Stay => {}
        }
        // What is on screen may be for what was typed before: that is not taken.
        if !self.entered || self.is_looking(model, is_current) {
            return true;
        }
        self.entered = false;
        match rows.get(self.chosen).map(|row| &row.found) {
            Some(Found::Saved(query)) => {
                self.text = query.clone();
                self.chosen = 0;
                self.fresh = true;
                true
            }
            Some(found) => {
                take(found, model, view, requests);
                false
            }
            None => true,
        }
    }

    /// Whether what was typed is still being looked for.
    fn is_looking(&self, model: Option<&Model>, is_current: bool) -> bool {
        model.is_some() && !self.text.trim().is_empty() && !is_current
    }

    /// Asks the case for what was typed.
    fn look(&self, model: Option<&Model>, requests: &mut Vec<Request>) {
        let Some(model) = model else { return };
        model.ask(&Find::new(model, Asker::Palette, &self.text, Some(HITS)), requests);
    }

    /// The field, and a line that says what can be typed or what was not understood.
    fn head(&mut self, ui: &mut Ui, theme: &Theme, outcome: Option<&Outcome>) {
        let width = ui.available_width();
        let hint = "Find a command, an entity, a document or a chart";
        let field = widgets::field(ui, &mut self.text, "Find anything", hint, width);
        if self.fresh {
            field.request_focus();
            self.fresh = false;
        }
        self.field = Some(field.id);
        if field.changed() {
            (self.chosen, self.moved) = (0, false);
            self.entered = false;
        }
        ui.add_space(S4);
        let told = outcome.map_or(&[][..], |outcome| &outcome.found.told);
        if told.is_empty() {
            saved::small(ui, theme, &hint_for(&self.text));
        }
        for sentence in told {
            ui.label(RichText::new(sentence).size(T11).color(theme.alarm));
        }
        ui.add_space(S4);
    }

    fn row(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        model: Option<&Model>,
        row: &Row,
        on: bool,
        requests: &mut Vec<Request>,
    ) -> egui::Response {
        let saved = match (&row.found, model) {
            (Found::Saved(query), Some(model)) => {
                let is_it = |s: &&SavedSearch| s.query == *query && s.name == row.text;
                model.searches.iter().find(is_it).map(|search| (model, search))
            }
            _ => None,
        };
        let Some((model, search)) = saved else { return row.draw(ui, theme, on) };
        ui.horizontal(|ui| {
            let width = (ui.available_width() - 70.0).max(100.0);
            let drawn = ui.allocate_ui(Vec2::new(width, 28.0), |ui| row.draw(ui, theme, on)).inner;
            if let Some(search) = saved::tools(ui, theme, model, search, requests) {
                self.naming = Some(Naming::new(search));
            }
            drawn
        })
        .inner
    }

    /// The field in which a search gets its name.
    fn name(&mut self, ui: &mut Ui, theme: &Theme, requests: &mut Vec<Request>) {
        ui.add_space(S4);
        let before = requests.len();
        let closed = self.naming.take_if(|naming| !naming.ui(ui, theme, requests));
        if closed.is_some() {
            self.sent.keep(closed, &requests[before..]);
            self.fresh = true;
        }
    }

    /// How many there are, and what can be done with all of them.
    fn foot(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        model: &Model,
        outcome: &Outcome,
        next: &mut Next,
    ) {
        ui.add_space(S4);
        let (count, known) = match outcome.found.total {
            Total::Exactly(count) => (count, grouped(count)),
            Total::MoreThan(count) => (count, format!("more than {}", grouped(count))),
        };
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = S8;
            let found =
                ui.label(RichText::new(format!("{known} found")).size(T11).color(theme.weak));
            found.on_hover_text(format!("In {:.1} ms", outcome.milliseconds));
            if count > 0 {
                let all = match outcome.found.total {
                    Total::Exactly(1) => "Show it in the table".to_owned(),
                    Total::Exactly(_) => format!("Show all {known} in the table"),
                    Total::MoreThan(_) => "Show all in the table".to_owned(),
                };
                let shortcut = ui
                    .ctx()
                    .format_shortcut(&egui::KeyboardShortcut::new(Modifiers::COMMAND, Key::Enter));
                if ui.button(all).on_hover_text(shortcut).clicked() {
                    *next = Next::All(Place::Table);
                }
                let fits = matches!(outcome.found.total, Total::Exactly(count) if count <= CHARTED);
                let why = if model.read_only.is_some() {
                    Some("This case is open for reading only.".to_owned())
                } else {
                    (!fits).then(|| {
                        format!("A chart of more than {CHARTED} shows little: narrow the search.")
                    })
                };
                let button = ui.add_enabled(why.is_none(), egui::Button::new("Show on chart"));
                let button = button.on_disabled_hover_text(why.unwrap_or_default());
                if button.on_hover_text("On a new chart").clicked() {
                    *next = Next::All(Place::Chart);
                }
            }
            let why = saved::obstacle(model, &self.text);
            let save = ui.add_enabled(why.is_none(), egui::Button::new("Save this search…"));
            if save.on_disabled_hover_text(why.unwrap_or_default()).clicked() {
                self.naming = Some(Naming::new(SavedSearch::new(self.text.trim())));
            }
        });
    }

    fn rows(
        &self,
        ctx: &egui::Context,
        model: Option<&Model>,
        view: &View,
        outcome: Option<&Outcome>,
    ) -> Vec<Row> {
        let wanted = self.text.trim().to_lowercase();
        let mut rows = Vec::new();
        for command in COMMANDS.iter().filter(|c| **c != command::PALETTE_OPEN) {
            let Some(score) = score(command.label, &wanted) else { continue };
            let shortcut = command::keys(ctx, command);
            let about = command.obstacle(model, view).unwrap_or(shortcut);
            let found = Found::Command(command);
            rows.push(Row::plain(found, command.icon, command.label, about, score + 1));
        }
        let Some(model) = model else { return best(rows) };
        for search in &model.searches {
            let shown = if wanted.is_empty() { Some(0) } else { score(&search.name, &wanted) };
            if let Some(score) = shown {
                let about = if search.name == search.query {
                    "saved search".into()
                } else {
                    search.query.clone()
                };
                let found = Found::Saved(search.query.clone());
                rows.push(Row::plain(found, icon::ui::SEARCH, &search.name, about, score));
            }
        }
        if wanted.is_empty() {
            return best(rows);
        }
        for chart in &model.charts {
            if let Some(score) = score(&chart.name, &wanted) {
                let found = Found::Chart(chart.id.clone());
                rows.push(Row::plain(found, icon::ui::HUB, &chart.name, "chart".into(), score));
            }
        }
        for hit in outcome.map_or(&[][..], |outcome| &outcome.found.hits) {
            let is_document = model.evidence.iter().any(|item| item.id == hit.id && item.live);
            let name = match model.seen.get(&hit.id) {
                Some(entity) if entity.ends().is_some() => model.name(&hit.id),
                _ => hit.caption.clone(),
            };
            let name = with_reading(&name).into_owned();
            rows.push(Row::hit(hit, name, is_document, class_score(hit.class)));
        }
        best(rows)
    }
}

/// A line that says what can be typed: about the filter that is being typed, or in general.
fn hint_for(text: &str) -> String {
    let last = text.rsplit(char::is_whitespace).next().unwrap_or_default().to_lowercase();
    let filter = FILTERS
        .iter()
        .find(|(name, _)| last.len() > 1 && (name.starts_with(&last) || last.starts_with(name)));
    if let Some((name, what)) = filter {
        return format!("{name} – {what}");
    }
    let names: Vec<&str> = FILTERS.iter().map(|(name, _)| *name).collect();
    format!("Any script, any part. “Phrases”, OR, and filters: {}", names.join(" "))
}

/// Keeps those that fit best; what fits equally well stays in its order.
fn best(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort_by_key(|row| row.score);
    rows.truncate(ROWS);
    rows
}

/// Where hits of a class stand among commands and charts; see [`score`].
fn class_score(class: Class) -> u32 {
    match class {
        Class::Exact => 0,
        Class::Begins => 10,
        Class::Words => 20,
        Class::Parts => 30,
        Class::Latin => 32,
        Class::Text => 40,
        Class::Filtered => 45,
        Class::Similar => 70,
    }
}

fn take(found: &Found, model: Option<&Model>, view: &mut View, requests: &mut Vec<Request>) {
    match found {
        Found::Command(command) => requests.push(Request::Run(command)),
        Found::Chart(id) => view.chart = Some(id.clone()),
        Found::Document(id) => {
            view.document = Some(id.clone());
            requests.push(Request::ShowEvidence);
        }
        Found::Saved(_) => {}
        Found::Entity(id) => {
            view.selection = std::collections::BTreeSet::from([id.clone()]);
            view.reveal = Some(id.clone());
            // Go to a chart where it stands, unless it stands on this one.
            let here =
                |chart: &Id| model.is_some_and(|m| m.placed(chart).iter().any(|p| p.entity == *id));
            if let Some(model) = model
                && !view.chart.as_ref().is_some_and(here)
                && let Some(chart) = model.charts.iter().find(|chart| here(&chart.id))
            {
                view.chart = Some(chart.id.clone());
            }
        }
    }
}

/// How well a text fits what was typed, 0 best; `None` where it does not. The whole, then the
/// beginning, then the beginning of a word, then anywhere, then the letters in order.
fn score(text: &str, wanted: &str) -> Option<u32> {
    let text = text.to_lowercase();
    if wanted.is_empty() {
        return Some(50);
    }
    if text == wanted {
        return Some(0);
    }
    if text.starts_with(wanted) {
        return Some(10);
    }
    if text.contains(&format!(" {wanted}")) {
        return Some(20);
    }
    if text.contains(wanted) {
        return Some(30);
    }
    let mut letters = text.chars();
    let all = wanted.chars().filter(|c| !c.is_whitespace()).all(|c| letters.any(|l| l == c));
    (all && wanted.chars().count() > 2 && wanted.is_ascii()).then_some(60)
}

#[cfg(test)]
impl Palette {
    /// A box that has sent the name of a search to the case.
    pub fn sent(name: &str) -> Self {
        let mut palette = Self::default();
        palette.sent.put(Naming::new(SavedSearch::new(name)));
        palette
    }

    /// The name that is being typed.
    pub fn typed(&self) -> Option<&str> {
        self.naming.as_ref().map(Naming::typed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn better_fits_come_first() {
        let scores =
            ["fit", "Fit chart", "Chart fit", "outfit", "f-i-t", "no"].map(|t| score(t, "fit"));
        assert_eq!(scores, [Some(0), Some(10), Some(20), Some(30), Some(60), None]);
        assert_eq!(score("丹东鸿祥实业", "鸿祥"), Some(30));
    }

    #[test]
    fn the_filter_that_is_being_typed_is_explained() {
        assert!(hint_for("pier cou").starts_with("country:"));
        assert!(hint_for("pier since:20").starts_with("since:"));
        assert!(hint_for("pier").contains("schema:"));
    }
}
