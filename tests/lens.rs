//! The oracles of the lens: pulling a document, a source, a citation or an author shows the same as
//! withdrawing it in a copy and reading that anew, and a case as it was after a revision looks as it
//! did then.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use proptest::prelude::*;
use redthread::{
    case::{
        Action, Case, Cited, Details, EvidenceBytes, Horizon, Judged, NewCitation, NewEvidence,
        NewValue, Op, Progress,
    },
    exchange::import::{Job, run},
    model::{
        CitationRef, Credibility, Entity, Id, PartialDate, Period, RevisionNumber, StatementKey,
        Strength, Value, entity::SCHEMA,
    },
    network::{EntityRef, Lens, Network, Reference, Seen, falls},
};

use crate::rows;

/// What lies around an entity.
#[derive(Debug, PartialEq)]
pub struct Around {
    relationships: Vec<Id>,
    /// From it and to it, each with its strength and its statements.
    references: Vec<(Id, Strength, Vec<StatementKey>)>,
    host: Option<Id>,
    /// Its statements that a document supports.
    supported: BTreeSet<StatementKey>,
}

/// What a case looks like: each entity with what lies around it.
pub fn shape(seen: &Seen) -> Vec<(Entity, Around)> {
    let said = |one: Reference<'_>| (one.id(), one.strength(), one.statements().collect());
    let around = |entity: EntityRef<'_>| Around {
        relationships: seen.links_of(entity.id()).map(|link| link.id().clone()).collect(),
        references: seen
            .references_from(entity)
            .into_iter()
            .chain(seen.references_to(entity))
            .map(said)
            .collect(),
        host: entity.host().map(|host| host.id().clone()),
        supported: {
            let grounds = entity.grounds().filter(|ground| ground.supports);
            grounds.map(|ground| ground.statement).collect()
        },
    };
    seen.iter().map(|entity| (entity.to_entity(), around(entity))).collect()
}

fn anew(case: &Case) -> Vec<(Entity, Around)> {
    shape(&Seen::read(case, &Progress::new()).expect("readable"))
}

/// Does what can be done of an action; what is refused is left out.
fn edit(case: &mut Case, op: Op) {
    case.commit(Action::new(vec![op])).ok();
}

fn document(n: u8) -> Id {
    format!("d{}", n % 6).into()
}

fn entity(n: u8) -> Id {
    format!("e{}", n % 5).into()
}

fn link(n: u8) -> Id {
    format!("l{}", n % 4).into()
}

/// The publishers of six documents: three sources, and documents that name none.
const PUBLISHERS: [Option<&str>; 6] =
    [Some("Registry"), Some("Registry"), Some("Times"), Some("Post"), None, None];

fn attach(n: u8, grade: Option<&str>) -> Op {
    let mut values = vec![NewValue::new("title", format!("Document {n}"))];
    values.extend(PUBLISHERS[n as usize % 6].map(|name| NewValue::new("publisher", name)));
    values.extend(grade.map(|grade| NewValue::new("reliability", grade)));
    Op::Attach(NewEvidence {
        id: document(n),
        bytes: EvidenceBytes::Memory(vec![b'x', n]),
        file_name: format!("{n}.txt"),
        mime: "text/plain".into(),
        method: "written".into(),
        values,
    })
}

/// A list that names some of the same entities, and one of its own.
const LIST: &str = concat!(
    r#"{"id":"e0","schema":"Company","properties":{"name":["E0"],"country":["hk"]}}"#,
    "\n",
    r#"{"id":"e9","schema":"Person","properties":{"name":["Nine"]}}"#,
    "\n",
    r#"{"id":"l9","schema":"Ownership","properties":{"owner":["e9"],"asset":["e0"],"percentage":["60"]}}"#,
    "\n",
);

/// A case of six documents, five companies, four ownerships and a list, with an edit for each step.
pub fn build(steps: &[(u8, u8, u8, u8)], list: bool) -> Case {
    let mut case = Case::in_memory().expect("memory suffices");
    build_in(&mut case, steps, list, &mut |_| ());
    case
}

