//! Documents: what they are, how far they can be relied on, what they look like, what they are
//! cited for, and what happened to them since they were acquired.

use std::collections::BTreeSet;

use egui::{
    Frame, Key, Label, Modifiers, Rect, RichText, ScrollArea, Sense, Stroke, StrokeKind,
    TextureHandle, Ui, Vec2,
};

use super::{
    file_facts,
    judgement::{self, Choice},
    scenes,
};
use crate::app::{
    command::{self, with_keys},
    editor,
    markdown::Markdown,
    model::{Model, Request, View},
    preview::{Preview, Previews},
    query::{Beginning, DetailsOf},
    sent::{Refusable, Sent},
    theme::{S4, S8, T11, T13, Theme, semibold},
    widgets::{self, empty_state, icon_button, primary_button, section, when},
};
use crate::{
    case::{Action, Cited, Judged, NewCitation, NewValue, Op},
    chart::icon::ui as icon,
    model::{
        Credibility, Evidence, Id, PropertyType, Reliability, StatementKey, Typed,
        entity::SCHEMA,
        schema,
        typed::{Refused, typed},
        value,
    },
};

/// Why a new value cannot be cited yet.
const UNFINISHED: &str = "Choose a property and type its value first.";

/// Narrower than this, in points, the panel has no room for three columns.
const THREE: f32 = 600.0;
/// What a row of the list of documents needs beside its title, in points.
const LIST_MARGIN: f32 = 40.0;
/// So many titles are measured, to find out whether they need a second line.
const MEASURED: usize = 200;
/// Lower than this, in points, the list of documents folds its heading.
const LOW: f32 = 240.0;

/// In less room than this, in points, the buttons of a document are icons, to stay on one row.
const TOOLS: f32 = 360.0;

/// The height of the buttons below the form that cites, in points.
const FOOT: f32 = 38.0;

/// The panel.
#[derive(Debug, Default)]
pub struct EvidencePanel {
    filter: String,
    previews: Previews,
    /// The characters selected in a text.
    chosen: Option<(usize, usize)>,
    /// The region drawn on an image: left, top, width, height as fractions.
    region: Option<[f32; 4]>,
    form: Form,
    /// A citation that the case has not answered yet.
    sent: Sent<Citing>,
    /// Whether the form that cites takes the keyboard as soon as it is drawn.
    takes_keys: bool,
    /// Its text fields, and whether one of them had the keyboard in the frame before.
    fields: (Vec<egui::Id>, bool),
    /// In a narrow panel: whether the details are shown instead of the document.
    facts: bool,
    was_citing: bool,
    /// A note in Markdown as it reads, and whether its source is shown instead.
    markdown: Markdown,
    as_written: bool,
}

/// What is typed for a citation.
#[derive(Debug)]
struct Form {
    /// What is cited: a statement of an entity, or a new value of it.
    target: Option<(Id, Option<StatementKey>)>,
    property: String,
    value: String,
    quote: String,
    page: String,
    credibility: Option<Credibility>,
    supports: bool,
    /// Whether Enter was pressed before the form was complete.
    tried: bool,
    /// Why the case refused the citation.
    refused: Option<String>,
}

/// What the form cites as it is filled in.
#[derive(Debug)]
struct Ready {
    entity: Id,
    /// The statement; `None` for a new value.
    target: Option<StatementKey>,
    /// The new value, once it is typed.
    stated: Option<Result<Typed, Refused>>,
    entered: bool,
}

/// What is cited where, and for what, until the case has answered.
#[derive(Debug)]
struct Citing {
    form: Form,
    chosen: Option<(usize, usize)>,
    region: Option<[f32; 4]>,
    entity: Id,
}

impl Refusable for Citing {
    fn refuse(&mut self, why: &str) {
        self.form.refused = Some(why.to_owned());
    }
}

impl Default for Form {
    fn default() -> Self {
        Self {
            target: None,
            property: String::new(),
            value: String::new(),
            quote: String::new(),
            page: String::new(),
            credibility: None,
            supports: true,
            tried: false,
            refused: None,
        }
    }
}

