//! Editing one value: a field that knows the property's type, says at once what is wrong, and keeps
//! what the value that it corrects carries: language, spelling, denial, and its sources if they
//! say the new value too. Inspector, table and chart use it alike.

use egui::{Area, Frame, Key, Modifiers, Order, Pos2, Rect, RichText, Ui};

use super::{
    model::{Model, Request},
    query::DetailsOf,
    sent::Refusable,
    suggest::Values,
    theme::{S4, T11, Theme},
    widgets,
};
use crate::{
    case::{Action, Cited, NewCitation, Op, StatementInfo},
    chart::icon::ui as icon,
    model::{
        Corrected, Id, Property, PropertyType, Schema, StatementKey, Typed, identifier, schema,
        typed::{self, Refused, typed},
        value,
    },
};

/// The width of a box that floats over chart or table.
const WIDTH: f32 = 320.0;

/// A value that is being typed.
#[derive(Clone, Debug)]
pub struct Draft {
    pub entity: Id,
    pub property: String,
    /// The statement that is changed; none for a new value.
    pub statement: Option<StatementKey>,
    pub text: String,
    /// What the statement says and rests on, once that is known.
    old: Option<Old>,
    /// The language by its name, where the user has changed it.
    lang: Option<String>,
    /// The spelling of the source, where the user has changed it.
    original: Option<String>,
    /// Whether the sources of the old value say the new one, where the user has decided.
    same_source: Option<bool>,
    /// Why the text was refused when it was to be saved.
    refused: Option<String>,
    /// Whether the field takes the keyboard in this frame.
    focus: bool,
    /// Whether it is to be saved as soon as the old value is known.
    awaits: bool,
    /// What could be meant by the text.
    values: Values,
    /// The entity that was picked, where the property names one.
    picked: Option<Id>,
}

impl Refusable for Draft {
    /// The field takes the keyboard again.
    fn refuse(&mut self, why: &str) {
        self.refused = Some(why.to_owned());
        (self.focus, self.awaits) = (true, false);
    }
}

/// What a corrected statement says, and where that was read.
#[derive(Clone, Debug)]
struct Old {
    value: Corrected,
    citations: Vec<NewCitation>,
}

impl Old {
    /// The statement with its live citations of live documents, as citations of the first statement
    /// that an action adds.
    fn of(statement: &StatementInfo, model: &Model) -> Self {
        let citable = |id: &Id| model.evidence.iter().any(|item| item.live && item.id == *id);
        let live = statement.citations.iter().filter(|c| c.live && citable(&c.evidence));
        let citations = live.map(|citation| NewCitation {
            statement: Cited::Nth(0),
            evidence: citation.evidence.clone(),
            supports: citation.supports,
            credibility: citation.credibility,
            page: citation.page.clone(),
            quote: citation.quote.clone(),
            range: citation.range,
            region: citation.region,
        });
        Self {
            value: Corrected {
                text: statement.value.clone(),
                lang: statement.lang.clone(),
                original: statement.original.clone(),
                denied: statement.denied,
            },
            citations: citations.collect(),
        }
    }
}

impl Draft {
    /// A draft of a new value.
    pub fn add(entity: Id, property: &str) -> Self {
        Self::new(entity, property, None, "")
    }

    /// A draft that corrects a statement.
    pub fn edit(entity: Id, statement: &StatementInfo, model: &Model) -> Self {
        let old = Some(Old::of(statement, model));
        let key = Some(statement.key);
        Self { old, ..Self::new(entity, &statement.property, key, &statement.value) }
    }

    /// A draft that corrects the first asserted value of a property, or adds one.
    pub fn first(model: &Model, entity: &Id, property: &str) -> Option<Self> {
        let found = model.seen.get(entity)?;
        let value = found.values().find(|v| *v.property == *property && !v.denied);
        let text = value.map(|v| v.text.to_string()).unwrap_or_default();
        Some(Self::new(entity.clone(), property, value.map(|v| v.statement), &text))
    }

    fn new(entity: Id, property: &str, statement: Option<StatementKey>, text: &str) -> Self {
        Self {
            entity,
            property: property.to_owned(),
            statement,
            text: text.to_owned(),
            old: None,
            lang: None,
            original: None,
            same_source: None,
            refused: None,
            focus: true,
            awaits: false,
            values: Values::default(),
            picked: None,
        }
    }

