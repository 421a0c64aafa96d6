//! The ways between two entities, found in the whole case, whatever of it is on the chart.

use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
};

use egui::{
    Color32, FontId, Key, Label, Modifiers, Pos2, Response, RichText, ScrollArea, Sense, Stroke,
    Ui, Vec2,
};

use crate::app::{
    command,
    model::{Model, Request, Snapshot, View},
    query::{Query, Same},
    theme::{S4, S8, S12, T11, T13, Theme, semibold},
    widgets::{self, empty_state, icon_button, quiet_button},
};
use crate::{
    case::{Error, Progress, Result},
    chart::{icon::ui as icon, style::dash},
    model::{Id, Period, Strength, schema},
    network::{
        Connection, Seen,
        between::{Between, Graph, Limits, Way},
    },
};

/// So many ways are listed at most.
const LISTED: usize = 200;
/// Of so many steps a way can be at most.
const HOPS: u32 = 6;
/// Narrower than this, in points, the panel folds its options.
const WIDE: f32 = 680.0;
/// So many of the relationships between two are named.
const NAMED: usize = 3;

/// The panel.
#[derive(Debug)]
pub struct Ways {
    ends: Option<(Id, Id)>,
    hops: u32,
    in_period: bool,
    without_denied: bool,
    /// The way that was clicked, and the one that is selected because the pointer is over it.
    chosen: Option<usize>,
    over: Option<usize>,
    /// The way that has the keyboard.
    focused: Option<usize>,
    /// What of each way is not on the chart.
    lacking: Vec<Lacking>,
    /// For which state of the case, chart and ways that was found.
    lacking_for: Option<(u64, Option<Id>, Same<Found>)>,
}

impl Default for Ways {
    fn default() -> Self {
        Self {
            ends: None,
            hops: 4,
            in_period: false,
            without_denied: false,
            chosen: None,
            over: None,
            focused: None,
            lacking: Vec::new(),
            lacking_for: None,
        }
    }
}

/// Which relationships count.
#[derive(Clone, Debug, PartialEq)]
struct Counted {
    /// The period in which they count.
    period: Period,
    without_denied: bool,
}

impl Counted {
    fn counts(&self, link: Connection<'_>) -> bool {
        if self.without_denied && link.denied() {
            return false;
        }
        if self.period.is_empty() {
            return true;
        }
        let (start, end) = link.extent();
        self.period.overlaps(start.as_ref(), end.as_ref())
    }
}

impl Query for Counted {
    type Slot = ();
    /// What ways are looked for in.
    type Answer = Graph;
    type Of = Snapshot;
    const HAS_KEYS: bool = true;

    fn slot(&self) {}

    fn read(&self, seen: &Snapshot, progress: &Progress) -> Result<Graph> {
        let going = || !progress.is_cancelled();
        Graph::new(seen, &|link| self.counts(link), &going).ok_or(Error::Cancelled)
    }
}

/// What ways are looked for.
#[derive(Clone, Debug, PartialEq)]
struct Wanted {
    graph: Same<Graph>,
    counted: Counted,
    ends: (Id, Id),
    hops: u32,
}

impl Query for Wanted {
    type Slot = ();
    type Answer = Found;
    type Of = Snapshot;

    fn slot(&self) {}

    fn read(&self, seen: &Snapshot, progress: &Progress) -> Result<Found> {
        let going = || !progress.is_cancelled();
        let counts = |link: Connection<'_>| self.counted.counts(link);
        let limits = Limits { hops: self.hops, most: LISTED };
        let ends = (&self.ends.0, &self.ends.1);
        let between = self.graph.0.between(seen, ends, limits, &counts, &going);
        let Between { ways, all, beyond } = between.ok_or(Error::Cancelled)?;
        let is_beyond = beyond.is_some();
        let rows = ways.into_iter().chain(beyond).map(|way| Row::new(seen, way)).collect();
        Ok(Found { rows, all, beyond: is_beyond })
    }
}

/// The ways that were found, ready to be drawn.
#[derive(Debug, Clone, Default)]
struct Found {
    rows: Vec<Row>,
    /// Whether there are no others that are short enough.
    all: bool,
    /// Whether the one row is longer than was asked for, as there is none that is short enough.
    beyond: bool,
}

/// A way as it is listed.
#[derive(Debug, Clone)]
struct Row {
    way: Way,
    /// The names on it and the words between them, in turn.
    texts: Vec<(String, Piece)>,
}

