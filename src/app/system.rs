//! The system's own programs: the one for a kind of document, and the one for folders.

use std::{ffi::OsString, io, path::Path, process::Command};

/// Opens a file or folder in the system's program for it.
pub(super) fn open(path: &Path) -> io::Result<()> {
    ::open::that_detached(path)
}

/// Shows a file or folder in the system's program for folders: selected in it where the system can,
/// else in its folder.
pub(super) fn reveal(path: &Path) -> Result<(), String> {
    let shown = if cfg!(target_os = "macos") {
        Command::new("open").arg("-R").arg(path).spawn().map(drop)
    } else if cfg!(windows) {
        let mut selected = OsString::from("/select,");
        selected.push(path);
        Command::new("explorer").arg(selected).spawn().map(drop)
    } else {
        open(path.parent().filter(|folder| folder.is_dir()).unwrap_or(Path::new(".")))
    };
    shown.map_err(|_| {
        format!("This computer has no program that shows folders. The file is {}.", path.display())
    })
}
