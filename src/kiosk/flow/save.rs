//! The one save under way, what follows when it is durable, and what follows when it is not.

use std::sync::Arc;

use super::effect::{CallAnswer, Effect};
use super::event::{CallId, Event};
use super::visit::{LastTap, Opening, Rating, Visit};
use super::{Flow, MAX_WAITING, Place, Term};
use crate::domain::board::StaffCard;
use crate::domain::id::{CaseNo, ItemCode, StaffNo};
use crate::domain::rating::Satisfaction;
use crate::domain::time::Now;
use crate::domain::visit::{DutyState, VisitOutcome};
use crate::ledger::entry::Body;
use crate::ledger::keys::Hash;
use crate::ledger::standing::{Duty, Standing};

/// Between tries to read a broken ledger, doubled each time.
const RETRY_FIRST_MS: u64 = 2_000;
const RETRY_MOST_MS: u64 = 60_000;

/// A save that has not been reported yet.
#[derive(Debug)]
pub(super) struct Pending {
    save: u64,
    change: Change,
    duty: Option<Duty>,
    then: Then,
    answer: Option<(CallId, Answer)>,
}

/// What the save does to the visit.
#[derive(Debug)]
enum Change {
    None,
    Close,
    /// The opening is the last entry of the save.
    Open(Opening),
    Invite {
        item: Option<ItemCode>,
        case_no: Option<CaseNo>,
    },
    /// The rating is the last entry of the save.
    Rate {
        level: Satisfaction,
        tap: LastTap,
    },
    Explain,
}

/// Where the screen goes once it is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    Stay,
    Home,
    AskStaffNo,
    Choices,
    Maintenance,
}

/// What a call is told once it is durable.
#[derive(Debug, Clone, Copy)]
pub(super) enum Answer {
    Visit,
    Closed { visit: u64, outcome: VisitOutcome },
}

/// A step from one visit or duty to the next.
#[derive(Debug, Default)]
pub(super) struct Settlement {
    /// Goes before all else.
    pub note: Option<Body>,
    /// How the open visit ends; none: as it stands.
    pub outcome: Option<VisitOutcome>,
    pub duty: Option<Duty>,
    pub opening: Opening,
    pub then: Option<Then>,
    pub answer: Option<(CallId, Answer)>,
}

/// Events that lead to a save or away from a screen that waits for one. Others wait only to keep their order behind these.
pub(super) fn must_wait(event: &Event) -> bool {
    !matches!(
        event,
        Event::ReasonToggled(_) | Event::StaffNoDigit(_) | Event::PinDigit(_) | Event::DigitErased | Event::SyncChosen
    )
}

impl Flow {
    /// Holds the event until the save under way is reported. Of taps on faces one is held, and none while a rating is being
    /// saved: nothing was acknowledged.
    pub(super) fn wait(&mut self, event: Event, out: &mut Vec<Effect>) {
        let is_tap = matches!(event, Event::FaceTapped { .. });
        if is_tap {
            let held = self.waiting.iter().any(|e| matches!(e, Event::FaceTapped { .. }));
            if self.place == Place::Home && !held && self.waiting.len() < MAX_WAITING {
                self.waiting.push_back(event);
            }
        } else if self.waiting.len() < MAX_WAITING {
            self.waiting.push_back(event);
        } else {
            refuse(&event, "busy", out);
        }
    }

    /// Closes the open visit as it stands, takes up a new board or duty, and opens the next visit if somebody serves.
    pub(super) fn settle(&mut self, step: Settlement, now: Now, out: &mut Vec<Effect>) {
        let mut bodies: Vec<Body> = step.note.into_iter().collect();
        let closing = self.closing(step.outcome);
        let closes = !closing.is_empty();
        bodies.extend(closing);
        self.adopt_board();
        let mut duty = step.duty;
        let staff_no = |duty: &Duty| duty.staff.clone().filter(|_| duty.state != DutyState::Off);
        let mut staff = staff_no(duty.as_ref().unwrap_or(&self.duty));
        if staff.as_ref().is_some_and(|no| self.board.staff(no).is_none()) {
            // Whoever the board no longer names cannot be shown, and so does not serve.
            duty = Some(Duty::default());
            staff = None;
        }
        if let Some(Duty { state, staff, reason }) = duty.clone() {
            bodies.push(Body::Duty { state, staff, reason });
        }
        let state = duty.as_ref().unwrap_or(&self.duty).state;
        let change = match staff.filter(|_| state == DutyState::On) {
            Some(staff) => {
                bodies.push(self.opened(&step.opening, &staff));
                Change::Open(step.opening)
            }
            None if closes => Change::Close,
            None => Change::None,
        };
        let then = step.then.unwrap_or(Then::Home);
        if bodies.is_empty() && then == Then::Home {
            return self.go_home(now);
        }
        self.save(bodies, change, duty, then, step.answer, out);
    }

