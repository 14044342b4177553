//! The one binary: hands its arguments to [`pingyi::cli`] and its answer to the shell.

use std::process::ExitCode;

fn main() -> ExitCode {
    pingyi::cli::main()
}
