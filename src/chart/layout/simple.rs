//! Rings, a circle, a grid.

use std::f32::consts::TAU;

use super::{Body, GAP, Graph, parts};
use crate::chart::Point;

/// Rings around the centre by distance; each branch keeps to its own wedge.
pub(super) fn radial(bodies: &[Body], graph: &Graph, centre: &[usize]) -> Vec<Point> {
    let mut central = vec![false; bodies.len()];
    for &n in centre {
        if let Some(central) = central.get_mut(n) {
            *central = true;
        }
    }
    parts::each(bodies, graph, |members, cards, graph| {
        let mut roots: Vec<usize> = (0..members.len()).filter(|&n| central[members[n]]).collect();
        if roots.is_empty() {
            roots.extend(
                (0..members.len()).max_by_key(|&n| (graph.near[n].len(), std::cmp::Reverse(n))),
            );
        }
        rings(&roots, cards, graph)
    })
}

fn rings(roots: &[usize], bodies: &[Body], graph: &Graph) -> Vec<Point> {
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
    let mut radius =
        if roots.len() > 1 { roots.iter().map(|&n| need(n)).sum::<f32>() / TAU } else { 0.0 };
    let mut wedge: Vec<(f32, f32)> = vec![(0.0, TAU); graph.near.len()];
    let total: f32 = roots.iter().map(|&n| room[n]).sum();
    let mut from = -TAU / 4.0;
    for &root in roots {
        let angle = TAU * room[root] / total;
        wedge[root] = (from, from + angle);
        from += angle;
    }
    let mut points = vec![Point::default(); bodies.len()];
    for (number, ring) in by_ring.iter().enumerate() {
        if number > 0 {
            let around: f32 = ring.iter().map(|&n| need(n)).sum();
            radius = (radius + 190.0).max(around / TAU);
        }
        for &n in ring {
            let (from, to) = wedge[n];
            let middle = f32::midpoint(from, to);
            points[n] = Point::new(radius * middle.cos(), radius * middle.sin());
            let sum: f32 = children[n].iter().map(|&c| room[c]).sum();
            let mut at = from;
            for &child in &children[n] {
                let angle = (to - from) * room[child] / sum.max(1.0);
                wedge[child] = (at, at + angle);
                at += angle;
            }
        }
    }
    points
}

/// On one circle, in an order in which neighbours follow each other.
pub(super) fn circle(bodies: &[Body], graph: &Graph) -> Vec<Point> {
    let mut order = Vec::with_capacity(bodies.len());
    let mut seen = vec![false; bodies.len()];
    for part in graph.components() {
        let start = part.iter().copied().min_by_key(|&n| (graph.near[n].len(), n));
        let mut stack: Vec<usize> = start.into_iter().collect();
        while let Some(n) = stack.pop() {
            if std::mem::replace(&mut seen[n], true) {
                continue;
            }
            order.push(n);
            let mut next: Vec<usize> =
                graph.near[n].iter().copied().filter(|&m| !seen[m]).collect();
            next.sort_by_key(|&m| (std::cmp::Reverse(graph.near[m].len()), m));
            stack.extend(next);
        }
    }
    let around: f32 = order.iter().map(|&n| bodies[n].size.w.max(bodies[n].size.h) + GAP).sum();
    let radius = around / TAU;
    let mut points = vec![Point::default(); bodies.len()];
    let mut passed = 0.0;
    for &n in &order {
        let width = bodies[n].size.w.max(bodies[n].size.h) + GAP;
        let angle = TAU * (passed + width / 2.0) / around - TAU / 4.0;
        points[n] = Point::new(radius * angle.cos(), radius * angle.sin());
        passed += width;
    }
    points
}

/// In rows and columns, in the reading order of where they stood before.
pub(super) fn grid(bodies: &[Body]) -> Vec<Point> {
    let width = bodies.iter().map(|b| b.size.w).fold(0.0, f32::max) + GAP;
    let height = bodies.iter().map(|b| b.size.h).fold(0.0, f32::max) + GAP;
    let columns =
        ((bodies.len() as f32 * height / width.max(1.0) * 1.7).sqrt().round() as usize).max(1);
    let mut order: Vec<usize> = (0..bodies.len()).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (bodies[a].at, bodies[b].at);
        ((a.y / height).round().total_cmp(&(b.y / height).round())).then(a.x.total_cmp(&b.x))
    });
    let mut points = vec![Point::default(); bodies.len()];
    for (at, &n) in order.iter().enumerate() {
        points[n] = Point::new((at % columns) as f32 * width, (at / columns) as f32 * height);
    }
    points
}