impl EvidencePanel {
    /// Draws the panel.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) {
        if model.evidence.is_empty() {
            self.takes_keys = false;
            let paste = command::keys(ui.ctx(), command::EVIDENCE_PASTE);
            let hint = format!(
                "Drop files on an entity or a line to attach and cite them there, or on the window to \
                 attach them only. Paste a text or an image with {paste}."
            );
            empty_state(ui, theme, icon::ATTACH_FILE, "No documents yet", &hint);
            ui.vertical_centered(|ui| {
                if model.read_only.is_none()
                    && primary_button(ui, theme, "Attach documents…").clicked()
                {
                    requests.push(Request::Run(command::EVIDENCE_ATTACH));
                }
            });
            return;
        }
        if view.document.as_ref().is_none_or(|id| !model.evidence.iter().any(|e| e.id == *id)) {
            view.document = model.evidence.last().map(|e| e.id.clone());
        }
        let width = ui.available_width();
        let height = ui.available_height();
        ui.horizontal_top(|ui| {
            let part = if width < THREE { 0.36 } else { 0.26 };
            let list = (width * part).clamp(150.0, 300.0);
            ui.allocate_ui([list, height].into(), |ui| {
                ui.set_width(list);
                ui.vertical(|ui| self.list(ui, model, view, theme, requests));
            });
            ui.separator();
            let side = (width * 0.34).clamp(220.0, 360.0);
            let middle = (width - list - side - 44.0).max(140.0);
            let Some(item) =
                view.document.clone().and_then(|id| model.evidence.iter().find(|e| e.id == id))
            else {
                return;
            };
            if width < THREE {
                // Room for one of the two: the document, or what is known of it.
                let rest = (width - list - 22.0).max(120.0);
                let citing =
                    view.cite_for.is_some() || self.chosen.is_some() || self.region.is_some();
                self.facts |= citing && !std::mem::replace(&mut self.was_citing, citing);
                self.was_citing = citing;
                ui.allocate_ui([rest, height].into(), |ui| {
                    ui.set_width(rest);
                    ui.vertical(|ui| {
                        ui.horizontal(|ui| {
                            ui.selectable_value(&mut self.facts, false, "Document");
                            ui.selectable_value(&mut self.facts, true, "Details and citing");
                        });
                        if self.facts {
                            self.side(ui, model, view, theme, requests, item);
                        } else {
                            self.preview(ui, model, view, theme, requests, item);
                        }
                    });
                });
                return;
            }
            ui.allocate_ui([middle, height].into(), |ui| {
                ui.set_width(middle);
                ui.vertical(|ui| self.preview(ui, model, view, theme, requests, item));
            });
            ui.separator();
            ui.allocate_ui([side, height].into(), |ui| {
                ui.set_width(side);
                ui.vertical(|ui| self.side(ui, model, view, theme, requests, item));
            });
        });
    }

    /// Opens the form once more whose citation the case refused; says whether there was one.
    pub fn refused(&mut self, view: &mut View, why: &str) -> bool {
        let mut again = None;
        if !self.sent.refused(&mut again, why) || view.cite_for.is_some() {
            return false;
        }
        let Some(citing) = again else { return false };
        (self.form, self.chosen, self.region) = (citing.form, citing.chosen, citing.region);
        view.cite_for = Some((citing.entity, None));
        self.take_keys();
        true
    }

    /// Forgets the citation that the case has taken in.
    pub fn taken(&mut self) {
        self.sent.taken();
    }

    /// Gives the keyboard to the form that cites, once it is drawn.
    pub(crate) fn take_keys(&mut self) {
        self.takes_keys = true;
        self.facts = true;
    }

    /// Whether the form is about to have the keyboard, so that keys are no commands.
    pub(crate) fn takes_keys(&self) -> bool {
        self.takes_keys
    }

    /// Leaves the form that cites; says whether it was open.
    pub(crate) fn leave_form(&mut self, view: &mut View) -> bool {
        let citing = view.cite_for.is_some() || self.chosen.is_some() || self.region.is_some();
        self.form = Form::default();
        self.chosen = None;
        self.region = None;
        view.cite_for = None;
        self.takes_keys = false;
        citing
    }

    /// What is known of a document, and the form that cites it.
    fn side(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
        item: &Evidence,
    ) {
        let citing = view.cite_for.is_some() || self.chosen.is_some() || self.region.is_some();
        // What cites stays in sight below what scrolls.
        let has_foot = citing && (model.read_only.is_none() || self.form.refused.is_some());
        let room = ui.available_height() - if has_foot { FOOT } else { 0.0 };
        let side = ScrollArea::vertical().id_salt(("evidence-side", citing));
        let side = side.auto_shrink([false, false]).max_height(room.max(40.0));
        let mut ready = None;
        widgets::scrolled(side, ui, |ui| {
            if citing {
                ready = self.cite(ui, model, view, theme, requests, item);
                ui.separator();
            }
            facts(ui, model, view, theme, requests, item);
        });
        if has_foot {
            self.foot(ui, view, theme, requests, (item, ready));
        }
    }

    fn list(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) {
        // In a low panel the filter stands beside the buttons, and the list gets the rest.
        let is_low = ui.available_height() < LOW;
        ui.horizontal(|ui| {
            if !is_low {
                widgets::title(ui, "Documents");
            }
            let buttons = if model.read_only.is_none() { 72.0 } else { 0.0 };
            if is_low {
                let room = (ui.available_width() - buttons - 8.0).max(60.0);
                widgets::field(ui, &mut self.filter, "Filter documents", "Filter", room);
            }
            if model.read_only.is_none() {
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    if icon_button(
                        ui,
                        theme,
                        icon::CONTENT_PASTE,
                        &with_keys(ui.ctx(), "Paste as document", command::EVIDENCE_PASTE),
                    )
                    .clicked()
                    {
                        requests.push(Request::Run(command::EVIDENCE_PASTE));
                    }
                    let words = with_keys(ui.ctx(), "Attach documents…", command::EVIDENCE_ATTACH);
                    if icon_button(ui, theme, icon::ADD, &words).clicked() {
                        requests.push(Request::Run(command::EVIDENCE_ATTACH));
                    }
                });
            }
        });
        if !is_low {
            let room = ui.available_width() - 8.0;
            widgets::field(ui, &mut self.filter, "Filter documents", "Filter", room);
        }
        let wanted = self.filter.trim().to_lowercase();
        let fits = |e: &&Evidence| {
            let texts = [Some(&e.caption), Some(&e.file_name), e.origin.as_ref()];
            let holds = |text: &str| text.to_lowercase().contains(&wanted);
            texts.into_iter().flatten().any(|text| holds(text))
                || published(model, e).is_some_and(holds)
        };
        let items: Vec<&Evidence> = model.evidence.iter().rev().filter(fits).collect();
        if items.is_empty() {
            let text = "No document fits this filter. Clear it to see all.";
            ui.add(Label::new(RichText::new(text).size(T11).color(theme.weak)).wrap());
        }
        let cited = cited_here(model, view);
        let marking = model.settings.get("marking").map_or("", |marking| marking.trim());
        ui.spacing_mut().item_spacing.y = 2.0;
        let regular = crate::chart::font::Weight::Regular;
        let room = ui.available_width() - LIST_MARGIN;
        let fits = |item: &&&Evidence| {
            crate::chart::font::width(unmarked(&item.caption, marking), T13, regular) <= room
        };
        let is_low = items.iter().take(MEASURED).filter(fits).count() == items.len().min(MEASURED);
        let height = if is_low { 38.0 } else { 54.0 };
        ScrollArea::vertical().id_salt("evidence-list").auto_shrink([false, false]).show_rows(
            ui,
            height,
            items.len(),
            |ui, rows| {
                for item in &items[rows] {
                    let open = view.document.as_ref() == Some(&item.id);
                    let (rect, response) = ui.allocate_exact_size(
                        Vec2::new(ui.available_width(), height),
                        Sense::click(),
                    );
                    let fill = match (open, response.hovered()) {
                        (true, _) => theme.selected,
                        (false, true) => theme.hover,
                        _ => theme.panel,
                    };
                    ui.painter().rect_filled(rect, 6.0, fill);
                    let is_cited = cited.contains(&&item.id);
                    let mut spoken = format!("Document {}", item.caption);
                    let already = is_cited.then_some("cited already");
                    for word in item.gone().into_iter().chain(already) {
                        spoken = format!("{spoken}, {word}");
                    }
                    widgets::named(&response, &spoken, Some(open), true);
                    let inner = rect.shrink2(Vec2::new(8.0, 2.0));
                    let name = crate::chart::text::title(
                        unmarked(&item.caption, marking),
                        T13,
                        regular,
                        inner.width() - 24.0,
                    );
                    let ink = if item.live { theme.text } else { theme.weak };
                    ui.painter().text(
                        inner.left_top(),
                        egui::Align2::LEFT_TOP,
                        name.join("\n"),
                        egui::FontId::proportional(T13),
                        ink,
                    );
                    let line = about(model, item);
                    let line =
                        if is_cited { format!("{}  cited · {line}", icon::CHECK) } else { line };
                    let line = crate::chart::text::cut(&line, T11, regular, inner.width() - 24.0);
                    ui.painter().text(
                        inner.left_bottom(),
                        egui::Align2::LEFT_BOTTOM,
                        &line,
                        egui::FontId::proportional(T11),
                        theme.weak,
                    );
                    let grade = item.reliability.map_or("–", Reliability::code);
                    let all = item.judged.map_or("", Credibility::code);
                    let grade = format!("{grade}{all}");
                    let source = item.reliability.map_or("not judged yet", Reliability::words);
                    let mut tip =
                        format!("{}\n{}\nSource: {source}", item.caption, about(model, item));
                    if let Some(judged) = item.judged {
                        tip = format!("{tip}\nAll that was read from it: {}", judged.words());
                    }
                    ui.painter().text(
                        inner.right_center(),
                        egui::Align2::RIGHT_CENTER,
                        grade,
                        semibold(T13),
                        theme.text,
                    );
                    if response.on_hover_text(tip).clicked() {
                        view.document = Some(item.id.clone());
                        self.chosen = None;
                        self.region = None;
                    }
                }
            },
        );
    }

    fn preview(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
        item: &Evidence,
    ) {
        ui.add(Label::new(RichText::new(&item.caption).font(semibold(T13))).truncate());
        let beginning = Beginning(item.id.clone());
        let held = model.answers.latest::<Beginning>(&()).filter(|held| held.query == beginning);
        let bytes = match held.map(|held| &held.answer) {
            Some(Ok(bytes)) => bytes,
            Some(Err(why)) => {
                ui.add_space(S8);
                ui.add(Label::new(RichText::new(why).color(theme.weak)).wrap());
                if ui.button("Read again").clicked() {
                    requests.push(Request::query(beginning));
                }
                return;
            }
            None => {
                requests.push(Request::query(beginning));
                reading(ui, theme);
                return;
            }
        };
        let (preview, is_new) = self.previews.of(ui.ctx(), item, bytes);
        if is_new {
            self.chosen = None;
            self.region = None;
        }
        // A place is cited by its characters, so what is cited is shown as it is written.
        let is_note = item.mime == "text/markdown" && matches!(preview, Preview::Text(_));
        if is_note {
            ui.horizontal(|ui| {
                ui.selectable_value(&mut self.as_written, false, "Formatted");
                let tip = "Select words here to cite them";
                ui.selectable_value(&mut self.as_written, true, "As written").on_hover_text(tip);
            });
        }
        let formatted = is_note && !self.as_written;
        let markdown = &mut self.markdown;
        let mut followed = None;
        let (chosen, region, form) = (&mut self.chosen, &mut self.region, &mut self.form);
        // All that is shown is as wide as the panel, so nothing scrolls sideways.
        ScrollArea::vertical().id_salt(("preview", &item.id)).auto_shrink([false, false]).show(
            ui,
            |ui| match preview {
                Preview::Coming => reading(ui, theme),
                Preview::Text(text) if formatted => followed = markdown.ui(ui, text),
                Preview::Text(text) => show_text(ui, text, chosen, form),
                Preview::Image(texture) => show_image(ui, theme, texture, region),
                Preview::Nothing(why) => {
                    empty_state(ui, theme, icon::DESCRIPTION, "No preview", why);
                }
            },
        );
        if let Some(target) = followed {
            scenes::follow(ui.ctx(), model, view, requests, &target);
        }
    }

    /// Whether a preview is being made.
    pub(crate) fn is_busy(&self) -> bool {
        self.previews.is_coming()
    }

    /// The form that cites the shown document; returns what can be cited as it is filled in.
    fn cite(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
        item: &Evidence,
    ) -> Option<Ready> {
        let had_keys = std::mem::take(&mut self.fields.1);
        // What was refused stays, also where nothing can be changed any more.
        if model.read_only.is_some() && self.form.refused.is_none() {
            self.takes_keys = false;
            return None;
        }
        if had_keys && ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape)) {
            self.leave_form(view);
            return None;
        }
        let typing = self.fields.0.iter().any(|id| ui.memory(|m| m.has_focus(*id)));
        // With Shift it is the end of a line of the quote.
        let entered = typing
            && ui.input_mut(|i| !i.modifiers.shift && i.consume_key(Modifiers::NONE, Key::Enter));
        let subject =
            view.cite_for.clone().or_else(|| view.selection.first().map(|id| (id.clone(), None)));
        section(ui, theme, "CITE THIS DOCUMENT");
        let Some((entity, statement)) = subject.filter(|(id, _)| model.seen.get(id).is_some())
        else {
            ui.label(
                RichText::new("Select the entity or line that this document speaks of.")
                    .color(theme.weak),
            );
            self.takes_keys = false;
            return None;
        };
        let details = model.ask(&DetailsOf::seen(model, entity.clone()), requests)?;
        ui.label(RichText::new("for").size(T11).color(theme.weak));
        if let Some((from, to)) = model.seen.get(&entity).and_then(|link| model.seen.ends(link)) {
            widgets::from_to(ui, theme, from.caption(), to.caption());
        } else {
            let name = RichText::new(model.name(&entity)).font(semibold(T13));
            ui.add(Label::new(name).wrap());
        }
        let known = model.seen.get(&entity).and_then(|e| schema::schema(e.schema()));
        let live: Vec<_> = details.statements.iter().filter(|s| s.live).collect();
        let words = |s: &crate::case::StatementInfo| {
            let is_cited = s.citations.iter().any(|c| c.live && c.evidence == item.id);
            let mark = if is_cited { format!("{} ", icon::CHECK) } else { String::new() };
            if s.property == SCHEMA {
                let word = if s.denied { "Denied" } else { "Asserted" };
                return format!("{mark}{word}, as a whole");
            }
            let property = known.and_then(|k| k.property(&s.property));
            let label = property.map_or(s.property.as_str(), |p| p.label.as_str());
            let shown = match property {
                Some(p) if p.type_ == PropertyType::Entity => {
                    model.name(&Id::from(s.value.as_str()))
                }
                Some(p) => value::display_written(p, &s.value, s.original.as_deref()),
                None => s.value.clone(),
            };
            let not = if s.denied { "not " } else { "" };
            format!("{mark}{label}: {not}{shown}")
        };
        let already = details
            .statements
            .iter()
            .filter(|s| s.live)
            .flat_map(|s| &s.citations)
            .filter(|c| c.live && c.evidence == item.id)
            .count();
        if already > 0 {
            let text = format!(
                "{} This document has {} here already; what they are for is ticked below.",
                icon::CHECK,
                editor::citations(already)
            );
            ui.add(Label::new(RichText::new(text).size(T11).color(theme.weak)).wrap());
        }
        let form = &mut self.form;
        if form.target.as_ref().is_none_or(|(id, key)| {
            *id != entity || key.is_some_and(|key| !live.iter().any(|s| s.key == key))
        }) || statement.is_some()
        {
            let first =
                statement.or_else(|| live.iter().find(|s| s.property == SCHEMA).map(|s| s.key));
            form.target = Some((entity.clone(), first));
            if statement.is_some() {
                view.cite_for = Some((entity.clone(), None));
            }
        }
        let target = form.target.as_ref().and_then(|(_, key)| *key);
        let shown = live
            .iter()
            .find(|s| Some(s.key) == target)
            .map_or_else(|| "a new value".to_owned(), |s| words(s));
        let combo = egui::ComboBox::from_id_salt("cited-statement")
            .selected_text(&shown)
            .width(ui.available_width() - 8.0)
            .truncate()
            .show_ui(ui, |ui| {
                for statement in &live {
                    if ui
                        .selectable_label(Some(statement.key) == target, words(statement))
                        .clicked()
                    {
                        form.target = Some((entity.clone(), Some(statement.key)));
                    }
                }
                if ui
                    .selectable_label(target.is_none(), "a new value, stated from this document")
                    .clicked()
                {
                    form.target = Some((entity.clone(), None));
                }
            });
        widgets::named_choice(&combo.response, "Statement to cite for", &shown);
        let room = ui.available_width() - 8.0;
        let mut fields = Vec::new();
        if target.is_none() {
            let offered = known
                .into_iter()
                .flat_map(schema::Schema::properties)
                .filter(|p| !p.hidden && !p.deprecated)
                .filter(|p| !file_facts::is_fact(model, &entity, &p.name));
            let label = known
                .and_then(|s| s.property(&form.property))
                .map_or("Choose a property", |p| p.label.as_str());
            let combo = egui::ComboBox::from_id_salt("cited-property")
                .selected_text(label)
                .width(room)
                .height(280.0)
                .show_ui(ui, |ui| {
                    for property in offered {
                        ui.selectable_value(
                            &mut form.property,
                            property.name.clone(),
                            &property.label,
                        );
                    }
                });
            widgets::named_choice(&combo.response, "Property to state", label);
            let hint = "The value, as the document gives it";
            fields.push(widgets::field(ui, &mut form.value, "Value", hint, room));
        }
        let stated =
            (target.is_none() && !form.property.is_empty() && !form.value.trim().is_empty())
                .then(|| typed(known, &form.property, &form.value, None));
        let problem = match &stated {
            Some(Err(refused)) => Some(refused.to_string()),
            Some(Ok(value)) => value.doubt.as_ref().map(ToString::to_string),
            None => None,
        };
        if let Some(problem) = &problem {
            ui.add(Label::new(RichText::new(problem).size(T11).color(theme.alarm)).wrap());
        }
        let hint = "Page, sheet or time";
        fields.push(widgets::field(ui, &mut form.page, "Page or place", hint, room));
        let quote = egui::TextEdit::multiline(&mut form.quote)
            .desired_rows(2)
            .desired_width(room)
            .return_key(egui::KeyboardShortcut::new(Modifiers::SHIFT, Key::Enter))
            .hint_text("The words of the source");
        let response = ui.add(quote);
        let content = form.quote.clone();
        response.widget_info(|| {
            let mut info = egui::WidgetInfo::labeled(egui::Role::MultilineTextInput, true, "Quote");
            info.current_text_value = Some(content.clone());
            info
        });
        fields.push(response);
        if std::mem::take(&mut self.takes_keys)
            && let Some(first) = fields.first()
        {
            first.request_focus();
            first.scroll_to_me(None);
        }
        if fields.iter().any(egui::Response::changed) {
            form.refused = None;
        }
        let typing = fields.iter().any(egui::Response::has_focus);
        self.fields = (fields.iter().map(|field| field.id).collect(), typing);
        if self.region.is_some() {
            ui.label(
                RichText::new("The region drawn on the image is cited.")
                    .size(T11)
                    .color(theme.weak),
            );
        }
        ui.horizontal(|ui| {
            ui.selectable_value(&mut form.supports, true, "supports");
            ui.selectable_value(&mut form.supports, false, "contradicts");
        });
        ui.label(
            RichText::new("How far can this information be believed?").size(T11).color(theme.weak),
        );
        ui.horizontal_wrapped(|ui| {
            if let Some(Choice(credibility)) =
                judgement::steps(ui, "This citation", form.credibility, true)
            {
                form.credibility = credibility;
            }
            ui.label(
                RichText::new(form.credibility.map_or("not judged yet", Credibility::words))
                    .size(T11)
                    .color(theme.weak),
            );
        });
        ui.add_space(S4);
        let new_value = target.is_none();
        let incomplete = new_value && !matches!(stated, Some(Ok(_)));
        form.tried |= entered && incomplete;
        if form.tried && stated.is_none() && incomplete {
            let text = RichText::new(UNFINISHED).size(T11).color(theme.alarm);
            ui.add(Label::new(text).wrap());
        }
        if let Some(why) = &form.refused {
            ui.add(Label::new(RichText::new(why).size(T11).color(theme.alarm)).wrap());
        }
        let hint = "Enter cites · Shift+Enter ends a line of the quote · Esc closes";
        ui.add(Label::new(RichText::new(hint).size(T11).color(theme.weak)).wrap());
        Some(Ready { entity, target, stated, entered })
    }

    /// The buttons below the form.
    fn foot(
        &mut self,
        ui: &mut Ui,
        view: &mut View,
        theme: &Theme,
        requests: &mut Vec<Request>,
        (item, ready): (&Evidence, Option<Ready>),
    ) {
        ui.add_space(S4);
        ui.horizontal(|ui| {
            if let Some(ready) = ready {
                let incomplete = ready.target.is_none() && !matches!(ready.stated, Some(Ok(_)));
                let response =
                    ui.add_enabled_ui(!incomplete, |ui| primary_button(ui, theme, "Cite")).inner;
                let why = match &ready.stated {
                    Some(Err(refused)) => refused.to_string(),
                    _ => UNFINISHED.to_owned(),
                };
                let response = response.on_disabled_hover_text(why);
                if response.clicked() || (ready.entered && !incomplete) {
                    self.commit(requests, item, ready);
                    view.cite_for = None;
                }
            }
            if ui.button("Cancel").clicked() {
                self.leave_form(view);
            }
        });
    }

    /// Asks the case for the citation.
    fn commit(&mut self, requests: &mut Vec<Request>, item: &Evidence, ready: Ready) {
        let Ready { entity, target, stated, .. } = ready;
        let form = &mut self.form;
        let citation = NewCitation {
            statement: target.map_or(Cited::Nth(0), Cited::Statement),
            evidence: item.id.clone(),
            supports: form.supports,
            credibility: form.credibility,
            page: Some(form.page.trim().to_owned()).filter(|t| !t.is_empty()),
            quote: Some(form.quote.trim().to_owned()).filter(|t| !t.is_empty()),
            range: self.chosen.map(|(a, b)| (a as u32, b as u32)),
            region: self.region,
        };
        let mut ops = Vec::new();
        if let Some(Ok(value)) = stated {
            ops.push(Op::State { entity: entity.clone(), value: value.into() });
        }
        ops.push(Op::Cite(citation));
        requests.push(Request::Commit(Action::new(ops)));
        self.sent.put(Citing {
            form: std::mem::take(form),
            chosen: self.chosen.take(),
            region: self.region.take(),
            entity,
        });
    }
}

