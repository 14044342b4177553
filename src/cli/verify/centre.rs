//! Fetches what a centre holds, page by page, and checks it here: every entry is hashed again, every signature, receipt and
//! fork checked with the devices' own keys. The centre's opinion of itself is not asked for.

use std::io::Write;

use anyhow::bail;

use super::told::{both, sentence, tell_epoch, verdict_line};
use crate::cli::client::Centre;
use crate::ledger::chain::Tip;
use crate::ledger::keys::{DeviceId, PublicKey};
use crate::ledger::verify::{
    Break, EpochReport, EpochStart, Kept, KeptFork, OwnEpoch, Run, StoredReceipt, Verifier, check_succession, compare,
};
use crate::protocol::holdings::{ForkPage, HeldLedger, HeldRun, LedgerPage, RunPage};
use crate::words::Language;
use crate::words::fleet::epoch_reason;

/// Ledgers of one centre that are looked at.
const MAX_LEDGERS: usize = 200_000;

/// True if everything holds, and there is something. Prints each ledger as soon as it is known.
///
/// # Errors
/// When the centre does not answer, or its answers are none.
pub fn verify(
    centre: &Centre,
    device: Option<DeviceId>,
    own: &[OwnEpoch],
    out: &mut impl Write,
) -> anyhow::Result<bool> {
    let (centre_key, mut ledgers) = list(centre)?;
    ledgers.retain(|l| device.is_none_or(|device| device == l.device));
    ledgers.sort_by(|a, b| (&a.hall, &a.kiosk, a.device, a.epoch).cmp(&(&b.hall, &b.kiosk, b.device, b.epoch)));
    writeln!(out, "{}", both(|w| w.centre(centre.address())))?;
    writeln!(out, "{}", both(|w| w.centre_key(&centre_key.to_string())))?;
    if ledgers.is_empty() {
        writeln!(out, "{}", both(|w| w.nothing_held()))?;
    }
    let (mut breaks, mut before): (u64, Option<EpochReport>) = (0, None);
    for ledger in &ledgers {
        let mut kept = walk(centre, ledger, centre_key)?;
        follow(&mut kept.report, before.as_ref());
        breaks += tell(ledger, &kept, own, out)?;
        before = Some(kept.report);
    }
    for epoch in own.iter().filter(|o| !ledgers.iter().any(|l| l.device == o.device && l.epoch == o.epoch)) {
        writeln!(out, "! {}", both(|w| w.own_not_listed(epoch.epoch)))?;
        for found in compare(epoch, None) {
            breaks += 1;
            writeln!(out, "  ✗ {}", both(|w| sentence(w, &found)))?;
        }
    }
    if ledgers.is_empty() && breaks == 0 {
        return Ok(false);
    }
    write!(out, "\n{}", verdict_line(false, breaks))?;
    Ok(breaks == 0)
}

fn list(centre: &Centre) -> anyhow::Result<(PublicKey, Vec<HeldLedger>)> {
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let page: LedgerPage = centre.get_json("/api/v1/ledgers", &[("after", after.to_string())])?;
        all.extend(page.ledgers);
        match page.next {
            None => return Ok((page.centre_key, all)),
            Some(next) if next > after && all.len() < MAX_LEDGERS => after = next,
            Some(_) => bail!("{}", both(|w| w.endless())),
        }
    }
}

/// Fetches and checks one ledger.
fn walk(centre: &Centre, ledger: &HeldLedger, centre_key: PublicKey) -> anyhow::Result<Kept> {
    let path = format!("/api/v1/ledgers/{}/{}", ledger.device, ledger.epoch);
    let key = ledger.public_key.unwrap_or(PublicKey([0; 32]));
    let start = EpochStart {
        epoch: ledger.epoch,
        public_key: key,
        pruned_seq: 0,
        pruned_hash: Tip::start(ledger.device, ledger.epoch).hash,
    };
    let mut verifier = Verifier::new(&start, ledger.public_key.map(|_| ledger.device));
    let mut after = 0;
    loop {
        let page: RunPage = centre.get_json(&format!("{path}/runs"), &[("after", after.to_string())])?;
        page.runs.iter().for_each(|run| take(&mut verifier, run));
        match page.next {
            None => break,
            Some(next) if next > after => after = next,
            Some(_) => bail!("{}", both(|w| w.endless())),
        }
    }
    if ledger.forked_runs > 0 {
        forks(centre, &path, &mut verifier)?;
    }
    let receipt = &ledger.receipt;
    if receipt.seq > 0 {
        let named = verifier.centre_keys();
        let trusted = if named.is_empty() { std::slice::from_ref(&centre_key) } else { named };
        let own = receipt.device == ledger.device && receipt.epoch == ledger.epoch;
        let is_signed = own && trusted.iter().any(|key| receipt.holds(key));
        verifier.receipt(&StoredReceipt { seq: receipt.seq, hash: receipt.hash, is_signed });
    }
    let (mut report, hashes) = verifier.finish_with_hashes();
    if ledger.public_key.is_none() {
        report.device = ledger.device;
        report.note(Break::KeyMissing);
    }
    Ok(Kept { report, hashes })
}

