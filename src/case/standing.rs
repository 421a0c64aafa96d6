//! What holds. One rule decides it, and it never asks in which order revisions came into this file:
//!
//! - a revision is live unless a live revision inverts it;
//! - a withdrawal is live while its revision is, and no live withdrawal lifts it;
//! - a statement, a citation, or the place where a statement was read stands while its revision is
//!   live, or a live restatement says that it does all the same, and no live withdrawal of it is left.
//!
//! Commit, undo, verification, reading a case as it was and bringing older cases forward ask here.
//! `revision.live`, `statement.stands`, `citation.stands` and `dismissed` keep the answers for all
//! revisions, and are written here only; a [`Standing`] has them where only some revisions count.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, ToSql, params};

use super::{Error, Progress, Result};
use crate::model::{CitationKey, CitationRef, RevisionNumber, StatementKey};

/// What `stands` says: somebody has withdrawn it.
pub(super) const WITHDRAWN: i64 = 0;
/// It holds where its revision is live.
pub(super) const AS_ITS_REVISION: i64 = 1;
/// It holds whatever becomes of its revision.
pub(super) const RESTATED: i64 = 2;

/// What a change of mind is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Target {
    Statement(StatementKey),
    Citation(CitationKey),
    /// The place where a statement was read.
    Read(StatementKey),
}

impl Target {
    /// The target of a kind, by the word under which that is stored, and of a key.
    pub(super) fn of(word: &str, key: i64) -> Result<Self> {
        match word {
            "statement" => Ok(Self::Statement(StatementKey::from_row(key))),
            "citation" => Ok(Self::Citation(CitationKey::from_row(key))),
            "read" => Ok(Self::Read(StatementKey::from_row(key))),
            _ => Err(Error::Corrupt(format!("there is no kind of row called “{word}”"))),
        }
    }

    /// The key of its row.
    pub(super) fn row(self) -> i64 {
        match self {
            Self::Statement(key) | Self::Read(key) => key.row(),
            Self::Citation(key) => key.row(),
        }
    }

    /// The word under which its kind is stored.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Statement(_) => "statement",
            Self::Citation(_) => "citation",
            Self::Read(_) => "read",
        }
    }
}

impl From<CitationRef> for Target {
    fn from(citation: CitationRef) -> Self {
        match citation {
            CitationRef::Made(key) => Self::Citation(key),
            CitationRef::Read(statement) => Self::Read(statement),
        }
    }
}

/// The word for a withdrawal that lifts another one.
pub(super) const LIFTS: &str = "withdrawal";

/// Which revisions count when a case is read. By default all do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Horizon {
    /// The last revision that counts, by its number in this file: the order is that in which
    /// revisions came into it, whenever they were made.
    pub known: Option<RevisionNumber>,
    /// Authors none of whose revisions count, as if each had been undone: what they entered,
    /// withdrew and judged does not hold, and what they undid holds again.
    pub without: BTreeSet<String>,
}

impl Horizon {
    /// Whether every revision counts.
    pub fn is_now(&self) -> bool {
        self.known.is_none() && self.without.is_empty()
    }
}

/// What holds where only the revisions of a [`Horizon`] count.
#[derive(Debug)]
pub(super) struct Standing {
    last: RevisionNumber,
    /// Revisions up to the last that do not count.
    left_out: BTreeSet<RevisionNumber>,
    /// Revisions that a live one inverts.
    dead: BTreeSet<RevisionNumber>,
    /// How rows stand that somebody changed their mind about; all others stand as their revision.
    apart: BTreeMap<Target, i64>,
}

impl Standing {
    pub(super) fn of(db: &Connection, horizon: &Horizon, progress: &Progress) -> Result<Self> {
        let last = horizon.known.unwrap_or(RevisionNumber::MAX);
        let mut left_out = BTreeSet::new();
        let mut query = db.prepare_cached("SELECT number FROM revision WHERE author = ?1")?;
        for author in &horizon.without {
            for number in query.query_map([author], |row| row.get(0))? {
                left_out.insert(number?);
            }
        }
        let counts = |revision: RevisionNumber| revision <= last && !left_out.contains(&revision);
        let dead = dead_among(db, last, &counts)?;
        let alive = |revision: RevisionNumber| Ok(counts(revision) && !dead.contains(&revision));
        let mut apart = BTreeMap::new();
        for target in all_targets(db)? {
            progress.check()?;
            apart.insert(target, stands(db, target, &alive)?);
        }
        Ok(Self { last, left_out, dead, apart })
    }

