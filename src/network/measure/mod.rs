//! Measures of a graph: how central its members are, how it holds together, how it falls apart.
//!
//! Every measure takes the graph as undirected and every tie as one long. The answers do not
//! depend on the number of threads.

mod betweenness;
mod closeness;
mod community;
mod cut;
mod rank;
mod share;

pub use betweenness::{betweenness, betweenness_sampled};
pub use closeness::closeness;
pub(crate) use community::partition;
pub use community::{Communities, leiden, modularity};
pub use cut::{Cuts, cuts};
pub use rank::page_rank;

use super::Csr;

/// How many neighbours each member has.
pub fn degree(graph: &Csr) -> Vec<u32> {
    graph.degrees()
}

/// For each member the largest k for which it is in a part of the graph where all have at least k
/// neighbours.
///
/// Members with k neighbours are peeled off until all that are left have more, for k from 0 on. As
/// each is looked at once for every k up to its own, that takes no more steps than there are ties.
pub fn core_number(graph: &Csr) -> Vec<u32> {
    let mut degree = degree(graph);
    let mut left: Vec<u32> = (0..graph.len() as u32).collect();
    // With room for one more than all.
    let mut peeled = vec![0; graph.len() + 1];
    let mut k = 0;
    while !left.is_empty() {
        let mut count = 0;
        // Who has fewer neighbours was peeled in an earlier round, and keeps the number of that.
        let mut kept = 0;
        for at in 0..left.len() {
            let n = left[at];
            let has = degree[n as usize];
            peeled[count] = n;
            count += usize::from(has == k);
            left[kept] = n;
            kept += usize::from(has > k);
        }
        left.truncate(kept);
        while count > 0 {
            count -= 1;
            for &other in graph.near(peeled[count] as usize) {
                // Without a branch, for nobody can guess which way it would go.
                let others = &mut degree[other as usize];
                peeled[count] = other;
                count += usize::from(*others == k + 1);
                *others -= u32::from(*others > k);
            }
        }
        k += 1;
    }
    degree
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two triangles joined by a bridge, a tail, and one alone.
    fn graph() -> Csr {
        Csr::new(9, &[(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 5), (5, 3), (5, 6), (6, 7)])
    }

    #[test]
    fn cores_are_peeled_from_outside() {
        assert_eq!(core_number(&graph()), [2, 2, 2, 2, 2, 2, 1, 1, 0]);
        assert!(core_number(&Csr::default()).is_empty());
    }

    #[test]
    fn ranks_are_those_of_networkx() {
        let ranks = page_rank(&graph(), 2, &|_| true).expect("goes on");
        // networkx.pagerank(G, tol=1e-15) of the same graph.
        let theirs = [
            (0, 0.107_282_178_549),
            (2, 0.152_761_216_554),
            (5, 0.159_745_183_434),
            (8, 0.018_404_907_975),
        ];
        for (n, theirs) in theirs {
            assert!((ranks[n] - theirs).abs() < 1e-9, "{n}: {} {theirs}", ranks[n]);
        }
        let sum: f64 = ranks.iter().sum();
        assert!((sum - 1.0).abs() < 1e-9);
    }

    #[test]
    fn two_triangles_are_two_communities() {
        let found = leiden(&graph(), 1, &|_| true).expect("goes on");
        assert_eq!(found.of[0], found.of[1]);
        assert_eq!(found.of[3], found.of[4]);
        assert_ne!(found.of[0], found.of[3]);
        let again = modularity(&graph(), &found.of, found.count);
        assert!((found.modularity - again).abs() < 1e-12 && again > 0.35, "{found:?}");
    }

    #[test]
    fn who_stands_between_is_counted_as_networkx_does() {
        // networkx.betweenness_centrality(G, normalized=False) and closeness_centrality(G).
        let between = betweenness(&graph(), 2, &|_| true).expect("goes on");
        assert_eq!(between, [0.0, 0.0, 10.0, 12.0, 0.0, 10.0, 6.0, 0.0, 0.0]);
        let close = closeness(&graph(), 2, &|_| true).expect("goes on");
        assert!((close[3] - 0.510_416_666_667).abs() < 1e-9 && close[8] == 0.0, "{close:?}");
        assert_eq!(betweenness(&graph(), 1, &|_| false), None);
    }
}
