//! The page over HTTP.
//!
//! The ticket in the address is the capability, so there is neither a cookie nor a session to steal or to forge requests
//! with; a form from another site is refused all the same. After each act the browser is sent to a plain address, so that
//! reload and back do nothing twice.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Form, FromRequest, Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::tz::TimeZone;

use super::admission::Timeliness;
use super::answer::{could_not, malformed, respond, style, trouble};
use super::form::{self, Act, Draft, FormFault, Refused};
use super::gate::{from_this_site, limit};
use super::language;
use super::look_up::{ask_code, find_code};
use super::page::{self, Banner, Card, Frame, Stage};
use super::throttle::Throttle;
use super::visit::{self, Done, RatedBy, Seen};
use crate::centre::access::Routes;
use crate::centre::boards::HallBoard;
use crate::centre::clock;
use crate::centre::directory::devices::{Device, Standing};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::domain::board::Board;
use crate::domain::rating::Satisfaction;
use crate::domain::role::Need;
use crate::domain::time::WallMs;
use crate::ledger::seal::{context, seal};
use crate::ledger::ticket::{Ticket, TicketFault};
use crate::words::Language;
use crate::words::phone::Phone;

/// Bytes of a posted form: 500 characters of words, percent-encoded, and the rest.
const MAX_FORM_BYTES: usize = 16 * 1024;

/// The phone's routes; `per_minute` is how often one address may ask.
pub fn routes(per_minute: u32) -> Routes {
    let throttle = Arc::new(Mutex::new(Throttle::new(per_minute)));
    Routes::new()
        // QR codes hold capitals most densely.
        .get("/T/{ticket}", Need::Public, show)
        .post("/T/{ticket}", Need::Public, act)
        .get("/t/{ticket}", Need::Public, show)
        .post("/t/{ticket}", Need::Public, act)
        .get("/T/{ticket}/portrait", Need::Public, portrait)
        .get("/t/{ticket}/portrait", Need::Public, portrait)
        .get("/c", Need::Public, ask_code)
        .post("/c", Need::Public, find_code)
        .taking(MAX_FORM_BYTES)
        .within(move |request, next| limit(Arc::clone(&throttle), request, next))
        .get("/phone.css", Need::Public, style)
}

/// Who asks: the language, and the part of the address that the page keeps.
pub struct Asker {
    pub language: Language,
    query: HashMap<String, String>,
    now: WallMs,
}

impl Asker {
    pub fn of(headers: &HeaderMap, query: HashMap<String, String>) -> Self {
        let accepts = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
        let language = language::choose(query.get("lang").map(String::as_str), accepts);
        Self { language, query, now: clock::now().wall }
    }

    fn after(&self) -> Option<Satisfaction> {
        self.query.get("after").and_then(|code| Satisfaction::from_code(code))
    }

    fn asks(&self, name: &str, value: &str) -> bool {
        self.query.get(name).is_some_and(|v| v == value)
    }

    /// What the language link must not lose.
    fn kept(&self) -> String {
        match self.after() {
            Some(level) => format!("after={}", level.code()),
            None if self.asks("done", "second") => "done=second".to_owned(),
            None if self.asks("done", "words") => "done=words".to_owned(),
            None => String::new(),
        }
    }
}

/// An answer that ends the handling; boxed, for it is rare and large.
struct Refusal(Box<Response>);

impl From<Response> for Refusal {
    fn from(response: Response) -> Self {
        Self(Box::new(response))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        *self.0
    }
}

/// A ticket that its device has signed, and whose it is.
struct Admitted {
    ticket: Ticket,
    device: Arc<Device>,
    board: Option<Arc<HallBoard>>,
    zone: TimeZone,
    words_days: u32,
}

impl Admitted {
    fn board(&self) -> Option<&Board> {
        self.board.as_deref().map(|b| &b.board)
    }
}

async fn show(
    State(site): State<Arc<Site>>,
    Path(text): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let asker = Asker::of(&headers, query);
    let admitted = admit(&site, &text, asker.language)?;
    let seen = look(&site, &admitted, &asker).await?;
    Ok(draw(&admitted, &seen, &asker, &text, None))
}

