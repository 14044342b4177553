//! What every source says of windows and people in a period: the one list that comparison (三比) and selections (评选) are
//! built on.
//!
//! Each module that appraises offers a function of its own that makes [`Mark`]s; it has one line in [`gather`].
//!
//! **Architecture invariant:** nothing here keeps or changes anything; a mark can be made again from what its source keeps.

mod public_appraisal;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rusqlite::Connection;

use super::access::Reach;
use super::boards::Boards;
use super::clock;
use super::contests;
use super::hall::today;
use super::inspections;
use super::reviews;
use super::site::Site;
use super::statistics::labels::Labels;
use super::statistics::{AskFault, Memory, Snapshot, StatisticsFault};
use crate::domain::appraisal::{Mark, Period, Subject};
use crate::domain::hours::HallHours;
use crate::domain::id::HallId;
use crate::domain::query::Dimension;
use crate::domain::workdays::WorkingCalendar;
use crate::words::Language;

/// Where marks are gathered, and by which calendar.
#[derive(Debug, Clone)]
pub struct Ground {
    /// Only what is of these halls.
    pub halls: Vec<HallId>,
    /// Who and what stands there now.
    pub boards: Arc<Boards>,
    pub zone: TimeZone,
    pub calendar: Arc<WorkingCalendar>,
    pub hours: Arc<HallHours>,
    /// What is over by then counts.
    pub today: Date,
    /// Groups with fewer ratings are left out; 0: none are.
    pub min_group: u64,
    pub(super) labels: Arc<Labels>,
    pub(super) memory: Arc<Memory>,
}

/// Why marks could not be gathered.
#[derive(Debug, thiserror::Error)]
pub enum MarkFault {
    #[error(transparent)]
    Asked(#[from] AskFault),
    #[error(transparent)]
    Statistics(#[from] StatisticsFault),
    #[error(transparent)]
    Store(#[from] rusqlite::Error),
    /// A source holds what this program never writes.
    #[error("{of}: {cause}")]
    Damaged { of: &'static str, cause: String },
}

impl Ground {
    /// The halls within `reach`; `min_group` as the asker's role has it, 0 for what the centre works out by itself.
    pub fn of(site: &Site, reach: &Reach, min_group: u64) -> Self {
        let boards = site.boards.get();
        Self {
            halls: boards.halls().map(|(id, _)| id).filter(|id| reach.covers(id)).cloned().collect(),
            zone: site.settings.time_zone.clone(),
            calendar: Arc::clone(&site.settings.calendar),
            hours: Arc::clone(&site.settings.hours),
            today: today(&site.settings.time_zone, clock::now().wall),
            min_group,
            labels: site.figures.labels(&boards, Language::Zh),
            memory: Arc::clone(&site.figures),
            boards,
        }
    }

    /// The same for one of its halls; none for any other.
    #[must_use]
    pub fn only(mut self, hall: &HallId) -> Self {
        self.halls.retain(|h| h == hall);
        self
    }

    pub fn covers(&self, hall: &HallId) -> bool {
        self.halls.contains(hall)
    }
}

/// Every mark of the period, by subject and source; all as of one moment.
///
/// `conn` must be outside of any transaction: call it from [`Readers::read`](super::readers::Readers::read), and write what
/// follows from it afterwards.
///
/// # Errors
/// [`MarkFault`]
pub fn gather(conn: &Connection, ground: &Ground, period: Period) -> Result<Vec<Mark>, MarkFault> {
    // Its transaction lasts until the end, so that every source is read as of the same moment.
    let snapshot = Snapshot::open(conn, &ground.memory.names)?;
    let mut marks = public_appraisal::marks(&snapshot, ground, period)?;
    marks.extend(
        super::matters::marks(conn, period, ground.today)?.into_iter().filter(|m| ground.covers(m.subject.hall())),
    );
    marks.extend(
        super::cases::marks(conn, period, ground.today)?.into_iter().filter(|m| ground.covers(m.subject.hall())),
    );
    marks.extend(super::fulfilment::marks(conn, ground, period)?);
    marks.extend(reviews::leader_marks(conn, &ground.halls, period)?);
    marks.extend(reviews::peer_marks(conn, &ground.halls, period, ground.today)?);
    marks.extend(contests::marks(conn, &ground.halls, period)?);
    marks.extend(inspections::marks(conn, period)?.into_iter().filter(|mark| ground.covers(mark.subject.hall())));
    marks.sort_by(|a, b| (&a.subject, a.source).cmp(&(&b.subject, b.source)));
    Ok(marks)
}

/// How many ratings of each window and person name one of these reasons, however few: whoever shows them withholds what is
/// too few for their reader.
///
/// # Errors
/// [`MarkFault`]
pub fn naming(
    conn: &Connection,
    ground: &Ground,
    period: Period,
    reasons: &[String],
) -> Result<BTreeMap<Subject, u64>, MarkFault> {
    let mut out = BTreeMap::new();
    if reasons.is_empty() {
        return Ok(out);
    }
    let whole = Ground { min_group: 0, ..ground.clone() };
    let snapshot = Snapshot::open(conn, &ground.memory.names)?;
    for hall in &ground.halls {
        for by in [Dimension::ServiceWindow, Dimension::Staff] {
            let answer = public_appraisal::asked(&snapshot, &whole, period, hall, by, reasons.to_vec())?;
            let counted =
                answer.rows.iter().filter_map(|row| Some((public_appraisal::subject(hall, by, &row.key)?, row.n?)));
            out.extend(counted);
        }
    }
    Ok(out)
}
