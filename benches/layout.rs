//! How long layouts take and how good they are, beside what other programs need for the same graphs
//! in the same run, on two threads.
//!
//! `cargo bench --bench layout`. `PEERS_BENCH` names a folder with `gen/gen_case.py`,
//! `layout/quality.py` and the scripts that run the peers, `PEERS_PY` the Python that has them, and
//! `PEERS_NODE` a folder with their node modules; without these only our own times are told.
//! `cargo bench --bench layout -- kinds` does so on many kinds of graph (`layout/kinds.rs`).
//! `PEERS_FTM` names a file of FollowTheMoney entities to lay out as well. Most peers take minutes
//! at 100,000 entities: `PEERS_ALL=1` runs them all the same.

#[path = "layout/generate.rs"]
mod generate;
#[path = "layout/kinds.rs"]
mod kinds;

use std::{
    collections::HashMap,
    fmt::Write as _,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use redthread::{
    chart::{
        Point, Rect, Size,
        layout::{
            Algorithm, Body, Request, Tie,
            live::Live,
            organic::{Options, Quality, organic},
        },
    },
    network::Csr,
};
use serde_json::Value;

const THREADS: usize = 2;
const CARD: Size = Size { w: 200.0, h: 60.0 };

/// A graph, and the folder that it is in for the peers.
struct Graph {
    folder: tempfile::TempDir,
    count: usize,
    ties: Vec<(u32, u32)>,
}

/// What came out of a layout: seconds, stress, the share of neighbours in the drawing that are of
/// the same community, and the share of entities on one spot with another.
struct Taken {
    seconds: f64,
    quality: Option<Value>,
}

impl Taken {
    fn row(&self, name: &str, best: Option<f64>) {
        let of = |key: &str| {
            let value = self.quality.as_ref().and_then(|q| q.get(key)).and_then(Value::as_f64);
            value.map_or_else(|| "–".to_owned(), |v| format!("{v:.4}"))
        };
        let ratio =
            best.map_or(String::new(), |peer| format!("   {:.3} of it", self.seconds / peer));
        println!(
            "{name:<28}{:>9.3}{:>9}{:>9}{:>9}{ratio}",
            self.seconds,
            of("stress"),
            of("comm10"),
            of("overlap")
        );
    }
}

fn main() {
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with("--"));
    if words.next().as_deref() == Some("kinds") {
        kinds::table(THREADS, words.next().as_deref());
        return;
    }
    for count in [10_000, 100_000] {
        let Some(graph) = Graph::generated(count) else {
            println!("not measured: PEERS_PY and PEERS_BENCH name what generates the graphs");
            continue;
        };
        println!("\n{} entities, {} links, generated", graph.count, graph.ties.len());
        compare(&graph, count <= 10_000 || std::env::var_os("PEERS_ALL").is_some());
        others(&graph);
        live(&graph);
    }
    if let Some(graph) = Graph::of_entities() {
        println!("\n{} entities, {} links, from PEERS_FTM", graph.count, graph.ties.len());
        compare(&graph, false);
        others(&graph);
        // Not every peer takes what is not connected.
        if let Some(part) = graph.largest_part() {
            println!("\n{} entities, {} links, its largest part", part.count, part.ties.len());
            compare(&part, true);
        }
    }
    degenerate();
}

