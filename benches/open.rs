//! How long a large case takes to open, and how much memory its network takes, next to plain
//! `SQLite` reading the same rows in the same run.
//!
//! `REDTHREAD_BENCH_ENTITIES` says how many entities the case has, with as many relationships
//! (20,000 unless told); `REDTHREAD_BENCH_CASE` names a case to take instead.

use std::{
    error::Error,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use redthread::{
    app::model::Model,
    case::{Case, NewEntity, NewValue, Progress},
    model::Id,
    network::Network,
};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let path = if let Some(path) = std::env::var_os("REDTHREAD_BENCH_CASE") {
        PathBuf::from(path)
    } else {
        let count = std::env::var("REDTHREAD_BENCH_ENTITIES");
        build(folder.path(), count.map_or(Ok(20_000), |count| count.parse())?)?
    };
    let size = std::fs::metadata(&path)?.len();
    println!("{} MB", size >> 20);
    for round in 1..=3 {
        let start = Instant::now();
        let case = Case::open(&path)?;
        let opened = start.elapsed();
        let model = Model::read(&case)?;
        let usable = start.elapsed();
        drop(model);
        let before = resident();
        let start = Instant::now();
        let network = Network::read(&case, &Progress::new())?;
        let whole = start.elapsed();
        let after = resident();
        let plain = plain(&path)?;
        println!(
            "run {round}: file opened {:.0} ms, usable {:.0} ms; network of {} + {}: {:.0} ms, \
             plain SQLite {:.0} ms, ratio {:.2}; {:.0} MB, {:.0} bytes each, resident +{} MB",
            ms(opened),
            ms(usable),
            network.plain().node_count(),
            network.plain().link_count(),
            ms(whole),
            ms(plain),
            whole.as_secs_f64() / plain.as_secs_f64(),
            network.bytes() as f64 / 1e6,
            network.bytes() as f64 / network.plain().len().max(1) as f64,
            after.saturating_sub(before) / 1000,
        );
    }
    Ok(())
}

/// A case of companies and people, each with a name, a country and a date, and of as many
/// relationships.
fn build(folder: &Path, count: usize) -> Result<PathBuf, Box<dyn Error>> {
    let path = folder.join("large.redthread");
    let mut case = Case::create(&path)?;
    let entity = |n: usize| NewEntity {
        id: Id::from(format!("n{n}")),
        schema: if n.is_multiple_of(3) { "Person" } else { "Company" }.into(),
        values: vec![
            NewValue::new("name", format!("Pier Road Holdings {n} Limited")),
            NewValue::new("country", ["hk", "cn", "gb", "vg", "pa"][n % 5]),
            NewValue::new(
                if n.is_multiple_of(3) { "birthDate" } else { "incorporationDate" },
                format!("19{:02}-{:02}-{:02}", n % 100, n % 12 + 1, n % 28 + 1),
            ),
        ],
        origin: None,
    };
    let link = |n: usize| NewEntity {
        id: Id::from(format!("e{n}")),
        schema: "Ownership".into(),
        values: vec![
            NewValue::new("owner", format!("n{n}")),
            // Some have many, most have few.
            NewValue::new("asset", format!("n{}", (n * 7919 % count) / (n % 13 + 1))),
            NewValue::new("startDate", format!("20{:02}-{:02}-01", n % 25, n % 12 + 1)),
        ],
        origin: None,
    };
    let mut all = (0..count).map(entity).chain((0..count).map(link)).map(Ok);
    case.import(&[], &mut all, &Progress::new())?;
    case.close()?;
    Ok(path)
}

/// Reads the rows that a network is made of and keeps nothing.
fn plain(path: &Path) -> Result<Duration, Box<dyn Error>> {
    let db = rusqlite::Connection::open_with_flags(
        path,
        rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    let start = Instant::now();
    let mut sum = 0;
    for (sql, columns) in [
        ("SELECT id, key FROM entity ORDER BY id", 2),
        (
            "SELECT value, key, entity, property, lang, denied, stands FROM statement ORDER BY key",
            7,
        ),
        ("SELECT caption, entity FROM node ORDER BY entity", 2),
    ] {
        let mut query = db.prepare(sql)?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            sum += row.get_ref(0)?.as_str()?.len() as i64;
            for column in 1..columns {
                sum += row.get::<_, Option<i64>>(column).unwrap_or_default().unwrap_or_default();
            }
        }
    }
    std::hint::black_box(sum);
    Ok(start.elapsed())
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// What the process has in memory, in kilobytes; 0 where that is not known.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
