//! Signing in, step by step, and out.

use std::sync::Arc;

use axum::extract::{Form, FromRequest, Query as UrlQuery, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, PreEscaped, html};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::with_status;
use crate::centre::access::session::set_cookie;
use crate::centre::access::{
    Entering, Member, Posted, Refused as Ended, Viewer, encoded, from_this_site, local, taken,
};
use crate::centre::accounts::entering::{self, Begun, Refused};
use crate::centre::accounts::from::From;
use crate::centre::accounts::password;
use crate::centre::accounts::second_factor::Secret;
use crate::centre::audit::{self, Act};
use crate::centre::clock;
use crate::centre::dashboard::components::{Button, Faults, Field, Notice};
use crate::centre::directory::sessions::{self, Stage};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::centre::statistics::api::Pairs;
use crate::words::accounts::Accounts;

#[derive(Deserialize)]
pub(super) struct Credentials {
    login: String,
    password: String,
    #[serde(default)]
    back: String,
}

#[derive(Deserialize)]
pub(super) struct Code {
    code: String,
    #[serde(default)]
    back: String,
}

#[derive(Deserialize)]
pub(super) struct Choice {
    password: String,
    again: String,
    #[serde(default)]
    back: String,
}

/// Somebody on the way in, at the step that they are at.
pub(super) struct Step<const STAGE: u8, T> {
    entering: Entering,
    viewer: Viewer,
    from: From,
    form: T,
}

const FACTOR: u8 = Stage::Factor as u8;
const CHANGE: u8 = Stage::Change as u8;
const ENROL: u8 = Stage::Enrol as u8;

impl<const STAGE: u8, T: DeserializeOwned> FromRequest<Arc<Site>> for Step<STAGE, T> {
    type Rejection = Ended;

    async fn from_request(request: Request, site: &Arc<Site>) -> Result<Self, Ended> {
        use axum::extract::FromRequestParts as _;
        let (mut parts, body) = request.into_parts();
        let Ok(viewer) = Viewer::from_request_parts(&mut parts, site).await;
        let Ok(from) = From::from_request_parts(&mut parts, site).await;
        let entering = parts.extensions.get::<Entering>().cloned();
        let Some(entering) = entering.filter(|e| e.stage as u8 == STAGE) else {
            return Err(Redirect::to("/sign-in").into_response().into());
        };
        let headers = parts.headers.clone();
        let refuse = |fault: ApiFault| Ended::from(viewer.refuse(site, &fault));
        let body = axum::body::Bytes::from_request(Request::from_parts(parts, body), site).await;
        let body = body.map_err(|_| refuse(ApiFault::new(ErrorCode::TooLarge)))?;
        let form = taken(&viewer, &headers, body).await.map_err(refuse)?;
        Ok(Self { entering, viewer, from, form })
    }
}

/// The form of the step that somebody is at.
pub(super) async fn ask(
    State(site): State<Arc<Site>>,
    viewer: Viewer,
    entering: Option<axum::Extension<Entering>>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    let back = pairs.iter().find(|(name, _)| name == "back").map_or("/", |(_, back)| local(back));
    let Some(axum::Extension(entering)) = entering else {
        if viewer.who.is_some() {
            return Redirect::to(back).into_response();
        }
        return password_form(&site, &viewer, "", back, None);
    };
    match entering.stage {
        Stage::Factor => code_form(&site, &viewer, back, None),
        Stage::Change => choice_form(&site, &viewer, &entering, back, &Faults::default()),
        Stage::Enrol => enrolment_form(&site, &viewer, &entering, back, None).await,
        Stage::Full => Redirect::to(back).into_response(),
    }
}

pub(super) async fn by_password(
    State(site): State<Arc<Site>>,
    viewer: Viewer,
    from: From,
    headers: HeaderMap,
    Form(form): Form<Credentials>,
) -> Response {
    let (w, back) = (Accounts(viewer.language), local(&form.back));
    // There is no session yet whose forms could carry a token.
    if !from_this_site(&headers) {
        return viewer.refuse(&site, &ApiFault::new(ErrorCode::ForeignForm));
    }
    let bounded = form.login.len() <= 400 && form.password.len() <= 4 * password::MOST_CHARS;
    let entered = if bounded {
        entering::by_password(&site, &from, &form.login, &form.password).await
    } else {
        Err(Refused::Wrong)
    };
    match entered {
        Ok(begun) => onward(&site, &begun, back),
        Err(refused) => {
            let (status, sentence) = match told(&viewer, refused, &w.wrong_password()) {
                Ok(told) => told,
                Err(fault) => return viewer.refuse(&site, &fault),
            };
            with_status(password_form(&site, &viewer, &form.login, back, Some(&sentence)), status)
        }
    }
}

