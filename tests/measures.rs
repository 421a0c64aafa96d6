//! The measures of a graph against what they are by definition, and against networkx where
//! `PEERS_PY` names a Python that has it.

use std::{
    fmt::Write as _,
    io::Write as _,
    process::{Command, Stdio},
};

use proptest::prelude::*;
use redthread::network::{Csr, measure};
use serde::Deserialize;

use crate::need;

/// Every exact measure of a graph.
#[derive(Debug, Deserialize)]
struct Answers {
    betweenness: Vec<f64>,
    closeness: Vec<f64>,
    pagerank: Vec<f64>,
    core: Vec<u32>,
    /// The smallest member of the part that each is in.
    part: Vec<u32>,
    articulation: Vec<u32>,
    bridges: Vec<(u32, u32)>,
}

/// Ours, on so many threads.
fn ours(graph: &Csr, threads: usize) -> Answers {
    let on = |_: f32| true;
    let cuts = measure::cuts(graph);
    let (part, count) = graph.parts();
    let mut first = vec![u32::MAX; count];
    for (n, part) in part.iter().enumerate() {
        first[*part as usize] = first[*part as usize].min(n as u32);
    }
    Answers {
        betweenness: measure::betweenness(graph, threads, &on).expect("goes on"),
        closeness: measure::closeness(graph, threads, &on).expect("goes on"),
        pagerank: measure::page_rank(graph, threads, &on).expect("goes on"),
        core: measure::core_number(graph),
        part: part.iter().map(|part| first[*part as usize]).collect(),
        articulation: cuts.members,
        bridges: cuts.bridges,
    }
}

/// By definition, for a graph of few members: who is how far from whom and by how many ways, and
/// what is left when something is taken out.
fn plain(count: usize, ties: &[(u32, u32)]) -> Answers {
    let mut tied = vec![vec![false; count]; count];
    for (a, b) in ties.iter().map(|(a, b)| (*a as usize, *b as usize)).filter(|(a, b)| a != b) {
        tied[a][b] = true;
        tied[b][a] = true;
    }
    let far: Vec<Vec<Option<usize>>> = (0..count).map(|from| distances(&tied, from)).collect();
    let ways: Vec<Vec<f64>> = (0..count).map(|from| numbers_of_ways(&tied, &far, from)).collect();
    let degree = |n: usize| tied[n].iter().filter(|tied| **tied).count();

    let mut betweenness = vec![0.0; count];
    for (from, to) in (0..count).flat_map(|to| (0..to).map(move |from| (from, to))) {
        let Some(whole) = far[from][to] else { continue };
        for n in (0..count).filter(|n| *n != from && *n != to) {
            if let (Some(there), Some(on)) = (far[from][n], far[n][to])
                && there + on == whole
            {
                betweenness[n] += ways[from][n] * ways[n][to] / ways[from][to];
            }
        }
    }
    let close = |n: usize| {
        let (reached, sum) = far[n]
            .iter()
            .flatten()
            .fold((0, 0), |(reached, sum), far| (reached + usize::from(*far > 0), sum + far));
        if sum == 0 {
            return 0.0;
        }
        let reached = reached as f64;
        reached / sum as f64 * (reached / (count - 1) as f64)
    };
    let mut rank = vec![1.0 / count as f64; count];
    for _ in 0..300 {
        let lost: f64 = (0..count).filter(|n| degree(*n) == 0).map(|n| rank[n]).sum();
        let next = |n: usize| {
            let come = (0..count).filter(|m| tied[*m][n]).map(|m| rank[m] / degree(m) as f64);
            (0.15 + 0.85 * lost) / count as f64 + 0.85 * come.sum::<f64>()
        };
        rank = (0..count).map(next).collect();
    }
    let mut core = vec![0; count];
    for k in 1..count {
        let mut left = vec![true; count];
        let few =
            |n: usize, left: &[bool]| (0..count).filter(|m| tied[n][*m] && left[*m]).count() < k;
        while let Some(n) = (0..count).find(|n| left[*n] && few(*n, &left)) {
            left[n] = false;
        }
        for n in (0..count).filter(|n| left[*n]) {
            core[n] = k as u32;
        }
    }
    let part = |n: usize| (0..count).find(|m| far[n][*m].is_some()).unwrap_or(n) as u32;
    let holds = |n: usize| {
        let mut without = tied.clone();
        without[n].fill(false);
        for row in &mut without {
            row[n] = false;
        }
        let near: Vec<usize> = (0..count).filter(|m| tied[n][*m]).collect();
        near.first().is_some_and(|first| {
            let far = distances(&without, *first);
            near.iter().any(|other| far[*other].is_none())
        })
    };
    let bridge = |a: usize, b: usize| {
        let mut without = tied.clone();
        without[a][b] = false;
        without[b][a] = false;
        distances(&without, a)[b].is_none()
    };
    let all = (0..count).flat_map(|a| (a + 1..count).map(move |b| (a, b)));
    Answers {
        betweenness,
        closeness: (0..count).map(close).collect(),
        pagerank: rank,
        core,
        part: (0..count).map(part).collect(),
        articulation: (0..count).filter(|n| holds(*n)).map(|n| n as u32).collect(),
        bridges: all
            .filter(|(a, b)| tied[*a][*b] && bridge(*a, *b))
            .map(|(a, b)| (a as u32, b as u32))
            .collect(),
    }
}

