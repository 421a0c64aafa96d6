//! Whatever is done to a case, undone, done again and reopened: the projections are what the
//! statements say, undo restores them to the byte, the case verifies, and a network that is patched
//! by deltas is the one that is read anew.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use redthread::{
    case::{
        Action, Case, Cited, Delta, EvidenceBytes, Imported, Judged, NewCitation, NewEntity,
        NewEvidence, NewValue, Op, Origin, Progress, Source, Verdict,
    },
    model::{Chart, CitationRef, Credibility, Entity, Id, Period, Placement, Scene},
    network::{Network, Seen},
};
use rusqlite::{Connection, OpenFlags};

use crate::rows;

/// One thing that a user does. Numbers choose among what there is; many choices are refused,
/// and then nothing may change.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Do(Vec<Edit>),
    /// Entities of a schema, each with what they say and the file that says it, if one does.
    Import(Vec<(u8, u8, Option<u8>)>),
    Undo,
    Redo,
    /// Out of turn; whether with what builds on it.
    Revert(i64, bool),
    Reopen,
}

#[derive(Clone, Debug)]
pub(super) enum Edit {
    Add(u8, u8),
    Link(u8, u8, u8),
    State(u8, u8, String, bool),
    Withdraw(usize),
    Restore(usize),
    Change(usize, String),
    Retype(u8, u8),
    Deny(u8, bool),
    WithdrawEntity(u8),
    RestoreEntity(u8),
    Swap(u8),
    Attach(u8),
    Cite(usize, u8, bool, u8),
    WithdrawCitation(i64),
    RestoreCitation(i64),
    Judge(i64, u8, Option<u8>),
    Place(u8, u8, i16),
    Unplace(u8, u8),
    PutChart(u8, u8),
    DeleteChart(u8),
    PutScene(u8, u8),
    DeleteScene(u8),
    Set(u8, String),
}

const SCHEMATA: [&str; 5] = ["Company", "Person", "Vessel", "Ownership", "NoSuchSchema"];
const PROPERTIES: [&str; 8] = [
    "name",
    "alias",
    "country",
    "owner",
    "reliability",
    "noSuchProperty",
    "parent",
    "addressEntity",
];

fn node(n: u8) -> Id {
    format!("e{}", n % 6).into()
}

fn link(n: u8) -> Id {
    format!("l{}", n % 4).into()
}

fn any_thing(n: u8) -> Id {
    match n % 3 {
        0 => link(n / 3),
        1 => document(n / 3),
        _ => node(n / 3),
    }
}

fn document(n: u8) -> Id {
    format!("d{}", n % 2).into()
}

/// A citation that was made, or, by a negative number, the place where a statement was read.
fn citation(key: i64) -> CitationRef {
    let nth = key.unsigned_abs() as usize;
    match key {
        ..0 => CitationRef::Read(rows::statement(nth)),
        0 => CitationRef::Made(rows::citation(rows::ROWS)),
        1.. => CitationRef::Made(rows::citation(nth)),
    }
}

fn chart(n: u8) -> Id {
    format!("c{}", n % 2).into()
}