/// What a part of a row's text is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Piece {
    Name,
    Words,
    Denied,
}

/// What of a way is not drawn on the chart.
#[derive(Debug, Clone, Copy, Default)]
struct Lacking {
    /// So many entities are not placed.
    entities: usize,
    /// Something of it is hidden.
    hidden: bool,
}

impl Found {
    /// What was found, in one sentence.
    fn sentence(&self, hops: u32, names: &(String, String)) -> String {
        let (from, to) = names;
        let within = steps(hops as usize);
        match &self.rows[..] {
            [] => format!("No way leads from {from} to {to}."),
            [one] if self.beyond => format!(
                "No way is of at most {within}. The shortest is of {}:",
                steps(one.way.steps.len())
            ),
            [_] => format!("The only way of at most {within}."),
            [_, _] if self.all => format!("Both ways of at most {within}."),
            rows if self.all => format!("All {} ways of at most {within}.", rows.len()),
            rows => format!("The first {} of more ways of at most {within}.", rows.len()),
        }
    }
}

impl Row {
    fn new(seen: &Seen, way: Way) -> Self {
        let name = |id: &Id| {
            seen.get(id).map_or_else(|| id.to_string(), |entity| entity.caption().to_owned())
        };
        let mut texts = Vec::new();
        for (n, member) in way.members.iter().enumerate() {
            texts.push((name(member), Piece::Name));
            if let Some(step) = way.steps.get(n) {
                texts.push(words(seen, member, step));
            }
        }
        Self { way, texts }
    }

    /// What a screen reader says.
    fn label(&self, lacking: Lacking) -> String {
        let text: Vec<&str> = self.texts.iter().map(|(text, _)| text.as_str()).collect();
        format!("{}: {}", self.about(lacking), text.join(" ").replace('\u{a0}', " "))
    }

    /// How long, how well supported, how much of it is on the chart.
    fn about(&self, lacking: Lacking) -> String {
        let mut about = steps(self.way.steps.len());
        about += match (self.way.denied, self.way.strength) {
            (true, _) => " · denied",
            (false, Strength::Confirmed) => " · confirmed throughout",
            (false, Strength::Unconfirmed) => " · unconfirmed at its weakest",
            (false, Strength::Tentative) => " · tentative at its weakest",
        };
        about += &match lacking {
            Lacking { entities: 0, hidden: false } => " · all on the chart".to_owned(),
            Lacking { entities: 0, hidden: true } => " · partly hidden on the chart".to_owned(),
            Lacking { entities: 1, .. } => " · 1 entity is not on the chart".to_owned(),
            Lacking { entities, .. } => format!(" · {entities} entities are not on the chart"),
        };
        about
    }
}

/// "1 step", "3 steps".
fn steps(count: usize) -> String {
    if count == 1 { "1 step".to_owned() } else { format!("{count} steps") }
}

/// The relationships and references of a step in words, with an arrow that says which way they lead.
fn words(seen: &Seen, from: &Id, links: &[Id]) -> (String, Piece) {
    let known: Vec<Connection<'_>> = links.iter().filter_map(|id| seen.connection(id)).collect();
    let is_denied = !known.is_empty() && known.iter().all(|link| link.denied());
    let mut there = Vec::new();
    let mut back = Vec::new();
    for link in known.iter().take(NAMED) {
        let leads_on = link.ends().is_some_and(|(source, _)| source.id() == from);
        let text = phrase(*link);
        if leads_on { &mut there } else { &mut back }.push(text);
    }
    if known.len() > NAMED {
        there.push(format!("{} more", known.len() - NAMED));
    }
    let text = match (&back[..], &there[..]) {
        // An arrow stays on one line with the word beside it.
        ([], there) => format!("—\u{a0}{}\u{a0}→", there.join(", ")),
        (back, []) => format!("←\u{a0}{}\u{a0}—", back.join(", ")),
        (back, there) => {
            format!("←\u{a0}{} · {}\u{a0}→", back.join(", "), there.join(", "))
        }
    };
    (text, if is_denied { Piece::Denied } else { Piece::Words })
}

/// What a relationship says, as a verb: "owns 60 %", "directs"; of a reference, the property:
/// "parent company".
fn phrase(connection: Connection<'_>) -> String {
    let caption = connection.caption();
    let Some(link) = connection.relationship() else { return schema::phrase(caption) };
    let verb = schema::schema(link.schema()).and_then(|s| s.edge.as_ref()).map(|e| &*e.label);
    let text = match verb {
        // A number by itself does not say what it is of.
        Some(verb) if caption.chars().any(|c| c.is_ascii_digit()) => format!("{verb} {caption}"),
        _ => caption.to_owned(),
    };
    if link.denied() { format!("not: {text}") } else { text }
}

