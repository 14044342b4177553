//! What needs a look now: alerts that the rules raised, terminals, and what nobody has explained in time.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::super::text::thousands;
use crate::centre::alerts::history::{self, Which};
use crate::centre::alerts::message::said;
use crate::centre::alerts::rule::Severity;
use crate::centre::alerts::{manner, named};
use crate::centre::cases;
use crate::centre::directory::devices::Standing;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::fleet;
use crate::centre::fleet::state::{Concern, Terminal};
use crate::centre::hall::today;
use crate::centre::site::Site;
use crate::centre::statistics::labels::Labels;
use crate::domain::id::HallId;
use crate::domain::query::Dimension;
use crate::domain::time::WallMs;
use crate::domain::workdays::WorkingCalendar;
use crate::words::Language;
use crate::words::alerts::rule_name;
use crate::words::cases::{self as case_words, Register};
use crate::words::dashboard::Dashboard;
use crate::words::overview::Overview as Words;

/// Working days after which an alarm that nobody has explained is overdue.
pub const OVERDUE_DAYS: u32 = 3;
/// Overdue cases that are named.
const MAX_CASES: u32 = 5;
/// Alerts that are read.
const MAX_ALERTS: usize = 100;

/// One line: how bad, what, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    pub severe: bool,
    pub what: String,
    pub advice: String,
    /// The page about it.
    pub address: Option<String>,
}

/// How the terminals stand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terminals {
    pub active: usize,
    /// Terminals with an alarm that is overdue.
    pub overdue: usize,
    /// One for each terminal that needs a look, the worst first.
    pub lines: Vec<Warning>,
}

/// Whose halls, and which of them is looked at.
#[derive(Debug, Clone)]
pub struct Covers {
    pub reach: crate::centre::access::Reach,
    pub hall: Option<HallId>,
}

/// Cases whose deadline has passed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Overdue {
    pub count: u64,
    /// The first of them.
    pub lines: Vec<Warning>,
}

impl Covers {
    /// None: every hall.
    fn halls(&self) -> Option<Vec<HallId>> {
        match &self.hall {
            Some(hall) => Some(vec![hall.clone()]),
            None => self.reach.halls().map(<[_]>::to_vec),
        }
    }

    fn covers(&self, hall: &HallId) -> bool {
        self.reach.covers(hall) && self.hall.as_ref().is_none_or(|h| h == hall)
    }
}

/// Open alerts of the halls.
///
/// # Errors
/// Those of the store.
pub async fn alerts(site: &Arc<Site>, covers: Covers, labels: &Labels, now: WallMs) -> Result<Vec<Warning>, ApiFault> {
    let halls = covers.halls();
    let read =
        move |conn: &rusqlite::Connection| history::list(conn, Which::Now, halls.as_deref(), true, MAX_ALERTS, now);
    let open = site.readers.read(read).await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
    let (w, manner) = (Words(labels.language()), manner(site, labels.language()));
    let line = |alert: &history::Alert| {
        let place = named(labels, alert);
        let place = place
            .window_name
            .map_or_else(|| place.hall_name.clone(), |window| format!("{} · {window}", place.hall_name));
        Warning {
            severe: alert.severity == Severity::Severe,
            what: w.at_place(&rule_name(labels.language(), &alert.rule_name), &place).into_owned(),
            advice: said(&alert.figures, &manner),
            address: Some(format!("/alerts/{}", alert.id)),
        }
    };
    Ok(open.iter().filter(|a| a.is_open()).map(line).collect())
}

/// Cases of the halls that are overdue.
///
/// # Errors
/// Those of the store.
pub async fn cases(site: &Arc<Site>, covers: Covers, language: Language, now: WallMs) -> Result<Overdue, ApiFault> {
    let (halls, day) = (covers.halls(), today(&site.settings.time_zone, now));
    let read = move |conn: &rusqlite::Connection| cases::overdue(conn, halls, day, MAX_CASES);
    let found = site.readers.read(read).await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
    let (w, words) = (Register(language), Words(language));
    let line = |record: &cases::Record| {
        let about = &record.about;
        let place = match &about.service_window {
            Some(window) => site.window_name(&about.hall, window, language),
            None => site.hall_name(&about.hall, language),
        };
        let days = record.due.map_or(0, |due| site.settings.calendar.working_days_between(due, day).days);
        Warning {
            severe: true,
            what: words.at_place(&w.case_title(record.id), &place).into_owned(),
            advice: format!("{} · {}", case_words::stage(language, record.stage), w.overdue_by(days)),
            address: Some(format!("/cases/{}", record.id)),
        }
    };
    Ok(Overdue { count: found.0, lines: found.1.iter().map(line).collect() })
}

/// How the terminals of the halls are.
///
/// # Errors
/// Those of the store.
pub async fn terminals(site: &Arc<Site>, covers: Covers, labels: &Labels, now: WallMs) -> Result<Terminals, ApiFault> {
    let all = fleet::terminals(site, move |hall| covers.covers(hall), now).await?;
    Ok(judge(&all, &site.settings.calendar, &site.settings.time_zone, labels, now))
}

