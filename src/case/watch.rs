//! Work on a case that can be stopped until the moment in which it is made permanent, and reading
//! beside it.

use std::time::Duration;

use rusqlite::{Connection, Transaction};

use super::{Case, Error, Progress, Result, open};

/// After how many steps of `SQLite`'s machine a statement asks whether to stop: a millisecond or
/// less.
const STEPS: i32 = 1_000;
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
        let path = self.path.as_ref()?;
        // An older format is read from a copy in memory.
        self.db.path().filter(|name| !name.is_empty())?;
        let db = Connection::open_with_flags(path, open::flags(false)).ok()?;
        let mut reader = Self::with(db, Some(path.clone()), self.local).ok()?;
        reader.db.busy_timeout(PATIENCE).ok()?;
        reader.read_only = Some("it is read beside the window.".to_owned());
        // Another file may be there by now.
        (reader.digest().ok()? == self.digest().ok()?).then_some(reader)
    }

    /// Takes note of how a commit went: after one that the disk did not confirm, nothing more is
    /// written, because nobody knows on what.
    pub(super) fn settled(&mut self, done: Result<()>) -> Result<()> {
        if matches!(done, Err(Error::Unconfirmed(_))) {
            self.read_only = Some(
                "the disk did not confirm the last change; close it and open it again.".into(),
            );
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
