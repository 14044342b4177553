//! `pingyi admin rebuild`: visits, facts and roll-ups made anew from what the devices signed.

use std::path::Path;
use std::process::ExitCode;

use data_encoding::HEXLOWER;
use rusqlite::TransactionBehavior;

use super::note;
use super::progress::Progress;
use crate::centre::alerts::rules;
use crate::centre::audit::Act;
use crate::centre::ingest::rebuild;
use crate::centre::statistics::{Book, digest, tail};
use crate::centre::{running, schema};
use crate::config::CentreConfig;
use crate::db;
use crate::domain::time::WallMs;

/// Halls' spans in one go.
const SPANS_AT_ONCE: usize = 50;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// `centre.toml`, or its folder: days and hours are those of its time zone
    #[arg(long, value_name = "FILE", default_value = "kiosk-config")]
    config: std::path::PathBuf,
    /// Only say whether the figures would change; exit code 1 if they would
    #[arg(long)]
    dry_run: bool,
}

/// Rebuilds in one transaction: whatever interrupts it leaves everything as it was.
///
/// # Errors
/// While a centre runs on the folder, or when an entry cannot be read.
pub fn run(args: &Args, data: &Path, now: WallMs, out: &mut impl std::io::Write) -> anyhow::Result<ExitCode> {
    let zone = CentreConfig::load(&args.config)?.time_zone;
    let _lock = running::lock(data)?;
    let mut conn = db::open(&data.join(schema::FILE), &schema::SCHEMA)?;
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    Book::open(&tx, zone.clone())?.flush(&tx)?;
    let before = digest::digest(&tx)?;
    let mut progress = Progress::new("entries", rebuild::entries(&tx)?);
    let rebuilt = rebuild::rebuild(&tx, zone.clone(), now, |entries| progress.reach(entries, ""))?;
    progress.end();
    let after = digest::digest(&tx)?;
    // What was told again is no news to the rules of alerts.
    rules::weighed(&tx, tail::last_id(&tx)?)?;
    let book = Book::open(&tx, zone)?;
    let mut spans = Progress::new("spans of halls", book.finished_spans_due(&tx, now)?);
    let mut made = 0;
    while let some @ 1.. = book.finish_spans(&tx, now, SPANS_AT_ONCE)? {
        made += some as u64;
        spans.reach(made, "");
    }
    spans.end();
    let rebuild::Rebuilt { segments, entries, facts, decisions } = rebuilt;
    writeln!(out, "{entries} entries in {segments} segments, {facts} facts, {decisions} decided forks")?;
    let same = before == after;
    if !same {
        writeln!(out, "before  {}", HEXLOWER.encode(&before))?;
    }
    writeln!(
        out,
        "figures {}  {}",
        HEXLOWER.encode(&after),
        if same { "as they were" } else { "are others than before" }
    )?;
    if args.dry_run {
        tx.rollback()?;
        writeln!(out, "nothing was changed")?;
        return Ok(if same { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    let detail = format!("{entries} entries, figures {}", if same { "as they were" } else { "changed" });
    note(&tx, now, Act::FiguresRebuilt, "statistics", &detail)?;
    tx.commit()?;
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(ExitCode::SUCCESS)
}
