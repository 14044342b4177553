//! A kiosk without screen and disk, for tests: a flow, a ledger in memory that can be told to fail, and a hand-wound clock.

use std::sync::Arc;

use super::effect::{CallAnswer, Effect};
use super::event::{Event, SyncStatus};
use super::view::{Screen, View};
use super::{Flow, FlowConfig};
use crate::domain::board::Board;
use crate::domain::id::{StaffNo, WindowId};
use crate::domain::rating::Satisfaction;
use crate::domain::time::{Now, WallMs};
use crate::domain::visit::DutyState;
use crate::ledger::entry::Body;
use crate::ledger::keys::Hash;
use crate::ledger::standing::{Duty, Standing};

/// 2026-09-21T13:33:20Z, a Monday; 21:33 in the hall.
pub(super) const T: i64 = 1_790_000_000_000;

/// How the next saves go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Disk {
    Good,
    /// Refuses, and has stored nothing.
    Full,
    /// Reports a failure, and has stored it.
    Lying,
    /// Cannot be read either.
    Dead,
}

pub(super) struct Model {
    pub flow: Flow,
    pub standing: Standing,
    /// All that is stored; `seq` is index + 1.
    pub ledger: Vec<Body>,
    pub disk: Disk,
    pub mono_ms: u64,
    /// Reports that have not been delivered yet.
    pub reports: Vec<Event>,
    pub deliver_at_once: bool,
    pub answers: Vec<CallAnswer>,
    /// Calls since the last restart that wait for an answer.
    pub unanswered: usize,
    pub chimes: usize,
    pub quit: bool,
    pub wake_ms: Option<u64>,
    /// Ratings in the ledger for which the screen has said thanks, by receipt code.
    pub thanked: Vec<String>,
    /// The first thing that should never have happened.
    pub wrong: Option<String>,
    pins: bool,
}

impl Model {
    /// Somebody is on duty and the card is up.
    pub fn on_duty() -> Self {
        let mut model = Self::new(FlowConfig::new(WindowId::new("W03").unwrap(), jiff::tz::TimeZone::UTC));
        model.standing.duty = Duty { state: DutyState::On, staff: Some(StaffNo::new("0027").unwrap()), reason: None };
        model.start();
        model
    }

    pub fn new(config: FlowConfig) -> Self {
        let flow = Flow::new(config, Arc::new(board()));
        Self {
            flow,
            standing: Standing::default(),
            ledger: Vec::new(),
            disk: Disk::Good,
            mono_ms: 1_000,
            reports: Vec::new(),
            deliver_at_once: true,
            answers: Vec::new(),
            unanswered: 0,
            chimes: 0,
            quit: false,
            wake_ms: None,
            thanked: Vec::new(),
            wrong: None,
            pins: true,
        }
    }

    pub fn start(&mut self) {
        let effects = self.flow.start(self.now());
        self.carry_out(effects);
    }

    /// The plug is pulled and put back: the ledger stays, all else goes.
    pub fn restart(&mut self) {
        self.flow = Flow::new(self.flow.config.clone(), Arc::new(board()));
        self.reports.clear();
        self.unanswered = 0;
        self.start();
    }

    pub fn now(&self) -> Now {
        Now { wall: WallMs(T + self.mono_ms as i64), mono_ms: self.mono_ms }
    }

    pub fn view(&self) -> View {
        self.flow.view(self.now())
    }

    pub fn screen(&self) -> Screen {
        self.view().screen
    }

    pub fn send(&mut self, event: Event) {
        if matches!(event, Event::InviteCame { .. } | Event::CancelCame { .. } | Event::EndCame { .. }) {
            self.unanswered += 1;
        }
        let effects = self.flow.handle(event, self.now());
        self.carry_out(effects);
    }

    pub fn all(&mut self, events: impl IntoIterator<Item = Event>) {
        events.into_iter().for_each(|e| self.send(e));
    }

    pub fn tap(&mut self, level: Satisfaction) {
        self.tap_at(level, 100, 200);
    }

    pub fn tap_at(&mut self, level: Satisfaction, x: u16, y: u16) {
        // Fresh for every press, as the screens make it.
        let tap = self.mono_ms << 20 | (self.ledger.len() as u64) << 8 | self.reports.len() as u64;
        self.send(Event::FaceTapped { level, tap, x, y });
    }

    /// Time passes, with a wake at each moment that was wished for.
    pub fn pass(&mut self, ms: u64) {
        let until = self.mono_ms + ms;
        for _ in 0..100_000 {
            match self.wake_ms.filter(|at| *at <= until) {
                Some(at) => {
                    self.mono_ms = self.mono_ms.max(at);
                    self.wake_ms = None;
                    self.send(Event::Woke);
                }
                None => break,
            }
        }
        self.mono_ms = until;
    }

    /// Delivers the oldest report that waits.
    pub fn deliver(&mut self) {
        if !self.reports.is_empty() {
            let report = self.reports.remove(0);
            self.send(report);
        }
    }

