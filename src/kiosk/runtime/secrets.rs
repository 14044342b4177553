//! Compares PINs, off every other thread, and slows down whoever guesses. Failures are counted in the ledger's file before
//! a PIN is compared, so that neither a restart nor a pulled plug wins a try.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread::JoinHandle;

use super::Shared;
use crate::config::pin::PinHash;
use crate::domain::id::StaffNo;
use crate::kiosk::flow::event::Event;

/// Secrets that may wait.
const MAX_SECRETS: usize = 4;
/// Wrong tries of one person's PIN before the first wait.
const FREE_TRIES: u32 = 4;
/// Wrong tries at the panel, whoever was named, before the first wait.
const FREE_PANEL_TRIES: u32 = 20;
const FIRST_WAIT_MS: u64 = 30_000;
const LONGEST_WAIT_MS: u64 = 15 * 60_000;

pub(super) enum Secret {
    Staff { staff_no: StaffNo, pin: String },
    Admin { pin: String },
    Stop,
}

pub(super) fn channel() -> (SyncSender<Secret>, Receiver<Secret>) {
    mpsc::sync_channel(MAX_SECRETS)
}

pub(super) fn spawn(shared: Arc<Shared>, asked: Receiver<Secret>, admin_pin: Option<PinHash>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let mut checker = Checker { shared, admin_pin, throttles: HashMap::new(), nobody: None };
        while let Ok(secret) = asked.recv() {
            match secret {
                Secret::Staff { staff_no, pin } => checker.staff(&staff_no, &pin),
                Secret::Admin { pin } => checker.admin(&pin),
                Secret::Stop => return,
            }
        }
    })
}

/// How long the next try must wait after so many failures in a row.
pub(super) fn wait_ms(failures: u32, free: u32) -> u64 {
    match failures.checked_sub(free + 1) {
        None => 0,
        Some(over) => FIRST_WAIT_MS.saturating_mul(1 << over.min(20)).min(LONGEST_WAIT_MS),
    }
}

/// One counter as this boot knows it.
#[derive(Debug, Clone, Copy)]
struct Throttle {
    failures: u32,
    until_ms: u64,
}

struct Checker {
    shared: Arc<Shared>,
    admin_pin: Option<PinHash>,
    throttles: HashMap<String, Throttle>,
    /// Compared when there is nothing to compare with, so that a stranger's number takes as long as a colleague's.
    nobody: Option<PinHash>,
}

impl Checker {
    fn staff(&mut self, staff_no: &StaffNo, pin: &str) {
        let board = Arc::clone(&self.shared.core().board);
        let card = board.staff(staff_no);
        let hash = card.and_then(|s| s.pin_hash.as_deref()).and_then(|text| text.parse::<PinHash>().ok());
        // Numbers that name nobody share one counter: there is no end of them.
        let name = if card.is_some() { format!("staff:{staff_no}") } else { "staff:?".to_owned() };
        self.check(&[(&name, FREE_TRIES), ("panel:staff", FREE_PANEL_TRIES)], hash, pin);
    }

    fn admin(&mut self, pin: &str) {
        let hash = self.admin_pin.clone();
        self.check(&[("admin", FREE_TRIES)], hash, pin);
    }

    fn check(&mut self, counters: &[(&str, u32)], hash: Option<PinHash>, pin: &str) {
        let blocked_ms = counters.iter().map(|(name, free)| self.blocked_ms(name, *free)).max().unwrap_or(0);
        if blocked_ms > 0 {
            return self.shared.send(Event::SecretChecked { granted: false, lockout_ms: blocked_ms });
        }
        for (name, free) in counters {
            self.count_failure(name, *free);
        }
        let known = hash.is_some();
        let granted = hash.or_else(|| self.nobody()).is_some_and(|hash| hash.verifies(pin)) && known;
        if granted {
            for (name, _) in counters {
                self.forgive(name);
            }
        }
        let lockout_ms = counters.iter().map(|(name, free)| self.blocked_ms(name, *free)).max().unwrap_or(0);
        self.shared.send(Event::SecretChecked { granted, lockout_ms });
    }

    fn nobody(&mut self) -> Option<PinHash> {
        if self.nobody.is_none() {
            self.nobody = PinHash::make("000000").ok();
        }
        self.nobody.clone()
    }

    /// A counter that was high before a restart waits once more from the beginning: no clock can be believed over it.
    fn blocked_ms(&mut self, name: &str, free: u32) -> u64 {
        let now_ms = self.shared.now().mono_ms;
        if !self.throttles.contains_key(name) {
            let asked = name.to_owned();
            let failures = self.shared.ledger.with(move |journal, _| journal.failures(&asked));
            let failures = failures.ok().and_then(Result::ok).unwrap_or(0);
            let until_ms = now_ms.saturating_add(wait_ms(failures, free));
            self.throttles.insert(name.to_owned(), Throttle { failures, until_ms });
        }
        self.throttles.get(name).map_or(0, |t| t.until_ms.saturating_sub(now_ms))
    }

    /// Counted in memory too: with a broken disk the throttle still holds until the next start.
    fn count_failure(&mut self, name: &str, free: u32) {
        let now_ms = self.shared.now().mono_ms;
        let asked = name.to_owned();
        let stored = self.shared.ledger.with(move |journal, _| journal.note_failure(&asked));
        let known = self.throttles.get(name).map_or(0, |t| t.failures);
        let failures = stored.ok().and_then(Result::ok).unwrap_or(0).max(known.saturating_add(1));
        let until_ms = now_ms.saturating_add(wait_ms(failures, free));
        self.throttles.insert(name.to_owned(), Throttle { failures, until_ms });
    }

    fn forgive(&mut self, name: &str) {
        self.throttles.insert(name.to_owned(), Throttle { failures: 0, until_ms: 0 });
        let asked = name.to_owned();
        let cleared = self.shared.ledger.with(move |journal, _| journal.clear_failures(&asked));
        if !matches!(cleared, Ok(Ok(()))) {
            tracing::warn!("the counter of wrong PINs could not be cleared");
        }
    }
}