/// The same in a case that exists; `after` looks at it after each edit.
#[allow(clippy::too_many_lines, reason = "one arm for each edit")]
fn build_in(case: &mut Case, steps: &[(u8, u8, u8, u8)], list: bool, after: &mut dyn FnMut(&Case)) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut edit = |case: &mut Case, op: Op| {
        edit(case, op);
        after(case);
    };
    for n in 0..6 {
        edit(case, attach(n, [Some("A"), None, Some("B"), Some("C"), Some("F"), None][n as usize]));
    }
    for n in 0..5 {
        let values = vec![NewValue::new("name", format!("E{n}"))];
        edit(case, Op::Add { entity: entity(n), schema: "Company".into(), values });
    }
    // A relationship may end at a document, and goes with it.
    // A document, a passport and an address are referred to and refer, and go with it or stay.
    for (id, schema, holder) in [("p0", "Passport", "e1"), ("e8", "Company", "e0")] {
        let property = if schema == "Passport" { "holder" } else { "parent" };
        let values = vec![NewValue::new("name", id), NewValue::new(property, holder)];
        let values = values.into_iter().filter(|v| schema == "Company" || v.property == "holder");
        let op = Op::Add { entity: id.into(), schema: schema.into(), values: values.collect() };
        edit(case, op);
    }
    edit(case, Op::Add { entity: "x0".into(), schema: "Address".into(), values: Vec::new() });
    for (n, [owner, asset]) in
        [["e0", "e1"], ["e1", "e2"], ["e3", "e4"], ["e0", "d1"]].iter().enumerate()
    {
        let values = vec![NewValue::new("owner", *owner), NewValue::new("asset", *asset)];
        edit(case, Op::Add { entity: link(n as u8), schema: "Ownership".into(), values });
    }
    if list {
        let path = folder.path().join("list.ndjson");
        std::fs::write(&path, LIST).expect("space");
        let job = Job { files: vec![path], title: Some("A list".into()), ..Job::default() };
        run(case, &job, &Progress::new()).expect("imports");
    }
    edit(case, Op::Set { key: "title".into(), value: "Random".into() });
    for &(what, a, b, c) in steps {
        let subject = if b.is_multiple_of(2) { entity(a) } else { link(a) };
        let keys: Vec<StatementKey> = case
            .details(&subject)
            .map(|d| d.statements.iter().map(|s| s.key).collect())
            .unwrap_or_default();
        let statement =
            keys.get(c as usize % keys.len().max(1)).copied().unwrap_or(rows::statement(1));
        let refers = |property: &str, to: Id| Op::State {
            entity: entity(a),
            value: NewValue { denied: c.is_multiple_of(7), ..NewValue::new(property, to.as_str()) },
        };
        match what % 21 {
            0..=3 => edit(
                case,
                Op::Cite(NewCitation {
                    statement: Cited::Statement(statement),
                    evidence: document(b / 2),
                    supports: !c.is_multiple_of(4),
                    credibility: Some(Credibility::ALL[c as usize % 6]).filter(|_| a % 3 != 0),
                    page: None,
                    quote: None,
                    range: None,
                    region: None,
                }),
            ),
            4 => {
                let value = NewValue {
                    denied: c.is_multiple_of(2),
                    ..NewValue::new("alias", format!("A{c}"))
                };
                edit(case, Op::State { entity: subject, value });
            }
            5 => edit(case, Op::Withdraw(statement)),
            6 => edit(case, Op::Deny { entity: subject, denied: c.is_multiple_of(2) }),
            7 => {
                let cited = case.details(&subject).map(|d| d.statements).unwrap_or_default();
                let all: Vec<_> = cited.iter().flat_map(|s| &s.citations).map(|c| c.key).collect();
                if let Some(citation) = all.get(c as usize % all.len().max(1)) {
                    edit(case, Op::WithdrawCitation(*citation));
                }
            }
            8 => {
                case.undo().expect("undoes");
                edit(case, Op::Deny { entity: "nobody".into(), denied: true });
            }
            16 => {
                case.redo().expect("does again");
                edit(case, Op::Deny { entity: "nobody".into(), denied: true });
            }
            17 => {
                let log = case.log().expect("readable");
                case.revert(log[c as usize % log.len()].number).ok();
                edit(case, Op::Deny { entity: "nobody".into(), denied: true });
            }
            10 | 11 => {
                let cited = case.details(&subject).map(|d| d.statements).unwrap_or_default();
                let all: Vec<_> = cited.iter().flat_map(|s| &s.citations).collect();
                let citation = all.get(c as usize % all.len().max(1)).map(|one| one.key);
                let list = case.evidence().expect("readable").into_iter().map(|one| one.id);
                let whole = list.last().filter(|_| c.is_multiple_of(3)).unwrap_or(document(a));
                let what = match citation {
                    Some(citation) if b.is_multiple_of(3) => Judged::Citation(citation),
                    _ => Judged::Document(whole),
                };
                let credibility = (c % 7 < 6).then(|| Credibility::ALL[c as usize % 6]);
                edit(case, Op::Judge { what, credibility });
            }
            12 => {
                let cited = case.details(&subject).map(|d| d.statements).unwrap_or_default();
                let all = cited.iter().flat_map(|s| &s.citations).filter(|c| !c.live);
                for key in all.map(|c| c.key).collect::<Vec<_>>() {
                    edit(case, Op::RestoreCitation(key));
                }
            }
            18 | 19 => {
                let starts = what % 21 == 18;
                let property = match (b.is_multiple_of(2), starts) {
                    (true, true) => "incorporationDate",
                    (true, false) => "dissolutionDate",
                    (false, true) => "startDate",
                    (false, false) => "endDate",
                };
                let date = ["2015", "2016", "2016-05", "2016-05-02", "2017"][c as usize % 5];
                let value = NewValue::new(property, date);
                edit(case, Op::State { entity: subject, value });
            }
            20 => edit(case, refers("sameAs", entity(b))),
            13 => edit(case, refers("parent", entity(b))),
            14 => edit(case, refers("proof", document(b))),
            15 => edit(case, refers("addressEntity", "x0".into())),
            _ => {
                let op = if c.is_multiple_of(2) {
                    Op::WithdrawEntity(document(a))
                } else {
                    Op::RestoreEntity(document(a))
                };
                edit(case, op);
            }
        }
    }
}