    /// Whether a revision counts.
    pub(super) fn counts(&self, revision: RevisionNumber) -> bool {
        revision <= self.last && !self.left_out.contains(&revision)
    }

    /// Whether a revision counts and is live.
    pub(super) fn is_live(&self, revision: RevisionNumber) -> bool {
        self.counts(revision) && !self.dead.contains(&revision)
    }

    /// How a row stands, as `stands` would say.
    pub(super) fn stands(&self, target: Target) -> i64 {
        self.apart.get(&target).copied().unwrap_or(AS_ITS_REVISION)
    }

    /// Whether a row of a revision holds.
    pub(super) fn holds(&self, target: Target, revision: RevisionNumber) -> bool {
        self.stands(target) + i64::from(self.is_live(revision)) > 1
    }

    /// The statements from `first` to `last` that the place where they were read does not support.
    pub(super) fn dismissed(
        &self,
        first: StatementKey,
        last: StatementKey,
    ) -> impl Iterator<Item = StatementKey> {
        // A file that was made to do harm may say that the last comes before the first.
        let from = self.apart.range(Target::Read(first)..);
        let all = from.take_while(move |(target, _)| **target <= Target::Read(last));
        all.filter(|(_, stands)| **stands == WITHDRAWN).filter_map(|(target, _)| match target {
            Target::Read(statement) => Some(*statement),
            _ => None,
        })
    }
}

/// How rows are known to hold: as the file keeps it, where every revision counts.
#[derive(Clone, Copy, Debug)]
pub(super) enum Holding<'a> {
    Kept,
    Among(&'a Standing),
}

impl Holding<'_> {
    pub(super) fn of(standing: Option<&Standing>) -> Holding<'_> {
        standing.map_or(Holding::Kept, Holding::Among)
    }

    /// Whether a row of a revision holds; `kept` is what the file keeps of that.
    pub(super) fn holds(self, target: Target, revision: RevisionNumber, kept: bool) -> bool {
        match self {
            Self::Kept => kept,
            Self::Among(standing) => standing.holds(target, revision),
        }
    }

    /// Whether a revision is live; `kept` is what the file keeps of that.
    pub(super) fn is_live(self, revision: RevisionNumber, kept: bool) -> bool {
        match self {
            Self::Kept => kept,
            Self::Among(standing) => standing.is_live(revision),
        }
    }

    /// Whether a revision counts.
    pub(super) fn counts(self, revision: RevisionNumber) -> bool {
        match self {
            Self::Kept => true,
            Self::Among(standing) => standing.counts(revision),
        }
    }
}

/// The revisions up to this number that are not live, as things stood when it was the last.
pub(super) fn dead(db: &Connection, last: RevisionNumber) -> Result<BTreeSet<RevisionNumber>> {
    dead_among(db, last, &|_| true)
}

/// The same where only some revisions count: those that one of these inverts.
fn dead_among(
    db: &Connection,
    last: RevisionNumber,
    counts: &dyn Fn(RevisionNumber) -> bool,
) -> Result<BTreeSet<RevisionNumber>> {
    let mut query = db.prepare_cached(
        "SELECT revision, target FROM inversion WHERE revision <= ?1 ORDER BY revision DESC",
    )?;
    let mut rows = query.query([last])?;
    let mut dead = BTreeSet::new();
    while let Some(row) = rows.next()? {
        let (revision, target): (RevisionNumber, RevisionNumber) = (row.get(0)?, row.get(1)?);
        // So all that could invert a revision has been looked at before it.
        if target >= revision {
            return Err(not_before(revision));
        }
        if counts(revision) && !dead.contains(&revision) {
            dead.insert(target);
        }
    }
    Ok(dead)
}

/// Says whether a revision is live.
pub(super) type Alive<'a> = &'a dyn Fn(RevisionNumber) -> Result<bool>;

