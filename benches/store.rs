//! What the store takes, in seconds of the processor: verification beside the import of the same
//! rows, an edit of a large chart that a scene shows, many values of one entity beside the same
//! of many, and undo and redo of a large import into a case that is used.
//!
//! `cargo bench --bench store`, or with `-- rows`, `chart`, `values` or `undo` one of them.
//! `REDTHREAD_OLD` names an older program, which imports and verifies the same rows beside.
//! `REDTHREAD_BENCH_ENTITIES` says how many entities are imported and undone, a million unless told;
//! `REDTHREAD_BENCH_OFAC` names a folder with OFAC's list (`sdn.csv`, `add.csv`, `alt.csv`,
//! `sdn_comments.csv`), which is imported and undone too.

use std::{
    error::Error,
    fmt::Write as _,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use redthread::{
    case::{Action, Case, NewEntity, NewValue, Op, Progress, Verdict},
    exchange::import::{Job, run},
    model::{Chart, Id, Period, Placement, Scene},
    network::Network,
};

/// Rows of the import: entities and relationships.
const ROWS: usize = 300_000;
/// Entities on the chart.
const PLACED: usize = 10_000;
/// Values of one entity.
const VALUES: usize = 100_000;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> Outcome {
    let folder = tempfile::tempdir()?;
    let named: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let is_wanted = |what: &str| named.is_empty() || named.iter().any(|name| name == what);
    if is_wanted("rows") {
        rows(folder.path())?;
    }
    if is_wanted("chart") {
        chart(folder.path())?;
    }
    if is_wanted("values") {
        for one in [false, true] {
            values(one)?;
        }
    }
    if is_wanted("undo") {
        ofac(folder.path())?;
        undo(folder.path())?;
    }
    Ok(())
}

/// What the process and its children have taken of the processor, in seconds.
fn spent(since: Instant) -> (f64, f64) {
    let Ok(text) = std::fs::read_to_string("/proc/self/stat") else {
        return (since.elapsed().as_secs_f64(), 0.0);
    };
    let fields: Vec<f64> = text
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .map(|field| field.parse().unwrap_or_default())
        .collect();
    // Ticks of a hundredth of a second, everywhere that Linux runs today.
    let ticks = |at: usize| fields.get(at).copied().unwrap_or_default() / 100.0;
    (ticks(11) + ticks(12), ticks(13) + ticks(14))
}

fn rows(folder: &Path) -> Outcome {
    let lines = folder.join("rows.ftm.ndjson");
    std::fs::write(&lines, text())?;
    let mut case = Case::create(&folder.join("rows.redthread"))?;
    let start = Instant::now();
    let now = || [start.elapsed().as_secs_f64(), spent(start).0];
    let begun = now();
    let job = Job { files: vec![lines.clone()], ..Job::default() };
    run(&mut case, &job, &Progress::new())?;
    let imported = now();
    let Verdict::Holds { .. } = case.verify(&Progress::new())? else {
        return Err("it does not hold".into());
    };
    let verified = now();
    for (at, what) in ["by the clock", "of the processor"].into_iter().enumerate() {
        let (import, verify) = (imported[at] - begun[at], verified[at] - imported[at]);
        println!(
            "{ROWS} rows, {what}: import {import:.2} s, verify {verify:.2} s, ratio {:.2}",
            verify / import
        );
    }
    case.close()?;
    if let Some(old) = std::env::var_os("REDTHREAD_OLD").map(PathBuf::from) {
        let case = folder.join("old.redthread");
        let mut took = Vec::new();
        for arguments in [vec!["new"], vec!["import"], vec!["verify"]] {
            let before = Instant::now();
            let mut command = Command::new(&old);
            command.args(&arguments).arg(&case);
            if arguments == ["import"] {
                command.arg(&lines);
            }
            command.output()?;
            took.push(before.elapsed().as_secs_f64());
        }
        println!(
            "  before, by the clock: import {:.2} s, verify {:.2} s, ratio {:.2}",
            took[1],
            took[2],
            took[2] / took[1]
        );
    }
    Ok(())
}

/// A third companies and people, two thirds ownerships.
fn text() -> String {
    let entities = ROWS / 3;
    let mut text = String::new();
    let draw = |n: usize, of: usize| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20) % of;
    for n in 0..entities {
        writeln!(
            text,
            r#"{{"id":"e{n}","schema":"Company","properties":{{"name":["{} {} Holdings"],"country":["hk"],"notes":["note {} {} about it"],"incorporationDate":["19{:02}-01-02"]}}}}"#,
            word(draw(n, 200_000)),
            word(draw(n + 7, 5_000)),
            word(draw(n + 13, 3_000)),
            word(draw(n + 19, 300)),
            n % 90 + 10
        )
        .ok();
    }
    for n in 0..ROWS - entities {
        writeln!(
            text,
            r#"{{"id":"l{n}","schema":"Ownership","properties":{{"owner":["e{}"],"asset":["e{}"],"startDate":["2001"],"role":["owns"]}}}}"#,
            draw(n, entities),
            draw(n + 31, entities)
        )
        .ok();
    }
    text
}

