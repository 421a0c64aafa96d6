//! Distances in the drawing brought to those in the graph, by majorising the stress of the ways to
//! some pivots.
//!
//! After Ortmann, Klimenta, Brandes: A Sparse Stress Model, JGAA 21 (2017), where pivots lie far from
//! each other and count for the members around them. Here they are a random sample in which each
//! counts alike, so that the mean over them is that over all members. On graphs with hubs this is
//! better by far: most members are around the few pivots that are hubs.

use super::{Random, Watch, coarsen::Level, length, relax::Places, spread};

/// Ways are found from so many members at once, a bit of a word for each.
const BITS: usize = 64;
/// Ways are found from so many pivots before the caller is told how far that has come.
const AT_ONCE: usize = 4 * BITS;
/// Fewer ways than this are not worth another thread.
const WORTH_A_THREAD: usize = 200_000;

/// Pivots with what lies around them.
pub(super) struct Pivots {
    /// The group that each is in.
    groups: Vec<u32>,
    /// How far the members of each group are from each pivot on average; 0 where there is no way.
    far: Vec<Vec<f32>>,
    /// How many members there are, in whatever groups.
    members: usize,
}

impl Pivots {
    /// Chooses up to so many pivots of a level at random. `of` names the group of each member, and
    /// `groups` is the number of groups.
    pub(super) fn choose(
        (level, most): (&Level, usize),
        (of, groups): (&[u32], usize),
        threads: usize,
        random: &mut Random,
        watch: Watch<'_>,
    ) -> Option<Self> {
        let count = level.len();
        let mut chosen: Vec<u32> = (0..count as u32).collect();
        random.shuffle(&mut chosen);
        chosen.truncate(most);
        let mut sizes = vec![0.0_f32; groups];
        for group in of {
            sizes[*group as usize] += 1.0;
        }
        let mut pivots = Self { groups: Vec::new(), far: Vec::new(), members: count };
        for part in chosen.chunks(AT_ONCE) {
            watch.tell(pivots.far.len() as f32 / chosen.len() as f32)?;
            let mut found: Vec<(&[u32], Vec<f32>)> =
                part.chunks(BITS).map(|from| (from, Vec::new())).collect();
            let threads = threads.clamp(1, found.len());
            let cuts: Vec<usize> = (0..threads).map(|n| found.len() * n / threads).collect();
            spread(&mut found, &cuts, |_, part| {
                for (from, sums) in part {
                    *sums = if level.lengths.is_empty() {
                        by_ties(level, from, of, groups)
                    } else {
                        by_lengths(level, from, of, groups)
                    };
                }
            });
            for (from, sums) in found {
                for (bit, pivot) in from.iter().enumerate() {
                    let sums = sums.iter().skip(bit).step_by(BITS);
                    pivots.far.push(sums.zip(&sizes).map(|(sum, size)| sum / size).collect());
                    pivots.groups.push(of[*pivot as usize]);
                }
            }
        }
        Some(pivots)
    }

    /// Brings the distances between groups to those that their members have in the graph. `level`
    /// is that of the groups. Groups of several that are nearer than `near` are not brought to their
    /// distance.
    pub(super) fn refine(
        &self,
        level: &Level,
        places: &mut Places,
        (rounds, near): (usize, f32),
        threads: usize,
        watch: Watch<'_>,
    ) -> Option<()> {
        let count = places.0.len();
        let threads = if count * self.far.len() < WORTH_A_THREAD { 1 } else { threads.max(1) };
        let cuts: Vec<usize> = (0..threads).map(|n| count * n / threads).collect();
        let near = if count < self.members { near } else { 0.0 };
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
                for (pivot, far) in self.groups.iter().zip(&self.far) {
                    let (px, py) = (x[*pivot as usize], y[*pivot as usize]);
                    let here = x[own.clone()].iter().zip(&y[own.clone()]);
                    for ((sum, far), (x, y)) in part.iter_mut().zip(&far[own.clone()]).zip(here) {
                        let (dx, dy) = (x - px, y - py);
                        let weight = if *far > near { 1.0 / (far * far) } else { 0.0 };
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
        let [_, one, two] = self.sums(level, places);
        if two > 0.0 { (one / two) as f32 } else { 1.0 }
    }

    /// How far distances in a drawing are from those in the graph, at the scale at which they are
    /// nearest: from 0 to 1.
    pub(super) fn stress(&self, level: &Level, places: &Places) -> f64 {
        let [count, one, two] = self.sums(level, places);
        if two > 0.0 { 1.0 - one * one / (count * two) } else { 1.0 }
    }

    /// The number of ways, and the sums of drawn by wanted distance and of its square.
    fn sums(&self, level: &Level, places: &Places) -> [f64; 3] {
        let mut sums = [0.0; 3];
        for (pivot, far) in self.groups.iter().zip(&self.far) {
            let (px, py) = (places.0[*pivot as usize], places.1[*pivot as usize]);
            for (n, far) in far.iter().enumerate().filter(|(_, far)| **far > 0.0) {
                let part = f64::from(length(places.0[n] - px, places.1[n] - py) / far);
                let counts = f64::from(level.mass[n]);
                sums[0] += counts;
                sums[1] += part * counts;
                sums[2] += part * part * counts;
            }
        }
        sums
    }
}

/// Ways from all pivots at once, in ties (Then and others, PVLDB 8, 2014): the sum over the members
/// of each group, for each pivot.
fn by_ties(level: &Level, from: &[u32], of: &[u32], groups: usize) -> Vec<f32> {
    let count = level.len();
    let mut all = vec![0.0; groups * BITS];
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
            let sums = &mut all[of[n] as usize * BITS..][..BITS];
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
    all
}

/// The same by the length of ties, from one pivot after the other.
fn by_lengths(level: &Level, from: &[u32], of: &[u32], groups: usize) -> Vec<f32> {
    let mut all = vec![0.0; groups * BITS];
    for (bit, pivot) in from.iter().enumerate() {
        let far = lengths(level, *pivot as usize);
        for (n, far) in far.into_iter().enumerate().filter(|(_, far)| *far < u16::MAX) {
            all[of[n] as usize * BITS + bit] += f32::from(far) * 0.25;
        }
    }
    all
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
