//! The one place of the centre that reads clocks.

use std::sync::OnceLock;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::domain::time::{Now, WallMs};

/// Both clocks, at the edge.
pub fn now() -> Now {
    static START: OnceLock<Instant> = OnceLock::new();
    let mono = START.get_or_init(Instant::now).elapsed().as_millis();
    let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    Now { wall: WallMs(i64::try_from(wall).unwrap_or(i64::MAX)), mono_ms: u64::try_from(mono).unwrap_or(u64::MAX) }
}
