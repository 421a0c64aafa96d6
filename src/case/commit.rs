//! Actions become revisions here: one transaction, one undo step, one link of the chain.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, HashMap, hash_map::Entry},
};

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{
    Action, Case, Cited, Delta, Error, Judged, NewCitation, NewEvidence, NewValue, Op, Progress,
    Result, blob,
    document::{self, schema_for},
    label, passage, projection,
    record::{
        self, CHART, DRAWING, EDITION, GROUP, HIDDEN, PARTS, PINNED, PLACEMENT, SCENE, SEARCH,
        SETTING, STYLE,
    },
    revision::{self, Kind},
    shown::Shown,
    standing::{self, Target},
    touched::{Touched, entity_of},
    watch, weigh,
};
use crate::model::{
    Chart, CitationRef, Credibility, Edition, Id, Pinned, RevisionNumber, SavedSearch, Scene,
    StatementKey, entity::SCHEMA, evidence::FACTS_OF_FILE, schema,
};

impl Case {
    /// Does an action: all of it, or nothing.
    pub fn commit(&mut self, action: Action) -> Result<Delta> {
        let done = self.try_commit(action);
        if done.is_err() {
            // It may have looked at what is rolled back now.
            self.shown.borrow_mut().clear();
        }
        done
    }

    fn try_commit(&mut self, action: Action) -> Result<Delta> {
        self.prepare()?;
        let tx = self.db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let label = label::of_action(&tx, &action)?;
        let revision = revision::start(&tx, Kind::Edit, &label, &BTreeSet::new())?;
        let mut work = Work::new(&tx, revision, &self.shown);
        work.progress = self.progress.clone();
        for op in action.ops {
            self.progress.check()?;
            work.carry_out(op)?;
        }
        let mut touched = work.touched;
        if work.added.is_empty() && !has_rows(&tx, revision)? {
            // Nothing changed: no revision, and the list of what can be redone stays.
            return Ok(Delta { label, ..Delta::default() });
        }
        projection::refresh(&tx, &mut touched, &self.progress)?;
        revision::seal(&tx, revision, None)?;
        let done = watch::finish(tx, &self.progress);
        self.settled(done)?;
        self.may_undo(revision).map_err(Error::after_commit)?;
        self.redo.clear();
        self.delta(revision, &label, &touched).map_err(Error::after_commit)
    }

    /// Records what happened to a document.
    pub(super) fn record_custody(&mut self, id: &Id, event: &str, outcome: &str) -> Result<()> {
        self.prepare()?;
        let tx = self.db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let revision =
            revision::start(&tx, Kind::Record, &label::of_event(event), &BTreeSet::new())?;
        let entity = projection::key_of(&tx, id)?;
        tx.execute(
            "INSERT INTO custody(revision, entity, event, outcome) VALUES (?1, ?2, ?3, ?4)",
            params![revision, entity, event, outcome],
        )?;
        revision::seal(&tx, revision, None)?;
        let done = watch::finish(tx, &self.progress);
        self.settled(done)
    }

    /// Tells what a committed revision changed.
    pub(super) fn delta(
        &self,
        revision: RevisionNumber,
        label: &str,
        touched: &Touched,
    ) -> Result<Delta> {
        self.shown.borrow_mut().note(touched);
        let Touched { entities, citing, turning, charts, scenes, evidence, settings, .. } = touched;
        let mut delta = Delta {
            revision: Some(revision),
            label: label.to_owned(),
            charts: charts.iter().cloned().collect(),
            scenes: *scenes,
            evidence: *evidence,
            settings: *settings,
            ..Delta::default()
        };
        if touched.is_much() {
            delta.reload = true;
            return Ok(delta);
        }
        for key in entities | &(citing | turning) {
            match self.entity_by_key(key)? {
                Some(entity) => delta.changed.push(entity),
                None => delta.gone.push(projection::id_of(&self.db, key)?),
            }
        }
        Ok(delta)
    }
}

