//! A batch as it comes over the wire: opened, checked and parsed once, before anything reaches the writer.
//!
//! **Architecture invariant:** nothing here touches a store. What comes out of [`Opened::check`] is authentic, contiguous
//! in itself and within its bounds; only its place in the ledger is still to be judged.

use std::cell::RefCell;

use crate::ledger::chain::{self, LinkFault, Tip};
use crate::ledger::entry::{Body, Entry};
use crate::ledger::keys::{DeviceId, Hash, PublicKey, ReadyKey, Signature};
use crate::ledger::seal::{self, MAX_SEALED_BYTES};
use crate::protocol::{BatchHead, MAX_BATCH_BYTES, MAX_BATCH_ENTRIES, MAX_BATCH_SEALED, WIRE};

/// Why a batch is refused; nothing of it was taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BatchFault {
    #[error("the batch is longer than {MAX_BATCH_BYTES} bytes, or does not decompress")]
    TooLarge,
    #[error("the first line is no batch head: {0}")]
    Head(String),
    #[error("wire version {0} is not spoken here")]
    Wire(u16),
    #[error("the head says {said} entries and {found} lines follow; 1 to {MAX_BATCH_ENTRIES} are allowed")]
    Count { said: u32, found: usize },
    #[error("entry {seq}: {fault}")]
    Entry { seq: u64, fault: LinkFault },
    #[error("entry {0}: a genesis stands first in its epoch, names its own device, and nowhere else")]
    Genesis(u64),
    #[error("the entries do not lead to the hash that the device signed")]
    Chain,
    #[error("the signature is not this device's")]
    Signature,
    #[error("sealed words of entry {0} are not those it commits to")]
    Sealed(u64),
}

/// How a segment's bytes are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    /// Lines.
    Plain = 0,
    /// zstd over lines.
    Lines = 1,
    /// zstd over the head's line and the lines: the body as the kiosk sent it.
    Sent = 2,
}

impl Codec {
    pub fn from_code(code: i64) -> Option<Self> {
        [Self::Plain, Self::Lines, Self::Sent].into_iter().find(|c| *c as i64 == code)
    }
}

/// Entries at rest: no row per entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    pub codec: Codec,
    pub bytes: Vec<u8>,
}

/// A body whose head is parsed and not yet believed.
pub struct Opened<'a> {
    pub head: BatchHead,
    lines: &'a [u8],
    /// The body as it came, if it came compressed.
    compressed: Option<&'a [u8]>,
}

/// A batch that is what its device signed.
#[derive(Debug)]
pub struct Checked {
    pub device: DeviceId,
    pub epoch: u32,
    pub first_seq: u64,
    pub prev: Hash,
    pub signature: Signature,
    pub entries: Vec<Entry>,
    /// `hashes[i]` is that of `entries[i]`.
    pub hashes: Vec<Hash>,
    pub packed: Packed,
    /// `(seq, sealed)` of entries that commit to sealed words.
    pub sealed: Vec<(u64, Vec<u8>)>,
    /// Visits that were opened before this batch and are named in it.
    pub earlier: Vec<u64>,
}

impl Checked {
    pub fn last_seq(&self) -> u64 {
        self.first_seq + self.entries.len() as u64 - 1
    }

    pub fn head_hash(&self) -> Hash {
        self.hashes.last().copied().unwrap_or(self.prev)
    }

    /// Hash at `seq`, from the one before the first entry on.
    pub fn hash_at(&self, seq: u64) -> Option<Hash> {
        match seq.checked_sub(self.first_seq) {
            None => (seq + 1 == self.first_seq).then_some(self.prev),
            Some(i) => self.hashes.get(usize::try_from(i).ok()?).copied(),
        }
    }

    /// Drops the first `count` entries, which are held already.
    ///
    /// # Errors
    /// [`BatchFault::TooLarge`] when the bytes do not decompress, which [`Opened::check`] has seen them do.
    pub fn skip(&mut self, count: usize) -> Result<(), BatchFault> {
        if count == 0 {
            return Ok(());
        }
        let lines = unpack(&self.packed)?;
        let rest: Vec<u8> = split_lines(&lines).skip(count).flat_map(|l| [l, b"\n"].concat()).collect();
        self.packed = pack(&rest);
        self.prev = self.hashes.get(count - 1).copied().unwrap_or(self.prev);
        self.first_seq += count as u64;
        self.entries.drain(..count);
        self.hashes.drain(..count);
        let first = self.first_seq;
        self.sealed.retain(|(seq, _)| *seq >= first);
        self.earlier = earlier_visits(first, &self.entries);
        Ok(())
    }
}

