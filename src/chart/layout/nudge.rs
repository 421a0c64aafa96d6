//! An organic layout that begins where everybody stands and moves little: who has no place yet
//! finds one by its neighbours, and those make room.

use super::{
    Body, Graph, Request,
    force::{Flat, Unit},
    organic::Steps,
    watch::Watch,
};
use crate::chart::{Point, Rect};

/// How many small steps are taken.
const STEPS: usize = 60;
/// How readily those move that are so many ties from somebody new; who is further away stays.
const MOBILITY: [f32; 3] = [1.0, 0.35, 0.1];
/// The same for everybody where nobody is new.
const ALL: f32 = 0.3;

/// The cards at their new places.
pub(super) fn arrange(
    request: &Request<'_>,
    graph: &Graph,
    new: &[usize],
    watch: Watch<'_>,
) -> Option<Vec<Body>> {
    let mut bodies = request.bodies.to_vec();
    let mut is_new = vec![false; bodies.len()];
    for &n in new {
        if let Some(is_new) = is_new.get_mut(n) {
            *is_new = !request.bodies[n].fixed;
        }
    }
    let unit = Unit::roomy(&bodies);
    let strangers = find_places(&mut bodies, &is_new, graph, unit.0);
    let mobility = mobility(&bodies, &is_new, graph);
    let places: Vec<(f32, f32)> = bodies.iter().map(|body| unit.of(body.at)).collect();
    let (mut steps, number) = Steps::new(Flat::of(graph).problem(), &places, request.threads);
    for (n, mobility) in number.iter().zip(&mobility) {
        steps.set_mobility(*n as usize, *mobility);
    }
    for step in 0..STEPS {
        watch.part(0.0, 0.8).tell(step as f32 / STEPS as f32)?;
        steps.step();
        if steps.is_at_rest() || watch.is_late() {
            break;
        }
    }
    for (n, body) in bodies.iter_mut().enumerate() {
        if mobility[n] > 0.0 {
            body.at = unit.back(steps.at(number[n] as usize));
        }
    }
    if !strangers.is_empty() {
        set_strangers(request, &mut bodies, &strangers, watch.part(0.8, 1.0))?;
    }
    Some(bodies)
}

/// Puts who is new around the middle of its neighbours, one after the other; gives those that are
/// tied to nobody who has a place.
fn find_places(bodies: &mut [Body], is_new: &[bool], graph: &Graph, scale: f32) -> Vec<usize> {
    let mut has_place: Vec<bool> = is_new.iter().map(|new| !new).collect();
    let mut left: Vec<usize> = (0..bodies.len()).filter(|&n| is_new[n]).collect();
    let mut turn = 0_u32;
    loop {
        let mut found = Vec::new();
        for &n in &left {
            let known = || graph.near[n].iter().filter(|&&other| has_place[other]);
            let count = known().count() as f32;
            if count == 0.0 {
                continue;
            }
            let (x, y) = known().fold((0.0, 0.0), |(x, y), &other| {
                (x + bodies[other].at.x / count, y + bodies[other].at.y / count)
            });
            // Not all on one spot, and not on the neighbour itself.
            turn += 1;
            let angle = turn as f32 * 2.399_963;
            let radius = scale * if count > 1.0 { 0.3 } else { 0.8 };
            found.push((n, Point::new(x + radius * angle.cos(), y + radius * angle.sin())));
        }
        if found.is_empty() {
            return left;
        }
        for (n, at) in found {
            bodies[n].at = at;
            has_place[n] = true;
        }
        left.retain(|&n| !has_place[n]);
    }
}

/// How readily each moves: by how many ties it is from somebody new.
fn mobility(bodies: &[Body], is_new: &[bool], graph: &Graph) -> Vec<f32> {
    let new: Vec<usize> = (0..bodies.len()).filter(|&n| is_new[n]).collect();
    let mut mobility = if new.is_empty() {
        vec![ALL; bodies.len()]
    } else {
        let readily = |d: Option<u32>| d.and_then(|d| MOBILITY.get(d as usize)).copied();
        graph.distances(&new).into_iter().map(|d| readily(d).unwrap_or(0.0)).collect()
    };
    for (mobility, _) in mobility.iter_mut().zip(bodies).filter(|(_, body)| body.fixed) {
        *mobility = 0.0;
    }
    mobility
}

/// Lays out those who belong to nobody by themselves, below all others.
fn set_strangers(
    request: &Request<'_>,
    bodies: &mut [Body],
    strangers: &[usize],
    watch: Watch<'_>,
) -> Option<()> {
    let mut number = vec![usize::MAX; bodies.len()];
    for (at, &n) in strangers.iter().enumerate() {
        number[n] = at;
    }
    let own: Vec<Body> = strangers.iter().map(|&n| bodies[n]).collect();
    let ends = |n: usize| number.get(n).copied().filter(|&n| n != usize::MAX);
    let ties: Vec<_> = request
        .ties
        .iter()
        .filter_map(|tie| Some(super::Tie { from: ends(tie.from)?, to: ends(tie.to)?, ..*tie }))
        .collect();
    let alone = Request { bodies: &own, ties: &ties, ..*request };
    let points = alone.anew(None, watch)?;
    let bounds = |bodies: &mut dyn Iterator<Item = Rect>| bodies.reduce(Rect::union);
    let others = (0..bodies.len()).filter(|&n| number[n] == usize::MAX);
    let above = bounds(&mut others.map(|n| bodies[n].rect()));
    let cards = own.iter().zip(&points).map(|(b, p)| Rect::from_center_size(*p, b.size));
    let by = match (above, bounds(&mut cards.into_iter())) {
        (Some(above), Some(below)) => Point::new(
            above.center().x - below.center().x,
            above.max.y + 2.0 * super::GAP - below.min.y,
        ),
        _ => Point::default(),
    };
    for (&n, p) in strangers.iter().zip(&points) {
        bodies[n].at = Point::new(p.x + by.x, p.y + by.y);
    }
    Some(())
}