fn has_rows(db: &Connection, revision: RevisionNumber) -> Result<bool> {
    Ok(db.query_row(
        "SELECT EXISTS(SELECT 1 FROM withdrawal WHERE revision = ?1)
             OR EXISTS(SELECT 1 FROM restatement WHERE revision = ?1)
             OR EXISTS(SELECT 1 FROM journal WHERE revision = ?1)
             OR EXISTS(SELECT 1 FROM citation WHERE revision = ?1)
             OR EXISTS(SELECT 1 FROM custody WHERE revision = ?1)
             OR EXISTS(SELECT 1 FROM judgement WHERE revision = ?1)",
        [revision],
        |row| row.get(0),
    )?)
}

/// An action under way.
pub(super) struct Work<'a> {
    pub(super) db: &'a Connection,
    pub(super) revision: RevisionNumber,
    /// Statements added so far, in order.
    pub(super) added: Vec<StatementKey>,
    pub(super) touched: Touched,
    /// Keys of terms that have been looked up.
    terms: HashMap<String, i64>,
    /// The live statements about the schema of entities, as far as they have been asked for: key,
    /// whether it is denied, what it says. To ask the file each time would read all that is stated
    /// of an entity for each operation on it.
    schemata: HashMap<i64, Vec<(StatementKey, bool, String)>>,
    /// Documents that this action attached again, by the ids that it gave them.
    known: HashMap<Id, Id>,
    /// What charts show, for scenes.
    shown: &'a RefCell<Shown>,
    progress: Progress,
}

impl<'a> Work<'a> {
    fn new(db: &'a Connection, revision: RevisionNumber, shown: &'a RefCell<Shown>) -> Self {
        Self {
            db,
            revision,
            added: Vec::new(),
            touched: Touched::default(),
            terms: HashMap::new(),
            schemata: HashMap::new(),
            known: HashMap::new(),
            shown,
            progress: Progress::new(),
        }
    }

    fn carry_out(&mut self, op: Op) -> Result<()> {
        match op {
            Op::Add { entity, schema, values } => self.add(&entity, &schema, &values),
            Op::State { entity, value } => {
                let key = self.existing(&entity)?;
                self.no_fact(key, &value.property)?;
                self.state(key, &value).map(drop)
            }
            Op::Withdraw(statement) => {
                let (entity, property, _) = self.stated(statement)?;
                // What a file that was imported says of a document may be withdrawn.
                if self.is_recorded(statement)? {
                    self.no_fact(entity, &property)?;
                }
                self.flip_statement(statement, false)
            }
            Op::Restore(statement) => self.flip_statement(statement, true),
            Op::Change { statement, value } => self.change(statement, value),
            Op::Retype { entity, schema } => self.retype(&entity, schema),
            Op::Deny { entity, denied } => self.deny(&entity, denied),
            Op::WithdrawEntity(entity) => self.withdraw_entity(&entity),
            Op::RestoreEntity(entity) => self.restore_entity(&entity),
            Op::SwapEnds(entity) => self.swap_ends(&entity),
            Op::Attach(evidence) => self.attach(evidence),
            Op::Cite(citation) => self.cite(&citation),
            Op::WithdrawCitation(citation) => self.turn_citation(citation, false),
            Op::RestoreCitation(citation) => self.turn_citation(citation, true),
            Op::Judge { what, credibility } => self.judge(&what, credibility),
            Op::Place { chart, placements } => {
                self.chart_exists(&chart)?;
                for placement in placements {
                    if !placement.x.is_finite() || !placement.y.is_finite() {
                        return Err(Error::invalid("A place on a chart needs finite numbers"));
                    }
                    let id = record::part_id(&chart, &placement.entity);
                    self.journal(PLACEMENT, &id, Some(&record::place_image(&placement)))?;
                }
                Ok(())
            }
            Op::Unplace { chart, entities } => {
                for entity in entities {
                    self.journal(PLACEMENT, &record::part_id(&chart, &entity), None)?;
                }
                Ok(())
            }
            Op::PutChart(chart) => self.put_chart(&chart),
            Op::DeleteChart(chart) => self.delete_chart(&chart),
            Op::PutScene(scene) => self.put_scene(scene),
            Op::DeleteScene(scene) => self.journal(SCENE, scene.as_str(), None),
            Op::PutSearch(search) => self.put_search(&search),
            Op::PutPinned(pinned) => self.put_pinned(&pinned),
            Op::DeletePinned(pinned) => self.journal(PINNED, pinned.as_str(), None),
            Op::PutEdition(edition) => self.put_edition(&edition),
            Op::DeleteSearch(search) => self.journal(SEARCH, search.as_str(), None),
            Op::Set { key, value } => {
                let value = (!value.is_empty()).then_some(value.as_str());
                self.journal(SETTING, &key, value)
            }
        }
    }

