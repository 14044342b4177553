//! People and windows: everything that kiosks fetch as their board, kept with its history.
//!
//! A hall is led either by its file – edits of `board.toml` reach the kiosks within seconds, and the pages are read-only –
//! or, once somebody has taken it over into the centre, by this store; the file is not read any more then.
//!
//! | file | what it is |
//! |---|---|
//! | `kinds.rs` | the kinds of objects and their values |
//! | `whole.rs` | a whole hall, its board on a day, its faults. Pure |
//! | `pledges.rs` | versions of pledges and their approval. Pure |
//! | `acts.rs` | what can be done, and why it is refused. Pure |
//! | `store.rs` | the tables |
//! | `sitting.rs` | changes of one hall, stored together or not at all |
//! | `sheets/` | lists as CSV and XLSX, with a dry run |
//! | `portrait.rs` | pictures that supervisors upload |
//!
//! **Architecture invariants:** no row that a rating may name is changed or deleted; nothing is stored that `config::rules`
//! find faulty, today or on a day of change that is known; kiosks know nothing of all this, they fetch a board.

pub mod acts;
pub mod kinds;
pub mod pledges;
pub mod portrait;
pub mod sheets;
pub mod sitting;
pub mod store;
pub mod whole;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use self::acts::{Author, Refused};
use self::sitting::Sitting;
use super::error::{ApiFault, ErrorCode};
use super::site::Site;
use crate::domain::id::HallId;
use crate::domain::time::WallMs;

pub use self::store::SCHEMA;

/// Changes a hall that the store leads: all that `work` does, or nothing. Connected kiosks are told with their next
/// heartbeat.
///
/// # Errors
/// Those of the writer; the inner result says why the change itself was refused.
pub async fn change<T: Send + 'static>(
    site: &Site,
    hall: &HallId,
    (account, name): (i64, String),
    work: impl FnOnce(&mut Sitting<'_>) -> Result<T, Refused> + Send + 'static,
) -> Result<Result<T, Refused>, ApiFault> {
    let (id, zone) = (hall.clone(), site.settings.time_zone.clone());
    let done = site.writer.attempt(move |desk| {
        let author = Author { account, name, now: desk.now };
        let mut sitting = Sitting::open(desk.tx, &id, author, today(&zone, desk.now))?;
        let value = work(&mut sitting)?;
        Ok((value, sitting.close()?))
    });
    settle(site, done.await?)
}

/// Takes a hall over from its file, exactly as kiosks see it now.
///
/// # Errors
/// Those of the writer; [`Refused::StoreLed`] when the store leads it already.
pub async fn take_over(
    site: &Site,
    hall: &HallId,
    (account, name): (i64, String),
) -> Result<Result<(), Refused>, ApiFault> {
    let shown = site.boards.get().hall(hall).cloned();
    let shown = shown.ok_or_else(|| ApiFault::because(ErrorCode::NotFound, &"no such hall"))?;
    let zone = site.settings.time_zone.clone();
    let done = site.writer.attempt(move |desk| {
        let author = Author { account, name, now: desk.now };
        let today = today(&zone, desk.now);
        Ok(((), Sitting::take_over(desk.tx, &shown.board, shown.file.as_deref(), author, today)?.close()?))
    });
    settle(site, done.await?)
}

/// The civil day at a moment, in the centre's zone.
pub fn today(zone: &TimeZone, now: WallMs) -> Date {
    let moment = jiff::Timestamp::from_millisecond(now.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    zone.to_datetime(moment).date()
}

fn settle<T>(site: &Site, done: Result<(T, whole::Hall), Refused>) -> Result<Result<T, Refused>, ApiFault> {
    match done {
        Ok((value, hall)) => {
            let day = today(&site.settings.time_zone, super::clock::now().wall);
            site.boards.update(|boards| boards.with_store_led(hall, day));
            Ok(Ok(value))
        }
        Err(Refused::Store(fault)) => Err(ApiFault::because(ErrorCode::Unavailable, &fault)),
        Err(refused) => Ok(Err(refused)),
    }
}

#[cfg(test)]
mod tests;
