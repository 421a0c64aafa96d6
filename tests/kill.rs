//! Killed at any moment, the file opens, verifies, and holds each revision whole or not at all.
#![cfg(unix)]

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use redthread::case::{Case, Progress, Verdict};

/// Entities in one imported file; a revision is whole when it has all of them.
const WHOLE: usize = 400;

fn write_file(folder: &Path, number: usize) {
    let mut text = String::new();
    for n in 0..WHOLE {
        text.push_str(&format!(
            "{{\"id\":\"f{number}-{n}\",\"schema\":\"Company\",\"properties\":{{\"name\":[\"Company {n} of {number}\"],\"country\":[\"cn\"]}}}}\n"
        ));
    }
    std::fs::write(folder.join(format!("{number}.ftm.ndjson")), text).expect("space");
}

fn start(folder: &Path, round: usize) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redthread"));
    command.current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
    if round % 4 == 3 {
        command.args(["undo", "c.redthread"]);
    } else {
        command.args(["import", "c.redthread"]);
        command.args((0..6).map(|n| format!("{}.ftm.ndjson", (round * 3 + n) % 12)));
    }
    command.spawn().expect("the binary runs")
}

#[test]
fn a_kill_at_any_moment_loses_nothing_that_was_committed() {
    let kills: usize =
        std::env::var("REDTHREAD_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(30);
    let folder = tempfile::tempdir().expect("a folder");
    for number in 0..12 {
        write_file(folder.path(), number);
    }
    let path = folder.path().join("c.redthread");
    Case::create(&path).expect("a new case").close().expect("closes");
    let mut committed = 0;
    let mut caught = 0;
    // How long the work takes on this machine; the first round runs to its end.
    let mut work = Duration::from_mins(1);
    for round in 0..=kills {
        let started = Instant::now();
        let mut child = start(folder.path(), round);
        if round == 0 {
            child.wait().expect("it ends");
            work = started.elapsed();
        } else {
            // Anywhere from before the first byte to after the last.
            std::thread::sleep(work.mul_f64((round as f64 * 0.618_034).fract() * 1.1));
        }
        caught += usize::from(child.try_wait().expect("a child").is_none());
        child.kill().ok();
        child.wait().expect("it ends");
        let case = Case::open(&path).expect("it always opens");
        assert_eq!(case.read_only(), None, "a dead writer's lock binds nobody");
        assert!(
            matches!(case.verify(&Progress::new()), Ok(Verdict::Holds { .. })),
            "round {round}"
        );
        let log = case.log().expect("log");
        assert!(log.len() >= committed, "a revision was lost");
        committed = log.len();
        let mut parts = [0_usize; 12];
        let files: Vec<_> = case.evidence().expect("readable").into_iter().map(|e| e.id).collect();
        let entities = case.entities().expect("readable");
        for entity in entities.iter().filter(|entity| !files.contains(&entity.id)) {
            let number =
                entity.id.as_str()[1..].split('-').next().and_then(|n| n.parse::<usize>().ok());
            parts[number.expect("our ids")] += 1;
        }
        for (number, count) in parts.into_iter().enumerate() {
            assert!(count == 0 || count == WHOLE, "file {number} is here in part: {count}");
        }
        case.close().expect("closes");
    }
    println!("{kills} kills, {caught} of them while it worked, {committed} revisions whole");
    assert!(caught * 4 > kills, "many kills hit work under way");
}
