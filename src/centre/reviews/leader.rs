//! Reviews with their revisions: the tables, and what may be done with them.

use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::about::About;
use super::rules::ReviewRules;
use crate::centre::access::Who;
use crate::centre::audit::{self, Act};
use crate::centre::rules;
use crate::domain::appraisal::Subject;
use crate::domain::id::HallId;
use crate::domain::named_period::NamedPeriod;
use crate::domain::text::{TextFault, check_line, check_lines};
use crate::domain::time::WallMs;

/// Characters of a review.
pub const TEXT_CHARS: usize = 1_000;
/// Characters of the reason of a retraction.
pub const WHY_CHARS: usize = 200;
/// Revisions of one review.
const MAX_REVISIONS: u32 = 100;
/// Reviews of one list.
pub const MOST_LISTED: u32 = 200;

/// A review as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    pub id: i64,
    pub hall: HallId,
    pub about: About,
    pub counts_for: Option<Subject>,
    pub period: NamedPeriod,
    pub account: i64,
    pub reviewer: String,
    /// The newest one decides.
    pub newest: Revision,
}

/// One revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// From 1.
    pub revision: u32,
    pub made: WallMs,
    /// What was said, or why it was taken back.
    pub text: String,
    /// None: taken back.
    pub score: Option<u32>,
    pub scale: u32,
}

impl Revision {
    /// 0 to 100; none when it was taken back.
    pub fn points(&self) -> Option<f64> {
        self.score.map(|score| f64::from(score) / f64::from(self.scale.max(1)) * 100.0)
    }
}

/// What a leader typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub text: String,
    pub score: u32,
}

/// Why a review was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ReviewFault {
    /// It does not exist, or is not within the person's reach.
    #[error("there is no such review")]
    NotFound,
    #[error("a review is its writer's alone")]
    NotYours,
    /// One a leader, subject and period: revise that one.
    #[error("this leader has reviewed it for this period already")]
    Exists(i64),
    #[error("the review has been revised meanwhile")]
    Stale,
    #[error("it was taken back already")]
    TakenBack,
    #[error("the period has not begun")]
    Ahead,
    #[error("the text {0}")]
    Text(TextFault),
    #[error("the reason {0}")]
    Why(TextFault),
    #[error("the score is 0 to {0}")]
    Score(u32),
    #[error("there are too many revisions")]
    Full,
    #[error(transparent)]
    Store(#[from] rusqlite::Error),
}

/// Writes a review; its id.
///
/// # Errors
/// [`ReviewFault`]; nothing was written.
pub fn write(
    tx: &Connection,
    (about, counts_for, period): (&About, Option<&Subject>, NamedPeriod),
    said: &Said,
    who: &Who,
    now: WallMs,
    today: Date,
) -> Result<i64, ReviewFault> {
    if !who.reach.covers(about.hall()) {
        return Err(ReviewFault::NotFound);
    }
    if period.days().from > today {
        return Err(ReviewFault::Ahead);
    }
    let scale = checked(tx, said)?;
    let sql = "SELECT id FROM leader_review WHERE account = ?1 AND about = ?2 AND period = ?3";
    let (key, code) = (about.key(), period.code());
    let there = tx.prepare_cached(sql)?.query_row(params![who.account, key, code], |r| r.get(0)).optional()?;
    if let Some(id) = there {
        return Err(ReviewFault::Exists(id));
    }
    let id: i64 = tx
        .prepare_cached(
            "INSERT INTO leader_review (hall, about, counts_for, period, account, reviewer)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
        )?
        .query_row(
            params![about.hall().as_str(), key, counts_for.map(Subject::key), code, who.account, who.name],
            |r| r.get(0),
        )?;
    append(tx, id, 1, now, said.text.trim(), Some(said.score), scale)?;
    audit::append(tx, now, who, Act::ReviewWritten, &format!("review:{id}"), &format!("{key} {code}"))?;
    Ok(id)
}

