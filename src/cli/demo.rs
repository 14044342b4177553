//! `pingyi demo`: the centre, an enrolled kiosk, a sample hall and thirty days of history, on this machine alone.
//!
//! Centre and kiosk run in this one process, each on its own threads, and meet over loopback HTTP as they would in a hall:
//! whatever ends the demonstration ends both, and both stand being ended at any moment. What is there is kept: a second
//! start on the same folder goes on with it.

mod announcement;
mod hall;
mod signals;
mod supervisor;
mod terminal;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;

use self::announcement::Announcement;
use self::hall::Hall;
use self::signals::Ending;
use self::supervisor::Supervised;
use super::WindowSize;
use crate::words::Language;
use crate::words::cli::Demo;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Without a window: serve until interrupted
    #[arg(long, conflicts_with = "window")]
    headless: bool,
    /// A window of this size instead of the whole screen
    #[arg(long, value_name = "WxH")]
    window: Option<WindowSize>,
    /// Folder that keeps everything: databases, board.toml, demo.json. Goes on with what is there
    #[arg(long, value_name = "DIR", default_value = "demo-data")]
    data: PathBuf,
}

/// Serves until the window is left, Ctrl-C or SIGTERM.
///
/// # Errors
/// When something does not start; the message says what to do.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    if !args.headless && !has_display() {
        // Before anything is made: the folder stays as it was.
        eprintln!("{}", Language::ALL.iter().map(|&l| Demo(l).no_display()).collect::<Vec<_>>().join("\n"));
        return Ok(ExitCode::FAILURE);
    }
    let hall = Hall::prepare(&args.data)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no runtime")?;
    let ending = Ending::listen(&runtime)?;
    let supervised = Supervised::start(&hall, &runtime)?;
    let outcome = serve(&args, &hall, &supervised, &ending);
    runtime.block_on(supervised.stop());
    outcome.map(|()| ExitCode::SUCCESS)
}

fn serve(args: &Args, hall: &Hall, supervised: &Supervised, ending: &Ending) -> anyhow::Result<()> {
    let terminal = terminal::start(hall, supervised)?;
    terminal.wait_until_enrolled(ending)?;
    terminal.sign_in(ending)?;
    if ending.is_asked() {
        return Ok(());
    }
    let announcement = Announcement::of(hall, supervised, &terminal);
    if args.headless {
        announcement.make()?;
        ending.wait();
        return Ok(());
    }
    terminal.show(args.window, ending.clone(), Box::new(move || announcement.make()))
}

fn has_display() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    ["WAYLAND_DISPLAY", "WAYLAND_SOCKET", "DISPLAY"].into_iter().any(set)
}
