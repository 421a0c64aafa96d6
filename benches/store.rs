//! What the store takes, in seconds of the processor: verification beside the import of the same
//! rows, an edit of a large chart that a scene shows, and many values of one entity beside the same
//! of many.
//!
//! `cargo bench --bench store`. `REDTHREAD_OLD` names an older program, which imports and verifies
//! the same rows beside.

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
    rows(folder.path())?;
    chart(folder.path())?;
    for one in [false, true] {
        values(one)?;
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
    let start = Instant::now();
    let mut case = Case::create(&folder.join("rows.redthread"))?;
    let before = spent(start).0;
    let job = Job { files: vec![lines.clone()], ..Job::default() };
    run(&mut case, &job, &Progress::new())?;
    let imported = spent(start).0;
    let Verdict::Holds { .. } = case.verify(&Progress::new())? else {
        return Err("it does not hold".into());
    };
    let verified = spent(start).0;
    let (import, verify) = (imported - before, verified - imported);
    println!(
        "{ROWS} rows: import {import:.2} s, verify {verify:.2} s, ratio {:.2}",
        verify / import
    );
    case.close()?;
    if let Some(old) = std::env::var_os("REDTHREAD_OLD").map(PathBuf::from) {
        let case = folder.join("old.redthread");
        let mut took = Vec::new();
        for arguments in [vec!["new"], vec!["import"], vec!["verify"]] {
            let before = spent(start).1;
            let mut command = Command::new(&old);
            command.args(&arguments).arg(&case);
            if arguments == ["import"] {
                command.arg(&lines);
            }
            command.output()?;
            took.push(spent(start).1 - before);
        }
        println!(
            "  before: import {:.2} s, verify {:.2} s, ratio {:.2}",
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
    case.import("Import", &[], &mut entities.chain(links).map(Ok), &Progress::new())?;
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
    case.commit(Action::new("Chart", vec![Op::PutChart(chart)]))?;
    case.commit(Action::new("Place", vec![Op::Place { chart: id.clone(), placements }]))?;
    case.commit(Action::new("Scene", vec![Op::PutScene(scene)]))?;
    case.stale_scenes()?;
    let start = Instant::now();
    const TIMES: usize = 50;
    let mut edits = |what: &str, op: &dyn Fn(usize) -> Op| -> Outcome {
        let before = spent(start).0;
        for n in 0..TIMES {
            case.commit(Action::new("Edit", vec![op(n)]))?;
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
    case.import("Import", &[], &mut lines.map(Ok), &Progress::new())?;
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
    case.commit(Action::new("State", state.collect()))?;
    note("commit");
    let edit = Op::State { entity: id(0), value: NewValue::new("alias", "One more") };
    case.commit(Action::new("Edit", vec![edit]))?;
    note("one edit");
    println!("{VALUES} values of {}:{line} (s)", if one { "one entity" } else { "as many" });
    Ok(())
}
