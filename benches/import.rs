//! How long a million entities with a million relationships take to come into a case, with all
//! that belongs to it (the file as evidence, every statement cited to its line, projections,
//! search index, hash chain), next to `DuckDB` loading the same into plain tables in the same run.
//!
//! `REDTHREAD_BENCH_GRAPHS` names the folder with `NAME.ftm.ndjson` and, for the peer, `NAME/` with
//! `nodes.ndjson` and `edges.ndjson`, from which `benches/import.py` makes the lines;
//! `REDTHREAD_BENCH_IMPORT` says which (`g1m` unless told), and `REDTHREAD_BENCH_OTHERS` how many other
//! entities the case holds before (none unless told). The median of three runs is compared, each in a
//! process of its own, so that the memory of one is not counted with the next.
//! `PEERS_PY` is the peer's Python and `PEERS_BENCH` the folder of its program `import/imp_py.py`.
//! What is not there is skipped.

use std::{
    error::Error,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use redthread::{
    case::{Case, NewEntity, NewValue, Progress},
    exchange::import::{Job, run},
    model::Id,
};

const ROUNDS: usize = 3;
/// The argument that makes the program import once.
const ONCE: &str = "once";

/// What a peer reads, and the command by which its Python writes that into a file.
type Peer<'a> = (&'a str, &'a dyn Fn(&Path, &Path) -> Command);

/// Loads the very lines that we import, as rows with a map of properties.
const SAME_LINES: &str = "
import duckdb, sys, time
con = duckdb.connect(sys.argv[2])
start = time.perf_counter()
con.execute(f\"CREATE TABLE t AS SELECT * FROM read_json('{sys.argv[1]}', format='newline_delimited', \
columns={{id: 'VARCHAR', schema: 'VARCHAR', properties: 'MAP(VARCHAR, VARCHAR[])'}})\")
con.execute('CHECKPOINT')
print('{\"total_s\": %.3f}' % (time.perf_counter() - start))
";

fn main() -> Result<(), Box<dyn Error>> {
    let Some(graphs) = std::env::var_os("REDTHREAD_BENCH_GRAPHS").map(PathBuf::from) else {
        println!("skipped: REDTHREAD_BENCH_GRAPHS names no folder with graphs");
        return Ok(());
    };
    let name = std::env::var("REDTHREAD_BENCH_IMPORT").unwrap_or_else(|_| "g1m".into());
    let lines = graphs.join(format!("{name}.ftm.ndjson"));
    if !lines.exists() {
        println!("skipped: {} is not here", lines.display());
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let others: usize =
        std::env::var("REDTHREAD_BENCH_OTHERS").map_or(Ok(0), |others| others.parse())?;
    if std::env::args().any(|argument| argument == ONCE) {
        return import(&lines, folder.path(), others);
    }
    let own = std::env::current_exe()?;
    let once = |_| {
        let mut command = Command::new(&own);
        command.arg(ONCE);
        command
    };
    let ours = median(once)?.ok_or("the import failed")?;
    let tables = graphs.join(&name);
    let plain = |program: &Path, into: &Path| {
        let mut command = Command::new(program);
        let bench = PathBuf::from(std::env::var_os("PEERS_BENCH").unwrap_or_default());
        command.arg(bench.join("import/imp_py.py")).arg("duckdb_json").arg(&tables).arg(into);
        command
    };
    let same = |program: &Path, into: &Path| {
        let mut command = Command::new(program);
        command.arg("-c").arg(SAME_LINES).arg(&lines).arg(into);
        command
    };
    let Some(python) = std::env::var_os("PEERS_PY").map(PathBuf::from) else {
        println!("skipped: PEERS_PY names no Python for the peer");
        return Ok(());
    };
    let peers: [Peer<'_>; 2] =
        [("the same lines", &same), ("flat lines of the same entities", &plain)];
    for (what, command) in peers {
        let into = |round: usize| folder.path().join(format!("{what} {round}.db"));
        match median(|round| command(&python, &into(round)))? {
            Some(theirs) => {
                println!("DuckDB, {what}: {theirs:.2} s, ratio {:.1}", ours / theirs);
            }
            None => println!("skipped: DuckDB, {what}"),
        }
    }
    Ok(())
}

/// Imports a file into a case with so many other entities, and says what that took.
fn import(lines: &Path, folder: &Path, others: usize) -> Result<(), Box<dyn Error>> {
    let path = folder.join("million.redthread");
    std::fs::remove_file(&path).ok();
    let mut case = Case::create(&path)?;
    let mut before = (0..others).map(|n| {
        Ok(NewEntity {
            id: Id::from(format!("other-{n}")),
            schema: "Company".into(),
            values: vec![NewValue::new("name", format!("Pier Road {n}"))],
            origin: None,
        })
    });
    case.import(&[], &mut before, &Progress::new())?;
    case.settle()?;
    let most = Watched::start(&path);
    let job = Job { files: vec![lines.to_owned()], ..Job::default() };
    let start = Instant::now();
    let imported = run(&mut case, &job, &Progress::new())?.imported;
    case.close()?;
    let took = start.elapsed();
    let [wal, journal] = most.end();
    println!(
        "redthread: {} entities and relationships, {} statements: {:.2} s, {} MB resident at most, \
         log {} MB, journal {} MB, file {} MB",
        imported.new,
        imported.statements,
        took.as_secs_f64(),
        peak() / 1000,
        wal >> 20,
        journal >> 20,
        std::fs::metadata(&path)?.len() >> 20,
    );
    println!("{{\"total_s\": {}}}", took.as_secs_f64());
    Ok(())
}

/// The largest write-ahead log and journal that were seen beside a file, in bytes.
struct Watched {
    most: Arc<[AtomicU64; 2]>,
    stop: Arc<AtomicBool>,
    thread: std::thread::JoinHandle<()>,
}

impl Watched {
    fn start(path: &Path) -> Self {
        let most: Arc<[AtomicU64; 2]> = Arc::default();
        let stop: Arc<AtomicBool> = Arc::default();
        let beside = ["-wal", "-journal"].map(|end| format!("{}{end}", path.display()));
        let (seen, ended) = (Arc::clone(&most), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            while !ended.load(Relaxed) {
                for (path, most) in beside.iter().zip(seen.iter()) {
                    most.fetch_max(std::fs::metadata(path).map_or(0, |m| m.len()), Relaxed);
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        Self { most, stop, thread }
    }

    fn end(self) -> [u64; 2] {
        self.stop.store(true, Relaxed);
        self.thread.join().ok();
        [self.most[0].load(Relaxed), self.most[1].load(Relaxed)]
    }
}

/// The median of what a program says that it took; `None` where it cannot be run.
fn median(command: impl Fn(usize) -> Command) -> Result<Option<f64>, Box<dyn Error>> {
    let mut all = Vec::new();
    for round in 0..ROUNDS {
        let Some(took) = seconds(command(round))? else { return Ok(None) };
        all.push(took);
    }
    all.sort_by(f64::total_cmp);
    Ok(Some(all[ROUNDS / 2]))
}

/// What a program says that it took, in the last line that it prints; `None` where it cannot be run. Of
/// the others those are shown that begin with our name.
fn seconds(mut command: Command) -> Result<Option<f64>, Box<dyn Error>> {
    let done = command.output()?;
    let text = String::from_utf8_lossy(&done.stdout);
    let mut lines: Vec<&str> = text.lines().collect();
    let last = lines.pop();
    for line in lines.iter().filter(|line| line.starts_with("redthread:")) {
        println!("{line}");
    }
    let said = last.and_then(|line| {
        let said: serde_json::Value = serde_json::from_str(line).ok()?;
        said["total_s"].as_f64()
    });
    Ok(said)
}

/// The most that the process has had in memory, in kilobytes; 0 where that is not known.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
