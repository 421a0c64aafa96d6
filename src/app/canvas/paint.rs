//! The picture as egui shapes: cards, lines, what is written, and what gestures show.

use egui::{
    Align2, Color32, FontId, Mesh, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, TextureId, Ui,
    Vec2, epaint::RectShape,
};

use super::{Lens, drawings, near::Cards, stroke};
use crate::{
    app::theme::{Theme, color, icons, semibold},
    chart::{
        Line, MarkShape, Node, Point,
        font::bidi::{self, Direction},
        icon::ui as icon,
        picture::{CAPTION, DETAIL, LEVEL, LINE, PAD, RING, RING_OFF, SMALL_LINE, TILE},
        squeeze::FEW,
        style::dash,
    },
    model::Camera,
};

const FAINT: f32 = 0.28;
/// How opaque is a line of which both ends are far out of sight: near, such lines would lie over
/// everything like a net.
const UNSEEN: f32 = 0.16;
/// Up to so many of them are drawn as any other.
const PASSING: usize = 12;
/// From this zoom on the ground has a grid; further away there are dots enough.
const GRID: f32 = 0.3;

/// The ground, and near a grid of dots that moves with the chart.
pub(super) fn ground(painter: &Painter, theme: &Theme, lens: &Lens) {
    painter.rect_filled(lens.rect, 0.0, color(theme.style.ground));
    grid(painter, theme, lens, lens.rect);
}

/// The grid in a window.
pub(super) fn grid(painter: &Painter, theme: &Theme, lens: &Lens, window: Rect) {
    if lens.camera.zoom < GRID {
        return;
    }
    let mut step = 40.0 * lens.camera.zoom;
    if step < 22.0 {
        step *= 4.0;
    }
    let origin = lens.screen(Point::default());
    let first = |from: f32, origin: f32| from + (origin - from).rem_euclid(step);
    let dot = color(theme.style.grid);
    let mut grid = Mesh::default();
    let mut x = first(window.left(), origin.x);
    while x < window.right() {
        let mut y = first(window.top(), origin.y);
        while y < window.bottom() {
            grid.add_colored_rect(Rect::from_center_size(Pos2::new(x, y), Vec2::splat(1.6)), dot);
            y += step;
        }
        x += step;
    }
    painter.add(Shape::mesh(grid));
}

/// The lines, then the cards, then what is written on lines, as far as they are in sight.
pub(super) fn picture(painter: &Painter, theme: &Theme, cards: &Cards<'_>, sight: Rect) {
    let Cards { picture, photos, near: lens, .. } = *cards;
    let target = cards.target.as_ref();
    let seen: Vec<&Line> = picture
        .lines
        .iter()
        .filter(|line| lens.screen_rect(line.curve.hull()).intersects(sight))
        .collect();
    let marked = |line: &Line| line.selected || target.is_some_and(|id| line.ids.contains(id));
    // A few that only pass by are worth seeing.
    let few = seen.iter().filter(|line| in_sight(line, lens, sight) < 1.0).count() <= PASSING;
    let strong = |line: &Line| if few || marked(line) { 1.0 } else { in_sight(line, lens, sight) };
    for mark in picture.marks.iter().filter(|mark| matches!(mark.shape, MarkShape::Box { .. })) {
        drawings::paint(painter, theme, mark, lens);
    }
    for line in &seen {
        let targeted = target.is_some_and(|id| line.ids.contains(id));
        stroke::line(painter, line, lens, sight, (targeted, strong(line)), theme);
    }
    for node in &picture.nodes {
        if lens.screen_rect(node.rect()).intersects(sight) {
            let photo = node.photo.as_ref().and_then(|hash| photos.get(hash));
            let photo = photo.map(|photo| photo.texture.id());
            card(painter, theme, (node, photo), lens, target == Some(&node.id));
        }
    }
    let mut taken = Vec::new();
    // Of few, every label is written: a share that is missing is another picture.
    let all = picture.nodes.len() <= FEW;
    let labelled = seen.iter().filter(|line| !line.label.is_empty() && strong(line) > 0.5);
    let mut labelled: Vec<&&Line> = labelled.collect();
    labelled.sort_by_key(|line| !line.selected);
    for line in labelled {
        label(painter, theme, line, lens, (&mut taken, all));
    }
}

