//! A kiosk is killed at random moments while citizens tap: what the screen thanked for stands in the ledger, once; the
//! chain holds; and the next start goes on by itself.
//!
//! The kiosk is this very test binary, started again with [`CHILD`] set: the real runtime, ledger and threads, without a
//! window. `PINGYI_KILLS=1000 cargo test --test it kill` runs the long count.

#[cfg(feature = "centre")]
mod pair;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use pingyi::config::pin::PinHash;
use pingyi::domain::board::Board;
use pingyi::domain::id::{KioskId, WindowId};
use pingyi::domain::rating::Satisfaction;
use pingyi::journal::place::LEDGER_FILE;
use pingyi::journal::{Identity, evidence};
use pingyi::kiosk::flow::FlowConfig;
use pingyi::kiosk::flow::event::Event;
use pingyi::kiosk::flow::view::{Screen, View};
use pingyi::kiosk::runtime::{Handle, Runtime, RuntimeConfig};
use pingyi::ledger::chain::receipt_code;
use pingyi::ledger::entry::{Body, Entry};
use pingyi::ledger::keys::Hash;

/// Names the data folder; makes [`the_kiosk_itself`] one.
const CHILD: &str = "PINGYI_KILL_CHILD";
const KILLS: &str = "PINGYI_KILLS";

#[test]
fn what_was_thanked_for_survives_every_kill() {
    let kills: u32 = std::env::var(KILLS).ok().and_then(|n| n.parse().ok()).unwrap_or(25);
    let dir = tempfile::tempdir().unwrap();
    let mut thanked = BTreeSet::new();
    for n in 0..kills {
        // A fixed spread of moments: every other life ends some time after the program's start, wherever that finds it;
        // the rest end some time after so many thanks, so that a busy machine does not kill beginners only.
        let mut child = start(dir.path());
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let life = Duration::from_millis(u64::from(n * 7_919 % 331));
        let first_thanks = if n % 2 == 0 { 0 } else { n % 9 + 1 };
        let (told, hears) = std::sync::mpsc::channel();
        let killer = std::thread::spawn(move || {
            for _ in 0..first_thanks {
                // A kiosk that does not serve within a minute is found out below.
                let _ = hears.recv_timeout(Duration::from_secs(60));
            }
            std::thread::sleep(if first_thanks == 0 { life } else { life / 16 });
            // SIGKILL: nothing in the kiosk hears of it.
            child.kill().unwrap();
            child.wait().unwrap();
        });
        for line in lines.map_while(Result::ok) {
            if let Some(code) = line.strip_prefix("THANKED ") {
                thanked.insert(code.to_owned());
                // The killer stops listening when it has heard enough.
                let _ = told.send(());
            }
        }
        killer.join().unwrap();
    }
    // Once more, in peace: whatever the last kill left is closed, and a citizen is served.
    let mut child = start(dir.path());
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let last = lines.find_map(|line| line.strip_prefix("THANKED ").map(str::to_owned));
    child.kill().unwrap();
    child.wait().unwrap();
    thanked.insert(last.expect("the kiosk serves again after the last kill"));

    let ledger = dir.path().join(LEDGER_FILE);
    let reports = evidence::verify(&ledger, None).unwrap();
    assert!(reports.len() == 1 && reports[0].holds(), "{:?}", reports[0].breaks);
    let stored = ratings(&ledger);
    for code in &thanked {
        assert_eq!(stored.get(code), Some(&1), "thanked for {code}");
    }
    assert!(thanked.len() as u32 >= kills, "{} thanks in {kills} lives say little", thanked.len());
    assert!(reports[0].boots >= u64::from(kills) / 2, "{} boots", reports[0].boots);
    println!("{kills} kills, {} thanked for, {} ratings stored", thanked.len(), stored.len());
}

