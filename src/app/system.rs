//! The system's own programs: the one for a kind of document, and the one for folders.

use std::{io, path::Path, process::Command};

/// What hands a file or folder to the program that the system has for it.
const PROGRAM: &str = if cfg!(target_os = "macos") {
    "open"
} else if cfg!(windows) {
    "explorer"
} else {
    "xdg-open"
};

/// Opens a file or folder in the system's program for it.
pub(super) fn open(path: &Path) -> io::Result<()> {
    Command::new(PROGRAM).arg(path).spawn().map(drop)
}

/// Shows a file or folder in the system's program for folders.
pub(super) fn reveal(path: &Path) -> Result<(), String> {
    let shown = if cfg!(target_os = "macos") {
        Command::new(PROGRAM).arg("-R").arg(path).spawn().map(drop)
    } else {
        open(path.parent().filter(|folder| folder.is_dir()).unwrap_or(Path::new(".")))
    };
    shown.map_err(|_| {
        format!("This computer has no program that shows folders. The file is {}.", path.display())
    })
}
