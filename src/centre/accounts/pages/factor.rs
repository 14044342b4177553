//! The own second factor: set up, changed, removed; and new recovery codes.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::own::is_own_password;
use super::sign_in::{recovery_page, square};
use super::{stored, with_status};
use crate::centre::access::{Member, Posted, Signed, Viewer, Who};
use crate::centre::accounts::entering::{self, Refused};
use crate::centre::accounts::second_factor::{self, Secret};
use crate::centre::audit::{self, Act};
use crate::centre::dashboard::components::{Button, Faults, Field, Notice, Title, buttons};
use crate::centre::directory::{accounts, sessions};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::words::accounts::Accounts;

#[derive(Deserialize)]
pub(super) struct Proof {
    password: String,
}

#[derive(Deserialize)]
pub(super) struct Code {
    code: String,
}

pub(super) async fn show(State(site): State<Arc<Site>>, Signed { who, viewer, .. }: Signed<Member>) -> Response {
    page(&site, &who, &viewer, &Faults::default()).await
}

async fn page(site: &Site, who: &Who, viewer: &Viewer, faults: &Faults) -> Response {
    let (id, session) = (who.account, viewer.session().map_or(0, |s| s.id));
    let read = site.readers.read(move |conn| Ok((accounts::one(conn, id)?, sessions::pending(conn, session)?)));
    let (account, pending) = match stored(read.await) {
        Ok((Some(account), pending)) => (account, pending),
        Ok((None, _)) => return viewer.not_found(site),
        Err(fault) => return viewer.refuse(site, &fault),
    };
    let w = Accounts(viewer.language);
    let secret = pending.and_then(|sealed| Secret::open(&sealed, &site.keys, id).ok());
    let must = site.settings.accounts.second_factor.contains(&account.role);
    let proof = |action: &str, button: Button<'_>| {
        html! {
            form.form method="post" action=(action) {
                (viewer.csrf())
                (Field::password("password", w.confirm_it_is_you()).autocomplete("current-password").max(200).faults(faults))
                (buttons(&[button]))
            }
        }
    };
    let body: Markup = match secret {
        Some(secret) => html! {
            section.card {
                (square(w, &secret, &who.login))
                form.form method="post" action="/account/second-factor" {
                    (viewer.csrf())
                    (Field::code("code", w.code()).hint(w.enrol_hint()).max(10).faults(faults))
                    (buttons(&[Button::submit(w.go_on()).primary(), Button::link("/account", w.cancel())]))
                }
            }
        },
        None if account.has_second_factor => html! {
            form.form method="post" action="/account/second-factor/begin" {
                (viewer.csrf())
                (Field::password("password", w.confirm_it_is_you()).autocomplete("current-password").max(200).faults(faults))
                div.buttons {
                    (Button::submit(w.set_up_anew()))
                    button type="submit" class="button" formaction="/account/recovery-codes" { (w.new_recovery()) }
                    @if !must {
                        button type="submit" class="button danger" formaction="/account/second-factor/remove" { (w.remove_factor()) }
                    }
                }
            }
        },
        None => proof("/account/second-factor/begin", Button::submit(w.set_up()).primary()),
    };
    let content = html! {
        (Title::new(viewer.language, w.factor()).crumb("/account", w.my_account()).lead(w.factor_lead()))
        @if must { (Notice::note(w.factor_must()).standing()) }
        (faults.summary(viewer.language))
        (body)
    };
    let response = viewer.page(site, &w.factor(), content);
    if faults.is_empty() { response } else { with_status(response, StatusCode::UNPROCESSABLE_ENTITY) }
}

/// Makes a fresh secret for this session to set up; the old one counts until a code has shown that the app has it.
pub(super) async fn begin(State(site): State<Arc<Site>>, posted: Posted<Member, Proof>) -> Response {
    let Posted { who, viewer, form, .. } = posted;
    let begun = async {
        if !is_own_password(&site, &who, form.password).await? {
            return Ok(wrong_password(&site, &who, &viewer).await);
        }
        let secret = Secret::fresh().and_then(|secret| secret.sealed(&site.keys, who.account));
        let sealed = secret.map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?;
        let session = viewer.session().map_or(0, |s| s.id);
        let kept = site.writer.attempt(move |desk| sessions::set_pending(desk.tx, session, Some(&sealed)));
        stored(kept.await)?;
        Ok(axum::response::IntoResponse::into_response(axum::response::Redirect::to("/account/second-factor")))
    };
    begun.await.unwrap_or_else(|fault: ApiFault| viewer.refuse(&site, &fault))
}

