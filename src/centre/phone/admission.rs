//! When a ticket's time is over. Pure.
//!
//! A ticket says until when it may be used, but by the kiosk's clock, which may be wrong in either direction. The centre
//! knows by its own clock when it first heard of the visit: when its entries came, or when a phone first showed a ticket
//! of it, whichever was earlier. The ticket's word is therefore believed only within bounds from that moment: a kiosk
//! whose clock is slow still gives [`GRACE_MS`], one whose clock is fast gives no more than [`LONGEST_MS`].
//!
//! A rating that comes later is taken and flagged as late. Only long after that, when nobody could still be answered,
//! the page offers nothing any more.

use crate::domain::time::WallMs;
use crate::ledger::ticket::Ticket;

const MINUTE_MS: i64 = 60 * 1000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// At least this long after the centre first heard of the visit a rating is in time.
pub const GRACE_MS: i64 = 30 * MINUTE_MS;
/// At most this long after it.
pub const LONGEST_MS: i64 = 7 * DAY_MS;
/// So long after its time a ticket is still taken, and flagged.
pub const LATE_FOR_MS: i64 = 30 * DAY_MS;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timeliness {
    InTime,
    Late,
    /// Nothing is offered any more.
    Over,
}

/// `first_heard`: by the centre's clock; the present moment when it hears of the visit only now.
pub fn timeliness(ticket: &Ticket, first_heard: WallMs, now: WallMs) -> Timeliness {
    let says = i64::from(ticket.expires_min) * MINUTE_MS;
    let deadline = says.clamp(first_heard.plus_ms(GRACE_MS).0, first_heard.plus_ms(LONGEST_MS).0);
    if now.0 <= deadline {
        Timeliness::InTime
    } else if now.0 <= deadline.saturating_add(LATE_FOR_MS) {
        Timeliness::Late
    } else {
        Timeliness::Over
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::keys::DeviceId;

    const NOON: WallMs = WallMs(1_795_000_020_000);

    /// A ticket that expires so many minutes after noon by the kiosk's clock.
    fn ticket(minutes: i64) -> Ticket {
        let expires_min = u32::try_from(NOON.0 / MINUTE_MS + minutes).unwrap();
        Ticket {
            device: DeviceId([1; 16]),
            epoch: 1,
            visit: 7,
            rated: false,
            expires_min,
            anchor_seq: 8,
            anchor_hash: [0; 16],
        }
    }

    fn after(minutes: i64) -> WallMs {
        NOON.plus_ms(minutes * MINUTE_MS)
    }

    #[test]
    fn a_right_clock_is_believed() {
        assert_eq!(timeliness(&ticket(120), NOON, after(119)), Timeliness::InTime);
        assert_eq!(timeliness(&ticket(120), NOON, after(121)), Timeliness::Late);
    }

    #[test]
    fn a_slow_clock_does_not_rob_the_citizen() {
        // Expired a year ago by the kiosk's clock, which stands still.
        let slow = ticket(-525_600);
        assert_eq!(timeliness(&slow, NOON, NOON), Timeliness::InTime);
        assert_eq!(timeliness(&slow, NOON, after(30)), Timeliness::InTime);
        assert_eq!(timeliness(&slow, NOON, after(31)), Timeliness::Late);
    }

    #[test]
    fn a_fast_clock_does_not_keep_a_visit_open_for_years() {
        let fast = ticket(525_600);
        assert_eq!(timeliness(&fast, NOON, after(7 * 24 * 60)), Timeliness::InTime);
        assert_eq!(timeliness(&fast, NOON, after(7 * 24 * 60 + 1)), Timeliness::Late);
    }

    #[test]
    fn late_ends_too() {
        let month = 30 * 24 * 60;
        assert_eq!(timeliness(&ticket(60), NOON, after(60 + month)), Timeliness::Late);
        assert_eq!(timeliness(&ticket(60), NOON, after(61 + month)), Timeliness::Over);
    }
}
