//! The second factor: a secret that an app on a phone keeps as well, codes of six digits that follow from it and the time,
//! and recovery codes for whoever has lost the phone.
//!
//! The secret is sealed to the centre's key at rest, in a context that names its account: a stolen database opens none, and
//! one account's secret does not open as another's.

use totp_rs::{Algorithm, Builder, Totp};

use crate::centre::keys::CentreKeys;
use crate::domain::time::WallMs;
use crate::ledger::seal::{SealFault, Words, seal};

/// Codes that are given at once; each is good for one sign-in.
const RECOVERY_CODES: usize = 10;
const SECRET_BYTES: usize = 20;

#[derive(Debug, thiserror::Error)]
pub enum FactorFault {
    #[error("no randomness from the operating system: {0}")]
    Random(getrandom::Error),
    #[error(transparent)]
    Seal(#[from] SealFault),
    #[error("the secret is damaged")]
    Damaged,
}

/// What the app and the centre share. Its bytes never appear in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; SECRET_BYTES]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// # Errors
    /// [`FactorFault::Random`].
    pub fn fresh() -> Result<Self, FactorFault> {
        let mut bytes = [0; SECRET_BYTES];
        getrandom::fill(&mut bytes).map_err(FactorFault::Random)?;
        Ok(Self(bytes))
    }

    /// As an app has it.
    pub fn from_bytes(bytes: [u8; SECRET_BYTES]) -> Self {
        Self(bytes)
    }

    /// For the store. Sealed as citizens' words are, in a context of its own.
    ///
    /// # Errors
    /// [`FactorFault::Seal`].
    pub fn sealed(&self, keys: &CentreKeys, account: i64) -> Result<Vec<u8>, FactorFault> {
        let text = Some(data_encoding::HEXLOWER.encode(&self.0));
        Ok(seal(&Words { text, contact: None }, &keys.seal_key(), &context(account))?)
    }

    /// # Errors
    /// [`FactorFault`] when it was sealed to another key or for another account.
    pub fn open(sealed: &[u8], keys: &CentreKeys, account: i64) -> Result<Self, FactorFault> {
        let words = keys.opening.open(sealed, &context(account))?;
        let bytes = data_encoding::HEXLOWER.decode(words.text.unwrap_or_default().as_bytes()).unwrap_or_default();
        Ok(Self(bytes.try_into().map_err(|_| FactorFault::Damaged)?))
    }

    /// The step that a code belongs to: the present one, or one before or after it. Whoever accepts it must see to it that
    /// no step is accepted twice.
    pub fn step_of(&self, code: &str, now: WallMs) -> Option<u64> {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let digits = code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit());
        if digits { self.totp("-").check(&code, now.0.max(0).unsigned_abs() / 1_000) } else { None }
    }

    /// The code of a moment, as the app shows it.
    pub fn code_at(&self, now: WallMs) -> String {
        self.totp("-").generate(now.0.max(0).unsigned_abs() / 1_000).to_string()
    }

    /// For typing into an app by hand, in groups of four.
    pub fn text(&self) -> String {
        let text = data_encoding::BASE32_NOPAD.encode(&self.0);
        text.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
    }

    /// What the square code holds.
    pub fn address(&self, login: &str) -> String {
        // A colon would end the name.
        self.totp(&login.replace(':', "_")).to_url().unwrap_or_default()
    }

    /// The square code, as a drawing with nothing inline.
    pub fn drawing(&self, login: &str) -> Option<String> {
        let code = qrcode::QrCode::with_error_correction_level(self.address(login), qrcode::EcLevel::M).ok()?;
        let svg = code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(220, 220).build();
        svg.find("<svg").map(|start| svg[start..].to_owned())
    }

    fn totp(&self, login: &str) -> Totp {
        let builder = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(6).with_skew(1).with_step_duration(30);
        let named = builder.with_account_name(login).with_issuer(Some("Pingyi"));
        named.with_secret(self.0.to_vec()).build_noncompliant()
    }
}

/// Fresh recovery codes, shown once: 80 random bits each.
///
/// # Errors
/// [`FactorFault::Random`].
pub fn recovery_codes() -> Result<Vec<String>, FactorFault> {
    let one = |_| {
        let mut random = [0; 10];
        getrandom::fill(&mut random).map_err(FactorFault::Random)?;
        let text = data_encoding::BASE32_NOPAD.encode(&random);
        Ok(text.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-"))
    };
    (0..RECOVERY_CODES).map(one).collect()
}

/// What is kept of a recovery code; None for what cannot be one. 80 random bits need no slow hash.
pub fn recovery_hash(account: i64, code: &str) -> Option<[u8; 32]> {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    if plain.len() != 16 {
        return None;
    }
    let mut hasher = blake3::Hasher::new_derive_key("pingyi recovery code v1");
    Some(*hasher.update(&account.to_le_bytes()).update(plain.as_bytes()).finalize().as_bytes())
}

fn context(account: i64) -> Vec<u8> {
    [b"second factor of account ".as_slice(), &account.to_le_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: WallMs = WallMs(1_111_111_109_000);

    #[test]
    fn codes_are_those_of_the_standard_and_good_for_one_step_around() {
        // RFC 6238, appendix B, whose eight digits end in these six.
        let secret = Secret(*b"12345678901234567890");
        assert_eq!(secret.code_at(NOW), "081804");
        assert_eq!(secret.step_of(" 081 804 ", NOW), Some(1_111_111_109 / 30));
        for (ms, good) in [(30_000, true), (-30_000, true), (90_000, false), (-90_000, false)] {
            assert_eq!(secret.step_of("081804", NOW.plus_ms(ms)).is_some(), good, "{ms}");
        }
        for wrong in ["081805", "81804", "０８１８０４", "", "0818044"] {
            assert_eq!(secret.step_of(wrong, NOW), None, "{wrong}");
        }
    }

    #[test]
    fn a_secret_opens_for_its_account_and_its_centre_alone() {
        let keys = CentreKeys::from_seed([1; 32]).unwrap();
        let secret = Secret::fresh().unwrap();
        let sealed = secret.sealed(&keys, 7).unwrap();
        assert_eq!(Secret::open(&sealed, &keys, 7).unwrap(), secret);
        assert!(Secret::open(&sealed, &keys, 8).is_err());
        assert!(Secret::open(&sealed, &CentreKeys::from_seed([2; 32]).unwrap(), 7).is_err());
        assert_eq!(format!("{secret:?}"), "Secret");
    }

    #[test]
    fn the_square_code_names_centre_and_account_and_draws_without_inline_style() {
        let secret = Secret(*b"12345678901234567890");
        let address = secret.address("王:主任");
        assert!(address.starts_with("otpauth://totp/Pingyi:") && address.contains("GEZDGNBVGY3TQOJQ"), "{address}");
        let svg = secret.drawing("wang").unwrap();
        assert!(svg.starts_with("<svg") && !svg.contains("style="), "{}", &svg[..200]);
    }

    #[test]
    fn recovery_codes_are_known_again_however_they_are_typed() {
        let codes = recovery_codes().unwrap();
        assert_eq!(codes.len(), RECOVERY_CODES);
        let typed = codes[0].to_lowercase().replace('-', " ");
        assert_eq!(recovery_hash(1, &codes[0]), recovery_hash(1, &typed));
        assert_ne!(recovery_hash(1, &codes[0]), recovery_hash(2, &codes[0]));
        assert_eq!(recovery_hash(1, "123456"), None);
    }
}