async fn act(
    State(site): State<Arc<Site>>,
    Path(text): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    request: Request,
) -> Result<Response, Refusal> {
    let asker = Asker::of(request.headers(), query);
    let language = asker.language;
    if !from_this_site(request.headers()) {
        let w = Phone(language);
        let (what, to_do) = (w.trouble_elsewhere(), w.trouble_elsewhere_do());
        return Ok(trouble(language, None, StatusCode::FORBIDDEN, &what, &to_do, None));
    }
    let admitted = admit(&site, &text, language)?;
    let fields = match Form::<Vec<(String, String)>>::from_request(request, &()).await {
        Ok(Form(fields)) => fields,
        Err(_) => return Ok(malformed(language)),
    };
    let act = match form::read(&fields) {
        Ok(act) => act,
        Err(Refused::Malformed) => return Ok(malformed(language)),
        Err(Refused::Mend(mend)) => {
            let seen = look(&site, &admitted, &asker).await?;
            return Ok(draw(&admitted, &seen, &asker, &text, Some(*mend)));
        }
    };
    Ok(match carry_out(&site, &admitted, act.clone()).await {
        Ok(done) => after(&act, done, language, &admitted),
        Err(fault) => could_not(language, admitted.board(), &fault),
    })
}

/// Seals what is personal, then hands the act to the writer.
async fn carry_out(site: &Site, admitted: &Admitted, act: Act) -> Result<Done, ApiFault> {
    let ticket = admitted.ticket;
    let sealed = match &act {
        Act::Explain { words: Some(words), .. } => {
            let context = context(&ticket.device, ticket.epoch, ticket.visit);
            let sealed = seal(words, &site.keys.seal_key(), &context);
            Some(sealed.map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?)
        }
        _ => None,
    };
    let act = act.without_words();
    let board = admitted.board.clone();
    let done = site.writer.submit(1, move |desk| {
        let offered = |level, tag: &_| {
            board.as_ref().is_some_and(|b| b.board.tags_for(level).any(|offered| &offered.code == tag))
        };
        visit::take(desk, &ticket, &act, sealed, &offered)
    });
    Ok(done.await?)
}

fn after(act: &Act, done: Done, language: Language, admitted: &Admitted) -> Response {
    let w = Phone(language);
    let board = admitted.board();
    let sad = |status, what: &str, to_do: &str| trouble(language, board, status, what, to_do, None);
    match (done, act) {
        (Done::Rated, Act::Rate { level, .. }) => onward(language, &format!("after={}", level.code())),
        (Done::SecondKept, _) => onward(language, "done=second"),
        (Done::Explained | Done::Rated, _) => onward(language, "done=words"),
        (Done::NoSuchVisit, _) => sad(StatusCode::GONE, &w.trouble_no_visit(), &w.trouble_no_visit_do()),
        (Done::Over, _) => sad(StatusCode::GONE, &w.trouble_expired(), &w.trouble_expired_do()),
        (Done::TooMany, _) => sad(StatusCode::TOO_MANY_REQUESTS, &w.trouble_enough(), &w.trouble_enough_do()),
    }
}

/// Sends the browser to the same page by a plain address.
fn onward(language: Language, query: &str) -> Response {
    Redirect::to(&format!("?lang={}&{query}", language.code())).into_response()
}

fn admit(site: &Site, text: &str, language: Language) -> Result<Admitted, Refusal> {
    let w = Phone(language);
    let refuse = |status, what: &str, to_do: &str| Err(trouble(language, None, status, what, to_do, None).into());
    let unverified = match Ticket::parse(text) {
        Ok(unverified) => unverified,
        Err(TicketFault::Version) => {
            return refuse(StatusCode::BAD_REQUEST, &w.trouble_version(), &w.trouble_version_do());
        }
        Err(_) => return refuse(StatusCode::NOT_FOUND, &w.trouble_malformed(), &w.trouble_malformed_do()),
    };
    let device = site.directory.get().device(&unverified.device());
    let Some(device) = device.filter(|d| d.standing != Standing::Revoked) else {
        return refuse(StatusCode::NOT_FOUND, &w.trouble_unknown(), &w.trouble_unknown_do());
    };
    let Ok(ticket) = unverified.verify(&device.key) else {
        return refuse(StatusCode::FORBIDDEN, &w.trouble_forged(), &w.trouble_forged_do());
    };
    let board = site.boards.get().hall(&device.hall).cloned();
    Ok(Admitted { ticket, device, board, zone: site.settings.time_zone.clone(), words_days: site.settings.words_days })
}

/// What is known of the visit; lets the ticket bear witness where the ledger has not been seen so far.
async fn look(site: &Site, admitted: &Admitted, asker: &Asker) -> Result<Seen, Refusal> {
    let (ticket, now) = (admitted.ticket, asker.now);
    let seen = match site.readers.read(move |conn| visit::look(conn, &ticket, now)).await {
        Ok(Ok(seen)) => seen,
        Ok(Err(fault)) => {
            let fault = ApiFault::because(ErrorCode::Unavailable, &fault);
            return Err(could_not(asker.language, admitted.board(), &fault).into());
        }
        Err(fault) => return Err(could_not(asker.language, admitted.board(), &fault.into()).into()),
    };
    if !seen.witnessed
        && let Err(fault) = site.writer.submit(1, move |desk| visit::hear(desk, &ticket)).await
    {
        // The citizen's page does not depend on it, and the next ticket bears witness again.
        tracing::warn!(%fault, "a ticket's witness was not kept");
    }
    Ok(seen)
}

