//! The look-up of a receipt code: that a rating has come, when, and from which window; how it is handled where it opened a
//! case; and the citizen's word on that. Nothing else.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Form, FromRequest, Query, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::answer::{malformed, respond, trouble};
use super::form::FormFault;
use super::gate::from_this_site;
use super::handling::{RateFault, Shown};
use super::page::{self, CodeAnswer, Frame};
use super::routes::Asker;
use super::{catch_up, codes};
use crate::centre::cases::{self, CaseFault};
use crate::centre::clock;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall::today;
use crate::centre::ingest::{ledgers, segments, words};
use crate::centre::site::Site;
use crate::domain::case::At;
use crate::domain::rating::{Channel, Satisfaction};
use crate::domain::text::{TextFault, check_lines};
use crate::domain::time::ClockGrade;
use crate::ledger::chain::normal_receipt_code;
use crate::ledger::seal::{MAX_WORDS_CHARS, Words, context, seal};
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
    let is_own = from_this_site(request.headers());
    let mut fields = match Form::<HashMap<String, String>>::from_request(request, &()).await {
        Ok(Form(fields)) => fields,
        Err(_) => return malformed(language),
    };
    let typed: String = fields.remove("code").unwrap_or_default().chars().take(40).collect();
    let Some(code) = normal_receipt_code(&typed) else {
        return code_page(language, StatusCode::UNPROCESSABLE_ENTITY, &CodeAnswer::Malformed, &typed);
    };
    let rates = fields.get("act").is_some_and(|act| act == "rate");
    if rates && !is_own {
        let w = Phone(language);
        let (what, to_do) = (w.trouble_elsewhere(), w.trouble_elsewhere_do());
        return trouble(language, None, StatusCode::FORBIDDEN, &what, &to_do, None);
    }
    let answered = match rates {
        true => rate(&site, &code, &fields, language).await,
        false => find(&site, &code, language).await.map(|answer| (StatusCode::OK, answer)),
    };
    match answered {
        Ok((status, answer)) => code_page(language, status, &answer, &code),
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
    let (code, calendar) = (code.to_owned(), Arc::clone(&site.settings.calendar));
    let found = site.readers.read(move |conn| {
        let Some((ledger, visit)) = codes::find(conn, &code)? else { return Ok(None) };
        let hall = ledgers::hall_of(conn, ledger)?;
        let handling = cases::handling(conn, &calendar, ledger, visit)?;
        Ok::<_, segments::StoreFault>(segments::tell_visit(conn, ledger, visit)?.zip(hall).zip(Some(handling)))
    });
    let found = found.await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
    let Some(((visit, hall), handling)) = found else { return Ok(CodeAnswer::NotFound) };
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
    let zone = &site.settings.time_zone;
    let moment = visit.opinion.map(|o| o.moment).filter(|m| m.1 != ClockGrade::C);
    let time = moment
        .and_then(|m| jiff::Timestamp::from_millisecond(m.0.0).ok())
        .map(|t| zone.to_datetime(t).strftime("%Y-%m-%d %H:%M").to_string());
    let handling = handling.map(|handling| Shown {
        replied_on: handling.reply.as_ref().map(|(_, at)| today(zone, *at)),
        today: today(zone, clock::now().wall),
        just_rated: false,
        mend: None,
        handling,
    });
    Ok(CodeAnswer::Found { place, time, handling: handling.map(Box::new) })
}

/// Takes the citizen's rating of how it was handled, once; sent again, it changes nothing and says the same.
async fn rate(
    site: &Site,
    code: &str,
    fields: &HashMap<String, String>,
    language: Language,
) -> Result<(StatusCode, CodeAnswer), ApiFault> {
    let level = fields.get("level").and_then(|code| Satisfaction::from_code(code));
    // Browsers send line ends as CR LF.
    let typed = fields.get("words").map(|text| text.replace("\r\n", "\n").trim().to_owned()).unwrap_or_default();
    let words_fault = match check_lines(&typed, MAX_WORDS_CHARS) {
        Ok(()) | Err(TextFault::Empty) => None,
        Err(TextFault::TooLong { .. }) => Some(RateFault::Words(FormFault::WordsLong)),
        Err(TextFault::Forbidden(_)) => Some(RateFault::Words(FormFault::WordsCharacters)),
    };
    let level_fault = level.is_none().then_some(RateFault::NoLevel);
    let faults: Vec<RateFault> = level_fault.into_iter().chain(words_fault).collect();
    let (Some(level), true) = (level, faults.is_empty()) else {
        let mut answer = find(site, code, language).await?;
        if let CodeAnswer::Found { handling: Some(shown), .. } = &mut answer {
            shown.mend = Some((faults, typed));
        }
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, answer));
    };
    let taken = take(site, code, level, typed).await?;
    let mut answer = find(site, code, language).await?;
    if let CodeAnswer::Found { handling: Some(shown), .. } = &mut answer {
        shown.just_rated = taken || shown.handling.rated.is_some();
    }
    Ok((StatusCode::OK, answer))
}

/// True if it was taken now. Words are sealed before they come near the store.
async fn take(site: &Site, code: &str, level: Satisfaction, typed: String) -> Result<bool, ApiFault> {
    let unavailable = |cause: &dyn std::fmt::Display| ApiFault::because(ErrorCode::Unavailable, cause);
    let code = code.to_owned();
    let found = site.readers.read(move |conn| {
        let Some((ledger, visit)) = codes::find(conn, &code)? else { return Ok(None) };
        let known = ledgers::all(conn)?.into_iter().find(|known| known.place.ledger == ledger);
        Ok::<_, segments::StoreFault>(known.map(|known| (known, visit)))
    });
    let Some((known, visit)) = found.await?.map_err(|e| unavailable(&e))? else { return Ok(false) };
    let sealed = match typed.is_empty() {
        true => None,
        false => {
            let words = Words { text: Some(typed), contact: None };
            let sealed = seal(&words, &site.keys.seal_key(), &context(&known.device, known.epoch, visit));
            Some(sealed.map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?)
        }
    };
    let (ledger, zone, calendar) =
        (known.place.ledger, site.settings.time_zone.clone(), Arc::clone(&site.settings.calendar));
    let done = site.writer.attempt(move |desk| -> Result<(), CaseFault> {
        let at = At { wall: desk.now, day: today(&zone, desk.now) };
        cases::rate(&cases::Desk::new(desk.tx, &calendar, at)?, ledger, visit, level)?;
        if let Some(sealed) = sealed {
            words::keep_bounded(desk.tx, ledger, visit, Channel::Phone, &sealed, desk.now)?;
        }
        Ok(())
    });
    match done.await? {
        Ok(()) => {
            metrics::counter!("pingyi_rectifications_rated_total").increment(1);
            Ok(true)
        }
        // Sent twice, or not its time: the page says how it stands.
        Err(CaseFault::Refused(_) | CaseFault::NotFound) => Ok(false),
        Err(fault) => Err(unavailable(&fault)),
    }
}

fn code_page(language: Language, status: StatusCode, answer: &CodeAnswer, typed: &str) -> Response {
    let frame = Frame { language, board: None, root: "", words_days: 0, query: "" };
    respond(status, &page::code(&frame, answer, typed))
}
