//! The kiosk's screen machine, pure: [`Flow::handle`] takes what happened and answers what is to be done;
//! [`Flow::view`] says what is to be drawn.
//!
//! | file | holds |
//! |---|---|
//! | `mod.rs` | [`Flow`], its configuration, the one way in |
//! | `visit.rs` | the visit on the glass, its closing, the signals of a rating |
//! | `citizen.rs` | faces, reasons, thanks, language, invitations |
//! | `desk.rs` | sign-in, duty, maintenance, cleaning |
//! | `save.rs` | the one save under way, what follows it, trouble |
//! | `time.rs` | what ends by itself, and when to wake |
//! | `shown.rs` | what a board gives a screen to show |
//! | `draw.rs` | the view |
//!
//! **Architecture invariant:** no egui, no store, no socket, no clock here. What happened comes in as an [`event::Event`]
//! in the past tense; what is to be done goes out as an [`effect::Effect`] in the imperative; what is to be drawn is a
//! [`view::View`].
//!
//! **Follow one tap.** The card is on the screen, so its visit stands in the ledger. `FaceTapped` makes `Save([Rated])` and
//! the screen [`view::Screen::Saving`]; nothing else can be pressed. `Saved` brings the reasons, `ReasonsSent` saves them and
//! brings the thanks with the receipt code; its end saves `[VisitClosed, VisitOpened]` and the card is back. `SaveFailed` in
//! between brings the trouble screen, which claims nothing; the ledger is read again before anyone can tap.

mod citizen;
mod desk;
mod draw;
pub mod effect;
pub mod event;
mod save;
mod shown;
mod time;
pub mod view;
mod visit;

#[cfg(test)]
pub(crate) mod model;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::Arc;

use self::desk::Pad;
use self::effect::Effect;
use self::event::{DeviceStatus, Event, SyncStatus};
use self::save::Pending;
use self::visit::{LastTap, Visit};
use crate::config::KioskConfig;
use crate::config::hours::OpeningHours;
use crate::domain::board::{Board, BoardVersion, ServiceWindow, StaffCard};
use crate::domain::id::WindowId;
use crate::domain::rating::Satisfaction;
use crate::domain::time::Now;
use crate::ledger::keys::Hash;
use crate::ledger::standing::Duty;
use crate::words::Language;

/// Events that wait for the save under way; more are refused or forgotten.
const MAX_WAITING: usize = 16;

/// How this kiosk behaves. Durations in milliseconds.
#[derive(Debug, Clone)]
pub struct FlowConfig {
    pub window: WindowId,
    pub zone: jiff::tz::TimeZone,
    /// To which the screen falls back.
    pub language: Language,
    pub senior: bool,
    /// None: always open.
    pub hours: Option<OpeningHours>,
    /// The business system or staff ask for ratings here, so that one nobody asked for is worth a signal.
    pub expects_invitations: bool,
    /// Language and senior mode fall back after so long without a touch.
    pub language_ms: u64,
    /// An invitation ends as no response.
    pub invited_ms: u64,
    pub reasons_ms: u64,
    pub thanks_ms: u64,
    /// Staff and maintenance panels.
    pub panel_ms: u64,
    pub trouble_ms: u64,
    pub cleaning_ms: u64,
    /// "Change my rating" is offered so long after the tap.
    pub grace_ms: u64,
    /// A tap on the card so soon after the last is the same citizen's second thought.
    pub second_tap_ms: u64,
    /// Ratings of different visits that are closer together carry a signal.
    pub rapid_ms: u64,
    /// A tap so soon after the card's appearance carries a signal.
    pub dwell_ms: u64,
    /// Touches extend a screen's time to at most so long in all.
    pub longest_ms: u64,
}

impl FlowConfig {
    /// As `kiosk.toml` says.
    pub fn of(kiosk: &KioskConfig) -> Self {
        let ms = |seconds: u32| u64::from(seconds) * 1_000;
        let times = &kiosk.timeouts;
        Self {
            language: kiosk.screen.language,
            senior: kiosk.screen.senior,
            hours: kiosk.hours.clone(),
            expects_invitations: kiosk.local_api.as_ref().is_some_and(|api| api.invites_every_visit),
            language_ms: ms(times.language_seconds),
            invited_ms: ms(times.invited_seconds),
            reasons_ms: ms(times.reasons_seconds),
            thanks_ms: ms(times.thanks_seconds),
            panel_ms: ms(times.panel_seconds),
            cleaning_ms: ms(times.cleaning_seconds),
            grace_ms: ms(times.grace_seconds),
            ..Self::new(kiosk.window.clone(), kiosk.time_zone.clone())
        }
    }

    /// With the usual durations.
    pub fn new(window: WindowId, zone: jiff::tz::TimeZone) -> Self {
        Self {
            window,
            zone,
            language: Language::Zh,
            senior: false,
            hours: None,
            expects_invitations: false,
            language_ms: 60_000,
            invited_ms: 30_000,
            reasons_ms: 45_000,
            thanks_ms: 20_000,
            panel_ms: 60_000,
            trouble_ms: 20_000,
            cleaning_ms: 30_000,
            grace_ms: 60_000,
            second_tap_ms: 15_000,
            rapid_ms: 20_000,
            dwell_ms: 500,
            longest_ms: 300_000,
        }
    }
}

