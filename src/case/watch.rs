//! Work on a case that can be stopped until the moment in which it is made permanent, and reading
//! beside it.

use std::{sync::Arc, time::Duration};

use rusqlite::{
    Connection, Transaction,
    backup::{Backup, StepResult},
};

use super::{Case, Error, Progress, Result, connection};

/// After how many steps of `SQLite`'s machine a statement asks whether to stop: a millisecond or
/// less.
const STEPS: i32 = 1_000;
/// How often a reading begins again because the case was changed, before it takes a transaction.
const BY_KEY: usize = 4;
/// How many pages are copied in one step: 8 MB, for which a writer waits some milliseconds.
const PAGES: i32 = 2_048;
/// How often a copy begins again because the case was changed.
const AGAIN: usize = 8;
/// How long a reader waits for a writer, who holds the file for no longer than a commit.
const PATIENCE: Duration = Duration::from_secs(10);

impl Case {
    /// Does some work that reports to `progress` and stops when it is asked to, also in the
    /// middle of a statement. What was stopped has changed nothing.
    pub fn watched<T>(
        &mut self,
        progress: &Progress,
        work: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        progress.check()?;
        let before = std::mem::replace(&mut self.progress, progress.clone());
        let watch = progress.clone();
        self.db.progress_handler(STEPS, Some(move || watch.is_cancelled()))?;
        let done = work(self);
        self.progress = before;
        self.db.progress_handler(0, None::<fn() -> bool>)?;
        done
    }

    /// A second connection to the same file, which only reads, for work that takes long: it holds
    /// up no edit. `None` where there is no file, or none that a second connection can read.
    ///
    /// While it is open, SQLite cannot leave its write-ahead log: close it when the work is done.
    pub fn reader(&self) -> Option<Self> {
        let file = self.file.as_ref().filter(|_| !self.immutable && !self.is_gone())?;
        // An older format is read from a copy in memory.
        self.db.path().filter(|name| !name.is_empty())?;
        let db = Connection::open_with_flags(file, connection::flags(false)).ok()?;
        connection::harden(&db).ok()?;
        db.busy_timeout(PATIENCE).ok()?;
        let mut reader = Self::with(db);
        reader.path.clone_from(&self.path);
        reader.local = self.local;
        reader.readers = Arc::clone(&self.readers);
        reader.read_only = Some("it is read beside the window.".to_owned());
        self.check_content().ok()?;
        // Another file may be there by now.
        (reader.digest().ok()? == self.digest().ok()?).then_some(reader)
    }

    /// Whether a connection of this program reads beside: it would wait for all of an import that
    /// goes without a log.
    pub(super) fn is_read_beside(&self) -> bool {
        Arc::strong_count(&self.readers) > 1
    }

    /// Reads by key, each query for itself, so that a writer never waits long; begins again where
    /// the case was changed in between, so that `read` never gives back two states as one. `read`
    /// must call [`Case::is_still`] with the digest that it is given before it makes anything of
    /// what it read final, and is called at most a few times.
    pub fn consistent<T>(&self, mut read: impl FnMut(&str) -> Result<T>) -> Result<T> {
        self.check_content()?;
        for _ in 0..BY_KEY {
            match read(&self.digest()?) {
                Err(Error::Changed) => {}
                done => return done,
            }
        }
        // Under a write-ahead log a long transaction holds up no commit, only the moment in which
        // the log is emptied.
        let mode: String = self.db.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
        if mode != "wal" {
            return Err(Error::Changed);
        }
        let tx = self.db.unchecked_transaction()?;
        let done = read(&self.digest()?);
        tx.finish()?;
        done
    }

    /// Fails with [`Error::Changed`] unless the case is as it was at a digest.
    pub fn is_still(&self, digest: &str) -> Result<()> {
        if self.digest()? == digest { Ok(()) } else { Err(Error::Changed) }
    }

    /// A copy of the case as it is now, in a temporary file that is gone with it, for what must see
    /// one state of the whole file for long. It is copied in steps between which a writer writes;
    /// the copy begins again where one did, and after some times takes one longer step.
    pub fn snapshot(&self, progress: &Progress) -> Result<Self> {
        self.check_content()?;
        let mut copy = Connection::open("")?;
        let backup = Backup::new(&self.db, &mut copy)?;
        let (mut left, mut again) = (i32::MAX, 0);
        loop {
            progress.check()?;
            let pages = if again < AGAIN { PAGES } else { -1 };
            match backup.step(pages)? {
                StepResult::Done => break,
                StepResult::More => {}
                // A writer makes something permanent at this moment.
                _ => std::thread::sleep(Duration::from_millis(5)),
            }
            let now = backup.progress();
            again += usize::from(now.remaining > left);
            left = now.remaining;
            let done = now.pagecount.saturating_sub(now.remaining).max(0) as u64;
            // What follows takes longer than the copy.
            progress.report(done, now.pagecount.max(1) as u64 * 10);
        }
        drop(backup);
        connection::harden(&copy)?;
        let mut copy = Self::with(copy);
        copy.path.clone_from(&self.path);
        copy.read_only = Some("it is a copy to read from.".to_owned());
        let watch = progress.clone();
        copy.db.progress_handler(STEPS, Some(move || watch.is_cancelled()))?;
        Ok(copy)
    }