fn reading(ui: &mut Ui, theme: &Theme) {
    ui.horizontal(|ui| {
        ui.spinner();
        ui.label(RichText::new("Reading the document…").color(theme.weak));
    });
}

fn show_text(ui: &mut Ui, text: &str, chosen: &mut Option<(usize, usize)>, form: &mut Form) {
    // A text field that gives back every change can be selected from, but not changed.
    let mut shown = text;
    let edit = egui::TextEdit::multiline(&mut shown)
        .desired_width(ui.available_width())
        .frame(Frame::NONE);
    let output = edit.show(ui);
    output.response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::Document, true, "Text of the document")
    });
    if let Some(range) = output.cursor_range {
        let range = range.as_sorted_char_range();
        if range.start < range.end {
            let (start, end): (usize, usize) = (range.start.into(), range.end.into());
            if *chosen != Some((start, end)) {
                *chosen = Some((start, end));
                form.quote = text
                    .chars()
                    .skip(start)
                    .take(end - start)
                    .collect::<String>()
                    .trim()
                    .to_owned();
            }
        }
    }
}

fn show_image(ui: &mut Ui, theme: &Theme, texture: &TextureHandle, region: &mut Option<[f32; 4]>) {
    let size = texture.size_vec2();
    let scale = (ui.available_width() / size.x).min(1.5);
    let (rect, response) = ui.allocate_exact_size(size * scale, Sense::click_and_drag());
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::Image, true, "Image of the document")
    });
    let uv = Rect::from_min_max(egui::Pos2::ZERO, egui::Pos2::new(1.0, 1.0));
    ui.painter().image(texture.id(), rect, uv, egui::Color32::WHITE);
    let (origin, pointer) = ui.input(|i| (i.pointer.press_origin(), i.pointer.interact_pos()));
    if response.dragged()
        && let (Some(a), Some(b)) = (origin, pointer)
    {
        let drawn = Rect::from_two_pos(a, b).intersect(rect);
        let part = |v: Vec2| Vec2::new(v.x / rect.width(), v.y / rect.height());
        let (at, size) = (part(drawn.min - rect.min), part(drawn.size()));
        *region = (size.x > 0.005 && size.y > 0.005).then_some([at.x, at.y, size.x, size.y]);
    }
    if response.clicked() {
        *region = None;
    }
    if let Some([x, y, w, h]) = region {
        let min = rect.min + Vec2::new(*x, *y) * rect.size();
        let marked = Rect::from_min_size(min, Vec2::new(*w, *h) * rect.size());
        ui.painter().rect_stroke(marked, 2.0, Stroke::new(2.0, theme.accent), StrokeKind::Outside);
    }
    response.on_hover_text("Draw a rectangle to cite a region");
}

