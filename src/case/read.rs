//! What a case says now: entities, their details, charts, evidence, counts.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, hash_map::Entry},
    sync::Arc,
};

use rusqlite::{Connection, OptionalExtension as _};

use super::{
    Case, Error, Progress, Result, Revision, block, document,
    error::wrong_type,
    name, passage, projection,
    record::{self, CHART, EDITION, PINNED, SCENE, SEARCH, SETTING},
    rows::{self, text},
    standing::{Holding, Horizon, Standing, Target},
    weigh::{Source, Weights, citations, strength},
};
use crate::model::{
    Chart, Citation, Edition, Entity, Evidence, Existence, Id, Pinned, Placement, RevisionNumber,
    SavedSearch, Scene, StatementId, StatementKey, Strength, Value,
    derive::{self, Said},
    entity::SCHEMA,
    schema,
};

/// Everything about one entity or relationship, withdrawn statements included.
#[derive(Clone, Debug, PartialEq)]
pub struct Details {
    pub entity: Id,
    /// Its statements in the order in which they were made.
    pub statements: Vec<StatementInfo>,
    /// The numbers of the revisions that touched it, oldest first.
    pub history: Vec<RevisionNumber>,
    pub charts: Vec<Id>,
    /// What happened to it, where it is evidence.
    pub custody: Vec<CustodyEvent>,
}

/// A statement with where it comes from and what supports it.
#[derive(Clone, Debug, PartialEq)]
pub struct StatementInfo {
    pub key: StatementKey,
    pub revision: RevisionNumber,
    /// When it was added: milliseconds since 1970, UTC.
    pub at: i64,
    pub author: String,
    /// The property's name; `schema` for the statement that makes the entity exist.
    pub property: String,
    pub value: String,
    /// The language, a three-letter code.
    pub lang: Option<String>,
    /// The spelling of the source, where cleaning changed it.
    pub original: Option<String>,
    pub denied: bool,
    /// Whether it stands, or has been withdrawn.
    pub live: bool,
    /// Whether it does not stand because the action that made it was undone.
    pub undone: bool,
    pub strength: Strength,
    /// Its citations, withdrawn ones included.
    pub citations: Vec<Citation>,
}

/// What entities say as far as some revisions say it.
pub struct SaidAt<'a> {
    case: &'a Case,
    standing: Option<Standing>,
}

impl SaidAt<'_> {
    /// The live statements of an entity, with their live citations; none of one that is unknown.
    pub fn of(&self, id: &Id) -> Result<Vec<StatementInfo>> {
        let Some(key) = projection::find_key(&self.case.db, id)? else { return Ok(Vec::new()) };
        let mut statements = self.case.statements_of(key, Holding::of(self.standing.as_ref()))?;
        statements.retain(|statement| statement.live);
        for statement in &mut statements {
            statement.citations.retain(|citation| citation.live);
        }
        Ok(statements)
    }
}

/// A statement with its entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Stated {
    /// Its name in every copy of the case.
    pub id: StatementId,
    pub entity: Id,
    pub statement: StatementInfo,
}

/// Something that happened to a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustodyEvent {
    /// When: milliseconds since 1970, UTC.
    pub at: i64,
    pub who: String,
    /// What: acquired, exported, opened.
    pub event: String,
    /// How it ended, in words.
    pub outcome: String,
}

/// An entity or relationship that somebody has withdrawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawn {
    pub id: Id,
    pub schema: String,
    /// What it was called; for a relationship, with its two ends.
    pub caption: String,
    /// When it was withdrawn: milliseconds since 1970, UTC.
    pub at: i64,
    /// Who withdrew it.
    pub author: String,
}

/// How much a case holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Live entities and relationships by schema.
    pub schemata: BTreeMap<String, u64>,
    /// Live statements.
    pub live: u64,
    /// Withdrawn statements.
    pub withdrawn: u64,
    pub revisions: u64,
    /// Documents, withdrawn ones included.
    pub evidence: u64,
    pub charts: u64,
    /// The size of the file in bytes.
    pub size: u64,
}

impl Counts {
    /// How many entities, relationships and documents there are, told apart by their schemata.
    pub fn kinds(&self) -> [u64; 3] {
        let mut kinds = [0; 3];
        for (name, count) in &self.schemata {
            let is = |ancestor| schema::schema(name).is_some_and(|s| s.is_a(ancestor));
            let is_edge = schema::schema(name).is_some_and(schema::Schema::is_edge);
            kinds[if is_edge {
                1
            } else if is("Document") {
                2
            } else {
                0
            }] += count;
        }
        kinds
    }
}

