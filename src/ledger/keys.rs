//! Device keys, hashes and signatures in their typed and textual forms.

use data_encoding::HEXLOWER_PERMISSIVE as HEX;
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text is not the hexadecimal form of so many bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {0} hexadecimal digits")]
pub struct HexFault(pub usize);

macro_rules! bytes_hex {
    ($($(#[$doc:meta])* $name:ident, $len:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// # Errors
            /// [`HexFault`] unless the text is exactly the right number of digits.
            pub fn from_hex(text: &str) -> Result<Self, HexFault> {
                let mut out = [0; $len];
                if text.len() != $len * 2 || HEX.decode_mut(text.as_bytes(), &mut out).is_err() {
                    return Err(HexFault($len * 2));
                }
                Ok(Self(out))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&HEX.encode(&self.0))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($name), HEX.encode(&self.0))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
                Self::from_hex(&text).map_err(serde::de::Error::custom)
            }
        }
    )+};
}

bytes_hex! {
    /// An installation of a kiosk: the first 16 bytes of BLAKE3 over its public key. A reinstalled kiosk is another device.
    DeviceId, 16;
    /// BLAKE3 of an entry and all before it.
    Hash, 32;
    /// An Ed25519 public key.
    PublicKey, 32;
    /// An Ed25519 signature.
    Signature, 64;
    /// An X25519 public key to which personal text is sealed.
    SealKey, 32;
}

impl PublicKey {
    /// The device that holds this key.
    pub fn device(&self) -> DeviceId {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"pingyi-device-v1").update(&self.0);
        let mut id = [0; 16];
        id.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        DeviceId(id)
    }

    /// For a key that checks many signatures.
    pub fn ready(&self) -> ReadyKey {
        ReadyKey { device: self.device(), public: *self, point: VerifyingKey::from_bytes(&self.0).ok() }
    }

    /// True if `signature` is this key's over `message`. Strict: no malleable or small-order forms.
    pub fn verifies(&self, message: &[u8], signature: &Signature) -> bool {
        let Ok(key) = VerifyingKey::from_bytes(&self.0) else { return false };
        key.verify_strict(message, &ed25519_dalek::Signature::from_bytes(&signature.0)).is_ok()
    }
}

/// A public key made ready for many checks: its point is decompressed once.
#[derive(Debug, Clone, Copy)]
pub struct ReadyKey {
    pub device: DeviceId,
    pub public: PublicKey,
    /// None: the bytes are no point, and nothing verifies.
    point: Option<VerifyingKey>,
}

impl ReadyKey {
    /// As [`PublicKey::verifies`].
    pub fn verifies(&self, message: &[u8], signature: &Signature) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        self.point.is_some_and(|p| p.verify_strict(message, &signature).is_ok())
    }
}

/// A private signing key, of a device or of the centre; its bytes never appear in `Debug`.
pub struct DeviceKey(SigningKey);

impl DeviceKey {
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(secret))
    }

    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    pub fn device(&self) -> DeviceId {
        self.public().device()
    }

    pub fn sign(&self, message: &[u8]) -> Signature {
        Signature(self.0.sign(message).to_bytes())
    }
}

impl std::fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DeviceKey(of {})", self.device())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_its_message_and_key_only() {
        let (a, b) = (DeviceKey::from_secret(&[1; 32]), DeviceKey::from_secret(&[2; 32]));
        let signature = a.sign(b"message");
        assert!(a.public().verifies(b"message", &signature));
        assert!(!a.public().verifies(b"massage", &signature));
        assert!(!b.public().verifies(b"message", &signature));
        assert!(a.public().ready().verifies(b"message", &signature));
        assert!(!a.public().ready().verifies(b"massage", &signature));
        assert!(!b.public().ready().verifies(b"message", &signature));
        assert!(!PublicKey([2; 32]).ready().verifies(b"message", &signature));
        assert_ne!(a.device(), b.device());
        assert!(!format!("{a:?}").contains("01010101"));
    }

    #[test]
    fn hex_is_strict_about_length_and_digits() {
        let id = DeviceKey::from_secret(&[1; 32]).device();
        assert_eq!(DeviceId::from_hex(&id.to_string()), Ok(id));
        for bad in ["", "00", &"g".repeat(32), &"0".repeat(33)] {
            assert_eq!(DeviceId::from_hex(bad), Err(HexFault(32)), "{bad}");
        }
    }
}