/// Grade, provenance and custody of a document.
fn facts(
    ui: &mut Ui,
    model: &Model,
    view: &mut View,
    theme: &Theme,
    requests: &mut Vec<Request>,
    item: &Evidence,
) {
    let writable = model.read_only.is_none() && item.live;
    let folded = ui.available_width() < TOOLS;
    ui.horizontal_wrapped(|ui| {
        let cites = writable && view.cite_for.is_none();
        if cites && ui.button(widgets::with_icon(icon::FORMAT_QUOTE, "Cite…")).clicked() {
            view.cite_for = view.selection.first().map(|id| (id.clone(), None));
            requests.push(if view.cite_for.is_some() {
                Request::ShowEvidence
            } else {
                Request::Say(
                    "Select the entity or line that the document speaks of, then cite.".into(),
                )
            });
        }
        if widgets::tool(ui, theme, icon::OPEN_IN_NEW, "Open", folded)
            .on_hover_text("Open a verified copy with the system's program")
            .clicked()
        {
            requests.push(Request::OpenEvidence(item.id.clone()));
        }
        if widgets::tool(ui, theme, icon::DOWNLOAD, "Export…", folded)
            .on_hover_text("Write the original to a file, verified on the way")
            .clicked()
        {
            requests.push(Request::AskExportEvidence(item.id.clone()));
        }
        let read = writable && item.method == "imported" && model.evidence.len() > 1;
        if read
            && widgets::tool(ui, theme, icon::HISTORY, "Edition of…", folded)
                .on_hover_text("Make the document a newer or older edition of another one")
                .clicked()
        {
            requests.push(Request::AskEdition(item.id.clone()));
        }
        if writable && widgets::tool(ui, theme, icon::DELETE, "Withdraw", folded).clicked() {
            requests.push(Request::WithdrawEvidence(item.id.clone()));
        }
        if !item.live && model.read_only.is_none() && ui.button("Restore").clicked() {
            requests.push(Request::Commit(Action::new(vec![Op::RestoreEntity(item.id.clone())])));
        }
    });
    if item.live {
        section(ui, theme, "AS IF WITHDRAWN");
        ui.horizontal_wrapped(|ui| as_if(ui, model, requests, item));
    }
    section(ui, theme, "SOURCE RELIABILITY");
    ui.horizontal_wrapped(|ui| {
        // Six of them stand in one row of the narrowest panel.
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.set_enabled_or(writable);
        for step in Reliability::ALL {
            let on = item.reliability == Some(step);
            let response = ui.selectable_label(on, step.code());
            widgets::named(
                &response,
                &format!("Reliability {}: {}", step.code(), step.words()),
                Some(on),
                writable,
            );
            // The second click of two that were meant for a button which was here before is none.
            let response = response.on_hover_text(step.words());
            if response.clicked() && !response.double_clicked() && !on {
                grade(model, requests, item, step);
            }
        }
    });
    let judged = item.reliability.map_or("not judged yet", Reliability::words);
    ui.label(RichText::new(judged).size(T11).color(theme.weak));
    section(ui, theme, "CREDIBILITY OF ALL THAT WAS READ FROM IT");
    ui.horizontal_wrapped(|ui| {
        // Six of them stand in one row of the narrowest panel.
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.set_enabled_or(writable);
        if let Some(credibility) = judgement::steps(ui, "All that was read", item.judged, writable)
        {
            let what = Judged::Document(item.id.clone());
            requests.push(judgement::request(what, credibility));
        }
    });
    let judged = item.judged.map_or("not judged as a whole", Credibility::words);
    ui.label(RichText::new(judged).size(T11).color(theme.weak));
    section(ui, theme, "PROVENANCE");
    let mut fact = |what: &str, text: &str| {
        ui.horizontal_top(|ui| {
            let column = egui::Layout::left_to_right(egui::Align::Center);
            ui.allocate_ui_with_layout([92.0, 16.0].into(), column, |ui| {
                ui.set_min_width(92.0);
                ui.label(RichText::new(what).size(T11).color(theme.weak));
            });
            ui.add(Label::new(RichText::new(text).size(T11)).wrap());
        });
    };
    fact("Publisher", item.origin.as_deref().unwrap_or("not stated"));
    if let Some(entity) = model.seen.get(&item.id) {
        for (what, property) in [("Web address", "sourceUrl"), ("Published", "publishedAt")] {
            if let Some(text) = entity.first(property) {
                fact(what, text);
            }
        }
    }
    file_facts::ui(ui, model, theme, requests, item);
    ui.add_space(S4);
    if ui.button("Show statements of this document").clicked() {
        view.selection = BTreeSet::from([item.id.clone()]);
    }
    cited_for(ui, model, view, theme, item);
    ui.add_space(S8);
}

