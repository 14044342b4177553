//! How a terminal is, from its heartbeats, the centre's own ledger of it, and its open alarms. Pure but for one reading.

use std::collections::HashMap;

use rusqlite::Connection;

use crate::centre::alarms::{self, Alarm};
use crate::centre::directory::devices::{self, Device, Seen, Standing};
use crate::centre::ingest::holdings;
use crate::centre::ingest::segments::StoreFault;
use crate::domain::rating::coded;
use crate::domain::time::{ClockGrade, WallMs};
use crate::ledger::keys::DeviceId;
use crate::protocol::KioskFinding;

/// A terminal that was heard within this time is there.
pub const HEARD_MS: i64 = 5 * 60_000;
/// Less free disk is worth a look.
pub const DISK_LOW_MB: u64 = 500;
/// A clock that is farther off is worth a look.
pub const CLOCK_OFF_MS: i64 = 5 * 60_000;
/// More waiting entries are worth a look.
pub const BACKLOG: u64 = 200;
/// Open alarms that are read.
const MAX_ALARMS: usize = 5_000;

coded! {
    /// What is worth a look, the worst first.
    Concern {
        /// Fork, broken chain, lost tail.
        Tampered = "tampered",
        /// Not heard while it should be.
        Silent = "silent",
        /// Enrolled, and never heard.
        NeverSeen = "never_seen",
        /// Another alarm waits for a person.
        Alarm = "alarm",
        DiskLow = "disk_low",
        Backlog = "backlog",
        ClockOff = "clock_off",
        NoScreen = "no_screen",
        BoardOld = "board_old",
    }
}

impl Concern {
    pub const fn is_severe(self) -> bool {
        matches!(self, Self::Tampered | Self::Silent)
    }
}

coded! {
    /// One word for a terminal, for filters.
    Health {
        /// Something severe.
        Bad = "bad",
        /// Something to look at.
        Look = "look",
        Well = "well",
        /// Replaced or withdrawn.
        Ended = "ended",
    }
}

/// One terminal as it stands now.
#[derive(Debug, Clone, PartialEq)]
pub struct Terminal {
    pub device: Device,
    pub seen: Option<Seen>,
    /// Epoch and last place that the centre holds of its latest ledger.
    pub held: Option<(u32, u64)>,
    pub alarms: Vec<Alarm>,
    pub concerns: Vec<Concern>,
    /// ETag of the board that it should show.
    pub board_wanted: Option<String>,
}

impl Terminal {
    pub fn health(&self) -> Health {
        match () {
            () if self.device.standing != Standing::Active && self.concerns.is_empty() => Health::Ended,
            () if self.concerns.iter().any(|c| c.is_severe()) => Health::Bad,
            () if !self.concerns.is_empty() => Health::Look,
            () => Health::Well,
        }
    }

    pub fn board_is_current(&self) -> Option<bool> {
        let shown = self.seen.as_ref()?.board.as_ref()?;
        Some(shown == self.board_wanted.as_ref()?)
    }
}

/// Reads every device of the halls that `covers` names. `wanted` answers the board that a device should show; `silent`,
/// whether it should have been heard since a moment.
///
/// # Errors
/// [`StoreFault`].
pub fn fleet(
    conn: &Connection,
    covers: impl Fn(&Device) -> bool,
    wanted: impl Fn(&Device) -> Option<String>,
    silent: impl Fn(&Device, WallMs) -> bool,
) -> Result<Vec<Terminal>, StoreFault> {
    let mut open: HashMap<DeviceId, Vec<Alarm>> = HashMap::new();
    for alarm in alarms::open(conn, MAX_ALARMS)? {
        open.entry(alarm.device).or_default().push(alarm);
    }
    let mut out = Vec::new();
    for (device, seen) in devices::with_seen(conn)?.into_iter().filter(|(d, _)| covers(d)) {
        let held = holdings::latest(conn, device.id)?;
        let alarms = open.remove(&device.id).unwrap_or_default();
        let since = seen.as_ref().map_or(device.enrolled, |s| s.seen);
        let is_silent = device.standing == Standing::Active && silent(&device, since);
        let board_wanted = wanted(&device);
        let mut terminal = Terminal { device, seen, held, alarms, concerns: Vec::new(), board_wanted };
        terminal.concerns = concerns(&terminal, is_silent);
        out.push(terminal);
    }
    sort(&mut out);
    Ok(out)
}

/// What is worth a look at a terminal, the worst first.
pub fn concerns(terminal: &Terminal, is_silent: bool) -> Vec<Concern> {
    let active = terminal.device.standing == Standing::Active;
    let seen = terminal.seen.as_ref().filter(|_| active);
    let open = |is: fn(&Alarm) -> bool| terminal.alarms.iter().any(is);
    let finds = |finding: KioskFinding| {
        let state = seen.and_then(|s| s.state.as_ref());
        state.is_some_and(|s| s.findings.iter().any(|f| f == finding.code()))
    };
    let of = |concern: Concern| match concern {
        Concern::Tampered => open(|a| a.kind.is_tampering()) || finds(KioskFinding::Forked),
        Concern::Silent => is_silent && terminal.seen.is_some(),
        Concern::NeverSeen => active && terminal.seen.is_none(),
        Concern::Alarm => open(|a| !a.kind.is_tampering() && !a.kind.is_passing()),
        Concern::DiskLow => seen.is_some_and(|s| s.free_disk_mb < DISK_LOW_MB),
        Concern::Backlog => seen.is_some_and(|s| s.unsynced >= BACKLOG),
        Concern::ClockOff => seen.is_some_and(clock_is_off),
        Concern::NoScreen => finds(KioskFinding::NoScreen),
        Concern::BoardOld => active && terminal.board_is_current() == Some(false),
    };
    Concern::ALL.iter().copied().filter(|c| of(*c)).collect()
}

