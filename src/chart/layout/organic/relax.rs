//! Springs between neighbours and a push between all, from the coarsest level to the finest.

use super::{
    Options, Quality, Random, Watch, apart, coarsen::Level, even_cuts, length, spread,
    stress::Pivots, tree::Tree,
};
use crate::network::measure;

/// Places of members: all x, all y.
pub(super) type Places = (Vec<f32>, Vec<f32>);

/// A graph of this many members is not made smaller.
const SMALL: usize = 30;
/// Below this force a member hardly moves, so that what is at rest does not jump.
const REST: f32 = 0.3;

/// How the levels are relaxed.
struct Schedule {
    /// Rounds on the coarsest and on the finest level.
    rounds: (usize, usize),
    /// The first and the last step, in lengths between members.
    steps: (f32, f32),
    /// How small a group must look to count as one.
    theta: f32,
    /// How strong the push is beside the pull.
    push: f32,
    /// The powers of a tie's length with which it pulls: on the finest level, on the one above,
    /// and on all coarser ones. A low power lets communities draw together, a high one keeps the
    /// large distances true: so the whole is laid out by the one and its details by the other.
    powers: [f32; 3],
    /// Whether communities are kept together.
    careful: bool,
}

const FAST: Schedule = Schedule {
    rounds: (250, 18),
    steps: (0.8, 0.06),
    theta: 1.1,
    push: 0.2,
    powers: [0.6, 1.0, 1.5],
    careful: false,
};
const FINE: Schedule = Schedule {
    rounds: (250, 26),
    steps: (0.8, 0.04),
    theta: 1.1,
    push: 0.4,
    powers: [0.5, 1.1, 1.5],
    careful: true,
};

/// How much of its step a level keeps below the one whose distances were made true.
const CAREFUL: f32 = 0.1;
/// The least distance between two members, in lengths of a tie.
const APART: f32 = 0.02;

/// How distances are brought to those in the graph.
struct Truth {
    /// To how many members they are measured.
    pivots: usize,
    rounds: usize,
    /// Groups of several that are nearer than this are left as they are.
    near: f32,
    /// By which part of the way: all of it can mingle communities.
    part: f32,
    /// How often forces move what was brought to its distances.
    after: usize,
}

/// Fast layouts: of the second level above the finest and the one below, and of the finest, too, if
/// it is the first above it whose distances were made true.
const FAST_TRUTH: Truth = Truth { pivots: 128, rounds: 20, near: 4.0, part: 0.8, after: 5 };
const LOOSE_TRUTH: Truth = Truth { near: 2.0, part: 1.0, ..FAST_TRUTH };
const LOOSE_BELOW: Truth = Truth { pivots: 96, rounds: 8, part: 0.5, ..LOOSE_TRUTH };
/// Fine layouts: of a level below communities, and of the next below that of a drawing of many.
const FINE_TRUTH: Truth = Truth { pivots: 256, rounds: 60, near: 4.0, part: 1.0, after: 12 };
const FINE_BELOW: Truth = Truth { rounds: 1, part: 0.24, after: 5, ..FINE_TRUTH };
const MANY: usize = 30_000;
/// What a fine layout does to a fast one of a graph without communities.
const MORE_TRUTH: Truth = Truth { pivots: 512, rounds: 40, near: 1.0, part: 1.0, after: 0 };
/// How many distances are kept at most, and to how many pivots at least: a matter of memory.
const DISTANCES: usize = 24_000_000;
const FEW_PIVOTS: usize = 32;
/// In how many rounds distances are brought to those in the graph at least, and at how many distances
/// altogether, if that allows more: a matter of time.
const FEW_ROUNDS: usize = 15;
const MOST_MOVES: usize = 24_000_000;

/// A fast layout makes the distances of groups true on the second level above the finest, or the third
/// of a drawing of many. Where ties are longer than this part of the drawing's radius there, groups
/// are not near each other in any drawing, and it does so on the level below instead, and so on.
const LONG_ON_SECOND: f32 = 0.36;
const LONG_ON_OTHERS: f32 = 0.6;
/// The fine layout makes distances true this many levels below communities.
const BELOW_COMMUNITIES: usize = 2;
/// To choose between two drawings, distances to this many members are measured. The fine drawing
/// must be better by this factor: what is measured is a sample.
const JUDGES: usize = 256;
const BETTER: f64 = 0.98;

