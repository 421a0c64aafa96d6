//! Stopping what takes long, through the window: it stops, leaves nothing half, says so, and what
//! is asked for next works.

use std::{
    fs::File,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use egui_kittest::kittest::{NodeT as _, Queryable as _};
use redthread::{
    app::{model::Request, query::Beginning},
    case::{Action, Case, NewValue, Op, Progress, Verdict},
    exchange::import::{Job, run},
    export::{self, Look, Scope},
    model::Id,
};

use crate::window::{Window, model, settle, window};

/// A list that takes a while to take in, in a file of lines.
fn list(folder: &Path, count: usize) -> PathBuf {
    let path = folder.join("list.ftm.ndjson");
    let line = |n: usize| {
        format!(
            r#"{{"id":"e{n}","schema":"Company","properties":{{"name":["Pier Road {n} Trading"],"country":["hk"]}}}}"#
        )
    };
    std::fs::write(&path, (0..count).map(line).collect::<Vec<_>>().join("\n")).expect("space");
    path
}

/// A case that holds the list.
fn large(folder: &Path, count: usize) -> PathBuf {
    let path = folder.join("large.redthread");
    let mut case = Case::create(&path).expect("new");
    let files = vec![list(folder, count)];
    let job = Job { files, ..Job::default() };
    run(&mut case, &job, &Progress::new()).expect("imports");
    case.close().expect("closes");
    path
}

/// Asks for something that takes long, sees that it moves or at least shows itself, presses Cancel
/// and gives what the window said then.
fn cancelled(window: &mut Window, request: Request) -> String {
    let before = window.state().messages();
    window.state_mut().ask(request);
    let until = Instant::now() + Duration::from_mins(2);
    loop {
        window.run_steps(1);
        if let Some(button) = window.query_by_label("Cancel")
            && !button.accesskit_node().is_disabled()
        {
            button.click();
            break;
        }
        assert!(!window.state().is_idle(), "it was over before it could be stopped");
        assert!(Instant::now() < until, "nothing offers to stop it");
        std::thread::sleep(Duration::from_millis(2));
    }
    settle(window);
    let after = window.state().messages();
    after.into_iter().filter(|text| !before.contains(text)).collect::<Vec<_>>().join("\n")
}

/// What a case is: its digest and how many revisions it has.
fn state(window: &Window) -> (String, usize) {
    (model(window).digest.clone(), model(window).log.len())
}

fn add(window: &mut Window, name: &str) {
    let add = Op::Add {
        entity: Id::new(),
        schema: "Company".into(),
        values: vec![NewValue::new("name", name)],
    };
    window.state_mut().ask(Request::Commit(Action::new(vec![add])));
    settle(window);
    assert_eq!(model(window).log.last().map(|r| r.label.clone()), Some(format!("Add {name}")));
}

fn holds(path: &Path) {
    let case = Case::open(path).expect("opens");
    let verdict = case.verify(&Progress::new()).expect("can be read");
    assert!(matches!(verdict, Verdict::Holds { .. }), "{verdict:?}");
}

/// The files beside the case and the list.
fn others(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).expect("readable").flatten();
    let mut names: Vec<String> =
        names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| {
        !name.starts_with("large.redthread") && !name.starts_with("list.") && name != "scan.bin"
    });
    names
}

#[test]
fn undo_redo_and_a_large_edit_stop() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = large(folder.path(), 12_000);
    // Undo of an import takes no time, undo of as large an edit does.
    let mut case = Case::open(&path).expect("opens");
    let name = |n: usize| Op::State {
        entity: Id::from(format!("e{n}").as_str()),
        value: NewValue::new("alias", format!("Quay {n}")),
    };
    case.commit(Action::new((0..12_000).map(name).collect())).expect("valid");
    case.close().expect("closes");
    let mut window = window([1200.0, 800.0], Some(path.clone()));
    let before = state(&window);
    let said = cancelled(&mut window, Request::Undo);
    assert!(said.contains("Undoing was stopped; nothing was changed."), "{said}");
    assert_eq!(state(&window), before);
    assert_eq!(model(&window).seen.len(), 12_001);

    let ids = (0..12_000).map(|n| Op::WithdrawEntity(Id::from(format!("e{n}").as_str()))).collect();
    let said = cancelled(&mut window, Request::Commit(Action::new(ids)));
    assert!(said.contains("Withdraw 12,000 entities was stopped; nothing was changed."), "{said}");
    assert_eq!(state(&window), before);

    window.state_mut().ask(Request::Undo);
    settle(&mut window);
    let undone = state(&window);
    assert_eq!(undone.1, before.1 + 1, "the next undo works");
    let said = cancelled(&mut window, Request::Redo);
    assert!(said.contains("Redoing was stopped; nothing was changed."), "{said}");
    assert_eq!(state(&window), undone);
    window.state_mut().ask(Request::Undo);
    settle(&mut window);
    assert_eq!(model(&window).seen.len(), 0);

    add(&mut window, "Harbour Trading");
    drop(window);
    holds(&path);
}