pub(super) async fn confirm(State(site): State<Arc<Site>>, posted: Posted<Member, Code>) -> Response {
    let Posted { who, viewer, form, .. } = posted;
    let session = viewer.session().map_or(0, |s| s.id);
    let ready = match entering::confirm(&site, session, who.account, &form.code).await {
        Ok(ready) => ready,
        Err(Refused::Fault(fault)) => return viewer.refuse(&site, &fault),
        Err(Refused::Wrong | Refused::Wait(_)) => {
            let mut faults = Faults::default();
            faults.add("code", Accounts(viewer.language).wrong_code());
            return page(&site, &who, &viewer, &faults).await;
        }
    };
    let codes = ready.codes.clone();
    let kept = site.writer.attempt(move |desk| {
        sessions::set_pending(desk.tx, session, None)?;
        // Whoever came in without it must come again with it.
        sessions::end_all(desk.tx, who.account, Some(session))?;
        ready.keep(desk, &who)
    });
    match stored(kept.await) {
        Ok(()) => recovery_page(&site, &viewer, &codes, "/account"),
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

pub(super) async fn remove(State(site): State<Arc<Site>>, posted: Posted<Member, Proof>) -> Response {
    let Posted { who, viewer, form, .. } = posted;
    let removed = async {
        if site.settings.accounts.second_factor.contains(&who.role) {
            return Err(ApiFault::because(ErrorCode::Forbidden, &"the role needs a second factor"));
        }
        if !is_own_password(&site, &who, form.password).await? {
            return Ok(wrong_password(&site, &who, &viewer).await);
        }
        let by = Arc::clone(&who);
        let done = site.writer.attempt(move |desk| {
            accounts::set_totp(desk.tx, by.account, None, 0)?;
            *desk.people_changed = true;
            audit::append(desk.tx, desk.now, &by, Act::SecondFactorRemoved, &entering::object(by.account), "")
        });
        stored(done.await)?;
        Ok(viewer.onward(&site, "/account", &Accounts(viewer.language).factor_removed()))
    };
    removed.await.unwrap_or_else(|fault: ApiFault| viewer.refuse(&site, &fault))
}

pub(super) async fn recovery(State(site): State<Arc<Site>>, posted: Posted<Member, Proof>) -> Response {
    let Posted { who, viewer, form, .. } = posted;
    let made = async {
        if !is_own_password(&site, &who, form.password).await? {
            return Ok(wrong_password(&site, &who, &viewer).await);
        }
        let codes = second_factor::recovery_codes().map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?;
        let id = who.account;
        let hashes: Vec<_> = codes.iter().filter_map(|code| second_factor::recovery_hash(id, code)).collect();
        let by = Arc::clone(&who);
        let done = site.writer.attempt(move |desk| {
            // Codes without a factor would open nothing.
            if accounts::totp(desk.tx, id)?.is_none() {
                return Ok(false);
            }
            accounts::set_recovery(desk.tx, id, &hashes)?;
            audit::append(desk.tx, desk.now, &by, Act::RecoveryCodesMade, &entering::object(id), "")?;
            Ok(true)
        });
        if stored(done.await)? {
            Ok(recovery_page(&site, &viewer, &codes, "/account"))
        } else {
            Err(ApiFault::new(ErrorCode::NotFound))
        }
    };
    made.await.unwrap_or_else(|fault: ApiFault| viewer.refuse(&site, &fault))
}

async fn wrong_password(site: &Site, who: &Who, viewer: &Viewer) -> Response {
    let mut faults = Faults::default();
    faults.add("password", Accounts(viewer.language).wrong_old());
    page(site, who, viewer, &faults).await
}
