//! Our layouts beside OGDF's multipole embedder on many kinds of graph, in the same run.
//!
//! `cargo bench --bench layout -- kinds [PART OF A NAME]`. `PEERS_PY` names a Python with
//! `ogdf-python` and `ogdf-wheel`; `KINDS_SEEDS` the number of graphs of each kind, 3 by default.
//! Peer and own alternate, the best time of several counts, and both drawings are measured alike:
//! the stress of the ways from up to 100 nodes, at the scale at which it is least.

use std::{
    fmt::Write as _,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Instant,
};

use redthread::{
    chart::{
        Point,
        layout::organic::{Options, Quality, organic},
    },
    network::Csr,
};

use super::generate::{Chance, Generated, GraphKind, KINDS, connected};

/// The number of nodes whose ways are measured.
const SOURCES: usize = 100;
/// A layout is timed up to so many times, while all its turns take less than this, in seconds.
const TURNS: i32 = 6;
const ENOUGH: f64 = 1.2;

/// Time and stress of one program on one graph.
#[derive(Clone, Copy)]
struct Taken {
    seconds: f64,
    stress: f64,
}

impl Default for Taken {
    fn default() -> Self {
        Self { seconds: f64::INFINITY, stress: f64::NAN }
    }
}

/// What the bars are about, over several graphs.
#[derive(Default)]
struct Summary {
    graphs: usize,
    /// The sums of the logarithms of stress and time beside the peer's, fast and fine.
    logs: [f64; 4],
    /// The number of graphs on which each bar is missed.
    missed: [usize; 4],
}

/// Prints the table.
pub fn table(threads: usize, only: Option<&str>) {
    let seeds = std::env::var("KINDS_SEEDS").ok().and_then(|v| v.parse().ok()).unwrap_or(3);
    let mut peer = Peer::start();
    if peer.is_none() {
        println!("OGDF is not measured: PEERS_PY names a Python with ogdf-python and ogdf-wheel");
    }
    println!(
        "{:<30}{:>5}{:>8}{:>8} |{:>8}{:>8} |{:>8}{:>8}{:>7}{:>7} |{:>8}{:>8}{:>7}{:>7}",
        "kind",
        "seed",
        "nodes",
        "links",
        "OGDF s",
        "stress",
        "fast s",
        "stress",
        "time",
        "stress",
        "fine s",
        "stress",
        "time",
        "of fast"
    );
    let mut sums = [Summary::default(), Summary::default()];
    let chosen = |name: &str| only.is_none_or(|only| name.contains(only));
    let real = peer.as_mut().map(Peer::shipped).unwrap_or_default();
    for GraphKind { name, tuned, make } in KINDS.iter().filter(|kind| chosen(kind.name)) {
        let own = name.starts_with("real");
        for seed in 1..=if own { 1 } else { seeds } {
            let graph = make(&mut Chance::new(seed));
            row((name, seed), &graph, threads, peer.as_mut(), &mut sums[usize::from(*tuned)]);
        }
    }
    for (name, graph) in real.iter().filter(|(name, _)| chosen(name)) {
        row((name, 1), graph, threads, peer.as_mut(), &mut sums[0]);
    }
    for (name, sum) in ["others", "tuned on"].iter().zip(&sums).rev() {
        if sum.graphs == 0 {
            continue;
        }
        let mean = sum.logs.map(|log| (log / sum.graphs as f64).exp());
        println!(
            "{name}, {} graphs, geometric means: fast {:.3} of the stress, {:.3} of the time; \
             fine {:.3} and {:.3}",
            sum.graphs, mean[0], mean[1], mean[2], mean[3]
        );
        println!(
            "  missed: fast over 1.02 of the stress {}, over .7 of the time {}; \
             fine over the stress of fast {}, over 3 times the time {}",
            sum.missed[0], sum.missed[1], sum.missed[2], sum.missed[3]
        );
    }
}

fn row(
    (name, seed): (&str, u64),
    graph: &Generated,
    threads: usize,
    mut peer: Option<&mut Peer>,
    sum: &mut Summary,
) {
    let csr = Csr::new(graph.count, &graph.ties);
    let ways = Ways::of(&csr);
    let (mut ogdf, mut fast, mut fine) = (Taken::default(), Taken::default(), Taken::default());
    for turn in 0..TURNS {
        if let Some(peer) = peer.as_deref_mut()
            && (turn == 0 || ogdf.seconds * f64::from(turn) < ENOUGH)
            && let Some((seconds, points)) = peer.lay_out(graph)
        {
            ogdf = Taken { seconds: seconds.min(ogdf.seconds), stress: ways.stress(&points) };
        }
        for (taken, quality) in [(&mut fast, Quality::Fast), (&mut fine, Quality::Fine)] {
            if turn > 0 && taken.seconds * f64::from(turn) >= ENOUGH {
                continue;
            }
            let started = Instant::now();
            let options = Options { quality, seed: 1, threads };
            let points = organic(&csr, options, &|_| true).expect("nothing stops it");
            taken.seconds = taken.seconds.min(started.elapsed().as_secs_f64());
            if turn == 0 {
                taken.stress = ways.stress(&points);
            }
        }
    }
    let ratios = [fast.stress / ogdf.stress, fast.seconds / ogdf.seconds];
    let of_fast = fine.stress / fast.stress;
    println!(
        "{name:<30}{seed:>5}{:>8}{:>8} |{:>8.3}{:>8.4} |{:>8.3}{:>8.4}{:>7.2}{:>7.3} \
         |{:>8.3}{:>8.4}{:>7.2}{:>7.3}",
        graph.count,
        graph.ties.len(),
        ogdf.seconds,
        ogdf.stress,
        fast.seconds,
        fast.stress,
        ratios[1],
        ratios[0],
        fine.seconds,
        fine.stress,
        fine.seconds / ogdf.seconds,
        of_fast
    );
    if ogdf.stress.is_nan() {
        return;
    }
    sum.graphs += 1;
    let fines = [fine.stress / ogdf.stress, fine.seconds / ogdf.seconds];
    for (log, ratio) in sum.logs.iter_mut().zip(ratios.iter().chain(&fines)) {
        *log += ratio.ln();
    }
    let missed = [ratios[0] > 1.02, ratios[1] > 0.7, of_fast > 1.000_5, fines[1] > 3.0];
    for (count, missed) in sum.missed.iter_mut().zip(missed) {
        *count += usize::from(missed);
    }
}

