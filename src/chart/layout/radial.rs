//! Rings around a middle: who is so many ties away from it is on the same ring, or, where they are
//! many, in the same band of rings. Few are then drawn together, each within its band
//! ([`super::bands`]).

use std::{
    collections::{HashSet, VecDeque},
    f32::consts::TAU,
};

use super::{Body, GAP, Graph, bands::Bands, fill::Shape, parts, rings, watch::Watch};
use crate::chart::Point;

/// The space between the bands of two distances, from middle to middle of their cards.
const BETWEEN: f32 = 190.0;

/// Rings around the centre by distance; each branch keeps to its own wedge.
pub(super) fn arrange(
    bodies: &[Body],
    graph: &Graph,
    centre: &[usize],
    shape: Option<Shape>,
    watch: Watch<'_>,
) -> Option<Vec<Point>> {
    let central: HashSet<usize> = centre.iter().copied().collect();
    parts::each(bodies, graph, watch, |members, cards, graph, _| {
        let roots = roots(members, graph, &central, shape.is_some());
        Some(around(&roots, cards, graph, shape))
    })
}

/// The bands in which cards of few stay around the middle of each part.
pub(super) fn bands(graph: &Graph, centre: &[usize]) -> Bands {
    let central: HashSet<usize> = centre.iter().copied().collect();
    Bands::around(graph, |members, own| roots(members, own, &central, true))
}

/// The middle of a part: those of it that are to be there, or else the best one for it.
fn roots(members: &[usize], graph: &Graph, central: &HashSet<usize>, few: bool) -> Vec<usize> {
    let chosen: Vec<usize> =
        (0..members.len()).filter(|&n| central.contains(&members[n])).collect();
    if !chosen.is_empty() {
        return chosen;
    }
    let best = if few { hub(graph) } else { best_connected(graph) };
    best.into_iter().collect()
}

fn best_connected(graph: &Graph) -> Option<usize> {
    (0..graph.near.len()).max_by_key(|&n| (graph.near[n].len(), std::cmp::Reverse(n)))
}

/// Of those that are about as well connected as the best one, the one nearest to all others.
fn hub(graph: &Graph) -> Option<usize> {
    let most = graph.near[best_connected(graph)?].len();
    let far = |n: usize| graph.distances(&[n]).into_iter().flatten().max().unwrap_or(0);
    let good = (0..graph.near.len()).filter(|&n| graph.near[n].len() * 4 >= most * 3);
    good.min_by_key(|&n| (far(n), std::cmp::Reverse(graph.near[n].len()), n))
}

/// Sets the deepest branches of a middle opposite each other, and shallow ones between them: deep
/// ones then have room above and below, where lines need less length for their labels.
fn opposite(branches: &mut Vec<usize>, children: &[Vec<usize>]) {
    let depth = |root: usize| {
        let (mut depth, mut level) = (0, vec![root]);
        while !level.is_empty() {
            level = level.iter().flat_map(|&n| children[n].iter().copied()).collect();
            depth += 1;
        }
        depth
    };
    branches.sort_by_cached_key(|&n| std::cmp::Reverse(depth(n)));
    let mut halves = [VecDeque::new(), VecDeque::new()];
    for (n, &branch) in branches.iter().enumerate() {
        let half = &mut halves[n % 2];
        if n / 2 % 2 == 0 {
            half.push_back(branch);
        } else {
            half.push_front(branch);
        }
    }
    *branches = halves.into_iter().flatten().collect();
}

fn around(roots: &[usize], bodies: &[Body], graph: &Graph, shape: Option<Shape>) -> Vec<Point> {
    let everybody = 0..bodies.len();
    let distance = graph.distances(roots);
    let far = |n: usize| distance[n].unwrap_or(0) as usize;
    // A tree: everybody hangs on the neighbour one ring further in.
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); graph.near.len()];
    for n in everybody.clone().filter(|&n| far(n) > 0) {
        if let Some(&parent) = graph.near[n].iter().find(|&&p| far(p) + 1 == far(n)) {
            children[parent].push(n);
        }
    }
    if shape.is_some_and(|shape| shape.opposite) {
        for &root in roots {
            let mut branches = std::mem::take(&mut children[root]);
            opposite(&mut branches, &children);
            children[root] = branches;
        }
    }
    let mut by_ring: Vec<Vec<usize>> =
        vec![Vec::new(); everybody.clone().map(far).max().unwrap_or(0) + 1];
    for n in everybody {
        by_ring[far(n)].push(n);
    }
    // How much room each branch needs, from the outside in.
    let need = |n: usize| bodies[n].size.w.max(bodies[n].size.h * 2.0) + GAP;
    let mut room = vec![0.0_f32; graph.near.len()];
    for ring in by_ring.iter().rev() {
        for &n in ring {
            room[n] = children[n].iter().map(|&c| room[c] * 0.8).sum::<f32>().max(need(n));
        }
    }
    let mut wedge: Vec<(f32, f32)> = vec![(0.0, TAU); graph.near.len()];
    let total: f32 = roots.iter().map(|&n| room[n]).sum();
    let mut from = -TAU / 4.0;
    for &root in roots {
        let angle = TAU * room[root] / total;
        wedge[root] = (from, from + angle);
        from += angle;
    }
    let mut points = vec![Point::default(); bodies.len()];
    let mut outer = 0.0_f32;
    let mut keyed_rings = Vec::new();
    for (number, ring) in by_ring.iter().enumerate() {
        for &n in ring {
            let (from, to) = wedge[n];
            let sum: f32 = children[n].iter().map(|&c| room[c]).sum();
            let mut at = from;
            for &child in &children[n] {
                let angle = (to - from) * room[child] / sum.max(1.0);
                wedge[child] = (at, at + angle);
                at += angle;
            }
        }
        let mut keyed: Vec<(f32, usize)> =
            ring.iter().map(|&n| (f32::midpoint(wedge[n].0, wedge[n].1), n)).collect();
        keyed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        if shape.is_some() {
            keyed_rings.push(keyed);
            continue;
        }
        if number == 0 && ring.len() == 1 {
            continue;
        }
        let side = rings::side(ring.iter().map(|&n| &bodies[n]));
        let wanted: Vec<f32> = keyed.iter().map(|(angle, _)| *angle).collect();
        // What is not more than a ring can take gets one, as long as that is not too far out.
        let one = ring.len() as f32 * side / TAU * 1.1;
        let inner = if number == 0 { one.min(side) } else { (outer + BETWEEN).max(side) };
        let inner = if one < inner * 2.0 { inner.max(one) } else { inner };
        let (places, last) = rings::band(&wanted, inner, side);
        for ((_, n), (radius, angle)) in keyed.iter().zip(places) {
            points[*n] = Point::new(radius * angle.cos(), radius * angle.sin());
        }
        outer = last;
    }
    match shape {
        Some(shape) => rings::ovals(&keyed_rings, bodies, graph, shape),
        None => points,
    }
}
