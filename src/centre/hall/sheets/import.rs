//! Lists in and out for programs: a dry run, or all at once; both ways stand in the audit log.

use std::sync::Arc;

use axum::body::Bytes;

use super::list::{FileForm, List};
use super::plan::{Absent, Plan};
use super::table::{Table, TableFault};
use crate::centre::access::Who;
use crate::centre::audit::{self, Act};
use crate::centre::boards::HallBoard;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall::acts::Refused;
use crate::centre::hall::sitting::Sitting;
use crate::centre::hall::{self, change};
use crate::centre::site::Site;
use crate::centre::{clock, ingest::segments::StoreFault};
use crate::domain::id::HallId;
use crate::words::Language;

/// Reads a file and says what it would change. Nothing is changed.
///
/// # Errors
/// [`ErrorCode::NotFound`] for a hall that there is not; the inner one when it is no table at all.
pub async fn dry_run(
    site: &Site,
    hall: &HallId,
    list: List,
    file: Bytes,
    absent: Absent,
) -> Result<Result<Plan, TableFault>, ApiFault> {
    Ok(read(site, hall, list, file, absent).await?.map(|(_, plan)| plan))
}

/// Looks the file through and does what it says, all of it or nothing.
///
/// # Errors
/// As [`dry_run`], and those of the writer; the innermost one says what is wrong.
pub async fn run(
    site: &Site,
    hall: &HallId,
    who: impl Into<Arc<Who>>,
    list: List,
    file: Bytes,
    absent: Absent,
) -> Result<Result<Result<Plan, Refused>, TableFault>, ApiFault> {
    let (table, plan) = match read(site, hall, list, file, absent).await? {
        Ok(read) => read,
        Err(fault) => return Ok(Err(fault)),
    };
    if !plan.faults.is_empty() {
        return Ok(Ok(Err(Refused::FaultySheet(plan.faults))));
    }
    let work = move |sitting: &mut Sitting<'_>| list.apply(sitting, &table, absent, plan.revision);
    Ok(Ok(change(site, hall, who, work).await?))
}

/// A list as it stands, as a file. Who took it out stands in the audit log: it holds people's names.
///
/// # Errors
/// [`ErrorCode::NotFound`], or those of the store.
pub async fn export(
    site: &Site,
    hall: &HallId,
    who: impl Into<Arc<Who>>,
    list: List,
    form: FileForm,
    language: Language,
) -> Result<Vec<u8>, ApiFault> {
    let (shown, who) = (shown(site, hall)?, who.into());
    let object = format!("hall:{hall}/{}", list.kind().code());
    let told = site.writer.attempt(move |desk| -> Result<(), StoreFault> {
        Ok(audit::append(desk.tx, desk.now, &who, Act::SheetExported, &object, form.code())?)
    });
    told.await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
    let made = tokio::task::spawn_blocking(move || list.file(Some(&shown.hall), form, language));
    let made = made.await.map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?;
    made.map_err(|e| ApiFault::because(ErrorCode::Internal, &e))
}

async fn read(
    site: &Site,
    hall: &HallId,
    list: List,
    file: Bytes,
    absent: Absent,
) -> Result<Result<(Table, Plan), TableFault>, ApiFault> {
    let shown = shown(site, hall)?;
    let day = hall::today(&site.settings.time_zone, clock::now().wall);
    let read = tokio::task::spawn_blocking(move || {
        let table = Table::read(&file)?;
        let plan = list.plan(&shown.hall, &table, absent, day);
        Ok((table, plan))
    });
    read.await.map_err(|e| ApiFault::because(ErrorCode::Internal, &e))
}

fn shown(site: &Site, hall: &HallId) -> Result<Arc<HallBoard>, ApiFault> {
    let shown = site.boards.get().hall(hall).cloned();
    shown.ok_or_else(|| ApiFault::because(ErrorCode::NotFound, &"no such hall"))
}
