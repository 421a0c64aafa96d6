//! The writer's lock: one writer at a time, and the second is told who and where the first is.
//!
//! A file beside the case holds the name; the operating system's lock on that file decides, so a
//! lock left by a program that was killed binds nobody. Where the system's locks do not reach
//! (network folders do not always carry them), the name decides, until somebody releases it on
//! purpose. On local disks of Linux the case file itself is locked as well: a lock file that is
//! deleted lets no second writer in.
//!
//! Nothing is opened, changed or removed under the name of the lock that is not a lock of ours.

use std::{
    fs::{File, OpenOptions},
    io::{ErrorKind, Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

pub(super) use super::author::author;
use super::{
    Error, Result,
    place::{self, Identity},
};

/// Who holds a lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Holder {
    user: String,
    host: String,
    pid: u32,
    since: String,
    /// The number of the case file on its disk: the lock file of a copied folder is not the copy's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<u64>,
}

impl Holder {
    fn me(file: Option<Identity>) -> Self {
        Self {
            user: author(),
            host: host(),
            pid: std::process::id(),
            since: jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M UTC").to_string(),
            file: file.map(|identity| identity.number),
        }
    }

    /// Reads a lock file from its beginning: no holder where it is empty; an error of the disk, or
    /// none where it is not a lock of ours.
    fn read(file: &mut File) -> std::result::Result<Option<Self>, Option<std::io::Error>> {
        let mut bytes = Vec::new();
        file.rewind()?;
        file.take(4096).read_to_end(&mut bytes)?;
        // A power cut may have left zeros or nothing of it.
        if bytes.iter().all(|byte| *byte == 0) {
            return Ok(None);
        }
        serde_json::from_slice(&bytes).map(Some).map_err(|_| None)
    }

    /// Whether the program that wrote it may still run.
    fn may_live(&self) -> bool {
        self.host != host() || is_running(self.pid)
    }
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // It comes from a file that anybody may have written, and is shown.
        let clean = |text: &str| -> String {
            text.chars().filter(|c| !c.is_control() && !is_override(*c)).take(80).collect()
        };
        write!(f, "{} on {} since {}", clean(&self.user), clean(&self.host), clean(&self.since))
    }
}

/// Signs that turn the direction of what follows them.
fn is_override(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A held lock; dropping it releases it and removes the file.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    file: Option<File>,
    holder: Holder,
    /// The case file, locked. It must be closed after `SQLite` has closed the case.
    case: Option<File>,
    /// Whether the file stays when the lock is released.
    stays: bool,
    durable: bool,
}

/// The answer to asking for the lock.
pub(super) enum Asked {
    Granted(Lock),
    /// By whom, and whether only a name says so, which may be released.
    Held {
        who: String,
        by_name: bool,
    },
    /// Something lies in its place that is not a lock of ours.
    Foreign(PathBuf),
    /// The folder cannot be written to.
    Protected,
}

/// What became of a lock.
pub(super) enum Kept {
    Ours,
    /// Another program has taken it.
    Lost(String),
}

/// How a lock file was opened.
enum Opened {
    Ours(File),
    Gone,
    Foreign,
    Failed(ErrorKind),
}

impl Lock {
    /// Asks for the lock of a case. `network`: whether the folder's locks may not be relied on.
    pub(super) fn ask(case: &Path, identity: Option<Identity>, network: bool) -> Result<Asked> {
        let path = place::beside(case, ".lock");
        let me = Holder::me(identity);
        // Another program may remove or replace the file between two looks; not for ever.
        for _ in 0..100 {
            let mut file = match create(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == ErrorKind::AlreadyExists => match open(&path) {
                    Opened::Ours(file) => file,
                    Opened::Gone => continue,
                    Opened::Foreign => return Ok(Asked::Foreign(path)),
                    Opened::Failed(ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) => {
                        return Ok(Asked::Protected);
                    }
                    // On Windows it cannot be opened while its holder has it open.
                    Opened::Failed(_) => {
                        return Ok(Asked::Held { who: name_in(&path), by_name: false });
                    }
                },
                Err(error)
                    if matches!(
                        error.kind(),
                        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem
                    ) =>
                {
                    return Ok(Asked::Protected);
                }
                Err(source) => return Err(Error::Unwritable { path, source }),
            };
            let holder = match Holder::read(&mut file) {
                Ok(holder) => holder,
                Err(None) => return Ok(Asked::Foreign(path)),
                Err(Some(source)) => return Err(Error::Unreadable { path, source }),
            };
            let Ok(locks) = try_lock(&file) else {
                let who = holder.map_or_else(|| ANOTHER.to_owned(), |h| h.to_string());
                return Ok(Asked::Held { who, by_name: false });
            };
            if !is_still(&file, &path) {
                continue;
            }
            // Where the system has locks and holds none here, the holder is gone; unless the
            // system is that of another computer.
            let by_name =
                |h: &Holder| if locks { network && h.host != me.host } else { h.may_live() };
            if let Some(holder) = holder.filter(by_name) {
                return Ok(Asked::Held { who: holder.to_string(), by_name: true });
            }
            write(&mut file, &me).map_err(Error::unwritable(&path))?;
            return Ok(Asked::Granted(Self {
                path,
                file: Some(file),
                holder: me,
                case: None,
                stays: false,
                durable: false,
            }));
        }
        Ok(Asked::Held { who: ANOTHER.to_owned(), by_name: false })
    }

