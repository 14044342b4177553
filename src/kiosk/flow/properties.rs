//! No sequence of events, failures, delays and pulled plugs breaks what the screen promises.

use proptest::prelude::*;

use super::event::{CallId, Event};
use super::model::{Disk, Model, board, enrolled};
use super::{MAX_WAITING, Place};
use crate::domain::id::{CaseNo, TagCode};
use crate::domain::rating::Satisfaction;
use crate::domain::visit::PauseReason;
use crate::ledger::entry::Body;

#[derive(Debug, Clone)]
enum Act {
    Send(Event),
    Tap(usize),
    Pass(u64),
    Deliver,
    Disk(Disk),
    Restart,
}

fn act() -> impl Strategy<Value = Act> {
    let plain = prop::sample::select(vec![
        Event::ReasonsSent,
        Event::ReasonsSkipped,
        Event::RevisionAsked,
        Event::ThanksLeft,
        Event::LanguageToggled,
        Event::SeniorToggled,
        Event::Touched,
        Event::StaffPanelAsked,
        Event::StaffNoDigit('0'),
        Event::PinDigit('2'),
        Event::DigitErased,
        Event::DigitsEntered,
        Event::ResumeChosen,
        Event::SignOutChosen,
        Event::HandOverChosen,
        Event::InviteChosen,
        Event::PanelLeft,
        Event::MaintenanceAsked,
        Event::CleaningChosen,
        Event::CancelCame { call: CallId(8) },
        Event::EndCame { call: CallId(9) },
        Event::Woke,
        enrolled(),
        Event::PauseChosen(PauseReason::Meal),
        Event::ReasonToggled(TagCode::new("slow").unwrap()),
        Event::ReasonToggled(TagCode::new("kind").unwrap()),
        Event::BoardCame(std::sync::Arc::new(board())),
    ]);
    prop_oneof![
        8 => plain.prop_map(Act::Send),
        6 => (0..5usize).prop_map(Act::Tap),
        5 => (0..40_000u64).prop_map(Act::Pass),
        8 => Just(Act::Deliver),
        1 => prop::sample::select(vec![Disk::Good, Disk::Good, Disk::Good, Disk::Full, Disk::Lying, Disk::Dead])
            .prop_map(Act::Disk),
        1 => Just(Act::Restart),
        2 => prop::option::of("[A-C]").prop_map(|case| {
            let case_no = case.map(|c| CaseNo::new(&c).unwrap());
            Act::Send(Event::InviteCame { call: CallId(7), case_no, item: None })
        }),
        1 => Just(Act::Send(Event::DigitsEntered)),
    ]
}

fn sign_in(model: &mut Model) {
    model.send(Event::StaffPanelAsked);
    model.all("0027".chars().map(Event::StaffNoDigit));
    model.send(Event::DigitsEntered);
    model.all("2580".chars().map(Event::PinDigit));
    model.send(Event::DigitsEntered);
}

fn perform(model: &mut Model, act: Act) {
    match act {
        Act::Send(event) => model.send(event),
        Act::Tap(level) => model.tap(Satisfaction::ALL[level]),
        Act::Pass(ms) => model.pass(ms),
        Act::Deliver => model.deliver(),
        Act::Disk(disk) => model.disk = disk,
        Act::Restart => model.restart(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_history_breaks_a_promise(at_once in any::<bool>(), acts in prop::collection::vec(act(), 1..250)) {
        let mut model = Model::on_duty();
        model.deliver_at_once = at_once;
        for act in acts {
            let generation = model.view().generation;
            perform(&mut model, act);
            // Thanks for no rating, an entry out of order, a card without a visit: the model notes the first of them.
            prop_assert_eq!(&model.wrong, &None);
            prop_assert!(model.flow.waiting.len() <= MAX_WAITING);
            prop_assert!(model.reports.len() <= 64);
            prop_assert!(model.view().generation >= generation || model.flow.saves <= 1);
        }
        // Everything that was thanked for stands in the ledger, once; every visit has at most one rating.
        let mut visits: Vec<u64> =
            model.ledger.iter().filter_map(|b| if let Body::Rated(r) = b { Some(r.visit) } else { None }).collect();
        let all = visits.len();
        visits.dedup();
        prop_assert_eq!(visits.len(), all);
        prop_assert!(model.thanked.len() <= model.count(|b| matches!(b, Body::Rated(_) | Body::Revised(_))));
        // Whatever happened: once the disk is well, the kiosk serves again by itself.
        model.disk = Disk::Good;
        model.deliver_at_once = true;
        while !model.reports.is_empty() {
            model.deliver();
        }
        model.pass(600_000);
        prop_assert!(!model.flow.is_busy());
        prop_assert_eq!(model.unanswered, 0);
        prop_assert!(matches!(model.flow.place, Place::Home), "{:?}", model.flow.place);
        if model.flow.staff.is_none() {
            sign_in(&mut model);
        }
        let before = model.ratings();
        model.pass(600_000);
        if model.flow.serves() {
            model.tap(Satisfaction::Satisfied);
            prop_assert_eq!(model.ratings(), before + 1);
        }
        prop_assert_eq!(&model.wrong, &None);
    }
}
