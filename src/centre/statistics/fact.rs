//! The fact: what ingest, the phone page and later the business channel tell the statistics.
//!
//! Facts are an account book: nothing is changed in it. A changed mind is the old fact with `sign` −1 and the new one
//! with +1, so that every figure is a sum and every roll-up can be rebuilt from the book.

use crate::domain::id::{HallId, ItemCode, StaffNo, TagCode, WindowId};
use crate::domain::rating::{Channel, Satisfaction};
use crate::domain::time::{ClockGrade, WallMs};

/// One served visit: rated, or asked and not rated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The ledger's row at the centre, and the visit within it: the address of the evidence.
    pub ledger: i64,
    pub visit: u64,
    /// +1 enters the visit, −1 takes back an earlier entry of the same content.
    pub sign: i8,
    pub hall: HallId,
    pub service_window: WindowId,
    pub staff: Option<StaffNo>,
    pub item: Option<ItemCode>,
    pub channel: Channel,
    /// None: served and not rated.
    pub level: Option<Satisfaction>,
    /// When it was rated or closed, by the kiosk's clock as the centre corrected it.
    pub wall: WallMs,
    pub grade: ClockGrade,
    /// Carries at least one signal.
    pub flagged: bool,
    pub reasons: Vec<TagCode>,
    /// Made by the demonstration.
    pub sample: bool,
}
