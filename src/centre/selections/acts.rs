//! What people do about selections: pages and the interface do it through here, so that both are bounded and audited alike.

use std::cell::RefCell;
use std::sync::Arc;

use jiff::civil::Date;
use rusqlite::Connection;

use super::on_board;
use super::store::{self, Kept};
use crate::centre::access::Who;
use crate::centre::audit::{self, Act};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall;
use crate::centre::hall::acts::Refused as HallRefused;
use crate::centre::hall::sitting::Sitting;
use crate::centre::site::Site;
use crate::domain::appraisal::{Mark, Subject};
use crate::domain::id::HallId;
use crate::domain::role::Role;
use crate::domain::selection::{
    self as rules, Actor, Candidate, Nomination, Objecting, Objector, Outcome, Selection, Snapshot, SnapshotFault,
    Terms,
};
use crate::domain::time::WallMs;
use crate::domain::workdays::WorkingCalendar;

/// Why an act is refused; nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// It does not exist, or is not the person's to see.
    #[error("there is no such selection")]
    NotFound,
    #[error("the role may not")]
    Forbidden,
    /// Halls beyond what the person answers for.
    #[error("halls must be within what you answer for")]
    Foreign,
    #[error("there are too many already")]
    Full,
    #[error("hall {0} is led by its board file; take it over into the centre first, then the badge can be given")]
    FileLed(HallId),
    #[error(transparent)]
    Step(#[from] rules::Refused),
    #[error(transparent)]
    Snapshot(#[from] SnapshotFault),
    #[error("the board does not take it: {0}")]
    Hall(HallRefused),
    #[error(transparent)]
    Store(#[from] rusqlite::Error),
}

impl From<HallRefused> for Refused {
    fn from(refused: HallRefused) -> Self {
        Self::Hall(refused)
    }
}

/// Within the transaction of one act.
pub struct Acting<'a> {
    pub tx: &'a Connection,
    pub now: WallMs,
    pub today: Date,
    pub calendar: &'a WorkingCalendar,
    pub who: Arc<Who>,
    /// Halls whose boards are others now.
    halls: RefCell<Vec<hall::whole::Hall>>,
}

/// Does an act in one transaction; connected kiosks are told of what it changed on their boards.
///
/// # Errors
/// Those of the writer; the inner result says why the act was refused.
pub async fn perform<T: Send + 'static>(
    site: &Site,
    who: impl Into<Arc<Who>>,
    work: impl FnOnce(&Acting<'_>) -> Result<T, Refused> + Send + 'static,
) -> Result<Result<T, Refused>, ApiFault> {
    let (zone, calendar, who) = (site.settings.time_zone.clone(), Arc::clone(&site.settings.calendar), who.into());
    let done = site.writer.attempt(move |desk| {
        let today = hall::today(&zone, desk.now);
        let acting = Acting::new(desk.tx, desk.now, today, &calendar, who);
        let value = work(&acting)?;
        Ok::<_, Refused>((value, acting.halls.into_inner()))
    });
    Ok(match done.await? {
        Ok((value, halls)) => {
            hall::shown(site, halls);
            Ok(value)
        }
        Err(refused) => Err(refused),
    })
}

impl<'a> Acting<'a> {
    pub fn new(tx: &'a Connection, now: WallMs, today: Date, calendar: &'a WorkingCalendar, who: Arc<Who>) -> Self {
        Self { tx, now, today, calendar, who, halls: RefCell::default() }
    }

    /// # Errors
    /// [`Refused`].
    pub fn call(&self, terms: Terms) -> Result<i64, Refused> {
        if !terms.halls.iter().all(|hall| self.who.reach.covers(hall)) {
            return Err(Refused::Foreign);
        }
        let selection = Selection::call(terms, self.actor())?;
        let id = store::add(self.tx, &selection, self.now)?.ok_or(Refused::Full)?;
        self.note(id, Act::SelectionCalled, selection.terms().honour.code())?;
        Ok(id)
    }

    /// Freezes what the sources say, and computes from it.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn compute(&self, id: i64, candidates: Vec<Candidate>, marks: &[Mark]) -> Result<(), Refused> {
        let mut kept = self.kept(id)?;
        let snapshot = Snapshot::freeze(kept.selection.terms().clone(), candidates, marks, self.now)?;
        let outcome = Outcome::of(&snapshot);
        kept.selection.compute(&outcome, &self.actor(), self.today)?;
        store::freeze(self.tx, id, &snapshot, &outcome, self.now)?;
        self.done(&kept, Act::SelectionComputed, &format!("snapshot {}", snapshot.hash()))
    }

    /// # Errors
    /// [`Refused`].
    pub fn nominate(&self, id: i64, list: &Nomination) -> Result<(), Refused> {
        let mut kept = self.kept(id)?;
        let (_, outcome) = self.result(id)?;
        kept.selection.nominate(list, &outcome, &self.actor())?;
        let over = kept.selection.passed_over().len();
        self.done(&kept, Act::SelectionNominated, &format!("{} named, {over} passed over", list.nominees.len()))
    }

    /// # Errors
    /// [`Refused`].
    pub fn put_up(&self, id: i64) -> Result<Date, Refused> {
        let mut kept = self.kept(id)?;
        let (snapshot, _) = self.result(id)?;
        let notice = kept.selection.put_up(&self.actor(), self.today, self.calendar)?;
        on_board::notice(self, id, &kept.selection, &snapshot)?;
        self.done(&kept, Act::SelectionNoticed, &format!("until {}", notice.until))?;
        Ok(notice.until)
    }

    /// An official's objection; whoever only audits changes nothing.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn object(&self, id: i64, about: Subject, text: &str) -> Result<u32, Refused> {
        if self.who.role == Role::Auditor {
            return Err(Refused::Forbidden);
        }
        let mut kept = self.kept(id)?;
        let objector = Objector::Official(self.actor());
        let objecting = Objecting { objector, about, text: text.to_owned(), has_contact: false };
        let number = kept.selection.object(objecting, self.now, self.today)?;
        self.done(&kept, Act::SelectionObjected, &format!("objection {number}"))?;
        Ok(number)
    }

    /// # Errors
    /// [`Refused`].
    pub fn answer(&self, id: i64, number: u32, upheld: bool, reason: &str) -> Result<(), Refused> {
        let mut kept = self.kept(id)?;
        kept.selection.answer(number, upheld, reason, &self.actor(), self.now)?;
        if upheld {
            let (snapshot, _) = self.result(id)?;
            on_board::notice(self, id, &kept.selection, &snapshot)?;
        }
        let word = if upheld { "upheld" } else { "dismissed" };
        self.done(&kept, Act::SelectionAnswered, &format!("objection {number} {word}"))
    }

    /// # Errors
    /// [`Refused`].
    pub fn vote(&self, id: i64, agrees: bool, reason: &str) -> Result<(), Refused> {
        let mut kept = self.kept(id)?;
        kept.selection.vote(agrees, reason, &self.actor(), self.now, self.today)?;
        let word = if agrees { "yes" } else { "no" };
        self.done(&kept, Act::SelectionVoted, &format!("{word}; {}", kept.selection.state().code()))
    }

    /// # Errors
    /// [`Refused`]: also for a hall that its file leads.
    pub fn award(&self, id: i64, issuer: &str, period: &str, until: Date) -> Result<(), Refused> {
        let mut kept = self.kept(id)?;
        kept.selection.award(issuer, period, until, &self.actor(), self.today)?;
        on_board::badges(self, &mut kept.selection)?;
        let subjects: Vec<String> = kept.selection.awards().iter().map(|a| a.subject.key()).collect();
        self.done(&kept, Act::SelectionAwarded, &format!("until {until}: {}", subjects.join(" ")))
    }

    /// # Errors
    /// [`Refused`].
    pub fn revoke(&self, id: i64, subject: &Subject, reason: &str) -> Result<(), Refused> {
        let mut kept = self.kept(id)?;
        kept.selection.revoke(subject, reason, &self.actor(), self.today)?;
        let award = kept.selection.awards().iter().find(|a| &a.subject == subject);
        if let Some(grant) = award.and_then(|a| a.grant.clone()) {
            on_board::no_badge(self, subject, &grant)?;
        }
        self.done(&kept, Act::AwardRevoked, &subject.key())
    }

    /// # Errors
    /// [`Refused`].
    pub fn withdraw(&self, id: i64, reason: &str) -> Result<(), Refused> {
        let mut kept = self.kept(id)?;
        kept.selection.withdraw(reason, &self.actor())?;
        on_board::no_notice(self, id, &kept.selection)?;
        self.done(&kept, Act::SelectionWithdrawn, "")
    }

    /// Notes that a sealed contact is about to be opened; answers its bytes.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when there is none, or none any more.
    pub fn open_contact(&self, id: i64, number: u32) -> Result<Vec<u8>, Refused> {
        let kept = self.kept(id)?;
        let sealed = store::contact(self.tx, kept.id, number)?.ok_or(Refused::NotFound)?;
        self.note(id, Act::ObjectionContactOpened, &format!("objection {number}"))?;
        Ok(sealed)
    }

    /// Takes what a sitting has changed into the transaction, and has kiosks told of it afterwards.
    pub(super) fn keep(&self, sitting: Sitting<'_>) -> Result<(), Refused> {
        let hall = sitting.close()?;
        self.halls.borrow_mut().push(hall);
        Ok(())
    }

    fn kept(&self, id: i64) -> Result<Kept, Refused> {
        store::one(self.tx, id)?.filter(|kept| kept.is_within(&self.who.reach)).ok_or(Refused::NotFound)
    }

    /// Nothing is nominated before it is computed: the machine says so itself.
    fn result(&self, id: i64) -> Result<(Snapshot, Outcome), Refused> {
        let found = store::result(self.tx, id)?;
        let state = rules::State::Draft;
        found.ok_or(Refused::Step(rules::Refused::State { state, wanted: rules::State::Computed }))
    }

    fn actor(&self) -> Actor {
        Actor { account: self.who.account, name: self.who.name.clone() }
    }

    fn done(&self, kept: &Kept, act: Act, detail: &str) -> Result<(), Refused> {
        store::keep(self.tx, kept.id, &kept.selection, self.now)?;
        self.note(kept.id, act, detail)
    }

    fn note(&self, id: i64, act: Act, detail: &str) -> Result<(), Refused> {
        store::tell(self.tx, id, &self.who.name, act.code(), self.now)?;
        Ok(audit::append(self.tx, self.now, &self.who, act, &format!("selection:{id}"), detail)?)
    }
}

