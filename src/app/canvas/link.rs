//! Drawing relationships: which kind may stand between two entities, and what is said on it.

use egui::{Area, Frame, Key, Modifiers, Order, Pos2, RichText, ScrollArea, Ui};

use super::{Canvas, Scope};
use crate::{
    app::{
        model::Request,
        sent::Refusable,
        suggest::{ROW, Row, Suggest},
        theme::{S4, T11, T13},
        widgets::{self, icon_button},
    },
    case::{Action, NewValue, Op},
    chart::{
        font::{self, Weight},
        icon::ui as icon,
        text,
    },
    model::{
        Id, Property, Schema, Typed, schema,
        typed::{Refused, typed},
    },
};

/// The width of a kind of relationship in the list, in points.
const PHRASE: f32 = 310.0;

/// Whether clicks draw relationships.
#[derive(Default)]
pub(super) struct LinkMode {
    pub(super) on: bool,
    pub(super) from: Option<Id>,
    /// The kind chosen last; offered first where it fits.
    pub(super) schema: Option<&'static str>,
    /// What on the chart takes the keyboard in the next frame, so that Tab and Enter choose the ends.
    pub(super) takes_keys: Option<TakesKeys>,
}

/// An entity on the chart that takes the keyboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TakesKeys {
    /// One that is selected, or else the first.
    First,
    /// This one, from which Tab goes on.
    At(Id),
}

/// The box in which the kind of a relationship is chosen.
#[derive(Clone)]
pub(super) struct Chooser {
    from: End,
    to: End,
    choices: Vec<(&'static Schema, bool)>,
    suggest: Suggest,
    /// The value that describes it most, and when it began.
    text: String,
    date: String,
    at: Pos2,
    /// What happens in the same action: the entity at the end is made, or placed.
    before: Vec<Op>,
    /// Whether it closes without a relationship.
    pub(super) leaves: bool,
    /// Why the relationship was refused.
    refused: Option<String>,
    fresh: bool,
}

/// An end of a relationship that is being drawn; it may not be in the case yet.
#[derive(Clone)]
pub(super) struct End {
    pub(super) id: Id,
    pub(super) schema: String,
    pub(super) name: String,
}

impl Chooser {
    fn rows(&self) -> Vec<Row> {
        let rows = self.choices.iter().enumerate();
        let (from, to) = (&self.from.name, &self.to.name);
        let words = |(schema, reversed): &(&Schema, bool)| phrase(schema, *reversed, from, to);
        rows.map(|(n, choice)| Row::new(n.to_string(), words(choice))).collect()
    }

    /// The relationship that is chosen, and whether it runs from the second end to the first.
    fn chosen(&self, rows: &[Row]) -> (&'static Schema, bool) {
        self.choices[self.suggest.chosen(rows).unwrap_or(0)]
    }

    /// Whether something was typed, which a click beside it must not throw away.
    fn is_typed(&self) -> bool {
        !self.text.trim().is_empty() || !self.date.trim().is_empty()
    }

    /// Turns the ends round; the kind that was chosen stays, where it can.
    fn swap(&mut self, rows: &[Row]) {
        let (kind, reversed) = self.chosen(rows);
        std::mem::swap(&mut self.from, &mut self.to);
        self.choices = schema::edges_between(&self.from.schema, &self.to.schema);
        let same = |wanted: bool| {
            let mut choices = self.choices.iter();
            choices.position(|(s, r)| s.name == kind.name && (!wanted || *r == reversed))
        };
        if let Some(n) = same(true).or_else(|| same(false)) {
            self.suggest.choose(n.to_string());
        }
    }
}

impl Refusable for Chooser {
    fn refuse(&mut self, why: &str) {
        self.suggest.detach();
        (self.leaves, self.fresh) = (false, true);
        self.refused = Some(why.to_owned());
    }
}

impl Canvas {
    /// A relationship was drawn between two entities: asks of what kind it is.
    pub(super) fn choose(&mut self, scope: &mut Scope<'_>, from: Id, to: Id, at: Pos2) {
        let Some(entity) = scope.model.seen.get(&to) else {
            let why = "A relationship ends at one entity: expand the group first (Shift+G).";
            scope.requests.push(Request::Say(why.into()));
            return;
        };
        let target =
            End { id: to, schema: entity.schema().to_owned(), name: entity.caption().to_owned() };
        self.choose_new(scope, from, target, Vec::new(), at);
    }

