//! Enrolment: a one-time code, read out to whoever sets up a kiosk, makes a device's own key known to the centre.

use rusqlite::{Connection, OptionalExtension, params};

use super::devices::{self, Device, Standing};
use crate::centre::alarms::{self, AlarmKind};
use crate::centre::ingest::desk::Desk;
use crate::centre::ingest::ledgers;
use crate::centre::ingest::segments::StoreFault;
use crate::domain::id::{HallId, KioskId, WindowId};
use crate::domain::rating::coded;
use crate::domain::time::WallMs;
use crate::ledger::entry::Head;
use crate::ledger::keys::DeviceId;
use crate::protocol::{Enrol, WIRE};

pub const SCHEMA: &str = "
CREATE TABLE enrol_code (
  hash BLOB PRIMARY KEY,
  kiosk TEXT NOT NULL,
  service_window TEXT NOT NULL,
  hall TEXT NOT NULL,
  made_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  used_ms INTEGER,
  used_by BLOB
) STRICT;
";

/// A later step: codes can be withdrawn, and say who made them.
pub const REVOKE_SCHEMA: &str = "
ALTER TABLE enrol_code ADD COLUMN revoked_ms INTEGER;
ALTER TABLE enrol_code ADD COLUMN made_by TEXT;
";

/// How long a code may be used.
pub const VALID_MS: i64 = 24 * 60 * 60 * 1000;
/// Characters of a code without its hyphens: 60 random bits.
const CODE_CHARS: usize = 12;
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

coded! {
    /// Why a device is not taken in; the code of the answer.
    EnrolRefusal {
        Wire = "wire_unsupported",
        Proof = "bad_signature",
        CodeUnknown = "code_unknown",
        CodeUsed = "code_used",
        CodeExpired = "code_expired",
        DeviceRevoked = "device_revoked",
    }
}

/// An enrolled device and what stood under its kiosk's name before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolled {
    pub device: Device,
    pub follows: Option<Head>,
}

/// Makes a code from 8 random bytes and keeps its hash. The code is shown once.
///
/// # Errors
/// Those of the store.
pub fn make_code(
    conn: &Connection,
    kiosk: &KioskId,
    service_window: &WindowId,
    hall: &HallId,
    random: [u8; 8],
    now: WallMs,
) -> rusqlite::Result<String> {
    let bits = u64::from_le_bytes(random);
    let digits: String = (0..CODE_CHARS).map(|i| char::from(ALPHABET[(bits >> (5 * i)) as usize & 31])).collect();
    conn.prepare_cached(
        "INSERT INTO enrol_code (hash, kiosk, service_window, hall, made_ms, expires_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        code_hash(&digits),
        kiosk.as_str(),
        service_window.as_str(),
        hall.as_str(),
        now.0,
        now.plus_ms(VALID_MS).0
    ])?;
    Ok(format!("{}-{}-{}", &digits[..4], &digits[4..8], &digits[8..]))
}

/// Says who made the code with these digits.
///
/// # Errors
/// Those of the store.
pub fn made_by(conn: &Connection, code: &str, by: &str) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE enrol_code SET made_by = ?2 WHERE hash = ?1")?
        .execute(params![code_hash(&normal_code(code)), by])?;
    Ok(())
}

coded! {
    /// What may still become of a code.
    CodeStanding {
        Open = "open",
        Used = "used",
        Expired = "expired",
        Revoked = "revoked",
    }
}

/// A code as it is listed: never the code itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub id: i64,
    pub kiosk: KioskId,
    pub service_window: WindowId,
    pub hall: HallId,
    pub made: WallMs,
    pub expires: WallMs,
    pub made_by: Option<String>,
    pub standing: CodeStanding,
    pub used_by: Option<DeviceId>,
}

