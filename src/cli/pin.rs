//! `pingyi pin`: makes the hash of a PIN for `board.toml` and `kiosk.toml`.

use std::io::BufRead;
use std::process::ExitCode;

use anyhow::Context;

use crate::config::pin::PinHash;

#[derive(Debug, clap::Args)]
pub struct Args {}

/// Reads one PIN from the standard input, never from the command line, and prints its hash.
///
/// # Errors
/// When the input is no PIN.
pub fn run(_args: Args) -> anyhow::Result<ExitCode> {
    eprintln!("PIN (4–12 位数字 / digits):");
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("the PIN cannot be read")?;
    println!("{}", PinHash::make(line.trim())?);
    Ok(ExitCode::SUCCESS)
}