/// How much of a line one sees, by how far out of sight the nearer of its ends is.
fn in_sight(line: &Line, lens: &Lens, sight: Rect) -> f32 {
    let outside = |p: Point| sight.distance_to_pos(lens.screen(p));
    let nearer = outside(line.curve.start()).min(outside(line.curve.end()));
    1.0 + (UNSEEN - 1.0) * ((nearer - 10.0) / 150.0).clamp(0.0, 1.0)
}

pub(super) fn faded(ink: Color32, dimmed: bool) -> Color32 {
    if dimmed { ink.gamma_multiply(FAINT) } else { ink }
}

/// A text size on screen in steps, so that zooming does not fill the glyph atlas.
fn sized(size: f32, zoom: f32) -> f32 {
    ((size * zoom) * 4.0).round() / 4.0
}

/// What is written on a line. Where the chart is small, what has no room is left out: the words
/// stay legible, so they do not shrink as far as the line does.
fn label(
    painter: &Painter,
    theme: &Theme,
    line: &Line,
    lens: &Lens,
    (taken, all): (&mut Vec<Rect>, bool),
) {
    let zoom = lens.camera.zoom;
    let font = FontId::proportional(sized(DETAIL, zoom.clamp(0.62, 1.8)));
    let ink = match (line.denied || line.followed, line.selected) {
        (true, _) => color(line.color),
        (false, true) => theme.accent,
        (false, false) => theme.weak,
    };
    let galley = painter.layout_no_wrap(line.label.clone(), font, faded(ink, line.dimmed));
    let rect =
        Rect::from_center_size(lens.screen(line.label_at), galley.size() + Vec2::new(8.0, 3.0));
    if zoom < 0.75 && !line.selected && !all {
        let way = lens.screen(line.curve.end()) - lens.screen(line.curve.start());
        let flat = way.x.abs() > 2.0 * way.y.abs();
        if (flat && rect.width() > way.x.abs()) || taken.iter().any(|t| t.intersects(rect)) {
            return;
        }
    }
    taken.push(rect);
    painter.rect_filled(rect, 4.0, color(theme.style.ground).gamma_multiply(0.94));
    painter.galley(rect.center() - galley.size() / 2.0, galley, ink);
}

fn edge_of(theme: &Theme, node: &Node) -> Stroke {
    if node.denied {
        return Stroke::new(1.4, faded(theme.denied, node.dimmed));
    }
    let ink = color(node.tint.unwrap_or(theme.style.edge));
    let width = if node.tint.is_some() { 1.8 } else { 1.2 } * node.thickness;
    Stroke::new(width, faded(ink, node.dimmed))
}

/// The ring around a card that is selected or pointed at. It stands off the edge, which keeps what
/// it says of the card.
fn ring(painter: &Painter, theme: &Theme, card: Rect, zoom: f32) {
    let zoom = zoom.max(0.5);
    let ring = Stroke::new(RING * zoom.min(1.2), theme.accent);
    let rect = card.expand(RING_OFF * zoom);
    painter.rect_stroke(rect, 8.0 * zoom + RING_OFF * zoom, ring, StrokeKind::Middle);
}

