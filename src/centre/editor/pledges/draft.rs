//! The form of a pledge: a new one, the next version of one that stands, or another text of the draft.

use std::sync::Arc;

use axum::extract::{Path, Query as UrlQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::file::{self, Parts};
use crate::centre::access::{HallEditor, Posted, Signed, Viewer};
use crate::centre::dashboard::components::Choice;
use crate::centre::editor::form::{Look, Placing, Sheet, place};
use crate::centre::editor::forms::{scene_at, window_of};
use crate::centre::editor::opened::Opened;
use crate::centre::editor::panel::{self, Setup, Shown};
use crate::centre::editor::typed::{Reading, Typed};
use crate::centre::editor::{answer, author, refusal};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall;
use crate::centre::hall::acts::Refused;
use crate::centre::hall::kinds::Kind;
use crate::centre::hall::pledges::{PledgeFile, PledgeStep, Promise};
use crate::centre::hall::whole::FieldFault;
use crate::centre::preview::Scene;
use crate::centre::site::Site;
use crate::centre::statistics::api::Pairs;
use crate::config::rules;
use crate::domain::board::{Board, Pledge, limits};
use crate::domain::id::{PledgeId, StaffNo};

/// Inputs that can be wrong.
pub const FIELDS: &[&str] =
    &["id", "staff_no", "text.zh", "text.en", "standard.zh", "standard.en", "time_limit.zh", "time_limit.en"];

/// What an input asks for.
pub fn label(opened: &Opened, field: &str) -> String {
    let w = opened.words();
    let base = match field.split('.').next().unwrap_or_default() {
        "id" => w.pledge_id(),
        "staff_no" => w.whose(),
        "text" => w.pledge_text(),
        "standard" => w.standard(),
        _ => w.time_limit(),
    };
    match field.rsplit_once('.') {
        Some((_, "zh")) => w.in_chinese(&base).into_owned(),
        Some((_, "en")) => w.in_english(&base).into_owned(),
        _ => base.into_owned(),
    }
}

/// A draft as it was typed.
#[derive(Debug, Clone)]
pub struct Draft {
    pub id: PledgeId,
    pub staff_no: Option<StaffNo>,
    pub promise: Promise,
}

/// An empty form; the address may say whose pledge it will be.
pub async fn blank(
    State(site): State<Arc<Site>>,
    signed: Signed<HallEditor>,
    Path(hall): Path<String>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    let made = async {
        let opened = Opened::of(&site, &signed.who, signed.viewer.language, &hall).await?;
        let asked = Typed::new(pairs);
        let staff = asked.text("staff");
        let typed = Typed::default().with("staff_no", staff).with("id", free_id(&opened, staff));
        let parts = Parts { typed, ..Parts::default() };
        Ok(file::answer_with(&site, &opened, &signed.viewer, None, parts))
    };
    answer(&site, &signed.viewer, made.await)
}

/// Enters a new pledge as a draft, proposes it at once, or paints it.
pub async fn create(
    State(site): State<Arc<Site>>,
    Path(hall): Path<String>,
    headers: HeaderMap,
    posted: Posted<HallEditor, Pairs>,
) -> Response {
    let made = async {
        let opened = Opened::of(&site, &posted.who, posted.viewer.language, &hall).await?;
        submit(&site, &opened, &posted, None, &headers).await
    };
    answer(&site, &posted.viewer, made.await)
}

/// The same for a pledge that is there: its draft, or its next version.
pub async fn save(
    State(site): State<Arc<Site>>,
    Path((hall, id)): Path<(String, String)>,
    headers: HeaderMap,
    posted: Posted<HallEditor, Pairs>,
) -> Response {
    let made = async {
        let opened = Opened::of(&site, &posted.who, posted.viewer.language, &hall).await?;
        let file = opened.hall.pledge(&id).ok_or_else(|| ApiFault::because(ErrorCode::NotFound, &"no such pledge"))?;
        submit(&site, &opened, &posted, Some(file), &headers).await
    };
    answer(&site, &posted.viewer, made.await)
}

async fn submit(
    site: &Arc<Site>,
    opened: &Opened,
    posted: &Posted<HallEditor, Pairs>,
    file: Option<&PledgeFile>,
    headers: &HeaderMap,
) -> Result<Response, ApiFault> {
    let viewer = &posted.viewer;
    let wants_picture = headers.get(header::ACCEPT).is_some_and(|v| v.as_bytes().starts_with(b"image/png"));
    let mut parts = Parts { typed: Typed::new(posted.form.clone()), ..Parts::default() };
    let draft = read(&mut parts, opened, file);
    let act = parts.typed.text("act").to_owned();
    let Some(draft) = draft else {
        if wants_picture {
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, opened.words().preview_waits().into_owned()).into_response());
        }
        return Ok(file::answer_with(
            site,
            opened,
            viewer,
            file,
            Parts { status: StatusCode::UNPROCESSABLE_ENTITY, ..parts },
        ));
    };
    if wants_picture || act == "preview" {
        let shown = paint(site, opened, &draft, Setup::of(&parts.typed)).await;
        return Ok(match shown {
            Shown::Draft(picture) if wants_picture => panel::as_response(&picture, headers),
            _ if wants_picture => StatusCode::NOT_FOUND.into_response(),
            shown => file::answer_with(site, opened, viewer, file, Parts { shown: Some(shown), ..parts }),
        });
    }
    let revision = parts.typed.text("revision").parse().unwrap_or(0);
    let (id, is_proposed) = (draft.id.clone(), act == "propose");
    let step = PledgeStep::Draft { staff_no: draft.staff_no.clone(), promise: draft.promise.clone() };
    let done = hall::change(site, &opened.hall.id, author(&posted.who), move |sitting| {
        let revision = sitting.step_pledge(&id, revision, step)?;
        if is_proposed { sitting.step_pledge(&id, revision, PledgeStep::Propose) } else { Ok(revision) }
    });
    match done.await? {
        Ok(_) => {
            let w = opened.words();
            let notice = if is_proposed { w.proposed() } else { w.draft_saved() };
            Ok(viewer.onward(site, &opened.path(&format!("pledges/{}", draft.id)), &notice))
        }
        Err(refused) => {
            told(opened, viewer, &mut parts, &draft, &refused);
            Ok(file::answer_with(site, opened, viewer, file, parts))
        }
    }
}