impl Ways {
    /// Looks for the ways between the two that are selected.
    pub fn find(&mut self, model: &Model, view: &View) {
        let is_node = |id: &&Id| model.seen.get(id).is_some_and(|e| !e.is_link());
        let mut ends = view.selection.iter().filter(is_node).cloned();
        if let (Some(from), Some(to)) = (ends.next(), ends.next()) {
            self.ends = Some((from, to));
            (self.chosen, self.over) = (None, None);
        }
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
        let ends = self
            .ends
            .clone()
            .filter(|(from, to)| model.seen.get(from).is_some() && model.seen.get(to).is_some());
        let folded = ui.available_width() < WIDE;
        ui.horizontal(|ui| {
            if folded && ends.is_some() {
                widgets::title(ui, "Ways");
                self.folded_options(ui, view);
            } else {
                widgets::title(ui, "Ways between");
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if icon_button(ui, theme, icon::CLOSE, "Close the ways").clicked() {
                    requests.push(Request::CloseDrawer);
                }
                if ends.is_some() && !folded {
                    self.options(ui, view);
                }
            });
        });
        let Some(ends) = ends else {
            let hint = "Select two entities and press W: every way from one to the other is listed here, \
                        through the whole case, and what supports it.";
            empty_state(ui, theme, icon::TIMELINE, "Between whom?", hint);
            return;
        };
        let names = (model.name(&ends.0), model.name(&ends.1));
        let period = if self.in_period { view.period.clone() } else { Period::default() };
        let counted = Counted { period, without_denied: self.without_denied };
        let graph = model.ask_current(&counted, requests);
        let wanted = graph.map(|graph| Wanted {
            graph: Same(Arc::clone(graph)),
            counted,
            ends: ends.clone(),
            hops: self.hops,
        });
        let is_there = wanted.is_some_and(|wanted| model.ask_current(&wanted, requests).is_some());
        // What was found between others, or of another length, is no answer.
        let held = model.answers.latest::<Wanted>(&());
        let held = held.filter(|held| held.query.ends == ends && held.query.hops == self.hops);
        let found = held.and_then(|held| held.answer.as_ref().ok()).cloned();
        let sentence = found.as_ref().filter(|_| is_there);
        let sentence = sentence.map(|found| found.sentence(self.hops, &names));
        self.ends_ui(ui, view, theme, &ends, &names, sentence);
        let Some(found) = found else { return };
        if model.coming.is_some() {
            let text = "The case is still being read: there may be more ways.";
            ui.label(RichText::new(text).size(T11).color(theme.weak));
        }
        self.find_lacking(model, view, &found);
        let (mut over, mut clicked, mut place, mut fits) = (None, None, None, false);
        let step = step_of(ui, self.focused.filter(|n| *n < found.rows.len()), found.rows.len());
        self.focused = None;
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            for (n, row) in found.rows.iter().enumerate() {
                let is_on = self.over.or(self.chosen) == Some(n);
                let lacking = self.lacking.get(n).copied().unwrap_or_default();
                let (response, places) = draw(ui, theme, row, lacking, is_on, model, view);
                if step == Some(n) {
                    response.request_focus();
                    response.scroll_to_me(None);
                }
                if response.has_focus() || step == Some(n) {
                    self.focused = Some(n);
                    // The arrows move in the list, not from panel to panel.
                    let filter =
                        egui::EventFilter { vertical_arrows: true, ..egui::EventFilter::default() };
                    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
                }
                if response.contains_pointer() || response.has_focus() {
                    over = Some(n);
                }
                if response.clicked() {
                    clicked = Some(n);
                }
                fits |= response.double_clicked();
                if places {
                    place = Some(n);
                }
            }
        });
        let chosen = clicked.or(place).or(self.chosen);
        let shown = over.or(chosen);
        if shown != self.over.or(self.chosen) || clicked.is_some() || place.is_some() {
            view.selection = match shown.and_then(|n| found.rows.get(n)) {
                Some(row) => {
                    let steps = row.way.steps.iter().flatten();
                    row.way.members.iter().chain(steps).cloned().collect()
                }
                None => [&ends.0, &ends.1].into_iter().cloned().collect(),
            };
            let is_path = shown.is_some();
            view.thread = if is_path { view.selection.clone() } else { BTreeSet::new() };
        }
        (self.over, self.chosen) = (over, chosen);
        if place.is_some() {
            requests.push(Request::Run(command::CHART_PLACE));
        } else if fits {
            requests.push(Request::Run(command::CHART_FIT_SELECTION));
        }
    }

    /// The same as [`Self::options`], where there is little room.
    fn folded_options(&mut self, ui: &mut Ui, view: &View) {
        let before = (self.hops, self.in_period, self.without_denied);
        let upto = |hops: u32| format!("Up to {}", steps(hops as usize));
        let shown = upto(self.hops);
        let combo = egui::ComboBox::from_id_salt("hops").selected_text(&shown).width(100.0);
        let combo = combo.show_ui(ui, |ui| {
            for hops in 1..=HOPS {
                ui.selectable_value(&mut self.hops, hops, upto(hops));
            }
        });
        widgets::named_choice(&combo.response, "Maximum length", &shown);
        if view.period.is_empty() {
            self.in_period = false;
        }
        let is_set = self.in_period || self.without_denied;
        let words = if is_set { format!("Without some {}", icon::CHECK) } else { "All".into() };
        let menu = ui.menu_button(words, |ui| {
            ui.checkbox(&mut self.without_denied, "Without denied");
            ui.add_enabled(
                !view.period.is_empty(),
                egui::Checkbox::new(&mut self.in_period, "Within the period"),
            )
            .on_disabled_hover_text("Brush a period on the timeline first.");
        });
        menu.response.on_hover_text("Which relationships count");
        if before != (self.hops, self.in_period, self.without_denied) {
            (self.chosen, self.over) = (None, None);
        }
    }

    /// How long ways may be, and which relationships count.
    fn options(&mut self, ui: &mut Ui, view: &View) {
        let mut changed = false;
        // From the right to the left.
        changed |= ui
            .checkbox(&mut self.without_denied, "Without denied")
            .on_hover_text("Ways lead along no relationship that is denied")
            .changed();
        if view.period.is_empty() {
            self.in_period = false;
        } else {
            changed |= ui
                .checkbox(&mut self.in_period, "Within the period")
                .on_hover_text(
                    "Ways lead along no relationship that is surely outside the timeline's period",
                )
                .changed();
        }
        ui.add_space(S8);
        for hops in (1..=HOPS).rev() {
            let response = ui.add(egui::Button::selectable(self.hops == hops, hops.to_string()));
            let words = format!("Of at most {}", steps(hops as usize));
            widgets::named(&response, &words, Some(self.hops == hops), true);
            if response.on_hover_text(words).clicked() {
                self.hops = hops;
                changed = true;
            }
        }
        ui.label("Up to");
        if changed {
            (self.chosen, self.over) = (None, None);
        }
    }

    /// The two ends, each a button that selects it, and what was found between them.
    fn ends_ui(
        &mut self,
        ui: &mut Ui,
        view: &mut View,
        theme: &Theme,
        ends: &(Id, Id),
        names: &(String, String),
        found: Option<String>,
    ) {
        ui.horizontal(|ui| {
            let room = (ui.available_width() * 0.27).max(60.0);
            for (end, name) in [(&ends.0, &names.0), (&ends.1, &names.1)] {
                let is_last = std::ptr::eq(end, &raw const ends.1);
                if is_last {
                    ui.label(RichText::new("and").color(theme.weak));
                }
                ui.scope(|ui| {
                    ui.set_max_width(room);
                    if quiet_button(ui, RichText::new(name).font(semibold(T13))).clicked() {
                        view.selection = [end.clone()].into();
                        view.reveal = Some(end.clone());
                        (self.chosen, self.over) = (None, None);
                    }
                });
            }
            if let Some(sentence) = found {
                ui.add(Label::new(RichText::new(sentence).color(theme.weak)).truncate());
            } else {
                ui.spinner();
                ui.label(RichText::new("Looking for ways …").color(theme.weak));
            }
        });
    }

    /// Finds what of each way is not on the chart, where that may have changed.
    fn find_lacking(&mut self, model: &Model, view: &View, found: &Arc<Found>) {
        let key = Some((model.generation, view.chart.clone(), Same(Arc::clone(found))));
        if self.lacking_for == key {
            return;
        }
        self.lacking_for = key;
        let chart = view.chart.as_ref().and_then(|id| model.chart(id));
        let placed: HashSet<&Id> = chart
            .map(|chart| model.placed(&chart.id).iter().map(|p| &p.entity).collect())
            .unwrap_or_default();
        let hidden: HashSet<&Id> = chart.map(|c| c.hidden.iter().collect()).unwrap_or_default();
        self.lacking = found
            .rows
            .iter()
            .map(|Row { way, .. }| Lacking {
                entities: way.members.iter().filter(|id| !placed.contains(id)).count(),
                hidden: way.members.iter().any(|id| hidden.contains(id))
                    || way.steps.iter().any(|step| step.iter().all(|id| hidden.contains(id))),
            })
            .collect();
    }
}

