//! What whoever keeps accounts does to one of them: reset, disable, enable, end a session, revoke a token.

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use maud::html;

use super::keep::{found, handed_page};
use super::sign_in::Nothing;
use super::{own, tokens as own_tokens};
use crate::centre::access::{AccountKeeper, Posted, Signed, Viewer};
use crate::centre::accounts::entering::object;
use crate::centre::accounts::first::{self, FirstFault};
use crate::centre::audit::{self, Act};
use crate::centre::dashboard::components::Confirm;
use crate::centre::directory::accounts::{self, AccountFault};
use crate::centre::directory::users;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::centre::writer::WriterFault;
use crate::words::accounts::Accounts;

pub(super) async fn ask_reset(site: State<Arc<Site>>, id: Path<i64>, signed: Signed<AccountKeeper>) -> Response {
    let w = Accounts(signed.viewer.language);
    asked(site, id, signed, "reset", [w.reset_what(), w.reset()], |name| w.ask_reset(name)).await
}

/// The page between a deed of this file and doing it: `what` follows, and the word of the button.
async fn asked(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    Signed { handle, viewer, .. }: Signed<AccountKeeper>,
    deed: &str,
    [what, yes]: [Cow<'static, str>; 2],
    question: impl Fn(&str) -> Cow<'static, str>,
) -> Response {
    let own = match found(&site, &handle, id).await {
        Ok(own) => own,
        Err(fault) => return viewer.refuse(&site, &fault),
    };
    let (at, name) = (format!("/accounts/{id}"), own.account.name);
    let heading = question(&name);
    let confirm = Confirm::new(viewer.language, heading.clone(), html! { p { (what) } }, format!("{at}/{deed}"))
        .yes(yes)
        .back(at.clone())
        .crumb("/accounts", Accounts(viewer.language).accounts())
        .crumb(at, name)
        .csrf(viewer.csrf());
    viewer.page(&site, &heading, html! { (confirm) })
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

pub(super) async fn ask_disable(site: State<Arc<Site>>, id: Path<i64>, signed: Signed<AccountKeeper>) -> Response {
    let w = Accounts(signed.viewer.language);
    asked(site, id, signed, "disable", [w.disable_what(), w.disable()], |name| w.ask_disable(name)).await
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
    let done = own::ended(&site, &who, id, session).await;
    own::after(&site, &viewer, &format!("/accounts/{id}"), done, &Accounts(viewer.language).session_ended())
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
    own::after(&site, &viewer, &format!("/accounts/{id}"), revoked, &Accounts(viewer.language).token_revoked())
}
