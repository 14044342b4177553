//! Wire v1 between kiosk and centre. The same types serve both sides; `tests/fixtures/wire-v1` freezes their bytes.
//!
//! | request | body | answer |
//! |---|---|---|
//! | `POST /api/v1/enrol` | [`Enrol`] | [`EnrolAnswer`] |
//! | `POST /api/v1/batches` | [`BatchHead`] as a line, then one entry's canonical bytes a line; zstd where it pays | [`BatchAnswer`] |
//! | `POST /api/v1/heartbeat` | [`Heartbeat`] | [`HeartbeatAnswer`] |
//! | `GET /api/v1/board` | – | [`crate::domain::board::Board`], or 304 by `ETag` |
//! | `GET /api/v1/photos/{name}` | – | PNG or JPEG bytes |
//!
//! A batch needs no signature of its own: the last entry's signature authenticates the whole run, and taking it twice
//! changes nothing. The other requests of an enrolled device carry the three headers of [`RequestSignature`].

pub mod holdings;

use serde::{Deserialize, Serialize};

use crate::domain::id::{KioskId, StaffNo, WindowId};
use crate::domain::rating::coded;
use crate::domain::time::ClockGrade;
use crate::domain::visit::DutyState;
use crate::ledger::entry::Head;
use crate::ledger::keys::{DeviceId, DeviceKey, Hash, PublicKey, SealKey, Signature};

pub const WIRE: u16 = 1;
/// Entries of one batch.
pub const MAX_BATCH_ENTRIES: usize = 1_000;
/// Bytes of a batch, decompressed.
pub const MAX_BATCH_BYTES: usize = 2 * 1024 * 1024;
/// Sealed words that travel with one batch.
pub const MAX_BATCH_SEALED: usize = 200;
/// Bytes of every other request body.
pub const MAX_BODY_BYTES: usize = 64 * 1024;
/// Bytes of a board's JSON.
pub const MAX_BOARD_BYTES: usize = 8 * 1024 * 1024;
/// Bytes of one portrait.
pub const MAX_PHOTO_BYTES: usize = 4 * 1024 * 1024;

/// A device asks to be taken in, with a one-time code, proving that it holds its own key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Enrol {
    pub wire: u16,
    /// As the administrator read it out; compared after upper-casing and dropping hyphens.
    pub code: String,
    pub public_key: PublicKey,
    /// The ledger that the device has kept so far.
    pub head: Head,
    /// By `public_key` over [`Enrol::message`].
    pub proof: Signature,
}

impl Enrol {
    /// What the proof signs.
    pub fn message(code: &str, key: &PublicKey, head: &Head) -> Vec<u8> {
        let mut out = b"pingyi-enrol-v1".to_vec();
        out.extend_from_slice(blake3::hash(code.as_bytes()).as_bytes());
        out.extend_from_slice(&key.0);
        out.extend_from_slice(&head.epoch.to_le_bytes());
        out.extend_from_slice(&head.seq.to_le_bytes());
        out.extend_from_slice(&head.hash.0);
        out
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
pub struct EnrolAnswer {
    pub wire: u16,
    pub kiosk: KioskId,
    pub window: WindowId,
    /// Signs receipts.
    pub centre_key: PublicKey,
    /// Words are sealed to it.
    pub seal_key: SealKey,
    /// Another device's ledger that stood at the centre under this kiosk's name until now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<Head>,
    pub server_ms: i64,
    /// What a phone's browser should open: `https://pj.example.gov.cn`.
    pub phone_url: String,
}

/// The first line of a batch: a contiguous run of entries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BatchHead {
    pub wire: u16,
    pub device: DeviceId,
    pub epoch: u32,
    /// `seq` of the first entry that follows.
    pub first_seq: u64,
    /// Hash of the entry before it.
    pub prev: Hash,
    pub count: u32,
    /// Hash of the last entry.
    pub head: Hash,
    /// The device's signature of the last entry.
    pub signature: Signature,
    /// Sealed words to which entries of this batch commit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sealed: Vec<SealedWords>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SealedWords {
    /// `seq` of the entry that commits to them.
    pub seq: u64,
    /// Base64, padded.
    pub sealed: String,
}

/// What the centre did with a batch. None of them is an error of the wire.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum BatchAnswer {
    /// All up to the receipt's head is durable at the centre.
    Held { receipt: Receipt },
    /// The batch does not follow what the centre holds; send from `next_seq` on.
    Gap { receipt: Receipt, next_seq: u64 },
    /// Another history at the same place: both are kept, an alarm is raised, a person decides. The device goes on
    /// recording and stops sending.
    Fork { receipt: Receipt, at_seq: u64 },
}

/// The centre's signed word of what it holds of one ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    pub device: DeviceId,
    pub epoch: u32,
    /// 0: nothing yet.
    pub seq: u64,
    pub hash: Hash,
    /// When the centre signed it, by its clock.
    pub server_ms: i64,
    pub signature: Signature,
}

