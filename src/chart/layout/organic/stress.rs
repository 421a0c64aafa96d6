//! Distances in the drawing brought to those in the graph, by majorising the stress of the ways to
//! some pivots, each of which speaks for the members around it.
//!
//! Ortmann, Klimenta, Brandes: A Sparse Stress Model, JGAA 21 (2017).

use super::{Options, Watch, coarsen::Level, even_cuts, relax::Places, spread};

/// How many members the others measure their distance to.
const PIVOTS: usize = 400;
const ROUNDS: usize = 60;

/// Pivots with what lies around them.
struct Pivots {
    members: Vec<u32>,
    /// How far each member is from each pivot, in ties.
    far: Vec<Vec<u16>>,
    /// For how many members each pivot speaks.
    speaks: Vec<f32>,
}

impl Pivots {
    /// Each pivot is of some members at random the one farthest from those before it: the very
    /// farthest all lie on the rim and would say little about the middle.
    fn choose(level: &Level, threads: usize, watch: Watch<'_>) -> Option<Self> {
        let count = level.len();
        let wanted = PIVOTS.min(count);
        let mut far: Vec<Vec<u16>> = Vec::with_capacity(wanted);
        let mut nearest = vec![u16::MAX; count];
        let mut members: Vec<u32> = Vec::with_capacity(wanted);
        let mut random = super::Random::new(count as u64);
        while members.len() < wanted {
            watch.tell(0.9)?;
            // As many at once as there are threads.
            let batch = threads.max(1).min(wanted - members.len());
            let chosen: Vec<u32> = (0..batch)
                .map(|_| {
                    let mut best = (random.next() % count as u64) as usize;
                    for _ in 0..6 {
                        let other = (random.next() % count as u64) as usize;
                        if nearest[other] > nearest[best] {
                            best = other;
                        }
                    }
                    best as u32
                })
                .collect();
            let mut found: Vec<(u32, Vec<u16>)> = chosen.iter().map(|n| (*n, Vec::new())).collect();
            let cuts: Vec<usize> = (0..found.len()).collect();
            spread(&mut found, &cuts, |_, part| {
                for (from, far) in part {
                    *far = distances(level, *from as usize);
                }
            });
            for (member, distances) in found {
                for (nearest, d) in nearest.iter_mut().zip(&distances) {
                    *nearest = (*nearest).min(*d);
                }
                members.push(member);
                far.push(distances);
            }
        }
        let mut speaks = vec![0.0; members.len()];
        for n in 0..count {
            let near = (0..far.len()).min_by_key(|p| far[*p][n]).unwrap_or(0);
            speaks[near] += 1.0;
        }
        Some(Self { members, far, speaks })
    }
}

/// How far all are from one member: in ties, or where they differ in quarters of their length.
fn distances(level: &Level, from: usize) -> Vec<u16> {
    if !level.lengths.is_empty() {
        return lengths(level, from);
    }
    let mut far = vec![u16::MAX; level.len()];
    far[from] = 0;
    let mut queue = vec![from as u32];
    let mut at = 0;
    while at < queue.len() {
        let n = queue[at] as usize;
        at += 1;
        for (other, _) in level.near(n) {
            if far[other] == u16::MAX {
                far[other] = far[n].saturating_add(1);
                queue.push(other as u32);
            }
        }
    }
    far
}

/// Shortest ways by the length of ties (Dial, CACM 12, 1969).
fn lengths(level: &Level, from: usize) -> Vec<u16> {
    const TURN: usize = 128;
    let mut far = vec![u16::MAX; level.len()];
    far[from] = 0;
    let mut waiting: Vec<Vec<u32>> = vec![Vec::new(); TURN];
    waiting[0].push(from as u32);
    let (mut left, mut now) = (1, 0_usize);
    while left > 0 {
        let mut next = std::mem::take(&mut waiting[now % TURN]);
        left -= next.len();
        for n in next.drain(..).map(|n| n as usize) {
            if usize::from(far[n]) != now {
                continue;
            }
            for ((other, _), length) in level.near(n).zip(&level.lengths[n]) {
                let there = far[n].saturating_add(u16::from(*length));
                if there < far[other] {
                    far[other] = there;
                    waiting[usize::from(there) % TURN].push(other as u32);
                    left += 1;
                }
            }
        }
        now += 1;
    }
    far
}

