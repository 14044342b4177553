//! The command line: one file, one subcommand, each with `Args` and `run(Args) -> anyhow::Result<ExitCode>`.
//!
//! Add a subcommand: write `cli/<name>.rs`, then one line each under `mod`, in [`Command`] and in [`dispatch`].
//! A subcommand whose feature is not built in is absent, also from `--help`.
//!
//! **Architecture invariant:** secrets come by file or environment, never as an argument, where every user of the machine
//! could read them.

#[cfg(feature = "centre")]
pub mod admin;
#[cfg(feature = "centre")]
pub mod centre;
pub mod check;
mod client;
#[cfg(all(feature = "kiosk", feature = "centre"))]
pub mod demo;
#[cfg(feature = "kiosk")]
pub mod kiosk;
pub mod pin;
#[cfg(all(feature = "kiosk", feature = "centre"))]
pub mod preview;
#[cfg(all(feature = "kiosk", feature = "centre"))]
pub mod simulate;
pub mod stats;
pub mod verify;

use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::str::FromStr;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// Which lines of the log are written: `info` when unset, else as in `pingyi=debug,warn`.
pub const LOG_VARIABLE: &str = "PINGYI_LOG";

/// 评议: a public feedback terminal for service windows, and the centre behind it.
#[derive(Debug, Parser)]
#[command(name = "pingyi", version, arg_required_else_help = true, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Kiosk, centre and a sample hall on this machine: the place to begin
    #[cfg(all(feature = "kiosk", feature = "centre"))]
    Demo(demo::Args),
    /// The touch terminal of one service window
    #[cfg(feature = "kiosk")]
    Kiosk(kiosk::Args),
    /// The server that kiosks send to and supervisors ask
    #[cfg(feature = "centre")]
    Centre(centre::Args),
    /// Every fault of a configuration folder at once
    Check(check::Args),
    /// The hash of a PIN that is typed in, for board.toml and kiosk.toml
    Pin(pin::Args),
    /// Statistics from a centre, as a table, JSON, CSV or XLSX
    Stats(stats::Args),
    /// A ledger's chain, signatures, receipts and gaps
    Verify(verify::Args),
    /// Many kiosks at once against a centre, with faults if wanted
    #[cfg(all(feature = "kiosk", feature = "centre"))]
    Simulate(simulate::Args),
    /// Users, devices, backup and restore of a centre
    #[cfg(feature = "centre")]
    Admin(admin::Args),
}

/// Parses the arguments, runs the subcommand and reports an error as a chain of causes.
pub fn main() -> ExitCode {
    let command = Cli::parse().command;
    start_log();
    // The only failure is that a provider is installed already, which is just as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match dispatch(command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{}", chain_of(&error));
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        #[cfg(all(feature = "kiosk", feature = "centre"))]
        Command::Demo(args) => demo::run(args),
        #[cfg(feature = "kiosk")]
        Command::Kiosk(args) => kiosk::run(args),
        #[cfg(feature = "centre")]
        Command::Centre(args) => centre::run(args),
        Command::Check(args) => check::run(args),
        Command::Pin(args) => pin::run(args),
        Command::Stats(args) => stats::run(args),
        Command::Verify(args) => verify::run(args),
        #[cfg(all(feature = "kiosk", feature = "centre"))]
        Command::Simulate(args) => simulate::run(args),
        #[cfg(feature = "centre")]
        Command::Admin(args) => admin::run(args),
    }
}

fn start_log() {
    let filter = EnvFilter::try_from_env(LOG_VARIABLE)
        .unwrap_or_else(|_| EnvFilter::new("info,eframe=warn,egui=warn,winit=error,rustls=warn,hyper=warn"));
    let is_terminal = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(is_terminal).init();
}

/// What went wrong first, then each cause on a line of its own; a cause that repeats its parent is left out.
fn chain_of(error: &anyhow::Error) -> String {
    let mut out = format!("pingyi: {error}");
    let mut parent = error.to_string();
    for cause in error.chain().skip(1) {
        let text = cause.to_string();
        if !parent.contains(&text) {
            out.push_str("\n  caused by: ");
            out.push_str(&text);
        }
        parent = text;
    }
    out
}

/// Size of a window that is not fullscreen: `1280x800`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowSize {
    pub width_px: u32,
    pub height_px: u32,
}

impl FromStr for WindowSize {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parse = |side: &str| side.parse().ok().filter(|px| (320..=7680).contains(px));
        match text.split_once(['x', 'X', '×']).map(|(w, h)| (parse(w), parse(h))) {
            Some((Some(width_px), Some(height_px))) => Ok(Self { width_px, height_px }),
            _ => Err("a size like 1280x800, each side from 320 to 7680".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_error_names_each_cause_once() {
        let error =
            anyhow::anyhow!("disk full").context("cannot write a.db: disk full").context("the demo cannot start");
        assert_eq!(chain_of(&error), "pingyi: the demo cannot start\n  caused by: cannot write a.db: disk full");
        let plain = Err::<(), _>(std::io::Error::other("no")).context("reading").unwrap_err();
        assert_eq!(chain_of(&plain), "pingyi: reading\n  caused by: no");
    }

    #[test]
    fn a_window_size_has_two_bounded_sides() {
        assert_eq!("1280x800".parse(), Ok(WindowSize { width_px: 1280, height_px: 800 }));
        for bad in ["", "1280", "1280x", "x800", "100x800", "1280x99999", "-1x800", "1280x800x1"] {
            assert!(bad.parse::<WindowSize>().is_err(), "{bad}");
        }
    }
}
