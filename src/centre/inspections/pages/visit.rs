//! Filling in a visit and handing it in: with a form, or by the page's script, which tells what became of it in JSON.

use super::sheet::Sheet;
use super::typed::{FINDINGS, Typed, told};
use super::*;
use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse as _;

use crate::centre::access::{Signed, Uploaded};
use crate::centre::boards::HallBoard;
use crate::centre::clock;
use crate::centre::dashboard::components::Faults;
use crate::centre::hall::portrait::{MAX_PIXELS, MAX_UPLOAD_BYTES, PortraitFault};
use crate::centre::inspections::checklists;
use crate::centre::inspections::pictures::{NotTaken, hand_in};
use crate::domain::inspection::checklist::Checklist;
use crate::domain::inspection::visit::MAX_PICTURES;
use crate::words::editor::Editor;
use crate::words::inspections::InspectionVisitWords;

const MEGA: usize = 1024 * 1024;

/// What a sheet is about.
struct Opened {
    record: Record,
    list: Checklist,
    board: Arc<HallBoard>,
}

/// None: there is no such inspection for the viewer. The inner refusal: no visit can be handed in.
async fn opened(desk: &Desk<'_>, id: &str) -> Result<Option<Result<Opened, StepRefused>>, ApiFault> {
    let Some(record) = desk.record(id).await? else { return Ok(None) };
    let i = &record.inspection;
    if !i.inspectors.contains(&desk.who.account) {
        return Ok(Some(Err(StepRefused::NotInspector)));
    }
    if !i.stage.is_open() {
        return Ok(Some(Err(StepRefused::Stage(i.stage))));
    }
    let (checklist, version) = record.checklist;
    let list = desk.read(move |conn| checklists::one(conn, checklist, Some(version))).await?;
    let board = desk.site.boards.get().hall(&record.hall).cloned();
    Ok(list.zip(board).map(|(version, board)| Ok(Opened { record, list: version.list, board })))
}

pub async fn sheet(State(site): State<Arc<Site>>, signed: Signed<Inspector>, Path(id): Path<String>) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let content = match opened(&desk, &id).await {
        Ok(Some(Ok(opened))) => drawn(&desk, &opened, &Typed::default(), &Faults::default()).map(Some),
        Ok(Some(Err(refused))) => return desk.refuse(&refused.into()),
        Ok(None) => Ok(None),
        Err(fault) => Err(fault),
    };
    desk.page(&InspectionVisitWords(desk.language()).title(), content)
}

