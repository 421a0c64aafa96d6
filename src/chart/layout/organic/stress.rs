//! Distances in the drawing brought to those in the graph, by majorising the stress of the ways to
//! some pivots, each of which speaks for the members around it.
//!
//! Ortmann, Klimenta, Brandes: A Sparse Stress Model, JGAA 21 (2017).

use super::{Options, Watch, coarsen::Level, even_cuts, relax::Places, spread};

/// How many members the others measure their distance to.
const PIVOTS: usize = 3_072;
const ROUNDS: usize = 150;
/// Ways are found from so many members at once, a bit of a word for each.
const BITS: usize = 64;
/// So many such words make a batch. It does not depend on the number of threads, because what lies
/// far from all pivots is known only after a batch.
const BATCH: usize = 4;

/// Pivots with what lies around them.
struct Pivots {
    /// The group that each is in.
    groups: Vec<u32>,
    /// How far the members of each group are from each pivot on average; 0 where there is no way.
    far: Vec<Vec<f32>>,
    /// For how many members each pivot speaks.
    speaks: Vec<f32>,
}

impl Pivots {
    /// Each pivot is of some members at random the one farthest from those before it: the very
    /// farthest all lie on the rim and would say little about the middle.
    fn choose(
        level: &Level,
        of: &[u32],
        groups: usize,
        threads: usize,
        watch: Watch<'_>,
    ) -> Option<Self> {
        let count = level.len();
        let wanted = PIVOTS.min(count);
        let mut sizes = vec![0.0_f32; groups];
        for group in of {
            sizes[*group as usize] += 1.0;
        }
        // How far the nearest pivot is, and which that is.
        let mut nearest = vec![(u16::MAX, 0_u32); count];
        let mut pivots = Self { groups: Vec::new(), far: Vec::new(), speaks: vec![0.0; wanted] };
        let mut random = super::Random::new(count as u64);
        while pivots.far.len() < wanted {
            watch.tell(0.5 + 0.3 * pivots.far.len() as f32 / wanted as f32)?;
            let size = (BATCH * BITS).min(wanted - pivots.far.len());
            let chosen: Vec<u32> = (0..size)
                .map(|_| {
                    let mut best = (random.next() % count as u64) as usize;
                    for _ in 0..6 {
                        let other = (random.next() % count as u64) as usize;
                        if nearest[other].0 > nearest[best].0 {
                            best = other;
                        }
                    }
                    best as u32
                })
                .collect();
            let mut found: Vec<(&[u32], Ways)> =
                chosen.chunks(BITS).map(|from| (from, Ways::default())).collect();
            let threads = threads.clamp(1, found.len());
            let cuts: Vec<usize> = (0..threads).map(|n| found.len() * n / threads).collect();
            spread(&mut found, &cuts, |_, part| {
                for (from, ways) in part {
                    *ways = if level.lengths.is_empty() {
                        Ways::by_ties(level, from, of, groups)
                    } else {
                        Ways::by_lengths(level, from, of, groups)
                    };
                }
            });
            for (from, ways) in found {
                let first = pivots.far.len() as u32;
                for (nearest, (far, bit)) in nearest.iter_mut().zip(&ways.nearest) {
                    if *far < nearest.0 {
                        *nearest = (*far, first + u32::from(*bit));
                    }
                }
                for (bit, pivot) in from.iter().enumerate() {
                    let sums = ways.sums.iter().skip(bit).step_by(BITS);
                    pivots.far.push(sums.zip(&sizes).map(|(sum, size)| sum / size).collect());
                    pivots.groups.push(of[*pivot as usize]);
                }
            }
        }
        for (_, pivot) in nearest {
            pivots.speaks[pivot as usize] += 1.0;
        }
        Some(pivots)
    }
}

/// How far members are from some pivots.
#[derive(Default)]
struct Ways {
    /// The sum over the members of each group, for each pivot.
    sums: Vec<f32>,
    /// How far the nearest pivot is from each member, and which that is.
    nearest: Vec<(u16, u8)>,
}

impl Ways {
    fn new(count: usize, groups: usize) -> Self {
        Self { sums: vec![0.0; groups * BITS], nearest: vec![(u16::MAX, 0); count] }
    }

    /// Ways from all pivots at once, in ties (Then and others, PVLDB 8, 2014).
    fn by_ties(level: &Level, from: &[u32], of: &[u32], groups: usize) -> Self {
        let count = level.len();
        let mut ways = Self::new(count, groups);
        // Who has been reached from which pivots: at all, in the last round, in this one.
        let (mut seen, mut last, mut next) = (vec![0_u64; count], vec![0; count], vec![0; count]);
        let mut now: Vec<u32> = Vec::new();
        for (bit, n) in from.iter().enumerate() {
            if last[*n as usize] == 0 {
                now.push(*n);
            }
            last[*n as usize] |= 1_u64 << bit;
        }
        let mut far = 0_u16;
        let mut then = Vec::new();
        while !now.is_empty() {
            for n in now.iter().map(|n| *n as usize) {
                seen[n] |= last[n];
                if ways.nearest[n].0 == u16::MAX {
                    ways.nearest[n] = (far, last[n].trailing_zeros() as u8);
                }
                let sums = &mut ways.sums[of[n] as usize * BITS..][..BITS];
                let mut bits = last[n];
                while bits != 0 {
                    sums[bits.trailing_zeros() as usize] += f32::from(far);
                    bits &= bits - 1;
                }
            }
            for n in now.drain(..).map(|n| n as usize) {
                let reached = std::mem::take(&mut last[n]);
                for (other, _) in level.near(n) {
                    let new = reached & !seen[other];
                    if new != 0 {
                        if next[other] == 0 {
                            then.push(other as u32);
                        }
                        next[other] |= new;
                    }
                }
            }
            std::mem::swap(&mut now, &mut then);
            std::mem::swap(&mut last, &mut next);
            far = far.saturating_add(1);
        }
        ways
    }

    /// Ways by the length of ties, from one pivot after the other.
    fn by_lengths(level: &Level, from: &[u32], of: &[u32], groups: usize) -> Self {
        let mut ways = Self::new(level.len(), groups);
        for (bit, pivot) in from.iter().enumerate() {
            let far = lengths(level, *pivot as usize);
            for (n, far) in far.into_iter().enumerate().filter(|(_, far)| *far < u16::MAX) {
                ways.sums[of[n] as usize * BITS + bit] += f32::from(far) * 0.25;
                if far < ways.nearest[n].0 {
                    ways.nearest[n] = (far, bit as u8);
                }
            }
        }
        ways
    }
}

/// Shortest ways from one member by the length of ties, in quarters (Dial, CACM 12, 1969).
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
    let count = places.0.len();
    let Pivots { groups, far, speaks } =
        Pivots::choose(level, groups, count, options.threads, watch)?;
    let pivots: Vec<usize> = groups.into_iter().map(|group| group as usize).collect();
    let scale = scale(&pivots, &far, places);
    for v in places.0.iter_mut().chain(&mut places.1) {
        *v *= scale;
    }
    let cuts = even_cuts(count, options.threads);
    let mut next = vec![[0.0_f32; 3]; count];
    for round in 0..ROUNDS {
        watch.tell(0.8 + 0.1 * round as f32 / ROUNDS as f32)?;
        if watch.is_late() {
            break;
        }
        let (x, y) = (&places.0, &places.1);
        spread(&mut next, &cuts, |first, part| {
            part.fill([0.0; 3]);
            let range = first..first + part.len();
            for (p, pivot) in pivots.iter().enumerate() {
                let (px, py, speaks) = (x[*pivot], y[*pivot], speaks[p]);
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
