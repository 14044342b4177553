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
//! | `lead.rs` | from the file to the store and back |
//! | `sheets/` | lists as CSV and XLSX, with a dry run |
//! | `api/` | the interface for programs |
//! | `portrait.rs` | pictures that supervisors upload |
//!
//! **Architecture invariants:** no row that a rating may name is changed or deleted; nothing is stored that `config::rules`
//! find faulty, today or on a day of change that is known; kiosks know nothing of all this, they fetch a board.

pub mod acts;
pub mod api;
pub mod kinds;
mod lead;
pub mod pledges;
pub mod portrait;
pub mod sheets;
pub mod sitting;
pub mod store;
pub mod whole;

use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use self::acts::Refused;
use self::portrait::{Portrait, PortraitFault};
use self::sitting::Sitting;
use super::access::Who;
use super::boards::{BoardFault, Boards};
use super::error::{ApiFault, ErrorCode};
use super::site::Site;
use crate::domain::board::StaffCard;
use crate::domain::id::{HallId, StaffNo};
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
    who: impl Into<Arc<Who>>,
    work: impl FnOnce(&mut Sitting<'_>) -> Result<T, Refused> + Send + 'static,
) -> Result<Result<T, Refused>, ApiFault> {
    let (id, zone, who) = (hall.clone(), site.settings.time_zone.clone(), who.into());
    let done = site.writer.attempt(move |desk| {
        let mut sitting = Sitting::open(desk.tx, &id, who, desk.now, today(&zone, desk.now))?;
        let value = work(&mut sitting)?;
        Ok((value, sitting.close()?))
    });
    settle(site, done.await?)
}

/// Takes a hall over from its file, exactly as kiosks see it now.
///
/// # Errors
/// Those of the writer; [`Refused::StoreLed`] when the store leads it already.
pub async fn take_over(site: &Site, hall: &HallId, who: impl Into<Arc<Who>>) -> Result<Result<(), Refused>, ApiFault> {
    let shown = site.boards.get().hall(hall).cloned();
    let shown = shown.ok_or_else(|| ApiFault::because(ErrorCode::NotFound, &"no such hall"))?;
    let (zone, who) = (site.settings.time_zone.clone(), who.into());
    // Recognised also when the centre is started from another folder.
    let file = shown.file.as_ref().map(|file| file.canonicalize().unwrap_or_else(|_| file.clone()));
    let done = site.writer.attempt(move |desk| {
        let today = today(&zone, desk.now);
        Ok(((), Sitting::take_over(desk.tx, &shown.board, file.as_deref(), who, desk.now, today)?.close()?))
    });
    settle(site, done.await?)
}

/// Whether a hall could be given back to its file now.
///
/// # Errors
/// Those of the store and of the file system.
pub async fn give_back_ready(site: &Site, hall: &whole::Hall) -> Result<Result<(), Refused>, ApiFault> {
    let day = today(&site.settings.time_zone, super::clock::now().wall);
    let files = files_say(site, &hall.id).await?;
    Ok(files.and_then(|files| lead::same_board(&hall.board(day), files.hall(&hall.id).map(|h| &h.board))))
}

/// Lets a hall's file lead again. The file must say what the hall shows, and the hall must be at the revision that somebody
/// saw: kiosks notice nothing.
///
/// # Errors
/// Those of the writer; the inner result says why the hall stays with the store.
pub async fn give_back(
    site: &Site,
    hall: &HallId,
    revision: u64,
    who: impl Into<Arc<Who>>,
) -> Result<Result<(), Refused>, ApiFault> {
    let files = match files_say(site, hall).await? {
        Ok(files) => Arc::new(files),
        Err(refused) => return Ok(Err(refused)),
    };
    let (id, zone, who) = (hall.clone(), site.settings.time_zone.clone(), who.into());
    let theirs = Arc::clone(&files);
    let done = site.writer.attempt(move |desk| {
        let sitting = Sitting::open(desk.tx, &id, who, desk.now, today(&zone, desk.now))?;
        sitting.give_back(theirs.hall(&id).map(|h| &h.board), revision)
    });
    match done.await? {
        Ok(()) => {
            site.boards.update(|boards| boards.with_hall_of(&files, hall));
            Ok(Ok(()))
        }
        Err(Refused::Store(fault)) => Err(ApiFault::because(ErrorCode::Unavailable, &fault)),
        Err(refused) => Ok(Err(refused)),
    }
}

