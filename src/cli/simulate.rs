//! `pingyi simulate`: many kiosks in one process against a real centre.
//!
//! Each is a whole kiosk but for its window: real ledger, flow, courier and HTTP. Only the citizens are made up, from a
//! seed. Ratings come in by the flow's own events, as from a finger: no interface of a real kiosk gives any.
//!
//! | file | what it does |
//! |---|---|
//! | `simulate.rs` | arguments, codes, the sum |
//! | `simulate/citizens.rs` | one kiosk: visits, taps, changed minds, restarts |
//! | `simulate/weather.rs` | a line that loses and doubles requests |

mod citizens;
mod weather;

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use super::kiosk::StopSignal;
use crate::config::kiosk::CentreLink;
use crate::config::{HttpUrl, KioskConfig};
use crate::domain::board::Board;
use crate::domain::id::{KioskId, WindowId};

/// Codes of kiosks that are not enrolled yet, as in the file.
pub const CODES_VARIABLE: &str = "PINGYI_ENROL_CODES";
/// Kiosks of one run.
const MAX_KIOSKS: u32 = 500;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The centre's address
    #[arg(long, value_name = "URL")]
    centre: String,
    /// How many kiosks; their ledgers stay in the data folder and go on with the next run
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_KIOSKS)))]
    kiosks: u32,
    /// How many ratings in all
    #[arg(long, default_value_t = 100)]
    ratings: u64,
    /// Lost and doubled requests, restarts, changed minds, citizens who leave
    #[arg(long)]
    faults: bool,
    /// The same citizens again
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where the ledgers lie
    #[arg(long, value_name = "DIR", default_value = "pingyi-simulate-data")]
    data: PathBuf,
    /// `kiosk.toml` and `board.toml` that all of them share
    #[arg(long, value_name = "DIR", default_value = "kiosk-config")]
    config: PathBuf,
    /// One line for each kiosk: its name, its window, its one-time code; else taken from PINGYI_ENROL_CODES
    #[arg(long, value_name = "FILE")]
    codes: Option<PathBuf>,
    /// Append each rating's receipt code to this file, durably, once the screen has said thanks
    #[arg(long, value_name = "FILE")]
    thanked: Option<PathBuf>,
    /// Wait so long at the end for the centre to hold everything
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    wait: u64,
}

/// One kiosk of the run.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seat {
    kiosk: KioskId,
    window: WindowId,
    code: String,
}

/// What all kiosks of a run share.
struct Run {
    base: KioskConfig,
    board: Board,
    data: PathBuf,
    faults: bool,
    seed: u64,
    /// Ratings that are still to be given.
    left: AtomicU64,
    thanked: Option<Mutex<File>>,
    stop: Arc<StopSignal>,
    wait: Duration,
}

/// What one kiosk did.
#[derive(Debug, Default, Clone, Copy)]
struct Sum {
    thanked: u64,
    unsynced: u64,
    forked: bool,
}

/// Exit code 0 if the centre holds everything at the end.
///
/// # Errors
/// When arguments, codes or configuration do not work, or a kiosk cannot start.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let url: HttpUrl =
        args.centre.parse().map_err(|()| anyhow::anyhow!("--centre wants an http:// or https:// address"))?;
    let (mut base, board) = KioskConfig::load_with_board(&args.config)?;
    let link = base.centre.take();
    let plain = !url.is_encrypted() && !url.is_loopback();
    if plain {
        bail!("{url} is neither on this machine nor encrypted");
    }
    base.centre = Some(CentreLink {
        url,
        ca_file: link.as_ref().and_then(|l| l.ca_file.clone()),
        proxy: link.as_ref().and_then(|l| l.proxy.clone()),
        enrol_code_file: None,
        batch_seconds: 1,
        heartbeat_seconds: 5,
    });
    (base.local_api, base.hours, base.chime_player) = (None, None, Vec::new());
    let seats = seats(&args, &board)?;
    let thanked = args.thanked.as_deref().map(append_to).transpose()?;
    let run = Run {
        base,
        board,
        data: args.data,
        faults: args.faults,
        seed: args.seed,
        left: AtomicU64::new(args.ratings),
        thanked: thanked.map(Mutex::new),
        stop: StopSignal::catch()?,
        wait: Duration::from_secs(args.wait),
    };
    let began = Instant::now();
    let sums = all(&run, &seats)?;
    Ok(tell(&sums, began.elapsed()))
}

