//! How long it takes to see a case without the source of half of it: from the lens to counts by
//! strength, degrees, captions and the first 100 of what falls; how long an edit takes while a snapshot is
//! held; and what the network takes in memory.
//!
//! `cargo bench --bench lens`. `REDTHREAD_BENCH_ENTITIES` says how many entities the case has, with
//! as many relationships (7,000 unless told, some 100,000 statements; 1,000,000 for 15,000,000). Each
//! names a parent company, unless `REDTHREAD_BENCH_REFERENCES=0`.

use std::{
    error::Error,
    ops::ControlFlow,
    time::{Duration, Instant},
};

use redthread::{
    case::{Action, Case, Judged, NewEntity, NewValue, Op, Origin, Progress, Source},
    model::{Credibility, Id},
    network::{Lens, Network, each_fall, falls},
};

const ROUNDS: usize = 5;
/// The bars: statements, milliseconds from the lens to what falls.
const BARS: [(u64, f64); 2] = [(100_000, 16.0), (15_000_000, 300.0)];
/// Entities and relationships, and the megabytes that their network may take.
const MEMORY: (usize, f64) = (2_000_000, 450.0);
/// Milliseconds that an edit may take in a frame.
const FRAME: f64 = 16.0;

fn main() -> Result<(), Box<dyn Error>> {
    let count: usize =
        std::env::var("REDTHREAD_BENCH_ENTITIES").map_or(Ok(7_000), |n| n.parse())?;
    let folder = tempfile::tempdir()?;
    let mut case = Case::create(&folder.path().join("case.redthread"))?;
    let sources: Vec<Source> = ["one", "two"]
        .map(|name| {
            let path = folder.path().join(name);
            std::fs::write(&path, name).map(|()| Source {
                path,
                title: name.into(),
                mime: "text/plain".into(),
            })
        })
        .into_iter()
        .collect::<Result<_, _>>()?;
    let mut all = (0..count).map(|n| entity(n, count)).chain((0..count).map(|n| link(n, count)));
    case.import(&sources, &mut all.by_ref().map(Ok), &Progress::new())?;
    // Judged A2, so that what rests on one of them alone falls without it.
    let documents: Vec<Id> = case.evidence()?.iter().map(|item| item.id.clone()).collect();
    let graded = documents.iter().flat_map(|document| {
        let (value, what) = (NewValue::new("reliability", "A"), Judged::Document(document.clone()));
        let credibility = Credibility::from_code("2");
        [Op::State { entity: document.clone(), value }, Op::Judge { what, credibility }]
    });
    case.commit(Action::new(graded.collect()))?;
    let statements = case.counts()?.live;
    let before = resident();
    let start = Instant::now();
    let mut network = Network::read(&case, &Progress::new())?;
    let took = start.elapsed();
    let after = resident();
    println!(
        "{} entities and relationships, {statements} statements, {} references: read in {:.0} ms",
        network.plain().len(),
        network.plain().references().count(),
        ms(took),
    );
    let parts = network.parts().map(|(what, bytes)| format!("{what} {:.0} MB", bytes as f64 / 1e6));
    let bar = (count * 2 >= MEMORY.0).then(|| format!(" (bar {} MB)", MEMORY.1));
    println!(
        "memory: {}, together {:.0} MB{}; resident +{} MB",
        parts.join(", "),
        network.bytes() as f64 / 1e6,
        bar.unwrap_or_default(),
        after.saturating_sub(before)
    );
    let document = documents.first().cloned().ok_or("no document")?;
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let seen = network.through(&Lens::without_evidence(document.clone()));
        let through = start.elapsed();
        let mut counts = [0_usize; 3];
        let (mut degrees, mut letters) = (0, 0);
        for entity in seen.iter() {
            counts[entity.strength() as usize] += 1;
            degrees += entity.degree();
            letters += entity.caption().len();
        }
        let mut first = Vec::new();
        let _ = each_fall(network.plain(), &seen, &mut |fall| {
            first.push(fall);
            if first.len() < 100 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        times.push((start.elapsed(), through));
        assert_eq!(first.len(), 100);
        std::hint::black_box((counts, degrees, letters, first));
    }
    times.sort();
    let (all, through) = times[ROUNDS / 2];
    // A tenth more or less is the same size.
    let bar = BARS.iter().find(|(size, _)| statements.abs_diff(*size) * 10 <= *size);
    println!(
        "without half of it: {:.1} ms{}, of that the lens {:.1} ms (median)",
        ms(all),
        bar.map(|(_, bar)| format!(" (bar {bar} ms)")).unwrap_or_default(),
        ms(through)
    );

    let seen = network.through(&Lens::without_evidence(document));
    let start = Instant::now();
    let all = falls(network.plain(), &seen).len();
    println!(
        "all {all} that fall, which the window lists on a thread: {:.1} ms",
        ms(start.elapsed())
    );
    drop(seen);

    let mut edits = Vec::new();
    for round in 0..ROUNDS {
        let value = NewValue::new("alias", format!("Old Pier {round}"));
        let ops = vec![Op::State { entity: Id::from(format!("n{}", round * 7)), value }];
        let delta = case.commit(Action::new(ops))?;
        let held = network.plain().clone();
        let start = Instant::now();
        network.apply(&delta);
        edits.push(start.elapsed());
        drop(held);
    }
    edits.sort();
    println!(
        "an edit while a snapshot is held: {:.2} ms (bar {FRAME} ms, median)",
        ms(edits[ROUNDS / 2])
    );
    Ok(())
}

/// Resident memory in MB, where the system says; 0 elsewhere.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok());
    kilobytes.unwrap_or_default() >> 10
}

fn entity(n: usize, count: usize) -> NewEntity {
    let mut values = vec![
        NewValue::new("name", format!("Pier Road Holdings {n} Limited")),
        NewValue::new("country", ["hk", "cn", "gb", "vg", "pa"][n % 5]),
        NewValue::new("incorporationDate", format!("19{:02}-{:02}-01", n % 100, n % 12 + 1)),
    ];
    values.extend((0..4).map(|k| NewValue::new("alias", format!("Pier {n} {k}"))));
    if std::env::var_os("REDTHREAD_BENCH_REFERENCES").is_none_or(|wanted| wanted != "0") {
        values.push(NewValue::new("parent", format!("n{}", n / 2)));
    }
    NewEntity {
        id: Id::from(format!("n{n}")),
        schema: "Company".into(),
        values,
        origin: Some(origin(n, count)),
    }
}

fn link(n: usize, count: usize) -> NewEntity {
    let values = vec![
        NewValue::new("owner", format!("n{n}")),
        NewValue::new("asset", format!("n{}", (n * 7919 % count) / (n % 13 + 1))),
        NewValue::new("startDate", format!("20{:02}-{:02}-01", n % 25, n % 12 + 1)),
        NewValue::new("percentage", format!("{}", n % 100)),
    ];
    NewEntity {
        id: Id::from(format!("e{n}")),
        schema: "Ownership".into(),
        values,
        origin: Some(origin(n, count)),
    }
}

/// The first half is from one file, the rest from the other.
fn origin(n: usize, count: usize) -> Origin {
    Origin { file: n * 2 / count.max(1), place: format!("line {n}"), quote: None }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