    fn journal(&mut self, kind: &str, id: &str, new: Option<&str>) -> Result<()> {
        let effect = record::change(self.db, self.revision, kind, id, new)?;
        self.touched.effect(kind, id, effect);
        Ok(())
    }

    /// The live statements about the schema of an entity, in the order in which they were made.
    fn schemata(&mut self, entity: i64) -> Result<&[(StatementKey, bool, String)]> {
        match self.schemata.entry(entity) {
            Entry::Occupied(entry) => Ok(entry.into_mut()),
            Entry::Vacant(entry) => {
                let mut query = self.db.prepare_cached(
                    "SELECT s.key, s.denied, s.value FROM passage p
                     CROSS JOIN statement s ON s.key BETWEEN p.first AND p.last
                     JOIN term t ON t.key = s.property JOIN revision r ON r.number = s.revision
                     WHERE p.entity = ?1 AND t.text = ?2 AND s.stands + r.live > 1
                     ORDER BY r.clock, r.id, s.key",
                )?;
                let rows = query.query_map(params![entity, SCHEMA], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })?;
                Ok(entry.insert(rows.collect::<rusqlite::Result<_>>()?))
            }
        }
    }

    fn exists(&mut self, entity: i64) -> Result<bool> {
        Ok(self.schemata(entity)?.iter().any(|(_, denied, _)| !denied))
    }

    /// The schema of an entity that exists: the one stated last.
    fn schema_of(&mut self, entity: i64) -> Result<String> {
        let last = self.schemata(entity)?.iter().rfind(|(_, denied, _)| !denied);
        Ok(last.map(|(.., schema)| schema.clone()).unwrap_or_default())
    }

    /// The key of an entity that exists.
    fn existing(&mut self, id: &Id) -> Result<i64> {
        let key = projection::find_key(self.db, id)?;
        match key {
            Some(key) if self.exists(key)? => Ok(key),
            _ => Err(Error::not_found(format!("There is no entity with the id {id} in this case"))),
        }
    }

    fn add(&mut self, id: &Id, schema: &str, values: &[NewValue]) -> Result<()> {
        check_id(id)?;
        let key = projection::key_of(self.db, id)?;
        if self.exists(key)? {
            return Err(Error::invalid(format!("An entity with the id {id} exists already")));
        }
        self.state(key, &NewValue::new(SCHEMA, schema))?;
        for value in values {
            self.state(key, value)?;
        }
        Ok(())
    }

    /// The key of a term; each is looked up once in an action.
    pub(super) fn term(&mut self, text: &str) -> Result<i64> {
        if let Some(key) = self.terms.get(text) {
            return Ok(*key);
        }
        let key = projection::term(self.db, text)?;
        self.terms.insert(text.to_owned(), key);
        Ok(key)
    }

    /// Adds a statement, whatever it says; gives its key.
    pub(super) fn state(&mut self, entity: i64, value: &NewValue) -> Result<StatementKey> {
        self.touched.entities.insert(entity);
        let NewValue { property, value, lang, original, denied } = value;
        if property.is_empty() || value.is_empty() {
            return Err(Error::invalid("A statement needs a property and a value"));
        }
        let is_schema = property == SCHEMA;
        let property = self.term(property)?;
        self.db
            .prepare_cached(
                "INSERT INTO statement(revision, entity, property, value, lang, original, denied, stands)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1)",
            )?
            .execute(params![self.revision, entity, property, value, lang, original, denied])?;
        let key = StatementKey::from_row(self.db.last_insert_rowid());
        if key > passage::LAST {
            return Err(passage::out_of_bounds());
        }
        passage::extend(self.db, self.revision, entity, key)?;
        if is_schema && let Some(stated) = self.schemata.get_mut(&entity) {
            stated.push((key, *denied, value.clone()));
        }
        self.added.push(key);
        Ok(key)
    }

    /// The entity, property and liveness of a statement.
    fn stated(&self, key: StatementKey) -> Result<(i64, String, bool)> {
        self.db
            .prepare_cached(
                "SELECT s.entity, t.text, s.stands + r.live > 1 FROM statement s
                 JOIN term t ON t.key = s.property JOIN revision r ON r.number = s.revision
                 WHERE s.key = ?1",
            )?
            .query_row([key], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?
            .ok_or_else(|| Error::not_found("That statement is not in this case"))
    }

    fn flip_statement(&mut self, key: StatementKey, live: bool) -> Result<()> {
        let (entity, property, was) = self.stated(key)?;
        if was != live {
            let turn = if live { standing::restore } else { standing::withdraw };
            turn(self.db, self.revision, Target::Statement(key))?;
            self.touched.entities.insert(entity);
            if property == SCHEMA {
                self.schemata.remove(&entity);
            }
        }
        Ok(())
    }

    fn change(&mut self, statement: StatementKey, value: NewValue) -> Result<()> {
        let (entity, property, live) = self.stated(statement)?;
        if !live {
            return Err(
                Error::invalid("A withdrawn value cannot be changed").hint("restore it first")
            );
        }
        self.no_fact(entity, &property)?;
        self.flip_statement(statement, false)?;
        self.state(entity, &NewValue { property, ..value }).map(drop)
    }

    /// Refuses to state what the record of a document says: its bytes are what they are.
    fn no_fact(&self, entity: i64, property: &str) -> Result<()> {
        if FACTS_OF_FILE.contains(&property) && projection::is_evidence(self.db, entity)? {
            return Err(Error::invalid("The file name, size, media type and checksum of a document are facts of its file and cannot be edited").hint("attach another file instead"));
        }
        Ok(())
    }

    /// Whether a statement was made with the record of a document, and not by what says more of it.
    fn is_recorded(&self, statement: StatementKey) -> Result<bool> {
        let sql = "SELECT 1 FROM statement s JOIN evidence v ON v.entity = s.entity
                   WHERE s.key = ?1 AND v.revision = s.revision";
        Ok(self.db.prepare_cached(sql)?.exists([statement])?)
    }

    /// Live statements about what schema an entity has.
    fn existence(&mut self, entity: i64, denied: bool) -> Result<Vec<StatementKey>> {
        let stated = self.schemata(entity)?.iter().filter(|(_, is, _)| *is == denied);
        Ok(stated.map(|(key, ..)| *key).collect())
    }

    fn retype(&mut self, id: &Id, schema: String) -> Result<()> {
        let entity = self.existing(id)?;
        for denied in [false, true] {
            for key in self.existence(entity, denied)? {
                self.flip_statement(key, false)?;
                self.state(entity, &NewValue { denied, ..NewValue::new(SCHEMA, schema.clone()) })?;
            }
        }
        Ok(())
    }

    fn deny(&mut self, id: &Id, denied: bool) -> Result<()> {
        let entity = self.existing(id)?;
        let denials = self.existence(entity, true)?;
        if denied && denials.is_empty() {
            let schema = self.schema_of(entity)?;
            self.state(entity, &NewValue { denied: true, ..NewValue::new(SCHEMA, schema) })?;
        } else if !denied {
            for key in denials {
                self.flip_statement(key, false)?;
            }
        }
        Ok(())
    }

    fn withdraw_entity(&mut self, id: &Id) -> Result<()> {
        let entity = self.existing(id)?;
        for gone in std::iter::once(entity).chain(projection::links_at(self.db, entity)?) {
            let mut query = self.db.prepare_cached(
                "SELECT s.key FROM passage p CROSS JOIN statement s ON s.key BETWEEN p.first AND p.last
                 JOIN revision r ON r.number = s.revision
                 WHERE p.entity = ?1 AND s.stands + r.live > 1 ORDER BY s.key",
            )?;
            let keys: Vec<StatementKey> =
                query.query_map([gone], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
            for key in keys {
                self.flip_statement(key, false)?;
            }
        }
        Ok(())
    }

    fn restore_entity(&mut self, id: &Id) -> Result<()> {
        let key = projection::find_key(self.db, id)?
            .ok_or_else(|| Error::not_found(format!("There is no entity with the id {id}")))?;
        if self.exists(key)? {
            return Ok(());
        }
        // Withdrawn as such: bring back what went with it. Undone: bring back what it began with.
        let withdrawn = self.keys(
            "SELECT w.target FROM withdrawal w WHERE w.kind = 'statement' AND w.revision = (
               SELECT w.revision FROM passage p
               CROSS JOIN withdrawal w ON w.kind = 'statement' AND w.target BETWEEN p.first AND p.last
               CROSS JOIN revision r ON r.number = w.revision AND r.live
               WHERE p.entity = ?1 AND NOT EXISTS(
                 SELECT 1 FROM withdrawal l JOIN revision o ON o.number = l.revision AND o.live
                 WHERE l.kind = 'withdrawal' AND l.target = w.key)
               ORDER BY r.clock DESC, r.id DESC LIMIT 1)
             ORDER BY w.nth",
            key,
        )?;
        for statement in withdrawn {
            self.flip_statement(statement, true)?;
        }
        if self.exists(key)? {
            return Ok(());
        }
        let began = self.keys(
            "WITH own AS (SELECT s.key, s.revision FROM passage p
               CROSS JOIN statement s ON s.key BETWEEN p.first AND p.last WHERE p.entity = ?1)
             SELECT key FROM own WHERE revision = (
               SELECT r.number FROM own JOIN revision r ON r.number = own.revision
               ORDER BY r.clock, r.id LIMIT 1) ORDER BY key",
            key,
        )?;
        for statement in began {
            self.flip_statement(statement, true)?;
        }
        Ok(())
    }

    fn keys(&self, sql: &str, parameter: i64) -> Result<Vec<StatementKey>> {
        let mut query = self.db.prepare_cached(sql)?;
        let rows = query.query_map([parameter], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn swap_ends(&mut self, id: &Id) -> Result<()> {
        let entity = self.existing(id)?;
        let schema = self.schema_of(entity)?;
        let edge = schema::schema(&schema).and_then(|s| s.edge.as_ref()).ok_or_else(|| {
            Error::invalid(format!("{schema} has no two ends that could be swapped"))
        })?;
        let mut query = self.db.prepare_cached(
            "SELECT s.key, t.text, s.value FROM passage p
             CROSS JOIN statement s ON s.key BETWEEN p.first AND p.last
             JOIN term t ON t.key = s.property JOIN revision r ON r.number = s.revision
             WHERE p.entity = ?1 AND s.stands + r.live > 1 AND NOT s.denied AND t.text IN (?2, ?3)
             ORDER BY r.clock, r.id, s.key",
        )?;
        let ends: Vec<(StatementKey, String, String)> = query
            .query_map(params![entity, edge.source, edge.target], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?
            .collect::<rusqlite::Result<_>>()?;
        for (key, property, value) in ends {
            let other = if property == edge.source { &edge.target } else { &edge.source };
            self.flip_statement(key, false)?;
            self.state(entity, &NewValue::new(other.clone(), value))?;
        }
        Ok(())
    }

    /// Takes a document in. One whose bytes are in the case already is that document: what is new is
    /// that it was acquired again, and what is said of it now and was not before.
    fn attach(&mut self, evidence: NewEvidence) -> Result<()> {
        let NewEvidence { id, bytes, file_name, mime, method, mut values } = evidence;
        values.retain(|value| !FACTS_OF_FILE.contains(&value.property.as_str()));
        let (blob, sha256, size) = blob::store(self.db, &bytes, &self.progress)?;
        if let Some(known) = document::with_blob(self.db, blob)? {
            self.acquire_again(&id, &known, &file_name, &method, &values)?;
            self.known.insert(id, known.id);
            return Ok(());
        }
        let now = revision::now();
        let mut described = vec![
            NewValue::new("fileName", file_name.clone()),
            NewValue::new("mimeType", mime.clone()),
            NewValue::new("contentHash", hex::encode(sha256)),
            NewValue::new("fileSize", size.to_string()),
        ];
        described.append(&mut values);
        self.add(&id, schema_for(&mime), &described)?;
        let entity = projection::key_of(self.db, &id)?;
        self.db.execute(
            "INSERT INTO evidence(entity, revision, blob, file_name, mime, acquired_at, acquired_by, method)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![entity, self.revision, blob, file_name, mime, now, super::lock::author(), method],
        )?;
        self.touched.evidence = true;
        Ok(())
    }

    fn acquire_again(
        &mut self,
        id: &Id,
        known: &document::Known,
        file_name: &str,
        method: &str,
        values: &[NewValue],
    ) -> Result<()> {
        if *id != known.id
            && let Some(key) = projection::find_key(self.db, id)?
            && self.exists(key)?
        {
            return Err(Error::invalid(format!("An entity with the id {id} exists already")));
        }
        if !known.live {
            self.restore_entity(&known.id)?;
        }
        for value in values {
            let stated = "SELECT 1 FROM passage p
                 CROSS JOIN statement s ON s.key BETWEEN p.first AND p.last
                 JOIN term t ON t.key = s.property JOIN revision r ON r.number = s.revision
                 WHERE p.entity = ?1 AND t.text = ?2 AND s.stands + r.live > 1";
            if !self.db.prepare_cached(stated)?.exists(params![known.key, value.property])? {
                self.state(known.key, value)?;
            }
        }
        self.db
            .prepare_cached(
                "INSERT INTO custody(revision, entity, event, outcome)
                 VALUES (?1, ?2, 'acquired again', ?3)",
            )?
            .execute(params![self.revision, known.key, format!("{method}; as {file_name}")])?;
        self.touched.attaches(known.key);
        Ok(())
    }

    fn cite(&mut self, citation: &NewCitation) -> Result<()> {
        let NewCitation { statement, evidence, supports, credibility, page, quote, range, region } =
            citation;
        let statement = match statement {
            Cited::Statement(key) => *key,
            Cited::Nth(n) => *self.added.get(*n).ok_or_else(|| {
                Error::invalid(format!("The action adds no statement number {n} to cite"))
            })?,
            Cited::ExistenceOf(id) => {
                let entity = self.existing(id)?;
                *self
                    .existence(entity, false)?
                    .first()
                    .ok_or_else(|| Error::not_found(format!("Nothing states that {id} exists")))?
            }
        };
        let (cited, _, _) = self.stated(statement)?;
        let evidence = self.known.get(evidence).unwrap_or(evidence).clone();
        let document = self.existing(&evidence)?;
        if !projection::is_evidence(self.db, document)? {
            return Err(Error::invalid(format!("{evidence} is not evidence"))
                .hint("attach the document first"));
        }
        let range = range.map(|(start, end)| format!("{start}-{end}"));
        let region = region.map(|r| r.map(|x| x.to_string()).join(","));
        self.db
            .prepare_cached(
                "INSERT INTO citation(revision, nth, statement, entity, supports, credibility, page, quote,
                                      range, region, stands)
                 VALUES (?1, (SELECT coalesce(max(nth) + 1, 0) FROM citation WHERE revision = ?1),
                         ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1)",
            )?
            .execute(params![
                self.revision,
                statement,
                document,
                supports,
                credibility.map(Credibility::code),
                page,
                quote,
                range,
                region
            ])?;
        self.touched.entities.insert(cited);
        self.touched.evidence = true;
        Ok(())
    }

    /// Withdraws a citation that stands, or restores one that does not.
    fn turn_citation(&mut self, citation: CitationRef, live: bool) -> Result<()> {
        let stands = match citation {
            CitationRef::Made(key) => self
                .db
                .prepare_cached(
                    "SELECT c.stands + r.live > 1 FROM citation c
                     JOIN revision r ON r.number = c.revision WHERE c.key = ?1",
                )?
                .query_row([key], |row| row.get(0))
                .optional()?,
            CitationRef::Read(statement) => passage::supports(self.db, statement)?,
        };
        let stands = stands.ok_or_else(|| Error::not_found("That citation is not in this case"))?;
        if stands != live {
            let turn = if live { standing::restore } else { standing::withdraw };
            turn(self.db, self.revision, citation.into())?;
            self.touched.cites(entity_of(self.db, citation.into())?);
        }
        Ok(())
    }

    /// Gives a credibility to one citation, or to all that was read from a document.
    fn judge(&mut self, judged: &Judged, credibility: Option<Credibility>) -> Result<()> {
        let (kind, target) = match judged {
            Judged::Document(id) => {
                let document = self.existing(id)?;
                if !projection::is_evidence(self.db, document)? {
                    return Err(Error::invalid(format!(
                        "{id} is not evidence, so nothing was read from it that could be judged"
                    )));
                }
                self.touched.entities.insert(document);
                (weigh::DOCUMENT, document)
            }
            Judged::Citation(citation) => {
                let missing = || Error::not_found("That citation is not in this case");
                let target = Target::from(*citation);
                if let Target::Read(statement) = target {
                    passage::supports(self.db, statement)?.ok_or_else(missing)?;
                }
                self.touched.cites(entity_of(self.db, target).map_err(|_| missing())?);
                (target.word(), target.row())
            }
        };
        self.touched.evidence = true;
        self.db
            .prepare_cached(
                "INSERT INTO judgement(revision, nth, kind, target, credibility)
                 VALUES (?1, (SELECT coalesce(max(nth) + 1, 0) FROM judgement WHERE revision = ?1),
                         ?2, ?3, ?4)",
            )?
            .execute(params![self.revision, kind, target, credibility.map(Credibility::code)])?;
        Ok(())
    }

    fn chart_exists(&self, chart: &Id) -> Result<()> {
        match record::read(self.db, CHART, chart.as_str())? {
            Some(_) => Ok(()),
            None => Err(Error::not_found("That chart is not in this case any more")),
        }
    }

    fn put_chart(&mut self, chart: &Chart) -> Result<()> {
        if chart.name.trim().is_empty() {
            return Err(Error::invalid("A chart needs a name"));
        }
        let mut base = chart.clone();
        let (hidden, groups) = (std::mem::take(&mut base.hidden), std::mem::take(&mut base.groups));
        let styles = std::mem::take(&mut base.styles);
        let drawings = std::mem::take(&mut base.drawings);
        let unfit = || Error::report("The chart's settings cannot be stored");
        let image = serde_json::to_string(&base).map_err(|_| unfit())?;
        self.journal(CHART, chart.id.as_str(), Some(&image))?;
        let hidden = hidden.into_iter().map(|id| (id, "{}".to_owned())).collect();
        self.put_parts(HIDDEN, &chart.id, hidden)?;
        let mut images = BTreeMap::new();
        for group in groups {
            let image = serde_json::to_string(&group).map_err(|_| unfit())?;
            images.insert(group.id, image);
        }
        self.put_parts(GROUP, &chart.id, images)?;
        let mut images = BTreeMap::new();
        for (id, styling) in styles.into_iter().filter(|(_, styling)| !styling.is_plain()) {
            images.insert(id, serde_json::to_string(&styling).map_err(|_| unfit())?);
        }
        self.put_parts(STYLE, &chart.id, images)?;
        let mut images = BTreeMap::new();
        for drawing in drawings {
            let image = serde_json::to_string(&drawing).map_err(|_| unfit())?;
            images.insert(drawing.id, image);
        }
        self.put_parts(DRAWING, &chart.id, images)
    }

    /// Makes these the parts of a chart of one kind.
    fn put_parts(&mut self, kind: &str, chart: &Id, parts: BTreeMap<Id, String>) -> Result<()> {
        for (part, _) in record::parts(self.db, kind, chart)? {
            let part = Id::from(part);
            if !parts.contains_key(&part) {
                self.journal(kind, &record::part_id(chart, &part), None)?;
            }
        }
        for (part, image) in &parts {
            self.journal(kind, &record::part_id(chart, part), Some(image))?;
        }
        Ok(())
    }

    fn delete_chart(&mut self, chart: &Id) -> Result<()> {
        self.chart_exists(chart)?;
        let mut query = self.db.prepare_cached("SELECT entity FROM placement WHERE chart = ?1")?;
        let placed: Vec<String> = query
            .query_map([chart.as_str()], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for entity in placed {
            self.journal(PLACEMENT, &record::part_id(chart, &entity.into()), None)?;
        }
        for kind in PARTS {
            self.put_parts(kind, chart, BTreeMap::new())?;
        }
        self.journal(CHART, chart.as_str(), None)
    }

    fn put_search(&mut self, search: &SavedSearch) -> Result<()> {
        if search.name.trim().is_empty() || search.query.trim().is_empty() {
            return Err(Error::invalid("A search needs a name and something to look for"));
        }
        let image = serde_json::to_string(search)
            .map_err(|_| Error::report("The search cannot be stored"))?;
        self.journal(SEARCH, search.id.as_str(), Some(&image))
    }

    fn put_pinned(&mut self, pinned: &Pinned) -> Result<()> {
        if pinned.question.trim().is_empty() || pinned.about.is_empty() {
            return Err(Error::invalid("A pinned finding needs its question and what it is about"));
        }
        let image = serde_json::to_string(pinned)
            .map_err(|_| Error::report("The finding cannot be stored"))?;
        self.journal(PINNED, pinned.id.as_str(), Some(&image))
    }

    fn put_edition(&mut self, edition: &Edition) -> Result<()> {
        let others = edition.newer_than.iter().chain(&edition.older_than);
        for document in others.clone().chain([&edition.document]) {
            let key = projection::find_key(self.db, document)?;
            let is_evidence = key.map(|key| projection::is_evidence(self.db, key)).transpose()?;
            if is_evidence != Some(true) {
                return Err(Error::not_found(format!(
                    "There is no document {document} in the case"
                )));
            }
        }
        if others.clone().any(|other| *other == edition.document) {
            return Err(Error::invalid("A document cannot be an edition of itself"));
        }
        self.journal(EDITION, edition.document.as_str(), Some(&record::edition_image(edition)?))
    }

    fn put_scene(&mut self, mut scene: Scene) -> Result<()> {
        self.chart_exists(&scene.chart)?;
        // What the scene shows counts this action in.
        projection::refresh(self.db, &mut self.touched, &Progress::new())?;
        let mut shown = self.shown.borrow_mut();
        shown.note(&self.touched);
        scene.shows = shown.digest(self.db, &scene.chart)?;
        drop(shown);
        let image = serde_json::to_string(&scene)
            .map_err(|_| Error::report("The scene cannot be stored"))?;
        self.journal(SCENE, scene.id.as_str(), Some(&image))
    }
}

/// Ids travel into other formats and file names, so they are kept short and printable.
pub(super) fn check_id(id: &Id) -> Result<()> {
    let text = id.as_str();
    // Nearly all ids are of such bytes alone, and millions are checked.
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic());
    if text.is_empty() || text.len() > 255 || !is_plain && text.chars().any(char::is_control) {
        return Err(Error::invalid(
            "An id must have 1 to 255 printable characters; this one does not",
        ));
    }
    Ok(())
}