/// Switches that show the case as if a document, or all of its source, were withdrawn.
fn as_if(ui: &mut Ui, model: &Model, requests: &mut Vec<Request>, item: &Evidence) {
    let can = model.coming.is_none();
    let why = "The case is still being read.";
    let lens = model.wanted_lens();
    let on = lens.evidence.contains(&item.id);
    let text = widgets::with_icon(icon::HIDE_SOURCE, "This document");
    let one = ui.add_enabled(can, egui::Button::new(text).selected(on));
    widgets::named(&one, "As if this document were withdrawn", Some(on), can);
    let one = one.on_hover_text("Show the case without this document; nothing is written");
    if one.on_disabled_hover_text(why).clicked() {
        requests.push(Request::LookThrough(lens.toggle_evidence(&item.id)));
    }
    let Some(source) = &item.origin else { return };
    let others = |other: &&Evidence| other.live && other.origin.as_ref() == Some(source);
    if model.evidence.iter().filter(others).nth(1).is_none() {
        return;
    }
    let on = lens.sources.contains(source);
    let all = ui.add_enabled(can, egui::Button::new("All of its source").selected(on));
    widgets::named(&all, "As if all documents of its source were withdrawn", Some(on), can);
    let all = all.on_hover_text(format!("Show the case without anything from “{source}”"));
    if all.on_disabled_hover_text(why).clicked() {
        requests.push(Request::LookThrough(lens.toggle_source(source)));
    }
}

