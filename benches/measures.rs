//! How long each measure of a graph takes, beside igraph, networkit and rustworkx for the same
//! graph in the same run; ours and networkit's on two threads, rustworkx' too, igraph's on the one
//! that it has.
//!
//! `cargo bench --bench measures`. The graphs are those of `gen/gen_case.py` in the folder that
//! `PEERS_BENCH` names, made by the Python that `PEERS_PY` names, in which the peers are installed;
//! or, made before, `g10000` and `g100000` in the folder that `REDTHREAD_BENCH_GRAPHS` names.

use std::{
    collections::BTreeMap,
    env,
    error::Error,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use redthread::network::{Csr, measure, path::Pathfinder};
use serde_json::Value;

const THREADS: usize = 2;
/// Members from which betweenness is sampled, and walks of the peers whose closeness takes minutes.
const PIVOTS: usize = 256;
/// Of so many ties a way is at most.
const HOPS: u32 = 4;
/// Pairs for which all ways are looked for; igraph takes a second for each where there are hubs.
const WAY_PAIRS: usize = 10;
/// What the peers do.
const PEERS: &str = include_str!("measures.py");

fn main() {
    println!("milliseconds, the median of several runs where they are short; two threads");
    for count in [10_000, 100_000] {
        match graph(count) {
            Some(graph) => report(&graph),
            None => {
                println!("{count}: no graph (PEERS_PY and PEERS_BENCH, or REDTHREAD_BENCH_GRAPHS)");
            }
        }
    }
    match hubs() {
        Ok(graph) => report_ways(&graph),
        Err(error) => println!("ways through hubs: {error}"),
    }
}

/// A graph as the peers read it, and as we do.
struct Graph {
    edges: PathBuf,
    csr: Csr,
    /// Ends of shortest ways.
    pairs: Vec<(u32, u32)>,
    /// Ends of all ways of few ties.
    ways: Vec<(u32, u32)>,
    /// Where it was made only for this run.
    _made: Option<tempfile::TempDir>,
}

fn python(arguments: &[OsString]) -> Option<Vec<u8>> {
    let output = Command::new(env::var_os("PEERS_PY")?).args(arguments).output().ok()?;
    if !output.status.success() {
        println!("{}", String::from_utf8_lossy(&output.stderr));
    }
    output.status.success().then_some(output.stdout)
}

fn graph(count: usize) -> Option<Graph> {
    let (folder, made) = if let Some(graphs) = env::var_os("REDTHREAD_BENCH_GRAPHS") {
        (Path::new(&graphs).join(format!("g{count}")), None)
    } else {
        let made = tempfile::tempdir().ok()?;
        let folder = made.path().join(format!("g{count}"));
        let make = PathBuf::from(env::var_os("PEERS_BENCH")?).join("gen");
        let count = count.to_string();
        let case = make.join("gen_case.py").into_os_string();
        python(&[case, count.into(), folder.clone().into(), "--connected".into()])?;
        python(&[make.join("gen_pairs.py").into(), folder.clone().into()])?;
        (folder, Some(made))
    };
    let mut ties: Vec<(u32, u32)> = Vec::new();
    let mut rows = csv::Reader::from_path(folder.join("edges.csv")).ok()?;
    let heading = rows.headers().ok()?.clone();
    let place = |name: &str| heading.iter().position(|column| column == name);
    let (from, to) = (place("src")?, place("dst")?);
    for row in rows.records() {
        let row = row.ok()?;
        ties.push((row.get(from)?.parse().ok()?, row.get(to)?.parse().ok()?));
    }
    let pairs = std::fs::read(folder.join("pairs.json")).ok()?;
    let pairs: Vec<(u32, u32)> = serde_json::from_slice(&pairs).ok()?;
    let csr = Csr::new(count, &ties);
    // Two taken by chance are too far from each other: the second is brought as near as needed.
    let mut finder = Pathfinder::default();
    let near = pairs.iter().filter_map(|(from, to)| {
        let way = finder.shortest(&csr, *from, *to)?;
        Some((*from, *way.get(3.min(way.len().checked_sub(1)?))?))
    });
    let ways = near.filter(|(from, to)| from != to).take(WAY_PAIRS).collect();
    Some(Graph { csr, edges: folder.join("edges.csv"), pairs, ways, _made: made })
}

/// 65,000 members and 310,000 ties, some with tens of thousands: what is tied to what by chance, the
/// more often the earlier it came.
fn hubs() -> Result<Graph, Box<dyn Error>> {
    const COUNT: u32 = 65_000;
    let mut state = 7_u64;
    let mut chance = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / f64::from(1_u32 << 31)
    };
    let mut ties = Vec::new();
    for n in 1..COUNT {
        for _ in 0..6 {
            ties.push((n, (f64::from(n).powf(chance()) - 1.0) as u32));
        }
    }
    ties.sort_unstable();
    ties.dedup();
    let made = tempfile::tempdir()?;
    let edges = made.path().join("edges.csv");
    let mut file = csv::Writer::from_path(&edges)?;
    file.serialize(("src", "dst"))?;
    for tie in &ties {
        file.serialize(tie)?;
    }
    file.flush()?;
    let mut end = || (chance() * f64::from(COUNT)) as u32;
    let ways = (0..WAY_PAIRS).map(|_| (end(), end())).collect();
    let csr = Csr::new(COUNT as usize, &ties);
    Ok(Graph { csr, edges, pairs: Vec::new(), ways, _made: Some(made) })
}