/// The row to which a key of the list moves from the one that has the keyboard.
fn step_of(ui: &Ui, focused: Option<usize>, count: usize) -> Option<usize> {
    let (at, last) = (focused?, count.saturating_sub(1));
    let keys = [
        (Key::ArrowDown, (at + 1).min(last)),
        (Key::ArrowUp, at.saturating_sub(1)),
        (Key::Home, 0),
        (Key::End, last),
    ];
    ui.input_mut(|i| keys.into_iter().find(|(key, _)| i.consume_key(Modifiers::NONE, *key)))
        .map(|(_, to)| to)
}

/// A way over the whole width: how it is supported as a stroke, who is on it and how they are
/// related, what else there is to say. Gives its response, and whether it is to be placed.
fn draw(
    ui: &mut Ui,
    theme: &Theme,
    row: &Row,
    lacking: Lacking,
    on: bool,
    model: &Model,
    view: &View,
) -> (Response, bool) {
    let width = ui.available_width();
    let can_place = lacking.entities > 0 && model.read_only.is_none() && view.chart.is_some();
    let side = if can_place { 128.0 } else { 0.0 };
    let text_width = (width - 44.0 - side).max(80.0);
    let mut job = egui::text::LayoutJob::default();
    job.wrap.max_width = text_width;
    for (text, piece) in &row.texts {
        let (font, ink) = match piece {
            Piece::Name => (semibold(T13), theme.text),
            Piece::Words => (FontId::proportional(T13), theme.weak),
            Piece::Denied => (FontId::proportional(T13), theme.denied),
        };
        let format = egui::TextFormat::simple(font, ink);
        if !job.text.is_empty() {
            job.append("  ", 0.0, format.clone());
        }
        job.append(text, 0.0, format);
    }
    let names = ui.painter().layout_job(job);
    let ink = if row.way.denied { theme.denied } else { theme.weak };
    let about = ui.painter().layout(row.about(lacking), FontId::proportional(T11), ink, text_width);
    let height = names.size().y + about.size().y + S12;
    let (rect, response) = ui.allocate_exact_size(Vec2::new(width, height), Sense::click());
    widgets::named(&response, &row.label(lacking), Some(on), true);
    let mut places = false;
    if ui.is_rect_visible(rect) {
        let fill = match (on, response.hovered()) {
            (true, _) => theme.selected,
            (false, true) => theme.hover,
            (false, false) => Color32::TRANSPARENT,
        };
        let painter = ui.painter();
        painter.rect_filled(rect, 6.0, fill);
        if response.has_focus() {
            let stroke = Stroke::new(1.5, theme.accent);
            painter.rect_stroke(rect, 6.0, stroke, egui::StrokeKind::Inside);
        }
        stroke(ui, theme, &row.way, rect.left_top() + Vec2::new(S8, S4 + 10.0));
        let at = rect.left_top() + Vec2::new(40.0, S4);
        let below = at + Vec2::new(0.0, names.size().y + 2.0);
        painter.galley(at, names, theme.text);
        painter.galley(below, about, ink);
    }
    if can_place {
        let button = egui::Rect::from_min_max(
            Pos2::new(rect.right() - side, rect.top() + S4),
            Pos2::new(rect.right() - S4, rect.top() + S4 + 26.0),
        );
        let add = egui::Button::new("Place on chart").small();
        places = ui.place(button, add).clicked();
    }
    (response, places)
}

