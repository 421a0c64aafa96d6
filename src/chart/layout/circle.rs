//! A circle on which each community has an arc, in an order in which few lines cross. Of many
//! cards it is a band of several rings around an empty middle.

use std::f32::consts::TAU;

use super::{
    Body, Graph,
    apart::{Room, needed},
    fill::Shape,
    force::Flat,
    rings::{self, Oval},
    watch::Watch,
};
use crate::{
    chart::{Point, Size},
    network::measure,
};

/// Up to so many stand on one ring.
const ONE_RING: usize = 150;
/// The space between two communities, beside that between two cards, in units of the chart.
const BETWEEN_ARCS: f32 = 30.0;
/// How often members are moved to where their neighbours are.
const SWEEPS: usize = 6;
/// Up to so many members, orders are compared by their crossings.
const COUNTED: usize = 3_000;
/// Up to so many communities are tried in each other's place.
const SWAPPED: usize = 30;

pub(super) fn arrange(
    bodies: &[Body],
    graph: &Graph,
    communities: &[u32],
    (shape, seed): (Option<Shape>, u64),
    watch: Watch<'_>,
) -> Option<Vec<Point>> {
    if bodies.is_empty() {
        return Some(Vec::new());
    }
    let found;
    let of = if communities.len() == bodies.len() {
        communities
    } else {
        let flat = Flat::of(graph);
        let going = |part: f32| watch.part(0.0, 0.5).tell(part).is_some();
        found = measure::leiden(flat.problem().graph, seed, &going)?.of;
        &found
    };
    let arcs = order(graph, of, watch)?;
    Some(one_ring(bodies, graph, &arcs, shape).unwrap_or_else(|| set(bodies, &arcs)))
}

/// The members of each community in their order, and the communities in theirs.
fn order(graph: &Graph, of: &[u32], watch: Watch<'_>) -> Option<Vec<Vec<usize>>> {
    let mut arcs = arcs(graph, of);
    let counted = of.len() <= COUNTED;
    let mut best = (if counted { crossings(graph, &arcs) } else { usize::MAX }, arcs.clone());
    for sweep in 0..SWEEPS {
        watch.tell(0.5 + 0.5 * sweep as f32 / SWEEPS as f32)?;
        move_to_neighbours(graph, &mut arcs);
        let count = if counted { crossings(graph, &arcs) } else { best.0 };
        if count <= best.0 {
            best = (count, arcs.clone());
        }
    }
    if counted && best.1.len() <= SWAPPED {
        for first in 0..best.1.len() {
            watch.tell(1.0)?;
            for second in first + 1..best.1.len() {
                best.1.swap(first, second);
                let count = crossings(graph, &best.1);
                if count < best.0 {
                    best.0 = count;
                } else {
                    best.1.swap(first, second);
                }
            }
        }
    }
    Some(best.1)
}

/// Communities, each beside one to which it is tied, the largest first; those who are tied to
/// nobody last and together. Members follow their neighbours.
fn arcs(graph: &Graph, of: &[u32]) -> Vec<Vec<usize>> {
    let count = of.iter().max().map_or(0, |most| *most as usize + 1);
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut alone = Vec::new();
    for (n, of) in of.iter().enumerate() {
        if graph.near[n].is_empty() {
            alone.push(n);
        } else {
            members[*of as usize].push(n);
        }
    }
    let mut by_size: Vec<usize> = (0..count).filter(|&c| !members[c].is_empty()).collect();
    by_size.sort_by_key(|&c| (std::cmp::Reverse(members[c].len()), c));
    let mut placed = vec![false; count];
    let mut arcs = Vec::new();
    let mut next_largest = by_size.iter().copied();
    // How strongly each is tied to those on the circle; more to the latest ones.
    let mut pull = vec![0.0_f32; count];
    let mut near = Vec::new();
    let mut seen = vec![false; of.len()];
    loop {
        near.retain(|&c: &usize| !placed[c]);
        let tied =
            near.iter().copied().max_by(|&a, &b| pull[a].total_cmp(&pull[b]).then(b.cmp(&a)));
        let Some(next) = tied.or_else(|| next_largest.find(|&c| !placed[c])) else { break };
        placed[next] = true;
        for &c in &near {
            pull[c] *= 0.7;
        }
        for &n in &members[next] {
            for &other in &graph.near[n] {
                let c = of[other] as usize;
                if !placed[c] {
                    if pull[c] == 0.0 {
                        near.push(c);
                    }
                    pull[c] += 1.0;
                }
            }
        }
        arcs.push(one_after_another(graph, of, &members[next], &mut seen));
    }
    if !alone.is_empty() {
        arcs.push(alone);
    }
    arcs
}

