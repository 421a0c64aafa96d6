//! Long lines led along paths of shorter ones, so that a chart of hundreds of lines shows its main
//! routes. A line only ever follows lines that are there, from its one end to its other, so that
//! no bundle suggests a relationship that nobody stated.
//!
//! Edge-path bundling, after Wallinger and others, *Edge-Path Bundling: A Less Ambiguous Edge
//! Bundling Approach*, IEEE TVCG 28 (2022).

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
};

use super::{
    Picture, Point,
    legend::{Entry, Sign},
    picture::{place_labels, trimmed},
};
use crate::model::Id;

/// A chart with fewer lines is clearer without; of more than the second, none is bundled.
pub const LINES: std::ops::RangeInclusive<usize> = 301..=6_000;
/// How much longer than the line a path may be.
const DETOUR: f32 = 2.0;
/// The most points that are looked at for the path of one line.
const LOOKS: usize = 800;
/// What the legend says of it.
const WORDS: &str = "long lines follow shorter ones";

/// The two inner control points of each line that is bundled, as a cubic Bézier curve between its
/// ends; `None` for a line that keeps its own way. A line is given by the places of its ends.
pub fn controls(points: &[Point], lines: &[(usize, usize)]) -> Vec<Option<[Point; 2]>> {
    let mut bundled = vec![None; lines.len()];
    if !LINES.contains(&lines.len()) {
        return bundled;
    }
    let length = |line: usize| points[lines[line].0].distance(points[lines[line].1]);
    let mut near: Vec<Vec<(usize, usize)>> = vec![Vec::new(); points.len()];
    for (n, &(a, b)) in lines.iter().enumerate().filter(|(_, (a, b))| a != b) {
        near[a].push((b, n));
        near[b].push((a, n));
    }
    let mut order: Vec<usize> = (0..lines.len()).filter(|&n| lines[n].0 != lines[n].1).collect();
    order.sort_by(|a, b| length(*b).total_cmp(&length(*a)).then(a.cmp(b)));
    // Those that others follow stay where they are; those that follow are followed by none.
    let (mut followed, mut follows) = (vec![false; lines.len()], vec![false; lines.len()]);
    for line in order {
        if followed[line] {
            continue;
        }
        follows[line] = true;
        let path = path(points, &near, lines[line], length(line) * DETOUR, &follows);
        let Some(path) = path.filter(|path| path.len() > 1) else {
            follows[line] = false;
            continue;
        };
        let mut corners = vec![points[lines[line].0]];
        for (point, by) in path {
            followed[by] = true;
            corners.push(points[point]);
        }
        bundled[line] = Some([along(&corners, 1.0 / 3.0), along(&corners, 2.0 / 3.0)]);
    }
    bundled
}

/// The points and lines of the best path from the one end of a line to the other; short lines are
/// preferred, because many of them are a better guide than a long one.
fn path(
    points: &[Point],
    near: &[Vec<(usize, usize)>],
    (from, to): (usize, usize),
    longest: f32,
    follows: &[bool],
) -> Option<Vec<(usize, usize)>> {
    // What it costs to come to a point, how long the way is, and from where by which line.
    let mut known: HashMap<usize, (f32, f32, usize, usize)> = HashMap::new();
    known.insert(from, (0.0, 0.0, from, usize::MAX));
    // Positive floats are in the order of their bits.
    let mut queue = BinaryHeap::from([(Reverse(0_u32), from)]);
    for _ in 0..LOOKS {
        let (Reverse(bits), at) = queue.pop()?;
        let (cost, length, ..) = known[&at];
        if f32::from_bits(bits) > cost {
            continue;
        }
        if at == to {
            let mut path = Vec::new();
            let mut at = to;
            while at != from {
                let (_, _, before, by) = known[&at];
                path.push((at, by));
                at = before;
            }
            path.reverse();
            return Some(path);
        }
        for &(other, by) in near[at].iter().filter(|(_, by)| !follows[*by]) {
            let step = points[at].distance(points[other]);
            let (cost, length) = (cost + step * step, length + step);
            let rest = points[other].distance(points[to]);
            let is_better = known.get(&other).is_none_or(|(least, ..)| cost < *least);
            if is_better && length + rest <= longest {
                known.insert(other, (cost, length, at, by));
                queue.push((Reverse(cost.to_bits()), other));
            }
        }
    }
    None
}

