//! What the charts of scenes show, as a digest of each, kept from one action to the next: an edit
//! re-reads the entities that it touched, and a card that moves costs nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rusqlite::Connection;
use sha2::{Digest as _, Sha256};

use super::{
    Result, projection,
    read::load_many,
    record::{self, CHART},
    touched::Touched,
};
use crate::model::{Entity, Id};

/// What charts show. Only the charts that have been asked for are kept.
#[derive(Debug, Default)]
pub(super) struct Shown {
    charts: HashMap<Id, Drawn>,
    /// What is said of each entity on them, as it is hashed; empty where it does not exist.
    said: HashMap<i64, Vec<u8>>,
    /// What has been touched since.
    behind: Behind,
    /// Changes when another connection writes to the file.
    version: i64,
}

/// One chart.
#[derive(Debug, Default)]
struct Drawn {
    hidden: BTreeSet<Id>,
    /// The entities that are placed and not hidden.
    placed: HashSet<i64>,
    /// These and the relationships between them, which are not hidden either.
    seen: BTreeMap<Id, i64>,
    /// The digest, once it has been asked for.
    digest: Option<String>,
}

#[derive(Debug, Default)]
struct Behind {
    entities: BTreeSet<i64>,
    /// Placements that came or went: chart and entity.
    placements: BTreeSet<(Id, Id)>,
    /// Charts whose settings changed.
    charts: BTreeSet<Id>,
}

impl Shown {
    /// Forgets everything, so that it is read anew.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Takes note of what an action touched.
    pub(super) fn note(&mut self, touched: &Touched) {
        if self.charts.is_empty() {
            return;
        }
        if touched.is_much() {
            self.clear();
            return;
        }
        let Behind { entities, placements, charts } = &mut self.behind;
        entities.extend(&touched.entities | &(&touched.citing | &touched.turning));
        placements.extend(touched.placements.iter().cloned());
        charts.extend(touched.drawn.iter().cloned());
    }

    /// Keeps only these charts.
    pub(super) fn keep(&mut self, charts: &HashSet<Id>) {
        self.charts.retain(|id, _| charts.contains(id));
        if self.charts.is_empty() {
            self.clear();
        }
    }

    /// SHA-256 of what a chart says: the entities placed on it and not hidden, the relationships
    /// between them, and all their values. Positions do not count.
    pub(super) fn digest(&mut self, db: &Connection, chart: &Id) -> Result<String> {
        // What fails halfway is read anew the next time.
        let digest = self.try_digest(db, chart);
        if digest.is_err() {
            self.clear();
        }
        digest
    }

    fn try_digest(&mut self, db: &Connection, chart: &Id) -> Result<String> {
        let version = db.query_row("PRAGMA data_version", [], |row| row.get(0))?;
        if version != self.version {
            *self = Self { version, ..Self::default() };
        }
        self.catch_up(db)?;
        if !self.charts.contains_key(chart) {
            let drawn = self.read(db, chart)?;
            self.charts.insert(chart.clone(), drawn);
        }
        let Self { charts, said, .. } = self;
        let drawn = charts.entry(chart.clone()).or_default();
        if drawn.digest.is_none() {
            let mut hash = Sha256::new();
            for text in drawn.seen.values().filter_map(|key| said.get(key)) {
                hash.update(text);
            }
            drawn.digest = Some(hex::encode(hash.finalize()));
        }
        Ok(drawn.digest.clone().unwrap_or_default())
    }

