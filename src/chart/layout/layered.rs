//! Owners above what they own, after Sugiyama, Tagawa and Toda (1981): break circles, give each
//! entity a layer, order the layers to avoid crossings, then set each entity below the middle of
//! those above it.

use super::{Body, GAP, Graph, pack};
use crate::chart::Point;

const SWEEPS: usize = 16;
/// The space between two layers.
const BETWEEN: f32 = 84.0;
/// The width of the place where a long line passes through a layer.
const PASSAGE: f32 = 24.0;

pub(super) fn arrange(bodies: &[Body], graph: &Graph) -> Vec<Point> {
    let mut points = vec![Point::default(); bodies.len()];
    let parts = graph.components();
    for part in &parts {
        arrange_part(part, bodies, graph, &mut points);
    }
    pack(bodies, &parts, &mut points);
    points
}

/// A place in a layer: an entity, or a passage of a line.
#[derive(Default)]
struct Cell {
    entity: Option<usize>,
    width: f32,
    up: Vec<usize>,
    down: Vec<usize>,
}

fn arrange_part(part: &[usize], bodies: &[Body], graph: &Graph, points: &mut [Point]) {
    let edges = acyclic(part, graph);
    let layer = layers(part, graph, &edges);
    let mut cells: Vec<Cell> = Vec::new();
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); layer.iter().max().map_or(0, |l| l + 1)];
    let mut cell_of = vec![usize::MAX; bodies.len()];
    for (&n, &l) in part.iter().zip(&layer) {
        cell_of[n] = cells.len();
        rows[l].push(cells.len());
        cells.push(Cell { entity: Some(n), width: bodies[n].size.w, ..Cell::default() });
    }
    let layer_of = |n: usize| layer[part.binary_search(&n).unwrap_or_default()];
    // Every tie takes part in the order, with a passage in each layer that it crosses.
    for &a in part {
        for &b in graph.near[a].iter().filter(|b| a < **b) {
            let (top, bottom) = if layer_of(a) <= layer_of(b) { (a, b) } else { (b, a) };
            let mut above = cell_of[top];
            let crossed = (layer_of(top) + 1).min(layer_of(bottom))..layer_of(bottom);
            for row in &mut rows[crossed] {
                let passage = cells.len();
                cells.push(Cell { width: PASSAGE, ..Cell::default() });
                row.push(passage);
                join(&mut cells, above, passage);
                above = passage;
            }
            if layer_of(top) < layer_of(bottom) {
                join(&mut cells, above, cell_of[bottom]);
            }
        }
    }
    order(&mut rows, &cells);
    let rows = wrap_wide(rows, part.len());
    let x = columns(&rows, &cells);
    let mut y = 0.0;
    for row in &rows {
        let entities = row.iter().filter_map(|&c| cells[c].entity);
        let height = entities.map(|n| bodies[n].size.h).fold(0.0, f32::max);
        for &c in row {
            if let Some(n) = cells[c].entity {
                points[n] = Point::new(x[c], y + height / 2.0);
            }
        }
        y += height + if height > 0.0 { BETWEEN } else { 0.0 };
    }
}

fn join(cells: &mut [Cell], above: usize, below: usize) {
    cells[above].down.push(below);
    cells[below].up.push(above);
}

/// The ties that put one above the other, some of them turned round so that no circle is left.
fn acyclic(part: &[usize], graph: &Graph) -> Vec<(usize, usize)> {
    let inside = |n: usize| part.binary_search(&n).is_ok();
    let ties: Vec<(usize, usize)> =
        graph.above.iter().copied().filter(|(a, b)| inside(*a) && inside(*b)).collect();
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); graph.near.len()];
    let mut owned = vec![0_usize; graph.near.len()];
    for &(a, b) in &ties {
        below[a].push(b);
        owned[b] += 1;
    }
    // Depth first from those whom nobody owns: a tie back to somebody on the way is turned.
    let mut starts = part.to_vec();
    starts.sort_by_key(|&n| (owned[n], std::cmp::Reverse(below[n].len()), n));
    let mut state = vec![0_u8; graph.near.len()];
    let mut edges = Vec::new();
    for start in starts {
        if state[start] != 0 {
            continue;
        }
        state[start] = 1;
        let mut path = vec![(start, 0)];
        while let Some((at, next)) = path.pop() {
            let Some(&child) = below[at].get(next) else {
                state[at] = 2;
                continue;
            };
            path.push((at, next + 1));
            match state[child] {
                1 => edges.push((child, at)),
                2 => edges.push((at, child)),
                _ => {
                    edges.push((at, child));
                    state[child] = 1;
                    path.push((child, 0));
                }
            }
        }
    }
    edges
}

