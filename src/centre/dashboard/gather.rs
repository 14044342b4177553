//! What the first page shows, gathered as plain data in one reading.

use jiff::Span;
use jiff::civil::Date;
use rusqlite::Connection;

use crate::centre::access::Reach;
use crate::centre::alarms::{self, Alarm};
use crate::centre::directory::devices::{self, Device, Seen, Standing};
use crate::domain::query::{Answer, Dimension, Filter, Order, Query};
use crate::domain::rating::Satisfaction;
use crate::domain::time::WallMs;

/// A kiosk that has not reported for so long is worth a look.
pub const SILENT_MS: i64 = 5 * 60_000;
/// One that has not reported for so long is a severe finding.
pub const LOST_MS: i64 = 24 * 3_600_000;
/// Entries that wait at a kiosk before it is worth a line.
const BACKLOG: u64 = 500;
const DISK_LOW_MB: u64 = 500;
const CLOCK_OFF_MS: i64 = 5 * 60_000;
/// Alarms that are read.
const MAX_ALARMS: usize = 200;

/// Something that a person should look at.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    Alarm { kiosk: String, alarm: Alarm },
    NeverSeen { device: Device },
    Silent { device: Device, for_ms: i64 },
    Backlog { kiosk: String, unsynced: u64 },
    ClockOff { kiosk: String, minutes: i64 },
    DiskLow { kiosk: String, free_mb: u64 },
}

impl Finding {
    pub fn is_severe(&self) -> bool {
        match self {
            Self::Alarm { .. } => true,
            Self::Silent { for_ms, .. } => *for_ms >= LOST_MS,
            Self::NeverSeen { .. } | Self::Backlog { .. } | Self::ClockOff { .. } | Self::DiskLow { .. } => false,
        }
    }
}

/// The fleet's state: how many kiosks there are, and what is wrong with them, the severe first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fleet {
    pub kiosks: usize,
    pub findings: Vec<Finding>,
}

/// Reads devices and alarms of the halls that `reach` covers.
///
/// # Errors
/// Those of the store.
pub fn fleet(conn: &Connection, reach: &Reach, now: WallMs) -> rusqlite::Result<Fleet> {
    let mut devices = devices::with_seen(conn)?;
    let mut alarms = alarms::open(conn, MAX_ALARMS)?;
    devices.retain(|(device, _)| reach.covers(&device.hall));
    if *reach != Reach::All {
        alarms.retain(|alarm| devices.iter().any(|(device, _)| device.id == alarm.device));
    }
    Ok(judge(devices, alarms, now))
}

/// Decides what is worth a look.
pub fn judge(devices: Vec<(Device, Option<Seen>)>, mut alarms: Vec<Alarm>, now: WallMs) -> Fleet {
    // What passes by itself is judged below, from the heartbeats.
    alarms.retain(|a| !a.kind.is_passing());
    let kiosk_of = |alarm: &Alarm| {
        let device = devices.iter().find(|(d, _)| d.id == alarm.device);
        device.map_or_else(|| alarm.device.to_string(), |(d, _)| d.kiosk.to_string())
    };
    let mut findings: Vec<Finding> =
        alarms.into_iter().map(|alarm| Finding::Alarm { kiosk: kiosk_of(&alarm), alarm }).collect();
    let active: Vec<_> = devices.into_iter().filter(|(d, _)| d.standing == Standing::Active).collect();
    let kiosks = active.len();
    for (device, seen) in active {
        let kiosk = device.kiosk.to_string();
        let Some(seen) = seen else {
            findings.push(Finding::NeverSeen { device });
            continue;
        };
        let for_ms = now.since_ms(seen.seen);
        if for_ms >= SILENT_MS {
            findings.push(Finding::Silent { device, for_ms });
        }
        if seen.unsynced >= BACKLOG {
            findings.push(Finding::Backlog { kiosk: kiosk.clone(), unsynced: seen.unsynced });
        }
        if seen.clock_ahead_ms.abs() >= CLOCK_OFF_MS {
            findings.push(Finding::ClockOff { kiosk: kiosk.clone(), minutes: seen.clock_ahead_ms / 60_000 });
        }
        if seen.free_disk_mb < DISK_LOW_MB {
            findings.push(Finding::DiskLow { kiosk, free_mb: seen.free_disk_mb });
        }
    }
    findings.sort_by_key(|f| !f.is_severe());
    Fleet { kiosks, findings }
}

/// The answers of the first page, in the order of [`questions`].
#[derive(Debug, Clone)]
pub struct Figures {
    pub now: Answer,
    pub before: Answer,
    pub days: Answer,
    pub windows: Answer,
    pub staff: Answer,
    pub levels: Answer,
    pub reasons: Answer,
    pub complaints: Answer,
    pub hours: Answer,
}