/// How a row stands by the withdrawals and restatements of it that are of revisions which are
/// `alive`.
pub(super) fn stands(db: &Connection, target: Target, alive: Alive<'_>) -> Result<i64> {
    if !unlifted(db, target, alive)?.is_empty() {
        return Ok(WITHDRAWN);
    }
    let mut query =
        db.prepare_cached("SELECT revision FROM restatement WHERE kind = ?1 AND target = ?2")?;
    let mut rows = query.query(params![target.word(), target])?;
    while let Some(row) = rows.next()? {
        if alive(row.get(0)?)? {
            return Ok(RESTATED);
        }
    }
    Ok(AS_ITS_REVISION)
}

/// The withdrawals of a row that count: key and revision, the oldest first.
fn unlifted(
    db: &Connection,
    target: Target,
    alive: Alive<'_>,
) -> Result<Vec<(i64, RevisionNumber)>> {
    let mut query = db.prepare_cached(
        "SELECT w.key, w.revision, l.revision FROM withdrawal w
         LEFT JOIN withdrawal l ON l.kind = ?3 AND l.target = w.key
         WHERE w.kind = ?1 AND w.target = ?2 ORDER BY w.key",
    )?;
    let mut rows = query.query(params![target.word(), target, LIFTS])?;
    let mut all: Vec<(i64, RevisionNumber)> = Vec::new();
    let mut lifted: Option<i64> = None;
    while let Some(row) = rows.next()? {
        let (key, revision): (i64, RevisionNumber) = (row.get(0)?, row.get(1)?);
        if let Some(lifting) = row.get::<_, Option<RevisionNumber>>(2)?
            && alive(lifting)?
        {
            lifted = Some(key);
        }
        if lifted == Some(key) {
            all.retain(|(other, _)| *other != key);
        } else if alive(revision)? && all.last().is_none_or(|(other, _)| *other != key) {
            all.push((key, revision));
        }
    }
    Ok(all)
}

/// Whether the file says that a revision is live.
pub(super) fn is_live(db: &Connection, revision: RevisionNumber) -> Result<bool> {
    let sql = "SELECT 1 FROM revision WHERE number = ?1 AND live";
    Ok(db.prepare_cached(sql)?.exists([revision])?)
}

/// Notes in the file how a row stands.
fn note(db: &Connection, target: Target, stands: i64) -> Result<()> {
    let run = |sql: &str, values: &[&dyn ToSql]| -> Result<()> {
        db.prepare_cached(sql)?.execute(values)?;
        Ok(())
    };
    match (target, stands) {
        (Target::Statement(_), _) => {
            run("UPDATE statement SET stands = ?2 WHERE key = ?1", &[&target, &stands])
        }
        (Target::Citation(_), _) => {
            run("UPDATE citation SET stands = ?2 WHERE key = ?1", &[&target, &stands])
        }
        (Target::Read(_), WITHDRAWN) => {
            run("INSERT OR IGNORE INTO dismissed(statement) VALUES (?1)", &[&target])
        }
        (Target::Read(_), _) => run("DELETE FROM dismissed WHERE statement = ?1", &[&target]),
    }
}

fn refresh(db: &Connection, target: Target) -> Result<()> {
    note(db, target, stands(db, target, &|revision| is_live(db, revision))?)
}

/// Withdraws a row that stands.
pub(super) fn withdraw(db: &Connection, revision: RevisionNumber, target: Target) -> Result<()> {
    add(db, "withdrawal", revision, target.word(), &target)?;
    refresh(db, target)
}

/// Has a row stand that does not: lifts all withdrawals of it, and states it anew where its own
/// revision is not live.
pub(super) fn restore(db: &Connection, revision: RevisionNumber, target: Target) -> Result<()> {
    restore_among(db, revision, target, &|revision| is_live(db, revision))
}

