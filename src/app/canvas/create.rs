//! Adding an entity by typing its name, or placing one that exists.

use egui::{Area, Frame, Key, Modifiers, Order, RichText, ScrollArea, Ui};

use super::{Canvas, Lens, Scope, link::End};
use crate::{
    app::{
        model::{Model, Request},
        query::Asker,
        sent::Refusable,
        suggest::{Lookup, ROW, Row, Suggest},
        theme::{S4, T11},
        widgets,
    },
    case::{Action, Class, Hit, Op},
    chart::{self, Point, font::Weight, layout, picture, text::cut},
    model::{Entity, Id, Placement, Strength, schema, typed::typed},
    network::Seen,
};

/// What investigators add most, first.
const USUAL: [&str; 12] = [
    "Company",
    "Person",
    "Organization",
    "PublicBody",
    "BankAccount",
    "Vessel",
    "Address",
    "Event",
    "RealEstate",
    "Vehicle",
    "CryptoWallet",
    "CourtCase",
];

/// The beginning of the keys of rows that make something new.
const MAKE: &str = "make ";
/// The room around a new card, in points, and below it, where legend and mini-map fold.
const AROUND: f32 = 16.0;
const FOOT: f32 = 52.0;
/// Entities of the case that are offered.
const OFFERED: usize = 6;

/// The box in which a name is typed.
pub(super) struct Create {
    at: Point,
    text: String,
    /// The schema of what is made, and whether the user chose it in this box.
    kind: (&'static str, bool),
    pub(super) link_from: Option<Id>,
    suggest: Suggest,
    lookup: Lookup,
    /// Whether Enter waits for the answer of the search.
    entered: bool,
    /// Why the name was refused.
    refused: Option<String>,
    fresh: bool,
}

/// What Enter does with what was typed and chosen.
#[derive(Clone, Debug, PartialEq)]
enum Choice {
    /// Places an entity that is in the case, by its id, schema and name.
    Place(Id, String, String),
    Make(&'static str),
}

impl Create {
    pub(super) fn at(at: Point, first_schema: Option<String>) -> Self {
        let kind = first_schema.and_then(|name| USUAL.iter().find(|s| **s == name).copied());
        Self {
            at,
            text: String::new(),
            kind: (kind.unwrap_or(USUAL[0]), false),
            link_from: None,
            suggest: Suggest::default(),
            lookup: Lookup::new(Asker::Add),
            entered: false,
            refused: None,
            fresh: true,
        }
    }

    /// Whether a name has been typed.
    pub(super) fn is_typed(&self) -> bool {
        !self.text.trim().is_empty()
    }

    /// The rows below the field: entities of the case that fit, then what can be made.
    fn rows(&self, canvas: &Canvas, model: &Model) -> Vec<Row> {
        let typed = self.text.trim();
        let mut rows: Vec<Row> = Vec::new();
        if !typed.is_empty() {
            let hits = self.lookup.hits(model).iter();
            let hits = hits.filter(|hit| !is_edge(&hit.schema)).take(OFFERED);
            rows.extend(hits.map(|hit| {
                let here = canvas.sketch.find(&hit.id).is_some();
                Row::of_hit(hit, if here { "on chart" } else { "" })
            }));
            if let Some(first) = rows.first_mut() {
                first.heading = Some("IN THE CASE");
            }
        }
        let chooses_kind = self.suggest.key().is_some_and(|key| key.starts_with(MAKE));
        let makes = USUAL.iter().enumerate().map(|(n, name)| {
            let what = schema::label(name);
            let label = if typed.is_empty() {
                what.to_owned()
            } else {
                format!("New {}", what.to_lowercase())
            };
            let heading = match (n, typed.is_empty()) {
                (0, true) => Some("ADD A NEW"),
                (0, false) => Some("NEW"),
                _ => None,
            };
            Row {
                schema: Some((*name).to_owned()),
                heading,
                on: *name == self.kind.0 && !chooses_kind,
                ..Row::new(format!("{MAKE}{name}"), label)
            }
        });
        rows.extend(makes);
        rows
    }

    /// What Enter does: the row that was chosen; else the entity of exactly this name, unless
    /// another kind was asked for; else a new one.
    fn choice(&self, model: &Model, rows: &[Row]) -> Choice {
        let hits = self.lookup.hits(model);
        let place =
            |hit: &Hit| Choice::Place(hit.id.clone(), hit.schema.clone(), hit.caption.clone());
        if let Some(row) = self.suggest.chosen(rows).map(|n| &rows[n]) {
            let made = made_by(row);
            let hit = hits.iter().find(|hit| hit.id.as_str() == row.key);
            return made
                .map(Choice::Make)
                .or_else(|| hit.map(place))
                .unwrap_or(Choice::Make(self.kind.0));
        }
        let fits = |hit: &&Hit| {
            let is_kind = schema::schema(&hit.schema).is_some_and(|s| s.is_a(self.kind.0));
            hit.class == Class::Exact && !is_edge(&hit.schema) && (!self.kind.1 || is_kind)
        };
        let same = hits.iter().find(fits).filter(|_| self.lookup.is_current(model));
        same.map_or(Choice::Make(self.kind.0), place)
    }

