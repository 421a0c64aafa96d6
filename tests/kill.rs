//! Killed at any moment, the file opens, verifies, and holds each revision whole or not at all.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use redthread::case::{Case, Progress, Verdict};

/// One test at a time: how long the work takes is measured, and must not change meanwhile.
static ALONE: Mutex<()> = Mutex::new(());

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
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
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
    // About how long an import and an undo take on this machine by now; the first round runs to its
    // end, and each later one says whether that is too long or too short.
    let mut work = [Duration::from_mins(1); 2];
    for round in 0..=kills {
        let started = Instant::now();
        let mut child = start(folder.path(), round);
        if round == 0 {
            child.wait().expect("it ends");
            work = [started.elapsed(); 2];
        } else {
            // Anywhere from before the first byte to after the last.
            let work = &mut work[usize::from(round % 4 == 3)];
            std::thread::sleep(work.mul_f64((round as f64 * 0.618_034).fract() * 1.1));
            let is_under_way = child.try_wait().expect("a child").is_none();
            *work = work.mul_f64(if is_under_way { 1.1 } else { 0.8 });
            caught += usize::from(is_under_way);
        }
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

/// A file that is large enough to be written under a rollback journal.
fn write_large(path: &Path) {
    let filler = "a".repeat(900);
    let mut text = String::new();
    for n in 0..12_000 {
        text.push_str(&format!(
            "{{\"id\":\"n{n}\",\"schema\":\"Company\",\"properties\":{{\"name\":[\"Company {n} (FICTIONAL)\"],\"description\":[\"{filler}\"]}}}}\n"
        ));
    }
    std::fs::write(path, text).expect("space");
}

#[test]
fn a_large_import_that_is_killed_leaves_nothing_behind() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    // Each takes some ten times as long as one of the small ones.
    let kills: u32 = std::env::var("REDTHREAD_KILLS")
        .ok()
        .and_then(|n| n.parse().ok())
        .map_or(8, |n: u32| n.div_ceil(8));
    let folder = tempfile::tempdir().expect("a folder");
    let lines = folder.path().join("large.ndjson");
    write_large(&lines);
    let at = folder.path().join("case");
    std::fs::create_dir(&at).expect("space");
    let path = at.join("c.redthread");
    Case::create(&path).expect("a new case").close().expect("closes");
    let import = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_redthread"));
        command.arg("import").arg(&path).arg(&lines);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary runs")
    };
    // How long it takes is known from a case that is thrown away.
    let empty = std::fs::read(&path).expect("readable");
    let started = Instant::now();
    assert!(import().wait().expect("it ends").success());
    let work = started.elapsed();
    std::fs::write(&path, &empty).expect("space");
    let mut caught = 0;
    for round in 1..=kills {
        let mut child = import();
        std::thread::sleep(work.mul_f64((f64::from(round) * 0.618_034).fract() * 0.95));
        caught += usize::from(child.try_wait().expect("a child").is_none());
        child.kill().ok();
        child.wait().expect("it ends");
        let case = Case::open(&path).expect("it always opens");
        assert_eq!(case.read_only(), None);
        assert!(matches!(case.verify(&Progress::new()), Ok(Verdict::Holds { .. })), "{round}");
        let whole = case.log().expect("log").len();
        let found =
            (case.entities().expect("readable").len(), case.evidence().expect("readable").len());
        assert!(
            (whole, found) == (0, (0, 0)) || (whole, found) == (1, (12_001, 1)),
            "round {round}: {whole} revisions, {found:?}"
        );
        case.close().expect("closes");
        let files: Vec<_> = std::fs::read_dir(&at)
            .expect("readable")
            .map(|file| file.expect("readable").file_name())
            .collect();
        assert_eq!(files, ["c.redthread"], "round {round}");
        std::fs::write(&path, &empty).expect("space");
    }
    println!("{kills} kills, {caught} of them while it worked");
    assert!(caught * 2 > kills as usize, "many kills hit work under way");
}
