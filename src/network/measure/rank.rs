//! Who is linked to by those who are linked to.

use std::{
    ops::Range,
    sync::{
        Barrier,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

use crate::network::Csr;

/// How likely a walk goes on along a tie rather than starting anew.
const STAY: f64 = 0.85;
/// After so many steps the error is a 2e-12th of what it was, at most. It is even, so that the last is
/// written where the first was.
const STEPS: usize = 48;
/// So many entries of rows for each thread at least: below, waiting for each other costs more.
const ENTRIES: usize = 100_000;

/// The share of a walk's time that is spent at each member, if the walk goes on along ties with a
/// probability of 0.85 and starts anew anywhere otherwise, or where there is no tie; the sum is 1.
///
/// Page, Brin, Motwani, Winograd 1999. As the ties have no direction, the equations' eigenvalues
/// are real, and Chebyshev's iteration solves them in a third of the usual steps: Golub and Varga,
/// Numerische Mathematik 3 (1961). `going` is told the part that is done and may stop it; the
/// answer does not depend on the number of threads.
pub fn page_rank(
    graph: &Csr,
    threads: usize,
    going: &(dyn Fn(f32) -> bool + Sync),
) -> Option<Vec<f64>> {
    let count = graph.len();
    if count == 0 {
        return Some(Vec::new());
    }
    let alone = (0..count).filter(|n| graph.degree(*n) == 0).count() as f64;
    // What starts at each: a walk starts anew from everybody alone as it would anyway.
    let start = (1.0 - STAY) / (count as f64 - STAY * alone);
    // By tie: the rank of each over its number of neighbours. If nothing ever started anew, it
    // would be even.
    let even = (1.0 - alone * start) / (2 * graph.ties()).max(1) as f64;
    let threads = threads.clamp(1, (2 * graph.ties() / ENTRIES).max(1));
    let numbers = || (0..count).map(|_| AtomicU64::new(even.to_bits())).collect::<Vec<_>>();
    let (now, before) = (numbers(), numbers());
    let barrier = Barrier::new(threads);
    // The step after which all end; nobody is more than one ahead of another.
    let last = AtomicUsize::new(STEPS);
    let help = |thread: usize| {
        let own = count * thread / threads..count * (thread + 1) / threads;
        let own = by_degree(graph, own);
        let (mut now, mut before) = (&now, &before);
        let mut over = 1.0;
        for step in 0..STEPS {
            for n in own.iter().map(|n| *n as usize) {
                let near = graph.near(n);
                let read =
                    |n: usize, of: &[AtomicU64]| f64::from_bits(of[n].load(Ordering::Relaxed));
                let sum: f64 = near.iter().map(|other| read(*other as usize, now)).sum();
                let next = (start + STAY * sum) / near.len().max(1) as f64;
                let old = read(n, before);
                before[n].store((over * (next - old) + old).to_bits(), Ordering::Relaxed);
            }
            over = if step == 0 {
                1.0 / (1.0 - STAY * STAY / 2.0)
            } else {
                1.0 / (1.0 - STAY * STAY / 4.0 * over)
            };
            std::mem::swap(&mut now, &mut before);
            if thread == 0 && !going((step + 1) as f32 / STEPS as f32) {
                last.store(step, Ordering::Relaxed);
            }
            barrier.wait();
            if last.load(Ordering::Relaxed) <= step {
                break;
            }
        }
    };
    std::thread::scope(|scope| {
        for thread in 1..threads {
            let help = &help;
            scope.spawn(move || help(thread));
        }
        help(0);
    });
    if last.into_inner() < STEPS {
        return None;
    }
    let rank = |(n, by_tie): (usize, AtomicU64)| match graph.degree(n) {
        0 => start,
        degree => f64::from_bits(by_tie.into_inner()) * degree as f64,
    };
    Some(now.into_iter().enumerate().map(rank).collect())
}

/// Some members, those with few neighbours first: so a processor can tell how long each next row
/// is.
fn by_degree(graph: &Csr, members: Range<usize>) -> Vec<u32> {
    let most = members.clone().map(|n| graph.degree(n)).max().unwrap_or_default();
    let mut starts = vec![0_usize; most + 2];
    for n in members.clone() {
        starts[graph.degree(n) + 1] += 1;
    }
    for degree in 0..=most {
        starts[degree + 1] += starts[degree];
    }
    let mut sorted = vec![0; members.len()];
    for n in members {
        let at = &mut starts[graph.degree(n)];
        sorted[*at] = n as u32;
        *at += 1;
    }
    sorted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The usual iteration, until nothing changes.
    fn plain(graph: &Csr) -> Vec<f64> {
        let even = 1.0 / graph.len() as f64;
        let mut rank = vec![even; graph.len()];
        for _ in 0..400 {
            let lost: f64 =
                (0..graph.len()).filter(|n| graph.degree(*n) == 0).map(|n| rank[n]).sum();
            let from = |n: &u32| rank[*n as usize] / graph.degree(*n as usize) as f64;
            let next = |n: usize| {
                let sum: f64 = graph.near(n).iter().map(from).sum();
                (1.0 - STAY) * even + STAY * (sum + lost * even)
            };
            rank = (0..graph.len()).map(next).collect();
        }
        rank
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn it_is_what_the_usual_iteration_comes_to(
            count in 1_usize..120,
            ties in proptest::collection::vec((0_u32..120, 0_u32..120), 0..300),
        ) {
            let graph = Csr::new(count, &ties);
            let ours = page_rank(&graph, 2, &|_| true).expect("goes on");
            for (ours, theirs) in ours.iter().zip(plain(&graph)) {
                prop_assert!((ours / theirs - 1.0).abs() < 1e-11, "{} {}", ours, theirs);
            }
        }
    }

    #[test]
    fn threads_make_no_difference() {
        let ties: Vec<_> = (0..200_000_u32).map(|n| (n % 50_000, n * 7 % 49_999)).collect();
        let graph = Csr::new(50_000, &ties);
        let ranks = |threads| page_rank(&graph, threads, &|_| true);
        assert_eq!(ranks(1), ranks(3));
        assert_eq!(page_rank(&graph, 3, &|part| part < 0.5), None);
        assert_eq!(page_rank(&Csr::default(), 1, &|_| true), Some(Vec::new()));
    }
}
