//! The chain of digests, and that no row stands outside it.

use std::collections::{BTreeMap, HashSet};

use rusqlite::{Connection, OptionalExtension as _};

use super::{Checked, Stop, at, broken};
use crate::{
    case::{
        Progress,
        digest::{self, Parts, ROWS, Terms},
        passage,
        standing::{Standing, Target},
    },
    model::{RevisionNumber, StatementKey},
};

/// The names of the rows of the table `meta`.
const META: [&str; 5] = ["case_id", "created_at", "head", "chain_2", "chain_3"];
/// The time of creation is also in the id of the case; the two were taken one after the other. In
/// milliseconds.
const APART: u64 = 60_000;

fn meta_value(db: &Connection, name: &str) -> Checked<String> {
    let value = db
        .query_row("SELECT value FROM meta WHERE name = ?1", [name], |row| row.get(0))
        .optional()?;
    value.map_or_else(|| broken(format!("the case has lost its {name}")), Ok)
}

/// The table `meta`: every row is there, known and possible.
pub(super) fn meta(db: &Connection) -> Checked {
    let mut query = db.prepare("SELECT name FROM meta ORDER BY name")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        if !META.contains(&name.as_str()) {
            return broken(format!(
                "its table meta has a row {name:?}, which no Redthread of this format writes, so \
                 another program added it; restore a copy of the case from before that"
            ));
        }
    }
    for name in META {
        meta_value(db, name)?;
    }
    let created = meta_value(db, "created_at")?.parse::<u64>().ok();
    let id = uuid::Uuid::parse_str(&meta_value(db, "case_id")?).ok();
    let Some(created) = created else { return broken("when the case was created is not a time") };
    // A case whose id is of another kind has an id that is no time.
    if let Some(made) = id.and_then(|id| id.get_timestamp()) {
        let (seconds, nanoseconds) = made.to_unix();
        let made = seconds.saturating_mul(1_000) + u64::from(nanoseconds / 1_000_000);
        if made.abs_diff(created) > APART {
            return broken("when the case was created is not what its id says");
        }
    }
    Ok(())
}

/// The chain. Gives how many revisions there are, the terms of their statements, and whether each
/// statement is live as the revisions say. `alone` says that nothing is checked beside.
pub(super) fn check(
    db: &Connection,
    standing: Option<&Standing>,
    alone: bool,
    progress: &Progress,
) -> Checked<(u64, Terms, Checked)> {
    let ranges = ranges(db, progress)?;
    let rows = [revisions_with(db, "evidence")?, revisions_with(db, "custody")?];
    let case = meta_value(db, "case_id")?;
    let mut before = digest::genesis(&case);
    let mut old = hex::encode(digest::old::genesis(&case));
    let begins = |name| Checked::Ok(meta_value(db, name)?.parse::<i64>().ok());
    let (Some(chain_2), Some(chain_3)) = (begins("chain_2")?, begins("chain_3")?) else {
        return broken("the chain of digests has no beginning");
    };
    if !(1..=chain_3).contains(&chain_2) {
        return broken("the chain of digests begins before it does");
    }
    let total: i64 = db.query_row("SELECT count(*) FROM revision", [], |row| row.get(0))?;
    let mut query = db.prepare(
        "SELECT number, content, link, label, first, last, clock FROM revision ORDER BY number",
    )?;
    let mut revisions = query.query([])?;
    let (mut expected, mut terms) = (0, Terms::default());
    let mut live = Ok(());
    while let Some(row) =
        at(format!("after revision {expected}"), revisions.next().map_err(Stop::from))?
    {
        expected += 1;
        progress.check()?;
        // What is checked beside tells how far it is.
        if alone {
            progress.report(expected as u64, total as u64 * 2);
        }
        let number: i64 = row.get(0)?;
        if number != expected {
            return broken(format!("revision {expected} is missing"));
        }
        let label: String = row.get(3).unwrap_or_default();
        let (first, last): (i64, i64) = (row.get(4)?, row.get(5)?);
        let keys = ranges.get(&number).copied().unwrap_or((first, first - 1));
        if (first, last) != keys {
            return broken(format!(
                "revision {number} (“{label}”) has other statements than it says"
            ));
        }
        let mut kinds = [true; ROWS.len()];
        for (has, with) in kinds.iter_mut().zip(&rows) {
            *has = with.contains(&number);
        }
        let mut look = |key: StatementKey, says| {
            let stands = standing.map(|standing| standing.stands(Target::Statement(key)));
            if live.is_ok() && stands != Some(says) {
                live = broken(format!(
                    "whether statement {} of revision {number} stands is not what the revisions say",
                    key.row()
                ));
            }
        };
        let revision = RevisionNumber::from_row(number);
        let keys = StatementKey::from_row(first)..=StatementKey::from_row(last);
        let not_theirs = || {
            broken(format!(
                "revision {number} (“{label}”) is not what its author wrote: its digest does not match"
            ))
        };
        if number < chain_3 {
            let mut parts = Parts {
                revision,
                keys: keys.clone(),
                terms: &mut terms,
                look: &mut |_, _| (),
                kinds,
            };
            let found = at(
                format!("revision {number}"),
                digest::old::digest(db, revision, old.as_bytes(), &mut parts).map_err(Stop::from),
            )?;
            if old_digest(db, revision)?.as_deref() != Some(found.as_slice()) {
                return not_theirs();
            }
            old = hex::encode(found);
        }
        let mut parts = Parts { revision, keys, terms: &mut terms, look: &mut look, kinds };
        let content = at(
            format!("revision {number}"),
            digest::content(db, None, &mut parts).map_err(Stop::from),
        )?;
        if row.get_ref(1)?.as_blob().ok() != Some(content.as_slice()) {
            return not_theirs();
        }
        let link = digest::link(&before, &content);
        if row.get_ref(2)?.as_blob().ok() != Some(link.as_slice()) {
            return broken(format!(
                "revision {number} (“{label}”) does not follow the one before it: its link does not match"
            ));
        }
        former(db, revision, &content)?;
        before = link;
    }
    united(db)?;
    strays(db, chain_3)?;
    if meta_value(db, "head")? != hex::encode(before) {
        return broken(format!(
            "revision {} is missing: the case ends with another digest than its last revision",
            expected + 1
        ));
    }
    Ok((expected as u64, terms, live))
}

