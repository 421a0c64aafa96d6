//! Text boxes, boxes around cards and lines on the chart: painted, chosen, moved, added, deleted.

use egui::{
    Align2, Color32, Context, FontId, Painter, Pos2, Rect, Sense, Shape as Painted, Stroke,
    StrokeKind, Ui, Vec2,
};

use super::{Canvas, Lens, Scope, camera, commands::edit, far};
use crate::{
    app::{
        model::Request,
        theme::{Theme, color, semibold},
        widgets,
    },
    case::{Action, Op},
    chart::{
        self, Mark, MarkShape, Point,
        font::bidi::{self, Direction},
        marks::{TEXT_PAD, head},
    },
    model::{
        Chart, Id,
        styling::{Drawing, Shape},
    },
};

/// What a new text box says until something is typed.
pub(in crate::app) const NEW_TEXT: &str = "Text";

/// A drawing that is being moved.
#[derive(Clone, Debug)]
pub(super) struct Dragged {
    id: Id,
    part: Part,
    /// How far, on the chart.
    by: Vec2,
    /// The state of the case in which it was let go: it stays there until the case answers.
    released: Option<u64>,
}

/// What of a drawing is taken hold of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Part {
    Whole,
    From,
    To,
}

impl Canvas {
    /// Paints the drawings, and takes clicks and drags on them.
    pub(super) fn drawings(&mut self, ui: &Ui, scope: &mut Scope<'_>, lens: &Lens) {
        if self.dragged.as_ref().is_some_and(|dragged| {
            dragged.released.is_some_and(|generation| generation != scope.model.generation)
        }) {
            self.dragged = None;
        }
        if !scope.view.selection.is_empty() {
            scope.view.drawing = None;
        }
        let painter = ui.painter_at(lens.rect);
        let marks: Vec<Mark> =
            self.picture.marks.iter().map(|mark| self.dragged_mark(mark)).collect();
        let is_box = |mark: &&Mark| matches!(mark.shape, MarkShape::Box { .. });
        let boxes = marks.iter().filter(is_box);
        for mark in boxes.chain(marks.iter().filter(|mark| !is_box(mark))) {
            // Near, boxes are painted below the cards.
            let is_near = lens.camera.zoom >= far::CARDS;
            if !is_near || !is_box(&mark) {
                paint(&painter, scope.theme, mark, lens);
            }
            let is_chosen = scope.view.drawing.as_ref() == Some(&mark.id);
            if is_chosen {
                outline(&painter, scope.theme, mark, lens);
            }
            if scope.view.presenting.is_none() {
                self.take_hold(ui, scope, lens, mark, is_chosen);
            }
        }
    }

    /// A mark where it is shown while it is moved.
    fn dragged_mark(&self, mark: &Mark) -> Mark {
        let mut mark = mark.clone();
        let Some(dragged) = self.dragged.as_ref().filter(|dragged| dragged.id == mark.id) else {
            return mark;
        };
        let shifted = |p: Point| Point::new(p.x + dragged.by.x, p.y + dragged.by.y);
        if let MarkShape::Line { from, to, .. } = &mut mark.shape {
            if dragged.part != Part::To {
                *from = shifted(*from);
            }
            if dragged.part != Part::From {
                *to = shifted(*to);
            }
        } else {
            mark.rect = chart::Rect { min: shifted(mark.rect.min), max: shifted(mark.rect.max) };
        }
        mark
    }

