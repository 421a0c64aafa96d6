//! Who stands on the shortest ways between others, and who is near everybody.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::network::Csr;

/// Sources are worked on in so many lots. Their sums are added in order, so that the answer does
/// not depend on which thread took which lot.
const LOTS: usize = 64;

/// How many shortest ways between two others go through each member; where there are several
/// between two, each counts for its share. Each pair is counted once.
///
/// Brandes: A faster algorithm for betweenness centrality, J. Math. Sociology 25 (2001). `going` is
/// told the part that is done and may stop it.
pub fn betweenness(
    graph: &Csr,
    threads: usize,
    going: &(dyn Fn(f32) -> bool + Sync),
) -> Option<Vec<f64>> {
    let sums = lots(graph.len(), threads, going, |sources| {
        let mut sum = vec![0.0; graph.len()];
        let mut walk = Walk::new(graph);
        for source in sources {
            walk.from(source);
            walk.add_dependencies(&mut sum);
        }
        sum
    })?;
    let mut all = vec![0.0; graph.len()];
    for sum in sums {
        for (all, part) in all.iter_mut().zip(sum) {
            *all += part;
        }
    }
    // From both ends of each pair.
    for value in &mut all {
        *value /= 2.0;
    }
    Some(all)
}

/// How near each member is to those that it can reach: their number over the sum of the distances
/// to them, times their share of all others (Wasserman and Faust's form, as in networkx); 0 for
/// whom nobody can be reached from.
pub fn closeness(
    graph: &Csr,
    threads: usize,
    going: &(dyn Fn(f32) -> bool + Sync),
) -> Option<Vec<f64>> {
    let others = graph.len().saturating_sub(1) as f64;
    let lots = lots(graph.len(), threads, going, |sources| {
        let mut walk = Walk::new(graph);
        sources
            .map(|source| {
                walk.from(source);
                let reached = walk.order.len() as f64 - 1.0;
                let sum: f64 = walk.order.iter().map(|n| f64::from(walk.far[*n as usize])).sum();
                if sum > 0.0 { reached / sum * (reached / others) } else { 0.0 }
            })
            .collect::<Vec<f64>>()
    })?;
    Some(lots.concat())
}

/// Does work for all sources in lots, on several threads; gives what each lot gave, in order.
fn lots<T: Send>(
    count: usize,
    threads: usize,
    going: &(dyn Fn(f32) -> bool + Sync),
    work: impl Fn(std::ops::Range<usize>) -> T + Sync,
) -> Option<Vec<T>> {
    let next = AtomicUsize::new(0);
    let stopped = AtomicBool::new(false);
    let take = || {
        let mut done = Vec::new();
        while !stopped.load(Ordering::Relaxed) {
            let lot = next.fetch_add(1, Ordering::Relaxed);
            if lot >= LOTS {
                break;
            }
            done.push((lot, work(count * lot / LOTS..count * (lot + 1) / LOTS)));
            if !going((lot + 1) as f32 / LOTS as f32) {
                stopped.store(true, Ordering::Relaxed);
            }
        }
        done
    };
    let mut all: Vec<(usize, T)> = std::thread::scope(|scope| {
        let helpers: Vec<_> = (1..threads.max(1)).map(|_| scope.spawn(take)).collect();
        let mut all = take();
        for helper in helpers {
            // A panic of a helper is a panic of the whole.
            all.extend(helper.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        all
    });
    if stopped.into_inner() {
        return None;
    }
    all.sort_by_key(|(lot, _)| *lot);
    Some(all.into_iter().map(|(_, done)| done).collect())
}

/// Everything reached from a source in the order of its distance.
struct Walk<'a> {
    graph: &'a Csr,
    far: Vec<u32>,
    /// How many shortest ways lead to each.
    ways: Vec<f64>,
    order: Vec<u32>,
    dependency: Vec<f64>,
}

impl<'a> Walk<'a> {
    fn new(graph: &'a Csr) -> Self {
        let count = graph.len();
        Self {
            graph,
            far: vec![u32::MAX; count],
            ways: vec![0.0; count],
            order: Vec::with_capacity(count),
            dependency: vec![0.0; count],
        }
    }

    fn from(&mut self, source: usize) {
        for n in self.order.drain(..) {
            self.far[n as usize] = u32::MAX;
            self.ways[n as usize] = 0.0;
        }
        self.far[source] = 0;
        self.ways[source] = 1.0;
        self.order.push(source as u32);
        let mut at = 0;
        while at < self.order.len() {
            let n = self.order[at] as usize;
            at += 1;
            let (next, ways) = (self.far[n] + 1, self.ways[n]);
            for &other in self.graph.near(n) {
                let other = other as usize;
                if self.far[other] == u32::MAX {
                    self.far[other] = next;
                    self.order.push(other as u32);
                }
                if self.far[other] == next {
                    self.ways[other] += ways;
                }
            }
        }
    }

    fn add_dependencies(&mut self, sum: &mut [f64]) {
        for n in &self.order {
            self.dependency[*n as usize] = 0.0;
        }
        for at in (1..self.order.len()).rev() {
            let n = self.order[at] as usize;
            let share = (1.0 + self.dependency[n]) / self.ways[n];
            let nearer = self.far[n] - 1;
            for &other in self.graph.near(n) {
                let other = other as usize;
                if self.far[other] == nearer {
                    self.dependency[other] += self.ways[other] * share;
                }
            }
            sum[n] += self.dependency[n];
        }
    }
}
