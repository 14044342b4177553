//! When a terminal's state becomes an alarm, and when it is over. Pure: it is told what is, and answers what to do.
//!
//! Raising and closing have different bounds, so that a state at the bound does not flicker.

use std::collections::HashMap;

use super::state::{CLOCK_OFF_MS, DISK_LOW_MB, Terminal};
use crate::centre::alarms::AlarmKind;
use crate::centre::directory::devices::Standing;
use crate::domain::time::{ClockGrade, WallMs};
use crate::ledger::keys::DeviceId;

/// Open hours without a word until it is an alarm.
pub const SILENT_MS: i64 = 10 * 60_000;
/// A backlog that has not become smaller for so long grows.
const GROWS_MS: i64 = 10 * 60_000;
const BACKLOG_RAISED: u64 = 200;
const BACKLOG_OVER: u64 = 50;
const DISK_OVER_MB: u64 = DISK_LOW_MB + 100;
const CLOCK_OVER_MS: i64 = CLOCK_OFF_MS - 60_000;

/// What is to be done with an alarm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    Raise { kind: AlarmKind, device: DeviceId, note: String },
    Close { kind: AlarmKind, device: DeviceId },
}

/// Remembers the smallest backlog of each terminal and since when.
#[derive(Debug, Default)]
pub struct Watch(HashMap<DeviceId, (u64, WallMs)>);

impl Watch {
    /// Looks at every terminal. `silent_ms` are the open hours since it was last heard.
    pub fn look(&mut self, terminals: &[Terminal], silent_ms: impl Fn(&Terminal) -> i64, now: WallMs) -> Vec<Order> {
        self.0.retain(|id, _| terminals.iter().any(|t| t.device.id == *id));
        let mut orders = Vec::new();
        for terminal in terminals {
            let device = terminal.device.id;
            for kind in [AlarmKind::Silent, AlarmKind::Backlog, AlarmKind::DiskLow, AlarmKind::ClockOff] {
                let open = terminal.alarms.iter().any(|a| a.kind == kind);
                let found = if terminal.device.standing == Standing::Active {
                    self.judge(kind, terminal, open, silent_ms(terminal), now)
                } else {
                    None
                };
                match (open, found) {
                    (false, Some(note)) => orders.push(Order::Raise { kind, device, note }),
                    (true, None) => orders.push(Order::Close { kind, device }),
                    _ => {}
                }
            }
        }
        orders
    }

