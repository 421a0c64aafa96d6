//! What stands in a case, one after another, so that whoever writes it down needs room for one.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension as _};

use super::{
    Case, Progress, Result, StatementInfo, block, projection,
    read::{With, load_span, spans},
    standing::{self, Holding},
    weigh::Weights,
};
use crate::model::{Entity, Id, entity::SCHEMA};

/// How many entities are read at once.
const PAGE: i64 = 1_024;

/// How many rows a query looks at that goes on by key.
const SPAN: i64 = 50_000;

/// Which of all that stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Everything, in the order in which it came into the case.
    All,
    /// What is no relationship with two ends.
    Entities,
    /// Relationships with two ends.
    Relationships,
    /// What a graph of points and lines holds as points: entities, and relationships that no line
    /// can stand for, because one of their ends is a relationship itself or has been withdrawn.
    Points,
    /// All other relationships.
    Lines,
    /// The relationships among the points.
    Loose,
}

/// Where a relationship touches one, or something that has been withdrawn.
const NO_LINE: &str = "EXISTS(SELECT 1 FROM link x WHERE x.entity IN (l.source, l.target))
    OR EXISTS(SELECT 1 FROM passage s WHERE s.entity IN (l.source, l.target)
              AND NOT EXISTS(SELECT 1 FROM node m WHERE m.entity = s.entity))";

impl Which {
    fn condition(self) -> String {
        match self {
            Self::All => "1".to_owned(),
            Self::Entities => {
                "NOT EXISTS(SELECT 1 FROM link l WHERE l.entity = n.entity)".to_owned()
            }
            Self::Relationships => {
                "EXISTS(SELECT 1 FROM link l WHERE l.entity = n.entity)".to_owned()
            }
            Self::Points => format!(
                "NOT EXISTS(SELECT 1 FROM link l WHERE l.entity = n.entity AND NOT ({NO_LINE}))"
            ),
            Self::Loose => {
                format!("EXISTS(SELECT 1 FROM link l WHERE l.entity = n.entity AND ({NO_LINE}))")
            }
            Self::Lines => format!(
                "EXISTS(SELECT 1 FROM link l WHERE l.entity = n.entity AND NOT ({NO_LINE}))"
            ),
        }
    }
}

impl Case {
    /// Gives each entity and relationship that stands, of all or of `only` these, in the order in
    /// which they came into the case. Reports as many as have been read.
    pub fn each(
        &self,
        which: Which,
        only: Option<&BTreeSet<Id>>,
        progress: &Progress,
        take: &mut dyn FnMut(Entity) -> Result<()>,
    ) -> Result<()> {
        self.each_page(which, only, progress, &mut |_, entity| take(entity))
    }

    /// Gives each entity and relationship that stands with its live statements, which name only
    /// live citations of live evidence.
    pub(crate) fn each_with_statements(
        &self,
        which: Which,
        only: Option<&BTreeSet<Id>>,
        progress: &Progress,
        take: &mut dyn FnMut(Entity, Vec<StatementInfo>) -> Result<()>,
    ) -> Result<()> {
        let live: BTreeSet<Id> =
            self.evidence()?.into_iter().filter(|e| e.live).map(|e| e.id).collect();
        self.each_page(which, only, progress, &mut |key, entity| {
            let mut statements = self.statements_of(key, Holding::Kept)?;
            statements.retain(|statement| statement.live);
            for statement in &mut statements {
                statement.citations.retain(|c| c.live && live.contains(&c.evidence));
            }
            take(entity, statements)
        })
    }

