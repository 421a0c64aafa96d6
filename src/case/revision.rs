//! Revisions: one user action each, begun and sealed into the chain.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{
    Error, Result,
    digest::{self, Content, Hash},
    lock, passage,
};
use crate::model::{Id, RevisionNumber};

/// What kind of user action a revision is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An edit or an import.
    Edit,
    /// Undo of the latest edit.
    Undo,
    Redo,
    /// Undo of an older edit, itself an edit.
    Revert,
    /// Something that happened, which cannot be undone: evidence was exported.
    Record,
}

impl Kind {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Edit, "edit"),
        (Self::Undo, "undo"),
        (Self::Redo, "redo"),
        (Self::Revert, "revert"),
        (Self::Record, "record"),
    ];

    /// The word under which it is stored.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }

    pub(super) fn from_word(word: &str) -> Result<Self> {
        Self::ALL
            .iter()
            .find(|(_, w)| *w == word)
            .map(|(kind, _)| *kind)
            .ok_or_else(|| Error::Corrupt(format!("there is no kind of revision called “{word}”")))
    }
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Its number in this file, from 1.
    pub number: RevisionNumber,
    pub id: Id,
    /// When: milliseconds since 1970, UTC.
    pub at: i64,
    pub author: String,
    pub kind: Kind,
    pub label: String,
    /// The numbers of the revisions whose effect this one turns round.
    pub inverts: Vec<RevisionNumber>,
    /// Whether its effect has been undone since.
    pub undone: bool,
    /// Its link in the chain, in hexadecimal: it stands for all that was said up to here.
    pub digest: String,
}

/// Milliseconds since 1970, UTC.
pub(super) fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// Starts a revision that inverts these others, if any; its digests follow with [`seal`].
pub(super) fn start(
    db: &Connection,
    kind: Kind,
    label: &str,
    inverts: &BTreeSet<RevisionNumber>,
) -> Result<RevisionNumber> {
    let id = uuid::Uuid::now_v7().to_string();
    let mut secret = [0; 16];
    getrandom::fill(&mut secret).map_err(|error| {
        Error::system(format!(
            "This computer gives no random numbers ({error}); nothing was changed"
        ))
    })?;
    db.prepare_cached(
        "INSERT INTO revision(number, id, clock, at, author, kind, label, secret, first, last, live,
                              content, link)
         VALUES ((SELECT coalesce(max(number), 0) + 1 FROM revision), ?1, ?8 + 1, ?2, ?3, ?4, ?5, ?6,
                 ?7, ?7 - 1, 1, x'', x'')",
    )?
    .execute(params![
        id,
        now(),
        lock::author(),
        kind.word(),
        label,
        secret.as_slice(),
        passage::last(db)?.next(),
        clock(db)?,
    ])?;
    let number = RevisionNumber::from_row(db.last_insert_rowid());
    for target in inverts {
        db.prepare_cached("INSERT INTO inversion(revision, target) VALUES (?1, ?2)")?
            .execute([number, *target])?;
    }
    Ok(number)
}

/// The highest clock in the case. The newest revision that was made in this file has it: when that
/// was made, it came after all that was here or was just being taken over.
fn clock(db: &Connection) -> Result<i64> {
    let sql = "SELECT clock FROM revision WHERE united IS NULL ORDER BY number DESC LIMIT 1";
    Ok(db.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?.unwrap_or_default())
}

/// Closes a revision: notes which statements are its, and links it into the chain. `begun` has its
/// statements already, where they are known.
pub(super) fn seal(
    db: &Connection,
    revision: RevisionNumber,
    begun: Option<Content>,
) -> Result<()> {
    db.prepare_cached("UPDATE revision SET last = ?2 WHERE number = ?1")?
        .execute(params![revision, passage::last(db)?])?;
    let content = digest::of(db, revision, begun)?;
    link(db, revision, &content)
}

/// Links a revision of this content into the chain as its newest.
pub(super) fn link(db: &Connection, revision: RevisionNumber, content: &Hash) -> Result<()> {
    let link = digest::link(&head(db)?, content);
    db.prepare_cached("UPDATE revision SET content = ?2, link = ?3 WHERE number = ?1")?
        .execute(params![revision, content.as_slice(), link.as_slice()])?;
    db.prepare_cached("UPDATE meta SET value = ?1 WHERE name = 'head'")?
        .execute([hex::encode(link)])?;
    Ok(())
}

/// The id of the case.
pub(super) fn case_id(db: &Connection) -> Result<String> {
    let sql = "SELECT value FROM meta WHERE name = 'case_id'";
    Ok(db.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// The link of the newest revision.
fn head(db: &Connection) -> Result<Hash> {
    let link: Option<Vec<u8>> = db
        .prepare_cached(
            "SELECT link FROM revision WHERE length(link) > 0 ORDER BY number DESC LIMIT 1",
        )?
        .query_row([], |row| row.get(0))
        .optional()?;
    let wrong = || Error::Corrupt("the chain of digests has no end".into());
    if let Some(link) = link {
        return link.try_into().map_err(|_| wrong());
    }
    Ok(digest::genesis(&case_id(db)?))
}

/// The revisions that one inverts, the oldest first.
pub(super) fn undone_by(db: &Connection, revision: RevisionNumber) -> Result<Vec<RevisionNumber>> {
    let mut query =
        db.prepare_cached("SELECT target FROM inversion WHERE revision = ?1 ORDER BY target")?;
    let rows = query.query_map([revision], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