/// Says it otherwise, also after it was taken back; what was said before stays.
///
/// # Errors
/// [`ReviewFault`]; nothing was written.
pub fn revise(tx: &Connection, id: i64, seen: u32, said: &Said, who: &Who, now: WallMs) -> Result<(), ReviewFault> {
    let review = own(tx, id, seen, who)?;
    let scale = checked(tx, said)?;
    let next = review.newest.revision + 1;
    append(tx, id, next, now, said.text.trim(), Some(said.score), scale)?;
    Ok(audit::append(tx, now, who, Act::ReviewRevised, &format!("review:{id}"), &format!("revision {next}"))?)
}

/// Takes it back, with the reason; what was said stays to be read.
///
/// # Errors
/// [`ReviewFault`]; nothing was written.
pub fn take_back(tx: &Connection, id: i64, seen: u32, why: &str, who: &Who, now: WallMs) -> Result<(), ReviewFault> {
    let review = own(tx, id, seen, who)?;
    let why = why.trim();
    check_line(why, WHY_CHARS).map_err(ReviewFault::Why)?;
    if review.newest.score.is_none() {
        return Err(ReviewFault::TakenBack);
    }
    append(tx, id, review.newest.revision + 1, now, why, None, review.newest.scale)?;
    Ok(audit::append(tx, now, who, Act::ReviewTakenBack, &format!("review:{id}"), &review.about.key())?)
}

fn own(tx: &Connection, id: i64, seen: u32, who: &Who) -> Result<Review, ReviewFault> {
    let review = one(tx, id)?.filter(|r| who.reach.covers(&r.hall)).ok_or(ReviewFault::NotFound)?;
    if review.account != who.account {
        return Err(ReviewFault::NotYours);
    }
    match review.newest.revision {
        newest if newest != seen => Err(ReviewFault::Stale),
        MAX_REVISIONS.. => Err(ReviewFault::Full),
        _ => Ok(review),
    }
}

/// The scale that holds now.
fn checked(tx: &Connection, said: &Said) -> Result<u32, ReviewFault> {
    check_lines(said.text.trim(), TEXT_CHARS).map_err(ReviewFault::Text)?;
    let scale = rules::current::<ReviewRules>(tx)?.scale;
    if said.score > scale { Err(ReviewFault::Score(scale)) } else { Ok(scale) }
}

fn append(
    tx: &Connection,
    id: i64,
    revision: u32,
    now: WallMs,
    text: &str,
    score: Option<u32>,
    scale: u32,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT INTO leader_review_revision (review, revision, made_ms, text, score, scale)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![id, revision, now.0, text, score, scale])?;
    Ok(())
}

const COLUMNS: &str = "SELECT r.id, r.hall, r.about, r.counts_for, r.period, r.account, r.reviewer,
       v.revision, v.made_ms, v.text, v.score, v.scale
     FROM leader_review r JOIN leader_review_revision v ON v.review = r.id
     WHERE v.revision = (SELECT max(n.revision) FROM leader_review_revision n WHERE n.review = r.id)";

/// One review.
///
/// # Errors
/// Those of the store.
pub fn one(conn: &Connection, id: i64) -> rusqlite::Result<Option<Review>> {
    let sql = format!("{COLUMNS} AND r.id = ?1");
    conn.prepare_cached(&sql)?.query_row([id], review_of).optional().map(Option::flatten)
}

/// Reviews about one thing, the newest first.
///
/// # Errors
/// Those of the store.
pub fn about_any(conn: &Connection, keys: &[String]) -> rusqlite::Result<Vec<Review>> {
    let sql = format!("{COLUMNS} AND r.about = ?1 ORDER BY v.made_ms DESC LIMIT {MOST_LISTED}");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut found = Vec::new();
    for key in keys {
        for review in statement.query_map([key], review_of)? {
            found.extend(review?);
        }
    }
    found.sort_by_key(|r: &Review| std::cmp::Reverse((r.newest.made, r.id)));
    Ok(found)
}

