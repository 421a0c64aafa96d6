//! What a graph falls apart without.

use crate::network::Csr;

/// Ties and members without which a part of the graph is no longer connected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cuts {
    /// The ties, each with the smaller number first, sorted.
    pub bridges: Vec<(u32, u32)>,
    /// The members (articulation points), sorted.
    pub members: Vec<u32>,
}

/// Finds bridges and articulation points.
pub fn cuts(graph: &Csr) -> Cuts {
    let mut bridges = Vec::new();
    let mut blocks_of = vec![0_u32; graph.len()];
    blocks(graph, |members| {
        if let [a, b] = *members {
            bridges.push((a.min(b), a.max(b)));
        }
        for member in members {
            blocks_of[*member as usize] += 1;
        }
    });
    bridges.sort_unstable();
    let members = (0..graph.len() as u32).filter(|n| blocks_of[*n as usize] > 1).collect();
    Cuts { bridges, members }
}

/// Calls `each` with the members of every block (biconnected component) of a graph: a part that
/// stays connected without any one of its members, or a tie that is a bridge. Two blocks share one
/// member at most; who has no neighbours is in none.
///
/// The blocks that hang together are walked as a tree from its leaves, and the last member of a
/// block is the one through which it hangs on what comes later. Hopcroft and Tarjan 1973, without
/// recursion.
pub(super) fn blocks(graph: &Csr, mut each: impl FnMut(&[u32])) {
    let count = graph.len();
    let mut found = vec![0_u32; count];
    let mut low = vec![0_u32; count];
    let mut time = 0;
    // Where the walk is: a member, the one it came from, and the next neighbour to look at.
    let mut walk: Vec<(u32, u32, u32)> = Vec::new();
    // Those found whose block is not complete, in the order in which they were found.
    let mut open: Vec<u32> = Vec::new();
    for root in 0..count {
        if found[root] != 0 {
            continue;
        }
        time += 1;
        (found[root], low[root]) = (time, time);
        walk.push((root as u32, u32::MAX, 0));
        while let Some((at, from, next)) = walk.last_mut() {
            let n = *at as usize;
            let mut lowest = low[n];
            let mut deeper = None;
            for &other in &graph.near(n)[*next as usize..] {
                *next += 1;
                let when = found[other as usize];
                if when == 0 {
                    deeper = Some(other);
                    break;
                }
                if other != *from {
                    lowest = lowest.min(when);
                }
            }
            low[n] = lowest;
            if let Some(other) = deeper {
                time += 1;
                (found[other as usize], low[other as usize]) = (time, time);
                open.push(other);
                let from = *at;
                walk.push((other, from, 0));
                continue;
            }
            let from = *from;
            walk.pop();
            if from == u32::MAX {
                continue;
            }
            let above = from as usize;
            low[above] = low[above].min(low[n]);
            if low[n] >= found[above] {
                // The block is all that was found since, with the one above.
                let first = open.iter().rposition(|member| *member as usize == n).unwrap_or(0);
                open.push(from);
                each(&open[first..]);
                open.truncate(first);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_a_graph_together_is_found() {
        // Two triangles joined by a bridge, a tail, and one alone.
        let ties = [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 5), (5, 3), (5, 6), (6, 7)];
        let cuts = cuts(&Csr::new(9, &ties));
        assert_eq!(cuts.bridges, [(2, 3), (5, 6), (6, 7)]);
        assert_eq!(cuts.members, [2, 3, 5, 6]);
    }

    #[test]
    fn blocks_come_from_the_leaves_and_end_with_what_they_hang_on() {
        let mut all = Vec::new();
        blocks(&Csr::new(6, &[(0, 1), (1, 2), (2, 3), (3, 1), (3, 4)]), |members| {
            all.push(members.to_vec());
        });
        assert_eq!(all, [vec![4, 3], vec![2, 3, 1], vec![1, 0]]);
    }
}