async fn files_say(site: &Site, hall: &HallId) -> Result<Result<Boards, Refused>, ApiFault> {
    let (files, hall) = (site.settings.boards.clone(), hall.clone());
    let read = site.readers.read(move |conn| Boards::without(conn, &files, &hall)).await?;
    match read {
        Ok(boards) => Ok(Ok(boards)),
        Err(BoardFault::Sqlite(fault)) => Err(ApiFault::because(ErrorCode::Unavailable, &fault)),
        Err(fault) => Ok(Err(Refused::NoFile(fault.to_string()))),
    }
}

/// The civil day at a moment, in the centre's zone.
pub fn today(zone: &TimeZone, now: WallMs) -> Date {
    let moment = jiff::Timestamp::from_millisecond(now.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    zone.to_datetime(moment).date()
}

/// Gives a person the portrait that was uploaded; the one before is erased unless another card shows it.
///
/// # Errors
/// Those of the writer and of the file system; the inner result says why the picture or the change was refused.
pub async fn upload_portrait(
    site: &Site,
    hall: &HallId,
    who: impl Into<Arc<Who>>,
    staff: StaffNo,
    revision: u32,
    upload: axum::body::Bytes,
) -> Result<Result<u32, UploadRefused>, ApiFault> {
    // One at a time: each takes much memory for a moment, and none is erased while another is being given.
    let _turn = portrait::TURN.acquire().await.map_err(|e| ApiFault::because(ErrorCode::Busy, &e))?;
    let folder = site.settings.portraits.clone();
    let prepared = tokio::task::spawn_blocking(move || {
        let portrait = Portrait::prepare(&upload)?;
        Ok(portrait.keep(&folder).map(|()| portrait.name))
    });
    let name = match prepared.await.map_err(|e| ApiFault::because(ErrorCode::Internal, &e))? {
        Ok(kept) => kept.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?,
        Err(fault) => return Ok(Err(UploadRefused::Picture(fault))),
    };
    let given = name.clone();
    let done = change(site, hall, who, move |sitting| {
        let before = sitting.hall.find::<StaffCard>(staff.as_str()).and_then(|kept| kept.value.photo.clone());
        Ok((sitting.set_portrait(&staff, revision, Some(given))?, before))
    });
    match done.await? {
        Ok((revision, before)) => {
            portrait::erase_unless_shown(site, before).await;
            Ok(Ok(revision))
        }
        Err(refused) => {
            portrait::erase_unless_shown(site, Some(name)).await;
            Ok(Err(UploadRefused::Hall(refused)))
        }
    }
}

/// Why a portrait was not taken.
#[derive(Debug, thiserror::Error)]
pub enum UploadRefused {
    #[error(transparent)]
    Picture(#[from] PortraitFault),
    #[error(transparent)]
    Hall(#[from] Refused),
}

/// Serves halls as a transaction of another module has just left them.
pub fn shown(site: &Site, halls: impl IntoIterator<Item = whole::Hall>) {
    let day = today(&site.settings.time_zone, super::clock::now().wall);
    for hall in halls {
        site.boards.update(|boards| boards.with_store_led(hall, day));
    }
}

fn settle<T>(site: &Site, done: Result<(T, whole::Hall), Refused>) -> Result<Result<T, Refused>, ApiFault> {
    match done {
        Ok((value, hall)) => {
            shown(site, [hall]);
            Ok(Ok(value))
        }
        Err(Refused::Store(fault)) => Err(ApiFault::because(ErrorCode::Unavailable, &fault)),
        Err(refused) => Ok(Err(refused)),
    }
}

#[cfg(test)]
mod tests;
