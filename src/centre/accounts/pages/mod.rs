//! The pages of accounts.

mod acts;
mod factor;
mod keep;
mod listing;
mod own;
mod profile;
mod sign_in;
mod tokens;
mod units;

use axum::http::StatusCode;
use axum::response::Response;

use crate::centre::access::Routes;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::domain::role::Need;

/// Bytes of a form.
const MAX_FORM_BYTES: usize = 16 * 1024;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/sign-in", Need::Public, sign_in::ask)
        .post("/sign-in", Need::Public, sign_in::by_password)
        .post("/sign-in/code", Need::Public, sign_in::by_code)
        .post("/sign-in/password", Need::Public, sign_in::by_choice)
        .post("/sign-in/second-factor", Need::Public, sign_in::by_enrolment)
        .post("/sign-out", Need::SignedIn, sign_in::sign_out)
        .get("/account", Need::SignedIn, own::show)
        .get("/account/password", Need::SignedIn, own::ask_password)
        .post("/account/password", Need::SignedIn, own::change_password)
        .post("/account/sessions/end-others", Need::SignedIn, own::end_others)
        .post("/account/sessions/{id}/end", Need::SignedIn, own::end_one)
        .get("/account/second-factor", Need::SignedIn, factor::show)
        .post("/account/second-factor", Need::SignedIn, factor::confirm)
        .post("/account/second-factor/begin", Need::SignedIn, factor::begin)
        .post("/account/second-factor/remove", Need::SignedIn, factor::remove)
        .post("/account/recovery-codes", Need::SignedIn, factor::recovery)
        .post("/account/tokens", Need::SignedIn, tokens::make)
        .post("/account/tokens/{id}/revoke", Need::SignedIn, tokens::revoke)
        .get("/accounts", Need::Accounts, keep::list)
        .get("/accounts/new", Need::Accounts, keep::ask_new)
        .post("/accounts/new", Need::Accounts, keep::add)
        .get("/accounts/{id}", Need::Accounts, keep::one)
        .post("/accounts/{id}", Need::Accounts, keep::change)
        .get("/accounts/{id}/reset", Need::Accounts, acts::ask_reset)
        .post("/accounts/{id}/reset", Need::Accounts, acts::reset)
        .get("/accounts/{id}/disable", Need::Accounts, acts::ask_disable)
        .post("/accounts/{id}/disable", Need::Accounts, acts::disable)
        .post("/accounts/{id}/enable", Need::Accounts, acts::enable)
        .post("/accounts/{id}/sessions/{session}/end", Need::Accounts, acts::end_session)
        .post("/accounts/{id}/tokens/{token}/revoke", Need::Accounts, acts::revoke_token)
        .get("/units", Need::Accounts, units::show)
        .post("/units", Need::Accounts, units::add)
        .post("/units/{id}", Need::Accounts, units::change)
        .post("/units/{id}/remove", Need::Accounts, units::remove)
        .post("/units/place", Need::Accounts, units::place)
        .taking(MAX_FORM_BYTES)
}

fn with_status(mut response: Response, status: StatusCode) -> Response {
    *response.status_mut() = status;
    response
}

/// What a reading or a piece of writing came to.
fn stored<T, F: Into<ApiFault>>(done: Result<rusqlite::Result<T>, F>) -> Result<T, ApiFault> {
    done.map_err(Into::into)?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))
}
