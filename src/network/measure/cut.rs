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

/// Finds bridges and articulation points (Hopcroft and Tarjan 1973, without recursion).
pub fn cuts(graph: &Csr) -> Cuts {
    let count = graph.len();
    let mut found = vec![0_u32; count];
    let mut low = vec![0_u32; count];
    let mut is_cut = vec![false; count];
    let mut bridges = Vec::new();
    let mut time = 0;
    // Where the walk is: a member, the one it came from, and the next neighbour to look at.
    let mut walk: Vec<(u32, u32, u32)> = Vec::new();
    for root in 0..count {
        if found[root] != 0 {
            continue;
        }
        let mut from_root = 0;
        time += 1;
        (found[root], low[root]) = (time, time);
        walk.push((root as u32, u32::MAX, 0));
        while let Some((at, from, next)) = walk.last_mut() {
            let n = *at as usize;
            if let Some(&other) = graph.near(n).get(*next as usize) {
                *next += 1;
                let other_at = other as usize;
                if found[other_at] == 0 {
                    time += 1;
                    (found[other_at], low[other_at]) = (time, time);
                    if n == root {
                        from_root += 1;
                    }
                    let from = *at;
                    walk.push((other, from, 0));
                } else if other != *from {
                    low[n] = low[n].min(found[other_at]);
                }
                continue;
            }
            let from = *from;
            walk.pop();
            if from == u32::MAX {
                continue;
            }
            let above = from as usize;
            low[above] = low[above].min(low[n]);
            if low[n] > found[above] {
                bridges.push((from.min(n as u32), from.max(n as u32)));
            }
            if above != root && low[n] >= found[above] {
                is_cut[above] = true;
            }
        }
        is_cut[root] = from_root > 1;
    }
    bridges.sort_unstable();
    let members = (0..count as u32).filter(|n| is_cut[*n as usize]).collect();
    Cuts { bridges, members }
}
