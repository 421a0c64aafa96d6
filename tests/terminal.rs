//! Nothing that a case, a file name or another program's lock says reaches a terminal as a control
//! or reordering character.

use std::{
    path::Path,
    process::{Command, Output},
};

use redthread::{
    case::{Action, Case, EvidenceBytes, NewEvidence, NewValue, Op},
    model::{Chart, Id},
};

/// Rewrites earlier lines, rings, overwrites its own line, forges one, reorders, hides.
const EVIL: &str = "evil\u{1b}[2J\u{1b}]0;title\u{7}\r\n    9  2026-01-01  forged\u{9b}31m\u{202e}gpj\u{2066}\u{200b}\u{feff}\u{7f}";

/// A name that a file can have, too.
const NAME: &str = "evil\u{1b}[2J\n\u{202e}fdp";

fn redthread(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redthread"));
    command.current_dir(folder).args(args).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    command.env("REDTHREAD_AUTHOR", EVIL).env("XDG_DATA_HOME", folder);
    command.output().expect("the binary runs")
}

fn is_clean(output: &Output, what: &str) -> String {
    let mut all = String::new();
    for bytes in [&output.stdout, &output.stderr] {
        let text = String::from_utf8(bytes.clone()).expect("text");
        let bad = |c: char| {
            (c.is_control() && c != '\n')
                || matches!(c, '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
        };
        let found = text.chars().find(|c| bad(*c));
        assert!(found.is_none(), "{what}: {found:?} in {text:?}");
        all += &text;
    }
    all
}

fn evil_case(path: &Path) {
    let mut case = Case::create(path).expect("new");
    let mut values = vec![NewValue::new("name", EVIL)];
    values.push(NewValue::new("notes", EVIL));
    let chart = Chart::new(EVIL, 1.0);
    let ops = vec![
        Op::Set { key: "title".into(), value: EVIL.into() },
        Op::Set { key: "marking".into(), value: EVIL.into() },
        Op::Add { entity: Id::from("a\u{202e}b"), schema: "Company".into(), values },
        Op::Attach(NewEvidence {
            id: Id::new(),
            bytes: EvidenceBytes::Memory(b"x".to_vec()),
            mime: "text/plain".into(),
            file_name: EVIL.into(),
            method: EVIL.into(),
            values: vec![NewValue::new("title", EVIL)],
        }),
        Op::PutChart(chart),
    ];
    case.commit(Action::new(ops)).expect("committed");
    case.close().expect("closed");
}

#[cfg(unix)]
#[test]
fn no_command_prints_what_a_terminal_would_obey() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let case = format!("{NAME}.redthread");
    evil_case(&at.join(&case));
    let list = format!("{NAME}.ndjson");
    let line =
        serde_json::json!({ "id": EVIL, "schema": "Company", "properties": { "name": [EVIL] } });
    std::fs::write(at.join(&list), format!("{line}\n{{\"id\": \"{NAME}")).expect("space");
    let graph = format!("{NAME}.csv");
    std::fs::write(at.join(&graph), format!("id,to\n\"{NAME}\",b\nb,\"{NAME}\"\n")).expect("space");
    let out = |name: &str| format!("{NAME}{name}");
    let (svg, ndjson, pair) = (out(".svg"), out(".out.ndjson"), out(" pair"));
    let json = ["--json"];
    let all: Vec<Vec<&str>> = vec![
        vec!["log", &case],
        vec!["info", &case],
        vec!["find", &case, "evil"],
        vec!["find", &case, EVIL],
        vec!["verify", &case],
        vec!["import", &case, &list],
        vec!["import", &case, "missing\u{1b}.csv"],
        vec!["import", &case, &list, "--format", "evil\u{1b}"],
        vec!["import", &case, &graph, "--mapping", "evil\u{1b}\u{202e}"],
        vec!["export", &case, "--format", "ftm", "--out", &ndjson],
        vec!["export", &case, "--format", "csv", "--out", &pair],
        vec!["export", &case, "--format", "csv", "--out", &pair],
        vec!["export", &case, "--format", "pdf", "--chart", EVIL, "--out", "x.svg"],
        vec!["export", &case, "--out", "evil\u{1b}"],
        vec!["render", &case, "--chart", EVIL, "--out", &svg],
        vec!["render", &case, "--chart", "none\u{1b}", "--out", "y.svg"],
        vec![
            "measure", "--nodes", &graph, "--edges", &graph, "--op", "paths", "--from", NAME,
            "--to", "b",
        ],
        vec![
            "measure", "--nodes", &graph, "--edges", &graph, "--op", "path", "--from", "\u{1b}",
            "--to", "b",
        ],
        vec!["layout", "--nodes", &list, "--edges", &graph, "--out", "z.csv"],
        vec!["new", &case],
        vec!["undo", &case],
        vec!["log", &case],
        vec!["\u{1b}[2Jnonsense", "x\u{202e}"],
        vec!["verify", "missing\u{1b}[2J.redthread"],
        vec![&list],
    ];
    for args in &all {
        let what = args.join(" ");
        is_clean(&redthread(at, args), &what);
        if ["log", "info", "find", "verify", "export", "import", "measure"].contains(&args[0]) {
            let args: Vec<&str> = args.iter().copied().chain(json).collect();
            is_clean(&redthread(at, &args), &format!("{what} --json"));
        }
    }
    // A line break in an author or a label forges no line of the log.
    let log = is_clean(&redthread(at, &["log", &case]), "log");
    let case = Case::open(&at.join(&case)).expect("opens");
    assert_eq!(log.lines().count(), case.log().expect("readable").len(), "{log}");
    assert!(log.contains("⟪U+001B⟫") && log.contains("⟪U+000A⟫"), "what was there is shown: {log}");
}

#[cfg(unix)]
#[test]
fn a_foreign_lock_is_quoted_without_its_escapes() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    evil_case(&at.join("c.redthread"));
    // A case that somebody with an evil name has open.
    let holder = Case::open(&at.join("c.redthread")).expect("opens");
    assert!(holder.read_only().is_none());
    let lock = at.join("c.redthread.lock");
    if lock.exists() {
        let text = serde_json::json!({
            "user": EVIL, "host": EVIL, "pid": 1, "since": EVIL,
        });
        std::fs::write(&lock, text.to_string()).expect("writable");
    }
    for args in [["undo", "c.redthread"], ["info", "c.redthread"], ["import", "c.redthread"]] {
        let args: Vec<&str> = if args[0] == "import" {
            std::fs::write(at.join("l.ndjson"), "{\"id\":\"x\",\"schema\":\"Company\"}")
                .expect("space");
            args.into_iter().chain(["l.ndjson"]).collect()
        } else {
            args.to_vec()
        };
        is_clean(&redthread(at, &args), &args.join(" "));
    }
}

#[test]
fn json_gives_the_true_value_back() {
    let folder = tempfile::tempdir().expect("a folder");
    evil_case(&folder.path().join("c.redthread"));
    let output = redthread(folder.path(), &["log", "c.redthread", "--json"]);
    let text = is_clean(&output, "log --json");
    let line: serde_json::Value =
        serde_json::from_str(text.lines().next().unwrap_or_default()).expect("JSON");
    assert_eq!(line["label"], format!("Attach {EVIL}"));
}
