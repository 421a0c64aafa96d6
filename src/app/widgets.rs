//! The few building blocks that every panel uses, so that all look and speak alike.

use egui::{
    Align2, Button, Color32, Frame, Margin, Response, RichText, ScrollArea, Sense, Stroke, Ui, Vec2,
};

use super::theme::{S4, S8, S16, T11, T13, T16, Theme, color, icons, semibold};
use crate::{
    chart::{font::Weight, icon, style::Group, text},
    model::{Strength, schema},
};

/// The height of a row of a table or list, in points.
pub(crate) const ROW: f32 = 28.0;
/// How opaque the hint in a field is beside text that matters less: it must not look like a value.
const HINT: f32 = 0.72;
/// Narrower than this, in points, the toolbar of a drawer shows icons instead of words.
pub(crate) const ICONS: f32 = 560.0;

/// Draws something that scrolls, also to what Tab reaches in it.
pub(crate) fn scrolled<R>(area: ScrollArea, ui: &mut Ui, draw: impl FnOnce(&mut Ui) -> R) -> R {
    let draw = |ui: &mut Ui| {
        let drawn = draw(ui);
        follow_focus(ui);
        drawn
    };
    area.show(ui, draw).inner
}

/// Scrolls to what Tab gave the keyboard to, if it is in here. Nothing moves under a pointer.
fn follow_focus(ui: &Ui) {
    if !ui.input(|i| i.key_pressed(egui::Key::Tab)) {
        return;
    }
    let focused = ui.memory(egui::Memory::focused);
    let response = focused.and_then(|id| ui.ctx().read_response(id)).filter(Response::gained_focus);
    let Some(response) = response else { return };
    // What is out of sight has no place on screen; what has one elsewhere is of another panel.
    let is_elsewhere = response.interact_rect.is_positive()
        && !ui.clip_rect().expand(1.0).contains_rect(response.interact_rect);
    if response.layer_id == ui.layer_id()
        && ui.min_rect().intersects(response.rect)
        && !is_elsewhere
    {
        ui.scroll_to_rect(response.rect.expand(S4), None);
    }
}

/// A square button with an icon; `label` is its tooltip and its name for a screen reader.
pub(crate) fn icon_button(ui: &mut Ui, theme: &Theme, icon: char, label: &str) -> Response {
    icon_toggle(ui, theme, icon, label, false)
}

/// A small cross at the right end of a row, which leaves a box; whether it was clicked.
pub(crate) fn leave_button(ui: &mut Ui, theme: &Theme) -> bool {
    let row = egui::Layout::right_to_left(egui::Align::Center);
    ui.with_layout(row, |ui| icon_button(ui, theme, icon::ui::CLOSE, "Leave (Esc)").clicked()).inner
}

/// The width and height of an icon button, in points.
pub(crate) const ICON_BUTTON: f32 = 28.0;

/// An icon button that shows whether what it stands for is on.
pub(crate) fn icon_toggle(
    ui: &mut Ui,
    theme: &Theme,
    icon: char,
    label: &str,
    on: bool,
) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(ICON_BUTTON), Sense::click());
    let enabled = ui.is_enabled();
    if ui.is_rect_visible(rect) {
        let fill = match (on, response.hovered() && enabled) {
            (true, _) => theme.selected,
            (false, true) => theme.hover,
            (false, false) => Color32::TRANSPARENT,
        };
        ui.painter().rect_filled(rect, 6.0, fill);
        if response.has_focus() {
            ui.painter().rect_stroke(
                rect,
                6.0,
                Stroke::new(1.5, theme.accent),
                egui::StrokeKind::Inside,
            );
        }
        let ink = match (on, enabled) {
            (true, _) => theme.accent,
            (false, true) => theme.text,
            (false, false) => theme.weak.gamma_multiply(0.6),
        };
        ui.painter().text(rect.center(), Align2::CENTER_CENTER, icon, icons(18.0), ink);
    }
    named(&response, label, Some(on), enabled);
    response.on_hover_text(label)
}

/// Gives a response the name that a screen reader and a test know it by.
pub fn named(response: &Response, label: &str, on: Option<bool>, enabled: bool) {
    response.widget_info(|| match on {
        Some(true) => egui::WidgetInfo::selected(egui::Role::Button, enabled, true, label),
        _ => egui::WidgetInfo::labeled(egui::Role::Button, enabled, label),
    });
}

/// Gives a box that folds out a name for a screen reader, beside what is chosen in it.
pub(crate) fn named_choice(response: &Response, label: &str, chosen: &str) {
    let (enabled, chosen) = (response.enabled(), chosen.to_owned());
    response.widget_info(|| {
        let mut info = egui::WidgetInfo::labeled(egui::Role::ComboBox, enabled, label);
        info.current_text_value = Some(chosen.clone());
        info
    });
}

