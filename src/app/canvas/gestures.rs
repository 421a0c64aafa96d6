//! What the pointer does on the chart, what it means, and what it hits.

use std::collections::BTreeSet;

use egui::{Key, PointerButton, Pos2, Rect, Response, Ui, Vec2};

use super::{Canvas, Lens, Scope, camera, create::Create, far, paint};
use crate::{
    app::{
        command::{self, Command},
        menu,
        model::{Request, View},
        theme::Theme,
    },
    case::{Action, Op},
    chart::{self, Point},
    model::{Id, Placement},
};

/// How far from a line a click still hits it, in points on screen.
pub(super) const REACH: f32 = 7.0;
/// From this zoom on entities have handles.
pub(super) const HANDLES: f32 = 0.3;

/// What the pointer is doing.
#[derive(Default)]
pub(super) enum Gesture {
    #[default]
    None,
    Pan,
    /// Moving entities: where it began, and how far it has come, on the chart.
    Move {
        moving: BTreeSet<Id>,
        by: Vec2,
    },
    Link {
        from: Id,
        to: Pos2,
    },
    Lasso(Vec<Pos2>),
}

/// Something under the pointer.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Hit {
    Handle(Id),
    Node(Id),
    /// The tag on a card that counts what describes the entity.
    Details(Id),
    Line(Vec<Id>),
    Ground,
}

impl Canvas {
    /// What a position on screen hits.
    pub(super) fn hit(&self, at: Pos2, lens: &Lens) -> Hit {
        // Far out there are no handles: they would lie on the neighbours.
        let are_cards = self.close.are_cards(lens);
        let close = self.close.lens(lens);
        let has_handle = |node: &&chart::Node| {
            node.members.is_none() && handle_of(node, &close, are_cards).distance(at) < 9.0
        };
        if lens.camera.zoom >= HANDLES
            && let Some(node) = self.close.picture().nodes.iter().rev().find(has_handle)
        {
            return Hit::Handle(node.id.clone());
        }
        if are_cards { self.hit_card(at, &close) } else { self.hit_small(at, lens) }
    }

    /// The same where entities are cards, seen through the lens of the cards.
    fn hit_card(&self, at: Pos2, lens: &Lens) -> Hit {
        let p = lens.chart(at);
        let picture = self.close.picture();
        if let Some(node) = picture.nodes.iter().rev().find(|node| node.rect().contains(p)) {
            let on_details = node.details_rect().is_some_and(|rect| rect.contains(p));
            let id = node.id.clone();
            return if on_details { Hit::Details(id) } else { Hit::Node(id) };
        }
        let closest = picture
            .lines
            .iter()
            .map(|line| (line.curve.distance(p) * lens.camera.zoom, line))
            .filter(|(distance, line)| {
                let label = lens.screen(line.label_at);
                let half = Vec2::new(line.label.chars().count() as f32 * 3.0 + 6.0, 9.0);
                *distance < REACH
                    || Rect::from_center_size(label, half * 2.0 * lens.camera.zoom.min(1.0))
                        .contains(at)
            })
            .min_by(|(a, _), (b, _)| a.total_cmp(b));
        closest.map_or(Hit::Ground, |(_, line)| Hit::Line(line.ids.clone()))
    }

    /// What a position hits where entities are icons or dots.
    pub(super) fn hit_small(&self, at: Pos2, lens: &Lens) -> Hit {
        let (p, zoom) = (lens.chart(at), lens.camera.zoom);
        let near = self.sketch.dot_at(p, 24.0 / zoom).map(|n| &self.sketch.dots[n]);
        let reached = |dot: &&chart::Dot| {
            lens.screen(dot.at).distance(at) <= (far::radius_of(dot, zoom) + 4.0).max(7.0)
        };
        if let Some(dot) = near.filter(reached) {
            return Hit::Node(dot.id.clone());
        }
        let thread = self.sketch.thread_at(p, REACH / zoom).map(|n| &self.sketch.threads[n]);
        thread.map_or(Hit::Ground, |thread| Hit::Line(self.sketch.links(thread).to_vec()))
    }

    /// What would be hit by files that hover over the window, or by the end of a link.
    pub(super) fn target(&self, ui: &Ui, lens: &Lens) -> Option<Id> {
        let hovering = ui.input(|i| !i.raw.hovered_files.is_empty());
        let at = ui.input(|i| i.pointer.latest_pos())?;
        let linking = matches!(self.gesture, Gesture::Link { .. }) || self.mode.from.is_some();
        if !hovering && !linking {
            return None;
        }
        if let Some((id, _)) = self.other_end().filter(|_| !hovering) {
            return Some(id.clone());
        }
        match self.hit(at, lens) {
            Hit::Node(id) | Hit::Details(id) | Hit::Handle(id) => Some(id),
            Hit::Line(ids) if hovering => ids.into_iter().next(),
            _ => None,
        }
    }

