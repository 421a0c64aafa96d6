//! What is painted is invisible to a screen reader, the keyboard and tests: for each entity and
//! line in sight there is a node that they can reach, named as a person would name it.

use std::{collections::BTreeSet, sync::Arc};

use egui::{Key, Modifiers, Rect, Response, Sense, Ui, Vec2};

use super::{
    Canvas, Hit, Lens, Scope, WHOLE,
    gestures::{HANDLES, handle_of},
    link::TakesKeys,
    paint,
};
use crate::{
    app::{model::Model, widgets},
    chart,
    network::measured::grouped,
};

/// How many entities and lines get a node that a screen reader and the keyboard can reach.
const NAMED: usize = 400;

impl Canvas {
    /// Gives the keyboard to what is selected, or else to the first entity; returns whether there
    /// is one in sight.
    pub(crate) fn take_keys(&mut self) -> bool {
        let there =
            self.rect.is_some_and(|rect| rect.is_positive()) && !self.picture.nodes.is_empty();
        if there {
            self.mode.takes_keys = Some(TakesKeys::First);
        }
        there
    }

    /// A node that a screen reader, the keyboard and tests can reach, for each thing in sight.
    /// Gives what was clicked through them.
    pub(super) fn named_nodes(
        &mut self,
        ui: &mut Ui,
        lens: &Lens,
        scope: &mut Scope<'_>,
        named: &[(usize, Rect)],
    ) -> Vec<(Hit, Response)> {
        let are_cards = self.close.are_cards(lens);
        if !are_cards && self.sketch.dots.len() > WHOLE {
            return self.named_dots(ui, scope, named);
        }
        let (lens, zoom) = (&self.close.lens(lens), lens.camera.zoom);
        let picture = Arc::clone(self.close.shared());
        let mut found = Vec::new();
        let mut left = NAMED;
        let pointer = ui.input(|i| i.pointer.hover_pos());
        let mut line_takes_keys = false;
        let takes_keys = self.mode.takes_keys.take().and_then(|who| match who {
            TakesKeys::At(id) => Some(id),
            TakesKeys::First => {
                let selected = picture.nodes.iter().find(|node| node.selected);
                let lines = !self.mode.on && picture.lines.iter().any(|line| line.selected);
                let first = picture.nodes.first().filter(|_| !lines);
                line_takes_keys = selected.is_none() && lines;
                selected.or(first).map(|node| node.id.clone())
            }
        });
        let by_tab = ui.input(|i| i.key_pressed(Key::Tab));
        for line in &picture.lines {
            let at = lens.screen(line.label_at);
            if left == 0 || !lens.rect.contains(at) {
                continue;
            }
            left -= 1;
            let area = Rect::from_center_size(at, Vec2::new(44.0, 16.0)).intersect(lens.rect);
            let response =
                ui.interact(area, ui.scope_id().with(("line", &line.ids)), Sense::click());
            // Named only where somebody asks: names of hundreds of lines cost more than their frame.
            response.widget_info(|| {
                let label = line_name(scope.model, line);
                egui::WidgetInfo::selected(egui::Role::Button, true, line.selected, label)
            });
            if line.selected && std::mem::take(&mut line_takes_keys) {
                response.request_focus();
            }
            if response.gained_focus() && !line.selected && by_tab {
                scope.view.selection = line.ids.iter().cloned().collect();
            }
            if response.has_focus() {
                focus_ring(ui, scope, area.expand(3.0), 6.0);
            }
            found.push((Hit::Line(line.ids.clone()), response));
        }
        let links = self.mode.on || self.mode.from.is_some();
        let mut ends: Vec<egui::Id> = Vec::new();
        self.keyed = None;
        for node in &picture.nodes {
            let area = lens.screen_rect(node.rect()).intersect(lens.rect);
            if left == 0 || !area.is_positive() {
                continue;
            }
            left -= 1;
            let response =
                ui.interact(area, ui.scope_id().with(("node", &node.id)), Sense::click());
            response.widget_info(|| {
                let label = node_name(node);
                egui::WidgetInfo::selected(egui::Role::Button, true, node.selected, label)
            });
            if takes_keys.as_ref() == Some(&node.id) {
                response.request_focus();
            }
            if response.gained_focus() && !node.selected && by_tab {
                scope.view.selection = BTreeSet::from([node.id.clone()]);
                scope.view.reveal = Some(node.id.clone());
            }
            if response.has_focus() {
                focus_ring(ui, scope, area.expand(3.0), 9.0);
                self.keyed = Some((node.id.clone(), area));
            }
            ends.push(response.id);
            found.push((Hit::Node(node.id.clone()), response));
            let mut hovered = found.last().is_some_and(|(_, r)| r.hovered());
            if let Some(rect) = node.details_rect().filter(|_| are_cards) {
                let area = lens.screen_rect(rect).intersect(lens.rect);
                let response =
                    ui.interact(area, ui.scope_id().with(("details", &node.id)), Sense::click());
                hovered |= response.hovered();
                let label = details_name(node);
                widgets::named(&response, &label, None, true);
                let response = response.on_hover_cursor(egui::CursorIcon::PointingHand);
                found.push((Hit::Details(node.id.clone()), response.on_hover_text(label)));
            }
            let at = handle_of(node, lens, are_cards);
            let near = pointer.is_some_and(|p| at.distance(p) < 16.0);
            let presenting = scope.view.presenting.is_some();
            let can_link = zoom >= HANDLES && !presenting && node.members.is_none();
            if can_link && (node.selected || hovered || near) {
                let area = Rect::from_center_size(at, Vec2::splat(18.0));
                // Where Tab goes from end to end, the handle of an end is in its way.
                let sense = if self.mode.on { Sense::CLICK } else { Sense::click() };
                let response = ui.interact(area, ui.scope_id().with(("handle", &node.id)), sense);
                let label = format!("Link from {}", node.name);
                widgets::named(&response, &label, None, true);
                paint::handle(ui, scope.theme, at, response.hovered());
                // Below a box the tooltip would lie over it.
                let response =
                    if self.has_box() { response } else { response.on_hover_text(label) };
                found.push((Hit::Handle(node.id.clone()), response));
            }
        }
        if links {
            tab_between(ui, &ends);
        }
        found
    }

