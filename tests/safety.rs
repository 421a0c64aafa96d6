//! The case file is safe from what happens to files: it is copied, replaced, linked, locked and
//! write-protected while it is open, and what was cut off is rolled back.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
    time::{Duration, Instant},
};

use super::need;
use redthread::case::{
    Action, Case, Error, NewEntity, NewValue, Op, Origin, Progress, Remedy, Source, Verdict,
};

fn company(id: &str) -> Action {
    let values = vec![NewValue::new("name", format!("{id} Ltd"))];
    let add = Op::Add { entity: id.into(), schema: "Company".into(), values };
    Action::new(vec![add])
}

/// A new case with one company, and its folder.
fn case() -> (tempfile::TempDir, PathBuf, Case) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("c.redthread");
    let mut case = Case::create(&path).expect("a new case");
    case.commit(company("first")).expect("committed");
    (folder, path, case)
}

fn count(case: &Case) -> usize {
    case.entities().expect("readable").len()
}

fn holds(case: &Case) {
    let verdict = case.verify(&Progress::new()).expect("verifies");
    assert!(matches!(verdict, Verdict::Holds { .. }), "{verdict:?}");
}

fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("readable");
    let mut names: Vec<String> =
        entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Copies the case file alone to a folder of its own, as mail and synchronisation do.
fn sent(path: &Path) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let copy = folder.path().join("sent.redthread");
    std::fs::copy(path, &copy).expect("space");
    (folder, copy)
}

/// Whether the header names a write-ahead log.
fn has_mark(path: &Path) -> bool {
    let bytes = std::fs::read(path).expect("readable");
    bytes[18] == 2 || bytes[19] == 2 || bytes[48..52] != [0; 4]
}

fn redthread(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redthread"));
    command.args(arguments).output().expect("the binary runs")
}

#[test]
fn the_one_file_holds_everything_once_it_is_settled() {
    let (folder, path, mut case) = case();
    for round in 0..3 {
        case.commit(company(&format!("more {round}"))).expect("committed");
        assert!(!case.is_settled());
        assert!(case.settle().expect("settles"));
        assert!(case.is_settled() && !has_mark(&path));
        assert_eq!(files(folder.path()), ["c.redthread", "c.redthread.lock"]);
        let (_there, copy) = sent(&path);
        let copy = Case::open(&copy).expect("opens");
        assert_eq!((copy.read_only(), count(&copy)), (None, round + 2));
        holds(&copy);
    }
    case.undo().expect("undone");
    assert!(case.settle().expect("settles"));
    let (_there, copy) = sent(&path);
    assert_eq!(count(&Case::open(&copy).expect("opens")), 3);
}

#[test]
fn a_copy_without_its_log_says_so_and_becomes_a_case_by_save_a_copy() {
    let (_folder, path, mut case) = case();
    assert!(case.settle().expect("settles"));
    case.commit(company("second")).expect("committed");
    assert!(has_mark(&path), "marked before it is written anywhere else");
    let (there, copy) = sent(&path);
    for _ in 0..2 {
        let mut opened = Case::open(&copy).expect("opens");
        let why = opened.read_only().expect("for reading").to_owned();
        assert!(
            why.contains("may lack its last changes") && why.contains("copy it again"),
            "{why}"
        );
        assert_eq!(opened.remedy(), Some(&Remedy::SaveCopy));
        assert_eq!(count(&opened), 1, "what the log held is not here");
        assert!(matches!(opened.commit(company("third")), Err(Error::ReadOnly(_))));
        let again = Case::open(&copy).expect("opens a second time");
        assert!(again.read_only().is_some(), "also while it is open");
        assert_eq!(files(there.path()), ["sent.redthread"], "nothing is laid beside it");
    }
    let opened = Case::open(&copy).expect("opens");
    let saved = there.path().join("saved.redthread");
    opened.save_copy(&saved).expect("saved");
    let mut saved = Case::open(&saved).expect("opens");
    assert_eq!(saved.read_only(), None);
    saved.commit(company("third")).expect("it is a case like any other");
    holds(&saved);
    // With its log the copy is whole.
    let with = there.path().join("with.redthread");
    std::fs::copy(&path, &with).expect("space");
    std::fs::copy(path.with_file_name("c.redthread-wal"), there.path().join("with.redthread-wal"))
        .expect("space");
    let with = Case::open(&with).expect("opens");
    assert_eq!((with.read_only(), count(&with)), (None, 2));
    holds(&with);
}