/// How many members are moved on the coarsest level at most, rounds counted: where many are held,
/// it is not coarse.
const MOVES: usize = 4_000_000;

/// Lays out what belongs together; `None` where the watch stopped it. Where it is late, the finer
/// levels get no more than places around the coarser ones'.
///
/// *Fine* begins with *fast*, and gives the better of both.
pub(super) fn part(level: Level, options: Options, watch: Watch<'_>) -> Option<Places> {
    let count = level.len();
    if count < 2 {
        let at = level.held(0).unwrap_or_default();
        return Some((vec![at.0; count], vec![at.1; count]));
    }
    let fine = options.quality == Quality::Fine;
    watch.tell(0.0)?;
    let quick = if fine { watch.part(0.0, 0.25) } else { watch };
    let (mut places, truthful) = draw(level.clone(), Quality::Fast, options, quick)?;
    if fine && !watch.is_late() {
        let slow = watch.part(0.25, 1.0);
        let everybody: Vec<u32> = (0..count as u32).collect();
        let mut random = Random::new(options.seed ^ count as u64);
        let mut better = places.clone();
        if truthful == 0 {
            let more = Making { truth: &MORE_TRUTH, threads: options.threads, random: &mut random };
            more.make_true((&level, &level), &everybody, &mut better, slow.part(0.0, 0.9))?;
        } else {
            better = draw(level.clone(), Quality::Fine, options, slow.part(0.0, 0.9))?.0;
        }
        let judges = Pivots::choose(
            (&level, JUDGES),
            (&everybody, count),
            options.threads,
            &mut random,
            slow.part(0.9, 1.0),
        )?;
        if judges.stress(&level, &better) < judges.stress(&level, &places) * BETTER {
            places = better;
        }
    }
    let least = APART * usual_length(&level, &places);
    apart::keep(&mut places, least, |n| level.held(n).is_some());
    Some(places)
}

/// Draws from the coarsest level to the finest; gives the level whose distances were made true, too.
fn draw(
    level: Level,
    quality: Quality,
    options: Options,
    watch: Watch<'_>,
) -> Option<(Places, usize)> {
    let count = level.len();
    let fine = quality == Quality::Fine;
    let mut random = Random::new(options.seed);
    let communities = fine.then(|| measure::partition(level.graph.clone()));
    let ladder = Ladder::new(level, communities, &mut random);
    let below = match quality {
        Quality::Fine => ladder.whole.saturating_sub(BELOW_COMMUNITIES),
        Quality::Fast => 2 + usize::from(count > MANY),
    };
    let mut way = Way {
        schedule: if fine { &FINE } else { &FAST },
        truthful: below.min(ladder.groups.len()),
        count,
        threads: options.threads,
        ladder: &ladder,
    };
    let depths = 0..ladder.levels.len();
    let work: f32 = depths.clone().map(|depth| way.work(depth)).sum();
    let (mut places, mut done) = (Places::default(), 0.0);
    for depth in depths.rev() {
        let share = way.work(depth) / work;
        let watch = watch.part(done, done + share);
        done += share;
        places = way.go_down(depth, places, &mut random, watch)?;
        if watch.is_late() {
            continue;
        }
        if !fine && depth == way.truthful && way.is_loose(depth, &places) {
            way.truthful -= 1;
            continue;
        }
        way.make_true(depth, &mut places, &mut random, watch.part(0.9, 1.0))?;
    }
    Some((places, way.truthful))
}

/// How long half of all ties are at most.
fn usual_length(level: &Level, places: &Places) -> f32 {
    let mut lengths = Vec::new();
    for n in 0..level.len() {
        for (other, _) in level.near(n).filter(|(other, _)| n < *other) {
            let (dx, dy) = (places.0[n] - places.0[other], places.1[n] - places.1[other]);
            lengths.push(length(dx, dy));
        }
    }
    let middle = lengths.len() / 2;
    if lengths.is_empty() {
        return 1.0;
    }
    let (_, length, _) = lengths.select_nth_unstable_by(middle, f32::total_cmp);
    length.clamp(0.5, 100.0)
}

