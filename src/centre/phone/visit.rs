//! What the centre knows of a ticket's visit, and what it does with an act. Over the store, without HTTP.

use rusqlite::Connection;

use super::acts;
use super::admission::{Timeliness, timeliness};
use super::form::{Act, ActId};
use crate::centre::ingest::by_phone::{self, PhoneOutcome, PhoneRating};
use crate::centre::ingest::desk::Desk;
use crate::centre::ingest::ledgers;
use crate::centre::ingest::segments::{self, StoreFault};
use crate::domain::id::{ItemCode, StaffNo, TagCode, WindowId};
use crate::domain::rating::{Satisfaction, Signal, Signals};
use crate::domain::time::WallMs;
use crate::ledger::ticket::Ticket;

/// A verified ticket's visit as the centre knows it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// None while the kiosk's entries have not come.
    pub opened: Option<Opened>,
    pub rated: Option<RatedBy>,
    pub timeliness: Timeliness,
    /// The ledger's place in the ticket is held here and agrees; else the writer must look at it.
    pub witnessed: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    pub service_window: WindowId,
    pub staff: Option<StaffNo>,
    pub item: Option<ItemCode>,
}

/// Which rating of the visit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RatedBy {
    Kiosk,
    Phone,
}

/// Reads what is known; writes nothing.
///
/// # Errors
/// [`StoreFault`].
pub fn look(conn: &Connection, ticket: &Ticket, now: WallMs) -> Result<Seen, StoreFault> {
    let mut seen = Seen { opened: None, rated: None, timeliness: Timeliness::InTime, witnessed: false };
    let mut first_heard = acts::heard(conn, ticket)?;
    if let Some(ledger) = ledgers::id_of(conn, ticket.device, ticket.epoch)? {
        if by_phone::mark_of(conn, ledger, ticket.visit)?.is_some() {
            seen.rated = Some(RatedBy::Phone);
        }
        if let Some(segment) = segments::containing(conn, ledger, ticket.visit)? {
            first_heard = Some(first_heard.map_or(segment.received, |h| h.min(segment.received)));
            if let Some(visit) = segments::tell_visit(conn, ledger, ticket.visit)? {
                let by_kiosk = visit.opinion.is_some().then_some(RatedBy::Kiosk);
                seen.rated = seen.rated.or(by_kiosk);
                seen.opened =
                    Some(Opened { service_window: visit.service_window, staff: visit.staff, item: visit.item });
            }
        }
        seen.witnessed = segments::containing(conn, ledger, ticket.anchor_seq)?.is_some()
            && segments::hash_at(conn, ticket.device, ticket.epoch, ledger, ticket.anchor_seq)?
                .0
                .starts_with(&ticket.anchor_hash);
    }
    if ticket.rated {
        seen.rated = seen.rated.or(Some(RatedBy::Kiosk));
    }
    seen.timeliness = timeliness(ticket, first_heard.unwrap_or(now), now);
    Ok(seen)
}

/// Lets the ticket bear witness of the ledger, and remembers when the visit was first heard of.
///
/// # Errors
/// [`StoreFault`]: the transaction must not be committed.
pub fn hear(desk: &mut Desk<'_>, ticket: &Ticket) -> Result<(), StoreFault> {
    desk.witness(ticket.device, ticket.epoch, ticket.anchor_seq, &ticket.anchor_hash)?;
    Ok(acts::keep_heard(desk.tx, ticket, desk.now)?)
}

/// What became of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// The level was taken and counts.
    Rated,
    /// It was kept beside the one that counts.
    SecondKept,
    /// Reasons or words were kept.
    Explained,
    /// The ledger has no such visit; an alarm was raised.
    NoSuchVisit,
    /// The visit's time is long over; nothing was kept.
    Over,
    /// More than enough of one visit; nothing was kept.
    TooMany,
}

/// Does an act once, however often it is sent. `sealed` are the act's words, sealed before they came near the store.
/// `offered` says which reasons belong to a level; others are left out.
///
/// # Errors
/// [`StoreFault`]: the transaction must not be committed.
pub fn take(
    desk: &mut Desk<'_>,
    ticket: &Ticket,
    act: &Act,
    sealed: Option<Vec<u8>>,
    offered: &dyn Fn(Satisfaction, &TagCode) -> bool,
) -> Result<Done, StoreFault> {
    let seen = look(desk.tx, ticket, desk.now)?;
    if seen.timeliness == Timeliness::Over {
        return Ok(Done::Over);
    }
    if !seen.witnessed {
        hear(desk, ticket)?;
    }
    let late = seen.timeliness == Timeliness::Late;
    match act {
        Act::Rate { level, act } => rate(desk, ticket, *level, *act, late),
        Act::Explain { reasons, act, .. } => {
            let level = level_by_phone(desk.tx, ticket)?;
            let reasons = reasons.iter().filter(|r| level.is_some_and(|l| offered(l, r))).cloned().collect();
            explain(desk, ticket, reasons, *act, sealed)
        }
    }
}

fn rate(desk: &mut Desk<'_>, ticket: &Ticket, level: Satisfaction, act: ActId, late: bool) -> Result<Done, StoreFault> {
    let signals = if late { Signals::NONE.with(Signal::Late) } else { Signals::NONE };
    let rating = PhoneRating { level: Some(level), signals, ..plain(ticket, act) };
    Ok(match desk.rate_by_phone(&rating)? {
        PhoneOutcome::Counted { .. } => Done::Rated,
        PhoneOutcome::Second => Done::SecondKept,
        PhoneOutcome::WordsKept => Done::Explained,
        PhoneOutcome::UnknownVisit => Done::NoSuchVisit,
        PhoneOutcome::TooMany => Done::TooMany,
    })
}

fn explain(
    desk: &mut Desk<'_>,
    ticket: &Ticket,
    reasons: Vec<TagCode>,
    act: ActId,
    sealed: Option<Vec<u8>>,
) -> Result<Done, StoreFault> {
    let (known, count) = acts::known(desk.tx, ticket, &act)?;
    if known {
        return Ok(Done::Explained);
    }
    if count >= acts::MAX_OF_VISIT {
        return Ok(Done::TooMany);
    }
    let rating = PhoneRating { reasons, sealed, ..plain(ticket, act) };
    Ok(match desk.rate_by_phone(&rating)? {
        PhoneOutcome::UnknownVisit => Done::NoSuchVisit,
        PhoneOutcome::TooMany => Done::TooMany,
        _ => {
            acts::keep(desk.tx, ticket, &act)?;
            Done::Explained
        }
    })
}

fn level_by_phone(conn: &Connection, ticket: &Ticket) -> Result<Option<Satisfaction>, StoreFault> {
    let Some(ledger) = ledgers::id_of(conn, ticket.device, ticket.epoch)? else { return Ok(None) };
    Ok(by_phone::mark_of(conn, ledger, ticket.visit)?.map(|m| m.level))
}

fn plain(ticket: &Ticket, act: ActId) -> PhoneRating {
    PhoneRating {
        device: ticket.device,
        epoch: ticket.epoch,
        visit: ticket.visit,
        nonce: act.0,
        rated_at_kiosk: ticket.rated,
        level: None,
        reasons: Vec::new(),
        signals: Signals::NONE,
        sealed: None,
    }
}
