//! Drawing relationships: which kind may stand between two entities, and what is said on it.

use egui::{Area, Frame, Key, Modifiers, Order, Pos2, RichText, Ui};

use super::{Canvas, Lens, Scope};
use crate::{
    app::{
        model::Request,
        theme::{S4, T11, semibold},
        widgets,
    },
    case::{Action, NewValue, Op},
    model::{
        Id, Schema, schema,
        typed::{Refused, typed},
    },
};

/// Whether clicks draw relationships.
#[derive(Default)]
pub(super) struct LinkMode {
    pub(super) on: bool,
    pub(super) from: Option<Id>,
    /// The kind chosen last; used again without asking where it fits.
    pub(super) schema: Option<&'static str>,
}

/// The box in which the kind of a relationship is chosen.
pub(super) struct Chooser {
    from: Id,
    to: Id,
    to_name: String,
    choices: Vec<(&'static Schema, bool)>,
    chosen: usize,
    text: String,
    at: Pos2,
    /// What happens in the same action: the entity at the end is made, or placed.
    before: (String, Vec<Op>),
    fresh: bool,
}

impl Canvas {
    /// A relationship was drawn between two entities: asks of what kind it is.
    pub(super) fn choose(&mut self, scope: &mut Scope<'_>, from: Id, to: Id, at: Pos2) {
        let Some(entity) = scope.model.network.get(&to) else {
            let why = "A relationship ends at one entity: expand the group first (Shift+G).";
            scope.requests.push(Request::Say(why.into()));
            return;
        };
        let target = (to, entity.schema().to_string(), entity.caption().to_string());
        self.choose_new(scope, from, target, (String::new(), Vec::new()), at);
    }

    pub(super) fn choose_new(
        &mut self,
        scope: &mut Scope<'_>,
        from: Id,
        (to, to_schema, to_name): (Id, String, String),
        before: (String, Vec<Op>),
        at: Pos2,
    ) {
        let Some(source) = scope.model.network.get(&from) else { return };
        let choices = schema::edges_between(source.schema(), &to_schema);
        if choices.is_empty() {
            let what = format!(
                "{} and {} cannot be linked: no relationship leads from one to the other.",
                schema::label(source.schema()),
                schema::label(&to_schema)
            );
            scope.requests.push(Request::Fail(what));
            return;
        }
        let chooser = Chooser {
            from,
            to,
            to_name,
            choices,
            chosen: 0,
            text: String::new(),
            at,
            before,
            fresh: true,
        };
        let again = self.mode.schema.filter(|_| self.mode.on).and_then(|name| {
            chooser.choices.iter().position(|(schema, reversed)| schema.name == name && !reversed)
        });
        match again {
            Some(chosen) => self.finish_link(scope, Chooser { chosen, ..chooser }),
            None => self.chooser = Some(chooser),
        }
    }

    /// A click on an entity while relationships are drawn by clicking.
    pub(super) fn link_click(&mut self, scope: &mut Scope<'_>, id: Id, pointer: Option<Pos2>) {
        match self.mode.from.take() {
            None => self.mode.from = Some(id),
            Some(from) => self.choose(scope, from, id, pointer.unwrap_or_default()),
        }
    }