pub(super) async fn by_code(State(site): State<Arc<Site>>, step: Step<FACTOR, Code>) -> Response {
    let Step { entering, viewer, from, form } = step;
    let (w, back) = (Accounts(viewer.language), local(&form.back));
    match entering::by_code(&site, &from, &entering, &form.code).await {
        Ok(begun) => onward(&site, &begun, back),
        Err(refused) => match told(&viewer, refused, &w.wrong_code()) {
            Ok((status, sentence)) => with_status(code_form(&site, &viewer, back, Some(&sentence)), status),
            Err(fault) => viewer.refuse(&site, &fault),
        },
    }
}

pub(super) async fn by_choice(State(site): State<Arc<Site>>, step: Step<CHANGE, Choice>) -> Response {
    let Step { entering, viewer, from, form } = step;
    let back = local(&form.back);
    let own = [entering.who.login.as_str(), entering.who.name.as_str()];
    let faults = weighed(&viewer, &form.password, &form.again, &own);
    if !faults.is_empty() {
        let page = choice_form(&site, &viewer, &entering, back, &faults);
        return with_status(page, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let chosen = async {
        let hash = entering::hashed(&site, form.password).await?;
        entering::by_choice(&site, &from, &entering, hash).await
    };
    match chosen.await {
        Ok(begun) => onward(&site, &begun, back),
        Err(Refused::Fault(fault)) => viewer.refuse(&site, &fault),
        Err(Refused::Wait(_) | Refused::Wrong) => Redirect::to("/sign-in").into_response(),
    }
}

pub(super) async fn by_enrolment(State(site): State<Arc<Site>>, step: Step<ENROL, Code>) -> Response {
    let Step { entering, viewer, from, form } = step;
    let (w, back) = (Accounts(viewer.language), local(&form.back));
    match entering::by_enrolment(&site, &from, &entering, &form.code).await {
        Ok((begun, codes)) => {
            let mut response = recovery_page(&site, &viewer, &codes, back);
            let cookie = set_cookie(&begun.number, site.settings.accounts.https);
            response.headers_mut().append(header::SET_COOKIE, cookie);
            response
        }
        Err(refused) => match told(&viewer, refused, &w.wrong_code()) {
            Ok((status, sentence)) => {
                let page = enrolment_form(&site, &viewer, &entering, back, Some(&sentence)).await;
                with_status(page, status)
            }
            Err(fault) => viewer.refuse(&site, &fault),
        },
    }
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn sign_out(State(site): State<Arc<Site>>, posted: Posted<Member, Nothing>) -> Response {
    let Posted { who, viewer, .. } = posted;
    let Some(session) = viewer.session().map(|s| s.id) else { return Redirect::to("/sign-in").into_response() };
    let ended = site.writer.attempt(move |desk| {
        sessions::end(desk.tx, who.account, session)?;
        *desk.people_changed = true;
        let object = entering::object(who.account);
        audit::append(desk.tx, desk.now, &who, Act::SignedOut, &object, &format!("session {session}"))
    });
    match ended.await {
        Ok(Ok(())) => {
            let cookie = set_cookie("", site.settings.accounts.https);
            ([(header::SET_COOKIE, cookie)], Redirect::to("/sign-in")).into_response()
        }
        // Whoever believes to be out must be out.
        Ok(Err(e)) => viewer.refuse(&site, &ApiFault::because(ErrorCode::Unavailable, &e)),
        Err(fault) => viewer.refuse(&site, &fault.into()),
    }
}

/// What is wrong with a password that somebody chose.
pub(super) fn weighed(viewer: &Viewer, chosen: &str, again: &str, own: &[&str]) -> Faults {
    let (w, mut faults) = (Accounts(viewer.language), Faults::default());
    match password::weigh(chosen, own) {
        Err(password::Weak::Short) => faults.add("password", w.password_short(password::LEAST_CHARS)),
        Err(password::Weak::Long) => faults.add("password", w.password_long(password::MOST_CHARS)),
        Err(password::Weak::Guessable) => faults.add("password", w.password_guessable()),
        Ok(()) if chosen != again => faults.add("again", w.passwords_differ()),
        Ok(()) => {}
    }
    faults
}

/// The two fields of a password that is chosen.
pub(super) fn choice_fields(w: Accounts, faults: &Faults) -> Markup {
    html! {
        (Field::password("password", w.new_password()).hint(w.new_password_hint(password::LEAST_CHARS))
            .autocomplete("new-password").max(200).faults(faults))
        (Field::password("again", w.password_again()).autocomplete("new-password").max(200).faults(faults))
    }
}

/// The square code and the text of a secret that is being set up.
pub(super) fn square(w: Accounts, secret: &Secret, login: &str) -> Markup {
    html! {
        @if let Some(drawing) = secret.drawing(login) {
            div.square role="img" aria-label=(w.square_label()) { (PreEscaped(drawing)) }
        }
        details { summary { (w.by_hand()) } code.secret { (secret.text()) } }
    }
}

/// Recovery codes, shown once.
pub(super) fn recovery_page(site: &Site, viewer: &Viewer, codes: &[String], onward: &str) -> Response {
    let w = Accounts(viewer.language);
    let content = html! {
        section.card.sign-in {
            h1 { (w.recovery_title()) }
            (Notice::good(w.factor_is_set()).advice(w.recovery_advice()))
            ul.codes { @for code in codes { li { code { (code) } } } }
            (Button::link(onward, w.go_on()).primary())
        }
    };
    viewer.page(site, &w.recovery_title(), content)
}

/// The status and the sentence of a refusal that the form itself tells.
fn told(viewer: &Viewer, refused: Refused, wrong: &str) -> Result<(StatusCode, String), ApiFault> {
    match refused {
        Refused::Wrong => Ok((StatusCode::UNAUTHORIZED, wrong.to_owned())),
        Refused::Wait(until) => {
            let seconds = (until.since_ms(clock::now().wall).max(0) + 999) / 1_000;
            let sentence = Accounts(viewer.language).wait(seconds).into_owned();
            Ok((StatusCode::TOO_MANY_REQUESTS, sentence))
        }
        Refused::Fault(fault) => Err(fault),
    }
}

fn onward(site: &Site, begun: &Begun, back: &str) -> Response {
    let to = match begun.stage {
        Stage::Full => back.to_owned(),
        _ => format!("/sign-in?back={}", encoded(back)),
    };
    ([(header::SET_COOKIE, set_cookie(&begun.number, site.settings.accounts.https))], Redirect::to(&to)).into_response()
}

fn password_form(site: &Site, viewer: &Viewer, login: &str, back: &str, wrong: Option<&str>) -> Response {
    let w = Accounts(viewer.language);
    let (login_field, password_field) = (
        Field::text("login", w.login()).value(login).max(60).autocomplete("username"),
        Field::password("password", w.password()).max(200).autocomplete("current-password"),
    );
    let content = html! {
        section.card.sign-in {
            h1 { (w.sign_in()) }
            @if let Some(wrong) = wrong { (Notice::bad(wrong)) }
            form method="post" action="/sign-in" {
                input type="hidden" name="back" value=(back);
                @if login.is_empty() { (login_field.first()) (password_field) }
                @else { (login_field) (password_field.first()) }
                (Button::submit(w.sign_in()).primary())
            }
            p.hint { (w.forgotten()) }
        }
    };
    viewer.page(site, &w.sign_in(), content)
}

fn code_form(site: &Site, viewer: &Viewer, back: &str, wrong: Option<&str>) -> Response {
    let w = Accounts(viewer.language);
    let content = html! {
        section.card.sign-in {
            h1 { (w.code_title()) }
            @if let Some(wrong) = wrong { (Notice::bad(wrong)) }
            form method="post" action="/sign-in/code" {
                (viewer.csrf())
                input type="hidden" name="back" value=(back);
                (Field::code("code", w.code()).hint(w.code_hint()).max(24).first())
                (Button::submit(w.go_on()).primary())
            }
        }
    };
    viewer.page(site, &w.code_title(), content)
}

fn choice_form(site: &Site, viewer: &Viewer, entering: &Entering, back: &str, faults: &Faults) -> Response {
    let w = Accounts(viewer.language);
    let content = html! {
        section.card.sign-in {
            h1 { (w.choose_title()) }
            p { (w.choose_lead()) }
            (faults.summary(viewer.language))
            form method="post" action="/sign-in/password" {
                (viewer.csrf())
                input type="hidden" name="back" value=(back);
                // Password managers file the new one under the login.
                input type="text" name="login" value=(entering.who.login) autocomplete="username" hidden;
                (choice_fields(w, faults))
                (Button::submit(w.go_on()).primary())
            }
        }
    };
    viewer.page(site, &w.choose_title(), content)
}

async fn enrolment_form(
    site: &Arc<Site>,
    viewer: &Viewer,
    entering: &Entering,
    back: &str,
    wrong: Option<&str>,
) -> Response {
    let w = Accounts(viewer.language);
    let (session, account) = (entering.session.id, entering.who.account);
    let sealed = site.readers.read(move |conn| sessions::pending(conn, session)).await;
    let secret = sealed.ok().and_then(Result::ok).flatten().and_then(|s| Secret::open(&s, &site.keys, account).ok());
    let Some(secret) = secret else { return viewer.refuse(site, &ApiFault::new(ErrorCode::Unavailable)) };
    let content = html! {
        section.card.sign-in {
            h1 { (w.enrol_title()) }
            p { (w.enrol_lead()) }
            @if let Some(wrong) = wrong { (Notice::bad(wrong)) }
            (square(w, &secret, &entering.who.login))
            form method="post" action="/sign-in/second-factor" {
                (viewer.csrf())
                input type="hidden" name="back" value=(back);
                (Field::code("code", w.code()).hint(w.enrol_hint()).max(10))
                (Button::submit(w.go_on()).primary())
            }
        }
    };
    viewer.page(site, &w.enrol_title(), content)
}
