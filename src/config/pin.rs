//! PINs at rest: argon2id texts, made by `pingyi pin`, checked under bounds so that no file can make a kiosk compute for
//! minutes or take all its memory.

use std::fmt;
use std::str::FromStr;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};

/// Digits of a PIN.
pub const DIGITS: std::ops::RangeInclusive<usize> = 4..=12;

const MEMORY_KIB: std::ops::RangeInclusive<u32> = 8 * 1024..=256 * 1024;
const PASSES: std::ops::RangeInclusive<u32> = 1..=16;
const LANES: std::ops::RangeInclusive<u32> = 1..=4;
/// What this program makes: 19 MiB and two passes.
const MADE: (u32, u32, u32) = (19 * 1024, 2, 1);

/// A PIN's argon2id hash, within bounds.
#[derive(Clone, PartialEq, Eq)]
pub struct PinHash(PasswordHash);

/// Why there is no hash.
#[derive(Debug, thiserror::Error)]
pub enum PinFault {
    #[error("a PIN has {} to {} digits", DIGITS.start(), DIGITS.end())]
    Digits,
    #[error("the PIN cannot be hashed: {0}")]
    Hash(String),
}

impl PinHash {
    /// Hashes a PIN with a fresh salt.
    ///
    /// # Errors
    /// [`PinFault`] when it is no PIN, or the system has no randomness.
    pub fn make(pin: &str) -> Result<Self, PinFault> {
        if !DIGITS.contains(&pin.len()) || !pin.bytes().all(|b| b.is_ascii_digit()) {
            return Err(PinFault::Digits);
        }
        let failed = |e: &dyn fmt::Display| PinFault::Hash(e.to_string());
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(|e| failed(&e))?;
        let (memory, passes, lanes) = MADE;
        let params = Params::new(memory, passes, lanes, Some(32)).map_err(|e| failed(&e))?;
        let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let hash = hasher.hash_password_with_salt(pin.as_bytes(), &salt).map_err(|e| failed(&e))?;
        Ok(Self(hash))
    }

    /// True if `pin` is the one. Takes tens of milliseconds: not for the UI thread.
    pub fn verifies(&self, pin: &str) -> bool {
        Argon2::default().verify_password(pin.as_bytes(), &self.0).is_ok()
    }
}

impl FromStr for PinHash {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let hash = PasswordHash::new(text).map_err(|_| ())?;
        let param = |name: &str| hash.params.get_decimal(name);
        let within =
            |name: &str, range: &std::ops::RangeInclusive<u32>| param(name).is_some_and(|v| range.contains(&v));
        let sound = hash.algorithm.as_str() == "argon2id"
            && hash.version == Some(0x13)
            && within("m", &MEMORY_KIB)
            && within("t", &PASSES)
            && within("p", &LANES)
            && hash.salt.as_ref().is_some_and(|salt| salt.len() >= 8)
            && hash.hash.as_ref().is_some_and(|hash| (16..=64).contains(&hash.len()));
        if sound { Ok(Self(hash)) } else { Err(()) }
    }
}

impl fmt::Display for PinHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A short PIN is found from its hash within hours: the hash stays out of logs as well.
impl fmt::Debug for PinHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinHash")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_hash_is_read_back_and_knows_its_pin() {
        let text = PinHash::make("2580").unwrap().to_string();
        assert!(text.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{text}");
        let hash: PinHash = text.parse().unwrap();
        assert!(hash.verifies("2580"));
        assert!(!hash.verifies("2581"));
        assert_ne!(PinHash::make("2580").unwrap().to_string(), text, "salted");
        assert_eq!(format!("{hash:?}"), "PinHash");
    }

    #[test]
    fn only_digits_make_a_pin() {
        for bad in ["", "123", "12a4", "1234567890123", "１２３４"] {
            assert!(matches!(PinHash::make(bad), Err(PinFault::Digits)), "{bad}");
        }
    }

    #[test]
    fn a_hash_that_would_cost_too_much_or_too_little_is_refused() {
        let good = PinHash::make("2580").unwrap().to_string();
        for (from, to) in [
            ("m=19456", "m=4194304"),
            ("m=19456", "m=64"),
            ("t=2", "t=1000"),
            ("p=1", "p=64"),
            ("argon2id", "argon2i"),
            ("v=19", "v=16"),
        ] {
            assert!(good.replace(from, to).parse::<PinHash>().is_err(), "{to}");
        }
        assert!("2580".parse::<PinHash>().is_err());
        assert!(good[..good.rfind('$').unwrap()].parse::<PinHash>().is_err());
    }
}