fn distances(tied: &[Vec<bool>], from: usize) -> Vec<Option<usize>> {
    let mut far = vec![None; tied.len()];
    far[from] = Some(0);
    let mut front = vec![from];
    for step in 1.. {
        let fresh = |n: &usize| far[*n].is_none() && front.iter().any(|m| tied[*m][*n]);
        let next: Vec<usize> = (0..tied.len()).filter(fresh).collect();
        if next.is_empty() {
            break;
        }
        for n in &next {
            far[*n] = Some(step);
        }
        front = next;
    }
    far
}

fn numbers_of_ways(tied: &[Vec<bool>], far: &[Vec<Option<usize>>], from: usize) -> Vec<f64> {
    let mut ways = vec![0.0; tied.len()];
    ways[from] = 1.0;
    let mut order: Vec<usize> = (0..tied.len()).filter(|n| far[from][*n].is_some()).collect();
    order.sort_by_key(|n| far[from][*n]);
    for n in order.into_iter().skip(1) {
        let before = |m: &usize| tied[*m][n] && far[from][*m].map(|far| far + 1) == far[from][n];
        ways[n] = (0..tied.len()).filter(before).map(|m| ways[m]).sum();
    }
    ways
}

fn hold(ours: &Answers, theirs: &Answers) -> Result<(), TestCaseError> {
    for (what, ours, theirs) in [
        ("betweenness", &ours.betweenness, &theirs.betweenness),
        ("closeness", &ours.closeness, &theirs.closeness),
        ("PageRank", &ours.pagerank, &theirs.pagerank),
    ] {
        prop_assert_eq!(ours.len(), theirs.len());
        for (n, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
            let off = (ours - theirs).abs() / theirs.abs().max(1.0);
            prop_assert!(off <= 1e-9, "{} of {}: {} and {}", what, n, ours, theirs);
        }
    }
    prop_assert_eq!(&ours.core, &theirs.core);
    prop_assert_eq!(&ours.part, &theirs.part);
    prop_assert_eq!(&ours.articulation, &theirs.articulation);
    prop_assert_eq!(&ours.bridges, &theirs.bridges);
    Ok(())
}

