//! What is taken over from another copy of a case: it says the same whoever takes it over from whom,
//! it is one step that can be undone, and it is held to what its author wrote.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};
use redthread::{
    case::{Action, Case, Error, NewValue, Op, Progress, Verdict},
    model::{Entity, Id},
    network::{EntityRef, Network},
};

use super::history::{Step, import, op, revert, step};

/// What uniting is called here.
/// How what is taken over from another copy is called, and its undo.
const UNITE: &str = "of another copy";

/// Adopts another copy, and holds a network that was read before and brought up to date to one that
/// was read after.
fn adopt(case: &mut Case, other: &Case) -> u64 {
    let read = |case: &Case| Network::read(case, &Progress::new()).expect("readable");
    let shape = |network: &Network| -> Vec<Entity> {
        network.plain().iter().map(EntityRef::to_entity).collect()
    };
    let mut network = read(case);
    let adopted = case.adopt(other, &Progress::new()).expect("both hold");
    let anew = read(case);
    if !adopted.delta.reload {
        network.apply(&adopted.delta);
        assert_eq!(shape(&network), shape(&anew));
    }
    for entity in anew.plain().iter() {
        assert!(entity.values().all(|value| entity.strength_of(value.statement).is_some()));
    }
    adopted.revisions
}

/// Everything that a case says, in names that are the same in every copy.
fn says(case: &Case) -> Vec<String> {
    let mut all = Vec::new();
    for entity in case.entities().expect("readable") {
        let existence: Vec<_> = entity.existence.iter().map(|e| (&e.schema, e.denied)).collect();
        let values: Vec<_> = entity
            .values
            .iter()
            .map(|v| (&v.property, &v.text, &v.lang, v.denied, v.strength))
            .collect();
        let mut citations: Vec<_> = entity
            .citations
            .iter()
            .map(|c| format!("{:?}", (&c.document, c.supports, c.credibility)))
            .collect();
        citations.sort();
        all.push(format!(
            "{:?}",
            (
                &entity.id,
                &entity.schema,
                &entity.caption,
                &entity.ends,
                entity.denied,
                entity.strength,
                entity.evidence,
                existence,
                values,
                citations
            )
        ));
    }
    for chart in case.charts().expect("readable") {
        all.push(format!("{chart:?} {:?}", case.placements(&chart.id).expect("readable")));
    }
    all.extend(case.scenes().expect("readable").iter().map(|scene| format!("{scene:?}")));
    all.push(format!("{:?}", case.settings().expect("readable")));
    all.extend(case.evidence().expect("readable").iter().map(|one| format!("{one:?}")));
    all.extend(case.withdrawn().expect("readable").iter().map(|one| format!("{one:?}")));
    for one in case.log().expect("readable").iter().filter(|one| !one.label.ends_with(UNITE)) {
        all.push(format!("{:?}", (one.id.as_str(), one.at, &one.author, &one.label, one.undone)));
    }
    all.sort();
    all
}

fn holds(case: &Case) {
    let verdict = case.verify(&Progress::new()).expect("runs");
    assert!(matches!(verdict, Verdict::Holds { .. }), "{verdict:?}");
}

/// Does what the steps say; what is refused changes nothing.
fn apply(case: &mut Case, path: &Path, steps: Vec<Step>) {
    for step in steps {
        match step {
            Step::Do(edits) => {
                let ops = edits.into_iter().map(op).collect();
                case.commit(Action::new(ops)).ok();
            }
            Step::Import(entities) => {
                import(case, path, entities).ok();
            }
            Step::Revert(revision, later) => drop(revert(case, revision, later)),
            Step::Undo => drop(case.undo()),
            Step::Redo => drop(case.redo()),
            Step::Reopen => {}
        }
    }
}

/// A copy of a case file, open.
fn fork(folder: &Path, from: &Path, name: &str) -> (Case, PathBuf) {
    let path = folder.join(format!("{name}.redthread"));
    std::fs::copy(from, &path).expect("space");
    (Case::open(&path).expect("opens"), path)
}

/// What the revisions of a case after so many are about.
fn about(case: &Case, after: usize) -> BTreeSet<Id> {
    let log = case.log().expect("readable");
    let new = log.iter().skip(after).flat_map(|one| case.touched(one.number).expect("readable"));
    new.collect()
}

/// How many random pairs are united; `REDTHREAD_UNITE` says otherwise.
fn pairs() -> u32 {
    std::env::var("REDTHREAD_UNITE").ok().and_then(|n| n.parse().ok()).unwrap_or(60)
}