/// The ways from some nodes to all.
struct Ways(Vec<(usize, Vec<u16>)>);

impl Ways {
    fn of(graph: &Csr) -> Self {
        let count = graph.len();
        let mut chance = Chance::new(12_345);
        let mut sources: Vec<usize> = (0..count).collect();
        for n in 0..SOURCES.min(count) {
            let other = n + (chance.next() % (count - n) as u64) as usize;
            sources.swap(n, other);
        }
        sources.truncate(SOURCES);
        let ways = sources.into_iter().map(|from| {
            let mut far = vec![u16::MAX; count];
            far[from] = 0;
            let (mut now, mut next) = (vec![from as u32], Vec::new());
            let mut distance = 0;
            while !now.is_empty() {
                distance += 1;
                for n in now.drain(..) {
                    for other in graph.near(n as usize) {
                        if far[*other as usize] == u16::MAX {
                            far[*other as usize] = distance;
                            next.push(*other);
                        }
                    }
                }
                std::mem::swap(&mut now, &mut next);
            }
            (from, far)
        });
        Self(ways.collect())
    }

    /// The mean of `(drawn / far - 1)²` at the scale at which it is least.
    fn stress(&self, points: &[Point]) -> f64 {
        let (mut one, mut two, mut count) = (0.0, 0.0, 0.0);
        for (from, far) in &self.0 {
            let at = points[*from];
            for (p, far) in points.iter().zip(far).filter(|(_, far)| **far > 0 && **far < u16::MAX)
            {
                let (dx, dy) = (f64::from(p.x - at.x), f64::from(p.y - at.y));
                let ratio = dx.hypot(dy) / f64::from(*far);
                (one, two, count) = (one + ratio, two + ratio * ratio, count + 1.0);
            }
        }
        if two > 0.0 { 1.0 - one * one / (two * count) } else { 1.0 }
    }
}

/// A Python that runs the peer, for one graph after the other.
struct Peer {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    folder: tempfile::TempDir,
}

impl Peer {
    fn start() -> Option<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/layout.py");
        let mut process = Command::new(std::env::var_os("PEERS_PY")?)
            .arg(script)
            .env("OMP_NUM_THREADS", "2")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let (input, output) = (process.stdin.take()?, BufReader::new(process.stdout.take()?));
        let mut peer = Self { process, input, output, folder: tempfile::tempdir().ok()? };
        (peer.answer()? == "ready").then_some(peer)
    }

    fn answer(&mut self) -> Option<String> {
        let mut line = String::new();
        self.output.read_line(&mut line).ok()?;
        Some(line.trim().to_owned())
    }

    /// The seconds that it takes, and where the nodes come to lie.
    fn lay_out(&mut self, graph: &Generated) -> Option<(f64, Vec<Point>)> {
        let (edges, out) = (self.folder.path().join("edges"), self.folder.path().join("out"));
        let mut text = format!("{}\n", graph.count);
        for (a, b) in &graph.ties {
            writeln!(text, "{a} {b}").ok()?;
        }
        std::fs::write(&edges, text).ok()?;
        writeln!(self.input, "{} {}", edges.display(), out.display()).ok()?;
        let seconds = self.answer()?.parse().ok()?;
        let places = std::fs::read_to_string(out).ok()?;
        let point = |line: &str| {
            let (x, y) = line.split_once(' ')?;
            Some(Point::new(x.parse().ok()?, y.parse().ok()?))
        };
        let points: Vec<Point> = places.lines().filter_map(point).collect();
        (points.len() == graph.count).then_some((seconds, points))
    }

    /// Graphs that installed packages ship.
    fn shipped(&mut self) -> Vec<(String, Generated)> {
        let mut found = Vec::new();
        for name in ["pygsp minnesota", "pygsp airfoil", "networkx les_miserables"] {
            let out = self.folder.path().join("edges");
            if writeln!(self.input, "graph {name} {}", out.display()).is_err() {
                break;
            }
            if self.answer().as_deref() == Some("written")
                && let Ok(text) = std::fs::read_to_string(out)
                && let Some((count, edges)) = text.split_once('\n')
                && let Ok(count) = count.parse()
            {
                let ends = edges.lines().filter_map(|line| line.split_once(' '));
                let ties: Vec<(u32, u32)> =
                    ends.filter_map(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?))).collect();
                found.push((format!("real: {name}"), connected(count, &ties)));
            }
        }
        found
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
