//! `pingyi verify`: a ledger's chain, signatures, receipts and gaps, from the running kiosk's file or a copy, or all that a
//! centre holds, checked here and not believed.

mod centre;
mod told;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;

use self::told::told;
use super::client;
use crate::journal::evidence;
use crate::journal::place::LEDGER_FILE;
use crate::ledger::keys::DeviceId;
use crate::ledger::verify::EpochReport;
use crate::words::Language;
use crate::words::stats::Cli;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The ledger's file, or the folder it lies in
    #[arg(value_name = "LEDGER.db", required_unless_present = "centre", conflicts_with = "centre")]
    path: Option<PathBuf>,
    /// Check what this centre holds: <https://pj.example.gov.cn>
    #[arg(long, value_name = "URL")]
    centre: Option<String>,
    /// With --centre: a kiosk's own ledger, to be laid beside what the centre holds of it
    #[arg(long, value_name = "FILE", requires = "centre")]
    ledger: Option<PathBuf>,
    /// The device whose ledger it must be, as the centre names it (32 hexadecimal digits); with --centre, only that device
    #[arg(long, value_name = "ID", value_parser = device)]
    device: Option<DeviceId>,
    /// A file that holds an auditor's token alone; else it is taken from PINGYI_TOKEN
    #[arg(long, value_name = "FILE", requires = "centre")]
    token_file: Option<PathBuf>,
    /// Certificates in PEM of a private authority, the only ones that are trusted then
    #[arg(long, value_name = "FILE", requires = "centre")]
    ca_file: Option<PathBuf>,
    /// Send the token also over a connection that is not encrypted
    #[arg(long, requires = "centre")]
    allow_plain_http: bool,
}

/// Prints what holds and what does not; failure if anything does not.
///
/// # Errors
/// When the file cannot be opened as a ledger, or the centre does not answer.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let holds = match (&args.centre, &args.path) {
        (Some(address), _) => of_centre(address, &args)?,
        (None, Some(path)) => of_file(path, args.device)?,
        (None, None) => false,
    };
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn of_file(path: &Path, device: Option<DeviceId>) -> anyhow::Result<bool> {
    let path = file_of(path);
    let epochs =
        evidence::verify(&path, device).with_context(|| format!("无法查验 · cannot verify {}", path.display()))?;
    print!("{}", told(&path.display().to_string(), &epochs));
    Ok(!epochs.is_empty() && epochs.iter().all(EpochReport::holds))
}

fn of_centre(address: &str, args: &Args) -> anyhow::Result<bool> {
    let words = Cli(Language::Zh);
    let address = client::address(address, args.allow_plain_http, words)?;
    let token = client::token(args.token_file.as_deref(), std::env::var_os(client::TOKEN_VARIABLE), words)?;
    let certificates = args.ca_file.as_deref().map(|f| client::read(f, words)).transpose()?;
    let centre = client::Centre::new(address, token, certificates.as_deref(), words)?;
    // The kiosk's own file first: what it says is only worth comparing if it holds.
    let (own, own_holds) = match &args.ledger {
        None => (Vec::new(), true),
        Some(path) => {
            let path = file_of(path);
            let holds = of_file(&path, args.device)?;
            println!();
            let own = evidence::own_epochs(&path);
            (own.with_context(|| format!("无法查验 · cannot verify {}", path.display()))?, holds)
        }
    };
    Ok(centre::verify(&centre, args.device, &own, &mut std::io::stdout().lock())? && own_holds)
}

fn file_of(path: &Path) -> PathBuf {
    if path.is_dir() { path.join(LEDGER_FILE) } else { path.to_owned() }
}

fn device(text: &str) -> Result<DeviceId, String> {
    DeviceId::from_hex(text).map_err(|e| e.to_string())
}