/// A word of an invented language.
fn word(number: usize) -> String {
    let (consonants, vowels) = (b"bcdfghjklmnprstvz", b"aeiou");
    let (mut text, mut rest) = (String::new(), number + 1);
    while rest > 0 {
        let syllable = rest % 85;
        rest /= 85;
        text.push(char::from(consonants[syllable / 5]));
        text.push(char::from(vowels[syllable % 5]));
    }
    text
}

/// Moves cards and edits entities on a chart that a scene shows.
fn chart(folder: &Path) -> Outcome {
    let mut case = Case::create(&folder.join("chart.redthread"))?;
    let entities = (0..PLACED).map(|n| NewEntity {
        id: Id::from(format!("e{n}")),
        schema: "Company".into(),
        values: vec![NewValue::new("name", word(n)), NewValue::new("country", "hk")],
        origin: None,
    });
    let links = (0..PLACED).map(|n| NewEntity {
        id: Id::from(format!("l{n}")),
        schema: "Ownership".into(),
        values: vec![
            NewValue::new("owner", format!("e{n}")),
            NewValue::new("asset", format!("e{}", n * 7 % PLACED)),
        ],
        origin: None,
    });
    case.import(&[], &mut entities.chain(links).map(Ok), &Progress::new())?;
    let chart = Chart::new("Overview", 1.0);
    let place =
        |n: usize, x: f32| Placement { entity: Id::from(format!("e{n}")), x, y: 0.0, pinned: true };
    let scene = Scene {
        id: Id::new(),
        title: "Scene".into(),
        order: 1.0,
        chart: chart.id.clone(),
        camera: None,
        selection: Vec::new(),
        period: Period::default(),
        caption: String::new(),
        shows: String::new(),
    };
    let id = chart.id.clone();
    let placements = (0..PLACED).map(|n| place(n, n as f32)).collect();
    case.commit(Action::new(vec![Op::PutChart(chart)]))?;
    case.commit(Action::new(vec![Op::Place { chart: id.clone(), placements }]))?;
    case.commit(Action::new(vec![Op::PutScene(scene)]))?;
    case.stale_scenes()?;
    let start = Instant::now();
    const TIMES: usize = 50;
    let mut edits = |what: &str, op: &dyn Fn(usize) -> Op| -> Outcome {
        let before = spent(start).0;
        for n in 0..TIMES {
            case.commit(Action::new(vec![op(n)]))?;
            // What the window reads after each.
            case.charts()?;
            case.placements(&id)?;
            case.stale_scenes()?;
            case.log()?;
            case.digest()?;
        }
        let took = (spent(start).0 - before) / TIMES as f64;
        println!("chart of {PLACED}: {what} takes {:.1} ms", took * 1e3);
        Ok(())
    };
    edits("a card that moves", &|n| Op::Place {
        chart: id.clone(),
        placements: vec![place(n, -1.0)],
    })?;
    edits("a value that is added", &|n| Op::State {
        entity: Id::from(format!("e{n}")),
        value: NewValue::new("alias", "Other"),
    })?;
    edits("a card that goes", &|n| Op::Unplace {
        chart: id.clone(),
        entities: vec![Id::from(format!("e{}", n + 100))],
    })?;
    case.close()?;
    Ok(())
}

