//! Sealing: HPKE (RFC 9180) to the centre's public key. A kiosk can seal and cannot open.

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable, single_shot_open, single_shot_seal};
use serde::{Deserialize, Serialize};

use super::keys::{Hash, SealKey};

/// Characters of a citizen's words.
pub const MAX_WORDS_CHARS: usize = 500;
/// A sealed text is at most this long.
pub const MAX_SEALED_BYTES: usize = 4 * 1024;

const INFO: &[u8] = b"pingyi-seal-v1";
const ENCAPSULATED_BYTES: usize = 32;

/// What a citizen wrote; only ever seen sealed, except by the centre's follow-up officer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Given with consent, for the follow-up only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealFault {
    #[error("the centre's sealing key is not usable")]
    Key,
    #[error("the sealed text does not open with this key and context")]
    Open,
    #[error("the words are too long to be sealed")]
    TooLong,
}

/// The centre's private key; its bytes never appear in `Debug`.
pub struct OpenKey(<X25519HkdfSha256 as Kem>::PrivateKey);

impl std::fmt::Debug for OpenKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OpenKey")
    }
}

impl OpenKey {
    /// # Errors
    /// [`SealFault::Key`] when the bytes are no X25519 key.
    pub fn from_secret(secret: &[u8; 32]) -> Result<Self, SealFault> {
        let key = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(secret).map_err(|_| SealFault::Key)?;
        Ok(Self(key))
    }

    pub fn public(&self) -> SealKey {
        SealKey(<X25519HkdfSha256 as Kem>::sk_to_pk(&self.0).to_bytes().into())
    }

    /// Opens what was sealed to this key in `context`.
    ///
    /// # Errors
    /// [`SealFault::Open`] when key, context or bytes are others.
    pub fn open(&self, sealed: &[u8], context: &[u8]) -> Result<Words, SealFault> {
        if sealed.len() < ENCAPSULATED_BYTES || sealed.len() > MAX_SEALED_BYTES {
            return Err(SealFault::Open);
        }
        let (head, cipher) = sealed.split_at(ENCAPSULATED_BYTES);
        let head = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(head).map_err(|_| SealFault::Open)?;
        let plain = single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &self.0,
            &head,
            INFO,
            cipher,
            context,
        )
        .map_err(|_| SealFault::Open)?;
        serde_json::from_slice(plain.trim_ascii_end()).map_err(|_| SealFault::Open)
    }
}

/// Seals `words` for the holder of `key`; `context` (device, epoch and visit, see [`context`]) must be the same at opening.
/// The plain text is padded to a multiple of 256 bytes, so that its length says little.
///
/// # Errors
/// [`SealFault::Key`] or [`SealFault::TooLong`].
pub fn seal(words: &Words, key: &SealKey, context: &[u8]) -> Result<Vec<u8>, SealFault> {
    let key = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&key.0).map_err(|_| SealFault::Key)?;
    let mut plain = serde_json::to_vec(words).map_err(|_| SealFault::TooLong)?;
    plain.resize(plain.len().next_multiple_of(256), b' ');
    let (head, cipher) =
        single_shot_seal::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(&OpModeS::Base, &key, INFO, &plain, context)
            .map_err(|_| SealFault::Key)?;
    let mut sealed = head.to_bytes().to_vec();
    sealed.extend_from_slice(&cipher);
    if sealed.len() > MAX_SEALED_BYTES { Err(SealFault::TooLong) } else { Ok(sealed) }
}

/// Binds sealed words to their visit.
pub fn context(device: &super::keys::DeviceId, epoch: u32, visit: u64) -> Vec<u8> {
    let mut out = device.0.to_vec();
    out.extend_from_slice(&epoch.to_le_bytes());
    out.extend_from_slice(&visit.to_le_bytes());
    out
}

/// What the chain holds of sealed words.
pub fn commitment(sealed: &[u8]) -> Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"pingyi-words-v1").update(sealed);
    Hash(*hasher.finalize().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        Words { text: Some("等了很久".into()), contact: Some("13800000000".into()) }
    }

    #[test]
    fn only_the_right_key_and_context_open() {
        let key = OpenKey::from_secret(&[9; 32]).unwrap();
        let other = OpenKey::from_secret(&[8; 32]).unwrap();
        let sealed = seal(&words(), &key.public(), b"visit 1").unwrap();
        assert_eq!(key.open(&sealed, b"visit 1"), Ok(words()));
        assert_eq!(key.open(&sealed, b"visit 2"), Err(SealFault::Open));
        assert_eq!(other.open(&sealed, b"visit 1"), Err(SealFault::Open));
        assert!(!sealed.windows(11).any(|w| w == b"13800000000"));
    }

    #[test]
    fn every_changed_byte_is_noticed_and_lengths_are_padded() {
        let key = OpenKey::from_secret(&[9; 32]).unwrap();
        let sealed = seal(&words(), &key.public(), b"").unwrap();
        for i in (0..sealed.len()).step_by(7) {
            let mut bad = sealed.clone();
            bad[i] ^= 0x10;
            assert_eq!(key.open(&bad, b""), Err(SealFault::Open), "byte {i}");
        }
        let short = seal(&Words { text: Some("好".into()), contact: None }, &key.public(), b"").unwrap();
        assert_eq!(short.len(), sealed.len());
        let long = Words { text: Some("长".repeat(2000)), contact: None };
        assert_eq!(seal(&long, &key.public(), b""), Err(SealFault::TooLong));
    }
}
