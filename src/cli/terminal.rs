//! The one way to a terminal. What a case, a file name or another program's lock says may hold
//! escape sequences, line breaks or characters that reorder text; none of them reaches the
//! terminal, they are shown as `⟪U+001B⟫`.

use std::{
    fmt::Display,
    io::{self, Write as _},
    process::ExitCode,
};

use crate::model::visible::{json_escaped, visible, visible_lines};

/// Prints one line.
pub(super) fn say(text: impl Display) {
    // A reader who has seen enough closes the pipe; that is no failure.
    writeln!(io::stdout(), "{}", visible(&text.to_string())).ok();
}

/// Prints a text of ours that has several lines. Names in it must have gone through [`visible`].
pub(super) fn say_lines(text: &str) {
    writeln!(io::stdout(), "{}", visible_lines(text)).ok();
}

/// Prints a text of several lines that another program reads, hidden characters as the escapes
/// that JSON and YAML have in common.
pub(super) fn say_file(text: &str) {
    write!(io::stdout(), "{}", json_escaped(text)).ok();
}

/// Prints a value as JSON, hidden characters as JSON's own escapes.
pub(super) fn say_json(value: &serde_json::Value) {
    writeln!(io::stdout(), "{}", json_escaped(&value.to_string())).ok();
}

/// Prints one line to the error stream.
pub(super) fn complain(text: impl Display) {
    writeln!(io::stderr(), "redthread: {}", visible(&text.to_string())).ok();
}

/// Reports arguments that were not understood, or prints the help that they ask for.
pub(super) fn usage(error: &clap::Error) -> ExitCode {
    if error.use_stderr() {
        // It quotes the arguments, and those may be file names that a shell filled in.
        write!(io::stderr(), "{}", visible_lines(&error.render().to_string())).ok();
    } else {
        error.print().ok();
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}
