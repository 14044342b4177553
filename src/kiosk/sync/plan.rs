//! The machine. One request at a time, in this order: enrolment, heartbeat when due, board when another is named, entries,
//! photos. So a year's backlog delays neither a heartbeat nor a new board by more than one batch.

use super::backoff::Backoff;
use super::event::{Event, Failure, Memory, Pace, Start};
use super::step::{Request, RequestId, Step};
use crate::domain::time::Now;
use crate::kiosk::flow::event::SyncStatus;
use crate::ledger::keys::{DeviceId, Hash, PublicKey};
use crate::protocol::{MAX_BATCH_BYTES, MAX_BATCH_ENTRIES};
use crate::words::Language;
use crate::words::sync::Sync as SyncWords;

/// The shortest wait after the centre has said no: asking again soon changes nothing.
pub const REFUSED_WAIT_MS: u64 = 60_000;
/// A ledger with two histories is shown to the centre at most this often; nothing else of it is sent.
pub const EVIDENCE_EVERY_MS: u64 = 3_600_000;
/// Entries before the place in question that go with such evidence.
pub const EVIDENCE_ENTRIES: u64 = 50;
/// Bytes of a batch after many failures; one entry always goes.
pub const LEAST_BATCH_BYTES: usize = 16 * 1024;
/// Tries of one photo before it waits for the next board.
pub const PHOTO_TRIES: u8 = 3;
/// Photos fetched for one board.
pub const MAX_PHOTOS: usize = 500;

/// Synchronisation of one device with one centre.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(super) device: DeviceId,
    /// Oldest epoch first.
    pub(super) ledgers: Vec<Ledger>,
    pub(super) centre: Option<PublicKey>,
    pub(super) phone_url: String,
    pub(super) board: Option<String>,
    pub(super) memory: Memory,
    pub(super) code: Option<String>,
    pub(super) pace: Pace,
    pub(super) in_flight: Option<(RequestId, Request)>,
    pub(super) backoff: Backoff,
    /// Nothing is sent before.
    pub(super) quiet_until_ms: u64,
    /// The rank of the request that failed last: the others that are due go before it, so that a route of the centre
    /// that does not work holds up no entries.
    pub(super) yields: Option<u8>,
    pub(super) heartbeat_due_ms: u64,
    /// When entries that wait are sent.
    pub(super) batch_due_ms: Option<u64>,
    pub(super) batch_entries: usize,
    pub(super) batch_bytes: usize,
    /// ETag that the centre names and the device does not have.
    pub(super) wanted_board: Option<String>,
    /// ETag of a board that was not fit to be shown; not fetched again.
    pub(super) unfit_board: Option<String>,
    /// Names that are still to be fetched, last one first, with the tries so far.
    pub(super) photos: Vec<(String, u8)>,
    /// The device is not known to the centre any more.
    pub(super) unknown: bool,
    pub(super) online: bool,
    pub(super) receipt_ms: Option<i64>,
    pub(super) trouble: Option<Trouble>,
    reported: Option<SyncStatus>,
    next_id: u64,
}

/// One epoch and how much of it the centre holds.
#[derive(Debug, Clone)]
pub(super) struct Ledger {
    pub epoch: u32,
    pub last: u64,
    pub cursor: Cursor,
    /// An epoch that is closed: its end is sent once to learn what the centre holds of it.
    pub probe: bool,
    pub evidence_due_ms: u64,
}

/// How much of a ledger the centre holds, by its latest receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cursor {
    /// All up to `seq`, and it is the device's own history.
    At { seq: u64 },
    /// The receipt names a place that is not in this ledger: it was rolled back, or copied.
    Elsewhere { seq: u64 },
    /// The centre asks for entries that are pruned here.
    Gone { seq: u64 },
}

/// What keeps synchronisation from working, for maintenance staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    Failed(Failure),
    /// A receipt that the centre's key did not sign, or that is about another ledger.
    ReceiptRefused,
    /// The centre took a batch and did not move.
    NoProgress,
    BoardUnfit(String),
    NoCode,
}

impl Plan {
    /// After a start of the program.
    pub fn new(start: Start) -> Self {
        let Start { device, ledgers, receipt_ms, centre, phone_url, board, memory, code, pace, seed } = start;
        let current = ledgers.last().map(|l| l.epoch);
        let ledgers = ledgers.iter().map(|known| {
            let cursor = Cursor::At { seq: known.held_seq };
            let probe = Some(known.epoch) != current;
            Ledger { epoch: known.epoch, last: known.last_seq, cursor, probe, evidence_due_ms: 0 }
        });
        Self {
            device,
            ledgers: ledgers.collect(),
            centre,
            phone_url,
            board,
            memory,
            code,
            pace,
            in_flight: None,
            backoff: Backoff::new(seed),
            quiet_until_ms: 0,
            yields: None,
            heartbeat_due_ms: 0,
            batch_due_ms: Some(0),
            batch_entries: MAX_BATCH_ENTRIES,
            batch_bytes: MAX_BATCH_BYTES,
            wanted_board: None,
            unfit_board: None,
            photos: Vec::new(),
            unknown: false,
            online: false,
            receipt_ms,
            trouble: None,
            reported: None,
            next_id: 0,
        }
    }