fn drawn(desk: &Desk<'_>, opened: &Opened, typed: &Typed, faults: &Faults) -> Result<Markup, ApiFault> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
    // What was refused left nothing behind: its number may be used again.
    let kept = Some(typed.given("submission")).filter(|id| !id.is_empty()).map(str::to_owned);
    let submission = kept.unwrap_or_else(|| data_encoding::HEXLOWER.encode(&random));
    let now = jiff::Timestamp::from_millisecond(clock::now().wall.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let now = desk.site.settings.time_zone.to_datetime(now).strftime("%FT%H:%M").to_string();
    let Opened { record, list, board } = opened;
    Ok(Sheet { desk, record, list, board, submission: &submission, now: &now }.drawn(typed, faults))
}

pub async fn take(State(site): State<Arc<Site>>, Path(id): Path<String>, sent: Uploaded<Inspector>) -> Response {
    let desk = Desk::new(&site, &sent.viewer, &sent.who);
    let by_script = sent.field("by") == Some("script");
    let typed = Typed { fields: sent.fields.clone(), files: sent.files.clone() };
    match taken(&desk, &id, &typed).await {
        Ok(Taken::Done(visit)) if by_script => Json(serde_json::json!({ "visit": visit })).into_response(),
        Ok(Taken::Done(_)) => {
            let said = InspectionVisitWords(desk.language()).handed_in();
            desk.viewer.onward(&site, &format!("/inspections/{id}"), &said)
        }
        Ok(Taken::Faulty(faults)) if by_script => refusal(StatusCode::UNPROCESSABLE_ENTITY, &faults.sentences()),
        Ok(Taken::Faulty(faults)) => again(&desk, &id, &typed, &faults).await,
        Ok(Taken::Refused(refused)) if by_script => {
            refusal(fault_of(&refused, desk.language()).code.status(), &sentence(&refused, desk.language()))
        }
        Ok(Taken::Refused(refused)) => desk.refuse(&refused),
        Err(fault) => desk.viewer.refuse(&site, &fault),
    }
}

/// What became of a sheet.
enum Taken {
    Done(u32),
    /// The form can be mended.
    Faulty(Faults),
    Refused(Refused),
}

fn refusal(status: StatusCode, sentence: &str) -> Response {
    (status, Json(serde_json::json!({ "refused": sentence }))).into_response()
}

async fn again(desk: &Desk<'_>, id: &str, typed: &Typed, faults: &Faults) -> Response {
    let content = match opened(desk, id).await {
        Ok(Some(Ok(opened))) => drawn(desk, &opened, typed, faults).map(Some),
        Ok(Some(Err(refused))) => return desk.refuse(&refused.into()),
        Ok(None) => Ok(None),
        Err(fault) => Err(fault),
    };
    desk.again(&InspectionVisitWords(desk.language()).title(), content)
}

async fn taken(desk: &Desk<'_>, id: &str, typed: &Typed) -> Result<Taken, ApiFault> {
    let (language, zone) = (desk.language(), &desk.site.settings.time_zone);
    let Some(record) = desk.record(id).await? else { return Ok(Taken::Refused(Refused::NotFound)) };
    let (checklist, version) = record.checklist;
    let list = desk.read(move |conn| checklists::one(conn, checklist, Some(version))).await?;
    let Some(list) = list else { return Ok(Taken::Refused(Refused::NotFound)) };
    let read = match typed.read(record.id, &list.list, zone, language) {
        Ok(read) => read,
        Err(faults) => return Ok(Taken::Faulty(faults)),
    };
    let places = read.places;
    let w = InspectionVisitWords(language);
    let mut faults = Faults::default();
    match hand_in(desk.site, desk.who, read.submission).await? {
        Ok(handed) => return Ok(Taken::Done(handed.visit)),
        Err(NotTaken::Picture { finding, fault, .. }) => {
            let names = places.get(finding - 1).and_then(|p| FINDINGS.get(*p)).unwrap_or(&FINDINGS[0]);
            faults.add(names.pictures, picture_fault(language, &fault));
        }
        Err(NotTaken::Refused(Refused::Report(all))) => faults = told(&all, &places, language),
        Err(NotTaken::Refused(Refused::NotOnBoard)) => faults.add("window", w.not_on_board()),
        Err(NotTaken::Refused(Refused::Conflict)) => faults.add("window", w.conflict()),
        Err(NotTaken::Refused(Refused::TooManyPictures)) => faults.add("findings", w.too_many_pictures(MAX_PICTURES)),
        Err(NotTaken::Refused(Refused::Step(StepRefused::Future))) => faults.add("at", w.in_future()),
        Err(NotTaken::Refused(Refused::Step(StepRefused::OutsidePeriod))) => faults.add("at", w.outside_period()),
        Err(NotTaken::Refused(Refused::Step(StepRefused::OtherWindow))) => faults.add("window", w.other_window()),
        Err(NotTaken::Refused(refused)) => return Ok(Taken::Refused(refused)),
    }
    Ok(Taken::Faulty(faults))
}

/// What is wrong with a picture, for people.
fn picture_fault(language: Language, fault: &PortraitFault) -> Cow<'static, str> {
    let w = Editor(language);
    match fault {
        PortraitFault::TooBig { found } => w.picture_too_big(found / MEGA, MAX_UPLOAD_BYTES / MEGA),
        PortraitFault::Form => w.picture_form(),
        PortraitFault::TooManyPixels { width, height } => w.picture_pixels(*width, *height, MAX_PIXELS / 1_000_000),
        PortraitFault::TooSmall { .. } | PortraitFault::Damaged => w.picture_damaged(),
    }
}