/// What is asked for a period that ends today.
pub fn questions(today: Date, days: i32, min_n: u64) -> [Query; 9] {
    let from = today.saturating_sub(Span::new().days(days - 1));
    let plain = |by, order| Query { by, from, to: today, filters: vec![], order, min_n, unflagged_only: false };
    let whole = plain(None, Order::Key);
    let negative = Satisfaction::ALL.iter().filter(|l| l.is_negative()).map(|l| l.code().to_owned()).collect();
    [
        whole.clone(),
        Query {
            to: from.saturating_sub(Span::new().days(1)),
            from: from.saturating_sub(Span::new().days(days)),
            ..whole
        },
        plain(Some(Dimension::Day), Order::Key),
        plain(Some(Dimension::ServiceWindow), Order::Ranking),
        plain(Some(Dimension::Staff), Order::Ranking),
        plain(Some(Dimension::Level), Order::Key),
        plain(Some(Dimension::Reason), Order::Count),
        Query {
            filters: vec![Filter { dimension: Dimension::Level, values: negative }],
            ..plain(Some(Dimension::Reason), Order::Count)
        },
        plain(Some(Dimension::Hour), Order::Key),
    ]
}

impl From<[Answer; 9]> for Figures {
    fn from(answers: [Answer; 9]) -> Self {
        let [now, before, days, windows, staff, levels, reasons, complaints, hours] = answers;
        Self { now, before, days, windows, staff, levels, reasons, complaints, hours }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::alarms::AlarmKind;
    use crate::domain::id::{HallId, KioskId, WindowId};
    use crate::domain::time::ClockGrade;
    use crate::ledger::keys::DeviceKey;

    const NOW: WallMs = WallMs(1_795_500_000_000);

    fn device(number: u8, standing: Standing) -> Device {
        let key = DeviceKey::from_secret(&[number; 32]);
        Device {
            id: key.device(),
            key: key.public(),
            kiosk: KioskId::new(&format!("K{number:02}")).unwrap(),
            service_window: WindowId::new("W01").unwrap(),
            hall: HallId::new("H1").unwrap(),
            standing,
            enrolled: NOW,
        }
    }

    fn seen(ago_ms: i64) -> Seen {
        let version = "0.1.0".to_owned();
        Seen {
            seen: NOW.plus_ms(-ago_ms),
            clock_ahead_ms: 900,
            clock: ClockGrade::A,
            version,
            epoch: 1,
            seq: 7,
            unsynced: 3,
            free_disk_mb: 9_000,
            board: None,
            state: None,
        }
    }

    #[test]
    fn a_fleet_that_reports_gives_nothing_to_look_at() {
        let devices = (1..4).map(|n| (device(n, Standing::Active), Some(seen(60_000)))).collect();
        assert_eq!(judge(devices, vec![], NOW), Fleet { kiosks: 3, findings: vec![] });
    }

    #[test]
    fn silence_backlog_clock_and_disk_are_found_and_the_severe_comes_first() {
        let odd = Seen { unsynced: 900, clock_ahead_ms: -720_000, free_disk_mb: 20, ..seen(60_000) };
        let devices = vec![
            (device(1, Standing::Active), Some(odd)),
            (device(2, Standing::Active), None),
            (device(3, Standing::Active), Some(seen(SILENT_MS))),
            (device(4, Standing::Active), Some(seen(LOST_MS))),
            (device(5, Standing::Replaced), Some(seen(LOST_MS))),
        ];
        let fleet = judge(devices, vec![], NOW);
        assert_eq!(fleet.kiosks, 4);
        assert_eq!(fleet.findings.len(), 6, "{:#?}", fleet.findings);
        assert!(matches!(&fleet.findings[0], Finding::Silent { device, .. } if device.kiosk.as_str() == "K04"));
        assert!(fleet.findings.contains(&Finding::ClockOff { kiosk: "K01".to_owned(), minutes: -12 }));
        assert_eq!(fleet.findings.iter().filter(|f| f.is_severe()).count(), 1);
    }

    #[test]
    fn an_alarm_names_its_kiosk_also_when_the_device_was_replaced() {
        let alarm = Alarm {
            kind: AlarmKind::Fork,
            device: device(5, Standing::Replaced).id,
            epoch: 1,
            at_seq: 7,
            note: "two".to_owned(),
            count: 1,
            first: NOW,
            last: NOW,
        };
        let fleet = judge(vec![(device(5, Standing::Replaced), None)], vec![alarm], NOW);
        assert!(matches!(&fleet.findings[..], [Finding::Alarm { kiosk, .. }] if kiosk == "K05"));
    }

    #[test]
    fn the_period_before_ends_where_this_one_begins() {
        let [now, before, ..] = questions(Date::constant(2026, 11, 24), 30, 10);
        assert_eq!((now.from.to_string(), before.to.to_string()), ("2026-10-26".into(), "2026-10-25".into()));
        assert_eq!(before.from.to_string(), "2026-09-26");
    }
}
