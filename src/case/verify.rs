//! Whether a case still is what its authors wrote: the chain, the evidence, the projections.

mod chain;
mod index;
mod projections;
mod standing;

use rusqlite::Connection;

use self::projections::Expected;
use super::{Case, Error, Progress, Result, blob, digest::Terms, schema::FORMAT};

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Holds {
        /// How many revisions were checked.
        revisions: u64,
        /// How many different documents were checked.
        blobs: u64,
    },
    /// The first revision, document or projection that does not, in one sentence.
    Broken(String),
}

/// Why a check ended early: something is broken, or the check itself could not go on.
enum Stop {
    Broken(String),
    /// `SQLite` met a contradiction, which is damage or a disk that fails.
    Suspect(String),
    Failed(Error),
}

type Checked<T = ()> = std::result::Result<T, Stop>;

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        match error {
            Error::Corrupt(what) => Self::Broken(what),
            Error::Suspect(what) => Self::Suspect(what),
            other => Self::Failed(other),
        }
    }
}

impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Self {
        Error::from(error).into()
    }
}

fn broken<T>(what: impl Into<String>) -> Checked<T> {
    Err(Stop::Broken(what.into()))
}

/// Puts the place in front of what is broken there.
fn at<T>(place: impl Into<String>, checked: Checked<T>) -> Checked<T> {
    checked.map_err(|stop| match stop {
        Stop::Broken(what) => Stop::Broken(format!("{}: {what}", place.into())),
        Stop::Suspect(what) => Stop::Suspect(format!("{}: {what}", place.into())),
        failed @ Stop::Failed(_) => failed,
    })
}

impl Case {
    /// Recomputes the hash chain and the hash of every document, replays every revision, and
    /// rebuilds every projection; names the first that differs. Changes nothing.
    pub fn verify(&self, progress: &Progress) -> Result<Verdict> {
        let format: u32 = self.db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if format != FORMAT {
            return Err(Error::invalid(format!(
                "This case is of format {format}, and this Redthread can verify format {FORMAT}"
            ))
            .hint("update it to verify the case"));
        }
        // One transaction, so that a writer elsewhere cannot change the ground meanwhile.
        let tx = self.db.unchecked_transaction()?;
        match check(&tx, self.beside(), progress) {
            Ok(verdict) => Ok(verdict),
            Err(Stop::Broken(what)) => Ok(Verdict::Broken(what)),
            Err(Stop::Suspect(what)) => {
                let error = Error::Suspect(what.clone());
                match self.path.as_deref().map_or(Error::Corrupt(what), |path| error.in_file(path))
                {
                    Error::Corrupt(what) | Error::Damaged { what, .. } => Ok(Verdict::Broken(what)),
                    error => Err(error),
                }
            }
            Err(Stop::Failed(error)) => Err(error),
        }
    }

    /// A second connection that sees the case as the transaction of this one does.
    fn beside(&self) -> Option<Self> {
        let beside = self.reader()?;
        beside.db.execute_batch("BEGIN").ok()?;
        (beside.digest().ok()? == self.digest().ok()?).then_some(beside)
    }
}

/// What is said, and what the search index holds, is checked beside what is derived from it, where
/// there is a second connection to the same state. Every pass goes through its rows in the order of
/// their keys.
fn check(db: &Connection, beside: Option<Case>, progress: &Progress) -> Checked<Verdict> {
    let expected = Expected::default();
    let nothing = expected.sum.beside();
    // What SQLite and the index tell is said last: it often follows from what was found before.
    let index = || in_index(index::read(db, &nothing, progress));
    let (said, (expected, pages), found) = if let Some(beside) = beside {
        std::thread::scope(|scope| {
            let other = scope.spawn(move || {
                let expected = projections::check(&beside.db, expected, false, progress)?;
                Checked::Ok((expected, pages(&beside.db, progress)))
            });
            let said = said(db, false, progress)?;
            let found = index();
            let failed = |_| Err(Error::report("The case could not be verified").into());
            Checked::Ok((said, other.join().unwrap_or_else(failed)?, found))
        })?
    } else {
        let said = said(db, true, progress)?;
        let expected = projections::check(db, expected, true, progress)?;
        (said, (expected, pages(db, progress)), index())
    };
    in_index(index::check(db, &found?, &expected, progress))?;
    projections::unused(db, &said.terms)?;
    pages?;
    Ok(Verdict::Holds { revisions: said.revisions, blobs: said.blobs })
}

