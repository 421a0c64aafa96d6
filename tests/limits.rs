//! What is made to be without end comes to an end: files, archives, numbers, chains.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use super::need;
use redthread::{
    case::{Action, Case, EvidenceBytes, NewEvidence, NewValue, Op, Progress, Source, Verdict},
    exchange::import::{Job, run},
};
use rusqlite::Connection;
use zip::{ZipWriter, write::SimpleFileOptions};

fn job(path: &Path) -> Job {
    Job { files: vec![path.to_owned()], ..Job::default() }
}

/// A refusal must be one sentence, and come before anybody gives up waiting, however busy the
/// machine is.
fn refused_soon<T: std::fmt::Debug>(
    what: &str,
    work: impl FnOnce() -> redthread::case::Result<T>,
) -> String {
    let start = Instant::now();
    let error = work().expect_err(what).to_string();
    assert!(start.elapsed() < Duration::from_secs(30), "{what} took {:?}", start.elapsed());
    assert!(error.ends_with('.') && !error.contains('\n'), "{what}: {error}");
    error
}

#[cfg(target_os = "linux")]
#[test]
fn files_that_never_end_are_refused() {
    let never = Path::new("/proc/kmsg");
    if !never.exists() {
        need::missing("there is no /proc/kmsg");
        return;
    }
    let mut case = Case::in_memory().expect("memory suffices");
    let imported = refused_soon("import", || run(&mut case, &job(never), &Progress::new()));
    assert!(imported.contains("may never end"), "{imported}");
    let attached = refused_soon("attach", || {
        case.commit(Action::new(vec![Op::Attach(NewEvidence {
            id: "d".into(),
            bytes: EvidenceBytes::File(never.to_owned()),
            file_name: "kmsg".into(),
            mime: "text/plain".into(),
            method: "opened".into(),
            values: vec![],
        })]))
    });
    assert!(attached.contains("may never end"), "{attached}");
    refused_soon("open", || Case::open(never));
    let source = Source { path: never.to_owned(), title: String::new(), mime: "x/y".into() };
    let said = refused_soon("source", || {
        case.import(&[source], &mut std::iter::empty(), &Progress::new())
    });
    assert!(said.contains("may never end"), "{said}");
    assert!(case.log().expect("readable").is_empty());
}

/// A workbook one part of which is this many bytes of the same row again and again.
fn swollen(path: &Path, part: &str, size: u64) {
    let mut archive = ZipWriter::new(std::fs::File::create(path).expect("space"));
    let options = SimpleFileOptions::default();
    archive.start_file(part, options).expect("begins");
    let row = "<row><c><v>1</v></c></row>".repeat(40_000);
    let mut written = 0;
    while written < size {
        archive.write_all(row.as_bytes()).expect("space");
        written += row.len() as u64;
    }
    archive.start_file("mimetype", options).expect("begins");
    archive.write_all(b"application/vnd.oasis.opendocument.spreadsheet").expect("space");
    archive.finish().expect("ends");
}

#[test]
fn workbooks_that_swell_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, part) in [
        ("sheet.xlsx", "xl/worksheets/sheet1.xml"),
        ("words.xlsx", "xl/sharedStrings.xml"),
        ("table.ods", "content.xml"),
    ] {
        let path = folder.path().join(name);
        swollen(&path, part, 100 << 20);
        assert!(std::fs::metadata(&path).expect("there").len() < 1 << 20);
        let mut case = Case::in_memory().expect("memory suffices");
        let said = refused_soon(name, || run(&mut case, &job(&path), &Progress::new()));
        assert!(said.contains("unpacks to more than") && said.contains("CSV"), "{said}");
        assert!(said.contains(name) && said.contains(part), "{said}");
    }
}

#[track_caller]
fn hostile(name: &str) -> Option<PathBuf> {
    need::data(&[&format!("hostile/{name}")])?.pop()
}