/// What stands on the glass.
#[derive(Debug, Clone, PartialEq)]
enum Place {
    /// The ledger has not been read yet.
    Starting,
    /// Standby, card or paused, by duty.
    Home,
    Saving {
        level: Satisfaction,
    },
    Reasons,
    Thanks,
    StaffNo(Pad),
    StaffPin {
        staff_no: String,
        pad: Pad,
    },
    Choices,
    AdminPin(Pad),
    Maintenance,
    Trouble {
        code: String,
    },
    Cleaning,
}

/// A running time-out of the present place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Term {
    since_ms: u64,
    until_ms: u64,
    /// What a touch brings it back to.
    length_ms: u64,
}

/// The screen machine of one kiosk.
#[derive(Debug)]
pub struct Flow {
    config: FlowConfig,
    board: Arc<Board>,
    version: BoardVersion,
    /// Came while a citizen was at it.
    next_board: Option<Arc<Board>>,
    window: Arc<ServiceWindow>,
    staff: Option<Arc<StaffCard>>,
    duty: Duty,
    visit: Option<Visit>,
    last_tap: Option<LastTap>,
    place: Place,
    term: Option<Term>,
    pending: Option<Pending>,
    saves: u64,
    waiting: VecDeque<Event>,
    reading: bool,
    /// A save or a reading failed, and the ledger has not been read since; `code` says how.
    is_broken: bool,
    code: String,
    retry_ms: u64,
    language: Language,
    senior: bool,
    touched_ms: u64,
    lockout_until_ms: u64,
    /// A secret is being checked, for this pad or for one that was left: the next one waits for the answer.
    is_checking: bool,
    sync: SyncStatus,
    device: DeviceStatus,
    witness: Option<(u64, Hash)>,
    generation: u64,
    wake_ms: Option<u64>,
}

impl Flow {
    /// Nothing is on the screen but the standby until [`Flow::start`]'s effects are carried out.
    pub fn new(config: FlowConfig, board: Arc<Board>) -> Self {
        let window = desk::window_of(&board, &config.window);
        Self {
            version: board.version(),
            board,
            next_board: None,
            window,
            staff: None,
            duty: Duty::default(),
            visit: None,
            last_tap: None,
            place: Place::Starting,
            term: None,
            pending: None,
            saves: 0,
            waiting: VecDeque::new(),
            reading: false,
            is_broken: false,
            code: String::new(),
            retry_ms: 0,
            language: config.language,
            senior: config.senior,
            touched_ms: 0,
            lockout_until_ms: 0,
            is_checking: false,
            sync: SyncStatus::default(),
            device: DeviceStatus::default(),
            witness: None,
            generation: 1,
            wake_ms: None,
            config,
        }
    }

    /// The first effects.
    pub fn start(&mut self, now: Now) -> Vec<Effect> {
        let mut out = Vec::new();
        self.read_ledger(&mut out);
        self.wake(now, &mut out);
        out
    }

    /// Takes what happened and answers what is to be done, in order.
    pub fn handle(&mut self, event: Event, now: Now) -> Vec<Effect> {
        let mut out = Vec::new();
        let before = std::mem::discriminant(&self.place);
        let home = self.home_kind();
        self.take(event, now, &mut out);
        while self.pending.is_none() && !self.reading {
            let Some(event) = self.waiting.pop_front() else { break };
            self.take(event, now, &mut out);
        }
        self.expire(now, &mut out);
        if std::mem::discriminant(&self.place) != before || self.home_kind() != home {
            self.generation += 1;
        }
        self.wake(now, &mut out);
        out
    }

    /// True while a save is under way or the ledger is being read: nothing that was pressed is thanked for yet.
    pub fn is_busy(&self) -> bool {
        self.pending.is_some() || self.reading
    }

    fn take(&mut self, event: Event, now: Now, out: &mut Vec<Effect>) {
        if time::is_touch(&event) {
            self.touch(now);
        }
        match event {
            Event::Touched => self.touched(now, out),
            Event::Woke => {}
            Event::Saved { save, seq, hash } => self.saved(save, seq, hash, now, out),
            Event::SaveFailed { save, code } => self.save_failed(save, code, now, out),
            Event::LedgerRead { standing, head } => {
                self.ledger_read(standing, head, now, out);
            }
            Event::LedgerFailed { code } => self.ledger_failed(code, now, out),
            Event::BoardCame(board) => self.next_board = Some(board),
            Event::SyncReported(status) => self.sync_reported(status, out),
            Event::DeviceReported(status) => self.device = status,
            Event::TicketMade { visit, url } => self.ticket_made(visit, url),
            Event::LanguageToggled => self.language = self.language.toggled(),
            Event::SeniorToggled => self.senior = !self.senior,
            event if self.is_busy() && (save::must_wait(&event) || !self.waiting.is_empty()) => self.wait(event, out),
            Event::SecretChecked { granted, lockout_ms } => self.secret_checked(granted, lockout_ms, now, out),
            event if desk::is_desk(&event) => self.desk(event, now, out),
            event => self.citizen(event, now, out),
        }
    }

    /// Which of the home screens the duty and the visit call for; also tells a prompted card from a quiet one.
    fn home_kind(&self) -> (bool, bool) {
        (self.place == Place::Home, self.visit.is_some())
    }

    fn go(&mut self, place: Place, length_ms: Option<u64>, now: Now) {
        self.place = place;
        self.term = length_ms.map(|length_ms| Term {
            since_ms: now.mono_ms,
            until_ms: now.mono_ms.saturating_add(length_ms),
            length_ms,
        });
    }
}
