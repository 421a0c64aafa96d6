//! What lies over the chart: the legend, the mini-map, the marking, what mode one is in.

use egui::{
    Align2, Area, Color32, Frame, Margin, Order, Panel, Pos2, Rect, RichText, Sense, Stroke,
    StrokeKind, Ui, Vec2,
};

use super::{
    Canvas, Lens, Scope,
    furniture::{Furniture, HEAD, INSIDE, SIGN, marking_of},
};
use crate::{
    app::{
        theme::{S4, S8, T11, Theme, color, icons, semibold},
        widgets::icon_button,
    },
    chart::{self, Point, icon::ui as icon, legend::Sign, picture::THIN, style::dash},
    model::{Camera, Id},
};

impl Canvas {
    /// Draws a strip above the chart while relationships are drawn by clicking, where it covers
    /// nothing. Returns its height.
    pub(crate) fn mode_strip(&self, ui: &mut Ui, theme: &Theme) -> f32 {
        let text = if self.mode.from.is_some() {
            "Now the other end: click an entity, or press Tab and Enter. Esc leaves."
        } else if self.mode.on {
            "Link mode: click or drag, or press Tab and Enter. L or Esc ends it."
        } else {
            return 0.0;
        };
        let frame = Frame::new().fill(theme.selected).inner_margin(Margin::symmetric(12, 5));
        let strip = Panel::top("link-mode").resizable(false).frame(frame);
        let shown = strip.show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.label(RichText::new(icon::LINK).font(icons(16.0)).color(theme.accent));
                ui.add(egui::Label::new(text).wrap());
            });
        });
        shown.response.rect.height()
    }

    pub(super) fn overlays(&mut self, ui: &mut Ui, scope: &mut Scope<'_>, chart: &Id, lens: &Lens) {
        if let Some(rect) = self.furniture.legend {
            self.legend(ui, scope.theme, rect);
        }
        if let Some(rect) = self.furniture.map {
            self.mini_map(ui, scope, chart, lens, rect);
        }
        if let (Some(marking), Some(rect)) = (marking_of(scope), self.furniture.marking) {
            let label = format!("Marking on the chart: {marking}");
            framed(ui, "marking", rect, &label, false, |ui| {
                ui.centered_and_justified(|ui| {
                    let text =
                        RichText::new(marking).font(semibold(13.0)).color(scope.theme.marking);
                    ui.add(egui::Label::new(text).truncate());
                });
            });
        }
        let drawn = (self.sketch.dots.len(), self.sketch.threads.len());
        let far_away = !self.close.are_cards(lens);
        if let Some(text) = super::far::note(self.far.left_out(), drawn).filter(|_| far_away) {
            banner(ui, "thinned", lens.rect.center_bottom() - Vec2::new(0.0, 36.0), |ui| {
                ui.label(RichText::new(text).size(T11).color(scope.theme.weak));
            });
        }
        if ui.input(|i| !i.raw.hovered_files.is_empty()) {
            let text = match self.target(ui, lens) {
                Some(id) => format!("Attach to {}", scope.model.name(&id)),
                None => {
                    "Drop on an entity or a line to cite it there, elsewhere to import or attach"
                        .to_owned()
                }
            };
            drop_banner(ui, scope.theme, lens.rect, &text);
        }
    }

    fn legend(&mut self, ui: &Ui, theme: &Theme, rect: Rect) {
        let Furniture { legend_open, rows, text: size, .. } = self.furniture;
        let line = self.furniture.line();
        let entries = &self.picture.legend.entries;
        let mut fold = false;
        if !legend_open {
            framed(ui, "legend", rect, "Legend of the chart, folded", true, |ui| {
                let at = Rect::from_center_size(rect.center(), Vec2::splat(28.0));
                ui.scope_builder(egui::UiBuilder::new().max_rect(at), |ui| {
                    fold = icon_button(ui, theme, icon::LIST, "Show the legend").clicked();
                });
            });
            if fold {
                self.fold_legend(true);
            }
            return;
        }
        framed(ui, "legend", rect, "Legend of the chart", true, |ui| {
            ui.spacing_mut().item_spacing = Vec2::new(S8, 0.0);
            // As high as the button, so that the word stands on its middle.
            ui.spacing_mut().interact_size.y = HEAD;
            ui.horizontal(|ui| {
                ui.label(RichText::new("Legend").font(semibold(size)).color(theme.weak));
                fold = icon_button(ui, theme, icon::EXPAND_MORE, "Fold the legend").clicked();
            });
            ui.spacing_mut().interact_size.y = line;
            for entry in entries.iter().take(rows) {
                ui.horizontal(|ui| {
                    sign(ui, theme, entry.sign, line);
                    let text = RichText::new(&entry.text).size(size).color(theme.text);
                    ui.add(egui::Label::new(text).truncate());
                });
            }
            // What would be higher than the chart is left out, and the end says so.
            if entries.len() > rows {
                let more = format!("and {} more", entries.len() - rows);
                ui.label(RichText::new(more).size(size).color(theme.weak));
            }
        });
        if fold {
            self.fold_legend(false);
        }
    }

    fn mini_map(
        &mut self,
        ui: &mut Ui,
        scope: &mut Scope<'_>,
        chart: &Id,
        lens: &Lens,
        frame: Rect,
    ) {
        if !self.furniture.map_open {
            let mut open = false;
            framed(ui, "map", frame, "Mini-map, folded", true, |ui| {
                let at = Rect::from_center_size(frame.center(), Vec2::splat(28.0));
                ui.scope_builder(egui::UiBuilder::new().max_rect(at), |ui| {
                    open = icon_button(ui, scope.theme, icon::MAP, "Show the mini-map").clicked();
                });
            });
            if open {
                self.fold_map(true);
            }
            return;
        }
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
                self.fold_map(false);
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

/// Something in a frame of a known place over the chart, with a name for a screen reader.
fn framed(
    ui: &Ui,
    id: &str,
    rect: Rect,
    label: &str,
    interactable: bool,
    add: impl FnOnce(&mut Ui),
) {
    Area::new(egui::Id::unique(("over the chart", id)))
        .order(Order::Middle)
        .fixed_pos(rect.min)
        .constrain(false)
        .interactable(interactable)
        .show(ui.ctx(), |ui| {
            let (rect, response) = ui.allocate_exact_size(rect.size(), Sense::hover());
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Group, true, label));
            let painter = ui.painter();
            painter.rect(
                rect,
                8.0,
                ui.visuals().panel_fill.gamma_multiply(0.96),
                ui.visuals().window_stroke,
                StrokeKind::Inside,
            );
            let inside = rect.shrink2(INSIDE);
            ui.scope_builder(egui::UiBuilder::new().max_rect(inside), add);
        });
}