pub(super) fn op(edit: Edit) -> Op {
    let value = |property: &str, value: String, denied| NewValue {
        denied,
        ..NewValue::new(property, value)
    };
    match edit {
        Edit::Add(n, s) => Op::Add {
            entity: node(n),
            schema: SCHEMATA[s as usize % SCHEMATA.len()].into(),
            values: vec![NewValue::new("name", format!("名 {n}"))],
        },
        Edit::Link(n, a, b) => Op::Add {
            entity: link(n),
            schema: "Ownership".into(),
            values: vec![
                NewValue::new("owner", node(a).to_string()),
                NewValue::new("asset", node(b).to_string()),
            ],
        },
        Edit::State(n, p, text, denied) => {
            let property = PROPERTIES[p as usize % PROPERTIES.len()];
            // Most references lead to what is there, was there, or comes later.
            let refers = ["owner", "parent", "addressEntity"].contains(&property);
            let to = text.bytes().fold(n, u8::wrapping_add);
            let names = refers && !to.is_multiple_of(4);
            let text = if names { any_thing(to).to_string() } else { text };
            Op::State { entity: any_thing(n), value: value(property, text, denied) }
        }
        Edit::Withdraw(key) => Op::Withdraw(rows::statement(key)),
        Edit::Restore(key) => Op::Restore(rows::statement(key)),
        Edit::Change(key, text) => {
            Op::Change { statement: rows::statement(key), value: value("", text, false) }
        }
        Edit::Retype(n, s) => Op::Retype {
            entity: any_thing(n),
            schema: SCHEMATA[s as usize % SCHEMATA.len()].into(),
        },
        Edit::Deny(n, denied) => Op::Deny { entity: any_thing(n), denied },
        Edit::WithdrawEntity(n) => Op::WithdrawEntity(any_thing(n)),
        Edit::RestoreEntity(n) => Op::RestoreEntity(any_thing(n)),
        Edit::Swap(n) => Op::SwapEnds(link(n)),
        Edit::Attach(n) => Op::Attach(NewEvidence {
            id: document(n),
            bytes: EvidenceBytes::Memory(vec![n; usize::from(n) * 5000]),
            file_name: format!("{n}.txt"),
            mime: "text/plain".into(),
            method: "pasted".into(),
            values: vec![NewValue::new("reliability", "B"), NewValue::new("publisher", "Registry")],
        }),
        Edit::Cite(key, n, supports, grade) => Op::Cite(NewCitation {
            statement: Cited::Statement(rows::statement(key)),
            evidence: document(n),
            supports,
            credibility: Some(Credibility::ALL[grade as usize % 6]),
            page: Some("1".into()),
            quote: None,
            range: Some((3, 9)),
            region: Some([0.1, 0.25, 0.5, 1.0]),
        }),
        Edit::WithdrawCitation(key) => Op::WithdrawCitation(citation(key)),
        Edit::RestoreCitation(key) => Op::RestoreCitation(citation(key)),
        Edit::Judge(key, n, step) => Op::Judge {
            what: if n % 3 == 0 {
                Judged::Document(document(n / 3))
            } else {
                Judged::Citation(citation(key))
            },
            credibility: step.map(|step| Credibility::ALL[step as usize % 6]),
        },
        Edit::Place(c, n, x) => Op::Place {
            chart: chart(c),
            placements: vec![Placement {
                entity: node(n),
                x: f32::from(x) / 3.0,
                y: -0.1,
                pinned: x % 2 == 0,
            }],
        },
        Edit::Unplace(c, n) => Op::Unplace { chart: chart(c), entities: vec![node(n)] },
        Edit::PutChart(c, name) => Op::PutChart(Chart {
            id: chart(c),
            hidden: vec![node(name)],
            ..Chart::new(&format!("Chart {name}"), f64::from(name))
        }),
        Edit::DeleteChart(c) => Op::DeleteChart(chart(c)),
        Edit::PutScene(n, c) => Op::PutScene(Scene {
            id: format!("s{}", n % 2).into(),
            title: format!("Scene {n}"),
            order: 1.0,
            chart: chart(c),
            camera: None,
            selection: vec![node(n)],
            period: Period::default(),
            caption: "What **is** seen".into(),
            shows: String::new(),
        }),
        Edit::DeleteScene(n) => Op::DeleteScene(format!("s{}", n % 2).into()),
        Edit::Set(n, text) => Op::Set { key: format!("k{}", n % 2), value: text },
    }
}

/// One of three files beside the case; the first has the bytes of a document that may be attached
/// by hand, and the last two are alike.
fn source(case: &Path, number: usize) -> Source {
    let path = case.with_file_name(format!("list-{number}.txt"));
    let bytes = if number == 0 { vec![] } else { b"the same".to_vec() };
    std::fs::write(&path, bytes).expect("space");
    Source { path, title: format!("List {number}"), mime: "text/plain".into() }
}

