//! A real file of FollowTheMoney entities goes in and comes out the same.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
    time::Instant,
};

use redthread::{
    case::{Case, Progress, Verdict},
    exchange::import::{Job, Report, run},
    export::{Look, Scope},
};

use crate::need;

type Shape = BTreeMap<String, (String, BTreeMap<String, BTreeSet<String>>)>;

fn shape(text: &str) -> Shape {
    let mut shape = Shape::new();
    for line in text.lines().filter(|l| !l.trim().is_empty()) {
        let object: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let id = object["id"].as_str().expect("an id").to_owned();
        let schema = object["schema"].as_str().expect("a schema").to_owned();
        let entry = shape.entry(id).or_insert_with(|| (schema, BTreeMap::new()));
        for (name, values) in object["properties"].as_object().expect("properties") {
            let values = values
                .as_array()
                .expect("a list")
                .iter()
                .map(|v| v.as_str().expect("text").to_owned());
            entry.1.entry(name.clone()).or_default().extend(values);
        }
    }
    shape
}

fn import(case: &mut Case, path: &Path, progress: &Progress) -> Report {
    let job = Job { files: vec![path.to_owned()], ..Job::default() };
    run(case, &job, progress).expect("imports")
}

#[test]
fn twelve_thousand_entities_come_back_the_same_in_one_undo_step() {
    let Some(files) = need::data(&["ftm/ofac-sdn-2021.ftm.ndjson"]) else { return };
    let path = &files[0];
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("sdn.redthread");
    let mut case = Case::create(&file).expect("a new case");
    let progress = Progress::new();
    import(&mut case, path, &progress);
    assert!(progress.fraction().is_some_and(|part| part > 0.4), "progress was told");
    assert_eq!(case.log().expect("log").len(), 1);
    let out = folder.path().join("out.ftm.ndjson");
    let target = redthread::export::target("ftm").expect("a format");
    let job = redthread::export::Job {
        target,
        out: out.clone(),
        scope: Scope::Case,
        look: Look::default(),
    };
    redthread::export::run(&case, &job, &progress).expect("exports");
    let (before, after) = (std::fs::read_to_string(path), std::fs::read_to_string(&out));
    let (before, mut after) = (shape(&before.expect("readable")), shape(&after.expect("readable")));
    assert_eq!(before.len(), 12_359);
    // The list itself is evidence now, and leaves too.
    let document = case.evidence().expect("readable")[0].id.to_string();
    let (schema, _) = after.remove(&document).expect("it is there");
    assert_eq!(schema, "Document");
    assert!(before == after, "ids, schemata and values are the same");
    assert!(matches!(case.verify(&progress), Ok(Verdict::Holds { .. })));
    case.undo().expect("undo");
    assert!(case.entities().expect("readable").is_empty());
    validate(&out);
    compare(path, folder.path());
}

/// The export passes the validator of the format's own program.
fn validate(out: &Path) {
    let Some(program) = need::program("FTM", "ftm") else { return };
    let mut command = Command::new(&program);
    command.args(["validate", "-i"]).arg(out).arg("-o").arg("/dev/null");
    let done = command.output().expect("it runs");
    let errors = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "ftm validate: {errors}");
}

/// Not slower than three times what Python takes to parse the file and insert its values. Each
/// runs three times, in turn, and its best time counts.
fn compare(path: &Path, folder: &Path) {
    const BASELINE: &str = "
import json, sqlite3, sys, time
started = time.perf_counter()
db = sqlite3.connect(sys.argv[2])
db.execute('CREATE TABLE statement(entity TEXT, schema TEXT, property TEXT, value TEXT)')
rows = []
for line in open(sys.argv[1], encoding='utf-8'):
    entity = json.loads(line)
    for name, values in entity['properties'].items():
        rows.extend((entity['id'], entity['schema'], name, value) for value in values)
db.executemany('INSERT INTO statement VALUES (?, ?, ?, ?)', rows)
db.commit()
print(time.perf_counter() - started)
";
    let Some(python) = need::python("json, sqlite3") else { return };
    let (mut ours, mut theirs) = (f64::INFINITY, f64::INFINITY);
    for run in 0..3 {
        let database = folder.join(format!("baseline-{run}.sqlite"));
        let mut command = Command::new(&python);
        let done = command.arg("-c").arg(BASELINE).arg(path).arg(&database).output();
        let text = String::from_utf8(done.expect("it runs").stdout).expect("text");
        theirs = theirs.min(text.trim().parse().expect("the baseline prints seconds"));
        let mut case =
            Case::create(&folder.join(format!("ours-{run}.redthread"))).expect("a new case");
        let started = Instant::now();
        import(&mut case, path, &Progress::new());
        ours = ours.min(started.elapsed().as_secs_f64());
        case.close().expect("closes");
    }
    let ratio = ours / theirs;
    println!("import: {ours:.2} s, Python and sqlite3: {theirs:.2} s, ratio {ratio:.2}");
    // Unoptimised builds are for finding mistakes, not for measuring.
    if !cfg!(debug_assertions) {
        assert!(ratio <= 3.0, "the import takes {ratio:.2} times as long");
    }
}