/// Few ties leave trees, tails and several parts; many leave one thick one. Loops, ties said
/// twice and ties said from both ends come by themselves and are added, too.
fn graphs(most: u32) -> impl Strategy<Value = (usize, Vec<(u32, u32)>)> {
    (1..most).prop_flat_map(move |count| {
        let ends = (0..count, 0..count);
        let ties = proptest::collection::vec((ends, 0..4_u32), 0..3 * count as usize);
        (Just(count as usize), ties).prop_map(|(count, ties)| {
            let again = |((a, b), how): ((u32, u32), u32)| match how {
                0 => vec![(a, b), (b, a)],
                1 => vec![(a, b), (a, b), (b, b)],
                _ => vec![(a, b)],
            };
            (count, ties.into_iter().flat_map(again).collect())
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn measures_are_what_they_are_by_definition((count, ties) in graphs(14)) {
        let graph = Csr::new(count, &ties);
        hold(&ours(&graph, 2), &plain(count, &ties))?;
    }

    #[test]
    fn the_number_of_threads_changes_nothing((count, ties) in graphs(60)) {
        let graph = Csr::new(count, &ties);
        let said = |threads| format!("{:?}", ours(&graph, threads));
        prop_assert_eq!(said(1), said(3));
    }
}

const NETWORKX: &str = r#"
import json, sys, networkx as nx
for line in sys.stdin:
    asked = json.loads(line)
    g = nx.Graph()
    g.add_nodes_from(range(asked["count"]))
    g.add_edges_from(asked["ties"])
    # A link from somebody to himself says nothing about a network.
    g.remove_edges_from(list(nx.selfloop_edges(g)))
    count = range(asked["count"])
    by_member = lambda values: [values[n] for n in count]
    part = {n: min(members) for members in nx.connected_components(g) for n in members}
    print(json.dumps(dict(
        betweenness=by_member(nx.betweenness_centrality(g, normalized=False)),
        closeness=by_member(nx.closeness_centrality(g)),
        pagerank=by_member(nx.pagerank(g, alpha=0.85, tol=1e-14, max_iter=1000)),
        core=by_member(nx.core_number(g)),
        part=by_member(part),
        articulation=sorted(nx.articulation_points(g)),
        bridges=sorted(tuple(sorted(tie)) for tie in nx.bridges(g)),
    )))
"#;

#[test]
fn measures_are_those_of_networkx() {
    let Some(python) = need::python("networkx, numpy, scipy") else { return };
    let mut all: Vec<(usize, Vec<(u32, u32)>)> = vec![
        (1, Vec::new()),
        (5, vec![(0, 0), (1, 1)]),
        (6, vec![(0, 1), (1, 0), (0, 1), (2, 3), (3, 3), (3, 4)]),
        (40, (1..40).map(|n| (0, n)).collect()),
        (41, (0..40).map(|n| (n, n + 1)).collect()),
        (30, (0..30).map(|n| (n, (n + 1) % 30)).collect()),
        (12, (0..12).flat_map(|a| (0..a).map(move |b| (a, b))).collect()),
    ];
    // Communities with hubs and tails, and some parts of their own.
    for (count, ties) in [(60_u32, 50_u32), (120, 130), (250, 420), (250, 240)] {
        let chance = |n: u32| (u64::from(n) * 2_654_435_761 % 4_294_967_291 / 32) as u32;
        let tie = |n: u32| {
            let from = chance(n * 3 + count) % count;
            let to = if n.is_multiple_of(5) {
                from % 7
            } else {
                from / 20 * 20 + chance(n * 3 + 1) % 20
            };
            (from, to.min(count - 1))
        };
        all.push((count as usize, (0..ties).map(tie).collect()));
    }
    let mut asked = String::new();
    for (count, ties) in &all {
        writeln!(asked, "{}", serde_json::json!({ "count": count, "ties": ties })).expect("room");
    }
    let mut child = Command::new(python)
        .args(["-c", NETWORKX])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut input = child.stdin.take().expect("it is piped");
    input.write_all(asked.as_bytes()).expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "the script fails");
    let said = String::from_utf8(output.stdout).expect("JSON");
    assert_eq!(said.lines().count(), all.len());
    for ((count, ties), said) in all.iter().zip(said.lines()) {
        let theirs: Answers = serde_json::from_str(said).expect("what was asked for");
        hold(&ours(&Csr::new(*count, ties), 2), &theirs).unwrap_or_else(|e| panic!("{count}: {e}"));
    }
}