fn judge(all: &[Terminal], calendar: &WorkingCalendar, zone: &TimeZone, labels: &Labels, now: WallMs) -> Terminals {
    let date = |at: WallMs| {
        let stamp = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
        zone.to_datetime(stamp).date()
    };
    let open_days = |t: &Terminal| {
        let waiting = t.alarms.iter().filter(|a| !a.kind.is_passing()).map(|a| date(a.first)).min();
        waiting.map_or(0, |since| calendar.working_days_between(since, date(now)).days)
    };
    let mut found = Terminals::default();
    for terminal in all {
        let days = open_days(terminal);
        found.active += usize::from(terminal.device.standing == Standing::Active);
        found.overdue += usize::from(days > OVERDUE_DAYS);
        if !terminal.concerns.is_empty() {
            found.lines.push(line(terminal, days, labels, now));
        }
    }
    found
}

fn line(terminal: &Terminal, open_days: u32, labels: &Labels, now: WallMs) -> Warning {
    let w = Words(labels.language());
    let at = format!("{}/{}", terminal.device.hall, terminal.device.service_window);
    let place = labels.name(Dimension::ServiceWindow, &at);
    let seen = terminal.seen.as_ref();
    let said = |concern: &Concern| match concern {
        Concern::Tampered => w.tampered(),
        Concern::Silent => w.silent(&ago(seen.map_or(0, |s| now.since_ms(s.seen)), Dashboard(labels.language()))),
        Concern::NeverSeen => w.never_seen(),
        Concern::Alarm => w.unexplained(),
        Concern::DiskLow => w.disk_low(),
        Concern::Backlog => w.backlog(&thousands(seen.map_or(0, |s| s.unsynced))),
        Concern::ClockOff => w.clock_off(),
        Concern::NoScreen => w.no_screen(),
        Concern::BoardOld => w.board_old(),
    };
    let mut parts: Vec<_> = terminal.concerns.iter().map(said).collect();
    if open_days > OVERDUE_DAYS {
        parts.push(w.overdue_for(open_days));
    }
    let english = labels.language().is_english();
    let what =
        w.at_place(&w.terminal(terminal.device.kiosk.as_str(), &place), &parts.join(if english { "; " } else { "；" }));
    let severe = open_days > OVERDUE_DAYS || terminal.concerns.iter().any(|c| c.is_severe());
    let advice = match terminal.concerns.first() {
        Some(Concern::Tampered | Concern::Alarm) => w.tampered_advice(),
        Some(Concern::Silent | Concern::NeverSeen | Concern::Backlog) => w.silent_advice(),
        _ => "".into(),
    };
    Warning {
        severe,
        what: what.into_owned(),
        advice: advice.into_owned(),
        address: Some(format!("/fleet/{}", terminal.device.id)),
    }
}

fn ago(ms: i64, w: Dashboard) -> String {
    let minutes = ms / 60_000;
    let text = match minutes {
        0..120 => w.minutes(minutes),
        120..2_880 => w.hours(minutes / 60),
        _ => w.days(minutes / 1_440),
    };
    text.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::alarms::{Alarm, AlarmKind};
    use crate::centre::fleet::state::concerns;
    use crate::centre::fleet::state::tests::{NOW, device, seen};
    use crate::words::Language;

    /// One terminal with an alarm that was raised so many days ago.
    fn found(kind: AlarmKind, days_ago: i64) -> Terminals {
        let first = NOW.plus_ms(-days_ago * 86_400_000);
        let (device, note) = (device(1), String::new());
        let alarm = Alarm { kind, device: device.id, epoch: 1, at_seq: 7, note, count: 1, first, last: NOW };
        let seen = Some(seen(60_000));
        let mut terminal =
            Terminal { device, seen, held: None, alarms: vec![alarm], concerns: vec![], board_wanted: None };
        terminal.concerns = concerns(&terminal, false);
        let labels = Labels::new([], Language::En);
        judge(&[terminal], &WorkingCalendar::default(), &TimeZone::UTC, &labels, NOW)
    }

    #[test]
    fn an_alarm_is_overdue_by_working_days() {
        // NOW is a Tuesday: since Thursday there have been Friday, Monday and Tuesday.
        for (days_ago, overdue) in [(0, 0), (4, 0), (5, 0), (6, 1), (30, 1)] {
            let found = found(AlarmKind::NewEpoch, days_ago);
            assert_eq!((found.active, found.overdue, found.lines.len()), (1, overdue, 1), "{days_ago}");
            assert_eq!(found.lines[0].severe, overdue == 1);
        }
        assert!(found(AlarmKind::NewEpoch, 6).lines[0].what.contains("unexplained for 4 working days"));
    }

    #[test]
    fn tampering_is_severe_at_once_and_what_passes_by_itself_is_never_overdue() {
        assert!(found(AlarmKind::Fork, 0).lines[0].severe);
        let passing = found(AlarmKind::Backlog, 30);
        assert_eq!((passing.overdue, passing.lines.len()), (0, 0));
    }
}
