//! The citizen's page behind the QR code, and the look-up of receipt codes.
//!
//! The ticket in the code is the capability: whoever stood before the terminal may rate that one visit. It is verified by
//! the device's key alone, so the page works while the kiosk is offline; what is not known yet is not guessed.
//!
//! Behind a receipt code the citizen also follows how a negative rating is handled, reads the reply and rates it once.
//!
//! **Invariants of absence:** words and telephone numbers reach the store only sealed and never a log; no page shows which
//! level was chosen; nothing needs JavaScript or a cookie.

pub mod acts;
pub mod admission;
mod answer;
pub mod codes;
mod face;
pub mod form;
pub(in crate::centre) mod gate;
mod handling;
mod language;
mod look_up;
pub mod page;
mod routes;
pub(in crate::centre) mod throttle;
pub mod visit;

use std::time::Duration;

pub use routes::routes;

use super::error::{ApiFault, ErrorCode};
use super::readers::Readers;
use super::writer::Writer;

/// How often new segments are looked for.
const PERIOD: Duration = Duration::from_secs(15);
/// Segments that one transaction indexes, so that batches never wait long behind it.
const STEP: usize = 50;
/// Steps of one look-up; the chore does the rest.
const MAX_STEPS: usize = 40;

/// Keeps the index of receipt codes close behind the segments, until the task is aborted.
pub async fn index_codes(writer: Writer, readers: Readers) {
    loop {
        // What is wrong stands in the log already, and the next round tries again.
        let _ = catch_up(&writer, &readers).await;
        tokio::time::sleep(PERIOD).await;
    }
}

/// Indexes what has come since the last time, within a bound.
async fn catch_up(writer: &Writer, readers: &Readers) -> Result<(), ApiFault> {
    let behind = readers.read(codes::is_behind).await?;
    if !behind.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))? {
        return Ok(());
    }
    for _ in 0..MAX_STEPS {
        if !writer.submit(1, |desk| codes::advance(desk.tx, STEP)).await? {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
