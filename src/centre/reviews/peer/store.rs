//! The tables of rounds. What was voted stands nowhere beside who voted.

use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::domain::id::{HallId, StaffNo};
use crate::domain::peer::{Person, Tally, Voting};

/// Rounds of one list.
const MOST_LISTED: u32 = 200;

/// A round of one hall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    pub id: i64,
    pub hall: HallId,
    pub title: String,
    pub criteria: Vec<String>,
    /// The best score of a criterion.
    pub most: u8,
    pub voting: Voting,
    /// Fewer votes are not shown.
    pub min_voters: u64,
    pub made_by: String,
}

/// Keeps a new round with everybody in it; its id.
///
/// # Errors
/// Those of the store.
pub(super) fn add(tx: &Connection, round: &Round, people: &[Person]) -> rusqlite::Result<i64> {
    let criteria =
        serde_json::to_string(&round.criteria).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
    let (from, to) = (round.voting.from.to_string(), round.voting.to.to_string());
    let least = i64::try_from(round.min_voters).unwrap_or(i64::MAX);
    let id: i64 = tx
        .prepare_cached(
            "INSERT INTO peer_round (hall, title, criteria, most, from_day, to_day, min_voters, made_by)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING id",
        )?
        .query_row(
            params![round.hall.as_str(), round.title, criteria, round.most, from, to, least, round.made_by],
            |r| r.get(0),
        )?;
    let mut person = tx.prepare_cached(
        "INSERT INTO peer_person (round, staff_no, name, votes, is_voted_on) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let mut count = tx.prepare_cached(
        "INSERT INTO peer_tally (round, colleague, criterion, score, votes) VALUES (?1, ?2, ?3, ?4, 0)",
    )?;
    for p in people {
        person.execute(params![id, p.staff_no.as_str(), p.name, p.votes, p.is_voted_on])?;
        for criterion in (0..round.criteria.len()).filter(|_| p.is_voted_on) {
            for score in 1..=round.most {
                count.execute(params![id, p.staff_no.as_str(), i64::try_from(criterion).unwrap_or(0), score])?;
            }
        }
    }
    Ok(id)
}

/// Adds a vote to the counts, and notes apart from it that the voter has voted on the colleague.
///
/// # Errors
/// Those of the store; also when the voter has voted on the colleague already.
pub(super) fn count(
    tx: &Connection,
    round: i64,
    voter: &StaffNo,
    colleague: &StaffNo,
    scores: &[u8],
) -> rusqlite::Result<()> {
    tx.prepare_cached("INSERT INTO peer_voted (round, voter, colleague) VALUES (?1, ?2, ?3)")?.execute(params![
        round,
        voter.as_str(),
        colleague.as_str()
    ])?;
    let mut add = tx.prepare_cached(
        "UPDATE peer_tally SET votes = votes + 1
         WHERE round = ?1 AND colleague = ?2 AND criterion = ?3 AND score = ?4",
    )?;
    for (criterion, score) in (0_i64..).zip(scores) {
        if add.execute(params![round, colleague.as_str(), criterion, score])? != 1 {
            return Err(rusqlite::Error::StatementChangedRows(0));
        }
    }
    Ok(())
}

/// # Errors
/// Those of the store.
pub(super) fn end(tx: &Connection, round: i64, day: Date) -> rusqlite::Result<bool> {
    let sql = "UPDATE peer_round SET closed_day = ?2 WHERE id = ?1 AND closed_day IS NULL";
    Ok(tx.prepare_cached(sql)?.execute(params![round, day.to_string()])? == 1)
}

const COLUMNS: &str =
    "SELECT id, hall, title, criteria, most, from_day, to_day, closed_day, min_voters, made_by FROM peer_round";

/// One round.
///
/// # Errors
/// Those of the store.
pub fn one(conn: &Connection, id: i64) -> rusqlite::Result<Option<Round>> {
    let sql = format!("{COLUMNS} WHERE id = ?1");
    conn.prepare_cached(&sql)?.query_row([id], round_of).optional().map(Option::flatten)
}

