//! What each step asks for and what it leaves. A refusal names its reason and changes nothing.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};

use super::machine::{
    Actor, Answer, Award, MAX_OBJECTIONS, NAME_CHARS, Nominee, Objection, Objector, PublicNotice, REASON_CHARS,
    Revoked, Selection, State, TEXT_CHARS, Vote,
};
use super::outcome::{Outcome, Standing};
use super::terms::{Terms, TermsFault};
use crate::domain::appraisal::Subject;
use crate::domain::text::{TextFault, check_line, check_lines};
use crate::domain::time::WallMs;
use crate::domain::workdays::WorkingCalendar;

/// Years for which an award may be shown.
const MAX_AWARD_YEARS: i8 = 5;

/// The keeper's list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Nomination {
    /// With the reason for each; needed wherever the figures alone do not say so.
    pub nominees: Vec<(Subject, String)>,
    /// Those within the seats by the figures who are left out, with the reason.
    pub passed_over: Vec<(Subject, String)>,
}

/// An objection as it comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objecting {
    pub objector: Objector,
    pub about: Subject,
    pub text: String,
    pub has_contact: bool,
}

/// Why a step is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the selection is {}, and this needs one that is {}", state.code(), wanted.code())]
    State { state: State, wanted: State },
    #[error("{} faults of the terms", .0.len())]
    Terms(Vec<TermsFault>),
    #[error("the period is not over: it ends on {0}")]
    PeriodRuns(Date),
    #[error("{0} has no place in the result and cannot be nominated")]
    NoPlace(String),
    #[error("nobody is nominated")]
    Nobody,
    #[error("there are {0} seats")]
    Seats(u16),
    #[error("{0} is named twice")]
    Twice(String),
    /// A list that departs from the figures.
    #[error("{0}: the list departs from the figures here, and needs a reason")]
    ReasonNeeded(String),
    #[error("the reason {0}")]
    Reason(TextFault),
    #[error("the text {0}")]
    Text(TextFault),
    #[error("the public notice runs until {0}")]
    NoticeRuns(Date),
    #[error("the public notice is over")]
    NoticeOver,
    #[error("{0} is not on the list")]
    NotNominated(String),
    #[error("there are too many objections")]
    TooMany,
    #[error("there is no such objection")]
    NoObjection,
    #[error("it is answered already")]
    Answered,
    #[error("nobody answers their own objection")]
    OwnObjection,
    #[error("{0} objections are not answered")]
    Unanswered(usize),
    #[error("whoever has worked on the selection does not decide it")]
    SamePerson,
    #[error("this person has voted")]
    Voted,
    #[error("nobody is left on the list")]
    NobodyLeft,
    #[error("issuer or period {0}")]
    Named(TextFault),
    #[error("the last day must lie ahead, and within {MAX_AWARD_YEARS} years")]
    LastDay,
    #[error("{0} was given no award that stands")]
    NoAward(String),
}

impl Selection {
    /// Calls a selection.
    ///
    /// # Errors
    /// [`Refused::Terms`].
    pub fn call(terms: Terms, by: Actor) -> Result<Self, Refused> {
        let faults = terms.faults();
        if !faults.is_empty() {
            return Err(Refused::Terms(faults));
        }
        Ok(Self {
            terms,
            state: State::Draft,
            hands: BTreeSet::from([by.account]),
            caller: by,
            outcome: None,
            nominees: Vec::new(),
            passed_over: Vec::new(),
            notice: None,
            objections: Vec::new(),
            votes: Vec::new(),
            awards: Vec::new(),
            withdrawn: None,
        })
    }

    /// Takes the result of the frozen snapshot; once.
    ///
    /// # Errors
    /// [`Refused`]: also while the period runs.
    pub fn compute(&mut self, outcome: &Outcome, by: &Actor, today: Date) -> Result<(), Refused> {
        self.must_be(State::Draft)?;
        if today <= self.terms.period.to {
            return Err(Refused::PeriodRuns(self.terms.period.to));
        }
        self.outcome = Some(outcome.hash());
        self.handled(by, State::Computed);
        Ok(())
    }

