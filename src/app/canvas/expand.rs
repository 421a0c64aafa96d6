//! The neighbours of what is selected, counted by kind before they come onto the chart.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use egui::{Label, RichText, ScrollArea, Ui};

use super::{Canvas, Scope};
use crate::{
    app::{
        theme::{S4, S8, T11, T16, Theme, semibold},
        widgets,
    },
    case::Op,
    chart::{
        grouping::with_groups,
        neighbours::{Kind, neighbours},
    },
    model::{Id, chart::Group, schema},
    network::{EntityRef, Network, measured::grouped},
};

/// Up to so many neighbours come at once, without a question.
const AT_ONCE: usize = 12;
/// How many of a kind are offered first.
const TOP: usize = 20;

/// The open question.
pub(super) struct Expand {
    chart: Id,
    /// What the neighbours are of, in words.
    of: String,
    /// Each with what it is besides its role: the relationship, and what its members are.
    kinds: Vec<(Kind, String)>,
    /// Everybody of any kind, those with the most relationships first.
    all: Vec<Id>,
    /// Those that are selected but not on the chart; they come along.
    alone: Vec<Id>,
    /// The state of the case in which they were counted.
    generation: u64,
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
    pub(super) fn expand(&mut self, scope: &mut Scope<'_>, chart: &Id) {
        let network = &scope.model.network;
        let ends = |id: &Id| match network.get(id).and_then(EntityRef::ends) {
            Some((source, target)) => vec![source.clone(), target.clone()],
            None => vec![id.clone()],
        };
        let of: BTreeSet<Id> = scope.view.selection.iter().flat_map(ends).collect();
        let placed: HashSet<&Id> = scope.model.placed(chart).iter().map(|p| &p.entity).collect();
        let kinds = neighbours(network, &of, &|id| placed.contains(id));
        let mut all: Vec<Id> = kinds.iter().flat_map(|kind| kind.others.iter().cloned()).collect();
        all.sort_unstable();
        all.dedup();
        all.sort_by_key(|id| std::cmp::Reverse(network.degree(id)));
        let alone: Vec<Id> = of.iter().filter(|id| !placed.contains(id)).cloned().collect();
        if all.len() <= AT_ONCE {
            all.extend(alone);
            self.put(scope, chart, &all, "Add neighbours:");
            return;
        }
        let mut names = of.iter().map(|id| scope.model.name(id));
        let of = match (names.next(), names.len()) {
            (Some(name), 0) => name,
            (_, others) => format!("{} selected", others + 1),
        };
        let kinds = kinds.into_iter().map(|kind| {
            let about = about(network, &kind);
            (kind, about)
        });
        let kinds = kinds.collect();
        let generation = scope.model.generation;
        self.expand = Some(Expand { chart: chart.clone(), of, kinds, all, alone, generation });
    }

    /// Whether a question waits for its answer.
    pub fn asks(&self) -> bool {
        self.expand.is_some()
    }

    /// Draws the question, if there is one.
    pub(super) fn expand_ui(&mut self, ui: &Ui, scope: &mut Scope<'_>, chart: &Id) {
        let Some(expand) = self.expand.take() else { return };
        // What was counted is no longer so.
        if expand.chart != *chart || expand.generation != scope.model.generation {
            return;
        }
        let ctx = ui.ctx().clone();
        let mut open = true;
        let mut wanted = None;
        let modal = widgets::modal(&ctx, "expand").show(&ctx, |ui| {
            ui.set_width(460.0_f32.min(ctx.content_rect().width() - 60.0));
            ui.label(RichText::new("Add neighbours").font(semibold(T16)));
            let count = grouped(expand.all.len());
            let text = format!("{count} neighbours of {} are not on this chart.", expand.of);
            ui.add(Label::new(RichText::new(text).color(scope.theme.weak)).wrap());
            ui.add_space(S8);
            let room = (ctx.content_rect().height() - 260.0).max(80.0);
            ScrollArea::vertical().max_height(room).show(ui, |ui| {
                for (kind, about) in &expand.kinds {
                    if let Some(how) = row(ui, scope.theme, kind.role(), about, kind.others.len()) {
                        wanted = Some((Some(kind), how));
                    }
                }
            });
            if expand.kinds.len() > 1 {
                ui.separator();
                if let Some(how) = row(ui, scope.theme, "All kinds", "", expand.all.len()) {
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
        } else if open && !modal.should_close() {
            self.expand = Some(expand);
        }
    }

    fn take(&mut self, scope: &mut Scope<'_>, expand: &Expand, kind: Option<&Kind>, how: How) {
        let mut wanted = kind.map_or(&expand.all, |kind| &kind.others).clone();
        if how == How::Top {
            wanted.truncate(TOP);
        }
        let members = wanted.clone();
        wanted.extend(expand.alone.iter().cloned());
        if how != How::Group {
            self.put(scope, &expand.chart, &wanted, "Add neighbours:");
            return;
        }
        let Some(chart) = scope.model.chart(&expand.chart) else { return };
        let what = kind.map_or("Neighbour", Kind::role);
        let count = grouped(members.len());
        let group = Group::new(format!("{what}: {}", expand.of), members);
        let label = format!("Add {count} neighbours of {} as one group", expand.of);
        let op = Op::PutChart(with_groups(chart, vec![group]));
        self.put_with(scope, &expand.chart, &wanted, label, vec![op]);
    }
}

/// "directorship · people": the relationship where the role does not name it, and what most are.
fn about(network: &Network, kind: &Kind) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for other in kind.others.iter().filter_map(|id| network.get(id)) {
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
    let link = schema::label(&kind.schema);
    if link == kind.role() { words } else { format!("{} · {words}", link.to_lowercase()) }
}

/// A kind with its count, and what can be placed of it.
fn row(ui: &mut Ui, theme: &Theme, what: &str, about: &str, count: usize) -> Option<How> {
    let mut chosen = None;
    ui.horizontal(|ui| {
        ui.set_height(30.0);
        ui.label(RichText::new(grouped(count)).font(semibold(13.0)));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let mut offer = |ui: &mut Ui, how: How, text: String, words: String| {
                let response = ui.button(text);
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
