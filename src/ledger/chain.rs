//! The chain: each entry's hash binds all before it, and the device signs each hash.

use super::entry::{Entry, EntryFault, Head};
use super::keys::{DeviceId, DeviceKey, Hash, PublicKey, Signature};

/// An entry as it is stored: its very bytes, their hash in the chain, and the device's signature of that hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    pub seq: u64,
    pub bytes: Vec<u8>,
    pub hash: Hash,
    pub signature: Signature,
}

/// What the first entry of `(device, epoch)` has as its predecessor; binds every entry to both.
pub fn origin(device: DeviceId, epoch: u32) -> Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"pingyi-origin-v1").update(&device.0).update(&epoch.to_le_bytes());
    Hash(*hasher.finalize().as_bytes())
}

/// The hash of an entry whose predecessor is `prev`.
pub fn link(prev: &Hash, bytes: &[u8]) -> Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"pingyi-ledger-v1").update(&prev.0).update(bytes);
    Hash(*hasher.finalize().as_bytes())
}

/// What the device signs for the entry with this hash.
pub fn signed_message(hash: &Hash) -> [u8; 48] {
    let mut message = [0; 48];
    message[..16].copy_from_slice(b"pingyi-entry-v1\0");
    message[16..].copy_from_slice(&hash.0);
    message
}

/// True if `signature` is the device's over the entry with this hash, and so over all before it.
pub fn signature_holds(key: &PublicKey, hash: &Hash, signature: &Signature) -> bool {
    key.verifies(&signed_message(hash), signature)
}

/// The end of a chain, at which entries are appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tip {
    pub device: DeviceId,
    pub epoch: u32,
    /// Sequence number of the last entry; 0 before the genesis.
    pub seq: u64,
    pub hash: Hash,
}

impl Tip {
    /// Before the genesis of an epoch.
    pub fn start(device: DeviceId, epoch: u32) -> Self {
        Self { device, epoch, seq: 0, hash: origin(device, epoch) }
    }

    pub fn head(&self) -> Head {
        Head { device: self.device, epoch: self.epoch, seq: self.seq, hash: self.hash }
    }

    /// Numbers, hashes and signs `entry` as the next one, and moves the tip to it.
    ///
    /// # Errors
    /// [`EntryFault`] when the entry breaks a bound; the tip stays.
    pub fn append(&mut self, mut entry: Entry, key: &DeviceKey) -> Result<Signed, EntryFault> {
        entry.seq = self.seq + 1;
        let bytes = entry.to_bytes()?;
        let hash = link(&self.hash, &bytes);
        let signature = key.sign(&signed_message(&hash));
        self.seq = entry.seq;
        self.hash = hash;
        Ok(Signed { seq: entry.seq, bytes, hash, signature })
    }

    /// Takes the next entry's bytes: parses them once, checks the sequence number and moves the tip.
    ///
    /// # Errors
    /// [`LinkFault`]; the tip stays.
    pub fn follow(&mut self, bytes: &[u8]) -> Result<Entry, LinkFault> {
        let entry = Entry::from_bytes(bytes)?;
        if entry.seq != self.seq + 1 {
            return Err(LinkFault::Order { wanted: self.seq + 1, found: entry.seq });
        }
        self.hash = link(&self.hash, bytes);
        self.seq = entry.seq;
        Ok(entry)
    }
}

/// Why an entry does not follow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkFault {
    #[error(transparent)]
    Entry(#[from] EntryFault),
    #[error("entry {found} stands where {wanted} should")]
    Order { wanted: u64, found: u64 },
}

/// Ten characters that a citizen keeps: the first 50 bits of their rating's hash, and so a witness of all before it.
pub fn receipt_code(hash: &Hash) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let [a, b, c, d, e, f, g, ..] = hash.0;
    let mut bits = u64::from_be_bytes([0, a, b, c, d, e, f, g]) >> 6;
    let mut code = [b'-'; 11];
    for i in [10, 9, 8, 7, 6, 4, 3, 2, 1, 0] {
        code[i] = ALPHABET[(bits & 31) as usize];
        bits >>= 5;
    }
    code.iter().map(|&b| char::from(b)).collect()
}

/// The same code as a person typed it: any case, O, I and L for 0 and 1, with or without hyphen and spaces.
pub fn normal_receipt_code(typed: &str) -> Option<String> {
    let mut out = String::with_capacity(11);
    for c in typed.chars().take(40).filter(|c| !matches!(c, '-' | ' ' | '－' | '—')) {
        let c = match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c if c.is_ascii_digit() || (c.is_ascii_uppercase() && c != 'U') => c,
            _ => return None,
        };
        if out.len() == 5 {
            out.push('-');
        }
        out.push(c);
    }
    (out.len() == 11).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::ClockGrade;
    use crate::ledger::entry::{Body, ENTRY_VERSION};

    fn boot() -> Entry {
        Entry {
            v: ENTRY_VERSION,
            seq: 0,
            boot: 1,
            mono_ms: 5,
            wall_ms: 1_790_000_000_000,
            clock: ClockGrade::B,
            body: Body::Boot { version: "0.1.0".into() },
        }
    }

    #[test]
    fn what_was_appended_follows_and_verifies() {
        let key = DeviceKey::from_secret(&[7; 32]);
        let mut tip = Tip::start(key.device(), 1);
        let mut reader = tip;
        for seq in 1..=5 {
            let signed = tip.append(boot(), &key).unwrap();
            assert_eq!(signed.seq, seq);
            reader.follow(&signed.bytes).unwrap();
            assert_eq!(reader, tip);
            assert!(signature_holds(&key.public(), &signed.hash, &signed.signature));
        }
    }

    #[test]
    fn one_changed_byte_another_device_or_epoch_gives_another_hash() {
        let key = DeviceKey::from_secret(&[7; 32]);
        let start = origin(key.device(), 1);
        let bytes = boot().to_bytes().unwrap();
        let hash = link(&start, &bytes);
        let mut changed = bytes.clone();
        changed[10] ^= 1;
        assert_ne!(link(&start, &changed), hash);
        assert_ne!(link(&origin(key.device(), 2), &bytes), hash);
        assert_ne!(link(&origin(DeviceId([0; 16]), 1), &bytes), hash);
    }

    #[test]
    fn a_gap_is_refused_and_the_tip_stays() {
        let key = DeviceKey::from_secret(&[7; 32]);
        let mut tip = Tip::start(key.device(), 1);
        tip.append(boot(), &key).unwrap();
        let second = tip.append(boot(), &key).unwrap();
        let mut reader = Tip::start(key.device(), 1);
        assert_eq!(reader.follow(&second.bytes), Err(LinkFault::Order { wanted: 1, found: 2 }));
        assert_eq!(reader, Tip::start(key.device(), 1));
    }

    #[test]
    fn receipt_codes_survive_being_typed() {
        let code = receipt_code(&Hash([0xFF; 32]));
        assert_eq!(code, "ZZZZZ-ZZZZZ");
        assert_eq!(receipt_code(&Hash([0; 32])), "00000-00000");
        assert_eq!(normal_receipt_code("zzzzz zzzzz").as_deref(), Some("ZZZZZ-ZZZZZ"));
        assert_eq!(normal_receipt_code("oooooilll1").as_deref(), Some("00000-11111"));
        assert_eq!(normal_receipt_code("ZZZZZ-ZZZZ"), None);
        assert_eq!(normal_receipt_code("ZZZZZ-ZZZZU"), None);
    }
}
