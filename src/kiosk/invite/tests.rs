//! The interface over a real socket, before a counter of a few lines.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::time::Duration;

use super::*;
use crate::domain::visit::VisitOutcome;
use crate::kiosk::flow::view::{Hall, Screen};
use crate::words::Language;

type Answer = Box<dyn FnOnce(CallAnswer) + Send>;

/// Answers the next call with what stands here, and keeps what it was asked.
#[derive(Default)]
struct Fake {
    next: Mutex<Option<CallAnswer>>,
    asked: Mutex<Vec<Event>>,
    kept: Mutex<Vec<Answer>>,
}

impl Counter for Fake {
    fn call(&self, make: Box<dyn FnOnce(CallId) -> Event + Send>, answer: Box<dyn FnOnce(CallAnswer) + Send>) {
        self.asked.lock().unwrap().push(make(CallId(1)));
        match self.next.lock().unwrap().take() {
            Some(given) => answer(given),
            None => self.kept.lock().unwrap().push(answer),
        }
    }

    fn view(&self) -> Arc<View> {
        Arc::new(View {
            screen: Screen::Trouble { code: "L-IO".into(), hotline: "12345".into() },
            generation: 0,
            language: Language::Zh,
            senior: false,
            hall: Hall { name_zh: "厅".into(), name_en: None, hotline: "12345".into(), best_first: true },
            sync: crate::kiosk::flow::event::SyncStatus { unsynced: 7, ..Default::default() },
            clock: None,
        })
    }
}

struct Bench {
    _dir: tempfile::TempDir,
    fake: Arc<Fake>,
    invite: Invite,
}