/// How long ties are on average, beside the radius of the drawing.
fn length_of_ties(level: &Level, places: &Places) -> f32 {
    let (mut x, mut y, mut square, mut mass) = (0.0_f64, 0.0_f64, 0.0_f64, 0.0_f64);
    let (mut long, mut ties) = (0.0_f64, 0.0_f64);
    for n in 0..level.len() {
        let weighs = f64::from(level.mass[n]);
        let at = (f64::from(places.0[n]), f64::from(places.1[n]));
        (x, y, mass) = (x + weighs * at.0, y + weighs * at.1, mass + weighs);
        square += weighs * (at.0 * at.0 + at.1 * at.1);
        for (other, weight) in level.near(n) {
            let (dx, dy) = (places.0[n] - places.0[other], places.1[n] - places.1[other]);
            long += f64::from(length(dx, dy) * weight);
            ties += f64::from(weight);
        }
    }
    let radius = (square / mass - (x * x + y * y) / (mass * mass)).max(1e-9).sqrt();
    (long / ties.max(1e-9) / radius) as f32
}

/// Brings distances to those in the graph.
struct Making<'a> {
    truth: &'a Truth,
    threads: usize,
    random: &'a mut Random,
}

impl Making<'_> {
    /// Of a level whose members are groups of those of the finest, `of` naming the group of each.
    fn make_true(
        self,
        (finest, level): (&Level, &Level),
        of: &[u32],
        places: &mut Places,
        watch: Watch<'_>,
    ) -> Option<()> {
        let groups = level.len();
        let most = (DISTANCES / groups).max(FEW_PIVOTS).min(self.truth.pivots);
        let pivots = Pivots::choose(
            (finest, most),
            (of, groups),
            self.threads,
            self.random,
            watch.part(0.0, 0.5),
        )?;
        let rounds = (MOST_MOVES / (groups * most)).max(FEW_ROUNDS).min(self.truth.rounds);
        let how = (rounds, self.truth.near);
        let before = places.clone();
        pivots.refine(level, places, how, self.threads, watch.part(0.5, 1.0))?;
        for (now, before) in [(&mut places.0, before.0), (&mut places.1, before.1)] {
            for (now, before) in now.iter_mut().zip(before) {
                *now = before + (*now - before) * self.truth.part;
            }
        }
        Some(())
    }
}

/// The way from the coarsest level to the finest.
struct Way<'a> {
    schedule: &'a Schedule,
    /// The level whose distances are made true; those below keep it.
    truthful: usize,
    count: usize,
    threads: usize,
    ladder: &'a Ladder,
}