    /// How the state is, in figures that need no language, if it is one to be alarmed about; `open`: it is already.
    fn judge(
        &mut self,
        kind: AlarmKind,
        terminal: &Terminal,
        open: bool,
        silent_ms: i64,
        now: WallMs,
    ) -> Option<String> {
        if kind == AlarmKind::Silent {
            // Once raised it is over only when the terminal is heard: nothing is over because the hall closes.
            let heard = terminal.seen.as_ref().is_some_and(|s| now.since_ms(s.seen) < SILENT_MS);
            let silent = silent_ms >= SILENT_MS || (open && !heard);
            return silent.then(|| format!("{} min", silent_ms / 60_000));
        }
        let seen = terminal.seen.as_ref()?;
        match kind {
            AlarmKind::Backlog => {
                let lowest = self.0.entry(terminal.device.id).or_insert((seen.unsynced, now));
                if seen.unsynced < lowest.0 || seen.unsynced < BACKLOG_OVER {
                    *lowest = (seen.unsynced, now);
                }
                let grows = seen.unsynced >= BACKLOG_RAISED && now.since_ms(lowest.1) >= GROWS_MS;
                (grows || (open && seen.unsynced >= BACKLOG_OVER)).then(|| seen.unsynced.to_string())
            }
            AlarmKind::DiskLow => {
                let bound = if open { DISK_OVER_MB } else { DISK_LOW_MB };
                (seen.free_disk_mb < bound).then(|| format!("{} MB", seen.free_disk_mb))
            }
            AlarmKind::ClockOff => {
                let bound = if open { CLOCK_OVER_MS } else { CLOCK_OFF_MS };
                let off = seen.clock == ClockGrade::C || seen.clock_ahead_ms.abs() >= bound;
                off.then(|| format!("{:+} s, {}", seen.clock_ahead_ms / 1_000, seen.clock.code()))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::state::tests::{NOW, device, seen};
    use super::*;
    use crate::centre::alarms::Alarm;
    use crate::centre::directory::devices::Seen;

    fn terminal(seen: Option<Seen>, open: &[AlarmKind]) -> Terminal {
        let alarm = |kind: &AlarmKind| Alarm {
            kind: *kind,
            device: device(1).id,
            epoch: 0,
            at_seq: 1,
            note: String::new(),
            count: 1,
            first: NOW,
            last: NOW,
        };
        let alarms = open.iter().map(alarm).collect();
        Terminal { device: device(1), seen, held: None, alarms, concerns: vec![], board_wanted: None }
    }

    fn kinds(orders: &[Order]) -> Vec<(bool, AlarmKind)> {
        let kind = |order: &Order| match order {
            Order::Raise { kind, .. } => (true, *kind),
            Order::Close { kind, .. } => (false, *kind),
        };
        orders.iter().map(kind).collect()
    }

    fn looked(terminal: Terminal, silent_ms: i64) -> Vec<(bool, AlarmKind)> {
        kinds(&Watch::default().look(&[terminal], |_| silent_ms, NOW))
    }

    #[test]
    fn silence_counts_in_open_hours_and_is_over_when_the_terminal_is_heard() {
        let gone = || Some(seen(20 * 3_600_000));
        assert_eq!(looked(terminal(gone(), &[]), SILENT_MS - 1), []);
        assert_eq!(looked(terminal(gone(), &[]), SILENT_MS), [(true, AlarmKind::Silent)]);
        assert_eq!(looked(terminal(None, &[]), SILENT_MS), [(true, AlarmKind::Silent)]);
        assert_eq!(looked(terminal(gone(), &[AlarmKind::Silent]), SILENT_MS), [], "raised once");
        assert_eq!(looked(terminal(gone(), &[AlarmKind::Silent]), 0), [], "still not heard after closing time");
        assert_eq!(looked(terminal(Some(seen(1_000)), &[AlarmKind::Silent]), 0), [(false, AlarmKind::Silent)]);
    }

    #[test]
    fn disk_and_clock_have_room_between_raising_and_closing() {
        for (change, open, expected) in [
            ((499, 0), vec![], vec![(true, AlarmKind::DiskLow)]),
            ((500, 0), vec![], vec![]),
            ((599, 0), vec![AlarmKind::DiskLow], vec![]),
            ((600, 0), vec![AlarmKind::DiskLow], vec![(false, AlarmKind::DiskLow)]),
            ((9_000, -300_000), vec![], vec![(true, AlarmKind::ClockOff)]),
            ((9_000, 299_000), vec![], vec![]),
            ((9_000, 299_000), vec![AlarmKind::ClockOff], vec![]),
            ((9_000, 239_000), vec![AlarmKind::ClockOff], vec![(false, AlarmKind::ClockOff)]),
        ] {
            let (free_disk_mb, clock_ahead_ms) = change;
            let seen = Seen { free_disk_mb, clock_ahead_ms, ..seen(1_000) };
            assert_eq!(looked(terminal(Some(seen), &open), 0), expected, "{change:?}");
        }
        let dead = Seen { clock: ClockGrade::C, ..seen(1_000) };
        assert_eq!(looked(terminal(Some(dead), &[]), 0), [(true, AlarmKind::ClockOff)]);
    }

    #[test]
    fn a_backlog_is_an_alarm_when_it_does_not_shrink() {
        let mut watch = Watch::default();
        let mut look = |unsynced, minutes: i64, open: &[AlarmKind]| {
            let now = NOW.plus_ms(minutes * 60_000);
            let seen = Seen { unsynced, seen: now, ..seen(0) };
            kinds(&watch.look(&[terminal(Some(seen), open)], |_| 0, now))
        };
        assert_eq!(look(900, 0, &[]), []);
        assert_eq!(look(600, 5, &[]), [], "it shrinks");
        assert_eq!(look(700, 10, &[]), []);
        assert_eq!(look(700, 15, &[]), [(true, AlarmKind::Backlog)]);
        assert_eq!(look(300, 20, &[AlarmKind::Backlog]), [], "not over yet");
        assert_eq!(look(49, 25, &[AlarmKind::Backlog]), [(false, AlarmKind::Backlog)]);
        assert_eq!(look(190, 60, &[]), [], "few");
    }

    #[test]
    fn what_ends_with_the_device_is_closed() {
        let mut ended = terminal(Some(seen(99_000_000)), &[AlarmKind::Silent, AlarmKind::Fork]);
        ended.device.standing = Standing::Replaced;
        assert_eq!(looked(ended, SILENT_MS), [(false, AlarmKind::Silent)]);
    }
}
