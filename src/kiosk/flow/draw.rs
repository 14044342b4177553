//! The view: what is to be drawn of where the flow stands.

use std::sync::Arc;

use super::desk::Pad;
use super::view::{Card, Hall, Maintenance, PadProblem, Reasons, Screen, StaffPanel, Standby, Thanks, View};
use super::{Flow, Place};
use crate::domain::time::Now;
use crate::domain::visit::{DutyState, PauseReason};
use crate::ledger::chain::receipt_code;

impl Flow {
    pub fn view(&self, now: Now) -> View {
        View {
            screen: self.screen(now),
            generation: self.generation,
            language: self.language,
            senior: self.senior,
            hall: Hall::from(&*self.board),
            sync: self.sync.clone(),
            clock: self.shows_clock(now).then(|| self.civil(now).map(|t| t.strftime("%H:%M").to_string())).flatten(),
        }
    }

    fn screen(&self, now: Now) -> Screen {
        match &self.place {
            Place::Starting => Screen::Standby(self.standby(now)),
            Place::Home => self.home(now),
            Place::Saving { level } => match self.card(now) {
                Some(card) => Screen::Saving { card, level: *level },
                None => Screen::Standby(self.standby(now)),
            },
            Place::Reasons => self.reasons(now),
            Place::Thanks => Screen::Thanks(self.thanks(now)),
            Place::StaffNo(pad) => Screen::StaffPanel(StaffPanel::AskStaffNo {
                digits: pad.digits.clone(),
                problem: self.problem(pad, now),
            }),
            Place::StaffPin { staff_no, pad } => Screen::StaffPanel(StaffPanel::AskPin {
                staff_no: staff_no.clone(),
                entered: pad.digits.len(),
                checking: pad.is_checking,
                problem: self.problem(pad, now),
            }),
            Place::Choices => match &self.staff {
                Some(staff) => Screen::StaffPanel(StaffPanel::Choices {
                    staff: Arc::clone(staff),
                    paused: self.paused(),
                    may_invite: self.serves(),
                }),
                None => Screen::Standby(self.standby(now)),
            },
            Place::AdminPin(pad) => Screen::Maintenance(Maintenance::AskPin {
                entered: pad.digits.len(),
                checking: pad.is_checking,
                problem: self.problem(pad, now),
            }),
            Place::Maintenance => {
                Screen::Maintenance(Maintenance::Open { sync: self.sync.clone(), device: self.device.clone() })
            }
            Place::Trouble { code } => Screen::Trouble { code: code.clone(), hotline: self.board.hall.hotline.clone() },
            Place::Cleaning => Screen::Cleaning { seconds_left: self.seconds_left(now) },
        }
    }

    fn home(&self, now: Now) -> Screen {
        if let Some(reason) = self.paused() {
            return Screen::Paused { window: Arc::clone(&self.window), reason, staff: self.staff.clone() };
        }
        self.card(now).map_or_else(|| Screen::Standby(self.standby(now)), Screen::Card)
    }

    fn paused(&self) -> Option<PauseReason> {
        (self.duty.state == DutyState::Paused).then(|| self.duty.reason.unwrap_or(PauseReason::ShortLeave))
    }

    /// None while nobody serves: there is nothing to rate.
    fn card(&self, now: Now) -> Option<Card> {
        let (staff, visit) = (self.staff.as_ref()?, self.visit.as_ref()?);
        let prompted = visit.invited && visit.rated.is_none();
        Some(Card {
            item: visit.item.as_ref().and_then(|code| self.board.item(code)).cloned().map(Arc::new),
            case_no: visit.case_no.as_ref().map(ToString::to_string),
            prompted,
            seconds_left: (prompted && self.term.is_some()).then(|| self.seconds_left(now)),
            qr: visit.ticket.clone(),
            ..Card::of(&self.board, &self.window, staff, self.today(now))
        })
    }

    fn reasons(&self, now: Now) -> Screen {
        let Some((visit, rating)) = self.visit.as_ref().and_then(|v| Some((v, v.rated?))) else {
            return Screen::Standby(self.standby(now));
        };
        Screen::Reasons(Reasons {
            chosen: visit.chosen.clone(),
            may_revise: self.may_revise(now),
            ..Reasons::of(&self.board, rating.level, self.seconds_left(now))
        })
    }

    fn thanks(&self, now: Now) -> Thanks {
        let hash = self.visit.as_ref().and_then(|v| v.rated).and_then(|r| r.hash);
        Thanks {
            receipt_code: hash.as_ref().map(receipt_code).unwrap_or_default(),
            qr: self.visit.as_ref().and_then(|v| v.ticket.clone()),
            seconds_left: self.seconds_left(now),
            may_revise: self.may_revise(now),
        }
    }

    fn standby(&self, now: Now) -> Standby {
        Standby {
            witness: self.witness.as_ref().map(|(seq, hash)| format!("{seq} · {}", &hash.to_string()[..8])),
            ..Standby::of(&self.board, &self.window, self.today(now))
        }
    }

    fn problem(&self, pad: &Pad, now: Now) -> Option<PadProblem> {
        let wait_ms = self.lockout_until_ms.saturating_sub(now.mono_ms);
        if wait_ms > 0 {
            return Some(PadProblem::Wait { seconds: wait_ms.div_ceil(1_000) });
        }
        pad.is_refused.then_some(PadProblem::Refused)
    }

    /// None while the clock is not to be believed.
    fn today(&self, now: Now) -> Option<jiff::civil::Date> {
        if self.shows_clock(now) { self.civil(now).map(|t| t.date()) } else { None }
    }

    fn civil(&self, now: Now) -> Option<jiff::civil::DateTime> {
        Some(self.config.zone.to_datetime(jiff::Timestamp::from_millisecond(now.wall.0).ok()?))
    }
}
