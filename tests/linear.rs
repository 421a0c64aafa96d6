//! What is said of one entity takes as long as the same said of many: processor time, in one run.

use std::time::{Duration, Instant};

use redthread::{
    case::{Action, Case, NewEntity, NewValue, Op, Progress, Verdict},
    model::{Id, StatementKey},
};

/// How many times as long it may take about one entity as about many.
const MOST: f64 = 3.0;
/// What the clock of the processor may be off by, and what is done once.
const SLACK: Duration = Duration::from_millis(60);

/// The processor time of this thread so far; where the system does not tell it, the time.
fn spent(since: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| since.elapsed(), Duration::from_nanos)
}

/// How the values come into the case.
#[derive(Clone, Copy, Debug)]
enum Shape {
    /// A line of a file for each value.
    Lines,
    /// All values of an entity in one line.
    Values,
    /// An action of many operations.
    Operations,
}

fn id(n: usize) -> Id {
    format!("e{n}").as_str().into()
}

fn value(n: usize) -> NewValue {
    NewValue::new("name", format!("Pier Road {n} Holdings"))
}

/// So many values of one entity, or each of another one.
fn fill(case: &mut Case, shape: Shape, count: usize, one: bool) {
    let id = |n: usize| id(if one { 0 } else { n });
    let line = |n: usize, values: Vec<NewValue>| -> redthread::case::Result<NewEntity> {
        Ok(NewEntity { id: id(n), schema: "Company".into(), values, origin: None })
    };
    match shape {
        Shape::Values if one => {
            let all = (0..count).map(value).collect();
            let mut lines = [line(0, all)].into_iter();
            case.import(&[], &mut lines, &Progress::new()).expect("imports");
        }
        Shape::Lines | Shape::Values => {
            let mut lines = (0..count).map(|n| line(n, vec![value(n)]));
            case.import(&[], &mut lines, &Progress::new()).expect("imports");
        }
        Shape::Operations => {
            let exist = (0..if one { 1 } else { count }).map(|n| Op::Add {
                entity: id(n),
                schema: "Company".into(),
                values: vec![],
            });
            let state = (0..count).map(|n| Op::State { entity: id(n), value: value(n) });
            let ops = exist.chain(state).collect();
            case.commit(Action::new(ops)).expect("valid");
        }
    }
}

/// What everything takes that is done with such a case, by what it is.
fn times(shape: Shape, count: usize, one: bool) -> Vec<(&'static str, Duration)> {
    let mut case = Case::in_memory().expect("memory suffices");
    let mut times = Vec::new();
    let start = Instant::now();
    let mut last = spent(start);
    let mut note = |what| {
        let now = spent(start);
        times.push((what, now.saturating_sub(last)));
        last = now;
    };
    fill(&mut case, shape, count, one);
    note("writing");
    let verdict = case.verify(&Progress::new()).expect("verifies");
    assert!(matches!(verdict, Verdict::Holds { .. }), "{verdict:?}");
    note("verifying");
    let all = case.entities().expect("readable");
    assert_eq!(all.iter().map(|entity| entity.values.len()).sum::<usize>(), count);
    note("reading");
    let mut statements = 0;
    for n in 0..if one { 1 } else { count } {
        statements += case.details(&id(n)).expect("readable").statements.len();
    }
    assert_eq!(statements, count + if one { 1 } else { count });
    note("details");
    assert!(!case.find("pier road", 20).expect("searches").hits.is_empty());
    note("searching");
    case.undo().expect("undone");
    note("undoing");
    case.redo().expect("done again");
    note("doing again");
    let keys: Vec<StatementKey> =
        all.iter().flat_map(|entity| entity.values.iter().map(|value| value.statement)).collect();
    let ops = keys.iter().enumerate().map(|(n, key)| Op::Change {
        statement: *key,
        value: NewValue::new("", format!("Quay {n}")),
    });
    case.commit(Action::new(ops.collect())).expect("valid");
    note("editing");
    let ids = (0..if one { 1 } else { count }).map(id);
    case.commit(Action::new(ids.map(Op::WithdrawEntity).collect())).expect("valid");
    note("withdrawing");
    assert!(!case.withdrawn().expect("readable").is_empty());
    note("listing what is withdrawn");
    let ids = (0..if one { 1 } else { count }).map(id);
    case.commit(Action::new(ids.map(Op::RestoreEntity).collect())).expect("valid");
    note("restoring");
    times
}

fn compare(shape: Shape) {
    for count in [2_000, 8_000] {
        let (one, many) = (times(shape, count, true), times(shape, count, false));
        for ((what, one), (_, many)) in one.into_iter().zip(many) {
            println!("{shape:?} {count} {what}: {one:.0?} about one, {many:.0?} about many");
            let most = many.mul_f64(MOST) + SLACK;
            assert!(
                one <= most,
                "{shape:?}, {what}: {count} values take {one:?} about one entity, {many:?} about many"
            );
        }
    }
}

#[test]
fn many_lines_about_one_entity_take_as_long_as_about_many() {
    compare(Shape::Lines);
}

#[test]
fn many_values_in_one_line_take_as_long_as_in_many() {
    compare(Shape::Values);
}

#[test]
fn many_operations_on_one_entity_take_as_long_as_on_many() {
    compare(Shape::Operations);
}

/// Each line says the same again: it is cited, and once.
#[test]
fn what_many_lines_say_again_is_found_without_reading_it_all_again() {
    let mut case = Case::in_memory().expect("memory suffices");
    for _ in 0..2 {
        fill(&mut case, Shape::Lines, 8_000, true);
    }
    assert_eq!(case.log().expect("readable").len(), 1, "nothing was new");
    let details = case.details(&id(0)).expect("readable");
    assert_eq!(details.statements.len(), 8_001);
}
