//! Arguments, then the command line or the window.

use std::process::ExitCode;

fn main() -> ExitCode {
    redthread::cli::main()
}