    fn read(&mut self, db: &Connection, chart: &Id) -> Result<Drawn> {
        let mut drawn = Drawn { hidden: hidden(db, chart)?, ..Drawn::default() };
        let mut query = db.prepare_cached(
            "SELECT e.key, e.id FROM placement p JOIN entity e ON e.id = p.entity WHERE p.chart = ?1",
        )?;
        let mut rows = query.query([chart.as_str()])?;
        while let Some(row) = rows.next()? {
            let id = Id::from(row.get::<_, String>(1)?);
            if !drawn.hidden.contains(&id) {
                drawn.placed.insert(row.get(0)?);
                drawn.seen.insert(id, row.get(0)?);
            }
        }
        let mut query = db.prepare_cached(
            "SELECT l.entity, l.source, l.target, i.id FROM placement p
             CROSS JOIN entity e ON e.id = p.entity CROSS JOIN link l ON l.source = e.key
             JOIN entity i ON i.key = l.entity WHERE p.chart = ?1",
        )?;
        let mut rows = query.query([chart.as_str()])?;
        while let Some(row) = rows.next()? {
            let both = drawn.placed.contains(&row.get(1)?) && drawn.placed.contains(&row.get(2)?);
            if !both {
                continue;
            }
            let id = Id::from(row.get::<_, String>(3)?);
            if !drawn.hidden.contains(&id) {
                drawn.seen.insert(id, row.get(0)?);
            }
        }
        let missing = drawn.seen.values().copied().filter(|key| !self.said.contains_key(key));
        self.say(db, &missing.collect())?;
        Ok(drawn)
    }

    /// Reads what is said of these entities; gives those of which it is something else now.
    fn say(&mut self, db: &Connection, keys: &BTreeSet<i64>) -> Result<HashSet<i64>> {
        let mut found = load_many(db, keys)?;
        let mut changed = HashSet::new();
        for key in keys {
            let said = found.remove(key).map(|entity| said(&entity)).unwrap_or_default();
            if self.said.insert(*key, said.clone()) != Some(said) {
                changed.insert(*key);
            }
        }
        Ok(changed)
    }

    /// Brings the charts up to what has been touched since.
    fn catch_up(&mut self, db: &Connection) -> Result<()> {
        let Behind { entities, placements, charts } = std::mem::take(&mut self.behind);
        for chart in charts {
            if let Some(drawn) = self.charts.get(&chart)
                && drawn.hidden != hidden(db, &chart)?
            {
                self.charts.remove(&chart);
            }
        }
        let known: BTreeSet<i64> =
            entities.iter().copied().filter(|key| self.said.contains_key(key)).collect();
        let changed = self.say(db, &known)?;
        // A placement of what nobody has spoken of counts from when a relationship names it.
        let mut touched = entities.clone();
        for key in &entities {
            touched.extend(projection::ends_of(db, *key)?);
        }
        let mut fresh = BTreeSet::new();
        for (id, drawn) in &mut self.charts {
            let mut affected = touched.clone();
            for (_, entity) in placements.iter().filter(|(chart, _)| chart == id) {
                affected.extend(projection::find_key(db, entity)?);
            }
            for key in affected.clone() {
                if drawn.place(db, id, key)? {
                    // A relationship that had an end there and has it no more was touched itself.
                    affected.extend(projection::links_at(db, key)?);
                }
            }
            for key in affected {
                let (is_seen, was_seen) = drawn.see(db, key)?;
                if is_seen && !self.said.contains_key(&key) {
                    fresh.insert(key);
                }
                if is_seen != was_seen || is_seen && changed.contains(&key) {
                    drawn.digest = None;
                }
            }
        }
        self.say(db, &fresh)?;
        Ok(())
    }
}

impl Drawn {
    /// Finds out whether an entity is placed; says whether that has changed.
    fn place(&mut self, db: &Connection, chart: &Id, key: i64) -> Result<bool> {
        let entity = projection::id_of(db, key)?;
        let is_placed = !self.hidden.contains(&entity)
            && db
                .prepare_cached("SELECT 1 FROM placement WHERE chart = ?1 AND entity = ?2")?
                .exists([chart.as_str(), entity.as_str()])?;
        Ok(if is_placed { self.placed.insert(key) } else { self.placed.remove(&key) })
    }

    /// Finds out whether an entity or relationship is on the chart, and whether it was before.
    fn see(&mut self, db: &Connection, key: i64) -> Result<(bool, bool)> {
        let ends = projection::ends_of(db, key)?;
        let entity = projection::id_of(db, key)?;
        let lies_between = !ends.is_empty() && ends.iter().all(|end| self.placed.contains(end));
        let is_seen =
            !self.hidden.contains(&entity) && (self.placed.contains(&key) || lies_between);
        let was_seen = if is_seen {
            self.seen.insert(entity, key).is_some()
        } else {
            self.seen.remove(&entity).is_some()
        };
        Ok((is_seen, was_seen))
    }
}

