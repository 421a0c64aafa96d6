//! Who is near everybody.

use std::ops::Range;

use super::share::in_order;
use crate::network::Csr;

/// So many words of a bit for each source.
const WORDS: usize = 4;
/// So many sources are walked from side by side.
const BATCH: usize = 64 * WORDS;

/// Some of the sources of a batch, a bit for each.
type Mask = [u64; WORDS];

/// How near each member is to those that it can reach: their number over the sum of the distances
/// to them, times their share of all others (Wasserman and Faust's form, as in networkx); 0 for
/// whom nobody can be reached from.
///
/// Walks from many sources at once, a bit for each: Then, Kaufmann et al.: The more the merrier,
/// efficient multi-source graph traversal, PVLDB 8 (2014). `going` is told the part that is done
/// and may stop it.
pub fn closeness(
    graph: &Csr,
    threads: usize,
    going: &(dyn Fn(f32) -> bool + Sync),
) -> Option<Vec<f64>> {
    let count = graph.len();
    let (graph, order) = &graph.with_near_ones_close();
    let batches = count.div_ceil(BATCH);
    // How many reach each, and how far they are together. It is as far from there to here.
    let mut far = vec![(0_u64, 0_u64); count];
    in_order(
        &vec![1.0; batches],
        threads,
        going,
        || Walk::new(graph),
        |walk, batch| walk.from(batch * BATCH..count.min((batch + 1) * BATCH)),
        |_, part| {
            for (far, part) in far.iter_mut().zip(part) {
                *far = (far.0 + part.0, far.1 + part.1);
            }
        },
    )?;
    let others = count.saturating_sub(1) as f64;
    let mut near = vec![0.0; count];
    for ((reached, sum), n) in far.into_iter().zip(order) {
        if sum > 0 {
            let reached = reached as f64;
            near[*n as usize] = reached / sum as f64 * (reached / others);
        }
    }
    Some(near)
}

/// Everybody reached from some sources, step by step.
struct Walk<'a> {
    graph: &'a Csr,
    /// From which sources each was reached.
    seen: Vec<Mask>,
    /// From which it was reached in the last step, and in this one.
    last: Vec<Mask>,
    now: Vec<Mask>,
    /// Who is reached in this step, with room for one more than all.
    reached: Vec<u32>,
}

impl<'a> Walk<'a> {
    fn new(graph: &'a Csr) -> Self {
        let none = vec![[0; WORDS]; graph.len()];
        let reached = vec![0; graph.len() + 1];
        Self { graph, seen: none.clone(), last: none.clone(), now: none, reached }
    }

    /// For each member how many of the sources reach it, and the sum of their distances.
    fn from(&mut self, sources: Range<usize>) -> Vec<(u64, u64)> {
        let mut far = vec![(0, 0); self.graph.len()];
        self.seen.fill([0; WORDS]);
        let mut active: Vec<u32> = sources.clone().map(|n| n as u32).collect();
        for (bit, source) in sources.enumerate() {
            self.seen[source][bit / 64] |= 1 << (bit % 64);
            self.last[source] = self.seen[source];
        }
        let mut step = 0;
        while !active.is_empty() {
            step += 1;
            let mut reached = 0;
            for n in active.drain(..) {
                let mask = std::mem::take(&mut self.last[n as usize]);
                for &other in self.graph.near(n as usize) {
                    let (seen, now) = (&self.seen[other as usize], &mut self.now[other as usize]);
                    let (mut before, mut any) = (0, 0);
                    for word in 0..WORDS {
                        let fresh = mask[word] & !seen[word];
                        before |= now[word];
                        any |= fresh;
                        now[word] |= fresh;
                    }
                    // Without a branch, for nobody can guess which way it would go.
                    self.reached[reached] = other;
                    reached += usize::from(before == 0) & usize::from(any != 0);
                }
            }
            for n in &self.reached[..reached] {
                let at = *n as usize;
                let fresh = std::mem::take(&mut self.now[at]);
                let mut bits = 0;
                for (seen, fresh) in self.seen[at].iter_mut().zip(fresh) {
                    *seen |= fresh;
                    bits += u64::from(fresh.count_ones());
                }
                self.last[at] = fresh;
                far[at].0 += bits;
                far[at].1 += bits * step;
                active.push(*n);
            }
        }
        far
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain(graph: &Csr) -> Vec<f64> {
        let near = |source: usize| {
            let mut far = vec![usize::MAX; graph.len()];
            far[source] = 0;
            let mut order = vec![source];
            let mut at = 0;
            while at < order.len() {
                for &other in graph.near(order[at]) {
                    if far[other as usize] == usize::MAX {
                        far[other as usize] = far[order[at]] + 1;
                        order.push(other as usize);
                    }
                }
                at += 1;
            }
            let sum: usize = order.iter().map(|n| far[*n]).sum();
            let reached = (order.len() - 1) as f64;
            if sum == 0 { 0.0 } else { reached * reached / sum as f64 / (graph.len() - 1) as f64 }
        };
        (0..graph.len()).map(near).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20))]

        #[test]
        fn it_is_what_walks_from_each_find(
            count in 1_usize..700,
            ties in proptest::collection::vec((0_u32..700, 0_u32..700), 0..1500),
        ) {
            let graph = Csr::new(count, &ties);
            let ours = closeness(&graph, 2, &|_| true).expect("goes on");
            for (ours, theirs) in ours.iter().zip(plain(&graph)) {
                prop_assert!((ours - theirs).abs() < 1e-12, "{} {}", ours, theirs);
            }
        }
    }
}