/// Decompresses the body if need be and reads its head. `scratch` is overwritten and may be used again.
///
/// # Errors
/// [`BatchFault`]: too large, no head, another wire, or a count out of bounds.
pub fn open<'a>(body: &'a [u8], scratch: &'a mut Vec<u8>) -> Result<Opened<'a>, BatchFault> {
    let compressed = body.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]).then_some(body);
    let plain: &[u8] = if compressed.is_some() {
        inflate(body, scratch)?;
        scratch
    } else {
        body
    };
    if plain.len() > MAX_BATCH_BYTES {
        return Err(BatchFault::TooLarge);
    }
    let end = plain.iter().position(|&b| b == b'\n').unwrap_or(plain.len());
    let head: BatchHead = serde_json::from_slice(&plain[..end]).map_err(|e| BatchFault::Head(short(&e.to_string())))?;
    if head.wire != WIRE {
        return Err(BatchFault::Wire(head.wire));
    }
    let count = head.count as usize;
    if count == 0 || count > MAX_BATCH_ENTRIES || head.first_seq == 0 || head.sealed.len() > MAX_BATCH_SEALED {
        return Err(BatchFault::Count { said: head.count, found: 0 });
    }
    Ok(Opened { head, lines: plain.get(end + 1..).unwrap_or_default(), compressed })
}

impl Opened<'_> {
    /// Checks signature, chain, bounds and sealed words against the device's `key`; every entry is parsed here, once.
    ///
    /// # Errors
    /// The first [`BatchFault`].
    pub fn check(self, key: &ReadyKey) -> Result<Checked, BatchFault> {
        let head = &self.head;
        // The signature first: only a device may make the centre parse a long body.
        if key.device != head.device || !key.verifies(&chain::signed_message(&head.head), &head.signature) {
            return Err(BatchFault::Signature);
        }
        let count = head.count as usize;
        let mut tip = Tip { device: head.device, epoch: head.epoch, seq: head.first_seq - 1, hash: head.prev };
        let (mut entries, mut hashes) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let mut found = 0;
        for line in split_lines(self.lines) {
            found += 1;
            if found > count {
                break;
            }
            let seq = tip.seq + 1;
            let entry = tip.follow(line).map_err(|fault| BatchFault::Entry { seq, fault })?;
            check_genesis(&entry, head, &key.public)?;
            hashes.push(tip.hash);
            entries.push(entry);
        }
        if found != count {
            return Err(BatchFault::Count { said: head.count, found });
        }
        if tip.hash != head.head {
            return Err(BatchFault::Chain);
        }
        let sealed = check_sealed(head, &entries)?;
        let packed = match self.compressed {
            // With sealed words in the head it may not be kept whole: words must be erasable.
            Some(body) if head.sealed.is_empty() => Packed { codec: Codec::Sent, bytes: body.to_vec() },
            _ => pack(self.lines),
        };
        Ok(Checked {
            device: head.device,
            epoch: head.epoch,
            first_seq: head.first_seq,
            prev: head.prev,
            signature: head.signature,
            earlier: earlier_visits(head.first_seq, &entries),
            entries,
            hashes,
            packed,
            sealed,
        })
    }
}

/// The lines of a stored segment, without the head's.
///
/// # Errors
/// [`BatchFault::TooLarge`] when the bytes do not decompress within a batch's bounds.
pub fn unpack(packed: &Packed) -> Result<Vec<u8>, BatchFault> {
    if packed.codec == Codec::Plain {
        return Ok(packed.bytes.clone());
    }
    let mut out = Vec::new();
    inflate(&packed.bytes, &mut out)?;
    if packed.codec == Codec::Sent {
        let end = out.iter().position(|&b| b == b'\n').map_or(out.len(), |i| i + 1);
        out.drain(..end);
    }
    Ok(out)
}

