//! Raw exports say that they are raw, and no name leaves in an order that its letters do not have.

use std::path::Path;

use redthread::{
    case::{Action, Case, NewValue, Op, Progress},
    exchange::import::{Job as Import, run},
    export::{self, Job, Look, Scope, TARGETS},
    model::{Chart, Placement},
};

const NAME: &str = "Lantern\u{202e}dtL gnippihS\u{2066}\u{200b} Ltd";
const SHOWN: &str = "Lantern⟪U+202E⟫dtL gnippihS⟪U+2066⟫⟪U+200B⟫ Ltd";
const ID: &str = "evil\u{202e}id";

fn case(path: &Path) -> Case {
    let mut case = Case::create(path).expect("new");
    let chart = Chart::new("Over\u{202e}view", 1.0);
    let named = |name: &str| vec![NewValue::new("name", name)];
    let ops = vec![
        Op::Set { key: "title".into(), value: NAME.into() },
        Op::Set { key: "marking".into(), value: "TLP:\u{202e}RED".into() },
        Op::Set { key: "officer".into(), value: "A. \u{202e}Officer".into() },
        Op::Add { entity: ID.into(), schema: "Company".into(), values: named(NAME) },
        Op::Add {
            entity: "b".into(), schema: "Person".into(), values: named("علی\u{200c}رضا")
        },
        Op::Add {
            entity: "own".into(),
            schema: "Ownership".into(),
            values: vec![
                NewValue::new("owner", "b"),
                NewValue::new("asset", ID),
                NewValue::new("role", "own\u{202e}er"),
            ],
        },
        Op::PutChart(chart.clone()),
        Op::Place {
            chart: chart.id,
            placements: [(ID, 0.0), ("b", 300.0)]
                .map(|(id, x)| Placement { entity: id.into(), x, y: 0.0, pinned: false })
                .to_vec(),
        },
    ];
    case.commit(Action::new(ops)).expect("committed");
    case
}

fn write(case: &Case, folder: &Path, name: &str) -> (std::path::PathBuf, Vec<String>) {
    let target = export::target(name).expect("a format");
    let ending = target.endings.first().map_or(String::new(), |ending| format!(".{ending}"));
    let out = folder.join(format!("{name}{ending}"));
    let job = Job { target, out: out.clone(), scope: Scope::Case, look: Look::default() };
    let written = export::run(case, &job, &Progress::new()).expect("exported");
    (out, written.notes)
}

#[test]
fn what_reorders_a_name_is_shown_and_a_program_gets_the_true_name_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = case(&folder.path().join("c.redthread"));
    let before = first.entity(&ID.into()).expect("readable").expect("there");
    for name in ["svg", "graphml", "gexf"] {
        let (out, _) = write(&first, folder.path(), name);
        let text = std::fs::read_to_string(&out).expect("text");
        let bad =
            |c: char| matches!(c, '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(!text.contains(bad), "{name}: {text}");
        assert!(text.contains("⟪U+202E⟫"), "{name} shows what was there");
        assert!(name == "svg" || text.contains(SHOWN), "{name}");
        assert!(text.contains("علی\u{200c}رضا"), "{name}: spelling stays");
        if name == "svg" {
            continue;
        }
        let mut other =
            Case::create(&folder.path().join(format!("{name}.redthread"))).expect("new");
        let job = Import { files: vec![out], ..Import::default() };
        run(&mut other, &job, &Progress::new()).expect("imports");
        let after = other.entity(&ID.into()).expect("readable").expect("of the same id");
        assert_eq!(after.all("name").collect::<Vec<_>>(), before.all("name").collect::<Vec<_>>());
        let own = other.entity(&"own".into()).expect("readable").expect("there");
        assert_eq!(own.ends, Some(("b".into(), ID.into())));
    }
}

#[test]
fn raw_tables_say_so_where_they_are_chosen_and_when_they_are_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let case = case(&folder.path().join("c.redthread"));
    for target in &TARGETS {
        let raw = ["statements", "neo4j"].contains(&target.name);
        assert_eq!(target.purpose.contains("Raw"), raw, "{}", target.name);
        if !target.is_picture() {
            let (_, notes) = write(&case, folder.path(), target.name);
            let said = notes.iter().any(|note| note.contains("The values are raw"));
            assert_eq!(said, raw, "{}: {notes:?}", target.name);
        }
    }
}

#[test]
fn tables_that_people_read_show_what_reorders_a_name_and_say_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let case = case(&folder.path().join("c.redthread"));
    let bad = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    for name in ["csv", "xlsx"] {
        let (out, notes) = write(&case, folder.path(), name);
        let text = if name == "csv" {
            ["entities.csv", "relationships.csv"]
                .map(|file| std::fs::read_to_string(out.join(file)).expect("text"))
                .concat()
        } else {
            let mut book: calamine::Xlsx<_> = calamine::open_workbook(&out).expect("a workbook");
            let sheets = calamine::Reader::worksheets(&mut book);
            let cells = sheets.iter().flat_map(|(_, sheet)| sheet.rows().flatten());
            cells.map(ToString::to_string).collect::<Vec<_>>().join("\n")
        };
        assert!(text.contains(SHOWN) && text.contains("evil⟪U+202E⟫id"), "{name}: {text}");
        assert!(!text.contains(bad), "{name}: {text}");
        assert!(notes.iter().any(|note| note.contains("written out")), "{name}: {notes:?}");
    }
    for name in ["ftm", "statements"] {
        let (out, _) = write(&case, folder.path(), name);
        let text = std::fs::read_to_string(&out).expect("text");
        assert!(!text.contains('⟪'), "{name} is for programs and keeps every character");
    }
}