impl Way<'_> {
    /// Lays out a level from the one above, of which the places are given.
    fn go_down(
        &self,
        depth: usize,
        above: Places,
        random: &mut Random,
        watch: Watch<'_>,
    ) -> Option<Places> {
        let level = &self.ladder.levels[depth];
        let top = depth + 1 == self.ladder.levels.len();
        let mut places = if top {
            disc(level, self.count)
        } else {
            refine(&above, &self.ladder.groups[depth], level, random)
        };
        let first = match (top, depth < self.truthful) {
            (true, _) => 4.0,
            (_, true) => CAREFUL,
            _ => 1.0,
        };
        let (long, schedule) = (self.long(depth), self.schedule);
        let relaxing = Relaxing {
            rounds: self.rounds(depth),
            steps: (schedule.steps.0 * long * first, schedule.steps.1 * long),
            theta: schedule.theta,
            push: schedule.push,
            power: schedule.powers[depth.min(2)],
            threads: self.threads,
        };
        relaxing.relax(level, &mut places, watch)?;
        Some(places)
    }

    /// Whether groups of a level are not near each other, although they are tied, and the level
    /// below is still to be drawn.
    fn is_loose(&self, depth: usize, places: &Places) -> bool {
        let most = if depth == 2 { LONG_ON_SECOND } else { LONG_ON_OTHERS };
        depth > 0 && length_of_ties(&self.ladder.levels[depth], places) > most
    }

    /// Brings distances to those in the graph, if this is a level to do it on.
    fn make_true(
        &self,
        depth: usize,
        places: &mut Places,
        random: &mut Random,
        watch: Watch<'_>,
    ) -> Option<()> {
        let fine = self.schedule.careful;
        let below = depth + 1 == self.truthful;
        let truth = match depth {
            _ if depth == self.truthful && fine => &FINE_TRUTH,
            2.. if depth == self.truthful => &FAST_TRUTH,
            _ if depth == self.truthful => &LOOSE_TRUTH,
            _ if below && fine && self.count > MANY => &FINE_BELOW,
            0 if below && !fine => &LOOSE_BELOW,
            _ => return Some(()),
        };
        let levels = &self.ladder.levels;
        let (level, long) = (&levels[depth], self.long(depth));
        let groups = together(self.count, &self.ladder.groups[..depth]);
        let making = Making { truth, threads: self.threads, random };
        making.make_true((&levels[0], level), &groups, places, watch.part(0.0, 0.8))?;
        // Distances alone lay twins on one spot, where nothing would push them off it.
        apart::keep(places, APART * long, |n| level.held(n).is_some());
        let relaxing = Relaxing {
            rounds: truth.after,
            steps: (0.1 * long, 0.05 * long),
            theta: self.schedule.theta,
            push: self.schedule.push,
            power: if fine && !below { 1.5 } else { self.schedule.powers[depth.min(2)] },
            threads: self.threads,
        };
        relaxing.relax(level, places, watch.part(0.8, 1.0))
    }

    /// How much longer steps are where members stand for many.
    fn long(&self, depth: usize) -> f32 {
        (self.count as f32 / self.ladder.levels[depth].len() as f32).sqrt()
    }

    fn rounds(&self, depth: usize) -> usize {
        let levels = &self.ladder.levels;
        let deep = if levels.len() > 1 { depth as f32 / (levels.len() - 1) as f32 } else { 1.0 };
        let (most, least) = (self.schedule.rounds.0 as f32, self.schedule.rounds.1 as f32);
        let rounds = (least * (most / least).powf(deep)) as usize;
        let most = (MOVES / levels[depth].len()).max(self.schedule.rounds.1);
        if depth > 0 { rounds.min(most) } else { rounds }
    }

    /// What takes time: members by rounds, and a little that every level takes besides.
    fn work(&self, depth: usize) -> f32 {
        self.ladder.levels[depth].len() as f32 * (self.rounds(depth) + 10) as f32
    }
}

/// A graph and smaller and smaller ones.
struct Ladder {
    /// The finest first.
    levels: Vec<Level>,
    /// What each member of a level has become on the next.
    groups: Vec<Vec<u32>>,
    /// The level on which communities are one member each, where they were kept together.
    whole: usize,
}

impl Ladder {
    fn new(level: Level, mut communities: Option<(Vec<u32>, usize)>, random: &mut Random) -> Self {
        let (mut levels, mut groups, mut whole) = (vec![level], Vec::new(), 0);
        while let Some(level) = levels.last().filter(|level| level.len() > SMALL) {
            if communities.as_ref().is_some_and(|(_, count)| level.len() <= *count) {
                communities = None;
                whole = levels.len() - 1;
            }
            let apart = communities.as_ref().map(|(of, _)| of.as_slice());
            let (coarser, group) = level.merge(random, apart);
            if coarser.len() as f32 > level.len() as f32 * 0.9 {
                if communities.take().is_some() {
                    whole = levels.len() - 1;
                    continue;
                }
                break;
            }
            if let Some((of, _)) = &mut communities {
                let mut next = vec![0; coarser.len()];
                for (of, group) in of.iter().zip(&group) {
                    next[*group as usize] = *of;
                }
                *of = next;
            }
            levels.push(coarser);
            groups.push(group);
        }
        Self { levels, groups, whole }
    }
}