fn compare(graph: &Graph, all: bool) {
    println!("{:<28}{:>9}{:>9}{:>9}{:>9}", "", "seconds", "stress", "comm10", "overlap");
    let ogdf = python(graph, "layout_py.py", &["ogdf_fme"]);
    if let Some(ogdf) = &ogdf {
        ogdf.row("OGDF multipole embedder", None);
    }
    let csr = Csr::new(graph.count, &graph.ties);
    for (name, quality) in [("ours, fast", Quality::Fast), ("ours, fine", Quality::Fine)] {
        let options = Options { quality, seed: 1, threads: THREADS };
        let started = Instant::now();
        let points = organic(&csr, options, &|_| true).expect("it is not cancelled");
        let seconds = started.elapsed().as_secs_f64();
        let taken = Taken { seconds, quality: graph.quality(&points) };
        taken.row(name, ogdf.as_ref().map(|peer| peer.seconds));
    }
    if all {
        for (name, peer) in [
            ("graphviz sfdp", python(graph, "layout_sfdp.py", &[])),
            ("igraph DrL", python(graph, "layout_py.py", &["ig_drl"])),
            ("graphology ForceAtlas2", node(graph, "graphology_fa2", "500")),
        ] {
            match peer {
                Some(peer) => peer.row(name, None),
                None => println!("{name:<28} not measured"),
            }
        }
    } else {
        println!("sfdp, DrL and ForceAtlas2: minutes each, not measured without PEERS_ALL");
    }
}

/// The layouts of cards: how long they take, and how large they are beside the cards.
fn others(graph: &Graph) {
    println!("{:<28}{:>9}{:>25}", "as cards", "seconds", "area beside the cards'");
    let (bodies, ties) = graph.cards();
    let dates: Vec<Option<f64>> =
        (0..graph.count).map(|n| (n % 9 != 0).then(|| (n * 7919 % 8000) as f64)).collect();
    for algorithm in Algorithm::ALL {
        let request =
            Request { dates: &dates, threads: THREADS, ..Request::new(algorithm, &bodies, &ties) };
        let started = Instant::now();
        let points = request.run(&|_| true).expect("it is not cancelled");
        let seconds = started.elapsed().as_secs_f64();
        let rects = points.iter().map(|p| Rect::from_center_size(*p, CARD));
        let bounds = Rect::around(rects).expect("there are some");
        let area = bounds.width() * bounds.height() / (graph.count as f32 * CARD.w * CARD.h);
        println!("{:<28}{seconds:>9.3}{area:>15.1}", algorithm.label());
    }
}

