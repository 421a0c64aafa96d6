//! Taking over what was said in another copy of the case.
//!
//! Revisions that are not here come over whole: their ids, authors, times and contents, and the
//! links that they had there; they get a new link here. Nothing is dropped and nothing wins by being
//! later: what holds is decided by [`standing`], which does not ask in which order they came.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{
    Case, Delta, Error, Progress, Result, block,
    digest::{self, Hash},
    history, label, name, passage, projection,
    revision::{self, Kind},
    standing::{self, Target},
    watch, weigh,
};
use crate::model::{CitationKey, RevisionNumber, StatementKey};

/// What came over from another copy.
#[derive(Clone, Debug, Default)]
pub struct Adopted {
    /// What that changed. No revision says that there was nothing new.
    pub delta: Delta,
    /// How many revisions came over.
    pub revisions: u64,
}

impl Case {
    /// Takes over every revision of another copy of the case that is not here, as one step that
    /// can be undone. An error leaves the case as it was; so does a revision that is in both and
    /// says something else there, or one that is not what its author wrote.
    pub fn adopt(&mut self, other: &Self, progress: &Progress) -> Result<Adopted> {
        self.prepare()?;
        let tx = self.db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let theirs = other.db.unchecked_transaction()?;
        let new = missing(&tx, &theirs)?;
        let label = &label::of_adoption(new.len());
        if new.is_empty() {
            let delta = Delta { label: label.clone(), ..Delta::default() };
            return Ok(Adopted { delta, revisions: 0 });
        }
        let number = revision::start(&tx, Kind::Edit, label, &BTreeSet::new())?;
        let newest: i64 =
            theirs.query_row("SELECT max(clock) FROM revision", [], |row| row.get(0))?;
        tx.execute(
            "UPDATE revision SET clock = max(clock, ?2 + 1) WHERE number = ?1",
            params![number, newest],
        )?;
        revision::seal(&tx, number, None)?;
        let mut taking = Taking {
            mine: &tx,
            theirs: &theirs,
            united: number,
            entities: HashMap::new(),
            terms: HashMap::new(),
            came: Vec::new(),
        };
        for (done, revision) in new.iter().enumerate() {
            progress.check()?;
            progress.report(done as u64, new.len() as u64);
            taking.revision(*revision, progress)?;
        }
        let came = taking.came;
        let mut changed: BTreeSet<RevisionNumber> = came.iter().copied().collect();
        let revisions = changed.len() as u64;
        changed.extend(standing::settle_all(&tx)?);
        let changed: Vec<RevisionNumber> = changed.into_iter().collect();
        block::turn(&tx, &changed)?;
        let mut touched = history::touched_by(&tx, &changed, &came)?;
        projection::refresh(&tx, &mut touched, progress)?;
        let done = watch::finish(tx, progress);
        drop(theirs);
        self.settled(done)?;
        Arc::make_mut(&mut self.united).add(number, came);
        self.undo.push(number);
        self.redo.clear();
        let delta = self.delta(number, label, &touched).map_err(Error::after_commit)?;
        Ok(Adopted { delta, revisions })
    }
}

/// The numbers of their revisions that are not here, in their order.
fn missing(mine: &Connection, theirs: &Connection) -> Result<Vec<RevisionNumber>> {
    let mut query = theirs.prepare("SELECT number, id, content FROM revision ORDER BY number")?;
    let mut rows = query.query([])?;
    let mut missing = Vec::new();
    while let Some(row) = rows.next()? {
        let (number, id, content): (RevisionNumber, String, Vec<u8>) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        let here: Option<Vec<u8>> = mine
            .prepare_cached("SELECT content FROM revision WHERE id = ?1")?
            .query_row([&id], |row| row.get(0))
            .optional()?;
        match here {
            None => missing.push(number),
            Some(here) if here == content => {}
            Some(_) => {
                return Err(Error::invalid(format!(
                    "Revision {number} of the other copy says something else here, so one of the two \
                     has been changed by another program"
                ))
                .hint("verify both"));
            }
        }
    }
    Ok(missing)
}