    fn each_page(
        &self,
        which: Which,
        only: Option<&BTreeSet<Id>>,
        progress: &Progress,
        take: &mut dyn FnMut(i64, Entity) -> Result<()>,
    ) -> Result<()> {
        let condition = which.condition();
        if let Some(only) = only {
            let mut keys = BTreeSet::new();
            for id in only {
                keys.extend(projection::find_key(&self.db, id)?);
            }
            let sql = format!("SELECT 1 FROM node n WHERE n.entity = ?1 AND ({condition})");
            for (done, key) in keys.iter().enumerate() {
                progress.check()?;
                progress.report(done as u64, keys.len() as u64);
                if self.db.prepare_cached(&sql)?.exists([key])?
                    && let Some(entity) = self.entity_by_key(*key)?
                {
                    take(*key, entity)?;
                }
            }
            return Ok(());
        }
        let most = self.extent()?;
        let weights = Weights::all(&self.db)?;
        let sql = format!(
            "SELECT n.entity FROM node n WHERE n.entity > ?1 AND ({condition})
             ORDER BY n.entity LIMIT ?2"
        );
        let mut last = 0;
        loop {
            progress.check()?;
            let mut query = self.db.prepare_cached(&sql)?;
            let keys: BTreeSet<i64> = query
                .query_map([last, PAGE], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            let (Some(&first), Some(&end)) = (keys.first(), keys.last()) else { break };
            // A page may lie among many that are not wanted.
            for (from, to) in spans(&keys, first, end) {
                for (key, entity) in load_span(&self.db, from, to, &weights, With::Values)? {
                    progress.check()?;
                    if keys.contains(&key) {
                        take(key, entity)?;
                    }
                }
            }
            last = end;
            progress.report(last.max(0) as u64, most);
        }
        Ok(())
    }

    /// What an entity or relationship is called; `None` where it does not stand.
    pub fn caption(&self, id: &Id) -> Result<Option<String>> {
        let sql = "SELECT n.caption FROM node n JOIN entity e ON e.key = n.entity WHERE e.id = ?1";
        Ok(self.db.prepare_cached(sql)?.query_row([id.as_str()], |row| row.get(0)).optional()?)
    }

    /// Whether something with this id stood here once and stands no more.
    pub(crate) fn is_withdrawn(&self, id: &Id) -> Result<bool> {
        let sql = "SELECT 1 FROM entity e WHERE e.id = ?1
                   AND NOT EXISTS(SELECT 1 FROM node n WHERE n.entity = e.key)
                   AND EXISTS(SELECT 1 FROM passage s WHERE s.entity = e.key)";
        Ok(self.db.prepare_cached(sql)?.exists([id.as_str()])?)
    }

    /// The ends of relationships about which nothing has ever been stated, by id.
    pub fn unknown_ends(&self) -> Result<Vec<Id>> {
        let unknown = "NOT EXISTS(SELECT 1 FROM node n WHERE n.entity = e.key)
                       AND NOT EXISTS(SELECT 1 FROM passage s WHERE s.entity = e.key)";
        let sql = format!(
            "SELECT e.id FROM link l JOIN entity e ON e.key = l.source
             WHERE l.entity > ?1 AND l.entity <= ?2 AND {unknown}
             UNION SELECT e.id FROM link l JOIN entity e ON e.key = l.target
             WHERE l.entity > ?1 AND l.entity <= ?2 AND {unknown}"
        );
        let mut all = BTreeSet::new();
        self.each_span("link", "entity", &[], &mut |first, last| {
            let mut query = self.db.prepare_cached(&sql)?;
            for id in query.query_map([first, last], |row| row.get::<_, String>(0))? {
                all.insert(Id::from(id?));
            }
            Ok(())
        })?;
        Ok(all.into_iter().collect())
    }

    /// Gives each span of a table's keys in which there are up to [`SPAN`] rows: after which key,
    /// and up to which. No query over one takes long. What is in one of the ranges to `skip` is left
    /// out.
    fn each_span(
        &self,
        table: &str,
        key: &str,
        skip: &[(i64, i64)],
        take: &mut dyn FnMut(i64, i64) -> Result<()>,
    ) -> Result<()> {
        let sql = format!(
            "SELECT max({key}) FROM (
               SELECT {key} FROM {table} WHERE {key} > ?1 AND {key} <= ?3 ORDER BY {key} LIMIT ?2)"
        );
        let mut first = i64::MIN;
        loop {
            self.progress.check()?;
            let next = block::next(skip, first);
            let until = next.map_or(i64::MAX, |(start, _)| start.saturating_sub(1));
            let mut query = self.db.prepare_cached(&sql)?;
            let last: Option<i64> = query.query_row([first, SPAN, until], |row| row.get(0))?;
            match (last, next) {
                (Some(last), _) => {
                    take(first, last)?;
                    first = last;
                }
                (None, Some((_, end))) => first = end,
                (None, None) => return Ok(()),
            }
        }
    }

    /// Which properties are asserted of what stands, by schema.
    pub(crate) fn properties_in_use(
        &self,
        which: Which,
    ) -> Result<BTreeMap<String, BTreeSet<String>>> {
        let sql = format!(
            "SELECT DISTINCT n.schema, s.property FROM statement s JOIN node n ON n.entity = s.entity
             JOIN revision r ON r.number = s.revision
             WHERE s.key > ?1 AND s.key <= ?2 AND s.stands + r.live > 1 AND NOT s.denied AND ({})",
            which.condition()
        );
        let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let dead = standing::dead_spans(&self.db, SPAN)?;
        let dead: Vec<_> = dead.into_iter().map(|(a, b)| (a.row(), b.row())).collect();
        self.each_span("statement", "key", &dead, &mut |first, last| {
            let mut query = self.db.prepare_cached(&sql)?;
            let mut rows = query.query([first, last])?;
            while let Some(row) = rows.next()? {
                let schema = term(&self.db, row.get(0)?)?;
                let property = term(&self.db, row.get(1)?)?;
                let properties = used.entry(schema).or_default();
                if property != SCHEMA {
                    properties.insert(property);
                }
            }
            Ok(())
        })?;
        Ok(used)
    }
}

fn term(db: &Connection, key: i64) -> Result<String> {
    let sql = "SELECT text FROM term WHERE key = ?1";
    Ok(db.prepare_cached(sql)?.query_row([key], |row| row.get(0))?)
}
