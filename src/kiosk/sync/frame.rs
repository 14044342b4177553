//! The bytes of requests and answers. Entries travel as the very bytes that were hashed.

use serde::de::DeserializeOwned;

use super::event::Failure;
use super::step::Span;
use crate::domain::board::Board;
use crate::journal::outbox::Run;
use crate::ledger::entry::Head;
use crate::ledger::keys::DeviceKey;
use crate::protocol::{
    ApiError, Enrol, Heartbeat, MAX_BATCH_SEALED, MAX_BOARD_BYTES, MAX_BODY_BYTES, MAX_PHOTO_BYTES, RequestSignature,
    WIRE,
};

/// From this many entries on a batch is compressed: below, the frame costs what it saves.
pub const COMPRESS_FROM_ENTRIES: usize = 10;
/// Fast enough for a kiosk's processor; higher levels save little on a few hundred lines.
const COMPRESSION_LEVEL: i32 = 3;

/// One HTTP request, complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wire {
    pub method: Method,
    /// From the root: `/api/v1/batches`.
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    /// A longer answer is not read.
    pub max_answer_bytes: usize,
    /// From the first byte out to the last one in.
    pub timeout_ms: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
}

impl Method {
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// One HTTP answer, read to its end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reply {
    pub status: u16,
    /// Without quotes.
    pub etag: Option<String>,
    pub retry_after_ms: Option<u64>,
    pub body: Vec<u8>,
}

/// Asks to be taken in, proving that the device holds its key.
pub fn enrol(code: &str, key: &DeviceKey, head: Head) -> Wire {
    let code: String = code.chars().filter(|c| *c != '-').flat_map(char::to_uppercase).collect();
    let proof = key.sign(&Enrol::message(&code, &key.public(), &head));
    let body = json(&Enrol { wire: WIRE, code, public_key: key.public(), head, proof });
    let headers = vec![JSON];
    Wire { headers: own(headers), body, ..post("/api/v1/enrol", 15_000) }
}

/// A contiguous run of entries; none if there are no entries. No more sealed words than a batch may carry: the rest of
/// the run is left for the next one.
pub fn batch(mut run: Run) -> Option<(Span, Wire)> {
    if let Some((seq, _)) = run.sealed.get(MAX_BATCH_SEALED) {
        let seq = *seq;
        run.entries.retain(|e| e.seq < seq);
        run.sealed.truncate(MAX_BATCH_SEALED);
    }
    let (first, last) = (run.entries.first()?.seq, run.entries.last()?.seq);
    let mut body = json(&run.batch_head()?);
    for entry in &run.entries {
        body.push(b'\n');
        body.extend_from_slice(&entry.bytes);
    }
    body.push(b'\n');
    let mut headers = own(vec![("content-type", "application/x-ndjson")]);
    if run.entries.len() >= COMPRESS_FROM_ENTRIES
        && let Ok(small) = zstd::bulk::compress(&body, COMPRESSION_LEVEL)
    {
        body = small;
        headers.push(("content-encoding", "zstd".to_owned()));
    }
    Some((Span { epoch: run.epoch, first, last }, Wire { headers, body, ..post("/api/v1/batches", 60_000) }))
}

/// Says that the device is there; `wall_ms` is its own clock.
pub fn heartbeat(heartbeat: &Heartbeat, key: &DeviceKey) -> Wire {
    let body = json(heartbeat);
    signed(Wire { headers: own(vec![JSON]), body, ..post("/api/v1/heartbeat", 10_000) }, key, heartbeat.wall_ms)
}

/// Asks for the board unless it is still the one `held`.
pub fn board(held: Option<&str>, key: &DeviceKey, wall_ms: i64) -> Wire {
    let wire = Wire { headers: unless(held), max_answer_bytes: MAX_BOARD_BYTES, ..get("/api/v1/board".to_owned()) };
    signed(wire, key, wall_ms)
}

/// Asks for one portrait unless it is still the one `held`; `name` is one that [`crate::config::rules::is_photo_name`] takes.
pub fn photo(name: &str, held: Option<&str>, key: &DeviceKey, wall_ms: i64) -> Wire {
    let path = format!("/api/v1/photos/{name}");
    signed(Wire { headers: unless(held), max_answer_bytes: MAX_PHOTO_BYTES, ..get(path) }, key, wall_ms)
}