    /// A copy like [`Case::snapshot`] that can be changed, to see what a change would lead to.
    pub fn draft(&self, progress: &Progress) -> Result<Self> {
        let mut copy = self.snapshot(progress)?;
        (copy.path, copy.read_only) = (None, None);
        Ok(copy)
    }

    /// Takes note of how a commit went: after one that the disk did not confirm, nothing more is
    /// written, because nobody knows on what.
    pub(super) fn settled(&mut self, done: Result<()>) -> Result<()> {
        if matches!(done, Err(Error::Unconfirmed(_))) {
            self.read_only = Some(
                "the disk did not confirm the last change; close it and open it again.".into(),
            );
        }
        if done.is_ok() && self.file.is_some() {
            self.content = super::copy::content(&self.db).ok();
            self.take_stamp();
        }
        done
    }
}

/// Makes a change permanent. From here on it cannot be stopped.
pub(super) fn finish(tx: Transaction<'_>, progress: &Progress) -> Result<()> {
    progress.check()?;
    progress.seal();
    tx.commit().map_err(Error::of_commit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Action, NewValue, Op, Verdict};

    fn add(case: &mut Case, names: std::ops::Range<usize>) {
        let ops = names.map(|n| Op::Add {
            entity: format!("e{n}").as_str().into(),
            schema: "Company".into(),
            values: vec![NewValue::new("name", format!("Pier Road {n}"))],
        });
        case.commit(Action::new(ops.collect())).expect("committed");
    }

    /// A case in a file, in the state that a window leaves it in between edits.
    fn case(folder: &std::path::Path, local: bool) -> Case {
        let mut case = Case::create(&folder.join("c.redthread")).expect("new");
        case.local = local;
        // Where times of files cannot be relied on, none is remembered.
        case.stamp = case.stamp.filter(|_| local);
        add(&mut case, 0..3_000);
        case
    }

    #[test]
    fn a_reader_sees_the_case_and_never_stands_in_the_way_of_a_commit() {
        for local in [true, false] {
            let folder = tempfile::tempdir().expect("a folder");
            let mut case = case(folder.path(), local);
            let reader = case.reader().expect("a second connection");
            // Edits go on while a copy is made and verified, and while entities are read page by
            // page; no commit may find the file locked, which takes no patience at all.
            case.db.busy_timeout(Duration::ZERO).expect("sqlite");
            let copy = reader.snapshot(&Progress::new()).expect("copied");
            add(&mut case, 3_000..3_001);
            let verdict = copy.verify(&Progress::new()).expect("verified");
            assert_eq!(verdict, Verdict::Holds { revisions: 1, blobs: 0 }, "as it was");
            let mut seen = 0;
            reader
                .each(crate::case::Which::All, None, &Progress::new(), &mut |_| {
                    seen += 1;
                    if seen % 1_000 == 0 {
                        add(&mut case, 5_000 + seen..5_001 + seen);
                    }
                    Ok(())
                })
                .expect("read");
            assert!(seen > 3_000);
            assert_eq!(case.log().expect("readable").len(), 2 + seen / 1_000);
            reader.close().expect("closes");
            case.close().expect("closes");
        }
    }

    #[test]
    fn what_is_read_is_one_state_or_begins_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut case = case(folder.path(), true);
        let reader = case.reader().expect("a second connection");
        let mut edits = 0;
        let count = |reader: &Case| reader.counts().expect("readable").live;
        let (before, after) = reader
            .consistent(|digest| {
                let before = count(&reader);
                if edits < 2 {
                    edits += 1;
                    add(&mut case, 3_000 + edits..3_001 + edits);
                }
                let after = count(&reader);
                reader.is_still(digest)?;
                Ok((before, after))
            })
            .expect("read");
        assert_eq!((edits, before), (2, after));
        // Where the edits never end, one transaction sees one state.
        let (before, after) = reader
            .consistent(|digest| {
                let before = count(&reader);
                edits += 1;
                add(&mut case, 3_000 + edits..3_001 + edits);
                let after = count(&reader);
                reader.is_still(digest)?;
                Ok((before, after))
            })
            .expect("read");
        assert_eq!(before, after);
        assert_eq!(edits, 2 + BY_KEY + 1);
    }

    #[test]
    fn work_is_stopped_until_it_is_made_permanent_and_not_after() {
        let mut case = Case::in_memory().expect("memory");
        add(&mut case, 0..500);
        let digest = case.digest().expect("readable");
        let progress = Progress::new();
        progress.cancel();
        let stopped = case.watched(&progress, Case::undo);
        assert!(matches!(stopped, Err(Error::Cancelled)));
        // In the middle of one long statement, too.
        let progress = Progress::new();
        let wish = progress.clone();
        let stopped = case.watched(&progress, |case| {
            wish.cancel();
            let sql = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n";
            Ok(case.db.query_row(sql, [], |row| row.get::<_, i64>(0))?)
        });
        assert!(matches!(stopped, Err(Error::Cancelled)));
        assert_eq!(case.digest().expect("readable"), digest);
        // After the commit the wish comes too late: what happened is told.
        let progress = Progress::new();
        let wish = progress.clone();
        let done = case.watched(&progress, |case| {
            let done = case.undo();
            assert!(!wish.can_stop());
            wish.cancel();
            done
        });
        assert!(done.expect("done").is_some());
        assert_ne!(case.digest().expect("readable"), digest);
    }
}