/// What somebody took for a measure.
struct Taken {
    seconds: f64,
    check: Option<f64>,
    /// How much of the work was done, if the time for all of it is worked out from that.
    part: f64,
}

type Peers = BTreeMap<(&'static str, String), Taken>;

/// What these peers take for some measures, or for all, by library and measure; empty where they
/// cannot be run.
fn peers(graph: &Graph, libraries: &[&'static str], ops: &str) -> Peers {
    let mut all = BTreeMap::new();
    let list = |pairs: &[(u32, u32)]| serde_json::json!(pairs).to_string().into();
    for library in libraries {
        let arguments: [OsString; 9] = [
            "-c".into(),
            PEERS.into(),
            (*library).into(),
            graph.edges.clone().into(),
            list(&graph.pairs),
            list(&graph.ways),
            PIVOTS.to_string().into(),
            graph.csr.len().to_string().into(),
            ops.into(),
        ];
        let Some(output) = python(&arguments) else {
            println!("  {library}: not measured (PEERS_PY)");
            continue;
        };
        for line in String::from_utf8_lossy(&output).lines() {
            let Ok(said) = serde_json::from_str::<Value>(line) else { continue };
            let (Some(op), Some(seconds)) = (said["op"].as_str(), said["s"].as_f64()) else {
                continue;
            };
            let (check, part) = (said["check"].as_f64(), said["part"].as_f64().unwrap_or(1.0));
            all.insert((*library, op.to_owned()), Taken { seconds, check, part });
        }
    }
    all
}

/// The median time of some work in seconds, and what came out.
fn timed<T>(work: impl FnMut() -> T) -> (f64, T) {
    timed_up_to(9, work)
}

/// The same from up to so many runs.
fn timed_up_to<T>(most: usize, mut work: impl FnMut() -> T) -> (f64, T) {
    let (mut times, mut spent) = (Vec::new(), Duration::ZERO);
    loop {
        let start = Instant::now();
        let found = std::hint::black_box(work());
        let time = start.elapsed();
        spent += time;
        times.push(time.as_secs_f64());
        if times.len() >= most || spent > Duration::from_millis(1500) {
            times.sort_by(f64::total_cmp);
            return (times[times.len() / 2], found);
        }
    }
}

fn heading(csr: &Csr, what: &str) {
    println!("\n{} members, {} ties{what}", csr.len(), csr.ties());
    println!(
        "{:<24}{:>11}{:>11}{:>11}{:>11}   ours by the quickest of them",
        "", "ours", "igraph", "networkit", "rustworkx"
    );
}

fn report_ways(graph: &Graph) {
    heading(&graph.csr, ", some of the members with tens of thousands");
    let peers = peers(graph, &["igraph", "rustworkx"], "paths");
    all_ways(graph, &peers);
}

fn all_ways(graph: &Graph, peers: &Peers) {
    let (time, found) = timed(|| {
        let mut finder = Pathfinder::default();
        let found = |pair: &(u32, u32)| finder.ways(&graph.csr, *pair, HOPS, usize::MAX, &|_| true);
        graph.ways.iter().filter_map(found).map(|found| found.ways.len()).sum::<usize>()
    });
    let name = format!("ways, {HOPS} ties, {} pairs", graph.ways.len());
    line(&name, "paths", time, found as f64, peers);
}

fn report(graph: &Graph) {
    let csr = &graph.csr;
    heading(csr, "");
    let peers = peers(graph, &["igraph", "networkit", "rustworkx"], "");
    let on = |_: f32| true;
    let sum = |values: &[u32]| values.iter().map(|value| f64::from(*value)).sum::<f64>();
    let most = |values: &[f64]| values.iter().copied().fold(0.0, f64::max);
    let show = |name: &str, op: &str, seconds: f64, check: f64| {
        line(name, op, seconds, check, &peers);
    };

    let (time, found) = timed(|| measure::degree(csr));
    show("degree", "degree", time, sum(&found));
    let (time, found) = timed(|| csr.parts());
    show("components", "components", time, found.1 as f64);
    let (time, found) = timed(|| measure::core_number(csr));
    show("k-core", "kcore", time, sum(&found));
    let (time, found) = timed(|| measure::page_rank(csr, THREADS, &on).unwrap_or_default());
    show("PageRank", "pagerank", time, most(&found));
    let (time, found) = timed(|| measure::closeness(csr, THREADS, &on).unwrap_or_default());
    show("closeness", "closeness", time, most(&found));
    if csr.len() <= 20_000 {
        let (time, found) = timed(|| measure::betweenness(csr, THREADS, &on).unwrap_or_default());
        show("betweenness", "betweenness", time, most(&found));
    } else {
        let sampled = || measure::betweenness_sampled(csr, PIVOTS, 1, THREADS, &on);
        let (time, found) = timed(|| sampled().unwrap_or_default());
        show(&format!("betweenness from {PIVOTS}"), "sampled", time, most(&found));
    }
    let mut modularity = Vec::new();
    let mut seed = 0;
    // What comes out depends on chance, with the peers, too.
    let (time, ()) = timed_up_to(41, || {
        seed += 1;
        modularity.push(measure::leiden(csr, seed, &on).map_or(0.0, |found| found.modularity));
    });
    let mean = modularity.iter().sum::<f64>() / modularity.len() as f64;
    show("Leiden", "leiden", time, mean);
    let (time, found) = timed(|| measure::cuts(csr));
    let count = found.members.len() + found.bridges.len();
    show("cut points, bridges", "cuts", time, count as f64);

    let mut finder = Pathfinder::default();
    let (mut times, mut length) = (Vec::new(), 0);
    for (from, to) in &graph.pairs {
        let start = Instant::now();
        let way = finder.shortest(csr, *from, *to);
        times.push(start.elapsed().as_secs_f64());
        length += way.map_or(0, |way| way.len() - 1);
    }
    times.sort_by(f64::total_cmp);
    show("one shortest path", "path", times[times.len() / 2], length as f64);
    all_ways(graph, &peers);
}

/// One measure: ours, the peers', the ratio, and what the answers say about each other.
fn line(name: &str, op: &str, seconds: f64, check: f64, peers: &Peers) {
    let theirs = ["igraph", "networkit", "rustworkx"]
        .map(|library| (library, peers.get(&(library, op.to_owned()))));
    let ms = |seconds: f64| format!("{:.*}", if seconds < 0.001 { 4 } else { 2 }, seconds * 1e3);
    let mut text = format!("{name:<24}{:>11}", ms(seconds));
    let mut notes = String::new();
    for (library, taken) in &theirs {
        let Some(taken) = taken else {
            text += &format!("{:>11}", "");
            continue;
        };
        let about = if taken.part < 1.0 { "~" } else { "" };
        text += &format!("{:>11}", format!("{about}{}", ms(taken.seconds)));
        if op == "leiden" {
            notes += &format!(", {library} {:.4}", taken.check.unwrap_or_default());
        } else if taken.check.is_some_and(|theirs| (theirs / check - 1.0).abs() > 1e-5) {
            notes += &format!("  {library} says {}", taken.check.unwrap_or_default());
        }
        if taken.part < 1.0 {
            notes += &format!("  ~{library}: {:.3} of the work done", taken.part);
        }
    }
    let quickest = theirs.iter().filter_map(|(_, taken)| *taken).map(|taken| taken.seconds);
    if let Some(quickest) = quickest.reduce(f64::min) {
        text += &format!("   {:.4} ({:.1} x)", seconds / quickest, quickest / seconds);
    }
    if op == "leiden" {
        text += &format!("   modularity, mean of the runs: ours {check:.4}");
    } else if !notes.is_empty() {
        text += &format!("   ours {check}");
    }
    println!("{text}{notes}");
}