/// Rounds of these halls (none: every hall), the newest first.
///
/// # Errors
/// Those of the store.
pub fn of_halls(conn: &Connection, halls: Option<&[HallId]>) -> rusqlite::Result<Vec<Round>> {
    let sql = format!("{COLUMNS} ORDER BY id DESC");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut found = Vec::new();
    for round in statement.query_map([], round_of)? {
        found.extend(round?.filter(|r| halls.is_none_or(|halls| halls.contains(&r.hall))));
        if found.len() >= MOST_LISTED as usize {
            break;
        }
    }
    Ok(found)
}

/// Rounds of these halls that are over, in the order in which they ended.
///
/// # Errors
/// Those of the store.
pub fn closed(conn: &Connection, halls: &[HallId], today: Date) -> rusqlite::Result<Vec<Round>> {
    use crate::domain::peer::RoundState::Closed;
    let mut rounds = of_halls(conn, Some(halls))?;
    rounds.retain(|r| r.voting.state(today) == Closed);
    rounds.sort_by_key(|r| (r.voting.ended(), r.id));
    Ok(rounds)
}

/// Everybody in a round, by staff number.
///
/// # Errors
/// Those of the store.
pub fn people(conn: &Connection, round: i64) -> rusqlite::Result<Vec<Person>> {
    let sql = "SELECT staff_no, name, votes, is_voted_on FROM peer_person WHERE round = ?1 ORDER BY staff_no";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([round], |r| {
        let staff_no: String = r.get(0)?;
        let (name, votes, is_voted_on) = (r.get(1)?, r.get(2)?, r.get(3)?);
        Ok(StaffNo::new(&staff_no).ok().map(|staff_no| Person { staff_no, name, votes, is_voted_on }))
    })?;
    rows.filter_map(Result::transpose).collect()
}

/// On whom somebody has voted.
///
/// # Errors
/// Those of the store.
pub(super) fn voted_on(conn: &Connection, round: i64, voter: &StaffNo) -> rusqlite::Result<Vec<StaffNo>> {
    let sql = "SELECT colleague FROM peer_voted WHERE round = ?1 AND voter = ?2 ORDER BY colleague";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map(params![round, voter.as_str()], |r| r.get::<_, String>(0))?;
    rows.filter_map(|no| no.map(|no| StaffNo::new(&no).ok()).transpose()).collect()
}

/// Votes that were given, and voters who gave any.
///
/// # Errors
/// Those of the store.
pub fn turnout(conn: &Connection, round: i64) -> rusqlite::Result<(u64, u64)> {
    let sql = "SELECT count(*), count(DISTINCT voter) FROM peer_voted WHERE round = ?1";
    let (votes, voters): (i64, i64) = conn.prepare_cached(sql)?.query_row([round], |r| Ok((r.get(0)?, r.get(1)?)))?;
    Ok((votes.unsigned_abs(), voters.unsigned_abs()))
}

/// What was counted for somebody.
///
/// # Errors
/// Those of the store.
pub(super) fn tally(conn: &Connection, round: &Round, colleague: &StaffNo) -> rusqlite::Result<Tally> {
    let sql = "SELECT criterion, score, votes FROM peer_tally WHERE round = ?1 AND colleague = ?2";
    let mut tally = Tally::new(round.criteria.len(), round.most);
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params![round.id, colleague.as_str()])?;
    while let Some(row) = rows.next()? {
        let (criterion, score, votes): (i64, u8, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        tally.add(usize::try_from(criterion).unwrap_or(usize::MAX), score, votes.unsigned_abs());
    }
    Ok(tally)
}

/// None for a row that only a newer program understands.
fn round_of(row: &Row<'_>) -> rusqlite::Result<Option<Round>> {
    let text = |at: usize| row.get::<_, String>(at);
    let day = |at: usize| Ok::<_, rusqlite::Error>(text(at)?.parse::<Date>().ok());
    let closed: Option<String> = row.get(7)?;
    let (Ok(hall), Ok(criteria), Some(from), Some(to)) =
        (HallId::new(&text(1)?), serde_json::from_str(&text(3)?), day(5)?, day(6)?)
    else {
        return Ok(None);
    };
    let least: i64 = row.get(8)?;
    Ok(Some(Round {
        id: row.get(0)?,
        hall,
        title: text(2)?,
        criteria,
        most: row.get(4)?,
        voting: Voting { from, to, closed: closed.and_then(|day| day.parse().ok()) },
        min_voters: least.unsigned_abs(),
        made_by: text(9)?,
    }))
}
