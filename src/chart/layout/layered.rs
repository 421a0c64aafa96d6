//! Owners above what they own, after Sugiyama, Tagawa and Toda (1981): break circles, give each
//! entity a layer, order the layers to avoid crossings, then set each entity below the middle of
//! those above it.

use std::collections::HashSet;

use super::{
    Body, Graph, Tie,
    apart::{Room, gap},
    fill::Shape,
    lines, parts,
    rings::keep_apart,
    watch::Watch,
};
use crate::chart::Point;

/// How often the order of layers is improved, and how many cells are looked at for it at most: a
/// chart with more of them gets fewer sweeps, so that it comes in seconds.
const SWEEPS: usize = 16;
const LOOKS: usize = 6_000_000;
/// The least space between two layers; labels ask for more.
const BETWEEN: f32 = 64.0;
/// The width of the place where a long line passes through a layer.
const PASSAGE: f32 = 24.0;

/// The width and the height of a card with the space around it, where rows are as close as labels
/// allow.
const CARD: (f32, f32) = (210.0, 100.0);

pub(super) fn arrange(
    bodies: &[Body],
    graph: &Graph,
    shape: Option<Shape>,
    watch: Watch<'_>,
) -> Option<Vec<Point>> {
    parts::each(bodies, graph, watch, |_, cards, graph, watch| {
        arrange_part(cards, graph, shape, watch)
    })
}

/// A place in a layer: an entity, or a passage of a line.
#[derive(Default)]
struct Cell {
    entity: Option<usize>,
    width: f32,
    up: Vec<usize>,
    down: Vec<usize>,
}

fn arrange_part(
    bodies: &[Body],
    graph: &Graph,
    shape: Option<Shape>,
    watch: Watch<'_>,
) -> Option<Vec<Point>> {
    let layer = layers(graph, &acyclic(graph).edges);
    // The cells of the entities come first, so that each has its entity's number.
    let mut cells: Vec<Cell> = bodies
        .iter()
        .enumerate()
        .map(|(n, body)| Cell { entity: Some(n), width: body.size.w, ..Cell::default() })
        .collect();
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); layer.iter().max().map_or(0, |l| l + 1)];
    for (n, &l) in layer.iter().enumerate() {
        rows[l].push(n);
    }
    // Every tie takes part in the order, with a passage in each layer that it crosses.
    for a in 0..bodies.len() {
        for &b in graph.near[a].iter().filter(|b| a < **b) {
            let (top, bottom) = if layer[a] <= layer[b] { (a, b) } else { (b, a) };
            let mut above = top;
            let crossed = (layer[top] + 1).min(layer[bottom])..layer[bottom];
            for row in &mut rows[crossed] {
                let passage = cells.len();
                cells.push(Cell { width: PASSAGE, ..Cell::default() });
                row.push(passage);
                join(&mut cells, above, passage);
                above = passage;
            }
            if layer[top] < layer[bottom] {
                join(&mut cells, above, bottom);
            }
        }
    }
    order(&mut rows, &cells, watch.part(0.0, 0.5))?;
    let rows =
        without_ties(wrap_wide(rows, bodies.len(), shape.map(|shape| shape.wide)), &cells, graph);
    let room = shape.map_or(Room::Usual, |shape| shape.room);
    let x = columns(&rows, &cells, (graph, room), watch.part(0.5, 0.8))?;
    let mut points: Vec<Point> = (0..bodies.len()).map(|n| Point::new(x[n], 0.0)).collect();
    let cards = |row: &Vec<usize>| row.iter().filter_map(|&c| cells[c].entity).collect();
    let rows: Vec<Vec<usize>> =
        rows.iter().map(cards).filter(|row: &Vec<_>| !row.is_empty()).collect();
    stack(bodies, (graph, room), &rows, &mut points);
    let apart: Vec<Vec<f32>> = rows.iter().map(|row| offsets(row, &cells, (graph, room))).collect();
    lines::free(bodies, graph, &rows, &apart, &mut points, watch.part(0.8, 1.0))?;
    Some(points)
}