impl Case {
    /// Every entity and relationship that exists.
    pub fn entities(&self) -> Result<Vec<Entity>> {
        load(&self.db, None)
    }

    /// One entity or relationship, if it exists.
    pub fn entity(&self, id: &Id) -> Result<Option<Entity>> {
        match projection::find_key(&self.db, id)? {
            Some(key) => self.entity_by_key(key),
            None => Ok(None),
        }
    }

    pub(super) fn entity_by_key(&self, key: i64) -> Result<Option<Entity>> {
        Ok(load(&self.db, Some(key))?.pop())
    }

    /// Everything about one entity, whether it exists or has been withdrawn.
    pub fn details(&self, id: &Id) -> Result<Details> {
        self.details_at(id, &Horizon::default())
    }

    /// The same as far as the revisions of a horizon say it. What revisions that do not count
    /// said, cited or did is left out; what they withdrew is live. Charts and custody are those of
    /// now.
    pub fn details_at(&self, id: &Id, horizon: &Horizon) -> Result<Details> {
        let standing = self.standing(horizon)?;
        let holding = Holding::of(standing.as_ref());
        let key = projection::find_key(&self.db, id)?
            .ok_or_else(|| Error::not_found(format!("There is no entity with the id {id}")))?;
        let statements = self.statements_of(key, holding)?;
        let mut history = self.history_of(key)?;
        history.retain(|revision| holding.counts(*revision));
        Ok(Details {
            entity: id.clone(),
            statements,
            history,
            charts: self.charts_with(id)?,
            custody: self.custody(id)?,
        })
    }