    /// Puts the list forward, or another one before the notice.
    ///
    /// # Errors
    /// [`Refused`]: also for a list that departs from the figures without a reason.
    pub fn nominate(&mut self, list: &Nomination, outcome: &Outcome, by: &Actor) -> Result<(), Refused> {
        if self.state != State::Nominated {
            self.must_be(State::Computed)?;
        }
        if list.nominees.is_empty() {
            return Err(Refused::Nobody);
        }
        if list.nominees.len() > usize::from(self.terms.seats) {
            return Err(Refused::Seats(self.terms.seats));
        }
        let mut named = BTreeSet::new();
        for (subject, reason) in &list.nominees {
            let ranked = outcome.ranked(subject).ok_or_else(|| Refused::NoPlace(subject.key()))?;
            if !named.insert(subject.key()) {
                return Err(Refused::Twice(subject.key()));
            }
            reasoned(subject, reason, ranked.standing == Standing::Within)?;
        }
        let mut passed_over = Vec::new();
        for one in outcome.ranked.iter().filter(|r| r.standing == Standing::Within) {
            if named.contains(&one.subject.key()) {
                continue;
            }
            let said = list.passed_over.iter().find(|(subject, _)| *subject == one.subject);
            let reason = said.map_or("", |(_, reason)| reason.trim());
            reasoned(&one.subject, reason, false)?;
            passed_over.push(nominee(&one.subject, reason));
        }
        self.nominees = list.nominees.iter().map(|(subject, reason)| nominee(subject, reason)).collect();
        self.passed_over = passed_over;
        self.handled(by, State::Nominated);
        Ok(())
    }

    /// Puts the list up for everybody to see; answers until when.
    ///
    /// # Errors
    /// [`Refused::State`].
    pub fn put_up(&mut self, by: &Actor, today: Date, calendar: &WorkingCalendar) -> Result<PublicNotice, Refused> {
        self.must_be(State::Nominated)?;
        let due = calendar.add_working_days(today, self.terms.notice_days);
        let notice = PublicNotice { from: today, until: due.date, is_certain: due.is_certain };
        self.notice = Some(notice);
        self.handled(by, State::Noticed);
        Ok(notice)
    }

    /// Takes an objection; its number.
    ///
    /// # Errors
    /// [`Refused`]: also when the notice is over.
    pub fn object(&mut self, objecting: Objecting, now: WallMs, today: Date) -> Result<u32, Refused> {
        self.must_be(State::Noticed)?;
        if self.notice_is_over(today) {
            return Err(Refused::NoticeOver);
        }
        let text = objecting.text.trim().to_owned();
        check_lines(&text, TEXT_CHARS).map_err(Refused::Text)?;
        if !self.standing().any(|n| n.subject == objecting.about) {
            return Err(Refused::NotNominated(objecting.about.key()));
        }
        if self.objections.len() >= MAX_OBJECTIONS {
            return Err(Refused::TooMany);
        }
        let number = u32::try_from(self.objections.len() + 1).unwrap_or(u32::MAX);
        let Objecting { objector, about, has_contact, .. } = objecting;
        self.objections.push(Objection { number, objector, about, text, has_contact, at: now, answer: None });
        Ok(number)
    }

