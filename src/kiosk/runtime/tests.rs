//! The runtime with its real threads, a real ledger and real PIN hashes.

use super::secrets::wait_ms;
use super::*;
use crate::config::pin::PinHash;
use crate::domain::id::{CaseNo, KioskId, WindowId};
use crate::domain::rating::Satisfaction;
use crate::kiosk::flow::view::{Maintenance, PadProblem, Screen, StaffPanel};
use crate::ledger::entry::Body;
use std::path::Path;
use std::sync::mpsc;

fn board() -> Board {
    let mut board = crate::kiosk::flow::model::board();
    board.staff[0].pin_hash = Some(PinHash::make("2580").unwrap().to_string());
    board
}

fn config(data: &Path) -> RuntimeConfig {
    let window = WindowId::new("W03").unwrap();
    RuntimeConfig {
        flow: FlowConfig::new(window.clone(), jiff::tz::TimeZone::UTC),
        identity: Identity { kiosk: KioskId::new("K03").unwrap(), window, version: "0.1.0".into() },
        data: data.to_owned(),
        board: Arc::new(board()),
        has_centre: false,
        admin_pin: Some(PinHash::make("9512").unwrap()),
        chime_player: Vec::new(),
        ticket_minutes: 60,
        hold_days: 90,
    }
}

/// Waits for the view; a test that waits in vain fails with what it saw.
#[track_caller]
fn until(handle: &Handle, what: &str, is: impl Fn(&Screen) -> bool) -> Arc<View> {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let view = handle.view();
        if is(&view.screen) {
            return view;
        }
        assert!(Instant::now() < deadline, "no {what}: {:?}", view.screen);
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn digits(handle: &Handle, text: &str, digit: impl Fn(char) -> Event) {
    text.chars().for_each(|c| handle.send(digit(c)));
    handle.send(Event::DigitsEntered);
}

fn sign_in(handle: &Handle, pin: &str) {
    handle.send(Event::StaffPanelAsked);
    digits(handle, "0027", Event::StaffNoDigit);
    digits(handle, pin, Event::PinDigit);
}

fn is_card(screen: &Screen) -> bool {
    matches!(screen, Screen::Card(_))
}

fn tap(handle: &Handle, tap: u64) {
    handle.send(Event::FaceTapped { level: Satisfaction::BasicallySatisfied, tap, x: 1, y: 2 });
}

#[test]
fn a_rating_is_thanked_for_is_stored_and_survives_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let runtime = Runtime::start(config(dir.path())).unwrap();
    let handle = runtime.handle();
    let (news, heard) = mpsc::channel();
    handle.watch_ledger(move |n| {
        let _ = news.send(n);
    });
    until(&handle, "standby", |s| matches!(s, Screen::Standby(_)));
    sign_in(&handle, "2580");
    until(&handle, "card", is_card);
    tap(&handle, 77);
    let thanks = until(&handle, "thanks", |s| matches!(s, Screen::Thanks(_)));
    let Screen::Thanks(thanks) = &thanks.screen else { panic!() };
    let stored = handle.ledger().with(|journal, _| journal.unsynced(1_000, usize::MAX)).unwrap().unwrap().unwrap();
    let rated = stored.entries.iter().find(|e| {
        let entry = crate::ledger::entry::Entry::from_bytes(&e.bytes).unwrap();
        matches!(entry.body, Body::Rated(r) if r.tap == 77)
    });
    assert_eq!(crate::ledger::chain::receipt_code(&rated.unwrap().hash), thanks.receipt_code);
    assert_eq!(heard.recv_timeout(Duration::from_secs(10)), Ok(LedgerNews::Grew));
    drop(runtime);
    // Signed in is signed in, also after the plug was pulled.
    let runtime = Runtime::start(config(dir.path())).unwrap();
    until(&runtime.handle(), "card", is_card);
    let again = Runtime::start(config(dir.path()));
    assert!(matches!(again, Err(PlaceFault::InUse { .. })));
}

#[test]
fn wrong_pins_are_slowed_down_also_over_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let refused = |handle: &Handle| {
        until(handle, "refusal", |s| {
            matches!(s, Screen::StaffPanel(StaffPanel::AskPin { checking: false, entered: 0, problem: Some(_), .. }))
        })
    };
    let runtime = Runtime::start(config(dir.path())).unwrap();
    let handle = runtime.handle();
    until(&handle, "standby", |s| matches!(s, Screen::Standby(_)));
    sign_in(&handle, "0000");
    for _ in 0..4 {
        refused(&handle);
        digits(&handle, "0001", Event::PinDigit);
        until(
            &handle,
            "check",
            |s| matches!(s, Screen::StaffPanel(StaffPanel::AskPin { problem, .. }) if *problem != Some(PadProblem::Refused)),
        );
    }
    let waits =
        |s: &Screen| matches!(s, Screen::StaffPanel(StaffPanel::AskPin { problem: Some(PadProblem::Wait { .. }), .. }));
    until(&handle, "wait", waits);
    drop(runtime);
    let runtime = Runtime::start(config(dir.path())).unwrap();
    let handle = runtime.handle();
    until(&handle, "standby", |s| matches!(s, Screen::Standby(_)));
    // The right PIN, too, must wait.
    sign_in(&handle, "2580");
    until(&handle, "wait", waits);
}

