//! Making an entity by typing its name, placing one that exists, or editing a name in place.

use egui::{Area, Frame, Key, Modifiers, Order, RichText, Ui};

use super::{Canvas, Lens, Scope};
use crate::{
    app::{
        model::Request,
        theme::{S4, S8, T11},
        widgets,
    },
    case::{Action, Op},
    chart::{Point, layout, picture},
    model::{Entity, Id, Placement, Strength, schema, typed::typed},
    network::{EntityRef, Network},
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

/// The box in which a name is typed.
pub(super) struct Create {
    /// Where the new entity will stand.
    at: Point,
    text: String,
    chosen: usize,
    /// The entity from which a relationship to the new one is drawn.
    pub(super) link_from: Option<Id>,
    first_schema: Option<String>,
    fresh: bool,
}

/// A line of the list below the field.
enum Choice {
    /// Place an entity that is in the case.
    Place(Id, String, String),
    /// Make one of a schema.
    Make(&'static str),
}

impl Create {
    pub(super) fn at(at: Point, first_schema: Option<String>) -> Self {
        Self { at, text: String::new(), chosen: 0, link_from: None, first_schema, fresh: true }
    }

    fn choices(&self, scope: &Scope<'_>, chart: &Id) -> Vec<Choice> {
        let wanted = self.text.trim().to_lowercase();
        let mut choices = Vec::new();
        let placed = scope.model.placed(chart);
        if !wanted.is_empty() {
            let mut found: Vec<EntityRef<'_>> = scope
                .model
                .network
                .nodes()
                .filter(|e| !schema::schema(e.schema()).is_some_and(schema::Schema::is_edge))
                .filter(|e| {
                    e.all("name").chain([e.caption()]).any(|n| n.to_lowercase().contains(&wanted))
                })
                .collect();
            found.sort_by_key(|e| {
                (!e.caption().to_lowercase().starts_with(&wanted), e.caption().len())
            });
            for entity in found.into_iter().take(5) {
                let here = placed.iter().any(|p| p.entity == *entity.id());
                let what = if here { "on this chart" } else { "in the case" };
                let about = format!("{}, {what}", schema::label(entity.schema()));
                choices.push(Choice::Place(
                    entity.id().clone(),
                    entity.caption().to_string(),
                    about,
                ));
            }
        }
        let first =
            self.first_schema.as_deref().and_then(|name| USUAL.iter().find(|s| **s == name));
        let usual = first.into_iter().chain(USUAL.iter().filter(|s| Some(*s) != first));
        choices.extend(usual.map(|name| Choice::Make(name)));
        choices
    }
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
        let choices = create.choices(scope, chart);
        create.chosen = create.chosen.min(choices.len().saturating_sub(1));
        let mut done = false;
        let mut closed = false;
        let screen = lens.screen(create.at);
        let home = lens.rect.shrink(12.0);
        let at = egui::Pos2::new(
            screen.x.clamp(home.left(), (home.right() - 330.0).max(home.left())),
            screen.y.clamp(home.top(), (home.bottom() - 400.0).max(home.top())),
        );
        ui.input_mut(|i| {
            closed = i.consume_key(Modifiers::NONE, Key::Escape);
            if i.consume_key(Modifiers::NONE, Key::ArrowDown) {
                create.chosen = (create.chosen + 1).min(choices.len().saturating_sub(1));
            }
            if i.consume_key(Modifiers::NONE, Key::ArrowUp) {
                create.chosen = create.chosen.saturating_sub(1);
            }
            done = i.consume_key(Modifiers::NONE, Key::Enter);
        });
        let area = Area::new(egui::Id::unique("create"))
            .order(Order::Foreground)
            .fixed_pos(at)
            .show(ui.ctx(), |ui| {
                Frame::popup(ui.style()).inner_margin(12).show(ui, |ui| {
                    ui.set_width(300.0);
                    let (label, hint) = ("Name of the entity", "Name, in any script");
                    ui.label(RichText::new(label).size(T11).color(scope.theme.weak));
                    let response = widgets::field(ui, &mut create.text, label, hint, 300.0);
                    if response.changed() {
                        create.chosen = 0;
                    }
                    if create.fresh {
                        response.request_focus();
                        create.fresh = false;
                    }
                    ui.add_space(S4);
                    for (number, choice) in choices.iter().enumerate() {
                        if choice_row(
                            ui,
                            scope,
                            choice,
                            create.text.trim(),
                            number == create.chosen,
                        ) {
                            create.chosen = number;
                            done = true;
                        }
                    }
                    ui.add_space(S4);
                    let hint = "↑ ↓ choose · Enter adds · Esc leaves";
                    ui.label(RichText::new(hint).size(T11).color(scope.theme.weak));
                });
            });
        let elsewhere = ui.input(|i| i.pointer.any_pressed())
            && ui
                .input(|i| i.pointer.interact_pos())
                .is_some_and(|p| !area.response.rect.contains(p));
        if done && !create.text.trim().is_empty() {
            self.finish_create(scope, chart, &create, choices.get(create.chosen), screen);
        } else if !(closed || elsewhere) {
            // Enter without a name waits for one.
            self.create = Some(create);
        }
    }

    fn finish_create(
        &mut self,
        scope: &mut Scope<'_>,
        chart: &Id,
        create: &Create,
        choice: Option<&Choice>,
        screen: egui::Pos2,
    ) {
        let text = create.text.trim();
        let (id, schema_name, mut ops) = match choice {
            Some(Choice::Place(id, ..)) => {
                let name =
                    scope.model.network.get(id).map(|e| e.schema().to_string()).unwrap_or_default();
                (id.clone(), name, Vec::new())
            }
            Some(Choice::Make(name)) => {
                self.last_schema = Some((*name).to_owned());
                let known = schema::schema(name);
                let property =
                    if known.is_some_and(|s| s.is_a("Address")) { "full" } else { "name" };
                let id = Id::new();
                let value = match typed(known, property, text, None) {
                    Ok(value) => value,
                    Err(why) => {
                        scope.requests.push(Request::Fail(why.to_string()));
                        return;
                    }
                };
                let values = vec![value.into()];
                let add = Op::Add { entity: id.clone(), schema: (*name).to_owned(), values };
                (id, (*name).to_owned(), vec![add])
            }
            None => return,
        };
        let name = match choice {
            Some(Choice::Place(_, name, _)) => name.clone(),
            _ => text.to_owned(),
        };
        let new = !ops.is_empty();
        let placed = scope.model.placed(chart).iter().any(|p| p.entity == id);
        if !placed {
            let at = self.free_place(&name, &schema_name, create.at);
            let placements =
                vec![Placement { entity: id.clone(), x: at.x, y: at.y, pinned: false }];
            ops.push(Op::Place { chart: chart.clone(), placements });
        }
        scope.view.selection = std::collections::BTreeSet::from([id.clone()]);
        if let Some(from) = create.link_from.clone() {
            let label = if new { format!("Add {name}") } else { format!("Place {name}") };
            self.choose_new(scope, from, (id, schema_name, name), (label, ops), screen);
        } else if ops.is_empty() {
            scope.view.reveal = Some(id);
        } else {
            let verb = if new { "Add" } else { "Place" };
            scope.requests.push(Request::Commit(Action::new(format!("{verb} {name}"), ops)));
        }
    }

    /// The free place nearest to a point for an entity that is not there yet.
    fn free_place(&self, name: &str, schema_name: &str, at: Point) -> Point {
        let entity = Entity {
            id: Id::from("new"),
            schema: schema_name.into(),
            caption: name.into(),
            ends: None,
            denied: false,
            strength: Strength::Tentative,
            values: Vec::new(),
        };
        let size =
            Network::new(vec![entity]).iter().next().map(picture::card_size).unwrap_or_default();
        let bodies = self.obstacles();
        let new = [layout::NewBody { size, neighbours: Vec::new() }];
        layout::place_new(&bodies, &new, at).first().copied().unwrap_or(at)
    }
}

fn choice_row(ui: &mut Ui, scope: &Scope<'_>, choice: &Choice, text: &str, chosen: bool) -> bool {
    let (icon_of, label, about) = match choice {
        Choice::Place(id, name, about) => {
            let schema = scope.model.network.get(id).map_or("Thing", |e| e.schema());
            (schema.to_owned(), name.clone(), about.clone())
        }
        Choice::Make(name) => {
            let what = schema::label(name);
            let label = if text.is_empty() {
                what.to_owned()
            } else {
                format!("New {}", what.to_lowercase())
            };
            ((*name).to_owned(), label, String::new())
        }
    };
    let row = ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = S8;
        widgets::schema_icon(ui, scope.theme, &icon_of, 20.0);
        let text =
            crate::chart::text::cut(&label, 13.0, crate::chart::font::Weight::Regular, 170.0);
        let response = ui.add(egui::Button::selectable(chosen, text));
        if !about.is_empty() {
            ui.label(RichText::new(about).size(T11).color(scope.theme.weak));
        }
        response
    });
    row.inner.clicked()
}
