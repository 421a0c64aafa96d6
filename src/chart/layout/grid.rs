//! Rows and columns.

use super::{Body, apart::Room, fill::Shape};
use crate::chart::Point;

/// How much wider than high a grid of many is.
const WIDE: f32 = 1.7;

/// In rows and columns, by rank, or where there is none in the reading order of where they stood
/// before.
pub(super) fn arrange(bodies: &[Body], rank: &[u32], shape: Option<Shape>) -> Vec<Point> {
    let gap = shape.map_or(Room::Usual, |shape| shape.room).between();
    let width = bodies.iter().map(|b| b.size.w).fold(0.0, f32::max) + gap;
    let height = bodies.iter().map(|b| b.size.h).fold(0.0, f32::max) + gap;
    let wide = shape.map_or(WIDE, |shape| shape.wide);
    let columns =
        ((bodies.len() as f32 * height / width.max(1.0) * wide).sqrt().round() as usize).max(1);
    let mut order: Vec<usize> = (0..bodies.len()).collect();
    if rank.len() == bodies.len() {
        order.sort_by_key(|&n| rank[n]);
    } else {
        order.sort_by(|&a, &b| {
            let (a, b) = (bodies[a].at, bodies[b].at);
            ((a.y / height).round().total_cmp(&(b.y / height).round())).then(a.x.total_cmp(&b.x))
        });
    }
    let mut points = vec![Point::default(); bodies.len()];
    for (at, &n) in order.iter().enumerate() {
        points[n] = Point::new((at % columns) as f32 * width, (at / columns) as f32 * height);
    }
    points
}
