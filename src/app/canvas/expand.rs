//! The neighbours of what is selected, counted by kind before they come onto the chart.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use egui::{Label, RichText, ScrollArea, Ui};

use super::{CARD, Canvas, Scope, commands::edit};
use crate::{
    app::{
        dialog::Dialog,
        model::{Model, Request},
        theme::{S4, S8, T11, T16, Theme, semibold},
        widgets,
    },
    case::{Intent, Op},
    chart::{
        Point, Size,
        grouping::with_groups,
        layout::{NewBody, place_new},
        neighbours::{Kind, neighbours},
        picture::card_size_on,
    },
    model::{Id, Placement, chart::Group, schema},
    network::{EntityRef, Seen, measured::grouped},
};

/// Up to so many neighbours come at once, without a question.
const AT_ONCE: usize = 12;
/// How many of a kind are offered first.
const TOP: usize = 20;

/// Between the cards of a group that is expanded.
const ROOM: f32 = 30.0;
/// How much wider than high such cards stand.
const WIDE: f32 = 1.6;
/// The size of the card of a group, with room for the line to it.
const GROUP: Size = Size { w: 300.0, h: 160.0 };

/// The open question.
pub(super) struct Expand {
    chart: Id,
    /// What the neighbours are of, and in words.
    ids: BTreeSet<Id>,
    of: String,
    /// Each with what it is besides its role: the relationship, and what its members are.
    kinds: Vec<(Kind, String)>,
    /// Everybody of any kind, those with the most relationships first.
    all: Vec<Id>,
    /// Those that are selected but not on the chart; they come along.
    alone: Vec<Id>,
    /// The state of the case in which they were counted.
    generation: u64,
    /// Whether the question takes the keyboard in this frame.
    fresh: bool,
}

impl Expand {
    /// Counts the neighbours of some entities that are not on a chart.
    fn new(model: &Model, chart: &Id, ids: BTreeSet<Id>) -> Self {
        let seen = &model.seen;
        let placed: HashSet<&Id> = model.placed(chart).iter().map(|p| &p.entity).collect();
        let kinds = neighbours(seen, &ids, &|id| placed.contains(id));
        let mut all: Vec<Id> = kinds.iter().flat_map(|kind| kind.others.iter().cloned()).collect();
        all.sort_unstable();
        all.dedup();
        all.sort_by_key(|id| std::cmp::Reverse(seen.degree(id)));
        let alone = ids.iter().filter(|id| !placed.contains(id)).cloned().collect();
        let mut names = ids.iter().map(|id| model.name(id));
        let of = match (names.next(), names.len()) {
            (Some(name), 0) => name,
            (_, others) => format!("{} selected", others + 1),
        };
        drop(names);
        let kinds = kinds.into_iter().map(|kind| {
            let about = about(seen, &kind);
            (kind, about)
        });
        let kinds = kinds.collect();
        let generation = model.generation;
        Self { chart: chart.clone(), ids, of, kinds, all, alone, generation, fresh: true }
    }
}

/// What to place of a kind.
#[derive(Clone, Copy, PartialEq)]
enum How {
    Top,
    All,
    Group,
}

impl Canvas {
    /// Adds the neighbours of what is selected that are not on the chart, or asks which.
    pub(in crate::app) fn expand(&mut self, scope: &mut Scope<'_>, chart: &Id) {
        let seen = &scope.model.seen;
        let groups = scope.model.chart(chart).map_or(&[][..], |chart| &chart.groups);
        let reference = |id: &Id| {
            let (source, target) = seen.connection(id)?.ends()?;
            Some(vec![source.id().clone(), target.id().clone()])
        };
        let ends = |id: &Id| match seen.get(id).map(EntityRef::ends) {
            Some(Some((source, target))) => vec![source.clone(), target.clone()],
            Some(None) => vec![id.clone()],
            // A group stands for its members.
            None => {
                let group = groups.iter().find(|group| group.id == *id);
                let members = group.map(|group| group.members.clone());
                members.or_else(|| reference(id)).unwrap_or_default()
            }
        };
        let of: BTreeSet<Id> = scope.view.selection.iter().flat_map(ends).collect();
        let mut expand = Expand::new(scope.model, chart, of);
        let has_details = || {
            let of = expand.ids.iter().filter_map(|id| scope.model.seen.get(id));
            of.flat_map(EntityRef::details).next().is_some()
        };
        if expand.all.is_empty() && expand.alone.is_empty() && has_details() {
            let what = "All neighbours are on this chart. What only describes an entity is folded \
                        into its card: “Show or fold details” (D) places it.";
            scope.requests.push(Request::Say(what.into()));
            return;
        }
        if expand.all.len() <= AT_ONCE {
            expand.all.extend(expand.alone);
            self.put(scope, chart, &expand.all, Intent::Expand);
            return;
        }
        self.expand = Some(expand);
    }

