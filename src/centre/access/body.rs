//! Bodies of requests, read under limits.

use axum::body::{Body, Bytes};

use crate::centre::error::{ApiFault, ErrorCode};

/// Reads a body under a limit.
///
/// # Errors
/// [`ErrorCode::TooLarge`].
pub async fn read_body(body: Body, limit: usize) -> Result<Bytes, ApiFault> {
    axum::body::to_bytes(body, limit).await.map_err(|e| ApiFault::because(ErrorCode::TooLarge, &e))
}

/// Reads a JSON body under the common limit.
///
/// # Errors
/// [`ErrorCode::TooLarge`] or [`ErrorCode::Malformed`].
pub fn parse<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, ApiFault> {
    // serde's message may quote the body; it goes to the log without it.
    serde_json::from_slice(body).map_err(|e| {
        ApiFault::because(
            ErrorCode::Malformed,
            &format_args!("{:?} at line {} column {}", e.classify(), e.line(), e.column()),
        )
    })
}
