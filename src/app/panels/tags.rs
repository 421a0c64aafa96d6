//! The tags of an entity as chips that can be removed.

use egui::{Align2, FontId, Pos2, Rect, Sense, Ui, Vec2};

use crate::app::{
    command,
    model::{Model, Request},
    theme::{T11, Theme, color, icons},
    widgets,
};
use crate::{
    case::{Action, Op},
    chart::icon::ui as icon,
    model::StatementKey,
    network::EntityRef,
};

/// The height of a chip.
const HEIGHT: f32 = 22.0;
/// The width of the part that removes it.
const CROSS: f32 = 18.0;
/// The longest tag that is shown whole, in points.
const LONGEST: f32 = 160.0;

/// Draws the tags of an entity, each with a button that removes it, and one that adds another.
pub(crate) fn chips(
    ui: &mut Ui,
    model: &Model,
    theme: &Theme,
    requests: &mut Vec<Request>,
    entity: EntityRef<'_>,
) {
    let writable = model.read_only.is_none();
    let tags: Vec<(StatementKey, &str)> = entity
        .values()
        .filter(|value| value.property == "tag" && !value.denied)
        .map(|value| (value.statement, value.text))
        .collect();
    if tags.is_empty() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(4.0);
        for (statement, tag) in tags {
            if chip(ui, theme, tag, writable) {
                let action = Action::new(vec![Op::Withdraw(statement)]);
                requests.push(Request::Commit(action));
            }
        }
        if writable {
            let tooltip = command::ENTITY_TAG.tooltip(ui.ctx());
            let (rect, response) = ui.allocate_exact_size(Vec2::splat(HEIGHT), Sense::click());
            widgets::named(&response, "Add a tag", None, true);
            let ink = if response.hovered() { theme.accent } else { theme.weak };
            ui.painter().text(rect.center(), Align2::CENTER_CENTER, icon::ADD, icons(15.0), ink);
            focus_ring(ui, theme, &response);
            if response.on_hover_text(tooltip).clicked() {
                requests.push(Request::Run(command::ENTITY_TAG));
            }
        }
    });
}

/// A tag; returns whether it is to be removed.
fn chip(ui: &mut Ui, theme: &Theme, tag: &str, writable: bool) -> bool {
    let short = crate::chart::text::cut(tag, T11, crate::chart::font::Weight::Regular, LONGEST);
    let is_short = short.len() < tag.len();
    let galley = ui.painter().layout_no_wrap(short, FontId::proportional(T11), theme.text);
    let cross = if writable { CROSS } else { 8.0 };
    let size = Vec2::new(galley.size().x + 10.0 + cross, HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let label = format!("Tag {tag}");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &label));
    let ground = color(theme.style.tag());
    ui.painter().rect_filled(rect, HEIGHT / 2.0, ground);
    let at = Pos2::new(rect.left() + 10.0, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, theme.text);
    if is_short {
        response.on_hover_text(tag);
    }
    if !writable {
        return false;
    }
    let area = Rect::from_min_max(Pos2::new(rect.right() - CROSS, rect.top()), rect.max);
    let response = ui.interact(area, ui.scope_id().with(("remove tag", tag)), Sense::click());
    let label = format!("Remove tag {tag}");
    widgets::named(&response, &label, None, true);
    let ink = if response.hovered() { theme.alarm } else { theme.weak };
    ui.painter().text(area.center(), Align2::CENTER_CENTER, icon::CLOSE, icons(13.0), ink);
    focus_ring(ui, theme, &response);
    response.on_hover_text(label).clicked()
}

fn focus_ring(ui: &Ui, theme: &Theme, response: &egui::Response) {
    if response.has_focus() {
        let stroke = egui::Stroke::new(1.5, theme.accent);
        ui.painter().rect_stroke(response.rect, HEIGHT / 2.0, stroke, egui::StrokeKind::Inside);
    }
}
