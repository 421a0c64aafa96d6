//! The name under which revisions are written: asked once, kept with the program, not in the case.
//!
//! In this order: the name given on the command line, `REDTHREAD_AUTHOR`, the name kept with the
//! program, the name used for this run only, and the system's name of the user.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    sync::{PoisonError, RwLock},
};

use etcetera::BaseStrategy as _;

/// Maximum length of a name, in characters.
const LONGEST: usize = 100;

/// What this process knows of the author.
#[derive(Debug, Default)]
struct Known {
    /// Given on the command line.
    given: Option<String>,
    /// Read from the program's folder, or written to it.
    kept: Option<String>,
    /// Whether the program's folder has been looked at.
    is_read: bool,
    /// Used until the program ends, where the user did not want a name to be kept.
    meanwhile: Option<String>,
}

static KNOWN: RwLock<Known> =
    RwLock::new(Known { given: None, kept: None, is_read: false, meanwhile: None });

/// Returns the name under which revisions are written.
pub fn author() -> String {
    let named = known(|known| known.given.clone())
        .or_else(from_environment)
        .or_else(kept)
        .or_else(|| known(|known| known.meanwhile.clone()));
    named.unwrap_or_else(proposed)
}

/// Whether the user, or whoever started the program, has said the name.
pub fn is_known() -> bool {
    known(|known| known.given.is_some() || known.meanwhile.is_some())
        || from_environment().is_some()
        || kept().is_some()
}

/// Whether the name is set from outside the program, so that it cannot be edited in it.
pub fn is_overridden() -> bool {
    known(|known| known.given.is_some()) || from_environment().is_some()
}

/// Uses a name for this process, before all others: the command line's `--author`.
pub fn give(name: &str) {
    let name = cleaned(name);
    change(|known| known.given = name);
}

/// Uses the proposed name until the program ends, and keeps nothing.
pub fn use_proposed() {
    let name = proposed();
    change(|known| known.meanwhile = Some(name));
}

/// Keeps a name with the program.
pub fn keep(name: &str) -> std::io::Result<()> {
    let Some(name) = cleaned(name) else { return Ok(()) };
    let file = file().ok_or_else(|| std::io::Error::other("this user has no folder for it"))?;
    write(&file, &name)?;
    change(|known| {
        known.kept = Some(name);
        known.is_read = true;
    });
    Ok(())
}

/// Returns the system's full name of the user, else the login name.
pub fn proposed() -> String {
    #[cfg(unix)]
    let named = of_account();
    #[cfg(not(unix))]
    let named: Option<String> = None;
    named
        .or_else(|| {
            ["USERNAME", "USER", "LOGNAME"]
                .iter()
                .find_map(|name| std::env::var(name).ok().as_deref().and_then(cleaned))
        })
        .unwrap_or_else(nameless)
}

/// A name in one line, without control characters and of bounded length; `None` if nothing is left.
fn cleaned(name: &str) -> Option<String> {
    let spaced: String = name
        .chars()
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let name: String = words.join(" ").chars().take(LONGEST).collect();
    (!name.is_empty()).then_some(name)
}

fn from_environment() -> Option<String> {
    std::env::var("REDTHREAD_AUTHOR").ok().as_deref().and_then(cleaned)
}

fn kept() -> Option<String> {
    if known(|known| known.is_read) {
        return known(|known| known.kept.clone());
    }
    let kept = file().as_deref().and_then(read);
    change(|known| {
        known.kept.clone_from(&kept);
        known.is_read = true;
    });
    kept
}

fn known<T>(read: impl FnOnce(&Known) -> T) -> T {
    read(&KNOWN.read().unwrap_or_else(PoisonError::into_inner))
}

fn change(write: impl FnOnce(&mut Known)) {
    write(&mut KNOWN.write().unwrap_or_else(PoisonError::into_inner));
}

fn read(file: &Path) -> Option<String> {
    use std::io::Read as _;
    let mut text = String::new();
    let file =
        std::fs::File::open(file).ok().filter(|f| f.metadata().is_ok_and(|m| m.is_file()))?;
    file.take(4096).read_to_string(&mut text).ok()?;
    cleaned(&text)
}