fn take(verifier: &mut Verifier, held: &HeldRun) {
    let entries: Vec<&[u8]> = held.entries.iter().map(String::as_bytes).collect();
    let run = run_of(held, &entries);
    match &held.damage {
        Some(damage) => verifier.run_damaged(&run, damage.chars().take(300).collect()),
        None => verifier.take_run(&run),
    }
}

fn forks(centre: &Centre, path: &str, verifier: &mut Verifier) -> anyhow::Result<()> {
    let mut after = 0;
    loop {
        let page: ForkPage = centre.get_json(&format!("{path}/forks"), &[("after", after.to_string())])?;
        for fork in &page.forks {
            let entries: Vec<&[u8]> = fork.run.entries.iter().map(String::as_bytes).collect();
            let run = run_of(&fork.run, &entries);
            verifier.fork(&KeptFork { at_seq: fork.at_seq, run, verdict: fork.verdict });
        }
        match page.next {
            None => return Ok(()),
            Some(next) if next > after => after = next,
            Some(_) => bail!("{}", both(|w| w.endless())),
        }
    }
}

fn run_of<'a>(held: &HeldRun, entries: &'a [&'a [u8]]) -> Run<'a> {
    Run {
        first_seq: held.first_seq,
        last_seq: held.last_seq,
        prev: held.prev,
        head: held.head,
        signature: held.signature,
        entries,
    }
}

/// An epoch must begin where the one before it, of the same device, ended.
fn follow(report: &mut EpochReport, before: Option<&EpochReport>) {
    if let Some(before) = before.filter(|b| b.device == report.device) {
        let mut pair = [before.clone(), report.clone()];
        check_succession(&mut pair);
        let [_, checked] = pair;
        *report = checked;
    }
}

/// Prints one ledger; how many things do not hold.
fn tell(ledger: &HeldLedger, kept: &Kept, own: &[OwnEpoch], out: &mut impl Write) -> anyhow::Result<u64> {
    let place = format!("{} {} {}", ledger.hall, ledger.window, ledger.kiosk);
    let mut text = String::new();
    tell_epoch(&mut text, &kept.report, Some(&place));
    write!(out, "{}", text.trim_end_matches('\n'))?;
    writeln!(out)?;
    let last = kept.report.last_seq;
    if let Some(seq) = ledger.witnessed_seq.filter(|seq| *seq > last) {
        writeln!(out, "  ! {}", both(|w| w.witnessed(seq)))?;
    }
    if let Some(reason) = ledger.explained {
        let reason = format!("{} · {}", epoch_reason(Language::Zh, reason), epoch_reason(Language::En, reason));
        writeln!(out, "  ! {}", both(|w| w.explained(&reason)))?;
    }
    let mut breaks = kept.report.break_count();
    if let Some(own) = own.iter().find(|o| o.device == ledger.device && o.epoch == ledger.epoch) {
        let differences = compare(own, Some(kept));
        breaks += differences.len() as u64;
        for found in &differences {
            writeln!(out, "  ✗ {}", both(|w| sentence(w, found)))?;
        }
        if differences.is_empty() && own.first_seq <= last.min(own.last_seq()) {
            writeln!(out, "  ✓ {}", both(|w| w.compared(own.first_seq, last.min(own.last_seq()))))?;
        }
        if own.last_seq() > last {
            writeln!(out, "  ! {}", both(|w| w.waiting(own.last_seq() - last)))?;
        }
    }
    Ok(breaks)
}