/// Members of a community, each after one whom it knows, those with few neighbours first. `seen`
/// says who is in an order already.
fn one_after_another(
    graph: &Graph,
    of: &[u32],
    members: &[usize],
    seen: &mut [bool],
) -> Vec<usize> {
    let mut starts = members.to_vec();
    starts.sort_by_key(|&n| (graph.near[n].len(), n));
    let mut order = Vec::with_capacity(members.len());
    for start in starts {
        let mut stack = vec![start];
        while let Some(n) = stack.pop() {
            if std::mem::replace(&mut seen[n], true) {
                continue;
            }
            order.push(n);
            let own = graph.near[n].iter().copied().filter(|&m| of[m] == of[n]);
            let mut next: Vec<usize> = own.filter(|&m| !seen[m]).collect();
            next.sort_by_key(|&m| (std::cmp::Reverse(graph.near[m].len()), m));
            stack.extend(next);
        }
    }
    order
}

/// The turn of each member around the circle, from 0 to 1.
fn turns(arcs: &[Vec<usize>], count: usize) -> Vec<f32> {
    let mut turns = vec![0.0; count];
    for (at, n) in arcs.iter().flatten().enumerate() {
        turns[*n] = (at as f32 + 0.5) / count as f32;
    }
    turns
}

/// Sorts the members of each community by where their neighbours are, as seen from its middle.
fn move_to_neighbours(graph: &Graph, arcs: &mut [Vec<usize>]) {
    let count = graph.near.len();
    let mut turns = turns(arcs, count);
    let mut first = 0;
    for arc in arcs {
        let middle = (first as f32 + arc.len() as f32 / 2.0) / count as f32;
        // Between half a turn before the middle and half a turn after it.
        let seen = |turn: f32| (turn - middle + 1.5).fract() - 0.5;
        let mut keyed: Vec<(f32, usize)> = arc
            .iter()
            .map(|&n| {
                let near = &graph.near[n];
                let sum: f32 = near.iter().map(|&other| seen(turns[other])).sum();
                let own = seen(turns[n]);
                let wanted = if near.is_empty() { own } else { sum / near.len() as f32 };
                (f32::midpoint(wanted, own), n)
            })
            .collect();
        keyed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for (at, (_, n)) in keyed.into_iter().enumerate() {
            arc[at] = n;
            turns[n] = ((first + at) as f32 + 0.5) / count as f32;
        }
        first += arc.len();
    }
}

/// How many lines cross within the circle: of two that do, one begins between the ends of the
/// other. Counted with a binary indexed tree of those that have begun.
fn crossings(graph: &Graph, arcs: &[Vec<usize>]) -> usize {
    let mut place = vec![0; graph.near.len()];
    for (at, n) in arcs.iter().flatten().enumerate() {
        place[*n] = at;
    }
    let mut begun = vec![0_usize; graph.near.len() + 1];
    let (mut total, mut open) = (0, 0);
    let mut ends = Vec::new();
    for (at, &n) in arcs.iter().flatten().enumerate() {
        ends.clear();
        ends.extend(graph.near[n].iter().map(|&other| place[other]).filter(|&end| end < at));
        ends.sort_unstable_by(|a, b| b.cmp(a));
        // Whatever began after one that ends here, and has not ended, crosses it.
        for &end in &ends {
            change(&mut begun, end, usize::wrapping_sub, 1);
            open -= 1;
        }
        for &end in &ends {
            total += open - up_to(&begun, end);
        }
        let begins = graph.near[n].iter().filter(|&&other| place[other] > at).count();
        change(&mut begun, at, usize::wrapping_add, begins);
        open += begins;
    }
    total
}