/// The layer of each member of a part, 0 on top.
fn layers(part: &[usize], graph: &Graph, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut layer: Vec<Option<usize>> = vec![None; graph.near.len()];
    let (mut above, mut below) = (vec![Vec::new(); layer.len()], vec![Vec::new(); layer.len()]);
    for &(a, b) in edges {
        below[a].push(b);
        above[b].push(a);
    }
    // The longest way down to each.
    let mut waiting: Vec<usize> = above.iter().map(Vec::len).collect();
    let mut ready: Vec<usize> =
        part.iter().copied().filter(|&n| above[n].is_empty() && !below[n].is_empty()).collect();
    let mut sorted = Vec::new();
    while let Some(n) = ready.pop() {
        layer[n] =
            Some(above[n].iter().filter_map(|&a| layer[a]).map(|l| l + 1).max().unwrap_or(0));
        sorted.push(n);
        for &child in &below[n] {
            waiting[child] -= 1;
            if waiting[child] == 0 {
                ready.push(child);
            }
        }
    }
    // Down to just above what one owns, so that lines are short.
    for &n in sorted.iter().rev() {
        if let Some(lowest) = below[n].iter().filter_map(|&b| layer[b]).min() {
            layer[n] = Some(lowest.saturating_sub(1).max(layer[n].unwrap_or(0)));
        }
    }
    // Who neither owns nor is owned hangs below whom he is tied to.
    let mut queue: std::collections::VecDeque<usize> =
        part.iter().copied().filter(|&n| layer[n].is_some()).collect();
    if queue.is_empty()
        && let Some(&hub) = part.iter().max_by_key(|&&n| graph.near[n].len())
    {
        layer[hub] = Some(0);
        queue.push_back(hub);
    }
    while let Some(n) = queue.pop_front() {
        let next = layer[n].unwrap_or(0) + 1;
        for &other in &graph.near[n] {
            if layer[other].is_none() {
                layer[other] = Some(next);
                queue.push_back(other);
            }
        }
    }
    part.iter().map(|&n| layer[n].unwrap_or(0)).collect()
}

/// Orders each layer by the middle of its neighbours in the one before, down and up in turn;
/// keeps the order with the fewest crossings.
fn order(rows: &mut Vec<Vec<usize>>, cells: &[Cell]) {
    let mut best = (crossings(rows, cells), rows.clone());
    for sweep in 0..SWEEPS {
        let down = sweep % 2 == 0;
        let mut place = places(rows, cells.len());
        let numbers: Vec<usize> = if down {
            (1..rows.len()).collect()
        } else {
            (0..rows.len().saturating_sub(1)).rev().collect()
        };
        for number in numbers {
            let middle = |cell: usize| {
                let near = if down { &cells[cell].up } else { &cells[cell].down };
                if near.is_empty() {
                    return place[cell];
                }
                near.iter().map(|&n| place[n]).sum::<f32>() / near.len() as f32
            };
            let mut keyed: Vec<(f32, usize)> =
                rows[number].iter().map(|&c| (middle(c), c)).collect();
            keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
            rows[number] = keyed.into_iter().map(|(_, cell)| cell).collect();
            for (at, &cell) in rows[number].iter().enumerate() {
                place[cell] = at as f32;
            }
        }
        let count = crossings(rows, cells);
        if count < best.0 {
            best = (count, rows.clone());
        }
    }
    *rows = best.1;
}