/// Codes of the last days, the latest first.
///
/// # Errors
/// Those of the store.
pub fn list(conn: &Connection, now: WallMs, limit: usize) -> rusqlite::Result<Vec<Listed>> {
    let mut statement = conn.prepare_cached(
        "SELECT rowid, kiosk, service_window, hall, made_ms, expires_ms, used_ms, used_by, revoked_ms, made_by
         FROM enrol_code ORDER BY made_ms DESC, rowid DESC LIMIT ?1",
    )?;
    let mut rows = statement.query([limit as i64])?;
    let mut out = Vec::new();
    while let Some(r) = rows.next()? {
        let (used, revoked): (Option<i64>, Option<i64>) = (r.get(6)?, r.get(8)?);
        let expires = WallMs(r.get(5)?);
        let standing = match (used, revoked) {
            (Some(_), _) => CodeStanding::Used,
            (None, Some(_)) => CodeStanding::Revoked,
            (None, None) if expires < now => CodeStanding::Expired,
            (None, None) => CodeStanding::Open,
        };
        let ids = KioskId::new(&r.get::<_, String>(1)?)
            .ok()
            .zip(WindowId::new(&r.get::<_, String>(2)?).ok())
            .zip(HallId::new(&r.get::<_, String>(3)?).ok());
        let Some(((kiosk, service_window), hall)) = ids else { continue };
        let used_by: Option<[u8; 16]> = r.get(7)?;
        out.push(Listed {
            id: r.get(0)?,
            kiosk,
            service_window,
            hall,
            made: WallMs(r.get(4)?),
            expires,
            made_by: r.get(9)?,
            standing,
            used_by: used_by.map(DeviceId),
        });
    }
    Ok(out)
}

/// Withdraws a code that nobody has used. False: there is none.
///
/// # Errors
/// Those of the store.
pub fn revoke(conn: &Connection, id: i64, now: WallMs) -> rusqlite::Result<bool> {
    let n = conn
        .prepare_cached(
            "UPDATE enrol_code SET revoked_ms = ?2 WHERE rowid = ?1 AND used_ms IS NULL AND revoked_ms IS NULL",
        )?
        .execute(params![id, now.0])?;
    Ok(n > 0)
}

/// What can be said of an enrolment without the store.
///
/// # Errors
/// [`EnrolRefusal::Wire`] or [`EnrolRefusal::Proof`].
pub fn check(enrol: &Enrol) -> Result<(), EnrolRefusal> {
    if enrol.wire != WIRE {
        return Err(EnrolRefusal::Wire);
    }
    let message = Enrol::message(&enrol.code, &enrol.public_key, &enrol.head);
    if enrol.head.device != enrol.public_key.device() || !enrol.public_key.verifies(&message, &enrol.proof) {
        return Err(EnrolRefusal::Proof);
    }
    Ok(())
}

/// Takes in a device whose request was checked. The same device may repeat the same request: it gets the same answer.
///
/// # Errors
/// [`StoreFault`]: the transaction must not be committed. The inner result is the device's answer; a refusal has
/// changed nothing.
pub fn enrol(desk: &mut Desk<'_>, enrol: &Enrol) -> Result<Result<Enrolled, EnrolRefusal>, StoreFault> {
    let id = enrol.public_key.device();
    let hash = code_hash(&normal_code(&enrol.code));
    let code = match find_code(desk.tx, &hash)? {
        None => return Ok(Err(EnrolRefusal::CodeUnknown)),
        Some(code) => code,
    };
    match code.used_by {
        Some(by) if by == id => return Ok(repeat(desk, id)?.ok_or(EnrolRefusal::DeviceRevoked)),
        Some(_) => return Ok(Err(EnrolRefusal::CodeUsed)),
        None if code.expires < desk.now => return Ok(Err(EnrolRefusal::CodeExpired)),
        None => {}
    }
    desk.tx
        .prepare_cached("UPDATE enrol_code SET used_ms = ?2, used_by = ?3 WHERE hash = ?1 AND used_by IS NULL")?
        .execute(params![hash, desk.now.0, id.0])?;
    let follows = replace_others(desk, &code.kiosk, id)?;
    let device = Device {
        id,
        key: enrol.public_key,
        kiosk: code.kiosk,
        service_window: code.service_window,
        hall: code.hall,
        standing: Standing::Active,
        enrolled: desk.now,
    };
    let quoted = follows.and_then(|h| serde_json::to_string(&h).ok());
    devices::put(desk.tx, &device, quoted.as_deref(), desk.now)?;
    *desk.directory_changed = true;
    let mut half = [0; 16];
    half.copy_from_slice(&enrol.head.hash.0[..16]);
    desk.witness(id, enrol.head.epoch, enrol.head.seq, &half)?;
    Ok(Ok(Enrolled { device, follows }))
}