    /// Looks up what the corrected statement carries. Returns whether that is known.
    fn know(&mut self, model: &Model, requests: &mut Vec<Request>) -> bool {
        let Some(key) = self.statement.filter(|_| self.old.is_none()) else { return true };
        let details = model.ask_current(&DetailsOf::seen(model, self.entity.clone()), requests);
        let Some(details) = details else { return false };
        let found = details.statements.iter().find(|s| s.key == key);
        self.old = found.map(|statement| Old::of(statement, model));
        // One that is gone meanwhile becomes a new value.
        self.statement = self.statement.filter(|_| self.old.is_some());
        true
    }

    /// Shows the name of an entity that was picked instead of its id.
    fn pick(&mut self, model: &Model, property: Option<&Property>) {
        if property.is_some_and(|p| p.type_ == PropertyType::Entity)
            && let Some(entity) = model.seen.get(&Id::from(self.text.trim()))
        {
            self.picked = Some(entity.id().clone());
            self.text = model.name(entity.id());
        }
    }

    /// The text, or the id of the entity that was picked, while its name is left as it is.
    fn meant(&self, model: &Model) -> &str {
        match &self.picked {
            Some(id) if model.name(id) == self.text => id.as_str(),
            _ => &self.text,
        }
    }

    /// The value that has been typed, with language, spelling and denial.
    fn value(&self, model: &Model, known: Option<&'static Schema>) -> Result<Typed, String> {
        let words = |refused: Refused| refused.to_string();
        let old = self.old.as_ref().map(|old| &old.value);
        let mut value = typed(known, &self.property, self.meant(model), old).map_err(words)?;
        if let Some(lang) = &self.lang {
            value.lang = typed::language(lang).map_err(words)?;
        }
        if let Some(original) = &self.original {
            let original = original.trim();
            let says_more = !original.is_empty() && original != value.text;
            value.original = says_more.then(|| original.to_owned());
        }
        let property = known.and_then(|known| known.property(&self.property));
        if property.is_some_and(|p| p.type_ == PropertyType::Entity)
            && model.seen.get(&Id::from(value.text.as_str())).is_none()
        {
            let text = &value.text;
            return Err(format!(
                "“{text}” is not an entity of this case; choose one from the list."
            ));
        }
        Ok(value)
    }

    /// The action that states the value; none where nothing would change.
    fn action(
        &self,
        model: &Model,
        known: Option<&'static Schema>,
    ) -> Result<Option<Action>, String> {
        let value = self.value(model, known)?;
        let property = known.and_then(|known| known.property(&self.property));
        let (Some(old), Some(statement)) = (&self.old, self.statement) else {
            let op = Op::State { entity: self.entity.clone(), value: value.into() };
            return Ok(Some(Action::new(vec![op])));
        };
        let Typed { text, lang, original, .. } = &value;
        if (text, lang, original) == (&old.value.text, &old.value.lang, &old.value.original) {
            return Ok(None);
        }
        let keeps = self.keeps_sources(property, &value);
        let mut ops = vec![Op::Change { statement, value: value.into() }];
        if keeps {
            ops.extend(old.citations.iter().cloned().map(Op::Cite));
        }
        Ok(Some(Action::new(ops)))
    }

    /// Whether the new value is cited like the old one.
    fn keeps_sources(&self, property: Option<&Property>, value: &Typed) -> bool {
        let Some(old) = &self.old else { return false };
        // Only spelling or language differ: it is the same value still.
        let same = value.text == old.value.text;
        self.same_source
            .unwrap_or_else(|| same || typed::is_slip(property, &old.value.text, &value.text))
    }

