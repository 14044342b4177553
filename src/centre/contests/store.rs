//! The tables of events.

use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::domain::contest::{ContestKind, Criterion, Entry, ranks};
use crate::domain::id::{HallId, StaffNo};
use crate::domain::time::WallMs;

/// Events that are looked at.
const MOST: u32 = 1_000;

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contest {
    pub id: i64,
    pub kind: ContestKind,
    pub title: String,
    pub day: Date,
    /// Who gives the certificates.
    pub issuer: String,
    pub criteria: Vec<Criterion>,
    pub made_by: String,
    pub published: Option<WallMs>,
    pub halls: Vec<HallId>,
}

/// Somebody who took part, or was expected to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub hall: HallId,
    pub staff_no: StaffNo,
    pub name: String,
    pub entry: Entry,
    /// Among all of the event; none without scores.
    pub rank: Option<u64>,
}

/// One's own part in a published event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnPart {
    pub contest: Contest,
    pub part: Part,
    /// How many were scored.
    pub of: u64,
}

/// # Errors
/// Those of the store.
pub fn add(tx: &Connection, contest: &Contest) -> rusqlite::Result<i64> {
    let id: i64 = tx
        .prepare_cached(
            "INSERT INTO contest (kind, title, day, issuer, criteria, made_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             RETURNING id",
        )?
        .query_row(
            params![
                contest.kind.code(),
                contest.title,
                contest.day.to_string(),
                contest.issuer,
                json(&contest.criteria)?,
                contest.made_by
            ],
            |r| r.get(0),
        )?;
    for hall in &contest.halls {
        tx.prepare_cached("INSERT INTO contest_hall (contest, hall) VALUES (?1, ?2)")?
            .execute(params![id, hall.as_str()])?;
    }
    Ok(id)
}

/// Notes somebody's part; what was noted before is replaced.
///
/// # Errors
/// Those of the store; also when the event is published.
pub fn put(tx: &Connection, contest: i64, part: &Part) -> rusqlite::Result<()> {
    let scores = part.entry.scores.as_ref().map(json).transpose()?;
    tx.prepare_cached(
        "INSERT INTO contest_entry (contest, hall, staff_no, name, attended, scores) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (contest, hall, staff_no) DO UPDATE SET name = ?4, attended = ?5, scores = ?6",
    )?
    .execute(params![
        contest,
        part.hall.as_str(),
        part.staff_no.as_str(),
        part.name,
        part.entry.attended,
        scores
    ])?;
    Ok(())
}

/// # Errors
/// Those of the store.
pub fn publish(tx: &Connection, contest: i64, when: Option<WallMs>) -> rusqlite::Result<()> {
    tx.prepare_cached("UPDATE contest SET published_ms = ?2 WHERE id = ?1")?
        .execute(params![contest, when.map(|w| w.0)])?;
    Ok(())
}

const COLUMNS: &str = "SELECT id, kind, title, day, issuer, criteria, made_by, published_ms FROM contest";

/// # Errors
/// Those of the store.
pub fn one(conn: &Connection, id: i64) -> rusqlite::Result<Option<Contest>> {
    let sql = format!("{COLUMNS} WHERE id = ?1");
    let found = conn.prepare_cached(&sql)?.query_row([id], contest_of).optional()?.flatten();
    found.map(|contest| with_halls(conn, contest)).transpose()
}

/// Every event, the latest day first.
///
/// # Errors
/// Those of the store.
pub fn all(conn: &Connection) -> rusqlite::Result<Vec<Contest>> {
    let sql = format!("{COLUMNS} ORDER BY day DESC, id DESC LIMIT {MOST}");
    let mut statement = conn.prepare_cached(&sql)?;
    let found: Vec<Contest> =
        statement.query_map([], contest_of)?.filter_map(Result::transpose).collect::<rusqlite::Result<_>>()?;
    found.into_iter().map(|contest| with_halls(conn, contest)).collect()
}

/// Everybody of an event, the best first, those without scores last.
///
/// # Errors
/// Those of the store.
pub fn parts(conn: &Connection, contest: i64) -> rusqlite::Result<Vec<Part>> {
    let sql = "SELECT hall, staff_no, name, attended, scores FROM contest_entry WHERE contest = ?1";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([contest], |r| {
        let (hall, staff_no): (String, String) = (r.get(0)?, r.get(1)?);
        let scores: Option<String> = r.get(4)?;
        let entry = Entry { attended: r.get(3)?, scores: scores.and_then(|text| serde_json::from_str(&text).ok()) };
        let name = r.get(2)?;
        let ids = HallId::new(&hall).ok().zip(StaffNo::new(&staff_no).ok());
        Ok(ids.map(|(hall, staff_no)| Part { hall, staff_no, name, entry, rank: None }))
    })?;
    let mut parts: Vec<Part> = rows.filter_map(Result::transpose).collect::<rusqlite::Result<_>>()?;
    let totals: Vec<_> = parts.iter().map(|p| p.entry.total()).collect();
    for (part, rank) in parts.iter_mut().zip(ranks(&totals)) {
        part.rank = rank;
    }
    parts.sort_by(|a, b| {
        let key = |p: &Part| (p.rank.unwrap_or(u64::MAX), p.hall.clone(), p.staff_no.clone());
        key(a).cmp(&key(b))
    });
    Ok(parts)
}

/// One's own parts in published events, the latest first.
///
/// # Errors
/// Those of the store.
pub fn own_parts(conn: &Connection, hall: &HallId, staff_no: &StaffNo) -> rusqlite::Result<Vec<OwnPart>> {
    let mut out = Vec::new();
    for contest in all(conn)?.into_iter().filter(|c| c.published.is_some() && c.halls.contains(hall)) {
        let parts = parts(conn, contest.id)?;
        let of = parts.iter().filter(|p| p.rank.is_some()).count() as u64;
        if let Some(part) = parts.into_iter().find(|p| &p.hall == hall && &p.staff_no == staff_no) {
            out.push(OwnPart { contest, part, of });
        }
    }
    Ok(out)
}

fn with_halls(conn: &Connection, contest: Contest) -> rusqlite::Result<Contest> {
    let mut statement = conn.prepare_cached("SELECT hall FROM contest_hall WHERE contest = ?1 ORDER BY hall")?;
    let rows = statement.query_map([contest.id], |r| r.get::<_, String>(0))?;
    let halls = rows.filter_map(|hall| hall.map(|hall| HallId::new(&hall).ok()).transpose());
    Ok(Contest { halls: halls.collect::<rusqlite::Result<_>>()?, ..contest })
}

fn json<T: serde::Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))
}

/// None for a row that only a newer program understands.
fn contest_of(row: &Row<'_>) -> rusqlite::Result<Option<Contest>> {
    let text = |at: usize| row.get::<_, String>(at);
    let published: Option<i64> = row.get(7)?;
    let (Some(kind), Ok(day), Ok(criteria)) =
        (ContestKind::from_code(&text(1)?), text(3)?.parse(), serde_json::from_str(&text(5)?))
    else {
        return Ok(None);
    };
    Ok(Some(Contest {
        id: row.get(0)?,
        kind,
        title: text(2)?,
        day,
        issuer: text(4)?,
        criteria,
        made_by: text(6)?,
        published: published.map(WallMs),
        halls: Vec::new(),
    }))
}
