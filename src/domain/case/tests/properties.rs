//! Whatever people try in whatever order.

use proptest::prelude::*;

use super::*;
use crate::domain::case::{Escalation, Grade, Matter};
use crate::domain::rating::Satisfaction;

/// Something that somebody tries.
#[derive(Debug, Clone)]
enum Try {
    Days(i64),
    Does(i64, Action),
}

fn verdict() -> impl Strategy<Value = Verdict> {
    prop::sample::select(Verdict::ALL)
}

fn action() -> impl Strategy<Value = Action> {
    let flag = any::<bool>();
    let decide = (prop::sample::select(Matter::ALL), any::<bool>()).prop_map(|(matter, approve)| Action::Decide {
        matter,
        approve,
        note: said(),
    });
    prop::strategy::Union::new_weighted(vec![
        (1, (1..5_i64).prop_map(assign).boxed()),
        (4, verdict().prop_map(verify).boxed()),
        (3, Just(Action::Rectify { note: said() }).boxed()),
        (3, Just(Action::Reply { text: said() }).boxed()),
        (3, Just(follow_up()).boxed()),
        (3, flag.prop_map(|passed| Action::Recheck { passed, note: said() }).boxed()),
        (3, Just(Action::Close { note: said() }).boxed()),
        (1, Just(Action::Reopen { reason: said() }).boxed()),
        (1, (0..14_u16).prop_map(|days| Action::Extend { days, reason: said() }).boxed()),
        (
            2,
            prop::sample::select(Grade::ALL)
                .prop_map(|grade| Action::HoldAccountable { grade, reason: said() })
                .boxed(),
        ),
        (5, decide.boxed()),
        (2, Just(Action::Appeal { text: said() }).boxed()),
        (2, prop::option::of(verdict()).prop_map(|granted| Action::Review { granted, note: said() }).boxed()),
        (1, Just(Action::Note { text: said() }).boxed()),
        (1, Just(Action::Attach { evidence: 1, name: "a.jpg".to_owned() }).boxed()),
        (1, any::<bool>().prop_map(|negative| Action::ChangeMind { negative }).boxed()),
        (1, prop::sample::select(Satisfaction::ALL).prop_map(|level| Action::RateRectification { level }).boxed()),
        (1, prop::sample::select(Escalation::ALL).prop_map(|to| Action::Escalate { to }).boxed()),
        (1, Just(Action::Date).boxed()),
    ])
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    // 0 is the centre, -1 the citizen, the others are people of every role.
    let one = prop_oneof![
        1 => (0..9_i64).prop_map(Try::Days),
        9 => (-1..7_i64, action()).prop_map(|(who, action)| Try::Does(who, action)),
    ];
    prop::collection::vec(one, 1..90)
}

fn actor_of(number: i64) -> Actor {
    match number {
        -1 => Actor::Citizen,
        0 => Actor::System,
        n => who(n),
    }
}

/// Every step of a random story: the case before, the event, the case after.
fn told(tries: Vec<Try>) -> (Story, Vec<(Case, Event, Case)>) {
    let mut story = Story::begin(date(2026, 1, 5));
    let mut steps = Vec::new();
    for one in tries {
        match one {
            Try::Days(days) => story.days_pass(days),
            Try::Does(number, action) => {
                let before = story.case.clone();
                match story.does(actor_of(number), action) {
                    Ok(()) => {
                        steps.push((before, story.log.last().unwrap().clone(), story.case.clone()));
                    }
                    Err(refused) => {
                        assert_eq!(before, story.case, "a refusal changes nothing");
                        assert!(!refused.to_string().is_empty() && !refused.code().is_empty());
                    }
                }
            }
        }
    }
    (story, steps)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_log_alone_makes_the_case_again_and_the_rating_stays(tries in tries()) {
        let (story, _) = told(tries);
        prop_assert_eq!(story.replayed(), story.case.clone());
        prop_assert_eq!(&story.case.about, &about());
        let text: Vec<_> = story.log.iter().map(|e| serde_json::to_string(e).unwrap()).collect();
        let read: Vec<Event> = text.iter().map(|t| serde_json::from_str(t).unwrap()).collect();
        prop_assert_eq!(read, story.log);
    }

    #[test]
    fn no_path_goes_around_the_second_person(tries in tries()) {
        let (_, steps) = told(tries);
        for (before, event, after) in steps {
            let by = event.actor.account();
            if after.verdict != before.verdict && after.verdict.is_some_and(Verdict::is_set_aside) {
                let proposer = before.proposals[&Matter::Verdict].by.account;
                prop_assert!(by.is_some() && by != Some(proposer));
                prop_assert_eq!((after.verified_by, after.approved_by), (Some(proposer), by));
            }
            if after.accountability != before.accountability {
                prop_assert!(by.is_some() && by != Some(before.proposals[&Matter::Accountability].by.account));
                prop_assert_eq!(before.verdict, Some(Verdict::Justified));
                let reviewed = before.appeal.map_or(before.appeal_due < Some(event.day), |a| a.granted == Some(false));
                prop_assert!(reviewed, "accountability only after the review");
            }
            if after.extensions > before.extensions {
                prop_assert!(by.is_some() && by != Some(before.proposals[&Matter::Extension].by.account));
            }
            if let Action::Review { .. } = event.action {
                prop_assert!(by != before.verified_by && by != before.approved_by);
            }
            if let Action::Recheck { .. } = event.action {
                prop_assert!(by.is_some() && by != before.rectified_by);
            }
        }
    }

    #[test]
    fn no_deadline_falls_on_a_day_off_or_before_the_step_begins(tries in tries()) {
        let (story, steps) = told(tries);
        for (before, event, after) in steps {
            for due in [after.due, after.appeal_due].into_iter().flatten() {
                prop_assert!(story.calendar.is_working_day(due), "{due} is a day off");
            }
            prop_assert_eq!(after.due.is_some(), after.stage.is_open());
            if after.due != before.due && let Some(due) = after.due {
                prop_assert!(due > event.day);
            }
        }
    }
}