    fn take_hold(
        &mut self,
        ui: &Ui,
        scope: &mut Scope<'_>,
        lens: &Lens,
        mark: &Mark,
        is_chosen: bool,
    ) {
        let square = |p: Point| Rect::from_center_size(lens.screen(p), Vec2::splat(18.0));
        let areas: Vec<(Part, Rect, String)> = match &mark.shape {
            MarkShape::Text { lines } => {
                vec![(
                    Part::Whole,
                    lens.screen_rect(mark.rect),
                    format!("Text box: {}", lines.join(" ")),
                )]
            }
            MarkShape::Box { title } => {
                vec![(Part::Whole, lens.screen_rect(mark.title_rect()), format!("Box: {title}"))]
            }
            MarkShape::Bar { .. } | MarkShape::Label { .. } => Vec::new(),
            MarkShape::Line { from, to, .. } => {
                let mut areas = vec![(
                    Part::Whole,
                    square(from.towards(*to, 0.5)),
                    "Line on the chart".to_owned(),
                )];
                if is_chosen {
                    areas.push((Part::From, square(*from), "Start of the line".to_owned()));
                    areas.push((Part::To, square(*to), "End of the line".to_owned()));
                }
                areas
            }
        };
        for (part, area, name) in areas {
            let area = area.intersect(lens.rect);
            if !area.is_positive() {
                continue;
            }
            let id = ui.scope_id().with(("drawing", &mark.id, part));
            let response = ui.interact(area, id, Sense::click_and_drag());
            widgets::named(&response, &name, Some(is_chosen), true);
            if response.clicked() || response.drag_started() {
                scope.view.selection.clear();
                scope.view.drawing = Some(mark.id.clone());
            }
            let moves = !matches!(mark.shape, MarkShape::Box { .. });
            if !moves || scope.model.read_only.is_some() {
                continue;
            }
            if response.dragged() {
                let by = ui.input(|i| i.pointer.delta()) / lens.camera.zoom;
                let dragged = self
                    .dragged
                    .take()
                    .filter(|one| one.id == mark.id && one.part == part && one.released.is_none());
                let before = dragged.map_or(Vec2::ZERO, |one| one.by);
                self.dragged =
                    Some(Dragged { id: mark.id.clone(), part, by: before + by, released: None });
            }
            if response.drag_stopped()
                && let Some(dragged) = &mut self.dragged
            {
                dragged.released = Some(scope.model.generation);
                let (part, by) = (dragged.part, dragged.by);
                let chart = scope.view.chart.as_ref().and_then(|id| scope.model.chart(id));
                let drawing = chart.and_then(|c| c.drawings.iter().find(|d| d.id == mark.id));
                if let (Some(chart), Some(drawing)) = (chart, drawing) {
                    let op = Op::PutChart(with_drawing(chart, shifted(drawing, part, by)));
                    scope.requests.push(Request::Move(Action::new(vec![op])));
                }
            }
        }
    }

    /// Adds a text box where the menu was opened, or where the pointer is.
    pub(in crate::app) fn add_text(&mut self, ctx: &Context, scope: &mut Scope<'_>, chart: &Chart) {
        let at = self.place_for_drawing(ctx, scope, chart);
        let at = [at.x - 30.0, at.y - 18.0];
        add(scope, chart, Shape::Text { at, text: NEW_TEXT.to_owned() });
    }

    /// Draws a box around what is selected.
    pub(in crate::app) fn add_box(&mut self, scope: &mut Scope<'_>, chart: &Chart) {
        let around: Vec<Id> = self.selected_entities(scope).into_iter().collect();
        if around.is_empty() {
            let words = "A box is drawn around entities: select some first.";
            scope.requests.push(Request::Say(words.into()));
            return;
        }
        add(scope, chart, Shape::Box { around, title: String::new() });
    }

    /// Draws a line; its ends can be moved.
    pub(in crate::app) fn add_line(&mut self, ctx: &Context, scope: &mut Scope<'_>, chart: &Chart) {
        let at = self.place_for_drawing(ctx, scope, chart);
        let (from, to) = ([at.x - 90.0, at.y], [at.x + 90.0, at.y]);
        add(scope, chart, Shape::Line { from, to, arrow: false });
    }

    /// Where the menu was opened, else where the pointer is on the chart, else its middle.
    fn place_for_drawing(&self, ctx: &Context, scope: &Scope<'_>, chart: &Chart) -> Point {
        let rect = self.rect.unwrap_or(Rect::NOTHING);
        let lens = Lens { rect, camera: camera(scope.view, &chart.id) };
        let pointer = ctx.pointer_hover_pos().filter(|at| rect.shrink(40.0).contains(*at));
        self.menu_at.unwrap_or_else(|| lens.chart(pointer.unwrap_or(rect.center())))
    }
}

fn add(scope: &mut Scope<'_>, chart: &Chart, shape: Shape) {
    let drawing = Drawing::new(shape);
    let id = drawing.id.clone();
    edit(scope, vec![Op::PutChart(with_drawing(chart, drawing))]);
    scope.view.selection.clear();
    scope.view.drawing = Some(id);
}

