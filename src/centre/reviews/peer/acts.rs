//! What may be done with rounds: calling one, voting, closing one early.

use jiff::civil::Date;
use rusqlite::Connection;

use super::store::{self, Round};
use crate::centre::access::Who;
use crate::centre::audit::{self, Act};
use crate::centre::reviews::rules::ReviewRules;
use crate::centre::rules;
use crate::domain::id::{HallId, StaffNo};
use crate::domain::peer::{Circle, MAX_CRITERIA, MAX_PEOPLE, Person, RoundState, VoteFault, Voting, judge};
use crate::domain::text::{TextFault, check_line};
use crate::domain::time::WallMs;

/// Characters of a title and of a criterion.
pub const TITLE_CHARS: usize = 60;
/// Days of a round.
pub const MAX_DAYS: i32 = 62;

/// A round to be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub title: String,
    pub criteria: Vec<String>,
    pub from: Date,
    pub to: Date,
    pub voters: Circle,
    pub about: Circle,
}

/// Why something of a round was refused.
#[derive(Debug, thiserror::Error)]
pub enum PeerFault {
    #[error("there is no such round")]
    NotFound,
    #[error("the title {0}")]
    Title(TextFault),
    #[error("1 to {MAX_CRITERIA} criteria, each of 1 to {TITLE_CHARS} characters on one line, none twice")]
    Criteria,
    #[error("a round ends on or after the day it begins on, not before today, and lasts {MAX_DAYS} days at most")]
    Days,
    /// Nobody's result could ever be shown.
    #[error("{voters} voters are too few: {least} other than the person voted on are needed")]
    TooFew { voters: usize, least: u32 },
    #[error("more than {MAX_PEOPLE} people")]
    TooMany,
    #[error("it is closed")]
    Closed,
    #[error(transparent)]
    Vote(#[from] VoteFault),
    #[error(transparent)]
    Store(#[from] rusqlite::Error),
}

/// Calls a round in one hall; `cards`: everybody there, with name and whether the card says 党员. Its id.
///
/// # Errors
/// [`PeerFault`]; nothing was written.
pub fn call(
    tx: &Connection,
    hall: &HallId,
    draft: &Draft,
    cards: &[(StaffNo, String, bool)],
    who: &Who,
    now: WallMs,
    today: Date,
) -> Result<i64, PeerFault> {
    if !who.reach.covers(hall) {
        return Err(PeerFault::NotFound);
    }
    check(draft, today)?;
    let rules: ReviewRules = rules::current(tx)?;
    let within = |circle: Circle, party: bool| circle == Circle::Everybody || party;
    let people: Vec<Person> = cards
        .iter()
        .map(|(staff_no, name, party)| Person {
            staff_no: staff_no.clone(),
            name: name.clone(),
            votes: within(draft.voters, *party),
            is_voted_on: within(draft.about, *party),
        })
        .filter(|p| p.votes || p.is_voted_on)
        .collect();
    if people.len() > MAX_PEOPLE {
        return Err(PeerFault::TooMany);
    }
    let voters = people.iter().filter(|p| p.votes).count();
    let others = |p: &Person| voters - usize::from(p.votes);
    let can_be_shown = people.iter().any(|p| p.is_voted_on && others(p) >= rules.peer_min_voters as usize);
    if !can_be_shown {
        return Err(PeerFault::TooFew { voters, least: rules.peer_min_voters });
    }
    let round = Round {
        id: 0,
        hall: hall.clone(),
        title: draft.title.trim().to_owned(),
        criteria: draft.criteria.clone(),
        most: rules.peer_most,
        voting: Voting { from: draft.from, to: draft.to, closed: None },
        min_voters: u64::from(rules.peer_min_voters),
        made_by: who.name.clone(),
    };
    let id = store::add(tx, &round, &people)?;
    let detail = format!("{hall}, {} to {}, {voters} voters", draft.from, draft.to);
    audit::append(tx, now, who, Act::PeerRoundCalled, &format!("peer_round:{id}"), &detail)?;
    Ok(id)
}

fn check(draft: &Draft, today: Date) -> Result<(), PeerFault> {
    check_line(draft.title.trim(), TITLE_CHARS).map_err(PeerFault::Title)?;
    let criteria = &draft.criteria;
    let mut different: Vec<&String> = criteria.iter().collect();
    different.sort();
    different.dedup();
    let fit = (1..=MAX_CRITERIA).contains(&criteria.len())
        && different.len() == criteria.len()
        && criteria.iter().all(|c| check_line(c, TITLE_CHARS).is_ok());
    if !fit {
        return Err(PeerFault::Criteria);
    }
    let days = draft.from.until(draft.to).map_or(-1, |span| span.get_days());
    if (0..MAX_DAYS).contains(&days) && draft.to >= today { Ok(()) } else { Err(PeerFault::Days) }
}

/// Takes a vote. The log learns that somebody has voted in the round, not on whom and not what.
///
/// # Errors
/// [`PeerFault`]; nothing was written.
pub fn cast(
    tx: &Connection,
    round: i64,
    (voter, who): (&StaffNo, &Who),
    colleague: &StaffNo,
    scores: &[u8],
    now: WallMs,
    today: Date,
) -> Result<(), PeerFault> {
    let round = store::one(tx, round)?.filter(|r| who.reach.covers(&r.hall)).ok_or(PeerFault::NotFound)?;
    let people = store::people(tx, round.id)?;
    let person = |no: &StaffNo| people.iter().find(|p| &p.staff_no == no);
    let has_voted = store::voted_on(tx, round.id, voter)?.contains(colleague);
    let scale = (round.criteria.len(), round.most);
    judge(round.voting.state(today), (voter, person(voter)), (colleague, person(colleague)), scores, scale, has_voted)?;
    store::count(tx, round.id, voter, colleague, scores)?;
    Ok(audit::append(tx, now, who, Act::PeerVoteGiven, &format!("peer_round:{}", round.id), "")?)
}

/// Closes a round before its last day is over.
///
/// # Errors
/// [`PeerFault`]; nothing was written.
pub fn close(tx: &Connection, round: i64, who: &Who, now: WallMs, today: Date) -> Result<(), PeerFault> {
    let found = store::one(tx, round)?.filter(|r| who.reach.covers(&r.hall)).ok_or(PeerFault::NotFound)?;
    if found.voting.state(today) == RoundState::Closed || !store::end(tx, round, today)? {
        return Err(PeerFault::Closed);
    }
    Ok(audit::append(tx, now, who, Act::PeerRoundClosed, &format!("peer_round:{round}"), "")?)
}

#[cfg(test)]
pub(super) mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::super::results::outcomes;
    use super::*;
    use crate::centre::access::Reach;
    use crate::centre::access::samples::somebody;
    use crate::centre::schema::SCHEMA;
    use crate::domain::role::Role;

    pub const NOW: WallMs = WallMs(1_795_500_000_000);
    const TODAY: Date = date(2026, 12, 1);

    fn no(n: usize) -> StaffNo {
        StaffNo::new(&format!("{n:04}")).unwrap()
    }

    fn hall() -> HallId {
        HallId::new("H01").unwrap()
    }

    fn who(role: Role) -> Who {
        Who { reach: Reach::Halls([hall()].into()), ..somebody(role) }
    }

    fn draft() -> Draft {
        Draft {
            title: "四季度党员互评".to_owned(),
            criteria: vec!["服务态度".to_owned(), "业务能力".to_owned()],
            from: TODAY,
            to: date(2026, 12, 7),
            voters: Circle::PartyMembers,
            about: Circle::PartyMembers,
        }
    }

    fn cards(members: usize) -> Vec<(StaffNo, String, bool)> {
        (0..members + 2).map(|n| (no(n), format!("某{n}"), n < members)).collect()
    }

    fn called(conn: &Connection, members: usize) -> i64 {
        call(conn, &hall(), &draft(), &cards(members), &who(Role::HallSupervisor), NOW, TODAY).unwrap()
    }

    fn vote(conn: &Connection, round: i64, from: usize, on: usize, scores: &[u8], day: Date) -> Result<(), PeerFault> {
        cast(conn, round, (&no(from), &who(Role::Staff)), &no(on), scores, NOW, day)
    }

    /// Every row that a round keeps, as it is stored.
    fn stored(conn: &Connection) -> Vec<(String, Vec<String>)> {
        let tables = [
            ("peer_voted", "SELECT quote(round) || quote(voter) || quote(colleague) FROM peer_voted"),
            (
                "peer_tally",
                "SELECT quote(round) || quote(colleague) || quote(criterion) || quote(score) || quote(votes) FROM peer_tally",
            ),
        ];
        let rows = |sql: &str| {
            let mut statement = conn.prepare(sql).unwrap();
            statement.query_map([], |r| r.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
        };
        tables.map(|(name, sql)| (name.to_owned(), rows(sql))).to_vec()
    }

    #[test]
    fn a_round_is_called_voted_in_and_closed() {
        let conn = crate::db::open_in_memory(&SCHEMA).unwrap();
        let few = call(&conn, &hall(), &draft(), &cards(5), &who(Role::HallSupervisor), NOW, TODAY);
        assert!(matches!(few, Err(PeerFault::TooFew { voters: 5, least: 5 })), "five members have four others");
        let late = Draft { to: date(2026, 11, 30), from: date(2026, 11, 1), ..draft() };
        let late = call(&conn, &hall(), &late, &cards(6), &who(Role::HallSupervisor), NOW, TODAY);
        assert!(matches!(late, Err(PeerFault::Days)));
        let round = called(&conn, 6);
        for from in 1..6 {
            vote(&conn, round, from, 0, &[5, 4], TODAY).unwrap();
        }
        vote(&conn, round, 0, 1, &[1, 1], TODAY).unwrap();
        for (got, why) in [
            (vote(&conn, round, 1, 0, &[1, 1], TODAY), VoteFault::Already),
            (vote(&conn, round, 1, 1, &[5, 5], TODAY), VoteFault::Oneself),
            (vote(&conn, round, 6, 0, &[5, 5], TODAY), VoteFault::NotAVoter),
            (vote(&conn, round, 1, 6, &[5, 5], TODAY), VoteFault::NotVotedOn),
            (vote(&conn, round, 2, 1, &[5, 9], TODAY), VoteFault::Scores),
            (vote(&conn, round, 2, 1, &[5, 5], date(2026, 12, 8)), VoteFault::NotOpen),
        ] {
            assert!(matches!(got, Err(PeerFault::Vote(fault)) if fault == why), "{why:?}: {got:?}");
        }
        close(&conn, round, &who(Role::HallSupervisor), NOW, TODAY).unwrap();
        assert!(matches!(close(&conn, round, &who(Role::HallSupervisor), NOW, TODAY), Err(PeerFault::Closed)));
        assert!(matches!(vote(&conn, round, 2, 1, &[5, 5], TODAY), Err(PeerFault::Vote(VoteFault::NotOpen))));
        let found = outcomes(&conn, &store::one(&conn, round).unwrap().unwrap()).unwrap();
        let of = |n: usize| found.iter().find(|(p, _)| p.staff_no == no(n)).unwrap().1.clone();
        assert_eq!(of(0).unwrap().criteria, [100.0, 80.0]);
        assert_eq!(of(1), None, "one vote is nobody's business");
        assert_eq!(store::turnout(&conn, round).unwrap(), (6, 6));
        assert!(conn.execute("DELETE FROM peer_voted", []).is_err());
        assert!(conn.execute("UPDATE peer_tally SET votes = 0 WHERE votes > 0", []).is_err());
    }

    #[test]
    fn the_log_says_that_somebody_voted_and_not_on_whom_or_what() {
        let conn = crate::db::open_in_memory(&SCHEMA).unwrap();
        let round = called(&conn, 6);
        vote(&conn, round, 1, 0, &[2, 3], TODAY).unwrap();
        vote(&conn, round, 2, 3, &[5, 5], TODAY).unwrap();
        let lines = audit::lines(&conn, &audit::Wanted::default(), 0, 10).unwrap();
        let votes: Vec<_> = lines.iter().filter(|l| l.act == Act::PeerVoteGiven.code()).collect();
        assert_eq!(votes.len(), 2);
        assert!(votes.iter().all(|l| l.object == format!("peer_round:{round}") && l.detail.is_empty()));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        /// Whoever of the voters gave which of the votes on a colleague, and in whichever order they came: what is stored is
        /// the same, byte for byte, and so cannot tell.
        #[test]
        fn what_is_stored_does_not_determine_who_gave_which_vote(
            scores in prop::collection::vec((1_u8..=5, 1_u8..=5), 5), turn in 0_usize..5, keys in prop::collection::vec(any::<u32>(), 5),
        ) {
            let run = |order: &[usize], of: &dyn Fn(usize) -> (u8, u8)| {
                let conn = crate::db::open_in_memory(&SCHEMA).unwrap();
                let round = called(&conn, 6);
                for &voter in order {
                    let (first, second) = of(voter);
                    vote(&conn, round, voter, 0, &[first, second], TODAY).unwrap();
                }
                stored(&conn)
            };
            let mut order: Vec<usize> = (1..6).collect();
            let plain = run(&order, &|voter| scores[voter - 1]);
            order.sort_by_key(|v| keys[v - 1]);
            let turned = run(&order, &|voter| scores[(voter - 1 + turn) % 5]);
            prop_assert_eq!(plain, turned);
        }

        /// However tries to vote follow one another, each voter counts once a colleague, and the first vote stands.
        #[test]
        fn one_vote_each_under_any_interleaving(
            tries in prop::collection::vec((0_usize..8, 0_usize..8, 1_u8..=6), 1..60),
        ) {
            let conn = crate::db::open_in_memory(&SCHEMA).unwrap();
            let round = called(&conn, 6);
            let mut model = std::collections::BTreeMap::new();
            for (from, on, score) in tries {
                let fits = from < 6 && on < 6 && from != on && score <= 5;
                let taken = vote(&conn, round, from, on, &[score, 1], TODAY).is_ok();
                prop_assert_eq!(taken, fits && !model.contains_key(&(from, on)));
                if taken {
                    model.insert((from, on), score);
                }
            }
            let round = store::one(&conn, round).unwrap().unwrap();
            for on in 0..6 {
                let mut want = crate::domain::peer::Tally::new(2, 5);
                for (_, score) in model.iter().filter(|((_, o), _)| *o == on) {
                    want.add(0, *score, 1);
                    want.add(1, 1, 1);
                }
                prop_assert_eq!(store::tally(&conn, &round, &no(on)).unwrap(), want);
            }
            prop_assert_eq!(store::turnout(&conn, round.id).unwrap().0, model.len() as u64);
        }
    }
}
