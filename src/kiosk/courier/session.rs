//! The plan with a journal: carries out what needs no network, and hands out one request at a time as bytes.
//!
//! **Architecture invariant:** no thread, no socket, no clock; the same code runs on the courier's thread, in
//! `pingyi simulate` and in the seeded simulation.

use std::collections::VecDeque;
use std::sync::Arc;

use super::shelf::Shelf;
use crate::config::rules;
use crate::domain::board::{Board, BoardVersion};
use crate::domain::id::WindowId;
use crate::domain::time::Now;
use crate::journal::outbox::EpochStand;
use crate::journal::{Journal, JournalFault};
use crate::kiosk::flow::event::SyncStatus;
use crate::kiosk::sync::event::{Answer, Event, Failure, Known, Memory, Pace, Place, Start};
use crate::kiosk::sync::frame::{self, Reply, Wire};
use crate::kiosk::sync::plan::Plan;
use crate::kiosk::sync::step::{Request, RequestId, Span, Step};
use crate::ledger::entry::Head;
use crate::ledger::keys::DeviceKey;
use crate::protocol::{BatchAnswer, EnrolAnswer, Heartbeat, HeartbeatAnswer, KioskFinding, KioskState, Receipt, WIRE};

/// Under this name the journal keeps the plan's memory.
const MEMORY: &str = "sync";

/// What the caller is to do.
#[derive(Debug)]
pub enum Act {
    /// Send it, and hand the reply or the failure to [`Session::answered`].
    Send(Wire),
    /// Call [`Session::handle`] with `Event::Woke` at this monotonic time; an earlier wish is replaced.
    WakeAt {
        mono_ms: u64,
    },
    Report(SyncStatus),
    /// The ledger has grown by entries of its own.
    LedgerGrew(Head),
    /// The device was taken in, or what phones open has changed.
    PhoneUrl(String),
    /// Show it.
    ShowBoard(Arc<Board>),
    /// A portrait is on the shelf.
    PhotoCame(String),
}

/// What the session is told once.
#[derive(Debug, Clone)]
pub struct Setting {
    /// A board without this window is not shown.
    pub window: WindowId,
    pub code: Option<String>,
    pub pace: Pace,
    pub seed: u64,
    /// None: no portraits are fetched.
    pub shelf: Option<Shelf>,
}

#[derive(Debug)]
pub struct Session {
    plan: Plan,
    key: Arc<DeviceKey>,
    setting: Setting,
    head: Head,
    away: Option<Away>,
    /// The centre's answer to the code, until the journal has it: it comes only once.
    to_enrol: Option<Box<EnrolAnswer>>,
    /// For heartbeats.
    pub free_disk_mb: u64,
    /// The window's pixels; none: there is no window.
    pub screen: Option<(u32, u32)>,
}

/// The request that is under way.
#[derive(Debug)]
struct Away {
    id: RequestId,
    request: Request,
    sent: Option<Span>,
    left_ms: u64,
}