#[test]
fn statements_at_the_ends_of_all_numbers_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("c.redthread");
    let mut case = Case::create(&path).expect("new");
    let add = Op::Add {
        entity: "a".into(),
        schema: "Company".into(),
        values: vec![NewValue::new("name", "Acme")],
    };
    case.commit(Action::new(vec![add])).expect("valid");
    case.close().expect("closed");
    let db = Connection::open(&path).expect("opens");
    for key in [i64::MIN, i64::MAX] {
        let sql =
            "INSERT INTO statement SELECT ?1, revision, entity, property, value, lang, original,
                   denied, stands FROM statement WHERE key = 1";
        db.execute(sql, [key]).expect("inserted");
    }
    drop(db);
    let files = [Some(path), hostile("evil-statement_keys_at_i64_ends-v2.redthread")];
    for (number, file) in files.into_iter().flatten().enumerate() {
        let path = folder.path().join(format!("copy{number}.redthread"));
        std::fs::copy(file, &path).expect("space");
        let start = Instant::now();
        let mut case = match Case::open(&path) {
            Ok(case) => case,
            // One of an older format cannot be brought forward.
            Err(error) => {
                assert!(error.to_string().contains("numbered as no case numbers"), "{error}");
                continue;
            }
        };
        let verdict = case.verify(&Progress::new()).expect("runs");
        let Verdict::Broken(what) = verdict else { panic!("it does not hold") };
        assert!(what.contains("is numbered as no case numbers it"), "{what}");
        let ids: Vec<_> = case
            .entities()
            .map(|all| all.into_iter().map(|e| e.id))
            .into_iter()
            .flatten()
            .collect();
        for id in ids.iter().take(3) {
            case.details(id).ok();
        }
        refused_soon("edit", || {
            let add = Op::Add { entity: "b".into(), schema: "Company".into(), values: vec![] };
            case.commit(Action::new(vec![add]))
        });
        refused_soon("undo", || case.undo());
        assert!(start.elapsed() < Duration::from_secs(30));
    }
}

/// Each revision undoes the one before it. What this takes must not grow with the square.
#[test]
fn long_chains_of_undos_are_followed_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("c.redthread");
    let mut case = Case::create(&path).expect("new");
    let set = Op::Set { key: "marking".into(), value: "SECRET".into() };
    case.commit(Action::new(vec![set])).expect("valid");
    case.close().expect("closed");
    let db = Connection::open(&path).expect("opens");
    db.execute_batch(
        "WITH RECURSIVE n(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < 40001)
         INSERT INTO revision SELECT n, 'r' || n, n, 0, 'x', 'revert', 'Undo', x'00', 1, 0,
                (40001 - n) % 2 = 0, NULL, x'00', x'00' FROM n;
         INSERT INTO inversion SELECT number, number - 1 FROM revision WHERE number > 1",
    )
    .expect("written");
    drop(db);
    let start = Instant::now();
    let case = Case::open(&path).expect("opens");
    let log = case.log().expect("readable");
    let undone: Vec<bool> = log.iter().map(|revision| revision.undone).collect();
    // The last stands; the one before it is undone by it, the one before that is not, and so on.
    let expected: Vec<bool> = (0..log.len()).rev().map(|after| after % 2 == 1).collect();
    assert_eq!(undone, expected);
    let verdict = case.verify(&Progress::new()).expect("runs");
    assert!(matches!(verdict, Verdict::Broken(_)));
    // The square of this number of steps would take hours.
    assert!(start.elapsed() < Duration::from_mins(1), "{:?}", start.elapsed());
}

/// A case file without the two counters by which SQLite sees that a file was written to.
fn content(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[24..28].fill(0);
    bytes[92..96].fill(0);
    bytes
}

#[test]
fn a_refused_import_leaves_every_byte_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("c.redthread");
    let mut case = Case::create(&path).expect("new");
    let add = Op::Add { entity: "a".into(), schema: "Company".into(), values: vec![] };
    case.commit(Action::new(vec![add])).expect("valid");
    case.close().expect("closed");
    let before = std::fs::read(&path).expect("readable");
    let bad = folder.path().join("bad.ftm.ndjson");
    let line = r#"{"id":"b","schema":"Company","properties":{"name":["B"]}}"#;
    for (what, text) in [
        ("of no format", "this is nothing".to_owned()),
        ("broken in the middle", format!("{line}\n{line}\n{{\"id\": \"c\", \"sch")),
        ("with an id that is none", format!("{line}\n{}", line.replace("\"b\"", "\"\\u0007\""))),
    ] {
        std::fs::write(&bad, text).expect("space");
        std::fs::write(&path, &before).expect("space");
        let mut case = Case::open(&path).expect("opens");
        let done = run(&mut case, &job(&bad), &Progress::new());
        let is_refused =
            done.as_ref().map_or(true, |report| report.imported.delta.revision.is_none());
        // As after an error that is passed on: the case is dropped.
        drop(case);
        if is_refused {
            let after = std::fs::read(&path).expect("readable");
            assert!(content(&after) == content(&before), "{what}: bytes differ");
            for end in ["-wal", "-shm", "-journal"] {
                let beside = PathBuf::from(format!("{}{end}", path.display()));
                assert!(!beside.exists(), "{what}: {end} is left beside the case");
            }
        }
    }
    // Through the command line.
    std::fs::write(&bad, "this is nothing").expect("space");
    std::fs::write(&path, &before).expect("space");
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_redthread"))
        .args([Path::new("import"), &path, &bad])
        .output()
        .expect("runs");
    assert!(String::from_utf8_lossy(&done.stdout).contains("line 1"), "{done:?}");
    let after = std::fs::read(&path).expect("readable");
    assert!(content(&after) == content(&before), "bytes differ");
}