/// Revisions being taken over.
struct Taking<'a> {
    mine: &'a Connection,
    theirs: &'a Connection,
    /// The revision that takes them over.
    united: RevisionNumber,
    /// Keys here by keys there.
    entities: HashMap<i64, i64>,
    terms: HashMap<i64, i64>,
    /// The numbers that they got here.
    came: Vec<RevisionNumber>,
}

impl Taking<'_> {
    fn revision(&mut self, theirs: RevisionNumber, progress: &Progress) -> Result<()> {
        let (mine, there) = (self.mine, self.theirs);
        let first = passage::last(mine)?.next();
        let columns = "id, clock, at, author, kind, label, secret, content";
        let row = there.query_row(
            &format!("SELECT {columns}, link FROM revision WHERE number = ?1"),
            [theirs],
            |row| {
                (0..9)
                    .map(|column| row.get(column))
                    .collect::<rusqlite::Result<Vec<rusqlite::types::Value>>>()
            },
        )?;
        mine.prepare_cached(&format!(
            "INSERT INTO revision(number, {columns}, link, first, last, live, united)
             SELECT max(number) + 1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, x'', ?9, ?9 - 1, 1, ?10 FROM revision"
        ))?
        .execute(params![
            row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], first, self.united
        ])?;
        let number = RevisionNumber::from_row(mine.last_insert_rowid());
        self.inversions(theirs, number)?;
        self.statements(theirs, number, first, progress)?;
        let last = passage::last(mine)?;
        mine.prepare_cached("UPDATE revision SET last = ?2 WHERE number = ?1")?
            .execute(params![number, last])?;
        self.evidence(theirs, number, progress)?;
        self.rows(theirs, number)?;
        if block::has(there, theirs)? {
            block::make_for(mine, number, first, last)?;
        }
        self.link(theirs, number)?;
        self.came.push(number);
        Ok(())
    }

    fn inversions(&self, theirs: RevisionNumber, number: RevisionNumber) -> Result<()> {
        let mut query = self.theirs.prepare_cached(
            "SELECT r.id FROM inversion i JOIN revision r ON r.number = i.target WHERE i.revision = ?1",
        )?;
        let mut rows = query.query([theirs])?;
        while let Some(row) = rows.next()? {
            let id: String = row.get(0)?;
            let target = self.number(&id)?;
            self.mine
                .prepare_cached("INSERT INTO inversion(revision, target) VALUES (?1, ?2)")?
                .execute([number, target])?;
        }
        Ok(())
    }

    /// The number here of a revision.
    fn number(&self, id: &str) -> Result<RevisionNumber> {
        self.mine
            .prepare_cached("SELECT number FROM revision WHERE id = ?1")?
            .query_row([id], |row| row.get(0))
            .optional()?
            .ok_or_else(|| {
                Error::Corrupt(format!("the other copy speaks of revision {id}, which it lacks"))
            })
    }

    fn entity(&mut self, theirs: i64) -> Result<i64> {
        if let Some(key) = self.entities.get(&theirs) {
            return Ok(*key);
        }
        let key = projection::key_of(self.mine, &projection::id_of(self.theirs, theirs)?)?;
        self.entities.insert(theirs, key);
        Ok(key)
    }

    fn term(&mut self, theirs: i64) -> Result<i64> {
        if let Some(key) = self.terms.get(&theirs) {
            return Ok(*key);
        }
        let text: String = self
            .theirs
            .prepare_cached("SELECT text FROM term WHERE key = ?1")?
            .query_row([theirs], |row| row.get(0))?;
        let key = projection::term(self.mine, &text)?;
        self.terms.insert(theirs, key);
        Ok(key)
    }

    fn statements(
        &mut self,
        theirs: RevisionNumber,
        number: RevisionNumber,
        first: StatementKey,
        progress: &Progress,
    ) -> Result<()> {
        let (mine, there) = (self.mine, self.theirs);
        let keys = passage::keys_of(there, theirs)?;
        let shift = first.row() - keys.start().row();
        let mut query = there.prepare_cached(
            "SELECT key, entity, property, value, lang, original, denied FROM statement
             WHERE key BETWEEN ?1 AND ?2 ORDER BY key",
        )?;
        let mut rows = query.query([keys.start(), keys.end()])?;
        let mut count = 0_u64;
        while let Some(row) = rows.next()? {
            count += 1;
            if count.is_multiple_of(4096) {
                progress.check()?;
            }
            let (entity, property) = (self.entity(row.get(1)?)?, self.term(row.get(2)?)?);
            mine.prepare_cached(
                "INSERT INTO statement(key, revision, entity, property, value, lang, original, denied, stands)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1)",
            )?
            .execute(params![
                row.get::<_, i64>(0)? + shift,
                number,
                entity,
                property,
                row.get::<_, String>(3)?,
                row.get::<_, Option<String>>(4)?,
                row.get::<_, Option<String>>(5)?,
                row.get::<_, i64>(6)?,
            ])?;
        }
        let mut query = there.prepare_cached(
            "SELECT first, last, entity, evidence, place, quote FROM passage
             WHERE first BETWEEN ?1 AND ?2 ORDER BY first",
        )?;
        let mut rows = query.query([keys.start(), keys.end()])?;
        while let Some(row) = rows.next()? {
            let entity = self.entity(row.get(2)?)?;
            let evidence = row.get::<_, Option<i64>>(3)?.map(|key| self.entity(key)).transpose()?;
            mine.prepare_cached(
                "INSERT INTO passage(first, last, entity, evidence, place, quote)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                row.get::<_, i64>(0)? + shift,
                row.get::<_, i64>(1)? + shift,
                entity,
                evidence,
                row.get::<_, Option<String>>(4)?,
                row.get::<_, Option<String>>(5)?,
            ])?;
        }
        Ok(())
    }

    /// Documents, their bytes, and what happened to them.
    fn evidence(
        &mut self,
        theirs: RevisionNumber,
        number: RevisionNumber,
        progress: &Progress,
    ) -> Result<()> {
        let (mine, there) = (self.mine, self.theirs);
        let mut query = there.prepare_cached(
            "SELECT entity, blob, file_name, mime, acquired_at, acquired_by, method FROM evidence
             WHERE revision = ?1",
        )?;
        let mut rows = query.query([theirs])?;
        while let Some(row) = rows.next()? {
            let (entity, blob) = (self.entity(row.get(0)?)?, self.blob(row.get(1)?, progress)?);
            mine.prepare_cached(
                "INSERT INTO evidence(entity, revision, blob, file_name, mime, acquired_at, acquired_by,
                                      method)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                entity,
                number,
                blob,
                row.get::<_, String>(2)?,
                row.get::<_, String>(3)?,
                row.get::<_, i64>(4)?,
                row.get::<_, String>(5)?,
                row.get::<_, String>(6)?,
            ])?;
        }
        let mut query = there.prepare_cached(
            "SELECT entity, event, outcome FROM custody WHERE revision = ?1 ORDER BY key",
        )?;
        let mut rows = query.query([theirs])?;
        while let Some(row) = rows.next()? {
            let entity = self.entity(row.get(0)?)?;
            mine.prepare_cached(
                "INSERT INTO custody(revision, entity, event, outcome) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![
                number,
                entity,
                row.get::<_, String>(1)?,
                row.get::<_, String>(2)?
            ])?;
        }
        Ok(())
    }

    /// The key here of bytes, which are copied where they are new.
    fn blob(&self, theirs: i64, progress: &Progress) -> Result<i64> {
        let (sha256, size): (Vec<u8>, i64) = self
            .theirs
            .prepare_cached("SELECT sha256, size FROM blob WHERE key = ?1")?
            .query_row([theirs], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let here: Option<i64> = self
            .mine
            .prepare_cached("SELECT key FROM blob WHERE sha256 = ?1")?
            .query_row([&sha256], |row| row.get(0))
            .optional()?;
        if let Some(here) = here {
            return Ok(here);
        }
        self.mine
            .prepare_cached("INSERT INTO blob(sha256, size) VALUES (?1, ?2)")?
            .execute(params![sha256, size])?;
        let key = self.mine.last_insert_rowid();
        let mut query = self
            .theirs
            .prepare_cached("SELECT part, bytes FROM blob_part WHERE blob = ?1 ORDER BY part")?;
        let mut rows = query.query([theirs])?;
        while let Some(row) = rows.next()? {
            progress.check()?;
            self.mine
                .prepare_cached("INSERT INTO blob_part(blob, part, bytes) VALUES (?1, ?2, ?3)")?
                .execute(params![key, row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?])?;
        }
        super::blob::read(self.mine, key, &mut std::io::sink(), progress).map_err(|error| {
            Error::Corrupt(format!("document {}: {error}", hex::encode(&sha256)))
        })?;
        Ok(key)
    }

    /// Everything else that a revision can have.
    fn rows(&mut self, theirs: RevisionNumber, number: RevisionNumber) -> Result<()> {
        let (mine, there) = (self.mine, self.theirs);
        let mut query = there.prepare_cached(
            "SELECT nth, entity, blob, engine, version, languages, confidence FROM layer
             WHERE revision = ?1 ORDER BY nth",
        )?;
        let mut rows = query.query([theirs])?;
        while let Some(row) = rows.next()? {
            let entity = self.entity(row.get(1)?)?;
            let blob = self.blob(row.get(2)?, &Progress::new())?;
            mine.prepare_cached(
                "INSERT INTO layer(revision, nth, entity, blob, engine, version, languages, confidence)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                number,
                row.get::<_, i64>(0)?,
                entity,
                blob,
                row.get::<_, String>(3)?,
                row.get::<_, String>(4)?,
                row.get::<_, Option<String>>(5)?,
                row.get::<_, Option<String>>(6)?,
            ])?;
        }
        self.citations(theirs, number)?;
        for table in ["withdrawal", "restatement", "judgement"] {
            self.changes_of_mind(table, theirs, number)?;
        }
        let mut query = there.prepare_cached(
            "SELECT kind, id, old, new FROM journal WHERE revision = ?1 ORDER BY key",
        )?;
        let mut rows = query.query([theirs])?;
        while let Some(row) = rows.next()? {
            mine.prepare_cached(
                "INSERT INTO journal(revision, kind, id, old, new) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                number,
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, Option<String>>(2)?,
                row.get::<_, Option<String>>(3)?,
            ])?;
        }
        Ok(())
    }

    fn citations(&mut self, theirs: RevisionNumber, number: RevisionNumber) -> Result<()> {
        let mut query = self.theirs.prepare_cached(
            "SELECT nth, statement, entity, supports, credibility, page, quote, range, region, layer,
                    said_by, said_on, stance
             FROM citation WHERE revision = ?1 ORDER BY nth",
        )?;
        let mut rows = query.query([theirs])?;
        while let Some(row) = rows.next()? {
            let statement = self.statement(row.get(1)?)?;
            let entity = self.entity(row.get(2)?)?;
            let layer =
                row.get::<_, Option<i64>>(9)?.map(|key| self.row("layer", key)).transpose()?;
            let text = |column| row.get::<_, Option<String>>(column);
            self.mine
                .prepare_cached(
                    "INSERT INTO citation(revision, nth, statement, entity, supports, credibility, page,
                                          quote, range, region, layer, said_by, said_on, stance, stands)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 1)",
                )?
                .execute(params![
                    number,
                    row.get::<_, i64>(0)?,
                    statement,
                    entity,
                    row.get::<_, i64>(3)?,
                    text(4)?,
                    text(5)?,
                    text(6)?,
                    text(7)?,
                    text(8)?,
                    layer,
                    text(10)?,
                    text(11)?,
                    text(12)?,
                ])?;
        }
        Ok(())
    }

    /// Withdrawals and the like, which are about rows of any revision.
    fn changes_of_mind(
        &mut self,
        table: &str,
        theirs: RevisionNumber,
        number: RevisionNumber,
    ) -> Result<()> {
        let judges = table == "judgement";
        let extra = if judges { "credibility" } else { "NULL" };
        let mut query = self.theirs.prepare_cached(&format!(
            "SELECT nth, kind, target, {extra} FROM {table} WHERE revision = ?1 ORDER BY nth"
        ))?;
        let mut rows = query.query([theirs])?;
        while let Some(row) = rows.next()? {
            let (kind, target): (String, i64) = (row.get(1)?, row.get(2)?);
            let target = match kind.as_str() {
                weigh::DOCUMENT => self.entity(target)?,
                standing::LIFTS => self.row(standing::LIFTS, target)?,
                _ => match Target::of(&kind, target)? {
                    Target::Statement(key) | Target::Read(key) => self.statement(key)?.row(),
                    Target::Citation(key) => self.citation(key)?.row(),
                },
            };
            let (columns, values) = if judges { (", credibility", ", ?5") } else { ("", "") };
            let sql = format!(
                "INSERT INTO {table}(revision, nth, kind, target{columns})
                 VALUES (?1, ?2, ?3, ?4{values})"
            );
            let mut insert = self.mine.prepare_cached(&sql)?;
            let nth: i64 = row.get(0)?;
            if judges {
                let credibility: Option<String> = row.get(3)?;
                insert.execute(params![number, nth, kind, target, credibility])?;
            } else {
                insert.execute(params![number, nth, kind, target])?;
            }
        }
        Ok(())
    }

    /// The key here of a statement there: by its name.
    fn statement(&self, theirs: StatementKey) -> Result<StatementKey> {
        let lost = || lost("statement");
        let name = name::of_statement(self.theirs, theirs)?.ok_or_else(lost)?;
        name::statement(self.mine, &name)?.ok_or_else(lost)
    }

    /// The same of a citation.
    fn citation(&self, theirs: CitationKey) -> Result<CitationKey> {
        let lost = || lost("citation");
        let (revision, nth) = name::of_citation(self.theirs, theirs)?.ok_or_else(lost)?;
        name::citation(self.mine, &revision, nth)?.ok_or_else(lost)
    }

    /// The same of a row of another table whose rows are numbered within their revision.
    fn row(&self, table: &str, theirs: i64) -> Result<i64> {
        let name = name::of_row(self.theirs, table, theirs)?;
        let (revision, nth) = name.ok_or_else(|| lost(table))?;
        name::row(self.mine, table, &revision, nth)?.ok_or_else(|| lost(table))
    }

    /// Makes sure that what came over is what its author wrote, links it into the chain here, and
    /// keeps the links that it had there and elsewhere.
    fn link(&self, theirs: RevisionNumber, number: RevisionNumber) -> Result<()> {
        let (mine, there) = (self.mine, self.theirs);
        let (id, content): (String, Vec<u8>) = mine.query_row(
            "SELECT id, content FROM revision WHERE number = ?1",
            [number],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let found: Hash = digest::of(mine, number, None)?;
        if found.as_slice() != content {
            return Err(Error::invalid(format!(
                "Revision {theirs} of the other copy ({id}) is not what its author wrote: its digest \
                 does not match"
            ))
            .hint("verify that copy"));
        }
        revision::link(mine, number, &found)?;
        let before: Option<Vec<u8>> = there
            .prepare_cached("SELECT link FROM revision WHERE number = ?1 - 1")?
            .query_row([theirs], |row| row.get(0))
            .optional()?;
        let before = match before {
            Some(before) => before,
            None => digest::genesis(&revision::case_id(there)?).to_vec(),
        };
        mine.prepare_cached("INSERT INTO former(revision, before, link) VALUES (?1, ?2, ?3)")?
            .execute(params![
                number,
                before,
                there.query_row(
                    "SELECT link FROM revision WHERE number = ?1",
                    [theirs],
                    |row| row.get::<_, Vec<u8>>(0)
                )?
            ])?;
        let mut query =
            there.prepare_cached("SELECT before, link FROM former WHERE revision = ?1")?;
        let mut rows = query.query([theirs])?;
        while let Some(row) = rows.next()? {
            mine.prepare_cached(
                "INSERT OR IGNORE INTO former(revision, before, link) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![
                number,
                row.get::<_, Vec<u8>>(0)?,
                row.get::<_, Vec<u8>>(1)?
            ])?;
        }
        Ok(())
    }
}

fn lost(what: &str) -> Error {
    Error::Corrupt(format!("the other copy speaks of a {what} that it lacks"))
}