impl Session {
    /// Takes up where the journal stands.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn new(journal: &Journal, setting: Setting) -> Result<Self, JournalFault> {
        let enrolment = journal.enrolment()?;
        let known = |e: &EpochStand| Known { epoch: e.epoch, last_seq: e.last_seq, held_seq: e.held_seq };
        let start = Start {
            device: journal.head().device,
            ledgers: journal.epochs()?.iter().map(known).collect(),
            receipt_ms: journal.latest_receipt()?.map(|r| r.server_ms),
            centre: enrolment.as_ref().map(|e| e.centre_key),
            phone_url: enrolment.map(|e| e.phone_url).unwrap_or_default(),
            board: journal.boards()?.first().map(|(version, _)| version.0.clone()),
            memory: recalled(journal)?,
            code: setting.code.clone(),
            pace: setting.pace,
            seed: setting.seed,
        };
        Ok(Self {
            plan: Plan::new(start),
            key: journal.key(),
            head: journal.head(),
            setting,
            away: None,
            to_enrol: None,
            free_disk_mb: 0,
            screen: None,
        })
    }

    pub fn status(&self) -> SyncStatus {
        self.plan.status()
    }

    /// Takes what happened. The ledger's growth need not be told: it is looked at each time.
    pub fn handle(&mut self, journal: &mut Journal, event: Event, now: Now) -> Vec<Act> {
        let mut acts = Vec::new();
        self.keep_enrolment(journal, now);
        let mut events = VecDeque::from([event]);
        loop {
            let head = journal.head();
            if head != self.head {
                self.head = head;
                events.push_front(Event::Appended { epoch: head.epoch, seq: head.seq });
            }
            let Some(event) = events.pop_front() else { return acts };
            let own = !matches!(event, Event::Appended { .. });
            for step in self.plan.handle(event, now) {
                self.carry_out(journal, step, now, &mut events, &mut acts);
            }
            if own && journal.head() != head {
                acts.push(Act::LedgerGrew(journal.head()));
            }
        }
    }

    /// The reply to the request that was handed out last, or why there is none.
    pub fn answered(&mut self, journal: &mut Journal, reply: Result<Reply, Failure>, now: Now) -> Vec<Act> {
        let Some(away) = self.away.take() else { return Vec::new() };
        let round_trip_ms = now.mono_ms.saturating_sub(away.left_ms);
        let request = away.id;
        let mut acts = Vec::new();
        let read = reply.and_then(|reply| self.read(journal, away, reply, now, &mut acts));
        let (event, follows) = match read {
            Ok((answer, follows)) => (Event::Answered { request, answer, round_trip_ms }, follows),
            Err(failure) => (Event::Failed { request, failure }, None),
        };
        acts.extend(self.handle(journal, event, now));
        // A board was kept or refused after the plan knew that it came; the plan may have gone on to something else.
        if let Some(follows) = follows {
            acts.extend(self.handle(journal, follows, now));
        }
        acts
    }

    fn carry_out(
        &mut self,
        journal: &mut Journal,
        step: Step,
        now: Now,
        events: &mut VecDeque<Event>,
        acts: &mut Vec<Act>,
    ) {
        match step {
            Step::Send { id, request } => match self.wire(journal, &request, now) {
                Ok(Some((sent, wire))) => {
                    self.away = Some(Away { id, request, sent, left_ms: now.mono_ms });
                    acts.push(Act::Send(wire));
                }
                Ok(None) => events.push_back(Event::NothingToSend { request: id }),
                Err(fault) => {
                    events.push_back(Event::Failed { request: id, failure: Failure::Local(fault.to_string()) });
                }
            },
            Step::WakeAt { mono_ms } => acts.push(Act::WakeAt { mono_ms }),
            Step::HoldReceipt(receipt) => logged("receipt", journal.hold_receipt(&receipt, now).map(drop)),
            Step::AnchorClock { centre_ms, round_trip_ms } => {
                logged("clock anchor", journal.anchor_clock(centre_ms, round_trip_ms, now).map(drop));
            }
            Step::Remember(memory) => logged("memory of sync", remember(journal, &memory, now)),
            Step::TakeEnrolment(answer) => {
                acts.push(Act::PhoneUrl(answer.phone_url.clone()));
                self.to_enrol = Some(answer);
                self.keep_enrolment(journal, now);
            }
            Step::HoldPhoneUrl(url) => {
                logged("phone address", journal.hold_phone_url(&url, now));
                acts.push(Act::PhoneUrl(url));
            }
            Step::Report(status) => acts.push(Act::Report(status)),
        }
    }

    fn keep_enrolment(&mut self, journal: &mut Journal, now: Now) {
        if let Some(answer) = self.to_enrol.take()
            && let Err(fault) = journal.enrolled(&answer, now)
        {
            tracing::error!(%fault, "the enrolment is not kept yet; trying again");
            self.to_enrol = Some(answer);
        }
    }

    fn wire(
        &self,
        journal: &Journal,
        request: &Request,
        now: Now,
    ) -> Result<Option<(Option<Span>, Wire)>, JournalFault> {
        let (wall, clock) = journal.wall(now);
        let alone = |wire| Some((None, wire));
        Ok(match request {
            Request::Enrol { code } => alone(frame::enrol(code, &self.key, journal.head())),
            Request::Batch { epoch, from_seq, max_entries, max_bytes } => {
                let run = match journal.unsynced_from(*epoch, *from_seq, *max_entries, *max_bytes) {
                    Err(JournalFault::Pruned { wanted, first, .. }) if first > wanted => {
                        journal.unsynced_from(*epoch, first, *max_entries, *max_bytes)
                    }
                    run => run,
                };
                match run {
                    Ok(run) => run.and_then(frame::batch).map(|(span, wire)| (Some(span), wire)),
                    Err(JournalFault::Pruned { .. }) => None,
                    Err(other) => return Err(other),
                }
            }
            Request::Heartbeat { unsynced, board } => {
                let head = journal.head();
                let beat = Heartbeat {
                    wire: WIRE,
                    version: env!("CARGO_PKG_VERSION").to_owned(),
                    epoch: head.epoch,
                    seq: head.seq,
                    hash: head.hash,
                    unsynced: *unsynced,
                    free_disk_mb: self.free_disk_mb,
                    clock,
                    wall_ms: wall.0,
                    board: board.clone(),
                    state: Some(self.state(journal, board.is_some())),
                };
                alone(frame::heartbeat(&beat, &self.key))
            }
            Request::Board { held } => alone(frame::board(held.as_deref(), &self.key, wall.0)),
            Request::Photo { name } => {
                let held = self.setting.shelf.as_ref().and_then(|shelf| shelf.etag(name));
                alone(frame::photo(name, held.as_deref(), &self.key, wall.0))
            }
        })
    }

    fn state(&self, journal: &Journal, has_board: bool) -> KioskState {
        let duty = &journal.standing().duty;
        let findings = [
            (KioskFinding::NoScreen, self.screen.is_none()),
            (KioskFinding::NoBoard, !has_board),
            (KioskFinding::Forked, self.plan.status().forked),
        ];
        // Without a receipt, or while the ledger cannot be asked, it is 0: the centre knows what it has signed.
        let receipt = journal.latest_receipt().ok().flatten();
        KioskState {
            duty: duty.state,
            staff: duty.staff.clone(),
            boot: journal.boot(),
            receipt_seq: receipt.map_or(0, |r| r.seq),
            screen: self.screen,
            findings: findings.iter().filter(|(_, is)| *is).map(|(f, _)| f.code().to_owned()).collect(),
        }
    }

    /// Reads a reply; what it means for the board comes as a second event.
    fn read(
        &self,
        journal: &mut Journal,
        away: Away,
        reply: Reply,
        now: Now,
        acts: &mut Vec<Act>,
    ) -> Result<(Answer, Option<Event>), Failure> {
        let answer = match away.request {
            Request::Enrol { .. } => Answer::Enrolled(frame::read(&reply)?),
            Request::Heartbeat { .. } => {
                let answer: HeartbeatAnswer = frame::read(&reply)?;
                let place = place_of(journal, &answer.receipt)?;
                Answer::Heartbeat { answer, place }
            }
            Request::Batch { .. } => {
                let answer: BatchAnswer = frame::read(&reply)?;
                let (BatchAnswer::Held { receipt }
                | BatchAnswer::Gap { receipt, .. }
                | BatchAnswer::Fork { receipt, .. }) = &answer;
                let place = place_of(journal, receipt)?;
                let sent = away.sent.ok_or_else(|| Failure::Local("an answer to a batch that was not sent".into()))?;
                Answer::Batch { sent, answer, place }
            }
            Request::Board { .. } => {
                let Some((etag, board)) = frame::read_board(&reply)? else { return Ok((Answer::BoardUnchanged, None)) };
                let follows = self.keep_board(journal, &etag, board, &reply.body, now, acts);
                return Ok((Answer::Board { etag }, Some(follows)));
            }
            Request::Photo { name } => {
                let Some(bytes) = frame::read_photo(reply)? else { return Ok((Answer::Photo, None)) };
                if let Some(shelf) = &self.setting.shelf {
                    shelf.keep(&name, &bytes).map_err(|e| Failure::Local(e.to_string()))?;
                    acts.push(Act::PhotoCame(name));
                }
                Answer::Photo
            }
        };
        Ok((answer, None))
    }

    fn keep_board(
        &self,
        journal: &mut Journal,
        etag: &str,
        board: Board,
        json: &[u8],
        now: Now,
        acts: &mut Vec<Act>,
    ) -> Event {
        let etag = etag.to_owned();
        if let Some((path, wrong)) = rules::faults_of(&board).into_iter().next() {
            return Event::BoardRefused { etag, why: format!("{path}: {wrong:?}").chars().take(200).collect() };
        }
        if board.window(&self.setting.window).is_none() {
            return Event::BoardRefused { etag, why: format!("window {} is not on it", self.setting.window) };
        }
        if let Err(fault) = journal.hold_board(&BoardVersion(etag.clone()), json, now) {
            return Event::BoardRefused { etag, why: fault.to_string() };
        }
        let shelf = self.setting.shelf.as_ref();
        let photos = shelf.map(|s| s.wanted(&board, &self.setting.window)).unwrap_or_default();
        acts.push(Act::ShowBoard(Arc::new(board)));
        Event::BoardHeld { etag, photos }
    }
}