/// One entry a line; the last line feed may be missing.
pub fn split_lines(lines: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = lines.strip_suffix(b"\n").unwrap_or(lines);
    let none = lines.is_empty();
    lines.split(|&b| b == b'\n').filter(move |_| !none)
}

/// Shorter runs are kept as they are: compressing costs more than it saves.
const PACK_FROM_BYTES: usize = 1_024;

fn pack(lines: &[u8]) -> Packed {
    thread_local! {
        static COMPRESSOR: RefCell<Option<zstd::bulk::Compressor<'static>>> = const { RefCell::new(None) };
    }
    if lines.len() >= PACK_FROM_BYTES {
        let packed = COMPRESSOR.with_borrow_mut(|slot| {
            if slot.is_none() {
                *slot = zstd::bulk::Compressor::new(1).ok();
            }
            slot.as_mut().and_then(|c| c.compress(lines).ok())
        });
        if let Some(bytes) = packed.filter(|b| b.len() < lines.len()) {
            return Packed { codec: Codec::Lines, bytes };
        }
    }
    Packed { codec: Codec::Plain, bytes: lines.to_vec() }
}

fn inflate(body: &[u8], out: &mut Vec<u8>) -> Result<(), BatchFault> {
    thread_local! {
        static DECOMPRESSOR: RefCell<Option<zstd::bulk::Decompressor<'static>>> = const { RefCell::new(None) };
    }
    out.clear();
    out.reserve(MAX_BATCH_BYTES);
    DECOMPRESSOR.with_borrow_mut(|slot| {
        if slot.is_none() {
            *slot = zstd::bulk::Decompressor::new().ok();
        }
        let Some(decompressor) = slot else { return Err(BatchFault::TooLarge) };
        // Writes at most the buffer's capacity, whatever the frame claims.
        decompressor.decompress_to_buffer(body, out).map(|_| ()).map_err(|_| BatchFault::TooLarge)
    })
}

fn check_genesis(entry: &Entry, head: &BatchHead, key: &PublicKey) -> Result<(), BatchFault> {
    let right = match &entry.body {
        Body::Genesis(g) => {
            entry.seq == 1
                && g.device == head.device
                && g.epoch == head.epoch
                && g.public_key == *key
                && head.prev == chain::origin(head.device, head.epoch)
        }
        _ => entry.seq != 1,
    };
    if right { Ok(()) } else { Err(BatchFault::Genesis(entry.seq)) }
}

fn check_sealed(head: &BatchHead, entries: &[Entry]) -> Result<Vec<(u64, Vec<u8>)>, BatchFault> {
    let mut out: Vec<(u64, Vec<u8>)> = Vec::with_capacity(head.sealed.len());
    for words in &head.sealed {
        let fault = BatchFault::Sealed(words.seq);
        let at = words.seq.checked_sub(head.first_seq).and_then(|i| usize::try_from(i).ok());
        let Some(Body::Explained(explained)) = at.and_then(|i| entries.get(i)).map(|e| &e.body) else {
            return Err(fault);
        };
        let Ok(sealed) = data_encoding::BASE64.decode(words.sealed.as_bytes()) else { return Err(fault) };
        let committed = explained.sealed == Some(seal::commitment(&sealed));
        if !committed || sealed.len() > MAX_SEALED_BYTES || out.iter().any(|(seq, _)| *seq == words.seq) {
            return Err(fault);
        }
        out.push((words.seq, sealed));
    }
    Ok(out)
}

/// Visits that entries name and that were opened before `first_seq`.
pub fn earlier_visits(first_seq: u64, entries: &[Entry]) -> Vec<u64> {
    let mut out: Vec<u64> = Vec::new();
    for entry in entries {
        let visit = match &entry.body {
            Body::Rated(r) | Body::Revised(r) => r.visit,
            Body::Explained(e) => e.visit,
            Body::Invited { visit, .. } | Body::VisitClosed { visit, .. } => *visit,
            _ => continue,
        };
        if visit < first_seq && !out.contains(&visit) {
            out.push(visit);
        }
    }
    out
}

fn short(text: &str) -> String {
    text.chars().take(160).collect()
}
