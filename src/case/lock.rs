//! The writer's lock: one writer at a time, and the second is told who and where the first is.
//!
//! A file beside the case holds the name; the operating system's lock on that file decides, so a
//! lock left by a program that was killed binds nobody. Where the two disagree because another
//! machine wrote the name (network folders do not always carry locks), the name decides.

use std::{
    fs::{File, OpenOptions},
    io::{Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

pub(super) use super::author::author;
use super::{Error, Result};

/// Who holds a lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Holder {
    user: String,
    host: String,
    pid: u32,
    since: String,
}

impl Holder {
    fn me() -> Self {
        Self {
            user: author(),
            host: host(),
            pid: std::process::id(),
            since: jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M UTC").to_string(),
        }
    }
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} on {} since {}", self.user, self.host, self.since)
    }
}

/// A held lock; dropping it releases it and removes the file.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    file: Option<File>,
}

/// The answer to asking for the lock.
pub(super) enum Asked {
    Granted(Lock),
    HeldBy(String),
}

impl Lock {
    /// Asks for the lock of a case. `network`: whether the folder's locks may not be relied on.
    pub(super) fn ask(case: &Path, network: bool) -> Result<Asked> {
        let mut path = case.as_os_str().to_owned();
        path.push(".lock");
        let path = PathBuf::from(path);
        let (mut file, holder) = loop {
            let mut file = OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path)
                .map_err(Error::unwritable(&path))?;
            let mut text = String::new();
            (&mut file).take(4096).read_to_string(&mut text).ok();
            let holder: Option<Holder> = serde_json::from_str(&text).ok();
            if file.try_lock().is_err() {
                let who = holder.map_or_else(|| "another program".to_owned(), |h| h.to_string());
                return Ok(Asked::HeldBy(who));
            }
            if is_still(&file, &path) {
                break (file, holder);
            }
        };
        if let Some(holder) = holder.filter(|h| network && h.host != host()) {
            return Ok(Asked::HeldBy(holder.to_string()));
        }
        let me = serde_json::to_string(&Holder::me()).unwrap_or_default();
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(me.as_bytes()))
            .map_err(Error::unwritable(&path))?;
        Ok(Asked::Granted(Self { path, file: Some(file) }))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Removed while still locked, so that nobody can be granted a file that is about to go.
        std::fs::remove_file(&self.path).ok();
        self.file.take();
    }
}

/// Whether a path still leads to an opened file: its holder may have removed it in between, and
/// then a third program would lock another file of the same name.
#[cfg(unix)]
fn is_still(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (file.metadata(), std::fs::metadata(path)) {
        (Ok(opened), Ok(found)) => (opened.dev(), opened.ino()) == (found.dev(), found.ino()),
        _ => false,
    }
}

/// An opened file cannot be removed by others here.
#[cfg(not(unix))]
fn is_still(_: &File, _: &Path) -> bool {
    true
}

fn host() -> String {
    #[cfg(unix)]
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    #[cfg(not(unix))]
    let name = std::env::var("COMPUTERNAME").unwrap_or_default();
    if name.is_empty() { "this computer".into() } else { name }
}