fn all(run: &Run, seats: &[Seat]) -> anyhow::Result<Vec<(KioskId, Sum)>> {
    std::thread::scope(|scope| {
        let kiosks: Vec<_> = seats
            .iter()
            .enumerate()
            .map(|(i, seat)| (seat.kiosk.clone(), scope.spawn(move || citizens::serve(run, seat, i as u64))))
            .collect();
        let mut sums = Vec::with_capacity(kiosks.len());
        for (kiosk, thread) in kiosks {
            let sum = thread.join().map_err(|_| anyhow::anyhow!("{kiosk} panicked"))?;
            sums.push((kiosk.clone(), sum.with_context(|| format!("kiosk {kiosk}"))?));
        }
        Ok(sums)
    })
}

fn tell(sums: &[(KioskId, Sum)], took: Duration) -> ExitCode {
    let thanked: u64 = sums.iter().map(|(_, s)| s.thanked).sum();
    let unsynced: u64 = sums.iter().map(|(_, s)| s.unsynced).sum();
    let forked: Vec<&str> = sums.iter().filter(|(_, s)| s.forked).map(|(kiosk, _)| kiosk.as_str()).collect();
    let rate = thanked as f64 / took.as_secs_f64();
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "kiosks {}  thanked {thanked}  a second {rate:.0}  unsynced {unsynced}", sums.len());
    if !forked.is_empty() {
        let _ = writeln!(out, "forked: {}", forked.join(" "));
    }
    if unsynced == 0 && forked.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// From the file, the environment, or the data folder, in this order.
fn seats(args: &Args, board: &Board) -> anyhow::Result<Vec<Seat>> {
    let text = match &args.codes {
        Some(file) => std::fs::read_to_string(file).with_context(|| file.display().to_string())?,
        None => std::env::var(CODES_VARIABLE).unwrap_or_default(),
    };
    let mut seats = Vec::new();
    for line in text.split(['\n', ',']).map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
        seats.push(seat(line, board)?);
    }
    seats.truncate(args.kiosks as usize);
    if seats.len() < args.kiosks as usize {
        bail!(
            "{} codes for {} kiosks: write one line KIOSK WINDOW CODE for each, with codes from \
             `pingyi admin device enrol-code`",
            seats.len(),
            args.kiosks
        );
    }
    Ok(seats)
}

fn seat(line: &str, board: &Board) -> anyhow::Result<Seat> {
    let mut words = line.split_whitespace();
    let (Some(kiosk), Some(window), Some(code), None) = (words.next(), words.next(), words.next(), words.next()) else {
        bail!("{line:?} is not KIOSK WINDOW CODE");
    };
    let window: WindowId = window.parse()?;
    if board.window(&window).is_none() {
        bail!("window {window} is not on the board");
    }
    Ok(Seat { kiosk: kiosk.parse()?, window, code: code.to_owned() })
}

fn append_to(path: &Path) -> anyhow::Result<File> {
    OpenOptions::new().create(true).append(true).open(path).with_context(|| path.display().to_string())
}

impl Run {
    /// Takes one of the ratings that are left; false: enough.
    fn take_one(&self) -> bool {
        let taken = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        taken.is_ok() && !self.stop.came()
    }

    /// One line, durable before this returns.
    fn note_thanked(&self, kiosk: &KioskId, receipt_code: &str) -> io::Result<()> {
        let Some(file) = &self.thanked else { return Ok(()) };
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        // One write: a line is there whole or not at all.
        file.write_all(format!("{kiosk} {receipt_code}\n").as_bytes())?;
        file.sync_data()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_needs_a_window_of_the_board_and_a_code() {
        let board = crate::kiosk::flow::model::board();
        let read = seat("K01  W03 ABCD-EFGH-JKMN", &board).unwrap();
        assert_eq!((read.kiosk.as_str(), read.code.as_str()), ("K01", "ABCD-EFGH-JKMN"));
        for bad in ["", "K01 W03", "K01 W99 X", "K01 W03 X Y", "K/1 W03 X"] {
            assert!(seat(bad, &board).is_err(), "{bad}");
        }
    }
}