/// What would happen to the files that hover over the window.
pub(super) fn drop_banner(ui: &Ui, theme: &Theme, rect: Rect, text: &str) {
    banner(ui, "drop", rect.center_bottom() - Vec2::new(0.0, 60.0), |ui| {
        ui.label(RichText::new(icon::ATTACH_FILE).font(icons(16.0)).color(theme.accent));
        ui.label(text);
    });
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
fn sign(ui: &mut Ui, theme: &Theme, sign: Sign, height: f32) {
    let (rect, _) = ui.allocate_exact_size(Vec2::new(SIGN, height), Sense::hover());
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
        Sign::Thread => {
            painter.line_segment([from, to], Stroke::new(2.6, theme.thread));
        }
        Sign::Denied => {
            let alarm = Stroke::new(1.6, theme.denied);
            painter.line_segment([from, to], alarm);
            let (c, r) = (rect.center(), 4.0);
            painter.line_segment([c + Vec2::new(-r, -r), c + Vec2::new(r, r)], alarm);
            painter.line_segment([c + Vec2::new(-r, r), c + Vec2::new(r, -r)], alarm);
        }
        Sign::Bundle => {
            for off in [-4.0, 4.0] {
                let by = Vec2::new(0.0, off);
                let middle = (from + to.to_vec2()) / 2.0;
                painter.line_segment([from + by, middle], Stroke::new(THIN, line.color));
                painter.line_segment([middle, to + by], Stroke::new(THIN, line.color));
            }
        }
        Sign::Reference => {
            let thin = Stroke::new(THIN, color(theme.style.line));
            painter.line_segment([from, to], thin);
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
        Sign::Thickness(thickness) => {
            painter.line_segment([from, to], Stroke::new(1.6 * thickness.factor(), line.color));
        }
        Sign::Magnitude(size) => {
            let card = Rect::from_center_size(rect.center(), Vec2::new(12.0, 7.0) * size.factor());
            let stroke = Stroke::new(1.2, theme.weak);
            painter.rect(card, 2.0, color(theme.style.card), stroke, StrokeKind::Inside);
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