/// Every review that starts with an id below `before`, the newest first.
///
/// # Errors
/// Those of the store.
pub fn list(conn: &Connection, before: i64) -> rusqlite::Result<Vec<Review>> {
    let sql = format!("{COLUMNS} AND r.id < ?1 ORDER BY r.id DESC LIMIT {MOST_LISTED}");
    let mut statement = conn.prepare_cached(&sql)?;
    statement.query_map([before], review_of)?.filter_map(Result::transpose).collect()
}

/// Every revision, the newest first.
///
/// # Errors
/// Those of the store.
pub fn revisions(conn: &Connection, id: i64) -> rusqlite::Result<Vec<Revision>> {
    let sql = "SELECT revision, made_ms, text, score, scale FROM leader_review_revision WHERE review = ?1
               ORDER BY revision DESC";
    conn.prepare_cached(sql)?.query_map([id], |r| revision_of(r, 0))?.collect()
}

/// What stands of a hall's reviews that count for somebody: whom, the period, the points.
///
/// # Errors
/// Those of the store.
pub fn counting(conn: &Connection, hall: &HallId) -> rusqlite::Result<Vec<(Subject, NamedPeriod, f64)>> {
    let sql = format!("{COLUMNS} AND r.hall = ?1 AND v.score IS NOT NULL AND r.counts_for IS NOT NULL ORDER BY r.id");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut out = Vec::new();
    for review in statement.query_map([hall.as_str()], review_of)? {
        if let Some(review) = review?
            && let (Some(subject), Some(points)) = (review.counts_for, review.newest.points())
        {
            out.push((subject, review.period, points));
        }
    }
    Ok(out)
}

/// None for a row that only a newer program understands.
fn review_of(row: &Row<'_>) -> rusqlite::Result<Option<Review>> {
    let text = |at: usize| row.get::<_, String>(at);
    let counts_for: Option<String> = row.get(3)?;
    let (hall, about, period) = (text(1)?, text(2)?, text(4)?);
    let (Ok(hall), Some(about), Some(period)) =
        (HallId::new(&hall), About::of_key(&about), NamedPeriod::parse(&period))
    else {
        return Ok(None);
    };
    Ok(Some(Review {
        id: row.get(0)?,
        hall,
        about,
        counts_for: counts_for.as_deref().and_then(Subject::of_key),
        period,
        account: row.get(5)?,
        reviewer: text(6)?,
        newest: revision_of(row, 7)?,
    }))
}