/// What a chart hides; nothing where there is no such chart.
fn hidden(db: &Connection, chart: &Id) -> Result<BTreeSet<Id>> {
    let body = record::read(db, CHART, chart.as_str())?;
    let chart = body.map(|body| record::chart(db, chart.as_str(), &body)).transpose()?;
    Ok(chart.map(|chart| chart.hidden.into_iter().collect()).unwrap_or_default())
}

/// What is said of an entity, as it is hashed: texts with their lengths.
fn said(entity: &Entity) -> Vec<u8> {
    let mut said = Vec::new();
    let mut say = |text: &str| {
        said.extend_from_slice(&(text.len() as u64).to_be_bytes());
        said.extend_from_slice(text.as_bytes());
    };
    for text in [entity.id.as_str(), &entity.schema, &entity.caption, entity.strength.words()] {
        say(text);
    }
    say(if entity.denied { "denied" } else { "asserted" });
    for value in &entity.values {
        say(&value.property);
        say(&value.text);
        say(if value.denied { "denied" } else { "asserted" });
    }
    said
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        case::{Action, Case, Cited, EvidenceBytes, NewCitation, NewEvidence, NewValue, Op},
        model::{Chart, Period, Placement, Scene},
    };

    /// What a chart shows, asked of the file alone.
    fn slow(db: &Connection, chart: &Id) -> String {
        Shown::default().digest(db, chart).expect("readable")
    }

    /// The same again, written down as a person would define it.
    fn defined(case: &Case, chart: &Id) -> String {
        let charts = case.charts().expect("readable");
        let found = charts.iter().find(|one| one.id == *chart);
        let hidden: HashSet<Id> =
            found.map(|c| c.hidden.iter().cloned().collect()).unwrap_or_default();
        let placements = case.placements(chart).expect("readable");
        let placed: HashSet<Id> =
            placements.into_iter().map(|p| p.entity).filter(|id| !hidden.contains(id)).collect();
        let mut all = case.entities().expect("readable");
        all.sort_by(|a, b| a.id.cmp(&b.id));
        let mut hash = Sha256::new();
        for entity in all {
            let between = entity
                .ends
                .as_ref()
                .is_some_and(|(from, to)| placed.contains(from) && placed.contains(to));
            if placed.contains(&entity.id) || between && !hidden.contains(&entity.id) {
                hash.update(said(&entity));
            }
        }
        hex::encode(hash.finalize())
    }

    fn id(n: usize) -> Id {
        format!("e{n}").as_str().into()
    }

    fn chart(n: usize) -> Id {
        format!("chart{}", n % 2).as_str().into()
    }

    /// One of the things that people do, to some of ten entities, six relationships, two charts.
    fn edit(case: &mut Case, what: usize, a: usize, b: usize) {
        let link: Id = format!("l{}", a % 6).as_str().into();
        let value = |text: String| NewValue::new("name", text);
        let statement = |case: &Case, id: &Id| {
            let details = case.details(id).ok()?;
            Some(details.statements.get(b % details.statements.len().max(1))?.key)
        };
        let ops = match what {
            0 => vec![Op::Add {
                entity: id(a),
                schema: "Company".into(),
                values: vec![value(format!("N{b}"))],
            }],
            1 => vec![Op::Add {
                entity: link,
                schema: "Ownership".into(),
                values: vec![
                    NewValue::new("owner", id(a).as_str()),
                    NewValue::new("asset", id(b).as_str()),
                ],
            }],
            2 => vec![Op::State { entity: id(a), value: value(format!("N{b}")) }],
            3 => statement(case, &id(a)).map(Op::Withdraw).into_iter().collect(),
            4 => vec![Op::WithdrawEntity(if b.is_multiple_of(3) { link } else { id(a) })],
            5 => vec![Op::RestoreEntity(if b.is_multiple_of(3) { link } else { id(a) })],
            6 => vec![Op::Place {
                chart: chart(b),
                placements: vec![Placement { entity: id(a), x: b as f32, y: 1.0, pinned: true }],
            }],
            7 => vec![Op::Unplace { chart: chart(b), entities: vec![id(a)] }],
            8 => {
                let charts = case.charts().expect("readable");
                let Some(mut one) = charts.into_iter().find(|c| c.id == chart(b)) else { return };
                one.name = format!("Chart {a}");
                one.hidden = [id(a), link].into_iter().take(b % 3).collect();
                vec![Op::PutChart(one)]
            }
            9 => vec![Op::SwapEnds(link)],
            10 => vec![Op::Deny { entity: id(a), denied: b.is_multiple_of(2) }],
            11 => {
                let evidence: Id = format!("d{a}{b}").as_str().into();
                vec![
                    Op::Attach(NewEvidence {
                        id: evidence.clone(),
                        bytes: EvidenceBytes::Memory(vec![a as u8, b as u8]),
                        file_name: "x.txt".into(),
                        mime: "text/plain".into(),
                        method: "pasted".into(),
                        values: vec![NewValue::new("reliability", "A")],
                    }),
                    Op::Cite(NewCitation {
                        statement: Cited::ExistenceOf(id(a)),
                        evidence,
                        supports: true,
                        credibility: crate::model::Credibility::from_code("1"),
                        page: None,
                        quote: None,
                        range: None,
                        region: None,
                    }),
                ]
            }
            12 => {
                let Some(key) = statement(case, &link) else { return };
                let value = NewValue::new("", id(b).as_str());
                vec![Op::Change { statement: key, value }]
            }
            13 => {
                case.undo().expect("undone");
                return;
            }
            14 => {
                case.redo().expect("done again");
                return;
            }
            15 => {
                let log = case.log().expect("readable");
                if let Some(one) = log.get(a) {
                    case.revert(one.number).ok();
                }
                return;
            }
            16 => {
                let evidence = case.evidence().expect("readable");
                let Some(one) = evidence.get(a) else { return };
                vec![Op::State {
                    entity: one.id.clone(),
                    value: NewValue::new("reliability", ["A", "C", "F"][b % 3]),
                }]
            }
            _ => {
                let scene = Scene {
                    id: format!("scene{}", a % 3).as_str().into(),
                    title: "Scene".into(),
                    order: 1.0,
                    chart: chart(b),
                    camera: None,
                    selection: Vec::new(),
                    period: Period::default(),
                    caption: String::new(),
                    shows: String::new(),
                };
                vec![Op::PutScene(scene)]
            }
        };
        // What the state of the case does not allow is refused, and must not be remembered either.
        case.commit(Action::new(ops)).ok();
    }

    fn two_charts() -> Case {
        let mut case = Case::in_memory().expect("memory suffices");
        let charts = (0..2).map(|n| {
            let mut one = Chart::new("Chart", n as f64);
            one.id = chart(n);
            Op::PutChart(one)
        });
        case.commit(Action::new(charts.collect())).expect("valid");
        case
    }

    #[test]
    fn an_end_that_was_placed_before_it_was_spoken_of_counts() {
        let mut case = two_charts();
        edit(&mut case, 6, 2, 0);
        case.shown.borrow_mut().digest(&case.db, &chart(0)).expect("known");
        edit(&mut case, 1, 2, 2);
        let kept = case.shown.borrow_mut().digest(&case.db, &chart(0)).expect("known");
        assert_eq!(kept, defined(&case, &chart(0)));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
        #[test]
        fn what_is_kept_is_what_the_file_says(
            edits in prop::collection::vec((0_usize..18, 0_usize..10, 0_usize..10), 1..60)
        ) {
            let mut case = two_charts();
            for (what, a, b) in edits {
                edit(&mut case, what, a, b);
                for n in 0..2 {
                    let kept = case.shown.borrow_mut().digest(&case.db, &chart(n)).expect("known");
                    prop_assert_eq!(&kept, &slow(&case.db, &chart(n)), "after {} {} {}", what, a, b);
                    prop_assert_eq!(kept, defined(&case, &chart(n)), "after {} {} {}", what, a, b);
                }
                let scenes = case.scenes().expect("readable");
                let stale = case.stale_scenes().expect("readable");
                for scene in scenes {
                    let now = slow(&case.db, &scene.chart);
                    prop_assert_eq!(stale.contains(&scene.id), now != scene.shows);
                }
            }
        }
    }
}
