//! What was found, as an auditor reads it: each sentence in Chinese and English.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::ledger::verify::{Break, EpochReport};
use crate::words::Language;
use crate::words::fleet::verdict;
use crate::words::verify::Verify;

/// Each sentence in Chinese and English.
pub fn both(sentence: impl Fn(Verify) -> Cow<'static, str>) -> String {
    format!("{} · {}", sentence(Verify(Language::Zh)), sentence(Verify(Language::En)))
}

/// A whole file's epochs and the verdict.
pub fn told(path: &str, epochs: &[EpochReport]) -> String {
    let mut out = format!("{}\n", both(|w| w.ledger(path)));
    for epoch in epochs {
        tell_epoch(&mut out, epoch, None);
    }
    let breaks = epochs.iter().map(EpochReport::break_count).sum();
    out + &verdict_line(epochs.is_empty(), breaks)
}

/// The last line.
pub fn verdict_line(empty: bool, breaks: u64) -> String {
    let verdict = match (empty, breaks) {
        (true, _) => both(|w| w.empty()),
        (false, 0) => both(|w| w.whole()),
        (false, count) => both(|w| w.broken(count)),
    };
    format!("{verdict}\n")
}

/// One epoch. `place` names its kiosk and window where they are known.
pub fn tell_epoch(out: &mut String, epoch: &EpochReport, place: Option<&str>) {
    let device = epoch.device.to_string();
    let mut line = |text: String| {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{text}");
    };
    line(String::new());
    line(match place {
        Some(place) => format!("{place} · {}", both(|w| w.epoch(epoch.epoch, &device))),
        None => both(|w| w.epoch(epoch.epoch, &device)),
    });
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
    for (at, decided) in &epoch.decided_forks {
        let text = format!("{} · {}", verdict(Language::Zh, *decided), verdict(Language::En, *decided));
        line(format!("  ! {}", both(|w| w.fork_decided(*at, &text))));
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

pub fn sentence(words: Verify, found: &Break) -> Cow<'static, str> {
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
        Break::RunChanged { first, last } => words.run_changed(*first, *last),
        Break::NotJoined { seq } => words.not_joined(*seq),
        Break::Fork { at, last } => words.fork(*at, *last),
        Break::ForkUnproven { at } => words.fork_unproven(*at),
        Break::KeyMissing => words.key_missing(),
        Break::Differs { seq } => words.differs(*seq),
        Break::AcknowledgedGone { receipt, held } => words.acknowledged_gone(*receipt, *held),
    }
}