    /// The entity that the keyboard is at while a relationship is drawn from another.
    fn other_end(&self) -> Option<&(Id, Rect)> {
        let from = self.mode.from.as_ref()?;
        let drags = matches!(self.gesture, Gesture::Link { .. });
        self.keyed.as_ref().filter(|(id, _)| id != from && !drags)
    }

    pub(super) fn gestures(
        &mut self,
        ui: &Ui,
        scope: &mut Scope<'_>,
        chart: &Id,
        lens: &Lens,
        response: &Response,
        named: Vec<(Hit, Response)>,
    ) {
        let (shift, pointer, origin) =
            ui.input(|i| (i.modifiers.shift, i.pointer.interact_pos(), i.pointer.press_origin()));
        let below = pointer.map_or(Hit::Ground, |at| self.hit(at, lens));
        if menu::is_key_pressed(ui.ctx()) && ui.memory(|memory| memory.focused().is_none()) {
            response.request_focus();
        }
        let mut clicks: Vec<(Hit, Response)> = named;
        clicks.push((below, response.clone()));
        let chart_id = response.id;
        for (hit, response) in clicks {
            if response.double_clicked() {
                self.double_click(scope, &hit, pointer.map_or(Point::default(), |p| lens.chart(p)));
            } else if response.clicked() {
                self.menu_at = None;
                // What the keyboard clicked opens its box there, wherever the pointer is.
                let by_keys = ui.input(|i| !i.pointer.any_released());
                let keyed = self.keyed.as_ref().filter(|_| by_keys);
                let at = keyed.map(|(_, card)| card.right_bottom()).or(pointer);
                self.click(scope, hit.clone(), shift, at);
            }
            let by_keys = !response.secondary_clicked();
            // The chart's own menu is about what is selected, wherever the pointer is.
            let is_about = !by_keys || response.id != chart_id;
            if is_about && menu::wants_context(&response) {
                self.menu_at = pointer.filter(|_| !by_keys).map(|p| lens.chart(p));
                let id = match &hit {
                    Hit::Node(id) | Hit::Details(id) | Hit::Handle(id) => Some(id),
                    Hit::Line(ids) => ids.first(),
                    Hit::Ground => None,
                };
                match id {
                    Some(id) if !scope.view.selection.contains(id) => {
                        scope.view.selection = BTreeSet::from([id.clone()]);
                    }
                    None => scope.view.selection.clear(),
                    Some(_) => {}
                }
            }
            menu::on(&response, |ui| context_menu(ui, scope));
        }
        if response.drag_started_by(PointerButton::Primary) {
            let space = ui.input(|i| i.key_down(Key::Space));
            let at = origin.or(pointer).unwrap_or_default();
            self.begin(scope, self.hit(at, lens), shift, space, at);
        }
        if response.dragged() {
            let delta = ui.input(|i| i.pointer.delta());
            match &mut self.gesture {
                Gesture::Move { by, .. } => *by += delta / lens.camera.zoom,
                Gesture::Link { to, .. } => *to = pointer.unwrap_or(*to),
                Gesture::Lasso(points) => points.extend(pointer),
                Gesture::Pan | Gesture::None => {}
            }
        }
        if response.drag_stopped() {
            self.end(scope, chart, lens, shift);
        }
    }

    pub(super) fn click(
        &mut self,
        scope: &mut Scope<'_>,
        hit: Hit,
        shift: bool,
        pointer: Option<Pos2>,
    ) {
        scope.view.drawing = None;
        if self.mode.on || self.mode.from.is_some() {
            match hit {
                Hit::Node(id) | Hit::Details(id) | Hit::Handle(id) => {
                    self.link_click(scope, id, pointer);
                }
                _ => self.mode.from = None,
            }
            return;
        }
        let selection = &mut scope.view.selection;
        match hit {
            Hit::Handle(id) => self.mode.from = Some(id),
            Hit::Details(id) => {
                if let Some(chart) = scope.view.chart.clone() {
                    self.toggle_details(scope, &chart, &BTreeSet::from([id]));
                }
            }
            Hit::Node(id) if shift => {
                if !selection.remove(&id) {
                    selection.insert(id);
                }
            }
            Hit::Node(id) => *selection = BTreeSet::from([id]),
            Hit::Line(ids) if shift => selection.extend(ids),
            Hit::Line(ids) => *selection = ids.into_iter().collect(),
            Hit::Ground if shift => {}
            Hit::Ground => selection.clear(),
        }
    }

