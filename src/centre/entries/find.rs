//! Looks ratings up and tells each: the fact that stands, its place in the chain, and what its entries say.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::civil::Date;
use rusqlite::Connection;

use super::asked::Asked;
use crate::centre::access::{EntryReader, Handle as _, StatisticsReader};
use crate::centre::directory::devices;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::ingest::segments::StoreFault;
use crate::centre::ingest::story::{Reader, Told};
use crate::centre::ingest::{by_phone, explanations, holdings};
use crate::centre::phone::codes;
use crate::centre::site::Site;
use crate::centre::statistics::api::Reading;
use crate::centre::statistics::fact::Fact;
use crate::centre::statistics::listing::{self, Cursor};
use crate::centre::statistics::{Book, StatisticsFault};
use crate::domain::query::{Dimension, Filter, Order, Query};
use crate::domain::rating::{Channel, Signals};
use crate::ledger::entry::{Body, PledgeShown, Rated};
use crate::ledger::keys::PublicKey;
use crate::words::Language;

/// Rows of one page.
pub const PER_PAGE: usize = 25;
/// A search goes on with the next page after this time.
const PATIENCE: Duration = Duration::from_millis(800);

/// Where a rating stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    pub ledger: holdings::Standing,
    pub key: Option<PublicKey>,
    /// It stands in another history than the one that is held.
    pub other_history: bool,
}

/// One rating that stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Rating {
    /// The number of its book, for its address; below zero for another history, 0 for sample data.
    pub book: i64,
    pub visit: u64,
    pub fact: Fact,
    pub place: Option<Place>,
    /// Entries of the visit, where there are any.
    pub told: Vec<Told>,
    pub phone: Vec<by_phone::Kept>,
}

impl Rating {
    /// The entry that holds the level, as it was revised last.
    pub fn rated(&self) -> Option<(&Told, &Rated)> {
        self.told.iter().rev().find_map(|t| match &t.entry.body {
            Body::Rated(rated) | Body::Revised(rated) => Some((t, rated)),
            _ => None,
        })
    }

    pub fn pledges(&self) -> &[PledgeShown] {
        let opened = self.told.iter().find_map(|t| match &t.entry.body {
            Body::VisitOpened(opened) => Some(opened.pledges.as_slice()),
            _ => None,
        });
        opened.unwrap_or_default()
    }

    /// Why it is flagged.
    pub fn signals(&self) -> Signals {
        if self.fact.channel == Channel::Phone {
            return self.phone.iter().filter(|k| k.counted).fold(Signals::NONE, |all, k| all.union(k.signals));
        }
        self.told.iter().fold(Signals::NONE, |all, t| match &t.entry.body {
            Body::Rated(rated) | Body::Revised(rated) => all.union(rated.signals),
            _ => all,
        })
    }
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub ratings: Vec<Rating>,
    pub next: Option<Cursor>,
    /// Too few match for the asker's role, and none is shown.
    pub withheld: bool,
}

/// What matches, for whoever asks.
///
/// # Errors
/// [`ErrorCode::BadQuery`], or those of the store.
pub async fn list(site: &Arc<Site>, reader: &EntryReader, asked: &Asked) -> Result<Found, ApiFault> {
    if let Some(code) = &asked.code {
        // Whoever knows the code has it from the citizen: there is nobody left to guess.
        let found = by_code(site, reader, code.clone()).await?;
        return Ok(Found { ratings: found.into_iter().collect(), next: None, withheld: false });
    }
    if is_small(site, reader, asked.filters(), (asked.from, asked.to), asked.flagged).await? {
        return Ok(Found { ratings: Vec::new(), next: None, withheld: true });
    }
    let (listing, cursor) = (asked.listing(reader.reach().halls()), asked.cursor);
    let read = site.readers.read(move |conn| -> Result<_, FindFault> {
        let begun = Instant::now();
        let page = listing::list(conn, &listing, cursor, PER_PAGE, || begun.elapsed() > PATIENCE)?;
        let mut telling = Telling::default();
        let mut ratings = Vec::new();
        for (book, visit) in page.visits {
            ratings.extend(telling.rating(conn, book, visit)?);
        }
        Ok((ratings, page.next))
    });
    let (ratings, next) = read.await?.map_err(|e| unavailable(&e))?;
    Ok(Found { ratings, next, withheld: false })
}

