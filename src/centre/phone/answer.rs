//! How pages leave: with a strict policy, uncached, and errors in plain words with what to do.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::Markup;

use super::page::{self, Frame};
use crate::centre::error::ApiFault;
use crate::domain::board::Board;
use crate::words::Language;
use crate::words::phone::Phone;

const STYLE: &str = include_str!("../../../assets/web/phone.css");
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

pub async fn style() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=86400")];
    (headers, STYLE).into_response()
}

pub fn malformed(language: Language) -> Response {
    let w = Phone(language);
    trouble(language, None, StatusCode::BAD_REQUEST, &w.trouble_form(), &w.trouble_form_do(), None)
}

pub fn could_not(language: Language, board: Option<&Board>, fault: &ApiFault) -> Response {
    let w = Phone(language);
    let reference = Some(fault.reference.as_str());
    trouble(language, board, fault.code.status(), &w.trouble_store(), &w.trouble_store_do(), reference)
}

pub fn trouble(
    language: Language,
    board: Option<&Board>,
    status: StatusCode,
    what: &str,
    to_do: &str,
    reference: Option<&str>,
) -> Response {
    let frame = Frame { language, board, root: "../", words_days: 0, query: "" };
    respond(status, &page::trouble(&frame, what, to_do, reference))
}

pub fn respond(status: StatusCode, markup: &Markup) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        // With `no-referrer` browsers would not say either that a form is this site's own.
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, markup.0.clone()).into_response()
}