/// Brings the distances between groups of members to those that their members have in the graph.
/// `coarse` is the level of the groups.
pub(super) fn refine(
    level: &Level,
    coarse: &Level,
    groups: &[u32],
    places: &mut Places,
    options: Options,
    watch: Watch<'_>,
) -> Option<()> {
    let fine = Pivots::choose(level, options.threads, watch)?;
    let count = places.0.len();
    let mut sizes = vec![0.0_f32; count];
    for group in groups {
        sizes[*group as usize] += 1.0;
    }
    let unit = if level.lengths.is_empty() { 1.0 } else { 0.25 };
    // How far the members of a group are from each pivot on average; 0 where there is no way.
    let far: Vec<Vec<f32>> = fine
        .far
        .iter()
        .map(|far| {
            let mut mean = vec![0.0_f32; count];
            for (far, group) in far.iter().zip(groups).filter(|(far, _)| **far < u16::MAX) {
                mean[*group as usize] += f32::from(*far) * unit;
            }
            mean.iter().zip(&sizes).map(|(sum, size)| sum / size).collect()
        })
        .collect();
    let pivots: Vec<usize> = fine.members.iter().map(|m| groups[*m as usize] as usize).collect();
    let scale = scale(&pivots, &far, places);
    for v in places.0.iter_mut().chain(&mut places.1) {
        *v *= scale;
    }
    let cuts = even_cuts(count, options.threads);
    let mut next = vec![[0.0_f32; 3]; count];
    for _ in 0..ROUNDS {
        watch.tell(0.9)?;
        if watch.is_late() {
            break;
        }
        let (x, y) = (&places.0, &places.1);
        spread(&mut next, &cuts, |first, part| {
            part.fill([0.0; 3]);
            let range = first..first + part.len();
            for (p, pivot) in pivots.iter().enumerate() {
                let (px, py, speaks) = (x[*pivot], y[*pivot], fine.speaks[p]);
                let here = x[range.clone()].iter().zip(&y[range.clone()]);
                for ((sum, far), (x, y)) in part.iter_mut().zip(&far[p][range.clone()]).zip(here) {
                    let (dx, dy) = (x - px, y - py);
                    let weight = if *far > 1.0 { speaks / (far * far) } else { 0.0 };
                    let stretch = far / (dx * dx + dy * dy + 1e-6).sqrt();
                    sum[0] += weight * (px + dx * stretch);
                    sum[1] += weight * (py + dy * stretch);
                    sum[2] += weight;
                }
            }
        });
        for (n, [sx, sy, weight]) in next.iter().enumerate() {
            if *weight > 0.0 && coarse.held(n).is_none() {
                places.0[n] = sx / weight;
                places.1[n] = sy / weight;
            }
        }
    }
    for v in places.0.iter_mut().chain(&mut places.1) {
        *v /= scale;
    }
    coarse.put_back(places);
    Some(())
}

/// The scale at which the drawing fits the graph's distances best.
fn scale(pivots: &[usize], far: &[Vec<f32>], places: &Places) -> f32 {
    let (mut one, mut two) = (0.0_f64, 0.0_f64);
    for (pivot, far) in pivots.iter().zip(far) {
        let (px, py) = (places.0[*pivot], places.1[*pivot]);
        for (n, far) in far.iter().enumerate().filter(|(_, far)| **far > 0.0) {
            let part = f64::from((places.0[n] - px).hypot(places.1[n] - py) / far);
            one += part;
            two += part * part;
        }
    }
    if two > 0.0 { (one / two) as f32 } else { 1.0 }
}