fn card(
    painter: &Painter,
    theme: &Theme,
    (node, photo): (&Node, Option<TextureId>),
    lens: &Lens,
    targeted: bool,
) {
    if node.scale != 1.0 {
        // Drawn in its usual size from nearer or further away, at the same place on screen.
        let by = node.scale;
        let Camera { x, y, zoom } = lens.camera;
        let from = |at: f32, camera: f32| at - (at - camera) / by;
        let camera = Camera { x: from(node.at.x, x), y: from(node.at.y, y), zoom: zoom * by };
        return card(painter, theme, (&node.natural(), photo), &Lens { camera, ..*lens }, targeted);
    }
    let zoom = lens.camera.zoom;
    let rect = lens.screen_rect(node.rect());
    let radius = 8.0 * zoom;
    let ground = if node.dimmed {
        color(theme.style.card.over(theme.style.ground, 0.5))
    } else {
        color(theme.style.card)
    };
    if node.members.is_some() {
        // The cards below the first.
        let stroke = Stroke::new(1.0, faded(color(theme.style.edge), node.dimmed));
        for below in [8.0, 4.0] {
            let card = rect.translate(Vec2::splat(below * zoom));
            painter.rect(card, radius, ground, stroke, StrokeKind::Middle);
        }
    }
    painter.rect_filled(rect, radius, ground);
    let edge = edge_of(theme, node);
    match dash(node.strength) {
        [on, off] => {
            let outline = rounded(rect, radius);
            painter.extend(Shape::dashed_line(
                &outline,
                edge,
                on * zoom.min(1.2),
                off * zoom.min(1.2),
            ));
        }
        _ => drop(painter.rect_stroke(rect, radius, edge, StrokeKind::Middle)),
    }
    if node.selected || targeted {
        ring(painter, theme, rect, zoom);
    }
    let at = |x: f32, y: f32| rect.min + Vec2::new(x, y) * zoom;
    let middle = node.size.h / 2.0;
    let tile =
        Rect::from_min_max(at(PAD, middle - TILE / 2.0), at(PAD + TILE, middle + TILE / 2.0));
    let (behind, hue) = theme.style.sign_of(node);
    if let Some(photo) = photo {
        let whole = Rect::from_min_max(Pos2::ZERO, Pos2::new(1.0, 1.0));
        let tint = faded(Color32::WHITE, node.dimmed);
        painter.add(RectShape::filled(tile, 7.0 * zoom, tint).with_texture(photo, whole));
    } else {
        painter.rect_filled(tile, 7.0 * zoom, faded(color(behind), node.dimmed));
        let hue = faded(color(hue), node.dimmed);
        let font = icons(sized(21.0, zoom));
        painter.text(tile.center(), Align2::CENTER_CENTER, node.icon, font, hue);
    }
    if let Some(level) = node.level {
        let [whole, bar] = node.level_bar(level).map(|bar| lens.screen_rect(bar));
        let ink = node.tint.unwrap_or(theme.style.level(1.0));
        painter.rect_filled(whole, LEVEL * zoom / 2.0, color(theme.style.grid));
        painter.rect_filled(bar, LEVEL * zoom / 2.0, faded(color(ink), node.dimmed));
    }
    let x = PAD * 2.0 + TILE;
    let mut y = middle + node.text_tops().0;
    let ink = faded(theme.text, node.dimmed);
    // What is read from the right begins at the right.
    let begin = |direction: Direction, y: f32| match direction {
        Direction::LeftToRight => (at(x, y), Align2::LEFT_CENTER),
        Direction::RightToLeft => (at(node.size.w - PAD, y), Align2::RIGHT_CENTER),
    };
    let direction = Direction::of(&node.name);
    for line in &node.caption {
        let (place, align) = begin(direction, y + LINE / 2.0);
        let line = bidi::line_of(line, direction);
        let drawn = painter.text(place, align, line, semibold(sized(CAPTION, zoom)), ink);
        if node.denied {
            painter.line_segment(
                [drawn.left_center(), drawn.right_center()],
                Stroke::new(1.5, theme.denied),
            );
        }
        y += LINE;
    }
    let small = FontId::proportional(sized(DETAIL, zoom));
    for line in &node.detail {
        let (place, align) = begin(Direction::of(line), y + SMALL_LINE / 2.0);
        painter.text(place, align, line, small.clone(), faded(theme.weak, node.dimmed));
        y += SMALL_LINE;
    }
    if !node.status.is_empty() {
        let alarm = faded(theme.alarm, node.dimmed);
        let galley =
            painter.layout_no_wrap(node.status.clone(), semibold(sized(DETAIL, zoom)), alarm);
        let chip = Rect::from_min_size(at(x, y + 2.0), galley.size() + Vec2::new(10.0, 2.0) * zoom);
        let edge = Stroke::new(zoom.clamp(0.5, 1.0), alarm);
        painter.rect_stroke(chip, 3.0 * zoom, edge, StrokeKind::Inside);
        painter.galley(chip.center() - galley.size() / 2.0, galley, alarm);
    }
    for tag in &node.tags {
        let chip = lens.screen_rect(node.tag_rect(tag));
        painter.rect_filled(
            chip,
            chip.height() / 2.0,
            faded(color(theme.style.tag()), node.dimmed),
        );
        let font = FontId::proportional(sized(DETAIL, zoom));
        let ink = faded(theme.text, node.dimmed);
        painter.text(chip.center(), Align2::CENTER_CENTER, &tag.text, font, ink);
    }
    if node.pinned {
        // On the corner, where no name can run into it.
        let pin = at(node.size.w - 2.0, 2.0);
        let ink = faded(theme.weak, node.dimmed);
        painter.circle_filled(pin, 8.0 * zoom, color(theme.style.card));
        painter.circle_stroke(pin, 8.0 * zoom, Stroke::new(zoom.clamp(0.5, 1.0), ink));
        painter.text(pin, Align2::CENTER_CENTER, icon::KEEP, icons(sized(12.0, zoom)), ink);
    }
}

