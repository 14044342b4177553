//! What whoever keeps accounts does to one of them: reset, disable, enable, end a session, revoke a token.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use maud::html;

use super::keep::{found, handed_page};
use super::sign_in::Nothing;
use super::{stored, tokens as own_tokens};
use crate::centre::access::{AccountKeeper, Posted, Signed, Viewer};
use crate::centre::accounts::entering::object;
use crate::centre::accounts::first::{self, FirstFault};
use crate::centre::audit::{self, Act};
use crate::centre::dashboard::components::Confirm;
use crate::centre::directory::accounts::{self, AccountFault};
use crate::centre::directory::{sessions, users};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::centre::writer::WriterFault;
use crate::words::accounts::Accounts;

pub(super) async fn ask_reset(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    Signed { handle, viewer, .. }: Signed<AccountKeeper>,
) -> Response {
    let w = Accounts(viewer.language);
    match found(&site, &handle, id).await {
        Ok(own) => {
            let (at, name) = (format!("/accounts/{id}"), own.account.name);
            let what = html! { p { (w.reset_what()) } };
            let confirm = Confirm::new(viewer.language, w.ask_reset(&name), what, format!("{at}/reset"));
            let confirm =
                confirm.yes(w.reset()).back(at.clone()).crumb("/accounts", w.accounts()).crumb(at, name.as_str());
            viewer.page(&site, &w.ask_reset(&name), html! { (confirm.csrf(viewer.csrf())) })
        }
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

pub(super) async fn reset(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    posted: Posted<AccountKeeper, Nothing>,
) -> Response {
    let Posted { handle, who, viewer, .. } = posted;
    if let Err(fault) = found(&site, &handle, id).await {
        return viewer.refuse(&site, &fault);
    }
    let done = site.writer.attempt(move |desk| {
        let handed = first::hand_over(desk.tx, id, desk.now)?;
        *desk.people_changed = true;
        audit::append(desk.tx, desk.now, &who, Act::AccountReset, &object(id), "")?;
        Ok::<_, FirstFault>(handed)
    });
    match done.await {
        Ok(Ok(handed)) => handed_page(&site, &viewer, &handed),
        Ok(Err(fault)) => viewer.refuse(&site, &ApiFault::because(ErrorCode::Unavailable, &fault)),
        Err(fault) => viewer.refuse(&site, &fault.into()),
    }
}

pub(super) async fn ask_disable(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    Signed { handle, viewer, .. }: Signed<AccountKeeper>,
) -> Response {
    let w = Accounts(viewer.language);
    match found(&site, &handle, id).await {
        Ok(own) => {
            let (at, name) = (format!("/accounts/{id}"), own.account.name);
            let what = html! { p { (w.disable_what()) } };
            let confirm = Confirm::new(viewer.language, w.ask_disable(&name), what, format!("{at}/disable"));
            let confirm =
                confirm.yes(w.disable()).back(at.clone()).crumb("/accounts", w.accounts()).crumb(at, name.as_str());
            viewer.page(&site, &w.ask_disable(&name), html! { (confirm.csrf(viewer.csrf())) })
        }
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

pub(super) async fn disable(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    posted: Posted<AccountKeeper, Nothing>,
) -> Response {
    let Posted { handle, who, viewer, .. } = posted;
    let w = Accounts(viewer.language);
    let own = match found(&site, &handle, id).await {
        Ok(own) => own,
        Err(fault) => return viewer.refuse(&site, &fault),
    };
    if id == who.account {
        return viewer.onward(&site, &format!("/accounts/{id}"), &w.not_yourself());
    }
    let login = own.account.login;
    let done = site.writer.attempt(move |desk| {
        users::revoke(desk.tx, &login, desk.now)?;
        *desk.people_changed = true;
        audit::append(desk.tx, desk.now, &who, Act::AccountDisabled, &object(id), "")?;
        Ok(())
    });
    answered(&site, &viewer, id, done.await, &w.disabled_now())
}

pub(super) async fn enable(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    posted: Posted<AccountKeeper, Nothing>,
) -> Response {
    let Posted { handle, who, viewer, .. } = posted;
    if let Err(fault) = found(&site, &handle, id).await {
        return viewer.refuse(&site, &fault);
    }
    let done = site.writer.attempt(move |desk| {
        accounts::set_disabled(desk.tx, id, None)?;
        *desk.people_changed = true;
        audit::append(desk.tx, desk.now, &who, Act::AccountEnabled, &object(id), "")?;
        Ok(())
    });
    answered(&site, &viewer, id, done.await, &Accounts(viewer.language).enabled_now())
}

fn answered(
    site: &Site,
    viewer: &Viewer,
    id: i64,
    done: Result<Result<(), AccountFault>, WriterFault>,
    notice: &str,
) -> Response {
    let here = format!("/accounts/{id}");
    match done {
        Ok(Ok(())) => viewer.onward(site, &here, notice),
        Ok(Err(AccountFault::LastAdmin)) => viewer.onward(site, &here, &Accounts(viewer.language).last_admin()),
        Ok(Err(fault)) => viewer.refuse(site, &ApiFault::because(ErrorCode::Unavailable, &fault)),
        Err(fault) => viewer.refuse(site, &fault.into()),
    }
}

pub(super) async fn end_session(
    State(site): State<Arc<Site>>,
    Path((id, session)): Path<(i64, i64)>,
    posted: Posted<AccountKeeper, Nothing>,
) -> Response {
    let Posted { handle, who, viewer, .. } = posted;
    if let Err(fault) = found(&site, &handle, id).await {
        return viewer.refuse(&site, &fault);
    }
    let done = site.writer.attempt(move |desk| {
        let ended = sessions::end(desk.tx, id, session)?;
        if ended {
            *desk.people_changed = true;
            audit::append(desk.tx, desk.now, &who, Act::SessionEnded, &object(id), &format!("session {session}"))?;
        }
        Ok(ended)
    });
    match stored(done.await) {
        Ok(true) => viewer.onward(&site, &format!("/accounts/{id}"), &Accounts(viewer.language).session_ended()),
        Ok(false) => viewer.not_found(&site),
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

pub(super) async fn revoke_token(
    State(site): State<Arc<Site>>,
    Path((id, token)): Path<(i64, i64)>,
    posted: Posted<AccountKeeper, Nothing>,
) -> Response {
    let Posted { handle, who, viewer, .. } = posted;
    let revoked = match found(&site, &handle, id).await {
        Ok(_) => own_tokens::revoked(&site, &who, id, token).await,
        Err(fault) => Err(fault),
    };
    match revoked {
        Ok(true) => viewer.onward(&site, &format!("/accounts/{id}"), &Accounts(viewer.language).token_revoked()),
        Ok(false) => viewer.not_found(&site),
        Err(fault) => viewer.refuse(&site, &fault),
    }
}
