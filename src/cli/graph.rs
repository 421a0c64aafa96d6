//! Layouts and measures of a graph in two CSV files, so that anyone can hold them against other
//! programs: only the work is timed, not the reading.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::{
    Failure, terminal, watched,
    ways::{self, Ends},
};
use crate::{
    case::{Error, Progress},
    chart::{
        Point, Size,
        layout::{
            Algorithm, Body, Request, Tie,
            organic::{Options, Quality, organic},
        },
    },
    exchange,
    model::PartialDate,
    network::{Csr, measure},
};

#[derive(Args, Debug)]
pub(super) struct Files {
    /// The members: CSV with a heading, the id in the column `id` or else the first.
    #[arg(long)]
    nodes: PathBuf,
    /// The ties: CSV with a heading, the ends in `src` and `dst` or else the first two columns.
    #[arg(long)]
    edges: PathBuf,
    /// How many threads to use; without it, all.
    #[arg(long)]
    threads: Option<usize>,
    /// Answer as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
pub(super) struct LayoutArgs {
    #[command(flatten)]
    files: Files,
    /// How to lay out.
    #[arg(long, value_enum, default_value = "fast")]
    algorithm: Way,
    /// What chance begins with; the same number gives the same drawing.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The file to create, with the columns id, x and y.
    #[arg(long)]
    out: PathBuf,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum Way {
    /// What is connected lies close; soon.
    Fast,
    /// The same, with truer distances; later.
    Fine,
    /// Owners above what they own.
    Layered,
    /// Rings around the best connected.
    Radial,
    /// On a circle, each community on an arc of its own.
    Circle,
    /// In rows and columns, those with the most ties first.
    Grid,
    /// From left to right by the day in the column `date` of the members.
    Timeline,
}

impl Way {
    /// Among cards, where it is one for cards.
    fn algorithm(self) -> Option<Algorithm> {
        match self {
            Self::Fast | Self::Fine => None,
            Self::Layered => Some(Algorithm::Layered),
            Self::Radial => Some(Algorithm::Radial),
            Self::Circle => Some(Algorithm::Circle),
            Self::Grid => Some(Algorithm::Grid),
            Self::Timeline => Some(Algorithm::Timeline),
        }
    }
}

#[derive(Args, Debug)]
pub(super) struct MeasureArgs {
    #[command(flatten)]
    files: Files,
    /// What to measure.
    #[arg(long, value_enum)]
    op: Op,
    /// A file to create with the value of each member.
    #[arg(long)]
    out: Option<PathBuf>,
    /// For betweenness: an estimate from so many members of each block rather than from all.
    #[arg(long, value_name = "COUNT")]
    pivots: Option<usize>,
    /// What chance begins with; the same number gives the same answer.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    ends: Ends,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum Op {
    /// How many neighbours.
    Degree,
    /// Shortest ways between others that go through it, each pair once.
    Betweenness,
    /// How near it is to all that it can reach.
    Closeness,
    /// The share of a random walk that is spent at it.
    Pagerank,
    /// The densest core that it is in.
    Kcore,
    /// The connected part that it is in.
    Components,
    /// The community that it is in, by modularity.
    Leiden,
    /// Ties and members that hold parts together.
    Bridges,
    /// One of the shortest ways between two members.
    Path,
    /// All ways of at most so many ties between two members.
    Paths,
}

/// A graph from files.
pub(super) struct Read {
    pub(super) ids: Vec<String>,
    ties: Vec<(u32, u32)>,
    pub(super) graph: Csr,
    threads: usize,
}

impl Files {
    fn read(&self) -> Result<Read, Failure> {
        let mut ids = Vec::new();
        let mut number = HashMap::new();
        for row in rows(&self.nodes, [("id", 0)])? {
            let [id] = row?;
            number.entry(id.clone()).or_insert_with(|| {
                ids.push(id);
                ids.len() as u32 - 1
            });
        }
        let mut ties = Vec::new();
        for (at, row) in rows(&self.edges, [("src", 0), ("dst", 1)])?.enumerate() {
            let [from, to] = row?;
            let find = |id: &String| {
                number.get(id).copied().ok_or_else(|| {
                    Failure::Said(format!(
                        "{} line {}: there is no member with the id “{id}” in {}; add it there.",
                        self.edges.display(),
                        at + 2,
                        self.nodes.display()
                    ))
                })
            };
            ties.push((find(&from)?, find(&to)?));
        }
        let graph = Csr::new(ids.len(), &ties);
        let threads = self.threads.unwrap_or_else(cores).max(1);
        Ok(Read { ids, ties, graph, threads })
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

pub(super) type Rows<const N: usize> = Box<dyn Iterator<Item = Result<[String; N], Failure>>>;

/// Some columns of a CSV file, each found by its heading or else by its place.
pub(super) fn rows<const N: usize>(
    path: &Path,
    columns: [(&str, usize); N],
) -> Result<Rows<N>, Failure> {
    let name = path.display().to_string();
    let said = move |error: csv::Error| {
        Failure::Said(format!("{name} cannot be read as CSV ({error}); check the file."))
    };
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).from_path(path).map_err(said.clone())?;
    let heading = reader.headers().map_err(said.clone())?.clone();
    let places = columns.map(|(name, place)| {
        heading.iter().position(|column| column.eq_ignore_ascii_case(name)).unwrap_or(place)
    });
    let name = path.display().to_string();
    Ok(Box::new(reader.into_records().enumerate().map(move |(at, row)| {
        let row = row.map_err(said.clone())?;
        let mut found: [String; N] = std::array::from_fn(|_| String::new());
        for (found, place) in found.iter_mut().zip(places) {
            let value = row.get(place).ok_or_else(|| {
                let line = at + 2;
                let column = place + 1;
                Failure::Said(format!("{name} line {line} has no column {column}; check the file."))
            })?;
            value.clone_into(found);
        }
        Ok(found)
    })))
}

/// Lays out a graph and writes where everything is.
pub(super) fn layout(args: &LayoutArgs) -> Result<ExitCode, Failure> {
    check_new(&args.out)?;
    let Read { ids, ties, graph, threads } = args.files.read()?;
    let dates = match args.algorithm {
        Way::Timeline => days(&args.files.nodes, &ids)?,
        _ => Vec::new(),
    };
    let started = Instant::now();
    let points = watched("Laying out", |progress| {
        let going = |part: f32| told(progress, part);
        if let Some(algorithm) = args.algorithm.algorithm() {
            let cards = Cards { algorithm, dates: &dates, seed: args.seed, threads };
            return cards.arrange(&graph, &ties, &going);
        }
        let fine = matches!(args.algorithm, Way::Fine);
        let quality = if fine { Quality::Fine } else { Quality::Fast };
        organic(&graph, Options { quality, seed: args.seed, threads }, &going)
    });
    let points = points.unwrap_or_default();
    let took = started.elapsed().as_secs_f64();
    write(&args.out, "id,x,y", &ids, points.iter().map(|p| format!("{},{}", p.x, p.y)))?;
    let name = args.algorithm.to_possible_value().map(|v| v.get_name().to_owned());
    let answer = json!({
        "algorithm": name, "nodes": graph.len(), "edges": graph.ties(), "seed": args.seed,
        "threads": threads, "layout_s": round(took), "out": args.out.display().to_string(),
    });
    answer_with(args.files.json, &answer, &format!("{} laid out in {took:.3} s", graph.len()));
    Ok(ExitCode::SUCCESS)
}

/// How members are laid out as cards of one size.
struct Cards<'a> {
    algorithm: Algorithm,
    dates: &'a [Option<f64>],
    seed: u64,
    threads: usize,
}

impl Cards<'_> {
    fn arrange(
        &self,
        graph: &Csr,
        ties: &[(u32, u32)],
        going: &dyn Fn(f32) -> bool,
    ) -> Option<Vec<Point>> {
        let size = Size { w: 150.0, h: 52.0 };
        let bodies = vec![Body { at: Point::default(), size, fixed: false }; graph.len()];
        let tie = |(from, to): &(u32, u32)| Tie::new(*from as usize, *to as usize).owning(true);
        let ties: Vec<Tie> = ties.iter().map(tie).collect();
        let mut order: Vec<usize> = (0..graph.len()).collect();
        order.sort_by_key(|n| std::cmp::Reverse(graph.degree(*n)));
        let mut rank = vec![0; order.len()];
        for (at, n) in order.into_iter().enumerate() {
            rank[n] = at as u32;
        }
        let request = Request {
            dates: self.dates,
            rank: &rank,
            seed: self.seed,
            threads: self.threads,
            ..Request::new(self.algorithm, &bodies, &ties)
        };
        request.run(going)
    }
}

/// The day of each member, from the column `date`.
fn days(path: &Path, ids: &[String]) -> Result<Vec<Option<f64>>, Failure> {
    let mut known = HashMap::new();
    for row in rows(path, [("id", 0), ("date", usize::MAX - 1)])? {
        let [id, date] = row.map_err(|_| {
            Failure::Said(format!(
                "{} has no column “date”, by which a timeline is ordered; add one.",
                path.display()
            ))
        })?;
        if let Ok(date) = PartialDate::from_input(&date) {
            known.entry(id).or_insert(f64::from(date.first_day()));
        }
    }
    Ok(ids.iter().map(|id| known.get(id).copied()).collect())
}

/// Measures a graph. The answer has a value by which programs can be compared.
pub(super) fn measure(args: &MeasureArgs) -> Result<ExitCode, Failure> {
    args.out.as_deref().map_or(Ok(()), check_new)?;
    let read = args.files.read()?;
    let name = args.op.to_possible_value().map_or_else(String::new, |v| v.get_name().to_owned());
    if matches!(args.op, Op::Path | Op::Paths) {
        let shortest = matches!(args.op, Op::Path);
        return ways::measure(&name, shortest, &args.ends, &read, args.files.json);
    }
    let Read { ids, graph, threads, .. } = read;
    let started = Instant::now();
    let (values, check) = watched("Measuring", |progress| {
        values(args, &graph, threads, &|part| told(progress, part)).unwrap_or_default()
    });
    let took = started.elapsed().as_secs_f64();
    if let Some(out) = &args.out {
        write(out, "id,value", &ids, values.iter().map(f64::to_string))?;
    }
    let text = format!("{name}: {check}, in {took:.3} s");
    let answer = json!({
        "op": name, "nodes": graph.len(), "edges": graph.ties(), "threads": threads,
        "s": round(took), "check": check,
    });
    answer_with(args.files.json, &answer, &text);
    Ok(ExitCode::SUCCESS)
}

/// The value of each member, and one for the whole; none for ways or where it was stopped.
fn values(
    args: &MeasureArgs,
    graph: &Csr,
    threads: usize,
    going: &(dyn Fn(f32) -> bool + Sync),
) -> Option<(Vec<f64>, Value)> {
    let with_most = |values: Vec<f64>| {
        let most = values.iter().copied().fold(0.0, f64::max);
        (values, json!(most))
    };
    let plain = |values: Vec<u32>| values.into_iter().map(f64::from).collect::<Vec<f64>>();
    Some(match args.op {
        Op::Degree => with_most(plain(measure::degree(graph))),
        Op::Betweenness => with_most(match args.pivots {
            None => measure::betweenness(graph, threads, going)?,
            Some(pivots) => measure::betweenness_sampled(graph, pivots, args.seed, threads, going)?,
        }),
        Op::Closeness => with_most(measure::closeness(graph, threads, going)?),
        Op::Pagerank => with_most(measure::page_rank(graph, threads, going)?),
        Op::Kcore => with_most(plain(measure::core_number(graph))),
        Op::Components => {
            let (parts, count) = graph.parts();
            (plain(parts), json!(count))
        }
        Op::Leiden => {
            let found = measure::leiden(graph, args.seed, going)?;
            (plain(found.of), json!(found.modularity))
        }
        Op::Bridges => {
            let cuts = measure::cuts(graph);
            let mut is_cut = vec![0.0; graph.len()];
            for member in &cuts.members {
                is_cut[*member as usize] = 1.0;
            }
            (is_cut, json!(cuts.bridges.len()))
        }
        Op::Path | Op::Paths => return None,
    })
}

/// Tells how far something has come; says whether it goes on.
pub(super) fn told(progress: &Progress, part: f32) -> bool {
    progress.report((part * 1000.0) as u64, 1000);
    progress.check().is_ok()
}

pub(super) fn round(seconds: f64) -> f64 {
    (seconds * 1e5).round() / 1e5
}

pub(super) fn answer_with(as_json: bool, answer: &Value, text: &str) {
    if as_json {
        terminal::say_json(answer);
    } else {
        terminal::say_lines(text);
    }
}

/// An id as a CSV field.
fn quoted(id: &str) -> String {
    if id.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", id.replace('"', "\"\""))
    } else {
        id.to_owned()
    }
}

/// Refuses a file that exists before the work begins, not after it.
fn check_new(path: &Path) -> Result<(), Failure> {
    if path.exists() { Err(Error::Exists(path.to_owned()).into()) } else { Ok(()) }
}

/// Writes a new CSV file with a row for each member.
fn write(
    path: &Path,
    heading: &str,
    ids: &[String],
    values: impl Iterator<Item = String>,
) -> Result<(), Failure> {
    exchange::write_new(path, |file| {
        let rows = || {
            writeln!(file, "{heading}")?;
            for (id, value) in ids.iter().zip(values) {
                writeln!(file, "{},{value}", quoted(id))?;
            }
            Ok(())
        };
        rows().map_err(|source| Error::Unwritable { path: path.to_owned(), source })
    })?;
    Ok(())
}
