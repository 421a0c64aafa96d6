//! Measures of a graph: how central its members are, how it holds together, how it falls apart.
//!
//! Every measure takes the graph as undirected and every tie as one long. The answers do not
//! depend on the number of threads.

mod betweenness;
mod community;
mod cut;

pub use betweenness::{betweenness, closeness};
pub(crate) use community::partition;
pub use community::{Communities, leiden, modularity};
pub use cut::{Cuts, cuts};

use super::Csr;

/// How many neighbours each member has.
pub fn degree(graph: &Csr) -> Vec<u32> {
    (0..graph.len()).map(|n| graph.degree(n) as u32).collect()
}

/// The share of a walk's time that is spent at each member, if the walk goes on along ties with a
/// probability of 0.85 and starts anew anywhere otherwise; the sum is 1.
///
/// Page, Brin, Motwani, Winograd 1999. Repeated until no value changes by more than 1e-12; those
/// without neighbours give their share to all.
pub fn page_rank(graph: &Csr) -> Vec<f64> {
    const STAY: f64 = 0.85;
    let count = graph.len();
    if count == 0 {
        return Vec::new();
    }
    let even = 1.0 / count as f64;
    let mut rank = vec![even; count];
    let mut share = vec![0.0; count];
    for _ in 0..1000 {
        let mut lost = 0.0;
        for (n, rank) in rank.iter().enumerate() {
            match graph.degree(n) {
                0 => lost += rank,
                degree => share[n] = rank / degree as f64,
            }
        }
        let base = (1.0 - STAY) * even + STAY * lost * even;
        let mut most = 0.0_f64;
        for (n, rank) in rank.iter_mut().enumerate() {
            let sum: f64 = graph.near(n).iter().map(|other| share[*other as usize]).sum();
            let next = base + STAY * sum;
            most = most.max((next - *rank).abs());
            *rank = next;
        }
        if most < 1e-12 * even.max(1e-3) {
            break;
        }
    }
    rank
}

/// For each member the largest k for which it is in a part of the graph where all have at least k
/// neighbours (Batagelj and Zaveršnik 2003).
pub fn core_number(graph: &Csr) -> Vec<u32> {
    let count = graph.len();
    let mut degree = degree(graph);
    let most = degree.iter().max().map_or(0, |d| *d as usize);
    // Members sorted by degree, with the places at which each degree begins.
    let mut starts = vec![0_usize; most + 2];
    for d in &degree {
        starts[*d as usize + 1] += 1;
    }
    for d in 0..=most {
        starts[d + 1] += starts[d];
    }
    let mut next = starts.clone();
    let (mut order, mut place) = (vec![0_u32; count], vec![0_usize; count]);
    for n in 0..count {
        let at = &mut next[degree[n] as usize];
        order[*at] = n as u32;
        place[n] = *at;
        *at += 1;
    }
    for at in 0..count {
        let n = order[at] as usize;
        for &other in graph.near(n) {
            let other = other as usize;
            if degree[other] > degree[n] {
                // It falls into the next lower degree: it changes places with the first of its own.
                let first = starts[degree[other] as usize].max(at + 1);
                let swapped = order[first] as usize;
                order.swap(first, place[other]);
                place.swap(swapped, other);
                starts[degree[other] as usize] = first + 1;
                degree[other] -= 1;
            }
        }
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
        let ranks = page_rank(&graph());
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
        let found = leiden(&graph());
        assert_eq!(found.of[0], found.of[1]);
        assert_eq!(found.of[3], found.of[4]);
        assert_ne!(found.of[0], found.of[3]);
        let again = modularity(&graph(), &found.of, found.count);
        assert!((found.modularity - again).abs() < 1e-12 && again > 0.35, "{found:?}");
        assert_eq!(leiden(&Csr::default()).count, 0);
        assert_eq!(leiden(&Csr::new(3, &[])).count, 3);
    }

    #[test]
    fn what_holds_a_graph_together_is_found() {
        let cuts = cuts(&graph());
        assert_eq!(cuts.bridges, [(2, 3), (5, 6), (6, 7)]);
        assert_eq!(cuts.members, [2, 3, 5, 6]);
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