/// The same with other revisions `alive` than the file says.
pub(super) fn restore_among(
    db: &Connection,
    revision: RevisionNumber,
    target: Target,
    alive: Alive<'_>,
) -> Result<()> {
    for (withdrawal, _) in unlifted(db, target, alive)? {
        add(db, "withdrawal", revision, LIFTS, &withdrawal)?;
    }
    let own = match target {
        Target::Statement(_) => Some("SELECT revision FROM statement WHERE key = ?1"),
        Target::Citation(_) => Some("SELECT revision FROM citation WHERE key = ?1"),
        Target::Read(_) => None,
    };
    if let Some(sql) = own
        && !alive(db.prepare_cached(sql)?.query_row([target], |row| row.get(0))?)?
        && stands(db, target, alive)? != RESTATED
    {
        add(db, "restatement", revision, target.word(), &target)?;
    }
    refresh(db, target)
}

/// Adds a row to one of the tables whose rows are numbered within their revision.
fn add(
    db: &Connection,
    table: &str,
    revision: RevisionNumber,
    kind: &str,
    target: &dyn ToSql,
) -> Result<()> {
    db.prepare_cached(&format!(
        "INSERT INTO {table}(revision, nth, kind, target)
         VALUES (?1, (SELECT coalesce(max(nth) + 1, 0) FROM {table} WHERE revision = ?1), ?2, ?3)"
    ))?
    .execute(params![revision, kind, target])?;
    Ok(())
}

/// The rows about which a revision changes somebody's mind.
pub(super) fn targets_of(db: &Connection, revision: RevisionNumber) -> Result<BTreeSet<Target>> {
    let mut query = db.prepare_cached(
        "SELECT coalesce(b.kind, w.kind), coalesce(b.target, w.target) FROM withdrawal w
         LEFT JOIN withdrawal b ON w.kind = ?2 AND b.key = w.target WHERE w.revision = ?1
         UNION SELECT kind, target FROM restatement WHERE revision = ?1",
    )?;
    let mut rows = query.query(params![revision, LIFTS])?;
    let mut all = BTreeSet::new();
    while let Some(row) = rows.next()? {
        all.insert(Target::of(&row.get::<_, String>(0)?, row.get(1)?)?);
    }
    Ok(all)
}

/// Everything that somebody changed their mind about, whether that still counts or not.
pub(super) fn all_targets(db: &Connection) -> Result<BTreeSet<Target>> {
    let mut query = db.prepare(
        "SELECT kind, target FROM withdrawal WHERE kind <> ?1
         UNION SELECT kind, target FROM restatement",
    )?;
    let mut rows = query.query([LIFTS])?;
    let mut all = BTreeSet::new();
    while let Some(row) = rows.next()? {
        all.insert(Target::of(&row.get::<_, String>(0)?, row.get(1)?)?);
    }
    Ok(all)
}

/// Brings all that the file keeps of this up to the inversions in it. Returns the revisions that
/// came alive or are alive no more.
fn settle(db: &Connection) -> Result<Vec<RevisionNumber>> {
    let dead = dead(db, RevisionNumber::MAX)?;
    let mut query = db.prepare_cached("SELECT number FROM revision WHERE NOT live")?;
    let were: BTreeSet<RevisionNumber> =
        query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let changed: Vec<RevisionNumber> = dead.symmetric_difference(&were).copied().collect();
    turn(db, &changed)?;
    Ok(changed)
}

/// The same for a revision that nothing inverts yet, where all else is settled. Reads only the
/// revisions that it turns round, itself or through others.
pub(super) fn settle_new(db: &Connection, revision: RevisionNumber) -> Result<Vec<RevisionNumber>> {
    let mut targets =
        db.prepare_cached("SELECT target FROM inversion WHERE revision = ?1 ORDER BY target")?;
    let mut inverters = db.prepare_cached("SELECT revision FROM inversion WHERE target = ?1")?;
    let mut changed: BTreeSet<RevisionNumber> = BTreeSet::new();
    let mut waiting = BTreeSet::from([revision]);
    // The newest first: a revision inverts older ones only, so that all that invert it are settled.
    while let Some(at) = waiting.pop_last() {
        if at != revision {
            let mut is_inverted = false;
            let mut rows = inverters.query([at])?;
            while let Some(row) = rows.next()? {
                let by: RevisionNumber = row.get(0)?;
                is_inverted |= is_live(db, by)? != changed.contains(&by);
            }
            if is_inverted != is_live(db, at)? {
                continue;
            }
            changed.insert(at);
        }
        let mut rows = targets.query([at])?;
        while let Some(row) = rows.next()? {
            let target: RevisionNumber = row.get(0)?;
            if target >= at {
                return Err(not_before(at));
            }
            waiting.insert(target);
        }
    }
    let changed: Vec<RevisionNumber> = changed.into_iter().collect();
    turn(db, &changed)?;
    Ok(changed)
}

