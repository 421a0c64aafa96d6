//! The program for packages on Windows: the same, without a console beside its window. A program
//! of Windows either has a console or cannot write to the one it was started from, so there are
//! two: `redthread`, for the command line, and this one, for the icon.

#![cfg_attr(windows, windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    redthread::cli::main()
}
