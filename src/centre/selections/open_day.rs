//! The public notice on the public page, and objections from there: by anybody, without a name, throttled, with a contact
//! that is sealed if one is left.
//!
//! This is where persons stand on a public page: a notice names whom it is about, for its days alone.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Form, FromRequest as _, Path, Query as UrlQuery, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::{Markup, html};

use super::acts::{Refused, fault_of, object_in_public};
use super::store::{self, Kept};
use crate::centre::access::{Routes, from_this_site};
use crate::centre::clock;
use crate::centre::dashboard::components::{Button, Choice, Faults, Field, buttons};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall;
use crate::centre::phone::gate::address_of;
use crate::centre::phone::throttle::Throttle;
use crate::centre::public;
use crate::centre::site::Site;
use crate::domain::appraisal::Subject;
use crate::domain::id::HallId;
use crate::domain::role::Need;
use crate::domain::selection::{Objecting, Objector, Snapshot, TEXT_CHARS};
use crate::ledger::seal::{Words, seal};
use crate::words::selections::{self as words, Selections};
use crate::words::{Language, common};

/// Bytes of a form: a thousand characters, percent-encoded, and a contact.
const MAX_FORM_BYTES: usize = 16 * 1024;
const CONTACT_CHARS: usize = 100;

type Pairs = Vec<(String, String)>;

pub fn routes(per_minute: u32) -> Routes {
    // Whoever reads is not throttled; ten objections in a minute are nobody's own.
    let throttle = Arc::new(Mutex::new(Throttle::new(per_minute.clamp(1, 10))));
    let posted =
        move |state: State<Arc<Site>>, path: Path<(String, String)>, query: UrlQuery<Pairs>, request: Request| {
            object(Arc::clone(&throttle), state, path, query, request)
        };
    Routes::new()
        .get("/public/{hall}/notices/{id}", Need::Public, show)
        .post("/public/{hall}/notices/{id}", Need::Public, posted)
        .taking(MAX_FORM_BYTES)
}

/// The notices of a hall, on its public page. Nothing while there are none.
pub fn section(language: Language, hall: &HallId, noticed: &[Kept]) -> Markup {
    let w = Selections(language);
    html! {
        @if !noticed.is_empty() {
            section {
                h2 { (w.notices()) }
                ul {
                    @for kept in noticed {
                        @let path = format!("/public/{hall}/notices/{}", kept.id);
                        li {
                            a href=(public::link(&path, language, "")) { (kept.selection.terms().title) } " "
                            span.small { @if let Some(n) = kept.selection.notice() { (w.public_until(&n.until.to_string())) } }
                        }
                    }
                }
            }
        }
    }
}

/// What binds a sealed contact to its objection.
pub fn contact_context(selection: i64, number: u32) -> Vec<u8> {
    format!("pingyi-objection-v1/{selection}/{number}").into_bytes()
}

/// A notice that can be seen today.
struct Shown {
    hall: HallId,
    kept: Kept,
    snapshot: Snapshot,
}

async fn shown(site: &Site, hall: &str, id: &str) -> Result<Shown, ApiFault> {
    let missing = || ApiFault::new(ErrorCode::NotFound);
    let hall = HallId::new(hall).map_err(|_| missing())?;
    let id: i64 = id.parse().map_err(|_| missing())?;
    let (asked, today) = (hall.clone(), hall::today(&site.settings.time_zone, clock::now().wall));
    let read = move |conn: &rusqlite::Connection| -> rusqlite::Result<_> {
        let found = store::noticed(conn, &asked, today)?.into_iter().find(|kept| kept.id == id);
        let Some(kept) = found else { return Ok(None) };
        Ok(store::result(conn, id)?.map(|(snapshot, _)| (kept, snapshot)))
    };
    let found = site.readers.read(read).await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
    let (kept, snapshot) = found.ok_or_else(missing)?;
    Ok(Shown { hall, kept, snapshot })
}

async fn show(
    State(site): State<Arc<Site>>,
    Path((hall, id)): Path<(String, String)>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    let language = public::language(&pairs);
    let done = pairs.iter().any(|(name, _)| name == "done");
    match shown(&site, &hall, &id).await {
        Ok(shown) => {
            let said = done.then(|| Selections(language).public_thanks().into_owned());
            answer(language, &shown, StatusCode::OK, said.as_deref(), &Vec::new(), &Faults::default())
        }
        Err(fault) => public::refusal(language, &fault),
    }
}