/// Notes in the file that these revisions came alive or are alive no more.
fn turn(db: &Connection, changed: &[RevisionNumber]) -> Result<()> {
    for revision in changed {
        db.prepare_cached("UPDATE revision SET live = NOT live WHERE number = ?1")?
            .execute([revision])?;
    }
    for revision in changed {
        for target in targets_of(db, *revision)? {
            refresh(db, target)?;
        }
    }
    Ok(())
}

fn not_before(revision: RevisionNumber) -> Error {
    Error::Corrupt(format!("revision {revision} inverts one that is not before it"))
}

/// The same, and works out anew how every row stands that somebody changed their mind about.
pub(super) fn settle_all(db: &Connection) -> Result<Vec<RevisionNumber>> {
    let changed = settle(db)?;
    for target in all_targets(db)? {
        refresh(db, target)?;
    }
    Ok(changed)
}

/// Statements that do not hold are passed over where there are so many together.
pub(super) const SPAN: i64 = 10_000;

/// The keys of statements none of which holds, because their revision is not live and nobody restated
/// one of them: ranges of so many at least, in their order.
pub(super) fn dead_spans(db: &Connection, least: i64) -> Result<Vec<(StatementKey, StatementKey)>> {
    let mut query = db.prepare_cached(
        "SELECT r.first, r.last FROM revision r
         WHERE NOT r.live AND r.last - r.first + 1 >= ?1 AND NOT EXISTS(
           SELECT 1 FROM restatement x
           WHERE x.kind = 'statement' AND x.target BETWEEN r.first AND r.last)
         ORDER BY r.first",
    )?;
    let rows = query.query_map([least], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The revisions with rows of their own whose effect a revision has or turns round: itself, or
/// what it inverts, itself or through others.
pub(super) fn subjects(
    db: &Connection,
    revision: RevisionNumber,
) -> Result<BTreeSet<RevisionNumber>> {
    let mut query =
        db.prepare_cached("SELECT target FROM inversion WHERE revision = ?1 AND target < ?1")?;
    let (mut waiting, mut seen) = (vec![revision], BTreeSet::new());
    let mut all = BTreeSet::new();
    while let Some(at) = waiting.pop() {
        if !seen.insert(at) {
            continue;
        }
        let targets: Vec<RevisionNumber> =
            query.query_map([at], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        if targets.is_empty() {
            all.insert(at);
        }
        waiting.extend(targets);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_places_where_statements_were_read_are_dismissed() {
        let key = StatementKey::from_row;
        let apart = BTreeMap::from([
            (Target::Statement(key(3)), WITHDRAWN),
            (Target::Citation(CitationKey::from_row(3)), WITHDRAWN),
            (Target::Read(key(2)), WITHDRAWN),
            (Target::Read(key(3)), AS_ITS_REVISION),
            (Target::Read(key(4)), WITHDRAWN),
            (Target::Read(key(6)), WITHDRAWN),
        ]);
        let (left_out, dead) = (BTreeSet::new(), BTreeSet::new());
        let standing = Standing { last: RevisionNumber::MAX, left_out, dead, apart };
        let dismissed = |first, last| -> Vec<i64> {
            standing.dismissed(key(first), key(last)).map(StatementKey::row).collect()
        };
        assert_eq!(dismissed(2, 5), [2, 4]);
        assert_eq!(dismissed(i64::MIN, i64::MAX), [2, 4, 6]);
        assert!(dismissed(4, 2).is_empty(), "a range that ends before it begins is empty");
    }

    #[test]
    fn what_a_change_of_mind_is_about_is_read_as_it_is_stored() {
        for word in ["statement", "citation", "read"] {
            let target = Target::of(word, 7).expect("a kind of row");
            assert_eq!((target.word(), target.row()), (word, 7));
        }
        assert!(matches!(Target::of(LIFTS, 7), Err(Error::Corrupt(_))));
    }
}
