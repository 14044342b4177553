//! Signing in and out.

use std::sync::Arc;

use axum::extract::{Form, Query as UrlQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::components::{Button, Field, Notice};
use crate::centre::access::session::set_cookie;
use crate::centre::access::{Member, Posted, Viewer, from_this_site, local};
use crate::centre::clock;
use crate::centre::directory::users::TokenHash;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::centre::statistics::api::Pairs;
use crate::words::dashboard::Dashboard;

#[derive(Deserialize)]
pub(super) struct Credentials {
    token: String,
    #[serde(default)]
    back: String,
}

pub(super) async fn ask(State(site): State<Arc<Site>>, viewer: Viewer, UrlQuery(pairs): UrlQuery<Pairs>) -> Response {
    let back = pairs.iter().find(|(name, _)| name == "back").map_or("/", |(_, back)| local(back));
    form(&site, &viewer, back, None)
}

pub(super) async fn begin(
    State(site): State<Arc<Site>>,
    viewer: Viewer,
    headers: HeaderMap,
    Form(form): Form<Credentials>,
) -> Response {
    let w = Dashboard(viewer.language);
    let back = local(&form.back);
    if !from_this_site(&headers) {
        return self::form(&site, &viewer, back, Some(&w.foreign_form()));
    }
    let token = TokenHash::of(form.token.trim());
    if site.directory.get().user_of(&token).is_none() {
        tracing::info!("a sign-in with an unknown token");
        let mut response = self::form(&site, &viewer, back, Some(&w.wrong_token()));
        *response.status_mut() = StatusCode::UNAUTHORIZED;
        return response;
    }
    match site.sessions.begin(token, clock::now().mono_ms) {
        Ok(id) => {
            let cookie = set_cookie(&id, site.settings.phone_url.starts_with("https://"));
            ([(header::SET_COOKIE, cookie)], Redirect::to(back)).into_response()
        }
        Err(e) => viewer.refuse(&site, &ApiFault::because(ErrorCode::Internal, &e)),
    }
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn end(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    _posted: Posted<Member, Nothing>,
) -> Response {
    site.sessions.end(&headers);
    let cookie = set_cookie("", site.settings.phone_url.starts_with("https://"));
    ([(header::SET_COOKIE, cookie)], Redirect::to("/sign-in")).into_response()
}

/// The sign-in form; `wrong` says why the last try failed.
fn form(site: &Site, viewer: &Viewer, back: &str, wrong: Option<&str>) -> Response {
    let w = Dashboard(viewer.language);
    let content: Markup = html! {
        section.card.sign-in {
            h1 { (w.title()) }
            @if let Some(wrong) = wrong { (Notice::bad(wrong)) }
            form method="post" action="/sign-in" {
                input type="hidden" name="back" value=(back);
                // Password managers file the token under something.
                input type="text" name="user" value=(w.product()) autocomplete="username" hidden;
                (Field::password("token", w.token()).hint(w.sign_in_hint()).max(200).first())
                (Button::submit(w.sign_in()).primary())
            }
        }
    };
    viewer.page(site, &w.sign_in(), content)
}