/// The chart with a drawing in the place of the one with its id, or beside the others.
pub(in crate::app) fn with_drawing(chart: &Chart, drawing: Drawing) -> Chart {
    let mut drawings = chart.drawings.clone();
    match drawings.iter_mut().find(|one| one.id == drawing.id) {
        Some(one) => *one = drawing,
        None => drawings.push(drawing),
    }
    Chart { drawings, ..chart.clone() }
}

/// The chart without a drawing.
pub(in crate::app) fn without_drawing(chart: &Chart, id: &Id) -> Chart {
    let drawings = chart.drawings.iter().filter(|one| one.id != *id).cloned().collect();
    Chart { drawings, ..chart.clone() }
}

/// A drawing, a part of it moved on the chart.
fn shifted(drawing: &Drawing, part: Part, by: Vec2) -> Drawing {
    let mut drawing = drawing.clone();
    let shift = |at: &mut [f32; 2]| *at = [at[0] + by.x, at[1] + by.y];
    match &mut drawing.shape {
        Shape::Text { at, .. } => shift(at),
        Shape::Box { .. } => {}
        Shape::Line { from, to, .. } => {
            if part != Part::To {
                shift(from);
            }
            if part != Part::From {
                shift(to);
            }
        }
    }
    drawing
}

pub(super) fn paint(painter: &Painter, theme: &Theme, mark: &Mark, lens: &Lens) {
    let zoom = lens.camera.zoom;
    let ink = color(mark.color);
    let stroke = Stroke::new((mark.width * zoom).max(0.6), ink);
    let rect = lens.screen_rect(mark.rect);
    let size = (mark.size * zoom * 4.0).round() / 4.0;
    match &mark.shape {
        MarkShape::Text { lines } => {
            painter.rect(rect, 6.0 * zoom, color(theme.style.card), stroke, StrokeKind::Middle);
            let mut y = rect.top() + TEXT_PAD * zoom;
            for line in lines {
                let direction = Direction::of(line);
                let (x, align) = match direction {
                    Direction::LeftToRight => (rect.left() + TEXT_PAD * zoom, Align2::LEFT_CENTER),
                    Direction::RightToLeft => {
                        (rect.right() - TEXT_PAD * zoom, Align2::RIGHT_CENTER)
                    }
                };
                let row = mark.line_height() * zoom;
                let at = Pos2::new(x, y + row / 2.0);
                let line = bidi::line_of(line, direction);
                painter.text(at, align, line, FontId::proportional(size), theme.text);
                y += row;
            }
        }
        MarkShape::Box { title } => {
            // From afar it is over the cards, which stay as they are.
            let is_near = zoom >= far::CARDS;
            let fill = if is_near { ink.gamma_multiply(0.08) } else { Color32::TRANSPARENT };
            painter.rect(rect, 12.0 * zoom, fill, stroke, StrokeKind::Middle);
            if !title.is_empty() {
                let at = lens.screen_rect(mark.title_rect());
                let at = Pos2::new(at.left() + 12.0 * zoom, at.center().y + 2.0 * zoom);
                painter.text(at, Align2::LEFT_CENTER, title, semibold(size), ink);
            }
        }
        // Of timelines, which the panel draws.
        MarkShape::Bar { .. } | MarkShape::Label { .. } => {}
        MarkShape::Line { from, to, arrow } => {
            painter.line_segment([lens.screen(*from), lens.screen(*to)], stroke);
            if *arrow {
                let points = head(*from, *to, mark.width).map(|p| lens.screen(p)).to_vec();
                painter.add(Painted::convex_polygon(points, ink, Stroke::NONE));
            }
        }
    }
}

/// Shows which drawing is chosen.
fn outline(painter: &Painter, theme: &Theme, mark: &Mark, lens: &Lens) {
    let stroke = Stroke::new(1.5, theme.accent);
    if let MarkShape::Line { from, to, .. } = &mark.shape {
        for end in [*from, *to, from.towards(*to, 0.5)] {
            painter.circle(lens.screen(end), 5.0, color(theme.style.card), stroke);
        }
        return;
    }
    let rect = lens.screen_rect(mark.rect).expand(4.0);
    painter.rect_stroke(rect, 8.0, stroke, StrokeKind::Outside);
}