/// Compares what a lens shows with what a case says once some of it is withdrawn.
fn compare(
    case: &mut Case,
    network: &Network,
    lens: &Lens,
    withdraw: Vec<Op>,
) -> Result<bool, TestCaseError> {
    let before = anew(case);
    let delta = case.commit(Action::new(withdraw)).expect("can be withdrawn");
    let expected = anew(case);
    if delta.revision.is_some() {
        case.undo().expect("undoes");
    }
    prop_assert_eq!(&anew(case), &before, "the case is as before");
    let seen = network.through(lens);
    same(&before, &expected, network.plain(), &seen, lens)
}

/// Holds what is seen through a lens to what it should be, and what falls to the difference.
fn same(
    before: &[(Entity, Around)],
    expected: &[(Entity, Around)],
    plain: &Seen,
    seen: &Seen,
    lens: &Lens,
) -> Result<bool, TestCaseError> {
    let shown = shape(seen);
    let apart = shown.iter().zip(expected).find(|(shown, expected)| shown != expected);
    prop_assert!(apart.is_none(), "{lens:?}: {apart:#?}");
    prop_assert_eq!(shown.len(), expected.len());
    // The relationships that are counted are those that are there.
    prop_assert_eq!(seen.link_count(), seen.links().count());
    prop_assert_eq!(seen.node_count(), seen.nodes().count());
    let degrees = seen.iter().map(EntityRef::degree).sum::<usize>();
    prop_assert!(degrees >= seen.references().count());
    let fallen = falls(plain, seen);
    let weaker = before.iter().any(|(old, had)| {
        let new = expected.iter().find(|(new, _)| new.id == old.id);
        new.is_none_or(|(new, has)| {
            let value = |old: &Value| new.values.iter().find(|new| new.statement == old.statement);
            let is_bare = |one| had.supported.contains(&one) && !has.supported.contains(&one);
            let mut asserted: BTreeSet<StatementKey> = old
                .existence
                .iter()
                .map(|one| (one.statement, one.denied))
                .chain(
                    old.values
                        .iter()
                        .filter(|one| &*one.property != "sameAs")
                        .map(|one| (one.statement, one.denied)),
                )
                .filter(|(_, denied)| !denied)
                .map(|(statement, _)| statement)
                .collect();
            asserted.retain(|one| had.supported.contains(one));
            new.strength < old.strength
                || (!asserted.is_empty() && asserted.iter().all(|one| is_bare(*one)))
                || old.values.iter().any(|old| {
                    value(old)
                        .is_none_or(|new| new.strength < old.strength || is_bare(old.statement))
                })
        })
    });
    prop_assert_eq!(!fallen.is_empty(), weaker, "what falls is listed, and nothing else");
    Ok(expected != before)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn pulling_shows_the_same_as_withdrawing(
        steps in prop::collection::vec(any::<(u8, u8, u8, u8)>(), 30..90),
        list in any::<bool>(),
    ) {
        let mut case = build(&steps, list);
        let network = Network::read(&case, &Progress::new()).expect("readable");
        let evidence = case.evidence().expect("readable");
        let live: Vec<_> = evidence.iter().filter(|item| item.live).collect();
        let mut changed = 0;
        for item in &live {
            let lens = Lens::without_evidence(item.id.clone());
            let op = Op::WithdrawEntity(item.id.clone());
            changed += usize::from(compare(&mut case, &network, &lens, vec![op])?);
        }
        let sources: BTreeSet<&str> = live.iter().filter_map(|item| item.origin.as_deref()).collect();
        for source in sources {
            let of = live.iter().filter(|item| item.origin.as_deref() == Some(source));
            let ops = of.map(|item| Op::WithdrawEntity(item.id.clone())).collect();
            changed += usize::from(compare(&mut case, &network, &Lens::without_source(source), ops)?);
        }
        let mut citations: BTreeMap<CitationRef, bool> = BTreeMap::new();
        for (entity, _) in anew(&case) {
            let statements = case.details(&entity.id).expect("readable").statements;
            let live = statements.iter().filter(|s| s.live).flat_map(|s| &s.citations);
            citations.extend(live.filter(|c| c.live).map(|c| (c.key, c.supports)));
        }
        for citation in citations.into_keys() {
            let lens = Lens::without_citation(citation);
            let op = Op::WithdrawCitation(citation);
            changed += usize::from(compare(&mut case, &network, &lens, vec![op])?);
        }
        for day in ["2014", "2016-05-01", "2016-05", "2018-01-01"] {
            let on: PartialDate = day.parse().expect("a date");
            let period = Period::on(Some(on.clone()));
            let ended = network.plain().iter().filter(|entity| {
                let (start, end) = entity.extent();
                entity.schema() != "Document" && !period.overlaps(start.as_ref(), end.as_ref())
            });
            let ended: BTreeSet<&Id> = ended.map(EntityRef::id).collect();
            // A relationship goes with what it ends at.
            let goes = |id: &&Id| {
                let ends = network.plain().get(id).and_then(EntityRef::ends);
                ends.is_none_or(|(a, b)| !ended.contains(a) && !ended.contains(b))
            };
            let ops = ended.iter().copied().filter(goes).cloned().map(Op::WithdrawEntity);
            let ops: Vec<Op> = ops.collect();
            let lens = Lens::on(on);
            let seen = network.through(&lens);
            for entity in seen.iter() {
                let (start, end) = entity.extent();
                let sure = period.surely_overlaps(start.as_ref(), end.as_ref());
                prop_assert_eq!(entity.is_date_uncertain(), !sure && entity.schema() != "Document");
            }
            if !ops.is_empty() {
                changed += usize::from(compare(&mut case, &network, &lens, ops)?);
            }
        }
        note(changed);
    }

    #[test]
    fn a_network_that_was_patched_shows_the_same_through_a_lens_as_one_that_was_read(
        steps in prop::collection::vec(any::<(u8, u8, u8, u8)>(), 10..40),
        more in prop::collection::vec(any::<(u8, u8, u8, u8)>(), 1..12),
    ) {
        let mut case = build(&steps, true);
        let mut network = Network::read(&case, &Progress::new()).expect("readable");
        for (what, a, b, c) in more {
            let op = match what % 4 {
                0 => Op::WithdrawEntity(document(a)),
                1 => Op::RestoreEntity(document(a)),
                2 => Op::State {
                    entity: document(a),
                    value: NewValue::new("reliability", ["A", "C", "F"][b as usize % 3]),
                },
                _ => Op::Cite(NewCitation {
                    statement: Cited::ExistenceOf(if c.is_multiple_of(2) { entity(a) } else { "l9".into() }),
                    evidence: document(b),
                    supports: true,
                    credibility: Some(Credibility::ALL[c as usize % 3]),
                    page: None,
                    quote: None,
                    range: None,
                    region: None,
                }),
            };
            if let Ok(delta) = case.commit(Action::new(vec![op])) {
                network.apply(&delta);
            }
            prop_assert_eq!(shape(network.plain()), anew(&case));
        }
        let read = Network::read(&case, &Progress::new()).expect("readable");
        for item in case.evidence().expect("readable") {
            let lens = Lens::without_evidence(item.id.clone());
            prop_assert_eq!(shape(&network.through(&lens)), shape(&read.through(&lens)));
        }
    }
}

