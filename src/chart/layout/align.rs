//! Lining cards up, and spacing them evenly.

use super::Body;
use crate::chart::Point;

/// Which edges or middles to line up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Align {
    Left,
    Center,
    Right,
    Top,
    Middle,
    Bottom,
}

/// Along which way to space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Axis {
    Horizontal,
    Vertical,
}

/// Lines cards up with the outermost of them, or with the middle of all. What is fixed stays.
pub fn align(how: Align, bodies: &[Body]) -> Vec<Point> {
    let all = bodies.iter().map(Body::rect).reduce(crate::chart::Rect::union).unwrap_or_default();
    bodies
        .iter()
        .map(|body| {
            let (w, h) = (body.size.w / 2.0, body.size.h / 2.0);
            match how {
                _ if body.fixed => body.at,
                Align::Left => Point::new(all.min.x + w, body.at.y),
                Align::Center => Point::new(all.center().x, body.at.y),
                Align::Right => Point::new(all.max.x - w, body.at.y),
                Align::Top => Point::new(body.at.x, all.min.y + h),
                Align::Middle => Point::new(body.at.x, all.center().y),
                Align::Bottom => Point::new(body.at.x, all.max.y - h),
            }
        })
        .collect()
}

/// Spaces cards so that the gaps between them are equal; the outermost two stay, and what is
/// fixed stays.
pub fn distribute(axis: Axis, bodies: &[Body]) -> Vec<Point> {
    let horizontal = axis == Axis::Horizontal;
    let place = |body: &Body| if horizontal { body.at.x } else { body.at.y };
    let length = |body: &Body| if horizontal { body.size.w } else { body.size.h };
    let mut order: Vec<usize> = (0..bodies.len()).collect();
    order.sort_by(|&a, &b| place(&bodies[a]).total_cmp(&place(&bodies[b])));
    let mut points: Vec<Point> = bodies.iter().map(|body| body.at).collect();
    let (Some(&first), Some(&last)) = (order.first(), order.last()) else { return points };
    let start = place(&bodies[first]) - length(&bodies[first]) / 2.0;
    let end = place(&bodies[last]) + length(&bodies[last]) / 2.0;
    let filled: f32 = bodies.iter().map(length).sum();
    let gap = (end - start - filled) / (bodies.len() as f32 - 1.0).max(1.0);
    let mut at = start;
    for &n in &order {
        let middle = at + length(&bodies[n]) / 2.0;
        if !bodies[n].fixed && n != first && n != last {
            points[n] = if horizontal {
                Point::new(middle, points[n].y)
            } else {
                Point::new(points[n].x, middle)
            };
        }
        at += length(&bodies[n]) + gap;
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Size;

    fn body(x: f32, w: f32, fixed: bool) -> Body {
        Body { at: Point::new(x, x / 2.0), size: Size { w, h: 10.0 }, fixed }
    }

    #[test]
    fn edges_line_up_and_what_is_fixed_stays() {
        let bodies = [body(0.0, 20.0, false), body(100.0, 40.0, false), body(50.0, 10.0, true)];
        let points = align(Align::Left, &bodies);
        assert_eq!(points.iter().map(|p| p.x).collect::<Vec<_>>(), [0.0, 10.0, 50.0]);
        let right = align(Align::Right, &bodies);
        assert_eq!(right[0].x, 110.0);
    }

    #[test]
    fn gaps_become_equal() {
        let bodies = [body(0.0, 20.0, false), body(30.0, 40.0, false), body(200.0, 20.0, false)];
        let points = distribute(Axis::Horizontal, &bodies);
        assert_eq!(points.iter().map(|p| p.x).collect::<Vec<_>>(), [0.0, 100.0, 200.0]);
    }
}