impl Receipt {
    /// Signs what the centre holds.
    pub fn sign(head: &Head, server_ms: i64, centre: &DeviceKey) -> Self {
        let signature = centre.sign(&Self::message(head, server_ms));
        Self { device: head.device, epoch: head.epoch, seq: head.seq, hash: head.hash, server_ms, signature }
    }

    /// True if `centre` signed this receipt.
    pub fn holds(&self, centre: &PublicKey) -> bool {
        centre.verifies(&Self::message(&self.head(), self.server_ms), &self.signature)
    }

    pub fn head(&self) -> Head {
        Head { device: self.device, epoch: self.epoch, seq: self.seq, hash: self.hash }
    }

    fn message(head: &Head, server_ms: i64) -> Vec<u8> {
        let mut out = b"pingyi-receipt-v1".to_vec();
        out.extend_from_slice(&head.device.0);
        out.extend_from_slice(&head.epoch.to_le_bytes());
        out.extend_from_slice(&head.seq.to_le_bytes());
        out.extend_from_slice(&head.hash.0);
        out.extend_from_slice(&server_ms.to_le_bytes());
        out
    }
}

/// A device says that it is there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Heartbeat {
    pub wire: u16,
    pub version: String,
    pub epoch: u32,
    pub seq: u64,
    pub hash: Hash,
    pub unsynced: u64,
    pub free_disk_mb: u64,
    pub clock: ClockGrade,
    pub wall_ms: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub board: Option<String>,
    /// Absent from kiosks of before it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<KioskState>,
}

/// How a kiosk does beyond its ledger. Unknown members are passed over, so that later kiosks may say more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
pub struct KioskState {
    pub duty: DutyState,
    /// Who is signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff: Option<StaffNo>,
    /// How many times the program had started.
    pub boot: u32,
    /// The highest place for which the kiosk holds a receipt; 0: none.
    pub receipt_seq: u64,
    /// The window's pixels; absent without a window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screen: Option<(u32, u32)>,
    /// Codes of [`KioskFinding`]; others are passed over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<String>,
}

coded! {
    /// What a kiosk finds wrong with itself.
    KioskFinding {
        /// No window is open: nobody can rate here.
        NoScreen = "no_screen",
        /// The centre has sent no board yet.
        NoBoard = "no_board",
        /// The centre holds another history, and this one is not sent.
        Forked = "forked",
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
pub struct HeartbeatAnswer {
    pub server_ms: i64,
    /// ETag of the board that the device should show, without quotes.
    pub board: String,
    /// What the centre holds of the device's ledger.
    pub receipt: Receipt,
    pub phone_url: String,
}

/// Every refusal of the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
pub struct ApiError {
    /// Stable, for programs: `code_used`, `unknown_device`, `too_large` …
    pub code: String,
    /// For people, Chinese first.
    pub message: String,
    /// Stands beside the cause in the centre's log.
    pub reference: String,
}

/// How an enrolled device signs a request that is no batch.
pub struct RequestSignature;

impl RequestSignature {
    pub const DEVICE: &'static str = "x-pingyi-device";
    /// The device's wall clock in milliseconds. Not checked against the centre's: clocks of kiosks die. Heartbeats that
    /// are replayed can only repeat a state that was true.
    pub const TIME: &'static str = "x-pingyi-time";
    pub const SIGNATURE: &'static str = "x-pingyi-signature";

    /// What the signature covers: method, path with query, time and body.
    pub fn message(method: &str, path: &str, time: &str, body: &[u8]) -> Vec<u8> {
        let mut out = b"pingyi-request-v1".to_vec();
        for part in [method.as_bytes(), path.as_bytes(), time.as_bytes(), body] {
            out.extend_from_slice(blake3::hash(part).as_bytes());
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::chain::Tip;

    #[test]
    fn a_receipt_holds_for_one_head_time_and_centre_only() {
        let centre = DeviceKey::from_secret(&[5; 32]);
        let head = Tip::start(DeviceKey::from_secret(&[6; 32]).device(), 1).head();
        let receipt = Receipt::sign(&head, 7, &centre);
        assert!(receipt.holds(&centre.public()));
        assert!(!receipt.holds(&DeviceKey::from_secret(&[6; 32]).public()));
        for bad in [Receipt { seq: 1, ..receipt }, Receipt { epoch: 2, ..receipt }, Receipt { server_ms: 8, ..receipt }]
        {
            assert!(!bad.holds(&centre.public()));
        }
    }

    #[test]
    fn every_part_of_a_request_is_covered() {
        let base = RequestSignature::message("GET", "/a", "1", b"x");
        for other in [
            RequestSignature::message("POST", "/a", "1", b"x"),
            RequestSignature::message("GET", "/ab", "1", b"x"),
            RequestSignature::message("GET", "/a", "1x", b""),
            RequestSignature::message("GET", "/a", "2", b"x"),
        ] {
            assert_ne!(base, other);
        }
    }
}
