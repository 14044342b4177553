//! Evidence of a case on its page: what is there, and one more.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};

use super::forms::Typed;
use super::one::{sentence, show};
use crate::centre::access::{CaseReader, CaseWorker, Signed, Uploaded, Viewer, Who};
use crate::centre::cases::acts;
use crate::centre::cases::evidence::{self, MAX_PIECES, Piece, Prepared};
use crate::centre::cases::look::{Looked, number};
use crate::centre::cases::store::{self, CaseFault};
use crate::centre::dashboard::components::{Button, Field, buttons};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall::portrait::TURN;
use crate::centre::site::Site;
use crate::domain::case::Stage;
use crate::domain::role::Need;
use crate::words::cases::Register;

/// The pieces, and the form for another.
pub fn section(viewer: &Viewer, who: &Who, looked: &Looked) -> Markup {
    let w = Register(viewer.language);
    let id = looked.record.id;
    html! {
        section.card {
            h2 { (w.evidence()) }
            @if looked.pieces.is_empty() { p.hint { (w.no_evidence()) } }
            @else {
                ul.evidence { @for piece in &looked.pieces { li { (shown(viewer, id, piece)) } } }
            }
            @if who.may(Need::CasesWork) && looked.case.stage != Stage::Withdrawn {
                form.form method="post" action={ "/cases/" (id) "/evidence" } enctype="multipart/form-data" {
                    (viewer.csrf())
                    (Field::file("piece", w.evidence_label(), ".png,.jpg,.jpeg,.pdf").hint(w.evidence_hint(MAX_PIECES)))
                    (buttons(&[Button::submit(w.add_evidence())]))
                }
            }
        }
    }
}

fn shown(viewer: &Viewer, case: i64, piece: &Piece) -> Markup {
    let w = Register(viewer.language);
    let address = format!("/cases/{case}/evidence/{}", piece.id);
    html! {
        @if piece.is_picture() { img src=(address) alt=(w.picture_of(&piece.name)) loading="lazy"; }
        (Button::file(address.as_str(), w.download(&piece.name)).small())
    }
}

pub async fn add(State(site): State<Arc<Site>>, Path(id): Path<String>, form: Uploaded<CaseWorker>) -> Response {
    let (viewer, who) = (form.viewer.clone(), Arc::clone(&form.who));
    let w = Register(viewer.language);
    let Some(case) = number(&id) else { return viewer.not_found(&site) };
    let Some(file) = form.file("piece").cloned() else {
        return show(&site, &viewer, &who, &id, Some(&w.evidence_none()), &Typed::default()).await;
    };
    // Before anything is decoded: nobody works for a case that is not theirs.
    match covered(&site, &who, case).await {
        Ok(true) => {}
        Ok(false) => return viewer.not_found(&site),
        Err(fault) => return viewer.refuse(&site, &fault),
    }
    let prepared = match prepared(&site, file.bytes).await {
        Ok(Some(prepared)) => prepared,
        Ok(None) => return show(&site, &viewer, &who, &id, Some(&w.evidence_wrong()), &Typed::default()).await,
        Err(fault) => return viewer.refuse(&site, &fault),
    };
    let (kept, bytes) = (prepared.file.clone(), prepared.bytes.len() as u64);
    let name = evidence::name_of(&file.name, &kept);
    let done = acts::act(&site, Arc::clone(&who), move |a| a.attach(case, &kept, &name, bytes)).await;
    match done {
        Ok(Ok(_)) => viewer.onward(&site, &format!("/cases/{case}"), &w.done()),
        Ok(Err(fault)) => {
            forget(&site, &prepared.file).await;
            match fault {
                CaseFault::NotFound => viewer.not_found(&site),
                fault => {
                    let sentence = sentence(viewer.language, &fault);
                    show(&site, &viewer, &who, &id, Some(&sentence), &Typed::default()).await
                }
            }
        }
        // Whether it was written is not known: the file stays.
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

async fn covered(site: &Site, who: &Who, case: i64) -> Result<bool, ApiFault> {
    let reach = who.reach.clone();
    let found = site.readers.read(move |conn| store::one(conn, case)).await?;
    let found = found.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
    Ok(found.is_some_and(|r| reach.covers(&r.about.hall)))
}

/// Judged, written anew and kept, one at a time; none: it is no evidence.
async fn prepared(site: &Site, upload: axum::body::Bytes) -> Result<Option<Prepared>, ApiFault> {
    let _turn = TURN.acquire().await.map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?;
    let folder = site.settings.evidence.clone();
    let work = tokio::task::spawn_blocking(move || match Prepared::of(&upload) {
        Ok(prepared) => prepared.keep(&folder).map(|()| Some(prepared)),
        Err(fault) => {
            tracing::info!(%fault, "an upload is no evidence");
            Ok(None)
        }
    });
    let done = work.await.map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?;
    done.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))
}

/// Erases a file that no case holds.
async fn forget(site: &Site, file: &str) {
    let name = file.to_owned();
    let held = site.readers.read(move |conn| evidence::is_held(conn, &name)).await;
    let path = evidence::path(&site.settings.evidence, file).filter(|_| matches!(held, Ok(Ok(false))));
    let Some(path) = path else { return };
    let erased = tokio::task::spawn_blocking(move || std::fs::remove_file(path)).await;
    if !matches!(erased, Ok(Ok(()))) {
        tracing::warn!("evidence that no case holds could not be erased");
    }
}

pub async fn send(
    State(site): State<Arc<Site>>,
    signed: Signed<CaseReader>,
    Path((case, piece)): Path<(String, String)>,
) -> Response {
    match read(&site, &signed.who, &case, &piece).await {
        Ok(Some((piece, bytes))) => sent(&piece, bytes),
        Ok(None) => signed.viewer.not_found(&site),
        Err(fault) => signed.viewer.refuse(&site, &fault),
    }
}

async fn read(site: &Site, who: &Who, case: &str, piece: &str) -> Result<Option<(Piece, Vec<u8>)>, ApiFault> {
    let Some((case, piece)) = number(case).zip(number(piece)) else { return Ok(None) };
    if !covered(site, who, case).await? {
        return Ok(None);
    }
    let found = site.readers.read(move |conn| evidence::one(conn, case, piece)).await?;
    let Some(piece) = found.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))? else { return Ok(None) };
    let Some(path) = evidence::path(&site.settings.evidence, &piece.file) else { return Ok(None) };
    let bytes = tokio::task::spawn_blocking(move || std::fs::read(path)).await;
    let bytes = bytes.map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?;
    Ok(Some((piece, bytes.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?)))
}

/// A picture was written anew here and may be shown; a PDF is a download, whatever the browser thinks of it.
fn sent(piece: &Piece, bytes: Vec<u8>) -> Response {
    let place = if piece.is_picture() { "inline" } else { "attachment" };
    let disposition = HeaderValue::from_str(&format!("{place}; filename=\"{}\"", piece.file));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(piece.kind())),
        (header::CONTENT_DISPOSITION, disposition.unwrap_or(HeaderValue::from_static("attachment"))),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    (StatusCode::OK, headers, bytes).into_response()
}