/// The number of the newest revision.
fn newest(case: &Case) -> RevisionNumber {
    case.log().expect("readable").last().map_or(rows::revision(0), |one| one.number)
}

/// What the details of everything say, charts and custody left out.
fn details(case: &Case, horizon: &Horizon) -> Vec<Details> {
    let ids = ["e0", "e1", "e2", "l0", "l1", "d0", "d3", "e9", "l9"];
    let details = ids.iter().filter_map(|id| case.details_at(&Id::from(*id), horizon).ok());
    let mut all: Vec<_> = details
        .map(|one| Details { charts: Vec::new(), custody: Vec::new(), ..one })
        .filter(|one| !one.statements.is_empty())
        .collect();
    for one in &mut all {
        one.history.retain(|revision| horizon.known.is_none_or(|known| *revision <= known));
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn a_case_looks_as_it_did_after_each_revision(
        steps in prop::collection::vec(any::<(u8, u8, u8, u8)>(), 30..90),
        list in any::<bool>(),
    ) {
        let mut case = Case::in_memory().expect("memory suffices");
        let mut then = BTreeMap::new();
        build_in(&mut case, &steps, list, &mut |case| {
            let network = Network::read(case, &Progress::new()).expect("readable");
            then.insert(newest(case), (network, details(case, &Horizon::default())));
        });
        let now = Network::read(&case, &Progress::new()).expect("readable");
        let mut other = 0;
        for (revision, (was, said)) in &then {
            let mut lens = Lens::known(*revision);
            let network =
                Network::read_at(&case, &lens.horizon, &Progress::new()).expect("readable");
            let seen = network.through(&lens);
            let expected = shape(was.plain());
            other += usize::from(same(&shape(now.plain()), &expected, now.plain(), &seen, &lens)?);
            prop_assert_eq!(&details(&case, &lens.horizon), said, "after revision {}", revision);
            // As it was, and without a document.
            let document = document(revision.get() as u8);
            lens.evidence.insert(document.clone());
            let both = network.through(&lens);
            prop_assert_eq!(shape(&both), shape(&was.through(&Lens::without_evidence(document))));
        }
        println!("{} revisions, {other} of which showed something else", then.len());
        prop_assert!(other > 5);
    }

    #[test]
    fn without_an_author_a_case_looks_as_if_all_that_they_did_were_undone(
        steps in prop::collection::vec(any::<(u8, u8, u8, u8)>(), 30..90),
        list in any::<bool>(),
        by in prop::collection::vec(any::<u8>(), 8),
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("case.redthread");
        let mut case = Case::create(&path).expect("space");
        build_in(&mut case, &steps, list, &mut |_| ());
        let marker = case
            .commit(Action::new(vec![Op::Set { key: "marker".into(), value: "1".into() }]))
            .expect("commits")
            .revision
            .expect("something changed")
            .get();
        case.close().expect("closed");
        // Two people took turns. What Eve did is noted as if it had come over with the last
        // revision, so that one undo takes all of it back.
        let db = rusqlite::Connection::open(&path).expect("opens");
        for revision in 2..marker {
            let eve = (revision * 7 + i64::from(by[revision as usize % by.len()])) % 3 == 0;
            if eve {
                db.execute(
                    "UPDATE revision SET author = 'Eve', united = ?2 WHERE number = ?1",
                    [revision, marker],
                )
                .expect("written");
            }
        }
        drop(db);
        let mut case = Case::open(&path).expect("opens");
        let now = Network::read(&case, &Progress::new()).expect("readable");
        let lens = Lens::without_enterer("Eve");
        let without = Network::read_at(&case, &lens.horizon, &Progress::new()).expect("readable");
        let before = shape(now.plain());
        prop_assert!(case.undo().expect("undoes").is_some());
        let expected = anew(&case);
        let other = same(&before, &expected, now.plain(), &without.through(&lens), &lens)?;
        note(usize::from(other));
    }
}

thread_local! {
    static CHANGED: RefCell<usize> = const { RefCell::new(0) };
}

/// Counts how often something fell, so that the oracle is not held to cases in which nothing does.
fn note(changed: usize) {
    CHANGED.with_borrow_mut(|sum| {
        *sum += changed;
        println!("{sum} times something fell");
    });
}

#[test]
fn what_rests_on_one_document_falls_with_it_and_on_two_it_does_not() {
    let mut case = Case::in_memory().expect("memory suffices");
    for n in [0, 2] {
        edit(&mut case, attach(n, Some("B")));
    }
    let values = vec![NewValue::new("owner", "e0"), NewValue::new("asset", "e1")];
    for n in 0..2 {
        edit(
            &mut case,
            Op::Add { entity: entity(n), schema: "Company".into(), values: Vec::new() },
        );
    }
    edit(&mut case, Op::Add { entity: "o".into(), schema: "Ownership".into(), values });
    let cite = |case: &mut Case, n| {
        edit(
            case,
            Op::Cite(NewCitation {
                statement: Cited::ExistenceOf("o".into()),
                evidence: document(n),
                supports: true,
                credibility: Some(Credibility::Two),
                page: None,
                quote: None,
                range: None,
                region: None,
            }),
        );
    };
    cite(&mut case, 0);
    let strength = |case: &Case, lens: &Lens| {
        let network = Network::read(case, &Progress::new()).expect("readable");
        let seen = network.through(lens);
        seen.get(&"o".into()).expect("exists").strength()
    };
    let pulled = Lens::without_evidence(document(0));
    assert_eq!(strength(&case, &Lens::default()), Strength::Confirmed);
    assert_eq!(strength(&case, &pulled), Strength::Tentative);
    assert_eq!(strength(&case, &Lens::without_source("Registry")), Strength::Tentative);
    assert_eq!(strength(&case, &Lens::without_source("Times")), Strength::Confirmed);
    cite(&mut case, 2);
    assert_eq!(strength(&case, &pulled), Strength::Confirmed);
    let details = case.details(&"o".into()).expect("readable");
    assert_eq!(details.statements[0].property, SCHEMA);
}