fn places(rows: &[Vec<usize>], count: usize) -> Vec<f32> {
    let mut place = vec![0.0; count];
    for row in rows {
        for (at, &cell) in row.iter().enumerate() {
            place[cell] = at as f32;
        }
    }
    place
}

/// How often lines cross, counted by sorted insertion.
fn crossings(rows: &[Vec<usize>], cells: &[Cell]) -> usize {
    let place = places(rows, cells.len());
    let mut total = 0;
    for row in rows {
        let mut seen: Vec<usize> = Vec::new();
        for &cell in row {
            let mut ends: Vec<usize> =
                cells[cell].down.iter().map(|&d| place[d] as usize).collect();
            ends.sort_unstable();
            for end in &ends {
                total += seen.len() - seen.partition_point(|s| s <= end);
            }
            for end in ends {
                let at = seen.partition_point(|s| *s <= end);
                seen.insert(at, end);
            }
        }
    }
    total
}

/// Splits rows that would be far wider than the rest, so that a chart stays within a window.
fn wrap_wide(rows: Vec<Vec<usize>>, members: usize) -> Vec<Vec<usize>> {
    let most = ((members as f32).sqrt() * 1.8).ceil().max(9.0) as usize;
    rows.into_iter()
        .flat_map(|row| {
            let parts = row.len().div_ceil(most).max(1);
            let length = row.len().div_ceil(parts).max(1);
            row.chunks(length).map(<[usize]>::to_vec).collect::<Vec<_>>()
        })
        .collect()
}

/// The horizontal place of every cell: each wants to stand at the middle of its neighbours, in
/// the order of its row and not closer than cards are wide.
fn columns(rows: &[Vec<usize>], cells: &[Cell]) -> Vec<f32> {
    let mut x = vec![0.0; cells.len()];
    for row in rows {
        let mut at = 0.0;
        for &cell in row {
            at += cells[cell].width / 2.0;
            x[cell] = at;
            at += cells[cell].width / 2.0 + GAP;
        }
        for &cell in row {
            x[cell] -= (at - GAP) / 2.0;
        }
    }
    for sweep in 0..24 {
        let down = sweep % 2 == 0;
        let numbers: Vec<usize> =
            if down { (0..rows.len()).collect() } else { (0..rows.len()).rev().collect() };
        for number in numbers {
            let wanted: Vec<f32> = rows[number]
                .iter()
                .map(|&cell| {
                    let Cell { up, down, .. } = &cells[cell];
                    let count = up.len() + down.len();
                    if count == 0 {
                        return x[cell];
                    }
                    up.iter().chain(down).map(|&n| x[n]).sum::<f32>() / count as f32
                })
                .collect();
            for (&cell, place) in rows[number].iter().zip(apart(&rows[number], cells, &wanted)) {
                x[cell] = place;
            }
        }
    }
    x
}

/// The places closest to the wanted ones, in squares, that keep order and distances: isotonic
/// regression by pooling adjacent violators.
fn apart(row: &[usize], cells: &[Cell], wanted: &[f32]) -> Vec<f32> {
    let mut offset = Vec::with_capacity(row.len());
    let mut at = 0.0;
    for (n, &cell) in row.iter().enumerate() {
        if n > 0 {
            at += f32::midpoint(cells[row[n - 1]].width, cells[cell].width) + GAP;
        }
        offset.push(at);
    }
    // Blocks of cells that stand as close as they may: the sum of their wishes, and how many.
    let mut blocks: Vec<(f32, f32)> = Vec::new();
    for (wish, offset) in wanted.iter().zip(&offset) {
        blocks.push((wish - offset, 1.0));
        while let [.., (a, n), (b, m)] = blocks[..]
            && a / n > b / m
        {
            blocks.pop();
            blocks.pop();
            blocks.push((a + b, n + m));
        }
    }
    let bases =
        blocks.iter().flat_map(|(sum, count)| std::iter::repeat_n(sum / count, *count as usize));
    bases.zip(offset).map(|(base, offset)| base + offset).collect()
}