    pub(super) fn double_click(&mut self, scope: &mut Scope<'_>, hit: &Hit, at: Point) {
        if scope.model.read_only.is_some() {
            return;
        }
        match hit {
            // A box in which something is typed is not replaced by an empty one.
            Hit::Ground if self.create.as_ref().is_some_and(Create::is_typed) => {}
            Hit::Ground => self.create = Some(Create::at(at, self.last_schema.clone())),
            Hit::Node(id) if self.is_group(id) => {
                scope.requests.push(Request::Run(command::GROUP_EXPAND));
            }
            Hit::Node(id) => self.edit(scope, id, at),
            Hit::Line(ids) => {
                if let [id] = &ids[..] {
                    self.edit(scope, id, at);
                }
            }
            Hit::Handle(_) | Hit::Details(_) => {}
        }
    }

    pub(super) fn begin(
        &mut self,
        scope: &mut Scope<'_>,
        hit: Hit,
        shift: bool,
        space: bool,
        at: Pos2,
    ) {
        let writable = scope.model.read_only.is_none();
        self.gesture = match hit {
            _ if space => Gesture::Pan,
            Hit::Handle(from) if writable => Gesture::Link { from, to: at },
            Hit::Node(from) | Hit::Details(from) if writable && self.mode.on => {
                Gesture::Link { from, to: at }
            }
            Hit::Node(id) | Hit::Details(id) if writable => {
                if !scope.view.selection.contains(&id) {
                    if !shift {
                        scope.view.selection.clear();
                    }
                    scope.view.selection.insert(id);
                }
                let moving = self.selected_entities(scope);
                Gesture::Move { moving, by: Vec2::ZERO }
            }
            _ if shift => Gesture::Lasso(vec![at]),
            _ => Gesture::Pan,
        };
    }

    pub(super) fn end(&mut self, scope: &mut Scope<'_>, chart: &Id, lens: &Lens, shift: bool) {
        match std::mem::take(&mut self.gesture) {
            // It goes on from where it was let go, and is committed when it is stopped.
            Gesture::Move { .. } if self.live.is_some() => {}
            Gesture::Move { moving, by } if by.length() > 0.5 => {
                let placements: Vec<Placement> = scope
                    .model
                    .placed(chart)
                    .iter()
                    .filter(|p| moving.contains(&p.entity))
                    .map(|p| Placement { x: p.x + by.x, y: p.y + by.y, ..p.clone() })
                    .collect();
                // Until the answer comes, the picture shows them where they were let go.
                self.motion.hold(chart, &placements);
                let op = Op::Place { chart: chart.clone(), placements };
                scope.requests.push(Request::Move(Action::new(vec![op])));
            }
            Gesture::Link { from, to } => match self.hit(to, lens) {
                Hit::Node(target) | Hit::Details(target) | Hit::Handle(target) => {
                    self.choose(scope, from, target, to);
                }
                Hit::Line(_) | Hit::Ground => {
                    let mut create = Create::at(lens.chart(to), self.last_schema.clone());
                    create.link_from = Some(from);
                    self.create = Some(create);
                }
            },
            Gesture::Lasso(points) => {
                let points: Vec<Point> = points.iter().map(|p| lens.chart(*p)).collect();
                let inside = self.sketch.inside(&points).into_iter();
                let inside = inside.map(|n| self.sketch.dots[n].id.clone());
                let inside: BTreeSet<Id> = inside.collect();
                if !shift {
                    scope.view.selection.clear();
                }
                scope.view.selection.extend(inside);
            }
            _ => {}
        }
    }

    /// Whether something on the chart is a group.
    pub(super) fn is_group(&self, id: &Id) -> bool {
        self.sketch.dot(id).is_some_and(|dot| dot.id == *id && dot.is_group())
    }

    /// The entities on the chart that are selected, those of selected groups among them.
    pub(super) fn selected_entities(&self, scope: &Scope<'_>) -> BTreeSet<Id> {
        let chart = scope.view.chart.as_ref().and_then(|id| scope.model.chart(id));
        let groups = chart.map_or(&[][..], |chart| &chart.groups);
        let selection = &scope.view.selection;
        let within = groups.iter().filter(|group| selection.contains(&group.id));
        let alone = selection.iter().filter(|id| !self.is_group(id));
        alone
            .chain(within.flat_map(|group| &group.members))
            .filter(|id| self.sketch.find(id).is_some())
            .cloned()
            .collect()
    }