    /// Answers an objection. One that is upheld strikes the nominee off the list.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn answer(&mut self, number: u32, upheld: bool, reason: &str, by: &Actor, now: WallMs) -> Result<(), Refused> {
        self.must_be(State::Noticed)?;
        let reason = checked(reason)?;
        let objection = self.objections.iter_mut().find(|o| o.number == number).ok_or(Refused::NoObjection)?;
        if objection.answer.is_some() {
            return Err(Refused::Answered);
        }
        if matches!(&objection.objector, Objector::Official(official) if official.account == by.account) {
            return Err(Refused::OwnObjection);
        }
        objection.answer = Some(Answer { upheld, reason, by: by.clone(), at: now });
        let about = objection.about.clone();
        if upheld && let Some(nominee) = self.nominees.iter_mut().find(|n| n.subject == about) {
            nominee.struck = true;
        }
        self.handled(by, State::Noticed);
        Ok(())
    }

    /// A leader's word; the quorum decides, either way.
    ///
    /// # Errors
    /// [`Refused`]: before the notice is over, with objections unanswered, by whoever has worked on it, or a second time.
    pub fn vote(&mut self, agrees: bool, reason: &str, by: &Actor, now: WallMs, today: Date) -> Result<(), Refused> {
        self.must_be(State::Noticed)?;
        let Some(notice) = self.notice else { return Err(Refused::NoticeOver) };
        if !self.notice_is_over(today) {
            return Err(Refused::NoticeRuns(notice.until));
        }
        self.nothing_open()?;
        self.second(by)?;
        if self.votes.iter().any(|v| v.by.account == by.account) {
            return Err(Refused::Voted);
        }
        if agrees && self.standing().next().is_none() {
            return Err(Refused::NobodyLeft);
        }
        let reason = reason.trim();
        if !(agrees && reason.is_empty()) {
            checked(reason)?;
        }
        self.votes.push(Vote { by: by.clone(), agrees, reason: reason.to_owned(), at: now });
        let said = |what: bool| self.votes.iter().filter(|v| v.agrees == what).count();
        let quorum = usize::from(self.terms.quorum);
        if said(true) >= quorum {
            self.state = State::Decided;
        } else if said(false) >= quorum {
            self.state = State::Declined;
        }
        Ok(())
    }

    /// Awards everybody who is left on the list.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn award(&mut self, issuer: &str, period: &str, until: Date, by: &Actor, today: Date) -> Result<(), Refused> {
        self.must_be(State::Decided)?;
        self.nothing_open()?;
        self.second(by)?;
        let (issuer, period) = (issuer.trim(), period.trim());
        for text in [issuer, period] {
            check_line(text, NAME_CHARS).map_err(Refused::Named)?;
        }
        let last = today.saturating_add(Span::new().years(MAX_AWARD_YEARS));
        if until < today.saturating_add(1.day()) || until > last {
            return Err(Refused::LastDay);
        }
        let awards = self.standing().map(|nominee| Award {
            subject: nominee.subject.clone(),
            issuer: issuer.to_owned(),
            period: period.to_owned(),
            from: today,
            until,
            by: by.clone(),
            grant: None,
            revoked: None,
        });
        self.awards = awards.collect();
        self.state = State::Awarded;
        Ok(())
    }

    /// Takes an award back.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn revoke(&mut self, subject: &Subject, reason: &str, by: &Actor, today: Date) -> Result<(), Refused> {
        self.must_be(State::Awarded)?;
        self.second(by)?;
        let reason = checked(reason)?;
        let award = self.awards.iter_mut().find(|a| &a.subject == subject && a.revoked.is_none());
        let award = award.ok_or_else(|| Refused::NoAward(subject.key()))?;
        award.revoked = Some(Revoked { reason, by: by.clone(), on: today });
        Ok(())
    }

    /// Calls it off.
    ///
    /// # Errors
    /// [`Refused::State`] once it is decided.
    pub fn withdraw(&mut self, reason: &str, by: &Actor) -> Result<(), Refused> {
        if matches!(self.state, State::Decided) || self.state.is_over() {
            return Err(Refused::State { state: self.state, wanted: State::Noticed });
        }
        self.withdrawn = Some(checked(reason)?);
        self.handled(by, State::Withdrawn);
        Ok(())
    }

    fn handled(&mut self, by: &Actor, state: State) {
        self.hands.insert(by.account);
        self.state = state;
    }

    fn nothing_open(&self) -> Result<(), Refused> {
        match self.open_objections() {
            0 => Ok(()),
            open => Err(Refused::Unanswered(open)),
        }
    }

    fn second(&self, by: &Actor) -> Result<(), Refused> {
        if self.has_hand_in(by.account) { Err(Refused::SamePerson) } else { Ok(()) }
    }
}

fn nominee(subject: &Subject, reason: &str) -> Nominee {
    Nominee { subject: subject.clone(), reason: reason.trim().to_owned(), struck: false }
}

fn checked(reason: &str) -> Result<String, Refused> {
    let reason = reason.trim();
    check_lines(reason, REASON_CHARS).map_err(Refused::Reason)?;
    Ok(reason.to_owned())
}

fn reasoned(subject: &Subject, reason: &str, may_be_empty: bool) -> Result<(), Refused> {
    match check_lines(reason.trim(), REASON_CHARS) {
        Ok(()) => Ok(()),
        Err(TextFault::Empty) if may_be_empty => Ok(()),
        Err(TextFault::Empty) => Err(Refused::ReasonNeeded(subject.key())),
        Err(fault) => Err(Refused::Reason(fault)),
    }
}

#[cfg(test)]
mod tests;
