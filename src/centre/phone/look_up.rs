//! The look-up of a receipt code: that a rating has come, when, and from which window; nothing else.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Form, FromRequest, Query, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::answer::{malformed, respond, trouble};
use super::page::{self, CodeAnswer, Frame};
use super::routes::Asker;
use super::{catch_up, codes};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::ingest::{ledgers, segments};
use crate::centre::site::Site;
use crate::domain::time::ClockGrade;
use crate::ledger::chain::normal_receipt_code;
use crate::words::Language;
use crate::words::phone::Phone;

pub async fn ask_code(Query(query): Query<HashMap<String, String>>, headers: HeaderMap) -> Response {
    let asker = Asker::of(&headers, query);
    code_page(asker.language, StatusCode::OK, &CodeAnswer::Asked, "")
}

pub async fn find_code(
    State(site): State<Arc<Site>>,
    Query(query): Query<HashMap<String, String>>,
    request: Request,
) -> Response {
    let language = Asker::of(request.headers(), query).language;
    let typed = match Form::<HashMap<String, String>>::from_request(request, &()).await {
        Ok(Form(mut fields)) => fields.remove("code").unwrap_or_default(),
        Err(_) => return malformed(language),
    };
    let typed: String = typed.chars().take(40).collect();
    let Some(code) = normal_receipt_code(&typed) else {
        return code_page(language, StatusCode::UNPROCESSABLE_ENTITY, &CodeAnswer::Malformed, &typed);
    };
    match find(&site, &code, language).await {
        Ok(answer) => code_page(language, StatusCode::OK, &answer, &code),
        Err(fault) => {
            let w = Phone(language);
            let reference = Some(fault.reference.as_str());
            let status = fault.code.status();
            trouble(language, None, status, &w.trouble_store(), &w.trouble_busy_do(), reference)
        }
    }
}

async fn find(site: &Site, code: &str, language: Language) -> Result<CodeAnswer, ApiFault> {
    catch_up(&site.writer, &site.readers).await?;
    let code = code.to_owned();
    let found = site.readers.read(move |conn| {
        let Some((ledger, visit)) = codes::find(conn, &code)? else { return Ok(None) };
        let hall = ledgers::hall_of(conn, ledger)?;
        Ok::<_, segments::StoreFault>(segments::tell_visit(conn, ledger, visit)?.zip(hall))
    });
    let found = found.await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
    let Some((visit, hall)) = found else { return Ok(CodeAnswer::NotFound) };
    let boards = site.boards.get();
    let board = boards.hall(&hall).map(|b| &b.board);
    let english = language.is_english();
    let place = match board.and_then(|b| Some((b, b.window(&visit.service_window)?))) {
        Some((board, window)) => {
            let number = Phone(language).window(&window.number);
            format!("{} {number} {}", board.hall.name.get(english), window.name.get(english))
        }
        None => visit.service_window.to_string(),
    };
    let moment = visit.opinion.map(|o| o.moment).filter(|m| m.1 != ClockGrade::C);
    let time = moment
        .and_then(|m| jiff::Timestamp::from_millisecond(m.0.0).ok())
        .map(|t| site.settings.time_zone.to_datetime(t).strftime("%Y-%m-%d %H:%M").to_string());
    Ok(CodeAnswer::Found { place, time })
}

fn code_page(language: Language, status: StatusCode, answer: &CodeAnswer, typed: &str) -> Response {
    let frame = Frame { language, board: None, root: "", words_days: 0, query: "" };
    respond(status, &page::code(&frame, answer, typed))
}
