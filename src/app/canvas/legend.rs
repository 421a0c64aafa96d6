//! What lies over the chart: the legend, the mini-map, the marking, what mode one is in.

use egui::{
    Align2, Area, Color32, Frame, Margin, Order, Pos2, Rect, RichText, Sense, Stroke, StrokeKind,
    Ui, Vec2,
};

use super::{Canvas, Lens, Scope};
use crate::{
    app::{
        theme::{S4, S8, T11, Theme, color, icons, semibold},
        widgets::icon_button,
    },
    chart::{self, Point, icon::ui as icon, legend::Sign, style::dash},
    model::{Camera, Id},
};

const MAP: Vec2 = Vec2::new(168.0, 112.0);

impl Canvas {
    pub(super) fn overlays(&mut self, ui: &mut Ui, scope: &mut Scope<'_>, chart: &Id, lens: &Lens) {
        if !self.sketch.dots.is_empty() {
            self.legend(ui, scope.theme, lens);
            if lens.rect.width() > 480.0 && lens.rect.height() > 360.0 {
                self.mini_map(ui, scope, chart, lens);
            }
        }
        if let Some(marking) = scope.model.settings.get("marking").filter(|m| !m.is_empty()) {
            banner(ui, "marking", lens.rect.center_top() + Vec2::new(0.0, 10.0), |ui| {
                ui.label(RichText::new(marking).font(semibold(13.0)).color(scope.theme.alarm));
            });
        }
        let mode = if self.mode.from.is_some() {
            Some("Click the entity at the other end, or press Esc.")
        } else if self.mode.on {
            Some("Link mode: click or drag from one entity to another. L or Esc ends it.")
        } else {
            None
        };
        if let Some(text) = mode {
            banner(ui, "mode", lens.rect.center_top() + Vec2::new(0.0, 46.0), |ui| {
                ui.label(RichText::new(icon::LINK).font(icons(16.0)).color(scope.theme.accent));
                ui.label(text);
            });
        }
        let drawn = (self.sketch.dots.len(), self.sketch.threads.len());
        let far_away = lens.camera.zoom < super::far::CARDS;
        if let Some(text) = super::far::note(self.far.left_out(), drawn).filter(|_| far_away) {
            banner(ui, "thinned", lens.rect.center_bottom() - Vec2::new(0.0, 36.0), |ui| {
                ui.label(RichText::new(text).size(T11).color(scope.theme.weak));
            });
        }
        let hovering = ui.input(|i| i.raw.hovered_files.len());
        if hovering > 0 {
            let text = match self.target(ui, lens) {
                Some(id) => format!("Attach to {}", scope.model.name(&id)),
                None => "Drop on an entity or a line to cite it there, elsewhere to attach only"
                    .to_owned(),
            };
            banner(ui, "drop", lens.rect.center_bottom() - Vec2::new(0.0, 60.0), |ui| {
                ui.label(
                    RichText::new(icon::ATTACH_FILE).font(icons(16.0)).color(scope.theme.accent),
                );
                ui.label(text);
            });
        }
    }

    fn legend(&mut self, ui: &mut Ui, theme: &Theme, lens: &Lens) {
        let entries = &self.picture.legend.entries;
        let folded = self.legend_folded || lens.rect.height() < 360.0;
        let area = Area::new(egui::Id::unique("legend"))
            .order(Order::Middle)
            .pivot(Align2::LEFT_BOTTOM)
            .fixed_pos(lens.rect.left_bottom() + Vec2::new(12.0, -12.0))
            .constrain_to(lens.rect);
        let mut fold = false;
        area.show(ui.ctx(), |ui| {
            overlay_frame(ui).show(ui, |ui| {
                ui.spacing_mut().item_spacing = Vec2::new(S8, 2.0);
                // As high as the button, so that the word stands on its middle.
                ui.spacing_mut().interact_size.y = 28.0;
                ui.horizontal(|ui| {
                    ui.label(RichText::new("Legend").font(semibold(T11)).color(theme.weak));
                    let (sign, words) = if folded {
                        (icon::EXPAND_LESS, "Show the legend")
                    } else {
                        (icon::EXPAND_MORE, "Fold the legend")
                    };
                    fold = icon_button(ui, theme, sign, words).clicked();
                });
                if folded {
                    return;
                }
                ui.spacing_mut().interact_size.y = 16.0;
                // What would be higher than the chart is left out, and the end says so.
                let rows = ((lens.rect.height() - 110.0) / 18.0).max(4.0) as usize;
                egui::Grid::new("legend-grid").num_columns(2).spacing([S8, 2.0]).show(ui, |ui| {
                    for entry in entries.iter().take(rows) {
                        sign(ui, theme, entry.sign);
                        ui.label(RichText::new(&entry.text).size(T11).color(theme.text));
                        ui.end_row();
                    }
                });
                if entries.len() > rows {
                    let more = format!("and {} more", entries.len() - rows);
                    ui.label(RichText::new(more).size(T11).color(theme.weak));
                }
            });
        });
        if fold {
            self.legend_folded = !self.legend_folded;
        }
    }