fn change(tree: &mut [usize], at: usize, how: fn(usize, usize) -> usize, by: usize) {
    let mut at = at + 1;
    while at < tree.len() {
        tree[at] = how(tree[at], by);
        at += at & at.wrapping_neg();
    }
}

/// How many began at this place or before it.
fn up_to(tree: &[usize], at: usize) -> usize {
    let (mut at, mut sum) = (at + 1, 0);
    while at > 0 {
        sum += tree[at];
        at &= at - 1;
    }
    sum
}

/// The smallest ring, so much wider than high, on which each card is clear of the next one, with room for the label between
/// the two where they are tied; `None` for cards that need several rings.
fn one_ring(
    bodies: &[Body],
    graph: &Graph,
    arcs: &[Vec<usize>],
    shape: Option<Shape>,
) -> Option<Vec<Point>> {
    if !(3..=ONE_RING).contains(&bodies.len()) {
        return None;
    }
    let members: Vec<(usize, usize)> =
        arcs.iter().enumerate().flat_map(|(arc, of)| of.iter().map(move |n| (arc, *n))).collect();
    let Shape { wide, turn: first, room, .. } = shape.unwrap_or(Shape::ROUND);
    let widest = bodies.iter().map(|body| body.size.w + needed(200.0)).sum::<f32>();
    let (mut least, mut most) = (50.0, widest);
    let mut best = turns_on(bodies, graph, &members, (Oval { radius: most, wide }, first, room))?;
    for _ in 0..16 {
        let radius = f32::midpoint(least, most);
        match turns_on(bodies, graph, &members, (Oval { radius, wide }, first, room)) {
            Some(turns) => (most, best) = (radius, turns),
            None => least = radius,
        }
    }
    let mut points = vec![Point::default(); bodies.len()];
    for ((_, n), turn) in members.iter().zip(best) {
        points[*n] = Oval { radius: most, wide }.at((turn + first) * TAU - TAU / 4.0);
    }
    Some(points)
}

/// The turns of cards one after the other on a ring; `None` where it is too small.
fn turns_on(
    bodies: &[Body],
    graph: &Graph,
    members: &[(usize, usize)],
    (oval, first, room): (Oval, f32, Room),
) -> Option<Vec<f32>> {
    /// The distance in which the next place is looked for, in units of the chart.
    const STEP: f32 = 6.0;
    let step = STEP / (oval.radius * TAU);
    let at =
        |n: usize, turn: f32| Body { at: oval.at((turn + first) * TAU - TAU / 4.0), ..bodies[n] };
    let is_clear = |(arc, a): (usize, usize), from: f32, (other, b): (usize, usize), to: f32| {
        let (first, second) = (at(a, from), at(b, to));
        let more = if arc == other { 0.0 } else { BETWEEN_ARCS };
        let second = Body { size: grown(second.size, more), ..second };
        room.is_kept(&first, &second, graph.drawn(a, b))
    };
    let mut turns = vec![0.0];
    let mut turn = 0.0;
    for (n, before) in members.iter().enumerate() {
        let next = members[(n + 1) % members.len()];
        let from = turn;
        turn += step;
        while !is_clear(*before, from, next, turn) {
            turn += step;
            if turn > 1.0 {
                return None;
            }
        }
        turns.push(turn);
    }
    // What is left over goes between all of them.
    let whole = turns.pop()?;
    (whole <= 1.0).then(|| turns.iter().map(|turn| turn / whole).collect())
}