/// Reads a JSON answer, or what the centre refused.
///
/// # Errors
/// [`Failure`] for every status but 200 and for a body that is not what the protocol says.
pub fn read<T: DeserializeOwned>(reply: &Reply) -> Result<T, Failure> {
    accepted(reply)?;
    serde_json::from_slice(&reply.body).map_err(|e| Failure::Unreadable(e.to_string()))
}

/// Reads the board's answer: none if it is unchanged.
///
/// # Errors
/// [`Failure`] as for [`read`]; an answer without an `ETag` is unreadable.
pub fn read_board(reply: &Reply) -> Result<Option<(String, Board)>, Failure> {
    if reply.status == 304 {
        return Ok(None);
    }
    let board = read(reply)?;
    let etag = reply.etag.as_deref().filter(|tag| (1..=128).contains(&tag.len()));
    let etag = etag.ok_or_else(|| Failure::Unreadable("the board has no ETag".to_owned()))?;
    Ok(Some((etag.to_owned(), board)))
}

/// The bytes of a portrait; none if it is unchanged.
///
/// # Errors
/// [`Failure`] as for [`read`].
pub fn read_photo(reply: Reply) -> Result<Option<Vec<u8>>, Failure> {
    if reply.status == 304 {
        return Ok(None);
    }
    accepted(&reply)?;
    let picture = reply.body.starts_with(b"\x89PNG\r\n\x1a\n") || reply.body.starts_with(&[0xFF, 0xD8, 0xFF]);
    if picture { Ok(Some(reply.body)) } else { Err(Failure::Unreadable("neither PNG nor JPEG".to_owned())) }
}

fn accepted(reply: &Reply) -> Result<(), Failure> {
    match reply.status {
        200 => Ok(()),
        status @ (429 | 500..=599) => Err(Failure::Busy { retry_after_ms: reply.retry_after_ms, status }),
        status @ 400..=499 => {
            // A refusal of something on the way (proxy, captive portal) has no such body.
            let error = serde_json::from_slice::<ApiError>(&reply.body).ok();
            let (code, message) = error.map_or((format!("http_{status}"), String::new()), |e| (e.code, e.message));
            Err(Failure::Refused { status, code: short(&code), message: short(&message) })
        }
        status => Err(Failure::Unreadable(format!("HTTP {status}"))),
    }
}

fn unless(held: Option<&str>) -> Vec<(&'static str, String)> {
    held.map(|etag| ("if-none-match", format!("\"{etag}\""))).into_iter().collect()
}

const JSON: (&str, &str) = ("content-type", "application/json");

fn post(path: &str, timeout_ms: u64) -> Wire {
    Wire { method: Method::Post, path: path.to_owned(), timeout_ms, ..get(String::new()) }
}

fn get(path: String) -> Wire {
    Wire {
        method: Method::Get,
        path,
        headers: Vec::new(),
        body: Vec::new(),
        max_answer_bytes: MAX_BODY_BYTES,
        timeout_ms: 60_000,
    }
}

fn signed(mut wire: Wire, key: &DeviceKey, wall_ms: i64) -> Wire {
    let time = wall_ms.to_string();
    let message = RequestSignature::message(wire.method.name(), &wire.path, &time, &wire.body);
    wire.headers.extend([
        (RequestSignature::DEVICE, key.device().to_string()),
        (RequestSignature::SIGNATURE, key.sign(&message).to_string()),
        (RequestSignature::TIME, time),
    ]);
    wire
}

