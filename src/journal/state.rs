//! What must survive a restart beside the chain: the enrolment, the last good boards, the throttles of secrets; and what
//! only the holder of the device key can make.

use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::{Journal, JournalFault, from_json, read_state, to_json};
use crate::domain::board::BoardVersion;
use crate::domain::id::{KioskId, WindowId};
use crate::domain::time::Now;
use crate::ledger::entry::{Body, Enrolled};
use crate::ledger::keys::{PublicKey, SealKey};
use crate::ledger::ticket::Ticket;
use crate::protocol::EnrolAnswer;

/// Boards that are kept: the last good one and the one before.
const BOARDS_KEPT: i64 = 2;
/// Names of throttled secrets that are remembered.
const THROTTLES_KEPT: i64 = 10_000;
/// The centre's clock is noted in the chain at least this often while it answers, and whenever it differs by
/// [`NOTED_DRIFT_MS`].
const ANCHOR_NOTE_MS: u64 = 6 * 3_600_000;
const NOTED_DRIFT_MS: i64 = 2_000;
pub(super) const ENROLMENT: &str = "enrolment";

/// Who took this device in, and for which window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    pub kiosk: KioskId,
    pub window: WindowId,
    pub centre_key: PublicKey,
    pub seal_key: SealKey,
    /// What a phone's browser opens.
    pub phone_url: String,
}

impl Journal {
    /// Keeps the centre's answer and enters it in the chain, in one commit.
    ///
    /// # Errors
    /// [`JournalFault`]; the code that was used can be told from the answer only, so try again with the same answer.
    pub fn enrolled(&mut self, answer: &EnrolAnswer, now: Now) -> Result<(), JournalFault> {
        let enrolment = Enrolment {
            kiosk: answer.kiosk.clone(),
            window: answer.window.clone(),
            centre_key: answer.centre_key,
            seal_key: answer.seal_key,
            phone_url: answer.phone_url.clone(),
        };
        let body = Body::Enrolled(Enrolled {
            kiosk: answer.kiosk.clone(),
            window: answer.window.clone(),
            centre_key: answer.centre_key,
            seal_key: answer.seal_key,
            follows: answer.follows,
        });
        self.write(vec![body], Vec::new(), vec![(ENROLMENT, to_json(&enrolment)?)], now).map(drop)
    }

    /// # Errors
    /// When reading fails.
    pub fn enrolment(&self) -> Result<Option<Enrolment>, JournalFault> {
        read_state(self.conn()?, ENROLMENT)?.map(|text| from_json(&text)).transpose()
    }

    /// The centre's phone address changed.
    ///
    /// # Errors
    /// When the store fails.
    pub fn hold_phone_url(&mut self, phone_url: &str, now: Now) -> Result<(), JournalFault> {
        match self.enrolment()? {
            Some(old) if old.phone_url != phone_url => {
                let enrolment = Enrolment { phone_url: phone_url.to_owned(), ..old };
                self.write(Vec::new(), Vec::new(), vec![(ENROLMENT, to_json(&enrolment)?)], now).map(drop)
            }
            _ => Ok(()),
        }
    }

    /// The centre's clock was seen: entries are of grade A from here to the end of the boot. Noted in the chain when it
    /// is news; true if it was.
    ///
    /// # Errors
    /// When the note cannot be stored; the clock is anchored all the same.
    pub fn anchor_clock(&mut self, centre_ms: i64, round_trip_ms: u32, now: Now) -> Result<bool, JournalFault> {
        let (before, _) = self.clock.read(now);
        self.clock.anchor(centre_ms, round_trip_ms, now);
        let (after, _) = self.clock.read(now);
        let drifted = after.since_ms(before).abs() >= NOTED_DRIFT_MS;
        let due = self.anchored_ms.is_none_or(|noted| now.mono_ms.saturating_sub(noted) >= ANCHOR_NOTE_MS);
        if !(drifted || due) {
            return Ok(false);
        }
        self.append(vec![Body::ClockAnchor { centre_ms, round_trip_ms }], now)?;
        self.anchored_ms = Some(now.mono_ms);
        Ok(true)
    }

