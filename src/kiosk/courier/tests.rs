//! The thread against a centre of three lines.

use std::sync::mpsc as std_mpsc;
use std::time::Instant;

use super::*;
use crate::domain::id::{KioskId, WindowId};
use crate::domain::time::WallMs;
use crate::journal::Identity;
use crate::kiosk::sync::backoff::Jitter;
use crate::kiosk::sync::event::Pace;
use crate::ledger::entry::{Body, Head};
use crate::ledger::keys::{DeviceKey, SealKey};
use crate::protocol::{BatchAnswer, BatchHead, Enrol, EnrolAnswer, Heartbeat, HeartbeatAnswer, Receipt};

/// A centre that holds what it is sent; every fourth request is lost.
struct Centre {
    key: DeviceKey,
    held: Mutex<Option<Head>>,
    luck: Mutex<Jitter>,
}

impl Line for Arc<Centre> {
    async fn send(&self, wire: Wire) -> Result<Reply, Failure> {
        if self.luck.lock().unwrap().chance(250) {
            return Err(Failure::Unreachable("lost".into()));
        }
        let body = match wire.path.as_str() {
            "/api/v1/enrol" => {
                let enrol: Enrol = serde_json::from_slice(&wire.body).unwrap();
                assert_eq!(enrol.code, "ABCD");
                serde_json::to_vec(&EnrolAnswer {
                    wire: 1,
                    kiosk: KioskId::new("K1").unwrap(),
                    window: WindowId::new("W1").unwrap(),
                    centre_key: self.key.public(),
                    seal_key: SealKey([1; 32]),
                    follows: None,
                    server_ms: 1_790_000_000_000,
                    phone_url: "http://phone".into(),
                })
            }
            "/api/v1/heartbeat" => {
                let beat: Heartbeat = serde_json::from_slice(&wire.body).unwrap();
                let device = wire.headers.iter().find(|(n, _)| *n == "x-pingyi-device").unwrap().1.clone();
                let device = crate::ledger::keys::DeviceId::from_hex(&device).unwrap();
                let start = crate::ledger::chain::Tip::start(device, beat.epoch).head();
                let head = self.held.lock().unwrap().unwrap_or(start);
                let receipt = Receipt::sign(&head, 1_790_000_000_000, &self.key);
                let board = "none".to_owned();
                let phone_url = "http://phone".into();
                serde_json::to_vec(&HeartbeatAnswer { server_ms: 1_790_000_000_000, board, receipt, phone_url })
            }
            "/api/v1/batches" => {
                let line = wire.body.split(|b| *b == b'\n').next().unwrap();
                let head: BatchHead = serde_json::from_slice(line).unwrap();
                let seq = head.first_seq + u64::from(head.count) - 1;
                let held = Head { device: head.device, epoch: head.epoch, seq, hash: head.head };
                *self.held.lock().unwrap() = Some(held);
                let receipt = Receipt::sign(&held, 1_790_000_000_000, &self.key);
                serde_json::to_vec(&BatchAnswer::Held { receipt })
            }
            _ => return Ok(Reply { status: 304, ..Reply::default() }),
        };
        Ok(Reply { status: 200, body: body.unwrap(), ..Reply::default() })
    }
}

/// Owns a journal the simplest way.
#[derive(Clone)]
struct Owner {
    journal: Arc<Mutex<Journal>>,
    began: Instant,
    /// So often the ledger is not open.
    closed: Arc<Mutex<u32>>,
}

impl Lender for Owner {
    fn lend<R: Send + 'static>(&self, work: impl FnOnce(&mut Journal, Now) -> R + Send + 'static) -> Option<R> {
        let mut closed = self.closed.lock().unwrap();
        if *closed > 0 {
            *closed -= 1;
            return None;
        }
        Some(work(&mut self.journal.lock().unwrap(), self.now()))
    }

    fn now(&self) -> Now {
        let mono_ms = self.began.elapsed().as_millis() as u64;
        Now { wall: WallMs(1_790_000_000_000 + mono_ms as i64), mono_ms }
    }
}

#[test]
fn a_code_put_there_leads_to_receipts_though_requests_are_lost() {
    let dir = tempfile::tempdir().unwrap();
    let identity =
        Identity { kiosk: KioskId::new("K1").unwrap(), window: WindowId::new("W1").unwrap(), version: "0".into() };
    let now = Now { wall: WallMs(1_790_000_000_000), mono_ms: 0 };
    let journal = Journal::open_in_memory(DeviceKey::from_secret(&[1; 32]), &identity, now).unwrap();
    let owner =
        Owner { journal: Arc::new(Mutex::new(journal)), began: Instant::now(), closed: Arc::new(Mutex::new(0)) };
    let code_file = dir.path().join("code.txt");
    std::fs::write(&code_file, "# from the administrator\n AB-CD \n").unwrap();
    let pace = Pace { heartbeat_ms: 50, linger_ms: 5 };
    let window = identity.window.clone();
    let errand = Errand {
        setting: Setting { window, code: None, pace, seed: 1, shelf: None },
        code_file: Some(code_file),
        folder: dir.path().to_owned(),
        screen: Screen::default(),
    };
    let centre = Arc::new(Centre {
        key: DeviceKey::from_secret(&[2; 32]),
        held: Mutex::new(None),
        luck: Mutex::new(Jitter::new(5)),
    });
    let (tell, news) = std_mpsc::channel();
    let courier = Courier::start(errand, owner.clone(), Arc::clone(&centre), move |n| drop(tell.send(n))).unwrap();
    let all_held = |news: &std_mpsc::Receiver<News>| {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match news.recv_timeout(left).expect("no receipt came") {
                News::Status(status) if status.enrolled && status.unsynced == 0 => return,
                _ => {}
            }
        }
    };
    all_held(&news);
    // The ledger grows, and is not open for a moment just when the courier asks.
    owner.journal.lock().unwrap().append(vec![Body::Boot { version: "again".into() }], owner.now()).unwrap();
    *owner.closed.lock().unwrap() = 1;
    courier.bell().ledger_grew();
    all_held(&news);
    drop(courier);
    let head = owner.journal.lock().unwrap().head();
    assert_eq!(centre.held.lock().unwrap().unwrap(), head);
    assert_eq!(owner.journal.lock().unwrap().latest_receipt().unwrap().unwrap().head(), head);
}

#[test]
fn a_code_file_may_hold_remarks_and_may_be_missing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("code");
    assert_eq!(read_code(&path), None);
    std::fs::write(&path, "\n# K03\n").unwrap();
    assert_eq!(read_code(&path), None);
    std::fs::write(&path, "\n# K03\nABCD-EFGH\nmore").unwrap();
    assert_eq!(read_code(&path).as_deref(), Some("ABCD-EFGH"));
}