/// One step of a live layout beside one of the peers'.
fn live(graph: &Graph) {
    let csr = Csr::new(graph.count, &graph.ties);
    let options = Options { quality: Quality::Fast, seed: 1, threads: THREADS };
    let points = organic(&csr, options, &|_| true).expect("it is not cancelled");
    let (mut bodies, ties) = graph.cards();
    for (body, p) in bodies.iter_mut().zip(points) {
        body.at = Point::new(p.x * 200.0, p.y * 200.0);
    }
    let mut live = Live::new(&bodies, &ties, THREADS);
    let mut steps: Vec<f64> = (0..40)
        .map(|_| {
            let started = Instant::now();
            live.step();
            started.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    steps.sort_by(f64::total_cmp);
    let ours = steps[steps.len() / 2];
    println!("{:<28}{ours:>9.2} ms a step, live", "ours");
    for (name, peer) in [("ngraph", "ngraph"), ("graphology ForceAtlas2", "graphology_fa2")] {
        const STEPS: &str = "8";
        if let Some(peer) = node(graph, peer, STEPS) {
            let theirs = peer.seconds * 1e3 / 8.0;
            println!("{name:<28}{theirs:>9.2} ms a step; ours is {:.3} of it", ours / theirs);
        }
    }
}

/// Where a card stands before, by its number.
type Where = fn(usize) -> Point;

/// What breaks layouts: nothing may, and none may take long.
fn degenerate() {
    println!("\n{:<44}{:>9}{:>12}", "as cards", "seconds", "live step");
    let many = 50_000_usize;
    let spread = |n: usize| Point::new((n % 300) as f32 * 10.0, (n / 300) as f32 * 10.0);
    let spot = |_: usize| Point::new(5.0, 5.0);
    let twice: Vec<Tie> = (0..many * 2).map(|n| Tie::new(n % many, (n % many) * 7 / 10)).collect();
    let cases: [(&str, Where, Vec<Tie>); 5] = [
        ("no links", spread, Vec::new()),
        ("a star", spread, (1..many).map(|n| Tie::new(0, n)).collect()),
        ("every link to itself", spread, (0..many).map(|n| Tie::new(n, n)).collect()),
        ("every link twice", spread, twice.clone()),
        ("all at one point", spot, twice),
    ];
    for (name, at, ties) in cases {
        let body = |n: usize| Body { at: at(n), size: CARD, fixed: false };
        let bodies: Vec<Body> = (0..many).map(body).collect();
        let request =
            Request { threads: THREADS, ..Request::new(Algorithm::Force, &bodies, &ties) };
        let started = Instant::now();
        let points = request.run(&|_| true).expect("it is not cancelled");
        let seconds = started.elapsed().as_secs_f64();
        assert!(points.iter().all(|p| p.x.is_finite() && p.y.is_finite()), "{name}");
        assert!(are_apart(&points), "{name}: cards lie over each other");
        let mut live = Live::new(&bodies, &ties, THREADS);
        let started = Instant::now();
        for _ in 0..20 {
            live.step();
        }
        let step = started.elapsed().as_secs_f64() * 50.0;
        assert!(live.points().iter().all(|p| p.x.is_finite() && p.y.is_finite()), "{name}");
        println!("{:<44}{seconds:>9.3}{step:>9.2} ms", format!("{many} entities, {name}"));
    }
}

fn are_apart(points: &[Point]) -> bool {
    let cell = |p: &Point| ((p.x / CARD.w).floor() as i32, (p.y / CARD.h).floor() as i32);
    let mut cells: HashMap<(i32, i32), Vec<&Point>> = HashMap::new();
    for p in points {
        cells.entry(cell(p)).or_default().push(p);
    }
    points.iter().all(|p| {
        let (x, y) = cell(p);
        let near = (x - 1..=x + 1).flat_map(|x| (y - 1..=y + 1).map(move |y| (x, y)));
        let others = near.filter_map(|cell| cells.get(&cell)).flatten();
        others.filter(|o| (o.x - p.x).abs() < CARD.w && (o.y - p.y).abs() < CARD.h).count() == 1
    })
}

impl Graph {
    /// A graph of the generator.
    fn generated(count: usize) -> Option<Self> {
        let folder = tempfile::tempdir().ok()?;
        let done = Command::new(std::env::var_os("PEERS_PY")?)
            .arg(bench("gen/gen_case.py")?)
            .arg(count.to_string())
            .arg(folder.path())
            .arg("--connected")
            .output()
            .ok()?;
        if !done.status.success() {
            println!("{}", String::from_utf8_lossy(&done.stderr));
            return None;
        }
        let text = std::fs::read_to_string(folder.path().join("edges.csv")).ok()?;
        let ends = text.lines().skip(1).filter_map(|line| {
            let mut parts = line.split(',');
            Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
        });
        let ties: Vec<(u32, u32)> = ends.collect();
        let count = std::fs::read_to_string(folder.path().join("nodes.csv")).ok()?.lines().count();
        Some(Self { folder, count: count - 1, ties })
    }

    /// The entities and relationships of a file.
    fn of_entities() -> Option<Self> {
        let text = std::fs::read_to_string(std::env::var_os("PEERS_FTM")?).ok()?;
        let all: Vec<Value> = text.lines().filter_map(|l| serde_json::from_str(l).ok()).collect();
        let ends = |entity: &Value| {
            let properties = &entity["properties"];
            let first = |names: &[&str]| {
                let found = names.iter().find_map(|name| properties[name][0].as_str());
                found.map(str::to_owned)
            };
            let from = first(&["owner", "director", "person", "subject", "payer", "organization"]);
            let to = first(&["asset", "relative", "associate", "object", "beneficiary", "member"]);
            from.zip(to.or_else(|| first(&["organization", "employer", "employee"])))
        };
        let mut number = HashMap::new();
        for entity in &all {
            if ends(entity).is_none()
                && let Some(id) = entity["id"].as_str()
            {
                let next = number.len() as u32;
                number.entry(id.to_owned()).or_insert(next);
            }
        }
        let ties = all.iter().filter_map(ends);
        let ties = ties.filter_map(|(a, b)| Some((*number.get(&a)?, *number.get(&b)?)));
        let ties: Vec<(u32, u32)> = ties.filter(|(a, b)| a != b).collect();
        Self::written(number.len(), ties)
    }

    /// The largest connected part.
    fn largest_part(&self) -> Option<Self> {
        let (part, parts) = Csr::new(self.count, &self.ties).parts();
        let mut sizes = vec![0_usize; parts];
        for part in &part {
            sizes[*part as usize] += 1;
        }
        let largest = (0..parts).max_by_key(|part| sizes[*part])? as u32;
        let mut number = HashMap::new();
        for n in (0..self.count as u32).filter(|n| part[*n as usize] == largest) {
            number.insert(n, number.len() as u32);
        }
        let ties = self.ties.iter();
        let ties = ties.filter_map(|(a, b)| Some((*number.get(a)?, *number.get(b)?))).collect();
        Self::written(number.len(), ties)
    }

    /// A graph with the files that peers read.
    fn written(count: usize, ties: Vec<(u32, u32)>) -> Option<Self> {
        let folder = tempfile::tempdir().ok()?;
        let mut nodes = String::from("id,type,name,country,date,community\n");
        for n in 0..count {
            writeln!(nodes, "{n},,,,,").ok()?;
        }
        let mut edges = String::from("src,dst,type,weight,date\n");
        for (a, b) in &ties {
            writeln!(edges, "{a},{b},,1,").ok()?;
        }
        std::fs::write(folder.path().join("nodes.csv"), nodes).ok()?;
        std::fs::write(folder.path().join("edges.csv"), edges).ok()?;
        Some(Self { folder, count, ties })
    }

    fn cards(&self) -> (Vec<Body>, Vec<Tie>) {
        let body = Body { at: Point::default(), size: CARD, fixed: false };
        let tie = |(a, b): &(u32, u32)| Tie::new(*a as usize, *b as usize).owning(true);
        (vec![body; self.count], self.ties.iter().map(tie).collect())
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// How good a drawing is, by the peers' own measure.
    fn quality(&self, points: &[Point]) -> Option<Value> {
        let mut text = String::from("id,x,y\n");
        for (n, p) in points.iter().enumerate() {
            writeln!(text, "{n},{},{}", p.x, p.y).ok()?;
        }
        let out = self.path().join("ours.csv");
        std::fs::write(&out, text).ok()?;
        let done = Command::new(std::env::var_os("PEERS_PY")?)
            .arg(bench("layout/quality.py")?)
            .arg(self.path())
            .arg(out)
            .output()
            .ok()?;
        serde_json::from_slice(&done.stdout).ok()
    }
}

fn bench(file: &str) -> Option<PathBuf> {
    Some(PathBuf::from(std::env::var_os("PEERS_BENCH")?).join(file))
}

/// What a peer that Python runs needs for a graph, where it can be run.
fn python(graph: &Graph, script: &str, first: &[&str]) -> Option<Taken> {
    let mut command = Command::new(std::env::var_os("PEERS_PY")?);
    command.arg(bench("layout")?.join(script)).args(first).arg(graph.path());
    answer(command.arg(graph.path().join("peer.csv")).env("OMP_NUM_THREADS", "2"))
}

/// The same for one that node runs, for so many steps.
fn node(graph: &Graph, peer: &str, steps: &str) -> Option<Taken> {
    std::env::var_os("PEERS_NODE")?;
    let mut command = Command::new("node");
    command.arg(bench("layout/layout_node.mjs")?).arg(peer).arg(graph.path());
    answer(command.arg(graph.path().join("peer.csv")).arg(steps))
}

fn answer(command: &mut Command) -> Option<Taken> {
    let output = command.output().ok()?;
    let answer: Value = serde_json::from_slice(&output.stdout).ok()?;
    Some(Taken { seconds: answer.get("layout_s")?.as_f64()?, quality: Some(answer) })
}