/// Sets rows below each other, as close as the labels of the lines between them allow.
fn stack(
    bodies: &[Body],
    (graph, room): (&Graph, Room),
    rows: &[Vec<usize>],
    points: &mut [Point],
) {
    let height = |row: &[usize]| row.iter().map(|&n| bodies[n].size.h).fold(0.0, f32::max);
    let between = if room == Room::Close { BETWEEN / 2.0 } else { BETWEEN };
    let mut above: Option<(usize, f32)> = None;
    let mut row_of = vec![usize::MAX; bodies.len()];
    for (number, row) in rows.iter().enumerate() {
        let Some((last, middle)) = above else {
            above = Some((number, 0.0));
            for &n in row {
                row_of[n] = number;
            }
            continue;
        };
        let least = middle + f32::midpoint(height(&rows[last]), height(row)) + between;
        let mut y = least;
        for &n in row {
            for (&other, drawn) in graph.near[n].iter().zip(&graph.drawn[n]) {
                if row_of[other] == usize::MAX {
                    continue;
                }
                let upper = Body { at: points[other], ..bodies[other] };
                let mut lower = Body { at: Point::new(points[n].x, y), ..bodies[n] };
                // Down until the line is long enough; a slanting one soon is.
                while gap(&upper, &lower) < room.needed(&upper, &lower, drawn.label) {
                    lower.at.y += 4.0;
                }
                y = lower.at.y;
            }
        }
        for &n in row {
            points[n].y = y;
            row_of[n] = number;
        }
        above = Some((number, y));
    }
}

fn join(cells: &mut [Cell], above: usize, below: usize) {
    cells[above].down.push(below);
    cells[below].up.push(above);
}

/// Which ties a layered arrangement of so many cards runs against, by their places in the list: who
/// owns himself in a circle cannot stand above everybody whom he owns. Each circle has one of them
/// at least, as has each owner of himself without a detour.
pub fn against(count: usize, ties: &[Tie]) -> Vec<usize> {
    let turned: HashSet<(usize, usize)> =
        acyclic(&Graph::new(count, ties)).turned.into_iter().collect();
    let against = |tie: &Tie| {
        tie.owns && tie.from < count && (tie.from == tie.to || turned.contains(&(tie.from, tie.to)))
    };
    (0..ties.len()).filter(|&n| against(&ties[n])).collect()
}

/// The ties that put one above the other, free of circles.
struct Acyclic {
    /// All of them, some turned round so that no circle is left.
    edges: Vec<(usize, usize)>,
    /// Those that were turned, as they were before.
    turned: Vec<(usize, usize)>,
}

fn acyclic(graph: &Graph) -> Acyclic {
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); graph.near.len()];
    let mut owned = vec![0_usize; graph.near.len()];
    for &(a, b) in &graph.above {
        below[a].push(b);
        owned[b] += 1;
    }
    // Depth first from those whom nobody owns: a tie back to somebody on the way is turned.
    let mut starts: Vec<usize> = (0..graph.near.len()).collect();
    starts.sort_by_key(|&n| (owned[n], std::cmp::Reverse(below[n].len()), n));
    let mut state = vec![0_u8; graph.near.len()];
    let (mut edges, mut turned) = (Vec::new(), Vec::new());
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
                1 => {
                    edges.push((child, at));
                    turned.push((at, child));
                }
                2 => edges.push((at, child)),
                _ => {
                    edges.push((at, child));
                    state[child] = 1;
                    path.push((child, 0));
                }
            }
        }
    }
    Acyclic { edges, turned }
}

/// The layer of each member of a part, 0 on top.
fn layers(graph: &Graph, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut layer: Vec<Option<usize>> = vec![None; graph.near.len()];
    let (mut above, mut below) = (vec![Vec::new(); layer.len()], vec![Vec::new(); layer.len()]);
    for &(a, b) in edges {
        below[a].push(b);
        above[b].push(a);
    }
    // The longest way down to each.
    let mut waiting: Vec<usize> = above.iter().map(Vec::len).collect();
    let everybody = 0..graph.near.len();
    let mut ready: Vec<usize> =
        everybody.clone().filter(|&n| above[n].is_empty() && !below[n].is_empty()).collect();
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
        everybody.clone().filter(|&n| layer[n].is_some()).collect();
    if queue.is_empty()
        && let Some(hub) = everybody.max_by_key(|&n| graph.near[n].len())
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
    layer.into_iter().map(Option::unwrap_or_default).collect()
}

/// Orders each layer by the middle of its neighbours in the one before, down and up in turn;
/// keeps the order with the fewest crossings.
fn order(rows: &mut Vec<Vec<usize>>, cells: &[Cell], watch: Watch<'_>) -> Option<()> {
    let mut place = places(rows, cells.len());
    let mut best = (crossings(rows, cells, &place), rows.clone());
    let sweeps = sweeps(cells.len(), SWEEPS);
    for sweep in 0..sweeps {
        watch.tell(sweep as f32 / sweeps as f32)?;
        if watch.is_late() {
            break;
        }
        let down = sweep % 2 == 0;
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
                add(&place, near, 0.0) / near.len() as f32
            };
            let mut keyed: Vec<(f32, usize)> =
                rows[number].iter().map(|&c| (middle(c), c)).collect();
            keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
            rows[number] = keyed.into_iter().map(|(_, cell)| cell).collect();
            for (at, &cell) in rows[number].iter().enumerate() {
                place[cell] = at as f32;
            }
        }
        let count = crossings(rows, cells, &place);
        if count < best.0 {
            best = (count, rows.clone());
        }
    }
    *rows = best.1;
    Some(())
}