#[test]
fn copies_say_the_same_whoever_takes_over_from_whom() {
    let memory = Path::new("/dev/shm");
    let mut runner = TestRunner::new(ProptestConfig::default());
    let (mut same_things, mut undone, mut came) = (0, 0, 0);
    for pair in 0..pairs() {
        let root = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let folder = tempfile::tempdir_in(root).expect("a folder");
        let folder = folder.path();
        let mut steps = |most: usize| {
            let tree = prop::collection::vec(step(), most / 2..most).new_tree(&mut runner);
            tree.expect("steps").current()
        };
        let start = folder.join("start.redthread");
        let mut case = Case::create(&start).expect("new");
        apply(&mut case, &start, steps(24));
        let common = case.log().expect("readable").len();
        case.close().expect("closes");
        let ((mut a, a_path), (mut b, b_path), (mut c, c_path)) =
            (fork(folder, &start, "a"), fork(folder, &start, "b"), fork(folder, &start, "c"));
        apply(&mut a, &a_path, steps(24));
        apply(&mut b, &b_path, steps(24));
        apply(&mut c, &c_path, steps(12));
        same_things += usize::from(!about(&a, common).is_disjoint(&about(&b, common)));
        for case in [&a, &b] {
            undone += case.log().expect("readable").iter().skip(common).any(|r| r.undone) as usize;
        }
        for case in [&mut a, &mut b, &mut c] {
            case.close_and_reopen();
        }
        let (mut ab, _) = fork(folder, &a_path, "ab");
        let (mut ba, _) = fork(folder, &b_path, "ba");
        let before = says(&ab);
        let new = adopt(&mut ab, &b);
        came += new;
        adopt(&mut ba, &a);
        let united = says(&ab);
        assert_eq!(united, says(&ba), "pair {pair}: one from the other and the other from the one");
        holds(&ab);
        holds(&ba);
        assert_eq!(adopt(&mut ab, &b), 0, "there is nothing new in it");
        assert_eq!(adopt(&mut ab, &a), 0);
        if new > 0 {
            ab.undo().expect("undone");
            // What does not stand in either copy is called by all that was ever said of it.
            let stands =
                |line: &&String| !line.contains("live: false") && !line.starts_with("Withdrawn");
            let left = says(&ab);
            for line in before.iter().filter(stands) {
                assert!(left.contains(line), "pair {pair}: {line} is not here again");
            }
            let entities = |all: &[String]| all.iter().filter(|l| l.starts_with("(Id(")).count();
            assert_eq!(entities(&left), entities(&before), "pair {pair}: nothing else is here");
            ab.redo().expect("done again");
        }
        assert_eq!(says(&ab), united);
        // (a + b) + c, and a + (b + c).
        let (mut bc, _) = fork(folder, &b_path, "bc");
        adopt(&mut bc, &c);
        let (mut abc, _) = fork(folder, &a_path, "a-bc");
        adopt(&mut abc, &bc);
        adopt(&mut ba, &c);
        assert_eq!(says(&abc), says(&ba), "pair {pair}: in either order");
        holds(&abc);
    }
    println!(
        "{} pairs: {same_things} about the same things, {undone} undid something, {came} revisions came over",
        pairs()
    );
    assert!(same_things * 2 >= pairs() as usize, "at least half of the pairs contradict");
    assert!(undone * 4 >= pairs() as usize && came > u64::from(pairs()));
}

trait Reopen {
    fn close_and_reopen(&mut self);
}

impl Reopen for Case {
    fn close_and_reopen(&mut self) {
        let path = self.path().expect("a file").to_owned();
        std::mem::replace(self, Case::in_memory().expect("memory suffices"))
            .close()
            .expect("closes");
        *self = Case::open(&path).expect("opens");
    }
}

fn company(id: &str, name: &str) -> Op {
    Op::Add {
        entity: id.into(),
        schema: "Company".into(),
        values: vec![NewValue::new("name", name)],
    }
}

#[test]
fn what_came_over_keeps_its_author_its_time_and_its_content() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut theirs = Case::create(&folder.path().join("theirs.redthread")).expect("new");
    theirs.commit(Action::new(vec![company("acme", "Acme Ltd (FICTIONAL)")])).expect("valid");
    let mut mine = Case::in_memory().expect("memory suffices");
    mine.commit(Action::new(vec![company("zeta", "Zeta Ltd (FICTIONAL)")])).expect("valid");
    assert_eq!(adopt(&mut mine, &theirs), 1);
    let there = theirs.log().expect("readable")[0].clone();
    let here = mine.log().expect("readable").into_iter().find(|one| one.id == there.id);
    let here = here.expect("it came over");
    assert_eq!((&here.author, here.at, &here.label), (&there.author, there.at, &there.label));
    assert_ne!(here.digest, there.digest, "it has another link here");
    holds(&mine);
    assert!(mine.undo_label().is_some_and(|label| label.ends_with(UNITE)));
    mine.undo().expect("undone");
    assert_eq!(mine.entities().expect("readable").len(), 1);
    mine.redo().expect("done again");
    assert_eq!(mine.entities().expect("readable").len(), 2);
    holds(&mine);
}

#[test]
fn a_copy_that_was_tampered_with_is_refused_and_nothing_changes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("theirs.redthread");
    let mut theirs = Case::create(&path).expect("new");
    theirs.commit(Action::new(vec![company("acme", "Acme Ltd (FICTIONAL)")])).expect("valid");
    theirs.close().expect("closes");
    let mut mine = Case::in_memory().expect("memory suffices");
    mine.commit(Action::new(vec![company("zeta", "Zeta Ltd (FICTIONAL)")])).expect("valid");
    let digest = mine.digest().expect("readable");
    let db = rusqlite::Connection::open(&path).expect("a database");
    db.execute("UPDATE statement SET value = 'Other Ltd' WHERE value LIKE 'Acme%'", [])
        .expect("sql");
    drop(db);
    let theirs = Case::open(&path).expect("opens");
    let error = mine.adopt(&theirs, &Progress::new()).expect_err("it does not hold");
    assert!(matches!(error, Error::Invalid { .. }), "{error}");
    assert!(error.to_string().contains("not what its author wrote"), "{error}");
    assert_eq!(mine.digest().expect("readable"), digest);
    holds(&mine);
}
