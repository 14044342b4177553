//! Whatever is tried in whatever order: no award without a notice that ran to its end on a working day, without answers,
//! or without other people; and the same snapshot always gives the same result.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday, date};
use proptest::prelude::*;

use super::acts::{Nomination, Objecting};
use super::machine::{Objector, Selection, State};
use super::outcome::Outcome;
use super::snapshot::Snapshot;
use super::story::{actor, called, candidates, mark, snapshot, staff, terms};
use crate::domain::appraisal::Source;
use crate::domain::time::WallMs;
use crate::domain::workdays::{Holiday, Schedule, WorkingCalendar};

#[derive(Debug, Clone)]
enum Try {
    Wait(u8),
    Compute,
    Nominate(u8, bool),
    PutUp,
    Object(bool),
    Answer(u32, bool),
    Vote(bool),
    Award,
    Revoke,
    Withdraw,
}

fn tries() -> impl Strategy<Value = Vec<(Try, i64)>> {
    let one = prop_oneof![
        3 => (0..6_u8).prop_map(Try::Wait),
        2 => Just(Try::Compute),
        3 => (0..4_u8, any::<bool>()).prop_map(|(n, why)| Try::Nominate(n, why)),
        2 => Just(Try::PutUp),
        2 => any::<bool>().prop_map(Try::Object),
        3 => (1..4_u32, any::<bool>()).prop_map(|(n, upheld)| Try::Answer(n, upheld)),
        6 => prop_oneof![5 => Just(true), 1 => Just(false)].prop_map(Try::Vote),
        3 => Just(Try::Award),
        1 => Just(Try::Revoke),
        1 => prop_oneof![1 => Just(Try::Withdraw), 9 => Just(Try::Wait(1))],
    ];
    proptest::collection::vec((one, 1..6_i64), 1..60)
}

/// New Year's days off, and a Sunday that is worked for them.
fn calendar() -> WorkingCalendar {
    let holiday = Holiday {
        name: "元旦".to_owned(),
        from: date(2027, 1, 1),
        until: date(2027, 1, 3),
        make_up: vec![date(2027, 1, 10)],
    };
    let year = |year, holidays| Schedule { year, source: "样例".to_owned(), holidays };
    WorkingCalendar::new([year(2026, vec![]), year(2027, vec![holiday])], Weekday::Monday)
}

fn take(s: &mut Selection, what: &Try, account: i64, today: Date, calendar: &WorkingCalendar) {
    let (outcome, by, now) = (Outcome::of(&snapshot()), actor(account), WallMs(0));
    let why = |yes: bool| if yes { "有理由".to_owned() } else { String::new() };
    // Refusals are what is being tried.
    let _ = match what {
        Try::Wait(_) => Ok(()),
        Try::Compute => s.compute(&outcome, &by, today),
        Try::Nominate(n, reason) => {
            let subject = staff(["0027", "0031", "0042", "0055"][usize::from(*n)]);
            let list = Nomination {
                nominees: vec![(subject, why(*reason))],
                passed_over: vec![(staff("0027"), why(*reason))],
            };
            s.nominate(&list, &outcome, &by)
        }
        Try::PutUp => s.put_up(&by, today, calendar).map(|_| ()),
        Try::Object(public) => {
            let objector = if *public { Objector::Public } else { Objector::Official(by) };
            let about = s.nominees().first().map_or_else(|| staff("0027"), |n| n.subject.clone());
            let objecting = Objecting { objector, about, text: "异议".to_owned(), has_contact: false };
            s.object(objecting, now, today).map(|_| ())
        }
        Try::Answer(n, upheld) => s.answer(*n, *upheld, "已核实", &by, now),
        Try::Vote(agrees) => s.vote(*agrees, "意见", &by, now, today),
        Try::Award => s.award("局", "本月", today.saturating_add(30.days()), &by, today),
        Try::Revoke => s.revoke(&staff("0027"), "查实", &by, today),
        Try::Withdraw => s.withdraw("取消", &by),
    };
}