    /// The same for a chart of which only the most important dots have a name on screen.
    pub(super) fn named_dots(
        &self,
        ui: &mut Ui,
        scope: &mut Scope<'_>,
        named: &[(usize, Rect)],
    ) -> Vec<(Hit, Response)> {
        let mut found = Vec::new();
        for (n, area) in named {
            let dot = &self.sketch.dots[*n];
            let response = ui.interact(*area, ui.scope_id().with(("dot", &dot.id)), Sense::click());
            response.widget_info(|| {
                let label = dot_name(scope.model, dot);
                egui::WidgetInfo::selected(egui::Role::Button, true, dot.selected, label)
            });
            if response.gained_focus() && !dot.selected && ui.input(|i| i.key_pressed(Key::Tab)) {
                scope.view.selection = BTreeSet::from([dot.id.clone()]);
            }
            if response.has_focus() {
                focus_ring(ui, scope, *area, 4.0);
            }
            found.push((Hit::Node(dot.id.clone()), response));
        }
        found
    }
}

/// Lets Tab go from end to end while relationships are drawn, and from the last to the first.
fn tab_between(ui: &Ui, ends: &[egui::Id]) {
    let Some(at) = ends.iter().position(|id| ui.memory(|memory| memory.has_focus(*id))) else {
        return;
    };
    let filter = egui::EventFilter { tab: true, ..egui::EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(ends[at], filter));
    let by = ui.input_mut(|i| {
        if i.consume_key(Modifiers::SHIFT, Key::Tab) {
            ends.len() - 1
        } else {
            usize::from(i.consume_key(Modifiers::NONE, Key::Tab))
        }
    });
    if by > 0 {
        ui.memory_mut(|memory| memory.request_focus(ends[(at + by) % ends.len()]));
    }
}

/// Shows that something has the keyboard.
fn focus_ring(ui: &Ui, scope: &Scope<'_>, area: Rect, rounding: f32) {
    let stroke = egui::Stroke::new(1.5, scope.theme.accent);
    ui.painter().rect_stroke(area, rounding, stroke, egui::StrokeKind::Outside);
}

/// An entity as one would say it.
fn node_name(node: &chart::Node) -> String {
    if let Some(members) = node.members {
        return format!("Group of {}, {}", grouped(members), node.name);
    }
    let mut parts = vec![node.detail.join(" ").replace(" ·", ","), node.name.to_string()];
    if !node.status.is_empty() {
        parts.push(node.status.to_lowercase());
    }
    parts.push(if node.denied { "denied" } else { node.strength.words() }.to_owned());
    let tags: Vec<&str> =
        node.tags.iter().filter(|tag| !tag.details).map(|tag| tag.text.as_str()).collect();
    if !tags.is_empty() {
        parts.push(format!("tagged {}", tags.join(", ")));
    }
    parts.join(", ")
}

/// What the tag does that counts what describes an entity.
fn details_name(node: &chart::Node) -> String {
    let tag = node.tags.iter().find(|tag| tag.details);
    let text = tag.map_or("", |tag| tag.text.as_str());
    let count = text.trim_start_matches(['+', '\u{2212}', '\u{2009}']);
    let verb = if text.starts_with('+') { "Show" } else { "Fold" };
    format!("{verb} {count} of {}", node.name)
}

/// An entity that is a dot as one would say it.
fn dot_name(model: &Model, dot: &chart::Dot) -> String {
    if dot.is_group() {
        return format!("Group of {}, {}", grouped(dot.members as usize), model.name(&dot.id));
    }
    let label = model.seen.get(&dot.id).map_or("", |e| crate::model::schema::label(e.schema()));
    let strength = if dot.denied { "denied" } else { dot.strength.words() };
    format!("{label}, {}, {strength}", model.name(&dot.id))
}

/// A relationship as one would say it.
fn line_name(model: &Model, line: &chart::Line) -> String {
    let strength = if line.denied { "denied" } else { line.strength.words() };
    format!("{}: {} to {}, {strength}", line.label, model.name(&line.from), model.name(&line.to))
}
