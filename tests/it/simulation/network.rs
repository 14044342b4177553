//! What may happen to one request and its answer, and the centre behind it.

use pingyi::centre::in_process::{Centre, Refused};
use pingyi::domain::time::WallMs;
use pingyi::kiosk::sync::backoff::Jitter;
use pingyi::kiosk::sync::frame::{Reply, Wire};
use pingyi::ledger::keys::DeviceId;
use pingyi::protocol::{ApiError, Heartbeat, RequestSignature};

/// How bad it is, in thousandths.
#[derive(Debug, Clone, Copy)]
pub struct Weather {
    pub lose: u64,
    pub double: u64,
    pub cut: u64,
    pub garble: u64,
    pub lose_answer: u64,
    pub cut_answer: u64,
    pub late: u64,
    pub busy: u64,
}

impl Weather {
    pub const CLEAR: Self =
        Self { lose: 0, double: 0, cut: 0, garble: 0, lose_answer: 0, cut_answer: 0, late: 0, busy: 0 };

    pub fn bad(jitter: &mut Jitter) -> Self {
        let mut up_to = |max: u64| jitter.below(max + 1);
        Self {
            lose: up_to(200),
            double: up_to(250),
            cut: up_to(120),
            garble: up_to(40),
            lose_answer: up_to(200),
            cut_answer: up_to(120),
            late: up_to(150),
            busy: up_to(80),
        }
    }
}

/// What the network does with one request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fate {
    /// When copies arrive at the centre, after how many milliseconds; the first one's answer is the kiosk's.
    pub arrivals: Vec<u64>,
    /// Only so many bytes arrive.
    pub cut_to: Option<usize>,
    /// This byte arrives changed.
    pub garbled: Option<usize>,
    pub busy: bool,
    /// The answer arrives so long after the first copy; none: never.
    pub answer_after: Option<u64>,
    pub answer_cut: bool,
}

impl Fate {
    pub fn of(wire: &Wire, weather: &Weather, jitter: &mut Jitter) -> Self {
        let mut fate = Self { answer_after: Some(2 + jitter.below(400)), ..Self::default() };
        if !jitter.chance(weather.lose) {
            fate.arrivals.push(2 + jitter.below(800));
        }
        if jitter.chance(weather.double) {
            // Something on the way repeats it, perhaps much later: after a restart, a rollback or a restore.
            fate.arrivals.push(10 + jitter.below(240_000));
        }
        if jitter.chance(weather.cut) && !wire.body.is_empty() {
            fate.cut_to = Some(jitter.below(wire.body.len() as u64) as usize);
        }
        if jitter.chance(weather.garble) && !wire.body.is_empty() {
            fate.garbled = Some(jitter.below(wire.body.len() as u64) as usize);
        }
        fate.busy = jitter.chance(weather.busy);
        if jitter.chance(weather.lose_answer) {
            fate.answer_after = None;
        } else if jitter.chance(weather.late) {
            fate.answer_after = Some(wire.timeout_ms + jitter.below(60_000));
        }
        fate.answer_cut = jitter.chance(weather.cut_answer);
        fate
    }

    /// The body as it arrives.
    pub fn body(&self, sent: &[u8]) -> Vec<u8> {
        let mut body = sent.to_vec();
        if let Some(at) = self.garbled {
            body[at] ^= 0x04;
        }
        body.truncate(self.cut_to.unwrap_or(usize::MAX));
        body
    }
}

/// The centre's answer, as its HTTP side would give it.
pub fn serve(centre: &mut Centre, board: &[u8], wire: &Wire, body: &[u8], now: WallMs) -> Reply {
    match wire.path.as_str() {
        "/api/v1/enrol" => match serde_json::from_slice(body) {
            Ok(enrol) => reply(centre.enrol(&enrol, now)),
            Err(_) => error(400, "malformed"),
        },
        "/api/v1/batches" => reply(centre.ingest(body, now)),
        "/api/v1/heartbeat" => match (device(wire), serde_json::from_slice::<Heartbeat>(body)) {
            // A body that is not what was signed never reaches the handler.
            (Some(device), Ok(beat)) if body == wire.body => reply(centre.heartbeat(device, &beat, now)),
            _ => error(401, "bad_signature"),
        },
        "/api/v1/board" => board_reply(centre, board, wire),
        other => panic!("the kiosk asks for {other}"),
    }
}

fn board_reply(centre: &Centre, board: &[u8], wire: &Wire) -> Reply {
    let quoted = format!("\"{}\"", centre.board);
    let held = wire.headers.iter().any(|(name, value)| *name == "if-none-match" && *value == quoted);
    let etag = Some(centre.board.clone());
    if held {
        Reply { status: 304, etag, ..Reply::default() }
    } else {
        Reply { status: 200, etag, body: board.to_vec(), ..Reply::default() }
    }
}

fn device(wire: &Wire) -> Option<DeviceId> {
    let (_, value) = wire.headers.iter().find(|(name, _)| *name == RequestSignature::DEVICE)?;
    DeviceId::from_hex(value).ok()
}

fn reply<T: serde::Serialize>(result: Result<T, Refused>) -> Reply {
    match result {
        Ok(answer) => Reply { status: 200, body: serde_json::to_vec(&answer).unwrap(), ..Reply::default() },
        Err(Refused::UnknownDevice) => error(401, "unknown_device"),
        Err(Refused::RevokedDevice) => error(403, "device_revoked"),
        Err(Refused::Batch(_)) => error(400, "bad_batch"),
        Err(Refused::Enrol(refusal)) => error(403, refusal.code()),
        Err(Refused::Core(fault)) => panic!("the centre itself failed: {fault}"),
    }
}

fn error(status: u16, code: &str) -> Reply {
    let body = ApiError { code: code.into(), message: String::new(), reference: String::new() };
    Reply { status, body: serde_json::to_vec(&body).unwrap(), ..Reply::default() }
}