    /// Locks the case file itself, where such a lock does not meet those of `SQLite`. Says no
    /// where another program holds it.
    pub(super) fn hold(&mut self, case: &Path, local: bool) -> Result<bool> {
        if !(cfg!(target_os = "linux") && local) {
            return Ok(true);
        }
        let file = File::open(case).map_err(Error::unreadable(case))?;
        let free = !matches!(file.try_lock(), Err(std::fs::TryLockError::WouldBlock));
        self.case = Some(file);
        Ok(free)
    }

    /// Whether the lock is still there. One whose file was deleted is written anew.
    pub(super) fn keep(&mut self) -> Kept {
        if self.file.as_ref().is_some_and(|file| is_still(file, &self.path)) {
            return Kept::Ours;
        }
        match create(&self.path) {
            Ok(mut file) => {
                let kept = try_lock(&file).is_ok() && write(&mut file, &self.holder).is_ok();
                self.file = Some(file);
                self.durable = false;
                if kept { Kept::Ours } else { Kept::Lost(ANOTHER.to_owned()) }
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let there = match open(&self.path) {
                    Opened::Ours(mut file) => Holder::read(&mut file).ok().flatten(),
                    _ => None,
                };
                match there {
                    // A network folder may number its files anew.
                    Some(holder) if holder == self.holder => Kept::Ours,
                    Some(holder) => Kept::Lost(holder.to_string()),
                    None => Kept::Lost(ANOTHER.to_owned()),
                }
            }
            // Where the folder cannot be written to any more, the write that follows says so.
            Err(_) => Kept::Ours,
        }
    }

    /// Has the disk keep the file: after a power cut it says that the mark in the case is not that
    /// of a copy.
    pub(super) fn make_durable(&mut self) -> Result<()> {
        if !self.durable {
            if let Some(file) = &self.file {
                file.sync_all().map_err(Error::unwritable(&self.path))?;
            }
            place::sync_folder(&self.path)?;
            self.durable = true;
        }
        Ok(())
    }

    /// Leaves the file when the lock is released; it binds nobody, but says that the mark in the
    /// case is not that of a copy.
    pub(super) fn leave_behind(&mut self) {
        self.stays = true;
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let still = self.file.as_ref().is_some_and(|file| is_still(file, &self.path));
        if cfg!(windows) {
            // There it cannot be removed while it is open.
            self.file.take();
        }
        // Removed while still locked, so that nobody can be granted a file that is about to go.
        if still && !self.stays {
            std::fs::remove_file(&self.path).ok();
        }
        self.file.take();
    }
}

/// Whether the lock file beside a case was written for this very file, so that its writer was
/// killed or still runs. An empty one was torn by a power cut.
pub(super) fn vouches(case: &Path, identity: Option<Identity>) -> bool {
    let mut file = match open_to_read(&place::beside(case, ".lock")) {
        Opened::Ours(file) => file,
        // On Windows it cannot be read where another program refuses that.
        Opened::Failed(_) => return cfg!(windows),
        Opened::Gone | Opened::Foreign => return false,
    };
    match Holder::read(&mut file) {
        Ok(Some(Holder { file: Some(number), .. })) => {
            identity.is_none_or(|identity| identity.number == number)
        }
        Ok(_) => true,
        Err(_) => false,
    }
}

/// Removes the lock that another computer left beside a case, whose name alone still binds.
/// Returns that name; refuses where the program that holds it is known to run.
///
/// The caller must be sure that nobody works on the case: two writers can lose each other's
/// changes.
pub fn release(case: &Path) -> Result<Option<String>> {
    let case = place::resolve(case)?;
    let path = place::beside(&case, ".lock");
    let refused = |what: String| Err(Error::invalid(what));
    let mut file = match open(&path) {
        Opened::Ours(file) => file,
        Opened::Gone => return Ok(None),
        Opened::Foreign => return refused(foreign(&path)),
        Opened::Failed(kind) => {
            return Err(Error::Unwritable { path, source: kind.into() });
        }
    };
    let holder = match Holder::read(&mut file) {
        Ok(holder) => holder,
        Err(None) => return refused(foreign(&path)),
        Err(Some(source)) => return Err(Error::Unreadable { path, source }),
    };
    let who = holder.as_ref().map_or_else(|| ANOTHER.to_owned(), Holder::to_string);
    let runs_here = |h: &Holder| h.host == host() && is_running(h.pid);
    match try_lock(&file) {
        Ok(false) if !holder.as_ref().is_some_and(runs_here) => {}
        Ok(true) => {}
        _ => {
            return refused(format!(
                "{who} has {} open at this moment; close it there.",
                case.display()
            ));
        }
    }
    std::fs::remove_file(&path).map_err(Error::unwritable(&path))?;
    Ok(Some(who))
}