/// The point of a polyline at a part of its length.
fn along(corners: &[Point], part: f32) -> Point {
    let whole: f32 = corners.windows(2).map(|p| p[0].distance(p[1])).sum();
    let mut left = whole * part;
    for pair in corners.windows(2) {
        let step = pair[0].distance(pair[1]);
        if left <= step {
            return pair[0].towards(pair[1], left / step.max(1e-6));
        }
        left -= step;
    }
    corners.last().copied().unwrap_or_default()
}

/// Bundles the lines of a picture of a whole chart.
pub fn bundle(picture: &mut Picture) {
    let at: HashMap<&Id, usize> =
        picture.nodes.iter().enumerate().map(|(n, node)| (&node.id, n)).collect();
    let points: Vec<Point> = picture.nodes.iter().map(|node| node.at).collect();
    let end = |id: &Id| at.get(id).copied().unwrap_or_default();
    let lines: Vec<(usize, usize)> =
        picture.lines.iter().map(|line| (end(&line.from), end(&line.to))).collect();
    drop(at);
    let mut found = controls(&points, &lines).into_iter();
    lead(picture, &mut |_| found.next().flatten());
}

/// Leads each line of a picture through the control points that are found for its relationships,
/// and says so in the legend.
pub fn lead(picture: &mut Picture, controls: &mut dyn FnMut(&[Id]) -> Option<[Point; 2]>) {
    let nodes: HashMap<&Id, usize> =
        picture.nodes.iter().enumerate().map(|(n, node)| (&node.id, n)).collect();
    let mut any = false;
    for line in &mut picture.lines {
        let ends = (nodes.get(&line.from), nodes.get(&line.to));
        if let Some([b, c]) = controls(&line.ids)
            && let (Some(&from), Some(&to)) = ends
        {
            let (from, to) = (&picture.nodes[from], &picture.nodes[to]);
            line.curve = trimmed([from.at, b, c, to.at].into(), from, to);
            any = true;
        }
    }
    if any {
        place_labels(&picture.nodes, &mut picture.lines, &|_| 0.0);
        let entry = Entry { sign: Sign::Bundle, text: WORDS.to_owned() };
        picture.legend.entries.push(entry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_follows_the_short_ones_between_its_ends_and_they_stay() {
        // A chain of short lines with one long line over all of it, and a comb of others far off.
        let mut points: Vec<Point> =
            (0..11_u8).map(|n| Point::new(f32::from(n) * 100.0, f32::from(n % 2) * 60.0)).collect();
        let mut lines: Vec<(usize, usize)> = (1..11).map(|n| (n - 1, n)).collect();
        lines.push((0, 10));
        for n in 0..300_u16 {
            let x = f32::from(n) * 100.0;
            points.extend([Point::new(x, 5000.0), Point::new(x, 5100.0)]);
            lines.push((points.len() - 2, points.len() - 1));
        }
        let found = controls(&points, &lines);
        let bundled: Vec<usize> = (0..lines.len()).filter(|n| found[*n].is_some()).collect();
        assert_eq!(bundled, [10]);
        let [b, c] = found[10].expect("bundled");
        assert!((250.0..450.0).contains(&b.x) && (550.0..750.0).contains(&c.x), "{b:?} {c:?}");
        assert!(b.y > 0.0 && b.y < 60.0);
        // Of few lines none is.
        assert!(controls(&points, &lines[..20]).iter().all(Option::is_none));
    }
}
