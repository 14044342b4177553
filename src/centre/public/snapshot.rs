//! Figures as they are put before the public: frozen, with n and interval, small groups left out.
//!
//! **Invariant of absence:** no person stands in a snapshot, neither staff nor rater, and no group below its minimum n.

use jiff::civil::Date;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use crate::centre::statistics::labels::Labels;
use crate::centre::statistics::{AskFault, Scope, ask};
use crate::domain::board::{Bilingual, Board};
use crate::domain::id::HallId;
use crate::domain::query::{Answer, Dimension, Filter, Order, Query, Rate, Row};
use crate::domain::time::WallMs;
use crate::words::Language;

/// The version of the snapshot's definition: what its figures mean.
const DEFINITION: u8 = 1;
/// The least group that may be published.
pub const LEAST_N: u64 = 10;
pub const MOST_N: u64 = 1_000;
/// Days of one publication.
pub const MAX_DAYS: i32 = 366;

/// What a supervisor asks to be published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    pub hall: HallId,
    pub from: Date,
    /// Included; a day that is over.
    pub to: Date,
    /// The day on which it can first be seen.
    pub visible_from: Date,
    /// Groups with fewer ratings are left out.
    pub min_n: u64,
    pub windows: bool,
    pub pledges: bool,
    pub honours: bool,
}

/// Why something cannot be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WantedFault {
    /// The period ends before it begins, or is longer than [`MAX_DAYS`].
    Period,
    /// The period's last day is not over.
    NotOver,
    MinN,
}

impl Wanted {
    pub fn faults(&self, today: Date) -> Vec<WantedFault> {
        let mut faults = Vec::new();
        let days = (self.to - self.from).get_days();
        if !(0..MAX_DAYS).contains(&days) {
            faults.push(WantedFault::Period);
        }
        if self.to >= today {
            faults.push(WantedFault::NotOver);
        }
        if !(LEAST_N..=MOST_N).contains(&self.min_n) {
            faults.push(WantedFault::MinN);
        }
        faults
    }
}

/// One row: a window, or the hall as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    pub number: String,
    pub name: Bilingual,
    /// None: fewer ratings than the minimum, or hidden because another small group could be worked out.
    pub n: Option<u64>,
    pub satisfied: Option<Rate>,
    pub positive: Option<Rate>,
    pub negative: Option<Rate>,
    pub participation: Option<Rate>,
    /// Of these ratings, how many are not adopted; all other figures but the next count them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_aside: Option<u64>,
    /// 满意率 of adopted ratings, where some are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adopted: Option<Rate>,
}

/// What was published.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    pub definition: u8,
    pub wanted: Wanted,
    pub unit: Bilingual,
    pub hall_name: Bilingual,
    pub frozen_ms: WallMs,
    pub total: Line,
    /// Empty when windows are not published.
    pub windows: Vec<Line>,
    /// Sample data of the demonstration is among the figures.
    pub sample: bool,
}

impl Snapshot {
    /// What the preview showed, so that nothing else is published. Not of the moment at which it was taken.
    pub fn fingerprint(&self) -> String {
        let still = Self { frozen_ms: WallMs(0), ..self.clone() };
        // Plain structs of texts and numbers always serialise.
        let json = serde_json::to_vec(&still).unwrap_or_default();
        blake3::hash(&json).to_hex()[..24].to_owned()
    }
}

/// Takes the figures as they stand now.
///
/// # Errors
/// [`AskFault`].
pub fn take(conn: &Connection, board: &Board, wanted: &Wanted, now: WallMs) -> Result<Snapshot, AskFault> {
    let query = Query {
        by: Some(Dimension::ServiceWindow),
        from: wanted.from,
        to: wanted.to,
        filters: vec![Filter { dimension: Dimension::Hall, values: vec![wanted.hall.to_string()] }],
        order: Order::Key,
        min_n: wanted.min_n,
        unflagged_only: false,
    };
    let scope = Scope {
        halls: Some(vec![wanted.hall.clone()]),
        staff: None,
        until: None,
        min_group: wanted.min_n,
        covered: false,
    };
    let answer = ask(conn, &query, &scope, &Labels::new([board], Language::Zh))?;
    Ok(frozen(&answer, board, wanted, now))
}

fn frozen(answer: &Answer, board: &Board, wanted: &Wanted, now: WallMs) -> Snapshot {
    let mut windows = Vec::new();
    if wanted.windows {
        for window in &board.windows {
            let key = format!("{}/{}", board.hall.id, window.id);
            let row = answer.rows.iter().find(|r| r.key == key || r.key == window.id.as_str());
            windows.push(line(&window.number, &window.name, row, wanted.min_n));
        }
    }
    Snapshot {
        definition: DEFINITION,
        wanted: wanted.clone(),
        unit: board.unit.clone(),
        hall_name: board.hall.name.clone(),
        frozen_ms: now,
        total: line("", &board.hall.name, Some(&answer.total), wanted.min_n),
        windows,
        sample: answer.sample,
    }
}

