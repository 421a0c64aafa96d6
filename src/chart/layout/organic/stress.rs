//! Distances in the drawing brought to those in the graph, by majorising the stress of the ways to
//! some pivots, each of which speaks for the members around it.
//!
//! Ortmann, Klimenta, Brandes: A Sparse Stress Model, JGAA 21 (2017).

use super::{Watch, coarsen::Level, relax::Places, spread};

/// Ways are found from so many members at once, a bit of a word for each.
const BITS: usize = 64;
/// How many pivots are chosen at once: few at first, because what lies far from all of them is
/// known only then, and later so many that several threads have work. It does not depend on how
/// many there are.
const FIRST: usize = 32;
const LAST: usize = 4 * BITS;
/// Groups of several that are nearer than this are not brought to their distance: it would draw
/// communities apart.
const NEAR: f32 = 4.0;
/// Fewer ways than this are not worth another thread.
const WORTH_A_THREAD: usize = 200_000;

/// Pivots with what lies around them.
pub(super) struct Pivots {
    /// The group that each is in.
    groups: Vec<u32>,
    /// How far the members of each group are from each pivot on average; 0 where there is no way.
    far: Vec<Vec<f32>>,
    /// For how many members each pivot speaks.
    speaks: Vec<f32>,
    /// How many members there are, in whatever groups.
    members: usize,
}

impl Pivots {
    /// Each pivot is of some members at random the one farthest from those before it: the very
    /// farthest all lie on the rim and would say little about the middle.
    ///
    /// So many are chosen of a level whose members are in so many groups.
    pub(super) fn choose(
        (level, most): (&Level, usize),
        (of, groups): (&[u32], usize),
        threads: usize,
        watch: Watch<'_>,
    ) -> Option<Self> {
        let count = level.len();
        let wanted = most.min(count);
        let mut sizes = vec![0.0_f32; groups];
        for group in of {
            sizes[*group as usize] += 1.0;
        }
        // How far the nearest pivot is, and which that is.
        let mut nearest = vec![(u16::MAX, 0_u32); count];
        let mut pivots =
            Self { groups: Vec::new(), far: Vec::new(), speaks: vec![0.0; wanted], members: count };
        let mut random = super::Random::new(count as u64);
        while pivots.far.len() < wanted {
            let so_far = pivots.far.len();
            watch.tell(so_far as f32 / wanted as f32)?;
            let size = so_far.clamp(FIRST, LAST).min(wanted - so_far);
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

    /// Brings the distances between groups to those that their members have in the graph. `level`
    /// is that of the groups.
    pub(super) fn refine(
        &self,
        level: &Level,
        places: &mut Places,
        rounds: usize,
        threads: usize,
        watch: Watch<'_>,
    ) -> Option<()> {
        let count = places.0.len();
        let threads = if count * self.far.len() < WORTH_A_THREAD { 1 } else { threads.max(1) };
        let cuts: Vec<usize> = (0..threads).map(|n| count * n / threads).collect();
        let near = if count < self.members { NEAR } else { 1.0 };
        let mut sums = vec![[0.0_f32; 3]; count];
        let scale = self.scale(level, places);
        for v in places.0.iter_mut().chain(&mut places.1) {
            *v *= scale;
        }
        for round in 0..rounds {
            watch.tell(round as f32 / rounds as f32)?;
            if watch.is_late() {
                break;
            }
            let (x, y) = (&places.0, &places.1);
            spread(&mut sums, &cuts, |first, part| {
                part.fill([0.0; 3]);
                let own = first..first + part.len();
                for ((pivot, far), speaks) in self.groups.iter().zip(&self.far).zip(&self.speaks) {
                    let (px, py) = (x[*pivot as usize], y[*pivot as usize]);
                    let here = x[own.clone()].iter().zip(&y[own.clone()]);
                    for ((sum, far), (x, y)) in part.iter_mut().zip(&far[own.clone()]).zip(here) {
                        let (dx, dy) = (x - px, y - py);
                        let weight = if *far > near { speaks / (far * far) } else { 0.0 };
                        let stretch = far / (dx * dx + dy * dy + 1e-6).sqrt();
                        sum[0] += weight * (px + dx * stretch);
                        sum[1] += weight * (py + dy * stretch);
                        sum[2] += weight;
                    }
                }
            });
            for (n, [sx, sy, weight]) in sums.iter().enumerate() {
                if *weight > 0.0 && level.held(n).is_none() {
                    places.0[n] = sx / weight;
                    places.1[n] = sy / weight;
                }
            }
        }
        for v in places.0.iter_mut().chain(&mut places.1) {
            *v /= scale;
        }
        level.put_back(places);
        Some(())
    }

    /// The scale at which a drawing fits the graph's distances best.
    fn scale(&self, level: &Level, places: &Places) -> f32 {
        let (mut one, mut two) = (0.0_f64, 0.0_f64);
        for ((pivot, far), speaks) in self.groups.iter().zip(&self.far).zip(&self.speaks) {
            let (px, py) = (places.0[*pivot as usize], places.1[*pivot as usize]);
            for (n, far) in far.iter().enumerate().filter(|(_, far)| **far > 0.0) {
                let part = f64::from((places.0[n] - px).hypot(places.1[n] - py) / far);
                let counts = f64::from(speaks * level.mass[n]);
                one += part * counts;
                two += part * part * counts;
            }
        }
        if two > 0.0 { (one / two) as f32 } else { 1.0 }
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