/// How many sweeps so many cells are worth: both ways at least once.
fn sweeps(cells: usize, most: usize) -> usize {
    (LOOKS / cells.max(1)).clamp(2, most)
}

/// Adds to a sum what some of these are.
fn add(of: &[f32], some: &[usize], mut sum: f32) -> f32 {
    for n in some {
        sum += of[*n];
    }
    sum
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

/// How often lines cross: for each line, how many before it end further to the right, counted in
/// a binary indexed tree (Barth, Jünger and Mutzel 2002).
fn crossings(rows: &[Vec<usize>], cells: &[Cell], place: &[f32]) -> usize {
    let (mut total, mut tree, mut ends) = (0, Vec::new(), Vec::new());
    for (number, row) in rows.iter().enumerate() {
        tree.clear();
        tree.resize(rows.get(number + 1).map_or(0, Vec::len) + 1, 0_usize);
        let mut lines = 0;
        for &cell in row {
            ends.clear();
            ends.extend(cells[cell].down.iter().map(|&d| place[d] as usize + 1));
            for &end in &ends {
                let mut at = end;
                let mut not_right = 0;
                while at > 0 {
                    not_right += tree[at];
                    at &= at - 1;
                }
                total += lines - not_right;
            }
            lines += ends.len();
            for &end in &ends {
                let mut at = end;
                while at < tree.len() {
                    tree[at] += 1;
                    at += at & at.wrapping_neg();
                }
            }
        }
    }
    total
}

/// Splits rows that would be far wider than the rest, so that a chart stays within a window; of few,
/// as wide as is asked for. Those of a split row alternate, so that lines to the lower ones pass
/// between the upper ones.
fn wrap_wide(rows: Vec<Vec<usize>>, members: usize, wide: Option<f32>) -> Vec<Vec<usize>> {
    let count = members as f32;
    let most = match wide {
        Some(wide) => (count * wide * CARD.1 / CARD.0).sqrt().ceil().max(2.0) as usize,
        None => (count.sqrt() * 1.8).ceil().max(9.0) as usize,
    };
    rows.into_iter()
        .flat_map(|row| {
            let parts = row.len().div_ceil(most).max(1);
            let length = row.len().div_ceil(parts).max(1);
            let part = |n: usize| match wide {
                Some(_) => row.iter().skip(n).step_by(parts).copied().collect::<Vec<_>>(),
                None => row.iter().skip(n * length).take(length).copied().collect(),
            };
            (0..parts).map(part).collect::<Vec<_>>()
        })
        .collect()
}

/// Splits rows until those of one row who are tied to each other are neighbours in it: the line
/// between two others would pass under the cards between them.
fn without_ties(rows: Vec<Vec<usize>>, cells: &[Cell], graph: &Graph) -> Vec<Vec<usize>> {
    let tied = |a: usize, b: usize| match (cells[a].entity, cells[b].entity) {
        (Some(a), Some(b)) => graph.near[a].binary_search(&b).is_ok(),
        _ => false,
    };
    let mut split = Vec::with_capacity(rows.len());
    for row in rows {
        let first = split.len();
        // The last entity of each of the rows that this one becomes.
        let mut last: Vec<Option<usize>> = vec![None];
        split.push(Vec::new());
        // Who is tied to whom in this row: most are tied to nobody there.
        let within: Vec<bool> = {
            let of: HashSet<usize> = row.iter().filter_map(|&c| cells[c].entity).collect();
            let is_tied = |n: usize| graph.near[n].iter().any(|other| of.contains(other));
            row.iter().map(|&c| cells[c].entity.is_some_and(is_tied)).collect()
        };
        for (&cell, is_tied) in row.iter().zip(within) {
            let fits = |nth: &usize| {
                let own: &Vec<usize> = &split[first + nth];
                !is_tied || own.iter().all(|&c| Some(c) == last[*nth] || !tied(c, cell))
            };
            let nth = (0..last.len()).find(fits).unwrap_or_else(|| {
                split.push(Vec::new());
                last.push(None);
                last.len() - 1
            });
            split[first + nth].push(cell);
            if cells[cell].entity.is_some() {
                last[nth] = Some(cell);
            }
        }
    }
    split
}

/// The horizontal place of every cell: each wants to stand at the middle of its neighbours, in
/// the order of its row and not closer than cards are wide.
fn columns(
    rows: &[Vec<usize>],
    cells: &[Cell],
    (graph, room): (&Graph, Room),
    watch: Watch<'_>,
) -> Option<Vec<f32>> {
    let mut x = vec![0.0; cells.len()];
    let offsets: Vec<Vec<f32>> =
        rows.iter().map(|row| offsets(row, cells, (graph, room))).collect();
    for row in rows {
        let mut at = 0.0;
        for &cell in row {
            at += cells[cell].width / 2.0;
            x[cell] = at;
            at += cells[cell].width / 2.0 + room.between();
        }
        for &cell in row {
            x[cell] -= (at - room.between()) / 2.0;
        }
    }
    let sweeps = sweeps(cells.len(), 24);
    for sweep in 0..sweeps {
        watch.tell(sweep as f32 / sweeps as f32)?;
        if watch.is_late() {
            break;
        }
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
                    add(&x, down, add(&x, up, 0.0)) / count as f32
                })
                .collect();
            for (&cell, place) in rows[number].iter().zip(keep_apart(&wanted, &offsets[number])) {
                x[cell] = place;
            }
        }
    }
    Some(x)
}

