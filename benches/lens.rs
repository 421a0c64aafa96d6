//! How long it takes to see a case without the source of half of it: from the lens to what falls,
//! to counts by strength, degrees and captions.
//!
//! `cargo bench --bench lens`. `REDTHREAD_BENCH_ENTITIES` says how many entities the case has, with
//! as many relationships (7,000 unless told, some 100,000 statements);
//! `REDTHREAD_BENCH_REFERENCES=1` gives each a parent company.

use std::{
    error::Error,
    time::{Duration, Instant},
};

use redthread::{
    case::{Case, NewEntity, NewValue, Origin, Progress, Source},
    model::Id,
    network::{Lens, Network, falls},
};

const ROUNDS: usize = 5;

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
    let statements = case.counts()?.live;
    let start = Instant::now();
    let network = Network::read(&case, &Progress::new())?;
    let took = start.elapsed();
    println!(
        "{statements} statements, {} references: read in {:.0} ms, {:.0} MB",
        network.plain().references().count(),
        ms(took),
        network.bytes() as f64 / 1e6
    );
    let document = case.evidence()?.first().map(|item| item.id.clone()).ok_or("no document")?;
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
        let first = falls(network.plain(), &seen).into_iter().take(100).count();
        times.push((start.elapsed(), through));
        std::hint::black_box((counts, degrees, letters, first));
    }
    times.sort();
    let (all, through) = times[ROUNDS / 2];
    println!(
        "without half of it: {:.1} ms, of that the lens {:.1} ms (median)",
        ms(all),
        ms(through)
    );
    Ok(())
}

fn entity(n: usize, count: usize) -> NewEntity {
    let mut values = vec![
        NewValue::new("name", format!("Pier Road Holdings {n} Limited")),
        NewValue::new("country", ["hk", "cn", "gb", "vg", "pa"][n % 5]),
        NewValue::new("incorporationDate", format!("19{:02}-{:02}-01", n % 100, n % 12 + 1)),
    ];
    values.extend((0..4).map(|k| NewValue::new("alias", format!("Pier {n} {k}"))));
    // Where it is asked for, each names its parent.
    if std::env::var_os("REDTHREAD_BENCH_REFERENCES").is_some() {
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