/// How a way is supported, as the chart would draw it.
fn stroke(ui: &Ui, theme: &Theme, way: &Way, from: Pos2) {
    let ink = if way.denied { theme.denied } else { theme.strength(way.strength) };
    let (to, stroke) = (from + Vec2::new(24.0, 0.0), Stroke::new(2.0, ink));
    match dash(way.strength) {
        [on, off] => {
            ui.painter().extend(egui::Shape::dashed_line(&[from, to], stroke, *on, *off));
        }
        _ => drop(ui.painter().line_segment([from, to], stroke)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Action, Case, NewValue, Op};

    fn seen() -> Seen {
        let mut case = Case::in_memory().expect("memory suffices");
        let add = |id: &str, schema: &str, values: &[(&str, &str)]| Op::Add {
            entity: id.into(),
            schema: schema.into(),
            values: values.iter().map(|(p, v)| NewValue::new(*p, *v)).collect(),
        };
        let mut ops: Vec<Op> =
            ["a", "b", "c"].map(|n| add(n, "Company", &[("name", &n.to_uppercase())])).into();
        ops.extend([
            add("1", "Ownership", &[("owner", "a"), ("asset", "b"), ("endDate", "2009")]),
            add("2", "Ownership", &[("owner", "b"), ("asset", "a"), ("percentage", "60")]),
            add("3", "Payment", &[("payer", "b"), ("beneficiary", "c"), ("amount", "1200")]),
            Op::Deny { entity: "3".into(), denied: true },
        ]);
        case.commit(Action::new(ops)).expect("valid");
        Seen::new(case.entities().expect("readable"))
    }

    fn counted(period: Period, without_denied: bool) -> Counted {
        Counted { period, without_denied }
    }

    #[test]
    fn a_relationship_counts_unless_it_is_denied_or_surely_outside_the_period() {
        let seen = seen();
        let count = |counted: Counted| {
            let counting = seen.connections().filter(|link| counted.counts(*link));
            counting.map(|link| link.id().to_string()).collect::<String>()
        };
        let later = Period { from: "2012".parse().ok(), to: None };
        assert!(later.from.is_some());
        assert_eq!(count(counted(Period::default(), false)), "123");
        assert_eq!(count(counted(Period::default(), true)), "12");
        assert_eq!(count(counted(later, false)), "23");
    }

    #[test]
    fn a_step_says_what_leads_there_and_what_leads_back() {
        let seen = seen();
        let said = |from: &str, links: &[&str]| {
            let links: Vec<Id> = links.iter().map(|id| Id::from(*id)).collect();
            let (text, piece) = words(&seen, &from.into(), &links);
            (text.replace('\u{a0}', " "), piece == Piece::Denied)
        };
        assert_eq!(said("a", &["1"]), ("— owns →".to_owned(), false));
        assert_eq!(said("a", &["1", "2"]), ("← owns 60 % · owns →".to_owned(), false));
        assert!(said("c", &["3"]).1);
    }

    #[test]
    fn a_reference_is_called_as_its_property_is() {
        let mut case = Case::in_memory().expect("memory suffices");
        let add = |id: &str, property: &str, value: &str| Op::Add {
            entity: id.into(),
            schema: "Company".into(),
            values: vec![NewValue::new(property, value)],
        };
        let ops = vec![add("a", "name", "A"), add("b", "parent", "a")];
        case.commit(Action::new(ops)).expect("valid");
        let seen = Seen::new(case.entities().expect("readable"));
        let said = |from: &str| words(&seen, &from.into(), &["b#parent#a".into()]).0;
        assert_eq!(said("b").replace('\u{a0}', " "), "— parent company →");
        assert_eq!(said("a").replace('\u{a0}', " "), "← parent company —");
    }

    #[test]
    fn what_was_found_is_said_in_a_sentence() {
        let names = ("A".to_owned(), "B".to_owned());
        let row = |steps: usize| Row {
            way: Way { steps: vec![Vec::new(); steps], ..Way::default() },
            texts: Vec::new(),
        };
        let said = |rows: Vec<Row>, all: bool, beyond: bool| {
            Found { rows, all, beyond }.sentence(4, &names)
        };
        assert_eq!(said(vec![], true, false), "No way leads from A to B.");
        let far = "No way is of at most 4 steps. The shortest is of 7 steps:";
        assert_eq!(said(vec![row(7)], true, true), far);
        assert_eq!(said(vec![row(1)], true, false), "The only way of at most 4 steps.");
        assert_eq!(said(vec![row(1); 3], true, false), "All 3 ways of at most 4 steps.");
        let more = "The first 200 of more ways of at most 4 steps.";
        assert_eq!(said(vec![row(1); 200], false, false), more);
    }
}