    /// Takes what happened and says what is to be done, in order.
    pub fn handle(&mut self, event: Event, now: Now) -> Vec<Step> {
        let mut steps = Vec::new();
        match event {
            Event::Appended { epoch, seq } => self.appended(epoch, seq, now),
            Event::CodeGiven(code) => self.code = Some(code),
            Event::SyncAsked => {
                self.quiet_until_ms = 0;
                self.heartbeat_due_ms = 0;
                self.ledgers.iter_mut().for_each(|l| l.evidence_due_ms = 0);
                self.batch_due_ms = Some(now.mono_ms);
            }
            Event::Woke => {}
            Event::Answered { request, answer, round_trip_ms } => {
                if let Some(asked) = self.take_in_flight(request) {
                    self.answered(&asked, answer, round_trip_ms, now, &mut steps);
                }
            }
            Event::Failed { request, failure } => {
                if let Some(asked) = self.take_in_flight(request) {
                    self.failed(&asked, failure, now);
                }
            }
            Event::BoardHeld { etag, photos } => {
                self.board = Some(etag);
                self.wanted_board = None;
                self.photos = photos.into_iter().take(MAX_PHOTOS).map(|name| (name, 0)).collect();
                self.photos.reverse();
            }
            Event::BoardRefused { etag, why } => {
                self.trouble = Some(Trouble::BoardUnfit(why));
                self.wanted_board = None;
                self.unfit_board = Some(etag);
            }
            Event::NothingToSend { request } => {
                if let Some(Request::Batch { epoch, .. }) = self.take_in_flight(request) {
                    self.nothing_to_send(epoch);
                }
            }
        }
        self.go_on(now, &mut steps);
        steps
    }

    /// Entries that no receipt covers.
    pub fn unsynced(&self) -> u64 {
        let of = |ledger: &Ledger| match (self.memory.forked_at.get(&ledger.epoch), ledger.cursor) {
            (Some(at), _) => (ledger.last + 1).saturating_sub(*at),
            (None, Cursor::At { seq } | Cursor::Gone { seq }) => ledger.last.saturating_sub(seq),
            (None, Cursor::Elsewhere { .. }) => ledger.last,
        };
        self.ledgers.iter().map(of).sum()
    }

    pub fn status(&self) -> SyncStatus {
        SyncStatus {
            configured: true,
            enrolled: self.centre.is_some() && !self.unknown,
            online: self.online,
            unsynced: self.unsynced(),
            last_receipt_ms: self.receipt_ms,
            trouble: self.trouble_text(),
            forked: !self.memory.forked_at.is_empty(),
        }
    }

    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    fn take_in_flight(&mut self, id: RequestId) -> Option<Request> {
        self.in_flight.take_if(|(pending, _)| *pending == id).map(|(_, request)| request)
    }

    pub(super) fn ledger(&mut self, epoch: u32) -> Option<&mut Ledger> {
        self.ledgers.iter_mut().find(|l| l.epoch == epoch)
    }

    pub(super) fn is_current(&self, epoch: u32) -> bool {
        self.ledgers.last().is_some_and(|l| l.epoch == epoch)
    }

    fn appended(&mut self, epoch: u32, seq: u64, now: Now) {
        if self.unsynced() == 0 {
            self.batch_due_ms = None;
        }
        match self.ledger(epoch) {
            Some(ledger) => ledger.last = ledger.last.max(seq),
            None => {
                let cursor = Cursor::At { seq: 0 };
                self.ledgers.push(Ledger { epoch, last: seq, cursor, probe: false, evidence_due_ms: 0 });
            }
        }
        self.batch_due_ms.get_or_insert(now.mono_ms + self.pace.linger_ms);
    }

    fn nothing_to_send(&mut self, epoch: u32) {
        if let Some(ledger) = self.ledger(epoch) {
            ledger.probe = false;
            match ledger.cursor {
                Cursor::At { seq } if seq < ledger.last => ledger.cursor = Cursor::Gone { seq },
                _ => {}
            }
        }
    }

    /// Sends what is next, or says when to look again.
    fn go_on(&mut self, now: Now, steps: &mut Vec<Step>) {
        let next = if self.in_flight.is_some() { None } else { self.next_request(now) };
        let status = self.status();
        if self.reported.as_ref() != Some(&status) {
            self.reported = Some(status.clone());
            steps.push(Step::Report(status));
        }
        let wake_at = match next {
            Some((due_ms, request)) if due_ms.max(self.quiet_until_ms) <= now.mono_ms => {
                self.next_id += 1;
                let id = RequestId(self.next_id);
                self.in_flight = Some((id, request.clone()));
                return steps.push(Step::Send { id, request });
            }
            Some((due_ms, _)) => due_ms.max(self.quiet_until_ms),
            None => return,
        };
        steps.push(Step::WakeAt { mono_ms: wake_at });
    }