fn in_index<T>(checked: Checked<T>) -> Checked<T> {
    at("the search index", checked)
}

/// What the revisions say.
struct Said {
    revisions: u64,
    blobs: u64,
    /// The terms of their statements.
    terms: Terms,
}

/// The chain, the documents, and which rows are live. `alone` says that nothing is checked beside.
fn said(db: &Connection, alone: bool, progress: &Progress) -> Checked<Said> {
    chain::meta(db)?;
    // Which rows are live is told by the revisions; whether those hold is said first.
    let replayed = standing::replay(db, progress);
    let standing = replayed.as_ref().ok().map(|replayed| &**replayed);
    let (revisions, terms, live) = chain::check(db, standing, alone, progress)?;
    let blobs = blobs(db, progress)?;
    let replayed = replayed?;
    live?;
    replayed.compare(db, progress)?;
    Ok(Said { revisions, blobs, terms })
}

/// The bytes of every document.
fn blobs(db: &Connection, progress: &Progress) -> Checked<u64> {
    let mut query = db.prepare(
        "SELECT b.key, b.sha256, (SELECT min(v.revision) FROM evidence v WHERE v.blob = b.key)
         FROM blob b ORDER BY 3, b.key",
    )?;
    let mut rows = query.query([])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        progress.check()?;
        let name = hex::encode(&row.get::<_, Vec<u8>>(1)?);
        if row.get::<_, Option<i64>>(2)?.is_none() {
            return broken(format!("blob {name} belongs to no evidence"));
        }
        let read = blob::read(db, row.get(0)?, &mut std::io::sink(), progress);
        at(format!("blob {name}"), read.map_err(Stop::from))?;
        count += 1;
    }
    let stray: bool = db.query_row(
        "SELECT EXISTS(SELECT 1 FROM blob_part WHERE blob NOT IN (SELECT key FROM blob))",
        [],
        |row| row.get(0),
    )?;
    if stray {
        return broken("a part of a blob is there, but the blob is missing");
    }
    parts(db, progress)?;
    Ok(count)
}

/// That blobs are cut into parts where this program cuts them. Their bytes have been hashed.
fn parts(db: &Connection, progress: &Progress) -> Checked {
    let mut query = db.prepare(
        "SELECT b.sha256, p.part, length(p.bytes), b.size
         FROM blob_part p JOIN blob b ON b.key = p.blob ORDER BY p.blob, p.part",
    )?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        progress.check()?;
        let (part, length, size): (i64, i64, i64) = (row.get(1)?, row.get(2)?, row.get(3)?);
        let before = part.saturating_mul(blob::PART as i64);
        if length < 1 || length != size.saturating_sub(before).min(blob::PART as i64) {
            let name = hex::encode(&row.get::<_, Vec<u8>>(0)?);
            return broken(format!("blob {name} is cut into other parts than this program makes"));
        }
    }
    Ok(())
}

/// What `SQLite` itself can tell about its pages and references, table by table.
fn pages(db: &Connection, progress: &Progress) -> Checked {
    let mut tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
    let mut tables = tables.query([])?;
    while let Some(row) = tables.next()? {
        progress.check()?;
        let table: String = row.get(0)?;
        let verdict: String =
            db.query_row("SELECT * FROM pragma_integrity_check(?1)", [&table], |row| row.get(0))?;
        if let Some(error) = super::connection::unread(&verdict) {
            return Err(error.into());
        }
        if verdict != "ok" {
            let what = format!("the file's pages contradict each other in its {table}s");
            return Err(Stop::Suspect(what));
        }
    }
    let mut query = db.prepare("PRAGMA foreign_key_check")?;
    let mut rows = query.query([])?;
    match rows.next()? {
        Some(row) => {
            let table: String = row.get(0)?;
            broken(format!("a {table} refers to something that is missing"))
        }
        None => Ok(()),
    }
}