    /// Draws the field, under a label, with what helps to fill it. Returns whether it stays open.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        theme: &Theme,
        requests: &mut Vec<Request>,
        label: &str,
    ) -> bool {
        let known = model.seen.get(&self.entity).and_then(|e| schema::schema(e.schema()));
        let property = known.and_then(|known| known.property(&self.property));
        let ready = self.know(model, requests);
        let escape = ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape));
        self.pick(model, property);
        if let Some(property) = property {
            let before = self.meant(model).to_owned();
            let mut text = before.clone();
            self.values.before(ui, model, property, &mut text, requests);
            if text != before {
                self.text = text;
            }
        }
        let mut save = self.field(ui, property, label);
        if self.values.list(ui, theme, &mut self.text) {
            self.refused = None;
        }
        self.pick(model, property);
        let value = self.value(model, known);
        self.verdict(ui, theme, property, &value);
        self.carried(ui, theme, property, value.as_ref().ok());
        ui.horizontal(|ui| {
            save |= ui.small_button("Save").clicked();
            if ui.small_button("Cancel").clicked() {
                self.text.clear();
                self.awaits = false;
                save = true;
            }
        });
        if escape || (save && self.text.trim().is_empty()) {
            return false;
        }
        self.awaits |= save;
        if !self.awaits || !ready {
            return true;
        }
        self.awaits = false;
        match self.action(model, known) {
            Ok(action) => {
                requests.extend(action.map(Request::Commit));
                false
            }
            Err(why) => {
                self.refuse(&why);
                true
            }
        }
    }

    /// The text field. Returns whether the text is to be saved.
    fn field(&mut self, ui: &mut Ui, property: Option<&Property>, label: &str) -> bool {
        let width = ui.available_width() - 8.0;
        let multiline = property.is_some_and(|p| matches!(p.type_, PropertyType::Text));
        let response = if multiline {
            let edit =
                egui::TextEdit::multiline(&mut self.text).desired_width(width).desired_rows(3);
            let response = ui.add(edit);
            response.widget_info(|| {
                egui::WidgetInfo::labeled(egui::Role::MultilineTextInput, true, label)
            });
            response
        } else {
            widgets::field(ui, &mut self.text, label, hint(property), width)
        };
        self.values.follow(ui, &response);
        if std::mem::take(&mut self.focus) {
            response.request_focus();
            response.scroll_to_me(None);
        }
        if response.changed() {
            self.refused = None;
        }
        let entered =
            ui.input(|i| i.key_pressed(Key::Enter) && (!multiline || i.modifiers.command));
        entered && (response.lost_focus() || response.has_focus())
    }

    /// Whether the text is a value of its type, said while it is typed.
    fn verdict(
        &self,
        ui: &mut Ui,
        theme: &Theme,
        property: Option<&Property>,
        value: &Result<Typed, String>,
    ) {
        if self.text.trim().is_empty() {
            return;
        }
        let (text, ink) = match value {
            // The case refused what is a value.
            Ok(_) if self.refused.is_some() => {
                (self.refused.clone().unwrap_or_default(), theme.alarm)
            }
            Err(why) => (self.refused.as_ref().unwrap_or(why).clone(), theme.alarm),
            Ok(_) if property.is_some_and(|p| p.type_ == PropertyType::Entity) => return,
            Ok(value) => match (&value.doubt, property) {
                (Some(doubt), _) => {
                    (format!("{doubt} The value is kept as written and marked."), theme.alarm)
                }
                (None, Some(property)) => match kept_as(property, value, self.text.trim()) {
                    Some(text) => (text, theme.good),
                    None => return,
                },
                (None, None) => return,
            },
        };
        ui.add_space(S4 / 2.0);
        ui.add(egui::Label::new(RichText::new(text).size(T11).color(ink)).wrap());
    }

    /// What the value carries besides its text: spelling, language, sources.
    fn carried(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        property: Option<&Property>,
        value: Option<&Typed>,
    ) {
        let small = |text: &str| RichText::new(text).size(T11).color(theme.weak);
        let written = self.original.clone().or_else(|| value.and_then(|v| v.original.clone()));
        if let Some(mut written) = written {
            ui.horizontal(|ui| {
                ui.label(small("As written"));
                let room = ui.available_width() - 8.0;
                let response = widgets::field(ui, &mut written, "As written", "", room);
                let tip = "The spelling of the source; leave empty to drop it";
                if response.on_hover_text(tip).changed() {
                    self.original = Some(written);
                }
            });
        }
        let worded = property.is_some_and(|p| {
            matches!(
                p.type_,
                PropertyType::Name
                    | PropertyType::Text
                    | PropertyType::String
                    | PropertyType::Address
            ) && p.choices().is_empty()
        });
        let lang = self.old.as_ref().and_then(|old| old.value.lang.as_deref());
        if worded || lang.is_some() || self.lang.is_some() {
            let mut text = self
                .lang
                .clone()
                .unwrap_or_else(|| lang.map(language_name).unwrap_or_default().to_owned());
            ui.horizontal(|ui| {
                ui.label(small("Language"));
                let response = widgets::field(ui, &mut text, "Language", "none", 110.0);
                let tip = "Name or three-letter code, such as Korean or kor; may stay empty";
                if response.on_hover_text(tip).changed() {
                    self.lang = Some(text);
                }
            });
        }
        if self.old.as_ref().is_some_and(|old| old.value.denied) {
            ui.label(RichText::new("The value stays denied.").size(T11).color(theme.denied));
        }
        let count = self.old.as_ref().map_or(0, |old| old.citations.len());
        if let Some(value) = value.filter(|_| count > 0)
            && self.old.as_ref().is_some_and(|old| old.value.text != value.text)
        {
            let mut on = self.keeps_sources(property, value);
            let what = citations(count);
            let box_ = ui.checkbox(&mut on, RichText::new("The same source says so").size(T11));
            if box_.changed() {
                self.same_source = Some(on);
            }
            let text = if on {
                format!("The {what} of the old value will support the new one too.")
            } else {
                format!("The new value will not be cited; the {what} stay with the old one.")
            };
            let tip = "Tick for a typing slip: the source already says the corrected value. Leave \
                       it off for another value, and cite where that comes from.";
            ui.add(egui::Label::new(small(&text)).wrap()).on_hover_text(tip);
            box_.on_hover_text(tip);
        }
    }
}