#[test]
fn a_reader_lets_go_of_the_log_and_until_then_the_file_is_complete_all_the_same() {
    let (_folder, path, mut case) = case();
    let mut reader = Case::open(&path).expect("opens for reading");
    assert_eq!(count(&reader), 1);
    case.commit(company("second")).expect("a reader is no obstacle");
    assert_eq!(count(&reader), 2);
    assert!(!case.settle().expect("tries"), "the reader has the log open");
    let (_there, copy) = sent(&path);
    assert_eq!(count(&Case::open(&copy).expect("opens")), 2, "the file holds everything");
    assert!(reader.settle().expect("lets go"));
    assert!(case.settle().expect("settles"));
    assert!(!has_mark(&path));
    reader.touch();
    assert_eq!(count(&reader), 2);
    case.commit(company("third")).expect("committed");
    assert_eq!(count(&reader), 3);
    // Closing with a reader there leaves a case that can be changed.
    case.close().expect("closes");
    drop(reader);
    let case = Case::open(&path).expect("opens");
    assert_eq!((case.read_only(), count(&case)), (None, 3));
    case.close().expect("closes");
    assert!(!has_mark(&path));
}

#[test]
fn headless_commands_leave_one_complete_file_also_when_they_are_refused() {
    let (folder, path, case) = case();
    case.close().expect("closes");
    let name = path.to_str().expect("plain");
    let lines = folder.path().join("a.ftm.ndjson");
    let line = r#"{"id":"x","schema":"Company","properties":{"name":["X"]}}"#;
    std::fs::write(&lines, format!("{line}\n")).expect("space");
    let broken = folder.path().join("b.ftm.ndjson");
    std::fs::write(&broken, format!("{}\n{{\"id\":\"y\"", line.replace('x', "z"))).expect("space");
    let before = files(folder.path());
    let commands: [&[&str]; 4] = [
        &["import", name, lines.to_str().expect("plain")],
        &["undo", name],
        &["import", name, broken.to_str().expect("plain")],
        &["info", name],
    ];
    for command in commands {
        redthread(command);
        assert!(!has_mark(&path), "{command:?}");
        assert_eq!(files(folder.path()), before, "{command:?}");
        let (_there, copy) = sent(&path);
        assert_eq!(Case::open(&copy).expect("opens").read_only(), None, "{command:?}");
    }
}

#[test]
fn a_copy_that_is_made_during_a_large_import_says_so() {
    let (folder, path, mut case) = case();
    assert!(case.settle().expect("settles"));
    let large = folder.path().join("large.txt");
    std::fs::write(&large, vec![b'x'; 9 << 20]).expect("space");
    let source = Source { path: large, title: "Large".into(), mime: "text/plain".into() };
    let mut copies = Vec::new();
    for stop in [false, true] {
        let progress = Progress::new();
        let (wish, from) = (progress.clone(), path.clone());
        let mut taken = Vec::new();
        let mut entities = (0..900).map(|n| {
            if n == 800 {
                taken.push(sent(&from));
                if stop {
                    wish.cancel();
                }
            }
            let origin = Origin { file: 0, place: format!("line {n}"), quote: None };
            Ok(NewEntity {
                id: format!("{stop}{n}").as_str().into(),
                schema: "Company".into(),
                values: vec![NewValue::new("name", "Pier Road")],
                origin: Some(origin),
            })
        });
        let done = case.import(std::slice::from_ref(&source), &mut entities, &progress);
        assert_eq!(done.is_err(), stop, "{done:?}");
        assert!(case.is_settled() && !has_mark(&path), "complete when it is over");
        drop(entities);
        copies.append(&mut taken);
    }
    for (_there, copy) in &copies {
        let opened = Case::open(copy).expect("opens");
        assert!(opened.read_only().is_some_and(|why| why.contains("may lack")), "it was torn");
    }
    case.close().expect("closes");
    let case = Case::open(&path).expect("opens");
    assert_eq!((case.read_only(), case.evidence().expect("readable").len()), (None, 1));
    holds(&case);
}

