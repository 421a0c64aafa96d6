//! What a transaction has touched.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, ToSql};

use super::{
    Error, Result, block,
    record::{self, CHART, DRAWING, Effect, GROUP, HIDDEN, PLACEMENT, SCENE, STYLE},
    standing::{self, Target},
};
use crate::model::{Id, RevisionNumber};

/// Above this many changed entities a delta asks for a reload instead of listing them.
pub(super) const RELOAD_ABOVE: usize = 2_000;

/// What a transaction has touched: projections to refresh, and the delta to tell.
#[derive(Debug, Default)]
pub(super) struct Touched {
    /// Entities whose statements, citations or liveness changed, by local key.
    pub(super) entities: BTreeSet<i64>,
    /// Entities of which nothing changed but how good their sources are, or only whether they are in
    /// sight; up to one more of either than are told one by one.
    pub(super) citing: BTreeSet<i64>,
    pub(super) turning: BTreeSet<i64>,
    /// Entities of which only the degree may have changed.
    pub(super) ends: BTreeSet<i64>,
    /// Whether a block was hidden or shown, and the gaps are not known yet.
    pub(super) turned: bool,
    pub(super) charts: BTreeSet<Id>,
    /// Charts whose own settings changed.
    pub(super) drawn: BTreeSet<Id>,
    /// Placements that came or went, not those that moved: chart and entity.
    pub(super) placements: BTreeSet<(Id, Id)>,
    pub(super) scenes: bool,
    pub(super) evidence: bool,
    pub(super) settings: bool,
}

impl Touched {
    /// A record may have changed, or come or gone.
    pub(super) fn effect(&mut self, kind: &str, id: &str, effect: Effect) {
        let came_or_went = effect == Effect::CameOrWent;
        match kind {
            _ if effect == Effect::None => {}
            CHART => {
                self.charts.insert(id.into());
                self.drawn.insert(id.into());
            }
            PLACEMENT => {
                let (chart, entity) = record::split_part_id(id);
                self.charts.insert(chart.into());
                if came_or_went {
                    self.placements.insert((chart.into(), entity.into()));
                }
            }
            HIDDEN | GROUP | STYLE | DRAWING => {
                let chart = Id::from(record::split_part_id(id).0);
                self.charts.insert(chart.clone());
                self.drawn.insert(chart);
            }
            SCENE => self.scenes = true,
            _ => self.settings = true,
        }
    }

    /// Whether so much changed that it is not told one by one.
    pub(super) fn is_much(&self) -> bool {
        self.entities.len().max(self.citing.len()).max(self.turning.len()) > RELOAD_ABOVE
    }

    /// A statement of an entity was cited.
    pub(super) fn cites(&mut self, entity: i64) {
        self.entities.insert(entity);
        self.evidence = true;
    }

    /// A document came in.
    pub(super) fn attaches(&mut self, entity: i64) {
        self.entities.insert(entity);
        self.evidence = true;
    }

    /// Adds every entity that the rows of a revision are about.
    pub(super) fn add_rows_of(&mut self, db: &Connection, revision: RevisionNumber) -> Result<()> {
        read_into(&mut self.entities, usize::MAX, db, STATED_BY, revision)?;
        read_into(&mut self.entities, usize::MAX, db, CITED_BY, revision)?;
        self.add_rest_of(db, revision)
    }

    /// The same of a revision that has a block, which was hidden or shown: what stands in it needs
    /// not be derived anew.
    pub(super) fn add_block(&mut self, db: &Connection, revision: RevisionNumber) -> Result<()> {
        for (entity, is_spoken_of) in block::apart(db, revision)? {
            if is_spoken_of { &mut self.entities } else { &mut self.ends }.insert(entity);
        }
        read_into(&mut self.turning, RELOAD_ABOVE, db, STATED_BY, revision)?;
        read_into(&mut self.citing, RELOAD_ABOVE, db, CITED_BY, revision)?;
        self.add_rest_of(db, revision)
    }

    /// Adds what a revision changes somebody's mind about, and says whether it is about evidence.
    fn add_rest_of(&mut self, db: &Connection, revision: RevisionNumber) -> Result<()> {
        for target in standing::targets_of(db, revision)? {
            self.entities.insert(entity_of(db, target)?);
            self.evidence |= matches!(target, Target::Read(_));
        }
        let mut query = db.prepare_cached(
            "SELECT EXISTS(SELECT 1 FROM evidence WHERE revision = ?1)
                 OR EXISTS(SELECT 1 FROM custody WHERE revision = ?1)
                 OR EXISTS(SELECT 1 FROM citation WHERE revision = ?1)",
        )?;
        self.evidence |= query.query_row([revision], |row| row.get::<_, bool>(0))?;
        Ok(())
    }
}

/// The entities about which a revision states something.
const STATED_BY: &str = "SELECT p.entity FROM revision r CROSS JOIN passage p
     ON p.first BETWEEN r.first AND r.last WHERE r.number = ?1";

/// Those of whose statements it cites one, or judges where one stands.
const CITED_BY: &str =
    "SELECT s.entity FROM citation c JOIN statement s ON s.key = c.statement WHERE c.revision = ?1
     UNION SELECT CASE j.kind WHEN 'document' THEN j.target
             WHEN 'read' THEN (SELECT entity FROM statement WHERE key = j.target)
             ELSE (SELECT s.entity FROM citation c JOIN statement s ON s.key = c.statement
                   WHERE c.key = j.target) END
           FROM judgement j WHERE j.revision = ?1";

/// Adds entities that a query gives of one key, until there are more than `most`.
pub(super) fn read_into(
    into: &mut BTreeSet<i64>,
    most: usize,
    db: &Connection,
    sql: &str,
    of: impl ToSql,
) -> Result<()> {
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query([of])?;
    while into.len() <= most
        && let Some(row) = rows.next()?
    {
        into.insert(row.get(0)?);
    }
    Ok(())
}

/// The entity whose statement a change of mind is about.
pub(super) fn entity_of(db: &Connection, target: Target) -> Result<i64> {
    let sql = match target {
        Target::Statement(_) | Target::Read(_) => "SELECT entity FROM statement WHERE key = ?1",
        Target::Citation(_) => {
            "SELECT s.entity FROM citation c JOIN statement s ON s.key = c.statement WHERE c.key = ?1"
        }
    };
    let entity = db.prepare_cached(sql)?.query_row([target], |row| row.get(0)).optional()?;
    entity.ok_or_else(|| {
        Error::Corrupt(format!(
            "a change of mind is about {} {}, which is missing",
            target.word(),
            target.row()
        ))
    })
}
