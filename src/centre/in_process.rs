//! A whole centre without threads, sockets or clock: for simulations and tests. It runs the very code that serves HTTP.

use rusqlite::Connection;

use super::directory::devices::{Device, Standing};
use super::directory::enrol::{self, EnrolRefusal};
use super::ingest::batch::{self, BatchFault};
use super::ingest::by_phone::{PhoneOutcome, PhoneRating};
use super::ingest::core::{Core, CoreFault};
use super::ingest::desk::Taken;
use super::ingest::explanations;
use super::ingest::judge::Verdict;
use super::ingest::segments::StoreFault;
use super::keys::CentreKeys;
use crate::domain::id::{HallId, KioskId, WindowId};
use crate::domain::time::WallMs;
use crate::ledger::keys::{DeviceId, DeviceKey};
use crate::protocol::{BatchAnswer, Enrol, EnrolAnswer, Heartbeat, HeartbeatAnswer, Receipt, WIRE};

/// Why a request is not served.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("the device is not enrolled here")]
    UnknownDevice,
    #[error("the device was revoked")]
    RevokedDevice,
    #[error(transparent)]
    Batch(#[from] BatchFault),
    #[error("{}", .0.code())]
    Enrol(EnrolRefusal),
    /// Nothing was written, as far as is known; the request may be sent again.
    #[error(transparent)]
    Core(#[from] CoreFault),
}

/// A copy of all that the centre holds.
#[derive(Debug)]
pub struct Backup(Connection);

#[derive(Debug)]
pub struct Centre {
    core: Core,
    keys: CentreKeys,
    hall: HallId,
    /// ETag of the board, without quotes.
    pub board: String,
    pub phone_url: String,
    scratch: Vec<u8>,
}

impl Centre {
    /// An empty centre of one hall; the same seed makes the same keys.
    ///
    /// # Errors
    /// [`CoreFault`] when SQLite cannot make a database in memory.
    pub fn in_memory(hall: HallId, seed: [u8; 32]) -> Result<Self, CoreFault> {
        let keys = CentreKeys::from_seed(seed).map_err(|_| CoreFault::Panicked)?;
        Ok(Self {
            core: Core::in_memory()?,
            keys,
            hall,
            board: "0000000000000000".to_owned(),
            phone_url: "http://localhost".to_owned(),
            scratch: Vec::new(),
        })
    }

    /// A one-time code from 8 random bytes.
    ///
    /// # Errors
    /// [`CoreFault`].
    pub fn enrol_code(
        &mut self,
        kiosk: &KioskId,
        window: &WindowId,
        random: [u8; 8],
        now: WallMs,
    ) -> Result<String, CoreFault> {
        let hall = self.hall.clone();
        self.core.run(now, |desk| Ok(enrol::make_code(desk.tx, kiosk, window, &hall, random, now)?))
    }

    /// # Errors
    /// [`Refused`].
    pub fn enrol(&mut self, request: &Enrol, now: WallMs) -> Result<EnrolAnswer, Refused> {
        enrol::check(request).map_err(Refused::Enrol)?;
        let enrolled = self.core.run(now, |desk| enrol::enrol(desk, request))?.map_err(Refused::Enrol)?;
        Ok(enrol_answer(&self.keys, enrolled, &self.phone_url, now))
    }

    /// Takes a batch's body as it comes over the wire, compressed or not.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn ingest(&mut self, body: &[u8], now: WallMs) -> Result<BatchAnswer, Refused> {
        let directory = self.core.directory().get();
        let opened = batch::open(body, &mut self.scratch)?;
        let (device, key) = directory.ready(&opened.head.device).ok_or(Refused::UnknownDevice)?;
        admitted(device)?;
        let checked = opened.check(key)?;
        let taken = self.core.run(now, |desk| desk.take_batch(checked))?;
        Ok(batch_answer(&taken, &self.keys.signing, now))
    }

    /// # Errors
    /// [`Refused`].
    pub fn heartbeat(&mut self, device: DeviceId, beat: &Heartbeat, now: WallMs) -> Result<HeartbeatAnswer, Refused> {
        let known = self.core.directory().get().device(&device).ok_or(Refused::UnknownDevice)?;
        admitted(&known)?;
        let head = self.core.run(now, |desk| desk.heartbeat(device, beat))?;
        Ok(HeartbeatAnswer {
            server_ms: now.0,
            board: self.board.clone(),
            receipt: Receipt::sign(&head, now.0, &self.keys.signing),
            phone_url: self.phone_url.clone(),
        })
    }

    /// # Errors
    /// [`CoreFault`].
    pub fn rate_by_phone(&mut self, rating: &PhoneRating, now: WallMs) -> Result<PhoneOutcome, CoreFault> {
        self.core.run(now, |desk| desk.rate_by_phone(rating))
    }

    /// Enters what people have decided about forks.
    ///
    /// # Errors
    /// [`CoreFault`].
    pub fn settle_decisions(&mut self, now: WallMs) -> Result<usize, CoreFault> {
        self.core.run(now, explanations::settle)
    }

    /// # Errors
    /// [`CoreFault`].
    pub fn backup(&self) -> Result<Backup, CoreFault> {
        let mut copy = Connection::open_in_memory()?;
        let backup = rusqlite::backup::Backup::new(self.core.conn(), &mut copy)?;
        backup.run_to_completion(1024, std::time::Duration::ZERO, None)?;
        drop(backup);
        Ok(Backup(copy))
    }

    /// Goes back to what was held at the time of the backup.
    ///
    /// # Errors
    /// [`CoreFault`].
    pub fn restore_from(&mut self, backup: &Backup) -> Result<(), CoreFault> {
        self.core.replace_from(&backup.0)
    }

    /// Forgets all that is only in memory, as a restart does.
    ///
    /// # Errors
    /// [`CoreFault`].
    pub fn restart(&mut self) -> Result<(), CoreFault> {
        let copy = self.backup()?;
        self.restore_from(&copy)
    }

    /// For statistics and assertions.
    pub fn conn(&self) -> &Connection {
        self.core.conn()
    }

    pub fn keys(&self) -> &CentreKeys {
        &self.keys
    }
}

/// What the centre answers a device that it has taken in.
pub fn enrol_answer(keys: &CentreKeys, enrolled: enrol::Enrolled, phone_url: &str, now: WallMs) -> EnrolAnswer {
    EnrolAnswer {
        wire: WIRE,
        kiosk: enrolled.device.kiosk,
        window: enrolled.device.service_window,
        centre_key: keys.public(),
        seal_key: keys.seal_key(),
        follows: enrolled.follows,
        server_ms: now.0,
        phone_url: phone_url.to_owned(),
    }
}

/// What the centre answers a batch; signs the receipt.
pub fn batch_answer(taken: &Taken, signing: &DeviceKey, now: WallMs) -> BatchAnswer {
    let receipt = Receipt::sign(&taken.head, now.0, signing);
    match taken.verdict {
        Verdict::Take { .. } | Verdict::Known => BatchAnswer::Held { receipt },
        Verdict::Gap { next_seq } => BatchAnswer::Gap { receipt, next_seq },
        Verdict::Fork { at_seq } => BatchAnswer::Fork { receipt, at_seq },
    }
}

fn admitted(device: &Device) -> Result<&Device, Refused> {
    if device.standing == Standing::Revoked { Err(Refused::RevokedDevice) } else { Ok(device) }
}

impl From<StoreFault> for Refused {
    fn from(fault: StoreFault) -> Self {
        Self::Core(fault.into())
    }
}
