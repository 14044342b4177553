//! `pingyi verify`: a ledger's chain, signatures, receipts and gaps, from the running kiosk's file or a copy.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;

use crate::journal::evidence;
use crate::journal::place::LEDGER_FILE;
use crate::ledger::keys::DeviceId;
use crate::ledger::verify::{Break, EpochReport};
use crate::words::Language;
use crate::words::verify::Verify;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The ledger's file, or the folder it lies in
    #[arg(value_name = "LEDGER.db")]
    ledger: PathBuf,
    /// The device whose ledger it must be, as the centre names it (32 hexadecimal digits)
    #[arg(long, value_name = "ID", value_parser = device)]
    device: Option<DeviceId>,
}

/// Prints what holds and what does not; failure if anything does not.
///
/// # Errors
/// When the file cannot be opened as a ledger.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let path = if args.ledger.is_dir() { args.ledger.join(LEDGER_FILE) } else { args.ledger };
    let epochs =
        evidence::verify(&path, args.device).with_context(|| format!("无法查验 · cannot verify {}", path.display()))?;
    print!("{}", told(&path.display().to_string(), &epochs));
    let holds = !epochs.is_empty() && epochs.iter().all(EpochReport::holds);
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn device(text: &str) -> Result<DeviceId, String> {
    DeviceId::from_hex(text).map_err(|e| e.to_string())
}

/// Each sentence in Chinese and English.
fn both(sentence: impl Fn(Verify) -> std::borrow::Cow<'static, str>) -> String {
    format!("{} · {}", sentence(Verify(Language::Zh)), sentence(Verify(Language::En)))
}

fn told(path: &str, epochs: &[EpochReport]) -> String {
    let mut out = format!("{}\n", both(|w| w.ledger(path)));
    for epoch in epochs {
        tell_epoch(&mut out, epoch);
    }
    let breaks: u64 = epochs.iter().map(|e| e.breaks.len() as u64 + e.more_breaks).sum();
    let verdict = match (epochs.is_empty(), breaks) {
        (true, _) => both(|w| w.empty()),
        (false, 0) => both(|w| w.whole()),
        (false, count) => both(|w| w.broken(count)),
    };
    out.push_str(&verdict);
    out.push('\n');
    out
}

fn tell_epoch(out: &mut String, epoch: &EpochReport) {
    let device = epoch.device.to_string();
    let mut line = |text: String| {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{text}");
    };
    line(String::new());
    line(both(|w| w.epoch(epoch.epoch, &device)));
    line(format!("  {}", both(|w| w.entries(epoch.first_seq, epoch.last_seq, epoch.entries))));
    line(format!("  {}", both(|w| w.held_content(epoch.boots, epoch.visits, epoch.ratings))));
    line(format!("  {}", both(|w| w.head(&epoch.last_hash.to_string()))));
    if epoch.pruned_seq > 0 {
        line(format!("  {}", both(|w| w.pruned(epoch.pruned_seq))));
    }
    line(match epoch.receipt_seq {
        0 => format!("  {}", both(|w| w.no_receipt())),
        seq => format!("  {}", both(|w| w.receipt(seq))),
    });
    if let Some(follows) = epoch.follows {
        line(format!("  {}", both(|w| w.follows(follows.epoch, follows.seq))));
    }
    if epoch.holds() {
        line(format!("  ✓ {}", both(|w| w.epoch_whole())));
    }
    for found in &epoch.breaks {
        line(format!("  ✗ {}", both(|w| sentence(w, found))));
    }
    if epoch.more_breaks > 0 {
        line(format!("  … {}", both(|w| w.more(epoch.more_breaks))));
    }
    line(String::new());
}

fn sentence(words: Verify, found: &Break) -> std::borrow::Cow<'static, str> {
    match found {
        Break::Changed { seq } => words.changed(*seq),
        Break::NotSigned { seq } => words.not_signed(*seq),
        Break::Missing { after, before } => words.missing(*after, *before),
        Break::Moved { seq, says } => words.moved(*seq, *says),
        Break::Unreadable { seq, why } => words.unreadable(*seq, why),
        Break::NoGenesis { seq } => words.no_genesis(*seq),
        Break::OtherDevice { found } => words.other_device(&found.to_string()),
        Break::OutOfOrder { seq, fault } => words.out_of_order(*seq, &fault.to_string()),
        Break::EndCutOff { known, last } => words.end_cut_off(*known, *last),
        Break::OtherHistory { seq } => words.other_history(*seq),
        Break::ReceiptNotSigned { seq } => words.receipt_not_signed(*seq),
        Break::PrunedUncovered { pruned, receipt } => words.pruned_uncovered(*pruned, *receipt),
        Break::OtherWords { seq } => words.other_words(*seq),
        Break::NotFollowed { follows, last } => words.not_followed(*follows, *last),
        Break::Store { after, why } => words.store(*after, why),
    }
}