    pub(super) fn choose_new(
        &mut self,
        scope: &mut Scope<'_>,
        from: Id,
        to: End,
        before: Vec<Op>,
        at: Pos2,
    ) {
        let Some(source) = scope.model.seen.get(&from) else { return };
        let choices = schema::edges_between(source.schema(), &to.schema);
        if choices.is_empty() {
            let what = format!(
                "{} and {} cannot be linked: no relationship leads from one to the other.",
                schema::label(source.schema()),
                schema::label(&to.schema)
            );
            scope.requests.push(Request::Fail(what));
            // What was made for the other end stays, without the relationship.
            let ops = before;
            if !ops.is_empty() {
                scope.requests.push(Request::Commit(Action::new(ops)));
            }
            return;
        }
        let mut suggest = Suggest::always();
        let again = self.mode.schema.filter(|_| self.mode.on).and_then(|name| {
            choices.iter().position(|(schema, reversed)| schema.name == name && !reversed)
        });
        if let Some(n) = again {
            suggest.choose(n.to_string());
        }
        let source =
            End { schema: source.schema().to_owned(), name: scope.model.name(&from), id: from };
        self.chooser = Some(Chooser {
            from: source,
            to,
            choices,
            suggest,
            text: String::new(),
            date: String::new(),
            at,
            before,
            leaves: false,
            refused: None,
            fresh: true,
        });
    }

    /// A click on an entity while relationships are drawn by clicking.
    pub(super) fn link_click(&mut self, scope: &mut Scope<'_>, id: Id, pointer: Option<Pos2>) {
        match self.mode.from.take() {
            None => self.mode.from = Some(id),
            // The same once more gives it up.
            Some(from) if from == id => {}
            Some(from) => self.choose(scope, from, id, pointer.unwrap_or_default()),
        }
    }

    pub(super) fn chooser_ui(&mut self, ui: &mut Ui, scope: &mut Scope<'_>) {
        let Some(mut chooser) = self.chooser.take() else { return };
        let mut done = false;
        let mut closed = chooser.leaves;
        let mut swaps = false;
        let rows = chooser.rows();
        // The key that opened the box is not one for the box.
        let is_new = std::mem::take(&mut chooser.fresh);
        if !is_new {
            chooser.suggest.keys(ui, &rows, None);
            closed |= ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape));
            done = widgets::enter(ui.ctx());
        }
        let window = ui.ctx().content_rect().shrink(8.0);
        let width = 360.0_f32.min(window.width() - 24.0);
        let (kind, _) = chooser.chosen(&rows);
        let area = Area::new(egui::Id::unique("link-chooser"))
            .order(Order::Foreground)
            .fixed_pos(chooser.at)
            .constrain_to(window)
            .show(ui.ctx(), |ui| {
                Frame::popup(ui.style()).inner_margin(12).show(ui, |ui| {
                    ui.set_width(width);
                    ui.horizontal(|ui| {
                        let room = ui.available_width() - 70.0;
                        let (from, to) = (&chooser.from.name, &chooser.to.name);
                        ui.scope(|ui| {
                            ui.set_max_width(room);
                            widgets::from_to(ui, scope.theme, from, to);
                        });
                        let swap = icon_button(ui, scope.theme, icon::SWAP_HORIZ, "Swap the ends");
                        swaps = swap.clicked();
                        closed |= widgets::leave_button(ui, scope.theme);
                    });
                    let hint = hint_of(kind);
                    let label = format!("{hint} of the relationship");
                    let hint = format!("{hint} (optional)");
                    let field = widgets::field(ui, &mut chooser.text, &label, &hint, width);
                    if chooser.suggest.is_detached() {
                        field.request_focus();
                        chooser.suggest.attach(&field);
                    }
                    warning(ui, scope, doubt(&said(kind, &chooser.text)));
                    let mut fields = vec![field];
                    if let Some(property) = date_property(kind) {
                        let label = format!("{} of the relationship", property.label);
                        let hint = format!("{}, such as 2016-08 (optional)", property.label);
                        let field = widgets::field(ui, &mut chooser.date, &label, &hint, width);
                        warning(ui, scope, doubt(&dated(kind, &chooser.date)));
                        fields.push(field);
                    }
                    if let Some(field) = fields.iter().find(|field| field.has_focus()) {
                        chooser.suggest.attach(field);
                    }
                    warning(ui, scope, chooser.refused.clone());
                    ui.add_space(S4);
                    let room = (window.height() - 170.0).clamp(ROW * 3.0, ROW * 10.0);
                    let list = ScrollArea::vertical().max_height(room);
                    let clicked = list.show(ui, |ui| chooser.suggest.list(ui, scope.theme, &rows));
                    if let Some(n) = clicked.inner {
                        chooser.suggest.choose(&rows[n].key);
                        done = true;
                    }
                    ui.add_space(S4);
                    let hint = "↑ ↓ choose · Tab next field · Enter draws · Esc leaves";
                    ui.label(RichText::new(hint).size(T11).color(scope.theme.weak));
                });
            });
        if swaps {
            chooser.swap(&rows);
            self.chooser = Some(chooser);
            return;
        }
        let elsewhere = !is_new
            && ui.input(|i| i.pointer.any_pressed())
            && ui
                .input(|i| i.pointer.interact_pos())
                .is_some_and(|p| !area.response.rect.contains(p));
        let goes_on = self.mode.on.then(|| TakesKeys::At(chooser.to.id.clone()));
        if done {
            self.finish_link(scope, chooser, &rows);
            self.mode.takes_keys = goes_on.filter(|_| self.chooser.is_none());
        } else if closed || (elsewhere && !chooser.is_typed()) {
            self.mode.takes_keys = goes_on.filter(|_| closed);
            // What was made for the other end stays, without the relationship.
            let ops = chooser.before;
            if !ops.is_empty() {
                scope.requests.push(Request::Commit(Action::new(ops)));
            }
        } else {
            self.chooser = Some(chooser);
        }
    }

    fn finish_link(&mut self, scope: &mut Scope<'_>, chooser: Chooser, rows: &[Row]) {
        let (schema, reversed) = chooser.chosen(rows);
        let Some(edge) = &schema.edge else { return };
        let values =
            said(schema, &chooser.text).and_then(|said| Ok((said, dated(schema, &chooser.date)?)));
        let Ok((said, dated)) = values else {
            // The box stays, and says below the field what is wrong.
            self.chooser = Some(chooser);
            return;
        };
        self.sent.chooser.put(chooser.clone());
        let Chooser { from, to, before: mut ops, .. } = chooser;
        let (source, target) = if reversed { (&to, &from) } else { (&from, &to) };
        let mut values = vec![
            NewValue::new(edge.source.clone(), source.id.to_string()),
            NewValue::new(edge.target.clone(), target.id.to_string()),
        ];
        values.extend(said.into_iter().chain(dated).map(NewValue::from));
        let id = Id::new();
        ops.push(Op::Add { entity: id.clone(), schema: schema.name.clone(), values });
        scope.requests.push(Request::Commit(Action::new(ops)));
        scope.view.selection.clear();
        scope.view.select_new = Some(id);
        if self.mode.on {
            self.mode.schema = Some(&schema.name);
        }
    }
}