/// What each member has become after several mergers.
fn together(count: usize, groups: &[Vec<u32>]) -> Vec<u32> {
    let mut of: Vec<u32> = (0..count as u32).collect();
    for group in groups {
        for of in &mut of {
            *of = group[*of as usize];
        }
    }
    of
}

/// Evenly over a disc with room for so many, around those who are held: no direction comes first.
fn disc(level: &Level, room: usize) -> Places {
    let held = || level.held.iter().flatten();
    let anchors = held().count().max(1) as f32;
    let middle = held().fold((0.0, 0.0), |m, at| (m.0 + at.0 / anchors, m.1 + at.1 / anchors));
    let far = (room as f32).sqrt();
    let mut places: Places = (0..level.len())
        .map(|n| {
            let angle = n as f32 * 2.399_963;
            let radius = far * (n as f32 / level.len() as f32).sqrt();
            (middle.0 + radius * angle.cos(), middle.1 + radius * angle.sin())
        })
        .unzip();
    level.put_back(&mut places);
    places
}

/// Puts members around the places of the groups that they came from, half the way to the middle of
/// their neighbours, where they will end up in any case.
fn refine(places: &Places, group: &[u32], level: &Level, random: &mut Random) -> Places {
    let around: Places = group
        .iter()
        .enumerate()
        .map(|(n, of)| {
            let of = *of as usize;
            let angle = random.unit() * std::f32::consts::TAU;
            let radius = random.unit().sqrt() * level.mass[n].sqrt() * 0.9;
            (places.0[of] + radius * angle.cos(), places.1[of] + radius * angle.sin())
        })
        .unzip();
    let mut places: Places = (0..level.len())
        .map(|n| {
            let (mut x, mut y, mut sum) = (around.0[n], around.1[n], 1.0);
            for (other, weight) in level.near(n) {
                x += around.0[other] * weight;
                y += around.1[other] * weight;
                sum += weight;
            }
            (f32::midpoint(around.0[n], x / sum), f32::midpoint(around.1[n], y / sum))
        })
        .unzip();
    level.put_back(&mut places);
    places
}

/// How one level is relaxed.
struct Relaxing {
    rounds: usize,
    steps: (f32, f32),
    theta: f32,
    push: f32,
    power: f32,
    threads: usize,
}

impl Relaxing {
    /// Moves every member along what pulls and pushes it, by smaller and smaller steps.
    fn relax(&self, level: &Level, places: &mut Places, watch: Watch<'_>) -> Option<()> {
        let decay = (self.steps.1 / self.steps.0).powf(1.0 / (self.rounds.max(2) - 1) as f32);
        let cuts = even_cuts(level.len(), self.threads);
        // Of the squared length, and one less for the direction's own.
        let power = (self.power - 1.0) / 2.0;
        let mut push = Vec::new();
        let mut moved = vec![(0.0_f32, 0.0_f32); level.len()];
        let mut step = self.steps.0;
        for round in 0..self.rounds {
            watch.tell(round as f32 / self.rounds as f32)?;
            if watch.is_late() {
                break;
            }
            let (x, y) = (&places.0, &places.1);
            let moves = |n: usize| level.held(n).is_none();
            Tree::new(x, y, &level.mass, cuts.len()).push(
                (self.theta, 0.0),
                cuts.len(),
                moves,
                &mut push,
            );
            spread(&mut moved, &cuts, |first, part| {
                for (at, moved) in part.iter_mut().enumerate() {
                    let n = first + at;
                    if !moves(n) {
                        continue;
                    }
                    let (mut fx, mut fy) = (self.push * push[n].0, self.push * push[n].1);
                    for (other, weight) in level.near(n) {
                        let (dx, dy) = (x[other] - x[n], y[other] - y[n]);
                        let pull = weight * (dx * dx + dy * dy + 1e-4).powf(power) / level.mass[n];
                        fx += dx * pull;
                        fy += dy * pull;
                    }
                    let force = length(fx, fy);
                    let scale = step / (force + REST);
                    *moved = (fx * scale, fy * scale);
                }
            });
            for (n, (dx, dy)) in moved.iter().enumerate() {
                places.0[n] += dx;
                places.1[n] += dy;
            }
            step *= decay;
        }
        Some(())
    }
}