fn grown(size: Size, by: f32) -> Size {
    Size { w: size.w + 2.0 * by, h: size.h + 2.0 * by }
}

fn set(bodies: &[Body], arcs: &[Vec<usize>]) -> Vec<Point> {
    let side = rings::side(bodies.iter());
    let count = bodies.len() as f32;
    // Between two communities there is room for one and a half.
    let gaps = if arcs.len() > 1 { arcs.len() as f32 } else { 0.0 };
    let rows =
        if bodies.len() > ONE_RING { (count / (1.5 * TAU * 0.9)).sqrt().ceil() } else { 1.0 };
    let around = count + (gaps * 1.5 * rows).min(count * 0.3);
    let gap = if gaps > 0.0 { (around - count) / gaps } else { 0.0 };
    let mut wanted = Vec::with_capacity(bodies.len());
    let mut passed = 0.0;
    for arc in arcs {
        for _ in arc {
            wanted.push(TAU * (passed + 0.5) / around - TAU / 4.0);
            passed += 1.0;
        }
        passed += gap;
    }
    let inner = if rows > 1.0 { rows * side * around / count } else { around * side / TAU * 1.1 };
    let (places, _) = rings::band(&wanted, inner, side);
    let mut points = vec![Point::default(); bodies.len()];
    for (n, (radius, angle)) in arcs.iter().flatten().zip(places) {
        points[*n] = Point::new(radius * angle.cos(), radius * angle.sin());
    }
    points
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Tie;
    use super::*;

    proptest! {
        #[test]
        fn crossings_are_counted_as_one_sees_them(
            ties in prop::collection::vec((0..9_usize, 0..9_usize), 0..20),
        ) {
            let ties: Vec<Tie> = ties.into_iter().map(|(a, b)| Tie::new(a, b)).collect();
            let graph = Graph::new(9, &ties);
            let arcs = vec![vec![3, 1, 4], vec![0, 5, 2, 6, 8, 7]];
            let place = |n: usize| arcs.iter().flatten().position(|m| *m == n).unwrap_or(0);
            let mut lines = Vec::new();
            for a in 0..9 {
                for &b in graph.near[a].iter().filter(|b| a < **b) {
                    lines.push((place(a).min(place(b)), place(a).max(place(b))));
                }
            }
            let crosses = |(a, b): (usize, usize), (c, d): (usize, usize)| a < c && c < b && b < d;
            let pairs = lines.iter().flat_map(|l| lines.iter().map(move |m| (*l, *m)));
            let wanted = pairs.filter(|(l, m)| crosses(*l, *m)).count();
            prop_assert_eq!(crossings(&graph, &arcs), wanted);
        }
    }

    #[test]
    fn each_community_has_an_arc_of_its_own_and_few_lines_cross() {
        // Five rings of eight, in a ring, numbered at random.
        let number = |n: usize| n * 17 % 40;
        let mut ties = Vec::new();
        for group in 0..5 {
            for n in 0..8 {
                let member = |n: usize| number(group * 8 + n % 8);
                ties.push(Tie::new(member(n), member(n + 1)));
                ties.push(Tie::new(member(n), member(n + 2)));
            }
            ties.push(Tie::new(number(group * 8), number((group + 1) % 5 * 8 + 4)));
        }
        let graph = Graph::new(40, &ties);
        let going = |_: f32| true;
        let watch = Watch::new(&going, None);
        let flat = Flat::of(&graph);
        let of = measure::leiden(flat.problem().graph, 1, &going).expect("goes on").of;
        let arcs = order(&graph, &of, watch).expect("goes on");
        assert_eq!(arcs.len(), 5);
        // However they stand, some ten cross within each ring, and each tie between two of them
        // crosses some more. In any order there are about a thousand.
        let count = crossings(&graph, &arcs);
        assert!(count <= 120, "{count}");
    }
}
