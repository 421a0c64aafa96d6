//! Work shared among threads whose answer does not depend on how many there are.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

/// What was done of some jobs and is not taken yet.
struct Done<T, F> {
    next: usize,
    waiting: BTreeMap<usize, T>,
    cost: f64,
    take: F,
}

/// Does jobs on several threads. `costs` says how much work each is, for the progress; `work` gets
/// what `tools` made for its thread; `take` gets what came out of each job, in the order of the
/// jobs. `going` is told the part that is done after each job, from any thread, and may stop it;
/// `None` says that it did.
pub(super) fn in_order<W, T: Send>(
    costs: &[f64],
    threads: usize,
    going: &(dyn Fn(f32) -> bool + Sync),
    tools: impl Fn() -> W + Sync,
    work: impl Fn(&mut W, usize) -> T + Sync,
    take: impl FnMut(usize, T) + Send,
) -> Option<()> {
    let total: f64 = costs.iter().sum();
    let first = AtomicUsize::new(0);
    let stopped = AtomicBool::new(!going(0.0));
    let done = Mutex::new(Done { next: 0, waiting: BTreeMap::new(), cost: 0.0, take });
    let help = || {
        let mut tools = tools();
        while !stopped.load(Ordering::Relaxed) {
            let job = first.fetch_add(1, Ordering::Relaxed);
            let Some(cost) = costs.get(job) else { break };
            let result = work(&mut tools, job);
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            let Done { next, waiting, cost: sum, take } = &mut *done;
            waiting.insert(job, result);
            while let Some(result) = waiting.remove(next) {
                take(*next, result);
                *next += 1;
            }
            *sum += cost;
            let part = *sum / total;
            drop(done);
            if !going(part as f32) {
                stopped.store(true, Ordering::Relaxed);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.clamp(1, costs.len().max(1)) {
            scope.spawn(help);
        }
        help();
    });
    (!stopped.into_inner()).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_taken_in_order_whoever_made_them() {
        for threads in [1, 3, 9] {
            let mut all = Vec::new();
            let costs = [1.0; 50];
            let done = in_order(
                &costs,
                threads,
                &|_| true,
                || (),
                |(), n| n * n,
                |n, square| {
                    all.push((n, square));
                },
            );
            assert_eq!(done, Some(()));
            assert_eq!(all, (0..50).map(|n| (n, n * n)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn it_stops_when_told() {
        let mut taken = 0;
        let stop = |part: f32| part < 0.3;
        let done = in_order(&[1.0; 100], 1, &stop, || (), |(), n| n, |_, _| taken += 1);
        assert_eq!((done, taken), (None, 30));
    }
}
