//! What citizens do, and what asks them: faces, reasons, thanks, invitations from staff and the local interface.

use super::effect::{CallAnswer, Effect};
use super::event::{CallId, Event};
use super::save::{Answer, Settlement, refuse};
use super::visit::{LastTap, Opening};
use super::{Flow, Place, Term};
use crate::domain::id::{CaseNo, ItemCode, TagCode};
use crate::domain::rating::Satisfaction;
use crate::domain::time::Now;
use crate::domain::visit::{VisitOutcome, VisitTrigger};
use crate::ledger::entry::{Body, MAX_REASONS, Rated};

/// A revision that was asked for may take so long at least.
const REVISION_MS: u64 = 20_000;

impl Flow {
    pub(super) fn citizen(&mut self, event: Event, now: Now, out: &mut Vec<Effect>) {
        match (event, &self.place) {
            (Event::FaceTapped { level, tap, x, y }, Place::Home) => self.face_tapped(level, tap, (x, y), now, out),
            (Event::ReasonToggled(tag), Place::Reasons) => self.reason_toggled(tag),
            (Event::ReasonsSent, Place::Reasons) => self.reasons_sent(now, out),
            (Event::ReasonsSkipped, Place::Reasons) => {
                if let Some(visit) = &mut self.visit {
                    visit.chosen.clear();
                }
                self.reasons_sent(now, out);
            }
            (Event::RevisionAsked, Place::Reasons | Place::Thanks) if self.may_revise(now) => {
                if let Some(visit) = &mut self.visit {
                    visit.chosen.clear();
                    visit.shown_ms = now.mono_ms;
                }
                self.rate_again_until(now.mono_ms + REVISION_MS, now);
            }
            (Event::ThanksLeft, Place::Thanks) => self.thanks_left(now, out),
            (Event::InviteCame { call, case_no, item }, _) => {
                self.invite(VisitTrigger::Business, item, case_no, Some(call), now, out);
            }
            (Event::CancelCame { call }, _) => self.end_visit(call, Some(VisitOutcome::Cancelled), now, out),
            (Event::EndCame { call }, _) => self.end_visit(call, None, now, out),
            _ => {}
        }
    }

    /// Asks the citizen for the rating: of the visit on the card, or of a new one if that one is over.
    pub(super) fn invite(
        &mut self,
        trigger: VisitTrigger,
        item: Option<ItemCode>,
        case_no: Option<CaseNo>,
        call: Option<CallId>,
        now: Now,
        out: &mut Vec<Effect>,
    ) {
        let refusal = match &self.place {
            Place::Starting | Place::Trouble { .. } => Some("trouble"),
            Place::AdminPin(_) | Place::Maintenance | Place::Cleaning => Some("out_of_service"),
            _ if !self.serves() => Some("nobody_on_duty"),
            _ => None,
        };
        let visit = match (&self.visit, refusal) {
            (Some(visit), None) => visit,
            (_, refusal) => {
                if let Some(call) = call {
                    let answer = CallAnswer::Refused(refusal.unwrap_or("trouble"));
                    out.push(Effect::AnswerCall { call, answer });
                }
                return;
            }
        };
        if visit.rated.is_some() || (visit.invited && visit.case_no != case_no) {
            let opening = Opening { trigger: Some(trigger), item, case_no };
            let answer = call.map(|call| (call, Answer::Visit));
            self.settle(Settlement { opening, answer, ..Settlement::default() }, now, out);
        } else if visit.invited {
            // Asked twice for the same: the same visit, prompted again.
            if let Some(call) = call {
                out.push(Effect::AnswerCall { call, answer: CallAnswer::Visit(visit.seq) });
            }
            out.push(Effect::PlayChime);
            self.go_home(now);
        } else {
            let body = Body::Invited { visit: visit.seq, trigger, item, case_no };
            self.save_invitation(body, call, out);
        }
    }

    /// The card, or whatever the duty calls for. An invitation's time begins anew.
    pub(super) fn go_home(&mut self, now: Now) {
        let is_asked = self.serves() && self.visit.as_ref().is_some_and(|v| v.invited && v.rated.is_none());
        self.go(Place::Home, is_asked.then_some(self.config.invited_ms), now);
    }