struct Code {
    kiosk: KioskId,
    service_window: WindowId,
    hall: HallId,
    expires: WallMs,
    used_by: Option<DeviceId>,
}

fn find_code(conn: &Connection, hash: &[u8; 32]) -> Result<Option<Code>, StoreFault> {
    let row = conn
        .prepare_cached(
            "SELECT kiosk, service_window, hall, expires_ms, used_by FROM enrol_code
             WHERE hash = ?1 AND revoked_ms IS NULL",
        )?
        .query_row([hash], |r| {
            let text = |i: usize| r.get::<_, String>(i);
            let used: Option<[u8; 16]> = r.get(4)?;
            Ok((text(0)?, text(1)?, text(2)?, r.get(3)?, used))
        })
        .optional()?;
    Ok(row.and_then(|(kiosk, service_window, hall, expires, used)| {
        Some(Code {
            kiosk: KioskId::new(&kiosk).ok()?,
            service_window: WindowId::new(&service_window).ok()?,
            hall: HallId::new(&hall).ok()?,
            expires: WallMs(expires),
            used_by: used.map(DeviceId),
        })
    }))
}

fn repeat(desk: &Desk<'_>, id: DeviceId) -> Result<Option<Enrolled>, StoreFault> {
    let follows = devices::follows(desk.tx, id)?;
    let Some(follows) = follows else { return Ok(None) };
    let device = devices::one(desk.tx, id)?;
    Ok(device.map(|device| Enrolled { device, follows: follows.and_then(|f| serde_json::from_str(&f).ok()) }))
}

/// Marks other devices of the kiosk as replaced; the head of the latest ledger among them.
fn replace_others(desk: &mut Desk<'_>, kiosk: &KioskId, id: DeviceId) -> Result<Option<Head>, StoreFault> {
    let mut follows = None;
    for other in devices::of_kiosk(desk.tx, kiosk)?.into_iter().filter(|d| d.id != id) {
        if other.standing == Standing::Active {
            devices::set_standing(desk.tx, other.id, Standing::Replaced, desk.now)?;
            let note = format!("device {id} took over kiosk {kiosk}");
            let head = latest_head(desk, other.id)?;
            let (epoch, seq) = head.map_or((0, 0), |h| (h.epoch, h.seq));
            alarms::raise(desk.tx, AlarmKind::ReplacedDevice, other.id, epoch, seq, &note, desk.now)?;
            follows = follows.or(head);
        }
    }
    Ok(follows)
}

fn latest_head(desk: &mut Desk<'_>, device: DeviceId) -> Result<Option<Head>, StoreFault> {
    let epoch = ledgers::latest_epoch(desk.tx, device)?;
    let Some(epoch) = epoch else { return Ok(None) };
    let head = desk.held(device, epoch)?;
    Ok((head.seq > 0).then_some(head))
}

fn normal_code(typed: &str) -> String {
    let kept = typed.chars().take(64).filter(|c| !matches!(c, '-' | ' ' | '－' | '—'));
    kept.map(|c| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        c => c,
    })
    .collect()
}

fn code_hash(normal: &str) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"pingyi-enrol-code-v1").update(normal.as_bytes());
    *hasher.finalize().as_bytes()
}