pub(super) fn foreign(path: &Path) -> String {
    format!("{} is not a lock of Redthread and was left alone; move it away first.", path.display())
}

const ANOTHER: &str = "another program";

/// Options that follow no link, wait for no pipe and, on Windows, keep others from writing and
/// removing, which there is the lock.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.custom_flags(flags.bits() as i32);
    }
    #[cfg(windows)]
    {
        use std::os::windows::fs::OpenOptionsExt as _;
        // FILE_SHARE_READ. A lock on a range would hide the holder's name, which lies in it.
        options.share_mode(1);
    }
    options
}

fn create(path: &Path) -> std::io::Result<File> {
    options().create_new(true).open(path)
}

fn open(path: &Path) -> Opened {
    open_with(path, &options())
}

fn open_to_read(path: &Path) -> Opened {
    let mut options = options();
    options.write(false);
    #[cfg(windows)]
    {
        use std::os::windows::fs::OpenOptionsExt as _;
        options.share_mode(7);
    }
    open_with(path, &options)
}

/// Opens a regular file of one name.
fn open_with(path: &Path, options: &OpenOptions) -> Opened {
    let is_plain = |meta: &std::fs::Metadata| meta.is_file() && place::names_of(meta) <= 1;
    match std::fs::symlink_metadata(path) {
        Ok(meta) if !is_plain(&meta) => return Opened::Foreign,
        Err(error) if error.kind() == ErrorKind::NotFound => return Opened::Gone,
        _ => {}
    }
    match options.open(path) {
        Ok(file) => match file.metadata() {
            Ok(meta) if is_plain(&meta) => Opened::Ours(file),
            _ => Opened::Foreign,
        },
        Err(error) if error.kind() == ErrorKind::NotFound => Opened::Gone,
        Err(error) => Opened::Failed(error.kind()),
    }
}

/// Who holds a lock that cannot be opened for writing.
fn name_in(path: &Path) -> String {
    match open_to_read(path) {
        Opened::Ours(mut file) => Holder::read(&mut file).ok().flatten(),
        _ => None,
    }
    .map_or_else(|| ANOTHER.to_owned(), |holder| holder.to_string())
}

/// Takes the system's lock; fails where another program holds it, and says whether there is one.
#[cfg(not(windows))]
fn try_lock(file: &File) -> std::result::Result<bool, ()> {
    // A program that this one starts has its files, and with them its locks, for a moment.
    const WAITS: [u64; 4] = [2, 8, 20, 50];
    let mut waits = WAITS.into_iter();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(std::fs::TryLockError::Error(_)) => return Ok(false),
            Err(std::fs::TryLockError::WouldBlock) => {
                let Some(wait) = waits.next() else { return Err(()) };
                std::thread::sleep(std::time::Duration::from_millis(wait));
            }
        }
    }
}

/// Whoever has it open has it: it cannot be opened twice.
#[cfg(windows)]
fn try_lock(_: &File) -> std::result::Result<bool, ()> {
    Ok(true)
}

fn write(file: &mut File, holder: &Holder) -> std::io::Result<()> {
    let text = serde_json::to_string(holder)?;
    file.rewind()?;
    file.write_all(text.as_bytes())?;
    file.set_len(text.len() as u64)
}

/// Whether a path still leads to an opened file: its holder may have removed it in between, and
/// then a third program would lock another file of the same name.
#[cfg(unix)]
fn is_still(file: &File, path: &Path) -> bool {
    match (file.metadata(), std::fs::symlink_metadata(path)) {
        (Ok(opened), Ok(found)) => Identity::from(&opened) == Identity::from(&found),
        _ => false,
    }
}

/// An opened file cannot be removed by others here.
#[cfg(not(unix))]
fn is_still(_: &File, _: &Path) -> bool {
    true
}

/// Whether a program of this computer runs; where that is not known, it may.
#[cfg(unix)]
fn is_running(pid: u32) -> bool {
    let Some(pid) = rustix::process::Pid::from_raw(pid as i32) else { return false };
    !matches!(rustix::process::test_kill_process(pid), Err(rustix::io::Errno::SRCH))
}

#[cfg(not(unix))]
fn is_running(_: u32) -> bool {
    true
}

fn host() -> String {
    #[cfg(unix)]
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    #[cfg(not(unix))]
    let name = std::env::var("COMPUTERNAME").unwrap_or_default();
    if name.is_empty() { "this computer".into() } else { name }
}