fn holds(s: &Selection, today: Date, calendar: &WorkingCalendar) -> Result<(), TestCaseError> {
    if let Some(notice) = s.notice() {
        prop_assert!(calendar.is_working_day(notice.until), "a notice ends on {}", notice.until);
        let days = calendar.working_days_between(notice.from, notice.until).days;
        prop_assert_eq!(days, u32::from(s.terms().notice_days));
    }
    for vote in s.votes() {
        prop_assert!(!s.has_hand_in(vote.by.account));
    }
    if matches!(s.state(), State::Decided | State::Awarded) {
        prop_assert!(s.notice().is_some_and(|n| n.until < today), "decided without the whole notice");
        prop_assert_eq!(s.open_objections(), 0);
        let mut voters: Vec<i64> = s.votes().iter().filter(|v| v.agrees).map(|v| v.by.account).collect();
        voters.sort_unstable();
        voters.dedup();
        prop_assert!(voters.len() >= usize::from(s.terms().quorum));
        prop_assert!(s.outcome_hash().is_some() && !s.nominees().is_empty());
    }
    for award in s.awards() {
        prop_assert!(!s.has_hand_in(award.by.account));
        let upheld =
            s.objections().iter().any(|o| o.about == award.subject && o.answer.as_ref().is_some_and(|a| a.upheld));
        prop_assert!(!upheld, "who was struck off was awarded");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_path_skips_the_notice_the_answers_or_the_second_person(start in 0..40_i32, all in tries()) {
        let calendar = calendar();
        let (mut s, mut today) = (called(), date(2026, 12, 1).saturating_add(start.days()));
        for (what, account) in &all {
            if let Try::Wait(days) = what {
                today = today.saturating_add(i64::from(*days).days());
            }
            take(&mut s, what, *account, today, &calendar);
            holds(&s, today, &calendar)?;
        }
    }

    #[test]
    fn a_result_is_the_same_from_the_text_whatever_order_things_came_in(
        scores in proptest::collection::vec((0.0..=100.0_f64, 0.0..=9.0_f64, 0..200_u64), 1..12),
        turned in any::<bool>(),
    ) {
        let numbers: Vec<String> = (0..scores.len()).map(|n| format!("{n:04}")).collect();
        let refs: Vec<&str> = numbers.iter().map(String::as_str).collect();
        let mut marks: Vec<_> = scores.iter().zip(&refs).map(|((score, wide, n), no)| {
            mark(&staff(no), Source::PublicAppraisal, (*score, (score - wide).max(0.0), (score + wide).min(100.0)), *n)
        }).collect();
        let mut all = candidates(&refs);
        let first = Snapshot::freeze(terms(), all.clone(), &marks, WallMs(5)).unwrap();
        if turned {
            marks.reverse();
            all.reverse();
        }
        let second = Snapshot::freeze(terms(), all, &marks, WallMs(5)).unwrap();
        let outcome = Outcome::of(&first);
        prop_assert_eq!(outcome.canonical(), Outcome::of(&second).canonical());
        prop_assert_eq!(outcome.canonical(), Outcome::of(&Snapshot::read(&first.canonical()).unwrap()).canonical());
        for one in &outcome.ranked {
            prop_assert!(one.low_milli <= one.score_milli && one.score_milli <= one.high_milli);
            prop_assert!(one.best_place <= one.worst_place);
            // Nobody surely worse stands before somebody surely better.
            for other in &outcome.ranked {
                prop_assert!(!(other.low_milli > one.high_milli && other.place > one.place), "{one:?} before {other:?}");
            }
        }
    }
}

#[test]
fn the_tries_reach_an_award() {
    let (calendar, mut s) = (calendar(), called());
    let mut today = date(2026, 12, 30);
    let way = [
        (Try::Compute, 1),
        (Try::Nominate(0, false), 1),
        (Try::PutUp, 1),
        (Try::Object(true), 4),
        (Try::Answer(1, false), 1),
    ];
    for (what, account) in way {
        take(&mut s, &what, account, today, &calendar);
    }
    assert_eq!(s.notice().unwrap().until, date(2027, 1, 7), "three days off are no working days");
    today = date(2027, 1, 8);
    for account in [2, 3] {
        take(&mut s, &Try::Vote(true), account, today, &calendar);
    }
    take(&mut s, &Try::Award, 3, today, &calendar);
    assert_eq!(s.state(), State::Awarded);
}