/// The least distance of each cell of a row from the first: room for every cell, and for the label
/// between two that are tied.
fn offsets(row: &[usize], cells: &[Cell], (graph, room): (&Graph, Room)) -> Vec<f32> {
    let mut at = 0.0;
    let mut offsets = Vec::with_capacity(row.len());
    for (n, &cell) in row.iter().enumerate() {
        if n > 0 {
            let before = row[n - 1];
            let drawn = match (cells[before].entity, cells[cell].entity) {
                (Some(a), Some(b)) => graph.drawn(a, b),
                _ => None,
            };
            let least = room.between();
            let between = drawn.map_or(least, |drawn| room.level(drawn.label).max(least));
            at += f32::midpoint(cells[before].width, cells[cell].width) + between;
        }
        offsets.push(at);
    }
    offsets
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Algorithm, Request};
    use super::*;
    use crate::chart::{Rect, Size, geometry::within};

    /// The lines that pass under a card which is not their end.
    fn hidden(bodies: &[Body], ties: &[Tie], points: &[Point]) -> Vec<(Tie, usize)> {
        let mut found = Vec::new();
        for tie in ties.iter().filter(|tie| tie.from != tie.to) {
            if tie.from >= bodies.len() || tie.to >= bodies.len() {
                continue;
            }
            for (n, body) in bodies.iter().enumerate() {
                let card = Rect::from_center_size(points[n], body.size);
                let is_end = n == tie.from || n == tie.to;
                if !is_end && within(points[tie.from], points[tie.to], card).is_some() {
                    found.push((*tie, n));
                }
            }
        }
        found
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

        #[test]
        fn no_line_passes_under_a_card_that_is_not_its_end(
            sizes in prop::collection::vec((120.0..230.0_f32, 52.0..110.0_f32), 1..40),
            ties in prop::collection::vec((0..40_usize, 0..40_usize, any::<bool>(), 0.0..178.0_f32), 0..60),
        ) {
            let body = |(w, h)| Body { at: Point::default(), size: Size { w, h }, fixed: false };
            let bodies: Vec<Body> = sizes.into_iter().map(body).collect();
            let tie = |(from, to, owns, label)| Tie::new(from, to).owning(owns).labelled(label);
            let ties: Vec<Tie> = ties.into_iter().map(tie).collect();
            let request = Request::new(Algorithm::Layered, &bodies, &ties);
            let points = request.run(&|_| true).expect("it is not cancelled");
            prop_assert_eq!(hidden(&bodies, &ties, &points), []);
        }

        #[test]
        fn without_the_ties_that_run_against_it_nobody_owns_himself(
            pairs in prop::collection::vec((0..12_usize, 0..12_usize, prop::bool::weighted(0.8)), 0..40),
        ) {
            let ties: Vec<Tie> =
                pairs.into_iter().map(|(from, to, owns)| Tie::new(from, to).owning(owns)).collect();
            let found = against(12, &ties);
            prop_assert!(found.iter().all(|&n| ties[n].owns));
            // Whoever is owned by nobody is taken away, until nobody is left.
            let mut left: Vec<Tie> = ties.iter().filter(|tie| tie.owns).copied().collect();
            let has_circle = |left: &mut Vec<Tie>| loop {
                let before = left.len();
                let owned: Vec<usize> = left.iter().map(|tie| tie.to).collect();
                left.retain(|tie| owned.contains(&tie.from));
                if left.len() == before {
                    break before > 0;
                }
            };
            let circular = has_circle(&mut left);
            prop_assert_eq!(circular, !found.is_empty(), "{:?}", found);
            let mut rest: Vec<Tie> = (0..ties.len())
                .filter(|n| ties[*n].owns && !found.contains(n))
                .map(|n| ties[n])
                .collect();
            prop_assert!(!has_circle(&mut rest));
        }
    }
}
