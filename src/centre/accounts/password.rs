//! Passwords: weighed before they are taken, kept as argon2id texts, and checked with the same work whether the account
//! exists or not.

use std::sync::OnceLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};

/// Characters of a password.
pub const LEAST_CHARS: usize = 10;
pub const MOST_CHARS: usize = 200;
/// 19 MiB and two passes.
const WORK: (u32, u32, u32) = (19 * 1024, 2, 1);

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weak {
    #[error("a password has at least {LEAST_CHARS} characters")]
    Short,
    #[error("a password has at most {MOST_CHARS} characters")]
    Long,
    #[error("this password is easily guessed: it is a common one, or close to a name, a date or a row of keys")]
    Guessable,
}

#[derive(Debug, thiserror::Error)]
#[error("the password cannot be hashed: {0}")]
pub struct HashFault(String);

/// Weighs a password that somebody chose; `own` are words that only that person would choose, such as the login. Breached
/// and trivial ones are known from lists that travel with the program: nobody is asked.
///
/// # Errors
/// [`Weak`].
pub fn weigh(password: &str, own: &[&str]) -> Result<(), Weak> {
    let chars = password.chars().count();
    if chars < LEAST_CHARS {
        return Err(Weak::Short);
    }
    if chars > MOST_CHARS {
        return Err(Weak::Long);
    }
    let ours = ["pingyi", "pingyi2026", "评议", "haochaping", "mangongping"];
    let words: Vec<&str> = own.iter().chain(&ours).copied().filter(|w| w.chars().count() > 1).collect();
    // What contains one's own name in full is judged by what is left.
    let lower = password.to_lowercase();
    let left = words.iter().fold(lower.clone(), |left, word| left.replace(&word.to_lowercase(), ""));
    let strength = |text: &str| zxcvbn::zxcvbn(text, &words).score();
    let weak_rest = left != lower && strength(&left) < zxcvbn::Score::Two;
    if weak_rest || strength(password) < zxcvbn::Score::Three { Err(Weak::Guessable) } else { Ok(()) }
}

/// The argon2id text of a password. Takes tens of milliseconds and 19 MiB.
///
/// # Errors
/// [`HashFault`].
pub fn hash(password: &str) -> Result<String, HashFault> {
    let failed = |e: &dyn std::fmt::Display| HashFault(e.to_string());
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|e| failed(&e))?;
    let hash = hasher().map_err(|e| failed(&e))?.hash_password_with_salt(password.as_bytes(), &salt);
    Ok(hash.map_err(|e| failed(&e))?.to_string())
}

/// True if `password` is that of `hash`. Without a hash the same work is done for nothing.
pub fn verifies(hash: Option<&str>, password: &str) -> bool {
    static NOBODYS: OnceLock<String> = OnceLock::new();
    let nobodys = || NOBODYS.get_or_init(|| self::hash("nobody's password").unwrap_or_default()).as_str();
    let parsed = PasswordHash::new(hash.unwrap_or_else(nobodys));
    // A text that is none was not made here; it lets nobody in.
    let right = parsed.is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok());
    right && hash.is_some()
}

/// A password for somebody else, who is to choose another: 100 random bits in five groups that can be read out.
///
/// # Errors
/// Without randomness from the operating system there is none.
pub fn one_time() -> Result<String, getrandom::Error> {
    let mut random = [0; 20];
    getrandom::fill(&mut random)?;
    // Without letters and digits that look alike.
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789x";
    let letters: Vec<char> = random.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    Ok(letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}

fn hasher() -> Result<Argon2<'static>, argon2::Error> {
    let (memory, passes, lanes) = WORK;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(memory, passes, lanes, Some(32))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trivial_and_breached_passwords_are_refused() {
        for (password, why) in [
            ("abc", Weak::Short),
            ("1234567890", Weak::Guessable),
            ("password123", Weak::Guessable),
            ("qwertyuiop", Weak::Guessable),
            ("iloveyou2024", Weak::Guessable),
            ("wangxiaoming", Weak::Guessable),
            ("aaaaaaaaaaaaaaa", Weak::Guessable),
            ("20261124-pingyi", Weak::Guessable),
        ] {
            assert_eq!(weigh(password, &["wangxiaoming", "王小明"]), Err(why), "{password}");
        }
        assert_eq!(weigh(&"长".repeat(201), &[]), Err(Weak::Long));
        for password in ["correct horse battery staple", "9#kV-tulpe-Regen", "春风又绿江南岸明月何时照我还"]
        {
            assert_eq!(weigh(password, &["wang"]), Ok(()), "{password}");
        }
    }

    #[test]
    fn a_password_verifies_and_nobody_has_none() {
        let hash = hash("9#kV-tulpe-Regen").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verifies(Some(&hash), "9#kV-tulpe-Regen"));
        assert!(!verifies(Some(&hash), "9#kV-tulpe-regen"));
        assert!(!verifies(None, "nobody's password") && !verifies(Some("x"), "x"));
    }

    #[test]
    fn one_time_passwords_are_strong_and_differ() {
        let (a, b) = (one_time().unwrap(), one_time().unwrap());
        assert_ne!(a, b);
        assert_eq!((a.len(), weigh(&a, &[])), (24, Ok(())));
    }
}