pub fn clock_is_off(seen: &Seen) -> bool {
    seen.clock_ahead_ms.abs() >= CLOCK_OFF_MS || seen.clock == ClockGrade::C
}

/// What needs a look comes first, then by hall, window and kiosk; ended ones last.
fn sort(terminals: &mut [Terminal]) {
    let rank = |t: &Terminal| {
        let first = t.concerns.first().map_or(u8::MAX, |c| *c as u8);
        let ended = t.concerns.is_empty() && t.device.standing != Standing::Active;
        (ended, first, t.device.hall.clone(), t.device.service_window.clone(), t.device.kiosk.clone())
    };
    terminals.sort_by_cached_key(rank);
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::centre::alarms::AlarmKind;
    use crate::domain::id::{HallId, KioskId, WindowId};
    use crate::domain::visit::DutyState;
    use crate::ledger::keys::DeviceKey;
    use crate::protocol::KioskState;

    pub const NOW: WallMs = WallMs(1_795_500_000_000);

    pub fn device(number: u8) -> Device {
        let key = DeviceKey::from_secret(&[number; 32]);
        Device {
            id: key.device(),
            key: key.public(),
            kiosk: KioskId::new(&format!("K{number:02}")).unwrap(),
            service_window: WindowId::new("W01").unwrap(),
            hall: HallId::new("H1").unwrap(),
            standing: Standing::Active,
            enrolled: NOW,
        }
    }

    pub fn seen(ago_ms: i64) -> Seen {
        Seen {
            seen: NOW.plus_ms(-ago_ms),
            clock_ahead_ms: 900,
            clock: ClockGrade::A,
            version: "0.1.0".to_owned(),
            epoch: 1,
            seq: 9,
            unsynced: 3,
            free_disk_mb: 9_000,
            board: Some("b".to_owned()),
            state: None,
        }
    }

    fn terminal(number: u8, change: impl FnOnce(&mut Seen)) -> Terminal {
        let mut seen = seen(60_000);
        change(&mut seen);
        let (held, board_wanted) = (Some((1, 9)), Some("b".to_owned()));
        Terminal { device: device(number), seen: Some(seen), held, alarms: vec![], concerns: vec![], board_wanted }
    }

    fn alarm(kind: AlarmKind) -> Alarm {
        let (epoch, at_seq, note, count) = (1, 7, String::new(), 1);
        Alarm { kind, device: device(1).id, epoch, at_seq, note, count, first: NOW, last: NOW }
    }

    #[test]
    fn each_state_has_its_concern() {
        let says = |code: &str| KioskState {
            duty: DutyState::On,
            staff: None,
            boot: 1,
            receipt_seq: 0,
            screen: None,
            findings: vec![code.to_owned()],
        };
        let cases: [(&dyn Fn(&mut Seen), &[Concern]); 10] = [
            (&|_| {}, &[]),
            (&|s| s.free_disk_mb = 499, &[Concern::DiskLow]),
            (&|s| s.unsynced = 200, &[Concern::Backlog]),
            (&|s| s.clock_ahead_ms = -CLOCK_OFF_MS, &[Concern::ClockOff]),
            (&|s| s.clock = ClockGrade::C, &[Concern::ClockOff]),
            (&|s| s.board = Some("a".to_owned()), &[Concern::BoardOld]),
            (&|s| s.board = None, &[]),
            (&|s| s.state = Some(says("forked")), &[Concern::Tampered]),
            (&|s| s.state = Some(says("no_screen")), &[Concern::NoScreen]),
            (&|s| s.state = Some(says("no_board")), &[]),
        ];
        for (n, (change, expected)) in cases.into_iter().enumerate() {
            assert_eq!(concerns(&terminal(1, change), false), expected, "case {n}");
        }
        assert_eq!(concerns(&terminal(1, |_| {}), true), [Concern::Silent]);
    }

    #[test]
    fn a_replaced_device_is_only_looked_at_for_its_alarms() {
        let mut ended = terminal(1, |s| s.free_disk_mb = 1);
        ended.device.standing = Standing::Replaced;
        assert_eq!(concerns(&ended, false), []);
        assert_eq!(ended.health(), Health::Ended);
        ended.alarms = vec![alarm(AlarmKind::ReplacedDevice), alarm(AlarmKind::Silent)];
        ended.concerns = concerns(&ended, false);
        assert_eq!((ended.concerns.clone(), ended.health()), (vec![Concern::Alarm], Health::Look));
        ended.alarms.push(alarm(AlarmKind::LostTail));
        assert_eq!(concerns(&ended, false), [Concern::Tampered, Concern::Alarm]);
    }

    #[test]
    fn what_needs_a_look_comes_first_and_what_has_ended_last() {
        let mut all = vec![terminal(1, |_| {}), terminal(2, |_| {}), terminal(3, |_| {}), terminal(4, |_| {})];
        all[0].device.standing = Standing::Revoked;
        all[2].concerns = vec![Concern::Backlog];
        all[3].concerns = vec![Concern::Silent];
        sort(&mut all);
        let order: Vec<&str> = all.iter().map(|t| t.device.kiosk.as_str()).collect();
        assert_eq!(order, ["K04", "K03", "K02", "K01"]);
    }
}