/// Takes in entities of a schema, each with the file that says it, if one does.
pub(super) fn import(
    case: &mut Case,
    path: &Path,
    entities: Vec<(u8, u8, Option<u8>)>,
) -> redthread::case::Result<Imported> {
    let sources: Vec<Source> = (0..3).map(|n| source(path, n)).collect();
    let mut entities = entities.into_iter().map(|(n, s, file)| {
        Ok(NewEntity {
            id: node(n),
            schema: SCHEMATA[s as usize % SCHEMATA.len()].into(),
            values: vec![NewValue::new("alias", format!("alias {}", s % 3))],
            origin: file.map(|file| Origin {
                file: file as usize % 3,
                place: format!("line {n}"),
                quote: (file % 2 == 0).then(|| format!("quote {s}")),
            }),
        })
    });
    case.import(&sources, &mut entities, &Progress::new())
}

fn edit() -> impl Strategy<Value = Edit> {
    let text = "[a-z名가Ж\" ]{1,6}";
    prop_oneof![
        6 => (any::<u8>(), any::<u8>()).prop_map(|(n, s)| Edit::Add(n, s)),
        6 => any::<(u8, u8, u8)>().prop_map(|(n, a, b)| Edit::Link(n, a, b)),
        6 => (any::<u8>(), any::<u8>(), text, any::<bool>())
            .prop_map(|(n, p, t, d)| Edit::State(n, p, t, d)),
        2 => (1..60_usize).prop_map(Edit::Withdraw),
        2 => (1..60_usize).prop_map(Edit::Restore),
        2 => (1..60_usize, text).prop_map(|(k, t)| Edit::Change(k, t)),
        1 => any::<(u8, u8)>().prop_map(|(n, s)| Edit::Retype(n, s)),
        1 => any::<(u8, bool)>().prop_map(|(n, d)| Edit::Deny(n, d)),
        2 => any::<u8>().prop_map(Edit::WithdrawEntity),
        2 => any::<u8>().prop_map(Edit::RestoreEntity),
        1 => any::<u8>().prop_map(Edit::Swap),
        2 => any::<u8>().prop_map(Edit::Attach),
        3 => (1..60_usize, any::<u8>(), any::<bool>(), any::<u8>())
            .prop_map(|(k, n, s, g)| Edit::Cite(k, n, s, g)),
        2 => (-80..20_i64).prop_map(Edit::WithdrawCitation),
        1 => (-80..20_i64).prop_map(Edit::RestoreCitation),
        2 => (-80..20_i64, any::<u8>(), any::<Option<u8>>()).prop_map(|(k, n, s)| Edit::Judge(k, n, s)),
        3 => any::<(u8, u8, i16)>().prop_map(|(c, n, x)| Edit::Place(c, n, x)),
        1 => any::<(u8, u8)>().prop_map(|(c, n)| Edit::Unplace(c, n)),
        3 => any::<(u8, u8)>().prop_map(|(c, n)| Edit::PutChart(c, n)),
        1 => any::<u8>().prop_map(Edit::DeleteChart),
        2 => any::<(u8, u8)>().prop_map(|(n, c)| Edit::PutScene(n, c)),
        1 => any::<u8>().prop_map(Edit::DeleteScene),
        1 => (any::<u8>(), "[a-z]{0,3}").prop_map(|(n, t)| Edit::Set(n, t)),
    ]
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        20 => prop::collection::vec(edit(), 1..4).prop_map(Step::Do),
        4 => prop::collection::vec(any::<(u8, u8, Option<u8>)>(), 1..5).prop_map(Step::Import),
        6 => Just(Step::Undo),
        4 => Just(Step::Redo),
        3 => (1..30_i64, any::<bool>()).prop_map(|(revision, later)| Step::Revert(revision, later)),
        1 => Just(Step::Reopen),
    ]
}