/// What the store said no to, at its input or above the form.
fn told(opened: &Opened, _: &Viewer, parts: &mut Parts, draft: &Draft, refused: &Refused) {
    parts.status = StatusCode::UNPROCESSABLE_ENTITY;
    match refused {
        Refused::Faulty(found) => {
            let placing = Placing { kind: Kind::Pledge, key: draft.id.as_str(), fields: FIELDS, label: &label };
            parts.told = place(found, &placing, opened, &mut parts.faults);
        }
        Refused::Exists { .. } => parts.faults.add("id", opened.words().exists()),
        Refused::Stale { revision, .. } => {
            parts.status = StatusCode::CONFLICT;
            parts.stale_revision = Some(*revision);
            let w = opened.words();
            match opened.hall.pledge(draft.id.as_str()).filter(|_| !parts.typed.has("revision")) {
                Some(_) => parts.faults.add("id", w.exists()),
                None => parts.told.push(w.pledge_changed().into_owned()),
            }
        }
        _ => parts.told.push(refusal(opened.words(), refused)),
    }
}

/// The draft, if neither its inputs nor the rules of boards object to it.
fn read(parts: &mut Parts, opened: &Opened, file: Option<&PledgeFile>) -> Option<Draft> {
    let typed = parts.typed.clone();
    let mut reading = Reading::new(&typed, opened.language);
    let id: Option<PledgeId> = match file {
        Some(file) => Some(file.id.clone()),
        None => reading.id("id"),
    };
    let staff_no = match file {
        Some(file) => file.staff_no.clone(),
        None if typed.has("staff_no") => reading.id::<StaffNo>("staff_no"),
        None => None,
    };
    let promise = Promise {
        text: reading.both("text"),
        standard: reading.both("standard"),
        time_limit: reading.both("time_limit"),
    };
    parts.faults = reading.faults;
    let draft = Draft { id: id?, staff_no, promise };
    if file.is_none() && opened.hall.pledge(draft.id.as_str()).is_some() {
        parts.faults.add("id", opened.words().exists());
    }
    let found = objections(opened.board(), &draft);
    let placing = Placing { kind: Kind::Pledge, key: draft.id.as_str(), fields: FIELDS, label: &label };
    parts.told = place(&found, &placing, opened, &mut parts.faults);
    (parts.faults.is_empty() && parts.told.is_empty()).then_some(draft)
}