impl Bench {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let settings = LocalApi {
            listen: "127.0.0.1:0".parse().unwrap(),
            token_file: dir.path().join("token"),
            invites_every_visit: false,
        };
        let fake = Arc::new(Fake::default());
        let invite = Invite::start(&settings, Arc::clone(&fake) as Arc<dyn Counter>).unwrap();
        Self { _dir: dir, fake, invite }
    }

    fn raw(&self, request: &str) -> (u16, serde_json::Value) {
        let mut stream = TcpStream::connect(self.invite.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let status = text[9..12].parse().unwrap();
        (status, serde_json::from_str(text.split_once("\r\n\r\n").unwrap().1).unwrap())
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> (u16, serde_json::Value) {
        self.ask_as(self.invite.token(), method, path, body)
    }

    fn ask_as(&self, token: &str, method: &str, path: &str, body: &str) -> (u16, serde_json::Value) {
        let length = body.len();
        self.raw(&format!(
            "{method} {path} HTTP/1.1\r\nhost: k\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
             content-length: {length}\r\n\r\n{body}"
        ))
    }

    fn answers(&self, answer: CallAnswer) {
        *self.fake.next.lock().unwrap() = Some(answer);
    }

    fn opened(&self, visit: u64) {
        self.answers(CallAnswer::Visit(visit));
        assert_eq!(self.ask("POST", "/v1/visits", "{}"), (200, serde_json::json!({ "visit": visit })));
    }
}

#[test]
fn a_visit_is_opened_with_its_case_and_closed_by_its_number() {
    let bench = Bench::new();
    bench.answers(CallAnswer::Visit(70_001));
    let (status, answer) = bench.ask("POST", "/v1/visits", r#"{"case_no":"2026/WD-17","item":"tax-01"}"#);
    assert_eq!((status, &answer["visit"]), (200, &70_001.into()));
    let asked = bench.fake.asked.lock().unwrap().pop().unwrap();
    assert!(matches!(&asked, Event::InviteCame { case_no: Some(case), item: Some(item), .. }
        if case.as_str() == "2026/WD-17" && item.as_str() == "tax-01"));
    assert_eq!(bench.ask("POST", "/v1/visits/70000/end", "").0, 404, "another visit than the open one");
    bench.answers(CallAnswer::Closed { visit: 70_001, outcome: VisitOutcome::NoResponse });
    let (status, answer) = bench.ask("POST", "/v1/visits/70001/end", "");
    assert_eq!((status, &answer["outcome"]), (200, &"no_response".into()));
    assert_eq!(bench.ask("POST", "/v1/visits/70001/end", "").0, 404, "it is over");
    for (method, path) in [("DELETE", "/v1/visits/8"), ("POST", "/v1/visits/8/cancel")] {
        bench.opened(8);
        bench.answers(CallAnswer::Closed { visit: 8, outcome: VisitOutcome::Cancelled });
        assert_eq!(bench.ask(method, path, "").1["outcome"], "cancelled");
        assert!(matches!(bench.fake.asked.lock().unwrap().last(), Some(Event::CancelCame { .. })));
    }
}

#[test]
fn without_the_token_nothing_is_told_and_nothing_reaches_the_flow() {
    let bench = Bench::new();
    let token = bench.invite.token().to_owned();
    for bad in ["", "x", &token[1..], &format!("{token}x"), &token.to_uppercase()] {
        let (status, answer) = bench.ask_as(bad, "POST", "/v1/visits", "{}");
        assert_eq!((status, &answer["code"]), (401, &"unauthorized".into()), "{bad}");
    }
    let (status, _) = bench.raw("GET /v1/status HTTP/1.1\r\nhost: k\r\nconnection: close\r\n\r\n");
    assert_eq!(status, 401);
    assert!(bench.fake.asked.lock().unwrap().is_empty());
}

#[test]
fn what_is_malformed_too_long_or_unknown_is_named() {
    let bench = Bench::new();
    let long = format!(r#"{{"case_no":"{}"}}"#, "x".repeat(5_000));
    for (method, path, body, status, code) in [
        ("POST", "/v1/visits", "{", 400, "malformed"),
        ("POST", "/v1/visits", r#"{"level":5}"#, 400, "malformed"),
        ("POST", "/v1/visits", r#"{"case_no":"two words"}"#, 400, "malformed"),
        ("POST", "/v1/visits", &long, 413, "too_large"),
        ("POST", "/v1/ratings", "{}", 404, "no_route"),
        ("GET", "/v1/visits", "", 404, "no_route"),
    ] {
        let (found, answer) = bench.ask(method, path, body);
        assert_eq!((found, &answer["code"]), (status, &code.into()), "{method} {path} {body:.40}");
        assert!(!answer["message"].as_str().unwrap().is_empty() && !answer["reference"].as_str().unwrap().is_empty());
    }
    assert!(bench.fake.asked.lock().unwrap().is_empty());
}

#[test]
fn refusals_of_the_flow_have_their_status_and_a_silent_flow_is_not_waited_for_for_ever() {
    let bench = Bench::new();
    for (code, status) in [("nobody_on_duty", 409), ("busy", 409), ("trouble", 503), ("no_visit", 404)] {
        bench.answers(CallAnswer::Refused(code));
        let (found, answer) = bench.ask("POST", "/v1/visits", "");
        assert_eq!((found, &answer["code"]), (status, &code.into()));
    }
    assert_eq!(bench.ask("POST", "/v1/visits", "").0, 504);
}

#[test]
fn the_status_says_what_the_screen_shows() {
    let bench = Bench::new();
    bench.opened(9);
    let (status, answer) = bench.ask("GET", "/v1/status", "");
    let status_read: Status = serde_json::from_value(answer).unwrap();
    assert_eq!(
        (status, status_read.screen.as_str(), status_read.unsynced, status_read.visit),
        (200, "trouble", 7, Some(9))
    );
}

#[test]
fn a_caller_in_a_loop_is_slowed_down() {
    let bench = Bench::new();
    let mut slowed = 0;
    for _ in 0..60 {
        slowed += u32::from(bench.ask("GET", "/v1/status", "").0 == 429);
    }
    assert!(slowed > 0);
    std::thread::sleep(Duration::from_millis(400));
    assert_eq!(bench.ask("GET", "/v1/status", "").0, 200);
}