fn values(one: bool) -> Outcome {
    let mut case = Case::in_memory()?;
    let start = Instant::now();
    let mut last = spent(start).0;
    let mut line = String::new();
    let mut note = |what: &str| {
        let now = spent(start).0;
        write!(line, "  {what} {:.2}", now - last).ok();
        last = now;
    };
    let id = |n: usize| Id::from(format!("e{}", if one { 0 } else { n }));
    let lines = (0..VALUES).map(|n| NewEntity {
        id: id(n),
        schema: "Company".into(),
        values: vec![NewValue::new("name", format!("{} {n} Holdings", word(n * 7)))],
        origin: None,
    });
    case.import(&[], &mut lines.map(Ok), &Progress::new())?;
    note("import");
    case.verify(&Progress::new())?;
    note("verify");
    case.undo()?;
    note("undo");
    case.redo()?;
    note("redo");
    case.entities()?;
    note("read");
    for n in 0..if one { 1 } else { VALUES } {
        case.details(&id(n))?;
    }
    note("details");
    let state = (0..VALUES)
        .map(|n| Op::State { entity: id(n), value: NewValue::new("alias", format!("Other {n}")) });
    case.commit(Action::new(state.collect()))?;
    note("commit");
    let edit = Op::State { entity: id(0), value: NewValue::new("alias", "One more") };
    case.commit(Action::new(vec![edit]))?;
    note("one edit");
    println!("{VALUES} values of {}:{line} (s)", if one { "one entity" } else { "as many" });
    Ok(())
}

/// The size of the write-ahead log beside a case, in megabytes.
fn log(case: &Path) -> f64 {
    let log = format!("{}-wal", case.display());
    std::fs::metadata(log).map_or(0.0, |meta| meta.len() as f64 / 1e6)
}

/// Undoes or does again, and then what shows it: counts, a search, the network, and the one file. What
/// was stated before is kept for redo, as the window does; reading it from the file is timed beside.
fn turn(
    case: &mut Case,
    path: &Path,
    what: &str,
    query: &str,
    kept: &mut Option<Network>,
) -> Outcome<f64> {
    case.settle()?;
    let is_again = what == "redo";
    if !is_again {
        *kept = Some(Network::read(case, &Progress::new())?);
    }
    let start = Instant::now();
    let spent_before = spent(start).0;
    let mut line = String::new();
    let mut last = 0.0;
    let mut note = |what: &str| {
        let now = start.elapsed().as_secs_f64();
        write!(line, "{what} {:.2} s, ", now - last).ok();
        last = now;
    };
    let done = match what {
        "undo" => case.undo()?,
        "redo" => case.redo()?,
        // The second import, out of turn.
        _ => Some(case.revert_with_later(case.log()?[1].number)?),
    };
    let label = done.ok_or("there is nothing to do")?.label;
    note(&label);
    let log = log(path);
    let counts = case.counts()?;
    note("counts");
    let found = case.find(query, 20)?;
    note("find");
    let network = match kept.take_if(|_| is_again) {
        Some(network) => network,
        None => Network::read(case, &Progress::new())?,
    };
    note("network");
    if !case.settle()? {
        return Err("somebody else reads the case".into());
    }
    note("one file");
    let took = start.elapsed().as_secs_f64();
    println!(
        "{what}: {line}all {took:.2} s ({:.2} s of the processor); log {log:.1} MB; {} statements hold, \
         {} in the network, {:?} found",
        spent(start).0 - spent_before,
        counts.live,
        network.plain().len(),
        found.total,
    );
    if is_again {
        let start = Instant::now();
        let anew = Network::read(case, &Progress::new())?;
        println!("  reading the network from the file: {:.2} s", start.elapsed().as_secs_f64());
        if anew.plain().len() != network.plain().len() {
            return Err("the network that was kept is not what the case states".into());
        }
    }
    Ok(took)
}

fn median(mut took: Vec<f64>) -> f64 {
    took.sort_by(f64::total_cmp);
    took[took.len() / 2]
}

fn ofac(folder: &Path) -> Outcome {
    let Some(list) = std::env::var_os("REDTHREAD_BENCH_OFAC").map(PathBuf::from) else {
        println!("skipped: REDTHREAD_BENCH_OFAC names no folder with OFAC's list");
        return Ok(());
    };
    let files = ["sdn.csv", "add.csv", "alt.csv", "sdn_comments.csv"];
    let path = folder.join("ofac.redthread");
    let mut case = Case::create(&path)?;
    let job = Job { files: files.map(|file| list.join(file)).into(), ..Job::default() };
    let start = Instant::now();
    let imported = run(&mut case, &job, &Progress::new())?.imported;
    println!(
        "OFAC's list: {} entities, {} statements, imported in {:.2} s",
        imported.new,
        imported.statements,
        start.elapsed().as_secs_f64()
    );
    let mut kept = None;
    for what in ["undo", "redo", "undo", "redo"] {
        turn(&mut case, &path, what, "korea", &mut kept)?;
    }
    case.close()?;
    Ok(())
}