/// The one button of a dialog or an empty state that does what one came for.
pub(crate) fn primary_button(ui: &mut Ui, theme: &Theme, text: &str) -> Response {
    let text = RichText::new(text).color(theme.on_primary).font(semibold(T13));
    // As high as a button with a frame.
    ui.add(Button::new(text).fill(theme.primary).stroke(Stroke::new(1.0, theme.primary)))
}

/// The button that closes a dialog in which nothing is typed. It has the keyboard, unless another
/// button was given it, so that Enter closes.
pub(crate) fn close_button(ui: &mut Ui) -> Response {
    let button = ui.button("Close");
    take_keys(&button);
    button
}

/// Gives a button the keyboard where nothing else has it, so that Enter is a click on it.
pub(crate) fn take_keys(button: &Response) {
    if button.enabled() && button.ctx.memory(egui::Memory::focused).is_none() {
        button.request_focus();
    }
}

/// A button without a frame that looks like text until the pointer is over it.
/// What does not fit is read in its tooltip.
pub(crate) fn quiet_button(ui: &mut Ui, text: impl Into<RichText>) -> Response {
    let text: RichText = text.into();
    let whole = text.text().to_owned();
    let (response, is_cut) = quiet(ui, text);
    if is_cut { response.on_hover_text(whole) } else { response }
}

/// The same with a tooltip that says more than the text.
pub(crate) fn quiet_button_with(
    ui: &mut Ui,
    text: impl Into<RichText>,
    tooltip: impl Into<egui::WidgetText>,
) -> Response {
    quiet(ui, text.into()).0.on_hover_text(tooltip)
}

/// The button, and whether its text is cut.
fn quiet(ui: &mut Ui, text: RichText) -> (Response, bool) {
    let whole = text.text().to_owned();
    let room = ui.available_width() - 2.0 * ui.spacing().button_padding.x;
    let is_cut = egui::WidgetText::from(text.clone())
        .into_galley(ui, Some(egui::TextWrapMode::Extend), f32::INFINITY, egui::TextStyle::Button)
        .size()
        .x
        > room;
    let response = ui.add(Button::new(text).frame_when_inactive(false).truncate());
    named(&response, &whole, None, ui.is_enabled());
    (response, is_cut)
}

/// A button of a toolbar: an icon with words, or the icon alone where there is little room.
pub(crate) fn tool(ui: &mut Ui, theme: &Theme, icon: char, words: &str, folded: bool) -> Response {
    if folded { icon_button(ui, theme, icon, words) } else { ui.button(with_icon(icon, words)) }
}

/// Text in a cell of a width, cut with a sign where it does not fit; the whole is in its tooltip.
pub fn cell(ui: &mut Ui, width: f32, text: impl Into<RichText>) -> Response {
    let size = Vec2::new(width, ui.available_height());
    let layout = egui::Layout::left_to_right(egui::Align::Center);
    ui.allocate_ui_with_layout(size, layout, |ui| {
        ui.set_min_width(width);
        ui.add(egui::Label::new(text.into()).truncate().selectable(false))
    })
    .inner
}

/// Two names, from one to the other: on one line where both fit, else on two, each cut in its
/// middle. The whole names are in the tooltip.
pub(crate) fn from_to(ui: &mut Ui, theme: &Theme, from: &str, to: &str) {
    let whole = format!("{from} → {to}");
    let fits = |text: &str, room: f32| text::middle(text, T13, Weight::SemiBold, room);
    let room = (ui.available_width() - S8).max(60.0);
    let line = fits(&whole, room);
    let show = |ui: &mut Ui, line: String| {
        let text = RichText::new(line).font(semibold(T13)).color(theme.text);
        ui.add(egui::Label::new(text).extend().selectable(false));
    };
    if line == text::one_line(&whole) {
        show(ui, line);
        return;
    }
    let both = ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        show(ui, fits(from, room));
        show(ui, format!("→ {}", fits(to, room - 18.0)));
    });
    // The tooltip is also what a screen reader says of the two lines.
    both.response.on_hover_text(whole);
}

/// A heading within a panel.
pub fn section(ui: &mut Ui, theme: &Theme, text: &str) {
    ui.add_space(S8);
    ui.label(RichText::new(text).font(semibold(T11)).color(theme.weak));
}

/// What a place shows that has nothing to show: an icon, what it is for, what to do next.
pub(crate) fn empty_state(ui: &mut Ui, theme: &Theme, icon: char, title: &str, hint: &str) {
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.22).min(90.0));
        ui.label(RichText::new(icon).font(icons(34.0)).color(theme.weak));
        ui.add_space(S4);
        ui.label(RichText::new(title).font(semibold(T16)).color(theme.text));
        let width = 380.0_f32.min(ui.available_width() - 2.0 * S16);
        ui.allocate_ui(Vec2::new(width, 0.0), |ui| {
            ui.vertical_centered(|ui| ui.label(RichText::new(hint).color(theme.weak)));
        });
    });
}

