//! What a person says of a device's ledger: which of two histories counts, why an epoch was never closed.

use anyhow::Context as _;
use rusqlite::Connection;

use crate::centre::access::Who;
use crate::centre::audit::{self, Act};
use crate::centre::directory::accounts;
use crate::centre::ingest::explanations::{self, ExplainRefusal};
use crate::domain::explanation::{EpochReason, ForkVerdict};
use crate::domain::text::check_line;
use crate::domain::time::WallMs;
use crate::ledger::keys::DeviceId;

#[derive(Debug, clap::Args)]
pub struct Fork {
    /// The device's 32 digits, or their beginning
    pub device: String,
    #[arg(long)]
    epoch: u32,
    /// The entry at which the histories part, as `device list` shows it
    #[arg(long, value_name = "SEQ")]
    at: u64,
    /// held: the one that came first; both: the device was put back to an older state, and both happened
    #[arg(long, value_parser = codes(ForkVerdict::ALL, |v| v.code()))]
    verdict: String,
    #[command(flatten)]
    said: Said,
}

#[derive(Debug, clap::Args)]
pub struct Epoch {
    /// The device's 32 digits, or their beginning
    pub device: String,
    #[arg(long)]
    epoch: u32,
    #[arg(long, value_parser = codes(EpochReason::ALL, |r| r.code()))]
    reason: String,
    #[command(flatten)]
    said: Said,
}

#[derive(Debug, clap::Args)]
struct Said {
    /// What was found out, one line
    #[arg(long)]
    words: String,
    /// Who says so
    #[arg(long, value_name = "NAME")]
    by: String,
}

impl Fork {
    /// Records the decision with its line in the audit log; the running centre enters it into the figures within seconds.
    ///
    /// # Errors
    /// When there is no such fork, or it has been decided: the transaction must not be committed.
    pub fn decide(&self, conn: &Connection, id: DeviceId, now: WallMs) -> anyhow::Result<String> {
        let verdict = ForkVerdict::from_code(&self.verdict).context("no such verdict")?;
        let place = (id, self.epoch, self.at);
        let said = self.said.checked()?;
        explanations::decide_fork(conn, place, verdict, said, now)?.map_err(refused)?;
        let what = format!("epoch {} at {}: {}", self.epoch, self.at, verdict.code());
        note(conn, now, Act::ForkDecided, id, &what, said)?;
        Ok(format!("{id}: epoch {} at {}: {}; both histories are kept", self.epoch, self.at, verdict.code()))
    }
}

impl Epoch {
    /// Records the explanation with its line in the audit log.
    ///
    /// # Errors
    /// When the device has no such epoch: the transaction must not be committed.
    pub fn explain(&self, conn: &Connection, id: DeviceId, now: WallMs) -> anyhow::Result<String> {
        let reason = EpochReason::from_code(&self.reason).context("no such reason")?;
        let said = self.said.checked()?;
        explanations::explain_epoch(conn, (id, self.epoch), reason, said, now)?.map_err(refused)?;
        note(conn, now, Act::EpochExplained, id, &format!("epoch {}: {}", self.epoch, reason.code()), said)?;
        Ok(format!("{id}: epoch {}: {}", self.epoch, reason.code()))
    }
}

impl Said {
    fn checked(&self) -> anyhow::Result<(&str, &str)> {
        let by = self.by.trim();
        check_line(by, accounts::NAME_CHARS).map_err(|fault| anyhow::anyhow!("--by: the name {fault}"))?;
        Ok((self.words.trim(), by))
    }
}

/// Whoever has the machine acts as nobody of the centre's accounts: the line says in whose name it was.
fn note(
    conn: &Connection,
    now: WallMs,
    act: Act,
    id: DeviceId,
    what: &str,
    (words, by): (&str, &str),
) -> rusqlite::Result<()> {
    audit::append(conn, now, &Who::operator(), act, &format!("device:{id}"), &format!("by {by}: {what}: {words}"))
}

fn refused(refusal: ExplainRefusal) -> anyhow::Error {
    anyhow::anyhow!(match refusal {
        ExplainRefusal::NotThere =>
            "the device has no such epoch, or no fork at that entry; see pingyi admin device list",
        ExplainRefusal::Decided => "this fork has been decided; a decision stands",
        ExplainRefusal::Words => "--words: say in one line of 2 to 300 characters what was found out",
    })
}

fn codes<T>(all: &'static [T], code: fn(&T) -> &'static str) -> clap::builder::PossibleValuesParser {
    all.iter().map(code).collect::<Vec<_>>().into()
}