    pub(super) fn paint_gesture(&self, ui: &Ui, theme: &Theme, lens: &Lens) {
        let pointer = ui.input(|i| i.pointer.latest_pos());
        let (from, to) = if let Gesture::Link { from, to } = &self.gesture {
            (Some(from), Some(*to))
        } else {
            let keyed = self.other_end().map(|(_, card)| card.center());
            (self.mode.from.as_ref(), keyed.or(pointer))
        };
        if let (Some(from), Some(to)) = (from, to)
            && let Some(dot) = self.sketch.find(from)
        {
            let room = self.card_on_screen(dot, lens);
            paint::link_preview(ui, theme, room, to);
            ui.ctx().request_repaint();
        }
        if let Gesture::Lasso(points) = &self.gesture {
            paint::lasso(ui, theme, points);
        }
    }

    /// The entity or relationship at a place of the window, if one is drawn there.
    pub fn under(&self, at: Pos2, view: &View) -> Option<Id> {
        let (rect, chart) = (self.rect?, view.chart.as_ref()?);
        if !rect.contains(at) {
            return None;
        }
        match self.hit(at, &Lens { rect, camera: camera(view, chart) }) {
            Hit::Node(id) | Hit::Details(id) | Hit::Handle(id) => Some(id),
            Hit::Line(ids) => ids.into_iter().next(),
            Hit::Ground => None,
        }
    }
}

/// Where an entity's handle is on screen: at the middle of its right edge, seen through the lens of
/// the cards.
pub(super) fn handle_of(node: &chart::Node, lens: &Lens, is_card: bool) -> Pos2 {
    let zoom = lens.camera.zoom;
    if !is_card {
        return lens.screen(node.at) + Vec2::new(chart::icons::side(zoom) / 2.0 + 7.0, 0.0);
    }
    lens.screen_rect(node.rect()).right_center() + Vec2::new(7.0, 0.0)
}

/// The commands that fit what is selected.
fn context_menu(ui: &mut Ui, scope: &mut Scope<'_>) {
    let is_line = |id: &Id| scope.model.seen.connection(id).is_some();
    let selection = &scope.view.selection;
    let lines = selection.iter().filter(|id| is_line(id)).count();
    let references = selection.iter().filter(|id| scope.model.seen.get(id).is_none());
    let references = references.filter(|id| is_line(id)).count();
    let groups: &[&[&Command]] = if selection.is_empty() {
        &[
            &[command::ENTITY_ADD, command::EDIT_PASTE, command::LINK_MODE],
            &[
                command::EDIT_SELECT_ALL,
                command::CHART_FIT,
                command::CHART_SHOW_HIDDEN,
                command::CHART_PARALLELS,
            ],
            &[
                command::GROUP_COMMUNITY,
                command::GROUP_COUNTRY,
                command::GROUP_ADDRESS,
                command::GROUP_EXPAND_ALL,
            ],
            &[command::LAYOUT_FORCE, command::LAYOUT_LAYERED],
            &[command::CHART_TEXT, command::CHART_LINE],
            &[command::EVIDENCE_ATTACH, command::SCENE_ADD],
        ]
    } else if references == selection.len() {
        // What a property says is edited where it is stated.
        &[&[command::CHART_HIDE]]
    } else if lines == selection.len() {
        &[
            &[
                command::ENTITY_EDIT,
                command::LINK_SWAP,
                command::EVIDENCE_CITE,
                command::ENTITY_DENY,
            ],
            &[command::CHART_HIDE],
            &[command::CASE_WITHDRAW],
        ]
    } else {
        &[
            &[
                command::ENTITY_EDIT,
                command::LINK_ADD,
                command::EVIDENCE_CITE,
                command::ENTITY_DENY,
            ],
            &[
                command::CHART_EXPAND,
                command::CHART_DETAILS,
                command::PIN_TOGGLE,
                command::EDIT_COPY,
            ],
            &[command::GROUP_SELECTED, command::GROUP_EXPAND, command::CHART_BOX],
            &[command::LAYOUT_FORCE, command::LAYOUT_LAYERED, command::LAYOUT_RADIAL],
            &[command::CHART_HIDE, command::CHART_REMOVE],
            &[command::CASE_WITHDRAW],
        ]
    };
    menu::context(ui, scope.theme, scope.model, scope.view, scope.requests, groups);
}