fn remember(journal: &mut Journal, memory: &Memory, now: Now) -> Result<(), JournalFault> {
    let text = serde_json::to_string(memory).map_err(|e| JournalFault::Damaged(e.to_string()))?;
    journal.remember(MEMORY, &text, now)
}

/// A memory that cannot be read is begun anew: the centre tells again what was in it.
fn recalled(journal: &Journal) -> Result<Memory, JournalFault> {
    let text = journal.recall(MEMORY)?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// Where the receipt stands in the device's own ledger.
fn place_of(journal: &Journal, receipt: &Receipt) -> Result<Place, Failure> {
    let local = |fault: JournalFault| Failure::Local(fault.to_string());
    Ok(match journal.hash_at(receipt.epoch, receipt.seq).map_err(local)? {
        Some(own) if own == receipt.hash => Place::Ours,
        Some(_) => Place::Other,
        None => {
            let stands = journal.epochs().map_err(local)?;
            let last = stands.iter().find(|e| e.epoch == receipt.epoch).map_or(0, |e| e.last_seq);
            if receipt.seq > last { Place::Ahead } else { Place::Pruned }
        }
    })
}

/// What is kept for convenience may fail: the centre can be asked again.
fn logged(what: &str, result: Result<(), JournalFault>) {
    if let Err(fault) = result {
        tracing::warn!(%fault, what, "not kept; it will be asked for again");
    }
}