    /// What each entity says as far as the revisions of a horizon say it, for whoever reads many.
    pub(crate) fn said_at(&self, horizon: &Horizon, progress: &Progress) -> Result<SaidAt<'_>> {
        let standing =
            if horizon.is_now() { None } else { Some(Standing::of(&self.db, horizon, progress)?) };
        Ok(SaidAt { case: self, standing })
    }

    /// What holds where only some revisions count; `None` where all do.
    fn standing(&self, horizon: &Horizon) -> Result<Option<Standing>> {
        if horizon.is_now() {
            return Ok(None);
        }
        Ok(Some(Standing::of(&self.db, horizon, &Progress::new())?))
    }

    /// The statements of an entity in the order in which they were made, withdrawn ones included.
    pub(super) fn statements_of(
        &self,
        key: i64,
        holding: Holding<'_>,
    ) -> Result<Vec<StatementInfo>> {
        let weights = Weights::of_entity(&self.db, key, holding)?;
        let mut citations = citations(&self.db, holding, key)?;
        let mut query = self.db.prepare_cached(
            "SELECT s.key, s.revision, r.at, r.author, t.text, s.value, s.lang, s.original, s.denied,
                    s.stands + r.live > 1, r.live
             FROM passage p CROSS JOIN statement s ON s.key BETWEEN p.first AND p.last
             JOIN term t ON t.key = s.property JOIN revision r ON r.number = s.revision
             WHERE p.entity = ?1 ORDER BY r.clock, r.id, s.key",
        )?;
        let mut rows = query.query([key])?;
        let mut statements = Vec::new();
        while let Some(row) = rows.next()? {
            let (key, revision): (StatementKey, RevisionNumber) = (row.get(0)?, row.get(1)?);
            if !holding.counts(revision) {
                continue;
            }
            let live = holding.holds(Target::Statement(key), revision, row.get(9)?);
            statements.push(StatementInfo {
                key,
                revision,
                at: row.get(2)?,
                author: row.get(3)?,
                property: row.get(4)?,
                value: row.get(5)?,
                lang: row.get(6)?,
                original: row.get(7)?,
                denied: row.get(8)?,
                live,
                undone: !live && !holding.is_live(revision, row.get(10)?),
                strength: strength(weights.of(key)),
                citations: citations.remove(&key).unwrap_or_default(),
            });
        }
        Ok(statements)
    }

    /// Statements by their keys, each with its entity and its name in every copy of the case.
    /// Keys that no statement has are left out.
    pub fn statements(&self, keys: &[StatementKey]) -> Result<Vec<Stated>> {
        self.statements_at(keys, &Horizon::default())
    }

    /// The same as far as the revisions of a horizon say it; see [`Self::details_at`].
    pub fn statements_at(&self, keys: &[StatementKey], horizon: &Horizon) -> Result<Vec<Stated>> {
        let standing = self.standing(horizon)?;
        let holding = Holding::of(standing.as_ref());
        let mut find = self.db.prepare_cached(
            "SELECT s.entity, e.id, r.id, r.number FROM statement s JOIN entity e ON e.key = s.entity
             JOIN revision r ON r.number = s.revision WHERE s.key = ?1",
        )?;
        let mut of_entity: HashMap<i64, Vec<StatementInfo>> = HashMap::new();
        let mut firsts: HashMap<RevisionNumber, StatementKey> = HashMap::new();
        let mut all = Vec::new();
        for &key in keys {
            let row: Option<(i64, String, String, RevisionNumber)> = find
                .query_row([key], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
                .optional()?;
            let Some((entity, id, revision, number)) = row else { continue };
            let said = match of_entity.entry(entity) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => {
                    let mut said = self.statements_of(entity, holding)?;
                    said.sort_by_key(|statement| statement.key);
                    entry.insert(said)
                }
            };
            let first = match firsts.entry(number) {
                Entry::Occupied(entry) => *entry.get(),
                Entry::Vacant(entry) => *entry.insert(*passage::keys_of(&self.db, number)?.start()),
            };
            if let Ok(at) = said.binary_search_by_key(&key, |statement| statement.key) {
                all.push(Stated {
                    id: StatementId {
                        revision: revision.into(),
                        nth: name::place(key.row() - first.row())?,
                    },
                    entity: id.into(),
                    statement: said[at].clone(),
                });
            }
        }
        Ok(all)
    }

    /// The revisions that touched an entity, by themselves or by turning round one that did.
    fn history_of(&self, entity: i64) -> Result<Vec<RevisionNumber>> {
        let mut query = self.db.prepare_cached(
            "SELECT s.revision FROM passage p JOIN statement s ON s.key = p.first WHERE p.entity = ?1
             UNION SELECT revision FROM custody WHERE entity = ?1
             UNION SELECT c.revision FROM passage p
                   CROSS JOIN citation c ON c.statement BETWEEN p.first AND p.last WHERE p.entity = ?1
             UNION SELECT w.revision FROM passage p
                   CROSS JOIN withdrawal w ON w.kind IN ('statement', 'read')
                                    AND w.target BETWEEN p.first AND p.last WHERE p.entity = ?1
             UNION SELECT w.revision FROM passage p
                   CROSS JOIN restatement w ON w.kind = 'statement'
                                     AND w.target BETWEEN p.first AND p.last WHERE p.entity = ?1
             UNION SELECT l.revision FROM passage p
                   CROSS JOIN withdrawal w ON w.kind IN ('statement', 'read')
                                    AND w.target BETWEEN p.first AND p.last
                   CROSS JOIN withdrawal l ON l.kind = 'withdrawal' AND l.target = w.key WHERE p.entity = ?1
             UNION SELECT w.revision FROM passage p
                   CROSS JOIN citation c ON c.statement BETWEEN p.first AND p.last
                   CROSS JOIN withdrawal w ON w.kind = 'citation' AND w.target = c.key WHERE p.entity = ?1
             UNION SELECT l.revision FROM passage p
                   CROSS JOIN citation c ON c.statement BETWEEN p.first AND p.last
                   CROSS JOIN withdrawal w ON w.kind = 'citation' AND w.target = c.key
                   CROSS JOIN withdrawal l ON l.kind = 'withdrawal' AND l.target = w.key WHERE p.entity = ?1
             UNION SELECT j.revision FROM judgement j WHERE j.kind = 'document' AND j.target = ?1
             UNION SELECT j.revision FROM passage p
                   CROSS JOIN judgement j ON j.kind = 'read' AND j.target BETWEEN p.first AND p.last
                   WHERE p.entity = ?1
             UNION SELECT j.revision FROM passage p
                   CROSS JOIN citation c ON c.statement BETWEEN p.first AND p.last
                   CROSS JOIN judgement j ON j.kind = 'citation' AND j.target = c.key WHERE p.entity = ?1",
        )?;
        let mut touching: BTreeSet<RevisionNumber> =
            query.query_map([entity], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        let mut query =
            self.db.prepare_cached("SELECT revision, target FROM inversion ORDER BY revision")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            if touching.contains(&row.get(1)?) {
                touching.insert(row.get(0)?);
            }
        }
        Ok(touching.into_iter().collect())
    }

    /// What has been withdrawn and can be restored, the latest first. What was undone is not
    /// among it: that is done again from the history.
    pub fn withdrawn(&self) -> Result<Vec<Withdrawn>> {
        let log = self.log()?;
        let mut query = self.db.prepare_cached(
            "SELECT DISTINCT s.entity, w.revision FROM withdrawal w JOIN statement s ON s.key = w.target
             JOIN revision r ON r.number = w.revision AND r.live
             WHERE w.kind = 'statement' AND NOT EXISTS(
                 SELECT 1 FROM withdrawal l JOIN revision o ON o.number = l.revision AND o.live
                 WHERE l.kind = 'withdrawal' AND l.target = w.key)
               AND NOT EXISTS(SELECT 1 FROM node n WHERE n.entity = s.entity)
             ORDER BY r.clock, r.id",
        )?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut latest: BTreeMap<i64, &Revision> = BTreeMap::new();
        for row in rows {
            let (entity, revision): (i64, RevisionNumber) = row?;
            if let Ok(at) = log.binary_search_by_key(&revision, |r| r.number) {
                latest.insert(entity, &log[at]);
            }
        }
        let mut all = Vec::new();
        for (entity, revision) in latest {
            let (schema, caption) = last_caption(&self.db, entity, true)?;
            all.push((
                revision.number,
                Withdrawn {
                    id: projection::id_of(&self.db, entity)?,
                    schema,
                    caption,
                    at: revision.at,
                    author: revision.author.clone(),
                },
            ));
        }
        all.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.caption.cmp(&b.1.caption)));
        Ok(all.into_iter().map(|(_, withdrawn)| withdrawn).collect())
    }

    /// Which live documents are cited for which entities and relationships.
    pub fn cited(&self) -> Result<HashMap<Id, Vec<Id>>> {
        let mut query = self.db.prepare_cached(
            "SELECT e.id, d.id FROM citation c
             JOIN revision o ON o.number = c.revision AND c.stands + o.live > 1
             JOIN statement s ON s.key = c.statement
             JOIN revision r ON r.number = s.revision AND s.stands + r.live > 1
             JOIN entity e ON e.key = s.entity JOIN entity d ON d.key = c.entity
             JOIN node n ON n.entity = c.entity
             UNION
             SELECT e.id, d.id FROM passage p
             JOIN entity e ON e.key = p.entity JOIN entity d ON d.key = p.evidence
             JOIN node n ON n.entity = p.evidence
             WHERE EXISTS(SELECT 1 FROM statement s JOIN revision r ON r.number = s.revision
                          WHERE s.key BETWEEN p.first AND p.last AND s.stands + r.live > 1
                          AND NOT EXISTS(SELECT 1 FROM dismissed x WHERE x.statement = s.key))
             ORDER BY 1, 2",
        )?;
        let mut rows = query.query([])?;
        let mut documents: HashMap<String, Id> = HashMap::new();
        let mut cited: HashMap<Id, Vec<Id>> = HashMap::new();
        while let Some(row) = rows.next()? {
            let document: String = row.get(1)?;
            let document =
                documents.entry(document).or_insert_with_key(|id| Id::from(id.as_str())).clone();
            cited.entry(Id::from(text(row, 0)?)).or_default().push(document);
        }
        Ok(cited)
    }

    fn charts_with(&self, entity: &Id) -> Result<Vec<Id>> {
        let mut query = self
            .db
            .prepare_cached("SELECT chart FROM placement WHERE entity = ?1 ORDER BY chart")?;
        let rows = query.query_map([entity.as_str()], |row| row.get::<_, String>(0))?;
        Ok(rows.map(|id| id.map(Id::from)).collect::<rusqlite::Result<_>>()?)
    }

    /// The charts in the order of their tabs.
    pub fn charts(&self) -> Result<Vec<Chart>> {
        let mut charts = Vec::new();
        for (id, body) in record::all(&self.db, CHART)? {
            charts.push(record::chart(&self.db, &id, &body)?);
        }
        charts.sort_by(|a, b| a.order.total_cmp(&b.order).then_with(|| a.id.cmp(&b.id)));
        Ok(charts)
    }

    /// Who stands where on a chart, by id.
    pub fn placements(&self, chart: &Id) -> Result<Vec<Placement>> {
        placements(&self.db, chart)
    }

    /// The walkthrough in its order.
    pub fn scenes(&self) -> Result<Vec<Scene>> {
        let mut scenes: Vec<Scene> = parsed(&self.db, SCENE)?;
        scenes.sort_by(|a, b| a.order.total_cmp(&b.order).then_with(|| a.id.cmp(&b.id)));
        Ok(scenes)
    }

    /// The scenes whose charts show something else now than when they were written.
    pub fn stale_scenes(&self) -> Result<BTreeSet<Id>> {
        let scenes = self.scenes()?;
        let mut shown = self.shown.borrow_mut();
        shown.keep(&scenes.iter().map(|scene| scene.chart.clone()).collect());
        let mut stale = BTreeSet::new();
        for scene in scenes {
            if shown.digest(&self.db, &scene.chart)? != scene.shows {
                stale.insert(scene.id);
            }
        }
        Ok(stale)
    }

    /// The pinned findings, in the order in which they were pinned.
    pub fn pinned(&self) -> Result<Vec<Pinned>> {
        parsed(&self.db, PINNED)
    }

    /// What is recorded of documents as editions, by their ids.
    pub fn editions(&self) -> Result<Vec<Edition>> {
        parsed(&self.db, EDITION)
    }

    /// The same as far as the revisions of a horizon make it.
    pub(crate) fn editions_at(&self, horizon: &Horizon) -> Result<Vec<Edition>> {
        let Some(standing) = self.standing(horizon)? else { return self.editions() };
        let all = record::all_at(&self.db, EDITION, &|revision| standing.is_live(revision))?;
        all.iter().map(|(id, image)| record::parse(EDITION, id, image)).collect()
    }

    /// The saved searches by name.
    pub fn searches(&self) -> Result<Vec<SavedSearch>> {
        let mut searches: Vec<SavedSearch> = parsed(&self.db, SEARCH)?;
        searches.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
        Ok(searches)
    }

    /// The case's own settings.
    pub fn settings(&self) -> Result<BTreeMap<String, String>> {
        Ok(record::all(&self.db, SETTING)?.into_iter().collect())
    }

    /// The digest of the newest revision, in hexadecimal: it stands for all that the case says.
    pub fn digest(&self) -> Result<String> {
        Ok(self.db.query_row("SELECT value FROM meta WHERE name = 'head'", [], |row| row.get(0))?)
    }

    /// All evidence in the order of its acquisition, withdrawn items included.
    pub fn evidence(&self) -> Result<Vec<Evidence>> {
        self.evidence_at(&Horizon::default())
    }

    /// The same as far as the revisions of a horizon make it.
    pub(crate) fn evidence_at(&self, horizon: &Horizon) -> Result<Vec<Evidence>> {
        let standing = self.standing(horizon)?;
        let holding = Holding::of(standing.as_ref());
        let chosen = document::records(&self.db, None, holding)?;
        let mut query = self.db.prepare_cached(
            "SELECT v.entity, e.id, v.file_name, v.mime, b.size, b.sha256, v.acquired_at, v.acquired_by,
                    v.method, n.caption, v.revision
             FROM evidence v JOIN entity e ON e.key = v.entity JOIN blob b ON b.key = v.blob
             JOIN revision o ON o.number = v.revision
             LEFT JOIN node n ON n.entity = v.entity
             ORDER BY o.clock, o.id, v.entity",
        )?;
        let mut rows = query.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let (entity, revision): (i64, RevisionNumber) = (row.get(0)?, row.get(10)?);
            let Some((_, recorded)) = chosen.get(&entity).filter(|chosen| chosen.0 == revision)
            else {
                continue;
            };
            let source = Source::of(&self.db, entity, holding)?;
            let file_name: String = row.get(2)?;
            let id = Id::from(row.get::<_, String>(1)?);
            let kept: Option<String> = row.get(9)?;
            let caption = match standing.as_ref() {
                None => kept,
                Some(standing) => caption_among(&self.db, entity, standing)?,
            };
            // What is withdrawn is still called what it was called last.
            let caption = match caption {
                Some(caption) => caption,
                None => last_caption(&self.db, entity, false)?.1,
            };
            all.push(Evidence {
                caption: if caption == id.as_str() { file_name.clone() } else { caption },
                id,
                file_name,
                mime: row.get(3)?,
                size: row.get::<_, i64>(4)? as u64,
                sha256: hex::encode(&row.get::<_, Vec<u8>>(5)?),
                acquired_at: row.get(6)?,
                acquired_by: row.get(7)?,
                method: row.get(8)?,
                reliability: source.reliability,
                judged: source.judged,
                origin: source.origin,
                live: source.live,
                undone: !source.live && !recorded,
            });
        }
        Ok(all)
    }

    /// What happened to a document, oldest first.
    pub fn custody(&self, id: &Id) -> Result<Vec<CustodyEvent>> {
        let mut query = self.db.prepare_cached(
            "SELECT v.acquired_at, v.acquired_by, 'acquired', v.method || '; as ' || v.file_name, 0
             FROM evidence v JOIN entity e ON e.key = v.entity WHERE e.id = ?1
             UNION ALL
             SELECT r.at, r.author, c.event, c.outcome, c.key FROM custody c
             JOIN entity e ON e.key = c.entity JOIN revision r ON r.number = c.revision WHERE e.id = ?1
             ORDER BY 5",
        )?;
        let rows = query.query_map([id.as_str()], |row| {
            Ok(CustodyEvent {
                at: row.get(0)?,
                who: row.get(1)?,
                event: row.get(2)?,
                outcome: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// How much the case holds.
    pub fn counts(&self) -> Result<Counts> {
        let count = |sql: &str| -> Result<u64> {
            Ok(self.db.query_row(sql, [], |row| row.get::<_, i64>(0))? as u64)
        };
        // Counted here: SQLite would sort all of them to group them.
        let hidden = block::hidden_numbers(&self.db)?;
        let mut counts: HashMap<i64, u64> = HashMap::new();
        for range in block::in_sight(&self.db)? {
            rows::each_row(&self.db, "every_node", range, |_, mut row| {
                row.skip()?;
                let schema = row.integer()?;
                row.skip()?;
                row.skip()?;
                if row.integer_or_null()?.is_none_or(|block| !hidden.contains(&block)) {
                    *counts.entry(schema).or_default() += 1;
                }
                Ok(true)
            })?;
        }
        let mut name = self.db.prepare_cached("SELECT text FROM term WHERE key = ?1")?;
        let mut schemata = BTreeMap::new();
        for (schema, count) in counts {
            if let Some(name) = name.query_row([schema], |row| row.get(0)).optional()? {
                schemata.insert(name, count);
            }
        }
        Ok(Counts {
            schemata,
            live: count(LIVE)?,
            withdrawn: count(&format!(
                "SELECT (SELECT coalesce(sum(last - first + 1), 0) FROM revision) - ({LIVE})"
            ))?,
            revisions: count("SELECT count(*) FROM revision")?,
            evidence: count("SELECT count(DISTINCT entity) FROM evidence")?,
            charts: count("SELECT count(*) FROM record WHERE kind = 'chart'")?,
            size: count("PRAGMA page_count")? * count("PRAGMA page_size")?,
        })
    }
}

/// How many statements hold: those of live revisions, but for what somebody changed their mind about.
const LIVE: &str = "SELECT (SELECT coalesce(sum(last - first + 1), 0) FROM revision WHERE live)
     + (SELECT count(*) FILTER (WHERE s.stands > 1 AND NOT r.live)
             - count(*) FILTER (WHERE s.stands < 1 AND r.live)
        FROM (SELECT target FROM withdrawal WHERE kind = 'statement'
              UNION SELECT target FROM restatement WHERE kind = 'statement') t
        CROSS JOIN statement s ON s.key = t.target JOIN revision r ON r.number = s.revision)";

/// What an entity is called where only some revisions count; `None` where it does not exist.
fn caption_among(db: &Connection, entity: i64, standing: &Standing) -> Result<Option<String>> {
    let mut query = db.prepare_cached(
        "SELECT t.text, s.value, s.key, r.number FROM passage p
         CROSS JOIN statement s ON s.key BETWEEN p.first AND p.last
         JOIN term t ON t.key = s.property JOIN revision r ON r.number = s.revision
         WHERE p.entity = ?1 AND NOT s.denied ORDER BY r.clock, r.id, s.key",
    )?;
    let mut rows = query.query([entity])?;
    let mut said: Vec<(String, String)> = Vec::new();
    while let Some(row) = rows.next()? {
        if standing.holds(Target::Statement(row.get(2)?), row.get(3)?) {
            said.push((row.get(0)?, row.get(1)?));
        }
    }
    let said: Vec<Said<'_>> = said.iter().map(|(p, v)| Said::asserted(p, v)).collect();
    let id = projection::id_of(db, entity)?;
    Ok(derive::derive(id.as_str(), &said).map(|derived| derived.caption))
}

/// The schema and caption of an entity by what stands, or stood last, of it; with the names of
/// its ends where it is a relationship and they are wanted.
pub(super) fn last_caption(
    db: &Connection,
    entity: i64,
    with_ends: bool,
) -> Result<(String, String)> {
    let mut query = db.prepare_cached(
        "SELECT t.text, s.value, r.live OR s.stands > 1 FROM passage p
         CROSS JOIN statement s ON s.key BETWEEN p.first AND p.last
         JOIN term t ON t.key = s.property JOIN revision r ON r.number = s.revision
         WHERE p.entity = ?1 AND NOT s.denied
         ORDER BY s.stands + r.live > 1 DESC,
                  (SELECT max(o.clock) FROM withdrawal w JOIN revision o ON o.number = w.revision
                   WHERE w.kind = 'statement' AND w.target = s.key) DESC, r.clock, r.id, s.key",
    )?;
    let mut values: Vec<(String, String, bool)> = query
        .query_map([entity], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    // What was undone was never said, unless nothing else was.
    if values.iter().any(|(.., said)| *said) {
        values.retain(|(.., said)| *said);
    }
    let first = |name: &str| values.iter().find(|(p, ..)| p == name).map(|(_, v, _)| v.as_str());
    let schema = first(SCHEMA).unwrap_or_default().to_owned();
    let id = projection::id_of(db, entity)?;
    let caption = schema::caption(&schema, &first, id.as_str());
    let edge = schema::schema(&schema).and_then(|s| s.edge.as_ref()).filter(|_| with_ends);
    let Some(edge) = edge else { return Ok((schema, caption)) };
    let end = |property: &str| -> Result<String> {
        let Some(id) = first(property) else { return Ok("?".into()) };
        match projection::find_key(db, &Id::from(id))? {
            Some(key) => Ok(last_caption(db, key, false)?.1),
            None => Ok(id.to_owned()),
        }
    };
    let caption = format!("{} → {}  ·  {caption}", end(&edge.source)?, end(&edge.target)?);
    Ok((schema, caption))
}

/// Who stands where on a chart, by id.
fn placements(db: &Connection, chart: &Id) -> Result<Vec<Placement>> {
    let mut query = db.prepare_cached(
        "SELECT entity, x, y, pinned FROM placement WHERE chart = ?1 ORDER BY entity",
    )?;
    let rows = query.query_map([chart.as_str()], |row| {
        Ok(Placement {
            entity: Id::from(row.get::<_, String>(0)?),
            x: row.get(1)?,
            y: row.get(2)?,
            pinned: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn parsed<T: serde::de::DeserializeOwned>(db: &Connection, kind: &str) -> Result<Vec<T>> {
    record::all(db, kind)?.iter().map(|(id, body)| record::parse(kind, id, body)).collect()
}

/// Entities as their live statements describe them: one, or all, in the order of their keys.
pub(super) fn load(db: &Connection, entity: Option<i64>) -> Result<Vec<Entity>> {
    let (weights, from, to) = match entity {
        Some(entity) => (Weights::of_entity(db, entity, Holding::Kept)?, entity, entity),
        None => (Weights::all(db)?, i64::MIN, i64::MAX),
    };
    Ok(load_span(db, from, to, &weights, With::Citations)?
        .into_iter()
        .map(|(_, entity)| entity)
        .collect())
}

/// The entities of these keys that exist.
pub(super) fn load_many(db: &Connection, keys: &BTreeSet<i64>) -> Result<HashMap<i64, Entity>> {
    let mut all = HashMap::new();
    let (Some(&first), Some(&last)) = (keys.first(), keys.last()) else { return Ok(all) };
    let most: i64 =
        db.query_row("SELECT coalesce(max(entity), 0) FROM every_node", [], |row| row.get(0))?;
    if (keys.len() as i64).saturating_mul(4) < most.max(1_000) {
        for &key in keys {
            all.extend(load_span(
                db,
                key,
                key,
                &Weights::of_entity(db, key, Holding::Kept)?,
                With::Values,
            )?);
        }
        return Ok(all);
    }
    let weights = Weights::all(db)?;
    for (from, to) in spans(keys, first, last) {
        let found = load_span(db, from, to, &weights, With::Values)?;
        all.extend(found.into_iter().filter(|(key, _)| keys.contains(key)));
    }
    Ok(all)
}

/// How much of entities is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum With {
    /// All but their citations, of which millions have one each.
    Values,
    /// Everything.
    Citations,
}

/// The same of those whose keys are `from` to `to`, with their keys.
pub(super) fn load_span(
    db: &Connection,
    from: i64,
    to: i64,
    weights: &Weights,
    with: With,
) -> Result<Vec<(i64, Entity)>> {
    let mut query = db.prepare_cached(
        "SELECT s.entity, s.key, t.text, s.value, s.lang, s.denied, e.id, n.caption
         FROM passage p CROSS JOIN node n ON n.entity = p.entity
         CROSS JOIN statement s ON s.key BETWEEN p.first AND p.last
         JOIN term t ON t.key = s.property JOIN entity e ON e.key = p.entity
         JOIN revision r ON r.number = s.revision
         WHERE s.stands + r.live > 1 AND p.entity BETWEEN ?1 AND ?2
         ORDER BY p.entity, r.clock, r.id, s.key",
    )?;
    let mut rows = query.query([from, to])?;
    let mut words = Words::default();
    let mut all = Vec::new();
    let mut now: Option<Draft> = None;
    while let Some(row) = rows.next()? {
        let key: i64 = row.get(0)?;
        if now.as_ref().is_none_or(|draft| draft.key != key) {
            all.extend(now.take().and_then(|draft| draft.finish(weights, with)));
            now = Some(Draft {
                key,
                id: Id::from(text(row, 6)?),
                caption: text(row, 7)?.into(),
                existence: Vec::new(),
                values: Vec::new(),
            });
        }
        let Some(draft) = now.as_mut() else { continue };
        let (statement, property, denied): (StatementKey, _, bool) =
            (row.get(1)?, text(row, 2)?, row.get(5)?);
        if property == SCHEMA {
            let schema = words.word(text(row, 3)?);
            let strength = strength(weights.of(statement));
            draft.existence.push(Existence { statement, schema, denied, strength });
            continue;
        }
        draft.values.push(Value {
            statement,
            property: words.word(property),
            text: text(row, 3)?.into(),
            lang: row
                .get_ref(4)?
                .as_str_or_null()
                .map_err(|_| wrong_type())?
                .map(|l| words.word(l)),
            denied,
            strength: strength(weights.of(statement)),
        });
    }
    all.extend(now.and_then(|draft| draft.finish(weights, with)));
    Ok(all)
}

/// The keys in one span, or, where they lie far from each other, each in its own.
pub(super) fn spans(keys: &BTreeSet<i64>, first: i64, end: i64) -> Vec<(i64, i64)> {
    if end.saturating_sub(first) <= 4 * keys.len() as i64 {
        return vec![(first, end)];
    }
    keys.iter().map(|key| (*key, *key)).collect()
}

/// Words that occur again and again, stored once.
#[derive(Default)]
struct Words(HashMap<Box<str>, Arc<str>>);

impl Words {
    fn word(&mut self, text: &str) -> Arc<str> {
        if let Some(word) = self.0.get(text) {
            return Arc::clone(word);
        }
        let word: Arc<str> = text.into();
        self.0.insert(text.into(), Arc::clone(&word));
        word
    }
}

/// An entity whose statements are being read.
struct Draft {
    key: i64,
    id: Id,
    caption: Arc<str>,
    existence: Vec<Existence>,
    values: Vec<Value>,
}

impl Draft {
    /// The entity with its key, if it exists.
    fn finish(self, weights: &Weights, with: With) -> Option<(i64, Entity)> {
        let said = |one: &Existence| (one.statement, one.denied);
        let existence = self.existence.iter().map(said);
        let mut all: Vec<(StatementKey, bool)> =
            existence.chain(self.values.iter().map(|v| (v.statement, v.denied))).collect();
        all.sort_unstable();
        // That it is the same as another says nothing of how well it is supported.
        let same = self.values.iter().filter(|value| &*value.property == schema::SAME_AS);
        let same: BTreeSet<StatementKey> = same.map(|value| value.statement).collect();
        let asserted = all.iter().filter(|(one, denied)| !denied && !same.contains(one));
        let strength = strength(asserted.flat_map(|(statement, _)| weights.of(*statement)));
        let citations = match with {
            With::Citations => all
                .iter()
                .flat_map(|(statement, _)| weights.of(*statement).map(|w| w.cite(*statement)))
                .collect(),
            With::Values => Vec::new(),
        };
        let schema =
            self.existence.iter().rfind(|one| !one.denied).map(|one| Arc::clone(&one.schema))?;
        let first = |property: &str| {
            let mut values = self.values.iter();
            values.find(|v| &*v.property == property && !v.denied).map(|v| Id::from(&*v.text))
        };
        let entity = Entity {
            id: self.id,
            ends: derive::ends(&schema, first),
            schema,
            caption: self.caption,
            denied: self.existence.iter().any(|one| one.denied),
            strength,
            evidence: weights.is_evidence(self.key),
            existence: self.existence,
            values: self.values,
            citations,
        };
        Some((self.key, entity))
    }
}