    pub(super) fn save_note(&mut self, note: Body, then: Then, out: &mut Vec<Effect>) {
        self.save(vec![note], Change::None, None, then, None, out);
    }

    pub(super) fn save_rating(&mut self, body: Body, level: Satisfaction, tap: LastTap, out: &mut Vec<Effect>) {
        self.save(vec![body], Change::Rate { level, tap }, None, Then::Stay, None, out);
    }

    pub(super) fn save_reasons(&mut self, body: Body, out: &mut Vec<Effect>) {
        self.save(vec![body], Change::Explain, None, Then::Stay, None, out);
    }

    pub(super) fn save_invitation(&mut self, body: Body, call: Option<CallId>, out: &mut Vec<Effect>) {
        let Body::Invited { item, case_no, .. } = &body else { return };
        let change = Change::Invite { item: item.clone(), case_no: case_no.clone() };
        self.save(vec![body], change, None, Then::Home, call.map(|c| (c, Answer::Visit)), out);
    }

    pub(super) fn saved(&mut self, save: u64, seq: u64, hash: Hash, now: Now, out: &mut Vec<Effect>) {
        let Some(pending) = self.pending.take_if(|p| p.save == save) else { return };
        self.witness = Some((seq, hash));
        if let Some(duty) = pending.duty {
            self.take_duty(duty);
        }
        let asked = self.take_change(pending.change, seq, hash, now, out);
        match pending.then {
            Then::Stay => {}
            Then::Home => self.go_home(now),
            Then::AskStaffNo => self.ask_staff_no(now),
            Then::Choices => self.go(Place::Choices, Some(self.config.panel_ms), now),
            Then::Maintenance => self.go(Place::Maintenance, Some(self.config.panel_ms), now),
        }
        if asked {
            out.push(Effect::PlayChime);
        }
        if let Some((call, answer)) = pending.answer {
            let answer = match (answer, &self.visit) {
                (Answer::Closed { visit, outcome }, _) => CallAnswer::Closed { visit, outcome },
                (Answer::Visit, Some(visit)) => CallAnswer::Visit(visit.seq),
                (Answer::Visit, None) => CallAnswer::Refused("nobody_on_duty"),
            };
            out.push(Effect::AnswerCall { call, answer });
        }
    }

    pub(super) fn save_failed(&mut self, save: u64, code: String, now: Now, out: &mut Vec<Effect>) {
        let Some(pending) = self.pending.take_if(|p| p.save == save) else { return };
        if let Some((call, _)) = pending.answer {
            out.push(Effect::AnswerCall { call, answer: CallAnswer::Refused("trouble") });
        }
        self.forget_waiting(out);
        // Whether it was stored is not known: the ledger says it when it is read again.
        self.visit = None;
        self.staff = None;
        self.duty = Duty::default();
        self.in_trouble(code, now);
    }

    pub(super) fn read_ledger(&mut self, out: &mut Vec<Effect>) {
        if !self.reading {
            self.reading = true;
            out.push(Effect::ReadLedger);
        }
    }

    pub(super) fn ledger_read(&mut self, standing: Standing, head: (u64, Hash), now: Now, out: &mut Vec<Effect>) {
        if !std::mem::take(&mut self.reading) {
            return;
        }
        self.retry_ms = 0;
        self.witness = Some(head);
        self.visit = standing.visit.as_ref().map(|open| Visit::left_open(open, now));
        self.take_duty(standing.duty);
        self.is_broken = false;
        let in_panel = matches!(self.place, Place::Maintenance | Place::AdminPin(_));
        let then = if in_panel { Then::Stay } else { Then::Home };
        let is_gone = self.duty.staff.is_some() && self.staff.is_none();
        if self.visit.is_some() || self.serves() || is_gone {
            self.settle(Settlement { then: Some(then), ..Settlement::default() }, now, out);
        } else if then == Then::Home {
            self.go_home(now);
        }
    }

    pub(super) fn ledger_failed(&mut self, code: String, now: Now, out: &mut Vec<Effect>) {
        if std::mem::take(&mut self.reading) {
            self.forget_waiting(out);
            self.in_trouble(code, now);
        }
    }

    fn forget_waiting(&mut self, out: &mut Vec<Effect>) {
        for event in std::mem::take(&mut self.waiting) {
            refuse(&event, "trouble", out);
        }
    }