/// A title without the marking of the case in brackets at its end, which the window shows already.
fn unmarked<'a>(title: &'a str, marking: &str) -> &'a str {
    let bare = title.trim_end().strip_suffix(')').and_then(|title| title.strip_suffix(marking));
    let bare = bare.and_then(|title| title.strip_suffix('(')).map(str::trim_end);
    bare.filter(|bare| !marking.is_empty() && !bare.is_empty()).unwrap_or(title)
}

/// When a document was published, as far as that is stated.
fn published<'a>(model: &'a Model, item: &Evidence) -> Option<&'a str> {
    let entity = model.seen.get(&item.id)?;
    ["publishedAt", "date", "authoredAt"].iter().find_map(|name| entity.first(name))
}

/// The publisher and the date of a document; when it was acquired, where it has neither.
fn about(model: &Model, item: &Evidence) -> String {
    if let Some(gone) = item.gone() {
        return gone.to_owned();
    }
    let parts = [item.origin.as_deref(), published(model, item)];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        return format!("acquired {}", when(item.acquired_at));
    }
    parts.join(" · ")
}

/// The documents that are cited already for what is being cited, or for what is selected.
fn cited_here<'a>(model: &'a Model, view: &View) -> BTreeSet<&'a Id> {
    let selected = || view.selection.first().map(|id| (id.clone(), None));
    let Some((entity, statement)) = view.cite_for.clone().or_else(selected) else {
        return BTreeSet::new();
    };
    let details = model.answer(&DetailsOf::seen(model, entity));
    let statements = details.map_or(&[][..], |details| &details.statements);
    let wanted = statements.iter().filter(|s| s.live && statement.is_none_or(|key| key == s.key));
    wanted.flat_map(|s| &s.citations).filter(|c| c.live).map(|c| &c.evidence).collect()
}