    /// The request that comes first, and when.
    fn next_request(&mut self, now: Now) -> Option<(u64, Request)> {
        if let Some(code) = self.code_to_use() {
            return Some((0, Request::Enrol { code }));
        }
        if self.centre.is_none() {
            // Nothing can be done until an administrator gives a code and the program starts anew.
            self.trouble = Some(Trouble::NoCode);
            return None;
        }
        let heartbeat = Request::Heartbeat { unsynced: self.unsynced(), board: self.board.clone() };
        let mut candidates = vec![(self.heartbeat_due_ms, heartbeat)];
        if !self.unknown {
            if self.wanted_board.is_some() {
                candidates.push((0, Request::Board { held: self.board.clone() }));
            }
            candidates.extend(self.ledgers.iter().filter_map(|l| self.next_batch(l)));
            if let Some((name, _)) = self.photos.last() {
                candidates.push((0, Request::Photo { name: name.clone() }));
            }
        }
        // The earliest; among those that are due already the order above decides.
        let from = self.quiet_until_ms.max(now.mono_ms);
        candidates.into_iter().min_by_key(|(due_ms, request)| {
            let rank = rank(request);
            ((*due_ms).max(from), self.yields == Some(rank), rank)
        })
    }

    fn code_to_use(&self) -> Option<String> {
        let code = self.code.as_ref()?;
        let fresh = self.memory.code != Some(code_hash(code));
        (self.centre.is_none() || fresh).then(|| code.clone())
    }

    fn next_batch(&self, ledger: &Ledger) -> Option<(u64, Request)> {
        let epoch = ledger.epoch;
        let batch =
            |from_seq, max_entries| Request::Batch { epoch, from_seq, max_entries, max_bytes: self.batch_bytes };
        let forked = self.memory.forked_at.contains_key(&epoch);
        match ledger.cursor {
            Cursor::At { .. } if ledger.probe => Some((0, batch(ledger.last, 1))),
            Cursor::At { seq } if seq < ledger.last && !forked => {
                Some((self.batch_due_ms?, batch(seq + 1, self.batch_entries)))
            }
            Cursor::Elsewhere { seq } => {
                let from_seq = seq.min(ledger.last).saturating_sub(EVIDENCE_ENTRIES) + 1;
                let entries = usize::try_from(EVIDENCE_ENTRIES).unwrap_or(1).min(self.batch_entries);
                Some((ledger.evidence_due_ms, batch(from_seq, entries)))
            }
            _ => None,
        }
    }

    fn trouble_text(&self) -> Option<String> {
        let say = |language| self.trouble_in(SyncWords(language));
        Some(format!("{} / {}", say(Language::Zh)?, say(Language::En)?))
    }

    fn trouble_in(&self, words: SyncWords) -> Option<std::borrow::Cow<'static, str>> {
        if let Some((_, at)) = self.memory.forked_at.last_key_value() {
            return Some(words.forked(*at));
        }
        for ledger in self.ledgers.iter().rev() {
            match ledger.cursor {
                Cursor::At { .. } => {}
                Cursor::Elsewhere { seq } => return Some(words.elsewhere(seq, ledger.last)),
                Cursor::Gone { seq } => return Some(words.gone(seq)),
            }
        }
        if self.unknown {
            return Some(words.unknown_device());
        }
        Some(match self.trouble.as_ref()? {
            Trouble::NoCode => words.no_code(),
            Trouble::ReceiptRefused => words.receipt_refused(),
            Trouble::NoProgress => words.no_progress(),
            Trouble::BoardUnfit(why) => words.board_unfit(why),
            Trouble::Failed(failure) => failed_text(words, failure),
        })
    }
}

fn failed_text(words: SyncWords, failure: &Failure) -> std::borrow::Cow<'static, str> {
    match failure {
        Failure::Unreachable(why) => words.unreachable(why),
        Failure::Busy { status, .. } => words.busy(*status),
        Failure::Refused { code, message, .. } => words.refused(code, message),
        Failure::Unreadable(why) => words.unreadable(why),
        Failure::Local(why) => words.local(why),
    }
}

/// What goes first among requests that are due.
pub(super) fn rank(request: &Request) -> u8 {
    match request {
        Request::Enrol { .. } => 0,
        Request::Heartbeat { .. } => 1,
        Request::Board { .. } => 2,
        Request::Batch { .. } => 3,
        Request::Photo { .. } => 4,
    }
}

/// By which a code is recognised without being kept.
pub(super) fn code_hash(code: &str) -> Hash {
    let code: String = code.chars().filter(|c| *c != '-').flat_map(char::to_uppercase).collect();
    Hash(*blake3::hash(code.as_bytes()).as_bytes())
}