    fn mini_map(&mut self, ui: &mut Ui, scope: &mut Scope<'_>, chart: &Id, lens: &Lens) {
        let corner = lens.rect.right_bottom() - Vec2::new(12.0, 12.0);
        if self.map_folded {
            let at = Rect::from_min_size(corner - Vec2::splat(30.0), Vec2::splat(30.0));
            ui.scope_builder(egui::UiBuilder::new().max_rect(at), |ui| {
                if icon_button(ui, scope.theme, icon::MAP, "Show the mini-map").clicked() {
                    self.map_folded = false;
                }
            });
            return;
        }
        let frame = Rect::from_min_size(corner - MAP, MAP);
        let response = ui.interact(frame, ui.scope_id().with("mini-map"), Sense::click_and_drag());
        response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::Image, true, "Mini-map: click to move there")
        });
        let painter = ui.painter_at(frame);
        painter.rect_filled(frame, 8.0, scope.theme.panel.gamma_multiply(0.96));
        let sight = chart::Rect { min: lens.chart(lens.rect.min), max: lens.chart(lens.rect.max) };
        let whole = self.bounds().union(sight).expand(40.0);
        let scale = (frame.width() / whole.width()).min(frame.height() / whole.height());
        let to = |p: Point| {
            let c = whole.center();
            frame.center() + Vec2::new(p.x - c.x, p.y - c.y) * scale
        };
        self.map.paint(&painter, scope.theme, (&self.sketch, self.version), frame, whole);
        let window = Rect::from_min_max(to(sight.min), to(sight.max)).intersect(frame.shrink(1.0));
        painter.rect_stroke(window, 2.0, Stroke::new(1.5, scope.theme.accent), StrokeKind::Inside);
        painter.rect_stroke(frame, 8.0, Stroke::new(1.0, scope.theme.border), StrokeKind::Inside);
        if (response.clicked() || response.dragged())
            && let Some(at) = response.interact_pointer_pos()
        {
            let c = whole.center();
            let v = (at - frame.center()) / scale;
            let zoom = lens.camera.zoom;
            scope.view.cameras.insert(chart.clone(), Camera { x: c.x + v.x, y: c.y + v.y, zoom });
        }
        let button =
            Rect::from_min_size(frame.right_top() - Vec2::new(26.0, -2.0), Vec2::splat(24.0));
        ui.scope_builder(egui::UiBuilder::new().max_rect(button), |ui| {
            if icon_button(ui, scope.theme, icon::EXPAND_MORE, "Fold the mini-map").clicked() {
                self.map_folded = true;
            }
        });
    }
}

fn overlay_frame(ui: &Ui) -> Frame {
    Frame::new()
        .fill(ui.visuals().panel_fill.gamma_multiply(0.96))
        .stroke(ui.visuals().window_stroke)
        .corner_radius(8)
        .inner_margin(Margin::symmetric(10, 4))
}

fn banner(ui: &Ui, id: &str, at: Pos2, add: impl FnOnce(&mut Ui)) {
    Area::new(egui::Id::unique(("banner", id)))
        .order(Order::Middle)
        .pivot(Align2::CENTER_TOP)
        .fixed_pos(at)
        .interactable(false)
        .show(ui.ctx(), |ui| {
            overlay_frame(ui).show(ui, |ui| {
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = S4;
                    add(ui);
                });
            });
        });
}

/// A sign of the legend as on the chart.
fn sign(ui: &mut Ui, theme: &Theme, sign: Sign) {
    let (rect, _) = ui.allocate_exact_size(Vec2::new(26.0, 16.0), Sense::hover());
    let painter = ui.painter();
    let (from, to) = (rect.left_center(), rect.right_center());
    let line = Stroke::new(1.6, color(theme.style.line));
    match sign {
        Sign::Schema(icon, group) => {
            let tile = Rect::from_center_size(rect.center(), Vec2::splat(16.0));
            painter.rect_filled(tile, 4.0, color(theme.style.tile(group)));
            painter.text(
                tile.center(),
                Align2::CENTER_CENTER,
                icon,
                icons(11.5),
                color(theme.style.hue(group)),
            );
        }
        Sign::Line(strength) => match dash(strength) {
            [on, off] => painter.extend(egui::Shape::dashed_line(&[from, to], line, *on, *off)),
            _ => {
                painter.line_segment([from, to], line);
            }
        },
        Sign::Denied => {
            let alarm = Stroke::new(1.6, theme.alarm);
            painter.line_segment([from, to], alarm);
            let (c, r) = (rect.center(), 4.0);
            painter.line_segment([c + Vec2::new(-r, -r), c + Vec2::new(r, r)], alarm);
            painter.line_segment([c + Vec2::new(-r, r), c + Vec2::new(r, -r)], alarm);
        }
        Sign::Arrow => {
            painter.line_segment([from, to], line);
            let head = vec![to, to + Vec2::new(-8.0, -3.6), to + Vec2::new(-8.0, 3.6)];
            painter.add(egui::Shape::convex_polygon(head, line.color, Stroke::NONE));
        }
        Sign::Group => {
            let stroke = Stroke::new(1.2, theme.weak);
            for off in [2.5, -2.5] {
                let card = Rect::from_center_size(rect.center(), Vec2::new(16.0, 9.0));
                let card = card.translate(Vec2::splat(off));
                painter.rect(card, 3.0, color(theme.style.card), stroke, StrokeKind::Inside);
            }
        }
        Sign::Tint(tint) => {
            let patch = Rect::from_center_size(rect.center(), Vec2::new(18.0, 11.0));
            painter.rect_filled(patch, 3.0, color(tint));
        }
        Sign::Size => {
            for (x, radius) in [(-7.0, 2.0), (6.0, 6.0)] {
                painter.circle_filled(rect.center() + Vec2::new(x, 0.0), radius, theme.weak);
            }
        }
        Sign::Pin => {
            painter.text(rect.center(), Align2::CENTER_CENTER, icon::KEEP, icons(13.0), theme.weak);
        }
        Sign::Dimmed => {
            let card = Rect::from_center_size(rect.center(), Vec2::new(20.0, 11.0));
            let stroke = Stroke::new(1.2, color(theme.style.text).gamma_multiply(0.3));
            painter.rect(card, 3.0, Color32::TRANSPARENT, stroke, StrokeKind::Inside);
        }
    }
}
