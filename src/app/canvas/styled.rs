//! Lines that are drawn over the picture from afar: those whose look the user chose, because the
//! others have one colour there, and those that are led around icons.

use egui::{Painter, Rect};

use super::{Lens, far::radius_of, stroke};
use crate::{
    app::theme::Theme,
    chart::{
        Line, Point, Sketch,
        curve::{line_point, part},
    },
    model::Id,
};

/// Draws them over the picture from afar, from the edge of one dot or icon to that of the other.
/// Those of the path that the user follows are left as they are.
pub(super) fn lines(
    painter: &Painter,
    theme: &Theme,
    (sketch, follows): (&Sketch, bool),
    lens: &Lens,
) {
    let sight: Rect = lens.rect;
    for styled in sketch.styled() {
        let Some(thread) = sketch.threads.get(styled.thread as usize) else { continue };
        if follows && thread.selected || sketch.goes_around(thread) {
            continue;
        }
        let (from, to) = (&sketch.dots[thread.from as usize], &sketch.dots[thread.to as usize]);
        let zoom = lens.camera.zoom;
        let reach = [from, to].map(|dot| (radius_of(dot, zoom) + 1.0) / zoom);
        let whole = sketch.curve(thread);
        let Some(curve) = whole.parts().next().and_then(|part| between(part, reach)) else {
            continue;
        };
        let line = Line {
            ids: Vec::new(),
            reference: thread.reference,
            from: from.id.clone(),
            to: to.id.clone(),
            curve: curve.into(),
            spread: thread.spread,
            nth: 0,
            arrow_from: thread.arrow_from,
            arrow_to: thread.arrow_to,
            strength: thread.strength,
            denied: thread.denied,
            selected: thread.selected,
            followed: false,
            dimmed: thread.dimmed,
            label: String::new(),
            label_at: curve[0],
            width: styled.width,
            color: styled.color,
        };
        stroke::line(painter, &line, lens, sight, (false, 1.0), theme);
    }
}

/// Draws those of some lines that are led around icons.
pub(super) fn around(
    painter: &Painter,
    theme: &Theme,
    lines: &[Line],
    target: Option<&Id>,
    lens: &Lens,
) {
    for line in lines.iter().filter(|line| line.curve.goes_around()) {
        let targeted = target.is_some_and(|id| line.ids.contains(id));
        stroke::line(painter, line, lens, lens.rect, (targeted, 1.0), theme);
    }
}

/// The part of a curve that is further from its ends than their dots reach; `None` for none.
fn between(curve: &[Point; 4], [from, to]: [f32; 2]) -> Option<[Point; 4]> {
    const STEPS: u8 = 64;
    let places = || (0..=STEPS).map(|n| f32::from(n) / f32::from(STEPS));
    let far = |t: f32, end: Point, reach: f32| line_point(curve, t).distance(end) > reach;
    let leaves = places().find(|t| far(*t, curve[0], from))?;
    let arrives = places().rev().find(|t| far(*t, curve[3], to))?;
    (leaves < arrives).then(|| part(curve, leaves, arrives))
}