/// What a revision took over from another copy has a link that it had there, and nothing else has.
fn united(db: &Connection) -> Checked {
    let sql = "SELECT r.number FROM revision r LEFT JOIN revision u ON u.number = r.united
         WHERE (r.united IS NOT NULL) <> EXISTS(SELECT 1 FROM former f WHERE f.revision = r.number)
            OR r.united >= r.number OR u.kind <> 'edit' OR u.last >= u.first
         ORDER BY r.number LIMIT 1";
    let odd: Option<i64> = db.query_row(sql, [], |row| row.get(0)).optional()?;
    odd.map_or(Ok(()), |number| {
        broken(format!(
            "whether revision {number} came from another copy is not what its links say"
        ))
    })
}

/// The digest that a revision got under format 1 or 2.
fn old_digest(db: &Connection, revision: RevisionNumber) -> Checked<Option<Vec<u8>>> {
    let mut query = db.prepare_cached("SELECT digest FROM old_digest WHERE revision = ?1")?;
    Ok(query.query_row([revision], |row| row.get(0)).optional()?)
}

/// The links that a revision had in other copies are links of its content.
fn former(db: &Connection, revision: RevisionNumber, content: &digest::Hash) -> Checked {
    let mut query = db.prepare_cached("SELECT before, link FROM former WHERE revision = ?1")?;
    let mut rows = query.query([revision])?;
    while let Some(row) = rows.next()? {
        let before: Option<digest::Hash> = row.get_ref(0)?.as_blob().unwrap_or(&[]).try_into().ok();
        let link = before.map(|before| digest::link(&before, content));
        if row.get_ref(1)?.as_blob().ok() != link.as_ref().map(<[u8; 32]>::as_slice) {
            return broken(format!(
                "revision {revision} had another link in the copy that it came from than its content gives"
            ));
        }
    }
    Ok(())
}

/// Rows of revisions that are not there, and passages of statements that are not.
fn strays(db: &Connection, chain_3: i64) -> Checked {
    const TABLES: [&str; 13] = [
        "statement",
        "evidence",
        "custody",
        "layer",
        "citation",
        "judgement",
        "withdrawal",
        "restatement",
        "flip",
        "journal",
        "inversion",
        "former",
        "old_digest",
    ];
    for table in TABLES {
        let stray: Option<i64> = db
            .query_row(
                &format!(
                    "SELECT revision FROM {table} WHERE revision NOT IN (SELECT number FROM revision) LIMIT 1"
                ),
                [],
                |row| row.get(0),
            )
            .optional()?;
        if let Some(number) = stray {
            return broken(format!(
                "revision {number} is missing, but rows of it are there ({table})"
            ));
        }
    }
    let stray: Option<i64> = db
        .query_row(
            "SELECT first FROM passage WHERE NOT EXISTS(SELECT 1 FROM statement WHERE key = first) LIMIT 1",
            [],
            |row| row.get(0),
        )
        .optional()?;
    if let Some(key) = stray {
        return broken(format!("statement {key} is missing, but a passage begins with it"));
    }
    // Only what formats 1 and 2 made has rows in their tables.
    for table in ["flip", "old_digest"] {
        let sql = format!("SELECT min(revision) FROM {table} WHERE revision >= ?1");
        if let Some(number) = db.query_row(&sql, [chain_3], |row| row.get::<_, Option<i64>>(0))? {
            return broken(format!(
                "revision {number} has a {table}, which only older formats write"
            ));
        }
    }
    if db.prepare("SELECT 1 FROM withheld")?.exists([])? {
        return broken(
            "it says that something was withheld, which no Redthread of this version does",
        );
    }
    Ok(())
}

/// The keys of the statements of each revision that has some: they are numbered in the order of
/// the revisions.
fn ranges(db: &Connection, progress: &Progress) -> Checked<BTreeMap<i64, (i64, i64)>> {
    let mut query = db.prepare("SELECT key, revision FROM statement ORDER BY key")?;
    let mut rows = query.query([])?;
    let mut ranges: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    let (mut before, mut count) = (i64::MIN, 0_u64);
    let mut range = (1, 0);
    while let Some(row) = rows.next()? {
        count += 1;
        if count.is_multiple_of(4096) {
            progress.check()?;
        }
        let (key, revision): (i64, i64) = (row.get(0)?, row.get(1)?);
        if !(1..=passage::LAST.row()).contains(&key) {
            return broken(format!(
                "statement {key} of revision {revision} is numbered as no case numbers it"
            ));
        }
        if revision == before {
            range.1 = key;
            continue;
        }
        if revision < before {
            return broken(format!(
                "a statement of revision {before} stands before one of revision {revision}"
            ));
        }
        if before != i64::MIN {
            ranges.insert(before, range);
        }
        (before, range) = (revision, (key, key));
    }
    if before != i64::MIN {
        ranges.insert(before, range);
    }
    Ok(ranges)
}

/// The revisions that have rows in a table in which no index leads to them.
fn revisions_with(db: &Connection, table: &str) -> Checked<HashSet<i64>> {
    let mut query = db.prepare(&format!("SELECT DISTINCT revision FROM {table}"))?;
    Ok(query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}
