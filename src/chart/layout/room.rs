//! Room for cards where many lie close, taken from where few do.
//!
//! A grid's lines are moved away from cells that are too full, and cards move along with them
//! (the cell shifting of Viswanathan and Chu, IEEE TCAD 24, 2005). Unlike there,
//! cells that are not full do not move, so that the shape of the whole remains.

use super::{Body, GAP, watch::Watch};
use crate::chart::Point;

/// The part of a cell that cards may fill.
const FULL: f32 = 0.6;
/// The share of all that may lie in excess of that.
const EXCESS: f32 = 0.02;
/// Keeps lines from meeting.
const STIFF: f32 = 0.8;
/// So many cells are not too many for however few cards.
const CELLS: usize = 100_000;
/// The sides of cells, in cards, and how often lines are moved at each.
const PASSES: [(f32, usize); 6] =
    [(64.0, 20), (32.0, 20), (16.0, 20), (8.0, 20), (4.0, 20), (2.0, 30)];

/// Moves the middles of cards that are not fixed until few lie over each other; `None` where the
/// watch stopped it.
pub(super) fn make(bodies: &[Body], points: &mut [Point], watch: Watch<'_>) -> Option<()> {
    let mean = |of: fn(&Body) -> f32| {
        bodies.iter().map(of).sum::<f32>() / bodies.len().max(1) as f32 + GAP
    };
    let card = (mean(|b| b.size.w), mean(|b| b.size.h));
    // All x along the lines, then all y.
    let mut along: Vec<f32> = points.iter().map(|p| p.x).collect();
    let mut across: Vec<f32> = points.iter().map(|p| p.y).collect();
    for (side, times) in PASSES {
        for _ in 0..times {
            watch.tell(1.0)?;
            let in_x = shift(&mut along, &across, bodies, (card.0 * side, card.1 * side));
            let in_y = shift(&mut across, &along, bodies, (card.1 * side, card.0 * side));
            if !in_x && !in_y {
                break;
            }
        }
    }
    for (p, (x, y)) in points.iter_mut().zip(along.iter().zip(&across)) {
        *p = Point::new(*x, *y);
    }
    Some(())
}

/// Moves the lines between the cells of each row once; whether too much was in cells too full.
fn shift(along: &mut [f32], across: &[f32], bodies: &[Body], cell: (f32, f32)) -> bool {
    let axis = |values: &[f32], side: f32| {
        let (least, most) =
            values.iter().fold((f32::MAX, f32::MIN), |(a, b), v| (a.min(*v), b.max(*v)));
        // A free cell at each end, to grow into.
        (least - side * 1.5, ((most - least) / side) as usize + 4)
    };
    let ((left, columns), (top, rows)) = (axis(along, cell.0), axis(across, cell.1));
    // A cell and how far into it.
    let find = |v: f32, from: f32, side: f32, count: usize| {
        let at = (v - from) / side;
        let whole = (at as usize).min(count - 1);
        (whole, at - whole as f32)
    };
    if columns.saturating_mul(rows) > CELLS.max(bodies.len() * 8) {
        // What is strewn that thinly has room, or finds it with larger cells.
        return false;
    }
    let mut used = vec![0.0_f32; columns * rows];
    for ((x, y), body) in along.iter().zip(across).zip(bodies) {
        let (column, row) = (find(*x, left, cell.0, columns).0, find(*y, top, cell.1, rows).0);
        let area = (body.size.w + GAP) * (body.size.h + GAP);
        used[row * columns + column] += area / (cell.0 * cell.1);
    }
    let excess: f32 = used.iter().map(|used| (used - FULL).max(0.0)).sum();
    if excess <= EXCESS * used.iter().sum::<f32>() {
        return false;
    }
    // How far the line at the left of each cell moves, in cells.
    let mut lines = vec![0.0_f32; (columns + 1) * rows];
    for row in 0..rows {
        let used = &used[row * columns..(row + 1) * columns];
        let lines = &mut lines[row * (columns + 1)..(row + 1) * (columns + 1)];
        for column in 1..columns {
            let (before, after) = (used[column - 1].max(FULL), used[column].max(FULL));
            lines[column] = (before - after) / (before + after + 2.0 * STIFF);
        }
    }
    for ((x, y), _) in along.iter_mut().zip(across).zip(bodies).filter(|(_, body)| !body.fixed) {
        let (column, part) = find(*x, left, cell.0, columns);
        // Between the middles of two rows, so that neighbouring rows do not shear.
        let (row, between) = find(*y, top + cell.1 / 2.0, cell.1, rows - 1);
        let moved = |row: usize| {
            let line = row * (columns + 1) + column;
            lines[line] * (1.0 - part) + lines[line + 1] * part
        };
        *x += cell.0 * (moved(row) * (1.0 - between) + moved(row + 1) * between);
    }
    true
}
