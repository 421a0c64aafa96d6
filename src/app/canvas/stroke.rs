//! Lines as egui shapes: no more of them than is in sight.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, Vec2};

use super::{Lens, paint::faded};
use crate::{
    app::theme::{Theme, color},
    chart::{self, Cubic, Curve, Line, Point, curve::line_point, style::dash},
};

/// How much wider than a line the band below it is that says it is selected, in points at zoom 1,
/// and its opacity.
const BAND: f32 = 6.0;
const BAND_OPACITY: f32 = 0.45;
/// A curve that strays less than this from the straight way is drawn straight, in points.
const STRAIGHT: f32 = 0.4;

/// Draws a line as strong as said, 0 to 1, its dashes no further than they are in sight.
pub(super) fn line(
    painter: &Painter,
    line: &Line,
    lens: &Lens,
    sight: Rect,
    (targeted, strong): (bool, f32),
    theme: &Theme,
) {
    let curve = &line.curve;
    let zoom = lens.camera.zoom;
    let ink = faded(color(line.color), line.dimmed).gamma_multiply(strong);
    let width = line.width * zoom.clamp(0.45, 1.5);
    let scaled = zoom.clamp(0.5, 1.6);
    let points = polyline(curve, lens);
    if targeted || line.selected && !line.followed {
        // A band below the line, which keeps its dashes and its colour.
        let band = Stroke::new(width + BAND * scaled, theme.accent.gamma_multiply(BAND_OPACITY));
        painter.add(Shape::line(points.clone(), band));
    }
    match dash(line.strength) {
        [on, off] => {
            let stroke = Stroke::new(width, ink);
            painter.extend(
                dashes(&points, on * scaled, off * scaled, sight.expand(width))
                    .into_iter()
                    .map(|ends| Shape::LineSegment { points: ends, stroke }),
            );
        }
        _ => drop(painter.add(Shape::line(points, Stroke::new(width, ink)))),
    }
    if line.arrow_to {
        head(painter, curve, lens, ink);
    }
    if line.arrow_from {
        head(painter, &curve.reversed(), lens, ink);
    }
    if line.denied {
        let at = lens.screen(curve.at(0.3));
        let r = 5.0 * scaled;
        let cross = Stroke::new(2.2 * scaled, ink);
        painter.line_segment([at + Vec2::new(-r, -r), at + Vec2::new(r, r)], cross);
        painter.line_segment([at + Vec2::new(-r, r), at + Vec2::new(r, -r)], cross);
    }
}

/// The positions on screen through which a curve goes: as many as it takes to look round.
fn polyline(curve: &Curve, lens: &Lens) -> Vec<Pos2> {
    let mut points: Vec<Pos2> = curve.parts().flat_map(|part| steps(part, lens)).collect();
    points.dedup();
    points
}

/// The same for a part of it.
fn steps(curve: &Cubic, lens: &Lens) -> Vec<Pos2> {
    let ends = [lens.screen(curve[0]), lens.screen(curve[3])];
    let way = ends[1] - ends[0];
    let length = way.length();
    let stray = |p: Point| {
        let d = lens.screen(p) - ends[0];
        (d.x * way.y - d.y * way.x).abs() / length.max(1e-3)
    };
    if stray(curve[1]).max(stray(curve[2])) < STRAIGHT {
        return ends.to_vec();
    }
    let steps = (length / 14.0).clamp(4.0, 40.0) as usize;
    (0..=steps).map(|step| lens.screen(line_point(curve, step as f32 / steps as f32))).collect()
}

/// The dashes of a polyline as far as they are in sight. They stand where they would stand if the
/// whole line were dashed, so that they do not crawl when the view moves.
fn dashes(points: &[Pos2], on: f32, off: f32, sight: Rect) -> Vec<[Pos2; 2]> {
    let period = on + off;
    let mut before = 0.0;
    let mut all = Vec::new();
    for pair in points.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let length = a.distance(b);
        if let Some((enter, leave)) = within(a, b, sight).filter(|_| length > 0.0) {
            let at = |way: f32| a + (b - a) * (way / length);
            let (enter, leave) = (enter * length, leave * length);
            // The number of the first dash that reaches into the part in sight.
            let mut number = ((before + enter - on) / period).ceil();
            loop {
                let start = number * period - before;
                if start >= leave {
                    break;
                }
                all.push([at(start.max(enter)), at((start + on).min(leave))]);
                number += 1.0;
            }
        }
        before += length;
    }
    all
}

/// Which part of the way from `a` to `b` lies in a rectangle, from 0 to 1.
fn within(a: Pos2, b: Pos2, rect: Rect) -> Option<(f32, f32)> {
    let point = |at: Pos2| Point::new(at.x, at.y);
    let rect = chart::Rect { min: point(rect.min), max: point(rect.max) };
    chart::within(point(a), point(b), rect)
}

fn head(painter: &Painter, curve: &Curve, lens: &Lens, ink: Color32) {
    let size = 10.0 * (lens.camera.zoom.clamp(0.6, 1.4) / lens.camera.zoom);
    let corners = curve.arrowhead(size).map(|p| lens.screen(p));
    painter.add(Shape::convex_polygon(corners.to_vec(), ink, Stroke::NONE));
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGHT: Rect = Rect { min: Pos2::new(0.0, 0.0), max: Pos2::new(100.0, 100.0) };

    #[test]
    fn dashes_stand_still_when_the_view_moves() {
        let line = [Pos2::new(-1000.0, 50.0), Pos2::new(40.0, 50.0), Pos2::new(5000.0, 50.0)];
        let clipped = dashes(&line, 8.0, 5.0, SIGHT);
        let all = dashes(&line, 8.0, 5.0, Rect::EVERYTHING);
        assert!(clipped.len() <= 9 && all.len() > 400, "{} of {}", clipped.len(), all.len());
        for [a, b] in &clipped {
            assert!(
                all.iter().any(|[c, d]| c.x <= a.x + 0.01 && b.x <= d.x + 0.01),
                "a dash from {a} to {b} is none of the whole line"
            );
        }
    }

    #[test]
    fn a_line_is_clipped_to_what_is_in_sight() {
        let through = within(Pos2::new(-100.0, 50.0), Pos2::new(300.0, 50.0), SIGHT);
        assert_eq!(through, Some((0.25, 0.5)));
        assert_eq!(within(Pos2::new(-10.0, -10.0), Pos2::new(-10.0, 300.0), SIGHT), None);
        assert_eq!(within(Pos2::new(10.0, 10.0), Pos2::new(20.0, 20.0), SIGHT), Some((0.0, 1.0)));
    }
}