#[test]
fn a_case_that_is_moved_deleted_or_replaced_is_not_written_to_and_can_be_saved() {
    for settled in [true, false] {
        for what in ["moved", "deleted", "replaced"] {
            let (folder, path, mut case) = case();
            case.commit(company("second")).expect("committed");
            if settled {
                assert!(case.settle().expect("settles"));
            }
            let other = folder.path().join("other");
            match what {
                "moved" => std::fs::rename(&path, &other).expect("moved"),
                "deleted" => std::fs::remove_file(&path).expect("deleted"),
                _ => {
                    std::fs::write(&other, b"another file").expect("space");
                    std::fs::rename(&other, &path).expect("replaced");
                }
            }
            let error = case.commit(company("third")).expect_err(what).to_string();
            assert!(error.contains("moved, deleted or replaced"), "{error}");
            assert!(error.contains("Save a copy"), "{error}");
            assert!(case.undo().is_err() && case.redo().is_ok_and(|d| d.is_none()), "{what}");
            let nothing: Vec<redthread::case::Result<NewEntity>> = Vec::new();
            let import = case.import(&[], &mut nothing.into_iter(), &Progress::new());
            assert!(matches!(import, Err(Error::ReadOnly(_))), "{what}");
            assert_eq!(case.remedy(), Some(&Remedy::SaveCopy));
            let saved = folder.path().join("saved.redthread");
            case.save_copy(&saved).expect("saved");
            case.close().expect("closes");
            let saved = Case::open(&saved).expect("opens");
            assert_eq!((saved.read_only(), count(&saved)), (None, 2), "{what}");
            holds(&saved);
            if what == "replaced" {
                assert_eq!(std::fs::read(&path).expect("there"), b"another file");
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn a_case_that_another_program_overwrites_in_place_is_not_written_to() {
    let (_folder, path, mut case) = case();
    assert!(case.settle().expect("settles"));
    let before = std::fs::read(&path).expect("readable");
    std::thread::sleep(Duration::from_millis(20));
    std::fs::write(&path, &before).expect("space");
    let error = case.commit(company("second")).expect_err("not any more").to_string();
    assert!(error.contains("another program has written"), "{error}");
    drop(case);
    assert!(std::fs::read(&path).expect("readable") == before);
}

/// Writes the bytes of one file into another, which stays the same file.
#[cfg(unix)]
fn overwrite(path: &Path, with: &Path) {
    let bytes = std::fs::read(with).expect("readable");
    std::thread::sleep(Duration::from_millis(20));
    std::fs::write(path, bytes).expect("space");
}

#[cfg(unix)]
#[test]
fn a_copy_of_a_case_that_was_overwritten_in_place_is_refused() {
    for settled in [true, false] {
        for what in ["another case", "another state of this case", "something else", "the same"] {
            let (folder, path, mut case) = case();
            assert!(case.settle().expect("settles"));
            let (_there, before) = sent(&path);
            case.commit(company("second")).expect("committed");
            if settled || what == "the same" {
                assert!(case.settle().expect("settles"));
            }
            let other = folder.path().join("other.redthread");
            match what {
                "another case" => {
                    // With as many changes, so that SQLite's own counter does not differ.
                    let mut one = Case::create(&other).expect("new");
                    one.commit(company("else")).expect("committed");
                    one.commit(company("more")).expect("committed");
                    one.close().expect("closes");
                }
                "another state of this case" => std::fs::rename(&before, &other).expect("moved"),
                "something else" => std::fs::write(&other, vec![b'x'; 90_000]).expect("space"),
                _ => drop(std::fs::copy(&path, &other).expect("space")),
            }
            overwrite(&path, &other);
            let there = std::fs::read(&path).expect("readable");
            let copy = folder.path().join("copy.redthread");
            let saved = case.save_copy(&copy);
            if what == "the same" {
                saved.expect("nothing is lost");
                let copy = Case::open(&copy).expect("opens");
                assert_eq!(count(&copy), 2);
                holds(&copy);
            } else {
                let why = saved.expect_err(what).to_string();
                assert!(why.contains("Another program has written"), "{settled}: {why}");
                assert!(why.contains("Restore the file"), "{why}");
                assert!(!copy.exists(), "{what}");
                assert!(case.snapshot(&Progress::new()).is_err(), "nor verified as ours");
                assert!(case.reader().is_none(), "nor exported as ours");
            }
            assert!(case.commit(company("third")).is_err(), "{what}");
            assert!(!case.settle().expect("no error") || settled || what == "the same", "{what}");
            case.close().ok();
            assert!(
                std::fs::read(&path).expect("readable") == there,
                "{settled} {what}: left alone"
            );
            if what == "another case" {
                assert_eq!(count(&Case::open(&path).expect("opens")), 2, "as its author left it");
            }
        }
    }
}

/// Runs the program as a user who may not write into a folder.
#[cfg(unix)]
fn as_reader(program: &Path, arguments: &[&str]) -> Output {
    use std::os::unix::process::CommandExt as _;
    let mut command = Command::new(program);
    command.args(arguments).current_dir("/tmp");
    if rustix::process::geteuid().is_root() {
        command.uid(65_534).gid(65_534);
    }
    command.output().expect("the binary runs")
}

#[cfg(unix)]
#[test]
fn a_case_on_a_write_protected_disk_opens_for_reading() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("set");
    };
    let (folder, path, mut case) = case();
    assert!(case.settle().expect("settles"));
    let there = tempfile::tempdir().expect("a folder");
    let out = tempfile::tempdir().expect("a folder");
    mode(out.path(), 0o777);
    // The folder of the build may be closed to others.
    let program = there.path().join("redthread");
    if std::fs::hard_link(env!("CARGO_BIN_EXE_redthread"), &program).is_err() {
        std::fs::copy(env!("CARGO_BIN_EXE_redthread"), &program).expect("space");
    }
    std::fs::copy(&path, there.path().join("whole.redthread")).expect("space");
    case.commit(company("second")).expect("committed");
    std::fs::copy(&path, there.path().join("marked.redthread")).expect("space");
    case.close().expect("closes");
    drop(folder);
    for name in ["whole.redthread", "marked.redthread"] {
        mode(&there.path().join(name), 0o444);
    }
    mode(&program, 0o755);
    mode(there.path(), 0o555);
    for (name, why) in [("whole", "write-protected"), ("marked", "may lack its last changes")] {
        let path = there.path().join(format!("{name}.redthread"));
        let path = path.to_str().expect("plain");
        let export = out.path().join(format!("{name}.ftm.ndjson"));
        let copy = out.path().join(format!("{name}-copy.redthread"));
        let (export, copy) = (export.to_str().expect("plain"), copy.to_str().expect("plain"));
        let commands: [&[&str]; 6] = [
            &["info", path],
            &["verify", path],
            &["log", path],
            &["find", path, "first"],
            &["export", path, "--format", "ftm", "--out", export],
            &["copy", path, "--out", copy],
        ];
        for command in commands {
            let done = as_reader(&program, command);
            let said = String::from_utf8_lossy(&done.stderr);
            assert!(done.status.success(), "{command:?}: {said}");
        }
        let told = as_reader(&program, &["info", path]);
        let told = String::from_utf8_lossy(&told.stdout);
        assert!(told.contains(why), "{told}");
        let refused = as_reader(&program, &["undo", path]);
        let refused = String::from_utf8_lossy(&refused.stderr);
        assert!(refused.contains(why), "{refused}");
        let copy = Case::open(Path::new(copy)).expect("opens");
        assert_eq!(count(&copy), 1);
    }
    // In a folder that could be written to, the file alone.
    mode(there.path(), 0o777);
    let path = there.path().join("whole.redthread");
    let told = as_reader(&program, &["info", path.to_str().expect("plain")]);
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(told.contains("the file is write-protected"), "{told}");
    mode(there.path(), 0o755);
    assert_eq!(files(there.path()), ["marked.redthread", "redthread", "whole.redthread"]);
}

#[test]
fn what_was_cut_off_is_rolled_back_before_the_file_is_judged() {
    let torn = ["c.redthread", "c.redthread-journal"];
    let paths = torn.map(|name| format!("hostile/torn-by-file-size-limit/{name}"));
    let Some(found) = need::data(&paths.each_ref().map(String::as_str)) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    for (from, name) in found.iter().zip(torn) {
        std::fs::copy(from, folder.path().join(name)).expect("space");
    }
    let path = folder.path().join("c.redthread");
    let case = Case::open(&path).expect("opens with all that SQLite recovers");
    assert_eq!(case.read_only(), None);
    holds(&case);
    case.close().expect("closes");
    assert_eq!(files(folder.path()), ["c.format-2.redthread", "c.redthread"]);
}

#[test]
fn a_torn_file_with_its_journal_opens_and_without_it_does_not() {
    let (folder, path, case) = case();
    case.close().expect("closes");
    let whole = std::fs::read(&path).expect("readable");
    let db = rusqlite::Connection::open(&path).expect("opens");
    db.execute_batch(
        "PRAGMA cache_size = 1; PRAGMA foreign_keys = off; BEGIN; DELETE FROM revision;
        UPDATE statement SET value = hex(zeroblob(9000))",
    )
    .expect("writes");
    let cut = folder.path().join("cut.redthread");
    let mut bytes = std::fs::read(&path).expect("readable");
    // A write in the middle of a page was the last.
    bytes.truncate(bytes.len() - 1000);
    std::fs::write(&cut, &bytes).expect("space");
    std::fs::copy(
        path.with_file_name("c.redthread-journal"),
        cut.with_file_name("cut.redthread-journal"),
    )
    .expect("the journal is on the disk");
    drop(db);
    let case = Case::open(&cut).expect("opens");
    assert_eq!((case.read_only(), count(&case)), (None, 1));
    holds(&case);
    case.close().expect("closes");
    assert_eq!(std::fs::read(&cut).expect("readable").len(), whole.len());
    std::fs::write(&cut, &bytes).expect("space");
    assert!(matches!(Case::open(&cut), Err(Error::Damaged { .. })));
}

#[cfg(unix)]
#[test]
fn what_lies_in_the_place_of_the_lock_is_left_alone() {
    use std::os::unix::fs::symlink;
    let (folder, path, case) = case();
    case.close().expect("closes");
    let lock = folder.path().join("c.redthread.lock");
    let target = folder.path().join("diary.txt");
    let dangling = folder.path().join("nowhere.txt");
    std::fs::write(&target, "Dear diary").expect("space");
    let plant: [(&str, &dyn Fn()); 5] = [
        ("a link", &|| symlink(&target, &lock).expect("links")),
        ("a link to nothing", &|| symlink(&dangling, &lock).expect("links")),
        ("a hard link", &|| std::fs::hard_link(&target, &lock).expect("links")),
        ("another file", &|| std::fs::write(&lock, "PID 7").expect("space")),
        ("a pipe", &|| {
            assert!(Command::new("mkfifo").arg(&lock).status().expect("runs").success());
        }),
    ];
    for (what, plant) in plant {
        plant();
        let mut opened = Case::open(&path).expect(what);
        let why = opened.read_only().expect("for reading").to_owned();
        assert!(why.contains("not a lock of Redthread"), "{what}: {why}");
        assert_eq!(count(&opened), 1);
        assert!(opened.commit(company("second")).is_err());
        opened.close().expect("closes");
        assert!(redthread::case::release(&path).is_err(), "{what}: not released either");
        assert_eq!(std::fs::read_to_string(&target).expect("there"), "Dear diary", "{what}");
        assert!(!dangling.exists(), "{what}");
        assert!(std::fs::symlink_metadata(&lock).is_ok(), "{what}");
        std::fs::remove_file(&lock).expect("there");
    }
    for ending in ["-journal", "-wal", "-shm"] {
        let beside = folder.path().join(format!("c.redthread{ending}"));
        assert!(Command::new("mkfifo").arg(&beside).status().expect("runs").success());
        let error = Case::open(&path).expect_err("not with a pipe there").to_string();
        assert!(error.contains("not a regular file") && error.contains(ending), "{error}");
        std::fs::remove_file(&beside).expect("there");
    }
    assert_eq!(Case::open(&path).expect("opens").read_only(), None);
}

#[cfg(unix)]
#[test]
fn a_case_has_one_writer_under_whatever_name() {
    let (folder, path, mut first) = case();
    let link = folder.path().join("link.redthread");
    std::os::unix::fs::symlink(&path, &link).expect("links");
    let second = Case::open(&link).expect("opens");
    assert!(second.read_only().is_some_and(|why| why.contains("has it open")));
    drop(second);
    // The lock file is deleted by somebody who tidies up.
    std::fs::remove_file(folder.path().join("c.redthread.lock")).expect("there");
    if cfg!(target_os = "linux") {
        let second = Case::open(&path).expect("opens");
        assert!(second.read_only().is_some_and(|why| why.contains("has it open")));
    }
    first.commit(company("second")).expect("committed");
    assert!(folder.path().join("c.redthread.lock").exists(), "it is there again");
    first.close().expect("closes");
    assert_eq!(Case::open(&link).expect("opens").read_only(), None);
    let twin = folder.path().join("twin.redthread");
    std::fs::hard_link(&path, &twin).expect("links");
    for name in [&path, &twin] {
        let opened = Case::open(name).expect("opens");
        assert!(opened.read_only().is_some_and(|why| why.contains("several names")));
        assert_eq!(count(&opened), 2);
    }
    std::fs::remove_file(&twin).expect("there");
    assert_eq!(Case::open(&path).expect("opens").read_only(), None);
}

#[test]
fn the_copy_before_bringing_forward_is_whole_and_of_this_case() {
    let old = include_bytes!("fixtures/format-1.case");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("old.redthread");
    let kept = folder.path().join("old.format-1.redthread");
    // Another case of that name, and what an attempt left that was killed.
    let other = Case::create(&kept).expect("a new case");
    other.close().expect("closes");
    let before = std::fs::read(&kept).expect("readable");
    std::fs::write(folder.path().join("old.format-1-2.redthread.part"), "half").expect("space");
    std::fs::write(&path, old).expect("space");
    let case = Case::open(&path).expect("is brought forward");
    assert_eq!(case.read_only(), None);
    case.close().expect("closes");
    assert!(std::fs::read(&kept).expect("readable") == before, "the other case is as it was");
    let own = folder.path().join("old.format-1-2.redthread");
    let db = rusqlite::Connection::open(&own).expect("a database");
    let word = |sql| db.query_row(sql, [], |row| row.get::<_, String>(0)).expect("an answer");
    assert_eq!(word("SELECT CAST(user_version AS TEXT) FROM pragma_user_version"), "1");
    assert_eq!(word("PRAGMA integrity_check"), "ok");
    drop(db);
    // An empty or torn one does not count either; a whole one of this case does.
    std::fs::write(&path, old).expect("space");
    std::fs::write(&kept, "").expect("space");
    Case::open(&path).expect("is brought forward").close().expect("closes");
    let names = files(folder.path());
    let expected = ["old.format-1-2.redthread", "old.format-1.redthread", "old.redthread"];
    assert_eq!(names, expected);
}

/// A folder that counts as one of a program that synchronises it.
fn cloud() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let there = folder.path().join("Dropbox");
    std::fs::create_dir(&there).expect("space");
    (folder, there.join("c.redthread"))
}

#[test]
fn on_a_network_folder_others_read_along_and_the_name_of_the_writer_binds() {
    let (_folder, path) = cloud();
    let mut writer = Case::create(&path).expect("a new case");
    for n in 0..3 {
        writer.commit(company(&format!("n{n}"))).expect("committed");
        assert!(writer.is_settled() && !has_mark(&path), "no log there");
        let reader = Case::open(&path).expect("opens");
        assert!(reader.read_only().is_some_and(|why| why.contains("since")));
        assert_eq!(count(&reader), n + 1);
        let done = redthread(&["verify", path.to_str().expect("plain")]);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
    writer.close().expect("closes");
    // The computer of the writer is gone.
    let lock = path.with_file_name("c.redthread.lock");
    let gone = r#"{"user":"ann","host":"far-away","pid":4,"since":"2026-01-02 03:04 UTC"}"#;
    std::fs::write(&lock, gone).expect("space");
    let opened = Case::open(&path).expect("opens");
    let why = opened.read_only().expect("for reading").to_owned();
    assert!(why.contains("ann on far-away") && why.contains("release the lock"), "{why}");
    assert!(matches!(opened.remedy(), Some(Remedy::ReleaseLock(who)) if who.contains("far-away")));
    drop(opened);
    assert!(lock.exists(), "reading does not release it");
    let done = redthread(&["unlock", path.to_str().expect("plain")]);
    assert!(done.status.success());
    assert!(String::from_utf8_lossy(&done.stdout).contains("ann on far-away"));
    let writer = Case::open(&path).expect("opens");
    assert_eq!(writer.read_only(), None);
    let refused = redthread(&["unlock", path.to_str().expect("plain")]);
    assert!(!refused.status.success(), "a program that runs keeps its lock");
    assert!(lock.exists());
    drop(writer);
    // On a disk of this computer the system knows that nobody holds it.
    let (folder, path, case) = case();
    case.close().expect("closes");
    std::fs::write(folder.path().join("c.redthread.lock"), gone).expect("space");
    assert_eq!(Case::open(&path).expect("opens").read_only(), None);
}

#[test]
fn a_case_gets_its_name_only_when_it_is_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("new.redthread");
    // What a `new` left that lost power, by its temporary name.
    std::fs::write(folder.path().join("new.redthread.part"), "").expect("space");
    let case = Case::create(&path).expect("a new case");
    case.close().expect("closes");
    assert_eq!(files(folder.path()), ["new.redthread"]);
    assert!(matches!(Case::create(&path), Err(Error::Exists(_))));
    std::fs::remove_file(&path).expect("there");
    std::fs::write(folder.path().join("new.redthread-wal"), "the log of another").expect("space");
    let error = Case::create(&path).expect_err("its log would be taken for its own").to_string();
    assert!(error.contains("new.redthread-wal"), "{error}");
    assert_eq!(files(folder.path()), ["new.redthread-wal"]);
}

#[test]
fn saving_a_copy_can_be_stopped_and_leaves_nothing_half() {
    let (folder, path, mut case) = case();
    let ops = (0..2000).map(|n| Op::Add {
        entity: format!("e{n}").as_str().into(),
        schema: "Company".into(),
        values: vec![NewValue::new("name", format!("Pier Road {n}"))],
    });
    case.commit(Action::new(ops.collect())).expect("committed");
    let to = folder.path().join("copy.redthread");
    // Before it begins, and once it has.
    for begun in [false, true] {
        let progress = Progress::new();
        if !begun {
            progress.cancel();
        }
        let stopped = case.watched(&progress, |case| {
            progress.cancel();
            case.save_copy(&to)
        });
        assert!(matches!(stopped, Err(Error::Cancelled)), "begun: {begun}");
        assert!(!files(folder.path()).iter().any(|name| name.starts_with("copy")), "{begun}");
    }
    let progress = Progress::new();
    case.watched(&progress, |case| case.save_copy(&to)).expect("copied");
    assert_eq!(progress.fraction(), Some(1.0));
    assert!(!has_mark(&to), "the copy is no open case");
    let copy = Case::open(&to).expect("opens");
    assert_eq!((copy.read_only(), count(&copy)), (None, 2001));
    holds(&copy);
    drop(copy);
    let before = std::fs::read(&to).expect("readable");
    assert!(matches!(case.save_copy(&to), Err(Error::Exists(_))));
    assert!(std::fs::read(&to).expect("readable") == before);
    drop(case);
    assert_eq!(files(path.parent().expect("a folder")), ["c.redthread", "copy.redthread"]);
}

mod in_the_window {
    use egui_kittest::kittest::Queryable as _;
    use redthread::app::model::Request;

    use super::*;
    use crate::window::{click, settle, window};

    #[test]
    fn the_file_is_complete_a_second_after_an_edit() {
        let (_folder, path, case) = case();
        case.close().expect("closes");
        let mut window = window([1200.0, 800.0], Some(path.clone()));
        window.state_mut().ask(Request::Commit(company("second")));
        settle(&mut window);
        let until = Instant::now() + Duration::from_secs(30);
        while has_mark(&path) || path.with_file_name("c.redthread-wal").exists() {
            assert!(Instant::now() < until, "the log is folded in");
            std::thread::sleep(Duration::from_millis(50));
        }
        let (_there, copy) = sent(&path);
        let copy = Case::open(&copy).expect("opens");
        assert_eq!((copy.read_only(), count(&copy)), (None, 2));
    }

    #[test]
    fn a_case_that_is_deleted_is_told_before_the_next_edit_and_a_copy_is_offered() {
        let (folder, path, case) = case();
        case.close().expect("closes");
        let mut window = window([1200.0, 800.0], Some(path.clone()));
        std::fs::remove_file(&path).expect("there");
        let until = Instant::now() + Duration::from_secs(30);
        let is_told = |window: &crate::window::Window| {
            window.state().model().is_some_and(|model| model.read_only.is_some())
        };
        while !is_told(&window) {
            assert!(Instant::now() < until, "it is told by itself");
            std::thread::sleep(Duration::from_millis(50));
            settle(&mut window);
        }
        window.state_mut().ask(Request::Commit(company("second")));
        settle(&mut window);
        assert!(window.state().messages().iter().any(|text| text.contains("deleted")));
        assert!(window.query_by_label_contains("Saved:").is_none(), "nothing is saved");
        window.get_by_label("Save a copy…").click();
        settle(&mut window);
        let saved = folder.path().join("saved.redthread");
        window.state_mut().ask(Request::SaveCopy(saved.clone()));
        settle(&mut window);
        assert_eq!(count(&Case::open(&saved).expect("opens")), 1);
    }

    #[test]
    fn the_lock_of_a_computer_that_is_gone_is_released_on_purpose() {
        let (_folder, path) = cloud();
        Case::create(&path).expect("a new case").close().expect("closes");
        let gone = r#"{"user":"ann","host":"far-away","pid":4,"since":"2026-01-02 03:04 UTC"}"#;
        std::fs::write(path.with_file_name("c.redthread.lock"), gone).expect("space");
        let mut window = window([1200.0, 800.0], Some(path.clone()));
        let read_only = |window: &crate::window::Window| {
            window.state().model().expect("open").read_only.clone()
        };
        assert!(read_only(&window).is_some_and(|why| why.contains("ann on far-away")));
        click(&mut window, "Release the lock…");
        assert!(window.query_by_label_contains("changes of either could be lost").is_some());
        click(&mut window, "Keep the lock");
        assert!(read_only(&window).is_some());
        click(&mut window, "Release the lock…");
        click(&mut window, "Release, and open for changes");
        assert_eq!(read_only(&window), None);
    }
}