    /// Closes the visit that is over and opens the next one, or shows an unrated one again.
    pub(super) fn leave(&mut self, now: Now, out: &mut Vec<Effect>) {
        if self.is_broken {
            self.read_ledger(out);
            self.show_trouble(now);
        } else if self.visit.as_ref().is_some_and(|v| v.rated.is_some()) {
            self.settle(Settlement::default(), now, out);
        } else {
            self.go_home(now);
        }
    }

    fn face_tapped(&mut self, level: Satisfaction, tap: u64, (x, y): (u16, u16), now: Now, out: &mut Vec<Effect>) {
        let Some(visit) = self.visit.as_ref().filter(|_| self.serves()) else { return };
        let is_over = self.term.is_some_and(|term| now.mono_ms >= term.until_ms);
        if visit.rated.is_some() && is_over {
            // The second thought came too late: another citizen.
            self.settle(Settlement::default(), now, out);
            self.wait(Event::FaceTapped { level, tap, x, y }, out);
            return;
        }
        let dwell_ms = now.mono_ms.saturating_sub(visit.shown_ms);
        let rated = Rated {
            visit: visit.seq,
            tap,
            level,
            dwell_ms: u32::try_from(dwell_ms).unwrap_or(u32::MAX),
            x,
            y,
            signals: self.signals(visit, x, y, now),
        };
        let last = LastTap { at_ms: now.mono_ms, x, y, visit: visit.seq };
        let body = if visit.rated.is_some() { Body::Revised(rated) } else { Body::Rated(rated) };
        self.save_rating(body, level, last, out);
        self.go(Place::Saving { level }, None, now);
    }

    fn reason_toggled(&mut self, tag: TagCode) {
        let Some(visit) = &mut self.visit else { return };
        let Some(rating) = visit.rated else { return };
        if !self.board.tags_for(rating.level).any(|t| t.code == tag) {
            return;
        }
        if let Some(at) = visit.chosen.iter().position(|t| *t == tag) {
            visit.chosen.remove(at);
        } else if visit.chosen.len() < MAX_REASONS {
            visit.chosen.push(tag);
        }
    }

    /// Saves the chosen reasons; none at all only if earlier ones must be taken back.
    fn reasons_sent(&mut self, now: Now, out: &mut Vec<Effect>) {
        let Some(visit) = &self.visit else { return };
        if visit.chosen.is_empty() && !visit.explained {
            self.go(Place::Thanks, Some(self.config.thanks_ms), now);
        } else {
            let body = self.explained(visit);
            self.save_reasons(body, out);
        }
    }

    fn thanks_left(&mut self, now: Now, out: &mut Vec<Effect>) {
        let first_ms = self.visit.as_ref().and_then(|v| v.rated).map_or(0, |r| r.first_ms);
        let until_ms = first_ms + self.config.second_tap_ms.min(self.config.grace_ms);
        if until_ms > now.mono_ms {
            self.rate_again_until(until_ms, now);
        } else {
            self.settle(Settlement::default(), now, out);
        }
    }

    /// The card of a rated visit: a tap revises it. Touches do not extend this time, for they may be the next citizen's.
    fn rate_again_until(&mut self, until_ms: u64, now: Now) {
        self.go(Place::Home, None, now);
        self.term = Some(Term { since_ms: now.mono_ms, until_ms, length_ms: 0 });
    }

    fn end_visit(&mut self, call: CallId, outcome: Option<VisitOutcome>, now: Now, out: &mut Vec<Effect>) {
        let (visit, invited, rated) = match &self.visit {
            Some(visit) => (visit.seq, visit.invited, visit.rated.is_some()),
            None => return refuse(&Event::EndCame { call }, "no_visit", out),
        };
        if rated {
            // The citizen may still be at the reasons; the visit closes when they leave.
            let answer = CallAnswer::Closed { visit, outcome: VisitOutcome::Rated };
            out.push(Effect::AnswerCall { call, answer });
        } else if invited {
            let outcome = outcome.unwrap_or(VisitOutcome::NoResponse);
            let answer = Some((call, Answer::Closed { visit, outcome }));
            self.settle(Settlement { outcome: Some(outcome), answer, ..Settlement::default() }, now, out);
        } else {
            refuse(&Event::EndCame { call }, "no_visit", out);
        }
    }
}