/// What the rules of boards would say if the draft were in force.
fn objections(board: &Board, draft: &Draft) -> Vec<FieldFault> {
    let trial = with_draft(board, draft);
    let at = trial.pledges.iter().position(|p| p.id == draft.id).unwrap_or_default();
    let before = rules::faults_of(board);
    let own = format!("pledges[{}].", at + 1);
    let new = rules::faults_of(&trial).into_iter().filter(|fault| !before.contains(fault));
    let fault = |(path, wrong): (String, _)| match path.strip_prefix(&own) {
        Some(field) => FieldFault { kind: Kind::Pledge, id: draft.id.to_string(), field: field.to_owned(), wrong },
        None => FieldFault { kind: Kind::Pledge, id: String::new(), field: String::new(), wrong },
    };
    new.map(fault).collect()
}

/// A board on which the draft is in force.
pub fn with_draft(board: &Board, draft: &Draft) -> Board {
    let mut trial = board.clone();
    let Draft { id, staff_no, promise } = draft.clone();
    let Promise { text, standard, time_limit } = promise;
    let pledge = Pledge { id, version: 1, staff_no, text, standard, time_limit, kept: None };
    match trial.pledges.iter_mut().find(|p| p.id == pledge.id) {
        Some(old) => *old = Pledge { version: old.version + 1, ..pledge },
        None => trial.pledges.push(pledge),
    }
    trial
}

/// The card that shows the draft.
pub async fn paint(site: &Site, opened: &Opened, draft: &Draft, setup: Setup) -> Shown {
    let board = with_draft(opened.board(), draft);
    let Some(look) = look(&board, draft.staff_no.as_ref(), opened) else { return Shown::Nothing };
    match panel::paint(site, board, &look, setup).await {
        Ok(picture) => Shown::Draft(picture),
        Err(fault) => Shown::Fault(fault),
    }
}

/// The person's card, or for the unit's pledges the first window's.
pub fn look(board: &Board, staff_no: Option<&StaffNo>, opened: &Opened) -> Option<Look> {
    let day = opened.today;
    match staff_no {
        Some(no) => {
            let window = window_of(board, board.staff(no)?)?.id.clone();
            Some(Look { window, scene: Scene::Card { staff_no: no.clone(), item: None }, day })
        }
        None => {
            let window = board.windows.first()?;
            Some(Look { window: window.id.clone(), scene: scene_at(board, window), day })
        }
    }
}

/// An id that is free: the unit's are U1, U2 …, a person's P0005, P0005-2 ….
fn free_id(opened: &Opened, staff: &str) -> String {
    let candidate = |n: usize| match (staff, n) {
        ("", n) => format!("U{n}"),
        (staff, 1) => format!("P{staff}"),
        (staff, n) => format!("P{staff}-{n}"),
    };
    (1..=limits::PLEDGES).map(candidate).find(|id| opened.hall.pledge(id).is_none()).unwrap_or_default()
}

/// The inputs; whose pledge it is can be said only once.
pub fn inputs(sheet: &Sheet<'_>, file: Option<&PledgeFile>) -> Markup {
    let w = sheet.words();
    let board = sheet.opened.board();
    let people = board.staff.iter().map(|s| (s.staff_no.to_string(), format!("{} {}", s.name, s.staff_no)));
    let owners = std::iter::once((String::new(), w.unit_for_all().into_owned())).chain(people);
    html! {
        @if file.is_none() {
            (sheet.line("id", w.pledge_id(), 32).hint(w.code_hint()))
            (Choice::new("staff_no", w.whose(), owners.collect::<Vec<_>>()).chosen(sheet.typed.text("staff_no")).faults(sheet.faults))
        }
        (sheet.both("text.zh", "text.en", &w.pledge_text(), limits::TEXT_CHARS, 1))
        p.hint { (w.standard_hint()) }
        (sheet.both("standard.zh", "standard.en", &w.standard(), limits::TEXT_CHARS, 1))
        (sheet.both("time_limit.zh", "time_limit.en", &w.time_limit(), limits::TITLE_CHARS, 1))
    }
}

/// What a promise looks like in the inputs.
pub fn typed_of(promise: &Promise) -> Typed {
    Typed::default()
        .with_both("text", &promise.text)
        .with_both("standard", &promise.standard)
        .with_both("time_limit", &promise.time_limit)
}