/// One rating by its address; none for what is not there or not the asker's to see.
///
/// # Errors
/// Those of the store.
pub async fn one(site: &Arc<Site>, reader: &EntryReader, book: i64, visit: u64) -> Result<Option<Seen>, ApiFault> {
    let read = site.readers.read(move |conn| -> Result<_, FindFault> {
        Ok(Telling::default().rating(conn, book, visit)?.zip(listing::day_of(conn, book, visit)?))
    });
    let found = read.await?.map_err(|e| unavailable(&e))?;
    let Some((rating, day)) = found.filter(|(r, _)| reader.covers(&r.fact.hall)) else { return Ok(None) };
    let window = format!("{}/{}", rating.fact.hall, rating.fact.service_window);
    let filters = vec![Filter { dimension: Dimension::ServiceWindow, values: vec![window] }];
    let withheld = is_small(site, reader, filters, (day.first_of_month(), day.last_of_month()), None).await?;
    Ok(Some(if withheld { Seen::Withheld } else { Seen::Rating(Box::new(rating)) }))
}

/// A rating that may be seen, or may not because too few stand around it.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen {
    Rating(Box<Rating>),
    Withheld,
}

async fn by_code(site: &Arc<Site>, reader: &EntryReader, code: String) -> Result<Option<Rating>, ApiFault> {
    let read = site.readers.read(move |conn| -> Result<_, FindFault> {
        match codes::find(conn, &code)? {
            Some((ledger, visit)) => Telling::default().rating(conn, ledger, visit),
            None => Ok(None),
        }
    });
    let found = read.await?.map_err(|e| unavailable(&e))?;
    Ok(found.filter(|r| reader.covers(&r.fact.hall)))
}

/// Whether the statistics would withhold the figure that these ratings make. They are asked, so that both agree.
async fn is_small(
    site: &Arc<Site>,
    reader: &EntryReader,
    filters: Vec<Filter>,
    (from, to): (Date, Date),
    flagged: Option<bool>,
) -> Result<bool, ApiFault> {
    if reader.who.role.sees_small_groups() {
        return Ok(false);
    }
    let Some(statistics) = StatisticsReader::of(&reader.who) else { return Ok(true) };
    let reading = Reading::new(site, statistics, Language::Zh);
    let min_n = crate::centre::statistics::LEAST_MIN_N;
    let ask = |unflagged_only| Query {
        by: None,
        from,
        to,
        filters: filters.clone(),
        order: Order::Key,
        min_n,
        unflagged_only,
    };
    let [all, unflagged] = reading.ask_all(site, [ask(false), ask(true)]).await?;
    let least = site.settings.min_group;
    let few = |n: Option<u64>| n.is_none_or(|n| n > 0 && n < least);
    Ok(match (flagged, all.total.n, unflagged.total.n) {
        (None, all, _) => few(all),
        (Some(false), _, unflagged) => few(unflagged),
        // The flagged ones are what is between the two.
        (Some(true), Some(all), Some(unflagged)) => few(Some(all.saturating_sub(unflagged))),
        (Some(true), _, _) => true,
    })
}

#[derive(Debug, thiserror::Error)]
enum FindFault {
    #[error(transparent)]
    Store(#[from] StoreFault),
    #[error(transparent)]
    Statistics(#[from] StatisticsFault),
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

fn unavailable(fault: &FindFault) -> ApiFault {
    ApiFault::because(ErrorCode::Unavailable, fault)
}

/// Tells ratings one after another; ledgers and segments are read once for all of them.
#[derive(Debug, Default)]
struct Telling {
    reader: Reader,
    places: HashMap<i64, Option<Place>>,
}

impl Telling {
    fn rating(&mut self, conn: &Connection, book: i64, visit: u64) -> Result<Option<Rating>, FindFault> {
        let standing = Book::standing(conn, book, visit)?;
        let Some(fact) = standing.into_iter().rev().find(|f| f.sign > 0 && f.level.is_some()) else { return Ok(None) };
        let place = self.place(conn, book)?;
        let (mut told, mut phone) = (Vec::new(), Vec::new());
        if let Some(place) = place.as_ref().filter(|p| !p.other_history) {
            told = self.reader.visit(conn, place.ledger.id, place.key.as_ref(), visit)?;
            phone = by_phone::of_visit(conn, place.ledger.id, visit)?;
        }
        Ok(Some(Rating { book, visit, fact, place, told, phone }))
    }

    fn place(&mut self, conn: &Connection, book: i64) -> Result<Option<Place>, FindFault> {
        if let Some(place) = self.places.get(&book) {
            return Ok(place.clone());
        }
        let (ledger, other_history) = if book < 0 {
            (explanations::decided_place(conn, -book)?.map(|(ledger, _)| ledger), true)
        } else {
            (Some(book).filter(|b| *b > 0), false)
        };
        let ledger = match ledger {
            Some(id) => holdings::of_id(conn, id)?,
            None => None,
        };
        let place = match ledger {
            Some(ledger) => {
                let key = devices::one(conn, ledger.device)?.map(|d| d.key);
                Some(Place { ledger, key, other_history })
            }
            None => None,
        };
        self.places.insert(book, place.clone());
        Ok(place)
    }
}