/// A small word in a frame. It is one piece, so that a row that is full goes on below.
pub(crate) fn chip(ui: &mut Ui, text: &str, ink: Color32) -> Response {
    let font = egui::FontId::proportional(T11);
    let galley = ui.painter().layout_no_wrap(text.to_owned(), font, ink);
    let size = Vec2::new(galley.size().x + 12.0, galley.size().y + 6.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, ui.is_enabled(), text));
    if ui.is_rect_visible(rect) {
        let stroke = Stroke::new(1.0, ink.gamma_multiply(0.55));
        ui.painter().rect_stroke(rect, 4.0, stroke, egui::StrokeKind::Inside);
        ui.painter().galley(rect.center() - galley.size() / 2.0, galley, ink);
    }
    response
}

/// How well something is supported: a stroke as on the chart, and the word.
pub(crate) fn strength_badge(
    ui: &mut Ui,
    theme: &Theme,
    strength: Strength,
    denied: bool,
) -> Response {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = S4;
        let (rect, _) = ui.allocate_exact_size(Vec2::new(24.0, 12.0), Sense::hover());
        let ink = if denied { theme.denied } else { theme.strength(strength) };
        let (from, to) = (rect.left_center(), rect.right_center());
        let dashes = crate::chart::style::dash(strength);
        let stroke = Stroke::new(2.0, ink);
        match dashes {
            [on, off] => {
                ui.painter().extend(egui::Shape::dashed_line(&[from, to], stroke, *on, *off));
            }
            _ => {
                ui.painter().line_segment([from, to], stroke);
            }
        }
        let word = if denied { "denied" } else { strength.words() };
        ui.label(RichText::new(word).size(T11).color(ink));
    })
    .response
}

/// The icon of a schema on its colour.
pub(crate) fn schema_icon(ui: &mut Ui, theme: &Theme, name: &str, size: f32) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(size), Sense::hover());
    let group = Group::of(name);
    ui.painter().rect_filled(rect, size * 0.22, color(theme.style.tile(group)));
    let ink = color(theme.style.hue(group));
    ui.painter().text(
        rect.center(),
        Align2::CENTER_CENTER,
        icon::for_schema(name),
        icons(size * 0.66),
        ink,
    );
    response.on_hover_text(schema::label(name))
}

/// A text field with a name for a screen reader; gives its response.
pub fn field(ui: &mut Ui, text: &mut String, label: &str, hint: &str, width: f32) -> Response {
    let ink = ui.visuals().weak_text_color().gamma_multiply(HINT);
    let shown = RichText::new(hint).color(ink);
    let edit = egui::TextEdit::singleline(text)
        .hint_text(shown)
        .desired_width(width)
        .align(Align2::LEFT_CENTER);
    let response = ui.add(edit);
    let (enabled, content) = (ui.is_enabled(), text.clone());
    response.widget_info(|| {
        let mut info = egui::WidgetInfo::labeled(egui::Role::TextInput, enabled, label);
        info.current_text_value = Some(content.clone());
        info.hint_text = Some(hint.to_owned()).filter(|hint| !hint.is_empty());
        info
    });
    response
}

/// Gives a field the keyboard with all of its text selected, so that typing replaces what is
/// proposed; says whether it has the keyboard already.
pub(crate) fn focus_all(field: &Response, text: &str) -> bool {
    field.request_focus();
    let mut state = egui::TextEdit::load_state(&field.ctx, field.id).unwrap_or_default();
    let end = egui::text::CCursor::new(text.chars().count());
    let all = egui::text::CCursorRange::two(egui::text::CCursor::default(), end);
    state.cursor.set_char_range(Some(all));
    egui::TextEdit::store_state(&field.ctx, field.id, state);
    field.has_focus()
}

/// Takes Enter for the main action of what is on top. While a button has the keyboard, Enter is
/// left to that button.
pub fn enter(ctx: &egui::Context) -> bool {
    let on_button = ctx.memory(egui::Memory::focused).is_some() && !ctx.text_edit_focused();
    !on_button && ctx.input_mut(|i| i.consume_key(egui::Modifiers::NONE, egui::Key::Enter))
}

/// A heading at the top of a panel.
pub fn title(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).font(semibold(T16)));
}

/// An icon with words, for buttons and menus.
pub(crate) fn with_icon(icon: char, text: &str) -> String {
    format!("{icon}  {text}")
}

/// A point in time as people read it: date and minute, in this computer's zone.
pub fn when(at: i64) -> String {
    jiff::Timestamp::from_millisecond(at).map_or_else(
        |_| "?".to_owned(),
        |at| {
            at.to_zoned_datetime(jiff::tz::TimeZone::system())
                .strftime("%Y-%m-%d %H:%M")
                .to_string()
        },
    )
}

/// A number of bytes as people read it.
pub(crate) fn size_words(bytes: u64) -> String {
    match bytes {
        1 => "1 byte".to_owned(),
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

/// The margin of every panel.
pub(crate) fn panel_frame(theme: &Theme) -> Frame {
    Frame::new().fill(theme.panel).inner_margin(Margin::same(S16 as i8 - 4))
}
