//! What staff and maintenance do: sign-in, duty, maintenance, cleaning; and the board they are named on.

use std::sync::Arc;

use super::effect::Effect;
use super::event::{Event, SyncStatus};
use super::save::{Settlement, Then};
use super::{Flow, Place};
use crate::domain::board::{Bilingual, Board, ServiceWindow};
use crate::domain::id::{StaffNo, WindowId};
use crate::domain::time::Now;
use crate::domain::visit::{DutyState, PauseReason, VisitTrigger};
use crate::ledger::entry::{Body, Panel};
use crate::ledger::standing::Duty;

/// Digits of a staff number and of a PIN that a pad takes.
const MAX_DIGITS: usize = 12;

/// A pad of digits; `Debug` hides them.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Pad {
    pub digits: String,
    pub is_checking: bool,
    pub is_refused: bool,
}

impl std::fmt::Debug for Pad {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pad({} digits)", self.digits.len())
    }
}

pub(super) fn is_desk(event: &Event) -> bool {
    use Event::{
        CleaningChosen, DigitErased, DigitsEntered, HandOverChosen, InviteChosen, MaintenanceAsked, PanelLeft,
        PauseChosen, PinDigit, QuitChosen, ResumeChosen, SignOutChosen, StaffNoDigit, StaffPanelAsked, SyncChosen,
    };
    matches!(
        event,
        CleaningChosen
            | DigitErased
            | DigitsEntered
            | HandOverChosen
            | InviteChosen
            | MaintenanceAsked
            | PanelLeft
            | PauseChosen(_)
            | PinDigit(_)
            | QuitChosen
            | ResumeChosen
            | SignOutChosen
            | StaffNoDigit(_)
            | StaffPanelAsked
            | SyncChosen
    )
}

/// The window as the board names it; its bare id on a board that does not.
pub(super) fn window_of(board: &Board, id: &WindowId) -> Arc<ServiceWindow> {
    Arc::new(board.window(id).cloned().unwrap_or_else(|| ServiceWindow {
        id: id.clone(),
        number: id.to_string(),
        name: Bilingual { zh: id.to_string(), en: None },
        items: Vec::new(),
        honours: Vec::new(),
    }))
}

impl Flow {
    pub(super) fn desk(&mut self, event: Event, now: Now, out: &mut Vec<Effect>) {
        match (event, &mut self.place) {
            (Event::StaffPanelAsked, Place::Home | Place::Reasons | Place::Thanks) => {
                match &self.duty.staff {
                    // The glass is the citizen's: whoever would pause the window or sign the colleague out shows that
                    // they may. An erased empty PIN leads to another staff number.
                    Some(staff) => {
                        let staff_no = staff.to_string();
                        self.go(Place::StaffPin { staff_no, pad: Pad::default() }, Some(self.config.panel_ms), now);
                    }
                    None => self.ask_staff_no(now),
                }
            }
            (Event::MaintenanceAsked, place) if may_maintain(place) => {
                self.go(Place::AdminPin(Pad::default()), Some(self.config.panel_ms), now);
            }
            (Event::StaffNoDigit(digit), Place::StaffNo(pad))
            | (Event::PinDigit(digit), Place::StaffPin { pad, .. } | Place::AdminPin(pad)) => pad.push(digit),
            (Event::DigitErased, Place::StaffPin { pad, .. }) if pad.digits.is_empty() && !pad.is_checking => {
                self.ask_staff_no(now);
            }
            (Event::DigitErased, Place::StaffNo(pad) | Place::StaffPin { pad, .. } | Place::AdminPin(pad)) => pad.pop(),
            (Event::DigitsEntered, _) => self.digits_entered(now, out),
            (Event::PauseChosen(reason), Place::Choices) => self.pause(reason, now, out),
            (Event::ResumeChosen, Place::Choices) => {
                let duty = Duty { state: DutyState::On, reason: None, ..self.duty.clone() };
                self.settle(Settlement { duty: Some(duty), ..Settlement::default() }, now, out);
            }
            (Event::SignOutChosen, Place::Choices) => self.sign_out(Then::Home, now, out),
            (Event::HandOverChosen, Place::Choices) => self.sign_out(Then::AskStaffNo, now, out),
            (Event::InviteChosen, Place::Choices) => self.invite(VisitTrigger::Staff, None, None, None, now, out),
            (Event::CleaningChosen, Place::Choices | Place::Maintenance) if !self.is_broken => {
                self.go(Place::Cleaning, Some(self.config.cleaning_ms), now);
            }
            (Event::SyncChosen, Place::Maintenance) => out.push(Effect::Sync),
            (Event::QuitChosen, Place::Maintenance) => out.push(Effect::Quit),
            (Event::PanelLeft, place) if is_panel(place) => self.leave(now, out),
            _ => {}
        }
    }

    pub(super) fn ask_staff_no(&mut self, now: Now) {
        self.go(Place::StaffNo(Pad::default()), Some(self.config.panel_ms), now);
    }