    /// One sentence that says what Enter does.
    fn outlook(&self, canvas: &Canvas, choice: &Choice) -> String {
        let typed = short(self.text.trim());
        match choice {
            _ if typed.is_empty() => "Type a name. ↑ ↓ choose what it is.".to_owned(),
            Choice::Make(name) => {
                format!("Enter adds the {} “{typed}”.", schema::label(name).to_lowercase())
            }
            Choice::Place(id, _, name) if canvas.sketch.find(id).is_none() => {
                format!("Enter places {}, which is in the case.", short(name))
            }
            Choice::Place(_, _, name) if self.link_from.is_some() => {
                format!("Enter links {}.", short(name))
            }
            Choice::Place(_, _, name) => {
                format!("Enter shows {}, which is on this chart.", short(name))
            }
        }
    }
}

impl Refusable for Create {
    fn refuse(&mut self, why: &str) {
        (self.entered, self.fresh) = (false, true);
        self.refused = Some(why.to_owned());
    }
}

/// The schema that a row makes one of, if it does.
fn made_by(row: &Row) -> Option<&'static str> {
    let name = row.key.strip_prefix(MAKE)?;
    USUAL.iter().find(|schema| **schema == name).copied()
}

fn is_edge(name: &str) -> bool {
    schema::schema(name).is_some_and(schema::Schema::is_edge)
}

fn short(text: &str) -> String {
    cut(text, T11, Weight::Regular, 150.0)
}

impl Canvas {
    /// Opens the box at the middle of what is in sight.
    pub(super) fn create_in_sight(&mut self, view: &crate::app::model::View, chart: &Id) {
        let camera = super::camera(view, chart);
        self.create = Some(Create::at(Point::new(camera.x, camera.y), self.last_schema.clone()));
    }