    pub fn count(&self, is: impl Fn(&Body) -> bool) -> usize {
        self.ledger.iter().filter(|b| is(b)).count()
    }

    pub fn ratings(&self) -> usize {
        self.count(|b| matches!(b, Body::Rated(_)))
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Save { save, bodies } => self.save(save, bodies),
                Effect::ReadLedger => {
                    let report = match self.disk {
                        Disk::Dead => Event::LedgerFailed { code: "L-IO".into() },
                        _ => {
                            let seq = self.ledger.len() as u64;
                            Event::LedgerRead { standing: self.standing.clone(), head: (seq, hash_of(seq)) }
                        }
                    };
                    self.report(report);
                }
                Effect::CheckStaffPin { pin, .. } | Effect::CheckAdminPin { pin } => {
                    let granted = self.pins && pin == "2580";
                    self.report(Event::SecretChecked { granted, lockout_ms: if granted { 0 } else { 3_000 } });
                }
                Effect::MakeTicket { visit, rated } => {
                    self.report(Event::TicketMade { visit, url: format!("HTTPS://X/T/{visit}/{rated}") });
                }
                Effect::WakeAt { mono_ms } => self.wake_ms = Some(mono_ms),
                Effect::PlayChime => self.chimes += 1,
                Effect::AnswerCall { answer, .. } => {
                    self.answers.push(answer);
                    match self.unanswered.checked_sub(1) {
                        Some(left) => self.unanswered = left,
                        None => drop(self.wrong.get_or_insert("an answer that nobody waits for".into())),
                    }
                }
                Effect::Sync => {}
                Effect::Quit => self.quit = true,
            }
        }
        self.look();
        // Only now: a report must not overtake the effects that came with its cause.
        if self.deliver_at_once {
            self.deliver();
        }
    }

    fn save(&mut self, save: u64, mut bodies: Vec<Body>) {
        if bodies.is_empty() || bodies.len() > 8 {
            self.wrong.get_or_insert(format!("a save of {} bodies", bodies.len()));
        }
        if matches!(self.disk, Disk::Full | Disk::Dead) {
            return self.report(Event::SaveFailed { save, code: "L-FULL".into() });
        }
        for body in &mut bodies {
            if let Err(fault) = self.standing.apply(self.ledger.len() as u64 + 1, body) {
                self.wrong.get_or_insert(format!("{fault}: {body:?}"));
            }
            self.ledger.push(body.clone());
        }
        let seq = self.ledger.len() as u64;
        self.report(match self.disk {
            Disk::Good => Event::Saved { save, seq, hash: hash_of(seq) },
            _ => Event::SaveFailed { save, code: "L-IO".into() },
        });
    }

    fn report(&mut self, report: Event) {
        self.reports.push(report);
    }

    /// What must hold of every picture.
    fn look(&mut self) {
        match self.screen() {
            Screen::Thanks(thanks) => {
                let said = self.ledger.iter().zip(1..).any(|(body, seq)| {
                    matches!(body, Body::Rated(_) | Body::Revised(_))
                        && crate::ledger::chain::receipt_code(&hash_of(seq)) == thanks.receipt_code
                });
                if !said {
                    self.wrong.get_or_insert(format!("thanks for {:?}, which is no rating", thanks.receipt_code));
                }
                if !self.thanked.contains(&thanks.receipt_code) {
                    self.thanked.push(thanks.receipt_code);
                }
            }
            Screen::Card(_) if self.standing.visit.is_none() => {
                self.wrong.get_or_insert("a card without a visit in the ledger".into());
            }
            _ => {}
        }
    }
}

fn hash_of(seq: u64) -> Hash {
    Hash(*blake3::hash(&seq.to_le_bytes()).as_bytes())
}

pub(crate) fn board() -> Board {
    let json = serde_json::json!({
        "unit": {"zh": "政务服务管理局"},
        "hall": {"id": "H1", "name": {"zh": "政务大厅"}, "hotline": "12345"},
        "windows": [{"id": "W03", "number": "3", "name": {"zh": "户籍"}}],
        "staff": [
            {"staff_no": "0027", "name": "张敏", "post": {"zh": "户籍"}},
            {"staff_no": "0031", "name": "李强", "post": {"zh": "户籍"}, "windows": ["W09"]},
        ],
        "pledges": [{"id": "P1", "version": 2, "text": {"zh": "一次办好"}, "standard": {"zh": "清单"}, "time_limit": {"zh": "5 分钟"}}],
        "items": [{"code": "I1", "name": {"zh": "补领身份证"}, "limit_days": 0}],
        "tags": [
            {"code": "slow", "version": 3, "levels": ["dissatisfied", "very_dissatisfied"], "text": {"zh": "慢"}},
            {"code": "kind", "version": 1, "levels": ["very_satisfied"], "text": {"zh": "热情"}},
        ],
    });
    serde_json::from_value(json).unwrap()
}

pub(super) fn enrolled() -> Event {
    Event::SyncReported(SyncStatus { configured: true, enrolled: true, ..SyncStatus::default() })
}