    pub(super) fn secret_checked(&mut self, granted: bool, lockout_ms: u64, now: Now, out: &mut Vec<Effect>) {
        if !granted {
            self.lockout_until_ms = now.mono_ms.saturating_add(lockout_ms);
        }
        self.is_checking = false;
        match &mut self.place {
            Place::StaffPin { staff_no, pad } if pad.is_checking => {
                let staff_no = StaffNo::new(staff_no).ok();
                let staff = staff_no.filter(|no| granted && may_serve(&self.board, no, &self.config.window));
                let note = Body::PanelUsed { panel: Panel::Staff, granted: staff.is_some() };
                if staff.is_some() && staff == self.duty.staff {
                    self.save_note(note, Then::Choices, out);
                } else if staff.is_some() {
                    let duty = Some(Duty { state: DutyState::On, staff, reason: None });
                    self.settle(Settlement { note: Some(note), duty, ..Settlement::default() }, now, out);
                } else {
                    pad.refuse();
                    self.save_note(note, Then::Stay, out);
                }
            }
            Place::AdminPin(pad) if pad.is_checking => {
                if !granted {
                    pad.refuse();
                } else if self.is_broken {
                    // Nothing can be saved now; this panel is how it gets mended.
                    return self.go(Place::Maintenance, Some(self.config.panel_ms), now);
                }
                let then = if granted { Then::Maintenance } else { Then::Stay };
                if !self.is_broken {
                    self.save_note(Body::PanelUsed { panel: Panel::Maintenance, granted }, then, out);
                }
            }
            _ => {}
        }
    }

    /// True if a board waits and no citizen is at the present one: the idle card, standby or pause.
    pub(super) fn may_adopt_board(&self) -> bool {
        self.next_board.is_some() && self.place == Place::Home && self.term.is_none()
    }

    pub(super) fn adopt_board(&mut self) {
        if let Some(board) = self.next_board.take() {
            self.version = board.version();
            self.window = window_of(&board, &self.config.window);
            let named = self.duty.staff.as_ref().filter(|_| self.duty.state != DutyState::Off);
            self.staff = named.and_then(|no| board.staff(no)).cloned().map(Arc::new);
            self.board = board;
        }
    }

    pub(super) fn sync_reported(&mut self, status: SyncStatus, out: &mut Vec<Effect>) {
        let was_enrolled = self.sync.enrolled;
        self.sync = status;
        if self.sync.enrolled && !was_enrolled {
            self.want_ticket(out);
        }
    }

    /// A code for the visit on the screen; without a centre there is none.
    pub(super) fn want_ticket(&self, out: &mut Vec<Effect>) {
        if let (Some(visit), true) = (&self.visit, self.sync.enrolled) {
            out.push(Effect::MakeTicket { visit: visit.seq, rated: visit.rated.is_some() });
        }
    }

    pub(super) fn ticket_made(&mut self, seq: u64, url: String) {
        if let Some(visit) = self.visit.as_mut().filter(|v| v.seq == seq) {
            visit.ticket = Some(url);
        }
    }

    fn digits_entered(&mut self, now: Now, out: &mut Vec<Effect>) {
        let locked = now.mono_ms < self.lockout_until_ms || self.is_checking;
        match &mut self.place {
            Place::StaffNo(pad) if !pad.digits.is_empty() => {
                let staff_no = std::mem::take(&mut pad.digits);
                self.go(Place::StaffPin { staff_no, pad: Pad::default() }, Some(self.config.panel_ms), now);
            }
            Place::StaffPin { staff_no, pad } if pad.may_check(locked) => match StaffNo::new(staff_no) {
                Ok(staff_no) => {
                    self.is_checking = true;
                    out.push(Effect::CheckStaffPin { staff_no, pin: pad.check() });
                }
                Err(_) => pad.refuse(),
            },
            Place::AdminPin(pad) if pad.may_check(locked) => {
                self.is_checking = true;
                out.push(Effect::CheckAdminPin { pin: pad.check() });
            }
            _ => {}
        }
    }

    fn pause(&mut self, reason: PauseReason, now: Now, out: &mut Vec<Effect>) {
        let duty = Duty { state: DutyState::Paused, reason: Some(reason), ..self.duty.clone() };
        self.settle(Settlement { duty: Some(duty), ..Settlement::default() }, now, out);
    }

    fn sign_out(&mut self, then: Then, now: Now, out: &mut Vec<Effect>) {
        self.settle(Settlement { duty: Some(Duty::default()), then: Some(then), ..Settlement::default() }, now, out);
    }
}

impl Pad {
    fn push(&mut self, digit: char) {
        if digit.is_ascii_alphanumeric() && self.digits.len() < MAX_DIGITS && !self.is_checking {
            self.digits.push(digit);
            self.is_refused = false;
        }
    }

    fn pop(&mut self) {
        if !self.is_checking {
            self.digits.pop();
        }
    }

    fn may_check(&self, locked: bool) -> bool {
        !self.digits.is_empty() && !self.is_checking && !locked
    }

    /// Hands the digits out and keeps none.
    fn check(&mut self) -> String {
        self.is_checking = true;
        self.is_refused = false;
        std::mem::take(&mut self.digits)
    }

    fn refuse(&mut self) {
        *self = Self { is_refused: true, ..Self::default() };
    }
}

fn may_serve(board: &Board, no: &StaffNo, window: &WindowId) -> bool {
    board.staff(no).is_some_and(|s| s.windows.is_empty() || s.windows.contains(window))
}

fn may_maintain(place: &Place) -> bool {
    matches!(
        place,
        Place::Home
            | Place::Thanks
            | Place::Trouble { .. }
            | Place::StaffNo(_)
            | Place::StaffPin { .. }
            | Place::Choices
    )
}

pub(super) fn is_panel(place: &Place) -> bool {
    matches!(
        place,
        Place::StaffNo(_) | Place::StaffPin { .. } | Place::Choices | Place::AdminPin(_) | Place::Maintenance
    )
}
