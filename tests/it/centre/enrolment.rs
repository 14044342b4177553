//! Enrolment: one code, one device, and the same answer to the same request.

use pingyi::centre::alarms::{self, AlarmKind};
use pingyi::centre::directory::enrol::{EnrolRefusal, VALID_MS};
use pingyi::centre::in_process::{Centre, Refused};
use pingyi::domain::rating::Satisfaction;

use super::terminal::{START, Terminal, hall};

fn refusal<T: std::fmt::Debug>(result: Result<T, Refused>) -> EnrolRefusal {
    match result {
        Err(Refused::Enrol(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_code_works_once_however_it_is_typed_and_may_be_retried_by_the_same_key() {
    let (t, other) = (Terminal::new(1), Terminal::new(2));
    let mut centre = Centre::in_memory(hall(), [9; 32]).unwrap();
    let code = centre.enrol_code(&t.kiosk, &t.window, [0x5A; 8], START).unwrap();
    let typed = code.to_lowercase().replace('-', " ");
    let answer = centre.enrol(&t.enrol(&typed), START).unwrap();
    assert_eq!((answer.kiosk.as_str(), answer.window.as_str(), answer.follows), ("K01", "W01", None));
    assert_eq!(answer.centre_key, centre.keys().public());
    // The answer was lost on the way; much later the device asks again.
    let again = centre.enrol(&t.enrol(&code), START.plus_ms(2 * VALID_MS)).unwrap();
    assert_eq!((again.kiosk, again.follows), (answer.kiosk, None));
    assert_eq!(refusal(centre.enrol(&other.enrol(&code), START)), EnrolRefusal::CodeUsed);
}

#[test]
fn expired_unknown_and_unproven_requests_are_told_apart() {
    let t = Terminal::new(1);
    let mut centre = Centre::in_memory(hall(), [9; 32]).unwrap();
    let code = centre.enrol_code(&t.kiosk, &t.window, [3; 8], START).unwrap();
    let late = START.plus_ms(VALID_MS + 1);
    assert_eq!(refusal(centre.enrol(&t.enrol(&code), late)), EnrolRefusal::CodeExpired);
    assert_eq!(refusal(centre.enrol(&t.enrol("AAAA-BBBB-CCCC"), START)), EnrolRefusal::CodeUnknown);
    let mut unproven = t.enrol(&code);
    unproven.head.seq += 1;
    assert_eq!(refusal(centre.enrol(&unproven, START)), EnrolRefusal::Proof);
    let mut other_wire = t.enrol(&code);
    other_wire.wire = 2;
    assert_eq!(refusal(centre.enrol(&other_wire, START)), EnrolRefusal::Wire);
    assert!(centre.enrol(&t.enrol(&code), START.plus_ms(VALID_MS)).is_ok());
}

#[test]
fn a_replaced_device_is_told_to_its_successor_and_to_a_person_and_still_heard() {
    let mut old = Terminal::new(1);
    let mut new = Terminal::new(7);
    new.kiosk = old.kiosk.clone();
    let mut centre = super::ingest::centre_with(&[&old]);
    old.serve(Satisfaction::Satisfied);
    centre.ingest(&old.batch(1, old.tip.seq), START).unwrap();
    let code = centre.enrol_code(&old.kiosk, &old.window, [4; 8], START).unwrap();
    let answer = centre.enrol(&new.enrol(&code), START).unwrap();
    assert_eq!(answer.follows, Some(old.tip.head()));
    assert_eq!(centre.enrol(&new.enrol(&code), START).unwrap().follows, Some(old.tip.head()));
    let alarms = alarms::open(centre.conn(), 9).unwrap();
    assert_eq!(alarms.len(), 1);
    assert_eq!((alarms[0].kind, alarms[0].at_seq), (AlarmKind::ReplacedDevice, old.tip.seq));
    // A rating that the old device still had is not lost.
    let from = old.tip.seq + 1;
    old.serve(Satisfaction::Dissatisfied);
    centre.ingest(&old.batch(from, old.tip.seq), START).unwrap();
    assert_eq!(super::ingest::book(&centre).len(), 2);
}

#[test]
fn a_device_that_enrols_shows_the_ledger_it_must_later_send() {
    let mut t = Terminal::new(1);
    t.serve(Satisfaction::VeryDissatisfied);
    let mut trimmed = t.clone();
    t.serve(Satisfaction::VeryDissatisfied);
    let mut centre = super::ingest::centre_with(&[&t]);
    // After enrolling, somebody sets the store back and goes on under the same key.
    trimmed.serve(Satisfaction::VerySatisfied);
    centre.ingest(&trimmed.batch(1, trimmed.tip.seq), START).unwrap();
    let kinds: Vec<_> = alarms::open(centre.conn(), 9).unwrap().into_iter().map(|a| a.kind).collect();
    assert_eq!(kinds, [AlarmKind::LostTail]);
}