/// Says why a text is not a value, or why the value is marked.
fn warning(ui: &mut Ui, scope: &Scope<'_>, why: Option<String>) {
    if let Some(why) = why {
        let text = RichText::new(why).size(T11).color(scope.theme.alarm);
        ui.add(egui::Label::new(text).wrap());
    }
}

/// The property that says when a relationship began, or on which day it was.
fn date_property(schema: &Schema) -> Option<&Property> {
    schema.temporal_start.iter().find_map(|name| schema.property(name))
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
fn said(schema: &Schema, text: &str) -> Result<Vec<Typed>, Refused> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let property = main_property(schema);
    let value = |property: &str, text: &str| typed(Some(schema), property, text, None);
    // "USD 250000" says two things.
    if property == "amount"
        && let Some((currency, amount)) = text.split_once(' ')
        && currency.len() == 3
        && currency.chars().all(char::is_alphabetic)
    {
        let currency = value("currency", &currency.to_uppercase())?;
        return Ok(vec![value("amount", amount)?, currency]);
    }
    Ok(vec![value(property, text)?])
}

/// When it began, or on which day it was.
fn dated(schema: &Schema, text: &str) -> Result<Vec<Typed>, Refused> {
    match date_property(schema).filter(|_| !text.trim().is_empty()) {
        Some(property) => Ok(vec![typed(Some(schema), &property.name, text, None)?]),
        None => Ok(Vec::new()),
    }
}

/// What is wrong with values, in one sentence.
fn doubt(values: &Result<Vec<Typed>, Refused>) -> Option<String> {
    match values {
        Ok(values) => values.iter().find_map(|value| value.doubt.as_ref()).map(ToString::to_string),
        Err(why) => Some(why.to_string()),
    }
}

/// A kind of relationship as one would say it; the other way round as a sentence, since it is the
/// second end then that owns, directs or pays.
fn phrase(schema: &Schema, reversed: bool, from: &str, to: &str) -> String {
    let verb = schema.edge.as_ref().map_or("", |edge| edge.label.as_str());
    if reversed {
        let wide = |words: &str| font::width(words, T13, Weight::Regular);
        let room = PHRASE - wide(&format!("{}  ·   {verb} ", schema.label));
        // What one name does not need, the other may have.
        let short = |name: &str, other: &str| {
            let most = (room - wide(other)).max(room / 2.0);
            text::middle(name, T13, Weight::Regular, most)
        };
        format!("{}  ·  {} {verb} {}", schema.label, short(to, from), short(from, to))
    } else {
        format!("{}  ·  {verb}", schema.label)
    }
}