    pub(super) fn chooser_ui(&mut self, ui: &mut Ui, scope: &mut Scope<'_>, lens: &Lens) {
        let Some(mut chooser) = self.chooser.take() else { return };
        let mut done = false;
        let mut closed = false;
        let count = chooser.choices.len();
        ui.input_mut(|i| {
            closed = i.consume_key(Modifiers::NONE, Key::Escape);
            if i.consume_key(Modifiers::NONE, Key::ArrowDown) {
                chooser.chosen = (chooser.chosen + 1).min(count - 1);
            }
            if i.consume_key(Modifiers::NONE, Key::ArrowUp) {
                chooser.chosen = chooser.chosen.saturating_sub(1);
            }
            done = i.consume_key(Modifiers::NONE, Key::Enter);
        });
        let home = lens.rect.shrink(12.0);
        let at = Pos2::new(
            chooser.at.x.clamp(home.left(), (home.right() - 330.0).max(home.left())),
            chooser.at.y.clamp(home.top(), (home.bottom() - 360.0).max(home.top())),
        );
        let area = Area::new(egui::Id::unique("link-chooser"))
            .order(Order::Foreground)
            .fixed_pos(at)
            .show(ui.ctx(), |ui| {
                Frame::popup(ui.style()).inner_margin(12).show(ui, |ui| {
                    ui.set_width(300.0);
                    let title =
                        format!("{} → {}", scope.model.name(&chooser.from), chooser.to_name);
                    ui.add(egui::Label::new(RichText::new(title).font(semibold(13.0))).truncate());
                    let (schema, _) = chooser.choices[chooser.chosen];
                    let hint = hint_of(schema);
                    let label = format!("{hint} of the relationship");
                    let response = widgets::field(
                        ui,
                        &mut chooser.text,
                        &label,
                        &format!("{hint} (optional)"),
                        300.0,
                    );
                    if chooser.fresh {
                        response.request_focus();
                        chooser.fresh = false;
                    }
                    ui.add_space(S4);
                    egui::ScrollArea::vertical().max_height(230.0).show(ui, |ui| {
                        for (number, (schema, reversed)) in chooser.choices.iter().enumerate() {
                            let text = phrase(schema, *reversed);
                            let button = egui::Button::selectable(number == chooser.chosen, text)
                                .min_size([290.0, 24.0].into());
                            let response = ui.add(button);
                            if number == chooser.chosen
                                && ui.input(|i| {
                                    i.key_pressed(Key::ArrowDown) || i.key_pressed(Key::ArrowUp)
                                })
                            {
                                response.scroll_to_me(None);
                            }
                            if response.clicked() {
                                chooser.chosen = number;
                                done = true;
                            }
                        }
                    });
                    ui.add_space(S4);
                    let hint = "↑ ↓ choose · Enter draws · Esc leaves";
                    ui.label(RichText::new(hint).size(T11).color(scope.theme.weak));
                });
            });
        let elsewhere = ui.input(|i| i.pointer.any_pressed())
            && ui
                .input(|i| i.pointer.interact_pos())
                .is_some_and(|p| !area.response.rect.contains(p));
        if done {
            self.finish_link(scope, chooser);
        } else if closed || elsewhere {
            // What was made for the other end stays, without the relationship.
            let (label, ops) = chooser.before;
            if !ops.is_empty() {
                scope.requests.push(Request::Commit(Action::new(label, ops)));
            }
        } else {
            self.chooser = Some(chooser);
        }
    }

    fn finish_link(&mut self, scope: &mut Scope<'_>, chooser: Chooser) {
        let Chooser { from, to, to_name, choices, chosen, text, at, before, .. } = chooser;
        let (before_label, mut ops) = before;
        let (schema, reversed) = choices[chosen];
        let Some(edge) = &schema.edge else { return };
        let said = match said(schema, &text) {
            Ok(said) => said,
            Err(why) => {
                // The box stays with what was typed.
                scope.requests.push(Request::Fail(why.to_string()));
                let before = (before_label, ops);
                self.chooser = Some(Chooser {
                    from,
                    to,
                    to_name,
                    choices,
                    chosen,
                    text,
                    at,
                    before,
                    fresh: true,
                });
                return;
            }
        };
        let from_name = scope.model.name(&from);
        let (source, target) = if reversed { (&to, &from) } else { (&from, &to) };
        let mut values = vec![
            NewValue::new(edge.source.clone(), source.to_string()),
            NewValue::new(edge.target.clone(), target.to_string()),
        ];
        values.extend(said);
        let id = Id::new();
        ops.push(Op::Add { entity: id.clone(), schema: schema.name.clone(), values });
        let (a, b) = if reversed { (to_name, from_name) } else { (from_name, to_name) };
        scope.requests.push(Request::Commit(Action::new(format!("Link {a} → {b}"), ops)));
        scope.view.selection = std::collections::BTreeSet::from([id]);
        if self.mode.on {
            self.mode.schema = Some(&schema.name);
        }
    }
}

/// The property that a relationship is described by most.
fn main_property(schema: &Schema) -> &str {
    match schema.name.as_str() {
        "Payment" | "Debt" => "amount",
        _ => schema
            .edge
            .as_ref()
            .and_then(|edge| edge.caption.first())
            .map_or("role", String::as_str),
    }
}

fn hint_of(schema: &Schema) -> String {
    match main_property(schema) {
        "percentage" => "Share in per cent".to_owned(),
        "amount" => "Amount, such as USD 250000".to_owned(),
        name => schema.property(name).map_or_else(|| name.to_owned(), |p| p.label.clone()),
    }
}

/// The values of what was typed beside the kind.
fn said(schema: &Schema, text: &str) -> Result<Vec<NewValue>, Refused> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let property = main_property(schema);
    let value =
        |property: &str, text: &str| typed(Some(schema), property, text, None).map(NewValue::from);
    // "USD 250000" says two things.
    if property == "amount"
        && let Some((currency, amount)) = text.split_once(' ')
        && currency.len() == 3
        && currency.chars().all(char::is_alphabetic)
    {
        return Ok(vec![
            value("amount", amount)?,
            NewValue::new("currency", currency.to_uppercase()),
        ]);
    }
    Ok(vec![value(property, text)?])
}

/// A kind of relationship as one would say it.
fn phrase(schema: &Schema, reversed: bool) -> String {
    let verb = schema.edge.as_ref().map_or("", |edge| edge.label.as_str());
    if reversed {
        format!("{}  ·  is the one that it {verb}", schema.label)
    } else {
        format!("{}  ·  {verb}", schema.label)
    }
}