#[test]
fn the_wait_grows_and_is_bounded() {
    let waits: Vec<u64> = (0..40).map(|n| wait_ms(n, 4)).collect();
    assert_eq!(waits[..8], [0, 0, 0, 0, 0, 30_000, 60_000, 120_000]);
    assert!(waits.iter().all(|w| *w <= 900_000) && waits[39] == 900_000);
}

#[test]
fn the_maintenance_panel_opens_by_the_kiosks_own_pin_and_quits() {
    let dir = tempfile::tempdir().unwrap();
    let runtime = Runtime::start(config(dir.path())).unwrap();
    let handle = runtime.handle();
    until(&handle, "standby", |s| matches!(s, Screen::Standby(_)));
    handle.send(Event::MaintenanceAsked);
    digits(&handle, "9512", Event::PinDigit);
    let view = until(&handle, "maintenance", |s| matches!(s, Screen::Maintenance(Maintenance::Open { .. })));
    let Screen::Maintenance(Maintenance::Open { device, .. }) = &view.screen else { panic!() };
    assert!(device.free_disk_mb > 0 && device.head_seq >= 2 && device.version == "0.1.0");
    assert!(!handle.has_quit());
    handle.send(Event::QuitChosen);
    assert!(handle.has_quit());
}

#[test]
fn calls_are_answered_once_it_is_durable_and_bounded() {
    let dir = tempfile::tempdir().unwrap();
    let runtime = Runtime::start(config(dir.path())).unwrap();
    let handle = runtime.handle();
    until(&handle, "standby", |s| matches!(s, Screen::Standby(_)));
    let invite = |handle: &Handle| {
        let (answer, answered) = mpsc::channel();
        let case_no = Some(CaseNo::new("A/1").unwrap());
        handle.call(|call| Event::InviteCame { call, case_no, item: None }, move |a| drop(answer.send(a)));
        answered.recv_timeout(Duration::from_secs(30)).unwrap()
    };
    assert_eq!(invite(&handle), CallAnswer::Refused("nobody_on_duty"));
    sign_in(&handle, "2580");
    until(&handle, "card", is_card);
    let CallAnswer::Visit(visit) = invite(&handle) else { panic!() };
    let open = handle.ledger().with(|journal, _| journal.standing().visit.clone()).unwrap().unwrap();
    assert_eq!((open.seq, open.invited), (visit, true));
}

#[test]
fn a_ledger_that_breaks_while_the_kiosk_runs_is_set_aside_and_it_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = config(dir.path());
    config.flow.trouble_ms = 100;
    let runtime = Runtime::start(config).unwrap();
    let handle = runtime.handle();
    until(&handle, "standby", |s| matches!(s, Screen::Standby(_)));
    sign_in(&handle, "2580");
    until(&handle, "card", is_card);
    // Somebody overwrites the file under the running kiosk; the log beside it goes with it.
    let db = dir.path().join(crate::journal::place::LEDGER_FILE);
    let length = std::fs::metadata(&db).unwrap().len();
    std::fs::write(&db, vec![0xA5; length as usize]).unwrap();
    std::fs::write(dir.path().join("ledger.db-wal"), b"").unwrap();
    // SQLite still has what it needs in its cache; the next connection will not.
    assert!(handle.ledger().with(|journal, _| journal.recover().is_err()).unwrap());
    tap(&handle, 5);
    until(&handle, "trouble, then standby", |s| matches!(s, Screen::Standby(_)));
    sign_in(&handle, "2580");
    until(&handle, "card", is_card);
    tap(&handle, 6);
    until(&handle, "thanks", |s| matches!(s, Screen::Thanks(_)));
    let epoch = handle.ledger().with(|journal, _| journal.head().epoch).unwrap();
    assert_eq!(epoch, 2);
    let aside = std::fs::read_dir(dir.path()).unwrap().filter_map(Result::ok);
    assert!(aside.into_iter().any(|f| f.file_name().to_string_lossy().starts_with("ledger.db.aside-")));
}