fn revision_of(row: &Row<'_>, at: usize) -> rusqlite::Result<Revision> {
    Ok(Revision {
        revision: row.get(at)?,
        made: WallMs(row.get(at + 1)?),
        text: row.get(at + 2)?,
        score: row.get(at + 3)?,
        scale: row.get(at + 4)?,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::centre::access::Reach;
    use crate::centre::access::samples::somebody;
    use crate::centre::schema::SCHEMA;
    use crate::domain::role::Role;

    const NOW: WallMs = WallMs(1_795_500_000_000);

    fn leader(account: i64) -> Who {
        Who { account, reach: Reach::Halls([HallId::new("H01").unwrap()].into()), ..somebody(Role::Leader) }
    }

    fn said(text: &str, score: u32) -> Said {
        Said { text: text.to_owned(), score }
    }

    fn written(conn: &Connection, about: &str, period: &str, said: &Said, who: &Who) -> Result<i64, ReviewFault> {
        let about = About::of_key(about).unwrap();
        let subject = match &about {
            About::Of(subject) => Some(subject.clone()),
            About::Pledge { .. } => None,
        };
        let period = NamedPeriod::parse(period).unwrap();
        write(conn, (&about, subject.as_ref(), period), said, who, NOW, date(2026, 12, 1))
    }

    #[test]
    fn one_a_leader_subject_and_period_and_nothing_said_is_lost() {
        let conn = crate::db::open_in_memory(&SCHEMA).unwrap();
        let (own, other) = (leader(1), leader(2));
        let id = written(&conn, "window:H01:W03", "2026-11", &said("接待耐心，\n材料一次讲清。", 92), &own).unwrap();
        let again = written(&conn, "window:H01:W03", "2026-11", &said("再写一次", 10), &own);
        assert!(matches!(again, Err(ReviewFault::Exists(there)) if there == id));
        assert!(written(&conn, "window:H01:W03", "2026-11", &said("另一位领导", 80), &other).is_ok());
        assert!(written(&conn, "window:H01:W03", "2026-Q4", &said("按季度", 85), &own).is_ok());

        revise(&conn, id, 1, &said("复核后调整", 88), &own, NOW.plus_ms(1)).unwrap();
        assert!(matches!(revise(&conn, id, 1, &said("晚了", 1), &own, NOW), Err(ReviewFault::Stale)));
        assert!(matches!(revise(&conn, id, 2, &said("别人", 1), &other, NOW), Err(ReviewFault::NotYours)));
        assert!(matches!(take_back(&conn, id, 2, " ", &own, NOW), Err(ReviewFault::Why(TextFault::Empty))));
        take_back(&conn, id, 2, "点评对象写错了", &own, NOW.plus_ms(2)).unwrap();
        assert!(matches!(take_back(&conn, id, 3, "再撤", &own, NOW), Err(ReviewFault::TakenBack)));
        let hall = HallId::new("H01").unwrap();
        assert_eq!(counting(&conn, &hall).unwrap().len(), 2, "what was taken back counts for nothing");
        revise(&conn, id, 3, &said("核实无误，恢复", 90), &own, NOW.plus_ms(3)).unwrap();
        let all = revisions(&conn, id).unwrap();
        assert_eq!(all.iter().map(|r| r.score).collect::<Vec<_>>(), [Some(90), None, Some(88), Some(92)]);
        assert_eq!(one(&conn, id).unwrap().unwrap().newest.points(), Some(90.0));
        assert!(conn.execute("DELETE FROM leader_review_revision", []).is_err());
        assert!(conn.execute("UPDATE leader_review_revision SET text = ''", []).is_err());
        assert_eq!(audit::verify(&conn).unwrap().lines, 6, "what was refused is no deed");
    }

    #[test]
    fn bounds_and_reach_are_kept() {
        let conn = crate::db::open_in_memory(&SCHEMA).unwrap();
        let own = leader(1);
        let fault = |about, period, said: &Said| written(&conn, about, period, said, &own).unwrap_err();
        assert!(matches!(fault("window:H02:W03", "2026-11", &said("好", 90)), ReviewFault::NotFound));
        assert!(matches!(fault("window:H01:W03", "2027-01", &said("好", 90)), ReviewFault::Ahead));
        assert!(matches!(fault("window:H01:W03", "2026-11", &said("好", 101)), ReviewFault::Score(100)));
        assert!(matches!(fault("window:H01:W03", "2026-11", &said("\n", 90)), ReviewFault::Text(TextFault::Empty)));
        let long = "长".repeat(TEXT_CHARS + 1);
        assert!(matches!(fault("window:H01:W03", "2026-11", &said(&long, 90)), ReviewFault::Text(_)));
        let id = written(&conn, "pledge:H01:P1", "2026-12", &said("说到做到", 90), &own).unwrap();
        let elsewhere = Who { reach: Reach::Halls([HallId::new("H02").unwrap()].into()), ..own.clone() };
        assert!(matches!(revise(&conn, id, 1, &said("改", 1), &elsewhere, NOW), Err(ReviewFault::NotFound)));
        assert!(counting(&conn, &HallId::new("H01").unwrap()).unwrap().is_empty(), "a pledge of the unit is nobody's");
        assert_eq!(list(&conn, i64::MAX).unwrap().len(), 1);
        assert_eq!(about_any(&conn, &["pledge:H01:P1".to_owned()]).unwrap()[0].newest.text, "说到做到");
    }
}