/// An objection from the public page, by nobody in particular; `seal` seals the contact for the number that it gets.
///
/// # Errors
/// [`Refused`].
pub fn object_in_public(
    tx: &Connection,
    (id, hall): (i64, &HallId),
    objecting: Objecting,
    seal: impl FnOnce(u32) -> Option<Vec<u8>>,
    now: WallMs,
    today: Date,
) -> Result<u32, Refused> {
    let kept = store::one(tx, id)?.filter(|kept| kept.selection.terms().halls.contains(hall));
    let mut kept = kept.filter(|kept| kept.selection.is_noticed_on(today)).ok_or(Refused::NotFound)?;
    let number = kept.selection.object(objecting, now, today)?;
    if let Some(sealed) = seal(number) {
        store::keep_contact(tx, id, number, &sealed)?;
    }
    store::keep(tx, id, &kept.selection, now)?;
    store::tell(tx, id, "", Act::SelectionObjected.code(), now)?;
    Ok(number)
}

/// What a program or a page without a form is told of a refusal.
pub fn fault_of(refused: &Refused) -> ApiFault {
    match refused {
        Refused::NotFound => ApiFault::new(ErrorCode::NotFound),
        Refused::Forbidden => ApiFault::new(ErrorCode::Forbidden),
        Refused::Store(cause) => ApiFault::because(ErrorCode::Unavailable, cause),
        Refused::Hall(HallRefused::Store(cause)) => ApiFault::because(ErrorCode::Unavailable, cause),
        Refused::Step(step @ rules::Refused::State { .. }) => ApiFault::telling(ErrorCode::Conflict, step),
        other => ApiFault::telling(ErrorCode::BadQuery, other),
    }
}