trait EnabledOr {
    fn set_enabled_or(&mut self, enabled: bool);
}

impl EnabledOr for Ui {
    /// Greys out what follows where it cannot be used.
    fn set_enabled_or(&mut self, enabled: bool) {
        if !enabled {
            self.disable();
        }
    }
}

fn grade(model: &Model, requests: &mut Vec<Request>, item: &Evidence, step: Reliability) {
    let value = NewValue::new("reliability", step.code());
    let before = model
        .seen
        .get(&item.id)
        .and_then(|e| e.values().rev().find(|v| v.property == "reliability" && !v.denied));
    let op = match before {
        Some(before) => Op::Change { statement: before.statement, value },
        None => Op::State { entity: item.id.clone(), value },
    };
    requests.push(Request::Commit(Action::new(vec![op])));
}

/// What is known to be cited from the document among what has been looked at.
fn cited_for(ui: &mut Ui, model: &Model, view: &mut View, theme: &Theme, item: &Evidence) {
    let mut cited: Vec<&Id> = model
        .answers
        .all::<DetailsOf>()
        .filter_map(|held| held.answer.as_ref().ok())
        .filter(|d| {
            d.statements
                .iter()
                .any(|s| s.live && s.citations.iter().any(|c| c.live && c.evidence == item.id))
        })
        .map(|d| &d.entity)
        .collect();
    cited.sort();
    if cited.is_empty() {
        return;
    }
    section(ui, theme, "CITED FOR (AMONG OPENED ENTITIES)");
    for id in cited {
        if widgets::quiet_button(ui, RichText::new(model.name(id)).size(T11)).clicked() {
            view.selection = BTreeSet::from([id.clone()]);
            view.reveal = Some(id.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_listed_without_the_marking_of_the_case() {
        let bare = |title| unmarked(title, "FICTIONAL – TRAINING");
        assert_eq!(bare("An anonymous tip (FICTIONAL – TRAINING)"), "An anonymous tip");
        for kept in ["An anonymous tip (copy)", "(FICTIONAL – TRAINING)", "FICTIONAL – TRAINING"]
        {
            assert_eq!(bare(kept), kept);
        }
        assert_eq!(unmarked("A letter ()", ""), "A letter ()");
    }
}