/// The outline of a rounded rectangle as a closed line, for dashes.
fn rounded(rect: Rect, radius: f32) -> Vec<Pos2> {
    let mut points = Vec::with_capacity(25);
    let corners = [
        (rect.right_top(), Vec2::new(-1.0, 1.0), -90.0_f32),
        (rect.right_bottom(), Vec2::new(-1.0, -1.0), 0.0),
        (rect.left_bottom(), Vec2::new(1.0, -1.0), 90.0),
        (rect.left_top(), Vec2::new(1.0, 1.0), 180.0),
    ];
    for (corner, inwards, from) in corners {
        let center = corner + inwards * radius;
        for step in 0..=5_u8 {
            let angle = (from + f32::from(step) * 18.0).to_radians();
            points.push(center + Vec2::angled(angle) * radius);
        }
    }
    points.push(points[0]);
    points
}

/// The handle from which relationships are drawn.
pub(super) fn handle(ui: &Ui, theme: &Theme, at: Pos2, hovered: bool) {
    let radius = if hovered { 8.0 } else { 6.0 };
    ui.painter().circle_filled(at, radius, theme.accent);
    ui.painter().text(at, Align2::CENTER_CENTER, icon::ADD, icons(radius * 1.7), theme.on_accent);
}

/// A relationship that is being drawn.
pub(super) fn link_preview(ui: &Ui, theme: &Theme, from: Rect, to: Pos2) {
    let stroke = Stroke::new(2.0, theme.accent);
    let start = from.center();
    let edge = if from.contains(to) { start } else { from.intersects_ray_at(to) };
    ui.painter().extend(Shape::dashed_line(&[edge, to], stroke, 6.0, 4.0));
    ui.painter().circle_filled(to, 4.0, theme.accent);
}

trait RayExit {
    fn intersects_ray_at(&self, to: Pos2) -> Pos2;
}

impl RayExit for Rect {
    /// Where the way from the middle to a position leaves the rectangle.
    fn intersects_ray_at(&self, to: Pos2) -> Pos2 {
        let d = to - self.center();
        let scale = (self.width() / 2.0 / d.x.abs().max(0.01))
            .min(self.height() / 2.0 / d.y.abs().max(0.01));
        self.center() + d * scale.min(1.0)
    }
}

/// A loop that is being drawn around entities.
pub(super) fn lasso(ui: &Ui, theme: &Theme, points: &[Pos2]) {
    let mut closed = points.to_vec();
    closed.extend(points.first());
    ui.painter().extend(Shape::dashed_line(&closed, Stroke::new(1.5, theme.accent), 5.0, 4.0));
}