/// Writes the name beside its place and renames it, so that it is there whole or not at all.
fn write(file: &Path, name: &str) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let draft = file.with_extension("new");
    let mut out = std::fs::File::create(&draft)?;
    writeln!(out, "{name}")?;
    out.sync_all()?;
    std::fs::rename(&draft, file)
}

/// The file that keeps the name, in the folder where the window keeps its settings.
fn file() -> Option<PathBuf> {
    Some(folder()?.join("author"))
}

/// The folder of this program among the user's files, where the window keeps its settings.
pub(crate) fn folder() -> Option<PathBuf> {
    let own = if cfg!(target_os = "macos") {
        "Redthread"
    } else if cfg!(windows) {
        "Redthread/data"
    } else {
        "redthread"
    };
    Some(etcetera::base_strategy::choose_native_strategy().ok()?.data_dir().join(own))
}

#[cfg(unix)]
fn nameless() -> String {
    format!("user {}", rustix::process::getuid().as_raw())
}

#[cfg(not(unix))]
fn nameless() -> String {
    "user of this computer".into()
}

/// The name of the account that runs the program: from `/etc/passwd`, else from `getent`, which
/// also knows the accounts of a directory service.
#[cfg(unix)]
fn of_account() -> Option<String> {
    let uid = rustix::process::getuid().as_raw();
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    name_in(&accounts, uid).or_else(|| {
        let asked = std::process::Command::new("getent")
            .args(["passwd", &uid.to_string()])
            .stdin(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .output()
            .ok()?;
        name_in(&String::from_utf8_lossy(&asked.stdout), uid)
    })
}

/// The full name of an account in the form of `/etc/passwd`, else its login name.
#[cfg(unix)]
fn name_in(accounts: &str, uid: u32) -> Option<String> {
    let fields: Vec<&str> = accounts.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        let is_it = fields.get(2).and_then(|id| id.parse().ok()) == Some(uid);
        (is_it && fields.len() >= 5).then_some(fields)
    })?;
    // The first part of the comment is the full name; there “&” stands for the login name.
    let login = fields[0];
    let mut capital = login.to_owned();
    if let Some(first) = capital.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let full = fields[4].split(',').next().unwrap_or_default().replace('&', &capital);
    cleaned(&full).or_else(|| cleaned(login))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn the_full_name_is_the_first_part_of_the_comment() {
        let accounts = "root:x:0:0:root:/root:/bin/bash\n\
                        broken line\n\
                        jo:x:1000:1000:Jo Miller,Room 4,,:/home/jo:/bin/sh\n\
                        ann:x:1001:1001:,,,:/home/ann:/bin/sh\n\
                        bo:x:1002:1002:& Berg:/home/bo:/bin/sh\n";
        assert_eq!(name_in(accounts, 0).as_deref(), Some("root"));
        assert_eq!(name_in(accounts, 1000).as_deref(), Some("Jo Miller"));
        assert_eq!(name_in(accounts, 1001).as_deref(), Some("ann"));
        assert_eq!(name_in(accounts, 1002).as_deref(), Some("Bo Berg"));
        assert_eq!(name_in(accounts, 7), None);
    }

    #[test]
    fn a_name_is_one_line_without_control_characters() {
        assert_eq!(cleaned("  Jo\r\n  Miller\u{1b}[2J ").as_deref(), Some("Jo Miller [2J"));
        assert_eq!(cleaned("a\u{2028}b").as_deref(), Some("a b"));
        assert_eq!(cleaned(" \n\t "), None);
        assert_eq!(cleaned(&"x".repeat(1000)).map(|name| name.len()), Some(LONGEST));
    }

    #[test]
    fn somebody_always_has_a_name_and_never_is_unknown() {
        assert!(!proposed().trim().is_empty());
        assert_ne!(proposed(), "unknown");
    }

    #[test]
    fn a_name_is_kept_and_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("redthread").join("author");
        assert_eq!(read(&file), None);
        write(&file, "王 喆").expect("written");
        assert_eq!(read(&file).as_deref(), Some("王 喆"));
        write(&file, "Jo Miller").expect("written again");
        assert_eq!(read(&file).as_deref(), Some("Jo Miller"));
        assert_eq!(std::fs::read_dir(file.parent().expect("a folder")).expect("read").count(), 1);
    }
}
