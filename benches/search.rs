//! How long a search takes in a case of a million documents and a million names, beside FTS5,
//! FTS5 by trigrams and tantivy over the same documents with the same queries in the same run.
//!
//! `cargo bench --bench search`. The documents are those of `gen/gen_docs.py` in the folder that
//! `PEERS_BENCH` names, made and searched by the Python that `PEERS_PY` names, in which apsw and
//! tantivy are installed; or, made before, `docs1m_short.ndjson` in the folder that
//! `REDTHREAD_BENCH_GRAPHS` names. `REDTHREAD_BENCH_CASE` names a case to keep and to take again.
//! `REDTHREAD_BENCH_ENTITIES` says how many of each to take, instead of a million.

use std::{
    collections::BTreeMap,
    env,
    error::Error,
    fs::File,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use redthread::{
    case::{Case, Found, NewEntity, NewValue, Progress},
    model::Id,
};
use serde_json::Value;

const CLASSES: [&str; 8] =
    ["rare1", "mid1", "common1", "and2", "and3mix", "or3", "phrase", "prefix"];
const QUERIES: &str = include_str!("search.py");
const PEERS: [&str; 3] = ["fts5", "fts5_trigram", "tantivy"];
/// What a list of hits shows.
const SHOWN: usize = 20;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> Outcome {
    let made = tempfile::tempdir()?;
    let count: usize =
        env::var("REDTHREAD_BENCH_ENTITIES").map_or(Ok(1_000_000), |count| count.parse())?;
    let Some(docs) = documents(made.path(), count) else {
        println!("no documents (PEERS_PY and PEERS_BENCH, or REDTHREAD_BENCH_GRAPHS)");
        return Ok(());
    };
    let kept = env::var_os("REDTHREAD_BENCH_CASE").map(PathBuf::from);
    let path = kept.unwrap_or_else(|| made.path().join("search.redthread"));
    if !path.exists() {
        let start = Instant::now();
        build(&path, &docs, count)?;
        println!("built in {:.1} s", start.elapsed().as_secs_f64());
    }
    println!("case of {} MB", std::fs::metadata(&path)?.len() >> 20);
    let start = Instant::now();
    let mut case = Case::open(&path)?;
    println!("opened in {:.0} ms", start.elapsed().as_secs_f64() * 1e3);
    let queries = queries()?;
    let peers: BTreeMap<&str, Value> = PEERS
        .iter()
        .filter_map(|peer| Some((*peer, peer_figures(peer, &docs, made.path())?)))
        .collect();
    println!("\nbefore the words of the case have been read; milliseconds");
    classes(&case, &queries, &peers)?;
    let start = Instant::now();
    case.learn(&mut || false)?;
    println!("\nwords read in {:.0} ms; milliseconds", start.elapsed().as_secs_f64() * 1e3);
    classes(&case, &queries, &peers)?;
    println!("\nas it is typed: the last word open");
    for class in ["mid1", "common1", "and2", "and3mix", "or3"] {
        report(class, &case, &typed(&queries[class], class, ""), &BTreeMap::new())?;
    }
    println!("\nnames");
    for (class, typed) in names(count) {
        report(class, &case, &typed, &BTreeMap::new())?;
    }
    Ok(())
}

fn classes(case: &Case, queries: &Value, peers: &BTreeMap<&str, Value>) -> Outcome {
    for class in CLASSES {
        // A space ends the last word, except where beginnings are looked for.
        let end = if class == "prefix" { "" } else { " " };
        report(class, case, &typed(&queries[class], class, end), peers)?;
    }
    Ok(())
}

/// What somebody would type for the queries of a class.
fn typed(queries: &Value, class: &str, end: &str) -> Vec<String> {
    let text = |query: &Value| match query {
        Value::Array(words) => {
            let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
            words.join(if class == "or3" { " OR " } else { " " })
        }
        other => other.as_str().unwrap_or_default().to_owned(),
    };
    let all = queries.as_array().map_or(&[][..], Vec::as_slice);
    if class == "phrase" {
        return all.iter().map(|query| format!("\"{}\"", text(query))).collect();
    }
    all.iter().map(|query| format!("{}{end}", text(query))).collect()
}

fn report(class: &str, case: &Case, queries: &[String], peers: &BTreeMap<&str, Value>) -> Outcome {
    let mut times = Vec::new();
    let (mut hits, mut slowest) = (0, (0.0, ""));
    for query in queries {
        let start = Instant::now();
        let Found { hits: found, .. } = case.find(query, SHOWN)?;
        let time = start.elapsed().as_secs_f64() * 1e3;
        times.push(time);
        hits += found.len();
        if time > slowest.0 {
            slowest = (time, query.as_str());
        }
    }
    times.sort_by(f64::total_cmp);
    let at = |part: f64| times.get((times.len() as f64 * part) as usize).copied().unwrap_or(0.0);
    let mut line = format!(
        "{class:>14}: p50 {:7.3}  p95 {:7.3}  worst {:7.3} ({})  {hits} hits",
        at(0.5),
        at(0.95),
        slowest.0,
        slowest.1
    );
    for (peer, figures) in peers {
        let q = &figures["q"][class];
        if let (Some(p50), Some(p95)) = (q["p50"].as_f64(), q["p95"].as_f64()) {
            line += &format!("  | {peer} {p50:.3}/{p95:.3} ratio {:.2}", at(0.5) / p50.max(1e-3));
        }
    }
    println!("{line}");
    Ok(())
}

fn queries() -> Outcome<Value> {
    let python = env::var_os("PEERS_PY").unwrap_or_else(|| "python3".into());
    let output = Command::new(python).args(["-c", QUERIES]).output()?;
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn documents(folder: &Path, count: usize) -> Option<PathBuf> {
    if let Some(made) = env::var_os("REDTHREAD_BENCH_GRAPHS") {
        return Some(Path::new(&made).join("docs1m_short.ndjson")).filter(|path| path.exists());
    }
    let path = folder.join("docs.ndjson");
    let script = Path::new(&env::var_os("PEERS_BENCH")?).join("gen/gen_docs.py");
    let status = Command::new(env::var_os("PEERS_PY")?)
        .arg(script)
        .args([count.to_string().as_str(), "12"])
        .arg(&path)
        .status()
        .ok()?;
    status.success().then_some(path)
}

fn peer_figures(peer: &str, docs: &Path, folder: &Path) -> Option<Value> {
    let script = Path::new(&env::var_os("PEERS_BENCH")?).join("fts/fts.py");
    let output = Command::new(env::var_os("PEERS_PY")?)
        .args([script.as_os_str(), peer.as_ref(), docs.as_os_str()])
        .arg(folder.join(peer))
        .output()
        .ok()?;
    if !output.status.success() {
        println!("{peer}: {}", String::from_utf8_lossy(&output.stderr));
    }
    serde_json::from_slice(&output.stdout).ok()
}

fn build(path: &Path, docs: &Path, count: usize) -> Outcome {
    let mut case = Case::create(path)?;
    let lines = BufReader::new(File::open(docs)?).lines().take(count);
    let documents = lines.map(|line| {
        let line = line.unwrap_or_default();
        let document: Value = serde_json::from_str(&line).unwrap_or_default();
        NewEntity {
            id: Id::from(format!("d{}", document["id"])),
            schema: "PlainText".into(),
            values: vec![NewValue::new("bodyText", document["text"].as_str().unwrap_or_default())],
            origin: None,
        }
    });
    case.import(&[], &mut documents.map(Ok), &Progress::new())?;
    let people = (0..count).map(|n| {
        let country = ["hk", "cn", "gb", "vg", "pa", "ru", "kp"][n % 7];
        NewEntity {
            id: Id::from(format!("n{n}")),
            schema: if n.is_multiple_of(3) { "Person" } else { "Company" }.into(),
            values: vec![
                NewValue::new("name", name(n)),
                NewValue::new("country", country),
                NewValue::new(
                    if n.is_multiple_of(3) { "birthDate" } else { "incorporationDate" },
                    format!("19{:02}-{:02}-{:02}", n % 100, n % 12 + 1, n % 28 + 1),
                ),
            ],
            origin: None,
        }
    });
    case.import(&[], &mut people.map(Ok), &Progress::new())?;
    case.close()?;
    Ok(())
}

/// A word of an invented language, the same as in the documents.
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

/// Numbers that look drawn by chance.
fn draw(n: usize, which: usize) -> usize {
    let mixed = (n as u64 * 31 + which as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 33) as usize
}

/// A name: most of three words, one in ten Han, one in twenty Cyrillic.
fn name(n: usize) -> String {
    if n % 10 == 3 {
        const ENDINGS: [&str; 3] = ["贸易有限公司", "实业", "国际集团"];
        let han = (0..4).filter_map(|at| char::from_u32(0x4e00 + (draw(n, at) % 2500) as u32));
        return han.collect::<String>() + ENDINGS[n % 3];
    }
    let first = word(draw(n, 0) % 60_000);
    let second = word(draw(n, 1) % 5_000);
    if n % 20 == 7 {
        let russian = |text: &str| -> String {
            let letters = text.bytes().filter_map(|b| char::from_u32(0x430 + u32::from(b - b'a')));
            letters.collect()
        };
        return format!("ООО {} {}", russian(&first), russian(&second));
    }
    const ENDINGS: [&str; 4] = ["Limited", "Holdings", "Trading Co., Ltd.", "Shipping"];
    format!("{first} {second} {}", ENDINGS[n % 4])
}

/// What one would type to find names, by what makes it hard.
fn names(count: usize) -> Vec<(&'static str, Vec<String>)> {
    let some =
        |start: usize, step: usize| (0..40).map(move |n| (n * 24_989 * 10 + start + step) % count);
    let latin = |n: usize| name(n / 20 * 20 + 1);
    let han = |n: usize| name(n / 10 * 10 + 3);
    let letters =
        |text: &str, from: usize, to: usize| text.chars().skip(from).take(to).collect::<String>();
    let misspelled = |n: usize| {
        let name = latin(n);
        let first = name.split(' ').next().unwrap_or_default();
        letters(first, 0, 2) + "y" + &letters(first, 3, 40) + " "
    };
    let reading = |n: usize| {
        let mut text = String::new();
        redthread::model::fold::latin(&letters(&han(n), 0, 4), &mut text);
        text.replace('\'', "")
    };
    vec![
        ("exact name", some(0, 1).map(latin).collect()),
        ("beginning", some(0, 1).map(|n| letters(&latin(n), 0, 5)).collect()),
        ("part", some(0, 1).map(|n| letters(&latin(n), 2, 4)).collect()),
        (
            "common word",
            ["limited", "holdings ", "trading", "lim", "co", "s", "h"].map(str::to_owned).into(),
        ),
        ("misspelled", some(0, 1).map(misspelled).collect()),
        ("nothing like it", some(0, 1).map(|n| format!("qx{}wq", n % 977)).collect()),
        ("two Han", some(0, 1).map(|n| letters(&han(n), 1, 2)).collect()),
        ("Han common", ["贸易", "有限公司", "集团", "国"].map(str::to_owned).into()),
        ("transliterated", some(0, 1).map(reading).collect()),
        (
            "filtered",
            some(0, 1)
                .map(|n| format!("{} country:hk schema:company", letters(&latin(n), 0, 4)))
                .collect(),
        ),
        (
            "filtered common",
            [
                "limited country:kp since:1990 ",
                "trading country:ru",
                "country:kp",
                "schema:person",
                "holdings since:1950-03 until:1950-05",
            ]
            .map(str::to_owned)
            .into(),
        ),
    ]
}