fn line(number: &str, name: &Bilingual, row: Option<&Row>, min_n: u64) -> Line {
    let row = row.filter(|r| !r.suppressed && r.n.is_some_and(|n| n >= min_n));
    Line {
        number: number.to_owned(),
        name: name.clone(),
        n: row.and_then(|r| r.n),
        satisfied: row.and_then(|r| r.satisfied_rate).map(rounded),
        positive: row.and_then(|r| r.positive_rate).map(rounded),
        negative: row.and_then(|r| r.negative_rate).map(rounded),
        participation: row.and_then(|r| r.participation).map(rounded),
        set_aside: row.and_then(|r| r.set_aside).filter(|n| *n > 0),
        adopted: row.and_then(|r| r.adopted).and_then(|a| a.satisfied_rate).map(rounded),
    }
}

/// To a millionth, so that what is kept as text is read back as the very same number.
fn rounded(rate: Rate) -> Rate {
    let round = |share: f64| (share * 1e6).round() / 1e6;
    Rate { value: round(rate.value), low: round(rate.low), high: round(rate.high) }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::centre::schema::SCHEMA;
    use crate::centre::statistics::fact::Fact;
    use crate::centre::statistics::{Book, home_zone};
    use crate::domain::rating::{Channel, Satisfaction};
    use crate::domain::time::ClockGrade;
    use jiff::civil::date;

    /// 2026-11-02T01:00:00Z: a Monday morning in China.
    const MONDAY: WallMs = WallMs(1_793_581_200_000);

    pub fn board() -> Board {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/kiosk-config/board.toml");
        crate::config::board::load(path.as_ref(), None).unwrap()
    }

    pub fn wanted() -> Wanted {
        Wanted {
            hall: board().hall.id,
            from: date(2026, 11, 1),
            to: date(2026, 11, 7),
            visible_from: date(2026, 11, 10),
            min_n: 10,
            windows: true,
            pledges: true,
            honours: true,
        }
    }

    /// So many ratings at each window of the sample hall, in its order; the first of each negative.
    pub fn served(counts: &[u64]) -> Connection {
        let conn = crate::db::open_in_memory(&SCHEMA).unwrap();
        let mut book = Book::open(&conn, home_zone()).unwrap();
        let (board, mut facts) = (board(), Vec::new());
        for (window, &count) in board.windows.iter().zip(counts) {
            for i in 0..count {
                let level = if i == 0 { Satisfaction::Dissatisfied } else { Satisfaction::VerySatisfied };
                facts.push(Fact {
                    ledger: 1,
                    visit: facts.len() as u64,
                    sign: 1,
                    hall: board.hall.id.clone(),
                    service_window: window.id.clone(),
                    staff: None,
                    item: None,
                    channel: Channel::Kiosk,
                    level: Some(level),
                    wall: MONDAY,
                    grade: ClockGrade::A,
                    flagged: false,
                    reasons: vec![],
                    sample: false,
                });
            }
        }
        book.append(&conn, &facts).unwrap();
        conn
    }

    fn counts(snapshot: &Snapshot) -> Vec<Option<u64>> {
        snapshot.windows.iter().take(4).map(|l| l.n).collect()
    }

    #[test]
    fn groups_below_the_minimum_and_what_would_betray_them_are_left_out() {
        let conn = served(&[40, 9, 25, 30]);
        let snapshot = take(&conn, &board(), &wanted(), MONDAY).unwrap();
        assert_eq!(snapshot.total.n, Some(104));
        assert_eq!(counts(&snapshot), [Some(40), None, None, Some(30)], "the 9, and the 25 that would tell of it");
        let nobody = snapshot.windows.get(4).unwrap();
        assert_eq!((nobody.n, nobody.satisfied), (None, None), "nobody rated there");
        let first = &snapshot.windows[0];
        assert!(first.satisfied.is_some_and(|r| (r.value - 39.0 / 40.0).abs() < 1e-9 && r.low < r.value));
        let json = serde_json::to_string(&snapshot).unwrap();
        assert_eq!(serde_json::from_str::<Snapshot>(&json).unwrap(), snapshot);
        assert!(!json.contains(":9,"), "not even hidden in the store: {json}");
    }

    #[test]
    fn the_fingerprint_is_of_the_figures_and_not_of_the_moment() {
        let conn = served(&[40, 20]);
        let first = take(&conn, &board(), &wanted(), MONDAY).unwrap();
        let later = take(&conn, &board(), &wanted(), MONDAY.plus_ms(60_000)).unwrap();
        assert_eq!(first.fingerprint(), later.fingerprint());
        let other = take(&served(&[41, 20]), &board(), &wanted(), MONDAY).unwrap();
        assert_ne!(first.fingerprint(), other.fingerprint());
    }

    #[test]
    fn only_days_that_are_over_and_large_enough_groups_can_be_asked_for() {
        let today = date(2026, 11, 24);
        assert_eq!(wanted().faults(today), []);
        assert_eq!(Wanted { to: today, ..wanted() }.faults(today), [WantedFault::NotOver]);
        let backward = Wanted { from: date(2026, 11, 8), min_n: 9, ..wanted() };
        assert_eq!(backward.faults(today), [WantedFault::Period, WantedFault::MinN]);
        assert_eq!(Wanted { from: date(2025, 11, 6), ..wanted() }.faults(today), [WantedFault::Period]);
    }
}