/// A draft in a box of its own over chart or table.
#[derive(Clone, Debug)]
pub struct ValueBox {
    draft: Draft,
    rect: Option<Rect>,
}

impl ValueBox {
    /// A box for a draft.
    pub fn new(draft: Draft) -> Self {
        Self { draft, rect: None }
    }

    /// Draws the box at a place within bounds. Returns whether it stays open. A click beside it
    /// saves, like in any table; text that is refused stays open and says why.
    pub fn ui(
        &mut self,
        ctx: &egui::Context,
        model: &Model,
        theme: &Theme,
        requests: &mut Vec<Request>,
        (at, bounds): (Pos2, Rect),
    ) -> bool {
        let Some(entity) = model.seen.get(&self.draft.entity) else { return false };
        let known = schema::schema(entity.schema());
        let property = known.and_then(|known| known.property(&self.draft.property));
        let what = property.map_or(self.draft.property.as_str(), |p| p.label.as_str());
        let label = format!("{what} of {}", model.name(&self.draft.entity));
        let size = self.rect.map_or([WIDTH + 26.0, 160.0].into(), |rect| rect.size());
        let most = (bounds.max - size).max(bounds.min);
        let at = at.clamp(bounds.min, most);
        let mut open = true;
        let area = Area::new(egui::Id::unique("value-box")).order(Order::Foreground).fixed_pos(at);
        let response = area.show(ctx, |ui| {
            Frame::popup(ui.style()).inner_margin(12).show(ui, |ui| {
                ui.set_width(WIDTH.min(bounds.width() - 26.0));
                let text = RichText::new(&label).size(T11).color(theme.weak);
                ui.add(egui::Label::new(text).truncate());
                open = self.draft.ui(ui, model, theme, requests, &label);
                let hint = "Enter saves · Esc cancels";
                ui.label(RichText::new(hint).size(T11).color(theme.weak));
            });
        });
        let rect = response.response.rect;
        let beside = ctx.input(|i| {
            i.pointer.any_pressed() && i.pointer.interact_pos().is_some_and(|p| !rect.contains(p))
        });
        if open && beside && self.rect.is_some() {
            self.draft.awaits = true;
            if self.draft.text.trim().is_empty() {
                return false;
            }
            ctx.request_repaint();
        }
        self.rect = Some(rect);
        open
    }
}

impl Refusable for ValueBox {
    fn refuse(&mut self, why: &str) {
        self.draft.refuse(why);
        self.rect = None;
    }
}

/// What is kept of a text that is spelled otherwise, or that its own check confirms.
fn kept_as(property: &Property, value: &Typed, text: &str) -> Option<String> {
    if let Some(name) = property.format.as_deref().and_then(identifier::name) {
        return Some(format!("{}  check holds: {name}", icon::CHECK));
    }
    (value.text != text)
        .then(|| format!("Will be stored as {}.", value::display(property, &value.text)))
}

/// A language's name by its code; the code itself where it is not known.
pub(super) fn language_name(code: &str) -> &str {
    schema::choice("language", code).unwrap_or(code)
}

/// A number of citations in words.
pub(super) fn citations(count: usize) -> String {
    format!("{count} {}", if count == 1 { "citation" } else { "citations" })
}

fn hint(property: Option<&Property>) -> &'static str {
    match property.map(|p| p.type_) {
        Some(PropertyType::Date) => "2016, 2016-08 or 2016-08-03",
        Some(PropertyType::Country) => "Name or code of a country",
        Some(PropertyType::Number) => "e.g. 1250000.50",
        Some(PropertyType::Url) => "https://",
        Some(PropertyType::Phone) => "+86 …",
        Some(PropertyType::Language) => "Name or code of a language",
        Some(PropertyType::Entity) => "Name of an entity",
        _ => "",
    }
}