    /// The apology; an open maintenance panel stays, it is what is needed now.
    fn in_trouble(&mut self, code: String, now: Now) {
        self.is_broken = true;
        self.retry_ms = (self.retry_ms * 2).clamp(RETRY_FIRST_MS, RETRY_MOST_MS);
        self.code = code;
        if !matches!(self.place, Place::Maintenance | Place::AdminPin(_)) {
            self.show_trouble(now);
        }
    }

    /// Touches do not extend it: see [`Flow::touched`].
    pub(super) fn show_trouble(&mut self, now: Now) {
        let until_ms = now.mono_ms.saturating_add(self.config.trouble_ms.max(self.retry_ms));
        self.go(Place::Trouble { code: self.code.clone() }, None, now);
        self.term = Some(Term { since_ms: now.mono_ms, until_ms, length_ms: 0 });
    }

    /// The next citizen touches the trouble screen: try again at once.
    pub(super) fn touched(&mut self, now: Now, out: &mut Vec<Effect>) {
        let read_it = self.term.is_some_and(|term| now.mono_ms.saturating_sub(term.since_ms) >= RETRY_FIRST_MS);
        if matches!(self.place, Place::Trouble { .. }) && read_it && !self.is_busy() {
            self.read_ledger(out);
        }
    }

    fn save(
        &mut self,
        bodies: Vec<Body>,
        change: Change,
        duty: Option<Duty>,
        then: Then,
        answer: Option<(CallId, Answer)>,
        out: &mut Vec<Effect>,
    ) {
        self.saves += 1;
        self.pending = Some(Pending { save: self.saves, change, duty, then, answer });
        out.push(Effect::Save { save: self.saves, bodies });
    }

    /// True if somebody has just been asked for a rating.
    fn take_change(&mut self, change: Change, seq: u64, hash: Hash, now: Now, out: &mut Vec<Effect>) -> bool {
        match change {
            Change::None => false,
            Change::Close => {
                self.visit = None;
                self.fall_back();
                false
            }
            Change::Open(opening) => {
                if self.visit.as_ref().is_some_and(|v| v.invited || v.rated.is_some()) {
                    self.fall_back();
                }
                // The faces may have stood there all along.
                let shown = self.visit.as_ref().filter(|_| self.place == Place::Home).map(|v| v.shown_ms);
                let visit = Visit::new(seq, &opening, shown.unwrap_or(now.mono_ms));
                let asked = visit.invited;
                self.visit = Some(visit);
                self.want_ticket(out);
                asked
            }
            Change::Invite { item, case_no } => {
                if let Some(visit) = &mut self.visit {
                    visit.invited = true;
                    visit.item = item.or(visit.item.take());
                    visit.case_no = case_no.or(visit.case_no.take());
                }
                true
            }
            Change::Rate { level, tap } => {
                self.rated(level, tap, hash, now, out);
                false
            }
            Change::Explain => {
                if let Some(visit) = &mut self.visit {
                    visit.explained = true;
                    visit.chosen.clear();
                }
                self.go(Place::Thanks, Some(self.config.thanks_ms), now);
                false
            }
        }
    }

    fn rated(&mut self, level: Satisfaction, tap: LastTap, hash: Hash, now: Now, out: &mut Vec<Effect>) {
        self.last_tap = Some(tap);
        let has_reasons = self.board.tags_for(level).next().is_some();
        let Some(visit) = &mut self.visit else { return };
        let first_ms = visit.rated.map_or(tap.at_ms, |r| r.first_ms);
        visit.rated = Some(Rating { level, first_ms, hash: Some(hash) });
        visit.chosen.clear();
        visit.ticket = None;
        self.want_ticket(out);
        if has_reasons {
            self.go(Place::Reasons, Some(self.config.reasons_ms), now);
        } else {
            self.go(Place::Thanks, Some(self.config.thanks_ms), now);
        }
    }

    fn take_duty(&mut self, duty: Duty) {
        let named = duty.staff.as_ref().filter(|_| duty.state != DutyState::Off);
        self.staff = named.and_then(|no: &StaffNo| self.board.staff(no)).cloned().map(Arc::<StaffCard>::new);
        self.duty = duty;
    }
}

/// Tells a call that it will not be served; other events are forgotten.
pub(super) fn refuse(event: &Event, why: &'static str, out: &mut Vec<Effect>) {
    if let Event::InviteCame { call, .. } | Event::CancelCame { call } | Event::EndCame { call } = event {
        out.push(Effect::AnswerCall { call: *call, answer: CallAnswer::Refused(why) });
    }
}