    /// Draws the question, if there is one.
    pub(super) fn expand_ui(&mut self, ui: &Ui, scope: &mut Scope<'_>, chart: &Id) {
        let Some(mut expand) = self.expand.take() else { return };
        if expand.chart != *chart {
            return;
        }
        let mut fresh = std::mem::take(&mut expand.fresh);
        if expand.generation != scope.model.generation {
            // The case has changed meanwhile: what was counted is counted again.
            expand = Expand::new(scope.model, chart, expand.ids);
            fresh |= std::mem::take(&mut expand.fresh);
            if expand.all.is_empty() {
                return;
            }
        }
        let ctx = ui.ctx().clone();
        let mut open = true;
        let mut wanted = None;
        // A click beside it is no answer.
        Dialog::new("expand", 460.0).show(&ctx, |ui| {
            ui.label(RichText::new("Add neighbours").font(semibold(T16)));
            let count = grouped(expand.all.len());
            let text = format!("{count} neighbours of {} are not on this chart.", expand.of);
            ui.add(Label::new(RichText::new(text).color(scope.theme.weak)).wrap());
            ui.add_space(S8);
            let room = (ctx.content_rect().height() - 260.0).max(80.0);
            ScrollArea::vertical().max_height(room).show(ui, |ui| {
                for (kind, about) in &expand.kinds {
                    let takes_keys = fresh && expand.kinds.len() == 1;
                    let words = (kind.role(), about.as_str());
                    if let Some(how) = row(ui, scope.theme, words, kind.others.len(), takes_keys) {
                        wanted = Some((Some(kind), how));
                    }
                }
            });
            if expand.kinds.len() > 1 {
                ui.separator();
                if let Some(how) = row(ui, scope.theme, ("All kinds", ""), expand.all.len(), fresh)
                {
                    wanted = Some((None, how));
                }
            }
            ui.add_space(S8);
            ui.horizontal(|ui| {
                if ui.button("Cancel").clicked() {
                    open = false;
                }
            });
        });
        if let Some((kind, how)) = wanted {
            self.take(scope, &expand, kind, how);
        } else if open {
            self.expand = Some(expand);
        }
    }

    fn take(&mut self, scope: &mut Scope<'_>, expand: &Expand, kind: Option<&Kind>, how: How) {
        let mut wanted = kind.map_or(&expand.all, |kind| &kind.others).clone();
        if how == How::Group {
            self.take_as_one(scope, expand, kind, wanted);
            return;
        }
        if how == How::Top {
            wanted.truncate(TOP);
        }
        wanted.extend(expand.alone.iter().cloned());
        self.put(scope, &expand.chart, &wanted, Intent::Expand);
    }