/// Every projection and every present state in a fixed order, as a plain client of `SQLite` sees it.
pub(super) fn projections(path: &Path) -> Vec<String> {
    const TABLES: [&str; 9] = [
        "SELECT e.id, t.text, n.caption, n.degree FROM node n
         JOIN entity e ON e.key = n.entity JOIN term t ON t.key = n.schema ORDER BY e.id",
        "SELECT e.id, s.id, t.id FROM link l JOIN entity e ON e.key = l.entity
         JOIN entity s ON s.key = l.source JOIN entity t ON t.key = l.target ORDER BY e.id",
        "SELECT kind, id, body FROM record ORDER BY kind, id",
        "SELECT chart, entity, x, y, pinned FROM placement ORDER BY chart, entity",
        "SELECT s.key FROM statement s JOIN revision r ON r.number = s.revision
         WHERE s.stands + r.live > 1 ORDER BY s.key",
        "SELECT c.key FROM citation c JOIN revision r ON r.number = c.revision
         WHERE c.stands + r.live > 1 ORDER BY c.key",
        "SELECT statement FROM dismissed ORDER BY statement",
        "SELECT term, doc, offset FROM temp.words WHERE doc IN (SELECT entity FROM node) ORDER BY 1, 2, 3",
        "SELECT term, doc FROM temp.parts WHERE doc IN (SELECT entity FROM node) ORDER BY 1, 2",
    ];
    let db =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("a case file");
    db.execute_batch(
        "CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'search_word', 'instance');
         CREATE VIRTUAL TABLE temp.parts USING fts5vocab('main', 'search_part', 'instance')",
    )
    .expect("a list of terms");
    let mut all = Vec::new();
    for sql in TABLES {
        let mut query = db.prepare(sql).expect("our schema");
        let columns = query.column_count();
        let mut rows = query.query([]).expect("our schema");
        while let Some(row) = rows.next().expect("readable") {
            let cells: Vec<_> = (0..columns).map(|c| format!("{:?}", row.get_ref(c))).collect();
            all.push(cells.join(" | "));
        }
    }
    all
}

fn verifies(case: &Case) -> Result<(), TestCaseError> {
    let verdict = case.verify(&Progress::new()).expect("verification runs");
    prop_assert!(matches!(verdict, Verdict::Holds { .. }), "{:?}", verdict);
    Ok(())
}

/// Everything that a network says, for comparison.
#[derive(Debug, PartialEq)]
struct Said {
    entities: Vec<(Entity, Vec<Id>, usize)>,
    /// Every reference, found from either end.
    references: [Vec<(Id, redthread::model::Strength)>; 2],
    hosts: Vec<Option<Id>>,
    nodes: Vec<Id>,
    links: Vec<(Id, Id, Id)>,
    counts: (usize, usize, usize),
}

fn said(network: &Seen) -> Said {
    let id = |entity: redthread::network::EntityRef<'_>| entity.id().clone();
    let reference = |one: redthread::network::Reference<'_>| (one.id(), one.strength());
    let to = |entity| network.references_to(entity).into_iter().map(reference);
    let mut references = [
        network.references().map(reference).collect::<Vec<_>>(),
        network.iter().flat_map(to).collect(),
    ];
    references[1].sort();
    references[0].sort();
    assert_eq!(references[0], references[1], "the same from either end");
    Said {
        references,
        hosts: network.iter().map(|e| e.host().map(id)).collect(),
        entities: network
            .iter()
            .map(|e| (e.to_entity(), network.links_of(e.id()).map(id).collect(), e.degree()))
            .collect(),
        nodes: network.nodes().map(id).collect(),
        links: network
            .links()
            .filter_map(|link| {
                let (source, target) = network.ends(link)?;
                Some((id(link), id(source), id(target)))
            })
            .collect(),
        counts: (network.len(), network.nodes().count(), network.links().count()),
    }
}

