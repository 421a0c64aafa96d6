//! The search index of what comes in, made on threads of their own in files of their own while the
//! statements are written, and then joined to that of the case.

use std::{
    sync::mpsc::{Receiver, Sender, SyncSender, sync_channel},
    thread::JoinHandle,
};

use rusqlite::{Connection, params};

use super::{NewEntity, writer::said};
use crate::{
    case::{
        Error, Result,
        index::Entry,
        schema::SCHEMA,
        segments::{TABLES, join, openly},
    },
    model::RevisionNumber,
};

/// How many entities travel to the thread at once.
const BATCH: usize = 512;
/// How many batches may wait for it.
const WAITING: usize = 8;
/// The memory for pages, in KiB; the rest goes to a temporary file.
const CACHE: i64 = 24 << 10;
/// How much is gathered before it is sorted into the index, in bytes: less means more parts to
/// be merged, more no longer fits the processor's cache.
const GATHERED: i64 = 2 << 20;
/// How many parts of a kind there are when they are merged into one.
const MERGED: i64 = 16;

type Batch = Vec<(i64, NewEntity)>;
/// What the parts of names are made from, by entity.
type Names = Vec<(i64, String)>;

/// The index being made.
pub(super) struct Indexer {
    send: SyncSender<Batch>,
    batch: Batch,
    /// One for each table.
    threads: [JoinHandle<Result<Connection>>; 2],
}

impl Indexer {
    /// Begins. Entities that are done with go `back`.
    pub(super) fn start(back: Option<Sender<Vec<NewEntity>>>) -> Result<Self> {
        let (send, receive) = sync_channel(WAITING);
        let (send_names, receive_names) = sync_channel(WAITING);
        let words = spawn(move || make_words(&receive, back.as_ref(), &send_names))?;
        let parts = spawn(move || make_parts(&receive_names))?;
        Ok(Self { send, batch: Vec::with_capacity(BATCH), threads: [words, parts] })
    }

    /// Puts an entity into the index, in which it is not.
    pub(super) fn add(&mut self, key: i64, entity: NewEntity) {
        self.batch.push((key, entity));
        if self.batch.len() == BATCH {
            let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
            // Why it does not take any more, it tells in the end.
            self.send.send(batch).ok();
        }
    }

    /// Makes the finished index the part of that of the case that a revision brings, within a
    /// transaction.
    pub(super) fn finish(self, into: &Connection, revision: RevisionNumber) -> Result<()> {
        let Self { send, batch, threads } = self;
        send.send(batch).ok();
        drop(send);
        let made = threads.map(|thread| {
            let broken = |_| Error::report("The search index could not be made");
            thread.join().map_err(broken)?
        });
        openly(into, || {
            let mut tables = TABLES.iter().zip(made);
            tables.try_for_each(|(table, made)| join(&made?, into, table, revision))
        })
    }
}

fn spawn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<JoinHandle<T>> {
    std::thread::Builder::new()
        .name("search index".into())
        .spawn(work)
        .map_err(|error| Error::system(format!("No thread can be started ({error})")))
}

/// Makes the index of the words of all that arrives; the parts of names are passed on.
fn make_words(
    receive: &Receiver<Batch>,
    back: Option<&Sender<Vec<NewEntity>>>,
    names: &SyncSender<Names>,
) -> Result<Connection> {
    let db = begin()?;
    let mut insert = db.prepare("INSERT INTO search_word(rowid, text) VALUES (?1, ?2)")?;
    while let Ok(batch) = receive.recv() {
        let mut named = Names::new();
        for (key, entity) in &batch {
            let Entry { words, parts } = Entry::of(&entity.schema, &said(entity));
            if !words.is_empty() {
                insert.execute(params![key, words])?;
            }
            if !parts.is_empty() {
                named.push((*key, parts));
            }
        }
        // Whoever does not take any more tells why in the end.
        names.send(named).ok();
        if let Some(back) = back {
            back.send(batch.into_iter().map(|(_, entity)| entity).collect()).ok();
        }
    }
    drop(insert);
    db.execute_batch("COMMIT")?;
    Ok(db)
}

fn make_parts(receive: &Receiver<Names>) -> Result<Connection> {
    let db = begin()?;
    let mut insert = db.prepare("INSERT INTO search_part(rowid, text) VALUES (?1, ?2)")?;
    while let Ok(batch) = receive.recv() {
        for (key, parts) in batch {
            insert.execute(params![key, parts])?;
        }
    }
    drop(insert);
    db.execute_batch("COMMIT")?;
    Ok(db)
}

/// A temporary file that nobody else sees, as a database without a name is, with empty tables.
fn begin() -> Result<Connection> {
    let db = Connection::open("")?;
    db.pragma_update(None, "journal_mode", "off")?;
    db.pragma_update(None, "synchronous", "off")?;
    db.pragma_update(None, "cache_size", -CACHE)?;
    db.execute_batch(SCHEMA)?;
    for table in TABLES {
        let set = format!("INSERT INTO {table}({table}, rank) VALUES (?1, ?2)");
        db.execute(&set, ("hashsize", GATHERED))?;
        // At once and whole: what is only begun would be merged with what comes later.
        db.execute(&set, ("automerge", 0))?;
        db.execute(&set, ("crisismerge", MERGED))?;
    }
    db.execute_batch("BEGIN")?;
    Ok(db)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Case, NewValue, index};

    #[test]
    fn an_index_made_apart_finds_the_same_and_can_be_changed() {
        let case = Case::in_memory().expect("memory suffices");
        let company = |n: i64| NewEntity {
            id: format!("e{n}").into(),
            schema: "Company".into(),
            values: vec![NewValue::new("name", format!("Pier Road {n} Holdings 丹东鸿祥"))],
            origin: None,
        };
        let mut indexer = Indexer::start(None).expect("starts");
        for n in 1..=2000 {
            indexer.add(n, company(n));
        }
        case.db.execute_batch("BEGIN").expect("begins");
        indexer.finish(&case.db, RevisionNumber::FIRST).expect("taken over");
        let count =
            |sql: &str| -> i64 { case.db.query_row(sql, [], |row| row.get(0)).expect("searches") };
        let word = "SELECT count(*) FROM search_word WHERE search_word MATCH '\"@pier\"'";
        let part = "SELECT count(*) FROM search_part WHERE search_part MATCH '\"pie\"'";
        assert_eq!((count(word), count(part)), (2000, 2000));
        index::remove(&case.db, 7).expect("removed");
        let gone = NewEntity { values: vec![NewValue::new("name", "Quay")], ..company(7) };
        let entry = Entry::of("Company", &said(&gone));
        index::add(&case.db, 7, &entry).expect("added");
        assert_eq!((count(word), count(part)), (1999, 1999));
        for table in TABLES {
            let check = format!("INSERT INTO {table}({table}) VALUES ('integrity-check')");
            case.db.execute(&check, []).expect("holds together");
        }
        case.db.execute_batch("COMMIT").expect("commits");
        assert_eq!((count(word), count(part)), (1999, 1999));
    }
}
