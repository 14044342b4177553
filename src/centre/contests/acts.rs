//! What may be done with events, and why it is refused.

use jiff::civil::Date;
use rusqlite::Connection;

use super::store::{self, Contest, Part};
use crate::centre::access::{Reach, Who};
use crate::centre::audit::{self, Act};
use crate::domain::contest::{ContestKind, Criterion, MAX_PEOPLE};
use crate::domain::id::HallId;
use crate::domain::text::{TextFault, check_line};
use crate::domain::time::WallMs;

/// Characters of a title, an issuer, a criterion.
pub const TITLE_CHARS: usize = 60;
/// Characters of the reason of taking results back.
pub const WHY_CHARS: usize = 200;

/// An event to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub kind: ContestKind,
    pub title: String,
    pub day: Date,
    pub issuer: String,
    pub criteria: Vec<Criterion>,
    pub halls: Vec<HallId>,
}

/// Why something of an event was refused.
#[derive(Debug, thiserror::Error)]
pub enum ContestFault {
    #[error("there is no such event")]
    NotFound,
    #[error("the title {0}")]
    Title(TextFault),
    #[error("the issuer {0}")]
    Issuer(TextFault),
    #[error("choose at least one hall that you answer for")]
    Halls,
    #[error("its results are published; take them back first")]
    Published,
    #[error("its results are not published")]
    NotPublished,
    #[error("nobody has a score or has attended")]
    Empty,
    #[error("more than {MAX_PEOPLE} people")]
    TooMany,
    #[error("the reason {0}")]
    Why(TextFault),
    #[error("it has not taken place yet")]
    Ahead,
    #[error(transparent)]
    Store(#[from] rusqlite::Error),
}

/// Whether somebody keeps an event: all of its halls are theirs.
pub fn keeps(reach: &Reach, contest: &Contest) -> bool {
    !contest.halls.is_empty() && contest.halls.iter().all(|hall| reach.covers(hall))
}

/// Keeps a new event; its id.
///
/// # Errors
/// [`ContestFault`]; nothing was written.
pub fn add(tx: &Connection, draft: &Draft, who: &Who, now: WallMs) -> Result<i64, ContestFault> {
    check_line(draft.title.trim(), TITLE_CHARS).map_err(ContestFault::Title)?;
    check_line(draft.issuer.trim(), TITLE_CHARS).map_err(ContestFault::Issuer)?;
    let contest = Contest {
        id: 0,
        kind: draft.kind,
        title: draft.title.trim().to_owned(),
        day: draft.day,
        issuer: draft.issuer.trim().to_owned(),
        criteria: draft.criteria.clone(),
        made_by: who.name.clone(),
        published: None,
        halls: draft.halls.clone(),
    };
    if !keeps(&who.reach, &contest) {
        return Err(ContestFault::Halls);
    }
    let id = store::add(tx, &contest)?;
    let detail = format!("{} {}", draft.kind.code(), draft.day);
    audit::append(tx, now, who, Act::ContestAdded, &format!("contest:{id}"), &detail)?;
    Ok(id)
}

/// Notes who was there and their scores.
///
/// # Errors
/// [`ContestFault`]; nothing was written.
pub fn note(tx: &Connection, id: i64, parts: &[Part], who: &Who, now: WallMs) -> Result<(), ContestFault> {
    let contest = own(tx, id, who)?;
    if contest.published.is_some() {
        return Err(ContestFault::Published);
    }
    if !parts.iter().all(|p| contest.halls.contains(&p.hall)) {
        return Err(ContestFault::Halls);
    }
    for part in parts {
        store::put(tx, id, part)?;
    }
    if store::parts(tx, id)?.len() > MAX_PEOPLE {
        return Err(ContestFault::TooMany);
    }
    let detail = format!("{} people", parts.len());
    Ok(audit::append(tx, now, who, Act::ContestScored, &format!("contest:{id}"), &detail)?)
}

/// Shows the results to whoever may see statistics, and to each their own.
///
/// # Errors
/// [`ContestFault`]; nothing was written.
pub fn publish(tx: &Connection, id: i64, who: &Who, now: WallMs, today: Date) -> Result<(), ContestFault> {
    let contest = own(tx, id, who)?;
    if contest.published.is_some() {
        return Err(ContestFault::Published);
    }
    if contest.day > today {
        return Err(ContestFault::Ahead);
    }
    if !store::parts(tx, id)?.iter().any(|p| p.entry.attended || p.entry.scores.is_some()) {
        return Err(ContestFault::Empty);
    }
    store::publish(tx, id, Some(now))?;
    Ok(audit::append(tx, now, who, Act::ContestPublished, &format!("contest:{id}"), "")?)
}

/// Takes published results back, to mend them.
///
/// # Errors
/// [`ContestFault`]; nothing was written.
pub fn withdraw(tx: &Connection, id: i64, why: &str, who: &Who, now: WallMs) -> Result<(), ContestFault> {
    let contest = own(tx, id, who)?;
    if contest.published.is_none() {
        return Err(ContestFault::NotPublished);
    }
    let why = why.trim();
    check_line(why, WHY_CHARS).map_err(ContestFault::Why)?;
    store::publish(tx, id, None)?;
    Ok(audit::append(tx, now, who, Act::ContestWithdrawn, &format!("contest:{id}"), why)?)
}

fn own(tx: &Connection, id: i64, who: &Who) -> Result<Contest, ContestFault> {
    store::one(tx, id)?.filter(|c| keeps(&who.reach, c)).ok_or(ContestFault::NotFound)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::centre::access::samples::somebody;
    use crate::centre::schema::SCHEMA;
    use crate::domain::contest::Entry;
    use crate::domain::id::StaffNo;
    use crate::domain::role::Role;

    const NOW: WallMs = WallMs(1_795_500_000_000);

    fn hall(id: &str) -> HallId {
        HallId::new(id).unwrap()
    }

    fn keeper(halls: &[&str]) -> Who {
        Who { reach: Reach::Halls(halls.iter().map(|h| hall(h)).collect()), ..somebody(Role::HallSupervisor) }
    }

    fn draft(halls: &[&str]) -> Draft {
        Draft {
            kind: ContestKind::Contest,
            title: "业务技能比武".to_owned(),
            day: date(2026, 11, 20),
            issuer: "区政务服务局".to_owned(),
            criteria: vec![
                Criterion { name: "理论".to_owned(), max: 40 },
                Criterion { name: "操作".to_owned(), max: 60 },
            ],
            halls: halls.iter().map(|h| hall(h)).collect(),
        }
    }

    fn part(no: &str, scores: Option<[u32; 2]>) -> Part {
        let entry = Entry { attended: true, scores: scores.map(|s| s.to_vec()) };
        Part { hall: hall("H01"), staff_no: StaffNo::new(no).unwrap(), name: "某".to_owned(), entry, rank: None }
    }

    #[test]
    fn results_are_noted_published_and_mended_only_after_taking_them_back() {
        let conn = crate::db::open_in_memory(&SCHEMA).unwrap();
        let (own, other) = (keeper(&["H01"]), keeper(&["H02"]));
        assert!(matches!(add(&conn, &draft(&["H01", "H02"]), &own, NOW), Err(ContestFault::Halls)));
        let id = add(&conn, &draft(&["H01"]), &own, NOW).unwrap();
        let today = date(2026, 12, 1);
        assert!(matches!(publish(&conn, id, &own, NOW, today), Err(ContestFault::Empty)));
        let parts = [part("1", Some([3_000, 5_000])), part("2", Some([3_500, 4_500])), part("3", None)];
        assert!(matches!(note(&conn, id, &parts, &other, NOW), Err(ContestFault::NotFound)));
        note(&conn, id, &parts, &own, NOW).unwrap();
        assert!(matches!(publish(&conn, id, &own, NOW, date(2026, 11, 19)), Err(ContestFault::Ahead)));
        publish(&conn, id, &own, NOW, today).unwrap();
        assert!(matches!(note(&conn, id, &parts, &own, NOW), Err(ContestFault::Published)));
        assert!(conn.execute("UPDATE contest_entry SET scores = '[1,1]'", []).is_err(), "nor around the acts");
        let found = store::parts(&conn, id).unwrap();
        assert_eq!(found.iter().map(|p| p.rank).collect::<Vec<_>>(), [Some(1), Some(1), None]);
        let mine = store::own_parts(&conn, &hall("H01"), &StaffNo::new("2").unwrap()).unwrap();
        assert_eq!((mine.len(), mine[0].of, mine[0].part.entry.total()), (1, 2, Some(8_000)));
        assert!(matches!(withdraw(&conn, id, "", &own, NOW), Err(ContestFault::Why(_))));
        withdraw(&conn, id, "计分有误", &own, NOW).unwrap();
        assert!(store::own_parts(&conn, &hall("H01"), &StaffNo::new("2").unwrap()).unwrap().is_empty());
        note(&conn, id, &[part("2", Some([3_600, 4_500]))], &own, NOW).unwrap();
        assert_eq!(store::parts(&conn, id).unwrap()[0].staff_no.as_str(), "2");
        assert_eq!(audit::verify(&conn).unwrap().lines, 5);
    }
}
