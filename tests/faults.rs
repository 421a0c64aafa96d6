//! What a failing system leads to is told as what it is: in one sentence that names the file and
//! holds, not as damage and not in SQLite's words.

use std::{path::Path, process::Command};

use redthread::case::{Case, Progress, Verdict};

/// Runs a command of the program under a limit on the size of files, in blocks of 512 or 1024
/// bytes, after which writing fails as on a broken disk.
#[cfg(unix)]
fn limited(folder: &Path, blocks: u32, args: &str) -> (bool, String) {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$REDTHREAD\" {args}");
    let mut command = Command::new("sh");
    command
        .current_dir(folder)
        .args(["-c", &script])
        .env("REDTHREAD", env!("CARGO_BIN_EXE_redthread"));
    let output = command.env_remove("DISPLAY").output().expect("a shell runs");
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[cfg(unix)]
#[test]
fn a_write_that_fails_is_told_as_a_failing_disk_and_loses_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let line = |n: usize| {
        format!(
            r#"{{"id":"e{n}","schema":"Company","properties":{{"name":["Pier Road {n} Trading"]}}}}"#
        )
    };
    for (name, count) in [("small", 50), ("large", 20_000)] {
        let lines = (0..count).map(line).collect::<Vec<_>>().join("\n");
        std::fs::write(at.join(format!("{name}.ndjson")), lines).expect("space");
    }
    Case::create(&at.join("c.redthread")).expect("new").close().expect("closed");
    let (done, said) = limited(at, 100_000, "import c.redthread small.ndjson");
    assert!(done, "{said}");
    let mut failed = 0;
    for blocks in [300, 420, 900, 2_000, 4_000] {
        let (done, said) = limited(at, blocks, "import c.redthread large.ndjson");
        assert!(!done, "the limit is too high for a failure: {blocks}");
        assert_eq!(said.trim_end().lines().count(), 1, "{said}");
        for untrue in ["damaged", "restore", "database", "disk I/O error", "no such"] {
            assert!(!said.contains(untrue), "{blocks}: {said}");
        }
        failed += usize::from(said.contains("The disk that holds c.redthread failed"));
        let case = Case::open(&at.join("c.redthread")).expect("opens");
        assert_eq!(case.log().expect("readable").len(), 1, "{blocks}: {said}");
        let verdict = case.verify(&Progress::new()).expect("can be read");
        assert!(matches!(verdict, Verdict::Holds { .. }), "{blocks}: {verdict:?}");
        case.close().expect("closes");
    }
    assert!(failed > 0, "no failure was one of the disk");
}

#[test]
fn verify_of_what_cannot_be_read_does_not_say_that_it_does_not_hold() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["missing.redthread", "folder.redthread"] {
        if name.starts_with("folder") {
            std::fs::create_dir(folder.path().join(name)).expect("space");
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_redthread"));
        let output =
            command.current_dir(folder.path()).args(["verify", name]).output().expect("runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(name), "{said}");
        assert!(!said.contains("does not hold"), "{said}");
    }
}