/// Patches a network by a delta, and holds it against those that are made anew.
pub(super) fn follow(
    network: &mut Network,
    delta: &Delta,
    case: &Case,
) -> Result<(), TestCaseError> {
    let read = Network::read(case, &Progress::new()).expect("readable");
    if delta.reload {
        *network = read.clone();
    } else {
        network.apply(delta);
    }
    let patched = said(network.plain());
    prop_assert_eq!(network.plain().node_count(), patched.counts.1);
    prop_assert_eq!(network.plain().link_count(), patched.counts.2);
    prop_assert_eq!(&patched, &said(read.plain()), "patched and read again");
    let made = Seen::new(case.entities().expect("readable"));
    prop_assert_eq!(&patched, &said(&made), "patched and made of entities");
    Ok(())
}

/// Undoes a revision out of turn, by itself or with what builds on it.
pub(super) fn revert(
    case: &mut Case,
    revision: i64,
    later: bool,
) -> redthread::case::Result<Delta> {
    let revision = rows::revision(revision);
    if later { case.revert_with_later(revision) } else { case.revert(revision) }
}

fn run(steps: Vec<Step>, path: PathBuf) -> Result<(), TestCaseError> {
    let mut case = Case::create(&path).expect("a new case");
    // What was seen before each action that can be undone, and before each that can be redone.
    let mut network = Network::default();
    let (mut before, mut after): (Vec<Vec<String>>, Vec<Vec<String>>) = (vec![], vec![]);
    for step in steps {
        let seen = projections(&path);
        let result = match step {
            Step::Do(edits) => Some(case.commit(Action::new(edits.into_iter().map(op).collect()))),
            Step::Import(entities) => {
                Some(import(&mut case, &path, entities).map(|done| done.delta))
            }
            Step::Revert(revision, later) => Some(revert(&mut case, revision, later)),
            Step::Undo => {
                let undone = case.undo().expect("undo never fails");
                prop_assert_eq!(undone.is_some(), !before.is_empty());
                follow(&mut network, &undone.unwrap_or_default(), &case)?;
                if let Some(expected) = before.pop() {
                    prop_assert_eq!(projections(&path), expected, "undo restores every projection");
                    after.push(seen.clone());
                }
                None
            }
            Step::Redo => {
                let redone = case.redo().expect("redo never fails");
                prop_assert_eq!(redone.is_some(), !after.is_empty());
                follow(&mut network, &redone.unwrap_or_default(), &case)?;
                if let Some(expected) = after.pop() {
                    prop_assert_eq!(projections(&path), expected, "redo restores every projection");
                    before.push(seen.clone());
                }
                None
            }
            Step::Reopen => {
                verifies(&case)?;
                let labels = (case.undo_label(), case.redo_label());
                case.close().expect("closes");
                prop_assert!(!path.with_extension("redthread-wal").exists(), "one file at rest");
                let bytes = std::fs::read(&path).expect("readable");
                case = Case::open(&path).expect("opens again");
                prop_assert!(
                    bytes == std::fs::read(&path).expect("readable"),
                    "opening changes nothing"
                );
                prop_assert_eq!((case.undo_label(), case.redo_label()), labels);
                prop_assert_eq!(projections(&path), seen.clone());
                None
            }
        };
        match result {
            Some(Ok(delta)) if delta.revision.is_some() => {
                follow(&mut network, &delta, &case)?;
                before.push(seen.clone());
                after.clear();
            }
            Some(_) => prop_assert_eq!(projections(&path), seen, "what is refused changes nothing"),
            None => {}
        }
    }
    verifies(&case)?;
    let end = projections(&path);
    let mut steps = 0;
    while let Some(delta) = case.undo().expect("undo never fails") {
        follow(&mut network, &delta, &case)?;
        steps += 1;
    }
    prop_assert!(projections(&path).is_empty(), "everything can be undone");
    verifies(&case)?;
    for _ in 0..steps {
        case.redo().expect("redo never fails");
    }
    prop_assert_eq!(projections(&path), end, "and everything done again");
    verifies(&case)?;
    case.close().expect("closes");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn undo_restores_every_projection_and_the_case_verifies(
        steps in prop::collection::vec(step(), 20..80)
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        run(steps, folder.path().join("random.redthread"))?;
    }
}