fn own(headers: Vec<(&'static str, &str)>) -> Vec<(&'static str, String)> {
    headers.into_iter().map(|(name, value)| (name, value.to_owned())).collect()
}

fn json<T: serde::Serialize>(value: &T) -> Vec<u8> {
    // Plain structs of numbers and strings cannot fail; an empty body would only be refused.
    serde_json::to_vec(value).unwrap_or_default()
}

fn short(text: &str) -> String {
    text.chars().filter(|c| !crate::domain::text::is_forbidden(*c)).take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::chain::{Tip, signature_holds};
    use crate::ledger::entry::{Body, ENTRY_VERSION, Entry};
    use crate::protocol::{BatchHead, EnrolAnswer};

    fn run(n: usize) -> (Tip, Run) {
        let key = DeviceKey::from_secret(&[7; 32]);
        let mut tip = Tip::start(key.device(), 1);
        let prev = tip.hash;
        let clock = crate::domain::time::ClockGrade::B;
        let body = Body::Boot { version: "评".into() };
        let entry = Entry { v: ENTRY_VERSION, seq: 0, boot: 1, mono_ms: 5, wall_ms: 6, clock, body };
        let entries = (0..n).map(|_| tip.append(entry.clone(), &key).unwrap()).collect();
        (tip, Run { device: key.device(), epoch: 1, prev, entries, sealed: vec![] })
    }

    #[test]
    fn a_batch_holds_the_entries_bytes_unchanged_also_compressed() {
        for n in [1, 9, 10, 300] {
            let (tip, run) = run(n);
            let (span, wire) = batch(run).unwrap();
            assert_eq!(span, Span { epoch: 1, first: 1, last: n as u64 });
            let zipped = wire.headers.contains(&("content-encoding", "zstd".to_owned()));
            assert_eq!(zipped, n >= COMPRESS_FROM_ENTRIES);
            let body = if zipped { zstd::bulk::decompress(&wire.body, 1 << 20).unwrap() } else { wire.body.clone() };
            let mut lines = body.strip_suffix(b"\n").unwrap().split(|b| *b == b'\n');
            let head: BatchHead = serde_json::from_slice(lines.next().unwrap()).unwrap();
            let mut reader = Tip::start(tip.device, 1);
            for line in lines {
                reader.follow(line).unwrap();
            }
            assert_eq!((reader.hash, head.head, head.count), (tip.hash, tip.hash, n as u32));
            let key = DeviceKey::from_secret(&[7; 32]).public();
            assert!(signature_holds(&key, &head.head, &head.signature));
        }
        assert!(batch(run(0).1).is_none());
    }

    #[test]
    fn more_sealed_words_than_a_batch_takes_wait_for_the_next_one() {
        let (_, mut run) = run(300);
        run.sealed = (1..=250).map(|seq| (seq, vec![1])).collect();
        let (span, wire) = batch(run).unwrap();
        assert_eq!((span.first, span.last), (1, MAX_BATCH_SEALED as u64));
        let body = zstd::bulk::decompress(&wire.body, 1 << 20).unwrap();
        let head: BatchHead = serde_json::from_slice(body.split(|b| *b == b'\n').next().unwrap()).unwrap();
        assert_eq!((head.sealed.len(), head.count), (MAX_BATCH_SEALED, MAX_BATCH_SEALED as u32));
        assert_eq!(body.iter().filter(|b| **b == b'\n').count(), MAX_BATCH_SEALED + 1);
    }

    #[test]
    fn a_signed_request_covers_what_is_sent() {
        let key = DeviceKey::from_secret(&[7; 32]);
        let wire = photo("0027.png", None, &key, 42);
        let value = |name| wire.headers.iter().find(|(n, _)| *n == name).unwrap().1.clone();
        let message = RequestSignature::message("GET", "/api/v1/photos/0027.png", "42", b"");
        let signature = crate::ledger::keys::Signature::from_hex(&value(RequestSignature::SIGNATURE)).unwrap();
        assert!(key.public().verifies(&message, &signature));
        assert_eq!(value(RequestSignature::DEVICE), key.device().to_string());
    }

    #[test]
    fn a_code_is_sent_and_proved_in_its_normal_form() {
        let key = DeviceKey::from_secret(&[7; 32]);
        let head = Tip::start(key.device(), 1).head();
        let wire = enrol("abcd-2345", &key, head);
        let sent: Enrol = serde_json::from_slice(&wire.body).unwrap();
        assert_eq!(sent.code, "ABCD2345");
        assert!(key.public().verifies(&Enrol::message("ABCD2345", &key.public(), &head), &sent.proof));
    }

    #[test]
    fn refusals_of_the_centre_and_of_things_between_are_told_apart() {
        let reply = |status, body: &str| Reply { status, body: body.into(), ..Reply::default() };
        let refused = read::<EnrolAnswer>(&reply(403, r#"{"code":"code_used","message":"用过了","reference":"r"}"#));
        assert_eq!(refused, Err(Failure::Refused { status: 403, code: "code_used".into(), message: "用过了".into() }));
        let portal = read::<EnrolAnswer>(&reply(403, "<html>log in"));
        assert_eq!(portal, Err(Failure::Refused { status: 403, code: "http_403".into(), message: String::new() }));
        assert!(matches!(read::<EnrolAnswer>(&reply(200, "<html>")), Err(Failure::Unreadable(_))));
        assert!(matches!(read::<EnrolAnswer>(&reply(302, "")), Err(Failure::Unreadable(_))));
        assert!(matches!(read::<EnrolAnswer>(&reply(503, "")), Err(Failure::Busy { status: 503, .. })));
        assert_eq!(read_board(&reply(304, "")), Ok(None));
    }
}