fn draw(
    admitted: &Admitted,
    seen: &Seen,
    asker: &Asker,
    ticket: &str,
    mend: Option<(Draft, Vec<FormFault>)>,
) -> Response {
    let board = admitted.board();
    let w = Phone(asker.language);
    if seen.timeliness == Timeliness::Over {
        let (what, to_do) = (w.trouble_expired(), w.trouble_expired_do());
        return trouble(asker.language, board, StatusCode::GONE, &what, &to_do, None);
    }
    let mut random = [0; 16];
    if let Err(e) = getrandom::fill(&mut random) {
        return could_not(asker.language, admitted.board(), &ApiFault::because(ErrorCode::Internal, &e));
    }
    let kept = asker.kept();
    let frame = Frame { language: asker.language, board, root: "../", words_days: admitted.words_days, query: &kept };
    let status = if mend.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let stage = stage(board, seen, asker, mend);
    let card = card(admitted, board, seen, ticket, asker.now);
    respond(status, &page::visit(&frame, &card, &stage, &form::once(random)))
}

fn stage<'a>(board: Option<&'a Board>, seen: &Seen, asker: &Asker, mend: Option<(Draft, Vec<FormFault>)>) -> Stage<'a> {
    let Some(by) = seen.rated else { return Stage::Rate { late: seen.timeliness == Timeliness::Late } };
    if asker.asks("done", "words") && mend.is_none() {
        return Stage::Done;
    }
    let after = asker.after().filter(|_| by == RatedBy::Phone);
    let banner = match by {
        _ if asker.asks("done", "second") => Banner::Second,
        RatedBy::Kiosk => Banner::AtKiosk,
        RatedBy::Phone if after.is_some() => Banner::Received,
        RatedBy::Phone => Banner::Already,
    };
    // Only to whoever has just rated here: to anyone else the reasons would tell the level.
    let reasons = after.zip(board).map(|(level, board)| board.tags_for(level).collect()).unwrap_or_default();
    let (draft, faults) = mend.unwrap_or_default();
    Stage::Words { banner, reasons, draft, faults }
}

fn card<'a>(admitted: &Admitted, board: Option<&'a Board>, seen: &Seen, ticket: &str, now: WallMs) -> Card<'a> {
    let opened = seen.opened.as_ref();
    let Some(board) = board else {
        return Card {
            service_window: None,
            staff: None,
            honours: vec![],
            item: None,
            pledges: vec![],
            portrait: None,
        };
    };
    let window = opened.map_or(&admitted.device.service_window, |o| &o.service_window);
    let service_window = board.window(window);
    let staff = opened.and_then(|o| o.staff.as_ref()).and_then(|no| board.staff(no));
    let today = today(&admitted.zone, now);
    let honours = staff.map(|s| &s.honours).into_iter().chain(service_window.map(|w| &w.honours)).flatten();
    Card {
        service_window,
        staff,
        honours: honours.filter(|h| h.until >= today).collect(),
        item: opened.and_then(|o| o.item.as_ref()).and_then(|code| board.item(code)),
        pledges: board.pledges_of(staff.map(|s| &s.staff_no)).collect(),
        portrait: staff.and_then(|s| s.photo.as_ref()).map(|_| format!("{ticket}/portrait")),
    }
}

/// The civil day in the hall.
fn today(zone: &TimeZone, now: WallMs) -> jiff::civil::Date {
    let moment = jiff::Timestamp::from_millisecond(now.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    zone.to_datetime(moment).date()
}

async fn portrait(State(site): State<Arc<Site>>, Path(text): Path<String>) -> Result<Response, Refusal> {
    let admitted = admit(&site, &text, Language::Zh)?;
    let (ticket, now) = (admitted.ticket, clock::now().wall);
    let missing = || StatusCode::NOT_FOUND.into_response();
    let Ok(Ok(seen)) = site.readers.read(move |conn| visit::look(conn, &ticket, now)).await else {
        return Ok(missing());
    };
    let staff = seen.opened.and_then(|o| o.staff);
    let name = staff.zip(admitted.board.as_ref()).and_then(|(no, b)| b.board.staff(&no)?.photo.clone());
    let Some(name) = name else { return Ok(missing()) };
    Ok(match site.photo(&name).await {
        Ok((bytes, kind)) => ([(header::CONTENT_TYPE, kind)], bytes).into_response(),
        Err(fault) => fault.into_response(),
    })
}