    /// Places neighbours as a group beside those that they are of, in rows around its middle.
    fn take_as_one(
        &mut self,
        scope: &mut Scope<'_>,
        expand: &Expand,
        kind: Option<&Kind>,
        members: Vec<Id>,
    ) {
        let Some(chart) = scope.model.chart(&expand.chart) else { return };
        let mut ops = Vec::new();
        let place = |placements| Op::Place { chart: expand.chart.clone(), placements };
        if !expand.alone.is_empty() {
            ops.extend(self.lacking(scope, &expand.chart, &expand.alone).map(place));
        }
        let seen = &scope.model.seen;
        let entities = members.iter().filter_map(|id| seen.get(id));
        let sizes = entities.map(|entity| card_size_on(chart, entity));
        let cell = sizes.fold(CARD, |most, size| Size {
            w: most.w.max(size.w + ROOM),
            h: most.h.max(size.h + ROOM),
        });
        let columns = (members.len() as f32 * WIDE * cell.h / cell.w).sqrt().ceil().max(1.0);
        let offset =
            |n: usize| (n as f32 % columns * cell.w, (n as f32 / columns).floor() * cell.h);
        let count = members.len() as f32;
        let (x, y) = (0..members.len())
            .map(offset)
            .fold((0.0, 0.0), |(x, y), offset| (x + offset.0 / count, y + offset.1 / count));
        // Its line is labelled with how many relationships it stands for.
        const LABEL: f32 = 90.0;
        let ties = expand.ids.iter().filter_map(|id| Some((self.sketch.find(id)?, LABEL)));
        let camera = super::camera(scope.view, &expand.chart);
        let near = Point::new(camera.x, camera.y);
        let new = [NewBody::card(GROUP, ties)];
        let points = place_new(&self.obstacles(scope.model), &self.lines_between(), &new, near);
        let middle = points.first().copied().unwrap_or(near);
        let placements = members.iter().enumerate().map(|(n, id)| {
            let (right, down) = offset(n);
            Placement {
                entity: id.clone(),
                x: middle.x + right - x,
                y: middle.y + down - y,
                pinned: false,
            }
        });
        ops.push(place(placements.collect()));
        let what = kind.map_or("Neighbour", Kind::role);
        let group = Group::new(format!("{what}: {}", expand.of), members);
        let id = group.id.clone();
        ops.push(Op::PutChart(with_groups(chart, vec![group])));
        edit(scope, ops);
        scope.view.reveal = Some(id);
    }
}

/// "directorship · people": the relationship where the role does not name it, and what most are.
fn about(seen: &Seen, kind: &Kind) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for other in kind.others.iter().filter_map(|id| seen.get(id)) {
        *counts.entry(other.schema()).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let plural = |name: &str| schema::schema(name).map_or(name.to_owned(), |s| s.plural.clone());
    let mut words: Vec<String> =
        counts.iter().take(2).map(|(name, _)| plural(name).to_lowercase()).collect();
    if counts.len() > 2 {
        words.push("others".to_owned());
    }
    let words = words.join(", ");
    let link = kind.by();
    if link == kind.role() { words } else { format!("{} · {words}", link.to_lowercase()) }
}

/// A kind with its count, and what can be placed of it; the last button can be given the keyboard.
fn row(
    ui: &mut Ui,
    theme: &Theme,
    (what, about): (&str, &str),
    count: usize,
    takes_keys: bool,
) -> Option<How> {
    let mut chosen = None;
    ui.horizontal(|ui| {
        ui.set_height(30.0);
        ui.label(RichText::new(grouped(count)).font(semibold(13.0)));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let mut offer = |ui: &mut Ui, how: How, text: String, words: String| {
                let response = ui.button(text);
                // The later ones place less.
                if takes_keys && how != How::Group {
                    response.request_focus();
                }
                widgets::named(&response, &words, None, true);
                if response.on_hover_text(words).clicked() {
                    chosen = Some(how);
                }
            };
            if count > 1 {
                let words = format!("{what}: add as one group");
                offer(ui, How::Group, "As one group".into(), words);
            }
            let number = grouped(count);
            offer(ui, How::All, "All".into(), format!("{what}: add all {number}"));
            if count > TOP {
                let words = format!("{what}: add the {TOP} with the most relationships");
                offer(ui, How::Top, format!("Top {TOP}"), words);
            }
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = S4;
                ui.add(Label::new(what).truncate());
                if !about.is_empty() {
                    let about = RichText::new(about).size(T11).color(theme.weak);
                    ui.add(Label::new(about).truncate());
                }
            });
        });
    });
    chosen
}