async fn object(
    throttle: Arc<Mutex<Throttle>>,
    State(site): State<Arc<Site>>,
    Path((hall, id)): Path<(String, String)>,
    UrlQuery(query): UrlQuery<Pairs>,
    request: Request,
) -> Response {
    let language = public::language(&query);
    let w = Selections(language);
    let shown = match shown(&site, &hall, &id).await {
        Ok(shown) => shown,
        Err(fault) => return public::refusal(language, &fault),
    };
    let sorry =
        |status, said: &str, typed: &Pairs| answer(language, &shown, status, Some(said), typed, &Faults::default());
    if !from_this_site(request.headers()) {
        return sorry(StatusCode::FORBIDDEN, &w.public_elsewhere(), &Vec::new());
    }
    let address = address_of(request.extensions(), request.headers());
    let admitted = throttle.lock().unwrap_or_else(PoisonError::into_inner).admits(address, clock::now().mono_ms);
    let typed = match Form::<Pairs>::from_request(request, &()).await {
        Ok(Form(typed)) => typed,
        Err(_) => return public::refusal(language, &ApiFault::new(ErrorCode::Malformed)),
    };
    if !admitted {
        return sorry(StatusCode::TOO_MANY_REQUESTS, &w.public_too_often(), &typed);
    }
    match taken(&site, &shown, &typed).await {
        Ok(Ok(_)) => {
            let query = if language.is_english() { "?lang=en&done=1" } else { "?done=1" };
            Redirect::to(query).into_response()
        }
        Ok(Err(Refused::Step(step))) => {
            let mut faults = Faults::default();
            faults.add("text", words::refused(language, &step, |key| named(&shown, key)));
            answer(language, &shown, StatusCode::UNPROCESSABLE_ENTITY, None, &typed, &faults)
        }
        Ok(Err(refused)) => public::refusal(language, &fault_of(&refused)),
        Err(fault) => public::refusal(language, &fault),
    }
}

async fn taken(site: &Site, shown: &Shown, typed: &Pairs) -> Result<Result<u32, Refused>, ApiFault> {
    let text = |name: &str| typed.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim()).replace("\r\n", "\n");
    let about = Subject::of_key(&text("about")).ok_or_else(|| ApiFault::new(ErrorCode::Malformed))?;
    let contact: String = text("contact").chars().filter(|c| !c.is_control()).take(CONTACT_CHARS).collect();
    let contact = Some(contact).filter(|c| !c.trim().is_empty());
    let objecting = Objecting { objector: Objector::Public, about, text: text("text"), has_contact: contact.is_some() };
    let (id, hall, key) = (shown.kept.id, shown.hall.clone(), site.keys.seal_key());
    let zone = site.settings.time_zone.clone();
    let done = site.writer.attempt(move |desk| {
        let today = hall::today(&zone, desk.now);
        let sealed = |number| {
            let words = Words { text: None, contact: Some(contact?) };
            // A short text and a key of ours always seal; without it the objection counts all the same.
            seal(&words, &key, &contact_context(id, number)).ok()
        };
        object_in_public(desk.tx, (id, &hall), objecting, sealed, desk.now, today)
    });
    Ok(done.await?)
}

fn named(shown: &Shown, key: &str) -> String {
    Subject::of_key(key).map_or_else(|| key.to_owned(), |subject| shown.snapshot.name(&subject))
}

fn answer(
    language: Language,
    shown: &Shown,
    status: StatusCode,
    said: Option<&str>,
    typed: &Pairs,
    faults: &Faults,
) -> Response {
    let here = format!("/public/{}/notices/{}", shown.hall, shown.kept.id);
    let content = drawn(language, shown, said, typed, faults);
    public::page_with_form(language, &here, &Selections(language).notice(), status, &content)
}

fn drawn(language: Language, shown: &Shown, said: Option<&str>, typed: &Pairs, faults: &Faults) -> Markup {
    let (w, selection) = (Selections(language), &shown.kept.selection);
    let terms = selection.terms();
    let value = |name: &str| typed.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
    let nominees = selection.standing().map(|n| (n.subject.key(), shown.snapshot.name(&n.subject)));
    let max = u32::try_from(TEXT_CHARS).unwrap_or(1_000);
    let back = format!("/public/{}", shown.hall);
    html! {
        p.unit { (common::honour(language, terms.honour)) " · " (terms.period.from) " – " (terms.period.to) }
        h1 { (terms.title) }
        @if let Some(said) = said { p.sample role="status" { (said) } }
        section {
            p { (w.public_lead()) }
            ul {
                @for nominee in selection.standing() {
                    li { b { (shown.snapshot.name(&nominee.subject)) } @if !nominee.reason.is_empty() { " " span.small { (nominee.reason) } } }
                }
            }
            @if let Some(notice) = selection.notice() { p { b { (w.public_until(&notice.until.to_string())) } } }
        }
        section {
            h2 { (w.object()) }
            p.small { (w.public_objection_lead()) }
            (faults.summary(language))
            form method="post" action=(public::link(&format!("/public/{}/notices/{}", shown.hall, shown.kept.id), language, "")) {
                (Choice::new("about", w.object_to(), nominees).chosen(value("about")))
                (Field::area("text", w.what_is_wrong(), 5).hint(w.what_hint(TEXT_CHARS)).max(max).value(value("text")).faults(faults))
                (Field::text("contact", w.public_contact()).hint(w.public_contact_hint()).optional(language).max(100).value(value("contact")))
                (buttons(&[Button::submit(w.object()).primary()]))
            }
        }
        p { a href=(public::link(&back, language, "")) { (w.public_back()) } }
    }
}