#[test]
fn attaching_a_large_file_stops() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = large(folder.path(), 2);
    let scan = folder.path().join("scan.bin");
    File::create(&scan).and_then(|file| file.set_len(1 << 30)).expect("a file with a hole");
    let mut window = window([1200.0, 800.0], Some(path.clone()));
    let before = state(&window);
    let size = std::fs::metadata(&path).expect("there").len();
    let said = cancelled(&mut window, Request::Attach(vec![scan], None));
    assert!(said.contains("Attaching scan.bin was stopped; nothing was changed."), "{said}");
    assert_eq!(state(&window), before);
    add(&mut window, "Harbour Trading");
    assert!(model(&window).evidence.iter().all(|item| item.file_name != "scan.bin"));
    drop(window);
    holds(&path);
    let now = std::fs::metadata(&path).expect("there").len();
    assert!(now < size + (1 << 20), "nothing of the file stays in the case: {size} → {now}");
}

#[test]
fn verify_and_export_stop_and_edits_go_on_meanwhile() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = large(folder.path(), 30_000);
    let mut window = window([1200.0, 800.0], Some(path.clone()));
    let said = cancelled(&mut window, Request::Verify);
    assert!(said.contains("Verifying the case was stopped"), "{said}");
    for name in ["ftm", "xlsx", "csv", "neo4j", "statements", "graphml", "gexf"] {
        let target = export::target(name).expect("a format");
        let ending = target.endings.first().map_or(String::new(), |ending| format!(".{ending}"));
        let out = folder.path().join(format!("out-{name}{ending}"));
        let job = export::Job { target, out, scope: Scope::Case, look: Look::default() };
        let mut said = cancelled(&mut window, Request::Export(Box::new(job.clone())));
        for _ in 0..4 {
            if !said.contains(" written to ") {
                break;
            }
            // On a busy machine it can be done before the frame that takes the click.
            std::fs::remove_file(&job.out).or_else(|_| std::fs::remove_dir_all(&job.out)).ok();
            said = cancelled(&mut window, Request::Export(Box::new(job.clone())));
        }
        assert!(said.contains(" was stopped; nothing was written."), "{name}: {said}");
        assert_eq!(others(folder.path()), Vec::<String>::new(), "{name} leaves nothing");
    }
    add(&mut window, "Harbour Trading");

    // While both run, an edit is done before either.
    let out = folder.path().join("out.ftm.ndjson");
    let target = export::target("ftm").expect("a format");
    let job = export::Job { target, out: out.clone(), scope: Scope::Case, look: Look::default() };
    window.state_mut().ask(Request::Verify);
    window.state_mut().ask(Request::Export(Box::new(job)));
    let edit = Op::Add {
        entity: "late".into(),
        schema: "Company".into(),
        values: vec![NewValue::new("name", "Late Ltd")],
    };
    let revisions = model(&window).log.len();
    window.state_mut().ask(Request::Commit(Action::new(vec![edit])));
    let until = Instant::now() + Duration::from_mins(2);
    while model(&window).log.len() == revisions {
        window.run_steps(1);
        assert!(Instant::now() < until, "the edit waits");
    }
    assert!(!window.state().is_idle(), "the edit was done while they run");
    settle(&mut window);
    let said = window.state().messages().join("\n");
    assert!(said.contains("The case holds"), "{said}");
    // What was exported is one state of the case: before the edit, or after it.
    let text = std::fs::read_to_string(&out).expect("written");
    let has_late = text.contains("Late Ltd");
    assert_eq!(text.lines().count(), 30_002 + usize::from(has_late), "{said}");
    drop(window);
    holds(&path);
}

#[test]
fn an_import_stops() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = large(folder.path(), 2);
    let files = vec![list(folder.path(), 30_000)];
    let mut window = window([1200.0, 800.0], Some(path.clone()));
    let before = state(&window);
    let said = cancelled(&mut window, Request::Import(Box::new(Job { files, ..Job::default() })));
    assert!(said.contains("Stopped; nothing was changed"), "{said}");
    assert_eq!(state(&window), before);
    add(&mut window, "Harbour Trading");
    drop(window);
    holds(&path);
}

#[test]
fn a_copy_and_a_preview_stop() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = large(folder.path(), 2);
    let scan = folder.path().join("scan.bin");
    File::create(&scan).and_then(|file| file.set_len(600 << 20)).expect("a file with a hole");
    let mut window = window([1200.0, 800.0], Some(path.clone()));
    window.state_mut().ask(Request::Attach(vec![scan], None));
    settle(&mut window);
    let scan = model(&window).evidence.iter().find(|item| item.file_name == "scan.bin");
    let scan = scan.expect("attached").id.clone();

    let copy = folder.path().join("copy.redthread");
    let said = cancelled(&mut window, Request::SaveCopy(copy.clone()));
    assert!(said.contains("Copying the case was stopped"), "{said}");
    assert_eq!(others(folder.path()), Vec::<String>::new(), "no half copy stays");

    cancelled(&mut window, Request::query(Beginning(scan.clone())));
    let shown = model(&window).answers.latest::<Beginning>(&()).expect("an answer");
    let why = shown.answer.as_ref().err().map(String::as_str);
    assert_eq!(why, Some("Reading the document was stopped."));

    window.state_mut().ask(Request::ExportEvidence(scan.clone(), folder.path().join("out.bin")));
    settle(&mut window);
    assert_eq!(std::fs::metadata(folder.path().join("out.bin")).expect("there").len(), 600 << 20);
}