/// Entities and relationships of a kind, with 15 statements for each of both.
fn pairs(kind: &str, count: usize, seed: usize) -> String {
    let draw =
        |n: usize, of: usize| ((n + seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20) % of.max(1);
    let mut text = String::new();
    for n in 0..count {
        writeln!(
            text,
            r#"{{"id":"{kind}{n}","schema":"Company","properties":{{"name":["{} {} {}"],"jurisdiction":["hk"],"incorporationDate":["19{:02}-01-02"],"registrationNumber":["{kind}-{n:08}"],"sourceUrl":["https://example.org/{n}"],"notes":["note {} {} about it"],"community":["{}"],"confidence":["0.{}"]}}}}"#,
            word(draw(n, 200_000)),
            word(draw(n + 7, 5_000)),
            ["Holdings", "Trading", "Shipping", "Ltd"][draw(n + 3, 4)],
            n % 90 + 10,
            word(draw(n + 13, 3_000)),
            word(draw(n + 19, 300)),
            draw(n + 23, 500),
            draw(n + 29, 100),
        )
        .ok();
    }
    for n in 0..count {
        writeln!(
            text,
            r#"{{"id":"{kind}-tie-{n}","schema":"Ownership","properties":{{"owner":["{kind}{}"],"asset":["{kind}{}"],"startDate":["2001"],"role":["owns"],"percentage":["{}"]}}}}"#,
            draw(n, count),
            draw(n + 31, count),
            draw(n + 37, 100),
        )
        .ok();
    }
    text
}

/// What is looked for: names, words, parts, beginnings, misspelled ones, filters.
fn queries() -> Vec<String> {
    let mut all = Vec::new();
    for n in 0..12 {
        let (first, second) = (word(n * 7_919 % 200_000), word(n * 331 % 5_000));
        all.push(format!("{first} "));
        all.push(format!("{first} {second}"));
        all.push(first.chars().take(3).collect());
        all.push(first.chars().skip(1).take(4).collect());
        let mut misspelled: Vec<char> = first.chars().collect();
        let middle = misspelled.len() / 2;
        misspelled.swap(middle, middle - 1);
        all.push(misspelled.into_iter().collect());
    }
    let others = ["holdings ", "note ", "ba", "t", "schema:company shipping", "schema:ownership"];
    all.extend(others.map(str::to_owned));
    all
}

/// What searches take and find.
#[derive(Default)]
struct Searched {
    /// To read the words of the case, in seconds.
    learned: f64,
    /// Each of the queries, in milliseconds.
    took: Vec<f64>,
    found: Vec<String>,
}

impl Searched {
    /// In words: half of the queries take less, and none takes more.
    fn told(&self) -> String {
        let mut took = self.took.clone();
        took.sort_by(f64::total_cmp);
        let middle = took.get(took.len() / 2).copied().unwrap_or_default();
        let most = took.last().copied().unwrap_or_default();
        format!(
            "words read in {:.2} s; {middle:.2} ms, at most {most:.2} ms, {:.1} ms all {}",
            self.learned,
            took.iter().sum::<f64>(),
            took.len()
        )
    }
}

fn search(case: &mut Case) -> Outcome<Searched> {
    let start = Instant::now();
    case.learn(&mut || false)?;
    let learned = start.elapsed().as_secs_f64();
    let (mut took, mut found) = (Vec::new(), Vec::new());
    for query in queries() {
        let times = (0..5).map(|_| {
            let start = Instant::now();
            case.find(&query, 20).map(|_| start.elapsed().as_secs_f64() * 1e3)
        });
        let mut times = times.collect::<Result<Vec<f64>, _>>()?;
        times.sort_by(f64::total_cmp);
        took.push(times[2]);
        let hits = case.find(&query, 1_000)?;
        let ids: Vec<_> = hits.hits.iter().map(|hit| hit.id.to_string()).collect();
        found.push(format!("{query}: {:?} {ids:?}", hits.total));
    }
    Ok(Searched { learned, took, found })
}

/// Undo of a large import into a case that holds a tenth as much and was worked on since.
fn undo(folder: &Path) -> Outcome {
    let count: usize =
        std::env::var("REDTHREAD_BENCH_ENTITIES").map_or(Ok(1_000_000), |count| count.parse())?;
    let (others, edits) = (count / 10, count / 100);
    let path = folder.join("undo.redthread");
    let mut case = Case::create(&path)?;
    let mut before = None;
    for (kind, count, seed) in [("other", others, 977), ("e", count, 0)] {
        let lines = folder.join(format!("{kind}.ftm.ndjson"));
        std::fs::write(&lines, pairs(kind, count, seed))?;
        let start = Instant::now();
        let job = Job { files: vec![lines.clone()], ..Job::default() };
        let imported = run(&mut case, &job, &Progress::new())?.imported;
        println!(
            "{} entities and relationships, {} statements, imported in {:.2} s",
            imported.new,
            imported.statements,
            start.elapsed().as_secs_f64()
        );
        std::fs::remove_file(&lines)?;
        if before.is_none() {
            before = Some(search(&mut case)?);
        }
    }
    // Values that are added, and taken back again; what is looked at stays on a chart.
    let id = |n: usize| Id::from(format!("e{}", n * 97 % count));
    let start = Instant::now();
    let chart = Chart::new("Overview", 1.0);
    let placements =
        (0..edits / 10).map(|n| Placement { entity: id(n), x: n as f32, y: 0.0, pinned: true });
    let place = Op::Place { chart: chart.id.clone(), placements: placements.collect() };
    case.commit(Action::new(vec![Op::PutChart(chart), place]))?;
    for n in 0..edits {
        let value = NewValue::new("alias", format!("Other {n}"));
        case.commit(Action::new(vec![Op::State { entity: id(n), value }]))?;
    }
    println!("{edits} edits in {:.2} s", start.elapsed().as_secs_f64());
    let import = case.log()?[1].number;
    let start = Instant::now();
    let refused = case.revert(import).err().map(|error| error.to_string());
    println!("undo by itself: {refused:?} after {:.2} s", start.elapsed().as_secs_f64());
    let query = format!("{} ", word(7_919));
    let mut kept = None;
    turn(&mut case, &path, "undo with the edits", &query, &mut kept)?;
    turn(&mut case, &path, "undo", &query, &mut kept)?;
    let start = Instant::now();
    for _ in 0..=edits {
        case.undo()?;
    }
    println!("edits undone in {:.2} s", start.elapsed().as_secs_f64());
    let (mut undo, mut redo) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        undo.push(turn(&mut case, &path, "undo", &query, &mut kept)?);
        redo.push(turn(&mut case, &path, "redo", &query, &mut kept)?);
    }
    println!(
        "medians of three: undo {:.2} s (bar 3 s), redo {:.2} s (bar 5 s)",
        median(undo),
        median(redo)
    );
    turn(&mut case, &path, "undo", &query, &mut kept)?;
    let start = Instant::now();
    std::fs::copy(&path, folder.join("copy.redthread"))?;
    let copy = Case::open(&folder.join("copy.redthread"))?;
    println!(
        "a copy of the file, opened: {} statements after {:.2} s",
        copy.counts()?.live,
        start.elapsed().as_secs_f64()
    );
    copy.close()?;
    let (now, then) = (search(&mut case)?, before.unwrap_or_default());
    println!("search before the import: {}", then.told());
    println!("search after it was undone: {}", now.told());
    let same = now.found.iter().zip(&then.found).filter(|(now, then)| now == then).count();
    println!("{same} of {} queries find the same", now.found.len());
    let mut slower: Vec<usize> = (0..now.took.len()).collect();
    slower.sort_by(|a, b| {
        let more = |at: &usize| now.took[*at] - then.took[*at];
        more(b).total_cmp(&more(a))
    });
    for at in slower.into_iter().take(6) {
        let query = &queries()[at];
        println!("  “{query}”: {:.2} ms instead of {:.2} ms", now.took[at], then.took[at]);
    }
    for (now, then) in now.found.iter().zip(&then.found).filter(|(now, then)| now != then).take(5) {
        println!("  now  {now:.100}\n  then {then:.100}");
    }
    case.close()?;
    Ok(())
}