    /// Keeps a board that was read and found good; the one before it stays too.
    ///
    /// # Errors
    /// When the store fails.
    pub fn hold_board(&mut self, version: &BoardVersion, json: &[u8], now: Now) -> Result<(), JournalFault> {
        let (wall, _) = self.clock.read(now);
        let tx = self.conn_mut()?.transaction()?;
        tx.execute("DELETE FROM board WHERE version = ?1", [&version.0])?;
        tx.execute("INSERT INTO board (version, json, held_ms) VALUES (?1, ?2, ?3)", params![version.0, json, wall.0])?;
        tx.execute(
            "DELETE FROM board WHERE rowid NOT IN (SELECT rowid FROM board ORDER BY rowid DESC LIMIT ?1)",
            [BOARDS_KEPT],
        )?;
        Ok(tx.commit()?)
    }

    /// The boards on the device, newest first.
    ///
    /// # Errors
    /// When reading fails.
    pub fn boards(&self) -> Result<Vec<(BoardVersion, Vec<u8>)>, JournalFault> {
        let mut statement = self.conn()?.prepare_cached("SELECT version, json FROM board ORDER BY rowid DESC")?;
        let rows = statement.query_map([], |r| Ok((BoardVersion(r.get(0)?), r.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Wrong secrets in a row under this name.
    ///
    /// # Errors
    /// When reading fails.
    pub fn failures(&self, name: &str) -> Result<u32, JournalFault> {
        let mut statement = self.conn()?.prepare_cached("SELECT failures FROM throttle WHERE name = ?1")?;
        Ok(statement.query_row([name], |r| r.get(0)).optional()?.unwrap_or(0))
    }

    /// Counts a failure, durably; to be called before a secret is compared, so that pulling the plug wins no free try.
    ///
    /// # Errors
    /// When the store fails: the secret must not be compared then.
    pub fn note_failure(&mut self, name: &str) -> Result<u32, JournalFault> {
        let tx = self.conn_mut()?.transaction()?;
        tx.execute(
            "INSERT INTO throttle (name, failures) VALUES (?1, 1)
             ON CONFLICT (name) DO UPDATE SET failures = min(failures + 1, 1000)",
            [name],
        )?;
        tx.execute(
            "DELETE FROM throttle WHERE name <> ?1 AND name NOT IN
               (SELECT name FROM throttle ORDER BY failures DESC, name LIMIT ?2)",
            params![name, THROTTLES_KEPT],
        )?;
        let failures = tx.query_row("SELECT failures FROM throttle WHERE name = ?1", [name], |r| r.get(0))?;
        tx.commit()?;
        Ok(failures)
    }

    /// The right secret was given.
    ///
    /// # Errors
    /// When the store fails.
    pub fn clear_failures(&mut self, name: &str) -> Result<(), JournalFault> {
        self.conn_mut()?.execute("DELETE FROM throttle WHERE name = ?1", [name])?;
        Ok(())
    }

    /// Keeps a small text under a name over restarts: what sync must remember.
    ///
    /// # Errors
    /// When the store fails.
    pub fn remember(&mut self, name: &'static str, text: &str, now: Now) -> Result<(), JournalFault> {
        self.write(Vec::new(), Vec::new(), vec![(name, text.to_owned())], now).map(drop)
    }

    /// What was remembered under the name.
    ///
    /// # Errors
    /// When reading fails.
    pub fn recall(&self, name: &str) -> Result<Option<String>, JournalFault> {
        Ok(read_state(self.conn()?, name)?)
    }

    /// A signed ticket for the visit, `rated` or not yet, valid for `valid_min` minutes by the kiosk's clock.
    pub fn ticket(&self, visit: u64, rated: bool, valid_min: u32, now: Now) -> String {
        let (wall, _) = self.clock.read(now);
        let minutes = u32::try_from(wall.0 / 60_000).unwrap_or(0);
        let head = self.head();
        let mut anchor_hash = [0; 16];
        anchor_hash.copy_from_slice(&head.hash.0[..16]);
        let ticket = Ticket {
            device: head.device,
            epoch: head.epoch,
            visit,
            rated,
            expires_min: minutes.saturating_add(valid_min),
            anchor_seq: head.seq,
            anchor_hash,
        };
        ticket.to_text(&self.key)
    }
}
