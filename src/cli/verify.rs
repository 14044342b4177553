//! `pingyi verify`.

use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {}

/// # Errors
/// Always, until this command is built.
pub fn run(_args: Args) -> anyhow::Result<ExitCode> {
    anyhow::bail!("this command is still being built")
}