    pub(super) fn create_ui(
        &mut self,
        ui: &mut Ui,
        scope: &mut Scope<'_>,
        chart: &Id,
        lens: &Lens,
    ) {
        let Some(mut create) = self.create.take() else { return };
        create.lookup.ask(scope.model, &create.text, None, scope.requests);
        let rows = create.rows(self, scope.model);
        let mut done = false;
        let mut closed = false;
        let screen = lens.screen(create.at);
        let window = ui.ctx().content_rect().shrink(8.0);
        // Where frames are slow, the press that opened the box is of the same frame.
        let is_new = create.fresh;
        if !is_new {
            // Where nothing of the case fits, there is nothing but the kind to choose.
            let kind = rows.iter().position(|row| made_by(row) == Some(create.kind.0));
            let from = kind.filter(|_| rows.first().is_some_and(|row| made_by(row).is_some()));
            if create.suggest.keys(ui, &rows, from)
                && let Some(n) = create.suggest.chosen(&rows)
                && made_by(&rows[n]).is_none()
            {
                create.text.clone_from(&rows[n].label);
            }
            closed = ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape));
            done = widgets::enter(ui.ctx());
        }
        let choice = create.choice(scope.model, &rows);
        let width = 320.0_f32.min(window.width() - 24.0);
        let area = Area::new(egui::Id::unique("create"))
            .order(Order::Foreground)
            .fixed_pos(screen)
            .constrain_to(window)
            .show(ui.ctx(), |ui| {
                Frame::popup(ui.style()).inner_margin(12).show(ui, |ui| {
                    ui.set_width(width);
                    let (label, hint) = ("Name of the entity", "Name, in any script");
                    ui.horizontal(|ui| {
                        ui.label(RichText::new(label).size(T11).color(scope.theme.weak));
                        closed |= widgets::leave_button(ui, scope.theme);
                    });
                    let response = widgets::field(ui, &mut create.text, label, hint, width);
                    if response.changed() {
                        // The kind that was chosen stays while the name is typed.
                        let chosen = create.suggest.chosen(&rows);
                        if let Some(kind) = chosen.and_then(|n| made_by(&rows[n])) {
                            create.kind = (kind, true);
                        }
                        create.entered = false;
                        create.refused = None;
                    }
                    create.suggest.follow(ui, &response);
                    if create.fresh {
                        response.request_focus();
                        create.fresh = false;
                    }
                    ui.add_space(S4);
                    if let Some(why) = &create.refused {
                        let why = RichText::new(why).size(T11).color(scope.theme.alarm);
                        ui.add(egui::Label::new(why).wrap());
                    }
                    let outlook = if create.entered {
                        "Looking for this name in the case …".to_owned()
                    } else {
                        create.outlook(self, &choice)
                    };
                    ui.label(RichText::new(outlook).size(T11).color(scope.theme.text));
                    let keys = "↓ chooses · Esc leaves";
                    ui.label(RichText::new(keys).size(T11).color(scope.theme.weak));
                    let room = (window.height() - 110.0).clamp(ROW * 3.0, ROW * 15.0);
                    let list = ScrollArea::vertical().max_height(room);
                    let clicked = list.show(ui, |ui| create.suggest.list(ui, scope.theme, &rows));
                    if let Some(n) = clicked.inner {
                        if let Some(kind) = made_by(&rows[n]) {
                            create.kind = (kind, true);
                        }
                        // Without a name a click chooses the kind of what will be typed.
                        if create.text.trim().is_empty() {
                            response.request_focus();
                        } else {
                            create.suggest.choose(&rows[n].key);
                            done = true;
                        }
                    }
                });
            });
        let elsewhere = !is_new
            && ui.input(|i| i.pointer.any_pressed())
            && ui
                .input(|i| i.pointer.interact_pos())
                .is_some_and(|p| !area.response.rect.contains(p));
        let empty = create.text.trim().is_empty();
        // A click beside it does not throw away what was typed.
        if closed || (elsewhere && empty) {
            return;
        }
        // Whether there is one of this name is known once the case has answered. A second Enter
        // does not wait for it.
        let known = create.suggest.chosen(&rows).is_some() || create.lookup.is_current(scope.model);
        let again = done && create.entered;
        create.entered |= done && !empty;
        if create.entered && !empty && (known || again) {
            let choice = create.choice(scope.model, &rows);
            self.finish_create(scope, chart, create, choice, screen);
        } else {
            self.create = Some(create);
        }
    }

    fn finish_create(
        &mut self,
        scope: &mut Scope<'_>,
        chart: &Id,
        mut create: Create,
        choice: Choice,
        screen: egui::Pos2,
    ) {
        let text = create.text.trim();
        let (id, schema_name, name, mut ops) = match choice {
            Choice::Place(id, schema_name, name) => (id, schema_name, name, Vec::new()),
            Choice::Make(schema_name) => {
                let known = schema::schema(schema_name);
                let property =
                    if known.is_some_and(|s| s.is_a("Address")) { "full" } else { "name" };
                let id = Id::new();
                let value = match typed(known, property, text, None) {
                    Ok(value) => value,
                    Err(why) => {
                        create.refuse(&why.to_string());
                        self.create = Some(create);
                        return;
                    }
                };
                let values = vec![value.into()];
                let schema = schema_name.to_owned();
                let add = Op::Add { entity: id.clone(), schema: schema.clone(), values };
                (id, schema, text.to_owned(), vec![add])
            }
        };
        let new = !ops.is_empty();
        if new {
            self.last_schema = Some(schema_name.clone());
        }
        let placed = scope.model.placed(chart).iter().any(|p| p.entity == id);
        if !placed {
            let card = self.free_place(scope.model, &name, &schema_name, create.at);
            self.bring_into_sight(scope, chart, card);
            let at = card.center();
            let placements =
                vec![Placement { entity: id.clone(), x: at.x, y: at.y, pinned: false }];
            ops.push(Op::Place { chart: chart.clone(), placements });
        }
        if new {
            scope.view.selection.clear();
            scope.view.select_new = Some(id.clone());
        } else {
            scope.view.selection = std::collections::BTreeSet::from([id.clone()]);
        }
        if let Some(from) = create.link_from.clone() {
            let to = End { id, schema: schema_name, name };
            self.choose_new(scope, from, to, ops, screen);
        } else if ops.is_empty() {
            scope.view.reveal = Some(id);
        } else {
            scope.requests.push(Request::Commit(Action::new(ops)));
            self.sent.create.put(create);
        }
    }

    /// Moves the view as little as it takes to see all of a card.
    fn bring_into_sight(&self, scope: &mut Scope<'_>, chart: &Id, card: chart::Rect) {
        let Some(rect) = self.rect else { return };
        let camera = super::camera(scope.view, chart);
        let sight = Lens { rect, camera }.sight();
        let (edge, foot) = (AROUND / camera.zoom, FOOT / camera.zoom);
        let by = |from: f32, to: f32, low: f32, high: f32| {
            if from < low || to - from > high - low { from - low } else { (to - high).max(0.0) }
        };
        let x = by(card.min.x, card.max.x, sight.min.x + edge, sight.max.x - edge);
        let y = by(card.min.y, card.max.y, sight.min.y + edge, sight.max.y - foot);
        if (x, y) != (0.0, 0.0) {
            let (x, y) = (camera.x + x, camera.y + y);
            scope.view.glide_to = Some(crate::model::Camera { x, y, ..camera });
        }
    }

    /// The free place nearest to a point for the card of an entity that is not there yet.
    fn free_place(&self, model: &Model, name: &str, schema_name: &str, at: Point) -> chart::Rect {
        let entity = Entity {
            id: Id::from("new"),
            schema: schema_name.into(),
            caption: name.into(),
            ends: None,
            denied: false,
            strength: Strength::Tentative,
            evidence: false,
            existence: Vec::new(),
            values: Vec::new(),
            citations: Vec::new(),
        };
        let size =
            Seen::new(vec![entity]).iter().next().map(picture::card_size).unwrap_or_default();
        let bodies = self.obstacles(model);
        let new = [layout::NewBody::card(size, [])];
        let points = layout::place_new(&bodies, &self.lines_between(), &new, at);
        let at = points.first().copied().unwrap_or(at);
        chart::Rect::from_center_size(at, size)
    }
}