/// Not a test by itself: the program that gets killed.
#[test]
fn the_kiosk_itself() {
    let Some(dir) = std::env::var_os(CHILD) else { return };
    let runtime = Runtime::start(config(PathBuf::from(dir))).unwrap();
    let handle = runtime.handle();
    // Until the ledger has been read the standby screen says nothing about the duty.
    let read = Instant::now() + Duration::from_millis(200);
    until(&handle, |s| matches!(s, Screen::Card(_)) || Instant::now() > read);
    if matches!(handle.view().screen, Screen::Standby(_)) {
        sign_in(&handle);
    }
    for tap in 0.. {
        until(&handle, |s| matches!(s, Screen::Card(_)));
        let level = Satisfaction::ALL[tap % 5];
        let tap = getrandom::u64().unwrap();
        handle.send(Event::FaceTapped { level, tap, x: 1, y: 2 });
        let view = until(&handle, |s| matches!(s, Screen::Thanks(_)));
        if let Screen::Thanks(thanks) = &view.screen {
            println!("THANKED {}", thanks.receipt_code);
        }
        handle.send(Event::ThanksLeft);
    }
}

fn start(dir: &Path) -> Child {
    let mut program = Command::new(std::env::current_exe().unwrap());
    program.args(["--exact", "kill::the_kiosk_itself", "--nocapture", "--test-threads=1"]).env(CHILD, dir);
    program.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

fn sign_in(handle: &Handle) {
    handle.send(Event::StaffPanelAsked);
    "0027".chars().for_each(|c| handle.send(Event::StaffNoDigit(c)));
    handle.send(Event::DigitsEntered);
    "2580".chars().for_each(|c| handle.send(Event::PinDigit(c)));
    handle.send(Event::DigitsEntered);
}

fn until(handle: &Handle, is: impl Fn(&Screen) -> bool) -> Arc<View> {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let view = handle.view();
        if is(&view.screen) {
            return view;
        }
        assert!(Instant::now() < deadline, "stuck at {:?}", view.screen);
        std::thread::sleep(Duration::from_micros(300));
    }
}

/// How often each receipt code stands in the ledger.
fn ratings(ledger: &Path) -> BTreeMap<String, usize> {
    let conn = rusqlite::Connection::open(ledger).unwrap();
    let mut statement = conn.prepare("SELECT bytes, hash FROM entry").unwrap();
    let rows = statement.query_map([], |r| Ok((r.get::<_, Vec<u8>>(0)?, r.get::<_, [u8; 32]>(1)?))).unwrap();
    let mut found = BTreeMap::new();
    for (bytes, hash) in rows.map(Result::unwrap) {
        if matches!(Entry::from_bytes(&bytes).unwrap().body, Body::Rated(_)) {
            *found.entry(receipt_code(&Hash(hash))).or_insert(0) += 1;
        }
    }
    found
}

fn config(data: PathBuf) -> RuntimeConfig {
    let window = WindowId::new("W03").unwrap();
    // A citizen every few milliseconds: no time in which a tap would be the same one's second thought.
    let flow = FlowConfig { grace_ms: 0, second_tap_ms: 0, ..FlowConfig::new(window.clone(), jiff::tz::TimeZone::UTC) };
    RuntimeConfig {
        flow,
        identity: Identity { kiosk: KioskId::new("K03").unwrap(), window, version: "0.1.0".into() },
        data,
        board: Arc::new(board()),
        has_centre: false,
        admin_pin: None,
        chime_player: Vec::new(),
        ticket_minutes: 60,
        hold_days: 90,
    }
}

fn board() -> Board {
    let json = serde_json::json!({
        "unit": {"zh": "政务服务管理局"},
        "hall": {"id": "H1", "name": {"zh": "政务大厅"}, "hotline": "12345"},
        "windows": [{"id": "W03", "number": "3", "name": {"zh": "户籍"}}],
        "staff": [{
            "staff_no": "0027", "name": "张敏", "post": {"zh": "户籍"},
            "pin_hash": PinHash::make("2580").unwrap().to_string(),
        }],
        "pledges": [], "items": [], "tags": [],
    });
    serde_json::from_value(json).unwrap()
}
